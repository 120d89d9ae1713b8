"""Gas catcher: capture, saturation, and what recirculation does to both."""

from dataclasses import replace
from math import log

import pytest

from plant_models.chlorobenzene.line.design import prior, prior_catalogue
from plant_models.chlorobenzene.model import line
from plant_models.chlorobenzene.substances.chemistry import (
    BENZENE,
    CHLORINE,
    COMPONENTS,
    HCL,
    INERT,
    ORGANICS,
    WATER,
)
from plant_models.chlorobenzene.substances.enthalpy import thermal
from plant_models.chlorobenzene.substances.properties import (
    MOLAR_MASS,
    solubility_in_water,
    vapour_pressure,
)
from plant_models.chlorobenzene.units.catcher import (
    GasCatcher,
    chlorine_solubility,
    equilibrium,
)
from plant_models.chlorobenzene.units.condensation import flash
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
    """Structure fog: 43 t/h, 0.06 of the way to saturation in a pass, no fog held."""
    unit = prior().tree.gas_catcher
    cold = replace(unit.fog, circulation=43_000.0, approach_to_saturation=0.06, fog_capture=0.0)
    return replace(unit, structure="fog", fog=cold)


def wet(unit: GasCatcher, circulation: float) -> GasCatcher:
    """Return a cold catcher with so much water over it, kg/h."""
    return replace(unit, fog=replace(unit.fog, circulation=circulation))


@pytest.fixture(scope="module")
def hot() -> GasCatcher:
    return prior().tree.gas_catcher


def cold(unit: GasCatcher, **values: float) -> GasCatcher:
    """Return the catcher with other values of the cold wash, its water reused if returned."""
    reused = values.get("recirculation", 0.0) > 0.0
    return replace(unit, fog=replace(unit.fog, **values), water_reused=reused)


def test_once_through_water_is_absolute(catcher):
    """43 t/h whatever the gas."""
    for scale in (1.0, 0.2):
        gas = tuple(scale * kg for kg in TAIL_GAS)
        assert wash(catcher, gas)["effluent"][WATER] == pytest.approx(43_000, rel=1e-3)


def test_recirculation_leaves_the_bleed_alone(catcher):
    out = wash(cold(catcher, recirculation=0.96))
    assert sum(out["effluent"]) == 0
    assert out["bleed"][WATER] == pytest.approx(0.04 * 43_000, rel=2e-3)


def test_hydrogen_chloride_is_caught_almost_fully(catcher):
    out = wash(catcher)
    assert out["gas"][HCL] == pytest.approx((1 - catcher.capture) * 67, rel=1e-4)


def test_strong_bleed_gives_hydrogen_chloride_back(catcher):
    """Pressure over acid sets in where little water catches much."""
    strong = cold(catcher, recirculation=0.995, circulation=30_000)
    gas = COMPONENTS.stream(hydrogen_chloride=100, nitrogen=80)
    assert wash(strong, gas)["gas"][HCL] > 1.2 * wash(catcher, gas)["gas"][HCL]


def test_oversaturated_gas_loads_the_water_by_its_approach(catcher):
    """Water at 15 degC under gas richer than saturated: a * solubility * 43 t/h."""
    caught = wash(catcher)["effluent"][BENZENE]
    expected = catcher.fog.approach_to_saturation * solubility_in_water(BENZENE, 288.15) * 43_000
    assert caught == pytest.approx(expected, rel=0.02)


def test_catcher_holds_some_tens_of_tonnes_of_benzene_a_year(catcher):
    """Saturated, 43 t/h would hold 600 t/yr; a part of the way is 20 to 60."""
    assert 20 < wash(catcher)["effluent"][BENZENE] * 8.136 < 60


@pytest.mark.parametrize("returned", [0.5, 0.9, 0.96, 0.995])
def test_loaded_water_takes_up_what_iteration_says(catcher, returned):
    """Pass after pass, c_in = r c_out, until the loop is steady."""
    a = catcher.fog.approach_to_saturation
    out = 0.0
    for _ in range(20_000):
        out = returned * out + a * (1.0 - returned * out)
    unit = cold(catcher, recirculation=returned)
    assert unit.fog.load_factor() == pytest.approx((1 - returned) * out, rel=1e-9)


