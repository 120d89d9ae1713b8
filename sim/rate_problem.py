"""From statuses and recipes to rates: what the rate solver is asked, and what it answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim.blending import Blender
from sim.flowmap import FlowMap
from sim.network import Header
from sim.rates import solve_rates

FREE, EMPTY, FULL = "free", "empty", "full"

STILL = 1e-9  # relative to what passes the tank; a smaller net rate is none
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


class RateProblem:
    """The rate problem of one network; solved anew whenever something has changed."""

    def __init__(self, flow_map: FlowMap, blender: Blender, spills: Sequence[bool]) -> None:
        self.map = flow_map
        self.blender = blender
        self.spills = spills
        self.order = self._declared_order()
        self.headers = self._headers()
        self.solves = self.fallbacks = 0

    def solve(self, status: Sequence[str], capacity: list[float]) -> Settled:
        """Return the rates: as high as capacities, EMPTY and FULL tanks and headers allow.

        Parameters
        ----------
        status : sequence of str
            EMPTY, FREE or FULL for every tank.
        capacity : list of float
            Largest rate of every train now, kg/h; 0 for one that is held.
        """
        self.solves += 1
        shares = self.blender.shares[self.map.sources]
        into = np.matmul(shares[:, None, :], self.map.totals)[:, 0, :]
        gain = into.T - self.blender.drawn_by  # kg in a tank per kg of an activity
        limits = capacity + [0.0] * (len(self.map.activities) - len(capacity))
        rows = [self._header_row(*header, shares, limits) for header in self.headers]
        tank_of = [-1] * len(rows)
        blocked = False
        for j, state in enumerate(status):
            if state == FREE or (state == FULL and self.spills[j]):
                continue
            sign = -1.0 if state == EMPTY else 1.0
            blocked = blocked or state == FULL
            rows.append([(k, sign * g) for k, g in enumerate(gain[j].tolist()) if g])
            tank_of.append(j)
        rates = solve_rates(limits, rows, self._order(status) if blocked else self.order)
        self.fallbacks += rates.fallback
        activity = np.array(rates.activity)
        net = gain @ activity
        net[np.abs(net) <= STILL * (np.abs(gain) @ activity)] = 0.0
        growth = net.tolist()
        overflow = [0.0] * len(growth)
        for j, rate in enumerate(growth):
            if rate > 0.0 and status[j] == FULL and self.spills[j]:
                overflow[j], growth[j] = rate, 0.0
        binding = [None if row is None else tank_of[row] for row in rates.binding]
        return Settled(list(rates.activity), growth, overflow, binding)

    def _declared_order(self) -> list[int]:
        """Return the declared priorities, the rest downstream first, header draws last."""
        names = [activity.name for activity in self.map.activities]
        trains = len(self.map.trains)
        wanted = list(self.map.network.priorities)
        rest = [name for name in reversed(names[:trains]) if name not in wanted]
        headers = [name for name in names[trains:] if name not in wanted]
        return [names.index(name) for name in [*wanted, *rest, *headers]]

    def _order(self, status: Sequence[str]) -> list[int]:
        """Return the declared order; a train that relieves a FULL tank goes first."""

        def relieves(k: int) -> bool:  # a header keeps its own order; a spilling tank needs none
            j = self.map.activities[k].source
            full = k < len(self.map.trains) and j < len(status) and status[j] == FULL
            return full and not self.spills[j]

        return sorted(self.order, key=lambda k: not relieves(k))

    def _headers(self) -> list[tuple[str, int, list[int]]]:
        """For every header inlet: its name, its train's activity and those of its tanks."""
        names = [activity.name for activity in self.map.activities]
        headers = []
        for inlet, source in self.map.network.draws.items():
            if isinstance(source, Header):
                draws = [names.index(f"{inlet}<{tank}") for tank in source.tanks]
                headers.append((inlet, self.map.activities[draws[0]].train, draws))
        return headers

    def _header_row(
        self,
        inlet: str,
        train: int,
        draws: list[int],
        shares: np.ndarray[tuple[int, int], np.dtype[np.float64]],
        limits: list[float],
    ) -> list[tuple[int, float]]:
        """Return the row that lets a header's tanks give no more than the train asks for."""
        linear = self.map.recipes[train].linear
        assert linear is not None
        demand = float(shares[train] @ linear.demand[inlet][: self.map.n])
        row = [(train, -demand)]
        for k in draws:
            worth = float(shares[k] @ linear.worth[inlet])
            if worth > 0.0:
                limits[k] = 2.0 * demand * max(limits[train], 1.0) / worth
                row.append((k, worth))
        return row
