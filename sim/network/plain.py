"""Units whose physics is numbers alone, so that it can be compiled."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import Field
from functools import cache
from numbers import Integral
from operator import attrgetter
from typing import Any, ClassVar, NamedTuple, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from sim.errors import did_you_mean, is_number, takes, told
from sim.model.tree import Leaf, structure
from sim.network.chemistry import Reaction
from sim.network.unit import JOINTS, UTILITIES, Conditions, Conversion, Recipe, Stream, Unit

Table = NDArray[np.float64]
"""Numbers in rows and columns."""

Rows = tuple[Stream, ...] | Table
"""Streams one below the other: tuples, or a table of as many columns as there are components."""

K = TypeVar("K")
NONE: Table = np.zeros((0, 0))


class Answer(NamedTuple):
    """What a plain unit makes of its inlets: a `Recipe` without names."""

    splits: Rows  #: Of each outlet, in their order, kg/kg
    draws: Rows  #: Of each inlet in ``drawing``, kg per kg of each component of the main inlet
    uses: tuple[float, ...]  #: Of each utility in ``using``, per kg of the main inlet
    fractions: tuple[float, ...] | Table
    """Of each reaction in ``reactions``, kg/kg of its key component."""


class Unanswered(TypeError, ValueError):
    """What a plain unit answers is no `Answer`, or one of other parts than it has."""


class _Here:
    """The surroundings by attribute."""

    def __init__(self, at: Conditions) -> None:
        self._at = at

    def __getattr__(self, name: str) -> float:
        return self._at[name]


def here(at: Conditions) -> Any:
    """Return the surroundings as an answer reads them: ``at.air``, told when it is missing."""
    return _Here(at)


class PlainUnit(Unit):
    """A unit that answers in numbers; see `Unit` for what it is.

    ``answer`` may read of the unit its parameters that are numbers or switches and the properties
    named in ``derived``, and of the surroundings what ``felt`` names (``trip`` is 1 while the
    train trips, else 0). It takes these and the inlets one by one, calls plain functions alone, and
    makes tuples. So it runs as it stands, and the same text compiled runs some twenty times faster;
    a subclass with a ``convert`` of its own stays Python.

    What a unit that takes any components knows of each of them, and of its reactions or outlets,
    stands in two tables; its answer may be tables, too.
    """

    felt: ClassVar[type[Any]]
    """A named tuple of the surroundings that the answer reads."""
    derived: ClassVar[tuple[str, ...]] = ()
    """Properties that the answer reads like parameters, numbers all."""
    drawing: ClassVar[tuple[str, ...]] = ()
    """Inlets that draw."""
    using: ClassVar[tuple[str, ...]] = ()
    """Utilities."""
    reactions: ClassVar[tuple[tuple[Reaction, int], ...]] = ()
    """In order, each with its key component (index)."""
    rounds: ClassVar[str] = ""
    """Parameter that tells how often all reactions run one after another, each time to the same
    fractions, as in so many stirred stages; once where there is none."""

    answer: ClassVar[Callable[..., Answer]]
    """``answer(self, at, *inlets)``: what becomes of the inlets, kg/h by component."""

    @property
    def by_component(self) -> Table:
        """What the answer reads of each component, a column each."""
        return NONE

    @property
    def by_part(self) -> Table:
        """What it reads of each of its other parts, reactions or outlets, a row each."""
        return NONE

    @property
    def worth(self) -> Mapping[str, Stream]:
        """As in `Recipe`; it may depend on parameters, but on nothing else."""
        return {}

    def times(self) -> int:
        """Return how often the reactions run."""
        return int(getattr(self, self.rounds)) if self.rounds else 1

    def convert(self, inlets: Mapping[str, Stream], at: Conditions) -> Recipe:
        """Return the answer as a recipe."""
        return self.named(self.answered(here(at), *[inlets[port] for port in self.inlets]))

    def answered(self, at: Any, *inlets: Stream) -> Answer:
        """Return what is answered; one that has other parts than an answer is Unanswered."""
        try:
            return self.answer(at, *inlets)
        except TypeError as fault:
            if wrong := _misbuilt(str(fault)):
                raise Unanswered(f"{type(self).__name__}.answer: {wrong}") from fault
            raise

    def named(self, answer: Answer) -> Recipe:
        """Return an answer as a recipe, with names; what is none is Unanswered."""
        came: object = answer
        if not all(hasattr(came, part) for part in Answer._fields):
            hint = "; it has no 'return'" if came is None else ""
            raise Unanswered(f"{type(self).__name__}.answer: {EXPECTED}, came {told(came)}{hint}")
        steps = self._paired("fractions", self.reactions, answer.fractions)
        return Recipe(
            splits=dict(self._paired("splits", self.outlets, streams(answer.splits))),
            draws=dict(self._paired("draws", self.drawing, streams(answer.draws))),
            conversions=tuple([Conversion(*step, _number(part)) for step, part in steps])
            * self.times(),
            worth=self.worth,
            uses={use: _number(kg) for use, kg in self._paired("uses", self.using, answer.uses)},
        )

    def _paired(self, what: str, names: Sequence[K], rows: Any) -> list[tuple[K, Any]]:
        """Return what stands in an answer with what it is of; Unanswered unless all is there."""
        expected = f"{type(self).__name__}.answer: expected {len(names)} {what}"
        if not isinstance(rows, tuple | list | np.ndarray):
            raise Unanswered(f"{expected} in a tuple, came {told(rows)}")
        if len(rows) != len(names):
            raise Unanswered(f"{expected}, came {len(rows)}")
        return [*zip(names, rows, strict=True)]

    @classmethod
    def read(cls) -> tuple[str, ...]:
        """Return what `answer` may read of the unit: its numbers and switches, in order."""
        numbers = [
            name
            for name, part in structure(cls).items()  # type: ignore[arg-type]
            if isinstance(part, Leaf) and part.declared.kind is not str
        ]
        return (*numbers, *cls.derived)

    def numbers(self) -> tuple[float, ...]:
        """Return all that `answer` reads of the unit, row after row, as its compiled self does."""
        plain: tuple[float, ...] = _reader(type(self))(self)  # type: ignore[arg-type]
        tables = (self.by_component, self.by_part)
        if all(table is NONE for table in tables):
            return plain
        return (*plain, *[number for table in tables for number in table.ravel().tolist()])

    @property
    def row(self) -> NDArray[np.float64]:
        """The same as an array, made once: a unit is a value, and loops know where its row is."""
        row = self.__dict__.get("row")
        if row is None:
            made = np.array(self.numbers(), dtype=float)
            made.setflags(write=False)
            row = self.__dict__.setdefault("row", made)  # of two threads both take the first one
        return cast(NDArray[np.float64], row)


@cache
def _reader(kind: type[PlainUnit]) -> Callable[[PlainUnit], Any]:
    """Return what reads the plain numbers of a kind of unit; every one has a capacity at least."""
    names = kind.read()
    read = attrgetter(*names)
    return read if len(names) > 1 else lambda unit: (read(unit),)


def _number(value: Any) -> Any:
    """Return a number as a float; what is none is told where recipes are read."""
    return float(value) if is_number(value) else value


EXPECTED = f"expected an Answer of {', '.join(Answer._fields[:-1])} and {Answer._fields[-1]}"


def _misbuilt(text: str) -> str:
    """Return what is wrong with how an answer was made, by what Python says; empty if nothing."""
    if not text.startswith("Answer.__new__()"):
        return ""
    extra = re.search(r"unexpected keyword argument '(\w+)'", text)
    if extra:
        return f"{EXPECTED}, came {extra[1]!r}{did_you_mean(extra[1], Answer._fields)}"
    missing = re.findall(r"'(\w+)'", text)
    if "missing" in text:
        return f"{EXPECTED}, came one without {' and '.join(missing)}"
    came = re.search(r"but (\d+) were given", text)
    return f"{EXPECTED}, came {int(came[1]) - 1 if came else 'other'} parts"


def trial(unit: PlainUnit, components: int) -> str:
    """Return what is wrong with what a unit answers to 1 kg/h of each component; else nothing.

    Of what an answer is made of, not of its numbers: surroundings are those of no plant.
    """
    try:
        felt = unit.felt(*[1.0] * len(unit.felt._fields))
        made = unit.answered(felt, *[(1.0,) * components for _ in unit.inlets])
        recipe = unit.named(made)
    except Unanswered as fault:
        return str(fault)
    except Exception:  # by numbers that it would not meet in a plant
        return ""
    for port, stream in {**recipe.splits, **recipe.draws}.items():
        if len(stream) != components or not all(map(is_number, stream)):
            return (
                f"{type(unit).__name__}.answer: {port!r}: expected {components} numbers, one a "
                f"component, came {told(stream)}"
            )
    return ""


def streams(rows: Rows) -> Sequence[Stream]:
    """Return rows as streams."""
    return [tuple(row) for row in rows.tolist()] if isinstance(rows, np.ndarray) else rows


MOST_INLETS = 3  # for which there is a compiled step


def is_plain(unit: Unit) -> bool:
    """Return whether a unit's physics is its `PlainUnit.answer` and nothing else."""
    plain = isinstance(unit, PlainUnit) and type(unit).convert is PlainUnit.convert
    return plain and len(unit.inlets) <= MOST_INLETS


