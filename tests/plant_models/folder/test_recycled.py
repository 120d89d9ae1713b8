"""An inlet that draws takes what its tank has, whoever could do more with what is bought."""

from __future__ import annotations

import pytest

from plant_models.folder.model import FolderPlant
from tests.plant_models.folder.texts import changed, plant

RINSED = """
pipes = [
    "water -> rinse",
    "used -> rinse.lye",
    "lye -> rinse.lye",
    "rinse -> part",
    "part.back -> used",
    "part.out -> store",
    "store -> packing -> drums",
]

[plant]
name = "rinse"
pacer = "rinse"

[components]
base = "NaOH"
water = "H2O"

[supplies]
water = { water = 1.0 }
lye = { base = 0.3, water = 0.7 }

[sinks]
drums = "product"
sewer = "wastewater"

[tanks.used]
capacity = "3 t"
contents = { base = 0.1, water = 0.9 }
spills_to = "sewer"

[tanks.store]
capacity = "4 t"
contents = { water = 1.0 }

[units.rinse]
kind = "mixer"
inlets = ["feed", "lye"]
ratio.lye = 0.6
capacity = "1 t/h"

[units.part]
kind = "separator"
outlets = ["back", "out"]
recovery = { base = 0.2, water = 0.3 }
steam = 0.1

[units.packing]
kind = "pump"
capacity = "3 t/h"
"""
PUMPED = changed('"part.back -> used"', '"part.back -> sump", "sump -> pump -> used"', RINSED)
PUMPED += """
[units.pump]
kind = "pump"
capacity = "2 t/h"

[tanks.sump]
capacity = "5 t"
contents = { water = 1.0 }
"""


def by_hand() -> tuple[float, float]:
    """Return what lye is bought and base packed where all that comes back is used, kg/h."""
    base, water = 0.0, 0.0
    for _ in range(200):
        bought = 600.0 - base - water
        base, water = base + 0.3 * bought, 1000.0 + water + 0.7 * bought
        packed = 0.8 * base
        base, water = 0.2 * base, 0.3 * water
    return bought, packed


def second_year(of: FolderPlant) -> dict[str, float]:
    """Return the figures of a second year in which nothing happens, t/yr."""
    one, two = (of.simulate(years=y, without=("events",)).indicators for y in (1.0, 2.0))
    return {name: 2.0 * two[name] - one[name] for name in two if name.endswith("_t")}


@pytest.mark.parametrize("text", [RINSED, PUMPED], ids=["packing", "pump"])
@pytest.mark.parametrize("utilities", ["", "[utilities]\nsteam = 500\n"], ids=["", "steam"])
def test_what_comes_back_is_used_before_anything_is_bought(text: str, utilities: str):
    of = plant(text + utilities)
    bought, packed = by_hand()
    for year in (of.steady_state().indicators, second_year(of)):
        assert year["lye_t"] == pytest.approx(8.76 * bought, rel=1e-4)
        assert year["drums.base_t"] == pytest.approx(8.76 * packed, rel=1e-4)
        assert year["sewer_t"] == pytest.approx(0.0, abs=1e-3)


def test_a_tank_gives_all_it_has_before_the_supply_gives_any():
    """It holds 1.5 t and is emptied by 600 kg/h less what comes back."""
    of = plant(PUMPED).simulate(years=1.0 / 8760.0, without=("events",)).ledger
    assert of.total(source="used") == pytest.approx(600.0)
    assert of.total(source="lye") == pytest.approx(0.0, abs=1e-9)


def test_a_train_that_takes_from_the_same_tank_keeps_its_place():
    """Bottling is above the rinse and takes all that comes back; the supply gives the rest."""
    shared = changed(
        '"part.out -> store"', '"part.out -> store", "used -> bottling -> bottles"', RINSED
    )
    shared = changed('drums = "product"', 'drums = "product"\nbottles = "by-product"', shared)
    shared = changed('pacer = "rinse"', 'pacer = "rinse"\npriorities = ["bottling"]', shared)
    shared += '\n[units.bottling]\nkind = "pump"\ncapacity = "1 t/h"\n'
    year = second_year(plant(shared))
    assert year["lye_t"] == pytest.approx(8.76 * 600.0, rel=1e-3)
    assert year["bottles_t"] == pytest.approx(8.76 * (0.2 * 180.0 + 0.3 * 1420.0), rel=1e-3)