def test_recirculation_moves_benzene_and_chlorine_from_water_to_air(catcher):
    once, again = wash(catcher), wash(cold(catcher, recirculation=0.96))
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
    cooled = cold(catcher, recirculation=0.96)
    served = COMPONENTS.stream(water=0.04 * 43_000)
    recipe = cooled.convert({"gas": TAIL_GAS, "water": served}, AT)
    heat = recipe.uses["cooling_water"] * sum(TAIL_GAS) * 4.17 * cooled.fog.water_rise
    assert heat == pytest.approx(0.96 * (66 / 36.46 * 73e3 - 0.04 * 43_000 * 4.17 * 8), rel=0.02)
    assert cooled.fog.water_temperature(AT) > catcher.fog.water_temperature(AT)


def test_f2_reuses_the_catchers_water_and_would_send_96_per_cent_of_much_round():
    after = line("F2", design=prior(), known=prior_catalogue())
    assert after.gas_catcher.fog.recirculation == pytest.approx(0.96, abs=0.01)
    assert after.gas_catcher.water_reused


def activity(gas: Stream, T: float) -> float:
    """Return the organics' pressures in a washed gas over those of saturation at T (K)."""
    n = [kg / M for kg, M in zip(gas, MOLAR_MASS, strict=True)]
    dry = sum(n[i] for i in (*ORGANICS, CHLORINE, HCL, INERT))
    P = 92_500 - vapour_pressure(WATER, T)
    return sum(n[i] / dry * P / vapour_pressure(i, T) for i in ORGANICS)


def test_fog_leaves_with_the_gas_unless_it_is_caught(catcher):
    """Tail gas of 40 degC over water of 15 degC: three times what the gas can hold leaves."""
    assert activity(wash(catcher)["gas"], 288.15) == pytest.approx(3.0, abs=0.2)
    caught = wash(cold(catcher, fog_capture=1.0))
    assert activity(caught["gas"], 288.15) == pytest.approx(1.0, abs=1e-3)


def test_fog_is_what_is_above_saturation(catcher):
    """Of 80 kg/h of benzene the 2.94 kmol/h of dry gas can hold 22 at 15 degC, by hand."""
    washed = wash(catcher)["gas"]
    p, dry = vapour_pressure(BENZENE, 288.15), sum(washed[i] / MOLAR_MASS[i] for i in (4, 5, 10))
    held = dry * p / (92_500 - vapour_pressure(WATER, 288.15) - p) * MOLAR_MASS[BENZENE]
    fog = catcher.fog_in(washed, AT)[0] * MOLAR_MASS[BENZENE]
    assert fog == pytest.approx(washed[BENZENE] - held, rel=0.02)


def test_lean_gas_has_no_fog(catcher):
    assert sum(catcher.fog_in(COMPONENTS.stream(benzene=10, nitrogen=80), AT)) == 0


def test_caught_fog_goes_with_the_water(catcher):
    before, after = wash(catcher), wash(cold(catcher, fog_capture=0.5))
    caught = after["effluent"][BENZENE] - before["effluent"][BENZENE]
    assert caught == pytest.approx(before["gas"][BENZENE] - after["gas"][BENZENE])
    assert caught == pytest.approx(0.5 * catcher.fog_in(before["gas"], AT)[0] * MOLAR_MASS[BENZENE])


# --- the small hot catcher ---------------------------------------------------------------------

SLIP = COMPONENTS.stream(
    benzene=67, chlorobenzene=0.4, chlorine=2.3, hydrogen_chloride=110, nitrogen=85
)
"""What two stages let past: 110 kg/h of hydrogen chloride in gas that was saturated at 40 degC."""


def hot_wash(unit: GasCatcher, gas: Stream = SLIP) -> dict[str, Stream]:
    water = COMPONENTS.stream(water=unit.water)
    pool = tuple(a + b for a, b in zip(gas, water, strict=True))
    return unit.convert({"gas": gas, "water": water}, AT).apply(pool)


def warmth(unit: GasCatcher, gas: Stream = SLIP, at: Conditions = AT) -> float:
    return unit.temperature(gas, COMPONENTS.stream(water=unit.water), at)


def test_heat_of_solution_warms_little_water_to_some_forty_degrees(hot):
    """108 kg/h dissolve with 74.9 MJ/kmol less 5 % for their strength: 211 MJ/h.

    That warms 1.6 t of acid of 3.95 kJ/kg/K by 33 K; a tenth of it evaporates water and benzene.
    """
    unit = replace(hot, water=1500.0)
    assert 25 < warmth(unit) - 288.15 < 33
    cold_slip = COMPONENTS.stream(benzene=20, hydrogen_chloride=8, nitrogen=85)
    assert warmth(unit, cold_slip) - 288.15 < 5


