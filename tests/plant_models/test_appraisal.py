"""Steps of a programme as investments: on the source's own figures first."""

from dataclasses import replace

import pytest

from plant_models.chlorobenzene.model import PLANT, steady_state
from plant_models.chlorobenzene.money.prices import prior_prices
from plant_models.chlorobenzene.paper.printed import PROGRAMME, table_1_2
from plant_models.methods.appraisal import Appraisal, appraise, paid, together
from plant_models.methods.economics import reached

MONEY = PLANT.economy
PRICES = prior_prices().tree
ROWS = {name: row for name, row in table_1_2().items() if name != "Total"}
PRINTED = tuple(
    Appraisal(row.name, row.investment, row.income, row.operating_cost, PRICES)
    for row in ROWS.values()
)


def alone(scheme: str, prices=PRICES, **terms) -> Appraisal:
    steps = MONEY.steps([scheme])
    states = [steady_state(each).indicators for each in reached(steps.values())]
    (row,) = appraise(MONEY, steps, states, prices, **terms)
    return row


def worth(row: Appraisal) -> float:
    assert row.present_value is not None
    return row.present_value


def test_the_programme_of_the_source_is_the_plants_order():
    programme = MONEY.steps(f"F{n}" for n in range(11, 0, -1))
    assert tuple(programme) == tuple(ROWS)
    assert sum(programme.values(), ()) == PROGRAMME


def test_a_part_of_the_free_schemes_is_named_as_what_it_is():
    assert MONEY.steps(["F5", "F3", "F1"]) == {"F1, F3": ("F1", "F3"), "F5": ("F5",)}
    assert MONEY.steps(["F12", "F2"]) == {"F2": ("F2",), "F12": ("F12",)}


def test_the_printed_steps_add_up_to_the_printed_total():
    total, printed = together("Total", PRINTED), table_1_2()["Total"]
    assert total.investment == pytest.approx(printed.investment)
    assert total.income == pytest.approx(printed.income)
    assert total.net == pytest.approx(printed.net)
    assert total.payback == pytest.approx(printed.payback, abs=0.005)


def test_the_paid_schemes_pay_back_later_than_the_total():
    """Seed: 252.49 / 432.38 = 0.584 yr against 0.488 with the free ones."""
    alone = together("paid", paid(PRINTED))
    assert [row.name for row in paid(PRINTED)] == [f"F{n}" for n in range(5, 12)]
    assert alone.payback == pytest.approx(0.584, abs=0.0005)


def test_on_printed_figures_f8_fails_every_test_and_the_others_pass():
    failed = {row.name: [k for k, ok in row.tests.items() if ok is False] for row in PRINTED}
    assert failed.pop("F8") == ["payback", "present value", "internal rate"]
    assert not any(failed.values())


def test_present_values_on_printed_figures_are_those_that_were_worked_out_by_hand():
    """At 10 % over 10 years the annuity factor is 6.1446: e.g. F9, 89 x 6.1446 - 22.13 = 525."""
    values = {row.name: worth(row) for row in PRINTED}
    expected = {"F11": 714, "F9": 525, "F10": 429, "F6": 352, "F7": 231, "F5": 160, "F8": -6.1}
    for name, wan in expected.items():
        assert values[name] == pytest.approx(wan * 1e4, abs=1e4 * (0.05 if wan < 0 else 0.6))


def test_a_shorter_horizon_or_dearer_money_lowers_the_value():
    row = PRINTED[-1]
    shorter = replace(row, prices=replace(PRICES, horizon=5))
    dearer = replace(row, prices=replace(PRICES, interest_rate=0.2))
    assert worth(shorter) < worth(row) > worth(dearer)
    assert dearer.payback == row.payback
    paybacks = [row.payback, row.discounted_payback, dearer.discounted_payback]
    assert paybacks == sorted(paybacks, key=lambda years: years or 0.0)
    assert len(set(paybacks)) == 3


def test_what_nobody_gave_an_investment_for_is_not_appraised():
    f12 = alone("F12")
    assert f12.net > 0.0
    assert (f12.cash_flow, f12.payback, f12.present_value, f12.cost_class) == (None,) * 4
    assert f12.tests == {}
    assert together("Total", [f12, *PRINTED]).investment is None
    given = alone("F12", investments={"F12": 2e6})
    assert given.payback == pytest.approx(2e6 / given.net)


def test_upkeep_is_part_of_the_operating_cost():
    """At prices of nothing the flows cost nothing, and what is left is the upkeep."""
    free = replace(PRICES, steam=0.0, electricity=0.0, industrial_water=0.0, caustic=0.0)
    row = alone("F6", free)
    assert row.operating_cost == pytest.approx(PRICES.separator_upkeep, rel=1e-6)
    assert row.net == pytest.approx(sum(row.changes.values()) - PRICES.separator_upkeep)
