"""What the ranges do to a programme: points drawn together, one at a time, by Sobol's design."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import nan
from typing import Any, TypeVar

import numpy as np

from experiments.runner.faults import SimulationFault, at_work
from experiments.runner.loop import each
from plant_models.methods.claims import Drawn
from plant_models.methods.sensitivity import (
    Bar,
    Index,
    Point,
    latin_hypercube,
    one_at_a_time,
    sobol_indices,
    sobol_points,
    tornado,
)
from plant_models.methods.uncertainty import Uncertain, drawn, target_value

QUANTILES = (0.05, 0.5, 0.95)
CHUNK = 16  # points a job; a process is not worth less
T = TypeVar("T")

REST = "all the others together"
MISFITS = (ValueError, ArithmeticError, RuntimeError)
"""What a point may end in that no plant can be built or run at."""


@dataclass(frozen=True)
class Sizes:
    """How much is computed.

    Parameters
    ----------
    samples : int
        Points of the hypercube; 0 for none.
    sobol : int
        Points of each Sobol block, a power of two; 0 for no indices.
    factors : int
        Inputs that get an index of their own: the first of the tornado.
    seed : int
    workers : int
        Processes; the result is the same.
    """

    samples: int = 200
    sobol: int = 128
    factors: int = 10
    seed: int = 1


@dataclass(frozen=True)
class Draws:
    """What the ranges do to a programme.

    Parameters
    ----------
    of : Uncertain
    target : str
        Whose tornado and indices these are.
    base : float
        The target at the values as they are.
    bars : tuple of Bar
        The tornado, the longest first.
    outcomes : tuple of Drawn
        Of the hypercube's points at which there is a plant.
    misfits : tuple of int
        Points without one: of hypercube, tornado and Sobol.
    indices : tuple of Index
    """

    of: Uncertain
    target: str
    base: float
    bars: tuple[Bar, ...]
    outcomes: tuple[Drawn, ...]
    misfits: tuple[int, int, int]
    indices: tuple[Index, ...]

    def spread(self, values: Sequence[float]) -> list[float]:
        """Return the quantiles that are told."""
        return [float(q) for q in np.quantile(values, QUANTILES)] if values else []


def draw(of: Uncertain, target: str, sizes: Sizes, workers: int | None = 1) -> Draws:
    """Sample, move one at a time, and share the variance out; the same for any workers.

    Raises
    ------
    SimulationFault
        If the plant cannot be run as it is, or at no point of the hypercube.
    """
    names = of.names
    with at_work("the programme at its base values"):
        base = target_value(of, target)

    def values(points: Sequence[Point], name: str) -> list[float]:
        return _at_points(_values, of, points, workers, name, target)

    points = latin_hypercube(names, sizes.samples, sizes.seed) if sizes.samples else []
    tried = _at_points(_outcomes, of, points, workers, "hypercube")
    found = [one for one in tried if one]
    if points and not found:
        raise SimulationFault("at no point of the hypercube could the plant be built and run")
    ends = values(one_at_a_time(names)[1:], "tornado")
    _, bars = tornado(names, [base, *ends])
    sure = tuple(bar for bar in bars if bar.swing == bar.swing)  # nan: no plant at an end
    indices: tuple[Index, ...] = ()
    lost = 0
    if sizes.sobol:
        strong = [bar.name for bar in sure[: sizes.factors] if bar.swing > 0.0]
        groups = {name: [name] for name in strong}
        groups[REST] = [name for name in names if name not in groups]
        shared = values(sobol_points(groups, sizes.sobol, sizes.seed), "Sobol")
        lost = int(np.isnan(shared).sum())
        indices = sobol_indices(groups, shared, sizes.seed)
    misfits = (len(points) - len(found), int(np.isnan(ends).sum()), lost)
    return Draws(of, target, base, sure, tuple(found), misfits, indices)


def _at_points(
    work: Callable[..., list[T]],
    of: Uncertain,
    points: Sequence[Point],
    workers: int | None,
    name: str,
    *more: Any,
) -> list[T]:
    jobs = [(of, points[i : i + CHUNK], *more) for i in range(0, len(points), CHUNK)]
    return [value for part in each(work, jobs, workers, name) for value in part] if jobs else []


def _outcomes(of: Uncertain, points: Sequence[Point]) -> list[Drawn | None]:
    found: list[Drawn | None] = []
    for point in points:
        try:
            found.append(drawn(of.at(point)))
        except MISFITS:
            found.append(None)
    return found


def _values(of: Uncertain, points: Sequence[Point], target: str) -> list[float]:
    found = []
    for point in points:
        try:
            found.append(target_value(of.at(point), target))
        except MISFITS:
            found.append(nan)
    return found
