"""A plant in time: SimPy keeps the clock, rates are constant between events, tanks are exact.

``Plant`` wires a network to a SimPy environment. Processes (failures, deliveries, shifts, ...)
hold and release trains; whatever happens at one instant is settled once, at a later priority.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

import numpy as np
import simpy

from sim.blending import Blender
from sim.books import NORMAL, write_ledger
from sim.clocks import CALENDAR, MASS, RUN_TIME, Clock
from sim.errors import Gridlock
from sim.flowmap import FlowMap
from sim.ledger import Ledger
from sim.network import Header, Network
from sim.random_streams import RandomStreams, Stream
from sim.rates import solve_rates
from sim.recorder import Recorder

FREE, EMPTY, FULL = "free", "empty", "full"
RUNNING = "running"

SETTLE = 2  # SimPy priority: after everything else that happens at the instant
STILL = 1e-9  # relative to what passes the tank; a smaller net rate is none
RATE_TOLERANCE = 5e-3  # relative move of an activity that asks for new recipes
RATE_PASSES = 6
SHARE_TOLERANCE = 2e-3  # move of a feed composition that asks for new recipes, kg/kg
SHARE_HOURS = 1e-2  # the same times the hours since the recipes were evaluated, kg/kg h
CALMEST, KEENEST = 240.0, 1.0  # longest and shortest time between two blends, h
BLEND_MOVE = 1e-3  # move of a composition between two blends that is aimed at, kg/kg


class TrainState:
    """What a train may do now: held by whom, at which fraction of its capacity, booked as what."""

    def __init__(self) -> None:
        self.holds: dict[str, str] = {}
        self.fraction = 1.0
        self.state = RUNNING
        self.hours: dict[str, float] = {}


class Mark:
    """A level of a tank that somebody waits for, kg, from above or from below."""

    def __init__(self, tank: int, level: float, falling: bool, event: simpy.Event) -> None:
        self.tank = tank
        self.level = level
        self.falling = falling
        self.event = event

    def passed(self, level: float) -> bool:
        """Whether a level is at the mark or beyond."""
        return level <= self.level if self.falling else level >= self.level


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
    """

    def __init__(
        self,
        network: Network,
        surroundings: Callable[[float], Mapping[str, float]],
        streams: RandomStreams,
        *,
        crews: int = 1,
        recorder: Recorder | None = None,
    ) -> None:
        self.network = network
        self.env = simpy.Environment()
        self.streams = streams
        self.crew = simpy.Resource(self.env, capacity=crews)
        self.recorder = recorder
        self.surroundings = surroundings
        self.map = FlowMap(network)
        self.blender = Blender(self.map)
        self.train_names = [train.name for train in network.trains]
        self.states = {name: TrainState() for name in self.train_names}
        self.down: dict[str, str] = {}
        self.marks: list[Mark] = []
        self.clocks: list[Clock] = []
        tanks = list(network.tanks.values())
        self.tank_names = list(network.tanks)
        self.capacity = [tank.capacity for tank in tanks]
        self.heel = [tank.heel * tank.capacity for tank in tanks]
        self.spills = [tank.when_full == "spill" for tank in tanks]
        self.level: list[float] = self.blender.contents.sum(axis=1).tolist()
        self.status = [
            FULL if kg >= top else EMPTY if kg <= heel else FREE
            for kg, top, heel in zip(self.level, self.capacity, self.heel, strict=True)
        ]
        self.net = [0.0] * len(tanks)
        self.overflow = [0.0] * len(tanks)
        self.activity = [0.0] * len(self.map.activities)
        self.order = self._declared_order()
        self.headers = self._header_rows()
        self.last = self.blended = 0.0
        self.next_blend = KEENEST
        self.version = 0
        self.pending = False
        self.expected = 0
        self.solves = self.fallbacks = self.settlements = 0
        self.hits = [0.0, 0.0]  # instant, boundary changes at it
        for t in self.map.flush_order:
            self._evaluate(t)
        self.changed()

    # ---- what processes say and ask ----------------------------------------------------------

    def rng(self, name: str, purpose: str) -> Stream:
        """Return the random stream of a unit for a purpose."""
        return self.streams.stream(name, purpose)

    def clock(self, kind: str, unit: str) -> Clock:
        """Return a new clock that the plant drives at the speed of the unit's train."""
        clock = Clock(self.env, kind, unit)
        self.clocks.append(clock)
        self.changed()
        return clock

    def hold(self, train: str, who: str, why: str) -> None:
        """Stop a train until ``who`` releases it."""
        self.states[train].holds[who] = why
        self.changed()

    def release(self, train: str, who: str) -> None:
        """Take back ``who``'s hold; the train runs when nobody else holds it."""
        self.states[train].holds.pop(who, None)
        self.changed()

    def run_as(self, train: str, cause: str, fraction: float = 1.0) -> None:
        """Run a train at a fraction of its capacity, its flows booked under ``cause``."""
        self.blend()
        self.map.flush(self.blender.fed)
        t = self.map.train_index[train]
        self.map.set_regime(t, (cause, self.map.regime[t][1]))
        self.states[train].fraction = fraction
        self.changed()

    def new_surroundings(self) -> None:
        """Evaluate all recipes anew, for the weather has changed."""
        for recipes in self.map.recipes:
            recipes.stale = True
        self.changed()

    def rate(self, train: str) -> float:
        """Return the flow of a train's main feed now, kg/h."""
        return self.activity[self.map.train_index[train]]

    def level_of(self, tank: str) -> float:
        """Return the contents of a tank now, kg."""
        self._advance()
        return self.level[self.tank_names.index(tank)]

    def falls_to(self, tank: str, level: float) -> simpy.Event:
        """Return an event that happens when the tank holds no more than ``level``, kg."""
        return self._mark(tank, level, falling=True)

    def rises_to(self, tank: str, level: float) -> simpy.Event:
        """Return an event that happens when the tank holds no less than ``level``, kg."""
        return self._mark(tank, level, falling=False)

    def forget(self, event: simpy.Event) -> None:
        """Wait no longer for a level."""
        self.marks = [mark for mark in self.marks if mark.event is not event]

    def _mark(self, tank: str, level: float, *, falling: bool) -> simpy.Event:
        event = self.env.event()
        self.marks.append(Mark(self.tank_names.index(tank), level, falling, event))
        self.changed()
        return event

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
            event.callbacks.append(self._settle)
            event._ok, event._value = True, None  # triggered here, to choose the priority
            self.env.schedule(event, priority=SETTLE)

    def run(self, until: float) -> None:
        """Run to an hour, and bring the books up to it."""
        if until > self.env.now:
            self.env.run(until)
        self._advance()
        self.blend()
        self.map.flush(self.blender.fed)

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
            "solves": self.solves,
            "fallbacks": self.fallbacks,
            "evaluations": self.map.evaluations,
            "blends": self.blender.blends,
        }

    # ---- time ------------------------------------------------------------------------------

    def _advance(self) -> None:
        """Carry levels and totals to now at the rates that held."""
        now = self.env.now
        hours = now - self.last
        if hours <= 0.0:
            return
        self.last = now
        carried = self.blender.carried
        for k, rate in enumerate(self.activity):
            if rate:
                carried[k] += rate * hours
        level = self.level
        for j, net in enumerate(self.net):
            if net:
                level[j] += net * hours
        for j, rate in enumerate(self.overflow):
            if rate:
                self.blender.spilled[j] += rate * hours
        for state in self.states.values():
            state.hours[state.state] = state.hours.get(state.state, 0.0) + hours

    def blend(self) -> None:
        """Bring compositions up to now, and mark the recipes that they have outrun."""
        self._advance()
        now = self.env.now
        hours = now - self.blended
        if hours <= 0.0:
            return
        self.blended = now
        moved = self.blender.blend()
        self.level = self.blender.contents.sum(axis=1).tolist()
        wait = hours * BLEND_MOVE / moved if moved else CALMEST
        self.next_blend = now + min(max(wait, KEENEST), CALMEST)
        shares = self.blender.shares
        for t, recipes in enumerate(self.map.recipes):
            if self.activity[t] and not recipes.stale and recipes.shares is not None:
                moved = float(np.abs(shares[self.map.activities[t].source] - recipes.shares).max())
                age = now - recipes.hour
                recipes.stale = moved > SHARE_TOLERANCE or moved * age > SHARE_HOURS

    def _evaluate(self, t: int) -> None:
        now = self.env.now
        self.map.evaluate(t, self.blender.shares, self.activity, self.surroundings(now), now)

    # ---- settlement ------------------------------------------------------------------------

    def _settle(self, _: simpy.Event) -> None:
        self.pending = False
        self.settlements += 1
        self._advance()
        if self.env.now >= self.next_blend:
            self.blend()
        for _pass in range(RATE_PASSES):
            self._solve()
            stale = self._stale()
            diverted = self._diverted()
            if not stale and not diverted:
                break
            self.blend()
            self.map.flush(self.blender.fed)
            for t, regime in diverted:
                self.map.set_regime(t, regime)
            for t in self.map.flush_order:
                if t in stale:
                    self._evaluate(t)
        else:
            names = ", ".join(self.train_names[t] for t in self._stale())
            raise RuntimeError(
                f"recipes of {names} and their rates do not settle in {RATE_PASSES} passes "
                f"at t = {self.env.now:g} h"
            )
        self._leave_bounds()
        self._ring_marks()
        self._drive_clocks()
        self._name_states()
        self._set_next()

    def _stale(self) -> set[int]:
        stale = set()
        for t, recipes in enumerate(self.map.recipes):
            rate = self.activity[t]
            if not rate:
                continue
            if recipes.stale or abs(rate - recipes.activity) > RATE_TOLERANCE * recipes.activity:
                stale.add(t)
                continue
            for k, then in zip(self.map.of_train[t][1:], recipes.header_rates, strict=True):
                if abs(self.activity[k] / rate - then) > RATE_TOLERANCE * max(then, 1e-3):
                    stale.add(t)
        return stale

    def _diverted(self) -> list[tuple[int, tuple[str, bool]]]:
        moved = []
        for t, hosts in enumerate(self.map.hosts_of):
            if hosts:
                cause, was = self.map.regime[t]
                now = any(not self.activity[host] for host in hosts)
                if now != was:
                    moved.append((t, (cause, now)))
        return moved

    def _declared_order(self) -> list[int]:
        names = [activity.name for activity in self.map.activities]
        trains = len(self.train_names)
        wanted = list(self.network.priorities)
        rest = [n for n in reversed(names[:trains]) if n not in wanted]
        headers = [n for n in names[trains:] if n not in wanted]
        return [names.index(name) for name in [*wanted, *rest, *headers]]

    def _header_rows(self) -> list[tuple[str, int, list[int]]]:
        """For every header inlet: its train's activity and those of its tanks."""
        rows = []
        for inlet, source in self.network.draws.items():
            if isinstance(source, Header):
                draws = [self._index(f"{inlet}<{tank}") for tank in source.tanks]
                rows.append((inlet, self.map.activities[draws[0]].train, draws))
        return rows

    def _index(self, name: str) -> int:
        return next(k for k, a in enumerate(self.map.activities) if a.name == name)

    def _capacities(self) -> list[float]:
        capacity = []
        for t, name in enumerate(self.train_names):
            state = self.states[name]
            evaluation = self.map.recipes[t].evaluation
            assert evaluation is not None
            capacity.append(0.0 if state.holds else state.fraction * evaluation.capacity)
        return capacity + [0.0] * (len(self.map.activities) - len(capacity))

    def _solve(self) -> None:
        """Find the rates: as high as capacities, EMPTY and FULL tanks and headers allow."""
        self.solves += 1
        shares = self.blender.shares[self.map.sources]
        moved = np.matmul(shares[:, None, :], self.map.totals)[:, 0, :]  # kg into tanks per kg
        gain = moved.T - self.blender.drawn_by
        capacity = self._capacities()
        rows: list[list[tuple[int, float]]] = []
        for inlet, t, draws in self.headers:
            rows.append(self._header_row(inlet, t, draws, shares, capacity))
        bounds: list[int] = [-1] * len(rows)
        table = gain.tolist()
        full = False
        for j, status in enumerate(self.status):
            if status == EMPTY or (status == FULL and not self.spills[j]):
                sign = 1.0 if status == FULL else -1.0
                full = full or status == FULL
                rows.append([(k, sign * g) for k, g in enumerate(table[j]) if g])
                bounds.append(j)
        rates = solve_rates(capacity, rows, self._order(full))
        self.fallbacks += rates.fallback
        self.activity = list(rates.activity)
        self.binding = [None if r is None else bounds[r] for r in rates.binding]
        for j, row in enumerate(table):
            net = passed = 0.0
            for k, g in enumerate(row):
                if g:
                    flow = g * self.activity[k]
                    net += flow
                    passed += flow if flow > 0.0 else -flow
            if abs(net) <= STILL * passed:
                net = 0.0
            spill = self.status[j] == FULL and self.spills[j] and net > 0.0
            self.overflow[j] = net if spill else 0.0
            self.net[j] = 0.0 if spill else net

    def _order(self, full: bool) -> list[int]:
        """Return the declared order; what relieves a FULL tank goes first."""
        if not full:
            return self.order
        activities = self.map.activities
        trains = len(self.train_names)

        def relieves(k: int) -> bool:  # a header keeps its own order; a spilling tank needs none
            j = activities[k].source
            full = k < trains and j < len(self.status) and self.status[j] == FULL
            return full and not self.spills[j]

        return sorted(self.order, key=lambda k: not relieves(k))

    def _header_row(
        self,
        inlet: str,
        t: int,
        draws: list[int],
        shares: np.ndarray,
        capacity: list[float],
    ) -> list[tuple[int, float]]:
        linear = self.map.recipes[t].linear
        assert linear is not None
        n = self.map.n
        demand = float(shares[t] @ linear.demand[inlet][:n])
        row = [(t, -demand)]
        for k in draws:
            worth = float(shares[k] @ np.array(linear.worth[inlet]))
            if worth > 0.0:
                capacity[k] = 2.0 * demand * max(capacity[t], 1.0) / worth
                row.append((k, worth))
        return row

    def _leave_bounds(self) -> None:
        for j, status in enumerate(self.status):
            net = self.net[j]
            if (status == EMPTY and net > 0.0) or (status == FULL and net < 0.0):
                self.status[j] = FREE

    def _ring_marks(self) -> None:
        """Tell who waits for a level that it is there."""
        reached = [mark for mark in self.marks if mark.passed(self.level[mark.tank])]
        for mark in reached:
            self.marks.remove(mark)
            mark.event.succeed()

    def _drive_clocks(self) -> None:
        for clock in self.clocks:
            t = self.map.train_index[self.network.train_of(clock.unit).name]
            rate = self.activity[t]
            if clock.unit in self.down:
                speed = 0.0
            elif clock.kind == CALENDAR:
                speed = 1.0
            elif clock.kind == RUN_TIME:
                speed = 1.0 if rate else 0.0
            elif clock.kind == MASS:
                speed = rate
            else:
                evaluation = self.map.recipes[t].evaluation
                assert evaluation is not None
                speed = rate / evaluation.capacity
            clock.run_at(speed)

    def _name_states(self) -> None:
        """Say of every train what it does, and why it stands."""
        for t, name in enumerate(self.train_names):
            state = self.states[name]
            cause = self.map.regime[t][0]
            if state.holds:
                told = next(iter(state.holds.values()))
            elif self.activity[t]:
                told = RUNNING if cause == NORMAL else cause
            elif self.binding[t] is None:
                told = "idle"
            else:
                j = self.binding[t]
                if j < 0:
                    told = "waiting for make-up water"
                else:
                    word = "starved by" if self.status[j] == EMPTY else "blocked by"
                    told = f"{word} {self.tank_names[j]}"
            if told != state.state:
                state.state = told
                if self.recorder is not None:
                    self.recorder.state(self.env.now, name, told)
        if self.recorder is not None:
            self.recorder.levels(self.env.now, self.level)
        self._refuse_gridlock()

    def _refuse_gridlock(self) -> None:
        if any(self.activity) or self.expected:
            return
        if any(state.holds for state in self.states.values()):
            return
        told = "; ".join(f"{name} {s.state}" for name, s in self.states.items())
        raise Gridlock(
            f"at t = {self.env.now:g} h nothing flows and nothing is expected to change that: {told}"
        )

    def _set_next(self) -> None:
        """Set one alarm for the next bound that a tank reaches, or the next blend."""
        soonest = max(self.next_blend - self.env.now, 0.0)
        tank, bound = -1, FREE
        for j, net in enumerate(self.net):
            if net and self.status[j] == FREE:
                if net > 0.0:
                    wait = (self.capacity[j] - self.level[j]) / net
                else:
                    wait = (self.heel[j] - self.level[j]) / net
                if wait < soonest:
                    soonest, tank, bound = max(wait, 0.0), j, FULL if net > 0.0 else EMPTY
        mark = None
        for waiting in self.marks:
            net = self.net[waiting.tank]
            if net < 0.0 if waiting.falling else net > 0.0:
                wait = (waiting.level - self.level[waiting.tank]) / net
                if wait < soonest:
                    soonest, tank, mark = max(wait, 0.0), -1, waiting
        self.version += 1
        version = self.version
        alarm = self.env.timeout(soonest)
        alarm.callbacks.append(lambda _: self._alarm(version, tank, bound, mark))

    def _alarm(self, version: int, tank: int, bound: str, mark: Mark | None) -> None:
        if version != self.version:
            return
        if mark is not None and mark in self.marks:
            self.marks.remove(mark)
            mark.event.succeed()
        if tank >= 0:
            self.status[tank] = bound
            if self.hits[0] != self.env.now:
                self.hits = [self.env.now, 0.0]
            self.hits[1] += 1.0
            if self.hits[1] > 3 * len(self.status) + 10:
                raise RuntimeError(
                    f"tank {self.tank_names[tank]!r} goes {bound} for the {self.hits[1]:g}th time "
                    f"at t = {self.env.now:g} h: its bounds follow each other without time between"
                )
        self.changed()
