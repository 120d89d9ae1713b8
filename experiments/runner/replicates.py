"""Replications of several designs side by side, until there are enough, on one core or more."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.door.faults import at_work
from experiments.door.inputs import Case
from experiments.runner.executors import open_executor
from experiments.runner.loop import progress_bar, streamed
from experiments.runner.studies import Study, compact
from plant_models import chlorobenzene as cb
from sim.books.indicators import Indicators
from sim.books.ledger import Entry
from sim.model.facts import Design

BLOCK = 8  # replications done at a time; the stop is looked for after each one, so it has no say

Enough = Callable[[Sequence[Sequence[Indicators]]], bool]
"""Whether the replications of each design, so far, are enough."""


@dataclass(frozen=True)
class Replicate:
    """What is kept of one run; the whole of it from the first replication alone."""

    indicators: Indicators
    flows: dict[Entry, NDArray[np.float64]]
    hours: dict[str, dict[str, float]]
    bottleneck: str
    result: cb.Result | None


@dataclass
class Growing:
    """A study to which replications are added, in order."""

    case: Case
    schemes: tuple[str, ...]
    indicators: list[Indicators] = field(default_factory=list)
    flows: dict[Entry, NDArray[np.float64]] = field(default_factory=dict)
    hours: dict[str, dict[str, float]] = field(default_factory=dict)
    bottlenecks: list[str] = field(default_factory=list)
    first: cb.Result | None = None

    def add(self, part: Replicate) -> None:
        """Add one replication."""
        self.indicators.append(part.indicators)
        for entry, kg in part.flows.items():
            self.flows[entry] = self.flows[entry] + kg if entry in self.flows else kg
        for train, states in part.hours.items():
            sums = self.hours.setdefault(train, {})
            for state, spent in states.items():
                sums[state] = sums.get(state, 0.0) + spent
        self.bottlenecks.append(part.bottleneck)
        self.first = self.first or part.result

    def study(self) -> Study:
        """Return the study of what has been added."""
        assert self.first is not None  # there is at least one replication
        n = len(self.indicators)
        per = self.case.years * n
        return Study(
            replace(self.case, replications=n),
            self.schemes,
            tuple(self.indicators),
            {entry: kg / per for entry, kg in self.flows.items()},
            {
                train: {state: spent / per for state, spent in states.items()}
                for train, states in self.hours.items()
            },
            tuple(self.bottlenecks),
            self.first,
        )


def replicate(case: Case, schemes: tuple[str, ...], replication: int, record: bool) -> Replicate:
    """Return one run of a design."""
    name = compact(schemes, case.known)
    with at_work(f"the line with {name}, replication {replication + 1},"):
        result = cb.simulate(
            schemes,
            years=case.years,
            seed=case.seed,
            replication=replication,
            start_hour=case.start_hour,
            record=record,
            design=case.design,
            known=case.known,
        )
        return Replicate(
            result.indicators,
            dict(result.ledger.flows),
            {train: dict(states) for train, states in result.hours.items()},
            result.bottleneck,
            result if replication == 0 else None,
        )


def studies(
    case: Case,
    sets: Sequence[tuple[str, ...]],
    *,
    record: bool = False,
    workers: int = 1,
    enough: Enough | None = None,
) -> list[Study]:
    """Run the replications of each design; they share their breakdowns.

    Parameters
    ----------
    case : Case
        ``case.replications`` are run; with ``enough``, at most so many.
    sets : sequence of scheme sets
    record : bool
        Keep traces of the first replication.
    workers : int
        Processes; 1 runs everything in this one. They do not change the result.
    enough : Enough, optional
        Asked after every replication; what was run beyond is dropped.
    """
    growing = [Growing(case, ids) for ids in sets]
    with (
        open_executor(workers) as (executor, in_flight),
        _bar(case.replications * len(sets)) as bar,
    ):
        for start in range(0, case.replications, BLOCK):
            block = range(start, min(start + BLOCK, case.replications))
            parts = {}
            for key, part in streamed(executor, replicate, _calls(case, sets, block, record),
                                      in_flight):  # fmt: skip
                parts[key] = part
                bar.update()
            for replication in block:
                for number, each in enumerate(growing):
                    each.add(parts.pop((replication, number)))
                if enough is not None and enough([each.indicators for each in growing]):
                    return [each.study() for each in growing]
    return [each.study() for each in growing]


def _calls(
    case: Case, sets: Sequence[tuple[str, ...]], block: range, record: bool
) -> list[tuple[tuple[int, int], tuple[Any, ...]]]:
    bare = replace(case, design=Design(case.design.tree, {}))  # the facts need not travel
    return [
        ((replication, number), (bare, ids, replication, record and replication == 0))
        for replication in block
        for number, ids in enumerate(sets)
    ]


def _bar(total: int) -> Any:
    return progress_bar(total, progress=None if total > 1 else False)
