"""Random works: reactors in a row, washers of their gas, second feeds, headers, steam and shares.

What each of these does alone, other networks show; a plant has them in one train, and what goes
wrong goes wrong where they meet. A network is drawn from its number alone.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from plant_models.benchmarks.units import (
    AMMONIA,
    HYDROGEN_CHLORIDE,
    NEUTRALISATION,
    SALMIAC,
    WATER,
)
from sim.model.parameters import quantity
from sim.network.network import Header, Network, Pipe, Tank, Train
from sim.network.operation import FailureMode
from sim.network.unit import Conditions, Conversion, Recipe, Stream, Unit

N = len(SALMIAC.names)
HALF = (0.5,) * N


@dataclass(frozen=True, kw_only=True)
class Reactor(Unit):
    """Draws the more acid the more ammonia comes, turns the scarcer of both, boils off the gas."""

    inlets: ClassVar = ("charge", "acid")
    outlets: ClassVar = ("liquor", "gas")
    base: float = quantity("kg/kg", "acid per charge without ammonia", 0.0, 10.0)
    slope: float = quantity("kg/kg", "more of it per kg/kg of ammonia", -10.0, 10.0)
    turned: float = quantity("kg/kg", "of the scarcer, converted at no rate", 0.0, 1.0)
    bend: float = quantity("1", "by how much less is at capacity", 0.0, 5.0)
    steam: float = quantity("kg/kg", "steam per charge", 0.0, 1e3)
    gas: tuple[float, ...] = HALF
    """Share of each component that boils off, kg/kg, of a charge of ammonia."""

    def convert(self, inlets: Mapping[str, Stream], at: Conditions) -> Recipe:
        """Return the recipe."""
        charge, drawn = inlets["charge"], inlets["acid"]
        share = charge[AMMONIA] / (sum(charge) or 1.0)
        ratio = max(self.base + self.slope * share, 0.0)
        fraction = self.turned / (1.0 + self.bend * at.activity / self.capacity)
        kmol = [
            (charge[c] + drawn[c]) / SALMIAC.molar_mass[c] for c in (AMMONIA, HYDROGEN_CHLORIDE)
        ]
        scarcer = AMMONIA if kmol[0] <= kmol[1] else HYDROGEN_CHLORIDE
        gas = tuple(part * (1.0 + 0.2 * share) / 1.2 for part in self.gas)
        return Recipe(
            splits={"liquor": tuple(1.0 - part for part in gas), "gas": gas},
            draws={"acid": (ratio,) * N},
            conversions=(Conversion(NEUTRALISATION, scarcer, fraction),) if fraction else (),
            uses={"steam": self.steam * (0.5 + share)},
        )


@dataclass(frozen=True, kw_only=True)
class Washer(Unit):
    """Holds the less of what comes, the more gas there is; is shown no less than nothing of it."""

    inlets: ClassVar = ("wash", "gas")
    outlets: ClassVar = ("tail", "spent")
    load: float = quantity("1", "by how much less is held per kg/kg of gas", 0.0, 10.0)
    held: tuple[float, ...] = HALF
    """Share of each component without gas, kg/kg."""
    shown: list[float] = field(default_factory=lambda: [0.0], compare=False)
    """The least that it has been shown of any gas, kg/h."""

    def convert(self, inlets: Mapping[str, Stream], at: Conditions) -> Recipe:
        """Return the recipe."""
        self.shown[0] = min(self.shown[0], *inlets["gas"])
        part = 1.0 / (1.0 + self.load * sum(inlets["gas"]) / (sum(inlets["wash"]) or 1.0))
        spent = tuple(part * share for share in self.held)
        return Recipe(splits={"spent": spent, "tail": tuple(1.0 - share for share in spent)})


def works(number: int) -> Network:
    """Return the random works of a number: always the same."""
    rng = random.Random(f"works {number}")
    tanks = {f"t{j}": _tank(rng) for j in range(rng.randint(1, 7))}
    ends = [*tanks, "customers", "customers"]
    units: dict[str, Unit] = {}
    trains: list[Train] = []
    pipes: dict[str, Pipe] = {}
    draws: dict[str, str | Header] = {}
    for k in range(rng.randint(2, 8)):
        capacity = 10.0 ** rng.uniform(-1.0, 4.0)
        feed = "store" if k == 0 else rng.choice([*tanks, "store"])
        kind, name = rng.choice(["one", "one", "washer", "two"]), f"u{k}"
        members: tuple[str, ...] = (name,) if kind != "two" else (f"{name}a", f"{name}b")
        trains.append(Train(name, feed, members, **_slow(rng)))
        for member in members:
            if kind == "washer":
                units[member] = _washer(rng, capacity)
                pipes[f"{member}.tail"] = Pipe("air")
                pipes[f"{member}.spent"] = Pipe(rng.choice([end for end in ends if end != feed]))
            else:
                units[member] = _reactor(rng, capacity)
                draws[f"{member}.acid"] = _source(rng, list(tanks))
        if kind == "two":
            pipes[f"{members[0]}.liquor"] = Pipe(f"{members[1]}.charge")
    washers = [name for name, unit in units.items() if isinstance(unit, Washer)]
    for name, unit in units.items():
        for outlet in unit.outlets:
            if f"{name}.{outlet}" in pipes:
                continue
            if outlet == "gas" and washers and rng.random() < 0.6:
                pipes[f"{name}.gas"] = Pipe(f"{rng.choice(washers)}.gas", otherwise="air")
            else:
                start_up = rng.choice([None, None, rng.choice(ends)])
                pipes[f"{name}.{outlet}"] = Pipe(rng.choice(ends), start_up=start_up)
    collected = {pipe.to for pipe in pipes.values()}
    draws |= {f"{name}.gas": "acid" for name in washers if f"{name}.gas" not in collected}
    names = [train.name for train in trains]
    return Network(
        components=SALMIAC,
        units=units,
        tanks=tanks,
        contents={tank: _composition(rng) for tank in tanks},
        supplies={"store": _composition(rng), "acid": _composition(rng)},
        sinks={"customers": "product", "sewer": "wastewater", "air": "air"},
        trains=tuple(trains),
        pipes=pipes,
        draws=draws,
        spills=dict.fromkeys(tanks, "sewer"),
        utilities={"steam": 10.0 ** rng.uniform(-1.0, 4.0)} if rng.random() < 0.4 else {},
        shares=(tuple(rng.sample(names, 2)),) if rng.random() < 0.3 else (),
    )


def _tank(rng: random.Random) -> Tank:
    """Return a tank of 10 g to 1,000 t."""
    return Tank(
        capacity=10.0 ** rng.uniform(-2.0, 6.0),
        heel=rng.choice([0.0, 0.0, 0.02, 0.3]),
        initial_level=rng.choice([0.0, 0.5, 1.0, rng.random()]),
        when_full=rng.choice(["block", "block", "spill"]),
    )


def _slow(rng: random.Random) -> dict[str, Any]:
    """Return how a train starts up and trips, or that it does so at once."""
    if rng.random() >= 0.3:
        return {}
    return {
        "start_up_hours": rng.choice([0.1, 2.0]),
        "start_up_fraction": rng.choice([1.0, 0.3]),
        "trip_hours": rng.choice([0.0, 0.05]),
        "trip_fraction": rng.choice([0.0, 0.5]),
    }


def _reactor(rng: random.Random, capacity: float) -> Reactor:
    return Reactor(
        capacity=capacity,
        base=rng.choice([0.0, 0.1, 1.0, 3.0]),
        slope=rng.choice([0.0, 0.0, 0.5, -1.0, 3.0]),
        turned=rng.choice([0.0, 0.5, 0.99, 1.0]),
        bend=rng.choice([0.0, 0.5, 3.0]),
        steam=rng.choice([0.0, 0.0, 0.1, 3.0]),
        gas=_shares(rng),
        failure=_failure(rng),
    )


def _washer(rng: random.Random, capacity: float) -> Washer:
    load = rng.choice([0.0, 0.3, 3.0])
    return Washer(capacity=capacity, load=load, held=_shares(rng), failure=_failure(rng))


def _source(rng: random.Random, tanks: list[str]) -> str | Header:
    """Return what gives acid: the supply, a tank or two alone, or these before the supply."""
    if rng.random() < 0.3:
        return "acid"
    served = tuple(rng.sample(tanks, min(len(tanks), rng.randint(1, 2))))
    if len(served) == 1 and rng.random() < 0.5:
        return served[0]
    return Header(served, rng.choice([None, "acid"]))


def _failure(rng: random.Random) -> FailureMode | None:
    """Return how a unit fails, every two minutes or in a hundred years, or that it does not."""
    if rng.random() < 0.4:
        return None
    return FailureMode(mtbf=10.0 ** rng.uniform(-1.5, 6.0), mttr=10.0 ** rng.uniform(-3.0, 2.0))


def _shares(rng: random.Random) -> tuple[float, ...]:
    """Return a share of each component, kg/kg."""
    return tuple(
        rng.choice([0.0, 1.0, rng.random(), 10.0 ** rng.uniform(-9.0, 0.0)]) for _ in range(N)
    )


def _composition(rng: random.Random) -> Stream:
    """Return a composition, kg/kg, with some water."""
    parts = list(_shares(rng))
    parts[WATER] += 0.1
    return tuple(part / sum(parts) for part in parts)
