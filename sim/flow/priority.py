"""The rates of an interval: one activity after another by priority, or in shares, within bounds."""

from __future__ import annotations

import numpy as np

from sim.flow import arrays, simplex, sources
from sim.flow.arrays import EMPTY, FULL, NOTHING, Flags, Floats, Ints, Layout, Plan
from sim.flow.simplex import TIGHT

SLIGHT = 1e-3  # of the largest effect on a tank, per kg and per hour: decides no priority
KEEPS = 2.0  # times that, before what was slight decides, or what decided is slight
WELCOME = 1e-11  # of the same; what relieves a tank by less is what rounding has left elsewhere
TINY = 1e-300
AHEAD = 1e-9  # relative; by more than that a train that shares goes on where another cannot


def _touched(lay: Layout, plan: Plan, reached: Ints, felt: Ints, binds: Flags) -> tuple[int, int]:
    """List what hangs together with anything that has moved since rates were found last.

    Activities that are ``reached`` and rows that are ``felt``, each in order; between activities
    that share no row that ``binds``, as on both sides of a FREE tank, nothing is handed on. Returns
    how many these are.
    """
    moved = plan.moved
    count = at = rows = 0
    for k in range(len(moved)):
        if moved[k]:
            reached[count] = k
            count += 1
    while at < count:
        k = reached[at]
        at += 1
        for row in lay.rows_of[lay.activity_start[k] : lay.activity_start[k + 1]]:
            if binds[row] or plan.sign[row] == 0.0:
                continue
            binds[row] = True
            rows += 1
            for other in lay.term_activity[lay.row_start[row] : lay.row_start[row + 1]]:
                if not moved[other]:
                    moved[other] = True
                    reached[count] = other
                    count += 1
    _in_order(moved, count, reached)
    _in_order(binds, rows, felt)
    return count, rows


def _in_order(marked: Flags, count: int, places: Ints) -> None:
    """List the places that are marked, of which there are so many."""
    at = 0
    for i in range(len(marked)):
        if at == count:
            return
        if marked[i]:
            places[at] = i
            at += 1


def _stop(lay: Layout, plan: Plan, most: Floats, reached: Ints, felt: Ints) -> None:
    """Stop what cannot flow: out of empty tanks without inflow, into full ones without outflow.

    What circulates among empty tanks alone is nothing, whatever their rows allow.
    """
    tanks, rows = len(plan.status), len(felt)
    fed, hungry, empty = arrays.space(tanks, True), arrays.space(rows, 0), 0
    waiting, waits = arrays.space(len(plan.sign), 0), arrays.space(len(plan.sign), False)
    first, count = 0, rows  # a ring of rows to look at
    for i in range(rows):
        row = felt[i]
        waiting[i], waits[row] = row, True
        if row < tanks and plan.status[row] == EMPTY:
            hungry[empty] = row
            empty += 1
    while True:
        while count > 0:
            i = waiting[first]
            first = first + 1 if first + 1 < len(waiting) else 0
            count -= 1
            waits[i] = False
            start, end = lay.row_start[i], lay.row_start[i + 1]
            if plan.sign[i] == 0.0 or not _blocks(
                plan.sign[i], plan.gain[start:end], lay.term_activity[start:end], most
            ):
                continue
            for f in range(start, end):
                k = lay.term_activity[f]
                if most[k] > 0.0 and plan.sign[i] * plan.gain[f] > 0.0:
                    most[k], plan.binding[k] = 0.0, i
                    onto = lay.rows_of[lay.activity_start[k] : lay.activity_start[k + 1]]
                    count = _await(onto, waiting, waits, first, count)
        if empty == 0:
            return
        _find_fed(lay, plan, hungry[:empty], most, fed)
        for k in reached:
            j = lay.source[k]
            if most[k] > 0.0 and j < tanks and not fed[j]:
                most[k], plan.binding[k] = 0.0, j
                onto = lay.rows_of[lay.activity_start[k] : lay.activity_start[k + 1]]
                count = _await(onto, waiting, waits, first, count)
        if count == 0:
            return


