"""The command about money: ``money``."""

from __future__ import annotations

from typing import Any

from experiments.door.command import Ground
from experiments.door.options import (
    ANSWER,
    LINE,
    SEED,
    YEARS_OPTION,
    choice,
    command,
    option,
    schemes,
    together,
)
from experiments.door.prices import CUTS, PRICES
from experiments.runner.tasks import CLOCKS, STEADY
from experiments.studies.money.study import Money
from experiments.studies.money.study import money as study
from plant_models.methods.economics import TOTAL


@command()
@together(
    schemes(None, "Scheme set, taken as steps in the plant's order."),
    option("--cash-flow", default=TOTAL, show_default=True, metavar="STEP",
           help="Step whose cash-flow table is printed."),
    PRICES,
    CUTS,
    choice("--clock", STEADY, CLOCKS, "What yields the flows: steady or events."),
    YEARS_OPTION,
    SEED,
    LINE,
    ANSWER,
)  # fmt: skip
def money(schemes: Any, on: Ground, **asked: Any) -> Money:
    """Appraise a programme step by step: incomes, payback, present value, costs of losses."""
    return study(schemes, plant=on.plant, design=on.design, known=on.known, **asked)
