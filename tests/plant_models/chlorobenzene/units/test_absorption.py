"""Absorber, acid decanter and acid storage against balances and published figures."""

from dataclasses import replace
from typing import NamedTuple

import pytest

from plant_models import chlorobenzene as cb
from plant_models.chlorobenzene.line.design import prior, prior_catalogue
from plant_models.chlorobenzene.line.weather import annual_mean
from plant_models.chlorobenzene.model import line
from plant_models.chlorobenzene.substances.chemistry import (
    BENZENE,
    CHLORINE,
    COMPONENTS,
    HCL,
    INERT,
    MCB,
    ORGANICS,
    WATER,
)
from plant_models.chlorobenzene.substances.enthalpy import thermal
from plant_models.chlorobenzene.substances.properties import (
    MOLAR_MASS,
    dissolved_in_water,
    hydrogen_chloride_pressure,
    water_pressure_over_acid,
)
from plant_models.chlorobenzene.units.absorption import Absorber, AcidDecanter, AcidStorage
from sim.network.unit import Conditions, Recipe, Stream

NONE = (0.0,) * 11
APPROACH, CONTROL = "absorber.approach", "chlorinator.control"
CATCHER_WATER = "catcher_water_tank>absorber.water"
AT = Conditions(6000, {"cooling_water": 288.15, "air": 283.15, "pressure": 92_500})
PER_TONNE = COMPONENTS.stream(
    benzene=113, chlorobenzene=8.5, chlorine=1, hydrogen_chloride=350, nitrogen=29.84
)
"""Off-gas per t chlorobenzene: 680 kg chlorine bring 10 vol% of inerts."""


class Absorbed(NamedTuple):
    recipe: Recipe
    water: float
    gas: Stream
    liquid: Stream


def absorb(unit: Absorber, gas: Stream = PER_TONNE, vents: Stream = NONE) -> Absorbed:
    """Serve the water that the absorber draws."""
    inlets = {"gas": gas, "water": NONE, "vents": vents}
    for _ in range(2):
        recipe = unit.convert(inlets, AT)
        water = sum(a * b for a, b in zip(gas, recipe.draws["water"], strict=True))
        inlets["water"] = COMPONENTS.stream(water=water)
    recipe = unit.convert(inlets, AT)
    out = recipe.apply(tuple(map(sum, zip(*inlets.values(), strict=True))))
    return Absorbed(recipe, water, out["gas"], out["liquid"])


@pytest.fixture(scope="module")
def absorber() -> Absorber:
    """An absorber of the right size for what a tonne of chlorobenzene an hour gives off."""
    unit = prior().tree.absorber
    return replace(unit, rated_load=350 * (1 - (1 - unit.stage_efficiency) ** unit.stages))


@pytest.fixture(scope="module")
def decanter() -> AcidDecanter:
    return prior().tree.acid_decanter


@pytest.fixture(scope="module")
def storage() -> AcidStorage:
    return prior().tree.acid_storage


@pytest.mark.parametrize(
    ("celsius", "purity", "kg"),
    [(40, 0.90, 27.9), (20, 0.90, 9.6), (40, 0.85, 44.3), (35, 0.95, 10.1), (10, 0.90, 5.5)],
)
def test_tail_gas_carries_the_known_benzene(absorber, celsius, purity, kg):
    """Kg per t chlorobenzene over oil of 93/7 wt% at 92.5 kPa: saturation on the inerts.

    The water vapour over the acid dilutes a little more, and chlorine's slip adds a little.
    """
    inert = 680 / 70.9 * (1 - purity) / purity * 28.014
    gas = (113.0, 8.5, 0.0, 0.0, 0.0, 350.0, 0.0, 0.0, 0.0, 0.0, inert)
    unit = replace(absorber, approach=celsius - 15.0)
    assert absorb(unit, gas).gas[BENZENE] == pytest.approx(kg, rel=0.07)


