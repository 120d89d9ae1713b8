"""Clocks that run at the speed of the plant: calendar, run time, volume and mass."""

import math

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from plant_models.benchmarks import oracles
from plant_models.benchmarks.flows import drums
from plant_models.benchmarks.machines import machine_line, rigid_row, running
from plant_models.benchmarks.units import BRINE, Machine, Separator
from sim.clock.clocks import MASS, Places
from sim.clock.plant import Plant
from sim.network.network import Network, Pipe, Train
from sim.network.operation import CALENDAR, RUN_TIME, VOLUME

KINDS = (CALENDAR, RUN_TIME, VOLUME, MASS)


def slowed() -> Plant:
    """Return a machine of 4 kg/h that a full buffer slows to the 1 kg/h of the machine behind."""
    line = machine_line([Machine(capacity=4.0), Machine(capacity=1.0)], [10.0], level=1.0)
    return running(line)


def rings(plant: Plant, kind: str, target: float, unit: str = "machine_1") -> list[float]:
    """Return a list that gets the hour at which a clock has counted the target."""
    rung: list[float] = []
    event = plant.clock(kind, unit).reaches(target)
    event.callbacks.append(lambda _: rung.append(plant.env.now))
    return rung


def between(plant: Plant, start: float, end: float) -> None:
    """Hold the first train between two hours."""
    train = plant.train_names[0]

    def holding():
        yield plant.env.timeout(start)
        plant.hold(train, "test", "held")
        yield plant.env.timeout(end - start)
        plant.release(train, "test")

    plant.env.process(holding())


@pytest.mark.parametrize(
    ("kind", "hour"), [(CALENDAR, 20.0), (RUN_TIME, 20.0), (VOLUME, 80.0), (MASS, 20.0)]
)
def test_at_a_quarter_of_its_capacity_a_machine_ages_by_its_clock(kind: str, hour: float):
    plant = slowed()
    rung = rings(plant, kind, 20.0)
    plant.run(100.0)
    assert rung == [pytest.approx(hour, rel=1e-12)]


@pytest.mark.parametrize(
    ("kind", "hour"), [(CALENDAR, 10.0), (RUN_TIME, 15.0), (VOLUME, 15.0), (MASS, 15.0)]
)
def test_only_the_calendar_goes_on_while_a_machine_is_held(kind: str, hour: float):
    plant = running(rigid_row([Machine(capacity=1.0)]))
    rung = rings(plant, kind, 10.0)
    between(plant, 4.0, 9.0)
    plant.run(100.0)
    assert rung == [pytest.approx(hour, rel=1e-12)]


@pytest.mark.parametrize("kind", KINDS)
def test_every_clock_stands_still_while_its_unit_is_down(kind: str):
    plant = running(rigid_row([Machine(capacity=1.0)]))
    rung = rings(plant, kind, 10.0)

    def down():
        yield plant.env.timeout(4.0)
        plant.down["machine_1"] = "broken"
        plant.hold("row", "machine_1", "broken")
        yield plant.env.timeout(5.0)
        del plant.down["machine_1"]
        plant.release("row", "machine_1")

    plant.env.process(down())
    plant.run(100.0)
    assert rung == [pytest.approx(15.0, rel=1e-12)]


def test_the_calendar_of_a_unit_goes_on_while_its_neighbour_is_down():
    plant = running(rigid_row([Machine(capacity=1.0), Machine(capacity=1.0)]))
    rung = rings(plant, CALENDAR, 10.0, "machine_2")

    def down():
        yield plant.env.timeout(4.0)
        plant.down["machine_1"] = "broken"
        plant.hold("row", "machine_1", "broken")

    plant.env.process(down())
    with plant.expecting():
        plant.run(100.0)
    assert rung == [pytest.approx(10.0, rel=1e-12)]


def test_the_volume_clock_of_each_member_counts_by_its_own_capacity():
    """A machine of 4 kg/h in a row that runs at 1 kg/h ages at a quarter of an hour an hour."""
    plant = running(rigid_row([Machine(capacity=1.0), Machine(capacity=4.0)]))
    slow, fast = (rings(plant, VOLUME, 20.0, f"machine_{i}") for i in (1, 2))
    plant.run(100.0)
    assert slow == [pytest.approx(20.0, rel=1e-12)]
    assert fast == [pytest.approx(80.0, rel=1e-12)]


