"""The command about emission limits: ``limits``."""

from __future__ import annotations

from typing import Any

from experiments.door.command import Ground
from experiments.door.options import (
    ANSWER,
    LINE,
    WORKERS,
    choice,
    command,
    option,
    runs,
    schemes,
    together,
)
from experiments.door.types import Number
from experiments.runner.tasks import CLOCKS, EVENTS
from experiments.studies.limits.study import Limits
from experiments.studies.limits.study import limits as study
from plant_models.chlorobenzene.law.limits import AIR_GRADES, SET_UP, WATER_GRADES


@command()
@together(
    schemes("none"),
    choice("--set-up", "existing", SET_UP, "Limits for sources existing before 1997, or new."),
    choice("--grade", "III", AIR_GRADES, "Grade of the area: II or III."),
    option("--stack", default="15", show_default=True, metavar="M", type=Number(1.0, 300.0),
           help="Height of the vents, m."),
    choice("--water-grade", "III", WATER_GRADES, "Grade of the receiving water: I, II or III."),
    option("--limits", "limits_file", metavar="FILE", help="Your own limits in TOML."),
    choice("--clock", EVENTS, CLOCKS, "What yields the flows: events or steady."),
    runs(),
    LINE,
    WORKERS,
    ANSWER,
)  # fmt: skip
def limits(schemes: Any, on: Ground, **asked: Any) -> Limits:
    """Say how often each vent and outfall is beyond the limits of its day."""
    return study(schemes, plant=on.plant, **asked)
