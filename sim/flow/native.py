# mypy: ignore-errors
# What numba extends by is not typed.
"""What is compiled, by numba: the answers of plain units and the loops of the engine.

What an answer calls is found in its code and compiled with it. Numba keeps what it has compiled,
but notices a change only in the file of the function that it was asked for; so what is kept is
stamped with the text of everything that went into it.
"""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
from collections import namedtuple
from collections.abc import Iterator
from contextlib import suppress
from functools import cache, wraps
from itertools import pairwise
from pathlib import Path
from threading import RLock
from types import CodeType, FunctionType, ModuleType
from typing import Any, NamedTuple

import numpy as np
from numba import carray, njit, types
from numba.core.caching import CompileResultCacheImpl, FunctionCache, InTreeCacheLocator
from numba.core.ccallback import CFunc
from numba.core.errors import NumbaError
from numba.core.sigutils import normalize_signature
from numba.extending import register_jitable
from numba.np.unsafe.ndarray import to_fixed_tuple

from sim.flow import (
    arrays,
    asking,
    balance,
    board,
    closing,
    core,
    course,
    elapse,
    lowering,
    mixing,
    onward,
    pace,
    priority,
    push,
    rest,
    seeking,
    simplex,
    sources,
    stale,
    trying,
    unsettled,
)  # fmt: skip
from sim.flow.board import view  # under this name alone does numba take it for a function
from sim.flow.inner import INNER
from sim.flow.lowering import call, interval, pointer, space, tables, written
from sim.network.plain import PlainUnit, trial

POINTER = types.CPointer(types.float64)
SIGNATURE = types.void(POINTER, POINTER, POINTER, POINTER)
LONGEST = 1 << 16  # bound of a recipe's row, which the callers keep
LOCK = RLock()


def loops(module: ModuleType) -> dict[str, FunctionType]:
    """Return the functions of a module, by name."""
    each = {name: it for name, it in vars(module).items() if isinstance(it, FunctionType)}
    return {name: loop for name, loop in each.items() if loop.__module__ == module.__name__}


AHEAD = (
    arrays, simplex, sources, priority, mixing, balance, stale, onward, pace, unsettled, core,
    elapse,
)  # fmt: skip
"""What looks ahead, and what an interval leaves."""
WHOLE = (*AHEAD, push, rest, closing, asking, trying, seeking)
"""What a settlement calls, and what is at rest."""
INTERPRETED = {each: loops(each) for each in (*WHOLE, course)}
"""The loops as they stand, by module."""


def once(function: Any) -> Any:
    """Let a function run once in a process; threads that come meanwhile wait for its result."""
    kept = cache(function)

    @wraps(function)
    def waiting() -> Any:
        with LOCK:
            return kept()

    return waiting


def written_out(function: FunctionType, seen: dict[FunctionType, None]) -> Iterator[str]:
    """Yield the code of a function, of all that it calls, and the constants that they read.

    The functions are noted in ``seen``.
    """
    if function in seen:
        return
    seen[function] = None
    code = function.__code__
    yield f"{function.__qualname__} {code.co_code.hex()} {function.__defaults__}"
    for name in (*code.co_consts, *code.co_names):
        value = function.__globals__.get(name) if isinstance(name, str) else name
        if isinstance(value, FunctionType):
            yield from written_out(value, seen)
        elif not isinstance(value, CodeType) and not callable(value):
            yield f"{name} {value!r}"


class Beside(InTreeCacheLocator):
    """Where nobody may write, as in an image that is run by somebody else: it may be read."""

    def ensure_cache_path(self) -> None:
        """Need nothing: what cannot be kept is compiled again."""


class Places(CompileResultCacheImpl):
    """Where numba looks for what it has kept: at last in the place that cannot be written."""

    _locator_classes = (*CompileResultCacheImpl._locator_classes, Beside)


class Kept(FunctionCache):
    """What is kept of a function; no place, no room and a torn file are no reason to fail."""

    _impl_class = Places

    def load_overload(self, *asked):
        """Return what is kept; a file that a full disk or a power cut has torn is written anew."""
        try:
            return super().load_overload(*asked)
        except Exception:  # whatever half a pickle, or half of what LLVM wrote, leads to
            with suppress(OSError):
                self.flush()
            return None

    def save_overload(self, *made):
        """Keep it, where it can be kept."""
        with suppress(Exception):  # a torn index is read here, too
            super().save_overload(*made)


def _for_python(function, *signatures, **how):
    """Return a function compiled, now or when it is first called, and kept."""
    made = njit(**PLAIN, **how)(function)
    made._cache = Kept(function)
    for each in signatures:
        made.compile(each)
        made.disable_compile()
    return made


def _at_address(function, signature):
    """Return a function compiled to be called at its address, and kept."""
    made = CFunc(function, normalize_signature(signature), locals={}, options=PLAIN)
    made._cache = Kept(function)
    made.compile()
    return made


COMPILED: dict[tuple[Any, ...], Any] = {}


