"""Traces that circle beside plenty of the same: the steady state against linear algebra."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import inf
from typing import Any, ClassVar

import numpy as np
import pytest

from sim.network.chemistry import Components
from sim.network.network import Network, Pipe, Tank, Train
from sim.network.unit import Recipe, Unit
from sim.steady.state import SteadyState

ORE = Components({"rock": "SiO2", "gold": "Au"})
FEED = 1000.0  # kg/h
Splits = Sequence[Sequence[float]]  # of every unit: to each tank, then to a sink of its own


def parting(tanks: int) -> type[Unit]:
    """Return a unit that parts rock and gold over so many tanks and a sink."""
    ports = (*(f"to_{j}" for j in range(tanks)), "out")

    @dataclass(frozen=True, kw_only=True)
    class Parting(Unit):
        inlets: ClassVar = ("main",)
        outlets: ClassVar = ports
        rate_dependent: ClassVar = False
        splits: Any = ()
        half: float = inf  # kg/kg of gold, at which half as much of it goes to tanks

        def convert(self, inlets: Any, at: Any) -> Recipe:
            """Return the splits by outlet, of rock and of gold."""
            rock, gold = self.splits
            if self.half < inf and sum(inlets["main"]):
                bends = self.half / (inlets["main"][1] / sum(inlets["main"]) + self.half)
                gold = [share * bends for share in gold[:-1]]
                gold.append(1.0 - sum(gold))
            return Recipe(splits=dict(zip(ports, zip(rock, gold, strict=True), strict=True)))

    return Parting


def web(grade: float, rock: Splits, gold: Splits, half: float = inf) -> Network:
    """Return the first unit at 1,000 kg/h of ore, and after it a tank before each of the others.

    ``half`` is that of the second unit.
    """
    tanks = [f"tank_{j}" for j in range(len(rock) - 1)]
    unit = parting(len(tanks))
    capacity = (FEED, *[1e9] * len(tanks))
    return Network(
        components=ORE,
        units={
            f"unit_{i}": unit(  # type: ignore[call-arg]
                capacity=capacity[i], splits=(rock[i], gold[i]), half=half if i == 1 else inf
            )
            for i in range(len(rock))
        },
        tanks=dict.fromkeys(tanks, Tank(capacity=1000.0, heel=0.0)),
        contents=dict.fromkeys(tanks, (1.0, 0.0)),
        supplies={"mine": (1.0 - grade, grade)},
        sinks={f"sink_{i}": "product" for i in range(len(rock))},
        trains=(
            Train("unit_0", "mine", ("unit_0",)),
            *(Train(f"unit_{j + 1}", tank, (f"unit_{j + 1}",)) for j, tank in enumerate(tanks)),
        ),
        pipes={
            **{
                f"unit_{i}.to_{j}": Pipe(tank)
                for i in range(len(rock))
                for j, tank in enumerate(tanks)
            },
            **{f"unit_{i}.out": Pipe(f"sink_{i}") for i in range(len(rock))},
        },
        pacer="unit_0",
    )


def off(grade: float, rock: Splits, gold: Splits) -> float:
    """Return how far any sink is off what linear algebra tells it gets, as a part of that."""
    ledger = SteadyState(web(grade, rock, gold), {}).ledger(hours=1.0)
    ledger.certificate().enforce()
    worst = 0.0
    for name, fed, splits in (("rock", 1.0 - grade, rock), ("gold", grade, gold)):
        table = np.array(splits)
        into = np.linalg.solve(
            np.eye(len(splits) - 1) - table[1:, :-1].T, FEED * fed * table[0, :-1]
        )
        for j, kg in enumerate(into):
            if kg > 1e-14 * FEED * fed:  # of less is as good as nothing
                got = ledger.total(name, sink=f"sink_{j + 1}")
                worst = max(worst, abs(got / (kg * table[j + 1, -1]) - 1.0))
    return worst


@pytest.mark.parametrize("returned", [0.5, 0.9, 0.999, 0.9999])
@pytest.mark.parametrize("trace", [1e-5, 1e-7, 1e-9, 1e-12])
@pytest.mark.parametrize("grade", [0.5, 1e-9])
def test_a_trace_in_a_side_loop_is_right_where_there_is_plenty_beside_it(grade, trace, returned):
    """Refused as not closing from 1e-5 of the gold on, or off by up to 14 % and not told."""
    straight = (0.0, 1.0, 0.0)
    gold = ((trace, 1.0 - trace, 0.0), (returned, 0.0, 1.0 - returned), (0.0, 0.0, 1.0))
    assert off(grade, ((0.3, 0.7, 0.0), (0.1, 0.0, 0.9), (0.0, 0.0, 1.0)), gold) < 1e-8
    assert off(grade, (straight, straight, (0.0, 0.0, 1.0)), gold) < 1e-8


@pytest.mark.parametrize("trace", [1e-9, 1e-12])
@pytest.mark.parametrize("grade", [0.5, 1e-6])
def test_a_trace_that_creeps_beyond_patience_is_closed_as_it_is_and_asked_again(grade, trace):
    """Units that answer the same where all is closed have been asked where it stands."""
    gold = ((trace, 1.0 - trace, 0.0), (0.99999, 0.0, 1e-5), (0.0, 0.0, 1.0))
    assert off(grade, ((0.3, 0.7, 0.0), (0.1, 0.0, 0.9), (0.0, 0.0, 1.0)), gold) < 1e-6


def _circles(fed: float, rock: float, returned: float, half: float) -> float:
    """Return the root of y = fed + returned half y / (x + half), x = y / (y + rock), kg/h."""
    f, of_rock, part, bend = map(Decimal, (fed, rock, returned, half))
    low, high = f, f / (1 - part)
    for _ in range(80):
        y = (low + high) / 2
        more = f + part * bend * y / (y / (y + of_rock) + bend) > y
        low, high = (y, high) if more else (low, y)
    return float(low)


@pytest.mark.parametrize("bend", [0.01, 1.0, 1e3])
@pytest.mark.parametrize("returned", [0.5, 0.999, 1.0 - 1e-6])
@pytest.mark.parametrize(("grade", "trace"), [(0.5, 1e-2), (0.5, 1e-9), (1e-9, 1e-7)])
def test_what_a_unit_does_with_a_trace_is_asked_where_the_trace_stands(
    grade: float, trace: float, returned: float, bend: float
):
    """Up to 120 times too much: gold beside it stood, and the trace was still on its way."""
    rock, gold = FEED * (1.0 - grade) * 0.3 / 0.9, FEED * grade * trace
    most = gold / (1.0 - returned)
    half = bend * most / (most + rock)
    circling = _circles(gold, rock, returned, half)
    splits = ((trace, 1.0 - trace, 0.0), (returned, 0.0, 1.0 - returned), (0.0, 0.0, 1.0))
    network = web(grade, ((0.3, 0.7, 0.0), (0.1, 0.0, 0.9), (0.0, 0.0, 1.0)), splits, half)
    ledger = SteadyState(network, {}).ledger(hours=1.0)
    ledger.certificate().enforce()
    assert ledger.total("gold", sink="tank_0") == pytest.approx(circling, rel=1e-6)


def _splits(rng: random.Random, tanks: int) -> list[float]:
    """Return splits down to 1e-12, of which as little as 1e-4 may leave for good."""
    shares = [
        10.0 ** -rng.uniform(0.0, rng.choice((1.0, 4.0, 12.0))) if rng.random() < 0.5 else 0.0
        for _ in range(tanks)
    ]
    stays = 1.0 - 10.0 ** -rng.uniform(0.0, rng.choice((1.0, 4.0)))
    total = sum(shares)
    if total > stays:
        shares = [share / total * stays for share in shares]
    return [*shares, 1.0 - sum(shares)]


@pytest.mark.parametrize("seed", range(12))
def test_traces_in_webs_of_loops_are_those_of_linear_algebra(seed: int):
    rng = random.Random(seed)
    tanks = rng.choice((2, 3, 4))
    rock, gold = ([_splits(rng, tanks) for _ in range(tanks + 1)] for _ in range(2))
    assert off(rng.choice((0.5, 1e-3, 1e-6, 1e-9)), rock, gold) < 1e-8
