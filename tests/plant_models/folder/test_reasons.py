"""Where a figure of a plant of a folder comes from: rows that add up to it, units, parameters."""

from typing import Any

import pytest

from plant_models import plant_named
from plant_models.outcome import Outcome

PLANTS = ("brine", "plating", "vessels")


@pytest.fixture(scope="module", params=PLANTS)
def runs(request: pytest.FixtureRequest) -> tuple[Outcome[Any], ...]:
    plant = plant_named(request.param)
    return plant.steady_state(), plant.simulate("none", years=0.6, seed=2)


def test_rows_add_up_to_every_figure_on_both_clocks(runs: tuple[Outcome[Any], ...]):
    for run in runs:
        for name, value in run.indicators.items():
            rows = run.why(name).rows
            assert sum(row.amount for row in rows) == pytest.approx(value, rel=1e-9, abs=1e-9), name


def test_the_trail_of_a_loss_leads_to_units_and_the_word_their_numbers_stand_on():
    told = plant_named("brine").steady_state("B2").why("sewer.salt_t")
    (first,) = told.rows
    assert first.what == "bleed.purge to sewer, normal"
    assert first.before == ("centrifuge",)
    text = str(told)
    assert "bleed.share.purge" in text
    assert "changed from 0.3 (assumed)" in text
    assert "assumed: our own estimate, its reason in the note" in text


def test_what_a_folder_states_without_a_source_is_told_as_that():
    text = str(plant_named("brine").steady_state().why("brine_t"))
    assert "stated: as the plant's folder says it" in text


def test_hours_that_a_revision_takes_are_its_own():
    rows = plant_named("brine").simulate("none", years=0.6, seed=2).why("operating_hours").rows
    assert "revision" in {row.owner for row in rows}


def test_a_figure_that_there_is_not_is_told_with_what_comes_near():
    with pytest.raises(LookupError, match=r"no indicator .* did you mean 'sewer\.salt_t'"):
        plant_named("brine").steady_state().why("sewer.sald_t")
