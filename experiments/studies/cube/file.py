"""A cube on disk: one Parquet file, a row a run, with what it is made of in its metadata."""

from __future__ import annotations

import json
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np

from experiments.output.answer import plain
from experiments.output.provenance import installed_version
from experiments.studies.cube.cube import Cube, Job, difference, spelled
from experiments.studies.cube.figures import Worth, money_figures
from plant_models.methods.attribution import members
from plant_models.model import PlantModel

NAME = "cube.parquet"
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


def written(cube: Cube, worth: Worth | None) -> bytes:
    """Return a cube as a file; the same cube gives the same bytes.

    Money figures ride along for those who read the file: at these prices, in the unit that the
    plant's money is told in. `load` does not read them, for who asks for money says at which
    prices.
    """
    import pyarrow as pa
    from pyarrow import parquet

    times, masks = len(cube.runs), range(len(cube.values))
    columns = _keys(cube.plant, cube.schemes, times)
    for i, name in enumerate(cube.units):
        columns[name] = cube.runs[:, :, i].ravel()
    units = dict(cube.units)
    singles = [money_figures(each, worth) for each in cube.replications]
    for name, first in singles[0].items():
        columns[f"money.{name}"] = np.concatenate([single[name].values for single in singles])
        units[f"money.{name}"] = first.unit
    columns[ERROR] = [cube.errors.get(mask, "") for mask in masks] * times
    about = {
        "program": "cleanerline",
        "version": installed_version("cleanerline"),
        "units": units,
        "prices": {} if worth is None else plain(worth.prices),
        "investments": {} if worth is None else dict(worth.investments),
        "origin": cube.origin,
    }
    table = pa.table(columns).replace_schema_metadata({KEY: json.dumps(about).encode()})
    content = BytesIO()
    parquet.write_table(table, content, compression="zstd", write_page_checksum=True)
    return content.getvalue()


def load(path: Path | str, plant: PlantModel[Any, Any], said: str = "cube") -> Cube:
    """Return a saved cube: a folder of the command ``cube``, or the file in it.

    Raises
    ------
    ValueError
        If the file is none, is missing or damaged, or is of another plant.
    """
    import pyarrow as pa
    from pyarrow import parquet

    path = Path(path)
    path = path / NAME if path.is_dir() else path
    origin = _read_origin(path, said)
    try:
        table = parquet.read_table(path, page_checksum_verification=True, partitioning=None)
        schemes, names = tuple(origin[SCHEMES]), list(plant.units)
        missing = [name for name in names if name not in table.column_names]
        if missing:
            raise ValueError(f"it has no {missing[0]}, which is computed now; run cube again")
        shape = (origin["replications"] or 1, 1 << len(schemes))
        keys = _keys(plant, schemes, shape[0])
        if any(table.column(name).to_pylist() != list(key) for name, key in keys.items()):
            raise ValueError(f"its rows are not {shape[0]} x {shape[1]:,} runs in their order")
        runs = np.column_stack([table.column(name).to_numpy() for name in names]).astype(float)
        runs = runs.reshape(*shape, len(names))
        told = table.column(ERROR).to_pylist()[: shape[1]]
    except (pa.ArrowException, OSError, KeyError, TypeError, ValueError) as fault:
        raise ValueError(f"{said}: {path} cannot be used: {_line(fault)}") from None
    runs.flags.writeable = False
    return Cube(plant, schemes, runs, origin, {i: text for i, text in enumerate(told) if text})


def refuse_stale(cube: Cube, job: Job, where: str) -> None:
    """Raise, naming the first difference and what to run, unless the cube is what a rerun gives."""
    stale = difference(cube, job)
    if not stale:
        return
    rerun = [f'cube "{spelled(job.schemes, cube.plant)}"']
    if cube.origin["years"] is not None:
        of = job.horizon
        rerun.append(f"--simulate --years {of.years:g} --seed {of.seed}")
        rerun.append(f"--replications {of.replications} --start {of.start}")
    raise ValueError(f"cube: {where} is stale: {stale}; run again: {' '.join(rerun)} --out DIR")


def _keys(plant: PlantModel[Any, Any], schemes: Sequence[str], times: int) -> dict[str, Any]:
    """Return the columns that say which run a row is."""
    masks = range(1 << len(schemes))
    return {
        REPLICATION: np.repeat(np.arange(times, dtype=np.int32), len(masks)),
        SCHEMES: [spelled(members(schemes, mask), plant) for mask in masks] * times,
        **{
            name: [bool(mask >> bit & 1) for mask in masks] * times
            for bit, name in enumerate(schemes)
        },
    }


def _read_origin(path: Path, said: str) -> dict[str, Any]:
    import pyarrow as pa
    from pyarrow import parquet

    if not path.exists():
        raise ValueError(f"{said}: there is no file {path}; make one: cube --out DIR")
    try:
        metadata = parquet.read_schema(path).metadata or {}
        about = json.loads(metadata[KEY])
        origin: dict[str, Any] = about["origin"]
        if any(not isinstance(origin[key], kinds) for key, kinds in ORIGIN.items()):
            raise TypeError(f"one of {', '.join(ORIGIN)} is of another kind")
    except (pa.ArrowException, OSError, LookupError, TypeError, ValueError):
        raise ValueError(f"{said}: {path} is not a cube, or is damaged") from None
    return origin


def _line(fault: Exception) -> str:
    return str(fault).splitlines()[0] if str(fault) else type(fault).__name__
