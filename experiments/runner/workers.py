"""Jobs over processes: the results come in the order of the jobs, whoever does them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

from experiments.runner.executors import open_executor

T = TypeVar("T")


def spread(
    work: Callable[..., T], jobs: Sequence[tuple[Any, ...]], workers: int, name: str
) -> list[T]:
    """Return what ``work`` makes of every job; progress shows on a terminal.

    Parameters
    ----------
    work : callable
        A function of a module, with the members of a job for its arguments.
    jobs : sequence of tuple
    workers : int
        Processes; 1 does everything in this one.
    name : str
        What the progress is called.
    """
    if workers == 1 or len(jobs) < 2:
        return list(_shown((work(*job) for job in jobs), len(jobs), name))
    with open_executor(min(workers, len(jobs))) as (pool, _):
        done = [pool.submit(work, *job) for job in jobs]
        return list(_shown((each.result() for each in done), len(jobs), name))


def _shown(results: Iterator[T], count: int, name: str) -> Iterator[T]:
    if count == 1:
        yield from results
        return
    from tqdm import tqdm

    yield from tqdm(results, total=count, desc=name, unit="run", disable=None, leave=False)
