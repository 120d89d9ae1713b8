"""What the documents say is so: commands and Python blocks run, links lead somewhere, pages build."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import chdir, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from experiments.commands import COMMANDS, cli

ROOT = Path(__file__).resolve().parents[1]
PAGES = sorted(
    [
        ROOT / "README.md",
        ROOT / "CONTRIBUTING.md",
        *(ROOT / "docs").rglob("*.md"),
    ]
)
NAMES = [page.relative_to(ROOT).as_posix() for page in PAGES]

FENCE = re.compile(r"^( *)```(?P<kind>[^\n`]*)\n(?P<text>.*?)^\1```$", re.DOTALL | re.MULTILINE)
COMMAND = "python -m experiments"

SHORTER: dict[str, tuple[str, ...]] = {
    "run": ("--years", "0.02", "--replications", "1"),
    "compare": ("--years", "0.02", "--replications", "2", "--workers", "1"),
    "batch": ("--years", "0.01", "--replications", "1", "--workers", "1"),
    "limits": ("--years", "0.02",),
    "money": (),
    "cube": ("--schemes", "F1,F2", "--workers", "1"),
    "attribute": ("--players", "F1,F2,F10", "--order", "F1,F2,F10"),
    "page": (),
    "rollout": ("--replications", "0",),
    "uncertainty": ("--samples", "4", "--sobol", "2", "--factors", "2", "--workers", "1"),
    "end-of-pipe": ("--years", "0.02", "--replications", "2"),
    "review": ("--years", "0.1", "--replications", "2", "--workers", "1"),
    "validate": ("--share", "0.001",),
    "bench": ("--share", "0.001",),
}  # fmt: skip
"""What is put behind a command here: the last of two equal options counts."""

EXEMPT = {
    "-m venv": "sets up an environment: test_first_steps types it on a fresh clone",
    "-m pytest": "runs the tests, of which this is one",
    "bash .ci/run": "runs this test",
    "ruff": "a check that CI runs",
    "mypy": "a check that CI runs",
    "lint-imports": "test_house runs it",
    "uv pip compile": "asks a package index",
    "sphinx-build": "the last test of this file runs it",
    "tcp://host": "needs a cluster: tests of the runner start one",
}
"""Commands that are not run here, by what they hold, and why."""
