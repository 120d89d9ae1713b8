"""Every engine case with a known answer: what the engine gives, what is right, how far off."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from itertools import combinations
from math import exp, floor, hypot, log10, sqrt
from statistics import fmean, stdev
from typing import Any

from experiments.output.answer import Answer, Table, plain
from experiments.output.provenance import provenance
from experiments.runner.faults import at_work
from experiments.runner.loop import each
from experiments.studies import Plant as AnyPlant
from experiments.studies import plant_of
from plant_models import PLANTS, plant_named
from plant_models.arguments import number
from plant_models.benchmarks import oracles, scarce
from plant_models.benchmarks.flows import drums, on_off_source, periodic_deliveries, recycle_loop
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
from plant_models.benchmarks.queues import LoadingPoint
from plant_models.benchmarks.stirred import salt_in, stirred_tank, tanks_in_a_row, wash_out
from plant_models.benchmarks.units import Blender
from plant_models.benchmarks.units import Machine as MachineUnit
from plant_models.chlorobenzene.paper.printed import TEN_THOUSAND, table_1_2
from plant_models.methods.rollout import (
    MONTH,
    YEAR,
    Measure,
    added,
    best_order,
    by_payback,
    roll_out,
)
from plant_models.model import Lacks, PlantModel
from sim.clock.plant import Plant
from sim.clock.random_streams import weibull_scale
from sim.model.facts import set_values
from sim.network.network import Tank
from sim.network.operation import FailureMode, Maintenance
from sim.statistics.control_variates import controlled
from sim.statistics.intervals import z_score
from sim.tables import text_table

LARGEST_Z = 3.0  # standard errors
CODED = 1e-9  # relative, where the closed form is coded


@dataclass(frozen=True, slots=True)
class Case:
    """One known answer and what the engine makes of it."""

    name: str  #: What was measured, with its unit
    value: float  #: The engine's
    expected: float  #: The right one
    kind: str
    """``z`` for a random case, whose ``error`` is in standard errors; ``relative`` for an exact
    one."""
    error: float  #: How far off it is
    tolerance: float  #: How far off it may be
    standard_error: float = 0.0
    """Of a random figure, relative to ``expected``; 0 for an exact one."""

    @property
    def ok(self) -> bool:
        """Whether the figure is within its tolerance."""
        return abs(self.error) <= self.tolerance


def exact(name: str, value: float, expected: float, tolerance: float = CODED) -> Case:
    """Return a case that must agree to ``tolerance``, relative where the answer is not 0."""
    error = abs(value - expected) / (abs(expected) or 1.0)
    return Case(name, value, expected, "relative", error, tolerance)


def random(name: str, batches: Sequence[float], expected: float) -> Case:
    """Return a case whose mean over batches must lie within three standard errors."""
    spread = stdev(batches) / sqrt(len(batches)) / abs(expected)
    return Case(name, fmean(batches), expected, "z", z_score(batches, expected), LARGEST_Z, spread)


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


def fluid_source(
    share: float,
    source: float = 2.0,
    starts: float = 0.4,
    stops: float = 0.6,
    drain: float = 1.0,
    capacity: float = 5.0,
    seed: int = 1,
) -> list[Case]:
    """Return what a tank behind an on/off source does: a line whose second machine never fails."""
    switch = Machine(mu=source, p=stops, r=starts)
    steady = Machine(mu=drain, p=0.0, r=1.0)
    watch = LineWatch(switch, steady, capacity, names=("source", "drain"), tank="tank")
    plant = on_off_source(source, starts, stops, drain, capacity, seed, hear=watch.hear)
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


KNOWN = {
    "classes": (11.35, 1062.7),
    "payback": (10.09, 1117.0),
    "best of 5,040 orders": (10.05, 1118.7),
}
"""Months until the last scheme works, and 10^4 RMB in hand after three years, to the digits given:
known answers of the project, computed apart from this code."""


def self_financed(share: float) -> list[Case]:
    """Return when the programme of Table 1-2 is complete, and its cash after three years.

    Free schemes at once, all net income ploughed back, no lead times, no money from outside.
    """
    rows = [row for row in table_1_2().values() if row.cost_class]  # the total has none
    worth = added({row.name: row.net for row in rows})
    free, *costly = [Measure(row.name, row.investment) for row in rows]
    orders = {
        "classes": (free, *costly),
        "payback": (free, *by_payback(costly, worth, frozenset({free.name}))),
        "best of 5,040 orders": best_order([free, *costly], worth),
    }
    cases = []
    for name, (months, cash) in KNOWN.items():
        went = roll_out(orders[name], worth)
        finished = went.finished
        assert finished is not None
        in_hand = went.cash(3.0 * YEAR) / TEN_THOUSAND
        told = f"self-financed programme, {name}"
        cases += [
            exact(f"{told}: complete, months", finished / MONTH, months, 0.005 / months),
            exact(f"{told}: cash after 3 years, 10^4 RMB", in_hand, cash, 0.05 / cash),
        ]
    return cases


SHARES = (0.001, 1.0)
COLUMNS = (*(item.name for item in fields(Case)), "ok")


@dataclass(frozen=True, slots=True)
class Printed:
    """A figure that a source prints, beside what a plant of the package, or of a user, has."""

    plant: str
    name: str
    title: str
    printed: float  #: In ``unit``
    value: float  #: The model's
    within: float  #: How far off it may be
    unit: str
    reason: str  #: Of the tolerance
    source: str

    @property
    def ok(self) -> bool:
        """Whether the model's figure is within its tolerance."""
        return abs(self.value - self.printed) <= self.within


