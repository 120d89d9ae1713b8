"""What a process asks of a plant that cannot be: refused at once, by name."""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar, NamedTuple, cast

import numpy as np
import pytest

from plant_models.benchmarks.machines import machine_line, rigid_row, running
from plant_models.benchmarks.units import BRINE, Blender, Machine
from sim.clock.clocks import MASS
from sim.clock.life import (
    Outages,
    failure_lives,
    interrupted,
    maintenance_lives,
    shut_down,
    switching,
    turndown,
    weather,
    working,
)
from sim.clock.logistics import collected, lots, supplied
from sim.clock.meter import Meter
from sim.clock.orders import scheduled
from sim.clock.plant import Plant
from sim.clock.random_streams import RandomStreams, weibull_scale
from sim.clock.random_streams import Stream as Draws
from sim.clock.redesign import bypass_lives
from sim.model.parameters import quantity
from sim.network.network import Header, Network, Pipe, Tank, Train
from sim.network.operation import (
    RUN_TIME,
    SOONEST,
    Collection,
    Delivery,
    FailureMode,
    LotControl,
    Maintenance,
    Shift,
    Shutdown,
)
from sim.network.plain import PlainUnit
from sim.network.schedule import Order, check_orders, read_schedule
from sim.network.unit import Conditions, Recipe, Stream, Unit
from sim.steady.state import SteadyState

DELIVERY = Delivery(order_point=1.0, lot=1.0, lead_time=1.0, lead_spread=0.0)
COLLECTION = Collection(call_level=0.5, interval=1.0, spread=0.0, load=1.0)
CONTROL = LotControl(lot_level=0.9, analysis_time=1.0, failing=0.0)


def line() -> Plant:
    """Return two machines with a buffer of 10 kg, half full, between them."""
    return running(machine_line([Machine(capacity=2.0), Machine(capacity=1.0)], [10.0]))


OF_A_TRAIN: dict[str, Callable[[Plant], object]] = {
    "hold": lambda plant: plant.hold("machine_3", "test", "held"),
    "wait": lambda plant: plant.wait("machine_3", "test", "waits"),
    "release": lambda plant: plant.release("machine_3", "test"),
    "run_as": lambda plant: plant.run_as("machine_3", "trip"),
    "clock": lambda plant: plant.clock(RUN_TIME, "machine_3"),
    "goes_down": lambda plant: plant.goes_down("machine_3", "failed"),
    "lead": lambda plant: plant.lead("machine_3.made", "customers"),
    "train_named": lambda plant: plant.network.train_named("machine_3"),
    "begin": lambda plant: Outages(plant).begin("machine_3", "test", "held"),
    "end": lambda plant: Outages(plant).end("machine_3", "test"),
    "back": lambda plant: Outages(plant).back("machine_3"),
    "trains_of": lambda plant: Outages(plant).trains_of("machine_3"),
    "locked unit": lambda plant: Outages(plant, {"machine_3": ("machine_1",)}),
    "locked train": lambda plant: Outages(plant, {"machine_1": ("machine_3",)}),
}


@pytest.mark.parametrize("name", OF_A_TRAIN)
def test_a_train_or_unit_that_is_not_there_is_told_with_what_comes_near(name: str):
    with pytest.raises(LookupError, match=r"'machine_3'.*did you mean 'machine_\d'\?") as caught:
        OF_A_TRAIN[name](line())
    assert not isinstance(caught.value, KeyError)


NO_NAME = np.array([1.0, 2.0])
BY_NO_NAME: dict[str, Callable[[Plant, Any], object]] = {
    "unit": lambda plant, name: plant.network.train_of(name),
    "kind of clock": lambda plant, name: plant.clock(name, "machine_1"),
    "end of a pipe": lambda plant, name: plant.lead("machine_1.made", name),
}


@pytest.mark.parametrize("what", BY_NO_NAME)
def test_a_name_that_is_no_text_is_refused_like_one_that_is_not_there(what: str):
    with pytest.raises((LookupError, ValueError), match=r"array\(\[1\., 2\.\]\)"):
        BY_NO_NAME[what](line(), NO_NAME)


BEYOND = 10**400  # any float, which is no infinity
NO_HOUR: tuple[Any, ...] = (BEYOND, -BEYOND, 1e300, float("inf"), float("nan"), -1.0)


@pytest.mark.parametrize("hour", NO_HOUR)
def test_an_hour_that_never_comes_or_is_gone_is_refused(hour: Any):
    with pytest.raises(ValueError, match=r"^run: expected an hour from now, 0 h, to 1e\+09"):
        line().run(hour)


@pytest.mark.parametrize("target", [BEYOND, -BEYOND, float("nan")])
def test_a_clock_counts_to_a_number_or_never_comes_to_an_end(target: Any):
    clock = line().clock(RUN_TIME, "machine_1")
    with pytest.raises(ValueError, match="the run time clock of machine_1: no count of "):
        clock.reaches(target)
    assert not clock.reaches(float("inf")).triggered


def test_a_number_beyond_any_float_is_outside_every_domain():
    job = Maintenance(interval=BEYOND, duration=1.0)
    told = "machine_1.maintenance.interval: expected a number of at most 1.8e308 in size"
    with pytest.raises(ValueError, match=told):
        running(rigid_row([Machine(capacity=1.0, maintenance=job)]))


OF_A_TANK: dict[str, Callable[[Plant], object]] = {
    "level_of": lambda plant: plant.level_of("bufer_1"),
    "falls_to": lambda plant: plant.falls_to("bufer_1", 1.0),
    "rises_to": lambda plant: plant.rises_to("bufer_1", 1.0),
    "lead": lambda plant: plant.lead("machine_1.made", "bufer_1"),
    "supplied": lambda plant: next(supplied(plant, "bufer_1", "machine_1", "machine_1", DELIVERY)),
    "collected": lambda plant: next(
        collected(plant, "bufer_1", "machine_1", "machine_1", COLLECTION)
    ),
    "lots": lambda plant: next(
        lots(
            plant,
            "machine_1.made",
            ("bufer_1", "buffer_1"),
            ("machine_1", "machine_2"),
            "customers",
            "customers",
            CONTROL,
        )
    ),
}


