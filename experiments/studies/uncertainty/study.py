"""How sure a programme's figures are: hypercube, tornado, Sobol indices, what survives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import nan
from typing import Any

import numpy as np

from experiments.door.faults import SimulationFault, at_work
from experiments.runner.studies import compact, installed_version, settings_of
from experiments.runner.workers import spread
from plant_models.chlorobenzene.ranges.uncertainty import (
    Outcome,
    Uncertain,
    outcome,
    probability_positive,
    shares_of_truth,
    target_value,
)
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

QUANTILES = (0.05, 0.5, 0.95)
CHUNK = 16  # points a job; a process is not worth less
REST = "all the others together"
MISFITS = (ValueError, ArithmeticError, RuntimeError)
"""What a point may end in that no plant can be built or run at."""


@dataclass(frozen=True)
class Sizes:
    """How much is computed.

    Parameters
    ----------
    samples : int
        Points of the hypercube.
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
    workers: int = 1


@dataclass(frozen=True)
class UncertaintyStudy:
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
    outcomes : tuple of Outcome
        Of the hypercube's points at which there is a plant.
    misfits : tuple of int
        Points without one: of hypercube, tornado and Sobol.
    indices : tuple of Index
    """

    of: Uncertain
    target: str
    base: float
    bars: tuple[Bar, ...]
    outcomes: tuple[Outcome, ...]
    misfits: tuple[int, int, int]
    indices: tuple[Index, ...]

    @property
    def name(self) -> str:
        """The scheme set as it is written."""
        return compact(self.of.schemes, self.of.known)

    def spread(self, values: Sequence[float]) -> list[float]:
        """Return the quantiles that are told."""
        return [float(each) for each in np.quantile(values, QUANTILES)]


def uncertainty_study(of: Uncertain, target: str, sizes: Sizes) -> UncertaintyStudy:
    """Sample, move one at a time, and share the variance out."""
    names = of.names
    with at_work("the programme at its base values"):
        base = target_value(of, target)
    points = latin_hypercube(names, sizes.samples, sizes.seed)
    drawn = [each for each in _spread(_outcomes, of, points, sizes, "hypercube") if each]
    if not drawn:
        raise SimulationFault("at no point of the hypercube could the line be built and run")
    ends = _targets(of, one_at_a_time(names)[1:], target, sizes, "tornado")
    _, bars = tornado(names, [base, *ends])
    sure = tuple(bar for bar in bars if bar.swing == bar.swing)  # nan: no plant at an end
    indices: tuple[Index, ...] = ()
    lost = 0
    if sizes.sobol:
        strong = [bar.name for bar in sure[: sizes.factors] if bar.swing > 0.0]
        groups = {name: [name] for name in strong}
        groups[REST] = [name for name in names if name not in groups]
        values = _targets(of, sobol_points(groups, sizes.sobol, sizes.seed), target, sizes, "Sobol")
        lost = int(np.isnan(values).sum())
        indices = sobol_indices(groups, values, sizes.seed)
    misfits = (len(points) - len(drawn), int(np.isnan(ends).sum()), lost)
    return UncertaintyStudy(of, target, base, sure, tuple(drawn), misfits, indices)


def _targets(
    of: Uncertain, points: Sequence[Point], target: str, sizes: Sizes, name: str
) -> list[float]:
    jobs = [(of, points[i : i + CHUNK], target) for i in range(0, len(points), CHUNK)]
    return [value for part in spread(_values, jobs, sizes.workers, name) for value in part]


def _spread(
    work: Any, of: Uncertain, points: Sequence[Point], sizes: Sizes, name: str
) -> list[Outcome | None]:
    jobs = [(of, points[i : i + CHUNK]) for i in range(0, len(points), CHUNK)]
    return [each for part in spread(work, jobs, sizes.workers, name) for each in part]


def _outcomes(of: Uncertain, points: Sequence[Point]) -> list[Outcome | None]:
    found: list[Outcome | None] = []
    for point in points:
        try:
            found.append(outcome(of.at(point)))
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


def in_full(study: UncertaintyStudy, sizes: Sizes) -> dict[str, Any]:
    """Return all of a study as JSON can hold it; RMB and t/yr."""
    steps = study.outcomes[0].steps
    return {
        "target": study.target,
        "base": study.base,
        "sampled": list(study.of.names),
        "kept": list(study.of.kept),
        "steps": {
            step.name: {
                "net": study.spread([each.steps[i].net for each in study.outcomes]),
                "present_value": study.spread(values) if (values := _values_of(study, i)) else None,
            }
            for i, step in enumerate(steps)
        },
        "changes": {
            name: study.spread([each.changes[name] for each in study.outcomes])
            for name in study.outcomes[0].changes
            if name != "closure"
        },
        "quantiles": list(QUANTILES),
        "probability_of_positive_present_value": probability_positive(study.outcomes),
        "conclusions": shares_of_truth(study.outcomes),
        "tornado": [
            {"name": bar.name, "low": bar.low, "high": bar.high, "swing": bar.swing}
            for bar in study.bars
        ],
        "sobol": [
            {
                "name": index.name,
                "first": index.first,
                "first_interval": list(index.first_ends),
                "total": index.total,
                "total_interval": list(index.total_ends),
            }
            for index in study.indices
        ],
        "points_without_a_plant": dict(
            zip(("hypercube", "tornado", "sobol"), study.misfits, strict=True)
        ),
        "provenance": provenance(study, sizes),
    }


def provenance(study: UncertaintyStudy, sizes: Sizes) -> dict[str, Any]:
    """Return what a study is made of."""
    return {
        "program": "cleanerline",
        "command": "uncertainty",
        "version": installed_version("cleanerline"),
        "schemes": list(study.of.schemes),
        "target": study.target,
        "samples": sizes.samples,
        "sobol": sizes.sobol,
        "factors": sizes.factors,
        "seed": sizes.seed,
        "investments": dict(study.of.investments),
        "settings": settings_of(study.of.design),
    }


def _values_of(study: UncertaintyStudy, i: int) -> list[float]:
    return [v for each in study.outcomes if (v := each.steps[i].present_value) is not None]