PRINTED = (*(item.name for item in fields(Printed)), "ok")


def printed_of(plant: PlantModel[Any, Any], name: str) -> list[Printed]:
    """Return what is printed of a plant, and what it has, at constant conditions."""
    told = ("name", "title", "printed", "within", "unit", "reason", "source")
    found = []
    for figure in plant.published:
        with at_work(f"{name}, published figure {figure.name!r}"):
            design = set_values(plant.baseline(), figure.set)
            value = figure.value(plant.steady_state(figure.schemes, design=design).indicators)
        found.append(
            Printed(plant=name, value=value, **{key: getattr(figure, key) for key in told})
        )
    return found


def shipped() -> list[Printed]:
    """Return what is printed of the plants of the package that are after a published text."""
    found = []
    for name in PLANTS:
        try:
            found += printed_of(plant_named(name), name)
        except Lacks:
            continue
    return found


@dataclass(frozen=True, repr=False)
class Validation(Answer):
    """The engine against answers that are known without it, plants against what is printed."""

    cases: tuple[Case, ...]
    share: float  #: Of the full horizons that random cases ran
    printed: tuple[Printed, ...] = ()
    of: str = ""  #: The plant whose printed figures alone were asked for

    def report(self) -> str:
        """Return the cases, how well the clocks are told apart, and the printed figures."""
        engine = f"{report(self.cases)}\n{report_clocks(self.cases)}" if self.cases else ""
        return "\n\n".join(filter(None, (engine, report_printed(self.printed))))

    def page(self) -> str:
        """Return the page ``docs/validation.md``."""
        return validation_page(self.cases, self.share, self.printed)

    def tables(self) -> Mapping[str, Table]:
        """Return the cases, and the printed figures."""
        rows = [tuple(getattr(case, name) for name in COLUMNS) for case in self.cases]
        figures = [tuple(getattr(figure, name) for name in PRINTED) for figure in self.printed]
        found = {"cases": Table(COLUMNS, rows), "printed": Table(PRINTED, figures)}
        return {name: table for name, table in found.items() if table.rows}

    def documents(self) -> Mapping[str, str]:
        """Return the page."""
        return {} if self.of else {"validation.md": self.page()}

    @property
    def failures(self) -> Sequence[str]:
        """The cases that are off."""
        off = [case.name for case in self.cases if not case.ok]
        off += [f"{figure.plant}, {figure.title}" for figure in self.printed if not figure.ok]
        return [f"off: {name}" for name in off]

    def as_json(self) -> dict[str, Any]:
        """Return the cases, how far apart the clocks lie, and the printed figures."""
        tables = {name: plain(table.records) for name, table in self.tables().items()}
        if self.of:
            return {**tables, "provenance": provenance("validate", plant=self.of)}
        return {
            "share": self.share,
            **tables,
            "clocks_apart": clocks_apart(self.cases),
            "provenance": provenance("validate", share=self.share),
        }


