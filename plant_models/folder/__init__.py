"""A plant from a folder: ``plant.toml`` and what else it may have, read into a `PlantModel`.

``plant.toml`` says what the plant is, ``schemes.toml`` what may be changed, ``prices.toml`` and
``limits.toml`` what it costs and what may leave, ``readings.csv`` what was metered and
``history.csv`` what failed. Only the first is needed; what a plant lacks, a study that needs it
says.

>>> from plant_models import folder
>>> folder.load("brine").name
'brine works'
"""

from __future__ import annotations

from plant_models.folder.model import FolderPlant
from plant_models.folder.reading import load, read_folder
from plant_models.folder.written import write, written

__all__ = ["FolderPlant", "load", "read_folder", "write", "written"]
