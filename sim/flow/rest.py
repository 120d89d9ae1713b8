"""The loops of the steady state: flows through recipes at constant conditions, on flat arrays.

Trains are passed in order, members in order within them, each with the newest flows there are. A
member's recipe is a row of numbers: the splits of its outlets, what its inlets draw, what else at
these inlets is worth, its utilities, the fractions of its conversions. What answers for a unit
writes it: compiled physics, or a function that asks the unit in Python; either is called by its
address.

The functions are plain Python, which `sim.flow.native` replaces by their compiled selves. They know
no names: what their arrays mean is told by `Layout` and `Flows`.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.flow import arrays

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

MAIN, HEADER, GUEST = 0, 1, 2  # kinds of entry
USES = 3  # places for utilities in a recipe
ASKED_ANEW = 1e-2  # of the main inlet; a draw that moves more in a sweep asks its unit again ...
ASKINGS = 8  # ... so many times
SMALLEST = 1e-9  # kg/h; a draw below it is not looked at more closely
FASTER = 10.0  # times, at most, from one sweep to the next
LEAST_LEFT = 1e-4  # of a move, a move: what shrinks by less goes on as if by this
ROUNDING = 1e-12  # of the largest flow of a component; a smaller move tells nothing
TAPERS = 0.9  # of ten roundings of what is asked for; a smaller draw tapers off to none at one
GONE = 1e-17  # of what supplies bring; less of a component that does not grow either is gone
EVENLY = 0.3  # of what is left; ratios of two moves that differ by less are the same
FINE = 1e-6  # of the pace, a move; of a smaller one nothing can be told
FRUITLESS = 1e-6  # kg/kg; a train that delivers less of its feed is not run the more for it


class Layout(NamedTuple):
    """Who feeds whom, by numbers; what belongs to thing i is listed from ``x_first[i]`` on."""

    member_first: Ints  #: Of every train
    feed: Ints  #: Tank that each train draws from; -1 for a supply
    pulled: Ints  #: 1 for trains that deliver on demand, 0 for those that take what they get
    entry_first: Ints  #: Of every train
    entry_inlet: Ints
    entry_kind: Ints
    entry_source: Ints  #: Tank of a header, stream of collected gas
    train_of: Ints  #: Of every member
    inlet_first: Ints  #: Of every member, the main inlet first
    outlet_first: Ints  #: Of every member
    next_inlet: Ints  #: Inlet of a later member of the train that an outlet leads to; -1 for none
    draw_first: Ints  #: Of every member: inlets that draw
    draw_inlet: Ints
    draw_tank: Ints  #: Tank that must give all that such an inlet draws; -1 for a supply
    into_first: Ints  #: Of every tank
    into: Ints  #: Streams that lead to it
    owner: Ints  #: Train that makes each stream
    pull_tank: Ints  #: Tanks that are filled on demand, downstream first, ...
    giver: Ints  #: ... and the train that fills each of them
    torn: Ints  #: Streams that trains pass to each other; the rest of a train follows from them
    ahead_first: Ints  #: Of every entry
    ahead: Ints  #: Entries of headers that draw from the same tank, more important than it
    left_to_train: Ints  #: 1 for tanks of which a train takes all that is left


class Flows(NamedTuple):
    """What flows, kg/h by component, and by which recipes; streams are draws, then outlets."""

    address: Ints  #: Of what answers for each member
    numbers: Ints  #: Where its parameters are
    at: Floats  #: Main feed of the train, kg/h, and the surroundings
    recipe: Floats  #: A row for each member
    stream: Floats
    given: Floats  #: At each inlet, before what is drawn
    inlet: Floats  #: At each inlet
    fed: Floats  #: At each entry
    main: Floats  #: Sum of each member's main inlet
    activity: Floats  #: Main feed of each train, kg/h
    nominal: Floats  #: What is told to units of a train that stands, kg/h
    limit: Floats  #: Capacity of each member, kg/h of its main inlet
    full: Floats  #: Activity at which each train is full, kg/h
    most: Floats  #: Capacity of each utility, an hour
    use: Ints  #: Which utility each place of a member's recipe is for; -1 for none
    drawn: Floats  #: At each entry of a header, kg/h
    spilled: Floats  #: By each tank
    shares: Floats  #: Composition of each train's feed where its tank gets nothing, kg/kg
    supply: Floats  #: Composition of what each inlet that draws draws from, kg/kg
    contents: Floats  #: Composition of each tank that gets nothing, kg/kg
    yields: Floats  #: What each train delivers per activity, kg/kg
    conversions: Ints  #: How many conversions each member's recipe has
    rounds: Ints  #: How often these run one after another
    reaction: Ints  #: Of each of them
    key: Ints  #: Its key component
    made: Floats  #: By each reaction, kg per kmol
    extent: Floats  #: Of each conversion, kmol/h
    pool: Floats  #: Room for what is in a unit
    torn: Floats  #: Room for the torn streams
    last: Floats  #: The torn streams at the end of the last sweep
    ran: Floats  #: Main feed of each train at the end of the last sweep
    drew: Floats  #: What each inlet that draws had as its unit was asked last
    moves: Floats  #: How far they have moved, by `MOVED` and the places after it
    trail: Floats  #: The torn streams before a leap
    strides: Floats  #: How far they have moved last, kg/h
    shrinks: Floats  #: Ratio of these moves to those before, by component
    gone: Floats  #: What nothing of a component is left below, kg/h
    step: Ints  #: How far a run has come, by `SWEEP` and the places after it
    booked: Floats  #: Room for what is booked, kg
    used: Floats  #: ... and for the uses, in their units
    made_of: Floats  #: ... and for the extents, kmol


# Places of `Flows.moves`: how far torn streams moved
MOVED, BEFORE = 0, 1  # in the last sweep, and in the one before, by component
WILDEST = 2  # in any sweep, of all that is in them
LATEST = 3  # when looked at last, by what each has in it
OWN, OWN_BEFORE, FINEST = 4, 5, 6  # so in the last sweep, in the one before, in the best
NEAREST = 7  # and have had to go, at least
PART, GAP, WENT = 8, 9, 10  # of the way to its pace the line went, how far it was, and it went
PACED, PACED_BEFORE = 11, 12  # trains on demand and draws, in the last sweep, and before it
DRAWN = 13  # draws, since their units were asked, by what is drawn
# Places of `Flows.step`
SWEEP, HELD, LAST = 0, 1, 2  # sweeps done; 1 with recipes held; 1 for the last time
PASSES = 3  # with recipes held, at most
FINER, CLOSED = 4, 5  # sweeps since flows stand by component; 1 when all has been closed once
SINCE, STUCK, RESTING = 6, 7, 8  # sweeps since a leap, and since they came nearer, all or own
TELLS = 3  # moves since a leap, from which on their ratio tells how they shrink
SETTLED, UNSETTLED, UNCLOSED, NO_NUMBER, NO_UTILITY, UNBOUNDED = -1, -2, -3, -4, -5, -6


class Terms(NamedTuple):
    """When flows count as settled; moves are relative to all of a component."""

    settled: float = 1e-8  #: What is left of moves, ...
    own: float = 1e-6  #: ... and then of each stream's own, relative to what is in it, ...
    contracting: float = 0.1  #: ... extrapolated where a move is a smaller part of the last one,
    least_left: float = 0.03  #: ... but to no smaller part of it
    patience: int = 30  #: Sweeps, after which flows that creep leap ...
    stride: int = 5  #: ... once in so many sweeps ...
    longer: int = 20  #: ... and one more for each so many of all, for what is quicker to die away
    stuck: int = 60  #: Sweeps that have come no nearer, after which ...
    jitter: float = 5e-5  #: ... a move is left to the units' own iterations, which end, ...
    few: float = 4.0  #: ... if flows have no more than so many such moves still to go, ...
    far: float = 5e-5  #: ... as closing them shows; where it moves them more, they had but crept
    passes: int = 8  #: With the recipes held, before the units are asked anew, at most, ...
    restless: float = 0.5  #: half as many where a move is a larger part of the last one, ...
    nearly: float = 0.1  #: ... or until flows move by less than this share of the last sweep's
    closed: float = 1e-13  #: Move of flows with the recipes held, which ends them
    idle: int = 20  #: Passes in which no stream's own move gets smaller, whose rest is rounding
    unclosed: float = 1e-12  #: A larger one at last is an error, a smaller one rounding
    sweeps: int = 200  #: After which flows that still move by more than this are given up; ...
    creeping: float = 5e-2
    most: int = 4000  #: ... what moves by less, such as a trace in a loop, has so many
    closing: int = 20_000  #: Passes that close flows, at most: such a loop returns nearly all, ...
    slowly: int = 1000  #: ... so that after these they leap, too
    load: float = 1.0  #: Share of what it can at which the line runs
    beyond: float = np.inf
    """How far the pace is off the other way, of how far it went, from which on the secant leads."""


def draws_at(lay: Layout, m: int, n: int) -> int:
    """Return where in its recipe a member's draws stand, of ``n`` components each: after splits."""
    return int(lay.outlet_first[m + 1] - lay.outlet_first[m]) * n


