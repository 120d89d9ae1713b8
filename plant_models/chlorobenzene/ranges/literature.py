"""The line beside what others say: the catcher and washing towers, waters of a second plant.

None of these numbers was fitted, so both structures of the tail end are held against the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import log

from plant_models.chlorobenzene.line.tree import Line
from plant_models.chlorobenzene.ranges.calibrated import HOT
from plant_models.chlorobenzene.substances.chemistry import COMPONENTS, ORGANICS, WATER
from plant_models.chlorobenzene.substances.properties import MOLAR_MASS
from plant_models.chlorobenzene.units.catcher import GasCatcher
from plant_models.methods.yardsticks import Yardstick
from plant_models.outcome import Outcome
from sim.network.unit import Conditions

GAS_CONSTANT = 8314.46  # J/kmol/K
EQUILIBRIUM = 0.02
"""What is left of the way where a liquid film counts as at equilibrium, kg/kg."""

FILMS = 5.0
"""Height of a transfer unit of the liquid film over that of the gas film, at most."""

MIST_HELD = (0.77, 0.90)
NO_MIST = 1.0  # g/m3; what is less is no fog


def yardsticks(of: Outcome[Line]) -> tuple[Yardstick, ...]:
    """Return what the catcher of a line at constant conditions comes to, and what others do.

    ``of``: a steady state, for its flows and surroundings.
    """
    catcher, at = of.tree.gas_catcher, Conditions(0.0, of.surroundings or {})
    hot = catcher.structure == HOT
    water = catcher.water if hot else catcher.fog.circulation
    entering = _volume(_kmol(of, source="absorber", sink="gas_catcher"), at)
    mist = 0.0 if hot else _mist(of, at)
    found = [
        Yardstick(
            "gas film over liquid film, transfer units",
            "1",
            -log(1.0 - catcher.capture) / _liquid_units(catcher),
            1.0 / FILMS,
            FILMS,
            "recalled",
        ),
        Yardstick("water per gas", "L/m3", water / entering, 3.0, 30.0, "gas-washing-norm"),
        Yardstick("mist in the gas that leaves", "g/m3", mist, 0.0, NO_MIST, "mist-scrubber"),
    ]
    if mist > NO_MIST:
        held = catcher.fog.fog_capture
        found.append(Yardstick("mist held", "kg/kg", held, *MIST_HELD, "mist-scrubber"))
    return tuple(found)


SECOND = "qiqiwenku-466276"

PUBLISHED: Mapping[tuple[str, str, str], tuple[float, float]] = {
    ("crude column, bottoms", "crude_column.bottoms", "chlorobenzene"): (0.95, 0.95),
    ("crude column, bottoms", "crude_column.bottoms", "dichlorobenzene"): (0.04, 0.05),
    ("water wash, effluent", "water_wash.effluent", "benzene"): (190e-6, 190e-6),
    ("water wash, effluent", "water_wash.effluent", "chlorobenzene"): (35e-6, 35e-6),
    ("alkali wash, drain", "drain_separator.effluent", "benzene"): (430e-6, 430e-6),
    ("alkali wash, drain", "drain_separator.effluent", "chlorobenzene"): (590e-6, 590e-6),
}
"""Of the second plant, kg/kg (mg/L of water taken as mg/kg): what, its stream here, component."""

FLOWS: Mapping[tuple[str, str], float] = {
    ("water wash, effluent", "water_wash.effluent"): 0.21,
    ("alkali wash, drain", "drain_separator.effluent"): 0.035,
}
"""Of the second plant, t per t of chlorobenzene."""


def second_plant(of: Outcome[Line]) -> tuple[Yardstick, ...]:
    """Return waters and bottoms of a design, beside those that are published of a second plant.

    ``of``: its steady state.
    """
    made = 1000.0 * of.indicators["chlorobenzene_t"]
    found = [
        Yardstick(name, "t/t", of.ledger.total(stream=stream) / made, known, known, SECOND)
        for (name, stream), known in FLOWS.items()
    ]
    for (name, stream, component), (low, high) in PUBLISHED.items():
        share = of.ledger.total(component, stream=stream) / of.ledger.total(stream=stream)
        found.append(Yardstick(f"{name}: {component}", "kg/kg", share, low, high, SECOND))
    return tuple(found)


def _liquid_units(catcher: GasCatcher) -> float:
    """Return the transfer units of the liquid film; what counts as equilibrium has four."""
    way = 1.0 - EQUILIBRIUM
    if catcher.structure != HOT:
        way = min(catcher.fog.approach_to_saturation, way)
    return -log(1.0 - way)


def _kmol(of: Outcome[Line], **way: str) -> list[float]:
    """Return a gas, kmol/h by component."""
    hours = of.tree.site.operating_hours
    names = COMPONENTS.names
    kg = [of.ledger.total(component=name, **way) / hours for name in names]
    return [x / mass for x, mass in zip(kg, MOLAR_MASS, strict=True)]


def _volume(kmol: list[float], at: Conditions) -> float:
    """Return a gas at the cooling water's temperature, m3/h."""
    return sum(kmol) * GAS_CONSTANT * at["cooling_water"] / at["pressure"]


def _mist(of: Outcome[Line], at: Conditions) -> float:
    """Return drops in the gas that leaves the catcher, g/m3 of the gas without them."""
    kmol = _kmol(of, stream="gas_catcher.gas")
    kg = [0.0 if i == WATER else x * MOLAR_MASS[i] for i, x in enumerate(kmol)]
    drops = of.tree.gas_catcher.fog_in(tuple(kg), at)
    for i, x in zip(ORGANICS, drops, strict=True):
        kmol[i] -= x
    mist = sum(x * MOLAR_MASS[i] for i, x in zip(ORGANICS, drops, strict=True))
    return 1000.0 * mist / _volume(kmol, at)
