"""What answers for the members of a train, compiled or in Python, and their last recipes."""

from __future__ import annotations

import ctypes
import math
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence, Set
from functools import partial
from typing import Any, NamedTuple, NoReturn, cast

import numpy as np

from sim.errors import UnknownName, did_you_mean, is_number, told
from sim.flow import arrays, asking
from sim.flow.asking import ROUNDING, SPLITS
from sim.flow.push import Members, Wiring
from sim.flow.rest import USES
from sim.network.chemistry import Components, Reaction
from sim.network.network import Network
from sim.network.plain import PlainUnit, is_plain
from sim.network.unit import UTILITIES, Conditions, Conversion, Recipe, Stream, Unit, react

CONVERSIONS = 16  # of one member, for which there is room at first
BEYOND_ALL = 1e-9  # of a component: by so little more than all of it a reaction may be said to take
SHORT = 1e-6  # of what reactions take; by so much less may come, for draws are known to 1e-8
DUST = 1e-9  # of all that comes to a unit; where reactions take less than that, it is rounding
SPLITS_TO, DRAWS, WORTH = "splits to", "draws at", "tells the worth at"
Step = tuple[Reaction, int]


class Anew(Exception):
    """The tables of a train have grown while it was asked."""


def answer_of(
    name: str,
    unit: Unit,
    drawing: Sequence[str],
    flows: Iterable[Sequence[float]],
    here: Conditions,
    components: Components,
) -> tuple[list[float], tuple[Step, ...], Recipe]:
    """Return what a unit in Python makes of what comes in, kg/h by inlet: a row, its steps, and it.

    What it raises says of which unit it is.
    """
    inlets = {port: tuple(flow) for port, flow in zip(unit.inlets, flows, strict=True)}
    try:
        recipe = unit.convert(inlets, here)
    except Exception as fault:
        fault.add_note(f"raised by {type(unit).__name__}.convert of unit {name!r}, fed {inlets}")
        raise
    row = row_of(name, unit.outlets, drawing, recipe, len(components))
    steps = steps_of(name, recipe, components)
    return row + [each.fraction for each in recipe.conversions], steps, recipe


class Lack(NamedTuple):
    """What reactions of a unit take though less of it comes, kg/h."""

    equation: str
    component: int
    takes: float
    comes: float

    def told(self, component: str, hour: float) -> str:
        """Return it in words."""
        return (
            f"{self.equation!r} takes {self.takes:g} kg/h of {component}, of which {self.comes:g} "
            f"come, at t = {hour:g} h; expected no more than comes: let its key be the scarcer "
            "reactant, or draw more"
        )


def lack_of(
    unit: Unit, drawing: Sequence[str], flows: Sequence[Sequence[float]], recipe: Recipe
) -> Lack | None:
    """Return what a recipe takes that does not come, kg/h by inlet; None where all of it does.

    Where an inlet does not bring what it draws yet, or at all, nothing is known of what comes.
    """
    pool = tuple(map(sum, zip(*flows, strict=True)))
    left = react(pool, recipe.conversions)
    least = min(left)
    c = left.index(least)
    takes = pool[c] - least
    if takes <= DUST * sum(pool) or least >= -SHORT * takes:
        return None
    of = dict(zip(unit.inlets, map(tuple, flows), strict=True))
    for port in drawing:
        asked = recipe.asked(port, of[unit.inlets[0]]) if port in recipe.draws else 0.0
        if abs(asked - recipe.worth_of(port, of[port])) > SHORT * asked:
            return None
    uses = (each.reaction for each in recipe.conversions if c in _used(each.reaction))
    return Lack(next(uses).equation, c, takes, pool[c])


def _used(reaction: Reaction) -> list[int]:
    return [i for i, kg in reaction.kg_per_kmol if kg < 0.0]


