"""What a plant holds and how much flows: contents, statuses, recipes and rates at an hour.

``FlowState`` knows no clock. Whoever keeps one says what hour it is: it advances at the rates that
hold, and settles what holds from then on.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Collection, Container, Iterable, Mapping
from types import MappingProxyType
from typing import Any

import numpy as np

from sim.books.ledger import Ledger
from sim.errors import BalanceError
from sim.flow import board, course
from sim.flow.arrays import EMPTY, FREE, FULL, STAYS, Stock
from sim.flow.counts import CHANGED, LAID, LASTS, MEETS, PASSED, STAGE, STRUCTURE, WHO
from sim.flow.map import OVERFLOW, SPILL, FlowMap, Regime, nominal_activity, write_ledger
from sim.flow.members import SHORT, Asking
from sim.flow.rates import RateProblem, Settled
from sim.flow.stale import STANDS
from sim.flow.train import Array, CompiledTrain
from sim.network.network import Network
from sim.network.unit import refuse_no_conditions


def diverted_trains(flow_map: FlowMap, activity: Array) -> list[tuple[int, Regime]]:
    """Return the trains whose collected gas changes its way, with their new regime."""
    moved = []
    capacities = flow_map.questions.capacities
    stand = (activity[: len(capacities)] <= STANDS * capacities).tolist()
    kept = flow_map.questions.hosted[:, 2].tolist()
    for (t, hosts), way in zip(flow_map.hosted, kept, strict=True):
        regime = flow_map.regime[t]
        stands = way == STAYS or any(stand[host] for host in hosts)
        if stands != regime.diverted:
            moved.append((t, regime._replace(diverted=stands)))
    return moved


BRIEF = 2.0
"""Of the mean time between events that cut an interval short. As long as few intervals are longer
than that, what is then given too early or too late is made up for after the event: a year's
indicators move by less than 1e-4 between 0.25 and 3."""
YOUNG = 0.25  # of the hours so far: the most that counts as brief where little has happened yet
ROUNDING = 1e-13  # of a tank's capacity; what it holds less than nothing, but no more than that
FRUITLESS = 3
"""Times that a train's gas is diverted in one settlement before it stays so until the next: who
collects it would stand with the gas, and run without it."""
SHORTER = 10
"""Times that what does not settle is looked for over a quarter of the interval. In a loop of empty
tanks more may come back than what it comes of, as where an evaporator has hardly anything left to
boil off; the shorter the interval, the more decides what a tank holds."""
MOST_PASSES = course.RATE_PASSES + SHORTER * (course.RATE_PASSES - course.FREE_PASSES)
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
        from sim.flow import native  # the compiler is imported where something runs

        native.intervals_beside()
        self.surroundings = surroundings
        self.tolerance = tolerance
        self.map = FlowMap(network, tolerance)
        self.train_names = [train.name for train in network.trains]
        self.tank_names = list(network.tanks)
        tanks = list(network.tanks.values())
        self.capacity = [float(tank.capacity) for tank in tanks]
        self.heel = [tank.heel * tank.capacity for tank in tanks]
        level = [max(tank.initial_level, tank.heel) * tank.capacity for tank in tanks]
        shares = np.array([network.contents[name] for name in network.tanks], dtype=float)
        shares = shares.reshape(-1, self.map.n)
        held = shares * np.array(level, dtype=float).reshape(-1, 1)
        self.opening = held.copy()
        self.stock = Stock(
            held=held,
            shares=np.vstack([shares, self.map.supply_shares]),
            level=np.array(level, dtype=float),
            fed=np.zeros((len(self.map.activities), self.map.n)),
            lost=np.zeros((len(self.map.activities), self.map.n)),
            spilled=np.zeros(held.shape),
            excess=np.zeros(held.shape),
            below=np.zeros(held.shape),
            over=np.zeros(len(network.peaks)),
        )
        """As of ``since``."""
        self.problem = RateProblem(self.map, tanks)
        self.problem.plan.mean[:] = self.stock.shares
        self.problem.plan.status[:] = [
            FULL if kg >= top else EMPTY if kg <= heel else FREE
            for kg, top, heel in zip(level, self.capacity, self.heel, strict=True)
        ]
        self._read()
        self.hour = self.since = 0.0
        self.until = 0.0
        """When the interval ends that began at ``since``, unless something happens before, h."""
        self.intervals = self._cuts = 0
        self._lacking: set[Asking] = set()
        """What asks the units of whose reactions some took what did not come."""
        for train in self.map.trains:
            train.asking.lacking = self._lacking
        self._diverted: Counter[int] = Counter()
        """How often the gas of each train has been diverted in this settlement."""
        self._news = True
        # numbers one by one, which these views give and take twice as fast as arrays do
        kept = self.map.course
        self._counts = kept.counts.data
        self._fractions: Any = kept.fractions.data
        self._changed = kept.changed.data
        self._doing, self._address = native.doing()
        self._pack()
        self._do(course.LIST)
        self.feel(self.conditions(self.hour))
        for t in self.map.flush_order:
            self._ask(t)
        self.map.course.full[:] = self.map.questions.capacities

    def _pack(self) -> None:
        """Write down where all arrays are."""
        flow_map, problem = self.map, self.problem
        parts = (
            problem.layout, problem.plan, self.stock, flow_map.effects, flow_map.questions,
            flow_map.paths, flow_map.course, flow_map.boards,
        )  # fmt: skip
        self._board = np.array([n for part in parts for n in board.packed(part)], dtype=np.int64)
        self._where = self._board.ctypes.data

    def _do(
        self, what: int, t: int = 0, brief: float = 0.0, hours: float = -1.0, reached: int = -1
    ) -> int:
        """Do one thing of `sim.flow.course`; return its code."""
        code: int = self._doing(
            what, self._where, t, self.tolerance, brief, hours, reached, self._address
        )
        return code

    def _do_on(
        self, stock: Stock, what: int, hours: float = -1.0, trains: board.Trains | None = None
    ) -> None:
        """Do one thing on arrays of other stocks, or of other trains too, than one's own."""
        plant = self._board.copy()
        plant[board.STOCK : board.EFFECTS] = board.packed(stock)
        if trains is not None:
            plant[board.TRAINS :] = board.packed(trains)
        self._doing(what, plant.ctypes.data, 0, self.tolerance, 0.0, hours, -1, self._address)

    def conditions(self, hour: float) -> Mapping[str, float]:
        """Return the surroundings of an hour; a TypeError if they are no conditions by name."""
        felt = self.surroundings(hour)
        refuse_no_conditions(f"surroundings at hour {hour:g}", felt)
        return felt

    def feel(self, felt: Mapping[str, float]) -> None:
        """Let all units feel these surroundings, until they are told of others."""
        shown = MappingProxyType(dict(felt))  # no unit changes what the others feel
        for t, train in enumerate(self.map.trains):
            train.asking.tell(shown, self.map.regime[t].cause)

    def _ask(self, t: int) -> None:
        """Ask train ``t`` where it runs, outside of a settlement."""
        self.map.course.at[t] = self.map.course.gas_at[t] = 0.0
        while self._do(course.ASK, t) == course.TROUBLE:
            self._mend()

    def _mend(self) -> None:
        """Raise what is wrong with the recipes of a train, or mend it."""
        _, _, t, what, *_ = self.map.course.counts.tolist()
        self.map.trains[t].asking.refuse(what)
        self.map.pack(t)

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

    def meets(self) -> tuple[int, float]:
        """Return the tank that ends the interval at a bound, and that bound, kg; -1 for none."""
        tank = int(self.rates.ends[MEETS])
        bounds = self.capacity if tank < 0 or self.rates.growth[tank] > 0.0 else self.heel
        return tank, bounds[tank] if tank >= 0 else 0.0

    def end(self, now: float) -> None:
        """End the interval at an hour: contents and books are carried to it."""
        hours, reached = self._ended(now)
        if hours < 0.0:
            return
        if self._do(course.CLOSE, hours=hours, reached=reached) == course.NONSENSE:
            self._refuse_nonsense()

    def _ended(self, now: float) -> tuple[float, int]:
        """Note that the interval ends at an hour; return what `elapse.end` wants to know of it.

        The hours that it has lasted are below 0 where there was none.
        """
        over = self._over(now)
        if now <= self.since and not over:
            return -1.0, -1
        hours, reached = now - self.since, -1
        if over:
            hours, reached = self.rates.ends[LASTS], int(self.rates.ends[MEETS])
        self.since, self.hour, self.until = now, now, math.inf
        self._news = True
        if not self.intervals:
            return -1.0, -1
        self._cuts += not over
        return hours, reached

    def replace(self, t: int, train: CompiledTrain) -> None:
        """Let another train take the place of one that has the same ports; what flows is booked.

        One that could do nothing has not been asked, for it stood: it is let run to be asked.
        """
        self.map.replace(t, train)
        train.asking.lacking = self._lacking
        capacities, full = self.map.questions.capacities, self.map.course.full
        if capacities[t] == 0.0 or full[t] == 0.0:
            capacities[t] = full[t] = nominal_activity(train)
            self._moved[t] = True

    def allow(self, t: int, fraction: float) -> None:
        """Let train ``t`` run at a fraction of its capacity, 0 for one that is held."""
        if self._fractions[t] != fraction:
            self._fractions[t] = fraction
            self._moved[t] = True
            self._news = True

    def settle(self, now: float) -> list[int]:
        """Find what holds from an hour on: recipes, rates, statuses, the length of the interval.

        Returns the trains whose recipes were evaluated anew, or whose rate, or what limits it, has
        changed; recipes and rates that swing without end are a RuntimeError.
        """
        if not (self._news or self._over(now)):
            self.advance(now)
            return []
        counts = self._counts
        moved = counts[STRUCTURE] != counts[LAID]
        if moved:
            self.end(now)  # on its own, for its terms are asked for after it
        hours, reached = self._ended(now)
        if moved:
            self._lay_out()
        if self._diverted:
            self._diverted.clear()
            ways = self.map.questions.hosted[:, 2]
            np.minimum(ways, 1, out=ways)
        counts[STAGE] = course.BEGINS
        share = BRIEF / (1.0 + self._cuts)
        brief = self.hour * (share if share < YOUNG else YOUNG)
        shorter = 0
        do, where, address = self._doing, self._where, self._address
        while code := do(course.SETTLE, where, 0, self.tolerance, brief, hours, reached, address):
            if code == course.UNSETTLED and shorter < SHORTER:
                shorter += 1
                self._shorten()
            else:
                self._help(code)
            if counts[STRUCTURE] != counts[LAID]:
                self._lay_out()
        self.until = now + self.rates.ends[LASTS]
        self.intervals += 1
        self._news = False
        if self._lacking:
            self._refuse_lacks()
        changed: list[int] = self._changed[: counts[CHANGED]].tolist()
        return changed

    def _refuse_lacks(self) -> None:
        """Raise BalanceError where a unit takes what does not come to it, at the rates that hold.

        What it was asked for on the way to them is nobody's.
        """
        trains = self.map.trains
        self._lacking.intersection_update(each.asking for each in trains if each.asking.lacks)
        hours = min(1.0, self.until - self.hour)
        for t, streams in self.map.passed(self.passed(hours)[0]):
            train = trains[t]
            for m, lack in train.asking.lacks.items():
                name, unit = train.members[m]
                places = [train.position[f"{name}.{port}"] for port in unit.outlets]
                left = float(streams[places, lack.component].sum())
                if left < -SHORT * hours * lack.takes:
                    component = self.map.network.components.names[lack.component]
                    raise BalanceError(f"{name}: {lack.told(component, self.hour)}")

    def _read(self) -> None:
        """Have the plan that there is now be the one that is read, and told what moves."""
        self.rates = Settled(self.problem.plan)
        self._moved: Any = self.problem.plan.moved.data

    def _lay_out(self) -> None:
        """List all terms anew, for other tanks are reached than when that was done last."""
        self.problem.lay_out()
        self._board[: board.STOCK] = self.problem.laid.packed
        self._read()
        self._do(course.LIST)

    def _shorten(self) -> None:
        """Let recipes and rates be looked for again, over a quarter of the interval."""
        self._counts[PASSED] = course.FREE_PASSES
        self.map.course.tried[:] = 0
        self.map.course.gases[:] = 0
        self.map.course.lengths[1] *= 0.25

    def _help(self, code: int) -> None:
        """Do what a settlement leaves to Python."""
        if code == course.NONSENSE:
            self._refuse_nonsense()
        elif code == course.TROUBLE:
            self._mend()
        elif code == course.UNTRIED:
            t = int(self.map.course.counts[WHO])
            if self.map.trains[t].asking.stumbles():
                self._mend()
                self.map.questions.stale[t] = True
        elif code == course.UNDECIDED:
            self.problem.undecided()
        elif code == course.TURNS:
            turned = diverted_trains(self.map, self.problem.plan.rate)
            self._book({*np.flatnonzero(self.map.questions.anew).tolist(), *(t for t, _ in turned)})
            for t, regime in turned:
                self._set_regime(t, regime)
            self._keep_diverted(t for t, regime in turned if regime.diverted)
            self._ask_for({t for t, regime in turned if not regime.diverted})
        elif code == course.UNSETTLED:
            names = ", ".join(self.train_names[t] for t in np.flatnonzero(self.map.questions.anew))
            raise RuntimeError(
                f"recipes of {names} and their rates do not settle in "
                f"{MOST_PASSES} passes at t = {self.hour:g} h{self._why_unsettled()}"
            )

    def _why_unsettled(self) -> str:
        network = self.map.network
        if not (network.shares and network.utilities):
            return f"; at another tolerance than {self.tolerance:g} they may"
        return (
            "; a unit that gives a limited utility at one rate and uses it at another may do so "
            "beside `shares`: lift the limit, or leave its train out of them"
        )

    def _ask_for(self, back: Container[int]) -> None:
        """Let who collects the gas of trains again be asked for it first.

        What such a train answered without gas tells nothing of it.
        """
        for t, hosts in self.map.hosted:
            if t in back:
                self.map.questions.anew[hosts] = True
                self._counts[STAGE] = course.COMES_BACK

    def _keep_diverted(self, trains: Iterable[int]) -> None:
        """Let gas that has been diverted in vain too often stay so until the next settlement."""
        self._diverted.update(trains)
        for h, (t, _) in enumerate(self.map.hosted):
            if self._diverted[t] >= FRUITLESS and self.map.regime[t].diverted:
                self.map.questions.hosted[h, 2] = STAYS

    def _set_regime(self, t: int, regime: Regime) -> None:
        if self.map.set_regime(t, regime):
            self._do(course.REFRESH, t)

    def _book(self, trains: Collection[int]) -> None:
        """Write what some trains have carried into the books."""
        wanted = self.map.course.wanted
        wanted[:] = False
        wanted[list(trains)] = True
        self._do(course.BOOK)

    def book(self, now: float) -> None:
        """End the interval at an hour and write all that has passed into the books."""
        self.end(now)
        self._book(range(len(self.map.books)))

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
        plan, k = self.problem.plan, self.map.utilities[utility]
        plan.limit[k], plan.moved[k] = most, True
        self._news = True

    def news(self) -> None:
        """Note that something has changed that rates and recipes depend on."""
        self._news = True

    def ledger(self, now: float) -> Ledger:
        """Return the books of all the hours from the start to an hour; nothing is changed by it."""
        stock = self._stock_at(now)
        books = [book.copy() for book in self.map.books]
        self.map.course.wanted[:] = True
        self._do_on(stock, course.BOOK, trains=self.map.under(books))
        least = np.minimum(stock.below, stock.held)
        rounding = ROUNDING * np.reshape(self.capacity, (-1, 1))
        named = [
            dict(zip(self.tank_names, kg, strict=True))
            for kg in (
                stock.excess,
                stock.spilled - stock.excess,
                self.opening.copy(),
                stock.held,
                np.where(least < -rounding, least, 0.0),
            )
        ]
        spilled = {OVERFLOW: named[0], SPILL: named[1]}
        opening, held, below = named[2:]
        over = dict(zip(self.map.network.peaks, stock.over.tolist(), strict=True))
        return write_ledger(self.map.network, books, spilled, opening, held, below, over, now)

    def contents(self, now: float, tank: int) -> Array:
        """Return what a tank holds at an hour, kg by component; nothing is changed by it."""
        contents: Array = self._stock_at(now).held[tank]
        return contents

    def _stock_at(self, now: float) -> Stock:
        """Return what is held and has passed at an hour of this interval, in arrays of its own."""
        stock = Stock(*(array.copy() for array in self.stock))
        if now > self.since:
            self._carry(stock, self.lasted(now))
        return stock

    def lasted(self, now: float) -> float:
        """Return how long the interval has lasted, h: its length, but for rounding, where over."""
        return self.rates.ends[LASTS] if self._over(now) else now - self.since

    def passed(self, hours: float) -> tuple[Array, Array, Array]:
        """Return what activities are fed and tanks spill in so many hours from ``since`` on, kg.

        And what of that is excess. By component, as it is booked where the interval ends after
        these; nothing is changed by it.
        """
        kept = self.stock
        fed, spilled, excess = map(np.zeros_like, (kept.fed, kept.spilled, kept.excess))
        mine = {"held": kept.held.copy(), "over": kept.over.copy(), "lost": np.zeros_like(fed)}
        stock = kept._replace(fed=fed, spilled=spilled, excess=excess, **mine)
        self._carry(stock, hours)
        return fed, spilled, excess

    def _carry(self, stock: Stock, hours: float) -> None:
        """Carry a stock over so many hours of this interval; nothing else is changed by it."""
        plan = self.problem.plan
        mean = plan.mean.copy()
        self._do_on(stock, course.CARRY, hours)
        plan.mean[:] = mean

    def _over(self, now: float) -> bool:
        """Whether the interval has had its length; clocks tell the time but for rounding."""
        return now >= self.until - 4.0 * math.ulp(now)

    def _reroute(self, now: float, t: int, regime: Regime) -> None:
        """Change where train ``t`` leads or books what it carries, from an hour on."""
        runs = self.rates.rate[t] > 0.0
        if runs:
            self.end(now)
        self._book({t})
        self._set_regime(t, regime)
        self._news = True

    def _refuse_nonsense(self) -> None:
        wrong = [
            name
            for name, kg in zip(self.tank_names, self.stock.held, strict=True)
            if not np.isfinite(kg).all()
        ]
        raise FloatingPointError(
            f"t = {self.hour:g} h: the contents of {', '.join(wrong)} are no numbers any more"
        )
