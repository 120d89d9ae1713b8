"""What an interval leaves: contents and totals, carried to its end or to where it is cut.

Plain Python, compiled as those of :mod:`sim.flow.core` are.
"""

from __future__ import annotations

from math import inf

from sim.flow import arrays, balance, mixing, pace
from sim.flow.arrays import FREE, FULL, Flags, Floats, Layout, Plan, Stock
from sim.flow.board import Paths, Situation
from sim.flow.counts import MEANT
from sim.flow.mixing import PASSES, STEADY
from sim.flow.simplex import TIGHT


def end(now: Situation, hours: float, reached: int) -> bool:
    """End an interval after so many hours, at a bound of a tank or, -1, at none.

    Contents and totals are carried to it; False if a number is none any more.
    """
    carry(now, hours)
    if reached >= 0:
        balance.meet(now.lay, now.plan, reached)
    return finish(now.lay, now.plan, now.stock)


def carry(now: Situation, hours: float) -> None:
    """Carry contents and totals over an interval, or over the part of it that has passed.

    Of an interval that is cut short, tanks whose composition moves no level have the mean of the
    part; what the others gave is the mean of the whole.
    """
    lay, plan, stock, effects = now.lay, now.plan, now.stock, now.effects
    tanks, n = stock.held.shape
    mean = plan.mean
    if n > 1 and hours < plan.ends[MEANT] and effects.alone.any():
        _mix_part(now, hours)
    for k in range(len(plan.rate)):
        if plan.rate[k] > 0.0:
            for c in range(n):
                before = stock.fed[k, c]
                kg = hours * plan.rate[k] * mean[lay.source[k], c] + stock.lost[k, c]
                stock.fed[k, c] += kg
                stock.lost[k, c] = kg - (stock.fed[k, c] - before)
    for j in range(tanks):
        if plan.spill[j] > 0.0:
            usual = drawn_as_usual(lay, plan, now.paths, now.trains.usual, j)
            for c in range(n):
                before = stock.spilled[j, c]
                stock.spilled[j, c] += hours * plan.spill[j] * mean[j, c]
                if usual:
                    stock.excess[j, c] += stock.spilled[j, c] - before
    if len(effects.peaks) > 0:
        _add_over(now, hours)
    _add(lay, plan, stock.held, hours)


def drawn_as_usual(lay: Layout, plan: Plan, paths: Paths, usual: Flags, tank: int) -> bool:
    """Whether all trains that draw on a tank run, as usual, so that what it spills is excess."""
    for t in range(len(usual)):
        if usual[t] and plan.rate[t] > 0.0:
            continue
        for i in range(paths.own_first[t], paths.own_first[t + 1]):
            if lay.source[paths.own[i, 0]] == tank:
                return False
    return True


def _add_over(now: Situation, hours: float) -> None:
    """Add what is used at a rate beyond each peak.

    As compositions move, so does what is used: it may be beyond its peak for a part of the hours.
    What is all that there is stays so.
    """
    lay, plan, stock, effects = now.lay, now.plan, now.stock, now.effects
    begin, end = arrays.space(plan.mean.shape, 0.0), arrays.space(plan.mean.shape, 0.0)
    spanned = False
    for u in range(len(effects.peaks)):
        peak, uses, k = effects.peaks[u], effects.uses[u], effects.limited[u]
        mean = _used(lay, plan, plan.mean, uses) - peak
        if k >= 0 and mean >= plan.rate[k] * (1.0 - TIGHT) - peak:
            mean = plan.rate[k] - peak
        elif abs(mean) < _may_move(lay, plan, uses):
            if not spanned:
                mixing.span(lay, plan, stock.held, hours, hours, begin, end)
                spanned = True
            first = _used(lay, plan, begin, uses) - peak
            last = _used(lay, plan, end, uses) - peak
            if min(first, last) < 0.0 < max(first, last) or mean * (first + last) < 0.0:
                half = 2.0 * mean - 0.5 * (first + last)  # in two straight lines of the same mean
                mean = 0.5 * (_above(first, half) + _above(half, last))
        stock.over[u] += hours * max(mean, 0.0)


def _may_move(lay: Layout, plan: Plan, uses: Floats) -> float:
    """Return by how much what is used may differ from its mean: as if a component came or went."""
    moves = 0.0
    for k in range(len(plan.rate)):
        if plan.rate[k] <= 0.0:
            continue
        per_kg, up = 0.0, lay.source[k]
        for c in range(uses.shape[1]):
            per_kg += plan.mean[up, c] * uses[k, c]
        for c in range(uses.shape[1]):
            moves += 2.0 * plan.rate[k] * plan.mean[up, c] * abs(uses[k, c] - per_kg)
    return moves


def _above(first: float, last: float) -> float:
    """Return the mean of what a straight line is above nothing."""
    high, low = max(first, last), min(first, last)
    if low >= 0.0:
        return 0.5 * (high + low)
    return 0.5 * high * high / (high - low) if high > 0.0 else 0.0


