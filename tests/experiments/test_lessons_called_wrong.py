"""What a student gives to a function of a lesson by mistake is told in one sentence."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest

from experiments.lessons import (
    a_unit_of_your_own,
    audit_a_folder,
    audit_the_paper,
    do_schemes_add_up,
    finance_it_yourself,
    is_it_noise,
    meet_the_plant,
    rank_the_losses,
    walk_through_audit,
    with_and_without_review,
)
from experiments.lessons.checking import BadInput, Check, NoQuestion
from tests.experiments.test_told_in_chinese import english


@cache
def begin(lesson: Any) -> Any:
    return lesson.begin(1)


def odd_seed(lesson: Any) -> Any:
    return lesson.begin("3 May")


WRONG: dict[str, tuple[Callable[[], Any], str]] = {
    "no run": (lambda: begin(meet_the_plant).through("F1"), r"through: expected a run, .*'F1'"),
    "no month": (lambda: begin(walk_through_audit).tests(5), r"tests: expected a month, .*came 5"),
    "no month at the fence": (lambda: begin(walk_through_audit).outer(None), "outer: expected"),
    "no month to judge": (lambda: begin(walk_through_audit).verdict(...), "verdict: expected"),
    "no saving": (lambda: begin(rank_the_losses).worth_now("5"), r"worth_now: .*number, .*'5'"),
    "no way": (
        lambda: begin(with_and_without_review).share("reviewd"),
        r"way: no 'reviewd'; did you mean 'reviewed'\?",
    ),
    "no records": (lambda: begin(is_it_noise).made("same"), "made: expected records, .*'same'"),
    "no figure": (lambda: begin(is_it_noise).difference("sold"), "figure: no 'sold'; known: "),
    "no yes or no": (
        lambda: begin(is_it_noise).difference(same="no"),
        "same: expected True or False, came 'no'",
    ),
    "no row": (lambda: begin(audit_the_paper).present_value("F12"), "row: no 'F12'"),
    "no fortnight": (lambda: begin(audit_a_folder).suspects(None), "suspects: expected a fortn"),
    "no fortnight to look at": (lambda: begin(audit_a_folder).look(1, "brine"), "look: expected"),
    "no orders": (lambda: begin(finance_it_yourself).curves(["F5"]), "curves: expected orders"),
}


@pytest.mark.parametrize("called", WRONG)
def test_a_wrong_call_is_told_in_one_sentence(called: str):
    call, said = WRONG[called]
    with pytest.raises(BadInput, match=f"^{said}") as told:
        call()
    assert told.value._render_traceback_() == [str(told.value)]


IN_A_CELL = {
    **{name: call for name, (call, _) in WRONG.items()},
    "no scheme": lambda: begin(do_schemes_add_up).avoided("F2"),
    "no order": lambda: finance_it_yourself.in_order(["F5"]),
    "no number of one's own": lambda: odd_seed(rank_the_losses),
    "no unit": lambda: a_unit_of_your_own.begin().broken(5),
}


@pytest.mark.parametrize("called", IN_A_CELL)
def test_a_wrong_call_is_told_in_the_language_of_the_notebook(called: str):
    """A cell speaks the language of the ``check`` beside it."""
    for language in ("en", "zh"):
        space = {"call": IN_A_CELL[called], "check": Check({}, language)}
        with pytest.raises(BadInput) as told:
            exec("call()", space)
        (said,) = told.value._render_traceback_()
        assert bool(re.search("[\u4e00-\u9fff]", said)) is (language == "zh"), said
        assert language == "en" or not english(said.partition("已知")[0]), said


def test_what_comes_near_a_question_is_told_in_its_language():
    space = {"check": begin(is_it_noise).check.chinese}
    with pytest.raises(NoQuestion) as told:
        exec("check('nois')", space)
    assert told.value._render_traceback_() == ["本课没有问题 'nois'；是不是 'noise'？"]


def test_a_row_is_named_in_small_letters_as_well():
    lesson = begin(audit_the_paper)
    assert lesson.present_value("f8") == lesson.present_value("F8") < 0.0
