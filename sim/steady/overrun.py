"""Where a tank spills in time what constant conditions would hold back."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sim.flow.map import Regime, destination
from sim.flow.train import CompiledTrain
from sim.network.network import Network

FULL = 1.0 - 1e-6  # of its capacity; a train that does more is at its limit
TRICKLE = 1e-6  # kg/kg; less of what a tank gets is nothing that it would spill


@dataclass(frozen=True)
class Ways:
    """How trains hang together by tanks; the same for all networks of a shape."""

    wants: Mapping[str, tuple[tuple[str, ...], ...]]
    """Tanks of each train's main feed, and of every second feed: of each it needs one to give."""
    takers: Mapping[str, tuple[str, ...]]
    """Trains that want what each tank gives, where none but they draw from it."""
    hosts: Mapping[str, frozenset[str]]
    """Trains that collect gas of each train."""
    fills: tuple[tuple[str, str, str], ...]
    """Outlets that lead to a tank, with their train and that tank."""
    rank: Mapping[str, int]
    """Place of each train in the order in which they take what is scarce; none that share."""

    @classmethod
    def of(cls, network: Network, trains: Sequence[CompiledTrain], ranked: Sequence[str]) -> Ways:
        """Return those of a network; ``ranked``: its trains, the most important first."""
        wants = dict[str, tuple[tuple[str, ...], ...]]()
        headers, hosts = set[str](), dict[str, frozenset[str]]()
        owner = {member: train.name for train in trains for member in train.train.members}
        for train in trains:
            inlets: dict[str, tuple[str, ...]] = {}
            if train.train.feed in network.tanks:
                inlets[""] = (train.train.feed,)
            for entry in train.entries:
                if entry.kind == "second":
                    inlets[entry.inlet] = (*inlets.get(entry.inlet, ()), entry.source)
                elif entry.kind == "header":
                    headers.add(entry.source)
            wants[train.name] = tuple(inlets.values())
            hosts[train.name] = frozenset(
                owner[to.partition(".")[0]]
                for outlet, to in network.guests().items()
                if owner[outlet.partition(".")[0]] == train.name
            )
        takers = {
            tank: tuple(name for name, of in wants.items() if any(tank in each for each in of))
            for tank in network.tanks
            if tank not in headers
        }
        ends = {outlet: destination(network, outlet, Regime()) for outlet in network.pipes}
        fills = ((outlet, owner[outlet.partition(".")[0]], to) for outlet, to in ends.items())
        into = tuple(each for each in fills if each[2] in network.tanks)
        rank = dict.fromkeys(ranked, 0) if network.shares else {n: k for k, n in enumerate(ranked)}
        return cls(wants, takers, hosts, into, rank)


