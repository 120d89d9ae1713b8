"""A settlement, from what has changed to what holds until the next event, on flat arrays.

Rates are looked for with the recipes that there are; recipes whose question has moved are asked
anew, and the rates are looked for again, until both stand. What was fed to a train is booked before
its recipes change.

The loops are plain Python, which `sim.flow.native` replaces by compiled ones. They come back early
where something is left to Python, with a code, and go on from there: `Course` says where that is.
"""

from __future__ import annotations

from math import inf

from sim.flow import arrays, asking, balance, core, elapse, priority, push, seeking, stale, trying
from sim.flow.arrays import Effects, Floats, Ints, Layout, Plan, Questions, Stock
from sim.flow.board import (
    BEFORE,
    CARRIED,
    COURSE,
    EFFECTS,
    LAYOUT,
    MEMBERS,
    NOW,
    PATHS,
    PLAN,
    QUESTIONS,
    STOCK,
    TOTALS,
    TRAINS,
    Course,
    Paths,
    Situation,
    Trains,
    view,
)  # fmt: skip
from sim.flow.counts import (
    ASKED,
    CHANGED,
    FLIPS,
    FOUND,
    LAID,
    LASTS,
    LOOKS,
    MEETS,
    PASSED,
    ROUNDS,
    SOLVES,
    STAGE,
    STRUCTURE,
    WHAT,
    WHO,
)
from sim.flow.push import Answer, Carried, Members, Totals

SETTLE, ASK, REFRESH, BOOK, LIST, CLOSE, CARRY = range(7)  # what to do with a plant ...
LOOK, END, PART = 0, 1, 2  # ... and with an interval
DONE, UNDECIDED, TURNS, MOVED, TROUBLE, UNSETTLED, NONSENSE, UNTRIED = 0, 1, 2, 3, 4, 5, 6, 7
GOES_ON = 8  # nothing is left to Python
LOOKING, LOOKED, TOLD, ASKING, BEGINS = 0, 1, 2, 3, 4  # stages of a settlement, the first last,
COMES_BACK = 5  # ... and where gas that was led elsewhere is to be collected again
NO_NUMBERS = 3  # beside the codes of `core.look_ahead`
FORESEEN, SURE = 30, 0.01  # tries of a full rate, until it moves by less than so many tolerances
STUMBLES = 2  # of a unit in Python that has other conversions at full rate, in a settlement
FAR = 0.1
"""Of capacity: from a lower rate nobody extrapolates to it, for what a train takes whatever its
rate (air that leaks in, gas that it collects) would count as if it grew with the rate."""
RATE_PASSES, FREE_PASSES = 40, 3
PLAIN_PASSES = 10
"""Passes after which every other one asks half the way from what was asked last. Where a recipe
changes what comes back to it, as in a loop of small tanks, feed and recipe may swing about what
both agree on; what crawls there is hardly held up by it."""
SECANT_PASSES = 14
"""Passes after which each goes as far as the secant leads: a recipe may answer back several times
as much, and then half the way is too far."""
FIRST_STRIDE, LEAST_STRIDE = 0.25, 1e-3


def limit(plan: Plan, questions: Questions, course: Course) -> None:
    """Set the most that each train may run at, kg/h, of which something has moved.

    A fraction is one of the capacity at full rate: what passes a unit at any rate, as air that
    leaks in does, is more for each kg of a small one, and would make the capacity smaller yet.
    At one of next to nothing a train stands.
    """
    for t in range(len(course.full)):
        if plan.moved[t]:
            now = questions.capacities[t]
            if course.fractions[t] == 1.0:
                course.full[t] = now
            runs = course.fractions[t] > stale.STANDS
            most = min(course.fractions[t] * course.full[t], course.most[t])
            plan.limit[t] = min(most, now) if runs else 0.0


