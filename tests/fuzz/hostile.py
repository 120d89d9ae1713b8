"""What both fuzzers share: how many calls, repeatable draws, a stop-watch, a limit of memory.

``CLEANERLINE_FUZZ=15000`` says how many calls each fuzzer makes (a few hundred by default),
``CLEANERLINE_FUZZ_FROM=137`` from which number on: a call is drawn from its number alone, so that
what a failure names can be called again by itself (``CLEANERLINE_FUZZ=1``).
"""

from __future__ import annotations

import os
import random
import re
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

T = TypeVar("T")

PARTS = 4  # of the calls, so that several processes share them
FEW = 400
SLOW = 60.0  # s of work; a cheap call takes less than a second
PATIENCE = 10.0  # times as long by the clock on the wall: the machine may be busy
SLIP = re.compile(
    r"\b(ZeroDivision|Overflow|FloatingPoint|Key|Index|Type|Attribute|Name|UnboundLocal|Assertion|"
    r"Recursion|LinAlg|NotImplemented|StopIteration|Unicode\w*)Error\b|\w+Warning\b"
)
"""What only a slip in the program raises, where the message of a run tells the kind."""
ROOM = 3 * 2**30  # bytes beyond what the process holds when a fuzzer begins


class TooLong(BaseException):
    """A call that came to no end in time; no ``except Exception`` swallows it."""


def numbers(part: int) -> range:
    """Return the numbers of the calls of a part."""
    first = int(os.environ.get("CLEANERLINE_FUZZ_FROM", "0"))
    many = int(os.environ.get("CLEANERLINE_FUZZ", str(FEW)))
    return range(first + part, first + many, PARTS)


def draws(fuzzer: str, number: int) -> random.Random:
    """Return the draws of a call: the same whenever and wherever it is made."""
    return random.Random(f"{fuzzer} {number}")


def failures(part: int, judged: Callable[[int], str | None]) -> str:
    """Return what is wrong with the calls of a part, each kind once with its first call."""
    kinds: dict[str, list[str]] = {}
    for number in numbers(part):
        fault = judged(number)
        if fault is not None:
            kind = re.sub(r"'[^']*'|\d+", "", fault.partition("\n")[0])
            kinds.setdefault(kind, []).append(f"call {number}: {fault}")
    wrong = sum(map(len, kinds.values()))
    told = [f"{len(calls)} x {calls[0]}" for calls in sorted(kinds.values(), key=len, reverse=True)]
    return "\n".join([f"{wrong} of {len(numbers(part))} calls:", *told]) if wrong else ""


@contextmanager
def stopped_after(seconds: float) -> Iterator[None]:
    """Raise `TooLong` in what works, or waits, longer, where the system has such alarms."""
    if not hasattr(signal, "setitimer"):
        yield
        return

    def ring(*_: object) -> None:
        raise TooLong(f"no end after {seconds:g} s")

    alarms = (
        (signal.ITIMER_PROF, signal.SIGPROF, seconds),
        (signal.ITIMER_REAL, signal.SIGALRM, PATIENCE * seconds),
    )
    before = [signal.signal(each, ring) for _, each, _ in alarms]
    try:
        for timer, _, after in alarms:
            signal.setitimer(timer, after)
        yield
    finally:
        for (timer, each, _), was in zip(alarms, before, strict=True):
            signal.setitimer(timer, 0.0)
            signal.signal(each, was)


@contextmanager
def little_memory() -> Iterator[None]:
    """Let what asks for gigabytes get a MemoryError, where the system can."""
    status = Path("/proc/self/statm")
    if not status.exists():
        yield
        return
    import resource

    held = int(status.read_text().split()[0]) * resource.getpagesize()
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (held + ROOM, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def strict(constant: str) -> Any:
    """Refuse what ``json`` would read though it is none: nan, inf."""
    raise ValueError(f"{constant} in JSON")


def one_of(draw: random.Random, what: tuple[T, ...] | list[T]) -> T:
    """Return one of several."""
    return what[draw.randrange(len(what))]
