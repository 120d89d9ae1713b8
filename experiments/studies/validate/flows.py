"""Known answers on what flows: sources, queues, loops, mixing, utilities, drums."""

from __future__ import annotations

from math import exp

from experiments.studies.validate.cases import Case, exact, random
from experiments.studies.validate.machines import (
    GROUPS,
    LINE_HOURS,
    LINES,
    QUEUE_BATCHES,
    buffered,
    unbuffered,
)
from plant_models.benchmarks import oracles, scarce
from plant_models.benchmarks.flows import drums, on_off_source, periodic_deliveries, recycle_loop
from plant_models.benchmarks.innovations import RowWatch
from plant_models.benchmarks.line_watch import LineWatch
from plant_models.benchmarks.machines import (
    rigid_row,
    running,
)
from plant_models.benchmarks.measure import Meter
from plant_models.benchmarks.oracles.two_machines import Machine
from plant_models.benchmarks.queues import LoadingPoint
from plant_models.benchmarks.stirred import salt_in, stirred_tank, tanks_in_a_row, wash_out
from plant_models.benchmarks.units import Blender
from plant_models.benchmarks.units import Machine as MachineUnit
from sim.clock.plant import Plant
from sim.network.network import Tank
from sim.network.operation import FailureMode
from sim.statistics.control_variates import controlled


def fluid_source(
    share: float,
    source: float = 2.0,
    starts: float = 0.4,
    stops: float = 0.6,
    drain: float = 1.0,
    capacity: float = 5.0,
) -> list[Case]:
    """Return what a tank behind an on/off source does: a line whose second machine never fails."""
    switch = Machine(mu=source, p=stops, r=starts)
    steady = Machine(mu=drain, p=0.0, r=1.0)
    watch = LineWatch(switch, steady, capacity, names=("source", "drain"), tank="tank")
    plant = on_off_source(source, starts, stops, drain, capacity, hear=watch.hear)
    cycle = 1.0 / starts + 1.0 / stops
    means = buffered(plant, watch, share * 6e5, batch=50.0 * cycle, warm_up=100.0 * cycle)
    right = oracles.flows.on_off_source(source, starts, stops, drain, capacity)
    return [
        random("on/off source: throughput, t/h", means["throughput"], right.throughput),
        random("on/off source: P(empty), h/h", means["empty"], right.empty),
        random("on/off source: P(full), h/h", means["full"], right.full),
        random("on/off source: mean level, t", means["level"], right.mean_level),
    ]


def queue(share: float, law: str, arrivals: float = 0.8, load: float = 1.0) -> list[Case]:
    """Return number present and waiting time of a loading point."""
    point = LoadingPoint(arrivals, load, law)
    means = point.batches(QUEUE_BATCHES, share * 4e5 / QUEUE_BATCHES, warm_up=1000.0)
    controls = point.controls()
    corrected = {name: controlled(values, controls, GROUPS) for name, values in means.items()}
    varied = 1.0 if law == "exponential" else 0.0
    right = oracles.queues.single_server(arrivals, load, squared_variation=varied)
    name = f"{'M/M/1' if law == 'exponential' else 'M/D/1'} at {arrivals * load:g}"
    return [
        random(f"{name}: number present", corrected["number"], right.number),
        random(f"{name}: waiting time, h", corrected["waiting"], right.waiting),
    ]


UNLOADED = (
    1e-8  # relative, where cars unload within the resolution of the clock; see ``deliveries``
)
DRUM = 0.31416  # kg; no drum is full just when a pause begins, where rounding would decide


def loop(share: float, fraction: float) -> list[Case]:
    """Return product of a recycle loop, and what is made of nothing in it."""
    plant = recycle_loop(fraction)
    plant.run(1000.0)
    ledger = plant.ledger()
    product, _ = oracles.flows.recycle_loop(1.0, fraction)
    name = f"recycle loop, R = {fraction:g}"
    made = ledger.total(sink="customers") - ledger.total(source="store")
    held = sum(float(kg.sum()) for kg in ledger.held.values())
    return [
        exact(f"{name}: product, kg/h", ledger.total(sink="customers") / 1000.0, product, 1e-12),
        exact(f"{name}: mass created, kg per 1,000 kg", made + held, 0.0, 1e-9),
    ]


