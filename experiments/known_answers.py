"""The engine cases with a known answer: how each is built, run and judged."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from experiments.cases import Case, exact, random
from plant_models.benchmarks import oracles
from plant_models.benchmarks.flows import drums, on_off_source, periodic_deliveries, recycle_loop
from plant_models.benchmarks.machines import (
    one_machine,
    rigid_row,
    running,
    three_machines,
    two_machines,
    unreliable,
)
from plant_models.benchmarks.measure import Meter, batch_means, delivered
from plant_models.benchmarks.queues import LoadingPoint
from plant_models.benchmarks.stirred import salt_in, stirred_tank, tanks_in_a_row, wash_out
from plant_models.benchmarks.units import Machine
from sim.operation import FailureMode, Maintenance
from sim.plant import Plant
from sim.random_streams import weibull_scale

UNLOADED = (
    1e-8  # relative, where cars unload within the resolution of the clock; see ``deliveries``
)
BATCHES = 40
DRUM = 0.31416  # kg; no drum is full just when a pause begins, where rounding would decide

CLOCKS = ("volume", "run time", "calendar")
LINES: Mapping[str, tuple[oracles.Machine, oracles.Machine, float]] = {
    "A": (oracles.Machine(mu=1.0, p=0.01, r=0.1), oracles.Machine(mu=1.0, p=0.01, r=0.1), 10.0),
    "B": (oracles.Machine(mu=1.0, p=0.01, r=0.09), oracles.Machine(mu=1.0, p=0.02, r=0.1), 20.0),
    "C": (oracles.Machine(mu=1.0, p=0.01, r=0.1), oracles.Machine(mu=1.2, p=0.02, r=0.15), 15.0),
}
ROW = tuple(
    oracles.Machine(mu=1.0, p=p, r=r) for p, r in ((0.01, 0.1), (0.02, 0.15), (0.005, 0.05))
)
MODES = ((200.0, 8.0), (500.0, 24.0), (1000.0, 72.0))


def throughput(name: str, plant: Plant, hours: float, expected: float) -> Case:
    """Return the case of a plant whose deliveries per hour are known."""
    means = batch_means(plant, delivered, batches=BATCHES, hours=hours / BATCHES, warm_up=500.0)
    return random(name, means["throughput"], expected)


# Every function below takes the share of its full horizon that it is to run, and returns its cases.


def two_machine_line(share: float, letter: str, clock: str) -> list[Case]:
    """Return throughput and mean level of a line of two machines and a buffer."""
    first, second, buffer = LINES[letter]
    rates = ((first.mu, second.mu), (first.p, second.p), (first.r, second.r))
    plant = two_machines(*rates, buffer, clock)
    meter = Meter(plant)

    def totals(plant: Plant) -> dict[str, float]:
        meter.up_to_now()
        return delivered(plant) | {"level": meter.area[0]}

    hours = share * 1.7e7 / BATCHES
    means = batch_means(plant, totals, batches=BATCHES, hours=hours, warm_up=2000.0)
    right = oracles.two_machines(first, second, buffer, clock)
    name = f"two machines {letter}, {clock} clock"
    return [
        random(f"{name}: throughput, kg/h", means["throughput"], right.throughput),
        random(f"{name}: mean level, kg", means["level"], right.mean_level),
    ]


def row_of_three(share: float, clock: str) -> list[Case]:
    """Return throughput of three machines with nothing between them."""
    rates = zip(*((m.mu, m.p, m.r) for m in ROW), strict=True)
    mu, p, r = ((a, b, c) for a, b, c in rates)
    right = oracles.line_without_buffers(ROW, clock)
    name = f"three machines without buffers, {clock} clock: throughput, kg/h"
    return [throughput(name, three_machines(mu, p, r, clock), share * 5e7, right)]


def single_machine(share: float, law: str, repair: str, clock: str) -> list[Case]:
    """Return availability of one machine."""
    mode = FailureMode(mtbf=90.0, mttr=10.0, clock=clock, law=law, shape=2.0, repair_law=repair)
    name = f"one machine, {law} life, {repair} repair, {clock} clock: availability, h/h"
    return [throughput(name, one_machine(mode), share * 8e6, oracles.availability(90.0, 10.0))]


def replaced_by_age(share: float) -> list[Case]:
    """Return availability of a machine replaced at failure or at an age."""
    shape, scale = 2.5, 500.0
    mean = scale / weibull_scale(1.0, shape)
    mode = FailureMode(
        mtbf=mean, mttr=24.0, clock="run time", law="weibull", shape=shape, repair_law="constant"
    )
    job = Maintenance(interval=350.0, duration=6.0, clock="run time")
    right = oracles.age_replacement(shape, scale, 350.0, repair=24.0, replacement=6.0)
    plant = one_machine(mode, maintenance=job)
    return [throughput("age replacement: availability, h/h", plant, share * 3e6, right)]


def three_modes(share: float, how: str) -> list[Case]:
    """Return availability of one machine under three modes, competing or independent."""
    modes = [
        FailureMode(mtbf=mtbf, mttr=mttr, clock="calendar", repair_law="exponential")
        for mtbf, mttr in MODES
    ]
    if how == "competing":
        plant, right, hours = one_machine(*modes), oracles.competing_modes(MODES), 4.5e7
    else:
        rows = zip(*((1.0, 1.0 / mtbf, 1.0 / mttr) for mtbf, mttr in MODES), strict=True)
        mu, p, r = (tuple(row) for row in rows)
        network = rigid_row(unreliable(mu, p, r, "calendar"))
        plant, right, hours = running(network, crews=3), oracles.independent_modes(MODES), 9e7
    return [throughput(f"three {how} modes: availability, h/h", plant, share * hours, right)]


def fluid_source(share: float) -> list[Case]:
    """Return what a tank behind an on/off source does."""
    source, starts, stops, drain, capacity = 2.0, 0.4, 0.6, 1.0, 5.0
    plant = on_off_source(source, starts, stops, drain, capacity)
    meter = Meter(plant)

    def totals(plant: Plant) -> dict[str, float]:
        meter.up_to_now()
        bounds = {"empty": meter.hours_empty[0], "full": meter.hours_full[0]}
        return delivered(plant) | bounds | {"level": meter.area[0]}

    hours = share * 8e6 / BATCHES
    means = batch_means(plant, totals, batches=BATCHES, hours=hours, warm_up=500.0)
    right = oracles.on_off_source(source, starts, stops, drain, capacity)
    return [
        random("on/off source: throughput, t/h", means["throughput"], right.throughput),
        random("on/off source: P(empty), h/h", means["empty"], right.empty),
        random("on/off source: P(full), h/h", means["full"], right.full),
        random("on/off source: mean level, t", means["level"], right.mean_level),
    ]


def queue(share: float, law: str) -> list[Case]:
    """Return number present and waiting time of a loading point at 0.8."""
    point = LoadingPoint(arrivals=0.8, load=1.0, law=law)
    means = point.batches(BATCHES, share * 1e6 / BATCHES, warm_up=1000.0)
    varied = 1.0 if law == "exponential" else 0.0
    right = oracles.single_server(0.8, 1.0, squared_variation=varied)
    name = "M/M/1" if law == "exponential" else "M/D/1"
    return [
        random(f"{name} at 0.8: number present", means["number"], right.number),
        random(f"{name} at 0.8: waiting time, h", means["waiting"], right.waiting),
    ]


def loop(share: float, fraction: float) -> list[Case]:
    """Return product of a recycle loop, and what is made of nothing in it."""
    plant = recycle_loop(fraction)
    plant.run(1000.0)
    ledger = plant.ledger()
    product, _ = oracles.recycle_loop(1.0, fraction)
    name = f"recycle loop, R = {fraction:g}"
    made = ledger.total(sink="customers") - ledger.total(source="store")
    held = sum(float(kg.sum()) for kg in ledger.held.values())
    return [
        exact(f"{name}: product, kg/h", ledger.total(sink="customers") / 1000.0, product, 1e-12),
        exact(f"{name}: mass created, kg per 1,000 kg", made + held, 0.0, 1e-9),
    ]


def deliveries(share: float) -> list[Case]:
    """Return what periodic deliveries make of a tank.

    A car unloads at 1,000,000 t/h, which is at once for all practical purposes and in the oracle
    as well. Hours near 400 are known to 6e-14, in which it unloads 6e-8 t: hence the tolerance.
    """
    draw, period, unloading = 2.0, 24.0, 1e6
    cases = []
    for lot, capacity, level in ((40.0, 1e3, 0.0), (48.0, 1e3, 58.0), (60.0, 60.0, 60.0)):
        plant = periodic_deliveries(draw, period, lot, capacity, level, unloading)
        meter = Meter(plant)
        # from noon to noon, so that a delivery lies within the cycles and not at their ends
        plant.run(5.5 * period)
        meter.up_to_now()
        meter.forget_extremes()
        before, area, starved = plant.ledger(), meter.area[0], meter.hours_empty[0]
        plant.run(15.5 * period)
        meter.up_to_now()
        after, hours = plant.ledger(), 10.0 * period
        right = oracles.periodic_deliveries(
            draw, period, lot, capacity if capacity == lot else float("inf"), level or None,
            unloading,
        )  # fmt: skip
        drawn = after.total(sink="customers") - before.total(sink="customers")
        spilled = after.total(sink="refused") - before.total(sink="refused")
        name = f"deliveries of {lot:g} t"
        share_starved = (meter.hours_empty[0] - starved) / hours
        cases += [
            exact(f"{name}: starved, h/h", share_starved, right.starved, UNLOADED),
            exact(f"{name}: throughput, t/h", drawn / hours, right.throughput, UNLOADED),
            exact(
                f"{name}: mean level, t",
                (meter.area[0] - area) / hours,
                right.mean_level,
                UNLOADED,
            ),
            exact(f"{name}: least level, t", meter.least[0], right.minimum, UNLOADED),
            exact(f"{name}: refused, t a car", spilled / 10.0, right.refused, UNLOADED),
        ]
    return cases


def stirred(share: float) -> list[Case]:
    """Return concentrations in well-mixed tanks."""
    cases = []
    for name, f_in, f_out, volume, x_0, x_in, hours in (
        ("well-mixed tank", 2.5, 2.5, 12.0, 0.2, 0.9, 9.0),
        ("filling tank", 3.0, 2.0, 10.0, 0.2, 0.9, 8.0),
    ):
        plant = stirred_tank(f_in, f_out, volume, x_0, x_in)
        plant.run(hours)
        ledger = plant.ledger()
        right = oracles.stirred_tank(f_in, f_out, volume, x_0, x_in, hours)
        mean = ledger.total("salt", sink="customers") / ledger.total(sink="customers")
        cases += [
            exact(f"{name}: x, kg/kg", salt_in(plant, "tank_1"), right.x),
            exact(f"{name}: mean x of the outlet, kg/kg", mean, right.mean),
            exact(f"{name}: contents, t", plant.level_of("tank_1"), right.volume),
        ]
    left = salt_in(wash_out(0.1, 20), "tank_1")
    return [*cases, exact("washout, 20 times a tenth: x, kg/kg", left, oracles.washout(0.1, 20))]


def in_series(share: float, loaded: str) -> list[Case]:
    """Return what three stirred tanks in series hold after two residence times.

    A tank sees the mean of what the tank before it gave over the interval since the last blend,
    so the error falls with the square of the move between two blends; the last case asks for the
    digits that are printed.
    """
    salt = (1.0, 1.0, 1.0) if loaded == "all" else (1.0, 0.0, 0.0)
    found = []
    for move in (5e-3, 2e-4):
        plant = tanks_in_a_row((1.0,) * 4, 100.0, salt, feed=0.0, blend_move=move)
        plant.run(200.0)
        found.append(salt_in(plant, "tank_3"))
    right = oracles.tanks_in_series(3, 2.0, loaded)
    name = f"three tanks in series, {loaded} loaded"
    return [
        exact(f"{name}: x, blended at a move of 0.005, kg/kg", found[0], right, 1e-5),
        exact(f"{name}: x, blended at a move of 0.0002, kg/kg", found[1], right, 1e-8),
    ]


def filled_drums(share: float) -> list[Case]:
    """Return how many drums a machine that stands now and then fills, and when the last is full."""
    plant = running(rigid_row([Machine(capacity=2.0)]))
    filled = drums(plant, "machine_1", DRUM)
    pieces = []
    hour = 0.0
    for i in range(200):
        for hours, rate in ((1.0 + 0.37 * (i % 7), 2.0), (0.25 + 0.11 * (i % 5), 0.0)):
            if rate:
                plant.release("row", "operator")
            else:
                plant.hold("row", "operator", "pause")
            hour += hours
            plant.run(hour)
            pieces.append((hours, rate))
    right = oracles.filling_times(pieces, DRUM)
    worst = max(abs(a - b) for a, b in zip(filled, right, strict=False))
    return [
        exact("drums filled", len(filled), len(right)),
        exact("drums: largest error of a filling time, h", worst, 0.0),
    ]


def groups() -> list[tuple[Callable[..., list[Case]], tuple[object, ...]]]:
    """Return every group of cases: a function of this module and its arguments."""
    laws = (
        ("exponential", "exponential", "volume"),
        ("exponential", "lognormal", "run time"),
        ("weibull", "constant", "calendar"),
    )
    return [
        *((two_machine_line, (letter, clock)) for letter in LINES for clock in CLOCKS),
        *((loop, (fraction,)) for fraction in (0.3, 0.48, 0.7, 0.9)),
        *((single_machine, law) for law in laws),
        *((row_of_three, (clock,)) for clock in CLOCKS),
        (replaced_by_age, ()),
        *((three_modes, (how,)) for how in ("competing", "independent")),
        (deliveries, ()),
        (fluid_source, ()),
        *((queue, (law,)) for law in ("exponential", "constant")),
        (stirred, ()),
        *((in_series, (loaded,)) for loaded in ("all", "first")),
        (filled_drums, ()),
    ]
