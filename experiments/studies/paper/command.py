"""The command about the source: ``paper-check``."""

from __future__ import annotations

import click

from experiments.door.command import Ground
from experiments.door.options import ANSWER, PLANT, command, option, together
from experiments.studies.paper.study import PaperCheck
from experiments.studies.paper.study import paper_check as study


@command(name="paper-check")
@together(
    option("--tables", metavar="DIR", help="A folder with your own copies of the tables."),
    option("--page", is_flag=True, help="Print the page docs/paper_check.md instead."),
    PLANT,
    ANSWER,
)
def paper_check(tables: str | None, page: bool, on: Ground) -> PaperCheck | int:
    """Check the source against itself, ten findings; exit code 1 if one no longer holds."""
    answer = study(tables, plant=on.plant)
    if not page or answer.failures:
        return answer
    click.echo(answer.page(), nl=False)
    return 0