@pytest.mark.parametrize("name", OF_A_TANK)
def test_a_tank_that_is_not_there_is_told_with_what_comes_near(name: str):
    with pytest.raises(LookupError, match=r"'bufer_1'.*did you mean 'buffer_1'\?") as caught:
        OF_A_TANK[name](line())
    assert not isinstance(caught.value, KeyError)


def test_a_state_that_a_train_was_not_in_is_told_with_what_comes_near():
    plant = line()
    plant.run(1.0)
    with pytest.raises(KeyError, match=r"^no state 'runing'; did you mean 'running'\?$"):
        plant.states["machine_1"].hours["runing"]


def test_a_condition_that_nobody_tells_is_told_with_what_comes_near():
    at = Conditions(1.0, {"air": 283.0})
    assert at["air"] == 283.0
    with pytest.raises(LookupError, match=r"^the surroundings tell no 'aire'; did you mean 'air'"):
        _ = at["aire"]


def test_an_outlet_that_is_not_there_is_told_with_what_comes_near():
    with pytest.raises(LookupError, match=r"outlet 'machine_1.mad'.*'machine_1.made'\?"):
        line().lead("machine_1.mad", "customers")


def test_a_unit_that_is_not_down_cannot_come_back():
    with pytest.raises(ValueError, match="unit 'machine_1' is not down"):
        line().comes_back("machine_1")


@pytest.mark.parametrize("kind", ["run_time", "Calendar", "mas", ""])
def test_a_clock_of_no_known_kind_is_refused(kind: str):
    with pytest.raises(ValueError, match="expected a clock of calendar, run time, volume or mass"):
        line().clock(kind, "machine_1")


def test_a_clock_counts_to_one_target_at_a_time():
    clock = line().clock(MASS, "machine_1")
    clock.reaches(1.0)
    with pytest.raises(RuntimeError, match="machine_1 counts already; stop"):
        clock.reaches(2.0)


def test_a_level_below_the_heel_is_never_fallen_to():
    network = machine_line([Machine(capacity=2.0), Machine(capacity=1.0)], [10.0])
    tanks = {"buffer_1": replace(network.tanks["buffer_1"], heel=0.1)}
    plant = running(replace(network, tanks=tanks))
    with pytest.raises(ValueError, match=r"buffer_1.*never falls to 0.5 kg: its heel is 1 kg"):
        plant.falls_to("buffer_1", 0.5)


def test_a_level_above_the_capacity_is_never_risen_to():
    with pytest.raises(ValueError, match=r"buffer_1.*never rises to 11 kg: it holds 10 kg"):
        line().rises_to("buffer_1", 11.0)


@pytest.mark.parametrize("fraction", [-0.5, 1.5, float("nan")])
def test_a_train_runs_at_no_other_fraction_than_0_to_1(fraction: float):
    with pytest.raises(ValueError, match=rf"'machine_1': expected a fraction .*, came {fraction}"):
        line().run_as("machine_1", "normal", fraction)


def test_what_is_no_fraction_and_no_observer_is_told():
    with pytest.raises(TypeError, match=r"'machine_1': expected a fraction .*, came 'half'"):
        line().run_at("machine_1", "half")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="observe: expected a function of the hour, came a value"):
        line().observe(lambda: None)  # type: ignore[arg-type, misc]
    with pytest.raises(TypeError, match="expected a function of the hour, came 'look'"):
        line().observe("look")  # type: ignore[arg-type]


def test_a_level_switch_starts_above_the_level_at_which_it_stops():
    with pytest.raises(ValueError, match=r"'machine_2': it starts at 2 kg, which is not above"):
        next(switching(line(), "machine_2", "buffer_1", start=2.0, stop=2.0))


@pytest.mark.parametrize("step", [0.0, -1.0, float("nan")])
def test_weather_comes_in_steps_of_some_length(step: float):
    with pytest.raises(ValueError, match=f"expected a step longer than 0 h, came {step:g} h"):
        next(weather(line(), step))


def test_a_level_that_is_no_number_is_refused():
    with pytest.raises(ValueError, match="buffer_1"):
        line().rises_to("buffer_1", float("nan"))
    for level in (BEYOND, -BEYOND):
        with pytest.raises(TypeError, match="tank 'buffer_1': expected a level in kg, came "):
            line().falls_to("buffer_1", level)


@pytest.mark.parametrize(
    ("capacities", "buffer"),
    [
        ((2.0, 1.0), 10.0),
        ((1.0338051225232452, 1.4739359410938089), 1.6854027513276248),
        ((1.505174928843256, 1.4545976220067345), 2.3162537355258583),
    ],
)
def test_a_mark_at_a_bound_is_told_when_the_bound_is_reached(
    capacities: tuple[float, float], buffer: float
):
    """Also where the level lacks the last digit of the bound."""
    machines = [Machine(capacity=kg) for kg in capacities]
    plant = running(machine_line(machines, [buffer], level=0.3))
    grows = capacities[0] > capacities[1]
    mark = plant.rises_to("buffer_1", buffer) if grows else plant.falls_to("buffer_1", 0.0)
    plant.run(100.0)
    assert mark.triggered


HASTY = FailureMode(mtbf=SOONEST, mttr=1e-9)


def test_failures_without_time_between_are_an_error_that_names_the_unit():
    plant = running(rigid_row([Machine(capacity=1.0, failure=HASTY)]))
    with pytest.raises(RuntimeError, match=r"unit 'machine_1' failed .*must take time"):
        plant.run(10.0)


def test_interruptions_without_time_between_are_an_error_that_names_the_supply():
    plant = line()
    plant.env.process(interrupted(plant, Outages(plant), "power", ("machine_1",), HASTY))
    with pytest.raises(RuntimeError, match=r"'power' failed.*must take time"):
        plant.run(10.0)


