"""What the loops of the engine read and write: flat arrays, by what they are of.

The loops are plain Python, which `sim.flow.native` replaces by their compiled selves when a plant
first needs them; there, what is divided by zero is infinite. They know no names: what their arrays
mean is told here.
"""

from __future__ import annotations

from ctypes import CFUNCTYPE, c_void_p
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
FREE, EMPTY, FULL = 0, 1, 2
STAYS = 2  # gas that is diverted, whether who collects it stands or not
NOTHING = -1  # keeps an activity below its capacity; else it is a row by its number


class Layout(NamedTuple):
    """What does not change while a plant runs but for its pipes.

    Rows are tanks, then those beyond: of headers, of second feeds, two each, and of utilities.

    A term is an activity in a row: ``term_row``, ``term_activity``; the terms of row i are those
    from ``row_start[i]`` on, those of activity k are ``terms_of[activity_start[k]:...]``.
    """

    source: Ints
    """Tank or, from the number of tanks on, supply that each activity draws from."""
    capacity: Floats
    heel: Floats
    """kg, by tank."""
    spills: Flags
    returned: Flags
    """Tanks that may get back, by way of others, what they give."""
    rank: Ints
    """Place of each activity in the declared order."""
    term_row: Ints
    term_activity: Ints
    row_start: Ints
    activity_start: Ints
    terms_of: Ints
    rows_of: Ints
    """The row of each of ``terms_of``."""
    team: Ints
    """By activity: of which trains it is that share, or -1; empty where none do."""
    weight: Floats
    """By activity: in proportion to what it shares; 0 for its capacity now."""
    first_second: int
    """The first row of a second feed, or one more than there are of tanks and headers."""
    first_utility: int
    """The first row of a utility, or one more than there are rows."""
    serves: Ints
    """By activity: the row of the header, or the first of the second feed, that it is drawn for, or
    -1; in the order in which these draw on their sources. Empty where nothing is drawn."""
    entry_activity: Ints
    entry_main: Ints
    entry_row: Ints
    """For each entry of a train: the activity that brings it, that of the train's main feed, and
    the tank or supply that it is drawn from, or -1 for gas collected from another train."""


class Plan(NamedTuple):
    """What holds in an interval; shapes by activities, tanks and components."""

    limit: Floats
    """Capacity of each activity now, kg/h; 0 for one that is held."""
    status: Ints
    rate: Floats
    mean: Floats
    """Composition of what leaves each tank and supply, kg/kg."""
    net: Floats
    spill: Floats
    """kg/h by tank."""
    out: Floats
    """What leaves each tank, spills included, kg/h."""
    binding: Ints
    sign: Floats
    """By row: of its terms where it must not exceed 0; 0 where it binds nothing."""
    gain: Floats
    """kg in the row per kg of the activity, by term."""
    listed: Ints
    """How many of the moves of a term are not nothing; ..."""
    parts: Ints
    """... the components fed and arriving of each of them, one after another, ..."""
    kg: Floats
    """... and how much that is, kg per kg fed."""
    taking: Flags
    """Terms of which some is less than nothing: what a reaction draws takes what it meets."""
    slight: Ints
    """By term: whether its effect was too slight to decide priorities, 1, or not, -1, when that was
    asked last."""
    moved: Flags
    """Activities whose limit, or what they are to a row that binds, has moved since rates were
    found last. What hangs together with none of these keeps its rate."""
    touched: Flags
    """Activities whose rates have been found anew since trains were told."""
    stirred: Flags
    """Tanks whose balance is to be found anew."""
    ends: Floats
    """How the interval ends, and how it was found: see `sim.flow.counts`."""
    exact: Ints
    """Where what answers in exact arithmetic is, see `call`, and 1 where no answer has come: then
    rates mean nothing."""


