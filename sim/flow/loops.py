"""The loops of the engine, compiled: plain functions of arrays are replaced by what numba makes."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from sim.flow import core, push

MODULES = (core, push)
"""A module's ``ALLOCATING`` are the loops that make arrays. In all others references to arrays are
not counted, which takes a third of their time; one that allocates all the same does not compile."""


def compile_loops() -> None:
    """Replace the loops by compiled ones, once in a process.

    The first time after an installation they are compiled, which is told on stderr; numba keeps
    them beside their files or, where nothing can be written, in the user's own cache.
    """
    if getattr(core, core.LOOPS[0]) is not core.INTERPRETED[core.LOOPS[0]]:
        return
    from numba import njit

    for module in MODULES:
        for name in module.LOOPS:
            options: dict[str, Any] = {"cache": True, "_nrt": name in module.ALLOCATING}
            setattr(module, name, njit(**options)(module.INTERPRETED[name]))
    last = getattr(core, "look_ahead")  # noqa: B009  # mypy knows the function, not what compiles it
    if not any(Path(last._cache.cache_path).glob("core.look_ahead-*.nbi")):
        print("compiling the engine, once: some 30 s ...", file=sys.stderr, flush=True)  # noqa: T201
