"""Arrays as rows of numbers: where each of them is, and its shape.

To hand an array to a compiled function costs a quarter of a microsecond, and a settlement reads
some two hundred; so their addresses are written down once, and the function is handed the row.
"""

from __future__ import annotations

import ctypes
from itertools import accumulate
from typing import Any, NamedTuple

import numpy as np

from sim.flow import closing, rest
from sim.flow.arrays import Effects, Flags, Floats, Ints, Layout, Plan, Questions, Stock
from sim.flow.push import Answer, Carried, Members, Totals, Wiring


class Paths(NamedTuple):
    """Who hands what to whom, by numbers; what belongs to train t is from ``x_first[t]`` on."""

    order: Ints
    """Trains, those whose gas is collected before those that collect it."""
    entry_first: Ints
    own_first: Ints
    own: Ints
    """Activities of each train, with the entry of each."""
    host_first: Ints
    host: Ints
    """Trains that collect its gas."""
    after_first: Ints
    after: Ints
    """Trains whose gas it collects, and those whose gas these collect: their effects are its."""
    gas_position: Ints
    """Of every row of the questions' ``gas``: the stream's position in its train."""
    served: Ints
    """By inlet that tanks serve: the train, its place among that train's, the slot of the inlet,
    its first row beyond tanks, and how many: one of a header, two of a second feed."""
    drawn: Ints
    """The inlet, the entry and the activity of each draw of these."""
    utilities: Ints
    """Which of the utilities have a limit, then which have a peak."""
    guest: Flags
    """By entry: whether it collects gas."""
    collects: Flags
    """By train: whether it collects gas."""
    nominal: Floats
    """At what rate to ask a train that has not run yet, kg/h of its main feed."""


class Course(NamedTuple):
    """How far a settlement has come; by train where nothing else is said."""

    fractions: Floats
    """Of its capacity at which each may run."""
    full: Floats
    """What its capacity would be if it might run at all of it, kg/h."""
    stumbles: Ints
    """How often there was no answer to that in this settlement."""
    most: Floats
    """The most that its rate may be where that jumps, kg/h, see `sim.flow.seeking`; or inf."""
    known: Flags
    """Whether it has been asked at all."""
    todo: Flags
    """Whether it is to be asked in this pass, ..."""
    at: Floats
    """... and at which activity, kg/h; 0 for that at which it runs."""
    again: Flags
    """Whether it has been asked in this settlement."""
    tries: Floats
    """Activities at which it was asked in this settlement, with the rates that came of it, kg/h."""
    tried: Ints
    """How many of these there are."""
    gas: Floats
    """The same for the gas that it collects where its rate stands, kg per kg of main feed, ..."""
    gases: Ints
    gas_at: Floats
    """... and at what part of what comes it is to be asked; 0 where that is not looked for."""
    gap: Floats
    """How far what its recipe was asked for lay from what flowed then, by entry and component, kg
    per kg of main feed, ..."""
    stride: Floats
    """... and what part of that it went; 0 where it is asked for what flows."""
    which: Ints
    """Which of the two tables of answers holds."""
    told: Ints
    told_rate: Floats
    """What limits it, and its rate, when that was told last."""
    changed: Ints
    """The trains of which that has moved, or that were asked, first of all; the rest is of old."""
    wanted: Flags
    """Whether it is to be booked."""
    collected: Floats
    """Gas that entries have collected, kg by entry and component."""
    counts: Ints
    """Passes of this settlement; its stage; the train in trouble, and the trouble; all recipes
    asked; all changes of structure, those that are laid out; all looks ahead, and their rounds;
    how many trains have changed."""
    lengths: Floats
    """Longest interval that is looked for, h, and that of the last look."""


class Trains(NamedTuple):
    """What the trains have each."""

    rows: Ints
    """Where its arrays are, as below."""
    guest_moves: Floats
    """As the effects' ``moves``, by entry of any train, for collected gas."""
    guest_beyond: Floats
    """What 1 kg of each component adds to the rows beyond, then what it uses of utilities with a
    peak, by entry of collected gas."""
    usual: Flags
    """Those that run as usual, if they run."""


