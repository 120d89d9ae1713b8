"""Compositions of all tanks at once: closed-form mixing over an interval, books by balance."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim.flow.map import FlowMap
from sim.flow.train import Array

EMPTIED = 1e-9  # contents per throughput below which a tank passes its inflow on
TINY = 1e-300  # kg
MOST = 700.0  # times its contents through a tank: of its first composition nothing is left


def kept_share(level: Array, entered: Array, drawn: Array) -> Array:
    """Return f, the share of each tank's first composition that is left at the end, kg/kg.

    Of tanks with a level at the start, kg, from what entered and was drawn in the interval, kg.

    >>> one = np.ones(1)
    >>> round(float(kept_share(12.0 * one, 22.5 * one, 22.5 * one)[0]), 6)  # exp(-22.5 / 12)
    0.153355
    """
    level = np.maximum(level, EMPTIED * (entered + drawn) + TINY)
    z = (entered - drawn) / level
    z[z == 0.0] = 1e-15  # log1p(z) / z is 1 there
    np.maximum(z, -1.0 + 1e-12, out=z)
    passed = entered / level * np.log1p(z) / z
    kept: Array = np.exp(-np.minimum(passed, MOST))
    return kept


def outflow_weights(level: Array, entered: Array, drawn: Array, kept: Array) -> tuple[Array, Array]:
    """Return how much of its opening contents and of its inflow leaves every tank, kg/kg.

    Both follow from the balance, opening + in - end, so nothing is made or lost; arguments as of
    `kept_share`, kg in the interval, and what it returns, kg/kg.
    """
    end = level + entered - drawn
    stays = kept * end / np.maximum(level, EMPTIED * (entered + drawn) + TINY)
    # a pass on the way to the means may find that less than nothing enters: the form holds for it
    joins = np.divide(end - kept * end, entered, out=np.ones_like(end), where=entered != 0.0)
    return 1.0 - stays, 1.0 - joins


PASSES = 40
CALM_PASSES = 6  # after so many something swings: what is kept must go with what enters
ROUNDING = 1e-13  # kg/kg
SURPLUS = 1e-6  # of what a header asks for
CAPS = 200  # passes, until what tanks give is no more than they held and got
LEEWAY = 0.05  # kg/kg; more than that no pinned activity is corrected
SETTLED = 0.2  # of the square of the move that is aimed at: then the interval means stand still


@dataclass(frozen=True, slots=True)
class Pin:
    """A tank at a bound, kg, and the activity that the bound limits; -1 for what it spills."""

    tank: int
    activity: int
    bound: float
    gain: float
    """kg in the tank per kg of the activity, at the compositions before the blend."""


class Blender:
    """Holds what is in the tanks, and what went through them since the last blend.

    Between two blends each tank sees its mean flows. The composition of what leaves is the
    closed-form interval mean of a well-mixed tank; means are passed around until they stand
    still, so a chain of tanks and a recycle are exact in the mean flows. Mass is booked by
    balance: opening + in - end. ``move`` is the move of a composition between two blends that is
    aimed at, kg/kg: the error of chains and recycles of tanks falls with its square.
    """

    def __init__(self, flow_map: FlowMap, move: float) -> None:
        self.map = flow_map
        self.move = move
        network = flow_map.network
        levels = [max(t.initial_level, t.heel) * t.capacity for t in network.tanks.values()]
        shares = np.array([network.contents[name] for name in network.tanks])
        shares = shares.reshape(-1, flow_map.n)
        self.contents = shares * np.array(levels).reshape(-1, 1)
        self.opening = self.contents.copy()
        self.shares = np.vstack([shares, flow_map.supply_shares])
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
        self.blends = self.passes = self.version = 0
        self.drift_key = (-1, -1)
        self.drift = self.brings = np.empty(0)
        self.bringing: list[int] = []
        self.calm_at: list[float] = []
        self.calm_hours = math.inf

    def blend(self, pins: Sequence[Pin] = ()) -> float:
        """Bring the contents up to date; return the largest move of a composition, kg/kg.

        Tanks that stand at a bound are pinned: the rates were found for the compositions at the
        start of the interval; what its mean compositions change in them, the activity that the
        bound limits has carried more or less, so that the level is at its bound.
        """
        if not any(self.carried) and not any(self.spilled):
            return 0.0
        carried, spilled, means, sound = self._through(pins)
        if not sound:  # pins around a loop can push each other; without them nothing is forced
            carried, spilled, means, _ = self._through(())
        fed, inflow, drawn = self._amounts(carried, spilled, means)
        tanks = self.tank_count
        for _ in range(CAPS if self.map.n > 1 and tanks else 0):
            had = self.contents.sum(axis=1) + inflow.sum(axis=1)
            if not (drawn > had).any():
                break
            self._cap(had, drawn, carried, spilled)  # which may leave less for the next tank
            fed, inflow, drawn = self._amounts(carried, spilled, means)
        end = self.contents + inflow - means[:tanks] * drawn[:, None]
        for _ in range(CAPS):
            short = end < -ROUNDING * (self.contents.sum(axis=1) + inflow.sum(axis=1))[:, None]
            short &= drawn[:, None] > 0.0
            if not short.any():
                break
            # the means stand still to a tolerance only: of what is not there nothing is given
            means[:tanks] += np.where(short, end / np.maximum(drawn, TINY)[:, None], 0.0)
            fed, inflow, drawn = self._amounts(carried, spilled, means)
            end = self.contents + inflow - means[:tanks] * drawn[:, None]
        self.contents = end
        self.fed += fed
        self.spill_book += means[:tanks] * spilled[:, None]
        self.means = means
        self.carried = [0.0] * len(self.carried)
        self.spilled = [0.0] * tanks
        self.blends += 1
        return self._set_shares()

    def _amounts(self, carried: Array, spilled: Array, means: Array) -> tuple[Array, Array, Array]:
        """Return what the activities took, what every tank got, and what it gave, kg."""
        fed = means.take(self.map.sources, axis=0) * carried[:, None]
        moves = self.map.moves.reshape(fed.size, self.tank_count * self.map.n)
        inflow = (fed.ravel() @ moves).reshape(self.tank_count, self.map.n)
        return fed, inflow, self.drawn_by @ carried + spilled

    def _through(self, pins: Sequence[Pin]) -> tuple[Array, Array, Array, bool]:
        """Pass interval means around until they stand still.

        Returns what every activity carried and every tank spilled, kg, the mean compositions of
        what left the tanks, kg/kg, and whether the means settled with no tank below nothing.
        """
        carried, spilled = np.array(self.carried), np.array(self.spilled)
        tanks, opening, means = self.tank_count, self.contents, self.means.copy()
        leaving = means[:tanks]
        if self.map.n == 1 or not tanks:
            return carried, spilled, means, True
        level = opening.sum(axis=1)
        kept, settled = np.empty(0), max(SETTLED * self.move**2, ROUNDING)
        for attempt in range(PASSES):
            fed, inflow, drawn = self._amounts(carried, spilled, means)
            entered = inflow.sum(axis=1)
            if not 2 <= attempt < CALM_PASSES:  # in between the amounts barely change
                kept = kept_share(level, entered, drawn)
            of_opening, of_inflow = outflow_weights(level, entered, drawn, kept)
            gives = drawn > 0.0
            per_kg = np.where(gives, 1.0 / np.maximum(drawn, TINY), 0.0)
            new = opening * (of_opening * per_kg)[:, None] + inflow * (of_inflow * per_kg)[:, None]
            change = np.where(gives[:, None], new - leaving, 0.0).ravel()
            moved = math.sqrt(float(change @ change))
            leaving += change.reshape(leaving.shape)
            end = level + entered - drawn
            if pins:
                moved = max(moved, self._pin(pins, end, carried, spilled))
            elif (end < 0.0).any():
                moved = max(moved, self._cap(level + entered, drawn, carried, spilled))
            self.passes += 1
            still = attempt > 0 and moved <= settled
            if still or attempt < 2:
                still = not self._spare_supplies(fed, means, carried) and still
            if still:
                return carried, spilled, means, bool((end >= 0.0).all())
        return carried, spilled, means, not pins

    def _cap(self, had: Array, drawn: Array, carried: Array, spilled: Array) -> float:
        """Let no tank give more than it held and got; return the largest cut, kg/kg."""
        share = np.where(drawn > had, np.maximum(had, 0.0) / np.maximum(drawn, TINY), 1.0)
        carried *= np.append(share, np.ones(len(self.shares) - len(share)))[self.map.sources]
        spilled *= share
        return float(1.0 - share.min())

    def calm(self, activity: Sequence[float]) -> float:
        """Return the hours in which no composition moves by more than is aimed at.

        At the rates (kg/h) and compositions that hold now; infinite without any change.
        """
        tanks = self.tank_count
        if self.map.n == 1 or not tanks:
            return math.inf
        key = (self.map.version, self.version)
        if key != self.drift_key:
            self.drift_key, self.calm_at = key, []
            self.drift, self.brings = self._drift()
            self.bringing = np.flatnonzero(self.brings.any(axis=1)).tolist()
        felt = [activity[k] for k in self.bringing]
        if felt == self.calm_at:  # only shipping has changed
            return self.calm_hours
        self.calm_at = felt
        rates = np.array(activity)
        apart = np.abs(rates @ self.drift).reshape(tanks, self.map.n).max(axis=1)
        level = self.contents.sum(axis=1)
        speed = float((apart / np.maximum(level, EMPTIED * (rates @ self.brings) + TINY)).max())
        self.calm_hours = self.move / speed if speed > 0.0 else math.inf
        return self.calm_hours

    def _drift(self) -> tuple[Array, Array]:
        """Return what 1 kg of each activity adds to the tanks beyond their composition, kg.

        Shape (activities, tanks * n), and the kg that it brings, (activities, tanks).
        """
        shares = self.shares.take(self.map.sources, axis=0)
        moves = self.map.moves
        into = np.matmul(shares[:, None, :], moves).reshape(len(moves), self.tank_count, self.map.n)
        brings = into.sum(axis=2)
        drift = into - brings[:, :, None] * self.shares[: self.tank_count]
        return drift.reshape(into.shape[0], into[0].size), brings

    def _pin(self, pins: Sequence[Pin], level: Array, carried: Array, spilled: Array) -> float:
        """Correct what went through each pinned tank; return the largest correction, kg/kg."""
        largest = 0.0
        for pin in pins:
            miss = float(level[pin.tank]) - pin.bound
            if pin.activity < 0:
                change = max(miss, -float(spilled[pin.tank]))
                spilled[pin.tank] += change
            else:
                change = -miss / pin.gain
                rated = self.carried[pin.activity]  # by the rates that were solved for
                known = float(carried[pin.activity])
                corrected = max(known + change, (1.0 - LEEWAY) * rated)
                carried[pin.activity] = corrected = min(corrected, (1.0 + LEEWAY) * rated)
                change = corrected - known
            if pin.bound and abs(change) > largest * pin.bound:
                largest = abs(change) / pin.bound
        return largest

    def _spare_supplies(self, fed: Array, means: Array, carried: Array) -> bool:
        """Take from a header's last tank what it gave beyond the demand; return whether any did.

        The supply makes up what is missing, so a surplus would flow back into it.
        """
        spared = False
        for inlet, (t, draws) in self.map.headers.items():
            linear = self.map.recipes[t].linear
            assert linear is not None
            worth = linear.worth[inlet]
            wanted = float(fed[t] @ linear.demand[inlet][: self.map.n])
            surplus = sum(float(fed[k] @ worth) for k in draws) - wanted
            for k in reversed(draws):
                if surplus > SURPLUS * wanted and carried[k] > 0.0:
                    each = float(means[self.map.sources[k]] @ worth)
                    less = min(surplus / each, float(carried[k]))
                    carried[k] -= less
                    surplus -= less * each
                    spared = True
        return spared

    def _set_shares(self) -> float:
        """Set the compositions of the contents; return their largest move, kg/kg."""
        tanks = self.tank_count
        if not tanks or self.map.n == 1:
            return 0.0
        contents = np.maximum(self.contents, 0.0)  # rounding may leave less than nothing
        level, now = contents.sum(axis=1)[:, None], self.shares[:tanks].copy()
        np.divide(contents, level, out=now, where=level > TINY)
        change = float(np.abs(now - self.shares[:tanks]).max())
        if change > 0.0:
            self.version += 1
            self.shares[:tanks] = now
        return change
