"""A queue before one server: trucks that wait for their turn at a loading point."""

from __future__ import annotations

from plant_models.benchmarks.machines import rigid_row, running
from plant_models.benchmarks.units import Machine
from sim.clocks import MASS
from sim.life import Life
from sim.plant import Plant
from sim.statistics import TimeAverage


class LoadingPoint:
    """Trucks come at random to a point that loads 1 kg/h, one truck at a time.

    Parameters
    ----------
    arrivals : float
        Arrival rate, 1/h.
    load : float
        Mean load, kg, and so the mean service time, h.
    law : str
        ``exponential`` loads make it M/M/1, ``constant`` ones M/D/1.
    seed : int
        Seed of the random streams.

    Raises
    ------
    ValueError
        If the law is neither.
    """

    def __init__(self, arrivals: float, load: float, law: str, seed: int = 1) -> None:
        if law not in ("exponential", "constant"):
            raise ValueError(f"law {law!r} is neither 'exponential' nor 'constant'")
        self.plant: Plant = running(rigid_row([Machine(capacity=1.0)]), seed)
        self.load = load
        self.law = law
        self.present = TimeAverage(0.0, 0.0)
        self.waited: list[float] = []
        self.pump = self.plant.clock(MASS, "machine_1")
        self.plant.hold("row", "truck", "no truck")
        self.plant.env.process(self._arriving(arrivals))

    def _arriving(self, arrivals: float) -> Life:
        plant = self.plant
        gaps = plant.rng("truck", "interval")
        while True:
            yield plant.env.timeout(gaps.exponential(1.0 / arrivals))
            plant.env.process(self._loading())

    def _loading(self) -> Life:
        plant = self.plant
        came = plant.env.now
        self._count(1.0)
        loads = plant.rng("truck", "load")
        load = loads.exponential(self.load) if self.law == "exponential" else self.load
        with plant.crew.request() as place:
            yield place
            self.waited.append(plant.env.now - came)
            plant.release("row", "truck")
            yield self.pump.reaches(load)
            plant.hold("row", "truck", "no truck")
        self._count(-1.0)

    def _count(self, more: float) -> None:
        self.present.to(self.plant.env.now, self.present.level)
        self.present.jump(self.present.level + more)

    def batches(self, count: int, hours: float, warm_up: float) -> dict[str, list[float]]:
        """Return mean number present and mean wait, h, of each batch."""
        means: dict[str, list[float]] = {"number": [], "waiting": []}
        for i in range(count + 1):
            self.plant.run(warm_up + i * hours)
            self.present.to(self.plant.env.now, self.present.level)
            if i:
                means["number"].append(self.present.mean)
                means["waiting"].append(sum(self.waited) / len(self.waited))
            self.present.restart()
            self.waited.clear()
        return means
