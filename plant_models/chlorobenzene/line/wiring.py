"""Who feeds whom on the line: every pipe, supply, sink and tank of ``Line`` as a ``Network``."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from functools import cache, cached_property, lru_cache
from itertools import compress, pairwise
from operator import attrgetter, is_not
from pathlib import Path
from typing import Any

from plant_models.chlorobenzene.line.tree import ColumnStartUp, Line, StartUp
from plant_models.chlorobenzene.substances.chemistry import COMPONENTS
from plant_models.chlorobenzene.units.vessels import Spill, Vessel
from sim.model.tree import Branch, structure
from sim.network.network import Header, Network, Pipe, Tank, Train
from sim.network.unit import Stream, Unit

TOLD = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
SINKS: Mapping[str, str] = TOLD["sinks"]

PIPES = {
    outlet: Pipe(to) if isinstance(to, str) else Pipe(**to) for outlet, to in TOLD["pipes"].items()
}
"""Of all that may stand; `network` leaves out what is not built."""

RINSES = {
    f"{name}.rinse": "water"
    for name in TOLD["releases"]
    if structure(Line)[name].type is Vessel  # type: ignore[union-attr]
}
DRAWS: Mapping[str, str | Header] = RINSES | {
    inlet: by if isinstance(by, str) else Header(tuple(by[:-1]), by[-1])
    for inlet, by in TOLD["draws"].items()
}
SLOP, SEWER, AIR = "slop", "sewer", "air"
RELEASED = {
    f"{name}.{outlet}": Pipe(to)
    for name, tank in TOLD["releases"].items()
    for outlet, to in (
        {"evaporated": AIR, "mopped": SLOP, "drained": SEWER}
        if structure(Line)[name].type is Spill  # type: ignore[union-attr]
        else {"slop": SLOP, "rinse": SEWER, "vapour": AIR, "returned": tank}
    ).items()
}
SPILLS: Mapping[str, str] = TOLD["spills"]

TRAINS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    name: (train["feed"], tuple(train["units"])) for name, train in TOLD["trains"].items()
}
"""Feed and units, in the order in which the material passes."""

RELEASES: Mapping[str, str] = TOLD["releases"]
"""Vessels that are opened, hoses and drums that spill, and the tank that holds the same."""

DEVICES: Mapping[str, tuple[str, ...]] = {
    name: tuple(others) for name, others in TOLD["devices"].items()
}
"""Units that stand only where a design has them ``installed``, and what else stands with each."""

TAIL = tuple(TOLD["tail"])
"""Units that the tail gas passes, as far as they stand; the last one's gas is the stack's."""

TAKES: Mapping[str, str] = TOLD["takes"]
"""What a device takes that else escapes: the outlet, by the inlet."""

PROCESSES: Mapping[str, tuple[str, ...]] = {
    name: tuple(parts) for name, parts in TOLD["processes"].items()
}
"""Processes of the source's flow sheet, devices behind them, and the units and tanks of each.

What leaves the line is put down to the process of the unit or tank that lets it go. The crude tank
belongs to the column that it feeds, for that is where reworked lots and the polychloride column's
distillate return.
"""

PROCESS_TRAINS = tuple(TOLD["process_trains"])
"""Trains that can be the bottleneck; the others store, ship or unload."""

PROCESS_OF = {part: process for process, parts in PROCESSES.items() for part in parts}
"""The process of every unit and tank."""

CONTENTS: Mapping[str, Mapping[str, float]] = TOLD["contents"]

STATES: Mapping[str, str] = {
    stream: state for state, streams in TOLD["states"].items() for stream in streams
}
"""Streams, supplies and tanks that are no oil: ``gas``, or ``aqueous``."""


@dataclass(frozen=True, eq=False)
class Built:
    """Names of what stands in a line, and what is piped to what, whatever its numbers."""

    units: tuple[str, ...]
    tanks: tuple[str, ...]
    trains: tuple[Train, ...]
    """Without what their start-up says."""
    pipes: Mapping[str, Pipe]

    @cached_property
    def parts(self) -> tuple[str, ...]:
        """All that a network is made of."""
        return (*self.units, *self.tanks, *sorted(_STARTING))

    @cached_property
    def read(self) -> Callable[[Line], tuple[Any, ...]]:
        """What reads these parts of a line."""
        return attrgetter(*self.parts)


_INSTALLED = attrgetter(*[f"{name}.installed" for name in DEVICES])


@cache
def built(installed: tuple[bool, ...], releases: bool = False) -> Built:
    """Return what stands in a line; ``installed``: which of `DEVICES`.

    ``releases``: with the vessels, hoses and drums that let something go now and then.
    """
    left_out = set() if releases else set(RELEASES)
    for (name, others), stands in zip(DEVICES.items(), installed, strict=True):
        left_out |= set() if stands else {name, *others}
    parts = {
        name: part.type
        for name, part in structure(Line).items()
        if isinstance(part, Branch) and name not in left_out
    }
    told = {**TRAINS, **{name: (tank, (name,)) for name, tank in RELEASES.items()}}
    trains = (
        Train(name, feed, tuple(unit for unit in units if unit in parts))
        for name, (feed, units) in told.items()
    )
    return Built(
        tuple(name for name, kind in parts.items() if issubclass(kind, Unit)),
        tuple(name for name, kind in parts.items() if issubclass(kind, Tank)),
        tuple(train for train in trains if train.members),
        _pipes(parts),
    )


def network(line: Line, releases: bool = False) -> Network:
    """Return the line's network; lines with the same devices share their wiring.

    ``releases``: with what lets something go only in time; constant conditions have none of it.
    """
    key = (_INSTALLED(line), releases)
    stands = built(*key)
    if key not in _WIRED:  # of two threads that wire it, both take the first one's
        _WIRED.setdefault(key, (stands.read(line), _wired(line, stands)))
    first, wired = _WIRED[key]
    now = stands.read(line)
    others = dict(compress(zip(stands.parts, now, strict=True), map(is_not, now, first)))
    if not others:
        return wired
    starting = _STARTING & others.keys()
    trains = _trains(line, stands) if starting else None
    for name in starting:
        del others[name]
    supplies = None
    if not _SUPPLYING.isdisjoint(others) and (own := _supplies(line)) != wired.supplies:
        supplies = own
    peaks = _peaks(line) if "cooling_water" in others else None
    return wired.refitted(others, supplies=supplies, trains=trains, peaks=peaks)


def _wired(line: Line, stands: Built) -> Network:
    """Return a line's network, wired and checked from nothing."""
    parts = {*stands.units, *stands.tanks}
    return Network(
        components=COMPONENTS,
        units={name: getattr(line, name) for name in stands.units},
        tanks={name: getattr(line, name) for name in stands.tanks},
        supplies=_supplies(line),
        trains=_trains(line, stands),
        contents={
            name: COMPONENTS.stream(**shares) for name, shares in CONTENTS.items() if name in parts
        },
        sinks=SINKS,
        pipes=stands.pipes,
        draws={inlet: source for inlet, source in DRAWS.items() if inlet.split(".")[0] in parts},
        spills={tank: sink for tank, sink in SPILLS.items() if tank in parts},
        pacer="chlorination",
        peaks=_peaks(line),
    )


