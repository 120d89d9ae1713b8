"""Loops that ask the members of a train for their recipes, in sequence, on flat arrays.

A member's recipe is a row of numbers, and what answers for it is called by its address, as in
`sim.flow.arrays`. The loops are plain Python, which `sim.flow.native` replaces by compiled ones.
"""

from __future__ import annotations

import numpy as np

from sim.flow import arrays, push
from sim.flow.arrays import Floats
from sim.flow.board import BEFORE, CARRIED, MEMBERS, WIRING, Situation, view
from sim.flow.push import Answer, Carried, Members, Wiring
from sim.flow.rest import USES
from sim.flow.stale import STANDS

DRAW_TOLERANCE = 1e-8  # relative; a unit that sees the draws it asked for has answered
LEAST_DRAW = 1e-9  # kg/h; a smaller draw need be no more exact
DRAW_PASSES = 8
SETTLED = -1
SPLITS = -3  # a split below nothing
ROUNDING = 1e-9  # kg/kg; a split may be so little below nothing
MOST = 1e290  # times that a feed is made larger for that
NO_NUMBER = -4  # or below it, by m: what member m has answered is no number, or nothing


def _draw(wiring: Wiring, members: Members, m: int) -> bool:
    """Let a member draw by its recipe; return whether that moves what it was asked for.

    What tanks alone give is as much as is asked for, whatever they bring.
    """
    given, inlet, drawn, row = members.given, members.inlet, members.drawn, members.recipe[m]
    first, n, moves = wiring.first_slot[m], given.shape[1], False
    for i in range(first, wiring.first_slot[m + 1]):
        for c in range(n):
            inlet[i, c] = given[i, c]
    d, end = members.draw_first[m], members.draw_first[m + 1]
    place = (wiring.first_stream[m + 1] - wiring.first_stream[m]) * n
    worth = place + (end - d) * n
    for k in range(d, end):
        i, asked, offered = members.draw_slot[k], 0.0, 0.0
        for c in range(n):
            asked += given[first, c] * row[place + (k - d) * n + c]
            offered += given[i, c] * row[worth + (k - d) * n + c]
        if members.by_tanks[k]:
            factor = asked / offered if offered > 0.0 else 0.0
            for c in range(n):
                inlet[i, c] = factor * given[i, c]
        else:
            asked = max(asked - offered, 0.0)
            for c in range(n):
                inlet[i, c] = given[i, c] + asked * wiring.shares[i, c]
        moves |= abs(asked - drawn[k]) > DRAW_TOLERANCE * max(asked, LEAST_DRAW)
        drawn[k] = asked
    return moves


def _pass_on(wiring: Wiring, members: Members, m: int, pool: Floats) -> None:
    """Pool what is at a member's inlets, let it react, and give it to later members."""
    n, row = len(pool), members.recipe[m]
    for c in range(n):
        pool[c] = 0.0
        for i in range(wiring.first_slot[m], wiring.first_slot[m + 1]):
            pool[c] += members.inlet[i, c]
    outlets = wiring.first_stream[m + 1] - wiring.first_stream[m]
    place = (outlets + 2 * (members.draw_first[m + 1] - members.draw_first[m])) * n + USES
    for _ in range(members.rounds[m]):
        for k in range(members.conversions[m]):
            key, x = members.key[m, k], members.column[m, k]
            extent = pool[key] * (row[place + k] / -members.per_kmol[x, key])
            for c in range(n):
                pool[c] += members.per_kmol[x, c] * extent
    for o in range(outlets):
        to = wiring.leads[wiring.first_stream[m] + o]
        if to >= 0:
            for c in range(n):
                members.given[to, c] += pool[c] * row[o * n + c]


def ask(wiring: Wiring, members: Members, flows: Floats) -> int:
    """Ask every member for its recipe at what comes in at the entries, kg/h.

    Returns `SETTLED`, the member whose draws depend on what it draws, or `NO_NUMBER` less that
    which answers so: a unit in Python that has raised an error does.
    """
    n, given, recipe = flows.shape[1], members.given, members.recipe
    pool = np.zeros(n)
    given[:] = 0.0
    for e in range(len(flows)):
        for c in range(n):
            given[wiring.entry_slot[e], c] += flows[e, c]
    for m in range(len(members.address)):
        first, main = wiring.first_slot[m], 0.0
        for c in range(n):
            main += given[first, c]
        members.limit[m] = members.capacity[m] * members.at[0] / main if main > 0.0 else np.inf
        for asked in range(DRAW_PASSES + 1):
            moves = _draw(wiring, members, m)
            if asked > 0 and not moves:
                break
            if asked == DRAW_PASSES:
                return m
            recipe[m, 0] = np.nan
            arrays.call(
                members.address[m],
                members.numbers[m].ctypes.data,
                members.inlet[first].ctypes.data,
                members.at.ctypes.data,
                recipe[m].ctypes.data,
            )
            if not np.isfinite(recipe[m]).all():
                return NO_NUMBER - m
        _pass_on(wiring, members, m, pool)
    return SETTLED


def enter(now: Situation, t: int, feeds: Floats, rate: float, flows: Floats) -> None:
    """Set what comes in at the entries of a train, of which it runs the first at a rate, kg/h.

    Of gas that it collects a recipe asked for elsewhere may let less than nothing come, as where
    another reaction took what is not there now; no unit is shown that.
    """
    lay, first = now.lay, now.paths.entry_first[t]
    for e in range(len(flows)):
        row, k = lay.entry_row[first + e], lay.entry_activity[first + e]
        kg = rate if e == 0 else now.plan.rate[k]
        for c in range(flows.shape[1]):
            per_kg = now.questions.per_kg[first + e, c] if row < 0 else feeds[row, c]
            flows[e, c] = kg * max(per_kg, 0.0)


def answered(now: Situation, t: int, rate: float) -> int:
    """Let a train answer, in the table that does not hold, what is in its feed, kg/h, at a rate.

    One that as good as stands is asked as for a trickle: what it draws in any case would be more
    for each kg of less than any float holds. Returns a code as of `ask`.
    """
    row = now.trains.rows[t]
    wiring, members = view(row, WIRING, Wiring), view(row, MEMBERS, Members)
    carried, answer = view(row, CARRIED, Carried), view(row, BEFORE, Answer)
    trickle = max(rate, STANDS * now.paths.nominal[t])
    more = min(trickle / rate, MOST)
    for e in range(len(carried.feed)):
        for c in range(carried.feed.shape[1]):
            carried.flows[e, c] = more * carried.feed[e, c]
    _mix_seconds(now, t, carried.flows)
    members.at[0] = trickle
    code = ask(wiring, members, carried.flows)
    if code != SETTLED:
        return code
    return SPLITS if push.push(wiring, members, answer) < -ROUNDING else SETTLED


def _mix_seconds(now: Situation, t: int, flows: Floats) -> None:
    """Show a train in what mixture a second feed comes that it has not asked for yet.

    How much of it is for the recipe to say.
    """
    plan, paths = now.plan, now.paths
    for i in range(len(paths.served)):
        if paths.served[i, 0] != t or paths.served[i, 4] != 2:
            continue
        flowing, last = False, -1
        for d in range(len(paths.drawn)):
            if paths.drawn[d, 0] == i:
                flowing |= plan.rate[paths.drawn[d, 2]] != 0.0
                last = d
        if last >= 0 and not flowing:
            e, k = paths.drawn[last, 1], paths.drawn[last, 2]
            arrays.copy(plan.mean[now.lay.source[k]], flows[e])


ALLOCATING = ("ask",)
