"""A run that is saved and goes on: as what it was made of, for its processes cannot be kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.books.ledger import Array, Ledger
from sim.clock.plant import Plant
from sim.errors import Gridlock, need_function, need_kind, takes, told
from sim.network.network import parameters_of

SAME = 1e-6  # relative; another version or design is further off, a last digit is not
ROUNDING = 1e-9  # of the largest that has moved; what has not moved more may have by rounding alone


Said = Mapping[str, object]
"""How a plant is designed, and what it is told to do, by the words for it."""


@dataclass(frozen=True, repr=False)
class Saved:
    """A run as what it was made of, and its books: built again and run to its hour, it goes on.

    Processes are generators, which no library keeps. But a run depends on nothing except how it was
    built and on its seed, so that it is played again in the time that it took, and then goes on
    with the same bits. Pickle keeps it, if ``build`` lives in a module.

    Examples
    --------
    >>> saved = Saved.of(plant, build, design, seed)  # doctest: +SKIP
    >>> plant = saved.resume()  # doctest: +SKIP
    >>> plant.run(saved.hour + 24.0)  # doctest: +SKIP
    """

    build: Callable[..., Plant]
    """Returns the plant with all its processes, not yet run."""
    arguments: tuple[Any, ...]
    """What it was built from: a design, a seed, a replication."""
    books: Ledger
    """As they were at the hour at which it was saved."""
    said: Said | None = None
    """How it was designed and what it was told to do then; `resume` compares it as the books."""

    def __post_init__(self) -> None:
        need_function("Saved", build=self.build)
        given: object = self.arguments
        if not isinstance(given, tuple | list):
            raise TypeError(f"Saved: expected arguments as a tuple, came {told(given)}")
        need_kind("Saved", Ledger, books=self.books)
        if self.said is not None:
            need_kind("Saved", Mapping, said=self.said)
        if not takes(self.build, *self.arguments):
            what = f"arguments that {self._built_by} takes"
            raise TypeError(f"Saved: expected {what}, came {told(self.arguments)}")

    @classmethod
    def of(cls, plant: Plant, build: Callable[..., Plant], *arguments: Any) -> Saved:
        """Return what a plant is to be built from again, at the hour at which it is now."""
        need_kind("Saved.of", Plant, plant=plant)
        return cls(build, arguments, plant.ledger(), _said(plant))

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        """Return a line: a network would fill pages."""
        return f"<Saved run of {self.hour:g} h, by {self._built_by}>"

    @property
    def _built_by(self) -> str:
        return getattr(self.build, "__name__", "a function")

    @property
    def hour(self) -> float:
        """Hour at which it was saved, h."""
        return self.books.hours

    def resume(self) -> Plant:
        """Return the plant at the hour at which it was saved, ready to go on.

        Raises ValueError: it comes to other books than it had, somebody has acted on it who is no
        process of what builds it, or it has run when it is built.
        """
        plant: object = self.build(*self.arguments)
        if not isinstance(plant, Plant):
            raise TypeError(f"resume: expected build to return a Plant, came {told(plant)}")
        if plant.env.now > 0.0:
            raise ValueError(f"{self._built_by} returns a plant that has run already")
        return replayed(plant, self.books, self.said)


def replayed(plant: Plant, books: Ledger, said: Said | None = None) -> Plant:
    """Return a plant that has not run yet at the hour of its books, which it must come to again.

    Raises ValueError: it comes to others, or it is told to do something else than was ``said``.
    """
    try:
        plant.run(books.hours)
    except Gridlock as fault:
        what = f"it stands for good: {fault}"
    else:
        what = next(_otherwise(plant.ledger(), books), "")
        if said is not None:
            what = what or next(_told_otherwise(_said(plant), said), "")
    if what:
        raise ValueError(
            f"the run that was saved at {books.hours:g} h is another one: {what}; it was made by "
            "another version, is built otherwise now, or somebody has acted on it who is no "
            "process of what builds it"
        )
    return plant


def _said(plant: Plant) -> Said:
    """Return what a plant is and is told to do, though nothing may show it yet, by what differs."""
    flow_map, limit, network = plant.flow.map, plant.flow.problem.plan.limit, plant.designed
    said: dict[str, object] = {}
    for (name, to), regime in zip(plant.states.items(), flow_map.regime, strict=True):
        told_to = (dict(to.holds), dict(to.waits), to.fraction, plant.usual_cause(name))
        said[f"train {name!r} is told to do"] = (*told_to, regime.cause, regime.led)
    for name, k in flow_map.utilities.items():
        said[f"utility {name!r} is told to give"] = float(limit[k])
    for name in network.units:
        said[f"unit {name!r} is told to be"] = plant.down.get(name)
    for name, unit in network.units.items():
        designed = [(path, value) for path, _, value in parameters_of(unit)]
        said[f"unit {name!r} is designed as"] = designed
    for train in network.trains:
        said[f"train {train.name!r} is designed as"] = train
    for what in ("supplies", "utilities", "peaks"):
        said[f"the {what} are designed as"] = getattr(network, what)
    said["the surroundings are"] = dict(plant.felt)
    for name, places in (("repair crews", plant.crew), *plant.points.items()):
        said[f"of {name} are busy"] = (places.free, len(places.waiting))
    return said


def _told_otherwise(now: Said, said: Said) -> Iterator[str]:
    for what in (*said, *now):
        if now.get(what) != said.get(what):
            yield f"{what} something else"


def _otherwise(found: Ledger, books: Ledger) -> Iterator[str]:
    """Yield what is otherwise than in the books."""
    moved, again = (sum(of.flows.values(), np.zeros(1)) for of in (books, found))
    size = np.maximum(moved, ROUNDING * moved.max())
    off = sorted(set(found.held) ^ set(books.held)) or [
        name for name, kg in found.held.items() if not _near(kg, books.held[name], size)
    ]
    if off:
        yield f"tank {off[0]!r} holds something else"
    elif not _near(again, moved, size):
        yield "the books hold something else"
    for what in _used_otherwise(found, books, ROUNDING * moved.max()):
        yield f"{what} something else"


def _used_otherwise(found: Ledger, books: Ledger, least: float) -> Iterator[str]:
    """Yield of what another amount is used than in the books, or beyond its peak.

    What is less than the ``least`` may be used by rounding alone.
    """
    for utility in dict.fromkeys(name for of in (books, found) for _, name, _ in of.uses):
        amounts = [abs(amount) for (_, name, _), amount in books.uses.items() if name == utility]
        most, what = SAME * max(sum(amounts), least), f"of {utility} it has used"
        if not abs(found.used(utility) - books.used(utility)) <= most:
            yield what
        over, other = (of.over.get(utility) for of in (found, books))
        if over != other and (over is None or other is None or not abs(over - other) <= most):
            yield f"{what} beyond the peak"


def _near(one: Array, other: Array, size: Array) -> bool:
    return np.shape(one) == np.shape(other) and bool(np.all(np.abs(one - other) <= SAME * size))
