"""What an operator may turn, how far, and the best that turning it brings.

A set point has bounds within which its law is believed; a best that rests on one of them says that
the answer lies where the model ends, not where the plant is best.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sim.errors import (
    all_at_once,
    is_number,
    need_count,
    need_function,
    need_number,
    need_numbers,
    told,
)
from sim.model.facts import Source, is_own_word, read_documents
from sim.model.parameters import Quantity
from sim.model.tree import declared

NEAR = 0.01
"""Of the width between its bounds: a set point that comes so near rests on one."""

LEAST_GAIN = 1e-6
"""Relative: a search that finds no more has found nothing."""


@dataclass(frozen=True, slots=True)
class SetPoint:
    """A parameter that the operator sets, and the bounds within which its law is believed."""

    path: str
    low: float  #: In the declared unit of the parameter, as ``high``
    high: float
    source: str  #: Key of a source, or a word for what was not measured
    below: str = ""  #: What the model does not know below the lower bound
    above: str = ""  #: The same above the upper bound

    def bound(self, value: float) -> str:
        """Return which bound a value rests on: ``lower``, ``upper`` or nothing."""
        (value,) = need_number("bound", value=value)
        width = NEAR * (self.high - self.low)
        if value <= self.low + width:
            return "lower"
        return "upper" if value >= self.high - width else ""

    def beyond(self, value: float) -> str:
        """Return what lies beyond the bound that a value rests on."""
        return {"lower": self.below, "upper": self.above, "": ""}[self.bound(value)]


def _nothing(of: Any) -> Mapping[str, float]:
    return {}


@dataclass(frozen=True)
class Operators:
    """What is set by hand on a plant, and what any setting of it must keep."""

    set_points: tuple[SetPoint, ...] = ()
    keeps: tuple[str, ...] = ()
    """Limits that hold without being asked for, as `choosing.read_limit` reads them."""
    figures: Callable[[Any], Mapping[str, float]] = _nothing
    """Gives what else limits may be about, of an outcome at constant conditions: loads."""
    units: Mapping[str, str] = field(default_factory=dict)
    """Names of those figures, with their units of measure."""

    @property
    def by_path(self) -> Mapping[str, SetPoint]:
        """The set points by their paths."""
        return {each.path: each for each in self.set_points}


@dataclass(frozen=True, slots=True)
class Tried:
    """A setting, what it is worth, and by how much it keeps each limit, 1."""

    values: tuple[float, ...]
    worth: float
    slack: tuple[float, ...]

    @property
    def feasible(self) -> bool:
        """Whether it is known, and keeps all limits."""
        return math.isfinite(self.worth) and all(each >= -LEAST_GAIN for each in self.slack)


@dataclass(frozen=True)
class Found:
    """What a search has come to."""

    start: Tried
    best: Tried
    evaluations: int


Evaluate = Callable[[Sequence[float]], tuple[float, Sequence[float]]]
"""Gives what a setting is worth, and by how much it keeps each limit, relative to its bound."""


def search(
    evaluate: Evaluate,
    low: Sequence[float],
    high: Sequence[float],
    start: Sequence[float],
    most: int = 150,
) -> Found:
    """Return the best setting between bounds that keeps all limits, from a start.

    COBYQA of SciPy (Ragonneau 2022): a trust region with quadratic models of worth and limits,
    without derivatives, which an iterated steady state has only with noise. A start outside the
    bounds begins on the nearest. What was tried is kept: the answer is the best that has been
    computed, never a model's promise, and never worse than the start where that keeps the limits.
    """
    import numpy as np
    from scipy import optimize

    minimize: Any = optimize.minimize

    need_function("search", "values", evaluate=evaluate)
    (most,) = need_count("search", 1, most=most)
    lows, highs, begin = map(np.array, _bounded(low, high, start))
    width = highs - lows
    tried: dict[tuple[float, ...], Tried] = {}

    def look(unit: Any) -> Tried:
        values = tuple((lows + width * np.clip(unit, 0.0, 1.0)).tolist())
        if values not in tried:
            tried[values] = found = Tried(values, *_answer(evaluate(values)))
            like = next(iter(tried.values()))
            if len(found.slack) != len(like.slack):
                raise ValueError(
                    f"search: expected of evaluate the slack of {len(like.slack)} limits each "
                    f"time, came {len(found.slack)}"
                )
        return tried[values]

    first = look((np.clip(begin, lows, highs) - lows) / width)
    scale = max(abs(first.worth), 1.0) if math.isfinite(first.worth) else 1.0
    constraints: list[Any] = []
    if first.slack:
        constraints = [optimize.NonlinearConstraint(lambda u: np.array(look(u).slack), 0.0, np.inf)]
    minimize(
        lambda u: -look(u).worth / scale,
        (np.asarray(first.values) - lows) / width,
        method="COBYQA",
        bounds=optimize.Bounds(np.zeros(len(lows)), np.ones(len(lows))),
        constraints=constraints,
        options={"maxfev": most, "initial_tr_radius": 0.2, "final_tr_radius": 5e-3},
    )
    kept = [each for each in tried.values() if each.feasible]
    best = max(kept, key=lambda each: each.worth, default=first)
    gain = LEAST_GAIN * max(abs(first.worth), 1.0)
    if first.feasible and best.worth <= first.worth + gain:
        best = first
    return Found(first, best, len(tried))


def _bounded(
    low: Sequence[float], high: Sequence[float], start: Sequence[float]
) -> Sequence[Sequence[float]]:
    """Return bounds and start; raise TypeError or ValueError if they are none."""
    found = lows, highs, begin = need_numbers("search", low=low, high=high, start=start)
    if not len(lows) == len(highs) == len(begin):
        raise ValueError(
            f"search: expected as many of low, high and start, came {len(lows)}, {len(highs)} and "
            f"{len(begin)}"
        )
    for at, (least, largest) in enumerate(zip(lows, highs, strict=True)):
        if not -math.inf < least < largest < math.inf:
            raise ValueError(
                f"search: expected a low below its high, both finite, came {least:g} and "
                f"{largest:g} at place {at}"
            )
    if not len(lows):
        raise ValueError("search: expected one value to set or more, came none")
    return found


def _answer(answer: object) -> tuple[float, tuple[float, ...]]:
    """Return what a setting is worth, and its slack; raise TypeError for anything else."""
    given: Any = answer if isinstance(answer, list | tuple) and len(answer) == 2 else (None, None)
    worth, slack = given
    if not is_number(worth) or not isinstance(slack, Iterable):
        raise TypeError(
            "search: expected of evaluate a number and the slack of each limit, came "
            f"{told(answer)}"
        )
    return worth, tuple(slack)


KEYS = ("low", "high", "source", "below", "above")


def read_set_points(source: Source, tree: Any, sources: Mapping[str, Any]) -> tuple[SetPoint, ...]:
    """Return the set points of a TOML file, a table for each path of a parameter of a tree.

    Raises ValueError with all faults: no such parameter, bounds that are none or beyond its domain,
    a source that nobody describes.
    """
    documents, faults = read_documents([source])
    points: list[SetPoint] = []
    for document in documents:
        for path, raw in _tables(document.table):
            wrong = list(_faults(path, raw, tree, sources))
            faults += [ValueError(f"{document.name}: {path}: {each}") for each in wrong]
            if not wrong:
                points.append(SetPoint(path, **{**raw, "low": float(raw["low"]),
                                                "high": float(raw["high"])}))  # fmt: skip
    if faults:
        raise all_at_once(faults, "the set points")
    return tuple(points)


def _tables(table: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Mapping[str, Any]]]:
    for name, part in table.items():
        path = f"{prefix}{name}"
        if isinstance(part, Mapping) and any(isinstance(each, Mapping) for each in part.values()):
            yield from _tables(part, f"{path}.")
        else:
            yield path, part if isinstance(part, Mapping) else {}


def _faults(
    path: str, raw: Mapping[str, Any], tree: Any, sources: Mapping[str, Any]
) -> Iterator[str]:
    try:
        domain = declared(tree, path)
    except LookupError as fault:
        yield str(fault)
        return
    if set(raw) - set(KEYS) or not {"low", "high", "source"} <= set(raw):
        yield f"expected {', '.join(KEYS)}, came {', '.join(raw) or 'nothing'}"
        return
    low, high = raw["low"], raw["high"]
    if domain.kind is not float:
        yield "only a parameter that is a number can be turned between bounds"
    elif not (is_number(low) and is_number(high) and low < high):
        yield f"expected low below high, came {told(low)} and {told(high)}"
    elif not (_holds(domain, low) and _holds(domain, high)):
        yield f"{low:g} to {high:g} lies outside the domain, {domain.domain}"
    if not is_own_word(str(raw["source"])) and raw["source"] not in sources:
        yield f"source {told(raw['source'])} is not among the sources"


def _holds(domain: Quantity, value: float) -> bool:
    """Return whether a value lies between the ends of a domain, those that it has."""
    above = domain.minimum is None or value >= domain.minimum
    return above and (domain.maximum is None or value <= domain.maximum)
