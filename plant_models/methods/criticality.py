r"""Which part of a plant costs how much: each made harmless, or a little better, one at a time.

Every failure mode, job, crew, delivery, truck, shift, lot, spill and tank of a design is found in
its tree by what it is, so no plant is known here. A `Remedy` says what is changed; the run with it
and the run without it meet the same draws (common random numbers), and their difference is what the
part costs. To remove is to take the constraint away:

==============  ======================================  ==================================
kind            removed                                 better, by a share b
==============  ======================================  ==================================
failure         never fails                             mtbf times 1 + b
maintenance     never stops for the job                 job times 1 - b
shutdown        left out                                shorter, times 1 - b
crew            as many as the domain allows            one crew more
delivery        arrives when ordered                    lead time times 1 - b
truck           ten times as often, evenly spaced       interval times 1 - b
shift           round the clock                         hours times 1 + b, 24 at most
lots            no analysis to wait for, none fails     analysis and failures times 1 - b
tank            three times as large                    capacity times 1 + b
spill           never                                   after 1 + b times as much as before
capacity        (does not apply)                        capacity times 1 + b
measure         in full force all the time              (does not apply)
==============  ======================================  ==================================

A larger tank holds at the start what it held before, and keeps its heel, both in kg.

A failure mode that never came up in a replication can be left out of it exactly: its draws are its
own, so the run without it is the same run, bit by bit (`silent`).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from plant_models.model import Lacks, Variant
from sim.errors import as_number, need_all, need_kind, need_names, need_numbers, need_text, told
from sim.model.facts import Design, set_values
from sim.model.parameters import Value
from sim.model.tree import Leaf, declared, get, structure
from sim.network.network import Tank
from sim.network.operation import Collection as Trucks
from sim.network.operation import (
    Delivery,
    FailureMode,
    LotControl,
    Maintenance,
    Shift,
    Shutdown,
)
from sim.network.unit import Unit

REMOVED, BETTER, IN_FORCE = "removed", "better", "in force"
WAYS = (REMOVED, BETTER)

NEVER = 1e12  # h
SMALLEST = 1e-6  # share, or size of a tank, that anything is changed by or to
LARGER = 3.0  # times, of a tank that is never in the way
OFTEN = 10.0  # times, of trucks that are always there
CREWS = "repair_crews"  # what every plant calls their number
HANDLED = "handled"  # what a unit that spills calls the mean quantity between two spills
SHUTDOWN = "shutdown"  # what every plant calls that event source
FACTORS = (0.5, 0.75, 1.0, 1.5, 2.0, 3.0)
"""Sizes of a buffer curve, of the tank as it is."""


@dataclass(frozen=True)
class Remedy:
    """One part of a design, made harmless or a little better."""

    part: str  #: Dotted name, as in ``absorber.failure``
    kind: str  #: ``failure``, ``tank``, ...
    way: str  #: ``removed``, ``better``, or a size as in ``x 0.5``
    values: Mapping[str, Value]  #: What is set, by path
    without: tuple[str, ...] = ()  #: Event sources that are left out
    schemes: tuple[str, ...] = ()  #: Management measures that are put in place

    @property
    def name(self) -> str:
        """Part and way, ``absorber.failure removed``."""
        return f"{self.part} {self.way}"

    def applied(self, variant: Variant[Any]) -> Variant[Any]:
        """Return a design with it in place.

        Raises ValueError: the result is outside a domain, or does not fit the rest.
        """
        need_kind("applied", Variant, variant=variant)
        label = f"{variant.name}, {self.name}"
        if self.schemes:
            changed = variant.having((*variant.schemes, *self.schemes), label)
        else:
            design = set_values(Design(variant.tree, {}), dict(self.values))
            changed = replace(variant, tree=variant.plant.check(design.tree), label=label)
        changed.network  # noqa: B018  # refuses what does not fit together
        return changed


Values = tuple[Mapping[str, Value], Mapping[str, Value]]
"""What removes a part, and what makes it better by a share; none where that says nothing."""


def _failure(path: str, of: FailureMode, by: float) -> Values:
    if of.mtbf >= NEVER:
        return {}, {}
    return {f"{path}.mtbf": NEVER}, {f"{path}.mtbf": of.mtbf * (1.0 + by)}


def _maintenance(path: str, of: Maintenance, by: float) -> Values:
    if of.interval >= NEVER:
        return {}, {}
    return {f"{path}.interval": NEVER}, {f"{path}.duration": of.duration * (1.0 - by)}


def _shutdown(path: str, of: Shutdown, by: float) -> Values:
    shorter = of.duration * (1.0 - by)
    return {f"{path}.duration": 0.0}, {f"{path}.duration": shorter}


def _delivery(path: str, of: Delivery, by: float) -> Values:
    at_once = {f"{path}.lead_time": 0.0, f"{path}.lead_spread": 0.0}
    return at_once, {f"{path}.lead_time": of.lead_time * (1.0 - by)}


def _trucks(path: str, of: Trucks, by: float) -> Values:
    often = {f"{path}.interval": of.interval / OFTEN, f"{path}.spread": 0.0}
    return often, {f"{path}.interval": of.interval * (1.0 - by)}


def _shift(path: str, of: Shift, by: float) -> Values:
    longer = min(24.0, of.hours * (1.0 + by))
    return {f"{path}.start": 0.0, f"{path}.hours": 24.0}, {f"{path}.hours": longer}


def _lots(path: str, of: LotControl, by: float) -> Values:
    better = {
        f"{path}.analysis_time": of.analysis_time * (1.0 - by),
        f"{path}.failing": of.failing * (1.0 - by),
    }
    return {f"{path}.analysis_time": 0.0, f"{path}.failing": 0.0}, better


def _tank(path: str, of: Tank, by: float) -> Values:
    return resized(path, of, LARGER), resized(path, of, 1.0 + by)


FAILURE, TANK = "failure", "tank"
PARTS: Mapping[type, tuple[str, Callable[[str, Any, float], Values]]] = {
    FailureMode: (FAILURE, _failure),
    Maintenance: ("maintenance", _maintenance),
    Shutdown: (SHUTDOWN, _shutdown),
    Delivery: ("delivery", _delivery),
    Trucks: ("truck", _trucks),
    Shift: ("shift", _shift),
    LotControl: ("lots", _lots),
    Tank: (TANK, _tank),
}
CREW, SPILL, CAPACITY, MEASURE = "crew", "spill", "capacity", "measure"
KINDS = (*(kind for kind, _ in PARTS.values()), CREW, SPILL, MEASURE, CAPACITY)
USUAL = tuple(kind for kind in KINDS if kind != CAPACITY)
"""What is tried where nobody says: all that only events show."""


def resized(path: str, tank: Tank, factor: float) -> Mapping[str, Value]:
    """Return the settings of a tank of another size that holds as much at the start, in kg.

    >>> resized("pit", Tank(capacity=100.0, heel=0.02, initial_level=0.6), 0.5)
    {'pit.capacity': 50.0, 'pit.heel': 0.04, 'pit.initial_level': 1.0}
    """
    need_text("resized", path=path)
    need_kind("resized", Tank, tank=tank)
    factor = as_number("resized: expected factor as", factor, SMALLEST)
    return {
        f"{path}.capacity": tank.capacity * factor,
        f"{path}.heel": min(0.5, tank.heel / factor),
        f"{path}.initial_level": min(1.0, tank.initial_level / factor),
    }


def remedies(
    variant: Variant[Any],
    *,
    kinds: Collection[str] = USUAL,
    ways: Sequence[str] = WAYS,
    by: float = 0.1,
) -> tuple[Remedy, ...]:
    """Return all that can be removed from a design, or made better, a part after the other.

    ``by``: share by which a part is made better.
    """
    need_kind("remedies", Variant, variant=variant)
    need_names("remedies", kinds=kinds, ways=ways)
    by = as_number("remedies: expected by as", by, SMALLEST, 1.0)
    found = [r for r in _found(variant, by) if r.kind in kinds and r.way in ways]
    found = [r for r in found if r.without or _acts(variant, r)]
    if MEASURE in kinds:
        found += [
            Remedy(name, MEASURE, IN_FORCE, {}, schemes=(name,))
            for name in measures(variant)
            if name not in variant.schemes
        ]
    return tuple(found)


def measures(variant: Variant[Any]) -> tuple[str, ...]:
    """Return the management measures of a design's plant; none of one that has none."""
    need_kind("measures", Variant, variant=variant)
    try:
        return tuple(name for name in variant.plant.measures if name in variant.known)
    except Lacks:
        return ()


