r"""Which of some designs no other beats in two figures where every observation is noisy.

Designs are observed side by side, replication by replication, under common random numbers. Design
*j* dominates *i* if it is not worse in both figures and better in one; the front is what nothing
dominates. A design is wrongly on it, or wrongly left out. Against both stands one chance each, from
Student's t of paired differences, :math:`p^f_{ij}` being that figure *f* of *i* is truly no more
than that of *j*:

.. math::
    p_i = \max_j \, 2 \min_f p^f_{ij} \quad \text{(on it)}, \qquad
    p_i = (k - 1) \, \min_j \max_f \, (1 - p^f_{ij}) \quad \text{(left out)}

On the front is what all others fail to dominate, each by one figure of two; left out is what one of
the :math:`k - 1` others beats in both. Both are tests of unions and intersections (Berger), so that
*a design is in the wrong place, and* :math:`p_i \le a`, *with a probability of a at most*, for
normal observations with whatever means, variances and correlations.

After the first replications, and after every further block, a place of which
:math:`p_i \le \alpha / (k L)` is told, with *k* designs and *L* looks at most: with a probability
of :math:`1 - \alpha` no place that is told is wrong, however many looks there were. What is told to
be left out is given up; the others run until all are told, or to the most replications. No
indifference is asked: designs that are too close stay open.

References
----------
Lee, Chew, Teng and Goldsman, "Finding the non-dominated Pareto set for multi-objective simulation
models", *IIE Transactions* 42 (2010) 656-674 (MOCBA), and Feldman and Hunter, "SCORE allocations
for bi-objective ranking and selection", *ACM Transactions on Modeling and Computer Simulation* 28
(2018) 7: the two errors. They divide up a given number of replications and promise nothing of so
few, so the tests are those of Berger, "Multiparameter hypothesis testing and acceptance sampling",
*Technometrics* 24 (1982) 295-300, with Bonferroni's inequality. All recalled, not re-read; what is
promised is tested by itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from plant_models.methods.abatement import knee
from plant_models.methods.selection import Array, Observe, Pace, check_choice, observed
from sim.errors import as_count, need_number, need_numbers
from sim.statistics.intervals import Interval, interval

ROUNDING = 1e-9
"""Relative: of two observations that differ by less none is better."""


@dataclass(frozen=True, eq=False)
class Front:
    """What has come out: more is better in both figures."""

    rules: Pace
    observed: tuple[Array, ...]  #: Of every design, a row of two figures a replication
    told: NDArray[np.bool_]  #: Of every design, whether its place is told, with all that are

    @cached_property
    def on(self) -> tuple[int, ...]:
        """Designs that none dominates by the means, by falling first figure."""
        means = np.array([of.mean(axis=0) for of in self.observed])
        last = max(map(len, self.observed))
        alive = [i for i, of in enumerate(self.observed) if len(of) == last]
        found = [i for i in alive if not any(_dominates(means[j], means[i]) for j in alive)]
        return tuple(sorted(found, key=lambda i: (-means[i, 0], means[i, 1], i)))

    @cached_property
    def knee(self) -> int | None:
        """The design at which the front bulges most; None where it does not."""
        means = np.array([self.observed[i].mean(axis=0) for i in self.on])
        found = knee(means[:, 0], means[:, 1])
        return None if found is None else self.on[found]

    @property
    def best(self) -> int:
        """The knee; of a front without, the design with most of the first figure."""
        return self.on[0] if self.knee is None else self.knee

    @property
    def decided(self) -> bool:
        """Whether the place of every design is told."""
        return bool(self.told.all())

    @cached_property
    def wrong(self) -> Array:
        """Of every design, the most chance that its place, on the front or not, is wrong."""
        on, out = _chances(self.observed)
        return np.where(np.isin(np.arange(len(on)), self.on), on, out)

    @property
    def probability(self) -> float:
        """Return the least chance that all places are right."""
        return max(0.0, 1.0 - len(self.wrong) * float(self.wrong.max()))

    def apart(self, design: int, other: int) -> bool:
        """Return whether two designs are told apart, in one figure or both, beside all others."""
        c = 1.0 - (1.0 - self.rules.confidence) / (2 * max(len(self.observed) - 1, 1))
        both = _differences(*self._of("apart", design=design, other=other)).T
        return not all(0.0 in interval(of.tolist(), c) for of in both)

    @property
    def open_rivals(self) -> tuple[int, ...]:
        """Designs that are not told apart from the best."""
        best = self.best
        return tuple(i for i in range(len(self.told)) if i != best and not self.apart(i, best))

    def price(self, design: int, other: int) -> Interval:
        """Return how much of the first figure is given for one of the second, from one to another.

        The interval holds at 95 %; it has no ends where the second figure may be the same.
        """
        given, got = _differences(*self._of("price", design=design, other=other)).T
        return ratio(given.tolist(), (-got).tolist())

    def _of(self, where: str, **designs: int) -> list[Array]:
        """Return what was observed of designs."""
        last = len(self.observed) - 1
        return [
            self.observed[as_count(f"{where}: expected {name} as", value, 0, last)]
            for name, value in designs.items()
        ]


def ratio(of: Sequence[float], to: Sequence[float], confidence: float = 0.95) -> Interval:
    r"""Return the ratio of two paired means with Fieller's interval.

    It holds every :math:`\rho` at which the mean of ``of - rho to`` is not told from 0 (Fieller,
    "Some problems in interval estimation", *Journal of the Royal Statistical Society B* 16 (1954)
    175-185); it has no ends where ``to`` is not told from 0.

    Examples
    --------
    >>> found = ratio([18.0, 21.0, 21.0], [9.0, 10.0, 11.0])
    >>> round(found.low, 2), round(found.mean, 2), round(found.high, 2)
    (1.77, 2.0, 2.29)
    """
    (confidence,) = need_number("ratio", confidence=confidence)
    of, to = need_numbers("ratio", of=of, to=to)
    if len(of) != len(to):
        raise ValueError(f"ratio: expected as many of each, came {len(of)} and {len(to)}")
    one, two = interval(of, confidence), interval(to, confidence)
    n, inf = one.n, float("inf")
    mean = one.mean / two.mean if two.mean else float("nan")
    if n < 2 or abs(two.mean) <= two.half_width:
        return Interval(mean, -inf, inf, n, inf)
    both = interval([x + y for x, y in zip(of, to, strict=True)], confidence)
    cross = (both.half_width**2 - one.half_width**2 - two.half_width**2) / 2.0
    a, b = two.mean**2 - two.half_width**2, one.mean * two.mean - cross
    half = max(b * b - a * (one.mean**2 - one.half_width**2), 0.0) ** 0.5
    low, high = (b - half) / a, (b + half) / a
    return Interval(mean, low, high, n, (high - low) / 2.0)


def front(designs: int, rules: Pace, observe: Observe) -> Front:
    """Return the front of some designs after as many replications as that takes.

    ``observe`` gives two figures of each design a replication, more being better.

    Examples
    --------
    >>> means = np.array([[3.0, 0.0], [2.0, 2.0], [1.0, 1.0], [0.0, 3.0]])
    >>> noise = np.random.default_rng(1).normal(size=(60, 4, 2)) / 5
    >>> def observe(which, first, count):
    ...     return means[list(which)] + noise[first : first + count, list(which)]
    >>> found = front(4, Pace(), observe)
    >>> found.on, found.best, found.decided
    ((0, 1, 3), 1, True)
    """
    designs = check_choice("front", designs, rules, Pace, observe)
    looks = 1 + -(-(rules.most - rules.first) // rules.block)
    level = (1.0 - rules.confidence) / (designs * looks)
    seen: list[Array] = [np.empty((0, 2))] * designs
    runs, block, so_far = list(range(designs)), rules.first, 0
    while True:
        rows = observed("front", observe(runs, so_far, block), (block, len(runs), 2))
        for at, i in enumerate(runs):
            seen[i] = np.concatenate([seen[i], rows[:, at]])
        so_far += block
        on, out = _chances(seen)
        runs = [i for i in runs if out[i] > level]
        block = min(rules.block, rules.most - so_far)
        if not block or all(on[i] <= level for i in runs):
            return Front(rules, tuple(seen), np.minimum(on, out) <= level)


def _chances(seen: Sequence[Array]) -> tuple[Array, Array]:
    """Return of every design the chance that it is wrongly on the front, and wrongly left out."""
    k = len(seen)
    on, out = np.zeros(k), np.ones(k)
    for i, j in combinations(range(k), 2):
        above, same = _above(seen[i], seen[j])
        if same.all():
            continue  # neither dominates
        for one, chance in ((i, above), (j, np.where(same, 0.0, 1.0 - above))):
            on[one] = max(on[one], min(1.0, 2.0 * float(1.0 - chance.max())))
            out[one] = min(out[one], (k - 1) * float(chance.max()))
    return on, out


def _above(one: Array, two: Array) -> tuple[Array, NDArray[np.bool_]]:
    """Return the chance of each figure that one is truly above the other, and if they are the same.

    What is the same in all replications is not above.
    """
    from scipy.special import stdtr  # the function behind scipy.stats.t

    differences = _differences(one, two)
    n, mean = len(differences), differences.mean(axis=0)
    error = differences.std(axis=0, ddof=1) / n**0.5
    with np.errstate(divide="ignore", invalid="ignore"):
        chance = np.where(error > 0.0, stdtr(n - 1, mean / error), (mean > 0.0).astype(float))
    return chance, (error == 0.0) & (mean == 0.0)


def _differences(one: Array, two: Array) -> Array:
    """Return one less the other, in the replications that both ran."""
    n = min(len(one), len(two))
    x, y = one[:n], two[:n]
    differs = np.abs(x - y) > ROUNDING * np.maximum(np.abs(x), np.abs(y))
    return np.where(differs, x - y, 0.0)


def _dominates(one: Array, other: Array) -> bool:
    return bool((one >= other).all() and (one > other).any())
