"""Each kind of unit against the formula in its docstring, worked out by hand or by a library."""

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from chemicals.rachford_rice import flash_inner_loop
from scipy.optimize import brentq

from plant_models import units
from sim.network.unit import Conditions

AT = Conditions(1000.0, units.AT_REST)
SOME = units.example_components()
NAMES = SOME.names
STEAM = 2108.0 * 0.95  # kJ/kg, less what is lost


def kg(**amounts):
    return SOME.components.stream(**amounts)


def made(kind, **table):
    return units.make(kind, SOME, table)


BATCH_LONG = {"charge": 1000.0, "react_time": 100.0}


def asked(unit, *flows):
    inlets = dict(zip(unit.inlets, flows, strict=True))
    recipe = unit.convert(inlets, AT)
    return recipe, recipe.apply(tuple(map(sum, zip(*flows, strict=True))))


def of(flow, name):
    return flow[NAMES.index(name)]


def pressure(name, celsius):
    """Antoine's, mmHg to Pa."""
    A, B, C = {"ethanol": (8.20417, 1642.89, 230.300), "water": (8.07131, 1730.63, 233.426)}[name]
    return 10.0 ** (A - B / (celsius + C)) * 101325.0 / 760.0


def test_a_mixer_draws_by_its_ratio_and_adds_up():
    unit = made("mixer", inlets=["feed", "acid", "water"], ratio={"acid": 0.1, "water": 2.0})
    feed = kg(ethanol=50.0, salt=50.0)
    recipe, out = asked(unit, feed, kg(salt=10.0), kg(water=200.0))
    assert recipe.asked("acid", feed) == pytest.approx(10.0)
    assert recipe.asked("water", feed) == pytest.approx(200.0)
    assert sum(out["mixed"]) == pytest.approx(310.0)


def test_a_mixer_of_two_pipes_draws_nothing():
    unit = made("mixer", inlets=["feed", "back"], draws=[])
    assert unit.drawing == ()
    again = made("mixer", **{k: v for k, v in units.reading.written(unit).items() if k != "kind"})
    assert again == unit
    assert made("mixer", inlets=["feed", "back"], ratio={"back": 1.0}).drawing == ("back",)


def test_a_mixer_may_leave_an_inlet_to_a_pipe():
    unit = made("mixer", inlets=["feed", "back", "water"], draws=["water"], ratio={"water": 1.0})
    assert unit.drawing == ("water",)


def test_the_last_outlet_of_a_splitter_takes_the_rest_and_never_less_than_nothing():
    unit = made("splitter", outlets=["a", "b", "c"], share={"a": 0.7, "b": 0.2})
    _, out = asked(unit, kg(water=100.0))
    assert [sum(out[port]) for port in "abc"] == pytest.approx([70.0, 20.0, 10.0])
    _, out = asked(replace(unit, share=replace(unit.share, b=0.6)), kg(water=100.0))
    assert [sum(out[port]) for port in "abc"] == pytest.approx([70.0, 30.0, 0.0])


def test_a_filter_cake_holds_its_moisture_with_what_is_dissolved_in_it():
    unit = made("filter", solid={"salt": 0.9}, moisture=0.25)
    _, out = asked(unit, kg(salt=100.0, water=400.0))
    assert of(out["cake"], "salt") + of(out["cake"], "water") == pytest.approx(90.0 * 1.25)
    strength = 10.0 / 410.0
    assert of(out["filtrate"], "salt") / sum(out["filtrate"]) == pytest.approx(strength)


def test_a_decanter_of_two_liquids_is_the_lever_rule():
    """X = (1 - D_w) / (D_e - D_w) and so on: two equations for two shares of each liquid."""
    D = {"ethanol": 0.2, "water": 30.0}
    unit = made("decanter", distribution=D)
    _, out = asked(unit, kg(ethanol=300.0, water=700.0))
    heavy, light = out["heavy"], out["light"]
    for name, ratio in D.items():
        inside = of(heavy, name) / sum(heavy)
        assert inside / (of(light, name) / sum(light)) == pytest.approx(ratio, rel=1e-9)
    e = (1.0 - D["water"]) / (D["ethanol"] - D["water"])  # of ethanol in the light liquid
    assert of(light, "ethanol") / sum(light) == pytest.approx(e, rel=1e-9)