def test_a_clock_that_is_stopped_tells_what_is_left_and_does_not_ring():
    plant = running(rigid_row([Machine(capacity=2.0)]))
    clock = plant.clock(MASS, "machine_1")
    rung: list[float] = []
    clock.reaches(10.0).callbacks.append(lambda _: rung.append(plant.env.now))
    plant.run(3.0)
    assert clock.stop() == pytest.approx(4.0, rel=1e-12)
    plant.run(20.0)
    assert rung == []


def test_a_clock_counts_a_new_target_from_the_hour_it_is_set():
    plant = running(rigid_row([Machine(capacity=2.0)]))
    clock = plant.clock(MASS, "machine_1")
    plant.run(3.0)
    rung: list[float] = []
    clock.reaches(10.0).callbacks.append(lambda _: rung.append(plant.env.now))
    plant.run(20.0)
    assert rung == [pytest.approx(8.0, rel=1e-12)]


@pytest.mark.parametrize("others", [0, 1, 2])
def test_all_who_wait_for_a_count_are_told_at_its_hour(others: int):
    plant, told = running(rigid_row([Machine(capacity=2.0)])), []
    event = plant.clock(MASS, "machine_1").reaches(10.0)

    def waiting(who: int):
        counted = yield event
        told.append((plant.env.now, who, counted))
        yield plant.env.timeout(0.0)
        told.append((plant.env.now, who, event.processed))

    for who in range(1 + others):
        plant.env.process(waiting(who))
    plant.run(20.0)
    everybody = [(5.0, who, True) for who in range(1 + others)]
    assert told == everybody + everybody


@pytest.mark.parametrize("others", [0, 1])
def test_a_run_until_a_count_ends_with_it_and_goes_on(others: int):
    plant, told = running(rigid_row([Machine(capacity=2.0)])), []
    event = plant.clock(MASS, "machine_1").reaches(10.0)

    def waiting():
        yield event
        told.append(plant.env.now)

    for _ in range(others):
        plant.env.process(waiting())
    assert plant.env.run(event) is True
    assert plant.env.now == 5.0
    plant.run(8.0)
    assert told == [5.0] * others


@settings(max_examples=30)
@given(
    st.integers(1, 30),
    st.lists(st.tuples(st.integers(1, 40), st.integers(1, 40)), min_size=1, max_size=5),
)
def test_a_count_that_only_rounding_keeps_from_its_target_is_told(
    capacity: int, spells: list[tuple[int, int]]
):
    """A machine runs and stands in turn, in tenths of hours, and stops when it has counted."""
    plant = running(rigid_row([Machine(capacity=capacity / 10)]))
    counted = capacity * sum(run for run, _ in spells)
    rung = {kind: rings(plant, kind, counted / (100 if kind == MASS else 10 * capacity))
            for kind in (RUN_TIME, VOLUME, MASS)}  # fmt: skip
    hour, ends = 0, []
    for run, stand in spells:
        ends += [(plant.env.timeout((hour + run) / 10), True)]
        ends += [(plant.env.timeout((hour + run + stand) / 10), False)]
        hour += run + stand

    def moving():
        for at, holds in ends[:-1]:
            yield at
            if holds:
                plant.hold("row", "test", "held")
            else:
                plant.release("row", "test")

    plant.env.process(moving())
    plant.run(hour / 10 + 9.0)
    last = (hour - spells[-1][1]) / 10
    assert rung == {kind: [pytest.approx(last, rel=1e-12)] for kind in rung}


def test_an_endless_count_is_never_told():
    plant = running(rigid_row([Machine(capacity=1.0)]))
    rung = rings(plant, RUN_TIME, math.inf)
    between(plant, 4.0, 9.0)
    plant.run(20.0)
    assert rung == []


def test_a_clock_rings_once():
    plant = running(rigid_row([Machine(capacity=2.0)]))
    rung = rings(plant, RUN_TIME, 5.0)
    plant.run(50.0)
    assert len(rung) == 1


