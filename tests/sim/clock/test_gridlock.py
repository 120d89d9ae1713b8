"""Trains that nothing can set going again are told, all of them or a part, and no others are."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import ClassVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plant_models.benchmarks.machines import machine_line, running
from plant_models.benchmarks.units import MATERIAL, Machine, Splitter
from sim.clock.clocks import MASS
from sim.clock.life import Life, Outages, interrupted, shut_down, switching, weather, working
from sim.clock.logistics import collected
from sim.clock.plant import Plant
from sim.clock.states import locked_trains, meshed
from sim.errors import Gridlock
from sim.flow.map import FlowMap
from sim.model.parameters import quantity
from sim.network.network import Network, Pipe, Tank, Train
from sim.network.operation import CALENDAR, Collection, FailureMode, Shift, Shutdown
from sim.network.unit import Conditions, Recipe, Stream, Unit


@dataclass(frozen=True, kw_only=True)
class Washer(Unit):
    """Draws water for what it takes, and passes a share of both on: it may be more than it took."""

    inlets: ClassVar = ("charge", "water")
    outlets: ClassVar = ("passed", "drained")
    rate_dependent: ClassVar = False
    water: float = quantity("kg/kg", "water drawn per charge", 0.0, 10.0)
    passed: float = quantity("kg/kg", "share that is passed on", 0.0, 1.0)

    def convert(self, inlets: Mapping[str, Stream], at: Conditions) -> Recipe:
        splits = {"passed": (self.passed,), "drained": (1.0 - self.passed,)}
        return Recipe(splits=splits, draws={"water": (self.water,)})


UNITS: dict[str, Unit] = {
    "pump": Machine(capacity=1.0),
    "washer": Washer(capacity=1.0, water=1.0, passed=0.75),
    "decanter": Splitter(capacity=2.0, recycle=0.75),
    "mill": Machine(capacity=1.0),
}


def works(units: Mapping[str, Unit] = UNITS) -> Network:
    """Return a ring of two tanks, filled up by a pump and by wash water, and a mill elsewhere.

    The washer takes 1 kg/h from ``crude`` and gives 1.5 kg/h to ``washed``; the decanter takes
    2 kg/h from there and returns 1.5. Both tanks hold 6 kg of 12 at first: ``washed`` falls by
    0.5 kg/h, ``crude`` rises by 1.5 and is full at 4 h. From then on the pump stands, the decanter
    may return no more than the washer takes and draws 1.333 kg/h, and ``washed`` rises from 4 kg by
    1/6 kg/h, so that it is full at 52 h. Then nothing in the ring can move: what the washer makes
    of 1 kg asks the decanter for 1.5 kg, which returns 1.125 kg into the same full tank.
    """
    return Network(
        components=MATERIAL,
        units=units,
        tanks={
            "crude": Tank(capacity=12.0, heel=0.0),
            "washed": Tank(capacity=12.0, heel=0.0),
        },
        contents={"crude": (1.0,), "washed": (1.0,)},
        supplies={"store": (1.0,), "water": (1.0,)},
        sinks={"customers": "product", "sewer": "wastewater"},
        trains=(
            Train("pumping", "store", ("pump",)),
            Train("washing", "crude", ("washer",)),
            Train("decanting", "washed", ("decanter",)),
            Train("milling", "store", ("mill",)),
        ),
        pipes={
            "pump.made": Pipe("crude"),
            "washer.passed": Pipe("washed"),
            "washer.drained": Pipe("sewer"),
            "decanter.recycle": Pipe("crude"),
            "decanter.product": Pipe("customers"),
            "mill.made": Pipe("customers"),
        },
        draws={"washer.water": "water"},
    )


LOCKED = frozenset({"pumping", "washing", "decanting"})
AT = 52.0  # h


def told(plant: Plant, until: float = 1000.0) -> str:
    """Return what a gridlock tells."""
    with pytest.raises(Gridlock) as fault:
        plant.run(until)
    return str(fault.value)


def test_a_part_that_is_locked_is_told_at_its_hour_though_another_part_runs():
    text = told(running(works()))
    assert text.startswith(
        f"at t = {AT:g} h 3 of 4 trains wait for each other and nobody else can let them go: "
        "pumping blocked by crude; washing blocked by washed; decanting blocked by crude "
        "(circle: washing -> washed -> decanting -> crude -> washing)"
    )
    assert "milling" not in text


def test_a_plant_all_of_whose_trains_wait_for_each_other_is_told_so():
    """The message had no subject."""
    ring = works()
    units = {name: unit for name, unit in ring.units.items() if name != "mill"}
    pipes = {outlet: pipe for outlet, pipe in ring.pipes.items() if outlet != "mill.made"}
    text = told(running(replace(ring, units=units, trains=ring.trains[:3], pipes=pipes)))
    assert text.startswith(f"at t = {AT:g} h all trains wait for each other and nobody else")


ELSEWHERE: dict[str, Callable[[Plant], Life]] = {
    "shifts": lambda plant: working(plant, "milling", Shift(start=6.0, hours=8.0)),
    "failures": lambda plant: interrupted(
        plant, Outages(plant), "power", ("milling",), FailureMode(mtbf=1.0, mttr=9.0)
    ),
    "weather": lambda plant: weather(plant, 1.0),
}


@pytest.mark.parametrize("name", ELSEWHERE)
def test_what_the_engine_expects_of_another_part_does_not_hide_a_locked_one(name: str):
    plant = running(works())
    plant.env.process(ELSEWHERE[name](plant))
    assert told(plant).startswith(f"at t = {AT:g} h 3 of 4 trains")


def test_what_stands_elsewhere_does_not_hide_a_locked_part():
    plant = running(works())
    plant.hold("milling", "operator", "schedule done")
    assert told(plant).startswith(f"at t = {AT:g} h 3 of 4 trains")


def opened(plant: Plant, after: float, *, said: bool = False) -> Life:
    """Lead the decanter's water to the sewer a while after the ring has filled up."""
    yield plant.rises_to("washed", 12.0)
    if said:
        with plant.expecting("decanting"):
            yield plant.env.timeout(after)
    else:
        yield plant.env.timeout(after)
    plant.lead("decanter.recycle", "sewer")


