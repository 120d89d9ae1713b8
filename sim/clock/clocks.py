"""Hours of a plant's own, clocks at its speed, marks on levels, places to wait for, demurrage."""

from __future__ import annotations

import math
import re
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from heapq import heappop, heappush
from operator import attrgetter
from pathlib import Path
from types import MethodType
from typing import Any, cast
from weakref import WeakSet

import simpy
from simpy.core import StopSimulation
from simpy.events import URGENT, Condition

from sim.errors import LONGEST, gives_each, is_number, scalar, told
from sim.flow.map import FlowMap
from sim.network.operation import CALENDAR, CLOCKS, RUN_TIME

MASS = "mass"  # beside the clocks that failures age by: counts kg of the main feed
KINDS = (*CLOCKS, MASS)
ROUNDING = 1e-10  # of a target, or of a capacity; what lacks so little of either is there
MOST_STEPS = 200_000  # at one instant: a second's work, and ten times as many as may be settled
STOP = StopSimulation.callback  # what ends a run of SimPy's at its hour
STALE = 8  # times as many hours that hold no more as there are places: they are cleared away


class Event(simpy.Event):
    """What a process waits for, joined by ``|`` and ``&`` with others of its kind alone."""

    def __or__(self, other: simpy.Event) -> Joined:
        """Return what happens when either does."""
        return Joined(self.env, Joined.any_events, (self, other))

    def __and__(self, other: simpy.Event) -> Joined:
        """Return what happens when both have."""
        return Joined(self.env, Joined.all_events, (self, other))

    __ror__, __rand__ = __or__, __and__  # what is no event is told from either side


class Joined(Event, Condition):
    """Some of several events, or all."""

    def __init__(
        self, env: simpy.Environment, enough: Callable[..., bool], events: Iterable[simpy.Event]
    ) -> None:
        if not gives_each(events):
            raise TypeError(f"expected to wait for a list of events, came {told(events)}")
        events = tuple(events)
        for each in cast(tuple[object, ...], events):
            if not isinstance(each, simpy.Event):
                raise TypeError(
                    "expected to wait for events, such as plant.env.timeout(8.0), "
                    f"came {told(each)}"
                )
        super().__init__(env, enough, events)


class Wait(Event, simpy.Timeout):
    """A wait of so many hours; SimPy would take NaN for a time."""

    def __init__(self, env: Hours, delay: float, value: object = None) -> None:
        asked = delay if type(delay) is float else scalar(delay)
        if type(asked) is not float and not is_number(asked):
            raise TypeError(f"timeout: expected hours of 0 or more, came {told(delay)}")
        if asked >= 0.0:
            super().__init__(env, float(asked), value)
        else:
            raise ValueError(f"timeout: expected hours of 0 or more, came {told(delay)}")


class Living(Event, simpy.Process):
    """A process of the plant."""

    def __init__(self, env: Hours, generator: Iterator[simpy.Event]) -> None:
        if not hasattr(generator, "throw"):
            raise TypeError(
                "process: expected a generator, what calling a function with 'yield' returns, "
                f"came {told(generator)}"
            )
        super().__init__(env, generator)  # type: ignore[arg-type]
        env.living.add(self)


