"""The vocabulary of process units: a unit is a value, its physics a pure function."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import lru_cache
from math import isfinite
from operator import mul
from typing import ClassVar

from sim.errors import (
    UnknownName,
    did_you_mean,
    hold_numbers,
    is_number,
    look_up,
    need_numbers,
    scalar,
    told,
)
from sim.model.parameters import quantity
from sim.network.chemistry import Reaction
from sim.network.operation import FailureMode, Maintenance

UTILITIES = ("steam", "power", "cooling_water")

JOINTS = (".", ">", "<")
"""What joins names: ``unit.outlet``, ``supply>unit.inlet``, ``unit.inlet<tank``."""

CAUSES = (
    "normal", "start-up", "trip", "shutdown", "cleaning", "maintenance", "device down", "off-spec",
    "overflow", "spill",
)  # fmt: skip
"""Why something flows. ``device down``: a train runs on without a device that is down.

``overflow`` is what a tank has too much of while those that draw on it run as usual, for good;
``spill`` what overflows because one of them does not.
"""


BOOKED_AS = {
    **dict.fromkeys(
        ("failure", "failures", "failed", "breakdown", "breakdowns", "outage", "fault"),
        "trip, device down, maintenance, start-up or spill",
    ),
    **dict.fromkeys(("repair", "repairs"), "maintenance"),
}
"""Words that are no causes, and what is booked of them: see ``docs/upsets.md``."""

SLIP = 0.88  # of the letters, as difflib counts them: tripp is one, but no word of its own


@lru_cache(maxsize=256)
def check_cause(cause: str) -> None:
    """Refuse a cause that is written otherwise than it is; a script may have causes of its own.

    >>> check_cause("start_up")
    Traceback (most recent call last):
    LookupError: no cause 'start_up'; did you mean 'start-up'?
    >>> check_cause("stripping")
    """
    if cause in CAUSES:
        return
    plain = {re.sub("[ _-]", "", each): each for each in CAUSES}
    meant = plain.get(re.sub("[ _-]", "", cause).casefold())
    alike = [each for each in CAUSES if each[:1] == cause[:1].casefold()]
    near = [meant] if meant else get_close_matches(cause.casefold(), alike, 1, SLIP)
    if near:
        raise LookupError(f"no cause {told(cause)}; did you mean {near[0]!r}?")


STOPPING = ("trip", "shutdown", "maintenance")
"""Causes under which a train stops: it empties itself, its outlets led where ``Pipe.trip`` says."""

Stream = tuple[float, ...]
"""Flow by component in the order of the plant's ``Components``, kg/h."""


@dataclass(frozen=True, slots=True)
class Conditions:
    """What surrounds a unit while its recipe holds."""

    activity: float
    """Main feed of the unit's train, kg/h."""
    surroundings: Mapping[str, float] = field(default_factory=dict)
    """Named conditions of the plant at this hour: water and air temperatures, K; pressure, Pa."""
    cause: str = "normal"
    """``normal``, ``start-up``, ...: equipment for a trip works while a train stops alone."""

    __hash__ = None  # type: ignore[assignment]

    def __getitem__(self, name: str) -> float:
        """Return a condition by its name; ``trip`` is 1 while the train stops, else 0."""
        if name == "trip":
            return float(self.cause in STOPPING)
        try:
            return self.surroundings[name]
        except (KeyError, TypeError):  # what cannot be hashed is no name either
            hint = did_you_mean(name, self.surroundings or ())
            raise UnknownName(f"the surroundings tell no {told(name)}{hint}") from None


def refuse_no_conditions(where: str, felt: object) -> None:
    """Raise TypeError or ValueError unless these are conditions by name, each a finite number.

    One may be a switch, or what numpy and scipy make of one number.
    """
    if not isinstance(felt, Mapping):
        raise TypeError(
            f"{where}: expected conditions by name, such as {{'air': 283.0}}, came {told(felt)}"
        )
    faults: list[str] = []
    kind: type[Exception] = ValueError
    for name, value in felt.items():
        one = scalar(value)
        number = is_number(one) or isinstance(one, bool)
        if not isinstance(name, str):
            faults.append(f"expected each condition by its name, came {told(name)}")
        elif not number or not isfinite(one):
            faults.append(f"{told(name)}: expected a finite number, came {told(value)}")
        if not number or not isinstance(name, str):
            kind = TypeError
    if faults:
        raise kind(f"{where}: {'; '.join(faults)}")


@dataclass(frozen=True, slots=True)
class Conversion:
    """One reaction taken to a given fraction of its key component (index), kg/kg.

    Of 2 A -> B by A and 0.3, seven tenths of A are left, however often it stands in the equation.
    """

    reaction: Reaction
    key: int
    fraction: float


