"""A queue before one server: trucks that wait for their turn at a loading point."""

from __future__ import annotations

import numpy as np

from plant_models.benchmarks.innovations import Array, beyond, by_batch
from plant_models.benchmarks.machines import rigid_row, running
from plant_models.benchmarks.units import Machine
from sim.clock.clocks import MASS
from sim.clock.life import Life
from sim.clock.plant import Plant
from sim.statistics.intervals import TimeAverage


class LoadingPoint:
    """Trucks come at random to a point that loads 1 kg/h, one truck at a time.

    ``arrivals``: arrival rate, 1/h; ``load``: mean load, kg, and so the mean service time, h;
    ``law``: ``exponential`` loads make it M/M/1, ``constant`` ones M/D/1.

    Raises ValueError if the law is neither.
    """

    def __init__(self, arrivals: float, load: float, law: str, seed: int = 1) -> None:
        if law not in ("exponential", "constant"):
            raise ValueError(f"law {law!r} is neither 'exponential' nor 'constant'")
        self.plant: Plant = running(rigid_row([Machine(capacity=1.0)]), seed)
        self.arrivals = arrivals
        self.load = load
        self.law = law
        self.present = TimeAverage(0.0, 0.0)
        self.waited = 0.0
        self.ordered = self.loaded = 0.0  # kg, of all trucks that came, and that left
        self.since: float | None = None  # hour at which the truck at the point began
        self.draws: list[tuple[float, float, float]] = []  # work found, load, next gap; in h
        self.marks: list[int] = []
        self.states: list[tuple[float, float]] = []  # work and trucks present at the marks
        self.pump = self.plant.clock(MASS, "machine_1")
        self.plant.hold("row", "truck", "no truck")
        self.plant.env.process(self._arriving())

    def _arriving(self) -> Life:
        plant = self.plant
        gaps, loads = plant.rng("truck", "interval"), plant.rng("truck", "load")
        gap = gaps.exponential(1.0 / self.arrivals)
        while True:
            yield plant.env.timeout(gap)
            load = loads.exponential(self.load) if self.law == "exponential" else self.load
            gap = gaps.exponential(1.0 / self.arrivals)
            self.draws.append((self.work(), load, gap))
            self.ordered += load
            plant.env.process(self._loading(load))

    def _loading(self, load: float) -> Life:
        plant = self.plant
        came = plant.env.now
        self._count(1.0)
        with plant.crew.request() as place:
            yield place
            self.since = plant.env.now
            self.waited += self.since - came
            plant.release("row", "truck")
            yield self.pump.reaches(load)
            plant.hold("row", "truck", "no truck")
        self.since = None
        self.loaded += load
        self._count(-1.0)

    def work(self) -> float:
        """Return what the trucks that are present still ask for, kg, and so h."""
        under_way = 0.0 if self.since is None else self.plant.env.now - self.since
        return max(self.ordered - self.loaded - under_way, 0.0)

    def _count(self, more: float) -> None:
        self.present.to(self.plant.env.now, self.present.level)
        self.present.jump(self.present.level + more)

    def batches(self, count: int, hours: float, warm_up: float) -> dict[str, list[float]]:
        """Return mean number present and mean wait, h, of each batch.

        Waits are summed up and divided by the trucks that are to be expected: by those that came
        it would be a ratio of two random numbers, which is biased.
        """
        means: dict[str, list[float]] = {"number": [], "waiting": []}
        for i in range(count + 1):
            self.plant.run(warm_up + i * hours)
            self.present.to(self.plant.env.now, self.present.level)
            self.marks.append(len(self.draws))
            self.states.append((self.work(), self.present.level))
            if i:
                means["number"].append(self.present.mean)
                means["waiting"].append(self.waited / (self.arrivals * hours))
            self.present.restart()
            self.waited = 0.0
        return means

    def controls(self) -> Array:
        r"""Return controls of every batch, from what each truck brought and when the next came.

        With *V* the work that a truck finds, *S* its load and *A* the gap to the next,
        :math:`V' = (V + S - A)^+`, and the cost of a truck, this one's wait and all it does to the
        next ones, is quadratic in *V* (Pollaczek-Khinchine). So the squares and products of *V*,
        *S* and *A* and of the idle time :math:`(A - V - S)^+`, each less its mean given what was
        known before the draw, explain the run but for its ends.
        """
        work, load, gap = np.array(self.draws).T
        mean_gap = 1.0 / self.arrivals
        a, empties = gap / mean_gap, (work + load) / mean_gap
        columns = [
            a - 1.0,
            (a - 1.0) * work,
            (a - 1.0) * load,
            a**2 - 2.0,
            beyond(a, empties),
            beyond(a, empties, 2),
        ]
        if self.law == "exponential":
            s, rate = load / self.load, self.arrivals * self.load
            no_truck = np.exp(-rate * s) - 1.0 / (1.0 + rate)
            columns += [s - 1.0, (s - 1.0) * work, s**2 - 2.0]
            columns += [no_truck * np.exp(-self.arrivals * work)]
        left, trucks = np.array(self.states).T
        ends = np.diff(np.array([left, left**2, trucks, trucks * left]), axis=1).T
        return np.hstack([by_batch(columns, self.marks), ends])
