"""What holds where rates and means do not answer each other, however short the interval.

Plain Python, compiled as those of :mod:`sim.flow.core` are.
"""

from __future__ import annotations

from math import inf

from sim.flow import arrays, balance, mixing, pace, priority
from sim.flow.arrays import FREE, FULL, Floats, Layout, Plan
from sim.flow.balance import STILL
from sim.flow.board import Situation
from sim.flow.counts import LASTS, MEETS, SWUNG, SWUNG_FOR, SWUNG_PART
from sim.flow.mixing import PASSES, STEADY

RUNS, STANDS, TURNS = 1, 2, 3  # what runs and stands by turns: in part, at no rate, still
BEARABLE = 1e-10  # of its capacity, that a tank may go beyond its bound where nothing settles
SHORTENED = 1.0 / 64.0  # of an interval, where rates and means settle in none however short ...
LET_GO = 4.0  # ... and how many times more each time, until one settles that lasts as long
VAIN = 50.0  # more intervals that do not settle at once, until what turns is looked for again
WORTH = 4.0  # times that what turns is to last longer at a part, to be looked for at once again
LENGTHENED, LONGER = 8, 8.0  # times that hours are made longer, and how much, for what turns
SHORTER = 2  # times that they are made shorter where there is no part
HALVED, ROUGHLY = 30, 10  # halvings of the part at which that runs
CUTS = 3  # of what runs in part, from which on it does not run all the time
LOWERINGS = 200  # of rates that do not settle, until they lack nothing


def slide(now: Situation, hours: float, most: float) -> bool:
    """Let what runs and stands by turns run at a part of its limit all the time.

    As it runs it brings about a composition at which it must stand, and as it stands one at which
    it may run: in ever shorter intervals the composition slides along where it turns. It stays
    there at the part that holds it, found over so many hours, and over more where all is calm then.
    False where there is none.
    """
    lay, plan, stock = now.lay, now.plan, now.stock
    held, limits = stock.held, arrays.space(len(plan.rate), 0.0)
    rate, mean = arrays.space(len(plan.rate), 0.0), arrays.space(plan.mean.shape, 0.0)
    drift, length, hit = arrays.space((len(held), 2), -1.0), 0.0, -1
    arrays.copy(plan.limit, limits)
    arrays.copy(plan.rate, rate)
    arrays.copy(plan.mean, mean)
    for turn in range(LENGTHENED):
        if not _find_part(now, hours, limits):
            if length > 0.0 or turn == SHORTER:
                break
            hours /= LONGER  # in so long the tanks that limit anything move too far
            continue
        arrays.copy(plan.rate, rate)
        arrays.copy(plan.mean, mean)
        soonest, hit = balance.first_bound(lay, plan, stock.level)
        length, hit = min(hours, soonest), hit if soonest <= hours else -1
        drift[:] = -1.0
        calm, _mixes = pace.calm_hours(now, soonest, drift)
        longer = min(min(calm, soonest), min(LONGER * hours, most))
        if 0.5 * hours <= longer <= 2.0 * hours:
            break
        hours = longer
    _take(now, hours, limits, rate, mean)
    if length == 0.0 or not balance.lasts(lay, plan, held, length, STILL):
        plan.ends[SWUNG] = -VAIN
        return False
    plan.ends[LASTS], plan.ends[MEETS] = length, hit
    if length < WORTH * plan.ends[SWUNG_FOR]:  # what does not settle lasts about as long
        plan.ends[SWUNG] = -VAIN
    return True


def _find_part(now: Situation, hours: float, limits: Floats) -> bool:
    """Let as large a part run as can all the time of what runs at what tanks hold, but not then.

    Or else of what does not run at that. Of several the last in the order with which the others
    agree; where there is none, the last stands, and the one before it runs in part.
    """
    lay, plan, effects, stock = now.lay, now.plan, now.effects, now.stock
    rates = len(plan.rate)
    begun, turns = arrays.space(rates, 0.0), arrays.space((2, rates), False)
    arrays.copy(limits, plan.limit)
    arrays.copy(stock.shares, plan.mean)
    plan.moved[:] = True
    balance.gains(lay, plan, effects)
    priority.solve(lay, plan)
    arrays.copy(plan.rate, begun)
    for turn in range(2 * PASSES):
        if turn < PASSES:
            _at_own_means(now, hours)
        elif turns.any():
            break
        else:  # what little leads to is far away
            balance.net_rates(lay, plan)
            balance.eliminate(lay, plan, effects, stock.held, hours, -1)
            balance.gains(lay, plan, effects)
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
            found = _run_in_part(now, hours, most, least)
            if found == RUNS:
                return True
            left[least] = False
            if found == TURNS:
                break
            if not alone:
                most[least] = 0.0  # one before it turns while it stands
    return False


