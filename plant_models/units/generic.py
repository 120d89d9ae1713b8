"""What all generic units are: classes of plain units that take any components.

A kind of unit (`Separator`) is a class without components. `fitted` makes of it the class for the
components of one plant and for what fixes the unit's shape: its ports, its reactions, its keys. The
parameters of that class are what a scheme may change; those that there is one of for each component
or reaction stand in a part of their own, so that ``still.recovery.ethanol`` names one. The same
arguments give the same class, and a unit goes to another process by what its class was made from.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import MISSING, dataclass, field, fields, make_dataclass
from functools import cache, cached_property
from typing import Any, ClassVar, NamedTuple

import numpy as np

from plant_models.units.properties import NEVER, Substances
from sim.errors import look_up
from sim.model.parameters import quantity
from sim.network.chemistry import Reaction
from sim.network.operation import RunOn
from sim.network.plain import PlainUnit, Table
from sim.network.unit import Conditions, Recipe, Stream, Unit


class Surroundings(NamedTuple):
    """What generic units feel of their surroundings."""

    air: float  #: Temperature, K
    cooling_water: float  #: Temperature as supplied, K
    pressure: float  #: Of the air, Pa


AT_REST: Mapping[str, float] = {"air": 293.15, "cooling_water": 288.15, "pressure": 101325.0}
"""Surroundings where a plant tells none: 20 degC, water of 15 degC, sea level; assumed."""


@dataclass(frozen=True)
class Key:
    """Something that fixes the shape of a unit: written once, changed by no scheme."""

    name: str
    meaning: str
    form: str
    """``ports``, ``component`` or ``reactions``."""
    default: Any = None
    """None: it must be given."""
    most: int = 6
    least: int = 1


@dataclass(frozen=True)
class Per:
    """A parameter that there is one of for each component, or for each other part of a unit."""

    unit: str
    meaning: str
    minimum: float | None = None
    maximum: float | None = None
    default: float | None = None
    of_salts: float | None = None
    """Its default of a component that never evaporates, where that is another one."""

    def declared(self, *, salt: bool = False) -> Any:
        """Return the field of a part's dataclass; ``salt``: of what never evaporates."""
        usual = self.default if self.of_salts is None or not salt else self.of_salts
        default = MISSING if usual is None else usual
        return quantity(self.unit, self.meaning, self.minimum, self.maximum, default=default)


class Step(NamedTuple):
    """A reaction of a unit as its table tells it."""

    name: str
    equation: str
    key: str
    """The component that its conversion is counted by."""
    orders: tuple[tuple[str, float], ...]
    """Of its rate, by component."""


Settings = tuple[tuple[str, Any], ...]
"""What was given for each key of a kind of unit, in the order of its keys."""

ROWS = {
    "molar_mass": 1, "vapour_pressure": 6, "heat_capacity": 1, "latent_heat": 1, "density": 1,
}  # fmt: skip
"""Rows that a property of the components takes in a unit's table."""


