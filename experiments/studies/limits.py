"""How often each vent and outfall of a design is beyond the limits that apply to it."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.bounds import CLOCKS, EVENTS, STEADY
from experiments.output.answer import Answer, Table, plain
from experiments.output.provenance import provenance
from experiments.runner.executors import check_workers
from experiments.runner.faults import at_work, run_of
from experiments.runner.horizon import Horizon
from experiments.runner.loop import each
from experiments.studies import Known, Own, Plant, plant_of
from plant_models.arguments import place, word
from plant_models.calendar import hours_of
from plant_models.chlorobenzene.figures.beyond import Beyond
from plant_models.chlorobenzene.model import PLANT
from plant_models.methods.standards import Applied, Figure, Rule, Standards
from plant_models.model import PlantModel, Variant
from sim.clock.random_streams import RandomStreams
from sim.clock.recorder import Recorder
from sim.clock.watch import Exposure, Outflows, Watch, mean_outflows
from sim.clock.windows import (
    DAY,
    HOUR,
    LENGTHS,
    WORST,
    YEAR,
    Bad,
    Judged,
    Parts,
    Windows,
    by_cause,
    by_end,
)
from sim.errors import need_kind, told
from sim.tables import counted, readable, text_table, words

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Picture


Exposures = Mapping[Figure, Exposure]
Windowed = Sequence[Mapping[str, Judged]]
"""How each rule is kept over windows of each length, in the order of the rules."""

RECALLED = "*"
WIDTH = 100  # characters of a line
WORTH_A_ROW = 0.1  # of the limit; what never comes nearer is counted, not shown
COLUMNS = (
    *("point", "component", "unit", "lowest_allowed", "highest_allowed", "recalled", "source"),
    *("hours", "hours_beyond", "share_of_all_hours", "mean", "lowest", "highest"),
    *("over", "windows", "windows_beyond", "longest_h", "highest_hour", "highest_day"),
    *("share_of_hours", "share_of_days", "years_beyond", "years"),
)
OF_WORST = ("rank", "point", "component", "unit", "replication", "hour", "mean", "limit", "cause",
            "share", "mostly_from", "out_of_order", "events")  # fmt: skip
SLIGHT = 0.005  # a share that is not worth a word
TOLD_EVENTS = 4  # of an hour and the one before


@dataclass(frozen=True)
class Worst:
    """One of the worst hours of a figure."""

    replication: int  #: From 0
    began: float  #: At the start of the hour, h of the run
    times: float  #: How many times the limit
    value: float  #: The mean of the hour, in the unit of the figure
    causes: Mapping[str, float]  #: Share of each cause in what left there, 1
    ends: Mapping[str, float]  #: Share of each vent or outfall in it, 1
    out: tuple[str, ...]  #: What was out of order, or stood, in that hour
    events: tuple[str, ...]  #: What happened in it, and in the hour before


@dataclass(frozen=True, repr=False)
class Limits(Answer):
    """How a design keeps the limits."""

    variant: Variant[Any]
    standards: Standards
    horizon: Horizon | None  #: None at constant conditions
    hours: float  #: Time watched, h; of the steady state its operating hours
    exposures: Exposures  #: Of every figure that ever had a value
    windowed: Windowed  #: Means over hours, days and years against every rule
    worst: Mapping[Figure, Sequence[Worst]]  #: The worst hours of each figure, the worst first
    asked: Figure | None = None  #: The figure whose worst hours are printed
    without: tuple[str, ...] = ()  #: Event sources that were left out

    @property
    def broken(self) -> Sequence[Rule]:
        """The rules of which a mean over their own window is beyond the limit."""
        rules = zip(self.standards.rules, self.windowed, strict=True)
        return [rule for rule, judged in rules if judged[rule[1].over].beyond]

    def share(self, figure: Figure) -> float:
        """Return the share of all hours in which a figure is beyond its limit, h/h."""
        need_kind("share", Figure, figure=figure)
        exposure = self.exposures.get(figure)
        return exposure.beyond / self.hours if exposure is not None else 0.0

    def report(self) -> str:
        """Return the vents and outfalls that come near a limit, and for how long beyond it."""
        lines, shown = [_heading(self), ""], 0
        for section in self.standards.sections:
            rows = _shown(section.figures, self)
            shown += len(rows)
            lines += [section.title, *_table(rows, self), ""]
        return "\n".join([*lines, *_worst(self), *_notes(self, shown)])

    def tables(self) -> Mapping[str, Table]:
        """Return every figure with its limit."""
        rows = [
            (*figure, *limit.bounds, limit.recalled, limit.source, of.hours, of.beyond,
             self.share(figure), of.mean, of.lowest, of.highest, *_windows(limit, judged))
            for (figure, limit), judged in zip(self.standards.rules, self.windowed, strict=True)
            if (of := self.exposures.get(figure)) is not None
        ]  # fmt: skip
        found = {"limits": Table(COLUMNS, rows)}
        if self.horizon is not None:
            found["worst"] = Table(OF_WORST, list(_worst_rows(self)))
        return found

    def pictures(self) -> Mapping[str, Callable[[], Picture]]:
        """Return the hours beyond limits."""
        return {"limits": self._draw}

    def _draw(self) -> Picture:
        from plant_models.chlorobenzene.figures.beyond import beyond_limits, picture_height
        from plant_models.chlorobenzene.figures.style import blank

        rows = picture_rows(self)
        figure, (ax,) = blank(picture_height(rows), 1)
        beyond_limits(rows, ax, span=self.hours)
        ax.set_title(f"{self.variant.name}: {ax.get_title()}")
        if _recalled(self):
            ax.set_xlabel(f"{ax.get_xlabel()}; *: limit recalled from memory, not re-read")
        return figure

    def as_json(self) -> dict[str, Any]:
        """Return every figure with its limit, and the terms."""
        return {
            "figures": self.tables()["limits"].records,
            "hours": self.hours,
            "terms": dict(self.standards.asked),
            "broken": [[*figure, limit.over] for figure, limit in self.broken],
            "worst": {
                ", ".join(figure): [plain(each) for each in hours]
                for figure, hours in self.worst.items()
                if any(each.times > 1.0 for each in hours)
            },
            "provenance": provenance(
                "limits",
                self.variant,
                horizon=self.horizon,
                clock=STEADY if self.horizon is None else EVENTS,
                terms=self.standards.asked,
                without=self.without,
            ),
        }


def _heading(kept: Limits) -> str:
    start, of = f"Schemes {kept.variant.name}: {kept.hours:,.0f} h of ", kept.horizon
    if of is None:
        return f"{start}constant conditions"
    runs = f", {of.replications} replications" if of.replications > 1 else ""
    first = f" from {of.first_day}" if of.start_hour else ""
    return f"{start}events{first}{runs}, seed {of.seed}"


def _windows(limit: Applied, judged: Mapping[str, Judged]) -> tuple[Any, ...]:
    own = judged[limit.over]
    years = judged[YEAR]
    return (
        limit.over, own.windows, own.beyond, own.longest * LENGTHS[limit.over],
        *(_known(judged[name].highest) for name in (HOUR, DAY)),
        *(judged[name].share if judged[name].windows else None for name in (HOUR, DAY)),
        years.beyond, years.windows,
    )  # fmt: skip


def _known(value: float) -> float | None:
    return value if math.isfinite(value) else None


Row = tuple[Figure, Applied, Exposure, Mapping[str, Judged]]


def _shown(figures: Sequence[Figure], kept: Limits) -> list[Row]:
    rows = []
    place = {figure: n for n, figure in enumerate(figures)}
    for (figure, limit), judged in zip(kept.standards.rules, kept.windowed, strict=True):
        exposure = kept.exposures.get(figure)
        if exposure is not None and figure in place:
            low, high = limit.bounds
            near = exposure.highest >= WORTH_A_ROW * high and low == 0.0
            if near or exposure.beyond > 0.0 or judged[limit.over].beyond:
                rows.append((figure, limit, exposure, judged))
    return sorted(rows, key=lambda row: place[row[0]])


def _table(rows: Sequence[Row], kept: Limits) -> list[str]:
    header = ["point", "pollutant", "limit", "mean", "highest", "hours", "days", "year",
              "longest"]  # fmt: skip
    cells = []
    for figure, limit, exposure, judged in rows:
        low, high = limit.bounds
        bounds = f"{low:g}-{high:g}" if low else f"{high:,.0f}" if high >= 1000.0 else f"{high:.3g}"
        shares = [
            f"{judged[name].share:.1%}{'!' if name == limit.over else ' '}"
            if judged[name].windows
            else "- "
            for name in LENGTHS
        ]
        longest = judged[limit.over].longest * LENGTHS[limit.over]
        cells.append(
            [
                *kept.standards.words(figure),
                bounds + (RECALLED if limit.recalled else " "),
                readable(exposure.mean),
                readable(exposure.highest),
                *shares,
                f"{longest:,.0f} h",
            ]
        )
    return text_table(header, cells, left=(0, 1)) if cells else ["nothing comes near a limit"]


def _worst(kept: Limits) -> list[str]:
    """Return the worst hours of the figure that is asked about."""
    figure = kept.asked
    if figure is None or not kept.worst.get(figure):
        return []
    point, pollutant = kept.standards.words(figure)
    rows = [
        [
            f"{n}",
            f"{each.began:,.0f}" + (f" of {each.replication + 1}" if each.replication else ""),
            readable(each.value),
            _largest(each.causes),
            _largest(each.ends),
        ]
        for n, each in enumerate(kept.worst[figure], start=1)
    ]
    told = ["; ".join((*each.out, *each.events)) for each in kept.worst[figure]]
    happened = [[f"{n}", each or "nothing out of order"] for n, each in enumerate(told, start=1)]
    listed = text_table(["", "out of order; events"], happened, left=(1,))
    return [
        f"the worst hours: {pollutant}, {point}",
        *text_table(["", "hour", figure.unit, "causes", "from"], rows, left=(3, 4)),
        "",
        *(map(_cut, listed) if any(told) else ["nothing out of order in any of them"]),
        "",
    ]


def _cut(line: str) -> str:
    return line if len(line) <= WIDTH else f"{line[: WIDTH - 3]}..."


def _largest(shares: Mapping[str, float]) -> str:
    """Return the two largest shares in words."""
    told = [f"{words(name)} {share:.0%}" for name, share in shares.items() if share >= SLIGHT]
    return ", ".join(told[:2])


def _worst_rows(kept: Limits) -> Iterator[tuple[Any, ...]]:
    bounds = {figure: limit.bounds for figure, limit in reversed(kept.standards.rules)}
    for figure, hours in kept.worst.items():
        for rank, bad in enumerate(hours, start=1):
            for cause, share in bad.causes.items():
                yield (
                    rank, *figure, bad.replication + 1, bad.began, bad.value, bounds[figure][1],
                    cause, share, next(iter(bad.ends), ""), "; ".join(bad.out),
                    "; ".join(bad.events),
                )  # fmt: skip


def _notes(kept: Limits, shown: int) -> list[str]:
    left = len(kept.exposures) - shown
    starred = f"{RECALLED} limit recalled from memory, not re-read in the standard"
    below = counted(left, "more figure stays", "more figures stay")
    return [
        *([starred] * _recalled(kept)),
        *([f"{below} below a tenth of the limit, or within their bounds"] * (left > 0)),
        "hours, days, year: share of the means over clock hours, days and years beyond the limit;",
        "!: the window that the limit is for; longest: how long without a break; highest: ever",
        *kept.standards.notes,
        *(["constant conditions spread deliveries and shifts evenly over the year, so vents of"
           " loading look", "calmer than they are: see --clock events"]
          if kept.horizon is None else []),
    ]  # fmt: skip


def _recalled(kept: Limits) -> bool:
    """Return whether somebody marked a limit as recalled."""
    return any(limit.recalled for _, limit in kept.standards.rules)


def picture_rows(kept: Limits) -> list[Beyond]:
    """Return what is beyond a limit at some time, as its picture shows it."""
    rows = []
    for section in kept.standards.sections:
        for figure, limit, exposure, _ in _shown(section.figures, kept):
            if exposure.beyond == 0.0:
                continue
            low, high = limit.bounds
            point, pollutant = kept.standards.words(figure)
            if low:
                told = f"from {exposure.lowest:.1f} to {exposure.highest:.1f}"
            else:
                times = exposure.highest / high
                told = f"up to {times:,.0f} times" if times >= 100.0 else f"up to {times:.3g} times"
            name = f"{point}: {pollutant}{RECALLED if limit.recalled else ''}"
            rows.append(Beyond(section.short, name, exposure.hours, exposure.beyond, told))
    return rows


def limits(
    schemes: Any = "none",
    *,
    limits_file: Path | str | Standards | None = None,
    clock: str = EVENTS,
    years: float = 1.0,
    seed: int = 1,
    replications: int = 1,
    start: str = "01-01",
    without: Collection[str] = (),
    worst: str = "",
    workers: int | None = 1,
    plant: Plant = PLANT,
    design: Own = None,
    known: Known = None,
    **terms: Any,
) -> Limits:
    """Say how often each vent and outfall is beyond the limits of its day, by hour, day and year.

    The means over clock hours, days and years are of what the books say at the ends of the window,
    also where it ends between two events. Nothing is sampled.
    A concentration is that of all that left in the window, mixed.

    Parameters
    ----------
    limits_file : path or Standards, optional
        A TOML file of limits instead of the plant's own, or limits that were made in Python.
    clock : str
        ``events``, or ``steady`` for constant conditions: beyond a limit always or never.
    without : collection of str
        Event sources to leave out.
    worst : str
        Pollutant whose worst ten hours are printed, of all vents or outfalls together; by default
        the one that is beyond its limit for the largest share of the time, and the furthest, of the
        vents first.
    **terms
        Which of the limits apply: for the chlorobenzene line ``set_up``, ``grade``, ``stack`` and
        ``water_grade``.

    schemes, years, seed, replications, start, workers, plant, design, known
        See `run`.
    """
    plant = plant_of(plant)
    word("clock", clock, CLOCKS)
    horizon = Horizon(years, seed, replications, start)
    left_out = plant.left_out(without)
    check_workers(workers)
    if clock == STEADY:
        horizon.refuse_at_rest()
        if worst:
            raise ValueError(f"worst: a steady state has no worst hours, came {told(worst)}")
        if left_out:
            raise ValueError("without: a steady state has no events to leave out")
    standards = _standards(plant, limits_file, terms)
    variant = plant.variant(schemes, design=design, known=known)
    asked = _asked(worst, standards)
    if clock == STEADY:
        with at_work(run_of(variant)):
            return Limits(variant, standards, None, *_steady(variant, standards), {})
    jobs = [(variant, standards, horizon, left_out, n) for n in range(horizon.replications)]
    parts = each(_watched, jobs, workers, "limits")
    hours = sum(part.hours for part in parts)
    exposures = _added([part.exposures for part in parts])
    windowed = [
        {name: _joined([part.windowed[n][name] for part in parts]) for name in LENGTHS}
        for n in range(len(standards.rules))
    ]
    bad = {figure: _worst_of(parts, figure) for figure in exposures if standards.applied}
    figure = asked or _most_broken(standards, windowed, bad)
    return Limits(variant, standards, horizon, hours, exposures, windowed, bad, figure, left_out)


def _standards(
    plant: PlantModel[Any, Any],
    limits_file: Path | str | Standards | None,
    terms: Mapping[str, Any],
) -> Standards:
    if isinstance(limits_file, Standards):
        for name in terms:
            raise TypeError(f"{name}: goes with a file of limits, and these were made with terms")
        return limits_file
    file = None if limits_file is None else place("limits_file", limits_file)
    return plant.limits(file, **terms)


@dataclass(frozen=True)
class _Part:
    """What one run came to."""

    hours: float
    exposures: Exposures
    windowed: Windowed
    worst: Mapping[Figure, Sequence[Worst]]


def _asked(worst: str, standards: Standards) -> Figure | None:
    """Return the figure of a pollutant whose worst hours are asked for."""
    given: object = worst
    if isinstance(given, str) and given == "":
        return None
    last_first = tuple(standards.applied)[::-1]
    known = {figure.component: figure for figure in last_first}
    together = _together(standards)
    known |= {figure.component: figure for figure in last_first if figure in together}
    return known[word("worst", worst, known)]


def _together(standards: Standards) -> Collection[Figure]:
    """Return the figures of all vents, or all outfalls, together."""
    return [figure for figure in standards.applied if figure.point.startswith("all ")]


def _most_broken(
    standards: Standards, windowed: Windowed, worst: Mapping[Figure, Sequence[Worst]]
) -> Figure | None:
    """Return the figure that is beyond its limit for the largest share of its windows.

    Of all vents together if one of theirs is beyond, else of all outfalls, else of any point; of
    equal ones that with the worst hour.
    """
    share = {
        figure: judged[limit.over].share
        for (figure, limit), judged in zip(standards.rules, windowed, strict=True)
        if judged[limit.over].beyond
    }
    together = _together(standards)
    first = next((figure.point for figure in share if figure in together), None)
    asked = [figure for figure in share if first is None or figure.point == first]
    times = {figure: hours[0].times for figure, hours in worst.items() if hours}
    return max(asked, key=lambda figure: (share[figure], times.get(figure, 0.0)), default=None)


def _joined(parts: Sequence[Judged]) -> Judged:
    return reduce(Judged.with_, parts)


def _worst_of(parts: Sequence[_Part], figure: Figure) -> list[Worst]:
    every = [each for part in parts for each in part.worst.get(figure, ())]
    return sorted(every, key=lambda each: (-each.times, each.replication, each.began))[:WORST]


def _steady(variant: Variant[Any], standards: Standards) -> tuple[float, Exposures, Windowed]:
    outcome = variant.plant.steady_state(variant)
    watch = _watch(standards)
    watch.passed(outcome.operating_hours, mean_outflows(outcome.ledger))
    hours, met = watch.hours, _met(watch)
    watch.passed(LENGTHS[YEAR], {})  # the rest of the year it stands
    return hours, met, watch.judged


def _watched(
    variant: Variant[Any],
    standards: Standards,
    horizon: Horizon,
    without: tuple[str, ...],
    replication: int,
) -> _Part:
    watch, told = _watch(standards), Recorder()
    with at_work(run_of(variant, replication)):
        plant = variant.plant.running(
            variant,
            RandomStreams(horizon.seed, replication),
            without=without,
            start_hour=horizon.start_hour,
            watch=watch,
            recorder=told,
        ).plant
        plant.run(hours_of(horizon.years))
        plant.ledger().certificate().enforce()
    met = _met(watch)
    worst = {figure: hours for figure, hours in watch.worst.items() if figure in met}
    hours_of_all = {each.began: each.parts for hours in worst.values() for each in hours}
    known = {began: _Hour.of(began, parts, told) for began, parts in hours_of_all.items()}
    bad = {
        figure: [_explained(figure, each, standards, known[each.began], replication) for each in of]
        for figure, of in worst.items()
    }
    return _Part(watch.hours, met, watch.judged, bad)


@dataclass(frozen=True)
class _Hour:
    """What left in an hour, and what happened: it may be among the worst of many figures."""

    by_cause: Mapping[str, Outflows]
    by_end: Mapping[str, Outflows]
    out: tuple[str, ...]
    events: tuple[str, ...]

    @classmethod
    def of(cls, began: float, parts: Parts, told: Recorder) -> _Hour:
        return cls(by_cause(parts), by_end(parts), *_happened(told.events, began))


def _explained(
    figure: Figure, bad: Bad, standards: Standards, hour: _Hour, replication: int
) -> Worst:
    """Return a bad hour with its causes: what the books say, what was out, what happened."""
    causes = _shares(figure, hour.by_cause, standards)
    ends = _shares(figure, hour.by_end, standards)
    return Worst(replication, bad.began, bad.times, bad.value, causes, ends, hour.out, hour.events)


def _shares(
    figure: Figure, parts: Mapping[str, Outflows], standards: Standards
) -> Mapping[str, float]:
    """Return which share of what a figure counts is in each part, 1, the largest first."""
    amounts = {name: standards.amount(figure, flows) for name, flows in parts.items()}
    whole = sum(amounts.values())
    return {name: kg / whole for name, kg in sorted(amounts.items(), key=_less) if kg > 0.0}


def _less(each: tuple[str, float]) -> float:
    return -each[1]


GOES_OUT = ("failed", "in maintenance", "out of service", "annual shutdown begins")
COMES_BACK = ("back", "annual shutdown ends")


def _happened(
    events: Sequence[tuple[float, str, str]], began: float
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return what was out of order in an hour, and what happened in it and the hour before."""
    out: dict[str, float] = {}
    near = []
    for hour, who, what in events:
        if hour >= began + LENGTHS[HOUR]:
            break
        if what.startswith(GOES_OUT):
            out[who] = hour
        elif what in COMES_BACK:
            out.pop(who, None)
        if hour >= began - LENGTHS[HOUR]:
            near.append(f"{who} {what}")
    since = tuple(_since(who, began - hour) for who, hour in out.items())
    return since, tuple(near[-TOLD_EVENTS:])


def _since(who: str, hours: float) -> str:
    """Return how long something had been out of order when the hour began.

    >>> _since("absorber", -0.2), _since("absorber", 5.4)
    ('absorber out within the hour', 'absorber out for 5 h')
    """
    return f"{who} out within the hour" if hours < 0.5 else f"{who} out for {hours:.0f} h"


def _watch(standards: Standards) -> Windows[Figure]:
    bounds = {figure: limit.bounds for figure, limit in standards.applied.items()}
    rules = [(figure, limit.bounds) for figure, limit in standards.rules]
    return Windows(standards.figures, bounds, rules)


def _met(watch: Watch[Figure]) -> Exposures:
    return {figure: of for figure, of in watch.exposures.items() if of.hours > 0.0}


def _added(parts: list[Exposures]) -> Exposures:
    """Return the exposures of all runs together."""
    found: dict[Figure, Exposure] = {}
    for part in parts:
        for figure, of in part.items():
            was = found.get(figure, Exposure())
            found[figure] = Exposure(
                was.hours + of.hours,
                was.beyond + of.beyond,
                was.total + of.total,
                min(was.lowest, of.lowest),
                max(was.highest, of.highest),
            )
    return found
