"""A calibration as text: residuals, what the data identify, what they tie together, bounds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from textwrap import wrap
from typing import Any

from experiments.studies.calibrate.fitted import Fitted
from sim.tables import text_table

IDENTIFIED = 0.1  # share of the prior's spread that the data must take away to be worth a line
MOVED = 1.0  # spreads of the prior
STRONGEST = 12
NAME = 52
WIDTH = 100


def calibration_report(found: Fitted) -> str:
    """Return the whole report, for a terminal of 100 columns."""
    told = found.values.records
    sections = [
        [_heading(found)],
        _residuals(found.residuals.records),
        _parameters("identified by the data", [r for r in told if r["identified"] >= IDENTIFIED]),
        _parameters(
            f"moved by more than {MOVED:g} spread, yet hardly identified",
            [r for r in told if abs(r["moved"]) > MOVED and r["identified"] < IDENTIFIED],
        ),
        _pairs(found.pairs.records[:STRONGEST]),
        _bounds(told),
        _notes(told),
    ]
    return "\n\n".join("\n".join(lines) for lines in sections if lines)


def _heading(found: Fitted) -> str:
    fit = found.fit
    return (
        f"{len(fit.priors)} parameters, {len(fit.targets)} targets; "
        f"{fit.steps} steps, {fit.evaluations} evaluations"
    )


def _residuals(told: Sequence[Mapping[str, Any]]) -> list[str]:
    body = [
        [
            row["target"],
            f"{row['aim']:.6g}",
            f"{row['model']:.6g}",
            f"{100.0 * row['deviation']:+.2f} %",
            f"{round((row['model'] - row['aim']) / row['tolerance'], 1) + 0.0:+.1f}",
        ]
        for row in told
    ]
    return text_table(["target", "source", "model", "deviation", "tolerances"], body)


def _parameters(title: str, told: Sequence[Mapping[str, Any]]) -> list[str]:
    if not told:
        return []
    body = [
        [
            _named(row),
            f"{row['prior']:.4g}",
            f"{row['value']:.4g}",
            f"{row['spread']:.2g}",
            f"{row['moved']:+.2f}",
            f"{row['identified']:.2f}",
        ]
        for row in sorted(told, key=lambda row: (-row["identified"], row["name"]))
    ]
    return text_table([title, "prior", "value", "+-", "moved", "identified"], body)


def _pairs(told: Sequence[Mapping[str, Any]]) -> list[str]:
    body = [[row["one"], row["other"], f"{row['correlation']:+.2f}"] for row in told]
    return text_table(["tied together", "and", "correlation"], body, left=(0, 1)) if body else []


def _bounds(told: Sequence[Mapping[str, Any]]) -> list[str]:
    return [
        line
        for row in told
        if row["remark"]
        for line in wrap(f"{_named(row)}: {row['remark']}", WIDTH, subsequent_indent="  ")
    ]


def _notes(told: Sequence[Mapping[str, Any]]) -> list[str]:
    silent = sum(row["identified"] < IDENTIFIED for row in told)
    return [
        f"Of {len(told)} parameters the data leave {silent} nearly as uncertain as they were.",
        "So many parameters on so few targets prove consistency, nothing more: calibrated is not",
        "measured, and no emission of a single scheme follows from the source.",
    ]


def _named(row: Mapping[str, Any]) -> str:
    name: str = row["name"] if row["kind"] != "prices" else f"price of {row['name']}"
    return name if len(name) <= NAME else f"{name[: NAME - 3]}..."