def _acts(variant: Variant[Any], remedy: Remedy) -> bool:
    """Whether it changes what is built; equipment that is not in the network does nothing."""
    if all(get(variant.tree, path) == value for path, value in remedy.values.items()):
        return False
    top = getattr(variant.tree, remedy.part.partition(".")[0])
    if not isinstance(top, Unit | Tank) or remedy.kind == SPILL:  # which no network at rest has
        return True
    try:
        return remedy.applied(variant).network != variant.network
    except ValueError:
        return True  # refused, which is told


def _found(variant: Variant[Any], by: float) -> Iterator[Remedy]:
    sources = variant.plant.event_sources
    for path, node in nodes(variant.tree):
        for kind, (name, values_of) in PARTS.items():
            if not isinstance(node, kind):
                continue
            for way, values in zip(WAYS, values_of(path, node, by), strict=True):
                if values:
                    # one that takes no time would still trip every train
                    out = way == REMOVED and name == SHUTDOWN and SHUTDOWN in sources
                    yield Remedy(path, name, way, values, (SHUTDOWN,) if out else ())
        yield from _numbers(variant.tree, path, node, by)


def _numbers(tree: Any, path: str, node: Hashable, by: float) -> Iterator[Remedy]:
    """Yield what a node's own numbers say of crews, spills and of how fast a unit is."""
    for name, part in structure(type(node)).items():
        own = f"{path}.{name}".removeprefix(".")
        if not isinstance(part, Leaf):
            continue
        if name == CREWS:
            most = declared(tree, own).maximum
            there = int(getattr(node, name))
            if most is not None and there < most:
                yield Remedy(own, CREW, REMOVED, {own: int(most)})
                yield Remedy(own, CREW, BETTER, {own: there + 1})
        elif name == HANDLED and isinstance(node, Unit):
            mean = float(getattr(node, name))
            yield Remedy(own, SPILL, REMOVED, {own: declared(tree, own).maximum or NEVER})
            yield Remedy(own, SPILL, BETTER, {own: mean * (1.0 + by)})
        elif name == CAPACITY and isinstance(node, Unit):
            yield Remedy(own, CAPACITY, BETTER, {own: getattr(node, name) * (1.0 + by)})


