"""Every number of every data file: a source that exists, a range where assumed, and a card."""

import csv
import tomllib
from collections.abc import Iterator
from functools import cache
from math import inf
from typing import Any

import pytest

from plant_models import chlorobenzene as cb
from plant_models.chlorobenzene import own_design
from plant_models.chlorobenzene.line.data_files import (
    BESIDE,
    Datum,
    data,
    data_files,
    sheet,
    sheets,
)
from plant_models.chlorobenzene.line.design import DATA
from plant_models.chlorobenzene.line.tree import Line
from plant_models.chlorobenzene.money.prices import Prices
from plant_models.chlorobenzene.paper.printed_source import Prose
from plant_models.chlorobenzene.ranges.calibration import Aims
from plant_models.methods.devices import DeviceCost
from plant_models.methods.installation import Installation, Purse
from plant_models.methods.management import Slackening
from sim.model.tree import get, leaves
from tests.trees import replace_at

rows = cache(data)
BESIDE_A_VALUE = ("low", "high", "prior", "spread", "moved", "identified")
ABOUT = {
    "properties.csv": ("T_min_K", "T_max_K", "uncertainty"),
    "taiyuan_weather.csv": ("month",),
}
"""Columns that tell of a number, and are none themselves."""


def numbers_of_a_table(part: Any) -> Iterator[float]:
    """Yield every number of parsed TOML that stands for itself."""
    if isinstance(part, dict):
        for key, inside in part.items():
            if isinstance(inside, dict) or key not in BESIDE_A_VALUE:
                yield from numbers_of_a_table(inside)
    elif isinstance(part, list):
        for inside in part:
            yield from numbers_of_a_table(inside)
    elif isinstance(part, int | float) and not isinstance(part, bool):
        yield float(part)


def numbers_of_a_sheet(file: str) -> Iterator[float]:
    text = (DATA / file).read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    for row in csv.DictReader(lines):
        if row.get("month") in ("below", "above"):
            continue
        for column, cell in row.items():
            if column not in ABOUT.get(file, ()):
                try:
                    yield float(cell or "")
                except ValueError:
                    continue


def told(file: str) -> Iterator[float]:
    for row in rows(file):
        for value in row.value if isinstance(row.value, tuple) else (row.value,):
            if isinstance(value, int | float) and not isinstance(value, bool):
                yield float(value)


@pytest.mark.parametrize("file", data_files())
def test_every_number_has_a_source_that_exists_and_a_range_unless_it_was_measured(file):
    assert [fault for row in rows(file) for fault in row.faults] == []


@pytest.mark.parametrize("file", data_files())
def test_no_number_of_a_file_is_left_out(file):
    """The file, parsed here without the project's readers, holds the same numbers."""
    if file.endswith(".toml"):
        own = numbers_of_a_table(tomllib.loads((DATA / file).read_text(encoding="utf-8")))
    else:
        own = numbers_of_a_sheet(file)
    assert sorted(told(file)) == sorted(own)


def test_every_file_of_the_folder_is_read_or_holds_no_number_of_the_model():
    names = {each.name for each in DATA.iterdir() if not each.name.startswith(("__", "."))}
    assert names == {*data_files(), *BESIDE}


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        (Datum("f.toml", "a.b", 1.0, "t", ""), "f.toml: a.b has no source"),
        (Datum("f.toml", "a.b", 1.0, "t", "hearsay"), "'hearsay' is not among the sources"),
        (Datum("f.toml", "a.b", 1.0, "t", "assumed"), "assumed, and has no range"),
        (Datum("f.toml", "a.b", 1.0, "t", "calibrated", 0.5), "calibrated, and has no range"),
        (Datum("f.csv", "a.b", (1.0, 2.0), "t", "recalled"), "recalled, and has no range"),
    ],
)
def test_what_is_missing_is_told(row, fault):
    assert any(fault in each for each in row.faults)


@pytest.mark.parametrize(
    "row",
    [
        Datum("f.toml", "a.b", 1.0, "t", "assumed", 0.5, 2.0),
        Datum("f.toml", "a.b", "series", "", "assumed"),
        Datum("f.toml", "a.b", 1.0, "t", "derived"),
        Datum("f.toml", "a.b", 1.0, "t", "plant-case"),
        Datum("f.toml", "a.b", 1.0, "t", "calibrated", 0.5, 2.0),
    ],
)
def test_what_has_all_it_needs_has_no_fault(row):
    assert row.faults == ()


def test_the_cards_print_every_number_of_every_file():
    starts = {line.split("  ")[0] for each in cb.data_sheets() for line in str(each).splitlines()}
    paths = {row.path for file in data_files() for row in rows(file)}
    assert paths - starts == set()


@pytest.mark.parametrize("name", list(sheets()))
def test_every_file_has_a_card_of_its_own(name):
    text = str(cb.card(name))
    assert [row.path for row in data(sheets()[name]) if row.path not in text] == []


def test_a_part_of_a_file_has_a_card():
    assert [row.path for row in sheet("limits.air.benzene.new").rows] == [
        "air.benzene.new.concentration",
        *(f"air.benzene.new.{grade}.{m} m" for grade in ("II", "III") for m in (15, 20, 30, 40)),
    ]


def test_a_card_of_something_unknown_helps():
    with pytest.raises(LookupError, match=r"no unit or data file '\*\.failure\.mttr'"):
        cb.card("*.failure.mttr")
    with pytest.raises(LookupError, match=r"no unit or data file 'limts'; did you mean 'limits'"):
        cb.card("limts")
    with pytest.raises(LookupError, match=r"no 'ait' in limits.toml; did you mean 'air'"):
        cb.card("limits.ait")


def test_a_sheet_shows_in_a_notebook():
    html = cb.card("weather.air")._repr_html_()
    assert "<table>" in html
    assert "recalled" in html


@pytest.mark.parametrize(
    "tree", [Line, Prices, Installation, Purse, DeviceCost, Slackening, Prose, Aims]
)
def test_every_number_has_both_ends(tree: type):
    """Beyond them it is nonsense: a rise of the absorber's water of 1e9 K."""
    open_ended = [
        path
        for path, declared, _ in leaves(tree)
        if declared.kind in (int, float) and None in (declared.minimum, declared.maximum)
    ]
    assert open_ended == []


@pytest.mark.parametrize("setting", ["absorber.water_rise=1e9", "dryer.capacity=1e12 kg/h"])
def test_what_lies_beyond_an_end_is_refused(setting: str):
    with pytest.raises(ValueError, match="outside the domain"):
        own_design(None, [setting])


def test_only_what_may_never_happen_or_has_no_limit_may_be_infinite():
    endless = {path.rpartition(".")[2] for path, declared, _ in leaves(Line) if declared.endless}
    assert endless == {"mtbf", "interval", "capacity"}
    never = replace_at(cb.BASELINE.tree, "dryer.failure.mtbf", inf)
    assert get(never, "dryer.failure.mtbf") == inf
    with pytest.raises(ValueError, match="expected a finite number, came inf"):
        replace_at(cb.BASELINE.tree, "dryer.power", inf)
