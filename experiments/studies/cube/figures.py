"""The figures of a cube's sets: indicators, and what they earn at some prices."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.studies import Worth
from experiments.studies.cube.cube import Cube
from plant_models.methods.attribution import members
from plant_models.methods.finance import annuity
from plant_models.model import PlantModel
from sim.errors import did_you_mean, told
from sim.tables import words

Array = NDArray[np.float64]

AVOIDED, GAINED, CHANGED, NEEDED = "avoided", "gained", "change", "needed"

NO_FIGURE = {
    "closure": "it is the rounding error of the books, not a figure of the plant",
    **dict.fromkeys(
        ("payback", "internal_rate"),
        "a quotient has no value for the plant without schemes; take net_income, present_value or "
        "net_benefit",
    ),
}
"""What cannot be attributed, and why."""

MONEY = {
    "net_income": "income less operating cost and upkeep",
    "income": "goods gained less lost, expenses saved",
    "operating_cost": "expenses grown, and upkeep",
    "investment": "one-off, as the source prints it",
    "present_value": "of net income over the horizon, less the investment",
    "net_benefit": "net income less the investment's annuity",
}
"""Money figures of a set, against the plant without schemes."""

ONCE = ("investment", "present_value")
PER_ITEM = "value."
"""Before the name of an item of the books: what it changes by, in money."""


@dataclass(frozen=True)
class Figure:
    """A figure of every set of a cube, an improvement counted as positive."""

    name: str
    unit: str
    word: str  #: ``avoided``, ``gained`` or ``change``
    values: Array  #: Against the plant without schemes; not a number where it is not known
    base: float  #: The figure of that plant itself; 0 for money, which is a difference by nature

    @property
    def title(self) -> str:
        """The name as a picture shows it: ``benzene to air``."""
        place, dot, rest = self.name.removesuffix("_t").partition(".")
        if dot and self.word == AVOIDED:
            return words(f"{rest} to {place}")
        return words(rest or place)


def is_money(name: str) -> bool:
    """Whether a figure is told in money, so that prices change it."""
    return name in MONEY or name.startswith(PER_ITEM)


def check_figure(name: object, plant: PlantModel[Any, Any]) -> str:
    """Return the name of a figure that can be attributed.

    Raises TypeError, LookupError or ValueError: no text; no such figure, or none of a plant without
    prices; one that cannot be split.
    """
    if not isinstance(name, str):
        raise TypeError(f"figure: expected a name like 'net_income', came {told(name)}")
    if name in NO_FIGURE:
        raise ValueError(f"{name} cannot be attributed: {NO_FIGURE[name]}")
    worth = Worth.of(plant)
    if worth is None and is_money(name):
        raise plant.lacks("prices", name)
    known = [each for each in plant.units if each not in NO_FIGURE]
    if worth is not None:
        known = [*MONEY, *known, *(PER_ITEM + item for item in worth.economy.items)]
    if name not in known:
        hint = did_you_mean(name, known) or f"; known: {', '.join(known)}"
        raise LookupError(f"no figure {name!r}{hint}")
    return name


def money_figures(cube: Cube, worth: Worth | None) -> dict[str, Figure]:
    """Return every money figure of every set, by its name; none without prices."""
    return {} if worth is None else {name: figure(cube, name, worth) for name in MONEY}


def figure(cube: Cube, name: str, worth: Worth | None) -> Figure:
    """Return a figure of every set; see `check_figure` for the names."""
    if worth is not None and name in MONEY:
        economy = worth.economy
        return Figure(
            name,
            economy.unit_word if name in ONCE else f"{economy.unit_word}/yr",
            NEEDED if name in ("investment", "operating_cost") else GAINED,
            _money(cube, name, worth) / economy.unit,
            0.0,
        )
    if worth is not None and name.startswith(PER_ITEM):
        item, economy = name.removeprefix(PER_ITEM), worth.economy
        rows = (cube.row(mask) for mask in range(len(cube.values)))
        sold = np.array([economy.annual_value(row, worth.prices)[item] for row in rows])
        values = (sold - sold[0]) / economy.unit
        return Figure(name, f"{economy.unit_word}/yr", GAINED, values, 0.0)
    column, plant = cube.columns[name], cube.plant
    goods = (plant.product, *plant.operating)
    word = GAINED if name in goods else CHANGED if name in plant.neutral else AVOIDED
    sign = -1.0 if word == AVOIDED else 1.0
    return Figure(name, cube.units[name], word, sign * (column - column[0]), float(column[0]))


def _money(cube: Cube, name: str, worth: Worth) -> Array:
    """Return a money figure of every set, in the currency, of a year where it is one."""
    sets = [members(cube.schemes, mask) for mask in range(len(cube.values))]
    costs = map(worth.investment, sets)
    once = np.array([np.nan if cost is None else cost for cost in costs])
    if name == "investment":
        return once
    economy, prices, base = worth.economy, worth.prices, cube.row(0)
    changes = [economy.income(base, cube.row(mask), prices) for mask in range(len(sets))]
    kept = np.array([economy.upkeep(ids, prices) for ids in sets])
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
