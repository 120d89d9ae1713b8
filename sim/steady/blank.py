"""What a steady state begins with: the arrays of the loops, filled in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import compress, count
from operator import is_not
from typing import Any, NamedTuple, cast

import numpy as np
from numpy.typing import NDArray

from sim.flow import board, rest
from sim.flow.closing import Books
from sim.flow.members import CONVERSIONS, plain_units, uses_of
from sim.flow.rest import USES, Flows, Layout
from sim.flow.train import Array
from sim.network.chemistry import Reaction
from sim.network.network import Network
from sim.network.plain import PlainUnit, is_plain
from sim.network.unit import UTILITIES, Conditions, Unit
from sim.steady.wiring import Wiring, ints


class _Told(NamedTuple):
    """What the loops are told of a unit."""

    unit: Unit
    numbers: int
    """Where its parameters are; these stand as long as the unit does."""
    largest: float
    rounds: int
    worth: Mapping[str, Array]


MOST_UNITS = 10_000  # that are remembered
MOST_OUTSIDES = 32  # likewise: seasons and summers of one shape
_TOLD: dict[int, _Told] = {}
"""By identity: a unit is a value, and many designs share it."""


def _told(unit: Unit) -> _Told:
    """Return what the loops are told of a unit, looked up once."""
    told = _TOLD.get(id(unit))
    if told is None:
        if len(_TOLD) >= MOST_UNITS:
            _TOLD.clear()
        if isinstance(unit, PlainUnit) and is_plain(unit):
            worth = {port: np.array(shares, dtype=float) for port, shares in unit.worth.items()}
            told = _Told(unit, unit.row.ctypes.data, unit.largest, unit.times(), worth)
        else:
            told = _Told(unit, 0, unit.largest, 1, {})
        _TOLD[id(unit)] = told
    return told


class _Before(NamedTuple):
    """What is written for a network; most of it is the same for the next one of its shape."""

    like: Array | None
    """Whose recipes; kept, for its identity is what it is found by."""
    units: Sequence[Unit]
    words: NDArray[np.int64]


@dataclass(frozen=True)
class Blank:
    """Flows before anything flows, the same for all networks of a shape."""

    name: str
    flows: Flows
    felt: tuple[str, ...]
    """Surroundings that compiled physics reads."""
    plain: tuple[int, ...]
    """Members whose physics is compiled."""
    rounded: tuple[int, ...]
    """Those of them whose reactions run more than once."""
    asked: tuple[int, ...]
    """Members that are asked in Python."""
    worth: tuple[tuple[int, int, str], ...]
    """Member, place of the first number, and inlet, where what else is drawn may be worth not 1."""
    draws: tuple[int, ...]
    """Where what is drawn begins in each member's recipe, ..."""
    asks: tuple[int, ...]
    """... and how many numbers that is."""
    splits: NDArray[np.int64]
    """Places of all splits in the table of recipes, flat."""
    written: tuple[str, ...]
    """Which of the flows are written anew for every network; the others are shared."""
    uses: tuple[tuple[str, str, str], ...]
    """Every use that members tell of, as it is booked."""
    reactions: tuple[Reaction, ...]
    layout: Layout
    books: Books

    @cached_property
    def feels(self) -> frozenset[str]:
        """Surroundings that must be told."""
        return frozenset(self.felt) - {"trip"}

    @cached_property
    def slots(self) -> dict[str, slice]:
        """Where each of them stands in the words."""
        return {name: slice(first, last) for name, (first, last, *_) in self.places.items()}

    @cached_property
    def worths(self) -> Mapping[int, tuple[tuple[str, slice], ...]]:
        """By member, inlets, and where in the words stands what else is drawn there is worth."""
        n, width = self.flows.recipe.shape[1], len(self.flows.pool)
        first, found = self.slots["recipe"].start, dict[int, tuple[tuple[str, slice], ...]]()
        for m, k, port in self.worth:
            at = first + m * n + self.draws[m] + self.asks[m] + k
            found[m] = (*found.get(m, ()), (port, slice(at, at + width)))
        return found

    written_before: dict[tuple[Any, ...], _Before] = field(default_factory=dict)
    """What was written for networks before, by what it was written from; a few at most."""

    def begun(
        self,
        network: Network,
        surroundings: Mapping[str, float],
        units: Sequence[Unit],
        like: Array | None,
    ) -> NDArray[np.int64]:
        """Return what is written anew for every network, in one piece, to begin with.

        ``like``: recipes that units draw by until they are asked; their tables may be narrower.
        """
        limits, felt = tuple(network.utilities.items()), tuple(map(surroundings.get, self.felt))
        outside = (tuple(map(tuple, network.supplies.values())), limits, felt)
        before = self.written_before.get((id(like), *outside))
        if before is None:  # another thread may put its own there at any time
            made = self._outside(network, surroundings)
            if like is not None:
                recipe = self.flow("recipe", made)
                recipe[:, : like.shape[1]] = like[:, : recipe.shape[1]]
            self._tell(made, units, range(len(units)))
            before = _Before(like, units, made)
            if len(self.written_before) >= MOST_OUTSIDES:
                self.written_before.clear()
            self.written_before[id(like), *outside] = before
        words = before.words.copy()
        self._tell(words, units, compress(count(), map(is_not, units, before.units)))
        return words

    def _tell(self, words: NDArray[np.int64], units: Sequence[Unit], which: Iterable[int]) -> None:
        """Write what the loops are told of some members' units."""
        reals, slots, rounded, worths = words.view(float), self.slots, self.rounded, self.worths
        numbers, limit = slots["numbers"].start, slots["limit"].start
        for m in which:
            told = _TOLD.get(id(units[m])) or _told(units[m])
            words[numbers + m] = told.numbers
            reals[limit + m] = told.largest
            if m in rounded:
                words[slots["rounds"].start + m] = told.rounds
            for port, place in worths.get(m, ()):
                reals[place] = told.worth.get(port, 1.0)

    def _outside(self, network: Network, surroundings: Mapping[str, float]) -> NDArray[np.int64]:
        """Return the same with what comes from outside, which most designs share."""
        arrays = [getattr(self.flows, name) for name in self.written]
        words = np.concatenate([array.ravel().view(np.int64) for array in arrays])
        at, most, shares, supply = (
            self.flow(name, words) for name in ("at", "most", "shares", "supply")
        )
        here, wiring = Conditions(0.0, surroundings), network.shape["at rest"]
        at[1:] = [here[name] for name in self.felt]
        for t, feed in wiring.supplied:
            shares[t] = network.supplies[feed]
        mixtures = {**network.contents, **network.supplies}
        for d, (_, source) in enumerate(wiring.drawn):
            supply[d] = mixtures[source]
        for name, limit in network.utilities.items():
            most[UTILITIES.index(name)] = limit
        return words

    def flow(self, name: str, words: NDArray[np.int64]) -> NDArray[Any]:
        """Return one of the flows, in these words where it is written anew."""
        if name not in self.places:
            return cast(NDArray[Any], getattr(self.flows, name))
        first, last, shape, kind = self.places[name]
        found: NDArray[Any] = words[first:last].view(kind).reshape(shape)
        return found

    @cached_property
    def places(self) -> dict[str, tuple[int, int, tuple[int, ...], Any]]:
        """Of each of the flows written anew: beginning and end in these words, shape and kind."""
        places, first = {}, 0
        for name in self.written:
            array = getattr(self.flows, name)
            places[name] = (first, first + array.size, array.shape, array.dtype)
            first += array.size
        return places

    @cached_property
    def row(self) -> NDArray[np.int64]:
        """Where all arrays are, packed; what is written anew from the beginning of its words."""
        row = np.array([n for g in (self.layout, self.books, self.flows) for n in board.packed(g)])
        row[np.flatnonzero(self.moving)] = [8 * first for first, *_ in self.places.values()]
        return row

    @cached_property
    def moving(self) -> NDArray[np.int64]:
        """1 where such a beginning stands in the row, else 0."""
        moving, at = np.zeros(board.REST, dtype=np.int64), board.FLOWS
        for name, array in zip(Flows._fields, self.flows, strict=True):
            moving[at] = name in self.written
            at += 1 + array.ndim
        return moving

    @classmethod
    def of(cls, wiring: Wiring, network: Network, compiled: bool) -> Blank:
        """Return it, made once; ``compiled``: with the physics that can be."""
        name = "blank" if compiled else "blank in Python"
        if name not in network.shape:  # of two threads that make it, both take the first one's
            network.shape.setdefault(name, cls.made(name, wiring, network, compiled))
        made: Blank = network.shape[name]
        return made

    def wider(self, reactions: tuple[Reaction, ...], conversions: int) -> Blank:
        """Return the same with more reactions, and with room for so many conversions."""
        more = max(conversions - self.flows.key.shape[1], 0)
        known = (*self.reactions, *reactions)
        wide: dict[str, Any] = {
            name: np.pad(getattr(self.flows, name), ((0, 0), (0, more)))
            for name in ("recipe", "reaction", "key", "extent", "made_of")
        }
        made = _made_by(known, self.flows.stream.shape[1])
        flows = self.flows._replace(**wide, made=made)
        splits = _split_places(flows.recipe.shape[1], self.draws)
        return replace(self, flows=flows, splits=splits, reactions=known, written_before={})

    @classmethod
    def made(cls, name: str, wiring: Wiring, network: Network, compiled: bool) -> Blank:
        """Return it, made anew."""
        lay, units = wiring.layout, [network.units[name] for name in wiring.members]
        n = len(network.components)
        draws = (np.diff(lay.outlet_first) * n).tolist()
        asks = (np.diff(lay.draw_first) * n).tolist()
        plain = plain_units(network, wiring.members, wiring.drawing) if compiled else {}
        physics = _Physics.of(plain, len(units), n)
        recipe = _draw_nothing(draws, asks, physics.key.shape[1])
        use = ints(uses_of(unit, m in plain) for m, unit in enumerate(units))
        told = [
            (m, u, place)
            for m, (each, draw, ask) in enumerate(zip(use.tolist(), draws, asks, strict=True))
            for u, place in sorted(zip(each, count(draw + 2 * ask), strict=False))
            if u >= 0
        ]
        felt = next(iter(plain.values())).felt._fields if plain else ()
        constant = {"use", "contents", "made"}
        if len(plain) == len(units):
            constant |= {"address", "conversions", "reaction", "key"}
        books = Books(
            wiring.rows,
            wiring.source,
            wiring.sink,
            wiring.element_mass,
            ints(m for m, _, _ in told),
            ints(place for _, _, place in told),
            wiring.accounts,
            len(units) + len(wiring.tanks),
        )
        return cls(
            name,
            _standing(network, wiring, physics, recipe, use, 1 + len(felt), len(told)),
            felt,
            tuple(plain),
            tuple(m for m, unit in plain.items() if unit.rounds),
            tuple(m for m in range(len(units)) if m not in plain),
            tuple(
                (m, k * n, port) for m, unit in plain.items() for k, port in enumerate(unit.drawing)
            ),
            tuple(draws),
            tuple(asks),
            _split_places(recipe.shape[1], draws),
            tuple(name for name in Flows._fields if name not in constant),
            tuple((wiring.members[m], UTILITIES[u], "normal") for m, u, _ in told),
            physics.reactions,
            lay,
            books,
        )


