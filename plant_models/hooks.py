"""What a plant's class has to say, hook by hook: the kind of each answer, and a look at it.

`plant_models.model.PlantModel` asks a class for it by methods, properties and values. A kind is
written ``mapping of Scheme``; an answer of another kind is refused where it is given.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import Field
from functools import partial, wraps
from os import PathLike
from types import FunctionType, MemberDescriptorType, MethodType
from typing import Any

import numpy as np

from sim.errors import Named, did_you_mean, is_number, told


class Misfit(TypeError):
    """What a plant's class says is of another kind than it is asked for."""


ANSWERS: Mapping[str, str] = {
    "baseline": "design",
    "catalogue": "mapping of Scheme",
    "catalogue_of": "mapping of Scheme",
    "schemes_in": "mapping of Scheme",
    "elsewhere": "text",
    "network": "Network",
    "check": "tree",
    "check_change": "nothing",
    "chosen": "design",
    "grounded": "design",
    "overlaid": "design",
    "readings": "mapping of design",
    "readings_of": "mapping of anything",
    "yardsticks": "series of Yardstick",
    "second_plant": "series of Yardstick",
    "fact_files": "series of file",
    "source_files": "series of file",
    "running": "Running",
    "outcome": "Outcome",
    "steady_state": "Outcome",
    "indicators": "Indicators",
    "reasons": "mapping of function",
    "made": "number",
    "pictures": "mapping of function",
    "auditing": "Auditing",
    "auditing_words": "mapping of text",
    "written": "mapping of text",
    "words_beside": "series of text",
    "operators": "Operators",
    "footprint": "Footprint",
    "printed_reductions": "mapping of number",
    "published": "series of Published",
    "limits": "Standards",
    "programme": "series of text",
    "economy": "Economy",
    "plan": "Design",
    "overlaid_plan": "Design",
    "shutdown": "number",
    "heat_balance": "HeatBalance",
    "audit_of_source": "audit",
    "acts_at_rest": "switch",
    "claims": "mapping of function",
    "calibration": "Calibratable",
    "calibration_of": "Calibratable",
    "share": "number",
    "devices": "Devices",
    "measures": "series of text",
    "slackening": "Design",
    "name": "text",
    "tree_type": "class",
    "units": "mapping of text",
    "processes": "mapping of series of text",
    "process_trains": "series of text",
    "headlines": "series of text",
    "operating": "series of text",
    "product": "text",
    "emissions": "series of text",
    "neutral": "series of text",
    "apart": "series of text",
    "utilities": "series of text",
    "bought": "series of text",
    "printed_source": "text",
    "printed_note": "text",
    "upsets": "mapping of series of text",
    "event_sources": "series of text",
    "structures": "series of text",
    "choices": "mapping of anything",
    "silent": "mapping of anything",
    "catalogues": "mapping of file",
    "summary": "series of text",
    "notable": "series of text",
}
"""What each method of a plant returns, and what its properties and values are."""

NAMED: Mapping[str, str] = {
    "catalogue": "scheme",
    "catalogue_of": "scheme",
    "schemes_in": "scheme",
    "units": "indicator",
    "reasons": "indicator with reasons",
    "pictures": "picture",
    "claims": "claim",
    "processes": "process",
    "upsets": "device or supply",
    "choices": "structure",
    "silent": "parameter",
    "catalogues": "catalogue",
    "readings": "reading",
}
"""What the names are of in the mappings among these."""

INSTEAD: Mapping[str, str] = {
    "data files of its own": "--set and --scale change its numbers",
    "further catalogue": "leave --catalogue out, or give schemes of your own by --schemes-file",
    "factors of greenhouse gas": "its steam and power are among its indicators",
    "published figures": "a plant of a folder keeps them in published.toml",
    "emission limits": "a plant of a folder keeps them in limits.toml",
    "watch on what leaves it": (
        "a plant of a folder has one, and run tells what leaves over the year"
    ),
    "prices": "a plant of a folder keeps them in prices.toml",
    "heat balance": "run tells the steam, power and cooling water that it uses",
    "printed source": "the chlorobenzene line alone is from one",
    "free parameters and targets": (
        "plant fit moves recoveries of a plant of a folder to its readings"
    ),
    "devices at the end of the pipe": (
        "a plant of a folder says in devices.toml which schemes build them, and what they hold"
    ),
    "devices that it runs on without": (
        "a unit of a folder has run_on = { outlet = 'stack' } beside its failure where its train "
        "runs on; criticality tells whose failures cost what"
    ),
    "management measures": (
        "a scheme that changes an mtbf stands for one, and compare tells what it does"
    ),
    "flow chart of its own": "a plant of a folder has one; cube tells the figures of all sets",
    "set points": "choose among schemes alone: --set-points none",
}
"""What to do where a plant has not what a study needs."""

