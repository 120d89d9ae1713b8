"""How long a run may be, and how many there must be: the same for everything that runs a year."""

import pytest

from experiments.studies.end_of_pipe import watched
from plant_models import chlorobenzene as cb
from plant_models.chlorobenzene.model import PLANT
from plant_models.methods.management import managed

RUNNERS = {
    "simulate": lambda years: cb.simulate(years=years),
    "watched": lambda years: watched(PLANT.variant(), {}, years=years),
    "managed": lambda years: managed(
        PLANT.variant(), (), review=True, slack=PLANT.slackening.tree, years=years
    ),
}


@pytest.mark.parametrize("years", [0.0, -1.0, 1000.1, float("nan"), float("inf")])
@pytest.mark.parametrize("run", RUNNERS.values(), ids=RUNNERS)
def test_years_that_make_no_run_are_refused(run, years):
    told = r"years(: expected| must be more than 0 and at most 1000)"
    with pytest.raises(ValueError, match=told):
        run(years)
