r"""Closed forms of the well-mixed tank, for all tanks of a plant at once.

Inflow and outflow are constant over an interval; what is given are amounts, so its length does not
matter.

.. math::

    x(t) = x_{in} + (x_0 - x_{in}) f, \quad
    f = \exp\left(-\frac{F_{in} t}{V_0} \frac{\ln(1 + z)}{z}\right), \quad
    z = \frac{(F_{in} - F_{out}) t}{V_0}
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

EMPTIED = 1e-9  # contents per throughput below which a tank passes its inflow on
TINY = 1e-300  # kg
MOST = 700.0  # times its contents through a tank: of its first composition nothing is left


def kept_share(level: Array, entered: Array, drawn: Array) -> Array:
    """Return f, the share of each tank's first composition that is left at the end, kg/kg.

    Parameters
    ----------
    level : array
        Contents at the start, kg by tank.
    entered, drawn : array
        What comes in and goes out over the interval, kg by tank.

    Examples
    --------
    >>> one = np.ones(1)
    >>> round(float(kept_share(12.0 * one, 22.5 * one, 22.5 * one)[0]), 6)  # exp(-22.5 / 12)
    0.153355
    """
    level = np.maximum(level, EMPTIED * (entered + drawn) + TINY)
    z = (entered - drawn) / level
    z[z == 0.0] = 1e-15  # log1p(z) / z is 1 there
    np.maximum(z, -1.0 + 1e-12, out=z)
    passed = entered / level * np.log1p(z) / z
    kept: Array = np.exp(-np.minimum(passed, MOST))
    return kept


def outflow_weights(level: Array, entered: Array, drawn: Array, kept: Array) -> tuple[Array, Array]:
    """Return how much of its opening contents and of its inflow leaves every tank, kg/kg.

    Both follow from the balance, opening + in - end, so nothing is made or lost.

    Parameters
    ----------
    level, entered, drawn : array
        Contents at the start, what comes in, and what goes out, kg by tank.
    kept : array
        See ``kept_share``.
    """
    end = level + entered - drawn
    stays = kept * end / np.maximum(level, EMPTIED * (entered + drawn) + TINY)
    # a pass on the way to the means may find that less than nothing enters: the form holds for it
    joins = np.divide(end - kept * end, entered, out=np.ones_like(end), where=entered != 0.0)
    return 1.0 - stays, 1.0 - joins
