"""Money arithmetic against closed forms, and against the figures that the source prints."""

import sys
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from plant_models.chlorobenzene.paper.printed import table_1_2
from plant_models.methods.cost_classes import (
    HIGH_COST,
    LOW_COST,
    MEDIUM_COST,
    cost_class,
    customary_tests,
)
from plant_models.methods.finance import (
    CashFlow,
    InternalRate,
    annuity,
    internal_rate,
    net_present_value,
    payback,
)

EXACT = 1e-9  # of the sum of all amounts: rounding is a millionth of it
AMOUNTS = st.floats(-1e6, 1e6).filter(lambda amount: amount == 0.0 or abs(amount) > 1e-3)
FLOWS = st.lists(AMOUNTS, min_size=1, max_size=25)
RATES = st.floats(0.0, 0.5)


def zero_at(flows: list[float], rate: float) -> bool:
    """Whether the present value is zero: of all amounts, each as large as discounting makes it.

    A rate within 3e-6 of -1 cannot be written down well enough: its last bit weighs eps / (1 + r).
    """
    size = sum(abs(flow) * max(1.0, (1.0 + rate) ** -year) for year, flow in enumerate(flows))
    written = len(flows) * sys.float_info.epsilon / (1.0 + rate)
    return abs(net_present_value(flows, rate)) <= max(EXACT, written) * size


@settings(max_examples=30)
@given(FLOWS)
@example([-1.0, 2.0, -1.0])  # touches zero at rate 0
@example([0.0, 0.0, 0.0])
@example([1e-3, 0.0, -1e6])
def test_the_present_value_at_an_internal_rate_is_zero(flows):
    assert all(zero_at(flows, rate) for rate in internal_rate(flows).rates)


@settings(max_examples=30)
@given(st.floats(1.0, 1e6), st.lists(st.floats(0.0, 1e6), min_size=1, max_size=25))
def test_an_investment_that_earns_has_one_internal_rate_and_no_other(invested, earned):
    """One change of sign, one positive zero (Descartes); NPV at 0 tells on which side it lies."""
    assume(sum(earned) > 1e-3)
    found = internal_rate([-invested, *earned])
    assert found.word == "one"
    assert found.value is not None
    surplus = sum(earned) - invested
    assume(abs(surplus) > 1e-6 * invested)
    assert (found.value > 0.0) == (surplus > 0.0)
    assert zero_at([-invested, *earned], found.value)


@settings(max_examples=30)
@given(st.lists(st.floats(-0.6, 3.0), min_size=2, max_size=4), st.floats(1.0, 1e5))
def test_several_internal_rates_are_all_found(rates, size):
    r"""Flows with given rates: :math:`\prod_k [1 - (1 + r_k) x]`, so each r_k makes them zero."""
    rates = sorted(rates)
    assume(all(b - a > 0.1 for a, b in pairwise(rates)))
    flows = [size]
    for rate in rates:
        flows = [a - (1.0 + rate) * b for a, b in zip([*flows, 0.0], [0.0, *flows], strict=True)]
    found = internal_rate(flows)
    assert found.word == "several"
    assert found.value is None
    assert found.rates == pytest.approx(rates, abs=1e-6)


@settings(max_examples=30)
@given(FLOWS, st.integers(1, 10))
def test_a_later_investment_has_the_same_internal_rates(flows, delay):
    assert internal_rate([0.0] * delay + flows) == internal_rate(flows)


def test_an_investment_in_a_later_year_does_not_break_the_internal_rate():
    """Income first, investment in year 2: -100 x^2 + 50 x^3 + ... keeps one change of sign."""
    flow = CashFlow.even(100.0, 50.0, 10.0, 10, start=2)
    assert flow.net[:4] == (0.0, 0.0, -100.0, 40.0)
    assert internal_rate(flow.net) == internal_rate(CashFlow.even(100.0, 50.0, 10.0, 10).net)
    early = internal_rate([2.0, 0.0, -100.0, *[40.0] * 10])
    assert early.word == "several"  # two changes of sign
    assert all(zero_at([2.0, 0.0, -100.0, *[40.0] * 10], rate) for rate in early.rates)


def test_two_changes_of_sign_may_leave_no_internal_rate():
    assert internal_rate([10.0, -10.0, 10.0]).word == "none"


