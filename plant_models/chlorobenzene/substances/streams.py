"""Streams of the eleven components, spelt out: they are handled thousands of times a year.

Plain tuples in, plain tuples out, without a loop; so they compile, too.
"""

from __future__ import annotations

from collections.abc import Sequence

from sim.network.unit import Stream

Organics = tuple[float, float, float, float]
NOTHING: Stream = (0.0,) * 11
WHOLE: Stream = (1.0,) * 11
NO_ORGANICS = (0.0, 0.0, 0.0, 0.0)
ORGANICS_ONLY = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
"""What a stream of pure organics has of the seven other components."""


def joined(organics: Organics, others: tuple[float, ...]) -> Stream:
    """Return a stream of the four organics and the seven others."""
    return organics + others  # numba compiles no unpacking


def weighted(kg: Sequence[float], by: Sequence[float]) -> float:
    """Return the sum over all components of ``kg * by``."""
    return (
        kg[0] * by[0]
        + kg[1] * by[1]
        + kg[2] * by[2]
        + kg[3] * by[3]
        + kg[4] * by[4]
        + kg[5] * by[5]
        + kg[6] * by[6]
        + kg[7] * by[7]
        + kg[8] * by[8]
        + kg[9] * by[9]
        + kg[10] * by[10]
    )


def total(kg: Sequence[float]) -> float:
    """Return the sum of all components, kg/h."""
    return kg[0] + kg[1] + kg[2] + kg[3] + kg[4] + kg[5] + kg[6] + kg[7] + kg[8] + kg[9] + kg[10]


def plus(a: Sequence[float], b: Sequence[float]) -> Stream:
    """Return ``a + b``, component by component."""
    return (
        a[0] + b[0],
        a[1] + b[1],
        a[2] + b[2],
        a[3] + b[3],
        a[4] + b[4],
        a[5] + b[5],
        a[6] + b[6],
        a[7] + b[7],
        a[8] + b[8],
        a[9] + b[9],
        a[10] + b[10],
    )


def product(a: Sequence[float], b: Sequence[float]) -> Stream:
    """Return ``a * b``, component by component."""
    return (
        a[0] * b[0],
        a[1] * b[1],
        a[2] * b[2],
        a[3] * b[3],
        a[4] * b[4],
        a[5] * b[5],
        a[6] * b[6],
        a[7] * b[7],
        a[8] * b[8],
        a[9] * b[9],
        a[10] * b[10],
    )


def remaining(split: Sequence[float]) -> Stream:
    """Return what a split leaves of each component, ``1 - split``."""
    return (
        1.0 - split[0],
        1.0 - split[1],
        1.0 - split[2],
        1.0 - split[3],
        1.0 - split[4],
        1.0 - split[5],
        1.0 - split[6],
        1.0 - split[7],
        1.0 - split[8],
        1.0 - split[9],
        1.0 - split[10],
    )


def evenly(share: float) -> Stream:
    """Return the same share of every component."""
    return (share, share, share, share, share, share, share, share, share, share, share)
