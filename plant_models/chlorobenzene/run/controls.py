"""Control variates of a year: the failures that stop the chlorination, as chance draws them."""

from __future__ import annotations

from collections.abc import Iterator

from plant_models.calendar import YEAR
from plant_models.chlorobenzene.line import wiring
from plant_models.chlorobenzene.line.operation import INTERLOCKS, SUPPLIED
from plant_models.chlorobenzene.line.tree import Line
from sim.clock.demands import Demand, drawn, expected, summed
from sim.clock.life import values_of
from sim.clock.random_streams import RandomStreams
from sim.network.operation import FailureMode

STOPPED = "chlorination"
NAMES = ("failures", "repair hours")
"""What ``controls`` returns."""


def controls(line: Line, years: float, seed: int, replication: int) -> Demand:
    """Return failures, and their repair hours, drawn for the modes that stop the chlorination.

    They are those of ``simulate`` with the same seed and replication as long as the modes' clocks
    run as fast as is expected; how long a unit really runs changes none of this.
    """
    streams = RandomStreams(seed, replication)
    return summed(
        drawn(mode, streams.stream(name, lives), streams.stream(name, repairs), hours)
        for name, lives, repairs, mode, hours in _modes(line, years)
    )


def expectation(line: Line, years: float) -> Demand:
    """Return the exact expectation of ``controls``."""
    return summed(expected(mode, hours) for *_, mode, hours in _modes(line, years))


def _modes(line: Line, years: float) -> Iterator[tuple[str, str, str, FailureMode, float]]:
    """Yield name, purposes of its streams, mode and clock hours; of exponential laws alone."""
    network = wiring.network(line)
    for name, unit in network.units.items():
        if STOPPED not in (network.train_of(name).name, *INTERLOCKS.get(name, ())):
            continue
        for label, mode in values_of(unit, FailureMode):
            if mode.law == "exponential" and mode.mtbf > 0.0:
                purposes = (f"{label} time to failure", f"{label} time to repair")
                yield name, *purposes, mode, _hours(line, mode, years)
    for supply, trains in SUPPLIED.items():
        mode = getattr(line, supply).failure
        if mode is not None and STOPPED in trains and mode.law == "exponential":
            purposes = ("time to failure", "time to repair")
            yield supply, *purposes, mode, _hours(line, mode, years)


def _hours(line: Line, mode: FailureMode, years: float) -> float:
    """Return how long a mode's clock will run, as far as can be said beforehand, h."""
    return years * (YEAR if mode.clock == "calendar" else line.site.operating_hours)