class Hours(simpy.Environment):
    """SimPy's clock, and beside its queue the hours of a plant's own making.

    What waits in the queue comes in any case, but a plant puts its hours off at every settlement:
    when the interval ends, when a clock has counted. So these stand in a heap of their own, where
    an hour is put off without a search. All that happens at an instant is settled once, after it.

    Parameters
    ----------
    settle : callable
        Settles an instant, once ``pending`` says that something has changed.
    """

    now = cast(float, property(attrgetter("_now")))
    """The hour, as SimPy has it, but read without a call of Python's."""

    def __init__(self, settle: Callable[[], None]) -> None:
        super().__init__()
        bound = {"process": Living, "timeout": Wait, "event": Event}
        for name, kind in bound.items():  # SimPy does so in a class of its own alone
            setattr(self, name, MethodType(kind, self))
        self.settle = settle
        self._step = super().step
        self.living = WeakSet[Living]()
        """Its processes, as long as anything may set them going."""
        self.pending = False
        self._due: list[float] = []
        """Hours at which the plant's own things happen, infinite where none is known."""
        self._rings: list[Callable[[], None]] = []
        self._heap: list[tuple[float, int]] = []
        """The same hours with their places, the soonest first, and some that hold no more."""
        self._most = 0  # hours in the heap before those are cleared away
        self._instant, self._steps = -math.inf, 0  # an hour, and steps that were all at it

    def run(self, until: float | simpy.Event | None = None) -> Any:
        """Run to an hour, or as SimPy does: it would stop at now + (until - now), not the same."""
        if until is None or isinstance(until, simpy.Event) or until <= self._now:
            return super().run(until)
        stop = simpy.Event(self)
        stop._ok, stop._value = True, None
        heappush(self._queue, (float(until), URGENT, next(self._eid), stop))
        return super().run(stop)

    def any_of(self, events: Iterable[simpy.Event]) -> Joined:  # type: ignore[override]
        """Return what happens when the first of several events does."""
        return Joined(self, Joined.any_events, events)

    def all_of(self, events: Iterable[simpy.Event]) -> Joined:  # type: ignore[override]
        """Return what happens when the last of several events has."""
        return Joined(self, Joined.all_events, events)

    def enter(self, ring: Callable[[], None]) -> int:
        """Return the place among the hours of what is told by ``ring`` that its hour has come."""
        self._due.append(math.inf)
        self._rings.append(ring)
        self._most += STALE
        return len(self._due) - 1

    def put(self, place: int, hour: float) -> None:
        """Let something be due at an hour instead of the one before; never, at an infinite one."""
        self._due[place] = hour
        if hour < math.inf:
            heap = self._heap
            heappush(heap, (hour, place))
            if len(heap) > self._most:
                due = enumerate(self._due)
                heap[:] = sorted((hour, place) for place, hour in due if hour < math.inf)

    def due(self, place: int) -> float:
        """Return the hour at which something is due, infinite for never."""
        return self._due[place]

    def happens(self, event: simpy.Event, value: object) -> None:
        """Let an event happen whose hour among the plant's own has come.

        SimPy's queue holds nothing for this instant then, so who waits alone is told without it.
        """
        callbacks = event.callbacks
        if len(callbacks) != 1:
            event.succeed(value)
            return
        event._ok, event._value = True, value
        event.callbacks = None  # type: ignore[assignment]
        callbacks[0](event)

    def ask_again(self) -> None:
        """Settle this instant anew if a run goes on that has broken off, to an hour of its own."""
        self.pending = True
        for _, _, _, event in self._queue:
            if event.callbacks and STOP in event.callbacks:
                event.callbacks.remove(STOP)

    def refuse_strangers(self) -> None:
        """Raise RuntimeError if a process waits for an event of another plant, which may not come.

        SimPy takes it for one of its own.
        """
        for process in self.living:
            if process.is_alive and process.target.env is not self:
                raise RuntimeError(
                    f"process {process.name!r} waits for what is of another plant, "
                    f"{told(process.target)}; it waits for what its own plant makes"
                )

    def peek(self) -> float:
        """Return the hour of what happens next, infinite if nothing does."""
        return self._now if self.pending else min(super().peek(), self._soonest())

    def step(self) -> None:
        """Let the next thing happen, an event or an hour of the plant's, and settle the instant.

        It is settled once nothing else is left to happen in it.

        Raises RuntimeError where so much happens at one instant that time stands still.
        """
        if self._now != self._instant:
            self._instant, self._steps = self._now, 0
        self._steps += 1
        if self._steps > MOST_STEPS:
            raise RuntimeError(
                f"t = {self._now:g} h does not end: some process asks over and over for what has "
                "come already, such as a level that is passed, or waits 0 h"
            )
        heap, due, queue = self._heap, self._due, self._queue
        try:
            for happened in (False, True):
                while heap and due[heap[0][1]] != heap[0][0]:
                    heappop(heap)  # `_soonest`, written out: all that happens passes here
                soonest = heap[0][0] if heap else math.inf
                event = queue[0][0] if queue else math.inf
                if self.pending and event > self._now < soonest:
                    self.pending = False
                    self.settle()
                    return
                if happened:
                    return
                if soonest < event:
                    self._now, place = heappop(heap)
                    due[place] = math.inf
                    self._rings[place]()
                else:
                    self._step()
                if not self.pending:
                    return
        except RuntimeError as fault:
            _refuse_no_event(str(fault))
            raise

    def _soonest(self) -> float:
        """Return the soonest hour that is due, and forget those before it, which were put off."""
        heap, due = self._heap, self._due
        while heap:
            hour, place = heap[0]
            if due[place] == hour:
                return hour
            heappop(heap)
        return math.inf


