"""What every train does, and why it stands; trains that nothing can set going again."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from types import CodeType, FrameType, GeneratorType

import numpy as np
import simpy
from simpy.events import Condition

from sim.clock.alarms import Alarm
from sim.clock.clocks import Timing
from sim.clock.recorder import Recorder
from sim.errors import Gridlock, Named
from sim.flow.arrays import EMPTY, FREE, NOTHING
from sim.flow.counts import STRUCTURE
from sim.flow.map import DEVICE_DOWN, NORMAL, OFF_SPEC, TRIP, FlowMap, Regime
from sim.flow.stale import STANDS
from sim.flow.state import FlowState
from sim.network.unit import STOPPING

RUNNING = "running"
CAPACITY = "capacity"
LEVEL_SWITCH = "level switch"  # who lets a train wait by a level, as its name begins
STATES = dict.fromkeys(STOPPING, TRIP) | dict.fromkeys((NORMAL, DEVICE_DOWN, OFF_SPEC), RUNNING)
"""What a train does that runs, by the cause under which it does; any other is its own name."""
USUAL = Regime()
ENGINE = __name__.partition(".")[0]

Place = tuple[CodeType, int]
"""Where in the text of a process it waits: its code, and the last instruction that it ran."""


@dataclass
class TrainState:
    """What a train may do now: held by whom, at which fraction of its capacity, in which state."""

    place: int  # among the trains
    holds: dict[str, str] = field(default_factory=dict)
    waits: dict[str, str] = field(default_factory=dict)
    fraction: float = 1.0  # at which it may run: ...
    part: float = 1.0  # ... what its start-up or trip asks for, times ...
    share: float = 1.0  # ... what somebody has ordered
    state: str = RUNNING
    since: float = 0.0
    before: float = 0.0  # h in this state before, so that looking in between adds no rounding
    limit: str = ""  # what keeps it from more: `CAPACITY`, a utility, or neither
    limit_since: float = 0.0
    limit_before: float = 0.0
    hours: dict[str, float] = field(default_factory=lambda: Named((), "state"))
    limited_hours: dict[str, float] = field(default_factory=dict)
    """Hours at its own capacity, and those in which a utility gave no more, h."""

    @property
    def full_hours(self) -> float:
        """Hours at its capacity, h."""
        return self.limited_hours.get(CAPACITY, 0.0)

    def run(self, *, part: float | None = None, share: float | None = None) -> None:
        """Run at a part of what is ordered, or let a share of the capacity be ordered."""
        self.part = self.part if part is None else part
        self.share = self.share if share is None else share
        self.fraction = self.part * self.share

    def enter(self, state: str, limit: str, now: float) -> None:
        """Count the hours in the state and at the limit, h; begin others where either is new."""
        was = self.state
        if now > self.since:
            self.hours[was] = self.before + (now - self.since)
        if state != was:
            self.state, self.since, self.before = state, now, self.hours.get(state, 0.0)
        if self.limit:
            self.limited_hours[self.limit] = self.limit_before + (now - self.limit_since)
        if limit != self.limit:
            self.limit, self.limit_since = limit, now
            self.limit_before = self.limited_hours.get(limit, 0.0)

    def count(self, now: float) -> None:
        """Count all hours up to now."""
        self.enter(self.state, self.limit, now)

    def hours_in(self, states: Collection[str], now: float) -> float:
        """Return the hours in some states up to now, h."""
        self.count(now)
        return sum(self.hours.get(state, 0.0) for state in states)


class Turns:
    """Which processes have had their turn to change something since the trouble began.

    What a process waits for counts when it is seen first. A process that comes back to a place at
    which it, or another of its kind, waited before goes round in a circle: it has had its turn.
    """

    def __init__(self) -> None:
        self._first: dict[Place, list[simpy.Event]] = {}
        self.forget = self._first.clear
        """Begin anew: whatever was the matter is over."""

    def left(self, waits: Collection[tuple[Place, simpy.Event]]) -> list[simpy.Event]:
        """Return what still counts of all that processes wait for now."""
        first: dict[Place, list[simpy.Event]] = {}
        for place, event in waits:
            if place not in self._first:
                first.setdefault(place, []).append(event)
        self._first |= first
        return [event for place, event in waits if event in self._first[place]]


class Expected:
    """While this lasts, something is under way that can set trains going again."""

    def __init__(self, expectations: Expectations, trains: Collection[str]) -> None:
        self.expectations = expectations
        self.trains = trains

    def __enter__(self) -> None:
        of_train = self.expectations.of_train
        for name in self.trains:
            of_train[name] = of_train.get(name, 0) + 1

    def __exit__(self, *_: object) -> None:
        of_train = self.expectations.of_train
        for name in self.trains:
            of_train[name] -= 1
            if not of_train[name]:
                del of_train[name]
        if self.expectations.suspected:
            self.expectations.again()


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
        self.of_train: dict[str, int] = {}
        """How many processes say that they expect something of it."""
        self._of_all = Turns()
        self.all_flows = self._of_all.forget
        """Forget who has had a turn: something flows again."""
        self._of_part = (frozenset[str](), Turns())
        self.suspected = False
        """Whether all hangs on what is expected: when it has come, it is asked for again."""

    def of(self, trains: Collection[str]) -> Expected:
        """Mark that something is under way that can set these trains going again."""
        return Expected(self, trains)

    def tell_at_once(self) -> bool:
        """Whether somebody waits for a level or count that is there already; asks again after it.

        It is told after this.
        """
        flow, now = self.alarm.flow, self.env.now
        growth, since = flow.rates.growth, now - flow.hour
        marks = (
            m.event
            for m in self.alarm.marks
            if m.passed(flow.level(m.tank) + growth[m.tank] * since)
        )
        counts = (c.event for clocks in self.timing.clocks for c in clocks if c.due <= now)
        return self._again_after([event for event in (*marks, *counts) if event is not None])

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

    def _unsaid(self, turns: Turns) -> bool:
        """Whether a process that is not the engine's waits for its turn; asks again after it."""
        return self._again_after(turns.left(self._waits()))

    def _again_after(self, events: Collection[simpy.Event]) -> bool:
        """Ask again after each of some events; return whether there are any."""
        for event in events:
            if self.again not in event.callbacks:
                event.callbacks.append(self.again)
        return bool(events)

    def again(self, _: simpy.Event | None = None) -> None:
        """Ask once more whether all hangs on what is expected."""
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
                if clock.event is not None and clock.due < math.inf:
                    yield clock.event
        flow = self.alarm.flow
        for mark in self.alarm.marks:
            if mark.wait(flow.level(mark.tank), flow.rates.growth[mark.tank]) is not None:
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


