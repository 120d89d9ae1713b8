"""Recoveries, shares and conversions of a plant, fitted to its reconciled balance.

The steady state of the model closes every balance whatever its parameters, so its flows lie among
those that reconciliation chooses from: fitting to the reconciled readings by their standard errors
is fitting to the readings (the two differences stand at right angles where no share is read, and
nearly so elsewhere). How much flows in all is a factor of its own: capacities say what could flow,
not what did. Where a unit does otherwise at another rate (a condenser of so much area), the model
itself runs at that part of its capacities.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from plant_models.folder.model import FolderPlant
from plant_models.folder.readings import RATE, Balance, Reading
from plant_models.methods.adjustment import Adjustment, Array
from sim.errors import did_you_mean
from sim.model.facts import Fact
from sim.model.parameters import Quantity
from sim.model.tree import leaves, rebuild

USUAL = ("recovery", "share", "conversion", "removal")
"""Parts of the paths that are fitted where nothing is marked ``fit``."""
UTILITIES = "utilities"  # section of their limits
STEP = 1e-6  # of a parameter's range, to find slopes
SEEN = 1e-6  # of a direction, from which on the data are said to see it
ALONE = 0.1  # of a parameter, from which on what is not seen hides it
PULL = 1.0  # to where a parameter was, as a reading of it would with its range as error
STAYS = 0.1  # of errors of the readings: what is hidden, and moves them by less, stays


@dataclass(frozen=True)
class Free:
    """A parameter that may move."""

    path: str
    declared: Quantity
    value: float
    low: float
    high: float
    held: tuple[float, float]  #: Within which it was held to lie: its range, or these ends


@dataclass(frozen=True)
class Fitted:
    """A parameter, and what the balance says of it."""

    free: Free
    value: float
    standard_error: float  #: Infinite where the balance does not tell it from others
    at_bound: bool

    @property
    def identified(self) -> bool:
        """Whether the readings tell it, and better than its range does."""
        return math.isfinite(self.standard_error)

    @property
    def moved(self) -> bool:
        """Whether it is not what it was."""
        return self.value != self.free.value


@dataclass(frozen=True)
class PlantFit:
    """Parameters fitted to a reconciled balance."""

    fitted: tuple[Fitted, ...]
    factor: float  #: Flow that was metered over that of the model at its capacity
    targets: Array  #: Reconciled readings
    model: Array  #: The same of the fitted model
    before: Array  #: The same of the model as it was
    tied: tuple[tuple[str, str, float], ...]  #: Pairs that the readings tie together, correlation

    @property
    def facts(self) -> Mapping[str, Fact]:
        """What to put over the plant's own values, for ``--design``."""
        found = {}
        for each in self.fitted:
            if not (each.identified or each.moved):
                continue
            if each.identified:
                spread = 2.0 * each.standard_error
                low = max(each.value - spread, each.free.low)
                high = min(each.value + spread, each.free.high)
                note = "fitted to the reconciled readings; range of two standard errors"
            else:
                low, high = min(each.free.held[0], each.value), max(each.free.held[1], each.value)
                note = "fitted to the reconciled readings, which do not tell it from others"
            found[each.free.path] = Fact(
                each.value, each.free.declared.unit, "calibrated", low, high, note
            )
        return found


def free_parameters(plant: FolderPlant, names: Sequence[str] = ()) -> tuple[Free, ...]:
    """Return what may move: ``names``, or what is marked ``fit``, or the usual ones.

    Raises LookupError or ValueError: no such parameter, or one that is no number with two ends.
    """
    known = {path: (declared, value) for path, declared, value in leaves(plant.sheet.tree)}
    facts = plant.sheet.facts
    marked = tuple(path for path, fact in facts.items() if fact.fit)
    usual = tuple(path for path in facts if set(path.split(".")[1:]) & set(USUAL))
    found = []
    for path in names or marked or usual:
        if path not in known:
            raise LookupError(f"fit: no parameter {path!r}{did_you_mean(path, known)}")
        declared, value = known[path]
        fact = facts.get(path)
        low = fact.low if fact is not None and fact.fit else declared.minimum
        high = fact.high if fact is not None and fact.fit else declared.maximum
        if declared.kind is not float or low is None or high is None or not high > low:
            raise ValueError(f"fit: {path} is no number between two ends")
        held = (low, high)
        if fact is not None and fact.low is not None and fact.high is not None:
            held = (fact.low, fact.high)
        found.append(Free(path, declared, float(value), low, high, held))
    if not found:
        raise ValueError("fit: nothing may move: name parameters, or mark values with fit = true")
    return tuple(found)


