"""A known answer, what the engine makes of it, and how far off that may be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import fmean, stdev

from sim.statistics.intervals import z_score

LARGEST_Z = 3.0  # standard errors
CODED = 1e-9  # relative, where the closed form is coded


@dataclass(frozen=True, slots=True)
class Case:
    """One known answer and what the engine makes of it."""

    name: str  #: What was measured, with its unit
    value: float  #: The engine's
    expected: float  #: The right one
    kind: str
    """``z`` for a random case, whose ``error`` is in standard errors; ``relative`` for an exact
    one."""
    error: float  #: How far off it is
    tolerance: float  #: How far off it may be
    standard_error: float = 0.0
    """Of a random figure, relative to ``expected``; 0 for an exact one."""

    @property
    def ok(self) -> bool:
        """Whether the figure is within its tolerance."""
        return abs(self.error) <= self.tolerance


def exact(name: str, value: float, expected: float, tolerance: float = CODED) -> Case:
    """Return a case that must agree to ``tolerance``, relative where the answer is not 0."""
    error = abs(value - expected) / (abs(expected) or 1.0)
    return Case(name, value, expected, "relative", error, tolerance)


def random(name: str, batches: Sequence[float], expected: float) -> Case:
    """Return a case whose mean over batches must lie within three standard errors."""
    spread = stdev(batches) / sqrt(len(batches)) / abs(expected)
    return Case(name, fmean(batches), expected, "z", z_score(batches, expected), LARGEST_Z, spread)
