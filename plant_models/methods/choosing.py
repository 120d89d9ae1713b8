"""The best of many candidates under a budget and limits, and what budget and limits are worth.

A candidate is a set of measures with what it is worth, what it costs once and its figures; all are
known, so that the best is found by looking at every one: measures interact, and no rule of thumb
replaces the look. What is worth more comes first, of equals what costs less.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from plant_models.arguments import word
from plant_models.methods.abatement import pareto_front
from sim.errors import (
    gives_each,
    is_number,
    look_up,
    need_count,
    need_kind,
    need_names,
    need_number,
    told,
)

Array = NDArray[np.float64]

AT_MOST, AT_LEAST = "<=", ">="
SLACK = 1e-9
"""Relative: rounding breaks no limit."""

PATTERN = re.compile(r"\s*([\w.]+)\s*(<=|>=)\s*([+-]?[\d.eE+-]+)\s*(%?)\s*")
EXPECTED = "expected a limit like 'air.benzene_t<=200', 'air.benzene_t<=-60%' or 'purity>=0.995'"


@dataclass(frozen=True, slots=True)
class Limit:
    """What a figure may be at most, or at least."""

    name: str
    sign: str  #: `AT_MOST` or `AT_LEAST`
    bound: float  #: In the unit of the figure, or the change against the base, 1
    relative: bool = False  #: Whether the bound is a change against the base

    def __str__(self) -> str:
        bound = f"{100.0 * self.bound:+g} %" if self.relative else f"{self.bound:g}"
        return f"{self.name} {self.sign} {bound}"

    def allowed(self, base: float) -> float:
        """Return the bound in the unit of the figure; ``base``: the figure without measures."""
        return base * (1.0 + self.bound) if self.relative else self.bound

    def slack(self, values: Any, base: Any) -> Any:
        """Return by how much figures keep the limit, in their unit; negative: they break it."""
        spare = self.allowed(base) - values
        return spare if self.sign == AT_MOST else -spare

    def kept(self, values: Any, base: float) -> Any:
        """Return whether figures keep the limit."""
        return self.slack(values, base) >= -SLACK * max(abs(self.allowed(base)), 1e-30)


def read_limit(text: object, known: Iterable[str], said: str = "limits") -> Limit:
    """Return a limit as it is written, ``"air.benzene_t<=-60%"``.

    Raises TypeError, ValueError or LookupError: no text, no limit, no such figure.

    Examples
    --------
    >>> print(read_limit("air.benzene_t <= -60 %", ["air.benzene_t"]))
    air.benzene_t <= -60 %
    """
    if not isinstance(text, str):
        raise TypeError(f"{said}: {EXPECTED}, came {told(text)}")
    (names,) = need_names("read_limit", known=known)
    found = PATTERN.fullmatch(text)
    try:
        bound = float(found[3]) if found else float("nan")
    except ValueError:
        bound = float("nan")
    if found is None or not is_number(bound) or abs(bound) > 1e12:
        raise ValueError(f"{said}: {EXPECTED}, came {told(text)}")
    name, relative = word(said, found[1], names), bool(found[4])
    return Limit(name, found[2], bound / 100.0 if relative else bound, relative)


def read_limits(given: object, known: Iterable[str], said: str = "limits") -> tuple[Limit, ...]:
    """Return limits from texts, or from a mapping like ``{"air.benzene_t": "-60 %"}``.

    A number in a mapping is the most that a figure may be, in its unit; a text is put behind the
    name: ``"<=-60 %"``, ``">=0.995"``, ``"-60 %"``. Raises as `read_limit`.
    """
    (names,) = need_names("read_limits", known=known)
    if given is None:
        return ()
    if isinstance(given, Mapping):
        given = [_joined(name, bound) for name, bound in given.items()]
    if isinstance(given, str):
        given = [given]
    if not gives_each(given):
        raise TypeError(f"{said}: {EXPECTED}, came {told(given)}")
    return tuple(read_limit(each, names, said) for each in given)


def _joined(name: object, bound: object) -> str:
    text = str(bound).strip()
    return f"{name}{'' if text.startswith(('<', '>', '=')) else AT_MOST}{text}"


@dataclass(frozen=True, eq=False)
class Candidates:
    """What there is to choose from, and on which terms.

    Candidate 0 is the base, without measures.
    """

    worth: Array  #: More is better; not a number where nothing is known
    cost: Array  #: Once, in the unit of the budget; not a number where nobody says
    figures: Mapping[str, Array]  #: That limits are about, by name
    budget: float = np.inf
    limits: tuple[Limit, ...] = ()
    ok: NDArray[np.bool_] | None = field(default=None)
    """Which may be chosen at all; all of them by default."""

    def keeping(self, limit: Limit) -> NDArray[np.bool_]:
        """Return which candidates keep a limit."""
        need_kind("keeping", Limit, limit=limit)
        values = look_up("figure", limit.name, self.figures)
        return np.asarray(limit.kept(values, float(values[0])), dtype=bool)

    @property
    def allowed(self) -> NDArray[np.bool_]:
        """Which candidates are known, within the budget, and keep all limits."""
        with np.errstate(invalid="ignore"):
            fits = np.isfinite(self.worth) & (self.cost <= self.budget * (1.0 + SLACK))
        for limit in self.limits:
            fits &= self.keeping(limit)
        return np.asarray(fits if self.ok is None else fits & self.ok, dtype=bool)

    def ranked(self, most: int | None = None) -> list[int]:
        """Return the numbers of what may be chosen, the best first."""
        if most is not None:
            (most,) = need_count("ranked", 0, most=most)
        there = np.flatnonzero(self.allowed)
        order = np.lexsort((there, self.cost[there], -self.worth[there]))
        return [int(i) for i in there[order][:most]]

    @property
    def best(self) -> int | None:
        """The number of the best; None where nothing keeps all limits within the budget."""
        ranked = self.ranked(1)
        return ranked[0] if ranked else None

    @property
    def value(self) -> float:
        """What the best is worth; not a number where there is none."""
        return float("nan") if self.best is None else float(self.worth[self.best])

    def without(self, limit: Limit) -> Candidates:
        """Return the same choice without one limit."""
        need_kind("without", Limit, limit=limit)
        return replace(self, limits=tuple(each for each in self.limits if each != limit))

    def price_of(self, limit: Limit) -> float:
        """Return what a limit costs: the best without it less the best with it."""
        return self.without(limit).value - self.value

    def with_budget(self, budget: float) -> Candidates:
        """Return the same choice with another budget."""
        (budget,) = need_number("with_budget", 0.0, budget=budget)
        return replace(self, budget=budget)

    def ladder(self) -> list[tuple[float, int]]:
        """Return the budgets at which the best changes, each with the best, by rising budget."""
        free = self.with_budget(np.inf)
        there = np.flatnonzero(free.allowed & np.isfinite(self.cost))
        order = there[np.lexsort((there, -self.worth[there], self.cost[there]))]
        steps: list[tuple[float, int]] = []
        for i in order.tolist():
            if not steps or self.worth[i] > self.worth[steps[-1][1]]:
                if steps and self.cost[i] <= steps[-1][0]:
                    steps.pop()
                steps.append((float(self.cost[i]), i))
        return steps

    def front(self, name: str, sign: float = -1.0) -> list[int]:
        """Return which candidates no other beats in worth and in a figure, the most worth first.

        ``sign``: 1 where more of the figure is better. Limits and budget hold.
        """
        (sign,) = need_number("front", -1.0, 1.0, sign=sign)
        figures = look_up("figure", name, self.figures)
        there = np.flatnonzero(self.allowed)
        front = pareto_front(self.worth[there], sign * figures[there])
        return [int(there[i]) for i in front]
