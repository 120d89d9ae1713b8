"""A JSON schema of ``plant.toml``, for editors that complete and check while one writes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from plant_models import units as generic
from plant_models.folder.parts import OPERATIONS, RATES, SUPPLY_RATES, Phases, Site
from plant_models.folder.piping import ENDS
from plant_models.folder.sheet import MEDIA, PLANT_KEYS
from plant_models.units.generic import Bypass
from sim.model.facts import KEYS
from sim.model.parameters import Quantity
from sim.model.tree import Leaf, leaves, structure
from sim.network.network import Tank
from sim.network.operation import FailureMode, Maintenance

NAME = "plant.schema.json"
"""An editor finds it by ``#:schema``, with which a plant.toml begins; a comment for all others."""

Schema = dict[str, Any]
SHARED = ("failure", "maintenance", "run_on")
"""Parts of every unit."""


def schema() -> Schema:
    """Return the schema of a ``plant.toml``, JSON Schema draft 7."""
    by_name = {"type": "object", "propertyNames": {"pattern": "^[A-Za-z][A-Za-z0-9_]*$"}}
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "A plant from a folder",
        "type": "object",
        "required": ["plant", "components", "units", "pipes"],
        "additionalProperties": False,
        "definitions": {
            "mixture": _mixture(),
            "fact": _object({key: {} for key in KEYS}, ["value"]),
            "failure": _node(FailureMode),
            "maintenance": _node(Maintenance),
            "run_on": _node(Bypass),
        },
        "properties": {
            "plant": _plant(),
            "components": {**by_name, "minProperties": 1},
            "supplies": {**by_name, "additionalProperties": _supply()},
            "sinks": {**by_name, "additionalProperties": {"enum": list(MEDIA)}},
            "tanks": {**by_name, "additionalProperties": _tank()},
            "units": {**by_name, "additionalProperties": _unit()},
            "pipes": _pipes(),
            "trains": {**by_name, "additionalProperties": _node(Phases, first=_text("first unit"))},
            "operation": {**by_name, "additionalProperties": _operation()},
            **{section: _rates(told) for section, told in RATES.items()},
            "surroundings": _object(
                {n: _value(Quantity("Pa" if n == "pressure" else "K", n)) for n in generic.AT_REST}
            ),
            "interlocks": {"type": "object", "additionalProperties": _names("trains that stand")},
            "processes": {"type": "object", "additionalProperties": _names("units and tanks")},
            "sources": {"type": "object", "additionalProperties": {"type": "object"}},
        },
    }


def schema_text() -> str:
    """Return the schema as a file holds it."""
    return json.dumps(schema(), indent=None, sort_keys=True, separators=(",", ":")) + "\n"


def _text(about: str) -> Schema:
    return {"type": "string", "description": about}


def _names(about: str) -> Schema:
    return {"type": "array", "items": {"type": "string"}, "description": about}


def _object(properties: Mapping[str, Schema], required: Iterable[str] = ()) -> Schema:
    return {
        "type": "object",
        "properties": dict(properties),
        "required": sorted(required),
        "additionalProperties": False,
    }


def _value(of: Quantity) -> Schema:
    """Return the schema of a value: plain, a text with its unit, or a table with its source."""
    about = of.meaning + (f", {of.unit}" if of.suffix else "")
    if of.choices is not None:
        plain: list[Schema] = [{"enum": list(of.choices)}]
    elif of.kind is bool:
        plain = [{"type": "boolean"}]
    elif of.kind is str:
        plain = [{"type": "string"}]
    else:
        number: Schema = {"type": "integer" if of.kind is int else "number"}
        number |= {} if of.minimum is None else {"minimum": of.minimum}
        number |= {} if of.maximum is None else {"maximum": of.maximum}
        plain = [number, {"type": "string", "pattern": r"^\s*[-+]?[0-9.]"}]
    return {"description": about, "anyOf": [*plain, {"$ref": "#/definitions/fact"}]}


