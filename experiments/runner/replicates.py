"""Replications of several designs side by side, until there are enough, on one core or more."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.runner.executors import open_executor
from experiments.runner.faults import at_work, run_of
from experiments.runner.horizon import Horizon
from experiments.runner.loop import progress_bar, streamed
from plant_models.model import Variant
from plant_models.outcome import Outcome
from sim.books.indicators import Indicators
from sim.books.ledger import Entry
from sim.errors import Named
from sim.statistics.intervals import Interval, interval

BLOCK = 8  # replications done at a time; the stop is looked for after each one, so it has no say

Enough = Callable[[Sequence[Sequence[Indicators]]], bool]
"""Whether the replications of each design, so far, are enough."""


@dataclass(frozen=True)
class Replicated:
    """Replications of one design.

    Parameters
    ----------
    indicators : tuple of Indicators
        One of each replication, per simulated year.
    flows : Mapping[Entry, array]
        kg by component per simulated year, mean of the replications.
    hours : Mapping
        Hours of every train in every state, h per simulated year, mean of the replications.
    bottlenecks : tuple of str
        One of each replication.
    first : Outcome
        The first replication, with traces if they were asked for.
    """

    variant: Variant[Any]
    horizon: Horizon
    indicators: tuple[Indicators, ...]
    flows: Mapping[Entry, NDArray[np.float64]]
    hours: Mapping[str, Mapping[str, float]]
    bottlenecks: tuple[str, ...]
    first: Any
    """An `Outcome`; of the line a `Result`, which draws itself."""

    @cached_property
    def means(self) -> Mapping[str, Interval]:
        """Mean of every indicator with its 95 % interval."""
        each = ((x, interval([values[x] for values in self.indicators])) for x in self.units)
        return Named(each, "indicator")

    @property
    def units(self) -> Mapping[str, str]:
        """Unit of measure of every indicator."""
        return self.indicators[0].units

    @property
    def schemes(self) -> tuple[str, ...]:
        """Ids of the schemes."""
        return self.variant.schemes

    @property
    def name(self) -> str:
        """The scheme set as it is written."""
        return self.variant.name

    @property
    def bottleneck(self) -> str:
        """What held the plant in most replications, with their number where they differ."""
        (most, times), *others = Counter(self.bottlenecks).most_common()
        return f"{most} (in {times} of {len(self.bottlenecks)} replications)" if others else most

    @property
    def closure(self) -> float:
        """Worst closure of a balance, kg/kg."""
        return max(values["closure"] for values in self.indicators)


@dataclass(frozen=True)
class Replicate:
    """What is kept of one run; the whole of it from the first replication alone."""

    indicators: Indicators
    flows: dict[Entry, NDArray[np.float64]]
    hours: dict[str, dict[str, float]]
    bottleneck: str
    outcome: Outcome[Any] | None


@dataclass
class _Growing:
    """Replications of a design, added in order."""

    variant: Variant[Any]
    horizon: Horizon
    indicators: list[Indicators] = field(default_factory=list)
    flows: dict[Entry, NDArray[np.float64]] = field(default_factory=dict)
    hours: dict[str, dict[str, float]] = field(default_factory=dict)
    bottlenecks: list[str] = field(default_factory=list)
    first: Outcome[Any] | None = None

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
        self.first = self.first or part.outcome

    def replicated(self) -> Replicated:
        """Return what has been added."""
        n = len(self.indicators)
        per = self.horizon.years * n
        return Replicated(
            self.variant,
            replace(self.horizon, replications=n),
            tuple(self.indicators),
            {entry: kg / per for entry, kg in self.flows.items()},
            Named(
                {
                    train: Named(((state, h / per) for state, h in states.items()), "state")
                    for train, states in self.hours.items()
                },
                "train",
            ),
            tuple(self.bottlenecks),
            self.first,
        )


def replicate(variant: Variant[Any], horizon: Horizon, number: int, record: bool) -> Replicate:
    """Return one run of a design."""
    with at_work(run_of(variant, number)):
        outcome = variant.plant.simulate(variant, **horizon.run(number), record=record)
        return Replicate(
            outcome.indicators,
            dict(outcome.ledger.flows),
            {train: dict(states) for train, states in outcome.hours.items()},
            outcome.bottleneck,
            outcome if number == 0 else None,
        )


def replicated(
    variants: Sequence[Variant[Any]],
    horizon: Horizon,
    *,
    record: bool = False,
    workers: int | None = 1,
    enough: Enough | None = None,
) -> list[Replicated]:
    """Run the replications of each design; they share their draws.

    The result is the same for any number of ``workers``, see `open_executor`. ``record`` keeps
    traces of the first replication. With ``enough``, which is asked after every replication, the
    horizon has the most; what was run beyond is dropped.
    """
    growing = [_Growing(variant, horizon) for variant in variants]
    total = horizon.replications * len(variants)
    with (
        open_executor(workers, runs=total) as (executor, in_flight),
        progress_bar(total, progress=None if total > 1 else False) as bar,
    ):
        for start in range(0, horizon.replications, BLOCK):
            block = range(start, min(start + BLOCK, horizon.replications))
            calls = [
                ((number, i), (variant, horizon, number, record and number == 0))
                for number in block
                for i, variant in enumerate(variants)
            ]
            parts = {}
            for key, part in streamed(executor, replicate, calls, in_flight):
                parts[key] = part
                bar.update()
            for number in block:
                for i, each in enumerate(growing):
                    each.add(parts.pop((number, i)))
                if enough is not None and enough([each.indicators for each in growing]):
                    return [each.replicated() for each in growing]
    return [each.replicated() for each in growing]
