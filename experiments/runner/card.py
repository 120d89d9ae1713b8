"""The run card: what a folder of runs was made of, so that nothing else is mixed with it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from hashlib import sha256
from platform import python_version
from typing import Any

from experiments.output.provenance import LIBRARIES, installed_version
from experiments.runner.plan import Plan
from experiments.runner.tasks import Task
from plant_models.model import Variant
from sim.model.tree import design_hash

FORMAT = 1  # of the folder

Card = Mapping[str, Any]


def card_of(plan: Plan, task: Task) -> Card:
    """Return what decides the table: no time, no path, no number of workers."""
    what = "\n".join(map(identity, plan.cases))
    return {
        "program": "cleanerline",
        "format": FORMAT,
        "version": installed_version("cleanerline"),
        "python": python_version(),
        "libraries": {name: installed_version(name) for name in LIBRARIES},
        "task": json.loads(json.dumps(task.card())),
        "units": dict(task.units),
        "replications": plan.replications,
        "chunk": plan.chunk,
        "cases": {
            "number": len(plan.cases),
            "labels": [str(case) for case in plan.cases],
            "hash": sha256(what.encode()).hexdigest()[:16],
        },
    }


def identity(case: Any) -> str:
    """Return what tells a case apart; a design's values, which its ``repr`` leaves out, too."""
    return f"{case!r} {design_hash(case.tree)}" if isinstance(case, Variant) else repr(case)


def card_text(card: Card) -> str:
    """Return a card as it is written."""
    return json.dumps(card, indent=2, allow_nan=False, ensure_ascii=False) + "\n"


def card_hash(card: Card) -> str:
    """Return 16 hex digits of a card, which every part of the folder carries."""
    return sha256(card_text(card).encode()).hexdigest()[:16]


def difference(kept: Card, asked: Card) -> str:
    """Return the first thing in which two cards differ, in words; nothing where they agree."""
    one, other = dict(_leaves(kept)), dict(_leaves(asked))
    for path in [*other, *one]:
        if one.get(path) != other.get(path):
            return f"{path} is {_word(one.get(path))} there and {_word(other.get(path))} here"
    return ""


def _leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _leaves(inner, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list) and value:
        for i, inner in enumerate(value, start=1):
            yield from _leaves(inner, f"{path} {i}")
    else:
        yield path, value


def _word(value: Any) -> str:
    return "missing" if value is None else repr(value)