class Situation(NamedTuple):
    """All that is known of a plant as the next interval is looked for, which the loops hand on."""

    lay: Layout
    plan: Plan
    stock: Stock
    effects: Effects
    questions: Questions
    paths: Paths
    course: Course
    trains: Trains
    tolerance: float
    """By how much what a recipe answers may be off, relative, by component and outlet."""
    brief: float
    """For how long hardly an event cuts an interval short, h."""


DIMENSIONS: dict[type, str] = {
    Layout: "11111111111111001111",
    Plan: "11121111111221111111",
    Stock: "221222221",
    Effects: "432331111",
    Questions: "22112111111122421",
    Wiring: "1111211",
    Members: "121112211111122222",
    Answer: "33222",
    Totals: "2211",
    Carried: "2112220",
    Paths: "111211111221111",
    Course: "11111111313112111111211",
    Trains: "2431",
    rest.Layout: "1" * len(rest.Layout._fields),
    closing.Books: "11121100",
    rest.Flows: "11122222111111212222111222212212122111212",
}
"""Of the arrays of every kind; 0 for a number."""
HERE = (ctypes.c_char * 0).from_buffer
KEPT: dict[str, Any] = {"Floats": np.float64, "Ints": np.int64, "Flags": np.bool_}


def size(kind: type) -> int:
    """Return how many numbers the arrays of a kind take in a row."""
    return sum(1 + int(dimensions) for dimensions in DIMENSIONS[kind])


def _places(*kinds: type) -> list[int]:
    return [0, *accumulate(map(size, kinds))]


PLANT = (Layout, Plan, Stock, Effects, Questions, Paths, Course, Trains)
LAYOUT, PLAN, STOCK, EFFECTS, QUESTIONS, PATHS, COURSE, TRAINS, LENGTH = _places(*PLANT)
"""Where the arrays of a plant begin in its row, and how long that is."""
TRAIN = (Wiring, Members, Answer, Answer, Totals, Carried)
WIRING, MEMBERS, NOW, BEFORE, TOTALS, CARRIED, WIDTH = _places(*TRAIN)
LED = CARRIED + 1 + int(DIMENSIONS[Carried][0])
"""Where those of a train begin in its row, and how long that is; where its routes end."""
LAID, BOOKS, FLOWS, REST = _places(rest.Layout, closing.Books, rest.Flows)
"""Where those of a plant at rest begin in its row, and how long that is."""


def address(array: Any) -> int:
    """Return where an array is, in an eighth of the time of its own `ctypes`."""
    return ctypes.addressof(HERE(array))


def packed(group: Any, *fields: str) -> list[int]:
    """Return where the arrays of a named tuple are, or of some of its fields, in their order.

    They must be kept as long as that is used.
    """
    row: list[int] = []
    expected = EXPECTED[type(group)]
    for field in fields or group._fields:
        array, (dimensions, of) = getattr(group, field), expected[field]
        if not dimensions:
            row.append(int(array))
            continue
        if array.ndim != dimensions or array.dtype != of or not array.flags.c_contiguous:
            raise TypeError(
                f"{type(group).__name__}: expected {dimensions} dimensions of {of} in one piece,"
                f" came {array.dtype} of shape {array.shape}"
            )
        row.append(address(array))
        row += array.shape
    return row


def kept(annotation: Any) -> Any:
    """Return what the arrays of an annotation keep."""
    return KEPT[getattr(annotation, "__forward_arg__", annotation)]


EXPECTED = {
    kind: {
        field: (int(each), np.dtype(kept(of) if int(each) else int))
        for each, (field, of) in zip(dimensions, kind.__annotations__.items(), strict=True)
    }
    for kind, dimensions in DIMENSIONS.items()
}
"""Dimensions of the arrays of every kind, and what they keep."""


def view(row: Ints, place: int, kind: Any) -> Any:
    """Return the arrays of a kind that are packed in a row from a place on."""
    found: list[Any] = []
    for dimensions, of in zip(DIMENSIONS[kind], kind.__annotations__.values(), strict=True):
        end = place + 1 + int(dimensions)
        address, *shape = row[place:end].tolist()
        place = end
        if dimensions == "0":
            found.append(address)
            continue
        held = np.dtype(kept(of))
        whole = (ctypes.c_char * (int(np.prod(shape)) * held.itemsize)).from_address(address)
        found.append(np.frombuffer(whole, held).reshape(shape))
    return kind(*found)
