"""The command about what schemes change: ``explain``."""

from __future__ import annotations

from typing import Any

from experiments.door.command import Ground
from experiments.door.options import ANSWER, LINE, argument, command, together
from experiments.door.types import SCHEMES
from experiments.studies.explain.study import Explained
from experiments.studies.explain.study import explain as study


@command()
@together(argument("schemes", metavar="S", type=SCHEMES), LINE, ANSWER)
def explain(schemes: Any, on: Ground) -> Explained:
    """Print what a set of schemes changes, and on whose word."""
    return study(schemes, plant=on.plant)
