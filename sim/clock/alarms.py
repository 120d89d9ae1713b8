"""The next event of a plant's own making: a tank at a bound, a level at a mark, a blend."""

from __future__ import annotations

from typing import TYPE_CHECKING

import simpy

from sim.clock.clocks import Mark
from sim.flow.problem import EMPTY, FREE, FULL

if TYPE_CHECKING:
    from sim.clock.plant import Plant

MOST_SETTLEMENTS = 2000  # at one instant; a line at rest needs some ten


class Alarm:
    """One alarm at a time; a new one leaves the old to fire unheeded.

    A bound is reached by the tank that the alarm was set for, never by comparing levels.
    """

    def __init__(self, plant: Plant) -> None:
        self.plant = plant
        self.marks: list[Mark] = []
        self.version = 0
        self.hits: tuple[float, list[int]] = (0.0, [])  # instant, tanks at a bound then
        self.settled = (-1.0, 0)  # instant, settlements at it

    def mark(self, tank: int, level: float, *, falling: bool) -> simpy.Event:
        """Return an event that happens when a tank's level has reached ``level``, kg."""
        event = self.plant.env.event()
        self.marks.append(Mark(tank, level, falling, event))
        return event

    def forget(self, event: simpy.Event) -> None:
        """Wait no longer for a level."""
        self.marks = [mark for mark in self.marks if mark.event is not event]

    def set(self) -> None:
        """Set the alarm for whatever the levels reach first at the rates that hold now."""
        plant = self.plant
        level, net = plant.level, plant.rates.net
        for mark in [mark for mark in self.marks if mark.passed(level[mark.tank])]:
            self._reach(mark)
        soonest = max(plant.next_blend - plant.env.now, 0.0)
        reached: int | Mark | None = None
        for j, rate in plant.rates.moving:
            if plant.status[j] == FREE:
                bound = plant.capacity[j] if rate > 0.0 else plant.heel[j]
                wait = max((bound - level[j]) / rate, 0.0)
                if wait < soonest:
                    soonest, reached = wait, j
        for mark in self.marks:
            hours = mark.wait(level[mark.tank], net[mark.tank])
            if hours is not None and hours < soonest:
                soonest, reached = hours, mark
        self.version += 1
        version = self.version
        alarm = plant.env.timeout(soonest)
        assert alarm.callbacks is not None
        alarm.callbacks.append(lambda _: self._ring(version, reached))

    def refuse_standing_still(self) -> None:
        """Raise when one instant is settled over and over: time does not go on."""
        now = self.plant.env.now
        self.settled = (now, self.settled[1] + 1 if self.settled[0] == now else 1)
        if self.settled[1] > MOST_SETTLEMENTS:
            raise RuntimeError(
                f"t = {now:g} h is settled for the {self.settled[1]}th time: something changes at "
                "once whenever it is settled"
            )

    def _reach(self, mark: Mark) -> None:
        self.marks.remove(mark)
        mark.event.succeed()

    def _ring(self, version: int, reached: int | Mark | None) -> None:
        if version != self.version:
            return  # something else came first; a newer alarm is set
        plant = self.plant
        if isinstance(reached, Mark):
            if reached in self.marks:
                self._reach(reached)
        elif reached is not None:
            plant.status[reached] = FULL if plant.rates.net[reached] > 0.0 else EMPTY
            self._refuse_zeno(reached)
        plant.changed()

    def _refuse_zeno(self, tank: int) -> None:
        plant, now = self.plant, self.plant.env.now
        if self.hits[0] != now:
            self.hits = (now, [])
        hits = self.hits[1]
        hits.append(tank)
        if len(hits) > 3 * len(plant.status) + 10:
            turns = sorted(set(hits[-len(plant.status) - 1 :]))
            tanks = ", ".join(f"{plant.tank_names[j]!r} ({plant.status[j]})" for j in turns)
            felt = {plant.map.activities[k].train for j in turns for k, _ in plant.problem.gain[j]}
            trains = ", ".join(repr(plant.train_names[t]) for t in sorted(felt))
            raise RuntimeError(
                f"the {len(hits)}th bound is reached at t = {now:g} h: bounds of tanks {tanks} "
                f"follow each other without time between; trains that fill or draw them: {trains}"
            )
