"""A programme that pays for itself: schemes bought in turn out of what the earlier ones save.

Cash grows in straight lines between purchases and starts of operation, so every instant is
computed, none is searched for: there is no time step. Hours count from the start of the
programme, money is in any one currency. Nothing here knows a plant: what a set of schemes is
worth a year is a function that the caller gives.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from heapq import heappop, heappush
from itertools import permutations
from math import ceil, inf, isfinite

from sim.errors import (
    is_number,
    need_all,
    need_amounts,
    need_function,
    need_kind,
    need_number,
    told,
)

YEAR = 8760.0  # h
MONTH = YEAR / 12.0  # h
MOST_TO_SEARCH = 8  # 40,320 orders, some seconds
EARLY = 1e-9  # h; a date that is missed by less has not been missed

Worth = Callable[[frozenset[str]], float]
"""What a set of schemes saves, net, a year."""


@dataclass(frozen=True, slots=True)
class Measure:
    """A scheme as an investment that takes its time."""

    name: str
    investment: float  #: Paid when it is ordered; 0 or more
    lead_time: float = 0.0  #: From the order to the beginning of its installation, h
    downtime: float = 0.0  #: From there until it works, h
    loss: float = 0.0  #: What the plant does not earn during the installation
    at_shutdown: bool = False  #: Whether its installation waits for the annual shutdown

    def __post_init__(self) -> None:
        for what in ("investment", "lead_time", "downtime", "loss"):
            value = getattr(self, what)
            if not (is_number(value) and value >= 0.0 and isfinite(value)):
                raise ValueError(f"{self.name}: {what} must be 0 or more, came {told(value)}")


@dataclass(frozen=True, slots=True)
class Terms:
    """What the plant may spend, and when."""

    starting_cash: float = 0.0  #: In hand at the start
    retained: float = 1.0  #: Share of the savings that stays with the programme, 0 to 1
    books: float = 0.0
    """Time between two closings of the books, h: only then is cash known and spent; 0 means at any
    instant."""
    shutdown: float = 0.0  #: First annual shutdown after the start, h; others follow each year
    limit: float = 50.0 * YEAR  #: Where to stop, h

    def __post_init__(self) -> None:
        if not (is_number(self.retained) and 0.0 <= self.retained <= 1.0):
            raise ValueError(f"retained share must lie from 0 to 1, came {told(self.retained)}")
        for what in ("starting_cash", "books", "shutdown", "limit"):
            value = getattr(self, what)
            if not (is_number(value) and value >= 0.0 and isfinite(value)):
                raise ValueError(f"{what} must be 0 or more, came {told(value)}")

    def closing(self, hour: float) -> float:
        """Return the first closing of the books at or after an hour, h."""
        return hour if self.books == 0.0 else ceil((hour - EARLY) / self.books) * self.books

    def begins(self, measure: Measure, bought: float) -> float:
        """Return when the installation of a measure begins, h."""
        ready = bought + measure.lead_time
        if not measure.at_shutdown:
            return ready
        return self.shutdown + max(0, ceil((ready - self.shutdown - EARLY) / YEAR)) * YEAR


@dataclass(frozen=True, slots=True)
class Step:
    """A measure of a programme and its two instants, h."""

    name: str
    investment: float
    bought: float
    works: float


@dataclass(frozen=True)
class Rollout:
    """How a programme went."""

    steps: tuple[Step, ...]  #: What was bought, in order
    points: tuple[tuple[float, float], ...]
    """Hour and cash wherever the line bends or jumps; two points of one hour are a jump."""
    slope: float  #: Cash gained per hour after the last point
    left: tuple[str, ...] = ()  #: Measures that were never bought, or not at work before the limit
    _hours: tuple[float, ...] = field(init=False, repr=False, compare=False, default=())

    def __post_init__(self) -> None:
        object.__setattr__(self, "_hours", tuple(hour for hour, _ in self.points))

    @property
    def order(self) -> tuple[str, ...]:
        """The measures as they were bought."""
        return tuple(step.name for step in self.steps)

    @property
    def finished(self) -> float | None:
        """When the last measure works, h; ``None`` if some are left."""
        return None if self.left else max((step.works for step in self.steps), default=0.0)

    def cash(self, hour: float) -> float:
        """Return the cash in hand at an hour, after what is bought at that instant."""
        (hour,) = need_number("cash", hour=hour)
        at = bisect_right(self._hours, hour) - 1
        start, cash = self.points[max(at, 0)]
        if at + 1 == len(self.points):
            return cash + self.slope * (hour - start)
        end, then = self.points[at + 1]
        return cash + (then - cash) * (hour - start) / (end - start)


def added(nets: Mapping[str, float]) -> Worth:
    """Return the worth of sets whose schemes do not interact: the sum of their own."""
    (nets,) = need_amounts("added", nets=nets)
    return lambda schemes: sum(nets[name] for name in nets if name in schemes)


def roll_out(order: Sequence[Measure], worth: Worth, terms: Terms = Terms()) -> Rollout:
    """Return how a programme goes if its measures are bought in this order out of its cash.

    Each is ordered at the very instant at which the cash suffices, never before the one in front
    of it. Its savings flow from the instant at which it works.

    ``worth``: net savings of a set of measures a year; of none, 0.

    Examples
    --------
    >>> programme = [Measure("free", 0.0), Measure("dear", 60.0)]
    >>> roll_out(programme, added({"free": 120.0, "dear": 30.0})).finished / MONTH
    6.0
    """
    (order,) = need_all("roll_out", Measure, order=order)
    need_function("roll_out", "names", worth=worth)
    need_kind("roll_out", Terms, terms=terms)
    _check_names(order)
    return _rolled(order, worth, terms)


def _rolled(order: Sequence[Measure], worth: Worth, terms: Terms) -> Rollout:
    """Return what `roll_out` does of what has been looked at: a search asks thousands of times."""
    now, cash = 0.0, terms.starting_cash
    working: frozenset[str] = frozenset()
    coming: list[tuple[float, str, Measure]] = []
    steps: list[Step] = []
    points = [(now, cash)]
    queue = list(reversed(order))
    while True:
        while coming and coming[0][0] <= now:
            _, name, measure = heappop(coming)
            working |= {name}
            cash -= terms.retained * measure.loss
        while queue and cash >= queue[-1].investment and terms.closing(now) <= now + EARLY:
            measure = queue.pop()
            cash -= measure.investment
            works = terms.begins(measure, now) + measure.downtime
            steps.append(Step(measure.name, measure.investment, now, works))
            heappush(coming, (works, measure.name, measure))
        if coming and coming[0][0] <= now:
            continue
        if points[-1] != (now, cash):
            points.append((now, cash))
        slope = terms.retained * _gain("roll_out", worth(working)) / YEAR
        buys = _affordable(queue, now, cash, slope, terms)
        until = min(buys, coming[0][0] if coming else inf)
        if until > terms.limit:
            break
        cash += slope * (until - now)
        if until == buys and terms.books == 0.0:
            cash = queue[-1].investment  # to the last digit: this is what the instant is made of
        now = until
        points.append((now, cash))
    left = [measure.name for measure in reversed(queue)] + [name for _, name, _ in sorted(coming)]
    return Rollout(tuple(steps), tuple(points), slope, tuple(left))


def _gain(where: str, gain: object) -> float:
    """Return what measures are worth a year; raise TypeError for what is no number."""
    if not is_number(gain) or not isfinite(gain):
        raise TypeError(f"{where}: expected of worth a number, came {told(gain)}")
    return gain


def _affordable(
    queue: Sequence[Measure], now: float, cash: float, slope: float, terms: Terms
) -> float:
    """Return when the next measure is bought if nothing else happens before, h."""
    if not queue:
        return inf
    short = queue[-1].investment - cash
    if short <= 0.0:  # only the books have to be closed
        return terms.closing(now)
    at = now + short / slope if slope > 0.0 else inf
    return terms.closing(at) if at <= terms.limit else inf


def by_payback(
    measures: Iterable[Measure], worth: Worth, at_work: frozenset[str] = frozenset()
) -> tuple[Measure, ...]:
    """Return measures in the order of their simple payback, each alone beside what is at work."""
    need_function("by_payback", "names", worth=worth)
    (measures,) = need_all("by_payback", Measure, measures=measures)

    def years(measure: Measure) -> float:
        with_it = _gain("by_payback", worth(at_work | {measure.name}))
        gain = with_it - _gain("by_payback", worth(at_work))
        return measure.investment / gain if gain > 0.0 else inf

    return tuple(sorted(measures, key=years))


def hard_first(measures: Iterable[Measure]) -> tuple[Measure, ...]:
    """Return measures with the dearest first."""
    (measures,) = need_all("hard_first", Measure, measures=measures)
    return tuple(sorted(measures, key=lambda measure: -measure.investment))


def best_order(
    measures: Sequence[Measure],
    worth: Worth,
    terms: Terms = Terms(),
    *,
    horizon: float = 3.0 * YEAR,
) -> tuple[Measure, ...]:
    """Return the best of all orders: the most cash at the horizon, h; of equals the fastest.

    Free measures come first in any case, for waiting with them gains nothing if they save.

    Raises ValueError if there are more than ``MOST_TO_SEARCH`` that cost something.
    """
    (measures,) = need_all("best_order", Measure, measures=measures)
    need_function("best_order", "names", worth=worth)
    need_kind("best_order", Terms, terms=terms)
    (horizon,) = need_number("best_order", 0.0, horizon=horizon)
    free = tuple(measure for measure in measures if not measure.investment)
    costly = [measure for measure in measures if measure.investment]
    if len(costly) > MOST_TO_SEARCH:
        raise ValueError(
            f"a search over the orders of {len(costly)} schemes takes too long; "
            f"expected {MOST_TO_SEARCH} or fewer that cost something"
        )
    _check_names(measures)
    known: dict[frozenset[str], float] = {}

    def remembered(names: frozenset[str]) -> float:
        if names not in known:
            known[names] = worth(names)
        return known[names]

    def merit(order: tuple[Measure, ...]) -> tuple[float, float]:
        went = _rolled((*free, *order), remembered, terms)
        finished = went.finished
        return (went.cash(horizon), -inf if finished is None else -finished)

    return (*free, *max(permutations(costly), key=merit))


def _check_names(order: Sequence[Measure]) -> None:
    names = [measure.name for measure in order]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ValueError(f"a measure is bought once; came twice: {', '.join(twice)}")
