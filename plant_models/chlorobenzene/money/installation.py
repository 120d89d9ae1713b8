"""How long it takes to build the schemes of the line in: the plan of ``data/installation.toml``."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from plant_models.chlorobenzene.line.design import DATA
from plant_models.methods import installation as general
from plant_models.methods.installation import Installation
from sim.model.facts import Design, load


@dataclass(frozen=True, kw_only=True)
class Plan(general.Plan):
    """Cash, lead times and downtimes; ``other`` is of a scheme that is none of the twelve."""

    F1: Installation
    F2: Installation
    F3: Installation
    F4: Installation
    F5: Installation
    F6: Installation
    F7: Installation
    F8: Installation
    F9: Installation
    F10: Installation
    F11: Installation
    F12: Installation


@cache
def plan() -> Design[Plan]:
    """Return the plan of ``data/installation.toml``, with its facts.

    Examples
    --------
    >>> plan().tree.of(["F1", "F3"]).downtime
    24.0
    """
    return overlaid_plan()


def overlaid_plan(*overrides: Path) -> Design[Plan]:
    """Return the plan with a user's facts over its own."""
    file = DATA / "installation.toml"
    return load(Plan, file, sources=[DATA / "sources.toml"], overrides=list(overrides))
