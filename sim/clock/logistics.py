"""Deliveries and collections: rail cars and trucks as SimPy processes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import fsum

from sim.clock.clocks import MASS, Places
from sim.clock.life import Life, need_plant
from sim.clock.plant import Plant
from sim.clock.random_streams import Stream
from sim.errors import as_number, look_up, need_function, need_text, told
from sim.flow.map import NORMAL, OFF_SPEC
from sim.model.tree import fitting
from sim.network.operation import Collection, Delivery, LotControl
from sim.network.schedule import NOT_UNLOADED

DREGS = 0.01  # of capacity, above the heel: a day tank counts as empty
NO_CAR = "no car at the unloading point"
MOST_ORDERS = 10_000  # at one instant: more are a slip, and time would stand still over them
VEHICLE, DONE = "vehicle", "schedule done"  # for whom, and with what, a train waits or is held


class Point(Places):
    """Where the vehicles of a train are unloaded or loaded, one after another, whoever sends them.

    While there is none the train waits; what enters its first unit is metered.
    """

    def __init__(self, plant: Plant, train: str, nobody: str) -> None:
        super().__init__(plant.env)
        self.plant, self.train, self.nobody = plant, train, nobody
        self.cargo = plant.clock(MASS, plant.network.train_named(train).members[0])
        self.senders = 0
        """How many may send a vehicle yet."""
        self.drawing = 0
        """How many draw by chance when."""
        self.loads: list[float] = []
        """Of those that are there, kg; a load counts in full until it is through."""
        self.served = plant.env.event()
        plant.wait(train, VEHICLE, nobody)

    @classmethod
    def of(cls, plant: Plant, train: str, nobody: str) -> Point:
        """Return the point of a train, for one more who sends vehicles."""
        found = plant.points.get(train)
        if found is None:
            found = plant.points[train] = cls(plant, train, nobody)
        assert isinstance(found, cls)
        found.senders += 1
        plant.release(train, DONE)
        return found

    def draws(self, purpose: str) -> Stream:
        """Return random numbers for one more who sends vehicles; those of others stay theirs."""
        self.drawing += 1
        which = f"{purpose} {self.drawing}" if self.drawing > 1 else purpose
        return self.plant.rng(self.train, which)

    def serve(self, load: float) -> Life:
        """Let a vehicle take its turn, until its load is through, kg."""
        plant, train = self.plant, self.train
        self.loads.append(load)
        with self.request() as place:
            yield place
            plant.release(train, VEHICLE)
            yield self.cargo.reaches(load)
            plant.wait(train, VEHICLE, self.nobody)
        self.loads.remove(load)
        self.served.succeed()
        self.served = plant.env.event()

    def done(self) -> None:
        """Let one send no more; after the last the train is done."""
        self.senders -= 1
        if not self.senders:
            self.plant.hold(self.train, DONE, DONE)


def _need_member(what: str, plant: Plant, train: str, unit: str) -> None:
    """Refuse a unit that none of a train's passes."""
    members = plant.network.train_named(train).members
    if plant.network.train_of(unit).name != train:
        raise ValueError(
            f"{what}: expected a unit of train {train!r}, {' or '.join(members)}, came {unit!r}"
        )


def supplied(plant: Plant, tank: str, train: str, unit: str, delivery: Delivery) -> Life:
    """Order a lot whenever stock and orders under way fall to the order point.

    The contents of ``tank`` are the stock. ``train`` unloads into it, and waits while there is no
    car; what enters its ``unit`` is metered until the lot is out. A lot that finds the unloading
    point taken waits; one that finds the tank FULL unloads no faster than the tank is drawn. Each
    of several suppliers of a train goes by its own orders under way.
    """
    need_plant("supplied", plant)
    fitting(f"delivery to {tank!r}", delivery, Delivery)
    look_up("tank", tank, plant.network.tanks)
    _need_member("supplied", plant, train, unit)
    feed = plant.network.train_named(train).feed
    if feed not in plant.network.supplies:
        raise ValueError(f"supplied: {NOT_UNLOADED.format(train, feed)}")
    at_once = (delivery.order_point - plant.level_of(tank)) / delivery.lot
    if at_once > MOST_ORDERS:
        raise ValueError(
            f"delivery to {tank!r}: its order point of {delivery.order_point:g} kg asks for "
            f"{at_once:,.0f} lots of {delivery.lot:g} kg at once: expected {MOST_ORDERS:,} at "
            "most; choose a larger lot or a lower order point"
        )
    point = Point.of(plant, train, NO_CAR)
    draws = point.draws("lead time")
    under_way = 0

    def arriving() -> Life:
        nonlocal under_way
        with plant.expecting(train):
            yield plant.env.timeout(draws.lognormal(delivery.lead_time, delivery.lead_spread))
        plant.say(train, f"{delivery.lot / 1000:g} t arrive")
        with plant.demurrage.stay(train, delivery.free_time):
            yield from point.serve(delivery.lot)
        under_way -= 1

    while True:
        stock = delivery.order_point - under_way * delivery.lot
        # with lots under way it may be less than the heel: then only one that comes counts
        low = plant.mark(tank, stock, falling=True) if under_way else plant.falls_to(tank, stock)
        yield low | point.served
        if low.triggered:
            under_way += 1
            plant.env.process(arriving())
        else:  # the order point has moved back up
            plant.forget(low)


