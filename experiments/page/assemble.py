"""The page as one text: template, styles, scripts and data put together."""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from html import escape
from importlib.resources import files
from typing import Any

ASSETS = files("experiments.page") / "assets"

BEFORE = (
    "model.js",
    "words.js",
    "dom.js",
    "state.js",
    "motion.js",
    "switches.js",
    "summary.js",
    "charts.js",
    "budget.js",
    "limits.js",
    "shares.js",
    "flows.js",
    "ladder.js",
)
LINE = ("sankey_layout.js", "sankey.js", "tour.js", "line.js")
PLANT = ("flowsheet.js",)
AFTER = ("sides.js", "balance.js", "years.js", "handout.js", "exercises.js", "basis.js", "app.js")

SCRIPTS = (*BEFORE, *LINE, *AFTER)
"""Of the line's page, in the order in which they build on each other."""
PLANT_SCRIPTS = (*BEFORE, *PLANT, *AFTER)
"""Of the page of any other plant."""

LINE_SECTIONS = frozenset({"special", "limits", "money"})
"""Marks of the parts of the template that the line's page has, and others may lack."""


def page(
    data: dict[str, Any],
    scripts: Collection[str] = SCRIPTS,
    sections: Collection[str] = LINE_SECTIONS,
) -> str:
    """Return the HTML of the page; it asks no other address for anything."""
    parts = {
        "{{title}}": escape(data["texts"]["title"]["en"]),
        "/*{{css}}*/": asset("page.css"),
        "{{data}}": _quoted(data),
        "{{js}}": "\n".join(asset(name) for name in scripts),
    }
    text = _having(asset("page.html"), sections)
    for mark, part in parts.items():
        before, found, after = text.partition(mark)
        assert found, mark
        text = before + part + after
    return text


def asset(name: str) -> str:
    """Return the text of a part of the page."""
    return (ASSETS / name).read_text(encoding="utf-8")


def _having(template: str, sections: Collection[str]) -> str:
    """Return a template without the marked parts that are not asked for.

    >>> _having("a<!--b-->c<!--/-->d<!--e-->f<!--/-->", {"e"})
    'adf'
    """
    return re.sub(
        r"<!--(\w+)-->(.*?)<!--/-->",
        lambda found: found[2] if found[1] in sections else "",
        template,
    )


def _quoted(data: dict[str, Any]) -> str:
    """Return JSON that cannot end the script element it stands in."""
    text = json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return text.replace("<", "\\u003c")
