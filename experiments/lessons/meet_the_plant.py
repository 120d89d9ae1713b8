"""Lesson 0, meet the plant: a quarter of the line as it was, and where its benzene goes."""

from __future__ import annotations

from functools import cached_property

import pandas as pd

from experiments.lessons.checking import Question, SeededLesson, need, spread
from plant_models import chlorobenzene as cb
from plant_models.chlorobenzene.line.operation import RUNS
from plant_models.chlorobenzene.substances.chemistry import BENZENE, COMPONENTS, MCB
from sim.books.ledger import INTERNAL
from sim.statistics.intervals import interval

YEARS = 0.25
REPLICATIONS = 3
WAYS = ("emission gas", "wastewater", "slop oil", "product", "cooling water", "residue")


class Lesson(SeededLesson):
    """The student's own runs of the line as it was.

    The seed decides the breakdowns, deliveries and seasons.
    """

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
        return tonnes.sort_values(ascending=False).round(2).rename("benzene, t/yr")

    def stops(self) -> pd.Series[float]:
        """Return the hours of the chlorination in every state but running, h in the first run."""
        hours = {name: h for name, h in self.run.hours["chlorination"].items() if name not in RUNS}
        return pd.Series(hours, name="h").sort_values(ascending=False).round(2)

    def _benzene_per_tonne(self) -> Question:
        years = [run.indicators for run in self.runs]
        ratios = [year["benzene_used_t"] / year["chlorobenzene_t"] for year in years]

        found = interval(ratios)
        return self.ask(
            "benzene_per_tonne",
            found.mean,
            {"equation": self.theory, "upside_down": 1.0 / found.mean},
            tolerance=spread(found, most=0.02),
        )

    def _passes(self) -> Question:
        flows = [self.through(run) for run in self.runs]
        found = interval([each["into the chlorinator"] / each["delivered"] for each in flows])
        return self.ask("passes", found, {"nothing_back": 1.0, "upside_down": 1.0 / found.mean})

    def through(self, run: cb.Result) -> dict[str, float]:
        """Return the benzene delivered, and the benzene that entered the chlorinator, t.

        Raises BadInput if it is no run.
        """
        need("through", run, cb.Result, "a run, as in through(lesson.run)")
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
        return self.ask("way_out", str(ways.index[0]), ways=", ".join(WAYS))

    def _longest_stop(self) -> Question:
        stops = self.stops()
        return self.ask("longest_stop", str(stops.index[0]))


begin = Lesson
