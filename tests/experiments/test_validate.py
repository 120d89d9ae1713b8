"""What ``validate`` prints, and how it ends."""

import json

import pytest

import experiments
from experiments.output.crate import CRATE
from experiments.studies.validate.cases import exact
from experiments.studies.validate.printed import Printed
from experiments.studies.validate.study import Validation, validate

OFF = Validation((exact("right", 2.0, 2.0), exact("planted", 2.0, 2.1)), 1.0)


@pytest.mark.parametrize("share", ["0", "2", "nan", "all"])
def test_a_share_outside_its_range_is_refused(refused, share):
    refused("validate", "--share", share, words=["--share"])


@pytest.mark.parametrize("share", [0.0, 2.0, float("nan"), "all"])
def test_a_share_outside_its_range_is_refused_in_python_too(share):
    with pytest.raises((ValueError, TypeError), match="share: expected a number from"):
        validate(share)


@pytest.mark.long
def test_validate_prints_every_case_and_ends_well_when_all_agree(call):
    result = call("validate", "--json", "--share", "0.001")
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    assert len(told["cases"]) > 50
    assert all(case["ok"] for case in told["cases"])


def test_a_plant_is_held_against_what_is_printed_of_it_alone(call, refused):
    result = call("validate", "--plant", "plating")
    assert result.exit_code == 0, result.output
    assert "82 is rounded: 81.66 leaves 40 (p2-counter-current)" in result.stdout
    assert "3 of 3 printed figures are met" in result.stdout
    refused("validate", "--plant", "brine", words=["no published.toml in its folder"])


def test_a_figure_that_is_not_met_is_off():
    wrong = Printed("works", "a", "salt a year", 40.0, 42.0, 1.0, "t", "rounded", "stated")
    told = Validation((), 1.0, (wrong,), "works")
    assert told.failures == ["off: works, salt a year"]
    assert "0 of 1 printed figures are met" in str(told)


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
