"""Who feeds whom: units, tanks, trains and pipes as one value, checked when it is built."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass, field, fields, replace
from itertools import permutations
from math import inf
from operator import attrgetter
from typing import Any, cast

from sim.errors import (
    Named,
    did_you_mean,
    gives_each,
    hold_numbers,
    is_number,
    look_up,
    scalar,
    told,
)
from sim.model.parameters import Quantity, quantity, spell
from sim.model.tree import leaves
from sim.network.chemistry import Components
from sim.network.operation import FailureMode, Maintenance
from sim.network.plain import class_faults
from sim.network.unit import JOINTS, UTILITIES, Stream, Unit

WHEN_FULL = ("block", "spill")


@dataclass(frozen=True, kw_only=True)
class Tank:
    """A well-mixed storage tank.

    EMPTY means at the heel, which the pump cannot draw and below which no tank begins. FULL means
    at the capacity, and then the tank either blocks what feeds it or spills to the account that
    the wiring names.
    """

    capacity: float = quantity("kg", "largest contents", 0.0, 1e9)
    heel: float = quantity(
        "kg/kg", "share of the capacity that cannot be drawn", 0.0, 0.5, default=0.02
    )
    initial_level: float = quantity(
        "kg/kg", "contents at the start per capacity, the heel at least", 0.0, 1.0, default=0.5
    )
    when_full: str = quantity(
        "", "what happens to further inflow when full", choices=WHEN_FULL, default="block"
    )

    def __post_init__(self) -> None:
        hold_numbers(self)


@dataclass(frozen=True)
class Header:
    """A make-up header: serves an inlet from tanks in order, and at last from an unlimited supply.

    Without a supply the tanks must give all that is asked for: where they cannot, they limit the
    train as the tank of its main feed does.
    """

    tanks: tuple[str, ...]
    supply: str | None = None


@dataclass(frozen=True)
class Pipe:
    """Where an outlet goes: a tank, a sink, or ``unit.inlet`` of another unit."""

    to: str
    start_up: str | None = None
    """Tank or sink while the train starts up; ``to`` where not given."""
    trip: str | None = None
    """The same while it trips, or stops for a shutdown or maintenance."""
    otherwise: str | None = None
    """Sink for gas collected by another train while that train stands."""


@dataclass(frozen=True)
class Train:
    """Units joined by direct pipes: one activity, the flow of the main feed, kg/h.

    While it starts up, and right after a trip, before it stands, its outlets go where `Pipe` says.
    """

    name: str
    feed: str
    """The tank or supply that the first member's main inlet draws from."""
    members: tuple[str, ...]
    """Units in the order in which the material passes them."""
    start_up_hours: float = 0.0  #: How long it starts up after a stop of the equipment, h
    start_up_fraction: float = 1.0  #: Its rate then, of its capacity, kg/kg
    trip_hours: float = 0.0  #: How long it still runs after a trip, h
    trip_fraction: float = 0.0  #: Its rate then, of its capacity, kg/kg
    idle_hours: float = 0.0
    """How long it only idles before it starts up, its vents open, h: columns on total reflux."""
    idle_fraction: float = 0.02  #: Its rate then, of its capacity, kg/kg

    def __post_init__(self) -> None:
        hold_numbers(self)

    @property
    def takes_time(self) -> bool:
        """Whether it trips, idles or starts up; one that does not stops and starts at once."""
        return bool(self.trip_hours or self.idle_hours or self.start_up_hours)


_NAMED = {
    "units": "unit",
    "tanks": "tank",
    "contents": "tank",
    "supplies": "supply",
    "sinks": "sink",
    "pipes": "outlet with a pipe",
    "draws": "inlet that draws",
    "spills": "tank that spills",
    "utilities": "limited utility",
    "peaks": "utility with a peak",
}
"""What the names are of in what a network holds by name."""


