"""A cube on disk: one Parquet file, a row a set, with what it is made of in its metadata."""

from __future__ import annotations

import json
import secrets
from pathlib import Path
from typing import Any

import numpy as np

from experiments.cube import NAMES, Cube, Job, difference, spelled
from experiments.studies import installed_version
from plant_models.attribution import members

KEY = b"cleanerline.cube"
SCHEMES = "schemes"


def check_target(text: str | None) -> Path | None:
    """Return the file to write, if a new one can be put there.

    Raises
    ------
    ValueError
        If it is a folder or not a cube, or nothing can be written there.
    """
    if text is None:
        return None
    path = Path(text)
    if path.suffix != ".parquet":
        raise ValueError(f"--out: expected a file like cube.parquet, came {text!r}")
    if path.is_dir():
        raise ValueError(f"--out: {text} is a folder; expected a file, which need not exist yet")
    if path.exists():
        _read_origin(path, "--out")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = _draft(path)
        draft.touch()
        draft.unlink()
    except OSError as fault:
        raise ValueError(f"--out: {text} cannot be written: {fault.strerror}") from fault
    return path


def save(cube: Cube, path: Path) -> None:
    """Write a cube, whole or not at all; the same cube gives the same bytes."""
    import pyarrow as pa
    from pyarrow import parquet

    masks = range(len(cube.values))
    columns: dict[str, Any] = {SCHEMES: [spelled(members(cube.schemes, mask)) for mask in masks]}
    for bit, name in enumerate(cube.schemes):
        columns[name] = [bool(mask >> bit & 1) for mask in masks]
    columns |= cube.columns
    columns["error"] = [cube.errors.get(mask, "") for mask in masks]
    about = {
        "program": "cleanerline",
        "version": installed_version("cleanerline"),
        "units": dict(cube.units),
        "origin": cube.origin,
    }
    table = pa.table(columns).replace_schema_metadata({KEY: json.dumps(about).encode()})
    draft = _draft(path)
    try:
        parquet.write_table(table, draft, compression="zstd")
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def load(path: Path, option: str = "--cube") -> Cube:
    """Return a saved cube.

    Raises
    ------
    ValueError
        If the file is none, or is damaged.
    OSError
        If there is no such file.
    """
    import pyarrow as pa
    from pyarrow import parquet

    origin = _read_origin(path, option)
    try:
        table = parquet.read_table(path)
        schemes = tuple(origin[SCHEMES])
        values = np.column_stack([table.column(name).to_numpy() for name in NAMES])
        told = table.column("error").to_pylist()
    except (pa.ArrowException, OSError, KeyError, ValueError) as fault:
        raise ValueError(f"{option}: {path} is damaged: {_line(fault)}") from None
    if len(values) != 1 << len(schemes):
        raise ValueError(
            f"{option}: {path} holds {len(values)} sets; expected {1 << len(schemes)} of "
            f"{len(schemes)} schemes"
        )
    values.flags.writeable = False
    return Cube(schemes, values, origin, {i: text for i, text in enumerate(told) if text})


def refuse_stale(cube: Cube, job: Job, path: Path, rerun: str) -> None:
    """Raise, naming the first difference and what to run, unless the cube is what a rerun gives."""
    stale = difference(cube, job)
    if stale:
        raise ValueError(f"--cube: {path} is stale: {stale}; run again: {rerun}")


def _read_origin(path: Path, option: str) -> dict[str, Any]:
    import pyarrow as pa
    from pyarrow import parquet

    if not path.exists():
        raise ValueError(f"{option}: there is no file {path}; make one: cube --out {path}")
    try:
        metadata = parquet.read_schema(path).metadata or {}
        about = json.loads(metadata[KEY])
    except (pa.ArrowException, OSError, KeyError, ValueError):
        raise ValueError(f"{option}: {path} is not a cube, or is damaged") from None
    origin: dict[str, Any] = about["origin"]
    return origin


def _draft(path: Path) -> Path:
    return path.with_name(f".{path.name}-{secrets.token_hex(4)}")


def _line(fault: Exception) -> str:
    return str(fault).splitlines()[0] if str(fault) else type(fault).__name__