def _run_in_part(now: Situation, hours: float, most: Floats, one: int) -> int:
    """Find the largest part of its limit at which one that turns runs all the time: RUNS.

    STANDS where the others answer each other at none, so that it stands and one of these turns;
    TURNS where it does not turn at what the tanks that limit anything hold.
    """
    lay, plan = now.lay, now.plan
    found = _largest_part(now, hours, most, one, HALVED)
    if found != RUNS:
        return found
    if not _at_hand(now, plan.mean, now.stock.shares, hours):
        rate, mean = arrays.space(len(most), 0.0), arrays.space(plan.mean.shape, 0.0)
        late, soon = arrays.space(plan.mean.shape, 0.0), hours / LONGER
        arrays.copy(plan.rate, rate)
        arrays.copy(plan.mean, mean)
        _at_own_means(now, soon)
        arrays.copy(plan.mean, late)
        # means move along where it turns; one that was off would be brought there sooner
        again = _largest_part(now, soon, most, one, ROUGHLY)
        if again != RUNS or not _at_hand(now, plan.mean, late, soon):
            return TURNS
        arrays.copy(rate, plan.rate)
        arrays.copy(mean, plan.mean)
        _look(now)
    for f in range(len(lay.term_row)):
        row = lay.term_row[f]
        if lay.term_activity[f] == one and row < len(plan.status) and plan.status[row] != FREE:
            plan.binding[one] = row
    return RUNS


def _at_hand(now: Situation, mean: Floats, shares: Floats, hours: float) -> bool:
    """Whether means are those shares, in tanks that limit anything and hold something."""
    plan, level = now.plan, now.stock.level
    for j in range(len(plan.status)):
        holds = plan.status[j] != FREE and level[j] > mixing.EMPTIED * plan.out[j] * hours
        if holds and mixing.difference(mean[j], shares[j]) > now.tolerance:
            return False
    return True


def _largest_part(now: Situation, hours: float, most: Floats, one: int, halvings: int) -> int:
    """Find the largest part of its limit at which one that turns runs all the time, by halving.

    RUNS, with its rates and means; STANDS where there is none, TURNS where only at none.
    """
    plan = now.plan
    rate, mean = arrays.space(len(most), 0.0), arrays.space(plan.mean.shape, 0.0)
    low, high, part = -1.0, 1.0, 0.0
    arrays.copy(most, plan.limit)
    plan.moved[:] = True
    for _ in range(halvings):
        priority.allow(plan, one, part * most[one])
        if _answers(now, hours, one):
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
    _look(now)
    return RUNS


def _look(now: Situation) -> None:
    """Have gains and net rates be those of the rates and means that there are."""
    now.plan.stirred[:] = True
    balance.gains(now.lay, now.plan, now.effects)
    balance.net_rates(now.lay, now.plan)


def _answers(now: Situation, hours: float, one: int) -> bool:
    """Whether rates and means answer each other, and one that turns runs as fast as it may."""
    lay, plan = now.lay, now.plan
    before, cuts = arrays.space(len(plan.rate), 0.0), 0
    plan.rate[one] = plan.limit[one]  # what it brings about may be far from what there is
    plan.stirred[:] = True
    _at_own_means(now, hours)
    for _ in range(4 * PASSES):
        arrays.copy(plan.rate, before)
        balance.gains(lay, plan, now.effects)
        priority.solve(lay, plan)
        lacks = _at_own_means(now, hours)
        cut = plan.rate[one] < plan.limit[one]
        if lacks == 0.0 and balance.alike(plan.rate, before) and not cut:
            return balance.lasts(lay, plan, now.stock.held, hours, STILL)
        cuts += cut
        if cuts > CUTS:  # and so on
            return False
    return False


