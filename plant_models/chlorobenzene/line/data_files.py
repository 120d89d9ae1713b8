"""Every number of every data file, with unit, source and range: what the cards print and tests ask.

The line's own parameters have a card by unit (`sim.model.explain.card`); the others are shown here,
file by file: prices, limits, schemes, properties, weather, the source's tables and text, and
whatever other facts lie in ``data/``.
"""

from __future__ import annotations

import csv
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from plant_models.chlorobenzene.line.design import DATA, baseline
from plant_models.chlorobenzene.money.prices import prices
from sim.errors import did_you_mean
from sim.model.explain import Card
from sim.model.facts import is_own_word
from sim.model.parameters import spell
from sim.model.schemes import OPERATIONS
from sim.model.tree import declared

BESIDE = ("sources.toml",)
"""Files that hold no number of the model, but who says so."""

PRINTED = "plant-case"
"""Source of every figure that the case study prints."""

WEATHER, PROPERTIES = "taiyuan_weather.csv", "properties.csv"
FIT = ("prior", "spread", "moved", "identified")
"""What ``calibrated.toml`` tells of each value."""
NUMBERS = ("number", "value", "unit", "on whose word", "low to high")
MONTHS = tuple(str(month) for month in range(1, 13))


@dataclass(frozen=True, slots=True)
class Datum:
    """A number of a data file, or a word that stands for one."""

    file: str  #: File in which it stands
    path: str  #: Its path in that file
    value: object
    """The constants of an equation are one value; low and high are then factors on its result, or,
    where that is 0, in its unit."""
    unit: str
    source: str
    """Key of ``sources.toml``, or a word for what was not measured; empty where none is given."""
    low: float | None = None
    high: float | None = None
    note: str = ""

    @property
    def meaning(self) -> str:
        """What it is: no more than its name says."""
        return ""

    @property
    def cells(self) -> tuple[str, ...]:
        """Its row of a sheet."""
        span = "" if self.low is None or self.high is None else f"{self.low:g} to {self.high:g}"
        return self.path, _shown(self.value), self.unit, self.source, span

    @property
    def faults(self) -> tuple[str, ...]:
        """What is missing: a source that exists, or the range of what was assumed."""
        where = f"{self.file}: {self.path}"
        if not self.source:
            return (f"{where} has no source",)
        known = self.source in _sources() or is_own_word(self.source)
        if not known:
            return (f"{where}: source {self.source!r} is not among the sources",)
        is_number = isinstance(self.value, int | float | tuple) and not isinstance(self.value, bool)
        needs = is_own_word(self.source) and self.source != "derived" and is_number
        if needs and (self.low is None or self.high is None):
            return (f"{where}: {self.source}, and has no range",)
        return ()


def sheet(name: str) -> Card[Datum]:
    """Return the numbers of a data file, ``limits``, or of a part, ``limits.air.benzene``.

    Raises LookupError if there is no such file, or no such part; tells what comes near.
    """
    stem, _, part = name.partition(".")
    names = sheets()
    if stem not in names:
        raise LookupError(f"no data file {stem!r}{did_you_mean(stem, names, list_up_to=20)}")
    rows = data(names[stem])
    if part:
        rows = tuple(row for row in rows if row.path == part or row.path.startswith(f"{part}."))
        if not rows:
            known = dict.fromkeys(row.path.partition(".")[0] for row in data(names[stem]))
            hint = did_you_mean(part.partition(".")[0], known, list_up_to=30)
            raise LookupError(f"no {part!r} in {names[stem]}{hint}")
    return Card(name, rows, header=NUMBERS)


def sheets() -> Mapping[str, str]:
    """Return every data file by the name of its sheet."""
    return {name.partition(".")[0].removeprefix("taiyuan_"): name for name in data_files()}


def data_files() -> tuple[str, ...]:
    """Return the names of the files that hold numbers."""
    return tuple(
        sorted(
            each.name
            for each in DATA.iterdir()
            if each.name.endswith((".toml", ".csv")) and each.name not in BESIDE
        )
    )


def data(file: str) -> tuple[Datum, ...]:
    """Return every number of a data file."""
    text = (DATA / file).read_text(encoding="utf-8")
    if file.endswith(".toml"):
        table = tomllib.loads(text)
        readers = {
            "limits.toml": _limits,
            "schemes.toml": _patches,
            "options.toml": _patches,
            "set_points.toml": _bounds,
        }
        return tuple(readers.get(file, _facts)(file, table))
    rows = [row for row in csv.DictReader(_without_comments(text)) if row]
    return tuple({WEATHER: _weather, PROPERTIES: _properties}.get(file, _table)(file, rows))


def _facts(file: str, table: Mapping[str, Any], prefix: str = "") -> Iterator[Datum]:
    if "value" in table:
        fitted = "prior" in table
        yield Datum(
            file,
            prefix,
            table["value"],
            table.get("unit", "as its prior" if fitted else ""),
            table.get("source", "calibrated" if fitted else ""),
            table.get("low"),
            table.get("high"),
            _of_a_fit(table) if fitted else table.get("note", ""),
        )
        return
    for name, part in table.items():
        path = f"{prefix}.{name}" if prefix else name
        if isinstance(part, Mapping):
            yield from _facts(file, part, path)
        elif not isinstance(part, str):
            yield Datum(file, path, part, "", "")


def _of_a_fit(table: Mapping[str, Any]) -> str:
    """Return what calibration says of a value besides its range."""
    about = [f"{name} {table[name]:g}" for name in FIT if name in table]
    return "; ".join([*about, *filter(None, [table.get("remark", "")])])


