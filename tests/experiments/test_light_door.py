"""The door opens at once: no study is loaded to tell what it takes, and what is told is so."""

from __future__ import annotations

import inspect
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import click
import pytest

import experiments as ex
from experiments.door.cli import cli
from experiments.studies import criticality
from plant_models.chlorobenzene.figures import titles
from plant_models.chlorobenzene.law import limits
from plant_models.methods.criticality import KINDS

HEAVY = {"numpy", "pandas", "scipy", "matplotlib", "simpy", "numba", "pyarrow",
         "experiments.runner", "experiments.studies", "plant_models.model",
         "plant_models.chlorobenzene"}  # fmt: skip
LOADED = """
import atexit, sys
from experiments.door.cli import cli
atexit.register(lambda: print(*sys.modules, file=sys.stderr))
cli()
"""


@pytest.mark.parametrize("words", ["--help", "cube --help", "criticality --help", "plant --help"])
def test_help_loads_no_study_no_plant_and_no_library_of_numbers(words: str):
    told = subprocess.run(
        [sys.executable, "-c", LOADED, *words.split()], capture_output=True, text=True, check=True
    )
    assert told.stdout.startswith("Usage: ")
    assert HEAVY & set(told.stderr.split()) == set()


def option(command: str, name: str) -> click.Parameter:
    found = cli.get_command(click.Context(cli), command)
    assert found is not None
    return next(each for each in found.params if name in each.opts)


def defaults() -> Iterator[tuple[str, str, Any, Any]]:
    """Yield study, option and both defaults of all that each has one for."""
    ctx = click.Context(cli)
    for study in (name for name in ex.__all__ if not name.startswith("plant_")):
        command = cli.get_command(ctx, study.removeprefix("write_").replace("_", "-"))
        taken = inspect.signature(getattr(ex, study)).parameters
        for each in command.params if command is not None else ():
            written = each.get_default(ctx)
            if isinstance(written, str) and written and each.name in {*taken} - {"plant"}:
                default = taken[each.name].default
                yield study, each.opts[0], each.type_cast_value(ctx, written), default


def test_an_option_left_out_is_what_its_study_takes_when_it_is_not_told():
    found = list(defaults())
    assert [each for each in found if str(each[2]) != str(each[3])] == []
    assert len(found) > 50


@pytest.mark.parametrize(
    ("command", "name", "known"),
    [
        ("limits", "--set-up", limits.SET_UP),
        ("limits", "--grade", limits.AIR_GRADES),
        ("limits", "--water-grade", limits.WATER_GRADES),
        ("criticality", "--kind", KINDS),
        ("criticality", "--ways", criticality.ASKED),
        ("attribute", "--titles", titles.LANGUAGES),
    ],
)
def test_an_option_takes_the_words_that_its_study_knows(
    command: str, name: str, known: tuple[str, ...]
):
    assert option(command, name).type.known == known  # type: ignore[attr-defined]
