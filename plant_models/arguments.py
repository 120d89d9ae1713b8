"""What comes in from a script or a notebook, checked before anything runs."""

from __future__ import annotations

import math
from collections.abc import Mapping
from numbers import Integral, Real
from typing import Any

from sim.errors import did_you_mean

COLDEST, WARMEST = 200.0, 400.0  # K; wide enough for any weather, and no degrees Celsius
THINNEST, DENSEST = 1e4, 1e6  # Pa
SURROUNDINGS = {
    "air": (COLDEST, WARMEST, "K"),
    "cooling_water": (COLDEST, WARMEST, "K"),
    "pressure": (THINNEST, DENSEST, "Pa"),
}
"""What a steady state feels, with least, most and unit."""


def check_run(years: float, seed: int, replication: int, start_hour: float) -> None:
    """Refuse what no run can be made of; see `simulate`. How long, `hours_of` judges.

    Raises
    ------
    TypeError
        Not a number, or not a whole one.
    ValueError
        Out of bounds.
    """
    check_number("years", years)
    check_count("seed", seed)
    check_count("replication", replication)
    check_number("start_hour", start_hour)
    if not 0.0 <= start_hour < math.inf:
        raise ValueError(f"start_hour must be an hour of the year, 0 or more, not {start_hour!r}")


def check_number(name: str, value: object) -> None:
    """Raise TypeError unless it is a number."""
    if not isinstance(value, Real) or isinstance(value, bool):
        raise TypeError(f"{name} must be a number, not {told(value)}")


def check_count(name: str, value: object, least: int = 0) -> None:
    """Raise TypeError unless it is a whole number, ValueError if it is less than ``least``."""
    if not isinstance(value, Integral) or isinstance(value, bool):
        raise TypeError(f"{name} must be a whole number, not {told(value)}")
    if value < least:
        raise ValueError(f"{name} must be {least} or more, not {value}")


def check_surroundings(felt: Mapping[str, float]) -> Mapping[str, float]:
    """Return constant conditions if they are complete and in K and Pa.

    Raises
    ------
    TypeError, LookupError, ValueError
        No mapping of numbers; a name that is missing or unknown; a value in other units.
    """
    expected = "surroundings: expected air and cooling_water, K, and pressure, Pa"
    if not isinstance(felt, Mapping):
        raise TypeError(f"{expected}; came {told(felt)}")
    for name in felt:
        if name not in SURROUNDINGS:
            raise LookupError(f"surroundings: no {name!r}{did_you_mean(str(name), SURROUNDINGS)}")
    missing = [name for name in SURROUNDINGS if name not in felt]
    if missing:
        raise LookupError(f"{expected}; missing: {', '.join(missing)}")
    for name, (least, most, unit) in SURROUNDINGS.items():
        check_number(f"surroundings: {name}", felt[name])
        if not least <= felt[name] <= most:
            hint = "; 20 degC is 293.15 K" if unit == "K" else ""
            raise ValueError(
                f"surroundings: {name} must be from {least:g} to {most:g} {unit}, "
                f"not {felt[name]!r}{hint}"
            )
    return felt


def told(value: Any) -> str:
    """Return a value as a message can show it: short, or its type.

    >>> told("1"), told(object())
    ("'1'", 'a value of type object')
    """
    if value is None or isinstance(value, str | int | float):
        text = repr(value)
        if len(text) <= 60:
            return text
    return f"a value of type {type(value).__name__}"
