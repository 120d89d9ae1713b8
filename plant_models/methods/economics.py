"""What a year of a plant is worth, and what each step of a programme adds to it.

A plant's books show purchases and sales of a year; so does `Economy.annual_value`, from the
indicators of either clock. A step's worth is the difference of two such years, item by item. The
changes are sorted by a fixed rule, so that income and operating cost stand apart:

- goods (products sold, raw materials bought): the change counts as income whatever its sign, for
  less of one by-product is the other half of more product;
- expenses (utilities, chemicals, levies): what is saved is income, what is used more is operating
  cost.

Net = income - operating cost adds up over the steps exactly, whatever the rule.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any, Protocol

from plant_models.arguments import number, toml_path
from plant_models.methods.cost_classes import SOURCE_CUTS
from sim.errors import (
    did_you_mean,
    look_up,
    need_all,
    need_amounts,
    need_count,
    need_kind,
    need_names,
    need_number,
    told,
)
from sim.model.facts import Design, set_values
from sim.model.parameters import Value, quantity
from sim.model.schemes import natural

TOTAL = "Total"
"""All steps of a programme as one."""

MARGIN = "margin"
"""What studies call what a plant earns in a year."""

MOST = 1e10
"""More money than any plant has to do with, in its currency: beyond, sums lose their sense."""


def money(unit: str, meaning: str) -> float:
    """Declare a price; no good, and no year of upkeep, costs more than 1e9 in any currency."""
    price: float = quantity(unit, meaning, 0.0, 1e9)
    return price


class Prices(Protocol):
    """Prices and terms of a plant: a frozen dataclass, with a price for each `Item`."""

    @property
    def interest_rate(self) -> float:
        """Rate of the bank, 1/yr."""

    @property
    def horizon(self) -> int:
        """Years that an investment is judged by."""


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
        need_kind("amount", Mapping, indicators=indicators)
        part = look_up("indicator", self.less, indicators) if self.less is not None else 0.0
        whole = look_up("indicator", self.indicator, indicators)
        try:
            return (whole - part) * self.per_unit
        except TypeError:
            raise TypeError(
                f"amount: expected {self.indicator} as a number, came {told(whole)}"
            ) from None


@dataclass(frozen=True)
class StepValue:
    """What a step changes in a year, in the currency a year."""

    name: str  #: ``"F5"``, ``"F1-F4"``
    changes: Mapping[str, float]  #: By item; positive is good for the plant
    goods: frozenset[str]  #: Items whose change is income whatever its sign

    @property
    def income(self) -> float:
        """Goods gained less goods lost, and expenses saved."""
        return sum(
            change for name, change in self.changes.items() if name in self.goods or change > 0.0
        )

    @property
    def operating_cost(self) -> float:
        """Expenses that have grown; upkeep is not among them."""
        return sum(
            -change
            for name, change in self.changes.items()
            if name not in self.goods and change < 0.0
        )

    @property
    def net(self) -> float:
        """Income less operating cost."""
        return self.income - self.operating_cost


@dataclass(frozen=True, slots=True)
class PrintedStep:
    """What a source prints of a step, in the currency."""

    name: str  #: ``"F5"``, ``"F1-F4"``, or ``"Total"``
    cost_class: str  #: ``no-cost``, ``low-cost``, ...; empty for the total
    investment: float  #: One-off; 0 where the source prints none
    income: float  #: A year
    operating_cost: float  #: A year
    net: float  #: A year
    payback: float | None  #: Simple payback as printed, yr


def _no_stock(books: Any, prices: Any) -> float:
    return 0.0


def _nobody_says(scheme: str) -> None:
    return None


def _nothing(scheme: str) -> float:
    return 0.0


@dataclass(frozen=True, kw_only=True)
class Economy:
    """What a plant buys and sells, at which prices, and what its schemes cost."""

    items: Mapping[str, Item]  #: The lines of the books
    prices: Callable[[], Design[Any]]  #: Gives prices and terms with their facts; see `Prices`
    overlaid: Callable[[Path], Design[Any]]
    """Gives them with the facts of a TOML file over their own."""
    upkeeps: Mapping[str, str] = field(default_factory=dict)
    """Schemes whose attendance and repairs no flow shows, and the price that stands for them."""
    attended: Callable[[str], float] = _nothing
    """Gives what a scheme costs a year beside its flows and ``upkeeps``."""
    invested: Callable[[str], float | None] = _nobody_says
    """Gives what a scheme costs once; None where nobody says."""
    together: tuple[str, ...] = ()  #: Schemes that are introduced as one step, before all others
    printed: Callable[[], Mapping[str, PrintedStep]] = dict
    """Gives what a source prints of the steps, by name."""
    printed_note: str = ""  #: Where that is from, in a sentence
    currency: str = "RMB"  #: What amounts are in
    unit: float = 1e4  #: What money is told in, in the currency
    unit_word: str = "10^4 RMB"  #: How that is written
    cuts: tuple[float, ...] = SOURCE_CUTS
    """Investment at which each cost class begins, in the currency."""
    flow_costs: Callable[[Any, Any], Any] | None = None
    """Gives where the input costs of an outcome end, at given prices: a `FlowCosts`."""
    stock: Callable[[Any, Any], float] = _no_stock
    """Gives what the tanks of a ledger hold, at given prices."""

    # ---- prices --------------------------------------------------------------------------------

    def own_prices(
        self,
        path: Path | str | None = None,
        settings: str | Iterable[str] | Mapping[str, Value] = (),
    ) -> Design[Any]:
        """Return the prices with a user's facts and settings in place of their own.

        ``path``: A TOML file of facts, in the format of ``prices.toml``; it may hold as few as it
        likes. ``settings``: ``"benzene=3500"``, ``"benzene=3.5 RMB/kg"``, ``{"benzene": 3500.0}``
        in RMB/t.

        Raises TypeError, ValueError or LookupError with all faults of the file, or of the settings.
        """
        design = self.prices() if path is None else self.overlaid(toml_path(path))
        return set_values(design, settings)

    def priced(self, prices: Any = None) -> Design[Any]:
        """Return prices as they were given, as a Design; the plant's own by default.

        Raises TypeError for anything else, such as a path.
        """
        own = self.prices()
        if prices is None:
            return own
        if isinstance(prices, type(own.tree)):
            return Design(prices, own.facts)
        if isinstance(prices, Design) and isinstance(prices.tree, type(own.tree)):
            return prices
        raise TypeError(
            f"prices must be {type(own.tree).__name__} or a Design of them, like "
            f"PLANT.economy.own_prices(settings={{{next(iter(own.facts))!r}: 1.0}}), "
            f"not {told(prices)}"
        )

    # ---- a year, and a step --------------------------------------------------------------------

    def annual_value(self, indicators: Mapping[str, float], prices: Prices) -> dict[str, float]:
        """Return a year's sales (positive) and purchases (negative) by item.

        ``indicators``: of `steady_state` or `simulate`; changes of stock are not valued.

        Notes
        -----
        Wages, capital and upkeep of what stands already are left out: no scheme changes them. So
        the sum is a contribution margin, not a profit.
        """
        self._need_prices(prices)
        if not isinstance(indicators, Mapping):
            like = "like steady_state('none').indicators"
            raise TypeError(f"indicators must be figures by name, {like}, not {told(indicators)}")
        return {
            name: item.sign * item.amount(indicators) * getattr(prices, item.price)
            for name, item in self.items.items()
        }

    def _need_prices(self, prices: Prices) -> None:
        kind = type(self.prices().tree)
        if not isinstance(prices, kind):
            name = kind.__name__
            raise TypeError(f"prices must be {name}, like prices().tree, not {told(prices)}")

    def margin(self, indicators: Mapping[str, float], prices: Prices) -> float:
        """Return a year's sales less its purchases."""
        return sum(self.annual_value(indicators, prices).values())

    def income(
        self,
        before: Mapping[str, float],
        after: Mapping[str, float],
        prices: Prices,
        name: str = "",
    ) -> StepValue:
        """Return what ``after`` is worth more than ``before``, item by item.

        ``before``, ``after``: indicators of two states of the plant, of the same clock; ``name``:
        what to call the step.
        """
        was, becomes = self.annual_value(before, prices), self.annual_value(after, prices)
        goods = frozenset(name for name, item in self.items.items() if item.goods)
        return StepValue(name, {item: becomes[item] - was[item] for item in self.items}, goods)

    def upkeep(self, schemes: Iterable[str], prices: Prices) -> float:
        """Return attendance and repairs of schemes that no flow shows, a year."""
        (ids,) = need_names("upkeep", schemes=schemes)
        self._need_prices(prices)
        priced = sum(getattr(prices, self.upkeeps[each]) for each in ids if each in self.upkeeps)
        return float(priced + sum(map(self.attended, ids)))

    def earned(
        self, indicators: Mapping[str, float], schemes: Iterable[str], prices: Prices
    ) -> float:
        """Return what a plant with schemes earns a year: its margin less their upkeep.

        So its change against the plant without schemes is the net income of a programme.
        """
        return self.margin(indicators, prices) - self.upkeep(schemes, prices)

    # ---- a programme ---------------------------------------------------------------------------

    def steps(self, schemes: Iterable[str]) -> dict[str, tuple[str, ...]]:
        """Return schemes as the steps of a programme, in the plant's order.

        Those that are introduced together come first: ``F1-F4``, or ``F1, F2`` of some of them.
        """
        (named,) = need_names("steps", schemes=schemes)
        ids = sorted(set(named), key=natural)
        first = tuple(each for each in ids if each in self.together)
        steps: dict[str, tuple[str, ...]] = {
            each: (each,) for each in ids if each not in self.together
        }
        if not first:
            return steps
        whole = first == self.together and len(first) > 2
        name = f"{first[0]}-{first[-1]}" if whole else ", ".join(first)
        return {name: first, **steps}

    def step_values(
        self, states: Sequence[Mapping[str, float]], prices: Prices, steps: Iterable[str]
    ) -> tuple[StepValue, ...]:
        """Return what each step adds; ``states`` has one more, the first before any step."""
        (names,) = need_names("step_values", steps=steps)
        (figures,) = need_all("step_values", Mapping, states=states)
        if len(figures) != len(names) + 1:
            raise ValueError(
                f"step_values: expected {len(names) + 1} states, one before the first of "
                f"{len(names)} steps and one after each, came {len(figures)}"
            )
        return tuple(
            self.income(before, after, prices, step)
            for step, (before, after) in zip(names, pairwise(figures), strict=True)
        )

    def investment(
        self, schemes: Iterable[str], own: Mapping[str, float] | None = None
    ) -> float | None:
        """Return what schemes cost once: ``own`` figures first, then those that are known.

        None where nobody says.
        """
        (ids,) = need_names("investment", schemes=schemes)
        own = {} if own is None else own
        need_amounts("investment", own=own)
        given = sum(own[each] for each in ids if each in own)
        asked = [self.invested(each) for each in ids if each not in own]
        known = [amount for amount in asked if amount is not None]
        return sum(known) + given if len(known) == len(asked) else None

    def printed_of(self, steps: Iterable[str]) -> Mapping[str, PrintedStep]:
        """Return what a source prints of steps; of the total only where it is of the same ones."""
        (names,) = need_names("printed_of", steps=steps)
        table, asked = self.printed(), {*names} - {TOTAL}
        same = set(table) - {TOTAL} == asked
        return {name: row for name, row in table.items() if name != TOTAL or same}

    def told(self, amount: float, decimals: int = 2) -> str:
        """Return an amount in the unit that money is told in."""
        (amount,) = need_number("told", amount=amount)
        (decimals,) = need_count("told", 0, decimals=decimals)
        text = f"{amount / self.unit:,.{decimals}f}"
        return text if text.strip("-0.") else text.removeprefix("-")