@pytest.mark.parametrize("flows", [[5.0, 5.0], [-5.0, -5.0], [0.0, 0.0], [0.0]])
def test_flows_of_one_sign_have_no_internal_rate(flows):
    assert str(internal_rate(flows)) == "none"


def test_a_rate_at_which_the_value_only_touches_zero_is_found():
    """(1 - x)(1 - x): the double zero is at rate 0; (1.2 - x)^2 has it at -1/6."""
    assert internal_rate([1.0, -2.0, 1.0]).rates == (0.0,)
    assert internal_rate([1.44, -2.4, 1.0]).rates == pytest.approx([1.0 / 1.2 - 1.0], abs=1e-6)


@given(st.integers(1, 40))
def test_the_payback_of_a_constant_stream_is_one_over_the_annuity_at_no_interest(years):
    flows = [-1000.0, *[1000.0 * annuity(0.0, years)] * years]
    assert payback(flows) == pytest.approx(1.0 / annuity(0.0, years), rel=1e-12)


@given(st.floats(1.0, 1e6), st.floats(1.0, 1e6), st.integers(1, 30))
def test_the_payback_of_a_constant_stream_is_investment_over_net(invested, net, years):
    expected = invested / net
    assume(abs(expected - years) > 1e-6)
    found = payback([-invested, *[net] * years])
    assert found == (pytest.approx(expected, rel=1e-9) if expected < years else None)


@given(RATES, st.integers(1, 30))
def test_a_loan_paid_by_annuity_is_paid_back_at_the_end_and_worth_nothing_more(rate, years):
    flows = [-1000.0, *[1000.0 * annuity(rate, years)] * years]
    assert net_present_value(flows, rate) == pytest.approx(0.0, abs=1e-9)
    assert payback(flows, rate) == pytest.approx(years, rel=1e-9)


@given(st.floats(1e-12, 1e-4), st.integers(1, 30))
def test_the_annuity_has_no_jump_at_no_interest(rate, years):
    r"""To first order :math:`1/n + r (n + 1) / (2 n)`; the rest is of the order :math:`r^2 n`."""
    expected = 1.0 / years + rate * (years + 1) / (2.0 * years)
    assert annuity(rate, years) == pytest.approx(expected, abs=rate * rate * years + 1e-14)


@settings(max_examples=30)
@given(FLOWS, RATES)
def test_the_table_ends_where_the_sums_do(flows, rate):
    table = CashFlow((0.0,) * len(flows), tuple(flows), (0.0,) * len(flows)).table(rate)
    size = sum(map(abs, flows))
    assert table[-1].cumulative == pytest.approx(sum(flows), abs=1e-12 * size)
    assert table[-1].cumulative_discounted == pytest.approx(
        net_present_value(flows, rate), abs=1e-12 * size
    )


@settings(max_examples=30)
@given(FLOWS, RATES)
def test_after_the_payback_the_cumulative_flow_stays_at_or_above_zero(flows, rate):
    assume(any(flows))
    years = CashFlow((0.0,) * len(flows), tuple(flows), (0.0,) * len(flows)).table(rate)
    found = payback(flows, rate)
    dust = 1e-9 * sum(map(abs, flows))
    if found is None:
        assert years[-1].cumulative_discounted < 0.0
        return
    assert all(y.cumulative_discounted >= -dust for y in years if y.year >= found)
    last = [y for y in years if y.year < found]
    assert not last or last[-1].cumulative_discounted <= dust


@given(RATES, st.floats(0.0, 1e6), st.integers(1, 30))
def test_an_annuity_pays_back_what_was_invested_with_interest(rate, invested, years):
    flows = [-invested, *[invested * annuity(rate, years)] * years]
    assert net_present_value(flows, rate) == pytest.approx(0.0, abs=1e-9 * max(invested, 1.0))


def test_years_of_different_length_are_refused():
    with pytest.raises(ValueError, match="same years"):
        CashFlow((1.0, 0.0), (0.0,), (0.0,))


