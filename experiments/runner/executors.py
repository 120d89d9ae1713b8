"""Where the runs are done: this process, processes of this machine, a cluster.

Anything that implements ``concurrent.futures.Executor`` will do. With MPI, for instance, start
``mpiexec -n 64 python -m mpi4py.futures script.py``, and in the script::

    from mpi4py.futures import MPIPoolExecutor

    if __name__ == "__main__":
        with MPIPoolExecutor() as executor:
            run(cases, 20, task=PlantYears(), executor=executor, in_flight=130, store="runs/a")

``in_flight`` is the number of chunks handed out at a time; twice the number of workers keeps them
busy. The workers import this package, so it must be installed wherever they run.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import socket
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import connection, forkserver, parent_process, resource_tracker
from pathlib import Path
from threading import Thread
from typing import Any, ParamSpec, TypeVar

from experiments.bounds import MOST_WORKERS
from experiments.runner.faults import WorkersFault, undisturbed
from plant_models.arguments import count
from sim.errors import told

P = ParamSpec("P")
T = TypeVar("T")

MANY = 8  # runs of a year, for which it pays to start processes
MANY_AT_REST = 1024  # steady states, each a few milliseconds, for which it does
NOT_BEGUN = (
    "no worker process could begin its work; workers read a script anew, so keep what it runs "
    "under: if __name__ == '__main__'"
)
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
def open_executor(
    workers: int | None = 2, scheduler: str | None = None, *, runs: int = MANY, years: float = 1.0
) -> Iterator[tuple[Executor, int]]:
    """Give an executor and how many chunks it should have in flight.

    ``workers``: processes of this machine; 1 for this process itself, None for as many as pay.
    ``scheduler``: address of a dask scheduler, ``tcp://host:8786``, whose workers are used instead.
    ``runs``: how many there are to do, of so many ``years`` each; a few years are done before
    processes would have started. What a `multiprocessing.Pool` has started may start no processes
    itself, and does all the work.

    Raises
    ------
    ValueError
        If there is no worker, or dask is not installed.
    OSError
        If nothing answers at the scheduler's address.
    """
    if workers is None:
        workers = min(cores(), runs) if runs * years >= MANY else 1
    check_workers(workers)
    workers = 1 if multiprocessing.current_process().daemon else min(workers, max(runs, 1))
    if scheduler is not None:
        with _dask(scheduler) as (executor, threads):
            yield executor, 2 * threads
    elif workers == 1:
        yield Serial(), 1
    else:
        with _processes(workers) as pool:
            yield pool, 2 * workers


def workers_at_rest(workers: int | None, runs: int) -> int | None:
    """Return the workers for some steady states: a process starts in the time of a few hundred."""
    return 1 if workers is None and runs < MANY_AT_REST else workers


def check_workers(workers: int | None) -> None:
    """Raise TypeError or ValueError for what is no number of processes; None is for what pays."""
    if workers is not None:
        count("workers", workers, 1, MOST_WORKERS)


def cores() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@contextmanager
def _processes(workers: int) -> Iterator[Executor]:
    """Give processes of this machine; after a fault, or Ctrl-C, they leave what they are at.

    Raises WorkersFault: none of them has begun.
    """
    _leave_a_script_that_is_read_anew()
    context = _context()
    ours, theirs = context.Pipe()  # nothing is sent; they leave when our end is closed
    pool = ProcessPoolExecutor(workers, mp_context=context, initializer=begin, initargs=(theirs,))
    begun: list[Future[int]] = []
    try:
        # disturbed, a process whose start is broken off would be left to itself
        with undisturbed(), _no_script_from_standard_input():
            begun.extend(pool.submit(int) for _ in range(workers))  # one process each
        yield pool
    except (BrokenExecutor, WorkersFault) as fault:
        ours.close()
        if any(first.done() and not first.exception() for first in begun):
            raise
        raise WorkersFault(NOT_BEGUN) from fault
    except BaseException:
        ours.close()
        raise
    finally:
        pool.shutdown(cancel_futures=True)
        ours.close()
        theirs.close()


def _leave_a_script_that_is_read_anew() -> None:
    """End a worker process in which a script asks for workers while it is read: none would end."""
    if getattr(multiprocessing.current_process(), "_inheriting", False):
        raise SystemExit(1)


@contextmanager
def _no_script_from_standard_input() -> Iterator[None]:
    """Let processes that start meanwhile not look for ``<stdin>``, which is no file of a script."""
    main = sys.modules["__main__"]
    name = getattr(main, "__file__", None)
    if name is None or Path(name).exists():
        yield
        return
    del main.__file__
    try:
        yield
    finally:
        main.__file__ = name


def _context() -> Any:
    """Return how processes are started: never by forking one that has threads, as this may."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["experiments.runner.tasks"])
    # Workers inherit that Ctrl-C is held back, from the first moment on.
    resource_tracker.ensure_running()  # it lets Ctrl-C through, so it must be there before
    with undisturbed():
        forkserver.ensure_running()
    return context


@contextmanager
def _dask(address: str) -> Iterator[tuple[Executor, int]]:
    try:
        from distributed import Client
    except ImportError as fault:
        raise ValueError(
            "--scheduler: dask is not installed; it is of the extra cluster: "
            'python -m pip install "dask[distributed]"'
        ) from fault
    for name in ("distributed", "distributed.client"):
        logging.getLogger(name).setLevel(logging.CRITICAL)  # one message: ours
    given: object = address
    if not isinstance(given, str) or not given.strip():
        raise TypeError(f"scheduler: expected an address like tcp://host:8786, came {told(given)}")
    try:
        _reach(address)
        client = Client(address, timeout=PATIENCE)  # type: ignore[no-untyped-call]
    except Exception as fault:  # whatever the parts of an address lead to
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


def _reach(address: str) -> None:
    """Raise OSError or ValueError where nothing listens.

    A client that cannot connect is better not made: taken away half made, it may wait for itself.
    """
    scheme, _, place = address.strip().rpartition("://")
    host, _, port = place.rpartition(":")
    if scheme not in ("", "tcp", "tls", "ws", "wss"):
        raise ValueError(f"no address of a scheduler begins with {scheme}://")
    with socket.create_connection((host.strip("[]"), int(port)), timeout=PATIENCE):
        pass


def begin(asking: connection.Connection) -> None:
    """Prepare a worker process: Ctrl-C is for the one that asked, whose end is also its own.

    ``asking``: it ends when the process that asked wants no more of this one.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = parent_process()
    ends = [asking] if parent is None else [asking, parent.sentinel]
    Thread(target=_follow, args=(ends,), daemon=True).start()


def _follow(ends: Sequence[Any]) -> None:
    """Wait for the first end; without this, workers outlive a parent that is killed."""
    connection.wait(ends)
    os._exit(1)
