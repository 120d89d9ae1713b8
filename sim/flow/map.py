"""What every activity of a plant moves between tanks now, as arrays, and the books behind it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from sim.books.ledger import INTERNAL, Entry, Ledger
from sim.flow import board, push
from sim.flow.arrays import Effects, Ints, Questions
from sim.flow.board import Course, Paths
from sim.flow.counts import COUNTS
from sim.flow.course import RATE_PASSES
from sim.flow.push import Totals
from sim.flow.train import Array, CompiledTrain
from sim.network.chemistry import Reaction
from sim.network.network import Network
from sim.network.unit import CAUSES, STOPPING, UTILITIES

(
    NORMAL, START_UP, TRIP, SHUTDOWN, CLEANING, MAINTENANCE, DEVICE_DOWN, OFF_SPEC, OVERFLOW, SPILL,
) = CAUSES  # fmt: skip
AS_USUAL = (NORMAL, OFF_SPEC)  # under what a train runs as fast as it may


class Regime(NamedTuple):
    """Under what a train's flows are booked, and where its outlets go."""

    cause: str = NORMAL
    diverted: bool = False
    """Collected gas goes to ``Pipe.otherwise``, because the train that collects it stands."""
    led: tuple[tuple[str, str], ...] = ()
    """Outlets that the operator leads elsewhere than ``Pipe.to``, with the tank or sink."""


def destination(network: Network, stream: str, regime: Regime) -> str:
    """Return the tank, sink or ``unit.inlet`` that a stream goes to."""
    pipe = network.pipes[stream]
    if regime.diverted and pipe.otherwise is not None:
        return pipe.otherwise
    if regime.cause == START_UP and pipe.start_up is not None:
        return pipe.start_up
    if regime.cause in STOPPING and pipe.trip is not None:
        return pipe.trip
    if regime.led:
        return dict(regime.led).get(stream, pipe.to)
    return pipe.to


class TrainBook:
    """What one train has carried so far, by regime."""

    def __init__(self, train: CompiledTrain) -> None:
        self.train = train
        self.totals: dict[Regime, Totals] = {}

    def copy(self) -> TrainBook:
        """Return the same book, in which more can be written."""
        other = TrainBook(self.train)
        for regime, totals in self.totals.items():
            other.totals[regime] = Totals(*(array.copy() for array in totals))
        return other

    def under(self, regime: Regime) -> Totals:
        """Return the totals under a regime, to be added to."""
        train, known = self.train, self.totals.get(regime)
        if known is None:
            known = self.totals[regime] = train.nothing()
        if len(known.extents) < len(train.reactions):  # a recipe has named a new one since
            more = np.zeros(len(train.reactions))
            more[: len(known.extents)] = known.extents
            known = self.totals[regime] = known._replace(extents=more)
        return known


def write_ledger(
    network: Network,
    books: Sequence[TrainBook],
    spilled: dict[str, dict[str, Array]],
    opening: dict[str, Array],
    held: dict[str, Array],
    below: dict[str, Array],
    over: dict[str, float],
    hours: float,
) -> Ledger:
    """Turn the accumulated streams into entries between accounts."""
    flows: dict[Entry, Array] = {}
    uses: dict[tuple[str, str, str], float] = {}
    extents: dict[tuple[str, Reaction], float] = {}

    def add(source: str, sink: str, stream: str, cause: str, kg: Array) -> None:
        if kg.any():
            entry = Entry(source, sink, stream, network.sinks.get(sink, INTERNAL), cause)
            flows[entry] = flows[entry] + kg if entry in flows else kg.copy()

    for book in books:
        train = book.train
        for regime, totals in book.totals.items():
            cause = regime.cause
            for entry, kg in zip(train.entries, totals.fed, strict=True):
                if entry.kind != "guest":  # the outlet of the other train books it
                    unit = entry.inlet.partition(".")[0]
                    add(entry.source, unit, f"{entry.source}>{entry.inlet}", cause, kg)
            for stream, kg in zip(train.streams, totals.streams, strict=True):
                if ">" in stream:
                    supply, _, inlet = stream.partition(">")
                    add(supply, inlet.partition(".")[0], stream, cause, kg)
                    continue
                to = destination(network, stream, regime)
                diverted = to != destination(network, stream, regime._replace(diverted=False))
                source = stream.partition(".")[0]
                add(source, to.partition(".")[0], stream, TRIP if diverted else cause, kg)
            table = totals.uses.reshape(-1, len(train.utilities))
            for (unit, _), row in zip(train.members, table.tolist(), strict=True):
                for utility, amount in zip(train.utilities, row, strict=True):
                    if amount:
                        key = (unit, utility, cause)
                        uses[key] = uses.get(key, 0.0) + amount
            for reaction, kmol in zip(train.reactions, totals.extents.tolist(), strict=False):
                extents[reaction] = extents.get(reaction, 0.0) + kmol
    for cause, by_tank in spilled.items():
        for tank, kg in by_tank.items():
            sink = network.spills.get(tank)
            if sink is not None:
                add(tank, sink, f"{tank}.overflow", cause, kg)
    units = frozenset(network.units)
    return Ledger(
        *(network.components, hours, flows, uses, extents, opening, held, units, below),
        network.accounts(),
        over,
    )


