"""``python -m experiments``: the commands; alone it lists them."""

import io
import sys
from importlib.util import find_spec
from pathlib import Path

HOME = Path(__file__).resolve().parents[1]


def hidden() -> str:
    """Return what hides a package of this program: a user's own file in the folder of the call."""
    for name in ("sim", "plant_models"):
        spec = find_spec(name)
        if spec is not None and (not spec.origin or Path(spec.origin).parents[1] != HOME):
            places = [spec.origin] if spec.origin else list(spec.submodule_search_locations or ())
            return (
                f"{places[0]} is found where this program's package {name!r} is meant; rename it, "
                "or start Python in another folder"
            )
    return ""


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
