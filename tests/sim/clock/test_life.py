"""The lives of units and trains: failures, repairs, maintenance, shifts, start-up and trips."""

import math
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import pairwise

import pytest

from plant_models.benchmarks.machines import machine_line, rigid_row, running
from plant_models.benchmarks.units import MATERIAL, Machine
from sim.clock.life import (
    Life,
    Outages,
    failure_lives,
    interrupted,
    maintenance_lives,
    shut_down,
    switching,
    turndown,
    working,
)
from sim.clock.orders import scheduled
from sim.clock.plant import Plant
from sim.clock.random_streams import RandomStreams
from sim.clock.recorder import Recorder
from sim.clock.refit import miss, restore
from sim.network.network import Network, Pipe, Tank, Train
from sim.network.operation import SOONEST, FailureMode, Maintenance, RunOn, Shift, Shutdown
from sim.network.schedule import Order

CALENDAR = FailureMode(mtbf=100.0, mttr=8.0, clock="calendar", repair_law="constant")


def record(network: Network, hours: float, *, seed: int = 1, crews: int = 9) -> Recorder:
    recorder = Recorder()
    running(network, seed, crews=crews, recorder=recorder).run(hours)
    return recorder


def breakdowns(recorder: Recorder, unit: str) -> list[float]:
    return [hour for hour, who, what in recorder.events if who == unit and "failed" in what]


def row(*machines: Machine) -> Network:
    """Return machines that run together into a yard, so that the plant has a tank."""
    names = [f"machine_{i}" for i in range(1, len(machines) + 1)]
    line = machine_line([Machine(capacity=1.0), Machine(capacity=2.0)], [10.0])
    ends = [*(f"{name}.part" for name in names[1:]), "buffer_1"]
    return replace(
        line,
        units={**dict(zip(names, machines, strict=True)), "last": Machine(capacity=100.0)},
        trains=(Train("row", "store", tuple(names)), Train("last", "buffer_1", ("last",))),
        pipes={
            **{f"{name}.made": Pipe(end) for name, end in zip(names, ends, strict=True)},
            "last.made": Pipe("customers"),
        },
    )


def started(train: Train, *, trip: str | None = None, start_up: str | None = None) -> Plant:
    """Return a machine of 10 kg/h, alone in a train that starts up and trips."""
    network = Network(
        components=MATERIAL,
        units={"machine": Machine(capacity=10.0), "last": Machine(capacity=100.0)},
        tanks=row(Machine(capacity=1.0)).tanks,
        contents={"buffer_1": (1.0,)},
        supplies={"store": (1.0,)},
        sinks={"customers": "product", "flare": "emission gas", "slop": "slop"},
        trains=(train, Train("last", "buffer_1", ("last",))),
        pipes={
            "machine.made": Pipe("buffer_1", start_up=start_up, trip=trip),
            "last.made": Pipe("customers"),
        },
    )
    return Plant(network, lambda hour: {}, RandomStreams(1), recorder=Recorder())


def stops(plant: Plant, outages: Outages, *spells: tuple[float, float]) -> None:
    """Break the machine from one hour to another, for each spell."""

    def breaking():
        for start, end in spells:
            yield plant.env.timeout(start - plant.env.now)
            outages.breaks("machine", "broken")
            yield plant.env.timeout(end - start)
            outages.mends("machine")

    plant.env.process(breaking())


def test_adding_a_unit_to_a_train_shifts_no_breakdown_of_another():
    alone = record(row(Machine(capacity=1.0, failure=CALENDAR)), 5000.0)
    joined = record(row(*[Machine(capacity=1.0, failure=CALENDAR)] * 2), 5000.0)
    assert breakdowns(joined, "machine_1") == breakdowns(alone, "machine_1")
    assert breakdowns(joined, "machine_2") != breakdowns(joined, "machine_1")


def test_adding_a_train_shifts_no_breakdown_of_another():
    machine = Machine(capacity=1.0, failure=CALENDAR)
    two = record(machine_line([machine] * 2, [10.0]), 5000.0)
    three = record(machine_line([machine] * 3, [10.0] * 2), 5000.0)
    for unit in ("machine_1", "machine_2"):
        assert breakdowns(three, unit) == breakdowns(two, unit)
        assert len(breakdowns(two, unit)) > 20


def test_adding_a_failure_mode_shifts_no_draw_of_another():
    """By the calendar without repair time, a second mode leaves the first where it was."""
    quick = FailureMode(mtbf=100.0, mttr=0.0, clock="calendar", repair_law="constant")
    one = record(row(Machine(capacity=1.0, failure=quick)), 2000.0)
    both = record(row(Machine(capacity=1.0, failure=quick, second=quick)), 2000.0)
    first = [hour for hour, _, what in both.events if what == "failed (failure)"]
    assert first == pytest.approx(breakdowns(one, "machine_1"), rel=1e-12)


@pytest.mark.parametrize("law", ["exponential", "weibull"])
@pytest.mark.parametrize("factor", [0.5, 2.0, 3.7])
def test_an_mtbf_scaled_by_k_scales_the_same_draws(law: str, factor: float):
    mode = replace(CALENDAR, mttr=0.0, law=law, shape=2.0)
    longer = replace(mode, mtbf=factor * mode.mtbf)
    base = breakdowns(record(row(Machine(capacity=1.0, failure=mode)), 2000.0), "machine_1")
    scaled = breakdowns(
        record(row(Machine(capacity=1.0, failure=longer)), factor * 2000.0), "machine_1"
    )
    assert scaled == pytest.approx([factor * hour for hour in base], rel=1e-12)


