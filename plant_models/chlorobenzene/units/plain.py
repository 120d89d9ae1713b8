"""What the line's units feel of their surroundings when their physics is numbers alone."""

from __future__ import annotations

from typing import ClassVar, NamedTuple

from sim.network.plain import PlainUnit


class Weather(NamedTuple):
    """Surroundings of the line's units."""

    air: float  #: Temperature, K
    cooling_water: float  #: Temperature as supplied, K
    pressure: float  #: Of the air, Pa
    trip: float  #: 1 while the train trips, else 0


class LineUnit(PlainUnit):
    """A unit of the line that answers in numbers; see `PlainUnit`."""

    felt: ClassVar[type[Weather]] = Weather