class _Physics(NamedTuple):
    """What answers for the members whose physics is compiled, and their conversions."""

    address: NDArray[np.int64]
    conversions: NDArray[np.int64]
    reaction: NDArray[np.int64]
    key: NDArray[np.int64]
    reactions: tuple[Reaction, ...]

    @classmethod
    def of(cls, plain: Mapping[int, PlainUnit], members: int, components: int) -> _Physics:
        """Return that of compiled units, by member."""
        from sim.flow import native

        room = max([CONVERSIONS, *[len(unit.reactions) for unit in plain.values()]])
        address, conversions = np.zeros((2, members), dtype=np.int64)
        reaction, key = np.zeros((2, members, room), dtype=np.int64)
        numbers: dict[Reaction, int] = {}
        for m, unit in plain.items():
            address[m] = native.compiled(unit, components)
            conversions[m] = len(unit.reactions)
            for k, (each, of) in enumerate(unit.reactions):
                reaction[m, k], key[m, k] = numbers.setdefault(each, len(numbers)), of
        return cls(address, conversions, reaction, key, tuple(numbers))


def _draw_nothing(draws: Sequence[int], asks: Sequence[int], conversions: int) -> Array:
    """Return recipes that split, draw and use nothing; what comes beside a draw is worth itself."""
    widest = max(draw + 2 * ask for draw, ask in zip(draws, asks, strict=True))
    recipe = np.zeros((len(draws), widest + USES + conversions))
    for row, draw, ask in zip(recipe, draws, asks, strict=True):
        row[draw + ask : draw + 2 * ask] = 1.0
    return recipe


