"""What the pictures share: colours, axes, numbers that a reader can use.

The colours are those of Okabe and Ito (*Color universal design*, 2008), which people with any
colour vision tell apart.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import partial
from itertools import pairwise
from math import floor, log10
from typing import TYPE_CHECKING

from plant_models.calendar import DAYS, MONTHS, YEAR
from sim.errors import told

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis
    from matplotlib.figure import Figure

BLUE, SKY, GREEN, YELLOW = "#0072B2", "#56B4E9", "#009E73", "#F0E442"
ORANGE, VERMILION, PURPLE, BLACK = "#E69F00", "#D55E00", "#CC79A7", "#000000"
PALE, INK, WHITE = "#DCE6EC", "#444444", "#FFFFFF"

WIDTH = 10.0  # inches
MOST_TICKS = 12
MOST_COLUMNS = 5
LEGEND_GAP = 40.0 / 72.0  # inches from the axes to a legend below labels and tick marks


def blank(height: float, rows: int, width: float = WIDTH) -> tuple[Figure, list[Axes]]:
    """Return a figure that belongs to no window, and its axes below each other; sizes in inches."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), layout="constrained")
    return figure, list(figure.subplots(rows, 1, squeeze=False)[:, 0])


def axes(ax: Axes | None, width: float, height: float) -> Axes:
    """Return the axes given, or new ones of that size, inches.

    Raises TypeError: no axes, such as the pair of a figure and its axes.
    """
    if ax is not None:
        from matplotlib.axes import Axes

        if not isinstance(ax, Axes):
            like = "such as pyplot.subplots()[1]"
            raise TypeError(f"ax: expected the Axes of matplotlib, {like}, came {told(ax)}")
        return ax
    from matplotlib import pyplot

    return pyplot.subplots(figsize=(width, height), layout="constrained")[1]


def open_frame(ax: Axes, *more: str) -> Axes:
    """Leave of the frame the lines that carry scales."""
    for side in ("top", "right", *more):
        ax.spines[side].set_visible(False)
    return ax


def frameless(ax: Axes, *, grid: bool = False) -> Axes:
    """Leave of the frame only the line that carries the scale; with a grid behind bars."""
    if grid:
        ax.xaxis.grid(visible=True, color=PALE)
        ax.set_axisbelow(True)
    ax.tick_params(axis="y", length=0)
    return open_frame(ax, "left")


def thousands(*axes: Axis) -> None:
    """Write the numbers of axes as a reader does: 350,000, and so that no two ticks read alike."""
    from matplotlib.ticker import FuncFormatter

    def written(value: float, at: int | None, axis: Axis) -> str:
        if abs(value) < 1000.0:
            return f"{value:g}"
        ticks = axis.get_majorticklocs() if at is not None else ()
        step = min((abs(b - a) for a, b in pairwise(ticks)), default=1.0)
        decimals = max(0, -floor(log10(step) + 1e-9)) if step > 0.0 else 0
        return f"{value:,.{decimals}f}"

    for axis in axes:
        axis.set_major_formatter(FuncFormatter(partial(written, axis=axis)))


RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
"""Digits of an exponent; beside a formula of matplotlib's, as $^3$, no words could be Chinese."""


def raised(money: str) -> str:
    """Return a unit of money with its exponent raised, as a picture shows it.

    >>> raised("10^4 RMB")
    '10⁴ RMB'
    """
    return re.sub(r"10\^(\d+)", lambda power: f"10{power[1].translate(RAISED)}", money)


def patches(colours: Mapping[str, str]) -> list[Artist]:
    """Return the entries of a legend of areas."""
    from matplotlib.patches import Patch

    return [
        Patch(facecolor=colour, edgecolor=INK, linewidth=0.5, label=name)
        for name, colour in colours.items()
    ]


def legend_below(ax: Axes, handles: list[Artist], columns: int) -> None:
    """Put a legend below the axes, clear of their labels at any size of the picture.

    ``columns``: at most; more than `MOST_COLUMNS` would be cut off on both sides.
    """
    from matplotlib.transforms import ScaledTranslation

    figure = ax.get_figure(root=True)
    assert figure is not None
    down = ScaledTranslation(0.0, -LEGEND_GAP, figure.dpi_scale_trans)
    ax.legend(
        handles=handles,
        loc="upper center",
        bbox_to_anchor=(0.5, 0.0),
        bbox_transform=ax.transAxes + down,
        borderaxespad=0.0,
        ncols=min(columns, MOST_COLUMNS),
        frameon=False,
    )


def time_axis(ax: Axes, hours: float, start_hour: float) -> None:
    """Mark months or, in a run of a few weeks or of many years, days or years."""
    ax.set_xlim(0.0, hours)
    if YEAR / 6.0 <= hours <= 3.0 * YEAR:
        ticks, names = _months(hours, start_hour)
        label = "first day of the month"
    else:
        unit, label = (24.0, "days") if hours < YEAR else (YEAR, "years")
        count = int(hours / unit)
        step = 1 + count // MOST_TICKS
        names = [str(n) for n in range(0, count + 1, step)]
        ticks = [unit * n for n in range(0, count + 1, step)]
        label += " since the start"
    ax.set_xticks(ticks, names)
    ax.set_xlabel(label)


def _months(hours: float, start_hour: float) -> tuple[list[float], list[str]]:
    ticks, names = [], []
    hour = -(start_hour % YEAR)
    while hour < hours:
        for days, name in zip(DAYS, MONTHS, strict=True):
            if 0.0 <= hour < hours:
                ticks.append(hour)
                names.append(name)
            hour += 24.0 * days
    step = 1 + (len(ticks) - 1) // MOST_TICKS
    return ticks[::step], names[::step]