def test_droplets_are_light_liquid_in_the_heavy_one():
    table = {"distribution": {"ethanol": 0.0, "water": 1e9}}
    unit = made("decanter", **table, droplets=0.02)
    _, out = asked(unit, kg(ethanol=100.0, water=1000.0))
    assert of(out["heavy"], "ethanol") == pytest.approx(20.0, rel=1e-5)


def test_a_dryer_leaves_its_moisture_and_takes_the_heat_of_what_evaporates():
    unit = made(
        "dryer", volatile={"water": 1.0}, moisture=0.01, inlet_temperature="20 degC",
        temperature="80 degC", lost=0.05,
    )  # fmt: skip
    recipe, out = asked(unit, kg(salt=100.0, water=25.0))
    assert of(out["dry"], "water") == pytest.approx(1.0)
    slope = 1730.63 * math.log(10.0) / (80.0 + 233.426) ** 2  # of ln p
    latent = 8.314462618 * 353.15**2 * slope / 18.015
    heat = 60.0 * (100.0 * 0.85 + 25.0 * 4.18) + 24.0 * latent
    assert recipe.uses["steam"] == pytest.approx(heat / STEAM / 125.0, rel=1e-6)


def test_what_a_dryer_leaves_is_as_moist_as_it_is_set_to_however_much_flies_off():
    unit = made(
        "dryer", volatile={"water": 1.0}, moisture=0.05, inlet_temperature=300.0, temperature=300.0,
        dust=0.4,
    )  # fmt: skip
    _, out = asked(unit, kg(salt=100.0, water=25.0))
    assert of(out["dry"], "salt") == pytest.approx(60.0)
    assert of(out["dry"], "water") == pytest.approx(0.05 * 60.0)


def test_a_wash_of_one_stage_leaves_one_part_in_one_plus_its_factor():
    unit = made("wash", distribution={"salt": 9.0, "water": 1e9}, ratio=0.5)
    feed = kg(ethanol=95.0, salt=5.0)
    recipe, out = asked(unit, feed, kg(water=50.0))
    assert recipe.asked("solvent", feed) == pytest.approx(50.0)
    assert of(out["washed"], "salt") == pytest.approx(5.0 / (1.0 + 9.0 * 0.5))
    assert of(out["washed"], "ethanol") == pytest.approx(95.0)
    assert of(out["extract"], "water") == pytest.approx(50.0, rel=1e-6)


@pytest.mark.parametrize(("stages", "efficiency"), [(1, 1.0), (3, 1.0), (4, 0.7)])
def test_what_stays_of_the_solvent_of_a_wash_is_that_of_its_last_stage(stages, efficiency):
    """Each stage: a = (1 - t) a' + r b', b = t a' + (1 - r) b', of feed a' and solvent b'.

    With the extract's salt in it a cake was no cleaner for any number of stages.
    """
    distribution, ratio, kept = {"salt": 9.0, "ethanol": 0.5, "water": 1e6}, 0.5, 0.2
    unit = made(
        "wash", distribution=distribution, ratio=ratio, stages=stages,
        stage_efficiency=efficiency, solvent_kept=kept,
    )  # fmt: skip
    feed, solvent = kg(ethanol=90.0, salt=5.0, water=5.0), kg(water=50.0)
    _, out = asked(unit, feed, solvent)
    washed, last = {}, {}
    for name, factor in ((name, d * ratio) for name, d in distribution.items()):
        t, r = efficiency * factor / (1.0 + factor), efficiency / (1.0 + factor)
        balances, comes = np.eye(2 * stages), np.zeros(2 * stages)
        for n in range(stages):  # feed a of stage n in row n, solvent b in row stages + n
            for row, of_feed, of_solvent in ((n, 1.0 - t, r), (stages + n, t, 1.0 - r)):
                if n > 0:
                    balances[row, n - 1] -= of_feed
                else:
                    comes[row] += of_feed * of(feed, name)
                if n < stages - 1:
                    balances[row, stages + n + 1] -= of_solvent
                else:
                    comes[row] += of_solvent * of(solvent, name)
        flows = np.linalg.solve(balances, comes)
        washed[name], last[name] = flows[stages - 1], flows[-1]
    held = kept * sum(washed.values()) / sum(last.values())
    for name, amount in washed.items():
        assert of(out["washed"], name) == pytest.approx(amount + held * last[name], rel=1e-6)
    assert sum(out["washed"]) + sum(out["extract"]) == pytest.approx(150.0)


