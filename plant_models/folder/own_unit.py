"""A unit of one's own: a class in a Python file that stands in the folder."""

from __future__ import annotations

import hashlib
import re
import sys
import traceback
from collections.abc import Callable, Iterable, Mapping
from functools import wraps
from types import FunctionType, ModuleType
from typing import Any

from plant_models.folder.values import STATED, node_of
from plant_models.hooks import Misfit
from sim.errors import did_you_mean, told
from sim.network.chemistry import Components
from sim.network.plain import class_faults
from sim.network.unit import Recipe, Unit

KEYS = ("kind", "file", "class")
ASKED = frozenset(("convert", "bypassed", "largest"))
"""What a run asks of a unit."""


class Impossible(Misfit, ValueError):
    """What a unit of somebody's own cannot do as it is set; fits and searches pass such over."""


def own_unit(
    table: Mapping[str, Any], files: Mapping[str, str], components: Components
) -> tuple[Unit | None, list[tuple[str, str]]]:
    """Return the unit that a table with ``kind = "python"`` describes, and what is wrong.

    ``files``: texts of the folder by name; ``components``: the plant's, which the file finds as
    ``COMPONENTS``. A fault is a path within the table, and words.
    """
    file = table.get("file")
    if not isinstance(file, str) or not re.fullmatch(r"[A-Za-z_][\w-]*\.py", file):
        return None, [("file", f"expected a Python file of the folder, came {told(file)}")]
    if file not in files:
        near = [name for name in files if name.endswith(".py")]
        return None, [("file", f"there is no {file} in the folder{did_you_mean(file, near)}")]
    try:
        module = _module(file, files[file], components)
    except (Exception, SystemExit) as fault:  # whatever somebody's file raises
        return None, [("file", _told(file, fault))]
    kinds = {
        name: found
        for name, found in vars(module).items()
        if isinstance(found, type)
        and issubclass(found, Unit)
        and found.__module__ == module.__name__
    }
    guard(file, kinds.values())
    name = table.get("class", next(iter(kinds)) if len(kinds) == 1 else None)
    if name not in kinds:
        hint = did_you_mean(name, kinds) or f"; it has {', '.join(kinds) or 'no unit'}"
        return None, [("class", f"{file} has no unit {told(name)}{hint}")]
    if wrong := "; ".join(class_faults(kinds[name])):
        return None, [("class", f"{file}: {wrong}")]
    faults: list[tuple[str, str]] = []
    own = {key: value for key, value in table.items() if key not in KEYS}
    try:
        unit = node_of(
            kinds[name], own, "", lambda p, text: faults.append((p.lstrip("."), text)), {},
            sources={STATED: None, **dict.fromkeys(_sources(own))},
        )  # fmt: skip
    except TypeError as fault:
        return None, [("class", f"{file}: {fault}")]
    return unit, faults


def _sources(table: object) -> list[str]:
    """Return the sources that values name; whether they are described is checked elsewhere."""
    if not isinstance(table, Mapping):
        return []
    own = [table["source"]] if isinstance(table.get("source"), str) else []
    return own + [name for value in table.values() for name in _sources(value)]


def _module(file: str, text: str, components: Components) -> ModuleType:
    """Return the module of a file; the same text for the same components gives the same one."""
    made_of = f"{file}\0{text}\0{sorted(components.formulas.items())}\0{components.names}"
    name = f"plant_folder_{hashlib.sha256(made_of.encode()).hexdigest()[:16]}"
    if name in sys.modules:
        return sys.modules[name]
    module = ModuleType(name)
    module.__dict__["COMPONENTS"] = components
    sys.modules[name] = module
    try:
        exec(compile(text, file, "exec"), module.__dict__)
    except BaseException:
        del sys.modules[name]
        raise
    return module


def guard(file: str, kinds: Iterable[type[Unit]]) -> None:
    """Let whatever units of a file raise be told with its line, as what is wrong with the file."""
    for kind in kinds:
        for name in ASKED & vars(kind).keys():
            said = vars(kind)[name]
            if isinstance(said, property) and said.fget is not None:
                setattr(kind, name, property(_guarded(file, said.fget)))
            elif isinstance(said, FunctionType):  # nothing binds another to a unit
                setattr(kind, name, _guarded(file, said))


def _guarded(file: str, ask: Callable[..., Any]) -> Callable[..., Any]:
    if hasattr(ask, "__wrapped__"):  # the module has been read before
        return ask

    @wraps(ask)
    def guarded(*given: Any, **named: Any) -> Any:
        try:
            found = ask(*given, **named)
        except Misfit:
            raise
        except (ValueError, ArithmeticError) as fault:
            raise Impossible(_told(file, fault)) from fault
        except (Exception, SystemExit) as fault:
            raise Misfit(_told(file, fault)) from fault
        if ask.__name__ == "convert" and not isinstance(found, Recipe):
            hint = "; it has no 'return'" if found is None else ""
            raise Misfit(f"{file}: {ask.__qualname__}: expected a Recipe, came {told(found)}{hint}")
        return found

    return guarded


def _told(file: str, fault: BaseException) -> str:
    """Return what a file raises, with the line of the file."""
    line = getattr(fault, "lineno", None)
    if line is None:
        rows = [row.lineno for row in traceback.extract_tb(fault.__traceback__)
                if row.filename == file]  # fmt: skip
        line = rows[-1] if rows else None
    where = f", line {line}" if line else ""
    return f"{file}{where}: {type(fault).__name__}: {fault}"
