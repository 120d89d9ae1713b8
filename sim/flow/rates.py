"""How fast every activity runs between two events: the rates of a discrete-rate simulation, kg/h.

Activities share tanks. An EMPTY tank gives no more than it gets, a FULL tank gets no more than it
gives, a tank in between constrains nothing. Among all rates that respect this the line runs at the
lexicographic maximum: the first activity in the declared order as fast as it can, then the
second, and so on.

The solver starts from the capacities and comes down (:mod:`sim.flow.rates`): a violated row lowers
whatever costs the least by priority and from then on is solved exactly, so that a recycle closes
in one step whatever its gain, where repeated passes would approach it geometrically. The outcome
is accepted only with a certificate (:func:`solve_rates`); whatever is left without one is decided
by the linear programme of :mod:`sim.flow.fallback`, which starts from rest in exact arithmetic.
"""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field
from math import inf, isfinite

import numpy as np
from numpy.typing import NDArray

from sim.flow.blending import Blender
from sim.flow.fallback import Basis, lexicographic_basis
from sim.flow.map import FlowMap
from sim.flow.train import Array, CompiledTrain

SUSPECT = 1e-4  # relative; what a difference leaves below this is looked at more closely: it ...
CANCELLED = 1e-11  # ... is rounding below this part of the terms of the sum behind it ...
UNFELT = 1e-13  # ... or, for a slack, where it moves less than this of the flows

Row = Sequence[tuple[int, float]]  # coefficients by activity, kg per kg of main feed
Form = dict[int, float]  # coefficients by column: k for activity k, ~j for the slack of row j


def add(total: Form, factor: float, form: Mapping[int, float]) -> list[int]:
    """Add `factor` times a form, kg/kg; return the columns in which next to nothing is left.

    >>> total = {0: 0.3, 1: 1.0}
    >>> add(total, -0.5, {0: 0.6, ~2: 1.0})
    [0]
    >>> total
    {0: 0.0, 1: 1.0, -3: -0.5}
    """
    suspects = []
    for i, c in form.items():
        step = factor * c
        if i in total:
            after = total[i] = total[i] + step
            if abs(after) <= SUSPECT * abs(step):
                suspects.append(i)
        else:
            total[i] = step
    return suspects


def remove_rounding(
    form: Form,
    suspects: Sequence[int],
    rows: Sequence[Row],
    capacity: Sequence[float],
    marginal: Container[int],
    own: int | None = None,
    row: Row = (),
) -> None:
    """Remove those suspect columns, kg/kg, that are rounding from a form.

    A slack weighs in a form what its whole row does: an activity's coefficient is that in the row
    itself and those in the active rows, weighted by their slacks, and for each marginal activity
    they cancel. What such a sum leaves of its terms tells rounding from a trace. The form, that of
    the marginal activity `own` or of `row`, is changed in place; in its suspect columns terms have
    cancelled, and `marginal` are the activities that the active rows determine.
    """
    for i in sorted(suspects):  # slacks first, for the activities are recomputed by them
        pivot, column = -1.0, i
        if i < 0:
            flow = {
                label: abs(c) * max(abs(g) * capacity[k] for k, g in rows[~label])
                if label < 0
                else abs(c) * capacity[label]
                for label, c in form.items()
            }
            if flow[i] <= UNFELT * max(flow.values()):
                del form[i]
                continue
            determined = [(abs(g), g, k) for k, g in rows[~i] if k in marginal]
            if not determined:
                continue
            _, pivot, column = max(determined)
        terms = [g for k, g in row if k == column]
        if column == own:
            terms.append(1.0)
        for label, weight in form.items():
            if label < 0 and label != i:
                terms += [weight * g for k, g in rows[~label] if k == column]
        form[i] = -sum(terms) / pivot
        if abs(sum(terms)) <= CANCELLED * sum(map(abs, terms)):
            del form[i]


