"""The two clocks of the line: ``steady_state`` and ``simulate``."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

from plant_models.chlorobenzene.line import operation, weather, wiring
from plant_models.chlorobenzene.line.arguments import check_run, check_surroundings
from plant_models.chlorobenzene.line.design import (
    Schemes,
    catalogue,
    check,
    chosen,
    design_or_baseline,
)
from plant_models.chlorobenzene.line.tree import Line
from plant_models.chlorobenzene.run import traces
from plant_models.chlorobenzene.run.indicators import indicators
from sim.books.indicators import Indicators
from sim.books.ledger import Certificate, Ledger
from sim.clock.plant import Plant
from sim.clock.random_streams import RandomStreams
from sim.clock.recorder import Recorder
from sim.model.facts import Design
from sim.model.schemes import Scheme, apply
from sim.steady import SteadyState

if TYPE_CHECKING:
    import pandas as pd

    from plant_models.chlorobenzene.figures import Plots
    from plant_models.chlorobenzene.heat.certificate import HeatBalance
    from plant_models.chlorobenzene.run.diary import Diary
    from plant_models.chlorobenzene.run.why import Why

RUNS = ("running", "start-up")  # states of the chlorination in which the line operates

PROCESS = (
    "drying",
    "chlorination",
    "washing",
    "crude_distillation",
    "rectification",
    "polychloride",
)
"""Trains that can be the bottleneck; the others store, ship or unload."""


@dataclass(frozen=True)
class Result:
    """What a run of a design came to; the same for both clocks.

    Parameters
    ----------
    line : Line
        The design that ran.
    schemes : tuple of str
        Ids of the schemes in it.
    ledger : Ledger
        Every flow by component, stream, medium and cause.
    years : float
        Simulated years.
    operating_hours : float
        Hours of chlorination, h over the whole run.
    hours : Mapping
        Hours of every train in every state, h; empty for the steady state.
    record : Recorder, optional
        Traces, when they were asked for.
    counts : Mapping[str, int]
        Work of the engine: settlements, solves, evaluations.
    start_hour : float
        Hour of the year at which the run began, h.
    demurrage_hours : Mapping[str, float]
        Hours that cars and trucks stayed beyond their free time, by train, h; none in the steady
        state.
    full_hours : Mapping[str, float]
        Hours at capacity, by train, h.
    loads : Mapping[str, float]
        Share of its capacity at which each train runs, 1; of the steady state alone.
    surroundings : Mapping[str, float], optional
        The constant conditions of a steady state; a run under the seasons has none.
    seed, replication, without
        What fixed every draw, and event sources that were left out; a steady state has none.
    """

    line: Line
    schemes: tuple[str, ...]
    ledger: Ledger
    years: float
    operating_hours: float
    hours: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    record: Recorder | None = None
    counts: Mapping[str, int] = field(default_factory=dict)
    start_hour: float = 0.0
    demurrage_hours: Mapping[str, float] = field(default_factory=dict)
    full_hours: Mapping[str, float] = field(default_factory=dict)
    loads: Mapping[str, float] = field(default_factory=dict)
    surroundings: Mapping[str, float] | None = None
    seed: int | None = None
    replication: int | None = None
    without: tuple[str, ...] = ()

    def __repr__(self) -> str:
        """Return a line: the parts of a run would fill pages."""
        drawn = "" if self.seed is None else f", seed {self.seed}, replication {self.replication}"
        traces = ", levels(), states(), events()" if self.record else ""
        return (
            f"<Result of {', '.join(self.schemes) or 'no schemes'}, {self.years:g} years{drawn}: "
            f"indicators, flows, receipt(), why(), diary(), plot{traces}>"
        )

    @cached_property
    def indicators(self) -> Indicators:
        """Figures per simulated year, with units."""
        return indicators(
            self.line,
            self.ledger,
            self.operating_hours,
            self.years,
            sum(self.demurrage_hours.values()),
        )

    @cached_property
    def flows(self) -> pd.DataFrame:
        """Tidy table: source, sink, stream, medium, cause, component, kg."""
        return self.ledger.table()

    def levels(self) -> pd.DataFrame:
        """Return what every tank held, kg, by hour of a run with ``record=True``."""
        return traces.levels(self)

    def states(self) -> pd.DataFrame:
        """Return what every train did in a run with ``record=True``: from, until, hours, state."""
        return traces.states(self)

    def events(self) -> pd.DataFrame:
        """Return what happened in a run with ``record=True``: hour, date, who, what."""
        return traces.events(self)

    def receipt(self) -> Certificate:
        """Return the balance certificate, readable when printed.

        That of a steady state prints the heat certificate beside it.
        """
        certificate = self.ledger.certificate()
        return Receipt(certificate.checks, self) if self.surroundings else certificate

    def heat(self) -> HeatBalance:
        """Return the heat balance of every unit and of the line, at constant conditions.

        Raises
        ------
        ValueError
            For a run under the seasons, whose temperatures change from hour to hour.
        """
        from plant_models.chlorobenzene.heat.balance import heat_balance

        if self.surroundings is None:
            raise ValueError(
                "a heat balance takes constant conditions, this run had seasons and stops: "
                "ask steady_state(...).heat()"
            )
        return heat_balance(self.line, self.surroundings)

    def diary(self) -> Diary:
        """Return the story of the run in sentences; the run must have been recorded."""
        from plant_models.chlorobenzene.run.diary import diary

        return diary(self)

    def why(self, indicator: str) -> Why:
        """Return what an indicator is made of: ledger rows, units, parameters, sources."""
        from plant_models.chlorobenzene.run.why import why

        return why(self, indicator)

    @property
    def plot(self) -> Plots:
        """The pictures of this run; each takes ``ax=`` and returns it."""
        from plant_models.chlorobenzene.figures import Plots

        return Plots(self)

    @property
    def bottleneck(self) -> str:
        """The process train that ran at its capacity the longest."""
        return max(PROCESS, key=lambda train: self.full_hours.get(train, 0.0))


@dataclass(frozen=True, repr=False)
class Receipt(Certificate):
    """A steady state's balances; printed, its heat balances stand beside them."""

    result: Result

    def __str__(self) -> str:
        return f"{super().__str__()}\n{self.result.heat()}"


