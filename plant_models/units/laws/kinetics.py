"""Reactions of any order in a stirred tank and in a batch, by their extents."""

from __future__ import annotations

from collections.abc import Sequence
from math import exp

import numpy as np

from plant_models.units.laws.equilibrium import R
from plant_models.units.laws.tables import Numbers
from sim.network.plain import Table

COMPLETE = 1.0 - 1e-12  # a whole 1 can round what is left to less than nothing
ROUNDS = 400
TOLERANCE = 1e-7  # kmol/kmol of the charge, for a step of the batch
MOST_STEPS = 20_000
SHORTEST = 1e-9  # h; in less nothing reacts
FLOOR = 1e-30  # kmol/m3; stands for none where a power of it is taken
SETTLED = 1e-7  # of the feed; what rates miss where they fall with the last of a reactant
LAST_DIGITS = 1e-15  # of the feed, to which what is used up is told
SCANT = 1e-8  # of the charge; of less than that no rate rises, and one that uses it falls with it


def arrhenius(k: float, energy: float, T: float, reference: float) -> float:
    r"""Return a rate constant at another temperature, in its own unit.

    .. math:: k(T) = k_{ref} \exp\left[-\frac{E}{R}\left(\frac1T - \frac1{T_{ref}}\right)\right]

    ``energy``: activation energy, kJ/kmol; ``T``, ``reference``: K.

    >>> arrhenius(2.0, 5e4, 300.0, 300.0)
    2.0
    """
    return k * exp(min(max(-energy / R * (1.0 / T - 1.0 / reference), -600.0), 600.0))


def rate_constants(k: Numbers, energies: Numbers, T: float, reference: float) -> Table:
    """Return rate constants at another temperature; see `arrhenius`."""
    made = np.empty(len(k))
    for j in range(len(k)):
        made[j] = arrhenius(k[j], energies[j], T, reference)
    return made


def rates(C: Numbers, k: Numbers, orders: Table) -> Table:
    r"""Return the rates of power-law reactions, :math:`r_j = k_j \prod_i C_i^{o_{ij}}`, kmol/m3/h.

    ``C``: kmol/m3; ``k``: for kmol, m3 and h; ``orders``: a row for each reaction.
    """
    made = np.empty(len(k))
    for j in range(len(k)):
        rate = k[j]
        for i in range(len(C)):
            if orders[j, i] != 0.0:
                rate *= max(C[i], FLOOR if orders[j, i] < 0.0 else 0.0) ** orders[j, i]
        made[j] = rate
    return made


def solved(A: Table, b: Table) -> Table:
    """Return the solution of a few linear equations, by elimination with pivots; nan if none.

    >>> solved(np.array([[0.0, 2.0], [4.0, 0.0]]), np.array([2.0, 2.0])).tolist()
    [0.5, 1.0]
    """
    n = len(b)
    A, x = A.copy(), b.copy()
    for k in range(n):
        p = k
        for r in range(k + 1, n):
            if abs(A[r, k]) > abs(A[p, k]):
                p = r
        if not abs(A[p, k]) > 0.0:
            x[:] = np.nan
            return x
        for c in range(n):
            A[k, c], A[p, c] = A[p, c], A[k, c]
        x[k], x[p] = x[p], x[k]
        for r in range(k + 1, n):
            factor = A[r, k] / A[k, k]
            for c in range(k, n):
                A[r, c] -= factor * A[k, c]
            x[r] -= factor * x[k]
    for k in range(n - 1, -1, -1):
        for c in range(k + 1, n):
            x[k] -= A[k, c] * x[c]
        x[k] /= A[k, k]
    return x


def reverses(nu: Table) -> Table:
    """Return of each reaction which earlier one it takes back, or -1.

    >>> reverses(np.array([[-1.0, 1.0], [1.0, -1.0]])).tolist()
    [-1.0, 0.0]
    """
    made = np.full(len(nu), -1.0)
    for j in range(len(nu)):
        for m in range(j + 1, len(nu)):
            opposite = made[m] < 0.0 and made[j] < 0.0
            for i in range(nu.shape[1]):
                opposite = opposite and nu[j, i] == -nu[m, i]
            if opposite:
                made[m] = j
                break
    return made


