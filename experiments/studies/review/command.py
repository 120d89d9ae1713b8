"""The command about management measures: ``review``."""

from __future__ import annotations

from typing import Any

import click

from experiments.door.inputs import NONE, Case, Checks, read_case, read_count, read_schemes
from experiments.door.options import JSON, LINE, default, options, print_json
from experiments.door.prices import PRICE
from experiments.studies.review.report import review_report
from experiments.studies.review.study import in_full, review_study
from plant_models import chlorobenzene as cb
from plant_models.chlorobenzene.line import operation
from plant_models.chlorobenzene.money.management import MEASURES, slackening
from plant_models.chlorobenzene.money.prices import own_prices, prices
from sim.model.facts import set_values


@click.command()
@options(
    default("--schemes", "none", "S", "Scheme set that stands on the line all the time."),
    default("--measures", ",".join(MEASURES), "M", "Measures that wear off."),
    click.option(
        "--slack", multiple=True, metavar="NAME=VALUE",
        help='How they wear off, as in half_life="90 d" or restored=1; may be repeated.',
    ),
    default("--years", "1", "Y", "Length of a run, in years of 8,760 h."),
    default("--seed", "1", "N", "Seed of all random numbers."),
    default("--replications", "2", "R", "Independent runs of each of the four plants."),
    default("--start", "01-01", "DATE", "First day, like 07-01; the year does not matter."),
    PRICE,
    default("--workers", "1", "N", "Processes that share the runs."),
    LINE,
    JSON,
)  # fmt: skip
def review(
    schemes: str,
    measures: str,
    slack: tuple[str, ...],
    price: tuple[str, ...],
    prices_file: str | None,
    workers: str,
    as_json: bool,
    **given: Any,
) -> None:
    """Let management measures wear off, with and without a monthly review."""
    checks = Checks()
    case = read_case(checks, **given)
    ids = read_schemes(checks, case, schemes)
    kept = read_schemes(checks, case, measures)
    wearing = checks.read(set_values, slackening(), slack, otherwise=slackening())
    book = checks.read(own_prices, prices_file, price, otherwise=prices())
    shared = checks.read(read_count, "--workers", workers, 1, 256, otherwise=1)
    if not checks.faults:
        checks.read(_check, case, ids, kept, otherwise=NONE)
    checks.close()
    study = review_study(case, ids, kept, wearing.tree, book.tree, shared)
    if as_json:
        print_json(**in_full(study))
    else:
        click.echo(review_report(study))


def _check(case: Case, ids: tuple[str, ...], kept: tuple[str, ...]) -> tuple[str, ...]:
    """Refuse measures that are none, that stand already, or that cannot change in a run."""
    if not kept:
        raise ValueError("--measures: expected a measure or more, came 'none'")
    both = sorted(set(ids) & set(kept))
    if both:
        raise ValueError(f"--measures: {', '.join(both)} is among --schemes already")
    try:
        operation.refuse_changes(
            cb.line(ids, design=case.design, known=case.known),
            cb.line((*ids, *kept), design=case.design, known=case.known),
        )
    except ValueError as fault:
        raise ValueError(f"--measures: {fault}") from fault
    return kept
