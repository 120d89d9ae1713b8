"""Units whose physics is numbers alone, so that it can be compiled."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from operator import attrgetter
from typing import Any, ClassVar, NamedTuple, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from sim.model.tree import Leaf, structure
from sim.network.chemistry import Reaction
from sim.network.unit import Conditions, Conversion, Recipe, Stream, Unit

Table = NDArray[np.float64]
"""Numbers in rows and columns."""

Rows = tuple[Stream, ...] | Table
"""Streams one below the other: tuples, or a table of as many columns as there are components."""

K = TypeVar("K")
V = TypeVar("V")
NONE: Table = np.zeros((0, 0))


class Answer(NamedTuple):
    """What a plain unit makes of its inlets: a `Recipe` without names."""

    splits: Rows  #: Of each outlet, in their order, kg/kg
    draws: Rows  #: Of each inlet in ``drawing``, kg per kg of each component of the main inlet
    uses: tuple[float, ...]  #: Of each utility in ``using``, per kg of the main inlet
    fractions: tuple[float, ...] | Table
    """Of each reaction in ``reactions``, kg/kg of its key component."""


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
        return self.named(self.answer(here(at), *[inlets[port] for port in self.inlets]))

    def named(self, answer: Answer) -> Recipe:
        """Return an answer as a recipe, with names."""
        steps = self._paired("fractions", self.reactions, [*answer.fractions])
        return Recipe(
            splits=dict(self._paired("splits", self.outlets, streams(answer.splits))),
            draws=dict(self._paired("draws", self.drawing, streams(answer.draws))),
            conversions=tuple([Conversion(*step, float(part)) for step, part in steps])
            * self.times(),
            worth=self.worth,
            uses=dict(self._paired("uses", self.using, [*map(float, answer.uses)])),
        )

    def _paired(self, what: str, names: Sequence[K], rows: Sequence[V]) -> list[tuple[K, V]]:
        """Return what stands in an answer with what it is of; a ValueError unless all is there."""
        if len(rows) != len(names):
            raise ValueError(
                f"{type(self).__name__}.answer: expected {len(names)} {what}, came {len(rows)}"
            )
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


def streams(rows: Rows) -> Sequence[Stream]:
    """Return rows as streams."""
    return [tuple(row) for row in rows.tolist()] if isinstance(rows, np.ndarray) else rows


def is_plain(unit: Unit) -> bool:
    """Return whether a unit's physics is its `PlainUnit.answer` and nothing else."""
    return isinstance(unit, PlainUnit) and type(unit).convert is PlainUnit.convert
