"""What a check of the source comes to: what it says, what follows, and what must stay true."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

VERDICTS = {
    "agrees": "the source is consistent here",
    "contradicts": "the source contradicts itself",
    "flatters": "the figure is right and misleads",
    "leaves out": "the source does not say",
    "allows": "an inference that the source allows, and does not prove",
    "is refuted": "physics or arithmetic speaks against the source",
}
"""The kinds of verdict."""


@dataclass(frozen=True, slots=True)
class Condition:
    """A statement that a finding rests on."""

    states: str  #: What must be true, as in ``"net income is income less operation cost"``
    holds: bool
    came: str  #: What came instead, in numbers; told when it does not hold
    cells: tuple[str, ...]
    """Where the numbers stand: ``"table_1_2.csv, row F8, column income_1e4_rmb"``."""

    def __str__(self) -> str:
        return f"{self.states}: {self.came}; see {'; '.join(self.cells)}"


@dataclass(frozen=True, slots=True)
class Finding:
    """One of the ten checks."""

    number: int
    subject: str
    says: str  #: What the source says
    follows: str  #: What its own figures, prices or physics come to; computed
    kind: str  #: One of ``VERDICTS``
    verdict: str
    conditions: tuple[Condition, ...]
    """What the finding rests on; where one fails, it can no longer be made."""

    @property
    def holds(self) -> bool:
        """Whether the finding can be made from the tables as they are."""
        return all(condition.holds for condition in self.conditions)

    @property
    def faults(self) -> tuple[str, ...]:
        """Why it cannot be made."""
        return tuple(
            f"finding {self.number} no longer holds: {condition}"
            for condition in self.conditions
            if not condition.holds
        )


def equal(states: str, left: Decimal, right: Decimal, cells: Iterable[str]) -> Condition:
    """Return the condition that two exact decimal figures are the same."""
    return Condition(states, left == right, f"came {plain(left)} and {plain(right)}", tuple(cells))


def rounds_to(
    states: str, value: Decimal, expected: str, cells: Iterable[str], unit: str = ""
) -> Condition:
    """Return the condition that a computed figure is ``expected`` in its printed digits."""
    return Condition(
        states,
        rounded(value, expected) == Decimal(expected),
        f"expected {expected}{unit and ' '}{unit}, came {plain(value)}",
        tuple(cells),
    )


def rounded(value: Decimal, like: str) -> Decimal:
    """Return a value with as many decimals as a printed figure has, halves up.

    Examples
    --------
    >>> rounded(Decimal("7.675"), "7.7")
    Decimal('7.7')
    """
    return value.quantize(Decimal(like), ROUND_HALF_UP)


def plain(value: Decimal) -> str:
    """Return a figure in up to seven digits without an exponent.

    Examples
    --------
    >>> plain(Decimal("25249000")), plain(Decimal("0.11269841269"))
    ('25249000', '0.1126984')
    """
    exact = value.normalize()
    digits = exact.as_tuple().digits
    short = exact if len(digits) <= 8 else Decimal(f"{value:.7g}")
    return f"{short:f}"
