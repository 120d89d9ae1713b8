"""The cases with an exact answer: closed forms and arithmetic.

Every function takes the share of its full horizon that it is to run, which no exact case needs, and
returns its cases.
"""

from __future__ import annotations

from experiments.studies.validate.case import Case, exact
from plant_models.benchmarks import oracles
from plant_models.benchmarks.flows import drums, periodic_deliveries, recycle_loop
from plant_models.benchmarks.machines import rigid_row, running
from plant_models.benchmarks.measure import Meter
from plant_models.benchmarks.stirred import salt_in, stirred_tank, tanks_in_a_row, wash_out
from plant_models.benchmarks.units import Machine
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
    right = oracles.stirred.tanks_in_series(3, 2.0, loaded)
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
