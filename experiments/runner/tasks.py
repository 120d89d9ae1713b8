"""What one run is: a task, a frozen value that travels to the workers."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Protocol

from experiments.runner.studies import settings_of
from plant_models import chlorobenzene as cb
from plant_models.chlorobenzene.line.design import (
    baseline,
    catalogue,
)
from plant_models.chlorobenzene.line.tree import Line
from plant_models.chlorobenzene.run.indicators import UNITS
from plant_models.model import check_catalogue
from sim.model.facts import Design
from sim.model.parameters import Value
from sim.model.schemes import SEPARATORS, Scheme
from sim.model.tree import design_hash, replace_all

EVENTS = "events"
STEADY = "steady"
MOST_NAMED = 3  # settings in a label

Measure = Callable[[cb.Result], Mapping[str, float]]
"""What is kept of a run: a function of a module, or a frozen dataclass with ``__call__``."""


class Task(Protocol):
    """What the runner asks of a task."""

    @property
    def units(self) -> Mapping[str, str]:
        """The figures of a run, in the order of the table, each with its unit of measure."""

    def card(self) -> Mapping[str, Any]:
        """Return everything that decides a result besides the case, as JSON can hold it."""

    def __call__(self, case: Any, replication: int) -> Mapping[str, float]:
        """Return the figures of one run."""


@dataclass(frozen=True)
class Variant:
    """A case of the line: a scheme set, and parameters that are set before it is applied.

    Parameters
    ----------
    schemes : tuple of str
        Ids, as ``parse_schemes`` gives them; a text like ``"F1, F7"`` becomes one.
    settings : tuple of (path, value)
        In the units of the parameters, checked against their domains when the line is built; a
        mapping becomes one.
    label : str
        How the table calls it; the scheme set, and what is set, by default.

    Examples
    --------
    >>> print(Variant(("F1", "F7"), (("off_gas_cooler.area", 80.0),)))
    F1, F7; off_gas_cooler.area=80.0
    >>> Variant("F1, F7") == Variant(("F1", "F7"))
    True
    """

    schemes: tuple[str, ...] = ()
    settings: tuple[tuple[str, Value], ...] = ()
    label: str = ""

    def __post_init__(self) -> None:
        schemes: object = self.schemes
        if isinstance(schemes, str):
            pieces = [piece.strip() for piece in re.split(SEPARATORS, schemes)]
            object.__setattr__(self, "schemes", () if pieces == ["none"] else tuple(pieces))
        settings: object = self.settings
        if isinstance(settings, Mapping):
            object.__setattr__(self, "settings", tuple(settings.items()))
        pairs: tuple[object, ...] = self.settings
        for pair in pairs:
            if not (isinstance(pair, tuple) and len(pair) == 2 and isinstance(pair[0], str)):
                raise TypeError(
                    "settings: expected pairs like ('off_gas_cooler.area', 80.0), or a mapping, "
                    f"came {pair!r}"
                )

    def __str__(self) -> str:
        if self.label:
            return self.label
        name = ", ".join(self.schemes) or "none"
        if len(self.settings) > MOST_NAMED:
            return f"{name}; {len(self.settings)} settings"
        return "; ".join([name, *(f"{path}={value}" for path, value in self.settings)])


def indicators_of(result: cb.Result) -> Mapping[str, float]:
    """Return the indicators of a run, per simulated year."""
    return result.indicators


@dataclass(frozen=True)
class LineYears:
    """The chlorobenzene line in operation (``events``) or at constant conditions (``steady``).

    Every case meets the same breakdowns in the same replication: common random numbers. A case is
    a `Variant`, or a scheme set as text, ``"F1-F4, F7"``.

    Parameters
    ----------
    years : float
        Length of a run, in years of 8,760 h; a steady state is always one year.
    seed : int
    start_hour : float
        Hour of the year at which a run begins, h.
    clock : str
        ``events`` or ``steady``; a steady state has nothing to replicate.
    without : tuple of str
        Event sources to leave out.
    design : Design
        The line before any scheme; the baseline by default.
    known : Mapping[str, Scheme]
        The catalogue of schemes.
    measure : Measure
        What is kept of a run; the indicators by default.
    units : Mapping[str, str]
        The names that ``measure`` gives, and their units.
    """

    years: float = 1.0
    seed: int = 1
    start_hour: float = 0.0
    clock: str = EVENTS
    without: tuple[str, ...] = ()
    design: Design[Line] = field(default_factory=baseline)
    known: Mapping[str, Scheme] = field(default_factory=catalogue)
    measure: Measure = indicators_of
    units: Mapping[str, str] = field(default_factory=lambda: UNITS)

    def __post_init__(self) -> None:
        if self.clock not in (EVENTS, STEADY):
            raise ValueError(f"clock: expected {EVENTS} or {STEADY}, came {self.clock!r}")
        if isinstance(self.without, str):
            object.__setattr__(self, "without", (self.without,))
        check_catalogue(self.known)
        # The facts are of no use to a worker, and most of what would travel there.
        object.__setattr__(self, "design", Design(cb.PLANT.own(self.design).tree, {}))

    def card(self) -> Mapping[str, Any]:
        """Return what decides a result besides the case."""
        known = "\n".join(repr(self.known[name]) for name in sorted(self.known))
        measure = self.measure
        name = getattr(measure, "__qualname__", None)
        return {
            "kind": "chlorobenzene line",
            "clock": self.clock,
            "years": self.years,
            "seed": self.seed,
            "start_hour": self.start_hour,
            "without": sorted(self.without),
            "settings": {each["path"]: each["value"] for each in settings_of(self.design)},
            "design": design_hash(self.design.tree),
            "schemes": sha256(known.encode()).hexdigest()[:16],
            "measure": f"{measure.__module__}.{name}" if name else repr(measure),
        }

    def __call__(self, case: Variant | str, replication: int) -> Mapping[str, float]:
        """Run one year, or several, of one case."""
        if isinstance(case, str):
            case = Variant(case)  # type: ignore[arg-type]
        if not isinstance(case, Variant):
            raise TypeError(
                f"expected a Variant, or a scheme set like 'F1-F4', came {type(case).__name__}"
            )
        design = self.design
        if case.settings:
            design = Design(replace_all(design.tree, dict(case.settings)), {})
        if self.clock == STEADY:
            return self.measure(cb.steady_state(case.schemes, design=design, known=self.known))
        return self.measure(
            cb.simulate(
                case.schemes,
                years=self.years,
                seed=self.seed,
                replication=replication,
                start_hour=self.start_hour,
                without=self.without,
                design=design,
                known=self.known,
            )
        )
