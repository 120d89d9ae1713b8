"""Same inputs, same result; and two designs under one seed see the same breakdowns."""

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar

import pytest

import plant_models.chlorobenzene
from plant_models.chlorobenzene.line import operation, weather, wiring
from plant_models.chlorobenzene.line.tree import Line
from plant_models.chlorobenzene.model import line, simulate
from plant_models.chlorobenzene.substances.chemistry import COMPONENTS
from sim.clock.life import Outages, failure_lives
from sim.clock.plant import Plant
from sim.clock.random_streams import RandomStreams, Stream
from sim.clock.recorder import Recorder
from sim.model.tree import get, leaves
from sim.network.network import Network, Pipe, Train
from sim.network.operation import FailureMode
from sim.network.unit import Conditions, Recipe, Unit
from sim.network.unit import Stream as Flow
from tests.trees import replace_all, replace_at

MONTH = 730.0  # h
WEAR = 0.1  # of every time between failures, so that a month sees breakdowns of every unit
ROOT = Path(plant_models.chlorobenzene.__file__).parents[2]

# ---- the same inputs give the same bits ----------------------------------------------------------

PRINT_INDICATORS = """
import sys
from plant_models import chlorobenzene as cb
run = cb.simulate(sys.argv[1], years=0.05, seed=3)
sys.stdout.write(repr(sorted(run.indicators.items())))
"""


def in_another_process(schemes: str, hash_seed: str) -> str:
    return subprocess.run(
        [sys.executable, "-c", PRINT_INDICATORS, schemes],
        env={**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=True,
        text=True,
    ).stdout


@pytest.mark.long
def test_another_process_hash_seed_and_order_of_the_schemes_change_no_bit():
    here = repr(sorted(simulate("F1,F2,F5,F10", years=0.05, seed=3).indicators.items()))
    assert in_another_process("F1,F2,F5,F10", "0") == here
    assert in_another_process("F10,F5,F2,F1", "12345") == here


def test_a_run_leaves_no_trace_in_the_next():
    first = dict(simulate("F1-F11", years=0.01, seed=3).indicators)
    simulate("F12", years=0.01, seed=4)
    assert dict(simulate("F1-F11", years=0.01, seed=3).indicators) == first


def test_a_record_changes_no_bit():
    plain = simulate("none", years=0.05, seed=3).indicators
    assert dict(simulate("none", years=0.05, seed=3, record=True).indicators) == dict(plain)


# ---- two designs see the same breakdowns ---------------------------------------------------------


class Noted(Stream):
    """A stream that keeps what it has given."""

    def __init__(self, stream: Stream) -> None:
        self.stream = stream
        self.given: list[float] = []

    def uniform(self, low: float = 0.0, high: float = 1.0) -> float:
        share = self.stream.uniform()
        self.given.append(share)
        return low + (high - low) * share


class NotedStreams(RandomStreams):
    """Streams that keep what they have given, by unit and purpose."""

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self.noted: dict[tuple[str, str], Noted] = {}

    def stream(self, name: str, purpose: str) -> Stream:
        key = (name, purpose)
        if key not in self.noted:
            self.noted[key] = Noted(super().stream(name, purpose))
        return self.noted[key]


Draws = Mapping[tuple[str, str], list[float]]
Events = list[tuple[float, str, str]]


def worn(tree: Line) -> Line:
    """Return the line with everything failing more often."""
    mtbf = {path: value for path, _, value in leaves(tree) if path.endswith(".mtbf")}
    return replace_all(tree, {path: WEAR * hours for path, hours in mtbf.items()})


def month(tree: Line) -> tuple[Draws, Events]:
    """Return all draws of a month of the line, and what happened in it."""
    streams, recorder = NotedStreams(seed=1), Recorder()
    plant = operation.running(worn(tree), streams, recorder=recorder).plant
    plant.run(MONTH)
    return {key: noted.given for key, noted in streams.noted.items()}, recorder.events


@pytest.fixture(scope="module")
def before() -> tuple[Draws, Events]:
    return month(line())


@pytest.fixture(
    scope="module",
    params=[
        "F1-F11",
        *(pytest.param(s, marks=pytest.mark.long) for s in ("F12", "F2,F3,F7", "F5")),
    ],
)
def after(request) -> tuple[Draws, Events]:
    return month(line(request.param))


def assert_same_draws(one: Draws, other: Draws) -> None:
    """Who breaks down later has drawn less often, but nothing else."""
    assert set(one) == set(other)
    shared = {key: min(len(given), len(other[key])) for key, given in one.items()}
    assert sum(shared.values()) > 100
    for key, n in shared.items():
        assert one[key][:n] == other[key][:n], key


def test_a_scheme_shifts_no_draw(before, after):
    assert_same_draws(before[0], after[0])


def test_a_longer_time_between_failures_shifts_no_draw(before):
    path = "off_gas_fan.failure.mtbf"
    sturdy = replace_at(line(), path, 3.0 * get(line(), path))
    assert_same_draws(before[0], month(sturdy)[0])


def test_what_fails_by_the_calendar_fails_at_the_same_hours(before, after):
    supplies = operation.SUPPLIED
    hours, hours_after = (
        [event for event in events if event[1] in supplies] for _, events in (before, after)
    )
    assert len(hours) > 2
    assert hours == hours_after


@dataclass(frozen=True, kw_only=True)
class Spare(Unit):
    """A unit beside the line, which passes on what it gets."""

    inlets: ClassVar[tuple[str, ...]] = ("feed",)
    outlets: ClassVar[tuple[str, ...]] = ("out",)

    def convert(self, inlets: Mapping[str, Flow], at: Conditions) -> Recipe:
        return Recipe(splits={"out": (1.0,) * len(COMPONENTS)})


def with_a_spare(network: Network) -> Network:
    """Return the network with one more unit in front, which fails every other day."""
    failure = FailureMode(mtbf=48.0, mttr=4.0, clock="calendar")
    spare = Spare(capacity=10.0, failure=failure)
    return replace(
        network,
        units={"spare": spare, **network.units},
        trains=(Train("spare", "benzene_supply", ("spare",)), *network.trains),
        pipes={"spare.out": Pipe("slop"), **network.pipes},
    )


def breakdowns(network: Network) -> tuple[Draws, Events]:
    """Return all draws and breakdowns of a month with a crew for every unit."""
    streams, recorder = NotedStreams(seed=1), Recorder()
    felt = weather.annual_mean(line())
    crews = len(network.units)
    plant = Plant(network, lambda _: felt, streams, crews=crews, recorder=recorder)
    for life in failure_lives(plant, Outages(plant, operation.INTERLOCKS)):
        plant.env.process(life)
    plant.run(MONTH)
    events = [event for event in recorder.events if event[1] != "spare"]
    draws = {key: noted.given for key, noted in streams.noted.items() if key[0] != "spare"}
    return draws, events


def test_a_new_unit_shifts_no_other_units_breakdowns():
    network = wiring.network(worn(line()))
    draws, events = breakdowns(network)
    draws_beside, events_beside = breakdowns(with_a_spare(network))
    assert draws_beside == draws
    assert len(events) > 10
    assert [event[1:] for event in events_beside] == [event[1:] for event in events]
    hours, hours_beside = ([event[0] for event in each] for each in (events, events_beside))
    # it ends intervals of the whole plant, after which recipes are asked at other instants
    assert hours_beside == pytest.approx(hours, rel=1e-5)
