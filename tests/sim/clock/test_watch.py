"""What leaves a plant, watched in time: shares of hours are exact, and a watch changes nothing."""

from collections.abc import Generator
from math import exp, log
from typing import Any

import pytest
import simpy
from hypothesis import given, settings
from hypothesis import strategies as st

from plant_models.benchmarks.units import MATERIAL, Machine
from plant_models.benchmarks.works import salmiac_works
from sim.clock.plant import Plant
from sim.clock.random_streams import RandomStreams
from sim.clock.watch import Exposure, Outflows, Watch, WatchedPlant, mean_outflows
from sim.network.network import Network, Pipe, Train
from sim.network.operation import FailureMode
from tests.sim.flow.test_peaks import washed

Steps = Generator[simpy.Event, Any, Any]


def vent() -> Network:
    """Return a machine that lets out what it is fed, 10 kg/h."""
    return Network(
        components=MATERIAL,
        units={"machine": Machine(capacity=10.0)},
        tanks={},
        contents={},
        supplies={"store": MATERIAL.stream(water=1.0)},
        sinks={"air": "emission gas"},
        trains=(Train("only", "store", ("machine",)),),
        pipes={"machine.made": Pipe("air")},
        draws={},
        spills={},
        pacer="only",
    )


def rate(outflows: Outflows) -> dict[str, float]:
    flow = outflows.get(("machine.made", "air"))
    return {} if flow is None else {"rate": sum(flow)}


def two_levels(plant: Plant, high: float, low: float, fraction: float) -> Steps:
    while True:
        plant.run_as("only", "normal", 1.0)
        yield plant.env.timeout(high)
        plant.run_as("only", "normal", fraction)
        yield plant.env.timeout(low)


@settings(max_examples=30)
@given(
    high=st.floats(0.1, 50.0),
    low=st.floats(0.1, 50.0),
    fraction=st.floats(0.1, 0.7),
)
def test_the_share_of_hours_above_a_bound_between_two_levels_is_exact(high, low, fraction):
    """Full rate for ``high`` hours, a part of it for ``low``: above in high / (high + low)."""
    watch = Watch(rate, {"rate": (0.0, 8.0)})
    plant = WatchedPlant(vent(), lambda _: {}, RandomStreams(1), watch)
    plant.env.process(two_levels(plant, high, low, fraction))
    plant.run(7 * (high + low))
    seen = watch.exposures["rate"]
    assert seen.share == pytest.approx(high / (high + low), rel=1e-12)
    assert seen.mean == pytest.approx(10 * (high + fraction * low) / (high + low), rel=1e-12)
    assert (seen.lowest, seen.highest) == pytest.approx((10 * fraction, 10.0))


def test_a_standing_unit_has_no_hours():
    watch = Watch(rate, {"rate": (0.0, 8.0)})
    plant = WatchedPlant(vent(), lambda _: {}, RandomStreams(1), watch)

    def pause() -> Steps:
        yield plant.env.timeout(3.0)
        with plant.expecting():
            plant.hold("only", "test", "pause")
            yield plant.env.timeout(2.0)
            plant.release("only", "test")

    plant.env.process(pause())
    plant.run(10.0)
    seen = watch.exposures["rate"]
    assert (watch.hours, seen.hours, seen.beyond) == pytest.approx((10.0, 8.0, 8.0))
    assert seen.share == 1.0


def test_what_lies_on_its_bound_keeps_it():
    watch = Watch(rate, {"rate": (0.0, 10.0)})
    WatchedPlant(vent(), lambda _: {}, RandomStreams(1), watch).run(5.0)
    assert watch.exposures["rate"].beyond == 0.0


def test_rounding_does_not_lead_beyond_a_bound():
    seen = Exposure()
    for value in (10.0 * (1.0 + 1e-12), 2.0 * (1.0 - 1e-12)):
        seen.add(value, 1.0, (2.0, 10.0))
    assert seen.beyond == 0.0
    for value in (10.0 * (1.0 + 1e-6), 2.0 * (1.0 - 1e-6)):
        seen.add(value, 1.0, (2.0, 10.0))
    assert seen.beyond == 2.0


def works(watch: Watch[tuple[str, str]] | None) -> Plant:
    network = salmiac_works(FailureMode(mtbf=50.0, mttr=5.0, clock="calendar"))
    if watch is None:
        return Plant(network, lambda _: {}, RandomStreams(3))
    return WatchedPlant(network, lambda _: {}, RandomStreams(3), watch)


def totals(outflows: Outflows) -> dict[tuple[str, str], float]:
    return {key: sum(kg) for key, kg in outflows.items()}


def test_a_watch_changes_nothing():
    watched, plain = works(Watch(totals, {})), works(None)
    for plant in (watched, plain):
        plant.run(1000.0)
    assert watched.counts() == plain.counts()
    mine, other = watched.ledger().flows, plain.ledger().flows
    assert {e: kg.tolist() for e, kg in mine.items()} == {e: kg.tolist() for e, kg in other.items()}


def test_what_is_watched_adds_up_to_what_is_booked():
    """Recycles, a collected vent, a make-up header and a tank that spills, under breakdowns.

    What is watched is what the interval gives in the mean, and so is what is booked.
    """
    names = [("scrubber.tail", "air"), ("scrubber.effluent", "sewer"), ("still.vent", "air"),
             ("still.bottoms", "customers"), ("wash_tank.overflow", "sewer")]  # fmt: skip
    watch = Watch(totals, dict.fromkeys(names, (0.0, 1e9)))
    plant = works(watch)
    plant.run(2000.0)
    booked = {key: sum(kg) * 2000.0 for key, kg in mean_outflows(plant.ledger()).items()}
    assert set(booked) == {name for name in names if watch.exposures[name].hours}
    for name, kg in booked.items():
        assert watch.exposures[name].total == pytest.approx(kg, rel=1e-9), name


def test_runs_are_added_up():
    watch = Watch(rate, {"rate": (0.0, 8.0)})
    for _ in range(3):
        watch.again()
        WatchedPlant(vent(), lambda _: {}, RandomStreams(1), watch).run(5.0)
    assert watch.hours == watch.exposures["rate"].beyond == 15.0


@pytest.mark.parametrize("bound", [5.0, 10.0, 25.0, 40.0])
def test_hours_beyond_a_bound_are_told_though_nothing_happens_while_it_is_passed(bound: float):
    """A tank is washed out, 50 exp(-t / 10) kg/h of salt; a mean of the whole while hid that."""
    network = washed(peak=0.0, tolerance=1e-3, peaks={}).network
    watch = Watch(
        lambda flows: {"salt": sum(kg[0] for kg in flows.values())}, {"salt": (0.0, bound)}
    )
    plant = WatchedPlant(network, lambda _: {}, RandomStreams(1), watch)
    plant.run(30.0)
    salt = watch.exposures["salt"]
    assert salt.beyond == pytest.approx(10.0 * log(50.0 / bound), rel=0.03)
    assert salt.highest == pytest.approx(50.0, rel=0.02)
    assert salt.lowest == pytest.approx(50.0 * exp(-3.0), rel=0.02)
    assert salt.total == pytest.approx(500.0 * (1.0 - exp(-3.0)), rel=1e-9)
