"""Closed forms of the well-mixed tank: known answers, limits, and laws."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.flow import mixing, native
from sim.flow.mixing import EMPTIED
from tests.compiled import compiled_loop

N = 4
kilograms = st.one_of(st.just(0.0), st.floats(1e-3, 1e6))
contents = st.lists(kilograms, min_size=N, max_size=N)
shares = st.floats(0.0, 1.0)


def mix(opening: list[float], inflow: list[float], out: float) -> tuple[np.ndarray, np.ndarray]:
    """Return what one tank holds at the end of an interval, and what left it, kg by component."""
    mean = np.zeros(len(opening))
    compiled_loop(mixing, "leaving")(np.array(opening), np.array(inflow), out, 1.0, mean)
    return np.array(opening) + inflow - out * mean, out * mean


def test_a_tank_at_constant_contents_reaches_the_known_composition():
    end, left = mix([0.2 * 12, 0.8 * 12], [0.9 * 22.5, 0.1 * 22.5], 22.5)
    assert end[0] / 12 == pytest.approx(0.7926515232, abs=5e-11)
    assert left[0] / 22.5 == pytest.approx(0.5839191876, abs=5e-11)


def test_a_filling_tank_reaches_the_known_composition():
    end, _ = mix([0.2 * 10, 0.8 * 10], [0.9 * 24, 0.1 * 24], 16.0)
    assert end[0] / 18 == pytest.approx(0.7799725652, abs=5e-11)
    assert end.sum() == pytest.approx(18, rel=1e-14)


def three_tanks(opening: list[list[float]], steps: int) -> list[np.ndarray]:
    """Follow three tanks of 1 kg under clean feed for two residence times, in small steps."""
    tanks = [np.array(tank) for tank in opening]
    for _ in range(steps):
        flow = np.array([0.0, 2.0 / steps])
        for i, tank in enumerate(tanks):
            tanks[i], flow = mix(list(tank), list(flow), 2.0 / steps)
    return tanks


@pytest.mark.parametrize(("loaded", "expected"), [(3, 0.6766764162), (1, 0.2706705665)])
def test_three_tanks_in_series_wash_out_as_known(loaded: int, expected: float):
    """Interval means passed down the chain err with the square of the step."""
    coarse, fine = (
        three_tanks([[1.0, 0.0] if i < loaded else [0.0, 1.0] for i in range(3)], steps)[2][0]
        for steps in (200, 400)
    )
    assert fine + (fine - coarse) / 3 == pytest.approx(expected, abs=1e-9)
    assert fine == pytest.approx(expected, abs=1e-5)


@pytest.mark.parametrize("there", [5e-324, 1e-300, 1e-20, 1e-14])
def test_what_an_empty_tank_lacks_by_rounding_may_be_more_than_all_that_is_there(there: float):
    _, left = mix([-3e-15, there], [1.0, 3.0], 4.0)
    assert left == pytest.approx([1.0, 3.0], abs=1e-13)


def test_a_tank_that_drains_to_nothing_gives_all_it_had_and_got():
    end, left = mix([3.0, 1.0], [1.0, 5.0], 10.0)
    assert end == pytest.approx([0.0, 0.0], abs=1e-10)
    assert left == pytest.approx([4.0, 6.0])


def test_a_tank_that_held_nothing_passes_its_inflow_on():
    _, left = mix([0.0, 0.0], [3.0, 1.0], 2.0)
    assert left == pytest.approx([1.5, 0.5])


def test_a_closed_tank_gives_nothing():
    _, left = mix([1.0, 2.0], [3.0, 0.0], 0.0)
    assert left == pytest.approx([0.0, 0.0], abs=1e-14)


def test_a_tank_without_inflow_gives_what_it_holds():
    _, left = mix([1.0, 3.0], [0.0, 0.0], 2.0)
    assert left == pytest.approx([0.5, 1.5])


def test_next_to_constant_contents_the_closed_form_is_smooth():
    (near, _), (at, _) = (mix([2.0, 8.0], [18.0, 2.0], 20.0 + d) for d in (1e-7, 0.0))
    assert near == pytest.approx(at, rel=1e-7)


def test_a_short_interval_is_as_exact_as_a_long_one():
    """The closed form would cancel there; its series does not."""
    for out in (1e-5, 1e-7, 1e-12):
        _, left = mix([2.0, 8.0], [0.9 * out, 0.1 * out], out)
        assert left[0] / out == pytest.approx(0.2 + 0.7 * (0.05 * out - out * out / 600), rel=1e-12)


@settings(max_examples=30)
@given(contents, contents, shares)
def test_nothing_is_lost_and_nothing_is_less_than_nothing(
    opening: list[float], inflow: list[float], share: float
):
    out = share * (sum(opening) + sum(inflow))
    end, left = mix(opening, inflow, out)
    assert end + left == pytest.approx(np.array(opening) + inflow, rel=1e-12)
    rounding = 2.0 * EMPTIED * (sum(opening) + sum(inflow))  # of a tank that passes all on
    assert left.sum() == pytest.approx(out, abs=rounding)
    assert min(end.min(), left.min()) >= -rounding


@settings(max_examples=30)
@given(contents, contents, st.floats(0.05, 0.95), st.floats(0.05, 0.95))
def test_an_interval_in_two_parts_is_the_whole_interval(
    opening: list[float], inflow: list[float], share: float, part: float
):
    out = share * (sum(opening) + sum(inflow))
    whole, _ = mix(opening, inflow, out)
    half, _ = mix(opening, [part * kg for kg in inflow], part * out)
    parts, _ = mix(list(half), [(1 - part) * kg for kg in inflow], (1 - part) * out)
    assert parts == pytest.approx(whole, rel=1e-8, abs=1e-9 * (sum(opening) + sum(inflow)))


def test_in_no_time_an_empty_tank_passes_on_what_enters():
    assert compiled_loop(mixing, "inflow_share")(0.0, 1.0, 2.0, 0.0) == 1.0


@pytest.mark.parametrize("reacting", [False, True])
@pytest.mark.parametrize("seed", range(10))
def test_elimination_that_passes_over_nothing_answers_as_a_library_does(seed: int, reacting: bool):
    """Blocks of three tanks by component, some of which become others, and four rows beyond."""
    rng = np.random.default_rng(seed)
    tanks, n, beyond = 3, N, 4
    size = tanks * n + beyond
    last = np.array([2, 2, 3, 3] if reacting else range(n))
    table = np.where(rng.random((size, size)) < 0.7, rng.normal(size=(size, size)), 0.0)
    for c in range(n):
        for d in range(n):
            if d > last[c] or (d < c and not reacting):  # nothing of d hangs on c
                rows = slice(d * tanks, (d + 1) * tanks)
                table[rows, c * tanks : (c + 1) * tanks] = 0.0
    table[np.diag_indices(tanks * n)] *= rng.choice([0.0, 1.0, 1e-3], tanks * n)  # pivots beside it
    right = rng.normal(size=size)
    given = np.column_stack([table, right])
    solves = native.INTERPRETED[mixing]["_eliminate"](given, tanks, last)
    assert solves == (np.linalg.matrix_rank(table) == size)
    if solves:
        np.testing.assert_allclose(table @ given[:, size], right, rtol=0, atol=1e-9)
