"""What is let go now and then: trains that stand by, and run for a while under a cause."""

from __future__ import annotations

from collections.abc import Iterable

from sim.clock.clocks import MASS, Places
from sim.clock.life import Life
from sim.clock.plant import Plant
from sim.flow.map import NORMAL

STANDS_BY = "stands by"


class Releases:
    """Trains that stand by until something is let go: each then carries it at its capacity.

    A tank that has too little of it gives the rest when it has filled again.
    """

    def __init__(self, plant: Plant, trains: Iterable[str]) -> None:
        self.plant = plant
        self.turns: dict[str, Places] = {}
        self.cargo = {}
        for train in trains:
            plant.wait(train, STANDS_BY, STANDS_BY)
            self.turns[train] = Places(plant.env)
            self.cargo[train] = plant.clock(MASS, plant.network.train_named(train).members[0])

    def let_go(self, train: str, cause: str, kg: float, what: str) -> None:
        """Let a train carry so much, its flows booked under a cause, one after another.

        ``what``: what one says of it.
        """
        self.plant.env.process(self._run(train, cause, kg, what))

    def _run(self, train: str, cause: str, kg: float, what: str) -> Life:
        plant = self.plant
        with self.turns[train].request() as turn:
            yield turn
            plant.say(train, what)
            plant.run_usually_as(train, cause)
            plant.release(train, STANDS_BY)
            yield self.cargo[train].reaches(kg)
            plant.wait(train, STANDS_BY, STANDS_BY)
            plant.run_usually_as(train, NORMAL)


def spilling(
    releases: Releases, train: str, by: str, mean: float, kg: float, cause: str, what: str
) -> Life:
    """Spill ``kg`` after every so many that a unit has handled, exponential with a mean, kg.

    ``by``: the unit whose main feed counts.
    """
    plant = releases.plant
    clock, draws = plant.clock(MASS, by), plant.rng(train, "spills")
    while True:
        yield clock.reaches(draws.exponential(mean))
        releases.let_go(train, cause, kg, what)
