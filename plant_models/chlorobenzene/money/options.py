"""What the options of our own cost, beside what the source prints of its twelve schemes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from plant_models.chlorobenzene.line.design import DATA
from plant_models.chlorobenzene.paper.printed import investment
from plant_models.methods.devices import DeviceCost
from sim.model.facts import Design, load

OPTIONS = DATA / "options.toml"
"""The catalogue of options beyond the source; no part of the twelve."""


@dataclass(frozen=True, kw_only=True)
class OptionCosts:
    """Costs of the options; values live in ``data/option_costs.toml``."""

    O1: DeviceCost
    O2: DeviceCost
    O3: DeviceCost
    O4: DeviceCost
    O5: DeviceCost
    O6: DeviceCost
    O7: DeviceCost
    O8: DeviceCost
    O9: DeviceCost
    O10: DeviceCost
    O11: DeviceCost
    O12: DeviceCost
    O13: DeviceCost


@cache
def option_costs() -> Design[OptionCosts]:
    """Return the costs of the options, with their facts.

    Examples
    --------
    >>> option_costs().tree.O7.investment
    40000.0
    """
    return load(OptionCosts, DATA / "option_costs.toml", sources=[DATA / "sources.toml"])


def invested(scheme: str) -> float | None:
    """Return what a scheme or option costs once, RMB; None where nobody says."""
    option = getattr(option_costs().tree, scheme, None)
    return option.investment if isinstance(option, DeviceCost) else investment(scheme)


def attended(scheme: str) -> float:
    """Return what an option costs a year beside its flows, RMB; nothing of the twelve schemes."""
    option = getattr(option_costs().tree, scheme, None)
    return option.upkeep if isinstance(option, DeviceCost) else 0.0
