"""At what temperatures a unit takes and gives its streams, and how its heat leaves it.

Recipes carry mass only; what a unit's ``heat`` says beside its ``convert`` is asked for a heat
balance alone. Streams between units are as warm as the giver gives and as the taker takes them:
in between, pipes and tanks lose the difference to the surroundings, or take it up from them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

from sim.network.unit import Conditions, Stream, Unit

SURROUNDINGS = "surroundings"
"""A unit without heating or cooling settles its balance with them."""


@dataclass(frozen=True, slots=True)
class Heat:
    """Temperatures of a unit's streams, and how its heat leaves it."""

    usual: float  #: Temperature of the other ports, K
    inlets: Mapping[str, float] = field(default_factory=dict)
    """Temperature of every inlet that differs from ``usual``, K."""
    outlets: Mapping[str, float] = field(default_factory=dict)  #: The same of outlets, K
    cooling: float | None = None
    """Heat passed to cooling water by the exchanger's own equation, kJ/h; where not given it is the
    water used times its rise."""
    rise: float = 0.0  #: Rise of the cooling water, K
    lost: float = 0.0  #: Share of the steam's heat that reboiler, column and traps lose, kJ/kJ
    shed: float = 0.0
    """Heat that a machine without water sheds to the surroundings beside its power, kJ/h."""
    settled: str = ""
    """What the balance itself determines: ``SURROUNDINGS``, the name of an outlet whose temperature
    follows from it, or nothing: then it must close."""


@runtime_checkable
class Heated(Protocol):
    """A unit that tells its own temperatures."""

    def heat(self, inlets: Mapping[str, Stream], at: Conditions) -> Heat:
        """Return temperatures and heat for what enters, kg/h by component."""
        ...


def heat_of(unit: Unit, inlets: Mapping[str, Stream], at: Conditions) -> Heat:
    """Return temperatures and heat of a unit for what enters it (kg/h by component).

    A unit without a ``heat`` of its own settles with the surroundings. It is as warm as the air, or
    as the ``coldest`` that it is kept at; or by its ``warmth`` warmer than the cooling water.
    """
    if isinstance(unit, Heated):
        return unit.heat(inlets, at)
    warm = max(at["air"], getattr(unit, "coldest", 0.0))
    if hasattr(unit, "warmth"):
        warm = at["cooling_water"] + unit.warmth
    return Heat(warm, rise=getattr(unit, "water_rise", 0.0), settled=SURROUNDINGS)


def pooled(inlets: Mapping[str, Stream]) -> Stream:
    """Return the sum of all inlets."""
    return tuple(map(sum, zip(*inlets.values(), strict=True)))
