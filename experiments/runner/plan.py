"""Which runs there are, and in which chunks they travel and are kept."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from numbers import Integral
from typing import Any

from experiments.runner.work import Cell

MOST_CHUNKS = 256  # that few files are quickly read, and a kill loses little of the work
LARGEST_CHUNK = 64  # runs; an hour of work should never hang on one file


@dataclass(frozen=True)
class Plan:
    """Cases x replications, case by case, cut into chunks of equal size.

    Parameters
    ----------
    chunk : int
        Runs in a chunk; 0 for a size that follows from their number alone.
    """

    cases: tuple[Any, ...]
    replications: int
    chunk: int = 0

    def __post_init__(self) -> None:
        for name in ("replications", "chunk"):
            if not isinstance(getattr(self, name), Integral):
                came = repr(getattr(self, name))
                raise TypeError(f"{name}: expected a whole number, came {came}")
        if not self.cases:
            raise ValueError("cases: expected one or more, came none")
        if self.replications < 1:
            raise ValueError(f"replications: expected 1 or more, came {self.replications}")
        if self.chunk < 0:
            raise ValueError(f"chunk: expected 1 run or more, came {self.chunk}")
        if not self.chunk:
            fair = -(-self.total // MOST_CHUNKS)
            object.__setattr__(self, "chunk", min(fair, LARGEST_CHUNK))

    @cached_property
    def total(self) -> int:
        """Number of runs."""
        return len(self.cases) * self.replications

    @property
    def chunks(self) -> int:
        """Number of chunks."""
        return -(-self.total // self.chunk)

    def keys(self, number: int) -> list[tuple[int, int]]:
        """Return case and replication of each run in a chunk."""
        first = number * self.chunk
        last = min(first + self.chunk, self.total)
        return [divmod(i, self.replications) for i in range(first, last)]

    def size(self, number: int) -> int:
        """Return the number of runs in a chunk; the last may be smaller."""
        return min(self.chunk, self.total - number * self.chunk)

    def cells(self, number: int) -> list[Cell]:
        """Return what a worker needs for a chunk."""
        return [(case, self.cases[case], r) for case, r in self.keys(number)]
