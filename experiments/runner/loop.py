"""The runner's one function: cases x replications, streamed through an executor into a store."""

from __future__ import annotations

import pickle
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import (
    FIRST_COMPLETED,
    BrokenExecutor,
    CancelledError,
    Executor,
    Future,
    wait,
)
from contextlib import ExitStack, contextmanager, suppress
from numbers import Integral
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any, TypeVar

import click

from experiments.output.provenance import versions
from experiments.runner.executors import open_executor
from experiments.runner.faults import DISK, DiskFault, SimulationFault, WorkersFault
from experiments.runner.folder import Memory, Plan, RunFolder, card_of, read_table
from experiments.runner.tasks import Task, do
from plant_models.arguments import count
from plant_models.hooks import Misfit
from plant_models.languages import SPOKEN
from sim.errors import gives_each, need_function, told

if TYPE_CHECKING:
    import pandas as pd

K = TypeVar("K")
R = TypeVar("R")


def run(
    cases: Sequence[Any],
    replications: int = 1,
    *,
    task: Task,
    executor: Executor | None = None,
    workers: int | None = 2,
    scheduler: str | None = None,
    in_flight: int | None = None,
    store: Path | str | None = None,
    chunk: int | None = None,
    progress: bool | None = None,
) -> pd.DataFrame:
    """Return one row for each replication of each case, in that order.

    The table depends on cases, replications and task alone: not on the executor, the number of
    workers, the size of a chunk, or on how often the work was interrupted and taken up again.

    Parameters
    ----------
    cases : sequence
        What ``task`` is called with; of a plant, scheme sets like ``"F1-F4"``, or Variants.
    replications : int
        Each case is run with replication 0, 1, ...
    task : Task
        What one run is; see ``PlantYears``.
    executor : Executor, optional
        Where the runs are done; processes of this machine by default. The caller closes it.
    workers, scheduler : optional
        As of `open_executor`, when no executor is given.
    in_flight : int, optional
        Chunks handed to an executor at a time, 16 if one is given. It bounds what is in memory.
    store : path, optional
        Folder that keeps the runs; the same call takes up what is there. In memory by default.
    chunk : int, optional
        Runs that travel, and are kept, together; a folder keeps the size it began with.
    progress : bool, optional
        Show a bar; by default on a terminal and in a notebook, elsewhere a line each half minute.

    Returns
    -------
    DataFrame
        ``case``, ``label``, ``replication``, the task's figures, ``error``. The units are in
        ``attrs["units"]``. A run that failed has an error, and its figures are missing.

    Raises
    ------
    TypeError, ValueError
        A wrong argument, a task that cannot travel to a worker, or a folder of something else.
    OSError
        If the folder cannot be written, or no scheduler answers. What was kept stays readable.
    SimulationFault, KeyboardInterrupt
        If the workers cannot do their work at all, or die; on Ctrl-C. It says what is kept.
    """
    if isinstance(cases, str) or not gives_each(cases):
        raise TypeError(
            f"cases: expected a list of cases, came {told(cases)}; write [{told(cases)}]"
        )
    if isinstance(task, type):
        raise TypeError(f"task: expected a value, like {task.__name__}(), came the class")
    if lacks := [name for name in ("units", "card") if not hasattr(task, name)]:
        raise TypeError(
            f"task: expected a Task, like PlantYears(years=1.0), came {told(task)}, which has no "
            f"{' and no '.join(lacks)}"
        )
    need_function("task", "case, replication", task=task)
    if executor is not None and (isinstance(executor, type) or not hasattr(executor, "submit")):
        raise TypeError(
            f"executor: expected an Executor of concurrent.futures, or one like it, came "
            f"{told(executor)}"
        )
    if not isinstance(workers, Integral | None):  # before anything is counted with it
        raise TypeError(f"workers: expected a whole number, came {told(workers)}")
    if not isinstance(store, str | Path | None):
        raise TypeError(f"store: expected a folder, came {told(store)}")
    hint = 16 if in_flight is None else count("in_flight", in_flight, 1)
    size = 0 if chunk is None else count("chunk", chunk, 1)
    plan = Plan(tuple(cases), replications, size)
    with _telling_what_is_kept(store), ExitStack() as stack:
        if executor is None and scheduler is not None:
            executor, usual = stack.enter_context(open_executor(scheduler=scheduler))
            hint = usual if in_flight is None else hint
        kept: Memory | RunFolder = Memory(task.units)
        if store is not None:
            folder = RunFolder(Path(store), card_of(plan, task), task.units, chunk)
            kept = stack.enter_context(folder)
            plan = folder.plan(plan)
        todo = [number for number in range(plan.chunks) if number not in kept.done]
        if todo:
            if executor is None:
                executor, usual = stack.enter_context(open_executor(workers, runs=len(todo)))
                hint = usual if in_flight is None else hint
            _work(executor, hint, plan, todo, task, kept, progress)
        return kept.table()


