"""Mutated calls of every command: each ends soon, with one message and an exit code, or answers.

By hand: ``CLEANERLINE_FUZZ=15000 pytest -m soak --run-soak tests/fuzz/test_mutated_commands.py``.
"""

from __future__ import annotations

import json
import re
import shlex
import shutil
from pathlib import Path
from stat import S_ISDIR

import pytest
from click.testing import CliRunner, Result

from experiments.door.cli import COMMANDS, cli
from tests.fuzz.hostile import (
    PARTS,
    SLIP,
    SLOW,
    TooLong,
    draws,
    failures,
    one_of,
    stopped_after,
    strict,
)
from tests.fuzz.words import SEEDS, command, lay_out, mutated, options, tamed

ENDINGS = {0, 1, 2, 130}
MOST_MUTATIONS = 3
CLICK = re.compile(
    r"No such (option|command)|Missing argument|Got unexpected extra argument|no command|no schemes"
    r"|Option '|没有选项|没有命令|缺少参数|多余的参数|没有给出方案|选项 "
)
NO_NUMBER = re.compile(r".*\b(?:nan|inf)\b.*")

Contents = dict[str, tuple[int, int]]


def contents(folder: Path) -> Contents:
    """Return what is in a folder: names, and of files sizes and times of change.

    A folder's own time changes when it is tried whether something can be written there.
    """
    found = {}
    for path in folder.rglob("*"):
        about = path.lstat()
        of_files = (about.st_size, about.st_mtime_ns)
        found[path.as_posix()] = (0, 0) if S_ISDIR(about.st_mode) else of_files
    return found


def call_of(number: int) -> list[str]:
    """Return the words of a mutated call."""
    draw = draws("commands", number)
    words = one_of(draw, SEEDS).split()
    for _ in range(draw.randint(1, MOST_MUTATIONS)):
        words = mutated(draw, words)
    return tamed(words)


def fault_of(words: list[str], folder: Path) -> str | None:
    """Return against which law a call sins, or None."""
    before = contents(folder)
    try:
        with stopped_after(SLOW):
            result = CliRunner().invoke(cli, words)
    except TooLong as fault:
        found: str | None = str(fault)
    else:
        found = sin(result, words, contents(folder) != before)
    if contents(folder) != before:
        for path in folder.iterdir():
            shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
        lay_out(folder)
    return None if found is None else f"{found}\n  {shlex.join(words)[:600]!r}"


def sin(result: Result, words: list[str], wrote: bool) -> str | None:
    """Return what is wrong with how a call ended."""
    told = result.stderr[max(result.stderr.find("error: "), 0) :][:300]
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        return f"raised {result.exception!r}"
    if result.exit_code not in ENDINGS:
        return f"exit code {result.exit_code}: {told}"
    if "Traceback" in result.output:
        return f"a traceback: {told}"
    if re.search("a fault of this program|本程序的错误", result.output) or SLIP.search(
        result.stderr
    ):
        return f"a slip: {told}"
    if result.exit_code == 2:
        heads = re.findall(r"^(?:error: |错误：)", result.stderr, re.MULTILINE)
        if len(heads) != 1 or len(result.stderr.strip()) < len("错误：") + 8:
            return f"{len(heads)} messages: {told!r}"
        if result.stdout:
            return f"refused, and yet printed {result.stdout[:100]!r}"
        if wrote:
            return f"refused, and yet wrote into the folder: {told}"
        if not names_something(result.stderr, words):
            return f"names nothing of the call: {told}"
    if result.exit_code == 1 and not result.output:
        return "came to no end and said nothing"
    endless = "card" in words  # whose capacities may be
    if result.exit_code == 0 and not endless and NO_NUMBER.search(result.stdout):
        return f"printed what is no number: {NO_NUMBER.findall(result.stdout)[:3]}"
    if result.exit_code == 0 and "--json" in words and result.stdout.startswith("{"):
        try:
            json.loads(result.stdout, parse_constant=strict)
        except ValueError as fault:
            return f"no JSON: {fault}"
    return None