@dataclass(frozen=True)
class Network:
    """A plant as a value: everything that the clock does not change."""

    components: Components
    units: Mapping[str, Unit]  #: By name
    tanks: Mapping[str, Tank]
    """In the order in which compositions pass down the line."""
    contents: Mapping[str, Stream]
    """Composition of each tank at the start, kg/kg."""
    supplies: Mapping[str, Stream]
    """Unlimited sources and their composition, kg/kg."""
    sinks: Mapping[str, str]
    """Accounts outside the line and the medium of each."""
    trains: tuple[Train, ...]
    """In the order in which the material passes them."""
    pipes: Mapping[str, Pipe]
    """For every ``unit.outlet``."""
    draws: Mapping[str, str | Header] = field(default_factory=dict)
    """For every ``unit.inlet`` that a unit draws on: a supply, a tank or a header."""
    spills: Mapping[str, str] = field(default_factory=dict)
    """Sink for the overflow of each tank that may spill."""
    priorities: tuple[str, ...] = ()
    """Trains and header draws (``unit.inlet<tank``), most important first, where they compete;
    the rest follow, downstream before upstream, those that only ship last."""
    pacer: str = ""
    """The train whose activity the steady state is scaled by; those upstream of it deliver what
    it asks for, those downstream take what they get."""
    utilities: Mapping[str, float] = field(default_factory=dict)
    """Capacity of each utility that is limited, in its unit an hour: steam and cooling_water kg/h,
    power kW. Trains share it by their priorities; what a recipe uses below 0 it gives."""
    peaks: Mapping[str, float] = field(default_factory=dict)
    """From which rate on what is used of a utility is also booked apart, in its unit an hour: a
    cooling tower is full there, or a peak costs more. It limits nothing; see `Ledger.used`."""
    shares: tuple[Mapping[str, float] | Collection[str], ...] = ()
    """Trains that do not go one before the other by priority, but share what is scarce: those of
    a group run at equal shares of their weights, kg/h of main feed, or of what each may run at
    (its capacity, or the part of it that it is set to) where only names are given, unless
    something else holds one of them lower. A group stands in the priorities where its most
    important train does."""

    shape: dict[str, Any] = field(init=False, compare=False, repr=False, default_factory=dict)
    """Room for what follows from the wiring alone; shared by all that `refitted` makes."""

    def __post_init__(self) -> None:
        for name in ("contents", "supplies", "utilities", "peaks"):
            object.__setattr__(self, name, _numbers(getattr(self, name)))
        if isinstance(self.shares, list | tuple):
            object.__setattr__(self, "shares", tuple(map(_numbers, self.shares)))
        _raise(list(self._faults()))
        for name, what in _NAMED.items():
            object.__setattr__(self, name, Named(getattr(self, name), what))

    __hash__ = None  # type: ignore[assignment]

    def __getstate__(self) -> dict[str, Any]:
        """Return what travels: addresses that follow from the wiring hold where they are alone."""
        return {**self.__dict__, "shape": {}}

    def refitted(
        self,
        parts: Mapping[str, Unit | Tank],
        *,
        supplies: Mapping[str, Stream] | None = None,
        trains: tuple[Train, ...] | None = None,
        peaks: Mapping[str, float] | None = None,
    ) -> Network:
        """Return the same wiring with parts in place of those of their names, which are checked.

        Parts of other names or kinds make a network of another shape, which is checked as any.
        """
        if not isinstance(parts, Mapping):
            raise TypeError(f"refitted: expected units and tanks by name, came {told(parts)}")
        units, tanks, alike = dict[str, Unit](), dict[str, Tank](), True
        for name, part in parts.items():
            own = self.units.get(name, self.tanks.get(name))
            if part is own:
                continue
            if isinstance(part, Tank):
                tanks[name] = part
            else:
                units[name] = part
            alike = alike and type(part) is type(own)
        others: dict[str, Any] = {}
        if units:
            others["units"] = Named({**self.units, **units}, "unit")
        if tanks:
            others["tanks"] = Named({**self.tanks, **tanks}, "tank")
        if supplies is not None:
            others["supplies"] = supplies = _numbers(supplies)
            alike = alike and isinstance(supplies, Mapping) and [*supplies] == [*self.supplies]
            alike = alike and all(map(_is_stream, supplies.values()))
        if trains is not None:
            others["trains"] = trains
            alike = alike and not any(_odd_trains(trains))
            alike = alike and [*map(_piped, trains)] == [*map(_piped, self.trains)]
        if peaks is not None:
            others["peaks"] = peaks = _numbers(peaks)
            alike = alike and isinstance(peaks, Mapping) and [*peaks] == [*self.peaks]
        if not alike:
            return replace(self, **others)
        other = object.__new__(Network)
        other.__dict__.update(self.__dict__, **others)
        _raise([*other._value_faults(self), *_domain_faults({**units, **tanks})])
        return other

    def train_of(self, unit: object) -> Train:
        """Return the train that a unit belongs to; an unknown name is a LookupError."""
        for train in self.trains if isinstance(unit, str) else ():
            if unit in train.members:
                return train
        raise LookupError(f"no unit {told(unit)}{did_you_mean(unit, self.units)}")

    def train_named(self, name: str) -> Train:
        """Return a train by name; an unknown one is a LookupError."""
        return look_up("train", name, {train.name: train for train in self.trains})

    def header_of(self, inlet: str) -> Header | None:
        """Return what serves an inlet that draws on tanks; None for any other inlet.

        Raises LookupError: no unit has such an inlet.
        """
        source = self.draws.get(inlet) if isinstance(cast(object, inlet), str) else None
        if source is None:
            inlets = [f"{name}.{port}" for name, unit in self.units.items() for port in unit.inlets]
            return look_up("inlet", inlet, dict.fromkeys(inlets))
        if isinstance(source, str):
            return Header((source,)) if source in self.tanks else None
        return source

    def accounts(self) -> Mapping[str, frozenset[str]]:
        """Return the names that sources, sinks, streams and media of its books may have."""
        known: Mapping[str, frozenset[str]] | None = self.shape.get("accounts")
        if known is None:
            ends = frozenset((*self.units, *self.tanks, *self.supplies, *self.sinks))
            streams = frozenset((*self.pipes, *(f"{tank}.overflow" for tank in self.tanks)))
            media = frozenset(self.sinks.values())
            known = {"source": ends, "sink": ends, "stream": streams, "medium": media}
            known = self.shape.setdefault("accounts", known)
        return known

    @property
    def relieved(self) -> frozenset[str]:
        """Trains, but the pacer, whose tank spills in time what is too much for them."""
        spilling = {name for name, tank in self.tanks.items() if str(tank.when_full) == "spill"}
        return frozenset(
            train.name
            for train in self.trains
            if train.feed in spilling and train.name != self.pacer
        )

    def guests(self) -> dict[str, str]:
        """Return the outlets collected by another train, ``unit.outlet`` to ``unit.inlet``."""
        owner = {member: train.name for train in self.trains for member in train.members}
        return {
            outlet: pipe.to
            for outlet, pipe in self.pipes.items()
            if "." in pipe.to
            and owner[outlet.partition(".")[0]] != owner[pipe.to.partition(".")[0]]
        }

    def _faults(self) -> Iterator[str]:
        strange = list(self._kind_faults())
        yield from strange or self._train_faults()
        if strange or any(m not in self.units for train in self.trains for m in train.members):
            return
        yield from self._pipe_faults()
        yield from self._source_faults()
        yield from self._value_faults()
        yield from _domain_faults({**self.units, **self.tanks})

    def _kind_faults(self) -> Iterator[str]:
        """Yield what is of another kind than anything can be done with."""
        if not isinstance(self.components, Components):
            yield f"components: expected Components, came {told(self.components)}"
        kinds: dict[str, type | tuple[type, ...]] = {
            "units": Unit, "tanks": Tank, "contents": Sequence, "supplies": Sequence, "sinks": str,
            "pipes": Pipe, "draws": (str, Header), "spills": str, "utilities": object,
            "peaks": object,
        }  # fmt: skip
        for name, kind in kinds.items():
            group = getattr(self, name)
            if not isinstance(group, Mapping) or not all(isinstance(each, str) for each in group):
                yield f"{name}: expected a mapping by name, came {told(group)}"
                continue
            for key, value in group.items():
                fits = isinstance(value, kind)
                if kind is Sequence:
                    fits = _is_stream(value)
                if fits and kind is Pipe:
                    fits = isinstance(value.to, str) and all(
                        end is None or isinstance(end, str) for end in astuple(value)
                    )
                if isinstance(value, Header):
                    supply: object = value.supply
                    fits = _are_names(value.tanks) and isinstance(supply, str | None)
                if not fits:
                    yield f"{name}: {key!r}: expected {EXPECTED[name]}, came {told(value)}"
                elif isinstance(value, Unit):
                    yield from _mode_faults(key, value)
                    yield from (
                        f"units: {key!r}: {each}"
                        for each in class_faults(type(value), value, self._width())
                    )
                    yield from _largest_faults(key, value)
        yield from _odd_trains(self.trains)
        first: object = self.priorities
        listed = isinstance(first, Sequence) and not isinstance(first, str)
        if not listed or not all(isinstance(name, str) for name in self.priorities):
            hint = f"; write ({first!r},)" if isinstance(first, str) else ""
            yield f"priorities: expected names of trains in a tuple, came {told(first)}{hint}"
        shares: object = self.shares
        if not isinstance(shares, list | tuple) or not all(map(_is_group, shares)):
            yield f"shares: expected a tuple of groups of trains, came {told(shares)}"
        if not isinstance(self.pacer, str):
            yield f"pacer: expected the name of a train, came {told(self.pacer)}"

    def _width(self) -> int:
        """Return how many components there are, 0 where that is not said."""
        given: object = self.components
        return len(given) if isinstance(given, Components) else 0

    def _train_faults(self) -> Iterator[str]:
        names = [train.name for train in self.trains]
        if not names:
            yield "trains: expected one or more, came none"
        yield from self._member_faults(names)
        for train in self.trains:
            if train.feed not in self.tanks and train.feed not in self.supplies:
                hint = did_you_mean(train.feed, [*self.tanks, *self.supplies], list_up_to=0)
                source = f"{told(train.feed)}, no tank and no supply{hint}"
                yield f"train {train.name!r} is fed from {source}"
        if self.pacer and self.pacer not in names:
            yield f"pacer {told(self.pacer)} is no train{did_you_mean(self.pacer, names)}"
        yield from self._share_faults(names)
        for utility in dict.fromkeys((*self.utilities, *self.peaks)):
            if utility not in UTILITIES:
                yield f"no utility {told(utility)}{did_you_mean(utility, UTILITIES)}"
        for utility in self.utilities:
            if utility in names:
                yield f"{utility!r} is the name of a train and of a limited utility"
        yield from self._priority_faults(names)
        yield from self._name_faults()

    def _member_faults(self, names: list[str]) -> Iterator[str]:
        members = [m for train in self.trains for m in train.members]
        yield from (f"two trains are called {n!r}" for n in sorted(_doubled(names)))
        yield from (f"unit {m!r} is in two trains" for m in sorted(_doubled(members)))
        yield from (f"unit {m!r} is in no train" for m in sorted(set(self.units) - set(members)))
        for train in self.trains:
            if not train.members:
                yield f"train {train.name!r} has no members"
            for m in train.members:
                if m not in self.units:
                    yield f"train {train.name!r}: no unit {told(m)}{did_you_mean(m, self.units)}"

    def _priority_faults(self, names: list[str]) -> Iterator[str]:
        headers = {inlet: self.header_of(inlet) for inlet in self.draws}
        known = [*names, *(f"{i}<{tank}" for i, h in headers.items() if h for tank in h.tanks)]
        for name in _doubled(self.priorities):
            yield f"priority {told(name)} is named twice"
        for name in self.priorities:
            if name not in known:
                yield f"priority {told(name)} is no train{did_you_mean(name, known)}"

    def _name_faults(self) -> Iterator[str]:
        kinds: dict[str, Iterable[str]] = {
            "unit": self.units, "tank": self.tanks, "sink": self.sinks, "supply": self.supplies
        }  # fmt: skip
        for kind, some in kinds.items():
            for name in some:
                if not name or any(mark in name for mark in JOINTS):
                    yield f"{kind} {name!r}: expected a name without {', '.join(JOINTS)}"
        for kind, other in permutations(kinds, 2):
            if kind < other:
                same = sorted(set(kinds[kind]) & set(kinds[other]))
                yield from (f"{n!r} is the name of a {kind} and of a {other}" for n in same)

    def _share_faults(self, names: list[str]) -> Iterator[str]:
        sharing = [name for group in self.shares for name in group]
        for name in dict.fromkeys(sharing):
            if name not in names:
                yield f"shares: no train {told(name)}{did_you_mean(name, names)}"
            elif sharing.count(name) > 1:
                yield f"shares: train {name!r} is named twice"
        for group in self.shares:
            if len(group) < 2:
                yield f"shares: expected two trains or more, came {', '.join(map(str, group))}"

    def _pipe_faults(self) -> Iterator[str]:
        outlets = {f"{n}.{o}" for n, u in self.units.items() for o in u.outlets}
        inlets = {f"{n}.{i}" for n, u in self.units.items() for i in u.inlets}
        firsts = [t.members[0] for t in self.trains if t.members]
        fed = {f"{m}.{self.units[m].inlets[0]}" for m in firsts}
        yield from (f"outlet {o!r} has no pipe" for o in sorted(outlets - set(self.pipes)))
        yield from (
            f"pipe from {o!r}: no such outlet{did_you_mean(o, sorted(outlets), list_up_to=0)}"
            for o in sorted(set(self.pipes) - outlets)
        )
        served = fed | {p.to for p in self.pipes.values()} | set(self.draws)
        yield from (f"inlet {i!r} is fed by nothing" for i in sorted(inlets - served))
        yield from (
            f"inlet {i!r} is drawn, but no such inlet"
            f"{did_you_mean(i, sorted(inlets), list_up_to=0)}"
            for i in sorted(set(self.draws) - inlets)
        )
        ends = set(self.tanks) | set(self.sinks)
        for outlet, pipe in self.pipes.items():
            for to, allowed in (
                (pipe.to, ends | inlets),
                (pipe.start_up, ends),
                (pipe.trip, ends),
                (pipe.otherwise, set(self.sinks)),
            ):
                if to is not None and to not in allowed:
                    hint = did_you_mean(to, sorted(allowed), list_up_to=0)
                    yield f"pipe from {outlet!r} leads to {told(to)}, which is not there{hint}"
            if outlet in outlets and pipe.to in inlets:
                yield from self._link_faults(outlet, pipe, fed)

    def _link_faults(self, outlet: str, pipe: Pipe, fed: set[str]) -> Iterator[str]:
        source, sink = outlet.partition(".")[0], pipe.to.partition(".")[0]
        members = [m for train in self.trains for m in train.members]
        if source not in members or sink not in members:
            return  # told already
        train, host = self.train_of(source), self.train_of(sink)
        if pipe.to in fed:
            yield f"pipe from {outlet!r} leads into the feed of train {host.name!r}"
        elif train is host and train.members.index(source) >= train.members.index(sink):
            yield f"pipe from {outlet!r} leads back to {pipe.to!r}: a train has no way back"
        elif train is not host and pipe.to.partition(".")[2] == self.units[sink].inlets[0]:
            yield (
                f"pipe from {outlet!r} leads into {pipe.to!r}, the main inlet of a unit of train "
                f"{host.name!r}: lead it into another of its inlets, or into a tank"
            )
        elif train is not host and pipe.otherwise is None:
            yield (
                f"pipe from {outlet!r} to {pipe.to!r}: nothing says where it goes otherwise, "
                f"while train {host.name!r} stands"
            )

    def _value_faults(self, known: Network | None = None) -> Iterator[str]:
        """Yield what is wrong with numbers that belong to no part, or to two of them.

        What is a part of the network that is ``known``, of the same wiring, has been checked.
        """
        checked = known.trains if known else ()
        for train in () if self.trains is checked else self.trains:
            if train in checked:
                continue
            for phase, hours, share in (
                ("start_up", train.start_up_hours, train.start_up_fraction),
                ("trip", train.trip_hours, train.trip_fraction),
                ("idle", train.idle_hours, train.idle_fraction),
            ):
                if not hours >= 0.0:
                    yield f"train {train.name!r}: {phase}_hours of {hours:g} h, not 0 or more"
                if not 0.0 <= share <= 1.0:
                    yield f"train {train.name!r}: {phase}_fraction of {share:g} is not 0 to 1"
        for what, rates, where in (
            ("capacity", self.utilities, "limit"), ("peak", self.peaks, "peak")
        ):  # fmt: skip
            for utility, most in rates.items():
                if not (is_number(most) and 0.0 <= most < inf):
                    yield (
                        f"utility {utility!r}: expected a {what} of 0 or more an hour, came "
                        f"{told(most)}; leave it out where there is no {where}"
                    )
        for group in self.shares:
            for name, weight in group.items() if isinstance(group, Mapping) else ():
                if not (is_number(weight) and 0.0 < weight < inf):
                    yield f"shares: expected a weight of {name!r} above 0, came {told(weight)}"
        supplies = known.supplies if known else {}
        if supplies is not self.supplies:
            new = {name: s for name, s in self.supplies.items() if s is not supplies.get(name)}
            yield from self._mixture_faults("supply", new)
        tanks = known.tanks if known else {}
        for tank, value in () if tanks is self.tanks else self.tanks.items():
            if (
                value is not tanks.get(tank)
                and str(value.when_full) == "spill"
                and tank not in self.spills
            ):
                yield f"tank {tank!r} spills when full, but no sink is named for it"

    def _mixture_faults(self, kind: str, mixtures: Mapping[str, Stream]) -> Iterator[str]:
        for name, shares in mixtures.items():
            if len(shares) != len(self.components):
                yield (
                    f"{kind} {name!r} has {len(shares)} components, the network "
                    f"{len(self.components)}"
                )
            elif not min(shares) >= 0.0:
                yield f"{kind} {name!r}: expected shares of 0 kg/kg or more, came {told(shares)}"
            elif not abs((whole := sum(map(float, shares))) - 1.0) <= 1e-9:
                yield f"{kind} {name!r}: its shares add up to {whole:.10g} kg/kg, not 1"

    def _second_feed_faults(self, inlet: str) -> Iterator[str]:
        """Yield what an inlet has beside the tanks that are to give all that it draws."""
        unit, _, port = inlet.partition(".")
        if unit in self.units and port == self.units[unit].inlets[0]:
            yield f"inlet {inlet!r} draws from a tank, but it is the main inlet: name it as a feed"
        for outlet, pipe in self.pipes.items():
            if pipe.to == inlet:
                yield (
                    f"inlet {inlet!r} draws all from tanks, but a pipe from {outlet!r} leads "
                    "there, too: lead it into one of the tanks"
                )

    def _source_faults(self) -> Iterator[str]:
        for inlet, source in self.draws.items():
            header = self.header_of(inlet)
            tanks = header.tanks if header else ()
            supply = header.supply if header else source
            if header and not tanks:
                yield f"inlet {inlet!r}: its header has no tanks"
            yield from (
                f"inlet {inlet!r}: no tank {t!r}{did_you_mean(t, self.tanks, list_up_to=0)}"
                for t in tanks
                if t not in self.tanks
            )
            if supply is None:
                yield from self._second_feed_faults(inlet)
            elif inlet in {f"{name}.{unit.inlets[0]}" for name, unit in self.units.items()}:
                yield (
                    f"inlet {inlet!r} draws from {told(supply)}, but it is the main inlet: name "
                    "what feeds it as the feed of its train"
                )
            elif supply not in self.supplies:
                ends = [*self.supplies] if header else [*self.supplies, *self.tanks]
                hint = did_you_mean(supply, ends, list_up_to=0)
                yield f"inlet {inlet!r}: no supply {supply!r}{hint}"
        yield from (
            f"tank {t!r} has no initial contents" for t in self.tanks if t not in self.contents
        )
        yield from (
            f"contents of {t!r}: no such tank{did_you_mean(t, self.tanks, list_up_to=0)}"
            for t in self.contents
            if t not in self.tanks
        )
        held = {name: s for name, s in self.contents.items() if name in self.tanks}
        yield from self._mixture_faults("tank", held)
        for tank, sink in self.spills.items():
            if tank not in self.tanks:
                hint = did_you_mean(tank, self.tanks, list_up_to=0)
                yield f"spills of {told(tank)}: no such tank{hint}"
            if sink not in self.sinks:
                hint = did_you_mean(sink, self.sinks, list_up_to=0)
                yield f"tank {tank!r} spills to {sink!r}, which is no sink{hint}"


