"""The way down from the capacities to the rates: a lexicographic dual simplex method.

With everything at capacity no activity can be raised, and each step keeps it so: a violated row
lowers whatever costs the least by priority, and from then on holds as an equation, eliminated
exactly. Lexicographic costs have no ties, so the method cannot cycle; a step takes microseconds,
since only the active rows are carried along, in sparse form.

Whether a move changes an activity at all decides about its cost, so what is left of coefficients
that cancel has to be told from a small coefficient. Where that is in doubt the descent says so.

References
----------
Chvatal, Linear Programming (1983), chapters 2, 3, 8 and 10: dictionaries, degeneracy, upper
bounds, dual simplex method.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import inf

from sim.forms import Form, Row, add, remove_rounding
from sim.lexicographic import Basis

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
