"""From statuses and recipes to rates: what the rate solver is asked, and what it answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from sim.flow.blending import Blender
from sim.flow.map import FlowMap
from sim.flow.rates import Rates, solve_rates
from sim.flow.train import Array, CompiledTrain

FREE, EMPTY, FULL = "free", "empty", "full"

Row = list[tuple[int, float]]

STILL = 1e-9  # relative to what passes the tank; a smaller net rate is none
TRACE = 1e-3  # of the largest effect of any activity on a tank, per kg and per hour: binds nothing
HEADER = "make-up water"


@dataclass(frozen=True, slots=True)
class Settled:
    """Rates that hold until the next event.

    Parameters
    ----------
    activity : list of float
        Rate of every activity, kg/h.
    net : list of float
        Growth of every tank, kg/h; 0 where it spills.
    overflow : list of float
        What every tank spills, kg/h.
    binding : list
        Tank that keeps an activity below its capacity, -1 for a header, None for nothing.
    """

    activity: list[float]
    net: list[float]
    overflow: list[float]
    binding: list[int | None]
    flowing: list[tuple[int, float]] = field(init=False)
    """The activities that run, with their rates; likewise the tanks that move, and that spill."""
    moving: list[tuple[int, float]] = field(init=False)
    spilling: list[tuple[int, float]] = field(init=False)

    def __post_init__(self) -> None:
        for name, rates in (
            ("flowing", self.activity),
            ("moving", self.net),
            ("spilling", self.overflow),
        ):
            object.__setattr__(self, name, [(i, rate) for i, rate in enumerate(rates) if rate])


class RateProblem:
    """The rate problem of one network; solved anew whenever something has changed."""

    def __init__(self, flow_map: FlowMap, blender: Blender, spills: Sequence[bool]) -> None:
        self.map = flow_map
        self.blender = blender
        self.spills = spills
        self.order = self._declared_order()
        self.recycles = self._recycles()
        self.solves = self.fallbacks = 0
        self.version = (-1, -1)
        self.key: tuple[object, ...] | None = None
        self.solution: Rates
        self.gain: list[Row] = []
        """For every tank, kg in it per kg of each activity that it feels."""
        self.asked: list[tuple[float, list[float]]] = []
        self.row_cache: dict[tuple[str, ...], tuple[list[Row], list[int], list[int]]] = {}
        self.modes: dict[tuple[tuple[str, ...], tuple[float, ...]], Settled] = {}
        self.stopped: dict[int, int] = {}
        self.tank_of: list[int] = []

    def solve(self, status: Sequence[str], capacity: list[float]) -> Settled:
        """Return the rates: as high as capacities, EMPTY and FULL tanks and headers allow.

        Parameters
        ----------
        status : sequence of str
            EMPTY, FREE or FULL for every tank.
        capacity : list of float
            Largest rate of every train now, kg/h; 0 for one that is held.
        """
        self._refresh()
        mode = (tuple(status), tuple(capacity))
        known = self.modes.get(mode)
        if known is None:
            known = self.modes[mode] = self._solve(status, capacity)
        return known

    def _solve(self, status: Sequence[str], capacity: list[float]) -> Settled:
        rows, tank_of, bound = self._rows(tuple(status))
        limits = self._limits(capacity)
        key = (tuple(status), tuple([limits[k] for k in bound]))
        if key != self.key:
            self.solves += 1
            self.key = key
            rows, tank_of = list(rows), list(tank_of)
            held = list(limits)
            self.stopped = _drop_trivial(rows, tank_of, held)
            self.tank_of = tank_of
            self.solution = solve_rates(held, rows, self._order(status))
            self.fallbacks += self.solution.fallback
        # what no row binds runs at its capacity and disturbs nothing else
        found = limits
        for k in bound:
            found[k] = self.solution.activity[k]
        growth, overflow = [0.0] * len(self.gain), [0.0] * len(self.gain)
        for j, row in enumerate(self.gain):
            net = gross = 0.0
            for k, g in row:
                flow = g * found[k]
                net += flow
                gross += abs(flow)
            if abs(net) > STILL * gross:
                if net > 0.0 and status[j] == FULL and self.spills[j]:
                    overflow[j] = net
                else:
                    growth[j] = net
        binding = [None if row is None else self.tank_of[row] for row in self.solution.binding]
        for k, tank in self.stopped.items():
            binding[k] = tank
        return Settled(found, growth, overflow, binding)

    def _limits(self, capacity: list[float]) -> list[float]:
        """Return the capacities of all activities; a header's draw is bound by what it serves."""
        limits = capacity + [0.0] * (len(self.map.activities) - len(capacity))
        for (train, draws), (demand, worths) in zip(
            self.map.headers.values(), self.asked, strict=True
        ):
            for k, worth in zip(draws, worths, strict=True):
                if worth > 0.0:
                    limits[k] = 2.0 * demand * max(limits[train], 1.0) / worth
        return limits

    def _rows(self, status: tuple[str, ...]) -> tuple[list[Row], list[int], list[int]]:
        """Return the rows that hold for these statuses, the tank of each, and what they bind."""
        known = self.row_cache.get(status)
        if known is not None:
            return known
        rows: list[Row] = []
        tank_of: list[int] = []
        for (train, draws), (demand, worths) in zip(
            self.map.headers.values(), self.asked, strict=True
        ):
            served = [(k, worth) for k, worth in zip(draws, worths, strict=True) if worth > 0.0]
            rows.append([(train, -demand), *served])
            tank_of.append(-1)
        for j, state in enumerate(status):
            if state == EMPTY or (state == FULL and not self.spills[j]):
                sign = 1.0 if state == FULL else -1.0
                rows.append([(k, sign * g) for k, g in self.gain[j]])
                tank_of.append(j)
        bound = sorted({k for row in rows for k, _ in row})
        self.row_cache[status] = rows, tank_of, bound
        return rows, tank_of, bound

    def _refresh(self) -> None:
        """Recompute what every activity does to every tank, when recipes or contents moved."""
        version = (self.map.version, self.blender.version)
        if version == self.version:
            return
        self.version = version
        self.key = None
        self.row_cache.clear()
        self.modes.clear()
        shares = self.blender.shares[self.map.sources]
        into = np.matmul(shares[:, None, :], self.map.totals)[:, 0, :]
        gain = into.T - self.blender.drawn_by  # kg in a tank per kg of an activity
        if gain.size:
            # A trace must not decide among priorities; the blend corrects what it leaves out. Per
            # kg alone will not do: a train that trickles may take a thousand kg of water per kg.
            gain[self._trace(np.abs(gain))] = 0.0
        self.gain = [[(k, g) for k, g in enumerate(row) if g] for row in gain.tolist()]
        self.asked = []
        for inlet, (train, draws) in self.map.headers.items():
            linear = self.map.recipes[train].linear
            assert linear is not None
            demand = float(shares[train] @ linear.demand[inlet][: self.map.n])
            worths = [float(shares[k] @ linear.worth[inlet]) for k in draws]
            self.asked.append((demand, worths))

    def _trace(self, effect: Array) -> NDArray[np.bool_]:
        """Return where an effect, kg in a tank per kg of an activity, is too small to bind.

        It is if it is slight beside the largest effect on its tank, both per kg and per hour at
        the rates of the recipes; what an activity draws from its own tank never is.
        """
        at = [self.map.recipes[activity.train].activity for activity in self.map.activities]
        flow = effect * np.array(at)
        slight = effect < TRACE * effect.max(axis=1, keepdims=True)
        slight &= flow < TRACE * flow.max(axis=1, keepdims=True)
        found: NDArray[np.bool_] = slight & (self.blender.drawn_by == 0.0)
        return found

    def _declared_order(self) -> list[int]:
        """Return the declared priorities, then the rest of the line, downstream first.

        Trains that only ship come after it, for they take what they find, and last what is
        unloaded from outside. A header's draws go right before its train, which they follow.
        """
        names = [activity.name for activity in self.map.activities]
        wanted = list(self.map.network.priorities)
        ships = [train.name for train in self.map.trains if self._only_ships(train)]
        brings = [t.name for t in self.map.trains if t.train.feed not in self.map.tanks]
        line = [t.name for t in reversed(self.map.trains) if t.name not in {*ships, *brings}]
        ranked: dict[str, None] = {}
        for name in dict.fromkeys([*wanted, *line, *ships, *brings]):
            k = names.index(name)
            draws = [d for t, draws in self.map.headers.values() if t == k for d in draws]
            ranked.update(dict.fromkeys([*(names[d] for d in draws), name]))
        return [names.index(name) for name in ranked]

    def _only_ships(self, train: CompiledTrain) -> bool:
        ends = {self.map.network.pipes[stream].to for stream in train.outlets}
        inside = {to for to in ends if "." in to and to not in train.next_inlet.values()}
        return not inside and not ends & set(self.map.tanks)

    def _order(self, status: Sequence[str]) -> list[int]:
        """Return the declared order, changed among the recycles into a FULL tank.

        Of those, one that relieves another FULL tank goes first.
        """
        order = list(self.order)
        for j, recycles in self.recycles.items():
            if status[j] == FULL and not self.spills[j]:
                places = sorted(order.index(k) for k in recycles)
                ranked = sorted((order[p] for p in places), key=lambda k: not self._full(k, status))
                for place, k in zip(places, ranked, strict=True):
                    order[place] = k
        return order

    def _full(self, k: int, status: Sequence[str]) -> bool:
        j = self.map.activities[k].source
        return j < len(status) and status[j] == FULL and not self.spills[j]

    def _recycles(self) -> dict[int, list[int]]:
        """For every tank that two or more trains recycle into: those trains."""
        found: dict[int, list[int]] = {}
        for name, j in self.map.tanks.items():
            back = [
                t
                for t, train in enumerate(self.map.trains)
                if self.map.rows[train.train.feed] > j
                and train.train.feed in self.map.tanks
                and any(self.map.network.pipes[s].to == name for s in train.outlets)
            ]
            if len(back) > 1:
                found[j] = back
        return found


def _drop_trivial(rows: list[Row], tank_of: list[int], limits: list[float]) -> dict[int, int]:
    """Drop rows that cannot bind, and stop what an EMPTY tank without inflow would have to give.

    Returns the tank that stopped each activity; ``rows``, ``tank_of`` and ``limits`` are changed
    in step.
    """
    stopped: dict[int, int] = {}
    dropped = True
    while dropped:
        dropped = False
        for i in reversed(range(len(rows))):
            takes = [k for k, g in rows[i] if g > 0.0 and limits[k] > 0.0]
            if takes and any(g < 0.0 and limits[k] > 0.0 for k, g in rows[i]):
                continue
            for k in takes:
                limits[k] = 0.0
                stopped[k] = tank_of[i]
            del rows[i], tank_of[i]
            dropped = dropped or bool(takes)
    return stopped
