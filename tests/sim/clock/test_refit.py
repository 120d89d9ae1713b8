"""A train that runs on without a device, until somebody stops it; and what is spilled, and why."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import ClassVar

import pytest

from sim.clock.life import Outages, maintenance_lives
from sim.clock.plant import Plant
from sim.clock.random_streams import RandomStreams
from sim.clock.redesign import bypass_lives, redesign
from sim.clock.refit import miss, restore
from sim.clock.releases import Releases
from sim.model.parameters import quantity
from sim.network.chemistry import Components
from sim.network.network import Network, Pipe, Tank, Train
from sim.network.operation import FailureMode, Maintenance, RunOn
from sim.network.unit import Conditions, Recipe, Stream, Unit

WATER = Components({"water": "H2O"})
ONCE = FailureMode(mtbf=10.0, mttr=6.0, law="weibull", shape=20.0, repair_law="constant")
NO_LOCK, LOCK = RunOn(interlock=False, hours=2.0), RunOn(interlock=True, hours=2.0)


@dataclass(frozen=True, kw_only=True)
class Filter(Unit):
    """What it holds goes to the store, all else to air."""

    inlets: ClassVar = ("gas",)
    outlets: ClassVar = ("held", "past")
    works: bool = quantity("", "whether it is in order", default=True)
    run_on: RunOn | None = None

    def bypassed(self, mode: str = "failure") -> Unit | None:
        return replace(self, works=False)

    def convert(self, inlets: Mapping[str, Stream], at: Conditions) -> Recipe:
        held = 1.0 if self.works else 0.0
        return Recipe(splits={"held": (held,), "past": (1.0 - held,)})


@dataclass(frozen=True, kw_only=True)
class Duct(Filter):
    """Holds nothing, and is nothing that could fail."""

    works: bool = quantity("", "whether it is in order", default=False)


@dataclass(frozen=True, kw_only=True)
class Led(Filter):
    """Runs on by a plain duct: not the filter with something missing, a unit of its own."""

    def bypassed(self, mode: str = "failure") -> Unit | None:
        return Duct(capacity=self.capacity)


def filtering(run_on: RunOn | None, kind: type[Filter] = Filter) -> Network:
    return Network(
        components=WATER,
        units={"filter": kind(capacity=5.0, failure=ONCE, run_on=run_on)},
        tanks={"store": Tank(capacity=1e6)},
        contents={"store": (1.0,)},
        supplies={"source": (1.0,)},
        sinks={"air": "emission gas"},
        trains=(Train("row", "source", ("filter",), 1.0, 0.5, 0.5, 0.2),),
        pipes={"filter.held": Pipe("store", trip="air"), "filter.past": Pipe("air")},
    )


def running(network: Network) -> Plant:
    plant = Plant(network, lambda _: {}, RandomStreams(1))
    outages = Outages(plant)
    for life in (*bypass_lives(plant, outages), *maintenance_lives(plant, outages)):
        plant.env.process(life)
    return plant


def failed_at(plant: Plant) -> float:
    while not plant.down:
        plant.env.step()
    return plant.env.now


def test_without_an_interlock_a_train_runs_on_until_it_is_stopped_by_hand():
    """5 kg/h pass for 2 h, and 1 kg/h for the half hour in which the train stops."""
    plant = running(filtering(NO_LOCK))
    plant.run(failed_at(plant) + 7.5)
    ledger = plant.ledger()
    assert ledger.total(cause="device down", sink="air") == pytest.approx(10.0, rel=1e-9)
    assert ledger.total(cause="trip", sink="air") == pytest.approx(0.5, rel=1e-9)
    assert ledger.total(cause="start-up", sink="air") == 0.0
    assert plant.missing == {}
    assert ledger.closure < 1e-12


@pytest.mark.parametrize("run_on", [None, NO_LOCK, LOCK], ids=["no end", "no lock", "lock"])
def test_what_runs_on_instead_of_a_unit_need_not_have_its_lives(run_on: RunOn | None):
    """A unit is repaired, fails again and lasts as designed, whatever stands in for it."""
    books = []
    for kind in (Filter, Led):
        plant = running(filtering(run_on, kind))
        plant.run(200.0)
        assert plant.missing == {}
        books.append(plant.ledger())
    assert books[0].total(cause="device down" if run_on is not LOCK else "trip") > 0.0
    assert books[1] == books[0]


def test_an_interlock_stops_the_train_at_once():
    plant = running(filtering(LOCK))
    plant.run(failed_at(plant) + 7.5)
    ledger = plant.ledger()
    assert ledger.total(cause="device down") == 0.0
    assert ledger.total(cause="trip", sink="air") == pytest.approx(0.5, rel=1e-9)


def test_a_train_that_is_not_stopped_runs_on_until_the_repair():
    plant = running(filtering(None))
    plant.run(failed_at(plant) + 8.0)
    assert plant.ledger().total(cause="device down", sink="air") == pytest.approx(30.0, rel=1e-9)
    assert plant.states["row"].hours.keys() == {"running"}


def test_maintenance_makes_a_device_as_good_as_new_that_its_train_can_run_without():
    """It fails at about 10 h of running, and is looked after every 5."""
    job, network = Maintenance(interval=5.0, duration=1.0), filtering(NO_LOCK)
    kept = replace(network.units["filter"], maintenance=job)
    plant = running(replace(network, units={"filter": kept}))
    plant.run(200.0)
    assert not plant.ledger().total(cause="device down")
    assert plant.states["row"].hours["filter in maintenance"] > 15.0


@pytest.mark.parametrize("kind", [Filter, Led])
def test_a_plant_that_is_rebuilt_while_a_device_is_down_gets_the_new_one_after_the_repair(kind):
    """All lives become longer, too, whether or not what stands in for the device has them."""
    plant = running(filtering(None, kind))
    then = failed_at(plant)
    other = filtering(None, kind)
    larger = replace(other.units["filter"], capacity=8.0, failure=replace(ONCE, mtbf=20.0))
    plant.run(then + 1.0)
    redesign(plant, replace(other, units={"filter": larger}))
    plant.run(then + 7.0)
    assert plant.ledger().total(cause="device down") == pytest.approx(2 * (5.0 + 5 * 8.0))
    assert plant.network.units["filter"] == larger


def test_what_is_missing_twice_is_missing_until_both_are_back():
    plant = Plant(filtering(None), lambda _: {}, RandomStreams(1))
    miss(plant, "filter", "failure", ("row",))
    miss(plant, "power", "failure", ("row",))
    assert plant.usual_cause("row") == "device down"
    restore(plant, "filter", "failure")
    assert plant.usual_cause("row") == "device down"
    restore(plant, "power", "failure")
    restore(plant, "power", "failure")  # once is enough
    assert plant.usual_cause("row") == "normal"


def tanks(*, stands: bool) -> Plant:
    """Return a filler of 5 kg/h before a tank that spills, and a drawer of 2 kg/h behind it."""
    mover = Filter(capacity=5.0)
    network = Network(
        components=WATER,
        units={"filler": mover, "drawer": replace(mover, capacity=2.0)},
        tanks={"pit": Tank(capacity=10.0, initial_level=1.0, when_full="spill")},
        contents={"pit": (1.0,)},
        supplies={"source": (1.0,)},
        sinks={"air": "emission gas", "sewer": "wastewater"},
        trains=(Train("filling", "source", ("filler",)), Train("drawing", "pit", ("drawer",))),
        pipes={
            "filler.held": Pipe("pit"), "filler.past": Pipe("air"),
            "drawer.held": Pipe("sewer"), "drawer.past": Pipe("air"),
        },
        spills={"pit": "sewer"},
    )  # fmt: skip
    plant = Plant(network, lambda _: {}, RandomStreams(1))
    plant.run(4.0)
    if stands:
        plant.hold("drawing", "test", "held")
    plant.run(10.0)
    return plant


def test_what_overflows_while_all_runs_as_usual_is_an_excess_and_else_a_spill():
    """3 kg/h for good; 5 kg/h while nobody draws."""
    usual, stood = (tanks(stands=stands).ledger() for stands in (False, True))
    assert usual.total(cause="overflow") == pytest.approx(30.0)
    assert usual.total(cause="spill") == 0.0
    assert stood.total(cause="overflow") == pytest.approx(12.0)
    assert stood.total(cause="spill") == pytest.approx(30.0)


def test_what_is_let_go_is_carried_once_one_after_another():
    plant = tanks(stands=False)
    releases = Releases(plant, ["drawing"])
    plant.run(12.0)
    before = plant.ledger().total(source="pit", sink="drawer")
    releases.let_go("drawing", "cleaning", 6.0, "emptied")
    releases.let_go("drawing", "start-up", 1.0, "filled")
    plant.run(20.0)
    ledger = plant.ledger()
    assert ledger.total(source="pit", sink="drawer", cause="cleaning") == pytest.approx(6.0)
    assert ledger.total(source="pit", sink="drawer", cause="start-up") == pytest.approx(1.0)
    assert ledger.total(source="pit", sink="drawer") == pytest.approx(before + 7.0)


def test_a_column_idles_on_total_reflux_before_it_starts_up():
    """3 h at 2 % of 5 kg/h, then 1 h at half of it, both under start-up."""
    network = filtering(LOCK)
    (train,) = network.trains
    plant = running(replace(network, trains=(replace(train, idle_hours=3.0),)))
    plant.run(failed_at(plant) + 0.5 + 6.0 + 3.0 + 1.0)
    started = plant.ledger().total(cause="start-up", sink="store")
    assert started == pytest.approx(3.0 * 0.02 * 5.0 + 1.0 * 0.5 * 5.0, rel=1e-6)