def uses_at(lay: Layout, m: int, n: int) -> int:
    """Return where its utilities stand: after its draws, and what else is worth there."""
    return draws_at(lay, m, n) + 2 * int(lay.draw_first[m + 1] - lay.draw_first[m]) * n


def _inflow(lay: Layout, now: Flows, tank: int, kg: Floats) -> float:
    """Write what a tank gets into ``kg``; return the sum."""
    kg[:] = 0.0
    for k in range(lay.into_first[tank], lay.into_first[tank + 1]):
        row = now.stream[lay.into[k]]
        for c in range(len(kg)):
            kg[c] += row[c]
    total = 0.0
    for c in range(len(kg)):
        total += kg[c]
    return total


def _scale(kg: Floats, total: float, rate: float, otherwise: Floats, row: int) -> None:
    """Bring what adds up to ``total`` to ``rate``; where it is nothing, take a row of shares."""
    for c in range(len(kg)):
        kg[c] = rate * (kg[c] / total if total > 0.0 else otherwise[row, c])


def _enter(lay: Layout, now: Flows, t: int) -> None:
    """Let material enter a train at all its entries, and tell what its second feeds draw."""
    stream, given, kg = now.stream, now.given, now.pool
    n = stream.shape[1]
    first, last = lay.member_first[t], lay.member_first[t + 1]
    for d in range(lay.draw_first[first], lay.draw_first[last]):
        tank = lay.draw_tank[d]
        if tank >= 0:
            total = _inflow(lay, now, tank, kg)
            _scale(kg, total, 1.0, now.contents, tank)
            arrays.copy(kg, now.supply[d])
    for i in range(lay.inlet_first[first], lay.inlet_first[last]):
        given[i, :] = 0.0
    for e in range(lay.entry_first[t], lay.entry_first[t + 1]):
        source = lay.entry_source[e]
        if lay.entry_kind[e] == GUEST:
            arrays.copy(stream[source], kg)
        elif lay.entry_kind[e] == HEADER:
            total = _inflow(lay, now, source, kg)
            _scale(kg, total, now.drawn[e], now.contents, source)
        elif lay.feed[t] < 0:
            _scale(kg, 0.0, now.activity[t], now.shares, t)
        else:
            total = _inflow(lay, now, lay.feed[t], kg)
            if lay.pulled[t]:
                _scale(kg, total, now.activity[t], now.contents, lay.feed[t])
            else:
                before = _drawn_before(lay, now, e)
                if before > 0.0:
                    _scale(kg, total, max(total - before, 0.0), now.contents, lay.feed[t])
                    total = max(total - before, 0.0)
                now.activity[t] = total
        arrays.copy(kg, now.fed[e])
        for c in range(n):
            given[lay.entry_inlet[e], c] += kg[c]
    now.full[t] = np.inf
    now.at[0] = now.activity[t] if now.activity[t] > 0.0 else now.nominal[t]


