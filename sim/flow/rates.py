"""How fast every activity runs between two events: the rates of a discrete-rate simulation, kg/h.

Activities share tanks. An EMPTY tank gives no more than it gets, a FULL tank gets no more than it
gives, a tank in between constrains nothing. Among all rates that respect this the line runs at the
lexicographic maximum: the first activity in the declared order as fast as it can, then the
second, and so on. Where some of them share, they are one place in the order, and run at the
lexicographic max-min of their shares.

The loops of :mod:`sim.flow.simplex` start from the capacities and come down; what they return holds
to 1e-12 of the flows and has a certificate: each move away from it (an activity off its bound, an
active row opened) lowers the first activity in the order that it changes at all. Whatever is in
doubt is decided by the linear programme of :mod:`sim.flow.fallback`, which starts from rest in
exact arithmetic.
"""

from __future__ import annotations

import ctypes
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple, cast

import numpy as np

from sim.flow import board
from sim.flow.arrays import ANSWER, FREE, NOTHING, Flags, Floats, Ints, Layout, Plan
from sim.flow.counts import ENDS, FLOWS, LAID, STRUCTURE
from sim.flow.fallback import exactly
from sim.flow.map import FlowMap
from sim.flow.order import declared_order
from sim.network.network import Tank

REMEMBERED = 64  # answers of exact arithmetic
FLOAT = ctypes.sizeof(ctypes.c_double)
MOST_LAID = 256  # ways in which rows hang together that are kept: lines change between a few


class Exact:
    """Answers what the loops leave in doubt, which call it by its address.

    An error cannot pass them: it is kept until they have come back.
    """

    def __init__(self) -> None:
        self.answers = 0
        """How often it has been asked."""
        self.fault: BaseException | None = None
        self._answering = ANSWER(self._answer)
        self.at = np.zeros(2, dtype=np.int64)
        """Its address, and 1 while it has not answered; see `sim.flow.arrays.Plan`."""
        self.at[0] = cast(int, ctypes.cast(self._answering, ctypes.c_void_p).value)

    def tell(self) -> None:
        """Raise the error that has been kept, if any.

        Where there is none though it has not answered, it was interrupted as it was called.
        """
        fault, self.fault = self.fault, None
        if self.at[1]:
            self.at[1] = 0
            raise fault or KeyboardInterrupt

    def _answer(self, *addresses: int) -> None:
        """Write rates from how many rows and columns, gains and capacities are at addresses."""
        try:
            where, gain, most, rate = addresses
            rows, columns = (ctypes.c_int64 * 2).from_address(where)
            table = ctypes.string_at(gain, FLOAT * rows * columns)
            found: Any = recalled(columns, table, ctypes.string_at(most, FLOAT * columns))
            (ctypes.c_double * columns).from_address(rate)[:] = found
            self.answers += 1
            self.at[1] = 0
        except BaseException as fault:
            self.fault = fault


@lru_cache(REMEMBERED)
def recalled(columns: int, gain: bytes, most: bytes) -> list[float]:
    """Return what exact arithmetic answers: rates that swing are asked for over and over."""
    table = np.frombuffer(gain).reshape(-1, columns)
    rates: list[float] = exactly(table, np.frombuffer(most)).tolist()
    return rates


def teams_of(shares: Sequence[Mapping[int, float]], activities: int) -> tuple[Ints, Floats]:
    """Return for every activity which of the shares it has part in, or -1, and its weight there."""
    count = activities if shares else 0
    team, weight = np.full(count, -1), np.zeros(count)
    for g, members in enumerate(shares):
        for k, heavy in members.items():
            team[k], weight[k] = g, heavy
    return team, weight


class Settled:
    """Rates that hold until the next event, read one by one: of most nobody asks."""

    def __init__(self, plan: Plan) -> None:
        self.rate: Any = plan.rate.data
        """Rate of an activity, kg/h."""
        self.growth: Any = plan.net.data
        """Growth of a tank, kg/h; 0 where it spills."""
        self.row: Any = plan.binding.data
        """The row that keeps an activity below its capacity, tanks first; or NOTHING."""
        self._plan = plan
        self.ends: Any = plan.ends.data
        """How long the interval is, h, which tank ends it, and more; see `Plan`."""

    @property
    def flows(self) -> bool:
        """Whether anything flows."""
        return bool(self.ends[FLOWS])

    @property
    def activity(self) -> list[float]:
        """Rate of every activity, kg/h."""
        rates: list[float] = self._plan.rate.tolist()
        return rates

    @property
    def net(self) -> list[float]:
        """Growth of every tank, kg/h; 0 where it spills."""
        growth: list[float] = self._plan.net.tolist()
        return growth

    def limit(self, k: int) -> int | None:
        """Return the row that keeps an activity below its capacity; None for none."""
        row: int = self.row[k]
        return None if row == NOTHING else row

    @property
    def binding(self) -> list[int | None]:
        """The row that keeps every activity below its capacity."""
        return [self.limit(k) for k in range(len(self._plan.binding))]


