"""The folder of an answer is a research object: RO-Crate metadata beside provenance."""

import json
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from experiments.output.answer import Table
from experiments.output.crate import CRATE, EPOCH, crate
from experiments.output.files import write_rows, write_tables
from experiments.studies.card import card
from experiments.studies.heat import heat


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("crate") / "heat"
    heat("F1").save(place)
    return place


def entities(folder: Path) -> dict[str, dict[str, Any]]:
    told = json.loads((folder / CRATE).read_text(encoding="utf-8"))
    assert told["@context"] == "https://w3id.org/ro/crate/1.1/context"
    return {each["@id"]: each for each in told["@graph"]}


def test_it_describes_itself_and_the_folder(folder: Path):
    found = entities(folder)
    assert found[CRATE]["about"] == {"@id": "./"}
    assert found[CRATE]["conformsTo"] == {"@id": "https://w3id.org/ro/crate/1.1"}
    root = found["./"]
    assert {"name", "description", "datePublished", "hasPart"} <= set(root)
    provenance = json.loads((folder / "provenance.json").read_text(encoding="utf-8"))
    assert provenance["units"]["units.csv"]["steam"] == "GJ/t"
    assert date.fromisoformat(root["datePublished"]) > date(2020, 1, 1)


def test_every_file_is_named_with_its_hash(folder: Path):
    found = entities(folder)
    files = {each.name for each in folder.iterdir()} - {CRATE}
    assert {part["@id"] for part in found["./"]["hasPart"]} == files
    for name in files:
        content = (folder / name).read_bytes()
        assert found[name]["sha256"] == sha256(content).hexdigest()
        assert found[name]["contentSize"] == str(len(content))


def test_what_it_refers_to_is_in_it(folder: Path):
    found = entities(folder)
    for each in found["./"]["citation"]:
        assert found[each["@id"]]["name"]
    assert found["#run"]["instrument"] == {"@id": "#cleanerline"}
    assert found["#cleanerline"]["softwareVersion"]


def test_the_day_can_be_fixed(folder: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv(EPOCH, "0")
    assert crate(folder, {})["@graph"][1]["datePublished"] == "1970-01-01"


def test_the_folder_can_be_written_again(folder: Path):
    heat("none").save(folder)
    assert entities(folder)["./"]["name"] == "cleanerline heat: chlorobenzene line"


def test_an_answer_without_designs_is_an_object_too(tmp_path: Path):
    card("prices").save(tmp_path / "card")
    assert entities(tmp_path / "card")["#run"]["name"] == "card"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"language": "fr"}, "language: no 'fr'"),
        ({"excel": "yes"}, "excel: expected True or False"),
    ],
)
def test_a_folder_is_asked_for_in_a_language_that_there_is(tmp_path: Path, given, said: str):
    """Another was told as a file that is not there."""
    with pytest.raises((LookupError, TypeError), match=said):
        heat("none").save(tmp_path / "heat", **given)
    assert not list(tmp_path.iterdir())


def test_a_table_is_read_back_as_it_is_and_what_there_is_not_is_an_empty_cell(tmp_path: Path):
    """One replication gave ends of intervals as words, and a figure without a value as ``nan``."""
    rows = [
        ("a", 1.5, None, float("nan"), 2, True),
        ("b", 2.5, None, 3.0, "run time", -347.5),
        ("c", 3.5, None, 4.0, None, None),
    ]
    table = Table(("name", "known", "never", "at_times", "value", "shift"), rows)
    write_rows(tmp_path / "t.csv", table.columns, table.rows)
    text = (tmp_path / "t.csv").read_text(encoding="utf-8")
    told = "a,1.5,,,2,True\nb,2.5,,3.0,run time,-347.5\nc,3.5,,4.0,,\n"
    assert text == f"{','.join(table.columns)}\n{told}"
    pd.testing.assert_frame_equal(pd.read_csv(tmp_path / "t.csv"), table.frame())
    table.frame().to_parquet(tmp_path / "t.parquet")
    pd.testing.assert_frame_equal(pd.read_parquet(tmp_path / "t.parquet"), table.frame())


def test_a_word_that_begins_with_an_equals_sign_is_no_formula(tmp_path: Path):
    """Excel refuses a workbook with a formula that it cannot read, or computes one."""
    openpyxl = pytest.importorskip("openpyxl")
    words = ("= 400 t/h x 0.50 RMB/t", "=1+1", "=", "+5", "@a", "#N/A")
    write_tables(tmp_path / "tables.xlsx", {"told": Table(("word",), [(word,) for word in words])})
    (sheet,) = openpyxl.load_workbook(tmp_path / "tables.xlsx").worksheets
    cells = [row[0] for row in sheet.iter_rows(min_row=2)]
    assert [(cell.value, cell.data_type) for cell in cells] == [(word, "s") for word in words]


def test_tables_whose_names_begin_alike_have_a_sheet_each(tmp_path: Path):
    """A sheet has 31 characters, and the second took the place of the first."""
    openpyxl = pytest.importorskip("openpyxl")
    tables = {
        f"attribution-sewer_of_the_second_house.{part}": Table(("part",), [(part,)])
        for part in ("active_t", "acetone_t", "Acetone_t")
    }
    write_tables(tmp_path / "tables.xlsx", tables)
    book = openpyxl.load_workbook(tmp_path / "tables.xlsx")
    told = [sheet["A2"].value for sheet in book.worksheets]
    assert told == ["active_t", "acetone_t", "Acetone_t"]
    assert [len(sheet.title) <= 31 for sheet in book.worksheets] == [True] * 3
