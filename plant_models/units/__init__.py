"""Generic units for a plant of one's own: each takes any components.

A unit is made of a kind (a word), the components of the plant and a table of parameters, as a data
file has them::

    from plant_models import units

    some = units.substances({"ethanol": "C2H6O", "water": "H2O"})
    still = units.make("separator", some, {"recovery": {"ethanol": 0.98}, "capacity": "2 t/h"})

``kinds`` lists the kinds, ``information`` tells of each what it is (``info``), ``reading`` reads
and writes tables, ``properties`` the components and what is known of them, ``generic`` is what all
units are. The kinds stand in rooms: ``mixing``, ``separating``, ``contacting``, ``boiling``,
``reacting``, ``heating``; ``laws`` holds the closed forms that they share, ``data`` the components
of the examples and the sources of the equations.

A name loads its module when it is first asked for: the chlorobenzene line shares ``laws`` and has
no use for the rest.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from plant_models.units.generic import (
        AT_REST,
        GenericUnit,
        Key,
        Settings,
        Step,
        Surroundings,
    )
    from plant_models.units.information import Info, Parameter, example_components, info
    from plant_models.units.kinds import KINDS
    from plant_models.units.properties import (
        Fault,
        Substance,
        Substances,
        read_substances,
        substances,
    )
    from plant_models.units.reading import (
        lacking,
        make,
        read_surroundings,
        read_unit,
        written,
    )

_HOMES = {
    "generic": ("AT_REST", "GenericUnit", "Key", "Settings", "Step", "Surroundings"),
    "information": ("Info", "Parameter", "example_components", "info"),
    "kinds": ("KINDS",),
    "reading": ("lacking", "make", "read_surroundings", "read_unit", "written"),
    "properties": ("Fault", "Substance", "Substances", "read_substances", "substances"),
}
"""Where each public name is defined."""

_HOME_OF = {name: module for module, names in _HOMES.items() for name in names}

__all__ = [
    "AT_REST",
    "KINDS",
    "Fault",
    "GenericUnit",
    "Info",
    "Key",
    "Parameter",
    "Settings",
    "Step",
    "Substance",
    "Substances",
    "Surroundings",
    "example_components",
    "info",
    "lacking",
    "make",
    "read_substances",
    "read_surroundings",
    "read_unit",
    "substances",
    "written",
]


def __getattr__(name: str) -> Any:
    """Return a public name from the module that defines it."""
    if name not in _HOME_OF:
        from sim.errors import did_you_mean

        near = did_you_mean(name, __all__, list_up_to=0)
        raise AttributeError(f"module 'plant_models.units' has no public name {name!r}{near}")
    value = getattr(import_module(f"plant_models.units.{_HOME_OF[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """Return the public names."""
    return sorted(__all__)
