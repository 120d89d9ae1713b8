"""What the report consists of, whatever it is written as: sections of text, tables, pictures."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Text:
    """A paragraph."""

    text: str


@dataclass(frozen=True)
class Listing:
    """A list of points."""

    points: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """A table: every column head or first cell says its unit of measure.

    Parameters
    ----------
    caption : str
    header : tuple of str
    rows : tuple of tuple of str
        As many cells as the header has.
    note : str
        What stands below it.
    left : frozenset of int
        Columns of words; the others hold numbers and are set to the right.
    strong : frozenset of int
        Rows that sum up.
    """

    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""
    left: frozenset[int] = frozenset({0})
    strong: frozenset[int] = frozenset()

    def __post_init__(self) -> None:
        for row in self.rows:
            if len(row) != len(self.header):
                raise ValueError(
                    f"table {self.caption!r}: {len(row)} cells under {len(self.header)} heads"
                )


@dataclass(frozen=True)
class Picture:
    """A picture, kept as a file beside the Markdown and inside the HTML."""

    name: str
    caption: str
    alt: str
    png: bytes


Block = Text | Listing | Table | Picture


@dataclass(frozen=True)
class Section:
    """A chapter; its name is what links point to."""

    name: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Document:
    """A report."""

    title: str
    subtitle: str
    warning: str
    sections: tuple[Section, ...]

    @property
    def pictures(self) -> tuple[Picture, ...]:
        """All pictures in it."""
        found = (block for section in self.sections for block in section.blocks)
        return tuple(block for block in found if isinstance(block, Picture))


def table(
    caption: str,
    header: Iterable[str],
    rows: Iterable[Iterable[str]],
    *,
    note: str = "",
    left: Iterable[int] = (0,),
    strong: Iterable[int] = (),
) -> Table:
    """Return a table from anything that can be gone through."""
    cells = tuple(tuple(row) for row in rows)
    return Table(caption, tuple(header), cells, note, frozenset(left), frozenset(strong))
