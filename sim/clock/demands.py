"""What chance asks of a plant, apart from what the plant makes of it: failures as they are drawn.

Failures and repair hours are drawn from the streams that a run draws from, over a number of clock
hours that is fixed beforehand. Their expectations are then known exactly, and they go up and down
with the run's own failures: control variates (``sim.statistics.comparisons.controlled``).
"""

from __future__ import annotations

from collections.abc import Iterable

from sim.clock.life import time_to_failure, time_to_repair
from sim.clock.random_streams import Stream
from sim.network.operation import FailureMode

Demand = tuple[float, float]
"""Number of failures, and hours of repair."""


def drawn(mode: FailureMode, lives: Stream, repairs: Stream, hours: float) -> Demand:
    """Return the failures that fall into some hours of the mode's clock, and their repair hours."""
    failures, spent, worked = 0, 0.0, time_to_failure(mode, lives)
    while worked <= hours:
        failures += 1
        spent += time_to_repair(mode, repairs)
        worked += time_to_failure(mode, lives)
    return float(failures), spent


def expected(mode: FailureMode, hours: float) -> Demand:
    r"""Return the expectation of ``drawn``: a Poisson process, and Wald's identity.

    .. math:: E N = H / MTBF, \quad E \sum_{i \le N} R_i = E N \cdot MTTR

    Raises
    ------
    ValueError
        If the law is not exponential: other laws have no such closed form.
    """
    if mode.law != "exponential":
        raise ValueError(f"the number of failures of a {mode.law} law has no closed expectation")
    failures = hours / mode.mtbf
    return failures, failures * mode.mttr


def summed(demands: Iterable[Demand]) -> Demand:
    """Return the sums over several modes."""
    failures = hours = 0.0
    for number, spent in demands:
        failures += number
        hours += spent
    return failures, hours
