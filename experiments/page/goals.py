"""Tasks to solve by switching: a target within a budget, set from what the line can do.

Nothing is written down beforehand, for the figures move when the plant is calibrated anew: a target
is a little less than the best that any design within the budget reaches, so a solution exists and
has to be looked for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

NEARLY = 0.97  # of the best cut within the budget
STEP = 0.05  # targets are round: whole twentieths
GRAINS = 1e-9  # relative; a design on a bound counts

Figures = Mapping[str, NDArray[np.float64]]
"""By name, a value of each design: indicators, ``investment`` (RMB; not a number where nobody
says), ``net``, the net income against none, RMB/yr, and ``schemes``, how many are on."""


@dataclass(frozen=True)
class Condition:
    """What a figure must be."""

    figure: str  #: An indicator, ``investment``, ``net`` or ``schemes``
    kind: str
    """``cut``: at most (1 - amount) of none; ``hold``: at least amount of none; ``most``,
    ``least``: at most, at least amount, in the figure's unit."""
    amount: float


@dataclass(frozen=True)
class Goal:
    """A task and how many designs solve it."""

    name: str
    conditions: tuple[Condition, ...]
    solutions: int


def goals(of: Figures) -> tuple[Goal, ...]:
    """Return the tasks that some designs solve, but not none; a cut, an income within a budget.

    The last is to make more chlorobenzene and yet send less benzene to air: what F12 tempts to
    forget.
    """
    earned = of["net"][meets(Condition("investment", "most", 60e4), of)].max()
    product, benzene = of["chlorobenzene_t"], of["air.benzene_t"]
    more = _floor(NEARLY * (product.max() / product[0] - 1.0))
    cut = _floor(NEARLY * (1.0 - benzene[product >= (1.0 + more) * product[0]].min() / benzene[0]))
    least = np.floor(NEARLY * earned / 10e4) * 10e4  # in whole ten 10^4 RMB a year
    asked = {
        "air": _cut("air.benzene_t", 100e4, of),
        "free": _cut("wastewater_t", 0.0, of),
        "acid": _cut("wastewater.hydrogen_chloride_t", 20e4, of),
        "earn": (Condition("net", "least", least), Condition("investment", "most", 60e4)),
        "more": (
            Condition("chlorobenzene_t", "hold", 1.0 + more),
            Condition("air.benzene_t", "cut", cut),
        ),
    }
    found = {name: _met(conditions, of) for name, conditions in asked.items()}
    return tuple(
        Goal(name, asked[name], int(met.sum()))
        for name, met in found.items()
        if met.any() and not met[0]
    )


def first_task(of: Figures) -> Goal:
    """Return a task for the first minute: one free switch that cuts the acid in the sewer most."""
    figure = "wastewater.hydrogen_chloride_t"
    alone = (Condition("schemes", "most", 1.0), Condition("investment", "most", 0.0))
    best = 1.0 - of[figure][_met(alone, of)].min() / of[figure][0]
    asked = (Condition(figure, "cut", _floor(NEARLY * best)), *alone)
    met = _met(asked, of)
    return Goal("first", asked, 0 if met[0] else int(met.sum()))


def meets(condition: Condition, of: Figures) -> NDArray[np.bool_]:
    """Return which designs meet a condition."""
    values, amount = of[condition.figure], condition.amount
    slack = GRAINS * np.abs(values)
    if condition.kind in ("cut", "most"):
        bound = (1.0 - amount) * values[0] if condition.kind == "cut" else amount
        return np.asarray(values <= bound + slack)
    bound = amount * values[0] if condition.kind == "hold" else amount
    return np.asarray(values >= bound - slack)


def _met(conditions: Sequence[Condition], of: Figures) -> NDArray[np.bool_]:
    return np.asarray(np.logical_and.reduce([meets(each, of) for each in conditions]))


def _cut(figure: str, budget: float, of: Figures) -> tuple[Condition, ...]:
    """Return what it is to cut an emission within a budget."""
    within = Condition("investment", "most", budget)
    column = of[figure]
    best = 1.0 - column[meets(within, of)].min() / column[0]
    return Condition(figure, "cut", _floor(NEARLY * best)), within


def _floor(share: float) -> float:
    return float(np.floor(share / STEP + GRAINS) * STEP)
