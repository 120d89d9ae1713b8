"""Where a simulated year spends its time: own time by part of the program."""

from __future__ import annotations

import cProfile
import pstats
from collections.abc import Mapping
from dataclasses import dataclass

from plant_models import chlorobenzene as cb

PARTS: Mapping[str, tuple[str, ...]] = {
    "intervals: rates and means, compiled": (
        "sim/flow/rates", "sim/flow/fallback",
    ),
    "recipes: what the units compute": (
        "chlorobenzene/units", "chlorobenzene/substances", "sim/network/chemistry",
    ),
    "recipes: trains and linear maps": ("sim/flow/train", "sim/flow/map", "sim/network/unit"),
    "books": ("sim/books",),
    "settlement: what holds until the next event": (
        "sim/flow/state", "sim/clock/plant", "sim/clock/states",
        "sim/clock/alarms", "sim/clock/clocks",
    ),
    "SimPy": ("simpy/",),
    "lives, crews, cars, trucks, lots, weather": (
        "sim/clock/life", "sim/clock/logistics", "sim/clock/demurrage", "sim/clock/random_streams",
        "sim/network/operation", "sim/model/ranges", "chlorobenzene/line",
    ),
}  # fmt: skip
OTHER = "everything else: design, wiring, reading the result"

Place = tuple[str, int, str]  # file, line, function, as ``pstats`` names it


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the program and its share of a year.

    Parameters
    ----------
    name : str
    share : float
        Of the time of the year, under the profiler; what a part calls of Python's and NumPy's
        own functions counts as its own.
    calls : int
        Of functions of the part.
    """

    name: str
    share: float
    calls: int


def profile(schemes: str, years: float = 1.0, seed: int = 1) -> list[Part]:
    """Return the parts of stochastic years, largest first.

    The profiler makes calls dearer than they are, so these are shares, and no times.
    """
    cb.simulate(schemes, years=0.01, seed=seed)  # what is loaded when first used
    watch = cProfile.Profile()
    watch.enable()
    cb.simulate(schemes, years=years, seed=seed)
    watch.disable()
    spent: dict[str, float] = {}
    calls: dict[str, int] = {}
    table: Mapping[Place, tuple[int, int, float, float, Mapping[Place, tuple[int, ...]]]]
    table = pstats.Stats(watch).stats  # type: ignore[attr-defined]  # missing in typeshed
    for place, (_, count, own, _, callers) in table.items():
        if place[0] == "~":  # built in: its time belongs to who calls it
            for caller, told in callers.items():
                part = _part(caller)
                spent[part] = spent.get(part, 0.0) + told[2]
        else:
            part = _part(place)
            spent[part] = spent.get(part, 0.0) + own
            calls[part] = calls.get(part, 0) + count
    total = sum(spent.values())
    return sorted(
        (Part(name, own / total, calls.get(name, 0)) for name, own in spent.items()),
        key=lambda part: -part.share,
    )


def _part(place: Place) -> str:
    file = place[0].replace("\\", "/")
    for name, marks in PARTS.items():
        if any(mark in file for mark in marks):
            return name
    return OTHER


def report(parts: Mapping[str, list[Part]]) -> str:
    """Return the shares as a table, a column for each set of schemes."""
    sets = list(parts)
    names = [part.name for part in parts[sets[0]]]
    width = max(map(len, names))
    lines = [
        "where a stochastic year spends its time (own time under the profiler)",
        "  ".join([f"{'':{width}}", *(f"{s:>8}" for s in sets), f"{'calls':>10}"]),
    ]
    for name in names:
        found = [next((p for p in parts[s] if p.name == name), Part(name, 0.0, 0)) for s in sets]
        shares = (f"{100.0 * part.share:6.1f} %" for part in found)
        lines.append("  ".join([f"{name:{width}}", *shares, f"{found[0].calls:10,}"]))
    return "\n".join(lines)
