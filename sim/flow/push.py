"""Loops that push material through the recipes of trains, on flat arrays.

Plain Python, compiled as those of :mod:`sim.flow.core` are. A train's streams stand in the order
of ``CompiledTrain.streams``; its slots are the inlets of its members, one after another.
"""

from __future__ import annotations

from typing import NamedTuple

from sim.flow import arrays
from sim.flow.arrays import Effects, Flags, Floats, Ints
from sim.flow.stale import START

NONE = -1
AIM = 1.0  # times the tolerance: by so much an answer may move to both sides of the mean ...
BOLD = 10.0  # ... but the question by no more than that many times its last move
JUMPED = 0.6  # of the larger of two questions; by so much none moves unless something else happens
BLAMED = 0.1  # of the largest move by its leeway; what has moved less is not to blame
UNSEEN = 1e-2  # of the largest stream of a component: by so much more a smaller one may be off
ROUNDING = 1e-9  # of the first leeway; a smaller move tells nothing
UNIFORM = 1e-13  # relative
MADE_UP = 1e-9  # kg per kg that enters a train; less made up than nothing is rounding
TINY = 1e-300


class Wiring(NamedTuple):
    """How the members of a train hang together."""

    entry_slot: Ints
    first_slot: Ints
    """By member, and one more: its main inlet, after which come its others."""
    supply: Ints
    """By slot: the stream that a supply makes up there, or NONE."""
    header: Ints
    """By slot: its place among the train's make-up headers, or NONE."""
    shares: Floats
    """Composition of that supply, kg/kg, by slot and component."""
    first_stream: Ints
    """By member, and one more: its first outlet, after which come its others."""
    leads: Ints
    """By stream: the slot of a later member that it goes to, or NONE."""


class Members(NamedTuple):
    """The members of a train and their recipes; draws as those of the train, one after another."""

    address: Ints  #: Of what answers for each member
    numbers: Floats  #: Its parameters
    at: Floats  #: Main feed of the train, kg/h, and the surroundings
    capacity: Floats  #: kg/h of its main inlet
    limit: Floats  #: Activity at which each member is full, kg/h
    recipe: Floats  #: A row for each member
    use: Ints  #: Which utility each place of a member's recipe is for; -1 for none
    draw_first: Ints  #: Of every member, and one more
    draw_slot: Ints  #: Inlet of each draw
    drawn: Floats  #: kg/h, by draw
    by_tanks: Flags  #: Draws of which no supply makes up the rest
    conversions: Ints  #: How many conversions each member's recipe has
    rounds: Ints  #: How often these run one after another
    key: Ints  #: Key component of each of them
    column: Ints  #: Its place among the extents
    per_kmol: Floats  #: kg made per kmol, by column
    given: Floats  #: At each inlet, before what is drawn, kg/h
    inlet: Floats  #: At each inlet, kg/h


class Answer(NamedTuple):
    """What a train makes of 1 kg of each component at each entry; rows are entry x component."""

    streams: Floats
    """kg by row, stream and component."""
    uses: Floats
    """Utilities by row, member and utility."""
    extents: Floats
    """kmol by row and member's reaction."""
    demand: Floats
    """kg of its last source that each header's inlet asks for, by header and row."""
    worth: Floats
    """kg of that source replaced by 1 kg of each component, by slot and component."""


class Totals(NamedTuple):
    """What a train has carried under one regime: kg by entry and by stream, utilities, kmol."""

    fed: Floats
    streams: Floats
    uses: Floats
    extents: Floats


class Carried(NamedTuple):
    """What a train carries between its members and the rest."""

    routes: Ints
    """For each stream that leaves it: its position, the tank that it goes to or NONE, and else the
    entry that collects it, or NONE."""
    made_up: Ints
    """Position of the stream that each header's supply makes up."""
    limits: Floats
    """Activity at which each member is full, kg/h, by the last recipe that tells."""
    feed: Floats
    flows: Floats
    """What comes in at its entries, per kg of main feed and kg/h."""
    made: Floats
    """What became of what it was fed, kg by stream and component."""
    draws: int
    """How many of its streams supplies make up, the first."""


