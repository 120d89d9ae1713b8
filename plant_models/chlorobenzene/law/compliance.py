"""How often each vent and outfall is beyond the limits of its day, as concentration and kg/h."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from plant_models.arguments import count
from plant_models.calendar import hours_of
from plant_models.chlorobenzene.law.discharges import (
    ACIDITY,
    AIR,
    ALL_OUTFALLS,
    ALL_VENTS,
    CONCENTRATION,
    IN_WATER,
    PH,
    RATE,
    SEWER,
    Figure,
    figures,
    points,
)
from plant_models.chlorobenzene.law.limits import AIR_GRADES, SET_UP, WATER_GRADES, Limits, limits
from plant_models.chlorobenzene.line import operation
from plant_models.chlorobenzene.line.tree import Line
from plant_models.chlorobenzene.model import PLANT, steady_state
from plant_models.model import Schemes
from sim.clock.random_streams import RandomStreams
from sim.clock.watch import Bounds, Exposure, Watch, mean_outflows
from sim.model.facts import Design
from sim.model.schemes import Scheme


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

    Raises
    ------
    TypeError, ValueError
        Years not above 0 or more than 1000; replications that are no whole number of 1 or more.

    Notes
    -----
    Rates are exact between two events; compositions are those of the tanks at the event before.
    """
    hours = hours_of(years)
    count("replications", replications, 1)
    terms = Terms(limits=limits()) if terms is None else terms
    variant = PLANT.variant(schemes, design=design, known=known)
    left_out = PLANT.left_out(without)
    watch = _watch(terms)
    for replication in range(replications):
        watch.again()
        streams = RandomStreams(seed, replication)
        plant = operation.start(
            variant.tree, streams, without=left_out, start_hour=start_hour, watch=watch
        )
        plant.run(hours)
        plant.ledger().certificate().enforce()
    return _compliance(variant.tree, variant.schemes, terms, watch)


def _watch(terms: Terms) -> Watch[Figure]:
    return Watch(figures, {figure: limit.bounds for figure, limit in terms.applied.items()})


def _compliance(tree: Line, ids: tuple[str, ...], terms: Terms, watch: Watch[Figure]) -> Compliance:
    met = {figure: each for figure, each in watch.exposures.items() if each.hours > 0.0}
    return Compliance(tree, ids, terms, watch.hours, met)
