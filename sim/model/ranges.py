"""Designs at given shares of the ranges of their facts."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TypeVar

from sim.model.facts import Design
from sim.model.tree import declared, get, rebuild

T = TypeVar("T")
LOGARITHMIC_ABOVE = 20.0  # high over low beyond which a range is one of orders of magnitude


def sampled_paths(design: Design[T]) -> tuple[str, ...]:
    """Return the paths that have a range and whose value is still the fact's."""
    return tuple(
        path
        for path, fact in design.facts.items()
        if fact.low is not None and fact.high is not None and get(design.tree, path) == fact.value
    )


def is_logarithmic(low: float, high: float) -> bool:
    """Return whether a range is one of orders of magnitude, and is spread over by logarithm."""
    return low > 0 and high / low > LOGARITHMIC_ABOVE


def quantile(low: float, high: float, u: float, *, whole: bool = False) -> float:
    """Return the value at share ``u`` (0 to 1) of a range, in the unit of the range.

    Uniform, by logarithm where ``low`` is positive and ``high`` more than 20 times as large; whole
    numbers are equally likely.

    >>> round(quantile(1.0, 100.0, 0.5), 9)
    10.0
    >>> quantile(2, 3, 0.5, whole=True)
    3
    """
    if whole:
        return min(int(low) + int(u * (int(high) - int(low) + 1)), int(high))
    if is_logarithmic(low, high):
        value = low * math.exp(u * math.log(high / low))
    else:
        value = low + u * (high - low)
    return min(max(value, low), high)


def sample_at(design: Design[T], shares: Mapping[str, float]) -> T:
    """Return the tree with parameters at given shares (0 to 1) of their ranges.

    Raises LookupError: a path that carries no range.
    """
    values = {}
    for path, u in shares.items():
        kind = declared(design.tree, path).kind
        fact = design.facts.get(path)
        if fact is None or fact.low is None or fact.high is None:
            raise LookupError(f"{path} carries no range (low, high) to draw from")
        values[path] = quantile(fact.low, fact.high, u, whole=kind is int)
    return rebuild(design.tree, values)
