"""A plant that is rebuilt while it runs: flows before and after, lives, books, and refusals."""

import math
from dataclasses import dataclass, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plant_models.benchmarks.machines import machine_line, running
from plant_models.benchmarks.units import Machine, Still
from plant_models.benchmarks.works import salmiac_works
from sim.clock.life import Outages, failure_lives
from sim.clock.plant import Plant
from sim.clock.random_streams import RandomStreams
from sim.clock.recorder import Recorder
from sim.clock.redesign import rebuilt, redesign
from sim.flow.state import TOLERANCE
from sim.network.network import Network, Tank
from sim.network.operation import FailureMode, Maintenance
from sim.network.unit import Unit

FAILS = FailureMode(mtbf=60.0, mttr=5.0)
CALENDAR = FailureMode(mtbf=100.0, mttr=8.0, clock="calendar", repair_law="constant")


def with_units(network: Network, **units: Unit) -> Network:
    return replace(network, units={**network.units, **units})


def two(first: Machine) -> Network:
    """Return a machine, a buffer that nothing fills in the time, and a slow machine."""
    return machine_line([first, Machine(capacity=0.5)], [1e6])


def recorded(network: Network) -> tuple[Plant, Recorder]:
    recorder = Recorder()
    return running(network, recorder=recorder), recorder


def said(recorder: Recorder, unit: str) -> list[tuple[float, str]]:
    return [(hour, what) for hour, who, what in recorder.events if who == unit]


def test_a_capacity_that_doubles_at_an_hour_doubles_the_flow_from_then_on():
    plant = running(two(Machine(capacity=1.0)))
    plant.run(10.0)
    redesign(plant, two(Machine(capacity=2.0)))
    plant.run(30.0)
    taken = plant.ledger().total(source="store")
    assert taken == pytest.approx(10.0 * 1.0 + 20.0 * 2.0, rel=1e-12)


def test_the_same_design_again_moves_nothing():
    network = salmiac_works(FAILS)
    plain, again = (running(network, 3) for _ in range(2))
    for hour in (50.0, 120.0, 200.0):
        plain.run(hour)
        again.run(hour)
        redesign(again, salmiac_works(FAILS))
    for entry, kg in plain.ledger().flows.items():
        assert (again.ledger().flows[entry] == kg).all()


def test_there_and_back_at_one_instant_leaves_the_flows_as_they_were():
    """To the tolerance of recipes, for these are evaluated anew on the way."""
    plain, again = (running(salmiac_works(FAILS), 3) for _ in range(2))
    for hour in (50.0, 200.0):
        plain.run(hour)
        again.run(hour)
        still = replace(again.network.units["still"], capacity=10.0)
        redesign(again, with_units(again.network, still=still))
        redesign(again, salmiac_works(FAILS))
    for entry, kg in plain.ledger().flows.items():
        assert again.ledger().flows[entry] == pytest.approx(kg, rel=TOLERANCE, abs=1e-9)


@dataclass(frozen=True, kw_only=True)
class Tagged(Machine):
    """A machine with a field that declares no parameter."""

    tags: tuple[str, ...] = ("spare",)


@pytest.mark.parametrize("kind", [Machine, Tagged])
def test_what_is_left_of_a_life_stretches_as_its_mean_does(kind):
    """Drawn to end at h, and tripled in mean at t, a life ends at t + 3 (h - t)."""
    network = two(kind(capacity=1.0, failure=CALENDAR))
    plant, recorder = recorded(network)
    plant.run(2000.0)
    (first, _), *_ = said(recorder, "machine_1")
    longer = kind(capacity=1.0, failure=replace(CALENDAR, mtbf=300.0))
    plant, recorder = recorded(network)
    plant.run(0.4 * first)
    redesign(plant, with_units(network, machine_1=longer))
    plant.run(2000.0)
    assert said(recorder, "machine_1")[0][0] == pytest.approx(
        0.4 * first + 3.0 * 0.6 * first, rel=1e-12
    )


def test_a_new_repair_time_holds_from_the_next_repair_on():
    network = two(Machine(capacity=1.0, failure=CALENDAR))
    plant, recorder = recorded(network)
    plant.run(1.0)
    slower = Machine(capacity=1.0, failure=replace(CALENDAR, mttr=20.0))
    redesign(plant, with_units(network, machine_1=slower))
    plant.run(2000.0)
    hours = [hour for hour, _ in said(recorder, "machine_1")]
    assert hours[1] - hours[0] == pytest.approx(20.0, rel=1e-12)


def test_an_interval_of_maintenance_stretches_too():
    job = Maintenance(interval=100.0, duration=10.0, clock="run time")
    network = two(Machine(capacity=1.0, maintenance=job))
    plant, recorder = recorded(network)
    plant.run(50.0)
    seldom = Machine(capacity=1.0, maintenance=replace(job, interval=200.0))
    redesign(plant, with_units(network, machine_1=seldom))
    plant.run(500.0)
    begun = [hour for hour, what in said(recorder, "machine_1") if what == "in maintenance"]
    assert begun == pytest.approx([150.0, 360.0], rel=1e-12)


