"""The investment appraisal of a programme: each step's cash flow."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from plant_models.methods.cost_classes import (
    SOURCE_CUTS,
    CostClass,
    check_cuts,
    cost_class,
    customary_tests,
)
from plant_models.methods.economics import Economy, Prices, StepValue
from plant_models.methods.finance import (
    CashFlow,
    InternalRate,
    annuity,
    internal_rate,
    net_present_value,
    payback,
)
from sim.errors import need_all, need_kind, need_names, need_text

PAID = "paid schemes"


@dataclass(frozen=True)
class Appraisal:
    """What a step of a programme costs and earns under given terms, in the currency."""

    name: str  #: ``"F5"``, ``"F1-F4"``, ``"Total"``
    investment: float | None  #: One-off, in year 0; ``None`` if nobody says
    income: float  #: A year, the same every year
    operating_cost: float  #: A year, the same every year; upkeep is part of the cost
    prices: Prices  #: They hold the terms: interest rate and horizon
    cuts: tuple[float, ...] = SOURCE_CUTS
    """Investment at which each cost class begins, in the currency."""
    changes: Mapping[str, float] = field(default_factory=dict)
    """What income and cost consist of in a year, by item; without upkeep."""

    @property
    def net(self) -> float:
        """Income less operating cost, a year."""
        return self.income - self.operating_cost

    @cached_property
    def cash_flow(self) -> CashFlow | None:
        """Years 0 to the horizon; ``None`` without an investment figure."""
        if self.investment is None:
            return None
        return CashFlow.even(self.investment, self.income, self.operating_cost, self.prices.horizon)

    @property
    def payback(self) -> float | None:
        """Simple payback, yr; ``None`` if not within the horizon."""
        return None if self.cash_flow is None else payback(self.cash_flow.net)

    @property
    def discounted_payback(self) -> float | None:
        """Payback with interest, yr; ``None`` if not within the horizon."""
        if self.cash_flow is None:
            return None
        return payback(self.cash_flow.net, self.prices.interest_rate)

    @property
    def present_value(self) -> float | None:
        """Net present value at the bank's rate."""
        if self.cash_flow is None:
            return None
        return net_present_value(self.cash_flow.net, self.prices.interest_rate)

    @cached_property
    def internal(self) -> InternalRate | None:
        """Internal rate of return, 1/yr: none, one or several."""
        return None if self.cash_flow is None else internal_rate(self.cash_flow.net)

    @property
    def annuity(self) -> float | None:
        """What the investment comes to in each year, interest included."""
        if self.investment is None:
            return None
        return self.investment * annuity(self.prices.interest_rate, self.prices.horizon)

    @property
    def cost_class(self) -> CostClass | None:
        """Class by investment."""
        return None if self.investment is None else cost_class(self.investment, self.cuts)

    @property
    def tests(self) -> Mapping[str, bool | None]:
        """The customary tests of its class; ``None`` where one does not apply."""
        if self.cost_class is None or self.internal is None or self.present_value is None:
            return {}
        rate = self.prices.interest_rate
        return customary_tests(
            self.cost_class, self.payback, self.present_value, self.internal, rate
        )


def appraise(
    economy: Economy,
    steps: Mapping[str, tuple[str, ...]],
    states: Sequence[Mapping[str, float]],
    prices: Prices,
    *,
    investments: Mapping[str, float] | None = None,
    cuts: tuple[float, ...] | None = None,
) -> tuple[Appraisal, ...]:
    """Return the appraisal of every step of a programme.

    Parameters
    ----------
    steps : Mapping[str, tuple of str]
        The schemes of each step by its name, in the order in which they are introduced; see
        `Economy.steps`.
    states : sequence of mappings
        Indicators before the first step and after each.
    investments : Mapping[str, float], optional
        Of schemes that nobody gives one for, or instead of the plant's own.
    cuts : tuple of float, optional
        Where the cost classes begin; the plant's own by default.
    """

    def appraised(value: StepValue, schemes: tuple[str, ...]) -> Appraisal:
        return Appraisal(
            value.name,
            economy.investment(schemes, investments),
            value.income,
            value.operating_cost + economy.upkeep(schemes, prices),
            prices,
            economy.cuts if cuts is None else cuts,
            value.changes,
        )

    need_kind("appraise", Economy, economy=economy)
    need_kind("appraise", Mapping, steps=steps)
    need_names("appraise", steps=steps)
    need_all("appraise", Mapping, states=states)
    if cuts is not None:
        check_cuts(cuts)
    values = economy.step_values(states, prices, steps)
    return tuple(map(appraised, values, steps.values()))


def together(name: str, parts: Iterable[Appraisal]) -> Appraisal:
    """Return several steps as one investment."""
    need_text("together", name=name)
    (parts,) = need_all("together", Appraisal, parts=parts)
    if not parts:
        raise ValueError("together: expected one step or more, came none")
    known = [part.investment for part in parts if part.investment is not None]
    items = dict.fromkeys(item for part in parts for item in part.changes)
    return Appraisal(
        name,
        sum(known) if len(known) == len(parts) else None,
        sum(part.income for part in parts),
        sum(part.operating_cost for part in parts),
        parts[0].prices,
        parts[0].cuts,
        {item: sum(part.changes.get(item, 0.0) for part in parts) for item in items},
    )


def paid(steps: Iterable[Appraisal]) -> tuple[Appraisal, ...]:
    """Return the steps that cost something: free ones flatter the payback of a programme."""
    (steps,) = need_all("paid", Appraisal, steps=steps)
    return tuple(step for step in steps if step.investment)