def stirred_tank(
    n: Numbers, flow: float, volume: float, k: Numbers, nu: Table, orders: Table
) -> Table:
    r"""Return the extents of reactions in a stirred tank at rest, kmol/h.

    .. math:: \xi_j = V r_j(C), \qquad C_i = \frac{n_i + \sum_j \nu_{ji} \xi_j}{Q}

    Implicit steps towards the rest that grow as the equations come to hold, and that never use up
    more than there is. A reaction and the one that takes it back count as one, of the first. Where
    a reactant is used up that a rate does not depend on, there is as much of the reaction as of it.

    Parameters
    ----------
    n : sequence of float
        Feed, kmol/h.
    flow, volume : float
        Q, m3/h, and V, m3.
    k : sequence of float
        Rate constants, for kmol, m3 and h.
    nu, orders : array
        Stoichiometric coefficients and orders, a row for each reaction.
    """
    if flow <= 0.0 or volume <= 0.0:
        return np.zeros(len(k))
    extents, rests = _at_rest(n, flow, volume, k, nu, orders, True)
    if not rests:
        others, rests = _at_rest(n, flow, volume, k, nu, orders, False)
        extents = others if rests else extents
    return extents


def _at_rest(
    n: Numbers, flow: float, volume: float, k: Numbers, nu: Table, orders: Table, bounded: bool
) -> tuple[Table, bool]:
    """Return extents for `stirred_tank`, and whether they have come to rest.

    ``bounded``: whether what is used up bounds reactions of order zero; otherwise their rates fall
    with the last of it, which comes to rest in networks where bounds lock each other.
    """
    count, components = len(k), len(n)
    extents = np.zeros(count)
    size = 0.0
    for i in range(components):
        size += n[i]
    step, last = 0.1, np.inf
    back = reverses(nu)
    one_way = np.ones(count)
    for j in range(count):
        if back[j] >= 0.0:
            one_way[j] = one_way[int(back[j])] = 0.0
    held, worst = np.empty(components), np.inf
    for _ in range(ROUNDS):
        for i in range(components):
            held[i] = n[i]
            for j in range(count):
                held[i] += nu[j, i] * extents[j]
        constants, powers = k, orders
        if not bounded:
            constants, powers = _with_scant(held, flow, size, k, nu, orders)
        residual, jacobian = _equations(held, extents, flow, volume, constants, nu, powers, back)
        if bounded:
            _bound(residual, jacobian, held, extents, nu, orders, one_way)
        worst = 0.0
        for j in range(count):
            worst = max(worst, abs(residual[j]))
        if worst <= (1e-13 if bounded else SETTLED) * size:
            break
        step = min(step * (4.0 if worst < last else 0.5), 1e12)
        last = worst
        for j in range(count):
            jacobian[j, j] += 1.0 / step
        move = solved(jacobian, residual)
        if not np.isfinite(move).all():  # so steep that the equations are no longer told apart
            step, last = 1e-6 * step, np.inf
            continue
        for j in range(count):
            if one_way[j]:
                move[j] = min(move[j], extents[j])  # none runs backwards that is not told to
        share = 1.0
        for i in range(components):
            change = 0.0
            for j in range(count):
                change -= nu[j, i] * move[j]
            most = 0.9 * max(held[i], 0.0) + LAST_DIGITS * size  # rounding may have left less
            if change < -most:
                share = min(share, most / -change)
        for j in range(count):
            extents[j] -= share * move[j]
    return extents, worst <= SETTLED * size


def _bound(
    residual: Table,
    jacobian: Table,
    held: Numbers,
    extents: Table,
    nu: Table,
    orders: Table,
    one_way: Table,
) -> None:
    r"""Let reactions go no further than a reactant lasts that their rates do not depend on.

    .. math:: \min(V r_j - \xi_j, \; c_i / |\nu_{ji}|) = 0

    of what is left of it, :math:`c_i`, instead of the first of the two alone. Several share it as
    their rates are. ``one_way``: 1 for each reaction that no other takes back.
    """
    free = extents - residual
    for i in range(len(held)):
        short = -1
        for j in range(len(extents)):
            unheeded = one_way[j] and nu[j, i] < 0.0 and orders[j, i] == 0.0
            if short < 0 and unheeded and residual[j] < held[i] / nu[j, i]:
                short = j
        for j in range(len(extents)):
            if short < 0 or not one_way[j] or nu[j, i] >= 0.0 or orders[j, i] != 0.0:
                continue
            share = free[j] / free[short] if j != short else 0.0
            residual[j] = extents[j] - share * extents[short]
            jacobian[j, :] = 0.0
            jacobian[j, j] = 1.0
            jacobian[j, short] = -share
        if short >= 0:
            residual[short] = held[i] / nu[short, i]
            for m in range(len(extents)):
                jacobian[short, m] = nu[m, i] / nu[short, i]


