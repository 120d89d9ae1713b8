"""Runs of a plant whose measures are kept in four ways, and what each way changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from experiments.runner.horizon import Horizon
from plant_models.methods.management import Slackening
from plant_models.model import Variant
from sim.books.indicators import Indicators
from sim.model.facts import Design
from sim.statistics.intervals import Interval, paired_difference

NOTHING, UNREVIEWED, REVIEWED, FULL = "none", "no review", "reviewed", "full force"
WAYS = (NOTHING, UNREVIEWED, REVIEWED, FULL)
MARGIN = "margin_rmb"


@dataclass(frozen=True)
class Kept:
    """Four plants under the same breakdowns, differing in how measures are kept.

    Parameters
    ----------
    variant : Variant
        What stands all the time.
    measures : tuple of str
    slack : Slackening
    horizon : Horizon
    prices : Design
    runs : Mapping[str, tuple of Indicators]
        One of each replication, by way.
    """

    variant: Variant[Any]
    measures: tuple[str, ...]
    slack: Slackening
    horizon: Horizon
    prices: Design[Any]
    runs: Mapping[str, tuple[Indicators, ...]]

    def values(self, way: str, name: str) -> list[float]:
        """Return a figure of every replication; the margin among them, RMB/yr."""
        if name == MARGIN:
            economy = self.variant.plant.economy
            return [economy.margin(run, self.prices.tree) for run in self.runs[way]]
        return [run[name] for run in self.runs[way]]

    def mean(self, name: str) -> float:
        """Return a figure without the measures."""
        return sum(self.values(NOTHING, name)) / self.horizon.replications

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
