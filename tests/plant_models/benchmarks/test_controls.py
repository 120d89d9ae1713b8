"""Control variates made of draws: mean zero, no bias, and no help to an engine that is wrong."""

from functools import cache
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from experiments.studies.validate.cases import random
from experiments.studies.validate.machines import GROUPS, buffered, line_case
from plant_models.benchmarks import oracles
from plant_models.benchmarks.innovations import HeardStreams, before, beyond, by_batch, least
from plant_models.benchmarks.line_watch import LineWatch
from plant_models.benchmarks.machines import two_machines
from plant_models.benchmarks.oracles.two_machines import Machine
from plant_models.benchmarks.queues import LoadingPoint
from sim.clock.random_streams import RandomStreams
from sim.statistics.control_variates import controlled

NODES, WEIGHTS = np.polynomial.legendre.leggauss(40)
FAR = 60.0  # means; an exponential draw is longer once in 1e26


def mean(f, c: float) -> float:
    """Return the mean of f(z, c) over an exponential draw, by quadrature on both sides of c."""
    total = 0.0
    edges = [0.0, *np.linspace(c, c + FAR, 20)]
    for a, b in pairwise(edges):
        z = 0.5 * (a + b) + 0.5 * (b - a) * NODES
        total += 0.5 * (b - a) * float(WEIGHTS @ (np.exp(-z) * f(z, np.full_like(z, c))))
    return total


@given(st.floats(0.01, 10.0), st.integers(1, 4))
def test_every_piece_of_a_draw_has_mean_zero(c: float, power: int):
    assert mean(lambda z, c: least(z, c, power), c) == pytest.approx(0.0, abs=1e-9)
    assert mean(lambda z, c: beyond(z, c, power), c) == pytest.approx(0.0, abs=1e-9)
    assert mean(before, c) == pytest.approx(0.0, abs=1e-9)


def test_whoever_listens_hears_the_numbers_that_the_plant_gets():
    heard = []
    streams = HeardStreams(3, lambda *told: heard.append(told))
    plain = RandomStreams(3)
    for draw in ("exponential", "weibull", "lognormal"):
        arguments = (2.0,) if draw == "exponential" else (2.0, 5.0)
        values = [
            getattr(source.stream("fan", draw), draw)(*arguments) for source in (streams, plain)
        ]
        assert values[0] == values[1] == heard[-1][2]
    means = [told[3] for told in heard]
    assert means == pytest.approx([2.0, 5.0 * 0.8862269254527580, 2.0])


def test_batches_get_the_draws_between_their_ends():
    sums = by_batch([np.array([1.0, 2.0, 4.0, 8.0])], [1, 1, 3, 4])
    assert sums.tolist() == [[0.0], [6.0], [8.0]]


def test_controls_that_explain_all_leave_no_spread():
    rng = np.random.default_rng(1)
    controls = rng.standard_normal((80, 3))
    values = 7.0 + controls @ [1.0, -2.0, 0.5]
    assert controlled(values.tolist(), controls, 10) == pytest.approx([7.0] * 10, rel=1e-6)


@pytest.mark.long
def test_the_estimate_is_unbiased_though_batches_and_controls_are_skewed():
    """A value that is quadratic in its control: one regression on all batches would be biased."""
    rng = np.random.default_rng(2)
    means = []
    for _ in range(4000):
        z = rng.exponential(size=20)
        means.append(float(np.mean(controlled((z**2).tolist(), (z - 1.0)[:, None], 2))))
    assert abs(random("second moment", means, 2.0).error) <= 3.0


def test_a_short_run_is_made_no_worse_by_too_many_controls():
    rng = np.random.default_rng(3)
    controls = rng.standard_normal((40, 30))
    values = 5.0 + 3.0 * controls[:, 0] + 0.1 * rng.standard_normal(40)
    noise = rng.standard_normal((40, 30))
    plain, helped, idle = (
        np.std(controlled(values.tolist(), c, 20)) for c in (np.zeros((40, 1)), controls, noise)
    )
    assert helped < 0.7 * plain
    assert idle < 1.2 * plain


