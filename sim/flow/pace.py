"""How long an interval may be: as long as means stand for what moves."""

from __future__ import annotations

from math import inf, log1p, sqrt
from typing import NamedTuple

from sim.flow import arrays, mixing, onward, stale
from sim.flow.arrays import EMPTY, FREE, Flags, Floats, Layout, Plan, Questions, Stock
from sim.flow.board import Situation
from sim.flow.mixing import DUST, EMPTIED
from sim.flow.onward import Motion
from sim.flow.stale import LEAST

MIXING = 20.0  # times the tolerance; of it, what a mean hides in a tank below is a small part
CUT = 5.0  # times the tolerance; by so much a mean may be off where an event cuts its interval
LONGEST = 1000.0  # h, of an interval in which something mixes
WIDE = 100.0  # times its leeway, that a feed may move while a brief interval lasts
APART = 10.0  # times the tolerance, of the largest flow of a component: less of it is followed less
LEFT = 0.1  # of the time until a tank runs empty, as long as that is hardly any
AROUND = 2  # passes of means down the line, in which they hardly come round
SEEN = 1e-3  # times the tolerance; a mean that is less far from what is held tells nothing
SHORTEST, LONGER = 1.0 / 64.0, 0.5  # of an interval that was too long, tried next


class Tanks(NamedTuple):
    """What tanks hold, and how it follows what they get."""

    level: Floats
    """What is there, kg, but for what is below nothing by rounding."""
    speed: Floats
    """How fast it turns over, 1/h; nothing where nothing comes, and of supplies."""
    at_rest: Flags
    """Whether what comes has the composition of what is there."""
    hollow: Flags
    """Whether all that is there is rounding, so that what comes is passed on."""
    apart: Floats
    """How far each component gets on its way, relative."""
    least: Floats
    """Of each component, a part of its largest flow, kg/h."""


def calm_hours(now: Situation, soonest: float, drift: Floats) -> tuple[float, bool]:
    """Return the hours in which compositions stay near enough to their means; if anything mixes.

    A tank's mean stands for its composition in the tanks that it feeds, which is wrong by part of
    its move; and a recipe is asked for the mean of its feed, which may move by its leeway to both
    sides. In a brief interval, which hardly an event cuts short, both may move further: what is
    then too much at first and too little at last cancels but for its curvature. But no tank's
    composition moves far unseen, for where events are few one may still come.

    ``drift``, as of `_drift`, less than 0 where it is not known: that of the rates at what tanks
    hold. At the means of a long interval a small tank that feeds itself seems to drift at once.
    """
    shape, (count, n) = now.plan.mean.shape, now.stock.held.shape
    tanks = Tanks(
        arrays.space(count, 0.0), arrays.space(shape[0], 0.0), arrays.space(count, False),
        arrays.space(count, False), arrays.space((count, n), 0.0), arrays.space(n, 0.0),
    )  # fmt: skip
    motion = Motion(
        arrays.space(shape, 0.0), arrays.space(shape, 0.0), arrays.space(shape, 0.0),
        arrays.space(shape, 0.0), arrays.space(shape[0], 0.0), arrays.space(shape, 0.0),
        arrays.space(count, 0.0), arrays.space(shape[0], 1.0), arrays.space((count, n), 0.0),
    )  # fmt: skip
    mixes = _tell_motion(now, soonest, drift, tanks, motion)
    calm = min(_unseen(now, tanks, motion), _passed_down(now, tanks, motion, drift))
    return min(calm, _known(now, motion, tanks.at_rest)), mixes


