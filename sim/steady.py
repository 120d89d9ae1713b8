"""The other clock: the same units at constant conditions, every tank giving what it gets."""

from __future__ import annotations

import ctypes
import math
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from itertools import compress, count
from operator import is_not
from typing import Any, NamedTuple, NoReturn, cast

import numpy as np
from numpy.typing import NDArray

from sim.books.ledger import DUST, FLOOR, INTERNAL, TOLERANCE, Entry, Headings, Later, Ledger, Rows
from sim.errors import BalanceError
from sim.flow import board, rest
from sim.flow.course import ROUNDING
from sim.flow.map import OVERFLOW, Regime, destination
from sim.flow.members import CONVERSIONS, plain_units, row_of, uses_of
from sim.flow.rates import ranked_trains
from sim.flow.rest import GUEST, HEADER, MAIN, USES, Books, Flows, Layout, Terms
from sim.flow.train import CompiledTrain
from sim.flow.train import Entry as Entrance
from sim.network.chemistry import Reaction
from sim.network.network import Network
from sim.network.plain import PlainUnit, is_plain
from sim.network.unit import UTILITIES, Conditions, Recipe, Unit

Array = NDArray[np.float64]

TERMS = Terms()
MOST_UNITS = 10_000
WILD = 1.5
"""Move of all that is in a stream in a sweep but the first, of the largest stream, from which on it
is not sure that flows have come to rest where a plant that is started does."""
LOADS = (0.1, 0.3, 0.6, 1.0)
"""Shares of what it can, at which a line is settled on its way up."""


