"""The loops of the engine: what holds over the next interval, on flat arrays.

Between two settlements every flow is constant. Each tank gives at the mean composition that it
has over the interval, and the rates are solved with the gains of those means, so that levels are
the integral of the rates by construction: nothing is corrected afterwards.

The functions are plain Python, which `sim.flow.native` replaces by their compiled selves when a
plant first needs them; there, what is divided by zero is infinite. They know no names: what their
arrays mean is told by `Layout` and `Plan`.
"""

from __future__ import annotations

from math import expm1, inf, log1p, sqrt
from types import FunctionType
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

FREE, EMPTY, FULL = 0, 1, 2
IN_DOUBT, HOLDS, ASKS = 0, 1, 2
STAYS = 2  # gas that is diverted, whether who collects it stands or not
NOTHING = -1  # keeps an activity below its capacity; else it is a row by its number

TIGHT = 1e-12  # relative to the flows in a row: closer than this it holds
STILL = 1e-11  # relative to what passes a tank; at its bound a smaller net rate is rounding
CANCELLED = 1e-11  # of the terms of a difference: what is left is rounding ...
SUSPECT = 1e-9  # ... and below this it is left to exact arithmetic
TRACE = 1e-5  # kg/kg; what hangs on a smaller coefficient is left to it, too
SLIGHT = 1e-3  # of the largest effect on a tank, per kg and per hour: decides no priority
KEEPS = 2.0  # times that, before what was slight decides, or what decided is slight
EMPTIED = 1e-11  # contents per throughput below which a tank passes its inflow on
STEADY = 1e-10  # relative; rates, means and length of an interval stand when they move less
PASSES, ATTEMPTS = 8, 8  # of means down the line, before they are eliminated; of intervals
BEARABLE = 1e-10  # of its capacity, that a tank may go beyond its bound where nothing settles
HALVINGS = 12  # of a step that leaves more to be settled than there was
MIXING = 20.0  # times the tolerance; of it, what a mean hides in a tank below is a small part
CUT = 5.0  # times the tolerance; by so much a mean may be off where an event cuts its interval
LONGEST = 1000.0  # h, of an interval in which something mixes
WIDE = 100.0  # times its leeway, that a feed may move while a brief interval lasts
NUDGE = 1e-6  # of a flow, by which a share is differentiated
FIRST_STEP = 0.02  # of the way to where a composition goes
START = 1e-3  # of a feed or a rate, that may move before anything is learnt of a recipe
APART = 10.0  # times the tolerance, of the largest flow of a component: less of it is followed less
ROUNDS = 100  # at most, in which empty tanks that feed each other are told what each passes on
TINY = 1e-300
AHEAD = 1e-9  # relative; by more than that a train that shares goes on where another cannot
ALIKE = 4e-15  # relative; what enters with a composition so near to a tank's moves nothing there
DUST = 1e-15  # kg/kg; less than that is rounding of the rest
LEAST = 3e-5  # of a feed or a rate; what moves less asks for no recipe
STANDS = 1e-12  # of capacity; a train at less is as good as standing: that is rounding
LATER = 1e-6  # of the hours so far, by which a trickle is asked after it is none any more
ASK, ASK_AT_REST = 0.8, 0.05  # of the leeway used up, from which on a recipe is asked again


class Layout(NamedTuple):
    """What does not change while a plant runs but for its pipes.

    Rows are tanks, then headers, then those beyond: of second feeds, two each, and of utilities.

    A term is an activity in a row: ``term_row``, ``term_activity``; the terms of row i are those
    from ``row_start[i]`` on, those of activity k are ``terms_of[activity_start[k]:...]``.
    """

    source: Ints
    """Tank or, from the number of tanks on, supply that each activity draws from."""
    capacity: Floats
    heel: Floats
    """kg, by tank."""
    spills: Flags
    rank: Ints
    """Place of each activity in the declared order."""
    rivals: Ints
    """Tanks that several activities recycle into; ..."""
    rival: Flags
    """... which, by tank and activity."""
    term_row: Ints
    term_activity: Ints
    row_start: Ints
    activity_start: Ints
    terms_of: Ints
    rows_of: Ints
    """The row of each of ``terms_of``."""
    team: Ints
    """By activity: of which trains it is that share, or -1; empty where none do."""
    weight: Floats
    """By activity: in proportion to what it shares; 0 for its capacity now."""
    header_main: Ints
    """The activity that each header serves."""
    first_utility: int
    """The first row of a utility, or one more than there are rows."""
    serves: Ints
    """By activity: the first row of the second feed that it is drawn for, or -1."""
    entry_activity: Ints
    entry_main: Ints
    entry_row: Ints
    """For each entry of a train: the activity that brings it, that of the train's main feed, and
    the tank or supply that it is drawn from, or -1 for gas collected from another train."""


class Plan(NamedTuple):
    """What holds in an interval; shapes by activities, tanks and components."""

    limit: Floats
    """Capacity of each activity now, kg/h; 0 for one that is held."""
    status: Ints
    rate: Floats
    mean: Floats
    """Composition of what leaves each tank and supply, kg/kg."""
    net: Floats
    spill: Floats
    """kg/h by tank."""
    out: Floats
    """What leaves each tank, spills included, kg/h."""
    binding: Ints
    sign: Floats
    """By row: of its terms where it must not exceed 0; 0 where it binds nothing."""
    gain: Floats
    """kg in the row per kg of the activity, by term."""
    listed: Ints
    """How many of the moves of a term are not nothing; ..."""
    parts: Ints
    """... the components fed and arriving of each of them, one after another, ..."""
    kg: Floats
    """... and how much that is, kg per kg fed."""
    slight: Ints
    """By term: whether its effect was too slight to decide priorities, 1, or not, -1, when that was
    asked last."""
    moved: Flags
    """Activities whose limit, or what they are to a row that binds, has moved since rates were
    found last. What hangs together with none of these keeps its rate."""
    touched: Flags
    """Activities whose rates have been found anew since trains were told."""
    stirred: Flags
    """Tanks whose balance is to be found anew."""
    ends: Floats
    """Length of the interval, h; the tank that ends it at a bound, or -1; flips; rounds; 1 where
    anything flows; 1 where a tank spills; the hours that its means are of."""


class Stock(NamedTuple):
    """What the tanks hold as an interval begins, and what has passed that is in no books yet."""

    held: Floats
    """kg by tank and component."""
    shares: Floats
    """Composition of tanks and supplies, kg/kg."""
    level: Floats
    """kg by tank."""
    fed: Floats
    """kg by activity and component."""
    spilled: Floats
    """kg by tank and component."""
    below: Floats
    """The least that a tank has held as any interval began, where that is below nothing, kg."""


class Effects(NamedTuple):
    """What 1 kg of each component of every activity does."""

    moves: Floats
    """kg by activity, tank, component fed and component that arrives."""
    totals: Floats
    """Its sum over what arrives."""
    reach: Flags
    """By activity and tank: whether anything arrives."""
    demand: Floats
    """kg that a header's train asks for, by header and component of its feed."""
    worth: Floats
    """kg of that which the draws of headers are worth, by activity and component."""
    beyond: Floats
    """What it adds to the rows beyond tanks and headers, by row, activity and component: for every
    second feed kg that are drawn less those asked for, and the same below 0; for every limited
    utility what is used less what there is."""
    same: Flags
    """Activities whose effect on levels is the same whatever the composition of their feed; ..."""
    alone: Flags
    """... tanks that only such draw from: their composition moves no level."""


class Questions(NamedTuple):
    """What the recipes were asked for last, and by how much that may move; kg per kg of main feed.

    By entry and component, or by train.
    """

    asked: Floats
    leeway: Floats
    """Below 0 while nothing is learnt."""
    asked_rate: Floats
    rate_leeway: Floats
    """kg/h."""
    dependent: Flags
    """Trains whose recipes change with the rate."""
    capacities: Floats
    """Of every train's main feed by its recipe, kg/h."""
    passed: Floats
    """Main feed of every train so far, kg, ..."""
    hours: Floats
    """... and in how long, h: one number."""
    stale: Flags
    """Trains for which something else has changed than what flows."""
    anew: Flags
    """Trains to be asked anew for what flows now."""
    per_kg: Floats
    """Collected gas that comes with 1 kg of the other train's feed."""
    gas: Ints
    """For each collected outlet, trains before those that collect from them: the train, its first
    entry and one more than its last, the entry that collects, 1 where the gas goes there now."""
    given: Floats
    """What goes to that outlet of 1 kg of each component of each entry."""
    hosted: Ints
    """For each train whose gas is collected: the first and one more than the last of its
    ``hosts``, and 1 where the gas is diverted, `STAYS` where that is not asked any more."""
    hosts: Ints
    """Trains that collect gas."""


class Doubt(NamedTuple):
    """What exact arithmetic decided of an interval's rates, and what is left to it."""

    asked: Ints
    """How often rates were solved for so far, and the rows and columns of what is in doubt."""
    calls: Ints
    """Which of these times exact arithmetic has answered, ..."""
    answers: Floats
    """... and what: by time and activity, kg/h."""
    gain: Floats
    most: Floats
    """What is in doubt, as of `lexicographic`."""


def space(shape: int | tuple[int, int], value: float) -> Any:
    """Return an array filled with a value, of its kind, which goes when who asked for it returns.

    `sim.flow.native` puts space on the stack in its place: so ask outside of loops, for no more
    than a few numbers a tank or activity, and hand it to nobody but who is called.
    """
    return np.full(shape, value)


