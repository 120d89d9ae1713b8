"""The audit of the source as text and as a page."""

from __future__ import annotations

from textwrap import wrap

from plant_models.chlorobenzene.paper.audit import Audit
from plant_models.chlorobenzene.paper.finding import VERDICTS, Finding

WIDTH = 100
LABEL = 13


def paper_report(found: Audit) -> str:
    """Return the ten findings for a terminal of 100 columns."""
    lines = ["What the source says, what follows from its own figures, and the verdict"]
    for finding in found.findings:
        lines += ["", f"{finding.number:2}  {finding.subject}"]
        for label, text in _parts(finding):
            first, rest = f"    {label:<9}", " " * LABEL
            lines += wrap(text, WIDTH, initial_indent=first, subsequent_indent=rest)
    count = sum(finding.holds for finding in found.findings)
    return "\n".join([*lines, "", f"{count} of {len(found.findings)} findings hold"])


def _parts(finding: Finding) -> tuple[tuple[str, str], ...]:
    state = "" if finding.holds else " (NO LONGER HOLDS)"
    return (
        ("says", finding.says),
        ("follows", finding.follows),
        ("verdict", f"{finding.kind}: {finding.verdict}{state}"),
    )


def paper_page(found: Audit) -> str:
    """Return the page ``docs/paper_check.md``."""
    rows = [
        f"| {finding.number} | {finding.subject} | {finding.says} | {finding.follows} | "
        f"**{finding.kind}**: {finding.verdict} |"
        for finding in found.findings
    ]
    kinds = [f"- **{kind}**: {meaning}" for kind, meaning in VERDICTS.items()]
    return "\n".join(
        [
            "# The source, checked against itself",
            "",
            "The case study prints three tables and a page of text. Where they disagree, or",
            "where physics speaks against them, no model can agree with all of it. Every line",
            "below is computed from the table files in `plant_models/chlorobenzene/data/`; this",
            "page is what `python -m experiments paper-check --page` prints, and a test compares",
            "the two. The command fails when a figure of a table is altered, and names its row and",
            "column.",
            "",
            "| | subject | the source says | what follows | verdict |",
            "|---|---|---|---|---|",
            *rows,
            "",
            "The verdicts:",
            "",
            *kinds,
            "",
            "The prices of finding 9 are assumptions, the limit of finding 10 is recalled from",
            "the standard, and benzene below 5.5 degC is taken as an undercooled liquid; as a",
            "solid its vapour pressure at 0 degC is some 7 % lower, which changes nothing.",
            "",
        ]
    )
