"""``history.csv``: failures and stops as dates, from which lives are estimated.

A row is a stop: ``unit``, ``from``, ``until`` (empty where it still went on), and ``what``:
``failure``, ``maintenance`` or ``stop``. One row at least says how long was watched: ``unit`` all,
``what`` observed. Dates are ``2026-03-01 14:30``, or as a spreadsheet writes them ``2026/3/1
14:30`` or, the day first, ``1.3.2026 14:30``, all without a zone or each with its own, like
``2026-03-01T14:30+08:00``; or hours.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime

from plant_models.methods.lifetimes import MeanTime, mean_between, mean_of, trend
from sim.errors import all_at_once, did_you_mean, told
from sim.model.facts import Fact
from sim.network.csv_rows import Row, rows_of
from sim.network.network import Network
from sim.network.operation import CALENDAR, DAY, SOONEST, FailureMode, Shift, work_of_day

FILE = "history.csv"
COLUMNS = ("unit", "from", "until", "what", "note")
FAILURE, OBSERVED = "failure", "observed"
KINDS = (FAILURE, "maintenance", "stop", OBSERVED)
ALL = "all"

SPREADSHEET = re.compile(
    r"^(?:(?P<y>\d{4})/(?P<m>\d{1,2})/(?P<d>\d{1,2})|(?P<D>\d{1,2})\.(?P<M>\d{1,2})\.(?P<Y>\d{4}))"
    r"(?: (?P<h>\d{1,2})(?=:))?"
)
"""A date as spreadsheets write it: ``2026/3/1 8:00``, or with points and the day first."""
EITHER = re.compile(r"^\d{1,2}[/-]\d{1,2}[/-]\d{2,4}\b")
"""A date of which nobody knows whether it begins with the day."""

Span = tuple[float, float]


@dataclass(frozen=True)
class Stop:
    """A row of the file, in hours."""

    line: int
    unit: str  #: Or ``all``
    begin: float
    end: float  #: Infinite where it still went on
    what: str


@dataclass(frozen=True)
class UnitLife:
    """What a record says of a unit."""

    unit: str
    between: MeanTime  #: On the clock that it ages by
    repair: MeanTime
    trend: float  #: In standard errors; see `plant_models.methods.lifetimes.trend`
    clock: str

    @property
    def facts(self) -> Mapping[str, Fact]:
        """What to put over the plant's own values; nothing without a failure and a repair.

        Nor is there a life of a unit that was never up.
        """
        seen = self.between.events and self.between.mean >= SOONEST
        if not (seen and self.repair.events):
            return {}
        note = f"{self.between.events} failures in {self.between.watched:,.0f} h of {FILE}"
        return {
            f"{self.unit}.failure.{name}": Fact(of.mean, "h", "calibrated", of.low, of.high, note)
            for name, of in (("mtbf", self.between), ("mttr", self.repair))
        }


def read_history(text: str, network: Network, name: str = FILE) -> tuple[Stop, ...]:
    """Return the stops of a CSV text, with what was observed.

    Raises ValueError with all faults, each with its line and the nearest name.
    """
    rows, faults = rows_of(name, text, COLUMNS, ("unit", "from", "what"), words=("note",))
    found: list[Stop] = []
    zone = _zone(rows)
    rows = [row for row in rows if row["from"]]  # a unit of the worksheet may never have stopped
    faults += [f"{name}, {fault}" for fault in _told_in_two_ways(rows)]
    for row in rows:
        stop, wrong = _stop(row, network, zone)
        faults += [f"{name}, line {row.line}: {fault}" for fault in wrong]
        if stop is not None:
            found.append(stop)
    if not faults:
        faults += [f"{name}{fault}" for fault in _whole(found)]
    if faults:
        raise all_at_once([ValueError(fault) for fault in faults], name)
    return tuple(found)


def _zone(rows: Iterable[Row]) -> float:
    """Return what has to be added to hours for a day to begin at 0 where the plant is, h."""
    for row in rows:
        with suppress(ValueError):
            ahead = datetime.fromisoformat(row["from"]).utcoffset()
            return 0.0 if ahead is None else ahead.total_seconds() / 3600.0
    return 0.0


def _stop(row: Row, network: Network, zone: float) -> tuple[Stop | None, list[str]]:
    faults: list[str] = []
    unit, what = row["unit"], row["what"].casefold()
    known = (*network.units, ALL)
    if unit not in known:
        faults.append(f"unit: no {told(unit)}{did_you_mean(unit, known)}")
    if what not in KINDS:
        faults.append(f"what: no {told(row['what'])}{did_you_mean(what, KINDS)}")
    if (what == OBSERVED) != (unit == ALL) and what in (OBSERVED, FAILURE):
        faults.append("what: 'observed' is of unit all, 'failure' of a single one")
    begin = _hour(row["from"], "from", faults)
    end = _hour(row["until"], "until", faults) if row["until"] else math.inf
    if faults or begin is None or end is None:
        return None, faults
    if not end > begin:
        return None, [f"until: {row['until']} is not after {row['from']}"]
    if what == OBSERVED and end == math.inf:
        return None, ["until: say when watching ended"]
    return Stop(row.line, unit, begin + zone, end + zone, what), []


def _hour(text: str, column: str, faults: list[str]) -> float | None:
    when = _when(text)
    if when is None:
        faults.append(
            f"{column}: expected a date like '2026-03-01 14:30', or hours, came {told(text)}"
            + "; write the year first, for day and month may be meant either way"
            * bool(EITHER.match(text))
        )
        return None
    return when[0]


def _iso(found: re.Match[str]) -> str:
    year, month, day = (found[part] or found[part.swapcase()] for part in "ymd")
    hour = found["h"]
    return f"{year}-{month:0>2}-{day:0>2}" + (f" {hour:0>2}" if hour else "")


def _when(text: str) -> tuple[float, str] | None:
    """Return what a text says in hours from some hour on, and how it says it; nothing if not."""
    with suppress(ValueError):
        hour = float(text)
        if math.isfinite(hour) and abs(hour) < 1e9:
            return hour, "hours"
    with suppress(ValueError):
        when = datetime.fromisoformat(SPREADSHEET.sub(_iso, text))
        way = "dates" if when.tzinfo is None else "dates with a zone"
        since = when.replace(tzinfo=when.tzinfo or UTC) - datetime(1970, 1, 1, tzinfo=UTC)
        return since.total_seconds() / 3600.0, way
    return None


def _told_in_two_ways(rows: Sequence[Row]) -> Iterator[str]:
    """Yield each cell that tells time in another way than the first: the hours would not meet."""
    first = None
    for row in rows:
        for column in ("from", "until"):
            when = _when(row[column])
            if when is None:
                continue
            if first is None:
                first = when[1], row.line
            if when[1] != first[0]:
                yield (
                    f"line {row.line}: {column}: {told(row[column])} tells time in another way "
                    f"than line {first[1]}: expected all in hours, in dates, or in dates with a "
                    "zone"
                )


def _whole(stops: Sequence[Stop]) -> list[str]:
    """Return what is wrong with stops together."""
    watched = [stop for stop in stops if stop.what == OBSERVED]
    if not watched:
        return [": nothing says how long was watched: add a row all, FROM, UNTIL, observed"]
    faults = [f", line {b.line}: watched twice, as line {a.line} says"
              for i, a in enumerate(watched) for b in watched[:i]
              if a.begin < b.end and b.begin < a.end]  # fmt: skip
    for stop in stops:
        inside = [w for w in watched if w.begin <= stop.begin < w.end]
        if not inside:
            faults.append(f", line {stop.line}: begins outside what was observed")
        elif stop.end > inside[0].end != stop.end < math.inf:
            faults.append(f", line {stop.line}: ends after what was observed; leave 'until' empty")
    failures = [stop for stop in stops if stop.what == FAILURE]
    return faults + [
        f", line {a.line}: {a.unit} is down already, as line {b.line} says"
        for i, a in enumerate(failures)
        for b in failures[:i]
        if a.unit == b.unit and a.begin < b.end and b.begin < a.end
    ]


def lives(
    stops: Sequence[Stop],
    network: Network,
    level: float = 0.95,
    shifts: Mapping[str, Iterable[Shift]] | None = None,
) -> tuple[UnitLife, ...]:
    """Return what a record says of every unit.

    A unit ages on the clock of its failure mode: by run time (the default), which is counted in the
    ``shifts`` of its train alone, or by the calendar.
    """
    watched = [(s.begin, s.end) for s in stops if s.what == OBSERVED]
    worked = {train: _at_work(watched, of) for train, of in (shifts or {}).items()}
    return tuple(_life(unit, stops, watched, worked, network, level) for unit in network.units)


def _at_work(watched: Iterable[Span], shifts: Iterable[Shift]) -> list[Span]:
    """Return what shifts worked of the hours that were watched."""
    spans = work_of_day(list(shifts))
    worked = [
        (max(begin, day * DAY + first), min(end, day * DAY + last))
        for begin, end in watched
        for day in range(math.floor(begin / DAY), math.ceil(end / DAY))
        for first, last in spans
    ]
    return [(begin, end) for begin, end in worked if end > begin]


def _life(
    unit: str,
    stops: Sequence[Stop],
    watched: Sequence[Span],
    worked: Mapping[str, Sequence[Span]],
    network: Network,
    level: float,
) -> UnitLife:
    mode = network.units[unit].failure
    clock = mode.clock if isinstance(mode, FailureMode) else "run time"
    own = [s for s in stops if s.unit == unit and s.what == FAILURE]
    train = network.train_of(unit)
    together = (unit,) if clock == CALENDAR else train.members
    stands = [(s.begin, s.end) for s in stops if s.what != OBSERVED and s.unit in (*together, ALL)]
    up = _without(watched if clock == CALENDAR else worked.get(train.name, watched), stands)
    hours = sum(end - begin for begin, end in up)
    ages = sorted(sum(max(min(s.begin, end) - begin, 0.0) for begin, end in up) for s in own)
    ends = {s.line: next(e for b, e in watched if b <= s.begin < e) for s in own}
    finished = [s.end - s.begin for s in own if s.end < math.inf]
    unfinished = [ends[s.line] - s.begin for s in own if s.end == math.inf]
    return UnitLife(
        unit,
        mean_between(len(own), hours, level),
        mean_of(finished, unfinished, level),
        trend(ages, hours),
        clock,
    )


def _without(spans: Iterable[Span], holes: Iterable[Span]) -> list[Span]:
    """Return what is left of spans without holes, in order."""
    left = sorted(spans)
    for begin, end in holes:
        cut: list[Span] = []
        for a, b in left:
            cut += [(x, y) for x, y in ((a, min(b, begin)), (max(a, end), b)) if y > x]
        left = cut
    return left