def test_a_life_without_an_end_cannot_be_given_one_while_the_plant_runs():
    endless = replace(CALENDAR, mtbf=math.inf)
    network = two(Machine(capacity=1.0, failure=endless))
    plant, recorder = recorded(network)
    plant.run(1.0)
    with pytest.raises(ValueError, match=r"cannot change .*: the endless life of machine_1\.fail"):
        redesign(plant, with_units(network, machine_1=Machine(capacity=1.0, failure=CALENDAR)))
    redesign(plant, with_units(network, machine_1=Machine(capacity=2.0, failure=endless)))
    plant.run(2000.0)
    assert said(recorder, "machine_1") == []


def test_a_life_may_be_made_endless_while_the_plant_runs():
    network = two(Machine(capacity=1.0, failure=CALENDAR))
    plant, recorder = recorded(network)
    plant.run(1.0)
    endless = Machine(capacity=1.0, failure=replace(CALENDAR, mtbf=math.inf))
    redesign(plant, with_units(network, machine_1=endless))
    plant.run(2000.0)
    assert said(recorder, "machine_1") == []


def building(mode: FailureMode | None, wait: float, hours: float) -> tuple[Plant, Recorder]:
    network = two(Machine(capacity=1.0, failure=mode))
    recorder = Recorder()
    plant = Plant(network, lambda hour: {}, RandomStreams(1), recorder=recorder)
    outages = Outages(plant)
    for life in failure_lives(plant, outages):
        plant.env.process(life)
    bigger = with_units(network, machine_1=Machine(capacity=2.0, failure=mode))
    plant.env.process(
        rebuilt(
            plant, outages, "F12", ["machine_1"],
            wait=wait, hours=hours, then=lambda: redesign(plant, bigger),
        )
    )  # fmt: skip
    return plant, recorder


def test_a_unit_stands_while_it_is_rebuilt_and_is_another_afterwards():
    plant, recorder = building(None, wait=10.0, hours=5.0)
    plant.run(20.0)
    assert plant.ledger().total(source="store") == pytest.approx(10.0 + 5.0 * 2.0, rel=1e-12)
    assert (10.0, "machine_1", "machine_1 out of service for F12") in recorder.states


def test_without_downtime_nothing_stands():
    plant, _ = building(None, wait=10.0, hours=0.0)
    plant.run(20.0)
    assert plant.ledger().total(source="store") == pytest.approx(10.0 + 10.0 * 2.0, rel=1e-12)


def test_a_unit_that_is_down_is_mended_before_it_is_rebuilt():
    plant, recorder = building(CALENDAR, wait=0.0, hours=0.0)
    plant.run(1000.0)
    failed = said(recorder, "machine_1")[0][0]
    plant, recorder = building(CALENDAR, wait=failed + 1.0, hours=5.0)
    plant.run(failed + 100.0)
    assert said(recorder, "machine_1")[:4] == [
        (failed, "failed (failure)"),
        (failed + 8.0, "back"),
        (failed + 8.0, "out of service for F12"),
        (failed + 13.0, "back"),
    ]


def test_a_rebuilt_unit_is_as_good_as_new():
    """Rebuilt every 50 h, a machine that lasts about 200 h never fails."""
    wear = FailureMode(mtbf=200.0, mttr=8.0, clock="calendar", law="weibull", shape=20.0)
    plant, recorder = building(wear, wait=140.0, hours=1.0)
    plant.run(280.0)
    assert not [what for _, what in said(recorder, "machine_1") if "failed" in what]
    plant.run(400.0)
    assert [what for _, what in said(recorder, "machine_1") if "failed" in what]


@given(st.floats(1.0, 99.0), st.floats(0.2, 3.0), st.floats(0.1, 0.9), st.integers(0, 50))
@settings(max_examples=25)
def test_the_books_close_over_any_change_of_the_works(hour, factor, returned, seed):
    network = salmiac_works(FAILS)
    still = Still(
        capacity=300.0 * factor, returned=returned * 0.4, washing=0.2, vented=0.3, failure=FAILS
    )
    plant = running(network, seed)
    plant.run(hour)
    redesign(plant, with_units(network, still=still))
    plant.run(100.0)
    assert plant.ledger().certificate().closure <= 1e-9


def test_another_tank_is_refused_by_name():
    network = two(Machine(capacity=1.0))
    plant = running(network)
    bigger = replace(network, tanks={"buffer_1": Tank(capacity=2e6)})
    with pytest.raises(ValueError, match="while the plant runs: tank buffer_1; only units"):
        redesign(plant, bigger)


def test_a_failure_mode_that_appears_is_refused():
    network = two(Machine(capacity=1.0))
    failing = with_units(network, machine_1=Machine(capacity=1.0, failure=CALENDAR))
    with pytest.raises(ValueError, match="the kind of machine_1, of its failure modes"):
        redesign(running(network), failing)
