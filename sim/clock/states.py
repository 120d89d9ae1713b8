"""What every train does, and why it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.errors import Gridlock
from sim.flow.books import NORMAL
from sim.flow.problem import EMPTY, HEADER

if TYPE_CHECKING:
    from sim.clock.plant import Plant


RUNNING = "running"


class TrainState:
    """What a train may do now: held by whom, at which fraction of its capacity, in which state."""

    def __init__(self) -> None:
        self.holds: dict[str, str] = {}
        self.waits: dict[str, str] = {}
        self.fraction = 1.0
        self.state = RUNNING
        self.since = 0.0
        self.full = False  # runs at its capacity
        self.full_since = 0.0
        self.hours: dict[str, float] = {}
        self.full_hours = 0.0

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


def name_states(plant: Plant) -> None:
    """Say of every train what it does now, and leave the changes in the record."""
    now = plant.env.now
    activity, binding = plant.rates.activity, plant.rates.binding
    for t, (name, state) in enumerate(plant.states.items()):
        full = activity[t] > 0.0 and binding[t] is None
        if full != state.full:
            state.fill(full, now)
        told = state_of(plant, t, state)
        if told != state.state:
            state.enter(told, now)
            if plant.recorder is not None:
                plant.recorder.state(now, name, told)
    if plant.recorder is not None:
        plant.recorder.levels(now, plant.level)


def state_of(plant: Plant, t: int, state: TrainState) -> str:
    """Return the state of a train in words: running, its cause, who holds it, what it lacks."""
    if state.holds:
        return next(iter(state.holds.values()))
    if state.waits:
        return next(iter(state.waits.values()))
    if plant.rates.activity[t]:
        cause = plant.map.regime[t].cause
        return RUNNING if cause == NORMAL else cause
    tank = plant.rates.binding[t]
    if tank is None:
        return "idle"
    if tank < 0:
        return f"waiting for {HEADER}"
    word = "starved by" if plant.status[tank] == EMPTY else "blocked by"
    return f"{word} {plant.tank_names[tank]}"


def refuse_gridlock(plant: Plant) -> None:
    """Raise ``Gridlock`` when nothing flows and nothing is under way that could change that."""
    if any(plant.rates.activity) or plant.expected:
        return
    if any(state.holds for state in plant.states.values()):
        return  # something is down; a train that only waits is no reason to go on
    told = "; ".join(f"{name} {s.state}" for name, s in plant.states.items())
    circle = waiting_circle(plant)
    around = f" (circle: {' -> '.join(circle)})" if circle else ""
    raise Gridlock(
        f"at t = {plant.env.now:g} h nothing flows and nothing is expected to change that: "
        f"{told}{around}"
    )


def waiting_circle(plant: Plant) -> list[str]:
    """Return who waits for whom, trains and tanks in turn, the first again at the end.

    A train waits for the tank that limits it: an EMPTY one waits for a train that feeds it, a FULL
    one for a train that draws from it. A train that somebody lets wait waits for those that draw
    from the tanks it feeds. Empty where there is no circle.
    """
    after = {name: _waits_for(plant, t) for t, name in enumerate(plant.train_names)}
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


def _waits_for(plant: Plant, t: int) -> list[tuple[str, str]]:
    """Return the tanks that a train waits for, each with a train that this tank waits for."""
    gain, activities = plant.problem.gain, plant.map.activities
    own = set(plant.map.of_train[t])
    tank = plant.rates.binding[t]
    waits = plant.states[plant.train_names[t]].waits
    if "level switch" in waits:  # waits for what comes, and whoever feeds it does not wait for it
        return []
    if waits:
        tanks = [(j, -1.0) for j, row in enumerate(gain) if any(k in own and g > 0 for k, g in row)]
    elif tank is None or tank < 0:
        return []
    else:
        tanks = [(tank, 1.0 if plant.status[tank] == EMPTY else -1.0)]
    return [
        (plant.tank_names[j], plant.train_names[activities[k].train])
        for j, sign in tanks
        for k, g in gain[j]
        if sign * g > 0.0 and k not in own
    ]