def test_another_repair_law_shifts_no_time_to_failure():
    gaps = []
    for law in ("constant", "exponential", "lognormal"):
        mode = replace(CALENDAR, repair_law=law)
        recorder = record(row(Machine(capacity=1.0, failure=mode)), 3000.0)
        events = [(h, what) for h, who, what in recorder.events if who == "machine_1"]
        back = [0.0, *(h for h, what in events if what == "back")]
        failed = [h for h, what in events if what != "back"]
        gaps.append([b - a for a, b in zip(back, failed, strict=False)][:15])
    assert gaps[1] == pytest.approx(gaps[0], rel=1e-9)
    assert gaps[2] == pytest.approx(gaps[0], rel=1e-9)


def test_after_a_repair_the_other_modes_keep_their_age():
    """The wear mode hits every 100 h of running, however often the other mode stops it."""
    wear = FailureMode(
        mtbf=100.0, mttr=0.0, clock="run time", law="weibull", shape=20.0, repair_law="constant"
    )
    often = FailureMode(mtbf=20.0, mttr=10.0, clock="run time", repair_law="constant")
    alone = record(row(Machine(capacity=1.0, failure=wear)), 500.0)
    both = record(row(Machine(capacity=1.0, failure=wear, second=often)), 2000.0)
    run_hours = []
    stopped = 0.0
    for hour, who, what in both.events:
        if who == "machine_1" and what == "failed (failure)":
            run_hours.append(hour - stopped)
        elif what == "failed (second)":
            stopped += 10.0
    expected = breakdowns(alone, "machine_1")
    assert run_hours[: len(expected)] == pytest.approx(expected, rel=1e-9)


def test_a_repair_waits_for_a_crew():
    """Both break at once; with one crew the second is back a repair later than with two."""
    fails = FailureMode(
        mtbf=1.0, mttr=8.0, clock="run time", law="weibull", shape=20.0, repair_law="constant"
    )
    line = machine_line([Machine(capacity=1.0, failure=fails)] * 2, [10.0])
    for crews, second in ((2, 8.0), (1, 16.0)):
        events = record(line, 18.0, crews=crews).events
        failed: dict[str, float] = {}
        back: dict[str, float] = {}
        for hour, who, what in events:
            (back if what == "back" else failed).setdefault(who, hour)
        late = max(failed, key=lambda who: failed[who])
        early = min(failed.values())
        assert back[late] == pytest.approx(
            failed[late] + 8.0 if crews == 2 else early + second, rel=1e-12
        )


def test_a_failure_names_its_unit_in_the_state_of_its_train():
    recorder = record(row(Machine(capacity=1.0, failure=CALENDAR)), 1000.0)
    assert "machine_1 failed (failure)" in {state for _, _, state in recorder.states}


def test_maintenance_comes_after_every_interval_of_running():
    job = Maintenance(interval=100.0, duration=10.0, clock="run time")
    recorder = record(row(Machine(capacity=1.0, maintenance=job)), 500.0)
    begun = [hour for hour, _, what in recorder.events if what == "in maintenance"]
    assert begun == pytest.approx([100.0, 210.0, 320.0, 430.0], rel=1e-12)


def test_maintenance_makes_the_unit_as_good_as_new():
    """A mode that never hits before 100 h never hits a machine that is renewed every 50 h."""
    wear = FailureMode(
        mtbf=200.0, mttr=8.0, clock="run time", law="weibull", shape=20.0, repair_law="constant"
    )
    job = Maintenance(interval=50.0, duration=1.0, clock="run time")
    worn = record(row(Machine(capacity=1.0, failure=wear)), 5000.0)
    kept = record(row(Machine(capacity=1.0, failure=wear, maintenance=job)), 5000.0)
    assert len(breakdowns(worn, "machine_1")) > 20
    assert breakdowns(kept, "machine_1") == []


def test_a_repair_starts_the_interval_of_maintenance_anew():
    """Age replacement: the job comes after 100 h without failure, and that never is."""
    fails = FailureMode(
        mtbf=70.0, mttr=5.0, clock="run time", law="weibull", shape=20.0, repair_law="constant"
    )
    job = Maintenance(interval=100.0, duration=1.0, clock="run time")
    recorder = record(row(Machine(capacity=1.0, failure=fails, maintenance=job)), 2000.0)
    jobs = [hour for hour, _, what in recorder.events if what == "in maintenance"]
    assert len(breakdowns(recorder, "machine_1")) > 20
    assert jobs == []


@dataclass(frozen=True, kw_only=True)
class Serviced(Machine):
    """A machine with a large job beside the small one."""

    overhaul: Maintenance | None = None


@pytest.mark.parametrize("clock", ["run time", "calendar"])
def test_of_two_jobs_that_are_due_at_once_one_comes_after_the_other(clock: str):
    """Every 100 h of running one of 2 h, every 300 h one of 10 h as well: 16 h in 316."""
    small = Maintenance(interval=100.0, duration=2.0, clock=clock)
    large = Maintenance(interval=300.0, duration=10.0, clock=clock)
    plant = running(row(Serviced(capacity=1.0, maintenance=small, overhaul=large)))
    plant.run(10 * 316.0)
    assert plant.states["row"].hours["machine_1 in maintenance"] == pytest.approx(160.0, rel=1e-12)