TIGHT = 1e-12  # relative to the flows in a row; beyond it a row counts as violated
ROUNDING = 2e-15  # relative; a residual above it is worth a step of iterative refinement
TIE = 1e-11  # relative; costs nearer to each other than this are equal
TRACE = 1e-5  # kg/kg; what hangs on a coefficient below this is left to exact arithmetic


class Descent:
    """The way down from the capacities, as a dictionary of the rows that hold as equations.

    ``form[b]`` writes a marginal activity b in the columns that are not marginal: activities at
    one of their bounds and slacks of active rows. Rows that are not active stay as they were given.
    """

    def __init__(
        self, capacity: Sequence[float], rows: Sequence[Row], order: Sequence[int]
    ) -> None:
        self.capacity = capacity
        self.rows = rows
        self.order = order
        self.position: list[int] = []
        self.activity = list(capacity)
        self.form: dict[int, Form] = {}
        self.active: set[int] = set()
        self.tight: list[int] = []
        self.lowered_by: dict[int, int] = {}
        self.passes = 0
        self.in_doubt = False

    def run(self) -> bool:
        """Come down until nothing is violated; False if that is in doubt or does not end."""
        activity, capacity, form, active = self.activity, self.capacity, self.form, self.active
        while self.passes < 100 + len(capacity) + len(self.rows):
            self.passes += 1
            if self.passes > 2:
                self._evaluate()
            moved = False
            for j, row in enumerate(self.rows):
                if j not in active:
                    excess = gross = 0.0
                    for k, g in row:
                        flow = g * activity[k]
                        excess += flow
                        if flow > 0.0:
                            gross += flow
                    if excess > TIGHT * gross:
                        moved |= self._relieve(self._expand(row), excess, j, None)
            for b in tuple(form):
                if 0.0 <= activity[b] <= capacity[b] or b not in form or self._snap(b):
                    continue
                if activity[b] < 0.0:
                    short = {i: -c for i, c in form[b].items()}
                    moved |= self._relieve(short, -activity[b], None, b)
                else:
                    moved |= self._relieve(dict(form[b]), activity[b] - capacity[b], None, b)
            if not moved and (self.passes > 2 or not form):
                return not self.in_doubt
        return False

    def _expand(self, row: Row) -> Form:
        """Write a row in the columns that are not marginal."""
        expanded: Form = {}
        suspects: list[int] = []
        for k, g in row:
            form = self.form.get(k)
            if form is not None:
                if expanded:
                    suspects += add(expanded, g, form)
                else:
                    expanded = {i: g * c for i, c in form.items()}
            elif k in expanded:
                suspects += add(expanded, g, {k: 1.0})
            elif self.capacity[k] > 0.0:
                expanded[k] = g
        if suspects:
            remove_rounding(expanded, suspects, self.rows, self.capacity, self.form, row=row)
        return expanded

    def _relieve(self, form: Form, excess: float, row: int | None, leaving: int | None) -> bool:
        """Bring `form`, now too large by `excess`, down to its bound, at the least cost.

        The form belongs to a violated row, or to a marginal activity beyond one of its bounds.
        Activities that do not suffice go to their other bound, the next one becomes marginal.
        Where nothing helps, the excess is rounding that earlier steps left behind; False then.
        """
        activity, capacity = self.activity, self.capacity
        helpful = [i for i, c in form.items() if (c > 0.0) == (i >= 0 and activity[i] > 0.0)]
        if not helpful:
            return False
        left = excess
        while len(helpful) > 1:
            q = self._cheapest(helpful, form)
            if q < 0:
                break
            relief = abs(form[q]) * capacity[q]
            if relief >= left - TIGHT * excess:
                break
            if row is not None:
                self.lowered_by[q] = row
            step = -capacity[q] if form[q] > 0.0 else capacity[q]
            for b, marginal in self.form.items():
                if q in marginal:
                    activity[b] += marginal[q] * step
            activity[q] += step
            left -= relief
            helpful.remove(q)
        else:
            q = helpful[0]  # at rest nothing is violated, so the last one always suffices
        c = form[q]
        self.in_doubt |= abs(c) < TRACE
        if leaving is None:
            assert row is not None
            if q >= 0:
                self.lowered_by[q] = row
            self.active.add(row)
            self._enter(q, form, ~row, -1.0 / c, -left / c)
        else:
            del self.form[leaving]
            above = activity[leaving] > 0.5 * capacity[leaving]
            activity[leaving] = capacity[leaving] if above else 0.0
            self._enter(q, form, leaving, (1.0 if above else -1.0) / c, -left / c)
        if left < excess:
            self._evaluate()
        return True

    def _enter(self, q: int, form: Form, label: int, weight: float, step: float) -> None:
        """Move column q by `step` and solve `form` for it; column `label` takes its place."""
        activity = self.activity
        c = -1.0 / form.pop(q)
        solved = {i: g * c for i, g in form.items()}
        solved[label] = weight
        if q >= 0:
            activity[q] += step
            self.form[q] = solved
        else:
            self.active.remove(~q)
        for b, other in self.form.items():
            if q in other:
                change = other.pop(q)
                activity[b] += change * step
                suspects = add(other, change, solved)
                if suspects:
                    remove_rounding(other, suspects, self.rows, self.capacity, self.form, b)

    def _cheapest(self, columns: list[int], form: Mapping[int, float]) -> int:
        """Return the column whose move costs least per kg/h of relief, lexicographically.

        The first activity that a move changes is one that it lowers: the later, the cheaper.
        """
        if not self.position:
            self.position = [0] * len(self.order)
            for p, k in enumerate(self.order):
                self.position[k] = p
        first = [self.position[i] if i >= 0 else len(self.order) for i in columns]
        for b, marginal in self.form.items():
            p = self.position[b]
            for at, i in enumerate(columns):
                if p < first[at] and i in marginal:
                    first[at] = p
        latest = max(first)
        columns = [i for i, p in zip(columns, first, strict=True) if p == latest]
        for k in self.order[latest:]:
            if len(columns) == 1:
                break
            own = {k: 1.0}
            marginal = self.form.get(k, own)
            loss = [marginal[i] / form[i] if i in marginal else 0.0 for i in columns]
            least = min(loss)
            least += TIE * abs(least)
            columns = [i for i, lost in zip(columns, loss, strict=True) if lost <= least]
        return columns[0]

    def adopt(self, basis: Basis) -> None:
        """Take over the vertex at which the linear programme ended."""
        self.activity = [
            most if at_capacity else 0.0
            for most, at_capacity in zip(self.capacity, basis.at_capacity, strict=True)
        ]
        waiting = set(basis.marginal)
        for j in basis.active:
            form = self._expand(self.rows[j])
            q = max(waiting & form.keys(), key=lambda i: (abs(form[i]), i), default=None)
            if q is None:
                return
            waiting.remove(q)
            self.active.add(j)
            self._enter(q, form, ~j, -1.0 / form[q], 0.0)
        self._evaluate()

    def _evaluate(self) -> None:
        """Evaluate the marginal activities afresh; steps leave rounding behind."""
        activity = self.activity
        for b, form in self.form.items():
            rate = 0.0
            for i, c in form.items():
                if i >= 0:
                    rate += c * activity[i]
            activity[b] = rate

    def settle(self) -> bool:
        """Refine the marginal activities; False unless every row and bound then holds."""
        activity, capacity, active = self.activity, self.capacity, self.active
        holds = False
        for last in (False, False, True):
            for b in self.form:
                if not (0.0 <= activity[b] <= capacity[b] or self._snap(b)):
                    return False
            tight, residual, holds = [], {}, True
            for j, row in enumerate(self.rows):
                rest = gross = 0.0
                for k, g in row:
                    flow = g * activity[k]
                    rest += flow
                    if flow > 0.0:
                        gross += flow
                # written so that a row with a coefficient that is not finite fails
                if j not in active:
                    holds &= -inf < rest <= TIGHT * gross < inf
                elif not abs(rest) <= ROUNDING * gross:
                    residual[~j] = rest
                    holds &= abs(rest) <= TIGHT * gross
                if rest >= -TIGHT * gross:
                    tight.append(j)
            if last or not residual:
                break
            for b, form in self.form.items():
                for i, rest in residual.items():
                    if i in form:
                        activity[b] += form[i] * rest
        self.tight = tight
        return holds

    def _snap(self, b: int) -> bool:
        """Put a marginal activity onto the bound that it misses by rounding only."""
        terms = [c * self.activity[i] for i, c in self.form[b].items() if i >= 0]
        rate = sum(terms)
        rounding = TIGHT * sum(map(abs, terms))
        bound = 0.0 if rate < 0.5 * self.capacity[b] else self.capacity[b]
        self.activity[b] = bound if abs(rate - bound) <= rounding else rate
        return 0.0 <= self.activity[b] <= self.capacity[b]

    def certified(self) -> bool:
        """Whether each column's move lowers the first activity in the order that it changes."""
        activity, capacity = self.activity, self.capacity
        decided: set[int] = set()
        for k in self.order:
            form = self.form.get(k)
            if form is None:
                # off its bound, an activity that changes nothing before it changes itself
                if k not in decided and activity[k] < capacity[k]:
                    return False
                decided.add(k)
                continue
            for i, c in form.items():
                if i not in decided:
                    if (c > 0.0) != (i >= 0 and activity[i] > 0.0):
                        return False
                    decided.add(i)
        return all(~j in decided for j in self.active)

    def binding(self) -> tuple[int | None, ...]:
        """Return for each activity below capacity a row that would break if it were raised."""
        activity, capacity, lowered_by = self.activity, self.capacity, self.lowered_by
        binding: list[int | None] = [None] * len(capacity)
        for j in self.tight:
            for k, g in self.rows[j]:
                if (
                    g > 0.0
                    and activity[k] < capacity[k]
                    and (binding[k] is None or lowered_by.get(k) == j)
                ):
                    binding[k] = j
        return tuple(binding)


