"""Product and acid by their grades: purity, iron, chlorine, and what they are sold for."""

from dataclasses import replace
from statistics import NormalDist

import pytest

from plant_models.chlorobenzene import own_design
from plant_models.chlorobenzene.line.design import baseline
from plant_models.chlorobenzene.model import PLANT, simulate, steady_state
from plant_models.chlorobenzene.substances.chemistry import COMPONENTS

POOR = ("rectification_column.trays=4", "rectification_column.reflux_ratio=0.3")
"""A column that cannot part chlorobenzene from dichlorobenzene."""

QUARTER = 0.25


def worth(indicators) -> float:
    economy = PLANT.economy
    return sum(economy.annual_value(indicators, economy.priced(None).tree).values())


def test_a_lot_reads_below_the_grade_by_the_error_of_its_analysis():
    """At the grade one in two, two errors above it 2.3 %, far above none."""
    laboratory = replace(baseline().tree.laboratory, grade=0.995, error=0.0005)
    for above, share in ((0.0, 0.5), (2.0, 1 - NormalDist().cdf(2.0)), (10.0, 0.0), (-10.0, 1.0)):
        x = 0.995 + above * 0.0005
        lot = COMPONENTS.stream(chlorobenzene=1000 * x, dichlorobenzene=1000 * (1 - x))
        assert laboratory.below_grade(lot) == pytest.approx(share, abs=1e-9)


def test_the_base_makes_chlorobenzene_of_the_grade():
    made = steady_state().indicators
    assert 0.997 < made["purity"] < 0.9995
    assert made["below_grade_t"] < 1e-3 * made["chlorobenzene_t"]


def test_four_trays_and_little_reflux_sell_all_of_it_below_the_grade():
    before, after = (steady_state(design=own_design(None, s)).indicators for s in ((), POOR))
    assert after["purity"] < 0.96
    assert after["below_grade_t"] == pytest.approx(
        after["chlorobenzene_t"] / after["purity"], rel=0.01
    )
    assert after["steam_t"] < before["steam_t"]
    assert worth(after) < worth(before) - 1e7


def test_a_year_of_events_sells_such_lots_apart_and_names_them():
    run = simulate(years=QUARTER, seed=1, record=True, design=own_design(None, POOR))
    made = run.indicators
    lots = run.ledger.total(sink="below grade") / 1000 / QUARTER
    assert made["below_grade_t"] == pytest.approx(lots, rel=0.06)  # the first lots are of last year
    assert lots > 0.9 * made["chlorobenzene_t"]
    assert str(run.diary()).count("is below the grade, sold as such") > 20


def test_lots_are_of_the_grade_where_the_column_is_as_it_was_built():
    run = simulate(years=QUARTER, seed=1, record=True)
    assert run.ledger.total(sink="below grade") == 0
    assert "below the grade" not in str(run.diary())


def test_a_purity_next_to_the_grade_makes_the_laboratory_decide():
    """Some lots of the same column pass, some do not, as many as the errors tell."""
    purity = steady_state().indicators["purity"]
    design = own_design(None, {"laboratory.grade": purity})
    run = simulate(years=QUARTER, seed=1, design=design)
    below = run.ledger.total(sink="below grade")
    drums = run.ledger.total(stream="packing.drums")
    assert 0.3 < below / (below + drums) < 0.7
    assert run.indicators["below_grade_t"] == pytest.approx(below / 1000.0 / QUARTER)


@pytest.mark.parametrize("without", ["lots", "events"])
def test_where_no_lots_are_taken_the_share_that_would_read_so_is_below_the_grade(without: str):
    purity = steady_state().indicators["purity"]
    design = own_design(None, {"laboratory.grade": purity})
    run = simulate(years=0.1, seed=1, design=design, without=(without,))
    drums = run.ledger.total(stream="packing.drums") / 1000.0 / run.years
    assert 0.3 < run.indicators["below_grade_t"] / drums < 0.7


def test_wash_acid_brings_iron_beyond_the_trades_grade():
    """Iron of the catalyst, some 300 mg/kg with F7 and none without; free chlorine in either."""
    before, after = (steady_state(s).indicators for s in ("none", "F7"))
    assert before["acid_iron_ppm"] == 0
    assert before["acid_above_iron_t"] == 0
    assert 200 < after["acid_iron_ppm"] < 400
    assert after["acid_above_iron_t"] == after["hydrochloric_acid_t"]
    assert before["acid_chlorine_ppm"] > 100


def test_iron_in_the_acid_may_cost_what_f7_brings():
    """At 40 RMB a tonne, far beyond its range, the discount is more than what F7 earns."""
    economy = PLANT.economy
    none, done = (steady_state(s).indicators for s in ("none", "F7"))

    def gain(discount: float) -> float:
        book = replace(economy.priced(None).tree, iron_discount=discount)
        before, after = (sum(economy.annual_value(i, book).values()) for i in (none, done))
        return after - before

    assert gain(0.0) > 3e5
    assert gain(40.0) < 0


def test_acid_is_above_the_grades_chlorine_on_one_side_of_its_limit_alone():
    """Of either kind of acid all or nothing is above; a limit beyond what it holds lets it pass."""
    chlorine = steady_state().indicators["acid_chlorine_ppm"] / 1e6
    for limit, share in ((0.99 * chlorine, 1.0), (1.01 * chlorine, 0.0)):
        found = steady_state(design=own_design(None, {"laboratory.chlorine_limit": limit}))
        made = found.indicators
        assert made["acid_above_chlorine_t"] == share * made["hydrochloric_acid_t"]


def test_chlorine_in_the_acid_costs_its_discount_a_tonne():
    economy = PLANT.economy
    made = steady_state().indicators
    book = economy.priced(None).tree
    whole, less = (
        sum(economy.annual_value(made, replace(book, chlorine_discount=d)).values())
        for d in (0.0, 10.0)
    )
    assert whole - less == pytest.approx(10.0 * made["hydrochloric_acid_t"])


def test_every_set_of_the_programme_sells_acid_above_the_grades_chlorine():
    """So the fitted price is that of such acid, and a discount as well is none in the base."""
    for schemes in ("none", *(f"F{i}" for i in range(1, 12)), "F1-F11"):
        made = steady_state(schemes).indicators
        assert made["acid_above_chlorine_t"] == made["hydrochloric_acid_t"] > 0.0, schemes
    assert PLANT.economy.priced(None).tree.chlorine_discount == 0.0