@contextmanager
def _telling_what_is_kept(store: Path | str | None) -> Iterator[None]:
    """Add to what breaks off the runs what is kept of them."""
    try:
        yield
    except KeyboardInterrupt:
        raise KeyboardInterrupt(f"interrupted; {_kept(store)}") from None
    except WorkersFault as fault:
        raise SimulationFault(f"{fault}; {_kept(store)}") from fault
    except OSError as fault:
        if fault.errno not in DISK:
            raise
        raise DiskFault(f"{fault.strerror}; {_kept(store)}") from fault


def _kept(store: Path | str | None) -> str:
    """Return what is left of runs that have not come to their end."""
    try:
        runs = 0 if store is None else len(read_table(store))
    except (ValueError, OSError):
        runs = 0
    if not runs:
        return "nothing was kept" + "; in a folder for the runs it would have been" * (not store)
    what = "run is" if runs == 1 else "runs are"
    return f"{runs:,} {what} kept in {store}, and the same command goes on from there"


def _work(
    executor: Executor,
    in_flight: int,
    plan: Plan,
    todo: Sequence[int],
    task: Task,
    kept: Memory | RunFolder,
    progress: bool | None,
) -> None:
    try:
        pickled = pickle.dumps(task)
    except (pickle.PicklingError, AttributeError, TypeError) as fault:
        raise TypeError(
            f"task: it cannot travel to a worker: {fault}; what it calls must be a function of a "
            "module, no lambda and none inside another"
        ) from fault
    calls = ((number, (pickled, dict(versions()), plan.cells(number))) for number in todo)
    size = sum(plan.size(number) for number in todo)
    with progress_bar(plan.total, plan.total - size, progress) as bar:
        for number, rows in streamed(executor, do, calls, in_flight):
            kept.put(number, rows)
            bar.update(len(rows))


def streamed(
    executor: Executor,
    function: Callable[..., R],
    calls: Iterable[tuple[K, tuple[Any, ...]]],
    in_flight: int,
) -> Iterator[tuple[K, R]]:
    """Yield the key and result of each call as it is done; at most ``in_flight`` are open."""
    pending: dict[Future[R], K] = {}
    try:
        for key, arguments in calls:
            pending[_submitted(executor, function, arguments)] = key
            while len(pending) >= in_flight:
                yield from _done(pending)
        while pending:
            yield from _done(pending)
    finally:
        for future in pending:
            future.cancel()


def each(
    work: Callable[..., R],
    jobs: Sequence[tuple[Any, ...]],
    workers: int | None,
    name: str,
    years: float = 1.0,
) -> list[R]:
    """Return what ``work``, a function of a module, makes of every job, in order.

    A job is its arguments, and takes as long as a run of so many ``years``; ``workers`` as of
    `open_executor`. Progress, of this name, shows on a terminal.
    """
    done: dict[int, R] = {}
    with (
        open_executor(workers, runs=len(jobs), years=years) as (executor, in_flight),
        progress_bar(len(jobs), progress=None if len(jobs) > 1 else False, name=name) as bar,
    ):
        for number, result in streamed(executor, work, enumerate(jobs), in_flight):
            done[number] = result
            bar.update()
    return [done[number] for number in range(len(jobs))]