def _tell_motion(
    now: Situation, soonest: float, drift: Floats, tanks: Tanks, motion: Motion
) -> bool:
    """Write how what tanks hold moves, and what the empty ones pass on; whether any mixes."""
    lay, plan, held = now.lay, now.plan, now.stock.held
    count, n = held.shape
    inflows, entered = arrays.space(held.shape, 0.0), arrays.space(count, 0.0)
    mixes, hollows = False, 0
    for j in range(count):
        mixing.pour(lay, plan, j, inflows[j])
        for c in range(n):
            entered[j] += inflows[j, c]
        mixes |= not mixing.alike(plan.mean[j], 1.0, inflows[j], entered[j])
    _least(lay, plan, inflows, APART * now.tolerance, tanks.least)
    arrays.copy(plan.mean, motion.first)
    arrays.copy(plan.mean, motion.goes)
    level = tanks.level
    for j in range(count):
        if entered[j] <= 0.0:
            continue
        if not _sets_out(lay, plan, j, held[j], inflows[j], entered[j], soonest, level, motion):
            tanks.hollow[j] = True
            hollows += 1
            continue
        tanks.speed[j] = entered[j] / level[j]
        tanks.at_rest[j] = mixing.alike(held[j], level[j], inflows[j], entered[j])
        if drift[j, 0] < 0.0:
            _drift(
                lay, plan, now.effects.moves, held[j], level[j], j, tanks.least, inflows[j],
                now.tolerance, drift[j],
            )  # fmt: skip
    onward.pass_on(lay, plan, tanks.hollow, hollows, motion)
    for j in range(count):
        if tanks.hollow[j]:
            tanks.speed[j] = motion.pace[j].max()
    return mixes


def _unseen(now: Situation, tanks: Tanks, motion: Motion) -> float:
    """Return the hours in which no tank's composition moves far; write how ``apart`` it gets."""
    plan, tolerance = now.plan, now.tolerance
    calm, followed = LONGEST, arrays.space(len(tanks.level), False)
    mark_followed(now.lay, plan, now.effects.alone, followed)
    unseen = max(WIDE * tolerance, sqrt(tolerance))  # softly, for one that turns to and fro goes on
    for j in range(len(followed)):
        if tanks.speed[j] == 0.0 or tanks.at_rest[j] or plan.out[j] <= 0.0:
            continue
        for c in range(len(tanks.least)):
            size = max(motion.first[j, c], motion.goes[j, c], tanks.least[c] / plan.out[j], DUST)
            apart, pace = motion.way[j, c] / size, motion.pace[j, c]
            tanks.apart[j, c] = apart
            # what would not be so far by then at its first pace is not asked when it is
            if not followed[j] and apart * pace * calm > CUT * tolerance:
                soon, late = _until(apart, CUT * tolerance, pace), _until(apart, unseen, pace)
                calm = min(calm, min(late, max(soon, now.brief)))
    return calm


def _passed_down(now: Situation, tanks: Tanks, motion: Motion, drift: Floats) -> float:
    """Return the hours in which means stand for what moves in the tanks that they feed.

    Another one, or the same.
    """
    lay, plan, tolerance, calm = now.lay, now.plan, now.tolerance, LONGEST
    level, speed, hollow, count = tanks.level, tanks.speed, tanks.hollow, len(tanks.level)
    for f in range(len(lay.term_row)):
        down, up = lay.term_row[f], lay.source[lay.term_activity[f]]
        flows = plan.rate[lay.term_activity[f]] != 0.0 and plan.gain[f] != 0.0
        if not flows or down >= count or up >= count or speed[up] == 0.0 or speed[down] == 0.0:
            continue
        if down == up and not hollow[up]:
            step = _followed_by_itself(level[up], speed[up], drift[up, 0], drift[up, 1], tolerance)
            if plan.status[up] == FREE and plan.net[up] < 0.0:
                step = max(step, _runs_empty(level[up] / -plan.net[up], tolerance, now.brief))
            calm = min(calm, step)
        elif down != up and not hollow[down] and not tanks.at_rest[up]:
            lags = min(1.0, speed[down] * motion.lag[up])
            for c in range(len(tanks.least)):
                above, apart = motion.pace[up, c], tanks.apart[up, c]
                calm = min(calm, _hidden_below(apart, lags, above, speed[down], tolerance))
    return calm


def _sets_out(
    lay: Layout,
    plan: Plan,
    j: int,
    held: Floats,
    inflow: Floats,
    entered: float,
    soonest: float,
    level: Floats,
    motion: Motion,
) -> bool:
    """Write how what a tank holds begins to move; False if it holds nothing but rounding."""
    below = 0.0
    for c in range(len(held)):
        level[j] += max(held[c], 0.0)
        below += max(-held[c], 0.0)
    dust = max(EMPTIED * entered * min(LONGEST, soonest), 1e-13 * lay.capacity[j], 2.0 * below)
    if level[j] <= dust or (plan.status[j] == EMPTY and lay.heel[j] == 0.0):
        return False
    motion.pace[j, :] = entered / level[j]
    motion.lag[j] = level[j] / entered
    for c in range(len(held)):
        first, goes = max(held[c], 0.0) / level[j], inflow[c] / entered
        if abs(goes - first) * level[j] <= 2.0 * below:
            goes = first  # no more than what rounding has left below nothing
        motion.first[j, c], motion.goes[j, c] = first, goes
        motion.way[j, c] = abs(first - goes)
    return True


