"""Off-gas coolers and fan: saturation, energy balance, arrangement, leaks."""

from dataclasses import replace
from math import sqrt

import pytest

from plant_models.chlorobenzene.line.design import prior, prior_catalogue
from plant_models.chlorobenzene.model import line
from plant_models.chlorobenzene.substances.chemistry import (
    BENZENE,
    COMPONENTS,
    HCL,
    INERT,
    MCB,
    WATER,
)
from plant_models.chlorobenzene.substances.properties import (
    MOLAR_MASS,
    activity_coefficients,
    latent_heat,
    mole_fractions,
    saturated_moles,
    vapour_pressure,
)
from plant_models.chlorobenzene.units.condensation import (
    condense,
    dew_point,
    effectiveness,
    exchanged,
    flash,
)
from plant_models.chlorobenzene.units.off_gas import OffGasCooler, OffGasFan
from sim.network.unit import Conditions, Stream

AT = Conditions(6000, {"cooling_water": 288.15, "air": 283.15, "pressure": 92_500})
HCL_KG = 850.0


def off_gas(celsius: float) -> Stream:
    """Hydrogen chloride saturated over condensate of 93/7 wt% at 92.5 kPa."""
    x = mole_fractions(COMPONENTS.stream(benzene=93, chlorobenzene=7))
    n = saturated_moles(x, celsius + 273.15, 92_500)
    dry = HCL_KG / MOLAR_MASS[HCL]
    return COMPONENTS.stream(
        benzene=dry * n[0] * MOLAR_MASS[BENZENE],
        chlorobenzene=dry * n[1] * MOLAR_MASS[MCB],
        hydrogen_chloride=HCL_KG,
    )


@pytest.fixture(scope="module")
def cooler() -> OffGasCooler:
    return prior().tree.off_gas_cooler


@pytest.fixture(scope="module")
def fan() -> OffGasFan:
    return prior().tree.off_gas_fan


def test_wet_gas_leaves_with_the_water_of_fuming_acid(cooler):
    """Over condensate of an activity of 0.2: y P = a p_sat(T), a fifth of water's own pressure."""
    dry = off_gas(45)
    gas = tuple(12.0 if i == WATER else kg for i, kg in enumerate(dry))
    inlets = {"gas": gas, "vent": (0.0,) * len(COMPONENTS)}
    left = cooler.convert(inlets, AT).apply(gas)["gas"]
    T = cooler.outlet_temperature(gas, AT)
    moles = [kg / mass for kg, mass in zip(left, MOLAR_MASS, strict=True)]
    moles[HCL] = HCL_KG / MOLAR_MASS[HCL]  # what the condensate dissolves was there as well
    share = 0.2 * vapour_pressure(WATER, T) / 92_500
    assert moles[WATER] / sum(moles) == pytest.approx(share, rel=1e-9)
    assert 0.0 < left[WATER] < gas[WATER]


@pytest.mark.parametrize("arrangement", ["parallel", "series"])
def test_however_wet_the_gas_what_it_gives_off_is_what_the_cooler_passes_on(cooler, arrangement):
    """Of 15 kg/h it does not hold all at its oil's dew point, of 50 too much condenses at once."""
    cooler = replace(cooler, arrangement=arrangement, area=30.0)
    for kg in range(0, 120, 3):
        gas = tuple(float(kg) if i == WATER else each for i, each in enumerate(off_gas(45)))
        state = cooler.cool(gas, AT)
        passed = exchanged(
            *(state.duty, state.T_in, state.T, AT["cooling_water"]),
            *(cooler.conductance(sum(gas)), cooler.cooling_water, cooler.in_series),
        )
        assert state.duty == pytest.approx(passed, rel=2e-6), kg


def test_dew_point_of_a_saturated_gas_is_its_temperature():
    gas = off_gas(35)
    n = (gas[BENZENE] / MOLAR_MASS[BENZENE], gas[MCB] / MOLAR_MASS[MCB], 0.0, 0.0)
    assert dew_point(n, HCL_KG / MOLAR_MASS[HCL], 92_500) == pytest.approx(308.15, abs=1e-6)