def test_an_absorber_saturates_the_gas_with_its_solvent():
    """With many stages the gas leaves with K of water, of all that leaves with the liquid."""
    unit = made("absorber", equilibrium={"ethanol": 0.02, "water": 0.03}, ratio=2.0, stages=30)
    feed = kg(air=950.0, ethanol=50.0)
    _, out = asked(unit, feed, kg(water=2000.0))
    G = 950.0 / 28.014 + 50.0 / 46.069
    assert of(out["gas"], "water") / 18.015 == pytest.approx(0.03 * G, rel=1e-6)
    assert of(out["gas"], "ethanol") == pytest.approx(0.0, abs=1e-9)


def test_a_flash_is_the_one_of_the_package_chemicals():
    unit = made("flash", inlet_temperature="20 degC", temperature="95 degC", pressure="1 bar")
    feed = kg(ethanol=400.0, water=600.0)
    n = [400.0 / 46.069, 600.0 / 18.015]
    K = [pressure(name, 95.0) / 1e5 for name in ("ethanol", "water")]
    V, _, y = flash_inner_loop([x / sum(n) for x in n], K)
    _, out = asked(unit, feed)
    assert of(out["vapour"], "ethanol") / 46.069 == pytest.approx(V * y[0] * sum(n), rel=1e-8)
    assert of(out["vapour"], "water") / 18.015 == pytest.approx(V * y[1] * sum(n), rel=1e-8)


def test_what_a_flash_uses_is_the_heat_of_its_feed_and_vapour():
    """Water to 90 degC at 1 bar boils nothing: 70 K of 4.18 kJ/kg/K."""
    unit = made("flash", inlet_temperature="20 degC", temperature="90 degC")
    recipe, _ = asked(unit, kg(water=1000.0))
    assert recipe.uses["steam"] == pytest.approx(70.0 * 4.18 / STEAM, rel=1e-9)


def test_a_condenser_comes_to_where_its_area_passes_the_heat():
    """The outlet's temperature, told by the saturated gas, solves U A dT_lm = Q."""
    unit = made(
        "condenser", inlet_temperature="95 degC", area=2.0, coefficient="500 W/m2/K",
        water_ratio=20.0,
    )  # fmt: skip
    _, out = asked(unit, kg(air=300.0, water=700.0))
    gas = out["gas"]
    y = of(gas, "water") / 18.015 / (of(gas, "water") / 18.015 + 300.0 / 28.014)
    T = 1730.63 / (8.07131 - math.log10(y * 760.0)) - 233.426  # degC, Antoine
    slope = 1730.63 * math.log(10.0) / (T + 233.426) ** 2
    latent = 8.314462618 * (T + 273.15) ** 2 * slope / 18.015
    before = 0.0  # at 95 degC it is above its dew point
    assert pressure("water", 95.0) / 101325.0 > 700 / 18.015 / (700 / 18.015 + 300 / 28.014)
    condensed = of(out["condensate"], "water") - before
    Q = (95.0 - T) * (300.0 * 1.04 + 700.0 * 4.18) + condensed * latent
    hot, cold = 95.0 - 15.0 - Q / (20.0 * 1000.0 * 4.18), T - 15.0
    assert 2.0 * 1800.0 * (hot - cold) / math.log(hot / cold) == pytest.approx(Q, rel=1e-6)
    assert 20.0 < T < 95.0


@pytest.mark.parametrize("steam", [0.9, 1.4, 2.0, 3.0])
@pytest.mark.parametrize("area", [1e2, 1e3, 1e4, 1e5])
def test_water_is_as_warm_as_the_vapour_at_most_however_large_the_condenser(area, steam):
    """Little water comes to the temperature of the vapour, and takes m_w c_w (T_in - T_w)."""
    unit = made(
        "condenser", inlet_temperature="137.4 degC", area=area, coefficient=1000.0, water_ratio=1.83
    )
    _, out = asked(unit, kg(air=0.08, water=steam))
    v = of(out["gas"], "water") / 18.015
    T = 1730.63 / (8.07131 - math.log10(v / (v + 0.08 / 28.014) * 760.0)) - 233.426
    slope = 1730.63 * math.log(10.0) / (T + 233.426) ** 2
    latent = 8.314462618 * (T + 273.15) ** 2 * slope / 18.015
    heat = (137.4 - T) * (0.08 * 1.04 + steam * 4.18) + of(out["condensate"], "water") * latent
    assert heat == pytest.approx(1.83 * (steam + 0.08) * 4.18 * (137.4 - 15.0), rel=2e-6)


