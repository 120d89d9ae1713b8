r"""Regularised least squares within bounds: priors, targets, and what the data say of both.

The best parameters make the sum of squares

.. math:: \sum_j \left(\frac{x_j - p_j}{s_j}\right)^2
          + \sum_i \left(\frac{y_i(x) - t_i}{\sigma_i}\right)^2

smallest while every parameter stays within its range. For a linear model this is the mode of the
posterior of Gaussian priors and errors, and the spread reported is its standard deviation.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.errors import NO_LIST, as_number, need_function, need_number, told
from sim.model.ranges import is_logarithmic

WIDTH_PER_SIGMA = 4.0
STEP = 0.05  # of a prior's spread, to find slopes; far above the noise of an iterated model
FIRST_REGION = 0.5  # prior spreads that a parameter may move in the first step
SMALLEST_REGION = 1e-4
GOOD, POOR = 0.75, 0.25  # share of the promised gain, above and below which the region changes
CONVERGED = 1e-3  # gain still promised, relative to the sum of squares

Point = tuple[float, ...]
Vector = NDArray[np.float64]
Model = Callable[[Sequence[Point]], Sequence[Sequence[float] | None]]
"""Values of the targets at many points at once; ``None`` where the model has no answer."""


@dataclass(frozen=True, slots=True)
class Prior:
    """What is known of a parameter before the data: a value, and a range that is never left."""

    name: str
    value: float
    low: float
    high: float

    @property
    def logarithmic(self) -> bool:
        """Whether the range is one of orders of magnitude, as `sim.model.ranges` draws it."""
        return is_logarithmic(self.low, self.high)

    @property
    def sigma(self) -> float:
        """Spread: a quarter of the range, so that the range holds two to each side.

        In the parameter's unit; of a logarithmic range of the logarithm, a pure number.
        """
        return (self._scaled(self.high) - self._scaled(self.low)) / WIDTH_PER_SIGMA

    def moved(self, value: float) -> float:
        """Return how far a value is from the prior, in spreads."""
        return (self._scaled(value) - self._scaled(self.value)) / self.sigma

    def at(self, moved: float) -> float:
        """Return the value so many spreads from the prior; exactly there at an end of the range."""
        for end in (self.low, self.high):
            if moved == self.moved(end):
                return end
        scaled = self._scaled(self.value) + moved * self.sigma
        value = math.exp(scaled) if self.logarithmic else scaled
        return min(max(value, self.low), self.high)

    def width(self, spreads: float, value: float) -> float:
        """Return what some spreads are at a value, in the parameter's unit."""
        return spreads * self.sigma * (value if self.logarithmic else 1.0)

    def _scaled(self, value: float) -> float:
        return math.log(value) if self.logarithmic else value


@dataclass(frozen=True, slots=True)
class Target:
    """A value that the model should have, and how far off it may well be."""

    name: str
    value: float
    sigma: float


@dataclass(frozen=True)
class Fit:
    """Where a fit ended, and the work that it took."""

    priors: tuple[Prior, ...]
    targets: tuple[Target, ...]
    point: Point
    """The parameters, in the order of the priors."""
    outcome: tuple[float, ...]
    """What the model makes of them, in the order of the targets."""
    slopes: Vector
    """Change of each target (in its spreads) per parameter (in its prior's spreads)."""
    steps: int
    evaluations: int
    converged: bool
    """Whether no step within the bounds promises more."""

    @cached_property
    def covariance(self) -> Vector:
        """Of the linearised posterior, in prior spreads; bounds are not considered."""
        hessian = self.slopes.T @ self.slopes + np.eye(len(self.priors))
        return np.asarray(np.linalg.inv(hessian), dtype=np.float64)

    @property
    def spreads(self) -> tuple[float, ...]:
        """Standard deviation of each parameter afterwards, in its own unit."""
        shares = np.sqrt(np.diag(self.covariance))
        return tuple(
            p.width(float(share), x)
            for share, p, x in zip(shares, self.priors, self.point, strict=True)
        )

    @property
    def identified(self) -> tuple[float, ...]:
        """1 - posterior spread / prior spread: 0 where the data say nothing."""
        return tuple(1.0 - float(share) for share in np.sqrt(np.diag(self.covariance)))

    @property
    def moved(self) -> tuple[float, ...]:
        """How far the data moved each parameter, in prior spreads."""
        return tuple(p.moved(x) for x, p in zip(self.point, self.priors, strict=True))

    @property
    def at_bounds(self) -> dict[str, str]:
        """Parameters that would go further: ``low`` or ``high``, by name."""
        ends = {}
        for x, prior in zip(self.point, self.priors, strict=True):
            if x in (prior.low, prior.high):
                ends[prior.name] = "low" if x == prior.low else "high"
        return ends

    def pulls(self, name: str) -> dict[str, float]:
        """Return which targets pull a parameter on, the strongest first, as shares of all pulls.

        For a parameter at an end of its range they say what the range withholds, nothing where it
        began there and no target would have it beyond.
        """
        names = [prior.name for prior in self.priors]
        place = names.index(name)
        residual = [
            (y - target.value) / target.sigma
            for y, target in zip(self.outcome, self.targets, strict=True)
        ]
        end = self.at_bounds.get(name)
        way = -1.0 if end == "low" or (end is None and self.moved[place] < 0.0) else 1.0
        forces = [-way * float(s) * r for s, r in zip(self.slopes[:, place], residual, strict=True)]
        pulling = {t.name: f for t, f in zip(self.targets, forces, strict=True) if f > 0.0}
        whole = sum(pulling.values())
        order = sorted(pulling, key=lambda target: (-pulling[target], target))
        return {target: pulling[target] / whole for target in order}

    def correlations(self, at_least: float = 0.0) -> tuple[tuple[str, str, float], ...]:
        """Return pairs of parameters that the data tie together, the strongest first."""
        deviation = np.sqrt(np.diag(self.covariance))
        matrix = self.covariance / np.outer(deviation, deviation)
        names = [prior.name for prior in self.priors]
        pairs = [
            (names[i], names[j], float(matrix[i, j]))
            for i in range(len(names))
            for j in range(i + 1, len(names))
            if abs(matrix[i, j]) >= at_least
        ]
        return tuple(sorted(pairs, key=lambda pair: (-abs(pair[2]), pair[:2])))


