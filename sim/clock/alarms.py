"""The next event of a plant's own making: the end of an interval, a level at a mark."""

from __future__ import annotations

from collections.abc import Callable

import simpy

from sim.clock.clocks import ROUNDING, Hours, Mark
from sim.flow.state import FlowState

MOST_SETTLEMENTS = 20_000  # at one instant: a tank that feeds itself runs empty in some thousands
INSTANT = 1e-6  # h; time that creeps on by less in so many settlements stands still, too
CREEP, MOST_CREEPS = 0.1, 25  # h, and how often in a row so many settlements may take no longer


class Alarm:
    """One hour of the plant's at a time.

    A bound is reached by the tank that the interval was planned for, never by comparing levels.
    When an interval is over, ``changed`` asks for a settlement. An alarm for the same hour as
    before stays: whoever looks at a plant moves nothing.
    """

    def __init__(self, env: Hours, flow: FlowState, changed: Callable[[], None]) -> None:
        self.env = env
        self.flow = flow
        self.changed = changed
        self.marks: list[Mark] = []
        self._place = env.enter(self._ring)
        self.waits_for: tuple[float, Mark | None] = (-1.0, None)
        self._since, self._settled, self._creeps = env.now, 0, 0
        """An hour, settlements since then, and how often so many have taken next to no time."""

    def mark(self, tank: int, level: float, *, falling: bool) -> simpy.Event:
        """Return an event that happens when a tank's level has reached ``level``, kg."""
        event = self.env.event()
        slack = ROUNDING * self.flow.capacity[tank]
        near = level + slack if falling else level - slack
        self.marks.append(Mark(tank, level, near, falling, event))
        return event

    def forget(self, event: simpy.Event) -> None:
        """Wait no longer for a level."""
        self.marks = [mark for mark in self.marks if mark.event is not event]

    def set(self) -> None:
        """Set the alarm for whatever the levels reach first at the rates that hold now."""
        soonest: float = self.flow.until
        reached: Mark | None = None
        if self.marks:
            soonest, reached = self._first_reached(soonest)
        if (soonest, reached) != self.waits_for:
            self.waits_for = soonest, reached
            now = self.env.now
            self.env.put(self._place, now + (soonest - now) if soonest > now else now)

    def _first_reached(self, soonest: float) -> tuple[float, Mark | None]:
        """Return the hour at which a mark is reached first, with it; another hour if it is sooner.

        Marks that have been passed are reached now.
        """
        flow, reached = self.flow, None
        level_of, growth, since = flow.stock.level.item, flow.rates.growth, flow.since
        lasted = flow.hour - since
        for mark in tuple(self.marks):  # `passed` and `wait`, written out: some stand at all times
            level, net, falling = level_of(mark.tank), growth[mark.tank], mark.falling
            now = level + net * lasted
            if now <= mark.near if falling else now >= mark.near:
                self._reach(mark)
            elif net < 0.0 if falling else net > 0.0:
                hour = since + max((mark.level - level) / net, 0.0)
                if hour < soonest:
                    soonest, reached = hour, mark
        return soonest, reached

    def refuse_standing_still(self, now: float) -> None:
        """Raise where one instant is settled over and over, or time creeps: no end is in sight."""
        self._settled += 1
        if self._settled <= MOST_SETTLEMENTS:
            return
        passed = now - self._since
        self._creeps = self._creeps + 1 if passed < CREEP else 0
        if passed <= INSTANT:
            self._refuse_what_lacks(now)
            raise RuntimeError(
                f"t = {now:g} h is settled for the {self._settled}th time: something changes at "
                "once whenever it is settled, or a feed that has run out is asked for over and over"
            )
        if self._creeps == MOST_CREEPS:
            self._refuse_what_lacks(now)
            raise RuntimeError(
                f"t = {now:g} h: {MOST_CREEPS * MOST_SETTLEMENTS} settlements have taken "
                f"{MOST_CREEPS * CREEP:g} h at most{self._last_tank()}; "
                "give what starts and stops so often more room, or more time"
            )
        self._since, self._settled = now, 0

    def _refuse_what_lacks(self, now: float) -> None:
        """Raise BalanceError where something does not balance, which then is what the matter is.

        A unit that makes something of what is not there gives an empty tank less than nothing.
        """
        self.flow.ledger(now).certificate().enforce()

    def _last_tank(self) -> str:
        """Return which tank has ended the interval at a bound, in words, if one has."""
        tank, _ = self.flow.meets()
        if tank < 0:
            return ""
        name, capacity = self.flow.tank_names[tank], self.flow.capacity[tank]
        return f", the last for tank {name!r} of {capacity:g} kg, which has run empty or full"

    def _reach(self, mark: Mark) -> None:
        self.marks.remove(mark)
        mark.event.succeed()

    def _ring(self) -> None:
        mark = self.waits_for[1]
        self.waits_for = (-1.0, None)
        if mark is None:
            tank, level = self.flow.meets()
            for other in tuple(self.marks):
                if other.tank == tank and other.passed(level):
                    self._reach(other)
            self.changed()
            return
        self.flow.advance(self.env.now)
        if mark in self.marks:  # else nobody waits for it any more, but for what comes after it
            self._reach(mark)
        self.set()
