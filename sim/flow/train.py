"""Trains: units joined by direct pipes, one linear map per evaluation of their recipes."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from operator import add, mul
from typing import cast

import numpy as np
from numpy.typing import NDArray

from sim.errors import did_you_mean
from sim.flow import loops, push
from sim.network.chemistry import Reaction
from sim.network.network import Network, Train
from sim.network.plain import PlainUnit, is_plain
from sim.network.unit import Conditions, Recipe, Stream, Unit

Array = NDArray[np.float64]

DRAW_TOLERANCE = 1e-8  # relative; a convert that sees the draws it asked for is final
DRAW_PASSES = 8
ROUNDING = 1e-9  # kg/kg; a split may be so little below nothing


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
    convert: Callable[[Mapping[str, Stream], Conditions], Recipe]
    """The unit's own, or what answers for it compiled."""


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The recipes of a train's members at one activity and what they make of it."""

    recipes: list[Recipe]
    outlets: dict[str, Stream]
    """Flow of every stream, kg/h by component."""
    limits: dict[str, float]
    """Activity at which each member of finite capacity is full, kg/h of the train's main feed."""
    capacity: float
    """The smallest of the limits."""


@dataclass(frozen=True, slots=True)
class LinearMap:
    """What a train makes of 1 kg of each component at each entry; rows are entry x component."""

    streams: Array
    """kg by stream x component, shape (entries * n, streams * n)."""
    uses: Array
    """Utilities by member x utility, shape (entries * n, members * utilities)."""
    extents: Array
    """kmol by member's reaction, shape (entries * n, reactions)."""
    demand: Array
    """kg of its last source that each header's inlet asks for, shape (headers, entries * n)."""
    worth: Array
    """kg of that source replaced by 1 kg of each component, shape (inlets, n)."""