def _find_fed(lay: Layout, plan: Plan, hungry: Ints, runs: Floats, fed: Flags) -> None:
    """Mark which empty tanks get anything, however long the way, from what ``runs``."""
    for j in hungry:
        fed[j] = False
    spreading = True
    while spreading:
        spreading = False
        for j in hungry:
            if fed[j]:
                continue
            start, end = lay.row_start[j], lay.row_start[j + 1]
            terms = lay.term_activity[start:end]
            if _gets(j, plan.gain[start:end], terms, lay.source, runs, fed):
                fed[j] = True
                spreading = True


def _circulates(lay: Layout, plan: Plan, most: Floats, reached: Ints, felt: Ints) -> bool:
    """Stop what runs on nothing, for what might feed its tank stands; return whether any does."""
    tanks, empty, found = len(plan.status), 0, False
    fed, hungry = arrays.space(tanks, True), arrays.space(len(felt), 0)
    for row in felt:
        if row < tanks and plan.status[row] == EMPTY:
            hungry[empty] = row
            empty += 1
    if empty == 0:
        return False
    _find_fed(lay, plan, hungry[:empty], plan.rate, fed)
    for k in reached:
        j = lay.source[k]
        if plan.rate[k] > 0.0 and j < tanks and not fed[j]:
            most[k], plan.binding[k] = 0.0, j
            found = True
    return found


def _await(rows: Ints, waiting: Ints, waits: Flags, first: int, count: int) -> int:
    """Put rows into the ring of those to look at; return how many there are."""
    for row in rows:
        if not waits[row]:
            waits[row] = True
            end = first + count
            waiting[end if end < len(waiting) else end - len(waiting)] = row
            count += 1
    return count


def _blocks(sign: float, gain: Floats, activity: Ints, most: Floats) -> bool:
    """Whether nothing that runs relieves a row, of the terms given, that something loads."""
    takes = False
    for f in range(len(gain)):
        if most[activity[f]] > 0.0:
            if sign * gain[f] < 0.0:
                return False
            takes |= sign * gain[f] > 0.0
    return takes


def _gets(j: int, gain: Floats, activity: Ints, source: Ints, most: Floats, fed: Flags) -> bool:
    """Whether anything flows into a tank but from tanks that are not fed themselves."""
    for f in range(len(gain)):
        k = activity[f]
        come = source[k]
        if most[k] == 0.0 or (come < len(fed) and not fed[come]):
            continue
        if gain[f] + (1.0 if come == j else 0.0) > 0.0:
            return True
    return False


def become(lay: Layout, plan: Plan, tank: int, status: int) -> None:
    """Let a tank be FREE, EMPTY or FULL, which says what its row binds, and so whose rates move."""
    plan.status[tank], plan.sign[tank], plan.stirred[tank] = status, 0.0, True
    if status == EMPTY:
        plan.sign[tank] = -1.0
    elif status == FULL and not lay.spills[tank]:
        plan.sign[tank] = 1.0
    for k in lay.term_activity[lay.row_start[tank] : lay.row_start[tank + 1]]:
        plan.moved[k] = True


def forget(lay: Layout, plan: Plan) -> None:
    """Let all rates be found anew, for what tanks are has changed, or the rows themselves."""
    plan.moved[:] = True
    for j in range(len(plan.status)):
        become(lay, plan, j, plan.status[j])


def allow(plan: Plan, k: int, most: float) -> None:
    """Let an activity run at no more than a rate, kg/h."""
    if most != plan.limit[k]:
        plan.limit[k], plan.moved[k] = most, True


def solve(lay: Layout, plan: Plan) -> None:
    """Set rates and bindings where they may have changed.

    Rows that share activities are solved together, each such part by itself.
    """
    activities, rows = len(plan.limit), len(plan.sign)
    reached, felt = arrays.space(activities, 0), arrays.space(rows, 0)
    binds = arrays.space(rows, False)
    count, members = _touched(lay, plan, reached, felt, binds)
    if count == 0:
        return
    reached, felt = reached[:count], felt[:members]
    most = arrays.space(activities, 0.0)
    for k in reached:
        most[k], plan.binding[k] = plan.limit[k], NOTHING
    sources.stand_behind(lay, plan, most)
    while True:
        _stop(lay, plan, most, reached, felt)
        _shared_out(lay, plan, most, reached, felt, binds)
        if not _circulates(lay, plan, most, reached, felt):
            break
    if len(lay.serves) > 0:
        _bind_by_tanks(lay, plan)


