"""A cube as text: where the line can get, and of what order its interactions are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.studies.attribute.study import Figure
from experiments.studies.compare.study import annual_reductions
from experiments.studies.cube.study import Cube, spelled
from plant_models.methods.attribution import members
from plant_models.methods.factorial import effects, largest, spread_by_order
from sim.tables import readable, text_table

MORE = ("chlorobenzene_t", "benzene_used_t", "steam_t", "cooling_water_intake_t")


UNKNOWN = "?"
MONEY = ("net_income", "present_value")


def cube_report(cube: Cube, money: Mapping[str, Figure]) -> str:
    """Return the range of the main figures and how much of it is no sum of single effects."""
    ranges, orders = [], []
    shown = {name: cube.columns[name] for name in (*annual_reductions(), *MORE)}
    units = {**cube.units, **{name: money[name].unit for name in MONEY}}
    for name, column in (shown | {name: money[name].values for name in MONEY}).items():
        if not np.isfinite(column).any():
            continue
        ends = (column[0], column[-1], np.nanmin(column), np.nanmax(column))
        unit = units[name].partition(" as ")[0]
        ranges.append([name, unit, *map(_known, ends)])
        orders.append([name, *_orders(cube, column)])
    count = len(cube.values) - len(cube.errors)
    lines = [
        f"{count:,} sets of {spelled(cube.schemes)}",
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
        f"{' and '.join(MONEY)}: against the line without schemes; ?: not known for every set",
    ]
    return "\n".join([*lines, *failures(cube)])


def failures(cube: Cube) -> list[str]:
    """Return a line for each of the first sets that could not be computed."""
    told = list(cube.errors.items())
    lines = [f"failed: {spelled(members(cube.schemes, mask))}: {error}" for mask, error in told[:5]]
    return lines + ([f"and {len(told) - 5} more"] if len(told) > 5 else [])


def effects_in_full(cube: Cube, money: Mapping[str, Figure]) -> dict[str, Any]:
    """Return main effects, pair interactions and the spread by order of every figure."""
    found: dict[str, Any] = {}
    columns = {**cube.columns, **{name: of.values for name, of in money.items()}}
    for name, column in columns.items():
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
