"""Which activity comes before which: as declared, the others by where in the line they stand."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from sim.flow.map import FlowMap
from sim.flow.train import CompiledTrain
from sim.network.network import Network
from sim.network.unit import UTILITIES


def declared_order(flow_map: FlowMap) -> list[int]:
    """Return the declared priorities, then the rest of the line, downstream first.

    Trains that only ship come after it, for they take what they find, and last what is
    unloaded from outside. A header's draws go before its train, which they follow, and before every
    train above it that cannot lose by it; those of a second feed, or of a train that shares, right
    after it. A group that shares stands where the first of its trains does, whatever holds that
    one. What there is of utilities comes before all.
    """
    names = [activity.name for activity in flow_map.activities]
    network, trains = flow_map.network, {train.name: train for train in flow_map.trains}
    ranked, named = list(flow_map.utilities), {*network.priorities}
    for name in _together(ranked_trains(network, flow_map.trains), network.shares):
        k = names.index(name)
        draws, seconds = (
            [names[d] for t, draws in of.values() if t == k for d in draws]
            for of in (flow_map.headers, flow_map.seconds)
        )
        if any(name in group for group in network.shares):
            draws, seconds = [], draws + seconds
        at, with_it = len(ranked), _with_it(network, trains, name) if draws else []
        while at and with_it and not _loses(network, trains, ranked[at - 1], with_it):
            at -= 1
        ranked[at:at] = [draw for draw in draws if draw not in named]
        ranked += [each for each in (name, *seconds) if each == name or each not in named]
    return [names.index(name) for name in ranked]


def _together(ranked: list[str], groups: Sequence[Collection[str]]) -> list[str]:
    """Return names by rank, with all of a group where the first of them is."""
    group_of = {name: group for group in groups for name in group}
    found: list[str] = []
    for name in ranked:
        group = group_of.get(name, ())
        found += [name, *(each for each in ranked if each in group)]
    return list(dict.fromkeys(found))


def _with_it(network: Network, trains: Mapping[str, CompiledTrain], name: str) -> list[str]:
    """Return a train and those that may have to run more where it does.

    They empty a tank that it may fill, or fill one that it takes from, or do so to another of them.
    """
    with_it = [name]
    reach = {each: _reach(network, train) for each, train in trains.items()}
    for one in with_it:
        needs, fills, _ = reach[one]
        for other, (needed, _, ends) in reach.items():
            if other not in with_it and (fills & needed or ends & needs):
                with_it.append(other)
    return with_it


def _loses(
    network: Network, trains: Mapping[str, CompiledTrain], above: str, with_it: Collection[str]
) -> bool:
    """Return whether what stands above in the order might lose where those trains run more.

    One that shares, and whatever is no train, is taken to lose.
    """
    if above not in trains or any(above in group for group in network.shares):
        return True
    others = (trains[name] for name in with_it if name != above)
    return any(_rivals(network, trains[above], other) for other in others)


def _rivals(network: Network, one: CompiledTrain, other: CompiledTrain) -> bool:
    """Return whether a train might lose where another runs more.

    It does where both take from a tank or a utility that is limited, or both feed a tank that may
    be full, or one passes streams to the other.
    """
    (takes, gives, ends), (taken, given, others) = _reach(network, one), _reach(network, other)
    passed = ends & {u for u, _ in other.members} or others & {u for u, _ in one.members}
    return bool(takes & taken or gives & given or passed)


def _reach(network: Network, train: CompiledTrain) -> tuple[set[str], set[str], set[str]]:
    """Return tanks and utilities that a train takes from, tanks it may fill, and all it feeds."""
    taken = {train.train.feed, *(entry.source for entry in train.entries)} & {*network.tanks}
    used = {u for _, unit in train.members for u in getattr(unit, "using", UTILITIES)}
    pipes = [network.pipes[stream] for stream in train.outlets]
    ends = {end for p in pipes for end in (p.to, p.start_up, p.trip, p.otherwise) if end}
    full = {end for end in ends if end in network.tanks and network.tanks[end].when_full == "block"}
    return taken | (used & {*network.utilities}), full, {end.partition(".")[0] for end in ends}


def ranked_trains(network: Network, trains: Sequence[CompiledTrain]) -> list[str]:
    """Return the names of trains, the most important first; see `declared_order`."""
    ships = [train.name for train in trains if _only_ships(network, train)]
    brings = [t.name for t in trains if t.train.feed not in network.tanks]
    line = [t.name for t in reversed(trains) if t.name not in {*ships, *brings}]
    return list(dict.fromkeys([*network.priorities, *line, *ships, *brings]))


def _only_ships(network: Network, train: CompiledTrain) -> bool:
    ends = {network.pipes[stream].to for stream in train.outlets}
    inside = {to for to in ends if "." in to and to not in train.next_inlet.values()}
    return not inside and not ends & set(network.tanks)
