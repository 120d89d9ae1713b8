"""The diary of a recorded run: what happened to the line, in sentences with dates."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from plant_models.calendar import DAYS, MONTHS, YEAR
from plant_models.chlorobenzene.line.tree import Line
from plant_models.chlorobenzene.line.upsets import EMPTIED
from plant_models.chlorobenzene.line.wiring import PIPES, PROCESS_TRAINS, SINKS, TRAINS
from plant_models.chlorobenzene.units.vessels import Spill, Vessel
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

    def __str__(self) -> str:
        return "\n".join([self.title, *(f"  {entry}" for entry in self.entries)])

    __repr__ = __str__

    def _repr_html_(self) -> str:
        rows = [(entry.date, entry.text) for entry in self.entries]
        return html_table(self.title, ("date", "what happened"), rows)

    def __len__(self) -> int:
        return len(self.entries)

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.entries)


def diary(result: Outcome[Line]) -> Diary:
    """Return the story of a recorded run.

    The stop of a train, its trip before and its start-up after it are one sentence, together with
    the trains that it starved or blocked. What a start-up led elsewhere than usual is its share,
    by hours, of what all start-ups of the run did.

    Raises ValueError if the run was not recorded.
    """
    record = result.recorded
    first = result.start_hour
    many = first + result.ledger.hours > YEAR + 1e-6
    told = [
        *(
            (story.start, _sentence(result, story))
            for story in stories(record, result.ledger.hours)
        ),
        *_failed_lots(record),
        *_spills(result, record),
        *_run_on(result, record),
        *_let_go(result, record),
    ]
    entries = tuple(
        Entry(hour, date(first + hour, with_year=many), text) for hour, text in sorted(told)
    )
    schemes = ", ".join(result.schemes) or "no schemes"
    begins = date(first, with_year=many)
    days = result.ledger.hours / 24.0
    return Diary(f"diary of the line with {schemes}, {days:g} days from {begins}", entries)


def date(hour: float, *, with_year: bool = False) -> str:
    """Return the date of an hour, counted from the start of the first year.

    >>> date(5115.17)
    '2 Aug 03:10'
    """
    minutes = round(hour * 60.0)
    year, minutes = divmod(minutes, round(YEAR * 60.0))
    days, minutes = divmod(minutes, 24 * 60)
    for month, length in zip(MONTHS, DAYS, strict=True):  # noqa: B007
        if days < length:
            break
        days -= length
    told = f"{days + 1} {month} {minutes // 60:02}:{minutes % 60:02}"
    return f"year {year + 1}, {told}" if with_year else told


def _sentence(result: Outcome[Line], story: Story) -> str:
    """Return cause, what stood how long, and what start-ups cost."""
    outage = OUTAGE.fullmatch(story.cause)
    parts = [story.cause if outage is None else _told(outage)]
    effects: dict[tuple[str, str], list[str]] = {}
    for train in TRAINS:
        own = [stop for stop in story.stops if stop.train == train]
        words: dict[str, float] = {}
        for stop in own:
            for state, hours in stop.hours.items():
                if state != START_UP:
                    word = _word(state, down=bool(stop.outage))
                    words[word] = words.get(word, 0.0) + hours
        for word, hours in words.items():
            effects.setdefault((word, _long(hours)), []).append(spelled(train))
    for (word, how_long), trains in sorted(effects.items(), key=lambda e: e[0][0] != DOWN):
        who = "the whole line" if len(trains) == len(result.hours) else _listed(trains)
        parts.append(f"{who} {word} {how_long}")
    parts += _losses(result, story.stops)
    if not all(stop.over for stop in story.stops if stop.train in NEWS):
        parts.append("not over at the end of the run")
    return "; ".join(parts)


def _told(outage: re.Match[str]) -> str:
    unit, what, label = outage.groups()
    if unit is None:
        return outage[0]
    told = f"{spelled(unit)} {what}"
    return told if label in (None, "failure") else f"{told} ({spelled(label)})"


def _word(state: str, *, down: bool) -> str:
    wait = WAITING.fullmatch(state)
    if wait is not None:
        return wait[1]
    return DOWN if down else "standing"


def _losses(result: Outcome[Line], stops: Iterable[Stop]) -> Iterator[str]:
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
        causes, tonnes = " and ".join(by_cause), _tonnes(sum(by_cause.values()))
        if to in SINKS:
            yield f"{causes} lost {tonnes} to {to}"
        else:
            yield f"{causes} sent {tonnes} back to {spelled(to)}"


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


def _failed_lots(record: Recorder) -> Iterator[tuple[float, str]]:
    for hour, who, what in record.events:
        if who == "laboratory":
            yield hour, spelled(what)


def _run_on(result: Outcome[Line], record: Recorder) -> Iterator[tuple[float, str]]:
    """Yield when the line ran on without a device, how long, and what that meant."""
    for place, (hour, who, what) in enumerate(record.events):
        found = BY_PASSED.fullmatch(what)
        if found is None:
            continue
        ends = ((at, then) for at, other, then in record.events[place + 1 :] if other == who)
        end, how = next(ends, (result.ledger.hours, "not over at the end of the run"))
        label = "" if found[1] == "failure" else f" ({spelled(found[1])})"
        meant = MEANT.get(who, "all passed it")
        parts = [f"{spelled(who)} failed{label}", f"the line ran on {_long(end - hour)}, {meant}"]
        yield hour, "; ".join(parts if how == "back" else [*parts, how])


def _let_go(result: Outcome[Line], record: Recorder) -> Iterator[tuple[float, str]]:
    """Yield when a vessel was emptied for work on it, or something was spilled."""
    for hour, who, what in record.events:
        part = getattr(result.tree, who, None)
        if isinstance(part, Spill):
            kg = part.quantity_spilled
            yield hour, f"{spelled(who)}: {what}; {kg:g} kg spilled"
        elif isinstance(part, Vessel) and what == EMPTIED:
            yield (
                hour,
                f"{spelled(who)} {what}; {part.rest:g} kg left in it went to slop, sewer and air",
            )


def _spills(result: Outcome[Line], record: Recorder) -> Iterator[tuple[float, str]]:
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
                yield start, f"{spelled(tank)} full; spilling {_long(hours)}"


def _listed(names: Sequence[str]) -> str:
    *most, last = names
    return f"{', '.join(most)} and {last}" if most else last


def _long(hours: float) -> str:
    return f"{hours:.1f} h" if hours < 96.0 else f"{hours / 24.0:.1f} d"


def _tonnes(kg: float) -> str:
    return f"{kg / 1000.0:.2g} t" if kg < 1e4 else f"{kg / 1000.0:.0f} t"


BY_PASSED = re.compile(r"failed \((.+)\), by-passed")
MEANT = {
    "off_gas_fan": "gas left through leaks and seal",
    "absorber": "all gas passed it dry",
    "gas_catcher": "the tail gas passed it unwashed",
    "cooling_water": "vapours left uncondensed",
}
"""What it means that the line runs on without a device."""

SHORTEST = 1.0  # h; a train that waits less for material is no news

NEWS = tuple(train for train in PROCESS_TRAINS if train != "polychloride")
"""Trains whose waiting for material is news; the others wait every day."""

NEIGHBOURS = ("unloading", *NEWS, "acid_loading", "packing")
"""Trains that may be the cause of another's waiting."""

