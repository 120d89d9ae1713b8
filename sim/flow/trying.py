"""Recipes tried where an interval takes their feeds, for thresholds that nothing learnt tells of.

Plain Python, compiled as those of :mod:`sim.flow.core` are.
"""

from __future__ import annotations

from math import inf, sqrt

from sim.flow import arrays, asking, core, mixing, pace, push, stale
from sim.flow.arrays import Floats, Ints, Layout, Plan, Questions, Stock
from sim.flow.board import (
    BEFORE,
    CARRIED,
    MEMBERS,
    NOW,
    Carried,
    Course,
    Paths,
    Trains,
    view,
)  # fmt: skip
from sim.flow.counts import ASKED, WHAT, WHO
from sim.flow.push import Answer, Members

SILENT = 0  # beside the codes of `core.look_ahead`: a train that is tried has not answered
FAR_OFF = 4.0  # roots of the tolerance, of a feed or rate; where it goes farther a recipe is tried
BENT, MOST = 100.0, 0.1  # times the tolerance, and at most, by which a recipe may be off there
EARLY = 1.0  # h; until then, what passes a tank in so long tells whether it is as good as empty
NOTICED = 3e-3  # kg/kg; a share of less is tried for no more than that would be


def try_ends(
    lay: Layout, plan: Plan, stock: Stock, questions: Questions, paths: Paths, course: Course,
    trains: Trains, tolerance: float,
) -> int:  # fmt: skip
    """Try recipes where an interval takes their feeds far, and mark those that bend unseen.

    What has not moved an answer so far may yet, as a threshold does: nothing learnt tells that. So
    the train is asked aside for both ends of the interval. What its recipe is off by at both
    cancels as long as it goes straight on; where that is more than a hundred tolerances, the feed
    is let move less, and the train is asked anew.

    Returns HOLDS, ASKS where any is marked, or SILENT where one has not answered.
    """
    if plan.mean.shape[1] == 1 and not questions.dependent.any():
        return core.HOLDS  # nothing mixes, and no recipe hangs on a rate
    shape, far, found = plan.mean.shape, FAR_OFF * sqrt(tolerance), core.HOLDS
    begin, end = arrays.space(shape, 0.0), arrays.space(shape, 0.0)
    hours = min(plan.ends[0], pace.LONGEST)
    if hours == pace.LONGEST:  # the last time that it is tried
        far *= core.ASK_AT_REST / core.ASK
    felt = min(hours, max(questions.hours[0], EARLY))  # an event may cut it any time
    mixing.span(lay, plan, stock.held, hours, felt, begin, end)
    questions.anew[:] = False
    for t in range(len(course.known)):
        rate = plan.rate[t]
        if not course.known[t] or rate <= stale.trickle_of(questions, t, tolerance):
            continue
        at_begin = _far_off(lay, plan, questions, paths, t, begin, far)
        at_end = _far_off(lay, plan, questions, paths, t, end, far)
        if not (at_begin or at_end):
            continue
        change = _off_there(
            lay, plan, questions, paths, course, trains.rows[t], t, begin, end, at_begin, at_end
        )
        first, last = paths.entry_first[t], paths.entry_first[t + 1]
        push.enter(
            lay.entry_row, lay.entry_activity, first, end if at_end else begin, questions.per_kg,
            plan.rate, 1.0, questions.tried[first:last],
        )  # fmt: skip
        for e in range(first + 1, last):
            for c in range(end.shape[1]):
                questions.tried[e, c] /= rate
        questions.tried_rate[t] = rate
        if change < 0.0:
            course.counts[WHO] = t
            return SILENT
        if change > min(BENT * tolerance, MOST):
            _let_move_less(lay, plan, questions, paths, t, begin, end, tolerance / change)
            questions.anew[t] = True
            found = core.ASKS
    return found


def _far_off(
    lay: Layout, plan: Plan, questions: Questions, paths: Paths, t: int, feeds: Floats, far: float
) -> bool:
    """Whether a train's feed or rate is far from what its recipe was asked, and tried, for."""
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
            now = factor * feeds[row, c]
            one, other = questions.asked[e, c], questions.tried[e, c]
            of_asked |= abs(now - one) > far * max(now, one, NOTICED)
            of_tried |= abs(now - other) > far * max(now, other, NOTICED)
    return of_asked and of_tried


def _off_there(
    lay: Layout, plan: Plan, questions: Questions, paths: Paths, course: Course, board: Ints,
    t: int, begin: Floats, end: Floats, at_begin: bool, at_end: bool,
) -> float:  # fmt: skip
    """Return by how much a recipe is off at two feeds together, relative; all stays as it is.

    It is asked for those that are far from what it has been asked for before. Less than
    nothing where it does not answer, with the code of `ask` in the counts.
    """
    members, carried = view(board, MEMBERS, Members), view(board, CARRIED, Carried)
    now, other = view(board, NOW, Answer), view(board, BEFORE, Answer)
    recipe = arrays.space(members.recipe.shape, 0.0)
    drawn = arrays.space(len(members.drawn), 0.0)
    limit, main = arrays.space(len(members.limit), 0.0), members.at[0]
    arrays.copy(members.recipe, recipe)
    arrays.copy(members.drawn, drawn)
    arrays.copy(members.limit, limit)
    steps = _steps(members)
    made, sums = arrays.space(now.streams.shape[1:], 0.0), arrays.space(now.streams.shape[1:], 0.0)
    used, uses = arrays.space(now.uses.shape[1:], 0.0), arrays.space(now.uses.shape[1:], 0.0)
    was, needed = arrays.space(now.streams.shape[1:], 0.0), arrays.space(now.uses.shape[1:], 0.0)
    code, rate = asking.SETTLED, plan.rate[t]
    for i in range(2):
        push.enter(
            lay.entry_row, lay.entry_activity, paths.entry_first[t], end if i else begin,
            questions.per_kg, plan.rate, rate, carried.feed,
        )  # fmt: skip
        push.makes(carried.feed, now.streams, now.uses, now.demand, carried.made_up, made, used)
        was += made
        needed += used
        if at_end if i else at_begin:
            code = asking.answered(lay, plan, paths, board, t, rate)
            if code != asking.SETTLED:
                break
            course.counts[ASKED] += 1
            push.makes(
                carried.feed, other.streams, other.uses, other.demand, carried.made_up, made, used
            )
        sums += made
        uses += used
    arrays.copy(recipe, members.recipe)
    arrays.copy(drawn, members.drawn)
    arrays.copy(limit, members.limit)
    members.at[0] = main
    course.counts[WHAT] = code
    if code != asking.SETTLED:
        return -1.0
    if _steps(members) != steps:  # a unit in Python lets others react there
        questions.stale[t] = True
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


def _let_move_less(
    lay: Layout, plan: Plan, questions: Questions, paths: Paths, t: int, begin: Floats,
    end: Floats, allowed: float,
) -> None:  # fmt: skip
    """Let the feed and rate of a train move by an allowed part of what they have moved."""
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
