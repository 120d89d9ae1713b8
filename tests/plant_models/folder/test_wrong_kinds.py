"""Whatever stands where another kind of value belongs: told with its file, never a slip of ours."""

from __future__ import annotations

import copy
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pytest

from plant_models.folder.model import FolderPlant
from plant_models.folder.sheet import FlowSheet, SheetReader
from plant_models.folder.writing import toml_key, toml_value
from tests.plant_models.folder.texts import shipped

ODD: tuple[Any, ...] = ([], ["a"], {}, {"a": [1]}, True, float("nan"), -1.0, "", None)
"""None leaves the value out."""
SLIPS = re.compile(r"unhashable|not supported|no attribute|argument of type|\bin None\b|indices")
"""What Python says where nobody checked."""


def paths(table: Any, above: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the path of every value in a table, of tables and lists as well."""
    inside: Any = ()
    if isinstance(table, Mapping):
        inside = table.items()
    elif isinstance(table, list):
        inside = enumerate(table)
    for key, value in inside:
        yield (*above, key)
        yield from paths(value, (*above, key))


def alike(table: Any, above: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the path of every value within an entry of a list that looks like an earlier one."""
    inside = table.items() if isinstance(table, Mapping) else enumerate(table)
    met: set[str] = set()
    for key, value in inside:
        if isinstance(table, list) and look(value) in met:
            yield (*above, key)
            yield from paths(value, (*above, key))
        elif isinstance(value, Mapping | list):
            yield from alike(value, (*above, key))
        met.add(look(value))


def look(value: Any) -> str:
    """Return which keys a value has, and of which kind what stands there is."""
    if isinstance(value, Mapping):
        return str({key: look(inside) for key, inside in sorted(value.items())})
    return str([look(each) for each in value]) if isinstance(value, list) else type(value).__name__


def with_odd(table: Mapping[str, Any], path: tuple[Any, ...], odd: Any) -> str:
    """Return a table as TOML with one value replaced; without it where that is None."""
    changed: Any = copy.deepcopy(table)
    at = changed
    for key in path[:-1]:
        at = at[key]
    if odd is None:
        del at[path[-1]]
    else:
        at[path[-1]] = odd
    return "".join(f"{toml_key(key)} = {toml_value(value)}\n" for key, value in changed.items())


def taken_or_told(files: Mapping[str, str], name: str, odds: Sequence[Any]) -> None:
    """Put odd values, one by one, where each value of a file stands.

    Of entries of a list that look alike the first has all of them; each is left out once.
    """
    table = tomllib.loads(files[name])
    again = set(alike(table))
    for path in paths(table):
        for odd in odds:
            if path in again and odd is not None:
                continue
            try:
                FolderPlant(tuple(sorted({**files, name: with_odd(table, path, odd)}.items())))
            except (ValueError, LookupError) as fault:
                said = str(fault)
                assert not SLIPS.search(said), (path, odd, said)
                first = said.splitlines()[1 if "\n" in said else 0]
                assert ".toml" in first, (path, odd, said)


@pytest.mark.parametrize(
    "name",
    ["prices", "limits", *(pytest.param(n, marks=pytest.mark.long) for n in ("plant", "schemes"))],
)
def test_a_list_where_none_belongs_is_told_with_its_file(name: str):
    taken_or_told(shipped("brine"), f"{name}.toml", [[1]])


def read_once(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    """Let the sheet of a text be read once: what stands in other files does not change it."""
    read = SheetReader.read
    known: list[FlowSheet | None] = []

    def reading(reader: SheetReader) -> FlowSheet | None:
        if reader.sheet.text != text:
            return read(reader)
        if not known:
            known.append(read(reader))
        return known[0]

    monkeypatch.setattr(SheetReader, "read", reading)


@pytest.mark.long
@pytest.mark.parametrize("plant", ["brine", pytest.param("vessels", marks=pytest.mark.soak)])
def test_a_value_of_another_kind_is_taken_or_told_with_its_file(
    monkeypatch: pytest.MonkeyPatch, plant: str
):
    files = shipped(plant)
    read_once(monkeypatch, files["plant.toml"])
    for name in files:
        if name.endswith(".toml"):
            taken_or_told(files, name, ODD)