def test_flash_of_one_component_leaves_saturated_gas():
    liquid = flash((5.0, 0.0, 0.0, 0.0), 20.0, 290.0, 92_500)
    left = 20.0 * saturated_moles((1, 0, 0, 0), 290.0, 92_500)[0]
    assert liquid[0] == pytest.approx(5.0 - left, rel=1e-9)


def test_flash_of_two_components_is_in_equilibrium():
    """Liquid mole fractions over it, taken at their activities, give back the vapour."""
    n = (6.0, 1.0, 0.0, 0.0)
    liquid, total = (0.9, 0.1, 0.0, 0.0), 1.0
    for _ in range(12):  # the activities are the caller's to settle
        liquid = flash(n, 20.0, 295.0, 92_500, total, *activity_coefficients(liquid[0] / total))
        total = sum(liquid)
    vapour = saturated_moles((liquid[0] / total, liquid[1] / total, 0, 0), 295.0, 92_500)
    for i in (0, 1):
        assert n[i] - liquid[i] == pytest.approx(20.0 * vapour[i], rel=1e-8)


def test_a_guess_changes_nothing_in_a_flash():
    """Near the end of the boiling range the guess lies far above what condenses."""
    n, dry, T, P = (0.0547, 8.884, 0.0, 0.0), 0.107, 398.177, 85_000
    assert flash(n, dry, T, P, 8.92) == pytest.approx(flash(n, dry, T, P), rel=1e-9)


def test_flash_above_the_dew_point_condenses_nothing():
    assert flash((1.0, 0.0, 0.0, 0.0), 20.0, 330.0, 92_500) == (0, 0, 0, 0)


@pytest.mark.parametrize(("ntu", "ratio", "published"), [(1.0, 0.5, 0.532), (3.0, 0.0, 0.950)])
def test_effectiveness_of_a_shell_is_the_published_one(ntu, ratio, published):
    assert effectiveness(ntu, ratio, 1) == pytest.approx(published, abs=0.01)


@pytest.mark.parametrize("shells", [1, 2, 6])
def test_next_to_no_gas_comes_to_the_temperature_of_the_water(shells):
    assert effectiveness(1e6, 1e-18, shells) == pytest.approx(1.0)


def test_many_shells_in_series_approach_counter_current():
    """Counter-current: (1 - e) / (1 - C e) with e = exp(-N (1 - C))."""
    decay = 2.718281828459045 ** (-2.0 * (1 - 0.6))
    counter_current = (1 - decay) / (1 - 0.6 * decay)
    assert effectiveness(2.0, 0.6, 50) == pytest.approx(counter_current, rel=1e-3)


def test_duty_of_the_cooler_is_heat_taken_up_by_the_water():
    """UA and effectiveness against the balance that defines the outlet."""
    gas, at = off_gas(35), 288.15
    n = (gas[BENZENE] / MOLAR_MASS[BENZENE], gas[MCB] / MOLAR_MASS[MCB], 0.0, 0.0)
    dry = HCL_KG / MOLAR_MASS[HCL]
    arguments = (n, dry, HCL_KG * 0.8, 308.15, 92_500)
    out = condense(*arguments, conductance=3000.0, water=1e9, T_water=at)
    sensible = HCL_KG * 0.8 + gas[BENZENE] * 1.736 + gas[MCB] * 1.345  # as liquids, and ...
    latent = 0.0
    for i, kmol in ((BENZENE, out.liquid[0]), (MCB, out.liquid[1])):  # ... their vapours above
        left = gas[i] - kmol * MOLAR_MASS[i]
        latent += gas[i] * latent_heat(i, 308.15) - left * latent_heat(i, out.T)
    hot = sensible + latent / (308.15 - out.T)
    reached = effectiveness(3000.0 / hot, 0.0, 1)
    found = (308.15 - out.T) / (308.15 - at)
    assert found == pytest.approx(reached, rel=1e-3)


@pytest.mark.parametrize("arrangement", ["parallel", "series"])
def test_gas_leaves_saturated_over_its_condensate(cooler, arrangement):
    unit = replace(cooler, arrangement=arrangement)
    gas = off_gas(35)
    out = unit.convert({"gas": gas, "vent": (0.0,) * 11}, AT).apply(gas)
    x = mole_fractions(out["condensate"])
    n = saturated_moles(x, unit.outlet_temperature(gas, AT), 92_500)
    dry = HCL_KG / MOLAR_MASS[HCL]
    assert out["gas"][BENZENE] == pytest.approx(dry * n[0] * MOLAR_MASS[BENZENE], rel=1e-3)


