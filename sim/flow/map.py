"""What every activity of a plant moves between tanks now, as arrays, and the books behind it."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from sim.books.ledger import INTERNAL, Entry, Ledger
from sim.flow import push
from sim.flow.core import Effects, Floats, Ints, Questions
from sim.flow.push import Totals
from sim.flow.train import Array, CompiledTrain, LinearMap
from sim.network.chemistry import Reaction
from sim.network.network import Network
from sim.network.unit import STOPPING, UTILITIES

NORMAL, START_UP, OVERFLOW, CLEANING = "normal", "start-up", "overflow", "cleaning"
TRIP, SHUTDOWN, MAINTENANCE = STOPPING
DEVICE_DOWN, SPILL, OFF_SPEC = "device down", "spill", "off-spec"
CAUSES = (
    NORMAL, START_UP, TRIP, SHUTDOWN, CLEANING, MAINTENANCE, DEVICE_DOWN, OFF_SPEC, OVERFLOW, SPILL,
)  # fmt: skip
"""Why something flows. ``device down``: a train runs on without a device that is down.

``overflow`` is what a tank has too much of while those that draw on it run as usual, for good;
``spill`` what overflows because one of them does not.
"""


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
    return Ledger(
        network.components, hours, flows, uses, extents, opening, held, frozenset(network.units)
    )


# Of capacity: from a lower rate nobody extrapolates to it, for what a train takes whatever its
# rate (air that leaks in, gas that it collects) would count as if it grew with the rate.
FAR = 0.1


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


@dataclass
class Recipes:
    """The recipes a train runs by, and where they were evaluated."""

    linear: LinearMap | None = None
    activity: float = 0.0
    capacity: float = 0.0  # kg/h of the train's main feed
    limits: Mapping[str, float] = field(default_factory=dict)  # of each member of finite capacity


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
        self.tanks = {name: j for j, name in enumerate(network.tanks)}
        self.trains = [CompiledTrain(network, train, UTILITIES) for train in network.trains]
        self.train_index = {train.name: t for t, train in enumerate(self.trains)}
        supplies = dict.fromkeys(t.feed for t in network.trains if t.feed not in self.tanks)
        self.rows = {**self.tanks, **{s: len(self.tanks) + i for i, s in enumerate(supplies)}}
        self.supply_shares = np.array([network.supplies[s] for s in supplies]).reshape(-1, self.n)
        if network.utilities:  # of no material: a row of its own, of which 1 kg is one unit
            self.rows[""] = len(self.rows)
            self.supply_shares = np.vstack([self.supply_shares, np.eye(1, self.n)])
        self.activities = self._activities()
        self.of_train: list[list[int]] = [
            [k for k, a in enumerate(self.activities) if a.train == t]
            for t in range(len(self.trains))
        ]
        self.own = [
            np.array([(k, self.activities[k].entry) for k in ks], dtype=np.int64)
            for ks in self.of_train
        ]
        """For each train its activities, and the entry of each."""
        self.collects = [
            any(entry.kind == "guest" for entry in train.entries) for train in self.trains
        ]
        self.sources = np.array([activity.source for activity in self.activities])
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
        self.recipes = [Recipes() for _ in self.trains]
        self.regime: list[Regime] = [Regime()] * len(self.trains)
        self.books = [TrainBook(train) for train in self.trains]
        activities, tanks, n = len(self.activities), len(self.tanks), self.n
        self.effects = Effects(
            moves=np.zeros((activities, tanks, n, n)),
            totals=np.zeros((activities, tanks, n)),
            reach=np.zeros((activities, tanks), dtype=np.bool_),
            demand=np.zeros((len(self.headers), n)),
            worth=np.zeros((activities, n)),
            beyond=np.zeros((2 * len(self.seconds) + len(network.utilities), activities, n)),
            alone=np.ones(tanks, dtype=np.bool_),
        )
        self.structure = 0
        """Counts up when other tanks are reached."""
        self.header_main = np.array([main for main, _ in self.headers.values()], dtype=np.int64)
        self.utilities = {
            name: activities - len(network.utilities) + u
            for u, name in enumerate(network.utilities)
        }
        """The activity of every limited utility."""
        for u, k in enumerate(self.utilities.values(), 2 * len(self.seconds)):
            self.effects.beyond[u, k] = -1.0
        self._list_entries()
        self.guest_beyond = np.zeros((len(self.entry), n, len(self.effects.beyond)))
        """What 1 kg of each component adds to the rows beyond, by entry of collected gas."""
        self.gas_of: list[list[tuple[int, int, str, str]]] = [[] for _ in self.trains]
        """For each train its outlets of collected gas: row of the questions' ``gas``, position of
        the stream, outlet, and the inlet where it is collected."""
        self.questions = self._list_questions()
        self.guest_moves = np.zeros((len(self.entry), tanks, self.n, self.n))
        """The same as ``moves`` by entry of any train, for collected gas."""
        self.routes: list[dict[Regime, Ints]] = [{} for _ in self.trains]
        self.led: list[dict[Regime, dict[str, str]]] = [{} for _ in self.trains]
        self.evaluations = 0

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

    def evaluate(
        self,
        t: int,
        feeds: Array,
        activity: Floats,
        surroundings: Mapping[str, float],
        *,
        learn: bool = True,
    ) -> None:
        """Evaluate the recipes of train ``t`` for what it carries now (nominal if it stands).

        ``feeds`` are the compositions of tanks and supplies, kg/kg, by row.
        """
        train, held = self.trains[t], self.recipes[t]
        rate = float(activity[t]) or held.activity or nominal_activity(train)
        entries, questions = self.entries_of(t), self.questions
        feed = np.empty((len(train.entries), self.n))
        push.enter(
            self.entry_row, self.entry_activity, entries.start, feeds, questions.per_kg, activity,
            rate, feed,
        )  # fmt: skip
        before, flows = held.linear, feed
        for main, draws in self.seconds.values():
            if main == t and not any(activity[k] for k in draws):
                k = draws[-1]  # in what mixture: how much is for the recipe to say
                mixture = feeds[self.activities[k].source]
                flows = feed.copy() if flows is feed else flows
                flows[self.activities[k].entry] = mixture
        held.linear = train.evaluate(flows, surroundings, rate, self.regime[t].cause)
        if rate >= FAR * held.capacity:
            held.limits = train.limits
            held.capacity = min(held.limits.values(), default=math.inf)
            questions.capacities[t] = held.capacity
        feed /= rate
        if learn and before is not None and not questions.stale[t]:
            self._learn(t, rate, feed, entries, before)
        questions.asked[entries] = feed
        held.activity = questions.asked_rate[t] = rate
        questions.stale[t] = False
        self.evaluations += 1
        self.refresh(t)

    def _learn(self, t: int, rate: float, feed: Array, entries: slice, before: LinearMap) -> None:
        """Learn from what a recipe answers now how far its question may move the next time."""
        now, train, questions = self.recipes[t].linear, self.trains[t], self.questions
        assert now is not None
        used = (len(now.streams), len(train.members), len(train.utilities))
        rates = np.array([rate, questions.asked_rate[t], questions.rate_leeway[t]])
        push.learn(
            feed, questions.asked[entries], questions.leeway[entries], rates,
            before.streams, now.streams,
            before.uses.reshape(used), now.uses.reshape(used),
            train.made_up, before.demand, now.demand, self.tolerance,
        )  # fmt: skip
        questions.rate_leeway[t] = rates[2]

    def _list_questions(self) -> Questions:
        """Return what recipes are asked for, with nothing asked yet."""
        gas: list[tuple[int, ...]] = []
        hosted: list[tuple[int, int, int]] = []
        hosts: list[int] = []
        for t in self.flush_order:
            entries = self.entries_of(t)
            for (source, outlet), host in self.hosts.items():
                if source == t:
                    inlet = self.trains[host[0]].entries[host[1]].inlet
                    position = self.trains[t].position[outlet]
                    self.gas_of[t].append((len(gas), position, outlet, inlet))
                    gas.append((t, entries.start, entries.stop, self.entry[host], 0))
        for _, collecting in self.hosted:
            hosted.append((len(hosts), len(hosts) + len(collecting), 0))
            hosts += collecting
        entries_and_parts, trains = (len(self.entry), self.n), len(self.trains)
        return Questions(
            asked=np.zeros(entries_and_parts),
            leeway=np.full(entries_and_parts, -1.0),
            asked_rate=np.zeros(trains),
            rate_leeway=np.full(trains, -1.0),
            dependent=np.array(
                [any(unit.rate_dependent for _, unit in train.members) for train in self.trains]
            ),
            capacities=np.zeros(trains),
            stale=np.ones(trains, dtype=np.bool_),
            anew=np.zeros(trains, dtype=np.bool_),
            per_kg=np.zeros(entries_and_parts),
            gas=np.array(gas, dtype=np.int64).reshape(-1, 5),
            given=np.zeros((len(gas), len(self.entry), self.n, self.n)),
            hosted=np.array(hosted, dtype=np.int64).reshape(-1, 3),
            hosts=np.array(hosts, dtype=np.int64),
        )

    def refresh(self, t: int) -> None:
        """Recompute what train ``t`` moves, and the trains whose gas it collects."""
        linear = self.recipes[t].linear
        if linear is None:
            return
        train, n = self.trains[t], self.n
        effects, questions, entries = self.effects, self.questions, self.entries_of(t)
        streams = linear.streams.reshape(len(train.entries), n, len(train.streams), n)
        routes = self._routes(t)
        for k in self.of_train[t]:
            moved = effects.moves[k]
            push.move(streams[self.activities[k].entry], routes, self.guest_moves, moved)
            self.structure += push.total(moved, effects.totals[k], effects.reach[k])
        for e, entry in enumerate(train.entries):
            if entry.kind == "guest":
                push.move(streams[e], routes, self.guest_moves, self.guest_moves[entries.start + e])
        for g, position, outlet, inlet in self.gas_of[t]:
            questions.given[g, entries] = streams[:, :, position]
            questions.gas[g, 4] = self.destinations(t)[outlet] == inlet
        for h, (inlet, (main, draws)) in enumerate(self.headers.items()):
            if main == t:
                effects.demand[h] = linear.demand[train.headers.index(inlet), :n]
                effects.worth[draws] = linear.worth[train.slots[inlet]]
        if len(effects.beyond):
            self._refresh_beyond(t, linear, streams, routes)
        push.alike(self.sources, self.header_main, effects)
        for source, hosts in self.hosted:
            if t in hosts and source != t:
                self.refresh(source)

    def _refresh_beyond(self, t: int, linear: LinearMap, streams: Array, routes: Ints) -> None:
        """Recompute what train ``t`` adds to the rows beyond tanks and headers."""
        train = self.trains[t]
        adds = self.guest_beyond[self.entries_of(t)]
        adds[:] = 0.0
        for i, (inlet, (main, draws)) in enumerate(self.seconds.items()):
            if main == t:
                worth = linear.worth[train.slots[inlet]]
                adds[:, :, 2 * i] -= linear.demand[train.headers.index(inlet)].reshape(-1, self.n)
                adds[[self.activities[k].entry for k in draws], :, 2 * i] += worth
                adds[:, :, 2 * i + 1] = -adds[:, :, 2 * i]
        adds[:, :, 2 * len(self.seconds) :] = self._used(t, linear).reshape(*adds.shape[:2], -1)
        for position, _, guest in routes.tolist():
            if guest >= 0:
                adds += streams[:, :, position] @ self.guest_beyond[guest]
        for k in self.of_train[t]:
            self.effects.beyond[:, k] = adds[self.activities[k].entry].T

    def _used(self, t: int, linear: LinearMap) -> Array:
        """Return what train ``t`` uses of limited utilities, shape (entries * n, utilities)."""
        by_member = linear.uses.reshape(-1, len(self.trains[t].members), len(UTILITIES))
        used: Array = by_member.sum(axis=1)
        return used[:, [UTILITIES.index(name) for name in self.utilities]]

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
            known = np.array(routes, dtype=np.int64).reshape(-1, 3)
            self.routes[t][regime] = known
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

    def set_regime(self, t: int, regime: Regime) -> None:
        """Book what train ``t`` carries under another regime; flush before."""
        if regime != self.regime[t]:
            self.regime[t] = regime
            for h, (source, _) in enumerate(self.hosted):
                if source == t:
                    self.questions.hosted[h, 2] = regime.diverted
            self.refresh(t)

    def flush(self, fed: Array, only: Collection[int], books: Sequence[TrainBook]) -> None:
        """Book ``fed`` kg by activity x component of some trains, and set it to zero.

        Gas that they collect is booked with the trains that it comes from.
        """
        wanted = set(only)
        hosts = dict(self.hosted)
        for t in reversed(self.flush_order):
            if not wanted.isdisjoint(hosts.get(t, ())):
                wanted.add(t)
        collected = np.zeros(self.questions.per_kg.shape)
        for t in self.flush_order:
            if t in wanted or (self.collects[t] and collected[self.entries_of(t)].any()):
                self._carry_through(t, fed, collected, books[t].under(self.regime[t]))

    def passed(self, fed: Array) -> Iterator[tuple[int, Array]]:
        """Yield every train that carries something, and its streams, kg by stream and component.

        ``fed`` is by activity x component.
        """
        fed, collected = fed.copy(), np.zeros(self.questions.per_kg.shape)
        for t in self.flush_order:
            made = self._carry_through(t, fed, collected, self.trains[t].nothing())
            if made is not None:
                yield t, made

    def _carry_through(self, t: int, fed: Array, collected: Array, totals: Totals) -> Array | None:
        """Add what train ``t`` was fed and has collected to totals; return its streams, kg."""
        train, linear = self.trains[t], self.recipes[t].linear
        if linear is None:
            return None
        made = np.empty(totals.streams.shape)
        anything = push.carry_through(
            self.own[t], self.entry[t, 0], fed, collected,
            linear.streams, linear.uses, linear.extents,
            len(train.draws), self._routes(t), made, totals,
        )  # fmt: skip
        return made if anything else None

    def entries_of(self, t: int) -> slice:
        """Return the places of a train's entries among those of all trains."""
        first = self.entry[t, 0]
        return slice(first, first + len(self.trains[t].entries))


def nominal_activity(train: CompiledTrain) -> float:
    """Return where to evaluate a train that has not run yet, kg/h of its main feed."""
    limits = [unit.largest for _, unit in train.members if unit.largest < float("inf")]
    if not limits:
        raise ValueError(f"train {train.name!r}: no member has a finite capacity")
    return min(limits) or 1.0
