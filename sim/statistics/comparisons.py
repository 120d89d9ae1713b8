"""Comparing designs: control variates, several comparisons at once, and when to stop.

The intervals of ``sim.statistics.intervals`` are for one question asked with a number of
replications that was fixed beforehand. This module is for the cases where more is known, or more
is asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum, inf, nan, sqrt

from sim.statistics.intervals import Interval, interval, t_quantile

FLOOR = 10  # replications before a run may stop by itself: with fewer, the spread is a guess


@dataclass(frozen=True, slots=True)
class Estimate:
    """The mean of a difference, and how sure it is.

    Parameters
    ----------
    interval : Interval
        Of the mean, in the values' unit.
    p : float
        Two-sided probability of a mean at least so far from zero if there were no difference;
        NaN where one replication says nothing about the spread.
    plain : float
        Half-width of the interval without control variates.
    """

    interval: Interval
    p: float
    plain: float


def estimate(values: Sequence[float], confidence: float = 0.95) -> Estimate:
    """Return mean, interval and p-value by Student's t.

    Examples
    --------
    >>> round(estimate([1.0, 2.0, 3.0]).p, 4)  # t = 3.4641 with 2 degrees of freedom
    0.0742
    """
    of = interval(values, confidence)
    return Estimate(of, _p_value(of, len(values) - 1, confidence), of.half_width)


def controlled(
    values: Sequence[float],
    controls: Sequence[Sequence[float]],
    means: Sequence[float],
    confidence: float = 0.95,
) -> Estimate:
    r"""Return the mean of ``values``, freed from what chance did to ``controls``.

    The values are regressed on the controls, whose expectations are known, and the mean is read
    off where the controls are as expected:

    .. math::

        \hat\mu = \bar y - b^T (\bar c - \mu_c), \quad b = S_{cc}^{-1} S_{cy}, \quad
        s^2(\hat\mu) = s_r^2 \left(\tfrac1n + (\bar c - \mu_c)^T S_{cc}^{-1} (\bar c - \mu_c)
        \right)

    with :math:`S` the sums of squares about the means, :math:`s_r^2` the residual variance with
    *n - q - 1* degrees of freedom, and *q* the number of controls that vary independently. Exact
    for normal values. What the controls explain linearly is removed altogether; each costs a
    degree of freedom.

    Parameters
    ----------
    values : sequence of float
        One result of each replication.
    controls : sequence of sequences of float
        The controls of each replication.
    means : sequence of float
        Their exact expectations.

    Raises
    ------
    ValueError
        If the numbers do not fit, or there are fewer than two replications more than controls.

    References
    ----------
    Lavenberg and Welch, "A perspective on the use of control variables to increase the efficiency
    of Monte Carlo simulations", Management Science 27 (1981) 322-335; Law, *Simulation Modeling and
    Analysis*, 5th ed. 2015, section 11.4.

    Examples
    --------
    >>> chance = [[3.0], [5.0], [7.0], [4.0]]  # failures, of which 4.5 are expected
    >>> controlled([16.0, 20.0, 24.0, 18.0], chance, [4.5]).interval.mean  # 10 + 2 per failure
    19.0
    """
    import numpy as np

    n, wanted = len(values), len(means)
    if len(controls) != n:
        raise ValueError(f"controls of {len(controls)} replications for {n} values")
    if n < wanted + 2:
        raise ValueError(f"{wanted} controls take {wanted + 2} replications or more, got {n}")
    plain = interval(values, confidence)
    y = np.asarray(values, dtype=np.float64) - plain.mean
    c = np.asarray(controls, dtype=np.float64).reshape(n, wanted)
    average = np.array([fsum(column) / n for column in c.T])
    spread = c - average
    # Controls of different size are scaled to one, so that rank means what it says; those that
    # have not varied explain nothing.
    scale = np.sqrt((spread**2).sum(axis=0))
    moves = scale > 1e-12 * np.abs(average)
    basis = spread[:, moves] / scale[moves]
    inverse = np.linalg.pinv(basis.T @ basis, rcond=1e-10, hermitian=True)
    degrees = n - 1 - int(np.linalg.matrix_rank(inverse, hermitian=True)) if moves.any() else n - 1
    slope = inverse @ (basis.T @ y)
    off = (average - np.asarray(means))[moves] / scale[moves]
    residual = y - basis @ slope
    variance = float(residual @ residual) / degrees * (1.0 / n + float(off @ inverse @ off))
    mean = plain.mean - float(slope @ off)
    half = t_quantile(degrees, (1.0 + confidence) / 2.0) * sqrt(variance)
    of = Interval(mean, mean - half, mean + half, n, half)
    return Estimate(of, _p_value(of, degrees, confidence), plain.half_width)


def holm(p_values: Sequence[float]) -> list[float]:
    r"""Return p-values adjusted for being asked together, in the order given.

    Holm's step-down method: the *i*-th smallest of *m* is multiplied by *m - i + 1*, and none may
    be below a smaller one's. The chance of calling any true zero a difference is then at most the
    level, whatever the dependence; it finds at least what Bonferroni's method finds.

    References
    ----------
    Holm, "A simple sequentially rejective multiple test procedure", Scandinavian Journal of
    Statistics 6 (1979) 65-70.

    Examples
    --------
    >>> holm([0.01, 0.04, 0.03, 0.005])
    [0.03, 0.06, 0.06, 0.02]
    """
    order = sorted(range(len(p_values)), key=lambda i: p_values[i])
    adjusted = [nan] * len(p_values)
    highest = 0.0
    for rank, i in enumerate(order):
        highest = max(highest, min(1.0, (len(order) - rank) * p_values[i]))
        adjusted[i] = highest
    return adjusted


def precise(of: Interval, relative: float) -> bool:
    r"""Whether the mean is known to a relative error, by its own half-width.

    .. math:: h / |\bar x| \le \gamma / (1 + \gamma)

    so that the error relative to the true mean, not to the estimate, is at most :math:`\gamma`.
    Runs that stop as soon as this holds cover the truth somewhat less often than they say (for
    normal values and `FLOOR` replications at least, about 93 % in place of 95 %, at worst); a
    higher floor mends it.

    Parameters
    ----------
    of : Interval
        Of a mean, in any unit.
    relative : float
        Relative error :math:`\gamma`, between 0 and 1.

    References
    ----------
    Law, *Simulation Modeling and Analysis*, 5th ed. 2015, section 9.4.1.
    """
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