class CompiledTrain:
    """The members of one train in order, with every pipe resolved; holds no state of a run.

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
        self.reactions: list[tuple[str, Reaction]] = []
        """Unit and reaction of every conversion so far."""
        self._columns: dict[tuple[str, int], int] = {}
        self._per_kmol: dict[int, Array] = {}

    def _member(self, name: str, unit: Unit) -> Member:
        inlets = {port: f"{name}.{port}" for port in unit.inlets}
        supplies = {p: self.draws[inlet] for p, inlet in inlets.items() if inlet in self.draws}
        drawn = {
            port: Drawn(f"{supply}>{inlets[port]}", self.network.supplies.get(supply))
            for port, supply in supplies.items()
        }
        streams = {port: f"{name}.{port}" for port in unit.outlets}
        outlets = {port: (stream, self.next_inlet.get(stream)) for port, stream in streams.items()}
        convert = _Converter(unit, len(self.zero)) if is_plain(unit) else unit.convert
        return Member(name, unit, tuple(inlets.items()), drawn, outlets, convert)

    def evaluate(
        self,
        flows: Sequence[Stream],
        surroundings: Mapping[str, float],
        activity: float,
        cause: str = "normal",
        last: Evaluation | None = None,
    ) -> Evaluation:
        """Ask every member for its recipe, in sequence.

        Parameters
        ----------
        flows : sequence of Stream
            What comes in at each entry, kg/h by component; ``activity`` is the total of the first.
        last : Evaluation, optional
            By whose recipes the members draw to begin with: where a draw is in proportion to the
            main feed, ``convert`` sees at once what it asks for.
        """
        at = Conditions(activity, surroundings, cause)
        zero = self.zero
        incoming: dict[str, Stream] = {}
        for entry, flow in zip(self.entries, flows, strict=True):
            known = incoming.get(entry.inlet)
            incoming[entry.inlet] = flow if known is None else _plus(known, flow)
        recipes: list[Recipe] = []
        outlets: dict[str, Stream] = {}
        limits: dict[str, float] = {}
        for m, member in enumerate(self.plan):
            inlets = {port: incoming.get(inlet, zero) for port, inlet in member.inlets}
            capacity = member.unit.largest
            if capacity < math.inf:
                main = sum(inlets[member.inlets[0][0]])
                limits[member.name] = capacity * activity / main if main else math.inf
            guess = None if last is None else last.recipes[m]
            recipe = _with_draws(member, inlets, at, outlets, guess)
            recipes.append(recipe)
            pool = zero
            for flow in inlets.values():
                if flow is not zero:
                    pool = flow if pool is zero else _plus(pool, flow)
            for port, flow in recipe.apply(pool).items():
                if port not in member.outlets:
                    hint = did_you_mean(port, member.outlets)
                    raise LookupError(
                        f"{member.name}: its recipe splits to {port!r}, which is no outlet{hint}"
                    )
                stream, to = member.outlets[port]
                outlets[stream] = flow
                if to is not None:
                    known = incoming.get(to)
                    incoming[to] = flow if known is None else _plus(known, flow)
        return Evaluation(recipes, outlets, limits, min(limits.values(), default=math.inf))

    def linear_map(self, recipes: Sequence[Recipe]) -> LinearMap:
        """Push 1 kg of each component of each entry through the recipes."""
        loops.compile_loops()
        made = self._made(recipes)
        n, rows = len(self.zero), len(self.entries) * len(self.zero)
        streams = np.empty((rows, len(self.streams), n))
        uses = np.empty((rows, len(self.members), len(self.utilities)))
        extents = np.empty((rows, len(self.reactions)))
        demand = np.empty((len(self.headers), rows))
        push.push(self.wiring, made, streams, uses, extents, demand)
        return LinearMap(
            streams=streams.reshape(rows, -1),
            uses=uses.reshape(rows, -1),
            extents=extents,
            demand=demand,
            worth=made.worth,
        )

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

    def _made(self, recipes: Sequence[Recipe]) -> push.Made:
        """Return the recipes as arrays."""
        n = len(self.zero)
        split, draw = [self.zero] * len(self.streams), [self.zero] * len(self.slots)
        worth = [(1.0,) * n] * len(self.slots)
        use = np.zeros((len(self.members), len(self.utilities)))
        reacting: list[tuple[int, int, int]] = []
        extent: list[float] = []
        kmol: list[Array] = []
        for m, ((name, _), recipe) in enumerate(zip(self.members, recipes, strict=True)):
            for port, per_kg in recipe.splits.items():
                split[self.position[f"{name}.{port}"]] = per_kg
            for port, per_kg in recipe.draws.items():
                draw[self.slots[f"{name}.{port}"]] = per_kg
            for port, per_kg in recipe.worth.items():
                worth[self.slots[f"{name}.{port}"]] = per_kg
            for used, amount in recipe.uses.items():
                use[m, self._utility(name, used)] = amount
            for conversion in recipe.conversions:
                reaction, key = conversion.reaction, conversion.key
                reacting.append((m, key, self._column(name, reaction)))
                extent.append(conversion.fraction / reaction.components.molar_mass[key])
                kmol.append(self._per_kmol[id(reaction)])
        splits = np.array(split)
        if splits.min() < -ROUNDING:
            s, c = map(int, np.unravel_index(splits.argmin(), splits.shape))
            name, _, port = self.streams[s].partition(".")
            raise ValueError(
                f"{name}: its recipe splits {splits[s, c]:g} kg/kg of "
                f"{self.network.components.names[c]} to {port!r}"
            )
        return push.Made(
            split=splits,
            draw=np.array(draw),
            worth=np.array(worth),
            use=use,
            reacting=np.array(reacting, dtype=np.int64).reshape(-1, 3),
            extent=np.array(extent),
            kmol=np.array(kmol).reshape(-1, n),
        )

    def _utility(self, name: str, used: str) -> int:
        if used not in self.utilities:
            hint = did_you_mean(used, self.utilities)
            raise LookupError(f"{name}: its recipe uses {used!r}, which is no utility{hint}")
        return self.utilities.index(used)

    def _column(self, name: str, reaction: Reaction) -> int:
        """Return the place of a member's reaction among those of the train."""
        key = (name, id(reaction))
        if key not in self._columns:
            self._columns[key] = len(self.reactions)
            self.reactions.append((name, reaction))
            self._per_kmol[id(reaction)] = made = np.zeros(len(self.zero))
            for i, kg in reaction.kg_per_kmol:
                made[i] += kg
        return self._columns[key]

    def follow(self, before: CompiledTrain) -> None:
        """Go on in the books of the train that this one replaces."""
        self.reactions, self._columns = before.reactions, before._columns
        self._per_kmol = before._per_kmol

    def nothing(self) -> push.Totals:
        """Return totals in which nothing has been booked."""
        n = len(self.zero)
        return push.Totals(
            np.zeros((len(self.entries), n)),
            np.zeros((len(self.streams), n)),
            np.zeros(len(self.members) * len(self.utilities)),
            np.zeros(len(self.reactions)),
        )


