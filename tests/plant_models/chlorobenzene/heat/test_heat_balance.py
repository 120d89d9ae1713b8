"""Heat closes in every unit and over the line, and a wrong duty in any one unit opens it."""

from dataclasses import dataclass, fields, replace

import numpy as np
import pytest
from hypothesis import Phase, given, reject, settings
from hypothesis import strategies as st

from plant_models.chlorobenzene.heat.balance import heat_balance
from plant_models.chlorobenzene.line import weather
from plant_models.chlorobenzene.line.design import baseline, catalogue
from plant_models.chlorobenzene.model import PLANT, line, simulate, steady_state
from plant_models.chlorobenzene.substances.chemistry import BENZENE, MCB
from plant_models.chlorobenzene.substances.streams import plus
from plant_models.chlorobenzene.units.absorption import Absorber
from plant_models.chlorobenzene.units.condensation import CP_WATER
from plant_models.chlorobenzene.units.distillation import CrudeColumn, utilities
from plant_models.chlorobenzene.units.off_gas import OffGasCooler
from plant_models.methods.heat_balance import TOLERANCE
from sim.errors import BalanceError
from sim.model.facts import set_values
from sim.model.ranges import sample_at
from tests.trees import sample, sample_schemes

DESIGN, SCHEMES = baseline(), catalogue()
SEARCH = (Phase.explicit, Phase.generate)


def balance_of(design_line):
    return heat_balance(design_line, weather.annual_mean(design_line))


@pytest.fixture(scope="module")
def before(line):
    """The line before any scheme, at the base values."""
    return balance_of(line)


def unit(balance, name):
    return next(each for each in balance.units if each.unit == name)


# ---- everything closes --------------------------------------------------------------------------


@pytest.mark.parametrize("schemes", ["none", "F2", "F4,F10", "F1-F11", "all", "F1-F11,E1,E2"])
def test_every_unit_and_the_line_close_to_one_in_a_million(schemes):
    """The exchangers' iteration stops at 1e-7 of its approach; all else is exact in floats."""
    balance_of(line(schemes)).enforce(TOLERANCE)


@pytest.mark.parametrize("schemes", ["O4", "F10,O4", "F1-F11,O4,O13", "O1-O13"])
def test_with_our_own_options_it_closes_as_well(schemes):
    """A dry pump has no water to take what condenses in it; 316 kJ/h went nowhere."""
    balance_of(line(schemes, known=PLANT.own_schemes(catalogue="ours"))).enforce(TOLERANCE)


@pytest.mark.parametrize("schemes", ["none", "F10", "F1-F11"])
def test_a_catcher_whose_water_stands_gives_its_heat_to_the_surroundings(schemes):
    dry = {"gas_catcher.structure": "fog", "gas_catcher.fog.circulation": 0.0}
    design = set_values(PLANT.chosen(PLANT.baseline(), {"gas_catcher.structure": "fog"}), dry)
    steady_state(schemes, design=design).heat().enforce(TOLERANCE)


@pytest.mark.parametrize("area", [1e-7, 1e-5])
def test_it_closes_of_an_off_gas_cooler_next_to_without_surface(area):
    """Its outlet was looked for no nearer to its inlet than to a millionth."""
    design = set_values(DESIGN, {"off_gas_cooler.area": area})
    steady_state(design=design).heat().enforce(TOLERANCE)


@pytest.mark.parametrize("circulation", [1e-6, 10.0])
def test_a_catcher_that_is_hardly_wet_gives_its_heat_to_the_surroundings_too(circulation):
    """Its few drops were told to be as hot as no number says."""
    little = {"gas_catcher.fog.circulation": circulation}
    design = set_values(PLANT.chosen(DESIGN, {"gas_catcher.structure": "fog"}), little)
    steady_state("F1-F11", design=design).heat().enforce(TOLERANCE)


@pytest.mark.parametrize(
    ("schemes", "ends"),
    [
        # its vent, of an overloaded condenser, brings more water than the off-gas can hold
        (
            "F4,F12",
            {
                "crude_column.reflux_ratio": 1.0,
                "alkali_wash.brine_carry_over": 1.0,
                "off_gas_cooler.area": 0.0,
            },
        ),
        # nothing heats or cools the catcher, so that next to nothing is turned over
        ("all", {"dryer.condenser_water": 0.5}),
    ],
)
def test_it_closes_with_water_in_the_off_gas_and_whatever_a_float_leaves(schemes, ends):
    steady_state(schemes, design=sample_at(DESIGN, ends)).heat().enforce(TOLERANCE)