@pytest.mark.parametrize("mtbf", [0.0, 1e-300, 0.9 * SOONEST])
def test_failures_too_often_for_any_hour_of_work_are_outside_the_domain(mtbf: float):
    mode = FailureMode(mtbf=mtbf, mttr=1.0)
    told = rf"mtbf: {mtbf:.10g} h is outside the domain, 0.001 to 1e\+12 h"
    with pytest.raises(ValueError, match=rf"machine_1.failure.{told}"):
        running(rigid_row([Machine(capacity=1.0, failure=mode)]))
    plant = line()
    plant.env.process(interrupted(plant, Outages(plant), "power", ("machine_1",), mode))
    with pytest.raises(ValueError, match=rf"supply 'power'.{told}"):
        plant.run(10.0)


@dataclass(frozen=True, kw_only=True)
class Filter(Machine):
    works: bool = quantity("", "whether it is in order", default=True)

    def bypassed(self, mode: str = "failure") -> Unit | None:
        return replace(self, works=False)


def test_a_device_that_is_by_passed_without_time_between_is_an_error_that_names_it(monkeypatch):
    monkeypatch.setattr("sim.clock.plant.MOST_STOPS", 100)
    plant = running(rigid_row([Filter(capacity=1.0, failure=HASTY)]))
    for life in bypass_lives(plant, Outages(plant)):
        plant.env.process(life)
    with pytest.raises(RuntimeError, match=r"'machine_1' failed.*must take time"):
        plant.run(10.0)


@dataclass(frozen=True, kw_only=True)
class Misbuilt(Unit):
    inlets: ClassVar = ("part",)
    outlets: ClassVar = ("made", "rest")
    recipe: ClassVar[Recipe]

    def convert(self, inlets: Mapping[str, Stream], at: Conditions) -> Recipe:
        return self.recipe


@pytest.mark.parametrize(
    ("recipe", "kind", "message"),
    [
        (
            Recipe(splits={"made": (1.2,), "rest": (-0.2,)}),
            ValueError,
            "machine_1: its recipe splits -0.2 kg/kg of water to 'rest'",
        ),
        (
            Recipe(splits={"maed": (1.0,), "rest": (0.0,)}),
            LookupError,
            "machine_1: its recipe splits to 'maed', which is no outlet; did you mean 'made'?",
        ),
        (
            Recipe(splits={"made": (1.0,), "rest": (0.0,)}, draws={"acid": (1.0,)}),
            LookupError,
            "machine_1: its recipe draws at 'acid', which is no inlet that draws",
        ),
        (
            Recipe(splits={"made": (1.0,), "rest": (0.0,)}, uses={"steem": 1.0}),
            LookupError,
            "machine_1: its recipe uses 'steem', which is no utility; did you mean 'steam'?",
        ),
        (
            Recipe(splits={"made": (1.0,), "rest": (0.0,)}, worth={"acid": (1.0,)}),
            LookupError,
            "machine_1: its recipe tells the worth at 'acid', which is no inlet that draws",
        ),
        (
            Recipe(splits={"made": (1.0,), "rest": (0.0,)}, conversions=cast(Any, None)),
            TypeError,
            "machine_1: its recipe's conversions: expected a tuple of Conversion, came None",
        ),
        (
            Recipe(splits={"made": (1.0,), "rest": (0.0,)}, conversions=cast(Any, {})),
            TypeError,
            "machine_1: its recipe's conversions: expected a tuple of Conversion, came {}",
        ),
        (
            Recipe(splits={"made": cast(Any, {1.0}), "rest": (0.0,)}),
            TypeError,
            "its recipe splits to 'made': expected 1 numbers, one a component, came {1.0}",
        ),
        (
            Recipe(splits={"made": cast(Any, iter([1.0])), "rest": (0.0,)}),
            TypeError,
            "its recipe splits to 'made': expected 1 numbers, one a component, came a va",
        ),
        (
            Recipe(splits={"made": (10**400,), "rest": (0.0,)}),
            TypeError,
            "machine_1: its recipe splits to 'made': expected 1 numbers, one a component, came",
        ),
    ],
    ids=[
        "negative",
        "outlet",
        "inlet",
        "utility",
        "worth",
        "conversions",
        "empty conversions",
        "set",
        "iterator",
        "beyond a float",
    ],
)
@pytest.mark.parametrize("clock", ["run", "steady"])
def test_a_recipe_that_cannot_be_is_told_by_its_unit(
    recipe: Recipe, kind: type[Exception], message: str, clock: str
):
    wrong = type("Wrong", (Misbuilt,), {"recipe": recipe})
    row = rigid_row([Machine(capacity=1.0)])
    network = replace(
        row,
        units={"machine_1": wrong(capacity=1.0)},
        pipes={**row.pipes, "machine_1.rest": row.pipes["machine_1.made"]},
        pacer="row",
    )
    with pytest.raises(kind) as caught:
        SteadyState(network, {}).ledger(1.0) if clock == "steady" else running(network)
    assert message in str(caught.value)


FELT: dict[str, tuple[Any, str]] = {
    "text": ({"air": "20 degC"}, "'air': expected a finite number, came '20 degC'"),
    "a number as text": ({"air": "283"}, "'air': expected a finite number, came '283'"),
    "nothing": ({"air": None}, "'air': expected a finite number, came None"),
    "no number": ({"air": math.nan}, "'air': expected a finite number, came nan"),
    "no end": ({"air": math.inf}, "'air': expected a finite number, came inf"),
    "a complex number": ({"air": 1j}, "'air': expected a finite number, came 1j"),
    "several": ({"air": np.array([1.0, 2.0])}, "'air': expected a finite number, came array(["),
    "too much": ({"air": 10**400}, "'air': expected a finite number, came 1000"),
    "a condition by number": ({1: 283.0}, "expected each condition by its name, came 1"),
    "several of them": ({"air": None, "water": "x"}, "'water': expected a finite number, came 'x'"),
}