def class_faults(kind: type[Unit], unit: Unit | None = None, width: int = 0) -> Iterator[str]:
    """Yield what a class of unit does not say that each has to: ports, and what it does.

    Of a unit that is there, its own word counts: it may have fields or properties for either.
    ``width``: how many components there are; 0 where nobody knows.
    """
    whose: Any = kind if unit is None else unit
    if any(isinstance(said, Field) for said in vars(kind).values()):
        line = "@dataclass(frozen=True, kw_only=True)"
        yield f"{kind.__name__}: expected {line} before the class, came none"
    named = [_name_faults(kind, whose, name, empty=False) for name in ("inlets", "outlets")]
    yield from [fault for faults in named for fault in faults]
    if getattr(whose.convert, "__func__", whose.convert) is Unit.convert:
        yield f"{kind.__name__}.convert: expected a method of this name, came nothing"
    elif unit is not None and not takes(whose.convert, "inlets", "at"):
        yield f"{kind.__name__}.convert: expected a method that takes self, inlets, at"
    if unit is not None and unit.failure is not None and not takes(whose.bypassed, "failure"):
        yield f"{kind.__name__}.bypassed: expected a method that takes self, mode"
    if not issubclass(kind, PlainUnit) or kind.convert is not PlainUnit.convert:
        return
    faults = [*_plain_faults(kind, whose)]
    yield from faults
    if unit is not None and not faults:
        yield from _told_faults(kind.__name__, whose, width)


