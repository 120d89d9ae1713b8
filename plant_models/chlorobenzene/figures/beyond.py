"""The picture of the limits: the hours in which a vent or an outfall is beyond its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from plant_models.chlorobenzene.figures import style

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@dataclass(frozen=True)
class Beyond:
    """A figure that is beyond its limit at some time."""

    section: str  #: What stands above it and others like it
    name: str  #: Point and pollutant
    hours: float  #: In which something left there, h
    beyond: float  #: Of these, beyond the limit, h
    told: str  #: How far, in words


def beyond_limits(table: Sequence[Beyond], ax: Axes | None = None, *, span: float) -> Axes:
    """Draw the hours beyond limits, inside of those in which something left there.

    ``table``: section by section, from the top; ``span``: length of the run, h.
    """
    ax = style.axes(ax, 10.0, picture_height(table))
    y, ticks, names, section = 0.0, [], [], ""
    for row in table:
        if row.section != section:
            section = row.section
            ax.text(0.0, y, section, va="center", fontweight="bold")
            y += 1.0
        ax.barh(y, row.hours, height=0.7, color=style.PALE)
        ax.barh(y, row.beyond, height=0.7, color=style.VERMILION)
        ax.text(max(row.hours, row.beyond) + 0.01 * span, y, row.told, va="center")
        ticks.append(y)
        names.append(row.name)
        y += 1.0
    if not table:
        ax.text(0.5 * span, 0.0, "no limit is exceeded", ha="center", va="center")
    ax.set_yticks(ticks, names)
    ax.set_ylim(max(y, 1.0) - 0.4, -0.6)
    ax.set_xlim(0.0, 1.3 * span)
    ax.set_xticks([span * share / 4.0 for share in range(5)])
    style.thousands(ax.xaxis)
    ax.set_xlabel(f"hours, of {span:,.0f} h")
    colours = {"beyond the limit": style.VERMILION, "something left there": style.PALE}
    style.legend_below(ax, style.patches(colours), columns=2)
    return style.frameless(ax, grid=True)


def picture_height(table: Sequence[Beyond]) -> float:
    """Return a height in which the rows have room, inches."""
    return 1.6 + 0.25 * (len(table) + len({row.section for row in table}))
