"""What headers and second feeds draw: a source gives what those before it cannot, and no more.

Whoever could run faster on what comes later: a tank is drawn on as long as it holds anything, and
one that is empty gives all that it gets. Rates are a maximum under rows that must not exceed
nothing, and nearly always that is so of itself. Where it is not, the row of the tank that should
give more is there a second time, with the other sign: all that it gets is drawn. Where that is more
than is asked for it is the rows of what is asked for, and the tank fills.
"""

from __future__ import annotations

import numpy as np

from sim.flow.arrays import EMPTY, NOTHING, Flags, Floats, Ints, Layout, Plan

NEXT = 1e-9  # relative to what is asked for: what is left for the next source is nothing


def stand_behind(lay: Layout, plan: Plan, most: Floats) -> None:
    """Let draws stand that come after one from a tank that is not EMPTY."""
    for k in range(len(lay.serves)):
        if most[k] == 0.0 or lay.serves[k] < 0:
            continue
        for d in range(k):
            before = lay.serves[d] == lay.serves[k] and most[d] > 0.0
            if before and plan.status[lay.source[d]] != EMPTY:
                most[k] = 0.0


def draws_here(lay: Layout, part: Ints, place: Ints, k: int) -> bool:
    """Return whether an activity is a draw, and one of a part."""
    c = place[k]
    return bool(lay.serves[k] >= 0 and 0 <= c < len(part) and part[c] == k)


def left_behind(lay: Layout, gain: Floats, part: Ints, within: Ints, rate: Floats, k: int) -> float:
    """Return what a draw and those before it leave to the next source, of what is asked for.

    0 where it is but rounding, or nothing is asked for.
    """
    left = asked = 0.0
    for i in range(len(within)):
        if within[i] != lay.serves[k]:
            continue
        for c in range(len(part)):
            flow = gain[i, c] * rate[c]
            asked -= min(flow, 0.0)
            if lay.serves[part[c]] != lay.serves[k] or part[c] <= k:
                left -= flow
    return left / asked if left > NEXT * asked else 0.0


def gains(gain: Floats, within: Ints, rate: Floats, tank: int) -> bool:
    """Return whether more comes into a tank that is EMPTY than is drawn."""
    more = gross = 0.0
    for i in range(len(within)):
        if within[i] == tank:
            for c in range(len(rate)):
                more -= gain[i, c] * rate[c]
                gross += abs(gain[i, c]) * rate[c]
    return more > NEXT * gross


def _gets_and_asked(
    lay: Layout, gain: Floats, part: Ints, within: Ints, place: Ints, rate: Floats, tank: int
) -> tuple[float, float]:
    """Return what a tank gets, and all that is asked for where it is drawn on, kg/h."""
    gets = asked = 0.0
    for i in range(len(within)):
        for c in range(len(part)):
            flow = max(-gain[i, c] * rate[c], 0.0)
            gets += flow if within[i] == tank else 0.0
            for k in range(len(lay.serves)):
                serves = within[i] == lay.serves[k] and lay.source[k] == tank
                asked += flow if serves and draws_here(lay, part, place, k) else 0.0
    return gets, asked


def mark(
    lay: Layout, plan: Plan, gain: Floats, most: Floats, part: Ints, within: Ints, place: Ints,
    rate: Floats, emptied: Flags, filling: Flags, over: Floats,
) -> bool:  # fmt: skip
    """Mark tanks that have to give more than at these rates of a part; False where there is none.

    ``emptied``, all that they get, or, ``filling``, all that is asked for, so that what comes after
    them stands. The former is tried first, and no tank is marked so again. Where nothing runs if
    all give all, the one is filling that got most of what was asked: ``over``, as first marked.
    """
    marked, fullest = False, NOTHING
    for k in range(len(lay.serves)):
        tank = lay.source[k]
        if not draws_here(lay, part, place, k) or filling[tank]:
            continue
        left = left_behind(lay, gain, part, within, rate, k)
        if plan.status[tank] != EMPTY:
            filling[tank] = left > 0.0
        elif left > 0.0 and not emptied[tank]:
            emptied[tank] = gains(gain, within, rate, tank)
            marked |= emptied[tank]
            gets, asked = _gets_and_asked(lay, gain, part, within, place, rate, tank)
            over[tank] = gets / asked
        elif emptied[tank] and not _gets_and_asked(lay, gain, part, within, place, rate, tank)[1]:
            if fullest == NOTHING or over[tank] > over[fullest]:
                fullest = tank
        elif emptied[tank]:
            filling[tank] = True
            for d in range(len(lay.serves)):
                if lay.source[d] == tank and draws_here(lay, part, place, d):
                    filling[tank] &= left_behind(lay, gain, part, within, rate, d) == 0.0
        marked |= filling[tank]
    if fullest != NOTHING:
        filling[fullest] = marked = True
    for k in range(len(lay.serves)):
        for d in range(k):
            if lay.serves[d] >= 0 and lay.serves[d] == lay.serves[k] and filling[lay.source[d]]:
                most[k] = 0.0
    return marked


def held(
    lay: Layout, plan: Plan, gain: Floats, part: Ints, within: Ints, place: Ints, emptied: Flags,
    filling: Flags,
) -> Floats:  # fmt: skip
    """Return the rows of a part, and below them those that are no choice, with the other sign."""
    twice = np.zeros(len(gain), dtype=np.bool_)
    for k in range(len(lay.serves)):
        if not draws_here(lay, part, place, k):
            continue
        tank, row = lay.source[k], NOTHING
        if filling[tank] and lay.serves[k] < lay.first_second:  # of second feeds they are there
            row = lay.serves[k]
        elif emptied[tank] and not filling[tank]:
            row = tank
        for i in range(len(within)):
            twice[i] |= within[i] == row
    more = twice.sum()
    if more == 0:
        return gain
    rows, end = np.zeros((len(gain) + more, len(part))), len(gain)
    for i in range(len(gain)):
        for c in range(len(part)):
            rows[i, c] = gain[i, c]
            if twice[i]:
                rows[end, c] = -gain[i, c]
        end += twice[i]
    return rows


ALLOCATING = ("held",)
