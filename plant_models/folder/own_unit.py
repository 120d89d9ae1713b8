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
from sim.flow.asking import ROUNDING
from sim.flow.members import row_of, steps_of
from sim.network.chemistry import Components
from sim.network.plain import Answer, PlainUnit, Unanswered, class_faults
from sim.network.unit import Recipe, Stream, Unit, react, refuse_other_pipes

KEYS = ("kind", "file", "class")
ASKED = frozenset(("convert", "bypassed", "largest"))
"""What a run asks of a unit."""


class Impossible(Misfit, ValueError):
    """What a unit of somebody's own cannot do as it is set; fits and searches pass such over."""


class Unfit(Misfit, Unanswered):
    """What is no answer of a unit of somebody's own that answers in numbers."""


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
    kinds = _units_of(module)
    name = table.get("class", next(iter(kinds)) if len(kinds) == 1 else None)
    if not kinds:
        return None, [("class", f"{file} has no class of a unit")]
    if name is None:
        which = f"expected class = {next(iter(kinds))!r}, say, came nothing"
        return None, [("class", f"{file} has more than one unit: {which}")]
    if not isinstance(name, str) or name not in kinds:
        hint = did_you_mean(name, kinds) or f"; it has {', '.join(kinds)}"
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
    except (Exception, SystemExit) as fault:  # its class, as it makes one
        return None, [("class", _told(file, fault))]
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
    guard(file, _units_of(module).values(), components)
    return module


def _units_of(module: ModuleType) -> dict[str, type[Unit]]:
    """Return the classes of units that a module says itself, by name."""
    return {
        name: found
        for name, found in vars(module).items()
        if isinstance(found, type)
        and issubclass(found, Unit)
        and found.__module__ == module.__name__
    }


def guard(file: str, kinds: Iterable[type[Unit]], components: Components) -> None:
    """Let whatever units of a file raise be told with its line, as what is wrong with the file."""
    for kind in kinds:
        for name in ASKED & vars(kind).keys():
            said = vars(kind)[name]
            if isinstance(said, property):
                if said.fget is not None:
                    setattr(kind, name, property(_guarded(file, said.fget)))
            elif callable(said) or isinstance(said, classmethod):
                ask = _guarded(file, _method(said))
                where = f"{file}: {kind.__name__}"
                if name == "convert":
                    ask = _recipes(f"{where}.convert", ask, components)
                elif name == "bypassed":
                    ask = _others(where, ask)
                setattr(kind, name, ask)
        if issubclass(kind, PlainUnit) and kind.convert is PlainUnit.convert:
            kind.answered = _answers(file, kind, components)  # type: ignore[method-assign]


def _method(said: Any) -> Callable[..., Any]:
    """Return what a class says, whatever can be called, as a function that a unit is given to."""
    if isinstance(said, FunctionType):
        return said

    def method(unit: Unit, *given: Any, **named: Any) -> Any:
        bound = said.__get__(unit, type(unit)) if hasattr(said, "__get__") else said
        return bound(*given, **named)

    return method


def _guarded(file: str, ask: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(ask)
    def guarded(*given: Any, **named: Any) -> Any:
        try:
            return ask(*given, **named)
        except Misfit:
            raise
        except (ValueError, ArithmeticError) as fault:
            raise Impossible(_told(file, fault)) from fault
        except (Exception, SystemExit) as fault:
            raise Misfit(_told(file, fault)) from fault

    return guarded


def _recipes(where: str, ask: Callable[..., Any], components: Components) -> Callable[..., Any]:
    """Let a ``convert`` return recipes alone, and such as can be.

    What another class of the file goes on with may be less.
    """

    @wraps(ask)
    def convert(*given: Any, **named: Any) -> Any:
        found = ask(*given, **named)
        if not isinstance(found, Recipe):
            hint = "; it has no 'return'" if found is None else ""
            raise Misfit(f"{where}: expected a Recipe, came {told(found)}{hint}")
        if len(given) == 3 and type(given[0]).convert is convert:
            _refuse_impossible(where, given[0], given[1], found, components)
        return found

    return convert


def _answers(file: str, kind: type[PlainUnit], components: Components) -> Callable[..., Answer]:
    """Let a plain unit answer what can be; its ``answer`` itself stays, for it may be compiled."""

    def answered(unit: PlainUnit, at: Any, *inlets: Stream) -> Answer:
        try:
            found = PlainUnit.answered(unit, at, *inlets)
            recipe = unit.named(found)
        except Unanswered as fault:
            raise Unfit(f"{file}: {fault}") from fault
        given = dict(zip(unit.inlets, inlets, strict=True))
        _refuse_impossible(f"{file}: {kind.__name__}.answer", unit, given, recipe, components)
        return found

    return _guarded(file, answered)


def _others(where: str, ask: Callable[..., Any]) -> Callable[..., Any]:
    """Let what runs on instead of a unit have its pipes."""

    @wraps(ask)
    def bypassed(unit: Unit, *given: Any, **named: Any) -> Any:
        other = ask(unit, *given, **named)
        try:
            refuse_other_pipes(where, unit, other)
        except TypeError as fault:
            raise Misfit(str(fault)) from None
        return other

    return bypassed


def _refuse_impossible(
    where: str, unit: Unit, inlets: Mapping[str, Stream], recipe: Recipe, components: Components
) -> None:
    """Raise `Misfit` where a unit's recipe is none for its inlets, `Impossible` for its numbers."""
    try:
        row = row_of(where, unit.outlets, unit.inlets[1:], recipe, len(components))
        steps_of(where, recipe, components)
    except ValueError as fault:
        raise Impossible(str(fault)) from fault
    except (LookupError, TypeError) as fault:
        raise Misfit(str(fault)) from fault
    pool = react(tuple(map(sum, zip(*inlets.values(), strict=True))), recipe.conversions)
    for c, component in enumerate(components.names):
        shares = row[c : len(unit.outlets) * len(components) : len(components)]
        if min(shares, default=0.0) < -ROUNDING:
            least, port = min(zip(shares, unit.outlets, strict=True))
            raise Impossible(
                f"{where}: its recipe splits {least:g} kg/kg of {component} to {port!r}"
            )
        if pool[c] > 0.0 and abs(sum(shares) - 1.0) > ROUNDING:
            raise Impossible(
                f"{where}: its recipe splits {sum(shares):.10g} kg/kg of {component} over "
                f"{', '.join(map(repr, unit.outlets))}, expected 1 in all: what comes in goes out"
            )


def _told(file: str, fault: BaseException) -> str:
    """Return what a file raises, with the line of the file."""
    line = getattr(fault, "lineno", None)
    if line is None:
        rows = [row.lineno for row in traceback.extract_tb(fault.__traceback__)
                if row.filename == file]  # fmt: skip
        line = rows[-1] if rows else None
    where = f", line {line}" if line else ""
    return f"{file}{where}: {type(fault).__name__}: {fault}"
