"""The report written: as one HTML file with styles and pictures inside, and as Markdown."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterator, Sequence
from html import escape
from importlib.resources import files
from string import Template

from experiments.audit.document import Block, Document, Listing, Picture, Table, Text

ASSETS = files("experiments.audit") / "assets"
LATIN, CHINESE = "[A-Za-z0-9]", "[\u4e00-\u9fff]"
BESIDE = re.compile(f"(?<={LATIN})(?={CHINESE})|(?<={CHINESE})(?={LATIN})")
TYPE = (
    (re.compile(r"(?<!\S)-(?=[\d.])|(?<=\de)-(?=\d)"), "\N{MINUS SIGN}"),
    (re.compile(r"(?<=\d)%"), "\N{NARROW NO-BREAK SPACE}%"),
    (re.compile(r" x (?=10\S)"), " \N{MULTIPLICATION SIGN} "),
    (re.compile(r"\bm3\b"), "m\N{SUPERSCRIPT THREE}"),
    (re.compile(r" degC\b"), " \N{DEGREE SIGN}C"),
)
"""What a terminal writes, and how it is set in type."""
WIDE = 7
"""Columns; a table with more is set in smaller type on paper."""


def html(document: Document) -> str:
    """Return the report as one HTML text; its policy lets a browser fetch nothing else."""
    frame, css = (
        (ASSETS / name).read_text(encoding="utf-8") for name in ("audit.html", "audit.css")
    )
    contents = (
        f'<li><a href="#{section.name}">{escape(section.title)}</a></li>'
        for section in document.sections
    )
    return Template(frame).substitute(
        css=css,
        title=escape(document.title),
        subtitle=escape(document.subtitle),
        warning=escape(document.warning),
        contents="\n".join(contents),
        contents_word=escape(document.contents),
        language="zh-CN" if document.language == "zh" else document.language,
        sections="\n".join(_sections(document)),
    )


def _sections(document: Document) -> Iterator[str]:
    for section in document.sections:
        yield f'<section aria-labelledby="{section.name}">'
        yield f'<h2 id="{section.name}">{escape(section.title)}</h2>'
        for block in section.blocks:
            yield from _html(block)
        yield "</section>"


def _html(block: Block) -> Iterator[str]:
    match block:
        case Text(text):
            yield f"<p>{_prose(text)}</p>"
        case Listing(points):
            yield "<ul>"
            yield from (f"<li>{_prose(point)}</li>" for point in points)
            yield "</ul>"
        case Picture():
            yield "<figure>"
            data = b64encode(block.png).decode("ascii")
            yield f'<img alt="{escape(block.alt)}" src="data:image/png;base64,{data}">'
            yield f"<figcaption>{escape(block.caption)}</figcaption>"
            yield "</figure>"
        case Table():
            yield from _html_table(block)


def _html_table(block: Table) -> Iterator[str]:
    wide = " wide" if len(block.header) > WIDE else ""
    caption = escape(block.caption)
    yield f'<p class="caption">{caption}</p>'
    yield f'<div class="scroll{wide}" role="region" tabindex="0" aria-label="{caption}"><table>'
    heads = (f'<th scope="col"{_side(block, i)}>{_set(h)}</th>' for i, h in enumerate(block.header))
    yield f"<thead><tr>{''.join(heads)}</tr></thead><tbody>"
    for number, row in enumerate(block.rows):
        strong = ' class="strong"' if number in block.strong else ""
        first = f'<th scope="row"{_side(block, 0)}>{_set(row[0])}</th>'
        rest = (f"<td{_side(block, i)}>{_set(row[i])}</td>" for i in range(1, len(row)))
        yield f"<tr{strong}>{first}{''.join(rest)}</tr>"
    yield "</tbody></table></div>"
    if block.note:
        yield f'<p class="note">{_prose(block.note)}</p>'


def _prose(text: str) -> str:
    """Return a text with what stands between backticks set as code."""
    return re.sub("`([^`]+)`", r"<code>\1</code>", _set(_apart(text)))


def _set(text: str) -> str:
    return escape(typeset(text))


def typeset(text: str) -> str:
    r"""Return a text with the signs that a typesetter takes.

    >>> typeset("-9.6% of 20 x 10\u2074 RMB, 5 mg/m3 at 0 degC under F1-F7")
    '\u22129.6\u202f% of 20 \xd7 10\u2074 RMB, 5 mg/m\xb3 at 0 \xb0C under F1-F7'
    >>> typeset("-1e-14")  # no line breaks in it
    '\u22121e\u221214'
    """
    for plain, sign in TYPE:
        text = plain.sub(sign, text)
    return text


def _apart(text: str) -> str:
    """Return a text in which Chinese and a plant's own Latin words stand apart.

    >>> _apart("耗用 water减少")
    '耗用 water 减少'
    """
    return BESIDE.sub(" ", text)


def _side(block: Table, column: int) -> str:
    return ' class="words"' if column in block.left else ""


def markdown(document: Document) -> str:
    """Return the report as one Markdown text; pictures are files beside it."""
    parts = [f"# {_plain(document.title)}", _plain(document.subtitle)]
    parts.append(f"> **{_plain(document.warning)}**")
    for section in document.sections:
        parts.append(f"## {_plain(section.title)}")
        for block in section.blocks:
            parts += _markdown(block)
    return "\n\n".join(parts) + "\n"


def _markdown(block: Block) -> Iterator[str]:
    match block:
        case Text(text):
            yield _plain(_apart(text))
        case Listing(points):
            yield "\n".join(f"- {_plain(_apart(point))}" for point in points)
        case Picture(name, caption, alt):
            yield f"![{_plain(alt)}]({name})\n\n*{_plain(caption)}*"
        case Table():
            yield f"**{_plain(block.caption)}**"
            yield "\n".join(_pipes(block))
            if block.note:
                yield f"*{_plain(block.note)}*"


def _pipes(block: Table) -> Iterator[str]:
    yield _row(block.header)
    marks = ("---" if i in block.left else "---:" for i in range(len(block.header)))
    yield "| " + " | ".join(marks) + " |"
    for i, row in enumerate(block.rows):
        strong = i in block.strong
        yield _row([f"**{cell}**" if strong and cell else cell for cell in row])


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(_plain(cell).replace("|", "\\|") for cell in cells) + " |"


def _plain(text: str) -> str:
    """Return a text in which a user's words are neither markup nor a link, on one line."""
    marked = re.sub(r"([\\\[\]])", r"\\\1", " ".join(text.split()))
    return marked.replace("<", "&lt;")