def copy(source: Any, target: Any) -> None:
    """Set an array to another one that shares nothing with it."""
    for i in range(source.size):
        target.flat[i] = source.flat[i]


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
    share = 0.0
    if not _alike(held, level, inflow, entered):
        share = inflow_share(level, entered, out, hours)
    total = 0.0
    for i in range(len(held)):
        first = max(held[i], -level) / level if level > 0.0 else 0.0
        comes = inflow[i] / entered if share > 0.0 else first
        mean[i] = max((1.0 - share) * first + share * comes, 0.0)
        total += mean[i]
    for i in range(len(held)):
        mean[i] /= total


def _alike(held: Floats, level: float, inflow: Floats, entered: float) -> bool:
    """Whether what enters a tank has the composition of what is there, but for rounding."""
    if level <= 0.0:
        return False
    for i in range(len(held)):
        comes, there = inflow[i] * level, max(held[i], 0.0) * entered
        if abs(comes - there) > ALIKE * there:
            return False
    return True


def _cheaper(c: int, d: int, row: int, table: Floats, label: Ints, top: Flags, where: Ints) -> bool:
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


def lexicographic(gain: Floats, most: Floats, rate: Floats, lowered_by: Ints) -> bool:
    """Find the rates that no activity could exceed with those before it fixed; False if in doubt.

    Dual simplex method on a dense table, with long steps: it comes down from the capacities
    ``most``, kg/h, and relieves whatever row of ``gain @ rate <= 0`` or bound is violated by what
    costs least. Activities stand in the order of their priority. ``rate`` and ``lowered_by``, the
    row that an activity gave way to or -1, are set.
    """
    rows, columns = gain.shape
    if rows == 1:
        return _one_row(gain[0], most, rate, lowered_by)
    table = -gain
    label, where, basic = space(columns, 0), space(columns, 0), space(rows, 0)
    for c in range(columns):
        label[c] = where[c] = c
    for i in range(rows):
        basic[i] = -1 - i
    top, used = space(columns, True), space(columns, False)
    runs, value = space(columns, 0.0), space(rows, 0.0)
    lowered_by[:] = -1
    settled = False
    for _ in range(100 + 4 * (rows + columns)):
        worst, leave, excess = TIGHT, -1, 0.0
        for c in range(columns):
            runs[c] = most[label[c]] if top[c] else 0.0
        for i in range(rows):
            total = gross = 0.0
            for c in range(columns):
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
                if q < 0 or _cheaper(c, q, leave, table, label, top, where):
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
    gross = space(columns, 0.0)
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


def _touched(lay: Layout, plan: Plan, reached: Ints, felt: Ints, binds: Flags) -> tuple[int, int]:
    """List what hangs together with anything that has moved since rates were found last.

    Activities that are ``reached`` and rows that are ``felt``, each in order; between activities
    that share no row that ``binds``, as on both sides of a FREE tank, nothing is handed on. Returns
    how many these are.
    """
    moved = plan.moved
    count = at = rows = 0
    for k in range(len(moved)):
        if moved[k]:
            reached[count] = k
            count += 1
    while at < count:
        k = reached[at]
        at += 1
        for row in lay.rows_of[lay.activity_start[k] : lay.activity_start[k + 1]]:
            if binds[row] or plan.sign[row] == 0.0:
                continue
            binds[row] = True
            rows += 1
            for other in lay.term_activity[lay.row_start[row] : lay.row_start[row + 1]]:
                if not moved[other]:
                    moved[other] = True
                    reached[count] = other
                    count += 1
    _in_order(moved, count, reached)
    _in_order(binds, rows, felt)
    return count, rows


def _in_order(marked: Flags, count: int, places: Ints) -> None:
    """List the places that are marked, of which there are so many."""
    at = 0
    for i in range(len(marked)):
        if at == count:
            return
        if marked[i]:
            places[at] = i
            at += 1


def _stop(lay: Layout, plan: Plan, most: Floats, reached: Ints, felt: Ints) -> None:
    """Stop what cannot flow: out of empty tanks without inflow, into full ones without outflow.

    What circulates among empty tanks alone is nothing, whatever their rows allow.
    """
    tanks, rows = len(plan.status), len(felt)
    fed, hungry, empty = space(tanks, True), space(rows, 0), 0
    waiting, waits = space(len(plan.sign), 0), space(len(plan.sign), False)
    first, count = 0, rows  # a ring of rows to look at
    for i in range(rows):
        row = felt[i]
        waiting[i], waits[row] = row, True
        if row < tanks and plan.status[row] == EMPTY:
            hungry[empty] = row
            empty += 1
    while True:
        while count > 0:
            i = waiting[first]
            first = first + 1 if first + 1 < len(waiting) else 0
            count -= 1
            waits[i] = False
            start, end = lay.row_start[i], lay.row_start[i + 1]
            if plan.sign[i] == 0.0 or not _blocks(
                plan.sign[i], plan.gain[start:end], lay.term_activity[start:end], most
            ):
                continue
            for f in range(start, end):
                k = lay.term_activity[f]
                if most[k] > 0.0 and plan.sign[i] * plan.gain[f] > 0.0:
                    most[k], plan.binding[k] = 0.0, i
                    onto = lay.rows_of[lay.activity_start[k] : lay.activity_start[k + 1]]
                    count = _await(onto, waiting, waits, first, count)
        if empty == 0:
            return
        for j in hungry[:empty]:
            fed[j] = False
        spreading = True
        while spreading:
            spreading = False
            for j in hungry[:empty]:
                if fed[j]:
                    continue
                start, end = lay.row_start[j], lay.row_start[j + 1]
                terms = lay.term_activity[start:end]
                if _gets(j, plan.gain[start:end], terms, lay.source, most, fed):
                    fed[j] = True
                    spreading = True
        for k in reached:
            j = lay.source[k]
            if most[k] > 0.0 and j < tanks and not fed[j]:
                most[k], plan.binding[k] = 0.0, j
                onto = lay.rows_of[lay.activity_start[k] : lay.activity_start[k + 1]]
                count = _await(onto, waiting, waits, first, count)
        if count == 0:
            return


def _await(rows: Ints, waiting: Ints, waits: Flags, first: int, count: int) -> int:
    """Put rows into the ring of those to look at; return how many there are."""
    for row in rows:
        if not waits[row]:
            waits[row] = True
            end = first + count
            waiting[end if end < len(waiting) else end - len(waiting)] = row
            count += 1
    return count


def _blocks(sign: float, gain: Floats, activity: Ints, most: Floats) -> bool:
    """Whether nothing that runs relieves a row, of the terms given, that something loads."""
    takes = False
    for f in range(len(gain)):
        if most[activity[f]] > 0.0:
            if sign * gain[f] < 0.0:
                return False
            takes |= sign * gain[f] > 0.0
    return takes


def _gets(j: int, gain: Floats, activity: Ints, source: Ints, most: Floats, fed: Flags) -> bool:
    """Whether anything flows into a tank but from tanks that are not fed themselves."""
    for f in range(len(gain)):
        k = activity[f]
        come = source[k]
        if most[k] == 0.0 or (come < len(fed) and not fed[come]):
            continue
        if gain[f] + (1.0 if come == j else 0.0) > 0.0:
            return True
    return False


def become(lay: Layout, plan: Plan, tank: int, status: int) -> None:
    """Let a tank be FREE, EMPTY or FULL, which says what its row binds, and so whose rates move."""
    plan.status[tank], plan.sign[tank], plan.stirred[tank] = status, 0.0, True
    if status == EMPTY:
        plan.sign[tank] = -1.0
    elif status == FULL and not lay.spills[tank]:
        plan.sign[tank] = 1.0
    for k in lay.term_activity[lay.row_start[tank] : lay.row_start[tank + 1]]:
        plan.moved[k] = True


def forget(lay: Layout, plan: Plan) -> None:
    """Let all rates be found anew, for what tanks are has changed, or the rows themselves."""
    plan.moved[:] = True
    for j in range(len(plan.status)):
        become(lay, plan, j, plan.status[j])


def allow(plan: Plan, k: int, most: float) -> None:
    """Let an activity run at no more than a rate, kg/h."""
    if most != plan.limit[k]:
        plan.limit[k], plan.moved[k] = most, True


def solve(lay: Layout, plan: Plan, doubt: Doubt) -> bool:
    """Set rates and bindings where they may have changed; False where that is left in doubt.

    Rows that share activities are solved together, each such part by itself.
    """
    activities, rows = len(plan.limit), len(plan.sign)
    reached, felt, binds = space(activities, 0), space(rows, 0), space(rows, False)
    count, members = _touched(lay, plan, reached, felt, binds)
    if count == 0:
        return True
    reached, felt = reached[:count], felt[:members]
    most = space(activities, 0.0)
    for k in reached:
        most[k], plan.binding[k] = plan.limit[k], NOTHING
    _stop(lay, plan, most, reached, felt)
    for k in reached:
        plan.rate[k], plan.moved[k], plan.touched[k] = most[k], False, True
        for row in lay.rows_of[lay.activity_start[k] : lay.activity_start[k + 1]]:
            if row < len(plan.status):
                plan.stirred[row] = True
    part, within, place = space(activities, 0), space(rows, 0), space(activities, -1)
    for first in felt:
        if not binds[first]:
            continue
        count, members = _part(lay, plan, most, first, binds, place, part, within)
        if count == 0:
            continue
        _ranked(lay, plan, part, count, place)
        gain = np.zeros((members, count))
        for i in range(members):
            sign = plan.sign[within[i]]
            for f in range(lay.row_start[within[i]], lay.row_start[within[i] + 1]):
                k = lay.term_activity[f]
                if most[k] > 0.0 and plan.gain[f] != 0.0:
                    gain[i, place[k]] += sign * plan.gain[f]
            if within[i] >= lay.first_utility:  # in units of their own
                unit = max(gain[i].max(), TINY)
                for c in range(count):
                    gain[i, c] /= unit
        if not _decide(lay, plan, most, gain, part[:count], within[:members], place, doubt):
            plan.moved[:] = True
            return False
    if len(lay.serves) > 0:
        _bind_by_tanks(lay, plan)
    return True