def compiled(unit: PlainUnit, components: int) -> int:
    """Return the address of the compiled answer of a plain unit, which `call` takes.

    It is that of all units with the same answer, the same names of numbers, as many ports and
    tables of the same size. A TypeError names a unit whose answer does what cannot be compiled.
    """
    kind = type(unit)
    names = (*kind.read(), "by_component", "by_part")
    sizes = (unit.by_component.shape, unit.by_part.shape)
    answer: Any = kind.answer
    counts = tuple(map(len, (unit.outlets, unit.drawing, unit.using, unit.reactions)))
    known = (answer, names, kind.felt, len(kind.inlets), components, counts, *sizes)
    if known in COMPILED:
        return COMPILED[known].address
    compile_loops()
    calls: dict[FunctionType, None] = {}
    stamp = _of_text("\n".join(written_out(answer, calls)).encode())
    _tell("the units", stamp)
    for function in calls:
        _jitable(function)
    name = f"{kind.__name__}Numbers"
    record = namedtuple(name, names)
    globals()[name] = record  # found by name, it is the same in the next process
    felt, ports = kind.felt, len(kind.inlets)
    size, both = len(names) - 2, (*sizes[0], *sizes[1])
    counts = (components, *counts)
    step = _step(answer, record, ports, size, both, felt, len(felt._fields), counts)
    try:
        COMPILED[known] = _at_address(_named(step, stamp), SIGNATURE)
    except Exception as fault:  # of numba's, or of what it looks at meanwhile
        raise TypeError(
            trial(unit, components)
            or f"{kind.__name__}.answer: expected numbers, tuples and plain functions alone, so "
            f"that it compiles; numba stops at {_stumbled(fault)}; a unit with a `convert` of its "
            "own stays Python"
        ) from (None if isinstance(fault, NumbaError) else fault)
    return COMPILED[known].address


def _stumbled(fault: Exception) -> str:
    """Return what numba could not compile: the innermost line of source, and what is wrong there.

    Lines of this file, or of `sim.flow.lowering`, tell an author nothing.
    """
    lines = [line.strip() for line in str(fault).splitlines() if line.strip()]
    own = "".join(Path(file).read_text("utf-8") for file in (__file__, lowering.__file__))
    marked = [above for above, line in pairwise(lines) if line == "^" and above not in own]
    inner = [
        after if "pipeline" in line else line.removeprefix("TypingError: ")
        for line, after in pairwise(lines)
        if line.startswith("TypingError:")
    ]
    reason = _plainly((inner or lines or ["nothing it tells"])[0])
    return f"`{marked[0]}`: {reason}" if marked else reason


def _plainly(reason: str) -> str:
    """Return what numba says, without its types."""
    missing = re.match(r"Unknown attribute '(\w+)' of type (\w+)", reason)
    if not missing:
        return reason[:200]
    if missing[2].endswith("Numbers"):
        return f"{missing[1]!r} is no number or switch of the unit, nor named in its `derived`"
    return f"there is no {missing[1]!r} in {missing[2]}"


def _jitable(function: FunctionType) -> None:
    register_jitable(**INNER)(function)


def _step(answer, record, ports, size, sizes, felt, felt_size, counts):
    """Return what asks an answer for what comes in at so many ports, and writes it as a row."""
    rows, columns, more, width = sizes
    n = counts[0]
    every, third = ports * n, 2 * n

    def step(numbers, inlets, at, recipe):
        plain = to_fixed_tuple(carray(numbers, (size,)), size)
        unit = record(*(plain + tables(numbers, size, rows, columns, more, width)))
        here = felt(*to_fixed_tuple(carray(at, (felt_size + 1,))[1:], felt_size))
        kg = to_fixed_tuple(carray(inlets, (every,)), every)
        if ports == 1:  # numba looks at that branch alone that is taken
            made = answer(unit, here, kg)
        elif ports == 2:
            made = answer(unit, here, kg[:n], kg[n:])
        else:
            made = answer(unit, here, kg[:n], kg[n:third], kg[third:])
        written(made, carray(recipe, (LONGEST,)), counts)

    return step


INTERVAL = types.int64(types.int64, types.voidptr, *[types.float64] * 3, types.int64)


def _passing(what, plant, tolerance, hours, most, reached):
    row = carray(plant, (board.LENGTH,), np.int64)
    return course.pass_interval(what, row, tolerance, hours, most, reached)


def _do(what, plant, t, tolerance, brief, hours, reached, address):
    row = carray(pointer(plant), (board.LENGTH,), np.int64)
    return course.do(what, row, t, tolerance, brief, hours, reached, address)


def _of_text(text: bytes) -> str:
    """Return what tells a text from any other, and from itself where it is lowered otherwise."""
    how = Path(lowering.__file__).read_bytes()
    return hashlib.sha256(how + text).hexdigest()[:16]


def _stamp(*modules: Any) -> str:
    """Return what tells the loops of modules from those of any other version."""
    return _of_text(b"".join(Path(str(module.__file__)).read_bytes() for module in modules))


