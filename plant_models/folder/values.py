"""Values as people write them: ``5000``, ``"5 t/h"``, or a table with source and range."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import MISSING
from typing import Any, TypeVar

from sim.errors import did_you_mean, told
from sim.model.facts import KEYS, Fact, check_fact
from sim.model.parameters import Quantity, parse_quantity, spell
from sim.model.tree import Leaf, leaves, structure
from sim.model.units_of_measure import convert

T = TypeVar("T")

STATED, DEFAULT = "stated", "default"
"""Words for a value whose source the folder does not tell, and for one that it does not tell."""
OWN_WORDS: Mapping[str, Mapping[str, object]] = {STATED: {}, DEFAULT: {}}

Say = Callable[[str, str], None]
"""Notes a fault: of a dotted path, in words."""


def fact_of(
    raw: object, declared: Quantity, sources: Mapping[str, object]
) -> tuple[Fact | None, list[str]]:
    """Return the fact of a written value, and what is wrong with it.

    ``raw``: a number in the declared unit of measure, a text with its own (``"5 t/h"``), or a table
    of value, unit, source, low, high, note, fit of which all but the value may be left out.
    """
    table = dict(raw) if isinstance(raw, Mapping) else {"value": raw}
    if strange := [key for key in table if key not in KEYS]:
        return None, [f"no key {key!r} in a value{did_you_mean(key, KEYS)}" for key in strange]
    faults = []
    if declared.kind in (float, int):
        try:
            table = _in_declared(table, declared)
        except ValueError as fault:
            return None, [str(fault)]
    elif "unit" in table:
        faults.append(f"unit: {declared.domain} has none")
    table.setdefault("source", STATED)
    found, more = check_fact(declared, table, {STATED: None, **sources})
    return found, [*faults, *more]


def _in_declared(table: Mapping[str, Any], declared: Quantity) -> dict[str, Any]:
    """Return a table of a number with value, low and high in the declared unit of measure."""
    unit = table.get("unit", declared.unit)
    if not isinstance(unit, str):
        raise ValueError(f"unit: expected a text like {declared.unit!r}, came {spell(unit)}")
    found = dict(table)
    for key in ("value", "low", "high"):
        value = table.get(key)
        try:
            if isinstance(value, str):
                found[key] = parse_quantity(value, declared)
            elif isinstance(value, bool) or not isinstance(value, int | float):
                continue  # told with what was expected
            elif unit != declared.unit:
                found[key] = convert(float(value), unit, declared.unit)
        except OverflowError:
            raise ValueError(f"{key}: expected a number of at most 1.8e308 in size") from None
        except ValueError as fault:
            raise ValueError(str(fault) if key == "value" else f"{key}: {fault}") from None
    return {**found, "unit": declared.unit}


def node_of(
    node: type[T],
    table: Mapping[str, Any],
    path: str,
    say: Say,
    facts: dict[str, Fact],
    *,
    sources: Mapping[str, object],
    beside: Collection[str] = (),
) -> T | None:
    """Return a part of the tree as a table describes it, or None after a fault.

    ``path``: of the part, which facts and faults are named by; ``beside``: keys of the table that
    are no parameters.
    """
    kind: Any = node
    parts, values, whole = structure(kind), dict[str, Any](), True

    def wrong(where: str, fault: str) -> None:
        nonlocal whole
        whole = False
        say(where, fault)

    for key in table:
        if key not in parts and key not in beside:
            wrong(f"{path}.{key}", f"no {key!r}{did_you_mean(key, (*parts, *beside))}")
    for name, part in parts.items():
        where = f"{path}.{name}"
        if name not in table:
            if part.default is MISSING:
                meaning = f": {_expected(part.declared)}" if isinstance(part, Leaf) else ""
                wrong(where, f"missing{meaning}")
        elif isinstance(part, Leaf):
            fact, faults = fact_of(table[name], part.declared, sources)
            for fault in faults:
                wrong(where, fault)
            if fact is not None:
                facts[where], values[name] = fact, fact.value
        elif isinstance(table[name], Mapping):
            inside = node_of(part.type, table[name], where, say, facts, sources=sources)
            whole = whole and inside is not None
            values[name] = inside
        else:
            wrong(where, f"expected a table, came {told(table[name])}")
    if not whole:
        return None
    try:
        return node(**values)
    except ValueError as fault:
        say(path, str(fault))
        return None


def facts_within(
    part: object,
    table: Mapping[str, Any],
    path: str,
    say: Say,
    facts: dict[str, Fact],
    sources: Mapping[str, object],
) -> None:
    """Take source, range and note of every value that a table states of a part that is built."""
    for name, declared, _ in leaves(part):
        raw: Any = table
        for key in name.split("."):
            raw = raw.get(key, MISSING) if isinstance(raw, Mapping) else MISSING
        if raw is MISSING:
            continue
        fact, faults = fact_of(raw, declared, sources)
        for fault in faults:
            say(f"{path}.{name}", fault)
        if fact is not None:
            facts[f"{path}.{name}"] = fact


def _expected(declared: Quantity) -> str:
    unit = f", in{declared.suffix}" if declared.suffix else ""
    return f"{declared.meaning}{unit}"
