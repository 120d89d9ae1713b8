"""What a plant holds and how much flows: contents, statuses, recipes and rates at an hour.

``FlowState`` knows no clock. Whoever keeps one says what hour it is: it advances at the rates that
hold, and settles what holds from then on.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from sim.books.ledger import Ledger
from sim.flow.blending import Blender, Pin
from sim.flow.map import FlowMap, Regime, refuse_phantom_loops, write_ledger
from sim.flow.rates import EMPTY, FREE, FULL, RateProblem, Settled
from sim.network.network import Network

RATE_TOLERANCE = 5e-3  # relative move of an activity that asks for new recipes
WORTH_PINNING = 0.05  # kg/kg; what feeds a FULL tank less than this does not hold its level
SLIGHT = 1e-2  # of capacity; at less a train is as good as standing, its recipe need not be fine
GUEST_TOLERANCE = 2e-2  # relative move of gas collected from another train
GUEST_TRACE = 1e-5  # kg/kg of the train's feed; a smaller move of collected gas is none

Try = tuple[float, float]  # activity that a recipe was evaluated at, and the rate that came of it
PLAIN_STEPS = 4  # before the tries are used as a bracket
REMEMBERED = 8  # tries; what other trains did has moved the older ones
WIDE = 1.2  # ends of a bracket that is halved, high over low
LOPSIDED = 20.0  # gaps at its ends, one over the other, for which regula falsi would crawl


def pins(
    problem: RateProblem, statuses: Sequence[str], heel: Sequence[float], capacity: Sequence[float]
) -> list[Pin]:
    """Return the tanks at a bound, each with the least important activity it limits.

    An activity that two tanks limit is corrected for the first, or they would push it to and fro.
    """
    pins: list[Pin] = []
    taken: set[int] = set()
    carried = problem.blender.carried
    for j, status in enumerate(statuses):
        if status == FREE:
            continue
        if status == FULL and problem.spills[j]:
            pins.append(Pin(j, -1, capacity[j], -1.0))
            continue
        gains = dict(problem.gain[j])
        for k in reversed(problem.order):
            gain = gains.get(k, 0.0)
            if status == EMPTY:
                limited = problem.map.activities[k].source == j and gain != 0.0
            else:
                limited = gain > WORTH_PINNING
            if limited and carried[k] > 0.0:
                bound = heel[j] if status == EMPTY else capacity[j]
                if k not in taken:
                    pins.append(Pin(j, k, bound, gain))
                    taken.add(k)
                break
    return pins


def fixed_point(at: float, came: float, tries: list[Try]) -> float | None:
    """Return where to evaluate a train whose rate swings as its recipe answers, else None.

    Its recipe was evaluated ``at`` an activity, and the rate ``came`` of it, kg/h; ``tries`` grows.

    Recipe and rate answer each other. Where they overshoot, a secant step finds the activity at
    which the rate is what the recipe was evaluated for; where it crawls, the tries so far bracket
    that activity: the bracket is halved by its geometric mean, or cut by regula falsi when narrow,
    unless that has moved the same end twice.
    """
    if abs(came - at) <= RATE_TOLERANCE * at:
        return None  # its rate stands; what it draws or collects has moved
    tries.append((at, came))
    if len(tries) > PLAIN_STEPS:
        found = _bracketed(tries[-REMEMBERED:])
        if found is not None:
            return found
    if len(tries) == 1:
        return None
    last_at, last_came = tries[-2]
    gap, last_gap = came - at, last_came - last_at
    if gap * last_gap >= 0.0:
        return None
    return at - gap * (at - last_at) / (gap - last_gap)


def _bracketed(tries: list[Try]) -> float | None:
    low, gain = max((x for x in tries if x[1] > x[0]), default=(0.0, 0.0))
    high, loss = min((x for x in tries if x[1] < x[0]), default=(0.0, 0.0))
    if not 0.0 < low < high:
        return None
    over, under = gain - low, high - loss
    (x, y), (last_x, last_y) = tries[-1], tries[-2]
    crawls = (y - x) * (last_y - last_x) > 0.0  # twice the same end: on a curve the other stays
    if crawls or high > WIDE * low or over > LOPSIDED * under or under > LOPSIDED * over:
        return math.sqrt(low * high)
    return low + (high - low) * over / (over + under)


def stale_trains(flow_map: FlowMap, activity: Sequence[float]) -> set[int]:
    """Return the trains whose recipes hold no longer."""
    stale = set()
    dependent = flow_map.rate_dependent
    for t, recipes in enumerate(flow_map.recipes):
        rate = activity[t]
        if not rate:
            continue
        slight = SLIGHT * recipes.capacity
        at = recipes.activity
        away = abs(rate - at) > RATE_TOLERANCE * (at if at > slight else slight)
        otherwise = recipes.stale or (away and dependent[t])
        if otherwise or (rate >= slight and _fed_otherwise(flow_map, t, activity)):
            stale.add(t)
    return stale


def _fed_otherwise(flow_map: FlowMap, t: int, activity: Sequence[float]) -> bool:
    """Whether what headers and collected gas bring to a train has moved."""
    recipes, rate = flow_map.recipes[t], activity[t]
    for k, then in zip(flow_map.of_train[t][1:], recipes.header_rates, strict=True):
        if abs(activity[k] / rate - then) > RATE_TOLERANCE * max(then, 1e-3):
            return True
    if not recipes.guest_rates:
        return False
    now = flow_map.guest_rates(t, activity)
    for kg, then in zip(now, recipes.guest_rates, strict=True):
        moved = abs(kg - then)
        if moved > GUEST_TOLERANCE * max(kg, then) and moved > GUEST_TRACE * rate:
            return True
    return False


def diverted_trains(flow_map: FlowMap, activity: Sequence[float]) -> list[tuple[int, Regime]]:
    """Return the trains whose collected gas changes its way, with their new regime."""
    moved = []
    for t, hosts in flow_map.hosted:
        regime = flow_map.regime[t]
        stands = any(not activity[host] for host in hosts)
        if stands != regime.diverted:
            moved.append((t, regime._replace(diverted=stands)))
    return moved


RATE_PASSES = 20
SHARE_TOLERANCE = 4e-3  # move of a feed composition that asks for new recipes, kg/kg
SHARE_HOURS = 4e-2  # the same times the hours since the recipes were evaluated, kg/kg h
CALMEST, KEENEST = 240.0, 0.02  # longest and shortest time between two blends, h
BLEND_MOVE = 5e-3  # move of a composition between two blends that is aimed at, kg/kg


class FlowState:
    """Contents of the tanks, recipes of the trains, and the rates between them.

    ``surroundings`` are the named conditions at an hour of the run; ``blend_move`` is the ``move``
    of `sim.flow.blending.Blender`, kg/kg.
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

        Every train may run at a fraction of its capacity, 0 for one that is held. Returns the
        trains whose recipes were evaluated anew; recipes and rates that swing without end are a
        RuntimeError.
        """
        before = self.rates
        self.advance(now)
        if now >= self.next_blend:
            self._blend(now)
        anew: set[int] = set()
        stale: set[int] = set()
        tried: dict[int, list[Try]] = {}
        for _pass in range(RATE_PASSES):
            capacities = [
                fraction * recipes.capacity if fraction else 0.0
                for fraction, recipes in zip(fractions, self.map.recipes, strict=True)
            ]
            self.rates = self.problem.solve(self.status, capacities)
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

    def ledger(self, hours: float) -> Ledger:
        """Return the books of all the hours since the start."""
        blender = self.blender
        spilled, opening, held = (
            dict(zip(self.tank_names, kg.copy(), strict=True))
            for kg in (blender.spill_book, blender.opening, blender.contents)
        )
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
