"""Which share of each emission has which cause, before and after: intervals over years."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.output.answer import Answer, Table, paragraphs, plain
from experiments.output.provenance import provenance
from experiments.runner.faults import failed, run_of
from experiments.runner.horizon import Horizon
from experiments.runner.loop import run as run_cases
from experiments.runner.tasks import PlantYears
from experiments.studies import Known, Own, Plant, plant_of
from experiments.studies.run import HALF, how_few
from plant_models.arguments import place, word
from plant_models.chlorobenzene.figures import style
from plant_models.chlorobenzene.figures.style import blank
from plant_models.chlorobenzene.model import PLANT
from plant_models.methods.flow_costing import SOLD
from plant_models.model import Variant, told_apart
from plant_models.outcome import PERMANENT, Outcome
from sim.books.ledger import INTERNAL
from sim.errors import did_you_mean, look_up, told
from sim.statistics.intervals import Interval, interval
from sim.tables import counted, readable, text_table, words

if TYPE_CHECKING:
    from matplotlib.figure import Figure

CAUSES = (
    *("normal", "overflow", "start-up", "trip", "shutdown", "cleaning", "maintenance"),
    *("device down", "off-spec", "spill", "other"),
)
ABNORMAL = "abnormal"
KEPT_APART = (*SOLD, "slop oil", "residue")  # media that leave in drums and cars
NOTHING = 1e-9  # of the most of any run; less is rounding
SMALLEST = 1e-3  # t/yr; less is not told of
MOST_COLUMNS = 4  # causes in a table of the report, besides what is normal
WORTH_A_COLUMN = 5e-4  # share of any emission

Emission = tuple[str, str]
"""Medium and component."""


@dataclass(frozen=True)
class ByCause:
    """Tonnes of every emission by cause, a year: what is kept of a run."""

    emissions: tuple[Emission, ...]

    @property
    def units(self) -> Mapping[str, str]:
        """The figures of a run, each with its unit."""
        return {_column(of, cause): "t/yr" for of in self.emissions for cause in CAUSES}

    def __call__(self, outcome: Outcome[Any]) -> Mapping[str, float]:
        """Return the figures of a run."""
        ledger = outcome.ledger
        index = ledger.components.index
        found = dict.fromkeys(self.units, 0.0)
        for entry, kg in ledger.flows.items():
            cause = entry.cause if entry.cause in CAUSES else "other"
            for medium, component in self.emissions:
                if entry.medium == medium:
                    tonnes = float(kg[index[component]]) / 1000.0 / outcome.years
                    found[_column((medium, component), cause)] += tonnes
        return found


def _column(of: Emission, cause: str) -> str:
    return ", ".join((*of, cause))


@dataclass(frozen=True, repr=False)
class Causes(Answer):
    """Which share of each emission has which cause."""

    variants: tuple[Variant[Any], ...]
    horizon: Horizon
    emissions: tuple[Emission, ...]
    years: Mapping[str, Sequence[Mapping[str, float]]]
    """Tonnes of every emission by cause in every replication, by design."""

    def tonnes(self, design: str, of: Emission, cause: str = "") -> list[float]:
        """Return an emission by a cause in every replication, t/yr; of all causes together."""
        rows = look_up("design", design, self.years)
        if of not in self.emissions:
            known = [", ".join(each) for each in self.emissions]
            raise LookupError(f"no emission {told(of)}{did_you_mean(_joined(of), known)}")
        causes = _members(word("cause", cause, ("", ABNORMAL, *CAUSES)))
        return [sum(row[_column(of, each)] for each in causes) for row in rows]

    def shares(self, design: str, of: Emission, cause: str) -> list[float]:
        """Return the share of a cause in every replication that has emitted any, 1.

        Where none has, a single 0. So the shares of all causes add up to 1.
        """
        found = [share for share in self._each(design, of, cause) if share is not None]
        return found or [0.0]

    def _each(self, design: str, of: Emission, cause: str) -> list[float | None]:
        """Return the share of a cause in every replication; None where nothing was emitted."""
        whole = self.tonnes(design, of)
        part = self.tonnes(design, of, cause)
        least = NOTHING * max(whole)
        return [a / b if b > least else None for a, b in zip(part, whole, strict=True)]

    def share(self, design: str, of: Emission, cause: str) -> Interval:
        """Return the mean share of a cause over the years, 1, with its interval."""
        return interval(self.shares(design, of, cause))

    @cached_property
    def told(self) -> tuple[Emission, ...]:
        """The emissions that are worth a row, the largest of the first design first."""
        first = self.variants[0].name
        found = [of for of in self.emissions if self._most(of) >= SMALLEST]
        return tuple(sorted(found, key=lambda of: (of[0], -interval(self.tonnes(first, of)).mean)))

    def _most(self, of: Emission) -> float:
        """Return the mean of an emission in the design that has most of it, t/yr."""
        return max(interval(self.tonnes(each.name, of)).mean for each in self.variants)

    def report(self) -> str:
        """Return a table for each design."""
        many = self.horizon.replications > 1
        lines = [
            f"share of each cause, %, mean over {counted(self.horizon.replications, 'run')} of "
            f"{counted(self.horizon.years, 'year')}, seed {self.horizon.seed}",
            f"{ABNORMAL}: all but {' and '.join(PERMANENT)}, which constant conditions have, too",
        ]
        lines += [f"{HALF}; highest: of all runs"] * many
        idle = any(None in self._each(v.name, of, "") for v in self.variants for of in self.told)
        lines += ["a run that emits nothing of it is left out of its mean share"] * idle
        left = sum(0.0 < self._most(of) < SMALLEST for of in self.emissions)
        if left:
            stay = counted(left, "more emission stays", "more emissions stay")
            lines.append(f"{stay} below 1 kg a year: see the tables (--out)")
        lines += how_few(self.horizon.replications)
        return paragraphs(*(self._table(each.name) for each in self.variants), lines)

    def _table(self, design: str) -> list[str]:
        columns = self._columns(design)
        many = self.horizon.replications > 1
        header = [design, "t/yr", *columns, ABNORMAL, *["+-", "highest"][: 2 * many]]
        rows: list[list[str]] = []
        for of in self.told:
            if not rows or all(other[0] != of[0] for other in self.told[: self.told.index(of)]):
                rows.append([of[0], *[""] * (len(header) - 1)])
            every = self.shares(design, of, ABNORMAL)
            row = [f" {words(of[1])}", readable(interval(self.tonnes(design, of)).mean)]
            for causes in columns.values():
                share = sum(self.share(design, of, cause).mean for cause in causes)
                row.append(f"{100.0 * share:.1f}" if share else "")
            row.append(f"{100.0 * interval(every).mean:.2f}")
            if many:
                half = f"{100.0 * interval(every).half_width:.2f}" if len(every) > 1 else ""
                row += [half, f"{100.0 * max(every):.1f}"]
            rows.append(row)
        return text_table(header, rows)

    def _columns(self, design: str) -> Mapping[str, tuple[str, ...]]:
        """Return the causes that have a column, those that hardly matter under one."""
        most = {
            cause: max((self.share(design, of, cause).mean for of in self.told), default=0.0)
            for cause in CAUSES[1:]
        }
        worthy = [cause for cause, share in most.items() if share >= WORTH_A_COLUMN]
        largest = sorted(worthy, key=lambda cause: -most[cause])[:MOST_COLUMNS]
        rest = tuple(cause for cause in worthy if cause not in largest)
        shown = {cause: (cause,) for cause in CAUSES if cause in largest}
        return {**shown, "others": rest} if rest else shown

    def tables(self) -> Mapping[str, Table]:
        """Return the share of every cause in every emission, and every single year."""
        columns = ("design", "medium", "component", "cause", "t_per_year", "share", "low", "high",
                   "lowest", "median", "highest")  # fmt: skip
        rows = [
            (
                each.name, *of, cause, interval(self.tonnes(each.name, of, cause)).mean,
                share.mean, *share.ends, min(every), _median(every), max(every),
            )
            for each in self.variants
            for of in self.emissions
            for cause in (*CAUSES, ABNORMAL)
            for every in [self.shares(each.name, of, cause)]
            for share in [interval(every)]
            if max(every) > 0.0
        ]  # fmt: skip
        years = [
            (each.name, n + 1, *of, whole, share)
            for each in self.variants
            for of in self.told
            for n, (whole, share) in enumerate(
                zip(
                    self.tonnes(each.name, of),
                    self._each(each.name, of, ABNORMAL),
                    strict=True,
                )
            )
        ]
        return {
            "causes": Table(columns, rows),
            "years": Table(
                ("design", "run", "medium", "component", "t_per_year", "abnormal_share"), years
            ),
        }

    def pictures(self) -> Mapping[str, Callable[[], Figure]]:
        """Return the abnormal share of every emission, with the range over years, if any has."""
        designs = [each.name for each in self.variants]
        some = any(max(self.shares(d, of, ABNORMAL)) > 0.0 for d in designs for of in self.told)
        return {"causes": self._draw} if some else {}

    def _draw(self) -> Figure:
        designs = [each.name for each in self.variants]
        colours = (style.BLUE, style.ORANGE, style.GREEN, style.PURPLE, style.SKY, style.VERMILION)
        figure, (ax,) = blank(1.8 + 0.25 * len(self.told) * len(designs), 1)
        height = 0.8 / len(designs)
        for d, design in enumerate(designs):
            for y, of in enumerate(self.told):
                every = [100.0 * share for share in self.shares(design, of, ABNORMAL)]
                at, mean = y + (d - 0.5 * (len(designs) - 1)) * height, sum(every) / len(every)
                ax.barh(at, mean, height=height, color=colours[d % len(colours)])
                ax.plot([min(every), max(every)], [at, at], color=style.INK, linewidth=1.0)
        names = [f"{medium}: {words(component)}" for medium, component in self.told]
        ax.set_yticks(range(len(names)), names)
        ax.set_ylim(max(len(names), 1) - 0.4, -0.6)
        ax.set_xlabel("share of abnormal hours in the emission, %; lines: lowest to highest year")
        ax.set_title(self._message())
        legend = {name: colours[d % len(colours)] for d, name in enumerate(designs)}
        style.legend_below(ax, style.patches(legend), columns=len(designs))
        style.frameless(ax, grid=True)
        return figure

    def _message(self) -> str:
        last = self.variants[-1].name
        most = max(self.told, key=lambda of: self.share(last, of, ABNORMAL).mean)
        share = 100.0 * self.share(last, most, ABNORMAL).mean
        return f"{last}: abnormal hours give {share:.3g} % of {words(most[1])}, {most[0]}, the most"

    def as_json(self) -> dict[str, Any]:
        """Return the share of every cause in every emission, and the highest abnormal one."""
        return {
            "shares": {
                each.name: {
                    ", ".join(of): {
                        cause: plain(self.share(each.name, of, cause))
                        for cause in (*CAUSES, ABNORMAL)
                        if max(self.shares(each.name, of, cause)) > 0.0
                    }
                    for of in self.told
                }
                for each in self.variants
            },
            "worst": {
                each.name: {
                    ", ".join(of): max(self.shares(each.name, of, ABNORMAL)) for of in self.told
                }
                for each in self.variants
            },
            "tonnes": {
                each.name: {
                    ", ".join(of): plain(interval(self.tonnes(each.name, of))) for of in self.told
                }
                for each in self.variants
            },
            "provenance": provenance("causes", *self.variants, horizon=self.horizon),
        }


def _joined(of: object) -> str:
    """Return what should be an emission as one word, for what comes near it."""
    return ", ".join(map(str, of)) if isinstance(of, tuple) else str(of)


def _members(cause: str) -> tuple[str, ...]:
    """Return the causes that a word stands for; none for all of them."""
    if cause == ABNORMAL:
        return tuple(each for each in CAUSES if each not in PERMANENT)
    return (cause,) if cause else CAUSES


def _median(values: Sequence[float]) -> float:
    from statistics import median

    return median(values)


def causes(
    *designs: Any,
    replications: int = 30,
    years: float = 1.0,
    seed: int = 1,
    start: str = "01-01",
    runs: Path | str | None = None,
    workers: int | None = 1,
    plant: Plant = PLANT,
    design: Own = None,
    known: Known = None,
) -> Causes:
    """Tell which share of each emission has which cause, design by design, over many years.

    Parameters
    ----------
    *designs : scheme set, tree, Design or Variant
        One or more; by default the plant before any scheme, and with its programme.
    runs : path, optional
        Folder that keeps the runs; the same call goes on from there.
    replications, years, seed, start, workers, plant, design, known
        See `run`.

    Raises
    ------
    SimulationFault
        A run has failed.
    """
    plant = plant_of(plant)
    horizon = Horizon(years, seed, replications, start)
    on: dict[str, Any] = {"design": design, "known": known}
    asked = plant.variants(designs or ("none",), **on)
    variants = tuple(told_apart(asked if designs else (*asked, plant.with_programme(**on))))
    emissions = _emissions(variants[0])
    if not emissions:
        raise plant.lacks("emission to air or water", "causes")
    measure = ByCause(emissions)
    task = PlantYears.over(variants[0], horizon, measure=measure, units=measure.units)
    kept = None if runs is None else place("runs", runs)
    table = run_cases(variants, horizon.replications, task=task, store=kept, workers=workers)
    found: dict[str, list[Mapping[str, float]]] = {each.name: [] for each in variants}
    for row in table.to_dict("records"):
        if isinstance(row["error"], str):
            of, number = variants[row["case"]], row["replication"]
            failed(run_of(of, number), partial(task, of, number), row["error"])
        found[variants[row["case"]].name].append({name: row[name] for name in task.units})
    return Causes(variants, horizon, emissions, found)


def _emissions(variant: Variant[Any]) -> tuple[Emission, ...]:
    """Return the pollutants in each medium: what the plant's emissions name, else everything."""
    network, plant = variant.network, variant.plant
    media = [
        medium
        for medium in dict.fromkeys(network.sinks.values())
        if medium not in (INTERNAL, *KEPT_APART)
    ]
    named = [
        name
        for name in network.components.names
        if any(emission.endswith(f".{name}_t") for emission in plant.emissions)
    ]
    return tuple((m, name) for m in media for name in named or network.components.names)