@pytest.mark.parametrize("area", [0.5, 2.0, 5.0, 7.5])
def test_a_pure_vapour_condenses_as_far_as_the_area_reaches(area):
    """All at 100 degC: U A dT_lm = Q, of which what cools it down to there condenses nothing."""
    unit = made(
        "condenser", inlet_temperature="105 degC", area=area, coefficient=1000.0 * 3.6,
        water_ratio=60.0,
    )  # fmt: skip
    _, out = asked(unit, kg(water=1000.0))
    boils = brentq(lambda T: pressure("water", T) - 101325.0, 90.0, 110.0)

    def missed(heat):
        one, other = boils - 15.0, 105.0 - 15.0 - heat / (60_000.0 * 4.18)
        return 3600.0 * area * (one - other) / math.log(one / other) - heat

    heat = brentq(missed, 1.0, 60_000.0 * 4.18 * 89.9)
    slope = 1730.63 * math.log(10.0) / (boils + 233.426) ** 2
    latent = 8.314462618 * (boils + 273.15) ** 2 * slope / 18.015
    condensed = (heat - 1000.0 * 4.18 * (105.0 - boils)) / latent
    assert 0.0 < condensed < 1000.0
    assert of(out["condensate"], "water") == pytest.approx(condensed, rel=1e-4)
    dry = asked(unit, kg(water=999.99, ethylene=0.01))[1]  # the limit of one that is nearly pure
    assert of(dry["condensate"], "water") == pytest.approx(condensed, rel=1e-3)


def test_effects_share_the_steam():
    table = {
        "volatile": {"water": 1.0}, "strength": 0.5, "inlet_temperature": "100 degC",
        "temperature": "100 degC",
    }  # fmt: skip
    feed = kg(salt=10.0, water=90.0)
    one, out = asked(made("evaporator", **table), feed)
    three, _ = asked(made("evaporator", **table, effects=3), feed)
    assert of(out["concentrate"], "salt") / sum(out["concentrate"]) == pytest.approx(0.5)
    assert three.uses["steam"] == pytest.approx(one.uses["steam"] / 3.0)
    assert of(out["vapour"], "water") == pytest.approx(80.0)


def test_a_column_holds_what_it_is_told_to_and_pays_for_its_reflux():
    table = {
        "light": "ethanol", "heavy": "water", "stages": 20, "content": 0.001,
        "inlet_temperature": "60 degC",
    }  # fmt: skip
    feed = kg(ethanol=200.0, water=800.0)
    less, out = asked(made("column", **table, reflux_ratio=12.0), feed)
    more, purer = asked(made("column", **table, reflux_ratio=24.0), feed)
    assert of(out["bottoms"], "ethanol") / sum(out["bottoms"]) == pytest.approx(0.001, rel=1e-6)
    assert of(purer["distillate"], "water") < of(out["distillate"], "water")
    assert more.uses["steam"] > 1.3 * less.uses["steam"]


@pytest.mark.parametrize("stages", [20, 60, 200])
def test_a_column_of_any_number_of_stages_holds_its_content(stages):
    unit = made(
        "column", light="ethanol", heavy="water", stages=stages, reflux_ratio=2.5,
        activity={"ethanol": 2.5}, content="1 g/kg", inlet_temperature="60 degC",
    )  # fmt: skip
    _, out = asked(unit, kg(ethanol=300.0, water=700.0))
    assert of(out["bottoms"], "ethanol") == pytest.approx(1e-3 * sum(out["bottoms"]), rel=1e-6)


def test_salt_in_the_liquid_of_an_absorber_stays_there_unless_told():
    """It left with the gas, as all does of which no equilibrium is told."""
    given = {"ethanol": 0.4, "water": 0.02}
    unit = made("absorber", equilibrium=given, ratio=2.0, stages=3)
    _, out = asked(unit, kg(air=100.0, ethanol=1.0), kg(water=190.0, salt=10.0))
    assert (of(out["gas"], "salt"), of(out["liquor"], "salt")) == (0.0, 10.0)
    assert of(out["gas"], "air") == pytest.approx(100.0, rel=1e-4)
    assert units.written(unit)["equilibrium"] == given
    told = made("absorber", equilibrium={**given, "salt": 1e6}, ratio=2.0, stages=3)
    assert told.equilibrium.salt == 1e6