def _equations(
    held: Table,
    extents: Table,
    flow: float,
    volume: float,
    k: Numbers,
    nu: Table,
    orders: Table,
    back: Table,
) -> tuple[Table, Table]:
    """Return by how much extents miss the rates, kmol/h, and how that changes with each extent."""
    count, components = len(k), len(held)
    C = np.empty(components)
    for i in range(components):
        C[i] = max(held[i], 0.0) / flow
    made = rates(C, k, orders)
    residual, jacobian = np.zeros(count), np.zeros((count, count))
    for j in range(count):
        residual[j] += extents[j]
        jacobian[j, j] += 1.0
        row, sign = (j, -1.0) if back[j] < 0.0 else (int(back[j]), 1.0)
        residual[row] += sign * volume * made[j]
        for i in range(components):
            order = orders[j, i]
            if order == 0.0:
                continue
            slope = k[j] * order * max(C[i], FLOOR) ** (order - 1.0)
            for other in range(components):
                if other != i and orders[j, other] != 0.0:
                    slope *= max(C[other], FLOOR) ** orders[j, other]
            for m in range(count):
                jacobian[row, m] += sign * volume * slope * nu[m, i] / flow
    return residual, jacobian


def batch(n: Numbers, volume: float, hours: float, k: Numbers, nu: Table, orders: Table) -> Table:
    r"""Return the extents of reactions in a batch, kmol.

    .. math:: \frac{d\xi_j}{dt} = V r_j(C), \qquad \xi_j(0) = 0

    by Rosenbrock's method of third order Rodas3, which bears reactions of any speed beside slow
    ones, in steps whose error stays below a part in ten million of the charge.

    Where a reactant runs out that a rate does not depend on, that reaction goes on as fast as it
    comes, if another makes it.

    ``n``: charge, kmol; ``volume``: of the liquid, m3; ``hours``: h; else as `stirred_tank`.

    References
    ----------
    sandu-1997; the constants as its authors' program has them, recalled, and tested.
    """
    count = len(k)
    extents = np.zeros(count)
    size = 0.0
    for i in range(len(n)):
        size += n[i]
    if count == 0 or volume <= 0.0 or hours <= SHORTEST or size <= 0.0:
        return extents
    t, h = 0.0, 1e-3 * hours
    back = reverses(nu)
    for _ in range(MOST_STEPS):
        if hours - t <= 1e-12 * hours:
            break
        h = min(h, hours - t)
        first, slope = _speeds(n, extents, volume, k, nu, orders, back)
        matrix = -slope
        for j in range(count):
            matrix[j, j] += 2.0 / h
        k1 = solved(matrix, first)
        k2 = solved(matrix, first + 4.0 / h * k1)
        third, _ = _speeds(n, extents + 2.0 * k1, volume, k, nu, orders, back)
        k3 = solved(matrix, third + (k1 - k2) / h)
        fourth, _ = _speeds(n, extents + 2.0 * k1 + k3, volume, k, nu, orders, back)
        k4 = solved(matrix, fourth + (k1 - k2 - 8.0 / 3.0 * k3) / h)
        error = 0.0
        for i in range(len(n)):
            off = 0.0
            for j in range(count):
                off += nu[j, i] * k4[j]
            error = max(error, abs(off) / (TOLERANCE * size))
        after = extents + 2.0 * k1 + k3 + k4
        if not error < np.inf or least(n, after, nu) < -1e-9 * size:
            h *= 0.2
            continue
        if error <= 1.0:
            extents = after
            t += h
        h *= min(max(0.9 / max(error, 1e-9) ** (1.0 / 3.0), 0.2), 5.0)
    if hours - t > 1e-12 * hours:
        extents[:] = np.nan  # told with unit and hour by the engine
    return extents