def _patches(file: str, table: Mapping[str, Any]) -> Iterator[Datum]:
    tree = baseline().tree
    for scheme, described in table.items():
        for patch in described["patches"]:
            operation = next(op for op in OPERATIONS if op in patch)
            unit = declared(tree, patch["path"]).unit if operation != "scale" else "times"
            word = patch.get("evidence", described["evidence"])
            yield Datum(
                file,
                f"{scheme}.{patch['path']}",
                patch[operation],
                f"{operation} {unit}".strip(),
                PRINTED if word == "source" else word,
                patch.get("low"),
                patch.get("high"),
                patch["note"],
            )


def _bounds(file: str, table: Mapping[str, Any], prefix: str = "") -> Iterator[Datum]:
    """Yield the bounds of what an operator turns, in the unit of its parameter."""
    for name, part in table.items():
        path = f"{prefix}{name}"
        if "low" not in part:
            yield from _bounds(file, part, f"{path}.")
            continue
        unit = declared(baseline().tree, path).unit
        low, high = part["low"], part["high"]
        note = "; ".join(filter(None, (part.get("below", ""), part.get("above", ""))))
        yield Datum(file, path, "turned between", unit, part["source"], low, high, note)


def _limits(file: str, table: Mapping[str, Any]) -> Iterator[Datum]:
    for row in (*table["air"], *table["water"], {"component": "acidity", **table["acidity"]}):
        is_air = "set_up" in row
        medium = (
            f"air.{row['component']}.{row['set_up']}" if is_air else f"water.{row['component']}"
        )
        marked = "recalled, not re-read" if row.get("recalled") else ""
        note = "; ".join(filter(None, (marked, row.get("note", ""))))
        for key, value in row.items():
            if isinstance(value, Mapping):
                for height, rate in value.items():
                    path = f"{medium}.{key}.{height} m"
                    yield Datum(file, path, rate, "kg/h", row["source"], note=note)
            elif isinstance(value, int | float) and not isinstance(value, bool):
                unit = row.get("unit") or ("mg/m3" if is_air else "mg/L")
                yield Datum(file, f"{medium}.{key}", value, unit, row["source"], note=note)


def _weather(file: str, rows: list[dict[str, str]]) -> Iterator[Datum]:
    about = {row["month"]: row for row in rows if row["month"] not in MONTHS}
    for row in rows:
        if row["month"] in MONTHS:
            for column in row:
                if column != "month":
                    value = float(row[column])
                    name, _, unit = column.rpartition("_")
                    by = [about[side][column] for side in ("below", "above")]
                    low, high = (value + float(each) if each else None for each in by)
                    name, unit = (name, unit) if unit == "degC" else (column, "1")
                    path = f"{name}.{row['month']}"
                    yield Datum(file, path, value, unit, about["source"][column], low, high)


def _properties(file: str, rows: list[dict[str, str]]) -> Iterator[Datum]:
    for row in rows:
        word, note = _source_and_note(row["source"])
        spread = _number(row["uncertainty"])
        around = 1.0 if float(row["A"]) else 0.0
        low, high = (None, None) if spread is None else (around - spread, around + spread)
        yield Datum(
            file,
            f"{row['property']}.{row['component']}",
            tuple(float(row[letter]) for letter in "ABCDE"),
            row["unit"],
            word,
            low,
            high,
            f"holds from {row['T_min_K']} to {row['T_max_K']} K" + (f"; {note}" if note else ""),
        )


def _table(file: str, rows: list[dict[str, str]]) -> Iterator[Datum]:
    """Yield the numbers of a table whose rows tell their source, or which the source prints."""
    for row in rows:
        numbers = {column: _number(text) for column, text in row.items() if column != "source"}
        words = [row[column] for column, number in numbers.items() if number is None]
        word, note = _source_and_note(row.get("source", PRINTED))
        for column, value in numbers.items():
            if value is not None:
                low, high = _price_range(column) if file == "price_sets.csv" else (None, None)
                source = "derived" if column.startswith("worth_") else word
                path = ".".join((*filter(None, words), column))
                yield Datum(file, path, value, _unit_of(column), source, low, high, note)


def _source_and_note(text: str) -> tuple[str, str]:
    """Return the key or word that a source begins with, and the rest of it."""
    found = re.match(r"([\w-]+)[:;]?\s*(.*)", text)
    return (found[1], found[2]) if found is not None else ("", "")


def _price_range(column: str) -> tuple[float | None, float | None]:
    name = column.removesuffix("_rmb_t")
    fact = prices().facts.get("industrial_water" if name == "water" else name)
    return (fact.low, fact.high) if fact is not None else (None, None)


def _unit_of(column: str) -> str:
    units = {"_1e4_rmb": "10^4 RMB", "_rmb_t": "RMB/t", "_year": "yr", "_t": "t/yr"}
    return next((unit for end, unit in units.items() if column.endswith(end)), "")


def _number(text: str | None) -> float | None:
    try:
        return float(text or "")
    except ValueError:
        return None


def _without_comments(text: str) -> list[str]:
    return [line for line in text.splitlines() if not line.startswith("#")]


def _sources() -> Mapping[str, Any]:
    return tomllib.loads((DATA / "sources.toml").read_text(encoding="utf-8"))


def _shown(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(f"{constant:g}" for constant in value)
    if isinstance(value, float):
        return f"{value:.6g}"
    return value if isinstance(value, str) else spell(value)