def _take(lay: Layout, now: Flows, m: int) -> bool:
    """Let a member draw by its recipe; return whether that moves what it was asked for.

    A kg of a supply is what a recipe asks for; one of a tank is worth what its components are.
    """
    n, first, recipe = now.stream.shape[1], lay.inlet_first[m], now.recipe[m]
    feed = now.given[first]
    main = 0.0
    for c in range(n):
        main += feed[c]
    arrays.copy(feed, now.inlet[first])
    now.main[m] = main
    d, last, place = lay.draw_first[m], lay.draw_first[m + 1], draws_at(lay, m, n)
    worth = (last - d) * n  # places further on
    moves = False
    for i in range(first + 1, lay.inlet_first[m + 1]):
        came, at = now.given[i], now.inlet[i]
        if d == last or lay.draw_inlet[d] != i:
            arrays.copy(came, at)
            continue
        asks, counts = recipe[place : place + n], recipe[place + worth : place + worth + n]
        before = asked = kg = 0.0
        for c in range(n):
            before += at[c] - came[c]
            asked += feed[c] * asks[c]
            kg += feed[c] * asks[c]
            kg -= came[c] * counts[c]
        # What has come may suffice but for rounding. It does so without a jump: a trace that comes
        # with what is bought would make up for it, and both come and go for ever.
        kg = max(min(kg, (kg - ROUNDING * asked) / TAPERS), 0.0)
        shares, drawn = now.supply[d], now.stream[d]
        if lay.draw_tank[d] >= 0:
            of_tank = 0.0
            for c in range(n):
                of_tank += shares[c] * counts[c]
            kg = kg / of_tank if of_tank > 0.0 else 0.0
        moves |= abs(kg - before) > ASKED_ANEW * max(main, SMALLEST)
        for c in range(n):
            drawn[c] = kg * shares[c]
            at[c] = came[c] + drawn[c]
        d, place = d + 1, place + n
    return moves


def _make(lay: Layout, now: Flows, m: int) -> None:
    """Let a member split what is in the pool over its outlets."""
    pool, n, draws = now.pool, now.stream.shape[1], lay.draw_first[-1]
    place = 0
    for o in range(lay.outlet_first[m], lay.outlet_first[m + 1]):
        to = lay.next_inlet[o]
        splits, made = now.recipe[m, place : place + n], now.stream[draws + o]
        for c in range(n):
            made[c] = pool[c] * splits[c]
        if to >= 0:
            into = now.given[to]
            for c in range(n):
                into[c] += made[c]
        place += n


