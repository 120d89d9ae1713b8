"""Gas catcher: capture, saturation, and what recirculation does to both."""

from dataclasses import replace

import pytest

from plant_models.chlorobenzene import own_design
from plant_models.chlorobenzene.line.design import prior, prior_catalogue
from plant_models.chlorobenzene.model import line, steady_state
from plant_models.chlorobenzene.paper.printed import table_1_3
from plant_models.chlorobenzene.substances.chemistry import (
    BENZENE,
    CHLORINE,
    COMPONENTS,
    HCL,
    INERT,
    ORGANICS,
    WATER,
)
from plant_models.chlorobenzene.substances.properties import (
    MOLAR_MASS,
    solubility_in_water,
    vapour_pressure,
)
from plant_models.chlorobenzene.units.catcher import GasCatcher, chlorine_solubility
from sim.network.unit import Conditions, Stream

NONE = (0.0,) * 11
AT = Conditions(6000, {"cooling_water": 288.15, "air": 283.15, "pressure": 92_500})
TAIL_GAS = COMPONENTS.stream(
    benzene=80, chlorobenzene=0.1, chlorine=2.3, hydrogen_chloride=67, nitrogen=80
)


def wash(unit: GasCatcher, gas: Stream = TAIL_GAS) -> dict[str, Stream]:
    recipe = unit.convert({"gas": gas, "water": NONE}, AT)
    water = sum(a * b for a, b in zip(gas, recipe.draws["water"], strict=True))
    served = COMPONENTS.stream(water=water)
    pool = tuple(a + b for a, b in zip(gas, served, strict=True))
    return unit.convert({"gas": gas, "water": served}, AT).apply(pool)


@pytest.fixture(scope="module")
def catcher() -> GasCatcher:
    return prior().tree.gas_catcher


def test_once_through_water_is_absolute(catcher):
    """43 t/h whatever the gas."""
    for scale in (1.0, 0.2):
        gas = tuple(scale * kg for kg in TAIL_GAS)
        assert wash(catcher, gas)["effluent"][WATER] == pytest.approx(43_000, rel=1e-3)


def test_recirculation_leaves_the_bleed_alone(catcher):
    out = wash(replace(catcher, recirculation=0.96))
    assert sum(out["effluent"]) == 0
    assert out["bleed"][WATER] == pytest.approx(0.04 * 43_000, rel=2e-3)


def test_hydrogen_chloride_is_caught_almost_fully(catcher):
    out = wash(catcher)
    assert out["gas"][HCL] == pytest.approx((1 - catcher.capture) * 67, rel=1e-4)


def test_strong_bleed_gives_hydrogen_chloride_back(catcher):
    """Pressure over acid sets in where little water catches much."""
    strong = replace(catcher, recirculation=0.995, circulation=30_000)
    gas = COMPONENTS.stream(hydrogen_chloride=100, nitrogen=80)
    assert wash(strong, gas)["gas"][HCL] > 1.2 * wash(catcher, gas)["gas"][HCL]


def test_oversaturated_gas_loads_the_water_by_its_approach(catcher):
    """Water at 15 degC under gas richer than saturated: a * solubility * 43 t/h."""
    caught = wash(catcher)["effluent"][BENZENE]
    expected = catcher.approach_to_saturation * solubility_in_water(BENZENE, 288.15) * 43_000
    assert caught == pytest.approx(expected, rel=0.02)


def test_catcher_holds_some_tens_of_tonnes_of_benzene_a_year(catcher):
    """Saturated, 43 t/h would hold 600 t/yr; a part of the way is 20 to 60."""
    assert 20 < wash(catcher)["effluent"][BENZENE] * 8.136 < 60


@pytest.mark.parametrize("returned", [0.5, 0.9, 0.96, 0.995])
def test_loaded_water_takes_up_what_iteration_says(catcher, returned):
    """Pass after pass, c_in = r c_out, until the loop is steady."""
    a = catcher.approach_to_saturation
    out = 0.0
    for _ in range(20_000):
        out = returned * out + a * (1.0 - returned * out)
    unit = replace(catcher, recirculation=returned)
    assert unit.load_factor() == pytest.approx((1 - returned) * out, rel=1e-9)


def test_recirculation_moves_benzene_and_chlorine_from_water_to_air(catcher):
    once, again = wash(catcher), wash(replace(catcher, recirculation=0.96))
    assert again["gas"][BENZENE] > once["gas"][BENZENE]
    assert again["gas"][CHLORINE] > once["gas"][CHLORINE]