def fit_plant(
    plant: FolderPlant,
    readings: Sequence[Reading],
    balance: Balance,
    adjusted: Adjustment,
    free: Sequence[Free],
) -> PlantFit:
    """Return the parameters that bring the steady state nearest to the reconciled readings.

    What these do not tell is pulled to where it was, so slightly that what they tell is left
    alone: of parameters that they tell only together each moves by its part.
    """
    from scipy.optimize import least_squares

    targets, errors = adjusted.reconciled, np.array([m.error for m in adjusted.meters])
    low, high = (np.array([getattr(f, end) for f in free]) for end in ("low", "high"))
    inner = np.clip([f.value for f in free], low, high)

    before = _read(plant, readings, balance, free, inner)
    factor = _factor(readings, before, targets, errors)
    within = _scales(plant)

    def read(values: Array, factor: float) -> Array:
        if within:
            return _read(plant, readings, balance, free, values, factor)
        return _scaled(readings, _read(plant, readings, balance, free, values), factor)

    def gaps(x: Array) -> Array:
        return np.asarray((read(np.clip(x[:-1], low, high), x[-1]) - targets) / errors)

    def pulled(x: Array) -> Array:
        return np.append(gaps(x), PULL * (x[:-1] - inner) / (high - low))

    ends = (np.append(low, 1e-9), np.append(high, np.inf))
    start = np.clip(np.append(inner, factor), ends[0], ends[1])
    found = least_squares(
        pulled,
        start,
        bounds=ends,
        x_scale=np.append(high - low, factor),
        diff_step=[STEP] * len(start),
    )
    slopes = np.asarray(found.jac)[: len(targets)] * np.append(high - low, factor)
    spread, hidden = _spread(slopes)
    vague = np.sqrt(np.diag(spread) + hidden**2 / 12.0)  # unseen: anywhere in its range
    norms = np.linalg.norm(slopes[:, :-1], axis=0)
    blind = (hidden > ALONE) | (vague > math.sqrt(1.0 / 12.0))
    fitted = tuple(map(_fitted, free, found.x, norms, np.where(blind, math.inf, vague)))
    model = read(np.array([f.value for f in fitted]), float(found.x[-1]))
    tied = _tied([f.path for f in free], spread, blind.tolist())
    own = read(inner, factor)
    return PlantFit(fitted, float(found.x[-1]), targets, model, own, tied)


def _fitted(one: Free, found: float, slope: float, vague: float) -> Fitted:
    """Return where a parameter comes to rest: where it was, if no reading tells or feels its move.

    ``slope``: what its whole range moves the readings by, and ``vague``: its standard error, as a
    part of that range; infinite where nothing tells it.
    """
    value, width = float(np.clip(found, one.low, one.high)), one.high - one.low
    if vague == math.inf and float(slope) * abs(value - one.value) / width < STAYS:
        value = one.value
    bound = min(value - one.low, one.high - value) <= STEP * 10 * width
    return Fitted(one, value, float(vague) * width, bound)


def _read(
    plant: FolderPlant,
    readings: Sequence[Reading],
    balance: Balance,
    free: Sequence[Free],
    values: Any,
    factor: float = 1.0,
) -> Array:
    """Return what meters would say of the steady state with these values, at capacity.

    ``factor``: what of their capacities units have, and of its limit a utility.
    """
    moved = {f.path: float(v) for f, v in zip(free, values, strict=True)}
    if factor != 1.0:
        rates = {f"{name}.capacity" for name in plant.sheet.units}
        moved |= {
            path: float(value) * factor
            for path, _, value in leaves(plant.sheet.tree)
            if path in rates or path.startswith(f"{UTILITIES}.")
        }
    tree = rebuild(plant.sheet.tree, moved)
    flows = balance.flows_of(plant.steady_state(tree).ledger)
    found = []
    for meter in balance.meters(readings):
        part = float(flows[list(meter.part)].sum())
        whole = float(flows[list(meter.of)].sum()) if meter.of else 1.0
        found.append(part / whole if whole else 0.0)
    return np.array(found)


def _scales(plant: FolderPlant) -> bool:
    """Return whether the model has to run at the part of its capacity that was metered.

    So it does where a unit does otherwise at another rate, if it is no batch that sets the pace.
    """
    units = plant.contents.network.units
    if not any(unit.rate_dependent for unit in units.values()):
        return False
    _, members = plant.sheet.trains.get(plant.steady_state().bottleneck, ("", ()))
    return all(units[name].capacity == units[name].largest for name in members)


def _scaled(readings: Sequence[Reading], model: Array, factor: float) -> Array:
    return np.array(
        [y * factor if r.unit == RATE else y for r, y in zip(readings, model, strict=True)]
    )


def _factor(readings: Sequence[Reading], model: Array, targets: Array, errors: Array) -> float:
    """Return the factor that brings the model's rates nearest to those that were read."""
    rates = np.array([r.unit == RATE for r in readings])
    weights = 1.0 / errors[rates] ** 2
    size = float(np.sum(weights * model[rates] ** 2))
    found = float(np.sum(weights * model[rates] * targets[rates])) / size if size else 1.0
    return found if found > 0.0 else 1.0


def _spread(slopes: Array) -> tuple[Array, Array]:
    """Return the covariance of parameters, each in its range, and how far nothing tells each.

    That is the length of its part in directions in which no reading moves: 1 where none depends on
    it, 0.7 where two are told by their sum alone.
    """
    _, sizes, rows = np.linalg.svd(slopes, full_matrices=True)
    full = np.zeros(len(rows))
    full[: len(sizes)] = sizes
    kept = full > SEEN * max(full.max(initial=0.0), 1e-300)
    base = rows[kept].T / full[kept]
    return base @ base.T, np.sqrt(np.sum(rows[~kept] ** 2, axis=0))


def _tied(
    names: Sequence[str], spread: Array, blind: Sequence[bool]
) -> tuple[tuple[str, str, float], ...]:
    found = []
    for i, one in enumerate(names):
        for j in range(i):
            size = math.sqrt(spread[i, i] * spread[j, j])
            if not (blind[i] or blind[j]) and size > 0.0:
                correlation = float(spread[i, j] / size)
                if abs(correlation) > 0.9:
                    found.append((names[j], one, correlation))
    return tuple(found)