@dataclass(frozen=True)
class _Wiring:
    """Who feeds whom in a network, by name and by number; the same for all of its shape."""

    trains: tuple[CompiledTrain, ...]
    layout: Layout
    members: tuple[str, ...]
    tanks: tuple[str, ...]
    drawn: tuple[tuple[str, str], ...]
    """Every inlet that draws and what it draws from at last."""
    drawing: tuple[tuple[str, ...], ...]
    """Inlets of every member that draw."""
    names: tuple[str, ...]
    """Of the trains."""
    torn: tuple[str, ...]
    """Streams that trains pass to each other."""
    supplied: tuple[tuple[int, str], ...]
    """Trains that a supply feeds, and its name."""
    empty: Mapping[str, Array]
    """What every tank holds at rest, kg: nothing is said of it."""
    element_mass: Array
    headings: Headings
    """What is booked."""
    rows: NDArray[np.int64]
    """Of each of them: its place among entries of trains, streams and spills."""
    source: NDArray[np.int64]
    sink: NDArray[np.int64]
    """Accounts of each of them: members, tanks, then those outside."""
    accounts: int
    units: frozenset[str]

    @classmethod
    def of(cls, network: Network) -> _Wiring:
        trains = tuple(CompiledTrain(network, train, UTILITIES) for train in network.trains)
        plan = [(t, member) for t, train in enumerate(trains) for member in train.plan]
        members = [member.name for _, member in plan]
        tanks = list(network.tanks)
        inlets = [inlet for _, member in plan for _, inlet in member.inlets]
        outlets = [stream for _, member in plan for stream, _ in member.outlets.values()]
        draws = [(f"{m.name}.{port}", at.stream) for _, m in plan for port, at in m.drawn.items()]
        streams = [stream for _, stream in draws] + outlets
        entering = [_entering(train) for train in trains]
        entries = [entry for each in entering for entry in each]
        into: list[list[int]] = [[] for _ in tanks]
        for stream in network.pipes:
            to = destination(network, stream, Regime())
            if to in network.tanks:
                into[tanks.index(to)].append(streams.index(stream))
        guests = [streams.index(stream) for stream in network.guests()]
        pulls = _Pulls(network, trains)
        pulled = pulls.trains
        feeds = [train.train.feed for train in trains]
        for t, feed in enumerate(feeds):
            if feed not in network.tanks and t not in pulled:
                raise ValueError(
                    f"train {trains[t].name!r} draws from supply {feed!r}, but neither the pacer "
                    f"{network.pacer!r} nor a second feed asks for what it makes, so nothing says "
                    "how much it takes at constant conditions; join it to the pacer by pipes, or "
                    "let an inlet that draws take what it makes from a tank"
                )
        own = [(t, streams.index(s)) for t, m in plan for s, _ in m.outlets.values()]
        own += [(t, streams.index(at.stream)) for t, m in plan for at in m.drawn.values()]
        owner = {stream: t for t, stream in own}
        ranked = ranked_trains(network, trains)
        _refuse_left_dry(network, trains, pulled, ranked)
        # tanks of a second feed before its last one give as those of a header do
        kinds = {"main": MAIN, "header": HEADER, "second": HEADER, "guest": GUEST}
        torn = [s for streams in into for s in streams] + guests
        ahead = _ahead(network, trains, ranked)
        taken = {train.train.feed for t, train in enumerate(trains) if t not in pulled}
        layout = Layout(
            member_first=_firsts([len(train.plan) for train in trains]),
            feed=_ints(tanks.index(f) if f in network.tanks else -1 for f in feeds),
            pulled=_ints(t in pulled for t in range(len(trains))),
            entry_first=_firsts([len(each) for each in entering]),
            entry_inlet=_ints(inlets.index(entry.inlet) for entry in entries),
            entry_kind=_ints(kinds[entry.kind] for entry in entries),
            entry_source=_ints(
                streams.index(entry.source)
                if entry.kind == "guest"
                else tanks.index(entry.source)
                if entry.source in network.tanks
                else -1
                for entry in entries
            ),
            train_of=_ints(t for t, _ in plan),
            inlet_first=_firsts([len(member.inlets) for _, member in plan]),
            outlet_first=_firsts([len(member.outlets) for _, member in plan]),
            next_inlet=_ints(
                -1 if to is None else inlets.index(to)
                for _, member in plan
                for _, to in member.outlets.values()
            ),
            draw_first=_firsts([len(member.drawn) for _, member in plan]),
            draw_inlet=_ints(inlets.index(inlet) for inlet, _ in draws),
            draw_tank=_ints(
                tanks.index(of) if of in network.tanks else -1
                for of in [stream.partition(">")[0] for _, stream in draws]
            ),
            into_first=_firsts([len(streams) for streams in into]),
            into=_ints(stream for streams in into for stream in streams),
            owner=_ints(owner[s] for s in range(len(streams))),
            pull_tank=_ints(tanks.index(tank) for tank in pulls.giver),
            giver=_ints(pulls.giver.values()),
            torn=_ints(torn),
            ahead_first=_firsts([len(each) for each in ahead]),
            ahead=_ints(e for each in ahead for e in each),
            left_to_train=_ints(tank in taken for tank in tanks),
        )
        nothing = np.zeros(len(network.components))
        nothing.setflags(write=False)
        booked = cls._booked(network, trains, streams, tanks)
        accounts = {name: a for a, name in enumerate([*members, *tanks])}
        for entry, _ in booked:
            for name in (entry.source, entry.sink):
                accounts.setdefault(name, len(accounts))
        return cls(
            trains,
            layout,
            tuple(members),
            tuple(tanks),
            tuple((inlet, stream.partition(">")[0]) for inlet, stream in draws),
            tuple(tuple(member.drawn) for _, member in plan),
            tuple(train.name for train in trains),
            tuple(streams[s] for s in torn),
            tuple((t, feed) for t, feed in enumerate(feeds) if feed in network.supplies),
            dict.fromkeys(tanks, nothing),
            np.array(network.components.element_mass),
            Headings(entry for entry, _ in booked),
            _ints(row for _, row in booked),
            _ints(accounts[entry.source] for entry, _ in booked),
            _ints(accounts[entry.sink] for entry, _ in booked),
            len(accounts),
            frozenset(network.units),
        )

    @staticmethod
    def _booked(
        network: Network,
        trains: tuple[CompiledTrain, ...],
        streams: list[str],
        tanks: list[str],
    ) -> list[tuple[Entry, int]]:
        """Return what is booked, in order, and the row of flows that it is."""
        booked: list[tuple[Entry, int]] = []

        def book(source: str, sink: str, stream: str, row: int, cause: str = "normal") -> None:
            medium = network.sinks.get(sink, INTERNAL)
            booked.append((Entry(source, sink, stream, medium, cause), row))

        entering = [_entering(train) for train in trains]
        entries = sum(map(len, entering))
        first = 0
        for train, each in zip(trains, entering, strict=True):
            for e, entry in enumerate(each, first):
                if entry.kind != "guest":  # the outlet of the other train books it
                    unit = entry.inlet.partition(".")[0]
                    book(entry.source, unit, f"{entry.source}>{entry.inlet}", e)
            first += len(each)
            for stream in train.streams:
                row = entries + streams.index(stream)
                source, _, inlet = stream.partition(">")
                if not inlet:
                    source, inlet = stream.partition(".")[0], destination(network, stream, Regime())
                book(source, inlet.partition(".")[0], stream, row)
        for j, tank in enumerate(tanks):
            if tank in network.spills:
                row = entries + len(streams) + j
                book(tank, network.spills[tank], f"{tank}.overflow", row, OVERFLOW)
        return booked


