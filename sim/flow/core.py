"""What holds over the next interval: statuses, rates, means and length, until they stand.

Between two settlements every flow is constant. Each tank gives at the mean composition that it
has over the interval, and the rates are solved with the gains of those means, so that levels are
the integral of the rates by construction: nothing is corrected afterwards.
"""

from __future__ import annotations

from math import inf, sqrt

from sim.flow import arrays, balance, mixing, pace, priority, stale, unsettled
from sim.flow.arrays import EMPTY, FREE, FULL, Floats, Layout, Plan
from sim.flow.balance import STILL
from sim.flow.board import Situation
from sim.flow.counts import FLIPS, FLOWS, LASTS, MEANT, MEETS, SOLVES, SWUNG, SWUNG_FOR, SWUNG_PART
from sim.flow.mixing import ALIKE, PASSES, STEADY
from sim.flow.pace import LONGEST
from sim.flow.simplex import TIGHT

HOLDS, ASKS = 1, 2
# Why an interval is tried: from what tanks hold, as at first; over a part of one that settled,
# which is calm; over longer than one that is hurried; from the means of one that is but a blink
# (what tanks hold had other rates, as where a trace decides that comes to be there); over what
# had settled before such a try, which has not
FRESH, CUT, LONGER, RENEWED, BACK = 0, 1, 2, 3, 4
ATTEMPTS = 8  # of intervals
AGAIN = 0.1  # h, after which what stood for an empty tank is asked again, if that fills
BLINK = 1e-8  # h; a shorter interval is looked for anew, from the means that it has
HALVINGS = 12  # of a step that leaves more to be settled than there was
HURRIED = 0.05  # of what was calm at first; so short an interval is tried over longer, once
SWINGS = 6.0  # intervals that did not settle at once, less those that did, until something turns
ASK, ASK_AT_REST = 0.4, 0.05  # of the leeway used up, from which on a recipe is asked again


def look_ahead(now: Situation, most: float) -> int:
    """Find rates, means and length of the next interval, and whether the recipes hold for it.

    The rates are solved last, with the means that are then used: whatever is left over, levels are
    right. ``most`` is the longest interval that is looked for, h. Returns HOLDS or ASKS.
    """
    lay, plan, questions = now.lay, now.plan, now.questions
    ends = plan.ends
    ends[FLIPS] = ends[SOLVES] = 0.0
    if now.stock.held.shape[1] == 1:  # nothing mixes
        balance.gains(lay, plan, now.effects)
        balance.solve(lay, plan, now.stock)
        if most < ends[LASTS]:
            ends[LASTS], ends[MEETS] = most, -1
    else:
        _mix(now, most)
    flows = waits = False
    utilities = len(plan.sign) - lay.first_utility  # of no material, and the last activities
    for rate in plan.rate[: len(plan.rate) - utilities]:
        if rate > 0.0:
            flows = True
            break
    for j in range(len(plan.status)):
        net = plan.net[j]
        if (net > 0.0 and plan.status[j] == EMPTY) or (net < 0.0 and plan.status[j] == FULL):
            waits |= net > 0.0 and _stands_for(lay, plan, j)
            priority.become(lay, plan, j, FREE)
    ends[FLOWS] = flows
    rests = ends[LASTS] >= LONGEST  # what hardly anything moves any more is worth a finer question
    stale.collect(lay, plan.mean, plan.rate, questions)
    ask = ASK_AT_REST if rests else ASK
    asks, due = stale.stale_trains(lay, plan, questions, ask, now.tolerance)
    ends[MEANT] = ends[LASTS]
    due = min(due, AGAIN if waits else inf)
    if due < ends[LASTS]:
        ends[LASTS], ends[MEETS] = due, -1
    return ASKS if asks or stale.turns(plan, questions) else HOLDS


def _stands_for(lay: Layout, plan: Plan, tank: int) -> bool:
    """Whether something stands that draws on a tank, for nothing fed that while it ran."""
    for f in range(lay.row_start[tank], lay.row_start[tank + 1]):
        k = lay.term_activity[f]
        stands = plan.rate[k] == 0.0 and plan.limit[k] > 0.0
        if stands and lay.source[k] == tank and plan.binding[k] == tank:
            return True
    return False


