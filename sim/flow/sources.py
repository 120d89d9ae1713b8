"""What headers and second feeds draw: a source gives what those before it cannot, and no more.

Whoever could run faster on what comes later: a tank is drawn on as long as it holds anything, and
one that is empty gives all that it gets. Rates are a maximum under rows that must not exceed
nothing; where a draw is no choice, its row is there a second time, with the other sign. Which of a
header's sources is the last that it draws on is guessed by which tanks are empty, and tried.
"""

from __future__ import annotations

import numpy as np

from sim.flow.arrays import EMPTY, NOTHING, Flags, Floats, Ints, Layout, Plan

NEXT = 1e-9  # relative to what is asked for: a last source that gives less gives nothing


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


def next_source(lay: Layout, part: Ints, place: Ints, k: int) -> int:
    """Return the draw of a part that follows another one, or NOTHING where the supply does."""
    for d in range(k + 1, len(lay.serves)):
        if lay.serves[d] == lay.serves[k] and draws_here(lay, part, place, d):
            return d
    return NOTHING


def guess(lay: Layout, plan: Plan, part: Ints, place: Ints, last: Flags) -> bool:
    """Mark the last sources: tanks that are not EMPTY, else the last; False without draws."""
    beyond, any_here = len(plan.status) + len(lay.header_main), False
    for k in range(len(last)):
        if draws_here(lay, part, place, k):
            any_here = True
            alone = lay.serves[k] >= beyond and next_source(lay, part, place, k) == NOTHING
            last[k] = alone or plan.status[lay.source[k]] != EMPTY
    return any_here


def held(
    lay: Layout, plan: Plan, gain: Floats, part: Ints, within: Ints, place: Ints, last: Flags
) -> Floats:
    """Return the rows of a part, and below them those that are no choice, with the other sign.

    Of the last sources what is asked for is drawn, from those before them all that they get.
    """
    beyond = len(plan.status) + len(lay.header_main)
    twice = np.zeros(len(gain), dtype=np.bool_)
    for k in range(len(last)):
        if not draws_here(lay, part, place, k) or (last[k] and lay.serves[k] >= beyond):
            continue  # rows of second feeds are there twice already
        row = lay.serves[k] if last[k] else lay.source[k]
        for i in range(len(within)):
            twice[i] |= within[i] == row
    more = twice.sum()
    if more == 0:
        return gain
    rows = np.zeros((len(gain) + more, len(part)))
    end = len(gain)
    for i in range(len(gain)):
        for c in range(len(part)):
            rows[i, c] = gain[i, c]
            if twice[i]:
                rows[end, c] = -gain[i, c]
        end += twice[i]
    return rows


def gives_nothing(
    lay: Layout, plan: Plan, part: Ints, place: Ints, last: Flags, rate: Floats, k: int
) -> bool:
    """Return whether what follows a draw is the last source, and not needed."""
    if not draws_here(lay, part, place, k) or last[k]:
        return False
    after = next_source(lay, part, place, k)
    if after != NOTHING and not last[after]:
        return False
    asked = drawn = left = 0.0
    for f in range(lay.row_start[lay.serves[k]], lay.row_start[lay.serves[k] + 1]):
        d = lay.term_activity[f]
        if not 0 <= place[d] < len(part) or part[place[d]] != d:
            continue
        flow = plan.gain[f] * rate[place[d]]
        if flow < 0.0:
            asked -= flow
        else:
            drawn += flow
        if d == after:
            left = flow
    return left <= NEXT * asked if after != NOTHING else asked - drawn <= NEXT * asked


def better(lay: Layout, part: Ints, rate: Floats, other: Floats) -> bool:
    """Return whether of two rates of all trains, in their order, the other ones are higher."""
    for c in range(len(part)):
        if lay.serves[part[c]] < 0 and abs(other[c] - rate[c]) > NEXT * max(rate[c], other[c]):
            return bool(other[c] > rate[c])
    return False


ALLOCATING = ("held",)