def _shared_out(
    lay: Layout, plan: Plan, most: Floats, reached: Ints, felt: Ints, binds: Flags
) -> None:
    """Set rates of no more than ``most`` for what is reached."""
    for k in reached:
        plan.rate[k], plan.moved[k], plan.touched[k] = most[k], False, True
        for row in lay.rows_of[lay.activity_start[k] : lay.activity_start[k + 1]]:
            if row < len(plan.status):
                plan.stirred[row] = True
    part, within = arrays.space(len(most), 0), arrays.space(len(binds), 0)
    place = arrays.space(len(most), -1)
    for row in felt:
        binds[row] = True
    for first in felt:
        if not binds[first]:
            continue
        count, members = _part(lay, plan, most, first, binds, place, part, within)
        if count == 0:
            continue
        _ranked(lay, part, count, place)
        gain = np.zeros((members, count))
        for i in range(members):
            sign = plan.sign[within[i]]
            for f in range(lay.row_start[within[i]], lay.row_start[within[i] + 1]):
                k = lay.term_activity[f]
                if most[k] > 0.0 and plan.gain[f] != 0.0:
                    gain[i, place[k]] += sign * plan.gain[f]
            if within[i] >= lay.first_utility:  # in units of their own
                unit = max(gain[i].max(), TINY)
                for c in range(count):
                    gain[i, c] /= unit
        _served(lay, plan, most, gain, part[:count], within[:members], place)


def _served(
    lay: Layout, plan: Plan, most: Floats, gain: Floats, part: Ints, within: Ints, place: Ints
) -> None:  # fmt: skip
    """Set the rates of one part, whose headers draw in order."""
    count, tanks, rows = len(part), len(plan.status), gain
    rate, row_of = arrays.space(count, 0.0), arrays.space(count, -1)
    emptied, filling = arrays.space(tanks, False), arrays.space(tanks, False)
    over = arrays.space(tanks, 0.0)
    for _ in range(2 * tanks + 1 if len(lay.serves) > 0 else 1):
        _decide(lay, plan, most, rows, part, within, place, rate, row_of)
        if len(lay.serves) == 0 or not sources.mark(
            lay, plan, gain, most, part, within, place, rate, emptied, filling, over
        ):
            break
        rows = sources.held(lay, plan, gain, part, within, place, emptied, filling)
    for c in range(count):
        plan.rate[part[c]] = rate[c]
        if row_of[c] >= 0 and rate[c] < most[part[c]]:
            plan.binding[part[c]] = within[row_of[c]]


def _bind_by_tanks(lay: Layout, plan: Plan) -> None:
    """Let a second feed bind its train by what keeps it from giving more.

    It gives neither more nor less than it is asked for, and so binds a train that something else
    holds as well. Where one of its tanks could give more it is that.
    """
    tanks = len(plan.status)
    for k in range(len(plan.binding)):
        row, empty, other, last = plan.binding[k], NOTHING, NOTHING, NOTHING
        if not lay.first_second < row < lay.first_utility:
            continue
        for d in range(len(lay.serves)):
            if lay.serves[d] != row - 1:
                continue
            last = lay.source[d]
            if empty == NOTHING and _gives_all(lay, plan, d):
                empty = last
            if other == NOTHING and plan.binding[d] < tanks:
                other = plan.binding[d]
        if last == NOTHING:
            continue
        held = _holding(lay, plan, k, row)
        if held != NOTHING:
            plan.binding[k] = held
        else:
            plan.binding[k] = empty if empty != NOTHING else other if other != NOTHING else last


