"""What a run of a design came to: data alone; the views of it stand in `result`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from plant_models.chlorobenzene.line.tree import Line
from plant_models.chlorobenzene.run.indicators import indicators
from sim.books.indicators import Indicators
from sim.books.ledger import Ledger
from sim.clock.recorder import Recorder

if TYPE_CHECKING:
    import pandas as pd

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
class Outcome:
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

    @property
    def recorded(self) -> Recorder:
        """The traces of the run.

        Raises
        ------
        ValueError
            If it kept none; tells how to get them.
        """
        if self.record is None:
            raise ValueError("the run was not recorded: cb.simulate(..., record=True) keeps traces")
        return self.record

    @property
    def bottleneck(self) -> str:
        """The process train that ran at its capacity the longest."""
        return max(PROCESS, key=lambda train: self.full_hours.get(train, 0.0))
