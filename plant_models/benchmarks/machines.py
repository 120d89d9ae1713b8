"""Unreliable machines: one alone, some in a rigid row, some with buffers between them."""

from __future__ import annotations

from collections.abc import Sequence

from plant_models.benchmarks.innovations import Hear, HeardStreams
from plant_models.benchmarks.units import MATERIAL, Machine
from sim.clock.life import Outages, failure_lives, maintenance_lives
from sim.clock.plant import Plant
from sim.clock.recorder import Recorder
from sim.flow.state import TOLERANCE
from sim.network.network import Network, Pipe, Tank, Train
from sim.network.operation import FailureMode, Maintenance


def machine_line(
    machines: Sequence[Machine], buffers: Sequence[float], level: float = 0.5
) -> Network:
    """Return machines in a row with a buffer of given capacity, kg, between each two."""
    units = {f"machine_{i}": machine for i, machine in enumerate(machines, 1)}
    tanks = {
        f"buffer_{i}": Tank(capacity=kg, heel=0.0, initial_level=level)
        for i, kg in enumerate(buffers, 1)
    }
    names, stores = list(units), list(tanks)
    ends = [*stores, "customers"]
    return Network(
        components=MATERIAL,
        units=units,
        tanks=tanks,
        contents=dict.fromkeys(tanks, (1.0,)),
        supplies={"store": (1.0,)},
        sinks={"customers": "product"},
        trains=tuple(
            Train(name, feed, (name,)) for name, feed in zip(names, ["store", *stores], strict=True)
        ),
        pipes={f"{name}.made": Pipe(end) for name, end in zip(names, ends, strict=True)},
    )


def rigid_row(machines: Sequence[Machine]) -> Network:
    """Return machines with nothing between them: members of one train, run or wait together."""
    names = [f"machine_{i}" for i in range(1, len(machines) + 1)]
    ends = [*(f"{name}.part" for name in names[1:]), "customers"]
    return Network(
        components=MATERIAL,
        units=dict(zip(names, machines, strict=True)),
        tanks={},
        contents={},
        supplies={"store": (1.0,)},
        sinks={"customers": "product"},
        trains=(Train("row", "store", tuple(names)),),
        pipes={f"{name}.made": Pipe(end) for name, end in zip(names, ends, strict=True)},
    )


def running(
    network: Network,
    seed: int = 1,
    *,
    crews: int = 1,
    recorder: Recorder | None = None,
    tolerance: float = TOLERANCE,
    hear: Hear | None = None,
) -> Plant:
    """Return a plant whose units fail and are maintained as their parameters say.

    ``hear`` is told every draw; see ``innovations``.
    """
    plant = Plant(
        network,
        lambda hour: {},
        HeardStreams(seed, hear),
        crews=crews,
        recorder=recorder,
        tolerance=tolerance,
    )
    outages = Outages(plant)
    for life in (*failure_lives(plant, outages), *maintenance_lives(plant, outages)):
        plant.env.process(life)
    return plant


def unreliable(
    mu: Sequence[float], p: Sequence[float], r: Sequence[float], clock: str
) -> list[Machine]:
    """Return machines of given largest rates, kg/h, failure and repair rates, 1/h."""
    return [
        Machine(
            capacity=rate,
            failure=FailureMode(
                mtbf=1.0 / fails, mttr=1.0 / repaired, clock=clock, repair_law="exponential"
            ),
        )
        for rate, fails, repaired in zip(mu, p, r, strict=True)
    ]


def two_machines(
    mu: tuple[float, float],
    p: tuple[float, float],
    r: tuple[float, float],
    buffer: float,
    clock: str,
    seed: int = 1,
    hear: Hear | None = None,
) -> Plant:
    """Return a running line of two machines and a buffer (Gershwin and Schick 1980).

    Parameters
    ----------
    mu : tuple of float
        Largest rates, kg/h.
    p, r : tuple of float
        Failure and repair rates, 1/h.
    buffer : float
        Capacity, kg.
    clock : str
        What the failures age by: ``volume`` (ODF), ``run time`` (RT) or ``calendar`` (TDF).
    """
    network = machine_line(unreliable(mu, p, r, clock), [buffer])
    return running(network, seed, crews=2, hear=hear)


def three_machines(
    mu: tuple[float, float, float],
    p: tuple[float, float, float],
    r: tuple[float, float, float],
    clock: str,
    hear: Hear | None = None,
) -> Plant:
    """Return three machines that run or wait together; parameters as for ``two_machines``."""
    return running(rigid_row(unreliable(mu, p, r, clock)), crews=3, hear=hear)


def one_machine(
    failure: FailureMode,
    *others: FailureMode,
    maintenance: Maintenance | None = None,
    seed: int = 1,
    hear: Hear | None = None,
) -> Plant:
    """Return a machine of 1 kg/h with up to three modes: its throughput is its availability."""
    second, third = [*others, None, None][:2]
    machine = Machine(
        capacity=1.0, failure=failure, second=second, third=third, maintenance=maintenance
    )
    return running(rigid_row([machine]), seed, hear=hear)
