"""Random networks of tanks and trains, and the laws that an engine keeps on any of them.

``CLEANERLINE_NETWORKS=20000`` says how many a soak draws (a few hundred by default),
``CLEANERLINE_NETWORKS_FROM=137`` from which number on: a network is drawn from its number alone, so
that one that fails is drawn again by itself.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import ClassVar

import numpy as np

from plant_models.benchmarks.machines import running
from plant_models.benchmarks.units import BRINE, Blender
from sim.clock.plant import Plant
from sim.model.parameters import quantity
from sim.network.chemistry import Components
from sim.network.network import Header, Network, Pipe, Tank, Train
from sim.network.operation import FailureMode
from sim.network.unit import Conditions, Recipe, Stream, Unit

WASH = Components(
    {"salt": "NaCl", "water": "H2O", "benzene": "C6H6", "ammonia": "NH3", "nitrogen": "N2"}
)
ENDLESS = 50_000  # intervals, with which 30 h are taken for a run without an end
FEW = 200
CLOSE = 1e-6  # of a component, at least, leaves a train that sends what is left back


@dataclass(frozen=True, kw_only=True)
class Divider(Unit):
    """Sends of each component its own share to the top, and the rest to the bottom."""

    inlets: ClassVar = ("charge",)
    outlets: ClassVar = ("top", "bottom")
    rate_dependent: ClassVar = False
    salt: float = quantity("kg/kg", "share of the first component to the top", 0.0, 1.0)
    water: float = quantity("kg/kg", "share of the second", 0.0, 1.0)
    benzene: float = quantity("kg/kg", "share of the third", 0.0, 1.0)
    ammonia: float = quantity("kg/kg", "share of the fourth", 0.0, 1.0)
    nitrogen: float = quantity("kg/kg", "share of the fifth", 0.0, 1.0)

    def convert(self, inlets: Mapping[str, Stream], at: Conditions) -> Recipe:
        """Return the recipe: one split for each component that the plant has."""
        every = (self.salt, self.water, self.benzene, self.ammonia, self.nitrogen)
        top = every[: len(inlets["charge"])]
        return Recipe(splits={"top": top, "bottom": tuple(1.0 - share for share in top)})


@dataclass(frozen=True, kw_only=True)
class Sieve(Unit):
    """Sends of however many components each its own share to the top, the rest to the bottom."""

    inlets: ClassVar = ("charge",)
    outlets: ClassVar = ("top", "bottom")
    rate_dependent: ClassVar = False
    shares: tuple[float, ...]
    """kg/kg, by component."""

    def convert(self, inlets: Mapping[str, Stream], at: Conditions) -> Recipe:
        """Return the recipe: one split for each component."""
        return Recipe(splits={"top": self.shares, "bottom": tuple(1.0 - s for s in self.shares)})


@dataclass(frozen=True)
class Drawn:
    """A random network: tanks, trains from one of them or the store, and where each leads."""

    number: int
    components: int = 2
    stiff: bool = True
    """Whether tanks of grams stand beside tanks of tonnes, and traces of 1e-9 flow."""
    tanks: tuple[int, int] = (1, 5)
    trains: tuple[int, int] = (2, 7)
    """How many there may be."""

    def network(self) -> Network:
        """Return the network: always the same of one number."""
        rng = random.Random(self.number)
        n = self.components
        sizes = (-2.0, 6.0) if self.stiff else (0.7, 2.3)
        tanks = {f"t{j}": _tank(rng, *sizes) for j in range(rng.randint(*self.tanks))}
        ends = [*tanks, "customers", "customers"]
        units: dict[str, Unit] = {}
        trains, pipes = [], {}
        for k in range(rng.randint(*self.trains)):
            trace = 10.0 ** rng.uniform(-9.0 if self.stiff else -2.0, 0.0)
            shares = [rng.choice([0.0, 1.0, rng.random(), trace, 1.0 - trace]) for _ in range(n)]
            feed = "store" if k == 0 else rng.choice([*tanks, "store"])
            top, bottom = rng.choice(ends), rng.choice(ends)
            if feed in (top, bottom):  # something of each component leaves the loop
                shares = [min(max(share, CLOSE), 1.0 - CLOSE) for share in shares]
                bottom = "customers" if top == bottom else bottom
            failure = _failure(rng)
            every = dict(zip(WASH.names, [*shares, 0.0, 0.0, 0.0], strict=False))
            capacity = 10.0 ** (rng.uniform(-1.0, 3.0) if self.stiff else rng.uniform(0.3, 1.7))
            units[f"u{k}"] = Divider(capacity=capacity, **every, failure=failure)
            trains.append(Train(f"u{k}", feed, (f"u{k}",)))
            pipes[f"u{k}.top"], pipes[f"u{k}.bottom"] = Pipe(top), Pipe(bottom)
        salt = rng.choice([0.5, 1e-9, 1e-4, rng.random()])
        names = WASH.names[:n]
        return Network(
            components=BRINE if n == 2 else Components({c: WASH.formulas[c] for c in names}),
            units=units,
            tanks=tanks,
            contents={t: _with_salt(rng.choice([0.0, 0.5, salt]), rng, n) for t in tanks},
            supplies={"store": _with_salt(salt, rng, n)},
            sinks={"customers": "product", "sewer": "wastewater"},
            trains=tuple(trains),
            pipes=pipes,
            spills=dict.fromkeys(tanks, "sewer"),
        )


def _tank(rng: random.Random, low: float, high: float) -> Tank:
    """Return a tank of 10 to the power of low to high, kg."""
    return Tank(
        capacity=10.0 ** rng.uniform(low, high),
        heel=rng.choice([0.0, 0.0, 0.02, 0.2]),
        initial_level=rng.choice([0.0, 0.5, 1.0, rng.random()]),
        when_full=rng.choice(["block", "block", "block", "spill"]),
    )


def _failure(rng: random.Random) -> FailureMode | None:
    """Return how a unit fails, or that it does not."""
    if rng.random() >= 0.5:
        return None
    mtbf, mttr = 10.0 ** rng.uniform(0.0, 3.0), 10.0 ** rng.uniform(-2.0, 1.0)
    return FailureMode(mtbf=mtbf, mttr=mttr)


def large(number: int, components: int) -> Drawn:
    """Return a random network of a dozen tanks, and of more trains."""
    return Drawn(number, components, tanks=(6, 14), trains=(8, 18))


def sieved(number: int, n: int = 40, tanks: int = 20, trains: int = 28) -> Network:
    """Return a random network of many tanks and components, with traces and returns everywhere."""
    rng = random.Random(number)
    chances = [1.0, 1.0, 0.0, 1e-4, 1e-9]

    def composition() -> tuple[float, ...]:
        parts = [rng.random() * rng.choice(chances) for _ in range(n)]
        return tuple(part / sum(parts) for part in parts)

    holds = {f"t{j}": _tank(rng, -2.0, 6.0) for j in range(tanks)}
    ends = [*holds, "customers", "customers"]
    units: dict[str, Unit] = {}
    pipes = {}
    feeds = []
    for k in range(trains):
        trace = 10.0 ** rng.uniform(-9.0, 0.0)
        shares = [rng.choice([0.0, 1.0, rng.random(), trace, 1.0 - trace]) for _ in range(n)]
        feeds.append("store" if k == 0 else rng.choice([*holds, "store"]))
        top, bottom = rng.choice(ends), rng.choice(ends)
        if feeds[k] in (top, bottom):
            shares = [min(max(share, CLOSE), 1.0 - CLOSE) for share in shares]
            bottom = "customers" if top == bottom else bottom
        failure = _failure(rng)
        capacity = 10.0 ** rng.uniform(-1.0, 3.0)
        units[f"u{k}"] = Sieve(capacity=capacity, shares=tuple(shares), failure=failure)
        pipes[f"u{k}.top"], pipes[f"u{k}.bottom"] = Pipe(top), Pipe(bottom)
    return Network(
        components=Components({f"c{i}": "H2O" for i in range(n)}),
        units=units,
        tanks=holds,
        contents={t: composition() for t in holds},
        supplies={"store": composition()},
        sinks={"customers": "product", "sewer": "wastewater"},
        trains=tuple(Train(f"u{k}", feed, (f"u{k}",)) for k, feed in enumerate(feeds)),
        pipes=pipes,
        spills=dict.fromkeys(holds, "sewer"),
    )


def with_second_feeds(
    number: int, *, made_up: bool = False, drawn: type[Drawn] | partial[Drawn] = Drawn
) -> Network:
    """Return a random network in which half of the units draw from one or two of its tanks.

    ``made_up``: a supply, ``well``, gives what these do not; ``drawn``: what network that is.
    """
    network = drawn(number).network()
    rng = random.Random(f"{'made up' if made_up else 'second'} feeds of {number}")
    units, draws = dict(network.units), dict(network.draws)
    for name, unit in network.units.items():
        if not isinstance(unit, Divider) or rng.random() >= 0.5:
            continue
        units[name] = Blender(
            capacity=unit.capacity,
            ratio=10.0 ** rng.uniform(-2.0, 0.5),
            salt=min(max(unit.salt, 0.01), 0.99),
            water=min(max(unit.water, 0.01), 0.99),
            failure=unit.failure,
        )
        names = rng.sample(list(network.tanks), min(rng.randint(1, 2), len(network.tanks)))
        if made_up:
            draws[f"{name}.second"] = Header(tuple(names), "well")
        else:
            draws[f"{name}.second"] = names[0] if len(names) == 1 else Header(tuple(names))
    salt = rng.random()
    supplies = {**network.supplies, "well": (salt, 1.0 - salt)} if made_up else network.supplies
    return replace(network, units=units, draws=draws, supplies=supplies)


def with_limited_steam(number: int) -> Network:
    """Return such a network of more tanks, in which half of those units use a scarce steam."""
    network = with_second_feeds(number, drawn=partial(Drawn, tanks=(3, 9), trains=(5, 13)))
    rng = random.Random(f"steam of {number}")
    units = {
        name: replace(unit, steam=10.0 ** rng.uniform(-3.0, 1.0))
        if isinstance(unit, Blender) and rng.random() < 0.5
        else unit
        for name, unit in network.units.items()
    }
    return replace(network, units=units, utilities={"steam": 10.0 ** rng.uniform(-1.0, 2.0)})


def _with_salt(salt: float, rng: random.Random, n: int) -> tuple[float, ...]:
    """Return a composition, kg/kg: so much salt, and the rest divided by draws."""
    if n == 2:
        return salt, 1.0 - salt
    parts = [rng.choice([0.0, 1e-6, 1.0, rng.random()]) for _ in range(n - 2)]
    rest = [1.0, *parts]
    shares = [(1.0 - salt) * part / sum(rest) for part in rest]
    shares[0] = 1.0 - salt - sum(shares[1:])
    return (salt, *shares)


def numbers(few: int = FEW) -> range:
    """Return the numbers of the networks that a soak draws."""
    first = int(os.environ.get("CLEANERLINE_NETWORKS_FROM", "100000"))
    return range(first, first + int(os.environ.get("CLEANERLINE_NETWORKS", str(few))))


def keeps_its_laws(
    drawn: Drawn,
    hours: float = 30.0,
    network: Network | None = None,
    also: Callable[[Plant, float], None] = lambda *_: None,
    plant: Plant | None = None,
) -> Plant:
    """Run a random network; every level is the integral of its rates and within its bounds.

    No component ends below nothing, and intervals are not endlessly many. ``also`` looks on;
    ``plant``: one of the network on which somebody acts.
    """
    network = network or drawn.network()
    plant = plant or running(network, drawn.number)
    flow = plant.flow
    names, capacity = list(network.tanks), np.array(flow.capacity)
    heel = np.array(flow.heel)
    since, before, net = 0.0, np.array(flow.levels), np.zeros(len(names))
    passed = np.zeros(len(names))

    def look(hour: float) -> None:
        nonlocal since, before, net, passed
        level = np.array([plant.level_of(name) for name in names])
        gained = net * (hour - since)
        passed += np.abs(gained)
        # to 1e-9 of the capacity, or to the last digits of what has passed it
        within = 1e-9 * capacity + 1e-11 * (passed + level)
        assert (np.abs(before + gained - level) <= within).all()
        assert (level <= capacity * (1.0 + 1e-9)).all()
        assert (level >= heel - 1e-9 * capacity).all()
        assert (flow.stock.held.min(axis=1) >= -1e-9 * capacity).all(), hour
        assert flow.intervals <= ENDLESS, hour
        since, before, net = hour, level, np.array(flow.rates.net)
        also(plant, hour)

    plant.observe(look)
    with plant.expecting():
        plant.run(hours)
    assert np.isfinite(flow.stock.held).all()
    assert (flow.stock.held.min(axis=1) >= -1e-9 * capacity).all()
    plant.ledger().certificate().enforce()
    return plant
