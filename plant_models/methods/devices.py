"""The devices that a plant may put at the ends of its pipes, as a value."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sim.clock.watch import Outflows
from sim.model.parameters import quantity


@dataclass(frozen=True, kw_only=True)
class DeviceCost:
    """What a device costs beside the utilities that it uses."""

    investment: float = quantity("RMB", "paid once", 0.0, 1e10)
    upkeep: float = quantity("RMB/yr", "attendance, repairs, carbon", 0.0, 1e9)


@dataclass(frozen=True)
class Devices:
    """The devices that a plant may put at the ends of its pipes."""

    knobs: Mapping[str, tuple[str, str]]
    """By sink the scheme that builds its device, and the parameter that sets what it holds, kg/kg;
    the device of the first sink is set first."""
    units: tuple[str, ...]  #: The devices themselves
    never: tuple[str, ...]  #: Settings under which they never fail
    costs: Mapping[str, DeviceCost]  #: By scheme
    what: str  #: What they hold, in a word
    told: str  #: What they are, in words
    sources: str  #: Where their figures are from, in a sentence
    emitted: Callable[[Mapping[str, float], str], float]
    """Returns what a year sends to a sink, t/yr, from its indicators."""
    now: Callable[[Outflows], Mapping[str, float]]
    """Returns what goes to each sink, kg/h, from what leaves."""

    @property
    def schemes(self) -> tuple[str, ...]:
        """The schemes that build them."""
        return tuple(scheme for scheme, _ in self.knobs.values())
