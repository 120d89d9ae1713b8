"""Lesson 8, F12: a larger chlorinator, told per tonne of product and in total."""

from __future__ import annotations

from functools import cache, cached_property

import pandas as pd

from experiments.lessons.checking import Question, SeededLesson
from plant_models import chlorobenzene as cb
from plant_models.calendar import MONTH
from plant_models.chlorobenzene.line import weather
from sim.clock.random_streams import RandomStreams

FIGURES = (
    "air.benzene_t",
    "wastewater_t",
    "wastewater.benzene_t",
    "slop_oil_t",
    "steam_t",
    "cooling_water_intake_t",
)
PRODUCT = "chlorobenzene_t"
BENZENE = "air.benzene_t"
BEFORE, PROGRAMME, LARGER = "none", "F1-F11", "F1-F12"
PARTNERS = tuple(f"F{number}" for number in range(1, 12))
YEARS = 0.1  # of the runs, which begin in the student's month


@cache
def state_in(schemes: str, month: int) -> cb.Result:
    """Return a year of constant conditions in the weather of a month, 1 to 12."""
    felt = weather.surroundings(cb.line(schemes))((month - 0.5) * MONTH)
    return cb.steady_state(schemes, surroundings=felt)


@cache
def _run(schemes: str, month: int, seed: int) -> cb.Result:
    return cb.simulate(schemes, years=YEARS, seed=seed, start_hour=(month - 1) * MONTH)


class Lesson(SeededLesson):
    """The line in the student's month, at constant conditions and for some weeks with events.

    The seed decides the month, and the breakdowns of the runs.
    """

    @cached_property
    def month(self) -> int:
        """Month of the year, 1 to 12: its weather decides how cold the coolers are."""
        drawn = RandomStreams(self.seed).stream("lesson_8", "month").uniform(0.0, 12.0)
        return 1 + int(drawn)

    def state(self, schemes: str) -> cb.Result:
        """Return a year of constant conditions in the weather of the month."""
        return state_in(schemes, self.month)

    def run(self, schemes: str) -> cb.Result:
        """Return some weeks with breakdowns and deliveries, from the first of the month on."""
        return _run(schemes, self.month, self.seed)

    def output(self, schemes: str) -> float:
        """Return the chlorobenzene drummed, t/yr."""
        return self.state(schemes).indicators[PRODUCT]

    def gain(self, schemes: str, over: str = BEFORE) -> float:
        """Return what schemes add to the output, per cent."""
        return 100.0 * (self.output(schemes) / self.output(over) - 1.0)

    def loads(self, schemes: str) -> pd.Series[float]:
        """Return the share of its capacity at which each train runs, 1; the fullest first."""
        return pd.Series(dict(self.state(schemes).loads)).sort_values(ascending=False).round(3)

    def in_total(self, *sets: str) -> pd.DataFrame:
        """Return the figures of designs, t/yr."""
        return self._table(sets, per_tonne=False)

    def per_tonne(self, *sets: str) -> pd.DataFrame:
        """Return the figures of designs per product, kg/t."""
        return self._table(sets, per_tonne=True)

    def _table(self, sets: tuple[str, ...], *, per_tonne: bool) -> pd.DataFrame:
        columns = {}
        for schemes in sets:
            found = self.state(schemes).indicators
            by = 1000.0 / found[PRODUCT] if per_tonne else 1.0
            columns[schemes] = {name: found[name] * by for name in FIGURES}
        return pd.DataFrame(columns).round(2)

    def eaten(self, *, per_tonne: bool = False) -> float:
        """Return the share of the programme's cut in benzene to air that F12 takes back, 1."""

        def benzene(schemes: str) -> float:
            found = self.state(schemes).indicators
            return found[BENZENE] / (found[PRODUCT] if per_tonne else 1.0)

        cut = benzene(BEFORE) - benzene(PROGRAMME)
        return (benzene(LARGER) - benzene(PROGRAMME)) / cut

    def _output(self) -> Question:
        return self.ask(
            "output",
            self.gain("F12"),
            {"chlorinator": 25.0, "in_all": 100.0 + self.gain("F12")},
            within={"chlorinator": 1.0},
            tolerance=0.5,
        )

    def _bottleneck(self) -> Question:
        return self.ask("bottleneck", self.state("F12").bottleneck)

    def _partner(self) -> Question:
        outputs = {name: self.output(f"{name},F12") for name in PARTNERS}
        return self.ask("partner", max(outputs, key=lambda name: outputs[name]))

    def _opposite(self) -> Question:
        smaller, larger = (self.state(schemes).indicators for schemes in ("F9", "F9,F12"))
        growth = larger[PRODUCT] / smaller[PRODUCT]
        right = frozenset(n for n in FIGURES if 1.0 < larger[n] / smaller[n] < growth)
        return self.ask(
            "opposite",
            right,
            {"all_of_them": frozenset(FIGURES), "rise_in_both": frozenset(FIGURES) - right},
        )

    def _taken_back(self) -> Question:
        return self.ask(
            "taken_back",
            self.eaten(),
            {"per_tonne": self.eaten(per_tonne=True), "nothing": 0.0},
            tolerance=0.01,
            before=BEFORE,
            programme=PROGRAMME,
            larger=LARGER,
        )


begin = Lesson
