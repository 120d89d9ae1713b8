"""The command about many designs: ``batch``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from experiments.door.command import Ground
from experiments.door.options import (
    INDICATOR,
    JSON,
    LINE,
    SCHEDULER,
    WORKERS,
    argument,
    choice,
    command,
    option,
    runs,
    together,
)
from experiments.door.types import SCHEMES, SchemesFile
from experiments.runner.tasks import CLOCKS, EVENTS
from experiments.studies.batch.study import Batch
from experiments.studies.batch.study import batch as study


@command()
@together(
    argument("sets", metavar="[S]...", nargs=-1, type=SCHEMES),
    option("--sets", "more", metavar="FILE", type=SchemesFile(),
           help="More scheme sets, one a line."),
    choice("--clock", EVENTS, CLOCKS, "The plant in operation, events, or at constant conditions."),
    runs(),
    INDICATOR,
    LINE,
    WORKERS,
    SCHEDULER,
    option("--out", "store", metavar="DIR",
           help="Keep every run there; the same command resumes it."),
    JSON,
)  # fmt: skip
def batch(
    sets: tuple[Any, ...],
    more: tuple[Any, ...] | None,
    store: str | None,
    on: Ground,
    **asked: Any,
) -> Batch:
    """Simulate many designs, on all processors or a cluster, into one table.

    A run that fails is recorded in the table, the others go on, and the exit code is 1.
    """
    designs = (*sets, *(more or ()))
    if not designs:
        raise ValueError('no sets given: write them like none "F1-F4", or --sets FILE')
    found = study(*designs, runs=store, plant=on.plant, **asked)
    if store is not None:
        click.echo(f"written to {Path(store)}", err=True)
    return found
