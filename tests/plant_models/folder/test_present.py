"""What can be where: components that no supply, tank or reaction brings are asked for nowhere."""

from __future__ import annotations

import numpy as np
import pytest

from plant_models.folder.model import FolderPlant, read
from plant_models.folder.readings import Balance, Streams, read_readings
from tests.plant_models.folder.texts import WORKS, changed, files, plant

OTHERS = """oil = "C10H22"
soot = "C"
oxygen = "O2"
carbon_dioxide = "CO2"
vapour = "H2O"

[supplies.oil]
oil = 0.2
oxygen = 0.8
"""
BURNER = """
[units.burner]
kind = "converter"
reactions.fire = "2 oil + 31 oxygen -> 20 carbon_dioxide + 22 vapour"
conversion.fire = 0.9
capacity = "1 t/h"
"""
HOUSE = (
    WORKS.replace('water = "H2O"\n', 'water = { formula = "H2O", heat_capacity = 4.18 }\n' + OTHERS)
    .replace('salt = "NaCl"', 'salt = { formula = "NaCl", heat_capacity = 0.9 }')
    .replace('"still.top -> air",', '"still.top -> air", "oil -> burner -> stack",')
    .replace("[sinks]", '[sinks]\nstack = "emission gas"')
    + BURNER
)
"""The still house, with a burner that has nothing to do with it."""

HEATED = changed('kind = "pump"\n', 'kind = "heater"\ninlet_temperature = 290\ntemperature = 300\n',
                 HOUSE)  # fmt: skip


def test_a_component_is_where_a_supply_brings_it_or_a_reaction_makes_it():
    there = Streams(plant(HOUSE).contents.network).present
    assert there["pump"] == there["still"] == {"salt", "water"}
    assert there["burner"] == {"oil", "oxygen", "carbon_dioxide", "vapour"}
    assert "soot" not in set().union(*there.values())


def test_a_unit_asks_for_properties_of_what_can_come_to_it_alone():
    """Nobody knows the heat capacity of the oil, and the heater never sees any."""
    assert plant(HEATED).contents.network.units["pump"].inlets == ("feed",)


def test_what_can_come_to_a_unit_and_is_not_known_is_told_with_its_line():
    bare = changed('salt = { formula = "NaCl", heat_capacity = 0.9 }', 'salt = "NaCl"', HEATED)
    _, faults = read(files(bare))
    assert len(faults) == 1
    assert faults[0].endswith(
        "units.pump: kind 'heater' reads heat_capacity of every component that comes; none is "
        'known of salt: write heat_capacity = "2 kJ/kg/K" in [components.salt]'
    )
    assert faults[0].startswith("plant.toml, line ")


HEAD = "at, component, reading, unit, error\n"
READ = HEAD + (
    "brine, , 1.0, t/h, 1 %\nbrine, salt, 0.1, kg/kg, 0.001\nstill.top, , 0.6, t/h, 1 %\n"
    "drums, salt, 0.25, kg/kg, 0.01\nburner.feed, , 0.5, t/h, 1 %\n"
)


def test_flows_of_what_cannot_be_there_are_none_in_a_reconciliation():
    """So that of the brine salt alone is to be told from water, not from soot or oil."""
    of: FolderPlant = plant(HOUSE)
    readings = read_readings(READ, of.contents.network)
    balance = Balance.of(of.contents.network, readings)
    found = balance.adjusted(readings)
    for component, there in (("oil", 0.0), ("soot", 0.0), ("water", 900.0)):
        (parts,) = (balance.parts("brine", component),)
        assert found.flows[list(parts)].sum() == pytest.approx(there, rel=0.02, abs=1e-6)
        assert np.isfinite(found.standard_errors([parts])).all()


def test_a_reading_of_what_cannot_be_there_is_told_with_its_line():
    with pytest.raises(ValueError, match="line 7") as caught:
        read_readings(READ + "drums, soot, 10, g/kg, 1\n", plant(HOUSE).contents.network)
    assert "no soot can be at drums: no supply or tank brings it" in str(caught.value)
    read_readings(READ + "drums, soot, 0.5, g/kg, 1\n", plant(HOUSE).contents.network)  # noise
