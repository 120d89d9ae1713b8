"""A yardstick for speed: what SimPy itself needs for an event, on this machine, just now."""

from __future__ import annotations

from collections.abc import Generator
from time import perf_counter

import simpy


def reference_loop(events: int) -> float:
    """Return the time that one process takes to wait for so many timeouts of a bare SimPy, s."""
    env = simpy.Environment()

    def waiting() -> Generator[simpy.Event, None, None]:
        for _ in range(events):
            yield env.timeout(1.0)

    env.process(waiting())
    began = perf_counter()
    env.run()
    return perf_counter() - began
