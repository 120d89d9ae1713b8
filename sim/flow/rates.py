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
from dataclasses import dataclass
from math import inf, isfinite

from sim.flow.fallback import Basis, lexicographic_basis

SUSPECT = (
    1e-4  # relative; what a difference leaves below this is looked at more closely, for it ...
)
CANCELLED = 1e-11  # ... is rounding below this part of the terms of the sum behind it ...
UNFELT = 1e-13  # ... or, for a slack, where it moves less than this of the flows

Row = Sequence[tuple[int, float]]  # coefficients by activity, kg per kg of main feed
Form = dict[int, float]  # coefficients by column: k for activity k, ~j for the slack of row j


def add(total: Form, factor: float, form: Mapping[int, float]) -> list[int]:
    """Add `factor` times a form, kg/kg; return the columns in which next to nothing is left.

    Examples
    --------
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
    they cancel. What such a sum leaves of its terms tells rounding from a trace.

    Parameters
    ----------
    form : form
        That of the marginal activity `own`, or of `row`; changed in place.
    suspects : sequence of int
        Columns of the form in which terms cancelled.
    rows, capacity
        As for :func:`sim.flow.rates.solve_rates`.
    marginal : container of int
        The activities that the active rows determine.
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
    """Rates in one mode of the line.

    Attributes
    ----------
    activity : tuple of float
        Rate of each activity, kg/h of its main feed.
    binding : tuple of int or None
        Row that keeps the activity below its capacity; None where it runs at capacity.
    passes : int
        Passes over the rows on the way down from the capacities.
    fallback : bool
        Whether the way down ended without a certificate and the linear programme decided.
    """

    activity: tuple[float, ...]
    binding: tuple[int | None, ...]
    passes: int
    fallback: bool


def solve_rates(capacity: Sequence[float], rows: Sequence[Row], order: Sequence[int]) -> Rates:
    """Return the rates that no activity could exceed with the higher priorities fixed, kg/h.

    A solution leaves this function only if every row and every bound holds to 1e-12 of the flows
    in it and if its certificate holds: each move away from it (an activity off its bound, an
    active row opened, the marginal activities following) lowers the first activity in the order
    that it changes at all. After a fallback, exact arithmetic has shown the latter.

    Parameters
    ----------
    capacity : sequence of float
        Largest rate of each activity in its present state, kg/h; 0 for one that is down.
    rows : sequence of rows
        One row of ``(activity, coefficient)`` for each empty or full tank and each make-up header;
        ``sum(coefficient * rate) <= 0``, coefficients in kg per kg of main feed. For an EMPTY
        tank that is out - in, for a FULL one in - out.
    order : sequence of int
        All activities, highest priority first.

    Raises
    ------
    ValueError
        If a capacity is negative or not finite, the order is no permutation, or a coefficient is
        not finite.
    ArithmeticError
        If the exact solution, rounded, violates a row: a loop of gain 1 but for rounding.

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
