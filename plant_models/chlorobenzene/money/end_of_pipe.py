"""Source against end of pipe: devices that emit in a calm year what schemes at the source do.

The devices are set so that the steady states emit the same organics to air and to the sewer.
What then differs is what the steady state does not show: a device that is down protects nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache

from plant_models.calendar import hours_of
from plant_models.chlorobenzene.line import operation
from plant_models.chlorobenzene.line.design import DATA, catalogue
from plant_models.chlorobenzene.line.tree import Line
from plant_models.chlorobenzene.model import PLANT, steady_state
from plant_models.chlorobenzene.substances.chemistry import BENZENE, MCB
from plant_models.model import Schemes
from sim.books.indicators import Indicators
from sim.clock.random_streams import RandomStreams
from sim.clock.recorder import Recorder
from sim.clock.watch import Exposure, Outflows, Watch
from sim.model.facts import Design, load
from sim.model.parameters import quantity
from sim.model.schemes import Patch, Scheme

DEVICES = ("E1", "E2")
MEDIA = {"air": "air", "sewer": "wastewater"}
"""Sinks, and the word that indicators begin with."""

KNOBS = {"air": ("E1", "carbon_bed.capture"), "sewer": ("E2", "effluent_stripper.recovery")}
BUILT = ("carbon_bed", "effluent_stripper")
MOST = 0.9999  # kg/kg; no device holds more
STEPS = 40  # halvings of the interval from 0 to 1


@dataclass(frozen=True, kw_only=True)
class DeviceCost:
    """What a device costs beside the utilities that it uses."""

    investment: float = quantity("RMB", "paid once", minimum=0.0, maximum=1e10)
    upkeep: float = quantity("RMB/yr", "attendance, repairs, carbon", minimum=0.0, maximum=1e9)


@dataclass(frozen=True, kw_only=True)
class DeviceCosts:
    """Costs of the devices; values live in ``data/device_costs.toml``."""

    E1: DeviceCost
    E2: DeviceCost


@cache
def device_costs() -> Design[DeviceCosts]:
    """Return the costs of the devices, with their facts.

    Examples
    --------
    >>> device_costs().tree.E1.upkeep
    90000.0
    """
    return load(DeviceCosts, DATA / "device_costs.toml", sources=[DATA / "sources.toml"])


def organics(year: Mapping[str, float], sink: str) -> float:
    """Return benzene and chlorobenzene to a sink, t/yr."""
    word = MEDIA[sink]
    return year[f"{word}.benzene_t"] + year[f"{word}.chlorobenzene_t"]


@dataclass(frozen=True)
class Match:
    """Devices that are set to emit what schemes at the source do.

    Parameters
    ----------
    known : Mapping[str, Scheme]
        The catalogue with E1 and E2 at those settings.
    settings : Mapping[str, float]
        Capture of the bed and recovery of the stripper, by path, kg/kg.
    short : tuple of str
        Sinks where not even a perfect device gets there.
    """

    known: Mapping[str, Scheme]
    settings: Mapping[str, float]
    short: tuple[str, ...]


def matched(
    source: Schemes,
    *,
    design: Design[Line] | None = None,
    known: Mapping[str, Scheme] | None = None,
) -> Match:
    """Return both devices set so that the steady state emits what it does with ``source``.

    The bed is set first: its condensate is part of what the stripper gets.
    """
    catalogued = dict(catalogue() if known is None else known)
    target = steady_state(source, design=design, known=catalogued).indicators
    settings: dict[str, float] = {}
    short = []
    for sink, (device, path) in KNOBS.items():

        def emits(value: float, sink: str = sink, device: str = device, path: str = path) -> float:
            tried = catalogued | {device: _set(catalogued[device], path, value)}
            return organics(
                steady_state(DEVICES, design=design, known=tried).indicators, sink
            ) - organics(target, sink)

        settings[path], reached = _falling_zero(emits)
        if not reached:
            short.append(sink)
        catalogued[device] = _set(catalogued[device], path, settings[path])
    return Match(catalogued, settings, tuple(short))


def _falling_zero(f: Callable[[float], float]) -> tuple[float, bool]:
    """Return where a falling function of 0 to 1 is zero, and whether it is."""
    if f(MOST) > 0.0:
        return MOST, False
    low, high = 0.0, MOST
    if f(low) <= 0.0:
        return low, True
    for _ in range(STEPS):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if f(middle) > 0.0 else (low, middle)
    return high, True


def _set(scheme: Scheme, path: str, value: float) -> Scheme:
    patch = Patch(path, "set", value, "set to the emission of the other way", evidence="derived")
    others = tuple(each for each in scheme.patches if each.path != path)
    return replace(scheme, patches=(*others, patch))


@dataclass(frozen=True)
class Watched:
    """A year of events with its emissions watched in time.

    Parameters
    ----------
    indicators : Indicators
        Figures per simulated year.
    exposures : Mapping[str, Exposure]
        Organics to each sink, kg/h; ``beyond`` counts the hours above its bound.
    down : Mapping[str, float]
        Hours a year in which each device was out of order.
    """

    indicators: Indicators
    exposures: Mapping[str, Exposure]
    down: Mapping[str, float]


def watched(
    schemes: Schemes,
    bounds: Mapping[str, float],
    *,
    years: float = 1.0,
    seed: int = 1,
    replication: int = 0,
    start_hour: float = 0.0,
    design: Design[Line] | None = None,
    known: Mapping[str, Scheme] | None = None,
) -> Watched:
    """Return a run under breakdowns, deliveries and seasons, watched.

    Parameters
    ----------
    schemes : str or iterable of str
    bounds : Mapping[str, float]
        Organics to each sink above which hours are counted, kg/h.
    years, seed, replication, start_hour, design, known
        As for `simulate`.

    Raises
    ------
    ValueError
        Years not above 0, or more than 1000.
    """
    hours = hours_of(years)
    variant = PLANT.variant(schemes, design=design, known=known)
    watch = Watch(_organics_now, {sink: (0.0, bound) for sink, bound in bounds.items()})
    told = Recorder()
    plant = operation.start(
        variant.tree,
        RandomStreams(seed, replication),
        start_hour=start_hour,
        recorder=told,
        watch=watch,
    )
    plant.run(hours)
    ledger = plant.ledger()
    return Watched(
        PLANT.outcome(variant, plant, years).indicators,
        watch.exposures,
        {unit: _down(told, unit, hours) / years for unit in BUILT if unit in ledger.units},
    )


def _organics_now(flows: Outflows) -> Mapping[str, float]:
    """Return benzene and chlorobenzene to each sink, kg/h."""
    now = dict.fromkeys(MEDIA, 0.0)
    for (_, sink), kg in flows.items():
        if sink in now:
            now[sink] += kg[BENZENE] + kg[MCB]
    return now


def _down(told: Recorder, unit: str, end: float) -> float:
    """Return the hours in which a unit was out of order, h."""
    hours, since = 0.0, None
    for hour, who, what in told.events:
        if who == unit and what == "back" and since is not None:
            hours, since = hours + hour - since, None
        elif who == unit and what.startswith("failed"):
            since = hour
    return hours if since is None else hours + end - since
