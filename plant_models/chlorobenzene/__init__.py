"""The chlorobenzene line of Taiyuan's chemical plant, before and after cleaner production.

>>> from plant_models import chlorobenzene as cb
>>> cb.line("F1").off_gas_cooler.arrangement
'series'
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from plant_models.arguments import told as _told
from plant_models.chlorobenzene.line import design as _design
from plant_models.chlorobenzene.line.tree import Line
from plant_models.chlorobenzene.model import PLANT, line, simulate, steady_state
from plant_models.chlorobenzene.run.result import Result
from plant_models.chlorobenzene.substances.chemistry import COMPONENTS, ORGANICS
from plant_models.model import Schemes
from sim.errors import did_you_mean
from sim.model import explain as _explanations
from sim.model.tree import paths

if TYPE_CHECKING:
    from plant_models.chlorobenzene.line.data_files import Sheet as _Sheet

__all__ = [
    "BASELINE",
    "COMPONENTS",
    "ORGANICS",
    "PLANT",
    "SCHEMES",
    "Line",
    "Result",
    "card",
    "data_sheets",
    "explain",
    "explorer",
    "line",
    "own_design",
    "own_schemes",
    "simulate",
    "steady_state",
]


own_design, own_schemes = PLANT.own_design, PLANT.own_schemes


def __getattr__(name: str) -> Any:
    """Read the data files when they are first asked for."""
    if name == "BASELINE":
        return PLANT.baseline()
    if name == "SCHEMES":
        return PLANT.catalogue()
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    """Return the front door alone, for completion."""
    return sorted(__all__)


def explorer(*, design: Any = None, known: Any = None) -> Any:
    """Return switches, sliders and a year that runs while you watch, for a notebook.

    Parameters
    ----------
    design, known : optional
        Another design than the baseline, another catalogue of schemes.

    Raises
    ------
    ImportError
        Without the extra ``notebooks``; tells how to install it.
    """
    from plant_models.chlorobenzene.run import explorer as hands_on

    return hands_on.explorer(design, known)


def card(unit: str | None = None, *, design: Any = None) -> _explanations.Card | _Sheet:
    """Return the parameters of a unit (of everything by default) with source, domain and range.

    ``prices``, or ``prices.benzene``, is what goods, utilities and money cost; ``limits``,
    ``schemes``, ``properties``, ``weather`` and the other data files have a sheet each.

    Parameters
    ----------
    unit : str, optional
        A unit, or a data file.
    design : Design, optional
        Another design than the baseline.

    Raises
    ------
    LookupError
        No such unit or data file; tells what comes near.
    """
    design = PLANT.own(design)
    if unit is not None and not isinstance(unit, str):
        raise TypeError(f"unit must be a name, like 'off_gas_cooler', not {_told(unit)}")
    if unit is not None:
        from plant_models.chlorobenzene.line import data_files

        name, _, part = unit.partition(".")
        if name == "prices":
            from plant_models.chlorobenzene.money.prices import prices

            return _explanations.card(prices().tree, prices().facts, part or None)
        if name in data_files.sheets() and name != "baseline":
            return data_files.sheet(unit)
        units = dict.fromkeys(path.partition(".")[0] for path in paths(design.tree))
        if name not in units:
            hint = did_you_mean(name, (*units, *data_files.sheets()), list_up_to=60)
            raise LookupError(f"no unit or data file {name!r}{hint}")
    return _explanations.card(design.tree, design.facts, unit)


def data_sheets() -> tuple[_explanations.Card | _Sheet, ...]:
    """Return the card of the line and of the prices, and the sheets of all other data files."""
    from plant_models.chlorobenzene.line import data_files

    own = [each.name for each in _design.FACTS]
    others = [name for name, file in data_files.sheets().items() if file not in own]
    return (card(), *(card(name) for name in others))


def explain(
    schemes: Schemes, *, design: Any = None, known: Any = None
) -> _explanations.Explanation:
    """Return what a set of schemes changes, before anything runs: before, after, who, evidence."""
    of = PLANT.variant(schemes, design=design, known=known)
    return _explanations.explain(of.base.tree, of.base.facts, of.picked)
