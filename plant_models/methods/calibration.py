"""What a plant gives that it may be calibrated: free numbers, targets, and the model between."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.model.facts import Design
from sim.statistics.fitting import Model, Prior, Target

Spread = Callable[[Callable[[Any], Any], Sequence[Any]], Iterable[Any]]
"""``map``, or that of an executor."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """A number that calibration may move.

    ``kind`` is the table of the calibrated file that it stands in. ``name`` is its path; that of a
    patch follows its scheme, ``"F10 absorber.approach"``.
    """

    kind: str
    name: str
    prior: Prior
    unit: str
    source: str


@dataclass(frozen=True)
class Calibratable:
    """Everything that a fit of a plant takes."""

    parameters: tuple[Parameter, ...]  #: What is free, within the ranges of its priors
    targets: tuple[Target, ...]
    model: Callable[[Spread], Model]
    """Returns the model from values of the parameters to those of the targets; it is given the
    function that spreads its work."""
    fingerprint: str  #: Of everything that the fit rests on
    file: Path  #: Where the baseline finds the calibrated values
    written: Mapping[str, Any]  #: What that file holds; nothing where there is none
    aims: str  #: What the targets are, in words
    design: Design[Any] | None = None  #: Of a user's own plant, whose facts are moved
    product: str = ""  #: Target that results are told per tonne of; none where there is no such one
    options: str = ""  #: Of the command that fits it, ``"--structure fog"``; the base needs none
