"""Small tables that print as aligned text and show as HTML in a notebook."""

from __future__ import annotations

import html
import textwrap
from collections.abc import Sequence

WIDTH = 100


def columns(header: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Return header and rows as lines with aligned columns; numbers to the right."""
    table = [header, *rows]
    widths = [max(len(row[i]) for row in table) for i in range(len(header))]
    numeric = [bool(rows) and all(_is_number(row[i]) for row in rows) for i in range(len(header))]
    return [
        "  ".join(
            cell.rjust(width) if right else cell.ljust(width)
            for cell, width, right in zip(row, widths, numeric, strict=True)
        ).rstrip()
        for row in table
    ]


def indented(text: str, by: int = 4) -> list[str]:
    """Return a text wrapped to the width of a page, indented."""
    margin = " " * by
    return textwrap.wrap(text, WIDTH, initial_indent=margin, subsequent_indent=margin)


def html_table(caption: str, header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return an HTML table with everything in it escaped."""

    def row(cells: Sequence[str], tag: str) -> str:
        style = ' style="text-align:left"'
        inside = "".join(f"<{tag}{style}>{html.escape(cell)}</{tag}>" for cell in cells)
        return f"<tr>{inside}</tr>"

    body = "".join(row(cells, "td") for cells in rows)
    return (
        f"<table><caption>{html.escape(caption)}</caption>"
        f"<thead>{row(header, 'th')}</thead><tbody>{body}</tbody></table>"
    )


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return cell == ""
    return True
