"""Tables as aligned text and as HTML, and numbers as a reader wants them."""

from __future__ import annotations

import html
import textwrap
import unicodedata
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from math import floor, isfinite, log10

from sim.errors import (
    NO_LIST,
    gives_each,
    is_number,
    need_count,
    need_names,
    need_text,
    scalar,
    told,
)

WIDTH = 100

_TELL: ContextVar[Callable[[str], str]] = ContextVar("tell", default=str)


class AsWritten(str):
    """A cell that no language tells in other words: a name that somebody wrote into a file."""

    __slots__ = ()


@contextmanager
def told_by(tell: Callable[[str], str]) -> Iterator[None]:
    """Let text tables tell their cells in other words, as long as this context lasts."""
    before = _TELL.set(tell)
    try:
        yield
    finally:
        _TELL.reset(before)


def in_words(text: str) -> str:
    """Return a text in the words that tables are told in."""
    return _TELL.get()(text)


def text_table(
    header: Sequence[str], rows: Sequence[Sequence[str]], left: Collection[int] | None = (0,)
) -> list[str]:
    """Return header and rows as lines with aligned columns.

    Columns of the indices ``left`` stand to the left, the others to the right; with None all
    that do not hold numbers alone stand to the left.
    """
    return _beside(_aligned("text_table", header, rows, left))


def text_tables(
    header: Sequence[str],
    rows: Sequence[Sequence[str]],
    left: Collection[int] | None = (0,),
    *,
    keep: int = 1,
) -> list[str]:
    """Return a table as of `text_table`, in several below each other if it is wider than a page.

    Each of them begins with the first ``keep`` columns.

    >>> narrow = text_tables(["figure", "a" * 50, "b" * 50], [["x", "1", "2"]])
    >>> [line.split() for line in narrow if line] == [
    ...     ["figure", "a" * 50], ["x", "1"], ["figure", "b" * 50], ["x", "2"]
    ... ]
    True
    """
    (keep,) = need_count("text_tables", 1, keep=keep)
    aligned = _aligned("text_tables", header, rows, left)
    kept, others = aligned[:keep], aligned[keep:]
    room = WIDTH - sum(_width(column) + len(GAP) for column in kept)
    first, *more = (_beside([*kept, *part]) for part in _parted(others, room))
    return [*first, *(line for each in more for line in ("", *each))]


def folded_table(
    header: Sequence[str],
    rows: Sequence[Sequence[str]],
    left: Collection[int] | None = (0,),
    *,
    width: int = WIDTH,
) -> list[list[str]]:
    """Return header and rows as of `text_table`, each as a line, or as several if it is wider.

    What does not fit goes on in lines below, indented and aligned.
    """
    (width,) = need_count("folded_table", len(FOLD) + 1, width=width)
    aligned = _aligned("folded_table", header, rows, left)
    whole = sum(_width(column) + len(GAP) for column in aligned) - len(GAP)
    first, *more = [aligned] if whole <= width else _parted(aligned, width - len(FOLD))
    below = [[FOLD + line if line else "" for line in _beside(part)] for part in more]
    rows_of = zip(_beside(first), *below, strict=True)
    return [[line, *filter(None, under)] for line, *under in rows_of]


GAP, FOLD = "  ", "    "  # between columns; before what goes on in a line below


def _aligned(
    where: str,
    header: Sequence[str],
    rows: Sequence[Sequence[str]],
    left: Collection[int] | None,
) -> list[list[str]]:
    """Return the columns of a table, the cells of each in the words of the reader and as wide."""
    header, rows = _checked(where, header, rows)
    tell = _TELL.get()
    found = []
    for i, column in enumerate(zip(header, *rows, strict=True)):
        cells = [cell if isinstance(cell, AsWritten) else tell(cell) for cell in column]
        width = max(map(columns, cells))
        numbers = bool(rows) and all(map(_is_number, column[1:]))
        begins = not numbers if left is None else i in left
        found.append(
            [cell + _blanks(cell, width) if begins else _blanks(cell, width) + cell
             for cell in cells]
        )  # fmt: skip
    return found


def _beside(aligned: Sequence[Sequence[str]]) -> list[str]:
    """Return the lines of columns that stand beside each other."""
    return [GAP.join(cells).rstrip() for cells in zip(*aligned, strict=True)]


def _width(aligned: Sequence[str]) -> int:
    return columns(aligned[0])


def _parted(aligned: Sequence[list[str]], room: int) -> list[list[list[str]]]:
    """Return columns in parts that have room; a column that alone has none is a part."""
    parts: list[list[list[str]]] = [[]]
    taken = 0
    for column in aligned:
        width = _width(column)
        if parts[-1] and taken + len(GAP) + width > room:
            parts.append([])
            taken = 0
        taken += width + len(GAP) * bool(parts[-1])
        parts[-1].append(column)
    return parts


