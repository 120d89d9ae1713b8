"""Closed forms of the well-mixed tank: known answers, limits, and laws."""

from math import exp, expm1

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.mixing import mean_composition, mix, retained

N = 4
kilograms = st.one_of(st.just(0.0), st.floats(1e-3, 1e6))
contents = st.lists(kilograms, min_size=N, max_size=N)
shares = st.floats(0.0, 1.0)


def test_a_tank_at_constant_contents_reaches_the_known_composition() -> None:
    end, left = mix([0.2 * 12, 0.8 * 12], [0.9 * 22.5, 0.1 * 22.5], 22.5)
    assert end[0] / 12 == pytest.approx(0.7926515232, abs=5e-11)
    assert left[0] / 22.5 == pytest.approx(0.5839191876, abs=5e-11)


def test_a_filling_tank_reaches_the_known_composition() -> None:
    end, _ = mix([0.2 * 10, 0.8 * 10], [0.9 * 24, 0.1 * 24], 16.0)
    assert end[0] / 18 == pytest.approx(0.7799725652, abs=5e-11)
    assert sum(end) == pytest.approx(18, rel=1e-14)


def test_the_retained_share_gives_the_same_composition() -> None:
    x = 0.9 + (0.2 - 0.9) * retained(3.0, 2.0, 10.0, 8.0)
    assert x == pytest.approx(0.7799725652, abs=5e-11)


def three_tanks(opening: list[list[float]], steps: int) -> list[list[float]]:
    """Follow three tanks of 1 kg under clean feed for two residence times, in small steps."""
    tanks = opening
    for _ in range(steps):
        flow = [0.0, 2.0 / steps]
        for i, tank in enumerate(tanks):
            tanks[i], flow = mix(tank, flow, 2.0 / steps)
    return tanks


@pytest.mark.parametrize(("loaded", "expected"), [(3, 0.6766764162), (1, 0.2706705665)])
def test_three_tanks_in_series_wash_out_as_known(loaded: int, expected: float) -> None:
    """Interval means passed down the chain err with the square of the step."""
    coarse, fine = (
        three_tanks([[1.0, 0.0] if i < loaded else [0.0, 1.0] for i in range(3)], steps)[2][0]
        for steps in (1000, 2000)
    )
    assert fine + (fine - coarse) / 3 == pytest.approx(expected, abs=5e-11)
    assert fine == pytest.approx(expected, abs=1e-6)


def test_a_tank_that_drains_to_nothing_gives_all_it_had_and_got() -> None:
    end, left = mix([3.0, 1.0], [1.0, 5.0], 10.0)
    assert end == [0.0, 0.0]
    assert left == [4.0, 6.0]


def test_a_tank_drained_a_rounding_error_too_far_destroys_nothing() -> None:
    end, left = mix([0.1, 0.2], [0.0, 0.0], 0.1 + 0.2 + 1e-13)
    assert end == [0.0, 0.0]
    assert left == [0.1, 0.2]


def test_drawing_more_than_there_is_is_an_error() -> None:
    with pytest.raises(ValueError, match="outflow of 5 kg exceeds opening contents of 3 kg"):
        mix([1.0, 2.0], [0.0, 1.0], 5.0)


def test_without_outflow_the_inflow_is_added() -> None:
    assert mix([1.0, 2.0], [0.5, 0.25], 0.0) == ([1.5, 2.25], [0.0, 0.0])


def test_without_inflow_the_composition_stays() -> None:
    end, left = mix([6.0, 2.0], [0.0, 0.0], 2.0)
    assert end == [4.5, 1.5]
    assert left == [1.5, 0.5]


def test_an_empty_tank_passes_the_composition_of_its_inflow() -> None:
    end, left = mix([0.0, 0.0], [3.0, 1.0], 2.0)
    assert end == [1.5, 0.5]
    assert left == [1.5, 0.5]
    assert mix([0.0, 0.0], [3.0, 1.0], 4.0) == ([0.0, 0.0], [3.0, 1.0])


def test_a_trace_of_opening_contents_is_no_division_by_zero() -> None:
    end, left = mix([1e-320, 0.0], [3.0, 1.0], 4.0)
    assert sum(end) <= 1e-300
    assert left == pytest.approx([3.0, 1.0], rel=1e-15)