@pytest.mark.parametrize("said", [True, False])
def test_a_part_that_a_process_will_open_is_not_locked(said: bool):
    plant = running(works())
    plant.env.process(opened(plant, 30.0, said=said))
    plant.run(AT + 40.0)
    assert plant.states["washing"].hours["blocked by washed"] == pytest.approx(30.0)


def test_a_process_that_has_only_looked_on_does_not_hide_a_locked_part():
    """It looks every 0.7 h, and so it has looked once when the ring has stood for 0.7 h."""

    def looking(plant: Plant) -> Life:
        while True:
            yield plant.env.timeout(0.7)
            plant.say("operator", f"{plant.level_of('crude'):g} kg")

    plant = running(works())
    plant.env.process(looking(plant))
    hour = float(told(plant).split()[3])
    assert AT < hour <= AT + 0.7


def test_a_process_that_expected_something_and_did_nothing_does_not_hide_a_locked_part():
    plant = running(works())

    def expecting() -> Life:
        yield plant.rises_to("washed", 12.0)
        with plant.expecting("washing"):
            yield plant.env.timeout(30.0)

    plant.env.process(expecting())
    assert float(told(plant).split()[3]) == pytest.approx(AT + 30.0)


def test_a_process_that_waits_for_what_others_still_move_may_open_a_part():
    """An operator comes by with every 70 kg milled: at 70 h he opens the ring."""
    plant = running(works())

    def rounds() -> Life:
        milled = plant.clock("mass", "mill")
        yield milled.reaches(70.0)
        plant.lead("decanter.recycle", "sewer")

    plant.env.process(rounds())
    plant.run(90.0)
    assert plant.states["washing"].hours["blocked by washed"] == pytest.approx(70.0 - AT)


def shift(plant: Plant) -> Life:
    return working(plant, "decanting", Shift(start=0.0, hours=8.0))


def season(plant: Plant) -> Life:
    return shut_down(plant, Outages(plant), Shutdown(start=12.0, duration=500.0))


def level(plant: Plant) -> Life:
    return switching(plant, "decanting", "washed", 9.0, 1.0)


def truck(plant: Plant) -> Life:
    collection = Collection(call_level=0.5, interval=100.0, spread=0.0, load=3.0)
    return collected(plant, "washed", "decanting", "decanter", collection)


@pytest.mark.parametrize("waits", [shift, season, level, truck])
def test_a_train_that_a_process_lets_wait_is_in_no_circle(waits: Callable[[Plant], Life]):
    """The ring is full whenever the decanter may not run; it ships half of what it takes."""
    plant = running(works({**UNITS, "decanter": Splitter(capacity=2.0, recycle=0.3)}))
    plant.env.process(waits(plant))
    plant.run(400.0)
    assert plant.ledger().total(source="decanter") > 0.0