def _used(lay: Layout, plan: Plan, feeds: Floats, uses: Floats) -> float:
    """Return what all use of a utility, less what they give of it, an hour.

    ``feeds`` are the compositions of tanks and supplies.
    """
    used = 0.0
    for k in range(len(plan.rate)):
        if plan.rate[k] > 0.0:
            for c in range(uses.shape[1]):
                used += plan.rate[k] * feeds[lay.source[k], c] * uses[k, c]
    return used


def _mix_part(now: Situation, hours: float) -> None:
    """Set the means of tanks whose composition moves no level to those of a part, h, of the whole.

    Where a tank would lack something, or should have answered, it and those that feed it keep the
    means of the whole.
    """
    lay, plan, effects, held = now.lay, now.plan, now.effects, now.stock.held
    tanks, n = held.shape
    mean = plan.mean
    alone, fixed = arrays.space(tanks, False), arrays.space(len(plan.rate), -1)
    whole, part = arrays.space(mean.shape, 0.0), arrays.space(held.shape, 0.0)
    line = arrays.space(held.shape, 0.0)
    inflows, lasted = arrays.space(held.shape, 0.0), arrays.space((tanks, 2), -1.0)
    pace.mark_followed(lay, plan, effects.alone, alone)
    arrays.copy(mean, whole)
    arrays.copy(held, line)
    _add(lay, plan, line, hours)
    lacks, most = True, pace.CUT * now.tolerance
    while lacks and alone.any():
        arrays.copy(held, part)
        lasted[:] = -1.0
        moved = mixing.mix(lay, plan, held, hours, alone, inflows, lasted, PASSES, TIGHT)
        if moved > STEADY and alone.all():
            mixing.mix_at_once(lay, plan, effects, held, hours, -1, fixed)
        _add(lay, plan, part, hours)
        lacks = False
        for j in range(tanks):
            for c in range(n):
                if part[j, c] < min(0.0, held[j, c]) - 1e-13 * lay.capacity[j]:
                    lacks |= _bring(lay, plan, alone, j)
            if not alone[j] and _off_line(plan, j, part[j], line[j], hours) > most:
                lacks |= _bring(lay, plan, alone, j)
        if lacks:
            arrays.copy(whole, mean)


def _off_line(plan: Plan, tank: int, part: Floats, line: Floats, hours: float) -> float:
    """Return by how much a tank is off, relative, after a ``part`` of an interval, h.

    It has got what its feeders give in the mean of that part, but has given its own mean of the
    whole: it moves as if it did not answer. On the ``line`` it got theirs of the whole, too. One
    that turns over slowly would hardly have answered either.
    """
    level = apart = 0.0
    for c in range(len(part)):
        level += max(line[c], 0.0)
        size = max(part[c], line[c])
        if size > 0.0:
            apart = max(apart, abs(part[c] - line[c]) / size)
    turned = plan.out[tank] * hours
    return apart * (turned / level if turned < level else 1.0)


def _bring(lay: Layout, plan: Plan, alone: Flags, tank: int) -> bool:
    """Have a tank, and those that feed it, be no longer ``alone``; return whether one was."""
    found = bool(alone[tank])
    alone[tank] = False
    for f in range(lay.row_start[tank], lay.row_start[tank + 1]):
        up = lay.source[lay.term_activity[f]]
        if up < len(alone) and alone[up] and plan.rate[lay.term_activity[f]] != 0.0:
            alone[up], found = False, True
    return found


def _add(lay: Layout, plan: Plan, held: Floats, hours: float) -> None:
    """Add to every tank what it gets, less what it gives, kg."""
    if held.shape[1] == 1:  # nothing mixes, and all that passes is in the balance
        for j in range(len(plan.status)):
            if plan.net[j] != 0.0:
                held[j, 0] += hours * plan.net[j]
        return
    inflow = arrays.space(held.shape[1], 0.0)
    for j in range(len(plan.status)):
        out = plan.out[j]
        mixing.pour_as_booked(lay, plan, j, inflow)
        for c in range(len(inflow)):
            held[j, c] += hours * (inflow[c] - out * plan.mean[j, c])


def finish(lay: Layout, plan: Plan, stock: Stock) -> bool:
    """Set levels and compositions at the end of an interval; False if a number is none any more.

    A tank at a bound that nothing moves is there exactly: rounding of what has passed it is all
    that it can be off by; what an empty one holds by rounding leaves it next. An empty one has the
    composition of what has passed it.
    """
    held, shares, level = stock.held, stock.shares, stock.level
    n = held.shape[1]
    sound = True
    for j in range(len(level)):
        kg = total = 0.0
        for c in range(n):
            kg += held[j, c]
            total += max(held[j, c], 0.0)
            stock.below[j, c] = min(stock.below[j, c], held[j, c])
        sound &= abs(kg) < inf
        level[j] = kg
        if plan.status[j] != FREE:
            level[j] = lay.capacity[j] if plan.status[j] == FULL else lay.heel[j]
            if level[j] > 0.0 and kg > 0.0 and kg != level[j]:
                for c in range(n):
                    held[j, c] *= level[j] / kg
                total *= level[j] / kg
            elif level[j] == 0.0:
                total = 0.0
        for c in range(n if n > 1 else 0):  # else it is all there is
            shares[j, c] = max(held[j, c], 0.0) / total if total > 0.0 else plan.mean[j, c]
    return sound
