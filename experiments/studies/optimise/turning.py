"""Set points of a set of schemes, turned at rest within the bounds of their validity."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from experiments.output.files import sync
from experiments.output.provenance import versions
from experiments.runner.loop import each
from experiments.studies.optimise.question import BOTH, Question, figures_of
from plant_models.methods.choosing import Limit
from plant_models.methods.set_points import SetPoint, search
from plant_models.model import Variant
from sim.errors import BalanceError
from sim.model.tree import design_hash, get

EVALUATIONS = 20, 10
"""States of rest that the search of one set may take: so many, and so many more a set point."""


@dataclass(frozen=True)
class Turn:
    """A set point before and after."""

    point: SetPoint
    before: float
    after: float

    @property
    def moved(self) -> bool:
        """Whether it was turned."""
        return self.after != self.before

    @property
    def rests(self) -> str:
        """Which bound of its validity it rests on: ``lower``, ``upper`` or nothing."""
        return self.point.bound(self.after) if self.moved else ""


@dataclass(frozen=True)
class Turned:
    """A set of schemes with its set points where they are worth most."""

    ids: tuple[str, ...]
    turns: tuple[Turn, ...]
    figures: Mapping[str, float]  #: At rest, as turned
    worth: float  #: By the goal
    gain: float  #: Over the set as it is
    feasible: bool  #: Whether all limits hold at rest
    evaluations: int
    label: str = ""  #: What it was turned for

    @classmethod
    def as_it_is(cls, ids: tuple[str, ...], figures: Mapping[str, float]) -> Turned:
        """Return a set of which nothing was turned."""
        return cls(ids, (), figures, 0.0, 0.0, feasible=True, evaluations=0)

    def variant(self, question: Question) -> Variant[Any]:
        """Return the design."""
        return replace(question, label=self.label).variant(self.ids, self.values)

    @property
    def values(self) -> dict[str, float]:
        """The set points that were turned."""
        return {turn.point.path: turn.after for turn in self.turns if turn.moved}


def turned(
    asked: Iterable[tuple[Question, tuple[str, ...]]],
    base: Mapping[str, float],
    workers: int | None,
    store: Path | None,
) -> list[Turned]:
    """Return sets with their set points where they are worth most by a question.

    ``asked``: question and set of each; ``base``: figures without schemes; ``store``: a folder in
    which each search is kept.
    """
    folder = None if store is None else store / "set_points"
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
    jobs = [(question, ids, dict(base), folder) for question, ids in asked]
    return list(each(_one, jobs, workers, "set points"))


def _one(
    question: Question, ids: tuple[str, ...], base: Mapping[str, float], folder: Path | None
) -> Turned:
    own = question.variant(ids)
    file = None if folder is None else folder / f"{_key(question, own, base)}.json"
    if file is not None and file.exists():
        kept = json.loads(file.read_text(encoding="utf-8"))
        return _read(question, ids, own, kept)
    found = _searched(question, ids, own, base)
    if file is not None:
        draft = file.with_suffix(".draft")
        draft.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
        sync(draft)
        draft.rename(file)
    return _read(question, ids, own, found)


def _most(question: Question) -> int:
    """Return how many states of rest a search may take."""
    some, more = EVALUATIONS
    return some + more * len(question.points)


def _key(question: Question, own: Variant[Any], base: Mapping[str, float]) -> str:
    """Return 16 hex digits of all that decides a search."""
    worth = question.worth
    told = {
        "design": design_hash(own.tree),
        "points": [asdict(point) for point in question.points],
        "goal": question.goal,
        **({"price": [question.against, question.price]} if question.goal == BOTH else {}),
        "limits": [str(limit) for limit in question.all_limits],
        "prices": None if worth is None else repr(worth.prices),
        "cost": question.cost(own.schemes),
        "upkeep": list(own.schemes),
        "base": {name: repr(value) for name, value in base.items()},
        "most": _most(question),
        "versions": dict(versions()),
    }
    return sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:16]


def _searched(
    question: Question, ids: tuple[str, ...], own: Variant[Any], base: Mapping[str, float]
) -> dict[str, Any]:
    points, plant = question.points, question.plant
    seen: dict[tuple[float, ...], Mapping[str, float]] = {}

    def figures(values: Sequence[float]) -> Mapping[str, float]:
        at = dict(zip((p.path for p in points), values, strict=True))
        return figures_of(plant.steady_state(question.variant(ids, at)))

    def evaluate(values: Sequence[float]) -> tuple[float, list[float]]:
        try:
            row = figures(values)
        except (ArithmeticError, ValueError, BalanceError):  # a setting at which nothing runs
            return float("nan"), [-1.0] * len(question.all_limits)
        seen[tuple(values)] = row
        return question.value(ids, base, row), [_slack(x, row, base) for x in question.all_limits]

    start = [float(get(own.tree, point.path)) for point in points]
    own_row = figures_of(plant.steady_state(own))
    as_is = question.value(ids, base, own_row)
    kept = all(_slack(limit, own_row, base) >= -1e-9 for limit in question.all_limits)
    low, high = [p.low for p in points], [p.high for p in points]
    found = search(evaluate, low, high, start, _most(question))
    best = found.best
    if not best.feasible or (kept and best.worth <= as_is):
        return {"after": start, "figures": dict(own_row), "worth": as_is, "as_is": as_is,
                "feasible": kept, "evaluations": found.evaluations}  # fmt: skip
    after = [
        b if abs(b - a) > 1e-9 * abs(a) else a for a, b in zip(start, best.values, strict=True)
    ]
    return {"after": after, "figures": dict(seen[best.values]), "worth": best.worth,
            "as_is": as_is, "feasible": True, "evaluations": found.evaluations}  # fmt: skip


def _slack(limit: Limit, row: Mapping[str, float], base: Mapping[str, float]) -> float:
    """Return by how much a limit is kept, relative to its bound."""
    was = base[limit.name]
    return float(limit.slack(row[limit.name], was)) / max(abs(limit.allowed(was)), 1e-12)


def _read(
    question: Question, ids: tuple[str, ...], own: Variant[Any], kept: Mapping[str, Any]
) -> Turned:
    turns = tuple(
        Turn(point, float(get(own.tree, point.path)), after)
        for point, after in zip(question.points, kept["after"], strict=True)
    )
    return Turned(
        ids,
        turns,
        kept["figures"],
        kept["worth"],
        kept["worth"] - kept["as_is"],
        kept["feasible"],
        kept["evaluations"],
        question.label,
    )
