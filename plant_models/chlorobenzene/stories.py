"""Stories of a recorded run: stops of trains, grouped by what they come from."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from plant_models.chlorobenzene.wiring import PIPES, TRAINS
from sim.recorder import Recorder
from sim.states import RUNNING

SHORTEST = 1.0  # h; a train that waits less for material is no news

PROCESS = ("drying", "chlorination", "washing", "crude_distillation", "rectification")
"""Trains whose waiting for material is news; the others wait every day."""

NEIGHBOURS = ("unloading", *PROCESS, "acid_loading", "packing")
"""Trains that may be the cause of another's waiting."""

OUTAGE = re.compile(r"(\w+) (failed|in maintenance)(?: \((.+)\))?|annual shutdown")
WAITING = re.compile(r"(starved|blocked) by (\w+)")

LATE = {
    "no truck": "truck late",
    "no car at the unloading point": "rail cars late",
}


def plain(name: str) -> str:
    """Return a name as it is read in a sentence."""
    return name.replace("_", " ")


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
            self.hours[train].append(hour)
            self.words[train].append(state)
        self.end = end

    def at(self, train: str, hour: float) -> str:
        """Return the state of a train at an hour."""
        k = bisect_right(self.hours[train], hour)
        return self.words[train][k - 1] if k else RUNNING

    def stops(self, train: str) -> Iterator[Stop]:
        """Yield the stops of a train in order; of one outside ``PROCESS`` its outages only."""
        stop: Stop | None = None
        hours, words = self.hours[train], self.words[train]
        for hour, until, state in zip(hours, [*hours[1:], self.end], words, strict=True):
            if state == RUNNING or (train not in PROCESS and not OUTAGE.fullmatch(state)):
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
            return LATE.get(state, plain(state)), next(here, None)
        tank = wait[2]
        beyond = _feeders(tank) if wait[1] == "starved" else _drawers(tank)
        standing = [t for t in beyond if t not in seen and states.at(t, hour) != RUNNING]
        full = f"{plain(tank)} {'empty' if wait[1] == 'starved' else 'full'}"
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
