"""The front of money against tonnes, row by row: what is said where both are the goal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import isfinite, isnan
from typing import Any, NamedTuple

from experiments.output.answer import Table
from experiments.studies.optimise.findings import Findings
from experiments.studies.optimise.running import Contender
from plant_models.methods.fronts import ratio
from sim.statistics.intervals import Interval, interval
from sim.tables import indented, percent, readable, text_table

ON, OUT = "front", "behind"
LESS = {-1.0: "less", 1.0: "more"}
SHOWN = 12
"""Rows of a front at rest that has more."""


class Row(NamedTuple):
    """A design of the front, or one that ran beside it."""

    name: str
    kind: str  #: `ON`, `OUT`, or what else it is
    ids: tuple[str, ...]
    money: Interval
    tonnes: Interval
    price: Interval | None = None  #: Money given for 1 of the tonnes, from the row above
    right: float | None = None  #: Least chance that its place is the true one
    told: bool = True  #: Whether that place is told


def rows(of: Findings) -> list[Row]:
    """Return the front by falling money, then what ran and is not on it."""
    return list(_at_rest(of)) if of.race is None else [*_running(of), *_beside(of)]


def _at_rest(of: Findings) -> Iterator[Row]:
    base = of.sets.row(0)
    before: tuple[float, float] | None = None
    for each in of.front_at_rest:
        at = of.of.benefit(each.ids, base, each.figures), of.of.gain(base, each.figures)
        price = None if before is None else ratio([before[0] - at[0]], [at[1] - before[1]])
        money, tonnes = interval([at[0]]), interval([each.figures[of.of.against]])
        yield Row(each.variant(of.of).name, ON, each.ids, money, tonnes, price)
        before = at


def _running(of: Findings) -> Iterator[Row]:
    front, race = of.front, of.race
    if front is None or race is None:
        return
    out = [i for i in range(len(race.rivals)) if i not in front.on]
    before: int | None = None
    for i in (*front.on, *sorted(out, key=lambda i: -race.rivals[i].worth.mean)):
        on = i in front.on
        yield _row(of, race.rivals[i], ON if on else OUT)._replace(
            price=front.price(i, before) if on and before is not None else None,
            right=max(0.0, 1.0 - float(front.wrong[i])),
            told=bool(front.told[i]),
        )
        before = i


def _beside(of: Findings) -> Iterator[Row]:
    assert of.race is not None
    yield from (_row(of, each, "breaks a limit") for each in of.race.dropped)
    words = {"none": "as it is", "programme": "programme"}
    yield from (_row(of, each, words[name]) for name, each in of.race.beside.items())


def _row(of: Findings, one: Contender, kind: str) -> Row:
    money = interval(one.benefit.tolist())
    return Row(one.name, kind, one.variant.schemes, money, one.mean(of.of.against))


def verdict(of: Findings) -> list[str]:
    """Return what the best is, how much of the front is told, and what is like the best."""
    best, front = of.best, of.front
    assert best is not None
    lines = [f"knee: {best.name}" if of.has_knee else f"no knee; most money: {best.name}"]
    if front is not None and of.race is not None:
        lines.append(
            f"front: {len(front.on)} of {len(front.told)} designs that ran; places told: "
            f"{front.told.sum()}, all right with at least {percent(front.rules.confidence)}"
        )
        alike = [of.race.rivals[i].name for i in front.open_rivals]
        lines += [f"not told from it: {'; '.join(alike)}"] if alike else []
    return lines


def lines(of: Findings) -> list[str]:
    """Return the front as it is printed."""
    every, against = rows(of), of.of.against
    if of.race is None:
        every = every if len(every) <= SHOWN else [*every[: SHOWN - 1], every[-1]]
        cells = [
            [each.name, _once(of, each), readable(each.money.mean), readable(each.tonnes.mean),
             _price(each)]
            for each in every
        ]  # fmt: skip
        header = ["front, at rest", "once", "money", against, "price"]
        return [*text_table(header, cells), *_meaning(of)]
    cells = [
        [each.name, each.kind if each.told else f"{each.kind}?", _once(of, each),
         readable(each.money.mean), readable(each.money.half_width), readable(each.tonnes.mean),
         readable(each.tonnes.half_width), _ends(each),
         "" if each.right is None else f"{each.right:.1%}"]
        for each in every
    ]  # fmt: skip
    header = ["in operation", "", "once", "money", "+-", against, "+-", "price", "right"]
    return [
        *text_table(header, cells, left=(0, 1)),
        *_meaning(of),
        "right: least chance that a place, on the front or behind it, is the true one; ?: not told",
    ]


def _meaning(of: Findings) -> list[str]:
    assert of.of.worth is not None
    unit = of.of.worth.economy.unit_word
    sure = "" if of.race is None else "; +- and price: 95 %"
    return indented(
        f"money: {of.of.unit}; once: {unit}; "
        f"price: {unit} given for 1 {tonne(of)}, from the row above{sure}",
        0,
    )


def tonne(of: Findings) -> str:
    """Return what a price is paid for: a unit of what the front weighs."""
    return f"{of.of.plant.units[of.of.against].removesuffix('/yr')} {LESS[of.of.sign]}"


def _once(of: Findings, row: Row) -> str:
    cost = of.of.cost(row.ids)
    return "?" if isnan(cost) else readable(cost)


def _price(row: Row) -> str:
    return "" if row.price is None else readable(row.price.mean)


def _ends(row: Row) -> str:
    if row.price is None:
        return ""
    ends = row.price.low, row.price.high
    return f"{readable(ends[0])} to {readable(ends[1])}" if all(map(isfinite, ends)) else "?"


def table(of: Findings) -> Table:
    """Return the front, and what ran beside it."""
    header = ("design", "is", "told", "right", "schemes", "once", "money", "low", "high",
              of.of.against, "tonnes_low", "tonnes_high", "price", "price_low", "price_high",
              "replications")  # fmt: skip
    return Table(
        header,
        [
            (each.name, each.kind, None if each.right is None else each.told, each.right,
             ", ".join(each.ids), of.of.cost(each.ids), *_three(each.money), *_three(each.tonnes),
             *_three(each.price), each.money.n if of.race is not None else 0)
            for each in rows(of)
        ],
        units_of(of, header),
    )  # fmt: skip


def units_of(of: Findings, columns: Sequence[str]) -> Mapping[str, str]:
    """Return the units of measure of columns of an answer's tables, of those that have one."""
    ask, found = of.of, dict[str, str]()
    tonnes = ask.plant.units[ask.against]
    if ask.worth is not None:
        once = ask.worth.economy.unit_word
        found = dict.fromkeys(("once", "budget"), once)
        found |= dict.fromkeys(("money", "run_money", "run_money_error"), f"{once}/yr")
        price = f"{once} per {tonnes.removesuffix('/yr')}"
        found |= dict.fromkeys(("price", "price_low", "price_high"), price)
    found |= dict.fromkeys(("worth", "low", "high"), ask.unit)
    beside = ("tonnes_low", "tonnes_high", "run_tonnes", "run_tonnes_error")
    found |= dict.fromkeys((ask.against, *beside), tonnes)
    return {name: unit for name, unit in found.items() if name in columns}


def _three(of: Interval | None) -> tuple[Any, Any, Any]:
    """Return a mean and its ends; nothing of what there is not, or where they have no end."""
    if of is None:
        return None, None, None
    low, high = (end if isfinite(end) else None for end in (of.low, of.high))
    return of.mean, low, high
