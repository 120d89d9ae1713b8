"""Parameters that declare themselves: unit of measure, meaning, domain."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, dataclass, field
from numbers import Real
from typing import Any

from sim.errors import did_you_mean, need_names, need_number, need_text, told
from sim.model.units_of_measure import convert

Value = float | int | bool | str
WORDS_FOR_BOOL: Mapping[str, bool] = {
    "true": True, "yes": True, "on": True, "false": False, "no": False, "off": False,
}  # fmt: skip

# Units that a number is likely to be in if it lies outside the domain in the declared one.
LIKELY: Mapping[str, tuple[str, ...]] = {
    "K": ("degC",), "Pa": ("kPa", "bar", "mbar", "mmHg"), "kg": ("t",), "kg/h": ("t/h", "t/d"),
    "h": ("d", "min"), "m": ("mm", "cm"), "m2": ("cm2",), "m3": ("L",), "kW": ("W", "MW"),
    "kg/kg": ("g/kg",), "kmol/h": ("mol/h",), "kWh": ("MWh", "kJ"),
}  # fmt: skip

COLDEST = 100.0
"""No plant is colder, and no rise or approach is so large, K."""

NO_FACTOR = (
    "a temperature is not scaled, for in degC the result would be another one than in K; set it"
)


@dataclass(frozen=True, slots=True)
class Quantity:
    """What a parameter is: unit of measure, meaning, and the domain; outside is an error."""

    unit: str
    meaning: str
    minimum: float | None = None
    maximum: float | None = None
    choices: tuple[str, ...] | None = None
    kind: type = float
    """float, int, bool or str: taken from the field's annotation by `sim.model.tree.declared`."""
    endless: bool = False
    """Whether infinity says that it never happens, or has no limit."""

    @property
    def suffix(self) -> str:
        """The unit behind a number, ``" kg/kg"``."""
        return "" if self.unit in ("", "1") else f" {self.unit}"

    @property
    def domain(self) -> str:
        """The domain in words, ``"0 to 1 kg/kg"``."""
        if self.choices is not None:
            return " or ".join(repr(choice) for choice in self.choices)
        if self.kind in (bool, str):
            return "true or false" if self.kind is bool else "a word"
        low, high = self.minimum, self.maximum
        if low is None:
            return "any" if high is None else f"at most {high:g}{self.suffix}"
        return (
            f"at least {low:g}{self.suffix}"
            if high is None
            else f"{low:g} to {high:g}{self.suffix}"
        )

    def is_point(self, value: object) -> bool:
        """Return whether a value is a temperature, which no factor tells another one of.

        A difference of temperatures is in K, too, but far smaller.
        """
        in_kelvins = self.unit == "K" and isinstance(value, int | float) and value >= COLDEST
        return in_kelvins or self.unit == "degC"

    def admit(self, value: object, *, finite: bool = True) -> Value:
        """Return ``value`` as the declared kind, if it lies in the domain.

        A number for a ``float`` may be whole; a whole number may be written ``3.0``. Infinity,
        where the domain is open or ``endless``, is for Python alone (``finite=False``). A
        ValueError tells what was expected and what came.
        """
        if self.kind in (bool, str):
            if not isinstance(value, self.kind):
                raise ValueError(f"expected {self.domain}, came {spell(value)}")
            if self.choices is not None and value not in self.choices:
                hint = did_you_mean(str(value), self.choices, list_up_to=0)
                raise ValueError(f"expected {self.domain}, came {told(value)}{hint}")
            return value
        number = "whole number" if self.kind is int else "number"
        unit = self.suffix
        if isinstance(value, bool) or not isinstance(value, Real):
            raise ValueError(f"expected a {number}{' in' * bool(unit)}{unit}, came {spell(value)}")
        try:
            size = float(value)
        except OverflowError:
            raise ValueError(f"expected a {number} of at most 1.8e308 in size") from None
        beyond = not finite and self.kind is float and (self.endless or self.maximum is None)
        if size == math.inf and beyond:
            return size
        if not math.isfinite(size):
            raise ValueError(f"expected a finite {number}, came {value}")
        if self.kind is int and size != int(size):
            raise ValueError(f"expected a whole number, came {value}")
        low, high = self.minimum, self.maximum
        if (low is not None and size < low) or (high is not None and size > high):
            raise ValueError(f"{size:.10g}{unit} is outside the domain, {self.domain}")
        return int(size) if self.kind is int else size

    def whole(self, value: float) -> float:
        """Return a number that was computed without its rounding, if only whole ones are admitted.

        What is not nearly whole stays, and is refused by `admit`.
        """
        if self.kind is int and math.isfinite(value) and abs(value - round(value)) < 1e-9:
            return round(value)
        return value