def deliveries(
    share: float,
    lot: float,
    capacity: float = 1e3,
    level: float = 0.0,
    draw: float = 2.0,
    period: float = 24.0,
) -> list[Case]:
    """Return what periodic deliveries make of a tank of given capacity and contents at the start.

    A car unloads at 1,000,000 t/h, which is at once for all practical purposes and in the oracle
    as well. Hours near 400 are known to 6e-14, in which it unloads 6e-8 t: hence the tolerance.
    """
    unloading = 1e6
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
    room = capacity if lot > draw * period else float("inf")
    right = oracles.flows.periodic_deliveries(draw, period, lot, room, level or None, unloading)
    drawn = after.total(sink="customers") - before.total(sink="customers")
    spilled = after.total(sink="refused") - before.total(sink="refused")
    found = {
        "starved, h/h": ((meter.hours_empty[0] - starved) / hours, right.starved),
        "throughput, t/h": (drawn / hours, right.throughput),
        "mean level, t": ((meter.area[0] - area) / hours, right.mean_level),
        "least level, t": (meter.least[0], right.minimum),
        "refused, t a car": (spilled / 10.0, right.refused),
    }
    return [
        exact(f"deliveries of {lot:g} t: {what}", value, answer, UNLOADED)
        for what, (value, answer) in found.items()
    ]


def stirred(
    share: float,
    name: str,
    f_in: float,
    f_out: float,
    volume: float,
    x_0: float,
    x_in: float,
    hours: float,
) -> list[Case]:
    """Return concentrations in a well-mixed tank; flows in t/h, contents in t, salt in kg/kg."""
    plant = stirred_tank(f_in, f_out, volume, x_0, x_in)
    plant.run(hours)
    ledger = plant.ledger()
    right = oracles.stirred.stirred_tank(f_in, f_out, volume, x_0, x_in, hours)
    mean = ledger.total("salt", sink="customers") / ledger.total(sink="customers")
    return [
        exact(f"{name}: x, kg/kg", salt_in(plant, "tank_1"), right.x),
        exact(f"{name}: mean x of the outlet, kg/kg", mean, right.mean),
        exact(f"{name}: contents, t", plant.level_of("tank_1"), right.volume),
    ]


def washed_out(share: float, fraction: float = 0.1, times: int = 20) -> list[Case]:
    """Return what exchanges of a part of a tank's contents leave of its salt."""
    left = salt_in(wash_out(fraction, times), "tank_1")
    name = f"washout, {times} times {fraction:g}: x, kg/kg"
    return [exact(name, left, oracles.stirred.washout(fraction, times))]


def in_series(share: float, loaded: str) -> list[Case]:
    """Return what three stirred tanks in series hold after two residence times.

    A tank sees the mean of what the tank before it gave over an interval, so the error falls with
    the tolerance that decides how long these are.
    """
    salt = (1.0, 1.0, 1.0) if loaded == "all" else (1.0, 0.0, 0.0)
    found = []
    for tolerance in (1e-5, 1e-8):
        plant = tanks_in_a_row((1.0,) * 4, 100.0, salt, feed=0.0, tolerance=tolerance)
        plant.run(200.0)
        found.append(salt_in(plant, "tank_3"))
    right = oracles.stirred.tanks_in_series(3, 2.0, loaded)
    name = f"three tanks in series, {loaded} loaded"
    return [
        exact(f"{name}: x at a tolerance of 1e-5, kg/kg", found[0], right, 1e-5),
        exact(f"{name}: x at a tolerance of 1e-8, kg/kg", found[1], right, 1e-8),
    ]


