"""The design as one frozen tree of dataclasses, addressed by dotted paths.

A field of a node is a parameter (declared by `sim.model.parameters.quantity`), or another frozen
dataclass, or ``X | None`` where ``X`` is one. ``off_gas_cooler.area`` names the field ``area`` of
the part ``off_gas_cooler``, in a data file, in a scheme and in a message alike. Fields with
``init=False`` are derived and belong to nobody but their class.
"""

from __future__ import annotations

import hashlib
import types
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, Field, dataclass, fields, is_dataclass, replace
from functools import cache
from typing import Any, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from sim.errors import all_at_once, did_you_mean, need_text, told
from sim.model.parameters import Quantity

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Leaf:
    """A parameter of a node, and the value it has when no fact gives one (or ``MISSING``)."""

    declared: Quantity
    default: Any


@dataclass(frozen=True, slots=True)
class Branch:
    """A part of a node: another frozen dataclass, which may be absent if ``optional``."""

    type: type
    optional: bool
    field: Field[Any]

    @property
    def default(self) -> Any:
        """The part that stands when no fact names it; ``MISSING`` when there must be facts."""
        if self.field.default_factory is not MISSING:
            return self.field.default_factory()
        if self.field.default is MISSING and self.optional:
            return None
        return self.field.default


@cache
def structure(node_type: type) -> Mapping[str, Leaf | Branch]:
    """Return the parameters and parts of a frozen dataclass, in the order of its fields.

    A field that is neither declared by `quantity` nor a frozen dataclass is a TypeError.
    """
    if not _is_node(node_type):
        raise TypeError(f"{getattr(node_type, '__name__', told(node_type))} is no frozen dataclass")
    hints = get_type_hints(node_type)
    parts: dict[str, Leaf | Branch] = {}
    for each in fields(node_type):
        if not each.init:
            continue
        kind, optional = _without_none(hints[each.name])
        declared = each.metadata.get("quantity")
        if declared is not None:
            if get_origin(kind) is Literal:
                declared = replace(declared, choices=declared.choices or get_args(kind))
                kind = str
            if kind not in (float, int, bool, str) or optional:
                raise TypeError(
                    f"{node_type.__name__}.{each.name}: a parameter is a float, int, bool or str, "
                    f"not {hints[each.name]}"
                )
            parts[each.name] = Leaf(replace(declared, kind=kind), each.default)
        elif _is_node(kind):
            parts[each.name] = Branch(kind, optional, each)
        else:
            raise TypeError(
                f"{node_type.__name__}.{each.name} is neither declared by quantity() "
                "nor a frozen dataclass"
            )
    return parts


def leaves(tree: object, prefix: str = "") -> Iterator[tuple[str, Quantity, Any]]:
    """Yield path, declaration and value of every parameter of a tree.

    Of a type instead of a tree: of every parameter it can have, with its default for a value.
    """
    is_type = isinstance(tree, type)
    for name, part in structure(tree if isinstance(tree, type) else type(tree)).items():
        if isinstance(part, Leaf):
            yield prefix + name, part.declared, part.default if is_type else getattr(tree, name)
        else:
            below = part.type if is_type else getattr(tree, name)
            if below is not None:
                yield from leaves(below, f"{prefix}{name}.")


def strange_parts(tree: Any, prefix: str = "") -> Iterator[str]:
    """Yield which parts of a tree are none of their class, for `replace` takes anything."""
    root: type = type(tree)
    for name, kind, optional in _branches(root):
        below = getattr(tree, name)
        if not isinstance(below, kind):
            if below is not None or not optional:
                yield f"expected {prefix}{name} as {kind.__name__}, came {told(below)}"
        elif _branches(kind):
            yield from strange_parts(below, f"{prefix}{name}.")


@cache
def _branches(kind: type) -> tuple[tuple[str, type, bool], ...]:
    """Return name and class of every part of a node, and whether it may be absent."""
    parts = structure(kind).items()
    return tuple(
        (name, part.type, part.optional) for name, part in parts if isinstance(part, Branch)
    )


def misfits(name: str, part: object) -> Iterator[str]:
    """Yield which parameters of a part lie outside their domains, which may be infinite."""
    for path, of, value in leaves(part):
        try:
            of.admit(value, finite=False)
        except ValueError as fault:
            yield f"{name}.{path}: {fault}"


def fitting(name: str, part: object, kind: type[T]) -> T:
    """Return a part that was built in Python, if it is of its kind and fits its declarations."""
    if not isinstance(part, kind):
        raise TypeError(f"{name}: expected a {kind.__name__}, came {told(part)}")
    faults = [ValueError(fault) for fault in misfits(name, part)]
    if faults:
        raise all_at_once(faults, name)
    return part


def paths(tree: object) -> tuple[str, ...]:
    """Return the dotted paths of all parameters of a tree, or of all that a type can have."""
    return tuple(path for path, _, _ in leaves(tree))


