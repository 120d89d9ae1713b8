"""docs/python.md: each command beside its Python call gives the same; every command is there."""

from __future__ import annotations

import ast
import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

import experiments as ex
from experiments.door.cli import COMMANDS, cli
from plant_models import chlorobenzene as cb
from tests.answers import found_once, worked_once

PAGE = Path(__file__).resolve().parents[1] / "docs" / "python.md"
PROGRAM = "python -m experiments "
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
NOT_COMPARED = {
    "page": "it prints nothing",
    "calibrate": "it fits for minutes",
    "lessons": "it copies files",
}
LONG = {
    "batch",
    "causes",
    "compare",
    "criticality",
    "end-of-pipe",
    "export-lca",
    "fitness",
    "limits",
    "optimise",
    "report",
    "review",
    "uncertainty",
    "upsets",
    "validate",
}


def pairs() -> Iterator[tuple[str, str]]:
    """Yield each command with the Python call that stands behind it."""
    command = ""
    for kind, text in BLOCK.findall(PAGE.read_text(encoding="utf-8")):
        if kind == "sh":
            command = text.strip().removeprefix(PROGRAM)
        elif command:
            yield command, text.strip()
            command = ""


def marked(command: str, call: str) -> Any:
    """Return a pair for pytest; what takes long is tried with the long tests."""
    long = command.split()[0] in LONG
    return pytest.param(command, call, marks=pytest.mark.long if long else (), id=command)


@pytest.mark.parametrize(("command", "call"), [marked(*pair) for pair in pairs()])
def test_a_command_and_its_call_give_the_same(
    command: str, call: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    words = shlex.split(command)
    with worked_once(), found_once():
        answer: Any = eval(call, {"ex": ex, "cb": cb})
        told = CliRunner().invoke(cli, [*words, "--json"])
        printed = CliRunner().invoke(cli, words)
    assert told.exit_code == (1 if answer.failures else 0), told.output
    assert json.loads(told.stdout) == json.loads(json.dumps(answer.as_json()))
    assert printed.stdout.strip() == str(answer).strip()


def test_the_other_blocks_of_the_page_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {}
    calls = {call for _, call in pairs()}
    for kind, text in BLOCK.findall(PAGE.read_text(encoding="utf-8")):
        if kind == "python" and text.strip() not in calls:
            ast.parse(text)
            exec(text, names)
    assert {"ex", "cb"} <= set(names)


def test_every_command_has_its_python_call() -> None:
    shown = {shlex.split(command)[0] for command, _ in pairs()} | set(NOT_COMPARED)
    assert set(COMMANDS) == shown


def test_every_study_stands_on_the_page() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert [name for name in ex.__all__ if f"ex.{name}(" not in text] == ["run_cases"]
