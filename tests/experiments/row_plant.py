"""A small plant for tests: two machines with or without a buffer, and a filter behind them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, ClassVar

from plant_models.benchmarks.units import MATERIAL, Machine
from plant_models.model import PlantModel, Running, Variant
from plant_models.outcome import Outcome
from sim import (
    Conditions,
    Design,
    Network,
    Pipe,
    Plant,
    RandomStreams,
    Recipe,
    Scheme,
    Stream,
    Tank,
    Train,
    Unit,
    failure_lives,
    quantity,
)
from sim.books.indicators import Indicators
from sim.clock.life import Outages
from sim.clock.redesign import bypass_lives
from sim.network.operation import FailureMode


@dataclass(frozen=True, kw_only=True)
class Filter(Unit):
    """Holds back some of what would be lost; while it is down its train runs on without it."""

    inlets: ClassVar = ("part",)
    outlets: ClassVar = ("made", "lost")
    rate_dependent: ClassVar = False
    raw: float = quantity("kg/kg", "share lost without it", 0.0, 1.0)
    holds: float = quantity("kg/kg", "share of that held back", 0.0, 1.0)

    def bypassed(self, mode: str = "failure") -> Filter:
        """Return it with all led past it."""
        return replace(self, holds=0.0)

    def convert(self, inlets: Mapping[str, Stream], at: Conditions) -> Recipe:
        """Return what goes on and what is lost."""
        lost = self.raw * (1.0 - self.holds)
        n = len(inlets["part"])
        return Recipe(splits={"made": (1.0 - lost,) * n, "lost": (lost,) * n})


@dataclass(frozen=True, kw_only=True)
class Site:
    """How it is staffed."""

    repair_crews: int = quantity("1", "repair crews", 1, 20)


@dataclass(frozen=True, kw_only=True)
class Row:
    """The design."""

    machine_1: Machine
    machine_2: Machine
    filter: Filter
    buffer: Tank
    site: Site


def fails(mtbf: float, mttr: float, clock: str = "run time") -> FailureMode:
    return FailureMode(mtbf=mtbf, mttr=mttr, clock=clock, repair_law="exponential")


ROW = Row(
    machine_1=Machine(capacity=1000.0, failure=fails(100.0, 10.0)),
    machine_2=Machine(capacity=1000.0, failure=fails(400.0, 10.0)),
    filter=Filter(raw=0.05, holds=0.9),
    buffer=Tank(capacity=0.0, heel=0.0),
    site=Site(repair_crews=2),
)
"""Without a buffer it is one rigid row."""


@dataclass(frozen=True)
class RowPlant(PlantModel[Row, Outcome[Row]]):
    """Two machines and a filter."""

    name = "row of machines"
    tree_type = Row
    units: ClassVar = {
        "product_t": "t/yr",
        "air.lost_t": "t/yr",
        "operating_hours": "h/yr",
        "closure": "kg/kg",
    }
    processes: ClassVar = {"row": ("machine_1", "machine_2", "filter", "buffer")}
    process_trains = ("row",)
    headlines = ("air.lost_t",)
    operating = ("operating_hours",)
    product = "product_t"
    emissions = ("air.lost_t",)

    def baseline(self) -> Design[Row]:
        return Design(ROW, {})

    def catalogue(self) -> Mapping[str, Scheme]:
        return {}

    def network(self, tree: Row, /) -> Network:
        units = {"machine_1": tree.machine_1, "machine_2": tree.machine_2, "filter": tree.filter}
        split = tree.buffer.capacity > 0.0
        trains = (
            (Train("first", "store", ("machine_1",)),
             Train("row", "buffer", ("machine_2", "filter")))
            if split
            else (Train("row", "store", ("machine_1", "machine_2", "filter")),)
        )  # fmt: skip
        return Network(
            components=MATERIAL,
            units=units,
            tanks={"buffer": tree.buffer} if split else {},
            contents={"buffer": (1.0,)} if split else {},
            supplies={"store": (1.0,)},
            sinks={"customers": "product", "air": "emission gas"},
            trains=trains,
            pipes={
                "machine_1.made": Pipe("buffer" if split else "machine_2.part"),
                "machine_2.made": Pipe("filter.part"),
                "filter.made": Pipe("customers"),
                "filter.lost": Pipe("air"),
            },
        )

    def running(self, variant: Variant[Row], streams: RandomStreams, **on: Any) -> Running[Row]:
        plant = Plant(
            variant.network,
            lambda hour: {},
            streams,
            crews=variant.tree.site.repair_crews,
            recorder=on.get("recorder"),
        )
        outages = Outages(plant)
        for life in (*failure_lives(plant, outages), *bypass_lives(plant, outages)):
            plant.env.process(life)
        return Running(plant, outages, lambda was, becomes: None)

    def outcome(
        self, variant: Variant[Row], plant: Plant, years: float, **told: Any
    ) -> Outcome[Row]:
        hours = plant.states["row"].hours.get("running", 0.0)
        return Outcome.of(variant, plant, years, hours, **told)

    def steady_state(self, *_: Any, **__: Any) -> Outcome[Row]:
        raise NotImplementedError

    def indicators(self, of: Outcome[Row]) -> Indicators:
        ledger = of.ledger
        return Indicators(
            {
                "product_t": ledger.total(sink="customers") / 1000.0 / of.years,
                "air.lost_t": ledger.total(sink="air") / 1000.0 / of.years,
                "operating_hours": of.operating_hours / of.years,
                "closure": ledger.closure,
            },
            self.units,
        )


@cache
def row() -> RowPlant:
    """Return the plant."""
    return RowPlant()