def test_a_repair_in_the_circle_is_waited_for():
    """While the washer is down the ring is not locked; it is when the washer is back."""
    plant = running(works())
    plant.hold("washing", "operator", "inspected")

    def inspected() -> Life:
        yield plant.env.timeout(77.0)
        plant.release("washing", "operator")

    plant.env.process(inspected())
    hour = float(told(plant).split()[3])
    assert hour > 77.0


def test_a_tank_that_no_train_can_relieve_is_an_end_and_no_circle():
    """What fills a tank of residue for good stands, and everything else goes on."""
    network = works()
    pipes = {**network.pipes, "pump.made": Pipe("residue"), "decanter.recycle": Pipe("customers")}
    tanks = {**network.tanks, "residue": Tank(capacity=4.0, heel=0.0)}
    plant = running(
        replace(network, pipes=pipes, tanks=tanks, contents=dict.fromkeys(tanks, (1.0,)))
    )
    plant.run(1000.0)
    assert plant.states["pumping"].state == "blocked by residue"


@st.composite
def rings(draw: st.DrawFn) -> Network:
    """Draw tanks and trains between them that take water up or lose some: many lock, or run dry."""
    n = draw(st.integers(2, 4))
    tanks = [f"tank_{i}" for i in range(n)]
    feeds = ["store", *tanks, *draw(st.lists(st.sampled_from(tanks), max_size=2))]
    units: dict[str, Unit] = {}
    pipes: dict[str, Pipe] = {}
    for i, feed in enumerate(feeds):
        units[f"u{i}"] = Washer(
            capacity=draw(st.sampled_from([0.5, 1.0, 2.0])),
            water=draw(st.sampled_from([0.0, 0.3, 1.0])),
            passed=draw(st.sampled_from([0.5, 0.8, 0.9])),
        )
        after = tanks[(tanks.index(feed) + 1) % n] if feed in tanks else tanks[0]
        to = draw(st.sampled_from([after, after, *tanks]))
        pipes |= {f"u{i}.passed": Pipe(to), f"u{i}.drained": Pipe("customers")}
    return Network(
        components=MATERIAL,
        units=units,
        tanks={
            tank: Tank(
                capacity=draw(st.sampled_from([1.0, 5.0])),
                heel=0.0,
                initial_level=draw(st.sampled_from([0.0, 0.5, 1.0])),
            )
            for tank in tanks
        },
        contents=dict.fromkeys(tanks, (1.0,)),
        supplies={"store": (1.0,), "water": (1.0,)},
        sinks={"customers": "product"},
        trains=tuple(Train(f"t{i}", feed, (f"u{i}",)) for i, feed in enumerate(feeds)),
        pipes=pipes,
        draws={f"{name}.water": "water" for name in units},
    )


@pytest.mark.long
@given(rings(), st.integers(0, 2))
@settings(max_examples=120)
def test_no_train_that_is_called_locked_ever_runs_again(network: Network, fails: int):
    """Whatever the others do: fail, and come back."""
    failure = FailureMode(mtbf=7.0, mttr=3.0, clock=CALENDAR)
    units = {
        name: replace(unit, failure=failure) if i < fails else unit
        for i, (name, unit) in enumerate(network.units.items())
    }
    locked: frozenset[str] = frozenset()
    try:
        plant = running(replace(network, units=units), crews=9)
        plant.expected += 1  # nothing is told, so that it goes on
        for hour in range(1, 60):
            plant.run(float(hour))
            locked = locked_trains(plant.flow, plant.states)
            if locked:
                break
    except (ValueError, RuntimeError):  # of a loop that makes what it takes
        return
    before = {name: plant.states[name].hours.get("running", 0.0) for name in locked}
    for hour in range(60, 200):
        plant.run(float(hour))
    assert {name: plant.states[name].hours.get("running", 0.0) for name in locked} == before


@given(rings())
@settings(max_examples=30)
def test_no_part_is_locked_that_was_not_told(network: Network):
    try:
        plant = running(network)
        for hour in range(1, 60):
            plant.run(float(hour))
            assert not locked_trains(plant.flow, plant.states)
    except (ValueError, RuntimeError):  # of a loop that makes what it takes, or Gridlock
        return