def test_a_repair_at_the_hour_of_a_job_does_the_job_as_well():
    job = Maintenance(interval=100.0, duration=2.0, clock="calendar")
    plant = Plant(row(Machine(capacity=1.0, maintenance=job)), lambda _: {}, RandomStreams(1))
    outages = Outages(plant)

    def breaking():
        yield plant.env.timeout(100.0)
        outages.breaks("machine_1", "broken")
        yield plant.env.timeout(5.0)
        outages.mends("machine_1")
        outages.tell(outages.repaired, "machine_1")

    for life in (breaking(), *maintenance_lives(plant, outages)):
        plant.env.process(life)
    plant.run(210.0)
    assert plant.states["row"].hours == pytest.approx(
        {"running": 203.0, "machine_1 broken": 5.0, "machine_1 in maintenance": 2.0}
    )


def test_a_train_trips_stands_and_starts_up_at_its_fractions():
    train = Train("row", "store", ("machine",), 3.0, 0.5, 2.0, 0.25)
    plant = started(train, trip="flare", start_up="slop")
    stops(plant, Outages(plant), (10.0, 20.0))
    plant.run(40.0)
    ledger = plant.ledger()
    assert ledger.total(sink="flare", cause="trip") == pytest.approx(2.0 * 2.5, rel=1e-12)
    assert ledger.total(sink="slop", cause="start-up") == pytest.approx(3.0 * 5.0, rel=1e-12)
    normal = ledger.total(source="store", cause="normal")
    assert normal == pytest.approx((10.0 + 17.0) * 10.0, rel=1e-12)
    assert ledger.certificate().closure < 1e-12


def test_the_states_of_an_outage_follow_each_other():
    plant = started(Train("row", "store", ("machine",), 3.0, 0.5, 2.0, 0.25))
    stops(plant, Outages(plant), (10.0, 20.0))
    plant.run(40.0)
    assert plant.recorder is not None
    states = [(hour, state) for hour, train, state in plant.recorder.states if train == "row"]
    assert states == [
        (10.0, "trip"),
        (12.0, "machine broken"),
        (20.0, "start-up"),
        (23.0, "running"),
    ]


def test_a_train_that_stands_for_two_reasons_is_told_by_the_one_that_still_holds_it():
    """Broken from 10 to 30 h, inspected from 20 to 40 h: 20 and 10 h, not 30 of the first."""
    plant = started(Train("row", "store", ("machine",), 3.0, 0.5))
    outages = Outages(plant)
    stops(plant, outages, (10.0, 30.0))

    def inspecting():
        yield plant.env.timeout(20.0)
        outages.begin("row", "inspector", "inspection")
        yield plant.env.timeout(20.0)
        outages.end("row", "inspector")

    plant.env.process(inspecting())
    plant.run(60.0)
    assert plant.states["row"].hours == pytest.approx(
        {"running": 27.0, "machine broken": 20.0, "inspection": 10.0, "start-up": 3.0}
    )


def test_start_up_without_an_account_of_its_own_is_booked_on_the_usual_way():
    plant = started(Train("row", "store", ("machine",), 3.0, 0.5))
    stops(plant, Outages(plant), (10.0, 20.0))
    plant.run(40.0)
    start_up = plant.ledger().total(source="machine", sink="buffer_1", cause="start-up")
    assert start_up == pytest.approx(15.0, rel=1e-12)


def test_a_train_without_start_up_hours_stops_and_starts_at_once():
    plant = started(Train("row", "store", ("machine",)))
    stops(plant, Outages(plant), (10.0, 20.0))
    plant.run(40.0)
    assert plant.ledger().total(source="store") == pytest.approx(300.0, rel=1e-12)


def test_a_train_that_only_idles_before_it_runs_again_does_so():
    """10 h and 17 h at 10 kg/h, and after a stop of 10 h 3 h at a tenth of that."""
    plant = started(Train("row", "store", ("machine",), idle_hours=3.0, idle_fraction=0.1))
    stops(plant, Outages(plant), (10.0, 20.0))
    plant.run(40.0)
    assert plant.ledger().total(source="store") == pytest.approx(273.0, rel=1e-12)
    assert plant.states["row"].hours["start-up"] == pytest.approx(3.0, rel=1e-12)


def test_a_failure_during_start_up_begins_it_anew():
    plant = started(Train("row", "store", ("machine",), 4.0, 0.5), start_up="slop")
    stops(plant, Outages(plant), (10.0, 20.0), (22.0, 30.0))
    plant.run(40.0)
    ledger = plant.ledger()
    assert ledger.total(sink="slop") == pytest.approx((2.0 + 4.0) * 5.0, rel=1e-12)
    assert ledger.total(source="store", cause="normal") == pytest.approx(160.0, rel=1e-12)


@pytest.mark.parametrize("idle_hours", [0.0, 3.0])
def test_a_failure_of_no_length_during_start_up_begins_it_anew(idle_hours: float):
    """Two of its hours, and then all of them from 22 h on."""
    plant = started(Train("row", "store", ("machine",), 4.0, 0.5, idle_hours=idle_hours))
    stops(plant, Outages(plant), (10.0, 20.0), (22.0, 22.0))
    plant.run(40.0)
    assert plant.states["row"].hours["start-up"] == pytest.approx(2.0 + idle_hours + 4.0)
    made = plant.ledger().total(source="store", cause="normal")
    assert made == pytest.approx(100.0 + 10.0 * (14.0 - idle_hours), rel=1e-12)


def test_a_failure_mended_during_the_trip_still_ends_in_a_start_up():
    plant = started(Train("row", "store", ("machine",), 3.0, 0.5, 4.0, 0.25))
    stops(plant, Outages(plant), (10.0, 12.0))
    plant.run(20.0)
    ledger = plant.ledger()
    assert ledger.total(source="store", cause="trip") == pytest.approx(10.0, rel=1e-12)
    assert ledger.total(source="store", cause="start-up") == pytest.approx(15.0, rel=1e-12)


