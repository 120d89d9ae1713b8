"""Lesson 7, maintenance, quotas and bonus: measures that wear off, with and without a review."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from experiments.lessons.checking import Check, Mistake, Question, Words, read_seed
from experiments.studies.review import FULL, NOTHING, REVIEWED, UNREVIEWED, WAYS
from plant_models import chlorobenzene as cb
from plant_models.calendar import YEAR
from plant_models.management import Slackening, course, managed
from sim.books.indicators import Indicators
from sim.clock.random_streams import RandomStreams

if TYPE_CHECKING:
    import pandas as pd

YEARS = 0.5
HOURS = YEARS * YEAR
DAY = 24.0  # h
SLOP = "slop_oil_t"
FIGURES = (SLOP, "caustic_t", "air.benzene_t", "wastewater.benzene_t", "benzene_used_t")
TO_TWO_DECIMALS = 0.01


@dataclass(frozen=True)
class Lesson:
    """The student's own plant: how fast its people forget, and half a year in four ways.

    Parameters
    ----------
    seed : int
        Decides both, and the breakdowns.
    """

    seed: int

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
        import pandas as pd

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
        import pandas as pd

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
        import pandas as pd

        return pd.DataFrame(
            {way: {figure: self.runs[way][figure] for figure in FIGURES} for way in WAYS}
        ).round(1)

    def slop(self, way: str) -> float:
        """Return the slop oil of a run, t/yr."""
        return self.runs[way][SLOP]

    def share(self, way: str) -> float:
        """Return the share of the gain in slop oil at full force that a way keeps, 1."""
        gain = self.slop(NOTHING) - self.slop(FULL)
        return (self.slop(NOTHING) - self.slop(way)) / gain

    @cached_property
    def check(self) -> Check:
        """The questions."""
        return Check(
            {
                "kept": self._kept,
                "kept_reviewed": self._kept_reviewed,
                "still": self._still,
                "slop": _slop,
                "share": self._share,
                "review_adds": self._review_adds,
            }
        )

    def _kept(self) -> Question:
        slack = self.slack
        end = slack.after(1.0, HOURS)
        mean = self.mean_force(review=False)
        return Question(
            Words(
                "how much of the measures is kept without a review, 0 to 1, mean of half a year?"
            ),
            mean,
            Words("the mean of lesson.force(review=False), or the integral of the formula"),
            [
                Mistake(
                    end,
                    Words("that is what is left on the last day; before, it was more"),
                ),
                Mistake(
                    (mean - slack.floor) / (1.0 - slack.floor),
                    Words("habit does not wear off: only what is above it has a half-life"),
                ),
            ],
            tolerance=TO_TWO_DECIMALS,
            because="to two decimals",
        )

    def _kept_reviewed(self) -> Question:
        return Question(
            Words("and with a review every month?"),
            self.mean_force(review=True),
            Words("the mean of lesson.force(review=True), over all days"),
            [
                Mistake(
                    1.0,
                    Words(
                        "a review restores a part of what is missing, and between two reviews it "
                        "wears off again"
                    ),
                ),
                Mistake(
                    self.mean_force(review=False),
                    Words("that is without a review"),
                ),
            ],
            tolerance=TO_TWO_DECIMALS,
            because="to two decimals",
        )

    def _still(self) -> Question:
        table = self.still()
        right = frozenset(name for name in cb.PLANT.measures if not table[name].any())
        return Question(
            Words("which measure changes nothing while the line runs steadily? a list of names"),
            right,
            Words("lesson.still() has a column for each; which is all zero?"),
            [
                Mistake(
                    frozenset({"M1", "M3"}),
                    Words("the rounds of M1 also find leaks, through which air is drawn in"),
                ),
                Mistake(
                    frozenset(),
                    Words("pay shortens repairs and start-ups; a steady state has neither"),
                ),
            ],
        )

    def _share(self) -> Question:
        right = self.share(UNREVIEWED)
        return Question(
            Words("which share of the gain in slop oil at full force is left without a review?"),
            right,
            Words(f"({NOTHING} less {UNREVIEWED}) over ({NOTHING} less {FULL}), of slop_oil_t"),
            [
                Mistake(
                    1.0 - self.slop(UNREVIEWED) / self.slop(NOTHING),
                    Words("that is a share of all slop oil; asked is a share of the gain"),
                ),
                Mistake(1.0 - right, Words("that is what is lost of it")),
            ],
            tolerance=0.5 * TO_TWO_DECIMALS,
            because="to two decimals",
        )

    def _review_adds(self) -> Question:
        right = self.slop(UNREVIEWED) - self.slop(REVIEWED)
        return Question(
            Words("how much less slop oil does the review make, t/yr?"),
            right,
            Words(f"slop_oil_t of {UNREVIEWED!r} less that of {REVIEWED!r}"),
            [
                Mistake(
                    self.slop(NOTHING) - self.slop(REVIEWED),
                    Words(
                        "that is what measures and review save together; compare with the plant "
                        "that has the measures and no review"
                    ),
                )
            ],
            tolerance=max(0.1, 0.01 * right),
            because="the table's decimals",
        )


def _slop() -> Question:
    return Question(
        Words("which of M1, M2 and M3 makes less slop oil?"),
        "M2",
        Words("the row slop_oil_t of lesson.still()"),
        [
            Mistake("M1", Words("checks prevent breakdowns; slop is skimmed while the line runs")),
            Mistake("M3", Words("pay hastens repairs; what is skimmed is a matter of quotas")),
        ],
    )


def begin(seed: int = 1) -> Lesson:
    """Return the lesson of a seed."""
    return Lesson(read_seed(seed))
