"""Chlorinator and overhead condenser against known yields, heats and temperatures."""

from dataclasses import replace
from itertools import pairwise
from math import exp
from typing import NamedTuple

import pytest

from plant_models.chlorobenzene.line.design import prior
from plant_models.chlorobenzene.substances.chemistry import (
    BENZENE,
    CHLORINE,
    COMPONENTS,
    DCB,
    FECL3,
    HCL,
    INERT,
    MCB,
    ORGANICS,
    TCB,
)
from plant_models.chlorobenzene.substances.properties import (
    MOLAR_MASS,
    NON_IDEALITY,
    Organics,
    bubble_point,
    mole_fractions,
    saturated_moles,
    vapour_pressures,
)
from plant_models.chlorobenzene.units.chlorination import (
    Chlorinator,
    at_conversion,
    charge_of,
    kinetics,
)
from plant_models.chlorobenzene.units.heat import pooled
from plant_models.chlorobenzene.units.reflux import FIRST_SEARCH, Boiling, boil
from sim.network.plain import here
from sim.network.unit import Conditions, Stream

FEED = COMPONENTS.stream(benzene=6000)
IRON = COMPONENTS.stream(iron_chloride=1)
AT = Conditions(6000, {"cooling_water": 288.15, "air": 298.15, "pressure": 92_500})


class Ran(NamedTuple):
    inlets: dict[str, Stream]
    liquor: Stream
    gas: Stream

    def made(self, i: int) -> float:
        """Return kg made, or, negative, used up, of component ``i``."""
        return self.liquor[i] + self.gas[i] - sum(flow[i] for flow in self.inlets.values())


def run(unit: Chlorinator, feed: Stream = FEED, at: Conditions = AT, served: float = 1.0) -> Ran:
    """Feed the unit; it gets ``served`` of the chlorine that it draws."""
    inlets = {"benzene": feed, "chlorine": (0.0,) * 11, "catalyst": (0.0,) * 11}
    draws = unit.convert(inlets, at).draws
    for name, supply in (("chlorine", unit.chlorine_supply()), ("catalyst", IRON)):
        kg = sum(a * b for a, b in zip(feed, draws[name], strict=True))
        inlets[name] = tuple(kg * part * served for part in supply)
    pool = tuple(map(sum, zip(*inlets.values(), strict=True)))
    out = unit.convert(inlets, at).apply(pool)
    return Ran(inlets, out["liquor"], out["gas"])


def boiling(unit: Chlorinator, at: Conditions = AT) -> Boiling:
    """Return the state of the liquor from pure benzene."""
    state = unit.reacted(run(unit, at=at).inlets, at).boiling
    assert state is not None
    return state


def stays(unit: Chlorinator, at: Conditions = AT) -> Organics:
    """Return the mole fractions of the liquor that leaves, from pure benzene."""
    return mole_fractions(run(unit, at=at).liquor)


@pytest.fixture(scope="module")
def chlorinator() -> Chlorinator:
    """One whose conversion is held."""
    return replace(prior().tree.chlorinator, control="conversion")


@pytest.fixture(scope="module")
def by_liquor() -> Chlorinator:
    """The same, held by its liquor, as it is on the line."""
    return prior().tree.chlorinator


@pytest.mark.parametrize(
    ("conversion", "liquor", "dcb", "benzene", "chlorine", "hcl"),
    [
        (0.25, (67.4, 31.4, 1.3), 42, 716, 670, 345),
        (0.30, (61.5, 36.5, 1.9), 53, 722, 681, 350),
        (0.35, (56.0, 41.3, 2.7), 65, 729, 693, 356),
    ],
)
def test_two_stages_yield_the_known_liquor(
    chlorinator, conversion, liquor, dcb, benzene, chlorine, hcl
):
    """Wt% of liquor and kg per t chlorobenzene at k1/k2 = 7.5, k2/k3 = 30, no physical losses."""
    unit = replace(chlorinator, conversion=conversion)
    ran = run(unit)
    organics = [ran.liquor[i] + ran.gas[i] for i in ORGANICS]
    shares = [100 * kg / sum(organics) for kg in organics]
    assert shares[:3] == pytest.approx(liquor, abs=0.06)
    t = ran.made(MCB) / 1000
    assert organics[2] / t == pytest.approx(dcb, abs=0.6)
    assert -ran.made(BENZENE) / t == pytest.approx(benzene, abs=0.6)
    assert -ran.made(CHLORINE) / t == pytest.approx(chlorine, abs=0.6)
    assert ran.made(HCL) / t == pytest.approx(hcl, abs=0.6)