def declared(tree: object, path: str) -> Quantity:
    """Return the declaration of the parameter at ``path``; see `declared_and_value`."""
    return declared_and_value(tree, path)[0]


def declared_and_value(tree: object, path: str) -> tuple[Quantity, Any]:
    """Return the declaration and the value of the parameter at ``path`` of a tree or a type.

    Raises LookupError as of `locate`, or the path names a part that has parameters of its own.
    """
    part, value = locate(tree, path)
    if isinstance(part, Leaf):
        return part.declared, value
    inside = did_you_mean("", structure(part.type))
    raise LookupError(f"{path!r} is no parameter: it has parameters of its own{inside}")


def get(tree: object, path: str) -> Any:
    """Return the value, or the part, at a dotted path; an unknown path is a LookupError."""
    return locate(tree, path)[1]


def locate(tree: object, path: str) -> tuple[Leaf | Branch, Any]:
    """Return the parameter or part at a path, and its value; of a type, its default or type.

    Raises LookupError: no such parameter; tells which part of the path is wrong and what comes
    near.
    """
    node: Any = tree
    part: Leaf | Branch | None = None
    need_text("parameter", path=path)
    names = path.split(".")
    for depth, name in enumerate(names):
        if node is None or isinstance(part, Leaf):
            raise _no_parameter(tree, path, depth, part)
        part = structure(node if isinstance(node, type) else type(node)).get(name)
        if part is None:
            raise _no_parameter(tree, path, depth, part, node)
        if not isinstance(node, type):
            node = getattr(node, name)
        else:
            node = part.type if isinstance(part, Branch) else part.default
    assert part is not None  # split never returns an empty list
    return part, node


def _no_parameter(
    tree: object, path: str, depth: int, part: Leaf | Branch | None, node: Any = None
) -> LookupError:
    """Return the error that tells which part of a path is wrong and what comes near."""
    names = path.split(".")
    owner, name = ".".join(names[:depth]), names[depth]
    if isinstance(part, Leaf):
        return LookupError(f"no parameter {told(path)}: {owner} is itself a parameter")
    if node is None:
        return LookupError(
            f"no parameter {told(path)} in this design: it has no {owner}; give {owner} its facts"
        )
    root = tree if isinstance(tree, type) else type(tree)
    hint = did_you_mean(name, structure(node if isinstance(node, type) else type(node)))
    known, below = paths(root), path.partition(".")[2]
    elsewhere = [each for each in known if each.endswith(f".{path}") or each == below]
    if depth == 0 and elsewhere:
        hint = f"; did you mean {elsewhere[0]!r}?"
    return LookupError(
        f"no parameter {told(path)}: {owner or root.__name__} has no {told(name)}{hint}"
    )


def rebuild(tree: T, values: Mapping[str, object]) -> T:
    """Return the tree with values that have been checked already; each node is made once."""
    here: dict[str, object] = {}
    below: dict[str, dict[str, object]] = {}
    for path, value in values.items():
        name, dot, rest = path.partition(".")
        if dot:
            below.setdefault(name, {})[rest] = value
        else:
            here[name] = value
    for name, inside in below.items():
        here[name] = rebuild(here.get(name, getattr(tree, name)), inside)
    return replace(tree, **here) if here else tree  # type: ignore[type-var]


def refitted(tree: T, parts: Mapping[str, object]) -> T:
    """Return the tree with other parts in place, as ``replace`` does, which asks all fields anew.

    A tree that makes something when it is built, of its parts or not, is built.
    """
    kind: Any = type(tree)
    if _is_built(kind) or not hasattr(tree, "__dict__"):
        return replace(tree, **parts)  # type: ignore[type-var]
    other = object.__new__(kind)
    was, names = tree.__dict__, structure(kind)
    own = was if len(was) == len(names) else {name: was[name] for name in names}
    other.__dict__.update(own, **parts)
    return cast(T, other)


@cache
def _is_built(kind: Any) -> bool:
    return hasattr(kind, "__post_init__") or any(not each.init for each in fields(kind))


def design_hash(tree: object) -> str:
    """Return 16 hex digits that two designs share only if all their parameters are the same."""
    text = "\n".join(
        sorted(f"{path} = {declared.kind(value)!r}" for path, declared, value in leaves(tree))
    )
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _is_node(kind: object) -> bool:
    return (
        isinstance(kind, type) and is_dataclass(kind) and kind.__dataclass_params__.frozen  # type: ignore[attr-defined]
    )


def _without_none(hint: Any) -> tuple[Any, bool]:
    """Return X and True for ``X | None``, otherwise the hint and False."""
    if get_origin(hint) in (Union, types.UnionType):
        others = [kind for kind in get_args(hint) if kind is not type(None)]
        if len(others) == 1 and len(get_args(hint)) == 2:
            return others[0], True
    return hint, False
