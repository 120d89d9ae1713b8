"""Folders with mistakes in them: one clear message each, no traceback, nothing half written."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from experiments.door.cli import cli
from plant_models.folder.reading import PLANTS, known

FILES = ("plant.toml", "schemes.toml", "prices.toml", "limits.toml", "readings.csv", "history.csv")
COMMANDS = {
    "plant.toml": "check",
    "schemes.toml": "check",
    "prices.toml": "check",
    "limits.toml": "check",
    "readings.csv": "reconcile",
    "history.csv": "history",
}
JUNK = (
    "-1", "0", "1e308", "1e400", "nan", "inf", "true", '""', '"x"', "[]", "{}", "'''", "1979-05-27",
    '"5 t/h"', '"5 %"', '"1e999 t"', "9" * 400, '"ünïcode"', "[[1]]", "{ value = 1 }", '"a -> b"',
    "{ a = { b = 1 } }", '"\\u0000"', "0x10", '"none"', "1_000", '"-3 degC"', '"5 kg"',
)  # fmt: skip
TOKEN = re.compile(r"[A-Za-z_]+|-?\d[\d.]*|\"[^\"\n]*\"|->|[=\[\]{},]")


def mutated(text: str, draw: random.Random) -> str:
    """Return a text with a few mistakes of the kinds that people and editors make."""
    for _ in range(draw.choice((1, 1, 1, 2, 3))):
        text = draw.choice(
            (_line_lost, _line_twice, _lines_swapped, _misspelt, _misspelt, _replaced, _replaced,
             _word_swapped, _cut)
        )(text, draw)  # fmt: skip
    return text


def _line_lost(text: str, draw: random.Random) -> str:
    lines = text.splitlines()
    del lines[draw.randrange(len(lines))]
    return "\n".join(lines) or "#"


def _line_twice(text: str, draw: random.Random) -> str:
    lines = text.splitlines()
    n = draw.randrange(len(lines))
    return "\n".join([*lines[:n], lines[n], *lines[n:]])


def _lines_swapped(text: str, draw: random.Random) -> str:
    lines = text.splitlines()
    i, j = draw.randrange(len(lines)), draw.randrange(len(lines))
    lines[i], lines[j] = lines[j], lines[i]
    return "\n".join(lines)


def _misspelt(text: str, draw: random.Random) -> str:
    n = draw.randrange(len(text))
    letter = draw.choice("abcxyz0189.,-=\"'[]{}#_ \n\t\0é")
    return draw.choice((text[:n] + text[n + 1 :], text[:n] + letter + text[n:])) or "#"


def _replaced(text: str, draw: random.Random) -> str:
    found = list(TOKEN.finditer(text))
    if not found:
        return text
    token = draw.choice(found)
    return text[: token.start()] + draw.choice(JUNK) + text[token.end() :]


def _word_swapped(text: str, draw: random.Random) -> str:
    found = list(TOKEN.finditer(text))
    if not found:
        return text
    token, other = draw.choice(found), draw.choice(found)
    return text[: token.start()] + other[0] + text[token.end() :]


def _cut(text: str, draw: random.Random) -> str:
    return text[: draw.randrange(1, len(text))]


def judged(folder: Path, seed: int) -> tuple[str, Result]:
    """Return the command that was given a folder with mistakes, and how it ended."""
    draw = random.Random(seed)
    source = PLANTS / draw.choice(known())
    there = [file for file in FILES if (source / file).exists()]
    name = draw.choice((*there, "plant.toml", "plant.toml", "plant.toml"))
    for file in FILES:
        (folder / file).unlink(missing_ok=True)
    for file in there:
        (folder / file).write_text((source / file).read_text(encoding="utf-8"), encoding="utf-8")
    broken = mutated((source / name).read_text(encoding="utf-8"), draw)
    (folder / name).write_text(broken, encoding="utf-8", errors="surrogateescape")
    command = ["plant", COMMANDS[name], str(folder), "--out", str(folder.parent / "out")]
    return " ".join(command[:2]), CliRunner().invoke(cli, command)


def complaint(folder: Path, seed: int) -> str:
    """Return what is wrong with how a command ended; empty where it is as it should be."""
    command, ended = judged(folder, seed)
    out = folder.parent / "out"
    written = out.exists()
    if written:
        for file in out.iterdir():
            file.unlink()
        out.rmdir()
    left = [item.name for item in folder.parent.iterdir() if item.name != folder.name]
    told = ended.stderr.strip()
    if ended.exit_code not in (0, 2):
        return f"seed {seed}, {command}: exit code {ended.exit_code}: {told[:400]}"
    if ended.exit_code == 0:
        return "" if written and not left else f"seed {seed}, {command}: left {left}"
    if written or left:
        return f"seed {seed}, {command}: half written: {left or 'out'}"
    if "Traceback" in told or "a fault of this program" in told or not told.startswith("error: "):
        return f"seed {seed}, {command}: {told[:400]}"
    if len(told.removeprefix("error: ")) < 12:
        return f"seed {seed}, {command}: says little: {told}"
    return ""


def complaints(tmp_path: Path, seeds: range) -> list[str]:
    folder = tmp_path / "plant"
    folder.mkdir()
    return [found for seed in seeds if (found := complaint(folder, seed))]


@pytest.mark.long
def test_a_folder_with_mistakes_is_told_in_one_message_and_leaves_nothing_half_written(
    tmp_path: Path,
) -> None:
    assert complaints(tmp_path, range(80)) == []


@pytest.mark.long
def test_so_are_many_folders(tmp_path: Path) -> None:
    assert complaints(tmp_path, range(1_000, 1_120)) == []


@pytest.mark.soak
def test_so_are_five_thousand_folders(tmp_path: Path) -> None:
    assert complaints(tmp_path, range(10_000, 15_000)) == []
