"""A cube as text: where the plant can get, and of what order its interactions are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from experiments.studies.cube.cube import Cube
from experiments.studies.cube.figures import Figure
from plant_models.methods.factorial import effects, largest, spread_by_order
from sim.tables import readable, text_table

UNKNOWN = "?"
SHOWN_MONEY = ("net_income", "present_value")
SHOWN_FAILURES = 5


def cube_report(cube: Cube, money: Mapping[str, Figure]) -> str:
    """Return the range of the main figures and how much of it is no sum of single effects."""
    ranges, orders = [], []
    shown = {name: (cube.units[name], cube.columns[name]) for name in cube.plant.notable}
    shown |= {name: (money[name].unit, money[name].values) for name in SHOWN_MONEY if money}
    for name, (unit, column) in shown.items():
        if not np.isfinite(column).any():
            continue
        ends = (column[0], column[-1], np.nanmin(column), np.nanmax(column))
        ranges.append([name, unit.partition(" as ")[0], *map(_known, ends)])
        orders.append([name, *_orders(cube, column)])
    count = len(cube.values) - len(cube.errors)
    lines = [
        f"{count:,} sets of {cube.spelled(cube.schemes)}",
        "",
        *text_table(["figure", "unit", "none", "all", "least", "most"], ranges, left=(0, 1)),
        "",
        *text_table(
            ["figure", "main", "pairs", "higher", "largest interaction"], orders, left=(0, 4)
        ),
        "",
        "main, pairs, higher: share of the variance between sets that effects of order 1, 2 and "
        "more hold",
        "largest interaction: effect of two or more schemes together, in the unit of the figure",
        f"{' and '.join(SHOWN_MONEY)}: against no schemes at all; ?: not known for every set"
        if money
        else f"no money figures: the {cube.plant.name} has no prices",
    ]
    return "\n".join(lines)


def failures(cube: Cube) -> Sequence[str]:
    """Return a line for each of the first sets that could not be computed."""
    told = list(cube.errors.items())
    lines = [f"failed: {cube.named(mask)}: {error}" for mask, error in told[:SHOWN_FAILURES]]
    left = len(told) - len(lines)
    return [*lines, *([f"and {left} more"] if left else [])]


def _known(value: float) -> str:
    return readable(float(value)) if np.isfinite(value) else UNKNOWN


def _orders(cube: Cube, column: NDArray[np.float64]) -> list[str]:
    if not np.isfinite(column).all() or len(cube.schemes) < 2:
        return [UNKNOWN] * 4
    all_of = effects(column)
    shares = spread_by_order(all_of)
    top = next((pair for pair in largest(all_of, cube.schemes, 99) if len(pair[0]) > 1), None)
    told = f"{' x '.join(top[0])} {readable(top[1])}" if top else ""
    return [f"{shares[0]:.1%}", f"{shares[1]:.1%}", f"{shares[2:].sum():.1%}", told]
