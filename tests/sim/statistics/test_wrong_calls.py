"""What is no number, list or text is refused by every helper for statistics and tables."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from sim import tables
from sim.statistics.batches import batch_means
from sim.statistics.comparisons import estimate, holm, precise
from sim.statistics.control_variates import controlled
from sim.statistics.fitting import Prior, Target, fit
from sim.statistics.intervals import (
    TimeAverage,
    interval,
    paired_difference,
    share_interval,
    t_quantile,
    warm_up,
    z_score,
)
from tests.refused import NO_NUMBERS, NO_SUCH, Call, cases, numbered, of, refuse, take


def model(points: Any) -> Any:
    return [(2.0 * x,) for (x,) in points]


CALLS = (
    of(tables.text_table, ["a", "b"], [["1", "2"]]),
    of(tables.text_tables, ["a", "b"], [["1", "2"]], keep=1),
    of(tables.folded_table, ["a", "b"], [["1", "2"]], width=100),
    of(tables.columns, "text"),
    of(tables.readable, 1.0),
    of(tables.three, 1.0),
    of(tables.counted, 2.0, "year", "years"),
    of(tables.words, "crude_column"),
    of(tables.indented, "text", 4),
    of(tables.html_table, "caption", ["a"], [["1"]]),
    of(interval, [1.0, 2.0], 0.9),
    of(paired_difference, [1.0, 2.0], [2.0, 1.0], 0.9),
    of(batch_means, [1.0, 2.0], 2, 0.9),
    of(estimate, [1.0, 2.0], 0.9),
    of(warm_up, [1.0] * 20),
    of(holm, [0.1, 0.2]),
    of(precise, interval([1.0, 2.0]), 0.1),
    of(controlled, [1.0] * 8, np.ones((8, 1)), 2),
    of(share_interval, 0.5, 10),
    of(z_score, [1.0, 2.0], 1.0),
    of(TimeAverage, 0.0, 1.0),
    of(t_quantile, 3, 0.9),
    of(fit, model, (Prior("x", 1.0, 0.5, 2.0),), (Target("y", 2.5, 0.1),)),
)


@pytest.mark.parametrize("value", NO_SUCH, ids=str)
@pytest.mark.parametrize(("call", "name"), cases(CALLS))
def test_what_is_of_another_kind_is_refused_by_its_name(call: Call, name: str, value: object):
    refuse(call, name, value)


@pytest.mark.parametrize("value", NO_NUMBERS, ids=repr)
@pytest.mark.parametrize(("call", "name"), numbered(CALLS))
def test_what_is_nearly_a_number_is_refused_by_its_name(call: Call, name: str, value: object):
    refuse(call, name, value)


@pytest.mark.parametrize(("call", "name"), numbered(CALLS))
def test_what_numpy_makes_of_a_number_is_one(call: Call, name: str):
    take(call, name)


NAN = float("nan")


@pytest.mark.parametrize("value", ["text", NAN, -1.0, 1.5, 10**400])
@pytest.mark.parametrize(("of_function", "name"), [(share_interval, "share")])
def test_a_share_is_from_0_to_1(of_function: Any, name: str, value: object):
    refuse(of(of_function, 0.5, 10), name, value)


def test_a_figure_that_is_none_or_endless_is_written_as_it_is():
    assert [tables.readable(x) for x in (NAN, np.inf, -np.inf)] == ["nan", "inf", "-inf"]
    assert [tables.three(x) for x in (NAN, np.inf, -np.inf)] == ["nan", "inf", "-inf"]


def test_a_row_has_as_many_cells_as_its_header():
    with pytest.raises(ValueError, match=r"as the header has, 2; row 2 is \['1'\]"):
        tables.text_table(["a", "b"], [["1", "2"], ["1"]])


def test_values_that_come_one_by_one_are_read_once():
    assert estimate(iter([1.0, 2.0, 3.0])).p == estimate([1.0, 2.0, 3.0]).p  # type: ignore[arg-type]


def test_a_model_that_answers_with_something_else_is_told():
    given = ((Prior("x", 1.0, 0.5, 2.0),), (Target("y", 2.5, 0.1),))
    for answer in (None, "text", [("a",)], [(1.0, 2.0)], []):
        with pytest.raises((TypeError, ValueError), match=r"^fit: expected of the model "):
            fit(lambda points, answer=answer: answer, *given)  # type: ignore[misc]


KNOWN: Any = (Prior("x", 1.0, 0.5, 2.0),)
GOALS: Any = (Target("y", 2.5, 0.1),)
VALUES: dict[str, tuple[Callable[[], object], str]] = {
    "a chance above 1": (lambda: holm([0.1, 2.0]), "holm: expected p_values from 0 to 1, came 2.0"),
    "a chance below 0": (lambda: holm([-0.1]), "holm: expected p_values from 0 to 1, came -0.1"),
    "an error below 0": (
        lambda: precise(interval([1.0, 2.0]), -1.0),
        "precise: expected relative as a number of 0 or more, came -1.0",
    ),
    "no freedom": (lambda: t_quantile(0, 0.9), "expected degrees as a number of 1 or more, came 0"),
    "more than sure": (lambda: t_quantile(3, 1.5), "expected p as a number from 0 to 1, came 1.5"),
    "a count below 0": (lambda: share_interval(0.5, -3), "expected count as a number of 0 or more"),
    "few values": (
        lambda: controlled([1.0] * 3, np.ones((3, 1)), 1),
        "controlled: expected 4 values or more, came 3",
    ),
    "masked": (
        lambda: interval(np.ma.array([1.0, 2.0], mask=[False, True])),  # type: ignore[arg-type]
        "interval: expected values as a list of numbers, came ",
    ),
    "no priors": (lambda: fit(model, (), GOALS), "fit: expected one of priors or more, each once"),
    "no targets": (
        lambda: fit(model, KNOWN, ()),
        "fit: expected one of targets or more, each once",
    ),
    "twice": (lambda: fit(model, KNOWN * 2, GOALS), "each once, came x, x"),
    "words": (
        lambda: fit(model, (Prior("x", "1", 0.5, 2.0),), GOALS),  # type: ignore[arg-type]
        "prior of 'x': expected value as a number, and a finite one, came '1'",
    ),
    "no spread": (
        lambda: fit(model, KNOWN, (Target("y", 2.5, None),)),  # type: ignore[arg-type]
        "target 'y': expected sigma as a number, came None",
    ),
}


@pytest.mark.parametrize("what", VALUES)
def test_a_value_that_cannot_be_is_told_with_what_was_expected(what: str):
    call, message = VALUES[what]
    with pytest.raises((TypeError, ValueError)) as told:
        call()
    assert message in str(told.value)


def test_a_chance_that_nobody_knows_makes_no_other_one_larger():
    """Beside one unknown, 0.001 counts twice; before it, it was made 1."""
    assert holm([NAN, 0.001])[1] == holm([0.001, NAN])[0] == pytest.approx(0.002)
