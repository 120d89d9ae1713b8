"""What leaves a plant, watched in time as it is booked: hours beyond a bound.

A plant that is not watched pays nothing: `WatchedFlow` alone looks at what has left, once at the
end of every interval, when it is known how long that has lasted and what it has given.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, replace
from operator import add
from typing import Any, Generic, TypeVar

import numpy as np

from sim.books.ledger import INTERNAL, Ledger
from sim.clock.plant import Plant
from sim.clock.random_streams import RandomStreams
from sim.clock.recorder import Recorder
from sim.flow.map import OVERFLOW, SPILL, TRIP, Regime, destination
from sim.flow.state import FlowState
from sim.flow.train import Array
from sim.network.network import Network
from sim.network.unit import Stream

Key = TypeVar("Key", bound=Hashable)

Outflows = Mapping[tuple[str, str], Stream]
"""kg/h by component of every stream that leaves the line, by stream and sink."""

Causes = Mapping[tuple[str, str], str]
"""Under which cause each of these streams is booked."""

Gone = Callable[[float], Outflows]
"""Returns what has left until an hour of a while, since it began, kg."""

Exit = tuple[tuple[str, str], int, str]
"""Stream and sink of what lets something out, its position in its train, and the cause."""

Bounds = tuple[float, float]
"""Lowest and highest that is allowed."""

EVENLY = 1e-11  # relative; what passes so evenly passes at one rate
WITHIN = 1e-9  # relative; what lies on its bound keeps it
ALIKE = 0.02  # relative; so far two halves of a while may differ, to be told as one
TRACE = 1e-6  # of a stream; of a component that is less, halves are not compared
HALVINGS = 9  # of a while, at most


@dataclass
class Exposure:
    """How a figure has moved in time."""

    hours: float = 0.0
    """Hours in which there was a figure at all, h."""
    beyond: float = 0.0
    """Hours in which it lay outside its bounds, h."""
    total: float = 0.0
    """Its integral over time, in its unit times h."""
    lowest: float = math.inf
    highest: float = -math.inf

    @property
    def mean(self) -> float:
        """Time average over the hours in which there was a figure; not a number without any."""
        return self.total / self.hours if self.hours else math.nan

    @property
    def share(self) -> float:
        """Share of those hours outside the bounds, h/h."""
        return self.beyond / self.hours if self.hours else 0.0

    def add(self, value: float, hours: float, bounds: Bounds) -> None:
        """Let the figure stand at a value for so many hours."""
        self.hours += hours
        self.total += value * hours
        low, high = bounds
        if value < low - WITHIN * abs(low) or value > high + WITHIN * abs(high):
            self.beyond += hours
        self.lowest = min(self.lowest, value)
        self.highest = max(self.highest, value)


class Watch(Generic[Key]):
    """Keeps the exposure of figures that are computed from what leaves a plant.

    ``measure``: returns the figures of outflows, kg/h; a figure may be missing where it means
    nothing. ``bounds``: lowest and highest that is allowed, by figure; others are not kept.

    Examples
    --------
    >>> watch = Watch(lambda flows: {"rate": sum(flows["vent", "air"])}, {"rate": (0.0, 5.0)})
    >>> watch.passed(6.0, {("vent", "air"): (4.0,)})
    >>> watch.passed(8.0, {("vent", "air"): (9.0,)})
    >>> watch.exposures["rate"].share, watch.exposures["rate"].mean
    (0.25, 5.25)
    """

    def __init__(
        self,
        measure: Callable[[Outflows], Mapping[Key, float]],
        bounds: Mapping[Key, Bounds],
    ) -> None:
        self.measure = measure
        self.bounds = bounds
        self._exposures = {key: Exposure() for key in bounds}
        self._hours = 0.0
        self._since = 0.0
        self._figures: list[tuple[Mapping[Key, float], float]] = []  # and the hours of each, of ...
        self._open = 0.0  # ... a while that goes on, h

    @property
    def exposures(self) -> Mapping[Key, Exposure]:
        """How each figure has moved, what goes on at its mean so far."""
        if not self._open:
            return self._exposures
        found = {key: replace(of) for key, of in self._exposures.items()}
        self._expose(found)
        return found

    @property
    def hours(self) -> float:
        """Time watched, h."""
        return self._hours + self._open

    def passed(
        self,
        hour: float,
        outflows: Outflows,
        causes: Causes | None = None,
        gone: Gone | None = None,
        bends: bool = True,
    ) -> None:
        """Let this have left, in the mean, from the hour that was told last until another.

        ``causes`` are for who asks why; ``gone`` is for who asks when, where that is not evenly,
        and ``bends`` says whether its halves may differ by so much that a mean hides it.
        """
        since = self._since
        self.so_far(hour, outflows, causes, gone, bends)
        self._end()
        self._since = hour
        self._fill(since, hour, outflows, causes or {}, gone)

    def so_far(
        self,
        hour: float,
        outflows: Outflows,
        causes: Causes | None = None,
        gone: Gone | None = None,
        bends: bool = True,
    ) -> None:
        """Let this have left in the part of a while that goes on; what is told next replaces it.

        So what comes out does not depend on how often one looks.
        """
        self._open = max(hour - self._since, 0.0)
        if self._open:
            parts = [(outflows, self._open)]
            if gone is not None and bends:
                whole = {key: tuple(kg * self._open for kg in of) for key, of in outflows.items()}
                parts = _evenly(outflows, (self._since, {}), (hour, whole), gone, HALVINGS)
            self._figures = [(self.measure(flows), hours) for flows, hours in parts]
        self._fill(self._since, math.floor(hour), outflows, causes or {}, gone)

    def _fill(
        self, since: float, hour: float, outflows: Outflows, causes: Causes, gone: Gone | None
    ) -> None:
        """Let what has left until an hour fill whatever is judged over more than a moment."""

    def again(self) -> None:
        """Start anew at hour 0 with another run, and keep what has been seen."""
        self._end()
        self._since, self._figures = 0.0, []

    def _end(self) -> None:
        """Let what goes on be over."""
        if self._open:
            self._expose(self._exposures)
        self._hours += self._open
        self._open = 0.0

    def _expose(self, exposures: Mapping[Key, Exposure]) -> None:
        for figures, hours in self._figures:
            for key, value in figures.items():
                if key in self.bounds:
                    exposures[key].add(value, hours, self.bounds[key])


def _evenly(
    mean: Outflows, since: tuple[float, Outflows], until: tuple[float, Outflows], gone: Gone,
    halvings: int,
) -> list[tuple[Outflows, float]]:  # fmt: skip
    """Return what leaves in parts of a while in which it hardly moves, kg/h, and their hours.

    ``mean`` is that of all of it; it begins and ends at hours until which so much had gone, kg.
    """
    middle = 0.5 * (since[0] + until[0])
    if halvings == 0 or not since[0] < middle < until[0]:
        return [(mean, until[0] - since[0])]
    half = (middle, gone(middle))
    first, last = _between(since, half), _between(half, until)
    if all(_alike(kg, last[key]) for key, kg in first.items()):
        return [(mean, until[0] - since[0])]
    return [
        *_evenly(first, since, half, gone, halvings - 1),
        *_evenly(last, half, until, gone, halvings - 1),
    ]


def _between(since: tuple[float, Outflows], until: tuple[float, Outflows]) -> Outflows:
    """Return what leaves between two hours until which so much had gone, kg/h."""
    hours, before = until[0] - since[0], since[1]
    return {
        key: tuple(
            [
                (now - then) / hours if now > then else 0.0
                for now, then in zip(kg, before.get(key, (0.0,) * len(kg)), strict=True)
            ]
        )
        for key, kg in until[1].items()
    }


def _alike(one: Stream, other: Stream) -> bool:
    """Whether two streams hardly differ, of what there is of them."""
    least = TRACE * max(sum(one), sum(other))
    for a, b in zip(one, other, strict=True):
        most = a if a > b else b
        if most > least and abs(a - b) > ALIKE * most:
            return False
    return True


class WatchedFlow(FlowState):
    """A flow state that tells a watch what every interval has given, when its books are closed.

    Only then is it known: where something cuts an interval short, its tanks have the mean of the
    part.
    """

    watch: Watch[Any]

    def __init__(self, *told: Any, **named: Any) -> None:
        super().__init__(*told, **named)
        self._exits: list[dict[Regime, list[Exit]]] = [{} for _ in self.map.trains]

    def tell(self, now: float) -> None:
        """Tell what this interval has given so far."""
        if now > self.since and self.intervals:
            self._tell(self.watch.so_far, self.since, now, self.lasted(now))

    def leaves(self, hours: float) -> Outflows:
        """Return what leaves the plant in so many hours of this interval, kg."""
        fed, spilled, _ = self.passed(hours)
        return self._out(fed, spilled)

    def _out(self, fed: Array, spilled: Array) -> Outflows:
        """Return what leaves the plant of what is fed and spilled, kg."""
        found: dict[tuple[str, str], Stream] = {}
        for t, streams in self.map.passed(fed):
            for key, place, _ in self._exits_of(t):
                found[key] = tuple(streams[place].tolist())
        for tank, sink in self.map.network.spills.items():
            kg = spilled[self.map.tanks[tank]]
            if kg.any():
                found[f"{tank}.overflow", sink] = tuple(kg.tolist())
        return found

    def _causes(self, excess: Array) -> Causes:
        """Return under which cause each stream that leaves the plant is booked, as books do."""
        found = {key: why for t in range(len(self._exits)) for key, _, why in self._exits_of(t)}
        for tank, sink in self.map.network.spills.items():
            usual = excess[self.map.tanks[tank]].any()
            found[f"{tank}.overflow", sink] = OVERFLOW if usual else SPILL
        return found

    def _ended(self, now: float) -> tuple[float, int]:
        since = self.since
        hours, reached = super()._ended(now)
        if hours > 0.0:
            self._tell(self.watch.passed, since, now, hours)
        return hours, reached

    def _tell(self, tell: Callable[..., None], since: float, now: float, hours: float) -> None:
        *passed, excess = self.passed(hours)
        *half, _ = self.passed(0.5 * hours)
        causes = self._causes(excess)
        if all(map(_doubled, half, passed)):  # as of an hour, so that equal hours are bitwise equal
            tell(now, self.leaves(1.0), causes)
            return
        whole, middle = self._out(*passed), 0.5 * (since + now)

        def gone(hour: float) -> Outflows:
            if hour == middle:
                return self._out(*half)
            return whole if hour >= now else self.leaves(min(hour - since, hours))

        rates = {key: tuple([kg / hours for kg in each]) for key, each in whole.items()}
        bends = not all(_doubled(*each, 0.25 * ALIKE) for each in zip(half, passed, strict=True))
        tell(now, rates, causes, gone, bends)

    def _exits_of(self, t: int) -> list[Exit]:
        """Return the streams by which a train lets something out now.

        Gas that another train would have collected is a trip's, whatever its own train does.
        """
        regime, network = self.map.regime[t], self.map.network
        known = self._exits[t].get(regime)
        if known is None:
            known, usual = [], regime._replace(diverted=False)
            for stream, to in self.map.destinations(t).items():
                if to in network.sinks:
                    diverted = regime.diverted and destination(network, stream, usual) != to
                    cause = TRIP if diverted else regime.cause
                    known.append(((stream, to), self.map.trains[t].position[stream], cause))
            self._exits[t][regime] = known
        return known


def _doubled(half: Array, whole: Array, within: float = EVENLY) -> bool:
    """Whether what has passed in half of the hours is half of it."""
    return bool((np.abs(2.0 * half - whole) <= within * np.abs(whole)).all())


class WatchedPlant(Plant):
    """A plant whose outlets are watched; all else as of `Plant`."""

    flow: WatchedFlow
    flows = WatchedFlow

    def __init__(
        self,
        network: Network,
        surroundings: Callable[[float], Mapping[str, float]],
        streams: RandomStreams,
        watch: Watch[Key],
        *,
        crews: int = 1,
        recorder: Recorder | None = None,
    ) -> None:
        super().__init__(network, surroundings, streams, crews=crews, recorder=recorder)
        self.watch = self.flow.watch = watch

    def run(self, until: float) -> None:
        """Run to an hour, and bring the books and the watch up to it."""
        super().run(until)
        self.flow.tell(self.env.now)


def mean_outflows(ledger: Ledger) -> Outflows:
    """Return what has left a plant by its books, as a mean over their time, kg/h."""
    found: dict[tuple[str, str], Stream] = {}
    for entry, kg in ledger.flows.items():
        if entry.medium != INTERNAL:
            key = (entry.stream, entry.sink)
            before = found.get(key, (0.0,) * len(kg))
            found[key] = tuple(map(add, before, (kg / ledger.hours).tolist()))
    return found
