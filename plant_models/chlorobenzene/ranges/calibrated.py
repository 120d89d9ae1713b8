"""The calibrated values: what ``python -m experiments calibrate`` has written, over the priors.

A value is taken only where the prior it was fitted from is still what the facts say; whatever a
user states otherwise stands.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, TypeVar

from sim.model.facts import Design, Fact
from sim.model.schemes import Patch, Scheme
from sim.model.tree import get, rebuild

T = TypeVar("T")

FILE = files("plant_models.chlorobenzene") / "data" / "calibrated.toml"
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
def document() -> Mapping[str, Any]:
    """Return what ``data/calibrated.toml`` holds; nothing where there is no such file."""
    if not FILE.is_file():
        return {}
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


@cache
def posteriors() -> Mapping[str, Posterior]:
    """Return every calibrated parameter by kind and name.

    Names begin with ``facts``, ``patches`` or ``prices``: ``"facts absorber.approach"``,
    ``"patches F10 absorber.approach"``, ``"prices benzene"``.

    Examples
    --------
    >>> posteriors()["facts chlorinator.k1_k2"].prior
    7.5
    """
    return _by_name(document())


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

    ``design``: of facts as the data files and the user state them; ``kind``: ``"facts"`` of the
    line, or ``"prices"``.
    """
    moved = {
        path: replace(
            fact, value=known.value, source=CALIBRATED, note=_note(known, fact.note), prior=fact
        )
        for path, fact in design.facts.items()
        if (known := posteriors().get(f"{kind} {path}")) is not None
        and fact.fit
        and known.of(fact.value, fact.low, fact.high)
        and get(design.tree, path) == fact.value
    }
    values = {path: fact.value for path, fact in moved.items()}
    facts: dict[str, Fact] = {**design.facts, **moved}
    return replace(design, tree=rebuild(design.tree, values), facts=facts)


def calibrated_schemes(known: Mapping[str, Scheme]) -> Mapping[str, Scheme]:
    """Return schemes with calibrated values for the patches that are still the priors."""
    return {
        name: replace(scheme, patches=tuple(_patch(name, patch) for patch in scheme.patches))
        for name, scheme in known.items()
    }


def _patch(scheme: str, patch: Patch) -> Patch:
    known = posteriors().get(f"patches {scheme} {patch.path}")
    if known is None or not patch.fit or not known.of(patch.value, patch.low, patch.high):
        return patch
    word = f"prior {patch.operation} ({patch.evidence}); {_note(known, patch.note)}"
    return replace(patch, value=known.value, evidence=CALIBRATED, note=word)


def _note(known: Posterior, note: str) -> str:
    told = f"moved by {known.moved:+.2f} spreads of its prior, known to +-{known.spread:.3g} now"
    return f"{told}; {note}"
