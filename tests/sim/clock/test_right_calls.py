"""What an author may write, though the guide writes it another way."""

import copy
import pickle
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from types import NoneType
from typing import Any, ClassVar

import numpy as np
import pytest

from plant_models import chlorobenzene
from plant_models.benchmarks.machines import machine_line
from plant_models.benchmarks.units import Machine
from sim import (
    Components,
    FailureMode,
    Life,
    Maintenance,
    Meter,
    Network,
    Order,
    Outages,
    Pipe,
    Plant,
    RandomStreams,
    Recipe,
    Saved,
    Shift,
    Shutdown,
    SteadyState,
    Tank,
    Train,
    Unit,
    failure_lives,
    turndown,
    weather,
)
from sim.network.plain import PlainUnit, class_faults
from sim.network.unit import unit_without

BRINE = Components({"salt": "NaCl", "water": "H2O"})
ALL = Recipe(splits={"out": (1.0, 1.0)})


@dataclass(frozen=True, kw_only=True)
class Passing(Unit):
    """Passes everything on, and feels the weather."""

    inlets: ClassVar = ("in",)
    outlets: ClassVar = ("out",)

    def convert(self, inlets: Any, at: Any) -> Recipe:
        assert at["cold"] >= 0.0
        return ALL


@dataclass(frozen=True, kw_only=True)
class OfProperties(Unit):
    """Says its ports by properties."""

    @property
    def inlets(self) -> Any:  # type: ignore[override]
        return ["in"]

    @property
    def outlets(self) -> Any:  # type: ignore[override]
        return ["out"]

    def convert(self, inlets: Any, at: Any) -> Recipe:
        return ALL


@dataclass(frozen=True, kw_only=True)
class OfFields(Unit):
    """Says its ports, and what it does, by fields."""

    inlets: Any  # type: ignore[misc]
    outlets: Any  # type: ignore[misc]
    convert: Any


@dataclass(frozen=True, kw_only=True)
class WithField(Passing):
    """Has a field of a name of ours."""

    without: float = 0.5


def plant(unit: Unit, weather: Callable[[float], Mapping[str, Any]]) -> Plant:
    """Return a plant of one unit that empties a tank."""
    network = Network(
        components=BRINE,
        units={"unit": unit},
        tanks={"tank": Tank(capacity=1e4)},
        contents={"tank": BRINE.stream(salt=0.1, water=0.9)},
        supplies={},
        sinks={"drums": "product"},
        trains=(Train("train", "tank", ("unit",)),),
        pipes={"unit.out": Pipe("drums")},
    )
    return Plant(network, weather, RandomStreams(seed=1))


def cold(hour: float) -> Mapping[str, Any]:
    return {"cold": 1.0}


@pytest.mark.parametrize(
    "unit",
    [
        OfProperties(capacity=10.0),
        OfFields(capacity=10.0, inlets=("in",), outlets=["out"], convert=lambda inlets, at: ALL),
    ],
    ids=["properties", "fields"],
)
def test_a_unit_may_say_for_itself_what_its_class_does_not(unit: Unit):
    run = plant(unit, cold)
    run.run(3.0)
    assert run.ledger().total(sink="drums") == pytest.approx(30.0)


def test_a_unit_may_have_a_field_of_any_name():
    run = plant(WithField(capacity=10.0, failure=FailureMode(mtbf=3.0, mttr=1.0)), cold)
    for life in failure_lives(run, Outages(run)):
        run.env.process(life)
    run.run(20.0)
    assert 0.0 < run.ledger().total(sink="drums") < 200.0


def test_ports_in_a_list_are_those_in_a_tuple():
    bypass = type("Bypass", (Passing,), {"inlets": ["in"], "outlets": ["out"]})(capacity=10.0)
    unit = type("Bypassed", (Passing,), {"bypassed": lambda self, mode: bypass})(capacity=10.0)
    assert unit_without(unit, "failure") is bypass


def test_an_answer_may_read_a_field_by_the_names_it_derives():
    @dataclass(frozen=True, kw_only=True)
    class Answering(PlainUnit):
        inlets: ClassVar = ("in",)
        outlets: ClassVar = ("out",)
        felt: ClassVar[Any] = type("Felt", (tuple,), {"_fields": ()})
        derived: ClassVar = ("stages",)
        answer: ClassVar[Any] = staticmethod(lambda self, at, fed: None)
        stages: Any

    assert not [*class_faults(Answering)]


