"""What ``run`` prints: in, out, operation, trains, closure; headings that others print too."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

from experiments.runner.horizon import Horizon
from experiments.runner.replicates import Replicated
from plant_models.calendar import MONTHS
from plant_models.model import Variant
from sim.books.ledger import INTERNAL
from sim.statistics.intervals import Interval
from sim.tables import readable, text_table, words

SMALLEST = 0.01  # t/yr; less is left to flows.csv
LONGEST_NAME = 12  # of a scheme set at the head of a column
CAUSES = ("normal", "start-up", "trip", "overflow")
ONE_REPLICATION = "An interval takes two replications or more: --replications 2"


def run_report(of: Replicated) -> str:
    """Return what a run came to: in, out, operation, trains, closure."""
    sections = [
        [heading(f"Schemes {of.name}", of.variant, of.horizon)],
        _operation(of),
        _inputs(of),
        _outputs(of),
        _trains(of),
        list(_closing(of)),
    ]
    return "\n\n".join("\n".join(lines) for lines in sections)


def heading(subject: str, variant: Variant[Any], horizon: Horizon) -> str:
    """Return what was run, in a line."""
    month, day = (int(part) for part in horizon.start.split("-"))
    year = "1 year" if horizon.years == 1.0 else f"{horizon.years:g} years"
    text = f"{subject}: {year} of 8,760 h from {day} {MONTHS[month - 1]}, seed {horizon.seed}"
    if horizon.replications > 1:
        text += f", {horizon.replications} replications"
    if variant.base.tree != variant.plant.baseline().tree:
        text += ", own design"
    return text


def _operation(of: Replicated) -> list[str]:
    rows = [_row(of, name) for name in of.variant.plant.operating]
    return [
        *text_table(_header(of, "operation"), rows, left=(0, 1)),
        f"bottleneck: {of.bottleneck}",
    ]


def _inputs(of: Replicated) -> list[str]:
    into: dict[str, float] = {}
    sinks = {entry.sink for entry in of.flows} | set(of.first.ledger.held)
    for entry, kg in of.flows.items():
        if entry.source not in sinks:
            into[entry.source] = into.get(entry.source, 0.0) + float(kg.sum()) / 1000.0
    rows = [[words(name), "t/yr", readable(t)] for name, t in into.items()]
    rows.append(["material in", "t/yr", readable(sum(into.values()))])
    rows += [_row(of, name)[:3] for name in of.variant.plant.utilities]
    return text_table(["in", "unit", "mean"], rows, left=(0, 1))


def _outputs(of: Replicated) -> list[str]:
    names = of.first.ledger.components.names
    told: dict[tuple[str, str], dict[str, float]] = {}
    for entry, kg in of.flows.items():
        if entry.medium == INTERNAL:
            continue
        for name, t in zip(names, (kg / 1000.0).tolist(), strict=True):
            part = entry.stream if entry.medium == "product" else name
            for key in ((entry.medium, ""), (entry.medium, part)):
                row = told.setdefault(key, {})
                row[entry.cause] = row.get(entry.cause, 0.0) + t
    met = dict.fromkeys(cause for row in told.values() for cause in row)
    causes = [cause for cause in (*CAUSES, *sorted(set(met) - set(CAUSES))) if cause in met]
    rows = []
    for medium in dict.fromkeys(of.variant.network.sinks.values()):
        parts = [part for place, part in told if place == medium]
        for part in sorted(parts, key=lambda p: -sum(told[medium, p].values()) if p else -math.inf):
            row = told[medium, part]
            total = sum(row.values())
            if total >= SMALLEST:
                label = f"  {words(part)}" if part else medium
                decimals = _decimals(total)
                cells = [f"{row[c]:,.{decimals}f}" if row.get(c) else "" for c in causes]
                rows.append([label, *cells, f"{total:,.{decimals}f}"])
    return text_table(["out, t/yr", *causes, "total"], rows)


def _decimals(total: float) -> int:
    """Return the decimals of a row: what its total can use holds for its parts."""
    return next((n for least, n in ((1000.0, 0), (10.0, 1), (0.1, 2)) if total >= least), 3)


def _trains(of: Replicated) -> list[str]:
    rows = []
    for train in of.variant.network.trains:
        states = of.hours[train.name]
        fed = sum(
            float(kg.sum()) / 1000.0
            for entry, kg in of.flows.items()
            if entry.source == train.feed and entry.sink == train.members[0]
        )
        waits = {state: h for state, h in states.items() if state != "running"}
        longest = max(waits, key=lambda state: waits[state], default="")
        reason = f"{longest}, {readable(waits[longest])} h" if longest else ""
        rows.append(
            [words(train.name), readable(fed), readable(states.get("running", 0.0)), reason]
        )
    header = ["train", "feed, t/yr", "running, h/yr", "longest other state"]
    return text_table(header, rows, left=(0, 3))


def _closing(of: Replicated) -> Iterator[str]:
    yield from footnotes({name: of.units[name] for name in of.variant.plant.operating})
    stock = of.means["stock_change_t"].mean
    worst = max(values["closure"] for values in of.indicators)
    balances = len(of.first.receipt().checks)
    yield f"stock change {readable(stock)} t/yr; {balances} balances close to {worst:.1e} kg/kg"
    if of.horizon.replications == 1:
        yield ONE_REPLICATION


def _header(of: Replicated, first: str) -> list[str]:
    return [first, "unit", "mean"] + ["+- 95 %"] * (of.horizon.replications > 1)


def _row(of: Replicated, name: str) -> list[str]:
    mean: Interval = of.means[name]
    row = [name, unit_of(of.units[name]), readable(mean.mean)]
    return [*row, readable(mean.half_width)] if of.horizon.replications > 1 else row


def unit_of(unit: str) -> str:
    """Return a unit without what it is counted as, which stands in a footnote."""
    return unit.partition(" as ")[0]


def footnotes(units: Mapping[str, str]) -> list[str]:
    """Return what the units of some indicators are counted as."""
    notes = [
        f"{name} as {unit.partition(' as ')[2]}" for name, unit in units.items() if " as " in unit
    ]
    return ["; ".join(notes)] if notes else []
