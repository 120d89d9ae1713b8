"""Lesson 2, rank the losses: what waste really costs, and what the waste bill says it costs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from experiments.lessons.checking import SPREAD, Check, Mistake, Question, Words, read_seed, spread
from plant_models import chlorobenzene as cb
from plant_models.chlorobenzene.line.wiring import PROCESS_OF
from plant_models.chlorobenzene.money.flow_costs import flow_costs
from plant_models.chlorobenzene.money.prices import Prices, prices
from plant_models.chlorobenzene.paper.printed import TEN_THOUSAND
from plant_models.methods.finance import annuity
from plant_models.methods.flow_costing import PRODUCTS, FlowCosts
from sim.books.ledger import INTERNAL
from sim.statistics.intervals import Interval, interval

if TYPE_CHECKING:
    import pandas as pd

YEARS = 0.25
REPLICATIONS = 3
LOSING = ("absorption", "washing", "polychloride", "drying", "crude distillation",
         "rectification", "delivery", "packing")  # fmt: skip
HALF = 0.5  # of its losses is what the offered improvement saves


@dataclass(frozen=True)
class Lesson:
    """The student's own quarters of the line as it was, with the cost that every flow carries.

    Parameters
    ----------
    seed : int
    """

    seed: int

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
        import pandas as pd

        tables = [pd.DataFrame(each.losses()).T / TEN_THOUSAND for each in self.costs]
        mean = sum(tables[1:], tables[0]) / len(tables)
        mean["all"] = mean.sum(axis=1)
        return mean.loc[list(LOSING)].sort_values("all", ascending=False).round(2)

    def waste_bill(self) -> float:
        """Return what levy and disposal charge, 10^4 RMB/yr; mean of the runs."""
        return self._mean([each.spent["waste"] for each in self.costs]).mean

    def worth_now(self, yearly: float) -> float:
        """Return what a yearly saving over the horizon is worth today, in the saving's unit."""
        return yearly / annuity(self.prices.interest_rate, self.prices.horizon)

    def _mean(self, rmb: Sequence[float]) -> Interval:
        return interval([value / TEN_THOUSAND for value in rmb])

    def _of(self, process: str) -> Interval:
        return self._mean([sum(each.losses()[process].values()) for each in self.costs])

    @cached_property
    def check(self) -> Check:
        """The questions."""
        return Check(
            {
                "costliest": self._costliest,
                "lost": self._lost,
                "iceberg": self._iceberg,
                "ranking": self._ranking,
                "worth_paying": self._worth_paying,
            }
        )

    def _order(self) -> tuple[str, ...]:
        return tuple(sorted(LOSING, key=lambda process: -self._of(process).mean))

    def _costliest(self) -> Question:
        by_mass = max(self._tonnes, key=lambda process: self._tonnes[process])
        right = self._order()[0]
        mistakes = [
            Mistake(
                name,
                Words(f"'{name}' has its losses, but read the column 'all' of the cost table"),
            )
            for name in dict.fromkeys((by_mass, "chlorination", "washing", "drying"))
            if name != right
        ]
        return Question(
            Words(f"in which process do the losses cost most? one of {', '.join(LOSING)}"),
            right,
            Words("read the column 'all' of lesson.cost_table()"),
            mistakes,
        )

    def _lost(self) -> Question:
        found = self._mean([each.lost for each in self.costs])
        benzene = self._mean([each.losses()["absorption"]["benzene"] for each in self.costs])
        return Question(
            Words("what do all losses together cost, 10^4 RMB/yr?"),
            found.mean,
            Words("add up the column 'all' of lesson.cost_table()"),
            [
                Mistake(
                    self.waste_bill(),
                    Words(
                        "that is the bill for levy and disposal, the tip of the iceberg: what was "
                        "thrown away had been bought, heated and pumped before"
                    ),
                ),
                Mistake(
                    found.mean * TEN_THOUSAND,
                    Words("that is RMB; asked is 10^4 RMB, as the source's tables count"),
                    within=found.half_width * TEN_THOUSAND,
                ),
                Mistake(benzene.mean, Words("that is the benzene of one process alone")),
            ],
            tolerance=spread(found),
            because=SPREAD,
        )

    def _iceberg(self) -> Question:
        ratios = interval([each.lost / each.spent["waste"] for each in self.costs])
        return Question(
            Words("how many times the waste bill do the losses cost?"),
            ratios.mean,
            Words("divide the cost of all losses by lesson.waste_bill()"),
            [
                Mistake(1.0 / ratios.mean, Words("upside down: bill per cost")),
            ],
            tolerance=spread(ratios),
            because=SPREAD,
        )

    def _ranking(self) -> Question:
        by_mass = tuple(sorted(LOSING, key=lambda process: -self._tonnes[process]))[:3]
        right = self._order()[:3]
        return Question(
            Words("the three processes whose losses cost most, dearest first, as a list"),
            right,
            Words("take the first three names of lesson.cost_table(), in their order"),
            [
                Mistake(
                    by_mass,
                    Words("that is the order by tonnes, most of which are water: count money"),
                ),
                Mistake(right[::-1], Words("dearest first: turn it round")),
            ],
        )

    def _worth_paying(self) -> Question:
        saved = self._of("washing")
        right = self.worth_now(HALF * saved.mean)
        years = float(self.prices.horizon)
        return Question(
            Words("most that halving the losses of the washing may cost today, 10^4 RMB"),
            right,
            Words(
                "half the cost of that process a year, and lesson.worth_now(...) of it: the sum "
                "of ten years, discounted"
            ),
            [
                Mistake(
                    HALF * saved.mean,
                    Words("that is one year's saving: it comes every year of the horizon"),
                ),
                Mistake(
                    HALF * saved.mean * years,
                    Words("money of year ten is worth less today: discount it"),
                ),
                Mistake(
                    self.worth_now(saved.mean),
                    Words("it saves half of the losses, not all"),
                ),
            ],
            tolerance=self.worth_now(HALF * spread(saved)),
            because=SPREAD,
        )


def _sorted(values: Mapping[str, float]) -> pd.Series[float]:
    import pandas as pd

    return pd.Series(dict(values)).sort_values(ascending=False).round(1)


def begin(seed: int = 1) -> Lesson:
    """Return the lesson of a seed."""
    return Lesson(read_seed(seed))
