"""An attribution as text, for a terminal of 100 columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isnan
from textwrap import wrap

from experiments.runner.tasks import EVENTS
from experiments.studies.attribute.split import (
    METHODS,
    NO_MEASUREMENT,
    NOT_IDENTIFIABLE,
    Attribution,
    Tradeoff,
    title,
)
from experiments.studies.cube.cube import Cube
from plant_models.methods.abatement import WHY_RANKING_FAILS
from sim.tables import readable, text_table

WIDTH = 100
SHOWN = 12  # sets of a front
UNKNOWN = "?"


def attribution_report(of: Sequence[Attribution], tradeoff: Tradeoff | None, pairs: int) -> str:
    """Return splits, interactions and those apart of every figure, then money against tonnes."""
    sections = [[_clock(of[0].cube)]]
    for each in of:
        sections += [_splits(each), _apart(each), _pairs(each, pairs)]
    if tradeoff is not None:
        sections += [_front(tradeoff), _curve(tradeoff)]
    elif of[0].terms.worth is None:
        sections.append([f"no Pareto front: the {of[0].cube.plant.name} has no prices"])
    elif of[0].terms.not_priced:
        unknown = ", ".join(of[0].terms.not_priced)
        sections.append(
            [f"no Pareto front: the source gives no investment of {unknown}; see --invest"]
        )
    sections.append(_notes(of[0]))
    return "\n\n".join("\n".join(lines) for lines in sections if lines)


def _clock(cube: Cube) -> str:
    origin = cube.origin
    if origin["clock"] != EVENTS:
        return "steady state, a year of constant conditions"
    years = "1 year" if origin["years"] == 1.0 else f"{origin['years']:g} years"
    times = f", mean of {origin['replications']} replications" if origin["replications"] > 1 else ""
    return f"{years} of events, seed {origin['seed']}{times}, the same breakdowns for every set"


def _splits(of: Attribution) -> list[str]:
    spread = of.half_widths
    rows = [
        [player, *(_share(of.splits[method], player) for method in METHODS)]
        + ([readable(spread[player])] if spread else [])
        for player in of.terms.order
    ]
    sums = [of.splits[method] for method in METHODS]
    rows.append(["sum", *(UNKNOWN if s is None else readable(sum(s.values())) for s in sums)])
    if spread:
        rows[-1].append("")
    heading = title(of)
    together = f"together {readable(of.game.together)}"
    if of.figure.base:
        share = of.game.together / of.figure.base
        together += f" of {readable(of.figure.base)} ({share:.1%})"
    gap = f"additivity gap, sum of alone less together: {readable(of.gap)}"
    return [
        heading,
        *text_table([of.figure.word, *METHODS] + ["+- 95 %"] * bool(spread), rows),
        f"{together}; {gap}",
    ]


def _share(shares: Mapping[str, float] | None, player: str) -> str:
    return UNKNOWN if shares is None else readable(shares[player])


def _apart(of: Attribution) -> list[str]:
    lines = []
    for each in of.apart:
        lines.append(
            f"{each.name} apart, {of.figure.word}: alone {_known(each.alone)}, "
            f"after all others (last-in) {_known(each.last_in)} {of.figure.unit}"
        )
        if each.per_tonne is not None:
            total = " -> ".join(map(readable, each.levels))
            per = " -> ".join(readable(1000.0 * level) for level in each.per_tonne)
            lines.append(f"  in total {total} {of.figure.unit}; per tonne of product {per} kg/t")
    return lines


def _pairs(of: Attribution, count: int) -> list[str]:
    shown = list(of.pairs.items())[:count]
    if not shown:
        return []
    rows = [
        [" x ".join(pair), readable(none), readable(others), _kind(none, others)]
        for pair, (none, others) in shown
    ]
    header = [f"pairs, {of.figure.unit}", "given none", "given all others", ""]
    left = len(of.pairs) - len(shown)
    more = [f"and {left} smaller ones; see --pairs"] if left else []
    return [*text_table(header, rows, left=(0, 3)), *more]


def _kind(none: float, others: float) -> str:
    if none <= 0.0 and others <= 0.0:
        return "overlap"
    if none >= 0.0 and others >= 0.0:
        return "help each other"
    return "depends on the others"


def _front(of: Tradeoff) -> list[str]:
    front = of.front
    step = max(1, -(-len(front) // SHOWN))
    shown = [*front[:-1:step], front[-1]]
    rows = [
        [readable(c.avoided), f"{c.net_benefit:,.1f}", of.tonnes.cube.spelled(c.schemes)]
        for c in shown
    ]
    header = ["t/yr avoided", of.benefit.figure.unit, "set"]
    some = f", {len(shown)} of them" if len(shown) < len(front) else ""
    return [
        f"Pareto front of net benefit against {of.tonnes.figure.name} avoided: {len(front)} of "
        f"{len(of.points):,} sets{some}",
        *text_table(header, rows, left=(2,)),
    ]


def _curve(of: Tradeoff) -> list[str]:
    curve = of.curve
    unit, currency = of.money.unit, of.money.currency
    rows = [
        [m.name, readable(m.avoided), f"{-m.cost:,.1f}", "earns: no cost per tonne"]
        for m in curve.earning
    ]
    rows += [
        [m.name, readable(m.avoided), f"{-m.cost:,.1f}", f"{unit * m.per_tonne:,.0f} {currency}/t"]
        for m in curve.costing
    ]
    header = [
        "by Shapley",
        "t/yr avoided",
        f"net benefit, {of.benefit.figure.unit}",
        "cost of a tonne avoided",
    ]
    useless = ", ".join(m.name for m in curve.useless)
    tail = [f"avoid next to nothing of it, or add to it, by Shapley: {useless}"] if useless else []
    note = wrap(f"note: {WHY_RANKING_FAILS}", WIDTH, subsequent_indent="  ")
    heading = f"marginal abatement cost of {of.tonnes.figure.name}, tonnes and money by Shapley"
    return [heading, *text_table(header, rows, left=(0, 3)), *tail, *note]


def _notes(of: Attribution) -> list[str]:
    order = ", ".join(of.terms.order)
    lines = [f"{name}: {meaning}" for name, meaning in METHODS.items()]
    lines[2] += f" ({order})"
    if of.half_widths:
        lines.append("+- 95 %: half the interval of the Shapley value over the replications")
    lines.append(f"{UNKNOWN}: not defined, or not known")
    told = [*lines, NOT_IDENTIFIABLE if of.cube.plant.printed_note else NO_MEASUREMENT]
    return [piece for line in told for piece in wrap(line, WIDTH, subsequent_indent="  ")]


def _known(value: float) -> str:
    return UNKNOWN if isnan(value) else readable(value)
