"""The best sets in operation, under the same breakdowns, until one of them is left."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.runner import PlantYears, run
from experiments.runner.faults import SimulationFault
from experiments.runner.folder import identity
from experiments.studies.optimise.question import BOTH, Question
from plant_models.methods.choosing import Limit
from plant_models.methods.fronts import Front, front
from plant_models.methods.selection import Pace, Rules, Selection, at_most, select
from plant_models.model import Variant
from sim.statistics.intervals import Interval, interval

Rows = list[Mapping[str, float]]


@dataclass(frozen=True)
class From:
    """Replications of a task that begin at another number than 0."""

    task: PlantYears
    first: int

    @property
    def units(self) -> Mapping[str, str]:
        """The figures of a run."""
        return self.task.units

    def card(self) -> Mapping[str, Any]:
        """Return what decides a result besides the case."""
        return {**self.task.card(), "first": self.first}

    def __call__(self, case: Any, replication: int) -> Mapping[str, float]:
        """Run one replication of one case."""
        return self.task(case, self.first + replication)


@dataclass(frozen=True, eq=False)
class Contender:
    """A design that has run, and what its years came to."""

    name: str
    variant: Variant[Any]
    rows: Sequence[Mapping[str, float]]  #: Indicators, a replication each
    values: NDArray[np.float64]  #: By the goal, against the plant without schemes
    benefit: NDArray[np.float64]  #: In the plant's money a year; not numbers without prices
    slack: Mapping[str, NDArray[np.float64]]  #: Of every limit, by its text

    def mean(self, name: str) -> Interval:
        """Return an indicator with its interval."""
        return interval([row[name] for row in self.rows])

    @property
    def worth(self) -> Interval:
        """What it is worth by the goal, with its interval."""
        return interval(self.values.tolist())

    def kept(self, limit: Limit) -> float:
        """Return the chance that the mean of all years keeps a limit."""
        return 1.0 - at_most(interval(self.slack[str(limit)].tolist()), 0.0, 0.95)


@dataclass(frozen=True, eq=False)
class Race:
    """What has come out of the running plant."""

    selection: Selection | Front | None  #: None where no design keeps all limits
    rivals: tuple[Contender, ...]  #: In the order of the selection
    dropped: tuple[Contender, ...]  #: Those that break a limit in operation
    beside: Mapping[str, Contender] = field(default_factory=dict)
    """What is told beside them: the plant as it is, its own programme, the rest of the front."""

    @property
    def best(self) -> Contender | None:
        """The best; None where no design keeps all limits."""
        return None if self.selection is None else self.rivals[self.selection.best]

    def over(self, other: Contender) -> Interval:
        """Return what the best is worth more than another, replication by replication."""
        best = self.best
        assert best is not None
        n = min(len(best.values), len(other.values))
        return interval((best.values[:n] - other.values[:n]).tolist())


@dataclass(eq=False)
class Track:
    """Designs that run side by side; what has run is kept."""

    question: Question
    limits: tuple[Limit, ...]
    task: PlantYears
    workers: int | None
    scheduler: str | None
    store: Path | None
    done: dict[str, Rows] = field(default_factory=dict)
    """Indicators by replication, of every design that has run."""

    def ask(self, variants: Sequence[Variant[Any]], first: int, count: int) -> None:
        """Run replications of designs, all from the same number."""
        mark = sha256("\n".join(map(identity, variants)).encode()).hexdigest()[:8]
        place = None if self.store is None else self.store / f"runs-{first}-{count}-{mark}"
        table = run(
            list(variants),
            count,
            task=From(self.task, first),
            workers=self.workers,
            scheduler=self.scheduler,
            store=place,
        )
        failed = table[table["error"].notna()]
        if len(failed):
            line = failed.iloc[0]
            raise SimulationFault(f"the {self.question.plant.name} with {line['label']}: "
                                  f"{line['error']}")  # fmt: skip
        names = list(self.task.units)
        figures = table[names].to_numpy(dtype=float)
        for i, variant in enumerate(variants):
            rows = self.done.setdefault(identity(variant), [])
            for values in figures[i * count : (i + 1) * count]:
                rows.append(dict(zip(names, values.tolist(), strict=True)))

    def rows(self, variant: Variant[Any]) -> Rows:
        """Return what a design has come to."""
        return self.done[identity(variant)]

    def contender(self, variant: Variant[Any], base: Variant[Any]) -> Contender:
        """Return a design against the plant without schemes, as far as both have run."""
        rows, was = self.rows(variant), self.rows(base)
        pairs = list(zip(was, rows, strict=False))
        ask, ids = self.question, variant.schemes
        return Contender(
            variant.name,
            variant,
            tuple(rows),
            np.array([ask.value(ids, b, a) for b, a in pairs]),
            np.array([ask.benefit(ids, b, a) for b, a in pairs]),
            {
                str(limit): np.array([limit.slack(a[limit.name], b[limit.name]) for b, a in pairs])
                for limit in self.limits
            },
        )


def race(
    track: Track,
    variants: Sequence[Variant[Any]],
    beside: Mapping[str, Variant[Any]],
    rules: Pace,
) -> Race:
    """Let designs run until the best, or the front, is known, but for those that break a limit."""
    base = beside["none"]
    everyone = {identity(v): v for v in (*beside.values(), *variants)}
    track.ask(list(everyone.values()), 0, rules.first)
    started = [track.contender(each, base) for each in variants]
    keeps = [all(one.slack[str(x)].mean() >= 0.0 for x in track.limits) for one in started]
    runs = [v for v, ok in zip(variants, keeps, strict=True) if ok]
    out = tuple(one for one, ok in zip(started, keeps, strict=True) if not ok)
    selection = _selected(track, runs, base, rules) if runs else None
    return Race(
        selection,
        tuple(track.contender(each, base) for each in runs),
        out,
        {name: track.contender(each, base) for name, each in beside.items()},
    )


def _selected(
    track: Track, runs: Sequence[Variant[Any]], base: Variant[Any], rules: Pace
) -> Selection | Front:
    ask = track.question

    def figures(one: Contender) -> NDArray[np.float64]:
        if ask.goal != BOTH:
            return one.values
        return np.array(
            [(v, ask.sign * row[ask.against]) for v, row in zip(one.values, one.rows, strict=False)]
        )

    def observe(which: Sequence[int], first: int, count: int) -> NDArray[np.float64]:
        asked = [runs[i] for i in which]
        fresh = [v for v in (base, *asked) if len(track.rows(v)) < first + count]
        if fresh:
            track.ask(list({identity(v): v for v in fresh}.values()), first, count)
        found = [figures(track.contender(each, base))[first : first + count] for each in asked]
        return np.stack(found, axis=1)

    if isinstance(rules, Rules):
        return select(len(runs), rules, observe)
    return front(len(runs), rules, observe)
