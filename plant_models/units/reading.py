"""A unit from a table of a data file, and back: all faults at once, each with its place."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import MISSING, fields
from typing import Any, cast

from plant_models.units.generic import (
    AT_REST,
    ROWS,
    GenericUnit,
    Key,
    Step,
    fitted,
)
from plant_models.units.kinds import KINDS
from plant_models.units.properties import Fault, Substances, substances, value_of
from sim.errors import all_at_once, did_you_mean, is_number, need_kind, told
from sim.model.parameters import Quantity
from sim.model.tree import Branch, Leaf, structure
from sim.network.chemistry import Reaction

MOST_REACTIONS = 16
"""Of one unit: what the compiled steady state has room for."""

KIND = "kind"


def read_unit(
    of: Substances, table: object, *, there: Collection[str] | None = None
) -> tuple[GenericUnit | None, list[Fault]]:
    """Return the unit of a table, or None and all that is wrong with it.

    ``of``: components of the plant; the table has ``kind``, what fixes the unit's shape, and its
    parameters, as ``info`` tells them. ``there``: components that can come to it, all by default;
    of the others no property is asked (see `lacking`).
    """
    if not isinstance(table, Mapping):
        return None, [Fault("", f"expected a table with kind = ..., came {told(table)}")]
    word = table.get(KIND)
    if not isinstance(word, str) or word not in KINDS:
        came = f"no kind {told(word)}" if KIND in table else "no kind"
        hint = did_you_mean(word, KINDS, list_up_to=len(KINDS))
        return None, [Fault(KIND if KIND in table else "", f"{came}{hint}")]
    kind = KINDS[word]
    faults = list(lacking(kind, of, of.names if there is None else there))
    settings: list[tuple[str, Any]] = []
    for key in kind.keys:
        value, wrong = _setting(key, table.get(key.name), of)
        faults += [Fault(f"{key.name}.{each.path}".rstrip("."), each.text) for each in wrong]
        settings.append((key.name, value))
    if faults:
        return None, faults
    try:
        made = fitted(kind, of, tuple(settings))  # type: ignore[arg-type]
    except ValueError as fault:
        name, _, text = str(fault).partition(": ")
        known = name in [key.name for key in kind.keys]
        return None, [Fault(name, text) if known else Fault("", str(fault))]
    rest = {k: v for k, v in table.items() if k not in (KIND, *[key.name for key in kind.keys])}
    unit, faults = _built(made, rest)
    if made.part.endswith("but the last"):
        last = made.outlets[-1]
        text = f"{last} is the last {made.part.partition(' ')[0]}, which takes the rest"
        faults = [
            Fault(each.path, text) if each.path.endswith(f".{last}") else each for each in faults
        ]
    if unit is not None:
        faults += [Fault("", text) for text in unit.faults()]
    return (None if faults else cast(GenericUnit, unit)), faults


def make(
    kind: str, components: Substances | Mapping[str, object], table: Any = None
) -> GenericUnit:
    """Return a unit of a kind; all that is wrong at once is a ValueError.

    Examples
    --------
    >>> unit = make("separator", {"ethanol": "C2H6O", "water": "H2O"},
    ...             {"recovery": {"ethanol": 0.98}, "capacity": "2 t/h"})
    >>> unit.capacity, unit.recovery.ethanol, unit.outlets
    (2000.0, 0.98, ('top', 'bottom'))
    >>> make("seperator", {"water": "H2O"})
    Traceback (most recent call last):
    ...
    ValueError: kind: no kind 'seperator'; did you mean 'separator'?
    """
    of = components if isinstance(components, Substances) else substances(components)
    settings: object = {} if table is None else table
    if not isinstance(settings, Mapping):
        raise TypeError(f"make: expected a table of settings by name, came {told(settings)}")
    unit, faults = read_unit(of, {KIND: kind, **settings})
    if unit is None:
        raise all_at_once(
            [ValueError(f"{fault.path}: {fault.text}".removeprefix(": ")) for fault in faults],
            f"unit of kind {kind!r}",
        )
    return unit


def written(unit: GenericUnit) -> dict[str, Any]:
    """Return the table that `read_unit` reads as this unit, in the declared units of measure.

    What has its default is left out.
    """
    need_kind("written", GenericUnit, unit=unit)
    table: dict[str, Any] = {KIND: unit.kind}
    for key, (name, value) in zip(unit.keys, unit.settings, strict=True):
        if value != _default(key, unit.substances):
            table[name] = _told_setting(key, value)
    return {**table, **_told_values(unit)}


def read_surroundings(table: object) -> tuple[dict[str, float], list[Fault]]:
    """Return the surroundings of a plant: what a table tells, and `AT_REST` for the rest."""
    felt, faults = dict(AT_REST), []
    declared = {
        "air": Quantity("K", "air", 200.0, 340.0),
        "cooling_water": Quantity("K", "cooling water as supplied", 260.0, 340.0),
        "pressure": Quantity("Pa", "pressure of the air", 1e4, 2e5),
    }
    if not isinstance(table, Mapping):
        return felt, [Fault("", f"expected a table with air, ..., came {told(table)}")]
    for name, given in table.items():
        if name not in declared:
            hint = did_you_mean(name, declared)
            faults.append(Fault(str(name), f"no {told(name)} in the surroundings{hint}"))
            continue
        try:
            felt[name] = value_of(given, declared[name])
        except ValueError as fault:
            faults.append(Fault(name, str(fault)))
    return felt, faults


def lacking(kind: type[GenericUnit], of: Substances, there: Collection[str]) -> Iterator[Fault]:
    """Yield which properties a kind of unit needs of what is there, and the plant lacks."""
    for need in kind.needs:
        if need not in ROWS or need == "molar_mass":
            continue
        unknown = [name for name in of.lacking(need) if name in there]
        if unknown:
            example = EXAMPLES_OF_PROPERTIES[need]
            names = ", ".join(unknown)
            yield Fault(
                "",
                f"kind {kind.kind!r} reads {need} of every component that comes; none is known of "
                f"{names}: write {example} in [components.{unknown[0]}]",
            )


EXAMPLES_OF_PROPERTIES = {
    "vapour_pressure": "antoine = { A = ..., B = ..., C = ..., pressure = 'mmHg', temperature = "
    '\'degC\' }, or vapour_pressure = "none" of what never evaporates and "gas" of what never '
    "condenses,",
    "heat_capacity": 'heat_capacity = "2 kJ/kg/K"',
    "latent_heat": 'latent_heat = "400 kJ/kg"',
    "density": 'density = "800 kg/m3"',
}


def _default(key: Key, of: Substances) -> Any:
    return key.default


def _setting(key: Key, given: object, of: Substances) -> tuple[Any, list[Fault]]:
    """Return what is given for a key as a value that can be compared, and what is wrong with it."""
    if given is None:
        if key.default is None:
            return None, [Fault("", f"not given; expected {key.meaning}")]
        return key.default, []
    if key.form == "reactions":
        return _reactions(given, of)
    if key.form == "component":
        if not isinstance(given, str) or given not in of.names:
            return None, [Fault("", f"no component {told(given)}{did_you_mean(given, of.names)}")]
        return given, []
    return _ports(key, given)


def _ports(key: Key, given: object) -> tuple[Any, list[Fault]]:
    """Return names of ports as a tuple."""
    whole = isinstance(given, list | tuple) and key.least <= len(given) <= key.most
    if not whole or not all(isinstance(each, str) and each.isidentifier() for each in given):  # type: ignore[attr-defined]
        several = f'{key.least} to {key.most} names like ["feed", "water"]'
        return None, [Fault("", f"expected {several}, came {told(given)}")]
    names = tuple(cast("list[str]", given))
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        return None, [Fault("", f"two are called {twice[0]!r}")]
    return names, []


STEP_KEYS = ("equation", "key", "orders")


def _reactions(given: object, of: Substances) -> tuple[Any, list[Fault]]:
    """Return reactions by name as steps."""
    if not isinstance(given, Mapping) or not 0 < len(given) <= MOST_REACTIONS:
        expected = f"expected 1 to {MOST_REACTIONS} reactions by name"
        return None, [Fault("", f"{expected}, came {told(given)}")]
    steps, faults = [], []
    for name, told_of in given.items():
        if not isinstance(name, str) or not name.isidentifier():
            faults.append(Fault(str(name), f"{told(name)} is no name: letters, digits, _ only"))
            continue
        step, wrong = _step(name, told_of, of)
        faults += [Fault(f"{name}.{each.path}".rstrip("."), each.text) for each in wrong]
        if step is not None:
            steps.append(step)
    return (None if faults else tuple(steps)), faults


def _step(name: str, given: object, of: Substances) -> tuple[Step | None, list[Fault]]:
    """Return one reaction: an equation, or a table with one."""
    table = {"equation": given} if isinstance(given, str) else given
    if not isinstance(table, Mapping) or "equation" not in table:
        return None, [Fault("", f"expected an equation like 'A + B -> C', came {told(given)}")]
    strange = [key for key in table if key not in STEP_KEYS]
    if strange:
        hint = did_you_mean(strange[0], STEP_KEYS)
        return None, [Fault(str(strange[0]), f"no {told(strange[0])} in a reaction{hint}")]
    try:
        reaction = Reaction(table["equation"], of.components)
    except (TypeError, ValueError, LookupError) as fault:
        return None, [Fault("equation", str(fault))]
    used = [of.names[i] for i, count in reaction.coefficients if count < 0]
    if not used:
        return None, [Fault("equation", f"{told(table['equation'])} uses nothing up")]
    key = table.get("key", used[0])
    if key not in used:
        return None, [Fault("key", f"{told(key)} is not used up{did_you_mean(key, used)}")]
    orders = table.get("orders")
    if orders is None:
        numbers = [(of.names[i], float(-count)) for i, count in reaction.coefficients if count < 0]
        return Step(name, table["equation"], key, tuple(numbers)), []
    if not isinstance(orders, Mapping):
        return None, [Fault("orders", f"expected orders by component, came {told(orders)}")]
    for component, order in orders.items():
        if component not in of.names:
            hint = did_you_mean(component, of.names)
            return None, [Fault(f"orders.{component}", f"no component {told(component)}{hint}")]
        if not is_number(order) or not -3.0 <= order <= 5.0:
            return None, [Fault(f"orders.{component}", f"expected -3 to 5, came {told(order)}")]
    return Step(name, table["equation"], key, tuple((c, float(o)) for c, o in orders.items())), []


def _built(node: Any, table: Mapping[str, Any], prefix: str = "") -> tuple[Any, list[Fault]]:
    """Return a unit, or a part of one, from its table of parameters."""
    values: dict[str, Any] = {}
    faults: list[Fault] = []
    known = structure(node)
    for name in table:
        if name not in known:
            owner = prefix[:-1] or "the unit"
            text = f"{owner} has no {told(name)}{did_you_mean(name, known)}"
            faults.append(Fault(f"{prefix}{name}", text))
    for name, part in known.items():
        path = prefix + name
        if name in table:
            value, wrong = _part(part, table[name], path)
            values[name] = value
            faults += wrong
        else:
            faults += _missing(part, path)
    return (None if faults else node(**values)), faults


def _part(part: Leaf | Branch, given: Any, path: str) -> tuple[Any, list[Fault]]:
    if isinstance(part, Leaf):
        try:
            return value_of(given, part.declared), []
        except ValueError as fault:
            return None, [Fault(path, str(fault))]
    if not isinstance(given, Mapping):
        text = f"expected a table with {', '.join(structure(part.type))}, came {told(given)}"
        return None, [Fault(path, text)]
    return _built(part.type, given, f"{path}.")


def _missing(part: Leaf | Branch, path: str) -> list[Fault]:
    if part.default is not MISSING:
        return []
    if isinstance(part, Leaf):
        said = part.declared
        return [Fault(path, f"not given; expected {said.meaning}, {said.domain}")]
    return [
        fault
        for name, below in structure(part.type).items()
        for fault in _missing(below, f"{path}.{name}")
    ]


def _told_setting(key: Key, value: Any) -> Any:
    if key.form == "reactions":
        return {
            step.name: {"equation": step.equation, "key": step.key, "orders": dict(step.orders)}
            for step in value
        }
    return list(value) if key.form == "ports" else value


def _told_values(part: Any) -> dict[str, Any]:
    """Return the parameters of a unit or part that differ from their defaults."""
    told_of: dict[str, Any] = {}
    kind: Any = type(part)
    for each in fields(part):
        value = getattr(part, each.name)
        known = structure(kind).get(each.name)
        if known is None or value is None or value == known.default:
            continue
        told_of[each.name] = value if isinstance(known, Leaf) else _told_values(value)
    return told_of