@pytest.mark.parametrize(
    ("flows", "told"),
    [
        (None, r"^a cash flow is a list of amounts, year by year, like \[.*\], not None$"),
        (3.0, r"^a cash flow is a list of amounts, .* not 3\.0$"),
        ("-30, 20", r"^a cash flow is a list of amounts, .* not '-30, 20'$"),
        ([-30.0, "20"], "^a cash flow needs finite amounts, came '20'$"),
        ([-30.0, None], "^a cash flow needs finite amounts, came None$"),
        ([-30.0, float("nan")], "^a cash flow needs finite amounts, came nan$"),
    ],
)
def test_what_is_no_cash_flow_is_told(flows, told):
    for asked in (
        payback,
        internal_rate,
        lambda flows: net_present_value(flows, 0.1),
        lambda flows: CashFlow(flows, (0.0, 0.0), (0.0, 0.0)),
    ):
        with pytest.raises((TypeError, ValueError), match=told):
            asked(flows)


@pytest.mark.parametrize("years", ["3", None, 0.0, float("nan")])
def test_an_annuity_is_of_some_years(years):
    with pytest.raises(ValueError, match=r"^years must be more than 0, not "):
        annuity(0.1, years)


@pytest.mark.parametrize("rate", [-1.0, -2.0, float("nan"), float("inf"), "0.1", None, [0.1]])
def test_a_rate_of_minus_one_or_less_is_refused(rate):
    with pytest.raises(ValueError, match="more than -1"):
        net_present_value([1.0], rate)


PAID = [row for name, row in table_1_2().items() if row.investment and name != "Total"]


@pytest.mark.parametrize("row", [*PAID, table_1_2()["Total"]], ids=lambda row: row.name)
def test_the_printed_paybacks_follow_from_the_printed_incomes(row):
    """Printed with two digits, so to half of the last one; F8's 7.675 is printed 7.7."""
    found = payback([-row.investment, *[row.income - row.operating_cost] * 10])
    assert found == pytest.approx(row.payback, abs=0.03 if row.name == "F8" else 0.005)


def test_on_printed_figures_only_f8_does_not_pay():
    """Seed: -6.1 x 10^4 RMB at 10 % over 10 years, internal rate about 5 %."""
    values = {row.name: net_present_value([-row.investment, *[row.net] * 10], 0.10) for row in PAID}
    assert [name for name, value in values.items() if value < 0.0] == ["F8"]
    assert values["F8"] == pytest.approx(-6.1e4, abs=500.0)
    f8 = table_1_2()["F8"]
    assert internal_rate([-f8.investment, *[f8.net] * 10]).value == pytest.approx(0.05, abs=0.005)


@pytest.mark.parametrize("row", [r for n, r in table_1_2().items() if n != "Total"],
                         ids=lambda row: row.name)  # fmt: skip
def test_the_cuts_give_the_classes_of_the_source(row):
    assert cost_class(row.investment).name == row.cost_class


def test_a_third_cut_makes_a_class_of_higher_cost():
    cuts = (1.0, 5.0, 20.0)
    assert [cost_class(x, cuts).name for x in (0.0, 0.5, 1.0, 5.0, 20.0)] == [
        "no-cost", "low-cost", "medium-cost", "higher-cost", "high-cost",
    ]  # fmt: skip


@pytest.mark.parametrize("cuts", [(5.0,), (5.0, 1.0), (0.0, 1.0), (1.0, 2.0, 3.0, 4.0), ()])
def test_cuts_that_do_not_rise_are_refused(cuts):
    with pytest.raises(ValueError, match="rising cuts"):
        cost_class(1.0, cuts)


def test_the_longest_payback_depends_on_the_class():
    one = InternalRate((0.2,))
    passed = {
        option.name: customary_tests(option, 4.0, 1.0, one, 0.1)["payback"]
        for option in (LOW_COST, MEDIUM_COST, HIGH_COST)
    }
    assert passed == {"low-cost": None, "medium-cost": False, "high-cost": True}


def test_of_several_internal_rates_none_decides():
    several = internal_rate([-100.0, 230.0, -132.0])
    assert customary_tests(HIGH_COST, None, 1.0, several, 0.1) == {
        "payback": False, "present value": True, "internal rate": None,
    }  # fmt: skip


def test_what_comes_in_a_thousand_years_is_worth_nothing():
    assert net_present_value([0.0] * 3000 + [1.0], 1.0) == 0.0


def test_amounts_of_half_the_digits_are_added_up_in_all():
    flows = np.array([-0.3, 0.1, 0.25], dtype=np.float32)
    assert net_present_value(flows, np.array(0.1)) == net_present_value(flows.tolist(), 0.1)  # type: ignore[arg-type]
