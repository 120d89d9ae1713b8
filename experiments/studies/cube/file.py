"""A cube on disk: one Parquet file, a row a run, with what it is made of in its metadata."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import fields
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np

from experiments.output.whole_files import check_file, write_whole
from experiments.runner.studies import installed_version
from experiments.studies.attribute.study import money_figures
from experiments.studies.cube.study import NAMES, Cube, Job, difference, spelled
from plant_models.chlorobenzene.money.prices import Prices
from plant_models.methods.attribution import members

KEY = b"cleanerline.cube"
NONE = type(None)
ORIGIN: dict[str, tuple[type, ...]] = {
    "clock": (str,),
    "schemes": (list,),
    "years": (float, int, NONE),
    "seed": (int, NONE),
    "replications": (int, NONE),
    "start": (str, NONE),
    "parameters": (dict,),
    "patches": (dict,),
}
"""What `Job.origin` tells, and of what kind it is."""
REPLICATION, SCHEMES, ERROR = "replication", "schemes", "error"


def check_target(text: str | None) -> Path | None:
    """Return the file to write, if a new one can be put there.

    Raises
    ------
    ValueError
        If it is a folder or not a cube, or nothing can be written there.
    """
    if text is None:
        return None
    path = check_file(text, (".parquet",), "cube.parquet")
    if path.exists():
        _read_origin(path, "--out")
    return path


def save(
    cube: Cube, path: Path, prices: Prices, investments: Mapping[str, float] | None = None
) -> None:
    """Write a cube, whole or not at all; the same cube gives the same bytes.

    Money figures ride along for those who read the file: at these prices, 10^4 RMB. `load` does not
    read them, for who asks for money says at which prices.
    """
    import pyarrow as pa
    from pyarrow import parquet

    times, masks = len(cube.runs), range(len(cube.values))
    columns = _keys(cube.schemes, times)
    for i, name in enumerate(NAMES):
        columns[name] = cube.runs[:, :, i].ravel()
    units = dict(cube.units)
    singles = [money_figures(each, prices, investments or {}) for each in cube.replications]
    for name, first in singles[0].items():
        columns[f"money.{name}"] = np.concatenate([single[name].values for single in singles])
        units[f"money.{name}"] = first.unit
    columns[ERROR] = [cube.errors.get(mask, "") for mask in masks] * times
    about = {
        "program": "cleanerline",
        "version": installed_version("cleanerline"),
        "units": units,
        "prices": {item.name: getattr(prices, item.name) for item in fields(Prices)},
        "investments": dict(investments or {}),
        "origin": cube.origin,
    }
    table = pa.table(columns).replace_schema_metadata({KEY: json.dumps(about).encode()})
    written = BytesIO()
    parquet.write_table(table, written, compression="zstd", write_page_checksum=True)
    write_whole(path, written.getvalue())


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
        table = parquet.read_table(path, page_checksum_verification=True, partitioning=None)
        schemes = tuple(origin[SCHEMES])
        missing = [name for name in NAMES if name not in table.column_names]
        if missing:
            raise ValueError(f"it has no {missing[0]}, which is computed now; run cube again")
        shape = (origin["replications"] or 1, 1 << len(schemes))
        keys = _keys(schemes, shape[0])
        if any(table.column(name).to_pylist() != list(key) for name, key in keys.items()):
            raise ValueError(f"its rows are not {shape[0]} x {shape[1]:,} runs in their order")
        runs = np.column_stack([table.column(name).to_numpy() for name in NAMES]).astype(float)
        runs = runs.reshape(*shape, len(NAMES))
        told = table.column(ERROR).to_pylist()[: shape[1]]
    except (pa.ArrowException, OSError, KeyError, TypeError, ValueError) as fault:
        raise ValueError(f"{option}: {path} cannot be used: {_line(fault)}") from None
    runs.flags.writeable = False
    return Cube(schemes, runs, origin, {i: text for i, text in enumerate(told) if text})


def _keys(schemes: Sequence[str], times: int) -> dict[str, Any]:
    """Return the columns that say which run a row is."""
    masks = range(1 << len(schemes))
    return {
        REPLICATION: np.repeat(np.arange(times, dtype=np.int32), len(masks)),
        SCHEMES: [spelled(members(schemes, mask)) for mask in masks] * times,
        **{
            name: [bool(mask >> bit & 1) for mask in masks] * times
            for bit, name in enumerate(schemes)
        },
    }


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
        origin: dict[str, Any] = about["origin"]
        if any(not isinstance(origin[key], kinds) for key, kinds in ORIGIN.items()):
            raise TypeError(f"one of {', '.join(ORIGIN)} is of another kind")
    except (pa.ArrowException, OSError, LookupError, TypeError, ValueError):
        raise ValueError(f"{option}: {path} is not a cube, or is damaged") from None
    return origin


def _line(fault: Exception) -> str:
    return str(fault).splitlines()[0] if str(fault) else type(fault).__name__