def ask(now: Situation, t: int) -> int:
    """Ask a train for its recipes at what it carries now (nominal if it stands), or at ``at``.

    Returns `asking.SETTLED`, or what is wrong.
    """
    questions, paths, course, row = now.questions, now.paths, now.course, now.trains.rows[t]
    members, answer = view(row, MEMBERS, Members), view(row, BEFORE, Answer)
    carried = view(row, CARRIED, Carried)
    first, feed = paths.entry_first[t], carried.feed
    rate = course.at[t]
    if rate <= 0.0:
        rate = now.plan.rate[t]
    if rate <= 0.0:
        rate = questions.asked_rate[t]
    if rate <= 0.0:
        rate = paths.nominal[t]
    asking.enter(now, t, now.plan.mean, rate, feed)
    code = _foresee(now, t, rate)
    if code != asking.SETTLED:
        return code
    passed = course.counts[PASSED]
    if passed < SECANT_PASSES:
        course.stride[t] = 0.0
    if course.gas_at[t] > 0.0:
        for e in range(len(feed)):
            if now.lay.entry_row[first + e] < 0:
                feed[e] *= course.gas_at[t]
    elif course.again[t] and passed >= PLAIN_PASSES:
        asked = questions.asked[first : first + len(feed)]
        if passed >= SECANT_PASSES:
            _choose_stride(course, t, feed / rate - asked, course.gap[first : first + len(feed)])
            feed += (1.0 - course.stride[t]) * (rate * asked - feed)
        elif passed % 2 == 1:
            feed += 0.5 * (rate * asked - feed)
    code = asking.answered(now, t, rate)
    if code != asking.SETTLED:
        return code
    if rate >= FAR * questions.capacities[t]:
        questions.capacities[t] = inf
        for m in range(len(members.limit)):
            carried.limits[m] = members.limit[m]
            questions.capacities[t] = min(questions.capacities[t], members.limit[m])
    feed /= rate
    end = first + len(feed)
    if course.known[t] and not course.again[t] and not questions.stale[t]:
        rates = arrays.space(3, 0.0)
        rates[0], rates[1] = rate, questions.asked_rate[t]
        rates[2] = questions.rate_leeway[t]
        push.learn(
            feed, questions.asked[first:end], questions.leeway[first:end], rates,
            view(row, NOW, Answer), answer, carried.made_up, now.tolerance,
        )  # fmt: skip
        questions.rate_leeway[t] = rates[2]
    for i in range(NOW, BEFORE):
        row[i], row[i + BEFORE - NOW] = row[i + BEFORE - NOW], row[i]
    course.which[t] = 1 - course.which[t]
    arrays.copy(feed, questions.asked[first:end])
    questions.asked_rate[t] = rate
    questions.stale[t] = False
    questions.tried_rate[t] = 0.0
    course.known[t] = True
    course.again[t] = True
    course.counts[ASKED] += 1
    return asking.SETTLED


def _foresee(now: Situation, t: int, rate: float) -> int:
    """Tell what a train that may not run at all of its capacity could do if it might.

    It is asked for what flows at the full rate known so far, and again at that which comes of it,
    until both are the same. Gas that it collects comes as it does.
    """
    course, members = now.course, view(now.trains.rows[t], MEMBERS, Members)
    if course.fractions[t] == 1.0 or course.stumbles[t] == STUMBLES:
        return asking.SETTLED
    carried, tries = view(now.trains.rows[t], CARRIED, Carried), arrays.space((FORESEEN, 2), 0.0)
    first, feed = now.paths.entry_first[t], carried.feed
    full = course.full[t] if 0.0 < course.full[t] < inf else rate
    for tried in range(FORESEEN):
        more = min(full / rate, asking.MOST)
        for e in range(len(feed)):
            if now.lay.entry_row[first + e] >= 0:
                feed[e] *= more
        code = asking.answered(now, t, full)
        asking.enter(now, t, now.plan.mean, rate, feed)
        if code != asking.SETTLED:
            course.stumbles[t] += 1
            return code
        course.full[t] = found = members.limit.min()
        if not 0.0 < found < inf or abs(found - full) <= SURE * now.tolerance * found:
            break
        tries[tried, 0], tries[tried, 1] = full, found
        full = seeking.fixed_point(tries, tried + 1)
        full = full if 0.0 < full < inf else found
    return asking.SETTLED


def _choose_stride(course: Course, t: int, gap: Floats, last: Floats) -> None:
    """Set what part of the way to what flows now a recipe is asked for (Aitken).

    ``gap`` is that way, kg per kg of main feed, and then the ``last``: had the last one been as
    much longer or shorter as the two tell, there would be none now.
    """
    stride, along, length = course.stride[t], 0.0, 0.0
    for e in range(len(gap)):
        for c in range(gap.shape[1]):
            change = gap[e, c] - last[e, c]
            along += last[e, c] * change
            length += change * change
            last[e, c] = gap[e, c]
    if stride == 0.0 or length == 0.0:
        stride = FIRST_STRIDE
    else:
        stride *= -along / length
    course.stride[t] = min(max(stride, LEAST_STRIDE), 1.0)