def test_lean_gas_is_washed_in_proportion(catcher):
    """Below saturation, caught per offered does not depend on the benzene in the gas."""
    share = []
    for benzene in (0.1, 0.2):
        gas = COMPONENTS.stream(benzene=benzene, nitrogen=80)
        share.append(wash(catcher, gas)["effluent"][BENZENE] / benzene)
    assert share[0] == pytest.approx(share[1], rel=0.01)


@pytest.mark.parametrize(("celsius", "g_per_kg"), [(10, 9.9), (20, 7.3), (30, 5.7)])
def test_chlorine_dissolves_as_the_handbook_says(celsius, g_per_kg):
    assert 1000 * chlorine_solubility(celsius + 273.15) == pytest.approx(g_per_kg, rel=0.03)


def test_nothing_in_nothing_drawn(catcher):
    recipe = catcher.convert({"gas": NONE, "water": NONE}, AT)
    assert sum(recipe.draws["water"]) == 0


def test_returned_water_is_cooled(catcher):
    """Of 73 MJ per kmol caught, what 4 % fresh water of 8 K less does not take up already."""
    cooled = replace(catcher, recirculation=0.96)
    served = COMPONENTS.stream(water=0.04 * 43_000)
    recipe = cooled.convert({"gas": TAIL_GAS, "water": served}, AT)
    heat = recipe.uses["cooling_water"] * sum(TAIL_GAS) * 4.17 * cooled.water_rise
    assert heat == pytest.approx(0.96 * (66 / 36.46 * 73e3 - 0.04 * 43_000 * 4.17 * 8), rel=0.02)
    assert cooled.water_temperature(AT) > catcher.water_temperature(AT)


def test_f2_sends_96_per_cent_of_the_catchers_water_round():
    after = line("F2", design=prior(), known=prior_catalogue())
    assert after.gas_catcher.recirculation == pytest.approx(0.96, abs=0.01)


def activity(gas: Stream, T: float) -> float:
    """Return the organics' pressures in a washed gas over those of saturation at T (K)."""
    n = [kg / M for kg, M in zip(gas, MOLAR_MASS, strict=True)]
    dry = sum(n[i] for i in (*ORGANICS, CHLORINE, HCL, INERT))
    P = 92_500 - vapour_pressure(WATER, T)
    return sum(n[i] / dry * P / vapour_pressure(i, T) for i in ORGANICS)


def test_fog_leaves_with_the_gas_unless_it_is_caught(catcher):
    """Tail gas of 40 degC over water of 15 degC: three times what the gas can hold leaves."""
    assert activity(wash(catcher)["gas"], 288.15) == pytest.approx(3.0, abs=0.2)
    caught = wash(replace(catcher, fog_capture=1.0))
    assert activity(caught["gas"], 288.15) == pytest.approx(1.0, abs=1e-3)


def test_fog_is_what_is_above_saturation(catcher):
    """Of 80 kg/h of benzene the 2.94 kmol/h of dry gas can hold 22 at 15 degC, by hand."""
    washed = wash(catcher)["gas"]
    p, dry = vapour_pressure(BENZENE, 288.15), sum(washed[i] / MOLAR_MASS[i] for i in (4, 5, 10))
    held = dry * p / (92_500 - vapour_pressure(WATER, 288.15) - p) * MOLAR_MASS[BENZENE]
    fog = catcher.fog(washed, AT)[0] * MOLAR_MASS[BENZENE]
    assert fog == pytest.approx(washed[BENZENE] - held, rel=0.02)


def test_lean_gas_has_no_fog(catcher):
    assert sum(catcher.fog(COMPONENTS.stream(benzene=10, nitrogen=80), AT)) == 0


def test_caught_fog_goes_with_the_water(catcher):
    before, after = wash(catcher), wash(replace(catcher, fog_capture=0.5))
    caught = after["effluent"][BENZENE] - before["effluent"][BENZENE]
    assert caught == pytest.approx(before["gas"][BENZENE] - after["gas"][BENZENE])
    assert caught == pytest.approx(0.5 * catcher.fog(before["gas"], AT)[0] * MOLAR_MASS[BENZENE])


def test_table_1_3_speaks_for_the_fog():
    """Were it caught, benzene to air would not fall, and the sewer be spared nine times as much."""
    design = own_design(None, ["gas_catcher.fog_capture=1"])
    none, done = (steady_state(s, design=design).indicators for s in ("none", "F1-F11"))
    air, sewer = (none[k] - done[k] for k in ("air.benzene_t", "wastewater.benzene_t"))
    assert air < 0
    assert sewer > 9 * table_1_3()["wastewater.benzene_t"]
