"""Random components, parameters and streams for units of any kind."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st

from plant_models import units

KNOWN = tomllib.loads(
    """
    [ethylene]
    formula = "C2H4"
    vapour_pressure = "gas"
    [water]
    formula = "H2O"
    antoine = { A = 8.07131, B = 1730.63, C = 233.426, pressure = "mmHg", temperature = "degC" }
    [ethanol]
    formula = "C2H6O"
    antoine = { A = 8.20417, B = 1642.89, C = 230.300, pressure = "mmHg", temperature = "degC" }
    [oxygen]
    formula = "O2"
    vapour_pressure = "gas"
    [carbon_dioxide]
    formula = "CO2"
    vapour_pressure = "gas"
    [salt]
    formula = "NaCl"
    vapour_pressure = "none"
    [nitrogen]
    formula = "N2"
    vapour_pressure = "gas"
    [ether]
    formula = "C4H10O"
    antoine = { A = 6.92032, B = 1064.07, C = 228.8, pressure = "mmHg", temperature = "degC" }
    [acetaldehyde]
    formula = "C2H4O"
    antoine = { A = 8.0055, B = 1600.017, C = 291.809, pressure = "mmHg", temperature = "degC" }
    """
)
NEEDED = ("ethylene", "water", "ethanol", "oxygen", "carbon_dioxide")
"""What the reactions below are of."""
REACTIONS = {
    "hydration": "ethylene + water -> ethanol",
    "dehydration": "ethanol -> ethylene + water",
    "burning": "ethanol + 3 oxygen -> 2 carbon_dioxide + 3 water",
}
PROPERTY = {
    "heat_capacity": (0.5, 5.0), "latent_heat": (100.0, 2500.0), "density": (0.5, 3000.0),
}  # fmt: skip


@st.composite
def substances(draw: st.DrawFn) -> units.Substances:
    """Return five to nine components in any order, with properties of any size."""
    more = [name for name in KNOWN if name not in NEEDED]
    names = [*NEEDED, *draw(st.lists(st.sampled_from(more), unique=True))]
    table: dict[str, Any] = {}
    for name in draw(st.permutations(names)):
        numbers = {key: draw(st.floats(*bounds)) for key, bounds in PROPERTY.items()}
        table[name] = {**KNOWN[name], **numbers}
    return units.substances(table)


def within(low: float | None, high: float | None) -> st.SearchStrategy[float]:
    """Return numbers of a domain, of any size."""
    low, high = -1e3 if low is None else low, 1e6 if high is None else high
    if low <= 0.0 or high / low < 100.0:
        small = st.floats(low, min(high, low + 1.0))
        return st.one_of(st.just(low), small, st.floats(low, high))
    return st.floats(math.log(low), math.log(high)).map(lambda x: min(max(math.exp(x), low), high))


SANE = {
    "rate_constant": (0.0, 1e4), "activation_energy": (0.0, 1e5), "temperature": (280.0, 500.0),
    "reference_temperature": (280.0, 500.0), "activity": (0.9, 1.1),
}  # fmt: skip
"""Kinetics within reason, though rates differ by ten powers of ten; keys not changed round."""

SHAPES: Mapping[str, dict[str, Any]] = {
    "column": {"light": "ethanol", "heavy": "water"},
    "boiler": {"oxidant": "oxygen", "reactions": {"burning": REACTIONS["burning"]}},
    "converter": {"reactions": REACTIONS},
    "reactor": {"reactions": REACTIONS},
    "batch": {"reactions": REACTIONS},
    "splitter": {"outlets": ["one", "two", "three"]},
    "mixer": {"inlets": ["feed", "second", "third"]},
}
PARTS = {"splitter": ["one", "two"], "mixer": ["second", "third"], "boiler": ["burning"]}


@st.composite
def unit_of(draw: st.DrawFn, kind: str) -> units.GenericUnit:
    """Return a unit of a kind with any components and parameters of any size."""
    some = draw(substances())
    table: dict[str, Any] = dict(SHAPES.get(kind, {}))
    declared = units.info(kind).parameters
    known = [said.name for said in declared]
    for said in declared:
        if said.optional or said.name == "capacity" or said.name.startswith("maintenance"):
            continue
        bounds = (said.minimum, said.maximum)
        sane = "rate_constant" in known or said.name == "activity"
        number = within(*(SANE.get(said.name, bounds) if sane else bounds))
        if said.kind == "whole number":
            number = st.integers(int(said.minimum or 0), int(said.maximum or 10)).map(float)
        if said.per:
            names = some.names if said.per == "component" else PARTS.get(kind, [*REACTIONS])
            table[said.name] = {name: draw(number) for name in names}
        else:
            table[said.name] = draw(number)
    return units.make(kind, some, table)


@st.composite
def fed(draw: st.DrawFn, unit: units.GenericUnit) -> dict[str, tuple[float, ...]]:
    """Return what enters a unit, kg/h by component; nothing of some of them."""
    kg = st.one_of(st.just(0.0), st.floats(-6.0, 5.0).map(lambda x: 10.0**x))
    n = len(unit.substances.names)
    return {port: tuple(draw(kg) for _ in range(n)) for port in unit.inlets}
