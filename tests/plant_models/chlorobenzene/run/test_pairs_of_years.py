"""Pairs of stochastic years before and after the programme, under the same breakdowns.

The bars of the source: each reduction of Table 1-3, and the hours that F11's income implies. They
are kept by half of the thirty pairs that `docs/calibration.md` tells of, whose intervals are wider.
"""

from statistics import variance

import pytest

from plant_models.chlorobenzene.line.design import baseline
from plant_models.chlorobenzene.paper.printed import table_1_3
from sim.statistics.intervals import interval, paired_difference

pytestmark = pytest.mark.long

WITHIN = 0.08  # relative, of Table 1-3: the whole interval, not only its middle
LOSSES = ("emission gas", "wastewater")


@pytest.mark.parametrize("row", table_1_3())
def test_the_interval_of_each_reduction_lies_within_8_percent_of_the_printed_one(
    row, pairs_of_years
):
    saved = paired_difference(
        [year.indicators[row] for year in pairs_of_years["none"]],
        [year.indicators[row] for year in pairs_of_years["F1-F11"]],
    )
    printed = table_1_3()[row]
    off = [end / printed - 1.0 for end in (saved.low, saved.high)]
    assert -WITHIN <= off[0] <= off[1] <= WITHIN


def test_the_calibrated_line_runs_its_8136_hours_a_year(pairs_of_years):
    hours = interval([year.indicators["operating_hours"] for year in pairs_of_years["none"]])
    assert hours.mean == pytest.approx(baseline().tree.site.operating_hours, rel=0.01)


@pytest.mark.parametrize("cause", ["start-up", "trip", "overflow"])
@pytest.mark.parametrize("schemes", ["none", "F1-F11"])
def test_start_ups_trips_and_spills_are_causes_of_their_own(schemes, cause, pairs_of_years):
    """Start-ups and trips lose in both designs; only the reused waters of the schemes spill."""
    lost = [
        sum(year.causes.get((m, cause), 0.0) for m in LOSSES) for year in pairs_of_years[schemes]
    ]
    if (schemes, cause) == ("none", "overflow"):
        assert max(lost) == 0.0
    else:
        assert min(lost) > 0.0


@pytest.mark.parametrize("name", ["chlorobenzene_t", "air.benzene_t"])
def test_common_random_numbers_make_the_effect_of_schemes_less_noisy(name, pairs_of_years):
    """Years of other breakdowns, the one before paired with the next after, add their variances."""
    before, after = ([year.indicators[name] for year in years] for years in pairs_of_years.values())
    paired, independent = (
        variance([b - a for a, b in zip(before, other, strict=True)])
        for other in (after, [*after[1:], after[0]])
    )
    assert independent > paired