def _ahead(network: Network, trains: Sequence[CompiledTrain], ranked: list[str]) -> list[list[int]]:
    """Return for each entry which entries of headers draw from the same tank before it.

    Those are the ones of more important trains, and of its own train the ones before it; the main
    feed takes what they leave.
    """
    entries = [(train.name, entry) for train in trains for entry in _entering(train)]

    def before(e: int) -> list[int]:
        own, entry = entries[e]
        tank = entry.source
        if entry.kind == "guest" or tank not in network.tanks:
            return []
        return [
            i
            for i, (name, other) in enumerate(entries)
            if other.source == tank
            and other.kind in ("header", "second")
            and (
                ranked.index(name) < ranked.index(own)
                or (name == own and entry.kind != "main" and i < e)
            )
        ]

    return [before(e) for e in range(len(entries))]


def _refuse_left_dry(
    network: Network, trains: Sequence[CompiledTrain], pulled: Collection[int], ranked: list[str]
) -> None:
    """Raise ValueError where a train takes all that a tank gets before others draw from it."""
    takes = {
        train.train.feed: train.name
        for t, train in enumerate(trains)
        if t not in pulled and train.train.feed in network.tanks
    }
    for train in trains:
        for entry in _entering(train):
            first = takes.get(entry.source)
            if entry.kind == "main" or first is None:
                continue
            if ranked.index(first) < ranked.index(train.name):
                raise ValueError(
                    f"tank {entry.source!r} feeds train {first!r}, which comes before "
                    f"{train.name!r}, and takes all of it at constant conditions: nothing is left "
                    f"for {entry.inlet!r} to draw; put {train.name!r} before {first!r} in the "
                    "priorities"
                )


def _last_tanks(train: CompiledTrain) -> dict[str, str]:
    """Return for each second feed of a train the tank that must give what is left of it."""
    return {entry.inlet: entry.source for entry in train.entries if entry.kind == "second"}


def _entering(train: CompiledTrain) -> list[Entrance]:
    """Return what enters a train by itself: all but what is drawn from the last source."""
    last = _last_tanks(train)
    return [
        entry
        for entry in train.entries
        if entry.kind != "second" or last[entry.inlet] != entry.source
    ]


class _Pulls:
    """Which tanks are filled on demand, and by which train."""

    def __init__(self, network: Network, trains: Sequence[CompiledTrain]) -> None:
        self.network, self.all = network, trains
        self.giver: dict[str, int] = {}
        """Of each such tank, downstream first."""
        names = [train.name for train in trains]
        pacer, takers = names.index(network.pacer), dict[str, int]()
        for t in reversed(range(len(trains))):  # after all that it delivers to
            feed = [trains[t].train.feed] if t == pacer or t in self.giver.values() else []
            for tank in (*feed, *_last_tanks(trains[t]).values()):
                if tank in network.tanks and tank not in takers:
                    self.giver[tank], takers[tank] = self._feeding(tank, t), t
        for tank, giver in self.giver.items():
            others = [
                other for other, same in self.giver.items() if same == giver and other != tank
            ]
            if others or giver == pacer:
                what = f"tank {others[0]!r}" if others else "the pace of the line"
                raise ValueError(
                    f"train {names[giver]!r} cannot follow both {what} and tank {tank!r}, "
                    f"which {names[takers[tank]]!r} draws from, at constant conditions"
                )
        self.giver = dict(sorted(self.giver.items(), key=lambda pull: -pull[1]))
        self.trains = {pacer, *self.giver.values()}
        """Those that deliver on demand."""

    def _feeding(self, tank: str, taker: int) -> int:
        """Return the last train before another one that feeds a tank."""
        streams = [s for s in self.network.pipes if destination(self.network, s, Regime()) == tank]
        for t in reversed(range(taker)):
            if any(s.partition(".")[0] in self.all[t].train.members for s in streams):
                return t
        raise ValueError(
            f"train {self.all[taker].name!r} draws from tank {tank!r}, which no train before it "
            "feeds, at constant conditions; let a supply give what the tank lacks"
        )


def _ints(values: Any) -> NDArray[np.int64]:
    return np.array(list(values), dtype=np.int64)


def _firsts(counts: list[int]) -> NDArray[np.int64]:
    """Return where each of some runs of so many things begins, and where the last one ends."""
    return np.cumsum([0, *counts], dtype=np.int64)


