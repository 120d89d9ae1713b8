"""What runs short: a second feed from a tank, steam of two stills, an inflow of several pumps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from plant_models.benchmarks.innovations import Hear
from plant_models.benchmarks.machines import running, unreliable
from plant_models.benchmarks.oracles.two_machines import Machine as Rates
from plant_models.benchmarks.units import BRINE, MATERIAL, Blender, Boiler, Machine
from sim.clock.plant import Plant
from sim.network.network import Network, Pipe, Tank, Train
from sim.network.operation import FailureMode


def second_feed(filler: Machine, blender: Blender, tank: Tank, salt: float = 0.0) -> Network:
    """Return a blender that draws salt from the mine and, by ratio, from a tank that water fills.

    ``salt``: kg/kg in the tank at the start. The charge of the blender is water.
    """
    return Network(
        components=BRINE,
        units={"machine_1": filler, "machine_2": blender},
        tanks={"buffer_1": tank},
        contents={"buffer_1": (salt, 1.0 - salt)},
        supplies={"store": (0.0, 1.0), "well": (0.0, 1.0)},
        sinks={"customers": "product"},
        trains=(
            Train("machine_1", "store", ("machine_1",)),
            Train("machine_2", "well", ("machine_2",)),
        ),
        pipes={
            "machine_1.made": Pipe("buffer_1"),
            "machine_2.top": Pipe("customers"),
            "machine_2.bottom": Pipe("customers"),
        },
        draws={"machine_2.second": "buffer_1"},
    )


def second_feed_line(
    first: Rates, second: Rates, buffer: float, clock: str, hear: Hear | None = None
) -> Plant:
    """Return a line of two machines, of which the second draws from the buffer by a ratio of 1.

    It takes as much of an endless first feed, so it does to the buffer what the second machine of
    a common line does (Gershwin and Schick 1980), and delivers twice as much.
    """
    filler, blender = unreliable(
        (first.mu, second.mu), (first.p, second.p), (first.r, second.r), clock
    )
    tank = Tank(capacity=buffer, heel=0.0, initial_level=0.5)
    mixing = Blender(capacity=blender.capacity, failure=blender.failure, ratio=1.0)
    return running(second_feed(filler, mixing, tank), crews=2, hear=hear)


def two_stills(
    capacities: Sequence[float],
    uses: Sequence[float],
    steam: float,
    failure: FailureMode | None = None,
    hear: Hear | None = None,
) -> Plant:
    """Return two stills that take steam, kg/h, in their order; the first one may fail."""
    first, other = (Boiler(capacity=c, steam=use) for c, use in zip(capacities, uses, strict=True))
    if failure is not None:
        first = Boiler(capacity=first.capacity, steam=first.steam, failure=failure)
    names = ("machine_1", "machine_2")
    network = Network(
        components=MATERIAL,
        units=dict(zip(names, (first, other), strict=True)),
        tanks={},
        contents={},
        supplies={"store": (1.0,)},
        sinks={"customers": "product"},
        trains=tuple(Train(name, "store", (name,)) for name in names),
        pipes={f"{name}.made": Pipe("customers") for name in names},
        priorities=names,
        utilities={"steam": steam},
    )
    return running(network, hear=hear)


def sharing_pumps(
    capacities: Mapping[str, float], weights: Mapping[str, float], inflow: float
) -> Plant:
    """Return pumps, kg/h, that share by weight what an empty tank gets, kg/h."""
    network = Network(
        components=MATERIAL,
        units={
            "intake": Machine(capacity=inflow),
            **{name: Machine(capacity=rate) for name, rate in capacities.items()},
        },
        tanks={"tank": Tank(capacity=100.0, heel=0.0, initial_level=0.0)},
        contents={"tank": (1.0,)},
        supplies={"store": (1.0,)},
        sinks=dict.fromkeys([f"to_{name}" for name in capacities], "product"),
        trains=(
            Train("intake", "store", ("intake",)),
            *(Train(name, "tank", (name,)) for name in capacities),
        ),
        pipes={
            "intake.made": Pipe("tank"),
            **{f"{name}.made": Pipe(f"to_{name}") for name in capacities},
        },
        shares=(dict(weights),),
    )
    return running(network)