def _holding(lay: Layout, plan: Plan, k: int, asked: int) -> int:
    """Return what holds a train whose second feed could give more, or NOTHING.

    ``asked`` is the row of what is asked for: a draw that relieves it is of use.
    """
    for f in range(lay.row_start[asked], lay.row_start[asked + 1]):
        d = lay.term_activity[f]
        if lay.serves[d] != asked - 1 or plan.gain[f] >= 0.0:
            continue
        if _gives_all(lay, plan, d):
            continue
        for row in range(len(plan.sign)):
            among = row < len(plan.status) or row >= lay.first_utility
            if among and plan.sign[row] != 0.0 and _tight(lay, plan, row, k, d):
                return row
    return NOTHING


def _gives_all(lay: Layout, plan: Plan, d: int) -> bool:
    """Whether a draw is from an EMPTY tank that gives all it gets; else it has begun to fill."""
    tank = lay.source[d]
    return bool(plan.status[tank] == EMPTY) and _tight(lay, plan, tank, d, d)


def _tight(lay: Layout, plan: Plan, row: int, k: int, d: int) -> bool:
    """Whether a row bears no more of a train or of a draw of its second feed, and feels it."""
    rest = gross = 0.0
    felt = False
    for f in range(lay.row_start[row], lay.row_start[row + 1]):
        other, effect = lay.term_activity[f], plan.sign[row] * plan.gain[f]
        rest += effect * plan.rate[other]
        gross += max(effect * plan.rate[other], 0.0)
        felt |= effect > 0.0 and other in (k, d)
    return felt and rest >= -TIGHT * gross


def _part(
    lay: Layout,
    plan: Plan,
    most: Floats,
    first: int,
    binds: Flags,
    place: Ints,
    part: Ints,
    within: Ints,
) -> tuple[int, int]:
    """Collect the activities and rows that hang together with a row; return how many.

    Rows are taken from those that are marked in ``binds``.
    """
    count, members, at = 0, 1, 0
    binds[first] = False
    within[0] = first
    while at < members:
        row = within[at]
        at += 1
        for f in range(lay.row_start[row], lay.row_start[row + 1]):
            k = lay.term_activity[f]
            if most[k] == 0.0 or plan.gain[f] == 0.0 or place[k] >= 0:
                continue
            place[k] = count
            part[count] = k
            count += 1
            for at_term in range(lay.activity_start[k], lay.activity_start[k + 1]):
                g = lay.terms_of[at_term]
                other = lay.rows_of[at_term]
                if binds[other] and plan.gain[g] != 0.0:
                    binds[other] = False
                    within[members] = other
                    members += 1
    return count, members


def _ranked(lay: Layout, part: Ints, count: int, place: Ints) -> None:
    """Sort activities by their declared order."""
    for i in range(1, count):
        k, at = part[i], i
        while at > 0 and lay.rank[part[at - 1]] > lay.rank[k]:
            part[at] = part[at - 1]
            at -= 1
        part[at] = k
    for i in range(count):
        place[part[i]] = i


def _decide(
    lay: Layout, plan: Plan, most: Floats, gain: Floats, part: Ints, within: Ints, place: Ints,
    rate: Floats, row_of: Ints,
) -> None:  # fmt: skip
    """Find the rates of one part, and which row binds each.

    An effect that is slight decides no priority: activities with such effects are found first
    without them, then may not exceed that and come before all others, and every effect counts.
    """
    count = len(part)
    cap, lowered_by = arrays.space(count, 0.0), arrays.space(count, -1)
    for i in range(count):
        cap[i], row_of[i] = most[part[i]], NOTHING
    slight = arrays.space(count, False)
    coarse = _without_traces(lay, plan, gain, most, within, place, slight)
    team, weight = teams(lay.team, lay.weight, part, cap)
    if not slight.any():
        share(gain, cap, team, weight, rate, lowered_by, plan.exact)
    else:
        share(coarse, cap, team, weight, rate, lowered_by, plan.exact)
        for i in range(count):
            row_of[i] = lowered_by[i] if lowered_by[i] < len(within) else NOTHING
        turned = np.empty_like(gain)
        reach, found = arrays.space(count, 0.0), arrays.space(count, 0.0)
        order, low, at = arrays.space(count, 0), arrays.space(count, -1), 0
        for first in range(2):
            for c in range(count):
                if slight[c] == (first == 0):
                    order[at] = c
                    reach[at] = rate[c] if first == 0 else cap[c]
                    arrays.copy(gain[:, c], turned[:, at])
                    at += 1
        if len(team) > 0:
            team, weight = team[order], weight[order]
            team[: slight.sum()] = -1  # have their shares, and set no other of the team before any
        share(turned, reach, team, weight, found, low, plan.exact)
        for at in range(count):
            rate[order[at]], lowered_by[order[at]] = found[at], low[at]
    bind(gain[: len(within)], cap, rate, lowered_by, row_of)