def test_a_train_that_breaks_at_the_instant_its_start_up_ends_does_stand():
    plant = started(Train("row", "store", ("machine",), 3.0, 0.5))
    stops(plant, Outages(plant), (10.0, 20.0), (23.0, 33.0))
    plant.run(33.0)
    assert plant.ledger().total(source="store") == pytest.approx(115.0, rel=1e-12)


@pytest.mark.parametrize("first", ["start-up", "outage"])
def test_which_of_two_events_of_an_instant_comes_first_does_not_matter(first: str):
    """A second outage begins just when the start-up ends, its timeout set before or after."""
    plant = started(Train("row", "store", ("machine",), 3.0, 0.5))
    outages = Outages(plant)
    stops(plant, outages, (10.0, 20.0))

    def late(delay: float):
        yield plant.env.timeout(delay)
        yield plant.env.timeout(23.0 - delay)
        outages.begin("row", "inspector", "inspection")
        yield plant.env.timeout(10.0)
        outages.end("row", "inspector")

    plant.env.process(late(1.0 if first == "outage" else 21.0))
    plant.run(33.0)
    assert plant.ledger().total(source="store") == pytest.approx(115.0, rel=1e-12)


@pytest.mark.parametrize("start_up_hours", [0.0, 3.0])
def test_a_train_that_has_run_for_no_time_does_not_trip(start_up_hours: float):
    """Work is due just when it would run again: the trip at 10 h gives 2 * 2.5 kg, and no other."""
    job = Maintenance(interval=23.0, duration=10.0, clock="calendar")
    train = Train("row", "store", ("machine_1",), start_up_hours, 0.5, 2.0, 0.25)
    plant = Plant(
        replace(rigid_row([Machine(capacity=10.0, maintenance=job)]), trains=(train,)),
        lambda hour: {},
        RandomStreams(1),
    )
    outages = Outages(plant)
    hold = Order(hour=10.0, what="hold", train="row", until=23.0 - start_up_hours)
    for life in [*maintenance_lives(plant, outages), *scheduled(plant, outages, [hold])]:
        plant.env.process(life)
    plant.run(33.0)
    made = 100.0 + 5.0 + 5.0 * start_up_hours
    assert plant.ledger().total(source="store") == pytest.approx(made, rel=1e-12)


def test_a_train_stands_until_the_last_reason_has_gone():
    plant = started(Train("row", "store", ("machine",)))
    outages = Outages(plant)
    stops(plant, outages, (10.0, 20.0))

    def inspecting():
        yield plant.env.timeout(15.0)
        outages.begin("row", "inspector", "inspection")
        yield plant.env.timeout(10.0)
        outages.end("row", "inspector")

    plant.env.process(inspecting())
    plant.run(40.0)
    assert plant.ledger().total(source="store") == pytest.approx(250.0, rel=1e-12)


def test_outages_that_are_asked_for_again_are_those_of_the_plant():
    """Held from 10 to 30 h and broken from 12 to 15 h: it starts up at 30 h, from 30 to 32 h."""
    plant = started(Train("row", "store", ("machine",), 2.0, 0.5))
    stops(plant, Outages(plant), (12.0, 15.0))
    assert Outages(plant) is plant.outages
    held = Order(hour=10.0, what="hold", train="row", until=30.0)
    for life in scheduled(plant, Outages(plant), [held]):
        plant.env.process(life)
    plant.run(40.0)
    assert plant.states["row"].hours == pytest.approx(
        {"running": 18.0, "held by the schedule": 20.0, "start-up": 2.0}
    )


def test_maintenance_knows_of_the_failures_that_other_outages_were_asked_for():
    wear = FailureMode(mtbf=200.0, mttr=8.0, law="weibull", shape=20.0, repair_law="constant")
    job = Maintenance(interval=50.0, duration=1.0)
    machine = Machine(capacity=1.0, failure=wear, maintenance=job)
    plant = Plant(row(machine), lambda hour: {}, RandomStreams(1))
    for lives in (failure_lives, maintenance_lives):
        for life in lives(plant, Outages(plant)):
            plant.env.process(life)
    plant.run(1020.0)
    assert plant.states["row"].hours == pytest.approx(
        {"running": 1000.0, "machine_1 in maintenance": 20.0}
    )


TICK = 0.01  # h
Spell = tuple[int, int, str]  # from which tick to which, and under what


def booked(
    train: Train, stops: Sequence[Spell], other: Sequence[Spell], ticks: int
) -> dict[str, float]:
    """Return kg by cause of a train of 10 kg/h, tick by tick: it trips, stands, idles, starts up.

    ``other``: when it runs off-spec, or without a device; the first of them counts.
    """
    lengths = {"trip": train.trip_hours, "idle": train.idle_hours, "start-up": train.start_up_hours}
    fractions = {
        "run": 1.0, "trip": train.trip_fraction, "stand": 0.0, "idle": train.idle_fraction,
        "start-up": train.start_up_fraction,
    }  # fmt: skip
    after = {"trip": "stand", "idle": "start-up", "start-up": "run"}
    phase, left, ran, stopped_by = "run", 0, True, ""
    kg: dict[str, float] = {}
    for tick in range(ticks):
        reasons = [each for each in sorted(stops) if each[0] <= tick < each[1]]
        for _ in lengths:
            if phase in lengths and not left:
                phase = after[phase]
            elif reasons and phase in ("run", "idle", "start-up"):
                stopped_by = reasons[0][2] if phase == "run" and ran else stopped_by
                phase = "trip" if phase == "run" and ran else "stand"
            elif phase == "stand" and not reasons:
                phase = "idle"
            else:
                break
            left, ran = round(lengths.get(phase, 0.0) / TICK), False
        usual = next((what for begin, end, what in other if begin <= tick < end), "normal")
        cause = {"run": usual, "trip": stopped_by}.get(phase, "start-up")
        kg[cause] = kg.get(cause, 0.0) + 10.0 * TICK * fractions[phase]
        left, ran = max(left - 1, 0), phase == "run"
    return {cause: amount for cause, amount in kg.items() if amount}


