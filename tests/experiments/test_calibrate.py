"""The command ``calibrate``: the file is current, its bars are kept, bad input ends in words."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

import experiments
from experiments.output.phrases import told
from experiments.studies.calibrate import (
    COMMAND,
    Calibration,
    Fitted,
    _bounds,
    calibration_report,
    rounded,
    stale,
)
from plant_models.chlorobenzene.model import PLANT
from plant_models.chlorobenzene.paper.printed import table_1_3
from plant_models.chlorobenzene.ranges import calibrated, calibration
from plant_models.chlorobenzene.ranges.calibrated import STRUCTURES, posteriors
from plant_models.chlorobenzene.ranges.calibration import Programme, parameters, targets
from plant_models.methods.calibration import Parameter
from sim.statistics.fitting import Prior, Target, fit

INCOME, NET, TOTAL = "income ", "net ", "income Total"

BAD = [
    ("--workers 0", "--workers", "whole number from 1"),
    ("--workers two", "--workers", "'two'"),
    ("--check --json", "--check", "goes alone"),
    ("--check --out there", "--check", "goes alone"),
    ("--workers 0 --check --json", "2 faults"),
    ("now", "unexpected extra argument"),
    ("--structure cold", "structure", "'cold'", "hot, fog"),
]


@pytest.fixture(scope="module", params=STRUCTURES)
def current(request) -> dict[str, float]:
    """Return what the calibrated values of a structure make of the targets, by name."""
    of, known = request.param, posteriors(request.param)
    point = tuple(known[f"{p.kind} {p.name}"].value for p in parameters(of))
    (outcome,) = Programme(PLANT, structure=of)([point])
    assert outcome is not None
    return {target.name: shown for target, shown in zip(targets(), outcome, strict=True)}


@pytest.fixture(scope="module")
def few() -> Fitted:
    """Return a fit of three prices alone, which is done in moments."""
    programme = Programme(PLANT)
    free = tuple(p for p in parameters() if p.name in ("benzene", "steam", "hydrochloric_acid"))
    held = {p.name: p.prior.value for p in programme.parameters}

    def model(points):
        wanted = [held | dict(zip((p.name for p in free), point, strict=True)) for point in points]
        return programme([tuple(each[p.name] for p in programme.parameters) for each in wanted])

    return Fitted(free, fit(model, [p.prior for p in free], targets()))


def aim(name: str) -> float:
    return next(target.value for target in targets() if target.name == name)


def names(prefix: str) -> list[str]:
    return [t.name for t in targets() if t.name.startswith(prefix) and t.name != TOTAL]


# ---- the file ------------------------------------------------------------------------------------


def test_the_file_was_fitted_to_what_the_data_files_hold():
    assert stale() == ""


@pytest.mark.parametrize("of", STRUCTURES)
def test_every_free_parameter_is_in_the_file_and_no_other(of):
    assert list(posteriors(of)) == [f"{p.kind} {p.name}" for p in parameters(of)]


@pytest.mark.parametrize("of", STRUCTURES)
def test_every_value_in_the_file_was_fitted_from_the_prior_that_stands(of):
    for p in parameters(of):
        known = posteriors(of)[f"{p.kind} {p.name}"]
        assert known.of(p.prior.value, p.prior.low, p.prior.high), p.name
        assert known.moved == pytest.approx(p.prior.moved(known.value), abs=1e-3)


@pytest.mark.parametrize("row", table_1_3())
def test_every_row_of_table_1_3_is_met_within_3_percent(current, row):
    assert current[row] == pytest.approx(aim(row), rel=0.03)


@pytest.mark.parametrize("name", names(INCOME))
def test_every_income_of_table_1_2_is_met_within_15_percent(current, name):
    assert current[name] == pytest.approx(aim(name), rel=0.15)


def test_the_total_income_is_met_within_3_percent(current):
    assert current[TOTAL] == pytest.approx(aim(TOTAL), rel=0.03)


def test_what_plants_of_the_time_used_and_made_lies_in_its_range(current):
    """Fresh benzene 750-790 kg/t, 31 % acid 0.9-1.05 t/t, steam 1.6-2.2 t/t, 15-25 kt/yr."""
    assert 750.0 <= current["fresh_benzene"] <= 790.0
    assert 0.9 <= current["acid"] <= 1.05
    assert 1.6 <= current["steam"] <= 2.2
    assert 15e3 <= current["product"] <= 25e3


@pytest.mark.parametrize("of", STRUCTURES)
def test_no_parameter_is_outside_its_range(of):
    for name, known in posteriors(of).items():
        assert known.low <= known.value <= known.high, name


@pytest.mark.parametrize("of", STRUCTURES)
def test_no_parameter_stands_at_an_end_of_its_range_without_a_remark(of):
    for name, known in posteriors(of).items():
        at_end = known.value in (known.low, known.high)
        assert bool(known.remark) == at_end, name


@pytest.mark.parametrize("of", STRUCTURES)
def test_every_spread_is_smaller_than_the_priors_and_tells_what_is_identified(of):
    for p in parameters(of):
        known = posteriors(of)[f"{p.kind} {p.name}"]
        before = p.prior.width(1.0, known.value)
        assert 0.0 < known.spread <= before * 1.005, p.name
        assert known.identified == pytest.approx(1.0 - known.spread / before, abs=0.01)


def test_a_file_fitted_to_other_inputs_is_told_with_the_command_that_mends_it(monkeypatch):
    monkeypatch.setattr(calibration, "fingerprint", lambda *_: "0123456789abcdef")
    assert stale().endswith(f"run: {COMMAND}")


def test_a_missing_file_is_told_with_the_command_that_mends_it(monkeypatch):
    monkeypatch.setattr(calibrated, "document", lambda *_: {})
    assert stale() == f"there is no data/calibrated.toml; run: {COMMAND}"


# ---- what is written -----------------------------------------------------------------------------


def test_the_text_reads_back_as_what_was_found(few, tmp_path: Path):
    place = tmp_path / "calibrated.toml"
    place.write_text(few.as_toml(PLANT.calibration), encoding="utf-8")
    known = calibrated.read(place)
    assert [row.value for row in known.values()] == list(few.fit.point)
    assert known["prices steam"].prior == 60.0


def test_a_few_prices_alone_move_incomes_towards_the_printed_ones(few):
    """Dearer steam is all that F9 can gain by; the fit stays short of it, for the prior holds."""
    steam = next(x for p, x in zip(few.parameters, few.fit.point, strict=True) if p.name == "steam")
    assert 60.0 < steam <= 80.0


def test_the_report_names_every_target_and_fits_a_terminal(few):
    text = calibration_report(few)
    assert [t.name for t in targets() if t.name not in text] == []
    assert max(map(len, text.splitlines())) <= 100


def test_a_parameter_at_its_bound_is_remarked_on_with_what_pulls_it(few):
    remarks = {p.name: few.remark(p) for p in few.parameters}
    assert set(few.fit.at_bounds) == {name for name, told in remarks.items() if told}
    for name, end in few.fit.at_bounds.items():
        assert remarks[name].startswith(f"at the {end} end of its range; ")
        assert "of the pull" in remarks[name]


def test_a_parameter_that_began_at_its_bound_and_is_not_pulled_is_said_to_be_there():
    x = Prior("x", 0.0, 0.0, 1.0)
    found = fit(lambda points: [(1.0,) for _ in points], [x], [Target("t", 1.0, 1.0)])
    parameter = Parameter("facts", "x", x, "1", "assumed")
    remark = Fitted((parameter,), found).remark(parameter)
    assert remark == "at the low end of its range, where it began"


def row(**values: object) -> dict[str, object]:
    usual = {"kind": "facts", "name": "absorber.approach", "source": "assumed", "remark": ""}
    return {**usual, "low": 0.0, "high": 100.0, "value": 50.0, **values}


def test_a_value_near_an_end_of_its_range_is_named_too():
    assert _bounds([row(value=1.0)]) == ["absorber.approach: near the low end of its range"]
    assert _bounds([row(value=99.5)]) == ["absorber.approach: near the high end of its range"]
    assert _bounds([row(value=3.0)]) == []


def test_a_prior_from_the_tables_is_marked_wherever_it_is_listed():
    mine = row(source="inferred_from_table_1_2", value=0.0, remark="at the low end of its range")
    assert _bounds([mine])[0].startswith("absorber.approach *: ")
    marked = [p for p in parameters() if p.source.startswith("inferred_from_table")]
    assert {p.name for p in marked} == {"alkali_wash.droplets", "industrial_water"}


def test_values_are_written_to_six_digits():
    assert rounded(0.123456789) == 0.123457


# ---- the command ---------------------------------------------------------------------------------


def test_check_says_that_the_file_is_current(call):
    result = call("calibrate", "--check")
    assert result.exit_code == 0
    assert result.stdout == "data/calibrated.toml is current\n"


def test_check_ends_with_1_where_the_file_is_stale(call, monkeypatch):
    monkeypatch.setattr(calibration, "fingerprint", lambda *_: "0123456789abcdef")
    result = call("calibrate", "--check")
    assert result.exit_code == 1
    assert COMMAND in result.stderr


def test_out_writes_tables_and_leaves_the_baseline_alone(call, few, monkeypatch, tmp_path: Path):
    answer = Calibration(PLANT.calibration, few)
    monkeypatch.setattr(experiments, "calibrate", lambda **_: answer)
    before = Path(str(calibrated.FILES["hot"])).read_bytes()
    result = call("calibrate", "--out", str(tmp_path / "fit"), "--json")
    assert result.exit_code == 0, result.stderr
    told = json.loads(result.stdout)
    assert told == answer.as_json()
    assert [row["target"] for row in told["targets"]] == [t.name for t in targets()]
    assert str(tmp_path) not in result.stdout
    written = {file.name for file in (tmp_path / "fit").iterdir()}
    assert {"calibrated.toml", "targets.csv", "parameters.csv", "provenance.json"} < written
    assert Path(str(calibrated.FILES["hot"])).read_bytes() == before


def test_without_a_folder_the_values_become_the_plants_own(call, few, monkeypatch, tmp_path: Path):
    place = tmp_path / "calibrated.toml"
    place.write_text("stale", encoding="utf-8")
    answer = Calibration(replace(PLANT.calibration, file=place), few)
    monkeypatch.setattr(experiments, "calibrate", lambda **_: answer)
    result = call("calibrate")
    assert result.exit_code == 0, result.stderr
    assert result.stdout == f"{answer}\n"
    assert result.stderr == "written to data/calibrated.toml of the model\n"
    assert list(calibrated.read(place)) == [f"{p.kind} {p.name}" for p in few.parameters]
    assert [file.name for file in tmp_path.iterdir()] == ["calibrated.toml"]


@pytest.mark.parametrize(("options", "words"), [(c, w) for c, *w in BAD], ids=[c for c, *_ in BAD])
def test_bad_input_gives_one_message_and_exit_code_2(refused, options, words):
    refused("calibrate", *options.split(), words=words)


@pytest.mark.soak
def test_the_file_is_what_the_command_finds_with_any_number_of_workers(call, tmp_path: Path):
    """The digits may differ on another machine, so values are compared to a 1,000th of a spread."""
    texts = []
    for workers in ("1", "2"):
        folder = tmp_path / workers
        result = call("calibrate", "--workers", workers, "--out", str(folder))
        assert result.exit_code == 0, result.stderr
        texts.append((folder / "calibrated.toml").read_text(encoding="utf-8"))
    assert texts[0] == texts[1]
    again = calibrated.read(folder / "calibrated.toml")
    for name, known in posteriors().items():
        assert again[name].value == pytest.approx(known.value, abs=1e-3 * known.spread), name


def test_a_fit_is_told_in_chinese_with_the_same_numbers(few):
    said = calibration_report(few)
    chinese = told(lambda: calibration_report(few), "zh")
    left = re.findall(r"(?<![\w.])[a-z]{3,}(?![\w.])", chinese)
    assert left == []
    assert re.findall(r"\d+\.\d+", chinese) == re.findall(r"\d+\.\d+", said)