def test_it_closes_of_liquor_that_hardly_reacts():
    """Chlorobenzene goes round with the benzene, and next to no chlorine is drawn for it.

    The liquor was told to boil all the same: a ninth of the line's heat came from nowhere.
    """
    design = set_values(DESIGN, {"crude_column.reflux_ratio": 0.45})
    steady_state(design=design).heat().enforce(TOLERANCE)


@pytest.mark.parametrize(
    "condenser", [{"area": 0.0}, {"heat_transfer_coefficient": 1e-6}, {"cooling_water": 1.0}]
)
def test_it_closes_of_a_chlorinator_next_to_without_a_condenser(condenser):
    values = {f"chlorinator.condenser.{name}": value for name, value in condenser.items()}
    steady_state(design=set_values(DESIGN, values)).heat().enforce(TOLERANCE)


@settings(max_examples=25, phases=SEARCH)
@given(st.lists(st.sampled_from(list(SCHEMES)), unique=True), st.integers(0, 2**32 - 1))
def test_any_design_within_its_ranges_closes(chosen, seed):
    rng = np.random.default_rng(seed)
    design = replace(DESIGN, tree=sample(DESIGN, rng))
    known = {scheme.id: scheme for scheme in sample_schemes(SCHEMES.values(), rng)}
    try:
        drawn = line(chosen, design=design, known=known)
    except ValueError:
        reject()
    balance_of(drawn).enforce(TOLERANCE)


@given(st.floats(268.0, 305.0), st.floats(278.0, 303.0))
@settings(max_examples=15, phases=SEARCH)
def test_heat_closes_in_any_weather(air, water):
    felt = {"air": air, "cooling_water": water, "pressure": 92_500.0}
    heat_balance(line("F1-F7"), felt).enforce(TOLERANCE)


# ---- a wrong duty shows -------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class ForgetfulColumn(CrudeColumn):
    """A column whose reboiler forgets that the reflux comes back subcooled."""

    def convert(self, inlets, at):
        """Return the recipe with the steam of a reflux that boils already."""
        recipe, charge, air = super().convert(inlets, at), inlets["charge"], inlets["air"]
        held, P = self.bottoms_benzene, at["pressure"]
        top = self.overhead(plus(charge, air), (BENZENE, MCB), held, at["cooling_water"], P)
        boiling = top._replace(T_out=top.T_top)
        steam, _, _ = utilities(self, charge, air, boiling, MCB, P, at["air"])
        return replace(recipe, uses={**recipe.uses, "steam": steam})


@dataclass(frozen=True, kw_only=True)
class DryCooler(OffGasCooler):
    """An off-gas cooler that takes 1 % of the latent heat for lost."""

    def cool(self, gas, at):
        """Return the state with 1 % less duty."""
        state = super().cool(gas, at)
        return state._replace(duty=0.99 * state.duty)


@dataclass(frozen=True, kw_only=True)
class CoolAbsorber(Absorber):
    """An absorber that counts the acid's heat of solution only."""

    def convert(self, inlets, at):
        """Use water for 62 MJ per kmol absorbed, as a handbook would."""
        heat = self.state(inlets, at).absorbed / 36.458 * 62_000.0
        water = heat / (CP_WATER * self.water_rise) / sum(inlets["gas"])
        return replace(super().convert(inlets, at), uses={"cooling_water": water})


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("crude_column", ForgetfulColumn),
        ("off_gas_cooler", DryCooler),
        ("absorber", CoolAbsorber),
    ],
)
def test_a_wrong_duty_in_one_unit_is_named(line, name, wrong):
    right = getattr(line, name)
    values = {item.name: getattr(right, item.name) for item in fields(right)}
    planted = replace(line, **{name: wrong(**values)})
    with pytest.raises(BalanceError, match=f"heat of unit {name} does not close"):
        balance_of(planted).enforce(TOLERANCE)


def test_a_missing_reaction_opens_the_balance_of_the_line(before):
    """Neutralisation is the least of the heats of reaction: 4 MJ/t, 0.07 % of the whole."""
    extent = 0.0297 * before.product  # kmol/h
    without = replace(before, reaction=before.reaction - extent * 130_000.0)
    with pytest.raises(BalanceError, match="heat of the line"):
        without.enforce(TOLERANCE)


# ---- known sizes --------------------------------------------------------------------------------


def test_cooling_takes_3_5_to_4_5_gigajoules_a_tonne(before):
    assert 3.5 <= before.per_tonne(before.total("cooling")) <= 4.5