def validate(
    share: float = 1.0, *, plant: AnyPlant | None = None, workers: int | None = None
) -> Validation:
    """Run every engine case with a known answer, and hold plants against what is printed of them.

    ``share``: share of the full horizons that the random cases run. At 1 every standard error is at
    most 0.05 % of the value, so that the three clocks are told apart. ``plant``: hold this one
    against what is printed of it (``published.toml`` in its folder), and run no case. ``workers``:
    processes; as many as processors by default.

    Raises
    ------
    TypeError, ValueError
        A share that is no number from 0.001 to 1.
    LookupError
        A plant of which nothing is printed.
    SimulationFault
        A case that cannot be finished.
    """
    share = number("share", share, *SHARES)
    if plant is not None:
        of = plant_of(plant)
        return Validation((), share, tuple(printed_of(of, of.name)), of.name)
    jobs = [(group, share, *arguments) for group, arguments in groups()]
    found = each(_worked, jobs, workers, "validate")
    return Validation(tuple(case for cases in found for case in cases), share, tuple(shipped()))


def groups() -> list[tuple[Callable[..., list[Case]], tuple[object, ...]]]:
    """Return every group of cases: a function and its arguments after the share."""
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
        (deliveries, (40.0,)),
        (deliveries, (48.0, 1e3, 58.0)),
        (deliveries, (60.0, 60.0, 60.0)),
        (fluid_source, ()),
        *((queue, (law,)) for law in ("exponential", "constant")),
        (stirred, ("well-mixed tank", 2.5, 2.5, 12.0, 0.2, 0.9, 9.0)),
        (stirred, ("filling tank", 3.0, 2.0, 10.0, 0.2, 0.9, 8.0)),
        (washed_out, ()),
        *((in_series, (loaded,)) for loaded in ("all", "first")),
        *((second_feed_line, pair) for pair in (("A", "volume"), ("C", "calendar"))),
        (washed_by_its_feed, ()),
        *((steam_for_two, (steam,)) for steam in (6.0, 4.0)),
        (steam_left_over, ()),
        *((pumps_in_proportion, (weights,)) for weights in ((1.0, 1.0, 1.0), (2.0, 4.0, 10.0))),
        (filled_drums, ()),
        (self_financed, ()),
    ]


def _worked(group: Callable[..., list[Case]], share: float, *arguments: object) -> list[Case]:
    with at_work("a case with a known answer"):
        return group(share, *arguments)


SAME = 1e-12  # relative; two clocks that give one answer
ROUNDING = 1e-12  # relative

INTRODUCTION = """\
# Validation

The engine against answers that are known without it: closed forms, queueing theory, Markov
processes solved by other means, arithmetic. Each case is a small plant in
`plant_models/benchmarks/`; its answers are in `plant_models/benchmarks/oracles/`. This page is what
`python -m experiments validate {share}--page` prints; a test holds its exact cases against those
that it computes.

{horizon}

A random case is judged by its distance in standard errors (z, at most 3), an exact one by its
relative error. What the model of the plant says of Taiyuan is another matter: see
[calibration](calibration.md) and [the source](paper_check.md).
"""

WHOLE = "Random cases ran their full horizons."
PART = """\
Random cases ran {share:g} of their full horizons, so that their standard errors are about
{factor:.0f} times those of `python -m experiments validate`, which takes some minutes."""


def clocks_apart(cases: Sequence[Case]) -> dict[str, float]:
    """Return how far apart the failure clocks' throughputs lie, standard errors of a difference.

    Only pairs of clocks whose right answers differ are listed, for each line of two machines.
    """
    known = {case.name: case for case in cases}
    apart = {}
    for letter in LINES:
        throughput = {
            clock: known[name]
            for clock in CLOCKS
            if (name := f"{line_name(letter, clock)}: throughput, kg/h") in known
        }
        for (clock, a), (other, b) in combinations(throughput.items(), 2):
            if abs(a.expected - b.expected) > SAME * a.expected:
                error = hypot(a.standard_error * a.expected, b.standard_error * b.expected)
                apart[f"{letter}, {clock} - {other}"] = abs(a.expected - b.expected) / error
    return apart


OFF = "<-- off"


