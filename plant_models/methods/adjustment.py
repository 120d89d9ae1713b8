r"""Reconciliation where not everything is metered: flows by component, shares, and their balances.

All flows :math:`x` that close every balance, :math:`A x = 0`, are :math:`x = Z t`. A meter reads a
sum of flows, or the share of one in another. Weighted least squares finds the :math:`t` that the
readings :math:`y` ask for,

.. math:: \min_t \sum_i \left(\frac{y_i - h_i(Z t)}{\sigma_i}\right)^2

by Gauss-Newton, which is exact at once where no share is read. What is metered more than once, by
meters and balances together, is redundant, and can be tested: the sum above is chi-squared with as
many degrees of freedom as there are meters beyond what is needed; a meter's correction by its own
standard error is standard normal; a gross error along a direction :math:`g` (a meter that is off, a
node that leaks) is the likelier, the larger its likelihood ratio

.. math:: T = \frac{(g^T S^{-1} r)^2}{g^T S^{-1} V S^{-1} g}, \qquad V = S - J C J^T.

References
----------
Narasimhan, S. and Jordache, C. (2000), *Data Reconciliation and Gross Error Detection*, Gulf:
chapters 3, 5 and 7; recalled, not re-read.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from sim.errors import need_all, need_number

Array = NDArray[np.float64]

STEPS, CONVERGED, NEARLY = 100, 1e-11, 1e-6
SHORTEST = 1e-6  # part of a step that is tried
RANK = 1e-9  # of the largest singular value, below which there is none
ALIKE = 0.9999  # correlation of two gross errors that no reading can tell apart
CLOSE = 5.99
"""Of the likelihood ratio: what comes as near as that is not ruled out.