class _Converter:
    """What answers for a plain unit; made when it is first asked."""

    def __init__(self, unit: Unit, components: int) -> None:
        self.unit, self.components = unit, components
        self.asked: Callable[[Mapping[str, Stream], Conditions], Recipe] | None = None

    def __call__(self, inlets: Mapping[str, Stream], at: Conditions) -> Recipe:
        if self.asked is None:
            from sim.flow import native

            self.asked = native.Asked(cast(PlainUnit, self.unit), self.components)
        return self.asked(inlets, at)


def _with_draws(
    member: Member,
    inlets: dict[str, Stream],
    at: Conditions,
    outlets: dict[str, Stream],
    guess: Recipe | None,
) -> Recipe:
    """Fill the drawn inlets until ``convert`` sees what it asks for, and book the draws."""
    if not member.drawn:
        recipe = member.convert(inlets, at)
        if recipe.draws:
            _draw(member, recipe, inlets, inlets, outlets)  # tells which inlet draws on nothing
        return recipe
    given = dict(inlets)
    for port, source in member.drawn.items():
        if source.shares is None:  # it gives what is asked for, and nothing as long as nothing is
            inlets[port] = (0.0,) * len(given[port])
    before = {} if guess is None else _draw(member, guess, given, inlets, outlets)
    for _ in range(DRAW_PASSES):
        recipe = member.convert(inlets, at)
        if not recipe.draws:
            return recipe
        drawn = _draw(member, recipe, given, inlets, outlets)
        if all(
            abs(kg - before.get(port, 0.0)) <= DRAW_TOLERANCE * max(kg, 1e-9)
            for port, kg in drawn.items()
        ):
            return recipe
        before = drawn
    raise ValueError(f"{member.name}: what it draws depends on what it draws; no settled recipe")


def _draw(
    member: Member,
    recipe: Recipe,
    given: Mapping[str, Stream],
    inlets: dict[str, Stream],
    outlets: dict[str, Stream],
) -> dict[str, float]:
    """Add to what is ``given`` at each inlet what the recipe draws; return it, kg/h.

    What tanks alone give is as much as is asked for, whatever they have given so far.
    """
    main = given[member.inlets[0][0]]
    drawn: dict[str, float] = {}
    for port, per_kg in recipe.draws.items():
        if port not in member.drawn:
            hint = did_you_mean(port, member.drawn)
            raise LookupError(
                f"{member.name}: its recipe draws at {port!r}, which is no inlet that draws{hint}"
            )
        source = member.drawn[port]
        offered = given[port]
        if source.shares is None:
            drawn[port] = recipe.asked(port, main)
            worth = recipe.worth_of(port, offered)
            factor = drawn[port] / worth if worth > 0.0 else 0.0
            inlets[port] = tuple([factor * kg for kg in offered])
            continue
        asked = max(sum(map(mul, main, per_kg)) - recipe.worth_of(port, offered), 0.0)
        made_up = tuple([asked * share for share in source.shares])
        outlets[source.stream] = made_up
        inlets[port] = _plus(offered, made_up)
        drawn[port] = asked
    return drawn


def _plus(a: Stream, b: Stream) -> Stream:
    return tuple(map(add, a, b))