def _standing(
    network: Network,
    wiring: Wiring,
    physics: _Physics,
    recipe: Array,
    use: NDArray[np.int64],
    felt: int,
    uses: int,
) -> Flows:
    """Return flows of nothing; ``felt``, ``uses``: how many numbers units feel, and are booked."""
    lay, n = wiring.layout, len(network.components)
    members, tanks, trains = len(wiring.members), len(wiring.tanks), len(wiring.trains)
    inlets, streams, torn = lay.inlet_first[-1], len(lay.owner), len(lay.torn)
    entries, room = len(lay.entry_kind), physics.key.shape[1]
    contents = [network.contents[tank] for tank in wiring.tanks]
    return Flows(
        address=physics.address,
        numbers=np.zeros(members, dtype=np.int64),
        at=np.zeros(felt),
        recipe=recipe,
        stream=np.zeros((streams, n)),
        given=np.zeros((inlets, n)),
        inlet=np.zeros((inlets, n)),
        fed=np.zeros((entries, n)),
        main=np.zeros(members),
        activity=np.zeros(trains),
        nominal=np.zeros(trains),
        limit=np.zeros(members),
        full=np.zeros(trains),
        most=np.full(len(UTILITIES), np.inf),
        use=use,
        drawn=np.zeros(entries),
        spilled=np.zeros((tanks, n)),
        shares=np.zeros((trains, n)),
        supply=np.zeros((len(lay.draw_inlet), n)),
        contents=np.array(contents, dtype=float).reshape(-1, n),
        yields=np.ones(trains),
        conversions=physics.conversions,
        rounds=np.ones(members, dtype=np.int64),
        reaction=physics.reaction,
        key=physics.key,
        made=_made_by(physics.reactions, n),
        extent=np.zeros((members, room)),
        pool=np.zeros(n),
        torn=np.zeros((torn, n)),
        last=np.zeros((torn, n)),
        ran=np.zeros(trains),
        drew=np.zeros((len(lay.draw_inlet), n)),
        trail=np.zeros((torn, n)),
        strides=np.zeros((torn, n)),
        shrinks=np.zeros(n),
        gone=np.zeros(n),
        moves=np.full(rest.DRAWN + 1, np.inf),
        step=np.zeros(rest.RESTING + 1, dtype=np.int64),
        booked=np.zeros((len(wiring.rows), n)),
        used=np.zeros(uses),
        made_of=np.zeros((members, room)),
    )


def _split_places(width: int, draws: Sequence[int]) -> NDArray[np.int64]:
    """Return where splits stand in a table of recipes, flat: before what is drawn."""
    return np.flatnonzero(np.arange(width) < np.array(draws)[:, None])


def _made_by(reactions: Sequence[Reaction], components: int) -> Array:
    """Return what each reaction makes, kg per kmol by component."""
    made = np.zeros((max(len(reactions), 1), components))
    for r, reaction in enumerate(reactions):
        for i, kg in reaction.kg_per_kmol:
            made[r, i] = kg
    return made
