"""Who feeds whom in a network at rest, by name and by number."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.books.ledger import INTERNAL, Entry, Headings
from sim.errors import told
from sim.flow.map import OVERFLOW, Regime, destination
from sim.flow.order import ranked_trains
from sim.flow.rest import GUEST, HEADER, MAIN, Layout
from sim.flow.train import Array, CompiledTrain
from sim.flow.train import Entry as Entrance
from sim.network.network import Network
from sim.network.unit import UTILITIES
from sim.steady.overrun import Ways


@dataclass(frozen=True)
class Wiring:
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
    ways: Ways

    @classmethod
    def of(cls, network: Network) -> Wiring:
        """Return that of a network."""
        order = _Order(network)
        pulls = _Pulls(network, order.trains)
        _refuse_rivals(network, order.trains, pulls.trains)
        for t, train in enumerate(order.trains):
            if train.train.feed not in network.tanks and t not in pulls.trains:
                raise ValueError(_unasked(network, train))
        ranked = ranked_trains(network, order.trains)
        _refuse_left_dry(network, order.trains, pulls.trains, ranked)
        layout = _layout(network, order, pulls, _ahead(network, order.trains, ranked))
        booked = _booked(network, order)
        accounts = {name: a for a, name in enumerate([*order.members, *order.tanks])}
        for entry, _ in booked:
            for name in (entry.source, entry.sink):
                accounts.setdefault(name, len(accounts))
        nothing = np.zeros(len(network.components))
        nothing.setflags(write=False)
        return cls(
            order.trains,
            layout,
            tuple(order.members),
            tuple(order.tanks),
            tuple((inlet, stream.partition(">")[0]) for inlet, stream in order.draws),
            tuple(tuple(member.drawn) for _, member in order.plan),
            tuple(train.name for train in order.trains),
            tuple(order.streams[s] for s in layout.torn.tolist()),
            tuple((t, f) for t, f in enumerate(order.feeds) if f in network.supplies),
            dict.fromkeys(order.tanks, nothing),
            np.array(network.components.element_mass),
            Headings(entry for entry, _ in booked),
            ints(row for _, row in booked),
            ints(accounts[entry.source] for entry, _ in booked),
            ints(accounts[entry.sink] for entry, _ in booked),
            len(accounts),
            frozenset(network.units),
            Ways.of(network, order.trains, ranked),
        )


class _Order:
    """In which order the things of a network are numbered."""

    def __init__(self, network: Network) -> None:
        self.trains = tuple(CompiledTrain(network, train, UTILITIES) for train in network.trains)
        self.feeds = [train.train.feed for train in self.trains]
        self.plan = [(t, member) for t, train in enumerate(self.trains) for member in train.plan]
        self.members = [member.name for _, member in self.plan]
        self.tanks = list(network.tanks)
        self.inlets = [inlet for _, member in self.plan for _, inlet in member.inlets]
        self.draws = [
            (f"{member.name}.{port}", at.stream)
            for _, member in self.plan
            for port, at in member.drawn.items()
        ]
        """Every inlet that draws and the stream that it draws by."""
        self.streams = [stream for _, stream in self.draws]
        self.streams += [stream for _, m in self.plan for stream, _ in m.outlets.values()]
        self.entering = [_entering(train) for train in self.trains]
        self.entries = [entry for each in self.entering for entry in each]

    def tank(self, name: str) -> int:
        """Return the number of a tank; -1 for a supply."""
        return self.tanks.index(name) if name in self.tanks else -1

    def source(self, entry: Entrance) -> int:
        """Return the number of the tank of an entry, or of the stream where it collects one."""
        guest = entry.kind == "guest"
        return self.streams.index(entry.source) if guest else self.tank(entry.source)

    def owners(self) -> list[int]:
        """Return the train that makes each stream, or draws it."""
        owner = {self.streams.index(at.stream): t for t, m in self.plan for at in m.drawn.values()}
        for t, member in self.plan:
            owner |= {self.streams.index(stream): t for stream, _ in member.outlets.values()}
        return [owner[s] for s in range(len(self.streams))]


def _layout(network: Network, order: _Order, pulls: _Pulls, ahead: list[list[int]]) -> Layout:
    """Return who feeds whom, by numbers; ``ahead``: see `_ahead`."""
    plan, inlets = order.plan, order.inlets
    into: list[list[int]] = [[] for _ in order.tanks]
    for stream in network.pipes:
        to = destination(network, stream, Regime())
        if to in network.tanks:
            into[order.tank(to)].append(order.streams.index(stream))
    passed = [stream for streams in into for stream in streams]
    # tanks of a second feed before its last one give as those of a header do
    kinds = {"main": MAIN, "header": HEADER, "second": HEADER, "guest": GUEST}
    taken = {feed for t, feed in enumerate(order.feeds) if t not in pulls.trains}
    return Layout(
        member_first=_firsts([len(train.plan) for train in order.trains]),
        feed=ints(map(order.tank, order.feeds)),
        pulled=ints(t in pulls.trains for t in range(len(order.trains))),
        entry_first=_firsts([len(each) for each in order.entering]),
        entry_inlet=ints(inlets.index(entry.inlet) for entry in order.entries),
        entry_kind=ints(kinds[entry.kind] for entry in order.entries),
        entry_source=ints(map(order.source, order.entries)),
        train_of=ints(t for t, _ in plan),
        inlet_first=_firsts([len(member.inlets) for _, member in plan]),
        outlet_first=_firsts([len(member.outlets) for _, member in plan]),
        next_inlet=ints(
            -1 if to is None else inlets.index(to)
            for _, member in plan
            for _, to in member.outlets.values()
        ),
        draw_first=_firsts([len(member.drawn) for _, member in plan]),
        draw_inlet=ints(inlets.index(inlet) for inlet, _ in order.draws),
        draw_tank=ints(order.tank(stream.partition(">")[0]) for _, stream in order.draws),
        into_first=_firsts([len(streams) for streams in into]),
        into=ints(passed),
        owner=ints(order.owners()),
        pull_tank=ints(map(order.tank, pulls.giver)),
        giver=ints(pulls.giver.values()),
        torn=ints(passed + [order.streams.index(stream) for stream in network.guests()]),
        ahead_first=_firsts([len(each) for each in ahead]),
        ahead=ints(e for each in ahead for e in each),
        left_to_train=ints(tank in taken for tank in order.tanks),
    )


def _booked(network: Network, order: _Order) -> list[tuple[Entry, int]]:
    """Return what is booked, in order, and the row of flows that it is."""
    booked: list[tuple[Entry, int]] = []

    def book(source: str, sink: str, stream: str, row: int, cause: str = "normal") -> None:
        medium = network.sinks.get(sink, INTERNAL)
        booked.append((Entry(source, sink, stream, medium, cause), row))

    first = 0
    for train, entering in zip(order.trains, order.entering, strict=True):
        for e, entry in enumerate(entering, first):
            if entry.kind != "guest":  # the outlet of the other train books it
                unit = entry.inlet.partition(".")[0]
                book(entry.source, unit, f"{entry.source}>{entry.inlet}", e)
        first += len(entering)
        for stream in train.streams:
            source, _, inlet = stream.partition(">")
            if not inlet:
                source, inlet = stream.partition(".")[0], destination(network, stream, Regime())
            row = len(order.entries) + order.streams.index(stream)
            book(source, inlet.partition(".")[0], stream, row)
    spills = len(order.entries) + len(order.streams)
    for j, tank in enumerate(order.tanks):
        if tank in network.spills:
            book(tank, network.spills[tank], f"{tank}.overflow", spills + j, OVERFLOW)
    return booked


def _unasked(network: Network, train: CompiledTrain) -> str:
    """Return why nothing says how much a train takes from its supply, and what would."""
    feed, members = train.train.feed, train.train.members
    own = [stream for stream in network.pipes if stream.partition(".")[0] in members]
    fills = {destination(network, stream, Regime()) for stream in own}
    for inlet in network.draws:
        header = network.header_of(inlet)
        tank = next((tank for tank in header.tanks if tank in fills), None) if header else None
        if header and header.supply is not None and tank is not None:
            return (
                f"train {train.name!r} fills tank {tank!r} from supply {feed!r}, but what "
                f"{inlet!r} draws from the tank may come from supply {header.supply!r}, too, so "
                "nothing says how much the train takes at constant conditions; leave "
                f"{header.supply!r} out of what {inlet!r} draws on, so that the tank gives all "
                "that is asked for"
            )
    return (
        f"train {train.name!r} draws from supply {feed!r}, but neither the pacer "
        f"{network.pacer!r} nor a second feed asks for what it makes, so nothing says how much it "
        "takes at constant conditions; join it to the pacer by pipes, or let an inlet that draws "
        "take what it makes from a tank"
    )


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


def _refuse_rivals(
    network: Network, trains: Sequence[CompiledTrain], pulled: Collection[int]
) -> None:
    """Raise ValueError where one of several trains that a tank feeds takes all that it gets."""
    for tank in network.tanks:
        fed = {t: train.name for t, train in enumerate(trains) if train.train.feed == tank}
        if len(fed) > 1 and not fed.keys() <= {*pulled}:
            *others, last = map(told, fed.values())
            raise ValueError(
                f"tank {tank!r} feeds trains {', '.join(others)} and {last}, but at constant "
                "conditions one tank feeds one train: nothing says who gets how much; give each a "
                "tank of its own, filled by a splitter, or simulate, where priorities say it"
            )


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
                    f"which {names[takers[tank]]!r} draws from, at constant conditions; let a "
                    f"supply give what {'one of them' if others else 'the tank'} lacks"
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


def ints(values: Any) -> NDArray[np.int64]:
    """Return whole numbers, or rows of them, as an array."""
    return np.array(list(values), dtype=np.int64)


def _firsts(counts: list[int]) -> NDArray[np.int64]:
    """Return where each of some runs of so many things begins, and where the last one ends."""
    return np.cumsum([0, *counts], dtype=np.int64)
