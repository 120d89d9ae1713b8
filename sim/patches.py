"""Schemes as sets of patches on the design, which commute.

Value = (`set` if given, else the old one) * product of all `scale` + sum of all `add`, in the
natural order of the scheme ids, so that it is bitwise the same however the schemes are written.
Two different values of `set` for one parameter are a conflict, told before anything runs.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal, TypeVar, cast

from sim.errors import ConflictError, all_at_once
from sim.parameters import Quantity, Value, spell
from sim.tree import declared_and_value, rebuild

T = TypeVar("T")
Operation = Literal["set", "scale", "add"]
OPERATIONS: tuple[Operation, ...] = ("set", "scale", "add")


@dataclass(frozen=True, slots=True)
class Patch:
    """One change of one parameter, and on whose word.

    ``set`` and ``add`` are in the declared unit of the parameter, ``scale`` is a pure number; low
    and high are the range of the value.
    """

    path: str
    op: Operation
    value: Value
    note: str = ""
    low: float | None = None
    high: float | None = None
    evidence: str = "assumed"
    fit: bool = False
    """Whether calibration may move the value within its range."""

    @property
    def operation(self) -> str:
        """The change in words, ``"x 1.5"``."""
        sign = {"set": "set", "scale": "x", "add": "+"}[self.op]
        if self.op == "add" and isinstance(self.value, int | float) and self.value < 0:
            return f"- {spell(-self.value)}"
        return f"{sign} {spell(self.value)}"


@dataclass(frozen=True, slots=True)
class Scheme:
    """A measure of cleaner production: what it changes on the equipment, and why."""

    id: str
    cost_class: str
    title: str
    title_zh: str
    target: str
    lever: str
    reason: str
    evidence: str
    patches: tuple[Patch, ...]
    illustrative: bool = False
    """Left out of ``all``."""


@dataclass(frozen=True, slots=True)
class Change:
    """All that some schemes do to one parameter."""

    path: str
    declared: Quantity
    before: Value
    after: Value
    patches: tuple[tuple[str, Patch], ...]
    """(scheme id, patch) in the order in which they act."""


@cache
def natural(scheme_id: str) -> tuple[tuple[str, int], ...]:
    """Return a key that sorts ``F2`` before ``F10``."""
    return tuple(
        (letters.casefold(), int(digits or -1))
        for letters, digits in re.findall(r"(\D*)(\d*)", scheme_id)
    )


def _conflicts(by_path: Mapping[str, list[tuple[str, Patch]]]) -> tuple[str, ...]:
    """Return, for each parameter that schemes set to different values, a sentence that says so."""
    found = []
    for path, patches in by_path.items():
        if len(patches) == 1:
            continue
        sets = [(scheme, patch) for scheme, patch in patches if patch.op == "set"]
        if any(not _same(patch.value, sets[0][1].value) for _, patch in sets[1:]):
            said = ", ".join(f"{scheme} sets {spell(patch.value)}" for scheme, patch in sets)
            found.append(f"{path}: {said}")
    return tuple(found)


def apply(tree: T, schemes: Iterable[Scheme]) -> T:
    """Return the tree with all patches of the schemes; bitwise the same in any order of them.

    Raises
    ------
    ConflictError
        Two schemes set one parameter differently; all such pairs are named.
    LookupError
        A patch's path is not in this tree.
    ValueError
        A result lies outside the parameter's domain, or is not of its kind.
    """
    return rebuild(tree, {change.path: change.after for change in changes(tree, schemes)})


def changes(tree: object, schemes: Iterable[Scheme]) -> tuple[Change, ...]:
    """Return what the schemes change, by path in the order of the scheme ids; see `apply`.

    Raises
    ------
    ConflictError, LookupError, ValueError
        As of `apply`.
    """
    by_path = _by_path(schemes)
    clashes = _conflicts(by_path)
    if clashes:
        faults = [ConflictError(f"schemes conflict: {clash}") for clash in clashes]
        raise all_at_once(faults, "this combination")
    faults_found: list[Exception] = []
    done = []
    for path, patches in by_path.items():
        try:
            quantity, before = declared_and_value(tree, path)
            after = quantity.admit(_result(before, quantity, [patch for _, patch in patches]))
        except LookupError as fault:
            faults_found.append(LookupError(f"{_who(patches)}: {fault}"))
        except ValueError as fault:
            faults_found.append(ValueError(f"{_who(patches)}: {path}: {fault}"))
        else:
            done.append(Change(path, quantity, before, after, tuple(patches)))
    if faults_found:
        raise all_at_once(faults_found, "these schemes")
    return tuple(done)


def _who(patches: Iterable[tuple[str, Patch]]) -> str:
    return ", ".join(dict.fromkeys(scheme for scheme, _ in patches))


def _result(before: Value, quantity: Quantity, patches: Iterable[Patch]) -> Value:
    """Return the patched value, not yet checked against the domain."""
    value, factor, surplus = before, 1.0, 0.0
    numeric = False
    for patch in patches:
        if patch.op == "set":
            value = patch.value
        elif quantity.kind in (bool, str) or isinstance(patch.value, bool | str):
            raise ValueError(f"{patch.operation}: only a number is scaled or added to; use set")
        elif patch.op == "scale":
            factor *= patch.value
            numeric = True
        else:
            surplus += patch.value
            numeric = True
    if not numeric:
        return value
    result = cast(float, quantity.admit(value, finite=False)) * factor + surplus
    if quantity.kind is int and math.isfinite(result) and abs(result - round(result)) < 1e-9:
        return round(result)
    return result


def _by_path(schemes: Iterable[Scheme]) -> Mapping[str, list[tuple[str, Patch]]]:
    """Return the patches of each parameter, in scheme-id order and as each scheme lists them."""
    found: dict[str, list[tuple[str, Patch]]] = {}
    for scheme in _in_order(schemes):
        for patch in scheme.patches:
            found.setdefault(patch.path, []).append((scheme.id, patch))
    return found


def _in_order(schemes: Iterable[Scheme]) -> Iterator[Scheme]:
    by_id: dict[str, Scheme] = {}
    for scheme in schemes:
        if by_id.setdefault(scheme.id, scheme) != scheme:
            raise ValueError(f"two different schemes are called {scheme.id!r}")
    yield from sorted(by_id.values(), key=lambda scheme: natural(scheme.id))


def _same(one: Value, other: Value) -> bool:
    return one == other and isinstance(one, bool) == isinstance(other, bool)
