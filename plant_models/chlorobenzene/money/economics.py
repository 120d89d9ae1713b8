"""What a year of the line is worth, and what each step of the programme adds to it.

A plant's books show purchases and sales of a year; so does `annual_value`, from the indicators of
either clock. A step's worth is the difference of two such years, item by item. Following the
source, which prints income and operation cost apart, the changes are sorted by a fixed rule:

- goods (chlorobenzene, acid, dichlorobenzene and slop sold; benzene and chlorine bought): the
  change counts as income whatever its sign, for less slop or dichlorobenzene is the other half of
  more chlorobenzene;
- expenses (caustic, steam, power, water, levy, residue): what is saved is income, what is used
  more is operating cost.

Net = income - operating cost adds up over the steps exactly, whatever the rule.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from plant_models.arguments import told
from plant_models.chlorobenzene.line.design import catalogue
from plant_models.chlorobenzene.line.tree import Line
from plant_models.chlorobenzene.model import steady_state
from plant_models.chlorobenzene.money.prices import Prices, prices
from plant_models.model import Schemes
from sim.model.facts import Design
from sim.model.schemes import Scheme, parse_schemes

PLANT_ORDER = ("F1-F4", "F5", "F6", "F7", "F8", "F9", "F10", "F11")
"""The order in which the plant introduced its schemes: the rows of Table 1-2."""

UPKEEP = {"F6": "separator_upkeep", "F7": "wash_acid_upkeep"}
"""Schemes whose printed operation cost no flow explains, and the parameter that stands for it."""


@dataclass(frozen=True, slots=True)
class Item:
    """A line of the books: what is bought or sold, and at which price."""

    indicator: str
    price: str
    sign: int
    """1 for what is sold, -1 for what is bought."""
    goods: bool
    per_unit: float = 1.0
    """Units of the price per unit of the indicator: 1,000 kWh a MWh."""
    less: str | None = None
    """Indicator of a part that another item's price includes."""

    def amount(self, indicators: Mapping[str, float]) -> float:
        """Return what is bought or sold in a year, in units of the price."""
        part = indicators[self.less] if self.less is not None else 0.0
        return (indicators[self.indicator] - part) * self.per_unit


ITEMS: Mapping[str, Item] = {
    "chlorobenzene": Item("chlorobenzene_t", "chlorobenzene", 1, True),
    "hydrochloric acid": Item("hydrochloric_acid_t", "hydrochloric_acid", 1, True),
    "dichlorobenzene": Item("dichlorobenzene_t", "dichlorobenzene", 1, True),
    "slop oil": Item("slop_oil_t", "slop_oil", 1, True),
    "benzene": Item("benzene_used_t", "benzene", -1, True),
    "chlorine": Item("chlorine_used_t", "chlorine", -1, True),
    "caustic": Item("caustic_t", "caustic", -1, False),
    "steam": Item("steam_t", "steam", -1, False),
    "power": Item("power_mwh", "electricity", -1, False, 1000.0, "raw_water_power_mwh"),
    "process water": Item("process_water_t", "industrial_water", -1, False),
    "cooling water": Item("cooling_water_intake_t", "industrial_water", -1, False),
    "pollution levy": Item("wastewater_t", "wastewater_levy", -1, False),
    "residue": Item("residue_t", "residue_disposal", -1, False),
}


def annual_value(indicators: Mapping[str, float], prices: Prices) -> dict[str, float]:
    """Return a year's sales (positive) and purchases (negative) by item, RMB/yr.

    Parameters
    ----------
    indicators : Mapping[str, float]
        Of `steady_state` or `simulate`. Acid counts as made, chlorobenzene as drummed, benzene as
        it enters the process; other changes of stock are not valued.
    prices : Prices

    Notes
    -----
    Water is priced as delivered, so the power that pumps cooling water once through is not charged
    again; the source's books say the same of F11, whose income is 0.50 RMB a tonne and whose
    operation cost is all the power of the tower's pumps and fan.

    Wages, capital and upkeep of what stands already are left out: no scheme of the twelve changes
    them. So the sum is a contribution margin, not a profit.
    """
    if not isinstance(prices, Prices):
        raise TypeError(f"prices must be Prices, like prices().tree, not {told(prices)}")
    return {
        name: item.sign * item.amount(indicators) * getattr(prices, item.price)
        for name, item in ITEMS.items()
    }