FEELING: dict[str, tuple[Callable[[Any], object], str]] = {
    "run": (lambda felt: bare(surroundings=lambda _: felt), "surroundings at hour 0: "),
    "later": (lambda felt: told_weather({}, felt), "surroundings at hour 1: "),
    "steady": (
        lambda felt: SteadyState(replace(rigid_row([Machine(capacity=1.0)]), pacer="row"), felt),
        "surroundings of a steady state: ",
    ),
}


@pytest.mark.parametrize("clock", FEELING)
@pytest.mark.parametrize("what", FELT)
def test_conditions_that_are_none_are_told_by_name(what: str, clock: str):
    felt, message = FELT[what]
    feel, where = FEELING[clock]
    with pytest.raises((TypeError, ValueError)) as caught:
        feel(felt)
    assert str(caught.value).startswith(where)
    assert message in str(caught.value)


def test_surroundings_are_a_function_of_the_hour():
    wanted = r"surroundings: expected a function of the hour, such as lambda hour: {'air': 283\.0}"
    odds: tuple[Any, ...] = (lambda: {"air": 283.0}, lambda hour, day: {}, {"air": 283.0}, None)
    for odd in odds:
        with pytest.raises(TypeError, match=f"^{wanted}, came "):
            bare(surroundings=odd)


TWO = machine_line([Machine(capacity=2.0), Machine(capacity=1.0)], [10.0])


def bare(**changed: Any) -> Plant:
    given: dict[str, Any] = {
        "network": TWO, "surroundings": lambda _: {}, "streams": RandomStreams(1),
    }  # fmt: skip
    return Plant(**{**given, **changed})


def told_weather(*days: Any) -> None:
    """Run a plant that is told its surroundings anew every hour, one after the other."""
    plant = bare(surroundings=lambda hour: days[int(hour)])
    plant.env.process(weather(plant, 1.0))
    plant.run(float(len(days)))


def with_unit(**body: Any) -> Any:
    """Return two machines of which the first is of a class that says something else."""
    own = TWO.units["machine_1"]
    odd = type("Odd", (type(own),), body)
    failing = FailureMode(mtbf=1.0, mttr=1.0)
    return replace(TWO, units={**TWO.units, "machine_1": odd(capacity=2.0, failure=failing)})


class Felt(NamedTuple):
    """What a plain unit feels."""

    trip: float


def plain_unit(**body: Any) -> Any:
    """Return two machines of which the first answers in numbers, or should."""
    ports = {"inlets": ("part",), "outlets": ("made",), "felt": Felt, "answer": lambda *_: None}
    odd = type("Odd", (PlainUnit,), {**ports, **body})
    return replace(TWO, units={**TWO.units, "machine_1": odd(capacity=2.0)})


def yearly(**given: Any) -> None:
    """Begin the annual shutdown of two machines."""
    plant = line()
    next(shut_down(plant, Outages(plant), Shutdown(start=5.0, duration=1.0), **given))


OF_A_PLANT: dict[str, tuple[Callable[[], object], str]] = {
    "no network": (lambda: bare(network=None), "network: expected a Network, came None"),
    "a seed for streams": (lambda: bare(streams=1), "streams: expected a RandomStreams, came 1"),
    "no recorder": (lambda: bare(recorder=True), "recorder: expected a Recorder, came True"),
    "no surroundings": (
        lambda: bare(surroundings=lambda _: None),
        "surroundings at hour 0: expected conditions by name, such as {'air': 283.0}, came None",
    ),
    "weather that is no number": (
        lambda: bare(surroundings=lambda _: {"air": float("nan")}),
        "surroundings at hour 0: 'air': expected a finite number, came nan",
    ),
    "weather that ends": (
        lambda: told_weather({}, None),
        "surroundings at hour 1: expected conditions by name, such as {'air': 283.0}, came None",
    ),
    "a wait of no time": (
        lambda: line().env.timeout(float("nan")),
        "timeout: expected hours of 0 or more, came nan",
    ),
    "a wait of words": (
        lambda: line().env.timeout("an hour"),  # type: ignore[arg-type]
        "timeout: expected hours of 0 or more, came 'an hour'",
    ),
    "a law of next to no shape": (
        lambda: weibull_scale(1.0, 1e-3),
        "weibull_scale: expected a shape of 0.0059 or more, came 0.001",
    ),
    "a process that waits for nothing": (
        lambda: line().env.process(None),  # type: ignore[arg-type]
        "process: expected a generator, what calling a function with 'yield' returns, came None",
    ),
    "a unit without ports": (
        lambda: with_unit(inlets=None),
        "units: 'machine_1': Odd.inlets: expected a tuple of names, came nothing",
    ),
    "a port that is a word": (
        lambda: with_unit(outlets="made"),
        "units: 'machine_1': Odd.outlets: expected a tuple of names, came 'made'; write ('made',)",
    ),
    "a unit that does nothing": (
        lambda: with_unit(convert=Unit.convert),
        "units: 'machine_1': Odd.convert: expected a method of this name, came nothing",
    ),
    "a unit that takes other things": (
        lambda: with_unit(convert=lambda self, inlets: None),
        "units: 'machine_1': Odd.convert: expected a method that takes self, inlets, at",
    ),
    "a unit that takes no flow": (
        lambda: with_unit(largest=None),
        "units: 'machine_1': Odd.largest: expected a flow of 0 kg/h or more, came None",
    ),
    "a plain unit that feels nothing it names": (
        lambda: plain_unit(felt=None),
        "units: 'machine_1': Odd.felt: expected a named tuple of the surroundings, came nothing",
    ),
    "a plain unit that derives what it has not": (
        lambda: plain_unit(derived=("capacty",)),
        "units: 'machine_1': Odd.derived: no property 'capacty'; did you mean 'capacity'?",
    ),
    "a by-pass that is no unit": (
        lambda: [
            *failure_lives(plant := running(with_unit(bypassed=lambda *_: "pipe")), Outages(plant))
        ],
        "Odd.bypassed: expected a unit with the inlets and outlets of this one, or None, came "
        "'pipe'",
    ),
    "no tolerance": (lambda: bare(tolerance="fine"), "tolerance: expected a number above 0"),
    "a tolerance that is none": (lambda: bare(tolerance=float("nan")), "above 0, came nan"),
    "outages of no plant": (lambda: Outages(None), "outages: expected a Plant, came None"),  # type: ignore[arg-type]
    "interlocks that are none": (
        lambda: Outages(line(), "machine_1"),  # type: ignore[arg-type]
        "outages: expected the trains that stop with each unit, came 'machine_1'",
    ),
    "interlocks that are numbers": (
        lambda: Outages(line(), np.array([1.0, 2.0])),  # type: ignore[arg-type]
        "outages: expected the trains that stop with each unit, came array([1., 2.])",
    ),
    "a meter of no plant": (lambda: Meter(None), "meter: expected a Plant, came None"),  # type: ignore[arg-type]
    "a meter of one name": (
        lambda: Meter(line(), tanks="buffer_1"),
        "meter: expected tanks as names in a list, came 'buffer_1'",
    ),
    "a switch at no level": (
        lambda: next(switching(line(), "machine_2", "buffer_1", "high", 2.0)),  # type: ignore[arg-type]
        "level switch of 'machine_2': expected levels in kg, came 'high' and 2.0",
    ),
    "a shutdown of a run that begins nowhere": (
        lambda: yearly(start_hour="June"),
        "shut_down: expected start_hour as a number of 0 or more, came 'June'",
    ),
    "a shutdown but of letters": (
        lambda: yearly(but="machine_1"),
        "shut_down: expected but as a list of names, came 'machine_1'",
    ),
    "weather in no steps": (
        lambda: next(weather(line(), None)),  # type: ignore[arg-type]
        "weather: expected a step in h, came None",
    ),
}


