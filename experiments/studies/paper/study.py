"""The source of a plant, checked against itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from experiments.output.answer import Answer, Table
from experiments.output.provenance import provenance
from experiments.studies.paper.report import paper_page, paper_report
from plant_models.arguments import place
from plant_models.chlorobenzene.model import PLANT
from plant_models.chlorobenzene.paper.audit import Audit
from plant_models.chlorobenzene.paper.finding import Finding
from plant_models.model import PlantModel

COLUMNS = (*(item.name for item in fields(Finding) if item.name != "conditions"), "holds")


@dataclass(frozen=True, repr=False)
class PaperCheck(Answer):
    """What the checks of a source come to.

    Parameters
    ----------
    audit : Audit
    """

    audit: Audit

    def report(self) -> str:
        """Return the findings: what the source says, what follows, the verdict."""
        return paper_report(self.audit)

    def page(self) -> str:
        """Return the page ``docs/paper_check.md``."""
        return paper_page(self.audit)

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


def paper_check(
    tables: Path | str | None = None, *, plant: PlantModel[Any, Any] = PLANT
) -> PaperCheck:
    """Check a plant's source against itself.

    Parameters
    ----------
    tables : path, optional
        A folder with other copies of the printed tables.
    plant : PlantModel

    Raises
    ------
    LookupError
        A plant without a printed source.
    OSError, ValueError
        A table that cannot be read, has no rows, or lacks a column.
    """
    return PaperCheck(plant.audit_of_source(None if tables is None else place("tables", tables)))
