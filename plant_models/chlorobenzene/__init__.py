"""The chlorobenzene line of Taiyuan's chemical plant, before and after cleaner production.

>>> from plant_models import chlorobenzene as cb
>>> cb.line("F1").off_gas_cooler.arrangement
'series'
"""

from typing import Any

from plant_models.chlorobenzene import design as _design
from plant_models.chlorobenzene.design import Schemes, line, own_design, own_schemes
from plant_models.chlorobenzene.line import Line
from plant_models.chlorobenzene.runs import Comparison, Result, compare, simulate, steady_state
from sim import explanations as _explanations

__all__ = [
    "BASELINE",
    "SCHEMES",
    "Comparison",
    "Line",
    "Result",
    "card",
    "compare",
    "explain",
    "line",
    "own_design",
    "own_schemes",
    "simulate",
    "steady_state",
]


def __getattr__(name: str) -> Any:
    """Read the data files when they are first asked for."""
    if name == "BASELINE":
        return _design.baseline()
    if name == "SCHEMES":
        return _design.catalogue()
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def card(unit: str | None = None, *, design: Any = None) -> _explanations.Card:
    """Return the parameters of a unit (of everything by default) with source, domain and range.

    ``prices``, or ``prices.benzene``, is what goods, utilities and money cost.
    """
    if unit is not None and unit.partition(".")[0] == "prices":
        from plant_models.chlorobenzene.prices import prices

        return _explanations.card(prices().tree, prices().facts, unit.partition(".")[2] or None)
    design = design or _design.baseline()
    return _explanations.card(design.tree, design.facts, unit)


def explain(
    schemes: Schemes, *, design: Any = None, known: Any = None
) -> _explanations.Explanation:
    """Return what a set of schemes changes, before anything runs: before, after, who, evidence."""
    design = design or _design.baseline()
    picked = _design.chosen(schemes, known or _design.catalogue())
    return _explanations.explain(design.tree, design.facts, picked)
