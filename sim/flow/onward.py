"""What empty tanks pass on, and how that moves: as what comes to them does, and sooner or later."""

from __future__ import annotations

from math import inf
from typing import NamedTuple

from sim.flow import arrays, mixing
from sim.flow.arrays import Flags, Floats, Layout, Plan
from sim.flow.mixing import DUST, NONE_LEFT
from sim.flow.stale import LEAST

ROUNDS = 100  # at most, in which empty tanks that feed each other are told what each passes on
CHAINED = 0.4  # of the hours in which what comes at most doubles its pace: so does what goes on
LEAST_LEFT = 1e-9  # of a component, that leaves a tank to which all the rest comes back
UNTOLD = 0.2  # of a way at least, that more arrives: what goes round a loop is not told to its end
FOLLOWS = 1e-5  # of what a reaction takes; of so little left the draw is as what it takes of asks
LOOPED = 0.01  # of the hours in which half has come: what is told less goes round a loop


class Motion(NamedTuple):
    """How what leaves each tank and supply moves, by component."""

    first: Floats
    goes: Floats
    """Compositions now and in the long run, kg/kg."""
    way: Floats
    """How far, at most, they get from the first on their way, kg/kg."""
    pace: Floats
    """How fast, 1/h, each component at its own."""
    lag: Floats
    """How long that takes, h."""
    begins: Floats
    """Of what empty tanks pass on: how fast at first, kg/kg an hour, ..."""
    thin: Floats
    """... which at most doubles in so many hours, while half of what comes is left."""
    less: Floats
    """How much passes each in the long run, of what does now, 1: empty ones give what they get."""
    sent: Floats
    """How far what passes an empty one gets, at most, by component, of all that does now, kg/kg."""


def pass_on(lay: Layout, plan: Plan, hollow: Flags, hollows: int, motion: Motion) -> None:
    """Write how what leaves the tanks that are ``hollow``, so many, moves."""
    for _ in range(ROUNDS if hollows > 1 else hollows):
        if not _tell(lay, plan, hollow, motion):
            return


def _tell(lay: Layout, plan: Plan, hollow: Flags, motion: Motion) -> bool:
    """Let what each passes on move as what it gets does; return whether one is to be told again.

    What is all but there is not looked at. Empty tanks that get from others, further on in the
    row, are told of these again, until it hardly matters.
    """
    n, again, moved = motion.first.shape[1], False, False
    back = arrays.space(n, 0.0)
    come = Coming(
        arrays.space(n, 0.0), arrays.space(n, 0.0), arrays.space(n, 0.0),
        arrays.space(n, 0.0), arrays.space(n, 0.0), arrays.space(n, 0.0),
    )  # fmt: skip
    for j in range(len(hollow)):
        if not hollow[j]:
            continue
        for f in range(lay.row_start[j], lay.row_start[j + 1]):
            k = lay.term_activity[f]
            flows = plan.rate[k] != 0.0 and plan.listed[f] > 0
            again |= flows and j < lay.source[k] < len(hollow) and hollow[lay.source[k]]
        totals = _gathered(lay, plan, j, hollow, motion, False, come)
        # a second feed counts less what a supply then need not make up for the first, so that
        # what is left where the tank's own return is left out may be less than nothing
        if come.now.min() < 0.0 or come.then.min() < 0.0:
            totals = _gathered(lay, plan, j, hollow, motion, True, come)
        elif _return(lay, plan, j, back):
            totals = _add_returned(come, back, totals.doubles)
        moved |= _passes(plan, j, motion, come, totals)
    return again and moved


class Coming(NamedTuple):
    """What comes to an empty tank, kg/h by component."""

    now: Floats
    then: Floats
    away: Floats
    """How far it gets, at most, from what it is now, ..."""
    moves: Floats
    """... times how fast, 1/h, ..."""
    sets_out: Floats
    """... and as that begins: what other empty tanks send has a way that they set out on later."""
    takes: Floats
    """How far times how long that takes, h."""


class Totals(NamedTuple):
    """Of what more or less comes, one component for another or not: the last four of `Coming`..."""

    away: float
    moves: float
    sets_out: float
    takes: float
    doubles: float
    """... in how many hours the pace of what other empty tanks send at most doubles, ..."""
    stirs: float
    parts: float
    """... and of all that moves, though it be as much as before: how fast, and as it begins."""


