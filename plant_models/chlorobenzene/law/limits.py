"""Emission limits of the plant's day: GB 16297-1996 for air, GB 8978-1996 for water.

Values live in ``data/limits.toml``, each with its source. A file of limits may mark some as
recalled and not re-read; these stay marked wherever they are printed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any, TypeGuard

from plant_models.arguments import number, word
from plant_models.chlorobenzene.law.discharges import (
    AIR,
    ALL_OUTFALLS,
    ALL_VENTS,
    CONCENTRATION,
    IN_WATER,
    PH,
    RATE,
    SEWER,
    components,
    points,
)
from plant_models.chlorobenzene.line.design import DATA
from plant_models.methods.standards import Figure
from sim.clock.windows import DAY, HOUR, YEAR
from sim.errors import all_at_once, did_you_mean
from sim.model.facts import Source, read_documents
from sim.model.parameters import spell

SET_UP = ("existing", "new")
AIR_GRADES = ("II", "III")
WATER_GRADES = ("I", "II", "III")
LOWEST_STACK = 15.0
"""Below it the rate of a new source is halved, m (GB 16297-1996, section 7.4)."""

OVER = (HOUR, DAY, YEAR)
RATES: Mapping[str, tuple[float, str]] = {"kg/d": (24.0, DAY), "t/yr": (8.76, YEAR)}
"""Units of a rate besides kg/h: how many of them a kg/h is, and the window that they imply."""
OWN_UNITS = (CONCENTRATION, RATE, IN_WATER, PH, *RATES)
MOST = 1e9
"""No limit is as high; what is, is a slip."""
NUMBER = f"expected a number above 0 and below {MOST:g}"
OWN_KEYS = ("point", "component", "unit", "highest", "lowest", "over", "source", "note")

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
        and half of that for a new source below 15 m.

        Examples
        --------
        >>> limits().air_limit("benzene").rate("II", 17.5)
        0.8
        >>> limits().air_limit("benzene").rate("II", 80.0)
        24.0
        """
        number("height", height)
        table = sorted(self.rates[word("grade", grade, self.rates)].items())
        (lowest, first), (highest, last) = table[0], table[-1]
        if height > highest:
            return last * (height / highest) ** 2
        if height < lowest:
            half = 0.5 if self.set_up == "new" and height < LOWEST_STACK else 1.0
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
class OwnLimit:
    """A limit of a permit: of one vent or outfall, or of all, over an hour, a day or a year."""

    figure: Figure
    highest: float  #: In the unit of the figure
    lowest: float  #: 0 where there is none
    over: str  #: ``hour``, ``day`` or ``year``
    source: str


@dataclass(frozen=True)
class Limits:
    """All limits of a file."""

    air: tuple[AirLimit, ...]
    water: tuple[WaterLimit, ...]
    acidity: Acidity | None
    own: tuple[OwnLimit, ...] = ()  #: Of a permit

    def air_limit(self, component: str, set_up: str = "existing") -> AirLimit:
        """Return the limit of a component."""
        found = {(each.component, each.set_up): each for each in self.air}
        word("component", component, dict.fromkeys(name for name, _ in found))
        return found[component, word("set_up", set_up, SET_UP)]


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
        tuple(_air(row) for row in table.get("air", ())),
        tuple(_water(row) for row in table.get("water", ())),
        None if "acidity" not in table else _acidity(table["acidity"]),
        tuple(_own(row) for row in table.get("limit", ())),
    )


def _acidity(row: Mapping[str, Any]) -> Acidity:
    return Acidity(float(row["lowest"]), float(row["highest"]), *_word(row))