HINTS = {
    "None": "; what is no wait needs no yield",
    "<generator": "; write yield from, or start it by plant.env.process, each of several by itself",
    "<bound method": "; call it",
    "<function": "; call it",
}
"""What to write instead of what a process waits for that is no event, by what that begins with."""


def _refuse_no_event(said: str) -> None:
    """Raise TypeError if SimPy says that a process waits for what is no event."""
    found = re.search(r'File "(.*)", line (\d+), in (.*)\n.*\nInvalid yield value "(.*)"', said)
    if found:
        file, line, process, value = found.groups()
        hint = next((hint for kind, hint in HINTS.items() if value.startswith(kind)), "")
        raise TypeError(
            f"process {process!r}: expected to wait for an event, such as "
            f"plant.env.timeout(8.0), came {value[:LONGEST]}{hint} ({Path(file).name}, line {line})"
        ) from None


class Turn(Event):
    """A place that is asked for: it is there once this has happened, and is left at the end."""

    def __init__(self, places: Places) -> None:
        super().__init__(places.env)
        self.places = places

    def __enter__(self) -> Turn:
        return self

    def __exit__(self, *_: object) -> None:
        self.places.leave(self)


class Places:
    """Repair crews, unloading points: who comes first is served first.

    SimPy's own resource has two events for every turn, be there somebody in the way or not.
    """

    def __init__(self, env: simpy.Environment, places: int = 1) -> None:
        self.env = env
        self.free = places
        self.waiting: deque[Turn] = deque()
        come = self._come = Turn(self)
        """The turn of all who find a place free; it has come, so they go on without an event."""
        come._ok, come._value, come.callbacks = True, None, None  # type: ignore[assignment]

    def request(self) -> Turn:
        """Return a turn: ``with places.request() as turn``, and inside of it ``yield turn``."""
        if self.free:
            self.free -= 1
            return self._come
        turn = Turn(self)
        self.waiting.append(turn)
        return turn

    def leave(self, turn: Turn) -> None:
        """End a turn, or wait for it no longer."""
        if not self.waiting:
            self.free += 1
        elif turn.triggered:
            self.waiting.popleft().succeed()
        else:
            self.waiting.remove(turn)


@dataclass(eq=False)
class Clock:
    """Counts up to a target at a speed that the plant sets; at speed 0 it stands still.

    While the unit is up, ``calendar`` always runs, ``run time`` while its train does, and
    ``volume`` at rate over capacity; ``mass`` counts what flows, kg/h, whatever is down.
    ``label`` says which failure mode or job of the unit it counts for.
    """

    env: Hours
    kind: str
    unit: str
    train: int
    label: str = ""
    speed: float = 0.0
    since: float = 0.0
    remaining: float = 0.0
    slack: float = 0.0
    """Of what remains: rounding, not more; for a tank may be empty when a load of it is there."""
    event: simpy.Event | None = None

    def __post_init__(self) -> None:
        """Take a place among the plant's hours."""
        self._place = self.env.enter(self._ring)

    def reaches(self, target: float) -> simpy.Event:
        """Return an event that happens once the clock has counted ``target`` from now.

        Its value is whether it has; not where it is `cut` short.

        Raises
        ------
        ValueError
            No number to count to.
        RuntimeError
            The clock counts to another target, which nobody would hear of any more.
        """
        if type(target) is not float or math.isnan(target):
            target = scalar(target)
            if not is_number(target) or math.isnan(target):
                raise ValueError(
                    f"the {self.kind} clock of {self.unit}: no count of {told(target)}"
                )
        if self.event is not None:
            raise RuntimeError(
                f"the {self.kind} clock of {self.unit} counts already; stop it, or take another"
            )
        event = self.event = Event(self.env)
        self.remaining, self.slack = target, ROUNDING * target
        self.since = self.env.now
        if self.speed > 0.0:
            self.run_at(self.speed)
        return event

    def stop(self) -> float:
        """Forget the target; return what is left of it."""
        self.event = None
        self.run_at(self.speed)
        return self.remaining

    def cut(self) -> None:
        """Forget the target, if there is one, and let its event happen with nothing counted."""
        event = self.event
        if event is not None:
            self.stop()
            event.succeed(False)

    def stretch(self, factor: float) -> None:
        """Multiply what is left to the target: the mean that it was drawn with has changed."""
        self._count()
        self.remaining *= factor
        self.slack *= factor
        self.run_at(self.speed)

    def left(self) -> float:
        """Return what is left of the target now."""
        return self.remaining - self.speed * (self.env.now - self.since)

    @property
    def due(self) -> float:
        """Hour at which it will have counted as things go, infinite if never."""
        return self.env.due(self._place)

    def run_at(self, speed: float) -> None:
        """Go on at ``speed``, in the clock's unit per hour."""
        env = self.env  # written out: half of what a line does is to stop and start clocks
        now = env.now
        left = self.remaining = self.remaining - self.speed * (now - self.since)
        self.since, self.speed = now, speed
        if self.event is None:
            env.put(self._place, math.inf)
        elif left <= self.slack < math.inf:
            env.put(self._place, now)
        else:
            env.put(self._place, now + left / speed if speed > 0.0 else math.inf)

    def _count(self) -> None:
        now = self.env.now
        self.remaining -= self.speed * (now - self.since)
        self.since = now

    def _ring(self) -> None:
        event, self.event = self.event, None
        assert event is not None
        self._count()
        self.env.happens(event, True)


