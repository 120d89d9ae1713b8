"""What every activity of a plant moves between tanks now, as arrays, and the books behind it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import isfinite
from typing import NamedTuple

import numpy as np

from sim.books.ledger import INTERNAL, Entry, Ledger
from sim.flow.train import Array, CompiledTrain, Evaluation, LinearMap
from sim.network.chemistry import Reaction
from sim.network.network import Network
from sim.network.unit import Stream

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
    shares: Array | None = None  # feed composition, kg/kg
    header_rates: tuple[float, ...] = ()  # per activity, kg/kg
    guest_rates: tuple[float, ...] = ()  # collected gas, kg/h
    hour: float = 0.0
    stale: bool = True


class FlowMap:
    """Activities, the linear maps that hold now, and what has been booked through them.

    ``moves[k]`` maps 1 kg of each component of activity k to kg by tank x component, collected
    gas followed through the train that collects it; ``totals[k]`` is its sum over components.
    """

    def __init__(self, network: Network) -> None:
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
        self.rate_dependent = [
            any(unit.rate_dependent for _, unit in train.members) for train in self.trains
        ]
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
        self.guests_of = [
            [(self._owner(e.source), e) for e in train.entries if e.kind == "guest"]
            for train in self.trains
        ]
        self.flush_order = self._sources_before_hosts()
        self.recipes = [Recipes() for _ in self.trains]
        self.regime: list[Regime] = [Regime()] * len(self.trains)
        self.books = [TrainBook(train) for train in self.trains]
        shape = (len(self.activities), self.n, len(self.tanks))
        self.moves = np.zeros((shape[0], self.n, shape[2] * self.n))
        self.totals = np.zeros(shape)
        self.guest_moves: dict[tuple[int, int], Array] = {}
        """The same as ``moves`` for the entries of collected gas, by train and entry."""
        self.routes: list[dict[Regime, Routes]] = [{} for _ in self.trains]
        self.led: list[dict[Regime, dict[str, str]]] = [{} for _ in self.trains]
        self.evaluations = 0
        self.version = 0

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
        shares: Array,
        activity: Sequence[float],
        surroundings: Mapping[str, float],
        hour: float,
    ) -> None:
        """Evaluate the recipes of train ``t`` for what it carries now (nominal if it stands)."""
        train = self.trains[t]
        held = self.recipes[t]
        rate = activity[t] or held.activity or nominal_activity(train)
        flows: list[Stream] = []
        header = {self.activities[k].entry: activity[k] for k in self.of_train[t][1:]}
        for e, entry in enumerate(train.entries):
            if entry.kind == "guest":
                flows.append(self._guest_flow(entry.source, activity))
            else:
                rate_in = rate if e == 0 else header[e]
                flows.append(tuple((shares[self.rows[entry.source]] * rate_in).tolist()))
        cause = self.regime[t].cause
        held.evaluation = train.evaluate(flows, surroundings, rate, cause, last=held.evaluation)
        if rate >= FAR * held.capacity:
            held.limits, held.capacity = held.evaluation.limits, held.evaluation.capacity
        held.linear = train.linear_map(held.evaluation.recipes)
        held.activity = rate
        held.shares = shares[self.activities[t].source].copy()
        held.header_rates = tuple(activity[k] / rate for k in self.of_train[t][1:])
        held.guest_rates = self.guest_rates(t, activity)
        held.hour = hour
        held.stale = False
        self.evaluations += 1
        self.refresh(t)

    def _guest_flow(self, outlet: str, activity: Sequence[float]) -> Stream:
        source = self._owner(outlet)
        evaluation = self.recipes[source].evaluation
        if evaluation is None or activity[source] == 0.0:
            return (0.0,) * self.n
        ratio = activity[source] / self.recipes[source].activity
        return tuple([kg * ratio for kg in evaluation.outlets[outlet]])

    def guest_rates(self, t: int, activity: Sequence[float]) -> tuple[float, ...]:
        """Return the gas that train ``t`` collects from each of its guests now, kg/h."""
        rates = []
        for source, entry in self.guests_of[t]:
            recipes = self.recipes[source]
            led = self.destinations(source)[entry.source]
            if recipes.evaluation is None or led != entry.inlet:
                rates.append(0.0)
            else:
                ratio = activity[source] / recipes.activity
                rates.append(ratio * sum(recipes.evaluation.outlets[entry.source]))
        return tuple(rates)

    def refresh(self, t: int) -> None:
        """Recompute what train ``t`` moves, and the trains whose gas it collects."""
        linear = self.recipes[t].linear
        if linear is None:
            return
        self.version += 1
        train, n = self.trains[t], self.n
        streams = linear.streams.reshape(len(train.entries), n, len(train.streams), n)
        routes = self._routes(t)
        for k in self.of_train[t]:
            moved = self._moved(streams[self.activities[k].entry], routes)
            self.totals[k] = moved.sum(axis=2)
            self.moves[k] = moved.reshape(n, -1)
        for e, entry in enumerate(train.entries):
            if entry.kind == "guest":
                self.guest_moves[t, e] = self._moved(streams[e], routes).reshape(n, -1)
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
                moved += (streams[:, position] @ self.guest_moves[host]).reshape(moved.shape)
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

    def edges(self) -> list[tuple[str, str, str, float]]:
        """Return what each train gives to tanks, kg per kg of its feed from a tank, at most 1.

        What it gives beyond that comes from what it draws besides, and cannot circulate.
        """
        found = []
        for activity in self.activities:
            recipes = self.recipes[activity.train]
            if activity.entry or activity.source >= len(self.tanks) or recipes.shares is None:
                continue
            gains = recipes.shares @ self.totals[activity.train]
            feed = self.trains[activity.train].train.feed
            found += [
                (feed, activity.name, tank, min(float(gain), 1.0))
                for tank, gain in zip(self.tanks, gains, strict=True)
                if gain > 0.0
            ]
        return found

    def set_regime(self, t: int, regime: Regime) -> None:
        """Book what train ``t`` carries under another regime; flush before."""
        if regime != self.regime[t]:
            self.regime[t] = regime
            self.refresh(t)

    def flush(self, fed: Array) -> None:
        """Book ``fed`` kg by activity x component, and set it to zero."""
        for t, entries, linear, streams in self.passed(fed):
            self.books[t].write(entries, linear, self.regime[t], streams.ravel())
        fed[:] = 0.0

    def passed(self, fed: Array) -> Iterator[tuple[int, Array, LinearMap, Array]]:
        """Yield every train that carries something: what enters it, by what map it makes what, kg.

        ``fed`` is by activity x component; trains come before those that collect their gas.
        """
        pending: dict[tuple[int, int], Array] = {}
        carries = [any(kg) for kg in fed.tolist()]
        for t in self.flush_order:
            linear, train = self.recipes[t].linear, self.trains[t]
            own = [k for k in self.of_train[t] if carries[k]]
            collected = [(e, kg) for (host, e), kg in pending.items() if host == t]
            if linear is None or not (own or collected):
                continue
            entries = np.zeros((len(train.entries), self.n))
            for k in own:
                entries[self.activities[k].entry] = fed[k]
            for e, kg in collected:
                entries[e] += kg
            streams = (entries.ravel() @ linear.streams).reshape(-1, self.n)
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


CLOSED = 1.0 - 1e-9  # kg/kg; a loop that returns more than this counts as closed
IMPROVED = 1e-9  # relative; a better choice of activities must raise a tank's value by more

Edge = tuple[str, str, str, float]  # tank fed from, activity, tank fed, kg per kg of main feed
Gains = dict[str, dict[str, dict[str, float]]]  # tank fed from -> activity -> tank fed -> kg/kg


def refuse_phantom_loops(edges: Iterable[Edge]) -> None:
    """Raise unless every loop loses some of what circulates in it, kg/kg.

    What else than its main feed an activity draws can only hold a loop back and is left out.
    """
    gains = by_tank(edges)
    faults = []
    for _, choice in loops(gains):
        # within the choice that returns the most, a loop of its own may be the closed one
        chosen = {tank: {activity: gains[tank][activity]} for tank, activity in choice.items()}
        for loop in _strongly_connected(chosen):
            gain = _spectral_radius({tank: chosen[tank][choice[tank]] for tank in loop})
            if gain >= CLOSED:
                tanks = ", ".join(repr(tank) for tank in loop)
                through = ", ".join(repr(choice[tank]) for tank in loop)
                faults.append(
                    f"tanks {tanks} through {through}: the loop returns {gain:g} kg per kg drawn"
                )
    if faults:
        raise ValueError(
            "; ".join(faults) + "; it must return less than it draws, else phantom flow circulates"
            " without feed: let some of it leave"
        )


def by_tank(edges: Iterable[Edge]) -> Gains:
    """Return edges as gains; one that is negative or not finite is a ValueError."""
    gains: Gains = {}
    for tank, activity, other, gain in edges:
        if not (isfinite(gain) and gain >= 0.0):
            raise ValueError(
                f"activity {activity!r}: gain of {gain:g} kg/kg from {tank!r} to {other!r}"
                " must be finite and >= 0"
            )
        if gain > 0.0:
            given = gains.setdefault(tank, {}).setdefault(activity, {})
            given[other] = given.get(other, 0.0) + gain
    return gains


def loops(gains: Gains) -> Iterator[tuple[float, dict[str, str]]]:
    """Yield for each strongly connected set of tanks its largest gain and the choice behind it.

    The gain, kg/kg per step from tank to tank, is the largest spectral radius of the matrix of
    flows between tanks, where each tank empties through that one of its activities which returns
    the most; for a simple ring it is the geometric mean of its gains. Below 1 every circulation
    without external feed dies out.

    Policy iteration: a tank changes to the activity whose products are worth more, by the dominant
    right eigenvector, until none does; the gain rises with every change.
    """
    for component in _strongly_connected(gains):
        inside = {
            tank: {
                activity: {t: g for t, g in given.items() if t in component}
                for activity, given in gains[tank].items()
            }
            for tank in component
        }
        choice = {tank: min(options) for tank, options in inside.items()}
        changed = True
        while changed:
            changed = False
            value = _values({tank: inside[tank][choice[tank]] for tank in component})
            for tank, options in inside.items():
                worth = {
                    activity: sum(g * value[t] for t, g in given.items())
                    for activity, given in options.items()
                }
                best = max(worth, key=worth.__getitem__)
                if worth[best] > worth[choice[tank]] * (1.0 + IMPROVED):
                    choice[tank], changed = best, True
        yield _spectral_radius({tank: inside[tank][choice[tank]] for tank in component}), choice


def _matrix(flows: Mapping[str, Mapping[str, float]]) -> np.ndarray:
    index = {tank: i for i, tank in enumerate(flows)}
    matrix = np.zeros((len(index), len(index)))
    for tank, given in flows.items():
        for other, gain in given.items():
            if other in index:
                matrix[index[tank], index[other]] = gain
    return matrix


def _spectral_radius(flows: Mapping[str, Mapping[str, float]]) -> float:
    return float(np.abs(np.linalg.eigvals(_matrix(flows))).max())


def _values(flows: Mapping[str, Mapping[str, float]]) -> dict[str, float]:
    """Return what a kilogram in each tank is worth in circulation, by the dominant eigenvector."""
    matrix = _matrix(flows)
    # a trace of mixing makes the matrix irreducible whatever was chosen, so the vector is unique
    eigenvalues, vectors = np.linalg.eig(matrix + 1e-12 * matrix.max())
    dominant = np.abs(vectors[:, np.argmax(eigenvalues.real)])
    return dict(zip(flows, dominant.tolist(), strict=True))


def _strongly_connected(gains: Gains) -> list[list[str]]:
    """Return the sets of tanks that reach each other, only such as contain a loop, in order."""
    reach = {
        tank: {other for given in activities.values() for other in given}
        for tank, activities in gains.items()
    }
    for middle in reach:
        for tank in reach:
            if middle in reach[tank]:
                reach[tank] |= reach[middle]
    components: list[list[str]] = []
    for tank in reach:
        if tank in reach[tank] and not any(tank in component for component in components):
            components.append([t for t in reach if t in reach[tank] and tank in reach[t]])
    return components