A wrong explanation beats the right one by more than c with a chance of at most Phi(-c**0.5),
however alike they are: 0.72 % here, so that against five rivals the right one stays in its group
in 96 %.
"""
ASTRAY = 400.0
"""Likelihood ratio, 20 standard errors, from which on flows are not near the true ones."""
MOST_ERRORS = 3
LEAK, METER = "leak", "meter"


@dataclass(frozen=True)
class Meter:
    """A reading: of the sum of some flows, or of its share in the sum of others."""

    name: str
    value: float
    error: float  #: Standard error, in the unit of the value
    part: tuple[int, ...]  #: Flows that are summed, by index
    of: tuple[int, ...] = ()  #: Flows that the share is of; none for a rate


@dataclass(frozen=True)
class Loss:
    """A node that may leak: in which flows it would be missed."""

    name: str
    rows: tuple[int, ...]  #: Balances of the node
    shares: tuple[float, ...]  #: Composition of what leaks, by balance; adds up to 1


@dataclass(frozen=True)
class GrossError:
    """What explains readings that noise does not."""

    kind: str  #: ``leak`` or ``meter``
    name: str
    size: float  #: Of a leak in the unit of the flows, of a meter what it reads too much
    standard_error: float
    ratio: float  #: Likelihood ratio, chi-squared with one degree of freedom where there is none
    same: tuple[GrossError, ...] = ()  #: What leaves the same trace: no reading tells it from this
    near: tuple[GrossError, ...] = ()  #: What else explains the readings nearly as well

    @property
    def group(self) -> tuple[GrossError, ...]:
        """It and all that the readings do not tell from it, the likeliest first."""
        return (self, *self.same, *self.near)

    @property
    def alike(self) -> tuple[str, ...]:
        """Names of all that may be meant instead."""
        return tuple(f"{other.kind} {other.name}" for other in self.group[1:])

    def weight(self, other: GrossError) -> float:
        """Return how likely another one is, of all that may be meant, if all were so before."""
        exponents = [each.ratio / 2.0 for each in self.group]
        return math.exp(other.ratio / 2.0 - _log_sum(exponents))


@dataclass(frozen=True)
class Adjustment:
    """Readings, and the flows nearest to them that close every balance.

    ``balances``: a row a balance, a column a flow; what flows in is positive. Raises ValueError: no
    meter, a standard error that is not above 0, or shares that come to no end.

    Examples
    --------
    A splitter gets 100 and gives 60 and 38; all meters are equally good:

    >>> meters = [Meter(n, y, 1.0, (i,)) for i, (n, y) in enumerate({"in": 100.0, "a": 60.0,
    ...           "b": 38.0}.items())]
    >>> found = Adjustment(np.array([[1.0, -1.0, -1.0]]), tuple(meters))
    >>> found.flows.round(3).tolist(), found.freedom
    ([99.333, 60.667, 38.667], 1)
    """

    balances: Array
    meters: tuple[Meter, ...]
    losses: tuple[Loss, ...] = ()
    guess: Array | None = field(default=None, repr=False, compare=False)
    """Flows to begin with, where something is known of them."""
    sizes: Array | None = field(default=None, repr=False, compare=False)
    """Of flows that nothing tells, how far each goes for its part, of the largest; else alike."""

    def __post_init__(self) -> None:
        (meters,) = need_all("Adjustment", Meter, meters=self.meters)
        if not meters:
            raise ValueError("no meters: there is nothing to reconcile")
        wrong = [meter.name for meter in meters if not meter.error > 0.0]
        if wrong:
            raise ValueError(f"every standard error must be more than 0: {', '.join(wrong)}")

    # ---- the fit -------------------------------------------------------------------------------

    @cached_property
    def _kernel(self) -> Array:
        """A base of the flows that close every balance, in columns: orthonormal by their sizes."""
        scale = 1.0 if self.sizes is None else self.sizes
        _, sizes, rows = np.linalg.svd(self.balances * scale, full_matrices=True)
        rank = int(np.sum(sizes > RANK * max(sizes.max(initial=0.0), 1e-300)))
        return np.asarray((rows[rank:] * scale).T)

    @property
    def _errors(self) -> Array:
        return np.array([meter.error for meter in self.meters])

    @property
    def readings(self) -> Array:
        """What the meters say, each in its unit."""
        return np.array([meter.value for meter in self.meters])

    def _read(self, flows: Array) -> Array:
        """Return what the meters would say of flows."""
        found = []
        for meter in self.meters:
            part = float(sum(flows[i] for i in meter.part))
            whole = float(sum(flows[i] for i in meter.of)) if meter.of else 1.0
            found.append(part / whole if whole else 0.0)
        return np.array(found)

    def _slopes(self, flows: Array) -> Array:
        """Return how the meters' readings change with every flow."""
        found = np.zeros((len(self.meters), self.balances.shape[1]))
        for row, meter in zip(found, self.meters, strict=True):
            whole = float(sum(flows[i] for i in meter.of)) if meter.of else 1.0
            if not whole:
                continue
            share = float(sum(flows[i] for i in meter.part)) / whole
            for i in meter.part:
                row[i] += 1.0 / whole
            for i in meter.of:
                row[i] -= share / whole
        return found

    @cached_property
    def flows(self) -> Array:
        """The reconciled flows; of those that nothing tells, the shortest."""
        kernel, errors = self._kernel, self._errors
        if self.guess is None or not any(meter.of for meter in self.meters):
            flows = self._start()
        else:
            flows = self.guess
        if not any(meter.of for meter in self.meters):
            return flows
        left, gain = self._gap(flows), float("inf")
        for _ in range(STEPS):
            slopes = self._slopes(flows) @ kernel
            step = kernel @ _least(slopes / errors[:, None], left)
            further = self._gap(flows + step)
            length = 1.0
            while further @ further > left @ left * (1.0 + CONVERGED) and length > SHORTEST:
                length /= 2.0
                further = self._gap(flows + length * step)
            flows = flows + length * step
            gain = float(left @ left - further @ further)
            left = further
            if gain <= CONVERGED * max(float(left @ left), 1.0):
                return flows
        if gain <= NEARLY * max(float(left @ left), 1.0):
            return flows
        raise ValueError("the shares that were read fit no flows: reconciliation came to no end")

    def _gap(self, flows: Array) -> Array:
        """Return readings less what meters would say, in standard errors."""
        return np.asarray((self.readings - self._read(flows)) / self._errors)

    def _start(self) -> Array:
        """Return flows that meet rates, and shares as if all streams had the usual size."""
        size = max([abs(m.value) for m in self.meters if not m.of], default=1.0) or 1.0
        rows = np.zeros((len(self.meters), self.balances.shape[1]))
        asked, errors = np.zeros(len(self.meters)), self._errors.copy()
        for n, meter in enumerate(self.meters):
            rows[n, list(meter.part)] += 1.0
            if meter.of:
                rows[n, list(meter.of)] -= meter.value
                errors[n] *= size
            else:
                asked[n] = meter.value
        kernel = self._kernel
        seen = (rows @ kernel) / errors[:, None]
        return np.asarray(kernel @ _least(seen, asked / errors))

    # ---- what is told --------------------------------------------------------------------------

    @cached_property
    def _weighed(self) -> tuple[Array, Array]:
        """Slopes by free flow, in standard errors; and the covariance of the free flows."""
        slopes = (self._slopes(self.flows) @ self._kernel) / self._errors[:, None]
        _, sizes, rows = np.linalg.svd(slopes, full_matrices=False)
        kept = sizes > RANK * max(sizes.max(initial=0.0), 1e-300)
        base = rows[kept].T / sizes[kept]
        return slopes, base @ base.T

    @cached_property
    def rank(self) -> int:
        """How many meters there must be to know what is known."""
        return int(np.linalg.matrix_rank(self._weighed[0], tol=None))

    @property
    def freedom(self) -> int:
        """Degrees of redundancy: meters beyond those that are needed."""
        return sum(meter.error < np.inf for meter in self.meters) - self.rank

    @cached_property
    def _left(self) -> Array:
        """Readings less reconciled readings, in standard errors."""
        return self._gap(self.flows)

    @cached_property
    def _hat(self) -> Array:
        """Covariance of what is left, in standard errors: 0 for a meter that nothing checks."""
        slopes, spread = self._weighed
        inner = np.diag((self._errors < np.inf).astype(float))
        return np.asarray(inner - slopes @ spread @ slopes.T)

    @property
    def reconciled(self) -> Array:
        """What the meters would say of the reconciled flows."""
        return self._read(self.flows)

    @property
    def statistic(self) -> float:
        """The global statistic: squared corrections, each by its standard error."""
        return float(self._left @ self._left)

    def p_value(self) -> float:
        """Return the probability of such corrections, or larger ones, by noise alone.

        It is 1 where nothing is redundant.
        """
        from scipy.stats import chi2

        return float(chi2.sf(self.statistic, self.freedom)) if self.freedom > 0 else 1.0

    def noise(self) -> float:
        """Return the probability that noise alone makes readings look as wrong as these, or more.

        Many small corrections show in their sum, one gross error in the largest likelihood ratio,
        which the sum drowns where much is redundant. The smaller of both probabilities counts,
        twice since there are two (Bonferroni), the second for as many directions as there are
        (Sidak).
        """
        ratios, unit, _ = self._explained(gains=True)
        if not len(ratios):
            return self.p_value()
        from scipy.stats import chi2

        largest = float(chi2.sf(ratios.max(), 1))
        apart = -math.expm1(_distinct(unit) * math.log1p(-min(largest, 1.0 - 1e-12)))
        return min(1.0, 2.0 * min(self.p_value(), apart))

    @cached_property
    def redundant(self) -> tuple[bool, ...]:
        """Whether anything checks each meter."""
        return tuple((np.diag(self._hat) > 1e-6).tolist())

    @cached_property
    def scores(self) -> Array:
        """Correction of every meter in its own standard errors; 0 where nothing checks it."""
        spread = np.sqrt(np.clip(np.diag(self._hat), 0.0, None))
        return np.divide(
            self._left, spread, out=np.zeros_like(self._left), where=np.array(self.redundant)
        )

    @cached_property
    def told(self) -> tuple[bool, ...]:
        """Whether anything tells what each meter should read; one let be may be alone with it."""
        rows = self._slopes(self.flows) @ self._kernel
        return tuple(not self._hidden(row) for row in rows)

    def _hidden(self, row: Array) -> bool:
        """Return whether no meter tells a sum of free flows."""
        blind = row - (row @ self._seen.T) @ self._seen
        return float(np.linalg.norm(blind)) > 1e-6 * max(float(np.linalg.norm(row)), 1e-12)

    @cached_property
    def _seen(self) -> Array:
        """A base of the sums of free flows that the meters tell, in rows."""
        _, sizes, rows = np.linalg.svd(self._weighed[0], full_matrices=False)
        return np.asarray(rows[sizes > RANK * max(sizes.max(initial=0.0), 1e-300)])

    def standard_errors(self, groups: Sequence[Sequence[int]]) -> Array:
        """Return the standard error of sums of flows; infinite where nothing tells them."""
        _, spread = self._weighed
        found = []
        for group in groups:
            row = self._kernel[list(group)].sum(axis=0)
            if float(np.linalg.norm(row)) <= RANK:  # the balances alone say that it is 0
                found.append(0.0)
                continue
            told = float(np.sqrt(max(row @ spread @ row, 0.0)))
            found.append(np.inf if self._hidden(row) else told)
        return np.array(found)

    # ---- gross errors --------------------------------------------------------------------------

    def _directions(self) -> list[tuple[str, str, Array]]:
        """Return kind, name and reading of one unit of every gross error that there may be."""
        errors = self._errors
        found = [
            (METER, meter.name, np.eye(len(errors))[n] / errors)
            for n, meter in enumerate(self.meters)
        ]
        if self.losses:
            slopes = self._slopes(self.flows)
            back = np.linalg.pinv(self.balances, rcond=RANK)
            for loss in self.losses:
                lost = np.zeros(len(self.balances))
                lost[list(loss.rows)] = loss.shares
                found.append((LEAK, loss.name, slopes @ (back @ lost) / errors))
        return found

    @cached_property
    def _visible(self) -> tuple[list[GrossError], Array]:
        """Every gross error that the data can see, and its direction among the corrections."""
        found, unit = [], []
        for kind, name, seen in self._directions():
            visible = self._hat @ seen
            weight = float(seen @ visible)
            if weight <= 1e-9 * max(float(seen @ seen), 1e-300):
                continue
            pull = float(seen @ self._left)
            found.append(GrossError(kind, name, pull / weight, weight**-0.5, pull * pull / weight))
            unit.append(visible / np.sqrt(weight))
        return found, np.array(unit).reshape(len(found), len(self.meters))

    def _explained(self, *, gains: bool) -> tuple[Array, Array, list[GrossError]]:
        """Return likelihood ratios, directions and errors; without ``gains`` no leak brings in."""
        errors, unit = self._visible
        kept = [n for n, e in enumerate(errors) if gains or e.kind != LEAK or e.size > 0.0]
        told = [errors[n] for n in kept]
        return np.array([each.ratio for each in told]), unit[kept], told

    def candidates(self, *, gains: bool = False) -> list[GrossError]:
        """Return every gross error that the data can see, the likeliest first.

        ``gains``: also leaks that bring something in.
        """
        ratios, unit, errors = self._explained(gains=gains)
        order = np.argsort(-ratios, kind="stable").tolist()
        as_one = np.abs(unit @ unit.T) > ALIKE
        told = []
        for n in order:
            others = [i for i in order if i != n]
            same = tuple(errors[i] for i in others if as_one[n, i])
            near = tuple(
                errors[i] for i in others if not as_one[n, i] and ratios[i] > ratios[n] - CLOSE
            )
            told.append(replace(errors[n], same=same, near=near))
        return told

    def find(self, significance: float = 0.01) -> tuple[GrossError, ...]:
        """Return as few gross errors as leave nothing but noise, the largest first.

        One if one is enough; else the likeliest two, searched together, since the likeliest one
        alone may be a mixture of them; then one more at a time; at last those without which the
        others are enough are left out. Each stands with what the readings do not tell from it, the
        others being as they are.

        ``significance``: chance that noise alone is called a gross error.
        """
        (significance,) = need_number("find", 0.0, 1.0, significance=significance)
        found: list[GrossError] = []
        current = self
        while len(found) < MOST_ERRORS and current.freedom > 0:
            if current.noise() >= significance:
                break
            listed = self._two() if len(found) == 1 else [*found, *current.candidates()[:1]]
            if len(listed) <= len(found):
                break
            found = listed
            current = self.without(found)
        return tuple(self._beside(self._needed(found, significance)))

    def _needed(self, errors: Sequence[GrossError], significance: float) -> list[GrossError]:
        """Return gross errors but for those without which the others leave nothing but noise.

        A meter that is far off leads the flows astray, and likelihoods are told of these.
        """
        needed = list(errors)
        for error in reversed(self._beside(errors)) if len(errors) > 1 else ():
            others = [each for each in needed if _key(each) != _key(error)]
            if others and self.without(others).noise() >= significance:
                needed = others
        return needed

    def _two(self) -> list[GrossError]:
        """Return the two gross errors that explain most together; none where no two can be told."""
        ratios, unit, errors = self._explained(gains=True)
        if not len(ratios):
            return []
        scores = unit @ self._left
        alike = unit @ unit.T
        free = np.maximum(1.0 - np.square(alike), 1.0 - ALIKE**2)
        sizes = scores[:, None] - alike * scores  # of the first beside the second, in its errors
        together = (scores[:, None] * sizes + scores * sizes.T) / free
        gaining = sizes * np.array([[1.0 if e.kind == LEAK else 0.0] for e in errors]) < 0.0
        together[gaining | gaining.T | (np.abs(alike) > ALIKE)] = -np.inf
        first, second = divmod(int(np.argmax(together)), len(errors))
        return [errors[first], errors[second]] if np.isfinite(together[first, second]) else []

    def _beside(self, errors: Sequence[GrossError]) -> list[GrossError]:
        """Return gross errors again, each as it is beside the others, the largest first."""
        told = []
        for n, error in enumerate(errors):
            others = self.without([*errors[:n], *errors[n + 1 :]]) if len(errors) > 1 else self
            listed = (*others.candidates(), *others.candidates(gains=True))
            told += [others._tried(each) for each in listed if _key(each) == _key(error)][:1]
        return sorted(told, key=lambda each: -each.ratio)

    def _tried(self, error: GrossError) -> GrossError:
        """Return a gross error with those rivals that explain as much when they are let be.

        Of one so far off that it leads the flows astray, likelihoods near these tell nothing.
        """
        if error.ratio < ASTRAY or not any(meter.of for meter in self.meters):
            return error
        apart = self.without([error])
        most = apart.statistic + CLOSE
        kept = {_key(rival) for rival in error.group if self.without([rival]).statistic <= most}
        same = tuple(rival for rival in error.same if _key(rival) in kept)
        near = tuple(rival for rival in error.near if _key(rival) in kept)
        size, spread = self._size(error, apart)
        return replace(error, size=size, standard_error=spread, same=same, near=near)

    def _size(self, error: GrossError, apart: Adjustment) -> tuple[float, float]:
        """Return how large a gross error is where it is let be, and its standard error."""
        if error.kind == LEAK:
            last = len(apart.flows) - 1
            return float(apart.flows[last]), float(apart.standard_errors([(last,)])[0])
        off = apart.readings - apart.reconciled
        named = [n for n, meter in enumerate(self.meters) if meter.name == error.name]
        n = max(named, key=lambda n: abs(off[n]) / self.meters[n].error)
        meter, spread = self.meters[n], error.standard_error
        if not meter.of:
            spread = math.hypot(meter.error, float(apart.standard_errors([meter.part])[0]))
        return float(off[n]), spread

    def without(self, errors: Sequence[GrossError]) -> Adjustment:
        """Return the adjustment in which gross errors are free to be as large as they like.

        A meter that is off says nothing any more; what leaks is one more flow, out of its node.
        """
        (errors,) = need_all("without", GrossError, errors=errors)
        off = {error.name for error in errors if error.kind == METER}
        open_to = [loss for loss in self.losses for e in errors if (LEAK, loss.name) == _key(e)]
        balances, guess = self.balances, self.flows
        for loss in open_to:
            column = np.zeros((len(balances), 1))
            column[list(loss.rows), 0] = [-share for share in loss.shares]
            balances = np.hstack([balances, column])
            guess = np.append(guess, 0.0)
        meters = [replace(m, error=np.inf) if m.name in off else m for m in self.meters]
        left = [loss for loss in self.losses if loss not in open_to]
        return Adjustment(balances, tuple(meters), tuple(left), guess)


def _log_sum(exponents: Sequence[float]) -> float:
    """Return the logarithm of the sum of exponentials."""
    most = max(exponents)
    return most + math.log(sum(math.exp(each - most) for each in exponents))


def _distinct(unit: Array) -> int:
    """Return how many directions there are, those that are as one counted once."""
    as_one = np.abs(unit @ unit.T) > ALIKE
    return int(sum(not as_one[n, :n].any() for n in range(len(unit))))


def _key(error: GrossError) -> tuple[str, str]:
    return error.kind, error.name


def _least(rows: Array, asked: Array) -> Array:
    """Return the shortest vector that comes nearest, by singular values."""
    found, *_ = np.linalg.lstsq(rows, asked, rcond=RANK)
    return np.asarray(found)
