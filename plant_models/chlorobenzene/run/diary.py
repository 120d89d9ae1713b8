"""The diary of a recorded run: what happened to the line, in sentences with dates."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from plant_models.calendar import DAYS, MONTHS, YEAR
from plant_models.chlorobenzene.line.operation import YARD
from plant_models.chlorobenzene.line.tree import Line
from plant_models.chlorobenzene.line.upsets import EMPTIED
from plant_models.chlorobenzene.line.wiring import PIPES, PROCESS_TRAINS, SINKS, TRAINS
from plant_models.chlorobenzene.units.vessels import Spill, Vessel
from plant_models.languages import Words, words_of
from plant_models.outcome import Outcome
from sim.clock.recorder import Recorder
from sim.clock.states import RUNNING
from sim.flow.map import START_UP, TRIP
from sim.network.unit import STOPPING
from sim.tables import html_table
from sim.tables import words as spelled

SPILL_GAP = 24.0  # h; a tank that stops spilling for less goes on spilling
BRIM = 1.0 - 1e-9  # of capacity: a tank counts as full

DOWN = "down"


@dataclass(frozen=True)
class Entry:
    """One sentence of the diary: hour of the run, date, what happened."""

    hour: float
    date: str
    text: str

    def __str__(self) -> str:
        return f"{self.date} {self.text}"


@dataclass(frozen=True)
class Diary:
    """The story of a run, entry by entry; prints as lines and shows as a table."""

    title: str
    entries: tuple[Entry, ...]
    head: tuple[str, str] = ("date", "what happened")  #: Over dates and texts

    def __str__(self) -> str:
        return "\n".join([self.title, *(f"  {entry}" for entry in self.entries)])

    __repr__ = __str__

    def _repr_html_(self) -> str:
        rows = [(entry.date, entry.text) for entry in self.entries]
        return html_table(self.title, self.head, rows)

    def __len__(self) -> int:
        return len(self.entries)

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.entries)


def diary(result: Outcome[Line], lang: str = "en") -> Diary:
    """Return the story of a recorded run, in a language.

    The stop of a train, its trip before and its start-up after it are one sentence, together with
    the trains that it starved or blocked. What a start-up led elsewhere than usual is its share,
    by hours, of what all start-ups of the run did.

    Raises ValueError if the run was not recorded; LookupError: no such language.
    """
    say = words_of(__package__, lang)
    record = result.recorded
    first = result.start_hour
    many = first + result.ledger.hours > YEAR + 1e-6
    told = [
        *(
            (story.start, _sentence(result, story, say))
            for story in stories(record, result.ledger.hours)
        ),
        *_failed_lots(record, say),
        *_spills(result, record, say),
        *_run_on(result, record, say),
        *_let_go(result, record, say),
    ]
    entries = tuple(
        Entry(hour, date(first + hour, with_year=many, lang=lang), text)
        for hour, text in sorted(told, key=lambda each: each[0])
    )
    schemes = ", ".join(result.schemes) or say("no_schemes")
    begins = date(first, with_year=many, lang=lang)
    days = f"{result.ledger.hours / 24.0:g}"
    title = say("title", schemes=schemes, days=days, begins=begins)
    return Diary(title, entries, (say("head_date"), say("head_what")))


def date(hour: float, *, with_year: bool = False, lang: str = "en") -> str:
    """Return the date of an hour, counted from the start of the first year.

    >>> date(5115.17), date(5115.17, lang="zh")
    ('2 Aug 03:10', '8 月 2 日 03:10')
    """
    minutes = round(hour * 60.0)
    year, minutes = divmod(minutes, round(YEAR * 60.0))
    days, minutes = divmod(minutes, 24 * 60)
    for month, length in zip(MONTHS, DAYS, strict=True):  # noqa: B007
        if days < length:
            break
        days -= length
    say = words_of(__package__, lang)
    time = f"{minutes // 60:02}:{minutes % 60:02}"
    key = "date_of_year" if with_year else "date"
    return say(key, year=year + 1, day=days + 1, month=say.name("months", month), time=time)


def _sentence(result: Outcome[Line], story: Story, say: Words) -> str:
    """Return cause, what stood how long, and what start-ups cost."""
    parts = [story.cause.told(say)]
    effects: dict[tuple[str, str], list[str]] = {}
    line = set(result.hours) - set(YARD)
    for train in TRAINS:
        own = [stop for stop in story.stops if stop.train == train]
        words: dict[str, float] = {}
        for stop in own:
            for state, hours in stop.hours.items():
                if state != START_UP:
                    word = _word(state, down=bool(stop.outage))
                    words[word] = words.get(word, 0.0) + hours
        for word, hours in words.items():
            effects.setdefault((word, _long(hours, say)), []).append(train)
    for (word, how_long), trains in sorted(effects.items(), key=lambda e: e[0][0] != DOWN):
        names = [say.name("names", train) for train in trains]
        who = say("whole_line") if line <= set(trains) else _listed(names, say)
        parts.append(say(word, who=who, long=how_long))
    parts += _losses(result, story.stops, say)
    if not all(stop.over for stop in story.stops if stop.train in NEWS):
        parts.append(say("not_over"))
    return say("semicolon").join(parts)


def _word(state: str, *, down: bool) -> str:
    wait = WAITING.fullmatch(state)
    if wait is not None:
        return wait[1]
    return DOWN if down else "standing"


def _losses(result: Outcome[Line], stops: Iterable[Stop], say: Words) -> Iterator[str]:
    """Yield what trips and start-ups led elsewhere than usual, by destination."""
    led: dict[str, dict[str, float]] = {}
    for stop in stops:
        total = result.hours.get(stop.train, {})
        for cause in (TRIP, START_UP):  # the state of a train that stops is a trip in any case
            share = stop.time(cause) / total[cause] if total.get(cause) else 0.0
            for to, kg in _led(result, stop.train, cause).items():
                if share * kg:
                    by_cause = led.setdefault(to, {})
                    by_cause[cause] = by_cause.get(cause, 0.0) + share * kg
    for to, by_cause in led.items():
        yield say(
            "lost" if to in SINKS else "sent_back",
            causes=say("and").join(say.name("causes", cause) for cause in by_cause),
            tonnes=_tonnes(sum(by_cause.values()), say),
            to=say.name("names", to),
        )


def _led(result: Outcome[Line], train: str, cause: str) -> Mapping[str, float]:
    """Return what a train led elsewhere under a cause in the whole run, kg by destination."""
    led: dict[str, float] = {}
    for stream, pipe in PIPES.items():
        to = pipe.trip if cause == TRIP else pipe.start_up
        if to is not None and stream.partition(".")[0] in TRAINS[train][1]:
            for each in STOPPING if cause == TRIP else (cause,):
                kg = result.ledger.total(stream=stream, sink=to, cause=each)
                led[to] = led.get(to, 0.0) + kg
    return led


def _failed_lots(record: Recorder, say: Words) -> Iterator[tuple[float, str]]:
    for hour, who, what in record.events:
        if who == "laboratory":
            lot = LOT.fullmatch(what)
            yield hour, say("lot", tank=say.name("names", lot[1])) if lot else spelled(what)


def _run_on(result: Outcome[Line], record: Recorder, say: Words) -> Iterator[tuple[float, str]]:
    """Yield when the line ran on without a device, how long, and what that meant."""
    for place, (hour, who, what) in enumerate(record.events):
        found = BY_PASSED.fullmatch(what)
        if found is None:
            continue
        ends = ((at, then) for at, other, then in record.events[place + 1 :] if other == who)
        end, how = next(ends, (result.ledger.hours, NOT_OVER))
        meant = say.name("meant", who if who in RUN_ON else "other")
        parts = [
            _outage(say, who, "failed", found[1]),
            say("ran_on", long=_long(end - hour, say), meant=meant),
        ]
        if how != "back":
            parts.append(say("not_over") if how == NOT_OVER else say.name("events", how))
        yield hour, say("semicolon").join(parts)


def _let_go(result: Outcome[Line], record: Recorder, say: Words) -> Iterator[tuple[float, str]]:
    """Yield when a vessel was emptied for work on it, or something was spilled."""
    for hour, who, what in record.events:
        part = getattr(result.tree, who, None)
        told = {"who": say.name("names", who), "what": say.name("events", what)}
        if isinstance(part, Spill):
            yield hour, say("spilled", **told, kg=part.quantity_spilled)
        elif isinstance(part, Vessel) and what == EMPTIED:
            yield hour, say("emptied", **told, kg=part.rest)


def _spills(result: Outcome[Line], record: Recorder, say: Words) -> Iterator[tuple[float, str]]:
    """Yield when a tank that may spill was full, and how long."""
    for column, tank in enumerate(result.ledger.held):
        part = getattr(result.tree, tank)
        if part.when_full != "spill" or not result.ledger.total(stream=f"{tank}.overflow"):
            continue
        full: list[list[float]] = []
        ends = [*record.level_hours[1:], result.ledger.hours]
        for start, end, row in zip(record.level_hours, ends, record.level_rows, strict=True):
            if row[column] >= BRIM * part.capacity and end > start:
                if full and start - full[-1][1] <= SPILL_GAP:
                    full[-1][1] = end
                    full[-1][2] += end - start
                else:
                    full.append([start, end, end - start])
        for start, _, hours in full:
            if hours >= SHORTEST:
                name = say.name("names", tank)
                yield start, say("spilling", tank=name, long=_long(hours, say))


def _outage(say: Words, unit: str, what: str, label: str | None) -> str:
    """Return that a unit failed or is in maintenance, and of what where it is not its own fault."""
    told = say(what.replace(" ", "_"), unit=say.name("names", unit))
    if label in (None, "failure"):
        return told
    return say("labelled", told=told, label=say.name("names", label))


def _listed(names: Sequence[str], say: Words) -> str:
    *most, last = names
    return f"{say('comma').join(most)}{say('and')}{last}" if most else last


def _long(hours: float, say: Words) -> str:
    if hours < 96.0:
        return say("hours", amount=f"{hours:.1f}")
    return say("days", amount=f"{hours / 24.0:.1f}")


def _tonnes(kg: float, say: Words) -> str:
    return say("tonnes", amount=f"{kg / 1000.0:.2g}" if kg < 1e4 else f"{kg / 1000.0:.0f}")


LOT = re.compile(r"lot in (\w+) failed, reworked")
NOT_OVER = ""
RUN_ON = ("off_gas_fan", "absorber", "gas_catcher", "cooling_water")
"""Devices without which the line may run on, of which the words say what that means."""

BY_PASSED = re.compile(r"failed \((.+)\), by-passed")

SHORTEST = 1.0  # h; a train that waits less for material is no news

NEWS = tuple(train for train in PROCESS_TRAINS if train != "polychloride")
"""Trains whose waiting for material is news; the others wait every day."""

NEIGHBOURS = ("unloading", *NEWS, "acid_loading", "packing")
"""Trains that may be the cause of another's waiting."""

