"""What came of it, in words."""

from __future__ import annotations

from collections.abc import Mapping
from math import isnan
from textwrap import wrap

from experiments.bounds import EVENTS
from experiments.studies.attribute.attribution import (
    METHODS,
    NO_MEASUREMENT,
    NOT_IDENTIFIABLE,
    Attribution,
    title,
)
from experiments.studies.attribute.tradeoff import Tradeoff
from experiments.studies.run import FEW
from plant_models.methods.abatement import WHY_RANKING_FAILS
from sim.tables import readable, text_table

WIDTH = 100
SHOWN = 12  # sets of a front
UNKNOWN = "?"


def splits(of: Attribution) -> list[str]:
    """Return the shares of a figure by every method, as a table."""
    halves = of.half_widths
    spread = halves and halves.by_method["Shapley"]
    rows = [
        [player, *(_share(of.splits[method], player) for method in METHODS)]
        + ([readable(spread[player])] if spread else [])
        for player in of.terms.order
    ]
    sums = [of.splits[method] for method in METHODS]
    rows.append(["sum", *(UNKNOWN if s is None else readable(sum(s.values())) for s in sums)])
    if spread:
        rows[-1].append(readable(halves.together) if halves else "")
    heading = title(of)
    together = f"together {readable(of.game.together)}"
    if of.before:
        share = of.game.together / of.before
        together += f" of {readable(of.before)} ({share:.1%})"
    gap = f"additivity gap, sum of alone less together: {readable(of.gap)}"
    return [
        heading,
        *text_table([of.figure.word, *METHODS] + ["+- 95 %"] * bool(spread), rows),
        f"{together}; {gap}",
        *_tail(of),
    ]


def _tail(of: Attribution) -> list[str]:
    """Return how far years go beyond their mean, in a sentence."""
    tail = of.tail
    if tail is None:
        return []
    told = (
        f"worst of {len(of.replications)} replications beyond the mean of its set: "
        f"more than {_percent(tail.half)} in half of {tail.sets:,} sets, more than "
        f"{_percent(tail.twentieth)} in one of twenty, {_percent(tail.most)} at most "
        f"({of.cube.spelled(tail.where)})"
    )
    return wrap(told, WIDTH, subsequent_indent="  ")


def _percent(share: float) -> str:
    return f"{readable(100.0 * share)}%"


def _share(shares: Mapping[str, float] | None, player: str) -> str:
    return UNKNOWN if shares is None else readable(shares[player])


def apart(of: Attribution) -> list[str]:
    """Return what those do that share nothing, beside the others."""
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


def pairs(of: Attribution, count: int) -> list[str]:
    """Return the pairs that do the most together, so many."""
    shown = list(of.pairs.items())[:count]
    if not shown:
        return []
    rows = [
        [" x ".join(pair), readable(none), readable(others), _kind(of.judged, none, others)]
        for pair, (none, others) in shown
    ]
    header = [f"pairs, {of.figure.unit}", "given none", "given all others", ""]
    left = len(of.pairs) - len(shown)
    more = [f"and {left} smaller ones; see --pairs"] if left else []
    return [*text_table(header, rows, left=(0, 3)), *more]


def _kind(judged: bool, none: float, others: float) -> str:
    if none == others == 0.0:
        return ""  # neither changes what the other does
    if none <= 0.0 and others <= 0.0:
        return "overlap" if judged else "below their sum"
    if none >= 0.0 and others >= 0.0:
        return "help each other" if judged else "above their sum"
    return "depends on the others"


def front(of: Tradeoff) -> list[str]:
    """Return the sets of the Pareto front."""
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


def curve(of: Tradeoff) -> list[str]:
    """Return the cost curve, and why it is no order to act in."""
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
    heading = f"marginal abatement cost of {of.tonnes.figure.name}, tonnes and money by Shapley"
    if not rows:
        return [heading, *tail]
    note = wrap(f"note: {WHY_RANKING_FAILS}", WIDTH, subsequent_indent="  ")
    return [heading, *text_table(header, rows, left=(0, 3)), *tail, *note]


def notes(of: Attribution) -> list[str]:
    """Return what the methods mean, and how sure the shares are."""
    order = ", ".join(of.terms.order)
    lines = [f"{name}: {meaning}" for name, meaning in METHODS.items()]
    lines[2] += f" ({order})"
    lines += _sureness(of)
    lines.append(f"{UNKNOWN}: not defined, or not known")
    told = [*lines, NOT_IDENTIFIABLE if of.cube.plant.printed_note else NO_MEASUREMENT]
    return [piece for line in told for piece in wrap(line, WIDTH, subsequent_indent="  ")]


def _sureness(of: Attribution) -> list[str]:
    """Return what the interval is of, or why there is none."""
    if of.cube.origin["clock"] != EVENTS:
        return []
    times = len(of.replications)
    if times < 2:
        return ["no interval: one replication has no spread; take cube --simulate --replications 2"]
    line = (
        f"+- 95 %: half of Student's t interval of Shapley values and sum over {times} "
        "replications, each split by itself"
    )
    few = "; from so few it is wide, or narrow by luck" if times < FEW else ""
    return [f"{line}{few}"]


def _known(value: float) -> str:
    return UNKNOWN if isnan(value) else readable(value)
