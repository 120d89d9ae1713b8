"""What a calibrated plant is held against from outside the figures that it was fitted to."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Yardstick:
    """A number that a design comes to, and what other plants or handbooks say of it.

    >>> Yardstick("water per gas", "L/m3", 40.0, 3.0, 30.0, "gas-washing-norm").kept
    False
    """

    name: str
    unit: str
    value: float
    low: float
    high: float
    source: str  #: A key of the sources, or a word such as ``recalled``

    @property
    def kept(self) -> bool:
        """Whether the number lies where others lie."""
        return self.low <= self.value <= self.high
