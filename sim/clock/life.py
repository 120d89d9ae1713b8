"""The lives of units and trains: every one a SimPy process, readable from top to bottom."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Generator, Iterator, Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from math import inf
from operator import attrgetter
from typing import Any, TypeVar, cast

import simpy

from sim.clock.clocks import Clock
from sim.clock.plant import Plant
from sim.clock.random_streams import Stream, weibull_scale
from sim.clock.refit import miss, restore
from sim.clock.states import LEVEL_SWITCH, RUNNING
from sim.errors import (
    as_number,
    gives_each,
    is_number,
    look_up,
    need_names,
    need_text,
    scalar,
    told,
)
from sim.flow.arrays import EMPTY
from sim.flow.map import MAINTENANCE, SHUTDOWN, START_UP, TRIP
from sim.model.tree import fitting
from sim.network.operation import DAY, FailureMode, Maintenance, RunOn, Shift, Shutdown
from sim.network.unit import check_cause, unit_without

T = TypeVar("T")
_reads = cache(attrgetter)
Life = Generator[simpy.Event, Any, None]
YEAR = 8760.0  # h
ROUNDED = 1e-9  # of a rate, by which the least rate of a train may be above it
BLINK = 1e-5  # h; no equipment stops and starts again in less
ANNUAL_SHUTDOWN, IN_MAINTENANCE = "annual shutdown", "in maintenance"


def _as_interlocks(plant: Plant, interlocks: object) -> Mapping[str, tuple[str, ...]]:
    """Return what stops with each unit; refuse anything but names of trains by names of units."""
    if not isinstance(cast(object, plant), Plant):
        raise TypeError(f"outages: expected a Plant, came {told(plant)}")
    if interlocks is None:
        return {}
    if not isinstance(interlocks, Mapping):
        raise TypeError(
            f"outages: expected the trains that stop with each unit, came {told(interlocks)}"
        )
    for unit, trains in interlocks.items():
        look_up("unit", unit, plant.network.units)
        if isinstance(trains, str) or not gives_each(trains):
            raise TypeError(
                f"outages: expected the trains that stop with {unit!r} as names in a list, "
                f"came {told(trains)}"
            )
        for name in trains:
            look_up("train", name, plant.states)
    return interlocks


class Outages:
    """Who keeps which train from running, and the processes that stop and start the trains.

    A train without start-up and trip hours stops and starts at once. Any other trips first, its
    outlets led where ``Pipe.trip`` says, then stands, and starts up before it runs as usual. A
    plant has them once: asked for again, they are the same, with the ``interlocks`` of both.
    """

    interlocks: Mapping[str, tuple[str, ...]]
    """By unit, what stops with it besides its own train."""

    def __new__(cls, plant: Plant, *_: object, **__: object) -> Outages:
        """Return those that the plant has; two would not know of each other's stops and repairs."""
        own = getattr(plant, "outages", None)
        return own if isinstance(own, Outages) else super().__new__(cls)

    def __init__(
        self, plant: Plant, interlocks: Mapping[str, tuple[str, ...]] | None = None
    ) -> None:
        interlocks = _as_interlocks(plant, interlocks)
        if plant.outages is self:
            for unit, trains in interlocks.items():
                both = (*self.interlocks.get(unit, ()), *trains)
                self.interlocks = {**self.interlocks, unit: tuple(dict.fromkeys(both))}
            self._trains_of.clear()
            return
        plant.outages = self
        self.plant = plant
        self.interlocks = interlocks
        self.reasons: dict[str, dict[str, str]] = {name: {} for name in plant.train_names}
        self.causes: dict[str, str] = {}
        """Under what each train stops, or has stopped last."""
        self._trains_of: dict[str, tuple[str, ...]] = {}
        self.since = dict.fromkeys(plant.train_names, -inf)
        """The hour from which on each train runs as usual: what has run for no time trips not."""
        self.stops: dict[str, simpy.Event] = {}
        self.starts: dict[str, simpy.Event] = {}
        self.aging: dict[str, list[Clock]] = {unit: [] for unit in plant.network.units}
        """What counts towards the failures of a unit that maintenance prevents."""
        self.lives: set[tuple[str, str]] = set()
        """Failure modes and jobs that act, by unit and label."""
        self.supplies = Counter[str]()
        """How many lives of each supply from outside there are."""
        self.out: dict[str, dict[str, tuple[str, ...]]] = {}
        """Of each supply, its lives that are out, and the trains that run on without each."""
        self.repaired = {unit: plant.env.event() for unit in plant.network.units}
        self.awaited: dict[str, simpy.Event] = {}
        self.observers: list[Callable[[str, str, bool], None]] = []
        """Who is told of a unit that stops its trains, or of an annual shutdown: its name, why, and
        whether that begins."""
        for train in plant.network.trains:
            if train.takes_time:
                self.stops[train.name] = plant.env.event()
                self.starts[train.name] = plant.env.event()
                plant.env.process(self._train_life(train.name))

    def begin(self, train: str, who: str, why: str, cause: str = TRIP) -> None:
        """Keep a train from running; ``cause``: under what it stops if it has run."""
        reasons = look_up("train", train, self.reasons)
        if type(who) is not str or type(why) is not str or type(cause) is not str:
            need_text("begin", who=who, why=why, cause=cause)
        check_cause(cause)
        if not reasons:
            self.causes[train] = cause
        reasons[who] = why
        if train not in self.stops:
            self.plant.hold(train, who, why)
        elif len(reasons) == 1:
            self.tell(self.stops, train)

    def end(self, train: str, who: str) -> None:
        """Let a train run again as far as ``who`` is concerned."""
        reasons = look_up("train", train, self.reasons)
        if type(who) is not str:
            need_text("end", who=who)
        first = next(iter(reasons), who)
        reasons.pop(who, None)
        if train not in self.stops:
            self.plant.release(train, who)
        elif first == who:  # it starts up, or stands for the next reason from now on
            self.tell(self.starts, train)

    def breaks(self, unit: str, why: str, cause: str = TRIP) -> None:
        """Take a unit down, and with it its train and all that is interlocked with it."""
        self.plant.goes_down(unit, why)
        self.plant.say(unit, why)
        for train in self.trains_of(unit):
            self.begin(train, unit, f"{unit} {why}", cause)
        if self.observers:
            self.tell_observers(unit, why, begins=True)

    def mends(self, unit: str) -> None:
        """Bring a unit back."""
        self.plant.comes_back(unit)
        self.plant.say(unit, "back")
        for train in self.trains_of(unit):
            self.end(train, unit)
        if unit in self.awaited:
            self.awaited.pop(unit).succeed()
        if self.observers:
            self.tell_observers(unit, "back", begins=False)

    def tell_observers(self, who: str, why: str, *, begins: bool) -> None:
        """Tell who wants to know that a unit stops its trains, or that it is back."""
        for look in self.observers:
            look(who, why, begins)

    def back(self, unit: str) -> simpy.Event:
        """Return an event that happens when a unit that is down comes back, for whatever reason."""
        look_up("unit", unit, self.aging)
        return self.awaited.setdefault(unit, self.plant.env.event())

    def tell(self, events: dict[str, simpy.Event], name: str) -> None:
        """Let an event of a unit or train happen for whoever waits, and put a new one in place."""
        if events[name].callbacks:
            events[name].succeed()
            events[name] = self.plant.env.event()

    def enter(self, unit: str, label: str) -> None:
        """Note that a failure mode or job of a unit has begun to act."""
        if (unit, label) in self.lives:
            raise ValueError(
                f"unit {unit!r}: its {label!r} acts already; with two of its lives it would stop "
                "twice as often, so ask for the lives of a plant once"
            )
        self.lives.add((unit, label))

    def one_more(self, supply: str) -> str:
        """Return what one more life of a supply is called, of its own: ``power``, ``power 2``."""
        self.supplies[supply] += 1
        nth = self.supplies[supply]
        return supply if nth == 1 else f"{supply} {nth}"

    def renew(self, unit: str) -> None:
        """Let the failures of a unit begin to age anew: it is as good as new."""
        for clock in look_up("unit", unit, self.aging):
            clock.cut()

    def trains_of(self, unit: str) -> tuple[str, ...]:
        """Return the trains that stand while a unit is down."""
        if type(unit) is not str:
            need_text("trains_of", unit=unit)
        if unit not in self._trains_of:
            own = self.plant.network.train_of(unit).name
            others = (t for t in self.interlocks.get(unit, ()) if t != own)
            self._trains_of[unit] = (own, *others)
        return self._trains_of[unit]

    def _train_life(self, name: str) -> Life:
        plant, reasons = self.plant, self.reasons[name]
        coming = plant.expecting(name)  # back: it may stand until it has tripped or started up
        while True:
            if not reasons:
                yield self.stops[name]
            with coming:
                if plant.env.now > self.since[name]:
                    yield from self._trip(name)
                while not (yield from self._starts_up(name)):
                    pass
            self.since[name] = plant.env.now

    def _trip(self, name: str) -> Life:
        plant, train = self.plant, self.plant.network.train_named(name)
        if train.trip_hours:
            cause = self.causes[name]
            miss(plant, name, cause)
            plant.run_as(name, cause, train.trip_fraction)
            yield plant.env.timeout(train.trip_hours)
            restore(plant, name, cause)

    def _starts_up(self, name: str) -> Generator[simpy.Event, Any, bool]:
        """Let a train stand while there is a reason, and start up; return whether it has."""
        plant, reasons = self.plant, self.reasons[name]
        plant.hold(name, "outage", next(iter(reasons.values()), "tripped"))
        while reasons:
            plant.hold(name, "outage", next(iter(reasons.values())))
            yield self.starts[name]
        train = plant.network.train_named(name)  # its hours may have changed since
        phases = [(train.start_up_hours, train.start_up_fraction)]
        if train.idle_hours > 0.0:
            phases.insert(0, (train.idle_hours, train.idle_fraction))
        plant.say(name, "starts up")
        for hours, fraction in phases:
            plant.run_as(name, START_UP, fraction)
            plant.release(name, "outage")
            stopped = self.stops[name]
            yield plant.env.timeout(hours) | stopped
            if stopped.triggered:  # though the reason may be gone again
                return False
        plant.run_as(name, plant.usual_cause(name))
        return True


