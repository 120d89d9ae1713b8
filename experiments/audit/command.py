"""The command that writes the audit of a design: ``report``."""

from __future__ import annotations

from typing import Any

from experiments.audit.study import Report
from experiments.audit.study import report as study
from experiments.door.command import Ground
from experiments.door.options import (
    JSON,
    LANG,
    LINE,
    PRICES,
    WORKERS,
    choice,
    command,
    option,
    runs,
    schemes,
)
from experiments.door.types import Folder
from experiments.runner.tasks import CLOCKS, EVENTS


@command()
@schemes(None, "The audited design.")
@option(
    "--out",
    default="audit-report",
    show_default=True,
    metavar="DIR",
    type=Folder(),
    help="Write report and appendix (HTML and Markdown), tables (CSV) and provenance there.",
)
@option("--excel", is_flag=True, help="With --out: the tables as one workbook, too.")
@choice("--clock", EVENTS, CLOCKS, "What yields the flows: events or steady.")
@LANG
@runs()
@PRICES
@LINE
@WORKERS
@JSON
def report(schemes: Any, on: Ground, **asked: Any) -> Report:
    """Write the cleaner-production audit of a design, in its seven stages, as HTML and Markdown."""
    return study(schemes, plant=on.plant, design=on.design, known=on.known, **asked)
