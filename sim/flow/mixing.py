"""Well-mixed tanks: what they hold after an interval, and the mean of what left them."""

from __future__ import annotations

from math import expm1, log1p

import numpy as np

from sim.flow import arrays
from sim.flow.arrays import EMPTY, Effects, Flags, Floats, Ints, Layout, Plan

EMPTIED = 1e-11  # contents per throughput below which a tank passes its inflow on
NUDGE = 1e-6  # of a flow, by which a share is differentiated
ALIKE = 4e-15  # relative; what enters with a composition so near to a tank's moves nothing there
DUST = 1e-15  # kg/kg; less than that is rounding of the rest
STEADY = 1e-10  # relative; rates, means and length of an interval stand when they move less
NONE_LEFT = 1e-12  # of what a reaction takes; by so little rates that stand may be off
PASSES = 8  # of means down the line, before they are eliminated
ROUND = 2  # times that empty tanks are told what they get, the one further on in the row last
PIVOT = 0.1  # of the largest in its column, at least, with which the rest is eliminated
THIN = 1e-3  # of what leaves a tank, that was in it at first; of less a difference loses digits
LITTLE = 1e-3  # of what has been in a tank; from so little left no composition is told


def inflow_share(level: float, entered: float, out: float, hours: float) -> float:
    """Return how much of what leaves a well-mixed tank in an interval is its inflow, in the mean.

    The rest is as the tank was at first. In closed form, for constant flows, kg/h, and the level
    at the start, kg: with ``p``, ``y`` and ``g`` for what enters, what leaves and what is gained
    per level, ``(1 + g s)**(-p/g)`` of the first composition is left after a share s of the
    interval, whose mean is ``(1 - (1 + g)**(-y/g)) / y``. One less it is written without a
    difference where it is small. An empty tank passes its inflow on.
    """
    if entered <= 0.0:
        return 0.0
    if level <= EMPTIED * (entered + out) * hours:
        return max(1.0 - level / (out * hours), 0.0) if level > 0.0 else 1.0
    p, y = entered * hours / level, out * hours / level
    if p + y < 1e-5:
        return p * (0.5 + (y - 2.0 * p) / 6.0)
    g = p - y
    if g <= -1.0 + 1e-15:
        return p / y
    pace = log1p(g) / g if abs(g) > 1e-12 else 1.0 - 0.5 * g
    if p < y:
        return p / y * (1.0 + (1.0 + g) * expm1(-p * pace) / p)
    return 1.0 + expm1(-y * pace) / y


def first_share(level: float, entered: float, out: float, hours: float, share: float) -> float:
    """Return how much of what leaves is as the tank was at first: one less ``share``, the inflow's.

    Where that is nearly all it is no difference: a trace in a tank that passes all on is but this.
    """
    if share < 1.0 - THIN:
        return 1.0 - share
    if level <= EMPTIED * (entered + out) * hours:
        return min(level / (out * hours), 1.0) if level > 0.0 else 0.0
    p, y = entered * hours / level, out * hours / level
    g = p - y
    if g <= -1.0 + 1e-15:
        return 1.0 - share
    pace = log1p(g) / g if abs(g) > 1e-12 else 1.0 - 0.5 * g
    return -expm1(-y * pace) / y


def leaving(held: Floats, inflow: Floats, out: float, hours: float, mean: Floats) -> None:
    """Set the mean composition of what leaves a well-mixed tank in an interval.

    From what it holds, kg, with a constant inflow by component, kg/h; as it was where nothing
    leaves. What is below nothing by rounding is made up for.
    """
    level = entered = 0.0
    for i in range(len(held)):
        level += max(held[i], 0.0)
        entered += inflow[i]
    if out <= 0.0 or level + entered <= 0.0:
        return
    share, rest = 0.0, 1.0
    if not alike(held, level, inflow, entered):
        share = inflow_share(level, entered, out, hours)
        rest = first_share(level, entered, out, hours, share)
    total = 0.0
    for i in range(len(held)):
        first = max(held[i], -level) / level if level > 0.0 else 0.0
        comes = inflow[i] / entered if share > 0.0 else first
        mean[i] = max(rest * first + share * comes, 0.0)
        total += mean[i]
    for i in range(len(held)):
        mean[i] /= total


