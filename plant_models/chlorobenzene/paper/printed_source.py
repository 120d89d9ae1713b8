"""The tables of the source and the figures of its text, cell by cell, as exact decimals."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass, fields
from decimal import Decimal, InvalidOperation
from functools import cache
from itertools import zip_longest
from pathlib import Path

from plant_models.chlorobenzene.line.design import DATA
from sim.model.facts import Design, Readable, load
from sim.model.parameters import quantity

TABLES: Mapping[str, tuple[str, ...]] = {
    "table_1_1": ("scheme",),
    "table_1_2": ("scheme",),
    "table_1_3": ("medium", "pollutant"),
    "price_sets": ("set",),
}
"""Table files, and the columns that name a row."""

PROSE = "prose.toml"


@dataclass(frozen=True, kw_only=True)
class Prose:
    """Figures of the source's running text; values live in ``data/prose.toml``."""

    no_cost_schemes: int = quantity("1", "schemes of no cost", 0, 1000)
    low_cost_schemes: int = quantity("1", "schemes of low cost", 0, 1000)
    medium_cost_schemes: int = quantity("1", "schemes of medium cost", 0, 1000)
    high_cost_schemes: int = quantity("1", "schemes of high cost", 0, 1000)
    investment: float = quantity("RMB", "investment in the programme", 0.0, 1e10)
    net_income: float = quantity("RMB/yr", "net income of the programme", 0.0, 1e10)
    payback: float = quantity("yr", "recovery period of the investment", 0.0, 1e3)
    wastewater: float = quantity("t/yr", "reduction of wastewater", 0.0, 1e9)
    hydrogen_chloride_first: float = quantity("t/yr", "reduction, first figure", 0.0, 1e9)
    hydrogen_chloride_second: float = quantity("t/yr", "reduction, second figure", 0.0, 1e9)
    chlorobenzene: float = quantity("t/yr", "reduction of chlorobenzene", 0.0, 1e9)
    chlorine: float = quantity("t/yr", "reduction of chlorine", 0.0, 1e9)


@dataclass(frozen=True)
class PrintedTable:
    """A table as printed: rows by name, each a text by column."""

    name: str
    columns: tuple[str, ...]
    rows: Mapping[str, Mapping[str, str]]

    def where(self, row: str, column: str) -> str:
        """Return the place of a cell, as a message tells it."""
        return f"{self.name}.csv, row {row}, column {column}"

    def text(self, row: str, column: str) -> str:
        """Return what a cell holds; ValueError if the row or the column is missing."""
        try:
            return self.rows[row][column]
        except KeyError:
            raise ValueError(f"{self.where(row, column)}: no such cell") from None

    def number(self, row: str, column: str) -> Decimal:
        """Return the figure of a cell; 0 where the source prints none.

        Raises ValueError if it is no number, or the row or the column is missing.
        """
        text = self.text(row, column)
        try:
            value = Decimal(text or "0")
        except InvalidOperation:
            value = Decimal("NaN")
        if not value.is_finite():
            raise ValueError(f"{self.where(row, column)}: expected a number, came {text!r}")
        return value


@dataclass(frozen=True)
class PrintedSource:
    """Everything that the audit computes with, besides vapour pressures and limits."""

    tables: Mapping[str, PrintedTable]
    prose: Prose

    def said(self, name: str) -> Decimal:
        """Return a figure of the text as it is printed."""
        return Decimal(repr(getattr(self.prose, name))).normalize()


def prose(file: Readable | None = None) -> Design[Prose]:
    """Return the figures of the text with their facts."""
    return load(Prose, file or DATA / PROSE, sources=[DATA / "sources.toml"])


def printed_source(folder: Path | None = None) -> PrintedSource:
    """Return the tables and the text's figures of a folder, the project's own by default.

    Raises OSError or ValueError if a file cannot be read, has no rows, or lacks a column or a row's
    name.
    """
    place = DATA if folder is None else folder
    tables = {name: _table(name, place / f"{name}.csv", keys) for name, keys in TABLES.items()}
    return PrintedSource(tables, prose(place / PROSE).tree)


def places_in_the_text() -> Mapping[str, str]:
    """Return the place of every figure of the text, as a message tells it."""
    return {item.name: f"{PROSE}, {item.name}" for item in fields(Prose)}


@cache
def _heading(name: str) -> tuple[str, ...]:
    """Return the columns that the project's own copy of a table has."""
    with (DATA / f"{name}.csv").open(encoding="utf-8") as file:
        return tuple(next(csv.reader(file)))


def _table(name: str, file: Readable, keys: tuple[str, ...]) -> PrintedTable:
    try:
        text = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as fault:
        raise ValueError(f"{name}.csv: is not UTF-8 text (byte {fault.start})") from None
    try:
        columns, *lines = list(csv.reader(text.splitlines())) or [[]]
    except csv.Error as fault:
        raise ValueError(f"{name}.csv: is no table: {fault}") from None
    missing = [column for column in _heading(name) if column not in columns]
    if missing:
        raise ValueError(
            f"{name}.csv: no column {missing[0]!r}; came {', '.join(columns) or 'nothing'}"
        )
    rows: dict[str, Mapping[str, str]] = {}
    for line in lines:
        if not line:
            continue
        cells = dict(zip_longest(columns, line[: len(columns)], fillvalue=""))
        row = " ".join(dict.fromkeys(cells[key] for key in keys))
        if row in rows:
            raise ValueError(f"{name}.csv: row {row} stands there twice")
        rows[row] = cells
    if not rows:
        raise ValueError(f"{name}.csv: no row below the heading")
    return PrintedTable(name, tuple(columns), rows)
