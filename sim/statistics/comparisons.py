"""Comparing designs: several comparisons at once, and when to stop.

Where one question is asked with a number of replications that was fixed beforehand, the intervals
of ``sim.statistics.intervals`` serve.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf, isnan, nan

from sim.errors import need_kind, need_number, need_numbers, told
from sim.statistics.intervals import Interval, interval, t_quantile

FLOOR = 10  # replications before a run may stop by itself: with fewer, the spread is a guess


@dataclass(frozen=True, slots=True)
class Estimate:
    """The mean of a difference, and how sure it is."""

    interval: Interval
    """Of the mean, in the values' unit."""
    p: float
    """Two-sided probability of a mean at least so far from zero if there were no difference.

    NaN where one replication says nothing about the spread.
    """


def estimate(values: Sequence[float], confidence: float = 0.95) -> Estimate:
    """Return mean, interval and p-value by Student's t.

    Examples
    --------
    >>> round(estimate([1.0, 2.0, 3.0]).p, 4)  # t = 3.4641 with 2 degrees of freedom
    0.0742
    """
    (confidence,) = need_number("estimate", confidence=confidence)
    (values,) = need_numbers("estimate", values=values)
    of = interval(values, confidence)
    return Estimate(of, _p_value(of, len(values) - 1, confidence))


def holm(p_values: Sequence[float]) -> list[float]:
    r"""Return p-values adjusted for being asked together, in the order given.

    Holm's step-down method: the *i*-th smallest of *m* is multiplied by *m - i + 1*, and none may
    be below a smaller one's. The chance of calling any true zero a difference is then at most the
    level, whatever the dependence; it finds at least what Bonferroni's method finds (Scandinavian
    Journal of Statistics 6 (1979) 65-70).

    Examples
    --------
    >>> holm([0.01, 0.04, 0.03, 0.005])
    [0.03, 0.06, 0.06, 0.02]
    """
    (p_values,) = need_numbers("holm", p_values=p_values)
    for p in p_values:
        if not (isnan(p) or 0.0 <= p <= 1.0):
            raise ValueError(f"holm: expected p_values from 0 to 1, came {told(p)}")
    order = sorted(range(len(p_values)), key=lambda i: (isnan(p_values[i]), p_values[i]))
    adjusted = [nan] * len(p_values)
    highest = 0.0
    for rank, i in enumerate(order):
        highest = max(highest, min(1.0, (len(order) - rank) * p_values[i]))
        adjusted[i] = highest
    return adjusted


def precise(of: Interval, relative: float) -> bool:
    r"""Whether the mean is known to a relative error, by its own half-width.

    .. math:: h / |\bar x| \le \gamma / (1 + \gamma)

    so that the error relative to the true mean, not to the estimate, is at most :math:`\gamma`,
    ``relative`` (Law, *Simulation Modeling and Analysis*, 5th ed. 2015, section 9.4.1). Runs that
    stop as soon as this holds cover the truth somewhat less often than they say (for normal values
    and `FLOOR` replications at least, about 93 % in place of 95 %, at worst); a higher floor mends
    it.
    """
    need_kind("precise", Interval, of=of)
    (relative,) = need_number("precise", 0.0, relative=relative)
    return of.half_width <= relative / (1.0 + relative) * abs(of.mean)


def _p_value(of: Interval, degrees: int, confidence: float) -> float:
    """Return the two-sided p-value that belongs to an interval by Student's t."""
    if degrees < 1:
        return nan
    if of.half_width == 0.0:
        return 0.0 if of.mean else 1.0
    from scipy.special import stdtr

    error = of.half_width / t_quantile(degrees, (1.0 + confidence) / 2.0)
    return 2.0 * float(stdtr(degrees, -abs(of.mean) / error)) if error < inf else nan