def refresh(now: Situation, t: int) -> None:
    """Compute anew what a train moves, and the trains whose gas it collects."""
    _refresh(now, t)
    for i in range(now.paths.after_first[t], now.paths.after_first[t + 1]):
        _refresh(now, now.paths.after[i])


def _refresh(now: Situation, t: int) -> None:
    if not now.course.known[t]:
        return
    lay, plan, effects, questions = now.lay, now.plan, now.effects, now.questions
    paths, row, guest_moves = now.paths, now.trains.rows[t], now.trains.guest_moves
    answer, carried = view(row, NOW, Answer), view(row, CARRIED, Carried)
    n, first = effects.beyond.shape[2], paths.entry_first[t]
    tanks = arrays.space(len(effects.alone), False)
    for i in range(paths.own_first[t], paths.own_first[t + 1]):
        k, e = paths.own[i]
        moved = effects.moves[k]
        push.near(carried.routes, effects.reach[k], tanks)
        push.move(answer.streams[e * n : e * n + n], carried.routes, guest_moves, tanks, moved)
        changed = push.total(moved, tanks, effects.totals[k], effects.reach[k])
        balance.list_moves(lay, plan, effects, k, k + 1)
        plan.moved[k] = True
        now.course.counts[STRUCTURE] += changed
    entries = paths.entry_first[t + 1] - first
    for e in range(entries):
        if paths.guest[first + e]:
            streams = answer.streams[e * n : e * n + n]
            tanks[:] = True
            push.move(streams, carried.routes, guest_moves, tanks, guest_moves[first + e])
    for g in range(len(questions.gas)):
        if questions.gas[g, 0] == t:
            for e in range(entries):
                for c in range(n):
                    for d in range(n):
                        kg = answer.streams[e * n + c, paths.gas_position[g], d]
                        questions.given[g, first + e, c, d] = kg
    if now.trains.guest_beyond.shape[2] > 0:
        _reach_beyond(effects, paths, answer, carried, t, now.trains.guest_beyond)
    for i in range(paths.own_first[t], paths.own_first[t + 1]):
        push.alike(paths.own[i, 0], lay.source, effects)


def _reach_beyond(
    effects: Effects, paths: Paths, answer: Answer, carried: Carried, t: int, guest_beyond: Floats
) -> None:
    """Compute anew what a train adds to the rows beyond tanks, and to peaks."""
    first, end = paths.entry_first[t], paths.entry_first[t + 1]
    n, adds = effects.beyond.shape[2], guest_beyond[first:end]
    adds[:] = 0.0
    for i in range(len(paths.served)):
        train, place, slot, row, rows = paths.served[i]
        if train != t:
            continue
        for e in range(end - first):
            for c in range(n):
                adds[e, c, row] -= answer.demand[place, e * n + c]
        for d in range(len(paths.drawn)):
            if paths.drawn[d, 0] == i:
                for c in range(n):
                    adds[paths.drawn[d, 1], c, row] += answer.worth[slot, c]
        for e in range(end - first if rows == 2 else 0):
            for c in range(n):
                adds[e, c, row + 1] = -adds[e, c, row]
    served = adds.shape[2] - len(paths.utilities)
    for u in range(len(paths.utilities)):
        for e in range(end - first):
            for c in range(n):
                for m in range(answer.uses.shape[1]):
                    adds[e, c, served + u] += answer.uses[e * n + c, m, paths.utilities[u]]
    for r in range(len(carried.routes)):
        guest = carried.routes[r, 2]
        if guest < 0:
            continue
        for e in range(end - first):
            for c in range(n):
                for d in range(n):
                    kg = answer.streams[e * n + c, carried.routes[r, 0], d]
                    for row in range(adds.shape[2]):
                        adds[e, c, row] += kg * guest_beyond[guest, d, row]
    for i in range(paths.own_first[t], paths.own_first[t + 1]):
        k, e = paths.own[i]
        for c in range(n):
            for row in range(len(effects.beyond)):
                effects.beyond[row, k, c] = adds[e, c, row]
            for u in range(len(effects.uses)):
                effects.uses[u, k, c] = adds[e, c, len(effects.beyond) + u]


