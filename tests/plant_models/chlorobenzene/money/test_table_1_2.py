"""Table 1-2 of the source recomputed from the calibrated model: incomes, nets, paybacks.

F5's net hangs on what the operator of the chlorinator holds, see below.
"""

import pytest

from plant_models.chlorobenzene.line.design import prior, prior_catalogue
from plant_models.chlorobenzene.model import PLANT, steady_state
from plant_models.chlorobenzene.money.prices import prices, prior_prices
from plant_models.chlorobenzene.paper.printed import PROGRAMME, table_1_2
from plant_models.methods.appraisal import appraise, paid, together
from plant_models.methods.economics import reached

ROWS = {name: row for name, row in table_1_2().items() if name != "Total"}
TOTAL = table_1_2()["Total"]


def appraised(variant, prices):
    money = PLANT.economy
    steps = money.steps(PROGRAMME)
    states = [steady_state(variant.having(each)).indicators for each in reached(steps.values())]
    return {row.name: row for row in appraise(money, steps, states, prices)}


@pytest.fixture(scope="module")
def steps():
    """Return the appraisal of each step of the plant's programme, by name."""
    return appraised(PLANT.variant(), prices().tree)


def test_the_model_has_the_rows_of_the_table(steps):
    assert list(steps) == list(ROWS)


def test_the_total_income_was_of_the_printed_size_before_anything_was_fitted():
    """Within a factor of 1.5, by flows and prices alone."""
    unfitted = PLANT.variant(design=prior(), known=prior_catalogue())
    total = sum(row.income for row in appraised(unfitted, prior_prices().tree).values())
    assert TOTAL.income / 1.5 < total < TOTAL.income * 1.5


def test_f8_does_not_pay(steps):
    """Seed: net present value -6.1 x 10^4 RMB; its chlorobenzene was sold as dichlorobenzene."""
    assert steps["F8"].present_value < 0.0
    assert steps["F8"].tests["present value"] is False


def test_the_paid_schemes_alone_pay_back_in_half_a_year_or_so(steps):
    payback = together("paid", paid(steps.values())).payback
    assert payback is not None
    assert 0.5 <= payback <= 0.7


@pytest.mark.parametrize("name", ROWS)
def test_each_income_is_within_15_percent_of_the_printed_one(steps, name):
    assert steps[name].income == pytest.approx(ROWS[name].income, rel=0.15)


def test_the_total_income_is_within_3_percent_of_the_printed_one(steps):
    total = sum(step.income for step in steps.values())
    assert total == pytest.approx(TOTAL.income, rel=0.03)


@pytest.mark.parametrize("name", ROWS)
def test_each_net_income_is_within_20_percent_of_the_printed_one(steps, name):
    """Income's 15 %, and for F7, whose cost is a fifth of its income, a quarter more."""
    assert steps[name].net == pytest.approx(ROWS[name].net, rel=0.20)


@pytest.mark.parametrize("name", [name for name in ROWS if ROWS[name].payback is not None])
def test_each_payback_is_within_a_quarter_of_the_printed_one(steps, name):
    """Investments are the source's, so a net income 20 % low makes a payback 25 % long."""
    expected = ROWS[name].investment / ROWS[name].net
    assert steps[name].payback == pytest.approx(expected, rel=0.25)


def test_f5_misses_its_net_income_by_the_utilities_where_the_conversion_is_held(steps):
    """Colder off-gas then leaves more benzene in the liquor, all of which must be distilled.

    Where the liquor is held, more is chlorinated instead, and the net is met. The printed one lies
    within both, or next to the higher end.
    """
    held = PLANT.readings(PLANT.baseline())["hot, conversion"]
    f5 = appraised(PLANT.variant(PROGRAMME, design=held), prices().tree)["F5"]
    utilities = -sum(f5.changes[name] for name in ("steam", "cooling water", "power"))
    assert f5.net < 0.5 * ROWS["F5"].net
    assert utilities > 0.3 * ROWS["F5"].net
    assert f5.net < ROWS["F5"].net < 1.1 * steps["F5"].net


def test_f5_pays_back_before_the_paid_schemes_together(steps):
    payback = steps["F5"].payback
    assert payback is not None
    assert payback < together("paid", paid(steps.values())).payback
