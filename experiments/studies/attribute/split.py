"""One figure of a plant, split over schemes by several methods, and what pairs do to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from experiments.output.answer import plain
from experiments.studies.cube.cube import Cube
from experiments.studies.cube.figures import MONEY, ONCE, Figure, Worth, figure
from plant_models.methods import attribution as methods
from plant_models.methods.abatement import CostCurve, cost_curve, pareto_front
from plant_models.methods.attribution import Game, members, shapley
from plant_models.methods.economics import Economy
from sim.statistics.intervals import interval

METHODS = {
    "alone": "what the scheme brings when no other is in place",
    "last-in": "what is lost when it alone is left out",
    "in order": "what it adds to those before it",
    "scaled": "the whole, shared in proportion to alone",
    "Shapley": "mean of what it adds, over all orders",
}
NO_MEASUREMENT = "each column is the answer of its method, none a measurement"
NOT_IDENTIFIABLE = (
    "the source prints totals alone, so no split over single schemes can be checked against it "
    f"(not identifiable): {NO_MEASUREMENT}"
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
    apart : tuple of str
        Schemes that are shown beside the players, if the cube has them.
    worth : Worth, optional
        At which prices money is told; none of a plant without them.
    """

    players: tuple[str, ...]
    given: tuple[str, ...]
    order: tuple[str, ...]
    apart: tuple[str, ...] = ()
    worth: Worth | None = None

    @property
    def not_priced(self) -> tuple[str, ...]:
        """Schemes in play whose investment nobody says."""
        worth, ids = self.worth, (*self.players, *self.given)
        return tuple(each for each in ids if worth is None or worth.investment([each]) is None)

    def refuse_unpriced(self, name: str) -> None:
        """Raise if a figure takes an investment that nobody says."""
        unknown = self.not_priced
        if unknown and name in (*ONCE, "net_benefit"):
            raise ValueError(
                f"{name}: the source gives no investment of {', '.join(unknown)}; say it: "
                f"--invest {unknown[0]}=AMOUNT, or investments={{{unknown[0]!r}: AMOUNT}}"
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
    alone, last_in : float
        An improvement is positive, as in the figure; not a number where it is not known.
    levels : tuple of float
        The figure with all players, without and with this scheme.
    per_tonne : tuple of float, optional
        The same, per tonne of the product.
    """

    name: str
    alone: float
    last_in: float
    levels: tuple[float, float]
    per_tonne: tuple[float, float] | None


@dataclass(frozen=True)
class Attribution:
    """A figure split over players."""

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
        """The schemes beside the players."""
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
        plant = self.cube.plant
        of_tonnes = self.figure.unit.startswith("t/yr") and self.figure.name not in plant.neutral
        if not plant.product or not of_tonnes:
            return None
        product = self.cube.columns[plant.product]
        without, with_it = (self._level(mask) / float(product[mask]) for mask in masks)
        return without, with_it


def attribution(cube: Cube, name: str, terms: Terms) -> Attribution:
    """Return a figure split over the players."""
    return Attribution(cube, terms, figure(cube, name, terms.worth))


def in_full(of: Attribution) -> dict[str, Any]:
    """Return all of an attribution as JSON can hold it; an improvement is positive."""
    told = {
        "figure": of.figure.name,
        "unit": of.figure.unit,
        "counted": of.figure.word,
        "base": of.figure.base,
        "together": of.game.together,
        "additivity_gap": of.gap,
        "order": of.terms.order,
        "by_method": {name: of.splits[name] or None for name in METHODS},
        "shapley_half_width_95": of.half_widths,
        "pair_interactions": [
            {"pair": pair, "given_none": none, "given_all_others": others}
            for pair, (none, others) in of.pairs.items()
        ],
        "apart": [
            {
                "scheme": each.name,
                "alone": each.alone,
                "last_in": each.last_in,
                "levels": each.levels,
                "per_tonne_of_product": each.per_tonne,
            }
            for each in of.apart
        ],
    }
    return {name: plain(value) for name, value in told.items()}


def title(of: Attribution) -> str:
    """Return what is split, in a line."""
    spelled, given = of.cube.spelled, of.terms.given
    who = spelled(of.terms.players)
    with_them = f", with {spelled(given)}" if given else ""
    about = f" ({MONEY[of.figure.name]})" if of.figure.name in MONEY else ""
    return f"{of.figure.name}{about}, {of.figure.word} by {who}{with_them}, {of.figure.unit}"


@dataclass(frozen=True)
class Choice:
    """A set of players on the Pareto front."""

    schemes: tuple[str, ...]
    avoided: float
    """t/yr"""
    net_benefit: float
    """A year, in the unit that the plant's money is told in."""


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

    @property
    def money(self) -> Economy:
        """What money is told in."""
        assert self.benefit.terms.worth is not None
        return self.benefit.terms.worth.economy

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
        "money": of.benefit.figure.unit,
        "front": [
            {
                "schemes": list(choice.schemes),
                "avoided_t": choice.avoided,
                "net_benefit": choice.net_benefit,
            }
            for choice in of.front
        ],
        "cost_curve_by_shapley": {
            kind: [
                {"scheme": m.name, "avoided_t": m.avoided, "cost": m.cost}
                for m in getattr(of.curve, kind)
            ]
            for kind in ("earning", "costing", "useless")
        },
    }
