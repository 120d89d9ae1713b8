r"""Main effects and interactions of all orders of a full two-level factorial, and the way back.

For :math:`2^n` cells, bit i of a mask saying that factor i is on, the effect of a set T is

.. math:: e(T) = \frac{1}{2^{n-1}} \sum_{S} (-1)^{|T \setminus S|}\, v(S), \qquad
          v(S) = \frac{1}{2} \sum_{T} (-1)^{|T \setminus S|}\, e(T)

with e(none) twice the grand mean. A main effect is the mean with the factor on less the mean with
it off; the interaction of a pair is half the difference between the effects of one with the other
on and off; and so on. All of them are one fast Walsh-Hadamard transform: n passes of sums and
differences.

References
----------
Yates, *The Design and Analysis of Factorial Experiments*, 1937; Box, Hunter and Hunter,
*Statistics for Experimenters*, 2nd ed. 2005, chapter 5.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from plant_models.arguments import need_figures
from plant_models.methods.attribution import members, sizes
from sim.errors import need_count, need_once

Array = NDArray[np.float64]


def effects(cells: ArrayLike) -> Array:
    """Return the effect of every set of factors by its mask, in the unit of the cells.

    ``cells``: the figure of every cell by its mask; several figures side by side if
    two-dimensional.

    Raises ValueError if the number of cells is no power of two.

    Examples
    --------
    Of two factors: twice the mean, the main effects, the interaction.

    >>> effects([10.0, 12.0, 20.0, 30.0]).tolist()
    [36.0, 6.0, 14.0, 4.0]
    """
    values = _whole("effects", cells=cells)
    return _transform(values) / (len(values) / 2.0)


def cells(effects: ArrayLike) -> Array:
    """Return the figure of every cell from all effects: the inverse of `effects`."""
    values = _whole("cells", effects=effects)
    signs = np.where(sizes(_bits(values)) % 2, -1.0, 1.0)
    signed = values * (signs[:, None] if values.ndim == 2 else signs)
    # (-1)^|T \ S| = (-1)^|T| (-1)^|T & S|: the plain transform of effects with the sign of |T|
    return _butterfly(signed) / 2.0


def spread_by_order(effects: ArrayLike) -> Array:
    """Return which share of the variance between cells the effects of order 1, 2, ..., n hold.

    Zeros where all cells are alike.
    """
    values = _whole("spread_by_order", effects=effects)
    order = sizes(_bits(values))
    squares = np.bincount(order, values**2)[1:]
    total = squares.sum()
    return np.asarray(squares / total if total > 0.0 else squares)


def largest(
    effects: ArrayLike, factors: Sequence[str], count: int, *, order: int | None = None
) -> list[tuple[tuple[str, ...], float]]:
    """Return the largest effects by size with their factors, of one order or of all but the mean.

    Ties keep the order of the masks.

    Raises ValueError: the effects are not those of so many factors.
    """
    values = _whole("largest", effects=effects)
    (factors,) = need_once("largest", factors=factors)
    (count,) = need_count("largest", 0, count=count)
    if len(values) != 1 << len(factors):
        raise ValueError(
            f"{len(factors)} factors have {1 << len(factors)} effects, not {len(values)}"
        )
    wanted = sizes(len(factors))
    picked = np.flatnonzero(wanted > 0 if order is None else wanted == order)
    ranked = picked[np.argsort(-np.abs(values[picked]), kind="stable")]
    return [(members(factors, int(mask)), float(values[mask])) for mask in ranked[:count]]


def _transform(values: Array) -> Array:
    """Return the sum over cells with the sign of the factors of each set that are off."""
    signs = np.where(sizes(_bits(values)) % 2, -1.0, 1.0)
    plain = _butterfly(values)
    return plain * (signs[:, None] if values.ndim == 2 else signs)


def _butterfly(values: Array) -> Array:
    """Return the Walsh-Hadamard transform, unnormalised, over the first axis."""
    done = values.copy()
    step = 1
    while step < len(done):
        pairs = done.reshape(-1, 2, step, *done.shape[1:])
        low, high = pairs[:, 0].copy(), pairs[:, 1].copy()
        pairs[:, 0], pairs[:, 1] = low + high, low - high
        step *= 2
    return done


def _whole(where: str, **given: ArrayLike) -> Array:
    array = np.array(need_figures(where, **given)[0])
    if array.ndim not in (1, 2) or len(array) < 2 or len(array) & (len(array) - 1):
        raise ValueError(
            f"a full factorial has 2, 4, 8, ... cells; came figures of shape {array.shape}"
        )
    return array


def _bits(values: Array) -> int:
    return len(values).bit_length() - 1