@pytest.mark.parametrize(
    ("stages", "k1_k2", "dcb"), [(1, 8.0, 70), (2, 7.5, 53), (3, 6.5, 53), (50, 8.0, 31.5)]
)
def test_backmixing_makes_dichlorobenzene(chlorinator, stages, k1_k2, dcb):
    """Kg per t: 70 in one stirred stage, 31 in plug flow, which fifty stages come near."""
    ran = run(replace(chlorinator, stages=stages, k1_k2=k1_k2))
    kg = ran.made(DCB)
    assert 1000 * kg / ran.made(MCB) == pytest.approx(dcb, abs=1)


def test_trichlorobenzene_stays_a_trace(chlorinator):
    ran = run(chlorinator)
    assert 0 < ran.made(TCB) / ran.made(MCB) < 0.0002


def test_benzene_is_converted_to_the_set_point(chlorinator):
    assert -run(chlorinator).made(BENZENE) == pytest.approx(0.30 * 6000, rel=1e-12)


def test_chlorine_drawn_is_what_reacts_and_the_slip(chlorinator):
    ran = run(chlorinator)
    drawn = ran.inlets["chlorine"][CHLORINE]
    assert ran.gas[CHLORINE] == pytest.approx(chlorinator.chlorine_slip * drawn, rel=1e-9)


def test_recycled_chlorobenzene_draws_chlorine_of_its_own(chlorinator):
    """Its chlorine is in the draw row, so the slip stays the same for a mixed feed."""
    ran = run(chlorinator, COMPONENTS.stream(benzene=5500, chlorobenzene=400, dichlorobenzene=100))
    drawn = ran.inlets["chlorine"][CHLORINE]
    assert ran.gas[CHLORINE] == pytest.approx(chlorinator.chlorine_slip * drawn, rel=1e-9)


def test_inerts_of_the_chlorine_leave_with_the_gas(chlorinator):
    """At 90 mol% a kmol of chlorine brings a ninth of a kmol of inert gas."""
    ran = run(chlorinator)
    chlorine = ran.inlets["chlorine"][CHLORINE] / MOLAR_MASS[CHLORINE]
    assert ran.gas[INERT] / MOLAR_MASS[INERT] == pytest.approx(chlorine / 9, rel=1e-12)


def test_short_chlorine_lowers_conversion_and_is_not_overdrawn(chlorinator):
    ran = run(chlorinator, served=0.5)
    assert 0 <= ran.gas[CHLORINE] < 0.05 * ran.inlets["chlorine"][CHLORINE]
    assert 0.13 < -ran.made(BENZENE) / 6000 < 0.155


def test_catalyst_ends_in_the_liquor(chlorinator):
    assert run(chlorinator).liquor[FECL3] == pytest.approx(6000 * chlorinator.catalyst_ratio)


def test_liquor_keeps_its_dissolved_hydrogen_chloride(chlorinator):
    ran = run(replace(chlorinator, dissolved_hydrogen_chloride=0.002))
    organics = sum(ran.liquor[i] + ran.gas[i] for i in ORGANICS)
    assert ran.liquor[HCL] == pytest.approx(0.002 * organics, rel=1e-9)


def test_liquor_boils_at_77_degrees(chlorinator):
    """76.6 degC by a heat balance with pure chlorine, reflux at 35, feed at 25 degC, 92.5 kPa."""
    found = boiling(replace(chlorinator, chlorine_purity=1.0)).T - 273.15
    assert found == pytest.approx(76.6, abs=0.7)


def test_liquor_boils_hotter_under_more_pressure(chlorinator):
    """79.3 degC at 101 kPa, 84.5 at 120 kPa."""
    unit = replace(chlorinator, chlorine_purity=1.0)
    for pressure, celsius in ((101_325, 79.3), (120_000, 84.5)):
        at = Conditions(6000, {"cooling_water": 288.15, "air": 298.15, "pressure": pressure})
        found = boiling(unit, at).T - 273.15
        assert found == pytest.approx(celsius, abs=0.8)


def test_boiling_pressure_is_made_up_by_organics_and_gas(chlorinator):
    """The bubble point at the organics' share of the pressure, within the passes taken."""
    state = boiling(chlorinator)
    organics = sum(state.boil_up)
    gas = sum(kg / m for kg, m in zip(run(chlorinator).gas[4:], MOLAR_MASS[4:], strict=True))
    above = 1.01  # real liquor presses 1 % more than Raoult's: 0.3 K
    expected = bubble_point(stays(chlorinator), 92_500 / above * organics / (organics + gas))
    assert abs(state.T - expected) < 0.3


