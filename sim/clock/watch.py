"""What leaves a plant, watched in time: hours beyond a bound, exact between two settlements.

A plant that is not watched pays nothing: `WatchedPlant` alone looks at its outlets, once after
every settlement, when everything that happens at an instant is known and holds until the next one.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from operator import add
from typing import Generic, TypeVar

import numpy as np

from sim.books.ledger import INTERNAL, Ledger
from sim.clock.plant import Plant
from sim.clock.random_streams import RandomStreams
from sim.clock.recorder import Recorder
from sim.flow.map import OVERFLOW, SPILL, TRIP, destination
from sim.flow.state import FlowState
from sim.network.network import Network
from sim.network.unit import Stream

Key = TypeVar("Key", bound=Hashable)

Outflows = Mapping[tuple[str, str], Stream]
"""kg/h by component of every stream that leaves the line, by stream and sink."""

Causes = Mapping[tuple[str, str], str]
"""Under which cause each of these streams is booked."""

Bounds = tuple[float, float]
"""Lowest and highest that is allowed."""

WITHIN = 1e-9  # relative; what lies on its bound keeps it


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
    >>> watch.look(0.0, {("vent", "air"): (4.0,)})
    >>> watch.look(6.0, {("vent", "air"): (9.0,)})
    >>> watch.close(8.0)
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
        self.exposures = {key: Exposure() for key in bounds}
        self.hours = 0.0
        """Time watched, h."""
        self._since = 0.0
        self._figures: Mapping[Key, float] = {}
        self._seen: object = None

    def look(self, hour: float, outflows: Outflows, causes: Causes | None = None) -> None:
        """Note what leaves from an hour on; ``causes`` are for who asks why."""
        self.close(hour)
        if outflows is not self._seen:
            self._figures, self._seen = self.measure(outflows), outflows

    def close(self, hour: float) -> None:
        """Let what left so far have lasted until an hour."""
        spent = hour - self._since
        self._since = hour
        if spent <= 0.0:
            return
        self.hours += spent
        for key, value in self._figures.items():
            if key in self.bounds:
                self.exposures[key].add(value, spent, self.bounds[key])

    def again(self) -> None:
        """Start anew at hour 0 with another run, and keep what has been seen."""
        self._since, self._figures, self._seen = 0.0, {}, None


class WatchedPlant(Plant):
    """A plant whose outlets are watched; all else as of `Plant`."""

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
        self.watch = watch
        self.outflows: Outflows = {}
        self.causes: Causes = {}
        self._state = -1
        super().__init__(network, surroundings, streams, crews=crews, recorder=recorder)

    def _settle(self) -> None:
        super()._settle()
        flow = self.flow
        state = flow.intervals
        if state != self._state:
            self._state, self.outflows, self.causes = state, outflows(flow), causes(flow)
        self.watch.look(self.env.now, self.outflows, self.causes)

    def run(self, until: float) -> None:
        """Run to an hour, and bring the books and the watch up to it."""
        super().run(until)
        self.watch.close(self.env.now)


def outflows(flow: FlowState) -> Outflows:
    """Return what leaves a plant now, at the compositions that its tanks have, kg/h."""
    flow_map, means, network = flow.map, flow.problem.plan.mean, flow.map.network
    fed = means[flow_map.sources] * np.array(flow.rates.activity)[:, None]
    found: dict[tuple[str, str], Stream] = {}
    for t, streams in flow_map.passed(fed):
        for stream, to in flow_map.destinations(t).items():
            if to in network.sinks:
                kg = streams[flow_map.trains[t].position[stream]]
                found[stream, to] = tuple(kg.tolist())
    for j, rate in enumerate(flow.rates.overflow):
        tank = flow.tank_names[j]
        if rate and tank in network.spills:
            kg = means[j] * rate
            found[f"{tank}.overflow", network.spills[tank]] = tuple(kg.tolist())
    return found


def causes(flow: FlowState) -> Causes:
    """Return under which cause each stream that may leave a plant is booked now, as the books do.

    Gas that another train would have collected is a trip's, whatever its own train does.
    """
    flow_map, network = flow.map, flow.map.network
    found: dict[tuple[str, str], str] = {}
    for t, regime in enumerate(flow_map.regime):
        usual = regime._replace(diverted=False)
        for stream, to in flow_map.destinations(t).items():
            if to in network.sinks:
                diverted = regime.diverted and destination(network, stream, usual) != to
                found[stream, to] = TRIP if diverted else regime.cause
    for tank, sink in network.spills.items():
        usual_draw = flow.drawn_as_usual(flow_map.tanks[tank])
        found[f"{tank}.overflow", sink] = OVERFLOW if usual_draw else SPILL
    return found


def mean_outflows(ledger: Ledger) -> Outflows:
    """Return what has left a plant by its books, as a mean over their time, kg/h."""
    found: dict[tuple[str, str], Stream] = {}
    for entry, kg in ledger.flows.items():
        if entry.medium != INTERNAL:
            key = (entry.stream, entry.sink)
            before = found.get(key, (0.0,) * len(kg))
            found[key] = tuple(map(add, before, (kg / ledger.hours).tolist()))
    return found