def push(wiring: Wiring, members: Members, answer: Answer) -> float:
    """Push 1 kg of each component of each entry through the recipes, which writes the answer.

    Returns the least share of any split, kg/kg.
    """
    rows, _, n = answer.streams.shape
    incoming, pool = arrays.space((len(wiring.supply), n), 0.0), arrays.space(n, 0.0)
    there = arrays.space(n, 0)
    answer.streams[:] = 0.0
    answer.uses[:] = 0.0
    answer.extents[:] = 0.0
    answer.demand[:] = 0.0
    least = _worths(wiring, members, answer.worth)
    for row in range(rows):
        incoming[:] = 0.0
        incoming[wiring.entry_slot[row // n], row % n] = 1.0
        for m in range(len(members.address)):
            if _comes(wiring, m, incoming):
                place = _pour(wiring, members, answer, row, m, incoming, pool)
                _react(members, m, place, pool, answer.extents[row])
                _split(wiring, members, m, pool, there, answer.streams[row], incoming)
    return least


def _comes(wiring: Wiring, m: int, incoming: Floats) -> bool:
    """Whether anything comes in at a member: most entries lead past most of them."""
    for slot in range(wiring.first_slot[m], wiring.first_slot[m + 1]):
        for c in range(incoming.shape[1]):
            if incoming[slot, c] != 0.0:
                return True
    return False


def _worths(wiring: Wiring, members: Members, worth: Floats) -> float:
    """Set what each component is worth at each inlet; return the least share of any split."""
    least, n = 1.0, worth.shape[1]
    worth[:] = 1.0
    for m in range(len(members.address)):
        outlets = (wiring.first_stream[m + 1] - wiring.first_stream[m]) * n
        d, end = members.draw_first[m], members.draw_first[m + 1]
        for i in range(outlets):
            least = min(least, members.recipe[m, i])
        for k in range(end - d):
            for c in range(n):
                place = outlets + (end - d + k) * n + c
                worth[members.draw_slot[d + k], c] = members.recipe[m, place]
    return least


def _pour(
    wiring: Wiring, members: Members, answer: Answer, row: int, m: int, incoming: Floats,
    pool: Floats,
) -> int:  # fmt: skip
    """Pool what comes in at a member's inlets and what it draws, and note what it uses.

    Returns where in its recipe its conversions are.
    """
    n, recipe, main, worth = len(pool), members.recipe[m], wiring.first_slot[m], answer.worth
    place = (wiring.first_stream[m + 1] - wiring.first_stream[m]) * n
    total = 0.0
    for c in range(n):
        pool[c] = incoming[main, c]
        total += pool[c]
    for slot in range(main + 1, wiring.first_slot[m + 1]):
        for c in range(n):
            pool[c] += incoming[slot, c]
    for d in range(members.draw_first[m], members.draw_first[m + 1]):
        slot = members.draw_slot[d]
        asked = brought = 0.0
        for c in range(n):
            asked += incoming[main, c] * recipe[place + c]
        place += n
        if wiring.header[slot] != NONE:
            answer.demand[wiring.header[slot], row] = asked
            for c in range(n):
                brought += incoming[slot, c] * worth[slot, c]
            asked -= brought
        if asked != 0.0 and wiring.supply[slot] != NONE:
            for c in range(n):
                kg = asked * wiring.shares[slot, c]
                answer.streams[row, wiring.supply[slot], c] = kg
                pool[c] += kg
    place += (members.draw_first[m + 1] - members.draw_first[m]) * n
    for k in range(members.use.shape[1]):
        if members.use[m, k] != NONE:
            answer.uses[row, m, members.use[m, k]] = total * recipe[place + k]
    return int(place + members.use.shape[1])


def _react(members: Members, m: int, place: int, pool: Floats, extents: Floats) -> None:
    """Let what is in the pool react, and add up how far, kmol by column."""
    recipe = members.recipe[m]
    for _ in range(members.rounds[m]):
        for k in range(members.conversions[m]):
            key, x = members.key[m, k], members.column[m, k]
            extent = pool[key] * (recipe[place + k] / -members.per_kmol[x, key])
            if extent != 0.0:
                for c in range(len(pool)):
                    pool[c] += members.per_kmol[x, c] * extent
                extents[x] += extent


def _split(
    wiring: Wiring, members: Members, m: int, pool: Floats, there: Ints, streams: Floats,
    incoming: Floats,
) -> None:  # fmt: skip
    """Split what is in the pool over a member's outlets, and hand it on; ``there`` is space."""
    recipe, place, kinds = members.recipe[m], 0, 0
    for c in range(len(pool)):  # of one component, most others are nothing
        if pool[c] != 0.0:
            there[kinds] = c
            kinds += 1
    for s in range(wiring.first_stream[m], wiring.first_stream[m + 1]):
        to = wiring.leads[s]
        for c in there[:kinds]:
            kg = pool[c] * recipe[place + c]
            streams[s, c] = kg
            if to != NONE:
                incoming[to, c] += kg
        place += len(pool)


def near(routes: Ints, reach: Flags, tanks: Flags) -> None:
    """Mark the tanks that a train may reach by its routes, or has reached so far."""
    arrays.copy(reach, tanks)
    for r in range(len(routes)):
        if routes[r, 1] != NONE:
            tanks[routes[r, 1]] = True
        else:
            tanks[:] = True


def move(streams: Floats, routes: Ints, guest_moves: Floats, tanks: Flags, moved: Floats) -> None:
    """Set where 1 kg of each component of an entry goes, kg by tank and component.

    ``streams`` (components, streams, components) is what becomes of it; ``routes`` has for each
    stream its position, the tank that it goes to or NONE, and else the place in ``guest_moves`` of
    the entry that collects it. ``moved`` is by tank, component and component; ``tanks`` are those
    that are `near`.
    """
    _, n, _ = moved.shape
    for j in range(len(tanks)):
        if tanks[j]:
            moved[j] = 0.0
    for r in range(len(routes)):
        s, tank, guest = routes[r]
        for c in range(n):
            for d in range(n):
                kg = streams[c, s, d]
                if kg == 0.0:
                    continue
                if tank != NONE:
                    moved[tank, c, d] += kg
                else:
                    for j in range(len(tanks)):
                        for e in range(n):
                            moved[j, c, e] += kg * guest_moves[guest, j, d, e]


def total(moved: Floats, tanks: Flags, totals: Floats, reach: Flags) -> bool:
    """Set the sums over what arrives in each tank, and which are reached; whether those changed."""
    changed = False
    for j in range(len(tanks)):
        if not tanks[j]:
            continue
        reached = False
        for c in range(moved.shape[1]):
            kg = 0.0
            for d in range(moved.shape[1]):
                kg += moved[j, c, d]
                reached |= moved[j, c, d] != 0.0
            totals[j, c] = kg
        changed |= reached != reach[j]
        reach[j] = reached
    return changed


def alike(k: int, source: Ints, effects: Effects) -> None:
    """Mark whether 1 kg that an activity takes is worth the same to every level, whatever it is.

    And whether that holds for all that draw from the same tank.
    """
    same = True
    for j in range(len(effects.alone)):
        if effects.reach[k, j]:
            same &= _uniform(effects.totals[k, j])
    for row in range(len(effects.beyond)):
        same &= _uniform(effects.beyond[row, k])
    for u in range(len(effects.peaks)):
        same &= _uniform(effects.uses[u, k])  # which may be beyond a peak for a while
    effects.same[k] = same
    tank = source[k]
    if tank >= len(effects.alone):
        return
    effects.alone[tank] = True
    for other in range(len(source)):
        if source[other] == tank:
            effects.alone[tank] &= effects.same[other]


def _uniform(values: Floats) -> bool:
    low = high = values[0]
    for c in range(1, len(values)):
        low, high = min(low, values[c]), max(high, values[c])
    return bool(high - low <= UNIFORM * max(abs(low), abs(high)))


def makes(feed: Floats, answer: Answer, made_up: Ints, made: Floats, used: Floats) -> None:
    """Set what becomes of a feed and what it uses, by what comes of 1 kg of each of its parts.

    What a supply makes up is a difference; what its header's inlet asks for counts.
    """
    n, demand = feed.shape[1], answer.demand
    _answers(feed, answer.streams, made)
    _answers(feed, answer.uses, used)
    for h in range(len(made_up)):
        made[made_up[h], :] = 0.0
        for row in range(demand.shape[1]):
            made[made_up[h], 0] += feed[row // n, row % n] * demand[h, row]


def meet(feed: Floats, before: Answer, answer: Answer, made_up: Ints, met: Floats) -> None:
    """Set a feed to what is brought once another answer holds.

    Where a supply has nothing to make up, the tanks of its header bring what is asked for then,
    too: else a trace of the supply would seem to come and go with the last digits of what is asked.
    """
    n = feed.shape[1]
    arrays.copy(feed, met)
    for h in range(len(made_up)):
        asked = asks = makes_up = 0.0
        for row in range(before.demand.shape[1]):
            kg = feed[row // n, row % n]
            asked += kg * before.demand[h, row]
            asks += kg * answer.demand[h, row]
            makes_up += kg * before.streams[row, made_up[h]].sum()
        if asked <= 0.0 or abs(makes_up) > MADE_UP * asked:
            continue
        for row in range(n, before.demand.shape[1]):
            if before.streams[row, made_up[h]].sum() < 0.0:
                met[row // n, row % n] *= asks / asked


def _answers(feed: Floats, per_kg: Floats, made: Floats) -> None:
    """Set what becomes of a feed, by what comes of 1 kg of each of its parts."""
    rows, streams, n = per_kg.shape
    made[:] = 0.0
    for row in range(rows):
        kg = feed[row // feed.shape[1], row % feed.shape[1]]
        if kg != 0.0:
            for s in range(streams):
                for c in range(n):
                    made[s, c] += kg * per_kg[row, s, c]


def differs(old: Floats, new: Floats) -> float:
    """Return the largest relative change of an answer; the columns are components."""
    change = 0.0
    for c in range(old.shape[1]):
        largest = TINY
        for s in range(len(old)):
            largest = max(largest, abs(old[s, c]), abs(new[s, c]))
        for s in range(len(old)):
            size = max(abs(old[s, c]), abs(new[s, c])) + UNSEEN * largest
            change = max(change, abs(new[s, c] - old[s, c]) / size)
    return change


def learn(
    feed: Floats, asked: Floats, leeway: Floats, rates: Floats, before: Answer, answer: Answer,
    made_up: Ints, tolerance: float,
) -> None:  # fmt: skip
    """Learn from what a recipe answers now how far its question may move the next time.

    ``feed`` and ``asked`` are what the entries bring and brought per kg of main feed when asked
    before, ``leeway`` by how much that may move; ``rates`` are the same three for the rate, kg/h.
    """
    entries, n = feed.shape
    made, uses = answer.streams.shape[1:], answer.uses.shape[1:]
    old, new = arrays.space(made, 0.0), arrays.space(made, 0.0)
    used, needed = arrays.space(uses, 0.0), arrays.space(uses, 0.0)
    met = arrays.space(feed.shape, 0.0)
    meet(feed, before, answer, made_up, met)
    makes(feed, before, made_up, old, used)
    makes(met, answer, made_up, new, needed)
    change, start = max(differs(old, new), differs(used, needed)), min(START, tolerance)
    allowed = AIM * tolerance / change if change > AIM * tolerance / BOLD else BOLD
    blamed = 0.0
    for i in range(entries * n + 1):
        moved, _, known, shrinks = _moved(i, feed, asked, leeway, rates, allowed, start)
        if shrinks:
            blamed = max(blamed, moved / max(known, TINY))
    for i in range(entries * n + 1):
        moved, asks, known, shrinks = _moved(i, feed, asked, leeway, rates, allowed, start)
        if shrinks and not (
            change > AIM * tolerance and moved / max(known, TINY) > BLAMED * blamed
        ):
            continue
        if asks:
            now, then = rates[0], rates[1]
            if i < entries * n:
                now, then = feed[i // n, i % n], asked[i // n, i % n]
            room = allowed * moved
            if moved > JUMPED * max(now, then):  # what lies between may be steep at this end alone
                kept = known if change <= ROUNDING else 0.0  # it answers alike everywhere
                room = min(room, max(float(start * now), kept))
            if i < entries * n:
                leeway[i // n, i % n] = room
            else:
                rates[2] = room


def _moved(
    i: int,
    feed: Floats,
    asked: Floats,
    leeway: Floats,
    rates: Floats,
    allowed: float,
    start: float,
) -> tuple[float, bool, float, bool]:
    """Return by how much a part of a question has moved, whether that tells anything, and more.

    That is: its leeway so far, and whether it is to be less.
    """
    if i < feed.size:
        e, c = i // feed.shape[1], i % feed.shape[1]
        now, then, known = feed[e, c], asked[e, c], leeway[e, c]
    else:
        now, then, known = rates[0], rates[1], rates[2]
    first = start * max(now, then, TINY)
    if known < 0.0:
        known = first
    moved = abs(now - then)
    tells = moved > ROUNDING * first
    return moved, tells, known, tells and allowed * moved < known


def carry_through(
    activities: Ints, first: int, fed: Floats, collected: Floats, answer: Answer, carried: Carried,
    totals: Totals,
) -> bool:  # fmt: skip
    """Push what a train has been fed through its recipes, and add it to its totals.

    ``activities`` are its own, with the entry of each. What they were ``fed``, kg by activity and
    component, and the gas ``collected`` by entry of any train, is zero after this; gas that goes
    to another train is added to what is collected. Returns whether there was anything.
    """
    streams, uses, extents = answer.streams, answer.uses, answer.extents
    made, routes, draws = carried.made, carried.routes, carried.draws
    rows, _, n = streams.shape
    entries = arrays.space((rows // n, n), 0.0)
    for a in range(len(activities)):
        k, e = activities[a]
        for c in range(n):
            entries[e, c] += fed[k, c]
            fed[k, c] = 0.0
    for e in range(len(entries)):
        for c in range(n):
            entries[e, c] += collected[first + e, c]
            collected[first + e, c] = 0.0
    if not entries.any():
        return False
    made[:] = 0.0
    for row in range(rows):
        kg = entries[row // n, row % n]
        if kg == 0.0:
            continue
        totals.fed[row // n, row % n] += kg
        for s in range(len(made)):
            for c in range(n):
                made[s, c] += kg * streams[row, s, c]
        for m in range(uses.shape[1]):
            for u in range(uses.shape[2]):
                totals.uses[m * uses.shape[2] + u] += kg * uses[row, m, u]
        for x in range(extents.shape[1]):
            totals.extents[x] += kg * extents[row, x]
    rounding = -MADE_UP * entries.sum()  # must not give a supply anything back
    for s in range(len(made)):
        for c in range(n):
            if s < draws and rounding < made[s, c] < 0.0:
                made[s, c] = 0.0
            totals.streams[s, c] += made[s, c]
    for r in range(len(routes)):
        if routes[r, 2] != NONE:
            for c in range(n):
                collected[routes[r, 2], c] += made[routes[r, 0], c]
    return True


CALLED = ("carry_through",)  # by Python
TAKEN_IN = ("_comes", "_pour", "_react", "_split")
