"""The picture of what a result hangs on: a bar for each input, the longest on top."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from plant_models.chlorobenzene.figures import style
from plant_models.methods.sensitivity import Bar

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def tornado(
    table: Sequence[Bar],
    base: float,
    ax: Axes | None = None,
    *,
    unit: float = 1.0,
    label: str = "",
    most: int = 15,
) -> Axes:
    """Draw how far each input moves a result from its base.

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
    """
    ax = style.axes(ax, 10.0, 5.0)
    bars = [bar for bar in table if bar.swing > 0.0][:most]
    for position, bar in enumerate(bars):
        for end, colour in ((bar.low, style.SKY), (bar.high, style.ORANGE)):
            ax.barh(position, (end - base) / unit, left=base / unit, height=0.7, color=colour)
    ax.axvline(base / unit, color=style.INK, linewidth=1.0)
    ax.set_yticks(range(len(bars)), [bar.name for bar in bars])
    ax.set_ylim(len(bars) - 0.4, -0.6)
    ax.set_xlabel(label)
    colours = {"input at its low": style.SKY, "input at its high": style.ORANGE}
    style.legend_below(ax, style.patches(colours), columns=2)
    return style.frameless(ax, grid=True)
