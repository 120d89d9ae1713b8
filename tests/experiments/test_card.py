"""``card`` and ``explain``: what is known of every number, found by its name or its meaning."""

import json
from pathlib import Path

import pytest

from experiments.studies.card import card
from experiments.studies.explain import explain
from plant_models import chlorobenzene as cb
from tests.plant_models.folder.texts import WORKS


def test_card_without_a_name_prints_all_data_files(call):
    text = call("card").stdout
    assert text.count("low to high") == len(cb.data_sheets())
    for name in ("off_gas_cooler.area", "air.benzene.existing.concentration", "net_income"):
        assert f"\n{name}  " in text
    assert text == f"{card()}\n"


def test_a_card_of_a_plant_from_a_folder_begins_with_its_parameters(call):
    """Its class is made from the folder, so nobody has said what it is."""
    assert call("card", "--plant", "brine").stdout.startswith("Plant\n\nparameter ")


def test_card_prints_the_parameters_of_a_unit_with_what_was_set(call):
    told = call("card", "off_gas_cooler", "--set", "off_gas_cooler.area=55 m2").stdout
    assert "off_gas_cooler.arrangement" in told
    assert "changed from" in told
    assert "absorber" not in told
    assert call("card", "off_gas_cooler").stdout == f"{cb.card('off_gas_cooler')}\n"


def test_a_card_that_is_wider_than_a_page_goes_on_below():
    """Rows of the chlorinator had 161 columns, those of the prices 125."""
    for name in ("chlorinator", "prices"):
        lines = str(cb.card(name)).splitlines()
        assert max(map(len, lines)) <= 100
    at = next(n for n, line in enumerate(lines) if line.startswith("parameter"))
    assert lines[at + 1].split() == ["domain", "low", "to", "high"]
    assert "low to high" in str(card("dryer", plant="brine")).splitlines()[3]  # which has room


def test_a_search_finds_names_and_meanings_of_whatever_case(call):
    told = call("card", "--search", "Wet Bulb").stdout
    assert "cooling_water.approach" in told  # tower water above wet bulb
    assert "absorber" not in told
    names = {row[1] for row in card(search="reflux").tables()["card"].rows}
    assert {"crude_column.reflux_ratio", "facts.crude_column.reflux_ratio"} <= names


def test_in_brief_every_number_has_a_line(call):
    lines = call("card", "absorber", "--brief").stdout.splitlines()
    assert len(lines) == 1 + len(cb.card("absorber").rows)
    assert max(map(len, lines)) <= 100
    assert any(line.startswith("absorber.stages ") and "in series" in line for line in lines)


def test_json_and_the_table_hold_the_same_numbers(call):
    answer = card("absorber")
    told = json.loads(call("card", "absorber", "--json").stdout)
    assert told == answer.as_json()
    assert list(answer.table()["parameter"]) == [row["parameter"] for row in told["numbers"]]
    (stages,) = (row for row in told["numbers"] if row["parameter"] == "absorber.stages")
    assert (stages["value"], stages["domain"]) == (2, "1 to 6")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ("card --search xyzzy", "nothing has 'xyzzy' in its name or its meaning"),
        ("card prices --search absorber", "nothing has 'absorber'"),
        ("card absorbr", "did you mean 'absorber'"),
    ],
)
def test_what_is_not_there_is_told_in_one_message(refused, arguments, words):
    refused(*arguments.split(), words=[words])


def test_a_search_for_nothing_is_refused():
    wrong: tuple[object, ...] = ("", "  ", 5)
    for text in wrong:
        with pytest.raises(TypeError, match="search: expected a text"):
            card(search=text)  # type: ignore[arg-type]


def test_explain_prints_before_after_and_on_whose_word(call):
    told = call("explain", "F1").stdout
    for word in ("off_gas_cooler.arrangement", "parallel", "series", "source"):
        assert word in told
    assert told == f"{cb.explain('F1')}\n"


def test_explain_of_none_says_that_nothing_changes(call):
    assert "nothing changes" in call("explain", "none").stdout


def test_json_of_explain_holds_what_python_gives(call):
    answer = explain("F1, F7")
    told = json.loads(call("explain", "F1,F7", "--json").stdout)
    assert told == answer.as_json()
    assert [scheme["id"] for scheme in told["schemes"]] == ["F1", "F7"]
    assert len(told["changes"]) == len(answer.table())


def test_prices_of_a_plant_from_a_folder_have_a_card(call):
    told = call("card", "prices.effluent", "--plant", "brine")
    assert told.exit_code == 0, told.output
    row = next(line for line in told.stdout.splitlines() if line.startswith("effluent "))
    assert row.split()[:4] == ["effluent", "4", "EUR/t", "assumed"]
    assert "raw_brine" in call("card", "--plant", "brine").stdout


def test_limits_of_a_plant_from_a_folder_have_a_card_and_are_told_among_what_there_is(call):
    told = call("card", "limits.sewer", "--plant", "brine").stdout.splitlines()
    row = next(line for line in told if line.startswith("sewer.salt "))
    assert row.split()[:4] == ["sewer.salt", "150", "kg/h", "stated"]
    assert told[-2:] == ["    most that may leave, mean of a day",
                         "    agreement with the works (an example)"]  # fmt: skip
    assert "dryer.moisture.salt" in call("card", "--plant", "brine").stdout
    assert "no limit 'sewr'; did you mean" in call("card", "limits.sewr", "--plant", "brine").stderr
    assert call("card", "nosuch", "--plant", "brine").stderr.endswith("prices, limits\n")


def test_a_plant_without_prices_or_limits_says_so(refused, tmp_path: Path):
    (tmp_path / "plant.toml").write_text(WORKS, encoding="utf-8")
    for file in ("prices", "limits"):
        refused("card", file, "--plant", tmp_path, words=[f"no {file}.toml in its folder"])
        told = refused("card", "nosuch", "--plant", tmp_path)
        assert file not in told