def make_do(now: Situation, hours: float, longest: float) -> None:
    """Take rates and means that do not answer each other, for as long as that is little.

    Over so many hours, or over a part of the longest that were tried where that is more: it was no
    better for being so short, and would come to no end. Nor would a row of intervals of which each
    is such a part of what is left to a bound: so each is taken for a larger part.
    """
    part = max(now.plan.ends[SWUNG_PART], SHORTENED)
    now.plan.ends[SWUNG_PART] = min(LET_GO * part, 1.0)
    if longest * part > hours:
        _take_for_a_while(now, longest * part)
        if balance.lasts(now.lay, now.plan, now.stock.held, now.plan.ends[LASTS], STILL):
            return
    _take_for_a_while(now, hours)


def _take_for_a_while(now: Situation, hours: float) -> None:
    """Take those that go together best for so many hours, or until they lack too much."""
    lay, plan = now.lay, now.plan
    _take_least_lacking(now, hours)
    soonest, hit = balance.first_bound(lay, plan, now.stock.level)
    hours = min(_bearable(lay, plan, hours), soonest)
    plan.ends[LASTS], plan.ends[MEETS] = hours, hit if hours == soonest else -1


def _take_least_lacking(now: Situation, hours: float) -> None:
    """Take, of rates and means that answer each other without end, those that go together best.

    Each rates are taken at their own means, and lack what bounds then keep them from. What the best
    of them lack is taken off: none is let run faster than it does, and they are asked again.
    """
    lay, plan = now.lay, now.plan
    most, rate = arrays.space(len(plan.rate), 0.0), arrays.space(len(plan.rate), 0.0)
    mean = arrays.space(plan.mean.shape, 0.0)
    arrays.copy(plan.limit, most)
    least = inf
    for turn in range(PASSES + LOWERINGS):
        if turn == PASSES:
            arrays.copy(rate, plan.rate)
            arrays.copy(mean, plan.mean)
        balance.gains(lay, plan, now.effects)
        for k in range(len(rate) if turn >= PASSES else 0):
            if len(lay.serves) == 0 or lay.serves[k] < 0:  # what is drawn follows its train
                priority.allow(plan, k, min(plan.limit[k], plan.rate[k]))
        priority.solve(lay, plan)
        lacks = _at_own_means(now, hours)
        if lacks < least:
            least = lacks
            arrays.copy(plan.rate, rate)
            arrays.copy(plan.mean, mean)
        if lacks == 0.0:
            break
    _take(now, hours, most, rate, mean)


def _at_own_means(now: Situation, hours: float) -> float:
    """Find the means of the rates that there are; return what these then lack, see `balance.lacks`.

    Or how much the means still move, if that is more.
    """
    lay, plan, effects, held = now.lay, now.plan, now.effects, now.stock.held
    everywhere, fixed = arrays.space(len(held), True), arrays.space(len(plan.rate), -1)
    inflows, lasted = arrays.space(held.shape, 0.0), arrays.space((len(held), 2), -1.0)
    balance.net_rates(lay, plan)
    moved = 1.0
    for _step in range(PASSES):
        moved = mixing.mix(lay, plan, held, hours, everywhere, inflows, lasted, PASSES, STEADY)
        if moved <= STEADY:
            break
        mixing.mix_at_once(lay, plan, effects, held, hours, -1, fixed)
        lasted[:] = -1.0
    balance.gains(lay, plan, effects)
    balance.net_rates(lay, plan)
    return max(balance.lacks(plan), moved if moved > STEADY else 0.0)


def _bearable(lay: Layout, plan: Plan, hours: float) -> float:
    """Return how long what tanks lack is rounding, h; a hundredth of so many hours at least."""
    short = hours
    for j in range(len(plan.status)):
        beyond = plan.net[j] if plan.status[j] == FULL else -plan.net[j]
        if plan.status[j] != FREE and beyond > 0.0:
            short = min(short, BEARABLE * lay.capacity[j] / beyond)
    return max(short, 0.01 * hours)


def _take(now: Situation, hours: float, limits: Floats, rate: Floats, mean: Floats) -> None:
    """Let rates and means be these, and be found anew the next time, within these limits."""
    lay, plan, held = now.lay, now.plan, now.stock.held
    arrays.copy(limits, plan.limit)
    arrays.copy(rate, plan.rate)
    arrays.copy(mean, plan.mean)
    inflows, lasted = arrays.space(held.shape, 0.0), arrays.space((len(held), 2), -1.0)
    mixing.pass_exactly(lay, plan, held, hours, inflows, lasted)
    priority.forget(lay, plan)
    _look(now)