def _numbers(group: Any) -> Any:
    """Return what is said by name with what numpy makes of one number as Python's own."""
    if not isinstance(group, Mapping):
        return group
    own = {name: _number(each) for name, each in group.items()}
    return own if any(own[name] is not each for name, each in group.items()) else group


def _number(value: Any) -> Any:
    """Return a number as Python's own, or a stream of them."""
    if isinstance(value, tuple) and any(getattr(kg, "shape", None) == () for kg in value):
        return tuple(map(scalar, value))
    return scalar(value)


_piped = attrgetter("name", "feed", "members")
"""Of a train, what makes the shape of a network."""
HOW = tuple(each.name for each in fields(Train)[3:])
_how = attrgetter(*HOW)
"""Of a train, how it is run: numbers all."""


def _raise(faults: list[str]) -> None:
    if faults:
        raise ValueError("the network does not fit together:\n  " + "\n  ".join(faults))


EXPECTED = {
    "units": "a Unit",
    "tanks": "a Tank",
    "contents": "a tuple of a number for each component, kg/kg",
    "supplies": "a tuple of a number for each component, kg/kg",
    "sinks": "a medium",
    "pipes": "a Pipe to a name",
    "draws": "a supply, a tank or a Header of tanks, a tuple of names",
    "spills": "a sink",
}
"""What is said to be of each name, by the field of a network."""


