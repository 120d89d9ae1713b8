"""The simulated year: 8,760 hours, all years alike, and dates in it."""

from __future__ import annotations

import re

from sim.errors import told

YEAR = 8760.0  # h; a simulated year has no leap day
MONTH = YEAR / 12.0
MOST_YEARS = 1000.0
ROUNDING = 1e-12  # relative: of what years times hours may be off
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def hours_of(years: float) -> float:
    """Return the length of a run, h; whole hours but for rounding are whole: 53/365 years.

    >>> hours_of(53 / 365)
    1272.0

    Raises ValueError: years not above 0, or more than 1000.
    """
    if not 0.0 < years <= MOST_YEARS:
        raise ValueError(
            f"years: expected a number above 0 and at most {MOST_YEARS:,.0f}, came {years!r}"
        )
    hours = years * YEAR
    whole = float(round(hours))
    return whole if whole and abs(hours - whole) <= ROUNDING * whole else hours


def day_of(text: str, name: str = "start") -> tuple[int, int]:
    """Return month and day; a year before them does not matter, for all years are alike.

    Raises TypeError or ValueError: no text; anything but a day of a year without a leap day; tells
    how to write one.

    Examples
    --------
    >>> day_of("1996-07-01")
    (7, 1)
    """
    expected = f"{name}: expected a month and a day like 07-01, or 1996-07-01"
    if not isinstance(text, str):
        raise TypeError(f"{expected}, came {told(text)}")
    match = re.fullmatch(r"(?:\d{4}-)?(\d{1,2})-(\d{1,2})", text.strip(), re.ASCII)
    month, day = (int(match[1]), int(match[2])) if match else (0, 0)
    if (month, day) == (2, 29):
        raise ValueError(f"{name}: a simulated year has no 29 February; take 02-28 or 03-01")
    if not (1 <= month <= 12 and 1 <= day <= DAYS[month - 1]):
        came = repr(text if len(text) <= 60 else f"{text[:60]}...")
        raise ValueError(f"{expected}, came {came}")
    return month, day


def hour_of_day(month: int, day: int) -> float:
    """Return the hour of the year at which a day begins, h.

    >>> hour_of_day(2, 1)
    744.0
    """
    return 24.0 * (sum(DAYS[: month - 1]) + day - 1)
