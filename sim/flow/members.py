"""What answers for the members of a train, compiled or in Python, and their last recipes."""

from __future__ import annotations

import ctypes
import math
from collections.abc import Mapping, Sequence
from functools import partial
from itertools import chain
from typing import Any, NamedTuple, cast

import numpy as np

from sim.errors import did_you_mean
from sim.flow import asking, rest
from sim.flow.course import ROUNDING, SPLITS
from sim.flow.push import Members, Wiring
from sim.flow.rest import USES
from sim.network.chemistry import Reaction
from sim.network.network import Network
from sim.network.plain import PlainUnit, is_plain
from sim.network.unit import UTILITIES, Conditions, Recipe, Stream, Unit

CONVERSIONS = 16  # of one member, for which there is room at first


class Anew(Exception):
    """The tables of a train have grown while it was asked."""


def row_of(
    name: str, outlets: Sequence[str], drawing: Sequence[str], recipe: Recipe, n: int
) -> list[float]:
    """Return the recipe of a unit as a row, but for its conversions; see `sim.flow.rest`.

    What it splits, draws or uses that there is not is a LookupError.
    """
    nothing = (0.0,) * n
    row = list(chain.from_iterable([recipe.splits.get(port, nothing) for port in outlets]))
    for port in recipe.splits:
        if port not in outlets:
            hint = did_you_mean(port, outlets)
            raise LookupError(f"{name}: its recipe splits to {port!r}, which is no outlet{hint}")
    for port in recipe.draws:
        if port not in drawing:
            hint = did_you_mean(port, drawing)
            raise LookupError(
                f"{name}: its recipe draws at {port!r}, which is no inlet that draws{hint}"
            )
    for port in drawing:
        row += recipe.draws.get(port, nothing)
    for port in drawing:
        row += recipe.worth.get(port, (1.0,) * n)
    uses = [0.0] * USES
    for use, per_kg in recipe.uses.items():
        if use not in UTILITIES:
            hint = did_you_mean(use, UTILITIES)
            raise LookupError(f"{name}: its recipe uses {use!r}, which is no utility{hint}")
        uses[UTILITIES.index(use)] = per_kg
    return row + uses


def plain_units(
    network: Network, names: Sequence[str], drawing: Sequence[Sequence[str]]
) -> dict[int, PlainUnit]:
    """Return which of some units can be asked compiled, by their place; all feel the same."""
    plain: dict[int, PlainUnit] = {}
    for m, (name, ports) in enumerate(zip(names, drawing, strict=True)):
        unit = network.units[name]
        if isinstance(unit, PlainUnit) and is_plain(unit):
            felt = next(iter(plain.values())).felt if plain else unit.felt
            if list(unit.drawing) == list(ports) and unit.felt is felt:
                plain[m] = unit
    return plain


def uses_of(unit: Unit, compiled: bool) -> list[int]:
    """Return which utility each place of a member's recipe is for."""
    told = cast(PlainUnit, unit).using if compiled else UTILITIES
    return [*map(UTILITIES.index, told), *[-1] * (USES - len(told))]


class Reactions:
    """Unit and reaction of every conversion in a train so far."""

    def __init__(self) -> None:
        self.all: list[tuple[str, Reaction]] = []
        self._columns: dict[tuple[str, Reaction], int] = {}

    def column(self, name: str, reaction: Reaction) -> int:
        """Return the place of a member's reaction among them."""
        key = (name, reaction)
        if key not in self._columns:
            self._columns[key] = len(self.all)
            self.all.append(key)
        return self._columns[key]


class Parts(NamedTuple):
    """A train as its members are asked."""

    network: Network
    members: Sequence[tuple[str, Unit]]
    drawing: Sequence[tuple[str, ...]]
    """Inlets of every member that draw."""
    draws: Mapping[str, str]
    """Every inlet that draws, ``unit.inlet``, and what it draws from at last."""
    slots: Mapping[str, int]
    wiring: Wiring
    reactions: Reactions


