"""The picture of a programme that pays for itself: cash over the months."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from plant_models.chlorobenzene.figures import style

if TYPE_CHECKING:
    from matplotlib.axes import Axes

COLOURS = (style.BLACK, style.ORANGE, style.SKY, style.PURPLE, style.GREEN, style.BLUE)
STYLES = ("-", "--", "-.", ":", (0, (5, 1)), "-")


def cash_curves(
    table: Sequence[Mapping[str, Any]],
    ax: Axes | None = None,
    *,
    unit: float = 1e4,
    word: str = "10^4 RMB",
) -> Axes:
    """Draw cash in hand over the months; an interval, where there is one, as a band.

    ``table``: rows of curve, month, mean, low, high (RMB); ``unit``, ``word``: what the axis counts
    in, and how that is written.
    """
    ax = style.axes(ax, 10.0, 4.8)
    names = list(dict.fromkeys(str(row["curve"]) for row in table))
    for i, name in enumerate(names):
        rows = [row for row in table if row["curve"] == name]
        months = [row["month"] for row in rows]
        last = i == len(names) - 1
        colour = style.VERMILION if last else COLOURS[i % len(COLOURS)]
        mean, low, high = ([row[key] / unit for row in rows] for key in ("mean", "low", "high"))
        ax.plot(
            months,
            mean,
            color=colour,
            linestyle="-" if last else STYLES[i % len(STYLES)],
            linewidth=2.0 if last else 1.3,
            label=name,
        )
        if low != high:
            ax.fill_between(months, low, high, color=colour, alpha=0.2, linewidth=0.0)
    ax.axhline(0.0, color=style.INK, linewidth=0.5)
    ax.set_xlabel("months since the start")
    ax.set_ylabel(f"cash in hand, {word.replace('10^4', '10$^4$')}")
    ax.margins(x=0.0)
    ax.grid(visible=True, color=style.PALE)
    ax.set_axisbelow(True)
    ax.legend(loc="upper left", frameon=False)
    return style.open_frame(ax)
