"""Lesson 7, maintenance, quotas and bonus: measures that wear off, with and without a review."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import replace
from functools import cached_property

import pandas as pd

from experiments.lessons.checking import Question, SeededLesson, pick
from experiments.studies.review import FULL, NOTHING, REVIEWED, UNREVIEWED, WAYS
from plant_models import chlorobenzene as cb
from plant_models.calendar import YEAR
from plant_models.methods.management import Slackening, course, managed
from sim.books.indicators import Indicators
from sim.clock.random_streams import RandomStreams

YEARS = 0.5
HOURS = YEARS * YEAR
DAY = 24.0  # h
SLOP = "slop_oil_t"
FIGURES = (SLOP, "caustic_t", "air.benzene_t", "wastewater.benzene_t", "benzene_used_t")
TO_TWO_DECIMALS = 0.01


class Lesson(SeededLesson):
    """The student's own plant: how fast its people forget, and half a year in four ways.

    The seed decides both, and the breakdowns.
    """

    @cached_property
    def slack(self) -> Slackening:
        """How measures wear off in this plant."""
        drawn = RandomStreams(self.seed).stream("lesson_7", "half-life").uniform(60.0, 180.0)
        return replace(cb.PLANT.slackening.tree, half_life=round(drawn) * DAY)

    @property
    def rules(self) -> dict[str, float]:
        """The half-life and the time between reviews in days, habit and what a review restores."""
        return {
            "half-life, d": self.slack.half_life / DAY,
            "habit": self.slack.floor,
            "review every, d": round(self.slack.review_interval / DAY, 1),
            "restored": self.slack.restored,
            "half a year, d": HOURS / DAY,
        }

    def force(self, *, review: bool) -> pd.Series[float]:
        """Return what is left of the measures at noon of every day, 0 to 1."""
        hours, forces = zip(*course(self.slack, HOURS, review=review), strict=True)
        noons = [(day + 0.5) * DAY for day in range(round(HOURS / DAY))]
        return pd.Series([forces[bisect_right(hours, noon) - 1] for noon in noons])

    def mean_force(self, *, review: bool) -> float:
        """Return the mean of it over half a year, 1."""
        steps = list(course(self.slack, HOURS, review=review))
        ends = [hour for hour, _ in steps[1:]] + [HOURS]
        spent = (end - hour for (hour, _), end in zip(steps, ends, strict=True))
        return sum(f * h for (_, f), h in zip(steps, spent, strict=True)) / HOURS

    def still(self) -> pd.DataFrame:
        """Return what each measure alone changes at constant conditions, t/yr."""
        before = cb.steady_state().indicators
        changes = {name: cb.steady_state(name).indicators - before for name in cb.PLANT.measures}
        return pd.DataFrame(
            {name: {figure: each[figure] for figure in FIGURES} for name, each in changes.items()}
        ).round(1)

    @cached_property
    def runs(self) -> dict[str, Indicators]:
        """Half a year under the same breakdowns in four ways of keeping the measures."""
        never = replace(self.slack, floor=1.0)  # all of it habit
        kept = {
            NOTHING: ((), False, self.slack),
            UNREVIEWED: (cb.PLANT.measures, False, self.slack),
            REVIEWED: (cb.PLANT.measures, True, self.slack),
            FULL: (cb.PLANT.measures, False, never),
        }
        base = cb.PLANT.variant()
        return {
            way: managed(base, measures, review=review, slack=slack, years=YEARS, seed=self.seed)
            for way, (measures, review, slack) in kept.items()
        }

    def table(self) -> pd.DataFrame:
        """Return figures of the runs, t/yr."""
        return pd.DataFrame(
            {way: {figure: self.runs[way][figure] for figure in FIGURES} for way in WAYS}
        ).round(1)

    def slop(self, way: str) -> float:
        """Return the slop oil of a run, t/yr.

        Raises BadInput if there is no such way.
        """
        return self.runs[pick("way", way, WAYS)][SLOP]

    def share(self, way: str) -> float:
        """Return the share of the gain in slop oil at full force that a way keeps, 1."""
        way = pick("way", way, WAYS)  # before anything is run
        gain = self.slop(NOTHING) - self.slop(FULL)
        return (self.slop(NOTHING) - self.slop(way)) / gain

    def _kept(self) -> Question:
        slack = self.slack
        end = slack.after(1.0, HOURS)
        mean = self.mean_force(review=False)
        return self.ask(
            "kept",
            mean,
            {"last_day": end, "no_habit": (mean - slack.floor) / (1.0 - slack.floor)},
            tolerance=TO_TWO_DECIMALS,
        )

    def _kept_reviewed(self) -> Question:
        return self.ask(
            "kept_reviewed",
            self.mean_force(review=True),
            {"all_of_it": 1.0, "unreviewed": self.mean_force(review=False)},
            tolerance=TO_TWO_DECIMALS,
        )

    def _still(self) -> Question:
        table = self.still()
        right = frozenset(name for name in cb.PLANT.measures if not table[name].any())
        return self.ask(
            "still", right, {"rounds_too": frozenset({"M1", "M3"}), "none": frozenset()}
        )

    def _share(self) -> Question:
        right = self.share(UNREVIEWED)
        return self.ask(
            "share",
            right,
            {"of_all": 1.0 - self.slop(UNREVIEWED) / self.slop(NOTHING), "lost": 1.0 - right},
            tolerance=0.5 * TO_TWO_DECIMALS,
            nothing=NOTHING,
            unreviewed=UNREVIEWED,
            full=FULL,
        )

    def _review_adds(self) -> Question:
        right = self.slop(UNREVIEWED) - self.slop(REVIEWED)
        return self.ask(
            "review_adds",
            right,
            {"together": self.slop(NOTHING) - self.slop(REVIEWED)},
            tolerance=max(0.1, 0.01 * right),
            unreviewed=UNREVIEWED,
            reviewed=REVIEWED,
        )

    def _slop(self) -> Question:
        return self.ask("slop", "M2")


begin = Lesson