@pytest.mark.parametrize("heavy", ["water", "salt"])
@pytest.mark.parametrize("content", [0.0, 1e-3, 0.1])
@pytest.mark.parametrize("stages", [1, 2, 20])
def test_what_never_evaporates_does_not_go_overhead(heavy, content, stages):
    """Where the column cannot hold its content all else does; the salt did as well."""
    unit = made(
        "column", light="ethanol", heavy=heavy, stages=stages, reflux_ratio=0.1, content=content,
        inlet_temperature="20 degC",
    )  # fmt: skip
    _, out = asked(unit, kg(ethanol=50.0, salt=50.0))
    assert of(out["distillate"], "salt") == 0.0
    assert of(out["distillate"], "ethanol") >= 50.0 - 50.0 * content / (1.0 - content) - 1e-9


def test_a_column_boils_its_feed_where_activities_and_pressures_add_up():
    """5 mol-% of ethanol, of activity 4, boils at 90.8 degC; an ideal one would at 98.3 degC."""
    unit = made(
        "column", light="ethanol", heavy="water", stages=20, reflux_ratio=0.0, content=1.0,
        inlet_temperature=300.0, activity={"ethanol": 4.0},
    )  # fmt: skip
    feed = kg(ethanol=5.0 * 46.069, water=95.0 * 18.015)
    boils = brentq(
        lambda t: 0.2 * pressure("ethanol", t) + 0.95 * pressure("water", t) - 101325.0, 60.0, 100.0
    )
    heat = (feed[0] * 2.44 + feed[1] * 4.18) * (boils + 273.15 - 300.0)
    recipe, _ = asked(unit, feed)
    assert boils == pytest.approx(90.8, abs=0.1)
    assert recipe.uses["steam"] == pytest.approx(heat / STEAM / sum(feed), rel=1e-6)


@pytest.mark.parametrize("alone", ["air", "salt"])
def test_a_column_heats_nothing_that_cannot_boil(alone):
    unit = made(
        "column", light="ethanol", heavy="water", stages=20, reflux_ratio=2.0, content=0.01,
        inlet_temperature=300.0,
    )  # fmt: skip
    recipe, _ = asked(unit, kg(**{alone: 100.0}))
    assert recipe.uses == {"steam": 0.0, "cooling_water": 0.0}


def test_a_column_with_its_keys_changed_round_is_told():
    with pytest.raises(ValueError, match="the light key, 'water', boils above the heavy one"):
        made(
            "column", light="water", heavy="ethanol", stages=5, reflux_ratio=1.0, content=0.01,
            inlet_temperature=300.0,
        )  # fmt: skip


def test_a_converter_takes_a_reaction_behind_the_one_that_makes_its_key():
    unit = made(
        "converter",
        reactions={
            "burning": {"equation": "ethanol + 3 oxygen -> 2 carbon_dioxide + 3 water"},
            "hydration": "ethylene + water -> ethanol",
        },
        conversion={"hydration": 1.0, "burning": 0.5},
    )
    assert unit.parts == ("hydration", "burning")
    _, out = asked(unit, kg(ethylene=28.054, water=100.0, oxygen=1000.0))
    assert of(out["product"], "ethanol") == pytest.approx(0.5 * 46.069, rel=1e-9)
    assert of(out["product"], "carbon_dioxide") == pytest.approx(44.009, rel=1e-9)


@pytest.mark.parametrize(
    ("kind", "more"),
    [
        ("converter", {"conversion": {"hydration": 0.9}}),
        ("batch", {"rate_constant": {"hydration": 40.0}, "react_time": 20.0, "charge": "4 t",
                   "temperature": "25 degC", "inlet_temperature": "25 degC"}),
        ("reactor", {"rate_constant": {"hydration": 1e9}, "volume": 50.0,
                     "temperature": "25 degC", "inlet_temperature": "25 degC"}),
    ],
)  # fmt: skip
def test_what_runs_short_is_used_up_of_a_feed_that_has_moved_too(kind: str, more: dict[str, Any]):
    """Told as a share of the key, the rest of the scarcest would be a difference, and no rest."""
    equation = {"equation": "ethylene + water -> ethanol", "key": "ethylene",
                "orders": {"ethylene": 1, "water": 1}}  # fmt: skip
    unit = made(kind, reactions={"hydration": equation}, **more)
    others = [kg()] * (len(unit.inlets) - 1)
    recipe, out = asked(unit, kg(ethylene=100.0, water=10.0), *others)
    left = of(out["product"], "water")
    assert left < 1e-5
    moved = recipe.apply(kg(ethylene=100.0, water=10.5))
    assert of(moved["product"], "water") == pytest.approx(1.05 * left, rel=1e-3, abs=1e-12)


