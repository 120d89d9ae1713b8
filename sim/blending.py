"""Compositions of all tanks at once: closed-form mixing over an interval, books by balance."""

from __future__ import annotations

import numpy as np

from sim.flowmap import FlowMap
from sim.train import Array

PASSES = 40
EMPTIED = 1e-9  # contents per throughput below which a tank passes its inflow on
TINY = 1e-300  # kg
SETTLED = 1e-7  # kg/kg; move of the interval means between two passes


class Blender:
    """Holds what is in the tanks, and what went through them since the last blend.

    Between two blends each tank sees its mean flows. The composition of what leaves is the
    closed-form interval mean of a well-mixed tank; means are passed around until they stand
    still, so a chain of tanks and a recycle are exact in the mean flows. Mass is booked by
    balance: opening + in - end.
    """

    def __init__(self, flow_map: FlowMap) -> None:
        self.map = flow_map
        network = flow_map.network
        levels = [tank.initial_level * tank.capacity for tank in network.tanks.values()]
        shares = np.array([network.contents[name] for name in network.tanks])
        self.contents = shares.reshape(-1, flow_map.n) * np.array(levels).reshape(-1, 1)
        self.opening = self.contents.copy()
        self.shares = np.vstack([shares.reshape(-1, flow_map.n), flow_map.supply_shares])
        self.means = self.shares.copy()
        self.carried = [0.0] * len(flow_map.activities)
        self.spilled = [0.0] * len(levels)
        self.fed = np.zeros((len(flow_map.activities), flow_map.n))
        self.spill_book = np.zeros((len(levels), flow_map.n))
        self.tank_count = len(levels)
        self.drawn_by = np.zeros((len(levels), len(flow_map.activities)))
        for k, activity in enumerate(flow_map.activities):
            if activity.source < len(levels):
                self.drawn_by[activity.source, k] = 1.0
        self.blends = self.passes = 0

    def blend(self) -> float:
        """Bring the contents up to date; return the largest move of a composition, kg/kg."""
        if not any(self.carried) and not any(self.spilled):
            return 0.0
        carried = np.array(self.carried)
        spilled = np.array(self.spilled)
        tanks = self.tank_count
        moves = self.map.moves.reshape(-1, self.map.moves.shape[2])
        drawn = self.drawn_by @ carried + spilled
        opening = self.contents
        level = opening.sum(axis=1)
        means = self.means
        sources = self.map.sources
        column = carried.reshape(-1, 1)
        for _ in range(PASSES if self.map.n > 1 else 0):
            fed = means[sources] * column
            inflow = (fed.ravel() @ moves).reshape(tanks, -1)
            outflow = _outflow(opening, level, inflow, drawn)
            new = np.divide(
                outflow, drawn[:, None], out=means[:tanks].copy(), where=drawn[:, None] > 0.0
            )
            moved = np.abs(new - means[:tanks]).max()
            means = np.vstack([new, means[tanks:]])
            self.passes += 1
            if moved < SETTLED:
                break
        fed = means[sources] * column
        inflow = (fed.ravel() @ moves).reshape(tanks, -1)
        self.contents = opening + inflow - means[:tanks] * drawn[:, None]
        self.fed += fed
        self.spill_book += means[:tanks] * spilled[:, None]
        self.means = means
        level = self.contents.sum(axis=1)
        now = np.divide(
            self.contents,
            level[:, None],
            out=self.shares[:tanks].copy(),
            where=level[:, None] > TINY,
        )
        change = float(np.abs(now - self.shares[:tanks]).max())
        self.shares[:tanks] = now
        self.carried = [0.0] * len(self.carried)
        self.spilled = [0.0] * tanks
        self.blends += 1
        return change


def _outflow(opening: Array, level: Array, inflow: Array, drawn: Array) -> Array:
    """Return what leaves every tank, kg by component (tank x component).

    Constant flows: ``x(t) = x_in + (x_0 - x_in) f``, ``f = exp(-(F_in t / V_0) log1p(z) / z)``,
    ``z = (F_in - F_out) t / V_0``.
    """
    entered = inflow.sum(axis=1)
    level = np.maximum(level, EMPTIED * (entered + drawn) + TINY)
    z = (entered - drawn) / level
    small = np.abs(z) < 1e-9
    safe = np.where(small, 1.0, np.maximum(z, -1.0 + 1e-12))
    slope = np.where(small, 1.0 - 0.5 * z, np.log1p(safe) / safe)
    kept = np.exp(-np.minimum(entered / level * slope, 700.0))[:, None]
    x_0 = opening / level[:, None]
    x_in = np.divide(inflow, entered[:, None], out=x_0.copy(), where=entered[:, None] > 0.0)
    end = (x_in + (x_0 - x_in) * kept) * (level + entered - drawn)[:, None]
    left: Array = opening + inflow - end
    return left
