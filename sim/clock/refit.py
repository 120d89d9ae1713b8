"""What of a plant works otherwise than designed for a while, and what runs on all the same."""

from __future__ import annotations

from copy import copy
from operator import attrgetter

from sim.clock.plant import Plant
from sim.flow.map import DEVICE_DOWN, NORMAL
from sim.flow.train import CompiledTrain
from sim.network.network import Network
from sim.network.operation import FailureMode, Maintenance
from sim.network.unit import UTILITIES, Unit


def miss(plant: Plant, who: str, what: str, trains: tuple[str, ...] = ()) -> None:
    """Let a plant go on as it does while something is missing.

    ``who`` and ``what``: a unit and its failure mode, a supply, or a train and the cause under
    which it stops; ``Plant.crippled`` knows what that does to the units. ``trains`` run on, their
    flows booked as those of a device that is down.
    """
    plant.missing[who, what] = trains
    _go_on(plant)


def restore(plant: Plant, who: str, what: str) -> None:
    """Let a plant go on with what was missing; see `miss`."""
    if plant.missing.pop((who, what), None) is not None:
        _go_on(plant)


def _go_on(plant: Plant) -> None:
    refit(plant)
    plant.new_surroundings()
    for t, name in enumerate(plant.train_names):
        cause, usual = plant.flow.map.regime[t].cause, plant.usual_cause(name)
        if cause != usual and cause in (NORMAL, DEVICE_DOWN):
            plant.run_as(name, usual)


def refit(plant: Plant) -> None:
    """Put the units in place that are designed, and as they work where something is missing."""
    old, network = plant.network, copy(plant.designed)
    object.__setattr__(network, "units", plant.crippled(plant.designed, plant.missing))
    changed = {
        name
        for name, unit in network.units.items()
        if unit is not old.units[name] and unit != old.units[name]
    }
    if not changed and _alike(old, network):
        plant.flow.map.network = network
        return
    plant.book()
    flow, flow_map = plant.flow, plant.flow.map
    flow_map.network = network
    for utility, most in network.utilities.items():
        if most != old.utilities[utility]:
            flow.limit(utility, most)
    flow_map.effects.peaks[:] = [*network.peaks.values()]
    for name in network.supplies.keys() & flow_map.rows.keys():
        flow.stock.shares[flow_map.rows[name]] = network.supplies[name]
    for t, train in enumerate(network.trains):
        if changed.intersection(train.members) or old.supplies != network.supplies:
            flow.replace(t, CompiledTrain(network, train, UTILITIES))
            plant.concerned.add(t)
    flow.news()
    plant.changed()


def _alike(old: Network, network: Network) -> bool:
    return all(
        getattr(old, what) == getattr(network, what) for what in ("supplies", "utilities", "peaks")
    )


def mean_life(unit: Unit, label: str) -> float:
    """Return the mean time until a failure, or until the next job of maintenance, h."""
    life: FailureMode | Maintenance = attrgetter(label)(unit)
    return float(life.mtbf if isinstance(life, FailureMode) else life.interval)
