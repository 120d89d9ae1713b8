"""Every combination of some schemes, 2**n lines, each with all its indicators: the cube.

Bit i of a row's number says that scheme i is in place. Staleness is told in two ways: by the
parameters, patches and options that the cube was made with, each by name; and, where those are the
same, by computing its first and last row again, which tells a change of the model itself.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.door.inputs import Case
from experiments.runner import LineYears, Variant, open_executor, run
from experiments.runner.studies import compact
from experiments.runner.tasks import EVENTS
from plant_models import chlorobenzene as cb
from plant_models.chlorobenzene.line import operation
from plant_models.chlorobenzene.run.indicators import UNITS
from plant_models.methods.attribution import Game, members
from sim.model.facts import Design
from sim.model.schemes import Scheme
from sim.model.tree import leaves

MOST_SCHEMES = 14
SAME = 1e-9  # relative: what other versions of the libraries may move
NAMES = tuple(UNITS)

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Job:
    """All that decides a row besides its scheme set; it travels to the workers.

    Parameters
    ----------
    schemes : tuple of str
        Scheme i is bit i.
    clock : str
        ``steady`` or ``events``.
    design, known
        The line before any scheme, and the catalogue.
    years, seed, replications, start
        Of runs with events; a row is the mean of its replications, and all rows share their draws.
    """

    schemes: tuple[str, ...]
    clock: str
    design: Design[cb.Line]
    known: Mapping[str, Scheme]
    years: float = 1.0
    seed: int = 1
    replications: int = 1
    start: str = "01-01"

    @classmethod
    def of(cls, case: Case, schemes: tuple[str, ...], clock: str) -> Job:
        """Return the job of a case."""
        times = case.replications if clock == EVENTS else 1
        known = {name: case.known[name] for name in schemes}
        return cls(schemes, clock, case.design, known, case.years, case.seed, times, case.start)

    @property
    def task(self) -> LineYears:
        """What one run is."""
        month, day = (int(part) for part in self.start.split("-"))
        return LineYears(
            years=self.years,
            seed=self.seed,
            start_hour=operation.start_hour_of({"month": month, "day": day}),
            clock=self.clock,
            design=self.design,
            known=self.known,
        )

    def row(self, mask: int) -> Array:
        """Return the indicators of one set, in the order of ``NAMES``."""
        task, case = self.task, Variant(members(self.schemes, mask))
        runs = [task(case, replication) for replication in range(self.replications)]
        return np.asarray(np.mean([[run[name] for name in NAMES] for run in runs], axis=0))

    @classmethod
    def again(cls, origin: Mapping[str, Any], case: Case) -> Job:
        """Return the job that made a cube, with today's line and schemes in place of its own."""
        return cls(
            tuple(origin["schemes"]),
            origin["clock"],
            case.design,
            {name: case.known[name] for name in origin["schemes"] if name in case.known},
            origin["years"] or 1.0,
            origin["seed"] or 0,
            origin["replications"] or 1,
            origin["start"] or "01-01",
        )

    def origin(self) -> dict[str, Any]:
        """Return what the rows are made of, as JSON holds it; equal origins give equal cubes."""
        simulated = self.clock == EVENTS
        return {
            "clock": self.clock,
            "schemes": list(self.schemes),
            "years": self.years if simulated else None,
            "seed": self.seed if simulated else None,
            "replications": self.replications if simulated else None,
            "start": self.start if simulated else None,
            "parameters": {path: repr(value) for path, _, value in leaves(self.design.tree)},
            "patches": {
                f"{name}: {patch.path}": patch.operation
                for name in self.known
                for patch in self.known[name].patches
            },
        }


