"""The notebooks reach whoever installed the package: `lessons DIR`."""

import re
from pathlib import Path
from typing import Any

import pandas
import pytest
from matplotlib import pyplot

from experiments.lessons import slides
from experiments.lessons.copies import CLONE, HOME, copy_lessons, notebooks
from experiments.output.phrases import book


def test_the_notebooks_of_one_language_are_copied_byte_by_byte(call, tmp_path: Path):
    result = call("lessons", str(tmp_path / "class"))
    assert result.exit_code == 0, result.output
    english = {file.name for name, file in notebooks().items() if not name.endswith("_zh")}
    copied = {file.name: file.read_bytes() for file in (tmp_path / "class").iterdir()}
    assert set(copied) == english
    assert all((CLONE / name).read_bytes() == content for name, content in copied.items())


def test_a_chinese_copy_holds_every_lesson_and_chinese_alone(tmp_path: Path):
    found = copy_lessons(tmp_path / "zh", language="zh", instructor=True)
    english = {name for name in notebooks() if not name.endswith("_zh")}
    assert set(found.files) == {
        *(f"{name}_zh.ipynb" for name in english),
        *(f"instructor/{name}_zh.md" for name in english),
    }


@pytest.mark.parametrize(
    ("language", "asked", "why"),
    [
        (
            "en",
            "What the four avoid together",
            "What would you expect, and why?",
        ),
        pytest.param(
            *("zh", "四个方案一起的减排量", "你预计会怎样，为什么？"), marks=pytest.mark.long
        ),
    ],
)
def test_slides_show_every_picture_of_a_lesson_behind_its_question(
    call, tmp_path: Path, language: str, asked: str, why: str
):
    """They hold all they need: nothing is fetched, and no answer is told."""
    words = ("--lang", language, "--slides", "--lesson", "4")
    result = call("lessons", str(tmp_path / "class"), *words)
    assert result.exit_code == 0, result.output
    (file,) = (tmp_path / "class" / "slides").iterdir()
    deck = file.read_text(encoding="utf-8")
    notebook = (tmp_path / "class" / f"{file.stem}.ipynb").read_text(encoding="utf-8")
    pictures = re.findall(r'<img alt="[^"]+" src="data:image/png;base64,', deck)
    assert len(pictures) == deck.count(why) == notebook.count(".plot")
    assert asked in deck  # in its alternative text
    assert not re.search(r"https?:|<link|src=\"(?!data:)", deck)
    assert len(deck) < 300_000


def test_a_slide_shows_what_its_own_cell_draws():
    """In a notebook every cell begins with a clean sheet, and shows what it has drawn."""
    other = pyplot.figure()
    space: dict[str, Any] = {"pandas": pandas}
    before = slides._run("bars = pandas.Series([1.0]).plot.barh()", space)
    after = slides._run("pandas.Series([2.0]).plot.barh(xlim=bars.get_xlim())", space)
    assert [len(each.axes[0].patches) for each in (before, after) if each] == [1, 1]
    assert slides._run("1 + 1", space) is None
    assert not other.axes, "somebody else draws there"
    assert pyplot.fignum_exists(other.number)
    pyplot.close(other)


@pytest.mark.parametrize(
    ("asked", "language", "heading", "more"),
    [
        ("in which process? one of drying, packing", "en", "In which process?",
         "One of drying, packing"),
        ("哪个工序？drying, packing 之一", "zh", "哪个工序？", "苯干燥、灌装之一"),
        ("装多少，吨？取较大者", "zh", "装多少，吨？", "取较大者"),
        ("gap at the fence, t", "en", "Gap at the fence, t", ""),
    ],
)  # fmt: skip
def test_a_slide_is_headed_by_its_question_alone(
    asked: str, language: str, heading: str, more: str
):
    """What there is to choose from stands below, for it took four lines of the picture's room."""
    assert slides._question(asked, language) == (heading, more)


@pytest.mark.long
def test_a_printed_slide_is_one_page(browser: Any, monkeypatch: pytest.MonkeyPatch):
    """However long its question is: the picture takes what is left."""
    picture = slides._png(pyplot.figure(figsize=(12.0, 6.0)), "en", {})
    shown = [
        slides.Slide("Run", length * "How many tonnes? ", "Why?", picture) for length in (1, 9)
    ]
    monkeypatch.setattr(slides, "_slides", lambda *_: shown)
    page = browser.new_page()
    page.set_content(slides.deck(next(CLONE.glob("*.ipynb")), "en"))
    sheet = page.pdf(prefer_css_page_size=True, print_background=True)
    assert len(re.findall(rb"/Type\s*/Page\b", sheet)) == len(shown)


@pytest.mark.long
def test_a_picture_stands_behind_the_question_that_it_answers(tmp_path: Path):
    """The next question of the notebook may be of something else."""
    copy_lessons(tmp_path / "class", language="en", slides=True, lessons=[0])
    deck = (tmp_path / "class" / "slides" / "00_meet_the_plant.html").read_text("utf-8")
    told = re.findall(r'<img alt="([^"]+)"', deck)
    asked = ["Which state but running", "By which medium", "How many kg of benz"]
    assert [one.startswith(two) for one, two in zip(told, asked, strict=True)] == [True] * 3, told


def test_a_chinese_picture_calls_what_is_done_at_the_source_not_as_the_printed_source():
    """A way to emit less, and a printed text, are one word in English."""
    assert book("zh").label("source") == "源头方案"
    assert book("zh").name("source") == "原文"


@pytest.mark.long
def test_a_chinese_slide_calls_processes_as_its_picture_does(tmp_path: Path):
    """Their English names are what one types into a notebook, and the picture has none of them."""
    copy_lessons(tmp_path / "class", language="zh", slides=True, lessons=[2])
    deck = (tmp_path / "class" / "slides" / "02_rank_the_losses_zh.html").read_text("utf-8")
    assert "到货、苯干燥、氯化、" in deck
    assert "drying" not in deck


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("lessons",), "DIR"),
        (("lessons", "full"), "is not empty"),
        (("lessons", "new", "--lang", "fr"), "no 'fr'"),
        (("lessons", "new", "--lesson", "77"), "no lesson 77; there are 0 to 13"),
    ],
)
def test_a_wrong_copy_is_refused_with_a_message(
    refused, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], said: str
):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").touch()
    refused(*words, words=[said])
    assert not (tmp_path / "new").exists()


def test_a_clone_keeps_the_notebooks_beside_the_packages():
    assert not HOME.exists()
    assert {file.parent for file in notebooks().values()} == {CLONE}


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"lessons": 3}, "lessons: expected numbers, like [3], came 3"),
        ({"lessons": "3"}, "lessons: expected numbers, like [3], came '3'"),
        ({"lessons": [True]}, "lessons: expected a whole number of 0 or more, came True"),
        ({"lessons": [99]}, "lesson: no lesson 99; there are 0 to 13"),
        ({"instructor": "no"}, "instructor: expected True or False, came 'no'"),
        ({"slides": 1}, "slides: expected True or False, came 1"),
    ],
)
def test_a_copy_that_cannot_be_meant_is_refused_by_the_argument(
    tmp_path: Path, asked: dict[str, Any], told: str
):
    with pytest.raises((TypeError, LookupError)) as fault:
        copy_lessons(tmp_path / "class", **asked)
    assert str(fault.value).startswith(told)
    assert not (tmp_path / "class").exists()
