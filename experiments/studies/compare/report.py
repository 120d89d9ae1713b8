"""What ``compare`` prints: designs against the first, and how sure each difference is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from experiments.output.text import (
    LONGEST_NAME,
    ONE_REPLICATION,
    footnotes,
    heading,
    table,
    unit_of,
)
from experiments.runner.studies import Study
from experiments.studies.compare.study import Judgement, Rules
from plant_models.chlorobenzene.figures.style import readable
from sim.statistics.comparisons import precise

SMALLEST_P = 0.001


def compare_report(judgements: Sequence[Judgement], rules: Rules) -> str:
    """Return a table for each design, and what has to be known to read it."""
    before = judgements[0].before
    lines = []
    for each in judgements:
        lines += [heading(f"Schemes {before.name}, then {each.after.name}", before.case), ""]
        lines += [*_pair(each, rules), ""]
    lines += footnotes(before.units)
    each_of = (before, *(each.after for each in judgements))
    lines.append("bottleneck: " + _listed([study.bottleneck for study in each_of], ", then "))
    closures = [max(values["closure"] for values in study.indicators) for study in each_of]
    worst = _listed([f"{closure:.1e}" for closure in closures], " and ")
    lines.append(f"worst closure of a balance: {worst} kg/kg")
    lines += _how_sure(judgements, rules)
    if any(each.paper for each in judgements):
        lines.append(
            "paper says: Table 1-3 of the source, one total for F1 to F11; "
            "the baseline is calibrated to it"
        )
    return "\n".join(lines)


def _pair(of: Judgement, rules: Rules) -> list[str]:
    several = of.before.case.replications > 1
    names = [of.before.name, of.after.name]
    if max(map(len, names)) > LONGEST_NAME:
        names = ["before", "after"]
    header = ["indicator", "unit", *names, "difference"]
    header += ["+- 95 %", "p"] * several + ["paper says"] * bool(of.paper)
    rows = []
    for name, difference in of.differences.items():
        if not rules.asks(name):
            continue
        row = [name, unit_of(of.before.units[name]), _mean(of.before, name), _mean(of.after, name)]
        row.append(readable(difference.interval.mean))
        if several:
            row += [readable(difference.interval.half_width), _p(of.adjusted[name])]
        if of.paper:
            row.append(readable(-of.paper[name]) if name in of.paper else "")
        rows.append(row)
    return table(header, rows, left=(0, 1))


def _how_sure(judgements: Sequence[Judgement], rules: Rules) -> Iterator[str]:
    replications = judgements[0].before.case.replications
    if replications == 1:
        yield ONE_REPLICATION
        return
    asked = sum(len(each.adjusted) for each in judgements)
    yield (
        f"p: chance of a difference at least so large if there were none, corrected by Holm for "
        f"{asked} asked\ntogether; +- 95 % is of each difference alone"
    )
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


def _mean(study: Study, name: str) -> str:
    return readable(study.means[name].mean)


def _p(value: float) -> str:
    return f"<{SMALLEST_P:g}" if value < SMALLEST_P else f"{value:.3f}"


def _listed(texts: Sequence[str], between: str) -> str:
    return between.join(texts)
