"""A plant written to a folder, which reads back equal; its values those of any design of it."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from pathlib import Path
from shutil import rmtree
from typing import Any

from plant_models.arguments import place as a_place
from plant_models.folder.model import Files, FolderPlant
from plant_models.folder.parts import RATES
from plant_models.folder.places import sheet_of
from plant_models.folder.sheet import FILE, SECTIONS
from plant_models.folder.writing import fact_table, toml_key, toml_table, toml_value
from sim.errors import need_kind
from sim.model.facts import Design
from sim.model.tree import leaves


def written(plant: FolderPlant, design: Design[Any] | Any | None = None) -> Files:
    """Return the files of a plant, or of another design of it, by name; comments are lost.

    What a design has set keeps its source, and its range is widened to hold it.

    Raises TypeError: a design of another plant.
    """
    need_kind("written", FolderPlant, plant=plant)
    texts = dict(plant.files)
    sheet, _ = sheet_of(FILE, texts[FILE])
    table = deepcopy(dict(sheet.table))
    own, becomes = plant.baseline(), plant.own(design)
    before = {path: value for path, _, value in leaves(own.tree)}
    for path, declared, value in leaves(becomes.tree):
        if value != before.get(path):
            fact = becomes.facts.get(path) or own.facts.get(path)
            told: Any = value if fact is None else _told(fact, value, declared.unit)
            _put(table, _place(plant, path), told)
    texts[FILE] = document(table)
    return tuple(sorted(texts.items()))


def write(plant: FolderPlant, place: Path | str, design: Design[Any] | Any | None = None) -> None:
    """Write a plant, or another design of it, into a folder that is new or empty.

    Raises TypeError or ValueError: a design of another plant; a folder that holds something, or
    that cannot be written, of which nothing is left then.
    """
    folder = a_place("place", place)
    files = written(plant, design)
    draft = folder.with_name(f".{folder.name}.draft")
    try:
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise ValueError(f"place: {place} is there already; choose a new folder")
        draft.mkdir(parents=True, exist_ok=True)
        for name, text in files:
            (draft / name).write_text(text, encoding="utf-8", newline="\n")
        if folder.exists():
            folder.rmdir()
        draft.rename(folder)
    except OSError as fault:
        rmtree(draft, ignore_errors=True)
        raise ValueError(f"place: {place} cannot be written: {fault.strerror or fault}") from fault


def document(table: Mapping[str, Any]) -> str:
    """Return a ``plant.toml`` from its table: lists first, then a table for each part."""
    first = {k: v for k, v in table.items() if not isinstance(v, Mapping)}
    rows = [f"{toml_key(key)} = {_list(value)}" for key, value in first.items()]
    texts = ["\n".join(rows) + "\n"] if rows else []
    for section in (*SECTIONS, *(key for key in table if key not in SECTIONS)):
        part = table.get(section)
        if not isinstance(part, Mapping):
            continue
        plain = {k: v for k, v in part.items() if not _is_part(section, v)}
        if plain or not part:
            texts.append(toml_table(section, plain))
        texts += [
            toml_table(f"{section}.{toml_key(k)}", v)
            for k, v in part.items()
            if _is_part(section, v)
        ]
    return "\n".join(texts)


def _is_part(section: str, value: object) -> bool:
    return isinstance(value, Mapping) and section in (
        "supplies", "tanks", "units", "trains", "operation", "sources",
    )  # fmt: skip


def _list(value: Any) -> str:
    if not isinstance(value, list):
        return toml_value(value)
    inside = "".join(f"    {toml_value(each)},\n" for each in value)
    return f"[\n{inside}]" if inside else "[]"


def _told(fact: Any, value: Any, unit: str) -> Any:
    table = {**fact_table(fact), "value": value}
    for key, outer in (("low", min), ("high", max)):
        if key in table:
            table[key] = outer(table[key], value)
    if table.get("source") in ("stated", "default"):
        table.pop("source")
    if isinstance(value, bool | str):
        return value
    return table if set(table) - {"value", "unit"} else value


def _place(plant: FolderPlant, path: str) -> tuple[str, ...]:
    """Return where a parameter of the tree stands in the file."""
    head, *rest = path.split(".")
    sheet = plant.sheet
    if head == "site":
        return ("plant", *rest)
    if head in ("surroundings", *RATES):
        return (head, *rest)
    for section, names in (
        ("units", sheet.units),
        ("tanks", sheet.tanks),
        ("supplies", sheet.supplies),
        ("trains", tuple(sheet.trains)),
    ):
        if head in names:
            return (section, head, *rest)
    return ("operation", head, *rest)


def _put(table: dict[str, Any], place: tuple[str, ...], value: Any) -> None:
    *above, last = place
    for key in above:
        table = table.setdefault(key, {})
    table[last] = value
