"""What every train does, and why it stands; trains that nothing can set going again."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field

from sim.clock.expectations import Expectations
from sim.clock.recorder import Recorder
from sim.errors import Gridlock, UnknownName, did_you_mean
from sim.flow.map import NORMAL, Regime
from sim.flow.rates import EMPTY, HEADER
from sim.flow.state import FlowState

RUNNING = "running"


@dataclass
class TrainState:
    """What a train may do now: held by whom, at which fraction of its capacity, in which state."""

    holds: dict[str, str] = field(default_factory=dict)
    waits: dict[str, str] = field(default_factory=dict)
    fraction: float = 1.0  # at which it may run: ...
    part: float = 1.0  # ... what its start-up or trip asks for, times ...
    share: float = 1.0  # ... what somebody has ordered
    state: str = RUNNING
    since: float = 0.0
    full: bool = False  # runs at its capacity
    full_since: float = 0.0
    hours: dict[str, float] = field(default_factory=dict)
    full_hours: float = 0.0

    def run(self, *, part: float | None = None, share: float | None = None) -> None:
        """Run at a part of what is ordered, or let a share of the capacity be ordered."""
        self.part = self.part if part is None else part
        self.share = self.share if share is None else share
        self.fraction = self.part * self.share

    def enter(self, state: str, now: float) -> None:
        """Count the hours in the state that ends, h, and begin another."""
        if now > self.since:
            self.hours[self.state] = self.hours.get(self.state, 0.0) + now - self.since
        self.state, self.since = state, now

    def fill(self, full: bool, now: float) -> None:
        """Count the hours at capacity, h, up to now."""
        if self.full:
            self.full_hours += now - self.full_since
        self.full, self.full_since = full, now


class TrainStates(dict[str, TrainState]):
    """What every train of a plant may do and does, by name."""

    def __init__(self, trains: Iterable[str], expectations: Expectations) -> None:
        super().__init__((name, TrainState()) for name in trains)
        self.expectations = expectations
        self.moved: set[int] = set()
        """Trains that have changed their state since somebody last looked for a circle."""
        self.observers: list[Callable[[float], None]] = []
        """Who is told the hour of every settlement."""

    def __missing__(self, name: str) -> TrainState:
        raise UnknownName(f"no train {name!r}{did_you_mean(name, self)}")


def name_states(
    flow: FlowState, states: TrainStates, now: float, recorder: Recorder | None
) -> None:
    """Say of every train what it does now, and leave the changes in the record."""
    activity, binding = flow.rates.activity, flow.rates.binding
    for t, (name, state) in enumerate(states.items()):
        full = activity[t] > 0.0 and binding[t] is None
        if full != state.full:
            state.fill(full, now)
        told = state_of(flow, t, state)
        if told != state.state:
            state.enter(told, now)
            states.moved.add(t)
            if recorder is not None:
                recorder.state(now, name, told)
    if recorder is not None:
        recorder.levels(now, flow.level)
    for look in states.observers:
        look(now)


def state_of(flow: FlowState, t: int, state: TrainState) -> str:
    """Return the state of a train in words: running, its cause, who holds it, what it lacks."""
    if state.holds:
        return next(iter(state.holds.values()))
    if state.waits:
        return next(iter(state.waits.values()))
    if flow.rates.activity[t]:
        cause = flow.map.regime[t].cause
        return RUNNING if cause == NORMAL else cause
    tank = flow.rates.binding[t]
    if tank is None:
        return "idle"
    if tank < 0:
        return f"waiting for {HEADER}"
    word = "starved by" if flow.status[tank] == EMPTY else "blocked by"
    return f"{word} {flow.tank_names[tank]}"


def refuse_gridlock(flow: FlowState, states: TrainStates, now: float) -> None:
    """Raise ``Gridlock`` when nothing can set trains going again, all of them or a part.

    Where nothing flows, everything that somebody expects or waits for may change that. While others
    run, trains that wait for each other in a circle stand for good unless somebody expects
    something of one of them, or a process that is not the engine's has not had its turn.
    """
    expectations = states.expectations
    expectations.suspected = False
    if any(_locked_with(flow, states, t) for t in states.moved):
        locked = locked_trains(flow, states)
        if not (expectations.tell_at_once() or expectations.concern(locked)):
            raise _gridlock(
                flow, states, now, locked, "wait for each other and nobody else can let them go"
            )
    else:  # otherwise what may still open the circle is asked for again
        states.moved.clear()
    if any(flow.rates.activity):
        expectations.all_flows()
        return
    if any(state.holds for state in states.values()):
        return  # something is down; a train that only waits is no reason to go on
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
    who = "" if len(trains) == len(states) else f"{len(trains)} of {len(states)} trains "
    return Gridlock(
        f"at t = {now:g} h {who}{what}: {told}{around}; a process that will change it says so: "
        "`with plant.expecting():` around its wait"
    )


def locked_trains(flow: FlowState, states: TrainStates) -> frozenset[str]:
    """Return the trains that stand until another one of them moves: there is a circle among them.

    A train that is held or let wait, starts up, trips or has an outlet led elsewhere depends on a
    process, and is none of them; neither is one before a tank that no train at all can relieve.
    """
    locked = (_locked_with(flow, states, t) for t in range(len(states)))
    return frozenset(flow.train_names[t] for trains in locked for t in trains)


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
    tank, state = flow.rates.binding[t], states[flow.train_names[t]]
    stands = tank is not None and tank >= 0 and not flow.rates.activity[t]
    if not stands or state.holds or state.waits or flow.map.regime[t] != Regime():
        return set()
    return {flow.map.activities[k].train for _, k in _relievers(flow, t)}


def _relievers(flow: FlowState, t: int) -> list[tuple[int, int]]:
    """Return the tank that limits a train, with each activity of others that could relieve it."""
    tank = flow.rates.binding[t]
    if tank is None or tank < 0:
        return []
    sign, own = (1.0 if flow.status[tank] == EMPTY else -1.0), set(flow.map.of_train[t])
    return [(tank, k) for k, g in _effects(flow, tank) if sign * g > 0.0 and k not in own]


def _effects(flow: FlowState, tank: int) -> Sequence[tuple[int, float]]:
    """Return the activities that fill a tank or, below 0, draw it, kg per kg of main feed."""
    return flow.problem.gain[tank]


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
    if "level switch" in waits:  # waits for what comes, and whoever feeds it does not wait for it
        return []
    found = _drawers(flow, t) if waits else _relievers(flow, t)
    return [(flow.tank_names[j], flow.train_names[flow.map.activities[k].train]) for j, k in found]


def _drawers(flow: FlowState, t: int) -> list[tuple[int, int]]:
    """Return the tanks that a train feeds, with each activity of others that draws from them."""
    own = set(flow.map.of_train[t])
    rows = [(j, _effects(flow, j)) for j in range(len(flow.tank_names))]
    fed = [(j, row) for j, row in rows if any(k in own and g > 0.0 for k, g in row)]
    return [(j, k) for j, row in fed for k, g in row if g < 0.0 and k not in own]