class Asking:
    """What answers for the members of a train, and what they have answered last."""

    def __init__(self, train: Parts) -> None:
        from sim.flow import native

        native.compile_loops()
        self.train = train
        self.names = [name for name, _ in train.members]
        self.units: list[Unit] = [unit for _, unit in train.members]
        self.drawing = train.drawing
        self.n = n = len(train.network.components)
        self.fault: BaseException | None = None
        """What a unit in Python has raised."""
        self.surroundings: Mapping[str, float] = {}
        self.cause = "normal"
        self.answers: dict[int, Any] = {}
        """Of units in Python; to be kept as long as they are called."""
        plain = plain_units(train.network, self.names, self.drawing)
        self.felt = next(iter(plain.values())).felt._fields if plain else ()
        self.steps: list[tuple[tuple[Reaction, int], ...]] = [()] * len(self.units)
        """Conversions of each member: reactions and key components."""
        places = [
            (len(unit.outlets) + 2 * len(ports)) * n + USES
            for unit, ports in zip(self.units, self.drawing, strict=True)
        ]
        most = max([CONVERSIONS, *[len(unit.reactions) for unit in plain.values()]])
        numbers = [len(unit.numbers()) for unit in plain.values()]
        slots = [train.slots[inlet] for inlet in train.draws]
        members, inlets = len(self.units), len(train.slots)
        self.members = Members(
            address=np.zeros(members, dtype=np.int64),
            compiled=np.array([m in plain for m in range(members)]),
            numbers=np.zeros((members, max(numbers, default=1))),
            at=np.zeros(1 + len(self.felt)),
            capacity=np.array([unit.largest for unit in self.units]),
            limit=np.zeros(members),
            recipe=np.zeros((members, max(places) + most)),
            use=np.array([uses_of(unit, m in plain) for m, unit in enumerate(self.units)]),
            draw_first=np.cumsum([0, *map(len, self.drawing)]),
            draw_slot=np.array(slots, dtype=np.int64),
            drawn=np.zeros(len(slots)),
            by_tanks=np.array(
                [of not in train.network.supplies for of in train.draws.values()], dtype=np.bool_
            ),
            conversions=np.zeros(members, dtype=np.int64),
            rounds=np.ones(members, dtype=np.int64),
            key=np.zeros((members, most), dtype=np.int64),
            column=np.zeros((members, most), dtype=np.int64),
            per_kmol=np.zeros((0, n)),
            molar_mass=np.array(train.network.components.molar_mass),
            given=np.zeros((inlets, n)),
            inlet=np.zeros((inlets, n)),
            raised=np.zeros(1, dtype=np.bool_),
        )
        for m in range(members):
            if m in plain:
                self._ready(m, plain[m], native.compiled(plain[m], n))
            else:
                self._ask_in_python(m)

    def tell(self, surroundings: Mapping[str, float], cause: str) -> None:
        """Let the members feel other surroundings, or know under what cause they run."""
        self.surroundings, self.cause = surroundings, cause
        here = Conditions(0.0, surroundings, cause)
        self.members.at[1:] = [here[name] for name in self.felt]

    def refuse(self, code: int) -> None:
        """Raise what is wrong with what the members have answered, but for what has been mended.

        ``code`` is one of `asking.ask`, or `SPLITS` for a split below nothing.
        """
        self.members.raised[0] = False
        fault, self.fault = self.fault, None
        if isinstance(fault, Anew):
            self.members.recipe[~np.isfinite(self.members.recipe)] = 0.0
        elif fault is not None:
            raise fault
        elif code >= 0:
            raise ValueError(
                f"{self.names[code]}: what it draws depends on what it draws; no settled recipe"
            )
        elif code == SPLITS:
            self._refuse_splits()
        else:  # asked as it stands, which tells what is wrong
            self._ask_in_python(asking.NO_NUMBER - code)

    def _refuse_splits(self) -> None:
        for name, unit, row in zip(self.names, self.units, self.members.recipe, strict=True):
            splits = row[: len(unit.outlets) * self.n].reshape(-1, self.n)
            if splits.min(initial=0.0) < -ROUNDING:
                o, c = map(int, np.unravel_index(splits.argmin(), splits.shape))
                raise ValueError(
                    f"{name}: its recipe splits {splits.min():g} kg/kg of "
                    f"{self.train.network.components.names[c]} to {unit.outlets[o]!r}"
                )

    def _ready(self, m: int, unit: PlainUnit, address: int) -> None:
        """Make a member ready to be asked compiled."""
        now, n = self.members, self.n
        now.address[m] = address
        numbers = unit.numbers()
        now.numbers[m, : len(numbers)] = numbers
        now.rounds[m] = unit.times()
        self._set_conversions(m, unit.reactions)
        place = (len(unit.outlets) + len(unit.drawing)) * n
        for k, port in enumerate(unit.drawing):
            now.recipe[m, place + k * n : place + k * n + n] = unit.worth.get(port, (1.0,) * n)

    def _ask_in_python(self, m: int) -> None:
        """Ask a member by its ``convert`` from now on."""
        now = self.members
        self.answers[m] = answer = rest.ANSWER(partial(self._answer, m))
        now.address[m] = cast(int, ctypes.cast(answer, ctypes.c_void_p).value)
        now.compiled[m], now.rounds[m] = False, 1
        now.use[m] = uses_of(self.units[m], compiled=False)

    def _answer(self, m: int, *_: Any) -> None:
        """Answer for a unit in Python; what it raises is told when the loops have come back."""
        if self.fault is None:
            try:
                self._write(m)
            except BaseException as fault:
                self.fault = fault
                self.members.recipe[m] = math.nan
                self.members.raised[0] = True

    def _write(self, m: int) -> None:
        """Ask a unit for its recipe and write it as a row."""
        unit, now, first = self.units[m], self.members, self.train.wiring.first_slot
        flows = now.inlet[first[m] : first[m + 1]].tolist()
        inlets: dict[str, Stream] = {
            port: tuple(flow) for port, flow in zip(unit.inlets, flows, strict=True)
        }
        here = Conditions(float(now.at[0]), self.surroundings, self.cause)
        recipe = unit.convert(inlets, here)
        row = row_of(self.names[m], unit.outlets, self.drawing[m], recipe, self.n)
        steps = tuple([(each.reaction, each.key) for each in recipe.conversions])
        if steps != self.steps[m]:
            self._set_conversions(m, steps)
            if self.members is not now:  # the loop that asks holds the tables as they were
                raise Anew
        row += [each.fraction for each in recipe.conversions]
        now.recipe[m, : len(row)] = row

    def _set_conversions(self, m: int, steps: tuple[tuple[Reaction, int], ...]) -> None:
        """Write which reactions a member's conversions are; each with its key component."""
        columns = [self.train.reactions.column(self.names[m], reaction) for reaction, _ in steps]
        self._make_room(len(steps))
        now = self.members
        now.conversions[m] = len(steps)
        now.key[m, : len(steps)] = [key for _, key in steps]
        now.column[m, : len(steps)] = columns
        self.steps[m] = steps

    def _make_room(self, conversions: int) -> None:
        """Make room for so many conversions of a member, and for all reactions."""
        now = self.members
        more = conversions - now.key.shape[1]
        if more > 0:
            wide: dict[str, Any] = {
                name: np.pad(getattr(now, name), ((0, 0), (0, more)))
                for name in ("recipe", "key", "column")
            }
            self.members = now._replace(**wide)
        if len(now.per_kmol) < len(self.train.reactions.all):
            made = np.zeros((len(self.train.reactions.all), self.n))
            for x, (_, reaction) in enumerate(self.train.reactions.all):
                for i, kg in reaction.kg_per_kmol:
                    made[x, i] += kg
            self.members = self.members._replace(per_kmol=made)
