"""A train at a share of its capacity runs at that share of what it could do now."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import pytest

from plant_models.benchmarks.units import (
    AMMONIA,
    BRINE,
    MATERIAL,
    NEUTRALISATION,
    SALMIAC,
    Machine,
    Separator,
    Splitter,
)
from sim.clock.plant import Plant
from sim.clock.random_streams import RandomStreams
from sim.clock.redesign import redesign
from sim.flow.state import TOLERANCE
from sim.network.network import Network, Pipe, Tank, Train
from sim.network.unit import Conditions, Conversion, Recipe, Stream, Unit


def running(network: Network) -> Plant:
    return Plant(network, lambda hour: {}, RandomStreams(1))


def machine(capacity: float, **slow: float) -> Network:
    """Return a machine between a supply and its customers."""
    return Network(
        components=MATERIAL,
        units={"machine": Machine(capacity=capacity)},
        tanks={},
        contents={},
        supplies={"store": (1.0,)},
        sinks={"customers": "product"},
        trains=(Train("line", "store", ("machine",), **slow),),
        pipes={"machine.made": Pipe("customers")},
    )


def drying() -> Network:
    """Return a dryer of 4 kg/h of salt behind a separator; the salt in their feed goes .2 to .8."""
    return Network(
        components=BRINE,
        units={
            "filler": Machine(capacity=30.0),
            "separator": Separator(capacity=100.0, salt=1.0, water=0.0),
            "dryer": Machine(capacity=4.0),
        },
        tanks={"tank": Tank(capacity=100.0, heel=0.0, initial_level=1.0)},
        contents={"tank": (0.2, 0.8)},
        supplies={"store": (0.8, 0.2)},
        sinks={"customers": "product", "drain": "waste"},
        trains=(
            Train("filling", "store", ("filler",)),
            Train("drying", "tank", ("separator", "dryer")),
        ),
        pipes={
            "filler.made": Pipe("tank"),
            "separator.top": Pipe("dryer.part"),
            "separator.bottom": Pipe("drain"),
            "dryer.made": Pipe("customers"),
        },
    )


def test_half_of_a_capacity_is_half_of_what_it_is_after_each_redesign():
    """Though the train has never run at all of it."""
    plant = running(machine(10.0))
    plant.run_at("line", 0.5)
    rates = []
    for hour, capacity in ((15.0, 20.0), (30.0, 6.0), (45.0, 10.0)):
        plant.run(hour)
        rates.append(plant.flow.rates.activity[0])
        redesign(plant, machine(capacity))
    assert rates == pytest.approx([5.0, 10.0, 3.0], rel=1e-12)


def test_what_is_redesigned_while_it_stands_starts_up_at_a_share_of_what_it_is_then():
    slow = {"start_up_hours": 2.0, "start_up_fraction": 0.25}
    plant = running(machine(10.0, **slow))
    plant.run(10.0)
    plant.run_at("line", 0.0)
    plant.run(15.0)
    redesign(plant, machine(20.0, **slow))
    plant.run(20.0)
    plant.run_at("line", 0.25)
    plant.run(21.0)
    assert plant.flow.rates.activity[0] == pytest.approx(5.0, rel=1e-12)


@pytest.mark.parametrize("since", [0.0, 100.0, 400.0])
def test_half_of_a_capacity_that_hangs_on_the_feed_follows_it(since: float):
    """Whenever it was told: all of it is 4 kg/h of salt over the salt in the feed."""
    plant = running(drying())
    plant.run(since)
    plant.run_at("drying", 0.5)
    plant.run(700.0)
    salt = plant.contents_of("tank")[0] / plant.level_of("tank")
    assert plant.flow.rates.activity[1] == pytest.approx(0.5 * 4.0 / salt, rel=0.01)
    assert salt == pytest.approx(0.8, rel=0.01)


@pytest.mark.parametrize("share", [1.0, 0.5])
def test_a_machine_without_capacity_that_gets_some_runs(share: float):
    plant = running(machine(0.0))
    plant.run_at("line", share)
    with plant.expecting():
        plant.run(1.0)
        redesign(plant, machine(8.0))
    plant.run(2.0)
    assert plant.flow.rates.activity[0] == pytest.approx(8.0 * share, rel=1e-12)


@dataclass(frozen=True, kw_only=True)
class Washer(Unit):
    """Lets out together what comes, wash and gas."""

    inlets: ClassVar = ("wash", "gas")
    outlets: ClassVar = ("spent",)

    def convert(self, inlets: Mapping[str, Stream], at: Conditions) -> Recipe:
        """Return the recipe."""
        return Recipe(splits={"spent": (1.0,)})


def washing(capacity: float, gas: float) -> Network:
    """Return a washer of so much gas, kg/h, before a machine of that capacity for all of it."""
    return Network(
        components=MATERIAL,
        units={
            "boiler": Splitter(capacity=2.0 * gas, recycle=0.5),
            "washer": Washer(capacity=1e4),
            "machine": Machine(capacity=capacity),
        },
        tanks={},
        contents={},
        supplies={"store": (1.0,), "well": (1.0,)},
        sinks={"customers": "product", "air": "air"},
        trains=(
            Train("boiling", "store", ("boiler",)),
            Train("line", "well", ("washer", "machine")),
        ),
        pipes={
            "boiler.product": Pipe("customers"),
            "boiler.recycle": Pipe("washer.gas", otherwise="air"),
            "washer.spent": Pipe("machine.part"),
            "machine.made": Pipe("customers"),
        },
    )


@pytest.mark.parametrize("gas", [10.0, 90.0, 99.0])
def test_half_of_what_gas_leaves_of_a_capacity_is_half_of_it_though_it_be_little(gas: float):
    """The gas comes whatever the rate, so that all of it is the capacity less the gas."""
    plant = running(washing(200.0, gas))
    plant.run_at("line", 0.5)
    rates = []
    for hour, capacity in ((1.0, 100.0), (2.0, 300.0), (3.0, 200.0)):
        plant.run(hour)
        rates.append(plant.flow.rates.activity[1])
        redesign(plant, washing(capacity, gas))
    full = [200.0 - gas, 100.0 - gas, 300.0 - gas]
    assert rates == pytest.approx([0.5 * each for each in full], rel=TOLERANCE)


@dataclass(frozen=True, kw_only=True)
class Fickle(Unit):
    """Lets react what it has above half of its capacity, and nothing below."""

    inlets: ClassVar = ("charge",)
    outlets: ClassVar = ("made",)

    def convert(self, inlets: Mapping[str, Stream], at: Conditions) -> Recipe:
        """Return the recipe."""
        fast = at.activity > 0.5 * self.capacity
        return Recipe(
            splits={"made": (1.0,) * len(SALMIAC.names)},
            conversions=(Conversion(NEUTRALISATION, AMMONIA, 0.5),) if fast else (),
        )


def test_a_unit_that_reacts_otherwise_at_full_rate_is_asked_to_an_end():
    network = Network(
        components=SALMIAC,
        units={"unit": Fickle(capacity=10.0)},
        tanks={},
        contents={},
        supplies={"store": (0.2, 0.4, 0.0, 0.4, 0.0)},
        sinks={"customers": "product"},
        trains=(Train("line", "store", ("unit",)),),
        pipes={"unit.made": Pipe("customers")},
    )
    plant = running(network)
    rates = []
    for hour, share in enumerate((1.0, 0.3, 0.6, 0.1, 1.0), 1):
        plant.run_at("line", share)
        plant.run(hour)
        rates.append(plant.flow.rates.activity[0])
    assert rates == pytest.approx([10.0, 3.0, 6.0, 1.0, 10.0], rel=1e-12)
    plant.ledger().certificate().enforce()
