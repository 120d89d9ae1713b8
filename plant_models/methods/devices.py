"""The devices that a plant may put at the ends of its pipes, as a value."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sim.clock.watch import Outflows
from sim.model.parameters import quantity
from sim.model.tree import get


@dataclass(frozen=True, kw_only=True)
class DeviceCost:
    """What a device costs beside the utilities that it uses."""

    investment: float = quantity("RMB", "paid once", 0.0, 1e10)
    upkeep: float = quantity("RMB/yr", "attendance, repairs, carbon", 0.0, 1e9)


@dataclass(frozen=True)
class Knob:
    """A device, and what is turned until it holds as much as is asked."""

    scheme: str  #: Builds it
    paths: tuple[str, ...]  #: Parameters of it that tell what it holds, kg/kg; set alike

    @property
    def unit(self) -> str:
        """The device itself."""
        return self.paths[0].partition(".")[0]


@dataclass(frozen=True)
class Devices:
    """The devices that a plant may put at the ends of its pipes."""

    knobs: Mapping[str, Knob]  #: By sink; the device of the first one is set first
    never: tuple[str, ...]  #: Settings under which they never fail
    costs: Mapping[str, DeviceCost]
    """By scheme, of those that the plant's economy knows no cost of."""
    what: str  #: What they hold, in a word
    told: str  #: What they are, in words
    sources: str  #: Where their figures are from, in a sentence
    emitted: Callable[[Mapping[str, float], str], float]
    """Returns what a year sends to a sink, t/yr, from its indicators."""
    now: Callable[[Outflows], Mapping[str, float]]
    """Returns what goes to each sink, kg/h, from what leaves."""
    also: tuple[str, ...]  #: Indicators that are told beside, where the plant has them

    @property
    def schemes(self) -> tuple[str, ...]:
        """The schemes that build them."""
        return tuple(dict.fromkeys(of.scheme for of in self.knobs.values()))

    @property
    def units(self) -> tuple[str, ...]:
        """The devices themselves."""
        return tuple(dict.fromkeys(of.unit for of in self.knobs.values()))

    def unbuilt(self, tree: object) -> tuple[str, ...]:
        """Return the devices that hold nothing in a design: nobody has built them yet."""
        holding = {of.unit for of in self.knobs.values() if any(get(tree, x) for x in of.paths)}
        return tuple(name for name in self.units if name not in holding)
