"""What holds over the next interval: statuses, rates, means and length, until they stand.

Between two settlements every flow is constant. Each tank gives at the mean composition that it
has over the interval, and the rates are solved with the gains of those means, so that levels are
the integral of the rates by construction: nothing is corrected afterwards.
"""

from __future__ import annotations

from math import inf, sqrt

import numpy as np

from sim.flow import arrays, mixing, pace, priority, stale
from sim.flow.arrays import (
    EMPTY,
    FREE,
    FULL,
    Effects,
    Flags,
    Floats,
    Ints,
    Layout,
    Plan,
    Questions,
    Stock,
)
from sim.flow.mixing import ALIKE, DUST
from sim.flow.pace import LONGEST
from sim.flow.simplex import SUSPECT, TIGHT

HOLDS, ASKS = 1, 2
RUNS, STANDS, TURNS = 1, 2, 3  # what runs and stands by turns: in part, at no rate, still
STILL = 1e-11  # relative to what passes a tank; at its bound a smaller net rate is rounding
STEADY = 1e-10  # relative; rates, means and length of an interval stand when they move less
PASSES, ATTEMPTS = 8, 8  # of means down the line, before they are eliminated; of intervals
AGAIN = 0.1  # h, after which what stood for an empty tank is asked again, if that fills
BLINK = 1e-8  # h; a shorter interval is looked for anew, from the means that it has
BEARABLE = 1e-10  # of its capacity, that a tank may go beyond its bound where nothing settles
HALVINGS = 12  # of a step that leaves more to be settled than there was
SHORTENED = 1.0 / 64.0  # of an interval, where rates and means settle in none however short
SWINGS = 6.0  # intervals that did not settle at once, less those that did, until something turns
VAIN = 50.0  # more of them, until that is looked for again in vain
LENGTHENED, LONGER = 8, 8.0  # times that hours are made longer, and how much, for what turns
HALVED = 30  # halvings of the part at which that runs
CUTS = 3  # of what runs in part, from which on it does not run all the time
LOWERINGS = 200  # of rates that do not settle, until they lack nothing
ASK, ASK_AT_REST = 0.8, 0.05  # of the leeway used up, from which on a recipe is asked again


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
    inflow = arrays.space(held.shape[1], 0.0)
    for j in range(len(plan.status)):
        out = plan.out[j]
        if out <= 0.0:
            continue
        mixing.pour(lay, plan, j, inflow)
        for c in range(len(inflow)):
            has = max(max(held[j, c], 0.0) + hours * inflow[c], 0.0)  # rounding is not lacking
            gives = hours * out * plan.mean[j, c]
            if gives - has > within * max(has, DUST * hours * out):
                return False
    return True


def _farthest(one: Floats, other: Floats) -> float:
    """Return the largest difference of two shares."""
    apart = 0.0
    for j in range(one.shape[0]):
        for c in range(one.shape[1]):
            apart = max(apart, abs(one[j, c] - other[j, c]))
    return apart


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
    priority.become(lay, plan, tank, FULL if plan.net[tank] > 0.0 else EMPTY)


