"""Generic units for a plant of one's own: each takes any components.

A unit is made of a kind (a word), the components of the plant and a table of parameters, as a data
file has them::

    from plant_models import units

    some = units.substances({"ethanol": "C2H6O", "water": "H2O"})
    still = units.make("separator", some, {"recovery": {"ethanol": 0.98}, "capacity": "2 t/h"})

``kinds`` lists the kinds, ``information`` tells of each what it is (``info``), ``reading`` reads
and writes tables, ``substances`` the components and their properties, ``generic`` is what all units
are. The kinds stand in rooms: ``mixing``, ``separating``, ``contacting``, ``boiling``,
``reacting``, ``heating``; ``laws`` holds the closed forms that they share.
"""

from __future__ import annotations

from plant_models.units.generic import AT_REST, GenericUnit, Key, Settings, Step, Surroundings
from plant_models.units.information import Info, Parameter, example_components, info
from plant_models.units.kinds import KINDS
from plant_models.units.reading import make, read_surroundings, read_unit, written
from plant_models.units.substances import (
    Fault,
    Substance,
    Substances,
    read_substances,
    substances,
)

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
    "make",
    "read_substances",
    "read_surroundings",
    "read_unit",
    "substances",
    "written",
]
