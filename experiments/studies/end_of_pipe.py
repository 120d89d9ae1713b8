"""Source against end of pipe: schemes and devices that emit the same in a calm year."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from types import MappingProxyType
from typing import Any

from experiments.output.answer import Answer, Table, paragraphs, plain
from experiments.output.provenance import provenance
from experiments.runner.faults import at_work, run_of
from experiments.runner.horizon import Horizon
from experiments.runner.loop import each
from experiments.studies import Known, Own, Plant, plant_of
from experiments.studies.money import UNKNOWN, refuse_bare
from experiments.studies.run import heading, how_wide, with_width
from plant_models.arguments import word
from plant_models.calendar import hours_of
from plant_models.chlorobenzene.model import PLANT
from plant_models.methods.devices import DeviceCost, Devices, Knob
from plant_models.methods.economics import Economy
from plant_models.methods.finance import annuity
from plant_models.model import Variant
from sim.books.indicators import Indicators
from sim.clock.random_streams import RandomStreams
from sim.clock.recorder import Recorder
from sim.clock.watch import Exposure, Watch
from sim.errors import look_up
from sim.model.facts import Design, set_values
from sim.model.schemes import Patch, Scheme
from sim.network.unit import unit_without
from sim.statistics.intervals import Interval, interval, paired_difference
from sim.tables import AsWritten, readable, text_table, text_tables

MOST = 0.9999  # kg/kg; no device holds more
STEPS = 40  # halvings of the interval from 0 to 1


@dataclass(frozen=True)
class Match:
    """Devices that are set to emit what schemes at the source do."""

    known: Mapping[str, Scheme]  #: The catalogue with the devices at those settings
    settings: Mapping[str, float]  #: What each device holds, by path, kg/kg
    short: tuple[str, ...]  #: Sinks where not even a perfect device gets there
    rising: tuple[str, ...] = ()  #: Those of them that get more, the more their device holds


def matched(source: Variant[Any]) -> Match:
    """Return the devices set so that the steady state emits what it does with ``source``.

    One is set after the other: what the first sends on is part of what the next one gets.
    """
    plant, known = source.plant, dict(source.known)
    devices = plant.devices
    target = plant.steady_state(source).indicators
    settings: dict[str, float] = {}
    short, rising = list[str](), list[str]()
    for sink, knob in devices.knobs.items():

        def emits(value: float, sink: str = sink, knob: Knob = knob) -> float:
            tried = known | {knob.scheme: _set(known[knob.scheme], knob.paths, value)}
            with_them = plant.variant(devices.schemes, design=source.base, known=tried)
            return devices.emitted(
                plant.steady_state(with_them).indicators, sink
            ) - devices.emitted(target, sink)

        found, reached = _falling_zero(emits)
        if not reached:
            short.append(sink)
            rising += [sink] * (emits(0.0) < emits(MOST))
        settings |= dict.fromkeys(knob.paths, found)
        known[knob.scheme] = _set(known[knob.scheme], knob.paths, found)
    return Match(known, settings, tuple(short), tuple(rising))


def _falling_zero(f: Callable[[float], float]) -> tuple[float, bool]:
    """Return where a falling function of 0 to 1 is zero, and whether it is."""
    if f(MOST) > 0.0:
        return MOST, False
    low, high = 0.0, MOST
    if f(low) <= 0.0:
        return low, True
    for _ in range(STEPS):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if f(middle) > 0.0 else (low, middle)
    return high, True


def _set(scheme: Scheme, paths: tuple[str, ...], value: float) -> Scheme:
    note = "set to the emission of the other way"
    patches = (Patch(path, "set", value, note, evidence="derived") for path in paths)
    others = (each for each in scheme.patches if each.path not in paths)
    return replace(scheme, patches=(*others, *patches))


@dataclass(frozen=True)
class Watched:
    """A year of events with its emissions watched in time."""

    indicators: Indicators  #: Figures per simulated year
    exposures: Mapping[str, Exposure]
    """What goes to each sink, kg/h; ``beyond`` counts the hours above its bound."""
    down: Mapping[str, float]  #: Hours a year in which each device was out of order


def watched(
    of: Variant[Any],
    bounds: Mapping[str, float],
    *,
    years: float = 1.0,
    seed: int = 1,
    replication: int = 0,
    start_hour: float = 0.0,
) -> Watched:
    """Return a run under all its events, watched.

    ``bounds``: what goes to each sink above which hours are counted, kg/h; ``years``, ``seed``,
    ``replication``, ``start_hour``: as for `PlantModel.simulate`.
    """
    hours, devices = hours_of(years), of.plant.devices
    watch = Watch(devices.now, {sink: (0.0, bound) for sink, bound in bounds.items()})
    told = Recorder()
    plant = of.plant.running(
        of, RandomStreams(seed, replication), start_hour=start_hour, recorder=told, watch=watch
    ).plant
    plant.run(hours)
    outcome = of.plant.outcome(of, plant, years)
    return Watched(
        outcome.indicators,
        watch.exposures,
        {
            unit: _down(told, unit, hours) / years
            for unit in devices.units
            if unit in outcome.ledger.units
        },
    )


def _down(told: Recorder, unit: str, end: float) -> float:
    """Return the hours in which a unit was out of order, h."""
    hours, since = 0.0, None
    for hour, who, what in told.events:
        if who == unit and what == "back" and since is not None:
            hours, since = hours + hour - since, None
        elif who == unit and what.startswith("failed"):
            since = hour
    return hours if since is None else hours + end - since


NOTHING, SOURCE, DEVICES = "none", "source", "devices"
WAYS = (NOTHING, SOURCE, DEVICES)
CALLED = {NOTHING: NOTHING, SOURCE: "at source", DEVICES: DEVICES}  # in what is printed
SOUND = "devices that never fail"
OVER = 1.5  # times the mean emission at constant conditions: hours above are counted


@dataclass(frozen=True)
class Bill:
    """What a way of emitting less costs a year, in the currency; a negative cost is earned."""

    investment: float | None  #: Paid once; None where nobody says
    capital: float | None  #: Its annuity at the bank's rate over the horizon
    upkeep: float  #: Attendance and repairs
    margin: Interval  #: What the plant earns less than without, over the replications

    @property
    def total(self) -> float | None:
        """All of it a year; None where nobody says what it costs once."""
        return None if self.capital is None else self.capital + self.upkeep + self.margin.mean


@dataclass(frozen=True, repr=False)
class EndOfPipe(Answer):
    """Three plants under the same breakdowns: as it was, with schemes, with devices."""

    source: Variant[Any]  #: The design with the schemes at the source
    horizon: Horizon
    prices: Design[Any]
    match: Match
    calm: Mapping[str, Indicators]  #: Steady states by way
    runs: Mapping[str, tuple[Watched, ...]]
    """One of each replication by way, and of devices that never fail."""

    @property
    def devices(self) -> Devices:
        """The devices of the plant."""
        return self.source.plant.devices

    def calm_to(self, way: str, sink: str) -> float:
        """Return what goes to a sink at constant conditions, t/yr."""
        calm = look_up("way", way, self.calm)
        return self.devices.emitted(calm, word("sink", sink, self.devices.knobs))

    def _to(self, way: str, sink: str) -> list[float]:
        word("sink", sink, self.devices.knobs)
        return [self.devices.emitted(run.indicators, sink) for run in self._of(way)]

    def _of(self, way: str) -> Sequence[Watched]:
        """Return the runs of a way."""
        return look_up("way", way, self.runs)

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
        word("sink", sink, self.devices.knobs)
        exposures = [run.exposures[sink] for run in self._of(way)]
        return sum(each.share for each in exposures) / len(exposures)

    def highest(self, way: str, sink: str) -> float:
        """Return the highest emission of any hour, kg/h."""
        word("sink", sink, self.devices.knobs)
        return max(run.exposures[sink].highest for run in self._of(way))

    def figure(self, way: str, name: str) -> Interval:
        """Return an indicator under events."""
        return interval([run.indicators[name] for run in self._of(way)])

    @property
    def down_means(self) -> list[str]:
        """What it means that devices are down, a line each."""
        plant, base = self.source.plant, self.source.base
        on = plant.variant(self.devices.schemes, design=base, known=self.match.known)
        parts = [on.network.units[name] for name in self.devices.units]
        failing = [part for part in parts if part.failure is not None]
        runs_on = [unit_without(part, "failure") is not None for part in failing]
        found = []
        if any(runs_on):
            found.append("while a device is down the line runs on and it protects nothing")
        if not all(runs_on):
            found.append("while a device is down that nothing runs on without, its train stands")
        return found if failing else ["no device ever fails: none has a failure in its unit"]

    def down(self) -> Mapping[str, float]:
        """Return the hours a year in which each device was out of order, h/yr."""
        runs = self.runs[DEVICES]
        return {unit: interval([run.down[unit] for run in runs]).mean for unit in runs[0].down}

    @cached_property
    def bills(self) -> Mapping[str, Bill]:
        """What each way costs a year."""
        return {
            SOURCE: self._bill(SOURCE, self.source.schemes),
            DEVICES: self._bill(DEVICES, self.devices.schemes, self.devices.costs),
        }

    def _bill(
        self, way: str, ids: tuple[str, ...], own: Mapping[str, DeviceCost] = MappingProxyType({})
    ) -> Bill:
        economy, prices = self.source.plant.economy, self.prices.tree
        investment = economy.investment(ids, {name: of.investment for name, of in own.items()})
        care = economy.upkeep(ids, prices) + sum(of.upkeep for of in own.values())
        before, after = (
            [economy.margin(run.indicators, prices) for run in self.runs[each]]
            for each in (NOTHING, way)
        )
        share = annuity(prices.interest_rate, prices.horizon)
        return Bill(
            investment,
            None if investment is None else investment * share,
            care,
            paired_difference(before, after),
        )

    def report(self) -> str:
        """Return emission in calm and in events, what else differs, and what either way costs."""
        return paragraphs(
            [
                f"Schemes {self.source.name} against {self.devices.told} at equal emission",
                heading("Runs", self.source, self.horizon),
            ],
            _emission(self),
            _else(self),
            _bills(self),
            _settings(self),
            _notes(self),
        )

    def tables(self) -> Mapping[str, Table]:
        """Return what each way emits and what it costs, and every figure under events."""
        events = self.calm[NOTHING].units
        emission = [
            (sink, way, self.calm_to(way, sink), told.mean, *told.ends,
             self.beyond(way, sink), self.highest(way, sink))
            for sink in self.devices.knobs
            for way in WAYS
            for told in [self.emitted(way, sink)]
        ]  # fmt: skip
        figures = [
            (name, unit, way, told.mean, *told.ends)
            for name, unit in events.items()
            for way in WAYS
            for told in [self.figure(way, name)]
        ]
        bills = [
            (way, bill.investment, bill.capital, bill.upkeep, bill.margin.mean, bill.total)
            for way, bill in self.bills.items()
        ]
        a_year = ("calm_t", "events_t", "low", "high")
        spent = ("capital", "upkeep", "margin_lost", "total")
        money = self.source.plant.economy.currency
        return {
            "emission": Table(
                ("sink", "way", *a_year, "hours_beyond", "highest_kg_h"),
                emission,
                {**dict.fromkeys(a_year, "t/yr"), "hours_beyond": "h/h", "highest_kg_h": "kg/h"},
            ),
            "events": Table(("indicator", "unit", "way", "mean", "low", "high"), figures),
            "bills": Table(
                ("way", "investment", *spent),
                bills,
                {"investment": money, **dict.fromkeys(spent, f"{money}/yr")},
            ),
        }

    def as_json(self) -> dict[str, Any]:
        """Return all of it; t/yr, kg/h, the currency."""
        return {
            "settings": dict(self.match.settings),
            "not_reached": list(self.match.short),
            "calm": {way: dict(self.calm[way]) for way in WAYS},
            "events": {
                way: {name: plain(self.figure(way, name)) for name in self.calm[way]}
                for way in WAYS
            },
            self.devices.what: {
                sink: {
                    "calm": {way: self.calm_to(way, sink) for way in WAYS},
                    "events": {way: plain(self.emitted(way, sink)) for way in WAYS},
                    "devices_more_than_source": plain(self.more(sink)),
                    "devices_let_by_while_down": plain(self.let_by(sink)),
                    "share_of_hours_beyond": {way: self.beyond(way, sink) for way in WAYS},
                    "highest_kg_h": {way: self.highest(way, sink) for way in WAYS},
                }
                for sink in self.devices.knobs
            },
            "devices_down_hours": self.down(),
            "bills": {
                way: {
                    "investment": bill.investment,
                    "capital": bill.capital,
                    "upkeep": bill.upkeep,
                    "margin_lost": plain(bill.margin),
                    "total": bill.total,
                }
                for way, bill in self.bills.items()
            },
            "provenance": provenance(
                "end-of-pipe",
                self.source,
                horizon=self.horizon,
                source=self.source.schemes,
                prices=asdict(self.prices.tree),
            ),
        }


def end_of_pipe(
    schemes: Any = None,
    *,
    replications: int = 2,
    years: float = 1.0,
    seed: int = 1,
    start: str = "01-01",
    workers: int | None = 1,
    prices: Any = None,
    plant: Plant = PLANT,
    design: Own = None,
    known: Known = None,
) -> EndOfPipe:
    """Compare schemes at the source with devices at the end of the pipe, at equal emission.

    ``schemes``: the schemes at the source; by default the plant's programme. ``replications``,
    ``years``, ``seed``, ``start``, ``workers``, ``plant``, ``design``, ``known``: see `run`.
    ``prices``: see `money`.
    """
    plant = plant_of(plant)
    horizon = Horizon(years, seed, replications, start)
    devices = plant.devices
    priced = plant.economy.priced(prices)
    on: dict[str, Any] = {"design": design, "known": known}
    source = plant.with_programme(**on) if schemes is None else plant.variant(schemes, **on)
    _check(source, devices.schemes)
    with at_work("the devices at equal emission"):
        match = matched(source)
    for sink in match.rising:
        raise ValueError(
            f"{', '.join(devices.knobs[sink].paths)}: what goes to {sink} rises with it; name the "
            f"share that the device holds back from {sink}"
        )
    with at_work("the devices at equal emission"):
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
    return EndOfPipe(source, horizon, priced, match, calm, runs)


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
    with at_work(run_of(of, replication)):
        return watched(of, bounds, **horizon.run(replication))


def _emission(of: EndOfPipe) -> list[str]:
    rows = []
    for sink in of.devices.knobs:
        calm = [readable(of.calm_to(way, sink)) for way in WAYS]
        rows.append([f"{sink}: {of.devices.what}", *[""] * 5])
        rows.append(["  steady state", "t/yr", *calm, ""])
        events = [with_width(of.emitted(way, sink)) for way in WAYS]
        rows.append(["  with events", "t/yr", *events, with_width(of.more(sink), signed=True)])
        rows.append(["  let by while down", "t/yr", "", "", with_width(of.let_by(sink)), ""])
        above = [f"{of.beyond(way, sink):.1%}" for way in WAYS]
        rows.append([f"  hours above {OVER:g} x calm", "h/h", *above, ""])
        rows.append(["  highest", "kg/h", *(readable(of.highest(way, sink)) for way in WAYS), ""])
    return text_table(["emission", "unit", *CALLED.values(), "devices - source"], rows, left=(0, 1))


def _else(of: EndOfPipe) -> list[str]:
    units = of.calm["none"].units
    rows = [
        [name, units[name], *(with_width(of.figure(way, name)) for way in WAYS)]
        for name in of.devices.also
        if name in units and any(run.indicators[name] for way in WAYS for run in of.runs[way])
    ]
    rows += [[f"{unit} down", "h/yr", "", "", readable(hours)] for unit, hours in of.down().items()]
    header = ["with events", "unit", *CALLED.values()]
    return text_tables(header, rows, left=(0, 1), keep=2)


def _bills(of: EndOfPipe) -> list[str]:
    economy = of.source.plant.economy
    rows = [
        [
            CALLED[way],
            _in(economy, bill.investment),
            _in(economy, bill.capital),
            _in(economy, bill.upkeep),
            _in(economy, bill.margin.mean)
            + ("" if bill.margin.n == 1 else f" +- {_in(economy, bill.margin.half_width)}"),
            _in(economy, bill.total),
        ]
        for way, bill in of.bills.items()
    ]
    header = [f"cost, {economy.unit_word}", "once", "capital, 1/yr", "upkeep, 1/yr",
              "earned less, 1/yr", "all, 1/yr"]  # fmt: skip
    return text_table(header, rows)


def _settings(of: EndOfPipe) -> list[str]:
    rows = [[AsWritten(path), f"{value:.3f}"] for path, value in of.match.settings.items()]
    return text_table(["set to equal emission in the steady state", "kg/kg"], rows)


def _notes(of: EndOfPipe) -> list[str]:
    lines = [of.devices.sources, *of.down_means]
    lines += [
        f"{of.devices.what} to {sink}: not even a perfect device emits so little; the rest is lost "
        "elsewhere"
        for sink in of.match.short
    ]
    lines += [
        f"{of.devices.what} to {sink}: with the schemes no less than without them, so the device "
        "holds nothing"
        for sink, knob in of.devices.knobs.items()
        if of.match.settings[knob.paths[0]] == 0.0
    ]
    economy = of.source.plant.economy
    unknown = [each for each in of.source.schemes if economy.investment([each]) is None]
    if unknown:
        lines.append(f"{UNKNOWN}: no investment of {', '.join(unknown)} known")
    return lines + how_wide(of.horizon.replications)


def _in(economy: Economy, amount: float | None) -> str:
    return UNKNOWN if amount is None else economy.told(amount, 1)
