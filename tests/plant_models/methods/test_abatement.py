"""The Pareto front and the abatement cost curve, by their definitions."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plant_models.methods.abatement import cost_curve, knee, pareto_front

POINTS = st.lists(
    st.tuples(st.integers(-5, 5), st.integers(-5, 5)).map(lambda p: (float(p[0]), float(p[1]))),
    max_size=30,
)


def beats(one, other):
    return one[0] >= other[0] and one[1] >= other[1] and one != other


@given(POINTS)
def test_the_front_is_what_nothing_beats_each_place_once(points):
    front = pareto_front([p[0] for p in points], [p[1] for p in points])
    expected = {p for p in points if not any(beats(q, p) for q in points)}
    assert sorted(points[i] for i in front) == sorted(expected)
    assert [points[i][0] for i in front] == sorted((p[0] for p in expected), reverse=True)


def test_candidates_without_a_number_are_left_out():
    assert pareto_front([float("nan"), 1.0], [9.0, 1.0]) == [1]


def test_a_front_needs_two_figures_each():
    with pytest.raises(ValueError, match="two figures of each"):
        pareto_front([1.0], [1.0, 2.0])


@given(st.floats(0.01, 100.0), st.floats(0.01, 100.0), st.floats(-1e3, 1e3))
def test_units_of_measure_do_not_move_the_knee(one, other, shift):
    front = [(10.0, 0.0), (9.0, 3.0), (8.0, 7.0), (2.0, 8.0), (0.0, 9.0)]
    assert knee([one * x + shift for x, _ in front], [other * y - shift for _, y in front]) == 2


def test_a_front_that_bulges_nowhere_has_no_knee():
    assert knee([2.0, 1.0, 0.0], [0.0, 1.0, 2.0]) is None
    assert knee([2.0, 0.0], [0.0, 2.0]) is None
    assert knee([], []) is None


def test_of_two_that_earn_alike_the_curve_does_not_prefer_the_one_that_avoids_less():
    """Both earn 10; per tonne it is -10 for 1 t and -1 for 10 t, and Taylor's worse one first."""
    curve = cost_curve({"little": 1.0, "much": 10.0}, {"little": -9.9, "much": -10.0})
    assert [m.name for m in curve.earning] == ["much", "little"]
    assert curve.earning[1].per_tonne < curve.earning[0].per_tonne


def test_what_costs_is_ranked_by_its_tonne_and_what_avoids_nothing_is_set_aside():
    avoided = {"dear": 1.0, "cheap": 10.0, "none": 0.0, "worse": -3.0, "dust": 1e-4}
    curve = cost_curve(avoided, {"dear": 5.0, "cheap": 10.0, "none": 1.0, "worse": 1.0, "dust": 1})
    assert [m.name for m in curve.costing] == ["cheap", "dear"]
    assert {m.name for m in curve.useless} == {"none", "worse", "dust"}
    assert curve.earning == ()
    assert [m.name for m in curve.steps] == ["cheap", "dear"]
