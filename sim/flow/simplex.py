"""The lexicographic maximum under linear bounds: floats that certify themselves, or a doubt."""

from __future__ import annotations

from math import frexp, inf, ldexp

from sim.flow import arrays
from sim.flow.arrays import Flags, Floats, Ints

TIGHT = 1e-12  # relative to the flows in a row: closer than this it holds
CANCELLED = 1e-11  # of the terms of a difference: what is left is rounding ...
SUSPECT = 1e-9  # ... and below this it is left to exact arithmetic
TRACE = 1e-5  # kg/kg; what hangs on a smaller coefficient, in its row's own units, is, too


def _cheaper(c: int, d: int, row: int, table: Floats, top: Flags, where: Ints) -> bool:
    """Whether moving column c costs less per relief of a row than moving d, lexicographically."""
    side_c = -1.0 if top[c] else 1.0
    side_d = -1.0 if top[d] else 1.0
    per_c, per_d = abs(table[row, c]), abs(table[row, d])
    for k in range(len(where)):
        if where[k] >= 0:
            loss_c = -side_c / per_c if where[k] == c else 0.0
            loss_d = -side_d / per_d if where[k] == d else 0.0
        else:
            loss_c = -side_c * table[-1 - where[k], c] / per_c
            loss_d = -side_d * table[-1 - where[k], d] / per_d
        if abs(loss_c - loss_d) > 1e-11 * max(abs(loss_c), abs(loss_d)):
            return loss_c < loss_d
    return False


def _exchange(row: int, q: int, table: Floats) -> bool:
    """Solve a row of the table for column q and put it into the others; False if in doubt."""
    rows, columns = table.shape
    inverse = 1.0 / table[row, q]
    for c in range(columns):
        table[row, c] = inverse if c == q else -table[row, c] * inverse
    sure = True
    for i in range(rows):
        factor = table[i, q]
        if i == row or factor == 0.0:
            continue
        for c in range(columns):
            if c == q:
                table[i, c] = factor * inverse
                continue
            step = factor * table[row, c]
            if step == 0.0:
                continue
            size = max(abs(table[i, c]), abs(step))
            after = table[i, c] + step
            if abs(after) <= CANCELLED * size:
                after = 0.0
            elif abs(after) <= SUSPECT * size:
                sure = False
            table[i, c] = after
    return sure


def _most_violated(
    table: Floats, runs: Floats, most: Floats, basic: Ints, value: Floats
) -> tuple[int, float]:
    """Set the values of all rows; return which is violated most for what flows, and by how much.

    -1 where none is.
    """
    worst, leave, excess = TIGHT, -1, 0.0
    for i in range(len(basic)):
        total = gross = 0.0
        for c in range(len(runs)):
            flow = table[i, c] * runs[c]
            total += flow
            gross += abs(flow)
        value[i] = total
        miss, size = -total, gross
        if basic[i] >= 0:
            size = max(gross, most[basic[i]])
            miss = max(-total, total - most[basic[i]])
        if miss > worst * size:
            worst, leave, excess = miss / size, i, miss
    return leave, excess


def _in_own_units(gain: Floats) -> Floats:
    """Return the rows with all that have small effects alone in larger units, by powers of two.

    What a train that sends nearly all back takes from an empty tank is as sure as anything.
    """
    rows, columns = gain.shape
    own = gain
    for i in range(rows):
        largest = 0.0
        for c in range(columns):
            largest = max(largest, abs(gain[i, c]))
        exponent = frexp(largest)[1]
        if exponent < 0:
            if own is gain:
                own = gain.copy()
            for c in range(columns):
                own[i, c] = ldexp(gain[i, c], -exponent)
    return own


def lexicographic(gain: Floats, most: Floats, rate: Floats, lowered_by: Ints) -> bool:
    """Find the rates that no activity could exceed with those before it fixed; False if in doubt.

    Dual simplex method on a dense table, with long steps: it comes down from the capacities
    ``most``, kg/h, and relieves whatever row of ``gain @ rate <= 0`` or bound is violated by what
    costs least. Activities stand in the order of their priority. ``rate`` and ``lowered_by``, the
    row that an activity gave way to or -1, are set.
    """
    rows, columns = gain.shape
    gain = _in_own_units(gain)
    if rows == 1:
        return _one_row(gain[0], most, rate, lowered_by)
    table = -gain
    label, where, basic = arrays.space(columns, 0), arrays.space(columns, 0), arrays.space(rows, 0)
    for c in range(columns):
        label[c] = where[c] = c
    for i in range(rows):
        basic[i] = -1 - i
    top, used = arrays.space(columns, True), arrays.space(columns, False)
    runs, value = arrays.space(columns, 0.0), arrays.space(rows, 0.0)
    lowered_by[:] = -1
    settled = False
    for _ in range(100 + 4 * (rows + columns)):
        for c in range(columns):
            runs[c] = most[label[c]] if top[c] else 0.0
        leave, excess = _most_violated(table, runs, most, basic, value)
        if leave < 0:
            settled = True
            break
        up = value[leave] < 0.0
        used[:] = False
        left = excess
        while True:
            q, helpful = -1, 0
            for c in range(columns):
                effect = -table[leave, c] if top[c] else table[leave, c]
                if used[c] or effect == 0.0 or (effect > 0.0) != up:
                    continue
                helpful += 1
                if q < 0 or _cheaper(c, q, leave, table, top, where):
                    q = c
            if q < 0:
                return False
            reach = most[label[q]] if label[q] >= 0 else inf
            if label[q] >= 0 and basic[leave] < 0:
                lowered_by[label[q]] = -1 - basic[leave]
            if helpful == 1 or abs(table[leave, q]) * reach >= left - TIGHT * excess:
                break  # at rest nothing is violated, so the last one always suffices
            left -= abs(table[leave, q]) * reach
            top[q] = not top[q]
            used[q] = True
        out, come = basic[leave], label[q]
        if abs(table[leave, q]) < TRACE or not _exchange(leave, q, table):
            return False
        basic[leave], label[q] = come, out
        top[q] = out >= 0 and not up
        if come >= 0:
            where[come] = -1 - leave
        if out >= 0:
            where[out] = q
    if not settled:
        return False
    for c in range(columns):
        if label[c] >= 0:
            rate[label[c]] = most[label[c]] if top[c] else 0.0
    for i in range(rows):
        if basic[i] >= 0:
            rate[basic[i]] = value[i]
    return _refined(gain, most, table, basic, label, rate) and _certified(
        table, label, top, where, most
    )


