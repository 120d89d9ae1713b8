"""Where rows are kept: in memory, or in parts in a folder that can be taken up again."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from platform import python_version
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.output.columns import Columns, packed, unpacked
from experiments.output.files import alone_in, write_whole
from experiments.output.provenance import LIBRARIES, installed_version
from experiments.runner.faults import undisturbed
from experiments.runner.tasks import Cell, Row, Task
from plant_models.arguments import count
from plant_models.model import Variant
from sim.errors import told
from sim.model.tree import design_hash

if TYPE_CHECKING:
    import pandas as pd


KEYS = ("case", "label", "replication")
FIGURES, ERROR = "figures", "error"


def columns(rows: Sequence[Row], units: Mapping[str, str]) -> Columns:
    """Return rows as columns, their figures side by side; a failed run has computed none."""
    unknown = (math.nan,) * len(units)
    figures = [row.values or unknown for row in rows]
    return {
        "case": np.array([row.case for row in rows], np.int32),
        "label": np.array([row.label for row in rows], str),
        "replication": np.array([row.replication for row in rows], np.int32),
        FIGURES: np.array(figures, float).reshape(len(rows), len(units)),
        ERROR: np.array([row.error or "" for row in rows], str),
    }


def frame(parts: Iterable[Columns], units: Mapping[str, str]) -> pd.DataFrame:
    """Return the table of all runs, in the order of cases and replications."""
    import pandas as pd

    every = [columns([], units), *parts]
    whole = {name: np.concatenate([part[name] for part in every]) for name in every[0]}
    found: dict[str, Any] = {name: whole[name] for name in KEYS}
    found |= zip(units, whole[FIGURES].T, strict=True)
    found[ERROR] = pd.Series([error or None for error in whole[ERROR].tolist()], dtype="str")
    table = pd.DataFrame(found)
    table.attrs["units"] = dict(units)
    return table


def failures(table: pd.DataFrame) -> pd.DataFrame:
    """Return the runs that failed: their keys and errors."""
    columns: object = getattr(table, "columns", ())
    if not isinstance(columns, Iterable) or ERROR not in columns:
        raise TypeError(
            f"failures: expected a table of runs, as run() gives it, came {told(table)}"
        )
    return table.loc[table[ERROR].notna(), [*KEYS, ERROR]]


MOST_CHUNKS = 256  # that few files are quickly read, and a kill loses little of the work
LARGEST_CHUNK = 64  # runs; an hour of work should never hang on one file


@dataclass(frozen=True)
class Plan:
    """Cases x replications, case by case, cut into chunks of equal size.

    A ``chunk`` is a number of runs; 0 for a size that follows from the number of all.
    """

    cases: tuple[Any, ...]
    replications: int
    chunk: int = 0

    def __post_init__(self) -> None:
        if not self.cases:
            raise ValueError("cases: expected one or more, came none")
        for name, least in (("replications", 1), ("chunk", 0)):
            object.__setattr__(self, name, count(name, getattr(self, name), least))
        if not self.chunk:
            fair = -(-self.total // MOST_CHUNKS)
            object.__setattr__(self, "chunk", min(fair, LARGEST_CHUNK))

    @cached_property
    def total(self) -> int:
        """Number of runs."""
        return len(self.cases) * self.replications

    @property
    def chunks(self) -> int:
        """Number of chunks."""
        return -(-self.total // self.chunk)

    def keys(self, number: int) -> list[tuple[int, int]]:
        """Return case and replication of each run in a chunk."""
        first = number * self.chunk
        last = min(first + self.chunk, self.total)
        return [divmod(i, self.replications) for i in range(first, last)]

    def size(self, number: int) -> int:
        """Return the number of runs in a chunk; the last may be smaller."""
        return min(self.chunk, self.total - number * self.chunk)

    def cells(self, number: int) -> list[Cell]:
        """Return what a worker needs for a chunk."""
        return [(case, self.cases[case], r) for case, r in self.keys(number)]


FORMAT = 2  # of the folder

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


BY_HASH = {
    "task.design": "the plant has other values or parts than there",
    "task.schemes": "the schemes that there are to choose from are others than there",
    "cases.hash": "designs of the same name have other values than there",
}
"""What differs where a card keeps a hash, which tells a reader nothing."""


def difference(kept: Card, asked: Card) -> str:
    """Return the first thing in which two cards differ, in words; nothing where they agree."""
    one, other = dict(_leaves(kept)), dict(_leaves(asked))
    for path in [*other, *one]:
        if one.get(path) != other.get(path):
            if path in BY_HASH:
                return BY_HASH[path]
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


CARD = "card.json"
PARTS = "parts"
DRAFT = re.compile(r"\.draft-[0-9a-f]{8}")
PART = re.compile(r"part-(\d{6})\.npz")
"""A part is named by the number of its chunk."""


class Memory:
    """Keeps rows in this process."""

    def __init__(self, units: Mapping[str, str]) -> None:
        self.units = units
        self.parts: dict[int, Columns] = {}
        self.done: set[int] = set()

    def put(self, number: int, rows: Sequence[Row]) -> None:
        """Keep the rows of a chunk."""
        self.parts[number] = columns(rows, self.units)
        self.done.add(number)

    def table(self) -> pd.DataFrame:
        """Return all rows in order."""
        return frame([self.parts[number] for number in sorted(self.parts)], self.units)


class RunFolder:
    """Keeps rows as ``parts/part-NNNNNN.npz`` beside the card ``card.json``.

    A part appears whole or not at all, also when the process is killed or the power fails: it is
    written under another name, brought to the disk, and renamed. The folder is new, empty, or has
    the same card; one that exists keeps its own size of a chunk.
    """

    def __init__(
        self, folder: Path, card: Card, units: Mapping[str, str], chunk: int | None = None
    ) -> None:
        self.folder, self.units = folder, units
        self.card = card
        self.chunk = chunk
        self.done: set[int] = set()

    def __enter__(self) -> RunFolder:
        """Take the folder: nobody else writes there until it is left."""
        if self.folder.exists() and not self.folder.is_dir():
            raise ValueError(
                f"{self.folder} is a file; expected a folder, which need not exist yet"
            )
        self.folder.mkdir(parents=True, exist_ok=True)
        self._lock = alone_in(self.folder)
        self._lock.__enter__()
        try:
            self._open()
        except BaseException:
            self._lock.__exit__(None, None, None)
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._lock.__exit__(None, None, None)

    def _open(self) -> None:
        if (self.folder / CARD).exists():
            kept = read_card(self.folder)
            if self.chunk is None:
                self.card = {**self.card, "chunk": kept["chunk"]}
            apart = difference(kept, self.card)
            if apart:
                raise ValueError(
                    f"{self.folder} holds another run: {apart}; choose another folder, or the "
                    "command that began this one"
                )
        else:
            self._refuse_foreign()
            write_whole(self.folder / CARD, card_text(self.card).encode())
        parts = self.folder / PARTS
        parts.mkdir(exist_ok=True)
        for draft in (*self.folder.iterdir(), *parts.iterdir()):
            if DRAFT.fullmatch(draft.name):
                draft.unlink()

    def _refuse_foreign(self) -> None:
        """Raise if there is anything but the draft of a card, which a kill may have left."""
        for item in sorted(self.folder.iterdir()):
            if not DRAFT.fullmatch(item.name):
                raise ValueError(
                    f"{self.folder} holds {item.name!r}, which is not of a run; "
                    "choose an empty or a new folder"
                )

    def plan(self, plan: Plan) -> Plan:
        """Return the plan in this folder's chunks, after checking every part that is there."""
        plan = replace(plan, chunk=self.card["chunk"])
        self.done = {number for number, _ in _parts(self.folder, self.card, self.units, plan)}
        return plan

    def put(self, number: int, rows: Sequence[Row]) -> None:
        """Keep the rows of a chunk."""
        content = packed(columns(rows, self.units), card_hash(self.card))
        with undisturbed():  # what is written is done
            write_whole(self.folder / PARTS / f"part-{number:06}.npz", content)
            self.done.add(number)

    def table(self) -> pd.DataFrame:
        """Return all rows in order."""
        return frame([t for _, t in _parts(self.folder, self.card, self.units)], self.units)


