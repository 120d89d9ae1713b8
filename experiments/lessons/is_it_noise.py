"""Lesson 9, is it noise?: replications, common random numbers, and the small effect of F8."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from statistics import pstdev, stdev
from typing import TYPE_CHECKING

from experiments.lessons.checking import SPREAD, Check, Mistake, Question, Words, read_seed, spread
from plant_models import chlorobenzene as cb
from sim.statistics.intervals import Interval, interval, paired_difference

if TYPE_CHECKING:
    import pandas as pd

    from sim.books.ledger import Ledger

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


@dataclass(frozen=True)
class Lesson:
    """Runs of the line without and with F8, under the same breakdowns and under others.

    Parameters
    ----------
    seed : int
    """

    seed: int

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
        """Return the chlorobenzene made in some runs: drummed, and what the tanks gained, t/yr."""
        return [run[MADE] for run in runs]

    def table(self) -> pd.DataFrame:
        """Return the chlorobenzene made in every run, t/yr."""
        import pandas as pd

        runs = {"without": self.without, "same": self.same, "other": self.other}
        return pd.DataFrame({name: self.made(each) for name, each in runs.items()}).round(1)

    def difference(self, figure: str = MADE, *, same: bool = True) -> Interval:
        """Return what F8 adds to a figure, with its 95 % interval, t/yr."""
        after = self.same if same else self.other
        return paired_difference([x[figure] for x in after], [x[figure] for x in self.without])

    def figures(self) -> pd.DataFrame:
        """Return what F8 adds to three figures under the same breakdowns, t/yr."""
        import pandas as pd

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

    @cached_property
    def check(self) -> Check:
        """The questions."""
        return Check(
            {
                "scatter": self._scatter,
                "noise": self._noise,
                "shows": self._shows,
                "needed": self._needed,
                "effect": self._effect,
                "clearest": self._clearest,
            }
        )

    def _scatter(self) -> Question:
        made = self.made(self.without)
        return Question(
            Words("the standard deviation of what is made without F8, between your runs, t/yr?"),
            stdev(made),
            Words("statistics.stdev of the column 'without'"),
            [
                Mistake(
                    pstdev(made),
                    Words(
                        "divided by n: these runs are a sample, so the squares are divided by n - 1"
                    ),
                ),
                Mistake(
                    interval(made).half_width,
                    Words("that is how well the *mean* is known; asked is how single runs scatter"),
                ),
            ],
            tolerance=0.005 * stdev(made),
            because="half a per cent",
        )

    def _noise(self) -> Question:
        found = self.difference(same=False)
        alone = interval(self.made(self.without)).half_width
        return Question(
            Words(
                "the half width of the 95 % interval of F8's effect under other breakdowns, t/yr?"
            ),
            found.half_width,
            Words("interval([after - before for each pair]).half_width, of 'other' and 'without'"),
            _unlike(
                found.half_width,
                0.005 * found.half_width,
                Mistake(
                    alone,
                    Words("that is the interval of one design; both scatter, and both count"),
                ),
                Mistake(
                    self.difference().half_width,
                    Words("that is under the *same* breakdowns, which comes later"),
                ),
            ),
            tolerance=0.005 * found.half_width,
            because="half a per cent",
        )

    def _shows(self) -> Question:
        right = "no" if 0.0 in self.difference(same=False) else "yes"
        wrong = {"no": "yes", "yes": "no"}[right]
        return Question(
            Words("do your runs under other breakdowns show that F8 has an effect? yes or no"),
            right,
            Words("does the interval of the difference hold 0? If it does, they do not show it"),
            [
                Mistake(
                    wrong,
                    Words(
                        "the means differ in any case; what counts is whether the interval holds 0"
                    ),
                )
            ],
        )

    def _needed(self) -> Question:
        ratio = self.difference(same=False).half_width / self.expected
        right = REPLICATIONS * ratio**2
        return Question(
            Words(
                "how many replications with other breakdowns would make the half width as small "
                "as the effect that the steady state expects?"
            ),
            right,
            Words("the half width falls with the square root of their number"),
            _unlike(
                right,
                0.05 * right,
                Mistake(
                    REPLICATIONS * ratio,
                    Words(
                        "that would be so if it fell with their number; it falls with the square "
                        "root, so half the width takes four times the runs"
                    ),
                ),
                Mistake(ratio**2, Words(f"times the {REPLICATIONS} that you have already")),
            ),
            tolerance=0.05 * right,
            because="5 %",
        )

    def _effect(self) -> Question:
        found = self.difference()
        return Question(
            Words("what does F8 add to the chlorobenzene made, t/yr, under the same breakdowns?"),
            found.mean,
            Words("the mean of 'same' less 'without'"),
            _unlike(
                found.mean,
                spread(found),
                Mistake(
                    -found.mean, Words("the sign: after less before, so that a gain is positive")
                ),
                Mistake(
                    self.difference(same=False).mean,
                    Words("that is under other breakdowns, which hide it"),
                ),
            ),
            tolerance=spread(found),
            because=SPREAD,
        )

    def _clearest(self) -> Question:
        table = self.figures()  # as the student reads it: two may differ by less than its decimals
        return Question(
            Words(f"which figure shows F8 most clearly? one of {', '.join(FIGURES)}"),
            str((table["mean"].abs() / table["half width"]).idxmax()),
            Words("that whose mean is largest beside its half width"),
            [
                Mistake(
                    DRUMMED,
                    Words(
                        "what is drummed by the last hour depends on when a lot was released: look "
                        "at its half width"
                    ),
                )
            ],
        )


def _unlike(right: float, tolerance: float, *mistakes: Mistake) -> list[Mistake]:
    """Return the mistakes that this student's runs tell from the right answer."""
    return [
        mistake
        for mistake in mistakes
        if isinstance(mistake.answer, float) and abs(mistake.answer - right) > tolerance
    ]


def begin(seed: int = 1) -> Lesson:
    """Return the lesson of a seed."""
    return Lesson(read_seed(seed))
