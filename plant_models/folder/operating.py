"""A plant of a folder at work: failures, deliveries, trucks, shifts and shutdowns under a clock."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterator
from dataclasses import replace
from typing import Any

from plant_models.folder.parts import SOURCES_OF
from plant_models.folder.sheet import FlowSheet, Operation
from plant_models.model import Running, Variant
from plant_models.units.generic import Bypass
from plant_models.units.mixing.splitter import Splitter
from sim.clock import life, logistics
from sim.clock.plant import Plant
from sim.clock.random_streams import RandomStreams
from sim.clock.recorder import Recorder
from sim.clock.redesign import bypass_lives, redesign
from sim.clock.watch import Watch, WatchedPlant
from sim.errors import did_you_mean, told
from sim.network.network import Network
from sim.network.operation import RunOn

EVENT_SOURCES = ("failures", "maintenance", *dict.fromkeys(SOURCES_OF.values()))
"""What ``without`` may name; ``events`` stands for all of them."""

OF_EVENTS = ("failure", "maintenance", "run_on", "initial_level", "start_up_hours",
             "start_up_fraction", "trip_hours", "trip_fraction", "repair_crews")  # fmt: skip
"""Parameters that constant conditions do not know, besides those of operations."""

WAY_OUT = (
    "a tank that is full needs another way out (spills_to = 'a sink', a splitter with a purge, "
    "more collections), an empty one something else to fill it (a supply behind it: one more pipe "
    "into the same inlet)"
)
"""What to do about a plant of a folder that stands still."""

RUNS = ("running", "start-up")
NEVER = 1e12
"""h between failures; what may yet be built has an end to its life, far as it is."""


def surroundings(tree: Any) -> dict[str, float]:
    """Return what the equipment feels all year round, K and Pa."""
    felt = tree.surroundings
    return {"air": felt.air, "cooling_water": felt.cooling_water, "pressure": felt.pressure}


def running(
    sheet: FlowSheet,
    network_of: Callable[[Any], Network],
    variant: Variant[Any],
    streams: RandomStreams,
    *,
    without: Collection[str] = (),
    start_hour: float = 0.0,
    recorder: Recorder | None = None,
    watch: Watch[Any] | None = None,
) -> Running[Any]:
    """Return the plant with all its processes started; see `PlantModel.running`."""
    sources = frozenset() if "events" in without else frozenset(EVENT_SOURCES) - {*without}
    tree, network = variant.tree, variant.network
    felt, crews = surroundings(tree), tree.site.repair_crews
    plant: Plant
    if watch is None:
        plant = Plant(network, lambda _: felt, streams, crews=crews, recorder=recorder)
    else:
        plant = WatchedPlant(
            network, lambda _: felt, streams, watch, crews=crews, recorder=recorder
        )
    plant.states.way_out = WAY_OUT
    outages = life.Outages(plant, sheet.interlocks)
    for process in _processes(sheet, tree, plant, outages, sources, start_hour):
        plant.env.process(process)

    def change(was: Any, becomes: Any) -> None:
        refuse_changes(sheet, was, becomes)
        then = surroundings(becomes)
        redesign(plant, network_of(becomes), lambda _: then)

    return Running(plant, outages, change)


def at_rest(unit: Any) -> Any:
    """Return a unit that neither fails nor is maintained."""
    calm = {
        "failure": unit.failure and replace(unit.failure, mtbf=NEVER),
        "maintenance": unit.maintenance and replace(unit.maintenance, interval=NEVER),
    }
    return replace(unit, **calm)


def refuse_changes(sheet: FlowSheet, was: Any, becomes: Any) -> None:
    """Raise ValueError if two designs differ in what stands fast while the plant runs."""
    fast = (*sheet.tanks, *(each.name for each in sheet.operations), "site")
    if moved := [name for name in fast if getattr(was, name) != getattr(becomes, name)]:
        raise ValueError(
            f"{', '.join(moved)} cannot change while the plant runs; only units, supplies, "
            "utilities, peaks and start-ups can"
        )


def _processes(
    sheet: FlowSheet,
    tree: Any,
    plant: Plant,
    outages: life.Outages,
    sources: frozenset[str],
    start_hour: float,
) -> Iterator[life.Life]:
    if "failures" in sources:
        yield from life.failure_lives(plant, outages)
        yield from bypass_lives(plant, outages)
        for name in sheet.supplies:
            mode = getattr(tree, name).failure
            if mode is not None:
                yield life.interrupted(plant, outages, name, _served(sheet, name), mode)
    if "maintenance" in sources:
        yield from life.maintenance_lives(plant, outages)
    for each in sheet.operations:
        if SOURCES_OF[each.kind] in sources:
            yield _operation(sheet, each, getattr(tree, each.name), plant, outages, start_hour)


def _operation(
    sheet: FlowSheet,
    of: Operation,
    part: Any,
    plant: Plant,
    outages: life.Outages,
    start_hour: float,
) -> life.Life:
    if of.kind == "shutdown":
        return life.shut_down(plant, outages, part, start_hour)
    if of.kind == "shift":
        return life.working(plant, of.train, part.since(start_hour))
    if of.kind == "level switch":
        room = plant.network.tanks[of.tank].capacity
        return life.switching(plant, of.train, of.tank, part.start * room, part.stop * room)
    first = sheet.trains[of.train][1][0]
    if of.kind == "delivery":
        return logistics.supplied(plant, of.tank, of.train, first, part)
    return logistics.collected(plant, of.tank, of.train, first, part)


def _served(sheet: FlowSheet, supply: str) -> tuple[str, ...]:
    """Return the trains that draw on a supply, which stand while it is out."""
    found = []
    for train, (feed, members) in sheet.trains.items():
        drawn = {
            source if isinstance(source, str) else source.supply
            for inlet, source in sheet.piping.draws.items()
            if inlet.partition(".")[0] in members
        }
        if supply == feed or supply in drawn:
            found.append(train)
    return tuple(found)


def faults(sheet: FlowSheet, tree: Any) -> Iterator[str]:
    """Yield which values of a design do not fit each other."""
    for train, (_, members) in sheet.trains.items():
        if all(getattr(tree, name).largest == math.inf for name in members):
            yield (
                f"train {train!r} would run without end: give one of its units "
                f'({", ".join(members)}) a capacity, as in capacity = "5 t/h"'
            )
    yield from _bypass_faults(sheet, tree)
    for of in sheet.operations:
        part, tank = getattr(tree, of.name), getattr(tree, of.tank, None)
        if tank is None:
            continue
        room, heel = tank.capacity, tank.heel
        if of.kind == "delivery":
            # no upper bound: orders under way count, and may be more than the tank holds
            if part.order_point < heel * room:
                yield (
                    f"{of.name}.order_point of {part.order_point:g} kg is less than {of.tank} "
                    f"always keeps, {heel * room:g} kg: nothing would ever be ordered"
                )
        elif of.kind == "collection":
            if part.load > (1.0 - heel) * room:
                yield (
                    f"{of.name}.load of {part.load:g} kg is more than {of.tank} can give, "
                    f"{(1.0 - heel) * room:g} kg"
                )
        elif of.kind == "level switch" and not heel <= part.stop < part.start <= 1.0:
            yield (
                f"{of.name}: it must stop below where it starts, and above the heel of {of.tank}: "
                f"start {part.start:g}, stop {part.stop:g}, heel {heel:g}"
            )


def stated_faults(sheet: FlowSheet, tree: Any) -> Iterator[str]:
    """Yield these, and what nobody means to say, though a draw of ranges may come to it."""
    yield from faults(sheet, tree)
    for name in sheet.units:
        unit = getattr(tree, name)
        if isinstance(unit, Splitter) and unit.overdrawn:
            yield (
                f"{name}.share: the shares add up to {1.0 + unit.overdrawn:.4g} kg/kg, more than "
                f"1; {unit.outlets[-1]} takes the rest"
            )


def runs_on(sheet: FlowSheet, tree: Any) -> dict[str, RunOn]:
    """Return which units fail without their trains having to stand, and how these go on."""
    parts = {name: getattr(tree, name) for name in sheet.units}
    ways = {name: getattr(of, "run_on", None) for name, of in parts.items() if of.failure}
    return {name: how for name, how in ways.items() if isinstance(how, RunOn)}


def _bypass_faults(sheet: FlowSheet, tree: Any) -> Iterator[str]:
    for name in sheet.units:
        unit = getattr(tree, name)
        how = getattr(unit, "run_on", None)
        if not isinstance(how, Bypass):
            continue
        if unit.failure is None:
            yield f'{name}.run_on: it never fails; add failure = {{ mtbf = "30 d", mttr = "8 h" }}'
        if how.outlet not in unit.outlets:
            hint = did_you_mean(how.outlet, unit.outlets)
            yield f"{name}.run_on.outlet: no outlet {told(how.outlet)}{hint}"


def operating_hours(plant: Plant, pacer: str) -> float:
    """Return the hours in which the pacer has run so far, h."""
    return plant.states[pacer].hours_in(RUNS, plant.env.now)
