"""Conversion of units of measure at the door; inside, everything is kg, h, K, Pa, kWh, kmol.

A unit is written as symbols with exponents, ``W/m2/K`` or ``kJ/kg/K``; everything after the first
stroke divides. What divides is never cancelled against what it divides, so ``kg/kg`` converts to
``g/kg`` and not to ``mol/mol`` or ``1``. Temperatures named alone are points on a scale, in a
compound they are differences.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from fractions import Fraction
from functools import cache

from sim.errors import did_you_mean

# Symbol: what it measures, and how many of the first symbol of its kind it is. Exact by
# definition, the atmosphere and mmHg included (BIPM, The International System of Units, 9th ed.).
SYMBOLS: Mapping[str, tuple[str, Fraction]] = {
    symbol: (kind, Fraction(size))
    for kind, sizes in {
        "mass": {"kg": "1", "g": "1e-3", "mg": "1e-6", "t": "1e3", "kt": "1e6"},
        "time": {"h": "1", "min": "1/60", "s": "1/3600", "d": "24", "week": "168"},
        "temperature": {"K": "1", "degC": "1"},
        "pressure": {"Pa": "1", "hPa": "100", "kPa": "1e3", "MPa": "1e6", "mbar": "100",
                     "bar": "1e5", "atm": "101325", "mmHg": "101325/760"},
        "energy": {"kWh": "1", "Wh": "1e-3", "MWh": "1e3", "J": "1/3600000", "kJ": "1/3600",
                   "MJ": "10/36", "GJ": "10000/36"},
        "amount": {"kmol": "1", "mol": "1e-3"},
        "length": {"m": "1", "cm": "1e-2", "mm": "1e-3", "km": "1e3"},
    }.items()
    for symbol, size in sizes.items()
}  # fmt: skip
# Symbols that stand for a compound: (symbol, exponent) of each part, and the factor.
COMPOUNDS: Mapping[str, tuple[tuple[tuple[str, int], ...], Fraction]] = {
    "kW": ((("kWh", 1), ("h", -1)), Fraction(1)),
    "W": ((("kWh", 1), ("h", -1)), Fraction(1, 1000)),
    "MW": ((("kWh", 1), ("h", -1)), Fraction(1000)),
    "L": ((("m", 3),), Fraction(1, 1000)),
}
VOLUMES: Mapping[tuple[tuple[str, int], tuple[str, int]], str] = {
    (("length", 3), ("mass", 1)): "; a volume: times its density, kg/m3",
    (("length", -3), ("mass", -1)): "; of a volume: divide by its density, kg/m3",
}
"""What is measured by volume where a mass is meant, and what to do."""
LONGEST = 60  # characters of a unit
ZERO_CELSIUS = Fraction(27315, 100)

SIGNS: Mapping[str, str] = {"²": "2", "³": "3", "^": "", "°C": "degC", "℃": "degC"}
WORDS: Mapping[str, str] = {
    "Celsius": "degC", "celsius": "degC", "day": "d", "days": "d", "hr": "h", "hour": "h",
    "hours": "h", "weeks": "week", "minutes": "min", "seconds": "s", "l": "L", "-": "1",
}  # fmt: skip
REFUSED: Mapping[str, str] = {
    "%": "a percentage does not say of what: write {of}",
    "ppm": "parts per million do not say of what: write {of}",
    **dict.fromkeys(("degF", "°F", "℉"), "write K or degC, (F - 32) / 1.8"),
}

FOREIGN: Mapping[str, str] = {
    "lb": "1 lb is 0.45359237 kg", "lbs": "1 lb is 0.45359237 kg",
    "ton": "1 t is 1,000 kg, a short ton 907.18474 kg", "oz": "1 oz is 0.028349523 kg",
    "psi": "1 psi is 6894.757 Pa", "inHg": "1 inHg is 3386.389 Pa",
    "ft": "1 ft is 0.3048 m", "in": "1 in is 0.0254 m",
    "gal": "1 gal is 3.785411784 L in the US, 4.54609 L in Britain",
    "BTU": "1 BTU is 1.055056 kJ", "Btu": "1 BTU is 1.055056 kJ", "kcal": "1 kcal is 4.1868 kJ",
    "hp": "1 hp is 0.7457 kW",
    "yr": "a year has 8,760 h, or the hours that the plant works: write d or h",
    "year": "a year has 8,760 h, or the hours that the plant works: write d or h",
    "C": "write degC", "F": "write K or degC, (F - 32) / 1.8",
    "month": "a month has 28 to 31 days: write d or h",
}  # fmt: skip
"""What is written where we know what is meant, but not by which of its names."""


def convert(value: float, stated: str, declared: str) -> float:
    """Return ``value``, given in the unit ``stated``, in the unit ``declared``.

    Raises ValueError when the two do not measure the same thing; the message says what would.

    Examples
    --------
    >>> convert(25.0, "degC", "K")
    298.15
    >>> convert(1.5, "t/h", "kg/h")
    1500.0
    >>> convert(2.0, "%", "kg/kg")
    Traceback (most recent call last):
    ...
    ValueError: unit '%': a percentage does not say of what: write kg/kg (2 % is 0.02 kg/kg)
    """
    if stated == declared or not math.isfinite(value):
        return value
    if len(stated) > LONGEST:
        raise ValueError(f"unit {stated[:LONGEST]!r}...: longer than any unit of measure")
    for sign, advice in REFUSED.items():
        if sign in stated:
            raise ValueError(
                f"unit {stated!r}: {advice.format(of=_of_what(value, stated, declared))}"
            )
    have, want = _spelled(stated), _spelled(declared)
    if have == want:
        return value
    if {have, want} == {"degC", "K"}:
        zero = ZERO_CELSIUS if have == "degC" else -ZERO_CELSIUS
        return float(Fraction(repr(float(value))) + zero)
    measures, factor = _measures(have)
    expected, divisor = _measures(want)
    if measures != expected:
        raise ValueError(f"unit {stated!r}: expected {declared!r}{_advice(have, want)}")
    ratio = factor / divisor
    return float(value) * ratio.numerator / ratio.denominator


PARTS: Mapping[str, Fraction] = {"%": Fraction(1, 100), "ppm": Fraction(1, 1_000_000)}


def _of_what(value: float, stated: str, declared: str) -> str:
    """Return what to write in place of parts of a hundred or a million."""
    measures, size = _measures(_spelled(declared))
    kinds = {kind: sum(n for other, n in measures if other == kind) for kind, _ in measures}
    part = PARTS.get(stated.strip())
    if part is None or (any(kinds.values()) and not declared.startswith("1/")):
        return declared
    share = f"{value * float(part / size):g}"
    if declared == "1":
        return f"a share ({value:g} {stated.strip()} is {share})"
    return f"{declared} ({value:g} {stated.strip()} is {share} {declared})"


def _spelled(unit: str) -> str:
    """Return the unit with the usual other spellings replaced."""
    text = unit.strip()
    for sign, plain in SIGNS.items():
        text = text.replace(sign, plain)
    return "/".join(WORDS.get(part.strip(), part.strip()) for part in text.split("/"))


@cache
def _measures(unit: str) -> tuple[tuple[tuple[str, int], ...], Fraction]:
    """Return what a unit measures, dividing parts with negative exponents, and its size.

    An unknown symbol measures itself: ``drum/h`` converts to ``drum/d`` and to nothing else.
    """
    total: dict[tuple[str, bool], int] = {}
    size = Fraction(1)

    def count(symbol: str, exponent: int) -> None:
        nonlocal size
        if symbol in COMPOUNDS:
            parts, factor = COMPOUNDS[symbol]
            size *= factor**exponent
            for part, power in parts:
                count(part, power * exponent)
            return
        kind, factor = SYMBOLS.get(symbol, (symbol, Fraction(1)))
        size *= factor**exponent
        key = (kind, exponent > 0)
        total[key] = total.get(key, 0) + exponent

    for position, part in enumerate(unit.split("/")):
        for term in re.split(r"[\s*·]+", part):
            if term in ("", "1"):
                continue
            match = re.fullmatch(r"(\D+?)(\d*)", term)
            symbol, power = match.groups() if match else (term, "")
            if len(power) > 1 and symbol not in SYMBOLS and symbol not in COMPOUNDS:
                symbol, power = term, ""  # no exponent of what nobody knows
            if len(power) > 1:
                raise ValueError(
                    f"unit {unit!r}: exponent {power} of {symbol!r}; expected at most 9"
                )
            count(symbol, int(power or 1) * (-1 if position else 1))
    return tuple(sorted((kind, n) for (kind, _), n in total.items())), size


def _advice(stated: str, declared: str) -> str:
    """Return what else could have been written, or which symbol is not known."""
    parts = [p for p in re.split(r"[/\s*·]+", stated) if p]
    names = [m.group(1) if (m := re.fullmatch(r"(\D+?)(\d?)", p)) else p for p in parts]
    known = [*SYMBOLS, *COMPOUNDS]
    for name in names:
        if name not in known and name != "1" and name not in re.split(r"[/\s*·]+", declared):
            if name in FOREIGN:
                return f"; {name!r} is no known unit: {FOREIGN[name]}"
            return f"; {name!r} is no known unit{did_you_mean(name, known, list_up_to=0)}"
    wanted, had = _measures(declared), _measures(stated)
    for (volume, mass), advice in VOLUMES.items():
        if set(wanted[0]) ^ set(had[0]) == {volume, mass} and volume in had[0]:
            return advice
    same = [s for s in known if s != declared and _measures(s)[0] == wanted[0] != ()]
    return f" (or {', '.join(same)})" if same else ""
