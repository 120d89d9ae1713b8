"""Material-balance worksheets: what enters and leaves each process, by medium and component.

A process has a boundary around its units and tanks. What crosses it is read from the books; what
the tanks have gained comes from their own integration, and what reacted from the extents, so a
balance that closes is no tautology.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from plant_models.model import PlantModel
from sim.books.ledger import INTERNAL, Ledger

Array = NDArray[np.float64]

OUTSIDE = "supply"


@dataclass(frozen=True)
class Flow:
    """What crosses the boundary of a process to or from one neighbour."""

    neighbour: str  #: A process, a supply, or a sink
    medium: str
    """``emission gas``, ...; ``supply`` for what comes from outside, ``internal`` else."""
    kg: Array  #: By component, kg/yr


@dataclass(frozen=True)
class Worksheet:
    """The balance of a process; all arrays by component, kg/yr."""

    process: str
    entering: tuple[Flow, ...]
    leaving: tuple[Flow, ...]
    made: Array  #: By reactions; negative for what is consumed
    gained: Array  #: By the tanks
    uses: Mapping[str, float]  #: Utilities of its units, kg/yr or kWh/yr

    @cached_property
    def into(self) -> Array:
        """All that enters."""
        return _sum(self.entering, self.made)

    @cached_property
    def out(self) -> Array:
        """All that leaves."""
        return _sum(self.leaving, self.made)

    @property
    def missing(self) -> Array:
        """In and made, less out and gained: what the balance does not account for."""
        missing: Array = self.into + self.made - self.out - self.gained
        return missing

    @property
    def parts(self) -> dict[str, Array]:
        """The balance as the tables and the JSON tell it."""
        return {"in": self.into, "made": self.made, "out": self.out, "gained": self.gained,
                "missing": self.missing}  # fmt: skip

    @property
    def closure(self) -> float:
        """Worst missing component per larger of what enters, leaves or is made of it, kg/kg."""
        size = np.maximum.reduce(
            [self.into, self.out, np.abs(self.made), np.full(len(self.into), 1e-6 * self.handled)]
        )
        return float(np.max(np.abs(self.missing) / size)) if self.handled else 0.0

    @property
    def handled(self) -> float:
        """All that passes, kg/yr."""
        return float(max(self.into.sum(), self.out.sum()))


def process_of(plant: PlantModel[Any, Any]) -> Mapping[str, str]:
    """Return the process of every unit and tank."""
    return {part: process for process, parts in plant.processes.items() for part in parts}


def whole(plant: PlantModel[Any, Any]) -> str:
    """Return how the last worksheet is called: ``whole line``."""
    return f"whole {plant.name.rpartition(' ')[2]}"


def worksheets(books: Ledger, plant: PlantModel[Any, Any]) -> tuple[Worksheet, ...]:
    """Return the worksheet of every process, then that of the whole plant."""
    accounts = {*books.units, *books.held}
    known = process_of(plant)
    built = {name: set(members) & accounts for name, members in plant.processes.items()}
    sheets = [_worksheet(books, name, own, known) for name, own in built.items() if own]
    return (*sheets, _worksheet(books, whole(plant), accounts, known))


def _worksheet(
    books: Ledger, process: str, own: Collection[str], known: Mapping[str, str]
) -> Worksheet:
    entering: dict[tuple[str, str], Array] = {}
    leaving: dict[tuple[str, str], Array] = {}
    inside = {*books.units, *books.held}
    for entry, kg in books.flows.items():
        if entry.sink in own and entry.source not in own:
            medium = INTERNAL if entry.source in inside else OUTSIDE
            _add(entering, (known.get(entry.source, entry.source), medium), kg)
        elif entry.source in own and entry.sink not in own:
            _add(leaving, (known.get(entry.sink, entry.sink), entry.medium), kg)
    made, gained = np.zeros((2, len(books.components)))
    for (unit, reaction), kmol in books.extents.items():
        if unit in own:
            for i, per_kmol in reaction.kg_per_kmol:
                made[i] += per_kmol * kmol
    for tank in books.held:
        if tank in own:
            gained += books.held[tank] - books.opening[tank]
    uses: dict[str, float] = {}
    for (unit, utility, _), amount in books.uses.items():
        if unit in own:
            uses[utility] = uses.get(utility, 0.0) + amount
    return Worksheet(process, _flows(entering), _flows(leaving), made, gained, uses)


def _add(flows: dict[tuple[str, str], Array], key: tuple[str, str], kg: Array) -> None:
    flows[key] = flows.get(key, np.zeros_like(kg)) + kg


def _flows(found: Mapping[tuple[str, str], Array]) -> tuple[Flow, ...]:
    flows = [Flow(neighbour, medium, kg) for (neighbour, medium), kg in found.items()]
    return tuple(sorted(flows, key=lambda flow: (-float(flow.kg.sum()), flow.neighbour)))


def _sum(flows: Collection[Flow], like: Array) -> Array:
    return sum((flow.kg for flow in flows), start=np.zeros_like(like))