def _react(lay: Layout, now: Flows, m: int) -> None:
    """Pool what is at a member's inlets, and let it react."""
    pool, n = now.pool, now.stream.shape[1]
    first = lay.inlet_first[m]
    arrays.copy(now.inlet[first], pool)
    for i in range(first + 1, lay.inlet_first[m + 1]):
        row = now.inlet[i]
        for c in range(n):
            pool[c] += row[c]
    place = uses_at(lay, m, n) + USES
    for k in range(now.conversions[m]):
        now.extent[m, k] = 0.0
    for _ in range(now.rounds[m]):
        for k in range(now.conversions[m]):
            key, r = now.key[m, k], now.reaction[m, k]
            per_kmol = now.made[r]
            extent = now.recipe[m, place + k] * pool[key] / -per_kmol[key]
            now.extent[m, k] += extent
            for c in range(n):
                pool[c] += per_kmol[c] * extent


def _drawn_before(lay: Layout, now: Flows, entry: int) -> float:
    """Return what headers draw from the tank of an entry before it does, kg/h."""
    kg = 0.0
    for i in range(lay.ahead_first[entry], lay.ahead_first[entry + 1]):
        kg += now.drawn[lay.ahead[i]]
    return kg


def _drawn_after(lay: Layout, now: Flows, entry: int) -> float:
    """Return what headers draw from the tank of an entry that come after it, kg/h."""
    kg = 0.0
    for e in range(len(now.drawn)):
        if e == entry or lay.entry_kind[e] != HEADER:
            continue
        if lay.entry_source[e] != lay.entry_source[entry]:
            continue
        before = False
        for i in range(lay.ahead_first[entry], lay.ahead_first[entry + 1]):
            before = before or lay.ahead[i] == e
        if not before:
            kg += now.drawn[e]
    return kg


def _serve(lay: Layout, now: Flows, t: int) -> None:
    """Decide what tanks give that serve an inlet before its last source does.

    That is all they get, as far as it is asked for.
    """
    recipe, kg, n = now.recipe, now.pool, now.stream.shape[1]
    served, wanted = -1, 0.0
    for e in range(lay.entry_first[t], lay.entry_first[t + 1]):
        if lay.entry_kind[e] != HEADER:
            continue
        inlet, tank = lay.entry_inlet[e], lay.entry_source[e]
        m = lay.member_first[t]
        while lay.inlet_first[m + 1] <= inlet:
            m += 1
        draws, k = lay.draw_first[m + 1] - lay.draw_first[m], 0
        while lay.draw_inlet[lay.draw_first[m] + k] != inlet:
            k += 1
        rows = draws_at(lay, m, n)
        if inlet != served:
            served, wanted = inlet, 0.0
            for c in range(n):
                wanted += now.given[lay.inlet_first[m], c] * recipe[m, rows + k * n + c]
        total = _inflow(lay, now, tank, kg)
        before = _drawn_before(lay, now, e)
        left = max(total - before, 0.0) / total if total > 0.0 else 0.0
        offered = 0.0
        for c in range(n):
            offered += left * kg[c] * recipe[m, rows + (draws + k) * n + c]
        share = min(1.0, wanted / offered) if offered > 0.0 else 0.0
        wanted -= share * max(offered, 0.0)
        now.drawn[e] = share * left * total
        over = left * (1.0 - share)
        later = _drawn_after(lay, now, e)
        if later > 0.0:
            over = max(over - later / total, 0.0) if total > 0.0 else 0.0
        for c in range(n):
            now.spilled[tank, c] = 0.0 if lay.left_to_train[tank] else over * kg[c]


def advance(lay: Layout, now: Flows) -> None:
    """Pass the trains once. Where `HELD`, apply the recipes that there are, and ask nobody.

    A member that draws is asked again where it draws otherwise than it was asked for.
    """
    held = now.step[HELD] == 1
    for m in range(len(lay.train_of)):
        t = lay.train_of[m]
        if m == lay.member_first[t]:
            _enter(lay, now, t)
        for asked in range(ASKINGS):
            moves = _take(lay, now, m)
            if held or (asked > 0 and not moves):
                break
            for d in range(lay.draw_first[m], lay.draw_first[m + 1]):
                arrays.copy(now.inlet[lay.draw_inlet[d]], now.drew[d])
            now.recipe[m, 0] = np.nan
            arrays.call(
                now.address[m],
                now.numbers[m],
                now.inlet[lay.inlet_first[m]].ctypes.data,
                now.at.ctypes.data,
                now.recipe[m].ctypes.data,
            )
            if lay.draw_first[m] == lay.draw_first[m + 1]:
                break
        _react(lay, now, m)
        _make(lay, now, m)
        if now.main[m] > 0.0:
            now.full[t] = min(now.full[t], now.limit[m] * now.activity[t] / now.main[m])
        if m + 1 == lay.member_first[t + 1]:
            _serve(lay, now, t)


