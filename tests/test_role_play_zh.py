"""The role play in Chinese: the same minutes and roles, and the page's own words."""

from __future__ import annotations

import re
from pathlib import Path

from experiments.page import texts

DOCS = Path(__file__).resolve().parents[1] / "docs"
ENGLISH, CHINESE = (
    (DOCS / name).read_text(encoding="utf-8") for name in ("role_play.md", "zh/role_play.md")
)
PRESSED = (
    "mode.tour",
    "mode.explore",
    "mode.predict",
    "question.copy",
    "link.open",
    "sides",
    "print",
)
"""What the table tells to press."""
LOOKED_AT = ("money", "money.items", "limits", "output", "years", "shares", "worse.thin")


def rows(page: str) -> list[list[str]]:
    """Return the cells of the table of what happens when."""
    return [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in page.splitlines()
        if re.match(r"\| \d", line)
    ]


def test_both_have_the_same_minutes_roles_hints_and_commands():
    assert [row[0] for row in rows(CHINESE)] == [row[0] for row in rows(ENGLISH)]
    for mark in (r"(?m)^\*\*", r"(?m)^- ", r"(?m)^## ", r"F\d+"):
        assert len(re.findall(mark, CHINESE)) == len(re.findall(mark, ENGLISH)), mark
    command = r"`(python[^`]*)`"
    said = [" ".join(each.split()) for each in re.findall(command, ENGLISH)]
    assert re.findall(command, CHINESE) == said


def test_what_is_pressed_is_called_as_on_the_page_in_both_languages():
    for language, page in (("en", ENGLISH), ("zh", CHINESE)):
        said = {key: each[language] for key, each in texts.interface().items()}
        told = "\n".join(row[2] for row in rows(page))
        for key in PRESSED:
            assert said[key] in told, said[key]
    said = {key: each["zh"] for key, each in texts.interface().items()}
    for key in LOOKED_AT:
        assert re.split("[，：]", said[key])[0] in CHINESE, said[key]
