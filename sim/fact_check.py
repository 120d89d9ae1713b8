"""One fact: a value with unit, source, range and note, and the rules that it must keep."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sim.errors import did_you_mean
from sim.parameters import Quantity, Value, spell
from sim.units_of_measure import convert

KEYS = ("value", "unit", "source", "low", "high", "note", "fit")
NOT_MEASURED = ("derived", "assumed", "calibrated", "recalled")


@dataclass(frozen=True, slots=True)
class Fact:
    """A value of the data files in the declared unit of measure, and on whose word it stands."""

    value: Value
    unit: str
    source: str
    low: float | None = None
    high: float | None = None
    note: str = ""
    fit: bool = False
    """Whether calibration may move the value within its range."""
    prior: Fact | None = None
    """What was known before the value was calibrated."""

    @property
    def word(self) -> str:
        """The source; of a calibrated value with its prior."""
        if self.prior is None:
            return self.source
        return f"{self.source}, prior {spell(self.prior.value)} ({self.prior.source})"


def is_own_word(source: str) -> bool:
    """Return whether a source is no document but one of the words for what was not measured."""
    return source in NOT_MEASURED or re.fullmatch(r"inferred_from_table_\w+", source) is not None


def check_fact(
    declared: Quantity, raw: Mapping[str, Any], sources: Mapping[str, object]
) -> tuple[Fact | None, list[str]]:
    """Return the fact of a table, and what is wrong with it."""
    faults = [
        f"no key {key!r} in a fact{did_you_mean(key, KEYS)}" for key in raw if key not in KEYS
    ]
    is_number = declared.kind in (float, int)
    unit = raw.get("unit", "" if not is_number or declared.unit == "" else None)
    if not isinstance(unit, str):
        came = "no unit of measure" if unit is None else f"unit {spell(unit)}"
        faults.append(f"{came}; expected unit = {declared.unit!r}")
        unit = None
    found: dict[str, Any] = {}
    for key in ("value", "low", "high"):
        if key in raw and key != "value" and not is_number:
            faults.append(f"{key}: only a number has a range")
        elif key in raw:
            try:
                found[key] = _admit(raw[key], unit, declared)
            except _UnitFault as fault:
                faults.append(str(fault))
                break
            except ValueError as fault:
                faults.append(f"{key}: {fault}")
    if "value" not in raw:
        faults.append(f"no value; expected {_expected(declared)}")
    faults += _source_faults(raw, sources, is_number)
    faults += fit_faults(raw)
    if raw.get("fit") is True and declared.kind is not float:
        faults.append(f"fit: only a real number can be fitted, not {_expected(declared)}")
    value, low, high = (found.get(key) for key in ("value", "low", "high"))
    if low is not None and high is not None:
        if low > high:
            faults.append(f"low {low:g} exceeds high {high:g}")
        elif value is not None and not low <= value <= high:
            faults.append(f"value {value:g} is not within low {low:g} to high {high:g}")
    if faults or value is None:
        return None, faults
    note, fit = raw.get("note", ""), raw.get("fit", False)
    return Fact(value, declared.unit, raw["source"], low, high, note, fit), []


def fit_faults(raw: Mapping[str, Any]) -> list[str]:
    """Return what is wrong with the mark of a number that calibration may move."""
    fit = raw.get("fit", False)
    if not isinstance(fit, bool):
        return [f"fit: expected true or false, came {spell(fit)}"]
    missing = [key for key in ("low", "high") if key not in raw]
    if fit and missing:
        return [f"no {' and no '.join(missing)}: what is fitted needs a range"]
    return []


class _UnitFault(ValueError):
    """A wrong unit, which is told once for value, low and high."""


def _admit(value: object, unit: str | None, declared: Quantity) -> Value:
    """Return a value of a fact in the declared unit, checked."""
    if declared.kind in (bool, str):
        if unit:
            raise _UnitFault(f"unit {unit!r}: {_expected(declared)} has none")
        return declared.admit(value)
    if isinstance(value, str):
        raise ValueError(
            f"expected {_expected(declared)}, came {value!r}; write the number without quotes "
            "and its unit of measure as unit"
        )
    if isinstance(value, bool) or not isinstance(value, int | float) or unit is None:
        return declared.admit(value)
    if isinstance(value, float) and not math.isfinite(value):
        return declared.admit(value)
    try:
        converted = convert(value, unit, declared.unit)
    except ValueError as fault:
        raise _UnitFault(str(fault)) from None
    except OverflowError:
        converted = float("inf")
    if converted == value:
        return declared.admit(value)
    try:
        return declared.admit(converted)
    except ValueError as fault:
        raise ValueError(f"{value:.10g} {unit}: {fault}") from None


def _source_faults(
    raw: Mapping[str, Any], sources: Mapping[str, object], is_number: bool
) -> list[str]:
    """Return what is wrong with source, range and note."""
    faults = []
    source, note = raw.get("source"), raw.get("note", "")
    if not isinstance(note, str):
        faults.append(f"note: expected a text, came {spell(note)}")
    if source is None:
        faults.append("no source; name a key of the sources, or 'assumed' with range and note")
    elif not isinstance(source, str):
        faults.append(f"source: expected a word, came {spell(source)}")
    elif is_own_word(source):
        if not note:
            faults.append(f"no note: what is {source} needs its reason")
        missing = [key for key in ("low", "high") if key not in raw]
        if missing and is_number and source != "derived":
            faults.append(f"no {' and no '.join(missing)}: what is {source} needs a range")
            return faults
    elif source not in sources:
        hint = did_you_mean(source, (*sources, *NOT_MEASURED), list_up_to=0)
        faults.append(f"source {source!r} is not among the sources{hint}")
    if ("low" in raw) != ("high" in raw) and is_number:
        faults.append("a range needs both low and high")
    return faults


def _expected(declared: Quantity) -> str:
    if declared.kind in (bool, str):
        return declared.domain
    unit = f" in {declared.unit}" if declared.unit not in ("", "1") else ""
    return f"a {'whole ' if declared.kind is int else ''}number{unit}"
