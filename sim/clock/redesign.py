"""A plant that is rebuilt while it runs: its design changes at an instant, its books go on.

What is in the tanks, what is on its way and how old the equipment is stay as they are; recipes,
capacities, lives and start-ups are those of the new design from that instant on.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace

from sim.clock.life import Life, Outages, as_built, time_to_failure, time_to_repair, values_of
from sim.clock.plant import Plant
from sim.flow.train import CompiledTrain
from sim.model.tree import get
from sim.network.network import Network
from sim.network.operation import FailureMode, Maintenance
from sim.network.unit import UTILITIES, Unit

Surroundings = Callable[[float], Mapping[str, float]]


def redesign(plant: Plant, network: Network, surroundings: Surroundings | None = None) -> None:
    """Let a plant go on under another design from this instant.

    A life that has begun keeps its age: what is left of it is stretched as its mean is, so that
    the draws of another design are the same ones, scaled. The network has the same units, tanks,
    trains and pipes, with other values of units, start-ups and capacities of utilities;
    ``surroundings`` are given where the new design feels them otherwise.

    Raises ValueError: something differs that stands fast while the plant runs; all of it is named.
    """
    old = plant.network
    if network == old and surroundings is None:
        return
    faults = "; ".join(_differences(old, network))
    if faults:
        raise ValueError(
            f"this cannot change while the plant runs: {faults}; only units and start-ups can"
        )
    plant.book()
    changed = {name for name, unit in network.units.items() if unit != old.units[name]}
    flow, flow_map = plant.flow, plant.flow.map
    flow_map.network = network
    for utility, most in network.utilities.items():
        if most != old.utilities[utility]:
            flow.limit(utility, most)
    for name in network.supplies.keys() & flow_map.rows.keys():
        row = flow_map.rows[name]
        flow.stock.shares[row] = network.supplies[name]
    for t, train in enumerate(network.trains):
        if changed.intersection(train.members) or old.supplies != network.supplies:
            compiled = CompiledTrain(network, train, UTILITIES)
            compiled.follow(flow_map.trains[t])
            flow_map.trains[t] = compiled
            flow_map.questions.dependent[t] = any(
                unit.rate_dependent for _, unit in compiled.members
            )
            flow_map.questions.stale[t] = True
            plant.timing.retimed.add(t)
    for clocks in plant.timing.clocks:
        for clock in clocks:
            if clock.unit in changed and clock.label:
                was, now = (_mean_life(of.units[clock.unit], clock.label) for of in (old, network))
                if now != was:
                    clock.stretch(now / was)
    if surroundings is not None:
        plant.flow.surroundings = surroundings
        plant.new_surroundings()
    flow.news()
    plant.changed()


def rebuilt(
    plant: Plant,
    outages: Outages,
    name: str,
    units: Iterable[str],
    *,
    wait: float,
    hours: float,
    then: Callable[[], None],
) -> Life:
    """Take units out of service after a while, rebuild them, and bring them back as new.

    A unit that is down at that time is mended first, for one crew is in nobody's way. ``wait`` is
    the time until the work begins, ``hours`` its length, h; at 0 hours nothing stops. When it is
    done, ``then`` changes the design. ``name`` is what is built in, for the record.
    """
    units = tuple(units)
    yield plant.env.timeout(wait)
    if hours <= 0.0:
        plant.say(name, "in place")
        then()
        return
    while busy := [unit for unit in units if unit in plant.down]:
        yield outages.back(busy[0])
    for unit in units:
        outages.breaks(unit, f"out of service for {name}")
    with plant.expecting():
        yield plant.env.timeout(hours)
    plant.say(name, "in place")
    then()
    for unit in units:
        outages.mends(unit)
        outages.tell(outages.repaired, unit)
        outages.tell(outages.renewed, unit)


def bypass_lives(plant: Plant) -> Iterator[Life]:
    """Yield the life of every failure mode of every unit that its train can run without."""
    for name, unit in plant.network.units.items():
        if unit.bypassed() is not None:
            for label, _ in values_of(unit, FailureMode):
                yield bypassing(plant, name, label)


def bypassing(plant: Plant, unit: str, label: str) -> Life:
    """Let a unit break, be by-passed, wait for a crew, be repaired, and again.

    Its train runs on, so nothing tells the operator to hurry: while it is down it does nothing.
    """
    clock = plant.clock(as_built(plant, unit, label, FailureMode).clock, unit, label)
    lives = plant.rng(unit, f"{label} time to failure")
    repairs = plant.rng(unit, f"{label} time to repair")
    while True:
        yield clock.reaches(time_to_failure(as_built(plant, unit, label, FailureMode), lives))
        works = plant.network.units[unit]
        without = works.bypassed()
        assert without is not None
        plant.goes_down(unit, f"failed ({label})")
        plant.say(unit, f"failed ({label}), by-passed")
        _put(plant, unit, without)
        with plant.crew.request() as crew:
            yield crew
            mode = as_built(plant, unit, label, FailureMode)
            yield plant.env.timeout(time_to_repair(mode, repairs))
        _put(plant, unit, works)
        plant.comes_back(unit)
        plant.say(unit, "back")


def _put(plant: Plant, name: str, unit: Unit) -> None:
    redesign(plant, replace(plant.network, units={**plant.network.units, name: unit}))


def _differences(old: Network, new: Network) -> Iterator[str]:
    """Yield in what a network differs from another, but for values of its units."""
    for name in sorted(set(old.units) ^ set(new.units)):
        yield f"unit {name}"
    for name in sorted(set(old.units) & set(new.units)):
        lives = [dict(_lives(each.units[name])) for each in (old, new)]
        if type(old.units[name]) is not type(new.units[name]) or lives[0] != lives[1]:
            yield f"the kind of {name}, of its failure modes or its maintenance"
            continue
        for label in lives[0]:
            ended, ends = (_mean_life(each.units[name], label) for each in (old, new))
            if ended == math.inf != ends:  # what is left of it has no length to be scaled
                yield f"the endless life of {name}.{label}"
    for name in sorted(set(old.tanks) | set(new.tanks)):
        if old.tanks.get(name) != new.tanks.get(name):
            yield f"tank {name}"
    was, now = ([(t.name, t.feed, t.members) for t in each.trains] for each in (old, new))
    if was != now:
        yield "the trains"
    for train, other in zip(old.trains, new.trains, strict=False):
        if bool(train.start_up_hours or train.trip_hours) != bool(
            other.start_up_hours or other.trip_hours
        ):
            yield f"whether train {train.name} starts up"
    for what in ("pipes", "draws", "spills", "sinks", "priorities", "shares", "components"):
        if getattr(old, what) != getattr(new, what):
            yield f"the {what}"
    for what in ("supplies", "utilities"):
        if list(getattr(old, what)) != list(getattr(new, what)):
            yield f"the {what}"


def _lives(unit: Unit) -> Iterator[tuple[str, str]]:
    """Yield the label of every failure mode and job of a unit, with what it ages by."""
    yield from ((label, mode.clock) for label, mode in values_of(unit, FailureMode))
    yield from ((label, job.clock) for label, job in values_of(unit, Maintenance))


def _mean_life(unit: Unit, label: str) -> float:
    life = get(unit, label)
    return float(life.mtbf if isinstance(life, FailureMode) else life.interval)
