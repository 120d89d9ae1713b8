"""Plants, and the methods that serve any of them.

``model`` is all that a study asks of a plant, ``outcome`` what a run of one came to, ``arguments``
and ``calendar`` what comes in and the year it stands for. ``chlorobenzene`` is the line of
Taiyuan's plant, ``flowshop`` a batch line from a textbook, ``benchmarks`` are small plants with
known answers, ``methods`` know no plant at all.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from plant_models.hidden import refuse_hidden

refuse_hidden("sim")

if TYPE_CHECKING:
    from plant_models.model import PlantModel

PLANTS = ("chlorobenzene", "flowshop")


def plant_named(name: str) -> PlantModel[Any, Any]:
    """Return a plant of the package by its name.

    Raises LookupError: no such plant; tells what comes near.
    """
    from plant_models.arguments import word

    plant: PlantModel[Any, Any] = import_module(f"plant_models.{word('plant', name, PLANTS)}").PLANT
    return plant
