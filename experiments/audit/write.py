"""The report put together, and written as HTML and Markdown."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from experiments.audit.assessment import conditions, plan, pre_assessment, summary
from experiments.audit.balances import worksheets
from experiments.audit.basis import Audit
from experiments.audit.choices import feasibility, options
from experiments.audit.document import Document
from experiments.audit.floors import scorecard
from experiments.audit.future import continuation, implementation
from experiments.audit.html import html
from experiments.audit.markdown import markdown
from experiments.audit.sheets import assessment
from experiments.output.files import ends, whole_folder, write_json
from plant_models.chlorobenzene.substances.chemistry import COMPONENTS

WARNING = (
    "Illustrative. Every figure comes from a simulated line. The people, workshops and dates of an "
    "audit did not exist, and nothing here was measured at Taiyuan."
)


def report(of: Audit) -> Document:
    """Return the report of an audit."""
    return Document(
        f"Cleaner-production audit: chlorobenzene line, {of.name}",
        f"{conditions(of)}; cleanerline {of.provenance['version']}",
        WARNING,
        (
            summary(of),
            plan(of),
            pre_assessment(of),
            assessment(of),
            options(of),
            feasibility(of),
            implementation(of),
            continuation(of),
        ),
    )


def write_report(folder: Path, of: Audit) -> None:
    """Write the report into a folder, whole or not at all."""
    document = report(of)
    with whole_folder(folder) as draft:
        (draft / "report.html").write_text(html(document), encoding="utf-8", newline="\n")
        (draft / "report.md").write_text(markdown(document), encoding="utf-8", newline="\n")
        for picture in document.pictures:
            (draft / picture.name).write_bytes(picture.png)
        write_json(draft / "provenance.json", of.provenance)


def in_full(of: Audit) -> dict[str, Any]:
    """Return what the tables rest on as JSON can hold it."""
    return {
        "scorecard": [
            {"name": s.name, "unit": s.unit, "before": s.before, "after": s.after,
             "floor": s.floor, "floor_is": s.why}
            for s in scorecard(of.before, of.after)
        ],
        "indicators": {
            when: {name: mean.mean for name, mean in side.study.means.items()}
            for when, side in (("before", of.before), ("after", of.after))
        },
        "intervals": {
            when: {
                name: dict(zip(("low", "high"), ends(mean), strict=True))
                for name, mean in side.study.means.items()
            }
            for when, side in (("before", of.before), ("after", of.after))
        },
        "units": dict(of.after.study.units),
        "worksheets": [
            {
                "process": sheet.process,
                "in": _kg(sheet.into),
                "made": _kg(sheet.made),
                "out": _kg(sheet.out),
                "gained": _kg(sheet.gained),
                "missing": _kg(sheet.missing),
                "closure": sheet.closure,
            }
            for sheet in worksheets(of.after.books)
        ],
        "provenance": of.provenance,
    }  # fmt: skip


def _kg(amounts: Any) -> dict[str, float]:
    return dict(zip(COMPONENTS.names, amounts.tolist(), strict=True))
