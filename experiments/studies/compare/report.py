"""What ``compare`` prints: designs as columns, differences from the first, how sure each is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from experiments.runner.replicates import Replicated
from experiments.studies.compare.judging import Judgement, Rules
from experiments.studies.run.report import (
    LONGEST_NAME,
    ONE_REPLICATION,
    footnotes,
    heading,
    unit_of,
)
from sim.statistics.comparisons import precise
from sim.tables import readable, text_table

SMALLEST_P = 0.001
SURE = 0.05  # Holm's p below which a difference is marked


def compare_report(judgements: Sequence[Judgement], rules: Rules) -> str:
    """Return the designs side by side, and what has to be known to read the differences."""
    before = judgements[0].before
    designs = [before, *(each.after for each in judgements)]
    subject = "Schemes " + ", then ".join(each.name for each in designs)
    pair = len(judgements) == 1
    lines = [heading(subject, before.variant, before.horizon), ""]
    lines += _pair(judgements[0], rules) if pair else _side_by_side(judgements, rules)
    lines += ["", *footnotes(before.units)]
    lines.append("bottleneck: " + ", then ".join(each.bottleneck for each in designs))
    closures = " and ".join(f"{each.closure:.1e}" for each in designs)
    lines.append(f"worst closure of a balance: {closures} kg/kg")
    lines += _how_sure(judgements, rules)
    if any(each.printed for each in judgements):
        lines.append(before.variant.plant.printed_note)
    return "\n".join(lines)


def _pair(of: Judgement, rules: Rules) -> list[str]:
    several = of.before.horizon.replications > 1
    header = ["indicator", "unit", *_names([of.before, of.after]), "difference"]
    header += ["+- 95 %", "p"] * several + ["paper says"] * bool(of.printed)
    rows = []
    for name, difference in of.differences.items():
        if not rules.asks(name):
            continue
        row = [name, unit_of(of.before.units[name]), _mean(of.before, name), _mean(of.after, name)]
        row.append(readable(difference.interval.mean))
        if several:
            row += [readable(difference.interval.half_width), _p(of.adjusted[name])]
        if of.printed:
            row.append(_printed(of, name))
        rows.append(row)
    return text_table(header, rows, left=(0, 1))


def _side_by_side(judgements: Sequence[Judgement], rules: Rules) -> list[str]:
    """Return the means of all designs, then their differences from the first."""
    before = judgements[0].before
    designs = [before, *(each.after for each in judgements)]
    asked = [name for name in before.units if rules.asks(name)]
    names = _names(designs)
    means = [
        [name, unit_of(before.units[name]), *(_mean(each, name) for each in designs)]
        for name in asked
    ]
    told = next((each for each in judgements if each.printed), None)
    header = [f"less {names[0]}", "unit", *names[1:]] + ["paper says"] * (told is not None)
    rows = [
        [
            name,
            unit_of(before.units[name]),
            *(_difference(each, name) for each in judgements),
            *([] if told is None else [_printed(told, name)]),
        ]
        for name in asked
    ]
    return [
        *text_table(["indicator", "unit", *names], means, left=(0, 1)),
        "",
        *text_table(header, rows, left=(0, 1)),
    ]


def _names(designs: Sequence[Replicated]) -> list[str]:
    """Return what columns are called: long names by letters, which the heading spells out."""
    names = [each.name for each in designs]
    if max(map(len, names)) <= LONGEST_NAME:
        return names
    if len(names) == 2:
        return ["before", "after"]
    return [name if len(name) <= LONGEST_NAME else f"design {n}" for n, name in enumerate(names, 1)]


def _difference(of: Judgement, name: str) -> str:
    found = of.differences[name].interval
    if found.n == 1:
        return readable(found.mean)
    mark = "*" if of.adjusted[name] < SURE else " "
    return f"{readable(found.mean)} +- {readable(found.half_width)}{mark}"


def _printed(of: Judgement, name: str) -> str:
    return readable(-of.printed[name]) if name in of.printed else ""


def _how_sure(judgements: Sequence[Judgement], rules: Rules) -> Iterator[str]:
    replications = judgements[0].before.horizon.replications
    if replications == 1:
        yield ONE_REPLICATION
        return
    asked = sum(len(each.adjusted) for each in judgements)
    yield (
        f"p: chance of a difference at least so large if there were none, corrected by Holm for "
        f"{asked} asked\ntogether; +- 95 % is of each difference alone"
    )
    if len(judgements) > 1:
        yield f"*: p below {SURE:g}"
    if rules.until is not None:
        yield from _stopped(judgements, rules, rules.until, replications)


def _stopped(
    judgements: Sequence[Judgement], rules: Rules, until: float, replications: int
) -> Iterator[str]:
    open_ones = [
        f"{name} of {each.after.name}"
        for each in judgements
        for name in rules.watched
        if not precise(each.differences[name].interval, until)
    ]
    watched = ", ".join(rules.watched)
    if open_ones:
        yield (
            f"stopped at the most of {replications} replications; not yet known to "
            f"{100.0 * until:g} %: " + ", ".join(open_ones)
        )
    else:
        yield (
            f"stopped after {replications} replications: {watched} known to {100.0 * until:g} %; "
            "an interval that\nstops the runs itself covers a little less than 95 % (93 % at worst)"
        )


def _mean(of: Replicated, name: str) -> str:
    return readable(of.means[name].mean)


def _p(value: float) -> str:
    return f"<{SMALLEST_P:g}" if value < SMALLEST_P else f"{value:.3f}"
