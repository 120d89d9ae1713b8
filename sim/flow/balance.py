"""What flows move at given means: gains, net rates, what tanks lack, the first bound.

Plain Python, compiled as those of :mod:`sim.flow.core` are.
"""

from __future__ import annotations

from math import inf

import numpy as np

from sim.flow import arrays, mixing, priority
from sim.flow.arrays import EMPTY, FREE, FULL, Effects, Floats, Ints, Layout, Plan, Stock
from sim.flow.counts import FLIPS, LASTS, MEETS, SOLVES
from sim.flow.mixing import DUST, STEADY
from sim.flow.simplex import SUSPECT

BELOW = 1e-10  # of its capacity, that a tank may give beyond what it has, for rounding, ...
LAST_DIGITS = 1e-14  # ... or of what passes it
NOTHING_MUCH = 1e-15  # of its capacity in an hour: what moves a tank less does not bind it
STILL = 1e-11  # relative to what passes a tank; at its bound a smaller net rate is rounding


def _effect(mean: Floats, effect: Floats, same: bool) -> float:
    """Return what 1 kg does, by what 1 kg of each component does.

    Where that is the same it must not move with the last digits of the mean.
    """
    if same:
        return float(effect[0])
    whole = 0.0
    for c in range(len(effect)):
        whole += mean[c] * effect[c]
    return whole


def _is_dust(lay: Layout, plan: Plan, k: int, tank: int, gain: float) -> bool:
    """Whether an activity gives a full tank, or takes from an empty one, next to nothing."""
    if plan.status[tank] == FREE or (gain > 0.0) != (plan.status[tank] == FULL):
        return False
    return bool(abs(gain) * plan.limit[k] <= NOTHING_MUCH * lay.capacity[tank])


def gains(lay: Layout, plan: Plan, effects: Effects) -> None:
    """Set what each activity does to each row at the means, and what headers' draws may reach."""
    tanks = len(plan.status)
    for k in range(len(plan.limit)):
        if effects.same[k] and not plan.moved[k]:
            continue  # nothing of it hangs on the means
        mean, same = plan.mean[lay.source[k]], effects.same[k]
        for at in range(lay.activity_start[k], lay.activity_start[k + 1]):
            f, row = lay.terms_of[at], lay.rows_of[at]
            if row < tanks:
                gain = _effect(mean, effects.totals[k, row], same)
                if lay.source[k] == row:
                    gain -= 1.0
                    if abs(gain) <= DUST:
                        gain = 0.0  # all comes back, but for the last digits of it
                elif _is_dust(lay, plan, k, row, gain):
                    gain = 0.0
            else:
                gain = _effect(mean, effects.beyond[row - tanks, k], same)
                if abs(gain) <= DUST:
                    gain = 0.0
            if gain == plan.gain[f]:
                continue
            plan.gain[f] = gain
            if row < tanks:
                plan.stirred[row] = True
            if plan.sign[row] != 0.0:
                plan.moved[k] = True
    for k in range(len(lay.serves)):
        if lay.serves[k] < 0:
            continue
        asked = gives = 0.0
        for f in range(lay.row_start[lay.serves[k]], lay.row_start[lay.serves[k] + 1]):
            if lay.term_activity[f] == k:
                gives = plan.gain[f]
            else:
                asked -= min(plan.gain[f], 0.0) * max(plan.limit[lay.term_activity[f]], 1.0)
        priority.allow(plan, k, 2.0 * asked / gives if gives > 0.0 else 0.0)


def net_rates(lay: Layout, plan: Plan) -> None:
    """Set the net rate of each tank, kg/h, what it spills, and what passes it."""
    for j in range(len(plan.status)):
        if not plan.stirred[j]:
            continue
        plan.stirred[j] = False
        net = through = spill = 0.0
        first, end = lay.row_start[j], lay.row_start[j + 1]
        for f in range(first, end):
            flow = plan.gain[f] * plan.rate[lay.term_activity[f]]
            net += flow
            through += abs(flow)
        if plan.status[j] != FREE and abs(net) <= STILL * through:
            net = 0.0
        elif net > 0.0 and plan.status[j] == FULL and lay.spills[j]:
            spill, net = net, 0.0
        plan.net[j], plan.spill[j] = net, spill
        for k in lay.term_activity[first:end]:
            if lay.source[k] == j:
                spill += plan.rate[k]
        plan.out[j] = spill


def list_moves(lay: Layout, plan: Plan, effects: Effects, first: int, end: int) -> None:
    """List what activities from ``first`` up to ``end`` move into tanks: most of it is nothing.

    What a header's draw has its supply not send is less of that, but taken by no reaction: a trace
    that is left beside it is no rounding.
    """
    moves, n = effects.moves, effects.moves.shape[3]
    for at in range(lay.activity_start[first], lay.activity_start[end]):
        f, tank, count = lay.terms_of[at], lay.rows_of[at], 0
        k = lay.term_activity[f]
        if tank >= len(plan.status):
            continue
        plan.taking[f] = False
        reacts = len(lay.serves) == 0 or lay.serves[k] < 0 or lay.serves[k] >= lay.first_second
        for c in range(n):
            for d in range(n):
                if moves[k, tank, c, d] != 0.0:
                    plan.parts[f, 2 * count], plan.parts[f, 2 * count + 1] = c, d
                    plan.kg[f, count] = moves[k, tank, c, d]
                    plan.taking[f] |= reacts and moves[k, tank, c, d] < 0.0
                    count += 1
        plan.listed[f] = count


