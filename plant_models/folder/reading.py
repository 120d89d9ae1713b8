"""Files of a folder: which are read, and how large they may be."""

from __future__ import annotations

from pathlib import Path

from plant_models import WRITTEN
from plant_models.arguments import folder_there
from plant_models.folder.model import MEASURED, NO_PLANT, Files, FolderPlant
from sim.errors import all_at_once, did_you_mean, told

PLANTS = Path(__file__).parent / "plants"
NAMES = ("plant.toml", "schemes.toml", "prices.toml", "limits.toml", "devices.toml",
         "published.toml", *MEASURED)  # fmt: skip
MOST = 1_000_000
"""Bytes of a file; a plant of a hundred units has some 30,000."""


def known() -> tuple[str, ...]:
    """Return the names of the plants from folders that the package brings."""
    return tuple(sorted(path.parent.name for path in PLANTS.glob("*/plant.toml")))


def folder_of(place: Path | str) -> Path:
    """Return a folder by its path, that of its plant.toml, or a name that the package brings.

    Raises TypeError or ValueError: no such folder; tells what comes near.
    """
    if isinstance(place, str) and place in known() and not Path(place).is_dir():
        return PLANTS / place
    path = Path(place) if isinstance(place, Path) or "\0" not in place else None
    if path is not None and path.name == NAMES[0] and path.is_file():
        return path.parent
    try:
        return folder_there("plant", place, "a plant.toml")
    except ValueError as fault:
        raise ValueError(f"{fault}{_instead(str(place))}") from None


def _instead(name: str) -> str:
    """Return what may have been meant by a name that is no folder."""
    if name in WRITTEN:
        return f"; {name!r} is written in Python and has none: studies take it by its name"
    return did_you_mean(name, known(), list_up_to=0)


def read_folder(place: Path | str) -> Files:
    """Return the texts of a folder by name.

    Raises TypeError or ValueError with all files that cannot be read.
    """
    folder = folder_of(place)
    texts: dict[str, str] = {}
    faults: list[Exception] = []
    try:
        found = sorted(path for path in folder.iterdir() if path.is_file() or path.name in NAMES)
    except OSError as fault:
        raise ValueError(f"{place}: cannot be read: {fault.strerror or fault}") from None
    for path in found:
        if path.name in NAMES or path.suffix == ".py":
            try:
                texts[path.name] = text_of(path)
            except ValueError as fault:
                faults.append(fault)
        elif path.suffix == ".xlsx" and (table := path.with_suffix(".csv")).name in NAMES:
            if not table.exists():
                faults.append(ValueError(f"{path.name}: save its sheet as {table.name}, as CSV"))
        elif path.suffix in (".toml", ".csv") or path.name.removesuffix(".txt") in NAMES:
            hint = did_you_mean(path.name, NAMES, list_up_to=0)
            if hint:
                faults.append(ValueError(f"{path.name}: no file of a plant{hint}"))
    if NAMES[0] not in (path.name for path in found):  # other files then are no plant's
        near = [fault for fault in faults if NAMES[0] in str(fault)]
        raise all_at_once(near or [ValueError(f"{place}: {NO_PLANT}")], "the folder")
    if faults:
        raise all_at_once(faults, "the folder")
    return tuple(sorted(texts.items()))


def text_of(path: Path) -> str:
    """Return the text of a file; raise ValueError for what is none."""
    try:
        raw = path.read_bytes()
    except OSError as fault:
        raise ValueError(
            f"{path.name or path}: cannot be read: {fault.strerror or fault}"
        ) from None
    if len(raw) > MOST:
        raise ValueError(f"{path.name}: {len(raw):,} bytes; expected at most {MOST:,}")
    try:
        return raw.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as fault:
        line = raw[: fault.start].count(b"\n") + 1
        hint = "save it as UTF-8" + (", in Excel as 'CSV UTF-8'" if path.suffix == ".csv" else "")
        raise ValueError(f"{path.name}, line {line}: no UTF-8 text; {hint}") from None


def load(place: FolderPlant | Path | str) -> FolderPlant:
    """Return the plant of a folder, by its path, or by its name where the package brings it.

    A plant that was loaded is returned as it is.

    Raises TypeError or ValueError: no such folder; all faults of its files at once, each with file,
    line and the nearest name.
    """
    if isinstance(place, FolderPlant):
        return place
    if not isinstance(place, str | Path):
        raise TypeError(f"plant: expected a folder, or the plant of one, came {told(place)}")
    return FolderPlant(read_folder(place))


def copied(name: str, place: Path, *, bare: bool = False) -> None:
    """Write the files of a plant that the package brings into a folder that is there.

    ``bare``: what the plant is alone, without what it may lack.
    """
    for path in sorted((PLANTS / name).iterdir()):
        needed = path.name == NAMES[0] or path.suffix == ".py"
        if path.is_file() and path.suffix in (".toml", ".csv", ".py") and (needed or not bare):
            (place / path.name).write_bytes(path.read_bytes())