class Laid(NamedTuple):
    """The terms of all rows, as long as pipes and recipes reach the same tanks."""

    layout: Layout
    plan: Plan
    packed: Ints
    """Where the arrays of both are."""
    terms: dict[int, list[tuple[int, int]]]
    """Activities in a tank's row, each with its term, as far as they have been asked for."""


class RateProblem:
    """Rates and means of the next interval; asked anew whenever something has changed."""

    def __init__(self, flow_map: FlowMap, tanks: Sequence[Tank]) -> None:
        self.map = flow_map
        self.order = declared_order(flow_map)
        self.exact = Exact()
        count = len(tanks)
        activities = len(flow_map.activities)
        rank = np.empty(activities, dtype=np.int64)
        rank[self.order] = np.arange(activities)
        shares = [
            {
                flow_map.train_index[name]: group[name] if isinstance(group, Mapping) else 0.0
                for name in group
            }
            for group in flow_map.network.shares
        ]
        team, weight = teams_of(shares, activities)
        self._fixed = {
            "source": flow_map.sources,
            "capacity": np.array([tank.capacity for tank in tanks], dtype=float),
            "heel": np.array([tank.heel * tank.capacity for tank in tanks], dtype=float),
            "spills": np.array([tank.when_full == "spill" for tank in tanks], dtype=np.bool_),
            "rank": rank,
            "team": team,
            "weight": weight,
            "serves": self._serves(),
            "entry_activity": flow_map.entry_activity,
            "entry_main": flow_map.entry_main,
            "entry_row": flow_map.entry_row,
        }
        self._drawn = self._drawing()
        self._slight = np.zeros(self._drawn.shape, dtype=np.int64)
        """Of all terms that there have been, by row and activity; see `Plan`."""
        self._status = np.full(count, FREE, dtype=np.int64)
        self._rate = np.zeros(activities)
        self._mean = np.zeros((len(flow_map.rows), flow_map.n))
        self._laid: dict[bytes, Laid] = {}
        """What has been laid out so far, by which activities are felt in which rows."""
        self._use(self._laid_out(self._felt()))
        for utility, k in flow_map.utilities.items():
            self.plan.limit[k] = flow_map.network.utilities[utility]

    def _use(self, laid: Laid) -> None:
        self.laid, self.layout, self.plan = laid, laid.layout, laid.plan

    def gain(self, j: int) -> list[tuple[int, float]]:
        """Return the activities that fill a tank or, below 0, draw it, kg per kg of main feed."""
        terms = self.laid.terms
        if j not in terms:
            first, end = self.layout.row_start[j : j + 2].tolist()
            activities = self.layout.term_activity[first:end].tolist()
            terms[j] = list(zip(activities, range(first, end), strict=True))
        return [(k, self.plan.gain.item(f)) for k, f in terms[j]]

    def undecided(self) -> None:
        """Raise what has been raised where rates were left in doubt: all are to be found anew."""
        self.plan.moved[:] = True
        self.exact.tell()

    def _serves(self) -> Ints:
        """Return for every activity the row of what it is drawn for, or -1."""
        tanks, headers, seconds = len(self.map.tanks), self.map.headers, self.map.seconds
        serves = np.full(len(self.map.activities) if headers or seconds else 0, -1)
        for i, (_, draws) in enumerate(headers.values()):
            serves[draws] = tanks + i
        for i, (_, draws) in enumerate(seconds.values()):
            serves[draws] = tanks + len(headers) + 2 * i
        return serves

    def lay_out(self) -> None:
        """List the terms of all rows anew: pipes lead elsewhere, or recipes reach other tanks."""
        layout, before, felt = self.layout, self.plan, self._felt()
        self._slight[layout.term_row, layout.term_activity] = before.slight
        key = felt.tobytes()
        if key not in self._laid:
            if len(self._laid) == MOST_LAID:
                self._laid.clear()
            self._laid[key] = self._laid_out(felt)
        self._use(self._laid[key])
        plan = self.plan
        plan.limit[:] = before.limit
        plan.slight[:] = self._slight[self.layout.term_row, self.layout.term_activity]
        plan.ends[:] = 0.0

    def _felt(self) -> Flags:
        """Return by row and activity which are felt there now."""
        flow_map = self.map
        flow_map.course.counts[LAID] = flow_map.course.counts[STRUCTURE]
        felt = self._drawn.copy()
        felt[: len(flow_map.tanks)] |= flow_map.effects.reach.T
        return felt

    def _drawing(self) -> Flags:
        """Return by row and activity where any draws, or is asked for, whatever it reaches."""
        flow_map, tanks = self.map, len(self.map.tanks)
        rows = tanks + len(flow_map.effects.beyond)
        felt = np.zeros((rows, len(flow_map.activities)), dtype=np.bool_)
        felt[tanks + len(flow_map.headers) :] = True
        drawing = np.flatnonzero(flow_map.sources < tanks)
        felt[flow_map.sources[drawing], drawing] = True
        for h, (inlet, (train, draws)) in enumerate(flow_map.headers.items()):
            felt[tanks + h, [train, *draws, *flow_map.ahead_of(inlet)]] = True
        return felt

    def _laid_out(self, felt: Flags) -> Laid:
        """Return the terms of all rows, with nothing known of the rates."""
        flow_map = self.map
        tanks, activities = len(flow_map.tanks), len(flow_map.activities)
        rows, terms = map(np.ascontiguousarray, np.nonzero(felt))
        by_activity = np.argsort(terms, kind="stable")
        layout = Layout(
            **self._fixed,
            first_second=tanks + len(flow_map.headers),
            first_utility=len(felt) - len(flow_map.utilities),
            term_row=rows,
            term_activity=terms,
            returned=_returned(felt[:tanks], flow_map.sources),
            row_start=np.append(0, np.cumsum(felt.sum(axis=1))),
            activity_start=np.append(0, np.cumsum(felt.sum(axis=0))),
            terms_of=by_activity,
            rows_of=rows[by_activity],
        )
        plan = Plan(
            limit=np.zeros(activities),
            status=self._status,
            rate=self._rate,
            mean=self._mean,
            net=np.zeros(tanks),
            spill=np.zeros(tanks),
            out=np.zeros(tanks),
            sign=np.repeat([0.0, 1.0], [tanks, len(felt) - tanks]),
            binding=np.full(activities, NOTHING),
            gain=np.zeros(len(terms)),
            listed=np.zeros(len(terms), dtype=np.int64),
            parts=np.zeros((len(terms), 2 * flow_map.n**2), dtype=np.int64),
            kg=np.zeros((len(terms), flow_map.n**2)),
            taking=np.zeros(len(terms), dtype=np.bool_),
            slight=np.zeros(len(terms), dtype=np.int64),
            moved=np.ones(activities, dtype=np.bool_),
            touched=np.ones(activities, dtype=np.bool_),
            stirred=np.ones(tanks, dtype=np.bool_),
            ends=np.zeros(ENDS),
            exact=self.exact.at,
        )
        packed = np.array([*board.packed(layout), *board.packed(plan)])
        return Laid(layout, plan, packed, {})


def _returned(felt: Flags, sources: Ints) -> Flags:
    """Return which tanks lie on a way round, or between two, of more than one tank.

    All others have, of those that are left, none that feeds them or none that they feed.
    """
    tanks = len(felt)
    feeds, fed = ([set[int]() for _ in range(tanks)] for _ in range(2))
    rows, activities = np.nonzero(felt)
    for up, down in zip(sources[activities].tolist(), rows.tolist(), strict=True):
        if up < tanks and up != down:
            feeds[up].add(down)
            fed[down].add(up)
    left = np.ones(tanks, dtype=np.bool_)
    ends = [tank for tank in range(tanks) if not (feeds[tank] and fed[tank])]
    while ends:  # one by one, for a row of tanks has as many
        end = ends.pop()
        left[end] = False
        for mine, theirs in ((feeds, fed), (fed, feeds)):
            for other in mine[end]:
                theirs[other].discard(end)
                if left[other] and not theirs[other]:
                    ends.append(other)
    return left
