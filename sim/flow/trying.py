"""Recipes tried where an interval takes their feeds, for thresholds that nothing learnt tells of.

Plain Python, compiled as those of :mod:`sim.flow.core` are.
"""

from __future__ import annotations

from math import inf, sqrt

from sim.flow import arrays, asking, core, mixing, pace, push, stale
from sim.flow.arrays import Floats
from sim.flow.board import BEFORE, CARRIED, MEMBERS, NOW, Situation, view
from sim.flow.counts import ASKED, LASTS, WHAT, WHO
from sim.flow.push import Answer, Carried, Members

SILENT = 0  # beside the codes of `core.look_ahead`: a train that is tried has not answered
FAR_OFF = 4.0  # roots of the tolerance, of a feed or rate; where it goes farther a recipe is tried
BENT, MOST = 100.0, 0.1  # times the tolerance, and at most, by which a recipe may be off there
EARLY = 1.0  # h; until then, what passes a tank in so long tells whether it is as good as empty
LACKING = 1e-2  # times the tolerance, of all that is fed; so much less than nothing may be made
NOTICED = 3e-3  # kg/kg; a share of less is tried for no more than that would be


def try_ends(now: Situation) -> int:
    """Try recipes where an interval takes their feeds far, and mark those that bend unseen.

    What has not moved an answer so far may yet, as a threshold does: nothing learnt tells that. So
    the train is asked aside for both ends of the interval. What its recipe is off by at both
    cancels as long as it goes straight on; where that is more than a hundred tolerances, the feed
    is let move less, and the train is asked anew.

    One that takes what is not there is asked anew as well.

    Returns HOLDS, ASKS where any is marked, or SILENT where one has not answered.
    """
    plan, questions, course, tolerance = now.plan, now.questions, now.course, now.tolerance
    if plan.mean.shape[1] == 1 and not questions.dependent.any():
        return core.HOLDS  # nothing mixes, and no recipe hangs on a rate
    shape, far, found = plan.mean.shape, FAR_OFF * sqrt(tolerance), core.HOLDS
    begin, end = arrays.space(shape, 0.0), arrays.space(shape, 0.0)
    hours = min(plan.ends[LASTS], pace.LONGEST)
    if hours == pace.LONGEST:  # the last time that it is tried
        far *= core.ASK_AT_REST / core.ASK
    felt = min(hours, max(questions.hours[0], EARLY))  # an event may cut it any time
    mixing.span(now.lay, plan, now.stock.held, hours, felt, begin, end)
    questions.anew[:] = False
    for t in range(len(course.known)):
        rate = plan.rate[t]
        if not course.known[t] or rate <= stale.trickle_of(questions, t, tolerance):
            continue
        if _takes_what_is_not_there(now, t):
            questions.anew[t] = True
            found = core.ASKS
            continue
        at_begin, at_end = _far_off(now, t, begin, far), _far_off(now, t, end, far)
        if not (at_begin or at_end):
            continue
        change = _off_there(now, t, begin, end, at_begin, at_end)
        first, last = now.paths.entry_first[t], now.paths.entry_first[t + 1]
        asking.enter(now, t, end if at_end else begin, 1.0, questions.tried[first:last])
        for e in range(first + 1, last):
            for c in range(end.shape[1]):
                questions.tried[e, c] /= rate
        questions.tried_rate[t] = rate
        if change < 0.0:
            course.counts[WHO] = t
            return SILENT
        if change > min(BENT * tolerance, MOST):
            _let_move_less(now, t, begin, end, tolerance / change)
            questions.anew[t] = True
            found = core.ASKS
    return found


def _takes_what_is_not_there(now: Situation, t: int) -> bool:
    """Whether a recipe makes less than nothing of what is fed, in the mean of the interval.

    One that turns all of the scarcest reactant is exact, whatever the rest is, and so is not asked
    anew for long: until another is the scarcest, of which it would then take more than there is.
    """
    row = now.trains.rows[t]
    members, carried = view(row, MEMBERS, Members), view(row, CARRIED, Carried)
    holds = view(row, NOW, Answer)
    reacts = False
    for m in range(len(members.conversions)):
        reacts |= members.conversions[m] > 0
    if not reacts:
        return False
    made = arrays.space(holds.streams.shape[1:], 0.0)
    used = arrays.space(holds.uses.shape[1:], 0.0)
    asking.enter(now, t, now.plan.mean, now.plan.rate[t], carried.feed)
    push.makes(carried.feed, holds, carried.made_up, made, used)
    least = 0.0
    for e in range(len(carried.feed)):
        for c in range(carried.feed.shape[1]):
            least -= LACKING * now.tolerance * carried.feed[e, c]
    for s in range(carried.draws, len(made)):
        for c in range(made.shape[1]):
            if made[s, c] < least:
                return True
    return False


