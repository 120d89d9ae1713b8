"""Where a figure of the shop comes from: rows that add up to it, vessels, parameters, sources."""

from typing import Any

import pytest

from plant_models.flowshop import PLANT
from plant_models.flowshop.indicators import UNITS
from plant_models.outcome import Outcome


@pytest.fixture(scope="module", params=["none", "all"])
def runs(request: pytest.FixtureRequest) -> tuple[Outcome[Any], ...]:
    schemes = request.param
    return PLANT.steady_state(schemes), PLANT.simulate(schemes, years=0.2, seed=2)


@pytest.mark.parametrize("name", UNITS)
def test_rows_add_up_to_every_figure_on_both_clocks(runs: tuple[Outcome[Any], ...], name: str):
    for run in runs:
        rows = run.why(name).rows
        assert sum(row.amount for row in rows) == pytest.approx(
            run.indicators[name], rel=1e-9, abs=1e-9
        )


@pytest.mark.parametrize("name", UNITS)
def test_what_adds_up_belongs_to_a_part_of_the_shop(runs: tuple[Outcome[Any], ...], name: str):
    for run in runs:
        for row in run.why(name).rows:
            assert row.owner or name in ("stock_change_t", "closure"), row
            assert not row.owner or hasattr(run.tree, row.owner), row


def test_a_loss_leads_to_its_vessel_and_to_what_clings_to_it():
    told = PLANT.steady_state().why("sewer.product_t")
    assert {row.owner for row in told.rows} <= {"mixer", "reactor", "separator", "packing"}
    text = str(PLANT.steady_state().why("rinse_water_t"))
    assert "cleaning.water" in text
    assert "turton-2009" in str(told) or "assumed" in str(told)
