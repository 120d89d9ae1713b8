"""What a year is worth: prices times quantities, and steps that add up."""

from dataclasses import fields, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plant_models.chlorobenzene.model import PLANT, ChlorobenzeneLine, steady_state
from plant_models.chlorobenzene.money.prices import Prices, prior_prices
from plant_models.chlorobenzene.paper.printed import PROGRAMME, table_1_2
from plant_models.methods.economics import check_investments, reached
from plant_models.model import Lacks, PlantModel

MONEY = PLANT.economy
ITEMS, STEPS = MONEY.items, MONEY.steps(PROGRAMME)
annual_value, income, margin, upkeep = (
    MONEY.annual_value,
    MONEY.income,
    MONEY.margin,
    MONEY.upkeep,
)
PRICES = prior_prices().tree
NOTHING = dict.fromkeys(
    [name for item in ITEMS.values() for name in (item.indicator, item.less) if name], 0.0
)
QUANTITIES = st.fixed_dictionaries(
    {name: st.floats(0.0, 1e6) for name in NOTHING},
)


@pytest.fixture(scope="module")
def states():
    return [steady_state(each).indicators for each in reached(STEPS.values())]


def test_a_year_of_known_quantities_is_worth_what_an_invoice_would_say():
    """20,000 t at 5,000, 15,000 t benzene at 3,200, 1,000 MWh at 0.40 RMB/kWh."""
    year = {**NOTHING, "chlorobenzene_t": 2e4, "benzene_used_t": 1.5e4, "power_mwh": 1e3}
    value = annual_value(year, PRICES)
    assert value["chlorobenzene"] == pytest.approx(1e8)
    assert value["benzene"] == pytest.approx(-4.8e7)
    assert value["power"] == pytest.approx(-4e5)
    assert margin(year, PRICES) == pytest.approx(1e8 - 4.8e7 - 4e5)


def test_every_price_is_used():
    """Each price moves the value of a year or the upkeep of the programme; terms move neither."""
    year = {**dict.fromkeys(NOTHING, 1.0), "raw_water_power_mwh": 0.0}
    schemes = PROGRAMME

    def worth(at: Prices) -> float:
        return sum(annual_value(year, at).values()) - upkeep(schemes, at)

    names = [item.name for item in fields(Prices)]
    idle = [name for name in names if worth(replace(PRICES, **{name: 7777})) == worth(PRICES)]
    assert idle == ["interest_rate", "horizon"]


@settings(max_examples=30)
@given(QUANTITIES, QUANTITIES)
def test_income_less_operating_cost_is_the_difference_of_the_values(before, after):
    step = income(before, after, PRICES)
    ends = [sum(annual_value(state, PRICES).values()) for state in (before, after)]
    size = sum(abs(v) for s in (before, after) for v in annual_value(s, PRICES).values())
    assert step.net == pytest.approx(ends[1] - ends[0], abs=1e-12 * size)
    assert step.operating_cost >= 0.0


def test_a_saved_tonne_of_steam_is_income_and_a_spent_one_a_cost():
    more, less = {**NOTHING, "steam_t": 10.0}, NOTHING
    assert (income(more, less, PRICES).income, income(less, more, PRICES).income) == (600.0, 0.0)
    assert income(less, more, PRICES).operating_cost == 600.0


def test_water_pays_for_its_pumping():
    """Of 10 MWh, 4 pump cooling water once through, which the price of water includes."""
    year = {**NOTHING, "power_mwh": 10.0, "raw_water_power_mwh": 4.0}
    assert annual_value(year, PRICES)["power"] == pytest.approx(-6000.0 * PRICES.electricity)


def test_the_tower_costs_its_pumps_and_fan(states):
    """F11's printed operation cost, 32.3 x 10^4 RMB, is 99 kW at 0.40 RMB/kWh: within a tenth."""
    step = MONEY.step_values(states, PRICES, STEPS)[-1]
    assert -step.changes["power"] == pytest.approx(32.3e4, rel=0.1)


