"""Facts from TOML into a frozen tree: each value with unit, source and range; all faults at once.

A fact is a table named by the path of its parameter::

    [off_gas_cooler.area]
    value = 60.0
    unit = "m2"
    source = "assumed"
    low = 30.0
    high = 120.0
    note = "two shells; the source gives no area"

Its source is a key of the sources, or one of the words ``derived``, ``assumed``, ``calibrated``,
``recalled``, ``inferred_from_table_...``. What was not measured needs a range (``derived`` does
not) and a note. ``fit = true`` lets calibration move a number within its range. A file may bring
sources of its own as ``[sources.KEY]``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from numbers import Real
from typing import Any, Generic, TypeVar

from sim.documents import Source
from sim.errors import all_at_once
from sim.fact_check import Fact
from sim.fact_reader import Reader
from sim.parameters import Value, parse_quantity, spell
from sim.tree import declared, design_hash, rebuild

__all__ = ["Design", "Fact", "load", "set_values"]

T = TypeVar("T")


@dataclass(frozen=True)
class Design(Generic[T]):
    """A tree of parameters with the facts that it was made of.

    Where the tree differs from its facts, somebody has set the value since.
    """

    tree: T
    facts: Mapping[str, Fact] = field(hash=False)
    sources: Mapping[str, Mapping[str, Any]] = field(default_factory=dict, hash=False)

    def __repr__(self) -> str:
        """Return a line that tells designs apart: all parameters would fill pages."""
        name = type(self.tree).__name__
        return f"<Design of {name} {design_hash(self.tree)}: tree, facts, sources>"


def load(
    tree_type: type[T],
    *facts: Source,
    sources: Iterable[Source] | Mapping[str, Mapping[str, Any]] = (),
    overrides: Iterable[Source] = (),
) -> Design[T]:
    """Return the design that TOML files (paths) or texts describe.

    Parameters
    ----------
    tree_type : type
        The frozen dataclass at the root of the tree.
    *facts : path or str
        Together they hold each fact once.
    sources : paths, texts, or a mapping
        Tables by key: who says so.
    overrides : paths or texts
        Facts that replace those above, the later the stronger.

    Raises
    ------
    ValueError
        With all faults of all inputs, each with file, line, path, what was expected and came.
    """
    reader = Reader(tree_type)
    reader.read_sources(sources)
    reader.read_facts(facts, overrides)
    tree = reader.build()
    if reader.faults:
        raise all_at_once([ValueError(fault) for fault in reader.faults], "the facts")
    return Design(tree, reader.facts, reader.sources)


def set_values(
    design: Design[T], assignments: str | Iterable[str] | Mapping[str, Value]
) -> Design[T]:
    """Return the design with values set as ``"off_gas_cooler.area=80"``, units accepted.

    A mapping, ``{"off_gas_cooler.area": 80.0}``, is in the units of the parameters.

    The facts stay, so that a card can tell what has been changed. Values may leave low to high,
    not the domain.

    Raises
    ------
    ValueError, LookupError
        All faults at once; a LookupError if paths alone are wrong.
    """
    values: dict[str, Value] = {}
    faults: list[Exception] = []
    if isinstance(assignments, Mapping):
        assignments = [f"{path}={_written(value)}" for path, value in assignments.items()]
    for assignment in (assignments,) if isinstance(assignments, str) else assignments:
        path, equals, text = (part.strip() for part in assignment.partition("="))
        if not (equals and path and text):
            faults.append(ValueError(f"expected PATH=VALUE, came {assignment!r}"))
            continue
        try:
            value = parse_quantity(text, declared(design.tree, path))
        except LookupError as fault:
            faults.append(fault)
        except ValueError as fault:
            faults.append(ValueError(f"{path}: {fault}"))
        else:
            if values.setdefault(path, value) != value:
                was, now = spell(values[path]), spell(value)
                faults.append(ValueError(f"{path}: set twice, to {was} and to {now}"))
    if faults:
        raise all_at_once(faults, "what is set")
    return replace(design, tree=rebuild(design.tree, values))


def _written(value: object) -> str:
    """Return a value as an assignment is written; numbers keep every digit."""
    if isinstance(value, bool):
        return str(value).lower()
    return repr(float(value)) if isinstance(value, Real) else str(value)
