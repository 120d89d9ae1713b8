r"""Which of some designs is best where every observation is noisy: the procedure KN.

Designs are observed side by side, replication by replication, under common random numbers. After
every replication those are given up that can hardly be the best, until one is left. If the best is
better than all others by the indifference :math:`\delta` or more, it is the one that is left with
the stated probability, for normal observations, with whatever variances and correlations.

With :math:`k` designs, :math:`n_0` first replications, :math:`S^2_{il}` the variance of the
differences of designs *i* and *l* in them, design *i* survives replication *r* if for all others

.. math::
    \bar X_i \ge \bar X_l - \max\left[0, \frac{\delta}{2 r}
    \left(\frac{h^2 S^2_{il}}{\delta^2} - r\right)\right], \quad
    h^2 = (n_0 - 1) \left[\left(\frac{2 \alpha}{k - 1}\right)^{-2/(n_0 - 1)} - 1\right]

References
----------
Kim and Nelson, "A fully sequential procedure for indifference-zone selection in simulation", *ACM
Transactions on Modeling and Computer Simulation* 11 (2001) 251-273; recalled, not re-read, and
tested against its guarantee. The chance of a rival by itself: Chen, Lin, Yucesan and Chick,
"Simulation budget allocation for further enhancing the efficiency of ordinal optimization",
*Discrete Event Dynamic Systems* 10 (2000) 251-270; recalled, not re-read.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from plant_models.arguments import count, number
from sim.errors import as_count, need_count, need_function, need_kind, need_number, told
from sim.statistics.intervals import Interval, paired_difference

Array = NDArray[np.float64]

Observe = Callable[[Sequence[int], int, int], Array]
"""Gives observations of some designs: which, the first replication, how many; a row each."""

FLOOR = 2
"""Replications without which there is no variance."""


@dataclass(frozen=True, kw_only=True)
class Pace:
    """How sure the choice is to be, and how many replications that may take."""

    confidence: float = 0.95  #: Probability that what is said is right
    first: int = 10  #: Replications of all designs before any is given up
    most: int = 60  #: Replications at which the choice is left open
    block: int = 5  #: Replications that are asked for at a time

    def __post_init__(self) -> None:
        number("confidence", self.confidence, 0.5, 0.9999)
        count("first", self.first, FLOOR, 10_000)
        count("most", self.most, self.first, 10_000)
        count("block", self.block, 1, 10_000)


@dataclass(frozen=True, kw_only=True)
class Rules(Pace):
    """How sure the choice of the best is to be, and between what it need not choose."""

    indifference: float  #: What a difference must be to matter, in the unit of the observations

    def __post_init__(self) -> None:
        number("indifference", self.indifference, 1e-300, 1e300)
        super().__post_init__()

    def h2(self, designs: int) -> float:
        """Return KN's constant for a number of designs."""
        (designs,) = need_count("h2", 1, designs=designs)
        if designs < 2:
            return 0.0
        alpha, n = 1.0 - self.confidence, self.first
        share = 2.0 * alpha / (designs - 1)
        return float((n - 1) * (share ** (-2.0 / (n - 1)) - 1.0))


@dataclass(frozen=True, eq=False)
class Selection:
    """What has come out: more is better."""

    rules: Rules
    observed: tuple[Array, ...]  #: Of every design, by replication; a rival given up has fewer
    survivors: tuple[int, ...]  #: Designs that have not been given up

    @property
    def best(self) -> int:
        """The survivor with the largest mean."""
        return max(self.survivors, key=lambda i: (float(self.observed[i].mean()), -i))

    @property
    def decided(self) -> bool:
        """Whether one design is left; else the replications have not been enough."""
        return len(self.survivors) == 1

    def lead(self, rival: int, confidence: float | None = None) -> Interval:
        """Return the best less a rival, replication by replication."""
        rival = as_count("lead: expected rival as", rival, 0, len(self.observed) - 1)
        best, other = self.observed[self.best], self.observed[rival]
        n = min(len(best), len(other))
        c = self.rules.confidence if confidence is None else confidence
        return paired_difference(best[:n].tolist(), other[:n].tolist(), c)

    def chance(self, rival: int) -> float:
        """Return the chance that a rival is truly better than the best: Student's t."""
        rival = as_count("chance: expected rival as", rival, 0, len(self.observed) - 1)
        if rival == self.best:
            return 0.0
        lead = self.lead(rival)
        return at_most(lead, 0.0, self.rules.confidence)

    @property
    def probability(self) -> float:
        """Return a lower bound of the probability that the best is.

        Bonferroni over all rivals, each counted twice: the best was picked by the very data that
        judge it, so that the chances of its rivals come out too small (half, of two equals).
        """
        wrong = sum(self.chance(i) for i in range(len(self.observed)))
        return max(0.0, 1.0 - 2.0 * wrong)

    @property
    def open_rivals(self) -> tuple[int, ...]:
        """Designs that cannot be told from the best: their intervals, all together, hold 0."""
        rivals = [i for i in range(len(self.observed)) if i != self.best]
        c = 1.0 - (1.0 - self.rules.confidence) / max(len(rivals), 1)
        return tuple(i for i in rivals if self.lead(i, c).low <= 0.0)


