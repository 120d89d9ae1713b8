"""Designs that tests make of others: with values set by path, or drawn from their ranges."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from hashlib import sha256
from typing import TypeVar

import numpy as np

from sim.errors import all_at_once
from sim.model.facts import Design
from sim.model.parameters import spell
from sim.model.ranges import quantile, sample_at, sampled_paths
from sim.model.schemes import Scheme
from sim.model.tree import Leaf, locate, rebuild

T = TypeVar("T")


def replace_at(tree: T, path: str, value: object) -> T:
    """Return the tree with another value, or another part, at ``path``."""
    return replace_all(tree, {path: value})


def replace_all(tree: T, values: Mapping[str, object]) -> T:
    """Return the tree with other values at many paths; all faults are told at once."""
    faults: list[Exception] = []
    admitted: dict[str, object] = {}
    for path, value in values.items():
        try:
            part, _ = locate(tree, path)
            if isinstance(part, Leaf):
                admitted[path] = part.declared.admit(value, finite=False)
            elif isinstance(value, part.type) or (value is None and part.optional):
                admitted[path] = value
            else:
                raise ValueError(f"expected a {part.type.__name__}, came {spell(value)}")
        except LookupError as fault:
            faults.append(fault)
        except ValueError as fault:
            faults.append(ValueError(f"{path}: {fault}"))
    if faults:
        raise all_at_once(faults, "these values")
    return rebuild(tree, admitted)


def sample(design: Design[T], rng: np.random.Generator) -> T:
    """Return the tree with every fact that carries a range drawn from it, all else as it is.

    What has been set by hand since (`sim.model.facts.set_values`) stays as set.
    """
    key = rng.bytes(16)
    return sample_at(design, {path: _share(key, path) for path in sampled_paths(design)})


def sample_schemes(schemes: Iterable[Scheme], rng: np.random.Generator) -> tuple[Scheme, ...]:
    """Return the schemes with every patch that carries a range drawn from it."""
    key = rng.bytes(16)
    drawn = []
    for scheme in schemes:
        patches = []
        for patch in scheme.patches:
            if patch.low is not None and patch.high is not None:
                u = _share(key, f"{scheme.id} {patch.op} {patch.path}")
                whole = isinstance(patch.value, int)
                patch = replace(patch, value=quantile(patch.low, patch.high, u, whole=whole))
            patches.append(patch)
        drawn.append(replace(scheme, patches=tuple(patches)))
    return tuple(drawn)


def _share(key: bytes, name: str) -> float:
    """Return a number in [0, 1) that belongs to this name alone, 53 bits of a hash."""
    digest = sha256(key + name.encode()).digest()
    return (int.from_bytes(digest[:7]) >> 3) / 2**53
