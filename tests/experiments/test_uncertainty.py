"""The command ``uncertainty``: the same for any number of workers, and bad input."""

import json

import pytest

FEW = ("uncertainty", "--schemes", "F5, F8", "--samples", "3", "--factors", "2")
BAD = [
    ("--schemes none", "--schemes", "a scheme or more"),
    ("--schemes F12", "F12", "--invest F12=120"),
    ("--target net_incme", "--target", "did you mean 'net_income'"),
    ("--samples 1", "--samples", "'1'"),
    ("--sobol 100", "--sobol", "power of two"),
    ("--sobol -1", "--sobol"),
    ("--factors 0", "--factors"),
    ("--workers x", "--workers", "'x'"),
    ("--rate 2", "interest_rate", "0 to 1"),
    ("--samples 0 --sobol 3", "2 faults"),
]


@pytest.mark.long
def test_workers_share_the_points_and_change_nothing(call, tmp_path):
    folder = tmp_path / "out"
    arguments = [*FEW, "--sobol", "2", "--json"]
    one = call(*arguments, "--workers", "1", "--out", str(folder)).stdout
    two = call(*arguments, "--workers", "2").stdout
    assert one == two
    told = json.loads(one)
    assert told["tornado"][0]["swing"] >= told["tornado"][-1]["swing"]
    assert [each["name"] for each in told["sobol"]]
    assert "workers" not in one
    names = {each.name for each in folder.iterdir()}
    assert names == {"samples.csv", "tornado.png", "provenance.json"}


@pytest.mark.long
def test_the_report_tells_chances_and_conclusions(call):
    text = call(*FEW, "--sobol", "0", "--workers", "1").stdout
    assert "NPV > 0" in text
    assert "survives" in text
    assert "Sobol" not in text
    assert all(len(line) <= 104 for line in text.splitlines())


@pytest.mark.parametrize(("arguments", "words"), [(a, w) for a, *w in BAD])
def test_bad_input_ends_in_one_message(call, arguments, words):
    result = call("uncertainty", *arguments.split())
    assert result.exit_code == 2, result.output
    for word in words:
        assert word in result.output
