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
from plant_models import chlorobenzene as cb
from sim.model.tree import design_hash

TOLD = Path(__file__).parents[1] / "docs" / "told"

SEASON = (
    "compare F1-F10 F1-F11 --set cooling_water.source=well --start {} --years 0.25 "
    "--replications 5 --indicator air.benzene_t"
)

COMMANDS = {
    "end-of-pipe": "end-of-pipe --replications 4 --workers 2",
    "review": "review --replications 4 --workers 2",
    "uncertainty": "uncertainty --workers 2",
    "summer": SEASON.format("06-01"),
    "winter": SEASON.format("12-01"),
    "upsets": "upsets --years 0.25 --replications 8 --workers 2",
    "limits-before": "limits --schemes none",
    "limits-after": "limits --schemes F1-F11",
    "rollout": "rollout --replications 5 --workers 2",
    "causes": "causes none F1-F11 --workers 2",
    "fitness": "fitness --replications 30",
    "capacity": "calibrate --capacity 15,20,25",
}
"""By the name of the file that keeps what it says."""

UNTOLD = {
    "uncertainty": ("changes", "kept", "sobol", "tornado"),
    "summer": ("comparisons", "paper_says", "units"),
    "winter": ("comparisons", "paper_says", "units"),
    "capacity": ("targets",),
    "limits-before": ("broken", "worst"),
    "limits-after": ("broken", "worst"),
    "fitness": ("ends", "missed", "net_incomes", "second_plant", "targets", "yardsticks"),
    "rollout": ("cash", "policies_in_the_model", "policies_on_paper", "replications", "steps"),
}
"""Long tables that no page tells, however deep they stand."""

POINT = "all outfalls"
"""The only point of `limits` that a page tells of."""


def told(name: str) -> dict[str, Any]:
    """Return what a command says, with the hash of the line that it was asked of."""
    result = CliRunner().invoke(cli, [*COMMANDS[name].split(), "--json"], catch_exceptions=False)
    if result.exit_code != 0:
        raise SystemExit(f"{COMMANDS[name]}: {result.stderr}")
    return worth_keeping(name, json.loads(result.stdout))


def worth_keeping(name: str, said: dict[str, Any]) -> dict[str, Any]:
    """Return what a command says without its longest tables and the versions of what ran it."""
    kept = without(said, ("provenance", *UNTOLD.get(name, ())))
    if name.startswith("limits"):
        kept["figures"] = [row for row in kept["figures"] if row["point"] == POINT]
    return {**kept, "lines": {name: design_hash(cb.line(name)) for name in ("none", "F1-F11")}}


def without(said: Any, names: Sequence[str]) -> Any:
    """Return what is said without what has one of these names."""
    if not isinstance(said, dict):
        return said
    return {key: without(what, names) for key, what in said.items() if key not in names}


def keep(name: str, said: dict[str, Any]) -> None:
    """Write what a command says."""
    text = json.dumps(said, indent=1)
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