def test_gross_acid_is_1_11_tonnes_per_tonne(absorber):
    """With all hydrogen chloride absorbed: 345 kg less what the liquor keeps, at 31 %."""
    out = absorb(replace(absorber, stages=6, stage_efficiency=0.99))
    acid = out.liquid[HCL] + out.liquid[WATER]
    assert acid == pytest.approx(1110, rel=0.02)


def test_acid_has_the_set_strength(absorber):
    liquid = absorb(absorber).liquid
    assert liquid[HCL] / (liquid[HCL] + liquid[WATER]) == pytest.approx(0.31, rel=1e-9)


def test_water_demand_is_0_77_tonnes_per_tonne(absorber):
    """At full absorption, 350 kg * 0.69 / 0.31 = 0.78 t."""
    out = absorb(replace(absorber, stages=6, stage_efficiency=0.99))
    assert out.water == pytest.approx(770, rel=0.02)


def test_slip_over_weak_cold_acid_is_geometric_in_the_stages(absorber):
    """(1 - 0.72)**n: 7.8 % after two stages, 2.2 % after three; 10 % acid has no pressure."""
    for stages in (1, 2, 3):
        out = absorb(replace(absorber, stages=stages, acid_strength=0.10, approach=0.0))
        assert out.gas[HCL] / 350 == pytest.approx(0.28**stages, rel=1e-5)


def test_one_perfect_stage_slips_what_its_acid_presses_out(absorber):
    """Equilibrium: with 1.07 kmol of inert gas and the benzene and water that ride along."""
    unit = replace(absorber, stages=1, stage_efficiency=0.999, rated_load=1e5, acid_strength=0.32)
    gas = COMPONENTS.stream(hydrogen_chloride=350, nitrogen=29.84)
    warm = replace(unit, approach=0.0)
    at = Conditions(6000, {**AT.surroundings, "cooling_water": 313.15})
    inlets = {"gas": gas, "water": NONE, "vents": NONE}
    p = hydrogen_chloride_pressure(0.32, 313.15)
    steam = water_pressure_over_acid(0.32, 313.15)
    carrier = 29.84 / MOLAR_MASS[INERT]
    expected = carrier * p / (92_500 - steam - p) * MOLAR_MASS[HCL]
    assert warm.state(inlets, at).slip == pytest.approx(expected + 0.35, rel=5e-3)


@pytest.mark.parametrize("acid_strength", [0.25, 0.31, 0.36])
@pytest.mark.parametrize("approach", [0.0, 25.0, 60.0])
def test_no_gas_leaves_poorer_than_its_acid_allows(absorber, acid_strength, approach):
    """One stage: the tail gas is in equilibrium with the acid made at best."""
    unit = replace(absorber, acid_strength=acid_strength, approach=approach, stages=1)
    out = absorb(unit)
    inlets = {"gas": PER_TONNE, "water": COMPONENTS.stream(water=out.water), "vents": NONE}
    n = [kg / mass for kg, mass in zip(out.gas, MOLAR_MASS, strict=True)]
    pressure = hydrogen_chloride_pressure(acid_strength, unit.state(inlets, AT).T)
    assert n[HCL] / sum(n) * 92_500 >= min(pressure, 0.9 * 92_500) * 0.99


def test_stronger_and_warmer_acid_lets_more_slip(absorber):
    """Within what the base can do (0.25 to 0.34, 0 to 57 K) the slip at least doubles."""
    by_strength = [absorb(replace(absorber, acid_strength=s)).gas[HCL] for s in (0.25, 0.31, 0.34)]
    by_warmth = [absorb(replace(absorber, approach=k)).gas[HCL] for k in (0.0, 25.0, 45.0, 57.0)]
    assert by_strength == sorted(by_strength)
    assert by_warmth == sorted(by_warmth)
    assert by_strength[-1] > 1.05 * by_strength[0]
    assert by_warmth[-1] > 1.3 * by_warmth[0]