class Stock(NamedTuple):
    """What the tanks hold as an interval begins, and what has passed that is in no books yet."""

    held: Floats
    """kg by tank and component."""
    shares: Floats
    """Composition of tanks and supplies, kg/kg."""
    level: Floats
    """kg by tank."""
    fed: Floats
    """kg by activity and component, ..."""
    lost: Floats
    """... and what that sum is short of by rounding: what two feeds leave may be as little."""
    spilled: Floats
    """kg by tank and component, ..."""
    excess: Floats
    """... and what of it while all that draw on the tank ran as usual."""
    below: Floats
    """The least that a tank has held as any interval began, where that is below nothing, kg."""
    over: Floats
    """What was used of each utility with a peak at a rate beyond it, in its unit."""


class Effects(NamedTuple):
    """What 1 kg of each component of every activity does."""

    moves: Floats
    """kg by activity, tank, component fed and component that arrives."""
    totals: Floats
    """Its sum over what arrives."""
    reach: Flags
    """By activity and tank: whether anything arrives."""
    beyond: Floats
    """What it adds to the rows beyond tanks, by row, activity and component: for every header kg
    that its tanks bring less those asked for; for every second feed the same, and the same below 0;
    for every limited utility what is used less what there is."""
    uses: Floats
    """What it uses of each utility with a peak, in its unit, by peak, activity, component; ..."""
    peaks: Floats
    """... and the rate from which on that is told apart, in its unit an hour; ..."""
    limited: Ints
    """... the activity of each such utility that is limited, or -1."""
    same: Flags
    """Activities whose effect on levels, and on what has a peak, is the same whatever the
    composition of their feed; ..."""
    alone: Flags
    """... tanks that only such draw from: their composition moves no level."""


class Questions(NamedTuple):
    """What the recipes were asked for last, and by how much that may move; kg per kg of main feed.

    By entry and component, or by train.
    """

    asked: Floats
    leeway: Floats
    """Below 0 while nothing is learnt."""
    asked_rate: Floats
    rate_leeway: Floats
    """kg/h."""
    tried: Floats
    tried_rate: Floats
    """For what a recipe was found to bend no more than it was known to; no rate where for none."""
    dependent: Flags
    """Trains whose recipes change with the rate."""
    capacities: Floats
    """Of every train's main feed by its recipe, kg/h."""
    passed: Floats
    """Main feed of every train so far, kg, ..."""
    hours: Floats
    """... and in how long, h: one number."""
    stale: Flags
    """Trains for which something else has changed than what flows."""
    anew: Flags
    """Trains to be asked anew for what flows now."""
    per_kg: Floats
    """Collected gas that comes with 1 kg of the other train's feed."""
    gas: Ints
    """For each collected outlet, trains before those that collect from them: the train, its first
    entry and one more than its last, the entry that collects, 1 where the gas goes there now."""
    given: Floats
    """What goes to that outlet of 1 kg of each component of each entry."""
    hosted: Ints
    """For each train whose gas is collected: the first and one more than the last of its
    ``hosts``, and 1 where the gas is diverted, `STAYS` where that is not asked any more."""
    hosts: Ints
    """Trains that collect gas."""


def space(shape: int | tuple[int, int], value: float) -> Any:
    """Return an array filled with a value, of its kind, which goes when who asked for it returns.

    `sim.flow.native` puts space on the stack in its place: so ask outside of loops, for no more
    than a few numbers a tank or activity, and hand it to nobody but who is called.
    """
    return np.full(shape, value)


ANSWER = CFUNCTYPE(None, c_void_p, c_void_p, c_void_p, c_void_p)


def call(address: int, numbers: int, inlets: int, at: int, answer: int) -> None:
    """Ask what answers at an address; `sim.flow.native` puts a compiled call in its place."""
    ANSWER(int(address))(int(numbers), inlets, at, answer)


def copy(source: Any, target: Any) -> None:
    """Set an array to another one that shares nothing with it."""
    for i in range(source.size):
        target.flat[i] = source.flat[i]
