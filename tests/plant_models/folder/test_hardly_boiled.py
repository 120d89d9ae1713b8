"""A loop of empty tanks whose evaporator has next to nothing left to boil off."""

from __future__ import annotations

import pytest

from tests.plant_models.folder.texts import plant

BATH = """
pipes = [
    "goods -> bath",
    "brine_tank -> bath.liquor",
    "fresh -> bath.liquor",
    "bath -> press",
    "press.bath -> used_tank",
    "press.goods -> customers",
    "used_tank -> evaporator",
    "evaporator.vapour -> air",
    "evaporator.concentrate -> bleed",
    "bleed.purge -> sewer",
    "bleed.back -> brine_tank",
]

[plant]
name = "bath"
pacer = "bath"

[components]
salt = { formula = "NaCl", heat_capacity = 0.9, vapour_pressure = "none" }
water = { formula = "H2O", heat_capacity = 4.18, latent_heat = 2257, vapour_pressure = "none" }

[supplies]
goods = { water = 1.0 }
fresh = { salt = 0.06, water = 0.94 }

[sinks]
customers = "product"
air = "emission gas"
sewer = "wastewater"

[tanks.brine_tank]
capacity = "40 t"
contents = { salt = 0.06, water = 0.94 }

[tanks.used_tank]
capacity = "60 t"
contents = { salt = 0.055, water = 0.945 }

[units.bath]
kind = "mixer"
inlets = ["goods", "liquor"]
ratio.liquor = 6
capacity = "500 kg/h"

[units.press]
kind = "separator"
outlets = ["bath", "goods"]
recovery = { salt = 0.9, water = WATER }

[units.evaporator]
kind = "evaporator"
volatile = { water = 1 }
strength = STRENGTH
inlet_temperature = "40 degC"
temperature = "100 degC"
capacity = "5 t/h"

[units.bleed]
kind = "splitter"
outlets = ["purge", "back"]
share.purge = PURGE
"""


@pytest.mark.parametrize(
    ("purge", "strength", "water"),
    [(0.02, 0.15, 0.82), (0.02, 0.2, 0.75), (0.05, 0.15, 0.75), (0.05, 0.2, 0.75)],
)
def test_a_brine_that_all_but_has_its_strength_goes_round(
    purge: float, strength: float, water: float
):
    """What the tanks hold at the start, 50 t of some 7,000, is all that a year of it is off by."""
    text = BATH
    for word, value in {"PURGE": purge, "STRENGTH": strength, "WATER": water}.items():
        text = text.replace(word, str(value))
    of = plant(text)
    rest, run = of.steady_state().indicators, of.simulate().indicators
    for name in ("customers_t", "customers.salt_t", "sewer.salt_t"):
        assert run[name] == pytest.approx(rest[name], rel=2e-3)
    for name in ("fresh_t", "air_t"):
        assert run[name] == pytest.approx(rest[name], abs=55.0)
