"""Emissions to air and to water as bars, all on one scale."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import cycle
from textwrap import fill
from typing import TYPE_CHECKING

from plant_models.chlorobenzene.figures import style
from plant_models.chlorobenzene.run.indicators import AIR, WASTEWATER
from plant_models.outcome import PERMANENT
from sim.tables import readable, three, words

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy import float64
    from numpy.typing import NDArray

    from sim.books.ledger import Entry
    from sim.network.chemistry import Components

CAUSES = {
    "normal": style.BLUE,
    "start-up": style.YELLOW,
    "trip": style.PURPLE,
    "device down": style.VERMILION,
    "overflow": style.ORANGE,
    "spill": style.BLACK,
}
NOTICED = 1.0  # %
SPARE = (style.GREEN, style.SKY, style.INK, style.PALE)  # for the causes that are seldom met
DESIGNS = (
    *(style.ORANGE, style.BLUE, style.GREEN, style.SKY),
    *(style.INK, style.VERMILION, style.PURPLE, style.YELLOW),
)

PLACES = (("air", "emission gas", AIR), ("wastewater", "wastewater", WASTEWATER))


def emissions_by_cause(
    flows: Mapping[Entry, NDArray[float64]], components: Components, years: float = 1.0
) -> dict[str, dict[str, float]]:
    """Return what went to air and water, t/yr by ``"air: benzene"`` and cause.

    ``flows``: kg by component, as in a ledger; ``years``: what the figures are divided by.
    """
    causes = dict.fromkeys([*CAUSES, *(entry.cause for entry in flows)], 0.0)
    table = {}
    for place, medium, names in PLACES:
        for name in names:
            row = dict(causes)
            for entry, kg in flows.items():
                if entry.medium == medium:
                    row[entry.cause] += float(kg[components.index[name]]) / 1000.0 / years
            table[f"{place}: {words(name)}"] = row
    return table


def emissions(table: Mapping[str, Mapping[str, float]], ax: Axes | None = None) -> Axes:
    """Draw a table of emissions, t/yr, one bar a pollutant and one colour a cause."""
    ax = style.axes(ax, 10.0, 4.2)
    colours = _colours(table)
    for position, row in enumerate(table.values()):
        left = 0.0
        for cause, colour in colours.items():
            ax.barh(position, row[cause], left=left, height=0.6, color=colour)
            left += row[cause]
        _label(ax, readable(left), left, position)
    _finish(ax, list(table), max(sum(row.values()) for row in table.values()))
    style.legend_below(ax, style.patches(colours), columns=max(1, len(colours)))
    return style.frameless(ax, grid=True)


def losses_by_cause(table: Mapping[str, Mapping[str, float]], ax: Axes | None = None) -> Axes:
    """Draw which share of each emission arises outside of normal operation, %, by cause.

    What a tank has too much of for good is of normal operation.

    ``table``: of `emissions_by_cause`, t/yr.
    """
    ax = style.axes(ax, 10.0, 4.2)
    colours = {cause: of for cause, of in _colours(table).items() if cause not in PERMANENT}
    most = 0.0
    for position, row in enumerate(table.values()):
        total = sum(row.values())
        left = 0.0
        for cause, colour in colours.items():
            width = 100.0 * row[cause] / total if total > 0.0 else 0.0
            ax.barh(position, width, left=left, height=0.6, color=colour)
            left += width
        _label(ax, f"{readable(left)} % of {readable(total)} t/yr", left, position)
        most = max(most, left)
    _finish(ax, list(table), 1.25 * most)
    ax.set_xticks([tick for tick in ax.get_xticks() if tick <= 100.0])
    ax.set_xlabel("share of the emission outside of normal operation, %")
    if colours:
        style.legend_below(ax, style.patches(colours), columns=len(colours))
    return style.frameless(ax, grid=True)


def losses_compared(
    tables: Mapping[str, Mapping[str, Mapping[str, float]]], ax: Axes | None = None
) -> Axes:
    """Draw of each emission the share from abnormal hours, %, for several designs on one scale.

    ``tables``: by design, as of `emissions_by_cause`, t/yr. Emissions of which no design owes a
    hundredth to such hours are named, not drawn.
    """
    shares = {name: {key: _abnormal(row) for key, row in t.items()} for name, t in tables.items()}
    every = list(next(iter(tables.values())))
    shown = [key for key in every if max(of[key] for of in shares.values()) >= NOTICED]
    ax = style.axes(ax, 10.0, 4.4)
    colours = dict(zip(tables, cycle(DESIGNS), strict=False))
    wide = 0.8 / max(len(tables), 1)
    for at, (name, table) in enumerate(tables.items()):
        for position, key in enumerate(shown):
            y = position + (at - (len(tables) - 1) / 2.0) * wide
            share = shares[name][key]
            ax.barh(y, share, height=0.9 * wide, color=colours[name])
            _label(ax, f"{share:.3g} % of {readable(sum(table[key].values()))} t/yr", share, y)
    rest = [key for key in every if key not in shown]
    if rest:
        below = fill(f"below 1 % in every design: {', '.join(rest)}", 90)
        ax.annotate(below, (0.0, len(shown)), xytext=(4, 0), textcoords="offset points",
                    verticalalignment="center", fontsize="small")  # fmt: skip
    names = [*shown, "all others"] if rest else shown
    ax.set_yticks(range(len(names)), names)
    ax.set_ylim(max(len(names), 1) - 0.45, -0.55)
    ax.set_xlim(0.0, 128.0)
    ax.set_xticks([0.0, 25.0, 50.0, 75.0, 100.0])
    ax.set_xlabel("share of the emission outside of normal operation, %")
    ax.set_title(fill(_share_words(shares, shown), 72))
    style.legend_below(ax, style.patches(colours), columns=len(colours))
    return style.frameless(ax, grid=True)


def _abnormal(row: Mapping[str, float]) -> float:
    """Return the share of an emission that constant conditions do not have, %."""
    whole = sum(row.values())
    odd = sum(t for cause, t in row.items() if cause not in PERMANENT)
    return 100.0 * odd / whole if whole > 0.0 else 0.0


def _share_words(shares: Mapping[str, Mapping[str, float]], shown: Sequence[str]) -> str:
    """Return the message: which emission hangs most on abnormal hours, and in which design."""
    if not shown:
        return "Less than 1 % of any emission arises outside of normal operation"
    share, key, name = max((of[key], key, name) for name, of in shares.items() for key in shown)
    place, _, pollutant = key.partition(": ")
    part = f"{share:.0f} % of the {pollutant} to {place}"
    return f"{name}: {part} arises outside of normal operation"


def emissions_compared(
    before: Mapping[str, float],
    after: Mapping[str, float],
    ax: Axes | None = None,
    *,
    names: Sequence[str] = ("before", "after"),
) -> Axes:
    """Draw the emissions of two designs, t/yr, to air and to water on one scale.

    ``before``, ``after``: indicators of the two; ``names``: what to call the two.
    """
    ax = style.axes(ax, 10.0, 4.8)
    rows = {
        f"{place}: {words(name)}": f"{place}.{name}_t"
        for place, _, pollutants in PLACES
        for name in pollutants
    }
    colours = (style.ORANGE, style.BLUE)
    for shift, values, colour in zip((-0.2, 0.2), (before, after), colours, strict=True):
        for position, key in enumerate(rows.values()):
            ax.barh(position + shift, values[key], height=0.38, color=colour)
            _label(ax, three(values[key]), values[key], position + shift)
    _finish(ax, list(rows), max(max(before[key], after[key]) for key in rows.values()))
    handles = [
        style.patches({name: colour})[0] for name, colour in zip(names, colours, strict=True)
    ]
    style.legend_below(ax, handles, columns=2)
    return style.frameless(ax, grid=True)


def _colours(table: Mapping[str, Mapping[str, float]]) -> dict[str, str]:
    """Return a colour for every cause that is there."""
    met = dict.fromkeys(cause for row in table.values() for cause, t in row.items() if t)
    spare = iter(SPARE)
    return {cause: CAUSES.get(cause) or next(spare, style.INK) for cause in met}


def _label(ax: Axes, text: str, value: float, position: float) -> None:
    """Write at the end of a bar: a small one is seen as no bar at all."""
    ax.annotate(text, (value, position), xytext=(4, 0), textcoords="offset points",
                verticalalignment="center", fontsize="small")  # fmt: skip


def _finish(ax: Axes, names: Sequence[str], most: float) -> None:
    ax.set_yticks(range(len(names)), names)
    ax.set_ylim(len(names) - 0.45, -0.55)
    ax.axhline(len(AIR) - 0.5, color=style.INK, linewidth=0.5)
    ax.set_xlim(0.0, 1.12 * most or 1.0)
    ax.set_xlabel("emission, t/yr")
