"""Deliveries, collections, lots: order point, lead time, one place, full tanks, demurrage."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, ClassVar

import pytest

from plant_models.benchmarks.flows import periodic_deliveries
from plant_models.benchmarks.measure import Meter
from plant_models.benchmarks.units import MATERIAL, Machine
from sim.clock.life import Life, Outages
from sim.clock.logistics import collected, lots, supplied
from sim.clock.plant import Plant
from sim.clock.random_streams import RandomStreams
from sim.clock.recorder import Recorder
from sim.errors import Gridlock
from sim.flow.map import NORMAL, OFF_SPEC, START_UP
from sim.network.network import Network, Pipe, Tank, Train
from sim.network.operation import Collection, Delivery, LotControl
from sim.network.unit import Conditions, Recipe, Stream, Unit

ORDER = Delivery(order_point=10.0, lot=20.0, lead_time=5.0, lead_spread=0.0)
TRUCKS = Collection(call_level=0.5, interval=2.0, spread=0.0, load=8.0)


def depot(draw: float, level: float, capacity: float = 100.0) -> Plant:
    """Return a tank that cars fill and a machine draws from."""
    network = Network(
        components=MATERIAL,
        units={"pump": Machine(capacity=10.0), "user": Machine(capacity=draw)},
        tanks={"tank": Tank(capacity=capacity, heel=0.0, initial_level=level / capacity)},
        contents={"tank": (1.0,)},
        supplies={"cars": (1.0,)},
        sinks={"customers": "product"},
        trains=(Train("unloading", "cars", ("pump",)), Train("using", "tank", ("user",))),
        pipes={"pump.made": Pipe("tank"), "user.made": Pipe("customers")},
    )
    return Plant(network, lambda hour: {}, RandomStreams(1), recorder=Recorder())


def ordering(
    plant: Plant,
    order_point: float,
    lot: float,
    lead: float,
    spread: float = 0.0,
    free_time: float = 0.0,
):
    delivery = Delivery(
        order_point=order_point,
        lot=lot,
        lead_time=lead,
        lead_spread=spread,
        free_time=free_time,
    )
    plant.env.process(supplied(plant, "tank", "unloading", "pump", delivery))


def arrivals(plant: Plant) -> list[float]:
    assert plant.recorder is not None
    return [hour for hour, who, what in plant.recorder.events if "arrive" in what]


def unloading_ends(plant: Plant) -> list[float]:
    assert plant.recorder is not None
    return [
        hour
        for hour, train, state in plant.recorder.states
        if train == "unloading" and state == "no car at the unloading point" and hour > 0.0
    ]


def test_a_lot_is_ordered_at_the_order_point_and_comes_after_the_lead_time():
    """From 50 kg at 2 kg/h the order point of 30 kg is reached after 10 h."""
    plant = depot(draw=2.0, level=50.0)
    ordering(plant, 30.0, 40.0, lead=5.0)
    plant.run(16.0)
    assert arrivals(plant) == pytest.approx([15.0], rel=1e-12)


def test_orders_repeat_with_the_period_of_the_lot():
    plant = depot(draw=2.0, level=50.0)
    ordering(plant, 30.0, 40.0, lead=5.0)
    plant.run(100.0)
    assert arrivals(plant) == pytest.approx([15.0, 35.0, 55.0, 75.0, 95.0], rel=1e-9)


def test_orders_under_way_count_as_stock():
    """At a lead time of 30 h one lot a 20 h suffices: 20 kg left when the second is ordered."""
    plant = depot(draw=2.0, level=100.0)
    ordering(plant, 80.0, 40.0, lead=30.0)
    plant.run(200.0)
    gaps = [b - a for a, b in pairwise(arrivals(plant))]
    assert gaps == pytest.approx([20.0] * len(gaps), rel=1e-9)
    assert len(gaps) >= 7


def test_more_orders_at_once_than_anybody_writes_are_refused():
    """Half a million lots at hour 0 ended as time that stands still, without a name."""
    plant = depot(draw=2.0, level=50.0)
    ordering(plant, 1e6, 2.0, lead=5.0)
    told = r"delivery to 'tank': its order point of 1e\+06 kg asks for 499,975 lots of 2 kg at once"
    with pytest.raises(ValueError, match=told):
        plant.run(1.0)


def test_a_lot_is_unloaded_to_the_last_kilogram_at_its_rate():
    plant = depot(draw=2.0, level=50.0)
    ordering(plant, 30.0, 40.0, lead=5.0)
    plant.run(30.0)
    assert plant.ledger().total(source="cars") == pytest.approx(40.0, rel=1e-12)
    assert unloading_ends(plant) == pytest.approx([19.0], rel=1e-12)


def test_a_car_at_a_full_tank_unloads_no_faster_than_the_tank_is_drawn():
    """20 kg of room fill at 10 - 2 kg/h in 2.5 h; the other 15 kg take 2 kg/h, 7.5 h."""
    plant = depot(draw=2.0, level=50.0, capacity=60.0)
    ordering(plant, 45.0, 40.0, lead=2.5)
    plant.run(20.0)
    assert arrivals(plant) == pytest.approx([5.0], rel=1e-12)
    assert unloading_ends(plant) == pytest.approx([5.0 + 2.5 + 7.5], rel=1e-9)
    assert plant.level_of("tank") <= 60.0 * (1.0 + 1e-9)


def test_a_second_car_waits_for_the_place():
    """Two lots under way come at one hour; the second begins when the first is unloaded."""
    plant = depot(draw=2.0, level=50.0)
    ordering(plant, 90.0, 30.0, lead=5.0)
    plant.run(12.0)
    assert arrivals(plant) == pytest.approx([5.0, 5.0], rel=1e-12)
    assert unloading_ends(plant) == pytest.approx([11.0], rel=1e-12)


def test_lead_times_with_spread_keep_their_mean():
    plant = depot(draw=2.0, level=50.0)
    ordering(plant, 30.0, 40.0, lead=5.0, spread=0.3)
    plant.run(4000.0)
    came = arrivals(plant)
    assert len(came) == pytest.approx(200, abs=3)
    assert len({round(b - a, 6) for a, b in pairwise(came)}) > 100


def test_late_cars_starve_the_user():
    """With 10 kg at the order point and a lead of 10 h the tank is empty 5 h of every lot."""
    plant = depot(draw=2.0, level=10.0)
    ordering(plant, 10.0, 40.0, lead=10.0)
    plant.run(500.0)
    starved = plant.states["using"].hours["starved by tank"]
    assert starved == pytest.approx(5.0 * len(arrivals(plant)), abs=5.0)


def test_periodic_deliveries_beyond_the_room_spill_the_rest():
    plant = periodic_deliveries(2.0, 24.0, lot=60.0, capacity=60.0, level=60.0, unloading=1e6)
    plant.run(36.0)
    first = plant.ledger().total(sink="refused")
    plant.run(11.5 * 24.0)
    ledger = plant.ledger()
    spilled = ledger.total(source="tank", sink="refused", cause="overflow") - first
    assert spilled == pytest.approx(10.0 * 12.0, rel=1e-9)
    assert ledger.certificate().closure < 1e-12


def test_demurrage_is_the_stay_beyond_the_free_time():
    """At the full tank the car stays 2.5 + 7.5 h (see above), 4 h of it free."""
    plant = depot(draw=2.0, level=50.0, capacity=60.0)
    ordering(plant, 45.0, 40.0, lead=2.5, free_time=4.0)
    plant.run(20.0)
    assert plant.demurrage.hours() == pytest.approx({"unloading": 6.0}, rel=1e-9)


def test_a_car_that_leaves_within_the_free_time_costs_nothing():
    plant = depot(draw=2.0, level=50.0)
    ordering(plant, 30.0, 40.0, lead=5.0, free_time=4.5)
    plant.run(30.0)
    assert plant.demurrage.hours() == {"unloading": 0.0}


def test_a_car_that_waits_for_the_place_is_on_demurrage_too():
    """Two lots of 30 kg come at 5 h and take 3 h each: stays of 3 and 6 h, 2 h of each free."""
    plant = depot(draw=2.0, level=50.0)
    ordering(plant, 90.0, 30.0, lead=5.0, free_time=2.0)
    plant.run(12.0)
    assert plant.demurrage.hours() == pytest.approx({"unloading": 1.0 + 4.0}, rel=1e-9)


def test_a_car_still_at_the_place_counts_up_to_now():
    plant = depot(draw=2.0, level=50.0, capacity=60.0)
    ordering(plant, 45.0, 40.0, lead=2.5, free_time=4.0)
    plant.run(11.0)  # it came at 5 h
    assert plant.demurrage.hours() == pytest.approx({"unloading": 2.0}, rel=1e-9)


def test_two_suppliers_of_a_train_unload_one_after_the_other():
    """Each orders 20 kg at 30 kg: both come at 25 h, are through at 27 and 29 h, and free for 3."""
    plant = depot(draw=1.0, level=50.0)
    for _ in range(2):
        ordering(plant, 30.0, 20.0, lead=5.0, free_time=3.0)
    plant.run(40.0)
    assert arrivals(plant) == pytest.approx([25.0, 25.0], rel=1e-12)
    assert unloading_ends(plant) == pytest.approx([29.0], rel=1e-12)
    assert plant.ledger().total(source="cars") == pytest.approx(40.0, rel=1e-12)
    assert plant.demurrage.hours() == pytest.approx({"unloading": 1.0}, rel=1e-9)


def trucks(plant: Plant, interval: float, call_level: float = 0.0, free_time: float = 0.0) -> None:
    """Let trucks of 8 kg come for what is in the tank, and no car."""
    plant.hold("unloading", "test", "no car")
    called = Collection(
        call_level=call_level, interval=interval, spread=0.0, load=8.0, free_time=free_time
    )
    plant.env.process(collected(plant, "tank", "using", "user", called))


def test_trucks_take_their_load_each():
    plant = depot(draw=5.0, level=100.0)
    trucks(plant, interval=10.0)
    plant.run(59.0)
    assert plant.ledger().total(sink="customers") == pytest.approx(40.0, rel=1e-12)


def test_a_truck_that_comes_while_another_loads_waits_for_its_turn():
    """Every 2 h a truck of 8 kg at 2 kg/h: the place is never free, and nothing is lost."""
    plant = depot(draw=2.0, level=100.0)
    trucks(plant, interval=2.0)
    plant.run(42.0)
    assert plant.ledger().total(sink="customers") == pytest.approx(80.0, rel=1e-12)


def test_trucks_wait_in_line_and_each_is_on_demurrage():
    """Truck n comes at 2 n h and is loaded at 2 + 4 n h: a stay of 2 + 2 n, 3 h of it free."""
    plant = depot(draw=2.0, level=100.0)
    trucks(plant, interval=2.0, free_time=3.0)
    plant.run(14.0)
    gone = sum(2.0 + 2.0 * n - 3.0 for n in (1, 2, 3))
    there = sum(14.0 - 2.0 * n - 3.0 for n in (4, 5))  # the sixth and seventh are within 3 h
    assert plant.demurrage.hours() == pytest.approx({"using": gone + there}, rel=1e-9)


def test_no_truck_is_sent_again_for_what_a_waiting_one_is_to_load():
    """With the train held, 20 kg over the call level are enough for three trucks, not for 20."""
    plant = depot(draw=2.0, level=60.0)
    trucks(plant, interval=2.0, call_level=0.4)
    plant.hold("using", "test", "shut down")
    with plant.expecting():
        plant.run(100.0)
    assert plant.demurrage.hours() == pytest.approx({"using": 98.0 + 96.0 + 94.0}, rel=1e-9)


def test_what_is_to_be_loaded_for_one_customer_counts_as_gone_for_another():
    """With the train held, 20 kg are enough for one truck of 8 kg each, and for a third of all."""
    plant = depot(draw=2.0, level=60.0)
    for _ in range(2):
        trucks(plant, interval=2.0, call_level=0.4)
    plant.hold("using", "test", "shut down")
    with plant.expecting():
        plant.run(10.0)
    assert plant.demurrage.hours() == pytest.approx({"using": 8.0 + 8.0 + 6.0}, rel=1e-9)
    plant.release("using", "test")
    plant.run(22.0)
    assert plant.ledger().total(sink="customers") == pytest.approx(24.0, rel=1e-12)


@pytest.mark.parametrize("who", ["supplied", "collected"])
def test_what_is_metered_passes_the_train(who: str):
    plant = depot(draw=2.0, level=60.0)
    lives = {
        "supplied": supplied(plant, "tank", "unloading", "user", ORDER),
        "collected": collected(plant, "tank", "unloading", "user", TRUCKS),
    }
    with pytest.raises(
        ValueError, match=f"^{who}: expected a unit of train 'unloading', pump, came 'user'$"
    ):
        next(lives[who])


def test_cars_are_unloaded_from_a_supply_and_trucks_loaded_from_the_tank_they_come_for():
    plant = depot(draw=2.0, level=60.0)
    wrong = "train 'using' draws from tank 'tank', so that nothing is unloaded by it"
    with pytest.raises(ValueError, match=f"^supplied: {wrong}$"):
        next(supplied(plant, "tank", "using", "user", ORDER))
    wrong = "train 'unloading' loads from 'cars', not from tank 'tank'"
    with pytest.raises(ValueError, match=f"^collected: {wrong}$"):
        next(collected(plant, "tank", "unloading", "pump", TRUCKS))


def test_no_truck_comes_while_the_tank_holds_less_than_the_level_they_are_called_at():
    plant = depot(draw=5.0, level=100.0)
    trucks(plant, interval=10.0, call_level=0.9)
    with plant.expecting():
        plant.run(200.0)
    assert plant.ledger().total(sink="customers") == pytest.approx(16.0, rel=1e-12)


def test_a_delivery_leaves_the_levels_within_bounds():
    plant = depot(draw=2.0, level=50.0, capacity=60.0)
    meter = Meter(plant)
    ordering(plant, 45.0, 40.0, lead=2.5, spread=0.5)
    plant.run(2000.0)
    assert meter.least[0] >= -60e-6
    assert meter.most[0] <= 60.0 * (1.0 + 1e-6)


def test_a_car_that_can_never_unload_does_not_hide_a_gridlock():
    """The tank is full and its user waits for a tank that nobody empties."""
    network = Network(
        components=MATERIAL,
        units={"pump": Machine(capacity=10.0), "user": Machine(capacity=2.0)},
        tanks={
            "tank": Tank(capacity=60.0, heel=0.0, initial_level=0.9),
            "yard": Tank(capacity=50.0, heel=0.0, initial_level=0.5),
        },
        contents={"tank": (1.0,), "yard": (1.0,)},
        supplies={"cars": (1.0,)},
        sinks={},
        trains=(Train("unloading", "cars", ("pump",)), Train("using", "tank", ("user",))),
        pipes={"pump.made": Pipe("tank"), "user.made": Pipe("yard")},
    )
    plant = Plant(network, lambda hour: {}, RandomStreams(1), recorder=Recorder())
    ordering(plant, 50.0, 40.0, lead=1.0)
    with pytest.raises(Gridlock, match="unloading blocked by tank; using blocked by yard"):
        plant.run(1000.0)


@dataclass(frozen=True, kw_only=True)
class Release(Unit):
    inlets: ClassVar = ("lot",)
    outlets: ClassVar = ("lot",)
    rate_dependent: ClassVar = False

    def convert(self, inlets: Mapping[str, Stream], at: Conditions) -> Recipe:
        return Recipe(splits={"lot": (1.0,)})


LOTS: dict[str, Any] = {
    "outlet": "still.made", "tanks": ("day_1", "day_2"), "pumps": ("release_1", "release_2"),
    "released_to": "customers", "reworked_to": "rework",
    "control": LotControl(lot_level=0.9, analysis_time=4.0, failing=0.0),
}  # fmt: skip


def day_tanks(filling: float, failing: float, **starts: float) -> Plant:
    """Return two day tanks of 100 kg, released or reworked at 20 kg/h after 4 h of analysis.

    ``starts``: how the pump of the second one starts up.
    """
    network = Network(
        components=MATERIAL,
        units={
            "still": Machine(capacity=filling),
            "release_1": Release(capacity=20.0),
            "release_2": Release(capacity=20.0),
        },
        tanks={
            "day_1": Tank(capacity=100.0, heel=0.1, initial_level=0.1),
            "day_2": Tank(capacity=100.0, heel=0.1, initial_level=0.5),
            "rework": Tank(capacity=1e4, heel=0.0, initial_level=0.0),
        },
        contents=dict.fromkeys(("day_1", "day_2", "rework"), (1.0,)),
        supplies={"crude": (1.0,)},
        sinks={"customers": "product"},
        trains=(
            Train("still", "crude", ("still",)),
            Train("release_1", "day_1", ("release_1",)),
            Train("release_2", "day_2", ("release_2",), **starts),
        ),
        pipes={
            "still.made": Pipe("day_1"),
            "release_1.lot": Pipe("customers"),
            "release_2.lot": Pipe("customers"),
        },
    )
    plant = Plant(network, lambda hour: {}, RandomStreams(1), recorder=Recorder())
    control = LotControl(lot_level=0.9, analysis_time=4.0, failing=failing)
    pumps = ("release_1", "release_2")
    plant.env.process(
        lots(plant, "still.made", ("day_1", "day_2"), pumps, "customers", "rework", control)
    )
    return plant


def begins(plant: Plant, train: str, state: str) -> list[float]:
    """Return the hours after the first at which a train enters a state."""
    assert plant.recorder is not None
    return [h for h, who, what in plant.recorder.states if (who, what) == (train, state) and h > 0]


def test_a_lot_is_pumped_out_after_its_analysis_to_a_hundredth_above_the_heel():
    """10 to 90 kg at 10 kg/h: closed at 8 h, released at 12 h, out (90 - 11) / 20 h later."""
    plant = day_tanks(filling=10.0, failing=0.0)
    plant.run(16.5)
    assert begins(plant, "release_2", "running") == pytest.approx([4.0])
    assert begins(plant, "release_2", "no released lot") == pytest.approx([4.0 + 39.0 / 20.0])
    assert begins(plant, "release_1", "running") == pytest.approx([12.0])
    assert begins(plant, "release_1", "no released lot") == pytest.approx([12.0 + 79.0 / 20.0])


@pytest.mark.parametrize("broken", [5.0, 3.5])
def test_a_lot_is_of_its_own_cause_again_once_its_pump_has_started_up(broken):
    """39 kg to rework from 4 h on; the pump breaks for an hour, and starts up at 5 kg/h for two."""
    plant = day_tanks(filling=10.0, failing=1.0, start_up_hours=2.0, start_up_fraction=0.25)
    outages = Outages(plant)

    def breaking() -> Life:
        yield plant.env.timeout(broken)
        outages.breaks("release_2", "broken")
        yield plant.env.timeout(1.0)
        outages.mends("release_2")

    plant.env.process(breaking())
    plant.run(11.0)
    books = plant.ledger()
    by_cause = {
        cause: books.total(source="day_2", cause=cause) for cause in (OFF_SPEC, START_UP, NORMAL)
    }
    assert by_cause == pytest.approx({OFF_SPEC: 29.0, START_UP: 10.0, NORMAL: 0.0}, abs=1e-9)


def test_a_lot_that_fails_goes_to_rework_and_none_of_it_to_customers():
    plant = day_tanks(filling=10.0, failing=1.0)
    plant.run(16.5)
    assert plant.ledger().total(sink="customers") == 0.0
    assert plant.level_of("rework") == pytest.approx(39.0 + 79.0, rel=1e-9)


class Heard(RandomStreams):
    """Streams that tell their names."""

    names: ClassVar[list[tuple[str, str]]] = []

    def stream(self, name: str, purpose: str):
        self.names.append((name, purpose))
        return super().stream(name, purpose)


def test_who_sends_vehicles_or_fills_tanks_besides_moves_nobody_elses_draws():
    """Common random numbers: what a scheme adds has random numbers of its own."""
    plant, tanks = depot(draw=1.0, level=50.0), day_tanks(filling=10.0, failing=0.5)
    for each in (plant, tanks):
        each.streams = Heard(1)
    for _ in range(2):
        next(supplied(plant, "tank", "unloading", "pump", ORDER))
        next(collected(plant, "tank", "using", "user", TRUCKS))
    next(lots(tanks, **LOTS))
    next(lots(tanks, **{**LOTS, "outlet": "release_2.lot"}))
    assert len(set(Heard.names)) == len(Heard.names) == 8
    assert Heard.names[:2] == [("unloading", "lead time"), ("using", "interval")]


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"outlet": "still.mad"}, "no outlet 'still.mad'; did you mean 'still.made'"),
        ({"pumps": ("release_1", "release_3")}, "no outlet 'release_3.lot'"),
        ({"released_to": "customer"}, "no tank or sink 'customer'; did you mean 'customers'"),
        ({"reworked_to": "rewok"}, "no tank or sink 'rewok'; did you mean 'rework'"),
        ({"below_grade": lambda contents: 0.5}, "no tank or sink ''"),
        ({"below_grade": 0.5, "below_to": "rework"}, "lots: expected below_grade as a function"),
    ],
)
def test_what_is_wrong_with_lots_is_told_before_the_first_is_analysed(
    changed: dict[str, Any], told: str
):
    with pytest.raises((LookupError, TypeError), match=told):
        next(lots(day_tanks(filling=10.0, failing=0.0), **{**LOTS, **changed}))


@pytest.mark.parametrize("chance", [math.nan, 1.5, "low"])
def test_a_chance_of_a_lot_below_the_grade_is_from_0_to_1(chance: Any):
    plant = day_tanks(filling=10.0, failing=0.0)
    given = {**LOTS, "below_grade": lambda contents: chance, "below_to": "rework"}
    plant.env.process(lots(plant, **given))
    with pytest.raises((ValueError, TypeError), match="expected below_grade to return a number"):
        plant.run(10.0)


def test_what_fills_the_day_tanks_stands_while_both_are_taken():
    """At 40 kg/h the first is full at 2 h; the second is out at 5.95 h and takes the next lot."""
    plant = day_tanks(filling=40.0, failing=0.0)
    plant.run(7.0)
    assert begins(plant, "still", "both day tanks taken") == pytest.approx([2.0])
    assert begins(plant, "still", "running")[-1] == pytest.approx(5.95)
    assert plant.level_of("day_2") == pytest.approx(11.0 + 40.0 * 1.05, rel=1e-9)