@pytest.mark.parametrize("what", OF_A_PLANT)
def test_what_is_of_another_kind_is_told_with_what_was_expected(what: str):
    call, message = OF_A_PLANT[what]
    with pytest.raises((TypeError, ValueError)) as told:
        call()
    assert message in str(told.value)


def test_a_train_that_does_not_stop_for_the_year_is_one_that_there_is():
    with pytest.raises(LookupError, match=r"no train 'machine_3'; did you mean 'machine_\d'\?"):
        yearly(but=["machine_3"])


def test_a_unit_that_is_not_there_is_not_as_good_as_new():
    with pytest.raises(LookupError, match=r"no unit 'machine_3'; did you mean 'machine_\d'\?"):
        Outages(line()).renew("machine_3")


def draws() -> Draws:
    return RandomStreams(1).stream("fan", "failure")


OF_A_LAW: dict[str, tuple[Callable[[Any], object], str]] = {
    "uniform, low": (lambda n: draws().uniform(n), "uniform: expected two numbers, came "),
    "uniform, high": (lambda n: draws().uniform(0.0, n), "uniform: expected two numbers, came "),
    "constant": (lambda n: draws().constant(n), "constant: expected a number, came "),
    "exponential": (
        lambda n: draws().exponential(n), "exponential: expected a mean of 0 or more, came ",
    ),
    "weibull, shape": (
        lambda n: draws().weibull(n, 1.0),
        "weibull: expected a shape above 0 and a scale of 0 or more, came ",
    ),
    "weibull, scale": (
        lambda n: draws().weibull(1.0, n),
        "weibull: expected a shape above 0 and a scale of 0 or more, came ",
    ),
    "lognormal, mean": (
        lambda n: draws().lognormal(n, 0.5),
        "lognormal: expected a mean of 0 or more and a cv of 0 or more, came ",
    ),
    "lognormal, cv": (
        lambda n: draws().lognormal(1.0, n),
        "lognormal: expected a mean of 0 or more and a cv of 0 or more, came ",
    ),
    "scale by mean": (
        lambda n: weibull_scale(n, 1.0),
        "weibull_scale: expected a mean of 0 or more and a shape above 0, came ",
    ),
    "scale by shape": (
        lambda n: weibull_scale(1.0, n),
        "weibull_scale: expected a mean of 0 or more and a shape above 0, came ",
    ),
}  # fmt: skip


@pytest.mark.parametrize("number", ["8", None, [8.0], True, float("nan"), -1.0, BEYOND])
@pytest.mark.parametrize("law", OF_A_LAW)
def test_what_no_law_can_draw_from_is_told_with_what_was_expected(law: str, number: Any):
    call, message = OF_A_LAW[law]
    if number == -1.0 and law in ("uniform, low", "uniform, high", "constant"):
        return
    with pytest.raises((TypeError, ValueError)) as caught:
        call(number)
    assert str(caught.value).startswith(message)


@pytest.mark.parametrize("name", [None, ["fan"], 3, b"fan"])
def test_a_stream_has_its_unit_and_purpose_as_text(name: Any):
    with pytest.raises(TypeError, match=r"^stream: expected the unit as text, came "):
        line().rng(name, "failure")
    with pytest.raises(TypeError, match=r"^stream: expected the purpose as text, came "):
        line().rng("fan", name)


def test_a_stream_of_its_own_starts_from_no_mere_number():
    with pytest.raises(TypeError, match=r"^stream: expected a SeedSequence, came None; RandomStr"):
        Draws(None)  # type: ignore[arg-type]


def down() -> Plant:
    plant = line()
    plant.goes_down("machine_1", "failed")
    return plant


def test_a_unit_that_is_down_goes_down_no_further():
    told = r"^unit 'machine_1' flooded: it is down already \(failed\); .* holds its train$"
    with pytest.raises(ValueError, match=told):
        Outages(down()).breaks("machine_1", "flooded")


