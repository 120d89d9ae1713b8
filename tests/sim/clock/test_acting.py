"""What somebody does to a plant as it runs: random acts on random networks keep every law."""

import random
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from plant_models.benchmarks.machines import running
from sim.clock.life import Life
from sim.clock.plant import Plant
from sim.clock.recorder import Recorder
from sim.clock.redesign import redesign
from sim.network.network import Network
from tests.sim.flow.random_networks import Drawn, keeps_its_laws, with_second_feeds

HOURS = 24.0
SHARES = (0.0, 1.0, 0.5, 0.37, 1e-6, 1e-9)
Act = Callable[[Plant], object]
KINDS: dict[str, Callable[[int], Network]] = {
    "two": lambda number: Drawn(number, 2).network(),
    "three": lambda number: Drawn(number, 3).network(),
    "five": lambda number: Drawn(number, 5).network(),
    "like in size": lambda number: Drawn(number, 2, stiff=False).network(),
    "second feeds": with_second_feeds,
}
# Number: kinds in which more than half a minute goes by, see "What takes long" in docs/method.md
SLOW = {("second feeds", 81)}


def acts(network: Network, rng: random.Random) -> list[tuple[float, Act]]:
    """Return what is done at which hours: some of them are the same."""
    hours = [
        rng.choice([round(rng.uniform(0.0, HOURS)), rng.uniform(0.0, HOURS)]) for _ in range(4)
    ]
    hours += rng.choices(hours, k=rng.randint(0, 8))
    return [(float(hour), _act(network, rng)) for hour in sorted(hours)]


def _act(network: Network, rng: random.Random) -> Act:
    train = rng.choice(network.trains).name
    tank, outlet = rng.choice([*network.tanks]), rng.choice([*network.pipes])
    to = rng.choice([*network.tanks, *network.sinks])
    share, falls, factor = rng.choice(SHARES), rng.random() < 0.5, rng.choice([0.5, 0.9, 2.0])
    made: list[Act] = [
        lambda plant: plant.hold(train, "somebody", "held"),
        lambda plant: plant.release(train, "somebody"),
        lambda plant: plant.wait(train, "another", "waits"),
        lambda plant: plant.release(train, "another"),
        lambda plant: plant.run_at(train, share),
        lambda plant: plant.run_as(train, "by hand", share),
        lambda plant: plant.lead(outlet, to),
        lambda plant: plant.lead(outlet, plant.network.pipes[outlet].to),
        lambda plant: plant.book(),
        lambda plant: plant.changed(),
        lambda plant: plant.level_of(tank),
        lambda plant: plant.env.process(_stands_at(plant, train, tank, share, falls)),
        lambda plant: _resize(plant, train, factor),
    ]
    return rng.choice(made)


def _stands_at(plant: Plant, train: str, tank: str, share: float, falls: bool) -> Life:
    """Let a train stand for a while once a tank is at a level."""
    kg = share * plant.network.tanks[tank].capacity
    heel = plant.network.tanks[tank].heel * plant.network.tanks[tank].capacity
    yield (plant.falls_to if falls else plant.rises_to)(tank, max(kg, heel))
    plant.hold(train, "a mark", "by level")
    yield plant.env.timeout(0.37)
    plant.release(train, "a mark")


def _resize(plant: Plant, unit: str, factor: float) -> None:
    network = plant.network
    other: Any = network.units[unit]
    other = replace(other, capacity=other.capacity * factor)
    redesign(plant, replace(network, units={**network.units, unit: other}))


def begun(network: Network, number: int, recorder: Recorder | None = None) -> Plant:
    """Return the plant with somebody who acts on it."""
    plant = running(network, number, recorder=recorder)

    def somebody() -> Life:
        for hour, act in acts(network, random.Random(number)):
            if hour > plant.env.now:
                yield plant.env.timeout(hour - plant.env.now)
            act(plant)
        yield plant.env.timeout(0.0)

    plant.env.process(somebody())
    return plant


def keeps_them(kind: str, number: int) -> None:
    """Run in one go and in steps: the laws hold, and both have the same bits."""
    network = KINDS[kind](number)
    at_once = keeps_its_laws(Drawn(number), HOURS, network, plant=begun(network, number))
    in_steps = begun(network, number, Recorder())
    with in_steps.expecting():
        for step in range(1, 32):
            in_steps.run(HOURS * step / 31)
    assert at_once.ledger() == in_steps.ledger()
    assert at_once.flow.levels == in_steps.flow.levels
    hours = [
        {name: state.hours for name, state in plant.states.items()} for plant in (at_once, in_steps)
    ]
    assert hours[0] == hours[1]


@pytest.mark.parametrize("kind", KINDS)
def test_whatever_somebody_does_the_laws_hold_and_looking_moves_nothing(kind: str):
    for number in range(10):
        keeps_them(kind, number)


@pytest.mark.long
@pytest.mark.parametrize("first", [10, pytest.param(110, marks=pytest.mark.soak)])
@pytest.mark.parametrize("kind", KINDS)
def test_whatever_anybody_does_they_hold(kind: str, first: int):
    for number in range(first, first + 100):
        if (kind, number) not in SLOW:
            keeps_them(kind, number)
