"""The command ``heat``: what it prints is what Python gives, and bad input ends in words."""

import json

import pytest

from experiments.output.crate import CRATE
from experiments.runner.faults import SimulationFault
from experiments.studies.heat import heat
from plant_models import chlorobenzene as cb
from plant_models.chlorobenzene.units import chlorination
from plant_models.chlorobenzene.units.condensation import exchanged


def test_json_holds_the_balance_of_every_unit_and_the_line(call):
    told = json.loads(call("heat", "--schemes", "F9", "--json").stdout)
    balance = cb.steady_state("F9").heat()
    assert [each["unit"] for each in told["units"]] == [each.unit for each in balance.units]
    assert told["line"]["cooling"] == pytest.approx(balance.per_tonne(balance.total("cooling")))
    assert max(each["error"] for each in told["units"]) <= 1e-6
    assert told["per_t"]["steam_t"] == pytest.approx(told["line"]["steam"] / 2.1, rel=1e-6)


def test_the_report_calls_a_design_of_ones_own_what_it_is():
    """Schemes ``none`` would be another design."""
    assert str(heat(cb.line("F1"))).startswith("Schemes own design, constant conditions")


def test_the_printed_line_balance_adds_up(call):
    lines = call("heat").stdout.splitlines()
    sums = [
        float(row.split()[-1]) for row in lines if row.split()[:1] in (["supplied"], ["removed"])
    ]
    assert sums[0] == sums[1] > 5.0


def test_a_setting_reaches_the_balance(call):
    """A reflux larger by a half takes more steam and more cooling, at one ratio of the liquor."""
    settings = ("heat", "--json", "--set", "chlorinator.liquor_ratio=1.5")
    one, other = (
        json.loads(call(*settings, "--set", f"crude_column.reflux_ratio={reflux}").stdout)
        for reflux in (1.1, 1.65)
    )
    for term in ("steam", "cooling"):
        assert other["line"][term] > one["line"][term] + 0.3


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ("--schemes F99", ("no scheme 'F99'",)),
        ("--set crude_column.refluxratio=1", ("refluxratio", "did you mean")),
        ("--set crude_column.reflux_ratio=-1", ("crude_column.reflux_ratio",)),
        ("F1 --schemes F7", ("--schemes", "argument, too")),
    ],
)
def test_bad_input_ends_in_one_message(refused, arguments, words):
    refused("heat", *arguments.split(), words=words)


def test_json_is_what_python_gives_and_the_folder_has_its_tables(call, tmp_path):
    answer = heat("F1, F7")
    assert json.loads(call("heat", "F1,F7", "--json").stdout) == answer.as_json()
    assert call("heat", "F1,F7", "--out", str(tmp_path / "heat")).stdout == f"{answer}\n"
    written = {file.name for file in (tmp_path / "heat").iterdir()}
    assert written == {"units.csv", "line.csv", "per_t.csv", "provenance.json", CRATE}


@pytest.mark.parametrize(
    ("least", "beyond", "words"),
    [
        (
            ("chlorinator.liquor_ratio=8",),
            "chlorinator.liquor_ratio=15",
            "error: chlorinator.liquor_ratio: 15 kg/kg is outside the domain, 0.05 to 8 kg/kg",
        ),
        (
            ("chlorinator.control=conversion", "chlorinator.conversion=0.08"),
            "chlorinator.conversion=0",
            "error: chlorinator.conversion: 0 kg/kg is outside the domain, 0.08 to 0.9 kg/kg",
        ),
    ],
)
def test_a_chlorinator_may_be_set_to_what_its_liquor_boils_by(call, refused, least, beyond, words):
    """Less chlorine than for that is no boiling chlorination: its heat warms the liquor alone."""
    assert call("heat", *(part for each in least for part in ("--set", each))).exit_code == 0
    assert refused("heat", "--set", beyond).strip() == words


def test_heat_that_does_not_close_ends_in_one_message(call, monkeypatch):
    monkeypatch.setattr(chlorination, "exchanged", lambda *of: 0.99 * exchanged(*of))
    with pytest.raises(SimulationFault, match="heat of unit chlorinator does not close to 1e-06"):
        heat("F1")
    result = call("heat", "F1")
    assert result.exit_code == 1
    assert result.stderr.startswith("error: the heat of the chlorobenzene line with F1: ")
