"""Well-mixed tanks: one, some in series, and one that is washed out portion by portion."""

from __future__ import annotations

from collections.abc import Sequence

from plant_models.benchmarks.machines import running
from plant_models.benchmarks.units import BRINE, Machine
from sim.clock.plant import Plant
from sim.flow.state import TOLERANCE
from sim.network.network import Network, Pipe, Tank, Train

ROOM = 2.0  # capacity per opening contents, so that no tank meets a bound


def tanks_in_a_row(
    flow: Sequence[float],
    volume: float,
    salt: Sequence[float],
    feed: float,
    tolerance: float = TOLERANCE,
) -> Plant:
    """Return tanks in a row, well mixed, with nothing between them but pumps.

    Parameters
    ----------
    flow : sequence of float
        Flow into the first, from each to the next, and out of the last, kg/h.
    volume : float
        Contents of each at the start, kg; they may double and fall to nothing.
    salt : sequence of float
        Salt in each at the start, kg/kg.
    feed : float
        Salt in what enters the first, kg/kg.
    tolerance : float
        See ``Plant``.
    """
    tanks = [f"tank_{i}" for i in range(1, len(salt) + 1)]
    pumps = [f"pump_{i}" for i in range(1, len(salt) + 2)]
    return running(
        Network(
            components=BRINE,
            units={pump: Machine(capacity=rate) for pump, rate in zip(pumps, flow, strict=True)},
            tanks={
                tank: Tank(capacity=ROOM * volume, heel=0.0, initial_level=1.0 / ROOM)
                for tank in tanks
            },
            contents={tank: (x, 1.0 - x) for tank, x in zip(tanks, salt, strict=True)},
            supplies={"brine": (feed, 1.0 - feed)},
            sinks={"customers": "product"},
            trains=tuple(
                Train(pump, source, (pump,))
                for pump, source in zip(pumps, ["brine", *tanks], strict=True)
            ),
            pipes={
                f"{pump}.made": Pipe(to)
                for pump, to in zip(pumps, [*tanks, "customers"], strict=True)
            },
        ),
        tolerance=tolerance,
    )


def stirred_tank(f_in: float, f_out: float, volume: float, x_0: float, x_in: float) -> Plant:
    """Return one tank: flows in kg/h, opening contents in kg, salt in kg/kg."""
    return tanks_in_a_row((f_in, f_out), volume, (x_0,), x_in)


def salt_in(plant: Plant, tank: str) -> float:
    """Return the salt in a tank now, kg/kg."""
    salt, water = plant.ledger().held[tank].tolist()
    share: float = salt / (salt + water)
    return share


def wash_out(fraction: float, times: int) -> Plant:
    """Return a tank of brine after exchanges of a fraction of its contents for water.

    Each exchange is a pumping out and a filling up, one after the other.
    """
    plant = tanks_in_a_row((1.0, 1.0), 1.0, (1.0,), 0.0)
    plant.hold("pump_1", "exchange", "pumping out")
    for i in range(times):
        plant.run((2 * i + 1) * fraction)
        plant.hold("pump_2", "exchange", "filling up")
        plant.release("pump_1", "exchange")
        plant.run((2 * i + 2) * fraction)
        plant.hold("pump_1", "exchange", "pumping out")
        plant.release("pump_2", "exchange")
    return plant