def names_something(message: str, words: list[str]) -> bool:
    """Whether a message names an option or argument of the command, or something of the call."""
    text = re.split(r" \(see '|（见 '", re.split("error: |错误：", message, maxsplit=1)[-1])[0]
    asked = next((word for word in words if word in COMMANDS), "run")
    written = {part for each in words for part in (each, *re.split(r"[=.,+*-]", each))}
    bare = {part[:40] for part in written if part.strip() and part != asked}
    quoted = {repr(part)[:40] for part in written}
    taken = (param.metavar or param.name for param in command(asked).params)
    names = {name.strip("[].") for name in (*options(asked), *taken) if name}
    names |= {f"{name.lstrip('-').replace('-', '_')}:" for name in options(asked)}  # as in Python
    return bool(CLICK.match(text)) or any(part in text for part in (*bare, *quoted, *names))


@pytest.mark.soak
@pytest.mark.parametrize("part", range(PARTS))
def test_a_mutated_call_of_a_command_answers_or_ends_with_one_message(folder: Path, part: int):
    told = failures(part, lambda number: fault_of(call_of(number), folder))
    assert not told, told


@pytest.mark.soak
@pytest.mark.parametrize("words", [seed for seed in SEEDS if not seed.startswith("page")])
def test_every_call_to_begin_with_is_accepted(folder: Path, words: str):
    result = CliRunner().invoke(cli, tamed(words.split()))
    assert result.exit_code == 0, result.output[-2000:]


def test_there_is_a_call_to_begin_with_for_every_command():
    assert {seed.split()[0] for seed in SEEDS} == set(COMMANDS)


NONSENSE = [
    # what files hold
    (("run", "--design", "huge.toml"), "huge.toml"),
    (("run", "--design", "deep.toml"), "deep.toml"),
    (("run", "--design", "binary.bin"), "binary.bin"),
    (("run", "--schemes-file", "deep.toml"), "deep.toml"),
    (("paper-check", "--tables", "tables"), "tables"),
    (("paper-check", "--tables", "short"), "table_1_"),
    # where results go
    (("run", "--out", "loop"), "loop"),
    (("run", "--out", "loop/x"), "loop"),
    (("run", "--out", "a/" * 3000), "--out"),
    (("run", "--out", "own.toml"), "own.toml"),
    (("run", "--out", "full"), "full"),
    # numbers and units of measure
    (("money", "--price", "benzene=1e300"), "benzene"),
    (("run", "--set", "off_gas_cooler.area=80 cm9999999"), "off_gas_cooler.area"),
    (("run", "--set", "absorber.water_rise=1e9"), "absorber.water_rise"),
    (("run", "--set", "cooling_water.well_temperature=22"), "22 degC"),
    (("run", "--set", "liquor_tank.capacity=-1"), "liquor_tank.capacity"),
    (("run", "--set", "absorber.failure.clock=cloc"), "absorber.failure.clock"),
    # options of other tools, and of earlier versions: the message says what to write instead
    (("compare", "none", "F1", "--controls"), "--replications"),
    (("run", "--csv"), "--out"),
]  # fmt: skip
"""What was once accepted, or ended in a traceback, and what the message must name."""


@pytest.mark.parametrize(("words", "named"), NONSENSE)
def test_nonsense_is_refused_by_name(folder: Path, words: tuple[str, ...], named: str):
    call = tamed(words)
    assert fault_of(call, folder) is None
    result = CliRunner().invoke(cli, call)
    assert result.exit_code == 2, result.output[-2000:]
    assert named in result.stderr


HOPELESS = [
    ("heat", "none", "--set", "alkali_wash.capacity=0.001"),
    ("run", "--set", "*.failure.mtbf=1e-9", "--set", "*.failure.mttr=1e-9"),
]
"""What is no slip of the pen, and comes to no end: a balance that is open, stops without time."""


@pytest.mark.parametrize("words", HOPELESS)
def test_what_comes_to_no_end_is_told_in_one_message(folder: Path, words: tuple[str, ...]):
    assert fault_of(tamed(words), folder) is None
    result = CliRunner().invoke(cli, tamed(words))
    assert result.exit_code in (1, 2), result.output[-2000:]
    assert "error: " in result.stderr


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_counts_its_workers_alike(folder: Path, name: str):
    if "--workers" not in options(name):
        pytest.skip("does all its work itself")
    seeds = {seed.split()[0]: seed.split() for seed in reversed(SEEDS)}
    for number in ("0", "1000000", "2.5"):
        told = [
            CliRunner().invoke(cli, [*seeds[each], "--workers", number]).stderr
            for each in (name, "run")
        ]
        assert told[0] == told[1] != ""
        assert "--workers: expected a whole number from 1 to " in told[0]