def test_a_control_whose_rare_large_terms_never_came_moves_nothing():
    """Of 1e-4 less a term that comes once in many runs only the 1e-4 is seen: its mean is not 0."""
    rng = np.random.default_rng(4)
    small = 1e-4 + 1e-5 * rng.standard_normal(80)
    values = 5.0 + 1e4 * (small - 1e-4)
    means = controlled(values.tolist(), small[:, None], 40)
    assert abs(random("mean", means, 5.0).error) <= 3.0


def test_a_buffer_that_is_hardly_ever_off_its_bound_is_not_judged_by_what_never_happened():
    first, second = (
        Machine(mu=1.0, p=0.1454, r=3.7368),
        Machine(mu=0.3, p=0.3509, r=0.181),
    )
    cases = line_case("a line", first, second, 0.9077, "run time", hours=16748.0, seed=13)
    assert [case.name for case in cases if abs(case.error) > 4.0] == []


def test_values_without_their_controls_are_an_error():
    with pytest.raises(ValueError, match="4 values with 3 rows of controls for 2 groups"):
        controlled([1.0, 2.0, 3.0, 4.0], np.ones((3, 1)), 2)


# clocks and failures tell here: the second machine is twice as fast and fails four times as often
PAIR = (
    Machine(mu=1.0, p=0.02, r=0.1),
    Machine(mu=2.0, p=0.08, r=0.2),
)
BUFFER = 3.0  # kg


@cache
def watched(clock: str, worse: float = 1.0) -> tuple[LineWatch, dict[str, list[float]]]:
    """Return what is found of the line when the first machine fails more often than is told."""
    first, second = PAIR
    watch = LineWatch(first, second, BUFFER)
    mu, p, r = (1.0, 2.0), (worse * first.p, second.p), (first.r, second.r)
    plant = two_machines(mu, p, r, BUFFER, clock, hear=watch.hear)
    return watch, buffered(plant, watch, hours=2e5, batch=500.0, warm_up=1000.0)


@cache
def errors(clock: str, told: str, worse: float = 1.0) -> tuple[float, float]:
    """Return z of throughput and level against the oracle for the clock that is told."""
    _, means = watched(clock, worse)
    right = oracles.two_machines.two_machines(*PAIR, BUFFER, told)
    return (
        random("throughput", means["throughput"], right.throughput).error,
        random("level", means["level"], right.mean_level).error,
    )


@pytest.mark.long
def test_controls_do_not_correct_an_engine_that_fails_more_often():
    assert max(map(abs, errors("volume", "volume"))) <= 3.0
    assert errors("volume", "volume", worse=1.05)[0] < -6.0


@pytest.mark.long
@pytest.mark.parametrize(("clock", "told"), [("volume", "run time"), ("run time", "calendar")])
def test_controls_do_not_correct_an_engine_with_another_clock(clock: str, told: str):
    assert errors(clock, told)[0] > 20.0


@pytest.mark.long
def test_controls_of_a_line_have_mean_zero_in_every_column():
    """Those that rest on a few rare draws are left out: their mean is not normal yet."""
    controls = watched("volume")[0].controls()
    often = controls[:, (controls != 0.0).mean(axis=0) > 0.9]
    spread = often.std(axis=0)
    usual = np.abs(often).max(axis=0) < 5.0 * spread
    z = (often.mean(axis=0) / spread)[usual] * len(often) ** 0.5
    assert len(z) > 30
    assert np.abs(z).max() < 4.0


@pytest.mark.long
@pytest.mark.parametrize("law", ["exponential", "constant"])
def test_controls_of_a_queue_leave_a_hundredth_of_the_variance(law: str):
    point = LoadingPoint(arrivals=0.8, load=1.0, law=law)
    waits = point.batches(200, 200.0, warm_up=1000.0)["waiting"]
    left = np.std(controlled(waits, point.controls(), GROUPS))
    plain = np.std(np.array(waits).reshape(GROUPS, -1).mean(axis=1))
    assert left**2 < 0.01 * plain**2
