"""CSV as spreadsheets write it: rows by column name, each with its line."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from sim.errors import did_you_mean, told

COUNTS_NOT = re.compile(r'[ "]*#|sep=.\s*$|[ ,;\t]*\s*$')
"""A line that is left out: a comment, the first of a spreadsheet that tells the separator, none."""
NUMBER = re.compile(r"([+-]?\d+)([.,])(\d+(?:\s*[^\s\d.,]\S*)?)")
"""A number with decimals, maybe with its unit."""
OF_THOUSANDS = re.compile(r"[+-]?[1-9]\d{0,2}[.,]\d{3}(?:\s*[^\s\d.,]\S*)?")
"""One that may as well have a mark between thousands."""


@dataclass(frozen=True)
class Row:
    """A row: its cells by column, stripped; and its line."""

    line: int
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")


def rows_of(
    name: str,
    text: str,
    columns: Sequence[str],
    needed: Sequence[str],
    words: Container[str] = (),
) -> tuple[list[Row], list[str]]:
    """Return the rows of a CSV text, and what is wrong with its form.

    Commas, semicolons or tabs separate; blank lines, those that begin with ``#``, and the first of
    a spreadsheet that tells it the separator (``sep=;``) are left out. Spreadsheets put semicolons
    where a comma marks decimals: between those it does, but in columns of ``words``.
    """
    lines = ["\n" if COUNTS_NOT.match(line) else line for line in io.StringIO(text, newline="")]
    first = next((line for line in lines if line != "\n"), "")
    if not first:
        return [], [f"{name}: no rows; expected the columns {', '.join(columns)}"]
    delimiter = max(";\t,", key=first.count)
    reader = csv.reader(lines, delimiter=delimiter, skipinitialspace=True, strict=True)
    stripped = ([cell.strip() for cell in cells] for cells in reader)
    filled = ((reader.line_num, cells) for cells in stripped if any(cells))
    rows: list[Row] = []
    faults: list[str] = []
    marks: dict[str, int] = {}
    doubtful: dict[str, tuple[int, str]] = {}
    try:
        line, cells = next(filled, (1, []))
        heads = [cell.casefold() for cell in cells]
        faults += (f"{name}, line {line}: {each}" for each in _odd(heads, columns, needed))
        for line, cells in () if faults else filled:
            if any(cells[len(heads) :]):
                point = "write decimals with a point, " if delimiter == "," else ""
                faults.append(
                    f"{name}, line {line}: {len(cells)} cells, the head has {len(heads)}; {point}"
                    "put text with commas in quotes"
                )
            else:
                row = dict(zip(heads, cells, strict=False))
                if delimiter == ";":
                    row |= {
                        at: _pointed(row[at], line, marks, doubtful)
                        for at in row
                        if at not in words
                    }
                rows.append(Row(line, row))
    except csv.Error as fault:
        faults.append(f"{name}, line {reader.line_num}: no valid CSV: {fault}")
    for mark, (line, _) in doubtful.items() if marks else ():
        marks.setdefault(mark, line)
    if len(marks) > 1:
        faults.append(
            f"{name}, line {marks['.']}: a decimal point, where line {marks[',']} has a decimal "
            "comma; write all numbers one way"
        )
    faults += (
        f"{name}, line {line}: {cell!r} may mean thousands or decimals; write it without that "
        "mark, or not with three digits behind it"
        for line, cell in ([] if marks else doubtful.values())
    )
    return rows, faults


def _pointed(
    cell: str, line: int, marks: dict[str, int], doubtful: dict[str, tuple[int, str]]
) -> str:
    """Return a cell with a decimal point; note in which line which mark of decimals came first.

    Three digits behind it may be of thousands: then another number tells, or nobody knows.
    """
    number = NUMBER.fullmatch(cell)
    if number is None:
        return cell
    if OF_THOUSANDS.fullmatch(cell):
        doubtful.setdefault(number[2], (line, cell))
    else:
        marks.setdefault(number[2], line)
    return f"{number[1]}.{number[3]}"


def _odd(heads: Sequence[str], columns: Sequence[str], needed: Sequence[str]) -> Iterator[str]:
    """Yield what is wrong with the names of the columns; one without a name counts for nothing."""
    if not any(get_close_matches(head, columns, 1) for head in heads):
        yield (
            "no head of columns; expected commas, semicolons or tabs between "
            f"{', '.join(columns)}, came {told(', '.join(heads))}"
        )
        return
    for column in heads:
        if column and column not in columns:
            yield f"no column {column!r}{did_you_mean(column, columns)}"
    for column in needed:
        if column not in heads:
            yield f"no column {column!r}; it has {', '.join(heads)}"
    for column in sorted({each for each in heads if each and heads.count(each) > 1}):
        yield f"column {column!r} is there twice"
