"""Source against end of pipe: devices that emit in a calm year what schemes at the source do.

The devices are set so that the steady states emit the same organics to air and to the sewer.
What then differs is what the steady state does not show: a device that is down protects nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from plant_models.calendar import hours_of
from plant_models.model import Variant
from sim.books.indicators import Indicators
from sim.clock.random_streams import RandomStreams
from sim.clock.recorder import Recorder
from sim.clock.watch import Exposure, Watch
from sim.model.schemes import Patch, Scheme

MOST = 0.9999  # kg/kg; no device holds more
STEPS = 40  # halvings of the interval from 0 to 1


@dataclass(frozen=True)
class Match:
    """Devices that are set to emit what schemes at the source do.

    Parameters
    ----------
    known : Mapping[str, Scheme]
        The catalogue with the devices at those settings.
    settings : Mapping[str, float]
        What each device holds, by path, kg/kg.
    short : tuple of str
        Sinks where not even a perfect device gets there.
    """

    known: Mapping[str, Scheme]
    settings: Mapping[str, float]
    short: tuple[str, ...]


def matched(source: Variant[Any]) -> Match:
    """Return the devices set so that the steady state emits what it does with ``source``.

    One is set after the other: what the first sends on is part of what the next one gets.
    """
    plant, known = source.plant, dict(source.known)
    devices = plant.devices
    target = plant.steady_state(source).indicators
    settings: dict[str, float] = {}
    short = []
    for sink, (device, path) in devices.knobs.items():

        def emits(value: float, sink: str = sink, device: str = device, path: str = path) -> float:
            tried = known | {device: _set(known[device], path, value)}
            with_them = plant.variant(devices.schemes, design=source.base, known=tried)
            return devices.emitted(
                plant.steady_state(with_them).indicators, sink
            ) - devices.emitted(target, sink)

        settings[path], reached = _falling_zero(emits)
        if not reached:
            short.append(sink)
        known[device] = _set(known[device], path, settings[path])
    return Match(known, settings, tuple(short))


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
        What goes to each sink, kg/h; ``beyond`` counts the hours above its bound.
    down : Mapping[str, float]
        Hours a year in which each device was out of order.
    """

    indicators: Indicators
    exposures: Mapping[str, Exposure]
    down: Mapping[str, float]


def watched(
    of: Variant[Any],
    bounds: Mapping[str, float],
    *,
    years: float = 1.0,
    seed: int = 1,
    replication: int = 0,
    start_hour: float = 0.0,
) -> Watched:
    """Return a run under all its events, watched.

    Parameters
    ----------
    of : Variant
    bounds : Mapping[str, float]
        What goes to each sink above which hours are counted, kg/h.
    years, seed, replication, start_hour
        As for `PlantModel.simulate`.

    Raises
    ------
    ValueError
        Years not above 0, or more than 1000.
    """
    hours, devices = hours_of(years), of.plant.devices
    watch = Watch(devices.now, {sink: (0.0, bound) for sink, bound in bounds.items()})
    told = Recorder()
    plant = of.plant.running(
        of, RandomStreams(seed, replication), start_hour=start_hour, recorder=told, watch=watch
    ).plant
    plant.run(hours)
    outcome = of.plant.outcome(of, plant, years)
    return Watched(
        outcome.indicators,
        watch.exposures,
        {
            unit: _down(told, unit, hours) / years
            for unit in devices.units
            if unit in outcome.ledger.units
        },
    )


def _down(told: Recorder, unit: str, end: float) -> float:
    """Return the hours in which a unit was out of order, h."""
    hours, since = 0.0, None
    for hour, who, what in told.events:
        if who == unit and what == "back" and since is not None:
            hours, since = hours + hour - since, None
        elif who == unit and what.startswith("failed"):
            since = hour
    return hours if since is None else hours + end - since
