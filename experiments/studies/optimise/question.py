"""What is asked: which schemes, for what, within what, on which terms."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from experiments.studies.cube.figures import Worth
from plant_models.methods.choosing import Limit
from plant_models.methods.finance import annuity
from plant_models.methods.set_points import SetPoint
from plant_models.model import PlantModel, Variant
from plant_models.outcome import Outcome
from sim.model.parameters import Value
from sim.model.tree import rebuild

MONEY = "money"
"""The goal that counts money: net income less the annuity of what is invested, a year."""


def figures_of(outcome: Outcome[Any]) -> Mapping[str, float]:
    """Return the indicators of an outcome at rest, and the loads that limits are about."""
    return {**outcome.indicators, **outcome.variant.plant.operators(outcome.tree).figures(outcome)}


def times(unit: str) -> str:
    """Return a unit as it stands behind a number.

    >>> times("10^4 RMB"), times("t/yr")
    ('x 10^4 RMB', 't/yr')
    """
    return f"x {unit}" if unit[:1].isdigit() else unit


@dataclass(frozen=True)
class Question:
    """What is asked of a plant."""

    base: Variant[Any]  #: The design before any scheme
    ids: tuple[str, ...]  #: Schemes that may be chosen
    goal: str  #: `MONEY`, or an indicator that is to fall
    against: str  #: Indicator that the front weighs against money
    budget: float | None  #: In the unit that the plant's money is told in; None for any
    limits: tuple[Limit, ...]  #: What was asked for
    keeps: tuple[Limit, ...]  #: What the plant keeps without being asked
    points: tuple[SetPoint, ...]  #: Set points that may be turned
    worth: Worth | None  #: At which prices; none of a plant without

    @property
    def plant(self) -> PlantModel[Any, Any]:
        """The plant."""
        return self.base.plant

    @property
    def all_limits(self) -> tuple[Limit, ...]:
        """What must hold at rest."""
        return (*self.keeps, *self.limits)

    @property
    def unit(self) -> str:
        """Unit of measure of what a design is worth."""
        if self.goal != MONEY:
            return self.plant.units[self.goal]
        assert self.worth is not None
        return f"{self.worth.economy.unit_word}/yr"

    @property
    def of_worth(self) -> str:
        """What stands behind a number that says what a design is worth."""
        return times(self.unit)

    @property
    def units(self) -> Mapping[str, str]:
        """All that limits may be about, with units of measure."""
        return {**self.plant.units, **self.plant.operators(self.base.tree).units}

    def cost(self, ids: Iterable[str]) -> float:
        """Return what schemes cost once, in the unit of the plant's money; nan: nobody says."""
        if self.worth is None:
            return 0.0
        found = self.worth.investment(ids)
        return float("nan") if found is None else found / self.worth.economy.unit

    def benefit(self, ids: Iterable[str], was: Mapping[str, float], becomes: Any) -> float:
        """Return net income less the annuity of the investment, in the plant's money a year."""
        if self.worth is None:
            return float("nan")
        ids, worth = tuple(ids), self.worth
        terms = worth.prices
        net = worth.economy.income(was, becomes, terms).net - worth.economy.upkeep(ids, terms)
        share = annuity(terms.interest_rate, terms.horizon)
        return float(net / worth.economy.unit - share * self.cost(ids))

    def value(self, ids: Iterable[str], was: Mapping[str, float], becomes: Any) -> float:
        """Return what a design is worth, more being better: money, or the fall of the goal."""
        if self.goal == MONEY:
            return self.benefit(ids, was, becomes)
        return float(was[self.goal] - becomes[self.goal])

    def variant(
        self, ids: Iterable[str], values: Mapping[str, Value] | None = None
    ) -> Variant[Any]:
        """Return a design: schemes in place, then set points set by hand."""
        found = self.base.having(tuple(ids))
        if not values:
            return found
        tree = self.plant.check(rebuild(found.tree, values))
        return replace(found, tree=tree, label=f"{found.name}, turned")
