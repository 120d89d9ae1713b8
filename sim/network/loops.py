"""Gain of the loops among tanks: a check of the wiring, made once before anything runs.

A loop returns to a tank some part of each kilogram drawn from it. Where it returns all of it, or
more, it can circulate without feed: a flow that no balance forbids and that means nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from math import isfinite

import numpy as np

CLOSED = 1.0 - 1e-9  # kg/kg; a loop that returns more than this counts as closed
IMPROVED = 1e-9  # relative; a better choice of activities must raise a tank's value by more

Edge = tuple[str, str, str, float]  # tank fed from, activity, tank fed, kg per kg of main feed
Gains = dict[str, dict[str, dict[str, float]]]  # tank fed from -> activity -> tank fed -> kg/kg


def loop_gain(edges: Iterable[Edge]) -> float:
    """Return the largest gain of any loop, kg/kg per step from tank to tank.

    That is the largest spectral radius of the matrix of flows between tanks, where each tank
    empties through that one of its activities which returns the most; for a simple ring it is the
    geometric mean of its gains. Below 1 every circulation without external feed dies out.

    Parameters
    ----------
    edges : iterable of tuple
        ``(tank, activity, other_tank, gain)``: the activity takes its main feed from the tank
        and gives `gain` kg to the other tank per kg of it. What else an activity draws can only
        hold a loop back and is left out.

    Raises
    ------
    ValueError
        If a gain is negative or not finite.

    Examples
    --------
    >>> edges = [("crude", "column", "heavies", 0.2), ("heavies", "still", "crude", 0.8)]
    >>> round(loop_gain(edges), 12)
    0.4
    """
    return max((gain for gain, _ in _loops(_by_tank(edges))), default=0.0)


def refuse_phantom_loops(edges: Iterable[Edge]) -> None:
    """Raise unless every loop loses some of what circulates in it, kg/kg; edges as in `loop_gain`.

    Raises
    ------
    ValueError
        If a loop returns all that is drawn or more; the message names its tanks and activities.
    """
    gains = _by_tank(edges)
    faults = []
    for _, choice in _loops(gains):
        # within the choice that returns the most, a loop of its own may be the closed one
        chosen = {tank: {activity: gains[tank][activity]} for tank, activity in choice.items()}
        for loop in _strongly_connected(chosen):
            gain = _spectral_radius({tank: chosen[tank][choice[tank]] for tank in loop})
            if gain >= CLOSED:
                tanks = ", ".join(repr(tank) for tank in loop)
                through = ", ".join(repr(choice[tank]) for tank in loop)
                faults.append(
                    f"tanks {tanks} through {through}: the loop returns {gain:g} kg per kg drawn"
                )
    if faults:
        raise ValueError(
            "; ".join(faults) + "; it must return less than it draws, else phantom flow circulates"
            " without feed: let some of it leave"
        )


def _by_tank(edges: Iterable[Edge]) -> Gains:
    gains: Gains = {}
    for tank, activity, other, gain in edges:
        if not (isfinite(gain) and gain >= 0.0):
            raise ValueError(
                f"activity {activity!r}: gain of {gain:g} kg/kg from {tank!r} to {other!r}"
                " must be finite and >= 0"
            )
        if gain > 0.0:
            given = gains.setdefault(tank, {}).setdefault(activity, {})
            given[other] = given.get(other, 0.0) + gain
    return gains


def _loops(gains: Gains) -> Iterator[tuple[float, dict[str, str]]]:
    """Yield for each strongly connected set of tanks its largest gain and the choice behind it.

    Policy iteration: a tank changes to the activity whose products are worth more, by the dominant
    right eigenvector, until none does; the gain rises with every change.
    """
    for component in _strongly_connected(gains):
        inside = {
            tank: {
                activity: {t: g for t, g in given.items() if t in component}
                for activity, given in gains[tank].items()
            }
            for tank in component
        }
        choice = {tank: min(options) for tank, options in inside.items()}
        changed = True
        while changed:
            changed = False
            value = _values({tank: inside[tank][choice[tank]] for tank in component})
            for tank, options in inside.items():
                worth = {
                    activity: sum(g * value[t] for t, g in given.items())
                    for activity, given in options.items()
                }
                best = max(worth, key=worth.__getitem__)
                if worth[best] > worth[choice[tank]] * (1.0 + IMPROVED):
                    choice[tank], changed = best, True
        yield _spectral_radius({tank: inside[tank][choice[tank]] for tank in component}), choice


def _matrix(flows: Mapping[str, Mapping[str, float]]) -> np.ndarray:
    index = {tank: i for i, tank in enumerate(flows)}
    matrix = np.zeros((len(index), len(index)))
    for tank, given in flows.items():
        for other, gain in given.items():
            if other in index:
                matrix[index[tank], index[other]] = gain
    return matrix


def _spectral_radius(flows: Mapping[str, Mapping[str, float]]) -> float:
    return float(np.abs(np.linalg.eigvals(_matrix(flows))).max())


def _values(flows: Mapping[str, Mapping[str, float]]) -> dict[str, float]:
    """Return what a kilogram in each tank is worth in circulation, by the dominant eigenvector."""
    matrix = _matrix(flows)
    # a trace of mixing makes the matrix irreducible whatever was chosen, so the vector is unique
    eigenvalues, vectors = np.linalg.eig(matrix + 1e-12 * matrix.max())
    dominant = np.abs(vectors[:, np.argmax(eigenvalues.real)])
    return dict(zip(flows, dominant.tolist(), strict=True))


def _strongly_connected(gains: Gains) -> list[list[str]]:
    """Return the sets of tanks that reach each other, only such as contain a loop, in order."""
    reach = {
        tank: {other for given in activities.values() for other in given}
        for tank, activities in gains.items()
    }
    for middle in reach:
        for tank in reach:
            if middle in reach[tank]:
                reach[tank] |= reach[middle]
    components: list[list[str]] = []
    for tank in reach:
        if tank in reach[tank] and not any(tank in component for component in components):
            components.append([t for t in reach if t in reach[tank] and tank in reach[t]])
    return components