def held_by(lay: Layout, plan: Plan, row_of: Ints) -> None:
    """Name for each activity between rest and its capacity a row that determines it, or -1.

    The rows that hold as equations are solved for those activities, the largest effect first.
    """
    row_of[:] = -1
    rows, activities = len(lay.row_start) - 1, len(row_of)
    table = np.zeros((rows, activities))
    for i in range(rows):
        if plan.sign[i] == 0.0:
            continue
        rest = gross = 0.0
        for f in range(lay.row_start[i], lay.row_start[i + 1]):
            flow = plan.gain[f] * plan.rate[lay.term_activity[f]]
            rest += flow
            gross += abs(flow)
        if gross == 0.0 or abs(rest) > STILL * gross:
            continue
        for f in range(lay.row_start[i], lay.row_start[i + 1]):
            k = lay.term_activity[f]
            if 0.0 < plan.rate[k] < plan.limit[k]:
                table[i, k] += plan.gain[f] * plan.rate[k] / gross
    while True:
        row, column, largest = -1, -1, SUSPECT
        for i in range(rows):
            for k in range(activities):
                if row_of[k] < 0 and abs(table[i, k]) > largest:
                    row, column, largest = i, k, abs(table[i, k])
        if row < 0:
            return
        row_of[column] = row
        for i in range(rows):
            factor = table[i, column] / table[row, column]
            if i != row and factor != 0.0:
                for k in range(activities):
                    table[i, k] -= factor * table[row, k]
        table[row, :] = 0.0


def eliminate(
    lay: Layout, plan: Plan, effects: Effects, held: Floats, hours: float, hit: int
) -> None:
    """Find all means at once, with the rates that answer them where a row determines these."""
    row_of = arrays.space(len(plan.rate), -1)
    held_by(lay, plan, row_of)
    mixing.mix_at_once(lay, plan, effects, held, hours, hit, row_of)


def lasts(lay: Layout, plan: Plan, held: Floats, hours: float, within: float) -> bool:
    """Whether no tank gives more of a component than it has and gets in an interval.

    But for a part ``within`` of that, or of a small tank's contents, if that is less.
    """
    inflow = arrays.space(held.shape[1], 0.0)
    for j in range(len(plan.status)):
        out = plan.out[j]
        if out <= 0.0:
            continue
        mixing.pour(lay, plan, j, inflow)
        for c in range(len(inflow)):
            has = max(max(held[j, c], 0.0) + hours * inflow[c], 0.0)  # rounding is not lacking
            gives = hours * out * plan.mean[j, c]
            passes = max(has, DUST * hours * out)
            most = max(min(within * passes, BELOW * lay.capacity[j]), LAST_DIGITS * passes)
            if gives - has > most:
                return False
    return True


def first_bound(lay: Layout, plan: Plan, level: Floats) -> tuple[float, int]:
    """Return when the first tank reaches a bound, h from now, and which; infinite and -1 if none.

    One that is at a bound already and would pass it is the first, at 0 h.
    """
    soonest, hit = inf, -1
    for j in range(len(plan.status)):
        net = plan.net[j]
        if net > 0.0 and plan.status[j] != FULL:
            wait = (lay.capacity[j] - level[j]) / net
        elif net < 0.0 and plan.status[j] != EMPTY:
            wait = (level[j] - lay.heel[j]) / -net
        else:
            continue
        if wait * abs(net) <= 1e-13 * lay.capacity[j]:
            wait = 0.0
        if wait < soonest:
            soonest, hit = wait, j
    return soonest, hit


def lacks(plan: Plan) -> float:
    """Return the largest part of a tank's outflow by which it goes beyond the bound it is at."""
    lacks = 0.0
    for j in range(len(plan.status)):
        beyond = plan.net[j] if plan.status[j] == FULL else -plan.net[j]
        if plan.status[j] != FREE and beyond > 0.0:
            lacks = max(lacks, beyond / plan.out[j] if plan.out[j] > 0.0 else inf)
    return lacks


def meet(lay: Layout, plan: Plan, tank: int) -> None:
    """Let a tank be at the bound that it moves to."""
    priority.become(lay, plan, tank, FULL if plan.net[tank] > 0.0 else EMPTY)


def solve(lay: Layout, plan: Plan, stock: Stock) -> None:
    """Solve rates at the gains that there are, and tell which tank is at a bound first, and when.

    Tanks that would pass a bound at once are there.
    """
    ends, most = plan.ends, 3 * len(plan.status) + 10
    while True:
        ends[SOLVES] += 1
        priority.solve(lay, plan)
        net_rates(lay, plan)
        ends[LASTS], ends[MEETS] = first_bound(lay, plan, stock.level)
        if ends[LASTS] != 0.0 or ends[FLIPS] > most:
            return
        meet(lay, plan, int(ends[MEETS]))
        ends[FLIPS] += 1


def alike(rate: Floats, before: Floats) -> bool:
    """Whether rates have hardly moved."""
    for k in range(len(rate)):
        if abs(rate[k] - before[k]) > STEADY * max(rate[k], before[k]):
            return False
    return True


def turned(rate: Floats, before: Floats) -> bool:
    """Whether an activity stands that ran before, or the other way round."""
    turns = False
    for k in range(len(rate)):
        turns |= (rate[k] > 0.0) != (before[k] > 0.0)
    return turns


ALLOCATING = ("held_by",)