def _pull(lay: Layout, now: Flows) -> None:
    """Fill each tank that gives on demand with what is drawn from it."""
    n, activity = now.stream.shape[1], now.activity
    for p in range(len(lay.pull_tank)):
        tank, giver = lay.pull_tank[p], lay.giver[p]
        drawn = own = others = 0.0
        for t in range(len(lay.feed)):
            if lay.pulled[t] and lay.feed[t] == tank:
                drawn += activity[t]
        for d in range(len(lay.draw_tank)):
            if lay.draw_tank[d] == tank:
                for c in range(n):
                    drawn += now.stream[d, c]
        for k in range(lay.into_first[tank], lay.into_first[tank + 1]):
            kg = 0.0
            for c in range(n):
                kg += now.stream[lay.into[k], c]
            if lay.owner[lay.into[k]] == giver:
                own += kg
            else:
                others += kg
        if own > FRUITLESS * activity[giver]:
            now.yields[giver] = own / activity[giver]
        activity[giver] = max(drawn - others, 0.0) / now.yields[giver]


def _least(lay: Layout, now: Flows) -> None:
    """Write what nothing of a component is left below, kg/h.

    Where no supply brings any of it, as a share of the largest main feed.
    """
    gone, most = now.gone, 0.0
    gone[:] = 0.0
    for t in range(len(lay.feed)):
        most = max(most, now.activity[t])
        if lay.feed[t] < 0:
            for c in range(len(gone)):
                gone[c] += now.activity[t] * now.shares[t, c]
    for d in range(len(lay.draw_tank)):
        if lay.draw_tank[d] < 0:
            for c in range(len(gone)):
                gone[c] += now.stream[d, c]
    for c in range(len(gone)):
        gone[c] = GONE * (gone[c] if gone[c] > 0.0 else most)


def moved(lay: Layout, now: Flows, before: Floats) -> float:
    """Return the largest move of a torn stream, relative to the largest flow of its component.

    ``before`` are the torn streams as they were, and are then those of now. Of less than is as
    good as ``gone`` and does not grow nothing moves. Not a number where a flow is none. The
    largest move relative to what of the component is in the stream itself becomes
    ``moves[LATEST]``: what circles as a trace beside plenty may have far to go where that hardly
    moves.
    """
    torn, stream = lay.torn, now.stream
    worst = own = 0.0
    for c in range(before.shape[1]):
        move = top = was = 0.0
        for k in range(len(torn)):
            kg = stream[torn[k], c]
            if not abs(kg) < np.inf:
                return np.nan
            top, was = max(top, kg), max(was, before[k, c])
            way = abs(kg - before[k, c])
            move = max(move, way)
            if kg > now.gone[c]:
                own = max(own, way / kg)
            before[k, c] = kg
        if top > min(now.gone[c], was):
            worst = max(worst, move / top)
    now.moves[LATEST] = own
    return worst


def _paced(lay: Layout, now: Flows) -> float:
    """Return the largest move of a train that delivers on demand, relative to its feed.

    What it delivers stands at once, and tells nothing of how fast it has to run for it.
    """
    worst = 0.0
    for t in lay.giver:
        rate = now.activity[t]
        if rate > 0.0:
            worst = max(worst, abs(rate - now.ran[t]) / rate)
        now.ran[t] = rate
    return worst


def _drew(lay: Layout, now: Flows) -> float:
    """Return how far what a member draws is from what it was asked at, relative to all it gets.

    What it answers may hang on how much it draws, and from where, which no stream between trains
    need tell. The farthest relative to what is drawn becomes ``moves[DRAWN]``.
    """
    worst = own = 0.0
    for m in range(len(now.main)):
        for d in range(lay.draw_first[m], lay.draw_first[m + 1]):
            came, asked, move = now.inlet[lay.draw_inlet[d]], now.drew[d], 0.0
            kg = max(came.sum(), asked.sum())
            for c in range(len(came)):
                move = max(move, abs(came[c] - asked[c]))
            if kg > GONE * now.main[m]:
                worst, own = max(worst, move / (now.main[m] + kg)), max(own, move / kg)
    now.moves[DRAWN] = own
    return worst


def swing(lay: Layout, now: Flows) -> float:
    """Return the largest move of all in a torn stream in a sweep, relative to the largest."""
    torn, stream, before = lay.torn, now.stream, now.last
    largest = top = 0.0
    for k in range(len(torn)):
        was = total = 0.0
        for c in range(stream.shape[1]):
            was += before[k, c]
            total += stream[torn[k], c]
        largest, top = max(largest, abs(total - was)), max(top, total)
    return largest / top if top > 0.0 else 0.0


