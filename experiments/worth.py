"""What can be attributed: every indicator of a cube, and money figures of its sets.

An improvement counts as positive: what a set avoids of a burden (an emission, a purchase), what it
gains of a product or of money, all against the line without any scheme. So an overlap of two
schemes is always a pair that brings less than the sum of both.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from experiments.cube import Cube
from plant_models.attribution import members
from plant_models.chlorobenzene.appraisal import investment_of
from plant_models.chlorobenzene.economics import ITEMS, annual_value, income, upkeep
from plant_models.chlorobenzene.figures.style import words
from plant_models.chlorobenzene.indicators import UNITS
from plant_models.chlorobenzene.prices import Prices
from plant_models.chlorobenzene.printed import TEN_THOUSAND
from plant_models.finance import annuity

Array = NDArray[np.float64]

AVOIDED, GAINED, CHANGED = "avoided", "gained", "change"
GOODS = ("chlorobenzene_t", "hydrochloric_acid_t", "dichlorobenzene_t", "operating_hours",
         "availability")  # fmt: skip
NEITHER = ("stock_change_t", "slop_oil_t")
"""Neither good nor bad in themselves: shown as they change."""

NO_GAME = {"closure": "it is the rounding error of the books, not a figure of the line"}
MONEY = {
    "net_income": "income less operating cost and upkeep",
    "income": "goods gained less lost, expenses saved",
    "operating_cost": "expenses grown, and upkeep",
    "investment": "one-off, as the source prints it",
    "present_value": "of net income over the horizon, less the investment",
    "net_benefit": "net income less the investment's annuity",
}
"""Money figures of a set, against the line without schemes."""

WAN_YEAR, WAN = "10^4 RMB/yr", "10^4 RMB"
ONCE = ("investment", "present_value")
PER_ITEM = "value."
"""Before the name of an item of the books: what it changes by, in money."""

TONNES = tuple(n for n in UNITS if n.startswith(("air.", "wastewater")))
"""Indicators that are emissions, t/yr."""


@dataclass(frozen=True)
class Figure:
    """A figure of every set of a cube, an improvement counted as positive.

    Parameters
    ----------
    name, unit : str
    word : str
        ``avoided``, ``gained`` or ``change``.
    values : array of 2**n
        Against the line without schemes; not a number where it is not known.
    base : float
        The figure of that line itself; 0 for money, which is a difference by nature.
    """

    name: str
    unit: str
    word: str
    values: Array
    base: float

    @property
    def title(self) -> str:
        """The name as a picture shows it: ``benzene to air``."""
        place, dot, rest = self.name.removesuffix("_t").partition(".")
        if dot and self.name in TONNES:
            return words(f"{rest} to {place}")
        return words(rest or place)


def known_figures() -> tuple[str, ...]:
    """Return the names of all figures that can be attributed."""
    indicators = [name for name in UNITS if name not in NO_GAME]
    return (*MONEY, *indicators, *(PER_ITEM + item for item in ITEMS))


def money_figures(
    cube: Cube, prices: Prices, investments: Mapping[str, float]
) -> dict[str, Figure]:
    """Return every money figure of every set, by its name."""
    return {name: figure(cube, name, prices, investments) for name in MONEY}


def figure(cube: Cube, name: str, prices: Prices, investments: Mapping[str, float]) -> Figure:
    """Return a figure of every set.

    Parameters
    ----------
    cube : Cube
    name : str
        One of `known_figures`.
    prices : Prices
    investments : Mapping[str, float]
        Of schemes that the source gives none for, or instead of its own, RMB.
    """
    if name in MONEY:
        return Figure(
            name,
            WAN if name in ONCE else WAN_YEAR,
            "needed" if name in ("investment", "operating_cost") else GAINED,
            _money(cube, name, prices, investments) / TEN_THOUSAND,
            0.0,
        )
    if name.startswith(PER_ITEM):
        item = name.removeprefix(PER_ITEM)
        sold = np.array([annual_value(cube.row(m), prices)[item] for m in range(len(cube.values))])
        return Figure(name, WAN_YEAR, GAINED, (sold - sold[0]) / TEN_THOUSAND, 0.0)
    column = cube.columns[name]
    word = GAINED if name in GOODS else CHANGED if name in NEITHER else AVOIDED
    sign = -1.0 if word == AVOIDED else 1.0
    return Figure(name, UNITS[name], word, sign * (column - column[0]), float(column[0]))


def _money(cube: Cube, name: str, prices: Prices, own: Mapping[str, float]) -> Array:
    """Return a money figure of every set, RMB or RMB/yr."""
    sets = [members(cube.schemes, mask) for mask in range(len(cube.values))]
    costs = (investment_of(ids, own) for ids in sets)
    once = np.array([np.nan if cost is None else cost for cost in costs])
    if name == "investment":
        return once
    base = cube.row(0)
    changes = [income(base, cube.row(mask), prices) for mask in range(len(sets))]
    kept = np.array([upkeep(ids, prices) for ids in sets])
    if name == "income":
        return np.array([change.income for change in changes])
    if name == "operating_cost":
        return np.asarray(np.array([change.operating_cost for change in changes]) + kept)
    net: Array = np.array([change.net for change in changes]) - kept
    if name == "net_income":
        return net
    share = annuity(prices.interest_rate, prices.horizon)
    benefit = net - share * once
    return np.asarray(benefit if name == "net_benefit" else benefit / share)