def read_card(folder: Path | str) -> dict[str, Any]:
    """Return the card of a folder of runs."""
    folder = Path(folder)
    try:
        card = json.loads((folder / CARD).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ValueError(f"{folder} is no folder of runs: it has no {CARD}") from None
    except ValueError as fault:
        raise ValueError(f"{folder / CARD} is damaged: {fault}") from fault
    if not isinstance(card, dict) or card.get("program") != "cleanerline":
        raise ValueError(f"{folder / CARD} is not the card of a run of this program")
    if card.get("format") != FORMAT:
        raise ValueError(
            f"{folder / CARD}: format {card.get('format')!r} is not read, but {FORMAT}"
        )
    if not isinstance(card.get("units"), dict) or not isinstance(card.get("chunk"), int):
        raise ValueError(f"{folder / CARD} is damaged: it lacks units, or the size of a chunk")
    return card


def read_table(folder: Path | str) -> pd.DataFrame:
    """Return the runs that a folder holds so far, in order.

    Raises ValueError if it is not such a folder, or a part is damaged.
    """
    card = read_card(folder)
    units = card["units"]
    return frame([table for _, table in _parts(Path(folder), card, units)], units)


def _parts(
    folder: Path, card: Card, units: Mapping[str, str], plan: Plan | None = None
) -> Iterator[tuple[int, Columns]]:
    """Yield the number and rows of every part, in order, each checked."""
    names = sorted(path.name for path in (folder / PARTS).glob("*"))
    for name in names:
        if DRAFT.fullmatch(name):
            continue
        match = PART.fullmatch(name)
        if not match:
            raise ValueError(f"{folder / PARTS / name} is not a part of this run; remove it")
        number = int(match[1])
        yield number, _part(folder / PARTS / name, number, card, units, plan)


def _part(
    path: Path, number: int, card: Card, units: Mapping[str, str], plan: Plan | None
) -> Columns:
    advice = "delete it and give the same command again: only its runs are done anew"
    try:
        part, of = unpacked(path.read_bytes())
    except (OSError, ValueError) as fault:
        raise ValueError(f"{path} is damaged ({fault}); {advice}") from fault
    if of != card_hash(card):
        raise ValueError(f"{path} belongs to another run; {advice}")
    keys = list(zip(part["case"].tolist(), part["replication"].tolist(), strict=True))
    if plan is not None and (number >= plan.chunks or keys != plan.keys(number)):
        raise ValueError(f"{path} holds other runs than its name says; {advice}")
    return part