@dataclass(frozen=True, kw_only=True)
class Bypass(RunOn):
    """What happens while a unit is down that its train can run without: all passes as it came."""

    outlet: str = quantity("", "outlet by which all that comes leaves while it is down")
    interlock: bool = quantity("", "whether an interlock stops the train at once", default=False)
    hours: float = quantity(
        "h", "how long it runs on without one, until it is stopped by hand", 0.0, 1e5, endless=True,
        default=float("inf"),
    )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class GenericUnit(PlainUnit):
    """A unit that takes any components; a kind of it is a class that says how, and no more."""

    felt: ClassVar[type[Surroundings]] = Surroundings
    kind: ClassVar[str]
    """The word for it in a data file."""
    source: ClassVar[str]
    """Where the equation stands, and whether that was read."""
    example: ClassVar[str]
    """TOML of a unit of this kind, for the components of `example_components`."""
    keys: ClassVar[tuple[Key, ...]] = ()
    per_component: ClassVar[Mapping[str, Per]] = {}
    """In the order of the first rows of ``by_component``."""
    per_part: ClassVar[Mapping[str, Per]] = {}
    """In the order of the first columns of ``by_part``."""
    part: ClassVar[str] = "reaction"
    """What these parts are."""
    needs: ClassVar[tuple[str, ...]] = ()
    """Properties of the components, in the order of the rows that follow in ``by_component``."""

    substances: ClassVar[Substances]
    settings: ClassVar[Settings]
    parts: ClassVar[tuple[str, ...]] = ()
    """Names of what ``per_part`` is for."""

    run_on: Bypass | None = None

    def bypassed(self, mode: str = "failure") -> Unit | None:
        """Return what passes everything on while it is down; None where its train stands then.

        Raises LookupError: it has no such outlet.
        """
        if self.run_on is None:
            return None
        look_up("outlet", self.run_on.outlet, dict.fromkeys(self.outlets))
        kind = _passing(type(self))  # type: ignore[arg-type]
        return kind(**{each.name: getattr(self, each.name) for each in fields(self)})

    @classmethod
    def shaped(cls, substances: Substances, given: Mapping[str, Any]) -> dict[str, Any]:
        """Return the class attributes that follow from the keys: ports, reactions, parts."""
        return {}

    def faults(self) -> Iterator[str]:
        """Yield what does not go together among parameters that are each in their domain."""
        return iter(())

    @cached_property
    def by_component(self) -> Table:
        """Parameters by component, then properties, a row each; see `Rows`."""
        rows: list[Any] = [self._numbers(name) for name in self.per_component]
        for need in self.needs:
            rows += property_rows(self.substances, need)
        return np.array(rows, dtype=float).reshape(len(rows), len(self.substances.names))

    @cached_property
    def by_part(self) -> Table:
        """Parameters by part, then what its class tells of each, a row for each part."""
        columns = [self._numbers(name) for name in self.per_part]
        more = self.told_of_parts()
        count = len(self.parts)
        return np.hstack([np.array(columns, dtype=float).reshape(len(columns), count).T, more])

    def told_of_parts(self) -> Table:
        """Return what the answer reads of each part beside its parameters, a row each."""
        return np.zeros((len(self.parts), 0))

    def _numbers(self, name: str) -> list[float]:
        group = getattr(self, name)
        return [getattr(group, each.name) for each in fields(group)]

    def __reduce__(self) -> tuple[Any, ...]:
        values = {each.name: getattr(self, each.name) for each in fields(self) if each.init}
        for name in (*self.per_component, *self.per_part):
            if name in values:
                group = values[name]
                values[name] = {each.name: getattr(group, each.name) for each in fields(group)}
        return rebuilt, (type(self).__mro__[1], self.substances, self.settings, values)


class Passing(GenericUnit):
    """A unit that is down: it draws and uses nothing, and what comes leaves by one outlet."""

    def convert(self, inlets: Mapping[str, Stream], at: Conditions) -> Recipe:
        """Return all that comes at the outlet of its `Bypass`."""
        assert self.run_on is not None
        n = len(inlets[self.inlets[0]])
        through = self.run_on.outlet
        return Recipe({port: (1.0 if port == through else 0.0,) * n for port in self.outlets})


@cache
def _passing(kind: type[GenericUnit]) -> type[GenericUnit]:
    """Return the class of a unit of this kind that is down."""
    return type(f"{kind.__name__}Down", (Passing, kind), {"__module__": __name__})


@dataclass(frozen=True, kw_only=True)
class SteamHeated(GenericUnit):
    """A generic unit that steam heats; the numbers of the steam are assumed if none are given."""

    steam_heat: float = quantity(
        "kJ/kg", "heat that 1 kg of steam gives up (at 5 bar)", 500.0, 3000.0, default=2108.0
    )
    lost: float = quantity(
        "kJ/kJ", "share of the steam's heat that is lost", 0.0, 0.9, default=0.05
    )