def _bind_by_tanks(lay: Layout, plan: Plan) -> None:
    """Let a second feed bind its train by the tank that keeps it from giving more."""
    tanks = len(plan.status)
    for k in range(len(plan.binding)):
        row, empty, other, last = plan.binding[k], NOTHING, NOTHING, NOTHING
        if row < tanks:
            continue
        for d in range(len(lay.serves)):
            if lay.serves[d] != row - 1:
                continue
            last = lay.source[d]
            if empty == NOTHING and plan.status[last] == EMPTY:
                empty = last
            if other == NOTHING and plan.binding[d] < tanks:
                other = plan.binding[d]
        if last != NOTHING:
            plan.binding[k] = empty if empty != NOTHING else other if other != NOTHING else last


def _part(
    lay: Layout,
    plan: Plan,
    most: Floats,
    first: int,
    binds: Flags,
    place: Ints,
    part: Ints,
    within: Ints,
) -> tuple[int, int]:
    """Collect the activities and rows that hang together with a row; return how many.

    Rows are taken from those that are marked in ``binds``.
    """
    count, members, at = 0, 1, 0
    binds[first] = False
    within[0] = first
    while at < members:
        row = within[at]
        at += 1
        for f in range(lay.row_start[row], lay.row_start[row + 1]):
            k = lay.term_activity[f]
            if most[k] == 0.0 or plan.gain[f] == 0.0 or place[k] >= 0:
                continue
            place[k] = count
            part[count] = k
            count += 1
            for at_term in range(lay.activity_start[k], lay.activity_start[k + 1]):
                g = lay.terms_of[at_term]
                other = lay.rows_of[at_term]
                if binds[other] and plan.gain[g] != 0.0:
                    binds[other] = False
                    within[members] = other
                    members += 1
    return count, members


def _ranked(lay: Layout, plan: Plan, part: Ints, count: int, place: Ints) -> None:
    """Sort activities by their declared order, changed among the recycles into a FULL tank.

    Of those, one that relieves another FULL tank goes first.
    """
    tanks = len(plan.status)
    for i in range(1, count):
        k, at = part[i], i
        while at > 0 and lay.rank[part[at - 1]] > lay.rank[k]:
            part[at] = part[at - 1]
            at -= 1
        part[at] = k
    for j in lay.rivals:
        if plan.sign[j] <= 0.0:
            continue
        for i in range(count):
            if not (lay.rival[j, part[i]] and _relieves(lay.source[part[i]], plan.sign, tanks)):
                continue
            at = i  # pass the rivals before it that relieve nothing
            for earlier in range(i - 1, -1, -1):
                if lay.rival[j, part[earlier]] and not _relieves(
                    lay.source[part[earlier]], plan.sign, tanks
                ):
                    part[at], part[earlier] = part[earlier], part[at]
                    at = earlier
    for i in range(count):
        place[part[i]] = i


def _relieves(source: int, sign: Floats, tanks: int) -> bool:
    return source < tanks and sign[source] > 0.0


def _decide(
    lay: Layout, plan: Plan, most: Floats, gain: Floats, part: Ints, within: Ints, place: Ints,
    doubt: Doubt,
) -> bool:  # fmt: skip
    """Set the rates of one part; False if its solution is in doubt.

    An effect that is slight decides no priority: activities with such effects are found first
    without them, then may not exceed that and come before all others, and every effect counts.
    """
    count = len(part)
    cap, rate = space(count, 0.0), space(count, 0.0)
    lowered_by, row_of = space(count, -1), space(count, -1)
    for i in range(count):
        cap[i] = most[part[i]]
    slight = space(count, False)
    coarse = _without_traces(lay, plan, gain, most, within, place, slight)
    team, weight = teams(lay.team, lay.weight, part, cap)
    if not slight.any():
        if not share(gain, cap, team, weight, rate, lowered_by, doubt):
            return False
    else:
        if not share(coarse, cap, team, weight, rate, lowered_by, doubt):
            return False
        copy(lowered_by, row_of)
        turned, reach, found = np.empty_like(gain), space(count, 0.0), space(count, 0.0)
        order, low, at = space(count, 0), space(count, -1), 0
        for first in range(2):
            for c in range(count):
                if slight[c] == (first == 0):
                    order[at] = c
                    reach[at] = rate[c] if first == 0 else cap[c]
                    copy(gain[:, c], turned[:, at])
                    at += 1
        if len(team) > 0:
            team, weight = team[order], weight[order]
        if not share(turned, reach, team, weight, found, low, doubt):
            return False
        for at in range(count):
            rate[order[at]], lowered_by[order[at]] = found[at], low[at]
    bind(gain, cap, rate, lowered_by, row_of)
    for c in range(count):
        plan.rate[part[c]] = rate[c]
        if row_of[c] >= 0 and rate[c] < cap[c]:
            plan.binding[part[c]] = within[row_of[c]]
    return True


def _without_traces(
    lay: Layout, plan: Plan, gain: Floats, most: Floats, within: Ints, place: Ints, slight: Flags
) -> Floats:
    """Return the gains without slight effects, and mark which activities have one.

    Priorities change at once where an effect becomes slight, so one that does keeps to it until
    the effect has grown twice as large, and the other way round: rates would turn to and fro.
    """
    coarse = gain
    for i in range(len(within)):
        row = within[i]
        if row >= len(plan.status):
            continue
        largest = flow = 0.0
        for f in range(lay.row_start[row], lay.row_start[row + 1]):
            k = lay.term_activity[f]
            if most[k] > 0.0:
                largest = max(largest, abs(plan.gain[f]))
                flow = max(flow, abs(plan.gain[f]) * most[k])
        for f in range(lay.row_start[row], lay.row_start[row + 1]):
            k, effect = lay.term_activity[f], plan.sign[row] * plan.gain[f]
            # one that relieves the row is welcome however small
            if most[k] == 0.0 or effect <= 0.0 or lay.source[k] == row:
                continue
            below = SLIGHT * KEEPS ** plan.slight[f]
            if effect < below * largest and effect * most[k] < below * flow:
                if not slight.any():
                    coarse = gain.copy()
                coarse[i, place[k]] = 0.0
                slight[place[k]] = True
                plan.slight[f] = 1
            else:
                plan.slight[f] = -1
    return coarse


def teams(team: Ints, weight: Floats, part: Ints, cap: Floats) -> tuple[Ints, Floats]:
    """Return of which team of its own each activity of a part is, and its weight there, 1 at most.

    Numbered as they come in the order, -1 for one that shares with none of the part.
    """
    if len(team) == 0:
        return team, weight
    mine, heavy = np.full(len(part), -1), np.zeros(len(part))
    count = 0
    for c in range(len(part)):
        if team[part[c]] < 0 or mine[c] >= 0:
            continue
        largest, members = 0.0, 0
        for d in range(c, len(part)):
            if team[part[d]] == team[part[c]]:
                heavy[d] = weight[part[d]] if weight[part[d]] > 0.0 else cap[d]
                largest = max(largest, heavy[d])
                members += 1
        for d in range(c, len(part)):
            if members > 1 and team[part[d]] == team[part[c]]:
                mine[d] = count
                heavy[d] /= largest
        count += members > 1
    return mine, heavy


def share(
    gain: Floats, most: Floats, team: Ints, weight: Floats, rate: Floats, lowered_by: Ints,
    doubt: Doubt,
) -> bool:  # fmt: skip
    """As `_settle`, but the members of a team run at equal shares of their weights where they may.

    A team stands where its first member does, and its shares are the lexicographic max-min: the
    least of them is as large as it can be; members that could go on without lowering one that has
    no more get a level above it, and so on. Each is asked for that: it comes first behind the
    levels so far. ``team`` is numbered in the order of the columns, or empty.
    """
    if not _settle(gain, most, rate, lowered_by, doubt):
        return False
    level, ahead = space(len(team), 0), space(len(team), False)
    for g in range(team.max() + 1 if len(team) > 0 else 0):
        top, goes_on = 0, bool((rate < most)[team == g].any())
        while goes_on:
            ahead[:] = False
            stays = False
            for c in range(len(team)):
                if team[c] != g or level[c] != top:
                    continue
                common = _leveled(gain, most, team, weight, level, c, rate, lowered_by, doubt)
                if common < 0.0:
                    return False
                ahead[c] = rate[c] > weight[c] * common * (1.0 + AHEAD) + TIGHT * most[c]
                stays |= not ahead[c]
            goes_on = stays and bool(ahead.any())
            top += 1
            for c in range(len(team)):
                if goes_on and ahead[c]:
                    level[c] = top
    return True


