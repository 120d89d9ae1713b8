"""Lesson 12, the worst ten hours: a permit by the hour, by the day, by the year."""

from __future__ import annotations

from functools import cached_property

import pandas as pd

from experiments.lessons.checking import Question, SeededLesson
from experiments.studies.limits import Limits as Kept
from experiments.studies.limits import limits
from plant_models import chlorobenzene as cb
from plant_models.chlorobenzene.law.discharges import AIR, ALL_VENTS, RATE, points
from plant_models.chlorobenzene.law.limits import Limits, OwnLimit
from plant_models.chlorobenzene.law.terms import Terms
from plant_models.methods.standards import Figure
from sim.clock.windows import DAY, HOUR

SCHEMES = "F1-F11"
POLLUTANT = "benzene"
YEARS = 0.25
ABOVE = 1.1  # the permit, of the calm emission
ALL = Figure(ALL_VENTS, POLLUTANT, RATE)


class Lesson(SeededLesson):
    """A quarter of the line after all schemes, judged by one permit over two windows."""

    @cached_property
    def calm(self) -> float:
        """Benzene to air in a quarter of the same weather in which nothing happens, kg/h."""
        events = tuple(name for name in cb.PLANT.event_sources if name != "seasons")
        return self._quarter(1.0, events).exposures[ALL].mean

    @property
    def permit(self) -> float:
        """What the permit allows, kg/h."""
        return ABOVE * self.calm

    @cached_property
    def kept(self) -> Kept:
        """How the student's own quarter keeps the permit."""
        return self._quarter(self.permit)

    def _quarter(self, permit: float, without: tuple[str, ...] = ()) -> Kept:
        own = [OwnLimit(ALL, permit, 0.0, over, "lesson 12") for over in (HOUR, DAY)]
        vents = [
            OwnLimit(Figure(vent, POLLUTANT, RATE), permit, 0.0, HOUR, "lesson 12")
            for vent in points(AIR)
        ]
        terms = Terms(limits=Limits((), (), None, (*own, *vents)))
        return limits(SCHEMES, limits_file=terms, years=YEARS, seed=self.seed, without=without)

    @property
    def mean(self) -> float:
        """Benzene to air in the mean hour of the quarter, kg/h."""
        return self.kept.exposures[ALL].mean

    def windows(self) -> pd.DataFrame:
        """Return how many hours and days there were, and how many beyond the permit."""
        rules = zip(self.kept.standards.rules, self.kept.windowed, strict=True)
        judged = next(each for (figure, _), each in rules if figure == ALL)
        return pd.DataFrame(
            {
                name: {
                    "all": judged[name].windows,
                    "beyond": judged[name].beyond,
                    "highest": round(judged[name].highest, 2),
                }
                for name in (HOUR, DAY)
            }
        ).T

    def worst(self) -> pd.DataFrame:
        """Return the worst ten hours: kg/h, where most came from, cause, what was out of order."""
        return pd.DataFrame(
            [
                {
                    "hour": int(each.began),
                    "kg/h": round(each.value, 2),
                    "cause": next(iter(each.causes)),
                    "out of order": "; ".join(each.out),
                    "happened": "; ".join(each.events),
                }
                for each in self.kept.worst[ALL]
            ]
        )

    def vents(self) -> pd.DataFrame:
        """Return what each vent let out in the worst hour and in the mean hour, kg/h."""
        first, hours = self.kept.worst[ALL][0], self.kept.hours
        rows = {
            figure.point: {
                "worst hour": first.value * first.ends.get(figure.point, 0.0),
                "mean hour": exposure.total / hours,
            }
            for figure, exposure in self.kept.exposures.items()
            if figure.component == POLLUTANT and figure != ALL
        }
        return pd.DataFrame(rows).T.round(3)

    def _times(self) -> Question:
        worst = self.kept.worst[ALL][0].value
        right = worst / self.mean
        return self.ask(
            "times", right, {"upside_down": 1.0 / right, "permit": worst / self.permit},
            tolerance=0.01 * right,
        )  # fmt: skip

    def _share(self) -> Question:
        ten = sum(each.value for each in self.kept.worst[ALL])
        right = ten / (self.mean * self.kept.hours)
        return self.ask(
            "share", right, {"in_time": 10.0 / self.kept.hours, "per_cent": 100.0 * right},
            tolerance=0.02 * right,
        )  # fmt: skip

    def _stricter(self) -> Question:
        table = self.windows()
        shares = table["beyond"] / table["all"]
        right = str(shares.idxmax())
        other = DAY if right == HOUR else HOUR
        return self.ask("stricter", right, {"other": other}, hour=HOUR, day=DAY)

    def _vent(self) -> Question:
        table = self.vents()
        right = str((table["worst hour"] - table["mean hour"]).idxmax())
        largest = str(table["worst hour"].idxmax())
        return self.ask("vent", right, {"largest": largest})

    def _cause(self) -> Question:
        causes = self.kept.worst[ALL][0].causes
        right = next(iter(causes))
        others = {"normal", "start-up", "trip"} - {right}
        return self.ask("cause", right, {"other": sorted(others)})


begin = Lesson