NEEDED = ("name", "tree_type", "units", "headlines")
"""Values that every plant says."""

OF_UNITS = ("product", "headlines", "operating", "emissions", "neutral", "utilities", "bought")
"""Values that name indicators."""

CLASSES: Mapping[str, str] = {
    "Scheme": "sim.model.schemes",
    "Network": "sim.network.network",
    "Design": "sim.model.facts",
    "Indicators": "sim.books.indicators",
    "Running": "plant_models.model",
    "Outcome": "plant_models.outcome",
    "Yardstick": "plant_models.methods.yardsticks",
    "Auditing": "plant_models.methods.auditing",
    "Operators": "plant_models.methods.set_points",
    "Footprint": "plant_models.methods.carbon",
    "Published": "plant_models.methods.published",
    "Standards": "plant_models.methods.standards",
    "Economy": "plant_models.methods.economics",
    "HeatBalance": "plant_models.methods.heat_balance",
    "Calibratable": "plant_models.methods.calibration",
    "Devices": "plant_models.methods.devices",
}
"""Where a class among the kinds stands; nothing is of a class that nobody has imported yet."""

WORDS: Mapping[str, str] = {
    "design": "a Design of a {tree}",
    "tree": "a {tree}",
    "nothing": "nothing, or a ValueError raised",
    "audit": "something with findings",
    "switch": "True or False",
    "series": "a tuple",
    "number": "a number",
    "function": "functions",
    "text": "text",
    "file": "paths",
    "class": "a class",
    "anything": "values",
}
"""What messages call a kind that is no class."""


def looked_at(kind: type, name: str, said: Any, model: type) -> Any:
    """Return what a class says to a hook so that each answer is of the kind that is asked for.

    ``model``: the class that asks, a `PlantModel`. A value is looked at here and now. Raises
    `Misfit`: it is of another kind, or a value stands where a method belongs, or the other way
    round.
    """
    if isinstance(said, Field | MemberDescriptorType):
        return said  # of a dataclass: each plant has its own
    if getattr(said, "__isabstractmethod__", False):
        return said
    if callable(getattr(model, name, None)):
        return _asked(kind, name, said)
    if not hasattr(said, "__get__"):
        return answered(kind, name, said)
    if callable(said):
        raise Misfit(
            f"{kind.__name__}.{name}: expected a value or a property, came a method; write "
            "@property above it"
        )

    def look(self: Any) -> Any:
        return answered(self, name, said.__get__(self, type(self)))

    if isinstance(said, property):
        return property(look, said.fset, said.fdel, said.__doc__)
    return _Looked(said, look)


def _asked(kind: type, name: str, said: Any) -> Any:
    """Return what a class says to a hook that is a method: anything that can be called."""
    if not callable(said) and not hasattr(said, "__get__"):
        raise Misfit(f"{kind.__name__}.{name}: expected a method, came {told(said)}")

    @wraps(_bound(said, None, kind))
    def ask(self: Any, *given: Any, **named: Any) -> Any:
        return answered(self, name, _bound(said, self, type(self))(*given, **named))

    ask.__name__ = name  # by which a plant's own method travels
    return ask if isinstance(said, FunctionType) else _Looked(said, partial(MethodType, ask))


class _Looked:
    """What a class says to a hook, looked at where a plant is asked; the class has it as written.

    Like a method, and unlike a property, it gives way to what a plant holds under its name: so
    `functools.cached_property` is asked once.
    """

    def __init__(self, said: Any, answer: Callable[[Any], Any]) -> None:
        self.said, self.answer = said, answer

    def __get__(self, plant: Any, kind: type | None = None) -> Any:
        return _bound(self.said, None, kind) if plant is None else self.answer(plant)


