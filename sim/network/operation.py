"""How equipment is run: failures, repair crews, maintenance, shifts, seasons, shutdowns."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from sim.errors import hold_numbers
from sim.model.parameters import quantity

CLOCKS = CALENDAR, RUN_TIME, VOLUME = ("calendar", "run time", "volume")
LAWS = ("exponential", "weibull")
REPAIR_LAWS = ("constant", "exponential", "lognormal")
DAY = 24.0  # h
SOONEST = 1e-3  # h; what stops more often than every few seconds never runs


@dataclass(frozen=True, kw_only=True)
class Record:
    """Numbers of how equipment is run."""

    def __post_init__(self) -> None:
        hold_numbers(self)


@dataclass(frozen=True, kw_only=True)
class FailureMode(Record):
    """One way in which a unit fails, and how long its repair takes.

    The clock says when the mode ages: ``calendar`` whenever the unit is not down, ``run time``
    while it runs, ``volume`` in proportion to rate over capacity.
    """

    mtbf: float = quantity(
        "h", "mean time between failures, on the mode's clock", SOONEST, 1e12, endless=True
    )
    mttr: float = quantity("h", "mean time to repair, once a crew is there", 0.0, 1e8)
    clock: str = quantity("", "what the mode ages by", choices=CLOCKS, default="run time")
    law: str = quantity(
        "", "distribution of the time to failure", choices=LAWS, default="exponential"
    )
    shape: float = quantity("1", "Weibull shape", 0.1, 20.0, default=1.0)
    repair_law: str = quantity(
        "", "distribution of the repair time", choices=REPAIR_LAWS, default="lognormal"
    )
    repair_spread: float = quantity(
        "1", "coefficient of variation of a lognormal repair", 0.0, 5.0, default=0.6
    )


@dataclass(frozen=True, kw_only=True)
class RunOn(Record):
    """What happens when a device goes down that its train can run without."""

    interlock: bool = quantity("", "whether an interlock stops the train at once")
    hours: float = quantity(
        "h", "how long it runs on without one, until it is stopped by hand", 0.0, 1e5
    )


@dataclass(frozen=True, kw_only=True)
class Maintenance(Record):
    """Preventive work on a unit, by calendar or run hours; resets the age of its failure modes."""

    interval: float = quantity(
        "h", "time between two jobs, on the clock", SOONEST, 1e12, endless=True
    )
    duration: float = quantity("h", "length of a job", 0.0, 1e5)
    clock: str = quantity(
        "", "what the interval is counted by", choices=CLOCKS[:2], default="run time"
    )


@dataclass(frozen=True, kw_only=True)
class Shutdown(Record):
    """The annual shutdown of the whole line."""

    start: float = quantity("h", "hour of the year at which it begins", 0.0, 8760.0)
    duration: float = quantity("h", "length", 0.0, 8760.0)


@dataclass(frozen=True, kw_only=True)
class Shift(Record):
    """Working hours of a train, the same every day."""

    start: float = quantity("h", "hour of the day at which work begins", 0.0, 24.0)
    hours: float = quantity("h", "length of the shift", 0.0, 24.0)

    def since(self, hour: float) -> Shift:
        """Return the shift as a run tells it that begins at an hour of the year.

        >>> Shift(start=6.0, hours=8.0).since(22.0).start
        8.0
        """
        return replace(self, start=(self.start - hour) % DAY)


def work_of_day(shifts: Iterable[Shift]) -> tuple[tuple[float, float], ...]:
    """Return the spans of a day in which any of several shifts works, in order, h.

    A shift past midnight works at the beginning of the day, too.

    >>> work_of_day([Shift(start=22.0, hours=8.0), Shift(start=5.0, hours=4.0)])
    ((0.0, 9.0), (22.0, 24.0))
    """
    spans = [(shift.start, shift.start + shift.hours) for shift in shifts]
    parts = [(begin, min(end, DAY)) for begin, end in spans]
    parts += [(0.0, end - DAY) for _, end in spans]
    joined: list[tuple[float, float]] = []
    for begin, end in sorted(part for part in parts if part[1] > part[0]):
        if joined and begin <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(joined[-1][1], end)
        else:
            joined.append((begin, end))
    return tuple(joined)


@dataclass(frozen=True, kw_only=True)
class LevelSwitch(Record):
    """Start and stop of a small train by the level of its feed tank."""

    start: float = quantity("kg/kg", "level that starts it, of capacity", 0.0, 1.0)
    stop: float = quantity("kg/kg", "level that stops it, of capacity", 0.0, 1.0)


@dataclass(frozen=True, kw_only=True)
class LotControl(Record):
    """Product is filled into two day tanks in turn; a full one waits for its analysis."""

    lot_level: float = quantity("kg/kg", "level at which a lot is closed, of capacity", 0.05, 0.99)
    analysis_time: float = quantity("h", "from closing a lot to its result", 0.0, 1e4)
    failing: float = quantity("1", "share of lots that fail and are reworked", 0.0, 1.0)


@dataclass(frozen=True, kw_only=True)
class Delivery(Record):
    """Raw material ordered when stock and orders under way fall to the order point."""

    order_point: float = quantity("kg", "stock and orders that make the plant order", 0.0, 1e9)
    lot: float = quantity("kg", "quantity of an order", 1.0, 1e9)
    lead_time: float = quantity("h", "mean time from order to arrival", 0.0, 1e5)
    lead_spread: float = quantity("1", "coefficient of variation of the lead time", 0.0, 5.0)
    free_time: float = quantity(
        "h", "stay of a lot that costs no demurrage, unloading included", 0.0, 1e5, default=0.0
    )


@dataclass(frozen=True, kw_only=True)
class Collection(Record):
    """Trucks that fetch a product while there is enough of it, one after another."""

    call_level: float = quantity("kg/kg", "level above which trucks come, of capacity", 0.0, 1.0)
    interval: float = quantity("h", "mean time between two trucks", 0.01, 1e6)
    spread: float = quantity("1", "coefficient of variation of the interval", 0.0, 5.0)
    load: float = quantity("kg", "what a truck takes", 1.0, 1e9)
    free_time: float = quantity(
        "h", "stay of a truck that costs no demurrage, loading included", 0.0, 1e5, default=0.0
    )
