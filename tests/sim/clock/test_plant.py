"""A plant in time: exact bounds, overflow, gridlock, and the steady state it comes to rest in."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import Phase, assume, given, settings
from hypothesis import strategies as st

from plant_models.benchmarks.machines import machine_line, rigid_row, running, two_machines
from plant_models.benchmarks.measure import Meter
from plant_models.benchmarks.stirred import stirred_tank
from plant_models.benchmarks.units import BRINE, MATERIAL, Machine, Separator, Splitter
from plant_models.benchmarks.works import salmiac_works
from sim.clock.plant import Plant
from sim.clock.recorder import Recorder
from sim.errors import Gridlock
from sim.network.network import Network, Pipe, Tank, Train
from sim.network.operation import FailureMode
from sim.network.unit import Unit
from sim.steady.state import SteadyState

WITHIN = 1e-9  # of the capacity
tenths = st.sampled_from([k / 10 for k in range(10)])


@st.composite
def networks(draw: st.DrawFn, components: int = 1) -> Network:
    """Draw a small network: every tank fed and drawn, with recycles, spills and failures.

    Every train ships at least a tenth of what it takes, so no loop is closed. Where compositions
    change, tanks have a heel and hold some hours of flow, as tanks of a plant do.
    """
    pure = components == 1
    n = draw(st.integers(1, 4))
    tanks = [f"tank_{i}" for i in range(n)]
    feeds = ["store", *tanks, *draw(st.lists(st.sampled_from(tanks), max_size=2))]
    units: dict[str, Unit] = {}
    pipes: dict[str, Pipe] = {}
    trains = []
    for i, feed in enumerate(feeds):
        name = f"unit_{i}"
        failure = draw(
            st.none()
            | st.builds(
                FailureMode,
                mtbf=st.sampled_from([5.0, 12.0, 30.0, 50.0]),
                mttr=st.sampled_from([0.5, 2.0, 7.0, 10.0]),
                clock=st.sampled_from(["calendar", "run time", "volume"]),
            )
        )
        capacity = draw(st.sampled_from([0.5, 1.0, 1.0, 2.0, 3.0]))
        back = draw(st.sampled_from(tanks))
        if pure:
            units[name] = Splitter(capacity=capacity, recycle=draw(tenths), failure=failure)
            pipes |= {f"{name}.recycle": Pipe(back), f"{name}.product": Pipe("customers")}
        else:
            units[name] = Separator(
                capacity=capacity,
                salt=draw(tenths),
                water=draw(tenths),
                failure=failure,
            )
            pipes |= {f"{name}.top": Pipe(back), f"{name}.bottom": Pipe("customers")}
        trains.append(Train(f"train_{i}", feed, (name,)))
    mixtures = st.just((1.0,)) if pure else tenths.map(lambda x: (x, 1.0 - x))
    return Network(
        components=MATERIAL if pure else BRINE,
        units=units,
        tanks={
            tank: Tank(
                capacity=draw(st.sampled_from([1.0, 5.0, 20.0, 50.0])) * (1.0 if pure else 10.0),
                heel=draw(st.sampled_from([0.0, 0.02])) if pure else 0.02,
                initial_level=draw(st.sampled_from([0.05, 0.5, 1.0])),
                when_full=draw(st.sampled_from(["block", "spill"])),
            )
            for tank in tanks
        },
        contents={tank: draw(mixtures) for tank in tanks},
        supplies={"store": draw(mixtures)},
        sinks={"customers": "product", "ground": "slop"},
        trains=tuple(trains),
        pipes=pipes,
        spills=dict.fromkeys(tanks, "ground"),
    )


def ran(network: Network, hours: float, seed: int = 1) -> tuple[Meter, float]:
    """Return what the levels did, and the closure of the books."""
    plant = running(network, seed, crews=2)
    meter = Meter(plant)
    try:
        plant.run(hours)
    except Gridlock:
        assume(False)
    meter.up_to_now()
    return meter, plant.ledger().certificate().closure


def excess(meter: Meter) -> float:
    """Return by how much the worst level has left [0, capacity], of the capacity."""
    over = [(most - top) / top for most, top in zip(meter.most, meter.capacity, strict=True)]
    under = [-least / top for least, top in zip(meter.least, meter.capacity, strict=True)]
    return max(*over, *under)


@given(networks(), st.integers(0, 100))
@settings(max_examples=40)
def test_no_level_leaves_its_tank_in_any_network_of_one_component(network: Network, seed: int):
    meter, closure = ran(network, 200.0, seed)
    assert excess(meter) <= WITHIN
    assert closure <= 1e-9


@given(networks(components=2), st.integers(0, 100))
@settings(max_examples=50, phases=[Phase.generate])  # to shrink a network takes minutes
def test_no_level_leaves_its_tank_and_books_close_while_compositions_change(
    network: Network, seed: int
):
    meter, closure = ran(network, 100.0, seed)
    assert excess(meter) <= WITHIN
    assert closure <= 1e-9


@given(networks(), st.integers(0, 100))
@settings(max_examples=15)
def test_running_in_steps_is_running_at_once(network: Network, seed: int):
    totals = []
    for hours in ([100.0], [10.0, 33.3, 50.0, 99.0, 100.0]):
        plant = running(network, seed, crews=2)
        try:
            for hour in hours:
                plant.run(hour)
        except Gridlock:
            assume(False)
        totals.append(plant.ledger().total(sink="customers"))
    assert totals[1] == pytest.approx(totals[0], rel=1e-9)


def separated(
    fillers: dict[str, str], tanks: dict[str, Tank], salt: float, water: float
) -> Network:
    """Return pumps from supplies into a mixer, a separator behind it, and a small tank drained."""
    pumps: dict[str, Unit] = {name: Machine(capacity=10.0) for name in fillers}
    return Network(
        components=BRINE,
        units={
            **pumps,
            "separator": Separator(capacity=10.0, salt=salt, water=water),
            "drain": Machine(capacity=20.0),
        },
        tanks=tanks,
        contents=dict.fromkeys(tanks, (1.0, 0.0) if salt > water else (0.0, 1.0)),
        supplies={"water": (0.0, 1.0), "brine": (1.0, 0.0)},
        sinks={"customers": "product", "sewer": "wastewater"},
        trains=(
            *(Train(name, supply, (name,)) for name, supply in fillers.items()),
            Train("separating", "mixer", ("separator",)),
            Train("draining", "small", ("drain",)),
        ),
        pipes={
            **{f"{name}.made": Pipe("mixer") for name in fillers},
            "separator.top": Pipe("small"),
            "separator.bottom": Pipe("sewer"),
            "drain.made": Pipe("customers"),
        },
    )


def recycling(
    pump: Machine, separator: Separator, tanks: dict[str, Tank], share: float, fills: str
) -> Network:
    """Return a pump of brine into a tank, and a separator whose top goes back into its feed."""
    return Network(
        components=BRINE,
        units={"pump": pump, "separator": separator},
        tanks=tanks,
        contents=dict.fromkeys(tanks, (share, 1.0 - share)),
        supplies={"brine": (0.5, 0.5)},
        sinks={"customers": "product"},
        trains=(
            Train("feeding", "brine", ("pump",)),
            Train("separating", "tank", ("separator",)),
        ),
        pipes={
            "pump.made": Pipe(fills),
            "separator.top": Pipe("tank"),
            "separator.bottom": Pipe("customers"),
        },
    )


def test_an_empty_tank_that_passes_a_changing_mixture_on_stays_at_its_heel():
    """A separator gives the tank first much, then little; the pump behind takes all there is."""
    tanks = {
        "mixer": Tank(capacity=1000.0, heel=0.0, initial_level=0.5),
        "small": Tank(capacity=100.0, heel=0.02, initial_level=0.02),
    }
    network = separated({"filling": "water"}, tanks, salt=0.9, water=0.2)
    meter, _ = ran(network, 500.0)
    assert meter.least[1] == pytest.approx(2.0, abs=100.0 * WITHIN)
    assert meter.most[1] == pytest.approx(2.0, abs=100.0 * WITHIN)


def standing(network: Network, train: str) -> tuple[Plant, Recorder]:
    """Return the plant with one train held for good, and its record."""
    recorder = Recorder()
    plant = running(network, recorder=recorder)
    plant.hold(train, "test", "held")
    plant.expected += 1  # the test knows that nothing will move any more
    return plant, recorder


def test_a_change_that_begins_after_a_calm_spell_is_seen_at_once():
    """Water runs through for 1,000 h; then brine comes, and a separator that holds salt back."""
    tanks = {
        "mixer": Tank(capacity=200.0, initial_level=0.5),
        "small": Tank(capacity=100.0, initial_level=0.02),
    }
    network = separated({"watering": "water", "salting": "brine"}, tanks, salt=0.1, water=0.9)
    plant = running(network)
    meter = Meter(plant)
    plant.hold("salting", "test", "not yet")

    def turning():
        yield plant.env.timeout(1000.0)
        plant.hold("watering", "test", "no more")
        plant.release("salting", "test")

    plant.env.process(turning())
    plant.run(1500.0)
    assert excess(meter) <= WITHIN


@pytest.mark.parametrize(
    ("capacity", "heel", "feed", "drain"), [(3.0, 0.0, 1.0, 3.0), (1.0, 0.02, 1.0, 0.5)]
)
def test_a_tank_of_an_hours_flow_keeps_its_bounds(
    capacity: float, heel: float, feed: float, drain: float
):
    """Salt is washed out within the hour by brine whose water comes back: levels move fast."""
    network = recycling(
        Machine(capacity=feed),
        Separator(capacity=drain, salt=0.0, water=0.9),
        {"tank": Tank(capacity=capacity, heel=heel, initial_level=0.5)},
        share=1.0,
        fills="tank",
    )
    plant = running(network)
    meter = Meter(plant)
    plant.run(100.0)
    meter.up_to_now()
    assert excess(meter) <= WITHIN


@pytest.mark.parametrize("heel", [0.0, 0.02])
@pytest.mark.parametrize("salt", [0.3, 0.5])
def test_a_tank_that_a_recycle_alone_fills_runs_down_to_its_heel(heel: float, salt: float):
    """The less it holds, the faster its own recycle changes it; at its heel it stays."""
    network = recycling(
        Machine(capacity=1.0),
        Separator(capacity=3.0, salt=0.5, water=0.9),
        {"tank": Tank(capacity=100.0, heel=heel, initial_level=0.3), "yard": Tank(capacity=1e4)},
        share=salt,
        fills="yard",
    )
    meter, closure = ran(network, 120.0)
    assert meter.level[0] == pytest.approx(100.0 * heel, abs=100.0 * WITHIN)
    assert excess(meter) <= WITHIN
    assert closure <= 1e-9


@pytest.mark.parametrize(
    ("held", "runs", "told", "expected"),
    [
        ("machine_1", "machine_2", "starved by buffer_1", 7.0 / 3.0),
        ("machine_2", "machine_1", "blocked by buffer_1", 1.0),
    ],
)
def test_a_tank_is_at_its_bound_at_the_hour_that_follows_from_its_rates(
    held: str, runs: str, told: str, expected: float
):
    line = machine_line([Machine(capacity=3.0), Machine(capacity=3.0)], [10.0], level=0.7)
    plant, recorder = standing(line, held)
    plant.run(50.0)
    ((hour, state),) = [(hour, state) for hour, name, state in recorder.states if name == runs]
    assert state == told
    assert hour == pytest.approx(expected, rel=1e-12)


def test_the_heel_of_a_tank_is_not_drawn():
    line = machine_line([Machine(capacity=1.0), Machine(capacity=3.0)], [10.0], level=0.7)
    tank = replace(line.tanks["buffer_1"], heel=0.2)
    plant, _ = standing(replace(line, tanks={"buffer_1": tank}), "machine_1")
    plant.run(50.0)
    assert plant.level_of("buffer_1") == pytest.approx(2.0, rel=1e-12)


def test_books_that_are_written_between_two_runs_do_not_let_a_tank_pass_its_bound():
    """A level that somebody waits for then sets the alarm anew, for an interval that had ended."""
    plant = running(machine_line([Machine(capacity=1.0), Machine(capacity=3.0)], [10.0], level=1.0))
    plant.run(1.0)
    plant.book()
    plant.rises_to("buffer_1", 9.5)
    plant.run(10.0)
    assert plant.level_of("buffer_1") == 0.0
    assert plant.ledger().total(sink="customers") == pytest.approx(20.0, rel=1e-12)
    assert plant.ledger().certificate().closure < 1e-12


def test_a_full_tank_slows_what_feeds_it_to_what_draws_on_it():
    plant = running(machine_line([Machine(capacity=3.0), Machine(capacity=1.0)], [10.0], level=1.0))
    plant.run(10.0)
    assert plant.ledger().total(source="store") == pytest.approx(10.0, rel=1e-12)
    assert plant.level_of("buffer_1") == pytest.approx(10.0, rel=1e-12)


def test_a_full_tank_that_may_spill_slows_nothing_and_books_an_overflow():
    line = machine_line([Machine(capacity=3.0), Machine(capacity=1.0)], [10.0], level=0.5)
    spilling = replace(
        line,
        tanks={"buffer_1": replace(line.tanks["buffer_1"], when_full="spill")},
        sinks={**line.sinks, "sewer": "wastewater"},
        spills={"buffer_1": "sewer"},
    )
    plant = running(spilling)
    plant.run(10.0)
    ledger = plant.ledger()
    assert ledger.total(source="store") == pytest.approx(30.0, rel=1e-12)
    assert ledger.total(sink="sewer", medium="wastewater", cause="overflow") == pytest.approx(15.0)
    assert ledger.total(sink="sewer") == ledger.total(cause="overflow")
    assert ledger.certificate().closure < 1e-12


def test_an_overflow_leaves_at_the_composition_of_the_tank():
    """Brine of 0.9 into a full tank of water: what spills is the mean of what the tank holds."""
    plant = stirred_tank(2.5, 1.0, 12.0, 0.0, 0.9)
    full = replace(plant.network.tanks["tank_1"], capacity=12.0, initial_level=1.0)
    network = replace(
        plant.network,
        tanks={"tank_1": replace(full, when_full="spill")},
        sinks={**plant.network.sinks, "sewer": "wastewater"},
        spills={"tank_1": "sewer"},
    )
    spilling, _ = standing(network, "pump_2")
    spilling.run(9.0)
    ledger = spilling.ledger()
    left = float(np.exp(-2.5 * 9.0 / 12.0))
    mean = 0.9 * (1.0 - (1.0 - left) * 12.0 / (2.5 * 9.0))
    assert ledger.total("salt", sink="sewer") == pytest.approx(mean * 22.5, rel=1e-9)
    assert ledger.held["tank_1"][0] == pytest.approx(12.0 * 0.9 * (1.0 - left), rel=1e-9)


def test_a_tank_of_no_capacity_ties_two_machines_together():
    machines = [Machine(capacity=1.0), Machine(capacity=0.7), Machine(capacity=1.2)]
    plant = running(machine_line(machines, [0.0, 0.0]))
    plant.run(10.0)
    assert plant.ledger().total(sink="customers") == pytest.approx(7.0, rel=1e-12)


def test_a_level_that_is_waited_for_is_told_at_its_hour():
    line = machine_line([Machine(capacity=3.0), Machine(capacity=1.0)], [10.0], level=0.1)
    plant = running(line)
    told: list[float] = []
    for level in (2.0, 5.0, 9.0):
        plant.rises_to("buffer_1", level).callbacks.append(lambda _: told.append(plant.env.now))
    plant.run(20.0)
    assert told == pytest.approx([0.5, 2.0, 4.0], rel=1e-12)


def test_a_level_that_is_passed_already_is_told_at_once():
    line = machine_line([Machine(capacity=3.0), Machine(capacity=1.0)], [10.0], level=0.5)
    plant = running(line)
    told: list[float] = []
    plant.rises_to("buffer_1", 4.0).callbacks.append(lambda _: told.append(plant.env.now))
    plant.run(1.0)
    assert told == [0.0]


def test_a_level_that_nobody_waits_for_any_more_is_not_told():
    line = machine_line([Machine(capacity=3.0), Machine(capacity=1.0)], [10.0], level=0.1)
    plant = running(line)
    event = plant.rises_to("buffer_1", 5.0)
    plant.forget(event)
    plant.run(20.0)
    assert not event.triggered


@pytest.mark.parametrize("level", [2.0, 0.0])
def test_who_waits_for_a_level_no_longer_takes_no_bound_of_a_tank_along(level: float):
    """A buffer of 5 kg loses 1 kg/h and is empty at 5 h; at 1 h somebody forgets a level."""
    plant = running(machine_line([Machine(capacity=1.0), Machine(capacity=2.0)], [10.0]))

    def impatient():
        event = plant.mark("buffer_1", level, falling=True)
        yield event | plant.env.timeout(1.0)
        plant.forget(event)

    plant.env.process(impatient())
    plant.run(20.0)
    assert plant.states["machine_2"].full_hours == pytest.approx(5.0, rel=1e-12)
    assert plant.ledger().total(sink="customers") == pytest.approx(25.0, rel=1e-12)


def test_the_next_level_is_told_where_one_that_is_sooner_is_forgotten():
    line = machine_line([Machine(capacity=3.0), Machine(capacity=1.0)], [10.0], level=0.1)
    plant = running(line)
    sooner, later = plant.rises_to("buffer_1", 5.0), plant.rises_to("buffer_1", 9.0)
    told: list[float] = []
    later.callbacks.append(lambda _: told.append(plant.env.now))
    plant.run(1.0)
    plant.forget(sooner)
    plant.run(20.0)
    assert told == pytest.approx([4.0], rel=1e-12)
    assert not sooner.triggered


@given(
    st.tuples(st.integers(1, 30), st.integers(1, 30)),
    st.lists(st.tuples(st.integers(1, 30), st.integers(0, 1)), min_size=1, max_size=6),
    st.integers(1, 30),
)
@settings(max_examples=30)
def test_a_level_that_only_rounding_keeps_from_its_mark_is_reached(
    tenths_of_kg: tuple[int, int], spells: list[tuple[int, int]], last: int
):
    """Two machines are stopped and started in turn; both are held when the level is there."""
    fill, draw = tenths_of_kg
    line = machine_line([Machine(capacity=fill / 10), Machine(capacity=draw / 10)], [1000.0])
    plant, moves, runs = running(line), [], [True, True]
    level, hour = 50_000, 0  # hundredths of a kg, tenths of an hour
    for length, machine in [*spells, (last, 0)]:
        level += length * (fill * runs[0] - draw * runs[1])
        hour += length
        runs[machine] = not runs[machine]
        moves.append((plant.env.timeout(hour / 10), plant.train_names[machine], runs[machine]))
    runs[0] = not runs[0]
    grows = fill * runs[0] - draw * runs[1]
    assume(grows)

    def moving():
        for at, name, starts in moves[:-1]:
            yield at
            if starts:
                plant.release(name, "test")
            else:
                plant.hold(name, "test", "held")
        event = plant.mark("buffer_1", level / 100, falling=grows < 0)
        yield moves[-1][0]
        for name in plant.train_names:
            plant.hold(name, "end", "held")
        yield plant.env.timeout(1.0)
        reached.append(event.triggered)

    reached: list[bool] = []
    plant.env.process(moving())
    plant.run(hour / 10 + 2.0)
    assert reached == [True]


def test_a_million_small_portions_lose_nothing():
    """0.1 kg in, 0.1 kg out, in turn: what is left is what was there."""
    plant = running(machine_line([Machine(capacity=1.0), Machine(capacity=1.0)], [10.0]))

    def turns():
        for _ in range(2000):
            plant.hold("machine_2", "test", "filling")
            yield plant.env.timeout(0.1)
            plant.release("machine_2", "test")
            plant.hold("machine_1", "test", "emptying")
            yield plant.env.timeout(0.1)
            plant.release("machine_1", "test")

    plant.env.process(turns())
    plant.run(400.0)
    assert plant.level_of("buffer_1") == pytest.approx(5.0, rel=1e-10)
    assert plant.ledger().certificate().closure <= 1e-10


def test_a_plant_that_stands_for_good_raises_with_what_each_train_waits_for():
    line = machine_line([Machine(capacity=3.0), Machine(capacity=1.0)], [10.0])
    tanks = {**line.tanks, "yard": Tank(capacity=5.0, heel=0.0)}
    stuck = replace(
        line,
        tanks=tanks,
        contents=dict.fromkeys(tanks, (1.0,)),
        pipes={**line.pipes, "machine_2.made": Pipe("yard")},
    )
    with pytest.raises(Gridlock, match="machine_1 blocked by buffer_1; machine_2 blocked by yard"):
        running(stuck).run(100.0)


def test_a_gridlock_tells_what_a_process_writes_that_would_have_ended_it():
    """A process that counts its hours one by one looks like one that goes round for ever."""
    plant = running(rigid_row([Machine(capacity=1.0)]))

    def pause():
        plant.wait("row", "pause", "pauses")
        for _ in range(24):
            yield plant.env.timeout(1.0)
        plant.release("row", "pause")

    plant.env.process(pause())
    with pytest.raises(
        Gridlock, match=r"at t = 1 h .*row pauses; .*`with plant.expecting\(\):` around its wait"
    ):
        plant.run(48.0)


def test_a_unit_of_no_capacity_stands():
    plant = running(machine_line([Machine(capacity=0.0), Machine(capacity=1.0)], [10.0]))
    plant.run(4.0)
    assert plant.level_of("buffer_1") == pytest.approx(1.0, rel=1e-12)


def test_a_plant_that_waits_for_a_repair_is_not_stuck():
    fails = FailureMode(mtbf=5.0, mttr=50.0, clock="calendar")
    plant = running(rigid_row([Machine(capacity=1.0, failure=fails)]))
    plant.run(500.0)
    assert plant.states["row"].hours["machine_1 failed (failure)"] > 100.0


def test_a_hold_that_no_event_will_take_back_does_not_hide_a_gridlock():
    """The second machine waits for a level that can never come: the first is blocked below it."""
    line = machine_line([Machine(capacity=3.0), Machine(capacity=1.0)], [10.0])
    tanks = {**line.tanks, "yard": Tank(capacity=5.0, heel=0.0, initial_level=1.0)}
    stuck = replace(
        line,
        tanks=tanks,
        contents=dict.fromkeys(tanks, (1.0,)),
        pipes={**line.pipes, "machine_1.made": Pipe("yard")},
    )
    plant = running(stuck)

    def switched():
        plant.wait("machine_2", "level switch", "waiting for buffer_1")
        yield plant.rises_to("buffer_1", 9.0)
        plant.release("machine_2", "level switch")

    plant.env.process(switched())
    with pytest.raises(Gridlock):
        plant.run(100.0)


def test_bounds_that_follow_each_other_without_time_between_are_settled_at_once():
    """Three tanks in a ring; the last returns all but a millionth and draws a thousandth."""
    tanks = {f"t{i}": Tank(capacity=1.0, heel=0.0, initial_level=1.0) for i in (1, 2)}
    tanks["t3"] = Tank(capacity=1.0, heel=0.0, initial_level=0.5)
    units: dict[str, Unit] = {
        "feed": Machine(capacity=1.0),
        "u1": Splitter(capacity=1.0, recycle=0.9),
        "u2": Splitter(capacity=1.0, recycle=0.3),
        "u3": Splitter(capacity=0.001, recycle=0.999999),
    }
    ends = {"u1": "t2", "u2": "t3", "u3": "customers"}
    network = replace(
        machine_line([Machine(capacity=1.0)], []),
        units=units,
        tanks=tanks,
        contents=dict.fromkeys(tanks, (1.0,)),
        trains=tuple(
            Train(unit, source, (unit,))
            for unit, source in zip(units, ["store", *tanks], strict=True)
        ),
        pipes={"feed.made": Pipe("t1")}
        | {f"{unit}.product": Pipe(end) for unit, end in ends.items()}
        | {f"{unit}.recycle": Pipe("t1") for unit in ends},
        priorities=("u1", "u2", "feed", "u3"),
    )
    plant = running(network)
    plant.run(50.0)
    assert plant.counts()["settlements"] < 20
    assert [plant.level_of(tank) for tank in tanks] == pytest.approx([1.0, 1.0, 1.0], abs=1e-9)
    plant.ledger().certificate().enforce()


def test_two_runs_in_one_process_are_bitwise_the_same():
    runs = []
    for _ in range(2):
        recorder = Recorder()
        plant = two_machines((1.0, 1.2), (0.01, 0.02), (0.1, 0.15), 15.0, "volume", seed=4)
        plant.recorder = recorder
        plant.run(5000.0)
        runs.append((recorder.events, recorder.level_rows, plant.ledger().total()))
    assert runs[0] == runs[1]


def test_a_recorder_changes_nothing():
    totals = []
    for recorder in (None, Recorder()):
        plant = running(salmiac_works(FailureMode(mtbf=50.0, mttr=5.0)), recorder=recorder)
        plant.run(1000.0)
        totals.append(plant.ledger().total())
    assert totals[0] == totals[1]


@pytest.mark.parametrize("ratio", [3.0, 10.0])
def test_a_long_eventless_run_comes_to_rest_in_the_steady_state(ratio: float):
    """With wash water to spare (it spills) and with too little (fresh water makes up the rest)."""
    works = salmiac_works()
    scrubber = replace(works.units["scrubber"], ratio=ratio)  # type: ignore[call-arg]
    works = replace(works, units={**works.units, "scrubber": scrubber})
    plant = running(works)
    plant.run(6000.0)
    before = plant.ledger()
    plant.run(7000.0)
    after = plant.ledger()
    rest = SteadyState(works, {}).ledger(1000.0)
    rest.certificate().enforce()
    largest = np.max(list(rest.flows.values()), axis=0)
    for entry in set(after.flows) | set(rest.flows):
        nothing = np.zeros(len(largest))
        flow = after.flows.get(entry, nothing) - before.flows.get(entry, nothing)
        np.testing.assert_allclose(
            flow / largest, rest.flows.get(entry, nothing) / largest, atol=1e-4, err_msg=str(entry)
        )


@pytest.mark.parametrize("buffers", [0, 1, 2])
def test_a_plant_of_any_number_of_tanks_has_a_steady_state(buffers: int):
    """Of none and of one, too: nothing or one flow is passed on between trains."""
    machines = [Machine(capacity=2.0 + i) for i in range(buffers + 1)]
    line = replace(machine_line(machines, [10.0] * buffers), pacer="machine_1")
    steady = SteadyState(line, {}).ledger(hours=3.0)
    assert steady.total(sink="customers") == pytest.approx(6.0, rel=1e-12)


def test_a_steady_state_without_a_pacer_asks_for_one():
    with pytest.raises(ValueError, match=r"expected a pacer.*one of machine_1, machine_2"):
        SteadyState(replace(machine_line([Machine(capacity=1.0)] * 2, [10.0]), pacer=""), {})


def test_the_steady_state_uses_and_reacts_what_the_run_does():
    works = salmiac_works()
    plant = running(works)
    plant.run(6000.0)
    before = plant.ledger()
    plant.run(7000.0)
    after = plant.ledger()
    rest = SteadyState(works, {}).ledger(1000.0)
    for utility in ("steam", "power"):
        used = after.used(utility) - before.used(utility)
        assert used == pytest.approx(rest.used(utility), rel=1e-5)
    for key, kmol in rest.extents.items():
        assert after.extents[key] - before.extents[key] == pytest.approx(kmol, rel=1e-5)


def test_levels_are_recorded_as_straight_lines_between_events():
    line = machine_line([Machine(capacity=3.0), Machine(capacity=1.0)], [10.0], level=0.0)
    recorder = Recorder()
    plant = running(line, recorder=recorder)
    plant.run(7.0)
    seen: Sequence[tuple[float, float]] = [
        (hour, row[0])
        for hour, row in zip(recorder.level_hours, recorder.level_rows, strict=True)
        if hour <= 5.0
    ]
    assert all(level == pytest.approx(2.0 * hour, abs=1e-12) for hour, level in seen)


def test_what_came_before_an_outlet_was_led_elsewhere_went_the_old_way():
    network = Network(
        components=MATERIAL,
        units={"machine": Machine(capacity=2.0)},
        tanks={"old": Tank(capacity=100.0, heel=0.0), "new": Tank(capacity=100.0, heel=0.0)},
        contents={"old": (1.0,), "new": (1.0,)},
        supplies={"store": (1.0,)},
        sinks={"customers": "product"},
        trains=(Train("making", "store", ("machine",)),),
        pipes={"machine.made": Pipe("old")},
    )
    plant = running(network)
    plant.run(1.0)  # up to here everything is booked

    def leading():
        yield plant.env.timeout(5.0)  # nothing is settled in between
        plant.lead("machine.made", "new")

    plant.env.process(leading())
    before = plant.ledger().held
    plant.run(10.0)
    after = plant.ledger().held
    assert float(after["old"].sum() - before["old"].sum()) == pytest.approx(10.0, rel=1e-12)
    assert float(after["new"].sum() - before["new"].sum()) == pytest.approx(8.0, rel=1e-12)


@pytest.mark.parametrize("first", [0.1, 0.7, 1.0 / 3.0, 25.982142122827717])
def test_a_run_in_two_parts_ends_at_its_very_hour(first: float):
    """By now + (115.2 - now) it was 115.20000000000002 h, other books, and no hour to run to."""
    once, twice = (
        running(machine_line([Machine(capacity=3.0), Machine(capacity=1.0)], [10.0]))
        for _ in range(2)
    )
    once.run(115.2)
    for hour in (first, 115.2, 115.2):
        twice.run(hour)
    assert twice.env.now == 115.2
    assert twice.ledger() == once.ledger()


def test_what_a_full_tank_spills_while_one_runs_off_spec_is_overflow():
    """Off-spec one runs as fast as ever: 2 kg/h too much come for good."""
    line = machine_line([Machine(capacity=3.0), Machine(capacity=1.0)], [10.0], level=1.0)
    spilling = replace(line.tanks["buffer_1"], when_full="spill")
    plant = running(
        replace(
            line,
            tanks={"buffer_1": spilling},
            sinks={**line.sinks, "sewer": "wastewater"},
            spills={"buffer_1": "sewer"},
        )
    )
    plant.run_usually_as("machine_2", "off-spec")
    plant.run(10.0)
    assert plant.ledger().total(sink="sewer", cause="overflow") == pytest.approx(20.0)