def nodes(tree: Hashable, path: str = "") -> Iterator[tuple[str, Any]]:
    """Yield every part of a tree that has parts or parameters of its own, with its dotted name."""
    yield path, tree
    for name, part in structure(type(tree)).items():
        below = getattr(tree, name)
        if not isinstance(part, Leaf) and below is not None:
            yield from nodes(below, f"{path}.{name}".removeprefix("."))


def curve(
    variant: Variant[Any], tank: str, factors: Sequence[float] = FACTORS
) -> tuple[Remedy, ...]:
    """Return a tank in some sizes, of the size it has.

    Raises LookupError: no such tank in the tree; tells what comes near.
    """
    need_kind("curve", Variant, variant=variant)
    need_text("curve", tank=tank)
    need_numbers("curve", factors=factors)
    there = get(variant.tree, tank)
    if not isinstance(there, Tank):
        known = [path for path, node in nodes(variant.tree) if isinstance(node, Tank)]
        raise LookupError(f"{tank!r} is no tank; tanks are {', '.join(known)}")
    return tuple(
        Remedy(tank, TANK, f"x {factor:g}", resized(tank, there, factor)) for factor in factors
    )


def silent(variant: Variant[Any], remedy: Remedy, events: Sequence[tuple[float, str, str]]) -> bool:
    """Whether a failure mode never came up in a recorded run, so that to remove it changes nothing.

    ``events``: hour, who and what of that run, as a `Recorder` keeps them. A mode made better comes
    up later still. Only modes of units are judged: what the record says of others is not sure.
    """
    need_kind("silent", Variant, variant=variant)
    need_kind("silent", Remedy, remedy=remedy)
    need_all("silent", tuple, events=events)
    if remedy.kind != FAILURE:
        return False
    unit, _, label = remedy.part.partition(".")
    if unit not in variant.network.units:
        return False
    try:
        return not any(who == unit and f"({label})" in what for _, who, what in events)
    except (TypeError, ValueError):
        raise TypeError(
            f"silent: expected events as hour, who and what of each, came {told(events)}"
        ) from None
