"""Bands of constant width: straight ones, arrows, and loops with rounded corners, as polygons.

Lengths are in the units of axes with equal aspect, so that a band is as wide upwards as sideways.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import atan2, cos, pi, sin
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Point = tuple[float, float]
Array = NDArray[np.float64]

STEPS = 12  # chords of a quarter turn
THINNEST = 0.6  # points: what is there can be seen


def route(corners: Sequence[Point], radius: float) -> Array:
    """Return the centre line of a path with right angles, its corners rounded.

    Parameters
    ----------
    corners : sequence of points
        The path; every leg is horizontal or vertical.
    radius : float
        Of the corners; less where a leg is too short for it.
    """
    points = [np.array(corners[0])]
    for before, corner, after in zip(corners, corners[1:], corners[2:], strict=False):
        inward, outward = (np.subtract(corner, before), np.subtract(after, corner))
        shorter = min(np.abs(inward).sum(), np.abs(outward).sum())
        r = min(radius, float(shorter) / 2.0)
        a, b = (v / np.abs(v).sum() for v in (inward, outward))
        centre = np.array(corner) - r * a + r * b
        start = atan2(*(-b)[::-1])
        turn = pi / 2.0 if a[0] * b[1] - a[1] * b[0] > 0.0 else -pi / 2.0
        for step in range(STEPS + 1):
            angle = start + turn * step / STEPS
            points.append(centre + r * np.array((cos(angle), sin(angle))))
    points.append(np.array(corners[-1]))
    return np.array(points)


def outline(line: Array, width: float) -> Array:
    """Return the polygon of a band along a centre line."""
    steps = np.diff(line, axis=0)
    steps = steps[np.abs(steps).sum(axis=1) > 0.0]
    kept = np.vstack([line[0], line[0] + np.cumsum(steps, axis=0)])
    tangents = np.vstack([steps[:1], steps[:-1] + steps[1:], steps[-1:]])
    tangents /= np.linalg.norm(tangents, axis=1)[:, None]
    normals = np.column_stack([-tangents[:, 1], tangents[:, 0]])
    return np.vstack([kept + normals * width / 2.0, (kept - normals * width / 2.0)[::-1]])


def band(ax: Axes, corners: Sequence[Point], width: float, colour: str) -> None:
    """Draw a band along a path with right angles."""
    _fill(ax, outline(route(corners, width / 2.0 + 0.12), width), colour)


def slope(ax: Axes, start: Point, end: Point, width: float, colour: str) -> None:
    """Draw a band from left to right that rises or falls gently."""
    x = np.linspace(0.0, 1.0, 4 * STEPS)
    ease = (1.0 - np.cos(np.pi * x)) / 2.0
    xs = start[0] + (end[0] - start[0]) * x
    ys = start[1] + (end[1] - start[1]) * ease
    upper, lower = np.column_stack([xs, ys + width / 2.0]), np.column_stack([xs, ys - width / 2.0])
    _fill(ax, np.vstack([upper, lower[::-1]]), colour)


def arrow(ax: Axes, start: Point, end: Point, width: float, colour: str, head: float) -> None:
    """Draw a straight band that ends in a point, ``head`` long and a little wider than the band."""
    a, b = np.array(start), np.array(end)
    along = (b - a) / np.linalg.norm(b - a)
    across = np.array((-along[1], along[0]))
    neck = b - along * head
    half, wide = width / 2.0, width / 2.0 + 0.06
    corners = [
        a + across * half, neck + across * half, neck + across * wide, b,
        neck - across * wide, neck - across * half, a - across * half,
    ]  # fmt: skip
    _fill(ax, np.array(corners), colour)


def _fill(ax: Axes, corners: Array, colour: str) -> None:
    from matplotlib.patches import Polygon

    ax.add_patch(
        Polygon(corners, closed=True, facecolor=colour, edgecolor=colour, linewidth=THINNEST)
    )