def columns(text: str) -> int:
    """Return how many columns of a terminal a text takes: two for a Chinese character.

    >>> columns("F1"), columns("方案")
    (2, 4)
    """
    need_text("columns", text=text)
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)


def _blanks(text: str, width: int) -> str:
    return " " * (width - columns(text))


ROUNDING = 1e-9  # t/yr, kg/t and the like: what a sum leaves where it cancels
DIGITS = 3


def _one(where: str, number: float) -> float:
    """Return one number, NaN being one; raise TypeError for anything else."""
    found = scalar(number)
    if not is_number(found):
        raise TypeError(f"{where}: expected number as a number, came {told(number)}")
    return found


def readable(number: float) -> str:
    """Return a number with the digits that a reader can use.

    >>> readable(348123.4), readable(47.94), readable(0.18423), readable(1.84e-5)
    ('348,123', '47.94', '0.184', '1.84e-5')
    """
    number = _one("readable", number)
    if not isfinite(number):
        return str(float(number))
    size = abs(number)
    if size == 0.0:
        return "0"
    for least, decimals in ((1000.0, 0), (100.0, 1), (10.0, 2), (0.1, 3), (0.01, 4), (0.001, 5)):
        if size >= least:
            return f"{number:,.{decimals}f}"
    return _small(number)


def _small(number: float) -> str:
    return f"{number:.2e}".replace("e-0", "e-")


def three(number: float) -> str:
    """Return a number with three digits, as a report and the end of a bar have room for.

    >>> three(348045.0), three(603.44), three(56.67), three(0.18423), three(0.0), three(999.96)
    ('348,000', '603', '56.7', '0.184', '0', '1,000')
    >>> three(2.4e-11)
    '0'
    """
    number = _one("three", number)
    if not isfinite(number):
        return str(float(number))
    if abs(number) < ROUNDING:
        return "0"
    size = floor(log10(abs(number)))
    rounded = round(number, DIGITS - 1 - size)
    size = floor(log10(abs(rounded)))
    if size < -DIGITS:
        return _small(number)
    return f"{rounded:,.{max(0, DIGITS - 1 - size)}f}"


def percent(share: float) -> str:
    """Return a share that somebody has chosen in percent, as exactly as it was said.

    >>> percent(0.07), percent(0.075), percent(0.999), percent(1e-4)
    ('7%', '7.5%', '99.9%', '0.01%')
    """
    return f"{100.0 * _one('percent', share):.8g}%"


def counted(number: float, one: str, many: str = "") -> str:
    """Return a number with its noun, in the plural unless it is one of it.

    >>> counted(1, "year"), counted(0.5, "year"), counted(2, "replication")
    ('1 year', '0.5 years', '2 replications')
    >>> counted(1, "it is", "they are")
    '1 it is'
    """
    number = _one("counted", number)
    need_text("counted", one=one, many=many)
    return f"{number:g} {one if number == 1 else many or one + 's'}"


def words(name: str) -> str:
    """Return a name as a reader sees it.

    >>> words("crude_column")
    'crude column'
    """
    need_text("words", name=name)
    return name.replace("_", " ")


def indented(text: str, by: int = 4) -> list[str]:
    """Return a text wrapped to the width of a page, indented."""
    need_text("indented", text=text)
    (by,) = need_count("indented", 0, by=by)
    margin = " " * by
    return textwrap.wrap(text, WIDTH, initial_indent=margin, subsequent_indent=margin)


def html_table(caption: str, header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return an HTML table with everything in it escaped."""
    need_text("html_table", caption=caption)
    header, rows = _checked("html_table", header, rows)

    def row(cells: Sequence[str], tag: str) -> str:
        style = ' style="text-align:left"'
        inside = "".join(f"<{tag}{style}>{html.escape(cell)}</{tag}>" for cell in cells)
        return f"<tr>{inside}</tr>"

    body = "".join(row(cells, "td") for cells in rows)
    return (
        f"<table><caption>{html.escape(caption)}</caption>"
        f"<thead>{row(header, 'th')}</thead><tbody>{body}</tbody></table>"
    )


def _checked(
    where: str, header: Sequence[str], rows: Sequence[Sequence[str]]
) -> tuple[list[str], list[Sequence[str]]]:
    """Return header and rows; refuse what is no list of texts, or of another length."""
    (names,) = need_names(where, header=header)
    if not _lists(rows):
        raise TypeError(f"{where}: expected rows as a list, came {told(rows)}")
    found = list[Sequence[str]]()
    for number, row in enumerate(rows, start=1):
        found.append(row if isinstance(row, list | tuple) else list(row) if _lists(row) else ())
        if len(found[-1]) != len(names) or not all(isinstance(cell, str) for cell in found[-1]):
            raise ValueError(
                f"{where}: expected rows of as many texts as the header has, {len(names)}; row "
                f"{number} is {told(row)}"
            )
    return names, found


def _lists(some: object) -> bool:
    return gives_each(some) and not isinstance(some, NO_LIST)


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return cell == ""
    return True
