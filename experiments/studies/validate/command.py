"""The command about the engine: ``validate``."""

from __future__ import annotations

import click

from experiments.door.options import ANSWER, WORKERS, command, option, together
from experiments.door.types import Number
from experiments.studies.validate.study import SHARES, Validation
from experiments.studies.validate.study import validate as study


@command()
@together(
    option("--share", default="1", show_default=True, metavar="X", type=Number(*SHARES),
           help="Share of the full horizons to run, for a quick look."),
    option("--page", is_flag=True, help="Print the page docs/validation.md instead."),
    WORKERS,
    ANSWER,
)  # fmt: skip
def validate(share: float, page: bool, workers: int | None) -> Validation | int:
    """Run every engine case with a known answer; exit code 1 if one is off."""
    answer = study(share, workers=workers)
    if not page:
        return answer
    click.echo(answer.page(), nl=False)
    return 1 if answer.failures else 0
