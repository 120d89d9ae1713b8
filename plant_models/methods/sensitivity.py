"""What the uncertainty of inputs does to a result: hypercube, tornado, Sobol indices by group.

Inputs are named and drawn as shares of their ranges, 0 to 1; what a share means is the caller's.
Nothing here runs a model: designs of points are made, and values at them are read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isnan, nan

import numpy as np
from numpy.typing import NDArray

from plant_models.arguments import need_figures
from sim.errors import need_count, need_names, need_once, told

Array = NDArray[np.float64]
Point = Mapping[str, float]
"""Share of each input's range; an input that is left out keeps its own value."""

RESAMPLES = 200  # bootstrap, for intervals of 95 %


def latin_hypercube(names: Sequence[str], n: int, seed: int) -> list[Point]:
    """Return ``n`` points, in each input one in each n-th of its range.

    McKay, Beckman, Conover, *Technometrics* 21 (1979) 239.

    Raises ValueError: less than one point.
    """
    from scipy.stats import qmc

    (names,) = need_once("latin_hypercube", names=names)
    (n,) = need_count("latin_hypercube", 1, n=n)
    (seed,) = need_count("latin_hypercube", 0, seed=seed)
    shares = qmc.LatinHypercube(len(names), rng=np.random.default_rng(seed)).random(n)
    return [dict(zip(names, row.tolist(), strict=True)) for row in shares]


def one_at_a_time(names: Sequence[str]) -> list[Point]:
    """Return the points of a tornado: the base, then each input alone at low and at high."""
    (names,) = need_once("one_at_a_time", names=names)
    return [{}, *({name: end} for name in names for end in (0.0, 1.0))]


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar of a tornado: the result with one input at the ends of its range."""

    name: str
    low: float
    high: float
    swing: float
    """How far the result moves over the range: from the least to the most of base, both ends and
    what was tried between."""


def tornado(
    names: Sequence[str],
    values: Sequence[float],
    between: Mapping[str, Sequence[float]] | None = None,
) -> tuple[float, tuple[Bar, ...]]:
    """Return the base result and a bar for each input, the longest first.

    ``between``: results between the ends, by input: of a structure with more than two choices.
    Inputs with no value (nan) at an end come last.

    >>> base, bars = tornado(["dose"], [9.0, 7.0, 7.5])  # best in the middle of its range
    >>> bars[0].swing
    2.0
    """
    (names,), (figures,) = (
        need_once("tornado", names=names),
        need_figures("tornado", values=values),
    )
    if figures.shape != (1 + 2 * len(names),):
        raise ValueError(
            f"tornado: expected {1 + 2 * len(names)} values, the base and both ends of each input, "
            f"came {figures.size}"
        )
    base, ends = float(figures[0]), figures[1:].reshape(-1, 2)
    bars = [
        Bar(name, low, high, float(np.ptp([base, low, high, *(between or {}).get(name, ())])))
        for name, (low, high) in zip(names, ends.tolist(), strict=True)
    ]
    return base, tuple(sorted(bars, key=lambda bar: (isnan(bar.swing), -bar.swing)))


def sobol_points(groups: Mapping[str, Sequence[str]], n: int, seed: int) -> list[Point]:
    """Return the points of Saltelli's design, for indices of groups of inputs.

    Two samples A and B of ``n`` points, then for each group A with the group's columns of B.

    Raises ValueError if n is no power of two, which the sequence needs for its balance.
    """
    from scipy.stats import qmc

    _check_groups("sobol_points", groups)
    n, seed = need_count("sobol_points", 0, n=n, seed=seed)
    if n < 2 or n & (n - 1):
        raise ValueError(f"the size of a Sobol sample must be a power of two, not {n}")
    names = [name for members in groups.values() for name in members]
    engine = qmc.Sobol(2 * len(names), rng=np.random.default_rng(seed))
    both = engine.random(n)
    a, b = both[:, : len(names)], both[:, len(names) :]
    blocks = [a, b]
    at = 0
    for members in groups.values():
        mixed = a.copy()
        mixed[:, at : at + len(members)] = b[:, at : at + len(members)]
        blocks.append(mixed)
        at += len(members)
    return [dict(zip(names, row.tolist(), strict=True)) for block in blocks for row in block]


@dataclass(frozen=True, slots=True)
class Index:
    """Share of the variance of a result that a group of inputs explains."""

    name: str
    first: float  #: Alone
    total: float  #: With all its interactions
    first_ends: tuple[float, float]  #: Bootstrap interval of ``first``, 95 %
    total_ends: tuple[float, float]  #: Bootstrap interval of ``total``, 95 %


def sobol_indices(
    groups: Mapping[str, Sequence[str]], values: Sequence[float], seed: int
) -> tuple[Index, ...]:
    """Return first-order and total indices from the values at `sobol_points`, largest total first.

    Saltelli et al., *Comput. Phys. Commun.* 181 (2010) 259: as `scipy.stats.sobol_indices`, which
    has no groups and takes no sample with a gap. A point without a value (nan) is left out with
    its partners.

    Raises ValueError: fewer than two points with a value at all of their partners.
    """
    _check_groups("sobol_indices", groups)
    (seed,) = need_count("sobol_indices", 0, seed=seed)
    (figures,) = need_figures("sobol_indices", values=values)
    if figures.size % (len(groups) + 2):
        raise ValueError(
            f"sobol_indices: expected values of {len(groups) + 2} equal blocks, came {figures.size}"
        )
    blocks = figures.reshape(len(groups) + 2, -1)
    blocks = blocks[:, np.isfinite(blocks).all(axis=0)]
    n = blocks.shape[1]
    if n < 2:
        raise ValueError("Sobol indices need two complete points or more")
    first, total = _indices(blocks)
    rng = np.random.default_rng(seed)
    again = [_indices(blocks[:, rng.integers(0, n, n)]) for _ in range(RESAMPLES)]
    ends = np.full((2, 2, len(groups)), nan)  # end, kind, group
    if np.ptp(blocks[:2]):  # what does not vary has no shares
        ends = np.nanpercentile(np.array(again), (2.5, 97.5), axis=0)
    found = [
        Index(
            name,
            float(first[g]),
            float(total[g]),
            (float(ends[0, 0, g]), float(ends[1, 0, g])),
            (float(ends[0, 1, g]), float(ends[1, 1, g])),
        )
        for g, name in enumerate(groups)
    ]
    return tuple(sorted(found, key=lambda index: -index.total))


def _check_groups(where: str, groups: object) -> None:
    """Raise TypeError unless these are the names of inputs by the name of their group."""
    if not isinstance(groups, Mapping) or not all(isinstance(name, str) for name in groups):
        raise TypeError(
            f"{where}: expected groups as names of inputs by group, came {told(groups)}"
        )
    need_once(where, groups=[name for inputs in groups.values() for name in _inputs(where, inputs)])


def _inputs(where: str, inputs: object) -> list[str]:
    (names,) = need_names(where, groups=inputs)
    return names


def _indices(blocks: Array) -> tuple[Array, Array]:
    """Return first-order (Saltelli 2010) and total (Jansen 1999) indices of every group."""
    centred = blocks - blocks[:2].mean()
    a, b, mixed = centred[0], centred[1], centred[2:]
    variance = float(centred[:2].var())
    if variance == 0.0:  # nothing moves
        nothing = np.full(len(mixed), nan)
        return nothing, nothing
    first = (b * (mixed - a)).mean(axis=1) / variance
    total = 0.5 * ((a - mixed) ** 2).mean(axis=1) / variance
    return first, total