def _name_faults(
    kind: type[Unit], whose: Any, what: str, known: Sequence[str] = (), *, empty: bool = True
) -> Iterator[str]:
    """Yield what a class says in place of a tuple of names, of those known if any are."""
    said: Any = getattr(whose, what, None)
    if isinstance(said, property):
        return  # each unit says it for itself
    listed = isinstance(said, tuple | list) and all(isinstance(each, str) for each in said)
    if not listed or not (said or empty):
        came = "nothing" if said is None else told(said)
        hint = f"; write ({said!r},)" if isinstance(said, str) else ""
        yield f"{kind.__name__}.{what}: expected a tuple of names, came {came}{hint}"
    elif not empty and (len({*said}) < len(said) or not all(map(_is_port, said))):
        wanted = f"expected names, each once, without {', '.join(JOINTS)}"
        yield f"{kind.__name__}.{what}: {wanted}, came {told(said)}"
    elif known:
        for name in said:
            if name not in known:
                yield f"{kind.__name__}.{what}: no {told(name)}{did_you_mean(name, known)}"


def _is_port(name: str) -> bool:
    return bool(name) and not any(mark in name for mark in JOINTS)


def _plain_faults(kind: Any, whose: Any) -> Iterator[str]:
    """Yield what the class of a plain unit does not say that its answer needs."""
    inlets = getattr(whose, "inlets", ())
    ports = inlets if isinstance(inlets, tuple | list) else ()
    if not hasattr(kind, "answer"):
        yield f"{kind.__name__}.answer: expected a method of this name, came nothing"
    elif ports and not takes(kind.answer, kind, "at", *ports):
        came = told(kind.answer) if not callable(kind.answer) else "one that takes others"
        wanted = ", ".join(["self", "at", *map(str, ports)])
        yield f"{kind.__name__}.answer: expected a method that takes {wanted}, came {came}"
    felt = getattr(kind, "felt", None)
    if not hasattr(felt, "_fields"):
        came = "nothing" if felt is None else told(felt)
        yield f"{kind.__name__}.felt: expected a named tuple of the surroundings, came {came}"
    yield from _name_faults(kind, whose, "drawing", ports)
    yield from _name_faults(kind, whose, "using", UTILITIES)
    own = [name for name in dir(kind) if not name.startswith("_")]
    wrong = [*_name_faults(kind, kind, "derived")]
    yield from wrong
    rounds: object = kind.rounds
    if not isinstance(rounds, str | property):
        yield f"{kind.__name__}.rounds: expected the name of a parameter, came {told(rounds)}"
    said = [("derived", name, "property") for name in (() if wrong else kind.derived)]
    said += [("rounds", rounds, "parameter")] if rounds and isinstance(rounds, str) else []
    for what, name, called in said:
        if not hasattr(kind, name) and name not in kind.__dataclass_fields__:
            hint = did_you_mean(name, [*own, *kind.__dataclass_fields__], list_up_to=0)
            yield f"{kind.__name__}.{what}: no {called} {told(name)}{hint}"


