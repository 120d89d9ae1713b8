"""The engine: discrete-rate simulation of process plants on SimPy.

What stands in ``__all__`` is what a plant of your own may import, in five groups; all else may
change without notice. ``docs/howto_plant.md`` builds a plant from it.

- design: parameters that declare themselves, facts from TOML, schemes as patches (`sim.model`)
- network: components, units, tanks, trains, and how equipment is run (`sim.network`)
- clock: the plant in time with the lives of its equipment (`sim.clock`), and the steady state
  (`sim.steady`)
- books: the ledger and the certificate that it balances (`sim.books`)
- statistics: intervals and paired differences of several runs, batch means of one
  (`sim.statistics`)

Between network and clock stands `sim.flow`: how much flows now. Its names are nobody's but the
engine's. A name loads its module when it is first asked for.
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
        turndown,
        weather,
        working,
    )
    from sim.clock.logistics import collected, lots, supplied
    from sim.clock.meter import Meter
    from sim.clock.orders import scheduled
    from sim.clock.plant import Plant
    from sim.clock.random_streams import RandomStreams
    from sim.clock.recorder import Recorder
    from sim.clock.redesign import bypass_lives
    from sim.clock.saved import Saved
    from sim.errors import BalanceError, ConflictError, Gridlock
    from sim.model.facts import Design, load, scale_values, set_values
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
    from sim.network.schedule import Order, read_schedule
    from sim.network.unit import Conditions, Conversion, Recipe, Stream, Unit
    from sim.statistics.batches import batch_means
    from sim.statistics.intervals import Interval, interval, paired_difference, warm_up
    from sim.steady.state import SteadyState

_HOMES = {
    "model.parameters": ("quantity",),
    "model.facts": ("Design", "load", "set_values", "scale_values"),
    "model.schemes": ("Scheme", "Patch", "apply"),
    "network.chemistry": ("Components", "Reaction"),
    "network.unit": ("Stream", "Conditions", "Conversion", "Recipe", "Unit"),
    "network.network": ("Tank", "Header", "Pipe", "Train", "Network"),
    "network.operation": ("FailureMode", "Maintenance", "Shift", "Shutdown", "Delivery",
                          "Collection", "LotControl"),
    "network.schedule": ("Order", "read_schedule"),
    "clock.plant": ("Plant",),
    "clock.random_streams": ("RandomStreams",),
    "clock.recorder": ("Recorder",),
    "clock.saved": ("Saved",),
    "clock.meter": ("Meter",),
    "clock.clocks": ("MASS",),
    "clock.life": ("Life", "Outages", "failure_lives", "maintenance_lives", "working", "shut_down",
                   "switching", "turndown", "weather"),
    "clock.redesign": ("bypass_lives",),
    "clock.logistics": ("supplied", "collected", "lots"),
    "clock.orders": ("scheduled",),
    "steady.state": ("SteadyState",),
    "books.ledger": ("Ledger", "Certificate"),
    "statistics.intervals": ("Interval", "interval", "paired_difference", "warm_up"),
    "statistics.batches": ("batch_means",),
    "errors": ("BalanceError", "ConflictError", "Gridlock"),
}  # fmt: skip
"""Where each public name is defined."""

_HOME_OF = {name: module for module, names in _HOMES.items() for name in names}

__all__ = [  # noqa: RUF022  # in five groups, and in the order in which a plant is built
    # design
    "quantity", "Design", "load", "set_values", "scale_values", "Scheme", "Patch", "apply",
    "ConflictError",
    # network
    "Components", "Reaction", "Stream", "Conditions", "Conversion", "Recipe", "Unit",
    "Tank", "Header", "Pipe", "Train", "Network",
    "FailureMode", "Maintenance", "Shift", "Shutdown", "Delivery", "Collection", "LotControl",
    "Order", "read_schedule",
    # clock
    "Plant", "RandomStreams", "Recorder", "Meter", "Saved", "MASS",
    "Life", "Outages", "failure_lives", "bypass_lives", "maintenance_lives", "working", "shut_down",
    "switching", "turndown", "weather", "supplied", "collected", "lots", "scheduled", "Gridlock",
    "SteadyState",
    # books
    "Ledger", "Certificate", "BalanceError",
    # statistics
    "Interval", "interval", "paired_difference", "warm_up", "batch_means",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    """Return a public name from the module that defines it."""
    if name not in _HOME_OF:
        from sim.errors import did_you_mean

        near = did_you_mean(name, __all__, list_up_to=0)
        raise AttributeError(f"module 'sim' has no public name {name!r}{near}")
    return getattr(import_module(f"sim.{_HOME_OF[name]}"), name)


def __dir__() -> list[str]:
    """Return the public names."""
    return sorted(__all__)
