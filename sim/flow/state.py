"""What a plant holds and how much flows: contents, statuses, recipes and rates at an hour.

``FlowState`` knows no clock. Whoever keeps one says what hour it is: it advances at the rates that
hold, and settles what holds from then on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from sim.books.ledger import Ledger
from sim.flow.blending import Blender
from sim.flow.books import write_ledger
from sim.flow.map import FlowMap
from sim.flow.problem import EMPTY, FREE, FULL, RateProblem, Settled
from sim.flow.staleness import Try, diverted_trains, fixed_point, pins, stale_trains
from sim.network.loops import refuse_phantom_loops
from sim.network.network import Network

RATE_PASSES = 20
SHARE_TOLERANCE = 4e-3  # move of a feed composition that asks for new recipes, kg/kg
SHARE_HOURS = 4e-2  # the same times the hours since the recipes were evaluated, kg/kg h
CALMEST, KEENEST = 240.0, 0.02  # longest and shortest time between two blends, h
BLEND_MOVE = 5e-3  # move of a composition between two blends that is aimed at, kg/kg


class FlowState:
    """Contents of the tanks, recipes of the trains, and the rates between them.

    Parameters
    ----------
    network : Network
    surroundings : callable
        Named conditions at an hour of the run.
    blend_move : float
        Move of a composition between two blends that is aimed at, kg/kg: the error of chains and
        recycles of tanks falls with its square.
    """

    def __init__(
        self,
        network: Network,
        surroundings: Callable[[float], Mapping[str, float]],
        blend_move: float = BLEND_MOVE,
    ) -> None:
        self.surroundings = surroundings
        self.map = FlowMap(network)
        self.blender = Blender(self.map, blend_move)
        self.train_names = [train.name for train in network.trains]
        self.tank_names = list(network.tanks)
        tanks = list(network.tanks.values())
        self.capacity = [tank.capacity for tank in tanks]
        self.heel = [tank.heel * tank.capacity for tank in tanks]
        self.level: list[float] = self.blender.contents.sum(axis=1).tolist()
        self.status = [
            FULL if kg >= top else EMPTY if kg <= heel else FREE
            for kg, top, heel in zip(self.level, self.capacity, self.heel, strict=True)
        ]
        spills = [tank.when_full == "spill" for tank in tanks]
        self.problem = RateProblem(self.map, self.blender, spills)
        nothing = [0.0] * len(tanks)
        idle = [0.0] * len(self.map.activities)
        self.rates = Settled(idle, nothing, nothing, [None] * len(idle))
        self.hour, self.blended, self.next_blend = 0.0, 0.0, KEENEST
        for t in self.map.flush_order:
            self._evaluate(t)
        refuse_phantom_loops(self.map.edges())

    def advance(self, now: float) -> None:
        """Carry levels and totals to an hour at the rates that held."""
        hours = now - self.hour
        if hours <= 0.0:
            return
        self.hour = now
        rates = self.rates
        for totals, flows in (
            (self.blender.carried, rates.flowing),
            (self.level, rates.moving),
            (self.blender.spilled, rates.spilling),
        ):
            for i, rate in flows:
                totals[i] += rate * hours

    def book(self, now: float) -> None:
        """Bring compositions and books up to an hour."""
        self._blend(now)
        self.map.flush(self.blender.fed)

    def settle(self, now: float, fractions: Sequence[float]) -> set[int]:
        """Find what holds from an hour on: recipes, rates, statuses, the next blend.

        Parameters
        ----------
        now : float
        fractions : sequence of float
            Of its capacity that every train may run at, 0 for one that is held.

        Returns
        -------
        set of int
            Trains whose recipes were evaluated anew.

        Raises
        ------
        RuntimeError
            Recipes and rates swing without end.
        """
        before = self.rates
        self.advance(now)
        if now >= self.next_blend:
            self._blend(now)
        anew: set[int] = set()
        stale: set[int] = set()
        tried: dict[int, list[Try]] = {}
        for _pass in range(RATE_PASSES):
            self.rates = self.problem.solve(self.status, self._capacities(fractions))
            activity = self.rates.activity
            stale, diverted = stale_trains(self.map, activity), diverted_trains(self.map, activity)
            if not stale and not diverted:
                break
            self.book(now)
            for t, regime in diverted:
                self.map.set_regime(t, regime)
            for t in self.map.flush_order:
                if t in stale:
                    tries = tried.setdefault(t, [])
                    self._evaluate(t, fixed_point(self.map.recipes[t].activity, activity[t], tries))
            anew |= stale
        else:
            names = ", ".join(self.train_names[t] for t in stale)
            raise RuntimeError(
                f"recipes of {names} and their rates do not settle in {RATE_PASSES} passes "
                f"at t = {now:g} h"
            )
        for j, net in self.rates.moving:
            if (net > 0.0 and self.status[j] == EMPTY) or (net < 0.0 and self.status[j] == FULL):
                self.status[j] = FREE
        if self.rates is not before:
            calm = self.blender.calm(self.rates.activity)
            self.next_blend = min(self.next_blend, now + max(calm, KEENEST))
        return anew

    def run_as(self, now: float, t: int, cause: str) -> None:
        """Book the flows of train ``t`` under ``cause`` from an hour on."""
        self.book(now)
        self.map.set_regime(t, self.map.regime[t]._replace(cause=cause))
        self.map.recipes[t].stale = True

    def lead(self, now: float, t: int, outlet: str, to: str) -> bool:
        """Lead an outlet of train ``t`` elsewhere from an hour on; return whether that is new."""
        regime = self.map.regime[t]
        if dict(regime.led).get(outlet, self.map.network.pipes[outlet].to) == to:
            return False
        self.advance(now)  # what has come by now went the old way
        if any(self.blender.carried[k] or self.blender.fed[k].any() for k in self.map.of_train[t]):
            self.book(now)
        led = tuple(sorted({**dict(regime.led), outlet: to}.items()))
        self.map.set_regime(t, regime._replace(led=led))
        return True

    def forget_recipes(self) -> None:
        """Let all recipes be evaluated anew at the next settlement."""
        for recipes in self.map.recipes:
            recipes.stale = True

    def ledger(self, hours: float) -> Ledger:
        """Return the books of all the hours since the start."""
        blender = self.blender
        spilled = dict(zip(self.tank_names, blender.spill_book, strict=True))
        opening = dict(zip(self.tank_names, blender.opening, strict=True))
        held = dict(zip(self.tank_names, blender.contents, strict=True))
        return write_ledger(self.map.network, self.map.books, spilled, opening, held, hours)

    def _blend(self, now: float) -> None:
        """Bring compositions up to an hour, and mark the recipes that they have outrun."""
        self.advance(now)
        hours = now - self.blended
        if hours <= 0.0:
            return
        self.blended = now
        self.blender.blend(pins(self.problem, self.status, self.heel, self.capacity))
        self.level = self.blender.contents.sum(axis=1).tolist()
        self.next_blend = now + CALMEST
        for t, recipes in enumerate(self.map.recipes):
            if self.rates.activity[t] and not recipes.stale and recipes.shares is not None:
                shares = self.blender.shares[self.map.activities[t].source]
                moved = float(np.abs(shares - recipes.shares).max())
                recipes.stale = (
                    moved > SHARE_TOLERANCE or moved * (now - recipes.hour) > SHARE_HOURS
                )

    def _evaluate(self, t: int, at: float | None = None) -> None:
        """Evaluate train ``t`` where it runs, or at another activity, kg/h."""
        now = self.hour
        activity = self.rates.activity
        if at is not None:
            activity = [*activity[:t], at, *activity[t + 1 :]]
        self.map.evaluate(t, self.blender.shares, activity, self.surroundings(now), now)

    def _capacities(self, fractions: Sequence[float]) -> list[float]:
        return [
            fraction * recipes.capacity if fraction else 0.0
            for fraction, recipes in zip(fractions, self.map.recipes, strict=True)
        ]