def _followed_by_itself(
    level: float, speed: float, drift: float, back: float, tolerance: float
) -> float:
    """Return the hours for a tank that gets back what it gives, at its mean, and follows that.

    ``drift`` and ``back`` are of one component, as of `_drift`.
    """
    pull = back / level
    rest = max(speed - pull, 0.0)  # what draws its composition to another
    if drift * pull <= CUT * tolerance * rest * speed:
        return inf
    step = sqrt(MIXING * tolerance / (drift * pull))
    return CUT * tolerance / drift if step * pull > 1.0 else step


def _runs_empty(hours: float, tolerance: float, brief: float) -> float:
    """Return in how many hours what a tank still gives is too little to be followed closely.

    It runs empty in ``hours``, and gathers what it gets back the faster the less is left.
    """
    return min(CUT * tolerance * brief, LEFT * hours)


def _hidden_below(apart: float, lags: float, above: float, below: float, tolerance: float) -> float:
    """Return the hours in which a mean hides little of a tank's move from the one that it feeds.

    ``above`` and ``below``: how fast the two follow what they get, 1/h.
    """
    if apart * lags <= MIXING * tolerance:
        return inf
    step = sqrt(MIXING * tolerance / (apart * above * below))
    return MIXING * tolerance / (apart * above) if step * below > 1.0 else step


def part_followed(now: Situation, hours: float, means: Floats) -> float:
    """Return what part of an interval, at most 1, is followed where tanks get back what they give.

    By way of each other they go farther than is seen where means are passed down the line and
    hardly round: as far as means go that answer each other. ``means`` is space for these.
    """
    lay, plan, stock = now.lay, now.plan, now.stock
    held, limit = stock.held, CUT * now.tolerance
    if not _moves_round(lay, plan, stock, limit):
        return 1.0
    inflows, lasted = arrays.space(held.shape, 0.0), arrays.space((len(held), 2), -1.0)
    seen, everywhere = arrays.space(means.shape, 0.0), arrays.space(len(held), True)
    least = arrays.space(held.shape[1], 0.0)
    arrays.copy(plan.mean, means)
    arrays.copy(stock.shares, plan.mean)
    mixing.mix(lay, plan, held, hours, everywhere, inflows, lasted, AROUND, LEAST)
    arrays.copy(plan.mean, seen)
    arrays.copy(means, plan.mean)
    far = _farther(lay, plan, stock, seen, least)
    if far > limit:  # unless it is little of what flows
        for j in range(len(held)):
            mixing.pour(lay, plan, j, inflows[j])
        _least(lay, plan, inflows, APART * now.tolerance, least)
        far = _farther(lay, plan, stock, seen, least)
    return min(max(limit / far, SHORTEST), LONGER) if far > limit else 1.0


def part_answered(now: Situation, hours: float, begun: Floats) -> float:
    """Return what part of an interval, at most 1, is followed where rates answer what tanks hold.

    What does not come back to a full tank of what it gives leaves room for another train. Held at
    the mean of an interval its rate brings as much of that at last as at first, as if the tank
    were drawn to another composition than it is. ``begun``: rates at what tanks hold.
    """
    lay, plan, stock = now.lay, now.plan, now.stock
    n, calm = stock.held.shape[1], hours
    first, more = arrays.space(n, 0.0), arrays.space(n, 0.0)
    least, inflows = arrays.space(n, -1.0), arrays.space(stock.held.shape, 0.0)
    for j in range(len(inflows)):
        if plan.status[j] == FREE or not _holds(lay, plan, stock, j):
            continue
        _answer(lay, plan, stock, j, begun, first, more)
        if not more.any():
            continue
        if least[0] < 0.0:
            for i in range(len(inflows)):
                mixing.pour(lay, plan, i, inflows[i])
            least[:] = 0.0
            _least(lay, plan, inflows, APART * now.tolerance, least)
        level, entered = stock.level[j], first.sum()
        for c in range(n):
            share = stock.shares[j, c]
            moved = plan.mean[j, c] - share
            size = max(share, least[c] / plan.out[j], DUST)
            if abs(moved) <= SEEN * now.tolerance * size:
                continue
            back = max(more[c] / moved, 0.0)
            drift = abs(first[c] - share * entered) / (level * size)
            pull, speed = back / level, entered / level
            cut = CUT * now.tolerance  # as far a tank may go where it follows faster than that
            if drift * pull > cut * max(speed - pull, 0.0) * speed:
                calm = min(calm, max(sqrt(0.5 * cut / (drift * pull)), cut / drift))
    return max(calm / hours, SHORTEST) if calm < hours else 1.0