class TrainStates(Named[str, TrainState]):
    """What every train of a plant may do and does, by name."""

    def __init__(self, trains: Iterable[str], expectations: Expectations) -> None:
        super().__init__(((name, TrainState(t)) for t, name in enumerate(trains)), "train")
        self.expectations = expectations
        self.rows = list(self.values())
        """The same in the order of the trains."""
        self.standing = set(range(len(self.rows)))
        """Trains that nobody keeps from running and that stand all the same."""
        self.moved: set[int] = set()
        """Trains that may have come to wait for others since somebody last looked for a circle."""
        self.observers: list[Callable[[float], None]] = []
        """Who is told the hour of every settlement."""
        self._structure, self._meshed = -1, False
        self.way_out = (
            "a process that will change it says so: `with plant.expecting():` around its wait"
        )
        """What to do about a plant that stands still, as its messages end."""

    def limiting_hours(self) -> dict[str, float]:
        """Return the hours of each train at its capacity, and how long a utility held one back, h.

        Of a utility that several trains use it is the one that it held back the longest.
        """
        hours = {name: state.full_hours for name, state in self.items()}
        for state in self.values():
            for limit, told in state.limited_hours.items():
                if limit != CAPACITY:
                    hours[limit] = max(told, hours.get(limit, 0.0))
        return hours

    def may_lock(self, flow: FlowState) -> bool:
        """Whether one of the trains that have moved waits for itself, by way of others.

        Where no stream leads back, nobody needs to look; see `meshed`.
        """
        structure = flow.map.course.counts.item(STRUCTURE)
        if not self._meshed and structure != self._structure:
            self._structure, self._meshed = structure, meshed(flow.map)
        return self._meshed and any(_locked_with(flow, self, t) for t in self.moved)


