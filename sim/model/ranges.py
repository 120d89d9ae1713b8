"""Designs drawn from the ranges of their facts; each draw is named by its path.

A parameter that joins the tree, or a range that is added, does not move the draws of the others.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import replace
from hashlib import sha256
from typing import Protocol, TypeVar

from sim.model.facts import Design
from sim.model.schemes import Scheme
from sim.model.tree import declared, get, rebuild

T = TypeVar("T")
LOGARITHMIC_ABOVE = 20.0  # high over low beyond which a range is one of orders of magnitude


class RandomBytes(Protocol):
    """A source of random bytes, such as `numpy.random.Generator`."""

    def bytes(self, length: int, /) -> bytes:
        """Return random bytes."""


def sampled_paths(design: Design[T]) -> tuple[str, ...]:
    """Return the paths that `sample` draws: those with a range whose value is still the fact's."""
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

    Raises
    ------
    LookupError
        A path that carries no range.
    """
    values = {}
    for path, u in shares.items():
        kind = declared(design.tree, path).kind
        fact = design.facts.get(path)
        if fact is None or fact.low is None or fact.high is None:
            raise LookupError(f"{path} carries no range (low, high) to draw from")
        values[path] = quantile(fact.low, fact.high, u, whole=kind is int)
    return rebuild(design.tree, values)


def sample(design: Design[T], rng: RandomBytes) -> T:
    """Return the tree with every fact that carries a range drawn from it, all else as it is.

    What has been set by hand since (`sim.model.facts.set_values`) stays as set.
    """
    key = rng.bytes(16)
    return sample_at(design, {path: _share(key, path) for path in sampled_paths(design)})


def sample_schemes(schemes: Iterable[Scheme], rng: RandomBytes) -> tuple[Scheme, ...]:
    """Return the schemes with every patch that carries a range drawn from it."""
    key = rng.bytes(16)
    drawn = []
    for scheme in schemes:
        patches = []
        for patch in scheme.patches:
            if patch.low is not None and patch.high is not None:
                u = _share(key, f"{scheme.id} {patch.op} {patch.path}")
                whole = isinstance(patch.value, int)
                patch = replace(patch, value=quantile(patch.low, patch.high, u, whole=whole))
            patches.append(patch)
        drawn.append(replace(scheme, patches=tuple(patches)))
    return tuple(drawn)


def _share(key: bytes, name: str) -> float:
    """Return a number in [0, 1) that belongs to this name alone, 53 bits of a hash."""
    digest = sha256(key + name.encode()).digest()
    return (int.from_bytes(digest[:7]) >> 3) / 2**53