def _without_traces(
    lay: Layout, plan: Plan, gain: Floats, most: Floats, within: Ints, place: Ints, slight: Flags
) -> Floats:
    """Return the gains without slight effects, and mark which activities have one.

    Priorities change at once where an effect becomes slight, so one that does keeps to it until
    the effect has grown twice as large, and the other way round: rates would turn to and fro.
    """
    coarse = gain
    for i in range(len(within)):
        row = within[i]
        if row >= len(plan.status):
            continue
        largest = flow = 0.0
        for f in range(lay.row_start[row], lay.row_start[row + 1]):
            k = lay.term_activity[f]
            if most[k] > 0.0:
                largest = max(largest, abs(plan.gain[f]))
                flow = max(flow, abs(plan.gain[f]) * most[k])
        for f in range(lay.row_start[row], lay.row_start[row + 1]):
            k, effect = lay.term_activity[f], plan.sign[row] * plan.gain[f]
            if most[k] == 0.0 or effect == 0.0 or lay.source[k] == row:
                continue
            # one that relieves the row is welcome, and far smaller than one that must be slight
            below = (SLIGHT if effect > 0.0 else WELCOME) * KEEPS ** plan.slight[f]
            effect = abs(effect)
            if effect < below * largest and effect * most[k] < below * flow:
                if not slight.any():
                    coarse = gain.copy()
                coarse[i, place[k]] = 0.0
                slight[place[k]] = True
                plan.slight[f] = 1
            else:
                plan.slight[f] = -1
    return coarse


def teams(team: Ints, weight: Floats, part: Ints, cap: Floats) -> tuple[Ints, Floats]:
    """Return of which team of its own each activity of a part is, and its weight there, 1 at most.

    Numbered as they come in the order, -1 for one that shares with none of the part.
    """
    if len(team) == 0:
        return team, weight
    mine, heavy = np.full(len(part), -1), np.zeros(len(part))
    count = 0
    for c in range(len(part)):
        if team[part[c]] < 0 or mine[c] >= 0:
            continue
        largest, members = 0.0, 0
        for d in range(c, len(part)):
            if team[part[d]] == team[part[c]]:
                heavy[d] = weight[part[d]] if weight[part[d]] > 0.0 else cap[d]
                largest = max(largest, heavy[d])
                members += 1
        for d in range(c, len(part)):
            if members > 1 and team[part[d]] == team[part[c]]:
                mine[d] = count
                heavy[d] /= largest
        count += members > 1
    return mine, heavy


def share(
    gain: Floats, most: Floats, team: Ints, weight: Floats, rate: Floats, lowered_by: Ints,
    exact: Ints,
) -> None:  # fmt: skip
    """As `_settle`, but the members of a team run at equal shares of their weights where they may.

    A team stands where its first member does, and its shares are the lexicographic max-min: the
    least of them is as large as it can be; members that could go on without lowering one that has
    no more get a level above it, and so on. Each is asked for that: it comes first behind the
    levels so far. ``team`` is numbered in the order of the columns, or empty.
    """
    _settle(gain, most, rate, lowered_by, exact)
    level, ahead = arrays.space(len(team), 0), arrays.space(len(team), False)
    for g in range(team.max() + 1 if len(team) > 0 else 0):
        top, goes_on = 0, bool((rate < most)[team == g].any())
        while goes_on:
            ahead[:] = False
            stays = False
            for c in range(len(team)):
                if team[c] != g or level[c] != top:
                    continue
                common = _leveled(gain, most, team, weight, level, c, rate, lowered_by, exact)
                ahead[c] = rate[c] > weight[c] * common * (1.0 + AHEAD) + TIGHT * most[c]
                stays |= not ahead[c]
            goes_on = stays and bool(ahead.any())
            top += 1
            for c in range(len(team)):
                if goes_on and ahead[c]:
                    level[c] = top