def test_acid_too_strong_for_its_warmth_is_not_made(absorber):
    """36 % at 70 degC presses more than the atmosphere: nothing is absorbed that would stay."""
    hot = replace(absorber, acid_strength=0.36, approach=57.0, rated_load=50.0)
    out = absorb(hot)
    assert out.gas[HCL] > 0.5 * 350
    assert absorb(replace(hot, acid_strength=0.20)).gas[HCL] < 0.15 * 350


def test_third_stage_removes_at_most_4_27_of_the_chlorine(absorber):
    """Of (1-a)**2 a, the largest, at a = 1/3."""
    for a in (0.05, 1 / 3, 0.6):
        two, three = (
            absorb(replace(absorber, chlorine_absorption=a, stages=n)).gas[CHLORINE] for n in (2, 3)
        )
        assert two - three <= 4 / 27 + 1e-12


def test_acid_in_reused_water_is_worth_less_than_none(absorber):
    """A kg of hydrogen chloride that is absorbed already needs 2.23 kg of water itself."""
    worth = absorber.convert({"gas": PER_TONNE, "water": NONE, "vents": NONE}, AT).worth["water"]
    assert worth[WATER] == 1
    assert worth[HCL] == pytest.approx(-0.69 / 0.31)


def test_reused_wash_acid_meets_the_strength_too(absorber):
    """Water served by wash acid in the measure of its worth makes 31 % acid again."""
    recipe = absorber.convert({"gas": PER_TONNE, "water": NONE, "vents": NONE}, AT)
    demand = sum(a * b for a, b in zip(PER_TONNE, recipe.draws["water"], strict=True))
    wash = COMPONENTS.stream(water=0.95, hydrogen_chloride=0.05)
    worth = sum(a * b for a, b in zip(wash, recipe.worth["water"], strict=True))
    served = tuple(part * demand / worth for part in wash)
    pool = tuple(a + b for a, b in zip(PER_TONNE, served, strict=True))
    liquid = absorber.convert({"gas": PER_TONNE, "water": served, "vents": NONE}, AT).apply(pool)[
        "liquid"
    ]
    assert liquid[HCL] / (liquid[HCL] + liquid[WATER]) == pytest.approx(0.31, abs=2e-4)


def test_most_organics_drop_out_as_oil(absorber):
    out = absorb(absorber)
    assert out.liquid[BENZENE] > 2 * out.gas[BENZENE]
    assert out.liquid[MCB] > 15 * out.gas[MCB]


def test_inerts_of_collected_vents_carry_benzene_out(absorber):
    """Half as much inert gas again, half as much benzene again."""
    alone = absorb(absorber)
    together = absorb(absorber, vents=COMPONENTS.stream(nitrogen=29.84 / 2))
    assert together.gas[BENZENE] == pytest.approx(1.5 * alone.gas[BENZENE], rel=0.02)


def test_chlorobenzene_of_collected_vents_stays_in_the_oil(absorber):
    alone = absorb(absorber)
    together = absorb(absorber, vents=COMPONENTS.stream(chlorobenzene=5))
    assert together.gas[MCB] - alone.gas[MCB] < 0.1 * 5


def test_tail_gas_warms_with_the_load(absorber):
    """Approach in proportion to the heat of absorption."""
    full = absorber.tail_gas_temperature(absorber.rated_load, AT) - 288.15
    assert full == pytest.approx(absorber.approach)
    assert absorber.tail_gas_temperature(0.5 * absorber.rated_load, AT) - 288.15 == full / 2


def test_cooling_takes_0_5_gj_per_tonne(absorber):
    """Hydrogen chloride 62.4 MJ/kmol, 0.55 GJ; oil 0.04; warming 1.1 t of acid by 25 K takes 0.07.

    The usual 0.6 GJ/t counts all the acid gas of 350 kg and lets the acid leave cold.
    """
    recipe = absorb(absorber).recipe
    kg = recipe.uses["cooling_water"] * sum(PER_TONNE)
    heat = kg * 4.18 * absorber.water_rise / 1e6
    assert heat == pytest.approx(0.55 + 0.04 - 0.07, abs=0.02)


