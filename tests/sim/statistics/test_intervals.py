"""Intervals, paired differences, time averages and warm-up of simulation output."""

import math
import subprocess
import sys
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.statistics.intervals import TimeAverage, interval, paired_difference, warm_up, z_score


def test_an_interval_uses_the_t_quantile_of_the_tables() -> None:
    """Nine degrees of freedom: 2.262 at 95 %, 3.250 at 99 %."""
    values = [float(i) for i in range(10)]
    unit = math.sqrt(sum((v - 4.5) ** 2 for v in values) / 9 / 10)
    result = interval(values)
    assert result.mean == 4.5
    assert result.n == 10
    assert result.half_width / unit == pytest.approx(2.262157, abs=1e-6)
    assert interval(values, confidence=0.99).half_width / unit == pytest.approx(3.249836, abs=1e-6)
    assert result.high - result.low == pytest.approx(2 * result.half_width)
    assert 4.0 in result
    assert 9.0 not in result


def test_intervals_cover_the_mean_as_often_as_they_say() -> None:
    draws = np.random.default_rng(1).normal(3.0, 2.0, size=(2000, 5))
    covered = sum(3.0 in interval(row.tolist()) for row in draws)
    assert abs(covered - 1900) <= 3 * math.sqrt(2000 * 0.95 * 0.05)


def test_one_value_says_nothing_about_the_spread() -> None:
    result = interval([7.0])
    assert (result.mean, result.low, result.high) == (7.0, -math.inf, math.inf)


def test_equal_values_have_no_spread_at_all() -> None:
    result = interval([0.1] * 7)
    assert (result.mean, result.half_width) == (0.1, 0.0)


def test_statistics_of_nothing_are_an_error() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        interval([])


def test_a_confidence_of_certainty_is_an_error() -> None:
    with pytest.raises(ValueError, match=r"confidence 1\.0 must lie between 0 and 1"):
        interval([1.0, 2.0], confidence=1.0)


def test_a_paired_difference_forgets_what_the_pairs_share() -> None:
    shared = [3.0, 90.0, -20.0, 55.0]
    a = [x + d for x, d in zip(shared, (2.0, 1.0, 2.0, 1.0), strict=True)]
    result = paired_difference(a, shared)
    assert result.mean == pytest.approx(1.5)
    assert result.half_width == pytest.approx(3.182446 * math.sqrt(1 / 12), rel=1e-6)


def test_pairs_must_be_complete() -> None:
    with pytest.raises(ValueError, match="got 2 and 3"):
        paired_difference([1.0, 2.0], [1.0, 2.0, 3.0])


def test_a_z_score_counts_standard_errors() -> None:
    assert z_score([9.0, 10.0, 11.0], 9.0) == pytest.approx(math.sqrt(3))
    assert z_score([9.0, 10.0, 11.0], 11.0) == pytest.approx(-math.sqrt(3))


def test_a_z_score_without_spread_is_zero_or_infinite() -> None:
    assert z_score([2.0, 2.0], 2.0) == 0.0
    assert z_score([2.0, 2.0], 3.0) == -math.inf


def test_a_z_score_of_one_value_is_an_error() -> None:
    with pytest.raises(ValueError, match="at least 2 values, got 1"):
        z_score([2.0], 2.0)


def test_warm_up_drops_the_transient() -> None:
    noise = np.random.default_rng(2).normal(0.0, 1.0, 2000)
    transient = 20.0 * np.exp(-np.arange(2000) / 40.0)
    dropped = warm_up((noise + transient).tolist())
    assert 80 <= dropped <= 300
    assert dropped % 5 == 0


def test_a_constant_series_has_no_warm_up() -> None:
    assert warm_up([4.0] * 50) == 0


def test_warm_up_never_drops_more_than_half() -> None:
    assert warm_up([float(i) for i in range(100)]) <= 50


def test_warm_up_minimises_the_published_criterion() -> None:
    values = np.random.default_rng(3).normal(0.0, 1.0, 200) + np.r_[np.full(30, 5.0), np.zeros(170)]
    batches = values.reshape(-1, 5).mean(axis=1)
    criterion = [((batches[d:] - batches[d:].mean()) ** 2).sum() / (40 - d) ** 2 for d in range(21)]
    assert warm_up(values.tolist()) == 5 * int(np.argmin(criterion))


def test_warm_up_of_a_few_values_is_an_error() -> None:
    with pytest.raises(ValueError, match="at least 10 values, got 9"):
        warm_up([1.0] * 9)


def test_the_average_of_a_straight_rise_is_its_middle() -> None:
    level = TimeAverage(2.0, 10.0)
    level.to(6.0, 30.0)
    assert (level.mean, level.minimum, level.maximum, level.hours) == (20.0, 10.0, 30.0, 4.0)


def test_a_delivery_is_a_jump_that_takes_no_time() -> None:
    level = TimeAverage(0.0, 10.0)
    level.jump(58.0)
    level.to(24.0, 10.0)
    assert level.mean == pytest.approx(34.0)
    assert (level.minimum, level.maximum) == (10.0, 58.0)


def test_time_does_not_run_backwards() -> None:
    level = TimeAverage(5.0, 0.0)
    with pytest.raises(ValueError, match="time 4 h lies before the last record at 5 h"):
        level.to(4.0, 0.0)


def test_before_any_time_has_passed_the_average_is_the_level() -> None:
    level = TimeAverage(0.0, 3.0)
    assert level.mean == 3.0


def test_a_restart_forgets_all_but_the_level() -> None:
    level = TimeAverage(0.0, 100.0)
    level.to(10.0, 20.0)
    level.restart()
    level.to(12.0, 30.0)
    assert (level.mean, level.maximum) == (25.0, 30.0)


@settings(max_examples=30)
@given(
    st.lists(st.tuples(st.floats(0.01, 100.0), st.floats(0.0, 50.0)), min_size=1, max_size=8),
    st.floats(0.01, 0.99),
)
def test_where_a_slope_is_cut_changes_no_average(
    moves: list[tuple[float, float]], cut: float
) -> None:
    whole, pieces = (TimeAverage(0.0, 5.0) for _ in range(2))
    time, level = 0.0, 5.0
    for hours, new in moves:
        pieces.to(time + cut * hours, level + cut * (new - level))
        time, level = time + hours, new
        whole.to(time, level)
        pieces.to(time, level)
    assert pieces.mean == pytest.approx(whole.mean, rel=1e-9)


def test_importing_the_module_loads_no_scipy() -> None:
    code = "import sys, sim.statistics.intervals; sys.exit('scipy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize("values", [b"F1", "12", {1.0: 2.0}, [10**400], [1.0, None], [1j]])
def test_what_is_no_number_has_no_statistics(values: Any) -> None:
    with pytest.raises(TypeError, match=r"^interval: expected values as a list of numbers, came "):
        interval(values)


def test_numbers_whose_squares_no_float_holds_are_told() -> None:
    with pytest.raises(ValueError, match=r"^statistics of values up to 1e\+300: "):
        interval([1e300, -1e300])


def test_one_value_that_is_not_known_has_no_spread() -> None:
    found = interval([math.nan])
    assert math.isnan(found.mean)
    assert (found.low, found.high) == (-math.inf, math.inf)
