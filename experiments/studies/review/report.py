"""Management measures with and without review, as text for a terminal of 100 columns."""

from __future__ import annotations

from experiments.studies.review.kept import (
    FULL,
    MARGIN,
    REVIEWED,
    UNREVIEWED,
    WAYS,
    Kept,
)
from experiments.studies.run.report import ONE_REPLICATION
from sim.statistics.intervals import Interval
from sim.tables import readable, text_table

DUST = 1e-9  # in any unit
SHOWN = (
    "operating_hours",
    "chlorobenzene_t",
    "benzene_used_t",
    "caustic_t",
    "steam_t",
    "slop_oil_t",
    "air.benzene_t",
    "air.chlorobenzene_t",
    "wastewater.benzene_t",
    "wastewater.chlorobenzene_t",
    "wastewater.hydrogen_chloride_t",
    MARGIN,
)


def review_report(kept: Kept) -> str:
    """Return what the measures change, kept in three ways, and what the review adds."""
    slack, economy = kept.slack, kept.variant.plant.economy
    rows = []
    for name in (each for each in SHOWN if each in kept.names):
        unit = economy.unit if name == MARGIN else 1.0
        reviewed, adds = kept.gain(REVIEWED, name), kept.gain(REVIEWED, name, UNREVIEWED)
        rows.append(
            [
                "margin, 10^4 RMB"
                if name == MARGIN
                else name.removesuffix("_t").replace("wastewater.", "sewer."),
                "1/yr" if name == MARGIN else kept.unit(name).partition(" as ")[0],
                readable(kept.mean(name) / unit),
                _told(kept.gain(UNREVIEWED, name), unit),
                _told(reviewed, unit),
                _width(reviewed, unit),
                _told(kept.gain(FULL, name), unit),
                _told(adds, unit),
                _width(adds, unit),
            ]
        )
    header = ["figure", "unit", *WAYS[:3], "+-", FULL, "adds", "+-"]
    lines = [
        f"Measures {', '.join(kept.measures)} on schemes {kept.variant.name}, kept in three ways; "
        "changes against none",
        "",
        *text_table(header, rows, left=(0, 1)),
        "",
        "adds: what a review adds to the measures without one",
        f"without review half of what can wear off has after {slack.half_life:,.0f} h, and "
        f"{slack.floor:.0%} is habit;",
        f"a review every {slack.review_interval:,.0f} h brings {slack.restored:.0%} of what is "
        "missing back",
        "the measures are illustrative and how they wear off is assumed: data/management.toml",
    ]
    if kept.horizon.replications == 1:
        lines.append(ONE_REPLICATION)
    return "\n".join(lines)


def _clean(value: float) -> float:
    """Return a value without the dust that two equal runs differ by."""
    return 0.0 if abs(value) < DUST else value


def _told(of: Interval, unit: float) -> str:
    return f"{'+' if of.mean > 0 else ''}{readable(_clean(of.mean / unit))}"


def _width(of: Interval, unit: float) -> str:
    return "" if of.n == 1 else readable(of.half_width / unit)
