"""Streams of any components: tables that are handled alike compiled and as they stand."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sim.network.plain import Table

Numbers = Sequence[float] | Table
"""A number for each component."""


def column(kg: Numbers) -> Table:
    """Return a stream as an array.

    >>> column((1.0, 2.0))
    array([1., 2.])
    """
    made = np.empty(len(kg))
    for i in range(len(kg)):
        made[i] = kg[i]
    return made


def total(kg: Numbers) -> float:
    """Return the sum of a stream, kg/h.

    >>> total((1.0, 2.0))
    3.0
    """
    kilograms = 0.0
    for i in range(len(kg)):
        kilograms += kg[i]
    return kilograms


def share(part: float, whole: float) -> float:
    """Return a part of a whole, 1 where it is more than that, kg/kg.

    >>> share(1.0, 4.0), share(2.0, 0.0)
    (0.25, 1.0)
    """
    return 1.0 if part >= whole else part / whole


def two_ways(first: Table) -> Table:
    """Return the splits of two outlets: these shares (kg/kg), held within 0 and 1, and the rest.

    >>> two_ways(np.array([0.25, 1.5])).tolist()
    [[0.25, 1.0], [0.75, 0.0]]
    """
    splits = np.empty((2, len(first)))
    for i in range(len(first)):
        splits[0, i] = min(max(first[i], 0.0), 1.0)
        splits[1, i] = 1.0 - splits[0, i]
    return splits


def one_way(components: int) -> Table:
    """Return the splits of one outlet: all of everything."""
    return np.ones((1, components))


def nothing_drawn(components: int) -> Table:
    """Return the draws of a unit that draws nothing."""
    return np.zeros((0, components))


def no_fractions() -> Table:
    """Return the conversions of a unit without reactions."""
    return np.zeros(0)


def evenly(ratio: float, components: int) -> Table:
    """Return what one inlet draws: so much per kg of the main feed, whatever it is made of."""
    return np.full((1, components), ratio)


def kilomoles(kg: Numbers, molar_mass: Numbers) -> Table:
    """Return a stream in kmol/h."""
    made = np.empty(len(kg))
    for i in range(len(kg)):
        made[i] = kg[i] / molar_mass[i]
    return made