def test_a_process_of_ones_own_that_will_let_a_train_run_is_waited_for_unsaid():
    """The whole plant stands for 0.9 h, twice; nothing says so."""
    plant = running(works())
    for name in ("pumping", "washing", "decanting"):
        plant.hold(name, "test", "held")
        plant.release(name, "test")
        plant.wait(name, "test", "not asked for")

    def pausing() -> Life:
        plant.wait("milling", "pause", "pauses")
        yield plant.env.timeout(0.4)
        yield plant.env.timeout(0.5)
        plant.release("milling", "pause")
        yield plant.env.timeout(1.0)
        plant.wait("milling", "pause", "pauses")
        yield plant.env.timeout(0.9)
        plant.release("milling", "pause")

    plant.env.process(pausing())
    plant.run(10.0)
    assert plant.states["milling"].hours == pytest.approx({"pauses": 1.8, "running": 8.2})


def test_a_calendar_that_ones_own_process_waits_for_is_waited_for():
    plant = running(works())
    for name in plant.train_names:
        plant.wait(name, "test", "not yet")

    def opening() -> Life:
        yield plant.clock(CALENDAR, "mill").reaches(30.0)
        for name in plant.train_names:
            plant.release(name, "test")

    plant.env.process(opening())
    plant.run(31.0)
    assert plant.states["milling"].hours["not yet"] == pytest.approx(30.0)


def test_a_level_that_is_passed_already_is_told_before_a_plant_is_called_dead():
    """The mill is stopped and, for the crude is low enough, let run at the same instant."""
    plant = running(works())
    for name in ("pumping", "washing", "decanting"):
        plant.wait(name, "test", "not asked for")

    def minding() -> Life:
        yield plant.env.timeout(5.0)
        plant.wait("milling", "test", "stopped")
        yield plant.falls_to("crude", 7.0)
        plant.release("milling", "test")

    plant.env.process(minding())
    plant.run(10.0)
    assert plant.ledger().total(source="mill") == pytest.approx(10.0, rel=1e-12)


def test_a_plant_is_dead_once_the_last_process_has_changed_nothing():
    plant = running(works())
    for name in plant.train_names:
        plant.wait(name, "test", "for nothing")

    def idling() -> Life:
        for _ in range(3):
            yield plant.env.timeout(2.0)
        yield plant.env.timeout(5.0)

    plant.env.process(idling())
    assert told(plant).startswith("at t = 2 h nothing flows and nothing is expected")


def test_a_plant_is_dead_once_who_was_told_at_once_has_changed_nothing():
    """A level is passed already, and who waits for it only looks on."""
    plant = running(works())
    for name in plant.train_names:
        plant.wait(name, "test", "for nothing")

    def looking() -> Life:
        yield plant.rises_to("crude", 5.0)

    plant.env.process(looking())
    assert told(plant).startswith("at t = 0 h nothing flows and nothing is expected")


def test_a_part_is_locked_once_who_was_told_at_once_has_changed_nothing():
    plant = running(works())

    def looking() -> Life:
        yield plant.rises_to("washed", 12.0)
        yield plant.rises_to("washed", 11.0)

    plant.env.process(looking())
    assert told(plant).startswith(f"at t = {AT:g} h 3 of 4 trains wait for each other")


def test_who_observes_a_plant_may_set_it_going_when_all_stands():
    plant = running(works())
    for name in plant.train_names:
        plant.wait(name, "test", "not yet")

    def look(_: float) -> None:
        for name in plant.train_names:
            plant.release(name, "test")

    plant.observe(look)
    plant.run(10.0)
    assert plant.ledger().total(source="mill") == pytest.approx(10.0, rel=1e-12)


@pytest.mark.parametrize("loads", [(7, 24, 74, 11), (34, 309), (400, 47, 11), (3, 1, 2)])
def test_a_tank_that_holds_the_loads_that_are_taken_of_it_locks_nobody(loads: tuple[int, ...]):
    """Where the last load and the contents end at one hour, the load is there, or it is not."""
    for most in range(1, 30):
        machines = [Machine(capacity=1.0), Machine(capacity=most / 10)]
        plant = running(machine_line(machines, [sum(loads) / 10], level=1.0))
        plant.env.process(_takes(plant, loads))
        plant.run(sum(loads) / most + 10.0)
        assert plant.states["machine_1"].full_hours > 0.0


def _takes(plant: Plant, loads: tuple[int, ...]) -> Life:
    """Take loads, tenths of a kg, one after another, from a tank that is filled again after all."""
    cargo = plant.clock(MASS, "machine_2")
    plant.wait("machine_1", "test", "not yet")
    for load in loads:
        yield cargo.reaches(load / 10)
    plant.release("machine_1", "test")


