"""Source against end of pipe at equal emission: runs, costs, and what failures let by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from plant_models.chlorobenzene.money.economics import margin, upkeep

from experiments.door.faults import at_work
from experiments.door.inputs import Case
from experiments.output.files import ends_of
from experiments.runner.studies import compact, installed_version, settings_of
from experiments.runner.workers import spread
from plant_models import chlorobenzene as cb
from plant_models.chlorobenzene.money.end_of_pipe import (
    DEVICES,
    MEDIA,
    Match,
    Watched,
    device_costs,
    matched,
    organics,
    watched,
)
from plant_models.chlorobenzene.money.prices import Prices
from plant_models.chlorobenzene.paper import printed
from plant_models.methods.finance import annuity
from sim.books.indicators import Indicators
from sim.model.facts import set_values
from sim.statistics.intervals import Interval, interval, paired_difference

WAYS = ("none", "source", "devices")
SOUND = "devices that never fail"
NEVER = ("carbon_bed.failure.mtbf=1e12", "effluent_stripper.failure.mtbf=1e12")
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
class EndOfPipeStudy:
    """Three plants under the same breakdowns: as it was, with schemes, with devices.

    Parameters
    ----------
    case : Case
    source : tuple of str
        The schemes at the source.
    prices : Prices
    match : Match
    calm : Mapping[str, Indicators]
        Steady states by way.
    runs : Mapping[str, tuple of Watched]
        One of each replication by way, and of devices that never fail.
    """

    case: Case
    source: tuple[str, ...]
    prices: Prices
    match: Match
    calm: Mapping[str, Indicators]
    runs: Mapping[str, tuple[Watched, ...]]

    @property
    def name(self) -> str:
        """The source schemes as they are written."""
        return compact(self.source, self.case.known)

    def emitted(self, way: str, sink: str) -> Interval:
        """Return organics to a sink under events, t/yr."""
        return interval([organics(run.indicators, sink) for run in self.runs[way]])

    def more(self, sink: str) -> Interval:
        """Return what devices emit more than the source way under the same events, t/yr."""
        devices, source = (
            [organics(run.indicators, sink) for run in self.runs[way]]
            for way in ("devices", "source")
        )
        return paired_difference(devices, source)

    def let_by(self, sink: str) -> Interval:
        """Return what devices emit because they fail, under the same events, t/yr."""
        devices, sound = (
            [organics(run.indicators, sink) for run in self.runs[way]] for way in ("devices", SOUND)
        )
        return paired_difference(devices, sound)

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

    @cached_property
    def bills(self) -> Mapping[str, Bill]:
        """What each way costs a year."""
        return {
            "source": self._bill("source", printed.investment(self.source) or 0.0,
                                 upkeep(self.source, self.prices)),
            "devices": self._bill("devices", *self._device_money()),
        }  # fmt: skip

    def _device_money(self) -> tuple[float, float]:
        costs = [getattr(device_costs().tree, device) for device in DEVICES]
        return sum(each.investment for each in costs), sum(each.upkeep for each in costs)

    def _bill(self, way: str, investment: float, care: float) -> Bill:
        before, after = (
            [margin(run.indicators, self.prices) for run in self.runs[each]]
            for each in ("none", way)
        )
        rate, years = self.prices.interest_rate, self.prices.horizon
        return Bill(
            investment,
            investment * annuity(rate, years),
            care,
            paired_difference(before, after),
        )


def end_of_pipe_study(
    case: Case, source: Sequence[str], prices: Prices, workers: int = 1
) -> EndOfPipeStudy:
    """Match the devices to the source schemes in the steady state, then let things happen."""
    ids = tuple(source)
    with at_work("the devices at equal emission"):
        match = matched(ids, design=case.design, known=case.known)
        sets = {"none": (), "source": ids, "devices": DEVICES}
        calm = {
            way: cb.steady_state(schemes, design=case.design, known=match.known).indicators
            for way, schemes in sets.items()
        }
    hours = case.design.tree.site.operating_hours
    bounds = {sink: OVER * organics(calm["source"], sink) * 1000.0 / hours for sink in MEDIA}
    never = replace(case, design=set_values(case.design, NEVER))
    ways = [*((way, case, sets[way]) for way in WAYS), (SOUND, never, DEVICES)]
    jobs = [
        (of, schemes, bounds, match, replication)
        for replication in range(case.replications)
        for _, of, schemes in ways
    ]
    done = spread(_watched, jobs, workers, "end of pipe")
    runs = {way: tuple(done[i :: len(ways)]) for i, (way, *_) in enumerate(ways)}
    return EndOfPipeStudy(case, ids, prices, match, calm, runs)


def _watched(
    case: Case,
    schemes: tuple[str, ...],
    bounds: Mapping[str, float],
    match: Match,
    replication: int,
) -> Watched:
    with at_work(f"the line with {', '.join(schemes) or 'none'}, replication {replication + 1},"):
        return watched(
            schemes,
            bounds,
            years=case.years,
            seed=case.seed,
            replication=replication,
            start_hour=case.start_hour,
            design=case.design,
            known=match.known,
        )


def in_full(study: EndOfPipeStudy) -> dict[str, Any]:
    """Return all of a study as JSON can hold it; t/yr, kg/h, RMB."""
    return {
        "settings": dict(study.match.settings),
        "not_reached": list(study.match.short),
        "calm": {way: dict(study.calm[way]) for way in WAYS},
        "events": {
            way: {name: ends_of(study.figure(way, name)) for name in study.calm[way]}
            for way in WAYS
        },
        "organics": {
            sink: {
                "calm": {way: organics(study.calm[way], sink) for way in WAYS},
                "events": {way: ends_of(study.emitted(way, sink)) for way in WAYS},
                "devices_more_than_source": ends_of(study.more(sink)),
                "devices_let_by_while_down": ends_of(study.let_by(sink)),
                "share_of_hours_beyond": {way: study.beyond(way, sink) for way in WAYS},
                "highest_kg_h": {way: study.highest(way, sink) for way in WAYS},
            }
            for sink in MEDIA
        },
        "devices_down_hours": {
            unit: interval([run.down[unit] for run in study.runs["devices"]]).mean
            for unit in study.runs["devices"][0].down
        },
        "bills": {
            way: {
                "investment": bill.investment,
                "capital": bill.capital,
                "upkeep": bill.upkeep,
                "margin_lost": ends_of(bill.margin),
                "total": bill.total,
            }
            for way, bill in study.bills.items()
        },
        "provenance": {
            "program": "cleanerline",
            "command": "end-of-pipe",
            "version": installed_version("cleanerline"),
            "source": list(study.source),
            "seed": study.case.seed,
            "replications": study.case.replications,
            "years": study.case.years,
            "start": study.case.start,
            "settings": settings_of(study.case.design),
        },
    }
