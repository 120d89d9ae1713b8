"""A file that is there whole or not at all, whatever happens while it is written."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def check_file(text: str, suffixes: tuple[str, ...], example: str, name: str = "--out") -> Path:
    """Return the file to write, if one can be put there.

    Parameters
    ----------
    text : str
        What was given.
    suffixes : tuple of str
        How its name may end.
    example : str
        A name as it should be, for the message.
    name : str
        What the message calls it.

    Raises
    ------
    ValueError
        If it is a folder, is named otherwise, or nothing can be written there.
    """
    path = Path(text)
    if path.suffix.lower() not in suffixes:
        raise ValueError(f"{name}: expected a file like {example}, came {text!r}")
    if "\0" in text:
        raise ValueError(f"{name}: expected a file like {example}, came {text!r}")
    try:
        if path.is_dir():
            raise ValueError(
                f"{name}: {text} is a folder; expected a file, which need not exist yet"
            )
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = _draft(path)
        draft.touch()
        draft.unlink()
    except OSError as fault:
        raise ValueError(f"{name}: {text} cannot be written: {fault.strerror}") from fault
    return path


def write_whole(path: Path, content: bytes) -> None:
    """Write a file under another name, bring it to the disk, and put it in its place.

    Raises
    ------
    OSError
        If it cannot be written; what was there stays.
    """
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
