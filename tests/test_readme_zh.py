"""The README in Chinese: the same commands, numbers and pictures as in the English one."""

from __future__ import annotations

import io
import re
import tokenize
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
ENGLISH, CHINESE = ROOT / "README.md", ROOT / "docs" / "zh" / "README.md"
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
LINK = re.compile(r"\]\(([^)#]+)(?:#[^)]*)?\)")
DIGITS = re.compile(r"\d+(?:[.,]\d+)*(?:e-?\d+)?")


def text(file: Path) -> str:
    return file.read_text(encoding="utf-8")


def commands(page: str) -> list[str]:
    """Return the lines of all shell blocks without their comments."""
    blocks = [body for kind, body in FENCE.findall(page) if kind == "sh"]
    return [re.sub(r"\s+# .*", "", line) for body in blocks for line in body.splitlines()]


def code(page: str) -> list[str]:
    """Return the tokens of all Python blocks but comments."""
    blocks = [body for kind, body in FENCE.findall(page) if kind == "python"]
    read = tokenize.generate_tokens(io.StringIO("\n".join(blocks)).readline)
    return [token.string for token in read if token.type != tokenize.COMMENT]


def translated(page: str) -> str:
    """Return the part of the English page that the Chinese one has: all but where things are."""
    return page.partition("## Where things are")[0]


def test_the_commands_are_those_of_the_english_readme_which_are_executed():
    assert commands(text(CHINESE)) == commands(translated(text(ENGLISH)))


def test_the_python_is_that_of_the_english_readme_which_is_executed():
    assert code(text(CHINESE)) == code(translated(text(ENGLISH)))


@pytest.mark.parametrize("chapter", range(6))
def test_every_number_is_that_of_the_english_readme(chapter: int):
    """Chapter by chapter, in prose: counts, years, shares and bounds."""

    def numbers(page: str) -> set[str]:
        prose = FENCE.sub("", translated(page)).split("\n## ")[chapter]
        return set(DIGITS.findall(LINK.sub("](", prose)))

    english, chinese = numbers(text(ENGLISH)), numbers(text(CHINESE))
    assert english <= chinese | {"1990"}
    assert chinese <= english | {"11", "12"}, chinese - english


def test_every_link_leads_somewhere():
    for target in LINK.findall(text(CHINESE)):
        assert (CHINESE.parent / target).exists(), target


def test_each_readme_leads_to_the_other():
    assert "(docs/zh/README.md)" in text(ENGLISH)
    assert "(../../README.md)" in text(CHINESE)
