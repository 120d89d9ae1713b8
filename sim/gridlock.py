"""The circle of trains and tanks that wait for each other when a plant stands for good."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.errors import Gridlock
from sim.rate_problem import EMPTY

if TYPE_CHECKING:
    from sim.plant import Plant


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