def least(n: Numbers, extents: Numbers, nu: Table) -> float:
    """Return the smallest amount that is left after extents, kmol."""
    smallest = np.inf
    for i in range(len(n)):
        held = n[i]
        for j in range(len(extents)):
            held += nu[j, i] * extents[j]
        smallest = min(smallest, held)
    return smallest


def _with_scant(
    held: Table, volume: float, size: float, k: Numbers, nu: Table, orders: Table
) -> tuple[Table, Table]:
    """Return rate constants and orders where something is scant, each rate as it is at `SCANT`.

    It is of the first order in what it uses and does not need, and no longer rises as what slows
    it vanishes. ``held``: kmol; ``size``: of the charge, kmol; else as `batch`.
    """
    constants, powers = np.empty(len(k)), orders.copy()
    for j in range(len(k)):
        constants[j] = k[j]
        for i in range(len(held)):
            if held[i] >= SCANT * size or orders[j, i] > 0.0:
                continue
            powers[j, i] = 1.0 if nu[j, i] < 0.0 else 0.0
            constants[j] *= (SCANT * size / volume) ** (orders[j, i] - powers[j, i])
    return constants, powers


def _speeds(
    n: Numbers,
    extents: Table,
    volume: float,
    k: Numbers,
    nu: Table,
    orders: Table,
    back: Table,
) -> tuple[Table, Table]:
    """Return how fast extents grow, kmol/h, and how that changes with each of them."""
    held = np.empty(len(n))
    for i in range(len(n)):
        held[i] = n[i]
        for j in range(len(k)):
            held[i] += nu[j, i] * extents[j]
    size = 0.0
    for i in range(len(n)):
        size += n[i]
    k, orders = _with_scant(held, volume, size, k, nu, orders)
    residual, jacobian = _equations(held, extents, volume, volume, k, nu, orders, back)
    speeds = extents - residual
    for j in range(len(k)):
        jacobian[j, j] -= 1.0
    return speeds, -jacobian


def fractions_of(n: Numbers, extents: Numbers, nu: Table, keys: Sequence[float] | Table) -> Table:
    """Return extents as what is converted in turn, kmol/kmol, two numbers for each `reactants`.

    What the reactions before have left counts. One of which a reactant is not there yet waits for
    the second round, which goes through the reactions from the last to the first. ``n``: kmol/h in
    the whole pool; ``keys``: the key's position for each reaction.
    """
    pool = np.empty(len(n))
    for i in range(len(n)):
        pool[i] = n[i]
    made = np.zeros(2 * reactants(nu))
    place, count = 0, len(extents)
    forwards = by_the_reverse(affordable(n, extents, nu), nu)
    for turn in range(2 * count):
        j = turn if turn < count else 2 * count - 1 - turn
        waits = False
        for i in range(len(n)):
            waits = waits or (turn < count and nu[j, i] < 0.0 and not pool[i] > 0.0)
        extent = 0.0 if waits else forwards[j]
        place = _told(made, place, pool, extent, nu[j], int(keys[j]))
        if not waits:
            forwards[j] = 0.0
    return made


def affordable(n: Numbers, extents: Numbers, nu: Table) -> Table:
    """Return extents that leave no less than nothing of a component, where rounding would.

    Those that use it shrink, and no others: of what is not there at all, rounding may take any
    share. ``n``: kmol/h in the whole pool.

    >>> nu = np.array([[-1.0, -1.0, 1.0], [-1.0, 0.0, 1.0]])
    >>> affordable(np.array([1.0, 0.0, 0.0]), np.array([1e-30, 0.5]), nu).tolist()
    [0.0, 0.5]
    """
    count = len(extents)
    told = np.empty(count)
    for j in range(count):
        told[j] = extents[j]
    for _ in range(count + 1):
        short = False
        for i in range(len(n)):
            gained, used = 0.0, 0.0
            for j in range(count):
                gained += max(nu[j, i] * told[j], 0.0)
                used += max(-nu[j, i] * told[j], 0.0)
            if gained - used < -COMPLETE * n[i]:
                short = True
                for j in range(count):
                    if nu[j, i] * told[j] < 0.0:
                        told[j] *= (gained + COMPLETE * n[i]) / used
        if not short:
            break
    return told