def alike(held: Floats, level: float, inflow: Floats, entered: float) -> bool:
    """Whether what enters a tank has the composition of what is there, but for rounding."""
    if level <= 0.0:
        return False
    for i in range(len(held)):
        comes, there = inflow[i] * level, max(held[i], 0.0) * entered
        if abs(comes - there) > ALIKE * there:
            return False
    return True


def pour(lay: Layout, plan: Plan, tank: int, inflow: Floats) -> None:
    """Set what comes into a tank at the means, kg/h by component, by the terms of its row."""
    pour_of(lay, plan, plan.mean, tank, inflow)


def pour_of(lay: Layout, plan: Plan, feeds: Floats, tank: int, inflow: Floats) -> None:
    """Set the same where tanks and supplies give other compositions, kg/kg, at the same rates."""
    taken, below = _add_up(lay, plan, feeds, tank, inflow)
    if taken or below:
        leave_none(lay, plan, feeds, tank, inflow, inflow, NONE_LEFT)


def pour_as_booked(lay: Layout, plan: Plan, tank: int, inflow: Floats) -> None:
    """Set what the contents of a tank get, kg/h: with every trace, for the books have it, too.

    A trace may be no more than the last digits of what reacts beside it, and yet all that comes.
    """
    _, below = _add_up(lay, plan, plan.mean, tank, inflow)
    if below:
        _leave_none_below(lay, plan, tank, inflow)


def _add_up(lay: Layout, plan: Plan, feeds: Floats, tank: int, inflow: Floats) -> tuple[bool, bool]:
    """Add up what comes into a tank; whether a reaction takes of it, and any is below nothing."""
    inflow[:] = 0.0
    taken = below = False
    for f in range(lay.row_start[tank], lay.row_start[tank + 1]):
        k = lay.term_activity[f]
        rate, up = plan.rate[k], lay.source[k]
        if rate == 0.0:
            continue
        taken |= plan.taking[f]
        for i in range(plan.listed[f]):
            kg = rate * feeds[up, plan.parts[f, 2 * i]] * plan.kg[f, i]
            inflow[plan.parts[f, 2 * i + 1]] += kg
    for kg in inflow:
        below |= kg < 0.0
    return taken, below


def leave_none(
    lay: Layout, plan: Plan, feeds: Floats, tank: int, inflow: Floats, sums: Floats, part: float
) -> None:
    """Set to nothing what is all taken, but for a ``part``, by what it reacts with.

    What is less than nothing is so by rounding, whatever takes it. All this is for means, which
    must not follow rounding; what they pass over of a trace stays in the contents.
    """
    for f in range(lay.row_start[tank], lay.row_start[tank + 1]):
        k = lay.term_activity[f]
        for i in range(plan.listed[f] if plan.rate[k] != 0.0 else 0):
            c = plan.parts[f, 2 * i + 1]
            if not plan.taking[f] and inflow[c] >= 0.0:
                continue
            kg = plan.rate[k] * feeds[lay.source[k], plan.parts[f, 2 * i]] * plan.kg[f, i]
            if kg < 0.0 and abs(inflow[c]) <= part * -kg:
                sums[c] = 0.0


def _leave_none_below(lay: Layout, plan: Plan, tank: int, inflow: Floats) -> None:
    """Set to nothing what is less by the last digits of what is taken: it would add up in a tank.

    Not by more: what rates are off by is in the books.
    """
    for f in range(lay.row_start[tank], lay.row_start[tank + 1]):
        k = lay.term_activity[f]
        for i in range(plan.listed[f]):
            c = plan.parts[f, 2 * i + 1]
            kg = plan.rate[k] * plan.mean[lay.source[k], plan.parts[f, 2 * i]] * plan.kg[f, i]
            if ALIKE * kg <= inflow[c] < 0.0:
                inflow[c] = 0.0