@dataclass(frozen=True)
class Overrun:
    """Who could do more in a state than it lets them, and who could not."""

    ways: Ways
    blocking: Collection[str]
    """Tanks that block what feeds them when they are full."""
    fills: Mapping[tuple[str, str], float]
    """What each train gives each tank, kg/h, where that is anything."""
    full: Mapping[str, str]
    """Trains at their limit, and what that is: themselves, or a utility that no other one uses."""
    scarce: Mapping[str, Collection[str]]
    """Trains that use each utility of which there is no more, where several do."""

    def spilling(self, tanks: Collection[str], spare: Collection[str]) -> tuple[str, str] | None:
        """Return one of some tanks that would spill in time, and whose limit it spills for.

        It does where who fills it could do more and nobody who takes from it could; ``spare``:
        trains below their capacity that do not wait for what is ordered.
        """
        for tank in tanks:
            takers = self.ways.takers.get(tank, ())
            if not takers:
                continue
            last, served = self._short(tank, takers)
            stuck = self._stuck({**self.full, **last}, surely=True)
            if any(name not in stuck for name in takers):
                continue
            others = {name for users in self.scarce.values() for name in users} - served
            held = self._stuck({**self.full, **last, **dict.fromkeys(others, tank)}, surely=False)
            free = self._free([name for name in spare if name not in held])
            gets = {train: kg for (train, to), kg in self.fills.items() if to == tank}
            least = TRICKLE * sum(gets.values())
            if any(train in free and kg > least for train, kg in gets.items()):
                return tank, stuck[takers[0]]
        return None

    def _short(self, tank: str, takers: Collection[str]) -> tuple[dict[str, str], set[str]]:
        """Return who takes from a tank and is short of a utility, and who fills it and is not.

        They are where one behind the tank uses it, and those ahead of it do not, or come first. An
        empty tank hands on what is wanted behind it, and a full one that blocks what is to go
        through it; so trains that hang together by tanks come first where any of them does.
        """
        rank, into = self.ways.rank, {train for train, to in self.fills if to == tank}
        behind, ahead = self._fed(takers), self._feeding(into, {to for _, to in self.fills})
        first = min((rank[name] for name in self._feeding(into, self.blocking)), default=0)
        short = dict[str, str]()
        for utility, users in self.scarce.items():
            before = not behind & ahead and first < min(rank[name] for name in behind)
            if not behind.isdisjoint(users) and (before or ahead.isdisjoint(users)):
                short |= dict.fromkeys(takers, utility)
        return short, ahead if short else set()

    def _feeding(self, trains: Collection[str], tanks: Collection[str]) -> set[str]:
        """Return some trains, and all that feed them by way of some tanks."""
        found, before = {*trains}, -1
        while len(found) > before:
            before = len(found)
            wanted = {tank for name in found for each in self.ways.wants[name] for tank in each}
            found |= {train for train, to in self.fills if to in wanted and to in tanks}
        return found

    def _fed(self, trains: Collection[str]) -> set[str]:
        """Return some trains, and all that they feed."""
        found, before = {*trains}, -1
        while len(found) > before:
            before = len(found)
            gets = {to for train, to in self.fills if train in found}
            wants = self.ways.wants.items()
            found |= {name for name, of in wants if any(not gets.isdisjoint(each) for each in of)}
        return found

    def _stuck(self, full: Mapping[str, str], *, surely: bool) -> dict[str, str]:
        """Return trains that could do no more, and whose limit that is; or that may be so.

        As they are at their limit, what they fill is full, or what they want nobody gives more of.
        ``full``: of those that are at one.
        """
        stuck, before = dict(full), -1
        while len(stuck) > before:
            before = len(stuck)
            for name in self.ways.wants:
                if name not in stuck and (by := self._stopped(name, stuck, surely=surely)):
                    stuck[name] = by
        return stuck

    def _stopped(self, name: str, stuck: Mapping[str, str], *, surely: bool) -> str:
        """Return whose limit stops a train, if these can do no more; nothing if none does."""
        rank = self.ways.rank
        for train, tank in self.fills:
            others = [other for other, to in self.fills if to == tank]
            last = all(rank[other] <= rank[name] for other in others)
            if train == name and tank in self.blocking and last:  # the others have the room first
                takers = self.ways.takers.get(tank)
                of = [stuck[taker] for taker in takers or () if taker in stuck]
                if of and takers and (len(of) == len(takers) or not surely):
                    return of[0]
                if takers is None and not surely:  # a header may ask for no more of it
                    return tank
        for tanks in self.ways.wants[name]:
            givers = [train for train, to in self.fills if to in tanks]
            if givers and all(giver in stuck for giver in givers):
                return stuck[givers[0]]
        hosts = [] if surely else [stuck[host] for host in self.ways.hosts[name] if host in stuck]
        return hosts[0] if hosts else ""

    def _free(self, spare: Collection[str]) -> set[str]:
        """Return which of some trains could do more, as a supply, or one of these, feeds them."""
        free, before = set[str](), -1
        while len(free) > before:
            before = len(free)
            givers = {tank for train, tank in self.fills if train in free}
            free |= {
                name
                for name in spare
                if all(any(tank in givers for tank in each) for each in self.ways.wants[name])
            }
        return free
