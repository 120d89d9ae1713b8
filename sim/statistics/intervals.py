"""Statistics of simulation output: intervals, paired comparison, time averages, warm-up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import copysign, fsum, inf, sqrt

from sim.errors import is_number, need_number, need_numbers, scalar, told

ROUNDING = 1e-12  # of a share that is counted or added up
LARGEST = 1e150  # in size: the square of what is larger is none


@dataclass(frozen=True, slots=True)
class Interval:
    """A mean over ``n`` independent replications and its confidence interval, in the values' unit.

    The ends are infinite where one value says nothing about the spread.
    """

    mean: float
    low: float
    high: float
    n: int
    half_width: float

    @property
    def ends(self) -> tuple[float | None, float | None]:
        """Low and high; nothing where one value says nothing about the spread."""
        return (self.low, self.high) if self.n > 1 else (None, None)

    def __contains__(self, value: float) -> bool:
        return self.low <= value <= self.high


def interval(values: Sequence[float], confidence: float = 0.95) -> Interval:
    r"""Return Student's t interval of the mean, in the values' unit.

    .. math:: \bar x \pm t_{n-1,\,(1 + c)/2}\; s / \sqrt{n}

    of one value a replication, with the coverage *c*, ``confidence`` (Law, *Simulation Modeling
    and Analysis*, 5th ed. 2015, section 4.5). No values, or a coverage that is not between 0 and
    1, are a ValueError.

    Examples
    --------
    >>> result = interval([9.0, 10.0, 11.0])
    >>> round(result.low, 4), round(result.high, 4)
    (7.5159, 12.4841)
    """
    (confidence,) = need_number("interval", confidence=confidence)
    if not 0.0 < confidence < 1.0:
        raise ValueError(f"confidence {told(confidence)} must lie between 0 and 1, both excluded")
    (values,) = need_numbers("interval", values=values)
    mean, deviation = _moments(values)
    n = len(values)
    if n == 1:
        return Interval(mean, -inf, inf, 1, inf)
    half = t_quantile(n - 1, (1.0 + confidence) / 2.0) * deviation / sqrt(n)
    return Interval(mean, mean - half, mean + half, n, half)


def paired_difference(a: Sequence[float], b: Sequence[float], confidence: float = 0.95) -> Interval:
    """Return the interval of the mean of ``a - b``, pair by pair, in the values' unit.

    Replications of two designs under the same seed share their breakdowns, so the difference
    of a pair varies far less than either does (common random numbers; Law 2015, section 11.2).
    """
    (confidence,) = need_number("paired_difference", confidence=confidence)
    a, b = need_numbers("paired_difference", a=a, b=b)
    if len(a) != len(b):
        raise ValueError(f"paired values must be equally many, got {len(a)} and {len(b)}")
    return interval([x - y for x, y in zip(a, b, strict=True)], confidence)


def share_interval(share: float, count: int) -> tuple[float, float]:
    r"""Return where the chance lies that so many draws show as a share, 95 % (Wilson), 1.

    .. math:: \frac{p + z^2/2n \pm z \sqrt{p(1-p)/n + z^2/4n^2}}{1 + z^2/n}

    It says how few the draws are, nothing of what was drawn. With no draws it is all from 0 to 1.

    >>> low, high = share_interval(1.0, 200)
    >>> round(low, 3), round(high, 3)
    (0.981, 1.0)
    """
    (draws,) = need_number("share_interval", 0.0, count=count)
    share = scalar(share)
    if draws < 1 and is_number(share):  # whatever share nothing has, such as 0 / 0
        return 0.0, 1.0
    if is_number(share) and -ROUNDING <= share <= 1.0 + ROUNDING:
        share = min(max(share, 0.0), 1.0)
    (share,) = need_number("share_interval", 0.0, 1.0, share=share)
    z = 1.959964
    wide = 1.0 + z * z / draws
    middle = (share + z * z / (2 * draws)) / wide
    half = z * sqrt(share * (1.0 - share) / draws + (z / (2 * draws)) ** 2) / wide
    return max(0.0, middle - half), min(1.0, middle + half)


def z_score(values: Sequence[float], expected: float) -> float:
    """Return how many standard errors the mean of two or more values lies above ``expected``.

    Values that do not vary give 0 when they equal ``expected``, else an infinity.
    """
    (values,) = need_numbers("z_score", values=values)
    (expected,) = need_number("z_score", expected=expected)
    if len(values) < 2:
        raise ValueError(f"a z-score takes at least 2 values, got {len(values)}")
    mean, deviation = _moments(values)
    distance = mean - expected
    if deviation == 0.0:
        return copysign(inf, distance) if distance else 0.0
    return distance / (deviation / sqrt(len(values)))


def warm_up(values: Sequence[float]) -> int:
    r"""Return how many of the first values MSER-5 drops as warm-up.

    The values are averaged in batches of five; the batches dropped are those that minimise

    .. math:: \frac{1}{(k - d)^2} \sum_{i > d} (\bar y_i - \bar y_{>d})^2

    over the first half of the *k* batches, two at least (a minimum beyond says that the run is too
    short; White, Cobb and Spratt, "A comparison of five steady-state truncation heuristics for
    simulation", Proc. Winter Simulation Conference 2000, 755-760).
    """
    (values,) = need_numbers("warm_up", values=values)
    if not all(abs(value) <= LARGEST for value in values):
        wrong = next(value for value in values if not abs(value) <= LARGEST)
        raise ValueError(f"MSER-5 takes values up to {LARGEST:g} in size, got {told(wrong)}")
    k = len(values) // 5
    if k < 2:
        raise ValueError(f"MSER-5 takes at least 10 values, got {len(values)}")
    # From the end backwards each batch updates mean and squares by Welford's recurrence.
    best, dropped = inf, 0
    mean = squares = 0.0
    for d in range(k - 1, -1, -1):
        y = fsum(values[5 * d : 5 * d + 5]) / 5.0
        n = k - d
        step = y - mean
        mean += step / n
        squares += step * (y - mean)
        if d <= k // 2 and squares / n**2 <= best:
            best, dropped = squares / n**2, d
    return 5 * dropped


class TimeAverage:
    """Time average of a level that moves linearly between events; exact, in constant memory.

    The record starts at a time, h, and a level in any unit.

    Examples
    --------
    >>> tank = TimeAverage(0.0, 0.0)
    >>> tank.to(4.0, 8.0)
    >>> tank.jump(20.0)
    >>> tank.to(6.0, 20.0)
    >>> round(tank.mean, 6)
    9.333333
    """

    __slots__ = ("_time", "hours", "integral", "level", "maximum", "minimum")

    def __init__(self, time: float, level: float) -> None:
        self._time, self.level = need_number("TimeAverage", time=time, level=level)
        self.restart()

    def restart(self) -> None:
        """Forget all but the present level: the warm-up is over."""
        self.hours = 0.0
        self.integral = 0.0
        self.minimum = self.maximum = self.level

    def to(self, time: float, level: float) -> None:
        """Record that the level has moved linearly to ``level`` at ``time``, h."""
        hours = time - self._time
        if hours < 0.0:
            raise ValueError(f"time {time:g} h lies before the last record at {self._time:g} h")
        before = self.level
        self._time = time
        self.hours += hours
        self.integral += 0.5 * (before + level) * hours
        self.jump(level)

    def jump(self, level: float) -> None:
        """Record that the level has changed to ``level`` at once."""
        self.level = level
        if level < self.minimum:
            self.minimum = level
        elif level > self.maximum:
            self.maximum = level

    @property
    def mean(self) -> float:
        """Time average since the start; the level itself while no time has passed."""
        return self.integral / self.hours if self.hours else self.level


def _moments(values: Sequence[float]) -> tuple[float, float]:
    """Return mean and sample standard deviation, which is 0 for a single value."""
    n = len(values)
    if n == 0:
        raise ValueError("statistics of no values: at least 1 is needed")
    # Values that are all equal have exactly that mean and no spread, whatever the rounding.
    if n == 1 or all(x == values[0] for x in values):
        return values[0], 0.0
    try:
        mean = fsum(values) / n
        return mean, sqrt(fsum((x - mean) ** 2 for x in values) / (n - 1))
    except OverflowError:
        raise ValueError(too_large(values)) from None


def too_large(values: Sequence[float]) -> str:
    """Return that nothing can be reckoned from values of that size, in words."""
    return f"statistics of values up to {max(map(abs, values)):g}: their squares are too large"


def t_quantile(degrees: int, p: float) -> float:
    """Return the value that Student's t with so many degrees of freedom stays below with *p*."""
    (free,) = need_number("t_quantile", 1.0, degrees=degrees)
    (below,) = need_number("t_quantile", 0.0, 1.0, p=p)
    from scipy.special import stdtrit  # the function behind scipy.stats.t, at a tenth of its import

    return float(stdtrit(free, below))