@dataclass(frozen=True, slots=True)
class Rates:
    """Rates in one mode of the line."""

    activity: tuple[float, ...]
    """Rate of each activity, kg/h of its main feed."""
    binding: tuple[int | None, ...]
    """Row that keeps the activity below its capacity; None where it runs at capacity."""
    passes: int
    """Passes over the rows on the way down from the capacities."""
    fallback: bool
    """Whether the way down ended without a certificate and the linear programme decided."""


def solve_rates(capacity: Sequence[float], rows: Sequence[Row], order: Sequence[int]) -> Rates:
    """Return the rates that no activity could exceed with the higher priorities fixed, kg/h.

    A solution leaves this function only if every row and every bound holds to 1e-12 of the flows
    in it and if its certificate holds: each move away from it (an activity off its bound, an
    active row opened, the marginal activities following) lowers the first activity in the order
    that it changes at all. After a fallback, exact arithmetic has shown the latter.

    ``capacity`` is the largest rate of each activity in its present state, kg/h, 0 for one that is
    down. There is one row of ``(activity, coefficient)`` for each empty or full tank and each
    make-up header, ``sum(coefficient * rate) <= 0``, in kg per kg of main feed: for an EMPTY tank
    out - in, for a FULL one in - out. ``order`` names all activities, highest priority first.
    Where a loop has gain 1 but for rounding, no solution may hold: an ArithmeticError.

    Examples
    --------
    A pump of 3 kg/h feeds an empty tank from which two units of 2 kg/h draw, the second first.

    >>> solve_rates([3.0, 2.0, 2.0], [[(1, 1.0), (2, 1.0), (0, -1.0)]], [0, 2, 1])
    Rates(activity=(3.0, 1.0, 2.0), binding=(None, 0, None), passes=3, fallback=False)
    """
    _check(capacity, order)
    descent = Descent(capacity, rows, order)
    if descent.run() and descent.settle() and descent.certified():
        return Rates(tuple(descent.activity), descent.binding(), descent.passes, False)
    _check_rows(rows, len(capacity))
    passes = descent.passes
    descent = Descent(capacity, rows, order)
    descent.adopt(lexicographic_basis(capacity, rows, order))
    if descent.settle():  # the basis is its own certificate, by exact arithmetic
        return Rates(tuple(descent.activity), descent.binding(), passes, True)
    raise ArithmeticError(
        f"rates of {len(capacity)} activities under {len(rows)} rows: no solution holds to"
        " rounding; look for a loop whose gain is 1 but for rounding"
    )