def _bound(said: Any, plant: Any, kind: type | None) -> Any:
    """Return what Python finds under a name of a class whose body says this."""
    return said.__get__(plant, kind) if hasattr(said, "__get__") else said


def answered(plant: Any, name: str, value: object) -> Any:
    """Return what a plant's class says to a hook if it is of the kind that is asked for.

    Raises `Misfit`: it is not; tells class and hook, what was expected and what came.
    """
    kind = ANSWERS[name]
    if not _is(kind, value, plant):
        hint = "; it has no 'return'" if value is None else ""
        if isinstance(value, str) and kind in ("series of text", "series of file"):
            hint = f"; write ({value!r},)"
        raise Misfit(
            f"{_class_of(plant)}.{name}: expected {_expected(kind, plant)}, "
            f"came {told(value)}{hint}"
        )
    if kind == "Indicators":
        _check_figures(f"{_class_of(plant)}.{name}", value, plant.units)
    return Named(value, NAMED.get(name, "name")) if type(value) is dict else value


def check_names(plant: Any) -> None:
    """Raise LookupError where the values of a plant's class name indicators that it has not."""
    units = getattr(plant, "units", None)
    if not isinstance(units, Mapping):  # each plant of the class has its own
        return
    for name in OF_UNITS:
        said = vars(plant).get(name, ())
        listed = isinstance(said, Collection) and not isinstance(said, str)
        for each in said if listed else (said,) if isinstance(said, str) else ():
            if each and each not in units:
                hint = did_you_mean(each, units)
                raise LookupError(f"{_class_of(plant)}.{name}: no {each!r} in its units{hint}")


def _check_figures(where: str, figures: Any, units: Iterable[str]) -> None:
    for name in units:
        if name not in figures:
            raise Misfit(f"{where}: no {name!r}, which its units name")
        if not is_number(figures[name]) or math.isnan(figures[name]):
            raise Misfit(f"{where}: {name!r}: expected a number, came {told(figures[name])}")


PLAIN: Mapping[str, Callable[[Any], bool]] = {
    "text": lambda value: isinstance(value, str),
    "file": lambda value: isinstance(value, str | PathLike),
    "number": lambda value: is_number(value) and not math.isnan(value),
    "switch": lambda value: isinstance(value, bool | np.bool_),
    "function": callable,
    "class": lambda value: isinstance(value, type),
    "nothing": lambda value: value is None,
    "audit": lambda value: hasattr(value, "findings"),
}


def _is(kind: str, value: Any, plant: Any) -> bool:
    """Whether a value is of a kind as `plant_models.hooks` writes it."""
    if kind in CLASSES:
        return _all_are(kind, (value,), plant)
    if kind in PLAIN:
        return bool(PLAIN[kind](value))
    outer, _, inner = kind.partition(" of ")
    if outer == "mapping":
        return isinstance(value, Mapping) and _all_are(inner, value.values(), plant)
    if outer == "series":
        some = isinstance(value, Iterable) and not isinstance(value, str | bytes | Mapping)
        seen = isinstance(value, Iterator)  # what can be read but once is left to who reads it
        return some and (seen or _all_are(inner, value, plant))
    if kind in ("tree", "design"):
        tree = value if kind == "tree" else getattr(value, "tree", None)
        whole = kind == "tree" or _is("Design", value, plant)
        return whole and isinstance(tree, plant.tree_type)
    return True


def _all_are(kind: str, values: Iterable[Any], plant: Any) -> bool:
    """Whether values are all of a kind; of a class that nobody has loaded there are none."""
    if kind in CLASSES:
        found = getattr(sys.modules.get(CLASSES[kind]), kind, ())
        return all(isinstance(each, found) for each in values)
    return all(_is(kind, each, plant) for each in values)


def _expected(kind: str, plant: Any) -> str:
    """Return a kind in words."""
    outer, _, inner = kind.partition(" of ")
    if inner:
        words = _expected(inner, plant)
        return f"a mapping from names to {words}" if outer == "mapping" else f"a tuple of {words}"
    tree = getattr(getattr(plant, "tree_type", None), "__name__", "tree")
    if kind in CLASSES:
        return f"{'an' if kind[0] in 'AEIO' else 'a'} {kind}"
    return WORDS[kind].format(tree=tree)


def _class_of(plant: Any) -> str:
    kind = plant if isinstance(plant, type) else type(plant)
    return kind.__name__
