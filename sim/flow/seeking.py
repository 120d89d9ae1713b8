"""At which rate a train is asked whose recipe hangs on it, for recipe and rate answer each other.

Plain Python, compiled as those of :mod:`sim.flow.course` are.
"""

from __future__ import annotations

from math import inf, sqrt

from sim.flow import arrays
from sim.flow.arrays import Floats, Layout, Plan, Questions
from sim.flow.board import Course

RATE_STANDS = 1e-6  # relative move of a rate below which a recipe need not look for it
PLAIN_STEPS = 4  # before the tries are used as a bracket
FARTHEST = 10.0  # times, that a secant step goes up or down
REMEMBERED = 8  # tries; what other trains did has moved the older ones
WIDE = 1.2  # ends of a bracket that is halved, high over low
LOPSIDED = 20.0  # gaps at its ends, one over the other, for which regula falsi would crawl
NARROW, JUMPS = 1e-6, 0.01  # a bracket, and gaps at its ends, of the rate, where that jumps
SWINGS, HARDLY_NEARER = 3, 0.9  # tries by turns, and the part of the last gap that is left
FOLLOWS = 1e300  # kg/h: of one that jumps because another does


def fixed_point(tries: Floats, tried: int) -> float:
    """Return where to ask a train whose rate swings as its recipe answers, kg/h, or 0.

    ``tries`` are the activities at which it was asked, with the rates that came of them, kg/h, of
    which there are so many. Recipe and rate answer each other. Where they overshoot, a secant step
    finds the activity at which the rate is what the recipe was asked for; where it crawls, the
    tries so far bracket that activity: the bracket is halved by its geometric mean, or cut by
    regula falsi when narrow, unless that has moved the same end twice.
    """
    if tried > PLAIN_STEPS:
        found = _bracketed(tries, tried)
        if found > 0.0:
            return found
    if tried == 1:
        return 0.0
    at, last_at = tries[tried - 1, 0], tries[tried - 2, 0]
    gap, last_gap = tries[tried - 1, 1] - at, tries[tried - 2, 1] - last_at
    creeps = tried > PLAIN_STEPS and gap * last_gap > 0.0 and abs(gap) < abs(last_gap)
    if gap * last_gap >= 0.0 and not creeps:
        return 0.0
    found = at - gap * (at - last_at) / (gap - last_gap)
    return float(min(max(found, at / FARTHEST), at * FARTHEST) if creeps else found)


def _bracketed(tries: Floats, tried: int) -> float:
    low, gain, high, loss = _bracket(tries, tried)
    if not 0.0 < low < high < inf:
        return 0.0
    over, under = gain - low, high - loss
    way, last_way = tries[tried - 1], tries[tried - 2]
    # twice the same end: on a curve the other stays
    crawls = (way[1] - way[0]) * (last_way[1] - last_way[0]) > 0.0
    if crawls or high > WIDE * low or over > LOPSIDED * under or under > LOPSIDED * over:
        return sqrt(low * high)
    return low + (high - low) * over / (over + under)


def _bracket(tries: Floats, tried: int) -> tuple[float, float, float, float]:
    """Return the ends between which recipe and rate answer each other, each with what came of it.

    The lower one, at which the train is to run faster (0: none), and the higher one (inf).
    """
    low = gain = loss = 0.0
    high = inf
    for i in range(max(tried - REMEMBERED, 0), tried):
        if tries[i, 1] > tries[i, 0] > low:
            low, gain = tries[i, 0], tries[i, 1]
        if tries[i, 1] < tries[i, 0] < high:
            high, loss = tries[i, 0], tries[i, 1]
    return low, gain, high, loss


def choose(plan: Plan, questions: Questions, course: Course) -> None:
    """Choose the trains that are asked anew, and at which activity each of them."""
    arrays.copy(questions.anew, course.todo)
    for t in range(len(course.todo)):
        course.at[t] = 0.0
        at, came, tried = questions.asked_rate[t], plan.rate[t], course.tried[t]
        if course.todo[t] and abs(came - at) > RATE_STANDS * at:
            # else its rate stands; what it draws or collects has moved
            course.tries[t, tried, 0], course.tries[t, tried, 1] = at, came
            course.tried[t] += 1
            course.at[t] = fixed_point(course.tries[t], course.tried[t])


