"""Control variates: what chance is known to have added is taken off again."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from sim.errors import need_count, need_numbers, told

Array = NDArray[np.float64]

# Tried for each half, as shares of the batches: little shrinking resolves controls that go
# together, much holds down those that few batches tell anything about, all of it uses none.
RIDGES = (1e-8, 1e-6, 1e-4, 1e-3, 1e-2, 0.1, 1.0, 10.0, float("inf"))

FAIR = 4.0  # standard errors that the mean of a control may be from its expectation, zero


FEWEST = 4  # values, of which each half has some to choose by and some to judge


def controlled(values: Sequence[float], controls: Array, groups: int) -> list[float]:
    r"""Return group means of the values less what the controls explain of them.

    With a control :math:`C_i` of batch *i* whose expectation is exactly zero, the mean of

    .. math:: Y_i - \beta^T C_i

    has the expectation of :math:`\bar Y` for any coefficients that do not depend on batch *i*. Each
    half of the batches is corrected with coefficients that ridge regression finds on the other,
    so no draw is used twice and the estimate is unbiased whatever the law of the batches (to the
    extent that the halves are independent). The batches are put together to a few groups only
    after that: their spread then holds what neighbouring batches share.

    A control whose mean is far from zero for its spread is made of rare, large terms that the run
    has not met: it would move the estimate and add nothing to its spread, so it is left out.
    There is one value and one row of controls a batch, a column for each control; batches that are
    left over at the end of the groups are dropped. Sources: Lavenberg and Welch, Management Science
    27 (1981) 322-335; Avramidis and Wilson, "A splitting scheme for control variates", Operations
    Research Letters 14 (1993) 187-198.

    Examples
    --------
    >>> luck = np.array([[-1.0], [1.0], [-1.0], [1.0]] * 2)
    >>> [round(mean, 9) for mean in controlled([3.0, 5.0, 3.0, 5.0] * 2, luck, groups=2)]
    [4.0, 4.0]
    """
    (groups,) = need_count("controlled", 1, groups=groups)
    (values,) = need_numbers("controlled", values=values)
    table: object = controls
    if not isinstance(table, np.ndarray) or table.ndim != 2 or table.dtype.kind not in "biuf":
        raise TypeError(
            f"controlled: expected controls as an array, a row a batch, came {told(controls)}"
        )
    y = np.asarray(values, dtype=float)
    n, half = len(y), len(y) // 2
    if n < FEWEST:
        raise ValueError(f"controlled: expected {FEWEST} values or more, came {n}")
    if n < groups or len(controls) != n:
        raise ValueError(f"{n} values with {len(controls)} rows of controls for {groups} groups")
    spread = controls.std(axis=0)
    seen = (spread > 0.0) & (np.abs(controls.mean(axis=0)) * sqrt(n) <= FAIR * spread)
    c = controls[:, seen] / spread[seen]
    corrected = np.empty(n)
    for fitted, used in ((slice(half), slice(half, n)), (slice(half, n), slice(half))):
        slope = _slopes(y[fitted], c[fitted])
        corrected[used] = y[used] - c[used] @ slope
    size = n // groups
    means: list[float] = corrected[: size * groups].reshape(groups, size).mean(axis=1).tolist()
    return means


def _slopes(y: Array, c: Array) -> Array:
    """Return the coefficients by ridge regression, shrunk as serves the last quarter best."""
    part = len(y) * 3 // 4
    tried = _ridge(y[:part], c[:part])
    spread = [float(np.var(y[part:] - c[part:] @ slopes)) for slopes in tried]
    return _ridge(y, c)[int(np.argmin(spread))]


def _ridge(y: Array, c: Array) -> list[Array]:
    """Return the coefficients for every one of ``RIDGES``."""
    left, size, right = np.linalg.svd(c - c.mean(axis=0), full_matrices=False)
    along = left.T @ (y - y.mean())
    return [right.T @ (size / (size**2 + ridge * len(y)) * along) for ridge in RIDGES]
