"""The other clock: the same units at constant conditions, every tank giving what it gets."""

from __future__ import annotations

import ctypes
import math
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cached_property, partial
from types import MappingProxyType
from typing import Any, NoReturn, cast

import numpy as np
from numpy.typing import NDArray

from sim.books.ledger import DUST, FLOOR, TOLERANCE, Later, Ledger, Rows
from sim.errors import BalanceError, Named, as_number, gives_each, scalar, told
from sim.flow import arrays, board, rest
from sim.flow.asking import ROUNDING
from sim.flow.map import OVERFLOW, Regime, destination
from sim.flow.members import answer_of
from sim.flow.rest import Flows, Terms
from sim.flow.stale import STANDS
from sim.flow.train import Array, CompiledTrain
from sim.network.chemistry import Reaction
from sim.network.network import Network, Train
from sim.network.unit import UTILITIES, Conditions, refuse_no_conditions
from sim.steady.blank import Blank
from sim.steady.overrun import FULL, Overrun
from sim.steady.wiring import Wiring
from sim.tables import counted

TERMS = Terms()
STEADIED = TERMS._replace(beyond=0.3)
"""Where the pace swings wider and wider: an overshoot by a third is none that dies away soon."""
WILD = 1.5
"""Move of all that is in a stream in a sweep but the first, of the largest stream, from which on it
is not sure that flows have come to rest where a plant that is started does."""
SMALLEST = 1e-15  # kg/kg; to less than a float tells no flows stand
FILLS = 1e-6  # kg/kg; a tank that keeps a larger part of what it gets does not balance by rounding
LAST_DIGITS, SHAKEN = 1e-15, 8
"""Of the largest stream, moves of a component that tell nothing; sweeps that tell them from such as
go on."""
SLOWING = (10, 20, 40), (80, 400, 2000)
"""Sweeps after which a line that does not settle is looked at: whether all it does is slow down, by
what it asks for at any pace, or by what piles up in a loop."""
LET_BLOCK = "or let the tank block"
"""What ends the refusal of a state that a tank that spills would not rest in."""
LOADS = (0.1, 0.3, 0.6, 1.0)
"""Shares of what it can, at which a line is settled on its way up."""


def _listed(uses: Sequence[tuple[str, str, str]], amounts: Array) -> dict[Any, float]:
    """Return the uses of which there is something."""
    return {use: amount for use, amount in zip(uses, amounts.tolist(), strict=True) if amount}


def _over(
    peaks: Mapping[str, float], uses: Mapping[tuple[str, str, str], float], hours: float
) -> dict[str, float]:
    """Return what is used in so many hours beyond each peak, an hour."""
    used = dict.fromkeys(peaks, 0.0)
    for (_, utility, _), amount in uses.items():
        if utility in used:
            used[utility] += amount
    return {name: max(used[name] - peak * hours, 0.0) for name, peak in peaks.items()}


def _extents(
    names: Sequence[str],
    reactions: Sequence[Reaction],
    counts: NDArray[np.int64],
    which: NDArray[np.int64],
    kmol: Array,
) -> dict[tuple[str, Reaction], float]:
    """Return how far each reaction has gone in each member."""
    extents: dict[tuple[str, Reaction], float] = {}
    for m in np.flatnonzero(counts).tolist():
        count = counts[m]
        for r, each in zip(which[m, :count].tolist(), kmol[m, :count].tolist(), strict=True):
            key = (names[m], reactions[r])
            extents[key] = extents.get(key, 0.0) + each
    return extents