def _check(capacity: Sequence[float], order: Sequence[int]) -> None:
    if not (min(capacity, default=0.0) >= 0.0 and sum(capacity) < inf):
        for k, most in enumerate(capacity):
            if not 0.0 <= most < inf:
                raise ValueError(f"activity {k}: capacity of {most:g} kg/h must be finite and >= 0")
    if sorted(order) != list(range(len(capacity))):
        raise ValueError(
            f"order {list(order)} must name each of {len(capacity)} activities exactly once"
        )


def _check_rows(rows: Sequence[Row], activities: int) -> None:
    for j, row in enumerate(rows):
        for k, g in row:
            if not (isfinite(g) and 0 <= k < activities):
                raise ValueError(
                    f"row {j}: coefficient {g:g} of activity {k} must be finite,"
                    f" the activity one of {activities}"
                )


FREE, EMPTY, FULL = "free", "empty", "full"

Terms = list[tuple[int, float]]

STILL = 1e-9  # relative to what passes the tank; a smaller net rate is none
SLIGHT_EFFECT = 1e-3  # of the largest effect on a tank, per kg and per hour: binds nothing
HEADER = "make-up water"


@dataclass(frozen=True, slots=True)
class Settled:
    """Rates that hold until the next event."""

    activity: list[float]
    """Rate of every activity, kg/h."""
    net: list[float]
    """Growth of every tank, kg/h; 0 where it spills."""
    overflow: list[float]
    """What every tank spills, kg/h."""
    binding: list[int | None]
    """Tank that keeps an activity below its capacity, -1 for a header, None for nothing."""
    flowing: list[tuple[int, float]] = field(init=False)
    """The activities that run, with their rates; likewise the tanks that move, and that spill."""
    moving: list[tuple[int, float]] = field(init=False)
    spilling: list[tuple[int, float]] = field(init=False)

    def __post_init__(self) -> None:
        for name, of in (("flowing", "activity"), ("moving", "net"), ("spilling", "overflow")):
            rates = [(i, rate) for i, rate in enumerate(getattr(self, of)) if rate]
            object.__setattr__(self, name, rates)