@pytest.mark.parametrize("z", [1e-3, 1e-6, 1e-9, 1e-12, 1e-16, 0.0, -1e-16, -1e-12, -1e-6])
def test_the_retained_share_is_smooth_where_the_flows_balance(z: float) -> None:
    """Expanded about z = 0 the exponent is -(m / V)(1 - z / 2 + z**2 / 3)."""
    fed = 2.0
    expected = exp(-fed * (1 - z / 2 + z * z / 3))
    assert retained(fed, fed - z, 1.0, 1.0) == pytest.approx(expected, rel=1e-8)


def test_nothing_is_retained_of_a_tank_that_drains_or_is_empty() -> None:
    assert retained(1.0, 3.0, 2.0, 1.0) == 0.0
    assert retained(1.0, 1.0, 0.0, 1.0) == 0.0


def test_everything_is_retained_where_nothing_flows_in() -> None:
    assert retained(0.0, 1.0, 2.0, 1.0) == 1.0
    assert retained(0.0, 2.0, 2.0, 1.0) == 1.0
    assert retained(1.0, 1.0, 2.0, 0.0) == 1.0


def test_the_mean_composition_is_that_of_the_outflow() -> None:
    opening, inflow = [2.0, 8.0], [21.6, 2.4]
    _, left = mix(opening, inflow, 16.0)
    assert mean_composition(opening, inflow, 16.0) == pytest.approx([kg / 16.0 for kg in left])


def test_the_mean_composition_of_a_closed_tank_is_the_limit_of_little_outflow() -> None:
    opening, inflow = [2.0, 8.0], [21.6, 2.4]
    closed = mean_composition(opening, inflow, 0.0)
    assert closed == pytest.approx(mean_composition(opening, inflow, 1e-9), rel=1e-9)
    assert sum(closed) == pytest.approx(1.0, rel=1e-15)


def test_the_mean_composition_of_a_draining_tank_counts_all_that_left() -> None:
    assert mean_composition([3.0, 1.0], [1.0, 5.0], 10.0) == pytest.approx([0.4, 0.6])


def test_a_tank_that_holds_and_gets_nothing_has_no_mean_composition() -> None:
    with pytest.raises(ValueError, match="holds nothing and gets nothing"):
        mean_composition([0.0, 0.0], [0.0, 0.0], 0.0)


def test_a_short_interval_lets_out_the_right_trace_of_a_new_component() -> None:
    """A component new to the tank leaves as m**2 / (2 V) while little has come in."""
    _, left = mix([1.0, 0.0], [0.0, 1e-4], 1e-4)
    assert left[1] == pytest.approx(1e-4 + expm1(-1e-4), rel=1e-7)


@given(contents, contents, shares)
def test_no_component_is_made_or_destroyed(
    opening: list[float], inflow: list[float], drawn: float
) -> None:
    out = drawn * (sum(opening) + sum(inflow))
    end, left = mix(opening, inflow, out)
    for a, b, e, gone in zip(opening, inflow, end, left, strict=True):
        assert e >= 0.0
        assert gone >= 0.0
        assert e + gone == pytest.approx(a + b, rel=1e-12, abs=0.0)
    assert sum(left) == pytest.approx(out, rel=1e-12, abs=1e-12 * sum(opening + inflow))


@given(contents, contents, shares)
def test_the_composition_lies_between_opening_and_inflow(
    opening: list[float], inflow: list[float], drawn: float
) -> None:
    held, fed = sum(opening), sum(inflow)
    end, _ = mix(opening, inflow, drawn * (held + fed))
    closing = sum(end)
    if held and fed and closing > 1e-9 * (held + fed):
        for a, b, e in zip(opening, inflow, end, strict=True):
            low, high = sorted((a / held, b / fed))
            assert low - 1e-9 <= e / closing <= high + 1e-9


@given(contents, contents, st.floats(0.0, 0.999), st.floats(0.0, 1.0))
def test_an_interval_split_in_two_ends_as_the_whole(
    opening: list[float], inflow: list[float], drawn: float, first: float
) -> None:
    total = sum(opening) + sum(inflow)
    out = drawn * total
    whole, left = mix(opening, inflow, out)
    middle, left_1 = mix(opening, [first * kg for kg in inflow], first * out)
    end, left_2 = mix(middle, [kg - first * kg for kg in inflow], out - first * out)
    assert end == pytest.approx(whole, rel=0.0, abs=1e-10 * total)
    both = [a + b for a, b in zip(left_1, left_2, strict=True)]
    assert both == pytest.approx(left, rel=0.0, abs=1e-10 * total)