IN_WORDS: dict[str, tuple[Callable[[Any], object], str]] = {
    "hold, who": (lambda x: line().hold("machine_1", x, "held"), "hold: expected who"),
    "hold, why": (lambda x: line().hold("machine_1", "test", x), "hold: expected why"),
    "wait, who": (lambda x: line().wait("machine_1", x, "waits"), "wait: expected who"),
    "wait, why": (lambda x: line().wait("machine_1", "test", x), "wait: expected why"),
    "release": (lambda x: line().release("machine_1", x), "release: expected who"),
    "run_as": (lambda x: line().run_as("machine_1", x), "run_as: expected cause"),
    "say, who": (lambda x: line().say(x, "back"), "say: expected who"),
    "say, what": (lambda x: line().say("machine_1", x), "say: expected what"),
    "clock": (lambda x: line().clock(MASS, "machine_1", x), "clock: expected label"),
    "goes_down": (lambda x: line().goes_down("machine_1", x), "goes_down: expected why"),
    "lead": (lambda x: line().lead(x, "customers"), "lead: expected outlet"),
    "begin, who": (lambda x: Outages(line()).begin("machine_1", x, "held"), "begin: expected who"),
    "begin, why": (lambda x: Outages(line()).begin("machine_1", "test", x), "begin: expected why"),
    "end": (lambda x: Outages(line()).end("machine_1", x), "end: expected who"),
}


@pytest.mark.parametrize("given", [None, ["operator"], {"operator": 1}, 3])
@pytest.mark.parametrize("what", IN_WORDS)
def test_who_and_why_are_told_in_words(what: str, given: Any):
    call, message = IN_WORDS[what]
    with pytest.raises(TypeError) as caught:
        call(given)
    assert str(caught.value) == f"{message} as text, came {given!r}"


BY_NAME: dict[str, Callable[[Any], object]] = {
    "train to be held": lambda x: line().hold(x, "test", "held"),
    "train that is expected": lambda x: line().expecting(x),
    "unit that goes down": lambda x: line().goes_down(x, "failed"),
    "unit that is waited for": lambda x: Outages(line()).back(x),
    "unit that comes back": lambda x: down().comes_back(x),
    "train and its usual cause": lambda x: line().usual_cause(x),
    "train of an order": lambda x: check_orders([rate(train=x)], line().network),
}


@pytest.mark.parametrize("given", [None, ["machine_1"], 3])
@pytest.mark.parametrize("what", BY_NAME)
def test_what_is_no_name_is_told_with_the_names_there_are(what: str, given: Any):
    with pytest.raises(LookupError, match=r"no (train|unit) .*; known: machine_1, machine_2$"):
        BY_NAME[what](given)


def rate(**changed: Any) -> Order:
    given: dict[str, Any] = {"hour": 1.0, "what": "rate", "train": "machine_1", "value": 0.5}
    return Order(**{**given, **changed})


def hold(**changed: Any) -> Order:
    given: dict[str, Any] = {"hour": 1.0, "what": "hold", "train": "machine_1"}
    return Order(**{**given, **changed})


