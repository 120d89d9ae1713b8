"""Whatever stands where another kind of value belongs: told with its file, never a slip of ours."""

from __future__ import annotations

import copy
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pytest

from plant_models.folder.model import FolderPlant
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
    """Put odd values, one by one, where each value of a file stands."""
    table = tomllib.loads(files[name])
    for path in paths(table):
        for odd in odds:
            try:
                FolderPlant(tuple(sorted({**files, name: with_odd(table, path, odd)}.items())))
            except (ValueError, LookupError) as fault:
                said = str(fault)
                assert not SLIPS.search(said), (path, odd, said)
                first = said.splitlines()[1 if "\n" in said else 0]
                assert ".toml" in first, (path, odd, said)


@pytest.mark.parametrize("name", ["plant", "prices", "limits", "schemes"])
def test_a_list_where_none_belongs_is_told_with_its_file(name: str):
    taken_or_told(shipped("brine"), f"{name}.toml", [[1]])


@pytest.mark.long
@pytest.mark.parametrize("plant", ["brine", "vessels"])
def test_a_value_of_another_kind_is_taken_or_told_with_its_file(plant: str):
    files = shipped(plant)
    for name in files:
        if name.endswith(".toml"):
            taken_or_told(files, name, ODD)
