"""The command ``heat``: the heat balance of every unit and of the plant."""

from __future__ import annotations

from typing import Any

from experiments.door.command import Ground
from experiments.door.options import ANSWER, LINE, command, schemes, together
from experiments.studies.heat.study import Heat
from experiments.studies.heat.study import heat as study


@command()
@together(schemes("none"), LINE, ANSWER)
def heat(schemes: Any, on: Ground) -> Heat:
    """Balance the heat of every unit at constant conditions: steam, cooling, losses, closure."""
    return study(schemes, plant=on.plant)
