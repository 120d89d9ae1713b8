"""Many designs, each run so many times, in one table; a folder keeps the runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.bounds import EVENTS, STEADY
from experiments.output.answer import Answer, Table
from experiments.output.files import check_place
from experiments.output.provenance import provenance
from experiments.runner import PlantYears, failures, run
from experiments.runner.folder import Plan, card_of, identity
from experiments.runner.horizon import Horizon
from experiments.studies import Known, Own, Plant, plant_of
from experiments.studies.run import AT_REST, heading
from plant_models.arguments import word, words
from plant_models.chlorobenzene.figures.style import blank, thousands
from plant_models.chlorobenzene.model import PLANT
from plant_models.model import Variant, told_apart
from sim.errors import Named
from sim.statistics.intervals import Interval, interval
from sim.tables import readable, text_table

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure


MOST_LINES = 40  # of the summary, and of the failures beside it


@dataclass(frozen=True, repr=False)
class Batch(Answer):
    """Many designs under the same draws."""

    designs: tuple[Variant[Any], ...]
    task: PlantYears  #: What one run is
    cases: tuple[Any, ...]  #: What the task was called with, one a design
    horizon: Horizon
    runs: pd.DataFrame
    """A row a run: ``case``, ``label``, ``replication``, the indicators, ``error``."""
    names: tuple[str, ...]  #: Indicators that the summary shows

    @cached_property
    def means(self) -> Sequence[Mapping[str, Interval | None]]:
        """Mean and interval of every indicator of each design; None where every run failed."""
        units = self.task.units
        good = self.runs[self.runs["error"].isna()]
        values = [good[good["case"] == number] for number in range(len(self.designs))]
        return [
            Named(((x, interval(of[x].tolist()) if len(of) else None) for x in units), "indicator")
            for of in values
        ]

    def report(self) -> str:
        """Return the mean of each design, and its 95 % interval."""
        several = self.horizon.replications > 1
        header = ["schemes", "runs"]
        for name in self.names:
            header += [name, "+- 95 %"] if several else [name]
        rows = []
        for design, means in list(zip(self.designs, self.means, strict=True))[:MOST_LINES]:
            row = [design.name, f"{next((of.n for of in means.values() if of), 0)}"]
            for of in (means[name] for name in self.names):
                row.append(readable(of.mean) if of else "failed")
                if several:
                    row.append(readable(of.half_width) if of and of.n > 1 else "")
            rows.append(row)
        lines = text_table(header, rows)
        rest = len(self.designs) - len(rows)
        lines += [f"... and {rest:,} designs more"] * bool(rest)
        units = text_table(["figure", "unit"], [[n, self.task.units[n]] for n in self.names])
        ran = heading("Runs", self.designs[0], self.horizon)
        how = AT_REST if self.task.clock == STEADY else ran
        return "\n".join([*lines, "", *units, "", how])

    def tables(self) -> Mapping[str, Table]:
        """Return the means by design and indicator, and all runs."""
        rows = [
            (design.name, name, self.task.units[name], of.n, of.mean, *of.ends)
            for design, means in zip(self.designs, self.means, strict=True)
            for name, of in means.items()
            if of
        ]
        header = ("design", "indicator", "unit", "runs", "mean", "low", "high")
        every = self.runs.astype(object).where(self.runs.notna(), None)
        return {
            "indicators": Table(header, rows),
            "runs": Table(tuple(every.columns), every.values.tolist(), self.task.units),
        }

    def pictures(self) -> Mapping[str, Callable[[], Figure]]:
        """Return the means with their intervals, a panel an indicator."""
        return {"means": self._means}

    def _means(self) -> Figure:
        figure, axes = blank(1.2 + 2.2 * len(self.names), len(self.names))
        for ax, name in zip(axes, self.names, strict=True):
            found = [(d.name, m[name]) for d, m in zip(self.designs, self.means, strict=True)]
            known = [(label, of) for label, of in found if of]
            widths = [of.half_width if of.n > 1 else 0.0 for _, of in known]
            ax.errorbar([label for label, _ in known], [of.mean for _, of in known], widths,
                        fmt="o", capsize=3.0)  # fmt: skip
            ax.set_ylabel(f"{name}, {self.task.units[name]}")
            thousands(ax.yaxis)
        return figure

    @property
    def failures(self) -> Sequence[str]:
        """Which runs failed, and why."""
        failed = failures(self.runs)
        if not len(failed):
            return ()
        first = failed.head(MOST_LINES)
        rows = [
            f"  {label}, replication {replication + 1}: {error}"
            for label, replication, error in zip(
                first["label"], first["replication"], first["error"], strict=True
            )
        ]
        rest = len(failed) - len(rows)
        rows += [f"  ... and {rest:,} more"] * bool(rest)
        return (f"{len(failed):,} of {len(self.runs):,} runs failed:", *rows)

    def as_json(self) -> dict[str, Any]:
        """Return each design with means, intervals and failures, and the card of the runs."""
        return {
            "designs": [self._design(number) for number in range(len(self.designs))],
            "units": dict(self.task.units),
            "card": card_of(Plan(self.cases, self.horizon.replications), self.task),
            "provenance": provenance(
                "batch", *self.designs, horizon=self.horizon, clock=self.task.clock
            ),
        }

    def _design(self, number: int) -> dict[str, Any]:
        failed = failures(self.runs)
        errors = failed[failed["case"] == number]
        none = (None, None)
        means = self.means[number]
        return {
            "name": self.designs[number].name,
            "schemes": list(self.designs[number].schemes),
            "indicators": {name: of.mean if of else None for name, of in means.items()},
            "intervals": {
                name: dict(zip(("low", "high"), of.ends if of else none, strict=True))
                for name, of in means.items()
            },
            "failed": {
                str(r): error
                for r, error in zip(errors["replication"], errors["error"], strict=True)
            },
        }


def batch(
    *designs: Any,
    clock: str = EVENTS,
    replications: int = 1,
    years: float = 1.0,
    seed: int = 1,
    start: str = "01-01",
    indicators: Sequence[str] = (),
    runs: Path | str | None = None,
    workers: int | None = 1,
    scheduler: str | None = None,
    plant: Plant = PLANT,
    design: Own = None,
    known: Known = None,
) -> Batch:
    """Simulate many designs under the same draws, into one table.

    Parameters
    ----------
    *designs : scheme set, tree, Design or Variant
        One or more, each once.
    clock : str
        ``events``, the plant in operation, or ``steady``, at constant conditions.
    indicators : sequence of str
        What the summary shows; product and headlines of the plant by default.
    runs : path, optional
        Folder that keeps every run; the same call takes up what is there.
    workers, scheduler
        Processes, None for what pays, or the address of a dask scheduler. In a script, calls with
        more than one process stand below ``if __name__ == "__main__":``.
    replications, years, seed, start, plant, design, known
        See `run`.

    Raises
    ------
    LookupError, ValueError
        A folder that holds something else.
    OSError
        A folder that cannot be written, or a scheduler that does not answer.
    SimulationFault
        Workers that die; a run that fails is a row of the table.
    """
    plant = plant_of(plant)
    if not designs:
        raise TypeError("batch: expected one design or more, came none")
    horizon = Horizon(years, seed, replications, start)
    word("clock", clock, (EVENTS, STEADY))
    if clock == STEADY:
        horizon.refuse_at_rest()
    if runs is not None:
        check_place(runs, "runs")
    names = words("indicators", indicators, plant.units)
    apart = told_apart(plant.variants(designs, design=design, known=known))
    variants = tuple(apart)
    cases = _cases(variants)
    task = PlantYears.over(variants[0].having(()), horizon, clock)
    times = horizon.replications
    table = run(cases, times, task=task, workers=workers, scheduler=scheduler, store=runs)
    return Batch(variants, task, cases, horizon, table, names or plant.summary)


def _cases(variants: Sequence[Variant[Any]]) -> tuple[Any, ...]:
    """Return what travels to the workers: scheme sets on one base, other designs as they are."""
    base = variants[0]
    cases: dict[str, Any] = {}
    for each in variants:
        same = each.base.tree == base.base.tree and each.known == base.known and not each.label
        case = each.name if same else each
        if identity(case) in cases:
            raise ValueError(f"the set {each.name} is given twice")
        cases[identity(case)] = case
    return tuple(cases.values())