def _one_row(gain: Floats, most: Floats, rate: Floats, lowered_by: Ints) -> bool:
    """As `lexicographic`, of a single row: who loads it and comes last in the order gives way."""
    for c in range(len(most)):
        rate[c], lowered_by[c] = most[c], -1
    gross = 0.0
    for c in range(len(gain) - 1, -1, -1):
        total = gross = 0.0
        for other in range(len(gain)):
            flow = gain[other] * rate[other]
            total += flow
            gross += abs(flow)
        if total <= TIGHT * gross:
            break
        if gain[c] <= 0.0:
            continue
        lowered_by[c], rate[c] = 0, 0.0
        room = gross = 0.0
        for other in range(len(gain)):
            flow = gain[other] * rate[other]
            room -= flow
            gross += abs(flow)
        if room > TIGHT * gross:
            rate[c] = min(room / gain[c], most[c])
            return bool(gain[c] >= TRACE and gross < inf)
    return gross < inf


def _refined(
    gain: Floats, most: Floats, table: Floats, basic: Ints, label: Ints, rate: Floats
) -> bool:
    """Refine the rates that active rows determine; False unless every row and bound then holds."""
    rows, columns = gain.shape
    for last in range(3):
        for i in range(rows):
            k = basic[i]
            if k >= 0:
                if rate[k] < 0.0:
                    if rate[k] < -TIGHT * most[k]:
                        return False
                    rate[k] = 0.0
                elif rate[k] > most[k]:
                    if rate[k] > most[k] * (1.0 + TIGHT):
                        return False
                    rate[k] = most[k]
        if last == 2:
            break
        for c in range(columns):
            if label[c] >= 0:
                continue
            rest = 0.0
            for k in range(columns):
                rest += gain[-1 - label[c], k] * rate[k]
            if rest != 0.0:
                for i in range(rows):
                    if basic[i] >= 0:
                        rate[basic[i]] += table[i, c] * rest
    _stand(gain, table, basic, label, rate)
    for i in range(rows):
        rest = gross = 0.0
        for k in range(columns):
            rest += gain[i, k] * rate[k]
            gross += abs(gain[i, k]) * rate[k]
        if not (rest <= TIGHT * gross < inf):
            return False
    for c in range(columns):
        if label[c] < 0:
            rest = gross = 0.0
            for k in range(columns):
                rest += gain[-1 - label[c], k] * rate[k]
                gross += abs(gain[-1 - label[c], k]) * rate[k]
            if not (abs(rest) <= TIGHT * gross):
                return False
    return True


def _stand(gain: Floats, table: Floats, basic: Ints, label: Ints, rate: Floats) -> None:
    """Let activities stand whose rates are but rounding of the flows in the active rows."""
    rows, columns = gain.shape
    gross = arrays.space(columns, 0.0)
    for c in range(columns):
        for k in range(columns if label[c] < 0 else 0):
            gross[c] += abs(gain[-1 - label[c], k]) * rate[k]
    for i in range(rows):
        if basic[i] < 0:
            continue
        size = 0.0
        for c in range(columns):
            size += abs(table[i, c]) * gross[c]
        if rate[basic[i]] <= TIGHT * size:
            rate[basic[i]] = 0.0


def _certified(table: Floats, label: Ints, top: Flags, where: Ints, most: Floats) -> bool:
    """Whether each column's move lowers the first activity in the order that it changes."""
    for c in range(len(label)):
        if label[c] >= 0 and most[label[c]] == 0.0:
            continue
        side = -1.0 if top[c] else 1.0
        for k in range(len(where)):
            change = 0.0
            if where[k] == c:
                change = side
            elif where[k] < 0:
                change = side * table[-1 - where[k], c]
            if change > 0.0:
                return False
            if change < 0.0:
                break
    return True


ALLOCATING = ("_in_own_units", "lexicographic")