def _node(node: type, **beside: Schema) -> Schema:
    """Return the schema of a part of the tree."""
    properties: dict[str, Schema] = dict(beside)
    required = list(beside)
    for name, part in structure(node).items():
        if isinstance(part, Leaf):
            properties[name] = _value(part.declared)
            if part.default is not None and not isinstance(part.default, int | float | str):
                required.append(name)
        else:
            properties[name] = {"type": "object"}
    return _object(properties, required)


def _rates(told: str) -> Schema:
    """Return the schema of rates of utilities."""
    return _object({n: _value(Quantity(u, told.format(n), 0.0)) for n, u in SUPPLY_RATES.items()})


def _plant() -> Schema:
    site = {name: _value(of) for name, of, _ in leaves(Site)}
    told = {
        name: _names(about) if name in ("headlines", "priorities") else _text(about)
        for name, about in PLANT_KEYS.items()
        if name not in site
    }
    return _object({**told, **site}, ["name"])


def _mixture() -> Schema:
    return {
        "type": "object",
        "description": "shares by mass, kg/kg, which add up to 1",
        "additionalProperties": {"type": "number", "minimum": 0.0, "maximum": 1.0},
    }


def _supply() -> Schema:
    share = {"anyOf": [{"type": "number"}, {"type": "object"}]}
    failure = {"$ref": "#/definitions/failure"}
    return {"type": "object", "properties": {"failure": failure}, "additionalProperties": share}


def _tank() -> Schema:
    contents = {"$ref": "#/definitions/mixture"}
    found = _node(Tank, contents=contents)
    found["properties"]["spills_to"] = _text("sink of the overflow")
    return found


def _pipes() -> Schema:
    ends = {name: _text("a tank or a sink") for name in ENDS}
    table = _object({"from": _text("source"), "to": _text("sink"), **ends}, ["from", "to"])
    return {
        "type": "array",
        "description": "who feeds whom: 'tank -> unit', 'unit.outlet -> tank'",
        "items": {"anyOf": [{"type": "string", "pattern": "->"}, table]},
    }


def _operation() -> Schema:
    kinds = []
    for kind, node in OPERATIONS.items():
        beside = {"kind": {"const": kind}}
        if kind != "shutdown":
            beside["train"] = _text("whose")
        kinds.append(_node(node, **beside))
    return {"oneOf": kinds}


def _unit() -> Schema:
    """Return the schema of a unit: by its kind, the parameters that this has."""
    kinds = [
        {"if": {"properties": {"kind": {"const": k}}}, "then": _kind(k)} for k in generic.KINDS
    ]
    return {
        "type": "object",
        "required": ["kind"],
        "properties": {"kind": {"enum": [*generic.KINDS, "python"]}},
        "allOf": kinds,
    }


def _kind(kind: str) -> Schema:
    about = generic.info(kind)
    properties: dict[str, Schema] = {"kind": {"const": kind, "description": about.title}}
    for key in about.structure:
        properties[key.name] = {"description": key.meaning}
    parts: dict[str, dict[str, Schema]] = {}
    for one in about.parameters:
        of = Quantity(one.unit, one.meaning, one.minimum, one.maximum, one.choices or None,
                      _KINDS[one.kind])  # fmt: skip
        if one.per:
            properties[one.name] = {
                "type": "object",
                "description": f"by {one.per}",
                "additionalProperties": _value(of),
            }
        elif "." in one.name:
            head, _, name = one.name.partition(".")
            if head in SHARED:
                properties[head] = {"$ref": f"#/definitions/{head}"}
            else:
                parts.setdefault(head, {})[name] = _value(of)
        else:
            properties[one.name] = _value(of)
    properties |= {head: _object(inside) for head, inside in parts.items()}
    return {"properties": properties, "additionalProperties": False, "description": about.title}


_KINDS: Mapping[str, type] = {"number": float, "whole number": int, "switch": bool, "word": str}
