"""Trains: units joined by direct pipes, one linear map per evaluation of their recipes."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import add, mul

import numpy as np
from numpy.typing import NDArray

from sim.errors import did_you_mean
from sim.network.chemistry import Reaction
from sim.network.network import Header, Network, Train
from sim.network.unit import Conditions, Recipe, Stream, Unit

Array = NDArray[np.float64]

DRAW_TOLERANCE = 1e-8  # relative; a convert that sees the draws it asked for is final
DRAW_PASSES = 8
ROUNDING = 1e-9  # kg/kg; a split may be so little below nothing


@dataclass(frozen=True, slots=True)
class Entry:
    """Where material enters a train: the main feed, a tank through a header, or collected gas."""

    inlet: str
    """``unit.inlet``."""
    source: str
    """Tank or supply of the main feed and of a header, outlet of another train for a guest."""
    kind: str
    """``main``, ``header`` or ``guest``."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """What an inlet draws from a supply, and the name of the stream that is booked for it."""

    stream: str
    shares: Stream
    """Composition of the supply, kg/kg."""


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
    reactions: tuple[tuple[str, Reaction], ...]
    """Unit and reaction of each column of ``extents``."""
    demand: Mapping[str, Array]
    """For each header inlet, kg of its last source, shape (entries * n,)."""
    worth: Mapping[str, Array]
    """For each header inlet, kg of its last source replaced by 1 kg of each component."""


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
        """Every inlet that draws, ``unit.inlet``, and the supply that it draws from at last."""
        collected: list[Entry] = []
        for name, unit in self.members:
            for port in unit.inlets[1:]:
                inlet = f"{name}.{port}"
                source = network.draws.get(inlet)
                if isinstance(source, Header):
                    self.entries += [Entry(inlet, tank, "header") for tank in source.tanks]
                    self.draws[inlet] = source.supply
                elif source is not None:
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

    def _member(self, name: str, unit: Unit) -> Member:
        inlets = {port: f"{name}.{port}" for port in unit.inlets}
        supplies = {p: self.draws[inlet] for p, inlet in inlets.items() if inlet in self.draws}
        drawn = {
            port: Drawn(f"{supply}>{inlets[port]}", self.network.supplies[supply])
            for port, supply in supplies.items()
        }
        streams = {port: f"{name}.{port}" for port in unit.outlets}
        outlets = {port: (stream, self.next_inlet.get(stream)) for port, stream in streams.items()}
        return Member(name, unit, tuple(inlets.items()), drawn, outlets)

    def evaluate(
        self,
        flows: Sequence[Stream],
        surroundings: Mapping[str, float],
        activity: float,
        cause: str = "normal",
        held: Evaluation | None = None,
        last: Evaluation | None = None,
        draw_tolerance: float = DRAW_TOLERANCE,
    ) -> Evaluation:
        """Ask every member for its recipe, in sequence.

        Parameters
        ----------
        flows : sequence of Stream
            What comes in at each entry, kg/h by component; ``activity`` is the total of the first.
        held : Evaluation, optional
            Whose recipes are applied again, instead of asking the members anew.
        last : Evaluation, optional
            By whose recipes the members draw to begin with: where a draw is in proportion to the
            main feed, ``convert`` sees at once what it asks for.
        draw_tolerance : float
            Relative move of a draw, kg/kg, up to which ``convert`` is not asked again; larger for
            a caller that evaluates over and over until nothing moves.
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
            capacity = member.unit.capacity
            if capacity < math.inf:
                main = sum(inlets[member.inlets[0][0]])
                limits[member.name] = capacity * activity / main if main else math.inf
            if held is not None:
                recipe = held.recipes[m]
                if recipe.draws:
                    _draw(member, recipe, dict(inlets), inlets, outlets)
            else:
                guess = None if last is None else last.recipes[m]
                recipe = _with_draws(member, inlets, at, outlets, guess, draw_tolerance)
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
        n = len(self.network.components)
        rows = len(self.entries) * n
        incoming: dict[str, Array] = {}
        identity = np.eye(n)
        for e, entry in enumerate(self.entries):
            incoming.setdefault(entry.inlet, np.zeros((rows, n)))[e * n : (e + 1) * n] = identity
        headers = {entry.inlet for entry in self.entries if entry.kind == "header"}
        streams = np.zeros((rows, len(self.streams), n))
        uses = np.zeros((rows, len(self.members), len(self.utilities)))
        extents: dict[tuple[str, Reaction], Array] = {}
        demand: dict[str, Array] = {}
        worths: dict[str, Array] = {}
        block: Array | None
        for m, ((name, unit), recipe) in enumerate(zip(self.members, recipes, strict=True)):
            main = incoming.get(f"{name}.{unit.inlets[0]}")
            pool = np.zeros((rows, n)) if main is None else main.copy()
            for port in unit.inlets[1:]:
                inlet = f"{name}.{port}"
                block = incoming.get(inlet)
                if block is not None:
                    pool += block
                if port in recipe.draws and main is not None:
                    supply = self.draws[inlet]
                    amount = main @ np.array(recipe.draws[port])
                    if inlet in headers:
                        demand[inlet] = amount.copy()
                        worths[inlet] = np.array(recipe.worth.get(port, (1.0,) * n))
                        assert block is not None
                        amount -= block @ worths[inlet]
                    made_up = np.outer(amount, self.network.supplies[supply])
                    streams[:, self.position[f"{supply}>{inlet}"]] = made_up
                    pool += made_up
            if recipe.uses and main is not None:
                total = main.sum(axis=1)
                for name_of_use, per_kg in recipe.uses.items():
                    if name_of_use not in self.utilities:
                        hint = did_you_mean(name_of_use, self.utilities)
                        raise LookupError(
                            f"{name}: its recipe uses {name_of_use!r}, which is no utility{hint}"
                        )
                    uses[:, m, self.utilities.index(name_of_use)] = total * per_kg
            for conversion in recipe.conversions:
                molar_mass = conversion.reaction.components.molar_mass[conversion.key]
                extent = pool[:, conversion.key] * (conversion.fraction / molar_mass)
                for i, made in conversion.reaction.kg_per_kmol:
                    pool[:, i] += made * extent
                key = (name, conversion.reaction)
                extents[key] = extents[key] + extent if key in extents else extent
            for port, split in recipe.splits.items():
                stream = f"{name}.{port}"
                if min(split) < -ROUNDING:
                    component = self.network.components.names[split.index(min(split))]
                    raise ValueError(
                        f"{name}: its recipe splits {min(split):g} kg/kg of {component} to {port!r}"
                    )
                flow = pool * np.array(split)
                streams[:, self.position[stream]] = flow
                to = self.next_inlet.get(stream)
                if to is not None:
                    known = incoming.get(to)
                    incoming[to] = flow if known is None else known + flow
        return LinearMap(
            streams=streams.reshape(rows, -1),
            uses=uses.reshape(rows, -1),
            extents=np.array(list(extents.values())).T.reshape(rows, -1),
            reactions=tuple(extents),
            demand=demand,
            worth=worths,
        )


