"""Batch means against a queue whose long-run wait is known."""

import numpy as np
import pytest

from plant_models.benchmarks.oracles.queues import single_server
from sim.statistics.batches import Measured, batch_means
from sim.statistics.intervals import interval, warm_up

ARRIVALS = 0.5  # 1/h, of a server that takes 1 h in the mean


def waits(trucks: int, runs: int, seed: int = 1) -> np.ndarray:
    """Return what each truck waits, h, run by run: Lindley's recursion from an empty queue."""
    rng = np.random.default_rng(seed)
    gaps = rng.exponential(1.0 / ARRIVALS, (trucks, runs))
    steps = rng.exponential(1.0, (trucks, runs)) - gaps
    wait, rows = np.zeros(runs), []
    for step in steps:
        rows.append(wait)
        wait = np.maximum(wait + step, 0.0)
    return np.array(rows).T


def test_intervals_of_batch_means_cover_the_wait_before_a_server_as_often_as_they_say():
    """M/M/1: the mean wait is rho / (mu - lambda) = 1 h; 95 % of 200 runs are 190, give or take 9.

    A batch of 500 trucks is long against the some 30 in which the queue forgets.
    """
    right = single_server(ARRIVALS, 1.0, 1.0).waiting
    assert right == pytest.approx(1.0)
    runs = waits(trucks=10_000, runs=200)
    covered = sum(right in batch_means(run.tolist(), batches=20) for run in runs)
    assert 0.91 <= covered / 200 <= 0.98


def test_an_interval_that_takes_dependent_values_for_independent_ones_covers_far_less():
    runs = waits(trucks=2_000, runs=400)
    covered = sum(1.0 in interval(run.tolist()) for run in runs)
    assert covered / 400 < 0.6


def test_values_that_are_left_over_are_dropped_at_the_beginning():
    assert batch_means([100.0, 1.0, 3.0, 3.0, 5.0], batches=2) == interval([2.0, 4.0])


@pytest.mark.parametrize("batches", [1, 0, 2.5, True])
def test_batches_are_two_or_more(batches: int):
    with pytest.raises((TypeError, ValueError), match="batches as a whole number of 2 or more"):
        batch_means([1.0] * 10, batches)


def test_batches_take_as_many_values_as_they_are():
    with pytest.raises(ValueError, match="20 batches take at least as many values, got 19"):
        batch_means([1.0] * 19)


def test_the_steady_mean_leaves_out_the_warm_up():
    """A level that falls from 100 to 10 in 50 days and swings about it by 1."""
    days = np.arange(500)
    level = 10.0 + 90.0 * np.maximum(1.0 - days / 50.0, 0.0) + (-1.0) ** days
    found = Measured(float(level.mean()), tuple(level.tolist()))
    assert found.mean > 14.0
    assert found.steady().mean == pytest.approx(10.0, abs=0.1)
    assert 10.0 in found.steady(batches=10)


def test_values_that_are_no_numbers_are_told():
    with pytest.raises(TypeError, match="expected values as a list of numbers, came 'abc'"):
        batch_means("abc", 2)  # type: ignore[arg-type]


@pytest.mark.parametrize("wrong", [float("nan"), float("inf"), 1e308])
def test_a_warm_up_is_told_of_values_that_have_squares(wrong: float):
    """One that is none was dropped with all before it, and ten of 1e308 ended in an overflow."""
    with pytest.raises(ValueError, match=r"MSER-5 takes values up to 1e\+150 in size, got "):
        warm_up([wrong] * 20)


def test_batches_whose_sums_are_no_numbers_are_told():
    """Twenty means of 1e308 and a sum beyond all numbers ended in an overflow."""
    with pytest.raises(ValueError, match=r"values up to 1e\+308: their squares are too large"):
        batch_means([1e308] * 40 + [0.0] * 40)


def test_periods_that_a_warm_up_leaves_too_few_are_told_with_what_it_takes():
    """A rise all along is warm-up to the middle; 24 periods, and `got 14` told of none of them."""
    rising = tuple(map(float, range(24)))
    words = "20 batches take at least as many periods, got 24, of which the warm-up takes 10"
    with pytest.raises(ValueError, match=words):
        Measured(11.5, rising).steady()
    assert Measured(11.5, rising).steady(batches=14).n == 14