class Timing:
    """The clocks of a plant, by the train that drives them."""

    def __init__(self, trains: int) -> None:
        self.clocks: list[list[Clock]] = [[] for _ in range(trains)]

    def drive(
        self,
        trains: Iterable[int],
        rates: Any,
        flow_map: FlowMap,
        down: Collection[str],
    ) -> None:
        """Let the clocks of trains run at the speed that their unit's rate asks for."""
        for t in trains:
            clocks = self.clocks[t]
            if not clocks:
                continue
            rate = rates[t]
            for clock in clocks:
                if clock.unit in down and clock.kind != MASS:  # what flows all the same is counted
                    speed = 0.0
                elif clock.kind == RUN_TIME:
                    speed = 1.0 if rate else 0.0
                else:
                    speed = _speed(clock, t, rate, flow_map)
                if speed != clock.speed:
                    clock.run_at(speed)


def _speed(clock: Clock, t: int, rate: float, flow_map: FlowMap) -> float:
    if clock.kind == CALENDAR:
        return 1.0
    if clock.kind == MASS:
        return rate
    limit = flow_map.limit(t, clock.unit)
    return rate / limit if limit else 0.0


@dataclass(eq=False)
class Mark:
    """A level of a tank that somebody waits for, kg, from above or from below."""

    tank: int
    level: float
    near: float  # the same, but for rounding
    falling: bool
    event: simpy.Event

    def passed(self, level: float) -> bool:
        """Whether a level is at the mark, but for rounding, or beyond."""
        return level <= self.near if self.falling else level >= self.near

    def wait(self, level: float, net: float) -> float | None:
        """Return the hours until the mark is reached at this net rate, None if it is not."""
        if net < 0.0 if self.falling else net > 0.0:
            return max((self.level - level) / net, 0.0)
        return None


class Demurrage:
    """Hours beyond the free time by train, those of vehicles that still stand there included."""

    def __init__(self, env: simpy.Environment) -> None:
        self.env = env
        self._left: dict[str, float] = {}
        self._there: list[tuple[str, float]] = []

    @contextmanager
    def stay(self, train: str, free_time: float) -> Iterator[None]:
        """Count the time inside as the stay of one vehicle of ``train``, h."""
        stay = (train, self.env.now + free_time)
        self._there.append(stay)
        try:
            yield
        finally:
            self._there.remove(stay)
            self._left[train] = self._left.get(train, 0.0) + self._beyond(stay)

    def hours(self) -> dict[str, float]:
        """Return the hours so far by train, h."""
        hours = dict(self._left)
        for stay in self._there:
            hours[stay[0]] = hours.get(stay[0], 0.0) + self._beyond(stay)
        return hours

    def _beyond(self, stay: tuple[str, float]) -> float:
        return max(0.0, self.env.now - stay[1])
