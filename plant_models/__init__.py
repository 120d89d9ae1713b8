"""Plants, and the methods that serve any of them.

``model`` is all that a study asks of a plant, ``outcome`` what a run of one came to, ``arguments``
and ``calendar`` what comes in and the year it stands for. ``chlorobenzene`` is the line of
Taiyuan's plant, ``flowshop`` a batch line from a textbook, ``folder`` a plant from TOML and CSV,
made of ``units``, which take any components; ``benchmarks`` are small plants with known answers,
``methods`` know no plant at all.
"""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from plant_models.model import PlantModel

WRITTEN = ("chlorobenzene", "flowshop")
"""Plants that are Python; the others of the package are folders."""

PLANTS = (
    *WRITTEN,
    *sorted(each.parent.name for each in Path(__file__).parent.glob("folder/plants/*/plant.toml")),
)


def refuse_hidden(name: str) -> None:
    """Raise ImportError if a package that stands beside this one is hidden by a user's own file."""
    found, home = find_spec(name), Path(__file__).resolve().parents[1]
    if found is not None and (not found.origin or Path(found.origin).resolve().parents[1] != home):
        raise ImportError(
            f"{found.origin or name} is found where this program's package {name!r} is meant; "
            "rename it, or start Python in another folder"
        )


refuse_hidden("sim")


def plant_named(name: str | Path) -> PlantModel[Any, Any]:
    """Return a plant of the package by its name, or that of a folder by its path.

    Raises LookupError: no such plant; tells what comes near. Raises ValueError: a folder that holds
    none; tells all its faults at once.
    """
    from plant_models.arguments import word

    text = str(name)
    is_path = isinstance(name, Path) or (
        "\0" not in text and ("/" in text or "\\" in text or Path(text).exists())
    )
    if isinstance(name, str) and name in WRITTEN:
        plant: PlantModel[Any, Any] = import_module(f"plant_models.{name}").PLANT
        return plant
    if not is_path:
        try:
            word("plant", name, PLANTS)
        except LookupError as fault:
            raise LookupError(f"{fault}, or a folder with a plant.toml") from None
    found: PlantModel[Any, Any] = import_module("plant_models.folder").load(name)
    return found