def _leveled(
    gain: Floats, most: Floats, team: Ints, weight: Floats, level: Ints, foremost: int,
    rate: Floats, lowered_by: Ints, exact: Ints,
) -> float:  # fmt: skip
    """Settle with levels that members of teams must not be below, up to the team of ``foremost``.

    Each level is a column, the share of all members on it; those of a team come in front of it, and
    ``foremost`` right after them. Returns the level of the foremost.
    """
    rows, columns = gain.shape
    last = team[foremost]
    members, levels = 0, arrays.space(last + 1, 0)
    for c in range(columns):
        if 0 <= team[c] <= last:
            members += 1
            levels[team[c]] = max(levels[team[c]], level[c] + 1)
    place, base, at = arrays.space(columns, -1), arrays.space(last + 1, -1), 0
    for c in range(columns):
        g = team[c]
        if place[c] >= 0:
            continue
        if 0 <= g <= last:
            base[g] = at
            at += levels[g]
            if g == last:
                place[foremost] = at
                at += 1
            for d in range(c, columns):
                if team[d] == g and place[d] < 0:
                    place[d] = at
                    at += 1
        else:
            place[c] = at
            at += 1
    table, cap = np.zeros((rows + members, at)), arrays.space(at, 0.0)
    row = rows
    for c in range(columns):
        arrays.copy(gain[:, c], table[:rows, place[c]])
        cap[place[c]] = most[c]
        if 0 <= team[c] <= last:
            k = base[team[c]] + level[c]
            table[row, k], table[row, place[c]] = weight[c], -1.0
            reach = most[c] / weight[c]
            cap[k] = min(cap[k], reach) if cap[k] > 0.0 else reach
            row += 1
    found, low = arrays.space(at, 0.0), arrays.space(at, -1)
    _settle(table, cap, found, low, exact)
    for c in range(columns):
        rate[c] = found[place[c]]
        lowered_by[c] = low[place[c]] if low[place[c]] < rows else -1
    return float(found[base[last] + level[foremost]])


def _settle(gain: Floats, most: Floats, rate: Floats, lowered_by: Ints, exact: Ints) -> None:
    """As `simplex.lexicographic`, but what that leaves in doubt is answered at an address.

    What ``exact`` holds see `Plan`; nothing runs any more where no answer has come.
    """
    if simplex.lexicographic(gain, most, rate, lowered_by):
        return
    rate[:] = 0.0
    lowered_by[:] = -1
    sizes = arrays.space(2, 0)
    sizes[0], sizes[1] = gain.shape
    if exact[1] == 0:
        exact[1] = 1
        arrays.call(
            exact[0], sizes.ctypes.data, gain.ctypes.data, most.ctypes.data, rate.ctypes.data
        )


def bind(gain: Floats, most: Floats, rate: Floats, lowered_by: Ints, row_of: Ints) -> None:
    """Name for each activity below its capacity a row that would break if it were raised.

    That which it gave way to, else the first; ``row_of`` stays as it is where there is none.
    """
    chosen = arrays.space(len(most), -1)
    for i in range(len(gain)):
        rest = gross = 0.0
        for c in range(len(most)):
            rest += gain[i, c] * rate[c]
            gross += max(gain[i, c] * rate[c], 0.0)
        if rest < -TIGHT * gross:
            continue
        for c in range(len(most)):
            below = gain[i, c] > 0.0 and rate[c] < most[c]
            if below and (chosen[c] < 0 or lowered_by[c] == i):
                chosen[c] = row_of[c] = i


ALLOCATING = (
    "_settle", "_shared_out", "_served", "_decide", "_without_traces", "teams", "share", "_leveled",
)  # fmt: skip
