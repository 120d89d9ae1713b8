"""Files, and the folder of an answer: whole or not there at all, whatever happens meanwhile."""

from __future__ import annotations

import csv
import json
import os
import re
import secrets
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from experiments.output.crate import CRATE, crate

PROVENANCE = "provenance.json"
WORKBOOK = "tables.xlsx"


def check_folder(told: Path | str, name: str = "--out") -> Path:
    """Return the folder, if a new one can be put there; raise TypeError or ValueError if not."""
    folder = check_place(told, name)
    try:
        foreign = _foreign(folder) if folder.exists() else ""
    except OSError as fault:
        raise ValueError(f"{name}: {told} cannot be read: {fault.strerror}") from fault
    if foreign:
        raise ValueError(
            f"{name}: {told} holds {foreign!r}, which is not the result of a run; "
            "choose an empty or a new folder"
        )
    return folder


def check_place(told: Path | str, name: str) -> Path:
    """Return the folder, if there is one or can be; raise TypeError or ValueError if not."""
    if not isinstance(told, Path | str):
        raise TypeError(f"{name}: expected a folder, came {told!r}")
    text = str(told)
    if not text.strip() or "\0" in text:
        raise ValueError(f"{name}: expected a folder, came {text!r}")
    try:
        folder = Path(text).resolve()
        if folder.exists() and not folder.is_dir():
            raise ValueError(
                f"{name}: {text} is a file; expected a folder, which need not exist yet"
            )
        _new_sibling(folder).rmdir()
    except (OSError, RuntimeError) as fault:  # a loop of links is a RuntimeError
        why = getattr(fault, "strerror", None) or "it leads nowhere"
        raise ValueError(f"{name}: {_short(text)} cannot be written: {why}") from fault
    return folder


@contextmanager
def whole_folder(folder: Path) -> Iterator[Path]:
    """Give a folder to write into, which takes its place when everything is on the disk.

    What an earlier, killed attempt has left beside it is taken away.
    """
    _clear_drafts(folder)
    draft = _new_sibling(folder)
    try:
        yield draft
        for file in draft.rglob("*"):
            if file.is_file():
                sync(file)
        folder.parent.mkdir(parents=True, exist_ok=True)
        if folder.exists():
            old = _new_sibling(folder)
            old.rmdir()
            folder.rename(old)
            draft.rename(folder)
            shutil.rmtree(old)
        else:
            draft.rename(folder)
        sync(folder.parent)
    except OSError as fault:  # of a write on a full disk, which names no file
        raise OSError(fault.errno, fault.strerror or str(fault), str(folder)) from fault
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def write_answer(
    answer: Any, folder: Path | str, *, excel: bool = False, language: str = "en"
) -> None:
    """Write the tables, pictures and provenance of an `Answer`; see its `save`."""
    from experiments.output.phrases import tell_picture
    from experiments.output.pictures import save

    if excel:
        need_excel()
    folder = check_folder(folder, "folder")
    with whole_folder(folder) as draft:
        tables = answer.tables()
        for name, table in tables.items():
            write_rows(draft / f"{name}.csv", table.columns, table.rows)
        for name, content in answer.documents_in(language).items():
            (draft / name).write_bytes(content.encode() if isinstance(content, str) else content)
        for name, draw in answer.pictures().items():
            picture = draw()
            tell_picture(picture, language)
            save(picture, draft / f"{name}.png")
        if excel:
            write_tables(draft / WORKBOOK, tables)
        told = answer.as_json().get("provenance", {})
        files = sorted(file.name for file in draft.iterdir())
        told = {**told, "files": [*files, PROVENANCE, CRATE]}
        write_json(draft / PROVENANCE, told)
        write_json(draft / CRATE, crate(draft, told))


def write_json(path: Path, told: Mapping[str, Any]) -> None:
    """Write an object as JSON."""
    path.write_text(json.dumps(told, indent=2, allow_nan=False) + "\n", encoding="utf-8")


def need_excel() -> None:
    """Raise ImportError where workbooks cannot be written; say what to install."""
    try:
        import openpyxl  # noqa: F401
    except ImportError as fault:
        raise ImportError(
            "a workbook takes the extra excel: "
            'python -m pip install -c constraints.txt -e ".[excel]"'
        ) from fault


def write_rows(path: Path, header: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Write a table as CSV."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def write_tables(path: Path, tables: Mapping[str, Any]) -> None:
    """Write tables as one workbook, a sheet each; raise ImportError without the extra."""
    need_excel()
    import pandas as pd

    with pd.ExcelWriter(path, engine="openpyxl") as book:
        for name, table in tables.items():
            table.frame().to_excel(book, sheet_name=name[:31], index=False)


def _foreign(folder: Path) -> str:
    """Return the name of something in the folder that no study has put there."""
    names = sorted(item.name for item in folder.iterdir())
    if not names:
        return ""
    try:
        told = json.loads((folder / PROVENANCE).read_text(encoding="utf-8"))
        ours = set(told["files"]) if told.get("program") == "cleanerline" else set()
    except (OSError, ValueError, TypeError, LookupError, AttributeError):
        ours = set()
    return next((name for name in names if name not in ours), "")


def _clear_drafts(folder: Path) -> None:
    """Take away what earlier attempts at this folder have left when they were killed."""
    pattern = re.compile(re.escape(f".{folder.name[:40]}-") + r"[0-9a-f]{8}")
    if folder.parent.is_dir():
        for item in folder.parent.iterdir():
            if pattern.fullmatch(item.name) and item.is_dir() and not item.is_symlink():
                shutil.rmtree(item, ignore_errors=True)


def _new_sibling(folder: Path) -> Path:
    """Make an empty folder on the way to where ``folder`` is to be."""
    place = folder.parent
    while not place.exists():
        place = place.parent
    sibling = place / f".{folder.name[:40]}-{secrets.token_hex(4)}"
    sibling.mkdir()
    return sibling


def _short(text: str) -> str:
    return text if len(text) <= 200 else f"{text[:80]}{os.sep}...{os.sep}{text[-40:]}"


def check_file(text: str, suffixes: tuple[str, ...], example: str, name: str = "--out") -> Path:
    """Return the file to write, if one can be put there; its name ends in one of the suffixes."""
    path = Path(text)
    if path.suffix.lower() not in suffixes or "\0" in text:
        raise ValueError(f"{name}: expected a file like {example}, came {text!r}")
    try:
        if path.is_dir():
            raise ValueError(
                f"{name}: {text} is a folder; expected a file, which need not exist yet"
            )
        _new_sibling(path).rmdir()
    except OSError as fault:
        raise ValueError(f"{name}: {text} cannot be written: {fault.strerror}") from fault
    return path


def write_whole(path: Path, content: bytes) -> None:
    """Write a file under another name, bring it to the disk, and put it in its place."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = _draft(path)
    try:
        with draft.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    sync(path.parent)


def sync(folder: Path) -> None:
    """Bring a file, or the names in a folder, to the disk, where the system knows how."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _draft(path: Path) -> Path:
    return path.with_name(f".draft-{secrets.token_hex(4)}")
