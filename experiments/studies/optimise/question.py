"""What is asked: which schemes, for what, within what, on which terms."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from experiments.studies import Worth
from plant_models.methods.choosing import Limit
from plant_models.methods.finance import annuity
from plant_models.methods.set_points import SetPoint
from plant_models.model import PlantModel, Variant
from plant_models.outcome import Outcome
from sim.model.parameters import Value
from sim.model.tree import rebuild

MONEY = "money"
"""The goal that counts money: net income less the annuity of what is invested, a year."""

BOTH = "both"
"""The goal that weighs money against an indicator: the answer is their front."""

TONNES_FIRST = 30.0
"""Times what a tonne costs along the front at rest: at that price hardly anything else counts."""


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
    goal: str  #: `MONEY`, an indicator that is to fall, or `BOTH`
    against: str  #: Indicator that the front weighs against money
    budget: float | None  #: In the unit that the plant's money is told in; None for any
    limits: tuple[Limit, ...]  #: What was asked for
    keeps: tuple[Limit, ...]  #: What the plant keeps without being asked
    points: tuple[SetPoint, ...]  #: Set points that may be turned
    worth: Worth | None  #: At which prices; none of a plant without
    price: float = 0.0  #: What less of `against` by 1 is worth, where both count
    label: str = "turned"  #: What a set is called whose set points have been turned for it

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
        if self.goal not in (MONEY, BOTH):
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

    @property
    def sign(self) -> float:
        """1 where more of what the front weighs is better, else -1."""
        goods = (self.plant.product, *self.plant.operating)
        return 1.0 if self.against in goods else -1.0

    def aims(self, price: float) -> tuple[Question, ...]:
        """Return what set points are turned for: the goal; or money, tonnes, and both at a price.

        Where tonnes count most, money decides between what is equal in them.
        """
        if self.goal != BOTH:
            return (self,)
        shares = {"money": 0.0, "both": price, "tonnes": TONNES_FIRST * price}
        return tuple(replace(self, price=at, label=f"for {what}") for what, at in shares.items())

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

    def gain(self, was: Mapping[str, float], becomes: Any) -> float:
        """Return how much better what the front weighs has become, in its unit."""
        return float(self.sign * (becomes[self.against] - was[self.against]))

    def value(self, ids: Iterable[str], was: Mapping[str, float], becomes: Any) -> float:
        """Return what a design is worth, more being better: money, the goal's fall, or both."""
        if self.goal == MONEY:
            return self.benefit(ids, was, becomes)
        if self.goal == BOTH:
            return self.benefit(ids, was, becomes) + self.price * self.gain(was, becomes)
        return float(was[self.goal] - becomes[self.goal])

    def variant(
        self, ids: Iterable[str], values: Mapping[str, Value] | None = None
    ) -> Variant[Any]:
        """Return a design: schemes in place, then set points set by hand."""
        found = self.base.having(tuple(ids))
        if not values:
            return found
        tree = self.plant.check(rebuild(found.tree, values))
        return replace(found, tree=tree, label=f"{found.name}, {self.label}")
