"""How a command ends when it cannot do its work: one message, an exit code, no traceback."""

from __future__ import annotations

import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import click

FAULTS = (ValueError, LookupError, OSError)  # what checks of the input raise


class InputFault(click.ClickException):
    """Something was wrong with the input; nothing has run."""

    exit_code = 2


class SimulationFault(click.ClickException):
    """The input was right, and the simulation could not be finished."""

    exit_code = 1


class DiskFault(click.ClickException):
    """The place that was named cannot take the result; what is there stays."""

    exit_code = 2


class WorkersFault(RuntimeError):
    """The workers cannot do their work, or have died; a run's own fault is none of theirs."""


class Interrupted(click.ClickException):
    """Somebody pressed Ctrl-C."""

    exit_code = 130


@contextmanager
def at_the_door() -> Iterator[None]:
    """Turn what checks of the input raise into an ``InputFault``."""
    try:
        yield
    except FAULTS as fault:
        if is_slip(fault):
            raise
        raise InputFault(told([fault])) from fault


@contextmanager
def at_work(doing: str) -> Iterator[None]:
    """Turn what stops a simulation into a ``SimulationFault`` that says where."""
    try:
        yield
    except (ValueError, LookupError, ArithmeticError, RuntimeError) as fault:
        last = traceback.extract_tb(fault.__traceback__)[-1]
        where = f"{Path(last.filename).name}, line {last.lineno}"
        raise SimulationFault(
            f"{doing} could not be simulated: {type(fault).__name__}: {fault} ({where})"
        ) from fault


def told(faults: Sequence[Exception]) -> str:
    """Return the message of one fault, or of all of them."""
    texts = [_message(fault) for fault in faults]
    if len(texts) == 1:
        return texts[0]
    listed = (text.replace("\n", "\n    ") for text in texts)
    return "\n  - ".join([f"{len(texts)} faults in the command:", *listed])


@contextmanager
def saving(path: Path) -> Iterator[None]:
    """Turn what keeps a finished result from the disk into a ``DiskFault``."""
    try:
        yield
    except OSError as fault:
        raise DiskFault(
            f"{path} could not be written: {fault.strerror}; what was there has not changed"
        ) from fault


def is_slip(fault: Exception) -> bool:
    """Whether this is a slip in the program: checks of the input never raise these."""
    return isinstance(fault, KeyError | IndexError)


def _message(fault: Exception) -> str:
    if isinstance(fault, OSError) and fault.strerror:
        return f"{fault.filename}: {fault.strerror}" if fault.filename else fault.strerror
    return str(fault)
