"""Clocks that run at the speed of the plant, marks on the levels of its tanks, demurrage."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import simpy

from sim.errors import is_number, told
from sim.flow.map import FlowMap
from sim.network.operation import CALENDAR, CLOCKS, RUN_TIME

MASS = "mass"  # beside the clocks that failures age by: counts kg of the main feed
KINDS = (*CLOCKS, MASS)


@dataclass(eq=False)
class Clock:
    """Counts up to a target at a speed that the plant sets; at speed 0 it stands still.

    ``calendar`` runs whenever its unit is not down, ``run time`` while its train runs, ``volume``
    at rate over capacity, ``mass`` at the rate itself, kg/h. A change of speed leaves the old
    timeout to fire unheeded: cheaper than an interrupt. ``label`` says which failure mode or job of
    the unit it counts for.
    """

    env: simpy.Environment
    kind: str
    unit: str
    train: int
    label: str = ""
    speed: float = 0.0
    since: float = 0.0
    remaining: float = 0.0
    version: int = 0
    event: simpy.Event | None = None

    def reaches(self, target: float) -> simpy.Event:
        """Return an event that happens once the clock has counted ``target`` from now.

        Raises
        ------
        ValueError
            No number to count to.
        RuntimeError
            The clock counts to another target, which nobody would hear of any more.
        """
        count: object = target
        if not is_number(count) or math.isnan(target):
            raise ValueError(f"the {self.kind} clock of {self.unit}: no count of {told(target)}")
        if self.event is not None:
            raise RuntimeError(
                f"the {self.kind} clock of {self.unit} counts already; stop it, or take another"
            )
        self.event = self.env.event()
        self.remaining = target
        self.since = self.env.now
        self._set_alarm()
        return self.event

    def stop(self) -> float:
        """Forget the target; return what is left of it."""
        self._count()
        self.event = None
        self.version += 1
        return self.remaining

    def stretch(self, factor: float) -> None:
        """Multiply what is left to the target: the mean that it was drawn with has changed."""
        self._count()
        self.remaining *= factor
        self._set_alarm()

    def left(self) -> float:
        """Return what is left of the target now."""
        return self.remaining - self.speed * (self.env.now - self.since)

    def run_at(self, speed: float) -> None:
        """Go on at ``speed``, in the clock's unit per hour."""
        if speed != self.speed:
            self._count()
            self.speed = speed
            self._set_alarm()

    def _count(self) -> None:
        now = self.env.now
        self.remaining -= self.speed * (now - self.since)
        self.since = now

    def _set_alarm(self) -> None:
        self.version += 1
        if self.event is None or self.speed <= 0.0:
            return
        version = self.version
        alarm = self.env.timeout(max(self.remaining / self.speed, 0.0))
        alarm.callbacks.append(lambda _: self._ring(version))

    def _ring(self, version: int) -> None:
        if version == self.version and self.event is not None:
            event, self.event = self.event, None
            self._count()
            event.succeed()


class Timing:
    """The clocks of a plant, by the train that drives them."""

    def __init__(self, trains: int) -> None:
        self.clocks: list[list[Clock]] = [[] for _ in range(trains)]
        self.retimed: set[int] = set()
        """Trains whose clocks may change their speed though their rate does not."""

    def add(self, clock: Clock) -> None:
        """Let a clock be driven from now on."""
        self.clocks[clock.train].append(clock)
        self.retimed.add(clock.train)

    def drive(
        self,
        trains: Iterable[int],
        activity: Sequence[float],
        flow_map: FlowMap,
        down: Collection[str],
    ) -> None:
        """Let the clocks of trains run at the speed that their unit's rate asks for."""
        for t in trains:
            for clock in self.clocks[t]:
                speed = 0.0 if clock.unit in down else _speed(clock, t, activity[t], flow_map)
                clock.run_at(speed)


def _speed(clock: Clock, t: int, rate: float, flow_map: FlowMap) -> float:
    if clock.kind == CALENDAR:
        return 1.0
    if clock.kind == RUN_TIME:
        return 1.0 if rate else 0.0
    if clock.kind == MASS:
        return rate
    limit = flow_map.limit(t, clock.unit)
    return rate / limit if limit else 0.0


@dataclass(eq=False)
class Mark:
    """A level of a tank that somebody waits for, kg, from above or from below."""

    tank: int
    level: float
    falling: bool
    event: simpy.Event

    def passed(self, level: float) -> bool:
        """Whether a level is at the mark or beyond."""
        return level <= self.level if self.falling else level >= self.level

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
