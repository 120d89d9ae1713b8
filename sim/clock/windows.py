"""What leaves a plant, averaged over every clock hour, day and year, as an inspector judges it.

What has left in a window is what the books would say at its ends: nothing is sampled. A
concentration is that of what has left in the window, all of it mixed: kg of the pollutant per m3 or
L of what carries it. Windows follow each other from hour 0 of the run; one that the
run's end cuts off is left out.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from sim.clock.watch import WITHIN, Bounds, Causes, Gone, Outflows, Watch
from sim.errors import Named

Key = TypeVar("Key", bound=Hashable)

HOUR, DAY, YEAR = "hour", "day", "year"
LENGTHS: Mapping[str, float] = {HOUR: 1.0, DAY: 24.0, YEAR: 8760.0}
"""Windows, h."""

WORST = 10  # hours that are kept of each figure

Array = NDArray[np.float64]

Parts = Mapping[tuple[str, str, str], Array]
"""kg by component that left in a window, by stream, sink and cause."""


@dataclass(frozen=True)
class Judged:
    """How the means over windows of one length keep a limit."""

    windows: int  #: Whole windows of the run
    beyond: int  #: Of these, with a mean outside of the bounds
    longest: int  #: Most of these one after the other
    lowest: float  #: Of the means of windows in which there was a figure; infinite without any
    highest: float

    @property
    def share(self) -> float:
        """Share of the windows that are outside of the bounds, 1."""
        return self.beyond / self.windows if self.windows else 0.0

    def with_(self, other: Judged) -> Judged:
        """Return the windows of two runs together."""
        return Judged(
            self.windows + other.windows,
            self.beyond + other.beyond,
            max(self.longest, other.longest),
            min(self.lowest, other.lowest),
            max(self.highest, other.highest),
        )


class _Tally:
    """Windows of one length against all rules, an element each."""

    def __init__(self, low: Array, high: Array) -> None:
        self.low, self.high = low, high
        n = len(low)
        self.windows = 0
        self.beyond, self.longest, self.row = (np.zeros(n, dtype=np.int64) for _ in range(3))
        self.lowest, self.highest = np.full(n, math.inf), np.full(n, -math.inf)

    def add(self, values: Array, times: int = 1) -> None:
        """Judge some windows with the same means; not a number where nothing left."""
        self.windows += times
        beyond = (values < self.low) | (values > self.high)
        self.beyond += times * beyond
        self.row = np.where(beyond, self.row + times, 0)
        np.maximum(self.longest, self.row, out=self.longest)
        np.fmin(self.lowest, values, out=self.lowest)
        np.fmax(self.highest, values, out=self.highest)

    def judged(self, i: int) -> Judged:
        """Return how rule ``i`` is kept."""
        return Judged(
            self.windows,
            int(self.beyond[i]),
            int(self.longest[i]),
            float(self.lowest[i]),
            float(self.highest[i]),
        )


@dataclass(frozen=True, order=True)
class Bad:
    """A bad hour of a figure."""

    times: float  #: How many times the limit its mean is
    began: float = field(compare=False)  #: At the start of the hour, h of the run
    value: float = field(compare=False)  #: The mean of the hour
    parts: Parts = field(compare=False, repr=False)  #: What left in it


class Windows(Watch[Key]):
    """A watch that judges means over windows, besides every moment.

    ``measure``, ``bounds``: as of `Watch`. ``rules``: what is judged over windows, a figure and its
    bounds each; a figure may stand in several.

    Examples
    --------
    >>> rate = lambda flows: {"rate": sum(flows["vent", "air"])}
    >>> watch = Windows(rate, {"rate": (0.0, 5.0)}, [("rate", (0.0, 5.0))])
    >>> watch.passed(0.5, {("vent", "air"): (4.0,)})
    >>> watch.passed(1.5, {("vent", "air"): (9.0,)})
    >>> watch.passed(3.0, {("vent", "air"): (0.5,)})
    >>> hours = watch.judged[0]["hour"]
    >>> hours.windows, hours.beyond, hours.highest
    (3, 1, 6.5)
    """

    def __init__(
        self,
        measure: Callable[[Outflows], Mapping[Key, float]],
        bounds: Mapping[Key, Bounds],
        rules: Sequence[tuple[Key, Bounds]],
    ) -> None:
        super().__init__(measure, bounds)
        self.rules = tuple(rules)
        self._low = np.array([low - WITHIN * abs(low) for _, (low, _) in self.rules])
        self._high = np.array([high + WITHIN * abs(high) for _, (_, high) in self.rules])
        self._tallies = {name: _Tally(self._low, self._high) for name in LENGTHS}
        self._worst: list[list[tuple[float, float, Bad]]] = [[] for _ in self.rules]
        self._mildest = np.full(len(self.rules), -math.inf)  # of the hours kept of each rule
        self._begin()

    def _begin(self) -> None:
        self._sums: dict[str, dict[tuple[str, str, str], Array]] = {name: {} for name in LENGTHS}
        self._closed = 0  # hours
        self._filled = 0.0  # until when
        for tally in self._tallies.values():
            tally.row = np.zeros_like(tally.row)

    @property
    def judged(self) -> list[Mapping[str, Judged]]:
        """How each rule is kept over windows of each length."""
        return [
            Named(((name, tally.judged(i)) for name, tally in self._tallies.items()), "window")
            for i in range(len(self.rules))
        ]

    @property
    def worst(self) -> Mapping[Key, list[Bad]]:
        """The worst hours of each figure by its first rule, the worst first."""
        found: dict[Key, list[Bad]] = {}
        for (key, _), heap in zip(self.rules, self._worst, strict=True):
            ranked = sorted(heap, key=lambda each: (-each[0], -each[1]))
            found.setdefault(key, [bad for *_, bad in ranked])
        return found

    def _fill(
        self, since: float, hour: float, outflows: Outflows, causes: Causes, gone: Gone | None
    ) -> None:
        """Let what has left until an hour fill the windows, and judge those that are full."""
        rates = _parts(outflows, causes)
        before = _parts(gone(self._filled), causes) if gone and self._filled > since else {}
        while self._filled < hour:
            begin, ends = self._filled, float(self._closed + 1)
            if gone is None and begin == self._closed and hour - begin >= LENGTHS[HOUR]:
                whole = self._alike(int(hour - begin))
                self._close_hours(self._figures[0][0], rates, whole)
                self._filled += whole
                continue
            self._filled = min(ends, hour)
            if gone is None:
                left = {key: kg * (self._filled - begin) for key, kg in rates.items()}
            else:
                now = _parts(gone(self._filled), causes)
                left = {key: kg - before.get(key, 0.0) for key, kg in now.items()}
                before = now
            parts = self._sums[HOUR]
            for key, kg in left.items():
                _add(parts, key, kg)
            if self._filled == ends:
                self._sums[HOUR] = {}
                self._close_hours(self.measure(mean(parts, LENGTHS[HOUR])), parts, 1)

    def again(self) -> None:
        """Start anew at hour 0 with another run, and keep what has been seen."""
        super().again()
        self._begin()

    def _alike(self, hours: int) -> int:
        """Return how many of these hours are of one day, or whole days of one year."""
        day, year = int(LENGTHS[DAY]), int(LENGTHS[YEAR])
        to_midnight = day - self._closed % day
        if to_midnight < day or hours < day:
            return min(hours, to_midnight)
        return min(hours - hours % day, year - self._closed % year)

    def _close_hours(self, figures: Mapping[Key, float], parts: Parts, times: int) -> None:
        """Judge some hours in each of which the same has left: of one day, or whole days."""
        values = self._values(figures)
        self._note(values, parts, times)
        self._tallies[HOUR].add(values, times)
        self._closed += times
        for name in (DAY, YEAR):
            sums, length = self._sums[name], LENGTHS[name]
            for key, kg in parts.items():
                _add(sums, key, kg * min(times, length))
            if self._closed % length == 0:
                values = self._values(self.measure(mean(sums, length)))
                self._tallies[name].add(values, max(times // int(length), 1))
                self._sums[name] = {}

    def _values(self, figures: Mapping[Key, float]) -> Array:
        return np.array([figures.get(key, math.nan) for key, _ in self.rules])

    def _times(self, values: Array) -> Array:
        """Return how many times its limit each mean is; of a lower bound, how far below."""
        with np.errstate(divide="ignore", invalid="ignore"):
            below = np.where(self._low > 0.0, self._low / values, 0.0)
            return np.asarray(np.fmax(values / self._high, below))

    def _note(self, values: Array, parts: Parts, times: int) -> None:
        """Keep hours that are among the worst of a rule."""
        how_far = self._times(values)
        for i in np.flatnonzero(how_far > self._mildest):
            heap, far = self._worst[i], float(how_far[i])
            for n in range(min(times, WORST)):
                began = float(self._closed + n)
                entry = (far, -began, Bad(far, began, float(values[i]), parts))
                if len(heap) < WORST:
                    heapq.heappush(heap, entry)
                elif far > heap[0][0]:
                    heapq.heapreplace(heap, entry)
            if len(heap) == WORST:
                self._mildest[i] = heap[0][0]


def _parts(outflows: Outflows, causes: Causes) -> dict[tuple[str, str, str], Array]:
    """Return what leaves with its causes, what is nothing left out."""
    return {(*key, causes.get(key, "")): np.array(kg) for key, kg in outflows.items() if any(kg)}


def mean(parts: Parts, hours: float) -> Outflows:
    """Return what left in a window as a mean over it, kg/h by stream and sink."""
    found: dict[tuple[str, str], Array] = {}
    for (stream, sink, _), kg in parts.items():
        _add(found, (stream, sink), kg / hours)
    return {key: tuple(kg.tolist()) for key, kg in found.items()}


def by_cause(parts: Parts) -> Mapping[str, Outflows]:
    """Return what left in an hour by cause, kg/h."""
    return _by(parts, lambda key: key[2])


def by_end(parts: Parts) -> Mapping[str, Outflows]:
    """Return what left in an hour by the unit or tank that it left from, kg/h."""
    return _by(parts, lambda key: key[0].partition(".")[0])


def _by(parts: Parts, kind: Callable[[tuple[str, str, str]], str]) -> Mapping[str, Outflows]:
    kinds = dict.fromkeys(map(kind, parts))
    return {
        one: mean({key: kg for key, kg in parts.items() if kind(key) == one}, LENGTHS[HOUR])
        for one in kinds
    }


def _add(sums: dict[Any, Array], key: Hashable, kg: Array) -> None:
    known = sums.get(key)
    sums[key] = kg if known is None else known + kg
