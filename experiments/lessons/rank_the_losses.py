"""Lesson 2, rank the losses: what waste really costs, and what the waste bill says it costs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from numbers import Real

import pandas as pd

from experiments.lessons.checking import Question, SeededLesson, need, spread
from plant_models import chlorobenzene as cb
from plant_models.chlorobenzene.line.wiring import PROCESS_OF, PROCESSES
from plant_models.chlorobenzene.money.flow_costs import flow_costs
from plant_models.chlorobenzene.money.prices import Prices, prices
from plant_models.chlorobenzene.paper.printed import TEN_THOUSAND
from plant_models.methods.finance import annuity
from plant_models.methods.flow_costing import PRODUCTS, FlowCosts
from sim.books.ledger import INTERNAL
from sim.statistics.intervals import Interval, interval

YEARS = 0.25
REPLICATIONS = 3
LOSING = tuple(process for process in PROCESSES if process != "end of pipe")
HALF = 0.5  # of its losses is what the offered improvement saves


class Lesson(SeededLesson):
    """The student's own quarters of the line as it was, with the cost that every flow carries."""

    @cached_property
    def runs(self) -> tuple[cb.Result, ...]:
        """Independent quarters."""
        return tuple(
            cb.simulate("none", years=YEARS, seed=self.seed, replication=r)
            for r in range(REPLICATIONS)
        )

    @property
    def prices(self) -> Prices:
        """What goods, energy and money cost."""
        return prices().tree

    @cached_property
    def costs(self) -> tuple[FlowCosts, ...]:
        """Where the input cost of each quarter has gone, RMB/yr."""
        return tuple(flow_costs(run, self.prices) for run in self.runs)

    def tonnes(self) -> pd.Series[float]:
        """Return what each process loses by mass, water included, t/yr; mean of the runs."""
        return _sorted(self._tonnes)

    @cached_property
    def _tonnes(self) -> Mapping[str, float]:
        lost = dict.fromkeys(LOSING, 0.0)
        for run in self.runs:
            for entry, kg in run.ledger.flows.items():
                if entry.medium not in (INTERNAL, *PRODUCTS):
                    process = PROCESS_OF[entry.source]
                    if process in lost:
                        lost[process] += float(kg.sum()) / 1000.0 / run.years / len(self.runs)
        return lost

    def cost_table(self) -> pd.DataFrame:
        """Return the cost of losses by process and material, 10^4 RMB/yr; mean of the runs."""
        tables = [pd.DataFrame(each.losses()).T / TEN_THOUSAND for each in self.costs]
        mean = sum(tables[1:], tables[0]) / len(tables)
        mean["all"] = mean.sum(axis=1)
        return mean.loc[list(LOSING)].sort_values("all", ascending=False).round(2)

    def waste_bill(self) -> float:
        """Return what levy and disposal charge, 10^4 RMB/yr; mean of the runs."""
        return self._mean([each.spent["waste"] for each in self.costs]).mean

    def worth_now(self, yearly: float) -> float:
        """Return what a yearly saving over the horizon is worth today, in the saving's unit.

        Raises BadInput if it is no number.
        """
        need("worth_now", yearly, Real | pd.Series, "a number, as in worth_now(10.5)")
        return yearly / annuity(self.prices.interest_rate, self.prices.horizon)

    def _mean(self, rmb: Sequence[float]) -> Interval:
        return interval([value / TEN_THOUSAND for value in rmb])

    def _of(self, process: str) -> Interval:
        return self._mean([sum(each.losses()[process].values()) for each in self.costs])

    def _order(self) -> tuple[str, ...]:
        return tuple(sorted(LOSING, key=lambda process: -self._of(process).mean))

    def _costliest(self) -> Question:
        heaviest = max(self._tonnes, key=lambda process: self._tonnes[process])
        others = list(dict.fromkeys((heaviest, "chlorination", "washing", "drying")))
        return self.ask("costliest", self._order()[0], {"other": others}, losing=", ".join(LOSING))

    def _lost(self) -> Question:
        found = self._mean([each.lost for each in self.costs])
        benzene = self._mean([each.losses()["absorption"]["benzene"] for each in self.costs])
        return self.ask(
            "lost",
            found,
            {
                "waste_bill": self.waste_bill(),
                "rmb": found.mean * TEN_THOUSAND,
                "benzene": benzene.mean,
            },
            within={"rmb": found.half_width * TEN_THOUSAND},
        )

    def _iceberg(self) -> Question:
        ratios = interval([each.lost / each.spent["waste"] for each in self.costs])
        return self.ask("iceberg", ratios, {"upside_down": 1.0 / ratios.mean})

    def _ranking(self) -> Question:
        by_mass = tuple(sorted(LOSING, key=lambda process: -self._tonnes[process]))[:3]
        right = self._order()[:3]
        return self.ask("ranking", right, {"by_mass": by_mass, "turned_round": right[::-1]})

    def _worth_paying(self) -> Question:
        saved = self._of("washing")
        right = self.worth_now(HALF * saved.mean)
        years = float(self.prices.horizon)
        return self.ask(
            "worth_paying",
            right,
            {
                "one_year": HALF * saved.mean,
                "not_discounted": HALF * saved.mean * years,
                "all_of_it": self.worth_now(saved.mean),
            },
            tolerance=self.worth_now(HALF * spread(saved)),
        )


def _sorted(values: Mapping[str, float]) -> pd.Series[float]:
    return pd.Series(dict(values)).sort_values(ascending=False).round(1)


begin = Lesson
