"""A recycle loop, deliveries, an on/off source and drums: flows with exact answers."""

from __future__ import annotations

from itertools import count

from plant_models.benchmarks.innovations import Hear
from plant_models.benchmarks.machines import running
from plant_models.benchmarks.units import MATERIAL, Machine, Splitter
from sim.clock.clocks import MASS
from sim.clock.life import Life
from sim.clock.plant import Plant
from sim.network.network import Network, Pipe, Tank, Train
from sim.network.operation import FailureMode


def recycle_loop(fraction: float, feed: float = 1.0, tanks: int = 3) -> Plant:
    """Return a chain of empty tanks whose last flow is split back to the first.

    ``fraction``: share of the last flow that goes back, kg/kg, below 1; ``feed``: flow into the
    first tank, kg/h; ``tanks``: length of the chain.
    """
    names = [f"tank_{i}" for i in range(1, tanks + 1)]
    pumps = [f"pump_{i}" for i in range(1, tanks)]
    units = {
        "intake": Machine(capacity=feed),
        **{pump: Machine(capacity=1000.0 * feed) for pump in pumps},
        "splitter": Splitter(capacity=1000.0 * feed, recycle=fraction),
    }
    return running(
        Network(
            components=MATERIAL,
            units=units,
            tanks={
                name: Tank(capacity=100.0 * feed, heel=0.0, initial_level=0.0) for name in names
            },
            contents=dict.fromkeys(names, (1.0,)),
            supplies={"store": (1.0,)},
            sinks={"customers": "product"},
            trains=tuple(
                Train(unit, source, (unit,))
                for unit, source in zip(units, ["store", *names], strict=True)
            ),
            pipes={
                "intake.made": Pipe(names[0]),
                **{f"{pump}.made": Pipe(tank) for pump, tank in zip(pumps, names[1:], strict=True)},
                "splitter.product": Pipe("customers"),
                "splitter.recycle": Pipe(names[0]),
            },
        )
    )


def periodic_deliveries(
    draw: float,
    period: float,
    lot: float,
    capacity: float,
    level: float,
    unloading: float,
) -> Plant:
    """Return a tank drawn from steadily and filled by a car every period; what is over spills.

    Parameters
    ----------
    draw : float
        Rate taken while there is something, kg/h.
    period : float
        Time between two cars, h; the first comes after one.
    lot : float
        What a car brings, kg.
    capacity, level : float
        Capacity of the tank and its contents at the start, kg.
    unloading : float
        Rate at which a car unloads, kg/h.
    """
    network = Network(
        components=MATERIAL,
        units={"unloading": Machine(capacity=unloading), "user": Machine(capacity=draw)},
        tanks={
            "tank": Tank(
                capacity=capacity, heel=0.0, initial_level=level / capacity, when_full="spill"
            )
        },
        contents={"tank": (1.0,)},
        supplies={"cars": (1.0,)},
        sinks={"customers": "product", "refused": "product"},
        trains=(Train("unloading", "cars", ("unloading",)), Train("user", "tank", ("user",))),
        pipes={"unloading.made": Pipe("tank"), "user.made": Pipe("customers")},
        spills={"tank": "refused"},
    )
    plant = running(network)
    plant.hold("unloading", "car", "no car")
    pump = plant.clock(MASS, "unloading")

    def cars() -> Life:
        for k in count(1):
            yield plant.env.timeout(k * period - plant.env.now)
            plant.release("unloading", "car")
            yield pump.reaches(lot)
            plant.hold("unloading", "car", "no car")

    plant.env.process(cars())
    return plant


def on_off_source(
    source: float,
    starts: float,
    stops: float,
    drain: float,
    capacity: float,
    seed: int = 1,
    hear: Hear | None = None,
) -> Plant:
    """Return a tank that a source fills while it is on; parameters as of its oracle."""
    switch = FailureMode(
        mtbf=1.0 / stops, mttr=1.0 / starts, clock="calendar", repair_law="exponential"
    )
    network = Network(
        components=MATERIAL,
        units={
            "source": Machine(capacity=source, failure=switch),
            "drain": Machine(capacity=drain),
        },
        tanks={"tank": Tank(capacity=capacity, heel=0.0, initial_level=0.0)},
        contents={"tank": (1.0,)},
        supplies={"store": (1.0,)},
        sinks={"customers": "product"},
        trains=(Train("source", "store", ("source",)), Train("drain", "tank", ("drain",))),
        pipes={"source.made": Pipe("tank"), "drain.made": Pipe("customers")},
    )
    return running(network, seed, hear=hear)


def drums(plant: Plant, unit: str, size: float) -> list[float]:
    """Return a list that grows by the hour at which each drum of ``size`` kg is full."""
    filled: list[float] = []
    flow = plant.clock(MASS, unit)

    def filling() -> Life:
        while True:
            yield flow.reaches(size)
            filled.append(plant.env.now)

    plant.env.process(filling())
    return filled
