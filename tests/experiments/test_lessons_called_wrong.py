"""What a student gives to a function of a lesson by mistake is told in one sentence."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from experiments.lessons import (
    audit_a_folder,
    audit_the_paper,
    finance_it_yourself,
    is_it_noise,
    meet_the_plant,
    rank_the_losses,
    walk_through_audit,
    with_and_without_review,
)
from experiments.lessons.checking import BadInput


def begin(lesson: Any) -> Any:
    return lesson.begin(1)


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


def test_a_row_is_named_in_small_letters_as_well():
    lesson = begin(audit_the_paper)
    assert lesson.present_value("f8") == lesson.present_value("F8") < 0.0
