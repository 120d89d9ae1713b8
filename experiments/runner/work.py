"""What happens at a worker: a chunk of runs, one after the other, with figures or an error."""

from __future__ import annotations

import os
import pickle
import signal
import traceback
from collections.abc import Mapping, Sequence
from functools import lru_cache
from multiprocessing import connection, parent_process
from pathlib import Path
from threading import Thread
from typing import Any

from experiments.output.provenance import versions
from experiments.runner.rows import Row
from experiments.runner.tasks import Task

Cell = tuple[int, Any, int]
"""Number of a case, the case, number of a replication."""


@lru_cache(maxsize=2)
def _task(pickled: bytes) -> Task:
    """Return a task; it is unpacked once in each process, not once for each chunk."""
    task: Task = pickle.loads(pickled)
    return task


def do(pickled: bytes, asked: Mapping[str, str], cells: Sequence[Cell]) -> list[Row]:
    """Return a row for each cell; a run that fails leaves its error there.

    Raises
    ------
    RuntimeError
        If this worker has other versions than ``asked``: its last digits might differ.
    """
    here = versions()
    for name, version in asked.items():
        if here.get(name) != version:
            raise RuntimeError(
                f"{name} is {version} where the runs are asked for, {here.get(name)} at a worker; "
                "install the same constraints.txt at both"
            )
    task = _task(pickled)
    names = tuple(task.units)
    return [_row(task, names, *cell) for cell in cells]


def _row(task: Task, names: Sequence[str], number: int, case: Any, replication: int) -> Row:
    try:
        figures = task(case, replication)
        values = tuple(float(figures[name]) for name in names)
    except Exception as fault:  # whatever it is, it must not take the other runs with it
        last = traceback.extract_tb(fault.__traceback__)[-1]
        where = f"{Path(last.filename).name}, line {last.lineno}"
        told = f"{type(fault).__name__}: {fault} ({where})"
        return Row(number, str(case), replication, None, told)
    return Row(number, str(case), replication, values, None)


def begin(asking: connection.Connection) -> None:
    """Prepare a worker process: Ctrl-C is for the one that asked, whose end is also its own.

    Parameters
    ----------
    asking : Connection
        It ends when the process that asked wants no more of this one.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = parent_process()
    ends = [asking] if parent is None else [asking, parent.sentinel]
    Thread(target=_follow, args=(ends,), daemon=True).start()


def _follow(ends: Sequence[Any]) -> None:
    """Wait for the first end; without this, workers outlive a parent that is killed."""
    connection.wait(ends)
    os._exit(1)