FIRST_ORDER = {"equation": "ethylene + water -> ethanol", "orders": {"ethylene": 1}}


def test_a_stirred_reactor_of_first_order_is_damkoehlers():
    """X = k tau / (1 + k tau)."""
    unit = made(
        "reactor", reactions={"hydration": FIRST_ORDER}, volume=10.0, temperature="50 degC",
        inlet_temperature="50 degC", rate_constant={"hydration": 0.4},
        reference_temperature="50 degC", heat_of_reaction={"hydration": "-45 kJ/mol"},
    )  # fmt: skip
    feed = kg(ethylene=12.0, water=4985.0)
    tau = 10.0 / (12.0 / 1.2 + 4985.0 / 997.0)
    recipe, out = asked(unit, feed)
    X = 0.4 * tau / (1.0 + 0.4 * tau)
    assert of(out["product"], "ethylene") == pytest.approx(12.0 * (1.0 - X), rel=1e-8)
    heat = X * 12.0 / 28.054 * 45000.0
    assert recipe.uses["cooling_water"] == pytest.approx(heat / (4.18 * 10.0) / 4997.0, rel=1e-8)


@pytest.mark.parametrize(("kind", "more"), [("reactor", {"volume": 1e4}), ("batch", BATCH_LONG)])
@pytest.mark.parametrize("water", [0.0, 50.0])
def test_a_reversible_reaction_runs_from_its_products_alone(kind, more, water):
    """Long enough ethylene times water is twice ethanol, by kmol/m3."""
    unit = made(
        kind, **more, temperature=400.0, inlet_temperature=400.0, reference_temperature=400.0,
        reactions={"to": "ethylene + water -> ethanol", "fro": "ethanol -> ethylene + water"},
        rate_constant={"to": 1.0, "fro": 2.0}, capacity=1e4,
    )  # fmt: skip
    feed = kg(ethanol=100.0, water=water)
    _, out = asked(unit, feed, *([kg()] if kind == "batch" else []))
    flows = [of(out["product"], name) for name in ("ethylene", "water", "ethanol")]
    a, b, c = (flow / mass for flow, mass in zip(flows, (28.054, 18.015, 46.069), strict=True))
    volume = 100.0 / 789.0 + water / 997.0
    assert a * b / c / volume == pytest.approx(2.0, rel=1e-3)


@pytest.mark.parametrize("first", ["early", "late"])
def test_what_a_reactor_makes_of_a_feed_does_not_hang_on_the_order_of_its_equations(first):
    """The second reactant of the one is not in the feed: the other makes it."""
    formulas = {"a": "C2H4", "w": "H2O", "x": "C2H6O", "b": "C4H8", "c": "C4H10O"}
    usual = {"heat_capacity": 2.0, "density": 1000.0}
    some = units.substances({name: {"formula": f, **usual} for name, f in formulas.items()})
    steps = {"early": "c -> w + b", "late": "a + w -> x"}
    order = sorted(steps, key=lambda name: name != first)
    unit = units.make("reactor", some, {
        "reactions": {name: steps[name] for name in order}, "volume": 10.0,
        "rate_constant": {"early": 1.0, "late": 50.0}, "temperature": 400.0,
        "inlet_temperature": 400.0, "reference_temperature": 400.0, "capacity": 1e4,
    })  # fmt: skip
    feed = (100.0, 0.0, 0.0, 0.0, 50.0)
    out = unit.convert({"feed": feed}, AT).apply(feed)["product"]
    assert out == pytest.approx((81.356, 0.0002, 30.616, 37.289, 0.739), abs=1e-3)


