"""The programme on the running line: what it saves is what the plant yields."""

from dataclasses import replace
from itertools import pairwise

import pytest

from plant_models.chlorobenzene.line.design import baseline
from plant_models.chlorobenzene.line.operation import refuse_changes
from plant_models.chlorobenzene.model import PLANT, steady_state
from plant_models.chlorobenzene.money.prices import prices
from plant_models.methods.installation import AT_ONCE, measures, units_concerned
from plant_models.methods.rebuilding import (
    Accounts,
    Reference,
    Setting,
    _hopeless,
    roll_out_running,
)
from plant_models.methods.rollout import MONTH, YEAR, Measure, Terms
from sim.model.schemes import Patch, Scheme
from tests.trees import replace_at

MONEY = PLANT.economy
margin, stock = MONEY.margin, MONEY.stock
CALM = Setting(PLANT.variant(), prices().tree, without=("events",))


def rolled(order, steps, terms, *, horizon, setting=CALM):
    return roll_out_running(order, steps, terms, setting, Reference(setting, 0), horizon=horizon)


def test_without_schemes_nothing_is_saved():
    went = rolled([], {}, Terms(starting_cash=5.0, books=MONTH), horizon=2.0 * MONTH)
    assert [cash for _, cash in went.points] == [5.0] * 6
    assert went.finished == 0.0


def test_what_can_buy_nothing_is_not_run():
    """Without cash, and nothing free, the plant that would buy is the plant as it was."""
    reference = Reference(CALM, 0)
    dear, terms = [Measure("F9", 1e5)], Terms(books=MONTH, limit=YEAR)
    went = roll_out_running(dear, {"F9": ("F9",)}, terms, CALM, reference, horizon=MONTH)
    assert (went.left, went.cash(MONTH)) == (("F9",), 0.0)
    assert reference.accounts.plant.env.now == 0.0


def test_a_programme_is_given_up_when_not_even_the_best_month_each_month_would_pay_for_the_next():
    """Of twelve months at least since the last change: 24 months to go, 3.0 the best of them."""
    terms = Terms(books=MONTH, retained=0.5, limit=36.0 * MONTH)
    savings = [0.0, 50.0, *(50.0 + 2.0 * n for n in range(1, 12)), 75.0]  # works from month 1 on
    went = {"F9": MONTH}

    def hopeless(short, of=savings, works=went):
        return _hopeless(short, of, MONTH, terms, works)

    to_come = 0.5 * 3.0 * (36 - 13)
    assert hopeless(to_come + 1e-6)
    assert not hopeless(to_come - 1e-6)
    assert not hopeless(1e9, savings[:-1])  # no year yet
    assert not hopeless(1e9, works=went | {"F6": 2.0 * MONTH})
    assert not hopeless(0.0)


def test_a_plant_that_runs_closes_its_books_once_a_day_at_most():
    went = rolled([], {}, Terms(books=1.0), horizon=48.0)
    assert {hour for hour, _ in went.points} == {0.0, 24.0, 48.0}


def test_in_constant_conditions_the_saving_is_that_of_the_steady_state():
    """By the hour of operation, once the change has passed the tanks; accounts of either clock."""
    free = Measure("F9", 0.0)
    went = rolled([free], {"F9": ("F9",)}, Terms(books=MONTH), horizon=4.0 * MONTH)
    saved = (went.cash(4.0 * MONTH) - went.cash(3.0 * MONTH)) / MONTH
    states = [steady_state(schemes) for schemes in ("none", "F9")]
    before, after = (margin(state.indicators, prices().tree) for state in states)
    assert saved == pytest.approx((after - before) / states[0].operating_hours, rel=0.01)


def test_a_stop_for_an_installation_is_a_loss():
    stop = Measure("F5", 0.0, downtime=72.0)
    terms = Terms(books=MONTH)
    with_stop, without = (
        rolled([m], {"F5": ("F5",)}, terms, horizon=MONTH)
        for m in (stop, replace(stop, downtime=0))
    )
    lost = without.cash(MONTH) - with_stop.cash(MONTH)
    hour = margin(steady_state().indicators, prices().tree) / 8136.0
    assert lost == pytest.approx(72.0 * hour, rel=0.25)  # and a trip, a start-up