OUTAGE = re.compile(r"(\w+) (failed|in maintenance)(?: \((.+)\))?|annual shutdown")
WAITING = re.compile(r"(starved|blocked) by (\w+)")

LATE = {
    "no truck": "truck late",
    "no car at the unloading point": "rail cars late",
}


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

    cause: str
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
            owner[id(stop)] = _join(told, stop.outage, stop)
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
        if OUTAGE.fullmatch(story.cause) or longest >= SHORTEST:
            yield story


def _join(stories: list[Story], cause: str, stop: Stop) -> Story:
    """Add a stop to the story of its cause at that time, or begin one."""
    for story in reversed(stories):
        if story.cause == cause and story.touches(stop):
            story.stops.append(stop)
            return story
    stories.append(Story(cause, [stop]))
    return stories[-1]


def _root(
    states: States, stops: Sequence[Stop], train: str, hour: float
) -> tuple[str, Stop | None]:
    """Follow who waits for whom; return the cause in words, and the stop it leads to."""
    seen = {train}
    while True:
        state = states.at(train, hour)
        wait = WAITING.fullmatch(state)
        if wait is None:
            here = (s for s in stops if s.train == train and s.start <= hour <= s.end)
            return LATE.get(state, spelled(state)), next(here, None)
        tank = wait[2]
        beyond = _feeders(tank) if wait[1] == "starved" else _drawers(tank)
        standing = [t for t in beyond if t not in seen and states.at(t, hour) != RUNNING]
        full = f"{spelled(tank)} {'empty' if wait[1] == 'starved' else 'full'}"
        if not standing:
            return full, None
        train = standing[0]
        seen.add(train)
        late = LATE.get(states.at(train, hour))
        if late is not None:
            return f"{full}, {late}", None


def _feeders(tank: str) -> Iterator[str]:
    for train in NEIGHBOURS:
        units = TRAINS[train][1]
        if any(pipe.to == tank and name.split(".")[0] in units for name, pipe in PIPES.items()):
            yield train


def _drawers(tank: str) -> Iterator[str]:
    return (train for train in NEIGHBOURS if TRAINS[train][0] == tank)
