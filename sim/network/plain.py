"""Units whose physics is numbers alone, so that it can be compiled."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar, NamedTuple

from sim.model.tree import Leaf, structure
from sim.network.chemistry import Reaction
from sim.network.unit import Conditions, Conversion, Recipe, Stream, Unit

Rows = tuple[Stream, ...]


class Answer(NamedTuple):
    """What a plain unit makes of its inlets: a `Recipe` without names."""

    splits: Rows  #: Of each outlet, in their order, kg/kg
    draws: Rows  #: Of each inlet in ``drawing``, kg per kg of each component of the main inlet
    uses: tuple[float, ...]  #: Of each utility in ``using``, per kg of the main inlet
    fractions: tuple[float, ...]  #: Of each reaction in ``reactions``, kg/kg of its key component


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
        return Recipe(
            splits=dict(zip(self.outlets, answer.splits, strict=True)),
            draws=dict(zip(self.drawing, answer.draws, strict=True)),
            conversions=tuple(
                [
                    Conversion(reaction, key, fraction)
                    for (reaction, key), fraction in zip(
                        self.reactions, answer.fractions, strict=True
                    )
                ]
            )
            * self.times(),
            worth=self.worth,
            uses=dict(zip(self.using, answer.uses, strict=True)),
        )

    @classmethod
    def read(cls) -> tuple[str, ...]:
        """Return what `answer` may read of the unit: its numbers and switches, in order."""
        numbers = [
            name
            for name, part in structure(cls).items()  # type: ignore[arg-type]
            if isinstance(part, Leaf) and part.declared.kind is not str
        ]
        return (*numbers, *cls.derived)


def is_plain(unit: Unit) -> bool:
    """Return whether a unit's physics is its `PlainUnit.answer` and nothing else."""
    return isinstance(unit, PlainUnit) and type(unit).convert is PlainUnit.convert
