"""What the commands share: their options, reading them at the door, printing JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, TypeVar

import click

from experiments.door.inputs import (
    Case,
    Checks,
    quote,
    read_case,
    read_count,
    read_number,
    read_schemes,
)
from experiments.output.files import check_folder
from experiments.runner.executors import cores
from sim.errors import did_you_mean

MOST_WORKERS = 1024
MANY = 8  # runs, for which it pays to start processes

Command = TypeVar("Command", bound=Callable[..., Any])


def options(*wanted: Callable[[Command], Command]) -> Callable[[Command], Command]:
    """Return a decorator that gives a command several options."""

    def add(command: Command) -> Command:
        for option in reversed(wanted):
            command = option(command)
        return command

    return add


def default(name: str, value: str, metavar: str, about: str) -> Callable[[Command], Command]:
    """Return an option that shows its default."""
    return click.option(name, default=value, show_default=True, metavar=metavar, help=about)


SET = click.option(
    "--set", "settings", multiple=True, metavar="PATH=VALUE",
    help='Set a parameter, as in off_gas_cooler.area="80 m2"; may be repeated.',
)  # fmt: skip
DESIGN = click.option("--design", metavar="FILE", help="Your own facts in TOML, over the baseline.")
SCHEMES_FILE = click.option("--schemes-file", metavar="FILE", help="Your own schemes in TOML.")
LINE = options(SET, DESIGN, SCHEMES_FILE)
JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
RUNS = options(
    default("--years", "1", "Y", "Length, in years of 8,760 h."),
    default("--seed", "1", "N", "Seed of all random numbers."),
    default("--replications", "1", "R", "Independent runs."),
    default("--start", "01-01", "DATE", "First day, like 07-01; the year does not matter."),
    LINE,
)
CASE = options(
    RUNS,
    click.option("--out", metavar="DIR", help="Write tables, provenance and figures there."),
    JSON,
)
WORKERS = click.option(
    "--workers", metavar="N", help="Processes; by default as many as processors, 1 for a few runs."
)
INDICATOR = click.option(
    "--indicator", "indicators", multiple=True, metavar="NAME",
    help="What is asked about; may be repeated.",
)  # fmt: skip
RUNNER = options(
    WORKERS,
    click.option(
        "--scheduler", metavar="ADDRESS",
        help="Work on the dask cluster there, as in tcp://host:8786.",
    ),
)  # fmt: skip


def read_workers(checks: Checks, text: str | None, runs: int) -> int:
    """Return the number of processes; a few runs are done before others would have started."""
    if text is None:
        return min(cores(), runs) if runs >= MANY else 1
    return checks.read(read_count, "--workers", text, 1, MOST_WORKERS, otherwise=1)


def read_indicators(names: Iterable[str], known: Iterable[str]) -> tuple[str, ...]:
    """Return names of indicators, all of which there are."""
    known = tuple(known)
    for name in names:
        if name not in known:
            hint = did_you_mean(name, known) or f"; known: {', '.join(known)}"
            raise LookupError(f"--indicator: no indicator {quote(name)}{hint}")
    return tuple(dict.fromkeys(names))


def read_share(text: str) -> float:
    """Return the share of the full horizons to run."""
    checks = Checks()
    share = checks.read(read_number, "--share", text, 0.001, 1.0, otherwise=1.0)
    checks.close()
    return share


def read(
    given: dict[str, Any], sets: Iterable[str], out: str | None, checks: Checks | None = None
) -> tuple[Case, list[tuple[str, ...]], Path | None]:
    """Check everything at the door, and tell all faults at once, or leave that to the caller."""
    found = checks or Checks()
    case = read_case(found, **given)
    ids = [read_schemes(found, case, text) for text in sets]
    folder = found.read(check_folder, out, otherwise=None)
    if checks is None:
        found.close()
    return case, ids, folder


def print_json(**parts: Any) -> None:
    """Print one JSON object."""
    click.echo(json.dumps(parts, indent=2, allow_nan=False))


def say_where(folder: Path | None, out: str | None) -> None:
    """Tell where the tables and pictures are, apart from what the command prints."""
    if folder is not None:
        click.echo(f"written to {out}", err=True)