def quantity(
    unit: str,
    meaning: str,
    minimum: float | None = None,
    maximum: float | None = None,
    *,
    choices: Sequence[str] | None = None,
    endless: bool = False,
    default: Any = MISSING,
) -> Any:
    """Declare a parameter of a frozen dataclass; its value lives in a data file.

    The unit of measure is ``"kg/kg"``, ``"1"`` for a count or a pure number, ``""`` for a choice;
    the meaning is in the field's words. Minimum and maximum, both included, are the domain, choices
    that of a word. If ``endless``, infinity is allowed beyond the maximum. The default is for a
    parameter that most designs leave alone.
    """
    words = _declared_words(unit, meaning, (minimum, maximum), choices)
    declared = Quantity(unit, meaning, minimum, maximum, words, endless=endless)
    return field(default=default, metadata={"quantity": declared})


def _declared_words(
    unit: object, meaning: object, ends: tuple[object, object], choices: object
) -> tuple[str, ...] | None:
    """Return the words of a choice.

    Raises TypeError or ValueError: a declaration by which no value could be judged.
    """
    where = f"quantity({told(unit)}, {told(meaning)})"
    need_text(where, unit=unit, meaning=meaning)
    if isinstance(unit, str) and any(letter.isspace() for letter in unit):
        raise ValueError(
            f"{where}: expected a unit of measure first, like 'kg/h', then the meaning"
        )
    low, high = need_number(
        where,
        minimum=-math.inf if ends[0] is None else ends[0],
        maximum=math.inf if ends[1] is None else ends[1],
    )
    if not low <= high:
        raise ValueError(
            f"{where}: expected a minimum up to the maximum, came {low:g} and {high:g}"
        )
    if choices is None:
        return None
    (words,) = [[]] if isinstance(choices, str) else need_names(where, choices=choices)
    if not words:
        hint = f"; write ({choices!r},)" if choices and isinstance(choices, str) else ""
        raise TypeError(
            f"{where}: expected choices as a tuple of words, came {told(choices)}{hint}"
        )
    return tuple(words)


NUMBER = re.compile(
    r"([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)\s*((?:1\s*/|[^\d\s.,:/]|/\s*\D).*)?"
)
"""A number, and its unit behind it, which may begin as 1/h does."""


APART = r"[ \u00a0\u2009\u202f]"
THOUSANDS = re.compile(rf"[-+]?\d{{1,3}}(?:(?:{APART}|['\u2019_])\d{{3}})+(?!\d)")
"""A number with spaces or signs between its thousands."""


def parse_quantity(text: str, declared: Quantity) -> Value:
    """Return the value that a user wrote, in the declared unit of measure.

    It reads ``"80"`` (in the declared unit), ``"25 degC"``, ``"yes"``, ``"series"``; a ValueError
    tells what was expected and what came.

    >>> parse_quantity("25 degC", Quantity("K", "water temperature", minimum=250.0))
    298.15
    """
    written = text.strip().strip("\"'").strip()
    if declared.kind is bool:
        return declared.admit(WORDS_FOR_BOOL.get(written.casefold(), written))
    if declared.kind is str:
        return declared.admit(written)
    match = NUMBER.fullmatch(written)
    apart = THOUSANDS.match(written)
    if match is None or apart or _hours_of(written):
        like = declared.suffix and f", like 1.5 or 1.5{declared.suffix}"
        number = apart or re.match(r"[-+]?[\d.,]+", written)
        hint = as_one_number(number[0]) if number else ""
        hint = _hours_of(written) or hint
        raise ValueError(f"expected a number{like}, came {told(text)}{hint}")
    value = float(match[1])
    if match[2] is None:
        try:
            return declared.admit(value)
        except ValueError as fault:
            raise ValueError(f"{fault}{_fitting_unit(value, match[1], declared)}") from None
    converted = convert(value, match[2].strip(), declared.unit)
    try:
        return declared.admit(converted)
    except ValueError as fault:
        raise ValueError(f"{written}: {fault}" if converted != value else str(fault)) from None


