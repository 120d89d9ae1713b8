"""What the line does while something of it is missing, and which trains run on."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping

from plant_models.chlorobenzene.line.tree import Line
from plant_models.chlorobenzene.units.absorption import Absorber
from plant_models.chlorobenzene.units.down import (
    AbsorberAlone,
    DeadFan,
    DryAbsorber,
    DryCatcher,
    PurgingFan,
    turned_into,
)
from plant_models.chlorobenzene.units.off_gas import OffGasFan
from plant_models.chlorobenzene.units.vessels import Spill
from sim.clock.life import ANNUAL_SHUTDOWN, IN_MAINTENANCE, Life, Outages
from sim.clock.plant import Plant
from sim.clock.releases import Releases, spilling
from sim.flow.map import CLEANING, MAINTENANCE, SHUTDOWN, SPILL, START_UP
from sim.network.network import Network
from sim.network.unit import STOPPING, Unit, unit_without

Missing = Collection[tuple[str, str]]
"""Unit and failure mode, supply and ``failure``, train and the cause under which it stops."""

POWER = ("power_and_steam", "failure")
COOLING = ("cooling_water", "failure")
FAN = ("off_gas_fan", "failure")
ABSORPTION_WATER = ("absorber", "water_failure")
CATCHER = ("gas_catcher", "failure")
STOPS = tuple(("chlorination", cause) for cause in STOPPING)

VESSELS = {
    "dryer": "dryer_vessel",
    "chlorinator": "chlorinator_vessel",
    "absorber": "absorber_vessel",
    "crude_column": "crude_vessel",
    "rectification_column": "rectification_vessel",
    "polychloride_column": "polychloride_vessel",
}
"""Units that are opened when they fail or are maintained, and the vessel that is emptied then."""

EMPTIED, FILLED = "drained and steamed", "filled and heated"

SPILLS = {"benzene_hose": ("unloading", "hose burst"), "drum": ("packing", "drum pierced")}
"""What spills, the unit whose throughput counts, and what one says of it."""

RUNS_ON = {"cooling_water": ("chlorination",)}
"""Trains that run on without a unit, where that is not its own."""

LAST = ("chlorination",)
"""Trains that may run on while power and steam are out: chlorine comes by its own pressure."""


UPSETS = {
    "off_gas_fan": ("off_gas_fan.failure.mtbf", "off_gas_fan.run_on.interlock"),
    "absorber_water": ("absorber.water_failure.mtbf", "absorber.run_on.interlock"),
    "catcher_pump": ("gas_catcher.failure.mtbf", "gas_catcher.run_on.interlock"),
    "cooling_water": ("cooling_water.failure.mtbf", "cooling_water.run_on.interlock"),
    "power": ("power_and_steam.failure.mtbf", "power_and_steam.run_on.interlock"),
}
"""What the line can run on without: mean time between failures, and the interlock."""


def crippled(network: Network, missing: Missing) -> Mapping[str, Unit]:
    """Return the units of the line as they work while so much is missing.

    Without power no fan draws and no pump gives water. A unit that is by-passed in another way
    says so itself. What cooling water does, `felt` tells.
    """
    units, power = dict(network.units), POWER in missing
    for name, mode in missing:
        if name in units:
            units[name] = unit_without(units[name], mode) or units[name]
    if power or FAN in missing:
        units["off_gas_fan"] = _dead(network)
    elif any(stop in missing for stop in STOPS):
        units["off_gas_fan"] = turned_into(PurgingFan, units["off_gas_fan"])
    if power or CATCHER in missing:
        units["gas_catcher"] = turned_into(DryCatcher, units["gas_catcher"])
    if power or ABSORPTION_WATER in missing:
        units["absorber"] = turned_into(DryAbsorber, units["absorber"])
    elif CATCHER in missing:
        units["absorber"] = turned_into(AbsorberAlone, units["absorber"])
    return units


def _dead(network: Network) -> DeadFan:
    """Return the fan as it stands before the stages that the line has."""
    fan, absorber = (network.units[name] for name in ("off_gas_fan", "absorber"))
    assert isinstance(fan, OffGasFan)
    assert isinstance(absorber, Absorber)
    return DeadFan.before(fan, absorber.stages)


def opened(plant: Plant, outages: Outages, releases: Releases, *, amid: bool) -> None:
    """Let vessels be emptied when their units are opened, and fill them again afterwards.

    All of them are, at the annual shutdown. What a unit lets go is booked under ``cleaning`` for
    its planned work, ``maintenance`` for a repair or a rebuilding, or ``shutdown``. ``amid``:
    whether the run begins in a shutdown, before which they were emptied.
    """
    empty: set[str] = set(VESSELS.values()) if amid else set()

    def look(who: str, why: str, begins: bool) -> None:
        shutdown = who == ANNUAL_SHUTDOWN
        vessels = list(VESSELS.values()) if shutdown else [VESSELS[who]] if who in VESSELS else []
        for vessel in vessels:
            kg = plant.network.units[vessel].rest  # type: ignore[attr-defined]
            if begins and vessel not in empty:
                cause = SHUTDOWN if shutdown else CLEANING if why == IN_MAINTENANCE else MAINTENANCE
                releases.let_go(vessel, cause, kg, EMPTIED)
                empty.add(vessel)
            elif not begins and vessel in empty:
                releases.let_go(vessel, START_UP, kg, FILLED)
                empty.remove(vessel)

    outages.observers.append(look)


def spills(line: Line, releases: Releases) -> Iterator[Life]:
    """Yield the lives of hoses and drums."""
    for name, (by, what) in SPILLS.items():
        spill: Spill = getattr(line, name)
        yield spilling(*(releases, name, by, spill.handled, spill.quantity_spilled, SPILL, what))


def felt(
    line: Line, usual: Callable[[float], Mapping[str, float]], missing: Missing
) -> Callable[[float], Mapping[str, float]]:
    """Return what the line feels at an hour, as ``usual`` or while cooling water is missing.

    Without pumps the water stands in the coolers and gets nearly as warm as what it should cool:
    heat still comes off, and what should condense leaves with the gas.
    """
    warmest = line.cooling_water.standing_temperature

    def at(hour: float) -> Mapping[str, float]:
        told = usual(hour)
        if COOLING not in missing and POWER not in missing:
            return told
        return {**told, "cooling_water": max(told["cooling_water"], warmest)}

    return at
