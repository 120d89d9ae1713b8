"""Files, and the folder of an answer: whole or not there at all, whatever happens meanwhile."""

from __future__ import annotations

import csv
import errno
import json
import os
import re
import secrets
import shutil
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from itertools import chain
from math import ceil
from pathlib import Path
from typing import Any

from experiments.output.crate import CRATE, crate
from plant_models.arguments import flag, word
from plant_models.languages import LANGUAGES

PROVENANCE = "provenance.json"
WORKBOOK = "tables.xlsx"
MISREAD, TEXT = ("e", "f"), "s"
"""Kinds of a cell: a word that begins with an equals sign is no formula, ``#N/A`` no error."""

ABANDONED = 3600.0
"""Age from which a draft is taken for one whose process was killed, s."""
PATIENCE, PAUSE = 10.0, 0.05
"""How long somebody else is waited for who writes to the same folder, and between two looks, s."""


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


def check_empty(told: Path | str) -> Path:
    """Return the folder, if it is new or empty; raise as `check_place` does if not."""
    folder = check_place(told, "folder")
    if folder.exists() and _names(folder):
        raise ValueError(f"folder: {told} is not empty; choose an empty or a new folder")
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
        if not folder.exists():
            _new_draft(_standing(folder.parent), folder.name).rmdir()
        elif not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    except (OSError, RuntimeError) as fault:  # a loop of links is a RuntimeError
        why = getattr(fault, "strerror", None) or "it leads nowhere"
        raise ValueError(f"{name}: {_short(text)} cannot be written: {why}") from fault
    return folder


@contextmanager
def whole_folder(folder: Path, *, over: bool = True) -> Iterator[Path]:
    """Give a folder to write into, which takes its place when everything is on the disk.

    A new folder appears by one renaming. One that is there stays the one it is, for a shell may
    stand in it, and the folder above may be somebody else's: it gets the files, `PROVENANCE` ahead,
    when those of an earlier answer are gone, so that two answers are never mixed. ``over``: whether
    what has got there meanwhile is replaced; raise ValueError if not, or if it is no answer.

    What an earlier, killed attempt has left is taken away.
    """
    place = _standing(folder)
    _clear_drafts(folder, place)
    draft = _new_draft(place, folder.name)
    try:
        yield draft
        for file in draft.rglob("*"):
            if file.is_file():
                sync(file)
        _put(draft, folder, over)
    except OSError as fault:  # of a write on a full disk, which names no file
        raise OSError(fault.errno, fault.strerror or str(fault), str(folder)) from fault
    finally:
        shutil.rmtree(draft, ignore_errors=True)


@contextmanager
def alone_in(folder: Path, patience: float = 0.0) -> Iterator[None]:
    """Keep other processes from writing into a folder; a lock ends with its process.

    Raise ValueError if another is there for longer than ``patience``, s. Windows, and disks of the
    network as a rule, lock no folder: there nobody is kept away.
    """
    try:
        import fcntl
    except ImportError:
        yield
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        for last in [*[False] * ceil(patience / PAUSE), True]:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if last:
                    raise ValueError(
                        f"{folder}: another process is writing there just now"
                    ) from None
                time.sleep(PAUSE)
            except OSError:
                break
            else:
                break
        yield
    finally:
        os.close(handle)


