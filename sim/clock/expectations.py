"""What is under way that may set standing trains going again, said and unsaid."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from types import CodeType, FrameType, GeneratorType

import simpy
from simpy.events import Condition

from sim.clock.alarms import Alarm
from sim.clock.clocks import Timing

ENGINE = __name__.partition(".")[0]

Place = tuple[CodeType, int]
"""Where in the text of a process it waits: its code, and the last instruction that it ran."""


class Turns:
    """Which processes have had their turn to change something since the trouble began.

    What a process waits for counts when it is seen first. A process that comes back to a place at
    which it, or another of its kind, waited before goes round in a circle: it has had its turn.
    """

    def __init__(self) -> None:
        self._first: dict[Place, list[simpy.Event]] = {}

    def left(self, waits: Collection[tuple[Place, simpy.Event]]) -> list[simpy.Event]:
        """Return what still counts of all that processes wait for now."""
        first: dict[Place, list[simpy.Event]] = {}
        for place, event in waits:
            if place not in self._first:
                first.setdefault(place, []).append(event)
        self._first |= first
        return [event for place, event in waits if event in self._first[place]]


class Expectations:
    """What may set trains going again: what processes expect, and what they wait for.

    The engine's own processes say what they expect, and of which trains. Of any other process,
    whatever it waits for counts, as long as that comes by itself: an hour, a count of a clock that
    runs, a level that moves.
    """

    def __init__(self, env: simpy.Environment, alarm: Alarm, timing: Timing) -> None:
        self.env = env
        self.alarm = alarm
        self.timing = timing
        self.of_train: Counter[str] = Counter()
        """How many processes say that they expect something of it."""
        self._of_all = Turns()
        self._of_part = (frozenset[str](), Turns())
        self.suspected = False
        """Whether all hangs on what is expected: when it has come, it is asked for again."""

    @contextmanager
    def of(self, trains: Collection[str]) -> Iterator[None]:
        """Mark that something is under way that can set these trains going again."""
        self.of_train.update(trains)
        try:
            yield
        finally:
            self.of_train.subtract(trains)
            self.of_train += Counter()  # forgets those of which nothing is expected any more
            if self.suspected:
                self._again()

    def tell_at_once(self) -> bool:
        """Whether somebody waits for a level that is passed already: it is told after this."""
        flow = self.alarm.flow
        level, net, since = flow.level, flow.rates.net, self.env.now - flow.hour
        return any(m.passed(level[m.tank] + net[m.tank] * since) for m in self.alarm.marks)

    def concern(self, trains: frozenset[str]) -> bool:
        """Whether something is under way that may set one of these going, while others run."""
        if self._of_part[0] != trains:
            self._of_part = (trains, Turns())
        if any(name in self.of_train for name in trains):
            self.suspected = True
            return True
        return self._unsaid(self._of_part[1])

    def concern_all(self) -> bool:
        """Whether something is under way that may set the plant going, where nothing flows."""
        if self.of_train:
            self.suspected = True
            return True
        return self._unsaid(self._of_all)

    def all_flows(self) -> None:
        """Forget who has had a turn: something flows again."""
        self._of_all = Turns()

    def _unsaid(self, turns: Turns) -> bool:
        """Whether a process that is not the engine's waits for its turn; asks again after it."""
        left = turns.left(self._waits())
        for event in left:
            if self._again not in event.callbacks:
                event.callbacks.append(self._again)
        return bool(left)

    def _again(self, _: simpy.Event | None = None) -> None:
        self.alarm.changed()

    def _waits(self) -> list[tuple[Place, simpy.Event]]:
        """Return where the processes that are not the engine's wait, and for what."""
        found: dict[simpy.Process, Place] = {}
        for event in self._coming():
            for process in _waiting_for(event):
                place = _place(process)
                if place is not None:
                    found[process] = place
        return [(place, process.target) for process, place in found.items()]

    def _coming(self) -> Iterator[simpy.Event]:
        """Yield what will happen by itself, as far as can be told now."""
        for hour, _, _, event in self.env._queue:
            if math.isfinite(hour):
                yield event
        for clocks in self.timing.clocks:
            for clock in clocks:
                if clock.event is not None and clock.speed > 0.0:
                    yield clock.event
        flow = self.alarm.flow
        for mark in self.alarm.marks:
            if mark.wait(flow.level[mark.tank], flow.rates.net[mark.tank]) is not None:
                yield mark.event


def _waiting_for(event: simpy.Event) -> Iterator[simpy.Process]:
    """Yield the processes that an event sets going, by way of others, too."""
    for callback in event.callbacks or ():
        waiting = getattr(callback, "__self__", None)
        if isinstance(waiting, simpy.Process):
            yield waiting
        if isinstance(waiting, simpy.Process | Condition) and waiting is not event:
            yield from _waiting_for(waiting)


def _place(process: simpy.Process) -> Place | None:
    """Return where a process waits; nothing for one that waits in the engine's own text."""
    inner: object = process._generator
    frame: FrameType | None = None
    while isinstance(inner, GeneratorType):
        frame, inner = inner.gi_frame, inner.gi_yieldfrom
    if frame is None or str(frame.f_globals.get("__name__")).partition(".")[0] == ENGINE:
        return None
    return frame.f_code, frame.f_lasti
