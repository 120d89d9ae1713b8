"""Plants, and the methods that serve any of them.

``model`` is all that a study asks of a plant, ``outcome`` what a run of one came to, ``arguments``
and ``calendar`` what comes in and the year it stands for. ``chlorobenzene`` is the line of
Taiyuan's plant, ``flowshop`` a batch line from a textbook, ``benchmarks`` are small plants with
known answers, ``units`` take any components, for a plant of one's own, ``methods`` know no plant
at all.
"""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from plant_models.model import PlantModel

PLANTS = ("chlorobenzene", "flowshop")


def refuse_hidden(name: str) -> None:
    """Raise ImportError if a package that stands beside this one is hidden by a user's own file."""
    found, home = find_spec(name), Path(__file__).resolve().parents[1]
    if found is not None and (not found.origin or Path(found.origin).resolve().parents[1] != home):
        raise ImportError(
            f"{found.origin or name} is found where this program's package {name!r} is meant; "
            "rename it, or start Python in another folder"
        )


refuse_hidden("sim")


def plant_named(name: str) -> PlantModel[Any, Any]:
    """Return a plant of the package by its name.

    Raises LookupError: no such plant; tells what comes near.
    """
    from plant_models.arguments import word

    plant: PlantModel[Any, Any] = import_module(f"plant_models.{word('plant', name, PLANTS)}").PLANT
    return plant
