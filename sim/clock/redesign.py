"""A plant that is rebuilt while it runs: its design changes at an instant, its books go on.

What is in the tanks, what is on its way and how old the equipment is stay as they are; recipes,
capacities, lives and start-ups are those of the new design from that instant on.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping

from sim.clock.life import (
    Life,
    Outages,
    as_built,
    need_plant,
    time_to_failure,
    time_to_repair,
    values_of,
    worn_by,
)
from sim.clock.plant import Plant, Surroundings
from sim.clock.random_streams import Stream
from sim.clock.refit import mean_life, miss, refit, restore
from sim.flow.map import MAINTENANCE
from sim.network.network import Network
from sim.network.operation import FailureMode, Maintenance, RunOn
from sim.network.unit import Unit, unit_without


def redesign(plant: Plant, network: Network, surroundings: Surroundings | None = None) -> None:
    """Let a plant go on under another design from this instant.

    A life that has begun keeps its age: what is left of it is stretched as its mean is, so that
    the draws of another design are the same ones, scaled. The network has the same units, tanks,
    trains and pipes, with other values of units, start-ups, capacities and peaks of utilities;
    ``surroundings`` are given where the new design feels them otherwise.

    Raises ValueError: something differs that stands fast while the plant runs; all of it is named.
    """
    old = plant.designed
    if network == old and surroundings is None:
        return
    faults = "; ".join(_differences(old, network))
    if faults:
        raise ValueError(
            f"this cannot change while the plant runs: {faults}; only units and start-ups can"
        )
    plant.designed = network
    refit(plant)
    _stretch(plant, old)
    if surroundings is not None:
        plant.flow.surroundings = surroundings
        plant.new_surroundings()
    plant.flow.news()
    plant.changed()


def _stretch(plant: Plant, old: Network) -> None:
    """Stretch every life that has begun as its mean is: that of the design, whatever stands in."""
    for clocks in plant.timing.clocks:
        for clock in clocks:
            if clock.label:
                was, now = (
                    mean_life(of.units[clock.unit], clock.label) for of in (old, plant.designed)
                )
                if now != was:
                    clock.stretch(now / was)


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
        outages.breaks(unit, f"out of service for {name}", MAINTENANCE)
    with plant.expecting():
        yield plant.env.timeout(hours)
    plant.say(name, "in place")
    then()
    for unit in units:
        outages.mends(unit)
        outages.tell(outages.repaired, unit)
        outages.renew(unit)


def bypass_lives(
    plant: Plant, outages: Outages, trains: Mapping[str, tuple[str, ...]] | None = None
) -> Iterator[Life]:
    """Yield the life of every failure mode of every unit that its train can run without.

    ``trains``: by unit, the trains that run on without it, where that is not its own.
    """
    need_plant("bypass_lives", plant, outages)
    for name, unit in plant.designed.units.items():
        for label, _ in values_of(unit, FailureMode):
            if unit_without(unit, label) is not None:
                own = (plant.network.train_of(name).name,)
                yield bypassing(plant, outages, name, label, (trains or {}).get(name, own))


def bypassing(
    plant: Plant, outages: Outages, unit: str, label: str, trains: tuple[str, ...]
) -> Life:
    """Let a unit break, be run without, wait for a crew, be repaired, and again.

    Of the trains that stand while it is down, ``trains`` run on, for as long as its `RunOn` says;
    then somebody stops them. With an interlock nothing runs on.
    """
    clock, lives, repairs = worn_by(plant, outages, unit, label)
    while True:
        mode = as_built(plant, unit, label, FailureMode)
        worn_out = yield clock.reaches(time_to_failure(mode, lives))
        if not worn_out or unit in plant.down:  # renewed, or looked after with another mode
            continue
        why, how = f"failed ({label})", run_on(plant, unit)
        if how.interlock:
            outages.breaks(unit, why)
            with plant.expecting(*outages.trains_of(unit)):
                miss(plant, unit, label)
                yield plant.env.process(_repair(plant, unit, label, repairs))
        else:
            plant.goes_down(unit, why)
            plant.say(unit, f"{why}, by-passed")
            for train in outages.trains_of(unit):
                if train not in trains:
                    outages.begin(train, unit, f"{unit} {why}")
            miss(plant, unit, label, trains)
            repaired = plant.env.process(_repair(plant, unit, label, repairs))
            yield repaired if how.hours == math.inf else repaired | plant.env.timeout(how.hours)
            if not repaired.triggered:
                plant.say(unit, "still down, stopped by hand")
                for train in trains:
                    outages.begin(train, unit, f"{unit} {why}")
                with plant.expecting(*trains):
                    yield repaired
        restore(plant, unit, label)
        outages.mends(unit)
        outages.tell(outages.repaired, unit)


def run_on(plant: Plant, unit: str) -> RunOn:
    """Return how the trains of a unit go on when it is down."""
    found = getattr(plant.designed.units[unit], "run_on", None)
    return found if isinstance(found, RunOn) else RunOn(interlock=False, hours=math.inf)


def _repair(plant: Plant, unit: str, label: str, repairs: Stream) -> Life:
    with plant.crew.request() as crew:
        yield crew
        mode = as_built(plant, unit, label, FailureMode)
        yield plant.env.timeout(time_to_repair(mode, repairs))


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
            ended, ends = (mean_life(each.units[name], label) for each in (old, new))
            if ended == math.inf != ends:  # what is left of it has no length to be scaled
                yield f"the endless life of {name}.{label}"
    for name in sorted(set(old.tanks) | set(new.tanks)):
        if old.tanks.get(name) != new.tanks.get(name):
            yield f"tank {name}"
    was, now = ([(t.name, t.feed, t.members) for t in each.trains] for each in (old, new))
    if was != now:
        yield "the trains"
    for train, other in zip(old.trains, new.trains, strict=False):
        if train.takes_time != other.takes_time:
            yield f"whether train {train.name} starts up"
    for what in ("pipes", "draws", "spills", "sinks", "priorities", "shares", "components"):
        if getattr(old, what) != getattr(new, what):
            yield f"the {what}"
    for what in ("supplies", "utilities", "peaks"):
        if list(getattr(old, what)) != list(getattr(new, what)):
            yield f"the {what}"


def _lives(unit: Unit) -> Iterator[tuple[str, str]]:
    """Yield the label of every failure mode and job of a unit, with what it ages by."""
    yield from ((label, mode.clock) for label, mode in values_of(unit, FailureMode))
    yield from ((label, job.clock) for label, job in values_of(unit, Maintenance))
