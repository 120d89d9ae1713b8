"""A self-financed programme: known answers on Table 1-2, closed forms, and laws."""

from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plant_models.chlorobenzene.paper.printed import table_1_2
from plant_models.methods.economics import TOTAL
from plant_models.methods.rollout import (
    MONTH,
    YEAR,
    Measure,
    Terms,
    added,
    best_order,
    by_payback,
    hard_first,
    roll_out,
)

FREE = Measure("F1-F4", 0.0)


def printed():
    """Return the measures of Table 1-2 in its order, and what sets of them are worth."""
    rows = [row for name, row in table_1_2().items() if name != TOTAL]
    return [Measure(row.name, row.investment) for row in rows], added(
        {row.name: row.net for row in rows}
    )


def months_and_cash(order):
    """Return the months a programme takes, and 10^4 RMB in hand after three years."""
    went = roll_out(order, printed()[1])
    assert went.finished is not None
    return went.finished / MONTH, went.cash(3.0 * YEAR) / 1e4


def test_the_plants_class_order_finishes_in_11_35_months():
    months, cash = months_and_cash(printed()[0])
    assert months == pytest.approx(11.35, abs=0.005)
    assert cash == pytest.approx(1062.7, abs=0.05)


def test_by_payback_the_programme_finishes_in_10_09_months():
    measures, worth = printed()
    order = (measures[0], *by_payback(measures[1:], worth, frozenset({"F1-F4"})))
    assert [m.name for m in order[1:]] == ["F6", "F5", "F9", "F7", "F11", "F10", "F8"]
    months, cash = months_and_cash(order)
    assert months == pytest.approx(10.09, abs=0.005)
    assert cash == pytest.approx(1117.0, abs=0.05)


def test_the_best_of_all_5040_orders_leads_to_1118_7_in_10_05_months():
    measures, worth = printed()
    order = best_order(measures, worth)
    assert [m.name for m in order[1:]] == ["F5", "F6", "F9", "F7", "F11", "F10", "F8"]
    months, cash = months_and_cash(order)
    assert months == pytest.approx(10.05, abs=0.005)
    assert cash == pytest.approx(1118.7, abs=0.05)


def test_the_dearest_first_takes_the_longest_of_the_four_policies():
    measures, _ = printed()
    order = (FREE, *hard_first(measures[1:]))
    assert [m.name for m in order[1:3]] == ["F10", "F11"]
    assert months_and_cash(order)[0] > months_and_cash(measures)[0]


def test_a_steady_saving_buys_one_measure_at_investment_over_saving():
    """Half of 120 a year buys what costs 30 after half a year; 240 a year then flow."""
    measures = [Measure("free", 0.0), Measure("dear", 30.0)]
    went = roll_out(measures, added({"free": 120.0, "dear": 120.0}), Terms(retained=0.5))
    assert went.steps[1].bought == pytest.approx(0.5 * YEAR, rel=1e-12)
    assert went.cash(went.steps[1].bought) == 0.0
    assert went.cash(1.5 * YEAR) == pytest.approx(120.0, rel=1e-12)


def test_a_lead_time_delays_the_saving_and_not_the_purchase():
    measures = [Measure("free", 0.0), Measure("slow", 60.0, lead_time=MONTH, downtime=10.0)]
    went = roll_out(measures, added({"free": 120.0, "slow": 12.0}))
    assert went.steps[1].bought == pytest.approx(6.0 * MONTH, rel=1e-12)
    assert went.finished == pytest.approx(7.0 * MONTH + 10.0, rel=1e-12)


def test_what_waits_for_the_shutdown_begins_with_it():
    slow = Measure("slow", 10.0, lead_time=MONTH, downtime=48.0, at_shutdown=True)
    terms = Terms(starting_cash=10.0, shutdown=0.5 * MONTH)
    went = roll_out([slow], added({"slow": 1.0}), terms)
    assert went.steps[0].bought == 0.0
    assert went.finished == 0.5 * MONTH + YEAR + 48.0


def test_closed_books_put_a_purchase_off_to_the_end_of_the_month():
    measures = [Measure("free", 0.0), Measure("dear", 25.0)]
    went = roll_out(measures, added({"free": 120.0, "dear": 0.0}), Terms(books=MONTH))
    assert went.steps[1].bought == pytest.approx(3.0 * MONTH, rel=1e-12)
    assert went.cash(3.0 * MONTH) == pytest.approx(5.0, rel=1e-12)


def test_a_closing_is_missed_by_minutes_and_not_by_rounding():
    terms = Terms(books=MONTH)
    assert terms.closing(3.0 * MONTH + 1e-10) == 3.0 * MONTH
    assert terms.closing(3.0 * MONTH + 0.1) == 4.0 * MONTH
    slow = Measure("slow", 0.0, lead_time=0.1, at_shutdown=True)
    assert terms.begins(slow, terms.shutdown - 0.1) == pytest.approx(terms.shutdown)
    assert terms.begins(slow, terms.shutdown) == terms.shutdown + YEAR


