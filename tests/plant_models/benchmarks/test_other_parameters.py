"""The known answers hold at parameters that nobody chose: drawn at random, by number."""

from collections.abc import Callable

import numpy as np
import pytest

from experiments.studies.validate import flows, machines
from experiments.studies.validate.cases import Case
from plant_models.benchmarks.oracles.two_machines import Machine

LARGEST_Z = 4.0  # among some hundred draws, where 3 is to be expected now and then
OF_ONE_FAMILY = 3  # draws of one set of parameters


def machine(rng: np.random.Generator, mu: float) -> Machine:
    return Machine(mu=mu, p=rng.uniform(0.01, 0.1), r=rng.uniform(0.1, 0.5))


def line(rng: np.random.Generator, clock: str) -> list[Case]:
    first, second = (machine(rng, rng.uniform(0.5, 2.0)) for _ in range(2))
    buffer = rng.uniform(1.0, 15.0)
    return machines.line_case("a line", first, second, buffer, clock, hours=7.5e4)


def three_in_a_row(rng: np.random.Generator, clock: str) -> list[Case]:
    mu = rng.uniform(0.5, 2.0)
    return machines.row_of_three(0.02, clock, [machine(rng, mu) for _ in range(3)])


def one(rng: np.random.Generator, law: str, repair: str, clock: str) -> list[Case]:
    mtbf, mttr = rng.uniform(20.0, 500.0), rng.uniform(1.0, 50.0)
    return machines.single_machine(0.05, law, repair, clock, mtbf, mttr)


def modes(rng: np.random.Generator, how: str) -> list[Case]:
    drawn = [(rng.uniform(100.0, 1000.0), rng.uniform(5.0, 60.0)) for _ in range(3)]
    return machines.three_modes(0.05, how, drawn)


def replaced(rng: np.random.Generator) -> list[Case]:
    scale = rng.uniform(100.0, 1000.0)
    shape, age = rng.uniform(1.2, 4.0), scale * rng.uniform(0.3, 1.2)
    return machines.replaced_by_age(0.2, shape, scale, age, rng.uniform(5.0, 50.0), 4.0)


def source(rng: np.random.Generator) -> list[Case]:
    starts, stops, capacity = rng.uniform(0.2, 1.0), rng.uniform(0.2, 1.0), rng.uniform(2.0, 8.0)
    return flows.fluid_source(0.02, rng.uniform(1.5, 3.0), starts, stops, 1.0, capacity)


def queue(rng: np.random.Generator, law: str) -> list[Case]:
    load = rng.uniform(0.5, 2.0)
    return flows.queue(0.1, law, rng.uniform(0.3, 0.7) / load, load)


def deliveries(rng: np.random.Generator, size: float) -> list[Case]:
    draw, period = rng.uniform(1.0, 5.0), rng.uniform(5.0, 50.0)
    lot = size * draw * period
    room = draw * period * rng.uniform(1.0, size) if size > 1.0 else 10.0 * lot
    return flows.deliveries(1.0, lot, room, room if size > 1.0 else 0.0, draw, period)


def stirred(rng: np.random.Generator) -> list[Case]:
    f_in, f_out = rng.uniform(0.5, 5.0, 2)
    x_0, x_in = rng.uniform(0.0, 1.0, 2)
    hours = 0.9 * 12.0 / abs(f_in - f_out)
    return flows.stirred(1.0, "a tank", f_in, f_out, 12.0, x_0, x_in, min(hours, 20.0))


DRAWN: dict[str, tuple[Callable[..., list[Case]], tuple[object, ...]]] = {
    **{f"two machines, {clock}": (line, (clock,)) for clock in machines.CLOCKS},
    **{f"three machines, {clock}": (three_in_a_row, (clock,)) for clock in machines.CLOCKS},
    "one machine, lognormal": (one, ("exponential", "lognormal", "volume")),
    "one machine, Weibull": (one, ("weibull", "exponential", "run time")),
    "competing modes": (modes, ("competing",)),
    "independent modes": (modes, ("independent",)),
    "age replacement": (replaced, ()),
    "on/off source": (source, ()),
    "M/M/1": (queue, ("exponential",)),
    "M/D/1": (queue, ("constant",)),
    "short deliveries": (deliveries, (0.7,)),
    "long deliveries": (deliveries, (1.4,)),
    "stirred tank": (stirred, ()),
    "recycle": (lambda rng: flows.loop(1.0, rng.uniform(0.0, 0.97)), ()),
}


def off(name: str, number: int) -> list[Case]:
    """Return the cases that disagree under the parameters that belong to a number."""
    build, arguments = DRAWN[name]
    cases = build(np.random.default_rng(number), *arguments)
    assert cases
    return [
        case
        for case in cases
        if not (abs(case.error) <= LARGEST_Z if case.kind == "z" else case.ok)
    ]


@pytest.mark.long
@pytest.mark.parametrize("first", [100, pytest.param(103, marks=pytest.mark.soak)])
@pytest.mark.parametrize("name", DRAWN)
def test_known_answers_hold_at_parameters_nobody_chose(name: str, first: int):
    numbers = range(first, first + OF_ONE_FAMILY)
    assert [case for number in numbers for case in off(name, number)] == []