def span(
    lay: Layout, plan: Plan, held: Floats, hours: float, felt: float, begin: Floats, end: Floats
) -> None:
    """Set what each tank and supply gives as so many hours begin and as they end, kg/kg.

    What is empty, or as good as empty beside what passes it in the hours that are ``felt``, gives
    what it gets then; of what as good as empties itself it is the mean.
    """
    n = begin.shape[1]
    inflow, hollow = arrays.space(n, 0.0), arrays.space(len(plan.status), False)
    arrays.copy(plan.mean, begin)
    arrays.copy(plan.mean, end)
    for j in range(len(plan.status) if n > 1 else 0):
        out, has, entered = plan.out[j], 0.0, 0.0
        if out <= 0.0:
            continue
        pour(lay, plan, j, inflow)
        for c in range(n):
            has += max(held[j, c], 0.0)
            entered += inflow[c]
        comes = hours * entered
        hollow[j] = has <= LITTLE * felt * (entered + out)
        left = has + comes - hours * out
        for c in range(0 if hollow[j] else n):
            there = max(held[j, c], 0.0)
            begin[j, c] = there / has
            if left > LITTLE * (has + comes):
                then = there + hours * (inflow[c] - out * plan.mean[j, c])
                end[j, c] = max(then, 0.0) / left
    for _ in range(ROUND):
        for j in range(len(hollow)):
            if hollow[j]:
                _pass_through(lay, plan, j, begin, inflow)
                _pass_through(lay, plan, j, end, inflow)


def _pass_through(lay: Layout, plan: Plan, tank: int, feeds: Floats, inflow: Floats) -> None:
    """Let an empty tank give what it gets."""
    pour_of(lay, plan, feeds, tank, inflow)
    least = comes = 0.0
    for kg in inflow:
        least, comes = min(least, kg), comes + kg
    if comes > 0.0 and least >= 0.0:
        for c in range(len(inflow)):
            feeds[tank, c] = inflow[c] / comes


def mix(
    lay: Layout,
    plan: Plan,
    held: Floats,
    hours: float,
    only: Flags,
    inflows: Floats,
    lasted: Floats,
    passes: int,
    within: float,
) -> float:
    """Pass the means of an interval down the line at given rates, until none moves any more.

    Returns the largest move of the last of the ``passes`` at most, relative; ``within`` is what
    counts as none. ``inflows`` and ``lasted`` are what entered each tank, kg/h, and for how long,
    h, when that was done last: where it is the same, and so is what leaves, the mean is.
    """
    tanks, n = held.shape
    inflow, before = arrays.space(n, 0.0), arrays.space(n, 0.0)
    poured, turned, at, moved = arrays.space(tanks, 0), arrays.space(tanks, 0), 0, 0.0
    for turn in range(passes):
        moved = 0.0
        for j in range(tanks):
            at += 1
            if not only[j] or (turn > 0 and not _fed_anew(lay, j, turned, poured[j])):
                continue
            poured[j] = at
            pour(lay, plan, j, inflow)
            anew = lasted[j, 0] != hours or lasted[j, 1] != plan.out[j]
            for c in range(n):
                anew |= inflow[c] != inflows[j, c]
                inflows[j, c] = inflow[c]
                before[c] = plan.mean[j, c]
            if anew:
                leaving(held[j], inflow, plan.out[j], hours, plan.mean[j])
                lasted[j, 0], lasted[j, 1] = hours, plan.out[j]
                move = difference(plan.mean[j], before)
                if move > 0.0:
                    turned[j], moved = at, max(moved, move)
        if moved <= within:
            break
    return moved


def _fed_anew(lay: Layout, tank: int, turned: Ints, poured: int) -> bool:
    """Whether what a tank is fed from has ``turned`` since it was ``poured`` into last."""
    for f in range(lay.row_start[tank], lay.row_start[tank + 1]):
        up = lay.source[lay.term_activity[f]]
        if up < len(turned) and turned[up] >= poured:
            return True
    return False