def _put(draft: Path, folder: Path, over: bool) -> None:
    """Bring what is in the draft to its place."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    if not folder.exists():
        try:
            draft.rename(folder)
        except OSError:
            if not folder.is_dir():  # else somebody has been quicker
                raise
        else:
            sync(folder.parent)
            return
    with alone_in(folder, PATIENCE):
        check_folder(folder) if over else check_empty(folder)
        aside = _new_draft(folder, folder.name)
        moved: list[tuple[Path, Path]] = []
        try:
            for name in _names(folder):
                _move(folder / name, aside / name, moved)
            for name in sorted(_names(draft), key=lambda name: (name != PROVENANCE, name)):
                _move(draft / name, folder / name, moved)
        except BaseException:  # as of a table that is open in Excel, or Ctrl-C
            for source, target in reversed(moved):
                target.rename(source)
            raise
        finally:
            shutil.rmtree(aside, ignore_errors=True)
        sync(folder)


def write_answer(
    answer: Any,
    folder: Path | str,
    *,
    excel: bool = False,
    language: str = "en",
) -> None:
    """Write the tables, pictures and provenance of an `Answer`; see its `save`."""
    from experiments.output.phrases import tell_picture
    from experiments.output.pictures import save

    word("language", language, LANGUAGES)
    flag("excel", excel)
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
            tell_picture(picture, language, written=answer.written)
            save(picture, draft / f"{name}.png")
        if excel:
            write_tables(draft / WORKBOOK, tables)
        told = dict(answer.as_json().get("provenance", {}))
        files = sorted(file.name for file in draft.iterdir())
        units = {f"{name}.csv": dict(of.units) for name, of in tables.items() if of.units}
        told |= {"units": units} if units else {}
        told |= {"files": [*files, PROVENANCE, CRATE]}
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
            "a workbook takes openpyxl, of the extra excel: 'python -m pip install openpyxl'"
        ) from fault


def write_rows(path: Path, header: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Write a table as CSV; a cell is empty where there is no figure, be it None or no number."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows([["" if cell != cell else cell for cell in row] for row in rows])


def write_tables(path: Path, tables: Mapping[str, Any]) -> None:
    """Write tables as one workbook, a sheet each; raise ImportError without the extra."""
    need_excel()
    import pandas as pd

    with pd.ExcelWriter(path, engine="openpyxl") as book:
        for sheet, table in zip(_sheets(tables), tables.values(), strict=True):
            frame = pd.DataFrame([*table.rows], columns=[*table.columns])  # a cell may be a number
            frame.to_excel(book, sheet_name=sheet, index=False)
            for cell in chain.from_iterable(book.sheets[sheet].iter_rows()):
                if cell.data_type in MISREAD:
                    cell.data_type = TEXT


def _sheets(names: Iterable[str]) -> list[str]:
    """Return a name of a sheet for each table: 31 characters that no other has, big or small."""
    sheets: dict[str, str] = {}
    for name in names:
        sheet, nth = name[:31], 1
        while sheet.casefold() in sheets:
            nth += 1
            sheet = f"{name[:27]} ({nth})"
        sheets[sheet.casefold()] = sheet
    return list(sheets.values())


def command_of(folder: Path) -> str:
    """Return the command whose answer a folder holds; nothing where it holds none."""
    try:
        return str(_provenance(folder)["command"])
    except UNTOLD:
        return ""


def _foreign(folder: Path) -> str:
    """Return the name of something in the folder that no study has put there."""
    names = _names(folder)
    if not names:
        return ""
    try:
        ours = set(_provenance(folder)["files"])
    except UNTOLD:
        ours = set()
    return next((name for name in names if name not in ours), "")


UNTOLD = (OSError, ValueError, TypeError, LookupError, AttributeError)
"""What is raised where a folder tells nothing of an answer."""


def _provenance(folder: Path) -> Any:
    """Return what a folder tells of its answer; nothing of what another program tells."""
    told = json.loads((folder / PROVENANCE).read_text(encoding="utf-8"))
    return told if told.get("program") == "cleanerline" else {}


def _names(folder: Path) -> list[str]:
    """Return the names in a folder, without the drafts of answers that are to come there."""
    ours = _drafts(folder.name)
    return sorted(item.name for item in folder.iterdir() if not ours.fullmatch(item.name))


def _drafts(name: str) -> re.Pattern[str]:
    return re.compile(re.escape(f".{name[:40]}-") + r"[0-9a-f]{8}")


def _clear_drafts(folder: Path, place: Path) -> None:
    """Take away what earlier attempts at this folder have left when they were killed.

    A young draft may be that of another process, which is at work.
    """
    ours = _drafts(folder.name)
    for item in {*place.iterdir(), *_standing(folder.parent).iterdir()}:
        if ours.fullmatch(item.name) and item.is_dir() and not item.is_symlink():
            with suppress(FileNotFoundError):
                if time.time() - item.stat().st_mtime > ABANDONED:
                    shutil.rmtree(item, ignore_errors=True)


def _new_draft(place: Path, name: str) -> Path:
    """Make an empty folder for what is to be called so."""
    draft = place / f".{name[:40]}-{secrets.token_hex(4)}"
    draft.mkdir()
    return draft


def _standing(folder: Path) -> Path:
    """Return the folder, or the nearest above it that there is."""
    while not folder.exists():
        folder = folder.parent
    return folder


def _move(source: Path, target: Path, moved: list[tuple[Path, Path]]) -> None:
    source.rename(target)
    moved.append((source, target))


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
        place = path.resolve()
        _new_draft(_standing(place.parent), place.name).rmdir()
    except (OSError, RuntimeError) as fault:  # a loop of links is a RuntimeError
        why = getattr(fault, "strerror", None) or "it leads nowhere"
        raise ValueError(f"{name}: {text} cannot be written: {why}") from fault
    return path


def write_whole(path: Path, content: bytes) -> None:
    """Write a file under another name, bring it to the disk, and put it where its path leads."""
    path = path.resolve()  # a link stays one
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