OUTAGE = re.compile(r"(\w+) (failed|in maintenance)(?: \((.+)\))?|annual shutdown")
WAITING = re.compile(r"(starved|blocked) by (\w+)")

LATE = ("no truck", "no car at the unloading point")
"""States of trains that wait for others' cars."""


@dataclass(frozen=True)
class Cause:
    """Why trains stood: an outage, or a tank and perhaps who is late."""

    state: str  #: What took a train down, or what it waits for
    tank: str = ""  #: The tank that is empty or full
    how: str = ""  #: ``empty`` or ``full``

    @property
    def is_outage(self) -> bool:
        """Whether something failed, or is worked on."""
        return OUTAGE.fullmatch(self.state) is not None

    def told(self, say: Words) -> str:
        """Return it in words."""
        found = OUTAGE.fullmatch(self.state)
        if found is not None:
            unit, what, label = found.groups()
            return say("shutdown") if unit is None else _outage(say, unit, what, label)
        late = say.name("late" if self.state in LATE else "states", self.state)
        if not self.tank:
            return late
        tank = say(self.how, tank=say.name("names", self.tank))
        return f"{tank}{say('comma')}{late}" if self.state else tank


@dataclass
class Stop:
    """A train that does not run as usual, from its first trip or wait until it runs again."""

    train: str
    start: float
    end: float = 0.0
    over: bool = False
    hours: dict[str, float] = field(default_factory=dict)

    @property
    def outage(self) -> str:
        """What took the train down, or nothing."""
        return next((state for state in self.hours if OUTAGE.fullmatch(state)), "")

    def time(self, *states: str) -> float:
        """Return the time in some states, h."""
        return sum(self.hours.get(state, 0.0) for state in states)


