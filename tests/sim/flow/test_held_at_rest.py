"""What a steady state holds back that in time runs on: it is refused, and what is held is given."""

import pytest

from plant_models.benchmarks.machines import running
from plant_models.benchmarks.units import MATERIAL, Machine
from sim.clock.plant import Plant
from sim.network.network import Network, Pipe, Tank, Train
from sim.steady.state import SteadyState


def tank(when_full: str) -> Tank:
    """Return a small one that is half full at first."""
    return Tank(capacity=10.0, heel=0.0, initial_level=0.5, when_full=when_full)


def in_time(network: Network) -> dict[str, float]:
    """Return the rates of trains after a long run, kg/h."""
    plant: Plant = running(network)
    plant.run(500.0)
    return dict(zip(plant.train_names, plant.flow.rates.activity, strict=False))


def yard(capacities: dict[str, float], pacer: str = "intake") -> Network:
    """Return trains that all draw from one yard, which one more fills."""
    return Network(
        components=MATERIAL,
        units={name: Machine(capacity=most) for name, most in capacities.items()},
        tanks={"yard": tank("block")},
        contents={"yard": (1.0,)},
        supplies={"store": (1.0,)},
        sinks={"customers": "product"},
        trains=tuple(
            Train(name, "store" if name == "intake" else "yard", (name,)) for name in capacities
        ),
        pipes={
            f"{name}.made": Pipe("yard" if name == "intake" else "customers") for name in capacities
        },
        pacer=pacer,
    )


@pytest.mark.parametrize("pacer", ["intake", "a", "b"])
def test_a_tank_that_feeds_two_trains_is_refused(pacer: str):
    """Each would get all of it; in time the first in the order has what it can take."""
    network = yard({"intake": 10.0, "a": 6.0, "b": 8.0}, pacer)
    assert in_time(network) == pytest.approx({"intake": 10.0, "a": 6.0, "b": 4.0})
    with pytest.raises(ValueError, match="one tank feeds") as refused:
        SteadyState(network, {})
    assert str(refused.value) == (
        "tank 'yard' feeds trains 'a' and 'b', but at constant conditions one tank feeds one "
        "train: nothing says who gets how much; give each a tank of its own, filled by a splitter, "
        "or simulate, where priorities say it"
    )
