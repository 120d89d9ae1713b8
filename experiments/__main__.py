"""``python -m experiments``, or ``cleanerline``: the commands; alone it lists them."""

import io
import os
import sys
from contextlib import suppress

from experiments import hidden


def console() -> None:
    """Run the console command ``cleanerline``."""
    main("cleanerline")


def main(program: str) -> None:
    """Run a command, and leave with its exit code.

    ``program``: what messages call it.
    """
    have_streams()
    if wrong := hidden():
        print(f"error: {wrong}", file=sys.stderr)
        sys.exit(2)
    try:
        from experiments.door.cli import cli
    except KeyboardInterrupt:
        sys.exit(130)  # what `experiments.door.faults` says is not there yet
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a letter the terminal lacks is no reason to fail
            stream.reconfigure(errors="replace")
    try:
        cli(prog_name=program)
    except SystemExit as end:
        if end.code != 130:
            raise
        # What was kept is kept and workers have gone: a library's thread that Ctrl-C caught at
        # work would abort a process that takes itself apart in good order (exit code -6).
        for stream in (sys.stdout, sys.stderr):
            with suppress(OSError):  # who read it has heard Ctrl-C as well
                stream.flush()
        os._exit(130)


def have_streams() -> None:
    """Open what was closed when the program was started, as by ``2>&-``.

    Otherwise the next file that is written takes its number, and whatever is said goes there.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            nobody = open(os.devnull, mode, encoding="utf-8")  # noqa: PTH123, SIM115
            os.set_inheritable(nobody.fileno(), True)  # to workers
            setattr(sys, name, nobody)


if __name__ == "__main__":
    main("python -m experiments")
