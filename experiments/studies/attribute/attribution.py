"""A figure split over schemes by several methods, with interactions and how sure that is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from experiments.output.answer import plain
from experiments.studies import Worth
from experiments.studies.cube.cube import Cube
from experiments.studies.cube.figures import (
    AVOIDED,
    CHANGED,
    GAINED,
    MONEY,
    ONCE,
    Figure,
    figure,
)
from plant_models.methods import attribution as methods
from plant_models.methods.attribution import Game, members
from sim.statistics.intervals import interval

METHODS = {
    "alone": "what the scheme brings when no other is in place",
    "last-in": "what is lost when it alone is left out",
    "in order": "what it adds to those before it",
    "scaled": "the whole, shared in proportion to alone",
    "Shapley": "mean of what it adds, over all orders",
}
K = TypeVar("K")
ROUNDING = 1e-12  # of a figure: less is left of sums that cancel
NOTHING = 1e-3  # of a figure's largest mean: what is less has no share to speak of
NO_MEASUREMENT = "each column is the answer of its method, none a measurement"
NOT_IDENTIFIABLE = (
    "the source prints totals alone, so no split over single schemes can be checked against it "
    f"(not identifiable): {NO_MEASUREMENT}"
)


@dataclass(frozen=True)
class Terms:
    """What an attribution is asked for."""

    players: tuple[str, ...]  #: The schemes that share the figure, in the game's own order
    given: tuple[str, ...]  #: Schemes that are in place throughout
    order: tuple[str, ...]  #: The order in which the players are introduced
    apart: tuple[str, ...] = ()  #: Schemes that are shown beside the players, if the cube has them
    worth: Worth | None = None  #: At which prices money is told; none of a plant without them

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
    """A scheme that takes no share: what it brings alone and after all players."""

    name: str
    alone: float
    last_in: float
    """As alone: an improvement is positive, as in the figure; not a number where not known."""
    levels: tuple[float, float]  #: The figure with all players, without and with this scheme
    per_tonne: tuple[float, float] | None  #: The same, per tonne of the product


@dataclass(frozen=True)
class HalfWidths:
    """Half the 95 % intervals of a split over replications, each of which is split by itself."""

    by_method: Mapping[str, Mapping[str, float] | None]
    """None of a method that is not defined in some replication."""
    together: float
    gap: float


@dataclass(frozen=True)
class Tail:
    """How far the worst replication of each set lies beyond the mean of that set, relative."""

    sets: int  #: That have a mean to speak of
    half: float  #: The median of them
    twentieth: float  #: What one set of twenty lies beyond
    most: float
    where: tuple[str, ...]  #: The set that it is of


@dataclass(frozen=True)
class Attribution:
    """A figure split over players."""

    cube: Cube
    terms: Terms
    figure: Figure

    @property
    def judged(self) -> bool:
        """Whether more of it is better; of what merely changes, or costs, a sum tells no merit."""
        return self.figure.word in (AVOIDED, GAINED)

    @cached_property
    def game(self) -> Game:
        """The figure as a game of the players."""
        return self.cube.game(self.figure.values, self.terms.players, self.terms.given)

    @cached_property
    def splits(self) -> Mapping[str, Mapping[str, float] | None]:
        """Shares by method and player."""
        split = methods.split(self.game, self.terms.order)
        return {
            method: shares if shares is None else self._unrounded(shares)
            for method, shares in split.items()
        }

    def _unrounded(self, some: Mapping[K, float]) -> dict[K, float]:
        """Return sums of the figure, of which those that cancel to its rounding are 0."""
        size = max(abs(self.before), float(np.abs(self.game.worth).max()))
        return {key: 0.0 if abs(at) <= ROUNDING * size else at for key, at in some.items()}

    @cached_property
    def replications(self) -> tuple[Attribution, ...]:
        """The figure of every replication split by itself."""
        return tuple(
            attribution(each, self.figure.name, self.terms) for each in self.cube.replications
        )

    @cached_property
    def half_widths(self) -> HalfWidths | None:
        """By Student's t over the replications; none of a single one."""
        singles = self.replications
        if len(singles) < 2:
            return None
        by_method: dict[str, Mapping[str, float] | None] = {}
        for method in METHODS:
            splits = [each.splits[method] for each in singles]
            shares = [split for split in splits if split is not None]
            by_method[method] = (
                {who: _half_width([share[who] for share in shares]) for who in shares[0]}
                if len(shares) == len(splits)
                else None
            )
        return HalfWidths(
            by_method,
            _half_width([each.game.together for each in singles]),
            _half_width([each.gap for each in singles]),
        )

    @cached_property
    def tail(self) -> Tail | None:
        """How heavy the tail of the replications is; none of a single one, nor of a difference."""
        if len(self.replications) < 2 or self.figure.name not in self.cube.columns:
            return None
        levels = np.array([each.levels for each in self.replications])
        mean = levels.mean(axis=0)
        size = np.abs(mean)
        told = np.isfinite(mean) & (size > NOTHING * np.nanmax(size))
        if not told.any():
            return None
        above, below = levels.max(axis=0) - mean, mean - levels.min(axis=0)
        word = self.figure.word
        worst = below if word == GAINED else above if word != CHANGED else np.maximum(above, below)
        beyond = worst[told] / size[told]
        mask = int(np.flatnonzero(told)[beyond.argmax()])
        half, twentieth = np.quantile(beyond, (0.5, 0.95)).tolist()
        where = members(self.cube.schemes, mask)
        return Tail(len(beyond), half, twentieth, float(beyond.max()), where)

    @cached_property
    def pairs(self) -> Mapping[tuple[str, str], tuple[float, float]]:
        """Interaction of each pair, given none and given all other players; the largest first."""
        none = self._unrounded(methods.interactions(self.game))
        others = self._unrounded(methods.interactions(self.game, self.game.players))
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
            ends = self._unrounded(
                {mask: self._level(mask) for mask in (all_players, all_players | bit)}
            )
            gains = {mask: float(values[mask | bit] - values[mask]) for mask in (none, all_players)}
            without, with_it = ends.values()
            alone, last_in = self._unrounded(gains).values()
            found.append(Apart(name, alone, last_in, (without, with_it), self._per_tonne(ends)))
        return tuple(found)

    @property
    def before(self) -> float:
        """The figure itself with what is given and no player; 0 for money, a difference."""
        told = self.figure.name in self.cube.columns
        return self._level(self.cube.mask(self.terms.given)) if told else 0.0

    @property
    def levels(self) -> NDArray[np.float64]:
        """The figure of every set itself, not what has changed of it."""
        return self.cube.columns.get(self.figure.name, self.figure.values)

    def _level(self, mask: int) -> float:
        return float(self.levels[mask])

    def _per_tonne(self, levels: Mapping[int, float]) -> tuple[float, float] | None:
        """Return the figure of two sets by tonne of product, where both are tonnes."""
        plant = self.cube.plant
        of_tonnes = self.figure.unit.startswith("t/yr") and self.figure.name not in plant.neutral
        if not plant.product or not of_tonnes:
            return None
        product = self.cube.columns[plant.product]
        without, with_it = (level / float(product[mask]) for mask, level in levels.items())
        return without, with_it


def _half_width(values: Sequence[float]) -> float:
    return interval(values).half_width


def attribution(cube: Cube, name: str, terms: Terms) -> Attribution:
    """Return a figure split over the players."""
    return Attribution(cube, terms, figure(cube, name, terms.worth))


def in_full(of: Attribution) -> dict[str, Any]:
    """Return all of an attribution as JSON can hold it; an improvement is positive."""
    halves = of.half_widths
    told = {
        "figure": of.figure.name,
        "unit": of.figure.unit,
        "counted": of.figure.word,
        "base": of.before,
        "together": of.game.together,
        "additivity_gap": of.gap,
        "order": of.terms.order,
        "by_method": {name: of.splits[name] or None for name in METHODS},
        "shapley_half_width_95": None if halves is None else halves.by_method["Shapley"],
        "half_width_95": halves,
        "worst_replication_beyond_mean": of.tail,
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
