"""Accumulates what the trains carry, and writes the ledger of a run."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sim.books.ledger import INTERNAL, Entry, Ledger
from sim.flow.train import Array, CompiledTrain, LinearMap
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

    def write(self, fed: Array, linear: LinearMap, regime: Regime) -> Array:
        """Book ``fed`` kg at every entry, and return the streams made of it, kg."""
        flat = fed.ravel()
        streams = flat @ linear.streams
        if regime in self.fed:
            self.fed[regime] += fed
            self.streams[regime] += streams
            self.uses[regime] += flat @ linear.uses
        else:
            self.fed[regime] = fed.copy()
            self.streams[regime] = streams.copy()
            self.uses[regime] = flat @ linear.uses
        extents = self.extents.setdefault(regime, {})
        for reaction, kmol in zip(linear.reactions, (flat @ linear.extents).tolist(), strict=True):
            extents[reaction] = extents.get(reaction, 0.0) + kmol
        return streams


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
    opening = {tank: kg.copy() for tank, kg in opening.items()}
    held = {tank: kg.copy() for tank, kg in held.items()}
    flows: dict[Entry, Array] = {}
    uses: dict[tuple[str, str, str], float] = {}
    extents: dict[tuple[str, Reaction], float] = {}

    def add(source: str, sink: str, stream: str, cause: str, kg: Array) -> None:
        if kg.any():
            entry = Entry(source, sink, stream, network.sinks.get(sink, INTERNAL), cause)
            flows[entry] = flows[entry] + kg if entry in flows else kg

    for book in books:
        train = book.train
        for regime, fed in book.fed.items():
            cause = regime.cause
            for entry, kg in zip(train.entries, fed, strict=True):
                if entry.kind != "guest":  # the outlet of the other train books it
                    unit = entry.inlet.partition(".")[0]
                    add(entry.source, unit, f"{entry.source}>{entry.inlet}", cause, kg.copy())
            table = book.streams[regime].reshape(-1, n)
            for stream, kg in zip(train.streams, table, strict=True):
                if ">" in stream:
                    supply, _, inlet = stream.partition(">")
                    add(supply, inlet.partition(".")[0], stream, cause, kg.copy())
                    continue
                to = destination(network, stream, regime)
                diverted = to != destination(network, stream, regime._replace(diverted=False))
                source = stream.partition(".")[0]
                add(source, to.partition(".")[0], stream, TRIP if diverted else cause, kg.copy())
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
            add(tank, sink, f"{tank}.overflow", OVERFLOW, kg.copy())
    return Ledger(
        network.components, hours, flows, uses, extents, opening, held, frozenset(network.units)
    )
