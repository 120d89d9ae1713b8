"""Tasks for tests of the runner: as short as need be, importable by worker processes."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Arithmetic:
    """Figures whose bits depend on case and replication; case 13 fails."""

    seconds: float = 0.0
    factor: float = 1.0
    units: Mapping[str, str] = field(default_factory=lambda: {"root": "kg", "sine": "kg/kg"})
    gives: Any = None

    def card(self) -> Mapping[str, Any]:
        return {"kind": "arithmetic", "factor": self.factor}

    def __call__(self, case: int, replication: int) -> Mapping[str, float]:
        time.sleep(self.seconds)
        if case == 13:
            raise ZeroDivisionError(f"unlucky in replication {replication}")
        if self.gives is not None:
            return self.gives  # type: ignore[no-any-return]
        x = self.factor * (case + replication / 7.0)
        return {"root": math.sqrt(x), "sine": math.sin(x)}


@dataclass(frozen=True)
class Stamped(Arithmetic):
    """Tells when it was done, on the clock that all processes share."""

    units: Mapping[str, str] = field(default_factory=lambda: {"done": "s"})

    def __call__(self, case: int, replication: int) -> Mapping[str, float]:
        time.sleep(self.seconds)
        return {"done": time.time()}


@dataclass(frozen=True)
class Deadly(Arithmetic):
    """Ends its process."""

    def __call__(self, case: int, replication: int) -> Mapping[str, float]:
        import os

        os._exit(3)


@dataclass(frozen=True)
class Absent(Arithmetic):
    """Cannot be unpacked."""

    def __reduce__(self) -> Any:
        return _unpacked, ()


def _unpacked() -> Absent:
    raise NameError("no weights")


def die(*_: object) -> None:
    """End the process that is asked to do this."""
    import os

    os._exit(3)
