"""The books of a plant at rest, and how well they close, on the arrays of :mod:`sim.flow.rest`."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.flow import rest
from sim.flow.arrays import Floats, Ints
from sim.flow.rest import Flows, Layout


class Books(NamedTuple):
    """What is booked of all that flows."""

    row: Ints  #: Of every entry: its place among entries of trains, streams and spills
    source: Ints
    sink: Ints  #: Accounts of each: members, tanks, then those outside
    element_mass: Floats
    use_member: Ints  #: Whose each use is, ...
    use_place: Ints  #: ... and its place in that member's recipe
    accounts: int
    insiders: int  #: Members and tanks, the first of the accounts


def book(
    lay: Layout, books: Books, now: Flows, hours: float, rounding: float, dust: float, floor: float
) -> float:
    """Write the books of so many hours; return the worst relative error of their balances.

    It is infinite, too, where a recipe gives an outlet less than nothing by more than
    ``rounding``, kg/kg.
    """
    entries, streams, n = len(now.fed), len(now.stream), now.stream.shape[1]
    for r in range(len(books.row)):
        row = books.row[r]
        if row < entries:
            kg = now.fed[row]
        elif row < entries + streams:
            kg = now.stream[row - entries]
        else:
            kg = now.spilled[row - entries - streams]
        for c in range(n):
            now.booked[r, c] = kg[c] * hours
    for u in range(len(books.use_member)):
        m = books.use_member[u]
        now.used[u] = now.main[m] * hours * now.recipe[m, books.use_place[u]]
    least = 0.0
    for m in range(len(lay.train_of)):
        for k in range(now.conversions[m]):
            now.made_of[m, k] = now.extent[m, k] * hours
        for place in range(rest.draws_at(lay, m, n)):
            least = min(least, now.recipe[m, place])
    return np.inf if least < -rounding else closure(books, now, dust, floor)


def closure(books: Books, now: Flows, dust: float, floor: float) -> float:
    """Return the worst relative error of the balances that `Ledger.certificate` closes.

    Of every unit and tank by component, of every unit by element, and of the whole by both.
    """
    rows, n, units = now.booked, now.booked.shape[1], len(now.conversions)
    into, out = np.zeros((books.accounts, n)), np.zeros((books.accounts, n))
    top, made = np.zeros(n), np.zeros((units, n))
    for u in range(units):
        for k in range(now.conversions[u]):
            for c in range(n):
                made[u, c] += now.made[now.reaction[u, k], c] * now.made_of[u, k]
    most = 0.0
    for r in range(len(rows)):
        for c in range(n):
            into[books.sink[r], c] += rows[r, c]
            out[books.source[r], c] += rows[r, c]
            top[c] = max(top[c], rows[r, c])
        most = max(most, rows[r].sum())
    came, went, formed = np.zeros(n), np.zeros(n), np.zeros(n)
    for a in range(books.accounts):
        for c in range(n):
            if a < units:
                formed[c] += made[a, c]
            elif a >= books.insiders:
                came[c] += out[a, c]
                went[c] += into[a, c]
    worst = 0.0
    for a in range(books.insiders + 1):
        whole = a == books.insiders
        for c in range(n):
            entered = came[c] if whole else into[a, c]
            left = went[c] if whole else out[a, c]
            gain = formed[c] if whole else made[a, c] if a < units else 0.0
            brought = entered + max(gain, 0.0) if whole else entered
            size = max(brought, left, floor * most, 0.0 if whole else dust * top[c])
            worst = _worse(worst, entered + gain - left, size)
        if units <= a < books.insiders:
            continue
        for e in range(len(books.element_mass)):
            entered = left = least = 0.0
            for c in range(n):
                mass = books.element_mass[e, c]
                entered += mass * (came[c] if whole else into[a, c])
                left += mass * (went[c] if whole else out[a, c])
                least += mass * max(floor * most, 0.0 if whole else dust * top[c])
            worst = _worse(worst, entered - left, max(entered, left, least))
    return worst


def _worse(worst: float, gain: float, size: float) -> float:
    error = abs(gain) / size if size > 0.0 else 0.0 if gain == 0.0 else np.inf
    return error if not error <= worst else worst


ALLOCATING = ("closure",)
