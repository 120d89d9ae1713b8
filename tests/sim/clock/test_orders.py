"""What was ordered comes about at its hour."""

from dataclasses import replace

import pytest

from plant_models.benchmarks.machines import machine_line, running
from plant_models.benchmarks.units import Machine
from sim.clock.life import Outages
from sim.clock.logistics import supplied
from sim.clock.orders import scheduled
from sim.clock.plant import Plant
from sim.clock.recorder import Recorder
from sim.network.network import Network
from sim.network.operation import Delivery
from sim.network.schedule import Order

LINE = machine_line([Machine(capacity=2.0), Machine(capacity=1.0)], [100.0], level=0.5)


def played(*orders: Order, network: Network = LINE) -> Plant:
    plant = running(network, recorder=Recorder())
    for life in scheduled(plant, Outages(plant), orders):
        plant.env.process(life)
    return plant


def rate(hour: float, share: float, train: str = "machine_2") -> Order:
    return Order(hour=hour, what="rate", train=train, value=share)


def hold(hour: float, until: float, why: str, train: str = "machine_2") -> Order:
    return Order(hour=hour, what="hold", train=train, until=until, why=why)


def lot(hour: float, kg: float) -> Order:
    return Order(hour=hour, what="delivery", train="machine_1", value=kg)


def test_a_train_runs_at_the_share_that_is_ordered_from_its_hour_on():
    """1 kg/h for 3 h, 0.5 for 4 h, none for 2 h, 0.25 for 11 h: 3 + 2 + 2.75 kg."""
    plant = played(rate(9.0, 0.25), rate(3.0, 0.5), rate(7.0, 0.0))
    plant.run(20.0)
    assert plant.ledger().total(sink="customers") == pytest.approx(7.75, rel=1e-12)


def test_a_hold_stops_a_train_from_one_hour_to_another_and_says_why():
    """Two that overlap hold it from 3 h to 10 h; a third has no end."""
    plant = played(
        hold(3.0, 8.0, "inspected"), hold(5.0, 10.0, "painted"), hold(15.0, float("inf"), "sold")
    )
    plant.run(20.0)
    hours = plant.states["machine_2"].hours
    assert hours == pytest.approx({"running": 8.0, "inspected": 5.0, "painted": 2.0, "sold": 5.0})


def test_a_train_that_was_held_starts_up_and_at_a_share_of_what_is_ordered():
    """Held from 2 h to 6 h, then half a start-up for 4 h: 0.8 kg/h for 2 h, 0.4 for 4, 0.8."""
    first, second = LINE.trains
    slow = replace(second, start_up_hours=4.0, start_up_fraction=0.5)
    plant = played(
        rate(0.0, 0.8), hold(2.0, 6.0, "inspected"), network=replace(LINE, trains=(first, slow))
    )
    plant.run(20.0)
    expected = 0.8 * 2.0 + 0.4 * 4.0 + 0.8 * 10.0
    assert plant.ledger().total(sink="customers") == pytest.approx(expected, rel=1e-12)


def test_lots_are_unloaded_as_they_arrive_and_one_after_another():
    """2 kg/h: 6 kg from 5 h to 8 h; 4 kg that come at 7 h wait until 8 h and are out at 10 h."""
    plant = played(lot(7.0, 4.0), lot(5.0, 6.0))
    plant.run(40.0)
    assert plant.ledger().total(source="store") == pytest.approx(10.0, rel=1e-12)
    recorder = plant.recorder
    assert recorder is not None
    turns = [(hour, state) for hour, train, state in recorder.states if train == "machine_1"]
    assert [state for _, state in turns] == [
        "no car at the unloading point",
        "running",
        "schedule done",
    ]
    assert [hour for hour, _ in turns] == pytest.approx([0.0, 5.0, 10.0], rel=1e-12)
    assert [hour for hour, who, _ in recorder.events] == pytest.approx([5.0, 8.0], rel=1e-12)


def test_two_schedules_are_played_side_by_side():
    """Held by the one from 10 to 30 h and by the other from 12 to 20 h; 14 kg come, of both."""
    plant = running(LINE)
    outages = Outages(plant)
    one, other = [hold(10.0, 30.0, "a"), lot(7.0, 4.0)], [hold(12.0, 20.0, "b"), lot(7.0, 10.0)]
    for life in (*scheduled(plant, outages, one), *scheduled(plant, outages, other)):
        plant.env.process(life)
    plant.run(40.0)
    assert plant.states["machine_2"].hours == pytest.approx({"running": 20.0, "a": 20.0})
    assert plant.states["machine_1"].hours == pytest.approx(
        {"no car at the unloading point": 7.0, "running": 7.0, "schedule done": 26.0}
    )