def report(cases: Sequence[Case]) -> str:
    """Return the cases as a table, and how many are within their tolerance."""
    rows = []
    for case in cases:
        error = f"z {case.error:+.2f}" if case.kind == "z" else f"{case.error:.1e}"
        spread = f"{100.0 * case.standard_error:.3f} %" if case.kind == "z" else ""
        figures = f"{case.value:.10g}", f"{case.expected:.10g}", error, f"{case.tolerance:.2g}"
        rows.append([case.name, *figures, spread, "" if case.ok else OFF])
    header = ["case", "value", "expected", "error", "within", "s.e.", ""]
    lines = text_table(header, rows, left=(0, 6))
    good = sum(case.ok for case in cases)
    return "\n".join([*lines, f"{good} of {len(cases)} cases agree"])


def report_printed(figures: Sequence[Printed]) -> str:
    """Return printed figures beside the models', and why they may differ."""
    lines = []
    for name in dict.fromkeys(figure.plant for figure in figures):
        own = [figure for figure in figures if figure.plant == name]
        rows = [
            [figure.title, f"{figure.printed:.6g}", f"{figure.value:.6g}", f"{figure.within:.2g}",
             figure.unit, "" if figure.ok else OFF]
            for figure in own
        ]  # fmt: skip
        header = [f"printed of the {name}", "printed", "model", "within", "unit", ""]
        head, *told = text_table(header, rows, left=(0, 4, 5))
        lines.append(head)
        for line, figure in zip(told, own, strict=True):
            lines += [line, f"    {figure.reason} ({figure.source})"]
        lines.append("")
    if figures:
        good = sum(figure.ok for figure in figures)
        lines.append(f"{good} of {len(figures)} printed figures are met")
    return "\n".join(lines)


def report_clocks(cases: Sequence[Case]) -> str:
    """Return a sentence on how well the three failure clocks are told apart."""
    apart = [f"{pair} {distance:.0f}" for pair, distance in clocks_apart(cases).items()]
    return f"Clocks apart, in standard errors of the difference: {'; '.join(apart)}"


PRINTED_FIGURES = """
## What is printed of plants

Plants that are built after a published text have its figures in their ``published.toml``, and how
the model's figure is made of indicators. `python -m experiments validate --plant plating` shows
those of one plant, or of your own folder.

| plant | figure | printed | model | within | unit | why |
|---|---|---:|---:|---:|---|---|"""


def validation_page(cases: Sequence[Case], share: float, printed: Sequence[Printed] = ()) -> str:
    """Return the page: what was compared, a row a case, and how many agree."""
    option = "" if share == 1.0 else f"--share {share:g} "
    horizon = WHOLE if share == 1.0 else PART.format(share=share, factor=share**-0.5)
    good = sum(case.ok for case in cases)
    return "\n".join(
        [
            INTRODUCTION.format(share=option, horizon=horizon),
            f"**{good} of {len(cases)} cases agree.**\n",
            "| case | value | expected | error | within | standard error |",
            "|---|---:|---:|---:|---:|---:|",
            *(row(case) for case in cases),
            f"\n{report_clocks(cases)}.",
            *([PRINTED_FIGURES] if printed else []),
            *map(printed_row, printed),
            "",
        ]
    )


def row(case: Case) -> str:
    """Return the row of a case; of an exact one the error by its power of ten.

    Sums of floats round differently on another machine, and the page should not.
    """
    expected = f"{case.expected:.10g}"
    if case.kind == "z":
        value, error = f"{case.value:.6g}", f"z {case.error:+.2f}"
        spread = f"{100.0 * case.standard_error:.3f} %"
    else:
        within = case.ok and abs(case.error) <= CODED
        value = expected if within else f"{case.value:.7g}"
        error, spread = bound(case), ""
    flag = "" if case.ok else " **off**"
    return (
        f"| {case.name}{flag} | {value} | {expected} | {error} | {case.tolerance:.2g} | {spread} |"
    )


def printed_row(figure: Printed) -> str:
    """Return the row of a printed figure."""
    flag = "" if figure.ok else " **off**"
    return (
        f"| {figure.plant} | {figure.title}{flag} | {figure.printed:g} | {figure.value:.6g} | "
        f"{figure.within:.2g} | {figure.unit} | {figure.reason} |"
    )


def bound(case: Case) -> str:
    """Return the power of ten, or the tolerance, that an error lies below."""
    error = abs(case.error)
    if error < ROUNDING:
        return "rounding"
    power = 10.0 ** (floor(log10(error)) + 1)
    return f"< {min(power, case.tolerance) if case.ok else power:.2g}"