def _with_draws(
    member: Member,
    inlets: dict[str, Stream],
    at: Conditions,
    outlets: dict[str, Stream],
    guess: Recipe | None,
    tolerance: float,
) -> Recipe:
    """Fill the drawn inlets until ``convert`` sees what it asks for, and book the draws."""
    if not member.drawn:
        recipe = member.unit.convert(inlets, at)
        if recipe.draws:
            _draw(member, recipe, inlets, inlets, outlets)  # tells which inlet draws on nothing
        return recipe
    given = dict(inlets)
    before = {} if guess is None else _draw(member, guess, given, inlets, outlets)
    for _ in range(DRAW_PASSES):
        recipe = member.unit.convert(inlets, at)
        if not recipe.draws:
            return recipe
        drawn = _draw(member, recipe, given, inlets, outlets)
        if all(
            abs(kg - before.get(port, 0.0)) <= tolerance * max(kg, 1e-9)
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
    """Add to what is ``given`` at each inlet what the recipe draws; return it, kg/h."""
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
        asked = max(sum(map(mul, main, per_kg)) - recipe.worth_of(port, offered), 0.0)
        made_up = tuple([asked * share for share in source.shares])
        outlets[source.stream] = made_up
        inlets[port] = _plus(offered, made_up)
        drawn[port] = asked
    return drawn


def _plus(a: Stream, b: Stream) -> Stream:
    return tuple(map(add, a, b))
