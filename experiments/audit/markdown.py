"""The report as Markdown, with tables in pipes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from experiments.audit.document import Block, Document, Listing, Picture, Table, Text


def markdown(document: Document) -> str:
    """Return the report as one Markdown text; pictures are files beside it."""
    parts = [f"# {_plain(document.title)}", _plain(document.subtitle)]
    parts.append(f"> **{_plain(document.warning)}**")
    for section in document.sections:
        parts.append(f"## {_plain(section.title)}")
        for block in section.blocks:
            parts += _block(block)
    return "\n\n".join(parts) + "\n"


def _block(block: Block) -> Iterator[str]:
    match block:
        case Text(text):
            yield _plain(text)
        case Listing(points):
            yield "\n".join(f"- {_plain(point)}" for point in points)
        case Picture(name, caption, alt, _):
            yield f"![{_plain(alt)}]({name})\n\n*{_plain(caption)}*"
        case Table():
            yield f"**{_plain(block.caption)}**"
            yield "\n".join(_table(block))
            if block.note:
                yield f"*{_plain(block.note)}*"


def _table(block: Table) -> Iterator[str]:
    yield _row(block.header)
    marks = ("---" if i in block.left else "---:" for i in range(len(block.header)))
    yield "| " + " | ".join(marks) + " |"
    for i, row in enumerate(block.rows):
        strong = i in block.strong
        yield _row([f"**{cell}**" if strong and cell else cell for cell in row])


def _row(cells: list[str] | tuple[str, ...]) -> str:
    return "| " + " | ".join(_plain(cell).replace("|", "\\|") for cell in cells) + " |"


def _plain(text: str) -> str:
    """Return a text in which a user's words are neither markup nor a link, on one line."""
    marked = re.sub(r"([\\\[\]])", r"\\\1", " ".join(text.split()))
    return marked.replace("<", "&lt;")
