"""The command that copies the notebooks: ``lessons``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from experiments.door.options import argument, command, option
from experiments.door.types import Count, Place, Word
from experiments.lessons.copies import copy_lessons
from plant_models.languages import LANGUAGES


@command()
@argument("folder", metavar="DIR", type=Place())
@option("--lang", "language", default="en", show_default=True, metavar="LANG",
        type=Word(LANGUAGES), help="en or zh: one language a copy.")  # fmt: skip
@option("--instructor", is_flag=True, help="Copy the pages with the answers, too.")
@option("--slides", is_flag=True,
        help="Make slides of the pictures, too: every lesson is run, minutes.")  # fmt: skip
@option("--lesson", "lessons", multiple=True, metavar="N", type=Count(0, 99),
        help="Only the lesson of this number; repeatable.")  # fmt: skip
def lessons(folder: Path, **asked: Any) -> None:
    """Copy the notebooks of the lessons into DIR, which is new or empty."""
    from experiments.output.phrases import told_in_lines

    click.echo(told_in_lines(str(copy_lessons(folder, **asked)), asked["language"]))
