"""Lesson 0, meet the plant: a quarter of the line as it was, and where its benzene goes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from experiments.lessons.checking import SPREAD, Check, Mistake, Question, Words, read_seed, spread
from plant_models import chlorobenzene as cb
from plant_models.chlorobenzene.line.operation import RUNS
from plant_models.chlorobenzene.substances.chemistry import BENZENE, COMPONENTS, MCB
from sim.books.ledger import INTERNAL
from sim.statistics.intervals import interval

if TYPE_CHECKING:
    import pandas as pd

YEARS = 0.25
REPLICATIONS = 3
WAYS = ("emission gas", "wastewater", "slop oil", "product", "cooling water", "residue")


@dataclass(frozen=True)
class Lesson:
    """The student's own runs of the line as it was.

    Parameters
    ----------
    seed : int
        Seed of the breakdowns, deliveries and seasons.
    """

    seed: int

    @cached_property
    def runs(self) -> tuple[cb.Result, ...]:
        """Independent quarters; only the first is recorded."""
        return tuple(
            cb.simulate("none", years=YEARS, seed=self.seed, replication=r, record=r == 0)
            for r in range(REPLICATIONS)
        )

    @property
    def run(self) -> cb.Result:
        """The first quarter."""
        return self.runs[0]

    @property
    def theory(self) -> float:
        """Benzene that the equation asks for, kg per kg of chlorobenzene."""
        return float(COMPONENTS.molar_mass[BENZENE] / COMPONENTS.molar_mass[MCB])

    def ways_out(self) -> pd.Series[float]:
        """Return the benzene that left the first run unconverted by each medium, t/yr."""
        flows = self.run.flows
        left = flows[(flows.component == "benzene") & (flows.medium != INTERNAL)]
        tonnes = left.groupby("medium").kg.sum() / 1000.0 / YEARS
        return tonnes.sort_values(ascending=False).round(2)

    def stops(self) -> pd.Series[float]:
        """Return the hours of the chlorination in every state but running, h in the first run."""
        import pandas as pd

        hours = {name: h for name, h in self.run.hours["chlorination"].items() if name not in RUNS}
        return pd.Series(hours).sort_values(ascending=False).round(2)

    @cached_property
    def check(self) -> Check:
        """The questions."""
        return Check(
            {
                "benzene_per_tonne": self._benzene_per_tonne,
                "passes": self._passes,
                "way_out": self._way_out,
                "longest_stop": self._longest_stop,
            }
        )

    def _benzene_per_tonne(self) -> Question:
        years = [run.indicators for run in self.runs]
        ratios = [year["benzene_used_t"] / year["chlorobenzene_t"] for year in years]

        found = interval(ratios)
        return Question(
            Words(
                "how much benzene does the line use, kg per kg of chlorobenzene drummed?",
                "每装桶1千克氯苯消耗多少千克苯？",
            ),
            found.mean,
            Words(
                "divide benzene_used_t by chlorobenzene_t in the indicators of one run, "
                "or take the mean over the runs",
                "用同一次运行指标中的 benzene_used_t 除以 chlorobenzene_t，或取各次运行的平均值",
            ),
            [
                Mistake(
                    self.theory,
                    Words(
                        "that is what the reaction equation asks for; the plant also pays for "
                        "dichlorobenzene and for what escapes",
                        "这是反应方程式的理论消耗；工厂还要承担二氯苯副反应和各处损失",
                    ),
                ),
                Mistake(
                    1.0 / found.mean,
                    Words(
                        "upside down: this is product per benzene",
                        "分子分母颠倒了：这是单位苯的产品量",
                    ),
                ),
            ],
            tolerance=spread(found, most=0.02),
            because="95 % interval of your runs, at most 2 %",
        )

    def _passes(self) -> Question:
        flows = [self.through(run) for run in self.runs]
        found = interval([each["into the chlorinator"] / each["delivered"] for each in flows])
        return Question(
            Words(
                "how many kg of benzene enter the chlorinator per kg that is delivered?",
                "每卸入1千克新鲜苯，进入氯化器的苯有多少千克？",
            ),
            found.mean,
            Words(
                "lesson.through(run) gives both flows; divide the chlorinator's by the delivered",
                "lesson.through(run) 给出两股流量；用进氯化器的流量除以卸车量",
            ),
            [
                Mistake(
                    1.0,
                    Words(
                        "only if nothing came back: most benzene leaves the chlorinator unreacted "
                        "and returns from the crude column",
                        "除非没有回收：大部分苯在氯化器中未反应，经粗馏塔返回",
                    ),
                ),
                Mistake(
                    1.0 / found.mean,
                    Words("upside down: delivered per pass", "分子分母颠倒了"),
                ),
            ],
            tolerance=spread(found),
            because=SPREAD,
        )

    def through(self, run: cb.Result) -> dict[str, float]:
        """Return the benzene delivered, and the benzene that entered the chlorinator, t."""
        streams = {
            "delivered": "benzene_supply>unloading.benzene",
            "into the chlorinator": "dry_benzene_tank>chlorinator.benzene",
        }
        return {
            name: round(run.ledger.total("benzene", stream=stream) / 1000.0, 1)
            for name, stream in streams.items()
        }

    def _way_out(self) -> Question:
        ways = self.ways_out()
        return Question(
            Words(
                f"by which medium does most benzene leave unconverted? one of {', '.join(WAYS)}",
                "未反应的苯主要随哪种介质离开？（用英文名回答）",
            ),
            str(ways.index[0]),
            Words("look at lesson.ways_out() again", "再看一遍 lesson.ways_out()"),
            [
                Mistake(
                    "wastewater",
                    Words(
                        "the largest stream, but it holds little benzene: count benzene, not water",
                        "废水量最大，但含苯很少：应比较苯的量，而不是水的量",
                    ),
                )
            ],
        )

    def _longest_stop(self) -> Question:
        stops = self.stops()
        return Question(
            Words(
                "which state but running took most hours of the chlorination? copy its name",
                "除运行外，氯化系统停在哪种状态的时间最长？抄下它的名称",
            ),
            str(stops.index[0]),
            Words(
                "lesson.stops() has the hours of every state; copy the first name as it stands",
                "lesson.stops() 列出各状态的小时数；照抄第一行的名称",
            ),
            [
                Mistake(
                    "start-up",
                    Words(
                        "in a start-up the chlorination runs, slowly",
                        "开车时氯化系统在低负荷运行，不算停车",
                    ),
                )
            ],
        )


def begin(seed: int = 1) -> Lesson:
    """Return the lesson of a seed."""
    return Lesson(read_seed(seed))
