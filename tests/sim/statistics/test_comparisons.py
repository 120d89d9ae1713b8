"""Control variates, several comparisons, sequential stopping: against closed forms and coverage."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from sim.clock.demands import drawn, expected
from sim.clock.random_streams import RandomStreams
from sim.network.operation import FailureMode
from sim.statistics.comparisons import FLOOR, controlled, estimate, holm, precise
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


def test_what_depends_linearly_on_the_controls_is_removed_altogether() -> None:
    rng = np.random.default_rng(4)
    chance = rng.gamma(2.0, 3.0, (9, 2))
    values = 5.0 + (chance - [6.0, 6.0]) @ [1.5, -0.25]
    told = controlled(values.tolist(), chance.tolist(), [6.0, 6.0])
    assert told.interval.mean == pytest.approx(5.0, rel=1e-12)
    assert told.interval.half_width < 1e-12
    assert told.plain > 1.0


def test_controls_that_nearly_say_the_same_are_still_two() -> None:
    """Correlation 0.99: what tells them apart explains as much as what they share."""
    rng = np.random.default_rng(9)
    shared, own = rng.normal(0.0, 1.0, (2, 12))
    chance = np.column_stack([shared, shared + 0.14 * own])
    values = 5.0 + 10.0 * (chance[:, 1] - chance[:, 0])
    told = controlled(values.tolist(), chance.tolist(), [0.0, 0.0])
    assert told.interval.mean == pytest.approx(5.0, rel=1e-9)
    assert told.interval.half_width < 1e-9 < 0.1 < told.plain


@given(st.lists(st.tuples(numbers, numbers, numbers), min_size=5, max_size=12), numbers, numbers)
def test_adding_any_multiple_of_the_controls_changes_nothing(
    rows: list[tuple[float, float, float]], k: float, mean: float
) -> None:
    values, one, other = (list(column) for column in zip(*rows, strict=True))
    chance = [[a, b] for a, b in zip(one, other, strict=True)]
    more = [v + k * (a - mean) for v, a in zip(values, one, strict=True)]
    if len(set(one)) == 1 and one[0] != mean:
        return  # a control that has not varied cannot be corrected for
    was, now = (controlled(v, chance, [mean, 0.0]).interval for v in (values, more))
    size = 1.0 + max(abs(v) for v in (*values, *more))
    assert now.mean == pytest.approx(was.mean, abs=1e-5 * size)
    assert now.half_width == pytest.approx(was.half_width, abs=1e-5 * size)


def test_one_control_gives_the_textbook_regression() -> None:
    """Intercept and its standard error of a straight line through (c - mu, y)."""
    rng = np.random.default_rng(5)
    chance = rng.exponential(2.0, 10)
    values = 3.0 + 0.7 * chance + rng.normal(0.0, 1.0, 10)
    line = stats.linregress(chance - 2.0, values)
    told = controlled(values.tolist(), chance.reshape(-1, 1).tolist(), [2.0]).interval
    assert told.mean == pytest.approx(line.intercept)
    t = stats.t.ppf(0.975, 8)
    assert told.half_width == pytest.approx(t * line.intercept_stderr)


def test_controls_that_have_not_varied_or_say_the_same_change_nothing() -> None:
    values = [1.0, 4.0, 2.0, 8.0, 5.0, 7.0]
    chance = [0.5, 0.1, 0.9, 0.3, 0.2, 0.8]
    plain = interval(values)
    flat = controlled(values, [[3.0]] * 6, [1.0]).interval
    assert (flat.mean, flat.half_width) == pytest.approx((plain.mean, plain.half_width))
    one = controlled(values, [[c] for c in chance], [0.5]).interval
    twice = controlled(values, [[c, 1e6 * c, 7.0] for c in chance], [0.5, 5e5, 2.0]).interval
    assert (twice.mean, twice.half_width) == pytest.approx((one.mean, one.half_width))


def test_controlled_intervals_cover_as_often_as_they_say_and_are_shorter() -> None:
    """Correlation 0.9: the half-width falls by sqrt(1 - 0.81) = 0.44, if n were large."""
    rng = np.random.default_rng(6)
    covered, ratios = 0, []
    for _ in range(2000):
        chance = rng.normal(10.0, 2.0, (12, 2))
        values = 3.0 + 0.9 * (chance[:, 0] - 10.0) / 2.0 + math.sqrt(0.19) * rng.normal(size=12)
        told = controlled(values.tolist(), chance.tolist(), [10.0, 10.0])
        covered += 3.0 in told.interval
        ratios.append(told.interval.half_width / told.plain)
    assert abs(covered - 1900) <= 3 * math.sqrt(2000 * 0.95 * 0.05)
    assert 0.42 < float(np.median(ratios)) < 0.56


def test_controlled_intervals_still_cover_when_the_controls_are_five_failures_a_run() -> None:
    """A Poisson number of failures and their lognormal repair hours are skewed, not normal."""
    rng = np.random.default_rng(8)
    covered = 0
    for _ in range(2000):
        failures = rng.poisson(5.0, 10)
        hours = np.array([rng.lognormal(2.0, 0.5, n).sum() for n in failures])
        mean = 5.0 * math.exp(2.0 + 0.125)
        values = 100.0 - 0.2 * hours + rng.normal(0.0, 1.0, 10)
        chance = np.column_stack([failures, hours])
        told = controlled(values.tolist(), chance.tolist(), [5.0, mean])
        covered += 100.0 - 0.2 * mean in told.interval
    assert abs(covered - 1900) <= 3 * math.sqrt(2000 * 0.95 * 0.05)


@pytest.mark.parametrize(
    ("values", "controls", "means", "said"),
    [
        ([1.0, 2.0], [[1.0], [2.0]], [1.0], "1 controls take 3 replications or more, got 2"),
        ([1.0, 2.0, 3.0], [[1.0], [2.0]], [1.0], "controls of 2 replications for 3 values"),
    ],
)
def test_controls_that_do_not_fit_are_refused(values, controls, means, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        controlled(values, controls, means)


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


@pytest.mark.parametrize("repair_law", ["constant", "exponential", "lognormal"])
def test_drawn_failures_and_repair_hours_have_the_means_that_are_said(repair_law: str) -> None:
    mode = FailureMode(mtbf=500.0, mttr=8.0, repair_law=repair_law)
    demands = []
    for replication in range(3000):
        streams = RandomStreams(1, replication)
        demands.append(drawn(mode, streams.stream("a", "f"), streams.stream("a", "r"), 2000.0))
    failures, hours = expected(mode, 2000.0)
    assert (failures, hours) == (4.0, 32.0)
    for column, mean in zip(np.array(demands).T, (failures, hours), strict=True):
        assert abs(column.mean() - mean) <= 3 * column.std() / math.sqrt(3000)
    assert np.var([f for f, _ in demands]) == pytest.approx(4.0, rel=0.1)  # Poisson


def test_a_law_without_a_closed_expectation_is_refused() -> None:
    with pytest.raises(ValueError, match="weibull law has no closed expectation"):
        expected(FailureMode(mtbf=500.0, mttr=8.0, law="weibull"), 2000.0)
