"""Devices of our own options: a chilled condenser on the tail gas, pipes that lead vapour back."""

from dataclasses import replace
from math import exp

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plant_models.chlorobenzene.line import wiring
from plant_models.chlorobenzene.line.design import baseline
from plant_models.chlorobenzene.model import PLANT
from plant_models.chlorobenzene.substances.chemistry import (
    BENZENE,
    COMPONENTS,
    HCL,
    INERT,
    WATER,
)
from plant_models.chlorobenzene.substances.properties import (
    MOLAR_MASS,
    activity_coefficients,
    hydrogen_chloride_pressure,
    vapour_pressures,
)
from plant_models.chlorobenzene.units.condensation import chilled
from plant_models.chlorobenzene.units.end_of_pipe import (
    ACID_OF_CONDENSATE,
    TailGasCondenser,
    arrives_at,
)
from sim.network.unit import Conditions, Stream

OURS = PLANT.own_schemes(catalogue="ours")
P = 92_500.0
AT = Conditions(100.0, {"cooling_water": 288.0, "air": 283.0, "pressure": P, "trip": 0.0})
COLD = baseline().tree.tail_gas_condenser
MOLES = st.floats(1e-3, 3.0)


def left(unit: TailGasCondenser, gas: Stream) -> list[float]:
    """Return what leaves of a gas, kg/h."""
    split = unit.convert({"gas": gas}, AT).splits["gas"]
    return [kg * share for kg, share in zip(gas, split, strict=True)]


@given(MOLES, MOLES, st.floats(0.0, 0.1), st.floats(0.5, 8.0), st.floats(0.0, 2.0),
       st.floats(279.0, 300.0))  # fmt: skip
def test_a_chilled_gas_is_in_equilibrium_with_its_oil_and_its_water(
    benzene, chlorobenzene, heavy, dry, steam, T
):
    n = (benzene, chlorobenzene, heavy, 0.0)
    liquid, stays = chilled(n, dry, steam, T, P)
    gas = [a - b for a, b in zip(n, liquid, strict=True)]
    all_gas, oil = dry + stays + sum(gas), sum(liquid)
    water = steam_pressure(T)
    assert stays == pytest.approx(min(steam, all_gas * water / P), rel=1e-3)
    if oil <= 0.0:
        return
    gammas = activity_coefficients(liquid[0] / oil)
    for i, p in enumerate(vapour_pressures(T)[:3]):
        if n[i] > 0.0:
            over = gammas[min(i, 1)] * p * liquid[i] / oil
            assert gas[i] / all_gas * P == pytest.approx(over, rel=1e-3)


def steam_pressure(T: float) -> float:
    """Return water's vapour pressure by Buck's equation (1981), Pa: another one than the line's."""
    c = T - 273.15
    return 611.21 * exp((18.678 - c / 234.5) * c / (257.14 + c))


def test_pure_benzene_is_left_as_its_vapour_pressure_says():
    """In 3 kmol/h of nitrogen at 8 degC: 5.44 kPa by Antoine's equation of the NIST WebBook."""
    T, p = 281.15, 1e5 * 10 ** (4.01814 - 1203.835 / (281.15 - 53.226))
    unit = replace(COLD, temperature=T, passing=1.0)
    gas = COMPONENTS.stream(benzene=200.0, nitrogen=84.04)
    benzene = left(unit, gas)[BENZENE] / MOLAR_MASS[BENZENE]
    assert benzene / (benzene + 3.0) == pytest.approx(p / P, rel=0.01)


@pytest.mark.parametrize("T", [290.0, 330.0, 350.0])
def test_a_gas_comes_as_warm_as_its_water_says_where_it_has_less_oil(T):
    """A hot catcher leaves no oil: 61 degC, where the dew point of what it let pass is 34."""
    steam = 3.0 * steam_pressure(T) / (P - steam_pressure(T)) * MOLAR_MASS[WATER]
    gas = COMPONENTS.stream(benzene=1e-3, nitrogen=3.0 * MOLAR_MASS[INERT], water=steam)
    assert arrives_at(gas, COLD.temperature, P) == pytest.approx(T, abs=0.1)


def test_a_gas_below_its_dew_point_alone_condenses():
    lean = COMPONENTS.stream(benzene=1.0, nitrogen=100.0, water=0.1)
    assert left(COLD, lean) == pytest.approx(list(lean), rel=1e-12)
    assert COLD.convert({"gas": lean}, AT).uses["power"] == pytest.approx(0.0, abs=1e-9)