def mix_at_once(
    lay: Layout,
    plan: Plan,
    effects: Effects,
    held: Floats,
    hours: float,
    hit: int,
    row_of: Ints,
) -> None:
    """Move the means of all tanks to where they answer each other, by a step of Newton's method.

    The rates of activities that have a row, ``row_of``, follow the means so that it stays as it
    is, and where a tank ends the interval at a bound, ``hit``, its length follows, too. All this
    is linearised in what leaves the tanks by component, kg/h, and solved by elimination.
    """
    tanks, n = held.shape
    entering, length = tanks * n, tanks * (n + 1)  # of the unknowns, see `_follows`
    size = length + 1
    place = arrays.space(len(row_of), -1)
    for k in range(len(row_of)):
        if row_of[k] >= 0:
            place[k] = size
            size += 1
    table = np.zeros((size, size + 1))
    inflow, passes = arrays.space(n, 0.0), arrays.space(tanks, 0.0)
    for j in range(tanks):
        pour(lay, plan, j, inflow)
        passes[j] = max(inflow.sum(), plan.out[j], DUST)
        _follows(lay, plan, j, held[j], inflow, hours, passes[j], place, table)
        _enters(lay, plan, effects, j, passes[j], place, table[entering + j])
    table[length, length] = 1.0
    if hit >= 0:
        longer = hours / plan.net[hit]
        table[length, entering + hit] += longer * passes[hit]
        _add_leaving(lay, plan, hit, -longer, passes[hit], place, table[length])
    for k in range(len(row_of)):
        if place[k] >= 0:
            _row_stays(lay, plan, effects, row_of[k], place, table[place[k]])
    if _eliminate(table, tanks, _reach(lay, plan, n)):
        _step(lay, plan, held, passes, place, table[:, size])


def _enters(
    lay: Layout,
    plan: Plan,
    effects: Effects,
    j: int,
    passes: float,
    place: Ints,
    equation: Floats,
) -> None:
    """Write by how much more enters a tank: of what ``passes`` it, kg/h, so that none is large."""
    tanks, n = len(plan.status), plan.mean.shape[1]
    equation[tanks * n + j] = 1.0
    for f in range(lay.row_start[j], lay.row_start[j + 1]):
        k = lay.term_activity[f]
        come, part = lay.source[k], plan.rate[k] / passes
        if place[k] >= 0:
            equation[place[k]] -= (plan.gain[f] + (1.0 if come == j else 0.0)) * part
        for c in range(n if come < tanks else 0):
            equation[c * tanks + come] -= part * effects.totals[k, j, c]


def _add_leaving(
    lay: Layout, plan: Plan, j: int, factor: float, passes: float, place: Ints, equation: Floats
) -> None:
    """Add to an equation, times a factor, by how much more leaves a tank, kg/h.

    That is as its rates; where it spills as what enters it, in parts of what ``passes`` it.
    """
    if plan.spill[j] > 0.0:
        equation[len(plan.status) * plan.mean.shape[1] + j] += factor * passes
        return
    for f in range(lay.row_start[j], lay.row_start[j + 1]):
        k = lay.term_activity[f]
        if lay.source[k] == j and place[k] >= 0:
            equation[place[k]] += factor * plan.rate[k]


