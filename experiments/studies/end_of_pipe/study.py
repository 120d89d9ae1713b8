"""Source against end of pipe: schemes and devices that emit the same in a calm year."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from experiments.output.answer import Answer, Table, plain
from experiments.output.provenance import provenance
from experiments.runner.faults import at_work
from experiments.runner.horizon import Horizon
from experiments.runner.loop import each
from experiments.studies.end_of_pipe.matching import Watched, matched, watched
from experiments.studies.end_of_pipe.report import end_of_pipe_report
from experiments.studies.end_of_pipe.ways import DEVICES, NOTHING, OVER, SOUND, SOURCE, WAYS, Ways
from experiments.studies.money.programme import refuse_bare
from plant_models.chlorobenzene.model import PLANT
from plant_models.model import PlantModel, Variant
from sim.model.facts import Design, set_values
from sim.model.schemes import Scheme


@dataclass(frozen=True, repr=False)
class EndOfPipe(Answer):
    """Three plants under the same breakdowns: as it was, with schemes, with devices.

    Parameters
    ----------
    of : Ways
    """

    of: Ways

    def report(self) -> str:
        """Return emission in calm and in events, what else differs, and what either way costs."""
        return end_of_pipe_report(self.of)

    def tables(self) -> Mapping[str, Table]:
        """Return what each way emits and what it costs, and every figure under events."""
        of, events = self.of, self.of.calm[NOTHING].units
        emission = [
            (sink, way, of.calm_to(way, sink), told.mean, *told.ends,
             of.beyond(way, sink), of.highest(way, sink))
            for sink in of.devices.knobs
            for way in WAYS
            for told in [of.emitted(way, sink)]
        ]  # fmt: skip
        figures = [
            (name, unit, way, told.mean, *told.ends)
            for name, unit in events.items()
            for way in WAYS
            for told in [of.figure(way, name)]
        ]
        bills = [
            (way, bill.investment, bill.capital, bill.upkeep, bill.margin.mean, bill.total)
            for way, bill in of.bills.items()
        ]
        return {
            "emission": Table(
                ("sink", "way", "calm_t", "events_t", "low", "high", "hours_beyond",
                 "highest_kg_h"),
                emission,
            ),
            "events": Table(("indicator", "unit", "way", "mean", "low", "high"), figures),
            "bills": Table(
                ("way", "investment", "capital", "upkeep", "margin_lost", "total"), bills
            ),
        }  # fmt: skip

    def as_json(self) -> dict[str, Any]:
        """Return all of it; t/yr, kg/h, RMB."""
        of = self.of
        return {
            "settings": dict(of.match.settings),
            "not_reached": list(of.match.short),
            "calm": {way: dict(of.calm[way]) for way in WAYS},
            "events": {
                way: {name: plain(of.figure(way, name)) for name in of.calm[way]} for way in WAYS
            },
            of.devices.what: {
                sink: {
                    "calm": {way: of.calm_to(way, sink) for way in WAYS},
                    "events": {way: plain(of.emitted(way, sink)) for way in WAYS},
                    "devices_more_than_source": plain(of.more(sink)),
                    "devices_let_by_while_down": plain(of.let_by(sink)),
                    "share_of_hours_beyond": {way: of.beyond(way, sink) for way in WAYS},
                    "highest_kg_h": {way: of.highest(way, sink) for way in WAYS},
                }
                for sink in of.devices.knobs
            },
            "devices_down_hours": of.down(),
            "bills": {
                way: {
                    "investment": bill.investment,
                    "capital": bill.capital,
                    "upkeep": bill.upkeep,
                    "margin_lost": plain(bill.margin),
                    "total": bill.total,
                }
                for way, bill in of.bills.items()
            },
            "provenance": provenance(
                "end-of-pipe",
                of.source,
                horizon=of.horizon,
                source=of.source.schemes,
                prices=asdict(of.prices.tree),
            ),
        }


def end_of_pipe(
    schemes: Any = None,
    *,
    prices: Any = None,
    replications: int = 2,
    years: float = 1.0,
    seed: int = 1,
    start: str = "01-01",
    workers: int | None = 1,
    plant: PlantModel[Any, Any] = PLANT,
    design: Design[Any] | Any | None = None,
    known: Mapping[str, Scheme] | None = None,
) -> EndOfPipe:
    """Compare schemes at the source with devices at the end of the pipe, at equal emission.

    Parameters
    ----------
    schemes : scheme set or Variant, optional
        The schemes at the source; by default the plant's programme.
    prices : Design or prices, optional
        Another set of prices.
    replications, years, seed, start
        Runs of each of the plants; see `Horizon`.
    workers : int, optional
        Processes; None takes what pays.
    plant, design, known
        Which plant, and what sets of schemes are put on; see `PlantModel.variant`.

    Raises
    ------
    TypeError, LookupError, ValueError
        Wrong input, or a plant without devices; a message that names it.
    SimulationFault
        A run that cannot be finished.
    """
    horizon = Horizon(years, seed, replications, start)
    devices = plant.devices
    priced = plant.economy.priced(prices)
    asked = plant.programme if schemes is None else schemes
    source = plant.variant(asked, design=design, known=known)
    _check(source, devices.schemes)
    with at_work("the devices at equal emission"):
        match = matched(source)
        variants = {
            NOTHING: source.having("none"),
            SOURCE: source,
            DEVICES: plant.variant(devices.schemes, design=source.base, known=match.known),
        }
        states = {way: plant.steady_state(of) for way, of in variants.items()}
        calm = {way: state.indicators for way, state in states.items()}
    hours = states[SOURCE].operating_hours
    bounds = {
        sink: OVER * devices.emitted(calm[SOURCE], sink) * 1000.0 / hours for sink in devices.knobs
    }
    never = set_values(source.base, devices.never)
    variants[SOUND] = plant.variant(devices.schemes, design=never, known=match.known)
    jobs = [
        (of, bounds, horizon, replication)
        for replication in range(horizon.replications)
        for of in variants.values()
    ]
    done = each(_watched, jobs, workers, "end of pipe")
    runs = {way: tuple(done[i :: len(variants)]) for i, way in enumerate(variants)}
    return EndOfPipe(Ways(source, horizon, priced, match, calm, runs))


def _check(source: Variant[Any], devices: tuple[str, ...]) -> None:
    """Refuse a source way that is none, or that has a device in it."""
    refuse_bare(source, " at the source")
    both = sorted(set(source.schemes) & set(devices))
    if both:
        raise ValueError(
            f"schemes: {', '.join(both)} is what the schemes are compared with; leave it out"
        )


def _watched(
    of: Variant[Any], bounds: Mapping[str, float], horizon: Horizon, replication: int
) -> Watched:
    with at_work(f"the {of.plant.name} with {of.name}, replication {replication + 1},"):
        return watched(
            of,
            bounds,
            years=horizon.years,
            seed=horizon.seed,
            replication=replication,
            start_hour=horizon.start_hour,
        )