def _told_faults(kind: str, unit: Any, width: int) -> Iterator[str]:
    """Yield what a plain unit says of itself that its answer cannot be read by."""
    steps: object = unit.reactions
    if not isinstance(steps, tuple | list) or not all(map(_is_step, steps)):
        yield (
            f"{kind}.reactions: expected a tuple of a Reaction and the index of its key "
            f"component each, came {told(steps)}"
        )
    for what in ("by_component", "by_part"):
        table: object = getattr(unit, what)
        if not isinstance(table, np.ndarray) or table.ndim != 2 or table.dtype.kind not in "biuf":
            yield f"{kind}.{what}: expected an array of numbers in rows, came {told(table)}"
    for name in unit.derived:
        if not is_number(value := getattr(unit, name)) and not isinstance(value, bool | np.bool_):
            yield f"{kind}.{name}: expected a number, came {told(value)}"
    worth: object = unit.worth
    if not isinstance(worth, Mapping):
        yield f"{kind}.worth: expected streams by inlet, came {told(worth)}"
        return
    for port, stream in worth.items():
        if port not in unit.inlets:
            yield f"{kind}.worth: no {told(port)}{did_you_mean(port, unit.inlets)}"
        listed = isinstance(stream, tuple | list | np.ndarray) and all(map(is_number, stream))
        if not listed or len(stream) != (width or len(stream)):
            where = f"{kind}.worth: {told(port)}"
            yield f"{where}: expected a number for each component, came {told(stream)}"


def _is_step(step: object) -> bool:
    """Whether this is a reaction with the index of its key component."""
    if not isinstance(step, tuple | list) or len(step) != 2:
        return False
    return isinstance(step[0], Reaction) and isinstance(step[1], Integral)