def _solve(lay: Layout, plan: Plan, stock: Stock) -> None:
    """Solve rates at the gains that there are, and tell which tank is at a bound first, and when.

    Tanks that would pass a bound at once are there.
    """
    ends, most = plan.ends, 3 * len(plan.status) + 10
    while True:
        ends[3] += 1
        priority.solve(lay, plan)
        _balance(lay, plan)
        ends[0], ends[1] = _first_bound(lay, plan, stock.level)
        if ends[0] != 0.0 or ends[2] > most:
            return
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
) -> int:
    """Find rates, means and length of the next interval, and whether the recipes hold for it.

    The rates are solved last, with the means that are then used: whatever is left over, levels are
    right. ``most`` is the longest interval that is looked for, h. Returns HOLDS or ASKS.
    """
    ends = plan.ends
    ends[2] = ends[3] = 0.0
    if stock.held.shape[1] == 1:  # nothing mixes
        _gains(lay, plan, effects)
        _solve(lay, plan, stock)
        if most < ends[0]:
            ends[0], ends[1] = most, -1
    else:
        _mix(lay, plan, stock, effects, questions, tolerance, brief, most)
    flows = spills = waits = False
    for rate in plan.rate:
        if rate > 0.0:
            flows = True
            break
    for j in range(len(plan.status)):
        net = plan.net[j]
        spills |= plan.spill[j] > 0.0
        if (net > 0.0 and plan.status[j] == EMPTY) or (net < 0.0 and plan.status[j] == FULL):
            waits |= net > 0.0 and _stands_for(lay, plan, j)
            priority.become(lay, plan, j, FREE)
    ends[4], ends[5] = flows, spills
    rests = ends[0] >= LONGEST  # what hardly anything moves any more is worth a finer question
    stale.collect(lay, plan.mean, plan.rate, questions)
    asks, due = stale.stale_trains(lay, plan, questions, ASK_AT_REST if rests else ASK, tolerance)
    ends[6] = ends[0]
    due = min(due, AGAIN if waits else inf)
    if due < ends[0]:
        ends[0], ends[1] = due, -1
    return ASKS if asks or stale.turns(plan, questions) else HOLDS


def _stands_for(lay: Layout, plan: Plan, tank: int) -> bool:
    """Whether something stands that draws on a tank, for nothing fed that while it ran."""
    for f in range(lay.row_start[tank], lay.row_start[tank + 1]):
        k = lay.term_activity[f]
        stands = plan.rate[k] == 0.0 and plan.limit[k] > 0.0
        if stands and lay.source[k] == tank and plan.binding[k] == tank:
            return True
    return False