@pytest.mark.parametrize("water", [600.0, 1500.0, 2500.0, 4500.0])
@pytest.mark.parametrize("slip", [0.0, 8.0, 110.0])
def test_the_heat_of_the_hot_catcher_closes(hot, water, slip):
    """What enters with gas and water leaves with gas and acid, to 1e-9 of the heat of solution."""
    gas = tuple(slip if i == HCL else kg for i, kg in enumerate(SLIP))
    unit = replace(hot, water=water)
    fresh = COMPONENTS.stream(water=water)
    out, T = hot_wash(unit, gas), warmth(unit, gas)
    entered = thermal(gas, 283.15, "gas") + thermal(fresh, 288.15, "aqueous")
    left = thermal(out["gas"], T, "gas") + thermal(out["effluent"], T, "aqueous")
    assert left == pytest.approx(entered, abs=1e-9 * max(slip, 1.0) * 2000 + 1e-6)


@pytest.mark.parametrize("water", [600.0, 1500.0, 2500.0, 4500.0])
def test_gas_water_and_oil_leave_the_hot_catcher_in_equilibrium(hot, water):
    """One activity of benzene in all three; without oil they add up to less than 1."""
    unit = replace(hot, water=water)
    out, T = hot_wash(unit), warmth(unit)
    n = [kg / mass for kg, mass in zip(out["gas"], MOLAR_MASS, strict=True)]
    P = 92_500 * (1 - n[WATER] / sum(n))
    others = sum(n) - n[WATER]
    in_gas = [n[i] / others * P / vapour_pressure(i, T) for i in ORGANICS]
    dissolved = [
        solubility_in_water(i, T) * a * water for i, a in zip(ORGANICS, in_gas, strict=True)
    ]
    oil = [out["effluent"][i] - kg for i, kg in zip(ORGANICS, dissolved, strict=True)]
    if sum(in_gas) > 1 - 1e-6:
        kmol = [kg / MOLAR_MASS[i] for i, kg in zip(ORGANICS, oil, strict=True)]
        for i in (0, 1):
            assert kmol[i] / sum(kmol) == pytest.approx(in_gas[i], rel=2e-2)
    else:
        assert sum(oil) == pytest.approx(0.0, abs=1e-2)


def test_equilibrium_without_water_is_a_flash():
    """The same organics over dry gas, by the flash of the condensers."""
    n = (1.2, 0.05, 0.001, 0.0)
    for T in (283.15, 303.15, 318.15):
        ours = equilibrium(n, 3.0, 0.0, T, 90_000.0)
        condensed = flash(n, 3.0, T, 90_000.0)
        for gas, whole, liquid in zip(ours.gas, n, condensed, strict=True):
            assert gas == pytest.approx(whole - liquid, rel=1e-8, abs=1e-12)


def test_water_under_lean_gas_takes_up_what_henry_says():
    """By hand, n = (N K + w) a: 0.01 kmol of benzene between 3 kmol of gas and 20 t of water."""
    T, P = 288.15, 90_000.0
    K = vapour_pressure(BENZENE, T) / P
    w = 20_000 * solubility_in_water(BENZENE, T) / MOLAR_MASS[BENZENE]
    held = equilibrium((0.01, 0.0, 0.0, 0.0), 3.0, 20_000.0, T, P)
    expected = 0.01 * 3.0 * K / (3.0 * K + w)
    assert held.gas[0] == pytest.approx(expected, rel=2e-3)


def test_a_hot_catcher_hardly_takes_benzene_a_cold_one_most_of_it(hot):
    """Where 110 kg/h slip to it, 1.5 t/h take 3 % of the benzene; where 8 do, more than half."""
    unit = replace(hot, water=1500.0)
    assert hot_wash(unit)["effluent"][BENZENE] < 0.05 * SLIP[BENZENE]
    little = tuple(8.0 if i == HCL else kg for i, kg in enumerate(SLIP))
    assert hot_wash(unit, little)["effluent"][BENZENE] > 0.5 * SLIP[BENZENE]


def test_its_water_is_an_acid_that_the_absorber_can_use(hot):
    """5 to 8 %: some 110 kg in 1.5 t."""
    effluent = hot_wash(replace(hot, water=1500.0))["effluent"]
    assert 0.05 < effluent[HCL] / (effluent[HCL] + effluent[WATER]) < 0.08


