"""Means over clock hours, days and years: exact, as the books have it, judged one by one."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from plant_models.benchmarks.works import salmiac_works
from sim.clock.random_streams import RandomStreams
from sim.clock.watch import Causes, Outflows, WatchedPlant
from sim.clock.windows import DAY, HOUR, LENGTHS, YEAR, Windows, by_cause, by_end, mean
from sim.network.operation import FailureMode

LIMIT = (0.0, 5.0)


def rate(outflows: Outflows) -> Mapping[str, float]:
    return {"rate": sum(kg[0] for kg in outflows.values())} if outflows else {}


class Kept(Windows[str]):
    """A watch that keeps every piece of the run, for an average by brute force."""

    def __init__(self, *told: object) -> None:
        super().__init__(*told)  # type: ignore[arg-type]
        self.pieces: list[tuple[float, Outflows]] = []

    def look(self, hour: float, outflows: Outflows, causes: Causes | None = None) -> None:
        super().look(hour, outflows, causes)
        self.pieces.append((hour, outflows))


def by_force(pieces: list[tuple[float, float]], end: float, length: float) -> list[float]:
    """Return the mean of every whole window of a step function, by its integral at their edges."""
    hours = np.array([hour for hour, _ in pieces] + [end])
    values = np.array([value for _, value in pieces])
    grown = np.concatenate([[0.0], np.cumsum(values * np.diff(hours))])
    edges = np.arange(0.0, end + 1e-12, length)
    return list(np.diff(np.interp(edges, hours, grown)) / length)


STEPS = st.lists(st.tuples(st.floats(0.01, 40.0), st.floats(0.1, 10.0)), min_size=1, max_size=30)


@given(STEPS)
def test_means_over_windows_are_those_of_brute_force(steps: list[tuple[float, float]]) -> None:
    watch = Windows(rate, {"rate": LIMIT}, [("rate", LIMIT)])
    hour, pieces = 0.0, []
    for spent, value in steps:
        watch.look(hour, {("vent", "air"): (value,)})
        pieces.append((hour, value))
        hour += spent
    watch.close(hour)
    for name in (HOUR, DAY):
        means = by_force(pieces, hour, LENGTHS[name])
        judged = watch.judged[0][name]
        assert judged.windows == len(means)
        if means:
            assert judged.highest == pytest.approx(max(means), rel=1e-9, abs=1e-9)
            assert judged.lowest == pytest.approx(min(means), rel=1e-9, abs=1e-9)
        near = sum(abs(value - LIMIT[1]) < 1e-6 for value in means)
        assert abs(judged.beyond - sum(value > LIMIT[1] for value in means)) <= near


def works(watch: Windows[str]) -> WatchedPlant:
    network = salmiac_works(FailureMode(mtbf=50.0, mttr=5.0, clock="calendar"))
    return WatchedPlant(network, lambda _: {}, RandomStreams(3), watch)


def all_of(outflows: Outflows) -> Mapping[str, float]:
    return {"rate": sum(map(sum, outflows.values()))}


def test_a_recorded_run_averaged_by_brute_force_gives_the_same_hours_and_days() -> None:
    watch = Kept(all_of, {"rate": LIMIT}, [("rate", LIMIT)])
    works(watch).run(1000.0)
    pieces = [(hour, sum(map(sum, flows.values()))) for hour, flows in watch.pieces]
    for name in (HOUR, DAY):
        means = by_force(pieces, 1000.0, LENGTHS[name])
        judged = watch.judged[0][name]
        assert judged.windows == len(means)
        assert judged.highest == pytest.approx(max(means), rel=1e-9)
        assert judged.beyond == sum(value > LIMIT[1] * (1 + 1e-9) for value in means)
    worst = watch.worst["rate"]
    hourly = by_force(pieces, 1000.0, 1.0)
    assert [bad.value for bad in worst] == pytest.approx(sorted(hourly, reverse=True)[:10])


def test_what_left_in_all_hours_is_what_the_books_say() -> None:
    """Over whole hours the sums of the windows and the ledger are the same kilograms, by cause."""
    kept: dict[tuple[str, str, str], float] = {}

    class Adding(Windows[str]):
        def _note(self, values, parts, times):
            for key, kg in parts.items():
                kept[key] = kept.get(key, 0.0) + times * float(kg.sum())

    plant = works(Adding(all_of, {}, []))
    plant.run(720.0)
    booked: dict[tuple[str, str, str], float] = {}
    for entry, kg in plant.ledger().flows.items():
        if entry.sink in plant.network.sinks:
            key = (entry.stream, entry.sink, entry.cause)
            booked[key] = booked.get(key, 0.0) + float(kg.sum())
    assert kept == pytest.approx(booked, rel=1e-9)


def test_a_year_is_judged_when_it_is_over() -> None:
    watch = Windows(rate, {"rate": LIMIT}, [("rate", LIMIT)])
    watch.look(0.0, {("vent", "air"): (10.0,)})
    watch.look(4380.0 + 24.0, {})
    watch.close(8759.0)
    assert watch.judged[0][YEAR].windows == 0
    watch.close(8760.0)
    year = watch.judged[0][YEAR]
    assert (year.windows, year.beyond) == (1, 1)
    assert year.highest == pytest.approx(10.0 * 4404.0 / 8760.0)


def test_hours_in_which_nothing_leaves_keep_the_limit_and_break_a_row() -> None:
    watch = Windows(rate, {"rate": LIMIT}, [("rate", LIMIT)])
    for hour, value in ((0.0, 9.0), (3.0, None), (4.0, 9.0)):
        watch.look(hour, {} if value is None else {("vent", "air"): (value,)})
    watch.close(6.0)
    hours = watch.judged[0][HOUR]
    assert (hours.windows, hours.beyond, hours.longest) == (6, 5, 3)


def test_the_worst_hours_come_with_their_causes_and_ends() -> None:
    watch = Windows(rate, {"rate": LIMIT}, [("rate", LIMIT)])
    watch.look(0.0, {("a.vent", "air"): (1.0,)}, {("a.vent", "air"): "normal"})
    both: Outflows = {("a.vent", "air"): (1.0,), ("b.vent", "air"): (6.0,)}
    watch.look(2.5, both, {("a.vent", "air"): "normal", ("b.vent", "air"): "trip"})
    watch.look(3.0, {("a.vent", "air"): (1.0,)}, {("a.vent", "air"): "normal"})
    watch.close(5.0)
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
    watch.look(0.0, {("a.drain", "sewer"): (1.0,)})
    watch.close(1.0)
    assert watch.worst["pH"][0].times == pytest.approx(2.0)
    assert math.isclose(watch.judged[0][HOUR].share, 1.0)
