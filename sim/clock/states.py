"""What every train does, and why it stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sim.clock.recorder import Recorder
from sim.errors import Gridlock
from sim.flow.map import NORMAL
from sim.flow.rates import EMPTY, HEADER
from sim.flow.state import FlowState

RUNNING = "running"


@dataclass
class TrainState:
    """What a train may do now: held by whom, at which fraction of its capacity, in which state."""

    holds: dict[str, str] = field(default_factory=dict)
    waits: dict[str, str] = field(default_factory=dict)
    fraction: float = 1.0
    state: str = RUNNING
    since: float = 0.0
    full: bool = False  # runs at its capacity
    full_since: float = 0.0
    hours: dict[str, float] = field(default_factory=dict)
    full_hours: float = 0.0

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


def name_states(
    flow: FlowState, states: Mapping[str, TrainState], now: float, recorder: Recorder | None
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
            if recorder is not None:
                recorder.state(now, name, told)
    if recorder is not None:
        recorder.levels(now, flow.level)


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


def refuse_gridlock(flow: FlowState, states: Mapping[str, TrainState], now: float) -> None:
    """Raise ``Gridlock`` when nothing flows; nobody expects anything that could change that."""
    if any(flow.rates.activity):
        return
    if any(state.holds for state in states.values()):
        return  # something is down; a train that only waits is no reason to go on
    told = "; ".join(f"{name} {s.state}" for name, s in states.items())
    circle = _waiting_circle(flow, states)
    around = f" (circle: {' -> '.join(circle)})" if circle else ""
    raise Gridlock(
        f"at t = {now:g} h nothing flows and nothing is expected to change that: {told}{around}; "
        "a process that will change it says so: `with plant.expecting():` around its wait"
    )


def _waiting_circle(flow: FlowState, states: Mapping[str, TrainState]) -> list[str]:
    """Return who waits for whom, trains and tanks in turn, the first again at the end.

    A train waits for the tank that limits it: an EMPTY one waits for a train that feeds it, a FULL
    one for a train that draws from it. A train that somebody lets wait waits for those that draw
    from the tanks it feeds. Empty where there is no circle.
    """
    after = {name: _waits_for(flow, states, t) for t, name in enumerate(flow.train_names)}
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


def _waits_for(flow: FlowState, states: Mapping[str, TrainState], t: int) -> list[tuple[str, str]]:
    """Return the tanks that a train waits for, each with a train that this tank waits for."""
    gain, activities = flow.problem.gain, flow.map.activities
    own = set(flow.map.of_train[t])
    tank = flow.rates.binding[t]
    waits = states[flow.train_names[t]].waits
    if "level switch" in waits:  # waits for what comes, and whoever feeds it does not wait for it
        return []
    if waits:
        tanks = [(j, -1.0) for j, row in enumerate(gain) if any(k in own and g > 0 for k, g in row)]
    elif tank is None or tank < 0:
        return []
    else:
        tanks = [(tank, 1.0 if flow.status[tank] == EMPTY else -1.0)]
    return [
        (flow.tank_names[j], flow.train_names[activities[k].train])
        for j, sign in tanks
        for k, g in gain[j]
        if sign * g > 0.0 and k not in own
    ]