def _doubled(names: Sequence[str]) -> list[str]:
    """Return what is named more than once, each once."""
    found: list[str] = []
    for place, name in enumerate(names):
        if name in names[:place] and name not in found:
            found.append(name)
    return found


def _are_names(names: object) -> bool:
    """Whether these are names, and not one name, whose letters would be taken for some."""
    return isinstance(names, list | tuple) and all(isinstance(each, str) for each in names)


def _is_group(names: object) -> bool:
    """Whether these are names of trains that share, or weights by name."""
    if not gives_each(names) or isinstance(names, str) or not isinstance(names, Collection):
        return False
    return all(isinstance(name, str) for name in names)


def _is_stream(value: object) -> bool:
    """Whether this is a number for each of some components."""
    return isinstance(value, Sequence) and not isinstance(value, str) and all(map(is_number, value))


def _odd_trains(trains: Any) -> Iterator[str]:
    """Yield what is of another kind than trains, their words or their numbers."""
    if not isinstance(trains, list | tuple) or not all(isinstance(t, Train) for t in trains):
        yield f"trains: expected a tuple of trains, came {told(trains)}"
        return
    for train in trains:
        if not _are_names(train.members):
            yield (
                f"train {told(train.name)}: expected its units as a tuple of names, came "
                f"{told(train.members)}"
            )
            continue
        words = (train.name, train.feed, *train.members)
        if not all(isinstance(word, str) for word in words):
            yield f"train {told(train.name)}: names are texts, not {told(words)}"
        for what, value in zip(HOW, _how(train), strict=True):
            if type(value) is not float and not is_number(value):
                yield f"train {train.name!r}: {what} is {told(value)}, no number"


