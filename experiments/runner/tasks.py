"""What one run is: a task, a frozen value that travels to the workers."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256
from typing import Any, NamedTuple, Protocol

from experiments.bounds import CLOCKS, EVENTS, STEADY
from experiments.output.provenance import settings_of, versions
from experiments.runner.faults import spotted
from experiments.runner.horizon import Horizon
from plant_models.arguments import check_run, word
from plant_models.calendar import hours_of
from plant_models.chlorobenzene.model import PLANT
from plant_models.model import Schemes, Variant
from plant_models.outcome import Outcome
from sim.errors import is_number, need_function, need_kind, scalar, told
from sim.model.tree import design_hash

Measure = Callable[[Outcome[Any]], Mapping[str, float]]
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


def indicators_of(outcome: Outcome[Any]) -> Mapping[str, float]:
    """Return the indicators of a run, per simulated year."""
    return outcome.indicators


@dataclass(frozen=True)
class PlantYears:
    """A plant in operation (``events``) or at constant conditions (``steady``).

    Every case meets the same draws in the same replication: common random numbers. A case is a set
    of schemes, ``"F1-F4, F7"`` or ids, that is put on ``base``, or a Variant.
    """

    base: Variant[Any] = field(default_factory=PLANT.variant)
    """What sets of schemes are put on; the chlorobenzene line by default."""
    years: float = 1.0  #: Length of a run, in years of 8,760 h; a steady state is always one year
    seed: int = 1
    start_hour: float = 0.0  #: Hour of the year at which a run begins, h
    clock: str = EVENTS  #: ``events`` or ``steady``; a steady state has nothing to replicate
    without: tuple[str, ...] = ()  #: Event sources to leave out
    measure: Measure = indicators_of  #: What is kept of a run; the indicators by default
    units: Mapping[str, str] = field(default_factory=dict)
    """The names that ``measure`` gives, and their units; the plant's indicators by default."""

    def __post_init__(self) -> None:
        word("clock", self.clock, CLOCKS)
        need_kind("PlantYears", Variant, base=self.base)
        need_function("PlantYears", "outcome", measure=self.measure)
        check_run(self.years, self.seed, 0, self.start_hour)
        hours_of(self.years)
        object.__setattr__(self, "without", self.base.plant.left_out(self.without))
        if not self.units:
            object.__setattr__(self, "units", self.base.plant.units)

    @classmethod
    def over(
        cls, base: Variant[Any], horizon: Horizon, clock: str = EVENTS, **kept: Any
    ) -> PlantYears:
        """Return the task of years that are as long, and drawn, as a horizon says."""
        years, seed, start = horizon.years, horizon.seed, horizon.start_hour
        return cls(base, years=years, seed=seed, start_hour=start, clock=clock, **kept)

    def card(self) -> Mapping[str, Any]:
        """Return what decides a result besides the case."""
        base = self.base
        known = "\n".join(repr(base.known[name]) for name in sorted(base.known))
        measure = self.measure
        name = getattr(measure, "__qualname__", None)
        return {
            "kind": base.plant.name,
            "clock": self.clock,
            "years": self.years,
            "seed": self.seed,
            "start_hour": self.start_hour,
            "without": sorted(self.without),
            "settings": {
                each["path"]: each["value"] for each in settings_of(base.plant, base.base)
            },
            "design": design_hash(base.base.tree),
            "schemes": sha256(known.encode()).hexdigest()[:16],
            "measure": f"{measure.__module__}.{name}" if name else repr(measure),
        }

    def __call__(self, case: Variant[Any] | Schemes, replication: int) -> Mapping[str, float]:
        """Run one year, or several, of one case."""
        variant = case if isinstance(case, Variant) else self.base.having(case)
        plant = self.base.plant
        if self.clock == STEADY:
            return self.measure(plant.steady_state(variant))
        return self.measure(
            plant.simulate(
                variant,
                years=self.years,
                seed=self.seed,
                replication=replication,
                start_hour=self.start_hour,
                without=self.without,
            )
        )


class Row(NamedTuple):
    """One run: its case and replication, from 0, and its figures, or else why it failed."""

    case: int
    label: str
    replication: int
    values: tuple[float, ...] | None
    error: str | None


Cell = tuple[int, Any, int]
"""Number of a case, the case, number of a replication."""


@lru_cache(maxsize=2)
def _task(pickled: bytes) -> Task:
    """Return a task; it is unpacked once in each process, not once for each chunk."""
    task: Task = pickle.loads(pickled)
    return task


def do(pickled: bytes, asked: Mapping[str, str], cells: Sequence[Cell]) -> list[Row]:
    """Return a row for each cell; a run that fails leaves its error there.

    Raises RuntimeError if this worker has other versions than ``asked``: its last digits might
    differ.
    """
    here = versions()
    for name, version in asked.items():
        if here.get(name) != version:
            raise RuntimeError(
                f"{name} is {version} where the runs are asked for, {here.get(name)} at a worker; "
                "install the same constraints.txt at both"
            )
    task = _task(pickled)
    names = tuple(task.units)
    return [_row(task, names, *cell) for cell in cells]


def _values(figures: object, names: Sequence[str]) -> tuple[float, ...]:
    """Return the figures that a task's units name; raise what tells which it does not give."""
    if not isinstance(figures, Mapping):
        raise TypeError(f"task: expected figures by name, came {told(figures)}")
    for name in names:
        if name not in figures:
            given = f"; it gives {', '.join(map(str, figures))}" if len(figures) else ""
            raise LookupError(f"task: its units name {name!r}, which it does not give{given}")
        if not is_number(scalar(figures[name])):
            raise TypeError(f"task: expected {name} as a number, came {told(figures[name])}")
    return tuple(float(figures[name]) for name in names)


def _row(task: Task, names: Sequence[str], number: int, case: Any, replication: int) -> Row:
    try:
        values = _values(task(case, replication), names)
    except Exception as fault:  # whatever it is, it must not take the other runs with it
        return Row(number, str(case), replication, None, spotted(fault))
    return Row(number, str(case), replication, values, None)