def at_most(of: Interval, value: float, confidence: float) -> float:
    """Return the chance that a mean is at most a value, from its interval at a confidence."""
    from scipy.stats import t

    need_kind("at_most", Interval, of=of)
    (value,) = need_number("at_most", value=value)
    (confidence,) = need_number("at_most", 0.5, 0.9999, confidence=confidence)
    if of.n < FLOOR:
        return 0.5
    degrees = of.n - 1
    error = of.half_width / float(t.ppf(0.5 + confidence / 2.0, degrees))
    if error <= 0.0:
        return 1.0 if of.mean < value else 0.5 if of.mean == value else 0.0
    return float(t.cdf((value - of.mean) / error, degrees))


MOST_DESIGNS = 10_000


def check_choice(where: str, designs: int, rules: object, kind: type, observe: object) -> int:
    """Return the number of designs; refuse what is none, no rules, or no function to observe by."""
    found = as_count(f"{where}: expected designs as", designs, 1, MOST_DESIGNS)
    need_kind(where, kind, rules=rules)
    need_function(where, "which, first, count", observe=observe)
    return found


def observed(where: str, rows: object, shape: tuple[int, ...]) -> Array:
    """Return what was observed of designs, a row a replication; raise TypeError for anything else.

    ``shape``: replications, designs, and figures of each if several.
    """
    found = np.asarray(rows)
    if found.shape != shape or found.dtype.kind not in "biuf":
        pairs = "pairs of numbers" if len(shape) > 2 else "numbers"
        raise TypeError(
            f"{where}: expected of observe {shape[0]} rows of {shape[1]} {pairs}, came {told(rows)}"
        )
    return np.asarray(found, dtype=float)


def select(designs: int, rules: Rules, observe: Observe) -> Selection:
    """Return the best of some designs after as many replications as that takes.

    Examples
    --------
    >>> noise = np.random.default_rng(1).normal(size=(200, 1))
    >>> def observe(which, first, count):
    ...     return noise[first : first + count] + np.array([0.0, 3.0, 1.0])[list(which)]
    >>> found = select(3, Rules(indifference=1.0), observe)
    >>> found.best, found.decided
    (1, True)
    """
    designs = check_choice("select", designs, rules, Rules, observe)
    alive = list(range(designs))
    rows = observed("select", observe(alive, 0, rules.first), (rules.first, designs))
    seen: list[Array] = list(rows.T)
    spread = np.array([[np.var(a - b, ddof=1) for b in seen] for a in seen])
    gap = rules.h2(designs) * spread / (2.0 * rules.indifference)
    r = rules.first
    alive = _survivors(alive, seen, gap, r, rules)
    while len(alive) > 1 and r < rules.most:
        more = min(rules.block, rules.most - r)
        block = observed("select", observe(alive, r, more), (more, len(alive)))
        asked, stage = list(alive), 0
        while len(alive) > 1 and stage < more:
            for i in alive:
                seen[i] = np.append(seen[i], block[stage, asked.index(i)])
            stage += 1
            r += 1
            alive = _survivors(alive, seen, gap, r, rules)
    return Selection(rules, tuple(seen), tuple(alive))


def _survivors(
    alive: Sequence[int], seen: Sequence[Array], gap: Array, r: int, rules: Rules
) -> list[int]:
    """Return which designs are not given up at a replication."""
    sums = {i: float(seen[i].sum()) for i in alive}

    def beaten(i: int, other: int) -> bool:
        allowed = float(gap[i, other]) - 0.5 * rules.indifference * r
        return sums[i] < sums[other] - max(0.0, allowed)

    return [i for i in alive if not any(beaten(i, other) for other in alive if other != i)]