def test_what_is_saved_waits_in_no_tank():
    """Goods in process count: a month's earnings do not depend on when drums are shipped."""
    accounts = Accounts(CALM, 0)
    earned = [accounts.run(month * MONTH) for month in range(1, 5)]
    months = [b - a for a, b in pairwise(earned)]
    assert max(months) == pytest.approx(min(months), rel=0.01)
    assert stock(accounts.plant.ledger(), prices().tree) > 0.0


def test_measures_are_bought_when_the_books_are_closed_and_paid_from_cash():
    costly = [Measure("F1-F4", 0.0), Measure("F9", 1e5), Measure("F6", 6.3e4)]
    steps = {"F1-F4": ("F1", "F2", "F3", "F4"), "F9": ("F9",), "F6": ("F6",)}
    terms = Terms(books=MONTH, retained=0.8, limit=YEAR)
    went = rolled(costly, steps, terms, horizon=0.5 * YEAR)
    assert went.order == ("F1-F4", "F9", "F6")
    assert all(step.bought % MONTH == pytest.approx(0.0, abs=1e-9) for step in went.steps)
    assert all(went.cash(step.bought) >= 0.0 for step in went.steps)


@pytest.mark.long
def test_the_same_replication_gives_the_same_programme():
    setting = Setting(PLANT.variant(), prices().tree, seed=3)
    order = measures(MONEY, {"F5": ("F5",)}, PLANT.plan.tree)
    terms = Terms(starting_cash=5e4, books=MONTH, limit=MONTH)
    one, other = (
        rolled(order, {"F5": ("F5",)}, terms, horizon=MONTH, setting=setting) for _ in range(2)
    )
    assert one == other


def test_the_units_of_a_scheme_are_those_that_it_patches():
    scheme = Scheme(
        "Z1", "low-cost", "t", "t", "t", "l", "r", "assumed",
        (Patch("crude_column.trays", "set", 30), Patch("site.pressure", "scale", 1.0)),
    )  # fmt: skip
    units = {"crude_column": baseline().tree.crude_column}
    assert units_concerned([scheme], units) == ("crude_column",)


def test_a_site_that_changes_is_refused():
    line = baseline().tree
    with pytest.raises(ValueError, match="site cannot change while the line runs"):
        refuse_changes(line, replace_at(line, "site.repair_crews", 9))


def test_a_step_takes_as_long_as_the_longest_of_its_schemes():
    together = PLANT.plan.tree.of(["F1", "F2", "F8"])
    each = [PLANT.plan.tree.of([name]) for name in ("F1", "F2", "F8")]
    assert together.lead_time == max(one.lead_time for one in each)
    assert together.downtime == max(one.downtime for one in each)
    assert together.at_shutdown


def test_a_scheme_without_a_price_is_refused_until_one_is_said():
    with pytest.raises(ValueError, match=r"F12: nobody gives an investment.*--invest F12=120"):
        measures(MONEY, {"F12": ("F12",)}, PLANT.plan.tree)
    (measure,) = measures(MONEY, {"F12": ("F12",)}, PLANT.plan.tree, {"F12": 1.2e6})
    assert measure.investment == 1.2e6


def test_a_plan_is_set_by_path_with_units():
    own = PLANT.own_plan(None, ["F11.lead_time=60 d", "terms.retained=1"]).tree
    assert own.F11.lead_time == 1440.0
    assert own.terms.retained == 1.0


def test_where_nobody_plans_nothing_takes_time():
    (measure,) = measures(MONEY, {"F5": ("F5",)}, AT_ONCE.tree)
    assert (measure.lead_time, measure.downtime, measure.at_shutdown) == (0.0, 0.0, False)
