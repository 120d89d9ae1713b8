"""Money weighed against tonnes at rest: what the front is made of, and which of it runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from experiments.studies.optimise.sets import Array, Sets
from experiments.studies.optimise.turning import Turned
from plant_models.methods.abatement import pareto_front
from plant_models.methods.choosing import Candidates


def slope(sets: Sets) -> float:
    """Return what less of the tonnes by 1 costs along the front at rest, from end to end.

    Of all sets within the budget: set points may keep limits that no set keeps as it is.
    """
    of = sets.of
    front = replace(sets.in_money, limits=of.keeps).front(of.against, of.sign)
    if not front:
        return 0.0
    column = sets.columns[of.against]
    money, tonnes = sets.benefit[[front[0], front[-1]]], column[[front[0], front[-1]]]
    given, got = abs(money[0] - money[1]), abs(tonnes[0] - tonnes[1])
    return float((given or abs(money[0])) / (got or abs(column[0]) or 1.0))


def at_rest(sets: Sets, turned: Sequence[Turned], choice: Candidates) -> list[Turned]:
    """Return designs that none beats at rest in money and tonnes, the most money first.

    Sets as they are, and with their set points turned, that keep the limits of a choice.
    """
    of, base = sets.of, sets.row(0)
    some = [Turned.as_it_is(sets.ids(n), sets.row(n)) for n in choice.front(of.against, of.sign)]
    some += [
        each
        for each in turned
        if each.values and all(x.kept(each.figures[x.name], base[x.name]) for x in choice.limits)
    ]
    figures = weighed(sets, some)
    return [some[i] for i in pareto_front(figures[:, 0], figures[:, 1])]


def weighed(sets: Sets, designs: Sequence[Turned]) -> Array:
    """Return money and tonnes of designs at rest, a row each, more being better in both."""
    of, base = sets.of, sets.row(0)
    rows = [(of.benefit(x.ids, base, x.figures), of.gain(base, x.figures)) for x in designs]
    return np.array(rows, dtype=float).reshape(-1, 2)


def spread(figures: Array, most: int) -> list[int]:
    """Return points of a front that lie apart: its ends, then what is farthest from all so far.

    >>> spread(np.array([[9.0, 0.0], [8.9, 0.1], [5.0, 4.0], [0.0, 9.0]]), 3)
    [0, 2, 3]
    """
    few = min(most, len(figures))
    at = figures / np.maximum(np.ptp(figures, axis=0), 1e-30) if few else figures
    taken = [0, len(figures) - 1][:few]
    while len(taken) < few:
        away = np.min([np.hypot(*(at - at[i]).T) for i in taken], axis=0)
        taken.append(int(np.argmax(away)))
    return sorted(taken)