@dataclass(frozen=True, eq=False)
class Cube:
    """The indicators of every set.

    Parameters
    ----------
    schemes : tuple of str
        Scheme i is bit i of a row's number.
    runs : array of replications by 2**n by indicators
        Not a number where a set could not be computed; one replication of steady states.
    origin : Mapping
        What the rows are made of; see `Job.origin`.
    errors : Mapping[int, str]
        Why a set could not be computed, by its number.
    """

    schemes: tuple[str, ...]
    runs: Array
    origin: Mapping[str, Any]
    errors: Mapping[int, str]

    @cached_property
    def values(self) -> Array:
        """Mean of the replications, 2**n by indicators, in the order of ``NAMES``."""
        means = np.asarray(self.runs.mean(axis=0))
        means.flags.writeable = False
        return means

    @property
    def replications(self) -> tuple[Cube, ...]:
        """The cube of every replication by itself."""
        return tuple(
            Cube(self.schemes, self.runs[[r]], self.origin, self.errors)
            for r in range(len(self.runs))
        )

    @property
    def units(self) -> Mapping[str, str]:
        """Unit of measure of every indicator."""
        return UNITS

    @cached_property
    def hash(self) -> str:
        """16 hex digits that two cubes share only if they are made of the same."""
        text = json.dumps(self.origin, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    @cached_property
    def columns(self) -> Mapping[str, Array]:
        """Each indicator over all sets, by name."""
        return {name: self.values[:, i] for i, name in enumerate(NAMES)}

    def row(self, mask: int) -> dict[str, float]:
        """Return the indicators of one set."""
        return dict(zip(NAMES, self.values[mask].tolist(), strict=True))

    def mask(self, ids: Iterable[str]) -> int:
        """Return the number of a set.

        Raises
        ------
        LookupError
            If a scheme is not in the cube.
        """
        number = 0
        for name in ids:
            if name not in self.schemes:
                raise LookupError(
                    f"{name} is not in the cube, which combines {spelled(self.schemes)}"
                )
            number |= 1 << self.schemes.index(name)
        return number

    def game(self, column: Array, players: Sequence[str], given: Iterable[str] = ()) -> Game:
        """Return a figure as a game of some of the schemes; ``given`` are in place throughout.

        Parameters
        ----------
        column : array of 2**n
            The figure of every set of the cube.
        players : sequence of str
        given : iterable of str
        """
        masks = np.array([self.mask(given)])
        for player in players:
            masks = np.concatenate((masks, masks | self.mask([player])))
        for mask in masks.tolist():
            if mask in self.errors:
                name = spelled(members(self.schemes, mask))
                raise ValueError(f"the line with {name} has no figures: {self.errors[mask]}")
        return Game(players, column[masks])


def spelled(ids: Iterable[str]) -> str:
    """Return a set as people write it: a range only where the catalogue has nothing between."""
    chosen = tuple(ids)
    return compact(chosen, {**cb.SCHEMES, **dict.fromkeys(chosen)})


def difference(cube: Cube, job: Job) -> str:
    """Return in what a cube and what is asked for now are not the same; empty when they are."""
    now = job.origin()
    for key in ("clock", "schemes", "years", "seed", "replications", "start"):
        if cube.origin.get(key) != now[key]:
            return f"{key} was {cube.origin.get(key)}, is {now[key]}"
    for key in ("parameters", "patches"):
        was, becomes = cube.origin.get(key, {}), now[key]
        changed = [path for path in {**was, **becomes} if was.get(path) != becomes.get(path)]
        if changed:
            first = changed[0]
            told = f"{first} was {was.get(first, 'not there')}, is {becomes.get(first, 'gone')}"
            return told + (f", and {len(changed) - 1} more" if len(changed) > 1 else "")
    for mask in (0, len(cube.values) - 1):
        if mask in cube.errors:
            continue
        found = job.row(mask)
        if not np.allclose(found, cube.values[mask], rtol=SAME, atol=1e-7):
            off = int(np.argmax(np.abs(found - cube.values[mask])))
            return (
                f"the model itself has changed: {NAMES[off]} was "
                f"{cube.values[mask][off]:.9g}, is {found[off]:.9g} with the same parameters"
            )
    return ""


NOT_ASKED = "it was not asked for"


def compute(
    job: Job,
    *,
    workers: int = 1,
    scheduler: str | None = None,
    runs: Path | str | None = None,
    only: Sequence[int] | None = None,
) -> Cube:
    """Return the cube of a job; bitwise the same for any number of workers.

    Parameters
    ----------
    job : Job
    workers, scheduler
        Where the runs are done; see `open_executor`.
    runs : path, optional
        Folder that keeps the single runs; the same call takes up what is there.
    only : sequence of int, optional
        Numbers of the sets that are needed; the others stay without figures.
    """
    count = 1 << len(job.schemes)
    asked = list(range(count)) if only is None else sorted(set(only))
    cases = [Variant(members(job.schemes, mask)) for mask in asked]
    with open_executor(workers, scheduler) as (executor, in_flight):
        table = run(
            cases,
            job.replications,
            task=job.task,
            executor=executor,
            in_flight=in_flight,
            store=runs,
        )
    figures = table[list(NAMES)].to_numpy(dtype=float)
    values = np.full((job.replications, count, len(NAMES)), np.nan)
    values[:, asked] = figures.reshape(len(asked), job.replications, -1).swapaxes(0, 1)
    values.flags.writeable = False
    errors = dict.fromkeys(set(range(count)) - set(asked), NOT_ASKED)
    failed = table[table["error"].notna()]
    for case, error in zip(failed["case"], failed["error"], strict=True):
        errors.setdefault(asked[case], error)
    return Cube(job.schemes, values, job.origin(), dict(sorted(errors.items())))
