"""Small plants with known answers: machines, buffers, recycles and tanks of one component."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from sim.chemistry import Components
from sim.life import Outages, start_failures
from sim.network import Network, Pipe, Tank, Train
from sim.operation import FailureMode
from sim.parameters import quantity
from sim.plant import Plant
from sim.random_streams import RandomStreams
from sim.unit import Conditions, Recipe, Stream, Unit

MATERIAL = Components({"water": "H2O"})


@dataclass(frozen=True, kw_only=True)
class Machine(Unit):
    """Passes material on at up to its capacity."""

    inlets: ClassVar = ("part",)
    outlets: ClassVar = ("made",)

    def convert(self, inlets: Mapping[str, Stream], at: Conditions) -> Recipe:
        """Return the recipe: all that enters leaves."""
        return Recipe(splits={"made": (1.0,) * len(inlets["part"])})


@dataclass(frozen=True, kw_only=True)
class Splitter(Unit):
    """Sends a fixed share of what enters back, and the rest on."""

    inlets: ClassVar = ("charge",)
    outlets: ClassVar = ("product", "recycle")
    recycle: float = quantity("kg/kg", "share sent back", minimum=0.0, maximum=1.0)

    def convert(self, inlets: Mapping[str, Stream], at: Conditions) -> Recipe:
        """Return the recipe: the same split of every component."""
        n = len(inlets["charge"])
        return Recipe(splits={"product": (1.0 - self.recycle,) * n, "recycle": (self.recycle,) * n})


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


def two_machines(
    mu: tuple[float, float],
    p: tuple[float, float],
    r: tuple[float, float],
    buffer: float,
    clock: str,
    seed: int = 1,
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
    machines = [
        Machine(
            capacity=mu[i],
            failure=FailureMode(
                mtbf=1 / p[i], mttr=1 / r[i], clock=clock, repair_law="exponential"
            ),
        )
        for i in range(2)
    ]
    network = machine_line(machines, [buffer])
    plant = Plant(network, lambda hour: {}, RandomStreams(seed), crews=2)
    start_failures(plant, Outages(plant))
    return plant
