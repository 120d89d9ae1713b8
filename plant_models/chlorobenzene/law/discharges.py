"""What leaves the line as figures that a limit is compared with, by vent and outfall.

Concentrations in air are per m3 of dry gas at 273.15 K and 101.325 kPa. A vent whose books hold no
carrier gas (a tank that breathes, an open drain) has a rate only. Chlorobenzene's limit in air is
one for all chlorobenzenes. Chemical oxygen demand is the theoretical one of the organics, so an
upper bound: benzene resists the test's dichromate in part.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import log10

from plant_models.chlorobenzene.line.wiring import PIPES, RELEASED, SPILLS
from plant_models.chlorobenzene.substances.chemistry import (
    BENZENE,
    CHLORINE,
    COMPONENTS,
    DCB,
    HCL,
    INERT,
    MCB,
    NAOH,
    TCB,
    WATER,
)
from plant_models.methods.standards import Figure
from sim.clock.watch import Outflows
from sim.network.unit import Stream

AIR, SEWER = "air", "sewer"
ALL_VENTS, ALL_OUTFALLS = "all vents", "all outfalls"
CONCENTRATION, RATE, IN_WATER, PH = "mg/m3", "kg/h", "mg/L", "pH"
TAIL_GAS = "emergency_scrubber"  # the last unit that it passes
OXYGEN_DEMAND, ACIDITY = "chemical_oxygen_demand", "acidity"

MOLAR_VOLUME = 22.414
"""Of a gas at 273.15 K and 101.325 kPa, m3/kmol."""

CARRIED = 1e-3  # kmol/kmol; gas with less inert in it is a vapour without carrier
STANDING = 1e-9  # kg/h; less is no flow

MEMBERS: Mapping[str, tuple[int, ...]] = {
    "benzene": (BENZENE,),
    "chlorobenzene": (MCB, DCB, TCB),
    "hydrogen_chloride": (HCL,),
    "chlorine": (CHLORINE,),
}
"""Components that a limit of air counts."""

DISSOLVED: Mapping[str, int] = {
    "benzene": BENZENE,
    "chlorobenzene": MCB,
    "dichlorobenzene": DCB,
}

OXYGEN = 31.998
"""Molar mass, kg/kmol."""

DEMAND: Mapping[int, float] = {BENZENE: 7.5, MCB: 7.0, DCB: 6.5, TCB: 6.0}
"""Oxygen to carbon dioxide, water and hydrogen chloride, kmol/kmol."""

_MASS = COMPONENTS.molar_mass


def points(sink: str) -> tuple[str, ...]:
    """Return the units and tanks that can let something out to a sink.

    Examples
    --------
    >>> "acid_tank" in points("sewer"), "crude_column" in points("air")
    (True, True)
    """
    ways = [
        (stream, {pipe.to, pipe.otherwise, pipe.start_up, pipe.trip})
        for stream, pipe in {**PIPES, **RELEASED}.items()
    ]
    units = [stream.partition(".")[0] for stream, ends in ways if sink in ends]
    tanks = [tank for tank, to in SPILLS.items() if to == sink]
    return tuple(dict.fromkeys((*units, *tanks)))


def components(unit: str) -> tuple[str, ...]:
    """Return what a limit in a unit may be of.

    >>> components("pH"), "chlorine" in components("kg/h")
    (('acidity',), True)
    """
    if unit == PH:
        return (ACIDITY,)
    return (*DISSOLVED, OXYGEN_DEMAND) if unit == IN_WATER else tuple(MEMBERS)


def amount(figure: Figure, outflows: Outflows) -> float:
    """Return what a figure counts, at its point: kg/h, of acidity kmol/h of acid or base."""
    sink, together = (SEWER, ALL_OUTFALLS) if figure.unit in (IN_WATER, PH) else (AIR, ALL_VENTS)
    kg = _by_point(outflows, sink, together).get(figure.point)
    if kg is None:
        return 0.0
    if figure.component == ACIDITY:
        return abs(kg[HCL] / _MASS[HCL] - kg[NAOH] / _MASS[NAOH])
    if figure.component == OXYGEN_DEMAND:
        return sum(kg[i] / _MASS[i] * kmol for i, kmol in DEMAND.items()) * OXYGEN
    if sink == SEWER:
        return kg[DISSOLVED[figure.component]]
    return sum(kg[i] for i in MEMBERS[figure.component])


def figures(outflows: Outflows) -> dict[Figure, float]:
    """Return every figure that a limit may be compared with, of what leaves now, kg/h."""
    found: dict[Figure, float] = {}
    for point, kg in _by_point(outflows, AIR, ALL_VENTS).items():
        found |= _of_air(point, kg)
    for point, kg in _by_point(outflows, SEWER, ALL_OUTFALLS).items():
        found |= _of_water(point, kg)
    return found


def _by_point(outflows: Outflows, sink: str, together: str) -> dict[str, Stream]:
    nothing = (0.0,) * len(COMPONENTS)
    found: dict[str, Stream] = {}
    for (stream, to), kg in outflows.items():
        if to == sink and sum(kg) > STANDING:
            for point in (stream.partition(".")[0], together):
                before = found.get(point, nothing)
                found[point] = tuple([a + b for a, b in zip(before, kg, strict=True)])
    return found


def _of_air(point: str, kg: Stream) -> dict[Figure, float]:
    rates = {name: sum(kg[i] for i in members) for name, members in MEMBERS.items()}
    found = {Figure(point, name, RATE): rate for name, rate in rates.items()}
    dry = sum(kg[i] / _MASS[i] for i in range(len(kg)) if i != WATER)
    if point != ALL_VENTS and kg[INERT] / _MASS[INERT] > CARRIED * dry:
        volume = dry * MOLAR_VOLUME  # m3/h
        for name, rate in rates.items():
            found[Figure(point, name, CONCENTRATION)] = rate * 1e6 / volume
    return found


def _of_water(point: str, kg: Stream) -> dict[Figure, float]:
    water = kg[WATER]  # kg/h, as good as L/h
    if water <= STANDING:
        return {}
    found = {Figure(point, name, IN_WATER): kg[i] * 1e6 / water for name, i in DISSOLVED.items()}
    demand = sum(kg[i] / _MASS[i] * kmol for i, kmol in DEMAND.items()) * OXYGEN
    found[Figure(point, OXYGEN_DEMAND, IN_WATER)] = demand * 1e6 / water
    acid = (kg[HCL] / _MASS[HCL] - kg[NAOH] / _MASS[NAOH]) * 1e3 / water  # mol/L
    found[Figure(point, ACIDITY, PH)] = acidity(acid)
    return found


def acidity(acid: float) -> float:
    """Return the pH of a strong acid in water; of a base where ``acid`` is negative, mol/L.

    Examples
    --------
    >>> acidity(0.0), round(acidity(0.01), 6), round(acidity(-0.01), 6)
    (7.0, 2.0, 12.0)
    """
    half = 0.5 * abs(acid)
    ph = -log10(half + (half * half + 1e-14) ** 0.5)  # charge balance with water's own ions
    return ph if acid >= 0.0 else 14.0 - ph
