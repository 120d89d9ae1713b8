"""A plant in time: SimPy keeps the clock, rates are constant between events, tanks are exact.

``Plant`` wires a network to a SimPy environment. Processes (failures, deliveries, shifts, ...)
hold and release trains; whatever happens at one instant is settled once, at a later priority.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from math import inf
from numbers import Real
from typing import NoReturn, cast

import simpy

from sim.books.ledger import Ledger
from sim.clock.alarms import Alarm
from sim.clock.clocks import KINDS, Clock, Demurrage, Hours, Places, Timing
from sim.clock.random_streams import RandomStreams, Stream
from sim.clock.recorder import Recorder
from sim.clock.states import Expectations, TrainState, TrainStates, name_states, refuse_gridlock
from sim.errors import (
    Gridlock,
    as_count,
    as_number,
    did_you_mean,
    is_number,
    look_up,
    need_text,
    scalar,
    takes,
    told,
)
from sim.flow.counts import ASKED, LOOKS, ROUNDS
from sim.flow.map import DEVICE_DOWN, NORMAL
from sim.flow.state import TOLERANCE, FlowState
from sim.network.network import Network
from sim.network.unit import Unit, check_cause, unit_without
from sim.tables import counted

MOST_STOPS = 1000  # of equipment within an hour
Surroundings = Callable[[float], Mapping[str, float]]
LOOK_EVERY = 1.0  # h between two looks at what processes wait for: small steps pay nothing
LAST_HOUR = 1e9  # h; until then a float tells milliseconds apart


def without(network: Network, missing: Collection[tuple[str, str]]) -> Mapping[str, Unit]:
    """Return the units of a network, those of which a failure mode is out by-passed."""
    units = dict(network.units)
    for name, mode in missing:
        if name in units:
            units[name] = unit_without(units[name], mode) or units[name]
    return units


def _checked(
    network: object, surroundings: object, streams: object, recorder: object, tolerance: float
) -> float:
    """Refuse what no plant can be built from; return the tolerance as a plain number."""
    for name, value, kind in (
        ("network", network, Network),
        ("streams", streams, RandomStreams),
        ("recorder", recorder, Recorder | None),
    ):
        if not isinstance(value, kind):
            wanted = getattr(kind, "__name__", "Recorder")
            raise TypeError(f"{name}: expected a {wanted}, came {told(value)}")
    tolerance = scalar(tolerance)
    if not (is_number(tolerance) and 0.0 < tolerance < inf):
        raise ValueError(f"tolerance: expected a number above 0, came {told(tolerance)}")
    if not takes(surroundings, 0.0):
        raise TypeError(
            "surroundings: expected a function of the hour, such as lambda hour: "
            f"{{'air': 283.0}}, came {told(surroundings)}"
        )
    return float(tolerance)


class Plant:
    """One run of a network.

    Parameters
    ----------
    surroundings : callable
        Named conditions at an hour of the run.
    streams : RandomStreams
        Random numbers by unit name and purpose.
    crews : int
        Repair crews; a repair waits for one.
    recorder : Recorder, optional
        Keeps states, levels and events when given.
    tolerance : float
        By how much what a unit answers may be off, relative, by component and outlet, before it
        is asked anew.
    """

    flows: type[FlowState] = FlowState
    """Keeps what the plant holds and how much flows."""

    def __init__(
        self,
        network: Network,
        surroundings: Surroundings,
        streams: RandomStreams,
        *,
        crews: int = 1,
        recorder: Recorder | None = None,
        tolerance: float = TOLERANCE,
    ) -> None:
        tolerance = _checked(network, surroundings, streams, recorder, tolerance)
        crews = as_count("crews: expected", crews, 1)
        self.env = Hours(self._settle)
        self.streams = streams
        self.crew = Places(self.env, crews)
        self.recorder = recorder
        self.demurrage = Demurrage(self.env)
        self.points: dict[str, Places] = {}
        """Where the vehicles of a train are unloaded or loaded."""
        self.shifts = Counter[str]()
        """How many shifts of a train are on."""
        self.flow = self.flows(network, surroundings, tolerance)
        self.felt = dict(surroundings(0.0))
        self.train_names, self.tank_names = self.flow.train_names, self.flow.tank_names
        self.down: dict[str, str] = {}
        self.usual: dict[str, str] = {}
        """Under what a train's flows are booked for now while it neither starts up nor stops."""
        self.designed = network
        """The network as it is when nothing is missing."""
        self.missing: dict[tuple[str, str], tuple[str, ...]] = {}
        """What works otherwise than designed now, by unit and failure mode, and the trains that run
        on all the same; by train and cause, too, while one stops."""
        self.crippled: Callable[[Network, Collection[tuple[str, str]]], Mapping[str, Unit]] = (
            without
        )
        """The units of a network as they are while so much is missing."""
        self.outages: object = None
        """What stops and starts the trains, where there are `Outages`."""
        self.stops = (0.0, 0)  # since when, and how many
        self.alarm = Alarm(self.env, self.flow, self.changed)
        self.timing = Timing(len(self.train_names))
        expectations = Expectations(self.env, self.alarm, self.timing)
        self.states = TrainStates(self.train_names, expectations)
        self.expected = self.settlements = 0
        self.looked = 0.0  # at what its processes wait for, h
        self.broke_off = ""
        """What has broken off the run for good, if anything has."""
        self.concerned = set(range(len(self.train_names)))
        """Trains that may be held, wait, run at another fraction or be timed otherwise now."""
        self._place = {unit: t for t, train in enumerate(network.trains) for unit in train.members}
        """Of every unit, the train that it belongs to."""
        self.changed()
        streams.serve()

    def __repr__(self) -> str:
        trains = counted(len(self.train_names), "train")
        return f"<Plant at {self.env.now:g} h: {trains}, {counted(len(self.tank_names), 'tank')}>"

    def __reduce__(self) -> NoReturn:
        """Refuse to be copied or to travel: nothing keeps processes that are under way."""
        raise TypeError(
            "a Plant is neither copied nor pickled: keep what it is built from by Saved.of, or "
            "build it where it is needed"
        )

    @property
    def network(self) -> Network:
        """What is simulated."""
        return self.flow.map.network

    def rng(self, name: str, purpose: str) -> Stream:
        """Return the random stream of a unit for a purpose."""
        return self.streams.stream(name, purpose)

    def clock(self, kind: str, unit: str, label: str = "") -> Clock:
        """Return a new clock that the plant drives at the speed of the unit's train."""
        asked: object = kind
        if not isinstance(asked, str) or asked not in KINDS:
            kinds = f"{', '.join(KINDS[:-1])} or {KINDS[-1]}"
            hint = did_you_mean(kind, KINDS, list_up_to=0)
            raise ValueError(f"expected a clock of {kinds}, came {told(kind)}{hint}")
        need_text("clock", label=label)
        clock = Clock(self.env, kind, unit, self._train_of(unit), label)
        self.timing.clocks[clock.train].append(clock)
        self._concern(clock.train)
        return clock

    def hold(self, train: str, who: str, why: str) -> None:
        """Stop a train until ``who`` releases it."""
        state = look_up("train", train, self.states)
        if type(who) is not str or type(why) is not str:
            need_text("hold", who=who, why=why)
        self._stop(state.place, state.holds, who, why)

    def wait(self, train: str, who: str, why: str) -> None:
        """Let a train wait until ``who`` releases it; as ``hold``, but a hold is named first."""
        state = look_up("train", train, self.states)
        if type(who) is not str or type(why) is not str:
            need_text("wait", who=who, why=why)
        self._stop(state.place, state.waits, who, why)

    def _stop(self, train: int, stops: dict[str, str], who: str, why: str) -> None:
        if stops.get(who) != why:
            stops[who] = why
            self._concern(train)

    def _concern(self, train: int) -> None:
        self.concerned.add(train)
        self.env.pending = True

    def release(self, train: str, who: str) -> None:
        """Take back what ``who`` held or waited for; the train runs when nobody else holds it."""
        state = look_up("train", train, self.states)
        if type(who) is not str:
            need_text("release", who=who)
        taken_back = [stops.pop(who, None) for stops in (state.holds, state.waits)]
        if taken_back != [None, None]:
            self._concern(state.place)

    def run_as(self, train: str, cause: str, fraction: float = 1.0) -> None:
        """Run a train at a fraction of its capacity, its flows booked under ``cause``."""
        state = self._running_at(train, fraction)
        if type(cause) is not str:
            need_text("run_as", cause=cause)
        check_cause(cause)
        self.flow.run_as(self.env.now, state.place, cause)
        state.run(part=float(fraction))
        self.states.moved.add(state.place)  # its outlets may lead elsewhere now
        self._concern(state.place)

    def run_usually_as(self, train: str, cause: str) -> None:
        """Book a train under ``cause`` from now on, but where it starts up or stops."""
        state = look_up("train", train, self.states)
        usual = self.usual_cause(train)
        self.usual[train] = cause
        if self.flow.map.regime[state.place].cause == usual:
            self.run_as(train, self.usual_cause(train))

    def run_at(self, train: str, fraction: float) -> None:
        """Run a train at no more than a fraction of its capacity, until further notice.

        A start-up or a trip runs at its own fraction of that.
        """
        state = self._running_at(train, fraction)
        if state.share != fraction:
            state.run(share=float(fraction))
            self._concern(state.place)

    def _running_at(self, train: str, fraction: float) -> TrainState:
        state = look_up("train", train, self.states)
        if type(fraction) is not float or not 0.0 <= fraction <= 1.0:
            as_number(f"train {train!r}: expected a fraction as", fraction, 0.0, 1.0)
        return state

    def limit(self, utility: str, most: float) -> None:
        """Let a utility give no more than a capacity, kg/h or kW, until further notice.

        One that ``Network.utilities`` names, whose value is the capacity at the start.
        """
        look_up("utility", utility, self.network.utilities)
        most = scalar(most)
        if not (is_number(most) and 0.0 <= most < inf):
            raise ValueError(
                f"utility {utility!r}: expected a capacity of 0 or more an hour, came {told(most)}"
            )
        self.flow.limit(utility, most)
        self.changed()

    def lead(self, outlet: str, to: str) -> None:
        """Lead an outlet to another tank or sink than its pipe says, until further notice."""
        need_text("lead", outlet=outlet)
        network, end = self.network, cast(object, to)
        if not isinstance(end, str) or not (end in network.tanks or end in network.sinks):
            ends = [*network.tanks, *network.sinks]
            hint = did_you_mean(to, ends)
            raise LookupError(f"cannot lead {outlet!r} to {told(to)}: no such tank or sink{hint}")
        t = self._train_of(outlet.partition(".")[0])
        look_up("outlet", outlet, network.pipes)
        if self.flow.lead(self.env.now, t, outlet, to):
            self.changed()

    def new_surroundings(self) -> None:
        """Evaluate all recipes anew, if the weather has changed since it was told last.

        No unit feels it before: what is asked at any other hour is asked for the weather told.
        """
        felt = dict(self.flow.conditions(self.env.now))
        if felt != self.felt:
            self.felt = felt
            self.flow.feel(felt)
            self.flow.map.questions.stale[:] = True
            self.flow.news()
            self.changed()

    def level_of(self, tank: str) -> float:
        """Return the contents of a tank now, kg."""
        self.flow.advance(self.env.now)
        return self.flow.level(self._tank(tank))

    def contents_of(self, tank: str) -> list[float]:
        """Return what a tank holds now, kg by component."""
        return list(self.flow.contents(self.env.now, self._tank(tank)).tolist())

    def goes_down(self, unit: str, why: str) -> None:
        """Note that a unit is out of order; its failure modes age no more."""
        train = self._train_of(unit)
        if type(why) is not str:
            need_text("goes_down", why=why)
        if unit in self.down:
            raise ValueError(
                f"unit {unit!r} {why}: it is down already ({self.down[unit]}); what else stops it "
                "waits until it is back, or holds its train"
            )
        self.refuse_haste(unit, why)
        self.down[unit] = why
        self._concern(train)

    def comes_back(self, unit: str) -> None:
        """Note that a unit is in order again."""
        train = self._train_of(unit)
        if self.down.pop(unit, None) is None:
            raise ValueError(f"unit {unit!r} is not down{did_you_mean(unit, self.down)}")
        self._concern(train)

    def usual_cause(self, train: str) -> str:
        """Return under what a train's flows are booked when it neither starts up nor stops."""
        look_up("train", train, self.states)
        usual = self.usual.get(train, NORMAL)
        runs_on = any(train in trains for trains in self.missing.values())
        return DEVICE_DOWN if runs_on and usual == NORMAL else usual

    def refuse_haste(self, who: str, why: str) -> None:
        """Raise if more equipment and supplies stop within an hour than any line bears."""
        since, stops = self.stops
        self.stops = (since, stops + 1) if self.env.now - since < 1.0 else (self.env.now, 1)
        if self.stops[1] > MOST_STOPS:
            raise RuntimeError(
                f"unit {who!r} {why}: the {self.stops[1]}th stop within an hour, at "
                f"t = {self.env.now:g} h; what stops a unit must take time: an interval, a repair "
                "or work longer than 0 h"
            )

    def _tank(self, name: str) -> int:
        return look_up("tank", name, self.flow.map.tanks)

    def _train_of(self, unit: str) -> int:
        try:
            return self._place[unit]
        except (KeyError, TypeError):  # what cannot be hashed is no name either
            self.network.train_of(unit)  # says what is wrong
            raise

    def falls_to(self, tank: str, level: float) -> simpy.Event:
        """Return an event that happens when the tank holds no more than ``level``, kg."""
        heel = self._bound(tank, self.flow.heel, level)
        if not level >= heel:
            raise ValueError(f"tank {tank!r} never falls to {level:g} kg: its heel is {heel:g} kg")
        return self.mark(tank, level, falling=True)

    def rises_to(self, tank: str, level: float) -> simpy.Event:
        """Return an event that happens when the tank holds no less than ``level``, kg."""
        most = self._bound(tank, self.flow.capacity, level)
        if not level <= most:
            raise ValueError(f"tank {tank!r} never rises to {level:g} kg: it holds {most:g} kg")
        return self.mark(tank, level, falling=False)

    def _bound(self, tank: str, bounds: Sequence[float], level: object) -> float:
        """Return that one of the bounds which a level of the tank is compared with, kg."""
        bound = bounds[self._tank(tank)]
        if not is_number(scalar(level)):
            raise TypeError(f"tank {tank!r}: expected a level in kg, came {told(level)}")
        return bound

    def mark(self, tank: str, level: float, *, falling: bool) -> simpy.Event:
        """Return an event as of `falls_to` or `rises_to` that may never come.

        For who waits for something else as well, and forgets the level then.
        """
        place, level = self._tank(tank), scalar(level)
        if not is_number(level) or level != level:
            raise TypeError(f"tank {tank!r}: expected a level in kg, came {told(level)}")
        event = self.alarm.mark(place, level, falling=falling)
        if not self.env.pending:  # nothing else has changed: no need to settle anything
            self.flow.advance(self.env.now)
            self.alarm.set()
        return event

    def forget(self, event: simpy.Event) -> None:
        """Wait no longer for a level."""
        self.alarm.forget(event)

    def observe(self, look: Callable[[float], None]) -> None:
        """Call ``look`` with the hour after every settlement; what flows then flows until the next.

        It may read the plant, and stop or start trains, which is settled at the same instant.
        """
        if not takes(look, 0.0):
            raise TypeError(f"observe: expected a function of the hour, came {told(look)}")
        self.states.observers.append(look)

    def say(self, who: str, what: str) -> None:
        """Leave an event in the record, when one is kept."""
        if type(who) is not str or type(what) is not str:
            need_text("say", who=who, what=what)
        if self.recorder is not None:
            self.recorder.event(self.env.now, who, what)

    def expecting(self, *trains: str) -> AbstractContextManager[None]:
        """Mark that something is under way that can set trains going again; without names, any.

        With names it may be entered over and over.
        """
        for name in trains:
            look_up("train", name, self.states)
        return self.states.expectations.of(trains) if trains else self._expecting_any()

    @contextmanager
    def _expecting_any(self) -> Iterator[None]:
        self.expected += 1
        try:
            yield
        finally:
            self.expected -= 1
            if not self.flow.rates.flows:
                self.changed()  # asks whether it stands for good, if nothing else does

    def changed(self) -> None:
        """Ask for one settlement at this instant, after everything else has happened."""
        self.env.pending = True

    def run(self, until: float) -> None:
        """Run to an hour, and bring the books up to it."""
        until = scalar(until)
        if not isinstance(until, Real) or isinstance(until, bool):
            raise TypeError(f"run: expected an hour, came {told(until)}")
        if not (is_number(until) and self.env.now <= until <= LAST_HOUR):
            raise ValueError(
                f"run: expected an hour from now, {self.env.now:g} h, to {LAST_HOUR:g} h, "
                f"came {told(until)}"
            )
        if self.env.active_process is not None:
            raise RuntimeError(
                "run: called by a process of the plant, which runs already; it waits by yield "
                "plant.env.timeout(8.0)"
            )
        try:
            if until > self.env.now:
                self._go_on(until)
        finally:  # what has broken off has its hours, too
            for state in self.states.values():
                state.count(self.env.now)

    def _go_on(self, until: float) -> None:
        if self.broke_off:
            raise RuntimeError(self.broke_off)
        try:
            self.env.run(until)
            if until >= self.looked + LOOK_EVERY:
                self.looked = until
                self.env.refuse_strangers()
        except Gridlock:  # all is settled, and somebody may end it
            self.env.refuse_strangers()
            self.env.ask_again()
            raise
        except BaseException as fault:
            why = ": ".join(filter(None, (type(fault).__name__, str(fault))))
            self.broke_off = (
                f"the run broke off at t = {self.env.now:g} h ({why}) and cannot go on, for what "
                "had begun then is half done; build the plant anew"
            )
            raise

    def book(self) -> None:
        """End what flows now at this instant, and write it into the books; then all is settled."""
        self.flow.book(self.env.now)
        self.changed()

    def ledger(self) -> Ledger:
        """Return the books from the start until now."""
        return self.flow.ledger(self.env.now)

    def counts(self) -> dict[str, int]:
        """Return how much work the engine has done."""
        flow, counts = self.flow, self.flow.map.course.counts
        return {
            "settlements": self.settlements,
            "solves": counts.item(LOOKS),
            "fallbacks": flow.problem.exact.answers,
            "evaluations": counts.item(ASKED),
            "intervals": flow.intervals,
            "rounds": counts.item(ROUNDS),
        }

    def _settle(self) -> None:
        """Find what holds until the next event: recipes, rates, statuses, clocks, states."""
        self.settlements += 1
        now, states, flow, concerned = self.env.now, self.states, self.flow, self.concerned
        self.alarm.refuse_standing_still(now)
        for t in concerned:
            state = states.rows[t]
            flow.allow(t, 0.0 if state.holds or state.waits else state.fraction)
        trains = flow.settle(now)
        if concerned:
            concerned.update(trains)
            trains = sorted(concerned)
            concerned.clear()
        self.timing.drive(trains, flow.rates.rate, flow.map, self.down)
        name_states(flow, states, trains, now, self.recorder)
        if not (self.expected or self.env.pending):  # else what an observer has changed comes first
            refuse_gridlock(flow, states, now)
        self.alarm.set()
