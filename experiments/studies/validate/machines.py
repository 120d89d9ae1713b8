"""Known answers on machines that fail: single, with a buffer, in a row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from experiments.studies.validate.cases import Case, random
from plant_models.benchmarks import oracles
from plant_models.benchmarks.innovations import AgeWatch, RowWatch
from plant_models.benchmarks.line_watch import LineWatch
from plant_models.benchmarks.machines import (
    one_machine,
    rigid_row,
    running,
    three_machines,
    two_machines,
    unreliable,
)
from plant_models.benchmarks.measure import Meter, batch_means, delivered
from plant_models.benchmarks.oracles.two_machines import Machine
from sim.clock.plant import Plant
from sim.clock.random_streams import weibull_scale
from sim.network.operation import FailureMode, Maintenance
from sim.statistics.control_variates import controlled

GROUPS = 40
ROW_BATCHES, QUEUE_BATCHES = 400, 800
CLOCKS = ("volume", "run time", "calendar")
LINES: Mapping[str, tuple[Machine, Machine, float]] = {
    "A": (Machine(mu=1.0, p=0.01, r=0.1), Machine(mu=1.0, p=0.01, r=0.1), 10.0),
    "B": (Machine(mu=1.0, p=0.01, r=0.09), Machine(mu=1.0, p=0.02, r=0.1), 20.0),
    "C": (Machine(mu=1.0, p=0.01, r=0.1), Machine(mu=1.2, p=0.02, r=0.15), 15.0),
}
ROW = tuple(Machine(mu=1.0, p=p, r=r) for p, r in ((0.01, 0.1), (0.02, 0.15), (0.005, 0.05)))
MODES = ((200.0, 8.0), (500.0, 24.0), (1000.0, 72.0))


def unbuffered(
    name: str,
    plant: Plant,
    watch: RowWatch | AgeWatch,
    hours: float,
    expected: float,
    warm_up: float = 500.0,
) -> Case:
    """Return the case of a plant without tanks whose deliveries per hour are known."""
    watch.plant = plant

    def totals(plant: Plant) -> dict[str, float]:
        watch.mark()
        return delivered(plant)

    means = batch_means(
        plant, totals, batches=ROW_BATCHES, hours=hours / ROW_BATCHES, warm_up=warm_up
    )
    return random(name, controlled(means["throughput"], watch.controls(), GROUPS), expected)


def buffered(
    plant: Plant, watch: LineWatch, hours: float, batch: float, warm_up: float
) -> dict[str, list[float]]:
    """Return corrected group means of what a plant with one tank delivers, and of its level."""
    watch.plant = plant
    meter = Meter(plant)

    def totals(plant: Plant) -> dict[str, float]:
        meter.up_to_now()
        watch.mark()
        bounds = {"empty": meter.hours_empty[0], "full": meter.hours_full[0]}
        return delivered(plant) | bounds | {"level": meter.area[0]}

    count = max(round(hours / batch), 2 * GROUPS)
    means = batch_means(plant, totals, batches=count, hours=hours / count, warm_up=warm_up)
    controls = watch.controls()
    return {name: controlled(values, controls, GROUPS) for name, values in means.items()}


def line_case(
    name: str,
    first: Machine,
    second: Machine,
    buffer: float,
    clock: str,
    hours: float,
    seed: int = 1,
) -> list[Case]:
    """Return throughput and mean level of any line of two machines and a buffer.

    A batch lasts 25 cycles of the machine that fails less often: long against what the controls
    look ahead, short enough for many more batches than controls.
    """
    watch = LineWatch(first, second, buffer)
    rates = ((first.mu, second.mu), (first.p, second.p), (first.r, second.r))
    plant = two_machines(*rates, buffer, clock, seed, hear=watch.hear)
    cycle = max(1.0 / machine.p + 1.0 / machine.r for machine in (first, second))
    means = buffered(plant, watch, hours, batch=25.0 * cycle, warm_up=20.0 * cycle)
    right = oracles.two_machines.two_machines(first, second, buffer, clock)
    return [
        random(f"{name}: throughput, kg/h", means["throughput"], right.throughput),
        random(f"{name}: mean level, kg", means["level"], right.mean_level),
    ]


LINE_HOURS = {"A": 1.8e7, "B": 1.2e7, "C": 1.9e7}


def line_name(letter: str, clock: str) -> str:
    """Return how the cases of one of ``LINES`` are named."""
    return f"two machines {letter}, {clock} clock"


def two_machine_line(share: float, letter: str, clock: str) -> list[Case]:
    """Return throughput and mean level of one of ``LINES``."""
    hours = share * LINE_HOURS[letter]
    return line_case(line_name(letter, clock), *LINES[letter], clock, hours)


def row_of_three(share: float, clock: str, machines: Sequence[Machine] = ROW) -> list[Case]:
    """Return throughput of three machines with nothing between them."""
    watch = RowWatch()
    rates = zip(*((m.mu, m.p, m.r) for m in machines), strict=True)
    mu, p, r = ((a, b, c) for a, b, c in rates)
    plant = three_machines(mu, p, r, clock, hear=watch.hear)
    right = oracles.reliability.line_without_buffers(machines, clock)
    name = f"three machines without buffers, {clock} clock: throughput, kg/h"
    return [unbuffered(name, plant, watch, share * 4e6, right)]


def single_machine(
    share: float, law: str, repair: str, clock: str, mtbf: float = 90.0, mttr: float = 10.0
) -> list[Case]:
    """Return availability of one machine."""
    watch = RowWatch()
    mode = FailureMode(mtbf=mtbf, mttr=mttr, clock=clock, law=law, shape=2.0, repair_law=repair)
    plant = one_machine(mode, hear=watch.hear)
    name = f"one machine, {law} life, {repair} repair, {clock} clock: availability, h/h"
    return [
        unbuffered(name, plant, watch, share * 2e6, oracles.reliability.availability(mtbf, mttr))
    ]


def replaced_by_age(
    share: float,
    shape: float = 2.5,
    scale: float = 500.0,
    age: float = 350.0,
    repair: float = 24.0,
    replacement: float = 6.0,
) -> list[Case]:
    """Return availability of a machine replaced at failure or at an age."""
    watch = AgeWatch(shape, scale, age)
    mean = scale / weibull_scale(1.0, shape)
    mode = FailureMode(
        mtbf=mean, mttr=repair, clock="run time", law="weibull", shape=shape, repair_law="constant"
    )
    job = Maintenance(interval=age, duration=replacement, clock="run time")
    right = oracles.reliability.age_replacement(shape, scale, age, repair, replacement)
    plant = one_machine(mode, maintenance=job, hear=watch.hear)
    return [unbuffered("age replacement: availability, h/h", plant, watch, share * 1e6, right)]


def three_modes(share: float, how: str, modes: Sequence[tuple[float, float]] = MODES) -> list[Case]:
    """Return availability of one machine under three modes, competing or independent."""
    watch = RowWatch()
    if how == "competing":
        compete = [
            FailureMode(mtbf=mtbf, mttr=mttr, clock="calendar", repair_law="exponential")
            for mtbf, mttr in modes
        ]
        plant, right = (
            one_machine(*compete, hear=watch.hear),
            oracles.reliability.competing_modes(modes),
        )
    else:
        rows = zip(*((1.0, 1.0 / mtbf, 1.0 / mttr) for mtbf, mttr in modes), strict=True)
        mu, p, r = (tuple(each) for each in rows)
        network = rigid_row(unreliable(mu, p, r, "calendar"))
        plant = running(network, crews=3, hear=watch.hear)
        right = oracles.reliability.independent_modes(modes)
    name = f"three {how} modes: availability, h/h"
    return [unbuffered(name, plant, watch, share * 1e7, right, warm_up=5000.0)]