@dataclass(frozen=True, kw_only=True)
class SteamHeatedAndCooled(SteamHeated):
    """One that cooling water cools, too."""

    water_rise: float = quantity("K", "rise of the cooling water", 0.5, 60.0, default=10.0)


def rebuilt(
    kind: type[GenericUnit], substances: Substances, settings: Settings, values: dict[str, Any]
) -> GenericUnit:
    """Return a unit from what its class was made of and the values of its fields."""
    made = fitted(kind, substances, settings)  # type: ignore[arg-type]
    whole = {name: group_type(made, name) for name in (*kind.per_component, *kind.per_part)}
    return made(**{
        name: whole[name](**value) if name in whole else value for name, value in values.items()
    })  # fmt: skip


def group_type(kind: type[GenericUnit], name: str) -> type[Any]:
    """Return the type of the part that holds a parameter for each component, reaction or outlet."""
    if name in kind.per_component:
        return _of_components(name, kind.per_component[name], kind.substances)
    return _group(name, kind.per_part[name], kind.parts)


def _of_components(name: str, per: Per, substances: Substances) -> type[Any]:
    """Return the type of the part that holds a parameter for each component."""
    known = substances.known if per.of_salts is not None else ()
    salts = tuple(each for each, of in known if of.vapour_pressure == NEVER)
    return _group(name, per, substances.names, salts)


@cache
def _group(name: str, per: Per, names: tuple[str, ...], salts: tuple[str, ...] = ()) -> type[Any]:
    """Return a frozen dataclass of one parameter for each name."""
    title = "".join(word.capitalize() for word in name.split("_"))
    return make_dataclass(
        title,
        [(each, float, per.declared(salt=each in salts)) for each in names],
        frozen=True,
        kw_only=True,
        namespace={"__doc__": f"{per.meaning}, {per.unit}.", "__module__": __name__},
    )


@cache
def fitted(
    kind: type[GenericUnit], substances: Substances, settings: Settings
) -> type[GenericUnit]:
    """Return the class of a kind of unit for these components and this shape.

    Raises ValueError: the shape is impossible.
    """
    given = dict(settings)
    shape = kind.shaped(substances, given)
    parts = shape.get("parts", kind.parts)
    groups = {
        **{n: (p, _of_components(n, p, substances)) for n, p in kind.per_component.items()},
        **{n: (p, _group(n, p, parts)) for n, p in kind.per_part.items()},
    }
    members: list[tuple[str, type[Any], Any]] = []
    for name, (per, group) in groups.items():
        there = bool(substances.names if name in kind.per_component else parts)
        whole = field() if per.default is None and there else field(default=group())
        members.append((name, group, whole))
    namespace = {
        **shape,
        "__doc__": kind.__doc__,
        "__module__": kind.__module__,
        "substances": substances,
        "settings": settings,
    }
    return make_dataclass(
        kind.__name__, members, bases=(kind,), frozen=True, kw_only=True, namespace=namespace
    )


def property_rows(substances: Substances, need: str) -> list[tuple[float, ...]]:
    """Return a property of the components as rows; 0 where it follows from another.

    What is not known is of components that never come there: any number does.
    """
    if need == "molar_mass":
        return [substances.components.molar_mass]
    values = [getattr(substance, need) for _, substance in substances.known]
    if need == "vapour_pressure":
        return list(zip(*(NEVER if value is None else value for value in values), strict=True))
    nothing = 1.0 if need == "density" else 0.0  # a volume divides by it
    return [tuple(nothing if value is None else value for value in values)]


def reactions_of(
    substances: Substances, steps: tuple[Step, ...]
) -> tuple[tuple[Reaction, int], ...]:
    """Return reactions as the engine takes them, each with its key component (index)."""
    components = substances.components
    return tuple((Reaction(s.equation, components), components.index[s.key]) for s in steps)
