"""``python -m experiments``: the commands; alone it lists them."""

import io
import sys

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
    cli()