def _need_places_of_lots(
    plant: Plant, outlet: str, tanks: Sequence[str], pumps: Sequence[str], ends: Sequence[str]
) -> None:
    """Refuse day tanks, what fills and empties them, or where lots end, if they are not there."""
    for what, pair in (("tanks", tanks), ("pumps", pumps)):
        if not isinstance(pair, list | tuple) or len(pair) != 2:
            raise TypeError(f"lots: expected two {what} by name, came {told(pair)}")
    for name in tanks:
        look_up("tank", name, plant.network.tanks)
    for name in (outlet, *(f"{pump}.lot" for pump in pumps)):
        look_up("outlet", name, plant.network.pipes)
    for name in ends:
        look_up("tank or sink", name, dict.fromkeys([*plant.network.tanks, *plant.network.sinks]))


def lots(
    plant: Plant,
    outlet: str,
    tanks: tuple[str, str],
    pumps: tuple[str, str],
    released_to: str,
    reworked_to: str,
    control: LotControl,
    below_grade: Callable[[Sequence[float]], float] | None = None,
    below_to: str = "",
    draws: str = "",
) -> Life:
    """Fill two day tanks in turn; analyse, release or rework each lot while the other fills.

    A lot is frozen until its result. While both tanks are taken the train that fills them stands.
    ``outlet`` is the ``unit.outlet`` that fills them; what empties each of them, ``pumps``, is a
    train and its one unit of the same name, whose outlet is called ``lot``. Lots that pass go to
    the tank or sink ``released_to``, the others to ``reworked_to``. ``below_grade``, where given,
    tells from a lot's contents (kg by component) with which chance its analysis finds it below the
    grade; to distil it again would make the same, so it goes to ``below_to``. ``draws`` names the
    random numbers of its analyses, in place of the outlet.
    """
    need_plant("lots", plant)
    need_text("lots", outlet=outlet, released_to=released_to, reworked_to=reworked_to)
    fitting("lots", control, LotControl)
    ends = [released_to, reworked_to, *([] if below_grade is None else [below_to])]
    _need_places_of_lots(plant, outlet, tanks, pumps, ends)
    if below_grade is not None:
        need_function("lots", "contents", below_grade=below_grade)
    filler = plant.network.train_of(outlet.partition(".")[0]).name
    verdicts, readings = (plant.rng(draws or outlet, each) for each in ("verdict", "reading"))
    empty = [True, True]
    emptied = plant.env.event()

    def chance_below(contents: Sequence[float]) -> float:
        if below_grade is None:
            return 0.0
        return as_number("lots: expected below_grade to return", below_grade(contents), 0.0, 1.0)

    def analysed(i: int) -> Life:
        nonlocal emptied
        tank = plant.network.tanks[tanks[i]]
        with plant.expecting(pumps[i]):
            yield plant.env.timeout(control.analysis_time)
        passes, reading = verdicts.uniform() >= control.failing, readings.uniform()
        to = released_to if passes else reworked_to
        if reading < chance_below(plant.contents_of(tanks[i])):
            plant.say("laboratory", f"lot in {tanks[i]} is below the grade, sold as such")
            to = below_to
        elif not passes:
            plant.say("laboratory", f"lot in {tanks[i]} failed, reworked")
        plant.lead(f"{pumps[i]}.lot", to)
        plant.run_usually_as(pumps[i], NORMAL if to == released_to else OFF_SPEC)
        plant.release(pumps[i], "lot")
        yield plant.falls_to(tanks[i], (tank.heel + DREGS) * tank.capacity)
        plant.wait(pumps[i], "lot", "no released lot")
        empty[i] = True
        emptied.succeed()
        emptied = plant.env.event()

    for pump in pumps:
        plant.wait(pump, "lot", "no released lot")
    filling, empty[1] = 0, False  # the other tank holds a lot of last year
    plant.env.process(analysed(1))
    while True:
        plant.lead(outlet, tanks[filling])
        tank = plant.network.tanks[tanks[filling]]
        yield plant.rises_to(tanks[filling], control.lot_level * tank.capacity)
        empty[filling] = False
        plant.env.process(analysed(filling))
        filling = 1 - filling
        if not empty[filling]:
            plant.wait(filler, "day tanks", "both day tanks taken")
            while not empty[filling]:
                yield emptied
            plant.release(filler, "day tanks")


def collected(plant: Plant, tank: str, train: str, unit: str, collection: Collection) -> Life:
    """Send trucks at their intervals while the tank holds enough; each loads its fill in turn.

    ``train`` loads them from ``tank``, and waits while there is no truck; what enters its ``unit``
    is metered until the truck is full. What trucks on the yard are to load, whoever sent them,
    counts as gone, so that none is sent for it again while the place is taken or the train stands.
    """
    need_plant("collected", plant)
    fitting(f"collection from {tank!r}", collection, Collection)
    enough = collection.call_level * look_up("tank", tank, plant.network.tanks).capacity
    _need_member("collected", plant, train, unit)
    feed = plant.network.train_named(train).feed
    if feed != tank:
        raise ValueError(f"collected: train {train!r} loads from {feed!r}, not from tank {tank!r}")
    point = Point.of(plant, train, "no truck")
    draws = point.draws("interval")

    def loading() -> Life:
        with plant.demurrage.stay(train, collection.free_time):
            yield from point.serve(collection.load)

    while True:
        with plant.expecting(train):
            yield plant.env.timeout(draws.lognormal(collection.interval, collection.spread))
        while plant.level_of(tank) < (least := enough + fsum(point.loads)):
            high = plant.mark(tank, least, falling=False)
            yield high | point.served
            if high.triggered:
                break
            plant.forget(high)
        plant.env.process(loading())
