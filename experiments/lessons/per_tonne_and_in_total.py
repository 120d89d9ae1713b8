"""Lesson 8, F12: a larger chlorinator, told per tonne of product and in total."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from experiments.lessons.checking import Check, Mistake, Question, Words, read_seed
from plant_models import chlorobenzene as cb
from plant_models.calendar import MONTH
from plant_models.chlorobenzene.line import weather
from sim.clock.random_streams import RandomStreams

if TYPE_CHECKING:
    import pandas as pd

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


@dataclass(frozen=True)
class Lesson:
    """The line in the student's month, at constant conditions and for some weeks with events.

    Parameters
    ----------
    seed : int
        Decides the month, and the breakdowns of the runs.
    """

    seed: int
    _states: dict[str, cb.Result] = field(default_factory=dict, repr=False, compare=False)
    _runs: dict[str, cb.Result] = field(default_factory=dict, repr=False, compare=False)

    @cached_property
    def month(self) -> int:
        """Month of the year, 1 to 12: its weather decides how cold the coolers are."""
        drawn = RandomStreams(self.seed).stream("lesson_8", "month").uniform(0.0, 12.0)
        return 1 + int(drawn)

    def state(self, schemes: str) -> cb.Result:
        """Return a year of constant conditions in the weather of the month."""
        if schemes not in self._states:
            felt = weather.surroundings(cb.line(schemes))((self.month - 0.5) * MONTH)
            self._states[schemes] = cb.steady_state(schemes, surroundings=felt)
        return self._states[schemes]

    def run(self, schemes: str) -> cb.Result:
        """Return some weeks with breakdowns and deliveries, from the first of the month on."""
        if schemes not in self._runs:
            start = (self.month - 1) * MONTH
            self._runs[schemes] = cb.simulate(
                schemes, years=YEARS, seed=self.seed, start_hour=start
            )
        return self._runs[schemes]

    def output(self, schemes: str) -> float:
        """Return the chlorobenzene drummed, t/yr."""
        return self.state(schemes).indicators[PRODUCT]

    def gain(self, schemes: str, over: str = BEFORE) -> float:
        """Return what schemes add to the output, per cent."""
        return 100.0 * (self.output(schemes) / self.output(over) - 1.0)

    def loads(self, schemes: str) -> pd.Series[float]:
        """Return the share of its capacity at which each train runs, 1; the fullest first."""
        import pandas as pd

        return pd.Series(dict(self.state(schemes).loads)).sort_values(ascending=False).round(3)

    def in_total(self, *sets: str) -> pd.DataFrame:
        """Return the figures of designs, t/yr."""
        return self._table(sets, per_tonne=False)

    def per_tonne(self, *sets: str) -> pd.DataFrame:
        """Return the figures of designs per product, kg/t."""
        return self._table(sets, per_tonne=True)

    def _table(self, sets: tuple[str, ...], *, per_tonne: bool) -> pd.DataFrame:
        import pandas as pd

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

    @cached_property
    def check(self) -> Check:
        """The questions."""
        return Check(
            {
                "output": self._output,
                "bottleneck": self._bottleneck,
                "partner": self._partner,
                "opposite": self._opposite,
                "taken_back": self._taken_back,
            }
        )

    def _output(self) -> Question:
        return Question(
            Words("by how many per cent does F12 alone raise the output?"),
            self.gain("F12"),
            Words('lesson.gain("F12"), to the nearest per cent'),
            [
                Mistake(
                    25.0,
                    Words(
                        "that is how much larger the chlorinator is; the line makes as much as its "
                        "narrowest train lets through"
                    ),
                    within=1.0,
                ),
                Mistake(
                    100.0 + self.gain("F12"),
                    Words("by how much *more*: leave out the first hundred per cent"),
                ),
            ],
            tolerance=0.5,
            because="to the nearest per cent",
        )

    def _bottleneck(self) -> Question:
        return Question(
            Words("which train holds the line back once F12 stands?"),
            self.state("F12").bottleneck,
            Words('lesson.loads("F12"): which train runs at its full capacity?'),
            [
                Mistake(
                    "chlorination",
                    Words("it was; now it is larger, and something behind it is full first"),
                )
            ],
        )

    def _partner(self) -> Question:
        outputs = {name: self.output(f"{name},F12") for name in PARTNERS}
        return Question(
            Words("which one of F1 to F11 lets F12 have its full effect?"),
            max(outputs, key=lambda name: outputs[name]),
            Words('ask lesson.gain("F1,F12"), lesson.gain("F2,F12"), ... or read cb.explain'),
            [
                Mistake(
                    "F8",
                    Words("a column, but not the one that is full: look at the train's name"),
                ),
                Mistake(
                    "F10",
                    Words("more absorption catches more gas, but nothing waited for it"),
                ),
            ],
        )

    def _opposite(self) -> Question:
        smaller, larger = (self.state(schemes).indicators for schemes in ("F9", "F9,F12"))
        growth = larger[PRODUCT] / smaller[PRODUCT]
        right = frozenset(n for n in FIGURES if 1.0 < larger[n] / smaller[n] < growth)
        return Question(
            Words("which figures fall per tonne and rise in total when F12 joins F9?"),
            right,
            Words("compare the two columns of both tables, row by row"),
            [
                Mistake(
                    frozenset(FIGURES),
                    Words("not all of them: two are worse per tonne as well"),
                ),
                Mistake(
                    frozenset(FIGURES) - right,
                    Words("these rise in both; asked are those on which the tables disagree"),
                ),
            ],
        )

    def _taken_back(self) -> Question:
        return Question(
            Words(
                "which share of the benzene that F1-F11 keep out of the air, in t/yr, does F12 "
                "put back?"
            ),
            self.eaten(),
            Words(
                "(with F12 less without) over (before less without), all in tonnes a year, from "
                f'lesson.in_total("{BEFORE}", "{PROGRAMME}", "{LARGER}")'
            ),
            [
                Mistake(
                    self.eaten(per_tonne=True),
                    Words(
                        "that is per tonne of product; the neighbours breathe tonnes, whatever is "
                        "made meanwhile"
                    ),
                ),
                Mistake(
                    0.0,
                    Words("F12 changes no cooler, but every cooler now has more gas to cool"),
                ),
            ],
            tolerance=0.01,
            because="to the nearest per cent",
        )


def begin(seed: int = 1) -> Lesson:
    """Return the lesson of a seed."""
    return Lesson(read_seed(seed))
