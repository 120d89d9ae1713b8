"""Controls of two machines and the buffer between them, made of the draws of their lives."""

from __future__ import annotations

from array import array
from itertools import product
from math import inf

import numpy as np

from plant_models.benchmarks.innovations import NEVER, Array, before, beyond, by_batch, least
from plant_models.benchmarks.oracles.two_machines import Machine
from sim.clock.plant import Plant

POWERS = 3  # of level and draw together; the value of a level is smooth between the bounds
NOTED = 6  # figures a draw
FAR = 4.0  # means; what is left of the other's time matters little beyond


class LineWatch:
    """Notes of every draw what was known before it, and what the machines have left at the marks.

    Parameters
    ----------
    first, second : Machine
        The machines; ``p`` 0 is one that never fails.
    capacity : float
        Of the buffer, kg.
    names : tuple of str
        The units' names in the plant.
    tank : str
        The buffer's.
    """

    def __init__(
        self,
        first: Machine,
        second: Machine,
        capacity: float,
        names: tuple[str, str] = ("machine_1", "machine_2"),
        tank: str = "buffer_1",
    ) -> None:
        self.machines = (first, second)
        self.capacity = capacity
        self.names = names
        self.tank = tank
        self.plant: Plant | None = None
        self.repaired = [0.0, 0.0]  # hour at which a repair will end
        # machine, is a repair, value per mean, level per capacity, other is down, its hours left;
        # flat, for there are a million draws
        self.draws = array("d")
        self.marks: list[int] = []
        self.states: list[tuple[float, bool, float, bool, float]] = []

    def hear(self, name: str, purpose: str, value: float, mean: float) -> None:
        """Note a draw and what is known before it."""
        if not self.marks:
            self._note_repair(name, purpose, value)
            return
        assert self.plant is not None
        m = self.names.index(name)
        level = self.plant.level_of(self.tank) / self.capacity
        self.draws.extend((m, "repair" in purpose, value / mean, level, *self._left(1 - m)))
        self._note_repair(name, purpose, value)

    def _note_repair(self, name: str, purpose: str, value: float) -> None:
        if "repair" in purpose:
            assert self.plant is not None
            self.repaired[self.names.index(name)] = self.plant.env.now + value

    def _left(self, m: int) -> tuple[bool, float]:
        """Return whether a machine is down, and the hours to its next change at full rate."""
        plant, name = self.plant, self.names[m]
        assert plant is not None
        if name in plant.down:
            return True, self.repaired[m] - plant.env.now
        clocks = plant.timing.clocks[plant.train_names.index(name)]
        return False, clocks[0].left() if clocks else inf

    def mark(self) -> None:
        """Note that a batch begins or ends here, and the state of the line."""
        assert self.plant is not None
        self.marks.append(len(self.draws) // NOTED)
        level = self.plant.level_of(self.tank) / self.capacity
        self.states.append((level, *self._left(0), *self._left(1)))

    def controls(self) -> Array:
        """Return the controls of every batch: draws, and how its ends differ.

        In the long run a batch ends as it began, so the difference of any function of the state
        has mean zero; summed up over all batches it cancels but for the two ends of the run.
        """
        machine, repair, z, x, down, left = np.array(self.draws).reshape(-1, NOTED).T
        found = [self._ends()]
        for m, k, o in product((0, 1), repeat=3):
            chosen = np.flatnonzero((machine == m) & (repair == k) & (down == o))
            effects = self._effects(m, k, o, z[chosen], x[chosen], left[chosen])
            found.append(by_batch(effects, np.searchsorted(chosen, self.marks)))
        return np.hstack(found)

    def _effects(self, m: int, k: int, o: int, z: Array, x: Array, left: Array) -> list[Array]:
        """Return what draws of one kind may cost, each with mean zero given what was known.

        Until the tank reaches a bound or the other machine changes, level and draw alone count:
        powers of both. Then come the time that the draw outlasts the other's change, whether it
        does, and the time that it waits at the bound.
        """
        own, other = self.machines[m], self.machines[1 - m]
        per_hour = own.r if k else own.p or own.r  # a machine that never fails has no such draws
        filling = (own.mu * (1 - k) - other.mu * (1 - o)) * (1 - 2 * m)
        change = np.minimum(left * per_hour, NEVER)
        bound = np.full_like(x, np.inf)
        if filling:
            bound = self.capacity * (1.0 - x if filling > 0.0 else x) / abs(filling) * per_hour
        first = np.minimum(bound, change)
        then = np.clip(x + filling * change / (per_hour * self.capacity), 0.0, 1.0)
        effects = [
            least(z, first, j) * x**i for j in range(1, POWERS + 1) for i in range(POWERS + 1 - j)
        ]
        later, much_later, sooner = beyond(z, change), beyond(z, change, 2), before(z, change)
        effects += [later, later * then, later * then**2, much_later, much_later * then]
        effects += [sooner, sooner * then, sooner * then**2]
        effects += [beyond(z, bound), least(z, change, 1) - least(z, first, 1)]
        known = np.minimum(change, FAR)
        return [*effects, (z - 1.0) * known, (z - 1.0) * known * x, (z - 1.0) * known**2]

    def _ends(self) -> Array:
        """Return how the state at the end of each batch differs from that at its start."""
        level, down_1, left_1, down_2, left_2 = np.array(self.states, dtype=float).T
        hours = [
            np.minimum(left, FAR / np.where(down, machine.r, machine.p or inf))
            for left, down, machine in zip(
                (left_1, left_2), (down_1, down_2), self.machines, strict=True
            )
        ]
        columns = [
            here * what
            for here in ((down_1 == a) & (down_2 == b) for a in (0, 1) for b in (0, 1))
            for what in (
                np.ones_like(level),
                level,
                level**2,
                level**3,
                *hours,
                *(h * level for h in hours),
            )
        ]
        return np.diff(np.array(columns), axis=1).T
