"""A cube as text: where the line can get, and of what order its interactions are."""

from __future__ import annotations

from typing import Any

import numpy as np

from experiments.cube import Cube, spelled
from experiments.published import annual_reductions
from experiments.reports import table
from plant_models.attribution import members
from plant_models.chlorobenzene.figures.style import readable
from plant_models.factorial import effects, largest, spread_by_order

MORE = ("chlorobenzene_t", "benzene_used_t", "steam_t", "cooling_water_intake_t")


def cube_report(cube: Cube) -> str:
    """Return the range of the main indicators and how much of it is no sum of single effects."""
    shown = (*annual_reductions(), *MORE)
    ranges, orders = [], []
    for name in shown:
        column = cube.columns[name]
        ends = (column[0], column[-1], np.nanmin(column), np.nanmax(column))
        unit = cube.units[name].partition(" as ")[0]
        ranges.append([name, unit, *(readable(float(value)) for value in ends)])
        orders.append([name, *_orders(cube, name)])
    count = len(cube.values) - len(cube.errors)
    lines = [
        f"{count:,} sets of {spelled(cube.schemes)}",
        "",
        *table(["indicator", "unit", "none", "all", "least", "most"], ranges, left=(0, 1)),
        "",
        *table(
            ["indicator", "main", "pairs", "higher", "largest interaction"], orders, left=(0, 4)
        ),
        "",
        "main, pairs, higher: share of the variance between sets that effects of order 1, 2 and "
        "more hold",
        "largest interaction: effect of two or more schemes together, in the indicator's unit",
    ]
    return "\n".join([*lines, *failures(cube)])


def failures(cube: Cube) -> list[str]:
    """Return a line for each of the first sets that could not be computed."""
    told = list(cube.errors.items())
    lines = [f"failed: {spelled(members(cube.schemes, mask))}: {error}" for mask, error in told[:5]]
    return lines + ([f"and {len(told) - 5} more"] if len(told) > 5 else [])


def effects_in_full(cube: Cube) -> dict[str, Any]:
    """Return main effects, pair interactions and the spread by order of every indicator."""
    found: dict[str, Any] = {}
    for name, column in cube.columns.items():
        if not np.isfinite(column).all():
            continue
        all_of = effects(column)
        n = len(cube.schemes)
        found[name] = {
            "main_effects": {f: e for (f,), e in largest(all_of, cube.schemes, n, order=1)},
            "pairs": [
                {"pair": list(pair), "effect": e}
                for pair, e in largest(all_of, cube.schemes, n * n, order=2)
            ],
            "spread_by_order": spread_by_order(all_of).tolist(),
        }
    return found


def _orders(cube: Cube, name: str) -> list[str]:
    column = cube.columns[name]
    if not np.isfinite(column).all() or len(cube.schemes) < 2:
        return ["?"] * 4
    all_of = effects(column)
    shares = spread_by_order(all_of)
    top = next((pair for pair in largest(all_of, cube.schemes, 99) if len(pair[0]) > 1), None)
    told = f"{' x '.join(top[0])} {readable(top[1])}" if top else ""
    return [f"{shares[0]:.1%}", f"{shares[1]:.1%}", f"{shares[2:].sum():.1%}", told]
