"""Management measures with and without a monthly review, beside none and beside full force."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from plant_models.chlorobenzene.money.economics import margin

from experiments.door.faults import at_work
from experiments.door.inputs import Case
from experiments.output.files import ends_of
from experiments.runner.studies import compact, installed_version, settings_of
from experiments.runner.workers import spread
from plant_models.chlorobenzene.money.management import Slackening, managed
from plant_models.chlorobenzene.money.prices import Prices
from sim.books.indicators import Indicators
from sim.statistics.intervals import Interval, paired_difference

NOTHING, UNREVIEWED, REVIEWED, FULL = "none", "no review", "reviewed", "full force"
WAYS = (NOTHING, UNREVIEWED, REVIEWED, FULL)
MARGIN = "margin_rmb"


@dataclass(frozen=True)
class ReviewStudy:
    """Four plants under the same breakdowns, differing in how measures are kept.

    Parameters
    ----------
    case : Case
    schemes, measures : tuple of str
    slack : Slackening
    prices : Prices
    runs : Mapping[str, tuple of Indicators]
        One of each replication, by way.
    """

    case: Case
    schemes: tuple[str, ...]
    measures: tuple[str, ...]
    slack: Slackening
    prices: Prices
    runs: Mapping[str, tuple[Indicators, ...]]

    @property
    def name(self) -> str:
        """The schemes that stand all the time, as they are written."""
        return compact(self.schemes, self.case.known)

    def values(self, way: str, name: str) -> list[float]:
        """Return a figure of every replication; the margin among them, RMB/yr."""
        if name == MARGIN:
            return [margin(run, self.prices) for run in self.runs[way]]
        return [run[name] for run in self.runs[way]]

    def gain(self, way: str, name: str, over: str = NOTHING) -> Interval:
        """Return what a way changes in a figure."""
        return paired_difference(self.values(way, name), self.values(over, name))

    @property
    def names(self) -> tuple[str, ...]:
        """The figures, and the margin."""
        return (*(n for n in self.runs[NOTHING][0] if n != "closure"), MARGIN)

    def unit(self, name: str) -> str:
        """Return the unit of a figure."""
        return "RMB/yr" if name == MARGIN else self.runs[NOTHING][0].units[name]


def review_study(
    case: Case,
    schemes: tuple[str, ...],
    measures: tuple[str, ...],
    slack: Slackening,
    prices: Prices,
    workers: int = 1,
) -> ReviewStudy:
    """Run the line with measures kept in four ways."""
    never = replace(slack, floor=1.0)  # all of it habit
    ways = {
        NOTHING: ((), False, slack),
        UNREVIEWED: (measures, False, slack),
        REVIEWED: (measures, True, slack),
        FULL: (measures, False, never),
    }
    jobs = [
        (case, schemes, *ways[way], replication)
        for replication in range(case.replications)
        for way in WAYS
    ]
    done = spread(_run, jobs, workers, "review")
    runs = {way: tuple(done[i :: len(WAYS)]) for i, way in enumerate(WAYS)}
    return ReviewStudy(case, schemes, measures, slack, prices, runs)


def _run(
    case: Case,
    schemes: tuple[str, ...],
    measures: tuple[str, ...],
    review: bool,
    slack: Slackening,
    replication: int,
) -> Indicators:
    with at_work(f"the line with {', '.join((*schemes, *measures)) or 'none'}"):
        return managed(
            schemes,
            measures,
            review=review,
            slack=slack,
            years=case.years,
            seed=case.seed,
            replication=replication,
            start_hour=case.start_hour,
            design=case.design,
            known=case.known,
        )


def in_full(study: ReviewStudy) -> dict[str, Any]:
    """Return all of a study as JSON can hold it."""
    return {
        "figures": {
            name: {
                "unit": study.unit(name),
                "none": sum(study.values(NOTHING, name)) / study.case.replications,
                "gains": {way: ends_of(study.gain(way, name)) for way in WAYS[1:]},
                "review_adds": ends_of(study.gain(REVIEWED, name, UNREVIEWED)),
            }
            for name in study.names
        },
        "provenance": {
            "program": "cleanerline",
            "command": "review",
            "version": installed_version("cleanerline"),
            "schemes": list(study.schemes),
            "measures": list(study.measures),
            "slackening": {
                name: getattr(study.slack, name)
                for name in ("half_life", "floor", "review_interval", "restored", "step")
            },
            "seed": study.case.seed,
            "replications": study.case.replications,
            "years": study.case.years,
            "start": study.case.start,
            "settings": settings_of(study.case.design),
        },
    }
