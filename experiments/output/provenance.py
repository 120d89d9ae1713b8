"""Where a result comes from: program, versions, draws, designs; the same for every study."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from platform import python_version
from typing import Any

from experiments.output.answer import plain
from plant_models.methods.citation import installed_version, used
from plant_models.model import PlantModel, Variant
from sim.model.facts import Design
from sim.model.schemes import changes
from sim.model.tree import design_hash, leaves

__all__ = ["changed", "installed_version", "provenance", "settings_of", "versions"]

LIBRARIES = ("numba", "numpy", "scipy", "simpy")  # their versions decide the last digits


def provenance(
    command: str,
    *variants: Variant[Any],
    horizon: object = None,
    **asked: Any,
) -> dict[str, Any]:
    """Return what a result is made of; the same call gives the same, anywhere, at any time.

    Parameters
    ----------
    command : str
        What was asked, as the command is called.
    *variants : Variant
        The designs, all of one plant.
    horizon : experiments.runner.horizon.Horizon, optional
        How long, how often and under which draws they ran; none at constant conditions.
    **asked
        What else decides the result.
    """
    told: dict[str, Any] = {
        "program": "cleanerline",
        "command": command,
        "version": installed_version("cleanerline"),
        "python": python_version(),
        "libraries": {name: installed_version(name) for name in LIBRARIES},
    }
    if horizon is not None:
        told.update(plain(horizon))
    if variants:
        first = variants[0]
        told |= {
            "plant": first.plant.name,
            "settings": settings_of(first.plant, first.base),
            "sources": _sources(variants),
            "designs": [_design(each) for each in variants],
        }
    return {**told, **plain(asked)}


def _sources(variants: Sequence[Variant[Any]]) -> dict[str, str]:
    """Return the titles of the sources that the numbers of designs stand on, by key."""
    found: dict[str, str] = {}
    for variant in variants:
        found |= used(variant, variant.plant.words_beside(variant)).titles
    return dict(sorted(found.items()))


def settings_of(plant: PlantModel[Any, Any], design: Design[Any]) -> list[dict[str, Any]]:
    """Return the parameters whose values are not the baseline's."""
    return changed(plant.baseline().tree, design.tree)


def changed(own: object, tree: object) -> list[dict[str, Any]]:
    """Return the values of a tree that are not those of another, which it is laid over."""
    baseline = {path: value for path, _, value in leaves(own)}
    return [
        {"path": path, "baseline": plain(baseline.get(path)), "value": plain(value)}
        for path, _, value in leaves(tree)
        if baseline.get(path) != value
    ]


def _design(of: Variant[Any]) -> dict[str, Any]:
    patches = [
        {
            "path": change.path,
            "unit": change.declared.unit,
            "before": plain(change.before),
            "after": plain(change.after),
            "by": [
                {"scheme": scheme, "operation": patch.operation, "evidence": patch.evidence}
                for scheme, patch in change.patches
            ],
        }
        for change in changes(of.base.tree, of.picked)
    ]
    return {"schemes": list(of.schemes), "hash": design_hash(of.tree), "patches": patches}


@cache
def versions() -> Mapping[str, str]:
    """Return the versions of everything that decides a result, at this process."""
    names = ("cleanerline", *LIBRARIES)
    return {"python": python_version(), **{name: installed_version(name) for name in names}}
