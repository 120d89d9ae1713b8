"""One figure of the line, split over the schemes by several methods, and what pairs do to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from plant_models.chlorobenzene.money.appraisal import investment_of
from plant_models.chlorobenzene.money.economics import ITEMS, annual_value, income, upkeep

from experiments.studies.cube.study import Cube, spelled
from plant_models.chlorobenzene.figures.style import words
from plant_models.chlorobenzene.money.prices import Prices
from plant_models.chlorobenzene.paper.printed import TEN_THOUSAND
from plant_models.chlorobenzene.run.indicators import UNITS
from plant_models.methods import attribution as methods
from plant_models.methods.abatement import CostCurve, cost_curve, pareto_front
from plant_models.methods.attribution import Game, members, shapley
from plant_models.methods.finance import annuity
from sim.statistics.intervals import interval

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


APART = "F12"
"""The source names it without investment, income or benefit: no player unless asked for."""

METHODS = {
    "alone": "what the scheme brings when no other is in place",
    "last-in": "what is lost when it alone is left out",
    "in order": "what it adds to those before it",
    "scaled": "the whole, shared in proportion to alone",
    "Shapley": "mean of what it adds, over all orders",
}
NOT_IDENTIFIABLE = (
    "the source prints totals alone, so no split over single schemes can be checked against it "
    "(not identifiable): each column is the answer of its method, none a measurement"
)


@dataclass(frozen=True)
class Terms:
    """What an attribution is asked for.

    Parameters
    ----------
    players : tuple of str
        The schemes that share the figure, in the game's own order.
    given : tuple of str
        Schemes that are in place throughout.
    order : tuple of str
        The order in which the players are introduced.
    prices : Prices
    investments : Mapping[str, float]
        By scheme, instead of the source's or where it has none, RMB.
    """

    players: tuple[str, ...]
    given: tuple[str, ...]
    order: tuple[str, ...]
    prices: Prices
    investments: Mapping[str, float]

    @property
    def apart(self) -> tuple[str, ...]:
        """Schemes that are shown beside the players."""
        return (APART,) if APART not in (*self.players, *self.given) else ()

    @property
    def not_priced(self) -> tuple[str, ...]:
        """Schemes in play whose investment nobody says."""
        return tuple(
            each
            for each in (*self.players, *self.given)
            if investment_of([each], self.investments) is None
        )

    def schemes(self, known: Mapping[str, object]) -> tuple[str, ...]:
        """Return all schemes that a cube needs."""
        wanted = {*self.players, *self.given, *self.apart}
        return tuple(name for name in known if name in wanted)

    def masks(self, schemes: tuple[str, ...]) -> list[int]:
        """Return the sets that are needed: all of the players; those apart with none and all."""
        bit = {name: 1 << i for i, name in enumerate(schemes)}
        base = sum(bit[name] for name in self.given)
        needed = [base]
        for player in self.players:
            needed += [mask | bit[player] for mask in needed]
        ends = [mask | bit[name] for name in self.apart for mask in (base, needed[-1])]
        return [0, *needed, *ends]


@dataclass(frozen=True)
class Apart:
    """A scheme that takes no share: what it brings alone and after all players.

    Parameters
    ----------
    name : str
    alone, last_in : float
        An improvement is positive, as in the figure; not a number where it is not known.
    levels : tuple of float
        The figure with all players, without and with this scheme.
    per_tonne : tuple of float, optional
        The same, per tonne of chlorobenzene drummed.
    """

    name: str
    alone: float
    last_in: float
    levels: tuple[float, float]
    per_tonne: tuple[float, float] | None


@dataclass(frozen=True)
class Attribution:
    """A figure split over players.

    Parameters
    ----------
    cube : Cube
    terms : Terms
    figure : Figure
    """

    cube: Cube
    terms: Terms
    figure: Figure

    @cached_property
    def game(self) -> Game:
        """The figure as a game of the players."""
        return self.cube.game(self.figure.values, self.terms.players, self.terms.given)

    @cached_property
    def splits(self) -> Mapping[str, Mapping[str, float] | None]:
        """Shares by method and player."""
        return methods.split(self.game, self.terms.order)

    @cached_property
    def half_widths(self) -> Mapping[str, float] | None:
        """Half the 95 % interval of each Shapley value, over the replications if there are any."""
        singles = self.cube.replications
        if len(singles) < 2:
            return None
        shares = [
            methods.shapley(attribution(each, self.figure.name, self.terms).game)
            for each in singles
        ]
        return {name: interval([share[name] for share in shares]).half_width for name in shares[0]}

    @cached_property
    def pairs(self) -> Mapping[tuple[str, str], tuple[float, float]]:
        """Interaction of each pair, given none and given all other players; the largest first."""
        none = methods.interactions_given_none(self.game)
        others = methods.interactions_given_others(self.game)
        both = {pair: (none[pair], others[pair]) for pair in none}
        return dict(sorted(both.items(), key=lambda item: -max(map(abs, item[1]))))

    @property
    def gap(self) -> float:
        """Sum of alone less together."""
        return methods.additivity_gap(self.game)

    @cached_property
    def apart(self) -> tuple[Apart, ...]:
        """The schemes beside the players, F12 by default."""
        found = []
        none = self.cube.mask(self.terms.given)
        all_players = self.cube.mask((*self.terms.given, *self.terms.players))
        values = self.figure.values
        for name in self.terms.apart:
            if name not in self.cube.schemes:
                continue
            bit = self.cube.mask([name])
            found.append(
                Apart(
                    name,
                    float(values[none | bit] - values[none]),
                    float(values[all_players | bit] - values[all_players]),
                    (self._level(all_players), self._level(all_players | bit)),
                    self._per_tonne(all_players, all_players | bit),
                )
            )
        return tuple(found)

    def _level(self, mask: int) -> float:
        """Return the figure itself, not what has changed of it."""
        column = self.cube.columns.get(self.figure.name)
        return float((self.figure.values if column is None else column)[mask])

    def _per_tonne(self, *masks: int) -> tuple[float, float] | None:
        if not self.figure.unit.startswith("t/yr") or self.figure.name in NEITHER:
            return None
        product = self.cube.columns["chlorobenzene_t"]
        without, with_it = (self._level(mask) / float(product[mask]) for mask in masks)
        return without, with_it


def attribution(cube: Cube, name: str, terms: Terms) -> Attribution:
    """Return a figure split over the players.

    Raises
    ------
    ValueError
        If a set that is needed has no figure.
    """
    of = figure(cube, name, terms.prices, terms.investments)
    unknown = terms.not_priced
    if unknown and name in (*ONCE, "net_benefit"):
        raise ValueError(
            f"{name}: the source gives no investment of {', '.join(unknown)}; say it: "
            f"--invest {unknown[0]}=AMOUNT"
        )
    return Attribution(cube, terms, of)


def in_full(of: Attribution) -> dict[str, Any]:
    """Return all of an attribution as JSON can hold it; an improvement is positive."""
    return {
        "figure": of.figure.name,
        "unit": of.figure.unit,
        "counted": of.figure.word,
        "base": of.figure.base,
        "together": of.game.together,
        "additivity_gap": of.gap,
        "order": list(of.terms.order),
        "by_method": {name: dict(of.splits[name] or {}) or None for name in METHODS},
        "shapley_half_width_95": of.half_widths,
        "pair_interactions": [
            {"pair": list(pair), "given_none": none, "given_all_others": others}
            for pair, (none, others) in of.pairs.items()
        ],
        "apart": [
            {
                "scheme": each.name,
                "alone": _number(each.alone),
                "last_in": _number(each.last_in),
                "levels": [_number(level) for level in each.levels],
                "per_tonne_of_product": list(each.per_tonne) if each.per_tonne else None,
            }
            for each in of.apart
        ],
    }


def _number(value: float) -> float | None:
    return None if np.isnan(value) else value


def title(of: Attribution) -> str:
    """Return what is split, in a line."""
    who = spelled(of.terms.players)
    with_them = f", with {spelled(of.terms.given)}" if of.terms.given else ""
    about = f" ({MONEY[of.figure.name]})" if of.figure.name in MONEY else ""
    return f"{of.figure.name}{about}, {of.figure.word} by {who}{with_them}, {of.figure.unit}"


@dataclass(frozen=True)
class Choice:
    """A set of players on the Pareto front."""

    schemes: tuple[str, ...]
    avoided: float
    """t/yr"""
    net_benefit: float
    """10^4 RMB/yr"""


@dataclass(frozen=True)
class Tradeoff:
    """Money against tonnes of one emission, over all sets of the players.

    Parameters
    ----------
    tonnes, benefit : Attribution
        Of the emission, and of ``net_benefit``.
    """

    tonnes: Attribution
    benefit: Attribution

    @cached_property
    def points(self) -> tuple[Choice, ...]:
        """Every set of the players."""
        rows = zip(self.tonnes.game.worth, self.benefit.game.worth, strict=True)
        base = self.tonnes.game.worth[0], self.benefit.game.worth[0]
        players = self.tonnes.game.players
        return tuple(
            Choice(members(players, mask), float(t - base[0]), float(money - base[1]))
            for mask, (t, money) in enumerate(rows)
        )

    @cached_property
    def front(self) -> tuple[Choice, ...]:
        """The sets that no other beats in both, the most tonnes first."""
        points = self.points
        best = pareto_front([p.avoided for p in points], [p.net_benefit for p in points])
        return tuple(points[i] for i in best)

    @cached_property
    def curve(self) -> CostCurve:
        """The marginal abatement cost curve, tonnes and money by Shapley."""
        cost = {name: -share for name, share in shapley(self.benefit.game).items()}
        return cost_curve(shapley(self.tonnes.game), cost)


def tradeoff_in_full(of: Tradeoff) -> dict[str, Any]:
    """Return front and cost curve as JSON can hold them."""
    return {
        "emission": of.tonnes.figure.name,
        "front": [
            {
                "schemes": list(choice.schemes),
                "avoided_t": choice.avoided,
                "net_benefit_1e4_rmb": choice.net_benefit,
            }
            for choice in of.front
        ],
        "cost_curve_by_shapley": {
            kind: [
                {"scheme": m.name, "avoided_t": m.avoided, "cost_1e4_rmb": m.cost}
                for m in getattr(of.curve, kind)
            ]
            for kind in ("earning", "costing", "useless")
        },
    }
