"""What every train does, and why it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.books import NORMAL
from sim.rate_problem import EMPTY, HEADER

if TYPE_CHECKING:
    from sim.plant import Plant

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
