"""Mutated calls of the Python API: each answers, or raises one error that names the argument.

By hand: ``CLEANERLINE_FUZZ=33334 pytest -m soak --run-soak tests/fuzz/test_mutated_python.py``, so
many of each area; ``-k studies`` for one. What the engine refuses of a plant of one's own stands,
case by case, with the tests of `sim`.
"""

from __future__ import annotations

import inspect
import json
import re
import traceback
from collections.abc import Callable
from contextlib import redirect_stdout
from decimal import Decimal
from io import StringIO
from numbers import Integral, Real
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from experiments.output.answer import Answer
from experiments.runner.faults import SimulationFault, WorkersFault
from experiments.runner.horizon import Horizon
from plant_models import chlorobenzene as cb
from sim.errors import Gridlock, UnknownName, scalar
from tests.fuzz.arguments import AREAS, Target, Thing, mutated, targets
from tests.fuzz.hostile import (
    PARTS,
    SLIP,
    SLOW,
    TooLong,
    draws,
    failures,
    stopped_after,
    strict,
)

SAID = (TypeError, ValueError, LookupError, OSError, ImportError)
OURS = (SimulationFault, WorkersFault, Gridlock)
SHORTEST = 8  # letters of a message that says which, what was expected and what came

ROOM_FOR: dict[str, tuple[type, ...]] = {
    "bool": (bool, np.bool_), "int": (Integral,), "float": (Real,), "str": (str,),
    "Path | str": (Path, str),
}  # fmt: skip
"""What a parameter takes, by its annotation."""
FOREIGN = (Thing, complex, Decimal, slice, memoryview, type(...), type(print), type(json), bytes)
"""Kinds that nothing takes."""

RAW = re.compile(
    r"unsupported operand|object is not (iterable|callable|subscriptable|an iterator)|"
    r"has no (attribute|len)|must be str, not|argument of type|not supported between|"
    r"truth value of|unhashable|cannot unpack|not enough values|too many values|"
    r"expected .*, got|object cannot be interpreted|could not convert|codec can't|"
    r"argument must be|must be real number|arg 1 must be|should be a|can only concatenate|"
    r"indices must be|math domain|cannot convert float|int too large|Invalid isoformat|"
    r"inhomogeneous|setting an array|embedded null|Exceeds the limit"
)
"""What Python and NumPy say by themselves, of things that the caller has not named."""


def fault_of(target: Target, given: tuple[Any, ...], named: dict[str, Any]) -> str | None:
    """Return against which law a call sins, or None."""
    try:
        with stopped_after(SLOW), redirect_stdout(StringIO()):
            answer = target.function(*given, **named)
            if isinstance(answer, Answer):
                json.loads(json.dumps(answer.as_json(), allow_nan=False), parse_constant=strict)
                answer.report()
        sin: str | None = nonsense_of(target, named)
    except TooLong as fault:
        sin = str(fault)
    except Exception as fault:
        sin = sin_of(fault)
    if sin is None:
        return None
    changed = {name: value for name, value in named.items() if target.named.get(name) is not value}
    return f"{sin}\n  {target.name}(*{_short(given)}, **{_short(changed)})"


def nonsense_of(target: Target, named: dict[str, Any]) -> str | None:
    """Return what of an accepted call is of a kind that the signature has no room for, or None."""
    parameters = inspect.signature(target.function).parameters
    for name, value in named.items():
        if name not in parameters or value is target.named.get(name):
            continue
        value = scalar(value)  # what numpy makes of one number is one
        kinds = ROOM_FOR.get(str(parameters[name].annotation).removesuffix(" | None"))
        fits = isinstance(value, kinds) if kinds else not isinstance(value, FOREIGN)
        fits = fits or (name == "surroundings" and callable(value))
        if isinstance(value, bool) and kinds and bool not in kinds:
            fits = False
        if not (fits or value is None):
            return f"accepts a {type(value).__name__} for {name}"
    return None