def fit(
    model: Model,
    priors: Sequence[Prior],
    targets: Sequence[Target],
    *,
    most_steps: int = 40,
    progress: Callable[[int, float], None] | None = None,
) -> Fit:
    """Return the best parameters within their ranges.

    Gauss-Newton in a trust region that is a box, so that region and range together are the bounds
    of one linear least-squares problem a step. Slopes are one-sided differences, all asked of the
    model at once, so the result does not depend on how it shares the work; as long as steps gain
    what was foretold, slopes are corrected instead. After ``most_steps`` the fit is given up, not
    ``converged``; ``progress`` is told the number of the step and the sum of squares.

    Raises ValueError: a range without width, a prior outside its range, a target without spread, or
    a model that has no answer at the prior.
    """
    _check(model, priors, targets)
    search = _Search(model, tuple(priors), tuple(targets))
    z = np.zeros(len(priors))
    low = np.array([p.moved(p.low) for p in priors])
    high = np.array([p.moved(p.high) for p in priors])
    residual = search.residual(z)
    if residual is None:
        raise ValueError("the model has no answer at the prior values")
    slopes, fresh = search.slopes(z, residual, high), True
    region, steps, converged = FIRST_REGION, 0, False
    while steps < most_steps and region > SMALLEST_REGION:
        cost = float(residual @ residual + z @ z)
        if progress is not None:
            progress(steps, cost)
        step, promised = _step(slopes, residual, z, low, high, region)
        if promised <= CONVERGED * cost:
            if fresh:
                converged = True
                break
            slopes, fresh = search.slopes(z, residual, high), True
            continue
        steps += 1
        there = np.clip(z + step, low, high)
        found = search.residual(there)
        gain = -np.inf if found is None else cost - float(found @ found + there @ there)
        good = gain > GOOD * promised
        if good and found is not None:
            # as good as foretold: the slopes still hold, corrected by what this step has shown
            slopes, fresh = _corrected(slopes, there - z, found - residual), False
        if gain > 0.0 and found is not None:
            z, residual = there, found
        if good:
            region *= 2.0
        elif fresh and gain < POOR * promised:
            region = 0.5 * min(region, float(np.max(np.abs(step))))
        if not good and (gain > 0.0 or not fresh):
            slopes, fresh = search.slopes(z, residual, high), True
    if not fresh:
        slopes = search.slopes(z, residual, high)
    return search.ended(z, residual, slopes, steps, converged)


