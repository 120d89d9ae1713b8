"""What every study returns: a value that prints, shows in a notebook, tabulates, draws, is JSON.

A study says four things of itself: its report as text, its tables, its pictures, and what of it
goes into JSON. All else follows from these here, for all studies alike: ``print(answer)``, the last
line of a notebook's cell, ``answer.table()``, ``answer.plot()``, ``answer.as_json()``,
``answer.save("folder")``.
"""

from __future__ import annotations

import json
import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, fields, is_dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from plant_models.model import PlantModel
from sim.errors import look_up
from sim.statistics.intervals import Interval
from sim.tables import html_table, readable

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

MOST_ROWS = 60  # of a table in a notebook


@dataclass(frozen=True)
class Table:
    """A tidy table: a row a case, a column a quantity."""

    columns: Sequence[str]
    rows: Sequence[Sequence[Any]]  #: Text, numbers, or None where nothing is known
    units: Mapping[str, str] = field(default_factory=dict)
    """Unit of measure of the columns that have one for all their rows."""

    @property
    def records(self) -> list[dict[str, Any]]:
        """Its rows as mappings, as JSON has them."""
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]

    def frame(self) -> pd.DataFrame:
        """Return it for pandas; ``attrs["units"]`` holds the units.

        A column of which nothing is known holds no numbers, and one of words and numbers holds
        words, as in the CSV file read back: Parquet, too, keeps a column of one kind.
        """
        import pandas as pd

        frame = pd.DataFrame([tuple(row) for row in self.rows], columns=list(self.columns))
        if len(frame):
            frame = frame.astype(dict.fromkeys(frame.columns[frame.isna().all()], float))
        for name, column in frame.items():
            objects = pd.api.types.is_object_dtype(column)
            if objects and column.dropna().map(type).nunique() > 1:
                frame[name] = column.map(str, na_action="ignore")
        frame.attrs["units"] = dict(self.units)
        return frame

    def html(self, caption: str) -> str:
        """Return it for a notebook, the first rows of a long one."""
        header = [f"{c}, {self.units[c]}" if c in self.units else c for c in self.columns]
        shown = [[_cell(value) for value in row] for row in self.rows[:MOST_ROWS]]
        left = len(self.rows) - len(shown)
        return html_table(f"{caption}{f'; {left:,} rows more' if left else ''}", header, shown)


class Answer(ABC):
    """What a study came to."""

    to_draw: ClassVar[str] = ""
    """What to ask for where there is no picture."""

    @abstractmethod
    def report(self) -> str:
        """Return it as text, for a terminal of 100 columns."""

    @abstractmethod
    def tables(self) -> Mapping[str, Table]:
        """Return its tables by name, the main one first; each name is that of a file, too."""

    @abstractmethod
    def as_json(self) -> dict[str, Any]:
        """Return all of it as JSON can hold it, with its provenance; see `plain`."""

    def pictures(self) -> Mapping[str, Callable[[], Figure]]:
        """Return what draws each of its pictures, by name, the main one first."""
        return {}

    def documents(self) -> Mapping[str, str | bytes]:
        """Return what else belongs into its folder, by file name."""
        return {}

    def documents_in(self, language: str) -> Mapping[str, str | bytes]:
        """Return these documents, those that there are in a language in it."""
        return self.documents()

    @property
    def failures(self) -> Sequence[str]:
        """What could not be done, a line each; a command then ends with exit code 1."""
        return ()

    def __init_subclass__(cls, **given: Any) -> None:
        """Compare every study by what it tells: by field, as a dataclass would, arrays refuse."""
        super().__init_subclass__(**given)
        for name in ("__eq__", "__hash__"):
            setattr(cls, name, getattr(Answer, name))

    def __eq__(self, other: object) -> bool:
        """Whether another answer is of the same study and tells the same."""
        if type(other) is not type(self):
            return NotImplemented
        return self is other or self.as_json() == other.as_json()

    def __hash__(self) -> int:
        return hash(json.dumps(self.as_json(), sort_keys=True))

    @property
    def written(self) -> Mapping[str, str]:
        """What somebody wrote into the files of its plant, each with its Chinese."""
        plant = _plant_in(self)
        return plant.written if plant is not None else {}

    def table(self, name: str | None = None) -> pd.DataFrame:
        """Return a table for pandas, the main one by default; `tables` has the names."""
        found: Table = _named(self.tables(), name, "table")
        return found.frame()

    def plot(self, name: str | None = None) -> Figure:
        """Draw a picture, the main one by default; `pictures` has the names."""
        from experiments.output.fit import fit

        draw: Callable[[], Figure] = _named(self.pictures(), name, "picture", self.to_draw)
        return fit(draw())

    def save(self, folder: Path | str, *, excel: bool = False, language: str = "en") -> None:
        """Write tables, pictures and provenance into a folder, whole or not at all.

        ``folder``: new, empty, or holding the result of an earlier study. ``excel``: also one
        workbook with a sheet for each table; takes the extra ``excel``. ``language``: of the
        words in pictures and pages, ``en`` or ``zh``; names in tables stay what they are.

        Raises OSError or ValueError if it cannot be written, or holds what no study has written;
        TypeError or LookupError for what is no folder, switch or language.
        """
        from experiments.output.files import write_answer

        write_answer(self, folder, excel=excel, language=language)

    def __str__(self) -> str:
        return self.report()

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return "".join(table.html(name) for name, table in self.tables().items())


