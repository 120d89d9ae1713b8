"""Ways of emitting less, at equal emission: runs, costs, and what failures let by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from experiments.runner.horizon import Horizon
from experiments.studies.end_of_pipe.matching import Match, Watched
from plant_models.methods.devices import Devices
from plant_models.methods.finance import annuity
from plant_models.model import Variant
from sim.books.indicators import Indicators
from sim.model.facts import Design
from sim.statistics.intervals import Interval, interval, paired_difference

NOTHING, SOURCE, DEVICES = "none", "source", "devices"
WAYS = (NOTHING, SOURCE, DEVICES)
SOUND = "devices that never fail"
OVER = 1.5  # times the mean emission at constant conditions: hours above are counted


@dataclass(frozen=True)
class Bill:
    """What a way of emitting less costs a year, RMB/yr; a negative cost is earned.

    Parameters
    ----------
    investment : float
        Paid once, RMB.
    capital : float
        Its annuity at the bank's rate over the horizon.
    upkeep : float
        Attendance and repairs.
    margin : Interval
        What the plant earns less than without, over the replications.
    """

    investment: float
    capital: float
    upkeep: float
    margin: Interval

    @property
    def total(self) -> float:
        """All of it a year."""
        return self.capital + self.upkeep + self.margin.mean


@dataclass(frozen=True)
class Ways:
    """Three plants under the same breakdowns: as it was, with schemes, with devices.

    Parameters
    ----------
    source : Variant
        The design with the schemes at the source.
    horizon : Horizon
    prices : Design
    match : Match
    calm : Mapping[str, Indicators]
        Steady states by way.
    runs : Mapping[str, tuple of Watched]
        One of each replication by way, and of devices that never fail.
    """

    source: Variant[Any]
    horizon: Horizon
    prices: Design[Any]
    match: Match
    calm: Mapping[str, Indicators]
    runs: Mapping[str, tuple[Watched, ...]]

    @property
    def devices(self) -> Devices:
        """The devices of the plant."""
        return self.source.plant.devices

    def calm_to(self, way: str, sink: str) -> float:
        """Return what goes to a sink at constant conditions, t/yr."""
        return self.devices.emitted(self.calm[way], sink)

    def _to(self, way: str, sink: str) -> list[float]:
        return [self.devices.emitted(run.indicators, sink) for run in self.runs[way]]

    def emitted(self, way: str, sink: str) -> Interval:
        """Return what goes to a sink under events, t/yr."""
        return interval(self._to(way, sink))

    def more(self, sink: str) -> Interval:
        """Return what devices emit more than the source way under the same events, t/yr."""
        return paired_difference(self._to(DEVICES, sink), self._to(SOURCE, sink))

    def let_by(self, sink: str) -> Interval:
        """Return what devices emit because they fail, under the same events, t/yr."""
        return paired_difference(self._to(DEVICES, sink), self._to(SOUND, sink))

    def beyond(self, way: str, sink: str) -> float:
        """Return the share of hours above ``OVER`` times the calm emission, h/h."""
        exposures = [run.exposures[sink] for run in self.runs[way]]
        return sum(each.share for each in exposures) / len(exposures)

    def highest(self, way: str, sink: str) -> float:
        """Return the highest emission of any hour, kg/h."""
        return max(run.exposures[sink].highest for run in self.runs[way])

    def figure(self, way: str, name: str) -> Interval:
        """Return an indicator under events."""
        return interval([run.indicators[name] for run in self.runs[way]])

    def down(self) -> Mapping[str, float]:
        """Return the hours a year in which each device was out of order, h/yr."""
        runs = self.runs[DEVICES]
        return {unit: interval([run.down[unit] for run in runs]).mean for unit in runs[0].down}

    @cached_property
    def bills(self) -> Mapping[str, Bill]:
        """What each way costs a year."""
        economy, ids = self.source.plant.economy, self.source.schemes
        costs = self.devices.costs.values()
        return {
            SOURCE: self._bill(SOURCE, economy.investment(ids) or 0.0,
                               economy.upkeep(ids, self.prices.tree)),
            DEVICES: self._bill(DEVICES, sum(each.investment for each in costs),
                                sum(each.upkeep for each in costs)),
        }  # fmt: skip

    def _bill(self, way: str, investment: float, care: float) -> Bill:
        economy, prices = self.source.plant.economy, self.prices.tree
        before, after = (
            [economy.margin(run.indicators, prices) for run in self.runs[each]]
            for each in (NOTHING, way)
        )
        return Bill(
            investment,
            investment * annuity(prices.interest_rate, prices.horizon),
            care,
            paired_difference(before, after),
        )