def _follows(
    lay: Layout,
    plan: Plan,
    j: int,
    held: Floats,
    inflow: Floats,
    hours: float,
    passes: float,
    place: Ints,
    table: Floats,
) -> None:
    """Write how a tank's mean follows what feeds it, what passes it, and how long.

    Unknown are by how much more there is: of each component the means, kg/kg, tank by tank; what
    enters each tank, in parts of what ``passes`` it; the length of the interval, h; and the rates
    that have a ``place``, relative. In that order components hang together by the latter alone, so
    that most of the table is nothing, and stays so.
    """
    tanks, n = len(plan.status), len(held)
    size = len(table)
    level = entered = 0.0
    for c in range(n):
        level += max(held[c], 0.0)
        entered += inflow[c]
        table[c * tanks + j, c * tanks + j] = 1.0
    out = plan.out[j]
    if out <= 0.0 or level + entered <= 0.0:
        return
    share = inflow_share(level, entered, out, hours)
    rest = first_share(level, entered, out, hours, share)
    per = share / entered if entered > 0.0 else 0.0
    more = less = 0.0  # what a little more inflow, outflow or time does to the share
    if entered > 0.0:
        up, down = 1.0 + NUDGE, 1.0 - NUDGE
        more = inflow_share(level, entered * up, out, hours)
        more = (more - inflow_share(level, entered * down, out, hours)) / (up - down) / entered
        less = inflow_share(level, entered, out * up, hours)
        less = (less - inflow_share(level, entered, out * down, hours)) / (up - down) / out
    later = (more * entered + less * out) / hours
    for c in range(n):
        first = max(held[c], -level) / level if level > 0.0 else plan.mean[j, c]
        lean = inflow[c] / entered - first if entered > 0.0 else 0.0
        equation = table[c * tanks + j]
        equation[size] = rest * first + per * inflow[c] - plan.mean[j, c]
        by_inflow = lean * more - per * (inflow[c] / entered if entered > 0.0 else 0.0)
        equation[tanks * n + j] -= by_inflow * passes
        equation[tanks * (n + 1)] -= lean * later
        by_out = lean * less + equation[size] / out
        _add_leaving(lay, plan, j, -by_out, passes, place, equation)
    for f in range(lay.row_start[j], lay.row_start[j + 1]):
        k = lay.term_activity[f]
        come = lay.source[k]
        for i in range(plan.listed[f]):
            c, d = plan.parts[f, 2 * i], plan.parts[f, 2 * i + 1]
            part = per * plan.rate[k] * plan.kg[f, i]
            if come < tanks:
                table[d * tanks + j, c * tanks + come] -= part
            if place[k] >= 0:
                table[d * tanks + j, place[k]] -= part * plan.mean[come, c]


def _step(lay: Layout, plan: Plan, held: Floats, passes: Floats, place: Ints, by: Floats) -> None:
    """Move the means by what the equations say."""
    tanks, n = held.shape
    there, left = _there(lay, plan, held), np.zeros(n)
    equation = np.zeros(len(by))
    for j in range(tanks):
        equation[:] = 0.0
        _add_leaving(lay, plan, j, 1.0, passes[j], place, equation)
        total = more = 0.0
        out = plan.out[j]
        for i in range(tanks * n, len(by)):
            more += equation[i] * by[i]
        for c in range(n):  # kg/h that leave, for they cannot pass nothing
            kg = out * (plan.mean[j, c] + by[c * tanks + j]) + more * plan.mean[j, c]
            left[c] = max(kg, 0.0) if there[j, c] else 0.0
            total += left[c]
        if total > 0.0:
            for c in range(n):
                plan.mean[j, c] = left[c] / total


def _there(lay: Layout, plan: Plan, held: Floats) -> Flags:
    """Return which components may be in each tank; of all others elimination leaves rounding."""
    tanks = len(held)
    there = held > 0.0
    spreads = True
    while spreads:
        spreads = False
        for f in range(len(lay.term_row)):
            down, up = lay.term_row[f], lay.source[lay.term_activity[f]]
            if down >= tanks:
                continue
            for i in range(plan.listed[f]):
                c, d = plan.parts[f, 2 * i], plan.parts[f, 2 * i + 1]
                comes = there[up, c] if up < tanks else plan.mean[up, c] > 0.0
                if comes and not there[down, d]:
                    there[down, d] = spreads = True
    return there


def _row_stays(
    lay: Layout,
    plan: Plan,
    effects: Effects,
    row: int,
    place: Ints,
    equation: Floats,
) -> None:
    """Write that a row does not change, to the first order, in its means and (relative) rates."""
    tanks, n = len(plan.status), plan.mean.shape[1]
    gross = 0.0
    for f in range(lay.row_start[row], lay.row_start[row + 1]):
        gross += abs(plan.gain[f]) * plan.rate[lay.term_activity[f]]
    for f in range(lay.row_start[row], lay.row_start[row + 1]):
        k = lay.term_activity[f]
        if plan.rate[k] == 0.0:
            continue
        come, part = lay.source[k], plan.rate[k] / gross
        equation[-1] -= plan.gain[f] * part
        if place[k] >= 0:
            equation[place[k]] += plan.gain[f] * part
        if come >= tanks:
            continue
        of = effects.totals[k, row] if row < tanks else effects.beyond[row - tanks, k]
        for c in range(n):
            equation[c * tanks + come] += of[c] * part


