"""``python -m experiments``: the commands; alone it lists them."""

import io
import sys

from experiments.commands import cli

if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a letter the terminal lacks is no reason to fail
            stream.reconfigure(errors="replace")
    cli()