def _damp(lay: Layout, now: Flows) -> None:
    """Bring torn streams half the way back to what they were after the last sweep."""
    torn, stream = lay.torn, now.stream
    for k in range(len(torn)):
        for c in range(stream.shape[1]):
            stream[torn[k], c] = 0.5 * (stream[torn[k], c] + now.last[k, c])


def leap(
    torn: Ints, stream: Floats, before: Floats, moves: Floats, shrinks: Floats, far: bool,
    gone: Floats, own: bool,
) -> float:  # fmt: skip
    """Tell how far torn streams still have to go, if they creep; let them, if ``far``, go there.

    Where the moves of a component shrink by an even ratio, the next ones add up to a geometric
    series (Aitken). No stream falls below a tenth or grows tenfold by it.

    ``before``: the streams as they were before this move, then as they are; ``moves``,
    ``shrinks``: the move before and its ratio to the one before it, then those of now; ``gone`` as
    of `moved`. ``own``: a stream's move counts by what is in it, so that a trace that creeps in a
    side loop leads, not what moves by rounding. Returns how far is left, relative to the largest
    flow of a component.
    """
    left = 0.0
    for c in range(stream.shape[1]):
        top = was = largest = along = length = most = 0.0
        for k in range(len(torn)):
            kg = stream[torn[k], c]
            move = kg - before[k, c]
            top, largest, was = max(top, kg), max(largest, abs(move)), max(was, before[k, c])
            size = 1.0 if not own else max(kg, gone[c])
            if size > 0.0:
                along += move / size * moves[k, c] / size
                length += moves[k, c] / size * moves[k, c] / size
                most = max(most, abs(move) / size)
            moves[k, c] = move
        ratio = along / length if length > 0.0 else 0.0
        rest = max(1.0 - ratio, LEAST_LEFT)
        if top > min(gone[c], was):
            left = max(left, largest / top / min(rest, 1.0))
        tells = most > ROUNDING * (1.0 if own else top)
        even = tells and abs(ratio - shrinks[c]) < EVENLY * rest
        if far and even and 0.0 < ratio < 1.0:
            times = ratio / rest
            for k in range(len(torn)):
                kg, move = stream[torn[k], c], moves[k, c]
                if move < 0.0:
                    times = min(times, 0.9 * kg / -move)
                elif move > 0.0:
                    times = min(times, 9.0 * kg / move)
            for k in range(len(torn)):
                stream[torn[k], c] += times * moves[k, c]
        for k in range(len(torn)):
            before[k, c] = stream[torn[k], c]
        shrinks[c] = ratio
    return left


def _needed(lay: Layout, now: Flows, utility: int) -> float:
    """Return what is used of a utility, less what is given of it, an hour."""
    needed = 0.0
    for m in range(len(now.main)):
        place = uses_at(lay, m, now.stream.shape[1])
        for k in range(USES):
            if now.use[m, k] == utility:
                needed += now.recipe[m, place + k] * now.main[m]
    return needed


def _pace(lay: Layout, now: Flows, load: float) -> float:
    """Return how many times as fast the line is to run, at most; below 0 where a utility is not.

    As fast as its smallest member can, or its scarcest utility lets it, or at a share of that, its
    ``load``. Not all at once: recipes of next to nothing do not tell of the whole.
    """
    scale, runs = FASTER, False
    for t in range(len(now.activity)):
        if now.activity[t] > 0.0:
            runs = True
            scale = min(scale, load * now.full[t] / now.activity[t])
    for u in range(len(now.most)):
        if now.most[u] < np.inf:
            needed = _needed(lay, now, u)
            if needed > 0.0 and now.most[u] == 0.0:
                return -1.0
            if needed > 0.0:
                runs = True
                scale = min(scale, load * now.most[u] / needed)
    return scale if runs else 1.0


def _steadied(part: float, gap: float, before: float, went: float, beyond: float) -> float:
    """Return what part of the way to its pace the line goes this time; ``part``, the last time.

    ``gap``: the whole way, as a logarithm; ``before``, ``went``: the last time's, and how far the
    line went of it. What holds a line back may change by more than its pace does: then the whole
    way leads ``beyond``, further each time, and the secant leads there.
    """
    turned = gap * before < 0.0 and abs(gap) > beyond * abs(went)
    if abs(went) > FINE and (turned or part < 1.0):
        secant = went / (before - gap) if before != gap else part
        part = min(secant, 1.0) if secant > 0.0 else part
    return part


def _run_at(now: Flows, scale: float) -> None:
    """Run the whole line so many times as fast: with recipes held all flows are in proportion."""
    if scale != 1.0:
        for flows in (
            now.stream, now.given, now.inlet, now.fed, now.spilled, now.extent, now.torn,
        ):  # fmt: skip
            flows *= scale
        for rates in (now.main, now.activity, now.drawn):
            rates *= scale


