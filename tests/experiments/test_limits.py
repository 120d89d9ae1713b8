"""The command ``limits``: what it prints equals what Python gives, and bad input ends in words."""

import json
from dataclasses import replace
from math import inf
from pathlib import Path

import numpy as np
import pytest

from experiments.output.crate import CRATE
from experiments.studies.limits import limits, picture_rows
from plant_models.calendar import hours_of
from plant_models.chlorobenzene.figures.beyond import beyond_limits, worst
from plant_models.chlorobenzene.model import PLANT
from plant_models.chlorobenzene.substances.chemistry import BENZENE
from plant_models.methods.standards import Figure
from sim.clock.random_streams import RandomStreams
from sim.clock.windows import Judged

SHORT = ("--years", "0.01")
PERMIT = """
[[limit]]
point = "all vents"
component = "benzene"
unit = "kg/h"
highest = 30.0
over = "day"
source = "permit 12/3"

[[limit]]
point = "all vents"
component = "benzene"
unit = "t/yr"
highest = 100.0

[[limit]]
point = "all outfalls"
component = "acidity"
unit = "pH"
lowest = 6.0
highest = 9.0
over = "day"
"""
BAD = [
    ("--schemes F99", "no scheme 'F99'"),
    ("--grade I", "--grade", "'I'"),
    ("--water-grade V", "--water-grade", "'V'"),
    ("--set-up old", "--set-up", "existing"),
    ("--stack 0", "--stack", "1 to 300"),
    ("--stack high", "--stack", "'high'"),
    ("--limits nowhere.toml", "nowhere.toml", "No such file"),
    ("--clock sundial", "--clock", "'sundial'"),
    ("--worst soot", "worst: no 'soot'"),
    ("--years 0", "--years"),
    ("--out ?", "--out", "expected a folder"),
    ("--stack 0 --grade I --years x", "3 faults"),
]


def test_the_report_fits_a_terminal(call):
    result = call("limits", *SHORT)
    assert result.exit_code == 0, result.output
    lines = result.stdout.splitlines()
    assert max(map(len, lines)) <= 100
    assert any(line.startswith("tail gas") and " 17 " in line for line in lines)
    assert any(line.startswith("tail gas  ") and " 85 " in line for line in lines)
    assert "recalled" not in result.stdout


def test_the_report_marks_limits_that_somebody_recalled(call, tmp_path: Path):
    from plant_models.chlorobenzene.line.design import DATA

    text = (DATA / "limits.toml").read_text(encoding="utf-8")
    file = tmp_path / "limits.toml"
    marked = text.replace("concentration = 17.0", "recalled = true\nconcentration = 17.0")
    file.write_text(marked, encoding="utf-8")
    result = call("limits", "--clock", "steady", "--limits", str(file))
    lines = result.stdout.splitlines()
    assert any(line.startswith("tail gas") and " 17* " in line for line in lines)
    assert "* limit recalled from memory" in result.stdout


@pytest.mark.long
def test_json_holds_what_python_gives(call):
    told = json.loads(call("limits", *SHORT, "--schemes", "F1", "--json").stdout)
    answer = limits("F1", years=0.01)
    kept = answer
    assert told == answer.as_json()
    found = {(f["point"], f["component"], f["unit"]): f for f in told["figures"]}
    assert set(found) == {tuple(figure) for figure in kept.exposures}
    for figure, exposure in kept.exposures.items():
        assert found[figure.point, figure.component, figure.unit]["hours_beyond"] == exposure.beyond
        assert found[figure.point, figure.component, figure.unit]["mean"] == exposure.mean
    assert told["hours"] == pytest.approx(0.01 * 8760)


def test_json_of_the_steady_state_holds_what_python_gives(call):
    told = json.loads(call("limits", "--clock", "steady", "--json").stdout)
    kept = limits("none", clock="steady")
    assert [f["mean"] for f in told["figures"]] == [
        kept.exposures[figure].mean for figure in kept.standards.applied if figure in kept.exposures
    ]


def test_a_stricter_grade_allows_less(call):
    def limit(*options: str) -> float:
        told = json.loads(call("limits", "--clock", "steady", *options, "--json").stdout)
        (figure,) = (f for f in told["figures"] if f["point"] == "all vents"
                     and f["component"] == "benzene")  # fmt: skip
        allowed: float = figure["highest_allowed"]
        return allowed

    assert limit() == 0.9
    assert limit("--grade", "II") == 0.6
    assert limit("--stack", "20") == 1.5
    assert limit("--set-up", "new") == 0.8