def need_plant(what: str, plant: object, *outages: object) -> None:
    """Refuse what is no plant, and what are no outages of one."""
    if not isinstance(plant, Plant):
        raise TypeError(f"{what}: expected a Plant, came {told(plant)}")
    for each in outages:
        if not isinstance(each, Outages):
            raise TypeError(f"{what}: expected Outages(plant), came {told(each)}")
        if each.plant is not plant:
            raise ValueError(f"{what}: expected the Outages of the plant, came those of another")


def time_to_failure(mode: FailureMode, draws: Stream) -> float:
    """Draw the time to the next failure on the mode's clock, h."""
    if mode.law == "weibull":
        return draws.weibull(mode.shape, weibull_scale(mode.mtbf, mode.shape))
    return draws.exponential(mode.mtbf)


def time_to_repair(mode: FailureMode, draws: Stream) -> float:
    """Draw a repair time, h."""
    if mode.repair_law == "lognormal":
        return draws.lognormal(mode.mttr, mode.repair_spread)
    if mode.repair_law == "exponential":
        return draws.exponential(mode.mttr)
    return draws.constant(mode.mttr)


def as_built(plant: Plant, unit: str, label: str, kind: type[T]) -> T:
    """Return a failure mode or job of a unit as it is designed now, for it may be rebuilt.

    What stands in for a unit that is by-passed need have no such mode.
    """
    found = _reads(label)(plant.designed.units[unit])
    assert isinstance(found, kind)
    return found