@pytest.mark.parametrize("told", [True, np.True_, np.array(3.0), np.float32(3.0), 3])
def test_surroundings_may_be_switches_and_what_scipy_interpolates(told: Any):
    run = plant(Passing(capacity=10.0), lambda hour: {"cold": told})
    run.run(3.0)
    assert run.ledger().total(sink="drums") == pytest.approx(30.0)


def test_surroundings_are_asked_once_where_they_change():
    asked: list[float] = []

    def weather(hour: float) -> Mapping[str, Any]:
        asked.append(hour)
        return {"cold": float(len(asked))}

    run = plant(Passing(capacity=10.0), weather)
    run.run(1.0)
    run.new_surroundings()
    run.run(2.0)
    assert asked.count(1.0) == 1  # whether they have changed is what they are


def test_surroundings_at_rest_may_be_what_scipy_interpolates():
    line: Any = chlorobenzene.PLANT.network(chlorobenzene.PLANT.baseline().tree)
    felt = {"air": 283.15, "cooling_water": 288.15, "pressure": 101325.0}
    kinds: tuple[Any, ...] = (float, np.array)
    state, same = (
        SteadyState(line, {name: kind(value) for name, value in felt.items()}) for kind in kinds
    )
    assert state.activity == same.activity


SET: dict[str, Callable[[Plant, Any], object]] = {
    "run_at": lambda run, half: run.run_at("train", half),
    "run_as": lambda run, half: run.run_as("train", "start-up", half),
    "falls_to": lambda run, half: run.falls_to("tank", 1000.0 * half),
    "rises_to": lambda run, half: run.rises_to("tank", 1000.0 * half),
    "mark": lambda run, half: run.mark("tank", half, falling=True),
    "clock": lambda run, half: run.clock("mass", "unit").reaches(half),
    "run": lambda run, half: run.run(half),
    "meter": lambda run, half: Meter(run, half),
    "turndown": lambda run, half: next(turndown(run, "train", half, half)),
    "weather": lambda run, half: next(weather(run, half)),
    "exponential": lambda run, half: run.rng("unit", "test").exponential(half),
    "uniform": lambda run, half: run.rng("unit", "test").uniform(0.0, half),
    "weibull": lambda run, half: run.rng("unit", "test").weibull(half, half),
    "lognormal": lambda run, half: run.rng("unit", "test").lognormal(half, half),
}


