"""The picture of a programme that pays for itself: cash over the months."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from plant_models.chlorobenzene.figures import style

if TYPE_CHECKING:
    from matplotlib.axes import Axes

BETWEEN = "#8A97A0"  # of curves between the first and the last
APART = 0.062  # of the height: what names need


def cash_curves(
    table: Sequence[Mapping[str, Any]],
    ax: Axes | None = None,
    *,
    unit: float = 1e4,
    word: str = "10^4 RMB",
    first: str = "on paper",
) -> Axes:
    """Draw cash in hand over the months; the first curve and the last stand out.

    An interval, where there is one, is a band.

    ``table``: rows of curve, month, mean, low, high (RMB), the last two None without an interval;
    ``unit``, ``word``: what the axis counts in, and how that is written. ``first``: what the title
    calls the first curve.
    """
    ax = style.axes(ax, 10.0, 4.8)
    names = list(dict.fromkeys(str(row["curve"]) for row in table))
    ends: dict[str, tuple[float, float]] = {}
    told: dict[str, str] = {}
    for i, name in enumerate(names):
        rows = [row for row in table if row["curve"] == name]
        months = [row["month"] for row in rows]
        colour = _colour(i, len(names))
        mean, low, high = (
            [(row["mean"] if row[key] is None else row[key]) / unit for row in rows]
            for key in ("mean", "low", "high")
        )
        ax.plot(months, mean, color=colour, linewidth=1.0 if colour == BETWEEN else 2.2,
                zorder=2 if colour == BETWEEN else 3, label=name)  # fmt: skip
        if low != high:
            ax.fill_between(months, low, high, color=colour, alpha=0.2, linewidth=0.0)
        half = high[-1] - mean[-1]
        ends[name] = (months[-1], mean[-1])
        told[name] = f"{mean[-1]:,.1f}" + (f" \N{PLUS-MINUS SIGN} {half:,.1f}" if half > 0 else "")
    ax.axhline(0.0, color=style.INK, linewidth=0.5)
    _name_ends(ax, ends, told)
    ax.set_xlabel("months since the start")
    ax.set_ylabel(f"cash in hand, {style.raised(word)}")
    ax.margins(x=0.0)
    ax.grid(visible=True, color=style.PALE)
    ax.set_axisbelow(True)
    style.thousands(ax.yaxis)
    other = f", {first} {told[names[0]]}" if len(names) > 1 else ""
    ax.set_title(f"After {ends[names[0]][0]:g} months {told[names[-1]]} in hand{other} "
                 f"({style.raised(word)})")  # fmt: skip
    return style.open_frame(ax)


def _colour(i: int, count: int) -> str:
    """Return the colour of a curve: the first and the last are the message."""
    if i == count - 1:
        return style.VERMILION
    return style.BLUE if i == 0 else BETWEEN


def _name_ends(ax: Axes, ends: Mapping[str, tuple[float, float]], told: Mapping[str, str]) -> None:
    """Write each curve's name and end beside it, as far apart as letters need."""
    low, high = ax.get_ylim()
    apart = APART * (high - low)
    ranked = sorted(ends.items(), key=lambda each: each[1][1])
    places = list(accumulate((y for _, (_, y) in ranked), lambda below, y: max(y, below + apart)))
    top = high + apart
    for i in reversed(range(len(places))):  # and none above the axes
        top = places[i] = min(places[i], top - apart)
    for (name, (x, y)), place in zip(ranked, places, strict=True):
        colour = _colour(list(ends).index(name), len(ends))
        ax.annotate(f"{name}: {told[name]}", (x, y), xytext=(1.02, place), annotation_clip=False,
                    textcoords=ax.get_yaxis_transform(), fontsize="small",
                    color=style.INK if colour == BETWEEN else colour,
                    verticalalignment="center",
                    arrowprops={"arrowstyle": "-", "color": style.PALE, "relpos": (0.0, 0.5),
                                "shrinkA": 1.0, "shrinkB": 1.0})  # fmt: skip
