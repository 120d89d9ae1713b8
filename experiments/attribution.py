"""One figure of the line, split over the schemes by several methods, and what pairs do to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from experiments.cube import Cube, spelled
from experiments.worth import MONEY, NEITHER, ONCE, Figure, figure
from plant_models import attribution as methods
from plant_models.attribution import Game
from plant_models.chlorobenzene.appraisal import investment_of
from plant_models.chlorobenzene.prices import Prices
from sim.statistics import interval

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