def book(now: Situation) -> None:
    """Book what the ``wanted`` trains were fed, kg by activity and component; then it is zero.

    Gas that they collect is booked with the trains that it comes from.
    """
    paths, course = now.paths, now.course
    for i in range(len(paths.order) - 1, -1, -1):
        t = paths.order[i]
        for h in range(paths.host_first[t], paths.host_first[t + 1]):
            course.wanted[t] |= course.wanted[paths.host[h]]
    course.collected[:] = 0.0
    for t in paths.order:
        first, end = paths.entry_first[t], paths.entry_first[t + 1]
        if not course.wanted[t] and paths.collects[t]:
            course.wanted[t] = course.collected[first:end].any()
        if course.wanted[t] and course.known[t]:
            row = now.trains.rows[t]
            own = paths.own[paths.own_first[t] : paths.own_first[t + 1]]
            push.carry_through(
                own, first, now.stock.fed, course.collected, view(row, NOW, Answer),
                view(row, CARRIED, Carried), view(row, TOTALS, Totals),
            )  # fmt: skip


def situation(plant: Ints, tolerance: float, brief: float) -> Situation:
    """Return all that is known of a plant, by where its arrays are."""
    return Situation(
        view(plant, LAYOUT, Layout), view(plant, PLAN, Plan), view(plant, STOCK, Stock),
        view(plant, EFFECTS, Effects), view(plant, QUESTIONS, Questions),
        view(plant, PATHS, Paths), view(plant, COURSE, Course), view(plant, TRAINS, Trains),
        tolerance, brief,
    )  # fmt: skip


def pass_interval(
    what: int, plant: Ints, tolerance: float, hours: float, most: float, reached: int
) -> int:
    """Look for the next interval, end one, or carry what is held over part of one.

    ``hours`` are for how long hardly an event cuts an interval short, or how long it has lasted;
    ``most`` and ``reached`` as of `core.look_ahead` and `elapse.end`, whose codes come back.
    """
    now = situation(plant, tolerance, hours)
    questions = now.questions
    if what == END:
        questions.hours[0] += hours
        for t in range(len(questions.passed)):
            questions.passed[t] += hours * now.plan.rate[t]
        return int(elapse.end(now, hours, reached))
    if what == PART:
        elapse.carry(now, hours)
        return DONE
    found = core.look_ahead(now, most)
    if now.plan.ends[FLIPS] != 0.0 and not elapse.finish(now.lay, now.plan, now.stock):
        return NO_NUMBERS
    return found


def interval(
    address: int, what: int, plant: Ints, tolerance: float, hours: float, most: float, reached: int
) -> int:
    """Do what `pass_interval` does, which is compiled on its own, at an address."""
    return pass_interval(what, plant, tolerance, hours, most, reached)


def settle(
    plant: Ints, tolerance: float, brief: float, hours: float, reached: int, address: int
) -> int:
    """Find what holds from now on; see `sim.flow.state`. Returns a code, DONE at the end."""
    now = situation(plant, tolerance, brief)
    course, counts = now.course, now.course.counts
    if counts[STAGE] == BEGINS:
        ends = hours >= 0.0
        if ends and not interval(address, END, plant, tolerance, hours, inf, reached):
            return NONSENSE
        seeking.let_go(now.plan, course)
        course.again[:] = False
        course.tried[:] = 0
        course.gases[:] = 0
        course.gas_at[:] = 0.0
        course.stumbles[:] = 0
        counts[PASSED], counts[STAGE] = 0, LOOKING
    while True:
        if counts[STAGE] == LOOKING:
            code = _look(now, plant, address)
            if code != GOES_ON:
                return code
            counts[STAGE] = LOOKED
        if counts[STAGE] == LOOKED:
            code = _judge(now)
            if code != GOES_ON:
                return code
        if counts[STAGE] == COMES_BACK:
            stale.collect(now.lay, now.plan.mean, now.plan.rate, now.questions)
            counts[STAGE] = TOLD
        if counts[STAGE] == TOLD:
            seeking.choose(now.plan, now.questions, course)
            seeking.choose_gas(now.lay, now.plan, now.questions, course)
            arrays.copy(course.todo, course.wanted)
            book(now)
            counts[STAGE] = ASKING
        if not _ask_all(now):
            return TROUBLE
        counts[PASSED] += 1
        counts[STAGE] = LOOKING
        if counts[STRUCTURE] != counts[LAID]:
            return MOVED


