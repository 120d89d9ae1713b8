"""The line in operation: which processes run beside the physics, and which may be left out."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import fields
from typing import Any

from plant_models.chlorobenzene.line import upsets, weather, wiring
from plant_models.chlorobenzene.line.tree import Line, StartUp
from plant_models.model import Running
from sim.clock import life, logistics
from sim.clock.plant import Plant
from sim.clock.random_streams import RandomStreams
from sim.clock.recorder import Recorder
from sim.clock.redesign import bypass_lives, redesign
from sim.clock.releases import Releases
from sim.clock.watch import Watch, WatchedPlant
from sim.network.network import Network
from sim.network.unit import Unit

EVENT_SOURCES = (
    "failures",
    "maintenance",
    "shutdown",
    "seasons",
    "deliveries",
    "trucks",
    "shifts",
    "campaigns",
    "lots",
    "spills",
)
"""What ``without`` may name; ``events`` stands for all of them."""

LETTING_GO = frozenset({"failures", "maintenance", "shutdown", "spills"})
"""Those without which nothing is opened or spilled."""

RUNS = ("running", "start-up")
"""States of the chlorination in which the line operates."""

# A unit that is down stops these trains besides its own.
INTERLOCKS = {"cooling_water": ("chlorination", "rectification")}

YARD = ("unloading", "acid_loading")
"""Trains of vehicles: no car or truck stands at a charge by the hour until a shutdown is over, for
the tank farm is manned in it as well."""

SUPPLIED = {
    "chlorine_supply": ("chlorination",),
    "power_and_steam": tuple(wiring.TRAINS),  # as far as they are built
}
"""Trains that stand while a supply from outside the line is out."""


def refuse_changes(was: Line, becomes: Line) -> None:
    """Raise ValueError if two designs differ in more than units and start-ups."""
    fast = [
        item.name
        for item in fields(was)
        if not isinstance(getattr(was, item.name), Unit | StartUp)
        and getattr(was, item.name) != getattr(becomes, item.name)
    ]
    if fast:
        raise ValueError(
            f"{', '.join(fast)} cannot change while the line runs; only units and start-ups can"
        )


def sources_of(without: Collection[str]) -> frozenset[str]:
    """Return the event sources of a run that leaves some out.

    >>> sorted(sources_of(("lots", "seasons")))[:3], len(sources_of(("events",)))
    (['campaigns', 'deliveries', 'failures'], 0)
    """
    return frozenset(() if "events" in without else EVENT_SOURCES) - frozenset(without)


def running(
    line: Line,
    streams: RandomStreams,
    *,
    without: Collection[str] = (),
    start_hour: float = 0.0,
    recorder: Recorder | None = None,
    watch: Watch[Any] | None = None,
    wired: Callable[[], Network] | None = None,
) -> Running[Line]:
    """Return the line as a plant with all its processes started, ready to be rebuilt.

    Parameters
    ----------
    without : collection of str
        Event sources to leave out, see ``EVENT_SOURCES``.
    start_hour : float
        Hour of the year at which the run begins, h.
    watch : Watch, optional
        Of what leaves the line.
    wired : callable, optional
        Returns the network of the same line at rest, where it has been wired before.
    """
    sources = sources_of(without)
    missing: dict[tuple[str, str], tuple[str, ...]] = {}

    def felt(design: Line) -> Callable[[float], Mapping[str, float]]:
        if "seasons" in sources:
            return upsets.felt(design, weather.surroundings(design, start_hour), missing)
        mean = weather.annual_mean(design)
        return upsets.felt(design, lambda _: mean, missing)

    lets_go = bool(sources & LETTING_GO)
    built = wired() if wired and not lets_go else wiring.network(line, lets_go)
    crews = line.site.repair_crews
    if watch is None:
        plant = Plant(built, felt(line), streams, crews=crews, recorder=recorder)
    else:
        plant = WatchedPlant(built, felt(line), streams, watch, crews=crews, recorder=recorder)
    plant.missing, plant.crippled = missing, upsets.crippled
    outages = life.Outages(plant, INTERLOCKS)
    releases = Releases(plant, wiring.RELEASES if lets_go else ())
    if lets_go:
        amid = "shutdown" in sources and life.left_of(line.annual_shutdown, start_hour) > 0.0
        upsets.opened(plant, outages, releases, amid=amid)
    for process in _processes(line, plant, outages, sources, start_hour):
        plant.env.process(process)
    for process in upsets.spills(line, releases) if "spills" in sources else ():
        plant.env.process(process)

    def change(was: Line, becomes: Line) -> None:
        refuse_changes(was, becomes)
        redesign(plant, wiring.network(becomes, lets_go), felt(becomes))

    return Running(plant, outages, change)


def operating_hours(plant: Plant) -> float:
    """Return the hours in which the chlorinators have run so far, h."""
    return plant.states["chlorination"].hours_in(RUNS, plant.env.now)


def _processes(
    line: Line, plant: Plant, outages: life.Outages, sources: frozenset[str], start_hour: float
) -> Iterator[life.Life]:
    if "failures" in sources:
        yield from life.failure_lives(plant, outages)
        yield from bypass_lives(plant, outages, upsets.RUNS_ON)
        for supply, trains in SUPPLIED.items():
            of = getattr(line, supply)
            if of.failure is not None:
                built = tuple(train for train in trains if train in plant.states)
                yield life.interrupted(
                    *(plant, outages, supply, built, of.failure),
                    run_on=of.run_on,
                    last=upsets.LAST,
                )
    if "maintenance" in sources:
        yield from life.maintenance_lives(plant, outages)
    if "shutdown" in sources:
        yield life.shut_down(
            plant, outages, line.annual_shutdown, start_hour, but=(*YARD, *wiring.RELEASES)
        )
    if "seasons" in sources:
        yield life.weather(plant, line.site.weather_step)
    if "deliveries" in sources:
        delivery = line.benzene_delivery
        yield logistics.supplied(plant, "wet_benzene_tank", "unloading", "unloading", delivery)
    if "trucks" in sources:
        yield logistics.collected(
            plant, "acid_tank", "acid_loading", "acid_loading", line.acid_collection
        )
    if "shifts" in sources:
        yield life.working(plant, "packing", line.packing_shift.since(start_hour))
    if "lots" in sources:
        yield logistics.lots(
            plant,
            "rectification_column.product",
            ("day_tank_1", "day_tank_2"),
            ("release_1", "release_2"),
            "product_tank",
            "rework_tank",
            line.laboratory,
            line.laboratory.below_grade,
            "below grade",
            draws="laboratory",
        )
    if "campaigns" in sources:
        tank, switch = line.polychloride_tank, line.polychloride_switch
        yield life.switching(
            plant,
            "polychloride",
            "polychloride_tank",
            switch.start * tank.capacity,
            switch.stop * tank.capacity,
        )
