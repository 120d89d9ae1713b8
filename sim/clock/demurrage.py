"""Demurrage: hours that cars and trucks stay beyond their free time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import simpy


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
