"""Meters on paper: benzene rings of the line's steady state, read with noise now and then.

No reaction of this line opens a benzene ring, so rings are the benzene that a balance can follow
from the tank car to the drum, whatever it has turned into: a kilogram of rings is what was a
kilogram of benzene. Meters and leak are invented for teaching, and so are all their numbers.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from plant_models import chlorobenzene as cb
from plant_models.chlorobenzene.line.wiring import PROCESS_OF, PROCESSES
from plant_models.chlorobenzene.substances.chemistry import BENZENE, COMPONENTS
from plant_models.methods.reconciliation import Balances, Reconciliation, with_leak

Array = NDArray[np.float64]

HOURS = 720.0  # the month of the audit, h
DAY = 24.0
SWING = 0.02  # kg/kg; half the difference of load between warm afternoon and cool night
OUTSIDE, PRODUCT, LOSSES = "outside", "product", "losses"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of meter."""

    noise: float  #: Standard deviation of one reading, of the flow itself, kg/kg
    calibration: float  #: The same for all readings of one meter: it does not average out, kg/kg
    every: float  #: Time between two readings, h; each falls on a moment of its own within it

    @property
    def relative_error(self) -> float:
        r"""Standard error of a month's mean, of the flow itself, kg/kg.

        A daily swing :math:`s \sin(2 \pi t / 24)` read at a random moment of every interval of
        :math:`h` hours adds :math:`s^2 (1 - \mathrm{sinc}^2(\pi h / 24)) / 2` to a reading's
        variance.
        """
        half = math.pi * self.every / DAY
        swing = 0.5 * SWING**2 * (1.0 - (math.sin(half) / half) ** 2)
        return math.sqrt(self.calibration**2 + (self.noise**2 + swing) * self.every / HOURS)

    def read(self, flow: float, dice: np.random.Generator) -> Array:
        """Return the readings of a month, in the unit of the flow."""
        n = round(HOURS / self.every)
        moments = (np.arange(n) + dice.random(n)) * self.every
        swing = 1.0 + SWING * np.sin(2.0 * math.pi * moments / DAY)
        off = 1.0 + self.calibration * dice.standard_normal()
        readings: Array = flow * swing * off * (1.0 + self.noise * dice.standard_normal(n))
        return readings


WEIGHED = Kind(noise=0.003, calibration=0.0005, every=24.0)
PIPED = Kind(noise=0.01, calibration=0.001, every=8.0)
SAMPLED = Kind(noise=0.05, calibration=0.005, every=24.0)


def kind_of(stream: tuple[str, str]) -> Kind:
    """Return the meter on a stream: a scale at the gates, samples of losses, else a flow meter."""
    source, sink = stream
    if source == OUTSIDE or stream == ("packing", PRODUCT):
        return WEIGHED
    return SAMPLED if sink in (LOSSES, PRODUCT) else PIPED


@cache
def ring_flows() -> tuple[Balances, tuple[float, ...]]:
    """Return the balances of the line as it was, and its flows of rings, t in the month."""
    carbon = np.array(dict(zip(COMPONENTS.elements, COMPONENTS.element_mass, strict=True))["C"])
    rings = carbon / carbon[BENZENE] / 1000.0 / (cb.BASELINE.tree.site.operating_hours / HOURS)
    flows: dict[tuple[str, str], float] = {}
    for entry, kg in cb.steady_state("none").ledger.flows.items():
        tonnes = float(kg @ rings)
        end = PRODUCT if entry.medium == "product" else LOSSES
        stream = (PROCESS_OF.get(entry.source, OUTSIDE), PROCESS_OF.get(entry.sink, end))
        if tonnes > 0.0 and stream[0] != stream[1]:
            flows[stream] = flows.get(stream, 0.0) + tonnes
    touched = {name for stream in flows for name in stream}
    nodes = tuple(process for process in PROCESSES if process in touched)
    return Balances(nodes, tuple(flows)), tuple(flows.values())


@dataclass(frozen=True)
class Month:
    """A month of meter readings, t of rings in the month."""

    balances: Balances
    readings: tuple[Array, ...]  #: By stream, what each meter read
    leaking: str | None  #: The process that leaked
    leak: float  #: What it lost, t in the month

    @property
    def means(self) -> Array:
        """Mean reading of each meter."""
        return np.array([each.mean() for each in self.readings])

    @property
    def standard_errors(self) -> Array:
        """Standard error of each mean, from the meter's data sheet."""
        relative = [kind_of(stream).relative_error for stream in self.balances.streams]
        return np.array(relative) * self.means

    @property
    def reconciled(self) -> Reconciliation:
        """The readings, reconciled."""
        return Reconciliation(self.balances, self.means, self.standard_errors)

    def table(self) -> pd.DataFrame:
        """Return the log sheet: stream, number of readings, mean and standard error, t."""
        columns = {
            "from": [source for source, _ in self.balances.streams],
            "to": [sink for _, sink in self.balances.streams],
            "readings": [len(each) for each in self.readings],
            "mean": self.means,
            "standard_error": self.standard_errors,
        }
        return pd.DataFrame(columns).sort_values("mean", ascending=False, ignore_index=True)


def month(dice: np.random.Generator, leaking: str | None = None, share: float = 0.0) -> Month:
    """Return a month of readings, with a leak that takes a share of a process's intake, kg/kg."""
    balances, true = ring_flows()
    flows, leak = np.array(true), 0.0
    if leaking is not None:
        flows, leak = with_leak(balances, flows, leaking, share)
    meters = (kind_of(stream) for stream in balances.streams)
    readings = tuple(
        meter.read(float(flow), dice) for meter, flow in zip(meters, flows, strict=True)
    )
    return Month(balances, readings, leaking, leak)
