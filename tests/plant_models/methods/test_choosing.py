"""The best under a budget and limits: problems whose answer is known."""

from itertools import product

import numpy as np
import pytest

from plant_models.methods.attribution import members
from plant_models.methods.choosing import Candidates, Limit, read_limit, read_limits

COSTS = {"A": 10.0, "B": 20.0, "C": 30.0, "D": 45.0}
WORTHS = {"A": 60.0, "B": 100.0, "C": 120.0, "D": 200.0}


def knapsack(budget: float = np.inf, **more: object) -> Candidates:
    """Return independent measures: what a set is worth is the sum of what its members are."""
    sets = [members(tuple(COSTS), n) for n in range(16)]
    worth = np.array([sum(WORTHS[i] for i in ids) for ids in sets])
    cost = np.array([sum(COSTS[i] for i in ids) for ids in sets])
    tonnes = np.array([100.0 - 10.0 * len(ids) for ids in sets])
    return Candidates(worth, cost, {"t": tonnes}, budget, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("budget", [0.0, 10.0, 29.0, 30.0, 50.0, 55.0, 75.0, 104.0, 105.0])
def test_the_best_of_a_knapsack_is_the_one_that_trying_all_finds(budget: float):
    best = max(
        sum(w for w, taken in zip(WORTHS.values(), x, strict=True) if taken)
        for x in product((0, 1), repeat=4)
        if sum(c for c, taken in zip(COSTS.values(), x, strict=True) if taken) <= budget
    )
    assert knapsack(budget).value == best


def test_greed_by_worth_per_cost_would_fail_where_trying_all_does_not():
    """Per cost the first is best, 6; within 50 the best set is the second with the third."""
    best = knapsack(50.0).best
    assert best is not None
    assert members(tuple(COSTS), best) == ("B", "C")


def test_captures_in_series_are_not_added_up():
    """Of 100 t, 60 % and 50 % and 40 % in series leave 100 x 0.4 x 0.5 x 0.6 = 12 t.

    At 1 a tonne, less costs of 20, 12 and 9, the first alone is best of one, 60 - 20 = 40; but the
    best set is the other two, 70 - 21 = 49, and all three come to 88 - 41 = 47.
    """
    capture, cost = {"A": 0.6, "B": 0.5, "C": 0.4}, {"A": 20.0, "B": 12.0, "C": 9.0}
    sets = [members(tuple(cost), n) for n in range(8)]
    left = np.array([100.0 * np.prod([1.0 - capture[i] for i in ids]) for ids in sets])
    spent = np.array([sum(cost[i] for i in ids) for ids in sets])
    found = Candidates(100.0 - left - spent, spent, {"left": left})
    assert found.best == 0b110
    assert found.value == pytest.approx(49.0)
    tight = Candidates(found.worth, spent, {"left": left}, limits=(Limit("left", "<=", 15.0),))
    assert tight.best == 0b111
    assert tight.price_of(tight.limits[0]) == pytest.approx(2.0)


def test_the_ladder_tells_the_best_of_every_budget():
    steps = knapsack().ladder()
    for budget in np.arange(0.0, 120.0, 2.5):
        reached = [n for cost, n in steps if cost <= budget]
        assert knapsack(budget).value == knapsack().worth[reached[-1]]


def test_a_limit_is_kept_against_the_base():
    fall = read_limit("t<=-25%", ["t"])
    found = knapsack(limits=(fall,))
    assert found.best == 0b1111
    cheap = knapsack(60.0, limits=(fall,))
    assert members(tuple(COSTS), cheap.best or 0) == ("A", "B", "C")
    assert knapsack(40.0, limits=(fall,)).best is None
    assert np.isnan(knapsack(40.0, limits=(fall,)).value)


def test_of_equals_the_cheaper_is_taken():
    assert Candidates(np.array([0.0, 5.0, 5.0]), np.array([0.0, 9.0, 3.0]), {}).best == 2


def test_what_nobody_knows_is_never_taken():
    worth, cost = np.array([0.0, np.nan, 7.0]), np.array([0.0, 1.0, np.nan])
    assert Candidates(worth, cost, {}, 5.0).best == 0


def test_the_front_holds_what_no_other_beats():
    worth, tonnes = np.array([0.0, 10.0, 8.0, 7.0, 3.0]), np.array([9.0, 6.0, 5.0, 5.5, 1.0])
    found = Candidates(worth, np.zeros(5), {"t": tonnes})
    assert found.front("t") == [1, 2, 4]
    assert found.front("t", 1.0) == [1, 0]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("air.b<=200", "air.b <= 200"),
        (["air.b <= -60 %"], "air.b <= -60 %"),
        ({"air.b": "-60%"}, "air.b <= -60 %"),
        ({"air.b": 12.5}, "air.b <= 12.5"),
        ({"air.b": ">=0.995"}, "air.b >= 0.995"),
        (None, None),
    ],
)
def test_limits_are_read_as_people_write_them(given: object, told: str | None):
    found = read_limits(given, ["air.b"])
    assert [str(each) for each in found] == ([] if told is None else [told])


@pytest.mark.parametrize(
    ("given", "fault", "said"),
    [
        ("air.b", ValueError, "expected a limit like"),
        ("air.b<=x", ValueError, "expected a limit like"),
        ("air.b<=1e999", ValueError, "expected a limit like"),
        ("air.b=5", ValueError, "came 'air.b=5'"),  # nobody knows which side is meant
        ("air.c<=3", LookupError, "no 'air.c'; did you mean"),
        ([3], TypeError, "came 3"),
        (7, TypeError, "came 7"),
    ],
)
def test_what_is_no_limit_is_refused(given: object, fault: type[Exception], said: str):
    with pytest.raises(fault, match=said):
        read_limits(given, ["air.b"], "--require")