HOUR = "hour: expected the hour of the run, 0 to 1e+09 h"
OF_A_SCHEDULE: dict[str, tuple[Callable[[], object], str]] = {
    "nothing": (lambda: check_orders(None, TWO), "schedule: expected orders in a list, came None"),  # type: ignore[arg-type]
    "one order": (lambda: check_orders(rate(), TWO), "schedule: expected orders in a list, came"),  # type: ignore[arg-type]
    "text": (lambda: check_orders("rate", TWO), "schedule: expected orders in a list, came 'rate'"),  # type: ignore[arg-type]
    "a row": (
        lambda: check_orders([(1.0, "rate")], TWO),  # type: ignore[list-item]
        "schedule: expected orders, came (1.0, 'rate'); read_schedule reads them of a file",
    ),
    "no network": (lambda: check_orders([], None), "schedule: expected a Network, came None"),  # type: ignore[arg-type]
    "a file without a network": (
        lambda: read_schedule("orders.csv", "plant"),  # type: ignore[arg-type]
        "schedule: expected a Network, came 'plant'",
    ),
    "no hour": (lambda: check_orders([hold(hour=None)], TWO), HOUR),
    "hours in a list": (
        lambda: check_orders([rate(hour=[1.0])], TWO), "hour: expected a number in h, came [1.0]",
    ),
    "no end": (
        lambda: check_orders([hold(until=None)], TWO),
        "hold of machine_1 at 1 h: until: expected the hour of the run",
    ),
    "no reason": (
        lambda: check_orders([hold(why=["held"])], TWO),
        "hold of machine_1 at 1 h: why: expected text, came ['held']",
    ),
    "played from nothing": (
        lambda: list(scheduled(plant := line(), Outages(plant), None)),  # type: ignore[arg-type]
        "schedule: expected orders in a list, came None",
    ),
    "played by no plant": (
        lambda: list(scheduled(TWO, Outages(line()), [])),  # type: ignore[arg-type]
        "scheduled: expected a Plant, came a value of type Network",
    ),
    "played without outages": (
        lambda: list(scheduled(line(), None, [])),  # type: ignore[arg-type]
        "scheduled: expected Outages(plant), came None",
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", OF_A_SCHEDULE)
def test_a_schedule_of_another_kind_is_told_with_what_was_expected(what: str):
    call, message = OF_A_SCHEDULE[what]
    with pytest.raises((TypeError, ValueError)) as caught:
        call()
    assert message in str(caught.value)


@pytest.mark.parametrize("level", ["high", None, float("nan"), [1.0]])
def test_a_mark_is_set_at_a_level_in_kg(level: Any):
    with pytest.raises(TypeError, match="tank 'buffer_1': expected a level in kg, came "):
        line().mark("buffer_1", level, falling=True)


@pytest.mark.parametrize("trains", ["machine_2", 3, None])
def test_trains_that_stop_with_a_unit_stand_in_a_list(trains: Any):
    told = "outages: expected the trains that stop with 'machine_1' as names in a list, came "
    with pytest.raises(TypeError, match=told):
        Outages(line(), {"machine_1": trains})


OF_A_LIFE: dict[str, Callable[[Any], object]] = {
    "failure_lives": lambda plant: list(failure_lives(plant, Outages(line()))),
    "bypass_lives": lambda plant: list(bypass_lives(plant, Outages(line()))),
    "maintenance_lives": lambda plant: list(maintenance_lives(plant, Outages(line()))),
    "interrupted": lambda plant: next(
        interrupted(plant, Outages(line()), "power", ("machine_1",), HASTY)
    ),
    "shut_down": lambda plant: next(
        shut_down(plant, Outages(line()), Shutdown(start=0.0, duration=1.0))
    ),
    "working": lambda plant: next(working(plant, "machine_1", Shift(start=8.0, hours=8.0))),
    "switching": lambda plant: next(switching(plant, "machine_2", "buffer_1", 2.0, 1.0)),
    "turndown": lambda plant: next(turndown(plant, "machine_1", 1.0)),
    "weather": lambda plant: next(weather(plant, 1.0)),
    "supplied": lambda plant: next(supplied(plant, "buffer_1", "machine_1", "machine_1", DELIVERY)),
    "collected": lambda plant: next(
        collected(plant, "buffer_1", "machine_1", "machine_1", COLLECTION)
    ),
    "lots": lambda plant: next(into_lots(plant)),
}


def into_lots(plant: Any, **changed: Any) -> Any:
    given: dict[str, Any] = {
        "outlet": "machine_1.made", "tanks": ("buffer_1", "buffer_1"),
        "pumps": ("machine_1", "machine_2"), "released_to": "customers",
        "reworked_to": "customers", "control": CONTROL,
    }  # fmt: skip
    return lots(plant, **{**given, **changed})


@pytest.mark.parametrize("plant", [None, "plant", TWO, [1]])
@pytest.mark.parametrize("name", OF_A_LIFE)
def test_what_lives_in_a_plant_asks_for_one_by_its_own_name(name: str, plant: Any):
    with pytest.raises(TypeError, match=rf"^{name}: expected a Plant, came "):
        OF_A_LIFE[name](plant)


OF_OUTAGES: dict[str, Callable[[Any], object]] = {
    "failure_lives": lambda outages: list(failure_lives(line(), outages)),
    "bypass_lives": lambda outages: list(bypass_lives(line(), outages)),
    "maintenance_lives": lambda outages: list(maintenance_lives(line(), outages)),
    "shut_down": lambda outages: next(
        shut_down(line(), outages, Shutdown(start=0.0, duration=1.0))
    ),
}


@pytest.mark.parametrize("name", OF_OUTAGES)
def test_who_stops_trains_asks_for_the_outages_of_the_plant(name: str):
    with pytest.raises(TypeError, match=rf"^{name}: expected Outages\(plant\), came None"):
        OF_OUTAGES[name](None)


@pytest.mark.parametrize("name", OF_OUTAGES)
def test_outages_of_another_plant_stop_nothing_and_are_refused(name: str):
    with pytest.raises(ValueError, match=rf"^{name}: expected the Outages of the plant, came "):
        OF_OUTAGES[name](Outages(line()))


@pytest.mark.parametrize("pair", [None, "ab", ["buffer_1"], 3])
@pytest.mark.parametrize("what", ["tanks", "pumps"])
def test_lots_take_two_tanks_and_what_empties_them(what: str, pair: Any):
    with pytest.raises(TypeError, match=f"^lots: expected two {what} by name, came "):
        next(into_lots(line(), **{what: pair}))


@pytest.mark.parametrize("name", [None, ["air"], {}])
def test_a_condition_that_is_no_name_is_told_with_what_there_is(name: Any):
    with pytest.raises(LookupError, match=r"^the surroundings tell no .*; known: air$"):
        Conditions(1.0, {"air": 283.0})[name]


def colder(self: Any, inlets: Any, at: Any) -> Recipe:
    at.surroundings["air"] = 0.0
    return Recipe(splits={"made": (1.0,)})


@pytest.mark.parametrize(
    "clock",
    [
        lambda network: SteadyState(network, {"air": 283.0}),
        lambda network: Plant(network, lambda hour: {"air": 283.0}, RandomStreams(1)),
    ],
    ids=["steady", "run"],
)
def test_no_unit_changes_what_the_others_feel(clock: Callable[[Any], object]):
    with pytest.raises(TypeError, match="does not support item assignment"):
        clock(replace(with_unit(convert=colder), pacer="machine_2"))


def waits_for_no_time(plant: Plant) -> Any:
    yield 8.0


def waits_for_a_hold(plant: Plant) -> Any:
    yield plant.env.timeout(1.0)
    yield plant.hold("machine_1", "test", "held")  # type: ignore[func-returns-value]


def waits_for_a_generator(plant: Plant) -> Any:
    yield waits_for_a_list(plant)


def waits_for_a_method(plant: Plant) -> Any:
    yield plant.env.event


def waits_for_a_list(plant: Plant) -> Any:
    yield plant.rises_to("buffer_1", 6.0)
    yield [plant.env.timeout(1.0)]


@pytest.mark.parametrize(
    ("process", "message"),
    [
        (waits_for_a_generator, r"came <generator .*; write yield from, or start it by plant\.env"),
        (waits_for_a_method, r"came <bound method .*; call it \(test_wrong_calls.py, line \d+\)"),
        (waits_for_no_time, r"came 8\.0 \(test_wrong_calls.py, line \d+\)"),
        (waits_for_a_hold, r"came None; what is no wait needs no yield \(test_wrong_calls.py, "),
        (waits_for_a_list, r"came \[<Wait.*\(test_wrong_calls.py, line "),
    ],
)
def test_what_a_process_waits_for_that_is_no_event_is_told(process: Any, message: str):
    plant = line()
    plant.env.process(process(plant))
    with pytest.raises(TypeError, match=f"^process '{process.__name__}': expected to wait for an"):
        plant.run(10.0)
    plant = line()
    plant.env.process(process(plant))
    with pytest.raises(TypeError, match=message):
        plant.run(10.0)


def test_a_train_that_fills_a_tank_beside_a_supply_has_no_rate_at_rest_and_is_told_what_has():
    """Without the supply the tank gives 0.2 of 10 kg/h, and so does what fills it."""
    salt = (1.0, 0.0)
    beside = Network(
        components=BRINE,
        units={"mining": Machine(capacity=9.0), "blender": Blender(capacity=10.0, ratio=0.2)},
        tanks={"hall": Tank(capacity=1000.0), "own": Tank(capacity=1000.0)},
        contents={"hall": salt, "own": salt},
        supplies={"mine": salt, "well": (0.0, 1.0)},
        sinks={"customers": "product"},
        trains=(Train("mining", "mine", ("mining",)), Train("blending", "well", ("blender",))),
        pipes={
            "mining.made": Pipe("hall"),
            "blender.top": Pipe("customers"),
            "blender.bottom": Pipe("customers"),
        },
        draws={"blender.second": Header(("own", "hall"), "well")},
        pacer="blending",
    )
    with pytest.raises(ValueError, match=r"^train 'mining'") as told:
        SteadyState(beside, {})
    assert str(told.value) == (
        "train 'mining' fills tank 'hall' from supply 'mine', but what 'blender.second' draws from "
        "the tank may come from supply 'well', too, so nothing says how much the train takes at "
        "constant conditions; leave 'well' out of what 'blender.second' draws on, so that the tank "
        "gives all that is asked for"
    )
    alone = replace(beside, draws={"blender.second": Header(("hall",))})
    assert SteadyState(alone, {}).activity["mining"] == pytest.approx(2.0)


JOINED: dict[str, Callable[[Plant, Any], object]] = {
    "either": lambda plant, other: plant.env.timeout(5.0) | other,
    "either, the other way round": lambda plant, other: other | plant.env.timeout(5.0),
    "both": lambda plant, other: plant.env.timeout(5.0) & other,
    "an event": lambda plant, other: plant.env.event() | other,
    "a process": lambda plant, other: plant.env.process(iter_of_nothing()) & other,
    "a crew": lambda plant, other: plant.crew.request() | other,
    "a level": lambda plant, other: plant.rises_to("buffer_1", 6.0) | other,
    "what is joined": lambda plant, other: plant.env.event() | plant.env.event() | other,
    "any of": lambda plant, other: plant.env.any_of([plant.env.event(), other]),
    "all of": lambda plant, other: plant.env.all_of((other,)),
}


def iter_of_nothing() -> Any:
    yield from ()


@pytest.mark.parametrize("what", JOINED)
@pytest.mark.parametrize("other", [5, None, [1.0]], ids=str)
def test_an_event_is_joined_with_events_alone(what: str, other: Any):
    told = re.escape(f"expected to wait for events, such as plant.env.timeout(8.0), came {other}")
    with pytest.raises(TypeError, match=f"^{told}$"):
        JOINED[what](line(), other)


@pytest.mark.parametrize("events", [5, None])
def test_any_of_what_is_no_list_is_told(events: Any):
    for ask in (line().env.any_of, line().env.all_of):
        with pytest.raises(
            TypeError, match=f"expected to wait for a list of events, came {events}"
        ):
            ask(events)


def test_what_comes_first_of_events_or_last_is_waited_for():
    plant, came = line(), list[float]()

    def waits() -> Any:
        env = plant.env
        yield env.timeout(3.0) | env.timeout(2.0) & env.event()
        came.append(env.now)
        yield env.all_of([env.timeout(1.0), env.timeout(2.0)]) & env.timeout(1.0)
        came.append(env.now)
        yield env.any_of([env.event(), env.timeout(4.0)])
        came.append(env.now)

    plant.env.process(waits())
    plant.run(20.0)
    assert came == [3.0, 5.0, 9.0]


@pytest.mark.parametrize("stop", [Plant.hold, Plant.wait], ids=["runs on", "stands for good"])
def test_what_a_process_waits_for_in_another_plant_is_told(stop: Callable[..., None]):
    plant, other = line(), line()

    def repairs() -> Any:
        stop(plant, "machine_1", "crew", "to be repaired")
        yield plant.env.timeout(1.0)
        yield other.env.timeout(8.0)  # as where several plants are made in a loop
        plant.release("machine_1", "crew")

    plant.env.process(repairs())
    with pytest.raises(RuntimeError, match="waits for what is of another plant"):
        plant.run(100.0)


def test_a_process_of_a_plant_does_not_run_it():
    def runs(plant: Plant) -> Any:
        yield plant.env.timeout(1.0)
        plant.run(5.0)

    plant = line()
    plant.env.process(runs(plant))
    with pytest.raises(RuntimeError, match="run: called by a process of the plant, which runs"):
        plant.run(10.0)


@pytest.mark.parametrize("cause", ["start_up", "Startup", "Trip", "tripp", "off spec", "shutdowns"])
def test_a_cause_that_comes_near_one_there_is_is_a_slip(cause: str):
    """Its flows went as if nothing had happened, and the books had it beside the one meant."""
    for call in (
        lambda: line().run_as("machine_1", cause),
        lambda: Outages(line()).begin("machine_1", "test", "held", cause),
    ):
        with pytest.raises(LookupError, match=f"no cause '{cause}'; did you mean"):
            call()


@pytest.mark.parametrize(
    "cause",
    ["what a script calls it", "abnormal", "stripping", "start", "trip 2", "device off", ""],
)
def test_a_cause_of_its_own_may_resemble_one_there_is(cause: str):
    """All but the first were refused, though a script may call its causes as it likes."""
    plant = line()
    plant.run_as("machine_1", cause)
    plant.run(1.0)
    assert plant.ledger().total(cause=cause) > 0.0
    assert line().ledger().total(cause=cause) == 0.0
