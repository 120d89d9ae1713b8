"""What every activity of a plant moves between tanks now, as arrays, and the books behind it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from sim.books.ledger import INTERNAL, Entry, Ledger
from sim.flow.core import START, Flags
from sim.flow.train import Array, CompiledTrain, Evaluation, LinearMap
from sim.network.chemistry import Reaction
from sim.network.network import Network

NORMAL, START_UP, TRIP, OVERFLOW = "normal", "start-up", "trip", "overflow"


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
    if regime.cause == TRIP and pipe.trip is not None:
        return pipe.trip
    if regime.led:
        return dict(regime.led).get(stream, pipe.to)
    return pipe.to


class TrainBook:
    """What one train has carried so far, by regime: streams, utilities, extents of reaction."""

    def __init__(self, train: CompiledTrain) -> None:
        self.train = train
        self.fed: dict[Regime, Array] = {}
        self.streams: dict[Regime, Array] = {}
        self.uses: dict[Regime, Array] = {}
        self.extents: dict[Regime, dict[tuple[str, Reaction], float]] = {}

    def copy(self) -> TrainBook:
        """Return the same book, in which more can be written."""
        other = TrainBook(self.train)
        other.fed, other.streams, other.uses = dict(self.fed), dict(self.streams), dict(self.uses)
        other.extents = {regime: dict(kmol) for regime, kmol in self.extents.items()}
        return other

    def write(self, fed: Array, linear: LinearMap, regime: Regime, streams: Array) -> None:
        """Book ``fed`` kg at every entry, and the streams made of it, kg."""
        flat = fed.ravel()
        uses = flat @ linear.uses
        for book, more in ((self.fed, fed), (self.streams, streams), (self.uses, uses)):
            book[regime] = book[regime] + more if regime in book else more
        extents = self.extents.setdefault(regime, {})
        for reaction, kmol in zip(linear.reactions, (flat @ linear.extents).tolist(), strict=True):
            extents[reaction] = extents.get(reaction, 0.0) + kmol


def write_ledger(
    network: Network,
    books: Sequence[TrainBook],
    spilled: dict[str, Array],
    opening: dict[str, Array],
    held: dict[str, Array],
    hours: float,
) -> Ledger:
    """Turn the accumulated streams into entries between accounts."""
    n = len(network.components)
    flows: dict[Entry, Array] = {}
    uses: dict[tuple[str, str, str], float] = {}
    extents: dict[tuple[str, Reaction], float] = {}

    def add(source: str, sink: str, stream: str, cause: str, kg: Array) -> None:
        if kg.any():
            entry = Entry(source, sink, stream, network.sinks.get(sink, INTERNAL), cause)
            flows[entry] = flows[entry] + kg if entry in flows else kg.copy()

    for book in books:
        train = book.train
        for regime, fed in book.fed.items():
            cause = regime.cause
            for entry, kg in zip(train.entries, fed, strict=True):
                if entry.kind != "guest":  # the outlet of the other train books it
                    unit = entry.inlet.partition(".")[0]
                    add(entry.source, unit, f"{entry.source}>{entry.inlet}", cause, kg)
            table = book.streams[regime].reshape(-1, n)
            for stream, kg in zip(train.streams, table, strict=True):
                if ">" in stream:
                    supply, _, inlet = stream.partition(">")
                    add(supply, inlet.partition(".")[0], stream, cause, kg)
                    continue
                to = destination(network, stream, regime)
                diverted = to != destination(network, stream, regime._replace(diverted=False))
                source = stream.partition(".")[0]
                add(source, to.partition(".")[0], stream, TRIP if diverted else cause, kg)
            table = book.uses[regime].reshape(-1, len(train.utilities))
            for (unit, _), row in zip(train.members, table.tolist(), strict=True):
                for utility, amount in zip(train.utilities, row, strict=True):
                    if amount:
                        key = (unit, utility, cause)
                        uses[key] = uses.get(key, 0.0) + amount
            for reaction, kmol in book.extents[regime].items():
                extents[reaction] = extents.get(reaction, 0.0) + kmol
    for tank, kg in spilled.items():
        sink = network.spills.get(tank)
        if sink is not None:
            add(tank, sink, f"{tank}.overflow", OVERFLOW, kg)
    return Ledger(
        network.components, hours, flows, uses, extents, opening, held, frozenset(network.units)
    )


UTILITIES = ("steam", "power", "cooling_water")
# Of capacity: from a lower rate nobody extrapolates to it, for what a train takes whatever its
# rate (air that leaks in, gas that it collects) would count as if it grew with the rate.
FAR = 0.1
AIM = 1.0  # times the tolerance: by so much an answer may move to both sides of the mean ...
BOLD = 10.0  # ... but the question by no more than that many times its last move
BLAMED = 0.1  # of the largest move by its leeway; what has moved less is not to blame
UNSEEN = 1e-2  # of the largest stream of a component: by so much more a smaller one may be off
ROUNDING = 1e-9  # kg/kg
UNIFORM = 1e-13  # kg/kg
TINY = 1e-300


@dataclass(frozen=True, slots=True)
class Activity:
    """A rate that the solver decides: a train's main feed, or a header's draw on a tank, kg/h."""

    name: str
    train: int
    entry: int
    source: int
    """Row of the tank or supply it draws from."""


Routes = list[tuple[int, int, tuple[int, int]]]
"""Position of a stream, and the tank it goes to, or else the train and entry that collect it."""


@dataclass
class Recipes:
    """The recipes a train runs by, and where they were evaluated."""

    evaluation: Evaluation | None = None
    linear: LinearMap | None = None
    activity: float = 0.0
    capacity: float = 0.0  # kg/h of the train's main feed
    limits: Mapping[str, float] = field(default_factory=dict)  # of each member of finite capacity


class FlowMap:
    """Activities, the linear maps that hold now, and what has been booked through them.

    ``moves[k, j]`` maps 1 kg of each component of activity k to kg by component in tank j,
    collected gas followed through the train that collects it; ``totals`` is its sum over what
    arrives, ``reach`` whether there is any. A recipe is asked anew where its answer may have moved
    by more than ``tolerance``, relative, by component and outlet: ``asked`` is what each entry
    brought per kg of main feed when it was asked last, by component, and ``leeway`` by how much
    that may differ, as the answers so far have taught.
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
        self.activities = self._activities()
        self.of_train: list[list[int]] = [
            [k for k, a in enumerate(self.activities) if a.train == t]
            for t in range(len(self.trains))
        ]
        self.rate_dependent = np.array(
            [any(unit.rate_dependent for _, unit in train.members) for train in self.trains]
        )
        self.sources = np.array([activity.source for activity in self.activities])
        self.headers: dict[str, tuple[int, list[int]]] = {}
        """For every header inlet: its train's activity and those of its tanks, in order."""
        for k, activity in enumerate(self.activities):
            entry = self.trains[activity.train].entries[activity.entry]
            if entry.kind == "header":
                self.headers.setdefault(entry.inlet, (activity.train, []))[1].append(k)
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
        self.collected: list[dict[tuple[str, str], tuple[int, int]]] = [{} for _ in self.trains]
        """For each train its outlets of collected gas, where they lead then, the entry there."""
        for (source, outlet), (host, e) in self.hosts.items():
            self.collected[source][outlet, self.trains[host].entries[e].inlet] = (host, e)
        self.recipes = [Recipes() for _ in self.trains]
        self.regime: list[Regime] = [Regime()] * len(self.trains)
        self.books = [TrainBook(train) for train in self.trains]
        activities, tanks = len(self.activities), len(self.tanks)
        self.moves = np.zeros((activities, tanks, self.n, self.n))
        self.totals = np.zeros((activities, tanks, self.n))
        self.reach = np.zeros((activities, tanks), dtype=np.bool_)
        self.structure = 0
        """Counts up when ``reach`` changes."""
        self._alone: Flags | None = None
        self.demand = np.zeros((len(self.headers), self.n))
        self.worth = np.zeros((activities, self.n))
        """What a header's train asks for per kg of feed, and what each draw is worth, kg/kg."""
        self._list_entries()
        self.guest_moves: dict[tuple[int, int], Array] = {}
        """The same as ``moves`` for the entries of collected gas, by train and entry: shape
        (components, tanks, components)."""
        self.routes: list[dict[Regime, Routes]] = [{} for _ in self.trains]
        self.led: list[dict[Regime, dict[str, str]]] = [{} for _ in self.trains]
        self.evaluations = 0

    @property
    def answers_alike(self) -> bool:
        """Whether no recipe can have another answer: of one component, whatever the rate."""
        return self.n == 1 and not (
            self.hosted or self.headers or np.count_nonzero(self.rate_dependent)
        )

    @property
    def alone(self) -> Flags:
        """Tanks whose composition moves no level: 1 kg of it is worth the same whatever it is."""
        if self._alone is None:
            same = (np.ptp(self.totals, axis=2) <= UNIFORM).all(axis=1)
            same &= np.ptp(self.worth, axis=1) <= UNIFORM
            for h, (main, _) in enumerate(self.headers.values()):
                same[main] &= np.ptp(self.demand[h]) <= UNIFORM
            self._alone = np.ones(len(self.tanks), dtype=np.bool_)
            others = self.sources[~same]
            self._alone[others[others < len(self.tanks)]] = False
        return self._alone

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
        self.asked = np.zeros((len(entries), self.n))
        self.leeway = np.full(self.asked.shape, -1.0)
        trains = len(self.trains)
        self.asked_rate, self.rate_leeway = np.zeros(trains), np.full(trains, -1.0)
        """kg/h; below 0 while nothing is learnt."""
        self.capacities = np.zeros(trains)
        """Of every train's main feed by its recipe, kg/h."""
        self.stale = np.ones(trains, dtype=np.bool_)
        """Trains for which something else has changed than what flows."""
        self.per_kg = np.zeros(self.asked.shape)
        """Collected gas that comes with 1 kg of the other train's feed."""

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
            if entry.kind == "header"
        ]
        return mains + draws

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
        activity: Sequence[float],
        surroundings: Mapping[str, float],
        *,
        learn: bool = True,
    ) -> None:
        """Evaluate the recipes of train ``t`` for what it carries now (nominal if it stands).

        ``feeds`` are the compositions of tanks and supplies, kg/kg, by row.
        """
        train, held = self.trains[t], self.recipes[t]
        rate = activity[t] or held.activity or nominal_activity(train)
        first = self.entry[t, 0]
        entries = slice(first, first + len(train.entries))
        feed = self._entering(t, feeds, activity, rate)
        before = held.linear
        held.evaluation = train.evaluate(
            list(map(tuple, feed.tolist())),
            surroundings,
            rate,
            self.regime[t].cause,
            last=held.evaluation,
        )
        if rate >= FAR * held.capacity:
            held.limits, held.capacity = held.evaluation.limits, held.evaluation.capacity
            self.capacities[t] = held.capacity
        held.linear = train.linear_map(held.evaluation.recipes)
        feed /= rate
        if learn and before is not None and not self.stale[t]:
            self._learn(t, rate, feed, entries, before)
        self.asked[entries] = feed
        held.activity = self.asked_rate[t] = rate
        self.stale[t] = False
        self.evaluations += 1
        self.refresh(t)

    def _learn(self, t: int, rate: float, feed: Array, entries: slice, before: LinearMap) -> None:
        """Learn from what a recipe answers now how far its question may move the next time."""
        now = self.recipes[t].linear
        assert now is not None
        flat = feed.ravel()
        old = (flat @ before.streams).reshape(-1, self.n)
        new = (flat @ now.streams).reshape(-1, self.n)
        for inlet, (main, _) in self.headers.items():
            if main == t:  # what its supply makes up is a difference; what it asks for counts
                i = self.trains[t].position[f"{self.trains[t].draws[inlet]}>{inlet}"]
                old[i, 0], new[i, 0] = flat @ before.demand[inlet], flat @ now.demand[inlet]
                old[i, 1:] = new[i, 1:] = 0.0
        size = np.maximum(np.abs(old), np.abs(new))
        size = size + UNSEEN * size.max(axis=0) + TINY
        change = float((np.abs(new - old) / size).max())
        allowed = AIM * self.tolerance / change if change > AIM * self.tolerance / BOLD else BOLD
        moves = np.append(np.abs(feed - self.asked[entries]), abs(rate - self.asked_rate[t]))
        leeway = np.append(self.leeway[entries], self.rate_leeway[t])
        first = START * np.maximum(np.append(np.maximum(feed, self.asked[entries]), rate), TINY)
        wanted = allowed * moves  # for nothing answers more strongly than all of it together
        known = np.where(leeway < 0.0, first, leeway)
        shrinks = (moves > ROUNDING * first) & (wanted < known)
        if change > AIM * self.tolerance and shrinks.any():
            share = np.where(shrinks, moves / np.maximum(known, TINY), 0.0)
            blamed = share > BLAMED * share.max()  # what has moved most, by what it may
            leeway[blamed] = wanted[blamed]
        leeway = np.where((moves > ROUNDING * first) & ~shrinks, wanted, leeway)
        self.leeway[entries] = leeway[:-1].reshape(feed.shape)
        self.rate_leeway[t] = leeway[-1]

    def collect(self, feeds: Array, activity: Sequence[float]) -> None:
        """Note what gas comes with 1 kg of another train's feed to those that collect it."""
        for t, _ in self.hosted:
            linear = self.recipes[t].linear
            for (outlet, led), host in self.collected[t].items():
                there = self.entry[host]
                self.per_kg[there] = 0.0
                if activity[t] and linear is not None and self.destinations(t)[outlet] == led:
                    i = self.trains[t].position[outlet] * self.n
                    flows = self._entering(t, feeds, activity, activity[t]).ravel()
                    self.per_kg[there] = flows @ linear.streams[:, i : i + self.n] / activity[t]

    def _entering(self, t: int, feeds: Array, activity: Sequence[float], rate: float) -> Array:
        """Return what comes in at each entry of a train that runs at a rate, kg/h by component."""
        first = self.entry[t, 0]
        flows = np.empty((len(self.trains[t].entries), self.n))
        for e in range(len(flows)):
            row, k = self.entry_row[first + e], self.entry_activity[first + e]
            if row < 0:
                flows[e] = self.per_kg[first + e] * activity[k]
            else:
                flows[e] = feeds[row] * (rate if e == 0 else activity[k])
        return flows

    def refresh(self, t: int) -> None:
        """Recompute what train ``t`` moves, and the trains whose gas it collects."""
        linear = self.recipes[t].linear
        if linear is None:
            return
        train, n = self.trains[t], self.n
        streams = linear.streams.reshape(len(train.entries), n, len(train.streams), n)
        routes = self._routes(t)
        for k in self.of_train[t]:
            moved = self._moved(streams[self.activities[k].entry], routes).transpose(1, 0, 2)
            self.moves[k] = moved
            self.totals[k] = moved.sum(axis=2)
            reach = moved.any(axis=(1, 2))
            if (reach != self.reach[k]).any():
                self.reach[k] = reach
                self.structure += 1
        for e, entry in enumerate(train.entries):
            if entry.kind == "guest":
                self.guest_moves[t, e] = self._moved(streams[e], routes)
        for h, (inlet, (main, draws)) in enumerate(self.headers.items()):
            if main == t:
                self.demand[h] = linear.demand[inlet][:n]
                self.worth[draws] = linear.worth[inlet]
        self._alone = None
        for source, hosts in self.hosted:
            if t in hosts and source != t:
                self.refresh(source)

    def _moved(self, streams: Array, routes: Routes) -> Array:
        """Return where 1 kg of each component goes, kg by component, tank and component."""
        moved = np.zeros((self.n, len(self.tanks), self.n))
        for position, tank, host in routes:
            if tank >= 0:
                moved[:, tank] += streams[:, position]
            elif host in self.guest_moves:
                moved += np.tensordot(streams[:, position], self.guest_moves[host], 1)
        return moved

    def _routes(self, t: int) -> Routes:
        """Return which streams of train ``t`` go to which tank or collecting train."""
        regime = self.regime[t]
        known = self.routes[t].get(regime)
        if known is None:
            train = self.trains[t]
            known = []
            for stream in train.outlets:
                if stream in train.next_inlet:
                    continue
                to = self.destinations(t)[stream]
                position = train.position[stream]
                if to in self.tanks:
                    known.append((position, self.tanks[to], (-1, -1)))
                elif "." in to:
                    known.append((position, -1, self.hosts[t, stream]))
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
        for t, entries, linear, streams in self.passed(fed, wanted):
            books[t].write(entries, linear, self.regime[t], streams.ravel())
        for t in wanted:
            fed[self.of_train[t]] = 0.0

    def passed(
        self, fed: Array, only: Collection[int]
    ) -> Iterator[tuple[int, Array, LinearMap, Array]]:
        """Yield every train that carries something: what enters it, by what map it makes what, kg.

        ``fed`` is by activity x component, of some trains; trains come before those that collect
        their gas.
        """
        pending: dict[tuple[int, int], Array] = {}
        for t in self.flush_order:
            linear, train = self.recipes[t].linear, self.trains[t]
            own = [k for k in self.of_train[t] if t in only and fed[k].any()]
            collected = [(e, kg) for (host, e), kg in pending.items() if host == t]
            if linear is None or not (own or collected):
                continue
            entries = np.zeros((len(train.entries), self.n))
            for k in own:
                entries[self.activities[k].entry] = fed[k]
            for e, kg in collected:
                entries[e] += kg
            streams = (entries.ravel() @ linear.streams).reshape(-1, self.n)
            made_up = streams[: len(train.draws)]  # rounding must not give a supply anything back
            np.maximum(made_up, 0.0, out=made_up, where=made_up > -ROUNDING * entries.sum())
            yield t, entries, linear, streams
            for position, tank, host in self._routes(t):
                if tank < 0:
                    kg = streams[position]
                    pending[host] = pending[host] + kg if host in pending else kg


def nominal_activity(train: CompiledTrain) -> float:
    """Return where to evaluate a train that has not run yet, kg/h of its main feed."""
    limits = [unit.capacity for _, unit in train.members if unit.capacity < float("inf")]
    if not limits:
        raise ValueError(f"train {train.name!r}: no member has a finite capacity")
    return min(limits) or 1.0
