"""The picture of the limits: the hours in which a vent or an outfall is beyond its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from plant_models.chlorobenzene.figures import style

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOST = 5  # rows of a section
ALWAYS = 0.99  # of the hours in which something left there


@dataclass(frozen=True)
class Beyond:
    """A figure that is beyond its limit at some time."""

    section: str  #: What stands above it and others like it
    name: str  #: Point and pollutant
    hours: float  #: In which something left there, h
    beyond: float  #: Of these, beyond the limit, h
    told: str  #: How far, in words


def beyond_limits(table: Sequence[Beyond], ax: Axes | None = None, *, span: float) -> Axes:
    """Draw the worst of each section: for which share of the run it is beyond its limit.

    ``table``: section by section, from the top; ``span``: length of the run, h. What is left out
    is counted below.
    """
    shown = worst(table)
    ax = style.axes(ax, 10.0, picture_height(shown))
    y, ticks, names, section = 0.0, [], [], ""
    for row in shown:
        if row.section != section:
            section = row.section
            ax.text(0.0, y, section.replace("m3", "m³"), va="center", fontweight="bold")
            y += 1.0
        share, run = 100.0 * row.beyond / span, 100.0 * row.hours / span
        ax.barh(y, run, height=0.7, color=style.PALE)
        ax.barh(y, share, height=0.7, color=style.VERMILION)
        ax.text(max(run, share) + 1.0, y, row.told, va="center")
        ticks.append(y)
        names.append(row.name)
        y += 1.0
    ax.set_yticks(ticks, names)
    ax.set_ylim(max(y, 1.0) - 0.4, -0.6)
    ax.set_xlim(0.0, 130.0)
    ax.set_xticks([0.0, 25.0, 50.0, 75.0, 100.0])
    more = len(table) - len(shown)
    rest = f"; {more} more are in the table" if more else ""
    ax.set_xlabel(f"share of {span:,.0f} h, %{rest}")
    always = sum(row.beyond >= ALWAYS * row.hours > 0.0 for row in table)
    nearly = f"{always or 'none'} of them nearly always"
    told = f"{len(table)} figures are beyond their limit at some time, {nearly}"
    if len(table) == 1:
        told = f"1 figure is beyond its limit {'nearly always' if always else 'at some time'}"
    ax.set_title(told if table else "no limit is exceeded")
    colours = {"beyond the limit": style.VERMILION, "something left there": style.PALE}
    style.legend_below(ax, style.patches(colours), columns=2)
    return style.frameless(ax, grid=True)


def worst(table: Sequence[Beyond], most: int = MOST) -> list[Beyond]:
    """Return of each section the rows that are beyond the longest, in the order of the table."""
    sections = dict.fromkeys(row.section for row in table)
    kept = {
        id(row)
        for section in sections
        for row in sorted(
            (row for row in table if row.section == section), key=lambda row: -row.beyond
        )[:most]
    }
    return [row for row in table if id(row) in kept]


def picture_height(table: Sequence[Beyond]) -> float:
    """Return a height in which the rows that are shown have room, inches."""
    shown = worst(table)
    return 1.8 + 0.27 * (len(shown) + len({row.section for row in shown}))
