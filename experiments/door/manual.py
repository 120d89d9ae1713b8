"""Help in Chinese: what ``--help`` says of commands and options, in lines of wide characters.

English sentences stay in the code and are the keys of ``manual_zh.toml``. What the file does not
know stays as it is.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files

import click

from experiments.output.phrases import wrapped

SAME = "The same as the argument S."
TEXT = re.compile(
    rf"(?P<about>.*?)(?P<same> {re.escape(SAME)})?(?:  \[default: (?P<default>.*)\])?"
)
PLANTS = re.compile(r"The plant: (?P<plants>.*), or your own folder\.")
USAGE = ("OPTIONS", "COMMAND", "ARGS")


class Manual(click.HelpFormatter):
    """Lays help out in Chinese."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """Write how a command is typed."""
        for english in USAGE:
            args = args.replace(english, _book()[english])
        super().write_usage(prog, args, "用法：")

    def write_heading(self, heading: str) -> None:
        """Write what stands above a list."""
        self.write(f"{_book().get(heading, heading)}：\n")

    def write_text(self, text: str) -> None:
        """Write what a command does, paragraph by paragraph."""
        indent = self.current_indent
        paragraphs = (in_chinese(" ".join(each.split())) for each in text.split("\n\n"))
        lines = ("\n".join(wrapped(each, indent, indent, self.width)) for each in paragraphs)
        self.write("\n\n".join(lines) + "\n")

    def write_dl(
        self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2
    ) -> None:
        """Write a list of options or commands with what each of them is."""
        rows = list(rows)
        first = min(max((len(term) for term, _ in rows), default=0), col_max) + col_spacing
        width = self.width - self.current_indent - first
        told = ((term, wrapped(in_chinese(about), width=width)) for term, about in rows)
        # lines behind \b are left as they are: click counts a wide character as one column
        super().write_dl(((term, "\b\n" + "\n".join(x)) for term, x in told), col_max, col_spacing)


def in_chinese(text: str) -> str:
    """Return what is said of a command or an option in Chinese, its default behind it.

    >>> in_chinese("Independent runs.  [default: 1]")
    '独立运行的次数。  [默认：1]'
    """
    parts, book = TEXT.fullmatch(text), _book()
    assert parts is not None  # a text of one paragraph: nothing in it stops the pattern
    about, default = parts["about"], parts["default"]
    if plants := PLANTS.fullmatch(about):
        said = book["The plant: {plants}, or your own folder."].format(**plants.groupdict())
    else:  # in a list click leaves out the full stop
        said = book.get(about) or book.get(f"{about}.", about)
    same = book[SAME] if parts["same"] else ""
    return said + same + (f"  [默认：{book.get(default, default)}]" if default else "")


@cache
def _book() -> Mapping[str, str]:
    return tomllib.loads((files("experiments.door") / "manual_zh.toml").read_text("utf-8"))