def test_more_water_than_the_heat_can_warm_condenses_benzene(hot):
    """The cliff: what 1.5 t/h hardly take, 4.5 t/h do, for they stay below 30 degC."""
    few, many = (hot_wash(replace(hot, water=w))["effluent"][BENZENE] for w in (1500.0, 4500.0))
    assert many > 10 * few


def test_chlorine_dissolves_less_in_hot_water(hot):
    few, many = (hot_wash(replace(hot, water=w)) for w in (1000.0, 3000.0))
    assert many["effluent"][CHLORINE] > 4 * few["effluent"][CHLORINE]


def test_the_films_of_the_hot_catcher_fit_into_one_device(hot):
    """Its gas film has 4.2 transfer units; equilibrium within 5 % asks 3 of the liquid film.

    The cold wash of structure fog needs 0.06 of one: a factor of 70 where 1 to 5 is usual.
    """
    gas_film = -log(1 - hot.capture)
    assert gas_film == pytest.approx(4.2, abs=0.05)
    assert 1 / 5 < gas_film / -log(0.05) < 5
    assert gas_film / -log(1 - 0.06) > 50


def test_reused_water_goes_to_its_tank_whatever_the_structure(hot, catcher):
    for unit in (hot, catcher):
        recipe = replace(unit, water_reused=True).convert({"gas": SLIP, "water": NONE}, AT)
        assert sum(recipe.splits["effluent"]) == 0
        assert recipe.splits["bleed"][WATER] == 1 - recipe.splits["gas"][WATER]


@pytest.mark.parametrize("structure", ["hot", "fog"])
def test_nothing_but_water_in_nothing_but_water_out(hot, structure):
    unit = replace(hot, structure=structure)
    fresh = COMPONENTS.stream(water=1000)
    out = unit.convert({"gas": NONE, "water": fresh}, AT).apply(fresh)
    assert out["effluent"][WATER] == pytest.approx(1000, rel=1e-3)


@pytest.mark.parametrize("structure", ["hot", "fog"])
def test_a_catcher_that_catches_nothing_lets_all_acid_pass(hot, catcher, structure):
    """As one does that catches next to nothing."""
    unit = hot if structure == "hot" else catcher
    nothing, little = (wash(replace(unit, capture=share)) for share in (0.0, 1e-9))
    assert nothing["gas"][HCL] == pytest.approx(little["gas"][HCL], rel=1e-6)
    assert nothing["gas"][HCL] == pytest.approx(TAIL_GAS[HCL], rel=1e-6)


def test_a_cold_catcher_without_water_catches_no_acid(catcher):
    """It caught half of it with no water at all, as acid of nothing else."""
    out = wash(wet(catcher, 0.0))
    assert out["gas"][HCL] == TAIL_GAS[HCL]
    assert sum(out["effluent"]) == pytest.approx(0.0, abs=1e-9)


def test_little_cold_water_holds_as_much_acid_as_does_not_bring_it_to_boil(catcher):
    """2,000 kJ/kg HCl into 4.18 kJ/kg/K: 0.16 kg/kg of water from 15 degC up to 92."""
    for kg in (30.0, 100.0):
        out = wash(wet(catcher, kg))
        caught = out["effluent"][HCL]
        assert caught == pytest.approx(4.18 * (365.0 - 288.15) / 2000.0 * kg, rel=0.01)


@pytest.mark.parametrize("structure", ["hot", "fog"])
@pytest.mark.parametrize("water", [0.0, 1e-300, 1e-9, 1.0, 20.0])
def test_no_acid_leaves_a_catcher_stronger_than_there_is(hot, catcher, structure, water):
    """One kg/h of water took up 800 kg/h of hydrogen chloride, of a gas with next to no inerts."""
    unit = hot if structure == "hot" else wet(catcher, water)
    gas = COMPONENTS.stream(hydrogen_chloride=800.0, nitrogen=2.0)
    served = COMPONENTS.stream(water=water)
    pool = tuple(a + b for a, b in zip(gas, served, strict=True))
    acid = unit.convert({"gas": gas, "water": served}, AT).apply(pool)["effluent"]
    assert acid[HCL] <= 0.405 * (acid[HCL] + acid[WATER]) + 1e-9


@pytest.mark.parametrize("structure", ["hot", "fog"])
def test_an_empty_catcher_is_as_warm_as_the_cooling_water(hot, structure):
    """Its temperature was a division by zero."""
    unit = replace(hot, structure=structure)
    assert unit.heat({"gas": NONE, "water": NONE}, AT).usual == AT["cooling_water"]