@settings(max_examples=30)
@given(
    st.lists(st.tuples(st.floats(0.1, 5.0), st.floats(0.1, 5.0)), min_size=1, max_size=6),
    st.floats(0.1, 3.0),
)
def test_drums_are_full_at_the_inverse_of_the_cumulative_flow(
    spells: list[tuple[float, float]], size: float
):
    """Spells of running at 2 kg/h and of standing, in turn."""
    plant = running(rigid_row([Machine(capacity=2.0)]))
    filled = drums(plant, "machine_1", size)
    hour = 0.0
    for run, stand in spells:
        between(plant, hour + run, hour + run + stand)
        hour += run + stand
    cumulative = 0.0
    for run, _ in spells:
        cumulative += 2.0 * run / size
        assume(abs(cumulative - round(cumulative)) > 1e-6)  # rounding would decide
    plant.run(hour)
    pieces = [
        (hours, rate) for spell in spells for hours, rate in zip(spell, (2.0, 0.0), strict=True)
    ]
    assert filled == pytest.approx(oracles.flows.filling_times(pieces, size), rel=1e-9)


def test_a_unit_that_gets_nothing_of_what_passes_its_train_does_no_work_to_age_by():
    """Pure water passes a still that sends salt alone on to the press behind it."""
    plant = running(
        Network(
            components=BRINE,
            units={
                "still": Separator(capacity=4.0, salt=1.0, water=0.0),
                "press": Machine(capacity=4.0),
            },
            tanks={},
            contents={},
            supplies={"well": (0.0, 1.0)},
            sinks={"customers": "product", "sewer": "wastewater"},
            trains=(Train("pressing", "well", ("still", "press")),),
            pipes={
                "still.top": Pipe("press.part"),
                "still.bottom": Pipe("sewer"),
                "press.made": Pipe("customers"),
            },
        )
    )
    idle, busy = rings(plant, VOLUME, 1.0, "press"), rings(plant, VOLUME, 1.0, "still")
    plant.run(10.0)
    assert (idle, busy) == ([], [1.0])


def test_what_is_put_off_leaves_no_event_behind():
    """A clock whose speed changes a thousand times waits in one place, and rings as it would."""
    plant = running(rigid_row([Machine(capacity=1.0)]))
    rung = rings(plant, RUN_TIME, 1500.0)

    def stops_and_goes():
        while True:
            yield plant.env.timeout(1.0)
            plant.hold("row", "test", "held")
            yield plant.env.timeout(1.0)
            plant.release("row", "test")

    plant.env.process(stops_and_goes())
    plant.run(2000.5)
    assert len(plant.env._queue) <= 2  # the process, and SimPy's mark of where it stopped
    plant.run(3100.0)
    assert rung == [pytest.approx(2999.0, rel=1e-12)]


def test_steps_of_the_environment_settle_the_plant_as_its_run_does():
    """A buffer of 10 kg, half full, grows by 1 kg/h: it is full at 5 h, by either way."""
    for until in ("step", "event"):
        line = machine_line([Machine(capacity=2.0), Machine(capacity=1.0)], [10.0])
        plant = running(line)
        full = plant.rises_to("buffer_1", 10.0)
        if until == "event":
            plant.env.run(full)
        while not full.processed:
            assert plant.env.peek() in (0.0, 5.0)
            plant.env.step()
        assert plant.env.now == 5.0


def test_a_clock_that_is_cut_short_tells_so_at_once():
    plant = running(rigid_row([Machine(capacity=2.0)]))
    clock = plant.clock(MASS, "machine_1")
    told: list[tuple[float, bool]] = []

    def counting():
        for _ in range(2):
            counted = yield clock.reaches(10.0)
            told.append((plant.env.now, counted))

    plant.env.process(counting())
    plant.run(3.0)
    clock.cut()
    plant.run(20.0)
    clock.cut()  # counts nothing any more
    assert told == [(3.0, False), (8.0, True)]


def test_places_are_taken_in_turn_and_left_by_who_gives_up():
    """Work of 2 h each at one place: the second gives up after 1 h, so the third follows first."""
    plant = running(rigid_row([Machine(capacity=1.0)]))
    places = Places(plant.env)
    done: dict[str, float] = {}

    def working(who: str, patience: float):
        with places.request() as turn:
            yield turn | plant.env.timeout(patience)
            if turn.triggered:
                yield plant.env.timeout(2.0)
                done[who] = plant.env.now

    for who, patience in (("first", 9.0), ("second", 1.0), ("third", 9.0), ("fourth", 9.0)):
        plant.env.process(working(who, patience))
    plant.run(20.0)
    assert done == {"first": 2.0, "third": 4.0, "fourth": 6.0}
    assert places.free == 1
