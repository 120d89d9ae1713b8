"""The command ``why``: from a figure of a design to the numbers and sources behind it."""

import json

import pytest

from experiments.output.crate import CRATE
from experiments.studies.why import why
from plant_models import chlorobenzene as cb
from tests.experiments.row_plant import RowPlant


def test_the_command_tells_what_python_tells_of_the_same_run(call):
    printed = call("why", "air.benzene_t", "F1,F7").stdout
    assert str(cb.steady_state("F1,F7").why("air.benzene_t")) in printed
    assert printed.startswith("Schemes F1, F7, constant conditions\n")
    assert max(map(len, printed.splitlines())) <= 100


def test_a_year_with_breakdowns_has_rows_that_constant_conditions_have_not(call):
    asked = ("why", "air.benzene_t", "F1", "--json")
    year = ("--clock", "events", "--years", "0.1", "--start", "07-01", "--seed", "2")
    steady, events = (json.loads(call(*asked, *more).stdout) for more in ((), year))
    assert not any("start-up" in row["from"] for row in steady["rows"])
    assert any("start-up" in row["from"] for row in events["rows"])
    assert events["provenance"]["start"] == "07-01"
    for told in (steady, events):
        whole = sum(row["amount"] for row in told["rows"])
        assert whole == pytest.approx(told["value"], rel=1e-9)


def test_in_brief_it_says_what_adds_up_and_nothing_else(call):
    brief = call("why", "air.benzene_t", "F1", "--brief").stdout
    assert "emergency_scrubber.gas to air, normal" in brief
    assert "sources" not in brief
    assert call("why", "air.benzene_t", "F1").stdout.startswith(brief.rstrip("\n"))


def test_its_folder_has_rows_parameters_and_sources(call, tmp_path):
    answer = why("air.benzene_t", "F1")
    assert json.loads(call("why", "air.benzene_t", "F1", "--json").stdout) == answer.as_json()
    call("why", "air.benzene_t", "F1", "--out", str(tmp_path / "why"))
    written = {file.name for file in (tmp_path / "why").iterdir()}
    assert written == {"rows.csv", "parameters.csv", "sources.csv", "provenance.json", CRATE}
    parameters = answer.table("parameters")
    stages = parameters[parameters["parameter"] == "absorber.stages"].iloc[0]
    assert (stages["equipment"], stages["value"], stages["unit"]) == ("absorber", "2", "1")


def test_a_plant_of_a_folder_tells_its_own(call):
    printed = call("why", "sewer.salt_t", "B2", "--plant", "brine").stdout
    assert "bleed.purge to sewer, normal" in printed
    assert "bleed.share.purge" in printed


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ("air.benzen_t", ("FIGURE: no 'air.benzen_t'", "did you mean 'air.benzene_t'")),
        ("air.benzene_t F99", ("no scheme 'F99'",)),
        ("air.benzene_t --seed 2", ("--seed", "steady state draws nothing", "--clock events")),
        ("air.benzene_t --start 07-01", ("--start", "no first day")),
    ],
)
def test_bad_input_ends_in_one_message(refused, arguments, words):
    refused("why", *arguments.split(), words=words)


def test_a_plant_that_does_not_say_what_its_figures_add_up_from_says_so():
    row = RowPlant()
    with pytest.raises(LookupError, match=r"does not say what .* adds up from; the table flows"):
        why(next(iter(row.units)), plant=row)


def test_the_shop_tells_its_own_in_both_languages(call):
    told = call("why", "sewer.product_t", "--plant", "flowshop", "--brief").stdout
    assert "reactor.moved to sewer, normal" in told
    told_zh = call(
        "why", "operating_hours", "--plant", "flowshop", "--brief", "--lang", "zh"
    ).stdout
    assert "分离器工作的小时数" in told_zh


def test_large_amounts_are_told_as_run_tells_them(call):
    """A steam of 42,466 t/yr was 4.247e+04, a cooling water of 3,211,843 t/yr 3.21184e+06."""
    said = call("why", "cooling_water_t", "--brief").stdout
    assert "cooling_water_t = 3,211,843 t/yr" in said
    assert "e+0" not in said


def test_what_comes_out_of_stock_is_told_with_its_sign(call):
    said = call("why", "benzene_used_t", "--brief", "--clock", "events", "--years", "0.002").stdout
    assert "out of stock in wet_benzene_tank (into it: -)" in said
