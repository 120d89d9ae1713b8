"""The command that writes the page: ``page``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from experiments.door.command import Ground, spoken
from experiments.door.options import (
    DESIGN,
    PLANT,
    PRICES,
    SCALE,
    SET,
    TOLD,
    WORKERS,
    command,
    option,
    replications,
    saved_cube,
)
from experiments.door.types import Named
from experiments.page.study import FILE, YEARS, page_file, write_page


class PageFile(Named):
    """A page, or a folder for it."""

    name = "page"

    def read(self, name: str, text: str) -> Path:
        """Return the file."""
        return page_file(text, name)


@command()
@option(
    "--out",
    "file",
    default=FILE,
    show_default=True,
    metavar="FILE",
    type=PageFile(),
    help="Where to write the page; a folder gets a page.html.",
)
@saved_cube("A cube of runs with events: years of every set, shown beside the steady figures.")
@replications(YEARS, "Simulated years of a few designs, shown beside the steady figures.", least=0)
@PRICES
@SET
@SCALE
@DESIGN
@PLANT
@WORKERS
@TOLD
def page(file: Path, on: Ground, **asked: Any) -> None:
    """Write all designs of a plant as one HTML file that opens without a network."""
    from experiments.output.phrases import told_in_lines

    found = write_page(file, plant=on.plant, design=on.design, **asked)
    click.echo(told_in_lines(f"{found.report()}\nwritten to {file}", spoken()))
