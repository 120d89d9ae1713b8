"""What a kind of unit is, as data: for a reference page, a skeleton, a schema for editors."""

from __future__ import annotations

import inspect
import re
import textwrap
import tomllib
from dataclasses import MISSING, dataclass
from importlib.resources import files
from typing import Any

from plant_models.units.generic import GenericUnit, Key, Per
from plant_models.units.kinds import KINDS
from plant_models.units.properties import Substances, substances
from sim.errors import look_up
from sim.model.parameters import Quantity
from sim.model.tree import Branch, Leaf, structure

KIND_WORDS = {float: "number", int: "whole number", bool: "switch", str: "word"}


@dataclass(frozen=True)
class Parameter:
    """A parameter of a kind of unit."""

    name: str
    """Dotted where it belongs to a part, like ``failure.mtbf``."""
    unit: str
    """Unit of measure; "1" of a count or pure number, empty of a word or switch."""
    meaning: str
    minimum: float | None
    maximum: float | None
    default: Any
    """None: it must be given."""
    per: str = ""
    """"component", "reaction", ...: there is one for each; empty: one for the unit."""
    choices: tuple[str, ...] = ()
    kind: str = "number"
    """"number", "whole number", "switch" or "word"."""
    optional: bool = False
    """Of a part that need not be there."""


@dataclass(frozen=True)
class Info:
    """A kind of unit."""

    kind: str
    title: str
    """Its docstring's first sentence."""
    text: str
    """The rest of the docstring, equations as ``.. math::``."""
    equations: tuple[str, ...]
    """In LaTeX."""
    source: str
    inlets: tuple[str, ...]
    """The main one first; empty where a key names them."""
    outlets: tuple[str, ...]
    drawing: tuple[str, ...]
    """Inlets that draw from a supply or a tank."""
    uses: tuple[str, ...]
    """Utilities."""
    structure: tuple[Key, ...]
    """What fixes its shape; no scheme changes it."""
    parameters: tuple[Parameter, ...]
    needs: tuple[str, ...]
    """Properties that it reads of every component."""
    example: str
    """TOML of a unit, for the components of `example_components`."""


def info(kind: str) -> Info:
    """Return what a kind of unit is.

    Raises LookupError: no such kind; tells what comes near.

    Examples
    --------
    >>> about = info("separator")
    >>> about.title
    'Send a fixed share of each component to the first outlet and the rest to the second.'
    >>> [p.name for p in about.parameters if p.per == "component"], about.uses
    (['recovery'], ('steam', 'power', 'cooling_water'))
    """
    cls = look_up("kind of unit", kind, KINDS)
    title, _, text = inspect.cleandoc(cls.__doc__ or "").partition("\n\n")
    title = " ".join(title.split())
    return Info(
        kind=kind,
        title=title,
        text=text,
        equations=tuple(equations(text)),
        source=cls.source,
        inlets=getattr(cls, "inlets", ()),
        outlets=getattr(cls, "outlets", ()),
        drawing=cls.drawing,
        uses=cls.using,
        structure=cls.keys,
        parameters=tuple(parameters(cls)),
        needs=tuple(need for need in cls.needs if need != "molar_mass"),
        example=textwrap.dedent(cls.example).strip() + "\n",
    )


def example_components() -> Substances:
    """Return the components that the examples are written for; see ``data/example.toml``."""
    text = (files(__package__) / "data" / "example.toml").read_text(encoding="utf-8")
    return substances(tomllib.loads(text)["components"])


def equations(text: str) -> list[str]:
    r"""Return the formulas of a docstring, in LaTeX, each on one line.

    >>> equations("Some.\n\n.. math:: a = b,\n          c = d\n\nMore.")
    ['a = b, c = d']
    """
    found = re.findall(r"^\.\. math::(.*?)(?:\n\s*\n|\Z)", text, re.MULTILINE | re.DOTALL)
    return [" ".join(each.split()) for each in found]


def parameters(kind: type[GenericUnit]) -> list[Parameter]:
    """Return the parameters of a kind: its own first, then those of every unit."""
    found = [_per(name, per, "component") for name, per in kind.per_component.items()]
    found += [_per(name, per, kind.part) for name, per in kind.per_part.items()]
    own: list[Parameter] = []
    common: list[Parameter] = []
    shared = structure(GenericUnit)
    for name, part in structure(kind).items():  # type: ignore[arg-type]
        target = common if name in shared else own
        if isinstance(part, Leaf):
            target.append(_leaf(name, part))
        elif isinstance(part, Branch):
            target += [
                _leaf(f"{name}.{below}", leaf, optional=part.optional)
                for below, leaf in structure(part.type).items()
                if isinstance(leaf, Leaf)
            ]
    return [*found, *own, *common]


def _per(name: str, per: Per, what: str) -> Parameter:
    return Parameter(name, per.unit, per.meaning, per.minimum, per.maximum, per.default, per=what)


def _leaf(name: str, leaf: Leaf, *, optional: bool = False) -> Parameter:
    said: Quantity = leaf.declared
    return Parameter(
        name,
        said.unit,
        said.meaning,
        said.minimum,
        said.maximum,
        None if leaf.default is MISSING else leaf.default,
        choices=said.choices or (),
        kind=KIND_WORDS[said.kind],
        optional=optional,
    )