@pytest.mark.parametrize("named", [(), ("milling",)])
def test_a_plant_is_dead_once_what_was_expected_has_changed_nothing(named: tuple[str, ...]):
    plant = running(works())
    for name in plant.train_names:
        plant.wait(name, "test", "for nothing")

    def expecting() -> Life:
        with plant.expecting(*named):
            yield plant.env.timeout(2.0)

    plant.env.process(expecting())
    assert told(plant).startswith("at t = 2 h nothing flows and nothing is expected")


def test_a_train_that_nothing_is_known_of_can_not_be_expected():
    with (
        pytest.raises(LookupError, match="no train 'miling'; did you mean 'milling'"),
        running(works()).expecting("miling"),
    ):
        pass


def test_a_state_of_no_train_is_told_with_what_comes_near():
    with pytest.raises(LookupError, match="no train 'miling'; did you mean 'milling'"):
        _ = running(works()).states["miling"]


def lines(*trains: tuple[str, str]) -> FlowMap:
    """Machines that each draw from one tank or the store and give to another or the customers."""
    names = dict.fromkeys(end for train in trains for end in train)
    tanks = {name: Tank(capacity=10.0) for name in names if name not in ("store", "out")}
    units = {f"m{i}": Machine(capacity=1.0) for i in range(len(trains))}
    network = Network(
        components=MATERIAL,
        units=units,
        tanks=tanks,
        contents=dict.fromkeys(tanks, (1.0,)),
        supplies={"store": (1.0,)},
        sinks={"out": "product"},
        trains=tuple(Train(f"m{i}", feed, (f"m{i}",)) for i, (feed, _) in enumerate(trains)),
        pipes={f"m{i}.made": Pipe(to) for i, (_, to) in enumerate(trains)},
    )
    return running(network).flow.map


def test_only_where_a_stream_leads_back_can_trains_wait_in_a_circle():
    assert not meshed(lines(("store", "a"), ("a", "b"), ("b", "out")))
    assert not meshed(lines(("store", "a"), ("store", "a"), ("a", "out")))
    assert meshed(lines(("store", "a"), ("a", "b"), ("b", "a")))
    assert meshed(lines(("store", "a"), ("a", "b"), ("a", "b"), ("b", "out")))
    assert meshed(lines(("store", "a"), ("a", "a"), ("a", "a")))


def test_steam_that_nobody_uses_is_nothing_that_flows():
    """A line stands before a full buffer, though its boiler could give 5 kg/h."""
    network = machine_line([Machine(capacity=2.0), Machine(capacity=1.0)], [10.0])
    for utilities in ({}, {"steam": 5.0}):
        plant = running(replace(network, utilities=utilities))
        plant.wait("machine_2", "somebody", "no car")
        with pytest.raises(Gridlock, match=r"t = 2.5 h nothing flows .* machine_2 no car"):
            plant.run(40.0)


def breaking(**hours: float) -> Plant:
    """Return a pump that breaks at 1 h for an hour; as it stops and starts it fills a full tank."""
    network = Network(
        components=MATERIAL,
        units={"pump": Machine(capacity=1.0)},
        tanks={"slops": Tank(capacity=1.0, initial_level=1.0)},
        contents={"slops": (1.0,)},
        supplies={"store": (1.0,)},
        sinks={"customers": "product"},
        trains=(Train("pump", "store", ("pump",), **hours),),
        pipes={"pump.made": Pipe("customers", start_up="slops", trip="slops")},
    )
    plant = running(network)
    outages = Outages(plant)

    def breaks() -> Life:
        yield plant.env.timeout(1.0)
        outages.breaks("pump", "broken")
        with plant.expecting("pump"):
            yield plant.env.timeout(1.0)
        outages.mends("pump")

    plant.env.process(breaks())
    return plant


@pytest.mark.parametrize(
    ("hours", "made"),
    [
        ({"start_up_hours": 2.0}, 7.0),
        ({"trip_hours": 0.5, "trip_fraction": 0.5}, 9.0),
        ({"trip_hours": 3.0, "trip_fraction": 0.5}, 7.0),  # it is back before it has stopped
        ({"idle_hours": 1.5, "idle_fraction": 0.0}, 7.5),
        ({"idle_hours": 1.5, "start_up_hours": 0.5}, 7.0),
    ],
)
def test_a_train_that_starts_up_or_trips_will_run_though_nothing_flows_until_then(hours, made):
    plant = breaking(**hours)
    plant.run(11.0)
    assert plant.ledger().total(sink="customers") == pytest.approx(made + 1.0, rel=1e-12)