def _reach(lay: Layout, plan: Plan, components: int) -> Ints:
    """Return the last component that one, or one before it, becomes anywhere."""
    last = np.arange(components)
    for f in range(lay.row_start[len(plan.status)]):
        for i in range(plan.listed[f]):
            c, d = plan.parts[f, 2 * i], plan.parts[f, 2 * i + 1]
            last[c] = max(last[c], d)
    for c in range(1, components):
        last[c] = max(last[c], last[c - 1])
    return last


def _eliminate(table: Floats, tanks: int, last: Ints) -> bool:
    """Solve linear equations, whose right sides are the last column; False if they are singular.

    What is nothing is passed over: of the rows of means those of components beyond the ``last``
    that a component reaches. So that it stays nothing, the first row will do as a pivot that is
    not far from the largest.
    """
    size, means = len(table), tanks * len(last)
    rows, filled = np.zeros(size, np.int64), np.zeros(size + 1, np.int64)
    for i in range(size):
        end, row = tanks * (last[i // tanks] + 1) if i < means else size, i
        many, largest = 0, 0.0
        while row < size:
            if table[row, i] != 0.0:
                rows[many], largest = row, max(largest, abs(table[row, i]))
                many += 1
            row = row + 1 if row + 1 != end else max(end, means)
        if largest == 0.0:
            return False
        at = fills = 0
        while abs(table[rows[at], i]) < PIVOT * largest:
            at += 1
        pivot = rows[at]
        for c in range(i, size + 1):
            if pivot != i:
                table[i, c], table[pivot, c] = table[pivot, c], table[i, c]
            if c > i and table[i, c] != 0.0:
                filled[fills] = c
                fills += 1
        for at in range(many):
            row = rows[at]
            factor = table[row, i] / table[i, i] if row > i else 0.0
            for other in range(fills if factor != 0.0 else 0):
                table[row, filled[other]] -= factor * table[i, filled[other]]
    for i in range(size - 1, -1, -1):
        for c in range(i + 1, size):
            table[i, size] -= table[i, c] * table[c, size]
        table[i, size] /= table[i, i]
    return True


def difference(one: Floats, other: Floats) -> float:
    """Return the largest relative difference of two compositions."""
    apart = 0.0
    for c in range(len(one)):
        if one[c] != other[c]:
            size = max(one[c], other[c], DUST)
            apart = max(apart, abs(one[c] - other[c]) / size)
    return apart


def farthest(one: Floats, other: Floats) -> float:
    """Return the largest difference of two shares."""
    apart = 0.0
    for j in range(one.shape[0]):
        for c in range(one.shape[1]):
            apart = max(apart, abs(one[j, c] - other[j, c]))
    return apart


def largest_difference(mean: Floats, old: Floats) -> float:
    """Return the largest relative difference of compositions."""
    apart = 0.0
    for j in range(len(old)):
        apart = max(apart, difference(mean[j], old[j]))
    return apart


def pass_exactly(
    lay: Layout, plan: Plan, held: Floats, hours: float, inflows: Floats, lasted: Floats
) -> None:
    """Give what passes empty tanks its composition to the last digit."""
    hollow, passes = arrays.space(len(held), False), 0
    for j in range(len(held)):
        hollow[j] = plan.status[j] == EMPTY and lay.heel[j] == 0.0
        passes = 2 if hollow[j] else passes
    mix(lay, plan, held, hours, hollow, inflows, lasted, passes, 0.0)


ALLOCATING = ("_there", "_step", "_reach", "_eliminate", "mix_at_once")
TAKEN_IN = ("pour_of", "_add_up")
