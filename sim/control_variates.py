"""Control variates: what chance is known to have added is taken off again."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

BATCHES_A_CONTROL = 4  # of a half; a coefficient on less is mostly noise
RANK = 1e-9  # singular values of the scaled controls, relative to the largest, that count as none


def controlled(values: Sequence[float], controls: Array, groups: int) -> list[float]:
    r"""Return group means of the values less what the controls explain of them.

    With a control :math:`C_i` of batch *i* whose expectation is exactly zero, the mean of

    .. math:: Y_i - \beta^T C_i

    has the expectation of :math:`\bar Y` for any coefficients that do not depend on batch *i*. Each
    half of the batches is corrected with coefficients that least squares finds on the other half,
    so no draw is used twice and the estimate is unbiased whatever the law of the batches (to the
    extent that the halves are independent). The batches are put together to a few groups only
    after that: their spread then holds what neighbouring batches share. A short run uses the first
    controls only, one for every four batches of a half.

    Parameters
    ----------
    values : sequence of float
        One figure a batch.
    controls : array
        One row a batch, one column a control of expectation zero, what matters most first.
    groups : int
        Number of groups that are returned; batches that are left over at the end are dropped.

    Raises
    ------
    ValueError
        If there are fewer batches than groups, or not one row of controls for each.

    References
    ----------
    Lavenberg and Welch, Management Science 27 (1981) 322-335; Avramidis and Wilson, "A splitting
    scheme for control variates", Operations Research Letters 14 (1993) 187-198.

    Examples
    --------
    >>> luck = np.array([[-1.0], [1.0], [-1.0], [1.0]] * 2)
    >>> [round(mean, 9) for mean in controlled([3.0, 5.0, 3.0, 5.0] * 2, luck, groups=2)]
    [4.0, 4.0]
    """
    y = np.asarray(values, dtype=float)
    n, half = len(y), len(y) // 2
    if n < groups or len(controls) != n:
        raise ValueError(f"{n} values with {len(controls)} rows of controls for {groups} groups")
    spread = controls.std(axis=0)
    c = (controls[:, spread > 0.0] / spread[spread > 0.0])[:, : half // BATCHES_A_CONTROL]
    corrected = np.empty(n)
    for fitted, used in ((slice(half), slice(half, n)), (slice(half, n), slice(half))):
        design = np.column_stack([np.ones(len(y[fitted])), c[fitted]])
        slope = np.linalg.lstsq(design, y[fitted], rcond=RANK)[0][1:]
        corrected[used] = y[used] - c[used] @ slope
    size = n // groups
    means: list[float] = corrected[: size * groups].reshape(groups, size).mean(axis=1).tolist()
    return means
