"""The command that sets schemes at the source against devices: ``end-of-pipe``."""

from __future__ import annotations

from typing import Any

import click

from experiments.door.inputs import Checks, read_case, read_count, read_schemes
from experiments.door.options import JSON, LINE, default, options, print_json
from experiments.door.prices import PRICE
from experiments.studies.end_of_pipe.report import end_of_pipe_report
from experiments.studies.end_of_pipe.study import end_of_pipe_study, in_full
from plant_models.chlorobenzene.money.end_of_pipe import DEVICES
from plant_models.chlorobenzene.money.prices import own_prices, prices


@click.command()
@options(
    default("--schemes", "F1-F11", "S", "Scheme set at the source."),
    default("--years", "1", "Y", "Length of a run, in years of 8,760 h."),
    default("--seed", "1", "N", "Seed of all random numbers."),
    default("--replications", "2", "R", "Independent runs of each of the three plants."),
    default("--start", "01-01", "DATE", "First day, like 07-01; the year does not matter."),
    PRICE,
    default("--workers", "1", "N", "Processes that share the runs."),
    LINE,
    JSON,
)  # fmt: skip
def end_of_pipe(
    schemes: str,
    price: tuple[str, ...],
    prices_file: str | None,
    workers: str,
    as_json: bool,
    **given: Any,
) -> None:
    """Compare schemes at the source with devices at the end of the pipe, at equal emission."""
    checks = Checks()
    case = read_case(checks, **given)
    ids = read_schemes(checks, case, schemes)
    book = checks.read(own_prices, prices_file, price, otherwise=prices())
    shared = checks.read(read_count, "--workers", workers, 1, 256, otherwise=1)
    if not checks.faults:
        checks.read(_check_source, ids, otherwise=None)
    checks.close()
    study = end_of_pipe_study(case, ids, book.tree, shared)
    if as_json:
        print_json(**in_full(study))
    else:
        click.echo(end_of_pipe_report(study))


def _check_source(ids: tuple[str, ...]) -> None:
    """Refuse a source way that is none, or that has a device in it."""
    if not ids:
        raise ValueError("--schemes: expected a scheme or more at the source, came 'none'")
    both = sorted(set(ids) & set(DEVICES))
    if both:
        raise ValueError(
            f"--schemes: {', '.join(both)} is what the schemes are compared with; leave it out"
        )