class _Told(NamedTuple):
    """What the loops are told of a unit."""

    unit: Unit
    numbers: int
    """Where its parameters are; these stand as long as the unit does."""
    largest: float
    rounds: int
    worth: Mapping[str, Array]


_TOLD: dict[int, _Told] = {}
"""By identity: a unit is a value, and many designs share it."""


def _told(unit: Unit) -> _Told:
    """Return what the loops are told of a unit, looked up once."""
    told = _TOLD.get(id(unit))
    if told is None:
        if len(_TOLD) >= MOST_UNITS:
            _TOLD.clear()
        if isinstance(unit, PlainUnit) and is_plain(unit):
            worth = {port: np.array(shares) for port, shares in unit.worth.items()}
            told = _Told(unit, unit.row.ctypes.data, unit.largest, unit.times(), worth)
        else:
            told = _Told(unit, 0, unit.largest, 1, {})
        _TOLD[id(unit)] = told
    return told


class _Before(NamedTuple):
    """What is written for a network; most of it is the same for the next one of its shape."""

    outside: tuple[Any, ...]
    """Supplies, limits of utilities and surroundings."""
    like: Array | None
    units: Sequence[Unit]
    words: NDArray[np.int64]


@dataclass(frozen=True)
class _Blank:
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

    last: list[_Before] = field(default_factory=list)
    """What was written for the network before; one at most."""

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
        before = next(iter(self.last), None)  # another thread may put its own there at any time
        if before is None or before.like is not like or before.outside != outside:
            made = self._outside(network, surroundings)
            if like is not None:
                recipe = self._of("recipe", made)
                recipe[:, : like.shape[1]] = like[:, : recipe.shape[1]]
            self._tell(made, units, range(len(units)))
            before = _Before(outside, like, units, made)
            self.last[:] = [before]
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
            self._of(name, words) for name in ("at", "most", "shares", "supply")
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

    def _of(self, name: str, words: NDArray[np.int64]) -> NDArray[Any]:
        """Return one of the flows that are written anew, in these words."""
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
    def of(cls, wiring: _Wiring, network: Network, compiled: bool) -> _Blank:
        """Return it, made once; ``compiled``: with the physics that can be."""
        name = "blank" if compiled else "blank in Python"
        if name not in network.shape:  # of two threads that make it, both take the first one's
            network.shape.setdefault(name, cls.made(name, wiring, network, compiled))
        made: _Blank = network.shape[name]
        return made

    def wider(self, reactions: tuple[Reaction, ...], conversions: int) -> _Blank:
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
        return replace(self, flows=flows, splits=splits, reactions=known, last=[])

    @classmethod
    def made(cls, name: str, wiring: _Wiring, network: Network, compiled: bool) -> _Blank:
        from sim.flow import native

        lay, units = wiring.layout, [network.units[name] for name in wiring.members]
        n, members, trains = len(network.components), len(units), len(wiring.trains)
        draws = (np.diff(lay.outlet_first) * n).tolist()
        asks = (np.diff(lay.draw_first) * n).tolist()
        places = np.array(draws) + 2 * np.array(asks)
        plain = plain_units(network, wiring.members, wiring.drawing) if compiled else {}
        room = max([CONVERSIONS, *[len(unit.reactions) for unit in plain.values()]])
        recipe = np.zeros((members, max(places) + USES + room))
        for m in range(members):
            recipe[m, draws[m] + asks[m] : places[m]] = 1.0
        address, conversions = np.zeros((2, members), dtype=np.int64)
        reaction, key = np.zeros((2, members, room), dtype=np.int64)
        reactions: list[Reaction] = []
        for m, unit in plain.items():
            address[m] = native.compiled(unit, n)
            conversions[m] = len(unit.reactions)
            for k, (each, of) in enumerate(unit.reactions):
                if each not in reactions:
                    reactions.append(each)
                reaction[m, k], key[m, k] = reactions.index(each), of
        felt = next(iter(plain.values())).felt._fields if plain else ()
        use = _ints(uses_of(unit, m in plain) for m, unit in enumerate(units))
        inlets, streams, torn = lay.inlet_first[-1], len(lay.owner), len(lay.torn)
        entries, tanks = len(lay.entry_kind), len(wiring.tanks)
        told = [
            (m, u, place)
            for m, each in enumerate(use.tolist())
            for u, place in sorted(zip(each, range(places[m], places[m] + USES), strict=True))
            if u >= 0
        ]
        constant = {"use", "contents", "made", "molar_mass"}
        constant |= (
            {"address", "conversions", "reaction", "key"} if len(plain) == members else set()
        )
        flows = Flows(
            address=address,
            numbers=np.zeros(members, dtype=np.int64),
            at=np.zeros(1 + len(felt)),
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
            contents=np.array([network.contents[tank] for tank in wiring.tanks]).reshape(-1, n),
            yields=np.ones(trains),
            conversions=conversions,
            rounds=np.ones(members, dtype=np.int64),
            reaction=reaction,
            key=key,
            made=_made_by(reactions, n),
            molar_mass=np.array(network.components.molar_mass),
            extent=np.zeros((members, room)),
            pool=np.zeros(n),
            torn=np.zeros((torn, n)),
            last=np.zeros((torn, n)),
            trail=np.zeros((torn, n)),
            strides=np.zeros((torn, n)),
            shrinks=np.zeros(n),
            moves=np.array([np.inf, np.inf, 0.0]),
            step=np.zeros(3, dtype=np.int64),
            booked=np.zeros((len(wiring.rows), n)),
            used=np.zeros(len(told)),
            made_of=np.zeros((members, room)),
        )
        books = Books(
            wiring.rows,
            wiring.source,
            wiring.sink,
            wiring.element_mass,
            _ints(m for m, _, _ in told),
            _ints(place for _, _, place in told),
            wiring.accounts,
            members + tanks,
        )
        return cls(
            name,
            flows,
            felt,
            tuple(plain),
            tuple(m for m, unit in plain.items() if unit.rounds),
            tuple(m for m in range(members) if m not in plain),
            tuple(
                (m, k * n, port) for m, unit in plain.items() for k, port in enumerate(unit.drawing)
            ),
            tuple(draws),
            tuple(asks),
            _split_places(recipe.shape[1], draws),
            tuple(name for name in Flows._fields if name not in constant),
            tuple((wiring.members[m], UTILITIES[u], "normal") for m, u, _ in told),
            tuple(reactions),
            lay,
            books,
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


def _listed(uses: Sequence[tuple[str, str, str]], amounts: Array) -> dict[Any, float]:
    """Return the uses of which there is something."""
    return {use: amount for use, amount in zip(uses, amounts.tolist(), strict=True) if amount}


def _extents(
    names: Sequence[str],
    reactions: Sequence[Reaction],
    counts: NDArray[np.int64],
    which: NDArray[np.int64],
    kmol: Array,
) -> dict[tuple[str, Reaction], float]:
    """Return how far each reaction has gone in each member."""
    extents: dict[tuple[str, Reaction], float] = {}
    for m in np.flatnonzero(counts).tolist():
        count = counts[m]
        for r, each in zip(which[m, :count].tolist(), kmol[m, :count].tolist(), strict=True):
            key = (names[m], reactions[r])
            extents[key] = extents.get(key, 0.0) + each
    return extents


class SteadyState:
    """A network at rest in its flows: solved once, scaled to any length of time.

    ``network.pacer`` names the train whose feed sets the scale; trains upstream of it deliver what
    it draws, trains downstream take what they get, and the whole line slows down to what its
    smallest member can do, or a utility of limited capacity. A tank that gives a second feed is
    filled on demand, too; of several at one inlet the last, as the supply of a header. Flows that
    do not settle are a BalanceError.

    ``like``: a state of the same wiring, by whose recipes units draw until they are asked. So they
    need not be asked without what they draw; last digits depend on it, so that states to be
    compared are given the same one.
    """

    def __init__(
        self,
        network: Network,
        surroundings: Mapping[str, float],
        like: SteadyState | None = None,
    ) -> None:
        if not network.pacer:
            trains = ", ".join(train.name for train in network.trains)
            raise ValueError(
                f"expected a pacer, the train that a steady state is scaled by, came none: "
                f"Network(..., pacer=...), one of {trains}"
            )
        self.network = network
        self.surroundings = surroundings
        if "at rest" not in network.shape:
            network.shape.setdefault("at rest", _Wiring.of(network))
        self.wiring: _Wiring = network.shape["at rest"]
        self.units = [*map(network.units.__getitem__, self.wiring.members)]
        from sim.flow import native

        self.loops = native.at_rest()
        compiled = _Blank.of(self.wiring, network, True).feels <= surroundings.keys()
        known = None
        if like is not None and like.wiring is self.wiring and like.compiled is compiled:
            known = like.now.recipe
        self._begin(compiled=compiled, known=known)
        self._settle()

    def __reduce__(self) -> NoReturn:
        """Refuse to be copied or to travel: its loops know where its numbers are."""
        raise TypeError(
            "a SteadyState is neither copied nor pickled: take its ledger, or solve its network "
            "anew where it is needed"
        )

    # ---- what it came to -----------------------------------------------------------------------

    def ledger(self, hours: float) -> Ledger:
        """Return the books of so many hours in this state, every balance closed.

        One that does not close is a BalanceError, as where a tank gets more than can be drawn from
        it, or a unit leaks.
        """
        wiring = self.wiring
        worst = self._book(hours)
        ledger = Ledger(
            self.network.components,
            hours,
            Rows(wiring.headings, self._of("booked").copy()),
            Later(partial(_listed, self.blank.uses, self._of("used").copy())),
            Later(self._extents()),
            wiring.empty,
            wiring.empty,
            wiring.units,
        )
        if not worst <= TOLERANCE:
            self._check_splits()
            self._enforce(ledger)
        ledger.knows(worst)
        return ledger

    def refine(self, tolerance: float) -> None:
        """Ask every unit anew until no flow between trains moves by more than this, kg/kg.

        Books close with any recipes; duties are exact only for the flows they were asked for.
        """
        for stale in ("loads", "utility_loads", "now"):  # states like this one know its recipes
            self.__dict__.pop(stale, None)  # ... by what ``now`` has of them
        self._of("step")[:] = 0
        code = self._run(TERMS._replace(settled=tolerance, jitter=tolerance, contracting=0.0))
        if code != rest.SETTLED:
            moved, before = (float(self.now.moves[i]) for i in (rest.MOVED, rest.BEFORE))
            raise BalanceError(
                f"the steady state cannot be refined to {tolerance:g} in "
                f"{self.now.step[rest.SWEEP]} sweeps: flows still move by {moved:.1e} of "
                f"themselves, by {moved / before:.3g} of what they moved the sweep before, "
                f"{self._restless()}"
            )

    @property
    def activity(self) -> dict[str, float]:
        """Main feed of each train, kg/h."""
        return dict(zip(self.wiring.names, self._of("activity").tolist(), strict=True))

    @cached_property
    def loads(self) -> dict[str, float]:
        """Share of its capacity at which each train runs, 1."""
        slots = self.blank.slots
        activities, full = (self.reals[slots[name]].tolist() for name in ("activity", "full"))
        told = zip(self.wiring.names, activities, full, strict=True)
        return {name: activity / (limit or math.inf) for name, activity, limit in told}

    @cached_property
    def utility_loads(self) -> dict[str, float]:
        """Share of its capacity that is used of each limited utility, 1."""
        if not self.network.utilities:
            return {}
        needed = dict.fromkeys(UTILITIES, 0.0)
        self._book(1.0)
        for (_, utility, _), amount in _listed(self.blank.uses, self._of("used")).items():
            needed[utility] += amount
        return {
            name: needed[name] / most if most else math.inf if needed[name] > 0.0 else 0.0
            for name, most in self.network.utilities.items()
        }

    @property
    def bottleneck(self) -> str:
        """The train that runs nearest to its capacity, or the utility that is."""
        loads = {**self.utility_loads, **self.loads} if self.network.utilities else self.loads
        return max(loads, key=loads.__getitem__)

    def _book(self, hours: float) -> float:
        """Write what so many hours come to; return the worst relative error of the balances."""
        return float(self.loops.book(self.row, hours, ROUNDING, DUST, FLOOR))

    def _extents(self) -> Callable[[], dict[tuple[str, Reaction], float]]:
        """Return what tells how far reactions have gone in the hours that were booked last."""
        blank, kmol = self.blank, self._of("made_of").copy()
        counts, which = blank.flows.conversions, blank.flows.reaction
        if "conversions" in blank.places:  # they belong to this state alone
            counts, which = self.now.conversions.copy(), self.now.reaction.copy()
        return partial(_extents, self.wiring.members, blank.reactions, counts, which, kmol)

    def _enforce(self, ledger: Ledger) -> None:
        try:
            ledger.certificate().enforce()
        except BalanceError as fault:
            slowest = self.bottleneck
            train = slowest in self.activity
            most = self.activity[slowest] if train else self.network.utilities[slowest]
            raise BalanceError(
                f"steady state with {'train' if train else 'utility'} {slowest!r} at its limit of "
                f"{most:g} {'kg/h' if train else 'an hour'}: {fault}"
            ) from None

    # ---- how it settles ------------------------------------------------------------------------

    def _begin(self, *, compiled: bool, known: Array | None = None) -> None:
        """Put nothing everywhere, and learn the parameters; ``compiled``: physics that can be.

        ``known``: recipes that units draw by until they are asked.
        """
        network, wiring = self.network, self.wiring
        self.compiled, self.known = compiled, known
        self.blank = blank = _Blank.of(wiring, network, compiled)
        self.fault: BaseException | None = None
        """What a unit in Python has raised."""
        self.steps: dict[int, list[tuple[Reaction, int]]] = {}
        """Conversions of units in Python, by member: reactions and key components."""
        self.words: NDArray[np.int64] = blank.begun(network, self.surroundings, self.units, known)
        self.reals = self.words.view(float)
        self.row = blank.row + blank.moving * self.words.__array_interface__["data"][0]
        self.__dict__.pop("now", None)
        answers = [(m, rest.ANSWER(partial(self._answer, m))) for m in blank.asked]
        self.answers = [answer for _, answer in answers]  # to be kept as long as they are called
        for m, answer in answers:
            self.now.address[m] = cast(int, ctypes.cast(answer, ctypes.c_void_p).value)

    def _of(self, name: str) -> NDArray[Any]:
        """Return one of the flows."""
        place = self.blank.places.get(name)
        if place is None:
            return cast(NDArray[Any], getattr(self.blank.flows, name))
        first, last, shape, kind = place
        found: NDArray[Any] = self.words[first:last].view(kind).reshape(shape)
        return found

    @cached_property
    def now(self) -> Flows:
        """All of the flows."""
        return Flows(*[self._of(name) for name in Flows._fields])

    def _set_conversions(self, m: int, steps: Sequence[tuple[Reaction, int]]) -> None:
        """Write which reactions a member's conversions are; each with its key component.

        Raises _TooNarrow where the tables have no room for them.
        """
        count, now = len(steps), self.now
        new = dict.fromkeys(each for each, _ in steps if each not in self.blank.reactions)
        if new or count > now.key.shape[1]:
            raise _TooNarrow(tuple(new), count)
        now.conversions[m] = count
        now.reaction[m, :count] = [self.blank.reactions.index(each) for each, _ in steps]
        now.key[m, :count] = [key for _, key in steps]

    def _answer(self, m: int, *_: Any) -> None:
        """Answer for a unit in Python; what it raises is told when the loops have come back."""
        if self.fault is None:
            try:
                self._ask(m)
            except BaseException as fault:
                self.fault = fault
                self.now.recipe[m] = math.nan

    def _ask(self, m: int) -> None:
        """Ask a unit for its recipe and write it as a row."""
        unit, first = self.units[m], self.wiring.layout.inlet_first
        flows = self.now.inlet[first[m] : first[m + 1]].tolist()
        inlets = {port: tuple(flow) for port, flow in zip(unit.inlets, flows, strict=True)}
        recipe = unit.convert(inlets, Conditions(float(self.now.at[0]), self.surroundings))
        self._write(m, recipe)

    def _write(self, m: int, recipe: Recipe) -> None:
        """Write a recipe as a row; see `sim.flow.rest`."""
        name, n = self.wiring.members[m], self.now.stream.shape[1]
        row = row_of(name, self.units[m].outlets, self.wiring.drawing[m], recipe, n)
        if recipe.conversions or self.now.conversions[m]:
            steps = [(each.reaction, each.key) for each in recipe.conversions]
            if steps != self.steps.get(m):
                self._set_conversions(m, steps)
                self.steps[m] = steps
            row += [each.fraction for each in recipe.conversions]
        self.now.recipe[m, : len(row)] = row

    def _check_splits(self) -> None:
        """Raise ValueError where a recipe gives an outlet less than nothing."""
        if self.now.recipe.ravel()[self.blank.splits].min() >= -ROUNDING:
            return
        n = self.now.stream.shape[1]
        for m, (name, unit) in enumerate(zip(self.wiring.members, self.units, strict=True)):
            splits = self.now.recipe[m, : self.blank.draws[m]].reshape(-1, n)
            for port, split in zip(unit.outlets, splits.tolist(), strict=True):
                if min(split) < -ROUNDING:
                    component = self.network.components.names[split.index(min(split))]
                    raise ValueError(
                        f"{name}: its recipe splits {min(split):g} kg/kg of {component} to {port!r}"
                    )

    def _settle(self) -> None:
        """Ask the units and let the flows follow, until these stand; then close them."""
        code = self._run(TERMS, anew=True)
        if code == rest.NO_NUMBER and self.blank.plain:
            self._begin(compiled=False)  # which tells what is wrong
            code = self._run(TERMS, anew=True)
        wildest = self.blank.slots["moves"].start + rest.WILDEST
        wild = code == rest.SETTLED and self.reals[wildest] > WILD
        if wild or code == rest.UNSETTLED:
            code = self._raise_load()
        if wild and code != rest.SETTLED:  # there is no way there but the one found first
            self._begin(compiled=self.compiled)
            code = self._run(TERMS, anew=True)
        if code == rest.SETTLED:
            return
        if code == rest.UNBOUNDED:
            self._refuse_endless()
        moved = self.now.moves[rest.MOVED]
        if code == rest.NO_UTILITY:
            utility = max(self.utility_loads, key=self.utility_loads.__getitem__)
            raise ValueError(f"there is no {utility}, and the steady state needs some")
        if code == rest.UNCLOSED:
            raise BalanceError(
                "the flows of the steady state do not close with the recipes held, "
                f"{self._restless(held=True)}"
            )
        raise BalanceError(
            f"the steady state does not settle in {self.now.step[rest.SWEEP]} sweeps: "
            f"flows still move by {moved:.1e} of themselves, {self._restless()}"
        )

    def _raise_load(self) -> int:
        """Settle at little load, where all units do their best, and follow it up to the whole.

        A loop may rest in more than one state: where a column gets little of what it should send
        back, it sends back what it should not, and gets less. A plant that is started comes from
        tanks full of what is bought, and so does this; flows that were thrown about may have come
        to rest in the other state.
        """
        self._begin(compiled=self.compiled)
        code = rest.SETTLED
        for load in LOADS:
            if code == rest.SETTLED:
                self.now.step[:] = 0
                code = self._run(TERMS._replace(load=load), anew=load == LOADS[0])
        return code

    def _refuse_endless(self) -> NoReturn:
        """Raise a ValueError for a train without a capacity."""
        first = self.wiring.layout.member_first
        for t, train in enumerate(self.wiring.trains):
            if min(unit.largest for unit in self.units[first[t] : first[t + 1]]) == math.inf:
                raise ValueError(f"train {train.name!r}: no member has a finite capacity")
        raise AssertionError

    def _restless(self, *, held: bool = False) -> str:
        """Return which flow moves most, and round which loop of trains, after one more sweep."""
        now, torn = self.now, self.wiring.layout.torn
        before = now.stream[torn]
        now.step[rest.HELD] = held
        rest.advance(self.wiring.layout, now)  # none follows a demand: what moves, moves by itself
        flows = now.stream[torn]
        with np.errstate(all="ignore"):  # flows of next to nothing, or beyond all numbers
            moves = np.abs(flows - before) / np.maximum(flows.max(axis=0), np.finfo(float).tiny)
        s, i = np.unravel_index(moves.argmax(), moves.shape)
        stream, component = self.wiring.torn[s], self.network.components.names[i]
        loop = _loop(self.network, self.wiring.trains, stream)
        words = f"round the loop of {' -> '.join(loop)}" if loop else "which is in no loop"
        return f"most of all {component} in {stream}, {words}"

    def _run(self, terms: Terms, *, anew: bool = False) -> int:
        """Let the loops run until they settle, or know that they do not."""
        code: int = self.loops.settle(self.row, terms, anew)
        while isinstance(self.fault, _TooNarrow):
            blank = self.blank.wider(self.fault.reactions, self.fault.conversions)
            self.network.shape[blank.name] = blank
            self._begin(compiled=self.compiled, known=self.known)
            code = self.loops.settle(self.row, terms, True)
        if self.fault is not None:
            raise self.fault
        return code


class _TooNarrow(Exception):
    """Conversions of a unit in Python for which there is no room yet."""

    def __init__(self, reactions: tuple[Reaction, ...], conversions: int) -> None:
        self.reactions, self.conversions = reactions, conversions


def _loop(network: Network, trains: Sequence[CompiledTrain], stream: str) -> list[str]:
    """Return the trains of the shortest loop through a stream, from the one that gives it."""
    owner = {member: train.name for train in trains for member in train.train.members}
    takers = {train.train.feed: train.name for train in trains}
    for train in trains:
        for entry in train.entries:
            takers.setdefault(entry.source, train.name)
    guests = network.guests()

    def onward(outlet: str) -> str | None:
        to = destination(network, outlet, Regime())
        return owner.get(to.partition(".")[0]) if outlet in guests else takers.get(to)

    first = owner[stream.partition(".")[0]]
    start = onward(stream)
    paths = [[start]] if start else []
    seen = {start}
    while paths:
        path = paths.pop(0)
        if path[-1] == first:
            return [first, *path]
        for outlet in network.pipes:
            after = onward(outlet) if owner[outlet.partition(".")[0]] == path[-1] else None
            if after and after not in seen:
                seen.add(after)
                paths.append([*path, after])
    return []
