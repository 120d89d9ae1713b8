"""Computing a cube: one case of the runner a set, failures recorded by set."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from experiments.cube import NAMES, Cube, Job
from experiments.runner import Variant, open_executor, run
from plant_models.attribution import members

NOT_ASKED = "it was not asked for"


def compute(
    job: Job,
    *,
    workers: int = 1,
    scheduler: str | None = None,
    runs: Path | str | None = None,
    only: Sequence[int] | None = None,
) -> Cube:
    """Return the cube of a job; bitwise the same for any number of workers.

    Parameters
    ----------
    job : Job
    workers, scheduler
        Where the runs are done; see `open_executor`.
    runs : path, optional
        Folder that keeps the single runs; the same call takes up what is there.
    only : sequence of int, optional
        Numbers of the sets that are needed; the others stay without figures.
    """
    count = 1 << len(job.schemes)
    asked = list(range(count)) if only is None else sorted(set(only))
    cases = [Variant(members(job.schemes, mask)) for mask in asked]
    with open_executor(workers, scheduler) as (executor, in_flight):
        table = run(
            cases,
            job.replications,
            task=job.task,
            executor=executor,
            in_flight=in_flight,
            store=runs,
        )
    figures = table[list(NAMES)].to_numpy(dtype=float)
    values = np.full((job.replications, count, len(NAMES)), np.nan)
    values[:, asked] = figures.reshape(len(asked), job.replications, -1).swapaxes(0, 1)
    values.flags.writeable = False
    errors = dict.fromkeys(set(range(count)) - set(asked), NOT_ASKED)
    failed = table[table["error"].notna()]
    for case, error in zip(failed["case"], failed["error"], strict=True):
        errors.setdefault(asked[case], error)
    return Cube(job.schemes, values, job.origin(), dict(sorted(errors.items())))