def _to_go(move: float, before: float, least_left: float) -> float:
    """Return what a move and the next ones add up to, if they shrink on as from ``before``."""
    return move / max(1.0 - move / before, least_left) if before > 0.0 else 0.0


def begin(lay: Layout, now: Flows, load: float) -> bool:
    """Let each train begin at what its smallest member can, or a share of that.

    Returns whether all have such a member.
    """
    for t in range(len(lay.feed)):
        least = np.inf
        for m in range(lay.member_first[t], lay.member_first[t + 1]):
            least = min(least, now.limit[m])
        if least == np.inf:
            return False
        now.nominal[t] = least if least > 0.0 else 1.0
        now.activity[t] = load * now.nominal[t]
    return True


def run(lay: Layout, now: Flows, terms: Terms) -> int:
    """Ask all units and let the flows follow, until these stand, and close them.

    Once flows stand by component, sweeps go on until each stream's own do: a unit may do otherwise
    with a trace of what is plentiful elsewhere. Where they creep beyond patience all is closed as
    it is, and asked again. The units have been asked at a pace that stands, too, which no stream
    between trains need tell. Returns one of the codes above.
    """
    step, moves = now.step, now.moves
    _set_out(now, terms)
    while True:
        closing = step[LAST] == 1
        if not closing:
            step[HELD] = 0
            advance(lay, now)
            step[SWEEP] += 1
        left = _follow(lay, now, terms)
        if not _keep_pace(lay, now, terms):
            return NO_UTILITY
        if closing:
            far = max(moved(lay, now, now.last), abs(moves[GAP]))
            if far > terms.far and left < terms.unclosed:
                if step[SWEEP] >= terms.most:
                    moves[MOVED] = far
                    return UNSETTLED
                _go_on(now)
                continue
            if step[FINER] < terms.sweeps or step[CLOSED] == 1 or left >= terms.unclosed:
                return SETTLED if left < terms.unclosed else UNCLOSED
            _paced(lay, now)  # do the units answer the same where all is closed?
            step[LAST], step[CLOSED] = 0, 1
            continue
        if not _tell_moves(lay, now, terms):
            return NO_NUMBER
        patient = step[SWEEP] <= terms.patience
        ends = _shrinks_away(lay, now, terms) if patient else _creeps_no_more(lay, now, terms)
        if ends or step[FINER] > 0:
            step[LAST] = _stands(now, terms)
            if step[CLOSED] == 1 and moves[OWN] >= terms.own:
                moves[MOVED] = moves[OWN]
                return UNSETTLED
        farthest = min(max(moves[MOVED], abs(moves[GAP])), moves[NEAREST])
        wanders = step[SWEEP] == terms.sweeps and farthest > terms.creeping
        if step[LAST] == 0 and (wanders or step[SWEEP] >= terms.most):
            moves[MOVED] = max(moves[MOVED], abs(moves[GAP]))
            return UNSETTLED


def _set_out(now: Flows, terms: Terms) -> None:
    """Forget how an earlier run came on."""
    step, moves = now.step, now.moves
    step[PASSES] = terms.passes
    step[SINCE] = step[STUCK] = step[FINER] = step[RESTING] = step[CLOSED] = 0
    moves[OWN] = moves[OWN_BEFORE] = moves[FINEST] = moves[NEAREST] = np.inf
    moves[WILDEST], moves[PART], moves[GAP], moves[WENT] = 0.0, 1.0, 0.0, 0.0


def _go_on(now: Flows) -> None:
    """Take up sweeps again where flows hardly moved, but had far to go, as closing them shows."""
    step, moves = now.step, now.moves
    step[LAST] = step[FINER] = step[STUCK] = step[SINCE] = step[RESTING] = 0
    moves[NEAREST] = moves[FINEST] = np.inf


def _follow(lay: Layout, now: Flows, terms: Terms) -> float:
    """Let the flows follow the recipes, as these are; return how far they moved at last."""
    step, moves = now.step, now.moves
    last, most = step[LAST], terms.closing if step[LAST] else step[PASSES]
    _least(lay, now)
    left, finest, step[HELD] = np.inf, np.inf, 1
    enough = terms.closed if last else max(terms.closed, terms.nearly * moves[MOVED])
    still = idle = 0
    for done in range(most):
        _pull(lay, now)
        advance(lay, now)
        if done >= terms.slowly:
            far = (done - terms.slowly) % terms.stride == terms.stride - 1
            leap(lay.torn, now.stream, now.trail, now.strides, now.shrinks, far, now.gone, True)
        left = moved(lay, now, now.torn)
        own = moves[LATEST]
        idle = 0 if own < finest else idle + 1
        finest = min(finest, own)
        if last:
            closes = finest < terms.closed or idle >= terms.idle
        else:
            closes = step[FINER] == 0 or own < terms.nearly * moves[OWN]
        still = still + 1 if left < enough and closes else 0
        # a header draws by what a tank got a pass ago, so that one pass more shows its share
        if still > last:
            break
    return left


