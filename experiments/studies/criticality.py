"""Which part of a plant costs how much output, money and emission: one removed after the other."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.bounds import MADE_BETTER
from experiments.output.answer import Answer, Table, paragraphs, plain
from experiments.output.provenance import provenance
from experiments.runner.faults import failed
from experiments.runner.horizon import Horizon
from experiments.runner.loop import run as run_cases
from experiments.studies import Known, Own, Plant, plant_of, prices_of
from experiments.studies.run import unit_of, with_width
from plant_models.arguments import number, place, word, words
from plant_models.calendar import YEAR
from plant_models.chlorobenzene.figures import style
from plant_models.chlorobenzene.figures.style import blank
from plant_models.chlorobenzene.model import PLANT
from plant_models.methods.criticality import (
    BETTER,
    FACTORS,
    FAILURE,
    IN_FORCE,
    KINDS,
    MEASURE,
    REMOVED,
    TANK,
    USUAL,
    WAYS,
    Remedy,
    curve,
    remedies,
    silent,
)
from plant_models.methods.economics import MARGIN
from plant_models.model import PlantModel, Variant
from sim.clock.recorder import Recorder
from sim.errors import gives_each, look_up, need_names, told
from sim.model.facts import Design
from sim.model.tree import design_hash
from sim.statistics.intervals import Interval, paired_difference
from sim.tables import counted, percent, text_table

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

BOTH = "both"
ASKED = (BOTH, REMOVED, BETTER)
BETTER_BY = 0.1
SHOWN = 12  # parts in a table of the report, and in the picture
MOST_SHOWN = 3  # figures beside each other in the report
LINES, COLOURS = ("-", "--", ":"), 10  # of curves: the colours come again in another line
DUST = 1e-9  # relative to a figure, or in its unit: by so much two equal runs may differ

BASE, CHANGED = "base", "changed"
"""Folders of the runs."""

Figures = Mapping[str, float]


@dataclass(frozen=True, repr=False)
class Case:
    """A design in one replication."""

    variant: Variant[Any]
    replication: int
    without: tuple[str, ...] = ()

    def __repr__(self) -> str:
        left_out = f" without {', '.join(self.without)}" if self.without else ""
        return f"{self}{left_out} {design_hash(self.variant.tree)}"

    def __str__(self) -> str:
        return f"{self.variant.name}, replication {self.replication + 1}"


@dataclass(frozen=True)
class Runs:
    """Runs that follow each other round the year: each begins where the one before it ended.

    So a few short ones see every season. ``modes``: failure modes that a run is asked about,
    whether they came up; such a run is recorded.
    """

    horizon: Horizon
    units: Mapping[str, str]  #: What is kept of a run
    modes: tuple[Remedy, ...] = ()

    def card(self) -> Mapping[str, Any]:
        """Return what decides a result besides the case."""
        of = self.horizon
        return {
            "kind": "criticality",
            "years": of.years,
            "seed": of.seed,
            "start_hour": of.start_hour,
            "modes": [mode.part for mode in self.modes],
        }

    def __call__(self, case: Case, replication: int) -> Figures:
        """Return the figures of a run, per simulated year."""
        of, plant = self.horizon, case.variant.plant
        outcome = plant.simulate(
            case.variant,
            years=of.years,
            seed=of.seed,
            replication=case.replication,
            start_hour=(of.start_hour + case.replication * of.years * YEAR) % YEAR,
            without=case.without,
            record=bool(self.modes),
        )
        record: Recorder = outcome.record or Recorder()
        came_up = {
            mode.part: float(not silent(case.variant, mode, record.events)) for mode in self.modes
        }
        return {**{name: outcome.indicators[name] for name in plant.units}, **came_up}


@dataclass(frozen=True)
class Effect:
    """What a remedy changes."""

    remedy: Remedy
    changes: Mapping[str, Interval]
    """Of every indicator and the margin, with the remedy less without it, a year."""
    alike: int
    """Replications in which its failure mode never came up, so that nothing changes."""

    def sure(self, name: str) -> bool:
        """Whether the sign of a change is known, to 95 %."""
        change = look_up("figure", name, self.changes)
        return change.n > 1 and 0.0 not in change


@dataclass(frozen=True, repr=False)
class Criticality(Answer):
    """What each part of a plant costs."""

    variant: Variant[Any]
    horizon: Horizon
    by: str  #: Figure that parts are ranked by
    share: float  #: By which parts are made better
    prices: Design[Any] | None  #: None of a plant without prices
    base: tuple[Figures, ...]  #: Figures of every replication as the plant is
    effects: tuple[Effect, ...]  #: Of every part and way
    curves: Mapping[str, tuple[Effect, ...]]  #: Of tanks in several sizes
    refused: Mapping[str, str]  #: Remedies that do not fit the plant, and why
    failed: Mapping[str, str]  #: Remedies whose run failed, and why

    @property
    def failures(self) -> Sequence[str]:
        """The runs that failed."""
        return [f"{name}: {why}" for name, why in self.failed.items()]

    def ranked(self, by: str | None = None, way: str = REMOVED) -> tuple[Effect, ...]:
        """Return the parts by the size of what they change, those of known sign before others.

        Raises TypeError or LookupError: no such figure or way; tells what comes near.
        """
        name = word("by", self.by if by is None else by, self.units)
        word("way", way, (*WAYS, IN_FORCE))
        found = [each for each in self.effects if each.remedy.way == way]
        return tuple(sorted(found, key=lambda e: (not e.sure(name), -abs(e.changes[name].mean))))

    @cached_property
    def units(self) -> Mapping[str, str]:
        """Unit of every figure."""
        return units_of(self.variant.plant, self.prices)

    @property
    def shown(self) -> tuple[str, ...]:
        """The figures that the report has room for: what is ranked by, money, output or a waste."""
        plant = self.variant.plant
        names = (self.by, MARGIN, plant.product, *plant.headlines)
        return tuple(dict.fromkeys(name for name in names if name in self.units))[:MOST_SHOWN]

    def report(self) -> str:
        """Return what each part costs, the largest first."""
        return paragraphs(
            _heading(self),
            _table(self, REMOVED, "part removed"),
            _table(self, BETTER, f"better by {percent(self.share)}"),
            _table(self, IN_FORCE, "measure in force"),
            *(_curve_table(self, tank) for tank in self.curves),
            _notes(self),
        )

    def tables(self) -> Mapping[str, Table]:
        """Return every change of every part, and the curves of tanks."""
        columns = ("part", "kind", "way", "indicator", "unit", "change", "low", "high",
                   "replications_alike")  # fmt: skip
        found = {"parts": self.effects}
        if self.curves:
            found["curves"] = tuple(each for of in self.curves.values() for each in of)
        return {
            name: Table(
                columns,
                [
                    (e.remedy.part, e.remedy.kind, e.remedy.way, figure, self.units[figure],
                     of.mean, *of.ends, e.alike)
                    for e in effects
                    for figure, of in e.changes.items()
                ],
            )
            for name, effects in found.items()
        }  # fmt: skip

    def pictures(self) -> Mapping[str, Callable[[], Figure]]:
        """Return the parts by what they cost, and the curves of tanks."""
        drawn: dict[str, Callable[[], Figure]] = {"criticality": self._draw}
        if self.curves:
            drawn["curves"] = self._draw_curves
        return drawn

    def _draw(self) -> Figure:
        met = {each.remedy.way for each in self.effects}
        way = next((way for way in (*WAYS, IN_FORCE) if way in met), REMOVED)
        effects = self.ranked(way=way)[:SHOWN]
        figure, (ax,) = blank(1.8 + 0.32 * len(effects), 1)
        _bars(self, effects, ax)
        ax.set_title(_message(self, effects))
        return figure

    def _draw_curves(self) -> Figure:
        names = self.shown[:2]
        figure, axes = blank(1.0 + 2.6 * len(names), len(names))
        for ax, name in zip(axes, names, strict=True):
            _lines(self, name, ax)
        axes[0].set_title("What a tank of another size changes")
        axes[-1].set_xlabel("capacity, of the tank as it is")
        drawn, _ = axes[-1].get_legend_handles_labels()
        style.legend_below(axes[-1], list(drawn), columns=5)
        return figure

    def as_json(self) -> dict[str, Any]:
        """Return every change of every part, and the terms."""
        return {
            "by": self.by,
            "units": dict(self.units),
            "base": {
                name: sum(of[name] for of in self.base) / len(self.base) for name in self.units
            },
            "parts": [_plain(each) for each in self.effects],
            "curves": {tank: [_plain(each) for each in of] for tank, of in self.curves.items()},
            "ranked": {
                way: [each.remedy.part for each in self.ranked(way=way)]
                for way in (*WAYS, IN_FORCE)
            },
            "refused": dict(self.refused),
            "failed": dict(self.failed),
            "provenance": provenance(
                "criticality", self.variant, horizon=self.horizon, by=self.by, share=self.share,
                prices=None if self.prices is None else self.prices.tree,
            ),
        }  # fmt: skip


def criticality(
    schemes: Any = "none",
    *,
    by: str | None = None,
    ways: str = REMOVED,
    share: float = BETTER_BY,
    kinds: Sequence[str] = (),
    tanks: Sequence[str] = (),
    factors: Sequence[float] = FACTORS,
    years: float = 0.25,
    seed: int = 1,
    replications: int = 4,
    start: str = "01-01",
    prices: Any = None,
    runs: Path | str | None = None,
    workers: int | None = 1,
    plant: Plant = PLANT,
    design: Own = None,
    known: Known = None,
) -> Criticality:
    """Tell what each failure, crew, truck, spill, tank and shift costs, one removed at a time.

    The replications follow each other round the year, so four of a quarter see every season. Every
    part is a run in each of them: some 130 quarters of a year by default, of the chlorobenzene
    line. A failure mode that does not come up in a replication costs nothing there, and is not run.

    Parameters
    ----------
    by : str, optional
        Figure that parts are ranked by: ``margin`` or an indicator; by default the margin, of a
        plant without prices its product.
    ways : str
        ``removed``, ``better`` or ``both``; management measures are put in force either way.
    share : float
        By which parts are made better.
    kinds : sequence of str
        Kinds of parts, see `plant_models.methods.criticality`; all but ``capacity`` by default.
    tanks : sequence of str
        Tanks to try in several sizes, or ``all``.
    factors : sequence of float
        These sizes, of the tank as it is.
    years, replications
        Length of a run, and how many of each; by default a year in four quarters.
    runs : path, optional
        Folder that keeps the runs; the same call goes on from there.
    schemes, seed, start, workers, plant, design, known
        See `run`.
    prices
        See `money`.

    Raises
    ------
    LookupError, TypeError, ValueError
        No such figure, kind or tank.
    SimulationFault
        The plant as it is cannot run.
    """
    plant = plant_of(plant)
    horizon = Horizon(years, seed, replications, start)
    priced = prices_of(plant, prices)
    figures = units_of(plant, priced)
    usual = MARGIN if priced is not None else plant.product or plant.headlines[0]
    ranked_by = word("by", usual if by is None else by, figures)
    word("ways", ways, ASKED)
    better_by = number("share", share, *MADE_BETTER)
    if ways == REMOVED and better_by != BETTER_BY:
        raise ValueError(f"share: goes with ways 'better' or 'both', came {share:g}")
    variant = plant.variant(schemes, design=design, known=known)
    asked = remedies(
        variant,
        kinds=words("kinds", kinds, KINDS) or USUAL,
        ways=WAYS if ways == BOTH else (ways,),
        by=better_by,
    )
    sizes = _sizes(variant, tanks, factors)
    every = (*asked, *(each for of in sizes.values() for each in of))
    kept = None if runs is None else place("runs", runs)
    modes = {each.part: each for each in every if each.kind == FAILURE}
    base = _base(variant, horizon, tuple(modes.values()), kept, workers)
    tried = _tried(variant, every, base, horizon, kept and kept / CHANGED, workers)
    valued = _with_margin(variant, base, priced)

    def effects(of: Sequence[Remedy]) -> tuple[Effect, ...]:
        return tuple(
            _effect(
                each,
                valued,
                _with_margin(variant, tried.rows[each.name], priced, each.schemes),
                tried.alike[each.name],
            )
            for each in of
            if each.name in tried.rows and each.name not in tried.failed
        )

    return Criticality(
        variant,
        horizon,
        ranked_by,
        better_by,
        priced,
        valued,
        effects(asked),
        {tank: effects(of) for tank, of in sizes.items()},
        tried.refused,
        tried.failed,
    )


def units_of(plant: PlantModel[Any, Any], prices: Design[Any] | None) -> Mapping[str, str]:
    """Return the figures that parts may be ranked by, with their units."""
    figures = {name: unit for name, unit in plant.units.items() if name != "closure"}
    return figures if prices is None else {MARGIN: f"{plant.economy.currency}/yr", **figures}


def _sizes(
    variant: Variant[Any], tanks: Sequence[str], factors: object
) -> Mapping[str, tuple[Remedy, ...]]:
    """Return the sizes that are tried of each tank."""
    if isinstance(factors, str | Mapping) or not gives_each(factors):
        raise TypeError(f"factors: expected sizes, like (0.5, 1, 2), came {told(factors)}")
    steps = tuple(number("factors", each, 0.05, 20.0) for each in factors)
    if twice := {size for size in steps if steps.count(size) > 1}:
        raise ValueError(f"factors: expected each size once, came {min(twice):g} twice")
    if steps != FACTORS and not tanks:
        raise ValueError("factors: goes with tanks, which is not given")
    (named,) = [[tanks]] if isinstance(tanks, str) else need_names("criticality", tanks=tanks)
    built = tuple(variant.network.tanks)
    chosen = built if named == ["all"] else words("tanks", named, built)
    return {tank: curve(variant, tank, steps) for tank in chosen}


def _base(
    variant: Variant[Any],
    horizon: Horizon,
    modes: Sequence[Remedy],
    runs: Path | None,
    workers: int | None,
) -> list[Figures]:
    """Return the figures of every replication of the plant as it is."""
    units = {**variant.plant.units, **{mode.part: "1" for mode in modes}}
    cases = [Case(variant, n) for n in range(horizon.replications)]
    task = Runs(horizon, units, tuple(modes))
    rows = _run(cases, task, runs and runs / BASE, workers)
    for case, row in zip(cases, rows, strict=True):
        if isinstance(row, str):
            failed(f"the {variant.plant.name} with {case},", partial(task, case, 0), row)
    return [row for row in rows if not isinstance(row, str)]


def _run(
    cases: Sequence[Case], task: Runs, runs: Path | None, workers: int | None
) -> list[Figures | str]:
    """Return the figures of every case, or why it failed."""
    if not cases:
        return []
    table = run_cases(cases, task=task, store=runs, workers=workers, chunk=1)
    return [
        row["error"] if isinstance(row["error"], str) else {name: row[name] for name in task.units}
        for row in table.to_dict("records")
    ]


@dataclass
class _Tried:
    """What every remedy came to."""

    rows: dict[str, list[Figures]]  #: Of every replication, by name of the remedy
    alike: dict[str, int]
    refused: dict[str, str]
    failed: dict[str, str]


def _tried(
    variant: Variant[Any],
    asked: Sequence[Remedy],
    base: Sequence[Figures],
    horizon: Horizon,
    runs: Path | None,
    workers: int | None,
) -> _Tried:
    """Run every remedy in the replications in which it can change anything."""
    found = _Tried({}, {}, {}, {})
    cases: dict[tuple[str, int], Case] = {}
    for remedy in asked:
        try:
            changed = remedy.applied(variant)
        except ValueError as fault:
            found.refused[remedy.name] = str(fault)
            continue
        acting = [n for n, row in enumerate(base) if row.get(remedy.part, 1.0)]
        cases |= {(remedy.name, n): Case(changed, n, remedy.without) for n in acting}
        found.rows[remedy.name] = list(base)
        found.alike[remedy.name] = len(base) - len(acting)
    done = _run(list(cases.values()), Runs(horizon, variant.plant.units), runs, workers)
    for (name, n), row in zip(cases, done, strict=True):
        if isinstance(row, str):
            found.failed.setdefault(name, row)
        else:
            found.rows[name][n] = row
    return found


def _with_margin(
    variant: Variant[Any],
    rows: Sequence[Figures],
    prices: Design[Any] | None,
    measures: Sequence[str] = (),
) -> tuple[Figures, ...]:
    """Return the figures of runs with what they earn, the upkeep of all that is in place paid."""
    plant, ids = variant.plant, (*variant.schemes, *measures)
    own = tuple({name: row[name] for name in plant.units if name != "closure"} for row in rows)
    if prices is None:
        return own
    return tuple(
        {MARGIN: plant.economy.earned(row, ids, prices.tree), **each}
        for row, each in zip(rows, own, strict=True)
    )


def _effect(remedy: Remedy, base: Sequence[Figures], rows: Sequence[Figures], alike: int) -> Effect:
    changes = {
        name: _change([row[name] for row in rows], [row[name] for row in base]) for name in base[0]
    }
    return Effect(remedy, changes, alike)


def _change(those: Sequence[float], base: Sequence[float]) -> Interval:
    """Return the mean change; none at all where each is no more than two equal runs differ by."""
    apart = max(abs(one - other) for one, other in zip(those, base, strict=True))
    if apart <= DUST * max(1.0, *map(abs, base)):
        those = base
    return paired_difference(those, base)


def _heading(of: Criticality) -> list[str]:
    years = of.horizon.years
    total = years * of.horizon.replications
    return [
        f"Schemes {of.variant.name}: what each part costs, ranked by {of.by}",
        f"{counted(of.horizon.replications, 'replication')} of {counted(years, 'year')}, "
        f"one after the other round the year ({total:g} in all), seed {of.horizon.seed}",
    ]


def _table(of: Criticality, way: str, title: str) -> list[str]:
    ranked = of.ranked(way=way)
    if not ranked:
        return []
    acting = [each for each in ranked if any(_acts(each, name) for name in of.shown)]
    rows = [[each.remedy.part, *_cells(of, each)] for each in acting[:SHOWN]]
    header = [title, *(name.removesuffix("_t") for name in of.shown)]
    lines = text_table(header, rows) if rows else [f"{title}:"]
    if len(acting) > SHOWN:
        more = counted(len(acting) - SHOWN, "more part stands", "more parts stand")
        lines.append(f"{more} in the tables (--out, --json)")
    if len(acting) < len(ranked):
        still = counted(len(ranked) - len(acting), "part changes", "parts change")
        lines.append(f"{still} nothing that is shown")
    return lines


def _acts(each: Effect, name: str) -> bool:
    """Whether it changes anything."""
    change = each.changes[name]
    return change.mean != 0.0 or (change.n > 1 and change.half_width > 0.0)


def _cells(of: Criticality, each: Effect) -> list[str]:
    cells = []
    for name in of.shown:
        if not _acts(each, name):
            cells.append("0 ")
            continue
        cell = with_width(each.changes[name], _unit(of, name)[0], signed=True)
        cells.append(f"{cell}{'*' if each.sure(name) else ' '}")
    return cells


def _unit(of: Criticality, name: str) -> tuple[float, str]:
    """Return what a figure is told in, of its own unit, and how that is written."""
    economy = of.variant.plant.economy if name == MARGIN else None
    if economy is None:
        return 1.0, unit_of(of.units[name])
    return economy.unit, f"{economy.unit_word}/yr"


def _curve_table(of: Criticality, tank: str) -> list[str]:
    header = [tank, *(name.removesuffix("_t") for name in of.shown)]
    return text_table(header, [[e.remedy.way, *_cells(of, e)] for e in of.curves[tank]])


def _notes(of: Criticality) -> list[str]:
    shown = ", ".join(f"{name.removesuffix('_t')} ({_unit(of, name)[1]})" for name in of.shown)
    lines = [
        f"figures: {shown}",
        "changes: with a part removed, or made better, less the plant as it is",
    ]
    if of.horizon.replications > 1:
        lines += ["*: the 95 % interval of this change alone leaves out 0; parts marked in the",
                  "ranked figure come first"]  # fmt: skip
    else:
        lines.append("One replication says nothing of chance: --replications 4")
    if any(each.remedy.kind == TANK for each in of.effects) or of.curves:
        lines += [
            "a larger tank also fills once, which counts as output lost: the more, the shorter the",
            "runs are; judge tanks with --years 1 or more",
        ]
    alike = sum(each.alike for each in of.effects)
    if alike:
        lines.append(
            f"{counted(alike, 'run')} left out: a failure mode that never came up costs nothing"
        )
    if any(each.remedy.kind == MEASURE for each in of.effects):
        lines.append("a measure is in full force all the time; how it wears off: review")
    return lines + [f"not tried: {name}: {why}" for name, why in of.refused.items()]


def _message(of: Criticality, effects: Sequence[Effect]) -> str:
    """Return the one thing that the picture says."""
    if not effects:
        return f"No part of {of.variant.name} was tried"
    first = effects[0]
    if not first.sure(of.by):
        return f"So few runs do not tell which part costs most {of.by}"
    away = f"{percent(of.share)} better" if first.remedy.way == BETTER else first.remedy.way
    return f"{of.variant.name}: {first.remedy.part} {away} changes {of.by} most"


def _bars(of: Criticality, effects: Sequence[Effect], ax: Axes) -> None:
    unit, label = _unit(of, of.by)
    for y, each in enumerate(effects):
        change = each.changes[of.by]
        colour = style.VERMILION if each.sure(of.by) else style.PALE
        ax.barh(y, change.mean / unit, height=0.7, color=colour)
        if change.n > 1:
            ax.errorbar(change.mean / unit, y, xerr=change.half_width / unit, color=style.INK,
                        linewidth=1.0, capsize=3)  # fmt: skip
    ax.axvline(0.0, color=style.INK, linewidth=1.0)
    ax.set_yticks(range(len(effects)), [each.remedy.part for each in effects])
    ax.set_ylim(max(len(effects), 1) - 0.4, -0.6)
    ax.set_xlabel(f"change of {of.by}, {style.raised(label)}; lines: 95 % intervals")
    style.thousands(ax.xaxis)
    colours = {"sign known": style.VERMILION, "sign not known": style.PALE}
    style.legend_below(ax, style.patches(colours), columns=2)
    style.frameless(ax, grid=True)


def _lines(of: Criticality, name: str, ax: Axes) -> None:
    unit, label = _unit(of, name)
    for n, (tank, effects) in enumerate(of.curves.items()):
        line: dict[str, Any] = {
            "color": f"C{n % COLOURS}",
            "linestyle": LINES[n // COLOURS % len(LINES)],
        }
        sizes = [float(each.remedy.way.removeprefix("x ")) for each in effects]
        means = [each.changes[name].mean / unit for each in effects]
        if of.horizon.replications > 1:
            widths = [each.changes[name].half_width / unit for each in effects]
            ax.errorbar(sizes, means, yerr=widths, marker="o", capsize=3, label=tank, **line)
        else:
            ax.plot(sizes, means, marker="o", label=tank, **line)
    ax.axhline(0.0, color=style.INK, linewidth=0.5)
    ax.set_ylabel(f"{name}, {style.raised(label)}")
    style.thousands(ax.yaxis)
    style.open_frame(ax)


def _plain(each: Effect) -> dict[str, Any]:
    remedy = each.remedy
    return {
        "part": remedy.part,
        "kind": remedy.kind,
        "way": remedy.way,
        "values": plain(remedy.values),
        "without": list(remedy.without),
        "replications_alike": each.alike,
        "changes": {name: plain(of) for name, of in each.changes.items()},
    }
