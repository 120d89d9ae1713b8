"""The page as one text: template, styles, scripts and data put together."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

ASSETS = files("experiments.page") / "assets"

SCRIPTS = (
    "model.js",
    "words.js",
    "dom.js",
    "state.js",
    "motion.js",
    "switches.js",
    "summary.js",
    "charts.js",
    "limits.js",
    "shares.js",
    "sankey_layout.js",
    "ladder.js",
    "sankey.js",
    "sides.js",
    "balance.js",
    "years.js",
    "tour.js",
    "handout.js",
    "exercises.js",
    "basis.js",
    "app.js",
)
"""In the order in which they build on each other."""


def page(data: dict[str, Any]) -> str:
    """Return the HTML of the page; it asks no other address for anything."""
    parts = {
        "/*{{css}}*/": asset("page.css"),
        "{{data}}": _quoted(data),
        "{{js}}": "\n".join(asset(name) for name in SCRIPTS),
    }
    text = asset("page.html")
    for mark, part in parts.items():
        before, found, after = text.partition(mark)
        assert found, mark
        text = before + part + after
    return text


def asset(name: str) -> str:
    """Return the text of a part of the page."""
    return (ASSETS / name).read_text(encoding="utf-8")


def _quoted(data: dict[str, Any]) -> str:
    """Return JSON that cannot end the script element it stands in."""
    text = json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return text.replace("<", "\\u003c")
