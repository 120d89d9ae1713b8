"""The command ``review``: what a review adds, told the same each time, and bad input."""

import json
from typing import Any

import pytest

from experiments.studies.compare import compare
from experiments.studies.criticality import criticality
from experiments.studies.review import review

BAD = [
    ("--measures none", "measures: expected", "a measure or more"),
    ("--measures M9", "no scheme 'M9'"),
    ("--schemes M1 --measures M1", "M1 is among the schemes already"),
    ("--slack half_lif=3", "did you mean 'half_life'"),
    ("--slack restored=2", "restored", "0 to 1"),
    ("--workers 0", "--workers"),
    ("--years x --workers 0", "2 faults"),
]


@pytest.mark.long
def test_a_review_adds_to_what_quotas_save():
    found = review(measures="M2", years=0.2)
    gains = found.as_json()["figures"]["caustic_t"]["gains"]
    assert gains["full force"]["mean"] < gains["reviewed"]["mean"] < gains["no review"]["mean"] < 0
    text = str(found)
    assert "what a review adds" in text
    assert "Runs: 0.2 years of 8,760 h from 1 Jan, seed 1, 2 replications" in text
    assert "+-: half the 95 % interval of the mean" in text
    assert "e-1" not in text  # what two equal runs differ by
    assert all(len(line) <= 100 for line in text.splitlines())


@pytest.mark.long
def test_the_number_of_workers_does_not_show(call):
    arguments = ["review", "--measures", "M2", "--years", "0.02", "--replications", "3", "--json"]
    one, two = (call(*arguments, "--workers", workers).stdout for workers in "12")
    assert json.loads(one) == json.loads(two)


@pytest.mark.parametrize(("arguments", "words"), [(a, w) for a, *w in BAD])
def test_bad_input_ends_in_one_message(refused, arguments, words):
    refused("review", *arguments.split(), words=words)


def test_a_plant_earns_the_same_in_review_criticality_and_compare():
    """Sales less purchases and the upkeep of what is in place, here of F6 and F7."""
    run: dict[str, Any] = {"years": 0.001, "replications": 1}
    compared = compare("F6, F7", "none", **run).before.means["margin"].mean * 1e4
    assert review("F6, F7", measures="M2", **run).mean("margin_rmb") == pytest.approx(compared)
    (base,) = criticality("F6, F7", kinds=["crew"], **run).base
    assert base["margin"] == pytest.approx(compared)