def test_series_cools_further_than_parallel(cooler):
    gas = off_gas(35)
    parallel = cooler.outlet_temperature(gas, AT)
    series = replace(cooler, arrangement="series").outlet_temperature(gas, AT)
    assert 288.15 < series < parallel - 1 < 307


def test_series_raises_conductance_by_the_gas_flow_alone(cooler):
    """All the gas over each shell: 2**m."""
    series = replace(cooler, arrangement="series")
    ratio = series.conductance(1400) / cooler.conductance(1400)
    assert ratio == pytest.approx(2**cooler.flow_exponent)


def test_series_costs_seven_times_the_pressure_drop(cooler):
    """Twice the length at twice the flow: 2 * 2**1.8 = 6.96."""
    series = replace(cooler, arrangement="series")
    assert series.pressure_drop(1400) / cooler.pressure_drop(1400) == pytest.approx(6.96, rel=0.01)


def test_scheme_f1_pipes_in_series_and_deepens_the_suction():
    before, after = (
        line(schemes, design=prior(), known=prior_catalogue()) for schemes in ("none", "F1")
    )
    assert after.off_gas_cooler.arrangement == "series"
    assert after.off_gas_fan.suction > before.off_gas_fan.suction
    assert after.off_gas_fan.air_ingress(AT) > before.off_gas_fan.air_ingress(AT)


def test_five_kelvin_colder_carries_a_quarter_less(cooler):
    endless = replace(cooler, area=1e6, cooling_water=1e9)
    gas = off_gas(35)
    carried = []
    for celsius in (20, 15):
        at = Conditions(
            6000, {"cooling_water": celsius + 273.15, "air": 283.15, "pressure": 92_500}
        )
        out = endless.convert({"gas": gas, "vent": (0.0,) * 11}, at).apply(gas)
        carried.append(out["gas"][BENZENE])
    assert carried[1] / carried[0] == pytest.approx(0.75, abs=0.03)


def test_gas_colder_than_the_water_condenses_nothing(cooler):
    gas = off_gas(5)
    out = cooler.convert({"gas": gas, "vent": (0.0,) * 11}, AT).apply(gas)
    assert sum(out["condensate"]) == 0


def test_collected_vent_condenses_with_the_gas(cooler):
    gas = off_gas(35)
    vent = COMPONENTS.stream(benzene=20, nitrogen=10)
    alone = cooler.convert({"gas": gas, "vent": (0.0,) * 11}, AT).apply(gas)
    pool = tuple(a + b for a, b in zip(gas, vent, strict=True))
    both = cooler.convert({"gas": gas, "vent": vent}, AT).apply(pool)
    assert both["condensate"][BENZENE] > alone["condensate"][BENZENE]
    assert both["gas"][INERT] == 10


def test_leaks_pass_air_as_an_orifice_does(fan):
    """Four times the suction draws twice the air."""
    deeper = replace(fan, suction=4 * fan.suction)
    assert deeper.air_ingress(AT) / fan.air_ingress(AT) == pytest.approx(2)


def test_air_ingress_is_the_textbook_figure(fan):
    """1 cm2 at 300 Pa: 0.6 * 1e-4 m2 * sqrt(2 * 1.14 kg/m3 * 300 Pa) = 1.57 g/s."""
    unit = replace(fan, leak_area=1.0, suction=300.0)
    expected = 0.6e-4 * sqrt(2 * 1.138 * 300) * 3600
    assert unit.air_ingress(AT) == pytest.approx(expected, rel=0.005)


def test_air_ingress_does_not_depend_on_the_load(fan):
    for flow in (400.0, 1400.0):
        gas = COMPONENTS.stream(hydrogen_chloride=flow)
        recipe = fan.convert({"gas": gas, "air": (0.0,) * 11}, AT)
        assert recipe.draws["air"][HCL] * flow == pytest.approx(fan.air_ingress(AT))


def test_fan_without_gas_draws_nothing(fan):
    recipe = fan.convert({"gas": (0.0,) * 11, "air": (0.0,) * 11}, AT)
    assert sum(recipe.draws["air"]) == 0
