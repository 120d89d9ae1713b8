"""In Chinese: what a command says beside its answer, errors, notes, and what was written.

`experiments.door.command.say` says it, and comes here for Chinese alone. English sentences stay in
the code and are the keys of ``aside_zh.toml``, with places in braces. What one has typed, and
names, stay as they are; so does a sentence that the file does not know. What stands in a place
called ``why`` is a sentence of its own, in ``meaning`` what a parameter means, in ``what`` a check
of the source, in ``list`` some names.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from experiments.output import phrases

PLACE = re.compile(r"\{(\w+)\}")
NUMBER = r"[-+\d.,e]+"
NAME = r"[^\s;]+"
PLACES = {"n": NUMBER, "m": NUMBER, "why": ".+", "id": NAME, "id2": NAME}
ANY = r"""(?:\{.*\}|"[^"]*"|(?!: ).)+?"""
HINT = re.compile(
    r"(?P<body>.+?)(?:; did you mean (?P<near>'.+?')\?)?(?:[;\s] ?known: (?P<known>.+?))?"
    r"(?P<folder>, or a folder with a plant\.toml)?(?: \(see (?P<see>'.+')\))?"
)
"""What is wrong, and what may help."""
LINE = re.compile(r"^(.+), line (\d+)$")
KIND = re.compile(r"(\w+Error|SystemExit): ?(.*)")
"""What kind of error was raised, and its message."""
OURS = ("ValueError", "LookupError", "TypeError", "ConflictError", "BalanceError")
"""Kinds whose messages are this program's; any other says what Python says."""
RAISED = re.compile(r"(.+) \((\w+\.py), line (\d+)\)")
"""What a program has raised, and where."""


def beside(text: str, kind: str) -> str:
    """Return a message in Chinese behind its kind, such as "error" or "note", if it has one."""
    return f"{_book().kinds[kind]}：{in_chinese(text)}" if kind else in_chinese(text)


def in_chinese(text: str) -> str:
    """Return a message in Chinese, line by line, as far as it is known.

    >>> in_chinese("--years: expected a number from 0.001 to 1,000, came 'x'")
    "--years：应为 0.001 至 1,000 的数，给出的是 'x'"
    """
    lines = (re.fullmatch(r"(\s*(?:- )?)(.*)", line) for line in text.split("\n"))
    return "\n".join(f"{line[1]}{_said(line[2])}" for line in lines if line is not None)


def _said(text: str) -> str:
    sentences, words, *_ = _book()
    if text in words:
        return words[text]
    helped = HINT.fullmatch(text)
    if helped and helped["body"] != text:
        return _said(helped["body"]) + _hint(helped.groupdict())
    for pattern, chinese in sentences:
        if met := pattern.fullmatch(text):
            return chinese.format(**{place: _put(place, x) for place, x in met.groupdict().items()})
    if kind := KIND.fullmatch(text):
        return f"{kind[1]}：{_said(kind[2]) if kind[1] in OURS else words.get(kind[2], kind[2])}"
    if raised := RAISED.fullmatch(text):
        return f"{_said(raised[1])}（{raised[2]} 第 {raised[3]} 行）"
    about, colon, rest = text.partition(": ")
    if colon and (told := _said(rest)) != rest:
        return LINE.sub(r"\1 第 \2 行", _joined(_said(about))) + f"：{told}"
    parts = text.split("; ")
    told_apart = [_said(part) for part in parts] if len(parts) > 1 else parts
    return text if told_apart == parts else "；".join(told_apart)


def _put(place: str, text: str) -> str:
    """Return what is put in a place: as it stands, unless it is said in words."""
    if place == "why" or text.startswith("a value of type"):
        return _said(text)
    if place == "meaning":
        return phrases.book("zh").name(text)
    if place == "what":
        return _book().checks.get(text, text)
    if place.startswith("list"):
        return _joined(text)
    return text


def _joined(text: str) -> str:
    """Return a list of names with what stands between them."""
    for joint, chinese in _book().joints.items():
        text = text.replace(joint, chinese)
    return text


def _hint(parts: Mapping[str, str | None]) -> str:
    near, known, see = parts["near"], parts["known"], parts["see"]
    return "".join((
        f"；是不是 {near}？" if near else "",
        f"{'' if near else '；'}已知：{known}" if known else "",
        "，或含有 plant.toml 的文件夹" if parts["folder"] else "",
        f"（见 {see}）" if see else "",
    ))  # fmt: skip


class Book(NamedTuple):
    """What is said in Chinese."""

    sentences: Sequence[tuple[re.Pattern[str], str]]
    words: Mapping[str, str]  #: Whole sentences
    kinds: Mapping[str, str]  #: What stands before one; a column may be called so, too
    checks: Mapping[str, str]  #: Checks of the source by their names
    joints: Mapping[str, str]


@cache
def _book() -> Book:
    """Return sentences as patterns, and words.

    Places reach over no colon but those in braces and quotes, ``why`` over any; n and m are
    numbers, an id has no space.
    """
    text = (files("experiments.door") / "aside_zh.toml").read_text(encoding="utf-8")
    table = tomllib.loads(text)
    sentences = [(_pattern(said), told) for said, told in table["says"].items()]
    return Book(sentences, table["words"], table["kinds"], table["checks"], table["joints"])


def _pattern(said: str) -> re.Pattern[str]:
    parts = PLACE.split(said)
    return re.compile("".join(
        f"(?P<{part}>{PLACES.get(part, ANY)})" if i % 2 else re.escape(part)
        for i, part in enumerate(parts)
    ))  # fmt: skip
