"""How fast every activity runs between two events: the rates of a discrete-rate simulation, kg/h.

Activities share tanks. An EMPTY tank gives no more than it gets, a FULL tank gets no more than it
gives, a tank in between constrains nothing. Among all rates that respect this the line runs at the
lexicographic maximum: the first activity in the declared order as fast as it can, then the
second, and so on.

The solver starts from the capacities and comes down (:mod:`sim.descent`): a violated row lowers
whatever costs the least by priority and from then on is solved exactly, so that a recycle closes
in one step whatever its gain, where repeated passes would approach it geometrically. The outcome
is accepted only with a certificate (:func:`solve_rates`); whatever is left without one is decided
by the linear programme of :mod:`sim.lexicographic`, which starts from rest in exact arithmetic.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf, isfinite

from sim.descent import Descent
from sim.forms import Row
from sim.lexicographic import lexicographic_basis


@dataclass(frozen=True, slots=True)
class Rates:
    """Rates in one mode of the line.

    Attributes
    ----------
    activity : tuple of float
        Rate of each activity, kg/h of its main feed.
    binding : tuple of int or None
        Row that keeps the activity below its capacity; None where it runs at capacity.
    passes : int
        Passes over the rows on the way down from the capacities.
    fallback : bool
        Whether the way down ended without a certificate and the linear programme decided.
    """

    activity: tuple[float, ...]
    binding: tuple[int | None, ...]
    passes: int
    fallback: bool


def solve_rates(capacity: Sequence[float], rows: Sequence[Row], order: Sequence[int]) -> Rates:
    """Return the rates that no activity could exceed with the higher priorities fixed, kg/h.

    A solution leaves this function only if every row and every bound holds to 1e-12 of the flows
    in it and if its certificate holds: each move away from it (an activity off its bound, an
    active row opened, the marginal activities following) lowers the first activity in the order
    that it changes at all. After a fallback, exact arithmetic has shown the latter.

    Parameters
    ----------
    capacity : sequence of float
        Largest rate of each activity in its present state, kg/h; 0 for one that is down.
    rows : sequence of rows
        One row of ``(activity, coefficient)`` for each empty or full tank and each make-up header;
        ``sum(coefficient * rate) <= 0``, coefficients in kg per kg of main feed. For an EMPTY
        tank that is out - in, for a FULL one in - out.
    order : sequence of int
        All activities, highest priority first.

    Raises
    ------
    ValueError
        If a capacity is negative or not finite, the order is no permutation, or a coefficient is
        not finite.
    ArithmeticError
        If the exact solution, rounded, violates a row: a loop of gain 1 but for rounding.

    Examples
    --------
    A pump of 3 kg/h feeds an empty tank from which two units of 2 kg/h draw, the second first.

    >>> solve_rates([3.0, 2.0, 2.0], [[(1, 1.0), (2, 1.0), (0, -1.0)]], [0, 2, 1])
    Rates(activity=(3.0, 1.0, 2.0), binding=(None, 0, None), passes=3, fallback=False)
    """
    _check(capacity, order)
    descent = Descent(capacity, rows, order)
    if descent.run() and descent.settle() and descent.certified():
        return Rates(tuple(descent.activity), descent.binding(), descent.passes, False)
    _check_rows(rows, len(capacity))
    passes = descent.passes
    descent = Descent(capacity, rows, order)
    descent.adopt(lexicographic_basis(capacity, rows, order))
    if descent.settle():  # the basis is its own certificate, by exact arithmetic
        return Rates(tuple(descent.activity), descent.binding(), passes, True)
    raise ArithmeticError(
        f"rates of {len(capacity)} activities under {len(rows)} rows: no solution holds to"
        " rounding; look for a loop whose gain is 1 but for rounding"
    )


def _check(capacity: Sequence[float], order: Sequence[int]) -> None:
    if not (min(capacity, default=0.0) >= 0.0 and sum(capacity) < inf):
        for k, most in enumerate(capacity):
            if not 0.0 <= most < inf:
                raise ValueError(f"activity {k}: capacity of {most:g} kg/h must be finite and >= 0")
    if sorted(order) != list(range(len(capacity))):
        raise ValueError(
            f"order {list(order)} must name each of {len(capacity)} activities exactly once"
        )


def _check_rows(rows: Sequence[Row], activities: int) -> None:
    for j, row in enumerate(rows):
        for k, g in row:
            if not (isfinite(g) and 0 <= k < activities):
                raise ValueError(
                    f"row {j}: coefficient {g:g} of activity {k} must be finite,"
                    f" the activity one of {activities}"
                )
