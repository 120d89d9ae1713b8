"""How the limits are kept: the table of every figure, the report, and the rows of the picture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from experiments.output.answer import Table
from experiments.runner.horizon import Horizon
from plant_models.chlorobenzene.figures.beyond import Beyond
from plant_models.methods.standards import Applied, Figure, Standards
from plant_models.model import Variant
from sim.clock.watch import Exposure
from sim.tables import readable, text_table

RECALLED = "*"
WORTH_A_ROW = 0.1  # of the limit; what never comes nearer is counted, not shown
COLUMNS = (
    *("point", "component", "unit", "lowest_allowed", "highest_allowed", "recalled", "source"),
    *("hours", "hours_beyond", "share_of_all_hours", "mean", "lowest", "highest"),
)


@dataclass(frozen=True)
class Compliance:
    """How a design keeps the limits.

    Parameters
    ----------
    variant : Variant
    standards : Standards
    horizon : Horizon, optional
        None at constant conditions.
    hours : float
        Time watched, h; of the steady state its operating hours.
    exposures : Mapping[Figure, Exposure]
        Of every figure that ever had a value.
    without : tuple of str
        Event sources that were left out.
    """

    variant: Variant[Any]
    standards: Standards
    horizon: Horizon | None
    hours: float
    exposures: Mapping[Figure, Exposure]
    without: tuple[str, ...] = ()

    def share(self, figure: Figure) -> float:
        """Return the share of all hours in which a figure is beyond its limit, h/h."""
        exposure = self.exposures.get(figure)
        return exposure.beyond / self.hours if exposure is not None else 0.0


def figure_table(kept: Compliance) -> Table:
    """Return every figure with its limit."""
    rows = [
        (
            *figure,
            *limit.bounds,
            limit.recalled,
            limit.source,
            exposure.hours,
            exposure.beyond,
            kept.share(figure),
            exposure.mean,
            exposure.lowest,
            exposure.highest,
        )
        for figure, limit in kept.standards.applied.items()
        if (exposure := kept.exposures.get(figure)) is not None
    ]
    return Table(COLUMNS, rows)


def limits_report(kept: Compliance) -> str:
    """Return the vents and the outfalls that come near a limit, and for how long beyond it."""
    lines, shown = [_heading(kept), ""], 0
    for section in kept.standards.sections:
        rows = _shown(section.figures, kept)
        shown += len(rows)
        lines += [section.title, *_table(rows, kept), ""]
    return "\n".join([*lines, *_notes(kept, shown)])


def _heading(kept: Compliance) -> str:
    start, of = f"Schemes {kept.variant.name}: {kept.hours:,.0f} h of ", kept.horizon
    if of is None:
        return f"{start}constant conditions"
    runs = f", {of.replications} replications" if of.replications > 1 else ""
    return f"{start}events{runs}, seed {of.seed}"


def _shown(figures: Sequence[Figure], kept: Compliance) -> list[tuple[Figure, Applied, Exposure]]:
    rows = []
    for figure in figures:
        limit, exposure = kept.standards.applied[figure], kept.exposures.get(figure)
        if exposure is not None:
            low, high = limit.bounds
            near = exposure.highest >= WORTH_A_ROW * high and low == 0.0
            if near or exposure.beyond > 0.0:
                rows.append((figure, limit, exposure))
    return rows


def _table(rows: Sequence[tuple[Figure, Applied, Exposure]], kept: Compliance) -> list[str]:
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


def _notes(kept: Compliance, shown: int) -> list[str]:
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


def picture_rows(kept: Compliance) -> list[Beyond]:
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
