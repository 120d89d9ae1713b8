"""What ``--help`` says with ``--lang zh``: all of it in Chinese, in lines that fit."""

from __future__ import annotations

import inspect
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from experiments.door import manual
from experiments.door.cli import cli
from experiments.door.manual import in_chinese
from sim.tables import columns

BOOK = tomllib.loads(Path(manual.__file__).with_name("manual_zh.toml").read_text("utf-8"))
CHINESE = re.compile("[\u4e00-\u9fff]")
TYPED = re.compile(r"--[a-z-]+|[\w*/^-]*[\d_=^][\w.*^,/=:-]*|\b[A-Z][A-Za-z]*[A-Z]\b")
"""What one types, numbers and abbreviations."""
UNITS = {"10^4", "RMB", "1/yr", "kt/yr", "1-2", "1-3"}
"""What Chinese writes otherwise; a table may be glued to its number."""
WIDEST = 100


def commands() -> Iterator[tuple[str, click.Command, click.Context]]:
    """Yield every command and group by its words."""
    waiting: list[tuple[str, click.Command, click.Context]] = [("", cli, click.Context(cli))]
    while waiting:
        name, each, ctx = waiting.pop()
        yield name, each, ctx
        if isinstance(each, click.Group):
            for word in each.list_commands(ctx):
                found = each.get_command(ctx, word)
                assert found is not None
                within = click.Context(found, info_name=word, parent=ctx)
                waiting.append((f"{name} {word}".strip(), found, within))


def sentences() -> set[str]:
    """Return all that is said of commands and options, as ``--help`` says it."""
    said: set[str] = set()
    for _, each, ctx in commands():
        assert each.help is not None
        said |= {" ".join(text.split()) for text in inspect.cleandoc(each.help).split("\n\n")}
        for param in each.get_params(ctx):
            record = param.get_help_record(ctx)
            if record is not None and record[1]:  # arguments say nothing
                said.add(record[1])
    return said


NAMES = sorted(name for name, _, _ in commands())


def test_all_that_help_says_is_told_in_chinese_with_what_one_types():
    for text in sentences():
        told = in_chinese(text)
        assert CHINESE.search(told), text
        about, _, _ = text.partition("  [default: ")
        assert {word.rstrip(".,:") for word in TYPED.findall(about)} <= {
            word.rstrip(".,:") for word in TYPED.findall(told)
        } | UNITS, told


def test_nothing_is_told_that_help_does_not_say():
    said = {text.partition("  [default: ")[0] for text in sentences()}
    said |= {text.removesuffix(f" {manual.SAME}") for text in said}
    words = {"Options", "Commands", *manual.USAGE, manual.SAME, "all but the last"}
    assert {key for key in BOOK if "{" not in key} - said == words


@pytest.mark.parametrize("name", NAMES)
def test_help_in_chinese_fits_on_its_lines(call, name: str):
    told = call("--lang", "zh", *name.split(), "--help")
    assert told.exit_code == 0
    assert told.output.startswith("用法：")
    assert [line for line in told.output.split("\n") if columns(line) > WIDEST] == []
    assert not re.search("Usage|Options|default", told.output)


def test_help_in_english_stays_as_it_is(call):
    assert call("cube", "--help").output.startswith("Usage: ")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("--lang zh", "命令："),
        ("--lang zh plant", "命令："),
        ("plant --lang zh", "命令："),
        ("--lang zh explain F2", "参数"),
        ("--lang zh plant units", "种类"),
        ("--lang zh run F99", "错误："),
    ],
)
def test_what_a_group_is_asked_to_speak_its_commands_speak(call, words: str, says: str):
    assert says in call(*words.split()).output


def test_a_command_may_speak_otherwise_than_its_group(call):
    assert "parameter" in call("--lang", "zh", "explain", "F2", "--lang", "en").output
