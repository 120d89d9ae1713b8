"""Choosing among measures by money and tonnes: the Pareto front, and the abatement cost curve.

References
----------
Taylor, "The ranking of negative-cost emissions reduction measures", *Energy Policy* 48 (2012)
430-438.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from plant_models.arguments import need_figures
from sim.errors import as_number, did_you_mean, need_amounts

Array = NDArray[np.float64]

WHY_RANKING_FAILS = (
    "cost per tonne ranks only measures that cost something. Of two that earn 10 a year each, the "
    "one that avoids 1 t has -10 a tonne and the one that avoids 10 t has -1: the curve puts the "
    "worse one first (Taylor, Energy Policy 48, 2012, 430-438). Measures that earn are ranked by "
    "what they earn, or by a Pareto front"
)


def pareto_front(one: ArrayLike, other: ArrayLike) -> list[int]:
    """Return which candidates no other beats in both figures, more being better.

    They come by falling ``one``, so by rising ``other``; of equals the first stands for all.
    Candidates without a number are left out.

    Raises ValueError: not two figures of each candidate.

    Examples
    --------
    >>> pareto_front([3.0, 2.0, 2.0, 1.0], [1.0, 2.0, 0.0, 2.0])
    [0, 1]
    """
    x, y = _pairs("pareto_front", one, other)
    there = np.flatnonzero(np.isfinite(x) & np.isfinite(y))
    ranked = there[np.lexsort((there, -y[there], -x[there]))]
    front: list[int] = []
    best = -np.inf
    for index in ranked.tolist():
        if y[index] > best:
            front.append(index)
            best = float(y[index])
    return front


LEAST_BULGE = 0.05
"""Of the spans of both figures, added: a front that bulges less has no knee."""


def knee(one: ArrayLike, other: ArrayLike) -> int | None:
    """Return which point of a front bulges most over the line between its ends; None if none does.

    The points come in the order of the front, more being better in both figures. Beyond the knee
    much of one is given for little of the other (Das, "On characterizing the 'knee' of the Pareto
    curve", *Structural Optimization* 18 (1999) 107-115; recalled, not re-read). Units of measure do
    not move it.

    Examples
    --------
    >>> knee([10.0, 9.0, 0.0], [0.0, 7.0, 8.0]), knee([10.0, 2.0, 0.0], [0.0, 1.0, 8.0])
    (1, None)
    """
    x, y = _pairs("knee", one, other)
    if len(x) < 3 or x[0] == x[-1] or y[0] == y[-1]:
        return None
    bulge = (x - x[-1]) / (x[0] - x[-1]) + (y - y[0]) / (y[-1] - y[0]) - 1.0
    top = int(np.argmax(bulge))
    return top if bulge[top] > LEAST_BULGE else None


def _pairs(where: str, one: ArrayLike, other: ArrayLike) -> tuple[Array, Array]:
    """Return two figures of each candidate."""
    x, y = need_figures(where, one=one, other=other)
    if x.shape != y.shape or x.ndim != 1:
        raise ValueError(
            f"a front needs two figures of each candidate; came {x.shape} and {y.shape}"
        )
    return x, y


@dataclass(frozen=True, slots=True)
class Measure:
    """What a measure avoids and costs in a year; a negative cost is what it earns."""

    name: str
    avoided: float
    """t/yr"""
    cost: float
    """In money a year."""

    @property
    def per_tonne(self) -> float:
        """Cost of a tonne avoided; no basis for a ranking where it is negative."""
        return self.cost / self.avoided


@dataclass(frozen=True)
class CostCurve:
    """Measures in the order in which they are taken up."""

    earning: tuple[Measure, ...]
    """Those that cost nothing or earn, the largest earning first: not by cost per tonne."""
    costing: tuple[Measure, ...]  #: Those that cost something, the cheapest tonne first
    useless: tuple[Measure, ...]  #: Those that avoid nothing, or next to nothing

    @property
    def steps(self) -> Sequence[Measure]:
        """All that avoid something, in order."""
        return (*self.earning, *self.costing)


LEAST = 1e-3
"""Of all tonnes avoided: a measure below it is not there for this emission."""


def cost_curve(avoided: Mapping[str, float], cost: Mapping[str, float]) -> CostCurve:
    """Return the marginal abatement cost curve of measures; see ``WHY_RANKING_FAILS``.

    ``avoided``, ``cost``: t/yr and money a year by measure, both by one method of attribution.
    """
    avoided, cost = need_amounts("cost_curve", avoided=avoided, cost=cost)
    for what, amounts in (("avoided", avoided), ("cost", cost)):
        for name, amount in amounts.items():
            as_number(f"cost_curve: {what} of {name!r}: expected", amount)
    for name in avoided:
        if name not in cost:
            raise LookupError(f"cost_curve: no cost of {name!r}{did_you_mean(name, cost)}")
    measures = [Measure(name, tonnes, cost[name]) for name, tonnes in avoided.items()]
    least = LEAST * sum(max(0.0, m.avoided) for m in measures)
    useful = [m for m in measures if m.avoided > least]
    return CostCurve(
        tuple(sorted((m for m in useful if m.cost <= 0.0), key=lambda m: m.cost)),
        tuple(sorted((m for m in useful if m.cost > 0.0), key=lambda m: m.per_tonne)),
        tuple(m for m in measures if m.avoided <= least),
    )