def row_of(
    name: str, outlets: Sequence[str], drawing: Sequence[str], recipe: Recipe, n: int
) -> list[float]:
    """Return the recipe of a unit as a row, but for its conversions; see `sim.flow.rest`.

    What it splits, draws or uses that there is not is a LookupError; what is no recipe, or has
    numbers that can be none, a TypeError or ValueError.
    """
    row: list[float] = []
    uses = [0.0] * USES
    try:
        for (does, _), stream in _streams(recipe, outlets, drawing, n):
            if type(stream) is not tuple and isinstance(stream, Set | Mapping):
                raise TypeError
            if len(stream) != n or (does == DRAWS and min(stream) < -ROUNDING):
                raise TypeError
            row.extend(stream)
        for use, per_kg in recipe.uses.items():
            uses[UTILITIES.index(use)] = per_kg
        if not math.isfinite(sum(row) + sum(uses)) or recipe.splits.keys() - outlets:
            raise TypeError
        if recipe.draws.keys() - drawing or recipe.worth.keys() - drawing:
            raise TypeError
    except (ArithmeticError, AttributeError, TypeError, ValueError):
        _refuse(name, outlets, drawing, recipe, n)
    return row + uses


def _streams(
    recipe: Recipe, outlets: Sequence[str], drawing: Sequence[str], n: int
) -> Iterator[tuple[tuple[str, str], Stream]]:
    """Yield the streams of a recipe in their order, each with what it does where."""
    nothing, alike = (0.0,) * n, (1.0,) * n
    for port in outlets:
        yield (SPLITS_TO, port), recipe.splits.get(port, nothing)
    for port in drawing:
        yield (DRAWS, port), recipe.draws.get(port, nothing)
    for port in drawing:
        yield (WORTH, port), recipe.worth.get(port, alike)


def _refuse(
    name: str, outlets: Sequence[str], drawing: Sequence[str], recipe: Recipe, n: int
) -> NoReturn:
    """Raise for what is wrong with a recipe."""
    given: object = recipe
    if not isinstance(given, Recipe):
        raise TypeError(f"{name}: expected its convert to return a Recipe, came {told(given)}")
    for each in ("splits", "draws", "worth", "uses"):
        if not isinstance(getattr(recipe, each), Mapping):
            raise TypeError(
                f"{name}: its recipe's {each}: expected a mapping by name, "
                f"came {told(getattr(recipe, each))}"
            )
    for ports, known, does, what in (
        (recipe.splits, outlets, SPLITS_TO, "outlet"),
        (recipe.draws, drawing, DRAWS, "inlet that draws"),
        (recipe.worth, drawing, WORTH, "inlet that draws"),
        (recipe.uses, UTILITIES, "uses", "utility"),
    ):
        for port in ports:
            if port not in known:
                hint = did_you_mean(port, known)
                raise LookupError(
                    f"{name}: its recipe {does} {told(port)}, which is no {what}{hint}"
                )
    for (does, port), stream in _streams(recipe, outlets, drawing, n):
        came: object = stream
        listed = isinstance(came, Collection) and not isinstance(came, Set | Mapping)
        shares = list(came) if listed else []  # type: ignore[call-overload]
        if len(shares) != n or not all(is_number(share) for share in shares):
            raise TypeError(
                f"{name}: its recipe {does} {port!r}: expected {n} numbers, one a component, "
                f"came {told(stream)}"
            )
        for share in shares:
            if not math.isfinite(share) or (does == DRAWS and share < -ROUNDING):
                raise ValueError(
                    f"{name}: its recipe {does} {port!r}: expected a share, came {share:g} kg/kg"
                )
    for use, per_kg in recipe.uses.items():
        if not (is_number(per_kg) and math.isfinite(per_kg)):
            raise ValueError(
                f"{name}: its recipe uses {use!r}: expected a number per kg, came {told(per_kg)}"
            )
    raise ValueError(f"{name}: its recipe has numbers that add up to more than any float holds")


