"""A flow sheet followed in small explicit steps, its rates found by linear programmes of HiGHS.

It shares nothing with the engine but the network, the order of its trains, and when which of them
is held: no means of an interval, no closed form of a tank, no simplex method of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog

from sim.network.network import Network
from tests.sim.flow.random_networks import Divider

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
AT_BOUND = 1e-9  # of the capacity
AT_REST = 1e-6  # of the capacity of a train
SLIGHT = 1e-3  # of the largest effect on a tank, per kg and per hour: decides no priority
PASSED_ON = 1e-11  # relative; what passes an empty tank has that composition


def best_rates(gain: Floats, most: Floats, order: Sequence[int]) -> Floats:
    """Return the lexicographic maximum, by order, of rates up to ``most`` with gain @ rates <= 0.

    An activity after the other is maximised, those before it fixed, kg/h.
    """
    bounds: list[tuple[float, float]] = [(0.0, float(top)) for top in most]
    scale = np.maximum(np.abs(gain).max(axis=1, initial=0.0), 1e-300)[:, None]
    touched = np.abs(gain).max(axis=0, initial=0.0) > 0.0
    for k in order:
        if not touched[k] or most[k] == 0.0:
            continue
        goal = np.zeros(len(most))
        goal[k] = -1.0
        found = linprog(
            goal, gain / scale, np.zeros(len(gain)), bounds=bounds, method="highs",
            options={"primal_feasibility_tolerance": 1e-10, "dual_feasibility_tolerance": 1e-10},
        )  # fmt: skip
        assert found.x is not None, found.message
        reached = min(max(float(found.x[k]), 0.0), float(most[k]))
        bounds[k] = (reached * (1.0 - 1e-11), reached)
    return np.array([top for _, top in bounds])


@dataclass
class SmallSteps:
    """Contents of tanks and what has passed the trains of a network of dividers.

    ``order`` are trains by priority; ``held[i]`` are those that stand from ``since[i]`` on, h.
    """

    network: Network
    order: Sequence[int]
    since: Sequence[float]
    standing: Sequence[frozenset[int]]
    step: float
    held: Floats = field(init=False)
    fed: Floats = field(init=False)
    spilled: Floats = field(init=False)
    idle: Floats = field(init=False)
    """Hours in which a train runs at no more than AT_REST though none holds it."""

    def __post_init__(self) -> None:
        network = self.network
        self.names = list(network.tanks)
        tanks = list(network.tanks.values())
        self.capacity = np.array([tank.capacity for tank in tanks])
        self.heel = np.array([tank.heel * tank.capacity for tank in tanks])
        self.spills = [tank.when_full == "spill" for tank in tanks]
        shares = np.array([network.contents[name] for name in self.names])
        level = np.array([max(tank.initial_level, tank.heel) * tank.capacity for tank in tanks])
        self.held = shares * level[:, None]
        self.now = self.held / np.maximum(level, 1e-300)[:, None]
        self.now[level == 0.0] = shares[level == 0.0]
        trains = network.trains
        n, count = shares.shape[1], len(trains)
        self.source = [self.names.index(t.feed) if t.feed in self.names else -1 for t in trains]
        self.limit = np.zeros(count)
        self.moves = np.zeros((count, len(tanks), n))  # share of each component that arrives
        for k, train in enumerate(trains):
            unit = network.units[train.members[0]]
            assert isinstance(unit, Divider)
            self.limit[k] = unit.capacity
            top = np.array([unit.salt, unit.water, unit.benzene, unit.ammonia, unit.nitrogen])[:n]
            for outlet, share in (("top", top), ("bottom", 1.0 - top)):
                to = network.pipes[f"{train.name}.{outlet}"].to
                if to in self.names:
                    self.moves[k, self.names.index(to)] += share
        self.supply = np.array(network.supplies["store"])
        self.fed, self.spilled = np.zeros((count, n)), np.zeros(self.held.shape)
        self.idle = np.zeros(count)

    def run(self, hours: float) -> SmallSteps:
        """Follow the network to an hour, in steps that end at bounds and where trains are held."""
        ends = [*self.since[1:], hours]
        for start, end, standing in zip(self.since, ends, self.standing, strict=True):
            now, end = start, min(end, hours)
            while end - now > 1e-12:
                now += self._advance(min(self.step, end - now), standing)
        return self

    def _advance(self, hours: float, standing: frozenset[int]) -> float:
        """Take a step, or the part of it until a tank is at a bound; return its length, h."""
        level = self.held.sum(axis=1)
        near = AT_BOUND * self.capacity
        empty, full = level <= self.heel + near, level >= self.capacity - near
        hollow = level <= near  # without a heel: passes on what comes
        for j in np.flatnonzero(~hollow):
            self.now[j] = np.maximum(self.held[j], 0.0) / np.maximum(self.held[j], 0.0).sum()
        for _ in range(2000):
            rates = self._rates(empty, full, standing)
            inflow = self._inflow(rates)
            entered = inflow.sum(axis=1)
            apart = 0.0
            for j in np.flatnonzero(hollow & (entered > 0.0)):
                comes = inflow[j] / entered[j]
                apart = max(apart, np.abs(comes - self.now[j]).max())
                self.now[j] = comes
            if apart <= PASSED_ON:
                break
        drawn = np.array([rates[[s == j for s in self.source]].sum() for j in range(len(level))])
        net = entered - drawn
        over = np.where(full & self.spills, np.maximum(net, 0.0), 0.0)
        net -= over
        net[(empty | full) & (np.abs(net) <= 1e-8 * (entered + drawn))] = 0.0
        for j in np.flatnonzero(net):
            bound = self.capacity[j] if net[j] > 0.0 else self.heel[j]
            to_go = (bound - level[j]) / net[j]
            if to_go > 0.0 and (bound - level[j]) / np.sign(net[j]) > near[j]:
                hours = min(hours, to_go)
        self.fed += hours * rates[:, None] * self._feeds()
        self.spilled += hours * over[:, None] * self.now
        self.held += hours * (inflow - (drawn + over)[:, None] * self.now)
        stands = (rates <= AT_REST * self.limit) & ~np.isin(np.arange(len(rates)), list(standing))
        self.idle += hours * stands
        return hours

    def _feeds(self) -> Floats:
        return np.array([self.now[s] if s >= 0 else self.supply for s in self.source])

    def _inflow(self, rates: Floats) -> Floats:
        inflow: Floats = np.einsum("k,kc,kjc->jc", rates, self._feeds(), self.moves)
        return inflow

    def _rates(self, empty: Flags, full: Flags, standing: frozenset[int]) -> Floats:
        """Return the rates of the trains at the compositions that hold, kg/h."""
        most = self.limit.copy()
        most[list(standing)] = 0.0
        gain = np.einsum("kc,kjc->jk", self._feeds(), self.moves)
        rows, arrives = [], gain > 0.0
        for k, s in enumerate(self.source):
            if s >= 0:
                gain[s, k] -= 1.0
        self._stop(empty, most, arrives)
        for j in range(len(gain)):
            if empty[j]:
                rows.append(-gain[j])
            if full[j] and not self.spills[j]:
                rows.append(gain[j])
        if not rows:
            return most
        table = np.array(rows) * (most > 0.0)
        return self._without_traces(table, most)

    def _stop(self, empty: Flags, most: Floats, arrives: Flags) -> None:
        """Stop what would circulate among empty tanks that nothing feeds."""
        filled = ~empty
        for _ in self.names:
            for k, s in enumerate(self.source):
                if most[k] > 0.0 and (s < 0 or filled[s]):
                    filled = filled | arrives[:, k]
        for k, s in enumerate(self.source):
            if s >= 0 and not filled[s]:
                most[k] = 0.0

    def _without_traces(self, table: Floats, most: Floats) -> Floats:
        """Return the rates, where a slight effect decides no priority: see docs/decisions.md."""
        size = np.abs(table).max(axis=1, initial=0.0)[:, None]
        flow = (np.abs(table) * most).max(axis=1, initial=0.0)[:, None]
        slight = (table > 0.0) & (table < SLIGHT * size) & (table * most < SLIGHT * flow)
        if not slight.any():
            return best_rates(table, most, self.order)
        coarse = best_rates(np.where(slight, 0.0, table), most, self.order)
        has = slight.any(axis=0)
        turned = [k for k in self.order if has[k]] + [k for k in self.order if not has[k]]
        return best_rates(table, np.where(has, coarse, most), turned)
