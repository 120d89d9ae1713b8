"""Small plants as texts, and a way to change one line of them."""

from __future__ import annotations

from plant_models import plant_named
from plant_models.folder.model import Files, FolderPlant

WORKS = """
pipes = [
    "brine -> pump -> tank",
    "tank -> still",
    "still.top -> air",
    "still.bottom -> drums",
]

[plant]
name = "still house"
pacer = "still"

[components]
salt = "NaCl"
water = "H2O"

[supplies.brine]
salt = 0.1
water = 0.9

[sinks]
drums = "product"
air = "emission gas"

[tanks.tank]
capacity = "20 t"
contents = { salt = 0.1, water = 0.9 }

[units.pump]
kind = "pump"
capacity = "3 t/h"

[units.still]
kind = "separator"
recovery.water = { value = 0.6, low = 0.5, high = 0.7, source = "assumed", note = "boils" }
capacity = "1 t/h"
"""


FIRE = """
pipes = ["methane -> fire", "air -> fire.air", "fire.ash -> heap", "fire.flue_gas -> stack"]
[plant]
name = "boiler house"
product = "heap"
[components]
methane = "CH4"
oxygen = "O2"
carbon_dioxide = "CO2"
water = "H2O"
sand = "SiO2"
[supplies]
methane = { methane = 0.9, sand = 0.1 }
air = { oxygen = 1.0 }
[sinks]
heap = "product"
stack = "emission gas"
[units.fire]
kind = "boiler"
oxidant = "oxygen"
reactions.fire = "methane + 2 oxygen -> carbon_dioxide + 2 water"
heating_value.methane = "50 MJ/kg"
ash.sand = 1
oxygen_share = 1.0
excess_air = 0.1
efficiency = 0.8
capacity = "1 t/h"
"""
BETTER_FIRE = """
[S1]
class = "low-cost"
title = "Economiser"
patches = [{ path = "fire.efficiency", set = 0.88, note = "offer" }]
"""
"""It gives a tenth more steam, which is used below nothing."""


def files(plant: str = WORKS, **others: str) -> Files:
    """Return a folder: ``schemes=...`` is the text of schemes.toml."""
    named = {f"{name}.toml": text for name, text in others.items()}
    return tuple(sorted({"plant.toml": plant, **named}.items()))


def plant(text: str = WORKS, **others: str) -> FolderPlant:
    """Return the plant of a folder."""
    return FolderPlant(files(text, **others))


def shipped(name: str) -> dict[str, str]:
    """Return the files of a plant that comes with the package."""
    found = plant_named(name)
    assert isinstance(found, FolderPlant)
    return dict(found.files)


def changed(was: str, becomes: str, text: str = WORKS) -> str:
    """Return a text with a piece of it changed, which must be in it."""
    assert was in text, was
    return text.replace(was, becomes, 1)


OWN = '''
from dataclasses import dataclass
from typing import ClassVar

from sim import Recipe, Unit, quantity

SALT = COMPONENTS.index["salt"]


@dataclass(frozen=True, kw_only=True)
class Crystals(Unit):
    """Takes some of the salt out."""

    inlets: ClassVar = ("charge",)
    outlets: ClassVar = ("bottom", "top")
    rate_dependent: ClassVar = False
    taken: float = quantity("kg/kg", "share of the salt", 0.0, 1.0)

    def convert(self, inlets, at):
        kept = [0.0] * len(COMPONENTS)
        kept[SALT] = self.taken
        return Recipe(splits={"bottom": tuple(kept), "top": tuple(1.0 - x for x in kept)})
'''


CRYSTALS = changed(
    'kind = "separator"\nrecovery.water = { value = 0.6, low = 0.5, high = 0.7, '
    'source = "assumed", note = "boils" }',
    'kind = "python"\nfile = "crystals.py"\ntaken = "800 g/kg"',
)
RETURN = OWN.splitlines()[-1].strip()
"""The line of it that says what it makes."""
