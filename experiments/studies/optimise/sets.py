"""Every set of schemes at rest: all figures of all of them, and the best of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.bounds import STEADY
from experiments.runner import PlantYears, run
from experiments.runner.executors import workers_at_rest
from experiments.studies.optimise.question import Question, figures_of
from plant_models.methods.attribution import members
from plant_models.methods.choosing import Candidates
from sim.model.schemes import compact

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Sets:
    """All sets of the schemes, each with its figures; set 0 is the plant without any."""

    of: Question
    columns: Mapping[str, Array]  #: By name, a value a set; not a number where it failed
    errors: Mapping[int, str]  #: Why a set has no figures

    def ids(self, number: int) -> tuple[str, ...]:
        """Return the schemes of a set."""
        return members(self.of.ids, number)

    def name(self, number: int) -> str:
        """Return a set as people write it."""
        ids = self.ids(number)
        return compact(ids, {**self.of.plant.catalogue(), **dict.fromkeys(ids)})

    def row(self, number: int) -> dict[str, float]:
        """Return the figures of a set."""
        return {name: float(column[number]) for name, column in self.columns.items()}

    @cached_property
    def cost(self) -> Array:
        """What each costs once, in the unit of the plant's money."""
        return np.array([self.of.cost(self.ids(i)) for i in range(2 ** len(self.of.ids))])

    @cached_property
    def benefit(self) -> Array:
        """Net income less annuity of each, in the plant's money a year; of none, 0."""
        base = self.row(0)
        rows = range(2 ** len(self.of.ids))
        return np.array([self.of.benefit(self.ids(i), base, self.row(i)) for i in rows])

    @cached_property
    def value(self) -> Array:
        """What each is worth by the goal, more being better."""
        if self.of.goal in self.columns:
            column = self.columns[self.of.goal]
            return np.asarray(column[0] - column)
        return self.benefit

    @cached_property
    def choice(self) -> Candidates:
        """The choice among them, within budget and limits."""
        budget = np.inf if self.of.budget is None else self.of.budget
        limits = self.of.all_limits
        figures = {each.name: self.columns[each.name] for each in limits}
        figures[self.of.against] = self.columns[self.of.against]
        return Candidates(self.value, self.cost, figures, budget, limits)

    def weighed(self, numbers: Sequence[int]) -> Array:
        """Return money and tonnes of some sets, a row each, more being better in both."""
        tonnes = self.of.sign * self.columns[self.of.against]
        return np.column_stack([self.benefit, tonnes])[list(numbers)]

    @cached_property
    def in_money(self) -> Candidates:
        """The same choice by money, whatever the goal: what the front is drawn of."""
        of = self.choice
        return Candidates(self.benefit, of.cost, of.figures, of.budget, of.limits)


def all_sets(
    question: Question, workers: int | None, scheduler: str | None, store: Path | None
) -> Sets:
    """Return every set at rest; in a folder they are kept, and taken up again."""
    task = PlantYears(question.base, clock=STEADY, measure=figures_of, units=dict(question.units))
    cases = [
        ", ".join(members(question.ids, number)) or "none"
        for number in range(2 ** len(question.ids))
    ]
    table = run(
        cases,
        task=task,
        workers=workers_at_rest(workers, len(cases)),
        scheduler=scheduler,
        store=None if store is None else store / "sets",
    )
    columns = {name: table[name].to_numpy(dtype=float) for name in task.units}
    failed: Any = table["error"]
    errors = {i: str(error) for i, error in enumerate(failed) if isinstance(error, str)}
    return Sets(question, columns, errors)