def _mix(
    lay: Layout,
    plan: Plan,
    stock: Stock,
    effects: Effects,
    questions: Questions,
    tolerance: float,
    brief: float,
    most: float,
) -> None:
    """Find an interval in rounds of rates and means, of which each answers the other.

    One whose rounds do not settle is tried again over a quarter of it.
    """
    held = stock.held
    tanks, n = held.shape
    everywhere = arrays.space(tanks, True)
    inflows, lasted = arrays.space((tanks, n), 0.0), arrays.space((tanks, 2), -1.0)
    before, row_of = arrays.space(len(plan.rate), 0.0), arrays.space(len(plan.rate), -1)
    begun = arrays.space(len(plan.rate), 0.0)
    start, old = arrays.space(plan.mean.shape, 0.0), arrays.space(plan.mean.shape, 0.0)
    drift = arrays.space((tanks, 2), -1.0)
    limit = most
    hours, hit, moved, settled, longest = inf, -1, inf, False, 0.0
    anew, blinked = False, inf  # h, of what is looked for anew
    for tried in range(ATTEMPTS):
        if not settled:
            arrays.copy(stock.shares, plan.mean)
        lasted[:] = -1.0
        last = -1.0
        at = 0
        calm = limit
        least, halved, refined = inf, 0, 0
        calmed, anew = settled and not anew, False  # what is settled and cut is calm
        while at < 12 * PASSES:
            _gains(lay, plan, effects)
            flips = plan.ends[2]
            _solve(lay, plan, stock)
            soonest, hit = plan.ends[0], int(plan.ends[1])
            if at == 0:
                arrays.copy(plan.rate, begun)
            if plan.ends[2] != flips:  # a tank has come to a bound
                at, last = 0, -1.0
                least, halved, calmed = inf, 0, False
            mixes = True
            if at < PASSES and not calmed:
                if at == 0 or tried > 0:  # what did not settle at once is taken more carefully
                    drift[:] = -1.0
                found, mixes = pace.calm_hours(
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
                still = moved <= STEADY and _alike(plan.rate, before)
                # rates are rounded, and where means are eliminated that is all they are off by
                within = TIGHT if at <= PASSES else STILL
                settled = still and _lasts(lay, plan, held, hours, within)
                if still and not settled and at > 2 * PASSES:
                    break  # a component would run out: it does so in a shorter interval
                if still and not settled:
                    at = max(at, PASSES)
            last = hours
            arrays.copy(plan.rate, before)
            if settled:
                arrays.copy(plan.mean, old)
                _pass_exactly(lay, plan, held, hours, inflows, lasted)
                moved = _farthest(plan.mean, old)
                if moved <= ALIKE or refined == PASSES:
                    break
                if refined > 0:  # what comes back to a tank is passed on more slowly than it moves
                    at = max(at, PASSES)
                refined += 1
            if at < PASSES:
                moved = mixing.mix(
                    lay, plan, held, hours, everywhere, inflows, lasted, PASSES, STEADY
                )
            else:
                arrays.copy(plan.mean, old)
                mixing.mix(lay, plan, held, hours, everywhere, inflows, lasted, 1, STEADY)
                rest = _farthest(plan.mean, old)
                if _largest_difference(plan.mean, old) <= ALIKE:
                    # they answer each other, though rates tremble that hang on what nearly cancels
                    settled = _lasts(lay, plan, held, hours, STILL)
                    if settled or at > 2 * PASSES:
                        break
                elif at > 3 * PASSES and rest > max(least, STEADY) and halved < HALVINGS:
                    _half_way(start, old, plan.mean)  # the step went beyond a kink of the rates
                    halved += 1
                else:
                    arrays.copy(old, start)
                    arrays.copy(old, plan.mean)
                    least, halved = rest, 0
                    _held_by(lay, plan, row_of)
                    mixing.mix_at_once(lay, plan, effects, held, hours, hit, row_of)
                lasted[:] = -1.0
                moved = _largest_difference(plan.mean, old)
            at += 1
        if settled:
            part = 1.0  # where few passes do, hardly anything goes round
            if 2 * at >= PASSES or tried > 0:
                part = pace.part_followed(lay, plan, stock, hours, tolerance, old)
            limit = part * hours
            if part == 1.0:
                blinks = hit < 0 and hours <= BLINK and hours < most
                if blinked < inf or not blinks or not _turned(plan.rate, begun):
                    break
                # what tanks hold had other rates, as where a trace decides that comes to be there
                limit, anew, blinked = most, True, hours
        elif 0.0 < blinked < inf:  # what was looked for anew does not settle, the first did
            limit, blinked = blinked, 0.0
        else:
            if longest == 0.0:
                plan.ends[7] += 1.0
                if plan.ends[7] >= SWINGS and _slide(
                    lay, plan, stock, effects, questions, tolerance, brief, hours, most
                ):
                    return
            longest = max(longest, hours)
            limit = 0.25 * hours
    plan.ends[0], plan.ends[1] = hours, hit
    if longest == 0.0 and plan.ends[7] > 0.0:
        plan.ends[7] -= 1.0
    if settled:
        return
    if longest * SHORTENED > hours:  # it was no better for being so short, and comes to no end
        _make_do(lay, plan, stock, effects, longest * SHORTENED)
        if _lasts(lay, plan, held, plan.ends[0], STILL):
            return
    _make_do(lay, plan, stock, effects, hours)


def _slide(
    lay: Layout,
    plan: Plan,
    stock: Stock,
    effects: Effects,
    questions: Questions,
    tolerance: float,
    brief: float,
    hours: float,
    most: float,
) -> bool:
    """Let what runs and stands by turns run at a part of its limit all the time.

    As it runs it brings about a composition at which it must stand, and as it stands one at which
    it may run: in ever shorter intervals the composition slides along where it turns. It stays
    there at the part that holds it, found over so many hours, and over more where all is calm then.
    False where there is none.
    """
    held, limits = stock.held, arrays.space(len(plan.rate), 0.0)
    rate, mean = arrays.space(len(plan.rate), 0.0), arrays.space(plan.mean.shape, 0.0)
    drift, length, hit = arrays.space((len(held), 2), -1.0), 0.0, -1
    arrays.copy(plan.limit, limits)
    arrays.copy(plan.rate, rate)
    arrays.copy(plan.mean, mean)
    for _ in range(LENGTHENED):
        if not _find_part(lay, plan, stock, effects, tolerance, hours, limits):
            break
        arrays.copy(plan.rate, rate)
        arrays.copy(plan.mean, mean)
        soonest, hit = _first_bound(lay, plan, stock.level)
        length, hit = min(hours, soonest), hit if soonest <= hours else -1
        drift[:] = -1.0
        calm, _mixes = pace.calm_hours(
            lay, plan, stock, effects, questions, tolerance, brief, soonest, drift
        )
        longer = min(min(calm, soonest), min(LONGER * hours, most))
        if 0.5 * hours <= longer <= 2.0 * hours:
            break
        hours = longer
    _take(lay, plan, effects, held, hours, limits, rate, mean)
    if length == 0.0 or not _lasts(lay, plan, held, length, STILL):
        plan.ends[7] = -VAIN
        return False
    plan.ends[0], plan.ends[1] = length, hit
    return True


def _find_part(
    lay: Layout,
    plan: Plan,
    stock: Stock,
    effects: Effects,
    tolerance: float,
    hours: float,
    limits: Floats,
) -> bool:
    """Let as large a part run as can all the time of what runs at what tanks hold, but not then.

    Or else of what does not run at that. Of several the last in the order with which the others
    agree; where there is none, the last stands, and the one before it runs in part.
    """
    rates = len(plan.rate)
    begun, turns = arrays.space(rates, 0.0), arrays.space((2, rates), False)
    arrays.copy(limits, plan.limit)
    arrays.copy(stock.shares, plan.mean)
    plan.moved[:] = True
    _gains(lay, plan, effects)
    priority.solve(lay, plan)
    arrays.copy(plan.rate, begun)
    for _ in range(PASSES):
        _at_own_means(lay, plan, effects, stock.held, hours)
        priority.solve(lay, plan)
        for k in range(rates):
            if len(lay.serves) == 0 or lay.serves[k] < 0:  # what is drawn follows its train
                turns[0, k] |= begun[k] > 0.0 and plan.rate[k] == 0.0
                turns[1, k] |= begun[k] == 0.0 and plan.rate[k] > 0.0
    most, left = arrays.space(rates, 0.0), arrays.space(rates, False)
    for trial in range(4):
        kind, alone = trial % 2, trial < 2
        arrays.copy(limits, most)
        arrays.copy(turns[kind], left)
        while left.any():
            least = -1
            for k in range(rates):
                if left[k] and (least < 0 or lay.rank[k] > lay.rank[least]):
                    least = k
            found = _run_in_part(lay, plan, stock, effects, tolerance, hours, most, least)
            if found == RUNS:
                return True
            left[least] = False
            if found == TURNS:
                break
            if not alone:
                most[least] = 0.0  # one before it turns while it stands
    return False


def _run_in_part(
    lay: Layout,
    plan: Plan,
    stock: Stock,
    effects: Effects,
    tolerance: float,
    hours: float,
    most: Floats,
    one: int,
) -> int:
    """Find the largest part of its limit at which one that turns runs all the time: RUNS.

    STANDS where the others answer each other at none, so that it stands and one of these turns;
    TURNS where it does not turn at what the tanks that limit anything hold.
    """
    rate, mean = arrays.space(len(most), 0.0), arrays.space(plan.mean.shape, 0.0)
    low, high, part = -1.0, 1.0, 0.0
    arrays.copy(most, plan.limit)
    plan.moved[:] = True
    for _ in range(HALVED):
        priority.allow(plan, one, part * most[one])
        if _answers(lay, plan, stock, effects, hours, one):
            low = part
            arrays.copy(plan.rate, rate)
            arrays.copy(plan.mean, mean)
        elif low < 0.0:
            return STANDS
        else:
            high = part
        part = 0.5 * (low + high)
    if low == 0.0:
        return TURNS
    arrays.copy(rate, plan.rate)
    arrays.copy(mean, plan.mean)
    plan.stirred[:] = True
    _gains(lay, plan, effects)
    _balance(lay, plan)
    for j in range(len(plan.status)):
        apart = mixing.difference(plan.mean[j], stock.shares[j])
        if plan.status[j] != FREE and apart > tolerance:
            return TURNS
    for f in range(len(lay.term_row)):
        row = lay.term_row[f]
        if lay.term_activity[f] == one and row < len(plan.status) and plan.status[row] != FREE:
            plan.binding[one] = row
    return RUNS


def _answers(
    lay: Layout, plan: Plan, stock: Stock, effects: Effects, hours: float, one: int
) -> bool:
    """Whether rates and means answer each other, and one that turns runs as fast as it may."""
    before, cuts = arrays.space(len(plan.rate), 0.0), 0
    for _ in range(4 * PASSES):
        arrays.copy(plan.rate, before)
        _gains(lay, plan, effects)
        priority.solve(lay, plan)
        lacks = _at_own_means(lay, plan, effects, stock.held, hours)
        cut = plan.rate[one] < plan.limit[one]
        if lacks == 0.0 and _alike(plan.rate, before) and not cut:
            return _lasts(lay, plan, stock.held, hours, STILL)
        cuts += cut
        if cuts > CUTS:  # and so on
            return False
    return False


def _take(
    lay: Layout,
    plan: Plan,
    effects: Effects,
    held: Floats,
    hours: float,
    limits: Floats,
    rate: Floats,
    mean: Floats,
) -> None:
    """Let rates and means be these, and be found anew the next time, within these limits."""
    arrays.copy(limits, plan.limit)
    arrays.copy(rate, plan.rate)
    arrays.copy(mean, plan.mean)
    inflows, lasted = arrays.space(held.shape, 0.0), arrays.space((len(held), 2), -1.0)
    _pass_exactly(lay, plan, held, hours, inflows, lasted)
    priority.forget(lay, plan)
    plan.stirred[:] = True
    _gains(lay, plan, effects)
    _balance(lay, plan)


def _make_do(lay: Layout, plan: Plan, stock: Stock, effects: Effects, hours: float) -> None:
    """Take rates and means that do not answer each other, for as long as that is little."""
    held = stock.held
    _take_least_lacking(lay, plan, effects, held, hours)
    soonest, hit = _first_bound(lay, plan, stock.level)
    hours = min(_bearable(lay, plan, hours), soonest)
    plan.ends[0], plan.ends[1] = hours, hit if hours == soonest else -1


def _alike(rate: Floats, before: Floats) -> bool:
    """Whether rates have hardly moved."""
    for k in range(len(rate)):
        if abs(rate[k] - before[k]) > STEADY * max(rate[k], before[k]):
            return False
    return True


def _turned(rate: Floats, before: Floats) -> bool:
    """Whether an activity stands that ran before, or the other way round."""
    turns = False
    for k in range(len(rate)):
        turns |= (rate[k] > 0.0) != (before[k] > 0.0)
    return turns


def _half_way(start: Floats, end: Floats, mean: Floats) -> None:
    """Set means half way between two others, in the tanks and supplies of these."""
    for j in range(len(end)):
        for c in range(end.shape[1]):
            mean[j, c] = 0.5 * (start[j, c] + end[j, c])


def _largest_difference(mean: Floats, old: Floats) -> float:
    """Return the largest relative difference of compositions."""
    apart = 0.0
    for j in range(len(old)):
        apart = max(apart, mixing.difference(mean[j], old[j]))
    return apart


def _pass_exactly(
    lay: Layout, plan: Plan, held: Floats, hours: float, inflows: Floats, lasted: Floats
) -> None:
    """Give what passes empty tanks its composition to the last digit."""
    hollow, passes = arrays.space(len(held), False), 0
    for j in range(len(held)):
        hollow[j] = plan.status[j] == EMPTY and lay.heel[j] == 0.0
        passes = 2 if hollow[j] else passes
    mixing.mix(lay, plan, held, hours, hollow, inflows, lasted, passes, 0.0)


def _take_least_lacking(
    lay: Layout, plan: Plan, effects: Effects, held: Floats, hours: float
) -> None:
    """Take, of rates and means that answer each other without end, those that go together best.

    Each rates are taken at their own means, and lack what bounds then keep them from. What the best
    of them lack is taken off: none is let run faster than it does, and they are asked again.
    """
    most, rate = arrays.space(len(plan.rate), 0.0), arrays.space(len(plan.rate), 0.0)
    mean = arrays.space(plan.mean.shape, 0.0)
    arrays.copy(plan.limit, most)
    least = inf
    for turn in range(PASSES + LOWERINGS):
        if turn == PASSES:
            arrays.copy(rate, plan.rate)
            arrays.copy(mean, plan.mean)
        _gains(lay, plan, effects)
        for k in range(len(rate) if turn >= PASSES else 0):
            if len(lay.serves) == 0 or lay.serves[k] < 0:  # what is drawn follows its train
                priority.allow(plan, k, min(plan.limit[k], plan.rate[k]))
        priority.solve(lay, plan)
        lacks = _at_own_means(lay, plan, effects, held, hours)
        if lacks < least:
            least = lacks
            arrays.copy(plan.rate, rate)
            arrays.copy(plan.mean, mean)
        if lacks == 0.0:
            break
    _take(lay, plan, effects, held, hours, most, rate, mean)


def _at_own_means(lay: Layout, plan: Plan, effects: Effects, held: Floats, hours: float) -> float:
    """Find the means of the rates that there are; return what these then lack, see `_lacks`.

    Or how much the means still move, if that is more.
    """
    everywhere, fixed = arrays.space(len(held), True), arrays.space(len(plan.rate), -1)
    inflows, lasted = arrays.space(held.shape, 0.0), arrays.space((len(held), 2), -1.0)
    _balance(lay, plan)
    moved = 1.0
    for _step in range(PASSES):
        moved = mixing.mix(lay, plan, held, hours, everywhere, inflows, lasted, PASSES, STEADY)
        if moved <= STEADY:
            break
        mixing.mix_at_once(lay, plan, effects, held, hours, -1, fixed)
        lasted[:] = -1.0
    _gains(lay, plan, effects)
    _balance(lay, plan)
    return max(_lacks(lay, plan), moved if moved > STEADY else 0.0)


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
    lay: Layout,
    plan: Plan,
    stock: Stock,
    effects: Effects,
    tolerance: float,
    hours: float,
    reached: int,
) -> bool:
    """End an interval after so many hours, at a bound of a tank or, -1, at none.

    Contents and totals are carried to it; False if a number is none any more.
    """
    carry(lay, plan, stock, effects, tolerance, hours)
    if reached >= 0:
        _meet(lay, plan, reached)
    return finish(lay, plan, stock)


