"""What a plant of a folder consists of, as tables: units, tanks, trains, pipes, recycles."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Any

from plant_models.folder import devices, limits, money
from plant_models.folder.model import SCHEMES, FolderPlant
from plant_models.methods.flow_sheet import Drawing, drawing_of
from sim.network.network import Network

LACKING = {
    SCHEMES: "no schemes: only 'none' can be run",
    money.FILE: "no prices: money, rollout and the money of a report say so",
    limits.FILE: "no limits: the study of limits says so",
    devices.FILE: "no devices: nothing at the end of a pipe to hold schemes against",
    "readings.csv": "no readings: nothing to reconcile or to fit to",
    "history.csv": "no history: failures are as plant.toml says",
}
"""What a folder may leave out, and what follows."""

Rows = list[list[Any]]


@dataclass(frozen=True)
class Survey:
    """What there is in a folder."""

    plant: FolderPlant

    @property
    def network(self) -> Network:
        """Who feeds whom."""
        return self.plant.contents.network

    def kind(self, unit: str) -> str:
        """Return what a unit is called in a file."""
        found = self.plant.contents.network.units[unit]
        return str(getattr(type(found), "kind", "python"))

    @property
    def units(self) -> Rows:
        """Name, kind, train, capacity (kg/h; a word where there is none), inlets and outlets."""
        return [
            [
                name,
                self.kind(name),
                self.network.train_of(name).name,
                unit.largest if isfinite(unit.largest) else "no limit",
                ", ".join(unit.inlets),
                ", ".join(unit.outlets),
            ]
            for name, unit in self.network.units.items()
        ]

    @property
    def tanks(self) -> Rows:
        """Name, capacity (kg), contents at the start (kg), what happens when full."""
        return [
            [
                name,
                tank.capacity,
                max(tank.initial_level, tank.heel) * tank.capacity,
                f"spills to {self.network.spills[name]}"
                if name in self.network.spills
                else "blocks",
            ]
            for name, tank in self.network.tanks.items()
        ]

    @property
    def trains(self) -> Rows:
        """Name, feed, members and what decides when it runs."""
        operations = self.plant.sheet.operations
        return [
            [
                train.name,
                train.feed,
                " > ".join(train.members),
                ", ".join(f"{of.name} ({of.kind})" for of in operations if of.train == train.name),
            ]
            for train in self.network.trains
        ]

    @property
    def stops(self) -> list[str]:
        """What keeps all trains from running."""
        return [f"{of.name} ({of.kind})" for of in self.plant.sheet.operations if not of.train]

    @property
    def pipes(self) -> Rows:
        """From where to where."""
        fed = [[t.feed, f"{t.members[0]}.{self.network.units[t.members[0]].inlets[0]}"]
               for t in self.network.trains]  # fmt: skip
        drawn = []
        for inlet, source in self.network.draws.items():
            header = self.network.header_of(inlet)
            names = (*header.tanks, header.supply) if header else (source,)
            drawn += [[name, inlet] for name in names if name]
        return [*fed, *drawn, *([outlet, pipe.to] for outlet, pipe in self.network.pipes.items())]

    def drawing(self) -> Drawing:
        """Return the flow sheet, laid out."""
        return drawing_of(self.network, {name: self.kind(name) for name in self.network.units})

    @property
    def recycles(self) -> tuple[str, ...]:
        """Pipes that lead back, as they are drawn."""
        drawn = self.drawing()
        edges = [drawn.edges[e] for e in sorted(drawn.recycles) if not drawn.edges[e].dashed]
        return tuple(
            f"{edge.source}{'.' * bool(edge.outlet)}{edge.outlet} -> {edge.sink}" for edge in edges
        )

    @property
    def lacking(self) -> tuple[str, ...]:
        """What the folder leaves out, and what follows, a line each."""
        there = {*dict(self.plant.files), *self.plant.measured}
        return tuple(said for name, said in LACKING.items() if name not in there)

    @property
    def indicators(self) -> Mapping[str, str]:
        """Its indicators, each with its unit of measure."""
        return self.plant.units