def test_two_tonnes_of_vapour_are_condensed_per_tonne(chlorinator):
    """2.1-2.3 t, with feed at 25 degC and reflux near 35.

    90 wt% benzene boil from all organics made, 88 to 89 from the liquor that stays.
    """
    state = boiling(chlorinator)
    kg = [n * MOLAR_MASS[i] for n, i in zip(state.boil_up, ORGANICS, strict=True)]
    assert 2.0 < sum(kg) / run(chlorinator).made(MCB) < 2.35
    assert kg[0] / sum(kg) == pytest.approx(0.885, abs=0.005)


def test_off_gas_leaves_saturated_over_the_reflux(chlorinator):
    state = boiling(chlorinator)
    total = sum(state.condensed)
    b, m, d, t = state.condensed
    x = (b / total, m / total, d / total, t / total)
    gas = sum(kg / m for kg, m in zip(run(chlorinator).gas[4:], MOLAR_MASS[4:], strict=True))
    carried = state.boil_up[0] - state.condensed[0]
    assert carried == pytest.approx(gas * saturated_moles(x, state.T_gas, 92_500)[0], rel=1e-6)


def test_vertical_condenser_cools_the_off_gas(chlorinator):
    """Without flooded tubes, 1.45 times the conductance: more than 5 K colder."""
    better = replace(
        chlorinator.condenser,
        effective_fraction=1.45 * chlorinator.condenser.effective_fraction,
    )
    colder = boiling(replace(chlorinator, condenser=better)).T_gas
    assert colder < boiling(chlorinator).T_gas - 5


def test_off_gas_is_as_cold_as_the_water_with_endless_surface_and_flow(chlorinator):
    endless = replace(chlorinator.condenser, area=1e5, cooling_water=1e9)
    assert boiling(replace(chlorinator, condenser=endless)).T_gas == pytest.approx(288.15, abs=0.1)


def test_without_chlorine_the_liquor_is_the_feed(chlorinator):
    none = (0.0,) * 11
    recipe = chlorinator.convert({"benzene": FEED, "chlorine": none, "catalyst": none}, AT)
    assert recipe.apply(FEED)["liquor"] == FEED


def test_stages_do_not_depend_on_the_order_of_the_books():
    """Kmol from a kmol of benzene by the closed form of one stirred stage."""
    made = kinetics(1, 0.30, 8.0, 30.0).made[0]
    a1 = 0.3 / 0.7
    chlorobenzene = a1 / (1 + a1) / (1 + a1 / 8.0)
    assert made[1] == pytest.approx(chlorobenzene, rel=1e-12)


def test_vapour_is_in_equilibrium_with_the_liquor_that_stays(chlorinator):
    """Relative volatility of benzene to chlorobenzene 5.2 at 80 degC, more when colder."""
    state, x = boiling(chlorinator), stays(chlorinator)
    p = vapour_pressures(state.T)
    activities = exp(NON_IDEALITY * ((1 - x[0]) ** 2 - x[0] ** 2))
    ratios = [state.boil_up[0] / state.boil_up[i] / (x[0] / x[i]) for i in (1, 2, 3)]
    for i, ratio in enumerate(ratios, 1):
        assert ratio == pytest.approx(activities * p[0] / p[i], rel=1e-3)  # T is good to 0.05 K
    assert ratios[0] == pytest.approx(5.2, rel=0.04)


def test_what_boils_and_what_leaves_is_what_was_made(chlorinator):
    """Liquor and off-gas take the organics apart as the boiling state says, to 1e-8."""
    state, ran = boiling(chlorinator), run(chlorinator)
    for i, kmol in zip(ORGANICS, state.carried, strict=True):
        assert ran.gas[i] / MOLAR_MASS[i] == pytest.approx(kmol, rel=1e-7, abs=1e-9)


@pytest.mark.parametrize("conversion", [0.1, 0.3, 0.6])
def test_fifty_stages_are_nearly_plug_flow(conversion):
    r"""Dichlorobenzene and its kin per benzene, by the closed form of consecutive reactions.

    Plug flow leaves :math:`m = (e^{-\kappa\theta} - e^{-\theta})/(1 - \kappa)` of chlorobenzene,
    :math:`\kappa = k_2/k_1`, :math:`e^{-\theta} = 1 - X`; of n stages the excess of
    dichlorobenzene falls as 1/n, about 1/50 at low conversion.
    """
    kappa = 1 / 7.5
    left = 1 - conversion
    chlorobenzene = (left**kappa - left) / (1 - kappa)
    further = conversion - chlorobenzene
    made = {n: kinetics(n, conversion, 7.5, 30.0).made[0] for n in (1, 10, 50)}
    excess = {n: (m[2] + m[3]) / further - 1 for n, m in made.items()}
    assert 0 < excess[50] < 0.025
    assert excess[50] < 0.25 * excess[10] < 0.25 * excess[1]


