"""``python -m experiments``: the commands; alone it lists them."""

import io
import sys

if __name__ == "__main__":
    try:
        from experiments.door.cli import cli
    except KeyboardInterrupt:
        sys.exit(130)  # what `experiments.door.faults` says is not there yet
    except ImportError as fault:
        print(f"error: {fault}", file=sys.stderr)  # a user's own file may hide a package
        sys.exit(2)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a letter the terminal lacks is no reason to fail
            stream.reconfigure(errors="replace")
    cli()
