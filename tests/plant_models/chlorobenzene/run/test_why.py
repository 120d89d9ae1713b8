"""The trail of an indicator: it adds up, and ends at parameters and sources."""

from typing import Any

import pytest

from plant_models.chlorobenzene.model import steady_state
from plant_models.chlorobenzene.run.result import Result
from plant_models.chlorobenzene.run.why import ROWS


@pytest.fixture(scope="module")
def steady() -> Result:
    return steady_state("F1, F7")


@pytest.mark.parametrize("indicator", ROWS)
def test_the_rows_of_a_year_add_up_to_the_indicator(indicator, first_year):
    told = first_year("none").why(indicator)
    assert sum(row.amount for row in told.rows) == pytest.approx(told.value, rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("indicator", ROWS)
def test_the_rows_of_the_steady_state_add_up_to_the_indicator(indicator, steady):
    told = steady.why(indicator)
    assert sum(row.amount for row in told.rows) == pytest.approx(told.value, rel=1e-9, abs=1e-9)


def test_every_indicator_has_a_trail(steady):
    assert set(ROWS) == set(steady.indicators)


def test_the_largest_row_comes_first(steady):
    amounts = [row.amount for row in steady.why("air.benzene_t").rows]
    assert amounts == sorted(amounts, reverse=True)


def test_tail_gas_leads_back_through_the_absorber_to_the_chlorinator(steady):
    first = steady.why("air.benzene_t").rows[0]
    assert first.what == "emergency_scrubber.gas to air, normal"
    assert "absorber" in first.before
    assert first.before[-1] == "chlorinator"


def test_the_trail_ends_at_values_with_sources_that_are_told(steady):
    told = steady.why("air.benzene_t")
    text = str(told)
    assert "absorber.approach" in text
    assert "boiling-chlorination-thesis: Thesis on boiling" in text
    for card in told.cards:
        for row in card.rows:
            assert row.fact is None or told.sources[row.fact.source]


def test_units_of_two_hundredths_or_more_show_their_parameters_and_no_others(steady):
    told = steady.why("air.benzene_t")
    size = sum(abs(row.amount) for row in told.rows)
    shown = {row.owner for row in told.rows if row.owner and abs(row.amount) >= 0.02 * size}
    small = {row.owner for row in told.rows if row.owner} - shown
    before = {name for row in told.rows if row.owner in shown for name in row.before}
    cards = {card.name for card in told.cards}
    assert len(shown) >= 2
    assert shown <= cards
    assert small - before
    assert not cards & (small - before)


def test_a_parameter_that_a_scheme_changed_says_what_it_was(steady):
    assert "changed from parallel (plant-case)" in str(steady.why("air.benzene_t"))


def test_an_unknown_indicator_is_told_what_comes_near(steady):
    with pytest.raises(LookupError, match=r"did you mean 'air\.benzene_t'"):
        steady.why("air.benzen_t")
    with pytest.raises(LookupError, match=r"^no indicator \['air\.benzene_t'\]; known: "):
        steady.why(["air.benzene_t"])


def test_a_language_that_is_no_word_is_told_with_those_there_are(steady):
    with pytest.raises(TypeError, match=r"^lang: expected one of en, zh, came \['zh'\]"):
        steady.diary(["zh"])


def test_a_trail_shows_as_tables_in_a_notebook(steady):
    page = steady.why("steam_t")._repr_html_()
    assert page.count("<table>") == page.count("</table>") >= 3
    assert "steam_t = " in page


@pytest.mark.parametrize("odd", [None, 1.0, "off_gas_cooler", ("a", "b")])
def test_a_share_is_that_of_a_row(steady, odd: Any):
    with pytest.raises(TypeError, match=r"^share: expected row as Row, came "):
        steady.why("air.benzene_t").share(odd)
