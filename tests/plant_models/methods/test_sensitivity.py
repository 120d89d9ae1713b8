"""Designs of points and what is read from them: exact cases, Ishigami's function, laws."""

from math import pi, sin

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from plant_models.methods.sensitivity import (
    latin_hypercube,
    one_at_a_time,
    sobol_indices,
    sobol_points,
    tornado,
)


def ishigami(point):
    r"""Return sin x + 7 sin^2 y + 0.1 z^4 sin x on [-pi, pi]^3 (Ishigami and Homma 1990)."""
    x, y, z = ((2.0 * point[name] - 1.0) * pi for name in "xyz")
    return sin(x) + 7.0 * sin(y) ** 2 + 0.1 * z**4 * sin(x)


def closed_form():
    """Return the indices of Ishigami's function: alone, and with interactions."""
    b, a = 0.1, 7.0
    var = 0.5 + a**2 / 8 + b * pi**4 / 5 + b**2 * pi**8 / 18
    only_x = 0.5 * (1 + b * pi**4 / 5) ** 2
    both = 8 * b**2 * pi**8 / 225
    first = {"x": only_x / var, "y": a**2 / 8 / var, "z": 0.0}
    return first, {"x": first["x"] + both / var, "y": first["y"], "z": both / var}


@given(st.integers(1, 40), st.integers(0, 1000))
def test_a_hypercube_has_one_point_in_every_slice_of_every_input(n, seed):
    points = latin_hypercube(["a", "b"], n, seed)
    for name in "ab":
        assert sorted(int(point[name] * n) for point in points) == list(range(n))


def test_the_same_seed_gives_the_same_hypercube():
    assert latin_hypercube(("a", "b"), 8, 3) == latin_hypercube(("a", "b"), 8, 3)
    assert latin_hypercube(("a", "b"), 8, 3) != latin_hypercube(("a", "b"), 8, 4)


def test_the_longest_bar_of_a_tornado_comes_first():
    points = one_at_a_time(["small", "large"])
    value = [1.0 + p.get("small", 0.5) + 10.0 * p.get("large", 0.5) for p in points]
    base, bars = tornado(["small", "large"], value)
    assert base == 6.5
    assert [bar.name for bar in bars] == ["large", "small"]
    assert (bars[0].low, bars[0].high) == (1.5, 11.5)


def test_a_bar_reaches_to_the_base_and_one_without_a_value_at_an_end_parts_no_others():
    """Of ``bent`` the middle is best; no plant at an end of ``lost`` stood between the others."""
    names, nan = ["short", "lost", "bent", "long"], float("nan")
    _, (bar,) = tornado(["structure"], [1.0, 0.5, 1.5], {"structure": [4.0]})
    assert (bar.low, bar.high, bar.swing) == (0.5, 1.5, 3.5)  # the third choice lies beyond both
    _, bars = tornado(names, [0.25, 0.2, 0.25, nan, 0.3, 0.0, 0.0, 0.25, 0.75])
    assert [bar.name for bar in bars] == ["long", "bent", "short", "lost"]
    assert [bar.swing for bar in bars[:3]] == pytest.approx([0.5, 0.25, 0.05])


def test_the_indices_of_ishigamis_function_are_the_closed_form():
    groups = {name: [name] for name in "xyz"}
    values = [ishigami(point) for point in sobol_points(groups, 4096, 1)]
    first, total = closed_form()
    for index in sobol_indices(groups, values, 1):
        assert index.first == pytest.approx(first[index.name], abs=0.02)
        assert index.total == pytest.approx(total[index.name], abs=0.02)
        assert index.total_ends[0] - 0.01 <= total[index.name] <= index.total_ends[1] + 0.01


def test_without_groups_the_indices_are_those_of_scipy():
    groups = {name: [name] for name in "xyz"}
    values = np.array([ishigami(point) for point in sobol_points(groups, 256, 1)]).reshape(5, -1)
    func = {"f_A": values[:1], "f_B": values[1:2], "f_AB": values[2:, None, :]}
    expected = stats.sobol_indices(func=func, n=256)  # type: ignore[arg-type]  # its stub errs
    found = {index.name: index for index in sobol_indices(groups, values.ravel().tolist(), 1)}
    for i, name in enumerate("xyz"):
        assert found[name].first == pytest.approx(np.ravel(expected.first_order)[i], rel=1e-9)
        assert found[name].total == pytest.approx(np.ravel(expected.total_order)[i], rel=1e-9)


def test_a_group_explains_what_its_members_and_their_interaction_do():
    """As one, x and z: S = S_x + S_z + S_xz, which is the total of x."""
    groups = {"x and z": ["x", "z"], "y": ["y"]}
    values = [ishigami(point) for point in sobol_points(groups, 4096, 1)]
    found = {index.name: index for index in sobol_indices(groups, values, 1)}
    _, total = closed_form()
    assert found["x and z"].first == pytest.approx(total["x"], abs=0.02)
    assert found["x and z"].total == pytest.approx(total["x"], abs=0.02)


weights = st.lists(st.floats(0.5, 5.0), min_size=2, max_size=5)


@pytest.mark.long
@given(weights, st.integers(0, 100))
@settings(max_examples=20)
def test_in_a_sum_each_input_explains_its_weight_squared_over_all(weights, seed):
    groups = {str(i): [str(i)] for i in range(len(weights))}
    values = [
        sum(w * point[str(i)] for i, w in enumerate(weights))
        for point in sobol_points(groups, 1024, seed)
    ]
    squared = np.array(weights) ** 2
    for index in sobol_indices(groups, values, seed):
        expected = squared[int(index.name)] / squared.sum()
        assert index.first == pytest.approx(expected, abs=0.05)
        assert index.total == pytest.approx(expected, abs=0.05)


def test_points_without_a_value_are_left_out_with_their_partners():
    groups = {name: [name] for name in "xyz"}
    values = [ishigami(point) for point in sobol_points(groups, 1024, 1)]
    values[7] = values[1024 + 9] = float("nan")
    found = {index.name: index for index in sobol_indices(groups, values, 1)}
    assert found["y"].total == pytest.approx(closed_form()[1]["y"], abs=0.05)


def test_a_size_that_is_no_power_of_two_is_refused():
    with pytest.raises(ValueError, match="power of two, not 100"):
        sobol_points({"x": ["x"]}, 100, 1)
