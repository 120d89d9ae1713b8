"""Fifteen units, ten tanks, five components: a plant of middle size to measure the engine on."""

from __future__ import annotations

from plant_models.benchmarks.machines import running
from plant_models.benchmarks.units import (
    SALMIAC,
    Machine,
    Neutraliser,
    Scrubber,
    Splitter,
    Still,
)
from plant_models.benchmarks.works import DRAWS, SINKS, SUPPLIES
from sim.clock.plant import Plant
from sim.network.network import Network, Pipe, Tank, Train
from sim.network.operation import FailureMode
from sim.network.unit import Unit

FAILURE = FailureMode(
    mtbf=100.0, mttr=4.0, clock="volume", law="exponential", repair_law="exponential"
)
CREWS = 4
FINISHING = ("cooler", "crystalliser", "centrifuge", "drier", "packing")
RETURNING = ("cooler", "centrifuge", "packing")


def fifteen_units() -> Network:
    """Return salt made of ammonia water, and finished in five steps with a tank before each.

    Intake -> charger -> neutraliser and scrubber -> filter and press -> still -> five steps, of
    which every other one sends a tenth back to its own tank through a splitter. The filter's
    first runnings go back to the charge, the still's distillate to the feed tank, its water to
    the scrubber's header, and its vent into the scrubber.
    """
    units: dict[str, Unit] = {
        "intake": Machine(capacity=200.0, failure=FAILURE),
        "charger": Machine(capacity=150.0, failure=FAILURE),
        "neutraliser": Neutraliser(
            capacity=120.0, conversion=0.8, slip=0.1, stripped=0.2, failure=FAILURE
        ),
        "scrubber": Scrubber(ratio=10.0, holding=40.0, failure=FAILURE),
        "filter": Splitter(capacity=250.0, recycle=0.05, failure=FAILURE),
        "press": Machine(capacity=240.0, failure=FAILURE),
        "still": Still(capacity=220.0, returned=0.3, washing=0.2, vented=0.3, failure=FAILURE),
    }
    tanks = {
        "feed_tank": Tank(capacity=2000.0),
        "charge_tank": Tank(capacity=500.0),
        "liquor_tank": Tank(capacity=1000.0, initial_level=0.3),
        "filtrate_tank": Tank(capacity=1000.0),
        "wash_tank": Tank(capacity=500.0, when_full="spill"),
    }
    trains = [
        Train("intake", "ammonia_water", ("intake",)),
        Train("charging", "feed_tank", ("charger",)),
        Train("making", "charge_tank", ("neutraliser", "scrubber")),
        Train("filtering", "liquor_tank", ("filter", "press")),
        Train("distilling", "filtrate_tank", ("still",)),
    ]
    pipes = {
        "intake.made": Pipe("feed_tank"),
        "charger.made": Pipe("charge_tank"),
        "neutraliser.liquor": Pipe("liquor_tank"),
        "neutraliser.gas": Pipe("scrubber.gas"),
        "scrubber.tail": Pipe("air"),
        "scrubber.effluent": Pipe("sewer"),
        "filter.product": Pipe("press.part"),
        "filter.recycle": Pipe("charge_tank"),
        "press.made": Pipe("filtrate_tank"),
        "still.distillate": Pipe("feed_tank"),
        "still.wash": Pipe("wash_tank"),
        "still.bottoms": Pipe(f"{FINISHING[0]}_tank"),
        "still.vent": Pipe("scrubber.vent", otherwise="air"),
    }
    for step, onward in zip(FINISHING, [*FINISHING[1:], ""], strict=True):
        to = Pipe(f"{onward}_tank" if onward else "customers")
        units[step] = Machine(capacity=150.0, failure=FAILURE)
        tanks[f"{step}_tank"] = Tank(capacity=400.0)
        pipes[f"{step}.made"] = to
        members: tuple[str, ...] = (step,)
        if step in RETURNING:
            head = f"{step}_splitter"
            units[head] = Splitter(capacity=160.0, recycle=0.1, failure=FAILURE)
            pipes |= {
                f"{head}.product": Pipe(f"{step}.part"),
                f"{head}.recycle": Pipe(f"{step}_tank"),
            }
            members = (head, step)
        trains.append(Train(f"{step}_train", f"{step}_tank", members))
    start = SALMIAC.stream(ammonia=0.1, water=0.9)
    return Network(
        components=SALMIAC,
        units=units,
        tanks=tanks,
        contents=dict.fromkeys(tanks, start) | {"wash_tank": SALMIAC.stream(water=1.0)},
        supplies=SUPPLIES,
        sinks=SINKS,
        trains=tuple(trains),
        pipes=pipes,
        draws=DRAWS,
        spills={"wash_tank": "sewer"},
        pacer="making",
    )


def fifteen_machines() -> Network:
    """Return a network of the same size whose units only pass on what they get.

    Eleven trains in a row, the first four of two machines, with a tank between each two: what an
    event costs without any chemistry.
    """
    names = [f"machine_{i}" for i in range(1, 16)]
    tanks = [f"tank_{i}" for i in range(1, 11)]
    rows = [*zip(names[:8:2], names[1:8:2], strict=True), *((name,) for name in names[8:])]
    pipes = {f"{a}.made": Pipe(f"{b}.part") for a, b in rows[:4]}
    pipes |= {
        f"{row[-1]}.made": Pipe(to) for row, to in zip(rows, [*tanks, "customers"], strict=True)
    }
    start = SALMIAC.stream(ammonia=0.1, water=0.9)
    return Network(
        components=SALMIAC,
        units={name: Machine(capacity=100.0, failure=FAILURE) for name in names},
        tanks={tank: Tank(capacity=400.0) for tank in tanks},
        contents=dict.fromkeys(tanks, start),
        supplies={"ammonia_water": start},
        sinks={"customers": "product"},
        trains=tuple(
            Train(f"train_{i}", feed, row)
            for i, (feed, row) in enumerate(zip(["ammonia_water", *tanks], rows, strict=True), 1)
        ),
        pipes=pipes,
    )


def network15(seed: int = 1) -> Plant:
    """Return the fifteen units as a plant that fails and is repaired."""
    return running(fifteen_units(), seed, crews=CREWS)


def row15(seed: int = 1) -> Plant:
    """Return the fifteen machines as a plant that fails and is repaired."""
    return running(fifteen_machines(), seed, crews=CREWS)
