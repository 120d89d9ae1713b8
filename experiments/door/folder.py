"""The commands about a plant of a folder: new, units, check, reconcile, fit, history."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

import experiments as ex
from experiments.door.command import Group, say
from experiments.door.options import ANSWER, JSON, TOLD, argument, command, option, together
from experiments.door.types import Number
from sim.errors import did_you_mean

if TYPE_CHECKING:
    from experiments.output.answer import Answer


class Commands(Group):
    """A group of commands that tells what comes near a name it does not know."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find a command, or say what comes near."""
        if args and args[0] not in self.commands:
            hint = did_you_mean(args[0], self.commands)
            raise click.UsageError(f"no command {args[0]!r}{hint}", ctx)
        return super().resolve_command(ctx, args)


FOLDER = argument("folder", metavar="DIR")


@click.group(cls=Commands, invoke_without_command=True)
@click.pass_context
def plant(ctx: click.Context) -> None:
    """Make and check a plant of your own in a folder, and fit it to what was measured.

    Any study then takes it with --plant DIR. DIR may be the name of a plant of the package, too.
    """
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


F = TypeVar("F", bound=Callable[..., Any])


def _add(name: str, *wanted: Any) -> Callable[[F], F]:
    """Return what makes a function the command of a name."""

    def made(function: F) -> F:
        found: click.Command = command(name=name)(together(*wanted)(function))
        plant.add_command(found)
        return function

    return made


@_add(
    "new",
    FOLDER,
    option("--like", default="brine", show_default=True, metavar="NAME",
           help="The plant of the package that it begins as."),
    option("--bare", is_flag=True, help="The plant alone: no schemes, prices, limits, worksheets."),
    option("--excel", "workbook", is_flag=True, help="The worksheets as one workbook, too."),
    JSON,
    TOLD,
)  # fmt: skip
def new(folder: str, like: str, bare: bool, workbook: bool) -> Answer:
    """Write a folder with a commented plant that runs, to be turned into your own."""
    return ex.plant_new(folder, like=like, bare=bare, excel=workbook)


@_add("units", argument("kind", metavar="[KIND]", required=False), ANSWER)
def units(kind: str | None) -> Answer:
    """List the kinds of unit that a folder may use, or all about one."""
    return ex.plant_units(kind)


@_add(
    "check",
    FOLDER,
    option("--drawing", metavar="FILE", help="Write the drawing of the flow sheet there, as SVG."),
    ANSWER,
)
def check(folder: str, drawing: str | None) -> Answer:
    """Tell all faults of a folder, or what it consists of; --out or --drawing draws it."""
    from experiments.output.files import check_file, write_whole

    if drawing is not None:
        check_file(drawing, (".svg",), "flow.svg", "--drawing")
    found = ex.plant_check(folder)
    if drawing is not None:
        write_whole(check_file(drawing, (".svg",), "flow.svg", "--drawing"), found.svg().encode())
        say(f"written to {drawing}")
    return found


@_add(
    "reconcile",
    FOLDER,
    option("--readings", "readings_file", metavar="FILE",
           help="A CSV file of readings instead of the folder's own."),
    option("--significance", default="0.01", show_default=True, metavar="X",
           type=Number(1e-6, 0.5), help="Chance that noise is taken for a gross error."),
    ANSWER,
)  # fmt: skip
def reconcile(folder: str, **asked: Any) -> Answer:
    """Close the measured balance: what was metered, what follows, and what leaks or is off."""
    return ex.plant_reconcile(folder, **asked)


@_add(
    "fit",
    FOLDER,
    option("--parameters", default="", metavar="NAMES",
           help="Which may move, as in still.recovery.water,bleed.share.purge."),
    option("--readings", "readings_file", metavar="FILE",
           help="A CSV file of readings instead of the folder's own."),
    ANSWER,
)  # fmt: skip
def fit(folder: str, **asked: Any) -> Answer:
    """Fit recoveries and conversions to the reconciled balance; tell what it identifies."""
    return ex.plant_fit(folder, **asked)


@_add(
    "history",
    FOLDER,
    option("--history", "history_file", metavar="FILE",
           help="A CSV file of stops instead of the folder's own."),
    option("--level", default="0.95", show_default=True, metavar="X", type=Number(0.5, 0.9999),
           help="Share of records whose interval holds the true mean."),
    ANSWER,
)  # fmt: skip
def history(folder: str, **asked: Any) -> Answer:
    """Estimate mean times between failures and to repair, with intervals, from history.csv."""
    return ex.plant_history(folder, **asked)
