"""What helpers for statistics, tables and methods take though it is no list."""

from collections.abc import Callable
from fractions import Fraction
from math import nan
from typing import Any

import numpy as np
import pandas as pd
import pytest

from plant_models.methods import attribution, factorial, reconciliation, sensitivity
from sim import tables
from sim.statistics.fitting import Prior, Target, fit
from sim.statistics.intervals import interval, share_interval

COSTS: Any = {"F1": 10.0, "F2": 20.0}
ROWS = [["1", "2"], ["3", "x"]]


@pytest.mark.parametrize(
    "name",
    [COSTS, COSTS.keys(), iter(COSTS), pd.Index(COSTS)],
    ids=["mapping", "keys", "iterator", "index"],
)
def test_names_may_be_the_keys_of_a_mapping(name: Any):
    assert attribution.Game(name, range(4)).players == ("F1", "F2")


def test_a_mapping_gives_names_wherever_names_are_asked_for():
    assert len(sensitivity.latin_hypercube(COSTS, 3, 1)) == 3
    assert sensitivity.one_at_a_time(COSTS)[1] == {"F1": 0.0}
    assert sensitivity.sobol_points({"all": COSTS}, 4, 1)[0].keys() == COSTS.keys()
    assert attribution.in_order(attribution.Game(COSTS, range(4)), COSTS) == {"F1": 1, "F2": 2}


@pytest.mark.parametrize(
    "figures",
    [
        [Fraction(0), Fraction(1), Fraction(2), Fraction(3)],
        np.array([0.0, 1.0, 2.0, 3.0], dtype=object),
        pd.Series([0, 1, 2, 3], dtype=object),
        [0, 1, 2, 3],
    ],
    ids=["fractions", "objects", "series", "list"],
)
def test_figures_may_be_numbers_of_any_kind(figures: Any):
    assert attribution.Game(COSTS, figures).worth.tolist() == [0.0, 1.0, 2.0, 3.0]
    balances = reconciliation.Balances(("a",), (("x", "a"),) * 4)
    assert balances.gaps(figures) == {"a": 6.0}
    passing = reconciliation.Balances(("a",), (("x", "a"), ("a", "y"), ("a", "z"), ("w", "a")))
    found = reconciliation.Reconciliation(passing, figures, [1.0] * 4)
    assert found.gaps == {"a": 0.0}


def test_numbers_of_half_the_digits_are_added_up_in_all():
    """In single precision 1 + 1e-9 is 1, and the spread of two such values nothing."""
    single = np.array([0.1, 0.2, 0.4], dtype=np.float32)
    assert interval(single) == interval([float(x) for x in single])  # type: ignore[arg-type]
    assert type(interval(single).mean) is float  # type: ignore[arg-type]


def test_outcomes_that_are_true_or_false_count_as_1_and_0():
    assert interval(np.array([True, False])) == interval([1.0, 0.0])  # type: ignore[arg-type]
    assert interval([True, False]) == interval([1.0, 0.0])


def test_a_whole_number_of_money_may_be_large():
    assert factorial.effects([0, 10**20]).tolist() == [1e20, 1e20]


@pytest.mark.parametrize(
    "answer",
    [np.array, iter, tuple, lambda rows: map(tuple, rows)],
    ids=["array", "iterator", "tuple", "map"],
)
@pytest.mark.parametrize("among", [list, lambda values: values], ids=["list", "view"])
def test_a_fitted_model_may_answer_by_an_array_or_one_by_one(
    answer: Callable[[Any], Any], among: Callable[[Any], Any]
):
    priors = {"x": Prior("x", 1.0, 0.5, 2.0)}
    targets = {"y": Target("y", 2.5, 0.1)}
    found = fit(
        lambda points: answer([[2.0 * x] for (x,) in points]),
        among(priors.values()),
        among(targets.values()),
    )
    assert found.converged


def test_a_share_of_nothing_and_one_by_rounding_have_an_interval():
    assert share_interval(nan, 0) == (0.0, 1.0)
    assert share_interval(1.0 + 1e-15, 5) == share_interval(1.0, 5)
    assert share_interval(-1e-15, 5) == share_interval(0.0, 5)


@pytest.mark.parametrize(
    "rows",
    [
        lambda: (row for row in ROWS),
        lambda: zip(["1", "3"], ["2", "x"], strict=True),
        lambda: np.array(ROWS),
        lambda: pd.DataFrame(ROWS).to_numpy(),
        lambda: dict(enumerate(ROWS)).values(),
        lambda: [dict(enumerate(row)).values() for row in ROWS],
    ],
    ids=["generator", "zip", "array", "objects", "view", "views"],
)
def test_rows_of_a_table_may_come_one_by_one_or_in_an_array(rows: Callable[[], Any]):
    head: Any = iter(["a", "b"])
    assert tables.text_table(["a", "b"], rows()) == tables.text_table(head, ROWS)
    assert tables.html_table("c", ["a", "b"], rows()) == tables.html_table("c", ["a", "b"], ROWS)
