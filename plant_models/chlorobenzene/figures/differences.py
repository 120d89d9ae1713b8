"""The picture of what differs between two designs: the change of each figure, and how sure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from plant_models.chlorobenzene.figures import style

if TYPE_CHECKING:
    from matplotlib.axes import Axes

NOT_SHOWN = "#8A97A0"  # of a change whose interval holds 0
FARTHEST = 2.0  # of what it was; what lies beyond is drawn at the edge, and its number tells
LEAST = 5e-4  # what is written
FREE = 0.32  # of the width, for the numbers


@dataclass(frozen=True, slots=True)
class Change:
    """How far a figure moves, as a part of what it was."""

    name: str
    share: float  #: 1
    half: float | None = None  #: Half the interval of 95 %, 1; None: from one run there is none
    new: str = ""
    """What it came to, of a figure that was 0, of which nothing is a part; the others are then as
    they are, in its unit."""

    @property
    def shown(self) -> bool:
        """Whether the interval leaves out 0."""
        return self.half is None or abs(self.share) > self.half


def differences(table: Sequence[Change], ax: Axes | None = None) -> Axes:
    """Draw the change of each figure with its interval; grey is what is not shown to differ."""
    ax = style.axes(ax, 10.0, height(len(table)))
    for row, each in enumerate(table):
        colour = style.BLUE if each.shown else NOT_SHOWN
        ax.annotate(_told(each), (0.99, row), xycoords=ax.get_yaxis_transform(), color=colour,
                    fontsize="small", horizontalalignment="right",
                    verticalalignment="center")  # fmt: skip
        if each.new:
            continue
        beyond = abs(each.share) > FARTHEST
        at = 100.0 * max(-FARTHEST, min(FARTHEST, each.share))
        mark = (">" if each.share > 0 else "<") if beyond else "o"
        whisker = None if each.half is None or beyond else 100.0 * each.half
        ax.errorbar(at, row, xerr=whisker, fmt=mark, color=colour, capsize=3.0, markersize=6.0)
    ax.axvline(0.0, color=style.INK, linewidth=0.8)
    ax.set_yticks(range(len(table)), [each.name for each in table], fontsize="small")
    ax.set_ylim(len(table) - 0.4, -0.6)
    alone = all(each.half is None for each in table)
    ax.set_xlabel("change, %" if alone else "change, %; lines: 95 % intervals; grey: may be chance")
    return style.frameless(ax, grid=True)


def on_one_scale(axes: Sequence[Axes]) -> None:
    """Give several of these pictures one scale, with room for the numbers."""
    low = min(ax.dataLim.x0 for ax in axes)
    high = max(ax.dataLim.x1 for ax in axes)
    low, high = min(low, -1.0), max(high, 1.0)
    for ax in axes:
        ax.set_xlim(low - 0.03 * (high - low), high + FREE / (1.0 - FREE) * (high - low))


def height(rows: int) -> float:
    """Return how high a picture of so many rows is, inches."""
    return 1.3 + 0.27 * rows


def _told(each: Change) -> str:
    if each.new:
        return each.new
    by = f"{100.0 * each.share:+,.1f} %".replace("-", "\N{MINUS SIGN}")
    by = by if abs(each.share) >= LEAST else "0.0 %"
    if each.half is None:
        return by
    sure = f"{100.0 * each.half:,.1f}" if each.half >= LEAST else "<0.1"
    return f"{by} \N{PLUS-MINUS SIGN} {sure}"