def second_feed_line(share: float, letter: str, clock: str) -> list[Case]:
    """Return deliveries and mean level of a line whose second machine draws by ratio."""
    first, second, buffer = LINES[letter]
    watch = LineWatch(first, second, buffer)
    plant = scarce.second_feed_line(first, second, buffer, clock, hear=watch.hear)
    cycle = max(1.0 / machine.p + 1.0 / machine.r for machine in (first, second))
    hours = share * LINE_HOURS[letter]
    means = buffered(plant, watch, hours, batch=25.0 * cycle, warm_up=20.0 * cycle)
    right = oracles.two_machines.two_machines(first, second, buffer, clock)
    name = f"second feed from a tank, {letter}, {clock} clock"
    return [
        random(f"{name}: delivered, kg/h", means["throughput"], 2.0 * right.throughput),
        random(f"{name}: mean level, kg", means["level"], right.mean_level),
    ]


def washed_by_its_feed(share: float, rate: float = 5.0, hours: float = 7.0) -> list[Case]:
    """Return the salt that a second feed brings from a tank washed out as fast as it is drawn."""
    tank = Tank(capacity=100.0, heel=0.0, initial_level=0.5)
    blender = Blender(capacity=2.0 * rate, ratio=0.5)
    plant = running(scarce.second_feed(MachineUnit(capacity=rate), blender, tank, salt=1.0))
    plant.run(hours)
    right = 50.0 * (1.0 - exp(-rate * hours / 50.0))
    sold = plant.ledger().total("salt", sink="customers")
    return [exact("second feed from a stirred tank: salt delivered, kg", sold, right, 1e-10)]


STILLS = ((10.0, 10.0), (0.5, 0.2))  # kg/h, and kg of steam per kg


def steam_for_two(share: float, steam: float) -> list[Case]:
    """Return how two stills share steam by priority."""
    plant = scarce.two_stills(*STILLS, steam)
    plant.run(10.0)
    right = oracles.scarce.by_priority(*STILLS, steam)
    rates = [total(plant, name) / 10.0 for name in ("machine_1", "machine_2")]
    return [
        exact(f"{steam:g} kg/h of steam, still {i}, kg/h", rate, answer)
        for i, (rate, answer) in enumerate(zip(rates, right, strict=True), 1)
    ]


def steam_left_over(share: float, steam: float = 5.5) -> list[Case]:
    """Return what two stills make if the first one fails and leaves its steam to the other."""
    watch = RowWatch()
    mode = FailureMode(mtbf=90.0, mttr=10.0, clock="calendar", repair_law="exponential")
    plant = scarce.two_stills(*STILLS, steam, mode, hear=watch.hear)
    other, available = STILLS[0][1], 0.9
    up = sum(oracles.scarce.by_priority(*STILLS, steam))
    alone = min(other, steam / STILLS[1][1])
    right = available * up + (1.0 - available) * alone
    name = "steam left by a still that fails: throughput, kg/h"
    return [unbuffered(name, plant, watch, share * 4e6, right)]


def pumps_in_proportion(share: float, weights: tuple[float, ...]) -> list[Case]:
    """Return how three pumps share what an empty tank gets."""
    rates = dict(zip("abc", (2.0, 4.0, 10.0), strict=True))
    by_weight = dict(zip("abc", weights, strict=True))
    plant = scarce.sharing_pumps(rates, by_weight, 6.0)
    plant.run(10.0)
    right = oracles.scarce.in_proportion(tuple(rates.values()), weights, 6.0)
    told = ":".join(f"{weight:g}" for weight in weights)
    return [
        exact(f"6 kg/h shared {told}, pump {name}, kg/h", total(plant, name) / 10.0, answer)
        for name, answer in zip("abc", right, strict=True)
    ]


def total(plant: Plant, unit: str) -> float:
    """Return what has left a unit, kg."""
    flows = plant.ledger().flows
    return sum(float(kg.sum()) for e, kg in flows.items() if e.stream.startswith(f"{unit}."))


def filled_drums(share: float) -> list[Case]:
    """Return how many drums a machine that stands now and then fills, and when the last is full."""
    plant = running(rigid_row([MachineUnit(capacity=2.0)]))
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
    right = oracles.flows.filling_times(pieces, DRUM)
    worst = max(abs(a - b) for a, b in zip(filled, right, strict=False))
    return [
        exact("drums filled", len(filled), len(right)),
        exact("drums: largest error of a filling time, h", worst, 0.0),
    ]
