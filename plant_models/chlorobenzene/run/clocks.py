"""The two clocks of the line: ``steady_state`` and ``simulate``."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

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
from plant_models.chlorobenzene.run.outcome import RUNS
from plant_models.chlorobenzene.run.result import Result
from sim.clock.plant import Plant
from sim.clock.random_streams import RandomStreams
from sim.clock.recorder import Recorder
from sim.model.facts import Design
from sim.model.schemes import Scheme, apply
from sim.steady import SteadyState


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