def test_a_train_may_be_supplied_beside_its_schedule():
    """5 kg by plan at 3 h; 30 kg are left at 25 h, where 20 are ordered, which come at 30 h."""
    plant = played(lot(3.0, 5.0))
    order = Delivery(order_point=30.0, lot=20.0, lead_time=5.0, lead_spread=0.0)
    plant.env.process(supplied(plant, "buffer_1", "machine_1", "machine_1", order))
    plant.run(42.0)
    assert plant.ledger().total(source="store") == pytest.approx(25.0, rel=1e-12)
    assert plant.states["machine_1"].hours["running"] == pytest.approx(12.5, rel=1e-12)


def test_a_plan_that_goes_on_lets_a_train_unload_again():
    plant = played(lot(3.0, 4.0))
    plant.run(10.0)
    for life in scheduled(plant, Outages(plant), [lot(12.0, 6.0)]):
        plant.env.process(life)
    plant.run(20.0)
    assert plant.ledger().total(source="store") == pytest.approx(10.0, rel=1e-12)


def test_a_plant_that_stands_until_its_next_delivery_is_not_dead():
    """50 kg are there, and used up at 50 h; the next lot comes at 500 h."""
    plant = played(lot(500.0, 10.0))
    plant.run(600.0)
    assert plant.ledger().total(sink="customers") == pytest.approx(60.0, rel=1e-12)


def test_a_plant_whose_every_rate_is_nothing_until_an_hour_is_not_dead():
    plant = played(rate(0.0, 0.0), rate(0.0, 0.0, "machine_1"), rate(30.0, 1.0))
    plant.run(40.0)
    assert plant.ledger().total(sink="customers") == pytest.approx(10.0, rel=1e-12)


def test_a_plant_that_is_ordered_to_stand_for_good_is_not_dead():
    plant = played(rate(10.0, 0.0, "machine_1"), rate(10.0, 0.0))
    plant.run(100.0)
    assert plant.states["machine_1"].hours["idle"] == pytest.approx(90.0, rel=1e-12)


def test_what_lies_behind_comes_about_at_once():
    plant = running(LINE)
    plant.run(10.0)
    for life in scheduled(plant, Outages(plant), [rate(3.0, 0.5), rate(5.0, 0.25)]):
        plant.env.process(life)
    plant.run(14.0)
    assert plant.ledger().total(sink="customers") == pytest.approx(11.0, rel=1e-12)


def test_a_hold_that_is_over_stops_nothing():
    first, second = LINE.trains
    plant = running(replace(LINE, trains=(first, replace(second, start_up_hours=4.0))))
    plant.run(10.0)
    for life in scheduled(plant, Outages(plant), [hold(3.0, 5.0, "inspected")]):
        plant.env.process(life)
    plant.run(14.0)
    assert plant.states["machine_2"].hours == pytest.approx({"running": 14.0})


def test_a_schedule_for_another_plant_is_refused_before_it_is_played():
    with pytest.raises(LookupError, match=r"rate of machine_9 at 1 h: no train 'machine_9'"):
        played(rate(1.0, 0.5, "machine_9"))


def test_hours_are_those_written_and_not_sums_of_differences():
    plant = played(*(rate(0.1 * k, 0.5 + 0.001 * k) for k in range(100)), hold(7.7, 8.3, "held"))
    plant.run(20.0)
    assert plant.recorder is not None
    seen = [hour for hour, train, _ in plant.recorder.states if train == "machine_2"]
    assert seen[-2:] == [7.7, 8.3]


def test_what_still_comes_while_a_train_trips_is_of_the_lot():
    """2 kg until it breaks at 1 h, 1 kg as it trips for an hour, and 3 from 3 h to 4.5 h."""
    first, second = LINE.trains
    tripping = replace(first, trip_hours=1.0, trip_fraction=0.5)
    plant = running(replace(LINE, trains=(tripping, second)), recorder=Recorder())
    outages = Outages(plant)

    def breaking():
        yield plant.env.timeout(1.0)
        outages.breaks("machine_1", "broken")
        with plant.expecting():
            yield plant.env.timeout(2.0)
        outages.mends("machine_1")

    plant.env.process(breaking())
    for life in scheduled(plant, outages, [lot(0.0, 6.0)]):
        plant.env.process(life)
    plant.run(40.0)
    assert plant.ledger().total(source="store", cause="trip") == pytest.approx(1.0, rel=1e-12)
    assert plant.ledger().total(source="store") == pytest.approx(6.0, rel=1e-12)
    assert plant.recorder is not None
    *_, (hour, _, state) = (each for each in plant.recorder.states if each[1] == "machine_1")
    assert (hour, state) == (4.5, "schedule done")