def margin(indicators: Mapping[str, float], prices: Prices) -> float:
    """Return a year's sales less its purchases, RMB/yr."""
    return sum(annual_value(indicators, prices).values())


@dataclass(frozen=True)
class StepValue:
    """What a step changes in a year, RMB/yr.

    Parameters
    ----------
    name : str
        ``"F5"``, ``"F1-F4"``.
    changes : Mapping[str, float]
        By item of `ITEMS`; positive is good for the plant.
    """

    name: str
    changes: Mapping[str, float]

    @property
    def income(self) -> float:
        """Goods gained less goods lost, and expenses saved, RMB/yr."""
        return sum(
            change for name, change in self.changes.items() if ITEMS[name].goods or change > 0.0
        )

    @property
    def operating_cost(self) -> float:
        """Expenses that have grown, RMB/yr; upkeep is not among them."""
        return sum(
            -change
            for name, change in self.changes.items()
            if not ITEMS[name].goods and change < 0.0
        )

    @property
    def net(self) -> float:
        """Income less operating cost, RMB/yr."""
        return self.income - self.operating_cost


def income(
    before: Mapping[str, float], after: Mapping[str, float], prices: Prices, name: str = ""
) -> StepValue:
    """Return what ``after`` is worth more than ``before``, item by item.

    Parameters
    ----------
    before, after : Mapping[str, float]
        Indicators of two states of the line, of the same clock.
    prices : Prices
    name : str
        What to call the step.
    """
    was, becomes = annual_value(before, prices), annual_value(after, prices)
    return StepValue(name, {item: becomes[item] - was[item] for item in ITEMS})


def upkeep(schemes: Iterable[str], prices: Prices) -> float:
    """Return attendance and repairs of schemes that no flow shows, RMB/yr."""
    return float(sum(getattr(prices, UPKEEP[each]) for each in schemes if each in UPKEEP))


def programme_steps(
    steps: Sequence[str] = PLANT_ORDER, known: Mapping[str, Scheme] | None = None
) -> tuple[tuple[str, ...], ...]:
    """Return the scheme sets that a programme passes through, from none to all of its steps.

    Raises
    ------
    ValueError
        A scheme that an earlier step has introduced.

    Examples
    --------
    >>> programme_steps(("F1,F5", "F8"))
    ((), ('F1', 'F5'), ('F1', 'F5', 'F8'))
    """
    ids: tuple[str, ...] = ()
    reached = [ids]
    for step in steps:
        more = parse_schemes(step, catalogue() if known is None else known)
        again = sorted(set(ids) & set(more))
        if again:
            raise ValueError(f"step {step!r}: {', '.join(again)} was introduced before")
        ids = (*ids, *more)
        reached.append(ids)
    return tuple(reached)


def programme_states(
    design: Design[Line] | None = None,
    known: Mapping[str, Scheme] | None = None,
    steps: Sequence[str] = PLANT_ORDER,
) -> tuple[Mapping[str, float], ...]:
    """Return the indicators of the steady states that a programme passes through, none first."""
    return tuple(state_of(schemes, design, known) for schemes in programme_steps(steps, known))


def state_of(
    schemes: Schemes, design: Design[Line] | None = None, known: Mapping[str, Scheme] | None = None
) -> Mapping[str, float]:
    """Return the indicators of a steady state."""
    return steady_state(schemes, design=design, known=known).indicators


def step_values(
    states: Sequence[Mapping[str, float]], prices: Prices, steps: Sequence[str] = PLANT_ORDER
) -> tuple[StepValue, ...]:
    """Return what each step adds; ``states`` has one more, the first before any step."""
    return tuple(
        income(before, after, prices, step)
        for step, (before, after) in zip(steps, pairwise(states), strict=True)
    )


def incomes(
    design: Design[Line] | None = None,
    known: Mapping[str, Scheme] | None = None,
    at: Prices | None = None,
) -> dict[str, float]:
    """Return the eight incomes of Table 1-2 as the model has them, RMB/yr, by row of the table.

    They are increments: each step's in the state that the steps before it have left, in the
    plant's own order. That is the one reading under which they add up to the printed total.
    """
    states = programme_states(design, known)
    steps = step_values(states, prices().tree if at is None else at)
    return {step.name: step.income for step in steps}
