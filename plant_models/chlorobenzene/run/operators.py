"""What the operator of the line may turn, and what any setting of it must keep."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Any

from plant_models.chlorobenzene.line.design import DATA, baseline
from plant_models.chlorobenzene.line.tree import Line
from plant_models.methods.set_points import Operators, SetPoint, read_set_points
from plant_models.model import PlantModel
from plant_models.outcome import Outcome
from sim.model.facts import Design
from sim.model.tree import get

COLUMNS = {"crude_column": "crude_distillation", "rectification_column": "rectification"}
"""Columns that may flood or run out of reboiler, each with its train."""

CHLORINE = "chlorinator.chlorine"
RESERVE = 1.02
"""Chlorine that a chlorinator takes, per what it takes in the base design at its rated feed, kg/kg.

Assumed, 1.0 to 1.1: no law of the line ends the reaction, which boils its heat away; vessel,
condenser and header were laid out for the base, and the schemes alone take up to 0.9 % more.
"""

UNITS = {
    **{f"{name}.boil_up": "1, of what trays and reboiler take" for name in COLUMNS},
    CHLORINE: "kg/kg, of what the chlorinator takes",
}


@cache
def set_points() -> tuple[SetPoint, ...]:
    """Return the set points of ``data/set_points.toml``, in the order of the file."""
    own = baseline()
    return read_set_points(DATA / "set_points.toml", own.tree, own.sources)


def operators(line: Line) -> Operators:
    """Return set points, and what a line must keep: the grade, boil-up, and chlorine."""
    columns = (f"{name}.boil_up<=1" for name in COLUMNS)
    keeps = (f"purity>={line.laboratory.grade!r}", *columns, f"{CHLORINE}<={RESERVE:g}")
    return Operators(set_points(), keeps, loads, UNITS)


def loads(of: Outcome[Line]) -> Mapping[str, float]:
    r"""Return boil-up of columns and chlorine of the chlorinator per what they take, 1.

    No unit of the line floods. What trays and reboiler take is what they boil in the base design at
    the rated charge; with another rated charge (``capacity``; new reboilers, F9) it goes up as that
    does, for a column is rated by what it can boil. A higher reflux at the same charge so comes to
    an end. Of the steam the part that is lost does not count.

    .. math:: \frac{Q}{Q_0} \frac{L_0 \, c_0}{c}

    with the useful heat :math:`Q` now and :math:`Q_0` in the base, its load :math:`L_0` (charge
    per rated charge) and the rated charges :math:`c, c_0`.
    """
    base = of.variant.base.tree
    was = _at_rated_charge(of.variant.plant, base)

    def larger(name: str) -> float:
        return float(get(of.tree, f"{name}.capacity") / get(base, f"{name}.capacity"))

    return {
        **{f"{name}.boil_up": _heat(of, name) / (was[name] * larger(name)) for name in COLUMNS},
        CHLORINE: _chlorine(of) / (was[CHLORINE] * larger("chlorinator")),
    }


def _heat(of: Outcome[Line], column: str) -> float:
    """Return the steam of a column whose heat does work, kg/h of operation."""
    kg = sum(
        v for (unit, what, _), v in of.ledger.uses.items() if (unit, what) == (column, "steam")
    )
    return float(kg) * (1.0 - _lost(of.tree, column)) / of.operating_hours


def _chlorine(of: Outcome[Line]) -> float:
    """Return the chlorine that the line takes in, kg/h of operation."""
    return of.ledger.total("chlorine", source="chlorine_header") / of.operating_hours


def _lost(line: Any, column: str) -> float:
    """Return the share of a column's steam that reboiler, shell and traps lose, kJ/kJ."""
    return float(getattr(line, column).lost)


@lru_cache(maxsize=8)
def _at_rated_charge(plant: PlantModel[Line, Any], line: Line) -> Mapping[str, float]:
    """Return working steam of each column at its rated charge, and chlorine at rated feed, kg/h."""
    at_rest = plant.steady_state(Design(line, {}))
    return {
        **{name: _heat(at_rest, name) / at_rest.loads[train] for name, train in COLUMNS.items()},
        CHLORINE: _chlorine(at_rest) / at_rest.loads["chlorination"],
    }
