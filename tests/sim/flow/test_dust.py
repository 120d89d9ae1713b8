"""What is left of a component by rounding keeps no train from running."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import pytest

from plant_models.benchmarks.machines import running
from plant_models.benchmarks.units import BRINE, Separator
from sim.clock.plant import Plant
from sim.network.network import Network, Pipe, Tank, Train
from sim.network.unit import Conditions, Recipe, Stream, Unit
from tests.sim.flow.random_networks import WASH, Sieve

HEELS = [(0.0, 0.5), (0.0, 0.6), (0.0, 0.8), (0.02, 0.5), (0.1, 0.5)]


@dataclass(frozen=True, kw_only=True)
class Neutraliser(Unit):
    """Draws twice as much acid as salt comes."""

    inlets: ClassVar = ("charge", "acid")
    outlets: ClassVar = ("made",)
    rate_dependent: ClassVar = False

    def convert(self, inlets: Mapping[str, Stream], at: Conditions) -> Recipe:
        return Recipe(draws={"acid": (2.0, 0.0)}, splits={"made": (1.0, 1.0)})


def washing(
    washed: Tank, units: Mapping[str, Unit], other: Tank, other_way: Mapping[str, str]
) -> Plant:
    """Return a plant in which 5 kg/h of water enter a tank, and ``out`` empties it."""
    ways = {"rinse.top": "washed", "rinse.bottom": "washed", **other_way}
    draws = {"out.acid": "other"} if isinstance(units["out"], Neutraliser) else {}
    rinse = Separator(capacity=5.0, salt=0.0, water=0.0)
    trains = (
        Train("rinse", "water", ("rinse",)),
        Train("aside", "brine" if "other" in other_way.values() else "other", ("aside",)),
        Train("out", "washed", ("out",)),
    )
    return running(
        Network(
            components=BRINE,
            units={"rinse": rinse, **units},
            tanks={"washed": washed, "other": other},
            contents={"washed": (0.3, 0.7), "other": (0.0, 1.0) if draws else (1.0, 0.0)},
            supplies={"water": (0.0, 1.0), "brine": (0.5, 0.5)},
            sinks={"customers": "product", "sewer": "wastewater"},
            trains=trains,
            pipes={outlet: Pipe(to) for outlet, to in ways.items()},
            draws=draws,
        )
    )


def out_in_ten_hours(plant: Plant) -> float:
    """Return what leaves in the 10 h after 200 h, kg."""
    with plant.expecting():
        plant.run(200.0)
        before = plant.ledger()
        plant.run(210.0)
    return plant.ledger().since(before).total(sink="customers")


@pytest.mark.parametrize("tolerance", [1e-3, 1e-4])
@pytest.mark.parametrize(("heel", "level"), HEELS)
def test_salt_that_has_been_washed_out_is_not_kept_back_by_a_full_bin_of_salt(
    heel: float, level: float, tolerance: float
):
    """The bin was full at 81 h; 1e-18 kg of salt, or exp(-500) of it, held the water back."""
    plant = washing(
        Tank(capacity=100.0, heel=heel, initial_level=level),
        {
            "aside": Separator(capacity=5.0, salt=1.0, water=1.0),
            "out": Separator(capacity=30.0, salt=1.0, water=0.0),
        },
        Tank(capacity=400.0, heel=0.0, initial_level=0.1),
        {
            "aside.top": "other",
            "aside.bottom": "other",
            "out.top": "other",
            "out.bottom": "customers",
        },
    )
    assert out_in_ten_hours(plant) == pytest.approx(50.0, rel=1e-9)


@pytest.mark.parametrize(("heel", "level"), HEELS)
def test_salt_that_has_been_washed_out_asks_for_no_acid(heel: float, level: float):
    """All acid is sold at 100 h; what 1e-20 kg of salt asked for held the water back."""
    plant = washing(
        Tank(capacity=100.0, heel=heel, initial_level=level),
        {"aside": Separator(capacity=50.0, salt=0.0, water=0.0), "out": Neutraliser(capacity=30.0)},
        Tank(capacity=400.0, heel=0.0, initial_level=0.2),
        {"aside.top": "sewer", "aside.bottom": "sewer", "out.made": "customers"},
    )
    plant.hold("aside", "sales", "not sold yet")
    with plant.expecting():
        plant.run(100.0)
    plant.release("aside", "sales")
    assert out_in_ten_hours(plant) == pytest.approx(50.0, rel=1e-9)


def test_a_trace_that_would_fill_a_bin_is_held_back_by_it():
    """1e-9 of salt that comes all the time is no dust: a year of it is more than rounding."""
    plant = washing(
        Tank(capacity=100.0, heel=0.0, initial_level=0.0),
        {
            "aside": Separator(capacity=5.0, salt=1.0, water=1.0),
            "out": Separator(capacity=30.0, salt=1.0, water=1e-9),
        },
        Tank(capacity=400.0, heel=0.0, initial_level=0.99),
        {
            "aside.top": "other",
            "aside.bottom": "other",
            "out.top": "other",
            "out.bottom": "customers",
        },
    )
    assert out_in_ten_hours(plant) == 0.0


@pytest.mark.parametrize("number", range(6, 10))
def test_a_round_that_gives_all_back_but_for_the_last_digits_goes_on(number: int):
    """What leaves the full tank falls as exp(-3 t); in the end 2e-16 kg/kg more than all came back.

    That held it in two of these four. As 2e-16 kg/kg less it made room, for trains of 1e-17 kg/h.
    """
    rng = random.Random(number)
    full = [rng.random() for _ in WASH.names]
    store = [0.0, rng.random(), rng.random(), 0.0, rng.random()]
    plant = running(
        Network(
            components=WASH,
            units={
                "rinse": Sieve(capacity=5.0, shares=(1.0,) * 5),
                "round": Sieve(capacity=30.0, shares=(1.0, 0.0, 0.0, 1.0, 0.0)),
            },
            tanks={"full": Tank(capacity=10.0, heel=0.0, initial_level=1.0)},
            contents={"full": tuple(part / sum(full) for part in full)},
            supplies={"store": tuple(part / sum(store) for part in store)},
            sinks={"customers": "product"},
            trains=(Train("rinse", "store", ("rinse",)), Train("round", "full", ("round",))),
            pipes={
                "rinse.top": Pipe("full"),
                "rinse.bottom": Pipe("customers"),
                "round.top": Pipe("customers"),
                "round.bottom": Pipe("full"),
            },
        )
    )
    with plant.expecting():
        plant.run(100.0)
    assert plant.flow.rates.activity[:2] == pytest.approx([0.0, 30.0], rel=1e-12)
