"""The designs of the line: the baseline, the catalogue of schemes, and a user's own files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from operator import attrgetter
from pathlib import Path

from plant_models.arguments import check_fit
from plant_models.chlorobenzene.line.tree import Line
from plant_models.chlorobenzene.line.weather import annual_mean
from plant_models.chlorobenzene.line.wiring import DEVICES
from plant_models.chlorobenzene.ranges.calibrated import (
    HOT,
    STRUCTURE,
    calibrated_design,
    calibrated_schemes,
)
from sim.model.facts import Design, load, set_values
from sim.model.schemes import Scheme, load_schemes
from sim.model.tree import Branch, structure
from sim.network.unit import Conditions, Unit


def check(line: Line) -> Line:
    """Return the line if its values fit each other; raise ValueError with all that do not."""
    check_fit(_faults(line))
    return line


MAIN_STREAM = ("dryer", "chlorinator", "water_wash", "alkali_wash", "crude_column")
"""Units that benzene and liquor pass, some 7 t/h of either."""

LEAST = 1e-3
"""Of what the main stream takes, in the middle: the least that a unit may take. Streams that follow
no feed, such as leaks of air and water, are of that size, and no recipe tells of less."""

SMALL_BY_NATURE = ("cooling_water", *DEVICES)
"""A leak of water, and devices that no scheme of the twelve builds."""

LARGE = tuple(
    name
    for name, part in structure(Line).items()
    if isinstance(part, Branch) and issubclass(part.type, Unit) and name not in SMALL_BY_NATURE
)
"""All other units."""


_MAIN_CAPACITIES = attrgetter(*[f"{name}.capacity" for name in MAIN_STREAM])
_CAPACITIES = attrgetter(*[f"{name}.capacity" for name in LARGE])


def _faults(line: Line) -> Iterator[str]:
    least = LEAST * sorted(_MAIN_CAPACITIES(line))[len(MAIN_STREAM) // 2]
    capacities = _CAPACITIES(line)
    for name, capacity in zip(LARGE, capacities, strict=True) if min(capacities) < least else ():
        if capacity < least:
            yield (
                f"{name}.capacity of {capacity:g} kg/h is below a thousandth of what the main "
                f"stream takes, {least:g} kg/h: the line would stand still"
            )
    if line.dryer.drum_boils(Conditions(line.dryer.capacity, annual_mean(line))):
        yield (
            f"dryer.boil_up of {line.dryer.boil_up:g} kg/kg is more than feed and "
            f"dryer.condenser_water of {line.dryer.condenser_water:g} kg/h can condense: boil off "
            "less, or give it more water"
        )
    stages = line.chlorinator
    if stages.may_run_dry and stages.runs_dry(Conditions(stages.capacity, annual_mean(line))):
        yield (
            f"chlorinator runs dry at its capacity of {stages.capacity:g} kg/h: the heat of "
            "chlorination evaporates all that it makes, and its condenser cannot return it; "
            "convert less, or give chlorinator.condenser more area, effective_fraction or water"
        )
    leak = line.crude_column.tube_leak
    if line.cooling_water.capacity < leak:
        yield (
            f"cooling_water.capacity of {line.cooling_water.capacity:g} kg/h is below "
            f"crude_column.tube_leak of {leak:g} kg/h: what leaks would hold up the line"
        )
    switch = line.polychloride_switch
    if switch.start <= switch.stop:
        yield (
            f"polychloride_switch.start of {switch.start:g} must be above "
            f"polychloride_switch.stop of {switch.stop:g}"
        )
    if switch.stop < line.polychloride_tank.heel:
        yield (
            f"polychloride_switch.stop of {switch.stop:g} is below polychloride_tank.heel of "
            f"{line.polychloride_tank.heel:g}: the pump never gets there"
        )
    for name in ("chlorine_supply", "power_and_steam"):
        mode = getattr(line, name).failure
        if mode is not None and mode.clock != "calendar":
            yield (
                f"{name}.failure.clock of {mode.clock!r} must be 'calendar': what comes from "
                "outside ages whether the line runs or not"
            )
    delivery, tank = line.benzene_delivery, line.wet_benzene_tank
    unloading_hours = delivery.lot / line.unloading.capacity
    back = line.chlorinator.capacity * (1.0 - line.chlorinator.usual_conversion) * unloading_hours
    need = delivery.order_point + delivery.lot + back
    if need > tank.capacity:
        yield (
            f"benzene_delivery.order_point of {delivery.order_point / 1000:g} t, "
            f"benzene_delivery.lot of {delivery.lot / 1000:g} t and benzene recycled meanwhile, "
            f"{back / 1000:.0f} t, do not fit wet_benzene_tank.capacity of "
            f"{tank.capacity / 1000:g} t"
        )


DATA = Path(str(files("plant_models.chlorobenzene"))) / "data"

END_OF_PIPE = DATA / "end_of_pipe.toml"
FACTS = (DATA / "baseline.toml", END_OF_PIPE)
"""The line before cleaner production, and the devices that no scheme of the twelve builds."""

SOURCES = (DATA / "sources.toml",)
"""Where the keys of sources are described."""


@cache
def prior(structure: str = HOT) -> Design[Line]:
    """Return the line before cleaner production as its facts say, before anything is fitted.

    ``structure`` of the tail end: see ``units.catcher``.
    """
    design = load(Line, *FACTS, sources=SOURCES)
    return design if structure == HOT else set_values(design, {STRUCTURE: structure})


@cache
def baseline(structure: str = HOT) -> Design[Line]:
    """Return the line before cleaner production, calibrated, with the facts it is made of."""
    return calibrated_design(prior(structure), "facts")


@cache
def prior_catalogue() -> Mapping[str, Scheme]:
    """Return the schemes by id as their file says, before anything is fitted."""
    return load_schemes(DATA / "schemes.toml", tree_type=Line)


@cache
def catalogue(structure: str = HOT) -> Mapping[str, Scheme]:
    """Return the schemes by id, calibrated for a structure of the tail end."""
    return calibrated_schemes(prior_catalogue(), structure)
