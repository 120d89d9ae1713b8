r"""Who gets the credit when measures act together: a figure known for every set of them, split.

A figure that is known for each of the :math:`2^n` sets of n players is a cooperative game. What
one player is worth in it has no single answer once players get into each other's way or need each
other; each method here answers another question, and none of them is a measurement:

================  ==========================================================================
alone             what the player brings when nobody else is there
last-in           what is lost when the player alone is left out of all
in a given order  what the player adds to those before it; they sum to the whole
scaled            shares in proportion to alone; they sum to the whole
Shapley           the mean of what the player adds, over all orders; they sum to the whole
================  ==========================================================================

Sets are numbered by their bits: bit i of a mask says that player i takes part. Figures keep their
unit of measure; nothing here knows a plant.

References
----------
Shapley, "A value for n-person games", *Contributions to the Theory of Games* II, 1953.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import comb

import numpy as np
from numpy.typing import ArrayLike, NDArray

from plant_models.arguments import need_figures
from sim.errors import (
    as_count,
    look_up,
    need_count,
    need_function,
    need_kind,
    need_names,
    need_text,
)

MOST_PLAYERS = 20
"""A million sets; the sums are exact, so they need them all."""

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Game:
    """A figure for every set of players.

    ``players``: their names; player i is bit i of a mask. ``worth``: the figure of each set by its
    mask, the empty set first, in any one unit.

    Raises ValueError if names are missing or repeated, or the figures are not one finite number a
    set.

    Examples
    --------
    >>> vent = Game(("first", "second"), [0.0, 60.0, 80.0, 92.0])  # t/yr caught of 100
    >>> shapley(vent)
    {'first': 36.0, 'second': 56.0}
    """

    players: tuple[str, ...]
    worth: Array

    def __init__(self, players: Iterable[str], worth: ArrayLike) -> None:
        names = _players("Game", players)
        values = np.array(need_figures("Game", worth=worth)[0])
        if values.shape != (1 << len(names),):
            raise ValueError(
                f"{len(names)} players form {1 << len(names)} sets; came figures of shape "
                f"{values.shape}"
            )
        if not np.isfinite(values).all():
            mask = int(np.flatnonzero(~np.isfinite(values))[0])
            who = ", ".join(members(names, mask)) or "none"
            raise ValueError(
                f"the figure of the set {who} is {values[mask]}, which cannot be split"
            )
        values.flags.writeable = False
        object.__setattr__(self, "players", names)
        object.__setattr__(self, "worth", values)

    @classmethod
    def of(cls, players: Iterable[str], figure: Callable[[tuple[str, ...]], float]) -> Game:
        """Return the game of a function of the set, asked once for every set."""
        need_function("Game.of", "players", figure=figure)
        names = _players("Game.of", players)
        return cls(names, [figure(_members(names, mask)) for mask in range(1 << len(names))])

    @property
    def together(self) -> float:
        """What all players bring, beyond what is there without any."""
        return float(self.worth[-1] - self.worth[0])

    def mask(self, players: Iterable[str]) -> int:
        """Return the number of a set."""
        (names,) = need_names("mask", players=players)
        return sum(1 << self.place(name) for name in set(names))

    def place(self, player: str) -> int:
        """Return the place of a player; an unknown one is a LookupError."""
        return look_up("player", player, {name: i for i, name in enumerate(self.players)})

    def __getitem__(self, players: Iterable[str]) -> float:
        return float(self.worth[self.mask(players)])


def members(players: Sequence[str], mask: int) -> tuple[str, ...]:
    """Return the players of a set.

    >>> members(("F1", "F2", "F3"), 0b101)
    ('F1', 'F3')
    """
    (mask,) = need_count("members", 0, mask=mask)
    (players,) = need_names("members", players=players)
    return _members(players, mask)


def _players(where: str, players: object) -> tuple[str, ...]:
    """Return the players of a game, no more than it can have."""
    (names,) = need_names(where, players=players)
    if not 0 < len(names) <= MOST_PLAYERS:
        raise ValueError(f"a game has 1 to {MOST_PLAYERS} players, not {len(names)}")
    if len(set(names)) != len(names):
        raise ValueError(f"players have names of their own; came {', '.join(names)}")
    return tuple(names)


def _members(players: Sequence[str], mask: int) -> tuple[str, ...]:
    return tuple(player for bit, player in enumerate(players) if mask >> bit & 1)


def sizes(n: int) -> NDArray[np.intp]:
    """Return how many players each of the 2**n sets has.

    >>> sizes(2).tolist()
    [0, 1, 1, 2]
    """
    n = as_count("sizes: expected n as", n, 0, MOST_PLAYERS)
    count = np.zeros(1, dtype=np.intp)
    for _ in range(n):
        count = np.concatenate((count, count + 1))
    return count


def marginals(game: Game, player: str) -> Array:
    """Return what a player adds to each set of the others, those in the order of their masks."""
    need_kind("marginals", Game, game=game)
    need_text("marginals", player=player)
    bit = game.place(player)
    pairs = game.worth.reshape(-1, 2, 1 << bit)
    return np.asarray(pairs[:, 1] - pairs[:, 0]).ravel()


def alone(game: Game) -> dict[str, float]:
    """Return what each player brings when no other is there."""
    need_kind("alone", Game, game=game)
    return {player: float(marginals(game, player)[0]) for player in game.players}


def last_in(game: Game) -> dict[str, float]:
    """Return what is lost when each player alone is left out of all."""
    need_kind("last_in", Game, game=game)
    return {player: float(marginals(game, player)[-1]) for player in game.players}


def in_order(game: Game, order: Sequence[str] | None = None) -> dict[str, float]:
    """Return what each player adds to those before it.

    ``order``: all players, the first one first; the game's own order by default.

    Raises ValueError if the order does not name every player once.
    """
    need_kind("in_order", Game, game=game)
    names = game.players if order is None else tuple(*need_names("in_order", order=order))
    if sorted(names) != sorted(game.players):
        raise ValueError(
            f"an order names every player once ({', '.join(game.players)}); came {', '.join(names)}"
        )
    added, mask = {}, 0
    for player in names:
        after = mask | 1 << game.players.index(player)
        added[player] = float(game.worth[after] - game.worth[mask])
        mask = after
    return {player: added[player] for player in game.players}


def scaled(game: Game) -> dict[str, float] | None:
    """Return shares of the whole in proportion to what each brings alone.

    ``None`` where those sum to nothing, as in a pair that needs each other; where they have both
    signs, shares say little.
    """
    need_kind("scaled", Game, game=game)
    single = alone(game)
    total = sum(single.values())
    if abs(total) <= 1e-12 * sum(map(abs, single.values())) or not any(single.values()):
        return None
    return {player: worth * (game.together / total) for player, worth in single.items()}


def shapley(game: Game) -> dict[str, float]:
    r"""Return the exact Shapley value of each player, by summing over all sets.

    .. math:: \varphi_i = \sum_{S \not\ni i} \frac{|S|!\,(n-1-|S|)!}{n!}
              \left( v(S \cup i) - v(S) \right)

    Shares sum to what all bring together; players that add the same to every set get the same; one
    that adds nothing to any gets nothing; the value of a sum of games is the sum of their values.
    No other split has the four properties.
    """
    need_kind("shapley", Game, game=game)
    n = len(game.players)
    weights = np.array([1.0 / (n * comb(n - 1, size)) for size in range(n)])[sizes(n - 1)]
    return {player: float(weights @ marginals(game, player)) for player in game.players}


def interactions(game: Game, given: Iterable[str] = ()) -> dict[tuple[str, str], float]:
    """Return what each pair brings beyond the sum of both, where ``given`` take part already.

    Negative: they get into each other's way (overlap). Positive: they help, or need, each other.
    """
    need_kind("interactions", Game, game=game)
    (known,) = need_names("interactions", given=given)
    base = game.mask(known)
    found = {}
    for one, other in combinations(game.players, 2):
        a, b = game.mask([one]), game.mask([other])
        rest = base & ~(a | b)
        v = game.worth
        found[one, other] = float((v[rest | a | b] - v[rest | a]) - (v[rest | b] - v[rest]))
    return found


def additivity_gap(game: Game) -> float:
    """Return the sum of alone less what all bring together: what adding up single effects invents.

    Positive: a simple sum promises more than there is (overlaps prevail).
    """
    need_kind("additivity_gap", Game, game=game)
    return sum(alone(game).values()) - game.together


def split(game: Game, order: Sequence[str] | None = None) -> dict[str, Mapping[str, float] | None]:
    """Return all five splits by the name of their method."""
    need_kind("split", Game, game=game)
    return {
        "alone": alone(game),
        "last-in": last_in(game),
        "in order": in_order(game, order),
        "scaled": scaled(game),
        "Shapley": shapley(game),
    }