def reached(steps: Iterable[tuple[str, ...]]) -> tuple[tuple[str, ...], ...]:
    """Return the scheme sets that steps pass through, from none to all of them.

    Raises ValueError: a scheme is introduced twice.

    >>> reached([("F1", "F5"), ("F8",)])
    ((), ('F1', 'F5'), ('F1', 'F5', 'F8'))
    """
    found: list[tuple[str, ...]] = [()]
    for step in need_all("reached", Collection, steps=steps)[0]:
        need_names("reached", **{"steps, each of them,": step})
        if again := set(step) & set(found[-1]):
            raise ValueError(f"step {step!r}: {', '.join(sorted(again))} was introduced before")
        found.append((*found[-1], *step))
    return tuple(found)


def refuse_beside(investments: Mapping[str, float], among: Iterable[str]) -> None:
    """Raise ValueError for what a scheme costs that is not among those that are asked about."""
    need_kind("refuse_beside", Mapping, investments=investments)
    (ids,) = need_names("refuse_beside", among=among)
    for scheme in investments:
        if scheme not in ids:
            raise ValueError(
                f"investments: {scheme} is not among the schemes, {', '.join(ids)}; leave it out, "
                "or name the scheme with them"
            )


def check_investments(
    investments: Mapping[str, float] | None,
    known: Iterable[str],
    among: Iterable[str] | None = None,
) -> dict[str, float]:
    """Return what schemes cost once, in the currency, if that can be.

    ``among``: the schemes that are asked about, beside which others would have no effect.

    Raises TypeError, LookupError or ValueError: no mapping; no such scheme, or not among those; an
    amount below 0 or beyond `MOST`.
    """
    if investments is None:
        return {}
    if not isinstance(investments, Mapping):
        raise TypeError(
            f"investments must be amounts by scheme, like {{'F12': 1.2e6}}, not {told(investments)}"
        )
    (ids,) = need_names("check_investments", known=known)
    for scheme in investments:
        if scheme not in ids:
            raise LookupError(f"investments: no scheme {scheme!r}{did_you_mean(str(scheme), ids)}")
    if among is not None:
        refuse_beside(investments, among)
    return {
        scheme: number(f"investments: {scheme}", amount, 0.0, MOST)
        for scheme, amount in investments.items()
    }
