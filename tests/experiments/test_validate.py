"""What ``validate`` prints, and how it ends."""

import json

import pytest

import experiments
from experiments.output.crate import CRATE
from experiments.studies.validate import Validation, exact, validate

OFF = Validation((exact("right", 2.0, 2.0), exact("planted", 2.0, 2.1)), 1.0)


@pytest.mark.parametrize("share", ["0", "2", "nan", "all"])
def test_a_share_outside_its_range_is_refused(call, share):
    result = call("validate", "--share", share)
    assert result.exit_code == 2
    assert "--share" in result.output


@pytest.mark.parametrize("share", [0.0, 2.0, float("nan"), "all"])
def test_a_share_outside_its_range_is_refused_in_python_too(share):
    with pytest.raises((ValueError, TypeError), match="share: expected a number from"):
        validate(share)


def test_validate_prints_every_case_and_ends_well_when_all_agree(call):
    result = call("validate", "--json", "--share", "0.001")
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    assert len(told["cases"]) > 50
    assert all(case["ok"] for case in told["cases"])
    assert told == validate(0.001, workers=1).as_json()


def test_validate_ends_with_1_and_points_at_the_case_that_is_off(call, monkeypatch):
    monkeypatch.setattr(experiments, "validate", lambda *_, **__: OFF)
    result = call("validate")
    assert result.exit_code == 1
    assert [line.split()[0] for line in result.stdout.splitlines() if "<-- off" in line] == [
        "planted"
    ]
    assert "1 of 2 cases agree" in result.stdout
    assert result.stderr == "off: planted\n"
    page = call("validate", "--page")
    assert page.exit_code == 1
    assert "**off**" in page.stdout


def test_the_folder_has_the_cases_and_the_page(tmp_path):
    OFF.save(tmp_path / "known")
    written = {file.name for file in (tmp_path / "known").iterdir()}
    assert written == {"cases.csv", "validation.md", "provenance.json", CRATE}
