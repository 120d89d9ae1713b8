"""Words in two languages: what is said in English is said in Chinese, with the same fields."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from experiments.page import texts
from plant_models import chlorobenzene as cb
from plant_models.chlorobenzene.line import wiring
from plant_models.languages import LANGUAGES, words_of

ROOT = Path(__file__).parents[1]
SAID = sorted(
    file.parent
    for package in ("plant_models", "experiments")
    for file in (ROOT / package).rglob("texts/en.toml")
)


@cache
def told(folder: Path, language: str) -> Mapping[str, Mapping[str, str]]:
    return tomllib.loads((folder / f"{language}.toml").read_text(encoding="utf-8"))


def fields(text: str) -> list[str]:
    return sorted(re.findall(r"\{(\w+)", text))


@pytest.mark.parametrize("folder", SAID, ids=lambda folder: folder.parent.name)
def test_every_english_text_has_its_chinese_one(folder: Path):
    english, chinese = (told(folder, language) for language in LANGUAGES)
    assert set(chinese["says"]) == set(english["says"])
    for key, text in english["says"].items():
        assert fields(chinese["says"][key]) == fields(text), key
        assert chinese["says"][key].strip() or not text.strip(), key
    for kind, names in english.items():
        assert set(names) <= set(chinese[kind]), kind


def test_something_is_said_in_two_languages():
    assert {folder.parent.name for folder in SAID} >= {"run"}


def test_no_such_language_is_told():
    with pytest.raises(LookupError, match="lang: no 'fr'"):
        words_of("plant_models.chlorobenzene.run", "fr")


@cache
def recorded() -> Any:
    """Return ninety days in which equipment fails, lots fail and the annual shutdown falls."""
    return cb.simulate("F1-F11", years=90.0 / 365.0, seed=3, start_hour=140 * 24.0, record=True)


def test_a_chinese_diary_has_no_english_word():
    """Schemes keep their ids; everything that can happen to the line has a name."""
    chinese = str(recorded().diary(lang="zh"))
    assert set(re.findall(r"[A-Za-z][A-Za-z ]*", chinese)) <= {"F"}
    assert "年度大修" in chinese


def test_both_diaries_tell_the_same_hours_and_numbers():
    english, chinese = recorded().diary(), recorded().diary(lang="zh")
    assert [entry.hour for entry in english] == [entry.hour for entry in chinese]
    for one, other in zip(english, chinese, strict=True):
        assert re.findall(r"\d+\.\d", one.text) == re.findall(r"\d+\.\d", other.text)


def test_everything_that_a_diary_may_name_is_named_in_chinese():
    network = wiring.network(cb.BASELINE.tree)
    names = words_of("plant_models.chlorobenzene.run", "zh").table["names"]
    assert {*network.units, *network.tanks, *wiring.TRAINS, *wiring.SINKS} <= set(names)


def test_diary_and_page_call_a_thing_the_same():
    names = words_of("plant_models.chlorobenzene.run", "zh").table["names"]
    page = texts.names()
    for key in {*names} & {*page["parts"]} - {*page["trains"]}:
        assert page["parts"][key]["zh"].partition("（")[0] == names[key], key


def test_every_outlet_that_a_report_may_name_is_named_in_chinese():
    network = wiring.network(cb.BASELINE.tree)
    outlets = {port for unit in network.units.values() for port in unit.outlets}
    assert {*outlets, "overflow"} <= set(words_of("experiments.audit", "zh").table["outlets"])