@dataclass
class Story:
    """Stops with one cause."""

    cause: Cause
    stops: list[Stop] = field(default_factory=list)

    @property
    def start(self) -> float:
        """Hour at which the first of the stops begins, h."""
        return min(stop.start for stop in self.stops)

    @property
    def end(self) -> float:
        """Hour at which the last of the stops ends, h."""
        return max(stop.end for stop in self.stops)

    def touches(self, stop: Stop) -> bool:
        """Return whether a stop lies within the story or adjoins it."""
        return stop.start <= self.end and stop.end >= self.start


class States:
    """What every train did at any hour."""

    def __init__(self, record: Recorder, end: float) -> None:
        self.hours: dict[str, list[float]] = {name: [] for name in TRAINS}
        self.words: dict[str, list[str]] = {name: [] for name in TRAINS}
        for hour, train, state in record.states:
            if train in self.hours:
                self.hours[train].append(hour)
                self.words[train].append(state)
        self.end = end

    def at(self, train: str, hour: float) -> str:
        """Return the state of a train at an hour."""
        k = bisect_right(self.hours[train], hour)
        return self.words[train][k - 1] if k else RUNNING

    def stops(self, train: str) -> Iterator[Stop]:
        """Yield the stops of a train in order; of one outside ``NEWS`` its outages only."""
        stop: Stop | None = None
        hours, words = self.hours[train], self.words[train]
        for hour, until, state in zip(hours, [*hours[1:], self.end], words, strict=True):
            if state == RUNNING or (train not in NEWS and not OUTAGE.fullmatch(state)):
                if stop is not None:
                    stop.over = True
                    yield stop
                stop = None
                continue
            stop = stop or Stop(train, hour)
            stop.hours[state] = stop.hours.get(state, 0.0) + until - hour
            stop.end = until
        if stop is not None:
            yield stop


