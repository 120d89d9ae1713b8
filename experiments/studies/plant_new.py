"""A folder to write a plant of one's own into: a skeleton that runs, and worksheets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from shlex import quote
from typing import Any

from experiments.output.answer import Answer, Table, paragraphs
from experiments.output.files import check_empty, whole_folder, write_tables
from experiments.output.provenance import provenance
from plant_models import WRITTEN
from plant_models.arguments import flag, word
from plant_models.folder.reading import copied, known
from plant_models.folder.schema import NAME, schema_text
from plant_models.folder.worksheets import worksheets
from sim.tables import text_table

SKELETON = "brine"
WORKBOOK = "worksheets.xlsx"


@dataclass(frozen=True, repr=False)
class NewPlant(Answer):
    """A folder that has been written."""

    place: Path
    like: str
    files: tuple[str, ...]

    def report(self) -> str:
        """Return what was written, and what to do next."""
        rows = [[name, MEANING.get(name, "")] for name in self.files]
        return paragraphs(
            [f"{self.place}: a plant like {self.like!r}, which runs as it is"],
            text_table(["file", "what it says"], rows, left=(0, 1)),
            [
                "Next: change plant.toml, and look at it after every few lines with",
                f"  python -m experiments plant check {quote(str(self.place))}",
            ],
        )

    def tables(self) -> Mapping[str, Table]:
        """Return the files."""
        return {"files": Table(("file", "meaning"), [(n, MEANING.get(n, "")) for n in self.files])}

    def as_json(self) -> dict[str, Any]:
        """Return the files."""
        return {
            "folder": str(self.place),
            "files": list(self.files),
            "provenance": provenance("plant new", like=self.like),
        }


MEANING = {
    "plant.toml": "components, units, tanks, pipes, operation",
    "schemes.toml": "what may be changed",
    "prices.toml": "what is sold, bought and paid for (optional)",
    "limits.toml": "what may leave (optional)",
    "readings.csv": "worksheet: what meters said, with their standard errors (optional)",
    "history.csv": "worksheet: failures and stops by date (optional)",
    "published.toml": "what a paper prints of it, for validate (optional)",
    "devices.toml": "what holds emissions back, for end-of-pipe (optional)",
    NAME: "what editors complete and check plant.toml by",
    WORKBOOK: "both worksheets, and the lists of units, tanks and pipes, to fill in by hand",
}


def plant_new(
    folder: Path | str, *, like: str = SKELETON, bare: bool = False, excel: bool = False
) -> NewPlant:
    """Write a folder with a plant that runs, to be turned into one's own.

    Parameters
    ----------
    folder : path
        Where to; new or empty.
    like : str
        The plant of the package that it begins as.
    bare : bool
        The plant alone, without schemes, prices, limits and worksheets.
    excel : bool
        Also one workbook with the worksheets; takes the extra ``excel``.

    Raises
    ------
    TypeError, LookupError, ValueError, OSError
        No such plant, or a folder that holds something; nothing is written then.
    """
    flag("excel", excel)
    flag("bare", bare)
    word("like", like, known())
    if bare and excel:
        raise ValueError("excel: goes without bare, which leaves the worksheets out")
    if str(folder) in WRITTEN:
        raise ValueError(
            f"folder: {str(folder)!r} is a plant of the package, which --plant would take; choose "
            "another name"
        )
    place = check_empty(folder)
    sheets = {name: Table(*sheet) for name, sheet in worksheets(like).items()}
    with whole_folder(place, over=False) as draft:
        copied(like, draft, bare=bare)
        (draft / NAME).write_text(schema_text(), encoding="utf-8")
        if excel:
            write_tables(draft / WORKBOOK, sheets)
        files = tuple(sorted(each.name for each in draft.iterdir()))
    return NewPlant(Path(folder), like, files)