class RateProblem:
    """The rate problem of one network; solved anew whenever something has changed."""

    def __init__(self, flow_map: FlowMap, blender: Blender, spills: Sequence[bool]) -> None:
        self.map = flow_map
        self.blender = blender
        self.spills = spills
        self.order = self._declared_order()
        self.recycles = self._recycles()
        self.solves = self.fallbacks = 0
        self.version = (-1, -1)
        self.key: tuple[object, ...] | None = None
        self.solution: Rates
        self.gain: list[Terms] = []
        """For every tank, kg in it per kg of each activity that it feels."""
        self.asked: list[tuple[int, float, Terms]] = []
        """For every header: its train, what that asks for, and what its tanks' draws are worth."""
        self.row_cache: dict[tuple[str, ...], tuple[list[Terms], list[int], list[int]]] = {}
        self.modes: dict[tuple[tuple[str, ...], tuple[float, ...]], Settled] = {}
        self.stopped: dict[int, int] = {}
        self.tank_of: list[int] = []

    def solve(self, status: Sequence[str], capacity: list[float]) -> Settled:
        """Return the rates: as high as capacities, EMPTY and FULL tanks and headers allow.

        The capacity of a train is its largest rate now, kg/h; 0 for one that is held.
        """
        self._refresh()
        mode = (tuple(status), tuple(capacity))
        known = self.modes.get(mode)
        if known is None:
            known = self.modes[mode] = self._solve(status, capacity)
        return known

    def _solve(self, status: Sequence[str], capacity: list[float]) -> Settled:
        rows, tank_of, bound = self._rows(tuple(status))
        limits = self._limits(capacity)
        key = (tuple(status), tuple([limits[k] for k in bound]))
        if key != self.key:
            self.solves += 1
            self.key = key
            rows, tank_of = list(rows), list(tank_of)
            held = list(limits)
            self.stopped = _drop_trivial(rows, tank_of, held)
            self.tank_of = tank_of
            self.solution = solve_rates(held, rows, self._order(status))
            self.fallbacks += self.solution.fallback
        # what no row binds runs at its capacity and disturbs nothing else
        found = limits
        for k in bound:
            found[k] = self.solution.activity[k]
        growth, overflow = [0.0] * len(self.gain), [0.0] * len(self.gain)
        for j, row in enumerate(self.gain):
            net = gross = 0.0
            for k, g in row:
                flow = g * found[k]
                net += flow
                gross += abs(flow)
            if abs(net) > STILL * gross:
                if net > 0.0 and status[j] == FULL and self.spills[j]:
                    overflow[j] = net
                else:
                    growth[j] = net
        binding = [None if row is None else self.tank_of[row] for row in self.solution.binding]
        for k, tank in self.stopped.items():
            binding[k] = tank
        return Settled(found, growth, overflow, binding)

    def _limits(self, capacity: list[float]) -> list[float]:
        """Return the capacities of all activities; a header's draw is bound by what it serves."""
        limits = capacity + [0.0] * (len(self.map.activities) - len(capacity))
        for train, demand, worths in self.asked:
            for k, worth in worths:
                limits[k] = 2.0 * demand * max(limits[train], 1.0) / worth
        return limits

    def _rows(self, status: tuple[str, ...]) -> tuple[list[Terms], list[int], list[int]]:
        """Return the rows that hold for these statuses, the tank of each, and what they bind."""
        known = self.row_cache.get(status)
        if known is not None:
            return known
        rows: list[Terms] = [[(train, -demand), *served] for train, demand, served in self.asked]
        tank_of = [-1] * len(rows)
        for j, state in enumerate(status):
            if state == EMPTY or (state == FULL and not self.spills[j]):
                sign = 1.0 if state == FULL else -1.0
                rows.append([(k, sign * g) for k, g in self.gain[j]])
                tank_of.append(j)
        bound = sorted({k for row in rows for k, _ in row})
        self.row_cache[status] = rows, tank_of, bound
        return rows, tank_of, bound

    def _refresh(self) -> None:
        """Recompute what every activity does to every tank, when recipes or contents moved."""
        version = (self.map.version, self.blender.version)
        if version == self.version:
            return
        self.version, self.key = version, None
        self.row_cache.clear()
        self.modes.clear()
        shares = self.blender.shares[self.map.sources]
        into = np.matmul(shares[:, None, :], self.map.totals)[:, 0, :]
        gain = into.T - self.blender.drawn_by  # kg in a tank per kg of an activity
        if gain.size:
            # A trace must not decide among priorities; the blend corrects what it leaves out. Per
            # kg alone will not do: a train that trickles may take a thousand kg of water per kg.
            gain[self._trace(np.abs(gain))] = 0.0
        self.gain = [[(k, g) for k, g in enumerate(row) if g] for row in gain.tolist()]
        self.asked = []
        for inlet, (train, draws) in self.map.headers.items():
            linear = self.map.recipes[train].linear
            assert linear is not None
            demand = float(shares[train] @ linear.demand[inlet][: self.map.n])
            worths = [(k, float(shares[k] @ linear.worth[inlet])) for k in draws]
            self.asked.append((train, demand, [(k, worth) for k, worth in worths if worth > 0.0]))

    def _trace(self, effect: Array) -> NDArray[np.bool_]:
        """Return where an effect, kg in a tank per kg of an activity, is too small to bind.

        It is if it is slight beside the largest effect on its tank, both per kg and per hour at
        the rates of the recipes; what an activity draws from its own tank never is.
        """
        at = [self.map.recipes[activity.train].activity for activity in self.map.activities]
        flow = effect * np.array(at)
        slight = effect < SLIGHT_EFFECT * effect.max(axis=1, keepdims=True)
        slight &= flow < SLIGHT_EFFECT * flow.max(axis=1, keepdims=True)
        found: NDArray[np.bool_] = slight & (self.blender.drawn_by == 0.0)
        return found

    def _declared_order(self) -> list[int]:
        """Return the declared priorities, then the rest of the line, downstream first.

        Trains that only ship come after it, for they take what they find, and last what is
        unloaded from outside. A header's draws go right before its train, which they follow.
        """
        names = [activity.name for activity in self.map.activities]
        wanted = list(self.map.network.priorities)
        ships = [train.name for train in self.map.trains if self._only_ships(train)]
        brings = [t.name for t in self.map.trains if t.train.feed not in self.map.tanks]
        line = [t.name for t in reversed(self.map.trains) if t.name not in {*ships, *brings}]
        ranked: dict[str, None] = {}
        for name in dict.fromkeys([*wanted, *line, *ships, *brings]):
            k = names.index(name)
            draws = [d for t, draws in self.map.headers.values() if t == k for d in draws]
            ranked.update(dict.fromkeys([*(names[d] for d in draws), name]))
        return [names.index(name) for name in ranked]

    def _only_ships(self, train: CompiledTrain) -> bool:
        ends = {self.map.network.pipes[stream].to for stream in train.outlets}
        inside = {to for to in ends if "." in to and to not in train.next_inlet.values()}
        return not inside and not ends & set(self.map.tanks)

    def _order(self, status: Sequence[str]) -> list[int]:
        """Return the declared order, changed among the recycles into a FULL tank.

        Of those, one that relieves another FULL tank goes first.
        """
        order = list(self.order)
        for j, recycles in self.recycles.items():
            if status[j] == FULL and not self.spills[j]:
                places = sorted(order.index(k) for k in recycles)
                ranked = sorted((order[p] for p in places), key=lambda k: not self._full(k, status))
                for place, k in zip(places, ranked, strict=True):
                    order[place] = k
        return order

    def _full(self, k: int, status: Sequence[str]) -> bool:
        j = self.map.activities[k].source
        return j < len(status) and status[j] == FULL and not self.spills[j]

    def _recycles(self) -> dict[int, list[int]]:
        """For every tank that two or more trains recycle into: those trains."""
        found: dict[int, list[int]] = {}
        for name, j in self.map.tanks.items():
            back = [
                t
                for t, train in enumerate(self.map.trains)
                if self.map.rows[train.train.feed] > j
                and train.train.feed in self.map.tanks
                and any(self.map.network.pipes[s].to == name for s in train.outlets)
            ]
            if len(back) > 1:
                found[j] = back
        return found


def _drop_trivial(rows: list[Terms], tank_of: list[int], limits: list[float]) -> dict[int, int]:
    """Drop rows that cannot bind, and stop what an EMPTY tank without inflow would have to give.

    Returns the tank that stopped each activity; ``rows``, ``tank_of`` and ``limits`` are changed
    in step.
    """
    stopped: dict[int, int] = {}
    dropped = True
    while dropped:
        dropped = False
        for i in reversed(range(len(rows))):
            takes = [k for k, g in rows[i] if g > 0.0 and limits[k] > 0.0]
            if takes and any(g < 0.0 and limits[k] > 0.0 for k, g in rows[i]):
                continue
            for k in takes:
                limits[k] = 0.0
                stopped[k] = tank_of[i]
            del rows[i], tank_of[i]
            dropped = dropped or bool(takes)
    return stopped