def _gathered(
    lay: Layout, plan: Plan, j: int, hollow: Flags, motion: Motion, returns: bool, come: Coming
) -> Totals:
    """Add up what comes to an empty tank; what it ``returns`` to itself, too, or not."""
    for sums in come:
        sums[:] = 0.0
    away = moves = sets_out = takes = stirs = parts = 0.0
    doubles, common, taken = inf, arrays.space(len(come.now), 0.0), False
    arrives = arrays.space(len(come.now), 0.0)
    for f in range(lay.row_start[j], lay.row_start[j + 1]):
        k = lay.term_activity[f]
        if plan.rate[k] == 0.0 or plan.listed[f] == 0 or (lay.source[k] == j and not returns):
            continue
        taken |= plan.taking[f]
        more = _send(lay, plan, j, f, hollow, motion, come, common, arrives)
        away += more.away
        moves += more.moves
        sets_out += more.sets_out
        takes += more.takes
        doubles = min(doubles, more.doubles)
        stirs += more.stirs
        parts += more.parts
    if taken:  # what is drawn for a reaction follows what it is drawn from, and so does the rest
        mixing.pour(lay, plan, j, common)
        for c in range(len(come.then)):
            come.then[c] -= come.now[c]
        for moving in (come.then, come.away, come.moves, come.sets_out, come.takes):
            mixing.leave_none(lay, plan, plan.mean, j, common, moving, FOLLOWS)
        for c in range(len(come.then)):
            come.then[c] += come.now[c]
        for sums in (come.now, come.then):
            mixing.leave_none(lay, plan, plan.mean, j, common, sums, NONE_LEFT)
    return Totals(away, moves, sets_out, takes, doubles, stirs, parts)


def _send(
    lay: Layout,
    plan: Plan,
    j: int,
    f: int,
    hollow: Flags,
    motion: Motion,
    come: Coming,
    common: Floats,
    arrives: Floats,
) -> Totals:
    """Add what one activity sends to an empty tank to what comes; return what is more or less."""
    first, goes, way, pace, lag, begins, thin, less, sent = motion
    k = lay.term_activity[f]
    rate, up = plan.rate[k], lay.source[k]
    onwards = up < len(hollow) and hollow[up]
    _common(plan, f, common)
    passes = _arrive(plan, f, first[up], arrives) if onwards else 0.0
    more = some = fast = leaves = stirs = parts = 0.0
    for i in range(plan.listed[f]):
        c, d = plan.parts[f, 2 * i], plan.parts[f, 2 * i + 1]
        kg = rate * plan.kg[f, i]
        come.now[d] += first[up, c] * kg
        then = less[up] * goes[up, c]
        come.then[d] += then * kg
        more += (then - first[up, c]) * kg
        if up == j or way[up, c] <= 0.0:
            continue
        own = abs(kg - rate * common[d])
        far = way[up, c] * own
        if onwards:  # no more of it than all that passes there, however little passes with it
            all_of_it = (first[up, c] + sent[up, c]) * plan.out[up] / rate
            far = min(way[up, c], max(first[up, c], all_of_it - first[up, c])) * own
        begun = begins[up, c] * own if onwards else far * pace[up, c]
        come.away[d] += far
        come.moves[d] += far * pace[up, c]
        come.sets_out[d] += begun
        come.takes[d] += far * lag[up]
        if onwards and arrives[c] != 0.0:
            # what one component is sent for another is no more, but for how it is split
            part = min(max(abs(1.0 - passes / arrives[c]), UNTOLD), 1.0)
            some += part * far
            fast += part * far * pace[up, c]
            leaves += part * begun
        stirs += far * pace[up, c]
        parts += begun
    if not onwards:  # of what is less, as much is more
        some = abs(more)
        fast = leaves = stirs = parts = some * pace[up].max()
    doubles = thin[up] if onwards and stirs > 0.0 else inf
    return Totals(some, fast, leaves, some * lag[up], doubles, stirs, parts)


def _arrive(plan: Plan, f: int, sent: Floats, arrives: Floats) -> float:
    """Set what arrives of each component that is sent, kg/kg; return what does of all, as sent."""
    arrives[:] = 0.0
    passes = 0.0
    for i in range(plan.listed[f]):
        c = plan.parts[f, 2 * i]
        arrives[c] += plan.kg[f, i]
        passes += sent[c] * plan.kg[f, i]
    return passes


