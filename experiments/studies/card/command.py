"""The command about the numbers of a plant: ``card``."""

from __future__ import annotations

from experiments.door.command import Ground
from experiments.door.options import (
    ANSWER,
    DESIGN,
    PLANT,
    SCALE,
    SET,
    argument,
    command,
    option,
    together,
)
from experiments.studies.card.study import Cards
from experiments.studies.card.study import card as study


@command()
@together(
    argument("name", required=False),
    option("--search", metavar="TEXT", help="Only what has TEXT in its name or its meaning."),
    option("--brief", is_flag=True, help="A line for each number."),
    SET,
    SCALE,
    DESIGN,
    PLANT,
    ANSWER,
)
def card(name: str | None, search: str | None, brief: bool, on: Ground) -> Cards:
    """Print the numbers of a unit, of a data file, or all: source, domain and range.

    NAME is a unit or a parameter of the plant, or a data file: prices, limits, schemes,
    properties, weather, prose, ... Without it, everything is printed.
    """
    return study(name, search=search, brief=brief, plant=on.plant, design=on.design)