# --- what the operator holds -------------------------------------------------------------------


@pytest.mark.parametrize("ratio", [0.5, 1.1, 1.5, 2.1, 6.0])
@pytest.mark.parametrize("celsius", [2.0, 15.0, 32.0])
def test_a_held_liquor_has_its_ratio_whatever_the_water(by_liquor, ratio, celsius):
    at = Conditions(6000, {**AT.surroundings, "cooling_water": celsius + 273.15})
    ran = run(replace(by_liquor, liquor_ratio=ratio), at=at)
    assert ran.liquor[BENZENE] / ran.liquor[MCB] == pytest.approx(ratio, rel=1e-8)


def test_both_controls_are_one_plant_at_their_common_point(chlorinator, by_liquor):
    """The conversion that holds a ratio, held itself, gives that ratio: all streams to 1e-6."""
    held = run(by_liquor)
    conversion = -held.made(BENZENE) / 6000
    same = run(replace(chlorinator, conversion=conversion))
    assert same.liquor == pytest.approx(held.liquor, rel=1e-6)
    assert same.gas == pytest.approx(held.gas, rel=1e-6)


def test_better_cooling_weakens_the_liquor_or_is_answered_with_chlorine(chlorinator, by_liquor):
    """What the condenser returns stays in the liquor; its density asks for more chlorine."""

    def colder(unit):
        return replace(unit, condenser=replace(unit.condenser, effective_fraction=0.7))

    before, after = run(chlorinator), run(colder(chlorinator))
    assert after.made(BENZENE) == pytest.approx(before.made(BENZENE), rel=1e-9)
    assert after.liquor[BENZENE] / after.liquor[MCB] > 1.02 * (
        before.liquor[BENZENE] / before.liquor[MCB]
    )
    before, after = run(by_liquor), run(colder(by_liquor))
    assert -after.made(BENZENE) > -1.02 * before.made(BENZENE)
    assert after.liquor[BENZENE] / after.liquor[MCB] == pytest.approx(
        before.liquor[BENZENE] / before.liquor[MCB]
    )


def test_chlorine_that_is_short_weakens_a_held_liquor(by_liquor):
    ran = run(by_liquor, served=0.5)
    assert 0 <= ran.gas[CHLORINE] < 0.05 * ran.inlets["chlorine"][CHLORINE]
    assert ran.liquor[BENZENE] / ran.liquor[MCB] > 2 * by_liquor.liquor_ratio


def test_a_feed_too_poor_for_the_ratio_is_not_chlorinated(by_liquor):
    """Half benzene, half chlorobenzene lies below a ratio of 1.5 already."""
    ran = run(by_liquor, COMPONENTS.stream(benzene=3000, chlorobenzene=3000))
    assert ran.inlets["chlorine"][CHLORINE] < 1e-3


def test_recycled_chlorobenzene_is_part_of_the_held_ratio(by_liquor):
    ran = run(by_liquor, COMPONENTS.stream(benzene=5500, chlorobenzene=500))
    assert ran.liquor[BENZENE] / ran.liquor[MCB] == pytest.approx(1.5, rel=1e-8)


def test_what_is_reckoned_once_of_a_chlorinator_is_reckoned_anew_for_another(chlorinator):
    """Of one that a parameter is changed in."""
    assert (
        chlorinator.usual_conversion
        == 0.5 * replace(chlorinator, conversion=2.0 * chlorinator.conversion).usual_conversion
    )
    hot = replace(chlorinator, condenser=replace(chlorinator.condenser, area=0.0), conversion=0.9)
    assert hot.may_run_dry
    assert not chlorinator.may_run_dry


def test_tanks_reckon_with_a_conversion_near_the_one_that_is_held(by_liquor):
    conversion = -run(by_liquor).made(BENZENE) / 6000
    assert by_liquor.usual_conversion == pytest.approx(conversion, rel=0.15)


