"""How often each vent and outfall of a design is beyond the limits that apply to it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.output.answer import Answer, Table
from experiments.output.provenance import provenance
from experiments.runner.executors import check_workers
from experiments.runner.faults import at_work
from experiments.runner.horizon import Horizon
from experiments.runner.loop import each
from experiments.runner.tasks import CLOCKS, EVENTS, STEADY
from experiments.studies import Known, Own, Plant, plant_of
from plant_models.arguments import place, word
from plant_models.calendar import hours_of
from plant_models.chlorobenzene.figures.beyond import Beyond
from plant_models.chlorobenzene.model import PLANT
from plant_models.methods.standards import Applied, Figure, Standards
from plant_models.model import Variant
from sim.clock.random_streams import RandomStreams
from sim.clock.watch import Exposure, Watch, mean_outflows
from sim.tables import readable, text_table

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Picture


Exposures = Mapping[Figure, Exposure]

RECALLED = "*"
WORTH_A_ROW = 0.1  # of the limit; what never comes nearer is counted, not shown
COLUMNS = (
    *("point", "component", "unit", "lowest_allowed", "highest_allowed", "recalled", "source"),
    *("hours", "hours_beyond", "share_of_all_hours", "mean", "lowest", "highest"),
)


@dataclass(frozen=True, repr=False)
class Limits(Answer):
    """How a design keeps the limits."""

    variant: Variant[Any]
    standards: Standards
    horizon: Horizon | None  #: None at constant conditions
    hours: float  #: Time watched, h; of the steady state its operating hours
    exposures: Exposures  #: Of every figure that ever had a value
    without: tuple[str, ...] = ()  #: Event sources that were left out

    def share(self, figure: Figure) -> float:
        """Return the share of all hours in which a figure is beyond its limit, h/h."""
        exposure = self.exposures.get(figure)
        return exposure.beyond / self.hours if exposure is not None else 0.0

    def report(self) -> str:
        """Return the vents and outfalls that come near a limit, and for how long beyond it."""
        lines, shown = [_heading(self), ""], 0
        for section in self.standards.sections:
            rows = _shown(section.figures, self)
            shown += len(rows)
            lines += [section.title, *_table(rows, self), ""]
        return "\n".join([*lines, *_notes(self, shown)])

    def tables(self) -> Mapping[str, Table]:
        """Return every figure with its limit."""
        rows = [
            (*figure, *limit.bounds, limit.recalled, limit.source, of.hours, of.beyond,
             self.share(figure), of.mean, of.lowest, of.highest)
            for figure, limit in self.standards.applied.items()
            if (of := self.exposures.get(figure)) is not None
        ]  # fmt: skip
        return {"limits": Table(COLUMNS, rows)}

    def pictures(self) -> Mapping[str, Callable[[], Picture]]:
        """Return the hours beyond limits."""
        return {"limits": self._draw}

    def _draw(self) -> Picture:
        from experiments.output.pictures import blank
        from plant_models.chlorobenzene.figures.beyond import beyond_limits, picture_height

        rows = picture_rows(self)
        figure, (ax,) = blank(picture_height(rows), 1)
        beyond_limits(rows, ax, span=self.hours)
        ax.set_title(f"{self.variant.name}: {ax.get_title()}")
        ax.set_xlabel(f"{ax.get_xlabel()}; *: limit recalled from memory, not re-read")
        return figure

    def as_json(self) -> dict[str, Any]:
        """Return every figure with its limit, and the terms."""
        return {
            "figures": self.tables()["limits"].records,
            "hours": self.hours,
            "terms": dict(self.standards.asked),
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
    return f"{start}events{runs}, seed {of.seed}"


def _shown(figures: Sequence[Figure], kept: Limits) -> list[tuple[Figure, Applied, Exposure]]:
    rows = []
    for figure in figures:
        limit, exposure = kept.standards.applied[figure], kept.exposures.get(figure)
        if exposure is not None:
            low, high = limit.bounds
            near = exposure.highest >= WORTH_A_ROW * high and low == 0.0
            if near or exposure.beyond > 0.0:
                rows.append((figure, limit, exposure))
    return rows


def _table(rows: Sequence[tuple[Figure, Applied, Exposure]], kept: Limits) -> list[str]:
    header = ["point", "pollutant", "limit", "mean", "highest", "hours", "beyond", "share of all"]
    cells = []
    for figure, limit, exposure in rows:
        low, high = limit.bounds
        bounds = f"{low:g}-{high:g}" if low else f"{high:.3g}"
        cells.append(
            [
                *kept.standards.words(figure),
                bounds + (RECALLED if limit.recalled else " "),
                readable(exposure.mean),
                readable(exposure.highest),
                f"{exposure.hours:,.0f}",
                f"{exposure.beyond:,.0f}",
                f"{kept.share(figure):.1%}",
            ]
        )
    return text_table(header, cells, left=(0, 1)) if cells else ["nothing comes near a limit"]


def _notes(kept: Limits, shown: int) -> list[str]:
    left = len(kept.exposures) - shown
    return [
        f"{RECALLED} limit recalled from memory, not re-read in the standard",
        f"{left} more figures stay below a tenth of their limit, or within their bounds",
        "hours: in which something left there; share of all: of the whole time",
        *kept.standards.notes,
        *(["constant conditions spread deliveries and shifts evenly over the year, so vents of"
           " loading look", "calmer than they are: see --clock events"]
          if kept.horizon is None else []),
    ]  # fmt: skip


def picture_rows(kept: Limits) -> list[Beyond]:
    """Return what is beyond a limit at some time, as its picture shows it."""
    rows = []
    for section in kept.standards.sections:
        for figure, limit, exposure in _shown(section.figures, kept):
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
    limits_file: Path | str | None = None,
    clock: str = EVENTS,
    years: float = 1.0,
    seed: int = 1,
    replications: int = 1,
    start: str = "01-01",
    without: Collection[str] = (),
    workers: int | None = 1,
    plant: Plant = PLANT,
    design: Own = None,
    known: Known = None,
    **terms: Any,
) -> Limits:
    """Say how often each vent and outfall is beyond the limits of its day.

    Rates are exact between two events; compositions are those of the tanks at the event before.

    Parameters
    ----------
    limits_file : path, optional
        A TOML file of limits instead of the plant's own.
    clock : str
        ``events``, or ``steady`` for constant conditions: beyond a limit always or never.
    without : collection of str
        Event sources to leave out.
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
        if left_out:
            raise ValueError("without: a steady state has no events to leave out")
    file = None if limits_file is None else place("limits_file", limits_file)
    standards = plant.limits(file, **terms)
    variant = plant.variant(schemes, design=design, known=known)
    if clock == STEADY:
        with at_work(f"the {plant.name} with {variant.name}"):
            return Limits(variant, standards, None, *_steady(variant, standards))
    jobs = [(variant, standards, horizon, left_out, n) for n in range(horizon.replications)]
    parts = each(_watched, jobs, workers, "limits")
    hours = sum(part[0] for part in parts)
    exposures = _added([part[1] for part in parts])
    return Limits(variant, standards, horizon, hours, exposures, left_out)


def _steady(variant: Variant[Any], standards: Standards) -> tuple[float, Exposures]:
    outcome = variant.plant.steady_state(variant)
    watch = _watch(standards)
    watch.look(0.0, mean_outflows(outcome.ledger))
    watch.close(outcome.operating_hours)
    return watch.hours, _met(watch)


def _watched(
    variant: Variant[Any],
    standards: Standards,
    horizon: Horizon,
    without: tuple[str, ...],
    replication: int,
) -> tuple[float, Exposures]:
    watch = _watch(standards)
    with at_work(f"the {variant.plant.name} with {variant.name}, replication {replication + 1},"):
        plant = variant.plant.running(
            variant,
            RandomStreams(horizon.seed, replication),
            without=without,
            start_hour=horizon.start_hour,
            watch=watch,
        ).plant
        plant.run(hours_of(horizon.years))
        plant.ledger().certificate().enforce()
    return watch.hours, _met(watch)


def _watch(standards: Standards) -> Watch[Figure]:
    bounds = {figure: limit.bounds for figure, limit in standards.applied.items()}
    return Watch(standards.figures, bounds)


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