def _answer(
    lay: Layout, plan: Plan, stock: Stock, j: int, begun: Floats, first: Floats, more: Floats
) -> None:
    """Write what comes into a tank at first, and how much richer that is as rates answer, kg/h."""
    first[:], more[:] = 0.0, 0.0
    for f in range(lay.row_start[j], lay.row_start[j + 1]):
        k = lay.term_activity[f]
        up, other = lay.source[k], plan.rate[k] - begun[k]
        for i in range(plan.listed[f]):
            c, d = plan.parts[f, 2 * i], plan.parts[f, 2 * i + 1]
            first[d] += begun[k] * stock.shares[up, c] * plan.kg[f, i]
            more[d] += other * plan.mean[up, c] * plan.kg[f, i]
    total = more.sum()
    for c in range(len(more)):
        more[c] -= stock.shares[j, c] * total


def _farther(lay: Layout, plan: Plan, stock: Stock, seen: Floats, least: Floats) -> float:
    """Return how much farther means go, relative, than is ``seen``; of ``least``, see `_least`."""
    far = 0.0
    for j in range(len(lay.returned)):
        if not _gathers(lay, plan, stock, j):
            continue
        for c in range(len(least)):
            now, mean = stock.shares[j, c], plan.mean[j, c]
            size = max(max(now, mean), max(least[c] / plan.out[j], DUST))
            far = max(far, (abs(mean - now) - abs(seen[j, c] - now)) / size)
    return far


def _moves_round(lay: Layout, plan: Plan, stock: Stock, least: float) -> bool:
    """Whether a tank that gets back what it gives has a mean that far from what it holds."""
    for j in range(len(lay.returned)):
        move = mixing.difference(plan.mean[j], stock.shares[j])
        if move > least and _gathers(lay, plan, stock, j):
            return True
    return False


def _gathers(lay: Layout, plan: Plan, stock: Stock, tank: int) -> bool:
    """Whether a tank gets back what it gives, and holds more than rounding of what passes."""
    return bool(lay.returned[tank]) and _holds(lay, plan, stock, tank)


def _holds(lay: Layout, plan: Plan, stock: Stock, tank: int) -> bool:
    """Whether a tank gives, and holds more than rounding of what passes."""
    if plan.status[tank] == EMPTY and lay.heel[tank] == 0.0:
        return False
    dust = max(EMPTIED * LONGEST * plan.out[tank], 1e-13 * lay.capacity[tank])
    return bool(plan.out[tank] > 0.0 and stock.level[tank] > dust)


def mark_followed(lay: Layout, plan: Plan, alone: Flags, followed: Flags) -> None:
    """Mark tanks whose composition moves no level, not by way of empty tanks either."""
    arrays.copy(alone, followed)
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


