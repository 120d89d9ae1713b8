"""Seals of the tables: which cell is no longer as it was transcribed from the source.

Arithmetic finds most altered figures, but not a payback that still rounds to the same, nor a word.
So every row and every column of a table has a seal, eight digits of a hash of its cells; an altered
cell breaks the seal of its row and of its column. After a correction of a transcription, write
``seals_text(printed_source())`` to ``data/seals.csv``.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from hashlib import sha256

from plant_models.chlorobenzene.line.design import DATA
from plant_models.chlorobenzene.paper.printed_source import PrintedSource, PrintedTable

Seals = Mapping[tuple[str, str, str], str]
"""By table, ``row`` or ``column``, and its name."""

MOST = 6
"""Altered cells that are told one by one."""


@cache
def seals() -> Seals:
    """Return the seals of ``data/seals.csv``."""
    rows = csv.DictReader((DATA / "seals.csv").read_text(encoding="utf-8").splitlines())
    return {(row["table"], row["line"], row["name"]): row["seal"] for row in rows}


def seals_text(source: PrintedSource) -> str:
    """Return the contents of ``data/seals.csv`` for tables that are right."""
    lines = [
        ",".join((*key, seal)) for table in source.tables.values() for key, seal in _sealed(table)
    ]
    return "\n".join(["table,line,name,seal", *lines]) + "\n"


def altered(source: PrintedSource) -> tuple[str, ...]:
    """Return a message for every cell that is not as it was transcribed."""
    return tuple(fault for table in source.tables.values() for fault in _altered(table))


def _altered(table: PrintedTable) -> Iterator[str]:
    known = {key: seal for key, seal in seals().items() if key[0] == table.name}
    found = dict(_sealed(table))
    for key in known:
        if key not in found:
            yield f"{table.name}.csv: {key[1]} {key[2]} is missing"
    for key in found:
        if key not in known:
            yield f"{table.name}.csv: {key[1]} {key[2]} is not in the source"
    broken = [key for key, seal in found.items() if known.get(key, seal) != seal]
    rows = [name for _, line, name in broken if line == "row"]
    columns = [name for _, line, name in broken if line == "column"]
    cells = [(row, column) for row in rows for column in columns]
    for row, column in cells[:MOST]:
        text = table.rows[row][column]
        yield f"{table.where(row, column)}: {text!r} is not what the source prints"
    if len(cells) > MOST:
        yield f"{table.name}.csv: {len(cells) - MOST} more cells may have been altered"


def _sealed(table: PrintedTable) -> Iterator[tuple[tuple[str, str, str], str]]:
    for name, row in table.rows.items():
        yield (table.name, "row", name), _seal(row[column] for column in table.columns)
    for column in table.columns:
        cells = (row[column] for row in table.rows.values())
        yield (table.name, "column", column), _seal([column, *cells])


def _seal(cells: Iterable[str]) -> str:
    return sha256("\x1f".join(cells).encode("utf-8")).hexdigest()[:8]
