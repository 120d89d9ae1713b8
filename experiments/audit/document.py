"""What the report consists of, whatever it is written as: sections of text, tables, pictures."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any


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
    """A table: every column head or first cell says its unit of measure."""

    caption: str
    header: Sequence[str]
    rows: Sequence[Sequence[str]]  #: As many cells as the header has
    note: str = ""  #: What stands below it
    left: Collection[int] = (0,)
    """Columns of words; the others hold numbers and are set to the right."""
    strong: Collection[int] = ()  #: Rows that sum up

    def __post_init__(self) -> None:
        for row in self.rows:
            if len(row) != len(self.header):
                raise ValueError(
                    f"table {self.caption!r}: {len(row)} cells under {len(self.header)} heads"
                )


@dataclass(frozen=True)
class Picture:
    """A picture, kept as a file beside the Markdown and inside the HTML, where it is drawn."""

    name: str
    caption: str
    alt: str
    draw: Callable[[], bytes]

    @cached_property
    def png(self) -> bytes:
        """The picture itself."""
        return self.draw()


Block = Text | Listing | Table | Picture


@dataclass(frozen=True)
class Section:
    """A chapter; its name is what links point to."""

    name: str
    title: str
    blocks: tuple[Block, ...]


Stage = Callable[[Any], Section]
"""What tells a part of what was found, as one chapter."""


@dataclass(frozen=True)
class Document:
    """A report."""

    title: str
    subtitle: str
    warning: str
    sections: tuple[Section, ...]
    contents: str = "Contents"  #: What the list of chapters is called
    language: str = "en"


def section(name: str) -> Callable[[Callable[[Any], Iterator[Block]]], Stage]:
    """Return what makes a chapter of a function that yields its blocks; its title is a text."""
    return lambda blocks: lambda of: Section(name, of.say(f"title_{name}"), tuple(blocks(of)))