def name_states(
    flow: FlowState,
    states: TrainStates,
    trains: Iterable[int],
    now: float,
    recorder: Recorder | None,
) -> None:
    """Say of trains what they do now, and leave the changes in the record."""
    rate, row, rows, standing = flow.rates.rate, flow.rates.row, states.rows, states.standing
    held_to = flow.map.course.most  # what is held where its rate jumps is below its capacity
    utilities = len(flow.tank_names)  # rows from here on
    for t in trains:
        state, runs = rows[t], rate[t] > 0.0
        kept, before = state.holds or state.waits, state.state
        if kept:
            told = next(iter(kept.values()))
        elif runs:
            cause = flow.map.regime[t].cause
            told = STATES.get(cause, cause)
        else:
            told = _lack(flow, t, row[t])
        limit = ""
        if runs and row[t] == NOTHING and rate[t] < held_to[t]:
            limit = CAPACITY
        elif row[t] >= utilities:
            limit = _utility(flow, row[t])
        if told != before or limit != state.limit:
            state.enter(told, limit, now)
        if runs or kept:
            standing.discard(t)
        else:
            standing.add(t)
            if told != before:
                states.moved.add(t)
        if recorder is not None and told != before:
            recorder.state(now, flow.train_names[t], told)
    if recorder is not None:
        recorder.levels(now, flow.levels)
    for look in states.observers:
        look(now)


def _lack(flow: FlowState, t: int, row: int) -> str:
    """Return what a train lacks that nobody holds and that stands all the same."""
    if row == NOTHING:
        return "idle"
    tanks = flow.tank_names
    if row >= len(tanks):
        return f"short of {_utility(flow, row)}"
    return f"starved by {tanks[row]}" if _starves(flow, t, row) else f"blocked by {tanks[row]}"


def _utility(flow: FlowState, row: int) -> str:
    """Return whose limit a row is."""
    return list(flow.map.utilities)[row - len(flow.problem.plan.sign)]


def _starves(flow: FlowState, t: int, tank: int) -> bool:
    """Whether the tank that limits a train gives too little; otherwise it gets too much.

    One that is neither empty nor full may have begun to fill, or as a second feed be of no use.
    """
    status = flow.problem.plan.status.item(tank)
    if status != FREE:
        return bool(status == EMPTY)
    draws = [d for main, draws in flow.map.seconds.values() if main == t for d in draws]
    return tank in flow.map.sources[[t, *draws]].tolist()


def refuse_gridlock(flow: FlowState, states: TrainStates, now: float) -> None:
    """Raise ``Gridlock`` when nothing can set trains going again, all of them or a part.

    Where nothing flows, everything that somebody expects or waits for may change that. While others
    run, trains that wait for each other in a circle stand for good unless somebody expects
    something of one of them, or a process that is not the engine's has not had its turn.
    """
    expectations, moved = states.expectations, states.moved
    expectations.suspected = False
    if moved and len(states.standing) > 1 and states.may_lock(flow):
        locked = locked_trains(flow, states)
        if not (expectations.tell_at_once() or expectations.concern(locked)):
            some, all_of_them = len(locked), len(states)
            who = "all" if some == all_of_them else f"{some} of {all_of_them}"
            what = f"{who} trains wait for each other and nobody else can let them go"
            raise _gridlock(flow, states, now, locked, what)
    elif moved:  # otherwise what may still open the circle is asked for again
        moved.clear()
    if flow.rates.flows:
        expectations.all_flows()
        return
    for state in states.rows:
        if state.holds or state.share <= STANDS:
            return  # down, or ordered to stand; a train that only waits is no reason to go on
    if not (expectations.tell_at_once() or expectations.concern_all()):
        raise _gridlock(
            flow, states, now, states, "nothing flows and nothing is expected to change that"
        )


def _gridlock(
    flow: FlowState, states: TrainStates, now: float, trains: Collection[str], what: str
) -> Gridlock:
    told = "; ".join(f"{name} {states[name].state}" for name in states if name in trains)
    circle = _waiting_circle(flow, states, trains)
    around = f" (circle: {' -> '.join(circle)})" if circle else ""
    return Gridlock(f"at t = {now:g} h {what}: {told}{around}; {states.way_out}")


def locked_trains(flow: FlowState, states: TrainStates) -> frozenset[str]:
    """Return the trains that stand until another one of them moves: there is a circle among them.

    A train that is held or let wait, starts up, trips or has an outlet led elsewhere depends on a
    process, and is none of them; neither is one before a tank that no train at all can relieve.
    """
    locked = (_locked_with(flow, states, t) for t in range(len(states)))
    return frozenset(flow.train_names[t] for trains in locked for t in trains)


