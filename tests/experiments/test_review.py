"""The command ``review``: what a review adds, told the same each time, and bad input."""

import json

import pytest

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
    assert all(len(line) <= 100 for line in text.splitlines())


@pytest.mark.long
def test_the_number_of_workers_does_not_show(call):
    arguments = ["review", "--measures", "M2", "--years", "0.02", "--replications", "3", "--json"]
    one, two = (call(*arguments, "--workers", workers).stdout for workers in "12")
    assert json.loads(one) == json.loads(two)


@pytest.mark.parametrize(("arguments", "words"), [(a, w) for a, *w in BAD])
def test_bad_input_ends_in_one_message(refused, arguments, words):
    refused("review", *arguments.split(), words=words)
