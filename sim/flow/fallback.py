"""Lexicographic linear programme by the primal simplex method, for rates without a certificate.

It starts from rest, where everything is feasible, and raises one activity after the other in the
order of priority. Once an activity can be raised no more, the columns whose move would lower it
are frozen, and the next is raised from the same basis. At rest every row is tight at once, so
Bland's rule decides all choices. The arithmetic is rational: what brings a case here is rounding
or degeneracy, and Bland's rule may take hundreds of steps, after which a float that should be zero
no longer is. It takes some milliseconds.

References
----------
Bland, New finite pivoting rules for the simplex method, Mathematics of Operations Research 2
(1977) 103-107; Isermann, Linear lexicographic optimization, OR Spektrum 4 (1982) 223-228.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from sim.flow.arrays import Floats
from sim.flow.simplex import TIGHT

ZERO, ONE = Fraction(0), Fraction(1)


def exactly(gain: Floats, most: Floats) -> Floats:
    """Return the rates of activities that stand in the order of their priority, kg/h, exactly."""
    rows = [[(k, g) for k, g in enumerate(row) if g] for row in gain.tolist()]
    for rounding in (TIGHT, 0.0):
        rate = np.array(lexicographic_rates(most.tolist(), rows, range(len(most)), rounding))
        flows = gain * rate
        if (flows.sum(axis=1) <= TIGHT * np.abs(flows).sum(axis=1)).all():
            return rate
    raise ArithmeticError(
        f"rates of {len(most)} activities under {len(gain)} rows: no solution holds to"
        " rounding; look for a loop whose gain is 1 but for rounding"
    )


def lexicographic_rates(
    capacity: Sequence[float],
    rows: Sequence[Sequence[tuple[int, float]]],
    order: Sequence[int],
    rounding: float = 0.0,
) -> list[float]:
    """Return optimal rates; arguments as for :func:`sim.flow.rates.solve_rates`, kg/h and kg/kg.

    Coefficients are rounded, so a rate that is no more than a part ``rounding`` of the flows that
    determine it may be nothing: then it is.

    >>> lexicographic_rates([3.0, 2.0, 2.0], [[(1, 1.0), (2, 1.0), (0, -1.0)]], [0, 2, 1])
    [3.0, 1.0, 2.0]
    """
    tableau = _Tableau(capacity, rows)
    for k in order:
        if capacity[k] > 0.0:
            tableau.raise_activity(k)
    rates = [0.0] * len(capacity)
    for label, at_upper in zip(tableau.outside, tableau.at_upper, strict=True):
        if at_upper:
            rates[label] = float(capacity[label])
    for label, value, flows in zip(tableau.inside, tableau.value, tableau.flows(), strict=True):
        if label < len(capacity) and value > flows * Fraction(rounding):
            rates[label] = float(value * Fraction(capacity[label]))
    return rates


class _Tableau:
    """``inside[i] = value[i] - sum(table[i][c] * move of outside[c])``, activities over capacity.

    Labels are the activities 0 .. n-1 and then the slacks; all start at 0, the slacks inside.
    """

    def __init__(
        self, capacity: Sequence[float], rows: Sequence[Sequence[tuple[int, float]]]
    ) -> None:
        self.n = len(capacity)
        self.outside = [k for k, most in enumerate(capacity) if most > 0.0]
        self.inside = [self.n + j for j in range(len(rows))]
        self.at_upper = [False] * len(self.outside)
        self.frozen = [False] * len(self.outside)
        self.value = [ZERO] * len(rows)
        column = {k: c for c, k in enumerate(self.outside)}
        self.table: list[list[Fraction]] = []
        for row in rows:
            line = [ZERO] * len(self.outside)
            for k, g in row:
                if k in column:
                    line[column[k]] += Fraction(g) * Fraction(capacity[k])
            size = max(map(abs, line), default=ZERO) or ONE
            self.table.append([t / size for t in line])
        self.rows, self.columns = [list(line) for line in self.table], list(self.outside)
        self.budget = 1000 + 100 * (self.n + len(rows))

    def flows(self) -> list[Fraction]:
        """Return for each inside value the flows in the active rows that determine it."""
        rate = dict(zip(self.inside, self.value, strict=True))
        rate |= {k: ONE for k, full in zip(self.outside, self.at_upper, strict=True) if full}
        gross = [
            sum((abs(g) * rate.get(k, ZERO) for g, k in zip(row, self.columns, strict=True)), ZERO)
            for row in self.rows
        ]
        active = [(c, gross[k - self.n]) for c, k in enumerate(self.outside) if k >= self.n]
        return [sum((abs(line[c]) * size for c, size in active), ZERO) for line in self.table]

    def raise_activity(self, k: int) -> None:
        """Raise activity k as far as it goes, then freeze the columns that would lower it."""
        while True:
            gain = self._gain(k)
            helpful = [
                (label, c)
                for c, label in enumerate(self.outside)
                if not self.frozen[c] and (gain[c] < 0 if self.at_upper[c] else gain[c] > 0)
            ]
            if not helpful:
                break
            self._step(min(helpful)[1])
            self.budget -= 1
            if self.budget < 0:
                raise ArithmeticError(
                    f"lexicographic programme of {self.n} activities: activity {k} does not settle"
                )
        self.frozen = [frozen or bool(g) for frozen, g in zip(self.frozen, gain, strict=True)]

    def _gain(self, k: int) -> list[Fraction]:
        """Return what activity k gains when each outside column is raised."""
        if k in self.inside:
            return [-t for t in self.table[self.inside.index(k)]]
        return [ONE if label == k else ZERO for label in self.outside]

    def _step(self, c: int) -> None:
        """Move column c off its bound until it or an inside value meets the next one."""
        sign = -1 if self.at_upper[c] else 1
        limits = [(ONE, self.outside[c], -1)] if self.outside[c] < self.n else []
        for i, line in enumerate(self.table):
            slope = -sign * line[c]
            if slope < 0:
                limits.append((self.value[i] / -slope, self.inside[i], i))
            elif slope > 0 and self.inside[i] < self.n:
                limits.append(((ONE - self.value[i]) / slope, self.inside[i], i))
        if not limits:
            raise ArithmeticError(f"lexicographic programme: column {self.outside[c]} has no bound")
        length, _, row = min(limits)
        start = ONE if self.at_upper[c] else ZERO
        for i, line in enumerate(self.table):
            self.value[i] -= sign * length * line[c]
        if row < 0:
            self.at_upper[c] = not self.at_upper[c]
            return
        self.at_upper[c] = self.value[row] == ONE and self.inside[row] < self.n
        self.value[row] = start + sign * length
        self.inside[row], self.outside[c] = self.outside[c], self.inside[row]
        self._exchange(row, c)

    def _exchange(self, row: int, c: int) -> None:
        """Solve the row for column c and put it into the others."""
        pivot = self.table[row][c]
        line = [t / pivot for t in self.table[row]]
        line[c] = ONE / pivot
        self.table[row] = line
        for i, other in enumerate(self.table):
            factor = other[c]
            if i == row or not factor:
                continue
            other[c] = ZERO
            self.table[i] = [t - factor * s if s else t for t, s in zip(other, line, strict=True)]