def _leveled(
    gain: Floats, most: Floats, team: Ints, weight: Floats, level: Ints, foremost: int,
    rate: Floats, lowered_by: Ints, doubt: Doubt,
) -> float:  # fmt: skip
    """Settle with levels that members of teams must not be below, up to the team of ``foremost``.

    Each level is a column, the share of all members on it; those of a team come in front of it, and
    ``foremost`` right after them. Returns the level of the foremost, or -1 if it is left in doubt.
    """
    rows, columns = gain.shape
    last = team[foremost]
    members, levels = 0, space(last + 1, 0)
    for c in range(columns):
        if 0 <= team[c] <= last:
            members += 1
            levels[team[c]] = max(levels[team[c]], level[c] + 1)
    place, base, at = space(columns, -1), space(last + 1, -1), 0
    for c in range(columns):
        g = team[c]
        if place[c] >= 0:
            continue
        if 0 <= g <= last:
            base[g] = at
            at += levels[g]
            if g == last:
                place[foremost] = at
                at += 1
            for d in range(c, columns):
                if team[d] == g and place[d] < 0:
                    place[d] = at
                    at += 1
        else:
            place[c] = at
            at += 1
    table, cap = np.zeros((rows + members, at)), space(at, 0.0)
    row = rows
    for c in range(columns):
        copy(gain[:, c], table[:rows, place[c]])
        cap[place[c]] = most[c]
        if 0 <= team[c] <= last:
            k = base[team[c]] + level[c]
            table[row, k], table[row, place[c]] = weight[c], -1.0
            reach = most[c] / weight[c]
            cap[k] = min(cap[k], reach) if cap[k] > 0.0 else reach
            row += 1
    found, low = space(at, 0.0), space(at, -1)
    if not _settle(table, cap, found, low, doubt):
        return -1.0
    for c in range(columns):
        rate[c] = found[place[c]]
        lowered_by[c] = low[place[c]] if low[place[c]] < rows else -1
    return float(found[base[last] + level[foremost]])


def _settle(gain: Floats, most: Floats, rate: Floats, lowered_by: Ints, doubt: Doubt) -> bool:
    """As `lexicographic`, but where exact arithmetic has answered before, that holds."""
    rows, columns = gain.shape
    doubt.asked[0] += 1
    for i in range(len(doubt.calls)):
        if doubt.calls[i] == doubt.asked[0]:
            copy(doubt.answers[i, :columns], rate)
            lowered_by[:] = -1
            return True
    if lexicographic(gain, most, rate, lowered_by):
        return True
    doubt.asked[1], doubt.asked[2] = rows, columns
    copy(gain, doubt.gain[:rows, :columns])
    copy(most, doubt.most[:columns])
    return False


def bind(gain: Floats, most: Floats, rate: Floats, lowered_by: Ints, row_of: Ints) -> None:
    """Name for each activity below its capacity a row that would break if it were raised.

    That which it gave way to, else the first; ``row_of`` stays as it is where there is none.
    """
    chosen = space(len(most), -1)
    for i in range(len(gain)):
        rest = gross = 0.0
        for c in range(len(most)):
            rest += gain[i, c] * rate[c]
            gross += max(gain[i, c] * rate[c], 0.0)
        if rest < -TIGHT * gross:
            continue
        for c in range(len(most)):
            below = gain[i, c] > 0.0 and rate[c] < most[c]
            if below and (chosen[c] < 0 or lowered_by[c] == i):
                chosen[c] = row_of[c] = i


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


def _gains(lay: Layout, plan: Plan, effects: Effects) -> None:
    """Set what each activity does to each row at the means, and what headers' draws may reach."""
    tanks = len(plan.status)
    beyond = tanks + len(lay.header_main)
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
            elif row >= beyond:
                gain = _effect(mean, effects.beyond[row - beyond, k], same)
            elif lay.header_main[row - tanks] == k:
                gain = -_effect(mean, effects.demand[row - tanks], same)
            else:
                gain = max(_effect(mean, effects.worth[k], same), 0.0)
            if gain == plan.gain[f]:
                continue
            plan.gain[f] = gain
            if row < tanks:
                plan.stirred[row] = True
            if plan.sign[row] != 0.0:
                plan.moved[k] = True
    for row in range(tanks, beyond):
        asked = 0.0
        for f in range(lay.row_start[row], lay.row_start[row + 1]):
            if lay.term_activity[f] == lay.header_main[row - tanks]:
                asked = -plan.gain[f] * max(plan.limit[lay.term_activity[f]], 1.0)
        for f in range(lay.row_start[row], lay.row_start[row + 1]):
            k, gain = lay.term_activity[f], plan.gain[f]
            if k != lay.header_main[row - tanks]:
                allow(plan, k, 2.0 * asked / gain if gain > 0.0 else 0.0)
    for k in range(len(lay.serves)):
        if lay.serves[k] < 0:
            continue
        asked = gives = 0.0
        for f in range(lay.row_start[lay.serves[k]], lay.row_start[lay.serves[k] + 1]):
            if lay.term_activity[f] == k:
                gives = plan.gain[f]
            else:
                asked -= min(plan.gain[f], 0.0) * max(plan.limit[lay.term_activity[f]], 1.0)
        allow(plan, k, 2.0 * asked / gives if gives > 0.0 else 0.0)


def _balance(lay: Layout, plan: Plan) -> None:
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
    """List what activities from ``first`` up to ``end`` move into tanks: most of it is nothing."""
    moves, n = effects.moves, effects.moves.shape[3]
    for at in range(lay.activity_start[first], lay.activity_start[end]):
        f, tank, count = lay.terms_of[at], lay.rows_of[at], 0
        k = lay.term_activity[f]
        if tank >= len(plan.status):
            continue
        for c in range(n):
            for d in range(n):
                if moves[k, tank, c, d] != 0.0:
                    plan.parts[f, 2 * count], plan.parts[f, 2 * count + 1] = c, d
                    plan.kg[f, count] = moves[k, tank, c, d]
                    count += 1
        plan.listed[f] = count


def _pour(lay: Layout, plan: Plan, tank: int, inflow: Floats) -> None:
    """Set what comes into a tank at the means, kg/h by component, by the terms of its row."""
    inflow[:] = 0.0
    for f in range(lay.row_start[tank], lay.row_start[tank + 1]):
        k = lay.term_activity[f]
        rate, up = plan.rate[k], lay.source[k]
        if rate == 0.0:
            continue
        for i in range(plan.listed[f]):
            kg = rate * plan.mean[up, plan.parts[f, 2 * i]] * plan.kg[f, i]
            inflow[plan.parts[f, 2 * i + 1]] += kg