def _far_off(now: Situation, t: int, feeds: Floats, far: float) -> bool:
    """Whether a train's feed or rate is far from what its recipe was asked, and tried, for."""
    lay, plan, questions, paths = now.lay, now.plan, now.questions, now.paths
    rate, asked, tried = plan.rate[t], questions.asked_rate[t], questions.tried_rate[t]
    of_asked = of_tried = False
    if questions.dependent[t]:
        of_asked = abs(rate - asked) > far * max(rate, asked)
        of_tried = abs(rate - tried) > far * max(rate, tried)
    of_tried |= tried <= 0.0
    for e in range(paths.entry_first[t], paths.entry_first[t + 1]):
        row, factor = lay.entry_row[e], plan.rate[lay.entry_activity[e]] / rate
        if row < 0:
            continue
        for c in range(feeds.shape[1]):
            comes, one, other = factor * feeds[row, c], questions.asked[e, c], questions.tried[e, c]
            of_asked |= abs(comes - one) > far * max(comes, one, NOTICED)
            of_tried |= abs(comes - other) > far * max(comes, other, NOTICED)
    return of_asked and of_tried


def _off_there(
    now: Situation, t: int, begin: Floats, end: Floats, at_begin: bool, at_end: bool
) -> float:
    """Return by how much a recipe is off at two feeds together, relative; all stays as it is.

    It is asked for those that are far from what it has been asked for before. Less than
    nothing where it does not answer, with the code of `ask` in the counts.
    """
    row = now.trains.rows[t]
    members, carried = view(row, MEMBERS, Members), view(row, CARRIED, Carried)
    holds, other = view(row, NOW, Answer), view(row, BEFORE, Answer)
    recipe = arrays.space(members.recipe.shape, 0.0)
    drawn = arrays.space(len(members.drawn), 0.0)
    limit, main = arrays.space(len(members.limit), 0.0), members.at[0]
    arrays.copy(members.recipe, recipe)
    arrays.copy(members.drawn, drawn)
    arrays.copy(members.limit, limit)
    steps = _steps(members)
    streams, utilities = holds.streams.shape[1:], holds.uses.shape[1:]
    made, was, sums = (
        arrays.space(streams, 0.0), arrays.space(streams, 0.0), arrays.space(streams, 0.0)
    )  # fmt: skip
    used, needed, uses = (
        arrays.space(utilities, 0.0), arrays.space(utilities, 0.0), arrays.space(utilities, 0.0)
    )  # fmt: skip
    code, rate = asking.SETTLED, now.plan.rate[t]
    for i in range(2):
        asking.enter(now, t, end if i else begin, rate, carried.feed)
        push.makes(carried.feed, holds, carried.made_up, made, used)
        was += made
        needed += used
        if at_end if i else at_begin:
            code = asking.answered(now, t, rate)
            if code != asking.SETTLED:
                break
            now.course.counts[ASKED] += 1
            push.makes(carried.feed, other, carried.made_up, made, used)
        sums += made
        uses += used
    arrays.copy(recipe, members.recipe)
    arrays.copy(drawn, members.drawn)
    arrays.copy(limit, members.limit)
    members.at[0] = main
    now.course.counts[WHAT] = code
    if code != asking.SETTLED:
        return -1.0
    if _steps(members) != steps:  # a unit in Python lets others react there
        now.questions.stale[t] = True
        return inf
    return max(push.differs(was, sums), push.differs(needed, uses))


def _steps(members: Members) -> int:
    """Return a number that tells which reactions the members let run from others."""
    found = 0
    for m in range(len(members.conversions)):
        found = 31 * found + members.conversions[m]
        for k in range(members.conversions[m]):
            found = 31 * (31 * found + members.key[m, k]) + members.column[m, k]
    return found


def _let_move_less(now: Situation, t: int, begin: Floats, end: Floats, allowed: float) -> None:
    """Let the feed and rate of a train move by an allowed part of what they have moved."""
    lay, plan, questions, paths = now.lay, now.plan, now.questions, now.paths
    rate, asked = plan.rate[t], questions.asked_rate[t]
    least = stale.LEAST * max(rate, asked)
    known = questions.rate_leeway[t]
    if known > least and rate != asked:
        questions.rate_leeway[t] = min(known, max(allowed * abs(rate - asked), least))
    for e in range(paths.entry_first[t], paths.entry_first[t + 1]):
        row, factor = lay.entry_row[e], plan.rate[lay.entry_activity[e]] / rate
        if row < 0:
            continue
        for c in range(begin.shape[1]):
            one, other, at = factor * begin[row, c], factor * end[row, c], questions.asked[e, c]
            moved, known = max(abs(one - at), abs(other - at)), questions.leeway[e, c]
            least = stale.LEAST * max(one, other, at)
            if known > least and moved > least:
                questions.leeway[e, c] = min(known, max(allowed * moved, least))
