"""Set points between bounds: the best is found, and one that rests on a bound says so."""

from collections.abc import Sequence

import pytest

from plant_models import chlorobenzene as cb
from plant_models.methods.set_points import SetPoint, read_set_points, search

TREE = cb.BASELINE.tree


def test_the_top_of_a_hill_is_found():
    """-(x - 3)^2 - 2 (y - 0.2)^2 has its top at (3, 0.2)."""

    def worth(at: Sequence[float]) -> tuple[float, list[float]]:
        return -((at[0] - 3.0) ** 2) - 2.0 * (at[1] - 0.2) ** 2, []

    found = search(worth, [0.0, 0.0], [10.0, 1.0], [9.0, 0.9])
    assert found.best.values == pytest.approx((3.0, 0.2), abs=0.02)
    assert found.evaluations <= 150


def test_a_hill_whose_top_lies_outside_is_climbed_to_the_bound():
    found = search(lambda at: (at[0], []), [1.0], [4.0], [2.0])
    assert found.best.values == pytest.approx((4.0,))
    assert SetPoint("a", 1.0, 4.0, "assumed").bound(found.best.values[0]) == "upper"


def test_a_limit_is_kept_and_reached():
    """X + y with x^2 + y^2 <= 1 is sqrt(2) at most."""

    def worth(at: Sequence[float]) -> tuple[float, list[float]]:
        return at[0] + at[1], [1.0 - at[0] ** 2 - at[1] ** 2]

    found = search(worth, [0.0, 0.0], [1.0, 1.0], [0.1, 0.1])
    assert found.best.feasible
    assert found.best.worth == pytest.approx(2**0.5, abs=0.01)


def test_a_start_that_is_the_best_stays():
    found = search(lambda at: (-abs(at[0] - 2.0), []), [0.0], [4.0], [2.0])
    assert found.best == found.start


def test_settings_at_which_nothing_runs_are_left_out():
    def worth(at: Sequence[float]) -> tuple[float, list[float]]:
        return (float("nan"), []) if at[0] > 3.0 else (at[0], [])

    found = search(worth, [0.0], [4.0], [1.0])
    assert 1.0 <= found.best.values[0] <= 3.0


def test_a_value_within_its_bounds_rests_on_none():
    point = SetPoint("a", 0.0, 1.0, "assumed", "too little", "too much")
    assert [point.bound(x) for x in (0.005, 0.5, 0.995)] == ["lower", "", "upper"]
    assert [point.beyond(x) for x in (0.005, 0.5, 0.995)] == ["too little", "", "too much"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[dryer.boil]\nlow=1.0\nhigh=2.0\nsource='assumed'", "dryer.boil"),
        ("[dryer.power]\nlow=1.0\nsource='assumed'", "expected low, high, source"),
        ("[dryer.power]\nlow=0.2\nhigh=0.1\nsource='assumed'", "expected low below high"),
        ("[dryer.power]\nlow=0.0\nhigh=1e9\nsource='assumed'", "outside the domain"),
        ("[dryer.power]\nlow=-0.1\nhigh=0.1\nsource='assumed'", "outside the domain"),
        ("[dryer.power]\nlow=0.0\nhigh=0.1\nsource='hearsay'", "not among the sources"),
        ("[dryer.water_reused]\nlow=0.0\nhigh=1.0\nsource='assumed'", "only a parameter that is"),
    ],
)
def test_set_points_that_make_no_sense_are_refused(text: str, said: str):
    with pytest.raises(ValueError, match=said):
        read_set_points(text, TREE, {})