def worn_by(plant: Plant, outages: Outages, unit: str, label: str) -> tuple[Clock, Stream, Stream]:
    """Return what a failure mode that begins to act ages by, and its draws of lives and repairs."""
    outages.enter(unit, label)
    clock = plant.clock(as_built(plant, unit, label, FailureMode).clock, unit, label)
    outages.aging[unit].append(clock)
    lives = plant.rng(unit, f"{label} time to failure")
    return clock, lives, plant.rng(unit, f"{label} time to repair")


def failing(plant: Plant, outages: Outages, unit: str, label: str) -> Life:
    """Run, break, wait for a crew, be repaired, and again; one process a failure mode.

    Clock and draws are its own from when it is made.
    """
    clock, lives, repairs = worn_by(plant, outages, unit, label)
    repair = plant.expecting(*outages.trains_of(unit))
    reads = _reads(label)

    def life() -> Life:
        why = f"failed ({label})"
        while True:
            mode = reads(plant.designed.units[unit])
            worn_out = yield clock.reaches(time_to_failure(mode, lives))
            if not worn_out or unit in plant.down:  # another mode was first at this very instant
                continue
            outages.breaks(unit, why)
            with repair, plant.crew.request() as crew:
                if not crew.triggered:  # one that is free comes at once
                    yield crew
                mode = reads(plant.designed.units[unit])
                yield plant.env.timeout(time_to_repair(mode, repairs))
            outages.mends(unit)
            outages.tell(outages.repaired, unit)

    return life()


