"""Every combination of some schemes, 2**n designs, each with all its indicators: the cube.

Bit i of a row's number says that scheme i is in place. Staleness is told in two ways: by the
parameters, patches and options that the cube was made with, each by name; and, where those are the
same, by computing its first and last row again, run by run until one differs, which tells a change
of the model itself.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from numbers import Integral
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from experiments.bounds import EVENTS, STEADY
from experiments.runner import PlantYears, run
from experiments.runner.executors import workers_at_rest
from experiments.runner.horizon import Horizon
from experiments.studies.run import AT_REST
from plant_models.methods.attribution import Game, members
from plant_models.model import PlantModel, Variant
from sim.errors import gives_each, told
from sim.model.schemes import compact
from sim.model.tree import leaves
from sim.tables import counted

MOST_SCHEMES = 14
SAME = {STEADY: 1e-9, EVENTS: 1e-4}
"""By how much two rows that are the same may differ, of the largest figure in a column.

Other versions of the libraries move last digits, which decide when a recipe of a simulated year is
asked: years of Python 3.11 and 3.13 are apart by 5e-5, a small part of what the engine promises.
"""
STOCK = "stock_change_t"
ROUNDING = 1e-7  # of figures that are but rounding themselves, such as a closure
NOT_ASKED = "it was not asked for"
SHORT = ("clock", "schemes", "years", "seed", "replications", "start")
"""What a cube is made of besides parameters and patches."""

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Job:
    """All that decides a row besides its scheme set; it travels to the workers.

    Scheme i is bit i; ``base`` is the design before any scheme. A row of runs with events is the
    mean of its replications, and all rows share their draws.
    """

    schemes: tuple[str, ...]
    clock: str
    base: Variant[Any]
    horizon: Horizon

    @classmethod
    def of(cls, base: Variant[Any], schemes: Sequence[str], horizon: Horizon | None = None) -> Job:
        """Return the job of some schemes: of events over a horizon, else of steady states."""
        known = {name: base.known[name] for name in schemes if name in base.known}
        clock = STEADY if horizon is None else EVENTS
        return cls(tuple(schemes), clock, replace(base, known=known), horizon or Horizon())

    @classmethod
    def again(cls, origin: Mapping[str, Any], base: Variant[Any]) -> Job:
        """Return the job that made a cube, with today's plant and schemes in place of its own."""
        asked = {name: origin[name] for name in ("years", "seed", "replications", "start")}
        return cls.of(
            base, origin["schemes"], Horizon(**asked) if origin["clock"] == EVENTS else None
        )

    @property
    def task(self) -> PlantYears:
        """What one run is."""
        return PlantYears.over(self.base, self.horizon, self.clock)

    def case(self, mask: int) -> str:
        """Return a set as the task is called with it, which is short to send."""
        return ", ".join(members(self.schemes, mask)) or "none"

    def run(self, mask: int, replication: int = 0) -> Array:
        """Return the indicators of one run of a set, in the plant's order."""
        task = self.task
        found = task(self.case(mask), replication)
        return np.array([found[name] for name in task.units], dtype=float)

    def origin(self) -> dict[str, Any]:
        """Return what the rows are made of, as JSON holds it; equal origins give equal cubes."""
        runs = asdict(self.horizon)
        return {
            "clock": self.clock,
            "schemes": list(self.schemes),
            **(runs if self.clock == EVENTS else dict.fromkeys(runs)),
            "parameters": {path: repr(value) for path, _, value in leaves(self.base.base.tree)},
            "patches": {
                f"{name}: {patch.path}": patch.operation
                for name, scheme in self.base.known.items()
                for patch in scheme.patches
            },
        }


