"""The calibrated values: what ``python -m experiments calibrate`` has written, over the priors.

Each structure of the tail end has values of its own, but one set of prices, that of the base: what
a tonne of benzene cost does not hang on how a catcher works.

A value is taken only where the prior it was fitted from is still what the facts say; whatever a
user states otherwise stands.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from operator import attrgetter
from pathlib import Path
from typing import Any, TypeVar

from sim.model.facts import Design, Fact
from sim.model.schemes import Patch, Scheme
from sim.model.tree import get, rebuild

T = TypeVar("T")

_DATA = files("plant_models.chlorobenzene") / "data"
HOT, FOG = STRUCTURES = ("hot", "fog")
"""Structures of the tail end, ``gas_catcher.structure``; the first is the base."""

FILES = {HOT: _DATA / "calibrated.toml", FOG: _DATA / "calibrated_fog.toml"}
STRUCTURE = "gas_catcher.structure"
CALIBRATED = "calibrated"


@dataclass(frozen=True, slots=True)
class Posterior:
    """What calibration says of a parameter, in its declared unit."""

    value: float  #: The calibrated value
    prior: float  #: The value of the data files
    low: float  #: Lower end of the range that was not left
    high: float  #: Its upper end
    spread: float  #: Standard deviation of the linearised posterior
    moved: float
    """How far the data moved the value, in spreads of the prior (a quarter of the range)."""
    identified: float  #: 1 - posterior over prior spread: 0 where the data say nothing
    remark: str = ""  #: Why it stands at an end of its range, where it does

    def of(self, value: object, low: object, high: object) -> bool:
        """Return whether these are the prior and the range that it was fitted from."""
        return (value, low, high) == (self.prior, self.low, self.high)


@cache
def document(structure: str = HOT) -> Mapping[str, Any]:
    """Return what the file of a structure holds; nothing where there is no such file."""
    file = FILES[structure]
    return tomllib.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}


@cache
def posteriors(structure: str = HOT) -> Mapping[str, Posterior]:
    """Return every calibrated parameter of a structure by kind and name.

    Names begin with ``facts``, ``patches`` or ``prices``: ``"facts absorber.approach"``,
    ``"patches F10 absorber.approach"``, ``"prices benzene"``.

    Examples
    --------
    >>> posteriors()["facts chlorinator.k1_k2"].prior
    7.5
    """
    return _by_name(document(structure))


def read(file: Path) -> Mapping[str, Posterior]:
    """Return the parameters of another file of this kind, as `posteriors` does."""
    return _by_name(tomllib.loads(file.read_text(encoding="utf-8")))


def _by_name(told: Mapping[str, Any]) -> dict[str, Posterior]:
    return {
        f"{kind} {name}": Posterior(**table)
        for kind in ("facts", "patches", "prices")
        for name, table in told.get(kind, {}).items()
    }


def calibrated_design(design: Design[T], kind: str) -> Design[T]:
    """Return a design with calibrated values for the facts that are still the priors.

    ``design``: of facts as the data files and the user state them; its structure says whose values
    they are; ``kind``: ``"facts"`` of the line, or ``"prices"``.
    """
    structure = structure_of(design.tree) if kind == "facts" else HOT
    moved = {
        path: replace(
            fact, value=known.value, source=CALIBRATED, note=_note(known, fact.note), prior=fact
        )
        for path, fact in design.facts.items()
        if (known := posteriors(structure).get(f"{kind} {path}")) is not None
        and fact.fit
        and known.of(fact.value, fact.low, fact.high)
        and get(design.tree, path) == fact.value
    }
    values = {path: fact.value for path, fact in moved.items()}
    facts: dict[str, Fact] = {**design.facts, **moved}
    return replace(design, tree=rebuild(design.tree, values), facts=facts)


_structure = attrgetter(STRUCTURE)


def structure_of(tree: object) -> str:
    """Return the structure of a tree's tail end."""
    return str(_structure(tree))


def restructured(design: Design[T], structure: str) -> Design[T]:
    """Return a calibrated design with the values of another structure, and that structure.

    What differs from the calibrated value that a fact tells was set by somebody, and stands.
    """
    back = {path: fact.prior or fact for path, fact in design.facts.items()}
    values: dict[str, Any] = {
        path: fact.prior.value
        for path, fact in design.facts.items()
        if fact.prior is not None and get(design.tree, path) == fact.value
    }
    values[STRUCTURE] = structure
    prior = replace(design, tree=rebuild(design.tree, values), facts=back)
    return calibrated_design(prior, "facts")


def calibrated_schemes(known: Mapping[str, Scheme], structure: str = HOT) -> Mapping[str, Scheme]:
    """Return schemes with a structure's calibrated values for the patches that are the priors."""
    return {
        name: replace(
            scheme, patches=tuple(_patch(name, patch, structure) for patch in scheme.patches)
        )
        for name, scheme in known.items()
    }


def _patch(scheme: str, patch: Patch, structure: str) -> Patch:
    known = posteriors(structure).get(f"patches {scheme} {patch.path}")
    if known is None or not patch.fit or not known.of(patch.value, patch.low, patch.high):
        return patch
    word = f"prior {patch.operation} ({patch.evidence}); {_note(known, patch.note)}"
    return replace(patch, value=known.value, evidence=CALIBRATED, note=word)


def _note(known: Posterior, note: str) -> str:
    told = f"moved by {known.moved:+.2f} spreads of its prior, known to +-{known.spread:.3g} now"
    return f"{told}; {note}"
