"""Where rows are kept: in memory, or as Parquet parts in a folder that can be taken up again."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from experiments.output.whole_files import write_whole
from experiments.runner.card import FORMAT, Card, card_hash, card_text, difference
from experiments.runner.plan import Plan
from experiments.runner.rows import Row, arrow, frame, schema

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

CARD = "card.json"
PARTS = "parts"
DRAFT = re.compile(r"\.draft-[0-9a-f]{8}")
HASH = b"cleanerline.card"  # key in the metadata of a part
PART = re.compile(r"part-(\d{6})\.parquet")
"""A part is named by the number of its chunk."""


class Store(Protocol):
    """What keeps the chunks of a run."""

    done: set[int]

    def put(self, number: int, rows: Sequence[Row]) -> None:
        """Keep the rows of a chunk."""

    def table(self) -> pd.DataFrame:
        """Return all rows in order."""


class Memory:
    """Keeps rows in this process."""

    def __init__(self, units: Mapping[str, str]) -> None:
        self.units = units
        self.parts: dict[int, pa.Table] = {}
        self.done: set[int] = set()

    def put(self, number: int, rows: Sequence[Row]) -> None:
        """Keep the rows of a chunk."""
        self.parts[number] = arrow(rows, self.units)
        self.done.add(number)

    def table(self) -> pd.DataFrame:
        """Return all rows in order."""
        return frame([self.parts[number] for number in sorted(self.parts)], self.units)


class RunFolder:
    """Keeps rows as ``parts/part-NNNNNN.parquet`` beside the card ``card.json``.

    A part appears whole or not at all, also when the process is killed or the power fails: it is
    written under another name, brought to the disk, and renamed.

    Parameters
    ----------
    folder : path
        New, empty, or with the same card.
    chunk : int, optional
        As asked for; a folder that exists keeps its own.

    Raises
    ------
    ValueError
        If the folder holds something else, another run, or a damaged part.
    OSError
        If it cannot be written.
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
        self._lock = _locked(self.folder)
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
        import pyarrow.parquet as pq

        table = arrow(rows, self.units)
        marked = {HASH: card_hash(self.card).encode()}
        written = BytesIO()
        pq.write_table(table.replace_schema_metadata(marked), written, write_page_checksum=True)
        write_whole(self.folder / PARTS / f"part-{number:06}.parquet", written.getvalue())
        self.done.add(number)

    def table(self) -> pd.DataFrame:
        """Return all rows in order."""
        return frame([t for _, t in _parts(self.folder, self.card, self.units)], self.units)


def read_card(folder: Path | str) -> dict[str, Any]:
    """Return the card of a folder of runs.

    Raises
    ------
    ValueError
        If it is not such a folder.
    """
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

    Raises
    ------
    ValueError
        If it is not such a folder, or a part is damaged.
    """
    card = read_card(folder)
    units = card["units"]
    return frame([table for _, table in _parts(Path(folder), card, units)], units)


def _parts(
    folder: Path, card: Card, units: Mapping[str, str], plan: Plan | None = None
) -> Iterator[tuple[int, pa.Table]]:
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
) -> pa.Table:
    import pyarrow as pa
    import pyarrow.parquet as pq

    advice = "delete it and give the same command again: only its runs are done anew"
    try:
        table = pq.read_table(path, page_checksum_verification=True, partitioning=None)
        table.validate(full=True)
        if not table.schema.equals(schema(units)):
            raise ValueError("its columns are not those of the card")
    except (pa.ArrowException, OSError, ValueError, LookupError, MemoryError) as fault:
        reason = " ".join(str(fault).split())
        raise ValueError(f"{path} is damaged ({reason}); {advice}") from fault
    if (table.schema.metadata or {}).get(HASH) != card_hash(card).encode():
        raise ValueError(f"{path} belongs to another run; {advice}")
    keys = list(zip(table["case"].to_pylist(), table["replication"].to_pylist(), strict=True))
    if plan is not None and (number >= plan.chunks or keys != plan.keys(number)):
        raise ValueError(f"{path} holds other runs than its name says; {advice}")
    return table.replace_schema_metadata(schema(units).metadata)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Keep other processes from writing into a folder; a lock ends with its process."""
    try:
        import fcntl
    except ImportError:  # Windows: whoever is second overwrites parts with the same content
        yield
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ValueError(f"{folder}: another process is writing there just now") from None
        yield
    finally:
        os.close(handle)
