"""Emission limits of the plant's day: GB 16297-1996 for air, GB 8978-1996 for water.

Values live in ``data/limits.toml``, each with its source; those that were recalled and not re-read
are marked, and stay marked wherever they are printed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any

from plant_models.chlorobenzene.line.design import DATA
from sim.errors import all_at_once, did_you_mean
from sim.model.facts import Source, read_documents
from sim.model.parameters import spell

SET_UP = ("existing", "new")
AIR_GRADES = ("II", "III")
WATER_GRADES = ("I", "II", "III")
LOWEST_STACK = 15.0
"""Below it a rate is halved, m (GB 16297-1996, section 7; recalled)."""

AIR_KEYS = ("component", "set_up", "concentration", *AIR_GRADES, "source", "recalled", "note")
WATER_KEYS = ("component", *WATER_GRADES, "source", "recalled", "note")
ACIDITY_KEYS = ("lowest", "highest", "unit", "source", "recalled", "note")


@dataclass(frozen=True)
class AirLimit:
    """What a stack may let out."""

    component: str  #: ``chlorobenzene`` stands for all chlorobenzenes together
    set_up: str  #: ``existing`` (before 1997) or ``new``
    concentration: float  #: mg/m3 of dry gas at 273.15 K and 101.325 kPa
    rates: Mapping[str, Mapping[float, float]]
    """By grade of the area: kg/h by height of the stack, m."""
    source: str  #: Key of ``sources.toml``
    recalled: bool  #: From memory, not re-read
    note: str = ""

    def rate(self, grade: str, height: float) -> float:
        """Return the highest rate, kg/h, from a stack of ``height``, m.

        Straight lines between the heights of the table; beyond them by the square of the height,
        and half of that below 15 m.

        Examples
        --------
        >>> limits().air_limit("benzene").rate("II", 17.5)
        0.8
        >>> limits().air_limit("benzene").rate("II", 30.0)
        2.25
        """
        table = sorted(self.rates[grade].items())
        (lowest, first), (highest, last) = table[0], table[-1]
        if height > highest:
            return last * (height / highest) ** 2
        if height < lowest:
            half = 0.5 if height < LOWEST_STACK else 1.0
            return half * first * (height / lowest) ** 2
        for (left, below), (right, above) in pairwise(table):
            if height <= right:
                return below + (above - below) * (height - left) / (right - left)
        return last


@dataclass(frozen=True)
class WaterLimit:
    """What an outfall may carry, mg/L by grade of the receiving water."""

    component: str
    grades: Mapping[str, float]
    source: str
    recalled: bool
    note: str = ""


@dataclass(frozen=True)
class Acidity:
    """The pH between which an outfall must lie."""

    lowest: float
    highest: float
    source: str
    recalled: bool
    note: str = ""


@dataclass(frozen=True)
class Limits:
    """All limits of a file."""

    air: tuple[AirLimit, ...]
    water: tuple[WaterLimit, ...]
    acidity: Acidity

    def air_limit(self, component: str, set_up: str = "existing") -> AirLimit:
        """Return the limit of a component."""
        return next(
            each for each in self.air if (each.component, each.set_up) == (component, set_up)
        )


@cache
def limits() -> Limits:
    """Return the limits of ``data/limits.toml``."""
    return read_limits(DATA / "limits.toml")


def read_limits(source: Source) -> Limits:
    """Return the limits of a TOML file or text.

    Raises ValueError with all faults: a key that is unknown or missing, a number that is none or
    not positive.
    """
    documents, faults = read_documents([source])
    if faults:
        raise all_at_once(faults, "the limits")
    (document,) = documents
    table = document.table
    told = list(_faults(table))
    if told:
        raise all_at_once([ValueError(f"{document.name}: {fault}") for fault in told], "the limits")
    return Limits(
        tuple(_air(row) for row in table["air"]),
        tuple(_water(row) for row in table["water"]),
        Acidity(
            float(table["acidity"]["lowest"]),
            float(table["acidity"]["highest"]),
            *_word(table["acidity"]),
        ),
    )


def _air(row: Mapping[str, Any]) -> AirLimit:
    rates = {
        grade: {float(height): float(rate) for height, rate in row[grade].items()}
        for grade in AIR_GRADES
    }
    return AirLimit(
        row["component"], row["set_up"], float(row["concentration"]), rates, *_word(row)
    )


def _water(row: Mapping[str, Any]) -> WaterLimit:
    grades = {grade: float(row[grade]) for grade in WATER_GRADES}
    return WaterLimit(row["component"], grades, *_word(row))


def _word(row: Mapping[str, Any]) -> tuple[str, bool, str]:
    return row["source"], row.get("recalled", False), row.get("note", "")


def _faults(table: Mapping[str, Any]) -> Iterator[str]:
    for name in table:
        if name not in ("air", "water", "acidity"):
            yield f"no table {name!r}{did_you_mean(name, ('air', 'water', 'acidity'))}"
    for name, keys in (("air", AIR_KEYS), ("water", WATER_KEYS)):
        rows = table.get(name)
        if not isinstance(rows, list) or not rows:
            yield f"expected one or more tables [[{name}]]"
            continue
        for n, row in enumerate(rows, start=1):
            where = f"[[{name}]] number {n} ({row.get('component', 'without a component')})"
            yield from (f"{where}: {fault}" for fault in _row_faults(row, keys))
    acidity = table.get("acidity")
    if not isinstance(acidity, Mapping):
        yield "expected a table [acidity]"
    else:
        yield from (f"[acidity]: {fault}" for fault in _row_faults(acidity, ACIDITY_KEYS))


def _row_faults(row: Mapping[str, Any], keys: tuple[str, ...]) -> Iterator[str]:
    for key in row:
        if key not in keys:
            yield f"no key {key!r}{did_you_mean(key, keys)}"
    for key in keys:
        if key not in row:
            if key not in ("recalled", "note"):
                yield f"no {key}"
            continue
        value = row[key]
        if key in ("component", "source", "note", "unit"):
            if not isinstance(value, str):
                yield f"{key}: expected a word, came {spell(value)}"
        elif key == "recalled":
            if not isinstance(value, bool):
                yield f"recalled: expected true or false, came {spell(value)}"
        elif key == "set_up":
            if value not in SET_UP:
                yield f"set_up: expected {' or '.join(SET_UP)}, came {spell(value)}"
        elif key in AIR_GRADES and "set_up" in keys:
            yield from _rate_faults(key, value)
        elif not _is_positive(value):
            yield f"{key}: expected a number above 0, came {spell(value)}"


def _rate_faults(grade: str, rates: Any) -> Iterator[str]:
    if not isinstance(rates, Mapping) or not rates:
        yield f"{grade}: expected rates by stack height, like {{ 15 = 0.6 }}, came {rates!r}"
        return
    for height, rate in rates.items():
        if not height.isdigit() or not _is_positive(rate):
            yield f"{grade}: expected a height in m and a rate above 0, came {height} = {rate!r}"


def _is_positive(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0.0 < value < 1e9
