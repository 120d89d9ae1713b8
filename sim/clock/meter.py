"""Measures a plant while it runs: levels, shares of time at a bound, rates; exact in between."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence

import numpy as np

from sim.clock.clocks import ROUNDING
from sim.clock.plant import Plant
from sim.errors import gives_each, is_number, look_up, scalar, told
from sim.flow.arrays import EMPTY, FREE, FULL
from sim.flow.train import Array
from sim.statistics.batches import Measured
from sim.tables import counted

LEVEL, IS_EMPTY, IS_FULL, RATE = "level", "empty", "full", "rate"
MOST_KEPT = 100_000_000  # means, of all periods; they take 0.8 GB


class Meter:
    """Time averages of levels, of being empty or full, and of rates, whole and period by period.

    Levels are straight lines and rates are constant between two settlements, so every mean is
    exact, that of a period that ends between them as well. The plant runs bit by bit as it does
    unmeasured, and one that nobody measures pays nothing.

    Parameters
    ----------
    plant : Plant
        Measured from its present hour on.
    every : float
        Length of a period, h.
    tanks, trains : sequence of str, optional
        What is measured; all there are where not given.

    Raises LookupError: no such tank or train. ValueError: a period of no length, or, as the plant
    runs, of which there are more than anything keeps.
    """

    def __init__(
        self,
        plant: Plant,
        every: float = 24.0,
        *,
        tanks: Sequence[str] | None = None,
        trains: Sequence[str] | None = None,
    ) -> None:
        measured: object = plant
        if not isinstance(measured, Plant):
            raise TypeError(f"meter: expected a Plant, came {told(plant)}")
        for what, names in (("tanks", tanks), ("trains", trains)):
            listed: object = names
            several = isinstance(listed, Collection) and gives_each(listed)
            if listed is not None and (isinstance(listed, str) or not several):
                raise TypeError(f"meter: expected {what} as names in a list, came {told(names)}")
        every = scalar(every)
        if not is_number(every) or not 0.0 < every < math.inf:
            raise ValueError(f"meter: expected a period longer than 0 h, came {every!r}")
        self.plant = plant
        self.every = float(every)
        tanks = plant.tank_names if tanks is None else tanks
        trains = plant.train_names if trains is None else trains
        index = {name: j for j, name in enumerate(plant.tank_names)}
        self._tanks = [look_up("tank", name, index) for name in tanks]
        index = {name: t for t, name in enumerate(plant.train_names)}
        self._trains = [look_up("train", name, index) for name in trains]
        named = [(what, name) for what in (LEVEL, IS_EMPTY, IS_FULL) for name in tanks]
        named += [(RATE, name) for name in trains]
        self._column = {key: i for i, key in enumerate(named)}
        self._hour = plant.env.now
        self._holds = self._read()
        self.restart()
        plant.observe(self._look)

    def __repr__(self) -> str:
        measured = f"{counted(len(self._tanks), 'tank')} and {counted(len(self._trains), 'train')}"
        return f"<Meter of {measured} from {self.start:g} h on, every {self.every:g} h>"

    def restart(self) -> None:
        """Forget all that was measured: the warm-up is over, and the first period begins now."""
        self._look(self.plant.env.now)
        self.start = self._hour
        """Hour from which on it measures, h."""
        self._sums = np.zeros(len(self._column))  # of the period under way, in unit times h
        self._periods: list[Array] = []  # a row a period, in pieces
        self._ended = 0  # periods

    def level(self, tank: str) -> Measured:
        """Return the mean level of a tank, kg."""
        return self._measured(LEVEL, tank)

    def empty(self, tank: str) -> Measured:
        """Return the share of time in which a tank is at its heel, h/h."""
        return self._measured(IS_EMPTY, tank)

    def full(self, tank: str) -> Measured:
        """Return the share of time in which a tank is full, h/h."""
        return self._measured(IS_FULL, tank)

    def rate(self, train: str) -> Measured:
        """Return the throughput of a train: its main feed, kg/h."""
        return self._measured(RATE, train)

    def _measured(self, what: str, name: str) -> Measured:
        kind = "train" if what == RATE else "tank"
        i = look_up(f"{kind} that is measured", name, self._of(what))
        self._look(self.plant.env.now)
        periods = tuple(x for piece in self._periods for x in piece[:, i].tolist())
        hours = self._hour - self.start
        whole = math.fsum(periods) * self.every + float(self._sums[i])
        return Measured(whole / hours if hours else float(self._holds[i]), periods)

    def _of(self, what: str) -> dict[str, int]:
        return {name: i for (kind, name), i in self._column.items() if kind == what}

    def _look(self, hour: float) -> None:
        """Add what was since the last look, and read what holds from now on."""
        if hour > self._hour:
            self._add(hour, self._levels())
        self._holds = self._read()

    def _add(self, hour: float, levels: Sequence[float]) -> None:
        if len(self._column) * (hour - self.start) > MOST_KEPT * self.every:
            raise ValueError(
                f"meter: {len(self._column)} means of every {self.every:g} h from {self.start:g} h "
                f"to {hour:g} h: expected {MOST_KEPT:,} at most; take longer periods, or fewer "
                "tanks and trains"
            )
        begin, end = self._hour, self._holds.copy()
        end[: len(levels)] = levels  # all else holds until this hour
        slope = (end - self._holds) / (hour - begin)
        just = ROUNDING * self.every + 2.0 * math.ulp(hour)  # a period that lacks less is whole
        since, at = begin, self._holds
        if (ended := self._ended_by(hour + just)) > self._ended:
            closes = self.start + self.every * np.arange(self._ended + 1.0, ended + 1.0)
            closes = np.minimum(closes, hour)[:, np.newaxis]
            opens = np.vstack(([[begin]], closes[:-1]))
            then = self._holds + slope * (closes - begin)
            sums = 0.5 * (np.vstack((at, then[:-1])) + then) * (closes - opens)
            sums[0] += self._sums
            self._periods.append(sums / self.every)
            self._ended = ended
            self._sums = np.zeros_like(self._sums)
            since, at = float(closes[-1, 0]), then[-1]
        self._sums += 0.5 * (at + end) * (hour - since)
        self._hour = hour

    def _ended_by(self, hour: float) -> int:
        """Return how many periods have ended by an hour."""
        guess = int((hour - self.start) / self.every)
        return max(
            n for n in (0, guess - 1, guess, guess + 1) if self.start + n * self.every <= hour
        )

    def _levels(self) -> list[float]:
        flow = self.plant.flow
        level, net = flow.levels, flow.rates.net
        since = self.plant.env.now - flow.hour  # read, not advanced: to look changes nothing
        return [level[j] + net[j] * since for j in self._tanks]

    def _read(self) -> Array:
        flow, levels = self.plant.flow, self._levels()
        status = self._status(levels)
        return np.array(
            [
                *levels,
                *(float(s == EMPTY) for s in status),
                *(float(s == FULL) for s in status),
                *(flow.rates.activity[t] for t in self._trains),
            ]
        )

    def _status(self, levels: Sequence[float]) -> list[int]:
        """Return at which bound each tank is, of those that have left one only to stand there, too.

        Whatever moved a tank may be stopped at the same instant, before it has moved.
        """
        flow, found = self.plant.flow, list[int]()
        status, net = flow.status, flow.rates.net
        for j, level in zip(self._tanks, levels, strict=True):
            near = ROUNDING * flow.capacity[j]
            if status[j] != FREE or net[j] != 0.0:
                found.append(status[j])
            elif level >= flow.capacity[j] - near:
                found.append(FULL)
            else:
                found.append(EMPTY if level <= flow.heel[j] + near else FREE)
        return found