def stories(record: Recorder, hours: float) -> Iterator[Story]:
    """Yield the stories of a run of so many hours: outages, and waits of process trains."""
    states = States(record, hours)
    found = [stop for train in TRAINS if states.hours[train] for stop in states.stops(train)]
    told: list[Story] = []
    owner: dict[int, Story] = {}
    waiting = []
    for stop in sorted(found, key=lambda stop: stop.start):
        if stop.outage:
            owner[id(stop)] = _join(told, Cause(stop.outage), stop)
        else:
            waiting.append(stop)
    for stop in waiting:
        cause, root = _root(states, found, stop.train, stop.start)
        story = owner.get(id(root))
        if story is None:
            story = _join(told, cause, stop)
        else:
            story.stops.append(stop)
        owner[id(stop)] = story
    for story in told:
        longest = max(stop.end - stop.start for stop in story.stops)
        if story.cause.is_outage or longest >= SHORTEST:
            yield story


def _join(stories: list[Story], cause: Cause, stop: Stop) -> Story:
    """Add a stop to the story of its cause at that time, or begin one."""
    for story in reversed(stories):
        if story.cause == cause and story.touches(stop):
            story.stops.append(stop)
            return story
    stories.append(Story(cause, [stop]))
    return stories[-1]


def _root(
    states: States, stops: Sequence[Stop], train: str, hour: float
) -> tuple[Cause, Stop | None]:
    """Follow who waits for whom; return the cause, and the stop it leads to."""
    seen = {train}
    while True:
        state = states.at(train, hour)
        wait = WAITING.fullmatch(state)
        if wait is None:
            here = (s for s in stops if s.train == train and s.start <= hour <= s.end)
            return Cause(state), next(here, None)
        tank = wait[2]
        beyond = _feeders(tank) if wait[1] == "starved" else _drawers(tank)
        standing = [t for t in beyond if t not in seen and states.at(t, hour) != RUNNING]
        how = "empty" if wait[1] == "starved" else "full"
        if not standing:
            return Cause("", tank, how), None
        train = standing[0]
        seen.add(train)
        if states.at(train, hour) in LATE:
            return Cause(states.at(train, hour), tank, how), None


def _feeders(tank: str) -> Iterator[str]:
    for train in NEIGHBOURS:
        units = TRAINS[train][1]
        if any(pipe.to == tank and name.split(".")[0] in units for name, pipe in PIPES.items()):
            yield train


def _drawers(tank: str) -> Iterator[str]:
    return (train for train in NEIGHBOURS if TRAINS[train][0] == tank)
