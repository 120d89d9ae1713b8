"""Values as TOML text: what a folder is written with."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from typing import Any

from sim.model.facts import Fact


def toml_value(value: Any) -> str:
    """Return a value on one line.

    >>> toml_value({"a": [1, 2.5], "b": True})
    '{ a = [1, 2.5], b = true }'
    """
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return "inf" if value == math.inf else repr(value)
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, Mapping):
        inside = ", ".join(f"{toml_key(k)} = {toml_value(v)}" for k, v in value.items())
        return f"{{ {inside} }}" if inside else "{}"
    return f"[{', '.join(map(toml_value, value))}]"


def toml_key(key: str) -> str:
    """Return a key, in quotes where it must be."""
    return key if re.fullmatch(r"[A-Za-z0-9_-]+", key) else toml_value(key)


def toml_table(path: str, table: Mapping[str, Any]) -> str:
    """Return a table with its head; what is a list of texts stands an entry a line."""
    rows = [f"[{path}]"]
    for key, value in table.items():
        rows.append(f"{toml_key(key)} = {toml_value(value)}")
    return "\n".join(rows) + "\n"


def fact_table(fact: Fact) -> dict[str, Any]:
    """Return the table of a fact, without what it does not say."""
    told = {
        "value": fact.value,
        "unit": fact.unit,
        "source": fact.source,
        "low": fact.low,
        "high": fact.high,
        "note": fact.note,
        "fit": fact.fit,
    }
    if isinstance(fact.value, bool | str):
        told.pop("unit")
    return {key: value for key, value in told.items() if key == "value" or not _unsaid(value)}


def _unsaid(value: object) -> bool:
    return value is None or value is False or value == ""  # a low of 0 equals False, yet is said


def facts_text(facts: Mapping[str, Fact]) -> str:
    """Return facts as a TOML text in the format of `sim.load`."""
    return "\n".join(
        toml_table(".".join(map(toml_key, path.split("."))), fact_table(fact))
        for path, fact in facts.items()
    )