def _mix(now: Situation, most: float) -> None:
    """Find an interval in rounds of rates and means, of which each answers the other.

    One whose rounds do not settle is tried again over a quarter of it.
    """
    plan = now.plan
    begun, old = arrays.space(len(plan.rate), 0.0), arrays.space(plan.mean.shape, 0.0)
    at_first = arrays.space(len(plan.rate), 0.0)  # rates at what tanks hold
    why, limit, hours, hit = FRESH, most, inf, -1
    surely = longest = 0.0  # h, which settled before a LONGER or RENEWED try; which did not settle
    settled, lengthened, renewed = False, False, False
    for tried in range(ATTEMPTS):
        from_contents = why in (FRESH, BACK)
        if from_contents:
            arrays.copy(now.stock.shares, plan.mean)
        calmed = why in (CUT, LONGER, BACK)
        settled, hours, hit, rounds, calm = _settle(now, limit, calmed, tried > 0, begun)
        if from_contents:
            arrays.copy(begun, at_first)
        if not settled:
            if why in (LONGER, RENEWED):
                why, limit = BACK, surely
                continue
            if longest == 0.0:
                plan.ends[SWUNG] += 1.0
                if plan.ends[SWUNG] >= SWINGS and unsettled.slide(now, hours, most):
                    return
            longest = max(longest, hours)
            why, limit = FRESH, 0.25 * hours
            continue
        part = 1.0  # where few passes do, hardly anything goes round
        if 2 * rounds >= PASSES or tried > 0:
            part = pace.part_followed(now, hours, old)
        part = min(part, pace.part_answered(now, hours, at_first))
        if part < 1.0:
            if why == LONGER:
                why, limit, settled = BACK, surely, False
            else:
                why, limit = CUT, part * hours
            continue
        if not lengthened and hit < 0 and hours <= HURRIED * min(calm, most):
            longer = min(_calm_now(now), calm)
            if longer > 2.0 * hours:
                why, limit, surely, lengthened = LONGER, longer, hours, True
                continue
        blinks = hit < 0 and hours <= BLINK and hours < most
        if renewed or not blinks or not balance.turned(plan.rate, begun):
            break
        why, limit, surely, renewed = RENEWED, most, hours, True
    plan.ends[LASTS], plan.ends[MEETS] = hours, hit
    if longest == 0.0:
        _settles_at_once(plan.ends, hours)
    if not settled:
        unsettled.make_do(now, hours, longest)
    if longest > 0.0:
        plan.ends[SWUNG_FOR] = plan.ends[LASTS]


def _settles_at_once(ends: Floats, hours: float) -> None:
    """Count an interval against those that did not settle at once: by less, the shorter it is."""
    if ends[SWUNG] > 0.0:
        ends[SWUNG] -= min(1.0, hours / ends[SWUNG_FOR]) if ends[SWUNG_FOR] > 0.0 else 1.0
    if hours >= ends[SWUNG_FOR]:
        ends[SWUNG_PART] /= unsettled.LET_GO


def _calm_now(now: Situation) -> float:
    """Return for how long the means that answer their rates stand for what moves, h.

    While means are passed round a loop of small tanks, they seem to move further than they do.
    """
    drift = arrays.space((len(now.stock.held), 2), -1.0)
    calm, _mixes = pace.calm_hours(now, now.plan.ends[LASTS], drift)
    return calm