def steps_of(name: str, recipe: Recipe, components: Components) -> tuple[Step, ...]:
    """Return the conversions of a recipe as reactions and key components.

    One that cannot be is a TypeError or ValueError.
    """
    given: object = recipe.conversions
    if not isinstance(given, list | tuple) or not all(isinstance(c, Conversion) for c in given):
        raise TypeError(
            f"{name}: its recipe's conversions: expected a tuple of Conversion, came {told(given)}"
        )
    for each in recipe.conversions:
        reaction, key, fraction = each.reaction, cast(object, each.key), each.fraction
        if not isinstance(reaction, Reaction):
            raise TypeError(f"{name}: it converts by {told(reaction)}, expected a Reaction")
        if reaction.components is not components and (
            reaction.components.formulas != components.formulas
        ):
            raise ValueError(f"{name}: {reaction.equation!r} is of other components than the plant")
        used = _used(reaction)
        if key not in used:
            names = ", ".join(f"{i} ({components.names[i]})" for i in used) or "which is nothing"
            raise ValueError(
                f"{name}: {reaction.equation!r} by key {told(key)}: expected the index of what it "
                f"uses, {names}"
            )
        if not (is_number(fraction) and -ROUNDING <= fraction <= 1.0 + BEYOND_ALL):
            raise ValueError(
                f"{name}: {reaction.equation!r}: expected 0 to 1 of "
                f"{components.names[each.key]} to react, came {told(fraction)}"
            )
    return tuple([(each.reaction, each.key) for each in recipe.conversions])


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
        self.lacks: dict[int, Lack] = {}
        """Of these, what reactions took that did not come, as they were asked last."""
        self.lacking: set[Asking] = set()
        """Where a plant looks for such: one for all its trains."""
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
            numbers=np.zeros((members, max(numbers, default=1))),
            at=np.zeros(1 + len(self.felt)),
            capacity=np.array([unit.largest for unit in self.units], dtype=float),
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
            given=np.zeros((inlets, n)),
            inlet=np.zeros((inlets, n)),
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
        try:
            self.members.at[1:] = [here[name] for name in self.felt]
        except LookupError as fault:
            who = next(n for n, each in zip(self.names, self.units, strict=True) if is_plain(each))
            raise UnknownName(f"{who} feels {', '.join(self.felt)}: {fault}") from None

    def stumbles(self) -> bool:
        """Whether what keeps a member from an answer matters though it was but tried.

        What it raises there is raised when it is asked in earnest.
        """
        if isinstance(self.fault, Exception) and not isinstance(self.fault, Anew):
            self.fault = None
        return self.fault is not None

    def refuse(self, code: int) -> None:
        """Raise what is wrong with what the members have answered, but for what has been mended.

        ``code`` is one of `asking.ask`, or `SPLITS` for a split below nothing.
        """
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
        elif asking.NO_NUMBER - code in self.answers:  # nobody has come to answer
            raise KeyboardInterrupt
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
        self.answers[m] = answer = arrays.ANSWER(partial(self._answer, m))
        now.address[m] = cast(int, ctypes.cast(answer, ctypes.c_void_p).value)
        now.rounds[m] = 1
        now.use[m] = uses_of(self.units[m], compiled=False)

    def _answer(self, m: int, *_: Any) -> None:
        """Answer for a unit in Python; what it raises is told when the loops have come back."""
        if self.fault is None:
            try:
                self._write(m)
            except BaseException as fault:
                self.fault = fault
                self.members.recipe[m] = math.nan

    def _write(self, m: int) -> None:
        """Ask a unit for its recipe and write it as a row."""
        now, train, first = self.members, self.train, self.train.wiring.first_slot
        flows = now.inlet[first[m] : first[m + 1]].tolist()
        here = Conditions(float(now.at[0]), self.surroundings, self.cause)
        row, steps, recipe = answer_of(
            *(self.names[m], self.units[m], self.drawing[m]),
            *(flows, here, train.network.components),
        )
        if steps:
            self.lacks.pop(m, None)
            lack = lack_of(self.units[m], self.drawing[m], flows, recipe)
            if lack is not None:
                self.lacks[m] = lack
                self.lacking.add(self)
        if steps != self.steps[m]:
            self._set_conversions(m, steps)
            if self.members is not now:  # the loop that asks holds the tables as they were
                raise Anew
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
