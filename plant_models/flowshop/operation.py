"""The shop at work: an endless schedule, a life for every vessel, and the cleaning between."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import count
from typing import Any

from plant_models.flowshop.plant import PRODUCTS, VESSELS, WHO
from plant_models.flowshop.shop import WHEN_EMPTY, Shop, check
from plant_models.flowshop.wiring import (
    AFTER,
    CHARGES,
    RESIDUE,
    REUSES,
    RINSE_TANK,
    RINSES,
    SEWER,
    network,
    tank_of,
)
from plant_models.model import Running
from sim import MASS, Life, Network, Outages, Plant, RandomStreams, Recorder, failure_lives
from sim.clock.redesign import redesign
from sim.network.operation import CALENDAR

EVENT_SOURCES = ("failures", "chance")
"""What ``without`` may name; ``events`` stands for both."""

OF_EVENTS = (
    "spread",
    "spoils_after",
    "start_up_hours",
    "start_up_fraction",
    "repair_crews",
    "initial_level",
)
"""Parameters that a year without failures and chance does not know, besides those of failures."""

AT_WORK, CLEANED, EMPTY, HELD = "at work", "being cleaned", "empty", "holds a batch"
"""What a vessel does, as its state is told."""

LAST = len(VESSELS)

SPARE = 1.01  # of a charge that the rinse tank must hold for it, for a pump meters to rounding


class Batch:
    """A batch on its way.

    Attributes
    ----------
    ready : list of event
        It may be taken over by vessel 0, 1, ..., and, last, by the customers.
    gone : list of event
        It has left vessel 0, 1, ...
    lost : bool
        It was spoilt, and has gone to the incinerator.
    """

    def __init__(self, plant: Plant, product: str, first: bool) -> None:
        self.product, self.first = product, first
        self.ready = [plant.env.event() for _ in range(LAST + 1)]
        self.gone = [plant.env.event() for _ in VESSELS]
        self.shipped = plant.env.event()
        self.lost = False


class Floor(Plant):
    """The shop under a clock.

    ``shop``: may be exchanged for another one; what has begun goes on as it began. ``chance``:
    whether steps take longer now and shorter then.
    """

    def __init__(
        self,
        shop: Shop,
        built: Network,
        streams: RandomStreams,
        *,
        chance: bool = True,
        recorder: Recorder | None = None,
    ) -> None:
        crews = shop.site.repair_crews
        super().__init__(built, lambda hour: {}, streams, crews=crews, recorder=recorder)
        self.shop, self.chance = shop, chance
        self.batches: dict[int, Batch] = {}
        self.planned = ("", 0)  # product of the last campaign, batches planned so far
        self.charging_now = 0
        self.meters = {unit: self.clock(MASS, unit) for unit in (*CHARGES, *RINSES, *REUSES)}
        for name in self.train_names:
            self.wait(name, WHO, EMPTY if name in VESSELS else "not asked for")
        for v in range(LAST):
            self.env.process(self._life(v))
        self.env.process(self._shipping())

    def batch(self, k: int) -> Batch:
        """Return a batch of the schedule, planned by campaigns when it is first asked for."""
        names = PRODUCTS.names
        while k >= self.planned[1]:
            last, planned = self.planned
            product = names[(names.index(last) + 1) % len(names)] if last else names[0]
            ends = planned + self.shop.schedule.in_a_row
            for n in range(planned, ends):
                self.batches[n] = Batch(self, product, first=n == planned)
            self.planned = product, ends
        return self.batches[k]

    def _life(self, v: int) -> Life:
        """Take over each batch, keep it for its time, hold it until it is gone, and be cleaned."""
        name = VESSELS[v]
        timer, draws = self.clock(CALENDAR, name), self.rng(name, "step")
        holds = ""
        for k in count():
            batch = self.batch(k)
            if v == 0:
                yield from self._turn(k)
            yield batch.ready[v]
            vessel = self.shop.vessels[name]
            by_chance = draws.lognormal(1.0, vessel.spread)
            if not batch.lost:
                yield from self._take_over(v, k)
                holds = batch.product
                hours = vessel.hours(holds) * (by_chance if self.chance else 1.0)
                until = self.env.now + hours
                self.wait(name, WHO, AT_WORK)
                with self.expecting():
                    yield timer.reaches(hours)
                if self.env.now - until > vessel.spoils_after:
                    yield from self._lose(v, batch)
                else:
                    self.wait(name, WHO, HELD)
            batch.ready[v + 1].succeed()
            if not batch.lost:
                yield batch.gone[v]
            if holds and self.batch(k + 1).product != holds:
                yield from self._drain(v, batch)
                yield from self._clean(v)
                holds = ""
            self.wait(name, WHO, EMPTY)

    def _turn(self, k: int) -> Life:
        """Let a batch begin when the schedule says so."""
        batch = self.batch(k)
        if k and batch.first and self.shop.schedule.next_campaign == WHEN_EMPTY:
            yield self.batch(k - 1).shipped
        batch.ready[0].succeed()

    def _shipping(self) -> Life:
        for k in count():
            batch = self.batch(k)
            yield batch.ready[LAST]
            if not batch.lost:
                yield from self._take_over(LAST, k)
            batch.shipped.succeed()
            self.batches.pop(k - 1, None)  # who waits for the shipment of k has it in hand

    def _take_over(self, v: int, k: int) -> Iterator[Any]:
        """Move a batch into vessel ``v``: from the store, or all that the vessel before lets go."""
        batch, cleaning = self.batch(k), self.shop.cleaning
        amount = self.shop.batches.of(batch.product)
        if v == 0:
            yield from self._metered(f"charge_{batch.product}", amount)
            return
        before = VESSELS[v - 1]
        if batch.first:
            self.book()  # it is mixed with what was left of the rinse water before any of it leaves
        yield from self._emptied(before, cleaning.film(amount))
        batch.gone[v - 1].succeed()

    def _lose(self, v: int, batch: Batch) -> Iterator[Any]:
        self.say(VESSELS[v], f"a batch of {batch.product} is spoilt")
        batch.lost = True
        film = self.shop.cleaning.film(self.shop.batches.of(batch.product))
        yield from self._emptied(VESSELS[v], film, RESIDUE)

    def _drain(self, v: int, batch: Batch) -> Iterator[Any]:
        """Let the film run down, and send it after the batch if that is still in the next vessel.

        It holds up this vessel alone: the next one has begun.
        """
        hours = self.shop.cleaning.drain_hours
        if batch.lost or hours <= 0.0:
            return
        self.wait(VESSELS[v], WHO, "drains")
        with self.expecting():
            yield self.env.timeout(hours)
        if v + 1 == LAST or not batch.ready[v + 2].triggered:
            film = self.shop.cleaning.film(self.shop.batches.of(batch.product), hours)
            yield from self._emptied(VESSELS[v], film)

    def _clean(self, v: int) -> Iterator[Any]:
        name, cleaning = VESSELS[v], self.shop.cleaning
        for charge in range(cleaning.charges):
            self.wait(name, WHO, CLEANED)
            self.book()  # the water is mixed with what clings, not with what has left
            used = cleaning.reuse and charge == 0 and self._kept(cleaning.water)
            yield from self._metered(f"{'reuse' if used else 'rinse'}_{name}", cleaning.water)
            with self.expecting():
                yield self.env.timeout(cleaning.hours)
            keep = cleaning.reuse and charge == cleaning.charges - 1
            self.book()
            yield from self._emptied(name, cleaning.left, RINSE_TANK if keep else SEWER)
        self.book()

    def _kept(self, water: float) -> bool:
        """Return whether the rinse tank has a charge that nobody else is taking."""
        heel = self.shop.rinse_tank.heel * self.shop.rinse_tank.capacity
        return self.level_of(RINSE_TANK) - heel >= SPARE * water * (1 + self.charging_now)

    def _metered(self, unit: str, amount: float) -> Iterator[Any]:
        """Pump so much, kg."""
        taking = unit in REUSES
        self.charging_now += taking
        metered = self.meters[unit].reaches(amount)
        self.release(unit, WHO)
        yield metered
        self.wait(unit, WHO, "not asked for")
        self.charging_now -= taking

    def _emptied(self, vessel: str, level: float, to: str | None = None) -> Iterator[Any]:
        """Pump a vessel down to a level, kg, into the next vessel or elsewhere."""
        follows = AFTER[vessel]
        usual = tank_of(follows) if follows in VESSELS else follows
        self.lead(f"{vessel}.moved", to or usual)
        self.release(vessel, WHO)
        yield self.falls_to(tank_of(vessel), level)
        self.wait(vessel, WHO, HELD)


def running(
    shop: Shop,
    streams: RandomStreams,
    *,
    without: Collection[str] = (),
    recorder: Recorder | None = None,
    built: Network | None = None,
) -> Running[Shop]:
    """Return the shop with all its lives started, ready to be rebuilt.

    ``without``: event sources to leave out, see ``EVENT_SOURCES``; ``built``: of the same shop,
    where it has been wired before.
    """
    left_out = EVENT_SOURCES if "events" in without else without
    floor = Floor(
        shop, built or network(shop), streams, chance="chance" not in left_out, recorder=recorder
    )
    outages = Outages(floor)
    if "failures" not in left_out:
        for life in failure_lives(floor, outages):
            floor.env.process(life)

    def change(was: Shop, becomes: Shop) -> None:
        refuse_changes(was, becomes)
        redesign(floor, network(check(becomes)))
        floor.shop = becomes

    return Running(floor, outages, change)


def refuse_changes(was: Shop, becomes: Shop) -> None:
    """Raise ValueError if two designs differ in a tank, which stands fast while the shop works."""
    fast = [
        name for name in ("vessel", "rinse_tank") if getattr(was, name) != getattr(becomes, name)
    ]
    if fast:
        raise ValueError(f"{', '.join(fast)} cannot change while the shop works")


def busy_hours(plant: Plant, vessel: str) -> float:
    """Return the hours in which a vessel was at work on a batch so far, h."""
    return plant.states[vessel].hours_in((AT_WORK,), plant.env.now)