def unit_of(text: str) -> str:
    """Return the unit of measure behind a number that a user wrote, or nothing.

    >>> unit_of("50 mg/kg"), unit_of("50"), unit_of("fifty")
    ('mg/kg', '', '')
    """
    match = NUMBER.fullmatch(text.strip())
    return (match[2] or "").strip() if match else ""


def _hours_of(text: str) -> str:
    """Return a hint for an hour of the clock, or for a date."""
    if re.match(r"\d{4}-\d\d?-\d|\d\d?[./]\d\d?[./]\d", text):
        return "; write hours or days from 1 January on, like '209 d'"
    clock = re.fullmatch(r"(\d\d?):([0-5]\d)(?: ?h)?", text)
    return f"; write hours, like {int(clock[1]) + int(clock[2]) / 60:.4g}" if clock else ""


def as_one_number(text: str) -> str:
    """Return a hint for a number with a decimal comma, or with signs between thousands."""
    if re.fullmatch(r"[-+]?\d{1,3},\d{3}", text):  # of thousands, or of decimals
        return f"; write {text.replace(',', '.')} or {text.replace(',', '')}, whichever is meant"
    plain = text.replace(",", ".", 1)
    if re.fullmatch(r"[-+]?\d+\.\d+", plain) and "," in text:
        return f"; write a decimal point, like {plain}"
    if THOUSANDS.fullmatch(text):
        plain = re.sub(r"[^-+\d]", "", text)
        if re.search(APART, text):
            return f"; write it without spaces, like {plain}"
        return f"; write the digits of thousands together, like {plain}"
    several = "," in text or text.count(".") > 1
    return "; write it without commas" if several and re.fullmatch(r"[-+]?\d[\d.,]*", text) else ""


def admit_written(value: object, declared: Quantity) -> Value:
    """Return a value that a user wrote in the declared unit, admitted.

    ``value``: what was written; ``declared``: unit of measure and domain. Raises ValueError as
    `Quantity.admit` does; where a share is written as a percentage it says what to write.
    """
    try:
        return declared.admit(value)
    except ValueError as fault:
        hint = _as_share(value, declared) if isinstance(value, int | float) else ""
        raise ValueError(f"{fault}{hint}") from None


def _is_share(declared: Quantity) -> bool:
    """Return whether a parameter is a share of something, 1 at most, or such a share a year."""
    top, _, bottom = declared.unit.partition("/")
    ends = declared.maximum is not None and 0.99 <= declared.maximum <= 1.0
    return ends and (declared.unit in ("1", "1/yr") or top == bottom)


def _as_share(value: float, declared: Quantity) -> str:
    """Return a hint if a number looks like a percentage of what is a share.

    A little above 1 it is no percentage, but a slip.
    """
    meant = value / 100.0
    if not (_is_share(declared) and value >= 2.0 and (declared.minimum or 0.0) <= meant <= 1.0):
        return ""
    return f"; {value:.10g} % is {meant:.10g}{declared.suffix}; write {meant:.10g}"


def _fitting_unit(value: float, written: str, declared: Quantity) -> str:
    """Return a hint if a number lies outside the domain in its declared unit alone.

    A share above 1 is a percentage before it is so many grams, and a little above 1 neither.
    """
    as_share = _as_share(value, declared)
    if as_share or (_is_share(declared) and 1.0 < value < 2.0):
        return as_share
    for unit in LIKELY.get(declared.unit, ()):
        converted = convert(value, unit, declared.unit)
        try:
            declared.admit(converted)
        except ValueError:
            continue
        return f"; {written} {unit} is {converted:.10g} {declared.unit}; write {written} {unit}"
    return ""


def spell(value: object) -> str:
    """Return a value as a message shows it: a word in quotes, a switch as in TOML."""
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:.10g}" if isinstance(value, float) else told(value)