def test_a_warmer_reactor_is_faster_after_arrhenius():
    table = {
        "reactions": {"hydration": FIRST_ORDER}, "volume": 1e-3, "inlet_temperature": "50 degC",
        "rate_constant": {"hydration": 1e-3}, "reference_temperature": "50 degC",
        "activation_energy": {"hydration": "80 kJ/mol"},
    }  # fmt: skip
    feed = kg(ethylene=100.0, water=100.0)
    cold, warm = (
        asked(made("reactor", **table, temperature=T), feed)[0].conversions[0].fraction
        for T in (323.15, 333.15)
    )
    faster = math.exp(-80000.0 / 8.314462618 * (1.0 / 333.15 - 1.0 / 323.15))
    assert warm / cold == pytest.approx(faster, rel=1e-4)  # little is converted


def batch(**more):
    table = {
        "reactions": {"hydration": FIRST_ORDER}, "rate_constant": {"hydration": 0.4},
        "charge": "4 t", "fill_time": 0.5, "react_time": 2.5, "empty_time": 0.5, "clean_time": 0.5,
        "temperature": "25 degC", "inlet_temperature": "25 degC", **more,
    }  # fmt: skip
    return made("batch", **table)


def test_a_batch_of_first_order_is_exponential_and_takes_its_cycle():
    """X = 1 - exp(-k t); 4 t in 4 h are 1 t/h."""
    unit = batch()
    assert unit.largest == pytest.approx(1000.0)
    assert replace(unit, capacity=800.0).largest == 800.0
    _, out = asked(unit, kg(ethylene=28.054, water=1000.0), kg())
    left = 28.054 * math.exp(-0.4 * 2.5)
    assert of(out["product"], "ethylene") == pytest.approx(left, rel=1e-5)


def test_what_sticks_to_the_vessel_leaves_with_the_rinse():
    unit = batch(heel=0.02, rinse="400 kg", rate_constant={"hydration": 0.0})
    charge = kg(ethanol=1000.0, water=1000.0)
    recipe, out = asked(unit, charge, kg(water=200.0))
    assert recipe.asked("rinse", charge) == pytest.approx(200.0)
    assert of(out["rinsings"], "ethanol") == pytest.approx(20.0)
    assert of(out["rinsings"], "water") == pytest.approx(220.0)


def test_what_sticks_to_the_vessel_is_liquid_where_solids_are_told():
    """A film of 2 % of 2,000 kg, made of the 1,000 kg of water; cloth goes with the product."""
    unit = batch(heel=0.02, rinse="0 kg", rate_constant={"hydration": 0.0}, solid={"salt": 1.0})
    _, out = asked(unit, kg(salt=1000.0, water=1000.0), kg())
    assert of(out["rinsings"], "salt") == pytest.approx(0.0, abs=1e-9)
    assert of(out["rinsings"], "water") == pytest.approx(40.0)


def test_of_a_charge_that_is_nearly_dry_no_more_sticks_than_there_is_liquid():
    unit = batch(heel=0.02, rinse="0 kg", rate_constant={"hydration": 0.0}, solid={"salt": 1.0})
    _, out = asked(unit, kg(salt=1000.0, water=10.0), kg())
    assert of(out["rinsings"], "water") == pytest.approx(10.0)
    assert of(out["product"], "salt") == pytest.approx(1000.0)


def test_a_heater_takes_steam_and_a_cooler_water():
    warm, _ = asked(made("heater", inlet_temperature=290.0, temperature=340.0), kg(water=10.0))
    cool, _ = asked(made("heater", inlet_temperature=340.0, temperature=290.0), kg(water=10.0))
    assert warm.uses == pytest.approx({"steam": 50.0 * 4.18 / STEAM, "cooling_water": 0.0})
    assert cool.uses == pytest.approx({"steam": 0.0, "cooling_water": 5.0})


def boiler(**more):
    table = {
        "oxidant": "oxygen", "efficiency": 0.9, "excess_air": 0.0,
        "heating_value": {"ethylene": 47200.0},
        "reactions": {"fire": "ethylene + 3 oxygen -> 2 carbon_dioxide + 2 water"}, **more,
    }  # fmt: skip
    return made("boiler", **table)


def test_a_boiler_without_excess_air_leaves_no_oxygen_and_gives_steam():
    unit, fuel = boiler(), kg(ethylene=28.054)
    recipe, _ = asked(unit, fuel, kg())
    air = recipe.asked("air", fuel)
    assert air == pytest.approx(3.0 * 31.998 / 0.2314)
    brought = kg(oxygen=0.2314 * air, air=(1 - 0.2314) * air)
    recipe, out = asked(unit, fuel, brought)
    assert of(out["flue_gas"], "oxygen") == pytest.approx(0.0, abs=1e-6)
    assert of(out["flue_gas"], "carbon_dioxide") == pytest.approx(2 * 44.009, rel=1e-9)
    assert recipe.uses["steam"] == pytest.approx(-0.9 * 47200.0 / 2308.0)