def sin_of(fault: Exception) -> str | None:
    """Return what is wrong with an error, or None."""
    first = fault.__cause__ or fault  # SimPy raises anew what a process has raised
    where = traceback.extract_tb(first.__traceback__)[-1]
    text = (
        f"{type(fault).__name__}: {str(fault)[:200]} ({Path(where.filename).name}, {where.lineno})"
    )
    slip = isinstance(fault, KeyError | IndexError) and not isinstance(fault, UnknownName)
    ours = isinstance(fault, OURS) or type(fault) is RuntimeError
    if slip or not (ours or isinstance(fault, SAID)):
        return text
    if len(str(fault)) < SHORTEST:
        return f"says too little: {text}"
    if ours and SLIP.search(str(fault)):
        return f"a slip: {text}"
    if RAW.search(str(fault)) and not isinstance(fault, OSError):
        return f"names no argument: {text}"
    return None


def _short(value: object) -> str:
    try:
        return repr(value)[:300]
    except ValueError:  # a whole number of thousands of digits
        return "..."


@pytest.mark.soak
@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("area", AREAS)
def test_a_mutated_call_answers_or_raises_an_error_that_names_the_argument(
    folder: Path, area: str, part: int
):
    told = failures(part, lambda number: fault_of(*mutated(draws(area, number), area)))
    assert not told, told


@pytest.mark.soak
@pytest.mark.parametrize("area", AREAS)
def test_every_call_to_begin_with_answers(folder: Path, area: str):
    for target in {each.name: each for each in targets(area)}.values():
        target.function(*target.given, **target.named)
        assert fault_of(target, target.given, dict(target.named)) is None


NONSENSE: dict[str, tuple[Callable[[], object], str]] = {
    "settings that are a number": (
        lambda: cb.own_design(settings=3.0),  # type: ignore[arg-type]
        "assignments",
    ),
    "scales that are a number": (
        lambda: cb.own_design(scales=3.0),  # type: ignore[arg-type]
        "assignments",
    ),
    "a setting beyond a float": (
        lambda: cb.own_design(settings={"off_gas_cooler.area": 10**400}),
        "off_gas_cooler.area",
    ),
    "a setting beyond its domain": (
        lambda: cb.own_design(settings={"absorber.water_rise": 1e9}),
        "absorber.water_rise",
    ),
    "a unit of measure to a large power": (
        lambda: cb.own_design(settings="off_gas_cooler.area=80 cm9999999"),
        "off_gas_cooler.area",
    ),
    "a list for a path": (
        lambda: cb.own_design(["own.toml"]),  # type: ignore[arg-type]
        "path",
    ),
    "a number for a path": (
        lambda: cb.own_schemes(3),  # type: ignore[arg-type]
        "path",
    ),
    "a number for event sources": (
        lambda: cb.simulate(years=0.01, without=5),  # type: ignore[arg-type]
        "without",
    ),
    "no catalogue": (
        lambda: cb.simulate(years=0.01, known={1: 2}),  # type: ignore[dict-item]
        "known",
    ),
    "a mapping for a design": (
        lambda: cb.simulate(years=0.01, design={}),  # type: ignore[arg-type]
        "design",
    ),
    "no catalogue at rest": (
        lambda: cb.steady_state(known={1: 2}),  # type: ignore[dict-item]
        "known",
    ),
    "a list for a catalogue": (
        lambda: cb.steady_state("F1", known=[]),  # type: ignore[arg-type]
        "known",
    ),
    "a number for a day": (
        lambda: Horizon(start=701),  # type: ignore[arg-type]
        "start",
    ),
    "no weather": (
        lambda: cb.steady_state("F1", surroundings={"air": 1e9}),
        "surroundings",
    ),
    "a path for a catalogue": (
        lambda: cb.explain("F1", known="own.toml"),
        "known",
    ),
    "a number for schemes": (
        lambda: cb.line(5),  # type: ignore[arg-type]
        "5",
    ),
    "a mapping of schemes": (
        lambda: cb.line({"F1": 1, 2: 3}),  # type: ignore[dict-item]
        "2",
    ),
}
"""What once ended in an error of Python's own, and what the message must name."""


@pytest.mark.parametrize("what", NONSENSE)
def test_nonsense_is_refused_by_name(folder: Path, what: str):
    call, named = NONSENSE[what]
    with pytest.raises((TypeError, ValueError, LookupError)) as told:
        call()
    assert sin_of(told.value) is None
    assert named in str(told.value)
