"""Regularised least squares against closed forms: the linear Gaussian posterior and its bounds."""

import math
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sim.statistics.fitting import Fit, Point, Prior, Target, fit

A, B = 3.0, -1.5


def linear(points: Sequence[Point]) -> list[tuple[float, ...]]:
    return [(A * x + B * y, x + y) for x, y in points]


def priors(**ranges: tuple[float, float, float]) -> tuple[Prior, ...]:
    return tuple(Prior(name, *given) for name, given in ranges.items())


def test_a_prior_spreads_over_a_quarter_of_its_range():
    assert Prior("x", 1.0, 0.0, 8.0).sigma == 2.0


def test_one_linear_parameter_is_the_weighted_mean_of_prior_and_data():
    r"""Posterior mean (p/s^2 + t/e^2) / (1/s^2 + 1/e^2), variance 1 / (1/s^2 + 1/e^2)."""
    (prior,) = priors(x=(2.0, -4.0, 8.0))  # s = 3
    told = fit(lambda points: list(points), [prior], [Target("t", 5.0, 1.5)])
    weights = 1.0 / 3.0**2, 1.0 / 1.5**2
    assert told.point[0] == pytest.approx((2.0 * weights[0] + 5.0 * weights[1]) / sum(weights))
    assert told.spreads[0] == pytest.approx(sum(weights) ** -0.5)
    assert told.identified[0] == pytest.approx(1.0 - sum(weights) ** -0.5 / 3.0)
    assert told.converged


def test_two_parameters_have_the_posterior_of_the_normal_equations():
    """Covariance (J' J + 1)^-1 in prior spreads, written out in NumPy's own solver."""
    known = priors(x=(1.0, -9.0, 11.0), y=(0.0, -10.0, 6.0))
    targets = [Target("t", 4.0, 2.0), Target("u", 3.0, 0.5)]
    told = fit(linear, known, targets)
    sigma = np.diag([p.sigma for p in known])
    J = np.array([[A / 2.0, B / 2.0], [1 / 0.5, 1 / 0.5]]) @ sigma
    r = np.array([(A * 1.0 - 4.0) / 2.0, (1.0 - 3.0) / 0.5])
    covariance = np.linalg.inv(J.T @ J + np.eye(2))
    z = -covariance @ J.T @ r
    assert told.point == pytest.approx(tuple(np.array([1.0, 0.0]) + sigma @ z), rel=1e-6)
    assert told.covariance == pytest.approx(covariance, rel=1e-6)
    rho = covariance[0, 1] / math.sqrt(covariance[0, 0] * covariance[1, 1])
    (pair,) = told.correlations()
    assert pair[:2] == ("x", "y")
    assert pair[2] == pytest.approx(rho)
    assert told.correlations(at_least=abs(rho) + 0.01) == ()


def test_a_parameter_that_would_leave_its_range_stays_exactly_at_the_end():
    """The other then solves the problem that is left: y = (x + y = 3) weighed against its prior."""
    known = priors(x=(0.0, -1.0, 1.0), y=(0.0, -4.0, 4.0))
    told = fit(lambda p: [(100.0 * x, x + y) for x, y in p], known,
               [Target("t", 1000.0, 1.0), Target("u", 3.0, 1.0)])  # fmt: skip
    assert told.point[0] == 1.0
    assert told.at_bounds == {"x": "high"}
    assert told.moved[0] == 2.0
    assert told.point[1] == pytest.approx((3.0 - 1.0) / (1.0 + 1.0 / 2.0**2))


def test_what_began_at_an_end_of_its_range_is_pulled_beyond_it_not_back():
    """Of both one target would lower the first, one raise it; none moves the second."""
    told = fit(
        lambda points: [(x, x) for x, _ in points],
        [Prior("x", 0.0, 0.0, 2.0), Prior("y", 0.0, 0.0, 2.0)],
        [Target("below", -3.0, 1.0), Target("above", 1.0, 1.0)],
    )
    assert told.at_bounds == {"x": "low", "y": "low"}
    assert told.pulls("x") == {"below": 1.0}
    assert told.pulls("y") == {}


def test_a_curved_model_is_fitted_too():
    """exp(x) = 5 at ln 5; the target is so narrow that the prior hardly pulls."""
    told = fit(
        lambda points: [(math.exp(x),) for (x,) in points],
        [Prior("x", 0.0, -4.0, 4.0)],
        [Target("t", 5.0, 1e-3)],
    )
    assert told.point[0] == pytest.approx(math.log(5.0), rel=1e-5)
    assert told.outcome[0] == pytest.approx(5.0, rel=1e-5)


