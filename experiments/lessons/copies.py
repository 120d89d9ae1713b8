"""The notebooks of the lessons, copied to where a class works: from a wheel or from a clone."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from experiments.output.files import check_empty, whole_folder
from plant_models.arguments import count, flag, word
from plant_models.languages import LANGUAGES
from sim.errors import gives_each, told

HOME = Path(__file__).resolve().parent / "notebooks"
"""Where a wheel keeps them; a clone has them beside the packages."""

CLONE = Path(__file__).resolve().parents[2] / "notebooks"
CHINESE = "_zh"


@dataclass(frozen=True)
class Copies:
    """What was written where."""

    folder: Path
    files: tuple[str, ...]

    def __str__(self) -> str:
        return "\n".join([f"{len(self.files)} files written to {self.folder}", *self.files])


def copy_lessons(
    folder: Path | str = "lessons",
    *,
    language: str = "en",
    instructor: bool = False,
    slides: bool = False,
    lessons: Collection[int] = (),
) -> Copies:
    """Copy the notebooks, in one language, into a folder that is new or empty.

    Parameters
    ----------
    folder : path
        Where to.
    language : str
        ``en`` or ``zh``.
    instructor : bool
        Whether the pages with the answers go along, into ``instructor/``.
    slides : bool
        Whether slides are made of their pictures, into ``slides/``: each lesson is run for it.
    lessons : Collection[int]
        Numbers of the lessons; all by default.

    Raises
    ------
    TypeError, LookupError, ValueError
        Wrong input, or a folder that holds something; a message that names it.
    OSError
        The disk refuses.
    """
    word("language", language, LANGUAGES)
    flag("instructor", instructor)
    flag("slides", slides)
    picked = _picked(lessons)
    target = check_empty(folder)
    pages = sorted((source() / "instructor").glob("*.md")) if instructor else []
    contents = {
        file.relative_to(source()).as_posix(): file.read_bytes()
        for file in (*notebooks().values(), *pages)
        if _language(file.stem) == language and int(file.stem[:2]) in picked
    }
    if slides:
        from experiments.lessons.slides import deck

        for name in [name for name in contents if name.endswith(".ipynb")]:
            made = deck(source() / name, language)
            contents[f"slides/{Path(name).stem}.html"] = made.encode()
    with whole_folder(target, over=False) as draft:
        for name, content in contents.items():
            (draft / name).parent.mkdir(exist_ok=True)
            (draft / name).write_bytes(content)
    return Copies(target, tuple(contents))


def source() -> Path:
    """Return where the notebooks are; raise LookupError if this installation has none."""
    for folder in (HOME, CLONE):
        if any(folder.glob("*.ipynb")):
            return folder
    raise LookupError("lessons: this installation holds no notebooks; install the package anew")


def notebooks() -> Mapping[str, Path]:
    """Return the notebooks by name, in the order of the lessons."""
    files: Sequence[Path] = sorted(source().glob("*.ipynb"))
    return {file.stem: file for file in files}


def _picked(lessons: Collection[int]) -> Collection[int]:
    known = sorted({int(name[:2]) for name in notebooks()})
    given: object = lessons
    if isinstance(given, str) or not gives_each(given):
        raise TypeError(f"lessons: expected numbers, like [3], came {told(lessons)}")
    picked = [count("lessons", each) for each in lessons]
    for number in picked:
        if number not in known:
            raise LookupError(f"lesson: no lesson {number}; there are {known[0]} to {known[-1]}")
    return picked or known


def _language(name: str) -> str:
    return "zh" if name.endswith(CHINESE) else "en"
