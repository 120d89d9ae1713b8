"""What a plant's bought energy weighs as greenhouse gas."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sim.errors import look_up, need_amounts, need_kind
from sim.model.facts import Design


@dataclass(frozen=True, slots=True)
class Energy:
    """Bought energy that an indicator counts, and the factor that weighs it."""

    factor: str  #: Name of the factor, kg of CO2 equivalents per unit
    per_unit: float = 1.0  #: Units of the factor per unit of the indicator: 1,000 kWh a MWh


@dataclass(frozen=True)
class Footprint:
    """Which indicators count bought energy, and with which factors."""

    uses: Mapping[str, Energy]  #: By indicator, of a year
    factors: Callable[[], Design[Any]]  #: Gives the factors with their facts
    boundary: str = ""  #: What is counted and what is not, in a sentence

    def tonnes(self, indicators: Mapping[str, float], factors: Any = None) -> dict[str, float]:
        """Return the greenhouse gas of each use in a year, t of CO2 equivalents.

        ``factors``: a tree of factors; the plant's own by default.
        """
        own = self.factors().tree
        tree = own if factors is None else factors
        need_kind("tonnes", type(own), factors=tree)
        (amounts,) = need_amounts("tonnes", indicators=indicators)
        return {
            name: look_up("indicator", name, amounts)
            * use.per_unit
            * getattr(tree, use.factor)
            / 1000.0
            for name, use in self.uses.items()
        }

    def ends(self, indicators: Mapping[str, float]) -> tuple[float, float]:
        """Return the sum with all factors at the low and at the high end of their ranges, t."""
        facts = self.factors().facts
        (amounts,) = need_amounts("ends", indicators=indicators)
        low = high = 0.0
        for name, use in self.uses.items():
            fact = facts[use.factor]
            amount = look_up("indicator", name, amounts) * use.per_unit / 1000.0
            low += amount * (fact.low if fact.low is not None else float(fact.value))
            high += amount * (fact.high if fact.high is not None else float(fact.value))
        return low, high
