r"""Mean times between failures and to repair from a record of stops, with intervals.

A record ends before the next failure does: what runs at its end is censored. For exponential times,
with :math:`n` failures in the time :math:`T` under watch, the likelihood is largest at
:math:`T / n`, and since the failures of a fixed time are Poisson,

.. math:: \frac{2T}{\chi^2_{1-\alpha/2}(2n+2)} \le MTBF \le \frac{2T}{\chi^2_{\alpha/2}(2n)}

holds the mean in at least :math:`1-\alpha` of all records. Without a failure there is a lower end
alone. Repairs are watched from their beginning, so their number is given and :math:`2n` degrees of
freedom stand at both ends; repairs spread less than exponential ones, so that interval is wide.

References
----------
Lawless, J. F. (2003), *Statistical Models and Methods for Lifetime Data*, Wiley, 2nd edition,
section 4.1; Cox, D. R. and Lewis, P. A. W. (1966), *The Statistical Analysis of Series of Events*,
Methuen, for the trend; both recalled, not re-read.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from sim.errors import need_count, need_number, need_numbers


@dataclass(frozen=True)
class MeanTime:
    """A mean time and its interval, h; infinite or 0 where the record sets no end."""

    events: int
    watched: float  #: Time under watch, h
    mean: float
    low: float
    high: float


def mean_between(failures: int, watched: float, level: float = 0.95) -> MeanTime:
    """Return the mean time between failures of a record of fixed length, h.

    >>> found = mean_between(10, 5000.0)
    >>> found.mean, round(found.low, 1), round(found.high, 1)
    (500.0, 271.9, 1042.7)
    """
    from scipy.stats import chi2

    (failures,) = need_count("mean_between", 0, failures=failures)
    (watched,) = need_number("mean_between", 0.0, watched=watched)
    (level,) = need_number("mean_between", 0.5, 0.9999, level=level)
    tail = (1.0 - level) / 2.0
    if not failures:
        low = 2.0 * watched / float(chi2.isf(2.0 * tail, 2))
        return MeanTime(0, watched, math.inf, low, math.inf)
    low = 2.0 * watched / float(chi2.isf(tail, 2 * failures + 2))
    high = 2.0 * watched / float(chi2.ppf(tail, 2 * failures))
    return MeanTime(failures, watched, watched / failures, low, high)


def mean_of(
    spans: Sequence[float], unfinished: Sequence[float] = (), level: float = 0.95
) -> MeanTime:
    """Return the mean of repair times, h; ``unfinished`` are those that still went on."""
    from scipy.stats import chi2

    (level,) = need_number("mean_of", 0.5, 0.9999, level=level)
    spans, unfinished = need_numbers("mean_of", spans=spans, unfinished=unfinished)
    for span in (*spans, *unfinished):
        need_number("mean_of", 0.0, span=span)
    tail = (1.0 - level) / 2.0
    total, n = float(sum(spans) + sum(unfinished)), len(spans)
    if not n:
        return MeanTime(0, total, math.nan, 0.0, math.inf)
    low = 2.0 * total / float(chi2.isf(tail, 2 * n))
    high = 2.0 * total / float(chi2.ppf(tail, 2 * n))
    return MeanTime(n, total, total / n, low, high)


def trend(times: Sequence[float], watched: float) -> float:
    r"""Return whether failures come thicker towards the end: Laplace's test, in standard errors.

    .. math:: U = \frac{\bar t - T/2}{T / \sqrt{12 n}}

    Above 2 a unit wears out, below -2 it has been mended for good; a mean time says little then.

    >>> round(trend([1.0, 2.0, 3.0, 4.0], 100.0), 2)
    -3.29
    """
    (times,) = need_numbers("trend", times=times)
    (watched,) = need_number("trend", watched=watched)
    if not times or not watched > 0.0:
        return 0.0
    for time in times:
        need_number("trend", 0.0, watched, time=time)
    spread = watched / math.sqrt(12.0 * len(times))
    return (sum(times) / len(times) - watched / 2.0) / spread
