"""Measures a running plant in constant memory: levels exactly, rates by batch means."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from sim.clock.plant import Plant
from sim.clock.recorder import Recorder

AT_BOUND = 1e-9  # of the capacity; a level within it of a bound is at the bound

Totals = Callable[[Plant], Mapping[str, float]]
"""Reads what has added up since the start, by name."""


class Meter(Recorder):
    """Integrates the level of every tank over time, and the hours spent at either bound.

    Levels are straight lines between two records, so the integrals are exact. Nothing else is
    kept.

    ``plant``: not yet run; the meter becomes its recorder.
    """

    def __init__(self, plant: Plant) -> None:
        super().__init__()
        plant.recorder = self
        self.plant = plant
        self.hour = 0.0
        self.level: Sequence[float] = ()
        tanks = plant.network.tanks.values()
        self.capacity = [tank.capacity for tank in tanks]
        self.heel = [tank.heel * tank.capacity for tank in tanks]
        self.area = [0.0] * len(self.capacity)  # kg h
        self.hours_empty = [0.0] * len(self.capacity)
        self.hours_full = [0.0] * len(self.capacity)
        self.least: list[float] = []
        self.most: list[float] = []

    def event(self, hour: float, who: str, what: str) -> None:
        """Pass over an event."""

    def state(self, hour: float, train: str, state: str) -> None:
        """Pass over a state."""

    def levels(self, hour: float, level: Sequence[float]) -> None:
        """Add the time since the last record."""
        hours = hour - self.hour
        for j, before in enumerate(self.level):
            after, top = level[j], self.capacity[j]
            self.area[j] += 0.5 * (before + after) * hours
            if min(before, after) >= top * (1.0 - AT_BOUND):
                self.hours_full[j] += hours
            elif max(before, after) <= self.heel[j] + top * AT_BOUND:
                self.hours_empty[j] += hours
        self.hour = hour
        self.level = tuple(level)
        if not self.least:
            self.forget_extremes()
        self.least = [min(a, b) for a, b in zip(self.least, level, strict=True)]
        self.most = [max(a, b) for a, b in zip(self.most, level, strict=True)]

    def up_to_now(self) -> None:
        """Record the levels of this instant."""
        plant = self.plant
        self.levels(plant.env.now, [plant.level_of(tank) for tank in plant.tank_names])

    def forget_extremes(self) -> None:
        """Let least and most level begin again with the present one."""
        self.least = list(self.level)
        self.most = list(self.level)


def delivered(plant: Plant) -> dict[str, float]:
    """Return what customers have got so far, kg, as ``throughput`` per hour."""
    return {"throughput": plant.ledger().total(sink="customers")}


def batch_means(
    plant: Plant, totals: Totals, *, batches: int, hours: float, warm_up: float = 0.0
) -> dict[str, list[float]]:
    """Return what each total gains per hour in each batch, by name.

    Parameters
    ----------
    plant : Plant
        Not yet run.
    totals : callable
        Reads totals that grow with time.
    batches : int
        Number of batches.
    hours : float
        Length of one, long against the memory of the plant, so that batches are independent.
    warm_up : float
        What is dropped before the first, h.
    """
    plant.run(warm_up)
    before = totals(plant)
    means: dict[str, list[float]] = {name: [] for name in before}
    for i in range(1, batches + 1):
        plant.run(warm_up + i * hours)
        now = totals(plant)
        for name, total in now.items():
            means[name].append((total - before[name]) / hours)
        before = now
    return means
