"""The report as one HTML file that needs nothing else: styles and pictures are inside."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterator
from html import escape
from importlib.resources import files

from experiments.audit.document import Block, Document, Listing, Picture, Table, Text

POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
"""The browser refuses whatever would be fetched from elsewhere."""


def html(document: Document) -> str:
    """Return the report as one HTML text."""
    css = (files("experiments.audit") / "assets" / "audit.css").read_text(encoding="utf-8")
    return "\n".join(
        [
            "<!DOCTYPE html>",
            '<html lang="en">',
            "<head>",
            '<meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{escape(document.title)}</title>",
            f"<style>\n{css}</style>",
            "</head>",
            "<body>",
            "<header>",
            f"<h1>{escape(document.title)}</h1>",
            f"<p>{escape(document.subtitle)}</p>",
            f'<p class="warning">{escape(document.warning)}</p>',
            "</header>",
            *_contents(document),
            "<main>",
            *_sections(document),
            "</main>",
            "</body>",
            "</html>",
            "",
        ]
    )


def _contents(document: Document) -> Iterator[str]:
    yield '<nav aria-label="Contents"><ol>'
    for section in document.sections:
        yield f'<li><a href="#{section.name}">{escape(section.title)}</a></li>'
    yield "</ol></nav>"


def _sections(document: Document) -> Iterator[str]:
    for section in document.sections:
        yield f'<section aria-labelledby="{section.name}">'
        yield f'<h2 id="{section.name}">{escape(section.title)}</h2>'
        for block in section.blocks:
            yield from _block(block)
        yield "</section>"


def _block(block: Block) -> Iterator[str]:
    match block:
        case Text(text):
            yield f"<p>{_prose(text)}</p>"
        case Listing(points):
            yield "<ul>"
            yield from (f"<li>{_prose(point)}</li>" for point in points)
            yield "</ul>"
        case Picture(_, caption, alt, png):
            yield "<figure>"
            data = b64encode(png).decode("ascii")
            yield f'<img alt="{escape(alt)}" src="data:image/png;base64,{data}">'
            yield f"<figcaption>{escape(caption)}</figcaption>"
            yield "</figure>"
        case Table():
            yield from _table(block)


def _table(block: Table) -> Iterator[str]:
    wide = " wide" if len(block.header) > WIDE else ""
    caption = escape(block.caption)
    yield f'<p class="caption">{caption}</p>'
    yield f'<div class="scroll{wide}" role="region" tabindex="0" aria-label="{caption}"><table>'
    heads = (
        f'<th scope="col"{_side(block, i)}>{escape(h)}</th>' for i, h in enumerate(block.header)
    )
    yield f"<thead><tr>{''.join(heads)}</tr></thead><tbody>"
    for number, row in enumerate(block.rows):
        strong = ' class="strong"' if number in block.strong else ""
        first = f'<th scope="row"{_side(block, 0)}>{escape(row[0])}</th>'
        rest = (f"<td{_side(block, i)}>{escape(row[i])}</td>" for i in range(1, len(row)))
        yield f"<tr{strong}>{first}{''.join(rest)}</tr>"
    yield "</tbody></table></div>"
    if block.note:
        yield f'<p class="note">{_prose(block.note)}</p>'


def _prose(text: str) -> str:
    """Return a text with what stands between backticks set as code."""
    return re.sub("`([^`]+)`", r"<code>\1</code>", escape(text))


WIDE = 7
"""Columns; a table with more is set in smaller type on paper."""


def _side(block: Table, column: int) -> str:
    return ' class="words"' if column in block.left else ""