class SteadyState:
    """A network at rest in its flows: solved once, scaled to any length of time.

    ``network.pacer`` names the train whose feed sets the scale; trains upstream of it deliver what
    it draws, trains downstream take what they get, and the whole line slows down to what its
    smallest member can do, or a utility of limited capacity. A tank that gives a second feed is
    filled on demand, too; of several at one inlet the last, as the supply of a header. Flows that
    do not settle are a BalanceError.

    ``like``: a state of the same wiring, by whose recipes units draw until they are asked. So they
    need not be asked without what they draw; last digits depend on it, so that states to be
    compared are given the same one.

    ``ordered``: trains that in time bring no more than is ordered, so that what they fill does not
    spill. Any other runs as fast as it can, and a tank that spills holds nobody back: where one
    stands ahead of who can take no more, there is no such state, which is a BalanceError. So is
    gas that a train collects which stands: in time it goes elsewhere.
    """

    def __init__(
        self,
        network: Network,
        surroundings: Mapping[str, float],
        like: SteadyState | None = None,
        *,
        ordered: Collection[str] = (),
    ) -> None:
        given: tuple[object, object] = (network, surroundings)
        if not isinstance(given[0], Network):
            raise TypeError(f"steady state: expected a Network, came {told(network)}")
        refuse_no_conditions("surroundings of a steady state", given[1])
        if not isinstance(cast(object, like), SteadyState | None):
            raise TypeError(f"steady state: expected like as a SteadyState, came {told(like)}")
        if isinstance(ordered, str) or not gives_each(ordered):
            raise TypeError(
                f"steady state: expected ordered as names of trains, came {told(ordered)}"
            )
        for name in ordered:
            network.train_named(name)
        if not network.pacer:
            trains = ", ".join(train.name for train in network.trains)
            raise ValueError(
                f"expected a pacer, the train that a steady state is scaled by, came none: "
                f"Network(..., pacer=...), one of {trains}"
            )
        self.network = network
        self.surroundings = MappingProxyType(
            {name: scalar(value) for name, value in surroundings.items()}
        )
        if "at rest" not in network.shape:
            network.shape.setdefault("at rest", Wiring.of(network))
        self.wiring: Wiring = network.shape["at rest"]
        self.units = [*map(network.units.__getitem__, self.wiring.members)]
        from sim.flow import native

        self.loops = native.at_rest()
        self.terms = TERMS
        compiled = Blank.of(self.wiring, network, True).feels <= surroundings.keys()
        known = None
        if like is not None and like.wiring is self.wiring and like.compiled is compiled:
            known = like.now.recipe
        self._begin(compiled=compiled, known=known)
        self._settle()
        if words := self._astray() or self._overrun(frozenset(ordered)):
            raise BalanceError(words)

    def __repr__(self) -> str:
        trains = counted(len(self.network.trains), "train")
        return f"<SteadyState of {trains}, bottleneck {self.bottleneck}>"

    def __reduce__(self) -> NoReturn:
        """Refuse to be copied or to travel: its loops know where its numbers are."""
        raise TypeError(
            "a SteadyState is neither copied nor pickled: take its ledger, or solve its network "
            "anew where it is needed"
        )

    # ---- what it came to -----------------------------------------------------------------------

    def ledger(self, hours: float) -> Ledger:
        """Return the books of so many hours in this state, every balance closed.

        One that does not close is a BalanceError, as where a tank gets more than can be drawn from
        it, or a unit leaks or gives less than nothing.
        """
        hours = as_number("steady state: expected hours as", hours, 0.0)
        wiring = self.wiring
        worst = self._book(hours)
        booked = self._of("booked").copy()
        uses = Later(partial(_listed, self.blank.uses, self._of("used").copy()))
        ledger = Ledger(
            self.network.components,
            hours,
            Rows(wiring.headings, booked),
            uses,
            Later(self._extents()),
            wiring.empty,
            wiring.empty,
            wiring.units,
            known=self.network.accounts(),
            over=Later(partial(_over, self.network.peaks, uses, hours)),
        )
        if not (worst <= TOLERANCE and booked.min(initial=0.0) >= 0.0):
            self._check_splits()
            self._enforce(ledger)
        if hours and self._blocked() and (filling := self._filling(ledger)):
            raise BalanceError(f"{self._limited()}: {filling}")
        ledger.knows(worst)
        return ledger

    def refine(self, tolerance: float) -> None:
        """Ask every unit anew until no flow between trains moves by more than this, kg/kg.

        Books close with any recipes; duties are exact only for the flows they were asked for. Moves
        are relative to the largest flow of each component; relative to what is in a stream itself
        they may be a hundred times as large.
        """
        tolerance = as_number("refine: expected tolerance as", tolerance, SMALLEST)
        for stale in ("loads", "utility_loads", "now"):  # states like this one know its recipes
            self.__dict__.pop(stale, None)  # ... by what ``now`` has of them
        self._of("step")[:] = 0
        own = TERMS.own / TERMS.settled * tolerance
        code = self._run(
            self.terms._replace(settled=tolerance, own=own, jitter=tolerance, contracting=0.0)
        )
        if code != rest.SETTLED:
            moved, before = (float(self.now.moves[i]) for i in (rest.MOVED, rest.BEFORE))
            raise BalanceError(
                f"the steady state cannot be refined to {tolerance:g} in "
                f"{self.now.step[rest.SWEEP]} sweeps: flows still move by {moved:.1e} of "
                f"themselves, by {moved / before if before else 1.0:.3g} of what they moved the "
                "sweep before, "
                f"{self._restless()}"
            )

    @property
    def activity(self) -> dict[str, float]:
        """Main feed of each train, kg/h."""
        kg = zip(self.wiring.names, self._of("activity").tolist(), strict=True)
        return Named(kg, "train")

    @cached_property
    def loads(self) -> dict[str, float]:
        """Share of its capacity at which each train runs, 1."""
        slots = self.blank.slots
        activities, full = (self.reals[slots[name]].tolist() for name in ("activity", "full"))
        told = zip(self.wiring.names, activities, full, strict=True)
        loads = {name: activity / (limit or math.inf) for name, activity, limit in told}
        for train in self.network.trains:  # one that can do nothing does all that it can
            if not loads[train.name] and any(
                self.network.units[name].largest == 0.0 for name in train.members
            ):
                loads[train.name] = 1.0
        return loads

    @cached_property
    def utility_loads(self) -> dict[str, float]:
        """Share of its capacity that is used of each limited utility, 1."""
        if not self.network.utilities:
            return {}
        needed = dict.fromkeys(UTILITIES, 0.0)
        for (_, utility, _), amount in self._uses().items():
            needed[utility] += amount
        return {
            name: needed[name] / most if most else math.inf if needed[name] > 0.0 else 0.0
            for name, most in self.network.utilities.items()
        }

    def _uses(self) -> dict[tuple[str, str, str], float]:
        """Return what is used of utilities, an hour."""
        self._book(1.0)
        return _listed(self.blank.uses, self._of("used"))

    @property
    def bottleneck(self) -> str:
        """The train that runs nearest to its capacity, or the utility that is."""
        loads = {**self.utility_loads, **self.loads} if self.network.utilities else self.loads
        return max(loads, key=loads.__getitem__)

    def _book(self, hours: float) -> float:
        """Write what so many hours come to; return the worst relative error of the balances."""
        return float(self.loops.book(self.row, hours, ROUNDING, DUST, FLOOR))

    def _extents(self) -> Callable[[], dict[tuple[str, Reaction], float]]:
        """Return what tells how far reactions have gone in the hours that were booked last."""
        blank, kmol = self.blank, self._of("made_of").copy()
        counts, which = blank.flows.conversions, blank.flows.reaction
        if "conversions" in blank.places:  # they belong to this state alone
            counts, which = self.now.conversions.copy(), self.now.reaction.copy()
        return partial(_extents, self.wiring.members, blank.reactions, counts, which, kmol)

    def _enforce(self, ledger: Ledger) -> None:
        try:
            ledger.certificate().enforce()
        except BalanceError as fault:
            raise BalanceError(f"{self._limited()}: {self._filling(ledger) or fault}") from None

    def _limited(self, by: str = "") -> str:
        """Return at what this state is at its limit, in words."""
        slowest = by or self.bottleneck
        train = slowest in self.activity
        most = self.activity[slowest] if train else self.network.utilities[slowest]
        return (
            f"steady state with {'train' if train else 'utility'} {slowest!r} at its limit of "
            f"{most:g} {'kg/h' if train else 'an hour'}"
        )

    def _blocked(self) -> set[str]:
        """Return the tanks that would spill here, but block what feeds them when they are full."""
        tanks, spilled = self.network.tanks, self._of("spilled")
        return {
            name
            for name, kg in zip(self.wiring.tanks, spilled, strict=True)
            if name in self.network.spills and tanks[name].when_full == "block" and kg.any()
        }

    def _filling(self, ledger: Ledger) -> str:
        """Return which tank keeps most of what it gets, in words; nothing if none keeps any."""
        gets, gives = (dict.fromkeys(self.wiring.tanks, 0.0) for _ in range(2))
        blocked = self._blocked()
        for entry, kg in ledger.flows.items():
            if entry.cause == OVERFLOW and entry.source in blocked:
                continue
            for tank, rates in ((entry.sink, gets), (entry.source, gives)):
                if tank in rates:
                    rates[tank] += float(kg.sum()) / ledger.hours
        tank = max(gets, key=lambda each: gets[each] - gives[each], default="")
        if not tank or gets[tank] - gives[tank] <= FILLS * gets[tank]:
            return ""
        return (
            f"tank {tank!r} gets {gets[tank]:g} kg/h, gives {gives[tank]:g} and would fill, which "
            "blocks what feeds it"
        )

    # ---- how it settles ------------------------------------------------------------------------

    def _begin(self, *, compiled: bool, known: Array | None = None) -> None:
        """Put nothing everywhere, and learn the parameters; ``compiled``: physics that can be.

        ``known``: recipes that units draw by until they are asked.
        """
        network, wiring = self.network, self.wiring
        self.compiled, self.known = compiled, known
        self.blank = blank = Blank.of(wiring, network, compiled)
        self.fault: BaseException | None = None
        """What a unit in Python has raised."""
        self.steps: dict[int, Sequence[tuple[Reaction, int]]] = {}
        """Conversions of units in Python, by member: reactions and key components."""
        self.words: NDArray[np.int64] = blank.begun(network, self.surroundings, self.units, known)
        self.reals = self.words.view(float)
        self.row = blank.row + blank.moving * board.address(self.words)
        self.__dict__.pop("now", None)
        answers = [(m, arrays.ANSWER(partial(self._answer, m))) for m in blank.asked]
        self.answers = [answer for _, answer in answers]  # to be kept as long as they are called
        for m, answer in answers:
            self.now.address[m] = cast(int, ctypes.cast(answer, ctypes.c_void_p).value)

    def _of(self, name: str) -> NDArray[Any]:
        """Return one of the flows."""
        return self.blank.flow(name, self.words)

    @cached_property
    def now(self) -> Flows:
        """All of the flows."""
        return Flows(*[self._of(name) for name in Flows._fields])

    def _set_conversions(self, m: int, steps: Sequence[tuple[Reaction, int]]) -> None:
        """Write which reactions a member's conversions are; each with its key component.

        Raises _TooNarrow where the tables have no room for them.
        """
        count, now = len(steps), self.now
        new = dict.fromkeys(each for each, _ in steps if each not in self.blank.reactions)
        if new or count > now.key.shape[1]:
            raise _TooNarrow(tuple(new), count)
        now.conversions[m] = count
        now.reaction[m, :count] = [self.blank.reactions.index(each) for each, _ in steps]
        now.key[m, :count] = [key for _, key in steps]

    def _answer(self, m: int, *_: Any) -> None:
        """Answer for a unit in Python; what it raises is told when the loops have come back."""
        if self.fault is None:
            try:
                self._ask(m)
            except BaseException as fault:
                self.fault = fault
                self.now.recipe[m] = math.nan

    def _ask(self, m: int) -> None:
        """Ask a unit for its recipe and write it as a row."""
        now, wiring, first = self.now, self.wiring, self.wiring.layout.inlet_first
        flows = now.inlet[first[m] : first[m + 1]].tolist()
        here = Conditions(float(now.at[0]), self.surroundings)
        row, steps, _ = answer_of(
            *(wiring.members[m], self.units[m], wiring.drawing[m]),
            *(flows, here, self.network.components),
        )
        if steps != self.steps.get(m, ()):
            self._set_conversions(m, steps)
            self.steps[m] = steps
        now.recipe[m, : len(row)] = row

    def _check_splits(self) -> None:
        """Raise ValueError where a recipe gives an outlet less than nothing."""
        if self.now.recipe.ravel()[self.blank.splits].min() >= -ROUNDING:
            return
        n = self.now.stream.shape[1]
        for m, (name, unit) in enumerate(zip(self.wiring.members, self.units, strict=True)):
            splits = self.now.recipe[m, : self.blank.draws[m]].reshape(-1, n)
            for port, split in zip(unit.outlets, splits.tolist(), strict=True):
                if min(split) < -ROUNDING:
                    component = self.network.components.names[split.index(min(split))]
                    raise ValueError(
                        f"{name}: its recipe splits {min(split):g} kg/kg of {component} to {port!r}"
                    )

    def _settle(self) -> None:
        """Ask the units and let the flows follow, until these stand; then close them.

        A line that slows down to next to nothing, where units no longer have numbers for what they
        get, is told by what slows it down.
        """
        try:
            self._come_to_rest()
        except (ArithmeticError, ValueError, BalanceError) as fault:
            for looks in SLOWING:
                if words := self._slowing(looks):
                    raise BalanceError(words) from fault
            raise

    def _come_to_rest(self) -> None:
        """Settle the flows, from other beginnings where they do not from the first."""
        code = self._run(TERMS, anew=True)
        if self.blank.plain and not np.isfinite(self._of("recipe")).all():
            code = rest.NO_NUMBER
        if code == rest.NO_NUMBER and self.blank.plain:
            self._begin(compiled=False)  # which tells what is wrong
            code = self._run(TERMS, anew=True)
        wildest = self.blank.slots["moves"].start + rest.WILDEST
        wild = code == rest.SETTLED and self.reals[wildest] > WILD
        if wild or code == rest.UNSETTLED:
            code = self._raise_load()
        if code == rest.UNSETTLED and not wild:
            self._begin(compiled=self.compiled)
            self.terms = STEADIED
            code = self._run(self.terms, anew=True)
        if wild and code != rest.SETTLED:  # there is no way there but the one found first
            self._begin(compiled=self.compiled)
            code = self._run(TERMS, anew=True)
        if code == rest.UNCLOSED:
            if self._rounds():
                return
            code = self._raise_load()  # they go to and fro between two states, and rest in one
        if code == rest.SETTLED:
            return
        if code == rest.UNBOUNDED:
            self._refuse_endless()
        moved = self.now.moves[rest.MOVED]
        if code == rest.NO_UTILITY:
            utility = max(self.utility_loads, key=self.utility_loads.__getitem__)
            raise ValueError(f"there is no {utility}, and the steady state needs some")
        if code == rest.UNCLOSED:
            if self._rounds():
                return
            raise BalanceError(
                "the flows of the steady state do not close with the recipes held, "
                f"{self._restless(held=True)}"
            )
        raise BalanceError(
            f"the steady state does not settle in {self.now.step[rest.SWEEP]} sweeps: "
            f"flows still move by {moved:.1e} of themselves, {self._restless()}"
        )

    def _raise_load(self) -> int:
        """Settle at little load, where all units do their best, and follow it up to the whole.

        A loop may rest in more than one state: where a column gets little of what it should send
        back, it sends back what it should not, and gets less. A plant that is started comes from
        tanks full of what is bought, and so does this; flows that were thrown about may have come
        to rest in the other state.
        """
        self._begin(compiled=self.compiled)
        code = rest.SETTLED
        for load in LOADS:
            if code == rest.SETTLED:
                self.now.step[:] = 0
                code = self._run(TERMS._replace(load=load), anew=load == LOADS[0])
        return code

    def relief(self, limit: str, tank: str = "") -> str:
        """Return that a train or a utility at its limit holds nobody back in time, in words.

        Constant conditions have no word for a tank that spills what its train cannot take, or
        what one farther down cannot; by default it is the train's own.
        """
        what = f"utilities.{limit}"
        if limit not in self.network.utilities:
            train = self.network.train_named(limit)
            tank, what = tank or train.feed, f"{self._narrowest(train)}.capacity"
        return (
            f"{self._limited(limit)}: tank {tank!r} spills what it is too small for, so that the "
            f"line runs on in time, and would be held back here; raise {what}, {LET_BLOCK}"
        )

    def _astray(self) -> str:
        """Return which collected gas goes elsewhere in time, as who collects it stands, in words.

        Constant conditions lead it through all the same.
        """
        stands = (self._of("activity") <= STANDS * self._of("nominal")).tolist()
        standing = {name for name, one in zip(self.wiring.names, stands, strict=True) if one}
        if all(standing.isdisjoint(hosts) for hosts in self.wiring.ways.hosts.values()):
            return ""
        network, guests = self.network, self.network.guests()
        streams = self._of("stream")[self.wiring.layout.torn].sum(axis=1)
        for outlet, flows in zip(self.wiring.torn, streams > STANDS * streams.max(), strict=True):
            host = network.train_of(guests[outlet].partition(".")[0]) if outlet in guests else None
            if flows and host and host.name in standing:
                return (
                    f"steady state: train {host.name!r} stands, so that what it collects of "
                    f"{outlet!r} goes to {network.pipes[outlet].otherwise!r} in time; feed the "
                    "train, or lead the outlet there"
                )
        return ""

    def _narrowest(self, train: Train) -> str:
        """Return the member of a train that is loaded most."""
        members, main = self.wiring.members, self._of("main").tolist()
        limit = self._of("limit").tolist()

        def load(name: str) -> float:
            m = members.index(name)
            return main[m] / limit[m] if limit[m] > 0.0 else math.inf

        return max(train.members, key=load)

    def _overrun(self, ordered: Collection[str]) -> str:
        """Return which tank would spill in time what this state holds back, in words."""
        network, ways = self.network, self.wiring.ways
        spilling = [name for name, tank in network.tanks.items() if tank.when_full == "spill"]
        if not any(ways.takers.get(name) for name in spilling):
            return ""
        scarce = self._users_of_scarce()
        full = {name: name for name, load in self.loads.items() if load >= FULL}
        full |= {users[0]: utility for utility, users in scarce.items() if len(users) == 1}
        runs = self.activity
        spare = [
            name for name in runs if runs[name] > 0.0 and name not in (full.keys() | {*ordered})
        ]
        streams = self._of("stream")[self.wiring.layout.torn].sum(axis=1).tolist()
        kg = dict(zip(self.wiring.torn, streams, strict=True))
        fills = dict[tuple[str, str], float]()
        for outlet, train, tank in ways.fills:
            if kg[outlet] > 0.0:
                fills[train, tank] = fills.get((train, tank), 0.0) + kg[outlet]
        blocking = network.tanks.keys() - {*spilling}
        found = Overrun(ways, blocking, fills, full, scarce).spilling(spilling, spare)
        return self.relief(found[1], found[0]) if found else ""

    def _users_of_scarce(self) -> dict[str, list[str]]:
        """Return the trains that use each utility of which there is no more."""
        scarce = [name for name, load in self.utility_loads.items() if load >= FULL]
        if not scarce:
            return {}
        used = [(unit, what) for (unit, what, _), kg in self._uses().items() if kg > 0.0]
        return {
            utility: list(dict.fromkeys(
                self.network.train_of(unit).name for unit, what in used if what == utility
            ))
            for utility in scarce
        }  # fmt: skip

    def _slowing(self, looks: Sequence[int]) -> str:
        """Return what slows the line down at these looks, in words; nothing if nothing does."""
        pacer, paces, limits = self.network.pacer, [math.inf], set[str]()
        for sweeps in looks:
            self._begin(compiled=self.compiled)
            self.__dict__.pop("loads", None)
            self.__dict__.pop("utility_loads", None)
            try:
                code = self._run(TERMS._replace(sweeps=sweeps, most=sweeps), anew=True)
            except (ArithmeticError, ValueError):  # of a unit, which is told already
                return ""
            paces.append(self.activity[pacer])
            limits.add(self.bottleneck)
            if code != rest.UNSETTLED or not paces[-1] < 0.95 * paces[-2] or len(limits) > 1:
                return ""
        if limits == {pacer}:
            narrow = self._narrowest(self.network.train_named(pacer))
            if narrow == self.network.train_named(pacer).members[0]:
                return ""
            return (
                f"steady state with {narrow!r} at its capacity of "
                f"{self.network.units[narrow].largest:g} kg/h: more comes to it however slowly "
                f"{pacer!r} runs, so there is no such state; raise it, or lower what does not fall "
                "with the pace of the line"
            )
        if limits <= self.network.relieved:
            return self.relief(*limits)
        what = "needed" if limits <= self.network.utilities.keys() else "asked of it"
        return (
            f"{self._limited()}: more is {what} however slowly {pacer!r} runs, so there is no such "
            "state; raise that limit, lower what does not fall with the pace of the line, or "
            "let out what piles up in a loop"
        )

    def _refuse_endless(self) -> NoReturn:
        """Raise a ValueError for a train without a capacity."""
        first = self.wiring.layout.member_first
        for t, train in enumerate(self.wiring.trains):
            if min(unit.largest for unit in self.units[first[t] : first[t + 1]]) == math.inf:
                raise ValueError(f"train {train.name!r}: no member has a finite capacity")
        raise AssertionError

    def _restless(self, *, held: bool = False) -> str:
        """Return which flow moves most, and round which loop of trains, after one more sweep."""
        if not self.wiring.torn:
            return "most of all what a unit draws, which hangs on what it draws"
        before, flows = self._one_more(held=held)
        with np.errstate(all="ignore"):  # flows of next to nothing, or beyond all numbers
            moves = np.abs(flows - before) / np.maximum(flows.max(axis=0), np.finfo(float).tiny)
        s, i = np.unravel_index(moves.argmax(), moves.shape)
        stream, component = self.wiring.torn[s], self.network.components.names[i]
        loop = _loop(self.network, self.wiring.trains, stream)
        words = f"round the loop of {' -> '.join(loop)}" if loop else "which is in no loop"
        return f"most of all {component} in {stream}, {words}"

    def _rounds(self) -> bool:
        """Whether all that still moves with the recipes held are last digits of larger flows.

        As of a component that a loop uses up: what comes back of it is left of a difference. Or of
        one that comes with the little that a header's tanks lack: that goes to and fro by last
        digits of all that is asked for, where what creeps goes on.
        """
        stands = np.zeros(len(self.network.components), dtype=bool)
        first, largest = self.now.stream[self.wiring.layout.torn], np.zeros(len(stands))
        for sweep in range(SHAKEN):
            before, flows = self._one_more(held=True)
            moves = np.abs(flows - before).max(axis=0)
            if sweep == 0:
                stands = moves <= TERMS.unclosed * self.now.stream.max(axis=0)
            if stands.all():
                return True
            largest = np.maximum(largest, moves)
        gone_on = np.abs(flows - first).max(axis=0)
        digits = largest <= LAST_DIGITS * self.now.stream.sum(axis=1).max()
        return bool((stands | (digits & (gone_on <= 0.5 * SHAKEN * largest))).all())

    def _one_more(self, *, held: bool) -> tuple[Array, Array]:
        """Return the torn streams before and after one more sweep, kg/h."""
        now, torn = self.now, self.wiring.layout.torn
        before = now.stream[torn]
        now.step[rest.HELD] = held
        rest.advance(self.wiring.layout, now)  # none follows a demand: what moves, moves by itself
        return before, now.stream[torn]

    def _run(self, terms: Terms, *, anew: bool = False) -> int:
        """Let the loops run until they settle, or know that they do not."""
        code: int = self.loops.settle(self.row, terms, anew)
        while isinstance(self.fault, _TooNarrow):
            blank = self.blank.wider(self.fault.reactions, self.fault.conversions)
            self.network.shape[blank.name] = blank
            self._begin(compiled=self.compiled, known=self.known)
            code = self.loops.settle(self.row, terms, True)
        if self.fault is not None:
            raise self.fault
        if self.blank.asked and np.isnan(self.now.recipe[self.blank.asked, 0]).any():
            raise KeyboardInterrupt  # nobody has come to answer
        return code


class _TooNarrow(Exception):
    """Conversions of a unit in Python for which there is no room yet."""

    def __init__(self, reactions: tuple[Reaction, ...], conversions: int) -> None:
        self.reactions, self.conversions = reactions, conversions


def _loop(network: Network, trains: Sequence[CompiledTrain], stream: str) -> list[str]:
    """Return the trains of the shortest loop through a stream, from the one that gives it."""
    owner = {member: train.name for train in trains for member in train.train.members}
    takers = {train.train.feed: train.name for train in trains}
    for train in trains:
        for entry in train.entries:
            takers.setdefault(entry.source, train.name)
    guests = network.guests()

    def onward(outlet: str) -> str | None:
        to = destination(network, outlet, Regime())
        return owner.get(to.partition(".")[0]) if outlet in guests else takers.get(to)

    first = owner[stream.partition(".")[0]]
    start = onward(stream)
    paths = [[start]] if start else []
    seen = {start}
    while paths:
        path = paths.pop(0)
        if path[-1] == first:
            return [first, *path]
        for outlet in network.pipes:
            after = onward(outlet) if owner[outlet.partition(".")[0]] == path[-1] else None
            if after and after not in seen:
                seen.add(after)
                paths.append([*path, after])
    return []
