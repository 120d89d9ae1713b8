"""A design of a plant with its schemes in place: parsed, patched, checked and wired once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Generic, TypeVar

from sim.model.facts import Design
from sim.model.schemes import Scheme, apply, natural, parse_schemes
from sim.network.network import Network

T = TypeVar("T")

Schemes = str | Iterable[str]
"""``"none"``, ``"F1,F5"``, ``"F1-F4, F7"``, ``"F1+F7"``, ``"all"``, or an iterable of ids."""


@dataclass(frozen=True, repr=False)
class Variant(Generic[T]):
    """A design of a plant with its schemes in place: parsed, patched and checked once.

    Whatever asks for a design takes one of these as it is. It travels to other processes without
    the facts behind it, which are most of what would travel.

    Parameters
    ----------
    plant : PlantModel
    tree : T
        The design as it runs.
    schemes : tuple of str
        Ids of the schemes in it, in the order of the catalogue.
    base : Design
        The design before any scheme.
    known : Mapping[str, Scheme]
        The catalogue that the schemes are from.
    label : str
        What to call it instead of its schemes.
    """

    plant: Any
    tree: T
    schemes: tuple[str, ...]
    base: Design[T] = field(compare=False)
    known: Mapping[str, Scheme] = field(compare=False)
    label: str = ""

    def __repr__(self) -> str:
        """Return a line: all parameters would fill pages."""
        return f"<Variant of {self.plant.name}: {self.name}>"

    def __str__(self) -> str:
        return self.name

    def __getstate__(self) -> dict[str, Any]:
        """Return what travels: no facts, and nothing that can be made again."""
        names = ("plant", "tree", "schemes", "known", "label")
        state = {name: getattr(self, name) for name in names}
        return {**state, "base": Design(self.base.tree, {})}

    @property
    def name(self) -> str:
        """The scheme set as people write it, or the label."""
        return self.label or compact(self.schemes, self.known)

    @property
    def picked(self) -> tuple[Scheme, ...]:
        """The schemes themselves."""
        return tuple(self.known[name] for name in self.schemes)

    @cached_property
    def network(self) -> Network:
        """Who feeds whom in it; wired once."""
        return self.plant.network(self.tree)

    def having(self, schemes: Schemes, label: str = "") -> Variant[T]:
        """Return the same base with another set of schemes in place.

        Raises
        ------
        ConflictError, LookupError, ValueError
            As of `PlantModel.variant`.
        """
        ids = parse_schemes(schemes, self.known)
        if ids == self.schemes:
            return replace(self, label=label)
        tree = apply(self.base.tree, [self.known[name] for name in ids])
        return replace(self, tree=self.plant.check(tree), schemes=ids, label=label)

    def at(self, tree: T) -> Variant[T]:
        """Return the same schemes on another base tree, as when a parameter is drawn anew."""
        base = replace(self.base, tree=tree)
        patched = self.plant.check(apply(tree, self.picked))
        return replace(self, tree=patched, base=base)


def compact(ids: Iterable[str], known: Iterable[str]) -> str:
    """Return a scheme set as people write it.

    >>> compact(("F1", "F2", "F3", "F7"), [f"F{n}" for n in range(1, 13)])
    'F1-F3, F7'
    """
    chosen = set(ids)
    runs: list[list[str]] = []
    last = ""
    for name in sorted(known, key=natural):
        if name in chosen:
            follows = last in chosen and last.rstrip("0123456789") == name.rstrip("0123456789")
            if follows:
                runs[-1].append(name)
            else:
                runs.append([name])
        last = name
    parts = [f"{r[0]}-{r[-1]}" if len(r) > 2 else ", ".join(r) for r in runs]
    return ", ".join(parts) or "none"
