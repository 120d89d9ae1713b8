"""Tables as text, for a terminal of 100 columns."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

from experiments.door.inputs import Case
from experiments.runner.studies import Study
from plant_models import chlorobenzene as cb
from plant_models.chlorobenzene.figures.style import MONTHS, words
from plant_models.chlorobenzene.line.wiring import SINKS, TRAINS
from sim.books.ledger import INTERNAL
from sim.statistics.intervals import Interval
from sim.tables import readable, text_table

SMALLEST = 0.01  # t/yr; less is left to flows.csv
LONGEST_NAME = 12  # of a scheme set at the head of a column
CAUSES = ("normal", "start-up", "trip", "overflow")
UTILITIES = ("steam_t", "power_mwh", "cooling_water_t", "cooling_water_intake_t")
OPERATION = ("chlorobenzene_t", "hydrochloric_acid_t", "dichlorobenzene_t", "operating_hours",
             "availability")  # fmt: skip
ONE_REPLICATION = "An interval takes two replications or more: --replications 2"


def run_report(study: Study) -> str:
    """Return what a run came to: in, out, operation, trains, closure."""
    sections = [
        [heading(f"Schemes {study.name}", study.case)],
        _operation(study),
        _inputs(study),
        _outputs(study),
        _trains(study),
        list(_closing(study)),
    ]
    return "\n\n".join("\n".join(lines) for lines in sections)


def heading(subject: str, case: Case) -> str:
    """Return what was run, in a line."""
    month, day = (int(part) for part in case.start.split("-"))
    year = "1 year" if case.years == 1.0 else f"{case.years:g} years"
    text = f"{subject}: {year} of 8,760 h from {day} {MONTHS[month - 1]}, seed {case.seed}"
    if case.replications > 1:
        text += f", {case.replications} replications"
    if case.design.tree != cb.BASELINE.tree:
        text += ", own design"
    return text


def _operation(study: Study) -> list[str]:
    rows = [_row(study, name) for name in OPERATION]
    return [
        *text_table(_header(study, "operation"), rows, left=(0, 1)),
        f"bottleneck: {study.bottleneck}",
    ]


def _inputs(study: Study) -> list[str]:
    into: dict[str, float] = {}
    sinks = {entry.sink for entry in study.flows} | set(study.first.ledger.held)
    for entry, kg in study.flows.items():
        if entry.source not in sinks:
            into[entry.source] = into.get(entry.source, 0.0) + float(kg.sum()) / 1000.0
    rows = [[words(name), "t/yr", readable(t)] for name, t in into.items()]
    rows.append(["material in", "t/yr", readable(sum(into.values()))])
    rows += [_row(study, name)[:3] for name in UTILITIES]
    return text_table(["in", "unit", "mean"], rows, left=(0, 1))


def _outputs(study: Study) -> list[str]:
    names = study.first.ledger.components.names
    told: dict[tuple[str, str], dict[str, float]] = {}
    for entry, kg in study.flows.items():
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
    for medium in dict.fromkeys(SINKS.values()):
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


def _trains(study: Study) -> list[str]:
    rows = []
    for train, (feed, members) in TRAINS.items():
        if train not in study.hours:  # a device that is not built
            continue
        states = study.hours[train]
        fed = sum(
            float(kg.sum()) / 1000.0
            for entry, kg in study.flows.items()
            if entry.source == feed and entry.sink == members[0]
        )
        waits = {state: h for state, h in states.items() if state != "running"}
        longest = max(waits, key=lambda state: waits[state], default="")
        reason = f"{longest}, {readable(waits[longest])} h" if longest else ""
        rows.append([words(train), readable(fed), readable(states.get("running", 0.0)), reason])
    header = ["train", "feed, t/yr", "running, h/yr", "longest other state"]
    return text_table(header, rows, left=(0, 3))


def _closing(study: Study) -> Iterator[str]:
    yield from footnotes({name: study.units[name] for name in OPERATION})
    stock = study.means["stock_change_t"].mean
    worst = max(values["closure"] for values in study.indicators)
    balances = len(study.first.receipt().checks)
    yield f"stock change {readable(stock)} t/yr; {balances} balances close to {worst:.1e} kg/kg"
    if study.case.replications == 1:
        yield ONE_REPLICATION


def _header(study: Study, first: str) -> list[str]:
    return [first, "unit", "mean"] + ["+- 95 %"] * (study.case.replications > 1)


def _row(study: Study, name: str) -> list[str]:
    mean: Interval = study.means[name]
    row = [name, unit_of(study.units[name]), readable(mean.mean)]
    return [*row, readable(mean.half_width)] if study.case.replications > 1 else row


def unit_of(unit: str) -> str:
    """Return a unit without what it is counted as, which stands in a footnote."""
    return unit.partition(" as ")[0]


def footnotes(units: Mapping[str, str]) -> list[str]:
    """Return what the units of some indicators are counted as."""
    notes = [
        f"{name} as {unit.partition(' as ')[2]}" for name, unit in units.items() if " as " in unit
    ]
    return ["; ".join(notes)] if notes else []