def test_a_condenser_that_stands_lets_all_pass_for_nothing():
    gas = COMPONENTS.stream(benzene=50.0, nitrogen=60.0, water=5.0, hydrogen_chloride=2.0)
    still = COLD.bypassed().convert({"gas": gas}, AT)
    assert left(COLD.bypassed(), gas) == list(gas)
    assert not any(still.uses.values())


def test_acid_that_cold_condensate_may_become_has_hardly_any_pressure():
    strength = ACID_OF_CONDENSATE / (1.0 + ACID_OF_CONDENSATE)
    assert hydrogen_chloride_pressure(strength, COLD.temperature) < 5.0  # Pa


def test_weak_acid_goes_with_the_water_and_strong_gas_does_not():
    gas = COMPONENTS.stream(benzene=50.0, nitrogen=60.0, water=5.0, hydrogen_chloride=0.1)
    full = replace(COLD, passing=1.0)
    assert left(full, gas)[HCL] == pytest.approx(0.0, abs=1e-12)
    strong = COMPONENTS.stream(benzene=50.0, nitrogen=60.0, water=5.0, hydrogen_chloride=20.0)
    taken = strong[HCL] - left(full, strong)[HCL]
    assert taken == pytest.approx(0.2 * (strong[WATER] - left(full, strong)[WATER]), rel=1e-9)


@pytest.mark.parametrize("schemes", ["O13", "F1-F11,O13"])
def test_what_the_machine_takes_from_the_gas_the_cooling_water_gets_with_its_power(schemes):
    """To half a per cent: the heat of solution is that of acid alone, without the organics."""
    state = PLANT.steady_state(schemes, known=OURS)
    (found,) = [u for u in state.heat().units if u.unit == "tail_gas_condenser"]
    assert found.gained < 0.0 < found.power
    assert found.cooling == pytest.approx(-found.gained + found.power, rel=5e-3)


def test_what_condenses_is_benzene_again():
    before = PLANT.steady_state("none", known=OURS).indicators
    after = PLANT.steady_state("O13", known=OURS).indicators
    saved = before["air.benzene_t"] - after["air.benzene_t"]
    assert saved > 0.5 * before["air.benzene_t"]
    assert before["benzene_used_t"] - after["benzene_used_t"] == pytest.approx(saved, rel=0.01)
    assert after["slop_oil_t"] == pytest.approx(before["slop_oil_t"], rel=1e-3)


def test_the_tail_gas_passes_all_that_stands_in_their_order():
    network = wiring.network(PLANT.tree("O13,E1", known=OURS))
    ways = {outlet: pipe.to for outlet, pipe in network.pipes.items()}
    assert ways["emergency_scrubber.gas"] == "tail_gas_condenser.gas"
    assert ways["tail_gas_condenser.gas"] == "carbon_bed.gas"
    assert ways["carbon_bed.gas"] == "air"


def test_vapour_led_back_is_no_emission_and_what_a_tank_car_takes_is_no_gain():
    before = PLANT.steady_state("none", known=OURS)
    after = PLANT.steady_state("O12", known=OURS)
    displaced = before.ledger.total(stream="unloading.vapour")
    taken = after.ledger.total(sink="tank cars")
    kept = PLANT.tree("O12", known=OURS).unloading_return.capture
    assert taken == pytest.approx(kept * displaced, rel=1e-6)
    leaks = after.ledger.total(stream="unloading_return.leaked")
    assert leaks == pytest.approx((1.0 - kept) * displaced, rel=1e-6)
    used = after.indicators["benzene_used_t"] - before.indicators["benzene_used_t"]
    assert abs(used) < 0.01 * taken / 1000.0


def test_preheating_saves_the_steam_of_its_own_heat():
    """20 K on some 7 t/h of liquor, told by hand; traps and losses come on top."""
    line = PLANT.tree("none")
    before = PLANT.steady_state("none", known=OURS)
    after = PLANT.steady_state("O10", known=OURS)
    saved = before.indicators["steam_t"] - after.indicators["steam_t"]
    charge = before.ledger.total(source="neutral_tank")  # kg a year
    heat = 1.55 * charge * 20.0  # kJ, with the mean heat capacity of benzene and chlorobenzene
    column = line.crude_column
    steam = heat / 2150.0 * (1.0 + column.heat_loss) * (1.0 + column.blow_through) / 1000.0
    assert saved == pytest.approx(steam, rel=0.1)


def test_a_year_with_all_our_options_closes_its_books():
    run = PLANT.simulate("O10,O11,O12,O13", known=OURS, years=0.1, record=True)
    assert run.receipt().closure < 1e-9
    assert run.ledger.total(sink="tank cars") > 0.0
    assert str(run.diary())
