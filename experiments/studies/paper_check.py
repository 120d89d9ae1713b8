"""The source of a plant, checked against itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from textwrap import wrap
from typing import Any

from experiments.output.answer import Answer, Table
from experiments.output.provenance import provenance
from experiments.studies import Plant, plant_of
from plant_models.arguments import folder_there
from plant_models.chlorobenzene.model import PLANT
from plant_models.chlorobenzene.paper.audit import Audit
from plant_models.chlorobenzene.paper.finding import VERDICTS, Finding

COLUMNS = (*(item.name for item in fields(Finding) if item.name != "conditions"), "holds")


PAGE = """\
# The source, checked against itself

The case study prints three tables and a page of text. Where they disagree, or
where physics speaks against them, no model can agree with all of it. Every line
below is computed from the table files in `plant_models/chlorobenzene/data/`; this
page is what `python -m experiments paper-check --page` prints, and a test compares
the two. The command fails when a figure of a table is altered, and names its row and
column.

| | subject | the source says | what follows | verdict |
|---|---|---|---|---|
{rows}

The verdicts:

{kinds}

The prices of finding 9 are assumptions, the limit of finding 10 is read in the
standard, and benzene below 5.5 degC is taken as an undercooled liquid; as a
solid its vapour pressure at 0 degC is some 7 % lower, which changes nothing.
"""


@dataclass(frozen=True, repr=False)
class PaperCheck(Answer):
    """What the checks of a source come to."""

    audit: Audit

    def report(self) -> str:
        """Return the findings: what the source says, what follows, the verdict."""
        lines = ["What the source says, what follows from its own figures, and the verdict"]
        for finding in self.audit.findings:
            lines += ["", f"{finding.number:2}  {finding.subject}"]
            for label, text in _parts(finding):
                first, rest = f"    {label:<9}", " " * LABEL
                lines += wrap(text, WIDTH, initial_indent=first, subsequent_indent=rest)
        count = sum(finding.holds for finding in self.audit.findings)
        return "\n".join([*lines, "", f"{count} of {len(self.audit.findings)} findings hold"])

    def page(self) -> str:
        """Return the page ``docs/paper_check.md``."""
        rows = [
            f"| {finding.number} | {finding.subject} | {finding.says} | {finding.follows} | "
            f"**{finding.kind}**: {finding.verdict} |"
            for finding in self.audit.findings
        ]
        kinds = [f"- **{kind}**: {meaning}" for kind, meaning in VERDICTS.items()]
        return PAGE.format(rows="\n".join(rows), kinds="\n".join(kinds))

    def tables(self) -> Mapping[str, Table]:
        """Return the findings."""
        rows = [tuple(getattr(each, name) for name in COLUMNS) for each in self.audit.findings]
        return {"findings": Table(COLUMNS, rows)}

    def documents(self) -> Mapping[str, str]:
        """Return the page."""
        return {"paper_check.md": self.page()}

    @property
    def failures(self) -> Sequence[str]:
        """Which findings can no longer be made from these tables, and why."""
        if self.audit.holds:
            return ()
        return ("error: the tables are not those of the source:",
                *(f"  {fault}" for fault in self.audit.faults))  # fmt: skip

    def as_json(self) -> dict[str, Any]:
        """Return the findings, and why one can no longer be made."""
        return {
            "holds": self.audit.holds,
            "findings": self.tables()["findings"].records,
            "faults": list(self.audit.faults),
            "provenance": provenance("paper-check"),
        }


def paper_check(tables: Path | str | None = None, *, plant: Plant = PLANT) -> PaperCheck:
    """Check a plant's source against itself.

    ``tables``: a folder with other copies of the printed tables; ``plant``: see `run`.

    Raises
    ------
    LookupError
        A plant without a printed source.
    OSError, ValueError
        A table that cannot be read, has no rows, or lacks a column.
    """
    plant = plant_of(plant)
    if tables is None:
        return PaperCheck(plant.audit_of_source())
    folder = folder_there("tables", tables, "copies of the tables")
    try:
        return PaperCheck(plant.audit_of_source(folder))
    except ValueError as fault:
        raise ValueError(f"tables: {fault}") from fault


WIDTH = 100
LABEL = 13


def _parts(finding: Finding) -> tuple[tuple[str, str], ...]:
    state = "" if finding.holds else " (NO LONGER HOLDS)"
    return (
        ("says", finding.says),
        ("follows", finding.follows),
        ("verdict", f"{finding.kind}: {finding.verdict}{state}"),
    )