def test_steam_before_new_reboilers_is_1_6_to_2_2_tonnes_a_tonne(before):
    assert 1.6 <= before.per_tonne(before.total("steam")) / 2.1 <= 2.2


@pytest.mark.parametrize(
    ("name", "low", "high"),
    [
        ("chlorinator", 0.8, 1.17),
        ("crude_column", 1.2, 1.6),
        ("rectification_column", 0.6, 0.9),
        ("absorber", 0.45, 0.6),
        ("polychloride_column", 0.012, 0.05),
    ],
)
def test_cooling_by_unit_is_of_the_size_derived_beforehand(before, name, low, high):
    """GJ/t. The columns' upper bounds leave room for subcooling, the others only take latent heat.

    The chlorinator's 1.17 is all heat of reaction: 0.27 of it leave with the hot liquor.
    """
    assert low <= before.per_tonne(unit(before, name).cooling) <= high


def test_heat_of_reaction_is_that_of_the_stoichiometry(before):
    """9.299 kmol/t of the first chlorination (130.2 MJ/kmol), 0.362 of the second (125.4)."""
    expected = (9.299 * 130.2 + 0.362 * 125.4 + 0.0297 * 130.0) / 1000.0
    assert before.per_tonne(before.reaction) == pytest.approx(expected, rel=1e-3)


def test_what_is_settled_by_difference_is_small(before):
    """Units without heating or cooling exchange less than 0.5 % of the heat; tanks and pipes 10."""
    supplied = before.reaction + before.total("steam") + before.total("power")
    exchanged = sum(abs(each.exchanged) for each in before.units)
    assert exchanged < 0.005 * supplied
    assert abs(before.pipes) < 0.10 * supplied


def test_new_reboilers_save_a_fifth_of_the_steam(before, design):
    """F9's income of 89 x 10^4 RMB at 60 RMB/t would be 0.74 t/t; the model finds 0.4."""
    after = balance_of(line("F9", design=design))
    old, new = (each.per_tonne(each.total("steam")) / 2.1 for each in (before, after))
    assert 0.3 <= old - new <= 0.74


# ---- clocks and accounts ------------------------------------------------------------------------


def test_the_receipt_of_a_steady_state_holds_both_certificates():
    told = str(steady_state().receipt())
    assert "balances, worst relative error" in told
    assert "7 heat balances, worst relative error" in told


def test_a_run_under_the_seasons_has_no_heat_balance():
    run = simulate(years=0.01)
    with pytest.raises(ValueError, match=r"constant conditions.*steady_state"):
        run.heat()


def test_the_tower_changes_cooling_and_fresh_water_only(line):
    """At equal temperatures F11 moves neither heat nor process water; leaks change their way."""
    felt = weather.annual_mean(line)
    once, tower = (steady_state(s, surroundings=felt) for s in ("none", "F11"))
    assert tower.heat().total("cooling") == pytest.approx(once.heat().total("cooling"), rel=1e-12)
    moved = {
        name
        for name, value in tower.indicators.items()
        if value != pytest.approx(once.indicators[name], rel=1e-9)
    }
    water = {"cooling_water_intake_t", "power_mwh", "raw_water_power_mwh"}
    leaked = {"air.benzene_t", "air.chlorobenzene_t"}
    assert water <= moved <= water | leaked | {"closure"}
    leak = once.ledger.total(source="cooling_water", medium="cooling water")
    assert leak > 0.0
    left = tower.ledger.total(source="cooling_water", medium="cooling water")
    stripped = tower.ledger.total(source="cooling_water", medium="emission gas")
    assert left + stripped == pytest.approx(leak, rel=1e-9)


@pytest.mark.parametrize(
    ("ask", "told"),
    [
        (lambda of: of.total("stream"), "total: no 'stream'; did you mean 'steam'?"),
        (lambda of: of.total("unit"), "total: no 'unit'; known: "),
        (lambda of: of.total(None), "total: expected one of steam, "),
        (lambda of: of.per_tonne("1"), "per_tonne: expected kj_per_hour as a number, came '1'"),
        (
            lambda of: of.enforce(None),
            "enforce: expected tolerance as a number of 0 or more, came N",
        ),
        (
            lambda of: of.enforce(np.nan),
            "enforce: expected tolerance as a number of 0 or more, came n",
        ),
    ],
)
def test_what_is_asked_of_a_heat_balance_is_asked_by_name_and_number(before, ask, told: str):
    with pytest.raises((TypeError, ValueError, LookupError)) as fault:
        ask(before)
    assert str(fault.value).startswith(told)
