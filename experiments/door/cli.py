"""The command line: which commands there are, and how each failure becomes one message."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from concurrent.futures import BrokenExecutor
from importlib import import_module
from typing import Any, NoReturn

import click

from experiments.door.faults import InputFault, Interrupted, SimulationFault, WorkersFault
from experiments.runner.studies import installed_version
from sim.errors import did_you_mean

PROGRAM = "python -m experiments"

COMMANDS = {
    "run": "studies.run",
    "compare": "studies.compare",
    "card": "studies.run",
    "explain": "studies.run",
    "batch": "studies.batch",
    "money": "studies.money",
    "page": "page",
    "calibrate": "studies.calibrate",
    "heat": "studies.heat",
    "paper-check": "studies.paper",
    "limits": "studies.limits",
    "cube": "studies.cube",
    "attribute": "studies.cube",
    "rollout": "studies.rollout",
    "uncertainty": "studies.uncertainty",
    "end-of-pipe": "studies.end_of_pipe",
    "review": "studies.review",
    "report": "audit",
    "validate": "studies.validate",
    "bench": "studies.validate",
}
"""Every command, in the order of the help, and the room whose ``command.py`` holds it."""


class Commands(click.Group):
    """A group whose every failure is one message and an exit code."""

    def main(  # type: ignore[override]  # click overloads it by its mode; here there is one mode
        self, args: Sequence[str] | None = None, **extra: Any
    ) -> NoReturn:
        """Run a command, and leave with its exit code."""
        extra = {**extra, "prog_name": PROGRAM, "standalone_mode": False}
        try:
            code = super().main(args, **extra)
        except click.UsageError as fault:
            about = f" (see '{fault.ctx.command_path} --help')" if fault.ctx else ""
            click.echo(f"error: {fault.format_message()}{about}", err=True)
            sys.exit(InputFault.exit_code)
        except click.ClickException as fault:
            click.echo(f"error: {fault.format_message()}", err=True)
            sys.exit(fault.exit_code)
        except click.Abort:  # Ctrl-C outside of a command
            click.echo("error: interrupted; nothing was written", err=True)
            sys.exit(Interrupted.exit_code)
        sys.exit(code if isinstance(code, int) else 0)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the commands."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load a command when it is first asked for."""
        if cmd_name not in COMMANDS:
            return super().get_command(ctx, cmd_name)
        module = import_module(f"experiments.{COMMANDS[cmd_name]}.command")
        command = getattr(module, cmd_name.replace("-", "_"))
        assert isinstance(command, click.Command)
        return command

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command that was asked for."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            raise Interrupted("interrupted; nothing was written") from None
        except (WorkersFault, BrokenExecutor) as fault:
            from experiments.runner.loop import why_no_work

            raise SimulationFault(f"{why_no_work(fault)}; nothing was written") from fault

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find a command, or say what comes near."""
        if args and self.get_command(ctx, args[0]) is None:
            hint = did_you_mean(args[0], COMMANDS)
            raise click.UsageError(f"no command {args[0]!r}{hint}", ctx)
        return super().resolve_command(ctx, args)


@click.group(cls=Commands, invoke_without_command=True, context_settings={"max_content_width": 100})
@click.version_option(installed_version("cleanerline"), message="cleanerline %(version)s")
@click.pass_context
def cli(ctx: click.Context) -> None:
    """Run the chlorobenzene line, before and after cleaner production.

    Scheme sets are written none, F1,F5, F1-F4, "F1-F4, F7" or all.
    """
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())
