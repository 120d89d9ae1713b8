"""What ``validate`` prints, and how it ends."""

import json

import pytest

from experiments.studies.validate import study as validate
from experiments.studies.validate.case import exact


@pytest.mark.parametrize("share", ["0", "2", "nan", "all"])
def test_a_share_outside_its_range_is_refused(call, share):
    result = call("validate", "--share", share)
    assert result.exit_code == 2
    assert "--share" in result.output


def test_validate_prints_every_case_and_ends_well_when_all_agree(call):
    result = call("validate", "--json", "--share", "0.001")
    assert result.exit_code == 0, result.output
    cases = json.loads(result.stdout)["cases"]
    assert len(cases) > 50
    assert all(case["ok"] for case in cases)


def test_validate_ends_with_1_and_points_at_the_case_that_is_off(call, monkeypatch):
    cases = [exact("right", 2.0, 2.0), exact("planted", 2.0, 2.1)]
    monkeypatch.setattr(validate, "validate", lambda *_: cases)
    result = call("validate")
    assert result.exit_code == 1
    assert [line.split()[0] for line in result.stdout.splitlines() if "<-- off" in line] == [
        "planted"
    ]
    assert "1 of 2 cases agree" in result.stdout
