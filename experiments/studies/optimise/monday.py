"""One page for a manager: what to do on Monday, what it brings, and what it leans on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from experiments.audit.naming import figure_name
from experiments.studies.optimise import front
from experiments.studies.optimise.findings import Findings
from experiments.studies.optimise.question import BOTH, MONEY, times
from experiments.studies.optimise.report import (
    LIKELY,
    best_row,
    failures,
    limit_rows,
    next_step,
)
from sim.model.tree import declared
from sim.tables import readable


def page(of: Findings, lang: str = "en") -> str:
    """Return the page, as Markdown: in English, but for what figures are called."""
    return "\n".join([f"# What to do on Monday: {of.of.plant.name}", "", *_parts(of, lang)]) + "\n"


def _parts(of: Findings, lang: str) -> Iterator[str]:
    best = of.best
    if best is None:
        yield f"Nothing can be recommended: {'; '.join(failures(of))}."
        return
    if of.of.goal == BOTH:
        yield from _choose(of, lang)
    yield from _decide(of)
    yield from _orders(of)
    yield from _turns(of)
    yield from _brings(of, lang)
    yield from _unsure(of)


def _choose(of: Findings, lang: str) -> Iterator[str]:
    """Say what there is to choose from, and at which price."""
    best, name, less = of.best, figure_name(of.of.plant, of.of.against, lang), front.tonne(of)
    assert best is not None
    assert of.of.worth is not None
    money, unit = times(of.of.worth.economy.unit_word), of.of.plant.units[of.of.against]
    yield "## Choose: what is it worth to you?"
    yield ""
    for row in front.rows(of):
        if row.kind == front.ON:
            price = (
                "" if row.price is None else f"; {readable(row.price.mean)} {money} for 1 {less}"
            )
            sure = "" if row.told else " (not sure)"
            worth, tonnes = readable(row.money.mean), readable(row.tonnes.mean)
            yield f"- **{row.name}**: {worth} {of.of.of_worth}, {name} {tonnes} {unit}{price}{sure}"
    yield ""
    which = "where much is had for little" if of.has_knee else "which brings most money"
    yield f"What follows is for {best.name}, {which}."
    yield ""


def _decide(of: Findings) -> Iterator[str]:
    best = of.best
    assert best is not None
    count, worth = len(best.schemes), of.of.worth
    spend = ""
    if worth is not None:
        cost = of.of.cost(best.schemes)
        within = "" if of.of.budget is None else f" of the {of.of.budget:g} that are there"
        spend = f" for {readable(cost)} {times(worth.economy.unit_word)} once{within}"
    what = "no scheme" if not count else "one scheme" if count == 1 else f"{count} schemes"
    yield f"**Decide:** {what}{spend}."
    yield ""


def _orders(of: Findings) -> Iterator[str]:
    best = of.best
    assert best is not None
    if best.schemes:
        yield "## Order and build"
        yield ""
        unit = "" if of.of.worth is None else f" {times(of.of.worth.economy.unit_word)}"
        for one in sorted(best.picked, key=lambda each: of.of.cost([each.id])):
            cost = of.of.cost([one.id])
            free = "costs nothing to buy" if not cost else f"{readable(cost)}{unit}"
            ours = " (our idea, not the audit's)" if one.evidence == "ours" else ""
            yield f"- **{one.id} {one.title}**: {free}{ours}."
        yield ""


def _turns(of: Findings) -> Iterator[str]:
    own = of.turns
    if own is None or not own.values:
        return
    yield "## Turn, in small steps, and watch"
    yield ""
    for turn in own.turns:
        if turn.moved:
            rests = f"; **stop there: {turn.point.beyond(turn.after)}**" if turn.rests else ""
            known = declared(of.of.plant.tree_type, turn.point.path)
            unit = "" if known.unit == "1" else f" {known.unit}"
            span = f"from {readable(turn.before)} to {readable(turn.after)}{unit}"
            yield f"- `{turn.point.path}`, {known.meaning}: {span}{rests}"
    yield ""


def _brings(of: Findings, lang: str) -> Iterator[str]:
    race = of.race
    yield "## What it brings"
    yield ""
    was, becomes = of.sets.row(0), best_row(of)
    if race is None or race.best is None:
        yield "Nothing has run yet: the figures are of a plant at rest."
        yield ""
        yield from _at_rest(of, was, becomes)
    elif of.of.goal in (MONEY, BOTH):
        worth = race.best.worth
        yield f"- worth {_span(worth.low, worth.high)} {of.of.of_worth}, investment paid off in it"
    else:
        yield from _at_rest(of, was, becomes)
    for name in dict.fromkeys((of.of.against, *of.of.plant.headlines, of.of.plant.product)):
        if name:
            before, after = was[name], becomes[name]
            if race is not None and race.best is not None:
                before, after = race.beside["none"].mean(name).mean, race.best.mean(name).mean
            change = f" ({100.0 * (after / before - 1.0):+.0f} %)" if before else ""
            unit = of.of.plant.units[name]
            called = figure_name(of.of.plant, name, lang)
            yield f"- {called}: {readable(before)} to {readable(after)} {unit}{change}"
    own = None if race is None else race.beside.get("programme")
    if race is not None and own is not None and own.name != (of.best and of.best.name):
        over = race.over(own)
        told = _more_or_less(over.low, over.high, of.of.of_worth)
        yield f"- against the programme {own.name}: {told}"
    yield ""


def _at_rest(of: Findings, was: Mapping[str, float], becomes: Mapping[str, float]) -> Iterator[str]:
    """Say what the best is worth in money at rest, whatever the goal."""
    if of.of.worth is not None and of.best is not None:
        money = readable(of.of.benefit(of.best.schemes, was, becomes))
        unit = times(of.of.worth.economy.unit_word)
        yield f"- worth {money} {unit}/yr at rest, investment paid off in it"


def _unsure(of: Findings) -> Iterator[str]:
    yield "## How sure, and what to ask first"
    yield ""
    chance = of.probability
    if chance is not None and chance >= LIKELY and of.front is None:
        yield f"- best of the designs that ran with at least {int(100.0 * chance)}%"
    for name in of.not_told_apart:
        yield f"- {name} may be as good: choose by what is easier to build"
    for name, _, _, _, binds, price, kept in limit_rows(of):
        if binds and not np.isnan(price):
            held = "" if kept is None else f", kept with {kept:.0%}"
            costs = f"{readable(price)} {of.of.of_worth}" if price else "nothing"
            yield f"- the limit {name} costs {costs}{held}"
    more = next_step(of)
    if more is not None and of.of.worth is not None:
        word = times(of.of.worth.economy.unit_word)
        brings = f"is worth {readable(more)} {of.of.of_worth}" if more else "brings nothing"
        yield f"- a budget larger by 10 {word} {brings}"
    best = of.best
    assert best is not None
    guesses = sum(
        1 for scheme in best.picked for patch in scheme.patches if patch.evidence == "assumed"
    )
    if guesses:
        yield f"- numbers behind these schemes that are assumed, to be measured first: {guesses}"
    yield ""


def _more_or_less(low: float, high: float, unit: str) -> str:
    """Return a difference as people say it, without a sign.

    >>> _more_or_less(-94.0, -75.0, "t"), _more_or_less(-6.0, 2.0, "t")
    ('75.00 to 94.00 t less', 'between 6.000 t less and 2.000 t more')
    """
    if low < 0.0 < high:
        return f"between {readable(-low)} {unit} less and {readable(high)} {unit} more"
    sign = "less" if low < 0.0 else "more"
    return f"{_span(*sorted((abs(low), abs(high))))} {unit} {sign}"


def _span(low: float, high: float) -> str:
    first, last = readable(low), readable(high)
    return first if first == last else f"{first} to {last}"