def _known(now: Situation, motion: Motion, at_rest: Flags) -> float:
    """Return the hours in which no feed moves further than its recipe is known for.

    Gas that a train collects from another moves as what is fed to that one.
    """
    lay, plan, questions = now.lay, now.plan, now.questions
    tanks, calm = len(at_rest), LONGEST
    first, goes, way, pace, _, begins, thin, _, _ = motion
    shape = questions.per_kg.shape
    gas_first, gas_goes = arrays.space(shape, 0.0), arrays.space(shape, 0.0)
    gas_way, speed = arrays.space(shape, 0.0), arrays.space(shape, 0.0)
    for e in range(len(speed)):
        if lay.entry_row[e] >= 0:
            arrays.copy(pace[lay.entry_row[e]], speed[e])
    if len(questions.gas) > 0:
        stale.collect(lay, first, plan.rate, questions)
        arrays.copy(questions.per_kg, gas_first)
        stale.collect(lay, goes, plan.rate, questions)
        arrays.copy(questions.per_kg, gas_goes)
        _gas_ways(lay, way, plan.rate, questions, gas_way, speed)
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
            begun = factor * (first[j, c] if j >= 0 else gas_first[e, c])
            then = factor * (goes[j, c] if j >= 0 else gas_goes[e, c])
            moves = factor * (way[j, c] if j >= 0 else gas_way[e, c])
            farthest = max(then, moves)  # of what only passes, both ends are nothing
            room = stale.may_move(begun, questions.leeway[e, c], farthest, now.tolerance)
            soon = _until(moves, 2.0 * room, speed[e, c])
            late = _until(moves, WIDE * room, speed[e, c])
            if 0 <= j < tanks and thin[j] > 0.0:
                begin = max(factor * begins[j, c], 1e-300)
                soon = max(soon, min(room / begin, thin[j]))
                late = max(late, min(0.5 * WIDE * room / begin, thin[j]))
            near, far = min(near, soon), min(far, late)
        calm = min(calm, min(far, max(near, now.brief)))
    return calm


def _gas_ways(
    lay: Layout, way: Floats, rate: Floats, questions: Questions, gas_way: Floats, speed: Floats
) -> None:
    """Set how far collected gas gets, at most, where what tanks and supplies give goes these ways.

    What comes of 1 kg whatever it is does not move, as where a tank brings it in place of a supply.
    The sum of ways goes as fast as it begins to: no sum of them is further at any time. ``speed``
    is by entry and component, 1/h, and is written where gas is collected.
    """
    n = way.shape[1]
    for g in range(len(questions.gas)):
        t, first, end, there, led = questions.gas[g]
        for e in range(first, end if led != 0 and rate[t] > 0.0 else first):
            row, factor = lay.entry_row[e], rate[lay.entry_activity[e]] / rate[t]
            for d in range(n if factor != 0.0 else 0):
                common = inf
                for c in range(n):
                    if c != d and abs(questions.given[g, e, c, d]) < abs(common):
                        common = questions.given[g, e, c, d]
                for c in range(n):
                    far = factor * (gas_way[e, c] if row < 0 else way[row, c])
                    far *= abs(questions.given[g, e, c, d] - common)
                    gas_way[there, d] += far
                    speed[there, d] += far * speed[e, c]
        for d in range(n):
            if gas_way[there, d] > 0.0:
                speed[there, d] /= gas_way[there, d]


def _until(way: float, room: float, speed: float) -> float:
    """Return when what goes a way, ever slower, has gone as far as there is room, h."""
    return -log1p(-room / way) / speed if way > room else inf


def _drift(
    lay: Layout,
    plan: Plan,
    moves: Floats,
    held: Floats,
    level: float,
    j: int,
    least: Floats,
    inflow: Floats,
    tolerance: float,
    drift: Floats,
) -> None:
    """Write how fast a component's share moves at first in a tank that feeds itself, relative, 1/h.

    And how much of it comes back, kg/h per kg/kg: both of that component which has to be followed
    most closely, for the one that is fastest may be another than the one that nearly all comes
    back. ``inflow``, that at the means, is changed to that at what the tank holds.
    """
    n, returns = len(held), False
    drift[:] = 0.0
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
        return
    entered, shortest = inflow.sum(), inf
    for c in range(n):
        now, back = max(held[c], 0.0) / level, 0.0
        for f in range(lay.row_start[j], lay.row_start[j + 1]):
            k = lay.term_activity[f]
            if lay.source[k] == j and plan.gain[f] > -1.0:
                returned = moves[k, j, c, c]
                for d in range(n):
                    if d != c and moves[k, j, c, d] != 0.0:  # as another
                        returned = max(returned, 1.0 + plan.gain[f])
                back += plan.rate[k] * returned
        size = max(now, least[c] / plan.out[j], DUST)
        moved = abs(inflow[c] - now * entered) / (level * size)
        step = _followed_by_itself(level, entered / level, moved, back, tolerance)
        if step < shortest:
            drift[0], drift[1], shortest = moved, back, step
