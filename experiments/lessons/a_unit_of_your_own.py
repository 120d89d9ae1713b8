"""Lesson 11, write a unit of your own: its laws, and its place in the line."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache, cached_property
from typing import Any

import pandas as pd

from experiments.lessons.checking import BadInput, Question, SeededLesson
from experiments.lessons.laws_of_units import LAWS, LeakyFilter, SoundFilter, broken_laws
from plant_models import chlorobenzene as cb
from plant_models.chlorobenzene.line import weather, wiring
from plant_models.chlorobenzene.substances.chemistry import COMPONENTS
from sim.books.ledger import Certificate, Ledger
from sim.clock.random_streams import RandomStreams
from sim.network.network import Pipe
from sim.network.unit import Stream, Unit
from sim.steady.state import SteadyState

NAME = "carbon_filter"
BEFORE_IT, BEHIND_IT = "emergency_scrubber.gas", "air"
CARBON = "spent carbon"  # a sink of its own: what it takes has not vanished
AIR = "emission gas"
FEEDS = 50


@dataclass(frozen=True)
class Wired:
    """The line with a unit behind the emergency scrubber, at constant conditions."""

    ledger: Ledger

    def benzene(self, medium: str = AIR) -> float:
        """Return the benzene that leaves by a medium, t/yr."""
        return self.ledger.total("benzene", medium=medium) / 1000.0

    def to_the_air(self) -> pd.Series[float]:
        """Return the benzene in the air by the unit that lets it out, t/yr."""
        table = self.ledger.table()
        chosen = table[(table.component == "benzene") & (table.medium == AIR)]
        tonnes = chosen.groupby("source").kg.sum().sort_values(ascending=False) / 1000.0
        return tonnes.rename_axis("vent").rename("benzene, t/yr").round(2)

    def receipt(self) -> Certificate:
        """Return the balance certificate."""
        return self.ledger.certificate()


class Lesson(SeededLesson):
    """What the student's supplier promises, feeds to try the unit on, and the line around it.

    The seed decides the promise and the feeds.
    """

    @cached_property
    def capture(self) -> float:
        """Share of the organics that the supplier's carbon holds, kg/kg."""
        drawn = RandomStreams(self.seed).stream("lesson_11", "capture")
        return round(drawn.uniform(0.7, 0.95), 2)

    @property
    def leaky(self) -> LeakyFilter:
        """A unit with a fault, to see the laws at work."""
        return LeakyFilter(capture=self.capture)

    @property
    def laws(self) -> dict[str, str]:
        """The laws that hold for every unit."""
        return dict(LAWS)

    def broken(self, unit: Any) -> Any:
        """Return the names of the laws that a unit breaks; of no unit yet, ``...``.

        Raises BadInput if it is no unit.
        """
        if unit is ...:
            return ...
        if not isinstance(unit, Unit):
            raise BadInput(f"expected a unit, as in CarbonFilter(capture=0.9), came {unit!r}")
        return frozenset(name for feed in self.feeds() for name in broken_laws(unit, feed))

    def feeds(self) -> Iterable[Stream]:
        """Yield nothing, each component alone, and mixtures of all sizes, kg/h."""
        size = len(COMPONENTS)
        yield (0.0,) * size
        for i in range(size):
            yield tuple(float(i == j) for j in range(size))
        drawn = RandomStreams(self.seed).stream("lesson_11", "feeds")
        for _ in range(FEEDS):
            yield tuple(10.0 ** drawn.uniform(-6.0, 4.0) for _ in range(size))

    @cached_property
    def without(self) -> Wired:
        """The line as it was, without the unit."""
        return Wired(cb.steady_state().ledger)

    def wire(self, unit: Any) -> Wired | None:
        """Return the line with a unit between the emergency scrubber and the air.

        Raises BadInput if it has not an inlet ``gas`` and outlets ``gas`` and ``spent``, or breaks
        a law.
        """
        if unit is ...:
            return None
        broken = self.broken(unit)
        if unit.inlets != ("gas",) or sorted(unit.outlets) != ["gas", "spent"]:
            raise BadInput(
                "this place in the line has pipes for the inlet 'gas' and the outlets 'gas' and "
                f"'spent', came {unit.inlets} and {unit.outlets}"
            )
        if broken:
            raise BadInput(f"a unit that breaks laws is not wired: {', '.join(sorted(broken))}")
        return _wire(unit)

    @property
    def reference(self) -> Wired:
        """The line with the project's own filter of this capture."""
        return _wire(SoundFilter(capture=self.capture))

    def _cut(self) -> Question:
        before, after = self.without.benzene(), self.reference.benzene()
        return self.ask(
            "cut",
            1.0 - after / before,
            {"all_air": self.capture, "escapes": after / before},
            tolerance=0.002,
        )

    def _carbon(self) -> Question:
        held = self.reference.benzene(CARBON)
        return self.ask(
            "carbon",
            held,
            {"nothing": 0.0, "all_vents": self.capture * self.without.benzene()},
            tolerance=0.005 * held,
            carbon=CARBON,
        )

    def _leak(self) -> Question:
        return self.ask("leak", frozenset({"adds up", "elements"}), {"none": frozenset()})

    def _laws(self) -> Question:
        return self.ask(
            "laws",
            frozenset(),
            {
                "does_not_add_up": frozenset({"adds up", "elements"}),
                "outlets": frozenset({"outlets"}),
                "standstill": frozenset({"standstill"}),
                "pure": frozenset({"pure"}),
            },
        )


@cache
def _wire(unit: Unit) -> Wired:
    line = cb.line("none")
    bare = wiring.network(line)
    trains = tuple(
        replace(train, members=(*train.members, NAME)) if train.name == "chlorination" else train
        for train in bare.trains
    )
    pipes = {
        **bare.pipes,
        BEFORE_IT: Pipe(f"{NAME}.gas"),
        f"{NAME}.gas": Pipe(BEHIND_IT),
        f"{NAME}.spent": Pipe("carbon"),
    }
    network = replace(
        bare,
        units={**bare.units, NAME: unit},
        trains=trains,
        pipes=pipes,
        sinks={**bare.sinks, "carbon": CARBON},
    )
    state = SteadyState(network, weather.annual_mean(line))
    return Wired(state.ledger(line.site.operating_hours))


begin = Lesson
