"""The next event of a plant's own making: a tank at a bound, a level at a mark, a blend."""

from __future__ import annotations

from collections.abc import Callable

import simpy

from sim.clock.clocks import Mark
from sim.flow.rates import EMPTY, FREE, FULL
from sim.flow.state import FlowState

MOST_SETTLEMENTS = 2000  # at one instant; a line at rest needs some ten


class Alarm:
    """One alarm at a time; a new one leaves the old to fire unheeded.

    A bound is reached by the tank that the alarm was set for, never by comparing levels. When a
    bound or a mark is reached or a blend is due, ``changed`` asks for a settlement.
    """

    def __init__(
        self, env: simpy.Environment, flow: FlowState, changed: Callable[[], None]
    ) -> None:
        self.env = env
        self.flow = flow
        self.changed = changed
        self.marks: list[Mark] = []
        self.version = 0
        self.hits: tuple[float, list[int]] = (0.0, [])  # instant, tanks at a bound then
        self.settled = (-1.0, 0)  # instant, settlements at it

    def mark(self, tank: int, level: float, *, falling: bool) -> simpy.Event:
        """Return an event that happens when a tank's level has reached ``level``, kg."""
        event = self.env.event()
        self.marks.append(Mark(tank, level, falling, event))
        return event

    def forget(self, event: simpy.Event) -> None:
        """Wait no longer for a level."""
        self.marks = [mark for mark in self.marks if mark.event is not event]

    def set(self) -> None:
        """Set the alarm for whatever the levels reach first at the rates that hold now."""
        flow, now = self.flow, self.env.now
        level, net = flow.level, flow.rates.net
        for mark in [mark for mark in self.marks if mark.passed(level[mark.tank])]:
            self._reach(mark)
        soonest = max(flow.next_blend - now, 0.0)
        reached: int | Mark | None = None
        for j, rate in flow.rates.moving:
            if flow.status[j] == FREE:
                bound = flow.capacity[j] if rate > 0.0 else flow.heel[j]
                wait = max((bound - level[j]) / rate, 0.0)
                if wait < soonest:
                    soonest, reached = wait, j
        for mark in self.marks:
            hours = mark.wait(level[mark.tank], net[mark.tank])
            if hours is not None and hours < soonest:
                soonest, reached = hours, mark
        self.version = version = self.version + 1
        self.env.timeout(soonest).callbacks.append(lambda _: self._ring(version, reached))

    def refuse_standing_still(self) -> None:
        """Raise when one instant is settled over and over: time does not go on."""
        now = self.env.now
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
        flow = self.flow
        if isinstance(reached, Mark):
            if reached in self.marks:
                self._reach(reached)
        elif reached is not None:
            fills = flow.rates.net[reached] > 0.0
            flow.status[reached] = FULL if fills else EMPTY
            bound = flow.capacity[reached] if fills else flow.heel[reached]
            for mark in [mark for mark in self.marks if mark.tank == reached]:
                if mark.passed(bound):  # the level may lack the last digit
                    self._reach(mark)
            self._refuse_zeno(reached)
        self.changed()

    def _refuse_zeno(self, tank: int) -> None:
        flow, now = self.flow, self.env.now
        hits = [*self.hits[1], tank] if self.hits[0] == now else [tank]
        self.hits = (now, hits)
        if len(hits) > 3 * len(flow.status) + 10:
            turns = sorted(set(hits[-len(flow.status) - 1 :]))
            tanks = ", ".join(f"{flow.tank_names[j]!r} ({flow.status[j]})" for j in turns)
            felt = {flow.map.activities[k].train for j in turns for k, _ in flow.problem.gain[j]}
            trains = ", ".join(repr(flow.train_names[t]) for t in sorted(felt))
            raise RuntimeError(
                f"the {len(hits)}th bound is reached at t = {now:g} h: bounds of tanks {tanks} "
                f"follow each other without time between; trains that fill or draw them: {trains}"
            )
