"""The command ``heat``: what it prints is what Python gives, and bad input ends in words."""

import json

import pytest

from plant_models import chlorobenzene as cb


def test_json_holds_the_balance_of_every_unit_and_the_line(call):
    told = json.loads(call("heat", "--schemes", "F9", "--json").stdout)
    balance = cb.steady_state("F9").heat()
    assert [each["unit"] for each in told["units"]] == [each.unit for each in balance.units]
    assert told["line"]["cooling"] == pytest.approx(balance.per_tonne(balance.total("cooling")))
    assert max(each["error"] for each in told["units"]) <= 1e-6
    assert told["per_t"]["steam_t"] == pytest.approx(told["line"]["steam"] / 2.1, rel=1e-6)


def test_the_printed_line_balance_adds_up(call):
    lines = call("heat").stdout.splitlines()
    sums = [
        float(row.split()[-1]) for row in lines if row.split()[:1] in (["supplied"], ["removed"])
    ]
    assert sums[0] == sums[1] > 5.0


def test_a_setting_reaches_the_balance(call):
    """A reflux larger by a half takes more steam and more cooling, at 30 % conversion a pass."""
    settings = ("heat", "--json", "--set", "chlorinator.conversion=0.3")
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
    ],
)
def test_bad_input_ends_in_one_message(call, arguments, words):
    result = call("heat", *arguments.split())
    assert result.exit_code == 2
    assert "Traceback" not in result.output
    assert all(word in result.output for word in words)
