"""The command that compares designs: ``compare``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import isnan
from typing import Any

import click

from experiments.door.faults import at_the_door
from experiments.door.inputs import MOST_REPLICATIONS, NONE, Checks, read_count, read_number
from experiments.door.options import (
    CASE,
    INDICATOR,
    WORKERS,
    options,
    print_json,
    read,
    read_indicators,
    read_workers,
    say_where,
)
from experiments.output.files import ends, write_comparison
from experiments.runner.replicates import studies
from experiments.runner.studies import provenance
from experiments.studies.compare.report import compare_report
from experiments.studies.compare.study import Judgement, Rules, judge, stop_when
from plant_models.chlorobenzene.run.indicators import UNITS
from sim.statistics.comparisons import FLOOR

MOST = 100  # replications of a run that stops by itself


@click.command()
@click.argument("before", metavar="A")
@click.argument("others", metavar="B...", nargs=-1, required=True)
@options(
    CASE,
    click.option(
        "--until", metavar="X",
        help=f"Go on, from {FLOOR} replications or --replications, to a relative error, as 0.02.",
    ),
    click.option(
        "--at-most", metavar="R", help=f"Replications at which --until gives up.  [default: {MOST}]"
    ),
    INDICATOR,
    WORKERS,
)  # fmt: skip
def compare(
    before: str,
    others: tuple[str, ...],
    out: str | None,
    as_json: bool,
    until: str | None,
    at_most: str | None,
    indicators: tuple[str, ...],
    workers: str | None,
    **given: Any,
) -> None:
    """Simulate designs under the same breakdowns: each B minus A."""
    checks = Checks()
    case, sets, folder = read(given, [before, *others], out, checks)
    rules = Rules(
        names=checks.read(read_indicators, indicators, UNITS, otherwise=NONE),
        until=None if until is None else checks.read(
            read_number, "--until", until, 0.001, 1.0, otherwise=1.0
        ),
    )  # fmt: skip
    floor = max(FLOOR, case.replications)
    most = checks.read(read_most, at_most, until, floor, otherwise=floor)
    runs = (case.replications if until is None else floor) * len(sets)
    processes = read_workers(checks, workers, runs)
    checks.close()
    first, *rest = studies(
        case if until is None else replace(case, replications=most),
        sets,
        record=folder is not None,
        workers=processes,
        enough=stop_when(case, rules),
    )
    judgements = judge(first, rest, rules)
    asked = {
        "until": rules.until,
        "at_most": most if until is not None else None,
        "indicators": list(rules.names),
    }
    origin = {"command": "compare", **provenance(first.case, first, *rest), "asked": asked}
    if folder is not None:
        with at_the_door():
            write_comparison(folder, judgements, origin)
    if as_json:
        print_json(**_in_json(judgements), provenance=origin)
    else:
        click.echo(compare_report(judgements, rules))
    say_where(folder, out)


def read_most(text: str | None, until: str | None, floor: int) -> int:
    """Return the number of replications at which a run that stops by itself gives up."""
    if text is None:
        return max(MOST, floor)
    if until is None:
        raise ValueError("--at-most: goes with --until, which is not given")
    return read_count("--at-most", text, floor, MOST_REPLICATIONS)


def _in_json(judgements: Sequence[Judgement]) -> dict[str, Any]:
    """Return designs and differences as JSON can hold them; ``differences`` are B minus A."""
    before = judgements[0].before
    return {
        "designs": [
            {
                "name": each.name,
                "schemes": each.schemes,
                "indicators": {name: of.mean for name, of in each.means.items()},
            }
            for each in (before, *(of.after for of in judgements))
        ],
        "differences": _differences(judgements[0]),
        "comparisons": [
            {"before": before.name, "after": of.after.name, "differences": _differences(of)}
            for of in judgements
        ],
        "paper_says": {name: -t for of in judgements for name, t in of.paper.items()},
        "units": before.units,
    }


def _differences(of: Judgement) -> Mapping[str, Mapping[str, float | None]]:
    return {
        name: {
            "mean": each.interval.mean,
            **dict(zip(("low", "high"), ends(each.interval), strict=True)),
            "p": None if isnan(each.p) else each.p,
            "p_holm": of.adjusted.get(name),
        }
        for name, each in of.differences.items()
    }