def meshed(flow_map: FlowMap) -> bool:
    """Whether a way leads from a train over tanks and other trains back to it by another stream.

    Trains that wait for each other in a circle are such a way: each waits for a tank by one of its
    streams, and is waited for by another one.
    """
    tanks = len(flow_map.tanks)
    streams = {(a.train, a.source, False) for a in flow_map.activities}
    for k, j in np.argwhere(flow_map.effects.reach).tolist():
        streams.add((flow_map.activities[k].train, j, True))
    joined = list(range(tanks + len(flow_map.trains)))
    for t, j, _ in streams:
        if t < 0 or j >= tanks:
            continue
        train, tank = _first(joined, tanks + t), _first(joined, j)
        if train == tank:
            return True
        joined[train] = tank
    return False


def _first(joined: Sequence[int], i: int) -> int:
    """Return the first of all that are joined with one."""
    while joined[i] != i:
        i = joined[i]
    return i


def _locked_with(flow: FlowState, states: TrainStates, t: int) -> set[int]:
    """Return the trains that a train waits for, itself included, if none of them can move."""
    found, waiting = {t}, [t]
    while waiting:
        relievers = _must_wait_for(flow, states, waiting.pop())
        if not relievers:
            return set()
        waiting += relievers - found
        found |= relievers
    return found


def _must_wait_for(flow: FlowState, states: TrainStates, t: int) -> set[int]:
    """Return the trains of which one must move before a train can; none if it may before."""
    tank, state = flow.rates.limit(t), states[flow.train_names[t]]
    stands = tank is not None and tank < len(flow.tank_names) and not flow.rates.rate[t]
    if not stands or state.holds or state.waits or flow.map.regime[t] != USUAL:
        return set()
    return {flow.map.activities[k].train for _, k in _relievers(flow, t)}


def _relievers(flow: FlowState, t: int) -> list[tuple[int, int]]:
    """Return the tank that limits a train, with each activity of others that could relieve it."""
    tank = flow.rates.limit(t)
    if tank is None or tank >= len(flow.tank_names):
        return []
    sign, own = (1.0 if _starves(flow, t, tank) else -1.0), set(flow.map.of_train[t])
    return [(tank, k) for k, g in _effects(flow, tank) if sign * g > 0.0 and k not in own]


def _effects(flow: FlowState, tank: int) -> Sequence[tuple[int, float]]:
    """Return the activities that fill a tank or, below 0, draw it, kg per kg of main feed."""
    return flow.problem.gain(tank)


def _waiting_circle(flow: FlowState, states: TrainStates, trains: Collection[str]) -> list[str]:
    """Return who of some trains waits for whom, tanks in turn, the first again at the end.

    A train waits for the tank that limits it: an EMPTY one waits for a train that feeds it, a FULL
    one for a train that draws from it. A train that somebody lets wait waits for those that draw
    from the tanks it feeds. Empty where there is no circle.
    """
    after = {
        name: [(tank, other) for tank, other in _waits_for(flow, states, t) if other in trains]
        for t, name in enumerate(flow.train_names)
        if name in trains
    }
    for first in after:
        circle = _back_to(first, first, after, [])
        if circle:
            return circle
    return []


def _back_to(
    first: str, train: str, after: dict[str, list[tuple[str, str]]], seen: list[str]
) -> list[str]:
    """Return the way from a train back to the first, or nothing; ``seen`` grows."""
    seen.append(train)
    for tank, following in after[train]:
        if following == first:
            return [train, tank, first]
        rest = [] if following in seen else _back_to(first, following, after, seen)
        if rest:
            return [train, tank, *rest]
    return []


def _waits_for(flow: FlowState, states: TrainStates, t: int) -> list[tuple[str, str]]:
    """Return the tanks that a train waits for, each with a train that this tank waits for."""
    waits = states[flow.train_names[t]].waits
    if any(who.startswith(LEVEL_SWITCH) for who in waits):  # for what comes; who feeds it does not
        return []
    found = _drawers(flow, t) if waits else _relievers(flow, t)
    return [(flow.tank_names[j], flow.train_names[flow.map.activities[k].train]) for j, k in found]


def _drawers(flow: FlowState, t: int) -> list[tuple[int, int]]:
    """Return the tanks that a train feeds, with each activity of others that draws from them."""
    own = set(flow.map.of_train[t])
    rows = [(j, _effects(flow, j)) for j in range(len(flow.tank_names))]
    fed = [(j, row) for j, row in rows if any(k in own and g > 0.0 for k, g in row)]
    return [(j, k) for j, row in fed for k, g in row if g < 0.0 and k not in own]
