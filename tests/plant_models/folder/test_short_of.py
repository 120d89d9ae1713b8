"""A section of an ammonia-soda works: carbon dioxide runs short in its towers, and comes back."""

from __future__ import annotations

import pytest

from sim.clock.random_streams import RandomStreams
from tests.plant_models.folder.texts import plant

SODA = """pipes = [
    "brine -> saturator",
    "ammonia_tank -> saturator.ammonia",
    "ammonia -> saturator.ammonia",
    "saturator -> carbonated",
    "gas_tank -> carbonated.gas",
    "carbonic -> carbonated.gas",
    "carbonated -> tower",
    "tower -> filter",
    "filter.cake -> calciner",
    "filter.filtrate -> liquor",
    "calciner -> parting",
    "parting.gas -> gas_tank",
    "parting.soda -> silo",
    "silo -> loading -> customers",
    "liquor -> liming",
    "milk -> liming.milk",
    "liming -> lime_still",
    "lime_still -> still",
    "still.top -> ammonia_tank",
    "still.bottom -> waste",
]

[plant]
name = "soda section"
pacer = "towers"
product = "customers"

[components]
salt = "NaCl"
water = "H2O"
ammonia = "NH3"
co2 = "CO2"
bicarbonate = "NaHCO3"
salmiac = "NH4Cl"
soda = "Na2CO3"
lime = "CaO2H2"
chloride = "CaCl2"

[supplies]
brine = { salt = 0.26, water = 0.74 }
ammonia = { ammonia = 1.0 }
carbonic = { co2 = 1.0 }
milk = { lime = 0.25, water = 0.75 }

[sinks]
customers = "product"
waste = "wastewater"

[tanks.ammonia_tank]
capacity = "40 t"
contents = { ammonia = 0.9, water = 0.1 }
[tanks.gas_tank]
capacity = "10 t"
contents = { co2 = 0.8, water = 0.2 }
[tanks.liquor]
capacity = "400 t"
contents = { salt = 0.06, salmiac = 0.17, water = 0.72, ammonia = 0.05 }
[tanks.silo]
capacity = "300 t"
contents = { soda = 1.0 }

[units.saturator]
kind = "mixer"
inlets = ["brine", "ammonia"]
ratio.ammonia = "0.09 kg/kg"
capacity = "30 t/h"

[units.carbonated]
kind = "mixer"
inlets = ["liquor", "gas"]
ratio.gas = "0.16 kg/kg"

[units.tower]
kind = "converter"
conversion.precipitation = 0.73
[units.tower.reactions.precipitation]
equation = "salt + ammonia + co2 + water -> bicarbonate + salmiac"
key = "salt"

[units.filter]
kind = "filter"
solid.bicarbonate = 0.98
moisture = "150 g/kg"

[units.calciner]
kind = "converter"
conversion.calcination = 0.995
[units.calciner.reactions.calcination]
equation = "2 bicarbonate -> soda + water + co2"
key = "bicarbonate"

[units.parting]
kind = "separator"
outlets = ["gas", "soda"]
recovery = { co2 = 1.0, water = 0.99, ammonia = 0.99 }

[units.liming]
kind = "mixer"
inlets = ["liquor", "milk"]
ratio.milk = "0.5 kg/kg"
capacity = "80 t/h"

[units.lime_still]
kind = "converter"
conversion.liberation = 0.99
[units.lime_still.reactions.liberation]
equation = "2 salmiac + lime -> 2 ammonia + chloride + 2 water"
key = "salmiac"

[units.still]
kind = "separator"
outlets = ["top", "bottom"]
recovery = { ammonia = 0.985, water = 0.0005 }
steam = "0.2 kg/kg"

[units.loading]
kind = "pump"
capacity = "60 t/h"

[trains.towers]
first = "saturator"
"""


@pytest.mark.long
def test_a_works_whose_reaction_runs_short_of_gas_that_comes_back_goes_on_in_time():
    """Told by the salt, what is left of the gas was a difference of two flows, of any size."""
    works = plant(SODA)
    running = works.running(works.variant("none"), RandomStreams(1)).plant
    running.run(48.0)
    running.ledger().certificate().enforce()
    assert running.env.now == 48.0


def test_of_what_runs_short_nothing_leaves_at_constant_conditions_either():
    works = plant(SODA)
    rest = works.steady_state()
    (index,) = [i for i, name in enumerate(works.sheet.substances.names) if name == "co2"]
    passing = {entry.stream: kg[index] for entry, kg in rest.ledger.flows.items()}
    assert passing["carbonated.mixed"] > 1.0
    assert passing["filter.filtrate"] == pytest.approx(0.0, abs=1e-9 * passing["carbonated.mixed"])