def fired(unit, fuel):
    """Return the recipe and the outlets of a boiler that gets the air it draws."""
    recipe, _ = asked(unit, fuel, kg())
    air = recipe.asked("air", fuel)
    return asked(unit, fuel, kg(oxygen=0.2314 * air, air=(1 - 0.2314) * air))


@pytest.mark.parametrize("burnt", [0.0, 0.4, 1.0])
def test_what_does_not_burn_in_a_boiler_makes_no_steam(burnt):
    recipe, out = fired(boiler(burnt={"fire": burnt}), kg(ethylene=100.0, air=50.0))
    assert of(out["flue_gas"], "ethylene") == pytest.approx(100.0 * (1 - burnt), abs=1e-9)
    steam = 0.9 * 47200.0 * burnt * 100.0 / 150.0 / 2308.0
    assert recipe.uses["steam"] == pytest.approx(-steam, abs=1e-9)


def test_a_boiler_that_gets_half_its_air_makes_half_the_steam():
    fuel = kg(ethylene=28.054)
    recipe, _ = asked(boiler(), fuel, kg(oxygen=1.5 * 31.998))
    assert recipe.uses["steam"] == pytest.approx(-0.9 * 47200.0 / 2308.0 / 2.0)


def test_a_boiler_draws_air_for_what_its_reactions_make_and_burn_in_turn():
    """Carbon to its monoxide, 0.9 of that to the dioxide: 1.9 half kmol of oxygen for each kmol."""
    some = units.substances({"carbon": "C", "monoxide": "CO", "dioxide": "CO2", "oxygen": "O2"})
    steps = {
        "first": "2 carbon + oxygen -> 2 monoxide", "second": "2 monoxide + oxygen -> 2 dioxide"
    }  # fmt: skip
    unit = units.make("boiler", some, {
        "oxidant": "oxygen", "reactions": steps, "burnt": {"first": 1.0, "second": 0.9},
        "heating_value": {"carbon": 32800.0, "monoxide": 10100.0},
        "oxygen_share": 1.0, "excess_air": 0.0, "efficiency": 1.0,
    })  # fmt: skip
    fuel, none = (12.011, 0.0, 0.0, 0.0), (0.0,) * 4
    air = unit.convert({"fuel": fuel, "air": none}, AT).asked("air", fuel)
    assert air == pytest.approx(0.95 * 31.998)
    recipe = unit.convert({"fuel": fuel, "air": (0.0, 0.0, 0.0, air)}, AT)
    gas = recipe.apply((12.011, 0.0, 0.0, air))["flue_gas"]
    assert gas == pytest.approx((0.0, 0.1 * 28.010, 0.9 * 44.009, 0.0), abs=1e-6)
    heat = 12.011 * 32800.0 - 0.1 * 28.010 * 10100.0
    assert recipe.uses["steam"] * 12.011 == pytest.approx(-heat / 2308.0)


def test_a_boiler_whose_reaction_burns_nothing_is_told():
    with pytest.raises(ValueError, match=r"reactions.*fire: uses up no oxygen"):
        boiler(reactions={"fire": "ethylene + water -> ethanol"})


def test_packing_loses_of_everything_alike():
    _, out = asked(made("packing", loss=0.01), kg(salt=100.0, water=1.0))
    assert sum(out["lost"]) == pytest.approx(1.01)


def test_a_batch_without_reactions_gives_what_it_got_in_its_cycle():
    times = {"charge": "500 kg", "react_time": "4 h"}
    unit = made("batch", **times, temperature="20 degC", inlet_temperature="20 degC")
    assert unit.largest == 125.0
    charge = kg(ethylene=20.0, water=80.0)
    _, out = asked(unit, charge, kg())
    assert out["product"] == pytest.approx(charge)


def test_a_batch_ends_where_a_reactant_runs_out_that_its_rate_does_not_know():
    """Ten kmol of ethylene and one of water, first order in ethylene alone."""
    _, out = asked(batch(rate_constant={"hydration": 5.0}), kg(ethylene=280.54, water=18.015), kg())
    assert of(out["product"], "ethanol") == pytest.approx(46.069, rel=1e-4)
