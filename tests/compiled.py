"""Compiled physics asked for one recipe, and compiled loops called by Python."""

import ctypes
from collections.abc import Callable, Mapping
from functools import cache
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from numba import njit

from sim.flow import board, course, lowering, native, rest
from sim.network.plain import Answer, PlainUnit
from sim.network.unit import Conditions, Recipe, Stream


@njit
def ask(address, numbers, inlets, at, row):
    lowering.call(address, numbers.ctypes.data, inlets.ctypes.data, at.ctypes.data, row.ctypes.data)  # type: ignore[call-arg]


@cache
def compiled_loop(module: ModuleType, name: str) -> Callable[..., Any]:
    """Return a loop of the engine, compiled, which compiled code alone calls."""
    native._compile_course()
    loop = getattr(module, name)
    called: Callable[..., Any] = njit(lambda *args: loop(*args))
    return called


def interpret(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let plants run by the loops as they stand, in Python, while a test lasts."""
    for module, loops in native.INTERPRETED.items():
        for name, loop in loops.items():
            monkeypatch.setattr(module, name, loop)
    monkeypatch.setattr(native, "doing", lambda: (_do, 0))


def _do(what: int, where: int, *numbers: Any) -> int:
    """Do what the compiled entry of `sim.flow.course` does, by where a plant's arrays are."""
    whole: Any = (ctypes.c_int64 * board.LENGTH).from_address(where)
    return course.do(what, np.frombuffer(whole, np.int64), *numbers)


def compiled_answer(unit: PlainUnit, inlets: Mapping[str, Stream], at: Conditions) -> Recipe:
    """Return the recipe of a unit by its compiled physics; as it stands where that is no number."""
    kg = np.array([inlets[port] for port in unit.inlets])
    numbers = np.array(unit.numbers(), dtype=float)
    felt = np.array([0.0, *[at[name] for name in unit.felt._fields]])
    n, streams = kg.shape[1], len(unit.outlets) + len(unit.drawing)
    uses = (streams + len(unit.drawing)) * n
    row = np.zeros(uses + rest.USES + len(unit.reactions))
    ask(native.compiled(unit, n), numbers, kg, felt, row)
    if not np.isfinite(row).all():
        return unit.convert(inlets, at)
    made = [tuple(row[i * n : i * n + n]) for i in range(streams)]
    return unit.named(
        Answer(
            splits=tuple(made[: len(unit.outlets)]),
            draws=tuple(made[len(unit.outlets) :]),
            uses=tuple(row[uses : uses + len(unit.using)]),
            fractions=tuple(row[uses + rest.USES :]),
        )
    )