@dataclass(frozen=True, slots=True)
class Recipe:
    """What a unit does to what enters it; linear, so that every column conserves elements.

    All inlets are pooled, the conversions run on the pool one after another, and each component
    of the pool is split over the outlets.
    """

    splits: Mapping[str, Stream]
    """For each outlet the fraction of every component of the reacted pool, kg/kg; over all
    outlets each component's fractions sum to 1."""
    draws: Mapping[str, Stream] = field(default_factory=dict)
    """For each other inlet, kg drawn per kg of every component of the main inlet."""
    conversions: tuple[Conversion, ...] = ()
    """In order. Reactants that the main inlet does not bring must be drawn."""
    worth: Mapping[str, Stream] = field(default_factory=dict)
    """For an inlet served by a make-up header: what 1 kg of each component of another source is
    worth, in kg of the header's last source; 1 for all where not given."""
    uses: Mapping[str, float] = field(default_factory=dict)
    """Utilities per kg of main inlet: steam kg, power kWh, cooling_water kg."""

    __hash__ = None  # type: ignore[assignment]

    def asked(self, port: str, main: Stream) -> float:
        """Return what an inlet draws for this flow of the main inlet, kg/h.

        Raises LookupError, TypeError or ValueError: no such inlet; no flow of these components.
        """
        drawn = look_up("draw at", port, self.draws)
        draws: float = sum(map(mul, _whole("asked", "main", main, drawn), drawn))
        return draws

    def worth_of(self, port: str, flow: Stream) -> float:
        """Return what a flow is worth at a header's inlet, in kg/h of the header's last source."""
        worth = self.worth.get(port)
        if worth is None:
            return sum(flow)
        worthy: float = sum(map(mul, _whole("worth_of", "flow", flow, worth), worth))
        return worthy

    def apply(self, pool: Stream) -> dict[str, Stream]:
        """Return every outlet for the sum of all inlets, kg/h.

        Raises TypeError or ValueError: no flow of the components that are split.
        """
        for split in self.splits.values():
            pool = _whole("apply", "pool", pool, split)
        if self.conversions:
            pool = react(pool, self.conversions)
        return {name: tuple(map(mul, pool, split)) for name, split in self.splits.items()}


def _whole(where: str, what: str, flow: Stream, like: Stream) -> Stream:
    """Return a flow that has a number for each component; of a shorter one the rest was lost."""
    if type(flow) is tuple and len(flow) == len(like):
        return flow
    (numbers,) = need_numbers(where, **{what: flow})
    if len(numbers) != len(like):
        raise ValueError(
            f"{where}: expected {what} as {len(like)} numbers, one a component, came {told(flow)}"
        )
    return tuple(numbers)


def react(pool: Stream, conversions: tuple[Conversion, ...]) -> Stream:
    """Return the pool after the conversions, in order, kg/h."""
    kg = list(pool)
    for conversion in conversions:
        reaction = conversion.reaction
        key = conversion.key
        extent = conversion.fraction * kg[key] / -dict(reaction.kg_per_kmol)[key]
        for i, made in reaction.kg_per_kmol:
            kg[i] += made * extent
    return tuple(kg)


@dataclass(frozen=True, kw_only=True)
class Unit:
    """A piece of process equipment: its fields are parameters, its method is physics.

    A unit knows no clock, no tank, no random numbers and no ledger. The first of ``inlets`` is
    the main one; its flow sets the draws of the others.
    """

    inlets: ClassVar[tuple[str, ...]]
    outlets: ClassVar[tuple[str, ...]]
    rate_dependent: ClassVar[bool] = True
    """Whether the recipe changes with the rate; where not, a change of rate needs no new one."""

    capacity: float = quantity(
        "kg/h", "largest flow of the main inlet", 1e-3, 1e9, endless=True, default=float("inf")
    )
    failure: FailureMode | None = None
    maintenance: Maintenance | None = None

    def __post_init__(self) -> None:
        hold_numbers(self)

    @property
    def largest(self) -> float:
        """Largest flow of the main inlet, kg/h: the capacity, unless other parameters set it."""
        return self.capacity

    def bypassed(self, mode: str = "failure") -> Unit | None:
        """Return what a train runs on with while a failure mode is out; None if it stands.

        The inlets and outlets are those of the unit; failure modes and jobs stay those of the unit
        that is by-passed, whatever the other has. A field ``run_on`` of kind
        `sim.network.operation.RunOn` says for how long it runs on; without one, until the repair.
        """
        return None

    def convert(self, inlets: Mapping[str, Stream], at: Conditions) -> Recipe:
        """Return what the unit does to ``inlets`` (kg/h by component) under ``at``."""
        raise NotImplementedError


def unit_without(unit: Unit, mode: str) -> Unit | None:
    """Return a unit `bypassed`; raise TypeError if that is no unit with the same pipes.

    No method: a unit of somebody's own may have a field of any name.
    """
    other = unit.bypassed(mode)
    refuse_other_pipes(type(unit).__name__, unit, other)
    return other


def refuse_other_pipes(where: str, unit: Unit, other: object) -> None:
    """Raise TypeError unless what runs on instead of a unit has the same pipes, or is None."""
    if other is None or (isinstance(other, Unit) and _ports(other) == _ports(unit)):
        return
    raise TypeError(
        f"{where}.bypassed: expected a unit with the inlets and outlets of this one, or None, "
        f"came {told(other)}"
    )


def _ports(unit: Unit) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return tuple(unit.inlets), tuple(unit.outlets)