_WIRED: dict[tuple[tuple[bool, ...], bool], tuple[tuple[Any, ...], Network]] = {}
"""Parts of a line of each wiring, by what is asked of `built`, and its network."""

_SUPPLYING = {"chlorinator", "alkali_wash", "emergency_scrubber"}
"""Parts that tell what a supply is made of."""

_STARTING = {
    name
    for name, part in structure(Line).items()
    if isinstance(part, Branch) and issubclass(part.type, StartUp)
}
"""Parts that tell how a train starts up."""


# rail tank cars bring benzene saturated with water at about 20 degC (IUPAC-NIST SRD 106)
_BOUGHT = {
    "benzene_supply": COMPONENTS.stream(benzene=1.0 - 6.2e-4, water=6.2e-4),
    "catalyst": COMPONENTS.stream(iron_chloride=1.0),
    "air_ingress": COMPONENTS.stream(nitrogen=1.0),
    "water": COMPONENTS.stream(water=1.0),
}


def _peaks(line: Line) -> dict[str, float]:
    """Return from which rate on more cooling water is used than goes over the tower, kg/h."""
    return {"cooling_water": line.cooling_water.most_over_tower}


def _supplies(line: Line) -> dict[str, Stream]:
    """Return what comes from outside, kg/kg by component."""
    return {
        "benzene_supply": _BOUGHT["benzene_supply"],
        "chlorine_header": line.chlorinator.chlorine_supply(),
        "catalyst": _BOUGHT["catalyst"],
        "air_ingress": _BOUGHT["air_ingress"],
        "water": _BOUGHT["water"],
        "caustic": _caustic(line.alkali_wash.caustic_strength),
        "scrubber_caustic": _caustic(line.emergency_scrubber.caustic_strength),
    }


@lru_cache(maxsize=64)
def _caustic(strength: float) -> Stream:
    return COMPONENTS.stream(sodium_hydroxide=strength, water=1.0 - strength)


def _pipes(parts: Collection[str]) -> dict[str, Pipe]:
    """Return the pipes of what is built; the pit collects what went to the sewer.

    Acid of start-ups and trips, and what other tanks spill, goes past it.
    """
    pipes = {
        outlet: pipe for outlet, pipe in (PIPES | RELEASED).items() if outlet.split(".")[0] in parts
    }
    if "effluent_pit" in parts:
        for outlet, pipe in pipes.items():
            if pipe.to == "sewer" and outlet != "effluent_stripper.treated":
                pipes[outlet] = replace(pipe, to="effluent_pit")
    passed = [name for name in TAIL if name in parts]
    ways = {f"{name}.gas": f"{after}.gas" for name, after in pairwise(passed)}
    ways |= {outlet: inlet for inlet, outlet in TAKES.items() if inlet.split(".")[0] in parts}
    return pipes | {outlet: Pipe(inlet) for outlet, inlet in ways.items()}


def _trains(line: Line, stands: Built) -> tuple[Train, ...]:
    return tuple([_starting(train, getattr(line, train.name, None)) for train in stands.trains])


def _starting(train: Train, start_up: object) -> Train:
    if not isinstance(start_up, StartUp):
        return train
    return Train(
        train.name,
        train.feed,
        train.members,
        start_up.start_up_hours,
        start_up.start_up_fraction,
        start_up.trip_hours,
        start_up.trip_fraction,
        start_up.total_reflux_hours if isinstance(start_up, ColumnStartUp) else 0.0,
    )