def warmed_by_all_heat(schemes: str, control: str) -> float:
    """Return the change of benzene to air if the approach followed all heat of the absorber, t/yr.

    The approach is scaled by the heat that the cooling water takes up per acid gas absorbed.
    """

    def state(schemes: str, approach: float) -> tuple[float, float]:
        settings = {CONTROL: control, APPROACH: approach}
        found = cb.steady_state(schemes, design=cb.own_design(settings=settings))
        cooling = next(unit.cooling for unit in found.heat().units if unit.unit == "absorber")
        books = found.ledger
        in_acid = books.total("hydrogen_chloride", stream="absorber.liquid")
        absorbed = in_acid - books.total("hydrogen_chloride", stream=CATCHER_WATER)
        return found.indicators["air.benzene_t"], cooling * books.hours / absorbed

    usual = cb.line("none").absorber.approach
    before, per_acid = state("none", usual)
    after, heat = state(schemes, usual)
    for _ in range(3):  # the warmer the tail gas, the less oil drops out of it
        after, heat = state(schemes, usual * heat / per_acid)
    return after - before


@pytest.mark.parametrize(
    ("scheme", "control", "as_is", "by_all_heat"),
    [
        ("F1", "liquor", 3.9, -1),
        ("F2", "liquor", 0.8, -21),
        ("F4", "liquor", 3.3, 3),
        ("F5", "liquor", 9.6, 3),
        ("F5", "conversion", 0.2, -6),
    ],
)
def test_which_single_schemes_raise_benzene_hangs_on_what_warms_the_tail_gas(
    scheme, control, as_is, by_all_heat
):
    """Oil condensed before it (F1, F5) and acid that comes dissolved (F2) spare the absorber heat.

    Its cooling water feels that, its tail gas does not.
    """
    design = cb.own_design(settings={CONTROL: control})
    none, after = (cb.steady_state(s, design=design).indicators for s in ("none", scheme))
    assert (after - none)["air.benzene_t"] == pytest.approx(as_is, abs=0.05)
    assert warmed_by_all_heat(scheme, control) == pytest.approx(by_all_heat, abs=1.0)


def test_hot_water_of_the_catcher_would_bring_a_ninth_of_the_absorbers_heat():
    """Its 734 kg/h come at 61 degC; the absorber takes them as cold as the cooling water."""
    run = cb.steady_state("F2")
    rates = {e: tuple((kg / run.ledger.hours).tolist()) for e, kg in run.ledger.flows.items()}
    gas, water = (
        next(kg for e, kg in rates.items() if (e.source, e.sink) == (source, "gas_catcher"))
        for source in ("absorber", "water")
    )
    at = Conditions(1.0, annual_mean(run.line))
    T, cold = run.line.gas_catcher.temperature(gas, water, at), at["cooling_water"]
    acid = next(kg for e, kg in rates.items() if e.stream == CATCHER_WATER)
    brought = thermal(acid, T, "aqueous") - thermal(acid, cold, "aqueous")
    cooling = next(u.cooling for u in run.heat().units if u.unit == "absorber")
    assert pytest.approx(61, abs=0.5) == T - 273.15
    assert brought / cooling == pytest.approx(0.11, abs=0.005)
    settings = {APPROACH: run.line.absorber.approach * (1.0 + brought / cooling - 0.03)}
    hot, none = (
        cb.steady_state(s, design=cb.own_design(settings=v)).indicators["air.benzene_t"]
        for s, v in (("F2", settings), ("none", {}))
    )
    assert hot - none == pytest.approx(60, abs=8)


