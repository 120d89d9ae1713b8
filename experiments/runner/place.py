"""Where runs are done and kept, and what is said when they come to no end."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from experiments.door.faults import DiskFault, InputFault, Interrupted, SimulationFault, told
from experiments.runner import read_table

DISK = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)


@dataclass(frozen=True)
class Place:
    """Where runs are done, and kept.

    Parameters
    ----------
    workers : int
        Processes of this machine.
    scheduler : str, optional
        Address of a dask scheduler instead.
    out : str, optional
        Folder of the runs, as it was written.
    keeps : str, optional
        The command's option for such a folder, if it has one.
    """

    workers: int
    scheduler: str | None = None
    out: str | None = None
    keeps: str | None = None


@contextmanager
def running_at(place: Place) -> Iterator[None]:
    """Turn whatever stops the runs into one message that says what is kept.

    Raises
    ------
    InputFault
        If the scheduler does not answer, or the folder is not this run's.
    DiskFault
        If the disk is full; what was kept stays, and the command resumes it.
    SimulationFault
        If the workers die, likewise.
    Interrupted
        On Ctrl-C, likewise.
    """
    try:
        yield
    except KeyboardInterrupt:
        raise Interrupted(f"interrupted; {_kept(place)}") from None
    except RuntimeError as fault:
        raise SimulationFault(f"{fault}; {_kept(place)}") from fault
    except (ValueError, OSError) as fault:
        if isinstance(fault, OSError) and fault.errno in DISK:
            raise DiskFault(f"{told([fault])}; {_kept(place)}") from fault
        raise InputFault(told([fault])) from fault


def _kept(place: Place) -> str:
    """Return what is left of a run that has not come to its end."""
    if place.out is None:
        hint = f"; with {place.keeps} DIR it would have been" if place.keeps else ""
        return f"nothing was kept{hint}"
    try:
        runs = len(read_table(place.out))
    except (ValueError, OSError):
        return "nothing was kept"
    return f"{runs:,} runs are kept in {place.out}, and the same command goes on from there"