def _own(row: Mapping[str, Any]) -> OwnLimit:
    unit, times, over = row["unit"], 1.0, row.get("over", HOUR)
    if unit in RATES:
        times, over = RATES[unit]
        unit = RATE
    return OwnLimit(
        Figure(row["point"], row["component"], unit),
        float(row["highest"]) / times,
        float(row.get("lowest", 0.0)) / times,
        over,
        row.get("source", "a permit"),
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


TABLES = ("air", "water", "acidity", "limit")


def _faults(table: Mapping[str, Any]) -> Iterator[str]:
    for name in table:
        if name not in TABLES:
            yield f"no table {name!r}{did_you_mean(name, TABLES)}"
    own = table.get("limit")
    alone = own is not None and not set(TABLES[:3]) & set(table)
    if not alone:
        yield from _standard_faults(table)
    if own is not None:
        yield from _own_faults(own)


def _standard_faults(table: Mapping[str, Any]) -> Iterator[str]:
    for name, keys in (("air", AIR_KEYS), ("water", WATER_KEYS)):
        rows = table.get(name)
        if not _are_tables(rows):
            yield f"expected one or more tables [[{name}]], or [[limit]] alone"
            continue
        for n, row in enumerate(rows, start=1):
            where = f"[[{name}]] number {n} ({row.get('component', 'without a component')})"
            yield from (f"{where}: {fault}" for fault in _row_faults(row, keys))
    acidity = table.get("acidity")
    if not isinstance(acidity, Mapping):
        yield "expected a table [acidity]"
    else:
        yield from (f"[acidity]: {fault}" for fault in _row_faults(acidity, ACIDITY_KEYS))


def _are_tables(rows: object) -> TypeGuard[list[Mapping[str, Any]]]:
    return isinstance(rows, list) and bool(rows) and all(isinstance(r, Mapping) for r in rows)


def _own_faults(rows: object) -> Iterator[str]:
    if not _are_tables(rows):
        yield "limit: expected tables [[limit]], in two brackets, one at least"
        return
    for n, row in enumerate(rows, start=1):
        where = f"[[limit]] number {n} ({row.get('component', 'without a component')})"
        yield from (f"{where}: {fault}" for fault in _own_row_faults(row))


def _own_row_faults(row: Mapping[str, Any]) -> Iterator[str]:
    for key in row:
        if key not in OWN_KEYS:
            yield f"no key {key!r}{did_you_mean(key, OWN_KEYS)}"
    unit = row.get("unit")
    if unit not in OWN_UNITS:
        yield f"unit: expected one of {', '.join(OWN_UNITS)}, came {spell(unit)}"
        return
    in_water = unit in (IN_WATER, PH)
    known = {
        "point": (*points(SEWER), ALL_OUTFALLS) if in_water else (*points(AIR), ALL_VENTS),
        "component": components(unit),
        "over": OVER,
    }
    for key, words in known.items():
        value = row.get(key, HOUR if key == "over" else None)
        if value not in words:
            hint = did_you_mean(str(value), words, list_up_to=20) or (
                f"; expected a unit or a tank that has one, or {words[-1]!r}"
            )
            yield f"{key}: no {spell(value)} in {unit}{hint}"
    if unit in RATES and row.get("over", RATES[unit][1]) != RATES[unit][1]:
        yield f"over: {unit} is judged over a {RATES[unit][1]}, came {spell(row['over'])}"
    if unit == CONCENTRATION and row.get("point") == ALL_VENTS:
        yield f"point: {ALL_VENTS} together have a rate, kg/h, and no concentration"
    for key in ("highest", "lowest"):
        if key in row and not _is_positive(row[key]):
            yield f"{key}: {NUMBER}, came {spell(row[key])}"
    if "highest" not in row:
        yield f"highest: missing; {NUMBER}, in {unit}"
    elif _crossed(row):
        yield f"lowest: {spell(row['lowest'])} is not below highest, {spell(row['highest'])}"
    for key in ("source", "note"):
        if not isinstance(row.get(key, ""), str):
            yield f"{key}: expected a word, came {spell(row[key])}"


def _crossed(row: Mapping[str, Any]) -> bool:
    both = all(_is_positive(row.get(key)) for key in ("highest", "lowest"))
    return both and not row["lowest"] < row["highest"]


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
            yield f"{key}: {NUMBER}, came {spell(value)}"


def _rate_faults(grade: str, rates: Any) -> Iterator[str]:
    if not isinstance(rates, Mapping) or not rates:
        yield f"{grade}: expected rates by stack height, like {{ 15 = 0.6 }}, came {rates!r}"
        return
    for height, rate in rates.items():
        if not height.isdigit() or not _is_positive(rate):
            yield f"{grade}: expected a height in m and a rate above 0, came {height} = {rate!r}"


def _is_positive(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0.0 < value < MOST
