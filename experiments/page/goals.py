"""Tasks to solve by switching: a target within a budget, set from what the line can do.

Nothing is written down beforehand, for the figures move when the plant is calibrated anew: a target
is a little less than the best that any design within the budget reaches, so a solution exists and
has to be looked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.page.designs import Designs

NEARLY = 0.97  # of the best cut within the budget
STEP = 0.05  # targets are round: whole twentieths
GRAINS = 1e-9  # relative; a design on a bound counts

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Condition:
    """What a figure must be.

    Parameters
    ----------
    figure : str
        An indicator, ``investment`` or ``net``.
    kind : str
        ``cut``: at most (1 - amount) of none; ``hold``: at least amount of none; ``most``,
        ``least``: at most, at least amount, in the figure's unit.
    amount : float
    """

    figure: str
    kind: str
    amount: float


@dataclass(frozen=True)
class Goal:
    """A task and the designs that solve it."""

    name: str
    conditions: tuple[Condition, ...]
    solutions: int

    def as_json(self) -> dict[str, Any]:
        """Return the task for the page."""
        return asdict(self)


def goals(designs: Designs, investment: Array, net: Array) -> tuple[Goal, ...]:
    """Return the tasks.

    Parameters
    ----------
    designs : Designs
    investment : array of 4,096
        RMB; not a number where nobody says.
    net : array of 4,096
        Net income against none, RMB/yr.
    """
    made = [
        _cut("air", "air.benzene_t", 100e4, designs, investment, net),
        _cut("free", "wastewater_t", 0.0, designs, investment, net),
        _cut("acid", "wastewater.hydrogen_chloride_t", 20e4, designs, investment, net),
        _earn("earn", 60e4, designs, investment, net),
        _more("more", designs, investment, net),
    ]
    return tuple(goal for goal in made if goal is not None)


def meets(
    condition: Condition, designs: Designs, investment: Array, net: Array
) -> NDArray[np.bool_]:
    """Return which designs meet a condition."""
    own = {"investment": investment, "net": net}
    values = own[condition.figure] if condition.figure in own else designs.column(condition.figure)
    base, slack = values[0], GRAINS * np.abs(values)
    bound = {
        "cut": (1.0 - condition.amount) * base,
        "hold": condition.amount * base,
        "most": condition.amount,
        "least": condition.amount,
    }[condition.kind]
    if condition.kind in ("cut", "most"):
        return np.asarray(values <= bound + slack)
    return np.asarray(values >= bound - slack)


def _goal(
    name: str, conditions: Sequence[Condition], designs: Designs, investment: Array, net: Array
) -> Goal | None:
    met = np.logical_and.reduce([meets(c, designs, investment, net) for c in conditions])
    found = int(met.sum())
    return Goal(name, tuple(conditions), found) if found and not met[0] else None


def _cut(
    name: str, figure: str, budget: float, designs: Designs, investment: Array, net: Array
) -> Goal | None:
    """Cut an emission within a budget."""
    within = Condition("investment", "most", budget)
    affordable = meets(within, designs, investment, net)
    column = designs.column(figure)
    best = 1.0 - column[affordable].min() / column[0]
    target = _floor(NEARLY * best)
    return _goal(name, (Condition(figure, "cut", target), within), designs, investment, net)


def _earn(name: str, budget: float, designs: Designs, investment: Array, net: Array) -> Goal | None:
    """Earn within a budget, in whole ten 10^4 RMB a year."""
    within = Condition("investment", "most", budget)
    affordable = meets(within, designs, investment, net)
    least = np.floor(NEARLY * net[affordable].max() / 10e4) * 10e4
    return _goal(name, (Condition("net", "least", least), within), designs, investment, net)


def _more(name: str, designs: Designs, investment: Array, net: Array) -> Goal | None:
    """Make more chlorobenzene and yet send less benzene to air: what F12 tempts to forget."""
    product, benzene = designs.column("chlorobenzene_t"), designs.column("air.benzene_t")
    most = _floor(NEARLY * (product.max() / product[0] - 1.0))
    grown = product >= (1.0 + most) * product[0]
    cut = _floor(NEARLY * (1.0 - benzene[grown].min() / benzene[0]))
    conditions = (
        Condition("chlorobenzene_t", "hold", 1.0 + most),
        Condition("air.benzene_t", "cut", cut),
    )
    return _goal(name, conditions, designs, investment, net)


def _floor(share: float) -> float:
    return float(np.floor(share / STEP + GRAINS) * STEP)
