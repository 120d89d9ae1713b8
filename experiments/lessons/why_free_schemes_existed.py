"""Lesson 3, why free schemes existed: F1 to F4 cost nothing, and stood undone for years."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, cached_property
from types import MappingProxyType

import pandas as pd

from experiments.lessons.checking import Question, SeededLesson, spread
from experiments.studies.compare import Comparison, compare
from plant_models import chlorobenzene as cb
from plant_models.chlorobenzene.money.economy import ECONOMY
from plant_models.chlorobenzene.money.prices import prices
from plant_models.chlorobenzene.paper.printed import FREE, TEN_THOUSAND
from plant_models.methods.economics import StepValue
from sim.books.indicators import Indicators
from sim.statistics.intervals import Interval, interval

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


class Lesson(SeededLesson):
    """The student's own quarters, before and after the free schemes, under the same breakdowns."""

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
        names = ("chlorobenzene_t", "benzene_used_t", WATER, "hydrochloric_acid_t", "steam_t",
                 BENZENE_TO_AIR, "wastewater_t")  # fmt: skip
        rows = {name: (self._before(name), self._moved(name).mean) for name in names}
        return pd.DataFrame.from_dict(rows, orient="index", columns=["before", "per cent"]).round(2)

    def items(self) -> pd.Series[float]:
        """Return what the schemes change by item of the books, 10^4 RMB/yr; mean of the runs."""
        found = pd.Series(dict(self._items), name="10⁴ RMB/yr")
        return found.sort_values(ascending=False).round(2)

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

    def _best(self) -> Question:
        right = max(FREE, key=lambda scheme: alone()[scheme].net)
        return self.ask("best", right, {"other": list(FREE)})

    def _net(self) -> Question:
        found = interval([each.net / TEN_THOUSAND for each in self._values])
        gross = interval([each.income / TEN_THOUSAND for each in self._values])
        return self.ask(
            "net",
            found,
            {"gross": gross.mean, "rmb": found.mean * TEN_THOUSAND, "sign": -found.mean},
            within={"rmb": spread(found) * TEN_THOUSAND},
        )

    def _largest_item(self) -> Question:
        right = max(self._items, key=lambda item: self._items[item])
        return self.ask(
            "largest_item", right, {"other": ["benzene", "process water", "pollution levy"]}
        )

    def _product_per_cent(self) -> Question:
        found, water = self._moved("chlorobenzene_t"), self._moved(WATER)
        return self.ask(
            "product_per_cent",
            found,
            {"water": water.mean},
            within={"water": spread(water)},
            tolerance=max(found.half_width, 0.02),
        )

    def _water_per_cent(self) -> Question:
        found = self._moved(WATER)
        return self.ask(
            "water_per_cent",
            found,
            {"sign": -found.mean, "share": found.mean / 100.0},
            within={"share": spread(found) / 100.0},
        )

    def _f4_alone(self) -> Question:
        rises = benzene_to_air("F4") > benzene_to_air("none")
        return self.ask("f4_alone", UP if rises else DOWN)


begin = Lesson
