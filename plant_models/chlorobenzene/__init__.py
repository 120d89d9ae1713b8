"""The chlorobenzene line of Taiyuan's chemical plant, before and after cleaner production.

>>> from plant_models import chlorobenzene as cb
>>> cb.line("F1").off_gas_cooler.arrangement
'series'

Its rooms: ``data`` (every number, with its source), ``substances`` (chemistry, properties),
``units`` (physics, a module a process), ``line`` (the design tree, who feeds whom, operation),
``run`` (both clocks, and what a run tells), ``heat`` (its balance), ``money``, ``law`` (limits),
``ranges`` (calibration, uncertainty), ``figures`` (pictures), ``paper`` (the source, audited).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from plant_models.chlorobenzene.line.tree import Line
from plant_models.chlorobenzene.model import PLANT, line, simulate, steady_state
from plant_models.chlorobenzene.run.result import Result
from plant_models.chlorobenzene.substances.chemistry import COMPONENTS, ORGANICS
from plant_models.model import Schemes
from sim.errors import did_you_mean
from sim.model import explain as _explanations
from sim.model.facts import Design
from sim.model.schemes import Scheme

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


BASELINE: Design[Line]
"""The line before any scheme, with its facts."""
SCHEMES: Mapping[str, Scheme]
"""Its schemes by id; each time a catalogue anew, to which a change changes nothing."""

own_design, own_schemes = PLANT.own_design, PLANT.own_schemes
card, data_sheets = PLANT.card, PLANT.cards


def __getattr__(name: str) -> Any:
    """Read the data files when they are first asked for."""
    if name == "BASELINE":
        return PLANT.baseline()
    if name == "SCHEMES":
        return PLANT.catalogue()
    near = did_you_mean(name, __all__, list_up_to=0)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}{near}")


def __dir__() -> list[str]:
    """Return the front door alone, for completion."""
    return sorted(__all__)


def explorer(*, design: Any = None, known: Any = None) -> Any:
    """Return switches, sliders and a year that runs while you watch; see `run.explorer`."""
    from plant_models.chlorobenzene.run import explorer as hands_on

    return hands_on.explorer(design, known)


def explain(
    schemes: Schemes, *, design: Any = None, known: Any = None
) -> _explanations.Explanation:
    """Return what a set of schemes changes, before anything runs: before, after, who, evidence."""
    of = PLANT.variant(schemes, design=design, known=known)
    return _explanations.explain(of.base.tree, of.base.facts, of.picked)