def choose_gas(lay: Layout, plan: Plan, questions: Questions, course: Course) -> None:
    """Choose at how much of the gas that it collects a train is asked, where that swings.

    What it makes of the gas may be what lets it come: as where it washes out what another draws on,
    which runs as fast as it can for little of it and all but stands for much. Once it is looked for
    that goes on to the end of the settlement.
    """
    if len(questions.gas) == 0:
        return
    trains = len(course.todo)
    asked, came = arrays.space(trains, 0.0), arrays.space(trains, 0.0)
    for g in range(len(questions.gas)):
        there = questions.gas[g, 3]
        t = lay.entry_main[there]
        if course.todo[t] and course.again[t] and plan.rate[t] > 0.0 and course.at[t] == 0.0:
            kg = plan.rate[lay.entry_activity[there]] / plan.rate[t]
            asked[t] += questions.asked[there].sum()
            came[t] += kg * questions.per_kg[there].sum()
    for t in range(trains):
        course.gas_at[t] = 1.0 if course.gas_at[t] > 0.0 else 0.0
        if min(asked[t], came[t]) > 0.0 and abs(came[t] - asked[t]) > RATE_STANDS * asked[t]:
            course.gas[t, course.gases[t], 0], course.gas[t, course.gases[t], 1] = asked[t], came[t]
            course.gases[t] += 1
            far = max(asked[t], came[t]) > WIDE * min(asked[t], came[t])
            if course.gas_at[t] > 0.0 or (far and _swings(course.gas[t], course.gases[t])):
                found = fixed_point(course.gas[t], course.gases[t])
                course.gas_at[t] = found / came[t] if found > 0.0 else 1.0
                if far:  # its hours tell nothing of those at last
                    course.lengths[1] = inf


def _swings(tries: Floats, tried: int) -> bool:
    """Whether what came was too much and too little by turns, and hardly nearer each time."""
    if tried < SWINGS:
        return False
    for i in range(tried - SWINGS + 1, tried):
        gap, last = tries[i, 1] - tries[i, 0], tries[i - 1, 1] - tries[i - 1, 0]
        if gap * last > 0.0 or abs(gap) < HARDLY_NEARER * abs(last):
            return False
    return True


def hold_back(lay: Layout, plan: Plan, questions: Questions, course: Course) -> bool:
    """Let a train run no faster than where its rate jumps: whose recipe hangs most on the rate.

    Asked there from below it is to run faster by far, from above slower by far, for at that very
    rate who comes first is served as well by it as by others. What holds is in between: it runs
    at that rate, and the others make up the rest. One that jumps elsewhere while it is held back
    is let go: it follows another that jumps. False where none is left; nor is one that shares held,
    for at its jump others may have less than their part.
    """
    found, at, least = -1, 0.0, inf
    for t in range(len(course.most)):
        low, gain, high, loss = _bracket(course.tries[t], course.tried[t])
        shares = len(lay.team) > 0 and lay.team[t] >= 0
        narrow = low > 0.0 and high - low <= NARROW * high < inf
        if shares or not narrow or gain - low <= JUMPS * low or high - loss <= JUMPS * high:
            continue
        leeway = questions.rate_leeway[t]
        if course.most[t] < inf:
            course.most[t] = FOLLOWS
            plan.moved[t] = True
        elif found < 0 or 0.0 <= leeway < least * low:
            found, at, least = t, low, leeway / low if leeway >= 0.0 else inf
    if found < 0:
        let_go(plan, course)
        return False
    course.most[found] = at
    plan.moved[found] = True
    course.tried[:] = 0
    course.gases[:] = 0
    return True


def let_go(plan: Plan, course: Course) -> None:
    """Let what was held back run as fast as it may again."""
    for t in range(len(course.most)):
        if course.most[t] < inf:
            course.most[t] = inf
            plan.moved[t] = True
