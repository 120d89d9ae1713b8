"""CSV as spreadsheets write it: rows by column name, each with its line."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sim.errors import did_you_mean


@dataclass(frozen=True)
class Row:
    """A row: its cells by column, stripped; and its line."""

    line: int
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")


def rows_of(
    name: str, text: str, columns: Sequence[str], needed: Sequence[str]
) -> tuple[list[Row], list[str]]:
    """Return the rows of a CSV text, and what is wrong with its form.

    Commas, semicolons or tabs separate; blank lines, those that begin with ``#``, and the first of
    a spreadsheet that tells it the separator (``sep=;``) are left out.
    """
    lines = text.splitlines()
    told = [(n, line) for n, line in enumerate(lines, 1) if line.strip(" ,;\t")
            and not line.lstrip(' "').startswith("#")
            and not re.fullmatch(r"sep=.\s*", line)]  # fmt: skip
    if not told:
        return [], [f"{name}: no rows; expected the columns {', '.join(columns)}"]
    first, head = told[0]
    separator = max(";\t,", key=head.count)
    faults: list[str] = []
    heads = [cell.strip().casefold() for cell in _cells(head, separator)]
    faults += [
        f"no column {column!r}{did_you_mean(column, columns)}"
        for column in heads
        if column and column not in columns
    ]
    faults += [
        f"no column {column!r}; it has {', '.join(heads)}"
        for column in needed
        if column not in heads
    ]
    twice = {each for each in heads if each and heads.count(each) > 1}
    faults += [f"column {column!r} is there twice" for column in sorted(twice)]
    if faults:
        return [], [f"{name}, line {first}: {fault}" for fault in faults]
    return list(_rows(told[1:], heads, separator, name, faults)), faults


def _rows(
    told: Sequence[tuple[int, str]],
    heads: Sequence[str],
    separator: str,
    name: str,
    faults: list[str],
) -> Iterator[Row]:
    for line, text in told:
        cells = [cell.strip() for cell in _cells(text, separator)]
        if len(cells) > len(heads) and any(cells[len(heads) :]):
            faults.append(
                f"{name}, line {line}: {len(cells)} cells, the head has {len(heads)}; put text "
                "with commas in quotes"
            )
            continue
        yield Row(line, dict(zip(heads, cells, strict=False)))


def _cells(text: str, separator: str) -> list[str]:
    return next(csv.reader([text], delimiter=separator, skipinitialspace=True), [])
