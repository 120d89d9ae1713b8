"""The command about many designs: ``batch``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from experiments.door.inputs import NONE, Checks, read_case
from experiments.door.options import (
    INDICATOR,
    JSON,
    RUNNER,
    RUNS,
    options,
    print_json,
    read_indicators,
    read_workers,
    say_where,
)
from experiments.runner.tasks import EVENTS, STEADY


@click.command()
@click.argument("sets", metavar="[S]...", nargs=-1)
@options(
    RUNS,
    click.option("--sets", "sets_file", metavar="FILE", help="More scheme sets, one a line."),
    click.option(
        "--clock",
        type=click.Choice((EVENTS, STEADY)),
        default=EVENTS,
        show_default=True,
        help="The line in operation, or at constant conditions.",
    ),
    INDICATOR,
    RUNNER,
    click.option("--out", metavar="DIR", help="Keep every run there; the same command resumes it."),
    JSON,
)  # fmt: skip
def batch(
    sets: tuple[str, ...],
    sets_file: str | None,
    clock: str,
    indicators: tuple[str, ...],
    workers: str | None,
    scheduler: str | None,
    out: str | None,
    as_json: bool,
    **given: Any,
) -> int:
    """Simulate many designs, on all processors or a cluster, into one table.

    A run that fails is recorded in the table, the others go on, and the exit code is 1.
    """
    from experiments.runner.card import card_of
    from experiments.runner.place import Place
    from experiments.runner.plan import Plan
    from experiments.studies.batch import study as many

    checks = Checks()
    case = read_case(checks, **given)
    cases = many.read_sets(checks, case, sets, sets_file)
    task = many.line_years(case, clock)
    names = checks.read(read_indicators, indicators, task.units, otherwise=NONE)
    processes = read_workers(checks, workers, len(cases) * case.replications)
    if clock == STEADY and case.replications > 1:
        checks.faults.append(
            ValueError(f"--replications: a steady state has nothing to repeat; came {clock!r}")
        )
    checks.close()
    table = many.run_there(
        cases, case.replications, task, Place(processes, scheduler, out, keeps="--out")
    )
    failed = many.failure_lines(table)
    if as_json:
        card = card_of(Plan(tuple(cases), case.replications), task)
        print_json(
            designs=many.in_json(table, cases, task.units), units=dict(task.units), card=card
        )
    else:
        click.echo("\n".join(many.summary(table, names or many.TOLD, task.units)))
    if failed:
        click.echo("\n".join(failed), err=True)
    if out is not None:
        say_where(Path(out), out)
    return 1 if failed else 0