def test_the_liquor_boils_alike_wherever_its_search_begins(chlorinator):
    """Where that of another season ended is as good a place as any."""
    inlets, summer = run(chlorinator).inlets, {**AT.surroundings, "cooling_water": 303.15}
    elsewhere = boiling(chlorinator, replace(AT, surroundings=summer)).search
    full = at_conversion(chlorinator, chlorinator.conversion)
    charge = charge_of(chlorinator, full, inlets["benzene"], pooled(inlets), here(AT))
    condenser = chlorinator.conductance, chlorinator.condenser_water
    cold, warm = (
        boil(*condenser, charge, here(AT), (5.0, 0.05, 0.0, 0.0), begin)
        for begin in (FIRST_SEARCH, elsewhere)
    )
    assert elsewhere.z != pytest.approx(cold.search.z, abs=0.01)
    assert (warm.T, warm.duty) == pytest.approx((cold.T, cold.duty), rel=1e-6)
    assert warm.T_gas - 288.15 == pytest.approx(cold.T_gas - 288.15, rel=1e-6)
    assert warm.carried == pytest.approx(cold.carried, rel=1e-5)


def gas_of(ran: Ran) -> float:
    """Return what of an off-gas is no organic, kmol/h."""
    return sum(kg / m for kg, m in zip(ran.gas[4:], MOLAR_MASS[4:], strict=True))


def under(unit: Chlorinator, area: float) -> Boiling:
    """Return the state under a condenser of an area, m2, of an off-gas that takes half along."""
    inlets = run(unit).inlets
    charge = charge_of(
        unit, at_conversion(unit, unit.conversion), inlets["benzene"], pooled(inlets), here(AT)
    )
    conductance = replace(unit.condenser, area=area).conductance
    gone = (25.0, 2.0, 0.01, 0.0)
    return boil(conductance, unit.condenser_water, charge, here(AT), gone, FIRST_SEARCH)


@pytest.mark.parametrize("area", [3.0, 0.3, 1e-3, 1e-6, 1e-300, 0.0])
def test_a_condenser_next_to_none_cools_as_much_as_it_passes_and_no_more(chlorinator, area):
    """What vapour gives off was never below 108 MJ/h, that of 2 m2: it was above its dew point."""
    state, conductance = under(chlorinator, area), replace(chlorinator.condenser, area=area)
    passed = conductance.conductance * (0.5 * (state.T + state.T_gas) - 288.15)
    assert state.duty == pytest.approx(passed, rel=0.01, abs=0.02)  # its water hardly warms
    assert state.T_gas <= state.T


def test_without_a_condenser_the_off_gas_is_all_that_boils_at_its_dew_point(chlorinator):
    state, least = under(chlorinator, 0.0), under(chlorinator, 1e-5)
    assert state.T_gas == state.T
    assert sum(state.condensed) < 1e-9 * sum(state.boil_up)
    assert abs(least.T - state.T) < 1e-5
    assert least.carried == pytest.approx(state.carried, rel=1e-5)


@pytest.mark.parametrize("served", [0.35, 0.25, 0.2, 0.1, 1e-2, 1e-4, 1e-8])
def test_a_liquor_of_little_chlorine_is_as_warm_as_its_heat_makes_it(chlorinator, served):
    """Its gas leaves saturated, s / (P - s) of it; a fifth of the usual chlorine boiled at 1 degC.

    Its heat of chlorination and that of the feed warm it, and evaporate what gas takes along.
    """
    ran = run(chlorinator, served=served)
    state = chlorinator.reacted(ran.inlets, AT).boiling
    x = mole_fractions(ran.liquor)
    s = sum(a * p for a, p in zip(x, vapour_pressures(state.T), strict=True))
    reheated = 0.07  # at most: what comes back is reckoned 20 K above the water
    assert sum(state.boil_up) == pytest.approx(gas_of(ran) * s / (92_500 - s), rel=reheated)
    assert state.T > 298.15


def test_a_liquor_without_chlorine_is_nearly_as_warm_as_its_feed(chlorinator):
    """To the 0.02 K that the last of the gas takes along."""
    feeble = chlorinator.reacted(run(chlorinator, served=1e-9).inlets, AT).boiling
    assert abs(feeble.T - 298.15) < 0.05


def test_less_chlorine_makes_a_colder_liquor_without_a_jump(chlorinator):
    """Where passes to the boiling point and a search for it are mixed it stands, within 0.5 K."""
    shares = [0.5 - 0.02 * i for i in range(25)]
    T = [chlorinator.reacted(run(chlorinator, served=each).inlets, AT).boiling.T for each in shares]
    steps = [a - b for a, b in pairwise(T)]
    assert min(steps) > -0.5
    assert max(steps) < 6.0
