"""A plant in time: SimPy keeps the clock, rates are constant between events, tanks are exact.

``Plant`` wires a network to a SimPy environment. Processes (failures, deliveries, shifts, ...)
hold and release trains; whatever happens at one instant is settled once, at a later priority.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import numpy as np
import simpy

from sim.books.ledger import Ledger
from sim.clock.alarms import Alarm
from sim.clock.clocks import Clock, Timing
from sim.clock.demurrage import Demurrage
from sim.clock.random_streams import RandomStreams, Stream
from sim.clock.recorder import Recorder
from sim.clock.states import TrainState, name_states, refuse_gridlock
from sim.flow.blending import Blender
from sim.flow.books import write_ledger
from sim.flow.map import FlowMap
from sim.flow.problem import EMPTY, FREE, FULL, RateProblem, Settled
from sim.flow.staleness import Try, diverted_trains, fixed_point, pins, stale_trains
from sim.network.loops import refuse_phantom_loops
from sim.network.network import Network

SETTLE: Any = 2  # SimPy priority: after everything else that happens at the instant
RATE_PASSES = 20
SHARE_TOLERANCE = 4e-3  # move of a feed composition that asks for new recipes, kg/kg
SHARE_HOURS = 4e-2  # the same times the hours since the recipes were evaluated, kg/kg h
CALMEST, KEENEST = 240.0, 0.02  # longest and shortest time between two blends, h
BLEND_MOVE = 5e-3  # move of a composition between two blends that is aimed at, kg/kg


class Plant:
    """One run of a network.

    Parameters
    ----------
    network : Network
    surroundings : callable
        Named conditions at an hour of the run.
    streams : RandomStreams
        Random numbers by unit name and purpose.
    crews : int
        Repair crews; a repair waits for one.
    recorder : Recorder, optional
        Keeps states, levels and events when given.
    blend_move : float
        Move of a composition between two blends that is aimed at, kg/kg: the error of chains and
        recycles of tanks falls with its square.
    """

    def __init__(
        self,
        network: Network,
        surroundings: Callable[[float], Mapping[str, float]],
        streams: RandomStreams,
        *,
        crews: int = 1,
        recorder: Recorder | None = None,
        blend_move: float = BLEND_MOVE,
    ) -> None:
        self.network = network
        self.env = simpy.Environment()
        self.streams = streams
        self.crew = simpy.Resource(self.env, capacity=crews)
        self.recorder = recorder
        self.demurrage = Demurrage(self.env)
        self.surroundings = surroundings
        self.map = FlowMap(network)
        self.blender = Blender(self.map, blend_move)
        self.train_names = [train.name for train in network.trains]
        self.tank_names = list(network.tanks)
        self.states = {name: TrainState() for name in self.train_names}
        self.down: dict[str, str] = {}
        self.alarm = Alarm(self)
        self.timing = Timing(len(self.train_names))
        tanks = list(network.tanks.values())
        self.capacity = [tank.capacity for tank in tanks]
        self.heel = [tank.heel * tank.capacity for tank in tanks]
        self.level: list[float] = self.blender.contents.sum(axis=1).tolist()
        self.status = [
            FULL if kg >= top else EMPTY if kg <= heel else FREE
            for kg, top, heel in zip(self.level, self.capacity, self.heel, strict=True)
        ]
        spills = [tank.when_full == "spill" for tank in tanks]
        self.problem = RateProblem(self.map, self.blender, spills)
        nothing = [0.0] * len(tanks)
        idle = [0.0] * len(self.map.activities)
        self.rates = Settled(idle, nothing, nothing, [None] * len(idle))
        self.last, self.blended, self.next_blend = 0.0, 0.0, KEENEST
        self.expected = self.settlements = 0
        self.pending = False
        for t in self.map.flush_order:
            self._evaluate(t)
        refuse_phantom_loops(self.map.edges())
        self.changed()

    # ---- what processes say and ask ----------------------------------------------------------

    def rng(self, name: str, purpose: str) -> Stream:
        """Return the random stream of a unit for a purpose."""
        return self.streams.stream(name, purpose)

    def clock(self, kind: str, unit: str, label: str = "") -> Clock:
        """Return a new clock that the plant drives at the speed of the unit's train."""
        train = self.map.train_index[self.network.train_of(unit).name]
        clock = Clock(self.env, kind, unit, train, label)
        self.timing.add(clock)
        self.changed()
        return clock

    def hold(self, train: str, who: str, why: str) -> None:
        """Stop a train until ``who`` releases it."""
        self._stop(self.states[train].holds, who, why)

    def wait(self, train: str, who: str, why: str) -> None:
        """Let a train wait until ``who`` releases it; as ``hold``, but a hold is named first."""
        self._stop(self.states[train].waits, who, why)

    def _stop(self, stops: dict[str, str], who: str, why: str) -> None:
        if stops.get(who) != why:
            stops[who] = why
            self.changed()

    def release(self, train: str, who: str) -> None:
        """Take back what ``who`` held or waited for; the train runs when nobody else holds it."""
        state = self.states[train]
        if state.holds.pop(who, None) is not None or state.waits.pop(who, None) is not None:
            self.changed()

    def run_as(self, train: str, cause: str, fraction: float = 1.0) -> None:
        """Run a train at a fraction of its capacity, its flows booked under ``cause``."""
        t = self.map.train_index[train]
        self.book()
        self.map.set_regime(t, self.map.regime[t]._replace(cause=cause))
        self.map.recipes[t].stale = True
        self.states[train].fraction = fraction
        self.changed()

    def lead(self, outlet: str, to: str) -> None:
        """Lead an outlet to another tank or sink than its pipe says, until further notice."""
        if to not in self.network.tanks and to not in self.network.sinks:
            raise LookupError(f"cannot lead {outlet!r} to {to!r}: no such tank or sink")
        t = self.map.train_index[self.network.train_of(outlet.partition(".")[0]).name]
        regime = self.map.regime[t]
        if dict(regime.led).get(outlet, self.network.pipes[outlet].to) == to:
            return
        self._advance()  # what has come by now went the old way
        if any(self.blender.carried[k] or self.blender.fed[k].any() for k in self.map.of_train[t]):
            self.book()
        led = tuple(sorted({**dict(regime.led), outlet: to}.items()))
        self.map.set_regime(t, regime._replace(led=led))
        self.changed()

    def new_surroundings(self) -> None:
        """Evaluate all recipes anew, for the weather has changed."""
        for recipes in self.map.recipes:
            recipes.stale = True
        self.changed()

    def level_of(self, tank: str) -> float:
        """Return the contents of a tank now, kg."""
        self._advance()
        return self.level[self.tank_names.index(tank)]

    def goes_down(self, unit: str, why: str) -> None:
        """Note that a unit is out of order; its failure modes age no more."""
        self.down[unit] = why
        self._retime(unit)

    def comes_back(self, unit: str) -> None:
        """Note that a unit is in order again."""
        del self.down[unit]
        self._retime(unit)

    def _retime(self, unit: str) -> None:
        self.timing.retimed.add(self.map.train_index[self.network.train_of(unit).name])
        self.changed()

    def falls_to(self, tank: str, level: float) -> simpy.Event:
        """Return an event that happens when the tank holds no more than ``level``, kg."""
        return self._mark(tank, level, falling=True)

    def rises_to(self, tank: str, level: float) -> simpy.Event:
        """Return an event that happens when the tank holds no less than ``level``, kg."""
        return self._mark(tank, level, falling=False)

    def _mark(self, tank: str, level: float, *, falling: bool) -> simpy.Event:
        event = self.alarm.mark(self.tank_names.index(tank), level, falling=falling)
        if not self.pending:  # nothing else has changed: no need to settle anything
            self._advance()
            self.alarm.set()
        return event

    def forget(self, event: simpy.Event) -> None:
        """Wait no longer for a level."""
        self.alarm.forget(event)

    def say(self, who: str, what: str) -> None:
        """Leave an event in the record, when one is kept."""
        if self.recorder is not None:
            self.recorder.event(self.env.now, who, what)

    @contextmanager
    def expecting(self) -> Iterator[None]:
        """Mark that something is under way that can set a standing plant going again."""
        self.expected += 1
        try:
            yield
        finally:
            self.expected -= 1

    def changed(self) -> None:
        """Ask for one settlement at this instant, after everything else has happened."""
        if not self.pending:
            self.pending = True
            event = self.env.event()
            assert event.callbacks is not None
            event.callbacks.append(self._settle)
            event._ok, event._value = True, None  # triggered here, to choose the priority
            self.env.schedule(event, priority=SETTLE)

    def run(self, until: float) -> None:
        """Run to an hour, and bring the books up to it."""
        if until > self.env.now:
            self.env.run(until)
        self.book()
        for state in self.states.values():
            state.enter(state.state, self.env.now)
            state.fill(state.full, self.env.now)

    def ledger(self) -> Ledger:
        """Return the books from the start until now."""
        spilled = dict(zip(self.tank_names, self.blender.spill_book, strict=True))
        opening = dict(zip(self.tank_names, self.blender.opening, strict=True))
        held = dict(zip(self.tank_names, self.blender.contents, strict=True))
        return write_ledger(self.network, self.map.books, spilled, opening, held, self.env.now)

    def counts(self) -> dict[str, int]:
        """Return how much work the engine has done."""
        return {
            "settlements": self.settlements,
            "solves": self.problem.solves,
            "fallbacks": self.problem.fallbacks,
            "evaluations": self.map.evaluations,
            "blends": self.blender.blends,
        }

    def _advance(self) -> None:
        """Carry levels and totals to now at the rates that held."""
        now = self.env.now
        hours = now - self.last
        if hours <= 0.0:
            return
        self.last = now
        rates = self.rates
        for totals, flows in (
            (self.blender.carried, rates.flowing),
            (self.level, rates.moving),
            (self.blender.spilled, rates.spilling),
        ):
            for i, rate in flows:
                totals[i] += rate * hours

    def book(self) -> None:
        """Bring compositions and books up to now."""
        self._blend()
        self.map.flush(self.blender.fed)

    def _blend(self) -> None:
        """Bring compositions up to now, and mark the recipes that they have outrun."""
        self._advance()
        now = self.env.now
        hours = now - self.blended
        if hours <= 0.0:
            return
        self.blended = now
        self.blender.blend(pins(self))
        self.level = self.blender.contents.sum(axis=1).tolist()
        self.next_blend = now + CALMEST
        for t, recipes in enumerate(self.map.recipes):
            if self.rates.activity[t] and not recipes.stale and recipes.shares is not None:
                shares = self.blender.shares[self.map.activities[t].source]
                moved = float(np.abs(shares - recipes.shares).max())
                recipes.stale = (
                    moved > SHARE_TOLERANCE or moved * (now - recipes.hour) > SHARE_HOURS
                )

    def _evaluate(self, t: int, at: float | None = None) -> None:
        """Evaluate train ``t`` where it runs, or at another activity, kg/h."""
        now = self.env.now
        activity = self.rates.activity
        if at is not None:
            activity = [*activity[:t], at, *activity[t + 1 :]]
        self.map.evaluate(t, self.blender.shares, activity, self.surroundings(now), now)
        self.timing.retimed.add(t)

    # ---- settlement ------------------------------------------------------------------------

    def _settle(self, _: simpy.Event) -> None:
        """Find what holds until the next event: recipes, rates, statuses, clocks, states."""
        self.pending = False
        self.settlements += 1
        self.alarm.refuse_standing_still()
        before = self.rates
        self._advance()
        if self.env.now >= self.next_blend:
            self._blend()
        stale: set[int] = set()
        tried: dict[int, list[Try]] = {}
        for _pass in range(RATE_PASSES):
            self.rates = self.problem.solve(self.status, self._capacities())
            stale, diverted = stale_trains(self), diverted_trains(self)
            if not stale and not diverted:
                break
            self.book()
            for t, regime in diverted:
                self.map.set_regime(t, regime)
            for t in self.map.flush_order:
                if t in stale:
                    self._evaluate(t, fixed_point(self, t, tried))
        else:
            names = ", ".join(self.train_names[t] for t in stale)
            raise RuntimeError(
                f"recipes of {names} and their rates do not settle in {RATE_PASSES} passes "
                f"at t = {self.env.now:g} h"
            )
        for j, net in self.rates.moving:
            if (net > 0.0 and self.status[j] == EMPTY) or (net < 0.0 and self.status[j] == FULL):
                self.status[j] = FREE
        if self.rates is not before:
            calm = self.blender.calm(self.rates.activity)
            self.next_blend = min(self.next_blend, self.env.now + max(calm, KEENEST))
        self.timing.drive(self.rates.activity, self.map.recipes, self.down)
        name_states(self)
        refuse_gridlock(self)
        self.alarm.set()

    def _capacities(self) -> list[float]:
        return [
            0.0 if state.holds or state.waits else state.fraction * recipes.capacity
            for state, recipes in zip(self.states.values(), self.map.recipes, strict=True)
        ]
