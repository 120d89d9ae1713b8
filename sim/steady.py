"""The other clock: the same units at constant conditions, every tank giving what it gets."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from operator import sub

import numpy as np

from sim.books.ledger import Ledger
from sim.errors import BalanceError
from sim.flow.map import Regime, TrainBook, destination, nominal_activity, write_ledger
from sim.flow.train import CompiledTrain, Evaluation
from sim.network.network import Network
from sim.network.unit import UTILITIES, Stream

SWEEPS = 100
SETTLED = 1e-7  # move between two sweeps of any flow, relative to the flow of its component
CONTRACTING = 0.1  # share of the last move below which what is left of moves is extrapolated
PATIENCE = 30  # sweeps, after which ...
JITTER = 5e-5  # ... a move is left to the units' own iterations, which stop at a tolerance
CLOSED = 1e-13  # the same, with recipes held: how well the books close
ROUNDING = 1e-12  # what is left of moves where rounding keeps them from falling further
DRAWN = 1e-2  # the same for draws, above which a unit is asked again within a sweep


class SteadyState:
    """A network at rest in its flows: solved once, scaled to any length of time.

    ``network.pacer`` names the train whose feed sets the scale; trains upstream of it deliver what
    it draws, trains downstream take what they get, and the whole line slows down to what its
    smallest member can do, or a utility of limited capacity. A tank that gives a second feed is
    filled on demand, too; of several at one inlet the last, as the supply of a header. Flows that
    do not settle are a BalanceError.
    """

    def __init__(self, network: Network, surroundings: Mapping[str, float]) -> None:
        if not network.pacer:
            trains = ", ".join(train.name for train in network.trains)
            raise ValueError(
                f"expected a pacer, the train that a steady state is scaled by, came none: "
                f"Network(..., pacer=...), one of {trains}"
            )
        self.network = network
        self.surroundings = surroundings
        self.trains = {
            train.name: CompiledTrain(network, train, UTILITIES) for train in network.trains
        }
        self.evaluations: dict[str, Evaluation] = {}
        self.fed: dict[str, list[Stream]] = {}
        self.streams: dict[str, Stream] = {}
        self.activity = {name: nominal_activity(train) for name, train in self.trains.items()}
        self.drawn: dict[str, float] = {}
        self.yields: dict[str, float] = {}
        self.spilled: dict[str, Stream] = {}
        self.zero = (0.0,) * len(network.components)
        self.into: dict[str, list[str]] = {tank: [] for tank in network.tanks}
        for stream in network.pipes:
            to = destination(network, stream, Regime())
            if to in self.into:
                self.into[to].append(stream)
        guests = network.guests()
        self.torn = [s for streams in self.into.values() for s in streams] + list(guests)
        """What trains pass to each other; the rest of a train follows from it."""
        self.pulls = self._pulls(network.pacer)
        self.pulled = {network.pacer, *(giver for giver, _ in self.pulls.values())}
        self._settle()

    def ledger(self, hours: float) -> Ledger:
        """Return the books of so many hours in this state, every balance closed.

        One that does not close is a BalanceError, as where a tank gets more than can be drawn from
        it, or a unit leaks.
        """
        books = [TrainBook(train) for train in self.trains.values()]
        for book in books:
            linear = book.train.linear_map(self.evaluations[book.train.name].recipes)
            entries = np.array(self.fed[book.train.name]) * hours
            book.totals[Regime()] = book.train.carry_through(entries, linear)
        spilled = {tank: np.array(flow) * hours for tank, flow in self.spilled.items()}
        nothing = {tank: np.zeros(len(self.zero)) for tank in self.network.tanks}
        ledger = write_ledger(self.network, books, spilled, nothing, nothing, hours)
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
        return ledger

    def refine(self, tolerance: float) -> None:
        """Ask every unit anew until no flow between trains moves by more than this, kg/kg.

        Books close with any recipes; duties are exact only for the flows they were asked for.
        """
        for _ in range(SWEEPS):
            self._pull()
            moved = self._sweep()
            self._close()
            if moved < tolerance:
                return
        raise BalanceError(f"the steady state cannot be refined to {tolerance:g}: {moved:.1e}")

    @property
    def loads(self) -> dict[str, float]:
        """Share of its capacity at which each train runs, 1."""
        return {
            name: activity / (self.evaluations[name].capacity or math.inf)
            for name, activity in self.activity.items()
        }

    @property
    def utility_loads(self) -> dict[str, float]:
        """Share of its capacity that is used of each limited utility, 1."""
        if not self.network.utilities:
            return {}
        used = np.zeros(len(UTILITIES))
        for name, train in self.trains.items():
            linear = train.linear_map(self.evaluations[name].recipes)
            uses = np.ravel(self.fed[name]) @ linear.uses
            used += uses.reshape(-1, len(UTILITIES)).sum(axis=0)
        needed = dict(zip(UTILITIES, used.tolist(), strict=True))
        return {
            name: needed[name] / most if most else math.inf if needed[name] > 0.0 else 0.0
            for name, most in self.network.utilities.items()
        }

    @property
    def bottleneck(self) -> str:
        """The train that runs nearest to its capacity, or the utility that is."""
        loads = {**self.utility_loads, **self.loads}
        return max(loads, key=lambda name: loads[name])

    def _pulls(self, pacer: str) -> dict[str, tuple[str, list[str]]]:
        """Return by which train each tank is filled on demand, for which; downstream first."""
        names, pulls = list(self.trains), dict[str, tuple[str, list[str]]]()
        for at, taker in reversed(list(enumerate(names))):  # after all that it delivers to
            pulled = taker == pacer or any(taker == giver for giver, _ in pulls.values())
            feed = [self.network.train_named(taker).feed] if pulled else []
            for tank in (*feed, *self._last_tanks(taker).values()):
                if tank in pulls:
                    pulls[tank][1].append(taker)
                elif tank in self.into:
                    pulls[tank] = (self._giver(tank, names[:at], taker), [taker])
        for tank, (giver, takers) in pulls.items():
            others = [
                other for other, (same, _) in pulls.items() if same == giver and other != tank
            ]
            if others or giver == pacer:
                what = f"tank {others[0]!r}" if others else "the pace of the line"
                raise ValueError(
                    f"train {giver!r} cannot follow both {what} and tank {tank!r}, "
                    f"which {takers[0]!r} draws from, at constant conditions"
                )
        return dict(sorted(pulls.items(), key=lambda pull: -names.index(pull[1][0])))

    def _giver(self, tank: str, before: Sequence[str], taker: str) -> str:
        """Return the last of some trains that feeds a tank."""
        for name in reversed(before):
            members = self.trains[name].train.members
            if any(stream.partition(".")[0] in members for stream in self.into[tank]):
                return name
        raise ValueError(f"no train before {taker!r} feeds tank {tank!r}")

    def _last_tanks(self, name: str) -> dict[str, str]:
        """Return for each second feed of a train the tank that must give what is left of it."""
        entries = self.trains[name].entries
        return {entry.inlet: entry.source for entry in entries if entry.kind == "second"}

    def _settle(self) -> None:
        """Let recipes and flows settle, then the flows alone, so that the books close."""
        tolerance, moved, before = SETTLED, math.inf, math.inf
        for sweep in range(1, SWEEPS + 1):
            before, moved = moved, self._sweep()
            scale = min(
                self.evaluations[name].capacity / activity
                for name, activity in self.activity.items()
                if activity > 0.0
            )
            for utility, load in self.utility_loads.items():
                if load == math.inf:
                    raise ValueError(f"there is no {utility}, and the steady state needs some")
                scale = min(scale, 1.0 / load if load > 0.0 else math.inf)
            if sweep > PATIENCE:
                tolerance = JITTER
            # where each move is a small part of the last one, the next ones add up to less
            left = moved * moved / before if moved < CONTRACTING * before < math.inf else moved
            if left < tolerance and abs(scale - 1.0) < tolerance:
                self._close()
                return
            self.activity[self.network.pacer] *= scale
            self._pull()
            self._sweep(held=True)  # cheap, and carries what has moved once around the recycles
            self._pull()
        raise BalanceError(
            f"the steady state does not settle in {SWEEPS} sweeps: "
            f"flows still move by {moved:.1e} of themselves, {self._restless()}"
        )

    def _close(self) -> None:
        """Let the flows settle with the recipes held."""
        for _ in range(SWEEPS):
            self._pull()
            moved = self._sweep(held=True)
            if moved < CLOSED:
                return
        if moved < ROUNDING:  # the last digits of some flow go to and fro
            return
        raise BalanceError(
            f"the flows of the steady state do not close to better than {moved:.1e}, "
            f"{self._restless(held=True)}"
        )

    def _restless(self, *, held: bool = False) -> str:
        """Return which flow moves most, and round which loop of trains, after one more sweep."""
        before = self.streams.copy()
        self._sweep(held=held)
        flows = [self.streams[stream] for stream in self.torn]
        tops = [max(kg) for kg in zip(*flows, strict=True)]
        moves = {
            (abs(kg - was) / top, stream, i)
            for stream, flow in zip(self.torn, flows, strict=True)
            for i, (kg, was, top) in enumerate(zip(flow, before[stream], tops, strict=True))
            if top > 0.0
        }
        _, stream, i = max(moves)
        component = self.network.components.names[i]
        loop = self._loop(stream)
        words = f"round the loop of {' -> '.join(loop)}" if loop else "which is in no loop"
        return f"most of all {component} in {stream}, {words}"

    def _loop(self, stream: str) -> list[str]:
        """Return the trains of the shortest loop through a stream, from the one that gives it."""
        owner = {m: name for name, train in self.trains.items() for m in train.train.members}
        takers = {train.train.feed: name for name, train in self.trains.items()}
        for name, train in self.trains.items():
            for entry in train.entries:
                takers.setdefault(entry.source, name)
        guests = self.network.guests()

        def onward(outlet: str) -> str | None:
            to = destination(self.network, outlet, Regime())
            return owner.get(to.partition(".")[0]) if outlet in guests else takers.get(to)

        first = owner[stream.partition(".")[0]]
        start = onward(stream)
        paths = [[start]] if start else []
        seen = {start}
        while paths:
            path = paths.pop(0)
            if path[-1] == first:
                return [first, *path]
            for outlet in self.network.pipes:
                after = onward(outlet) if owner[outlet.partition(".")[0]] == path[-1] else None
                if after and after not in seen:
                    seen.add(after)
                    paths.append([*path, after])
        return []

    def _sweep(self, *, held: bool = False) -> float:
        """Evaluate every train once, in order, each with the newest flows there are.

        Returns by how much the flows have moved, relative to all of their component.
        """
        before = self.streams.copy()
        for name, train in self.trains.items():
            feed = train.train.feed
            if name in self.pulled:
                main = self._share(feed, self.activity[name])
            else:
                main = self._inflow(feed)
                self.activity[name] = sum(main)
            flows, offers = [main], [main]
            for entry in train.entries[1:]:
                if entry.kind == "guest":
                    flows.append(self.streams.get(entry.source, self.zero))
                else:
                    drawn = self.drawn.get(f"{entry.inlet}<{entry.source}", 0.0)
                    flows.append(self._share(entry.source, drawn))
                unasked = entry.kind == "second" and not any(flows[-1])
                offers.append(self._share(entry.source, 1.0) if unasked else flows[-1])
            rate = self.activity[name] or nominal_activity(train)
            evaluation = train.evaluate(
                offers,
                self.surroundings,
                rate,
                held=self.evaluations[name] if held else None,
                last=self.evaluations.get(name),
                draw_tolerance=DRAWN,
            )
            self.evaluations[name] = evaluation
            self.fed[name] = flows
            self.streams.update(evaluation.outlets)
            self._serve_headers(train, flows, evaluation)
        return self._moved(before) if before else math.inf

    def _moved(self, before: Mapping[str, Stream]) -> float:
        """Return the largest move of a flow between trains, relative to all of its component."""
        flows = [self.streams[stream] for stream in self.torn]
        moves = [
            map(abs, map(sub, flow, before[stream]))
            for stream, flow in zip(self.torn, flows, strict=True)
        ]
        none = (self.zero, self.zero)  # `max` asks for two at least, and there may be no such flow
        tops = zip(map(max, *none, *moves), map(max, *none, *flows), strict=True)
        return max((move / top for move, top in tops if top > 0.0), default=0.0)

    def _inflow(self, tank: str) -> Stream:
        flows = [self.streams[stream] for stream in self.into[tank] if stream in self.streams]
        return tuple(map(sum, zip(*flows, strict=True))) if flows else self.zero

    def _share(self, source: str, rate: float) -> Stream:
        """Return ``rate`` kg/h of what a tank gets, or of a supply."""
        if source in self.network.supplies:
            return tuple([share * rate for share in self.network.supplies[source]])
        inflow = self._inflow(source)
        total = sum(inflow)
        shares = [kg / total for kg in inflow] if total else self.network.contents[source]
        return tuple([share * rate for share in shares])

    def _serve_headers(
        self, train: CompiledTrain, flows: Sequence[Stream], evaluation: Evaluation
    ) -> None:
        """Decide what each tank of a header gives: all it gets, as far as it is asked for."""
        members = dict(zip((m for m, _ in train.members), evaluation.recipes, strict=True))
        wanted: dict[str, float] = {}
        for entry in train.entries:
            if entry.kind not in ("header", "second"):
                continue
            unit, _, port = entry.inlet.partition(".")
            if entry.inlet not in wanted:
                main = self._main_inlet(train, unit, flows)
                wanted[entry.inlet] = members[unit].asked(port, main)
            if entry.kind == "second" and self._last_tanks(train.name)[entry.inlet] == entry.source:
                worth = members[unit].worth_of(port, self._share(entry.source, 1.0))
                drawn = wanted[entry.inlet] / worth if worth > 0.0 else 0.0
                self.drawn[f"{entry.inlet}<{entry.source}"] = drawn
                continue
            inflow = self._inflow(entry.source)
            offered = members[unit].worth_of(port, inflow)
            share = min(1.0, wanted[entry.inlet] / offered) if offered > 0.0 else 0.0
            wanted[entry.inlet] -= share * max(offered, 0.0)
            self.drawn[f"{entry.inlet}<{entry.source}"] = share * sum(inflow)
            self.spilled[entry.source] = tuple([(1.0 - share) * kg for kg in inflow])

    def _main_inlet(self, train: CompiledTrain, unit: str, flows: Sequence[Stream]) -> Stream:
        inlet = f"{unit}.{self.network.units[unit].inlets[0]}"
        parts = [self.streams[stream] for stream, to in train.next_inlet.items() if to == inlet]
        parts += [
            flow for entry, flow in zip(train.entries, flows, strict=True) if entry.inlet == inlet
        ]
        return tuple(map(sum, zip(*parts, strict=True)))

    def _takes(self, name: str, tank: str) -> float:
        """Return what a train draws from a tank that is filled on demand, kg/h."""
        train = self.trains[name]
        main = self.activity[name] if train.train.feed == tank and name in self.pulled else 0.0
        return main + sum(
            self.drawn.get(f"{entry.inlet}<{tank}", 0.0)
            for entry in train.entries
            if entry.kind == "second" and entry.source == tank
        )

    def _pull(self) -> None:
        """Let each train upstream of the pacer deliver what the next one draws."""
        for tank, (giver, takers) in self.pulls.items():
            members = self.trains[giver].train.members
            own = [s for s in self.into[tank] if s.partition(".")[0] in members]
            made = sum(sum(self.streams[stream]) for stream in own)
            others = sum(sum(self.streams[s]) for s in self.into[tank] if s not in own)
            if made > 0.0:
                self.yields[giver] = made / self.activity[giver]
            wanted = max(sum(self._takes(taker, tank) for taker in takers) - others, 0.0)
            self.activity[giver] = wanted / self.yields.get(giver, 1.0)
