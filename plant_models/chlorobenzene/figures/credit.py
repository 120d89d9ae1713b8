"""Who gets the credit: waterfall with an overlap bar, shares by method, interactions of pairs.

Every picture names the method: no figure of a single scheme means anything without it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from plant_models.chlorobenzene.figures import style
from plant_models.chlorobenzene.figures.titles import with_fallback

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

    Shares = Mapping[str, float]

MARKS = {
    "alone": ("o", style.ORANGE),
    "last-in": ("s", style.BLUE),
    "Shapley": ("D", style.BLACK),
}
MEANT = {
    "alone": "no other in place",
    "last-in": "all others in place",
    "Shapley": "mean over all orders",
}
"""What a mark is, for a picture is shown without the table that says so."""

TEXT = 12
NOTHING = 5e-4  # of the largest bar, below which a bar is as good as none
ROUNDING = 1e-9  # of the largest bar: less is left of sums that cancel
PAIRS = 8  # drawn at most


def waterfall(
    base: float,
    shares: Shares,
    residual: float,
    ax: Axes | None = None,
    *,
    label: str,
) -> Axes:
    """Draw how schemes take a figure from its base to what is left.

    Parameters
    ----------
    base, residual : float
        The figure without and with all schemes.
    shares : Mapping[str, float]
        What each takes off alone. What they do not explain is a bar of its own: what the schemes
        take twice (overlap) or bring only together (synergy).
    label : str
        The figure with its unit.
    """
    ax = style.axes(ax, 10.0, 4.6)
    names, bottoms, heights, colours = ["none"], [0.0], [base], [style.INK]
    level = base
    for name, share in shares.items():
        names.append(name)
        bottoms.append(min(level, level - share))
        heights.append(abs(share))
        colours.append(style.GREEN if share >= 0.0 else style.VERMILION)
        level -= share
    names += ["overlap" if residual >= level else "synergy", "left"]
    bottoms += [min(level, residual), 0.0]
    heights += [abs(residual - level), residual]
    colours += [style.YELLOW, style.INK]
    places, whole = range(len(names)), max(map(abs, heights))
    ax.bar(places, heights, bottom=bottoms, color=colours, width=0.7,
           edgecolor=style.INK, linewidth=0.5)  # fmt: skip
    steps = [*(-share for share in shares.values()), residual - level]
    amounts = [
        _short(base, of=whole),
        *(_short(step, sign=True) if abs(step) > NOTHING * whole else "0" for step in steps),
        _short(residual, of=whole),
    ]
    for place, bottom, height, amount in zip(places, bottoms, heights, amounts, strict=True):
        ax.annotate(
            amount,
            (place, bottom + height), xytext=(0, 3), textcoords="offset points",
            horizontalalignment="center", fontsize=TEXT - 1,
        )  # fmt: skip
    ax.axhline(0.0, color=style.INK, linewidth=0.8)
    ax.set_xticks(places, names, fontsize=TEXT)
    top = max(b + h for b, h in zip(bottoms, heights, strict=True))
    ax.set_ylim(1.06 * min(0.0, *bottoms), 1.1 * top)
    ax.set_ylabel(label, fontsize=TEXT)
    style.thousands(ax.yaxis)
    told = {"less, alone": style.GREEN}
    if any(share < 0.0 for share in shares.values()):
        told["more, alone"] = style.VERMILION
    kind, than = names[-2], "less" if names[-2] == "overlap" else "more"
    told[f"{kind}: together {than} than the sum"] = style.YELLOW
    style.legend_below(ax, style.patches(told), columns=3)
    ax.tick_params(axis="x", length=0)
    parts, taken = sum(shares.values()), base - residual
    verb, sign = ("add", -1.0) if parts < 0.0 and taken < 0.0 else ("take off", 1.0)
    all_of, both = (_short(sign * sum_of, of=whole) for sum_of in (parts, taken))
    ax.set_title(f"Added up they {verb} {all_of}, together {both}", fontsize=TEXT + 1)
    return style.open_frame(ax)


def dumbbell(
    by_method: Mapping[str, Shares | None],
    ax: Axes | None = None,
    *,
    label: str,
    names: Mapping[str, str] | None = None,
    half_widths: Shares | None = None,
) -> Axes:
    """Draw what each scheme brings alone, last-in and by Shapley, on one line each.

    ``by_method``: shares by method and scheme; those of ``MARKS`` are drawn. ``label``: the figure
    with its unit. ``names``: what to call the schemes, of `scheme_names`; their ids by default.
    ``half_widths``: half the interval of each Shapley value, where there are replications.
    """
    players = list(by_method["Shapley"] or ())
    ax = style.axes(ax, 8.0, 1.4 + 0.4 * len(players))
    drawn = {name: by_method[name] or {} for name in MARKS}
    for row, player in enumerate(players):
        ends = [shares[player] for shares in drawn.values() if player in shares]
        ax.plot([min(ends), max(ends)], [row, row], color=style.PALE, linewidth=6.0, zorder=1,
                solid_capstyle="round")  # fmt: skip
    from matplotlib.lines import Line2D

    handles: list[Artist] = []
    for name, (mark, colour) in MARKS.items():
        hollow = name == "alone"
        look = {
            "marker": mark,
            "markersize": 9 if hollow else 6,
            "markerfacecolor": style.WHITE if hollow else colour,
            "markeredgecolor": colour,
            "markeredgewidth": 1.8,
            "linestyle": "",
        }
        rows = [row for row, player in enumerate(players) if player in drawn[name]]
        ax.plot([drawn[name][players[row]] for row in rows], rows, zorder=2 + len(handles), **look)  # type: ignore[arg-type]
        handles.append(Line2D([], [], label=f"{name}: {MEANT[name]}", **look))  # type: ignore[arg-type]
    if half_widths:
        wide = [half_widths[player] for player in players]
        ax.errorbar(list(drawn["Shapley"].values()), range(len(players)), xerr=wide, fmt="none",
                    ecolor=style.BLACK, elinewidth=1.2, capsize=4.0, zorder=5)  # fmt: skip
        handles.append(Line2D([], [], color=style.BLACK, linewidth=1.2, label="95 % of Shapley"))
    ax.axvline(0.0, color=style.INK, linewidth=0.8, zorder=0)
    called = [(names or {}).get(player, player) for player in players]
    ax.set_yticks(range(len(players)), called, fontsize=TEXT)
    with_fallback(ax.get_yticklabels())
    ax.set_ylim(len(players) - 0.5, -0.5)
    ax.set_xlabel(label, fontsize=TEXT)
    style.thousands(ax.xaxis)
    style.legend_below(ax, handles, columns=2)
    ax.set_title(_share_words(drawn, players), fontsize=TEXT + 1)
    return style.frameless(ax, grid=True)


def _share_words(drawn: Mapping[str, Shares], players: Sequence[str]) -> str:
    """Return the message: on whom the methods differ most, and from where to where."""
    told = {
        player: [shares[player] for shares in drawn.values() if player in shares]
        for player in players
    }
    apart = {player: max(values) - min(values) for player, values in told.items() if values}
    first = max(apart, key=apart.__getitem__, default=None)
    if first is None or apart[first] <= 0.0:
        return "The methods agree"
    low, high = _short(min(told[first])), _short(max(told[first]))
    if low == high:
        return "The methods agree"
    return f"The methods differ most on {first}: from {low} to {high}"


def interaction_bars(
    pairs: Mapping[tuple[str, str], tuple[float, float]],
    ax: Axes | None = None,
    *,
    label: str,
    judged: bool = True,
) -> Axes:
    """Draw the pairs that bring most beyond, or least of, the sum of both; the title names one.

    ``pairs``: given none, and given all others; ``label``: the figure with its unit; ``judged``:
    whether more of it is better. Pairs that do less than a hundredth of the first are counted, not
    drawn.
    """
    ranked = sorted(pairs.items(), key=lambda each: -max(map(abs, each[1])))
    largest = max((max(map(abs, values)) for values in pairs.values()), default=0.0)
    shown = [each for each in ranked if max(map(abs, each[1])) > 0.01 * largest][:PAIRS]
    ax = style.axes(ax, 9.0, 2.2 + 0.5 * len(shown))
    for position, (_, values) in enumerate(shown):
        for shift, value, colour in zip((-0.2, 0.2), values, (style.BLUE, style.SKY), strict=True):
            ax.barh(position + shift, value, height=0.38, color=colour)
            side = "right" if value < 0.0 else "left"
            ax.annotate(_short(value, sign=True), (value, position + shift),
                        xytext=(-4 if value < 0.0 else 4, 0), textcoords="offset points",
                        horizontalalignment=side, verticalalignment="center",
                        fontsize=TEXT - 1)  # fmt: skip
    ax.set_yticks(range(len(shown)), [" with ".join(pair) for pair, _ in shown], fontsize=TEXT)
    ax.set_ylim(max(len(shown), 1) - 0.4, -0.6)
    ax.axvline(0.0, color=style.INK, linewidth=0.8)
    ax.margins(x=0.15)
    style.thousands(ax.xaxis)
    rest = len(pairs) - len(shown)
    others = f"the other {rest} pairs do" if rest > 1 else "the other pair does"
    less = f"\n({others} less)" if rest and shown else ""
    ax.set_xlabel(f"{label}: together less the sum", fontsize=TEXT)
    ax.set_title(f"{_pair_words(shown, judged)}{less}", fontsize=TEXT + 1)
    told = {"given none of the others": style.BLUE, "given all others": style.SKY}
    style.legend_below(ax, style.patches(told), columns=2)
    return style.frameless(ax, grid=True)


def _pair_words(shown: Sequence[tuple[tuple[str, str], tuple[float, float]]], judged: bool) -> str:
    if not shown:
        return "The schemes act one by one: their effects add up"
    (one, other), (none, _) = shown[0]
    if not judged:
        far = f"{_short(abs(none))} {'less' if none < 0.0 else 'more'}"
        return f"{one} with {other}: {far} than the sum of both"
    if none < 0.0:
        return f"{one} and {other} take the same: together {_short(-none)} less than their sum"
    return f"{one} and {other} help each other: together {_short(none)} more than their sum"


def _short(value: float, *, sign: bool = False, of: float = 0.0) -> str:
    """Return a number in at most about five characters; "0" for the rounding of a larger one."""
    size = abs(value)
    plus = "+" if sign else ""
    if size >= 1e5:
        return f"{value / 1000.0:{plus},.0f}k"
    if size >= 99.5:
        return f"{value:{plus},.0f}"
    if size >= 9.95:
        return f"{value:{plus}.1f}".removesuffix(".0")
    if size >= 0.0995:
        return f"{value:{plus}.2f}"
    if size <= ROUNDING * of:
        return "0"
    return f"{value:{plus}.1g}" if size >= 1e-4 else f"{value:{plus}.2g}".replace("e-0", "e-")