@pytest.mark.long
def test_replications_are_added_up_and_the_number_of_workers_changes_nothing():
    one, two = (limits("F1", years=0.005, replications=2, workers=n) for n in (1, 2))
    assert one.as_json() == two.as_json()
    assert one.as_json()["hours"] == pytest.approx(2 * 0.005 * 8760)


def test_own_limits_come_from_a_file(call, tmp_path: Path):
    from plant_models.chlorobenzene.line.design import DATA

    text = (DATA / "limits.toml").read_text(encoding="utf-8")
    file = tmp_path / "limits.toml"
    file.write_text(text.replace("concentration = 17.0", "concentration = 5.0"), encoding="utf-8")
    out = call("limits", "--clock", "steady", "--limits", str(file), "--json").stdout
    allowed = {f["highest_allowed"] for f in json.loads(out)["figures"]
               if f["component"] == "benzene" and f["unit"] == "mg/m3"}  # fmt: skip
    assert allowed == {5.0}


@pytest.mark.parametrize("case", BAD, ids=lambda case: case[0])
def test_a_wrong_input_ends_with_one_message_and_exit_code_2(refused, case):
    arguments, *words = case
    refused("limits", *("" if word == "?" else word for word in arguments.split()), words=words)


@pytest.mark.long
def test_the_picture_and_the_table_are_written(call, tmp_path: Path):
    folder = tmp_path / "limits"
    result = call("limits", "--clock", "steady", "--out", str(folder), "--json")
    assert result.exit_code == 0, result.output
    assert {f.name for f in folder.iterdir()} == {
        "limits.csv",
        "limits.png",
        "provenance.json",
        CRATE,
    }
    told = json.loads(result.stdout)["figures"]
    rows = (folder / "limits.csv").read_text("utf-8").splitlines()
    assert rows[0].startswith("point,component,unit,")
    assert len(rows) == len(told) + 1
    assert call("limits", "--clock", "steady", "--out", str(folder)).exit_code == 0
    provenance = json.loads((folder / "provenance.json").read_text("utf-8"))
    assert (provenance["command"], provenance["clock"]) == ("limits", "steady")


def test_the_picture_has_bars_for_figures_that_are_beyond_their_limit_and_no_others():
    kept = limits("F1-F11", clock="steady")
    rows = picture_rows(kept)
    assert sum(row.beyond for row in rows) == pytest.approx(
        sum(each.beyond for each in kept.exposures.values())
    )
    axes = beyond_limits(rows, span=kept.hours)
    assert [text.get_text() for text in axes.get_yticklabels()] == [row.name for row in worst(rows)]
    assert {row.told.split()[0] for row in rows} == {"up", "from"}
    assert "h" in axes.get_xlabel()
    over = [text.get_text() for text in axes.texts]
    assert any("mg/m³" in text for text in over)
    assert not any("m3" in text for text in over)


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"years": 0.0}, "years: expected a number"),
        ({"years": float("nan")}, "years: expected a number"),
        ({"replications": 0}, "replications: expected a whole number"),
        ({"clock": "sundial"}, "clock: no 'sundial'"),
        ({"stack": "high"}, "stack: expected a number"),
        ({"gradd": "II"}, "limits: no 'gradd'; did you mean 'grade'"),
        ({"limits_file": 5}, "limits_file: expected a path, not 5"),
        ({"without": ["rain"]}, "no event source 'rain'"),
    ],
)
def test_what_means_nothing_is_refused_in_python_too(asked, words):
    with pytest.raises((ValueError, TypeError, LookupError), match=words):
        limits("none", **asked)


@pytest.fixture(scope="module")
def fortnight():
    """Return two weeks of the line, from which a day's means follow."""
    return limits("none", years=0.04)


@pytest.mark.long
def test_hours_and_days_are_those_of_a_recorded_run_averaged_by_brute_force(fortnight):
    """The books of a run that nobody watches, read every hour, one figure by hand."""
    hours = int(hours_of(0.04))
    plant = PLANT.running(PLANT.variant("none"), RandomStreams(1, 0)).plant
    gone = [0.0]
    for hour in range(1, hours + 1):
        plant.run(hour)
        flows = plant.ledger().flows.items()
        gone.append(sum(float(kg[BENZENE]) for entry, kg in flows if entry.sink == "air"))
    hourly = np.diff(gone)
    figure = Figure("all vents", "benzene", "kg/h")
    rules = [each for each, _ in fortnight.standards.rules]
    judged = fortnight.windowed[rules.index(figure)]
    for name, length in (("hour", 1), ("day", 24)):
        whole = hours - hours % length
        means = hourly[:whole].reshape(-1, length).mean(axis=1)
        assert judged[name].windows == len(means)
        assert judged[name].highest == pytest.approx(means.max(), rel=1e-9)
        assert judged[name].beyond == (means > 0.9).sum()
    worst = [each.value for each in fortnight.worst[figure]]
    assert worst == pytest.approx(np.sort(hourly)[::-1][:10], rel=1e-9)