def _submitted(
    executor: Executor, function: Callable[..., R], arguments: tuple[Any, ...]
) -> Future[R]:
    try:
        return executor.submit(function, *arguments)
    except RuntimeError as fault:  # closed or broken
        raise WorkersFault(why_no_work(fault)) from fault


def _done(pending: dict[Future[R], K]) -> Iterator[tuple[K, R]]:
    for future in wait(pending, return_when=FIRST_COMPLETED).done:
        key = pending.pop(future)
        try:
            result = future.result()
        except (SimulationFault, Misfit):
            raise
        except Exception as fault:  # no run's own: those are in its row
            raise WorkersFault(why_no_work(fault)) from fault
        yield key, result


def why_no_work(fault: Exception) -> str:
    """Return what keeps workers from their work, in words."""
    if isinstance(fault, WorkersFault):
        return str(fault)
    if isinstance(fault, BrokenExecutor):
        return "a worker process ended before its work was done; was it killed, or out of memory?"
    if isinstance(fault, CancelledError):
        return "work that was handed out has been given up; is the scheduler still there?"
    kind = "" if type(fault) is RuntimeError else f"{type(fault).__name__}: "
    return f"the workers cannot do this work: {kind}{fault}"


def progress_bar(
    total: int, initial: int = 0, progress: bool | None = None, name: str | None = None
) -> Any:
    """Return a bar with rate and remaining time on a terminal and in a notebook, else `Lines`."""
    from tqdm.auto import tqdm

    if progress is None and not _on_terminal() and not _in_notebook():
        return Lines(total, initial, name or "runs")
    shown, off = _said(name) if name else None, progress is False
    return tqdm(total=total, initial=initial, desc=shown, unit="run", disable=off, leave=False)


def _said(text: str) -> str:
    """Return what is said of the work to whoever waits for it."""
    if SPOKEN.get() == "en":
        return text
    from experiments.door.aside import in_chinese  # it has a book to read

    return in_chinese(text)


TELL_EVERY = 30.0  # s


class Lines:
    """Tells how far it is in a line now and then, where stderr is a file, which has no bars.

    Work that is done before the first line is due is not told of.
    """

    def __init__(self, total: int, initial: int, name: str) -> None:
        self.total, self.initial, self.done, self.name = total, initial, initial, name
        self.began = self.told = monotonic()

    def __enter__(self) -> Lines:
        return self

    def __exit__(self, *fault: object) -> None:
        """Say nothing more: what comes of it is told by who has asked."""

    def update(self, runs: int = 1) -> None:
        """Count what is done, and tell of it if that is due."""
        self.done += runs
        now = monotonic()
        if now - self.told >= TELL_EVERY and self.done < self.total:
            self.told = now
            spent = now - self.began
            left = spent * (self.total - self.done) / (self.done - self.initial)
            text = (
                f"{self.name}: {self.done:,} of {self.total:,} in {spent / 60.0:.1f} min, "
                f"about {left / 60.0:.1f} min to go"
            )
            with suppress(OSError):  # nobody reads it any more, or the disk of the log is full
                click.echo(_said(text), err=True)


def _on_terminal() -> bool:
    """Whether what is said beside is read as it comes; a program with windows has no stderr."""
    return sys.stderr is not None and sys.stderr.isatty()


def _in_notebook() -> bool:
    """Whether a kernel runs this; that its module is loaded does not tell."""
    shell = sys.modules.get("IPython")
    return "ipykernel" in sys.modules and shell is not None and shell.get_ipython() is not None
