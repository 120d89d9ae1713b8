"""The investment appraisal of a programme: each step's cash flow, beside what the source prints."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from plant_models.chlorobenzene.money.economics import StepValue, step_values, upkeep
from plant_models.chlorobenzene.money.prices import Prices
from plant_models.chlorobenzene.paper import printed
from plant_models.methods.cost_classes import SOURCE_CUTS, CostClass, cost_class, customary_tests
from plant_models.methods.finance import (
    CashFlow,
    InternalRate,
    annuity,
    internal_rate,
    net_present_value,
    payback,
)
from sim.model.schemes import natural

FREE = ("F1", "F2", "F3", "F4")
"""Schemes that share a row of Table 1-2, being introduced together at no cost."""

TOTAL = "Total"
PAID = "paid schemes"


@dataclass(frozen=True)
class Appraisal:
    """What a step of a programme costs and earns, RMB, under given terms.

    Parameters
    ----------
    name : str
        ``"F5"``, ``"F1-F4"``, ``"Total"``.
    investment : float or None
        One-off, in year 0; ``None`` if nobody says (F12).
    income, operating_cost : float
        RMB/yr, the same every year; upkeep is part of the cost.
    prices : Prices
        They hold the terms: interest rate and horizon.
    cuts : tuple of float
        Where the cost classes begin, RMB.
    changes : Mapping[str, float]
        What income and cost consist of, by item, RMB/yr; without upkeep.
    """

    name: str
    investment: float | None
    income: float
    operating_cost: float
    prices: Prices
    cuts: tuple[float, ...] = SOURCE_CUTS
    changes: Mapping[str, float] = field(default_factory=dict)

    @property
    def net(self) -> float:
        """Income less operating cost, RMB/yr."""
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
        """Net present value at the bank's rate, RMB."""
        if self.cash_flow is None:
            return None
        return net_present_value(self.cash_flow.net, self.prices.interest_rate)

    @cached_property
    def internal(self) -> InternalRate | None:
        """Internal rate of return, 1/yr: none, one or several."""
        return None if self.cash_flow is None else internal_rate(self.cash_flow.net)

    @property
    def annuity(self) -> float | None:
        """What the investment comes to in each year, interest included, RMB/yr."""
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
    steps: Mapping[str, tuple[str, ...]],
    states: Sequence[Mapping[str, float]],
    prices: Prices,
    *,
    investments: Mapping[str, float] | None = None,
    cuts: tuple[float, ...] = SOURCE_CUTS,
) -> tuple[Appraisal, ...]:
    """Return the appraisal of every step of a programme.

    Parameters
    ----------
    steps : Mapping[str, tuple of str]
        The schemes of each step by its name, in the order in which they are introduced.
    states : sequence of mappings
        Indicators before the first step and after each.
    prices : Prices
    investments : Mapping[str, float], optional
        Of schemes that the source gives none for, or instead of its own, RMB.
    cuts : tuple of float
        Where the cost classes begin, RMB.
    """
    values = step_values(states, prices, tuple(steps))
    return tuple(
        _appraisal(value, schemes, prices, investments or {}, cuts)
        for value, schemes in zip(values, steps.values(), strict=True)
    )


def investment_of(schemes: Iterable[str], own: Mapping[str, float]) -> float | None:
    """Return what schemes cost once, RMB: ``own`` figures first, then the source's.

    ``None`` where nobody says (F12).
    """
    ids = tuple(schemes)
    given = sum(own[scheme] for scheme in ids if scheme in own)
    known = printed.investment(tuple(scheme for scheme in ids if scheme not in own))
    return None if known is None else known + given


def together(name: str, parts: Iterable[Appraisal]) -> Appraisal:
    """Return several steps as one investment, as the last row of Table 1-2 does."""
    parts = tuple(parts)
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
    return tuple(step for step in steps if step.investment)


def programme_of(schemes: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Return schemes as the steps of a programme, in the plant's order: free ones first, together.

    Examples
    --------
    >>> programme_of(["F7", "F2", "F1", "F5"])
    {'F1, F2': ('F1', 'F2'), 'F5': ('F5',), 'F7': ('F7',)}
    """
    ids = sorted(set(schemes), key=natural)
    free = tuple(each for each in ids if each in FREE)
    steps: dict[str, tuple[str, ...]] = {each: (each,) for each in ids if each not in FREE}
    if not free:
        return steps
    name = "F1-F4" if free == FREE else ", ".join(free)
    return {name: free, **steps}


def _appraisal(
    value: StepValue,
    schemes: tuple[str, ...],
    prices: Prices,
    own: Mapping[str, float],
    cuts: tuple[float, ...],
) -> Appraisal:
    return Appraisal(
        value.name,
        investment_of(schemes, own),
        value.income,
        value.operating_cost + upkeep(schemes, prices),
        prices,
        cuts,
        value.changes,
    )