def test_steps_that_overshoot_are_shortened_until_one_gains():
    """Newton's method runs away from atan(20 x) = 0 beyond 20 x = 1.39; the fit begins at 18."""
    told = fit(
        lambda points: [(math.atan(20.0 * x),) for (x,) in points],
        [Prior("x", 0.9, -1.0, 1.0)],
        [Target("t", 0.0, 1e-4)],
    )
    assert told.converged
    assert told.point[0] == pytest.approx(0.0, abs=1e-4)


def test_a_step_to_where_the_model_has_no_answer_is_taken_back():
    told = fit(
        lambda points: [(math.sqrt(1.0 - x),) if x <= 0.9 else None for (x,) in points],
        [Prior("x", 0.0, -1.0, 1.0)],
        [Target("t", 0.5, 1e-3)],
    )
    assert told.point[0] == pytest.approx(0.75, rel=1e-3)


def test_what_the_data_do_not_touch_stays_at_its_prior():
    known = priors(x=(0.0, -4.0, 4.0), idle=(0.3, 0.0, 1.0))
    told = fit(lambda points: [(x,) for x, _ in points], known, [Target("t", 2.0, 0.1)])
    assert told.point[1] == 0.3
    assert told.identified[1] == 0.0


def test_a_fit_repeats_itself_to_the_bit_however_the_points_are_evaluated():
    def one_by_one(points: Sequence[Point]) -> list[tuple[float, ...]]:
        return [linear([point])[0] for point in reversed(points)][::-1]

    known = priors(x=(1.0, -9.0, 11.0), y=(0.0, -10.0, 6.0))
    targets = [Target("t", 4.0, 2.0), Target("u", 3.0, 0.5)]
    one, other = fit(linear, known, targets), fit(one_by_one, known, targets)
    assert (one.point, one.spreads) == (other.point, other.spreads)


numbers = st.floats(-3.0, 3.0)


@settings(max_examples=30)
@example(slope=-1.0, aim=0.0, value=-1.0)  # a prior at an end of its range
@given(slope=numbers, aim=st.floats(-50.0, 50.0), value=st.floats(-1.0, 1.0))
def test_no_range_is_ever_left_and_no_fit_is_worse_than_the_prior(slope, aim, value):
    asked: list[float] = []

    def model(points: Sequence[Point]) -> list[tuple[float, ...]]:
        asked.extend(x for (x,) in points)
        return [(slope * x + 0.1 * x * x,) for (x,) in points]

    (prior,) = priors(x=(value, -1.0, 1.0))
    told = fit(model, [prior], [Target("t", aim, 1.0)])
    assert all(-1.0 <= x <= 1.0 for x in asked)

    def cost(x):
        return ((x - value) / prior.sigma) ** 2 + (slope * x + 0.1 * x * x - aim) ** 2

    assert cost(told.point[0]) <= cost(value) * (1.0 + 1e-12)


@pytest.mark.parametrize(
    ("known", "target", "words"),
    [
        (Prior("x", 0.0, 1.0, 1.0), Target("t", 0.0, 1.0), "x: low 1 is not below high 1"),
        (Prior("x", 2.0, 0.0, 1.0), Target("t", 0.0, 1.0), "x: prior 2 is not within 0 to 1"),
        (Prior("x", 0.5, 0.0, 1.0), Target("t", 0.0, 0.0), "t: expected a spread above 0, came 0"),
    ],
)
def test_what_cannot_be_fitted_is_refused_by_name(known, target, words):
    with pytest.raises(ValueError, match=words):
        fit(linear, [known], [target])


def test_a_model_without_an_answer_at_the_prior_is_told():
    with pytest.raises(ValueError, match="no answer at the prior"):
        fit(lambda points: [None for _ in points], priors(x=(0.0, -1.0, 1.0)), [Target("t", 1, 1)])


def test_a_fit_that_runs_out_of_steps_says_so():
    told: Fit = fit(
        lambda points: [(math.exp(x),) for (x,) in points],
        [Prior("x", 0.0, -100.0, 100.0)],
        [Target("t", 5.0, 1e-3)],
        most_steps=1,
    )
    assert not told.converged
    assert told.steps == 1
