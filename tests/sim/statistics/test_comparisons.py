"""Several comparisons, sequential stopping: against closed forms and coverage."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from sim.statistics.comparisons import FLOOR, estimate, holm, precise
from sim.statistics.intervals import Interval, interval

numbers = st.floats(-100.0, 100.0).map(lambda x: round(x, 3))


def test_the_p_value_is_that_of_the_t_test() -> None:
    values = np.random.default_rng(1).normal(0.3, 1.0, 12)
    assert estimate(values.tolist()).p == pytest.approx(stats.ttest_1samp(values, 0.0).pvalue)


def test_the_p_value_is_below_a_level_just_when_the_interval_excludes_zero() -> None:
    for shift in np.linspace(-1.0, 1.0, 41):
        values = (np.random.default_rng(2).normal(0.0, 1.0, 8) + shift).tolist()
        assert (estimate(values, 0.9).p < 0.1) == (0.0 not in interval(values, 0.9))


def test_a_difference_without_spread_is_certain() -> None:
    assert estimate([2.0, 2.0, 2.0]).p == 0.0
    assert estimate([0.0, 0.0, 0.0]).p == 1.0
    assert math.isnan(estimate([2.0]).p)


def test_holm_of_four_worked_by_hand() -> None:
    """0.005 x 4; 0.01 x 3; 0.03 x 2; then 0.04 x 1, which may not be below 0.06."""
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm([0.6, 0.7]) == [1.0, 1.0]
    assert holm([]) == []


@given(st.lists(st.floats(0.0, 1.0), min_size=1, max_size=12))
def test_holm_lies_between_the_single_test_and_bonferroni_and_keeps_the_order(
    p_values: list[float],
) -> None:
    adjusted = holm(p_values)
    for p, q in zip(p_values, adjusted, strict=True):
        assert p <= q <= min(1.0, len(p_values) * p) or q == pytest.approx(p)
    order = sorted(range(len(p_values)), key=lambda i: p_values[i])
    assert [adjusted[i] for i in order] == sorted(adjusted)


def test_holm_calls_a_true_zero_a_difference_as_seldom_as_it_says() -> None:
    """Eight tests without any difference: one of them is below 5 % in 34 % of the cases."""
    draws = np.random.default_rng(3).random((4000, 8)).tolist()
    single = sum(min(row) <= 0.05 for row in draws) / 4000
    together = sum(min(holm(row)) <= 0.05 for row in draws) / 4000
    assert single == pytest.approx(1 - 0.95**8, abs=0.03)
    assert abs(together - (1 - (1 - 0.05 / 8) ** 8)) <= 3 * math.sqrt(0.05 * 0.95 / 4000)


def test_a_mean_is_precise_when_its_half_width_is_small_against_it() -> None:
    """Gamma / (1 + gamma) of the estimate is gamma of the least true mean in the interval."""
    of = Interval(-11.0, -12.0, -10.0, 12, 1.0)
    assert precise(of, 0.1)
    assert not precise(of, 0.0999)
    assert precise(Interval(0.0, 0.0, 0.0, 12, 0.0), 0.01)
    assert not precise(Interval(0.0, -1.0, 1.0, 12, 1.0), 0.99)


def stops(values: list[float], relative: float, floor: int) -> int | None:
    """Return the first number of replications at which their mean is precise."""
    numbers = range(floor, len(values) + 1)
    return next((n for n in numbers if precise(interval(values[:n]), relative)), None)


def test_stopping_by_itself_covers_a_little_less_often_than_it_says() -> None:
    """Normal values, coefficient of variation 0.2, relative error 0.1, floor 10."""
    rng = np.random.default_rng(7)
    covered, used = 0, []
    for values in rng.normal(10.0, 2.0, (1000, 60)).tolist():
        n = stops(values, 0.1, FLOOR)
        assert n is not None
        used.append(n)
        covered += 10.0 in interval(values[:n])
    assert 0.91 <= covered / 1000 <= 0.95
    assert 14 <= np.mean(used) <= 24
