"""The limits of the plant's day on the page: what is compared, and how near each figure comes."""

from __future__ import annotations

import math
from functools import cache
from typing import Any

from plant_models.chlorobenzene.law import discharges
from plant_models.chlorobenzene.law.terms import Terms
from plant_models.methods.standards import Figure
from sim.books.ledger import Ledger
from sim.clock.watch import mean_outflows

SHOWN = (
    (discharges.TAIL_GAS, discharges.CONCENTRATION),
    (discharges.ALL_VENTS, discharges.RATE),
    (discharges.ALL_OUTFALLS, discharges.IN_WATER),
    (discharges.ALL_OUTFALLS, discharges.PH),
)
"""Where the page looks: the tail gas, all vents together, all drains together."""


@cache
def terms() -> Terms:
    """Return which limits apply: those of existing sources, the mildest grades."""
    return Terms()


@cache
def compared() -> tuple[Figure, ...]:
    """Return the figures that the page compares with a limit."""
    return tuple(
        figure
        for point, unit in SHOWN
        for figure in terms().applied
        if (figure.point, figure.unit) == (point, unit)
    )


def kept(ledger: Ledger) -> tuple[float, ...]:
    """Return the mean of every compared figure, in its unit; not a number where there is none."""
    found = discharges.figures(mean_outflows(ledger))
    return tuple(found.get(figure, math.nan) for figure in compared())


def stated() -> list[dict[str, Any]]:
    """Return the compared figures with their limits, for the page."""
    rows = []
    for figure in compared():
        applied = terms().applied[figure]
        rows.append(
            {
                "point": figure.point,
                "component": figure.component,
                "unit": figure.unit,
                "low": applied.bounds[0] if figure.component == discharges.ACIDITY else None,
                "high": applied.bounds[1],
                "recalled": applied.recalled,
                "source": applied.source,
            }
        )
    return rows
