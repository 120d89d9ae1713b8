"""Clocks that run at the speed of the plant: failure ages and quotas."""

from __future__ import annotations

import simpy

CALENDAR, RUN_TIME, VOLUME, MASS = "calendar", "run time", "volume", "mass"


class Clock:
    """Counts up to a target at a speed that the plant sets; at speed 0 it stands still.

    ``calendar`` runs whenever its unit is not down, ``run time`` while its train runs, ``volume``
    at rate over capacity, ``mass`` at the rate itself, kg/h. A change of speed leaves the old
    timeout to fire unheeded: cheaper than an interrupt.
    """

    def __init__(self, env: simpy.Environment, kind: str, unit: str) -> None:
        self.env = env
        self.kind = kind
        self.unit = unit
        self.speed = 0.0
        self.since = 0.0
        self.remaining = 0.0
        self.version = 0
        self.event: simpy.Event | None = None

    def reaches(self, target: float) -> simpy.Event:
        """Return an event that happens once the clock has counted ``target`` from now."""
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
        wait = max(self.remaining / self.speed, 0.0)
        alarm = self.env.timeout(wait)
        alarm.callbacks.append(lambda _: self._ring(version))

    def _ring(self, version: int) -> None:
        if version == self.version and self.event is not None:
            event, self.event = self.event, None
            self._count()
            event.succeed()