@dataclass(frozen=True, eq=False)
class Cube:
    """The indicators of every set."""

    plant: PlantModel[Any, Any]
    schemes: tuple[str, ...]  #: Scheme i is bit i of a row's number
    runs: Array
    """Not a number where a set could not be computed; one replication of steady states."""
    origin: Mapping[str, Any]  #: What the rows are made of; see `Job.origin`
    errors: Mapping[int, str]  #: Why a set could not be computed, by its number

    @cached_property
    def values(self) -> Array:
        """Mean of the replications, 2**n by indicators, in the plant's order."""
        means = np.asarray(self.runs.mean(axis=0))
        means.flags.writeable = False
        return means

    @property
    def replications(self) -> tuple[Cube, ...]:
        """The cube of every replication by itself."""
        return tuple(replace(self, runs=self.runs[[r]]) for r in range(len(self.runs)))

    @property
    def units(self) -> Mapping[str, str]:
        """Unit of measure of every indicator."""
        return self.plant.units

    @property
    def made_of(self) -> dict[str, Any]:
        """What the rows are made of, the parameters as a hash."""
        return {**{name: self.origin[name] for name in SHORT}, "hash": self.hash}

    @property
    def clock(self) -> str:
        """How the sets were computed, in words."""
        of = self.origin
        if of["clock"] != EVENTS:
            return AT_REST
        years = counted(of["years"], "year")
        times = f", mean of {of['replications']} replications" if of["replications"] > 1 else ""
        return f"{years} of events, seed {of['seed']}{times}, the same breakdowns for every set"

    @cached_property
    def hash(self) -> str:
        """16 hex digits that two cubes share only if they are made of the same."""
        text = json.dumps(self.origin, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    @cached_property
    def columns(self) -> Mapping[str, Array]:
        """Each indicator over all sets, by name."""
        return {name: self.values[:, i] for i, name in enumerate(self.units)}

    def row(self, mask: int) -> dict[str, float]:
        """Return the indicators of one set."""
        if not isinstance(cast(object, mask), Integral) or not 0 <= mask < len(self.values):
            raise LookupError(
                f"row: expected the number of a set, 0 to {len(self.values) - 1:,}, "
                f"came {told(mask)}; mask(['{self.schemes[0]}']) gives one"
            )
        return dict(zip(self.units, self.values[mask].tolist(), strict=True))

    def mask(self, ids: Iterable[str]) -> int:
        """Return the number of a set.

        Raises LookupError if a scheme is not in the cube.
        """
        number, given = 0, cast(object, ids)
        if isinstance(given, str) or not gives_each(given):
            raise TypeError(
                f"mask: expected schemes in a list, like ['{self.schemes[0]}'], came {told(ids)}"
            )
        for name in ids:
            if name not in self.schemes:
                raise LookupError(
                    f"{name} is not in the cube, which combines {self.spelled(self.schemes)}"
                )
            number |= 1 << self.schemes.index(name)
        return number

    def spelled(self, ids: Iterable[str]) -> str:
        """Return a set as people write it; see `spelled`."""
        return spelled(ids, self.plant)

    def named(self, mask: int) -> str:
        """Return the set of a number as people write it."""
        return self.spelled(members(self.schemes, mask))

    def game(self, column: Array, players: Sequence[str], given: Iterable[str] = ()) -> Game:
        """Return a figure as a game of some of the schemes; ``given`` are in place throughout.

        ``column``: the figure of every set of the cube.
        """
        masks = np.array([self.mask(given)])
        for player in players:
            masks = np.concatenate((masks, masks | self.mask([player])))
        for mask in masks.tolist():
            if mask in self.errors:
                who = f"the {self.plant.name} with {self.named(mask)}"
                raise ValueError(
                    f"{who} has no figures: {self.errors[mask]}; name players that go together"
                )
        return Game(players, column[masks])


def spelled(ids: Iterable[str], plant: PlantModel[Any, Any]) -> str:
    """Return a set as people write it: a range only where the catalogue has nothing between."""
    chosen = tuple(ids)
    return compact(chosen, {**plant.catalogue(), **dict.fromkeys(chosen)})


def difference(cube: Cube, job: Job) -> str:
    """Return in what a cube and what is asked for now are not the same; empty when they are."""
    now = job.origin()
    for key in SHORT:
        if cube.origin.get(key) != now[key]:
            return f"{key} was {cube.origin.get(key)}, is {now[key]}"
    for key in ("parameters", "patches"):
        was, becomes = cube.origin.get(key, {}), now[key]
        changed = [path for path in {**was, **becomes} if was.get(path) != becomes.get(path)]
        if changed:
            first = changed[0]
            told = f"{first} was {was.get(first, 'not there')}, is {becomes.get(first, 'gone')}"
            return told + (f", and {len(changed) - 1} more" if len(changed) > 1 else "")
    size = _size(cube)
    for replication, rows in enumerate(cube.runs):
        for mask in (0, len(rows) - 1):
            if mask in cube.errors:
                continue
            found = job.run(mask, replication)
            excess = np.abs(found - rows[mask]) / (SAME[job.clock] * size + ROUNDING)
            if not np.all(excess <= 1.0):
                off = int(np.argmax(excess))
                return (
                    f"the model itself has changed: {tuple(cube.units)[off]} was "
                    f"{rows[mask][off]:.9g}, is {found[off]:.9g} with the same parameters"
                )
    return ""


def _size(cube: Cube) -> Array:
    """Return the largest figure of each column in any run, of which others may differ by a part.

    A change of stocks is as exact as what passes the tanks, not as the little that is left of it.
    """
    size: Array = np.abs(np.delete(cube.runs, list(cube.errors), axis=1)).max(axis=(0, 1))
    names = list(cube.units)
    if {STOCK, cube.plant.product} <= {*names}:
        stock, made = names.index(STOCK), names.index(cube.plant.product)
        size[stock] = max(size[stock], size[made])
    return size


def compute(
    job: Job,
    *,
    only: Sequence[int] | None = None,
    **where: Any,
) -> Cube:
    """Return the cube of a job; bitwise the same for any number of workers.

    ``**where``: ``workers``, ``scheduler`` and ``store`` of `run`. ``only``: numbers of the sets
    that are needed; the others stay without figures.
    """
    count, times = 1 << len(job.schemes), job.horizon.replications
    asked = list(range(count)) if only is None else sorted(set(only))
    if job.clock == STEADY and "workers" in where:
        where["workers"] = workers_at_rest(where["workers"], len(asked))
    table = run([job.case(mask) for mask in asked], times, task=job.task, **where)
    names = list(job.task.units)
    figures = table[names].to_numpy(dtype=float)
    values = np.full((times, count, len(names)), np.nan)
    values[:, asked] = figures.reshape(len(asked), times, -1).swapaxes(0, 1)
    values.flags.writeable = False
    errors = dict.fromkeys(set(range(count)) - set(asked), NOT_ASKED)
    failed = table[table["error"].notna()]
    for case, error in zip(failed["case"], failed["error"], strict=True):
        errors.setdefault(asked[case], error)
    return Cube(job.base.plant, job.schemes, values, job.origin(), dict(sorted(errors.items())))
