"""What a plant makes hangs on the weather that it is told, not on when its units are asked."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import ClassVar

import pytest

from plant_models.benchmarks.units import MATERIAL
from sim.clock.life import weather
from sim.clock.plant import Plant
from sim.clock.random_streams import RandomStreams
from sim.network.network import Network, Pipe, Train
from sim.network.unit import Conditions, Recipe, Stream, Unit


@dataclass(frozen=True, kw_only=True)
class Cooler(Unit):
    """Loses a tenth of what it cools by day, and a fifth by night."""

    inlets: ClassVar = ("charge",)
    outlets: ClassVar = ("cold", "lost")

    def convert(self, inlets: Mapping[str, Stream], at: Conditions) -> Recipe:
        """Return the recipe."""
        lost = 0.1 + 0.1 * at["night"]
        return Recipe(splits={"cold": (1.0 - lost,), "lost": (lost,)})


def by_day(hour: float) -> dict[str, float]:
    return {"night": 1.0 if hour % 24.0 >= 12.0 else 0.0}


def lost(told_every: float | None, hours: float, act: Callable[[Plant], None]) -> float:
    """Return the share that a cooler loses, on which something acts at 18 h."""
    network = Network(
        components=MATERIAL,
        units={"cooler": Cooler(capacity=10.0)},
        tanks={},
        contents={},
        supplies={"store": (1.0,)},
        sinks={"customers": "product", "air": "air"},
        trains=(Train("cooling", "store", ("cooler",)),),
        pipes={"cooler.cold": Pipe("customers"), "cooler.lost": Pipe("air")},
    )
    plant = Plant(network, by_day, RandomStreams(1))
    if told_every is not None:
        plant.env.process(weather(plant, told_every))
    plant.run(18.0)
    act(plant)
    plant.run(hours)
    books = plant.ledger()
    return books.total(sink="air") / books.total(sink="cooler")


@pytest.mark.parametrize("told_every", [None, 24.0])
@pytest.mark.parametrize("rate", [1.0, 0.5])
def test_where_nobody_tells_of_the_night_it_is_day_though_a_rate_is_changed_in_it(told_every, rate):
    assert lost(told_every, 240.0, lambda plant: plant.run_at("cooling", rate)) == pytest.approx(
        0.1, rel=1e-12
    )


@pytest.mark.parametrize("told_every", [12.0, 6.0])
def test_what_is_told_is_felt_until_something_else_is_told(told_every: float):
    """18 h at 10 kg/h, of which 6 are night, and then at 5: 6 h of night, and nine days."""
    share = (12 * 1.0 + 6 * 2.0 + 6 * 1.0 + 9 * 12 * (0.5 + 1.0)) / (18 * 10 + 222 * 5)
    found = lost(told_every, 240.0, lambda plant: plant.run_at("cooling", 0.5))
    assert found == pytest.approx(share, rel=1e-12)
