"""Lexicographic linear programme by the primal simplex method, for rates without a certificate.

It starts from rest, where everything is feasible, and raises one activity after the other in the
order of priority. Once an activity can be raised no more, the columns whose move would lower it
are frozen, and the next is raised from the same basis. At rest every row is tight at once, so
Bland's rule decides all choices. The arithmetic is exact: what brings a case here is rounding or
degeneracy, and Bland's rule may take hundreds of steps, after which a float that should be zero no
longer is. Floats are whole numbers over a power of two, and whole numbers over the determinant of
the basis they stay (Edmonds), so nothing is brought to lowest terms. A few rows take some 0.1 ms.

References
----------
Bland, New finite pivoting rules for the simplex method, Mathematics of Operations Research 2
(1977) 103-107; Edmonds, Systems of distinct representatives and linear algebra, Journal of Research
of the National Bureau of Standards 71B (1967) 241-245; Isermann, Linear lexicographic optimization,
OR Spektrum 4 (1982) 223-228.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sim.flow.arrays import Floats
from sim.flow.simplex import TIGHT


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
    """Return rates that no activity could exceed with those before it in ``order`` fixed, kg/h.

    ``capacity`` is the largest rate of each; each of the ``rows`` has activities and coefficients,
    kg per kg of main feed, for which ``sum(coefficient * rate) <= 0``.

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
    part, of = rounding.as_integer_ratio()
    for label, value, flow in zip(tableau.inside, tableau.value, tableau.flows(), strict=True):
        if label < len(capacity) and value * tableau.denominator * of > flow * part:
            rates[label] = value / (tableau.denominator * tableau.unit)
    return rates


class _Tableau:
    """``inside[i] = value[i] - sum(table[i][c] * move of outside[c])``.

    Table and values are whole numbers over one denominator, the determinant of the basis: each
    exchange divides by the last one without a rest. Rates are counted in a ``unit`` of so many to
    1 kg/h, in which every capacity is whole.
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
        self.value = [0] * len(rows)
        self.denominator = 1
        column = {k: c for c, k in enumerate(self.outside)}
        self.table = [[0] * len(column) for _ in rows]
        for line, row in zip(self.table, rows, strict=True):
            own = [(column[k], g) for k, g in row if k in column]
            for (c, _), whole in zip(own, _whole([g for _, g in own])[0], strict=True):
                line[c] += whole
        self.most, self.unit = _whole(capacity)
        self.rows, self.columns = [list(line) for line in self.table], list(self.outside)
        self.budget = 1000 + 100 * (self.n + len(rows))

    def flows(self) -> list[int]:
        """Return for each inside value the flows in the active rows that determine it.

        By the square of the denominator.
        """
        rate = dict(zip(self.inside, self.value, strict=True))
        full = zip(self.outside, self.at_upper, strict=True)
        rate |= {k: self.most[k] * self.denominator for k, upper in full if upper}
        gross = [
            sum(abs(g) * rate.get(k, 0) for g, k in zip(row, self.columns, strict=True))
            for row in self.rows
        ]
        active = [(c, gross[k - self.n]) for c, k in enumerate(self.outside) if k >= self.n]
        return [sum(abs(line[c]) * size for c, size in active) for line in self.table]

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

    def _gain(self, k: int) -> list[int]:
        """Return what activity k gains when each outside column is raised, by the denominator."""
        if k in self.inside:
            return [-t for t in self.table[self.inside.index(k)]]
        return [int(label == k) for label in self.outside]

    def _step(self, c: int) -> None:
        """Move column c off its bound until it or an inside value meets the next one."""
        sign, of = -1 if self.at_upper[c] else 1, self.denominator
        label = self.outside[c]
        most = self.most[label] if label < self.n else 0
        room, slope, row = (most, 1, -1) if most else (1, 0, -1)  # its own bound, or none
        for i, line in enumerate(self.table):
            falls = sign * line[c]
            if falls > 0:
                has = self.value[i]
            elif falls < 0 and self.inside[i] < self.n:
                has, falls = of * self.most[self.inside[i]] - self.value[i], -falls
            else:
                continue
            sooner = has * slope - room * falls
            if sooner < 0 or (sooner == 0 and self.inside[i] < label):
                room, slope, row, label = has, falls, i, self.inside[i]
        if not slope:
            raise ArithmeticError(f"lexicographic programme: column {self.outside[c]} has no bound")
        if row < 0:
            for i, line in enumerate(self.table):
                self.value[i] -= sign * most * line[c]
            self.at_upper[c] = not self.at_upper[c]
            return
        self._exchange(row, c, self.inside[row] < self.n and sign * self.table[row][c] < 0)

    def _exchange(self, row: int, c: int, full: bool) -> None:
        """Solve the row, whose value comes to a bound, for column c and put it into the others."""
        pivot, before = self.table[row][c], self.denominator
        line, comes, goes = self.table[row], self.outside[c], self.inside[row]
        over = self.value[row] - (self.most[goes] * before if full else 0)
        for i, other in enumerate(self.table):
            factor = other[c]
            if i == row:
                continue
            self.value[i] = (self.value[i] * pivot - over * factor) // before
            if factor:
                self.table[i] = [
                    (t * pivot - factor * s) // before for t, s in zip(other, line, strict=True)
                ]
                self.table[i][c] = -factor
            else:
                self.table[i] = [t * pivot // before for t in other]
        self.value[row] = over + (self.most[comes] * pivot if self.at_upper[c] else 0)
        line[c] = before
        self.denominator = pivot
        if pivot < 0:
            self.denominator = -pivot
            self.value = [-value for value in self.value]
            self.table = [[-t for t in each] for each in self.table]
        self.at_upper[c] = full
        self.inside[row], self.outside[c] = comes, goes


def _whole(numbers: Sequence[float]) -> tuple[list[int], int]:
    """Return numbers in a unit in which all are whole, and how many of it make 1."""
    ratios = [number.as_integer_ratio() for number in numbers]
    unit = max((below for _, below in ratios), default=1)  # each is a power of two
    return [over * (unit // below) for over, below in ratios], unit