class _Search:
    """Evaluations of the model in prior spreads (``z``) and target spreads (residuals)."""

    def __init__(
        self, model: Model, priors: tuple[Prior, ...], targets: tuple[Target, ...]
    ) -> None:
        self.model, self.priors, self.targets = model, priors, targets
        self.aims = np.array([target.value for target in targets])
        self.sigmas = np.array([target.sigma for target in targets])
        self.evaluations = 0

    def point(self, z: Vector) -> Point:
        """Return parameters in their units; one at the end of its range is exactly there."""
        return tuple(p.at(float(moved)) for moved, p in zip(z, self.priors, strict=True))

    def residuals(self, many: Sequence[Vector]) -> list[Vector | None]:
        """Return the residuals of points, ``None`` where the model has no answer."""
        outcomes = self._answers(self.model([self.point(z) for z in many]), len(many))
        self.evaluations += len(many)
        found: list[Vector | None] = []
        for outcome in outcomes:
            good = outcome is not None and bool(np.all(np.isfinite(outcome)))
            found.append((np.array(outcome) - self.aims) / self.sigmas if good else None)
        return found

    def _answers(self, outcomes: object, points: int) -> list[Any]:
        """Return what a model has answered; raise TypeError unless it told all targets everywhere.

        It may answer one by one, as a map over processes does.
        """
        n = len(self.targets)
        many = isinstance(outcomes, Iterable) and not isinstance(outcomes, NO_LIST)
        listed: list[Any] = list(outcomes) if many else []  # type: ignore[call-overload]
        whole = many and len(listed) == points
        for each in listed if whole else ():
            numbers = np.asarray(each if each is not None else [0.0] * n)
            whole = whole and numbers.shape == (n,) and numbers.dtype.kind in "biuf"
        if not whole:
            raise TypeError(
                f"fit: expected of the model {n} numbers, or None, for each of {points} points, "
                f"came {told(outcomes)}"
            )
        return listed

    def residual(self, z: Vector) -> Vector | None:
        """Return the residuals of one point."""
        return self.residuals([z])[0]

    def slopes(self, z: Vector, residual: Vector, high: Vector) -> Vector:
        """Return the matrix of one-sided differences; the step turns back from an upper bound."""
        steps = np.where(z + STEP > high, -STEP, STEP)
        columns = []
        nearby = [z + step * axis for step, axis in zip(steps, np.eye(len(z)), strict=True)]
        for found, step in zip(self.residuals(nearby), steps, strict=True):
            # where the model has no answer nearby, it is taken not to move
            columns.append((residual if found is None else found) / step - residual / step)
        return np.column_stack(columns)

    def ended(
        self, z: Vector, residual: Vector, slopes: Vector, steps: int, converged: bool
    ) -> Fit:
        """Return what has been found."""
        outcome = tuple((self.aims + residual * self.sigmas).tolist())
        came = (self.point(z), outcome, slopes, steps, self.evaluations, converged)
        return Fit(self.priors, self.targets, *came)


def _step(
    slopes: Vector, residual: Vector, z: Vector, low: Vector, high: Vector, region: float
) -> tuple[Vector, float]:
    """Return the best step of the linearised problem, and the gain that it promises."""
    from scipy.optimize import lsq_linear

    matrix = np.vstack([slopes, np.eye(len(z))])
    aim = -np.concatenate([residual, z])
    # bounds that rounding has closed would be refused
    floor = np.minimum(np.maximum(low - z, -region), -1e-12)
    ceiling = np.maximum(np.minimum(high - z, region), 1e-12)
    step: Vector = lsq_linear(matrix, aim, bounds=(floor, ceiling), method="bvls").x
    left = matrix @ step - aim
    return step, float(aim @ aim - left @ left)


def _corrected(slopes: Vector, step: Vector, change: Vector) -> Vector:
    """Return slopes that foretell the change seen (Broyden's update, of least change)."""
    corrected: Vector = slopes + np.outer(change - slopes @ step, step) / float(step @ step)
    return corrected


def _check(model: object, priors: Sequence[Prior], targets: Sequence[Target]) -> None:
    need_function("fit", "points", model=model)
    for name, kind, group in (("priors", Prior, priors), ("targets", Target, targets)):
        some: object = group
        some_of = isinstance(some, Collection) and not isinstance(some, NO_LIST)
        if not some_of or not all(isinstance(x, kind) for x in group):
            raise TypeError(
                f"fit: expected {name} as {kind.__name__}s in a list, came {told(group)}"
            )
        names = [each.name for each in group]
        if not names or len({*names}) < len(names):
            came = ", ".join(names) or "none"
            raise ValueError(f"fit: expected one of {name} or more, each once, came {came}")
    for prior in priors:
        for what in ("value", "low", "high"):
            as_number(f"prior of {prior.name!r}: expected {what} as", getattr(prior, what))
        if not prior.low < prior.high:
            raise ValueError(f"{prior.name}: low {prior.low:g} is not below high {prior.high:g}")
        if not prior.low <= prior.value <= prior.high:
            raise ValueError(
                f"{prior.name}: prior {prior.value:g} is not within {prior.low:g} to {prior.high:g}"
            )
    for target in targets:
        need_number(f"target {target.name!r}", value=target.value, sigma=target.sigma)
        if not target.sigma > 0.0:
            raise ValueError(f"{target.name}: expected a spread above 0, came {target.sigma:g}")