def carry(
    lay: Layout, plan: Plan, stock: Stock, effects: Effects, tolerance: float, hours: float
) -> None:
    """Carry contents and totals over an interval, or over the part of it that has passed.

    Of an interval that is cut short, tanks whose composition moves no level have the mean of the
    part; what the others gave is the mean of the whole.
    """
    held = stock.held
    tanks, n = held.shape
    mean = plan.mean
    if n > 1 and hours < plan.ends[6] and effects.alone.any():
        _mix_part(lay, plan, effects, held, tolerance, hours)
    for k in range(len(plan.rate)):
        if plan.rate[k] > 0.0:
            for c in range(n):
                stock.fed[k, c] += hours * plan.rate[k] * mean[lay.source[k], c]
    for j in range(tanks):
        if plan.spill[j] > 0.0:
            for c in range(n):
                stock.spilled[j, c] += hours * plan.spill[j] * mean[j, c]
    _add(lay, plan, held, hours)


def _mix_part(
    lay: Layout, plan: Plan, effects: Effects, held: Floats, tolerance: float, hours: float
) -> None:
    """Set the means of tanks whose composition moves no level to those of a part, h, of the whole.

    Where a tank would lack something, or should have answered, it and those that feed it keep the
    means of the whole.
    """
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
    lacks = True
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
            if not alone[j] and _off_line(plan, j, part[j], line[j], hours) > pace.CUT * tolerance:
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
        mixing.pour(lay, plan, j, inflow)
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


ALLOCATING = ("_held_by",)
