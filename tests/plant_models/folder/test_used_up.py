"""A loop whose reaction uses a component up: what is left of it are last digits of a difference."""

from __future__ import annotations

import pytest

from tests.plant_models.folder.texts import plant

LYE = """
pipes = [
    "soil -> circuit",
    "lye_tank -> circuit.back",
    "lye -> circuit.back",
    "circuit -> absorption -> settle",
    "settle.sludge -> drain",
    "settle.clear -> loss",
    "loss.rinse -> drain",
    "loss.back -> lye_tank",
]

[plant]
name = "lye"

[components]
dirt = "C12H22O11"
caustic = "NaOH"
soda = "Na2CO3"
carbon_dioxide = "CO2"
water = "H2O"

[supplies]
soil = { dirt = 0.28, carbon_dioxide = 0.02, water = 0.7 }
lye = { caustic = 0.03, water = 0.97 }

[sinks]
drain = "wastewater"

[tanks.lye_tank]
capacity = "20 t"
contents = { caustic = 0.02, soda = 0.002, water = 0.978 }
spills_to = "drain"

[units.circuit]
kind = "mixer"
inlets = ["soil", "back"]
ratio.back = 60
capacity = "100 kg/h"

[units.absorption]
kind = "converter"
reactions.absorption = "2 caustic + carbon_dioxide -> soda + water"
conversion.absorption = 0.99

[units.settle]
kind = "separator"
outlets = ["sludge", "clear"]
recovery = { dirt = 0.8, caustic = 0.03, soda = 0.03, water = 0.03, carbon_dioxide = 0.5 }

[units.loss]
kind = "splitter"
outlets = ["rinse", "back"]
share.rinse = LOST
"""


def test_a_loop_rests_whatever_the_last_digits_of_what_is_used_up():
    """Of 2 kg/h of carbon dioxide nothing is left; 105.99 kg of soda comes of 44.01 kg of it."""
    for thousandth in range(10, 60, 3):
        rest = plant(LYE.replace("LOST", str(0.001 * thousandth))).steady_state().indicators
        assert rest["drain.soda_t"] == pytest.approx(8.76 * 2.0 * 105.99 / 44.01, rel=1e-4)
        assert rest["drain.carbon_dioxide_t"] == 0.0