def maintained(plant: Plant, outages: Outages, unit: str, label: str) -> Life:
    """Stop a unit for preventive work after every interval; afterwards it is as good as new."""
    outages.enter(unit, label)
    clock = plant.clock(as_built(plant, unit, label, Maintenance).clock, unit, label)
    while True:
        due = clock.reaches(as_built(plant, unit, label, Maintenance).interval)
        yield due | outages.repaired[unit]
        if not due.triggered:  # whoever repairs it does the job as well
            clock.stop()
            continue
        repaired = outages.repaired[unit]
        while unit in plant.down and not repaired.triggered:  # it stopped at this very instant
            yield repaired | outages.back(unit)
        if repaired.triggered:
            continue
        outages.breaks(unit, IN_MAINTENANCE, MAINTENANCE)
        with plant.expecting(*outages.trains_of(unit)):
            yield plant.env.timeout(as_built(plant, unit, label, Maintenance).duration)
        outages.mends(unit)
        outages.renew(unit)


def _running_on(out: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Return the trains that run on without a supply of which these lives are out."""
    return tuple(dict.fromkeys(train for trains in out.values() for train in trains))


def interrupted(
    plant: Plant,
    outages: Outages,
    supply: str,
    trains: tuple[str, ...],
    mode: FailureMode,
    *,
    run_on: RunOn | None = None,
    last: tuple[str, ...] = (),
) -> Life:
    """Let a supply from outside the line fail on the calendar, and come back without our crew.

    Of several lives of a supply each has its own draws, and it is there while none of them is out.
    ``run_on``: for how long those of the trains that are named ``last`` run on without it.
    """
    need_plant("interrupted", plant, outages)
    fitting(f"supply {supply!r}", mode, FailureMode)
    who = outages.one_more(supply)
    lives = plant.rng(who, "time to failure")
    repairs = plant.rng(who, "time to repair")
    while True:
        yield plant.env.timeout(time_to_failure(mode, lives))
        plant.refuse_haste(supply, "failed")
        plant.say(supply, "failed")
        goes_on = last if run_on is not None and not run_on.interlock else ()
        for train in trains:
            if train not in goes_on:
                outages.begin(train, who, f"{supply} failed")
        out = outages.out.setdefault(supply, {})
        out[who] = goes_on
        miss(plant, supply, "failure", _running_on(out))
        with plant.expecting(*trains):
            hours = time_to_repair(mode, repairs)
            if goes_on and run_on is not None and run_on.hours < hours:
                yield plant.env.timeout(run_on.hours)
                for train in goes_on:
                    outages.begin(train, who, f"{supply} failed")
                hours -= run_on.hours
            yield plant.env.timeout(hours)
        del out[who]
        if out:
            miss(plant, supply, "failure", _running_on(out))
        else:
            restore(plant, supply, "failure")
            plant.say(supply, "back")
        for train in trains:
            outages.end(train, who)


def shut_down(
    plant: Plant,
    outages: Outages,
    shutdown: Shutdown,
    start_hour: float = 0.0,
    *,
    but: Collection[str] = (),
) -> Life:
    """Stop the whole line once a year, ``but`` some trains.

    The run begins at ``start_hour`` of a year, h; amid a shutdown it stands for what is left of
    that. Raises TypeError, ValueError or LookupError: no
    such hour, or no such train.
    """
    need_plant("shut_down", plant, outages)
    fitting("shutdown", shutdown, Shutdown)
    hour = as_number("shut_down: expected start_hour as", start_hour, 0.0)
    (running,) = need_names("shut_down", but=but)
    known = {train: train for train in plant.train_names}
    for train in running:
        look_up("train", train, known)
    trains = [train for train in plant.train_names if train not in running]
    who = f"{ANNUAL_SHUTDOWN} {shutdown.start!r}"
    left = left_of(shutdown, hour)
    if left:
        outages.since |= dict.fromkeys(trains, plant.env.now)  # they stopped before the run began
    else:
        yield plant.env.timeout((shutdown.start - hour) % YEAR)
    while True:
        for train in trains:
            outages.begin(train, who, ANNUAL_SHUTDOWN, SHUTDOWN)
        plant.say("line", "annual shutdown begins")
        outages.tell_observers(ANNUAL_SHUTDOWN, ANNUAL_SHUTDOWN, begins=True)
        with plant.expecting(*trains):
            yield plant.env.timeout(left or shutdown.duration)
        left = 0.0
        plant.say("line", "annual shutdown ends")
        for train in trains:
            outages.end(train, who)
        outages.tell_observers(ANNUAL_SHUTDOWN, "back", begins=False)
        yield plant.env.timeout(YEAR - shutdown.duration)


def left_of(shutdown: Shutdown, hour: float) -> float:
    """Return what is left of a shutdown that began before an hour of the year, h; else 0.

    >>> left_of(Shutdown(start=8700.0, duration=100.0), 10.0)
    30.0
    """
    gone = (hour - shutdown.start) % YEAR
    return shutdown.duration - gone if 0.0 < gone < shutdown.duration else 0.0


def working(plant: Plant, train: str, shift: Shift) -> Life:
    """Run a train during its shift only, every day; of several shifts, during any of them.

    The first may have begun the day before.
    """
    need_plant("working", plant)
    fitting(f"shift of {train!r}", shift, Shift)
    idle = (shift.start - plant.env.now) % DAY
    rest = idle + shift.hours - DAY
    if not plant.shifts[train]:
        plant.wait(train, "shift", "off shift")
    if rest > 0.0:
        yield from _on_shift(plant, train, rest)
        idle = DAY - shift.hours
    while True:
        with plant.expecting(train):
            yield plant.env.timeout(idle)
        yield from _on_shift(plant, train, shift.hours)
        idle = DAY - shift.hours


def _on_shift(plant: Plant, train: str, hours: float) -> Life:
    plant.shifts[train] += 1
    plant.release(train, "shift")
    yield plant.env.timeout(hours)
    plant.shifts[train] -= 1
    if not plant.shifts[train]:
        plant.wait(train, "shift", "off shift")


def switching(plant: Plant, train: str, tank: str, start: float, stop: float) -> Life:
    """Run a train from its feed tank by level: start when high, stop when low (kg).

    Of several switches each must let it run.
    """
    need_plant("switching", plant)
    start, stop = scalar(start), scalar(stop)
    if not (is_number(start) and is_number(stop)):
        raise TypeError(
            f"level switch of {train!r}: expected levels in kg, came {told(start)} and {told(stop)}"
        )
    if not start > stop:
        raise ValueError(
            f"level switch of {train!r}: it starts at {start:g} kg, which is not above the "
            f"{stop:g} kg at which it stops"
        )
    who = f"{LEVEL_SWITCH} {tank} {start!r} {stop!r}"
    while True:
        plant.wait(train, who, f"waiting for {tank}")
        yield plant.rises_to(tank, start)
        plant.release(train, who)
        yield plant.falls_to(tank, stop)


def turndown(plant: Plant, train: str, least: float, band: float = 0.5) -> Life:
    """Let a train stand rather than run below its least rate, kg/h of its main feed.

    A tank that has run empty or filled up slows it down. Below ``least`` it stands until that tank
    has moved by ``band`` of its room, kg/kg, and then runs as fast as it can again. Its rate during
    start-up and trip is its own, and not judged.

    Raises ValueError: a rate or band that makes no sense, a least rate above the capacity, or, as
    it runs, a tank without room to wait by.
    """
    need_plant("turndown", plant)
    t = look_up("train", train, plant.flow.map.train_index)
    least, band = scalar(least), scalar(band)
    if not (is_number(least) and least > 0.0 and is_number(band) and 0.0 < band <= 1.0):
        raise ValueError(
            f"turndown of {train!r}: expected a least rate above 0 kg/h and a band above 0 and up "
            f"to 1, came {told(least)} and {told(band)}"
        )
    most = float(plant.flow.map.questions.capacities[t])
    if least > most * (1.0 + ROUNDED):
        raise ValueError(
            f"turndown of {train!r}: expected a least rate up to its capacity, {most:g} kg/h, "
            f"came {least:g} kg/h"
        )
    return _turned_down(plant, train, t, float(least), float(band))


def _turned_down(plant: Plant, train: str, t: int, least: float, band: float) -> Life:
    slow = plant.env.event()

    def look(_: float) -> None:
        rates, tank = plant.flow.rates, plant.flow.rates.limit(t)
        limited = tank is not None and tank < len(plant.tank_names)
        slowly = rates.rate[t] < least * (1.0 - ROUNDED) and plant.states[train].state == RUNNING
        if limited and slowly and not slow.triggered:
            slow.succeed(tank)

    plant.observe(look)
    while True:
        tank = yield slow
        slow = plant.env.event()
        yield plant.env.timeout(0.0)  # what else happens at this instant may change its rate
        if plant.env.pending:
            continue
        plant.wait(train, "turndown", "below its least rate")
        yield _moved(plant, train, tank, least, band)
        plant.release(train, "turndown")


def _moved(plant: Plant, train: str, tank: int, least: float, band: float) -> simpy.Event:
    """Return an event that happens when a tank at a bound has left it by a share of its room."""
    flow = plant.flow
    name, heel, capacity = flow.tank_names[tank], flow.heel[tank], flow.capacity[tank]
    move = band * (capacity - heel)
    if not move > 0.0:
        raise ValueError(f"turndown of {train!r}: tank {name!r} has no room to wait by")
    if move < BLINK * least:
        raise ValueError(
            f"turndown of {train!r}: expected room in tank {name!r} for a wait, came {move:g} kg "
            f"(a band of {band:g}), which its least rate of {least:g} kg/h moves in "
            f"{3600.0 * move / least:.2g} s: it would start and stop as often; take a larger tank"
        )
    if flow.status[tank] == EMPTY:  # by all of its room it ends at the other bound, not beside it
        return plant.rises_to(name, min(heel + move, capacity))
    return plant.falls_to(name, max(capacity - move, heel))


def weather(plant: Plant, step: float) -> Life:
    """Let the surroundings act on the line every ``step`` hours."""
    need_plant("weather", plant)
    step = scalar(step)
    if not is_number(step):
        raise TypeError(f"weather: expected a step in h, came {told(step)}")
    if not step > 0.0:
        raise ValueError(f"weather: expected a step longer than 0 h, came {step:g} h")
    while True:
        yield plant.env.timeout(step)
        plant.new_surroundings()


def values_of(unit: object, kind: type[T], prefix: str = "") -> Iterator[tuple[str, T]]:
    """Yield every field of a unit that is a ``kind``, nested values included, with its path."""
    for item in fields(unit):  # type: ignore[arg-type]
        value = getattr(unit, item.name)
        if isinstance(value, kind):
            yield prefix + item.name, value
        elif is_dataclass(value):
            yield from values_of(value, kind, f"{prefix}{item.name}.")


def failure_lives(plant: Plant, outages: Outages) -> Iterator[Life]:
    """Yield the life of every failure mode of every unit without which its train stands.

    Those of a unit that its train runs on without are `sim.clock.redesign.bypass_lives`.
    """
    need_plant("failure_lives", plant, outages)
    for name, unit in plant.designed.units.items():
        for label, _ in values_of(unit, FailureMode):
            if unit_without(unit, label) is None:
                yield failing(plant, outages, name, label)


def maintenance_lives(plant: Plant, outages: Outages) -> Iterator[Life]:
    """Yield the life of every preventive job of every unit."""
    need_plant("maintenance_lives", plant, outages)
    for name, unit in plant.designed.units.items():
        for label, _ in values_of(unit, Maintenance):
            yield maintained(plant, outages, name, label)