def _mode_faults(name: str, unit: Unit) -> Iterator[str]:
    """Yield what is said of a unit's failures that is none: it would never fail."""
    for field_name, kind in (("failure", FailureMode), ("maintenance", Maintenance)):
        value: object = getattr(unit, field_name)
        if value is not None and not isinstance(value, kind):
            yield f"{name}.{field_name}: expected a {kind.__name__}, came {told(value)}"


def _largest_faults(name: str, unit: Unit) -> Iterator[str]:
    """Yield what is said of a unit's largest flow that is no flow."""
    if type(unit).largest is Unit.largest:
        return  # a parameter, which has its domain
    largest: object = unit.largest
    if not is_number(largest) or not largest >= 0.0:
        where = f"units: {name!r}: {type(unit).__name__}.largest"
        yield f"{where}: expected a flow of 0 kg/h or more, came {told(largest)}"


MOST_PARTS = 10_000
FAULTLESS: dict[int, Unit | Tank] = {}
"""Parts whose parameters have been found in their domains, by identity: a frozen part stays so."""


def _domain_faults(parts: Mapping[str, Unit | Tank]) -> Iterator[str]:
    """Yield what is outside its domain: a unit built in Python has been through no reader.

    The capacity of a unit may be, down to nothing: the engine bears a train of none.
    """
    for name, part in parts.items():
        if FAULTLESS.get(id(part)) is part:
            continue
        faultless = True
        for path, declared, value in parameters_of(part):
            try:
                small = path == "capacity" and not (is_number(value) and value > 1.0)
                if not small or isinstance(part, Tank):
                    declared.admit(value, finite=False)
                elif not (is_number(value) and value >= 0.0):
                    came = spell(value)
                    raise ValueError(f"expected 0 {declared.unit} or more, came {came}")
            except ValueError as fault:
                faultless = False
                yield f"{name}.{path}: {fault}"
        if faultless:
            if len(FAULTLESS) >= MOST_PARTS:
                FAULTLESS.clear()
            FAULTLESS[id(part)] = part


def parameters_of(part: Unit | Tank) -> tuple[tuple[str, Quantity, object], ...]:
    """Return the parameters of a part; of one with fields that declare nothing, all others."""
    try:
        return tuple(leaves(part))
    except (TypeError, NameError):
        return tuple(_declared(part))


KINDS = {kind.__name__: kind for kind in (float, int, bool, str)}


def _declared(part: Any, prefix: str = "") -> Iterator[tuple[str, Quantity, object]]:
    """Yield the fields of a part that declare a parameter, whatever else it has."""
    for each in fields(part):
        declared, value = each.metadata.get("quantity"), getattr(part, each.name, None)
        kind = KINDS.get(getattr(each.type, "__name__", str(each.type)))
        if isinstance(declared, Quantity) and kind is not None:
            yield f"{prefix}{each.name}", replace(declared, kind=kind), value
        elif isinstance(value, FailureMode | Maintenance):
            yield from _declared(value, f"{prefix}{each.name}.")
