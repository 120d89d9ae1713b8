"""Cost classes of cleaner-production options, and the tests that are customary for each.

Audits sort options by what they cost: free and cheap ones are done at once, dearer ones must pass
tests of payback, present value and internal rate. Where the classes end is a matter of the firm's
size, so the cuts are parameters.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from plant_models.methods.finance import InternalRate
from sim.errors import need_kind, need_number, need_numbers

SOURCE_CUTS = (10e4, 50e4)
"""RMB: with these the investments of Table 1-2 fall into the classes of Table 1-1."""

MEDIUM, HIGHER, HIGH = 3.0, 5.0, 10.0
"""What a simple payback is customarily below for medium, higher and high cost, yr.

Recalled from the audit manuals of China's cleaner-production centre, not re-read.
"""


@dataclass(frozen=True, slots=True)
class CostClass:
    """A class of options by investment."""

    name: str
    longest_payback: float | None
    """What a simple payback has to be below, yr; ``None`` where none is asked for."""


NO_COST = CostClass("no-cost", None)
LOW_COST = CostClass("low-cost", None)
MEDIUM_COST = CostClass("medium-cost", MEDIUM)
HIGHER_COST = CostClass("higher-cost", HIGHER)
HIGH_COST = CostClass("high-cost", HIGH)


def cost_class(investment: float, cuts: Sequence[float] = SOURCE_CUTS) -> CostClass:
    """Return the class of an option.

    ``investment``: one-off, in the currency of the cuts. ``cuts``: where medium and high cost
    begin; with three, where medium, higher and high cost begin.

    Raises ValueError: an investment below 0, or cuts that do not rise.

    Examples
    --------
    >>> cost_class(63000.0).name, cost_class(307000.0).name
    ('low-cost', 'medium-cost')
    >>> cost_class(600000.0, (10e4, 50e4, 200e4)).name
    'higher-cost'
    """
    (investment,) = need_number("cost_class", investment=investment)
    need_numbers("cost_class", cuts=cuts)
    check_cuts(cuts)
    if not investment >= 0.0:
        raise ValueError(f"an investment is 0 or more, not {investment!r}")
    if investment == 0.0:
        return NO_COST
    return (LOW_COST, *with_a_payback(cuts))[sum(1 for cut in cuts if investment >= cut)]


def with_a_payback(cuts: Sequence[float] = SOURCE_CUTS) -> tuple[CostClass, ...]:
    """Return the classes whose payback is tested, one for each cut.

    >>> [(each.name, each.longest_payback) for each in with_a_payback()]
    [('medium-cost', 3.0), ('high-cost', 10.0)]
    """
    check_cuts(cuts)
    between = (HIGHER_COST,) if len(cuts) == 3 else ()
    return (MEDIUM_COST, *between, HIGH_COST)


def check_cuts(cuts: Sequence[float]) -> None:
    """Raise ``ValueError`` unless there are two or three rising cuts above zero."""
    (cuts,) = need_numbers("check_cuts", cuts=cuts)
    if len(cuts) not in (2, 3) or not all(a < b for a, b in pairwise((0.0, *cuts))):
        told = ", ".join(f"{cut:g}" for cut in cuts)
        raise ValueError(f"cost classes need 2 or 3 rising cuts above 0, came {told or 'none'}")


def customary_tests(
    option: CostClass,
    payback: float | None,
    present_value: float,
    internal: InternalRate,
    bank_rate: float,
) -> dict[str, bool | None]:
    """Return which tests an option passes; ``None`` where a test does not apply.

    Parameters
    ----------
    payback : float or None
        Simple payback, yr; ``None`` if it never pays back.
    present_value : float
        At the bank's rate.
    internal : InternalRate
        Where it is not one rate the test does not apply: the present value decides alone.
    bank_rate : float
        1/yr.

    Examples
    --------
    >>> customary_tests(MEDIUM_COST, 7.7, -6.1, InternalRate((0.05,)), 0.10)
    {'payback': False, 'present value': False, 'internal rate': False}
    """
    where = "customary_tests"
    need_kind(where, CostClass, option=option)
    need_kind(where, InternalRate, internal=internal)
    present_value, bank_rate = need_number(where, present_value=present_value, bank_rate=bank_rate)
    if payback is not None:
        (payback,) = need_number(where, 0.0, payback=payback)
    limit = option.longest_payback
    return {
        "payback": None if limit is None else payback is not None and payback < limit,
        "present value": present_value >= 0.0,
        "internal rate": None if internal.value is None else internal.value >= bank_rate,
    }