def test_dichlorobenzene_lost_is_set_against_chlorobenzene_gained():
    """It is the other half of the same separation, so F8 earns the difference of two prices."""
    after = {**NOTHING, "chlorobenzene_t": 10.0}
    before = {**NOTHING, "dichlorobenzene_t": 10.0}
    step = income(before, after, PRICES)
    assert step.income == pytest.approx(10.0 * (5000.0 - 3900.0))
    assert step.operating_cost == 0.0


def test_the_steps_add_up_to_the_programme(states):
    steps = MONEY.step_values(states, PRICES, STEPS)
    whole = income(states[0], states[-1], PRICES)
    assert [step.name for step in steps] == list(STEPS)
    assert sum(step.net for step in steps) == pytest.approx(whole.net, rel=1e-9)


def test_each_step_earns_something(states):
    assert all(step.income > 0.0 for step in MONEY.step_values(states, PRICES, STEPS))


def test_f9_saves_steam_and_nothing_else(states):
    step = MONEY.step_values(states, PRICES, STEPS)[list(STEPS).index("F9")]
    saved = states[5]["steam_t"] - states[6]["steam_t"]
    assert step.income == pytest.approx(saved * PRICES.steam, rel=1e-6)
    assert saved > 0.0


def test_f8_moves_chlorobenzene_out_of_the_dichlorobenzene(states):
    changes = MONEY.step_values(states, PRICES, STEPS)[list(STEPS).index("F8")].changes
    assert changes["chlorobenzene"] > 0.0 > changes["dichlorobenzene"]


@pytest.mark.long
def test_both_clocks_can_be_priced(first_year):
    year = annual_value(first_year("none").indicators, PRICES)
    rest = annual_value(steady_state("none").indicators, PRICES)
    assert year["chlorobenzene"] == pytest.approx(rest["chlorobenzene"], rel=0.02)
    assert sum(year.values()) == pytest.approx(sum(rest.values()), rel=0.05)


def test_upkeep_is_what_the_source_prints_for_schemes_whose_flows_cost_nothing():
    rows = table_1_2()
    for name in ("F6", "F7"):
        assert upkeep((name,), PRICES) == rows[name].operating_cost
    assert upkeep(("F1", "F11"), PRICES) == 0.0


def test_investments_add_up_to_the_printed_total():
    assert MONEY.investment(PROGRAMME) == pytest.approx(table_1_2()["Total"].investment)


def test_the_source_names_no_investment_for_f12():
    assert MONEY.investment(("F5", "F12")) is None


def test_a_price_may_be_given_in_another_unit():
    assert MONEY.own_prices(None, ["benzene=3.5 RMB/kg"]).tree.benzene == 3500.0


def test_a_price_that_is_unknown_is_refused_with_a_hint():
    with pytest.raises(LookupError, match="benzene"):
        MONEY.own_prices(None, ["benzen=3500"])


def test_an_own_investment_goes_before_the_sources():
    assert MONEY.investment(("F5", "F12"), {"F12": 1e6, "F5": 2e6}) == 3e6


def test_a_price_that_nothing_could_cost_is_refused():
    with pytest.raises(ValueError, match="benzene"):
        MONEY.own_prices(None, ["benzene=1e300"])


def test_prices_are_taken_as_a_design_or_as_they_are():
    assert MONEY.priced(PRICES).tree is PRICES
    assert MONEY.priced(prior_prices()) is prior_prices()
    with pytest.raises(TypeError, match=r"prices must be Prices .*, not 'own.toml'"):
        MONEY.priced("own.toml")


def test_a_plant_without_prices_says_so():
    class Bare(ChlorobenzeneLine):
        name = "bare plant"
        economy = PlantModel.economy

    with pytest.raises(Lacks, match="the bare plant has no prices, which money needs"):
        Bare().economy  # noqa: B018


def test_an_investment_is_asked_of_schemes_that_there_are():
    with pytest.raises(LookupError, match="F5"):
        check_investments({"F51": 1e5}, PROGRAMME)
    with pytest.raises(ValueError, match="F5: expected a number from 0"):
        check_investments({"F5": -1.0}, PROGRAMME)
    assert check_investments({"F5": 3}, PROGRAMME) == {"F5": 3.0}


def test_a_scheme_introduced_twice_is_refused():
    with pytest.raises(ValueError, match="F5 was introduced before"):
        reached([("F1", "F5"), ("F5",)])
