"""Which parameters of the line have a part in constant conditions.

What only acts in time (lives and repairs, deliveries, tank sizes) has none, for the steady state
knows no time.
"""

from __future__ import annotations

from plant_models.chlorobenzene.line.tree import Line, StartUp, Supply
from sim.model.tree import get
from sim.network.network import Tank
from sim.network.operation import (
    Collection,
    Delivery,
    FailureMode,
    LevelSwitch,
    LotControl,
    Maintenance,
    RunOn,
    Shift,
    Shutdown,
)

ONLY_IN_TIME = (
    FailureMode, Maintenance, RunOn, Shutdown, Shift, LevelSwitch, LotControl, Delivery, Collection,
    StartUp, Supply, Tank,
)  # fmt: skip
GRADES = (
    "laboratory.grade", "laboratory.error", "laboratory.iron_limit", "laboratory.chlorine_limit",
)  # fmt: skip
"""Of what else acts in time: they sort what constant conditions make, too."""

NOT_IN_THE_STEADY_STATE = (
    "site.repair_crews", "site.weather_step", "off_gas_fan.resistance",
    "off_gas_fan.resistance_of_stage", "off_gas_fan.resistance_flow", "off_gas_fan.relief",
    "off_gas_fan.purge", "cooling_water.standing_temperature",
)  # fmt: skip


def acts_in_the_steady_state(tree: Line, path: str) -> bool:
    """Return whether a parameter has a part in constant conditions."""
    if path in NOT_IN_THE_STEADY_STATE:
        return False
    if path in GRADES:
        return True
    names = path.split(".")
    if not getattr(getattr(tree, names[0]), "installed", True):
        return names[0] == "drain_separator"  # F6 builds it; devices no scheme of ours builds
    parts = [get(tree, ".".join(names[:depth])) for depth in range(1, len(names))]
    return not any(isinstance(part, ONLY_IN_TIME) for part in parts)
