"""The command about all combinations of schemes: ``cube``."""

from __future__ import annotations

from typing import Any

from experiments.door.command import Ground
from experiments.door.options import (
    ANSWER,
    LINE,
    SCHEDULER,
    WORKERS,
    command,
    option,
    runs,
    schemes,
    together,
)
from experiments.door.prices import PRICES
from experiments.door.types import SchemeIds
from experiments.studies.cube.study import Combinations, dimension
from experiments.studies.cube.study import cube as study


class Combined(SchemeIds):
    """Schemes to combine."""

    def build(self, name: str, text: str, ground: Any) -> tuple[str, ...]:
        """Return their ids, if their sets are not too many."""
        return dimension(super().build(name, text, ground))


@command()
@together(
    schemes("all", "Schemes to combine, 2^n sets.", Combined),
    option("--simulate", is_flag=True, help="Runs with events instead of steady states."),
    runs(),
    option("--runs", metavar="DIR", help="Keep single runs there; the same command resumes."),
    PRICES,
    LINE,
    WORKERS,
    SCHEDULER,
    ANSWER,
)
def cube(schemes: tuple[str, ...], on: Ground, **asked: Any) -> Combinations:
    """Compute every combination of schemes: all indicators, money, effects of all orders."""
    return study(schemes, plant=on.plant, design=on.design, known=on.known, **asked)
