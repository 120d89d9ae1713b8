"""The command line: which commands there are, and how each failure becomes one message."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import BrokenExecutor
from contextlib import contextmanager
from contextvars import copy_context
from threading import Timer, current_thread, main_thread
from traceback import extract_tb
from types import FrameType
from typing import Any, NoReturn

import click

import experiments as ex
from experiments.door import commands
from experiments.door.command import Group, say, speak
from experiments.door.faults import (
    INPUT,
    INTERRUPTED,
    UNFINISHED,
    WRONG,
    Interrupted,
    is_slip,
    told,
)
from sim.errors import did_you_mean

PROGRAM = "python -m experiments"
NOTHING = "interrupted; nothing was written"

STUDIES = (
    "plant" if name.startswith("plant_") else name.removeprefix("write_")
    for name in ex.__all__
    if name != "run_cases"
)
COMMANDS = (*dict.fromkeys(name.replace("_", "-") for name in STUDIES), "lessons")
"""Every command, in the order of the help: the studies, of which those of a folder are one group,
and what copies the notebooks."""

ELSEWHERE = {
    "--csv": "--out DIR writes every table as CSV",
    "--excel": "this command writes no workbook; studies that print tables have it, with --out",
    "--xlsx": "--out DIR --excel writes the tables as one workbook, too",
    "--controls": "compare takes more --replications, or goes on --until a relative error",
}
"""Options that people try, and what does it here."""


CALLED_BACK = "_answer"
"""What compiled loops call of `sim` to ask a unit in Python."""
SOON = 0.01  # s


class Commands(Group):
    """A group whose every failure is one message and an exit code."""

    def main(  # type: ignore[override]  # click overloads it by its mode; here there is one mode
        self, args: Sequence[str] | None = None, **extra: Any
    ) -> NoReturn:
        """Run a command, and leave with its exit code; the language it is told in ends with it."""
        extra = {"prog_name": PROGRAM, **extra, "standalone_mode": False}
        copy_context().run(self._run, args, extra)

    def _run(self, args: Sequence[str] | None, extra: Mapping[str, Any]) -> NoReturn:
        speak(args)
        try:
            with interruptible():
                code = super().main(args, **extra)
        except click.NoSuchOption as fault:
            hint = ELSEWHERE.get(fault.option_name)
            if hint is None:
                _leave(_usage(fault), WRONG)
            _leave(f"no option {fault.option_name}: {hint}", WRONG)
        except click.UsageError as fault:
            _leave(_usage(fault), WRONG)
        except click.ClickException as fault:
            _leave(fault.format_message(), fault.exit_code)
        except (click.Abort, KeyboardInterrupt):
            _leave(NOTHING, INTERRUPTED)
        except Exception as fault:
            _leave(*_ending(fault))
        sys.exit(code if isinstance(code, int) else 0)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the commands."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command; its study is loaded when it is called."""
        if cmd_name not in COMMANDS:
            return super().get_command(ctx, cmd_name)
        command = getattr(commands, cmd_name.replace("-", "_"))
        assert isinstance(command, click.Command)
        return command

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command that was asked for; of an interruption, say what it has left."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt as fault:
            raise Interrupted(str(fault) or NOTHING) from None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find a command, or say what comes near; ``export lca`` is ``export-lca``."""
        if len(args) > 1 and f"{args[0]}-{args[1]}" in COMMANDS and args[0] not in COMMANDS:
            args = [f"{args[0]}-{args[1]}", *args[2:]]
        if args and self.get_command(ctx, args[0]) is None:
            begun = [name.replace("-", " ") for name in COMMANDS if name.startswith(f"{args[0]}-")]
            hint = did_you_mean(args[0], begun or COMMANDS, list_up_to=len(begun) or 12)
            raise click.UsageError(f"no command {args[0]!r}{hint}", ctx)
        return super().resolve_command(ctx, args)


@contextmanager
def interruptible() -> Iterator[None]:
    """Let Ctrl-C be heard wherever it comes.

    Python hears it first where compiled loops call back, most of the time, and nothing that is
    raised at that door gets through to who has called the loops.
    """
    usual = signal.getsignal(signal.SIGINT) is signal.default_int_handler
    if not usual or current_thread() is not main_thread():
        yield
        return
    signal.signal(signal.SIGINT, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def interrupt(number: int, frame: FrameType | None) -> None:
    """Raise KeyboardInterrupt, or come again soon where it would be lost."""
    if frame is not None and frame.f_code.co_name == CALLED_BACK:
        again = Timer(SOON, signal.raise_signal, (number,))
        again.daemon = True
        again.start()
        return
    raise KeyboardInterrupt


def _usage(fault: click.UsageError) -> str:
    """Return what is wrong with how a command is typed, and where it says how."""
    message = fault.format_message()
    if fault.ctx is None:
        return message
    takes_a_set = any(each.name == "schemes" for each in fault.ctx.command.params)
    apart = takes_a_set and message.startswith("Got unexpected extra argument")
    hint = "; a set is one word, like F1,F2" if apart else ""
    return f"{message}{hint} (see '{fault.ctx.command_path} --help')"


def _ending(fault: Exception) -> tuple[str, int]:
    """Return how a command ends that an exception has broken off."""
    from experiments.runner.faults import DISK, DiskFault, SimulationFault, WorkersFault, spotted

    if isinstance(fault, SimulationFault):
        return str(fault), UNFINISHED
    if isinstance(fault, WorkersFault | BrokenExecutor):
        from experiments.runner.loop import why_no_work

        return f"{why_no_work(fault)}; nothing was written", UNFINISHED
    if isinstance(fault, DiskFault) or (isinstance(fault, OSError) and fault.errno in DISK):
        return f"{_printed(fault)}{told([fault])}", WRONG
    if isinstance(fault, (*INPUT, ImportError)) and not is_slip(fault):
        return told([fault]), WRONG
    return f"a fault of this program, please report it: {spotted(fault)}", UNFINISHED


def _printed(fault: BaseException) -> str:
    """Return how a message begins if what is printed could not be."""
    last = extract_tb(fault.__traceback__)[-1:]
    echoed = bool(last) and last[0].filename == click.utils.__file__
    return "standard output: " if echoed else ""


def _leave(message: str, code: int) -> NoReturn:
    say(message, "error")
    sys.exit(code)


def _version(ctx: click.Context, param: click.Parameter, asked: bool) -> None:
    if asked:
        from plant_models.methods.citation import installed_version

        click.echo(f"cleanerline {installed_version('cleanerline')}")
        ctx.exit()


@click.group(cls=Commands, invoke_without_command=True, context_settings={"max_content_width": 100})
@click.option("--version", is_flag=True, is_eager=True, expose_value=False, callback=_version,
              help="Show the version and exit.")  # fmt: skip
@click.pass_context
def cli(ctx: click.Context) -> None:
    """Run a plant before and after cleaner production: the chlorobenzene line, or another.

    Scheme sets are written none, F1,F5, F1+F5, F1-F4, "F1-F4, F7" or all.
    """
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())