def paragraphs(*sections: Sequence[str]) -> str:
    """Return sections of lines as text, those that say something, a blank line between."""
    return "\n\n".join("\n".join(lines) for lines in sections if lines)


def plain(value: Any) -> Any:
    """Return a value as JSON can hold it.

    Values with fields become objects, intervals their mean, ends and number of values, what is not
    finite a word, and NaN nothing.

    >>> plain({"a": (1, float("inf")), "b": float("nan")})
    {'a': [1, 'inf'], 'b': None}
    """
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, float):
        if math.isnan(value):
            return None
        return float(value) if math.isfinite(value) else str(float(value))
    if isinstance(value, Interval):
        ends = (value.low, value.high) if value.n > 1 else (None, None)
        return {"mean": plain(value.mean), "low": ends[0], "high": ends[1], "n": value.n}
    if isinstance(value, Mapping):
        return {_key(key): plain(inner) for key, inner in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        return {item.name: plain(getattr(value, item.name)) for item in fields(value)}
    if hasattr(value, "tolist"):  # arrays and scalars of numpy
        return plain(value.tolist())
    if isinstance(value, AbstractSet):
        return [plain(inner) for inner in sorted(value)]
    if isinstance(value, Iterable):
        return [plain(inner) for inner in value]
    return str(value)


def _plant_in(value: Any, deep: int = 6) -> PlantModel[Any, Any] | None:
    """Return the plant that a value tells of: a part of it, or of the first of its parts."""
    if isinstance(value, PlantModel) or not deep:
        return value if isinstance(value, PlantModel) else None
    if isinstance(value, Mapping):
        parts = [*value.values()][:1]
    elif is_dataclass(value) and not isinstance(value, type):
        parts = [getattr(value, item.name) for item in fields(value)]
    else:
        parts = [*value[:1]] if isinstance(value, tuple | list) else []
    return next(filter(None, (_plant_in(part, deep - 1) for part in parts)), None)


def _key(key: Any) -> str:
    return ", ".join(map(str, key)) if isinstance(key, tuple) else str(key)


def _cell(value: Any) -> str:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, float):
        return readable(value) if math.isfinite(value) else str(value)
    return str(value)


def _named(known: Mapping[str, Any], name: str | None, what: str, hint: str = "") -> Any:
    if not known:
        raise LookupError(f"this study has no {what}{hint}")
    if name is None:
        return next(iter(known.values()))
    return look_up(what, name, known)