def test_scheme_f10_cools_and_adds_a_stage():
    before, after = (
        line(schemes, design=prior(), known=prior_catalogue()) for schemes in ("none", "F10")
    )
    assert (before.absorber.stages, after.absorber.stages) == (2, 3)
    assert after.absorber.approach == pytest.approx(0.4 * before.absorber.approach)
    assert after.off_gas_fan.leak_area < before.off_gas_fan.leak_area
    assert after.rectification_column.vents_collected
    assert after.polychloride_column.vents_collected


LIQUID = COMPONENTS.stream(benzene=100, chlorobenzene=2, water=700, hydrogen_chloride=314.5)


def test_acid_keeps_what_it_dissolves_and_entrains(decanter):
    unit = replace(decanter, entrainment=0.0)
    acid = unit.convert({"liquid": LIQUID}, AT).apply(LIQUID)["acid"]
    x = LIQUID[BENZENE] / 78.114 / (LIQUID[BENZENE] / 78.114 + LIQUID[MCB] / 112.557)
    soluble = dissolved_in_water((x, 1 - x, 0, 0), 283.15)[0]
    assert acid[BENZENE] == pytest.approx(unit.salting_out * soluble * 700, rel=1e-3)


def test_entrained_oil_is_a_share_of_the_acid(decanter):
    dry = replace(decanter, salting_out=0.0, entrainment=0.001)
    acid = dry.convert({"liquid": LIQUID}, AT).apply(LIQUID)["acid"]
    assert acid[BENZENE] + acid[MCB] == pytest.approx(0.001 * 1014.5, rel=1e-9)


def test_slop_is_a_share_of_the_oil(decanter):
    out = decanter.convert({"liquid": LIQUID}, AT).apply(LIQUID)
    oil, slop = out["oil"][BENZENE], out["slop"][BENZENE]
    assert slop / (oil + slop) == pytest.approx(decanter.slop_fraction)


def test_oil_takes_its_saturation_of_water(decanter):
    out = decanter.convert({"liquid": LIQUID}, AT).apply(LIQUID)
    organics = sum(out["oil"][i] for i in ORGANICS)
    assert out["oil"][WATER] / organics == pytest.approx(4.7e-4, rel=0.03)


def test_little_oil_all_dissolves(decanter):
    trace = COMPONENTS.stream(benzene=0.1, water=700, hydrogen_chloride=314.5)
    assert decanter.convert({"liquid": trace}, AT).apply(trace)["acid"][BENZENE] == 0.1


ACID = COMPONENTS.stream(water=690, hydrogen_chloride=310, benzene=1.0)


def test_storage_loses_hydrogen_chloride_at_its_pressure(storage):
    """Displaced volume alone: n = p V / (R T) with 1 t of acid of 1,152 kg/m3."""
    unit = replace(storage, breathing=0.0)
    lost = unit.convert({"acid": ACID}, AT).apply(ACID)["vapour"][HCL]
    p = hydrogen_chloride_pressure(0.31, 283.15)
    assert lost == pytest.approx(p * (1000 / 1152) / (8314.46 * 283.15) * 36.458, rel=1e-3)


def test_breathing_adds_to_filling(storage):
    still = replace(storage, breathing=0.0)
    lost = [u.convert({"acid": ACID}, AT).apply(ACID)["vapour"][BENZENE] for u in (still, storage)]
    filled = 1000 / 1152.07
    breathed = storage.vapour_space * storage.breathing / 24
    assert lost[1] / lost[0] == pytest.approx((filled + breathed) / filled, rel=1e-3)


def test_storage_gives_off_no_more_than_it_gets(storage):
    trace = COMPONENTS.stream(water=690, hydrogen_chloride=310, benzene=1e-6)
    assert storage.convert({"acid": trace}, AT).apply(trace)["vapour"][BENZENE] == 1e-6


def test_inert_gas_leaves_storage(storage):
    acid = COMPONENTS.stream(water=690, hydrogen_chloride=310, nitrogen=1)
    assert storage.convert({"acid": acid}, AT).apply(acid)["vapour"][INERT] == 1