@pytest.mark.parametrize("seed", range(12))
def test_what_is_booked_under_each_cause_follows_from_the_phases_of_a_train(seed: int):
    """Outages that overlap, come during a trip or a start-up, while off-spec or without a device.

    Off-spec goes before a device that is down, a trip and a start-up before both.
    """
    rng = random.Random(seed)
    spans = [rng.choice([0, rng.randint(50, 500)]) * TICK for _ in range(3)]
    train = Train("row", "store", ("machine",), spans[0], 0.4, spans[1], 0.25, spans[2], 0.05)

    def spell(what: str) -> Spell:
        begin = rng.randint(1, 4000)
        return begin, begin + rng.randint(50, 1200), what

    outs = [
        spell(rng.choice(["trip", "maintenance", "shutdown"])) for _ in range(rng.randint(1, 6))
    ]
    off = spell("off-spec")
    down = ((off[0] + off[1]) // 2, off[1] + 300, "device down")
    plant = started(train)
    outages = Outages(plant)

    def between(of: Spell, begin: Callable[[], None], end: Callable[[], None]) -> Life:
        waits = [plant.env.timeout(tick * TICK) for tick in of[:2]]
        for wait, act in zip(waits, (begin, end), strict=True):
            yield wait
            act()

    for nth, out in enumerate(outs):
        who, cause = f"{nth}", out[2]
        begin, end = (
            partial(outages.begin, "row", who, who, cause),
            partial(outages.end, "row", who),
        )
        plant.env.process(between(out, begin, end))
    usually = partial(plant.run_usually_as, "row")
    plant.env.process(between(off, partial(usually, "off-spec"), partial(usually, "normal")))
    missing = partial(miss, plant, "machine", "failure", ("row",))
    plant.env.process(between(down, missing, partial(restore, plant, "machine", "failure")))
    plant.run(60.0)
    ledger, right = plant.ledger(), booked(train, outs, (off, down), 6000)
    causes = {entry.cause for entry in ledger.flows}
    found = {cause: ledger.total(source="store", cause=cause) for cause in causes}
    assert {cause: kg for cause, kg in found.items() if kg} == pytest.approx(right, rel=1e-9)
    assert sum(found.values()) == pytest.approx(ledger.total(source="store"), rel=1e-14)


def test_an_interlock_stops_the_other_train_with_the_unit():
    line = machine_line([Machine(capacity=1.0), Machine(capacity=1.0)], [10.0])
    plant = Plant(line, lambda hour: {}, RandomStreams(1))
    outages = Outages(plant, {"machine_2": ("machine_1",)})

    def breaking():
        yield plant.env.timeout(2.0)
        outages.breaks("machine_2", "broken")
        yield plant.env.timeout(3.0)
        outages.mends("machine_2")

    plant.env.process(breaking())
    plant.run(10.0)
    assert plant.ledger().total(source="store") == pytest.approx(7.0, rel=1e-12)


def test_an_interrupted_supply_stops_its_trains_and_needs_no_crew():
    line = row(Machine(capacity=1.0))
    recorder = Recorder()
    plant = Plant(line, lambda hour: {}, RandomStreams(1), crews=1, recorder=recorder)
    plant.env.process(interrupted(plant, Outages(plant), "store", ("row",), CALENDAR))
    with plant.crew.request():
        plant.run(2000.0)
    out = breakdowns(recorder, "store")
    assert len(out) > 10
    down = sum(min(8.0, 2000.0 - hour) for hour in out)
    assert plant.ledger().total(source="store") == pytest.approx(2000.0 - down, rel=1e-9)


def test_two_causes_of_one_supply_draw_apart_and_it_is_there_while_neither_is_out():
    found = []
    for lives in (1, 2):
        recorder = Recorder()
        plant = Plant(
            row(Machine(capacity=1.0)), lambda hour: {}, RandomStreams(1), recorder=recorder
        )
        for _ in range(lives):
            plant.env.process(interrupted(plant, Outages(plant), "store", ("row",), CALENDAR))
        plant.run(2000.0)
        found.append(breakdowns(recorder, "store"))
    alone, both = found
    assert {*alone} < {*both}
    assert len(both) == len({*both})
    down = sum(min(8.0, end - hour) for hour, end in pairwise([*both, 2000.0]))
    assert plant.ledger().total(source="store") == pytest.approx(2000.0 - down, rel=1e-9)
    assert not plant.missing
    there_again = [hour for hour, end in pairwise([*both, 2000.0]) if end - hour > 8.0]
    told = [hour for hour, _, what in recorder.events if what == "back"]
    assert told == pytest.approx([hour + 8.0 for hour in there_again])
    assert len(told) < len(both)


@pytest.mark.parametrize("runs_on", [0, 1])
def test_a_train_runs_on_without_a_supply_while_every_life_that_is_out_lets_it(runs_on: int):
    """The life that had come last decided for both: what ran on afterwards was booked as usual."""
    on, hours = RunOn(interlock=False, hours=math.inf), {runs_on: 40.0, 1 - runs_on: 8.0}
    outs: list[list[float]] = []
    for lives in (1, 2):
        recorder = Recorder()
        plant = Plant(
            row(Machine(capacity=1.0)), lambda hour: {}, RandomStreams(1), recorder=recorder
        )
        for nth in range(lives):
            mode, last = replace(CALENDAR, mttr=hours[nth]), ("row",) if nth == runs_on else ()
            plant.env.process(
                interrupted(plant, Outages(plant), "store", ("row",), mode, run_on=on, last=last)
            )
        plant.run(2000.0)
        outs.append(breakdowns(recorder, "store"))
    began = [outs[0], [hour for hour in outs[1] if hour not in outs[0]]]
    ends = sorted(
        {0.0, 2000.0, *(t + d for n, of in enumerate(began) for t in of for d in (0.0, hours[n]))}
    )
    down = held = 0.0
    for begin, end in pairwise(each for each in ends if each <= 2000.0):
        middle = 0.5 * (begin + end)
        goes, stops = (
            any(t <= middle < t + hours[n] for t in began[n]) for n in (runs_on, 1 - runs_on)
        )
        held += stops * (end - begin)
        down += (goes and not stops) * (end - begin)
    ledger = plant.ledger()
    assert ledger.total(source="store") == pytest.approx(2000.0 - held, rel=1e-9)
    assert ledger.total(source="store", cause="device down") == pytest.approx(down, rel=1e-9)


def test_the_annual_shutdown_comes_every_year_on_its_day():
    plant = Plant(row(Machine(capacity=1.0)), lambda hour: {}, RandomStreams(1))
    shutdown = Shutdown(start=100.0, duration=50.0)
    plant.env.process(shut_down(plant, Outages(plant), shutdown, start_hour=40.0))
    plant.run(8760.0 + 60.0)
    assert plant.ledger().total(source="store") == pytest.approx(8820.0 - 50.0, rel=1e-12)
    plant.run(8760.0 + 200.0)
    assert plant.ledger().total(source="store") == pytest.approx(8960.0 - 100.0, rel=1e-12)


def test_a_run_that_begins_amid_the_annual_shutdown_stands_for_what_is_left_of_it():
    """It began 20 h before, so that it lasts 30 h more; nothing trips that stood already."""
    train = Train("row", "store", ("machine",), 2.0, 0.5, 3.0, 0.5)  # start-up and trip, h
    plant = started(train)
    shutdown = Shutdown(start=8750.0, duration=50.0)
    plant.env.process(shut_down(plant, Outages(plant), shutdown, start_hour=10.0))
    plant.run(100.0)
    assert plant.states["row"].hours == pytest.approx(
        {"annual shutdown": 30.0, "start-up": 2.0, "running": 68.0}
    )
    plant.run(8760.0 + 80.0)
    assert plant.states["row"].hours["annual shutdown"] == pytest.approx(30.0 + 47.0)


@pytest.mark.parametrize(
    ("shifts", "first", "daily"),
    [
        ([(6.0, 8.0)], 8.0, 8.0),
        ([(0.0, 24.0)], 24.0, 24.0),
        ([(16.0, 8.0)], 8.0, 8.0),
        ([(22.0, 8.0)], 8.0, 8.0),
        ([(0.0, 0.0)], 0.0, 0.0),
        ([(6.0, 8.0), (14.0, 8.0)], 16.0, 16.0),
        ([(14.0, 8.0), (6.0, 8.0)], 16.0, 16.0),
        ([(6.0, 8.0), (12.0, 8.0)], 14.0, 14.0),
        ([(6.0, 8.0), (8.0, 2.0), (22.0, 9.0)], 16.0, 16.0),
    ],
)
def test_a_train_works_its_shifts_every_day(
    shifts: Sequence[tuple[float, float]], first: float, daily: float
):
    """A night shift goes on after midnight, that of the day before the first as well."""
    plant = Plant(row(Machine(capacity=1.0)), lambda hour: {}, RandomStreams(1))
    for start, hours in shifts:
        plant.env.process(working(plant, "row", Shift(start=start, hours=hours)))
    for days in (1.0, 11.0):
        plant.run(24.0 * days)
        worked = plant.ledger().total(source="store")
        assert worked == pytest.approx(first + (days - 1.0) * daily, rel=1e-12)


def test_a_shift_that_is_introduced_on_a_later_day_is_at_its_hour_of_the_day():
    """From 10 h of the second day on, the shift from 6 to 14 h: 34 h, 4 of that day, 8 a day."""
    plant = Plant(row(Machine(capacity=1.0)), lambda hour: {}, RandomStreams(1))
    plant.run(34.0)
    plant.env.process(working(plant, "row", Shift(start=6.0, hours=8.0)))
    plant.run(96.0)
    assert plant.ledger().total(source="store") == pytest.approx(34.0 + 4.0 + 16.0, rel=1e-12)


def test_a_train_with_two_level_switches_runs_when_both_let_it():
    """5 kg/h come; it starts at 90 and 60 kg, and stops at 20 and 40, of which 40 comes first."""
    line = machine_line([Machine(capacity=5.0), Machine(capacity=25.0)], [100.0], level=0.5)
    plant = Plant(line, lambda hour: {}, RandomStreams(1))
    for start, stop in ((90.0, 20.0), (60.0, 40.0)):
        plant.env.process(switching(plant, "machine_2", "buffer_1", start, stop))
    plant.run(8.0)  # full enough for both
    assert plant.level_of("buffer_1") == pytest.approx(90.0, rel=1e-12)
    plant.run(10.5)  # at 40 kg: the second waits for 60, until 14.5 h
    assert plant.level_of("buffer_1") == pytest.approx(40.0, rel=1e-12)
    plant.run(14.5)
    assert plant.level_of("buffer_1") == pytest.approx(60.0, rel=1e-12)


def test_a_train_stands_until_the_last_of_two_shutdowns_is_over():
    plant = Plant(row(Machine(capacity=1.0)), lambda hour: {}, RandomStreams(1))
    outages = Outages(plant)
    for start, duration in ((100.0, 50.0), (120.0, 10.0)):
        shutdown = Shutdown(start=start, duration=duration)
        plant.env.process(shut_down(plant, outages, shutdown))
    plant.run(200.0)
    assert plant.ledger().total(source="store") == pytest.approx(150.0, rel=1e-12)


def test_a_level_switch_starts_high_and_stops_low():
    """A feed of 1 kg/h and a machine of 5 kg/h that runs from 8 kg down to 2 kg."""
    line = machine_line([Machine(capacity=1.0), Machine(capacity=5.0)], [10.0], level=0.2)
    recorder = Recorder()
    plant = Plant(line, lambda hour: {}, RandomStreams(1), recorder=recorder)
    plant.env.process(switching(plant, "machine_2", "buffer_1", start=8.0, stop=2.0))
    plant.run(30.0)
    changes = [hour for hour, train, _ in recorder.states if train == "machine_2"]
    assert changes[1:5] == pytest.approx([6.0, 7.5, 13.5, 15.0], rel=1e-9)


def share_up(states: Sequence[tuple[float, str]], until: float) -> float:
    """Return the share of time in state ``running``."""
    ends = [hour for hour, _ in states[1:]] + [until]
    return (
        sum(
            end - hour
            for (hour, state), end in zip(states, ends, strict=True)
            if state == "running"
        )
        / until
    )


def test_hours_by_state_agree_with_the_record():
    recorder = Recorder()
    plant = running(row(Machine(capacity=1.0, failure=CALENDAR)), recorder=recorder)
    plant.run(3000.0)
    states = [(0.0, "running")] + [(h, s) for h, train, s in recorder.states if train == "row"]
    assert plant.states["row"].hours["running"] == pytest.approx(
        3000.0 * share_up(states, 3000.0), rel=1e-12
    )


def test_a_rigid_row_needs_no_tank():
    plant = running(rigid_row([Machine(capacity=2.0)]))
    plant.run(10.0)
    assert plant.ledger().total(sink="customers") == pytest.approx(20.0)


@pytest.mark.parametrize("lives", [failure_lives, maintenance_lives])
def test_a_failure_or_job_that_is_asked_for_twice_is_refused(lives):
    job = Maintenance(interval=50.0, duration=1.0)
    machine = Machine(capacity=1.0, failure=CALENDAR, maintenance=job)
    plant = Plant(row(machine), lambda hour: {}, RandomStreams(1))
    outages = Outages(plant)
    for life in lives(plant, outages):
        plant.env.process(life)
    plant.run(1.0)
    told = r"^unit 'machine_1': its '(failure|maintenance)' acts already; .* once$"
    with pytest.raises(ValueError, match=told):
        next(*lives(plant, outages))


@pytest.mark.parametrize("law", ["constant", "lognormal"])
def test_a_failure_that_takes_no_time_at_all_is_an_error_that_names_the_unit(law: str):
    fails = FailureMode(mtbf=SOONEST, mttr=0.0, repair_law=law)
    plant = running(rigid_row([Machine(capacity=1.0, failure=fails)]))
    with pytest.raises(RuntimeError, match=r"unit 'machine_1' failed .*must take time"):
        plant.run(10.0)


def test_maintenance_that_takes_no_time_at_all_is_an_error_that_names_the_unit():
    job = Maintenance(interval=SOONEST, duration=0.0)
    plant = running(rigid_row([Machine(capacity=1.0, maintenance=job)]))
    with pytest.raises(RuntimeError, match=r"unit 'machine_1' in maintenance.*must take time"):
        plant.run(10.0)


@pytest.mark.parametrize(
    ("capacities", "slowed"), [((1.0, 3.0), "machine_2"), ((3.0, 1.0), "machine_1")]
)
def test_a_train_that_would_run_below_its_least_rate_stands_by_turns(
    capacities: tuple[float, float], slowed: str
):
    """3 kg/h against 1 kg/h over a tank of 10 kg, half full: after 2.5 h it is at its bound.

    The fast one would go on at 1 kg/h, but its least rate is 2: it stands for 5 h, until the tank
    has moved by half, and runs for 2.5 h again: 3 turns of 7.5 h, and the first 2.5 h, are 25 h.
    """
    plant = running(machine_line([Machine(capacity=kg) for kg in capacities], [10.0]))
    plant.env.process(turndown(plant, slowed, least=2.0))
    plant.run(25.0)
    hours = plant.states[slowed].hours
    assert hours == pytest.approx({"running": 10.0, "below its least rate": 15.0}, rel=1e-12)
    assert plant.ledger().total(source=slowed) == pytest.approx(30.0, rel=1e-12)


def test_a_train_that_is_slowed_to_its_least_rate_runs_on():
    plant = running(machine_line([Machine(capacity=1.0), Machine(capacity=3.0)], [10.0]))
    plant.env.process(turndown(plant, "machine_2", least=1.0))
    plant.run(25.0)
    assert plant.states["machine_2"].hours == {"running": 25.0}


def test_a_train_is_at_its_least_rate_to_the_last_digits_of_a_sum():
    """0.1 + 0.7 kg/h are 0.7999999999999999 to a computer, and no less than 0.8."""
    line = machine_line([Machine(capacity=3.0), Machine(capacity=0.1)], [10.0])
    network = replace(
        line,
        units={**line.units, "other": Machine(capacity=0.7)},
        trains=(*line.trains, Train("other", "buffer_1", ("other",))),
        pipes={**line.pipes, "other.made": Pipe("customers")},
    )
    plant = running(network)
    plant.env.process(turndown(plant, "machine_1", least=0.8))
    plant.run(25.0)
    assert plant.states["machine_1"].hours == {"running": 25.0}


def test_the_band_says_how_far_the_tank_moves_before_the_train_runs_again():
    """Of 0.2 it is 2 kg: 2 h up, 1 h down, after the first 2.5 h."""
    plant = running(machine_line([Machine(capacity=1.0), Machine(capacity=3.0)], [10.0]))
    plant.env.process(turndown(plant, "machine_2", least=2.0, band=0.2))
    plant.run(32.5)
    assert plant.states["machine_2"].hours["below its least rate"] == pytest.approx(20.0)


def test_a_start_up_below_the_least_rate_is_not_judged():
    """Half of 3 kg/h for 4 h; the supply never runs short, so there is nothing to turn down."""
    plant = running(machine_line([Machine(capacity=5.0), Machine(capacity=3.0)], [10.0]))
    plant.env.process(turndown(plant, "machine_2", least=2.0))
    plant.run_as("machine_2", "start-up", 0.5)
    plant.run(4.0)
    assert plant.states["machine_2"].hours == {"start-up": 4.0}


@pytest.mark.parametrize(
    ("capacities", "slowed"), [((1.0, 3.0), "machine_2"), ((3.0, 1.0), "machine_1")]
)
def test_a_band_of_the_whole_room_is_from_bound_to_bound(
    capacities: tuple[float, float], slowed: str
):
    """A heel of 0.1 * 27.95 kg or 0.1 * 42.39 kg and the room above it round to more or less."""
    for kg in (27.95, 42.39):
        line = machine_line([Machine(capacity=each) for each in capacities], [kg])
        heeled = Tank(capacity=kg, heel=0.1, initial_level=0.1 if slowed == "machine_2" else 1.0)
        plant = running(replace(line, tanks={"buffer_1": heeled}))
        plant.env.process(turndown(plant, slowed, least=2.0, band=1.0))
        turn = 0.9 * kg * (1.0 + 0.5)
        plant.run(3.0 * turn)
        hours = plant.states[slowed].hours
        assert hours["below its least rate"] == pytest.approx(2.7 * kg, rel=1e-9)


@pytest.mark.parametrize("switch_first", [True, False])
def test_a_train_is_not_turned_down_for_rates_that_no_hour_passes_at(switch_first: bool):
    """The tank is full at once, so that the switch starts the fast one at the same instant.

    3 kg/h against 1 + 4 kg/h: 10 kg fall to 2 kg in 4 h, and rise to 10 kg in as many again.
    """
    line = machine_line([Machine(capacity=3.0), Machine(capacity=4.0)], [10.0], level=1.0)
    slow = Train("slow", "buffer_1", ("slow",))
    network = replace(
        line,
        units={**line.units, "slow": Machine(capacity=1.0)},
        trains=(*line.trains, slow),
        pipes={**line.pipes, "slow.made": Pipe("customers")},
    )
    plant = running(network)
    lives = [
        switching(plant, "machine_2", "buffer_1", start=10.0, stop=2.0),
        turndown(plant, "machine_1", least=2.0),
    ]
    for life in lives if switch_first else reversed(lives):
        plant.env.process(life)
    plant.run(12.0)
    assert plant.states["machine_1"].hours == pytest.approx({"running": 12.0})
    assert plant.level_of("buffer_1") == pytest.approx(2.0, rel=1e-12)


@pytest.mark.parametrize(("least", "band"), [(0.0, 0.5), (1.0, 0.0), (1.0, 1.5)])
def test_a_turndown_that_makes_no_sense_is_refused(least: float, band: float):
    plant = running(machine_line([Machine(capacity=1.0)] * 2, [10.0]))
    with pytest.raises(ValueError, match="turndown of 'machine_2': expected a least rate"):
        next(turndown(plant, "machine_2", least, band))


@pytest.mark.parametrize(
    ("row", "least"), [((1.0,), 1.5), ((1.0,), float("inf")), ((5.0, 1.0), 2.0)]
)
def test_a_least_rate_that_its_train_never_runs_at_is_refused_as_it_is_said(
    row: tuple[float, ...], least: float
):
    """The slowest of a row sets the capacity of its train, 1 kg/h."""
    plant = running(rigid_row([Machine(capacity=kg) for kg in row]))
    train = plant.train_names[0]
    told = (
        f"turndown of '{train}': expected a least rate up to its capacity, 1 kg/h, came {least:g}"
    )
    with pytest.raises(ValueError, match=f"^{told} kg/h$"):
        turndown(plant, train, least)
    assert next(turndown(plant, train, 1.0)) is not None


def test_a_turndown_without_room_to_wait_by_is_told():
    plant = running(machine_line([Machine(capacity=1.0), Machine(capacity=3.0)], [0.0]))
    plant.env.process(turndown(plant, "machine_2", least=2.0))
    with pytest.raises(ValueError, match="tank 'buffer_1' has no room to wait by"):
        plant.run(1.0)


def test_a_turndown_that_would_start_and_stop_a_train_each_millisecond_is_told():
    """It went on without an end: half of 1e-6 kg is there in 1.8 ms."""
    plant = running(machine_line([Machine(capacity=1.0), Machine(capacity=3.0)], [1e-6]))
    plant.env.process(turndown(plant, "machine_2", least=2.0))
    told = r"turndown of 'machine_2': expected room in tank 'buffer_1' .* came 5e-07 kg .* 0.0009 s"
    with pytest.raises(ValueError, match=told):
        plant.run(8760.0)
