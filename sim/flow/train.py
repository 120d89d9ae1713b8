"""Trains: units joined by direct pipes, one linear map per evaluation of their recipes."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.flow import push
from sim.flow.members import Asking, Parts, Reactions
from sim.flow.push import Answer, Carried
from sim.network.chemistry import Reaction
from sim.network.network import Network, Train
from sim.network.unit import Stream, Unit

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Entry:
    """Where material enters a train: the main feed, a tank that it draws on, or collected gas."""

    inlet: str
    """``unit.inlet``."""
    source: str
    """Tank or supply that is drawn on, outlet of another train for a guest."""
    kind: str
    """``main``; ``header``, or ``second`` where no supply makes up for it; ``guest``."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """What an inlet draws from a supply, and the name of the stream that is booked for it."""

    stream: str
    shares: Stream | None
    """Composition of the supply, kg/kg; None where tanks must give all."""


@dataclass(frozen=True, slots=True)
class Member:
    """A unit of a train with its ports looked up once for all evaluations."""

    name: str
    unit: Unit
    inlets: tuple[tuple[str, str], ...]
    """Port and ``unit.inlet``, the main one first."""
    drawn: Mapping[str, Drawn]
    outlets: Mapping[str, tuple[str, str | None]]
    """For each port the stream, and the inlet of a later member that it leads to."""


class CompiledTrain:
    """The members of one train in order, with every pipe resolved, and their last recipes.

    ``streams`` lists what is booked: draws (``supply>unit.inlet``), then every outlet.
    """

    def __init__(self, network: Network, train: Train, utilities: Sequence[str]) -> None:
        self.network = network
        self.train = train
        self.name = train.name
        self.utilities = tuple(utilities)
        self.members = [(name, network.units[name]) for name in train.members]
        guests = network.guests()
        first, unit = self.members[0]
        self.entries = [Entry(f"{first}.{unit.inlets[0]}", train.feed, "main")]
        self.draws: dict[str, str] = {}
        """Every inlet that draws, ``unit.inlet``, and what it draws from at last."""
        collected: list[Entry] = []
        for name, unit in self.members:
            for port in unit.inlets[1:]:
                inlet = f"{name}.{port}"
                source, header = network.draws.get(inlet), network.header_of(inlet)
                if header is not None:
                    kind = "second" if header.supply is None else "header"
                    self.entries += [Entry(inlet, tank, kind) for tank in header.tanks]
                    self.draws[inlet] = header.supply or header.tanks[-1]
                elif isinstance(source, str):
                    self.draws[inlet] = source
                collected += [Entry(inlet, o, "guest") for o, to in guests.items() if to == inlet]
        self.entries += collected
        self.streams = [f"{supply}>{inlet}" for inlet, supply in self.draws.items()]
        self.streams += [f"{name}.{port}" for name, unit in self.members for port in unit.outlets]
        self.outlets = [stream for stream in self.streams if ">" not in stream]
        self.position = {stream: i for i, stream in enumerate(self.streams)}
        own = {f"{name}.{port}" for name, unit in self.members for port in unit.inlets}
        self.next_inlet = {
            stream: network.pipes[stream].to
            for stream in self.streams
            if stream in network.pipes and network.pipes[stream].to in own
        }
        """Internal pipes: outlet to the inlet of a later member."""
        self.zero: Stream = (0.0,) * len(network.components)
        self.plan = [self._member(name, unit) for name, unit in self.members]
        self.headers = [inlet for inlet in self.draws if network.header_of(inlet) is not None]
        """Inlets served by a make-up header, or by tanks alone."""
        self.made_up = np.array(
            [self.position[f"{self.draws[inlet]}>{inlet}"] for inlet in self.headers],
            dtype=np.int64,
        )
        """Position of the stream that each header's supply makes up; none where it has none."""
        self.wiring = self._wire()
        self._reactions = Reactions()
        self.place = {
            name: m for m, (name, unit) in enumerate(self.members) if unit.largest < math.inf
        }
        """Of members of finite capacity."""
        self.asking: Asking
        """What its members have answered last."""
        self.answers: list[Answer]
        """What it makes of its feeds, and made of them before; `Course.which` says which."""
        self.carried: Carried

    def _member(self, name: str, unit: Unit) -> Member:
        inlets = {port: f"{name}.{port}" for port in unit.inlets}
        supplies = {p: self.draws[inlet] for p, inlet in inlets.items() if inlet in self.draws}
        drawn = {
            port: Drawn(f"{supply}>{inlets[port]}", self.network.supplies.get(supply))
            for port, supply in supplies.items()
        }
        streams = {port: f"{name}.{port}" for port in unit.outlets}
        outlets = {port: (stream, self.next_inlet.get(stream)) for port, stream in streams.items()}
        return Member(name, unit, tuple(inlets.items()), drawn, outlets)

    def ready(self) -> None:
        """Make its members ready to be asked, and room for what comes of it."""
        self._call_members()
        self.answers = [self._room() for _ in range(2)]
        n = len(self.zero)
        self.carried = Carried(
            routes=np.zeros((0, 3), dtype=np.int64),
            made_up=self.made_up,
            limits=np.full(len(self.members), math.inf),
            feed=np.zeros((len(self.entries), n)),
            flows=np.zeros((len(self.entries), n)),
            made=np.zeros((len(self.streams), n)),
            draws=len(self.draws),
        )

    def _call_members(self) -> None:
        """Have its members answer, who have not been asked yet."""
        drawing = [tuple(member.drawn) for member in self.plan]
        self.asking = Asking(
            Parts(
                *(self.network, self.members, drawing, self.draws),
                *(self.slots, self.wiring, self._reactions),
            )
        )

    def _room(self) -> Answer:
        n, rows = len(self.zero), len(self.entries) * len(self.zero)
        return Answer(
            streams=np.zeros((rows, len(self.streams), n)),
            uses=np.zeros((rows, len(self.members), len(self.utilities))),
            extents=np.zeros((rows, len(self.reactions))),
            demand=np.zeros((len(self.headers), rows)),
            worth=np.zeros((len(self.slots), n)),
        )

    def make_room(self) -> None:
        """Make room for the reactions that recipes have named since."""
        for i, answer in enumerate(self.answers):
            known = answer.extents
            if known.shape[1] == len(self.reactions):
                continue
            more = np.zeros((len(known), len(self.reactions)))
            more[:, : known.shape[1]] = known
            self.answers[i] = answer._replace(extents=more)

    @property
    def reactions(self) -> list[tuple[str, Reaction]]:
        """Unit and reaction of every conversion so far."""
        return self._reactions.all

    def limit(self, unit: str) -> float | None:
        """Return the activity at which a member is full by the last recipe that tells, kg/h.

        Infinite where nothing comes to it; None for a member whose capacity is.
        """
        at = self.place.get(unit)
        return None if at is None else float(self.carried.limits[at])

    def _wire(self) -> push.Wiring:
        """Resolve every pipe once."""
        slots = {inlet: i for i, inlet in enumerate(
            f"{name}.{port}" for name, unit in self.members for port in unit.inlets
        )}  # fmt: skip
        self.slots = slots
        supply, header = np.full((2, len(slots)), push.NONE)
        shares = np.zeros((len(slots), len(self.zero)))
        for inlet, source in self.draws.items():
            if source in self.network.supplies:
                supply[slots[inlet]] = self.position[f"{source}>{inlet}"]
                shares[slots[inlet]] = self.network.supplies[source]
        for h, inlet in enumerate(self.headers):
            header[slots[inlet]] = h
        leads = np.full(len(self.streams), push.NONE)
        for stream, inlet in self.next_inlet.items():
            leads[self.position[stream]] = slots[inlet]
        inlets = [0, *(len(unit.inlets) for _, unit in self.members)]
        outlets = [len(self.draws), *(len(unit.outlets) for _, unit in self.members)]
        return push.Wiring(
            entry_slot=np.array([slots[entry.inlet] for entry in self.entries]),
            first_slot=np.cumsum(inlets),
            supply=supply,
            header=header,
            shares=shares,
            first_stream=np.cumsum(outlets),
            leads=leads,
        )

    def follow(self, before: CompiledTrain) -> None:
        """Go on with the answers, and in the books, of the train that this one replaces."""
        self._reactions = before._reactions
        self._call_members()
        self.answers, self.carried = before.answers, before.carried
        self.asking.tell(before.asking.surroundings, before.asking.cause)

    def nothing(self) -> push.Totals:
        """Return totals in which nothing has been booked."""
        n = len(self.zero)
        return push.Totals(
            np.zeros((len(self.entries), n)),
            np.zeros((len(self.streams), n)),
            np.zeros(len(self.members) * len(self.utilities)),
            np.zeros(len(self.reactions)),
        )
