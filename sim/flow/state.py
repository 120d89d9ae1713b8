"""What a plant holds and how much flows: contents, statuses, recipes and rates at an hour.

``FlowState`` knows no clock. Whoever keeps one says what hour it is: it advances at the rates that
hold, and settles what holds from then on.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from sim.books.ledger import Ledger
from sim.flow import core, loops
from sim.flow.core import Stock
from sim.flow.map import NORMAL, OVERFLOW, SPILL, FlowMap, Regime, write_ledger
from sim.flow.rates import EMPTY, FREE, FULL, RateProblem, Settled
from sim.flow.train import Array
from sim.network.network import Network

RATE_STANDS = 1e-6  # relative move of a rate below which a recipe need not look for it

Try = tuple[float, float]  # activity that a recipe was evaluated at, and the rate that came of it
PLAIN_STEPS = 4  # before the tries are used as a bracket
REMEMBERED = 8  # tries; what other trains did has moved the older ones
WIDE = 1.2  # ends of a bracket that is halved, high over low
LOPSIDED = 20.0  # gaps at its ends, one over the other, for which regula falsi would crawl


def fixed_point(at: float, came: float, tries: list[Try]) -> float | None:
    """Return where to evaluate a train whose rate swings as its recipe answers, else None.

    Its recipe was evaluated ``at`` an activity, and the rate ``came`` of it, kg/h; ``tries`` grows.

    Recipe and rate answer each other. Where they overshoot, a secant step finds the activity at
    which the rate is what the recipe was evaluated for; where it crawls, the tries so far bracket
    that activity: the bracket is halved by its geometric mean, or cut by regula falsi when narrow,
    unless that has moved the same end twice.
    """
    if abs(came - at) <= RATE_STANDS * at:
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


def diverted_trains(flow_map: FlowMap, activity: Sequence[float]) -> list[tuple[int, Regime]]:
    """Return the trains whose collected gas changes its way, with their new regime."""
    moved = []
    for t, hosts in flow_map.hosted:
        regime = flow_map.regime[t]
        stands = any(not activity[host] for host in hosts)
        if stands != regime.diverted:
            moved.append((t, regime._replace(diverted=stands)))
    return moved


BRIEF = 0.25  # of the mean time between events that cut an interval short
RATE_PASSES, FREE_PASSES = 40, 3
TOLERANCE = 1e-3  # of what a recipe answers, relative, by component and outlet


class FlowState:
    """Contents of the tanks, recipes of the trains, and the rates between them.

    Parameters
    ----------
    surroundings : callable
        The named conditions at an hour of the run.
    tolerance : float
        By how much what a recipe answers may be off, relative, by component and outlet, before it
        is asked anew; the compositions of tanks are followed as finely.
    """

    def __init__(
        self,
        network: Network,
        surroundings: Callable[[float], Mapping[str, float]],
        tolerance: float = TOLERANCE,
    ) -> None:
        loops.compile_loops()
        self.surroundings = surroundings
        self.tolerance = tolerance
        self.map = FlowMap(network, tolerance)
        self.train_names = [train.name for train in network.trains]
        self.tank_names = list(network.tanks)
        tanks = list(network.tanks.values())
        self.capacity = [tank.capacity for tank in tanks]
        self.heel = [tank.heel * tank.capacity for tank in tanks]
        level = [max(tank.initial_level, tank.heel) * tank.capacity for tank in tanks]
        shares = np.array([network.contents[name] for name in network.tanks])
        shares = shares.reshape(-1, self.map.n)
        held = shares * np.array(level).reshape(-1, 1)
        self.opening = held.copy()
        self.stock = Stock(
            held=held,
            shares=np.vstack([shares, self.map.supply_shares]),
            level=np.array(level),
            fed=np.zeros((len(self.map.activities), self.map.n)),
            spilled=np.zeros(held.shape),
        )
        """As of ``since``."""
        self.excess = np.zeros(held.shape)
        """What has overflown while those that draw on the tank ran as usual, kg; see `SPILL`."""
        self.drawers = [self._drawers(tank) for tank in range(len(tanks))]
        """Trains that draw on each tank."""
        self.problem = RateProblem(self.map, tanks)
        self.problem.plan.mean[:] = self.stock.shares
        self.problem.plan.status[:] = [
            FULL if kg >= top else EMPTY if kg <= heel else FREE
            for kg, top, heel in zip(level, self.capacity, self.heel, strict=True)
        ]
        self.rates = Settled(self.problem.plan)
        self.hour = self.since = 0.0
        self.until = 0.0
        """When the interval ends that began at ``since``, unless something happens before, h."""
        self.intervals = self._cuts = 0
        self._limits = np.full(len(self.train_names), -1.0)
        self._full = np.zeros(len(self.train_names))  # capacities at full rate, kg/h
        self._news = True
        trains = len(self.train_names)
        self._told, self._told_rate = np.zeros(trains, dtype=np.int64), np.zeros(trains)
        self._changed = np.zeros(trains, dtype=np.bool_)
        for t in self.map.flush_order:
            self._evaluate(t, self.stock.shares)
        self._full[:] = self.map.questions.capacities

    def advance(self, now: float) -> None:
        """Let the levels be those of an hour, at the rates that hold."""
        self.hour = max(self.hour, now)

    def level(self, tank: int) -> float:
        """Return what a tank holds at the hour, kg."""
        level, net = self.stock.level.item(tank), self.problem.plan.net.item(tank)
        return float(level + net * (self.hour - self.since))

    @property
    def levels(self) -> list[float]:
        """What every tank holds at the hour, kg."""
        levels = self.stock.level + self.problem.plan.net * (self.hour - self.since)
        return list(levels.tolist())

    @property
    def status(self) -> list[int]:
        """Of every tank: FREE, EMPTY or FULL."""
        return list(self.problem.plan.status.tolist())

    def reaches(self, tank: int, level: float, *, falling: bool) -> float:
        """Return the hour at which a tank's level gets to one, kg, at the rates that hold."""
        net = self.problem.plan.net.item(tank)
        if net < 0.0 if falling else net > 0.0:
            return float(self.since + max((level - self.stock.level.item(tank)) / net, 0.0))
        return math.inf

    def meets(self) -> tuple[int, float]:
        """Return the tank that ends the interval at a bound, and that bound, kg; -1 for none."""
        tank = int(self.problem.plan.ends[1])
        bounds = self.capacity if tank < 0 or self.rates.net[tank] > 0.0 else self.heel
        return tank, bounds[tank] if tank >= 0 else 0.0

    def end(self, now: float) -> None:
        """End the interval at an hour: contents and books are carried to it."""
        plan, over = self.problem.plan, self._over(now)
        if now <= self.since and not over:
            return
        hours = plan.ends.item(0) if over else now - self.since
        if self.intervals:
            self._cuts += not over
            reached = int(plan.ends.item(1)) if over else -1
            layout, effects = self.problem.layout, self.map.effects
            before = self.stock.spilled.copy() if plan.spill.any() else None
            if not core.end(layout, plan, self.stock, effects, hours, reached):
                self._refuse_nonsense()
            if before is not None:
                self._tell_excess(self.stock.spilled - before, self.excess)
        self.since, self.hour, self.until = now, now, math.inf
        self._news = True

    def settle(self, now: float, fractions: Array) -> set[int]:
        """Find what holds from an hour on: recipes, rates, statuses, the length of the interval.

        Every train may run at a fraction of its capacity, 0 for one that is held. Returns the
        trains whose recipes were evaluated anew; recipes and rates that swing without end are a
        RuntimeError.
        """
        anew: set[int] = set()
        stale: set[int] = set()
        tried: dict[int, list[Try]] = {}
        most = math.inf
        limits = self._limited(fractions)
        if not (self._news or self._over(now) or (limits != self._limits).any()):
            self.advance(now)
            return anew
        self.end(now)
        for _pass in range(RATE_PASSES):
            # an interval whose length goes up and down with what its recipes answer stays short
            asks = self._plan(limits, most if _pass >= FREE_PASSES else math.inf)
            most = self.problem.plan.ends.item(0)
            if not asks:
                break
            activity = self.rates.activity
            stale = set(np.flatnonzero(self.map.questions.anew).tolist())
            diverted = diverted_trains(self.map, activity)
            self.map.flush(self.stock.fed, {*stale, *(t for t, _ in diverted)}, self.map.books)
            for t, regime in diverted:
                self.map.set_regime(t, regime)
            for t in self.map.flush_order:
                if t in stale:
                    tries = tried.setdefault(t, [])
                    at = fixed_point(self.map.recipes[t].activity, activity[t], tries)
                    self._evaluate(t, self.problem.plan.mean, at, again=t in anew)
            anew |= stale
            limits = self._limited(fractions)
        else:
            names = ", ".join(self.train_names[t] for t in stale)
            raise RuntimeError(
                f"recipes of {names} and their rates do not settle in {RATE_PASSES} passes "
                f"at t = {now:g} h"
            )
        self.until = now + float(self.problem.plan.ends[0])
        self.intervals += 1
        self._news = False
        return anew

    def _limited(self, fractions: Array) -> Array:
        """Return the most that each train may run at, kg/h.

        A fraction is one of the capacity at full rate: what passes a unit at any rate, as air that
        leaks in does, is more for each kg of a small one, and would make the capacity smaller yet.
        """
        now, full = self.map.questions.capacities, fractions == 1.0
        self._full[full] = now[full]
        return np.where(full, now, np.minimum(fractions * self._full, now))

    def changed_trains(self) -> list[int]:
        """Return the trains whose rate, or what limits it, is another than at the last call."""
        core.tell(self.problem.plan, self._told, self._told_rate, self._changed)
        return list(np.flatnonzero(self._changed).tolist())

    def book(self, now: float) -> None:
        """End the interval at an hour and write all that has passed into the books."""
        self.end(now)
        self.map.flush(self.stock.fed, range(len(self.map.books)), self.map.books)

    def run_as(self, now: float, t: int, cause: str) -> None:
        """Book the flows of train ``t`` under ``cause`` from an hour on."""
        self._reroute(now, t, self.map.regime[t]._replace(cause=cause))
        self.map.questions.stale[t] = True

    def lead(self, now: float, t: int, outlet: str, to: str) -> bool:
        """Lead an outlet of train ``t`` elsewhere from an hour on; return whether that is new."""
        regime = self.map.regime[t]
        if dict(regime.led).get(outlet, self.map.network.pipes[outlet].to) == to:
            return False
        led = tuple(sorted({**dict(regime.led), outlet: to}.items()))
        self._reroute(now, t, regime._replace(led=led))
        return True

    def limit(self, utility: str, most: float) -> None:
        """Let a utility give no more than a capacity, in its unit an hour."""
        self.problem.plan.limit[self.map.utilities[utility]] = most
        self._news = True

    def news(self) -> None:
        """Note that something has changed that rates and recipes depend on."""
        self._news = True

    def ledger(self, now: float) -> Ledger:
        """Return the books of all the hours from the start to an hour; nothing is changed by it."""
        stock = self._stock_at(now)
        books = [book.copy() for book in self.map.books]
        self.map.flush(stock.fed, range(len(books)), books)
        excess = self.excess.copy()
        self._tell_excess(stock.spilled - self.stock.spilled, excess)
        named = [
            dict(zip(self.tank_names, kg, strict=True))
            for kg in (excess, stock.spilled - excess, stock.held, self.opening.copy())
        ]
        spilled = {OVERFLOW: named[0], SPILL: named[1]}
        return write_ledger(self.map.network, books, spilled, named[3], named[2], now)

    def contents(self, now: float, tank: int) -> Array:
        """Return what a tank holds at an hour, kg by component; nothing is changed by it."""
        contents: Array = self._stock_at(now).held[tank]
        return contents

    def _stock_at(self, now: float) -> Stock:
        """Return what is held and has passed at an hour of this interval, in arrays of its own."""
        stock, plan = Stock(*(array.copy() for array in self.stock)), self.problem.plan
        if now > self.since:
            mean = plan.mean.copy()
            hours = plan.ends.item(0) if self._over(now) else now - self.since
            core.carry(self.problem.layout, plan, stock, self.map.effects, hours)
            plan.mean[:] = mean
        return stock

    def _drawers(self, tank: int) -> list[int]:
        """Return the trains that draw on a tank."""
        activities = self.map.activities
        return sorted({a.train for a in activities if a.source == tank and a.train >= 0})

    def _tell_excess(self, spilled: Array, excess: Array) -> None:
        """Add what tanks have spilled to their excess where who draws on them runs as usual, kg."""
        for tank in np.flatnonzero(spilled.any(axis=1)).tolist():
            if self.drawn_as_usual(tank):
                excess[tank] += spilled[tank]

    def drawn_as_usual(self, tank: int) -> bool:
        """Whether all trains that draw on a tank run as usual, so that what it spills is excess."""
        activity, regime = self.rates.activity, self.map.regime
        return all(activity[t] > 0.0 and regime[t].cause == NORMAL for t in self.drawers[tank])

    def _over(self, now: float) -> bool:
        """Whether the interval has had its length; clocks tell the time but for rounding."""
        return now >= self.until - 4.0 * math.ulp(now)

    def _plan(self, limits: Array, most: float) -> bool:
        """Find rates, means and length of the next interval with the recipes that there are.

        Returns whether these are to be asked anew, or collected gas goes another way.
        """
        self._limits = limits
        self.problem.plan.limit[: len(limits)] = limits
        brief = BRIEF * self.hour / (1.0 + self._cuts)
        asks = self.problem.solve(self.stock, self.tolerance, brief, most)
        plan = self.problem.plan
        self.rates = Settled(plan)
        if plan.ends[2] and not core.finish(self.problem.layout, plan, self.stock, 0.0):
            self._refuse_nonsense()
        return asks

    def _reroute(self, now: float, t: int, regime: Regime) -> None:
        """Change where train ``t`` leads or books what it carries, from an hour on."""
        runs = self.rates.activity[t] > 0.0
        if runs:
            self.end(now)
        self.map.flush(self.stock.fed, {t}, self.map.books)
        self.map.set_regime(t, regime)
        self._news = True

    def _evaluate(
        self, t: int, feeds: Array, at: float | None = None, *, again: bool = False
    ) -> None:
        """Evaluate train ``t`` where it runs, or at another activity, kg/h."""
        activity = self.problem.plan.rate
        if at is not None:
            activity = activity.copy()
            activity[t] = at
        self.map.evaluate(t, feeds, activity, self.surroundings(self.hour), learn=not again)

    def _refuse_nonsense(self) -> None:
        wrong = [
            name
            for name, kg in zip(self.tank_names, self.stock.held, strict=True)
            if not np.isfinite(kg).all()
        ]
        raise FloatingPointError(
            f"t = {self.hour:g} h: the contents of {', '.join(wrong)} are no numbers any more"
        )
