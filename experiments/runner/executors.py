"""Where the runs are done: this process, processes of this machine, a cluster.

Anything that implements ``concurrent.futures.Executor`` will do. With MPI, for instance, start
``mpiexec -n 64 python -m mpi4py.futures script.py``, and in the script::

    from mpi4py.futures import MPIPoolExecutor

    if __name__ == "__main__":
        with MPIPoolExecutor() as executor:
            run(cases, 20, task=LineYears(), executor=executor, in_flight=130, store="runs/a")

``in_flight`` is the number of chunks handed out at a time; twice the number of workers keeps them
busy. The workers import this package, so it must be installed wherever they run.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from typing import Any, ParamSpec, TypeVar

from experiments.runner.work import begin

P = ParamSpec("P")
T = TypeVar("T")

PATIENCE = 5.0  # s to wait for a scheduler, and for its first worker


class Serial(Executor):
    """Does everything in this process, at once when it is submitted."""

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Return a future that is done already."""
        future: Future[T] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as fault:
            future.set_exception(fault)
        return future


@contextmanager
def open_executor(workers: int = 2, scheduler: str | None = None) -> Iterator[tuple[Executor, int]]:
    """Give an executor and how many chunks it should have in flight.

    Parameters
    ----------
    workers : int
        Processes of this machine; 1 for this process itself.
    scheduler : str, optional
        Address of a dask scheduler, ``tcp://host:8786``, whose workers are used instead.

    Raises
    ------
    ValueError
        If there is no worker, or dask is not installed.
    OSError
        If nothing answers at the scheduler's address.
    """
    if scheduler is not None:
        with _dask(scheduler) as (executor, threads):
            yield executor, 2 * threads
    elif workers == 1:
        yield Serial(), 1
    elif workers > 1:
        pool = ProcessPoolExecutor(workers, mp_context=_context(), initializer=begin)
        try:
            yield pool, 2 * workers
        finally:
            pool.shutdown(cancel_futures=True)
    else:
        raise ValueError(f"workers: expected 1 or more, came {workers}")


def cores() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _context() -> Any:
    """Return how processes are started: never by forking one that has threads, as this may."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["experiments.runner.tasks"])
    return context


@contextmanager
def _dask(address: str) -> Iterator[tuple[Executor, int]]:
    try:
        from distributed import Client
    except ImportError as fault:
        raise ValueError(
            "--scheduler: dask is not installed; it comes with the extra: "
            'python -m pip install -c constraints.txt -e ".[cluster]"'
        ) from fault
    logging.getLogger("distributed").setLevel(logging.CRITICAL)  # one message: ours
    try:
        client = Client(address, timeout=PATIENCE)  # type: ignore[no-untyped-call]
    except (OSError, ValueError, TypeError) as fault:
        raise OSError(
            f"--scheduler: no dask scheduler answers at {address!r} within {PATIENCE:g} s; "
            "expected an address like tcp://host:8786"
        ) from fault
    with client:
        try:
            client.wait_for_workers(1, timeout=PATIENCE)
        except OSError as fault:
            raise OSError(f"--scheduler: the scheduler at {address!r} has no worker") from fault
        threads = client.nthreads()  # type: ignore[no-untyped-call]
        with client.get_executor(pure=False) as executor:  # type: ignore[no-untyped-call]
            yield executor, sum(threads.values())
