"""How often each vent and outfall is beyond the limits of its day, as concentration and kg/h.

Concentrations in air are per m3 of dry gas at 273.15 K and 101.325 kPa. A vent whose books hold no
carrier gas (a tank that breathes, an open drain) has a rate only. Chlorobenzene's limit in air is
one for all chlorobenzenes. Chemical oxygen demand is the theoretical one of the organics, so an
upper bound: benzene resists the test's dichromate in part.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from math import log10
from typing import NamedTuple

from plant_models.chlorobenzene import operation, weather
from plant_models.chlorobenzene.chemistry import (
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
from plant_models.chlorobenzene.design import Schemes, baseline, catalogue, chosen, line
from plant_models.chlorobenzene.limits import AIR_GRADES, SET_UP, WATER_GRADES, Limits, limits
from plant_models.chlorobenzene.line import Line
from plant_models.chlorobenzene.runs import steady_state
from plant_models.chlorobenzene.wiring import BED_PIPES, PIPES, SPILLS, STRIPPER_PIPES
from sim.facts import Design
from sim.patches import Scheme
from sim.random_streams import RandomStreams
from sim.unit import Stream
from sim.watch import Bounds, Exposure, Outflows, Watch, mean_outflows

AIR, SEWER = "air", "sewer"
ALL_VENTS, ALL_OUTFALLS = "all vents", "all outfalls"
CONCENTRATION, RATE, IN_WATER, PH = "mg/m3", "kg/h", "mg/L", "pH"
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


class Figure(NamedTuple):
    """What is compared with a limit."""

    point: str
    """Unit or tank whose vent or drain it is, or all of them."""
    component: str
    unit: str


@dataclass(frozen=True, kw_only=True)
class Terms:
    """Which limits apply.

    Parameters
    ----------
    set_up : str
        ``existing`` (before 1997) or ``new``.
    grade : str
        Of the area, ``II`` or ``III``.
    stack : float
        Height of the vents, m.
    water_grade : str
        Of the receiving water, ``I``, ``II`` or ``III``.
    limits : Limits
    """

    set_up: str = "existing"
    grade: str = "III"
    stack: float = 15.0
    water_grade: str = "III"
    limits: Limits

    def __post_init__(self) -> None:
        for name, known in (("set_up", SET_UP), ("grade", AIR_GRADES),
                            ("water_grade", WATER_GRADES)):  # fmt: skip
            if getattr(self, name) not in known:
                raise ValueError(
                    f"{name}: expected {' or '.join(known)}, came {getattr(self, name)!r}"
                )
        if not 1.0 <= self.stack <= 300.0:
            raise ValueError(f"stack: expected a height from 1 to 300 m, came {self.stack:g}")

    @cached_property
    def applied(self) -> Mapping[Figure, Applied]:
        """The limit of every figure of every vent and outfall."""
        return dict(self._applied())

    def _applied(self) -> Iterator[tuple[Figure, Applied]]:
        vents, outfalls = points(AIR), points(SEWER)
        for each in self.limits.air:
            if each.set_up == self.set_up:
                rate = Applied((0.0, each.rate(self.grade, self.stack)), each.recalled, each.source)
                for vent in (*vents, ALL_VENTS):
                    yield Figure(vent, each.component, RATE), rate
                concentration = Applied((0.0, each.concentration), each.recalled, each.source)
                for vent in vents:
                    yield Figure(vent, each.component, CONCENTRATION), concentration
        ph = self.limits.acidity
        for outfall in (*outfalls, ALL_OUTFALLS):
            for limit in self.limits.water:
                highest = limit.grades[self.water_grade]
                yield (
                    Figure(outfall, limit.component, IN_WATER),
                    Applied((0.0, highest), limit.recalled, limit.source),
                )
            yield (
                Figure(outfall, ACIDITY, PH),
                Applied((ph.lowest, ph.highest), ph.recalled, ph.source),
            )


class Applied(NamedTuple):
    """A limit as it applies to a figure."""

    bounds: Bounds
    recalled: bool
    source: str


@dataclass(frozen=True)
class Compliance:
    """How a design keeps the limits.

    Parameters
    ----------
    line : Line
    schemes : tuple of str
    terms : Terms
    hours : float
        Time watched, h; of the steady state its operating hours.
    exposures : Mapping[Figure, Exposure]
        Of every figure that ever had a value.
    """

    line: Line
    schemes: tuple[str, ...]
    terms: Terms
    hours: float
    exposures: Mapping[Figure, Exposure]

    def share(self, figure: Figure) -> float:
        """Return the share of all hours in which a figure is beyond its limit, h/h."""
        exposure = self.exposures.get(figure)
        return exposure.beyond / self.hours if exposure is not None else 0.0


def points(sink: str) -> tuple[str, ...]:
    """Return the units and tanks that can let something out to a sink.

    Examples
    --------
    >>> "acid_tank" in points("sewer"), "crude_column" in points("air")
    (True, True)
    """
    pipes = (*PIPES.items(), *BED_PIPES.items(), *STRIPPER_PIPES.items())
    ways = [(stream, {pipe.to, pipe.otherwise, pipe.start_up, pipe.trip}) for stream, pipe in pipes]
    units = [stream.partition(".")[0] for stream, ends in ways if sink in ends]
    tanks = [tank for tank, to in (*SPILLS.items(), ("effluent_pit", SEWER)) if to == sink]
    return tuple(dict.fromkeys((*units, *tanks)))


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


def steady_compliance(
    schemes: Schemes = "none",
    terms: Terms | None = None,
    *,
    design: Design[Line] | None = None,
    known: Mapping[str, Scheme] | None = None,
) -> Compliance:
    """Return how a design keeps the limits at constant conditions: always, or never."""
    terms = Terms(limits=limits()) if terms is None else terms
    result = steady_state(schemes, design=design, known=known)
    watch = _watch(terms)
    watch.look(0.0, mean_outflows(result.ledger))
    watch.close(result.operating_hours)
    return _compliance(result.line, result.schemes, terms, watch)


def compliance(
    schemes: Schemes = "none",
    terms: Terms | None = None,
    *,
    years: float = 1.0,
    seed: int = 1,
    replications: int = 1,
    start_hour: float = 0.0,
    without: Collection[str] = (),
    design: Design[Line] | None = None,
    known: Mapping[str, Scheme] | None = None,
) -> Compliance:
    """Return how a design keeps the limits under breakdowns, deliveries and seasons.

    Parameters
    ----------
    schemes, years, seed, start_hour, without, design, known
        As of `plant_models.chlorobenzene.simulate`.
    terms : Terms, optional
        Which limits apply: by default those of existing sources, 15 m, grades III.
    replications : int
        Runs whose hours are added up.

    Notes
    -----
    Rates are exact between two events; compositions are those of the tanks at the event before.
    """
    if not 0.0 < years <= 1000.0:
        raise ValueError(f"years must be more than 0 and at most 1000, not {years!r}")
    terms = Terms(limits=limits()) if terms is None else terms
    known = catalogue() if known is None else known
    ids = tuple(scheme.id for scheme in chosen(schemes, known))
    tree = line(ids, design=design or baseline(), known=known)
    watch = _watch(terms)
    for replication in range(replications):
        watch.again()
        streams = RandomStreams(seed, replication)
        plant = operation.start(tree, streams, without=without, start_hour=start_hour, watch=watch)
        plant.run(years * weather.YEAR)
        plant.ledger().certificate().enforce()
    return _compliance(tree, ids, terms, watch)


def _watch(terms: Terms) -> Watch[Figure]:
    return Watch(figures, {figure: limit.bounds for figure, limit in terms.applied.items()})


def _compliance(tree: Line, ids: tuple[str, ...], terms: Terms, watch: Watch[Figure]) -> Compliance:
    met = {figure: each for figure, each in watch.exposures.items() if each.hours > 0.0}
    return Compliance(tree, ids, terms, watch.hours, met)