@pytest.mark.parametrize("kind", [np.array, np.float32, Fraction], ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("name", SET)
def test_what_is_set_may_be_any_number(name: str, kind: Any):
    found, same = (
        SET[name](plant(Passing(capacity=10.0), cold), half) for half in (0.5, kind(0.5))
    )
    if isinstance(found, float):
        assert found == same
        assert type(same) is float


@pytest.mark.parametrize("odd", [True, np.True_, np.array(True), "0.5", None, [0.5]], ids=repr)
@pytest.mark.parametrize("name", [name for name in SET if not name.endswith("s_to")])
def test_what_is_set_is_no_switch_text_or_list(name: str, odd: Any):
    with pytest.raises((TypeError, ValueError), match=r"expected|no count of"):
        SET[name](plant(Passing(capacity=10.0), cold), odd)


@pytest.mark.parametrize("delay", [np.array(1.0), np.float32(1.0), 1])
def test_a_wait_may_be_what_scipy_interpolates(delay: Any):
    run, seen = plant(Passing(capacity=10.0), cold), list[Any]()

    def life() -> Life:
        yield run.env.timeout(delay)
        seen.append(run.env.now)

    run.env.process(life())
    run.run(2.0)
    assert seen == [1.0]
    assert not isinstance(seen[0], np.ndarray)


@pytest.mark.parametrize("number", [np.array(3.0), np.float32(3.0), np.int64(3)])
def test_records_hold_what_numpy_makes_of_one_number_as_a_number(number: Any):
    pairs: list[tuple[Any, Any]] = [
        (Shutdown(start=number, duration=number), Shutdown(start=3.0, duration=3.0)),
        (Shift(start=number, hours=number), Shift(start=3.0, hours=3.0)),
        (Tank(capacity=number), Tank(capacity=3.0)),
        (Passing(capacity=number), Passing(capacity=3.0)),
        (Train("train", "raw", (), number), Train("train", "raw", (), 3.0)),
        (FailureMode(mtbf=number, mttr=number), FailureMode(mtbf=3.0, mttr=3.0)),
        (Maintenance(interval=number, duration=number), Maintenance(interval=3.0, duration=3.0)),
        (
            Order(hour=number, what="rate", train="a", value=number),
            Order(hour=3.0, what="rate", train="a", value=3.0),
        ),
    ]
    for one, other in pairs:
        assert one == other
        assert {type(value) for value in vars(one).values()} <= {float, int, str, tuple, NoneType}
        assert hash(one) == hash(other)


@pytest.mark.parametrize("number", [np.array(1.0), np.float32(1.0)])
def test_a_network_takes_what_numpy_makes_of_one_number(number: Any):
    net = plant(Passing(capacity=10.0), lambda hour: {"cold": 0.0}).network
    other = replace(
        net,
        supplies={"main": (number, 0.0)},
        contents=dict.fromkeys(net.contents, (number, 0.0)),
        utilities={"steam": number},
    )
    assert other.utilities == {"steam": 1.0}
    fed = Plant(other, lambda hour: {"cold": 0.0}, RandomStreams(1))
    fed.run(3.0)
    assert fed.ledger().total(sink="drums", component="salt") == pytest.approx(30.0)
    again = other.refitted({}, supplies={"main": (0.0, number)})
    assert again.supplies == {"main": (0.0, 1.0)}
    weights = {"machine_1": number, "machine_2": 2.0}
    shared = replace(machine_line([Machine(capacity=1.0)] * 2, [10.0]), shares=(weights,))
    assert shared.shares == ({"machine_1": 1.0, "machine_2": 2.0},)


@pytest.mark.parametrize(
    ("capacities", "held"),
    [((0.0, 1.0), "machine_1"), ((1.0, 0.0), "machine_2"), ((2.0, 0.0, 1.0), "machine_2")],
)
def test_a_train_of_no_capacity_is_the_bottleneck(capacities: tuple[float, ...], held: str):
    machines = [Machine(capacity=kg) for kg in capacities]
    line = machine_line(machines, [10.0] * (len(machines) - 1))
    for pacer in ("machine_1", "machine_2"):
        steady = SteadyState(replace(line, pacer=pacer), {})
        assert steady.bottleneck == held
        assert set(steady.activity.values()) == {0.0}


def cold_line() -> Plant:
    return plant(Passing(capacity=10.0), cold)


def test_what_a_notebook_shows_of_a_run_is_a_line():
    run = cold_line()
    meter = Meter(run, every=12.0)
    run.run(2.0)
    shown = [repr(each) for each in (run, meter, run.ledger(), run.streams, BRINE)]
    assert shown[0].startswith("<Plant at 2 h: 1 train, ")
    assert shown[1].endswith(" from 0 h on, every 12 h>")
    assert shown[2].startswith("<Ledger of 2 h: total(), ")
    assert shown[3:] == [
        "RandomStreams(seed=1, replication=0)",
        f"Components(formulas={BRINE.formulas})",
    ]


@pytest.mark.parametrize("way", [pickle.dumps, copy.copy, copy.deepcopy])
def test_a_plant_that_would_be_copied_says_what_to_do(way: Any):
    with pytest.raises(TypeError, match="keep what it is built from by Saved"):
        way(cold_line())


def test_what_has_no_hash_is_named_and_not_what_is_in_it():
    run = cold_line()
    steady = chlorobenzene.steady_state("none")
    for each in (run.network, run.ledger(), Saved.of(run, cold_line), ALL, steady):
        with pytest.raises(TypeError) as told:
            hash(each)
        assert str(told.value) == f"unhashable type: '{type(each).__name__}'"


def test_who_lets_a_train_run_again_takes_back_that_it_held_it_and_that_it_waited():
    """Of both the wait stayed."""
    run = cold_line()
    run.hold("train", "crew", "leak")
    run.wait("train", "crew", "no spare part")
    run.release("train", "crew")
    run.run(2.0)
    assert run.ledger().total(sink="drums") == pytest.approx(20.0)


def test_streams_serve_one_plant_that_draws():
    """A second one went on with the draws of the first: two designs under other breakdowns."""
    refused = r"serve another plant .* make RandomStreams\(1, 0\) anew"
    first = cold_line()
    second = Plant(first.network, cold, first.streams)
    first.run(1.0)  # nothing is drawn
    with pytest.raises(ValueError, match=refused):
        second.streams.stream("unit", "failure")
    drawn = cold_line()
    drawn.streams.stream("unit", "failure").exponential(mean=1.0)
    with pytest.raises(ValueError, match=refused):
        Plant(drawn.network, cold, drawn.streams)
    assert drawn.streams.stream("unit", "repair").exponential(mean=1.0) > 0.0