def _named(function: FunctionType, stamp: str) -> FunctionType:
    """Name a function by what it calls, too: by its name numba keeps what it compiles of it."""
    function.__qualname__ = f"{function.__qualname__.partition('-')[0]}-{stamp}"
    return function


PLAIN = {"error_model": "numpy"}  # a C function has nobody to raise an error to
DO = types.int64(*[types.int64] * 3, *[types.float64] * 3, types.int64, types.int64)


@once
def _compile_course() -> None:
    """Replace the loops of a settlement, which are kept as part of what calls them."""
    compile_loops()
    course.interval = njit(**PLAIN, **INNER)(interval)
    for name, loop in INTERPRETED[course].items():
        if name != "interval":
            setattr(course, name, njit(**PLAIN, **INNER)(loop))


def intervals() -> Any:
    """Return `pass_interval` of `sim.flow.course`, compiled, under the stamp of all its text."""
    _compile_course()
    return _at_address(_named(_passing, _stamp(*AHEAD, board, course)), INTERVAL)


@once
def intervals_beside() -> subprocess.Popen[bytes] | None:
    """Let another process compile `intervals`, most of the engine, where nothing is kept yet.

    This one compiles the rest meanwhile, and takes over what that one has kept. If it keeps
    nothing, all is compiled here.
    """
    compile_loops()
    if _kept(_stamp(*AHEAD, board, course)) or not sys.executable:
        return None
    code = f"import sys; sys.path[:] = {sys.path!r}; from {__name__} import intervals; intervals()"
    nobody = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.DEVNULL)
    with suppress(OSError):
        return subprocess.Popen([sys.executable, "-c", code], **nobody)
    return None


@once
def doing() -> tuple[Any, int]:
    """Return `do` of `sim.flow.course`, compiled, and where its compiled `pass_interval` is."""
    beside = intervals_beside()
    stamp = _stamp(*WHOLE, board, course)
    _tell("the engine", stamp)
    _compile_course()
    do = _for_python(_named(_do, stamp), DO)
    if beside is not None:
        beside.wait()
    return do, intervals().address


class Resting(NamedTuple):
    """What settles a plant at rest and writes its books, on its packed arrays."""

    settle: Any
    book: Any


def resting() -> Resting:
    """Return them as they stand."""

    def settle(plant, terms, anew):
        lay = view(plant, board.LAID, rest.Layout)
        now = view(plant, board.FLOWS, rest.Flows)
        if anew and not rest.begin(lay, now, terms.load):
            return rest.UNBOUNDED
        return rest.run(lay, now, terms)

    def book(plant, hours, rounding, dust, floor):
        lay = view(plant, board.LAID, rest.Layout)
        books = view(plant, board.BOOKS, closing.Books)
        now = view(plant, board.FLOWS, rest.Flows)
        return closing.book(lay, books, now, hours, rounding, dust, floor)

    return Resting(settle, book)


@once
def at_rest() -> Resting:
    """Return them compiled, kept under the stamp of all their text."""
    compile_loops()
    stamp = _stamp(arrays, rest, closing, board)
    return Resting(*[_for_python(_named(each, stamp)) for each in resting()])


def _kept(stamp: str) -> bool:
    """Whether numba has kept anything under a stamp for this version of Python."""
    beside: Any = rest.advance  # beside which it keeps the rest, too
    ours = "py{}{}".format(*sys.version_info)
    return any(Path(beside._cache.cache_path).glob(f"*{stamp}*.{ours}*.nbi"))


def _tell(what: str, stamp: str) -> None:
    """Say, once, that it takes a while, where what has a stamp has not been kept yet."""
    if not _kept(stamp):
        _say(f"compiling {what}, once: a minute or so ...")


@cache
def _say(text: str) -> None:
    with suppress(OSError, AttributeError):  # nobody reads it, or a program has no stderr
        sys.stderr.write(f"{text}\n")
        sys.stderr.flush()


@once
def compile_loops() -> None:
    """Replace the loops of the engine by compiled ones, once in a process.

    They are compiled when first called. Those that Python calls, a module's ``CALLED``, numba keeps
    beside their files or, where nothing can be written, in the user's own cache; the others are
    kept with what calls them (see `sim.flow.inner`). A module's ``ALLOCATING`` are the loops that
    make arrays that are not on the stack: in others references to arrays are not counted, which
    takes a third of their time; one that allocates all the same does not compile. Its ``TAKEN_IN``
    become part of who calls them, whatever LLVM thinks: they are called often, with many arrays.
    """
    for module in WHOLE:
        kinds = ("ALLOCATING", "CALLED", "TAKEN_IN")
        allocating, called, taken_in = (getattr(module, kind, ()) for kind in kinds)
        for name, loop in INTERPRETED[module].items():
            how = {"_nrt": name in allocating, "forceinline": name in taken_in}
            if name in called:
                made = _for_python(_named(loop, _stamp(*AHEAD, module)), **how)
            else:
                made = njit(**PLAIN, **INNER, **how)(loop)
            setattr(module, name, made)
    arrays.space, arrays.call = space, call
