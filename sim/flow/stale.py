"""Recipes: what they were asked for, and when a feed has moved too far from that."""

from __future__ import annotations

from math import inf

from sim.flow import arrays
from sim.flow.arrays import STAYS, Floats, Layout, Plan, Questions
from sim.flow.mixing import DUST

FIRST_STEP = 0.02  # of the way to where a composition goes
START = 1e-3  # of a feed or a rate, that may move before anything is learnt of a recipe ...
LEAST = 3e-5  # ... and after that; what moves less asks for no recipe
FINEST = 0.3  # tolerances, where that is less than LEAST; and of START one
STANDS = 1e-12  # of capacity; a train at less is as good as standing: that is rounding
LATER = 1e-6  # of the hours so far, by which a trickle is asked after it is none any more


def may_move(asked: float, leeway: float, goes: float, tolerance: float) -> float:
    """Return by how much a feed may differ from what its recipe was asked for, kg/kg.

    Learnt from the answers so far; never so much that it halves or doubles unseen, nor so little
    that it tells but the last digits of the answers.
    """
    size = max(asked, FIRST_STEP * goes, DUST)
    if leeway < 0.0:  # nothing learnt yet
        return min(START, tolerance) * size
    return max(min(leeway, 0.5 * size), min(LEAST, FINEST * tolerance) * size)


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


def trickle_of(questions: Questions, t: int, tolerance: float) -> float:
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


def _carries(lay: Layout, plan: Plan, questions: Questions, t: int) -> float:
    """Return what comes in at all entries of a train, kg/h."""
    carries = 0.0
    for e in range(len(lay.entry_main)):
        if lay.entry_main[e] == t:
            per_kg = 1.0 if lay.entry_row[e] >= 0 else questions.per_kg[e].sum()
            carries += plan.rate[lay.entry_activity[e]] * per_kg
    return carries


def trickle(lay: Layout, plan: Plan, questions: Questions, tolerance: float) -> bool:
    """Whether the trains to be asked anew are trickles, or what swings of them is less than one.

    False if any is to be asked for another reason.
    """
    rate, asked, anew = plan.rate, questions.asked, questions.anew
    swings = arrays.space(len(anew), 0.0)
    for t in range(len(anew)):
        if questions.dependent[t]:
            swings[t] = abs(rate[t] - questions.asked_rate[t])
    for e in range(len(lay.entry_main)):
        t, row, carries = lay.entry_main[e], lay.entry_row[e], rate[lay.entry_activity[e]]
        for c in range(asked.shape[1]):
            per_kg = max(plan.mean[row, c] if row >= 0 else questions.per_kg[e, c], 0.0)
            swings[t] += abs(carries * per_kg - rate[t] * asked[e, c])
    for t in range(len(anew)):
        least = min(rate[t], swings[t])
        if anew[t] and (questions.stale[t] or least > trickle_of(questions, t, tolerance)):
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
    marked, due = False, inf
    for t in range(len(anew)):
        anew[t] = False
        if not (questions.stale[t] or questions.dependent[t]) or rate[t] <= 0.0:
            continue
        anew[t] = questions.stale[t]
        if questions.dependent[t] and rate[t] != questions.asked_rate[t]:
            at, least = questions.asked_rate[t], trickle_of(questions, t, tolerance)
            moved, leeway = abs(rate[t] - at), questions.rate_leeway[t]
            carries = _carries(lay, plan, questions, t) if rate[t] <= least else inf
            if rate[t] <= least < carries:
                least = 0.0  # with so much else it is no trickle
            anew[t] |= moved > ask * may_move(max(at, least), leeway, 0.0, tolerance)
            if (
                not anew[t]
                and rate[t] <= least
                and moved > ask * may_move(at, leeway, 0.0, tolerance)
            ):
                due = min(due, _due(questions, t, rate[t], carries, tolerance))
        marked |= anew[t]
    for e in range(len(lay.entry_main)):
        t, k = lay.entry_main[e], lay.entry_activity[e]
        if k == t and asked.shape[1] == 1:
            continue  # 1 kg of it is 1 kg of the one component
        if anew[t] or rate[t] <= STANDS * questions.capacities[t]:
            continue
        row, factor, moves = lay.entry_row[e], rate[k] / rate[t], False
        for c in range(asked.shape[1]):
            # no unit is shown less than nothing, see `asking.enter`
            now = factor * max(plan.mean[row, c] if row >= 0 else questions.per_kg[e, c], 0.0)
            if now != asked[e, c]:
                room = may_move(asked[e, c], questions.leeway[e, c], now, tolerance)
                moves |= abs(now - asked[e, c]) > ask * room
        if not moves:
            continue
        carries = _carries(lay, plan, questions, t)
        if carries <= trickle_of(questions, t, tolerance):
            due = min(due, _due(questions, t, rate[t], carries, tolerance))
        else:
            anew[t] = marked = True
    return marked, due


def turns(plan: Plan, questions: Questions) -> bool:
    """Whether a train's collected gas changes its way, for one that collects it stands or runs."""
    for h in range(len(questions.hosted)):
        first, end, diverted = questions.hosted[h]
        stands = diverted == STAYS
        for host in questions.hosts[first:end]:
            stands |= plan.rate[host] <= STANDS * questions.capacities[host]
        if stands != (diverted != 0):
            return True
    return False