def test_the_worst_hours_are_of_what_is_beyond_for_longest_with_shares_that_add_up(fortnight):
    shown = fortnight.worst[fortnight.asked]
    assert len(shown) == 10
    for each in shown:
        assert sum(each.causes.values()) == pytest.approx(1.0)
        assert sum(each.ends.values()) == pytest.approx(1.0)
        assert each.times >= shown[-1].times
    assert "the worst hours: benzene, all vents" in str(fortnight)
    first = "; ".join((*shown[0].out, *shown[0].events)) or "nothing out of order"
    assert f"\n 1  {first[:90]}" in str(fortnight)
    assert max(map(len, str(fortnight).splitlines())) <= 100
    assert len(fortnight.tables()["worst"].rows) >= 10
    calm = [replace(each, out=(), events=()) for each in shown]
    told = str(replace(fortnight, worst={**fortnight.worst, fortnight.asked: calm}))
    assert told.count("nothing out of order") == 1


def test_a_permit_of_ones_own_is_judged_over_its_own_window(tmp_path: Path):
    file = tmp_path / "permit.toml"
    file.write_text(PERMIT, encoding="utf-8")
    found = limits("none", limits_file=file, years=0.02)
    told = {(f["point"], f["component"], f["over"]): f for f in found.as_json()["figures"]}
    assert set(told) == {
        ("all vents", "benzene", "day"),
        ("all vents", "benzene", "year"),
        ("all outfalls", "acidity", "day"),
    }
    assert told["all vents", "benzene", "day"]["highest_allowed"] == 30.0
    year = told["all vents", "benzene", "year"]
    assert year["highest_allowed"] == pytest.approx(100.0 / 8.76)
    assert (year["windows"], year["source"]) == (0, "a permit")
    assert told["all vents", "benzene", "day"]["windows"] == 7
    no_day = {"day": Judged(0, 0, 0, inf, -inf)}  # of a run of some hours
    short = replace(found, windowed=[{**each, **no_day} for each in found.windowed])
    assert {figure["share_of_days"] for figure in short.as_json()["figures"]} == {None}


def test_a_year_of_a_permit_is_judged_at_constant_conditions_too(tmp_path: Path):
    file = tmp_path / "permit.toml"
    file.write_text(PERMIT, encoding="utf-8")
    found = limits("none", limits_file=file, clock="steady")
    tonnes = PLANT.steady_state("none").indicators["air.benzene_t"]
    (year,) = (f for f in found.as_json()["figures"] if f["over"] == "year")
    assert (year["windows"], year["windows_beyond"]) == (1, int(tonnes > 100.0))
    days = [f["windows"] for f in found.as_json()["figures"] if f["over"] == "day"]
    assert days == [365, 365]


@pytest.mark.parametrize(
    ("was", "becomes", "says"),
    [
        ('"all vents"', '"chimney"', "point: no 'chimney' in kg/h"),
        ('"benzene"', '"benzol"', "component: no 'benzol' in kg/h"),
        ('"kg/h"', '"ppm"', "unit: expected one of mg/m3, kg/h, mg/L, pH, kg/d, t/yr, came 'ppm'"),
        ('"all vents"', '"all outfalls"', "expected a unit or a tank that has one, or 'all vents'"),
        ("30.0", "-1.0", "highest: expected a number above 0"),
        ("30.0", "1e300", "highest: expected a number above 0 and below 1e+09, came 1e+300"),
        ("highest = 30.0", "", "highest: missing; expected a number above 0"),
        ("highest = 30.0", "highest = 6.0\nlowest = 9.0", "lowest: 9 is not below highest, 6"),
        ('"day"', '"week"', "over: no 'week'"),
        ("source", "sauce", "no key 'sauce'; did you mean 'source'"),
    ],
)
def test_a_wrong_permit_is_named_with_all_its_faults(was, becomes, says, tmp_path: Path):
    file = tmp_path / "permit.toml"
    file.write_text(PERMIT.replace(was, becomes, 1), encoding="utf-8")
    with pytest.raises(ValueError, match=r"\[\[limit\]\] number 1") as fault:
        limits("none", limits_file=file, clock="steady")
    assert says in str(fault.value)


@pytest.mark.parametrize("text", ["limit = []", "[limit]\nhighest = 3.0", "limit = 3"])
def test_a_permit_without_its_tables_is_one_fault(text: str, tmp_path: Path):
    file = tmp_path / "permit.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=r"permit.toml: limit: expected tables \[\[limit\]\]"):
        limits("none", limits_file=file, clock="steady")
