"""Measures that wear off: closed forms, what a review brings back, and the line that follows."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plant_models.chlorobenzene.line.design import baseline, catalogue
from plant_models.chlorobenzene.model import PLANT, simulate
from plant_models.methods.management import course, managed, partly
from sim.model.schemes import Patch, apply
from sim.model.tree import get

SLACK = PLANT.slackening.tree
TREE = baseline().tree
YEAR = 8760.0
shares = st.floats(0.0, 1.0)


def test_after_a_half_life_half_of_what_can_wear_off_has():
    assert SLACK.after(1.0, SLACK.half_life) == pytest.approx(0.5 * (1.0 + SLACK.floor))


@given(shares, st.floats(0.0, 1e5), st.floats(0.0, 1e5))
def test_wearing_off_twice_is_wearing_off_once_for_as_long_as_both(force, first, second):
    at_once = SLACK.after(force, first + second)
    assert SLACK.after(SLACK.after(force, first), second) == pytest.approx(at_once, abs=1e-12)


@given(shares, shares, st.booleans())
def test_the_force_lies_between_habit_and_all_of_it(floor, restored, review):
    slack = replace(SLACK, floor=floor, restored=restored)
    for _, force in course(slack, YEAR, review=review):
        assert floor - 1e-12 <= force <= 1.0


@given(shares, st.floats(200.0, 3000.0))
def test_a_review_never_leaves_less_of_a_measure(restored, interval):
    slack = replace(SLACK, restored=restored, review_interval=interval, step=1e6)
    without = slack.after(1.0, YEAR)
    *_, (hour, last) = course(slack, YEAR, review=True)
    assert last >= slack.after(1.0, 0.5 * (hour + YEAR)) - 1e-12
    assert last >= without - 1e-12


def test_a_full_review_starts_every_interval_anew():
    slack = replace(SLACK, restored=1.0, step=1e6)
    forces = [force for _, force in course(slack, 10.0 * SLACK.review_interval, review=True)]
    assert forces == pytest.approx([forces[0]] * 10)


@pytest.mark.parametrize("measure", PLANT.measures)
def test_all_of_a_measure_is_the_measure_and_none_of_it_is_nothing(measure):
    scheme = catalogue()[measure]
    assert apply(TREE, [partly(scheme, 1.0, TREE)]) == apply(TREE, [scheme])
    nothing = apply(TREE, [partly(scheme, 0.0, TREE)])
    for patch in scheme.patches:
        assert get(nothing, patch.path) == pytest.approx(get(TREE, patch.path), rel=1e-12)


@given(shares)
def test_part_of_a_scale_is_between_one_and_the_scale(force):
    patch = Patch("alkali_wash.excess", "scale", 0.7)
    scheme = replace(catalogue()["M2"], patches=(patch,))
    (worn,) = partly(scheme, force, TREE).patches
    assert worn.value == pytest.approx(1.0 - 0.3 * force)


def test_a_switch_is_kept_while_more_than_half_of_it_is():
    scheme = catalogue()["F6"]
    for force, installed in ((0.6, True), (0.4, False)):
        assert apply(TREE, [partly(scheme, force, TREE)]).drain_separator.installed is installed


def test_what_is_all_habit_runs_as_the_measure_does():
    habit = replace(SLACK, floor=1.0)
    kept = managed(
        PLANT.variant(), ("M2",), review=False, slack=habit, years=0.1, without=["events"]
    )
    plain = simulate("M2", years=0.1, without=["events"]).indicators
    for name in ("caustic_t", "slop_oil_t", "wastewater.chlorobenzene_t"):
        assert kept[name] == pytest.approx(plain[name], rel=1e-3)


def test_quotas_that_wear_off_save_less_caustic():
    found = [
        managed(
            PLANT.variant(), ("M2",), review=review, slack=slack, years=0.3, without=["events"]
        )["caustic_t"]
        for review, slack in ((False, replace(SLACK, floor=1.0)), (True, SLACK), (False, SLACK))
    ]
    assert found == sorted(found)
