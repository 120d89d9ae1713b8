"""What to choose: money against tonnes for every set, and the abatement cost curve."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import accumulate, pairwise
from math import log10
from textwrap import fill
from typing import TYPE_CHECKING

from plant_models.chlorobenzene.figures import style
from plant_models.chlorobenzene.paper.printed import TEN_THOUSAND
from plant_models.methods.abatement import WHY_RANKING_FAILS, CostCurve, Measure
from sim.tables import readable, three

if TYPE_CHECKING:
    from matplotlib.axes import Axes

TEXT = 12
LETTER = 0.0125  # of the axis of the cost curve: a letter's width, amply
CLOSE = 0.04  # of an axis: letters that near cover each other
NAMED = 8
MASSES = (("t", 1.0), ("kg", 1e3), ("g", 1e6))
LONGEST = 1e7  # money per mass: what costs more is told per less
FEW = 500  # sets: so few are drawn larger
"""Sets of a front that are named at most; more names would cover each other."""


def pareto(
    points: Iterable[tuple[float, float]],
    front: Sequence[tuple[float, float, str]],
    ax: Axes | None = None,
    *,
    emission: str,
    money: str = "net benefit, 10⁴ RMB/yr",
) -> Axes:
    """Draw money against tonnes avoided for every set, and the sets that no other beats in both.

    ``front``: along the front; ``emission``, ``money``: the two axes, with their units.
    """
    ax = style.axes(ax, 9.0, 5.4)
    cloud = list(points)
    size = 3 if len(cloud) > FEW else 8
    ax.plot(*zip(*cloud, strict=True), ".", color=style.SKY, markersize=size, alpha=0.6,
            label=f"{len(cloud):,} sets", rasterized=True)  # fmt: skip
    ends = [(x, y) for x, y, _ in front]
    ax.plot(*zip(*ends, strict=True), "o-", color=style.VERMILION, markersize=6, linewidth=1.2,
            label="no other set beats it in both")  # fmt: skip
    named = list(front) if len(front) <= NAMED else _spread(front)
    lines = [f"{chr(ord('a') + i)}  {name}" for i, (_, _, name) in enumerate(named)]
    for letters, x, y in _groups(named, cloud):
        ax.annotate(letters, (x, y), xytext=(6, 5), textcoords="offset points",
                    fontsize=TEXT, fontweight="bold")  # fmt: skip
    ax.text(1.02, 1.0, "\n".join(lines), transform=ax.transAxes, verticalalignment="top",
            fontsize=TEXT - 1)  # fmt: skip
    ax.set_xlabel(f"{emission} avoided, t/yr", fontsize=TEXT)
    ax.set_ylabel(money, fontsize=TEXT)
    ax.axhline(0.0, color=style.INK, linewidth=0.6, zorder=0)
    ax.axvline(0.0, color=style.INK, linewidth=0.6, zorder=0)
    ax.margins(0.08)
    style.thousands(ax.xaxis, ax.yaxis)
    ax.set_title(_front_words(ends), fontsize=TEXT + 1)
    handles, _ = ax.get_legend_handles_labels()
    style.legend_below(ax, list(handles), columns=2)
    return style.open_frame(ax)


def _front_words(front: Sequence[tuple[float, float]]) -> str:
    """Return the message: the most that any set avoids, and the most that any brings."""
    tonnes, money = (max(axis) for axis in zip(*front, strict=True))
    most = f"{money:,.0f}" if abs(money) >= 100.0 else three(money)
    return f"No set avoids more than {readable(tonnes)} t/yr, and none brings more than {most}"


def abatement_cost(
    curve: CostCurve,
    ax: Axes | None = None,
    *,
    emission: str,
    currency: str = "RMB",
    unit: float = TEN_THOUSAND,
) -> Axes:
    """Draw what each measure avoids, as its width, and what it earns or costs, as its height.

    Money stands for the whole measure, not for a tonne: a cost per tonne would rank those that earn
    wrongly, as the note says. Those that earn come first, the largest earning first; of those that
    cost the cost per tonne is told.

    ``curve``: of `cost_curve`; t/yr and, in a year, so many units of the currency. ``currency``,
    ``unit``: what money is told in, 10^4 RMB by default.
    """
    ax = style.axes(ax, 9.0, 5.6)
    left, whole = 0.0, sum(measure.avoided for measure in curve.steps)
    for measure in curve.steps:
        earns = measure.cost <= 0.0
        ax.bar(left, -measure.cost, width=measure.avoided, align="edge", edgecolor=style.INK,
               linewidth=0.6, color=style.GREEN if earns else style.ORANGE)  # fmt: skip
        left += measure.avoided
    _name_steps(ax, curve, whole, unit, currency)
    ax.set_xlim(0.0, whole or 1.0)
    ax.margins(y=0.25)
    ax.axhline(0.0, color=style.INK, linewidth=0.8)
    style.thousands(ax.xaxis, ax.yaxis)
    notes = [fill(f"Note: {WHY_RANKING_FAILS}.", 110)]
    if curve.useless:
        names = ", ".join(measure.name for measure in curve.useless)
        notes.append(f"not drawn, for they avoid next to nothing of it or add to it: {names}")
    ax.set_xlabel("\n\n".join([f"{emission} avoided, t/yr, Shapley", *notes]), fontsize=TEXT - 1)
    money = style.raised(f"10^{log10(unit):.0f} {currency}")
    ax.set_ylabel(f"earned a year, {money}, Shapley", fontsize=TEXT)
    told = {"earns": style.GREEN}
    if curve.costing:
        told["costs"] = style.ORANGE
    both = 0 < len(curve.costing) < len(curve.steps)  # below those that earn nothing is written
    ax.legend(handles=style.patches(told), loc="lower left" if both else "upper right",
              frameon=False, fontsize=TEXT - 1)  # fmt: skip
    ax.set_title(_curve_words(curve, whole), fontsize=TEXT + 1)
    return style.open_frame(ax)


def _curve_words(curve: CostCurve, whole: float) -> str:
    """Return the message: who avoids most, and how many of the measures earn."""
    if not curve.steps or whole <= 0.0:
        return "No measure avoids any"
    first = max(curve.steps, key=lambda measure: measure.avoided)
    earn = len(curve.steps) - len(curve.costing)
    paid = "all of them earn" if not curve.costing else f"{earn} of {len(curve.steps)} earn"
    of = "what is drawn" if curve.useless else "it"
    return f"{first.name} avoids {100.0 * first.avoided / whole:.0f} % of {of}; {paid}"


def _name_steps(ax: Axes, curve: CostCurve, whole: float, unit: float, currency: str) -> None:
    """Name each step above every bar that its name reaches over, a narrow one a line higher."""
    tops = [max(0.0, -measure.cost) for measure in curve.steps]
    ends = [0.0, *accumulate(measure.avoided for measure in curve.steps)]
    raised = 0
    for i, measure in enumerate(curve.steps):
        narrow = measure.avoided < 0.12 * whole
        raised = (raised + 1) % 3 if narrow else 0
        name = _step_name(measure, unit, currency)
        wide = LETTER * whole * max(map(len, name.split("\n")))
        middle = (ends[i] + ends[i + 1]) / 2.0
        beside = narrow and i > 0 and tops[i - 1] > tops[i] and ends[i] + wide < whole
        if beside or middle < 0.06 * whole:
            side, place, start = "left", ends[i], ends[i]
        elif middle > 0.94 * whole:
            side, place, start = "right", ends[i + 1], ends[i + 1] - wide
        else:
            side, place, start = "center", middle, middle - wide / 2.0
        spans = zip(tops, pairwise(ends), strict=True)
        base = max([top for top, (a, b) in spans if a < start + wide and b > start] or [tops[i]])
        if base > tops[i]:  # the name stands over a higher neighbour
            ax.vlines(middle, tops[i], base, color=style.INK, linewidth=0.6)
        ax.annotate(
            name, (place, base),
            xytext=(4 if side == "left" else 0, 4 + 14 * raised),
            textcoords="offset points", horizontalalignment=side, fontsize=TEXT - 1,
        )  # fmt: skip


def _step_name(measure: Measure, unit: float, currency: str) -> str:
    """Return a name with what the measure earns, or costs, and then the cost per tonne, too."""
    money = f"{-measure.cost:+,.0f}" if abs(measure.cost) >= 1.0 else f"{-measure.cost:+.1f}"
    name = f"{measure.name} {money}"
    if measure.cost <= 0.0:
        return name
    per = unit * measure.per_tonne
    mass, size = next((each for each in MASSES if per < LONGEST * each[1]), MASSES[-1])
    return f"{name}\n{per / size:,.0f} {currency}/{mass}"


def _groups(
    named: Sequence[tuple[float, float, str]], cloud: Sequence[tuple[float, float]]
) -> list[tuple[str, float, float]]:
    """Return letters with their places; those of neighbours that would cover each other as one."""
    spans = [max(axis) - min(axis) or 1.0 for axis in zip(*cloud, strict=True)]
    groups: list[list[int]] = []
    for i, point in enumerate(named):
        first = named[groups[-1][0]] if groups else None
        apart = [abs(a - b) for a, b in zip(point[:2], (first or point)[:2], strict=True)]
        if first and all(gap < CLOSE * span for gap, span in zip(apart, spans, strict=True)):
            groups[-1].append(i)
        else:
            groups.append([i])
    told = []
    for group in groups:
        ends = [chr(ord("a") + i) for i in (group[0], group[-1])]
        x, y, _ = named[group[-1]]
        told.append((ends[0] if len(group) == 1 else "-".join(ends), x, y))
    return told


def _spread(front: Sequence[tuple[float, float, str]]) -> list[tuple[float, float, str]]:
    """Return some of a front, its ends among them, evenly along its length."""
    last = len(front) - 1
    return [front[round(i * last / (NAMED - 1))] for i in range(NAMED)]