def by_the_reverse(extents: Table, nu: Table) -> Table:
    """Return extents of which one below 0 is told of the reaction that takes it back.

    Told of the reaction itself it would be a fraction of its key, which need not be there.

    >>> by_the_reverse(np.array([-2.0, 0.0]), np.array([[-1.0, 1.0], [1.0, -1.0]])).tolist()
    [0.0, 2.0]
    """
    back, told = reverses(nu), extents.copy()
    for m in range(len(extents)):
        j = int(back[m])
        if j >= 0 and extents[j] < 0.0:
            told[m] -= extents[j]
            told[j] = 0.0
    return told


def limited(n: Numbers, conversions: Numbers, nu: Table, keys: Sequence[float] | Table) -> Table:
    """Return what is converted where no reactant may run short, a number for each `reactants`.

    ``conversions``: of the key that the reactions before have left, kmol/kmol, however often it
    stands in the equation.
    """
    pool = np.empty(len(n))
    for i in range(len(n)):
        pool[i] = n[i]
    made = np.zeros(reactants(nu))
    extents = limited_extents(n, conversions, nu, keys)
    place = 0
    for j in range(len(extents)):
        place = _told(made, place, pool, extents[j], nu[j], int(keys[j]))
    return made


def limited_extents(
    n: Numbers, conversions: Numbers, nu: Table, keys: Sequence[float] | Table
) -> Table:
    """Return the extents of `limited`, kmol/h where ``n`` is kmol/h."""
    pool, extents = np.empty(len(n)), np.empty(len(conversions))
    for i in range(len(n)):
        pool[i] = n[i]
    for j in range(len(conversions)):
        key = int(keys[j])
        extent = conversions[j] * max(pool[key], 0.0) / -nu[j, key]
        for i in range(len(n)):
            if nu[j, i] < 0.0:
                extent = min(extent, COMPLETE * max(pool[i], 0.0) / -nu[j, i])
        for i in range(len(n)):
            pool[i] += nu[j, i] * extent
        extents[j] = extent
    return extents


def asked_of(
    i: int, other: int, conversions: Numbers, nu: Table, keys: Sequence[float] | Table
) -> float:
    """Return how much of ``other`` the reactions ask for of each of component ``i``, kmol/kmol.

    As `limited`, with enough of everything else; what they themselves make reacts on.
    """
    pool = np.zeros(nu.shape[1])
    pool[i] = 1.0
    needed = 0.0
    for j in range(len(conversions)):
        key = int(keys[j])
        extent = conversions[j] * max(pool[key], 0.0) / -nu[j, key]
        for c in range(len(pool)):
            pool[c] += nu[j, c] * extent
        needed -= nu[j, other] * extent
    return needed


def reactants(nu: Table) -> int:
    """Return how many fractions tell of reactions: one for each component that one uses up."""
    count = 0
    for j in range(len(nu)):
        for i in range(nu.shape[1]):
            if nu[j, i] < 0.0:
                count += 1
    return count


def _told(made: Table, place: int, pool: Table, extent: float, nu: Table, key: int) -> int:
    """Tell an extent as a fraction of the scarcest reactant, and take it from the pool.

    As a fraction of another one, what is left of the scarcest would be a difference, and no longer
    nothing as soon as the composition moves. Backwards it is told of the key, whose fraction comes
    first. Of one that is not there yet, for another reaction will make it, nothing could be a
    fraction: then it is told of the most plentiful. Returns the place behind this reaction's
    fractions.
    """
    at, scarcest, behind = place, key, place + 1
    for i in range(len(nu)):
        if nu[i] < 0.0 and i != key:
            if extent > 0.0 and pool[i] / -nu[i] < pool[scarcest] / -nu[scarcest]:
                at, scarcest = behind, i
            behind += 1
    if extent != 0.0 and not pool[scarcest] > 0.0:
        behind = place + 1
        for i in range(len(nu)):
            if nu[i] < 0.0 and i != key:
                if pool[i] / -nu[i] > pool[scarcest] / -nu[scarcest]:
                    at, scarcest = behind, i
                behind += 1
        if pool[key] / -nu[key] > pool[scarcest] / -nu[scarcest]:
            at, scarcest = place, key
    if pool[scarcest] > 0.0:
        made[at] = extent * -nu[scarcest] / pool[scarcest]
    for i in range(len(nu)):
        pool[i] += nu[i] * extent
    return behind
