"""Lesson 13: a works audited from its folder; what is planted is found, and looking decides."""

from __future__ import annotations

import numpy as np
import pytest

from experiments.lessons import audit_a_folder as audit
from experiments.lessons.checking import BadInput
from plant_models.folder import load

SEEDS = range(1, 61)


@pytest.fixture(scope="module")
def lessons() -> list[audit.Lesson]:
    return [audit.begin(seed) for seed in SEEDS]


@pytest.mark.long
def test_both_faults_are_among_the_first_four_suspects_in_95_of_100_seeds(
    lessons: list[audit.Lesson],
):
    """And are called no noise: each is nine standard errors of its own estimate."""
    for month, seen in (("before", audit.WET), ("after", audit.OFF)):
        found = 0
        for lesson in lessons:
            of = getattr(lesson, month)
            names = lesson.suspects(of)["name"][:4]
            found += bool(of.found) and seen in [lesson.look(of, name) for name in names]
        assert found >= 0.95 * len(SEEDS)


def test_every_fault_is_planted_for_somebody(lessons: list[audit.Lesson]):
    right = [[lesson.check.question(n).right for n in ("where", "meter_off")] for lesson in lessons]
    assert {place for place, _ in right} == set(audit.LEAKS)
    assert {meter for _, meter in right} == set(audit.METERS)


@pytest.mark.long
def test_the_meters_know_the_leak_better_than_the_fence_does(lessons: list[audit.Lesson]):
    for lesson in lessons:
        fence = float(np.sqrt((lesson.fence(lesson.before)["error"] ** 2).sum()))
        size = lesson.check.question("size")
        assert size.tolerance / audit.SURE < 0.6 * fence


def test_the_folder_that_is_handed_out_is_a_plant_that_runs():
    lesson = audit.begin(3)
    for place in (lesson.first, lesson.second):
        assert load(place).name == "brine works"
    assert (lesson.first / "readings.csv").read_text() != (
        lesson.second / "readings.csv"
    ).read_text()


def test_who_looks_at_what_is_not_there_is_told_what_comes_near():
    lesson = audit.begin(1)
    with pytest.raises(BadInput, match="no unit, tank or meter 'dyer'; did you mean 'dryer'"):
        lesson.look(lesson.before, "dyer")
