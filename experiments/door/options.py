"""What the commands take: one option, one name, one meaning everywhere."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, TypeVar

import click

from experiments.door.command import Argument, Command, Option
from experiments.door.types import (
    SCHEMES,
    Count,
    Day,
    Folder,
    Indicator,
    Number,
    OfPlant,
    SchemeSet,
)
from experiments.runner.executors import MOST_WORKERS
from experiments.runner.horizon import LARGEST_SEED, MOST_REPLICATIONS, YEARS

F = TypeVar("F", bound=Callable[..., Any])
Decorator = Callable[[F], F]

option = partial(click.option, cls=Option)
argument = partial(click.argument, cls=Argument)
command = partial(click.command, cls=Command)


def together(*wanted: Decorator[Any]) -> Decorator[Any]:
    """Return a decorator that gives a command several options, in this order."""

    def add(function: F) -> F:
        for each in reversed(wanted):
            function = each(function)
        return function

    return add


def schemes(
    default: str | None, about: str = "Scheme set.", kind: type[OfPlant] = SchemeSet
) -> Decorator[Any]:
    """Return the design of a command: the argument ``S``, or ``--schemes S``.

    Without a default the study gets None, and takes the programme of the plant.
    """
    return together(
        argument("schemes", metavar="[S]", required=False, type=kind(default)),
        option("--schemes", "schemes_option", metavar="S", type=SCHEMES,
               help=f"{about} The same as the argument S.  [default: {default or 'programme'}]"),
    )  # fmt: skip


PLANT = option("--plant", default="chlorobenzene", show_default=True, metavar="NAME",
               help="The plant: chlorobenzene or flowshop.")  # fmt: skip
SET = option(
    "--set", "settings", multiple=True, metavar="PATH=VALUE",
    help='Set a parameter, as in off_gas_cooler.area="80 m2" or "*.failure.mttr=8"; repeatable.',
)  # fmt: skip
SCALE = option(
    "--scale", "scales", multiple=True, metavar="PATH=FACTOR",
    help='Multiply parameters, as in "*.failure.mtbf=0.5"; repeatable.',
)  # fmt: skip
DESIGN = option("--design", metavar="FILE", help="Your own facts in TOML, over the baseline.")
SCHEMES_FILE = option("--schemes-file", metavar="FILE", help="Your own schemes in TOML.")
LINE = together(SET, SCALE, DESIGN, SCHEMES_FILE, PLANT)
"""Which line designs are of; the command gets it as ``on``, a `Ground`."""

YEARS_OPTION = option("--years", default="1", show_default=True, metavar="Y",
                      type=Number(*YEARS), help="Length, in years of 8,760 h.")  # fmt: skip
SEED = option("--seed", default="1", show_default=True, metavar="N",
              type=Count(0, LARGEST_SEED), help="Seed of all random numbers.")  # fmt: skip
START = option("--start", default="01-01", show_default=True, metavar="DATE", type=Day(),
               help="First day, like 07-01; the year does not matter.")  # fmt: skip


def replications(default: int, about: str = "Independent runs.", least: int = 1) -> Decorator[Any]:
    """Return the option ``--replications``."""
    return option("--replications", default=str(default), show_default=True, metavar="R",
                  type=Count(least, MOST_REPLICATIONS), help=about)  # fmt: skip


def runs(default: int = 1) -> Decorator[Any]:
    """Return how long and how often designs run: years, seed, replications, start."""
    return together(YEARS_OPTION, SEED, replications(default), START)


WORKERS = option(
    "--workers", metavar="N", type=Count(1, MOST_WORKERS),
    help="Processes; by default as many as processors, 1 for a few runs.",
)  # fmt: skip
SCHEDULER = option("--scheduler", metavar="ADDRESS",
                   help="Work on the dask cluster there, as in tcp://host:8786.")  # fmt: skip
INDICATOR = option("--indicator", "indicators", multiple=True, metavar="NAME", type=Indicator(),
                   help="What is asked about; repeatable.")  # fmt: skip
JSON = option("--json", "as_json", is_flag=True, help="Print one JSON object.")
ANSWER = together(
    option("--out", metavar="DIR", type=Folder(),
           help="Write tables (CSV), provenance and figures there."),
    option("--excel", is_flag=True, help="With --out: the tables as one workbook, too."),
    JSON,
)  # fmt: skip
"""How an answer is told and kept; `Command` does both."""


def choice(name: str, default: str, known: Iterable[str], about: str) -> Decorator[Any]:
    """Return an option that takes one of some words."""
    from experiments.door.types import Word

    return option(name, default=default, show_default=True, metavar="WORD", type=Word(known),
                  help=about)  # fmt: skip
