"""What is seen between events, where these are few: stirred tanks against closed forms."""

from collections.abc import Generator, Mapping
from math import exp
from typing import Any

import numpy as np
import pytest
from simpy.events import Event

from plant_models.benchmarks.machines import running
from plant_models.benchmarks.units import BRINE
from sim.clock.plant import Plant
from sim.network.network import Network, Pipe, Tank, Train
from tests.sim.flow.random_networks import Divider

Way = tuple[str, float, tuple[float, float], str, str]
"""From where, kg/h at most, shares of salt and water to the first of two ends."""
ALL = (1.0, 1.0)


def following(tanks: Mapping[str, float], ways: Mapping[str, Way], tolerance: float) -> Plant:
    """Return a plant of tanks of so many kg of brine: full, half full (d), or empty (e)."""
    level = {name: {"e": 0.0, "d": 0.5}.get(name[0], 1.0) for name in tanks}
    network = Network(
        components=BRINE,
        units={
            name: Divider(
                capacity=most, salt=salt, water=water, benzene=0.0, ammonia=0.0, nitrogen=0.0
            )
            for name, (_, most, (salt, water), *_) in ways.items()
        },
        tanks={
            name: Tank(capacity=kg / (level[name] or 1.0), heel=0.0, initial_level=level[name])
            for name, kg in tanks.items()
        },
        contents=dict.fromkeys(tanks, (0.5, 0.5)),
        supplies={"water": (0.0, 1.0), "brine": (0.5, 0.5)},
        sinks={"customers": "product", "sewer": "wastewater"},
        trains=tuple(Train(name, way[0], (name,)) for name, way in ways.items()),
        pipes={f"{name}.top": Pipe(way[3]) for name, way in ways.items()}
        | {f"{name}.bottom": Pipe(way[4]) for name, way in ways.items()},
    )
    return running(network, tolerance=tolerance)


@pytest.mark.parametrize("trace", [1e-12, 1e-6, 1e-2])
@pytest.mark.parametrize("tolerance", [1e-3, 1e-4])
def test_a_trace_that_passes_an_empty_tank_stops_nothing(trace: float, tolerance: float):
    """It came to less than nothing by rounding, and the tank that it is of stood still."""
    plant = following(
        {"b": 10.0, "e": 5.0, "d": 50.0},
        {
            "wash": ("water", 1.0, ALL, "b", "sewer"),
            "over": ("b", 1.0, (trace, trace), "e", "customers"),
            "steady": ("brine", 1.0, ALL, "e", "sewer"),
            "of_e": ("e", 5.0, (0.9, 0.2), "d", "customers"),
            "idle": ("brine", 1.0, ALL, "customers", "sewer"),
        },
        tolerance,
    )

    def breaks() -> Generator[Event, Any, None]:
        for hours in (2.0, 10.0):
            yield plant.env.timeout(hours)
            plant.hold("idle", "test", "held")
            yield plant.env.timeout(0.1)
            plant.release("idle", "test")

    plant.env.process(breaks())
    for hour in (3.0, 10.0, 20.0, 30.0):
        with plant.expecting():
            plant.run(hour)
        assert plant.contents_of("b")[0] == pytest.approx(
            5.0 * exp(-hour / 10.0), rel=6 * tolerance
        )


@pytest.mark.parametrize("swapped", [4.0, 20.0, 200.0])
@pytest.mark.parametrize("tolerance", [1e-3, 1e-4])
def test_what_a_full_tank_holds_soon_after_its_feed_is_swapped(swapped: float, tolerance: float):
    """Hardly an event has come yet, and the one that cuts the interval is the end of the run."""
    plant = following(
        {"b": 10.0, "e": 1000.0},
        {
            "fills": ("brine", 4.0, ALL, "b", "sewer"),
            "washes": ("water", 4.0, ALL, "b", "sewer"),
            "over": ("b", 4.0, (1.0, 0.5), "e", "customers"),
            "of_e": ("e", 9.0, ALL, "customers", "sewer"),
        },
        tolerance,
    )
    plant.run_at("washes", 0.0)

    def swap() -> Generator[Event, Any, None]:
        yield plant.env.timeout(swapped)
        plant.run_at("fills", 0.0)
        plant.run_at("washes", 1.0)

    plant.env.process(swap())
    for hours in (0.5, 1.0, 2.0, 3.0, 5.0, 8.0):
        with plant.expecting():
            plant.run(swapped + hours)
        off = plant.contents_of("b")[0] / 5.0 - exp(-0.4 * hours)
        assert abs(off) < tolerance


@pytest.mark.parametrize("returned", [0.5, 0.9, 0.99, 0.999])
@pytest.mark.parametrize("order", [("e0", "e1", "e2"), ("e2", "e1", "e0")])
def test_empty_tanks_in_a_loop_pass_on_what_comes(returned: float, order: tuple[str, ...]):
    """The last sends nearly all back to the first, and a stirred tank behind them gets the rest."""
    share, most = 1.0 - returned, 10.0 / (1.0 - returned)
    tolerance = 1e-3
    plant = following(
        {"b": 10.0, **dict.fromkeys(order, 50.0), "d": 3.0},
        {
            "wash": ("water", 1.0, ALL, "b", "sewer"),
            "over": ("b", 1.0, ALL, "e0", "sewer"),
            "on0": ("e0", most, ALL, "e1", "sewer"),
            "on1": ("e1", most, ALL, "e2", "sewer"),
            "on2": ("e2", most, (share, share), "d", "e0"),
            "out": ("d", 1.0, ALL, "customers", "sewer"),
        },
        tolerance,
    )
    slow, fast = 1.0 / 10.0, 1.0 / 3.0
    for hour in (0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 30.0):
        with plant.expecting():
            plant.run(hour)
        late = np.exp(-fast * hour)
        late += fast / (fast - slow) * (np.exp(-slow * hour) - late)
        assert plant.contents_of("d")[0] / 3.0 == pytest.approx(0.5 * late, rel=3.0 * tolerance)
