r"""Controls made of random draws: what chance has added to a run, known to have mean zero.

A control is a sum over draws of

.. math:: w \, (f(z) - E f(z))

where *z* is the draw and the weight *w* and the function *f* may depend on anything that was known
before it was drawn: the level of a tank, what is left of another machine's repair. Each term has
mean zero given the past, so the sum over any batch has mean zero (a martingale difference), exactly
and whatever the engine makes of the draws. That matters: a control computed from what the engine
*did*, say failures less hours times failure rate, has mean zero only where the engine is right, and
would correct an engine that is wrong towards the right answer. These cannot: they see the draws
before the engine does.

The functions below are the pieces of which the cost of a draw is made up to the next few events,
for an exponential draw in units of its mean. Which pieces matter, and how much, least squares finds
(``sim.statistics.control_variates``).

References
----------
Henderson and Glynn, "Approximating martingales for variance reduction in Markov process
simulation", Mathematics of Operations Research 27 (2002) 253-271; there the martingale is formed
from states, here from draws.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import factorial, gamma

import numpy as np
from numpy.random import SeedSequence
from numpy.typing import NDArray

from sim.clock.plant import Plant
from sim.clock.random_streams import RandomStreams, Stream

Array = NDArray[np.float64]

Hear = Callable[[str, str, float, float], None]
"""Is told the unit, the purpose, the value and the mean of a draw as it is made."""

NEVER = 700.0  # means; longer than any draw, and exp(-NEVER) is still a normal number


class HeardStream(Stream):
    """A stream that tells each draw of a law with a spread."""

    __slots__ = ("_hear", "_name", "_purpose")

    def __init__(self, sequence: SeedSequence, hear: Hear, name: str, purpose: str) -> None:
        super().__init__(sequence)
        self._hear, self._name, self._purpose = hear, name, purpose

    def exponential(self, mean: float) -> float:
        """Return an exponential draw."""
        return self._tell(super().exponential(mean), mean)

    def weibull(self, shape: float, scale: float) -> float:
        """Return a Weibull draw."""
        return self._tell(super().weibull(shape, scale), scale * gamma(1.0 + 1.0 / shape))

    def lognormal(self, mean: float, cv: float) -> float:
        """Return a lognormal draw."""
        return self._tell(super().lognormal(mean, cv), mean)

    def _tell(self, value: float, mean: float) -> float:
        self._hear(self._name, self._purpose, value, mean)
        return value


class HeardStreams(RandomStreams):
    """The same numbers as ``RandomStreams``, each told to ``hear`` when there is one."""

    def __init__(self, seed: int, hear: Hear | None) -> None:
        super().__init__(seed)
        self.hear = hear

    def new(self, sequence: SeedSequence, name: str, purpose: str) -> Stream:
        """Return a stream that is heard."""
        if self.hear is None:
            return Stream(sequence)
        return HeardStream(sequence, self.hear, name, purpose)


def least(z: Array, c: Array, power: int) -> Array:
    r"""Return :math:`\min(z, c)^j` less its mean :math:`j!\,(1 - e^{-c} \sum_{k<j} c^k / k!)`."""
    c = np.minimum(c, NEVER)
    tail = sum((c**k / factorial(k) for k in range(power)), start=np.zeros_like(c))
    mean = factorial(power) * (1.0 - np.exp(-c) * tail)
    found: Array = np.minimum(z, c) ** power - mean
    return found


def beyond(z: Array, c: Array, power: int = 1) -> Array:
    r"""Return :math:`\max(z - c, 0)^j` less its mean :math:`j!\,e^{-c}`."""
    mean = factorial(power) * np.exp(-np.minimum(c, NEVER))
    found: Array = np.maximum(z - c, 0.0) ** power - mean
    return found


def before(z: Array, c: Array) -> Array:
    """Return whether z < c, 1 or 0, less its probability."""
    return (z < c) - (1.0 - np.exp(-np.minimum(c, NEVER)))


def by_batch(columns: Sequence[Array], starts: Sequence[int] | NDArray[np.signedinteger]) -> Array:
    """Return the sums of each column over the draws of each batch, a row a batch.

    ``starts`` counts the draws up to the start of each batch, and up to the end of the last.
    """
    sums = [np.concatenate([[0.0], np.cumsum(column)])[np.asarray(starts)] for column in columns]
    return np.diff(np.array(sums).reshape(len(columns), len(starts)), axis=1).T


class RowWatch:
    """Controls of machines that run or wait together: every draw, by who else is down.

    A machine's time is its runs and its repairs, so for a single one the two sums of draws explain
    all but the ends of a batch; the more machines are repaired at once, the less a repair costs.
    """

    def __init__(self) -> None:
        self.plant: Plant | None = None
        self.keys: dict[tuple[str, str], int] = {}
        self.draws: list[tuple[int, float, int]] = []  # key, value less mean, others down
        self.marks: list[int] = []

    def hear(self, name: str, purpose: str, value: float, mean: float) -> None:
        """Note a draw."""
        assert self.plant is not None
        key = self.keys.setdefault((name, purpose), len(self.keys))
        down = self.plant.down
        self.draws.append((key, value - mean, len(down) - (name in down)))

    def mark(self) -> None:
        """Note that a batch begins or ends here."""
        self.marks.append(len(self.draws))

    def controls(self) -> Array:
        """Return the controls of every batch."""
        key, more, down = np.array(self.draws, dtype=float).T
        return by_batch(
            [
                np.where((key == k) & (down == others), more, 0.0)
                for k in self.keys.values()
                for others in np.unique(down)
            ],
            self.marks,
        )


class AgeWatch:
    """Controls of a machine that is replaced at failure or at an age: its lives, cut there.

    ``shape``, ``scale``: Weibull shape, 1, and scale, h, of the lives; ``age``: age of replacement,
    h.
    """

    def __init__(self, shape: float, scale: float, age: float) -> None:
        self.plant: Plant | None = None
        self.shape, self.scale, self.age = shape, scale, age
        self.lives: list[float] = []
        self.marks: list[int] = []

    def hear(self, name: str, purpose: str, value: float, mean: float) -> None:
        """Note a life; repairs take a fixed time here."""
        self.lives.append(value)

    def mark(self) -> None:
        """Note that a batch begins or ends here."""
        self.marks.append(len(self.lives))

    def controls(self) -> Array:
        """Return the controls of every batch: the life up to the age, and whether it ends before.

        Their means are the incomplete gamma function and 1 less the survival function.
        """
        from scipy.special import gammainc

        hazard = (self.age / self.scale) ** self.shape
        part = 1.0 / self.shape
        cut = self.scale * part * gamma(part) * float(gammainc(part, hazard))
        lives = np.array(self.lives)
        return by_batch(
            [np.minimum(lives, self.age) - cut, (lives < self.age) + np.expm1(-hazard)], self.marks
        )
