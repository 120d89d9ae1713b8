"""What long runs of commands say, kept for the pages that tell of it.

``python -m tools.told`` types every command anew, which takes many minutes, and writes what each
says with ``--json`` into ``docs/told/``; names of files behind it do these alone. A test compares
the pages with what is kept, and the designs of what is kept with the line as it is.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from experiments.door.cli import cli

TOLD = Path(__file__).parents[1] / "docs" / "told"

COMMANDS = {
    "end-of-pipe": "end-of-pipe --replications 4 --workers 2",
    "review": "review --replications 4 --workers 2",
    "uncertainty": "uncertainty --workers 2",
}
"""By the name of the file that keeps what it says."""

UNTOLD = ("changes", "kept", "sobol", "tornado")
"""Long tables that no page tells."""


def told(name: str) -> dict[str, Any]:
    """Return what a command says; of where it comes from, the hashes of the designs alone."""
    result = CliRunner().invoke(cli, [*COMMANDS[name].split(), "--json"], catch_exceptions=False)
    if result.exit_code != 0:
        raise SystemExit(f"{COMMANDS[name]}: {result.stderr}")
    return without_machine(json.loads(result.stdout))


def without_machine(said: dict[str, Any]) -> dict[str, Any]:
    """Return what a command says without its longest tables and the versions of what ran it."""
    made_of = said.pop("provenance")
    designs = {",".join(of["schemes"]) or "none": of["hash"] for of in made_of["designs"]}
    return {**{key: what for key, what in said.items() if key not in UNTOLD}, "designs": designs}


def keep(name: str, said: dict[str, Any]) -> None:
    """Write what a command says."""
    text = json.dumps(said, indent=1, sort_keys=True)
    (TOLD / f"{name}.json").write_text(text + "\n", encoding="utf-8")


def main(arguments: Sequence[str]) -> None:
    """Keep what every command says, or those that are named."""
    unknown = sorted(set(arguments) - set(COMMANDS))
    if unknown:
        raise SystemExit(f"expected names of {', '.join(COMMANDS)}, came {', '.join(unknown)}")
    for name in arguments or COMMANDS:
        keep(name, told(name))


if __name__ == "__main__":
    main(sys.argv[1:])