def _keep_pace(lay: Layout, now: Flows, terms: Terms) -> bool:
    """Run the line as fast as it can, or part of the way there; False if a utility is none."""
    moves, pace = now.moves, _pace(lay, now, terms.load)
    if pace < 0.0:
        return False
    part, gap = 1.0, np.log(pace) if pace > 0.0 else 0.0
    if now.step[LAST] == 0:
        part = _steadied(moves[PART], gap, moves[GAP], moves[WENT], terms.beyond)
    moves[PART], moves[GAP], moves[WENT] = part, gap, part * gap
    _run_at(now, pace if part == 1.0 else np.exp(moves[WENT]))
    return True


def _tell_moves(lay: Layout, now: Flows, terms: Terms) -> bool:
    """Tell by how much the sweep has moved the torn streams; False if one is no number.

    Flows that swing follow less far, and at last half the way: what follows recipes far from the
    flows that they were asked for may swing for ever.
    """
    step, moves = now.step, now.moves
    if step[PASSES] == 1:
        _damp(lay, now)
        moved(lay, now, now.torn)  # the next pass starts from these
    if step[SWEEP] > 1:
        moves[WILDEST] = max(moves[WILDEST], swing(lay, now))
    moves[BEFORE], moves[OWN_BEFORE] = moves[MOVED], moves[OWN]
    paced, drawn = _paced(lay, now), _drew(lay, now)
    own = max(paced, moves[DRAWN])
    moves[PACED_BEFORE] = moves[PACED]
    moves[PACED] = max(paced, moves[DRAWN] if step[FINER] > 0 else drawn)
    moves[MOVED] = max(moved(lay, now, now.last), paced, drawn)
    moves[OWN] = max(moves[LATEST], own)
    if step[FINER] > 0:
        swings = moves[OWN] > moves[OWN_BEFORE]
    else:
        swings = moves[MOVED] > terms.restless * moves[BEFORE]
    if step[SWEEP] > 2 and swings:
        step[PASSES] = max(step[PASSES] // 2, 1)
    return bool(moves[MOVED] < np.inf)


def _shrinks_away(lay: Layout, now: Flows, terms: Terms) -> bool:
    """Whether what is left of the moves is little, as they shrink."""
    step, moves = now.step, now.moves
    if step[SWEEP] == terms.patience:
        moved(lay, now, now.trail)
    move = moves[MOVED]
    # where each move is a small part of the last one, the next ones add up to less
    if step[SWEEP] > 2 and move < terms.contracting * moves[BEFORE]:
        move *= max(move / moves[BEFORE], terms.least_left)
    return bool(step[SWEEP] > 1 and max(move, abs(moves[GAP])) < terms.settled)


def _creeps_no_more(lay: Layout, now: Flows, terms: Terms) -> bool:
    """Let what creeps leap, once in a while; whether it is there, or comes no nearer."""
    step, moves, gap = now.step, now.moves, abs(now.moves[GAP])
    step[SINCE] += 1
    far = step[SINCE] > terms.stride + step[SWEEP] // terms.longer
    goes = leap(
        lay.torn, now.stream, now.trail, now.strides, now.shrinks, far, now.gone, step[FINER] > 0
    )
    paced = _to_go(moves[PACED], moves[PACED_BEFORE], LEAST_LEFT)
    goes, move = max(goes, gap, paced), max(moves[MOVED], gap)
    moved(lay, now, now.last)
    step[STUCK] = 0 if goes < 0.5 * moves[NEAREST] else step[STUCK] + 1
    moves[NEAREST] = min(moves[NEAREST], goes)
    jitters = step[STUCK] >= terms.stuck and goes < terms.few * move < terms.few * terms.jitter
    ends = step[SINCE] >= TELLS and goes < terms.settled
    if far:
        step[SINCE] = 0
    return bool(ends or jitters)


def _stands(now: Flows, terms: Terms) -> bool:
    """Whether each stream's own flow has hardly more to go, or no more sweep brings it nearer."""
    step, moves = now.step, now.moves
    step[FINER] += 1
    step[RESTING] = 0 if moves[OWN] < moves[FINEST] else step[RESTING] + 1
    moves[FINEST] = min(moves[FINEST], moves[OWN])
    least_left = LEAST_LEFT if step[SWEEP] > terms.patience else terms.least_left
    told = step[SINCE] == 0 or step[SINCE] >= TELLS
    stands = told and _to_go(moves[OWN], moves[OWN_BEFORE], least_left) < terms.own
    tired = step[RESTING] >= terms.idle or step[FINER] == terms.sweeps
    return bool(stands or tired or step[CLOSED] == 1)


CALLED = ("advance",)  # by Python
