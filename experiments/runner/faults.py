"""How runs end that cannot be done: where they stood, and whether it was their own fault."""

from __future__ import annotations

import errno
import signal
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import current_thread, main_thread
from typing import TYPE_CHECKING, Any, NoReturn

from plant_models.hooks import Misfit
from sim.errors import BalanceError, ConflictError, Gridlock

if TYPE_CHECKING:
    from plant_models.model import Variant

DISK = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)
"""What a disk says that takes no more."""
SLIPS = (TypeError, AttributeError)
"""What a class of somebody's own raises that has a slip in it; input was checked before."""


class SimulationFault(RuntimeError):
    """The input was right, and the simulation could not be finished."""


class WorkersFault(RuntimeError):
    """The workers cannot do their work, or have died; a run's own fault is none of theirs."""


class DiskFault(OSError):
    """The place that was named cannot take the result; what is there stays."""


@contextmanager
def at_work(doing: str) -> Iterator[None]:
    """Turn what stops a simulation into a ``SimulationFault`` that says where."""
    try:
        yield
    except (SimulationFault, Misfit):
        raise
    except (ValueError, LookupError, ArithmeticError, RuntimeError, *SLIPS) as fault:
        raise SimulationFault(f"{doing} could not be simulated: {spotted(fault)}") from fault


def run_of(of: Variant[Any], replication: int | None = None) -> str:
    """Return what a run of a design is called where it cannot be done."""
    which = "" if replication is None else f", replication {replication + 1},"
    return f"the {of.plant.name} with {of.name}{which}"


def failed(doing: str, again: Callable[[], object], said: str) -> NoReturn:
    """Raise what keeps a run from being done whose row tells that it failed, by doing it again.

    A row has but the words, and what is wrong with somebody's own class ends a command otherwise.
    """
    with at_work(doing):
        again()
    raise SimulationFault(f"{doing} could not be simulated: {said}")


def spotted(fault: BaseException) -> str:
    """Return an exception with its kind and the line that raised it.

    What a plant itself cannot do, or schemes together, has no line: no program is to blame, nor for
    workers that are gone. What is wrong with a plant's own class tells where it stands.
    """
    if isinstance(fault, Misfit | WorkersFault):
        return str(fault)
    if isinstance(fault, BalanceError | Gridlock | ConflictError):
        return f"{type(fault).__name__}: {fault}"
    last = traceback.extract_tb(fault.__traceback__)[-1:]
    where = f" ({Path(last[0].filename).name}, line {last[0].lineno})" if last else ""
    return f"{type(fault).__name__}: {fault}{where}"


@contextmanager
def undisturbed() -> Iterator[None]:
    """Let Ctrl-C wait; what is started meanwhile never gets it, where the system knows how.

    The mask is what a process inherits; it is no help here, where another thread may be hit.
    """
    if current_thread() is not main_thread() or signal.getsignal(signal.SIGINT) is None:
        yield
        return
    came: list[int] = []
    handler = signal.signal(signal.SIGINT, lambda number, _: came.append(number))
    masks = hasattr(signal, "pthread_sigmask")
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT]) if masks else set()
    try:
        yield
    finally:
        if masks:
            signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        signal.signal(signal.SIGINT, handler)
        if came:
            signal.raise_signal(signal.SIGINT)
