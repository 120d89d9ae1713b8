"""The rates of one mode of a line, found by themselves as the engine's compiled loops find them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numba import njit

from sim.flow import arrays, native, priority, simplex, sources
from sim.flow.rates import Exact, teams_of


@dataclass(frozen=True, slots=True)
class Rates:
    """Rates in one mode of the line."""

    activity: tuple[float, ...]
    """Rate of each activity, kg/h of its main feed."""
    binding: tuple[int | None, ...]
    """Row that keeps the activity below its capacity; None where it runs at capacity."""
    fallback: bool
    """Whether the way down ended without a certificate and exact arithmetic decided."""


@cache
def compiled() -> Any:
    """Return what finds rates at given effects, as `sim.flow.priority` does for one part."""
    native.compile_loops()

    def solve(
        gain: Any, most: Any, team: Any, weight: Any, part: Any, rate: Any, lowered_by: Any,
        row_of: Any, exact: Any,
    ) -> None:  # fmt: skip
        team_of, heavy = priority.teams(team, weight, part, most)
        priority.share(gain, most, team_of, heavy, rate, lowered_by, exact)
        priority.bind(gain, most, rate, lowered_by, row_of)

    name: Any = native._named  # by all that is compiled with it
    named = name(solve, native._stamp(arrays, simplex, sources, priority))
    return njit(cache=True, error_model="numpy")(named)


def solve_rates(
    capacity: Sequence[float],
    rows: Sequence[Sequence[tuple[int, float]]],
    order: Sequence[int],
    shares: Sequence[Mapping[int, float]] = (),
) -> Rates:
    """Return the rates that no activity could exceed with the higher priorities fixed, kg/h.

    ``capacity`` is the largest rate of each activity in its present state, kg/h, 0 for one that is
    down. There is one row of ``(activity, coefficient)`` for each empty or full tank and each
    make-up header, ``sum(coefficient * rate) <= 0``, in kg per kg of main feed: for an EMPTY tank
    out - in, for a FULL one in - out. ``order`` names all activities, highest priority first.
    Activities of one of the ``shares`` run at equal shares of the weights given, kg/h, unless
    something else holds one lower: none could run at more without one whose share is no larger
    running at less. They stand in the order where the first of them does.
    Where a loop has gain 1 but for rounding, no solution may hold: an ArithmeticError.

    Examples
    --------
    A pump of 3 kg/h feeds an empty tank from which two units of 2 kg/h draw, the second first.

    >>> solve_rates([3.0, 2.0, 2.0], [[(1, 1.0), (2, 1.0), (0, -1.0)]], [0, 2, 1])
    Rates(activity=(3.0, 1.0, 2.0), binding=(None, 0, None), fallback=False)

    The same, but they share what there is.

    >>> row = [(1, 1.0), (2, 1.0), (0, -1.0)]
    >>> solve_rates([3.0, 2.0, 2.0], [row], [0, 2, 1], [{1: 1.0, 2: 1.0}]).activity
    (3.0, 1.5, 1.5)
    """
    place = {k: p for p, k in enumerate(order)}
    gain = np.zeros((len(rows), len(order)))
    for j, row in enumerate(rows):
        for k, g in row:
            gain[j, place[k]] += g
    most = np.array([capacity[k] for k in order], dtype=float)
    rate, lowered_by = np.zeros(len(order)), np.zeros(len(order), dtype=np.int64)
    team, weight = teams_of(shares, len(order))
    part = np.array(order, dtype=np.int64)
    rows_of = np.full(len(order), -1)
    exact = Exact()
    compiled()(gain, most, team, weight, part, rate, lowered_by, rows_of, exact.at)
    exact.tell()
    by_activity = np.argsort(order)
    return Rates(
        tuple(rate[by_activity].tolist()),
        tuple(None if row < 0 else row for row in rows_of[by_activity].tolist()),
        exact.answers > 0,
    )