@dataclass(frozen=True, slots=True)
class Activity:
    """A rate that the solver decides: a train's main feed, or its draw on a tank, kg/h.

    Of a limited utility: what there is of it, in its own unit an hour; its train is -1.
    """

    name: str
    train: int
    entry: int
    source: int
    """Row of the tank or supply it draws from."""


class FlowMap:
    """Activities, the linear maps that hold now, and what has been booked through them.

    ``effects`` is what 1 kg of each activity moves, collected gas followed through the train that
    collects it. A recipe is asked anew where its answer may have moved by more than ``tolerance``,
    relative, by component and outlet: ``questions`` is what it was asked for last, and by how
    much that may differ, as the answers so far have taught.
    """

    def __init__(self, network: Network, tolerance: float) -> None:
        self.tolerance = tolerance
        self.network = network
        self.n = len(network.components)
        self.trains = [CompiledTrain(network, train, UTILITIES) for train in network.trains]
        self.train_index = {train.name: t for t, train in enumerate(self.trains)}
        self._list_sources()
        self.activities = self._activities()
        self.of_train: list[list[int]] = [
            [k for k, a in enumerate(self.activities) if a.train == t]
            for t in range(len(self.trains))
        ]
        self.sources = np.array([activity.source for activity in self.activities])
        self._list_served()
        self._list_hosts()
        self.regime: list[Regime] = [Regime()] * len(self.trains)
        self.books = [TrainBook(train) for train in self.trains]
        first = len(self.activities) - len(network.utilities)
        self.utilities = {name: first + u for u, name in enumerate(network.utilities)}
        """The activity of every limited utility."""
        self.effects = self._no_effects()
        self._list_entries()
        self.questions = self._list_questions()
        self.gas_of = [
            np.flatnonzero(self.questions.gas[:, 0] == t).tolist() for t in range(len(self.trains))
        ]
        """Rows of the collected gas that comes from each train."""
        self.routes: list[dict[Regime, Ints]] = [{} for _ in self.trains]
        self.led: list[dict[Regime, dict[str, str]]] = [{} for _ in self.trains]
        for compiled in self.trains:
            compiled.ready()
        self.paths = self._paths()
        self.course = self._course()
        beyond = len(self.effects.beyond) + len(network.peaks)
        self.boards = board.Trains(
            rows=np.zeros((len(self.trains), board.WIDTH), dtype=np.int64),
            guest_moves=np.zeros((len(self.entry), len(self.tanks), self.n, self.n)),
            guest_beyond=np.zeros((len(self.entry), self.n, beyond)),
            usual=np.ones(len(self.trains), dtype=bool),
        )
        for t in range(len(self.trains)):
            self._lead(t)
            self.pack(t)

    def _list_sources(self) -> None:
        """List tanks and the supplies of trains, with what these give."""
        network = self.network
        self.tanks = {name: j for j, name in enumerate(network.tanks)}
        supplies = dict.fromkeys(t.feed for t in network.trains if t.feed not in self.tanks)
        self.rows = {**self.tanks, **{s: len(self.tanks) + i for i, s in enumerate(supplies)}}
        self.supply_shares = np.array([network.supplies[s] for s in supplies], dtype=float)
        self.supply_shares = self.supply_shares.reshape(-1, self.n)
        if network.utilities:  # of no material: a row of its own, of which 1 kg is one unit
            self.rows[""] = len(self.rows)
            self.supply_shares = np.vstack([self.supply_shares, np.eye(1, self.n)])

    def _list_served(self) -> None:
        """List the inlets that tanks serve, and which activities draw for them."""
        self.headers: dict[str, tuple[int, list[int]]] = {}
        """For every header inlet: its train's activity and those of its tanks, in order."""
        self.seconds: dict[str, tuple[int, list[int]]] = {}
        """The same for every inlet that tanks alone serve."""
        served = {"header": self.headers, "second": self.seconds}
        for k, activity in enumerate(self.activities):
            if activity.train < 0:
                continue
            entry = self.trains[activity.train].entries[activity.entry]
            if entry.kind in served:
                inlets = served[entry.kind]
                inlets.setdefault(entry.inlet, (activity.train, []))[1].append(k)

    def _list_hosts(self) -> None:
        """List whose gas is collected, and by whom."""
        self.hosts = {
            (self._owner(entry.source), entry.source): (t, e)
            for t, train in enumerate(self.trains)
            for e, entry in enumerate(train.entries)
            if entry.kind == "guest"
        }
        """Train and outlet of collected gas: train and entry that it goes to."""
        hosted = {(source, host) for (source, _), (host, _) in self.hosts.items()}
        self.hosted = [
            (t, sorted(host for source, host in hosted if source == t))
            for t in sorted({source for source, _ in hosted})
        ]
        """Trains whose gas is collected, and the trains that collect it."""
        self.flush_order = self._sources_before_hosts()
        self.hosted.sort(key=lambda pair: self.flush_order.index(pair[0]))

    def _no_effects(self) -> Effects:
        """Return room for what activities move, which is nothing yet."""
        network, activities = self.network, len(self.activities)
        tanks, n, served = len(self.tanks), self.n, len(self.headers) + 2 * len(self.seconds)
        effects = Effects(
            moves=np.zeros((activities, tanks, n, n)),
            totals=np.zeros((activities, tanks, n)),
            reach=np.zeros((activities, tanks), dtype=np.bool_),
            beyond=np.zeros((served + len(network.utilities), activities, n)),
            uses=np.zeros((len(network.peaks), activities, n)),
            peaks=np.array([*network.peaks.values()], dtype=float),
            limited=np.array([self.utilities.get(name, -1) for name in network.peaks], np.int64),
            same=np.ones(activities, dtype=np.bool_),
            alone=np.ones(tanks, dtype=np.bool_),
        )
        for u, k in enumerate(self.utilities.values(), served):
            effects.beyond[u, k] = -1.0
        return effects

    def _list_entries(self) -> None:
        """List where material enters the trains, with what each recipe was asked for last."""
        entries = [(t, e) for t, train in enumerate(self.trains) for e in range(len(train.entries))]
        self.entry = {pair: i for i, pair in enumerate(entries)}
        own = {(a.train, a.entry): k for k, a in enumerate(self.activities)}
        self.entry_main = np.array([t for t, _ in entries], dtype=np.int64)
        self.entry_activity, self.entry_row = np.zeros((2, len(entries)), dtype=np.int64)
        for i, (t, e) in enumerate(entries):
            entry = self.trains[t].entries[e]
            guest = entry.kind == "guest"
            self.entry_activity[i] = self._owner(entry.source) if guest else own[t, e]
            self.entry_row[i] = -1 if guest else self.rows[entry.source]

    def _activities(self) -> list[Activity]:
        """Return the main feeds in the order of the trains, then the draws of the headers."""
        mains = [
            Activity(train.name, t, 0, self.rows[train.train.feed])
            for t, train in enumerate(self.trains)
        ]
        draws = [
            Activity(f"{entry.inlet}<{entry.source}", t, e, self.rows[entry.source])
            for t, train in enumerate(self.trains)
            for e, entry in enumerate(train.entries)
            if entry.kind in ("header", "second")
        ]
        utilities = [Activity(name, -1, -1, self.rows[""]) for name in self.network.utilities]
        return mains + draws + utilities

    def _owner(self, outlet: str) -> int:
        unit = outlet.partition(".")[0]
        return self.train_index[self.network.train_of(unit).name]

    def _sources_before_hosts(self) -> list[int]:
        order: list[int] = []
        waiting = list(range(len(self.trains)))
        while waiting:
            held = {host for source, hosts in self.hosted if source in waiting for host in hosts}
            ready = [t for t in waiting if t not in held]
            if not ready:
                names = ", ".join(self.trains[t].name for t in waiting)
                raise ValueError(f"trains {names} collect each other's gas in a circle")
            order += ready
            waiting = [t for t in waiting if t not in ready]
        return order

    def replace(self, t: int, train: CompiledTrain) -> None:
        """Let another train take the place of one that has the same ports; what flows is booked."""
        before, self.trains[t] = self.trains[t], train
        train.follow(before)
        self.questions.dependent[t] = any(unit.rate_dependent for _, unit in train.members)
        self.questions.stale[t] = True
        self.pack(t)

    def limit(self, t: int, unit: str) -> float:
        """Return the activity at which a member of a train is full, kg/h, or the train itself."""
        limit = self.trains[t].limit(unit)
        return float(self.questions.capacities[t]) if limit is None else limit

    def pack(self, t: int) -> None:
        """Write down where the arrays of a train are."""
        train, which = self.trains[t], int(self.course.which[t])
        train.make_room()
        parts = (
            train.wiring, train.asking.members, train.answers[which], train.answers[1 - which],
            self.books[t].under(self.regime[t]), train.carried,
        )  # fmt: skip
        self.boards.rows[t] = [number for part in parts for number in board.packed(part)]

    def _lead(self, t: int) -> None:
        """Lead a train's outlets as its regime says, and book under it."""
        train, questions, row = self.trains[t], self.questions, self.boards.rows[t]
        train.carried = train.carried._replace(routes=self._routes(t))
        if train.asking.cause != self.regime[t].cause:
            train.asking.tell(train.asking.surroundings, self.regime[t].cause)
        for g in self.gas_of[t]:
            outlet = train.streams[self.paths.gas_position[g]]
            host, entry = self.hosts[t, outlet]
            inlet = self.trains[host].entries[entry].inlet
            questions.gas[g, 4] = self.destinations(t)[outlet] == inlet
        row[board.TOTALS : board.CARRIED] = board.packed(self.books[t].under(self.regime[t]))
        row[board.CARRIED : board.LED] = board.packed(train.carried, "routes")
        self.boards.usual[t] = self.regime[t].cause in AS_USUAL

    def _paths(self) -> Paths:
        """Return who hands what to whom."""
        trains, hosts = len(self.trains), dict(self.hosted)
        entries = [len(train.entries) for train in self.trains]
        own = [[(k, self.activities[k].entry) for k in ks] for ks in self.of_train]
        own_first, owned = _listed(own, 2)
        host_first, host = _listed([hosts.get(t, []) for t in range(trains)], 1)
        after_first, after = _listed([self._after(t) for t in range(trains)], 1)
        served, drawn = self._served()
        return Paths(
            order=np.array(self.flush_order, dtype=np.int64),
            entry_first=np.cumsum([0, *entries]),
            own_first=own_first,
            own=owned,
            host_first=host_first,
            host=host,
            after_first=after_first,
            after=after,
            gas_position=np.array(
                [
                    self.trains[t].position[outlet]
                    for t in self.flush_order
                    for source, outlet in self.hosts
                    if source == t
                ],
                dtype=np.int64,
            ),
            served=served,
            drawn=drawn,
            utilities=np.array(
                [UTILITIES.index(name) for name in (*self.utilities, *self.network.peaks)],
                dtype=np.int64,
            ),
            guest=np.array(
                [entry.kind == "guest" for train in self.trains for entry in train.entries]
            ),
            collects=np.array(
                [any(e.kind == "guest" for e in train.entries) for train in self.trains]
            ),
            nominal=np.array([nominal_activity(train) for train in self.trains], dtype=float),
        )

    def _after(self, t: int) -> list[int]:
        """Return whose effects change with those of train ``t``, those nearest to it first."""
        found: list[int] = []
        for source, hosts in self.hosted:
            if t in hosts and source != t:
                found += [source, *self._after(source)]
        return found

    def ahead_of(self, inlet: str) -> list[int]:
        """Return the activities that reach a header's member by those before it in its train.

        What these draw or collect moves what the header is asked for; the train's feed is left out.
        """
        t = self.headers[inlet][0]
        train = self.trains[t]
        names = [name for name, _ in train.members]
        ahead = names[: names.index(inlet.partition(".")[0])]
        found: list[int] = []
        for e, entry in enumerate(train.entries):
            if e == 0 or entry.inlet.partition(".")[0] not in ahead:
                continue
            if entry.kind == "guest":
                source = self._owner(entry.source)
                for sender in (source, *self._after(source)):
                    found += self.of_train[sender]
            else:
                found += [k for k in self.of_train[t] if self.activities[k].entry == e]
        return found

    def _served(self) -> tuple[Ints, Ints]:
        """Return the inlets that tanks serve, and their draws, as tables of `Paths`."""
        served: list[tuple[int, ...]] = []
        drawn: list[tuple[int, ...]] = []
        row = 0
        for inlets, rows in ((self.headers, 1), (self.seconds, 2)):
            for inlet, (t, draws) in inlets.items():
                train = self.trains[t]
                drawn += [(len(served), self.activities[k].entry, k) for k in draws]
                served.append((t, train.headers.index(inlet), train.slots[inlet], row, rows))
                row += rows
        return _table(served, 5), _table(drawn, 3)

    def _course(self) -> Course:
        """Return that nothing is settled yet."""

        def each(kind: Any) -> Any:
            return np.zeros(len(self.trains), dtype=kind)

        return Course(
            fractions=each(float),
            full=each(float),
            stumbles=each(np.int64),
            most=np.full(len(self.trains), np.inf),
            known=each(bool),
            todo=each(bool),
            at=each(float),
            again=each(bool),
            tries=np.zeros((len(self.trains), RATE_PASSES, 2)),
            tried=each(np.int64),
            gas=np.zeros((len(self.trains), RATE_PASSES, 2)),
            gases=each(np.int64),
            gas_at=each(float),
            gap=np.zeros(self.questions.per_kg.shape),
            stride=each(float),
            which=each(np.int64),
            told=each(np.int64),
            told_rate=each(float),
            changed=each(np.int64),
            wanted=each(bool),
            collected=np.zeros(self.questions.per_kg.shape),
            counts=np.zeros(COUNTS, dtype=np.int64),
            lengths=np.zeros(2),
        )

    def _list_questions(self) -> Questions:
        """Return what recipes are asked for, with nothing asked yet."""
        gas: list[tuple[int, ...]] = []
        hosted: list[tuple[int, int, int]] = []
        hosts: list[int] = []
        for t in self.flush_order:
            first = self.entry[t, 0]
            end = first + len(self.trains[t].entries)
            for (source, _), host in self.hosts.items():
                if source == t:
                    gas.append((t, first, end, self.entry[host], 0))
        for _, collecting in self.hosted:
            hosted.append((len(hosts), len(hosts) + len(collecting), 0))
            hosts += collecting
        entries_and_parts, trains = (len(self.entry), self.n), len(self.trains)
        return Questions(
            asked=np.zeros(entries_and_parts),
            leeway=np.full(entries_and_parts, -1.0),
            asked_rate=np.zeros(trains),
            rate_leeway=np.full(trains, -1.0),
            tried=np.zeros(entries_and_parts),
            tried_rate=np.zeros(trains),
            dependent=np.array(
                [any(unit.rate_dependent for _, unit in train.members) for train in self.trains]
            ),
            capacities=np.zeros(trains),
            passed=np.zeros(trains),
            hours=np.zeros(1),
            stale=np.ones(trains, dtype=np.bool_),
            anew=np.zeros(trains, dtype=np.bool_),
            per_kg=np.zeros(entries_and_parts),
            gas=_table(gas, 5),
            given=np.zeros((len(gas), len(self.entry), self.n, self.n)),
            hosted=_table(hosted, 3),
            hosts=np.array(hosts, dtype=np.int64),
        )

    def _routes(self, t: int) -> Ints:
        """Return which streams of train ``t`` go to which tank or collecting train.

        In rows: the position of the stream, the tank or -1, and the entry that collects it or -1.
        """
        regime = self.regime[t]
        known = self.routes[t].get(regime)
        if known is None:
            train = self.trains[t]
            routes = []
            for stream in train.outlets:
                if stream in train.next_inlet:
                    continue
                to = self.destinations(t)[stream]
                position = train.position[stream]
                if to in self.tanks:
                    routes.append((position, self.tanks[to], -1))
                elif "." in to:
                    routes.append((position, -1, self.entry[self.hosts[t, stream]]))
            known = self.routes[t][regime] = _table(routes, 3)
        return known

    def destinations(self, t: int) -> dict[str, str]:
        """Return where every outlet of train ``t`` goes."""
        regime = self.regime[t]
        known = self.led[t].get(regime)
        if known is None:
            outlets = self.trains[t].outlets
            known = {stream: destination(self.network, stream, regime) for stream in outlets}
            self.led[t][regime] = known
        return known

    def set_regime(self, t: int, regime: Regime) -> bool:
        """Book what train ``t`` carries under another regime; book before, and refresh after.

        Returns whether it is another.
        """
        if regime == self.regime[t]:
            return False
        self.regime[t] = regime
        for h, (source, _) in enumerate(self.hosted):
            if source == t:
                self.questions.hosted[h, 2] = regime.diverted
        self._lead(t)
        return True

    def under(self, books: Sequence[TrainBook]) -> board.Trains:
        """Return where the arrays of trains are that are booked in other books."""
        rows = self.boards.rows.copy()
        for t, kept in enumerate(books):
            totals = board.packed(kept.under(self.regime[t]))
            rows[t, board.TOTALS : board.CARRIED] = totals
        return self.boards._replace(rows=rows)

    def passed(self, fed: Array) -> Iterator[tuple[int, Array]]:
        """Yield every train that carries something, and its streams, kg by stream and component.

        ``fed`` is by activity x component.
        """
        fed, collected = fed.copy(), np.zeros(self.questions.per_kg.shape)
        moving, paths = set(np.flatnonzero(fed.any(axis=1)).tolist()), self.paths
        for t in self.flush_order:
            anything = paths.collects[t] or not moving.isdisjoint(self.of_train[t])
            if not (anything and self.course.known[t]):
                continue
            train = self.trains[t]
            answer, totals = train.answers[self.course.which[t]], train.nothing()
            own = paths.own[paths.own_first[t] : paths.own_first[t + 1]]
            carried = train.carried._replace(made=np.empty(totals.streams.shape))
            first = self.entry[t, 0]
            if push.carry_through(own, first, fed, collected, answer, carried, totals):
                yield t, carried.made


def nominal_activity(train: CompiledTrain) -> float:
    """Return where to evaluate a train that has not run yet, kg/h of its main feed."""
    limits = [unit.largest for _, unit in train.members if unit.largest < float("inf")]
    if not limits:
        raise ValueError(f"train {train.name!r}: no member has a finite capacity")
    return min(limits) or 1.0


def _listed(of_train: Sequence[Sequence[Any]], width: int) -> tuple[Ints, Ints]:
    """Return where what belongs to each train begins, one more, and all of it one after another."""
    first = np.cumsum([0, *map(len, of_train)])
    listed = _table([each for several in of_train for each in several], width)
    return first, listed if width > 1 else listed.ravel()


def _table(rows: Sequence[Any], width: int) -> Ints:
    """Return rows of so many numbers as an array; there may be none."""
    return np.array(rows, dtype=np.int64).reshape(-1, width)
