"""What an optimum has found: data alone, and what follows from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from experiments.runner.horizon import Horizon
from experiments.studies.optimise.question import BOTH, Question
from experiments.studies.optimise.running import Contender, Race
from experiments.studies.optimise.sets import Sets
from experiments.studies.optimise.turning import Turned
from experiments.studies.optimise.weighing import at_rest, weighed
from plant_models.methods.abatement import knee
from plant_models.methods.fronts import Front
from plant_models.methods.selection import Pace
from plant_models.model import Variant
from sim.errors import need_number


@dataclass(frozen=True, repr=False)
class Findings:
    """What was asked and what has been found; `Optimum` tells it."""

    of: Question
    sets: Sets  #: All sets at rest
    turned: tuple[Turned, ...]  #: The best sets with their set points turned; none if not asked
    race: Race | None  #: In operation; None if nothing was run
    horizon: Horizon | None
    rules: Pace | None
    left_out: Mapping[str, str]  #: Schemes that could not be chosen, and why

    @property
    def best(self) -> Variant[Any] | None:
        """The best design: in operation where it ran, else at rest; None where nothing fits."""
        if self.race is not None:
            return None if self.race.best is None else self.race.best.variant
        if self.of.goal == BOTH:
            front = self.front_at_rest
            return None if not front else front[self.knee_at_rest or 0].variant(self.of)
        if self.turned:
            fit = [each for each in self.turned if each.feasible]
            top = max(fit, key=lambda each: each.worth, default=None)
            return None if top is None else top.variant(self.of)
        number = self.sets.choice.best
        return None if number is None else self.of.variant(self.sets.ids(number))

    @property
    def probability(self) -> float | None:
        """Least probability that the best is the best of those that ran; None at rest."""
        if self.race is None or self.race.selection is None:
            return None
        return self.race.selection.probability

    @property
    def not_told_apart(self) -> tuple[str, ...]:
        """Designs that ran and cannot be told from the best."""
        if self.race is None or self.race.selection is None:
            return ()
        return tuple(self.race.rivals[i].name for i in self.race.selection.open_rivals)

    @cached_property
    def resting(self) -> Mapping[str, tuple[str, str]]:
        """Set points of the best that rest on a bound of their validity: which, what is beyond."""
        best = self.best
        own = next((each for each in self.turned if best and self._is(each, best)), None)
        if own is None:
            return {}
        return {
            turn.point.path: (turn.rests, turn.point.beyond(turn.after))
            for turn in own.turns
            if turn.rests
        }

    def _is(self, one: Turned, best: Variant[Any]) -> bool:
        return one.ids == best.schemes and one.variant(self.of).tree == best.tree

    @property
    def front(self) -> Front | None:
        """The front of money against tonnes in operation; None unless both are the goal."""
        selection = None if self.race is None else self.race.selection
        return selection if isinstance(selection, Front) else None

    @cached_property
    def front_at_rest(self) -> Sequence[Turned]:
        """Designs that none beats at rest in money and tonnes, the most money first."""
        return at_rest(self.sets, self.turned, self.sets.in_money)

    @property
    def knee_at_rest(self) -> int | None:
        """Which of those the front bulges most at; None where it does not."""
        figures = weighed(self.sets, self.front_at_rest)
        return knee(figures[:, 0], figures[:, 1])

    @property
    def has_knee(self) -> bool:
        """Whether the front has one: the best where both are the goal."""
        found = self.knee_at_rest if self.front is None else self.front.knee
        return found is not None

    @property
    def turns(self) -> Turned | None:
        """The set points of the best; None where none was turned."""
        best = self.best
        return next((each for each in self.turned if best and self._is(each, best)), None)

    def within(self, budget: float) -> tuple[tuple[str, ...], float] | None:
        """Return the best set at rest within another budget, and what it is worth."""
        (most,) = need_number("within", 0.0, budget=budget)
        choice = self.sets.choice.with_budget(most)
        return None if choice.best is None else (self.sets.ids(choice.best), choice.value)

    @property
    def ran(self) -> tuple[Contender, ...]:
        """All designs that ran."""
        if self.race is None:
            return ()
        return (*self.race.rivals, *self.race.dropped, *self.race.beside.values())
