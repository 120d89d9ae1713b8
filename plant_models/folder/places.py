"""Where something stands in a TOML text: tables, keys and entries of lists by line."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from sim.model.facts import line_of, read_documents

KEY = r"""(?:[A-Za-z0-9_-]+|"[^"\n]*"|'[^'\n]*')"""
KEYS = rf"{KEY}(?:\s*\.\s*{KEY})*"
HEADER = re.compile(rf"\s*(\[\[?)\s*({KEYS})\s*\]")
MOST_TEXTS = 256
ASSIGNED = re.compile(rf"\s*({KEYS})\s*=")


@dataclass(frozen=True)
class Sheet:
    """A TOML file of a folder: its table, and the line of everything that has one."""

    name: str  #: File name, as messages call it
    text: str
    table: Mapping[str, Any]
    lines: Mapping[str, int] = field(repr=False)  #: By dotted path; the first of equal ones

    def at(self, path: str, entry: str = "") -> str:
        """Return ``plant.toml, line 12``: of a path, or of what holds it; of a list's entry.

        ``entry``: the text of an entry, which stands in the line of the path or below.
        """
        parts = path.split(".")
        line = 0
        while parts and not line:
            line = self._line(".".join(parts))
            parts.pop()
        line = line_of(entry, self.text, line)
        return f"{self.name}, line {line}" if line else self.name

    def fault(self, path: str, fault: str, entry: str = "") -> str:
        """Return a fault of a path with file, line and path before it; ``entry`` as of `at`."""
        return f"{self.at(path, entry)}: {path}: {fault}"

    def _line(self, path: str) -> int:
        """Return the line of a path, or the first of what it holds; 0 where it is not written."""
        below = (line for key, line in self.lines.items() if key.startswith(f"{path}."))
        return self.lines.get(path) or min(below, default=0)


def sheet_of(name: str, text: str) -> tuple[Sheet, list[str]]:
    """Return a sheet, empty after a fault, and what is wrong with its text.

    The same text is the same sheet: a plant's files are asked what they say before they are read,
    and when one has changed the others have not. Nobody may write into its table.
    """
    sheet, faults = _sheet_of(name, text)
    return sheet, list(faults)


@lru_cache(MOST_TEXTS)
def _sheet_of(name: str, text: str) -> tuple[Sheet, tuple[str, ...]]:
    documents, faults = read_documents([NamedText(name, text)])
    table = documents[0].table if documents else {}
    return Sheet(name, text, table, _lines(text)), tuple(str(fault) for fault in faults)


@dataclass(frozen=True)
class NamedText:
    """A text under the name of its file."""

    name: str
    text: str

    def read_text(self, encoding: str) -> str:
        """Return the text."""
        return self.text

    def __str__(self) -> str:
        return self.name


def _lines(text: str) -> dict[str, int]:
    """Return the line of every table and key."""
    found: dict[str, int] = {}
    above, counts = "", dict[str, int]()
    for number, row in enumerate(text.splitlines(), start=1):
        header = HEADER.match(row)
        if header is not None:
            above = _plain(header[2])
            if header[1] == "[[":
                counts[above] = counts.get(above, -1) + 1
                found.setdefault(above, number)
                above = f"{above}.{counts[above]}"
            found.setdefault(above, number)
            continue
        assigned = ASSIGNED.match(row)
        if assigned is not None:
            key = _plain(assigned[1])
            found.setdefault(f"{above}.{key}" if above else key, number)
    return found


def _plain(keys: str) -> str:
    return ".".join(part.strip("\"'") for part in re.findall(KEY, keys))
