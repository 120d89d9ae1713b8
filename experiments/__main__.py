"""``python -m experiments``: the commands; alone it lists them."""

import io
import os
import sys
from contextlib import suppress

from experiments import hidden

if __name__ == "__main__":
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
        cli()
    except SystemExit as end:
        if end.code != 130:
            raise
        # What was kept is kept and workers have gone: a library's thread that Ctrl-C caught at
        # work would abort a process that takes itself apart in good order (exit code -6).
        for stream in (sys.stdout, sys.stderr):
            with suppress(OSError):  # who read it has heard Ctrl-C as well
                stream.flush()
        os._exit(130)