def steady_state(
    schemes: Schemes = "none",
    *,
    design: Design[Line] | None = None,
    known: Mapping[str, Scheme] | None = None,
    surroundings: Mapping[str, float] | None = None,
) -> Result:
    """Return a year of constant conditions, ``site.operating_hours`` long.

    Parameters
    ----------
    schemes : str or iterable of str
    design, known : optional
        Another design than the baseline, another catalogue of schemes.
    surroundings : Mapping[str, float], optional
        ``air`` and ``cooling_water``, K, and ``pressure``, Pa; annual means by default.

    Raises
    ------
    BalanceError
        If the flows do not settle.
    ConflictError, LookupError, ValueError
        As of `line`.
    """
    ids, line = _design(schemes, design, known)
    felt = weather.annual_mean(line) if surroundings is None else check_surroundings(surroundings)
    state = SteadyState(wiring.network(line), felt)
    hours = line.site.operating_hours
    books, full = state.ledger(hours), {state.bottleneck: hours}
    told = Result(line, ids, books, 1.0, hours, full_hours=full, surroundings=felt)
    return replace(told, loads=state.loads)


def simulate(
    schemes: Schemes = "none",
    *,
    years: float = 1.0,
    seed: int = 1,
    replication: int = 0,
    start_hour: float = 0.0,
    without: Collection[str] = (),
    record: bool = False,
    design: Design[Line] | None = None,
    known: Mapping[str, Scheme] | None = None,
) -> Result:
    """Return a run of the line under breakdowns, deliveries and seasons.

    Parameters
    ----------
    schemes : str or iterable of str
    years : float
        Length, in years of 8,760 h.
    seed, replication : int
        Together they fix every draw; the same for two designs means common random numbers.
    start_hour : float
        Hour of the year at which the run begins, h.
    without : collection of str
        Event sources to leave out, see ``operation.EVENT_SOURCES``; ``events`` for all.
    record : bool
        Keep traces of states, levels and events.
    design, known : optional
        Another design than the baseline, another catalogue of schemes.

    Raises
    ------
    BalanceError
        If the balance certificate is worse than 1e-9.
    TypeError, ValueError, LookupError
        If the input is wrong: a message that names it.

    Examples
    --------
    >>> run = simulate("F1, F7", years=0.02, seed=1)
    >>> run.indicators["operating_hours"], run.indicators.units["operating_hours"]
    (8760.0, 'h/yr')
    """
    check_run(years, seed, replication, start_hour)
    hours = weather.hours_of(years)
    ids, line = _design(schemes, design, known)
    plant = operation.start(
        line,
        RandomStreams(seed, replication),
        without=without,
        start_hour=start_hour,
        recorder=Recorder() if record else None,
    )
    plant.run(hours)
    names = (without,) if isinstance(without, str) else tuple(without)
    told = result_of(ids, line, plant, years, start_hour)
    return replace(told, seed=int(seed), replication=int(replication), without=names)


def result_of(
    ids: tuple[str, ...],
    line: Line,
    plant: Plant,
    years: float,
    start_hour: float = 0.0,
) -> Result:
    """Return what a plant has come to by now; its books must close."""
    ledger = plant.ledger()
    ledger.certificate().enforce()
    hours = {name: dict(state.hours) for name, state in plant.states.items()}
    operating = sum(hours["chlorination"].get(state, 0.0) for state in RUNS)
    return Result(
        line,
        ids,
        ledger,
        years,
        operating,
        hours,
        plant.recorder,
        plant.counts(),
        start_hour,
        plant.demurrage.hours(),
        {name: state.full_hours for name, state in plant.states.items()},
    )


def _design(
    schemes: Schemes, design: Design[Line] | None, known: Mapping[str, Scheme] | None
) -> tuple[tuple[str, ...], Line]:
    picked = chosen(schemes, catalogue() if known is None else known)
    return tuple(s.id for s in picked), check(apply(design_or_baseline(design).tree, picked))
