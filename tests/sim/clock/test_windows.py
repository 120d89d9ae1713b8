"""Means over clock hours, days and years: exact, as the books have it, judged one by one."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plant_models.benchmarks.units import BRINE, Machine
from sim.books.ledger import Ledger
from sim.clock.life import Outages, failure_lives
from sim.clock.random_streams import RandomStreams
from sim.clock.watch import Outflows, WatchedPlant
from sim.clock.windows import DAY, HOUR, LENGTHS, YEAR, Parts, Windows, by_cause, by_end, mean
from sim.network.network import Network, Pipe, Tank, Train
from sim.network.operation import FailureMode

LIMIT = (0.0, 5.0)
NOTHING = np.zeros(2)


def rate(outflows: Outflows) -> Mapping[str, float]:
    return {"rate": sum(kg[0] for kg in outflows.values())} if outflows else {}


class Kept(Windows[str]):
    """A watch that keeps what left in every hour."""

    def __init__(self, *told: object) -> None:
        super().__init__(*told)  # type: ignore[arg-type]
        self.each_hour: list[Parts] = []

    def _note(self, values: np.ndarray, parts: Parts, times: int) -> None:
        super()._note(values, parts, times)
        self.each_hour += [parts] * times


def by_force(pieces: list[tuple[float, float]], end: float, length: float) -> list[float]:
    """Return the mean of every whole window of a step function, by its integral at their edges."""
    hours = np.array([hour for hour, _ in pieces] + [end])
    values = np.array([value for _, value in pieces])
    grown = np.concatenate([[0.0], np.cumsum(values * np.diff(hours))])
    edges = np.arange(0.0, end + 1e-12, length)
    return list(np.diff(np.interp(edges, hours, grown)) / length)


STEPS = st.lists(st.tuples(st.floats(0.01, 40.0), st.floats(0.1, 10.0)), min_size=1, max_size=30)


@settings(max_examples=30)
@given(STEPS)
def test_means_over_windows_are_those_of_brute_force(steps: list[tuple[float, float]]) -> None:
    watch = Windows(rate, {"rate": LIMIT}, [("rate", LIMIT)])
    hour, pieces = 0.0, []
    for spent, value in steps:
        pieces.append((hour, value))
        hour += spent
        watch.passed(hour, {("vent", "air"): (value,)})
    for name in (HOUR, DAY):
        means = by_force(pieces, hour, LENGTHS[name])
        judged = watch.judged[0][name]
        assert judged.windows == len(means)
        if means:
            assert judged.highest == pytest.approx(max(means), rel=1e-9, abs=1e-9)
            assert judged.lowest == pytest.approx(min(means), rel=1e-9, abs=1e-9)
        near = sum(abs(value - LIMIT[1]) < 1e-6 for value in means)
        assert abs(judged.beyond - sum(value > LIMIT[1] for value in means)) <= near


def rinse(watch: Windows[str]) -> WatchedPlant:
    """Return a tank of fresh water that brine is led through, and that spills when it is full.

    So what leaves gets ever saltier, but whoever fails cuts the intervals short.
    """
    often = FailureMode(mtbf=7.0, mttr=2.0, clock="calendar")
    network = Network(
        components=BRINE,
        units={
            "intake": Machine(capacity=5.0, failure=often),
            "drain": Machine(capacity=4.0, failure=often),
        },
        tanks={"rinse": Tank(capacity=100.0, initial_level=0.5, when_full="spill")},
        contents={"rinse": BRINE.stream(water=1.0)},
        supplies={"brine": BRINE.stream(salt=0.3, water=0.7)},
        sinks={"sewer": "wastewater"},
        trains=(Train("filling", "brine", ("intake",)), Train("draining", "rinse", ("drain",))),
        pipes={"intake.made": Pipe("rinse"), "drain.made": Pipe("sewer")},
        draws={},
        spills={"rinse": "sewer"},
        pacer="draining",
    )
    plant = WatchedPlant(network, lambda _: {}, RandomStreams(3), watch)
    for process in failure_lives(plant, Outages(plant)):
        plant.env.process(process)
    return plant


def all_of(outflows: Outflows) -> Mapping[str, float]:
    return {"rate": sum(map(sum, outflows.values()))}


def booked(ledger: Ledger, sinks: Mapping[str, str]) -> dict[tuple[str, str, str], np.ndarray]:
    """Return what has left by stream, sink and cause, kg by component."""
    found: dict[tuple[str, str, str], np.ndarray] = {}
    for entry, kg in ledger.flows.items():
        if entry.sink in sinks:
            key = (entry.stream, entry.sink, entry.cause)
            found[key] = found.get(key, 0.0) + kg
    return found


def test_every_hour_has_what_the_books_say_of_it() -> None:
    """The ledger read every hour, by component and cause, though events cut intervals short."""
    watch = Kept(all_of, {"rate": LIMIT}, [("rate", LIMIT)])
    plant = rinse(watch)
    before: dict[tuple[str, str, str], np.ndarray] = {}
    for hour in range(150):
        plant.run(hour + 1.0)
        now = booked(plant.ledger(), plant.network.sinks)
        parts = watch.each_hour[hour]
        for key in {*now, *parts}:
            left = now.get(key, NOTHING) - before.get(key, NOTHING)
            assert parts.get(key, NOTHING) == pytest.approx(left, rel=1e-9, abs=1e-9), (hour, key)
        before = now
    assert {cause for *_, cause in before} == {"normal", "overflow", "spill"}


def test_a_run_in_steps_is_watched_to_the_same_bits() -> None:
    once, stepped = (Kept(all_of, {"rate": LIMIT}, [("rate", LIMIT)]) for _ in range(2))
    rinse(once).run(100.0)
    plant = rinse(stepped)
    for step in range(271):
        plant.run(0.37 * step)
    plant.run(100.0)
    assert stepped.exposures == once.exposures
    assert stepped.hours == once.hours
    assert stepped.judged == once.judged
    assert [bad.value for bad in stepped.worst["rate"]] == [b.value for b in once.worst["rate"]]


def test_what_left_so_far_is_seen_amid_an_interval() -> None:
    watch = Kept(all_of, {"rate": LIMIT}, [("rate", LIMIT)])
    plant = rinse(watch)
    plant.run(77.77)
    kg = sum(float(each.sum()) for each in booked(plant.ledger(), plant.network.sinks).values())
    assert watch.hours == 77.77
    assert watch.exposures["rate"].total == pytest.approx(kg, rel=1e-12)
    assert watch.judged[0][HOUR].windows == 77


def test_the_days_of_a_run_averaged_by_brute_force_are_the_same() -> None:
    watch = Kept(all_of, {"rate": LIMIT}, [("rate", LIMIT)])
    rinse(watch).run(500.0)
    hourly = [sum(float(kg.sum()) for kg in parts.values()) for parts in watch.each_hour]
    for name in (HOUR, DAY):
        whole = int(LENGTHS[name])
        means = [sum(hourly[i : i + whole]) / whole for i in range(0, 501 - whole, whole)]
        judged = watch.judged[0][name]
        assert judged.windows == len(means)
        assert judged.highest == pytest.approx(max(means), rel=1e-9)
        assert judged.beyond == sum(value > LIMIT[1] * (1 + 1e-9) for value in means)
    worst = [bad.value for bad in watch.worst["rate"]]
    assert worst == pytest.approx(sorted(hourly, reverse=True)[:10])


def test_a_year_is_judged_when_it_is_over() -> None:
    watch = Windows(rate, {"rate": LIMIT}, [("rate", LIMIT)])
    watch.passed(4380.0 + 24.0, {("vent", "air"): (10.0,)})
    watch.passed(8759.0, {})
    assert watch.judged[0][YEAR].windows == 0
    watch.passed(8760.0, {})
    year = watch.judged[0][YEAR]
    assert (year.windows, year.beyond) == (1, 1)
    assert year.highest == pytest.approx(10.0 * 4404.0 / 8760.0)


def test_hours_in_which_nothing_leaves_keep_the_limit_and_break_a_row() -> None:
    watch = Windows(rate, {"rate": LIMIT}, [("rate", LIMIT)])
    for hour, value in ((3.0, 9.0), (4.0, None), (6.0, 9.0)):
        watch.passed(hour, {} if value is None else {("vent", "air"): (value,)})
    hours = watch.judged[0][HOUR]
    assert (hours.windows, hours.beyond, hours.longest) == (6, 5, 3)


def test_the_worst_hours_come_with_their_causes_and_ends() -> None:
    watch = Windows(rate, {"rate": LIMIT}, [("rate", LIMIT)])
    watch.passed(2.5, {("a.vent", "air"): (1.0,)}, {("a.vent", "air"): "normal"})
    both: Outflows = {("a.vent", "air"): (1.0,), ("b.vent", "air"): (6.0,)}
    watch.passed(3.0, both, {("a.vent", "air"): "normal", ("b.vent", "air"): "trip"})
    watch.passed(5.0, {("a.vent", "air"): (1.0,)}, {("a.vent", "air"): "normal"})
    worst = watch.worst["rate"]
    assert (worst[0].began, worst[0].value, worst[0].times) == pytest.approx((2.0, 4.0, 0.8))
    assert by_cause(worst[0].parts) == {
        "normal": {("a.vent", "air"): (1.0,)},
        "trip": {("b.vent", "air"): (3.0,)},
    }
    assert set(by_end(worst[0].parts)) == {"a", "b"}
    assert mean(worst[0].parts, 1.0) == {("a.vent", "air"): (1.0,), ("b.vent", "air"): (3.0,)}
    assert len(worst) == 5


def test_a_lower_bound_counts_as_how_far_below() -> None:
    watch = Windows(lambda _: {"pH": 3.0}, {"pH": (6.0, 9.0)}, [("pH", (6.0, 9.0))])
    watch.passed(1.0, {("a.drain", "sewer"): (1.0,)})
    assert watch.worst["pH"][0].times == pytest.approx(2.0)
    assert math.isclose(watch.judged[0][HOUR].share, 1.0)
