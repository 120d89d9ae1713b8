"""The picture of what a result hangs on: a bar for each input, the longest on top."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from textwrap import fill
from typing import TYPE_CHECKING

from plant_models.chlorobenzene.figures import style
from plant_models.methods.sensitivity import Bar
from sim.tables import readable

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOST = 10
WIDE = 52  # letters of a label in one line
RANGE = re.compile(r", [^,]* to [^,]*$")  # behind what an input is called


def tornado(
    table: Sequence[Bar],
    base: float,
    ax: Axes | None = None,
    *,
    unit: float = 1.0,
    label: str = "",
    most: int = MOST,
    labels: Mapping[str, str] | None = None,
) -> Axes:
    """Draw how far each input moves a result from its base; the title names the first.

    Parameters
    ----------
    table : sequence of Bar
        The longest first.
    base : float
        The result at base values.
    unit : float
        What the axis counts in, of the result's unit.
    label : str
        Of the axis, with its unit.
    most : int
        Bars to draw.
    labels : Mapping[str, str], optional
        What inputs are called, with their ranges; their names by default.
    """
    bars = [bar for bar in table if bar.swing > 0.0][:most]
    ax = style.axes(ax, 10.0, picture_height(len(bars)))
    called = [fill((labels or {}).get(bar.name, bar.name), WIDE) for bar in bars]
    for position, bar in enumerate(bars):
        halves = sorted(
            ((bar.low, style.SKY), (bar.high, style.ORANGE)), key=lambda each: -abs(each[0] - base)
        )  # of two on one side the shorter lies on the longer
        for end, colour in halves:
            ax.barh(position, (end - base) / unit, left=base / unit, height=0.7, color=colour)
        for end in _written(bar, base):
            side = "right" if end < base else "left"
            ax.annotate(readable(end / unit), (end / unit, position), fontsize="small",
                        xytext=(4 if side == "left" else -4, 0), textcoords="offset points",
                        horizontalalignment=side, verticalalignment="center")  # fmt: skip
    ax.axvline(base / unit, color=style.INK, linewidth=1.0)
    ax.set_yticks(range(len(bars)), called, fontsize="small")
    ax.set_ylim(len(bars) - 0.4, -0.6)
    ax.margins(x=0.12)
    ax.set_xlabel(label)
    style.thousands(ax.xaxis)
    if bars:
        ends = (readable(min(bars[0].low, bars[0].high) / unit),
                readable(max(bars[0].low, bars[0].high) / unit))  # fmt: skip
        first = RANGE.sub("", called[0].replace("\n", " "))
        ax.set_title(fill(f"It hangs most on {first}: from {' to '.join(ends)}, "
                          f"{readable(base / unit)} as it is", 80))  # fmt: skip
    else:
        ax.set_title("No input that has a range moves it")
    colours = {"input at its low": style.SKY, "input at its high": style.ORANGE}
    style.legend_below(ax, style.patches(colours), columns=2)
    return style.frameless(ax, grid=True)


def _written(bar: Bar, base: float) -> list[float]:
    """Return the ends whose numbers are written: of two on one side the farther."""
    low, high = sorted((bar.low, bar.high))
    if low < base < high or low == high:
        return sorted({low, high})
    return [low if abs(low - base) > abs(high - base) else high]


def picture_height(bars: int) -> float:
    """Return a height in which the bars have room, inches."""
    return 1.6 + 0.42 * max(bars, 4)
