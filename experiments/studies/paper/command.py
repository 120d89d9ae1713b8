"""The command about the source: ``paper-check``."""

from __future__ import annotations

from pathlib import Path

import click

from experiments.door.faults import at_the_door
from experiments.door.options import JSON, options, print_json
from experiments.studies.paper.report import findings, paper_page, paper_report
from plant_models.chlorobenzene.paper import audit, printed_source


@click.command(name="paper-check")
@options(
    click.option("--tables", metavar="DIR", help="A folder with your own copies of the tables."),
    click.option("--page", is_flag=True, help="Print the page docs/paper_check.md instead."),
    JSON,
)
def paper_check(tables: str | None, page: bool, as_json: bool) -> int:
    """Check the source against itself, ten findings; exit code 1 if one no longer holds."""
    with at_the_door():
        source = printed_source(None if tables is None else Path(tables))
    found = audit(source)
    if as_json:
        print_json(**findings(found))
    elif page and found.holds:
        click.echo(paper_page(found), nl=False)
    else:
        click.echo(paper_report(found))
    if not found.holds:
        click.echo(
            "error: " + "\n  ".join(["the tables are not those of the source:", *found.faults]),
            err=True,
        )
    return 0 if found.holds else 1
