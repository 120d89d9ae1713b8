"""A recipe that is flat up to a threshold: nothing that it has answered so far tells of that."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import exp, log
from typing import ClassVar

import pytest

from plant_models.benchmarks.units import BRINE, Machine
from sim import (
    Conditions,
    Conversion,
    Network,
    Outages,
    Pipe,
    Plant,
    RandomStreams,
    Reaction,
    Recipe,
    Stream,
    Tank,
    Train,
    Unit,
    quantity,
    scheduled,
)
from sim.network.chemistry import Components
from sim.network.schedule import Order

POLYMER = Components({"salt": "NaCl", "water": "H2O", "gel": "NaCl"})
SETS = Reaction("salt -> gel", POLYMER)


@dataclass(frozen=True, kw_only=True)
class Column(Unit):
    """Loses nothing unless it floods above a rate, or foams above a share of salt."""

    inlets: ClassVar = ("charge",)
    outlets: ClassVar = ("lost", "made")
    floods: float = quantity("kg/h", "rate at which it floods", 0.0, 1e9, default=1e9)
    foams: float = quantity("kg/kg", "share of salt at which it foams", 0.0, 1.0, default=1.0)
    breaks: float = quantity(
        "kg/kg", "share of salt at which it knows no more", 0.0, 1.0, default=1.0
    )

    def convert(self, inlets: Mapping[str, Stream], at: Conditions) -> Recipe:
        charge = inlets["charge"]
        salt = charge[0] / (sum(charge) or 1.0)
        if salt > self.breaks:
            raise ValueError("more salt than anybody has measured")
        lost = max(at.activity / self.floods - 1.0, 0.0) + 5.0 * max(salt - self.foams, 0.0)
        n = len(charge)
        return Recipe(splits={"lost": (min(lost, 1.0),) * n, "made": (1.0 - min(lost, 1.0),) * n})


@dataclass(frozen=True, kw_only=True)
class Kettle(Unit):
    """Above a share of salt some of it sets."""

    inlets: ClassVar = ("charge",)
    outlets: ClassVar = ("made",)

    def convert(self, inlets: Mapping[str, Stream], at: Conditions) -> Recipe:
        charge = inlets["charge"]
        sets = max(charge[0] / (sum(charge) or 1.0) - 0.17, 0.0)
        steps = (Conversion(SETS, 0, 5.0 * sets),) if sets else ()
        return Recipe(splits={"made": (1.0,) * 3}, conversions=steps)


def behind_a_tank(unit: Unit, tolerance: float, components: Components = BRINE) -> Plant:
    """Return a unit behind 100 kg with 10 % of salt, to which 10 kg/h with 20 % come."""
    rest = (0.0,) * (len(components) - 2)
    network = Network(
        components=components,
        units={"pump": Machine(capacity=10.0), "column": unit},
        tanks={"tank": Tank(capacity=200.0)},
        contents={"tank": (0.1, 0.9, *rest)},
        supplies={"store": (0.2, 0.8, *rest)},
        sinks={"customers": "product", "flare": "emission gas"},
        trains=(Train("pump", "store", ("pump",)), Train("column", "tank", ("column",))),
        pipes={"pump.made": Pipe("tank"), "column.made": Pipe("customers")}
        | ({"column.lost": Pipe("flare")} if "lost" in unit.outlets else {}),
        pacer="pump",
    )
    return Plant(network, lambda hour: {}, RandomStreams(1), tolerance=tolerance)


def above(threshold: float, until: float) -> float:
    """Return the integral of what 0.2 - 0.1 exp(-t / 10) is above a threshold, h."""
    since = -10.0 * log((0.2 - threshold) / 0.1)
    passed = until - since
    return (0.2 - threshold) * passed - exp(-since / 10.0) * (1.0 - exp(-passed / 10.0))


@pytest.mark.parametrize(
    ("foams", "tolerance"),
    # from 19 % on it never loses more than a hundred tolerances of the default
    [(0.13, 1e-3), (0.17, 1e-3), (0.13, 1e-4), (0.17, 1e-4), (0.17, 1e-5), (0.19, 1e-5)],
)
def test_a_column_foams_as_soon_as_its_tank_holds_too_much_salt(foams: float, tolerance: float):
    plant = behind_a_tank(Column(capacity=10.0, foams=foams), tolerance)
    plant.run(60.0)
    lost = plant.ledger().total(sink="flare")
    assert lost == pytest.approx(10.0 * 5.0 * above(foams, 60.0), rel=0.01)


@pytest.mark.parametrize("tolerance", [1e-3, 1e-5])
@pytest.mark.parametrize("between", [1, 2])
def test_a_column_behind_empty_tanks_foams_as_well(between: int, tolerance: float):
    alone = behind_a_tank(Column(capacity=10.0, foams=0.17), tolerance).network
    passed = [f"pass_{i}" for i in range(between)]
    empty = [f"empty_{i}" for i in range(between)]
    pumps = [
        Train(pump, tank, (pump,)) for pump, tank in zip(passed, ["tank", *empty], strict=False)
    ]
    network = replace(
        alone,
        units={**alone.units, **{pump: Machine(capacity=10.0) for pump in passed}},
        tanks={
            **alone.tanks,
            **dict.fromkeys(empty, Tank(capacity=50.0, heel=0.0, initial_level=0.0)),
        },
        contents={**alone.contents, **dict.fromkeys(empty, (0.1, 0.9))},
        trains=(alone.trains[0], *pumps, Train("column", empty[-1], ("column",))),
        pipes={
            **alone.pipes,
            **{f"{pump}.made": Pipe(tank) for pump, tank in zip(passed, empty, strict=True)},
        },
    )
    plant = Plant(network, lambda hour: {}, RandomStreams(1), tolerance=tolerance)
    plant.run(60.0)
    lost = plant.ledger().total(sink="flare")
    assert lost == pytest.approx(10.0 * 5.0 * above(0.17, 60.0), rel=0.01)


@pytest.mark.parametrize("tolerance", [1e-3, 1e-5])
def test_a_reaction_sets_in_above_a_threshold(tolerance: float):
    plant = behind_a_tank(Kettle(capacity=10.0), tolerance, POLYMER)
    plant.run(60.0)
    steps = [0.005 * (i + 0.5) for i in range(12_000)]
    salt = [0.2 - 0.1 * exp(-hour / 10.0) for hour in steps]
    right = sum(10.0 * 0.005 * 5.0 * max(each - 0.17, 0.0) * each for each in salt)
    assert plant.ledger().total("gel", sink="customers") == pytest.approx(right, rel=0.01)
    plant.ledger().certificate().enforce()


@pytest.mark.parametrize("tolerance", [1e-3, 1e-5])
def test_a_column_floods_though_it_did_not_at_all_rates_before(tolerance: float):
    network = Network(
        components=BRINE,
        units={"column": Column(capacity=100.0, floods=60.0)},
        tanks={},
        contents={},
        supplies={"store": (0.1, 0.9)},
        sinks={"customers": "product", "flare": "emission gas"},
        trains=(Train("column", "store", ("column",)),),
        pipes={"column.made": Pipe("customers"), "column.lost": Pipe("flare")},
        pacer="column",
    )
    plant = Plant(network, lambda hour: {}, RandomStreams(1), tolerance=tolerance)
    rates = enumerate([0.5, 0.5005, 0.5055, 0.5555, 0.75])
    orders = [Order(hour=10.0 * i, what="rate", train="column", value=part) for i, part in rates]
    for life in scheduled(plant, Outages(plant), orders):
        plant.env.process(life)
    plant.run(50.0)
    assert plant.ledger().total(sink="flare") == pytest.approx(10.0 * 75.0 * 0.25)


def test_what_a_unit_cannot_answer_for_a_feed_that_does_not_come_stops_nothing():
    plant = behind_a_tank(Column(capacity=10.0, breaks=0.15), 1e-3)
    plant.run(5.0)  # 13.9 % then
    assert plant.ledger().total(sink="customers") == pytest.approx(50.0)
    with pytest.raises(ValueError, match="more salt than anybody has measured"):
        plant.run(20.0)


@pytest.mark.parametrize("fraction", [5e-324, 1e-13, 1e-12])
def test_at_a_fraction_that_is_rounding_a_train_stands(fraction: float):
    """At the least number of all its feed had shares that were none."""
    plant = behind_a_tank(Column(capacity=10.0, floods=1e-5, foams=0.13), 1e-3)
    plant.run_at("column", fraction)
    plant.run(50.0)  # no gridlock: so somebody has ordered it
    assert plant.ledger().total(source="tank") == 0.0
    assert plant.level_of("tank") == 200.0


@dataclass(frozen=True, kw_only=True)
class Valve(Unit):
    """Sends all to the flare that has more than a share of salt."""

    inlets: ClassVar = ("charge",)
    outlets: ClassVar = ("lost", "made")
    rate_dependent: ClassVar = False
    turns: float = quantity("kg/kg", "share of salt from which on it does", 0.0, 1.0)

    def convert(self, inlets: Mapping[str, Stream], at: Conditions) -> Recipe:
        charge = inlets["charge"]
        lost = float(charge[0] > self.turns * sum(charge))
        return Recipe(splits={"lost": (lost,) * 2, "made": (1.0 - lost,) * 2})


@pytest.mark.parametrize("turns", [0.11, 0.13, 0.15, 0.17, 0.19])
@pytest.mark.parametrize("becomes", [0.1, 0.2])
def test_a_small_tank_passes_a_threshold_on_its_way_to_rest(becomes: float, turns: float):
    """It is washed out in a moment of the hours until the next event, which nobody knows."""
    alone = behind_a_tank(Valve(capacity=10.0, turns=turns), 1e-3).network
    plant = Plant(
        replace(
            alone,
            units={**alone.units, "other": Machine(capacity=10.0)},
            tanks={"tank": Tank(capacity=10.0, heel=0.0, initial_level=0.5)},
            contents={"tank": (0.3 - becomes, 0.7 + becomes)},
            supplies={
                "store": (0.3 - becomes, 0.7 + becomes),
                "stock": (becomes, 1.0 - becomes),
            },
            trains=(*alone.trains, Train("other", "stock", ("other",))),
            pipes={**alone.pipes, "other.made": Pipe("tank")},
        ),
        lambda hour: {},
        RandomStreams(1),
    )
    plant.hold("other", "test", "not yet")
    plant.run(20.0)
    plant.release("other", "test")
    plant.hold("pump", "test", "not any more")
    plant.run(60.0)
    passed = 0.5 * log(0.1 / abs(becomes - turns))  # h, from a tank of half an hour's contents
    lost = 40.0 - passed if becomes == 0.2 else 20.0 + passed
    assert plant.ledger().total(sink="flare") / 10.0 == pytest.approx(lost, abs=0.15)


@pytest.mark.parametrize("turns", [0.102, 0.119, 0.15, 0.18, 0.195])
def test_a_threshold_is_found_however_near_to_where_a_tank_comes_to_rest(turns: float):
    plant = behind_a_tank(Valve(capacity=10.0, turns=turns), 1e-3)
    plant.run(60.0)
    since = -10.0 * log((0.2 - turns) / 0.1)
    assert plant.ledger().total(sink="flare") / 10.0 == pytest.approx(60.0 - since, abs=2.0)