def _mix(
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
    inflow, before = space(n, 0.0), space(n, 0.0)
    poured, turned, at, moved = space(tanks, 0), space(tanks, 0), 0, 0.0
    for turn in range(passes):
        moved = 0.0
        for j in range(tanks):
            at += 1
            if not only[j] or (turn > 0 and not _fed_anew(lay, j, turned, poured[j])):
                continue
            poured[j] = at
            _pour(lay, plan, j, inflow)
            anew = lasted[j, 0] != hours or lasted[j, 1] != plan.out[j]
            for c in range(n):
                anew |= inflow[c] != inflows[j, c]
                inflows[j, c] = inflow[c]
                before[c] = plan.mean[j, c]
            if anew:
                leaving(held[j], inflow, plan.out[j], hours, plan.mean[j])
                lasted[j, 0], lasted[j, 1] = hours, plan.out[j]
                move = _apart(plan.mean[j], before)
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


def _mix_at_once(
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
    moves, totals = effects.moves, effects.totals
    tanks, n = held.shape
    place, size = space(len(row_of), -1), tanks * n
    for k in range(len(row_of)):
        if row_of[k] >= 0:
            place[k] = size
            size += 1
    table = np.zeros((size, size + 1))
    enters, leaves = np.zeros((tanks, size)), np.zeros((tanks, size))
    inflow = space(n, 0.0)
    for j in range(tanks):
        for f in range(lay.row_start[j], lay.row_start[j + 1]):
            k = lay.term_activity[f]
            come = lay.source[k]
            takes = plan.gain[f] + (1.0 if come == j else 0.0)
            if place[k] >= 0:
                enters[j, place[k]] += takes * plan.rate[k]
                if come == j:
                    leaves[j, place[k]] += plan.rate[k]
            if come < tanks:
                for c in range(n):
                    enters[j, come * n + c] += plan.rate[k] * totals[k, j, c]
        if plan.spill[j] > 0.0:
            copy(enters[j], leaves[j])
    longer = np.zeros(size)
    if hit >= 0:
        longer = (leaves[hit] - enters[hit]) * (hours / plan.net[hit])
    for j in range(tanks):
        level = entered = 0.0
        for c in range(n):
            level += max(held[j, c], 0.0)
        _pour(lay, plan, j, inflow)
        for c in range(n):
            entered += inflow[c]
        out = plan.out[j]
        for c in range(n):
            table[j * n + c, j * n + c] = 1.0
        if out <= 0.0 or level + entered <= 0.0:
            continue
        share = inflow_share(level, entered, out, hours)
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
            first = max(held[j, c], -level) / level if level > 0.0 else plan.mean[j, c]
            lean = inflow[c] / entered - first if entered > 0.0 else 0.0
            row = table[j * n + c]
            row[size] = (1.0 - share) * first + per * inflow[c] - plan.mean[j, c]
            by_inflow = lean * more - per * (inflow[c] / entered if entered > 0.0 else 0.0)
            by_out = lean * less + row[size] / out
            for i in range(size):
                row[i] -= by_inflow * enters[j, i] + by_out * leaves[j, i]
                row[i] -= lean * later * longer[i]
        if per == 0.0:
            continue
        for f in range(lay.row_start[j], lay.row_start[j + 1]):
            k = lay.term_activity[f]
            come = lay.source[k]
            for c in range(n):
                for d in range(n):
                    part = per * plan.rate[k] * moves[k, j, c, d]
                    if come < tanks:
                        table[j * n + d, come * n + c] -= part
                    if place[k] >= 0:
                        table[j * n + d, place[k]] -= part * plan.mean[come, c]
    for k in range(len(row_of)):
        if place[k] >= 0:
            _row_stays(lay, plan, effects, row_of[k], place, table[place[k]])
    if not _eliminate(table):
        return
    there = _there(lay, plan, held)
    for j in range(tanks):
        total = more = 0.0
        out = plan.out[j]
        for i in range(size):
            more += leaves[j, i] * table[i, size]
        for c in range(n):  # kg/h that leave, for they cannot pass nothing
            kg = out * (plan.mean[j, c] + table[j * n + c, size]) + more * plan.mean[j, c]
            enters[j, c] = max(kg, 0.0) if there[j, c] else 0.0
            total += enters[j, c]
        if total > 0.0:
            for c in range(n):
                plan.mean[j, c] = enters[j, c] / total


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
    beyond, gross = tanks + len(lay.header_main), 0.0
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
        for c in range(n):
            if row < tanks:
                effect = effects.totals[k, row, c]
            elif row >= beyond:
                effect = effects.beyond[row - beyond, k, c]
            elif lay.header_main[row - tanks] == k:
                effect = -effects.demand[row - tanks, c]
            else:
                effect = effects.worth[k, c]
            equation[come * n + c] += effect * part


def _eliminate(table: Floats) -> bool:
    """Solve linear equations, whose right sides are the last column; False if they are singular."""
    size = len(table)
    for i in range(size):
        pivot = i
        for row in range(i + 1, size):
            if abs(table[row, i]) > abs(table[pivot, i]):
                pivot = row
        if table[pivot, i] == 0.0:
            return False
        if pivot != i:
            for c in range(i, size + 1):
                table[i, c], table[pivot, c] = table[pivot, c], table[i, c]
        for row in range(i + 1, size):
            factor = table[row, i] / table[i, i]
            if factor != 0.0:
                for c in range(i, size + 1):
                    table[row, c] -= factor * table[i, c]
    for i in range(size - 1, -1, -1):
        for c in range(i + 1, size):
            table[i, size] -= table[i, c] * table[c, size]
        table[i, size] /= table[i, i]
    return True


def _held_by(lay: Layout, plan: Plan, row_of: Ints) -> None:
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


def _lasts(lay: Layout, plan: Plan, held: Floats, hours: float, within: float) -> bool:
    """Whether no tank gives more of a component than it has and gets in an interval.

    But for a part ``within`` of that.
    """
    inflow = space(held.shape[1], 0.0)
    for j in range(len(plan.status)):
        out = plan.out[j]
        if out <= 0.0:
            continue
        _pour(lay, plan, j, inflow)
        for c in range(len(inflow)):
            has, gives = max(held[j, c], 0.0) + hours * inflow[c], hours * out * plan.mean[j, c]
            if gives - has > within * max(has, DUST * hours * out):
                return False
    return True


def _apart(one: Floats, other: Floats) -> float:
    """Return the largest relative difference of two compositions."""
    apart = 0.0
    for c in range(len(one)):
        if one[c] != other[c]:
            size = max(one[c], other[c], DUST)
            apart = max(apart, abs(one[c] - other[c]) / size)
    return apart


def _farthest(one: Floats, other: Floats) -> float:
    """Return the largest difference of two shares."""
    apart = 0.0
    for j in range(one.shape[0]):
        for c in range(one.shape[1]):
            apart = max(apart, abs(one[j, c] - other[j, c]))
    return apart


def _calm(
    lay: Layout,
    plan: Plan,
    stock: Stock,
    effects: Effects,
    questions: Questions,
    tolerance: float,
    brief: float,
    soonest: float,
    drift: Floats,
) -> tuple[float, bool]:
    """Return the hours in which compositions stay near enough to their means; if anything mixes.

    A tank's mean stands for its composition in the tanks that it feeds, which is wrong by part of
    its move; and a recipe is asked for the mean of its feed, which may move by its leeway to both
    sides. In an interval so ``brief``, h, that hardly an event cuts it short, both may move
    further: what is then too much at first and too little at last cancels but for its curvature.
    But no tank's composition moves far unseen, for where events are few one may still come.

    ``drift``, as of `_drift`, less than 0 where it is not known: that of the rates at what tanks
    hold. At the means of a long interval a small tank that feeds itself seems to drift at once.
    """
    held, moves = stock.held, effects.moves
    tanks, n = held.shape
    calm, mixes, hollows = LONGEST, False, 0
    inflows, least = space(held.shape, 0.0), space(n, 0.0)
    first, goes = space(plan.mean.shape, 0.0), space(plan.mean.shape, 0.0)
    way, lag = space(plan.mean.shape, 0.0), space(len(first), 0.0)
    pace, begins, thin = space(plan.mean.shape, 0.0), space(plan.mean.shape, 0.0), space(tanks, 0.0)
    unseen = max(WIDE * tolerance, sqrt(tolerance))  # softly, for one that turns to and fro goes on
    followed = space(tanks, False)
    _followed(lay, plan, effects.alone, followed)
    copy(plan.mean, first)
    copy(plan.mean, goes)
    speed, level, apart = space(len(first), 0.0), space(tanks, 0.0), space(tanks, 0.0)
    at_rest, hollow = space(tanks, False), space(tanks, False)
    for j in range(tanks):
        _pour(lay, plan, j, inflows[j])
    _least(lay, plan, inflows, APART * tolerance, least)
    for j in range(tanks):
        inflow, below, entered = inflows[j], 0.0, 0.0
        for c in range(n):
            level[j] += max(held[j, c], 0.0)
            below += max(-held[j, c], 0.0)
            entered += inflow[c]
        mixes |= not _alike(plan.mean[j], 1.0, inflow, entered)
        dust = max(EMPTIED * entered * min(calm, soonest), 1e-13 * lay.capacity[j], 2.0 * below)
        empty = plan.status[j] == EMPTY and lay.heel[j] == 0.0  # what it holds is rounding
        if entered > 0.0 and level[j] > dust and not empty:
            speed[j], lag[j] = entered / level[j], level[j] / entered
            pace[j, :] = speed[j]
            at_rest[j] = _alike(held[j], level[j], inflow, entered)
            for c in range(n):
                first[j, c] = max(held[j, c], 0.0) / level[j]
                goes[j, c] = inflow[c] / entered
                if abs(goes[j, c] - first[j, c]) * level[j] <= 2.0 * below:
                    goes[j, c] = first[j, c]  # no more than what rounding has left below nothing
                way[j, c] = abs(first[j, c] - goes[j, c])
            if drift[j] < 0.0:
                drift[j] = _drift(lay, plan, moves, held[j], level[j], j, least, inflow)
        elif entered > 0.0:
            hollow[j] = True
            hollows += 1
    for _ in range(ROUNDS if hollows > 1 else hollows):
        if not _pass_on(lay, plan, hollow, first, goes, way, pace, lag, begins, thin):
            break
    for j in range(tanks):
        if hollow[j]:
            speed[j] = pace[j].max()
    for j in range(tanks):
        if speed[j] == 0.0 or at_rest[j] or plan.out[j] <= 0.0:
            continue
        for c in range(n):
            size = max(first[j, c], goes[j, c], least[c] / plan.out[j], DUST)
            apart[j] = max(apart[j], way[j, c] / size)
        if not followed[j]:
            soon = _until(apart[j], CUT * tolerance, speed[j])
            late = _until(apart[j], unseen, speed[j])
            calm = min(calm, min(late, max(soon, brief)))
    for f in range(len(lay.term_row)):
        down, k = lay.term_row[f], lay.term_activity[f]
        up = lay.source[k]
        if down >= tanks or up >= tanks or plan.rate[k] == 0.0:
            continue
        if plan.gain[f] == 0.0 or speed[up] == 0.0 or speed[down] == 0.0:
            continue
        if down == up:  # what comes back has the mean composition, and the tank follows it
            if hollow[up]:
                continue
            pull = plan.rate[k] * (1.0 + plan.gain[f]) / level[up]
            rest = max(speed[up] - pull, 0.0)  # what draws its composition to another
            if drift[up] * pull > CUT * tolerance * rest * speed[up]:
                step = sqrt(MIXING * tolerance / (drift[up] * pull))
                if step * pull > 1.0:
                    step = CUT * tolerance / drift[up]
                calm = min(calm, step)
            continue
        if at_rest[up]:
            continue
        if hollow[down] or apart[up] * min(1.0, speed[down] * lag[up]) <= MIXING * tolerance:
            continue
        step = sqrt(MIXING * tolerance / (apart[up] * speed[up] * speed[down]))
        if step * speed[down] > 1.0:
            step = MIXING * tolerance / (apart[up] * speed[up])
        calm = min(calm, step)
    known = _known(lay, plan, questions, first, goes, way, pace, begins, thin, at_rest, brief)
    calm = min(calm, known)
    return calm, mixes


def _followed(lay: Layout, plan: Plan, alone: Flags, followed: Flags) -> None:
    """Mark tanks whose composition moves no level, not by way of empty tanks either."""
    copy(alone, followed)
    spreads = not alone.all()
    while spreads:
        spreads = False
        for f in range(len(lay.term_row)):
            down, k = lay.term_row[f], lay.term_activity[f]
            up = lay.source[k]
            if down >= len(alone) or up >= len(alone) or not followed[up] or followed[down]:
                continue
            if plan.status[down] != EMPTY or lay.heel[down] > 0.0:
                continue
            if plan.rate[k] != 0.0 and plan.listed[f] > 0:
                followed[up], spreads = False, True


def _least(lay: Layout, plan: Plan, inflows: Floats, part: float, least: Floats) -> None:
    """Set a part of the largest flow of each component, out of any tank or supply or into a tank.

    A flow of less than that, kg/h, is followed the less closely, the less it is.
    """
    for k in range(len(plan.rate)):
        if plan.rate[k] > 0.0:
            for c in range(len(least)):
                least[c] = max(least[c], plan.rate[k] * plan.mean[lay.source[k], c])
    for j in range(len(inflows)):
        for c in range(len(least)):
            least[c] = max(least[c], inflows[j, c])
    for c in range(len(least)):
        least[c] *= part


def _known(
    lay: Layout,
    plan: Plan,
    questions: Questions,
    first: Floats,
    goes: Floats,
    way: Floats,
    pace: Floats,
    begins: Floats,
    thin: Floats,
    at_rest: Flags,
    brief: float,
) -> float:
    """Return the hours in which no feed moves further than its recipe is known for.

    ``first`` to ``thin``: as of `_pass_on`. Gas that a train collects from
    another moves as what is fed to that one.
    """
    tanks, calm = len(at_rest), LONGEST
    gas_first, gas_goes = space(questions.per_kg.shape, 0.0), space(questions.per_kg.shape, 0.0)
    gas_way = space(questions.per_kg.shape, 0.0)
    speed = space(questions.per_kg.shape, 0.0)
    for e in range(len(speed)):
        if lay.entry_row[e] >= 0:
            copy(pace[lay.entry_row[e]], speed[e])
    if len(questions.gas) > 0:
        collect(lay, first, plan.rate, questions)
        copy(questions.per_kg, gas_first)
        collect(lay, goes, plan.rate, questions)
        copy(questions.per_kg, gas_goes)
        collect(lay, way, plan.rate, questions)
        copy(questions.per_kg, gas_way)
        for g in range(len(questions.gas)):
            t, begin, end, there, led = questions.gas[g]
            fastest = 0.0
            for e in range(begin, end if led != 0 and plan.rate[t] > 0.0 else begin):
                fastest = max(fastest, speed[e].max())
            speed[there, :] = fastest
    for e in range(len(speed)):
        k, main, j = lay.entry_activity[e], lay.entry_main[e], lay.entry_row[e]
        if plan.rate[main] == 0.0 or plan.rate[k] == 0.0:
            continue
        if 0 <= j < tanks and at_rest[j]:
            continue
        factor = plan.rate[k] / plan.rate[main]
        near, far = inf, inf
        for c in range(first.shape[1]):
            if speed[e, c] == 0.0:
                continue
            now = factor * (first[j, c] if j >= 0 else gas_first[e, c])
            then = factor * (goes[j, c] if j >= 0 else gas_goes[e, c])
            room = _room(now, questions.leeway[e, c], then)
            moves = factor * (way[j, c] if j >= 0 else gas_way[e, c])
            soon, late = (
                _until(moves, 2.0 * room, speed[e, c]),
                _until(moves, WIDE * room, speed[e, c]),
            )
            if 0 <= j < tanks and thin[j] > 0.0:
                begin = max(factor * begins[j, c], 1e-300)
                soon = max(soon, min(room / begin, thin[j]))
                late = max(late, min(0.5 * WIDE * room / begin, thin[j]))
            near, far = min(near, soon), min(far, late)
        calm = min(calm, min(far, max(near, brief)))
    return calm


def _until(way: float, room: float, speed: float) -> float:
    """Return when what goes a way, ever slower, has gone as far as there is room, h."""
    return -log1p(-room / way) / speed if way > room else inf


def _pass_on(
    lay: Layout,
    plan: Plan,
    hollow: Flags,
    first: Floats,
    goes: Floats,
    way: Floats,
    pace: Floats,
    lag: Floats,
    begins: Floats,
    thin: Floats,
) -> bool:
    """Let what empty tanks pass on move as what they get does; return whether one is to be told.

    ``first``, ``goes``, ``way``, ``pace``, ``lag``: compositions now and in the long run, kg/kg,
    of what leaves each tank and supply, how far, at most, these get from the first on their way,
    how fast, 1/h, each component at its own pace, and how long that takes, h; what is all but there
    is not looked at, nor what a tank returns to itself, unless the rest makes no sense. Empty tanks
    that get from others, further on in the row, are told of these again, until it hardly matters.

    A share moves with what comes of its component, and with what comes of all others: how fast at
    first, kg/kg an hour, is in ``begins``, and no more than twice as fast as long as half of what
    comes is left, for which ``thin`` has the hours.
    The ways of what comes from several add up, though they be opposite: of two at different paces
    the one is there when the other begins. The sum goes as fast as it begins to, for no sum of such
    ways is further at any time, and takes as long as its parts in the mean.
    """
    n, again, moved = first.shape[1], False, False
    now, then = space(n, 0.0), space(n, 0.0)
    away, moves, takes = space(n, 0.0), space(n, 0.0), space(n, 0.0)
    for j in range(len(hollow)):
        if not hollow[j]:
            continue
        for returns in range(2):
            now[:] = 0.0
            then[:] = 0.0
            away[:] = 0.0
            moves[:] = 0.0
            takes[:] = 0.0
            spread = thinned = thins = 0.0
            for f in range(lay.row_start[j], lay.row_start[j + 1]):
                k = lay.term_activity[f]
                rate, up = plan.rate[k], lay.source[k]
                if rate == 0.0 or plan.listed[f] == 0 or (up == j and returns == 0):
                    continue
                again |= j < up < len(hollow) and hollow[up]
                more = some = fast = 0.0
                for i in range(plan.listed[f]):
                    c, d = plan.parts[f, 2 * i], plan.parts[f, 2 * i + 1]
                    kg = rate * plan.kg[f, i]
                    now[d] += first[up, c] * kg
                    then[d] += goes[up, c] * kg
                    more += (goes[up, c] - first[up, c]) * kg
                    if up != j and way[up, c] > 0.0:
                        away[d] += way[up, c] * abs(kg)
                        moves[d] += way[up, c] * abs(kg) * pace[up, c]
                        takes[d] += way[up, c] * abs(kg) * lag[up]
                        some += way[up, c] * abs(kg)
                        fast += way[up, c] * abs(kg) * pace[up, c]
                if up >= len(hollow) or not hollow[up]:  # of what is less, as much is more
                    some = abs(more)
                    fast = some * pace[up].max()
                if up != j:
                    spread += some
                    thinned += fast
                    thins += some * lag[up]
            # a second feed counts less what a supply then need not make up for the first, so that
            # what is left where the tank's own return is left out may be less than nothing
            if now.min() >= 0.0 and then.min() >= 0.0:
                break
        comes, came = now.sum(), then.sum()
        pace[j, :] = 0.0
        begins[j, :] = 0.0
        lag[j] = 0.0
        thin[j] = 0.5 * comes / thinned if thinned > 0.0 else inf
        for c in range(n):
            last, last_way = goes[j, c], way[j, c]
            first[j, c] = max(now[c], 0.0) / comes if comes > 0.0 else plan.mean[j, c]
            goes[j, c] = max(then[c], 0.0) / came if came > 0.0 else plan.mean[j, c]
            way[j, c] = abs(goes[j, c] - first[j, c])
            share = max(first[j, c], goes[j, c])
            goes_by = away[c] + share * spread
            if comes > 0.0:
                way[j, c] = min(max(way[j, c], goes_by / comes), 1.0)  # all of it
            if goes_by > 0.0 and way[j, c] > LEAST * share:
                pace[j, c] = (moves[c] + share * thinned) / goes_by
                if comes > 0.0:
                    begins[j, c] = (moves[c] + first[j, c] * thinned) / comes
                lag[j] = max(lag[j], (takes[c] + share * thins) / goes_by)
            moved |= abs(goes[j, c] - last) > 1e-3 * goes[j, c]
            moved |= abs(way[j, c] - last_way) > 0.1 * way[j, c]
    return again and moved


def _drift(
    lay: Layout,
    plan: Plan,
    moves: Floats,
    held: Floats,
    level: float,
    j: int,
    least: Floats,
    inflow: Floats,
) -> float:
    """Return how fast a tank's composition moves at first, relative, 1/h, if it feeds itself.

    ``inflow``, that at the means, is changed to that at what the tank holds.
    """
    n, returns = len(held), False
    for f in range(lay.row_start[j], lay.row_start[j + 1]):
        k = lay.term_activity[f]
        if lay.source[k] != j or plan.rate[k] == 0.0 or plan.gain[f] <= -1.0:
            continue
        returns = True
        for c in range(n):
            kg = plan.rate[k] * (max(held[c], 0.0) / level - plan.mean[j, c])
            for d in range(n):
                inflow[d] += kg * moves[k, j, c, d]
    if not returns:
        return 0.0
    drift, entered = 0.0, inflow.sum()
    for c in range(n):
        now = max(held[c], 0.0) / level
        size = max(now, least[c] / plan.out[j], DUST)
        drift = max(drift, abs(inflow[c] - now * entered) / (level * size))
    return drift


def _room(asked: float, leeway: float, goes: float) -> float:
    """Return by how much a feed may differ from what its recipe was asked for, kg/kg.

    Learnt from the answers so far; never so much that it halves or doubles unseen, nor so little
    that it tells but the last digits of the answers.
    """
    size = max(asked, FIRST_STEP * goes, DUST)
    if leeway < 0.0:  # nothing learnt yet
        return START * size
    return max(min(leeway, 0.5 * size), LEAST * size)


def _first_bound(lay: Layout, plan: Plan, level: Floats) -> tuple[float, int]:
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


def _meet(lay: Layout, plan: Plan, tank: int) -> None:
    """Let a tank be at the bound that it moves to."""
    become(lay, plan, tank, FULL if plan.net[tank] > 0.0 else EMPTY)


def _solved(lay: Layout, plan: Plan, stock: Stock, doubt: Doubt) -> bool:
    """Solve rates at the gains that there are, and tell which tank is at a bound first, and when.

    Tanks that would pass a bound at once are there. False where a solution is left in doubt.
    """
    ends, most = plan.ends, 3 * len(plan.status) + 10
    while True:
        ends[3] += 1
        if not solve(lay, plan, doubt):
            return False
        _balance(lay, plan)
        ends[0], ends[1] = _first_bound(lay, plan, stock.level)
        if ends[0] != 0.0 or ends[2] > most:
            return True
        _meet(lay, plan, int(ends[1]))
        ends[2] += 1


def look_ahead(
    lay: Layout,
    plan: Plan,
    stock: Stock,
    effects: Effects,
    questions: Questions,
    tolerance: float,
    brief: float,
    most: float,
    doubt: Doubt,
) -> int:
    """Find rates, means and length of the next interval, and whether the recipes hold for it.

    The rates are solved last, with the means that are then used: whatever is left over, levels are
    right. ``most`` is the longest interval that is looked for, h. Returns IN_DOUBT, HOLDS or ASKS.
    """
    ends = plan.ends
    ends[2] = ends[3] = 0.0
    if stock.held.shape[1] == 1:  # nothing mixes
        _gains(lay, plan, effects)
        if not _solved(lay, plan, stock, doubt):
            return IN_DOUBT
        if most < ends[0]:
            ends[0], ends[1] = most, -1
    elif not _mixed(lay, plan, stock, effects, questions, tolerance, brief, most, doubt):
        return IN_DOUBT
    flows = spills = False
    for rate in plan.rate:
        if rate > 0.0:
            flows = True
            break
    for j in range(len(plan.status)):
        net = plan.net[j]
        spills |= plan.spill[j] > 0.0
        if (net > 0.0 and plan.status[j] == EMPTY) or (net < 0.0 and plan.status[j] == FULL):
            become(lay, plan, j, FREE)
    ends[4], ends[5] = flows, spills
    rests = ends[0] >= LONGEST  # what hardly anything moves any more is worth a finer question
    collect(lay, plan.mean, plan.rate, questions)
    asks, due = stale_trains(lay, plan, questions, ASK_AT_REST if rests else ASK, tolerance)
    ends[6] = ends[0]
    if due < ends[0]:
        ends[0], ends[1] = due, -1
    return ASKS if asks or turns(plan, questions) else HOLDS


def _mixed(
    lay: Layout,
    plan: Plan,
    stock: Stock,
    effects: Effects,
    questions: Questions,
    tolerance: float,
    brief: float,
    most: float,
    doubt: Doubt,
) -> bool:
    """Find an interval in rounds of rates and means, of which each answers the other.

    One whose rounds do not settle is tried again over a quarter of it. False if rates are in doubt.
    """
    held = stock.held
    tanks, n = held.shape
    everywhere = space(tanks, True)
    inflows, lasted = space((tanks, n), 0.0), space((tanks, 2), -1.0)
    before, row_of = space(len(plan.rate), 0.0), space(len(plan.rate), -1)
    start, old = space(plan.mean.shape, 0.0), space(plan.mean.shape, 0.0)
    drift = space(tanks, -1.0)
    limit = most
    hours, hit, moved, settled = inf, -1, inf, False
    for tried in range(ATTEMPTS):
        copy(stock.shares, plan.mean)
        lasted[:] = -1.0
        last = -1.0
        at = 0
        calm = limit
        least, halved, refined = inf, 0, 0
        calmed = False
        while at < 12 * PASSES:
            _gains(lay, plan, effects)
            flips = plan.ends[2]
            if not _solved(lay, plan, stock, doubt):
                return False
            soonest, hit = plan.ends[0], int(plan.ends[1])
            if plan.ends[2] != flips:  # a tank has come to a bound
                at, last = 0, -1.0
                least, halved, calmed = inf, 0, False
            mixes = True
            if at < PASSES and not calmed:
                if at == 0 or tried > 0:  # what did not settle at once is taken more carefully
                    drift[:] = -1.0
                found, mixes = _calm(
                    lay, plan, stock, effects, questions, tolerance, brief, soonest, drift
                )
                found = min(limit, found)
                calmed = at > 0 and found >= 0.5 * calm
                # what means of a long interval leave room for is less than those of a short one
                calm = found if at == 0 or calmed else sqrt(found * calm)
            hours = min(calm, soonest)
            if hours < soonest:
                hit = -1
            # what enters has the composition of what is there
            settled = at == 0 and not mixes and _lasts(lay, plan, held, hours, TIGHT)
            if not settled and last >= 0.0 and abs(hours - last) <= STEADY * hours:
                still = moved <= STEADY
                for k in range(len(before)):
                    if abs(plan.rate[k] - before[k]) > STEADY * max(plan.rate[k], before[k]):
                        still = False
                # rates are rounded, and where means are eliminated that is all they are off by
                within = TIGHT if at <= PASSES else STILL
                settled = still and _lasts(lay, plan, held, hours, within)
                if still and not settled and at > 2 * PASSES:
                    break  # a component would run out: it does so in a shorter interval
                if still and not settled:
                    at = max(at, PASSES)
            last = hours
            copy(plan.rate, before)
            if settled:
                copy(plan.mean, old)
                _pass_exactly(lay, plan, held, hours, inflows, lasted)
                moved = _farthest(plan.mean, old)
                if moved <= ALIKE or refined == PASSES:
                    break
                if refined > 0:  # what comes back to a tank is passed on more slowly than it moves
                    at = max(at, PASSES)
                refined += 1
            if at < PASSES:
                moved = _mix(lay, plan, held, hours, everywhere, inflows, lasted, PASSES, STEADY)
            else:
                copy(plan.mean, old)
                _mix(lay, plan, held, hours, everywhere, inflows, lasted, 1, STEADY)
                rest = _farthest(plan.mean, old)
                if at > 3 * PASSES and rest > max(least, STEADY) and halved < HALVINGS:
                    for j in range(len(old)):  # the step went beyond a kink of the rates
                        for c in range(n):
                            plan.mean[j, c] = 0.5 * (start[j, c] + old[j, c])
                    halved += 1
                else:
                    copy(old, start)
                    copy(old, plan.mean)
                    least, halved = rest, 0
                    _held_by(lay, plan, row_of)
                    _mix_at_once(lay, plan, effects, held, hours, hit, row_of)
                lasted[:] = -1.0
                moved = 0.0
                for j in range(len(old)):
                    moved = max(moved, _apart(plan.mean[j], old[j]))
            at += 1
        if settled:
            break
        limit = 0.25 * hours
    if not settled:
        if not _least_lacking(lay, plan, effects, held, hours, doubt):
            return False
        soonest, hit = _first_bound(lay, plan, stock.level)
        hours = min(_bearable(lay, plan, hours), soonest)
        if hours < soonest:
            hit = -1
        _pass_exactly(lay, plan, held, hours, inflows, lasted)
    plan.ends[0], plan.ends[1] = hours, hit
    return True


def _pass_exactly(
    lay: Layout, plan: Plan, held: Floats, hours: float, inflows: Floats, lasted: Floats
) -> None:
    """Give what passes empty tanks its composition to the last digit."""
    hollow, passes = space(len(held), False), 0
    for j in range(len(held)):
        hollow[j] = plan.status[j] == EMPTY and lay.heel[j] == 0.0
        passes = 2 if hollow[j] else passes
    _mix(lay, plan, held, hours, hollow, inflows, lasted, passes, 0.0)


def _least_lacking(
    lay: Layout, plan: Plan, effects: Effects, held: Floats, hours: float, doubt: Doubt
) -> bool:
    """Take, of rates and means that answer each other without end, those that go together best.

    Each rates are taken at their own means, and lack what bounds then keep them from. False if
    rates are in doubt.
    """
    everywhere, fixed = space(len(held), True), space(len(plan.rate), -1)
    inflows, lasted = space(held.shape, 0.0), space((len(held), 2), -1.0)
    rate, mean, least, last = space(len(fixed), 0.0), space(plan.mean.shape, 0.0), inf, 0.0
    for _turn in range(PASSES):
        _gains(lay, plan, effects)
        if not solve(lay, plan, doubt):
            return False
        _balance(lay, plan)
        moved = _mix(lay, plan, held, hours, everywhere, inflows, lasted, PASSES, STEADY)
        if moved > STEADY:
            _mix_at_once(lay, plan, effects, held, hours, -1, fixed)
            lasted[:] = -1.0
        _gains(lay, plan, effects)
        _balance(lay, plan)
        last = _lacks(lay, plan)
        if last < least:
            least = last
            copy(plan.rate, rate)
            copy(plan.mean, mean)
        if last == 0.0:
            return True
    copy(rate, plan.rate)
    copy(mean, plan.mean)
    forget(lay, plan)
    plan.stirred[:] = True
    _gains(lay, plan, effects)
    _balance(lay, plan)
    return True


def _bearable(lay: Layout, plan: Plan, hours: float) -> float:
    """Return how long what tanks lack is rounding, h; a hundredth of so many hours at least."""
    short = hours
    for j in range(len(plan.status)):
        beyond = plan.net[j] if plan.status[j] == FULL else -plan.net[j]
        if plan.status[j] != FREE and beyond > 0.0:
            short = min(short, BEARABLE * lay.capacity[j] / beyond)
    return max(short, 0.01 * hours)


def _lacks(lay: Layout, plan: Plan) -> float:
    """Return the largest part of a tank's outflow by which it goes beyond the bound it is at."""
    lacks = 0.0
    for j in range(len(plan.status)):
        beyond = plan.net[j] if plan.status[j] == FULL else -plan.net[j]
        if plan.status[j] != FREE and beyond > 0.0:
            lacks = max(lacks, beyond / plan.out[j] if plan.out[j] > 0.0 else inf)
    return lacks


def end(
    lay: Layout, plan: Plan, stock: Stock, effects: Effects, hours: float, reached: int
) -> bool:
    """End an interval after so many hours, at a bound of a tank or, -1, at none.

    Contents and totals are carried to it; False if a number is none any more.
    """
    carry(lay, plan, stock, effects, hours)
    if reached >= 0:
        _meet(lay, plan, reached)
    return finish(lay, plan, stock)


def carry(lay: Layout, plan: Plan, stock: Stock, effects: Effects, hours: float) -> None:
    """Carry contents and totals over an interval, or over the part of it that has passed.

    Of an interval that is cut short, tanks whose composition moves no level have the mean of the
    part; what the others gave is the mean of the whole.
    """
    held = stock.held
    tanks, n = held.shape
    mean = plan.mean
    if n > 1 and hours < plan.ends[6] and effects.alone.any():
        _mix_part(lay, plan, effects, held, hours)
    for k in range(len(plan.rate)):
        if plan.rate[k] > 0.0:
            for c in range(n):
                stock.fed[k, c] += hours * plan.rate[k] * mean[lay.source[k], c]
    for j in range(tanks):
        if plan.spill[j] > 0.0:
            for c in range(n):
                stock.spilled[j, c] += hours * plan.spill[j] * mean[j, c]
    _add(lay, plan, held, hours)


def _mix_part(lay: Layout, plan: Plan, effects: Effects, held: Floats, hours: float) -> None:
    """Set the means of tanks whose composition moves no level to those of a part, h, of the whole.

    Where a tank would lack something, it and those that feed it keep the means of the whole.
    """
    tanks, n = held.shape
    mean = plan.mean
    alone, fixed = space(tanks, False), space(len(plan.rate), -1)
    whole, part = space(mean.shape, 0.0), space(held.shape, 0.0)
    inflows, lasted = space(held.shape, 0.0), space((tanks, 2), -1.0)
    _followed(lay, plan, effects.alone, alone)
    copy(mean, whole)
    lacks = True
    while lacks and alone.any():
        copy(held, part)
        lasted[:] = -1.0
        moved = _mix(lay, plan, held, hours, alone, inflows, lasted, PASSES, TIGHT)
        if moved > STEADY and alone.all():
            _mix_at_once(lay, plan, effects, held, hours, -1, fixed)
        _add(lay, plan, part, hours)
        lacks = False
        for j in range(tanks):
            for c in range(n):
                if part[j, c] < min(0.0, held[j, c]) - 1e-13 * lay.capacity[j]:
                    lacks |= _bring(lay, plan, alone, j)
        if lacks:
            copy(whole, mean)


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
    inflow = space(held.shape[1], 0.0)
    for j in range(len(plan.status)):
        out = plan.out[j]
        _pour(lay, plan, j, inflow)
        for c in range(len(inflow)):
            held[j, c] += hours * (inflow[c] - out * plan.mean[j, c])


def collect(lay: Layout, feeds: Floats, rate: Floats, questions: Questions) -> None:
    """Set how much gas comes with 1 kg of another train's feed to the entries that collect it.

    ``feeds`` are the compositions of tanks and supplies, kg/kg.
    """
    per_kg = questions.per_kg
    n = per_kg.shape[1]
    for g in range(len(questions.gas)):
        t, first, end, there, led = questions.gas[g]
        per_kg[there, :] = 0.0
        if led == 0 or rate[t] <= 0.0:
            continue
        for e in range(first, end):
            row, factor = lay.entry_row[e], rate[lay.entry_activity[e]] / rate[t]
            if factor == 0.0:
                continue
            for c in range(n):
                kg = factor * (per_kg[e, c] if row < 0 else feeds[row, c])
                if kg != 0.0:
                    for d in range(n):
                        per_kg[there, d] += kg * questions.given[g, e, c, d]


def _trickle(questions: Questions, t: int, tolerance: float) -> float:
    """Return below which rate all that a train carries is too little to ask for its recipe, kg/h.

    For it is less than the tolerance of the main feed that the train has carried so far.
    """
    hours = questions.hours[0]
    usual = questions.passed[t] / hours if hours > 0.0 else 0.0
    return float(max(tolerance * usual, STANDS * questions.capacities[t]))


def _due(questions: Questions, t: int, rate: float, carries: float, tolerance: float) -> float:
    """Return when a trickle will have carried so much that its recipe is asked for, h from now."""
    hours = questions.hours[0]
    left = tolerance * questions.passed[t] - carries * hours
    return left / (carries - tolerance * rate) + LATER * hours if left >= 0.0 else inf


def _load(lay: Layout, plan: Plan, questions: Questions, carries: Floats) -> None:
    """Add up what comes in at all entries of each train, kg/h."""
    for e in range(len(lay.entry_main)):
        per_kg = 1.0 if lay.entry_row[e] >= 0 else questions.per_kg[e].sum()
        carries[lay.entry_main[e]] += plan.rate[lay.entry_activity[e]] * per_kg


def trickle(lay: Layout, plan: Plan, questions: Questions, tolerance: float) -> bool:
    """Whether the trains to be asked anew are trickles, or what swings of them is less than one.

    False if any is to be asked for another reason.
    """
    rate, asked, anew = plan.rate, questions.asked, questions.anew
    swings = space(len(anew), 0.0)
    for t in range(len(anew)):
        if questions.dependent[t]:
            swings[t] = abs(rate[t] - questions.asked_rate[t])
    for e in range(len(lay.entry_main)):
        t, row, carries = lay.entry_main[e], lay.entry_row[e], rate[lay.entry_activity[e]]
        for c in range(asked.shape[1]):
            per_kg = plan.mean[row, c] if row >= 0 else questions.per_kg[e, c]
            swings[t] += abs(carries * per_kg - rate[t] * asked[e, c])
    for t in range(len(anew)):
        least = min(rate[t], swings[t])
        if anew[t] and (questions.stale[t] or least > _trickle(questions, t, tolerance)):
            return False
    return True


def stale_trains(
    lay: Layout, plan: Plan, questions: Questions, ask: float, tolerance: float
) -> tuple[bool, float]:
    """Mark the trains whose feeds or rates have moved by a share ``ask`` of their leeway.

    Those that stand are not marked, nor trickles. Returns whether any is, and when the first of the
    trickles that would be is none any more, h from now.
    """
    rate, asked, anew = plan.rate, questions.asked, questions.anew
    marked, due, carries = False, inf, space(len(anew), 0.0)
    _load(lay, plan, questions, carries)
    for t in range(len(anew)):
        anew[t] = False
        if not (questions.stale[t] or questions.dependent[t]) or rate[t] <= 0.0:
            continue
        anew[t] = questions.stale[t]
        if questions.dependent[t] and rate[t] != questions.asked_rate[t]:
            at, least = questions.asked_rate[t], _trickle(questions, t, tolerance)
            moved, leeway = abs(rate[t] - at), questions.rate_leeway[t]
            if rate[t] <= least < carries[t]:
                least = 0.0  # with so much else it is no trickle
            anew[t] |= moved > ask * _room(max(at, least), leeway, 0.0)
            if not anew[t] and rate[t] <= least and moved > ask * _room(at, leeway, 0.0):
                due = min(due, _due(questions, t, rate[t], carries[t], tolerance))
        marked |= anew[t]
    for e in range(len(lay.entry_main)):
        t, k = lay.entry_main[e], lay.entry_activity[e]
        if k == t and asked.shape[1] == 1:
            continue  # 1 kg of it is 1 kg of the one component
        if anew[t] or rate[t] <= STANDS * questions.capacities[t]:
            continue
        row, factor, moves = lay.entry_row[e], rate[k] / rate[t], False
        for c in range(asked.shape[1]):
            now = factor * (plan.mean[row, c] if row >= 0 else questions.per_kg[e, c])
            if now != asked[e, c]:
                room = _room(asked[e, c], questions.leeway[e, c], now)
                moves |= abs(now - asked[e, c]) > ask * room
        if moves and carries[t] <= _trickle(questions, t, tolerance):
            due = min(due, _due(questions, t, rate[t], carries[t], tolerance))
        else:
            anew[t] = moves
        marked |= anew[t]
    return marked, due


def turns(plan: Plan, questions: Questions) -> bool:
    """Whether a train's collected gas changes its way, for one that collects it stands or runs."""
    for h in range(len(questions.hosted)):
        first, end, diverted = questions.hosted[h]
        stands = diverted == STAYS
        for host in questions.hosts[first:end]:
            stands |= plan.rate[host] == 0.0
        if stands != (diverted != 0):
            return True
    return False


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


LOOPS = tuple(
    name
    for name, loop in globals().items()
    if isinstance(loop, FunctionType) and loop.__module__ == __name__ and name != "space"
)
ALLOCATING = (
    "lexicographic", "_settle", "solve", "_decide", "_without_traces", "teams", "share", "_leveled",
    "_there", "_mix_at_once", "_held_by",
)  # fmt: skip
CALLED = ("teams", "share", "bind")  # by Python
INTERPRETED = {name: globals()[name] for name in ("space", *LOOPS)}
