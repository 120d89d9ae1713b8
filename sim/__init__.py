"""The engine: discrete-rate simulation of process plants on SimPy.

What stands in ``__all__`` is what a plant of your own may import; ``docs/howto_plant.md`` builds
one from it. All else may change without notice. A name loads its module when it is first asked for.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.books.ledger import Certificate, Ledger
    from sim.clock.clocks import MASS
    from sim.clock.life import (
        Life,
        Outages,
        failure_lives,
        maintenance_lives,
        shut_down,
        switching,
        weather,
        working,
    )
    from sim.clock.logistics import collected, lots, supplied
    from sim.clock.plant import Plant
    from sim.clock.random_streams import RandomStreams
    from sim.clock.recorder import Recorder
    from sim.errors import BalanceError, ConflictError, Gridlock
    from sim.model.facts import Design, load, set_values
    from sim.model.parameters import quantity
    from sim.model.schemes import Patch, Scheme, apply
    from sim.network.chemistry import Components, Reaction
    from sim.network.network import Header, Network, Pipe, Tank, Train
    from sim.network.operation import (
        Collection,
        Delivery,
        FailureMode,
        LotControl,
        Maintenance,
        Shift,
        Shutdown,
    )
    from sim.network.unit import Conditions, Conversion, Recipe, Stream, Unit
    from sim.statistics.intervals import Interval, interval, paired_difference
    from sim.steady import SteadyState

_HOMES = {
    "network.chemistry": ("Components", "Reaction"),
    "clock.clocks": ("MASS",),
    "errors": ("BalanceError", "ConflictError", "Gridlock"),
    "model.facts": ("Design", "load", "set_values"),
    "books.ledger": ("Certificate", "Ledger"),
    "clock.life": ("Life", "Outages", "failure_lives", "maintenance_lives", "shut_down",
                   "switching", "weather", "working"),
    "clock.logistics": ("collected", "lots", "supplied"),
    "network.network": ("Header", "Network", "Pipe", "Tank", "Train"),
    "network.operation": ("Collection", "Delivery", "FailureMode", "LotControl", "Maintenance",
                          "Shift", "Shutdown"),
    "model.parameters": ("quantity",),
    "model.schemes": ("Patch", "Scheme", "apply"),
    "clock.plant": ("Plant",),
    "clock.random_streams": ("RandomStreams",),
    "clock.recorder": ("Recorder",),
    "statistics.intervals": ("Interval", "interval", "paired_difference"),
    "steady": ("SteadyState",),
    "network.unit": ("Conditions", "Conversion", "Recipe", "Stream", "Unit"),
}  # fmt: skip
"""Where each public name is defined."""

_HOME_OF = {name: module for module, names in _HOMES.items() for name in names}

__all__ = [  # noqa: RUF022  # in the order in which a plant is built
    "Components", "Reaction", "Stream", "Conditions", "Conversion", "Recipe", "Unit", "quantity",
    "Tank", "Header", "Pipe", "Train", "Network",
    "FailureMode", "Maintenance", "Shift", "Shutdown", "Delivery", "Collection", "LotControl",
    "Plant", "RandomStreams", "Recorder", "MASS",
    "Life", "Outages", "failure_lives", "maintenance_lives", "working", "shut_down", "switching",
    "weather", "supplied", "collected", "lots",
    "SteadyState", "Ledger", "Certificate", "BalanceError", "ConflictError", "Gridlock",
    "Design", "load", "set_values", "Scheme", "Patch", "apply",
    "Interval", "interval", "paired_difference",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    """Return a public name from the module that defines it."""
    if name not in _HOME_OF:
        raise AttributeError(f"module 'sim' has no public name {name!r}")
    return getattr(import_module(f"sim.{_HOME_OF[name]}"), name)


def __dir__() -> list[str]:
    """Return the public names."""
    return sorted(__all__)
