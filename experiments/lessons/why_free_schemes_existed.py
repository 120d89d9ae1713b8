"""Lesson 3, why free schemes existed: F1 to F4 cost nothing, and stood undone for years."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING

from experiments.lessons.checking import SPREAD, Check, Mistake, Question, Words, read_seed, spread
from experiments.studies.compare import Comparison, compare
from plant_models import chlorobenzene as cb
from plant_models.chlorobenzene.money.economy import ECONOMY
from plant_models.chlorobenzene.money.prices import prices
from plant_models.chlorobenzene.paper.printed import FREE, TEN_THOUSAND
from plant_models.methods.economics import StepValue
from sim.books.indicators import Indicators
from sim.statistics.intervals import Interval, interval

if TYPE_CHECKING:
    import pandas as pd

YEARS = 0.25
REPLICATIONS = 3
UP, DOWN = "up", "down"
BENZENE_TO_AIR = "air.benzene_t"
WATER = "process_water_t"


@cache
def alone() -> Mapping[str, StepValue]:
    """Return what each free scheme is worth by itself at constant conditions, RMB/yr."""
    base = cb.steady_state("none").indicators
    return MappingProxyType(
        {s: ECONOMY.income(base, cb.steady_state(s).indicators, prices().tree, s) for s in FREE}
    )


@cache
def benzene_to_air(schemes: str) -> float:
    """Return the benzene to air at constant conditions, t/yr."""
    return cb.steady_state(schemes).indicators[BENZENE_TO_AIR]


@dataclass(frozen=True)
class Lesson:
    """The student's own quarters, before and after the free schemes, under the same breakdowns.

    Parameters
    ----------
    seed : int
    """

    seed: int

    @cached_property
    def comparison(self) -> Comparison:
        """Paired quarters without and with F1 to F4."""
        return compare("none", "F1-F4", replications=REPLICATIONS, years=YEARS, seed=self.seed)

    @property
    def investment(self) -> float:
        """What the source says the four cost, RMB."""
        return ECONOMY.investment(FREE) or 0.0

    def changes(self) -> pd.DataFrame:
        """Return what the plant's figures were and by how many per cent they move."""
        import pandas as pd

        names = ("chlorobenzene_t", "benzene_used_t", WATER, "hydrochloric_acid_t", "steam_t",
                 BENZENE_TO_AIR, "wastewater_t")  # fmt: skip
        rows = {name: (self._before(name), self._moved(name).mean) for name in names}
        return pd.DataFrame.from_dict(rows, orient="index", columns=["before", "per cent"]).round(2)

    def items(self) -> pd.Series[float]:
        """Return what the schemes change by item of the books, 10^4 RMB/yr; mean of the runs."""
        import pandas as pd

        return pd.Series(dict(self._items)).sort_values(ascending=False).round(2)

    @cached_property
    def _pairs(self) -> tuple[tuple[Indicators, Indicators], ...]:
        before, after = self.comparison.designs
        return tuple(zip(before.indicators, after.indicators, strict=True))

    @cached_property
    def _values(self) -> tuple[StepValue, ...]:
        return tuple(ECONOMY.income(before, after, prices().tree) for before, after in self._pairs)

    @cached_property
    def _items(self) -> Mapping[str, float]:
        return {
            item: interval([each.changes[item] / TEN_THOUSAND for each in self._values]).mean
            for item in self._values[0].changes
        }

    def _before(self, name: str) -> float:
        return self.comparison.before.means[name].mean

    def _moved(self, name: str) -> Interval:
        """Return by how much an indicator moves, per cent."""
        return interval(
            [100.0 * (after[name] / before[name] - 1.0) for before, after in self._pairs]
        )

    @cached_property
    def check(self) -> Check:
        """The questions."""
        return Check(
            {
                "best": self._best,
                "net": self._net,
                "largest_item": self._largest_item,
                "product_per_cent": self._product_per_cent,
                "water_per_cent": self._water_per_cent,
                "f4_alone": self._f4_alone,
            }
        )

    def _best(self) -> Question:
        right = max(FREE, key=lambda scheme: alone()[scheme].net)
        hint = Words(
            "compare what each is worth by itself, in money: alone()[scheme].net; an emission "
            "that catches the eye is not yet an income"
        )
        mistakes = [Mistake(scheme, hint) for scheme in FREE if scheme != right]
        return Question(
            Words("which of F1, F2, F3, F4 earns most by itself?"), right, hint, mistakes
        )

    def _net(self) -> Question:
        found = interval([each.net / TEN_THOUSAND for each in self._values])
        gross = interval([each.income / TEN_THOUSAND for each in self._values])
        tolerance = spread(found)
        return Question(
            Words("net income of F1-F4 together under your breakdowns, 10^4 RMB/yr"),
            found.mean,
            Words("add up lesson.items(): what grows dearer counts as well"),
            [
                Mistake(
                    gross.mean,
                    Words("that leaves out what has grown dearer: steam, caustic, cooling water"),
                ),
                Mistake(
                    found.mean * TEN_THOUSAND,
                    Words("that is RMB; asked is 10^4 RMB"),
                    within=tolerance * TEN_THOUSAND,
                ),
                Mistake(-found.mean, Words("the sign: an income is positive")),
            ],
            tolerance=tolerance,
            because=SPREAD,
        )

    def _largest_item(self) -> Question:
        right = max(self._items, key=lambda item: self._items[item])
        mistakes = [
            Mistake(item, Words("it gains, but less than another: read lesson.items() again"))
            for item in ("benzene", "process water", "pollution levy")
            if item != right
        ]
        return Question(
            Words("which item of the books gains most?"),
            right,
            Words("the first name in lesson.items()"),
            mistakes,
        )

    def _product_per_cent(self) -> Question:
        found, water = self._moved("chlorobenzene_t"), self._moved(WATER)
        return Question(
            Words("by how many per cent does the chlorobenzene drummed move?"),
            found.mean,
            Words("the column 'per cent' of lesson.changes(), row chlorobenzene_t"),
            [
                Mistake(
                    water.mean,
                    Words("that is the water; the plant was managed by its product"),
                    within=spread(water),
                )
            ],
            tolerance=max(found.half_width, 0.02),
            because="95 % interval of your pairs",
        )

    def _water_per_cent(self) -> Question:
        found = self._moved(WATER)
        return Question(
            Words("by how many per cent does the process water move? less water is negative"),
            found.mean,
            Words("the column 'per cent' of lesson.changes(), row process_water_t"),
            [
                Mistake(-found.mean, Words("the sign: less water is negative")),
                Mistake(
                    found.mean / 100.0,
                    Words("that is a share; asked is per cent"),
                    within=spread(found) / 100.0,
                ),
            ],
            tolerance=spread(found),
            because=SPREAD,
        )

    def _f4_alone(self) -> Question:
        rises = benzene_to_air("F4") > benzene_to_air("none")
        return Question(
            Words("does F4 alone move the benzene to air 'up' or 'down'?"),
            UP if rises else DOWN,
            Words(
                "compare benzene_to_air('F4') with benzene_to_air('none'): a vent that is led "
                "elsewhere has not gone; see what takes it up there"
            ),
        )


def begin(seed: int = 1) -> Lesson:
    """Return the lesson of a seed."""
    return Lesson(read_seed(seed))
