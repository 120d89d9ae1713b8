"""What comes in at the door: options as they were written, checked before anything runs."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from experiments.door.faults import FAULTS, InputFault, is_slip, told
from plant_models import chlorobenzene as cb
from plant_models.chlorobenzene.line import operation
from plant_models.chlorobenzene.line.tree import Line
from sim.clock.random_streams import RandomStreams
from sim.errors import did_you_mean
from sim.model.facts import Design
from sim.model.schemes import Scheme, parse_schemes

T = TypeVar("T")

YEARS = (0.001, 1000.0)  # years; the shortest is a day's work of the line, nearly
MOST_REPLICATIONS = 10_000
LARGEST_SEED = 2**32 - 1
DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
LONGEST_QUOTE = 60
NONE: tuple[str, ...] = ()


@dataclass(frozen=True)
class Case:
    """Everything that decides a result besides the schemes.

    Parameters
    ----------
    years : float
        Length of a run, in years of 8,760 h.
    seed, replications : int
    start : str
        Month and day, ``"07-01"``.
    start_hour : float
        The same as an hour of the year, h.
    design : Design
        The line before any scheme.
    known : Mapping[str, Scheme]
        The catalogue of schemes.
    """

    years: float
    seed: int
    replications: int
    start: str
    start_hour: float
    design: Design[Line]
    known: Mapping[str, Scheme]


class Checks:
    """Collects the faults of all options of a command, so that they are told together."""

    def __init__(self) -> None:
        self.faults: list[Exception] = []

    def read(self, check: Callable[..., T], *given: object, otherwise: T) -> T:
        """Return what a check makes of the input; ``otherwise`` after a fault."""
        try:
            return check(*given)
        except FAULTS as fault:
            if is_slip(fault):
                raise
            self.faults.append(fault)
            return otherwise

    def close(self) -> None:
        """Raise what has been found."""
        if self.faults:
            raise InputFault(told(self.faults))


def read_case(
    checks: Checks,
    *,
    years: str = "1",
    seed: str = "1",
    replications: str = "1",
    start: str = "01-01",
    settings: Sequence[str] = (),
    design: str | None = None,
    schemes_file: str | None = None,
) -> Case:
    """Return the case that options describe."""
    length = checks.read(read_number, "--years", years, *YEARS, otherwise=1.0)
    number = checks.read(read_count, "--seed", seed, 0, LARGEST_SEED, otherwise=1)
    count = checks.read(
        read_count, "--replications", replications, 1, MOST_REPLICATIONS, otherwise=1
    )
    month, day = checks.read(read_date, "--start", start, otherwise=(1, 1))
    return Case(
        years=length,
        seed=number,
        replications=count,
        start=f"{month:02}-{day:02}",
        start_hour=operation.start_hour_of({"month": month, "day": day}),
        design=checks.read(cb.own_design, design, settings, otherwise=cb.BASELINE),
        known=checks.read(cb.own_schemes, schemes_file, otherwise=cb.SCHEMES),
    )


def read_schemes(checks: Checks, case: Case, text: str) -> tuple[str, ...]:
    """Return the ids of a scheme set, after trying on that the line can be built with it."""
    ids = checks.read(parse_schemes, text, case.known, otherwise=NONE)
    if not checks.faults:
        checks.read(_try_on, case, ids, otherwise=None)
    return ids


def _try_on(case: Case, ids: tuple[str, ...]) -> None:
    """Patch the line and start it, which refuses what does not fit together."""
    line = cb.line(ids, design=case.design, known=case.known)
    try:
        operation.start(line, RandomStreams(case.seed), start_hour=case.start_hour)
    except ArithmeticError as fault:
        named = f" with {', '.join(ids)}" if ids else ""
        raise ValueError(f"the line{named} cannot be started: {fault}") from fault


def read_number(name: str, text: str, low: float, high: float) -> float:
    """Return the number that a text says, if it lies from low to high."""
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not low <= value <= high:
        raise ValueError(f"{name}: expected a number from {low:g} to {high:,g}, came {quote(text)}")
    return value


def read_count(name: str, text: str, low: int, high: int) -> int:
    """Return the whole number that a text says, if it lies from low to high."""
    expected = f"{name}: expected a whole number from {low} to {high:,}, came {quote(text)}"
    try:
        value = int(text)
    except ValueError:
        raise ValueError(expected) from None
    if not low <= value <= high:
        raise ValueError(expected)
    return value


def read_date(name: str, text: str) -> tuple[int, int]:
    """Return month and day; a year before them does not matter, for all years are alike.

    >>> read_date("--start", "1996-07-01")
    (7, 1)
    """
    match = re.fullmatch(r"(?:\d{4}-)?(\d{1,2})-(\d{1,2})", text.strip(), re.ASCII)
    month, day = (int(match[1]), int(match[2])) if match else (0, 0)
    if (month, day) == (2, 29):
        raise ValueError(f"{name}: a simulated year has no 29 February; take 02-28 or 03-01")
    if not (1 <= month <= 12 and 1 <= day <= DAYS[month - 1]):
        raise ValueError(
            f"{name}: expected a month and a day like 07-01, or 1996-07-01, came {quote(text)}"
        )
    return month, day


def read_word(name: str, text: str, known: Iterable[str]) -> str:
    """Return a word that is one of those known."""
    words = tuple(known)
    if text not in words:
        hint = did_you_mean(text, words)
        raise ValueError(f"{name}: no {quote(text)}{hint or '; known: ' + ', '.join(words)}")
    return text


def quote(text: str) -> str:
    """Return a text in quotes, shortened if need be."""
    return repr(text if len(text) <= LONGEST_QUOTE else f"{text[:LONGEST_QUOTE]}...")
