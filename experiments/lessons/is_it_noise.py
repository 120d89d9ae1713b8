"""Lesson 9, is it noise?: replications, common random numbers, and the small effect of F8."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from statistics import pstdev, stdev

import pandas as pd

from experiments.lessons.checking import Question, SeededLesson, need, pick
from plant_models import chlorobenzene as cb
from sim.books.ledger import Ledger
from sim.statistics.intervals import Interval, interval, paired_difference, t_quantile

SCHEME = "F8"
PRODUCT = "chlorobenzene"
YEARS = 0.1
REPLICATIONS = 6
ELSEWHERE = 100  # replications from here on have breakdowns that the first ones have not
DRUMMED, MADE, SOLD_WITH = "drummed", "made", "in the by-product"
FIGURES = (DRUMMED, MADE, SOLD_WITH)


def _figures(run: cb.Result) -> dict[str, float]:
    """Return what becomes of the chlorobenzene of a run, t/yr."""
    ledger, tonnes = run.ledger, 1000.0 * run.years
    drummed = ledger.total(PRODUCT, stream="packing.drums")
    return {
        DRUMMED: drummed / tonnes,
        MADE: (drummed + _stored(ledger)) / tonnes,
        SOLD_WITH: ledger.total(PRODUCT, stream="polychloride_column.dichlorobenzene") / tonnes,
    }


def _stored(ledger: Ledger) -> float:
    """Return by how much the chlorobenzene in all tanks has grown, kg."""
    index = ledger.components.index[PRODUCT]
    return sum(
        float(ledger.held[tank][index] - ledger.opening[tank][index]) for tank in ledger.held
    )


class Lesson(SeededLesson):
    """Runs of the line without and with F8, under the same breakdowns and under others."""

    @cached_property
    def without(self) -> tuple[dict[str, float], ...]:
        """Some weeks of the line as it was, again and again."""
        return self._runs("none")

    @cached_property
    def same(self) -> tuple[dict[str, float], ...]:
        """The same weeks with F8, each under the breakdowns of its twin."""
        return self._runs(SCHEME)

    @cached_property
    def other(self) -> tuple[dict[str, float], ...]:
        """As many weeks with F8 under breakdowns of their own."""
        return self._runs(SCHEME, ELSEWHERE)

    def _runs(self, schemes: str, first: int = 0) -> tuple[dict[str, float], ...]:
        return tuple(
            _figures(cb.simulate(schemes, years=YEARS, seed=self.seed, replication=replication))
            for replication in range(first, first + REPLICATIONS)
        )

    def made(self, runs: Sequence[dict[str, float]]) -> list[float]:
        """Return the chlorobenzene made in some runs: drummed, and what the tanks gained, t/yr.

        Raises BadInput if they are no runs of this lesson.
        """
        need("made", runs, tuple | list, "records, as in made(lesson.same)")
        for run in runs:
            need("made", run, dict, "records, as in made(lesson.same)")
        return [run[MADE] for run in runs]

    def table(self) -> pd.DataFrame:
        """Return the chlorobenzene made in every run, t/yr."""
        runs = {"without": self.without, "same": self.same, "other": self.other}
        return pd.DataFrame({name: self.made(each) for name, each in runs.items()}).round(1)

    def difference(self, figure: str = MADE, *, same: bool = True) -> Interval:
        """Return what F8 adds to a figure, with its 95 % interval, t/yr.

        Raises BadInput if there is no such figure, or ``same`` is not True or False.
        """
        need("same", same, bool, "True or False")
        figure = pick("figure", figure, FIGURES)
        after = self.same if same else self.other
        return paired_difference([x[figure] for x in after], [x[figure] for x in self.without])

    def figures(self) -> pd.DataFrame:
        """Return what F8 adds to three figures under the same breakdowns, t/yr."""
        found = {figure: self.difference(figure) for figure in FIGURES}
        return pd.DataFrame(
            {
                "mean": {name: each.mean for name, each in found.items()},
                "half width": {name: each.half_width for name, each in found.items()},
            }
        ).round(2)

    @cached_property
    def expected(self) -> float:
        """What F8 adds to the output at constant conditions, t/yr."""
        after, before = cb.steady_state(SCHEME).indicators, cb.steady_state().indicators
        return after["chlorobenzene_t"] - before["chlorobenzene_t"]

    def _scatter(self) -> Question:
        made = self.made(self.without)
        return self.ask(
            "scatter",
            stdev(made),
            {"divided_by_n": pstdev(made), "half_width": interval(made).half_width},
            tolerance=0.005 * stdev(made),
        )

    def _noise(self) -> Question:
        found = self.difference(same=False)
        alone = interval(self.made(self.without)).half_width
        return self.ask(
            "noise",
            found.half_width,
            {"one_design": alone, "same_breakdowns": self.difference().half_width},
            tolerance=0.005 * found.half_width,
        )

    def _shows(self) -> Question:
        right = "no" if 0.0 in self.difference(same=False) else "yes"
        wrong = {"no": "yes", "yes": "no"}[right]
        return self.ask("shows", right, {"other": wrong})

    def _needed(self) -> Question:
        ratio = self.difference(same=False).half_width / self.expected
        right = REPLICATIONS * ratio**2
        falls = t_quantile(REPLICATIONS - 1, 0.975) / 1.96
        by_quantile = right / falls**2
        return self.ask(
            "needed",
            right,
            {
                "in_proportion": REPLICATIONS * ratio,
                "times_yours": ratio**2,
                "quantile": by_quantile,
            },
            tolerance=0.05 * right,
            within={"quantile": 0.05 * by_quantile},
            replications=REPLICATIONS,
        )

    def _effect(self) -> Question:
        found = self.difference()
        return self.ask(
            "effect",
            found,
            {"sign": -found.mean, "other_breakdowns": self.difference(same=False).mean},
        )

    def _clearest(self) -> Question:
        table = self.figures()  # as the student reads it: two may differ by less than its decimals
        return self.ask(
            "clearest",
            str((table["mean"].abs() / table["half width"]).idxmax()),
            figures=", ".join(FIGURES),
        )


begin = Lesson