def test_what_the_plant_does_not_earn_during_an_installation_comes_out_of_the_cash():
    measures = [Measure("free", 0.0), Measure("stop", 10.0, loss=4.0)]
    went = roll_out(measures, added({"free": 12.0, "stop": 0.0}), Terms(retained=0.5))
    assert went.cash(5.0 * YEAR) == pytest.approx(0.5 * (5.0 * 12.0 - 4.0) - 10.0, rel=1e-12)


def test_without_savings_nothing_is_ever_bought():
    went = roll_out([Measure("dear", 1.0)], added({"dear": 1.0}))
    assert went.finished is None
    assert went.left == ("dear",)
    assert went.cash(YEAR) == 0.0


def test_a_saving_of_next_to_nothing_buys_nothing():
    measures = [Measure("free", 0.0), Measure("dear", 1.0)]
    went = roll_out(measures, added({"free": 5e-324, "dear": 1.0}), Terms(books=MONTH))
    assert went.left == ("dear",)


def test_measures_of_one_name_are_refused():
    with pytest.raises(ValueError, match="bought once; came twice: F5"):
        roll_out([Measure("F5", 1.0), Measure("F5", 2.0)], added({}))


def test_a_share_beyond_one_is_refused():
    with pytest.raises(ValueError, match=r"retained share must lie from 0 to 1, came 1\.5"):
        Terms(retained=1.5)


def test_too_many_orders_are_refused():
    many = [Measure(str(n), 1.0) for n in range(9)]
    with pytest.raises(ValueError, match="orders of 9 schemes takes too long"):
        best_order(many, added({}))


amounts = st.floats(0.0, 100.0)
measures_and_nets = st.lists(
    st.tuples(amounts, amounts, st.floats(0.0, 5000.0), st.booleans()), min_size=1, max_size=5
)
some_terms = st.builds(
    Terms,
    starting_cash=amounts,
    retained=st.floats(0.1, 1.0),
    books=st.sampled_from([0.0, MONTH]),
    shutdown=st.floats(0.0, YEAR),
)


def build(drawn):
    order = [
        Measure(f"F{n}", cost, lead_time=lead, at_shutdown=waits)
        for n, (cost, _, lead, waits) in enumerate(drawn)
    ]
    return order, {f"F{n}": net for n, (_, net, _, _) in enumerate(drawn)}


@given(st.permutations(range(7)), st.floats(0.05, 1.0))
def test_of_any_order_a_share_of_the_savings_stretches_all_instants_by_one_over_it(order, share):
    measures, worth = printed()
    chosen = [measures[0], *(measures[1 + i] for i in order)]
    whole, part = (roll_out(chosen, worth, Terms(retained=r)) for r in (1.0, share))
    for one, other in zip(whole.steps, part.steps, strict=True):
        assert other.bought == pytest.approx(one.bought / share, rel=1e-9)


@settings(max_examples=30)
@given(measures_and_nets, some_terms, st.floats(0.0, 20.0 * YEAR))
def test_cash_is_the_start_and_the_retained_savings_less_what_was_bought(drawn, terms, hour):
    r"""c(t) = c_0 + r \sum_i n_i (t - t_i)^+ - \sum_{bought} I_i, to rounding."""
    order, nets = build(drawn)
    went = roll_out(order, added(nets), terms)
    earned = sum(nets[s.name] * max(0.0, hour - s.works) for s in went.steps) / YEAR
    spent = sum(s.investment for s in went.steps if s.bought <= hour)
    expected = terms.starting_cash + terms.retained * earned - spent
    assert went.cash(hour) == pytest.approx(expected, abs=1e-6)


@settings(max_examples=30)
@given(measures_and_nets, some_terms)
def test_no_order_is_placed_without_the_cash_or_out_of_turn(drawn, terms):
    order, nets = build(drawn)
    went = roll_out(order, added(nets), terms)
    bought = [step.bought for step in went.steps]
    assert bought == sorted(bought)
    assert went.order == tuple(m.name for m in order[: len(bought)])
    assert all(went.cash(hour) >= -1e-9 for hour in bought)


@settings(max_examples=30)
@given(measures_and_nets, some_terms, st.floats(0.0, 1.0))
def test_more_cash_at_the_start_never_delays_a_programme(drawn, terms, more):
    order, nets = build(drawn)
    richer = Terms(terms.starting_cash + 100.0 * more, terms.retained, terms.books, terms.shutdown)
    poor, rich = (roll_out(order, added(nets), t) for t in (terms, richer))
    for one, other in zip(poor.steps, rich.steps, strict=False):
        assert other.bought <= one.bought + 1e-6
    assert len(rich.steps) >= len(poor.steps)


@settings(max_examples=30)
@given(st.lists(st.tuples(st.floats(1.0, 50.0), amounts), min_size=1, max_size=4))
def test_no_order_leads_to_more_cash_than_the_best(drawn):
    measures = [Measure(f"F{n}", cost) for n, (cost, _) in enumerate(drawn)]
    nets = {f"F{n}": net for n, (_, net) in enumerate(drawn)}
    worth, terms = added({"free": 60.0, **nets}), Terms()
    free = Measure("free", 0.0)
    best = roll_out(best_order([free, *measures], worth, terms), worth, terms).cash(3.0 * YEAR)
    for order in permutations(measures):
        assert roll_out([free, *order], worth, terms).cash(3.0 * YEAR) <= best + 1e-9
