"""Runs of a case: replications of a design, their means, and where they came from."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.metadata import PackageNotFoundError, version
from platform import python_version
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.door.inputs import Case
from plant_models import chlorobenzene as cb
from sim.books.indicators import Indicators
from sim.books.ledger import Entry
from sim.model.facts import Design
from sim.model.schemes import changes, natural
from sim.model.tree import design_hash, leaves
from sim.statistics.intervals import Interval, interval

LIBRARIES = ("numpy", "scipy", "simpy")  # their versions decide the last digits


@dataclass(frozen=True)
class Study:
    """Replications of one design.

    Parameters
    ----------
    case : Case
    schemes : tuple of str
    indicators : tuple of Indicators
        One of each replication, per simulated year.
    flows : Mapping[Entry, array]
        kg by component per simulated year, mean of the replications.
    hours : Mapping
        Hours of every train in every state, h per simulated year, mean of the replications.
    bottlenecks : tuple of str
        One of each replication.
    first : Result
        The first replication, with traces if they were asked for.
    """

    case: Case
    schemes: tuple[str, ...]
    indicators: tuple[Indicators, ...]
    flows: Mapping[Entry, NDArray[np.float64]]
    hours: Mapping[str, Mapping[str, float]]
    bottlenecks: tuple[str, ...]
    first: cb.Result

    @cached_property
    def means(self) -> Mapping[str, Interval]:
        """Mean of every indicator with its 95 % interval."""
        return {
            name: interval([values[name] for values in self.indicators])
            for name in self.indicators[0]
        }

    @property
    def units(self) -> Mapping[str, str]:
        """Unit of measure of every indicator."""
        return self.indicators[0].units

    @property
    def name(self) -> str:
        """The scheme set as it is written."""
        return compact(self.schemes, self.case.known)

    @property
    def bottleneck(self) -> str:
        """What held the line in most replications, with their number where they differ."""
        (most, times), *others = Counter(self.bottlenecks).most_common()
        return f"{most} (in {times} of {len(self.bottlenecks)} replications)" if others else most


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


def provenance(case: Case, *studies: Study) -> dict[str, Any]:
    """Return what a result is made of; the same command gives the same, anywhere, at any time."""
    return {
        "program": "cleanerline",
        "version": installed_version("cleanerline"),
        "python": python_version(),
        "libraries": {name: installed_version(name) for name in LIBRARIES},
        "seed": case.seed,
        "replications": case.replications,
        "years": case.years,
        "start": case.start,
        "settings": settings_of(case.design),
        "designs": [
            {
                "schemes": list(each.schemes),
                "hash": design_hash(each.first.line),
                "patches": _patches(each),
            }
            for each in studies
        ],
    }


def settings_of(design: Design[cb.Line]) -> list[dict[str, Any]]:
    """Return the parameters whose values are not the baseline's."""
    baseline = {path: value for path, _, value in leaves(cb.BASELINE.tree)}
    return [
        {"path": path, "baseline": _plain(baseline.get(path)), "value": _plain(value)}
        for path, _, value in leaves(design.tree)
        if baseline.get(path) != value
    ]


def _patches(of: Study) -> list[dict[str, Any]]:
    picked = [of.case.known[name] for name in of.schemes]
    return [
        {
            "path": change.path,
            "unit": change.declared.unit,
            "before": _plain(change.before),
            "after": _plain(change.after),
            "by": [
                {"scheme": scheme, "operation": patch.operation, "evidence": patch.evidence}
                for scheme, patch in change.patches
            ],
        }
        for change in changes(of.case.design.tree, picked)
    ]


def _plain(value: Any) -> Any:
    """Return a value as JSON can hold it: infinity, for no limit, as a word."""
    return str(value) if isinstance(value, float) and not math.isfinite(value) else value


@cache
def versions() -> Mapping[str, str]:
    """Return the versions of everything that decides a result, at this process."""
    names = ("cleanerline", *LIBRARIES)
    return {"python": python_version(), **{name: installed_version(name) for name in names}}


def installed_version(distribution: str) -> str:
    """Return the version of an installed distribution."""
    try:
        return version(distribution)
    except PackageNotFoundError:
        return "not installed"