def _look(now: Situation, plant: Ints, address: int) -> int:
    """Look for the next interval with the recipes that there are; return GOES_ON, or why not."""
    plan, questions, course = now.plan, now.questions, now.course
    counts, lengths = course.counts, course.lengths
    if counts[PASSED] == RATE_PASSES:
        if not seeking.hold_back(now.lay, plan, questions, course):
            return UNSETTLED
        counts[PASSED] = FREE_PASSES
    # an interval whose length goes up and down with what its recipes answer stays short
    lengths[0] = lengths[1] if counts[PASSED] >= FREE_PASSES else inf
    limit(plan, questions, course)
    found = interval(address, LOOK, plant, now.tolerance, now.brief, lengths[0], -1)
    if plan.exact[1] != 0:
        return UNDECIDED
    if found == NO_NUMBERS:
        return NONSENSE
    counts[LOOKS] += 1
    counts[ROUNDS] += int(plan.ends[SOLVES])
    lengths[1] = plan.ends[LASTS]
    counts[FOUND] = found
    return GOES_ON


def _judge(now: Situation) -> int:
    """Decide whether what was found holds: DONE, GOES_ON with recipes to be asked, or why not."""
    plan, course, counts = now.plan, now.course, now.course.counts
    if counts[FOUND] != core.ASKS and counts[PASSED] < PLAIN_PASSES:
        found = trying.try_ends(now)
        if found == trying.SILENT:
            return UNTRIED
        counts[FOUND] = found
    if counts[FOUND] != core.ASKS:
        tell(plan, course)
        return DONE
    counts[STAGE] = TOLD
    if stale.turns(plan, now.questions):
        course.lengths[1] = inf  # where gas goes elsewhere, other hours are found
        return TURNS
    last = counts[PASSED] == RATE_PASSES - 1
    if last and stale.trickle(now.lay, plan, now.questions, now.tolerance):
        # what swings is less than the tolerance of anything: it holds for a brief while,
        # and as found at the first hour, when nothing has passed yet
        if 0.0 < now.brief < plan.ends[LASTS]:
            plan.ends[LASTS], plan.ends[MEETS] = now.brief, -1.0
        tell(plan, course)
        return DONE
    return GOES_ON


def _ask_all(now: Situation) -> bool:
    """Ask the trains that are to be asked; False, and who and what, if one has no answer."""
    course = now.course
    for t in now.paths.order:
        if course.todo[t]:
            code = ask(now, t)
            if code != asking.SETTLED:
                course.counts[WHO], course.counts[WHAT] = t, code
                return False
            refresh(now, t)
            course.todo[t] = False
    return True


def tell(plan: Plan, course: Course) -> None:
    """List the trains that were asked, or whose rate, or what limits it, was another when told."""
    count = 0
    for t in range(len(course.told)):
        if not plan.touched[t]:
            continue
        plan.touched[t] = False
        what = plan.binding[t]
        if plan.rate[t] == 0.0:
            what = 10 + 4 * what + (plan.status[what] if 0 <= what < len(plan.status) else 0)
        moved = what != course.told[t] or plan.rate[t] != course.told_rate[t]
        if moved or course.again[t]:
            course.changed[count] = t
            count += 1
        course.told[t], course.told_rate[t] = what, plan.rate[t]
    course.counts[CHANGED] = count


def do(
    what: int, plant: Ints, t: int, tolerance: float, brief: float, hours: float, reached: int,
    address: int,
) -> int:  # fmt: skip
    """Settle, ask or refresh a train, book what is wanted, list what all move, or close a while.

    ``plant`` is where the arrays are; ``brief`` as of `core.look_ahead`. ``hours`` and ``reached``
    are of the interval that ends, which was none where they are below 0, as of `elapse.end`.
    """
    if what == SETTLE:
        return settle(plant, tolerance, brief, hours, reached, address)
    if what == CLOSE:
        closed = interval(address, END, plant, tolerance, hours, inf, reached)
        return DONE if closed else NONSENSE
    if what == CARRY:
        return int(interval(address, PART, plant, tolerance, hours, inf, reached))
    now = situation(plant, tolerance, brief)
    if what == BOOK:
        book(now)
        return DONE
    if what == LIST:
        balance.list_moves(now.lay, now.plan, now.effects, 0, len(now.lay.source))
        priority.forget(now.lay, now.plan)
        return DONE
    if what == ASK:
        code = ask(now, t)
        if code != asking.SETTLED:
            now.course.counts[WHO], now.course.counts[WHAT] = t, code
            return TROUBLE
    refresh(now, t)
    return DONE
