# mypy: ignore-errors
# What numba extends by is not typed.
"""Functions that are called by compiled code alone.

Numba optimises every function by itself, writes machine code of it, links it into each one that
calls it and optimises it there once more, with all that it calls: most of what compiling took.
What is compiled with `INNER` is left as it is lowered. Who is called from outside, by Python or at
an address, takes it in, and is optimised and written as a whole.
"""

from __future__ import annotations

import ctypes
from typing import Any

from numba import _dynfunc
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import CompilerBase, DefaultPassBuilder, Flags
from numba.core.compiler_machinery import LoweringPass, register_pass
from numba.core.typed_passes import NativeLowering

REFUSE = ctypes.cast(ctypes.pythonapi.PyErr_BadArgument, ctypes.c_void_p).value
"""What Python calls in their place, which raises a TypeError."""


class Options(Flags):
    """Options of a function, compared by those that are set.

    Numba looks up by them what it has of its own functions, 75,000 times, and compares all forty of
    them with those of everybody else, for all have the same hash: a fifth of what compiling took.
    """

    __slots__ = ()

    def __hash__(self) -> int:
        """Return the same number for equal ones."""
        return hash(frozenset(self._values))

    def __eq__(self, other: object) -> bool:
        """Whether the same are set to the same values."""
        return isinstance(other, Options) and self._values == other._values


class InnerLibrary(JITCodeLibrary):
    """What one function has been lowered to, which is ready as it is."""

    def _optimize_final_module(self) -> None:
        """Leave that to who takes it in."""

    def _finalize_final_module(self) -> None:
        """Write no machine code."""
        self._finalize_dynamic_globals()
        self._finalized = True


@register_pass(mutates_CFG=False, analysis_only=False)
class Offer(LoweringPass):
    """Tell who calls a function what it has been lowered to."""

    _name = "offer"

    def __init__(self) -> None:
        super().__init__()

    def run_pass(self, state: Any) -> bool:
        """Do that, with an entry for Python that refuses."""
        lowered, library = state.cr, state.library
        name = lowered.fndesc.qualname.split(".")[-1]
        module = lowered.fndesc.lookup_module()
        entry = _dynfunc.make_function(module, name, "", REFUSE, lowered.env, (library,))
        state.targetctx.insert_user_function(entry, lowered.fndesc, [library])
        state.cr = lowered._replace(cfunc=entry)
        return True


class InnerCompiler(CompilerBase):
    """Numba's own, up to where it would write machine code."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.state.flags = Options(self.state.flags)

    def define_pipelines(self) -> list[Any]:
        """Return the passes of numba, with `Offer` after the last that is needed."""
        state = self.state
        state.flags.no_compile = True
        state.library = InnerLibrary(state.targetctx.codegen(), state.func_id.func_qualname)
        passes = DefaultPassBuilder.define_nopython_pipeline(state)
        passes.add_pass_after(Offer, NativeLowering)
        passes.finalize()
        return [passes]


INNER = {"pipeline_class": InnerCompiler, "no_cpython_wrapper": True, "no_cfunc_wrapper": True}
"""Options of numba for such a function."""
