"""Commands that run and tell the line: ``run``, ``card``, ``explain``."""

from __future__ import annotations

from typing import Any

import click

from experiments.door.faults import at_the_door
from experiments.door.inputs import Checks, read_case, read_schemes
from experiments.door.options import (
    CASE,
    DESIGN,
    LINE,
    SET,
    WORKERS,
    default,
    options,
    print_json,
    read,
    read_workers,
    say_where,
)
from experiments.output.files import ends, write_run
from experiments.output.text import run_report
from experiments.runner.replicates import studies
from experiments.runner.studies import provenance
from plant_models import chlorobenzene as cb


@click.command()
@default("--schemes", "none", "S", "Scheme set.")
@options(CASE, WORKERS)
def run(schemes: str, out: str | None, as_json: bool, workers: str | None, **given: Any) -> None:
    """Simulate one design under breakdowns, deliveries and seasons."""
    checks = Checks()
    case, sets, folder = read(given, [schemes], out, checks)
    processes = read_workers(checks, workers, case.replications)
    checks.close()
    (result,) = studies(case, sets, record=folder is not None, workers=processes)
    origin = {"command": "run", **provenance(case, result)}
    if folder is not None:
        with at_the_door():
            write_run(folder, result, origin)
    if as_json:
        print_json(
            indicators={name: of.mean for name, of in result.means.items()},
            intervals={name: dict(zip(("low", "high"), ends(of), strict=True))
                       for name, of in result.means.items()},
            units=result.units,
            provenance=origin,
        )  # fmt: skip
    else:
        click.echo(run_report(result))
    say_where(folder, out)


@click.command()
@click.argument("unit", required=False)
@options(SET, DESIGN)
def card(unit: str | None, **given: Any) -> None:
    """Print the numbers of a unit, of a data file, or all: source, domain and range.

    UNIT is a unit or a parameter of the line, or a data file: prices, limits, schemes,
    properties, weather, prose, ... Without it, everything is printed.
    """
    checks = Checks()
    case = read_case(checks, **given)
    checks.close()
    with at_the_door():
        told = [cb.card(unit, design=case.design)]
    if unit is None:
        told += cb.data_sheets()[1:]
    click.echo("\n\n".join(map(str, told)))


@click.command()
@click.argument("schemes", metavar="S")
@LINE
def explain(schemes: str, **given: Any) -> None:
    """Print what a set of schemes changes, and on whose word."""
    checks = Checks()
    case = read_case(checks, **given)
    ids = read_schemes(checks, case, schemes)
    checks.close()
    with at_the_door():
        told = cb.explain(ids, design=case.design, known=case.known)
    click.echo(str(told))
