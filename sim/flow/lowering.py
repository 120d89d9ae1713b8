# mypy: ignore-errors
# What numba extends by is not typed.
"""What numba is taught for the loops: groups of arrays at an address, space on the stack, calls.

And how what an answer returns is written as a row of numbers.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from llvmlite import ir
from numba import carray, from_dtype, types
from numba.core.cgutils import for_range, unpack_tuple
from numba.core.typing.templates import AttributeTemplate
from numba.extending import (
    infer_getattr,
    intrinsic,
    lower_getattr_generic,
    models,
    overload,
    register_jitable,
    register_model,
)
from numba.np.arrayobj import make_array, populate_array

from sim.flow import board, closing, rest
from sim.flow.board import view


def put(values: Any, row: Any, place: int) -> int:
    """Write numbers, streams one after another or a table into a row; return the next place."""
    raise NotImplementedError


@overload(put)
def _put(values, row, place):
    if isinstance(values, types.Array):

        def table(values, row, place):
            for number in values.ravel():
                row[place] = number
                place += 1
            return place

        return table
    if not len(values):
        return lambda values, row, place: place
    if isinstance(values[0], types.BaseTuple):

        def streams(values, row, place):
            for stream in values:
                for share in stream:
                    row[place] = share
                    place += 1
            return place

        return streams

    def numbers(values, row, place):
        for number in values:
            row[place] = number
            place += 1
        return place

    return numbers


def count(streams: Any) -> int:
    """Return how many streams these are; less than none where they are numbers alone."""
    raise NotImplementedError


@overload(count)
def _count(streams):
    if isinstance(streams, types.Array):
        flat = streams.ndim < 2
    else:
        flat = len(streams) and not isinstance(streams[0], types.BaseTuple)
    if flat:
        return lambda streams: -1
    return lambda streams: len(streams)


@intrinsic
def pointer(typing: Any, address: Any) -> Any:
    """Return what is at an address."""

    def build(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.inttoptr(args[0], ir.IntType(8).as_pointer())

    return types.voidptr(types.intp), build


class Group(types.Type):
    """The arrays of a kind, by where in a row they are written down; see `sim.flow.board`.

    Handed on as a tuple of arrays, a group would be some hundred and fifty numbers, in every call:
    so it is one address, and what a function reads of it is looked up there.
    """

    def __init__(self, kind: Any) -> None:
        self.fields, at = {}, 0
        each = zip(kind._fields, board.DIMENSIONS[kind], kind.__annotations__.values(), strict=True)
        for name, dimensions, of in each:
            number = types.intp if dimensions == "0" else from_dtype(np.dtype(board.kept(of)))
            self.fields[name] = at, int(dimensions), number
            at += 1 + int(dimensions)
        self.stays = kind in (*board.PLANT, rest.Layout, closing.Books, rest.Flows)
        """Whether the row stays as it is while a function runs; those of trains change places."""
        super().__init__(f"{kind.__name__}{self.fields}")


@register_model(Group)
class GroupModel(models.PrimitiveModel):
    """A pointer to the row."""

    def __init__(self, manager: Any, group: Any) -> None:
        super().__init__(manager, group, ir.IntType(64).as_pointer())


@infer_getattr
class GroupFields(AttributeTemplate):
    """What the fields of a group are."""

    key = Group

    def generic_resolve(self, group: Any, field: str) -> Any:
        """Return the type of a field."""
        _, dimensions, number = group.fields[field]
        return types.Array(number, dimensions, "C") if dimensions else number


@lower_getattr_generic(Group)
def read(context: Any, builder: Any, group: Any, row: Any, field: str) -> Any:
    """Return an array, or a number, of a group."""
    at, dimensions, number = group.fields[field]

    def word(i: int) -> Any:
        found = builder.load(builder.gep(row, [ir.IntType(32)(at + i)]))
        if group.stays:
            found.set_metadata("invariant.load", builder.module.add_metadata([]))
        return found

    if not dimensions:
        return word(0)
    shape = [word(d) for d in range(1, dimensions + 1)]
    data = builder.inttoptr(word(0), context.get_data_type(number).as_pointer())
    return _array(context, builder, number, data, shape)


def _array(context: Any, builder: Any, number: Any, data: Any, shape: list[Any]) -> Any:
    """Return an array of what is at an address, which nobody counts references to."""
    stride = ir.IntType(64)(context.get_abi_sizeof(context.get_data_type(number)))
    strides: list[Any] = []
    for length in reversed(shape):
        strides.insert(0, stride)
        stride = builder.mul(stride, length)
    array = make_array(types.Array(number, len(shape), "C"))(context, builder)
    populate_array(
        array, data=data, shape=shape, strides=strides, itemsize=strides[-1], meminfo=None
    )
    return array._getvalue()


@intrinsic
def space(typing: Any, shape: Any, value: Any) -> Any:
    """Return space on the stack of who asks for it; see `sim.flow.arrays.space`."""
    sizes, number = types.unliteral(shape), types.unliteral(value)
    flat = isinstance(sizes, types.Integer)

    def build(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        lengths = [args[0]] if flat else unpack_tuple(builder, args[0])
        count = lengths[0] if flat else builder.mul(*lengths)
        data = builder.alloca(context.get_data_type(number), count)
        with for_range(builder, count) as loop:
            context.pack_value(builder, number, args[1], builder.gep(data, [loop.index]))
        return _array(context, builder, number, data, lengths)

    return types.Array(number, 1 if flat else 2, "C")(sizes, number), build


@intrinsic
def group_at(typing: Any, row: Any, place: Any, kind: Any) -> Any:
    """Return the group of a kind that is written down in a row from a place on."""

    def build(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        data = context.make_array(signature.args[0])(context, builder, args[0]).data
        return builder.gep(data, [args[1]])

    return Group(kind.instance_class)(row, types.intp, kind), build


@overload(view)
def _view(row, place, kind):
    return lambda row, place, kind: group_at(row, place, kind)


@intrinsic
def call(typing: Any, address: Any, numbers: Any, inlets: Any, at: Any, recipe: Any) -> Any:
    """Call the compiled answer at an address; see `sim.flow.arrays.call`."""

    def build(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        pointer = ir.IntType(8).as_pointer()
        function = ir.FunctionType(ir.VoidType(), [pointer] * 4)
        where = builder.inttoptr(args[0], function.as_pointer())
        builder.call(where, [builder.inttoptr(arg, pointer) for arg in args[1:]])
        return context.get_dummy_value()

    return types.void(*[types.intp] * 5), build


@register_jitable
def written(made: Any, row: Any, counts: Any) -> None:
    """Write an answer as a row; see `sim.flow.rest`.

    One of another shape than its ``counts`` say is no number, so that the unit is asked in Python.
    """
    components, outlets, draws, uses, steps = counts
    place = put(made.splits, row, 0)
    sound = count(made.splits) == outlets and place == outlets * components
    place = put(made.draws, row, place)
    sound = sound and count(made.draws) == draws and place == (outlets + draws) * components
    place += draws * components  # what other flows are worth there
    sound = sound and put(made.uses, row, place) == place + uses
    place += 3
    sound = sound and put(made.fractions, row, place) == place + steps
    if not sound:
        row[0] = np.nan


@intrinsic
def after(typing: Any, numbers: Any, place: Any) -> Any:
    """Return where numbers go on from a place of theirs."""

    def build(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.gep(args[0], [args[1]])

    return numbers(numbers, types.intp), build


@register_jitable
def tables(numbers: Any, place: Any, rows: Any, columns: Any, more: Any, width: Any) -> Any:
    """Return the two tables that stand behind the plain numbers of a unit."""
    middle = place + rows * columns
    first, second = after(numbers, place), after(numbers, middle)
    return carray(first, (rows, columns)), carray(second, (more, width))


@intrinsic
def call_interval(
    typing: Any, address: Any, what: Any, plant: Any, tolerance: Any, hours: Any, most: Any,
    reached: Any,
) -> Any:  # fmt: skip
    """Call the compiled `sim.flow.course.pass_interval` at an address."""

    def build(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        whole, real = ir.IntType(64), ir.DoubleType()
        kinds = [whole, ir.IntType(8).as_pointer(), real, real, real, whole]
        where = builder.inttoptr(args[0], ir.FunctionType(whole, kinds).as_pointer())
        row = builder.inttoptr(args[2], kinds[1])
        return builder.call(where, [args[1], row, *args[3:]])

    numbers = (types.int64, types.int64, types.intp, *[types.float64] * 3, types.int64)
    return types.int64(*numbers), build


def interval(address, what, plant, tolerance, hours, most, reached):
    """Do what `sim.flow.course.interval` does, compiled."""
    return call_interval(address, what, plant.ctypes.data, tolerance, hours, most, reached)
