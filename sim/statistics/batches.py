"""The long-run mean of one run: its warm-up taken off, and an interval from batch means."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum

from sim.errors import need_count, need_number, need_numbers
from sim.statistics.intervals import Interval, interval, too_large, warm_up


def batch_means(values: Sequence[float], batches: int = 20, confidence: float = 0.95) -> Interval:
    r"""Return the interval of a long-run mean by non-overlapping batch means, in the values' unit.

    Values of equal stretches of one run depend on each other, but means of long batches of them
    next to nothing, so that Student's t of these means serves:

    .. math:: \bar y \pm t_{k-1,\,(1 + c)/2}\; s_k / \sqrt{k}

    with *k*, ``batches`` (Law, *Simulation Modeling and Analysis*, 5th ed. 2015, section 9.5.3).
    Between 10 and 30 batches serve: more do not narrow the interval by much, fewer are longer and
    hence less dependent (Schmeiser, "Batch size effects in the analysis of simulation output",
    Operations Research 30 (1982) 556-568). Values that are left over are dropped at the beginning.

    Raises ValueError: fewer than two batches, or fewer values than batches.

    Examples
    --------
    >>> found = batch_means([1.0, 3.0, 2.0, 4.0, 3.0, 5.0], batches=3)
    >>> found.mean, round(found.half_width, 4)
    (3.0, 2.4841)
    """
    (batches,) = need_count("batch_means", 2, batches=batches)
    (confidence,) = need_number("batch_means", confidence=confidence)
    (values,) = need_numbers("batch_means", values=values)
    size, over = divmod(len(values), batches)
    if not size:
        raise ValueError(f"{batches} batches take at least as many values, got {len(values)}")
    starts = range(over, len(values), size)
    try:
        means = [fsum(values[i : i + size]) / size for i in starts]
    except OverflowError:
        raise ValueError(too_large(values)) from None
    return interval(means, confidence)


@dataclass(frozen=True)
class Measured:
    """What was measured of a run: its time average, and that of every period."""

    mean: float
    """Over all the time measured."""
    periods: tuple[float, ...]
    """Mean of each whole period, in order."""

    def steady(self, batches: int = 20, confidence: float = 0.95) -> Interval:
        """Return the long-run mean with its interval.

        The warm-up that MSER-5 finds in the periods is dropped, the rest is taken in batches.

        Raises ValueError: too few periods, as of `warm_up` and `batch_means`.
        """
        (batches,) = need_count("steady", 2, batches=batches)
        begins, count = warm_up(self.periods), len(self.periods)
        if begins and count - begins < batches <= count:
            raise ValueError(
                f"{batches} batches take at least as many periods, got {count}, of which the "
                f"warm-up takes {begins}; measure for longer, or take fewer batches"
            )
        return batch_means(self.periods[begins:], batches, confidence)