def _return(lay: Layout, plan: Plan, j: int, back: Floats) -> bool:
    """Set what share of each component that leaves a tank comes back at once; whether any does."""
    back[:] = 0.0
    returns = False
    for f in range(lay.row_start[j], lay.row_start[j + 1]):
        k = lay.term_activity[f]
        if lay.source[k] != j or plan.rate[k] == 0.0:
            continue
        for i in range(plan.listed[f]):
            c = plan.parts[f, 2 * i]
            if c == plan.parts[f, 2 * i + 1]:
                back[c] += plan.rate[k] / plan.out[j] * plan.kg[f, i]
                returns = True
    return returns


def _add_returned(come: Coming, back: Floats, doubles: float) -> Totals:
    """Add to what comes to an empty tank what it returns to itself of that, and so on.

    So a component gathers there that nearly all comes back. Returns the totals of it.
    """
    for c in range(len(back)):
        passes = 1.0 / max(1.0 - back[c], LEAST_LEFT)
        for sums in come:
            sums[c] *= passes
    moves, parts = come.moves.sum(), come.sets_out.sum()
    return Totals(come.away.sum(), moves, parts, come.takes.sum(), doubles, moves, parts)


def _common(plan: Plan, f: int, common: Floats) -> None:
    """Set what arrives of each component whatever is sent, kg/kg, of a term.

    So a supply arrives that makes up for what is not drawn; when another component is sent, that
    moves nothing of it.
    """
    n = len(common)
    common[:] = 0.0
    others = arrays.space(n, 0)
    for i in range(plan.listed[f] if plan.listed[f] > n else 0):
        c, d = plan.parts[f, 2 * i], plan.parts[f, 2 * i + 1]
        if c != d:
            kg = plan.kg[f, i]
            if others[d] == 0 or abs(kg) < abs(common[d]):
                common[d] = kg
            others[d] += 1
    for d in range(n):
        if others[d] < n - 1:
            common[d] = 0.0


def _passes(plan: Plan, j: int, motion: Motion, come: Coming, totals: Totals) -> bool:
    """Write how what an empty tank passes on moves; return whether that is news.

    A share moves with what comes of its component, and with what comes of all others.
    The ways of what comes from several add up, though they be opposite: of two at different paces
    the one is there when the other begins. The sum goes as fast as it begins to, for no sum of such
    ways is further at any time, and takes as long as its parts in the mean.
    """
    first, goes, way, pace, lag, begins, thin, less, sent = motion
    now, then, away, moves, sets_out, takes = come
    spread, sets_off = totals.away, totals.sets_out
    comes, came, news = now.sum(), then.sum(), False
    less[j] = min(came / comes, 1.0) if comes > 0.0 else 1.0
    pace[j, :] = 0.0
    begins[j, :] = 0.0
    lag[j] = 0.0
    thin[j] = 0.5 * comes / totals.stirs if totals.stirs > 0.0 else inf
    early = 0.0
    if totals.parts > 0.0:
        early = CHAINED * min(0.5 * comes / totals.parts, totals.doubles)
    if totals.doubles < inf and early > LOOPED * thin[j]:
        thin[j] = early
    else:  # nothing comes by way of others, or from a loop of them, told again and again
        arrays.copy(moves, sets_out)
        sets_off = totals.moves
    for c in range(len(now)):
        dust = DUST * min(comes, came)
        if comes - now[c] <= dust and came - then[c] <= dust and away.sum() - away[c] <= dust:
            away[:] = 0.0  # however much comes of one alone, it is all there is
            spread = 0.0
    for c in range(len(now)):
        last, last_way = goes[j, c], way[j, c]
        first[j, c] = max(now[c], 0.0) / comes if comes > 0.0 else plan.mean[j, c]
        goes[j, c] = max(then[c], 0.0) / came if came > 0.0 else plan.mean[j, c]
        way[j, c] = abs(goes[j, c] - first[j, c])
        share = max(first[j, c], goes[j, c])
        goes_by = away[c] + share * spread
        if comes > 0.0:
            way[j, c] = min(max(way[j, c], goes_by / comes), 1.0)  # all of it
            sent[j, c] = away[c] / comes
        if goes_by > 0.0 and way[j, c] > LEAST * share:
            pace[j, c] = (moves[c] + share * totals.moves) / goes_by
            if comes > 0.0:
                begins[j, c] = (sets_out[c] + first[j, c] * sets_off) / comes
            lag[j] = max(lag[j], (takes[c] + share * totals.takes) / goes_by)
        news |= abs(goes[j, c] - last) > 1e-3 * goes[j, c]
        news |= abs(way[j, c] - last_way) > 0.1 * way[j, c]
    return news
