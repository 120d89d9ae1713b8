"""What a plant of a folder is made of besides its units and tanks, and the type of its tree."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, make_dataclass
from functools import lru_cache
from typing import Any

from sim.model.parameters import quantity
from sim.network.operation import (
    Collection,
    Delivery,
    FailureMode,
    LevelSwitch,
    Shift,
    Shutdown,
)


@dataclass(frozen=True, kw_only=True)
class Site:
    """How the plant is staffed, and how long it works."""

    operating_hours: float = quantity(
        "h", "hours a year that the steady state stands for", 1.0, 8784.0, default=8760.0
    )
    repair_crews: int = quantity("1", "repair crews", 1, 20, default=1)


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """What the equipment feels all year round."""

    air: float = quantity("K", "air temperature", 200.0, 400.0)
    cooling_water: float = quantity("K", "cooling water temperature", 200.0, 400.0)
    pressure: float = quantity("Pa", "air pressure", 1e4, 1e6)


@dataclass(frozen=True, kw_only=True)
class Phases:
    """How a train starts up after a stop of its equipment, and how it trips."""

    start_up_hours: float = quantity("h", "after a stop of its equipment", 0.0, 1000.0, default=0.0)
    start_up_fraction: float = quantity(
        "kg/kg", "rate while it starts up, of its capacity", 0.0, 1.0, default=1.0
    )
    trip_hours: float = quantity(
        "h", "how long it still runs after a trip", 0.0, 100.0, default=0.0
    )
    trip_fraction: float = quantity("kg/kg", "rate then, of its capacity", 0.0, 1.0, default=0.0)


OPERATIONS: Mapping[str, type] = {
    "delivery": Delivery,
    "collection": Collection,
    "shift": Shift,
    "level switch": LevelSwitch,
    "shutdown": Shutdown,
}
"""Kinds of what decides when trains run."""

SOURCES_OF: Mapping[str, str] = {
    "delivery": "deliveries",
    "collection": "trucks",
    "shift": "shifts",
    "level switch": "campaigns",
    "shutdown": "shutdown",
}
"""What ``without`` calls them."""

SUPPLY_RATES = {"steam": "kg/h", "power": "kW", "cooling_water": "kg/h"}
"""Utilities that may be limited or have a peak, and the unit of the rate at which they are used."""

RATES = {"utilities": "capacity of {}", "peaks": "peak of {}"}
"""What a rate of a utility is, by section of the file and part of the tree."""


@lru_cache
def mixture_type(components: tuple[str, ...]) -> type:
    """Return the type of a supply: parts by mass, which are taken relative to their sum."""
    fields: list[Any] = [
        (name, float, quantity("kg/kg", f"share of {name}", 0.0, 1.0)) for name in components
    ]
    fields.append(("failure", FailureMode | None, None))
    return make_dataclass("Supply", fields, frozen=True, kw_only=True)


@lru_cache
def rates_type(section: str, utilities: tuple[str, ...]) -> type:
    """Return the type of the rates of utilities of a section: what there is, or peaks."""
    fields: list[Any] = [
        (name, float, quantity(SUPPLY_RATES[name], RATES[section].format(name), 0.0, 1e9))
        for name in utilities
    ]
    return make_dataclass(section.title(), fields, frozen=True, kw_only=True)


def rates_of(tree: Any, section: str) -> dict[str, float]:
    """Return the rates of utilities that a section of a design has, by utility."""
    return vars(getattr(tree, section)).copy() if hasattr(tree, section) else {}


def named(mixture: Any, components: Sequence[str]) -> tuple[int, ...]:
    """Return the components that a supply brings, or may bring by a scheme, by index."""
    return tuple(i for i, name in enumerate(components) if hasattr(mixture, name))


def shares(mixture: Any, components: Sequence[str]) -> tuple[float, ...]:
    """Return the composition of a supply, kg/kg in the order of the components."""
    parts = [float(getattr(mixture, name, 0.0)) for name in components]
    total = sum(parts)
    if not total > 0.0:
        raise ValueError("its shares add up to nothing")
    return tuple(part / total for part in parts)