def _settle(
    now: Situation, limit: float, calmed: bool, again: bool, begun: Floats
) -> tuple[bool, float, int, int, float]:
    """Let rates and means answer each other over no more than so many hours, in rounds.

    How many hours are calm is not asked where that is known (``calmed``), and asked of every round
    by itself where the interval is tried ``again``. ``begun`` becomes the rates of the first round.
    Returns whether they settle, over how many hours, which tank is at a bound then (-1: none), in
    how many rounds, and how many hours were calm at what tanks hold.
    """
    lay, plan, effects, held = now.lay, now.plan, now.effects, now.stock.held
    everywhere, before = arrays.space(len(held), True), arrays.space(len(plan.rate), 0.0)
    inflows, lasted = arrays.space(held.shape, 0.0), arrays.space((len(held), 2), -1.0)
    start, old = arrays.space(plan.mean.shape, 0.0), arrays.space(plan.mean.shape, 0.0)
    drift = arrays.space((len(held), 2), -1.0)
    settled, hours, hit, calm, first = False, inf, -1, limit, limit
    last, moved, least = -1.0, inf, inf
    at = halved = refined = 0  # rounds: means are passed on, from PASSES on all found at once
    while at < 12 * PASSES:
        balance.gains(lay, plan, effects)
        flips = plan.ends[FLIPS]
        balance.solve(lay, plan, now.stock)
        soonest, hit = plan.ends[LASTS], int(plan.ends[MEETS])
        if at == 0:
            arrays.copy(plan.rate, begun)
        if plan.ends[FLIPS] != flips:  # a tank has come to a bound
            at, last = 0, -1.0
            least, halved, calmed = inf, 0, False
        mixes = True
        if at < PASSES and not calmed:
            if at == 0 or again:  # what did not settle at once is taken more carefully
                drift[:] = -1.0
            found, mixes = pace.calm_hours(now, soonest, drift)
            found = min(limit, found)
            calmed = at > 0 and found >= 0.5 * calm
            # what means of a long interval leave room for is less than those of a short one
            first = found if at == 0 else first
            calm = found if at == 0 or calmed else sqrt(found * calm)
        hours = min(calm, soonest)
        if hours < soonest:
            hit = -1
        # what enters has the composition of what is there
        settled = at == 0 and not mixes and balance.lasts(lay, plan, held, hours, TIGHT)
        if not settled and last >= 0.0 and abs(hours - last) <= STEADY * hours:
            still = moved <= STEADY and balance.alike(plan.rate, before)
            # rates are rounded, and where means are eliminated that is all they are off by
            within = TIGHT if at <= PASSES else STILL
            settled = still and balance.lasts(lay, plan, held, hours, within)
            if still and not settled and at > 2 * PASSES:
                break  # a component would run out: it does so in a shorter interval
            if still and not settled:
                at = max(at, PASSES)
        last = hours
        arrays.copy(plan.rate, before)
        if settled:
            arrays.copy(plan.mean, old)
            mixing.pass_exactly(lay, plan, held, hours, inflows, lasted)
            moved = mixing.farthest(plan.mean, old)
            if moved <= ALIKE or refined == PASSES:
                break
            if refined > 0:  # what comes back to a tank is passed on more slowly than it moves
                at = max(at, PASSES)
            refined += 1
        if at < PASSES:
            moved = mixing.mix(lay, plan, held, hours, everywhere, inflows, lasted, PASSES, STEADY)
        else:
            arrays.copy(plan.mean, old)
            mixing.mix(lay, plan, held, hours, everywhere, inflows, lasted, 1, STEADY)
            rest = mixing.farthest(plan.mean, old)
            if mixing.largest_difference(plan.mean, old) <= ALIKE:
                # they answer each other, though rates tremble that hang on what nearly cancels
                settled = balance.lasts(lay, plan, held, hours, STILL)
                if settled or at > 2 * PASSES:
                    break
            elif at > 3 * PASSES and rest > max(least, STEADY) and halved < HALVINGS:
                _half_way(start, old, plan.mean)  # the step went beyond a kink of the rates
                halved += 1
            else:
                arrays.copy(old, start)
                arrays.copy(old, plan.mean)
                least, halved = rest, 0
                balance.eliminate(lay, plan, effects, held, hours, hit)
            lasted[:] = -1.0
            moved = mixing.largest_difference(plan.mean, old)
        at += 1
    return settled, hours, hit, at, first


def _half_way(start: Floats, end: Floats, mean: Floats) -> None:
    """Set means half way between two others, in the tanks and supplies of these."""
    for j in range(len(end)):
        for c in range(end.shape[1]):
            mean[j, c] = 0.5 * (start[j, c] + end[j, c])
