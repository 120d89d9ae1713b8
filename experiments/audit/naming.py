"""What things are called in the report's language: figures, units of measure, processes, media."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from experiments.page import texts
from experiments.page.plants import indicator_names
from plant_models.chlorobenzene.model import PLANT
from plant_models.folder.model import FolderPlant
from plant_models.languages import Words
from plant_models.model import PlantModel
from sim.tables import words

NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


@dataclass(frozen=True)
class Naming:
    """Names in one language; a plant's own words stay where nobody has told others."""

    say: Words
    own: Mapping[str, str]
    """What the plant says of itself in this language, by what it says in English."""
    figures: Mapping[str, str]  #: Names of indicators

    @classmethod
    def of(cls, plant: PlantModel[Any, Any], say: Words) -> Naming:
        """Return the names for a plant's report."""
        return cls(say, plant.auditing_words(say.language), _figures(plant, say.language))

    def called(self, kind: str, key: str) -> str:
        """Return what a thing of a kind is called."""
        told = self.say.table.get(kind, {}).get(key) or self.own.get(key)
        return told or self.own.get(words(key)) or words(key)

    def figure(self, name: str) -> str:
        """Return an indicator as a sentence calls it."""
        return self.figures.get(name) or self.say.table.get("figures", {}).get(name) or label(name)

    def unit(self, unit: str) -> str:
        """Return a unit of measure without what it is counted as."""
        return self.called("measures", unit.partition(" as ")[0])

    def text(self, english: str) -> str:
        """Return a sentence of the plant's own in this language, if it is told."""
        told = self.own.get(english) or self.say.table.get("plant", {}).get(english)
        if told:
            return told
        numbers = iter(NUMBER.findall(english))
        told = self.own.get(NUMBER.sub("#", english), english)
        return re.sub("#", lambda _: next(numbers), told)


def figure_name(plant: PlantModel[Any, Any], indicator: str, lang: str = "en") -> str:
    """Return an indicator of a plant as a sentence calls it: in English unless in Chinese."""
    return _figures(plant, "zh" if lang == "zh" else "en").get(indicator) or label(indicator)


def label(indicator: str) -> str:
    """Return an indicator as a sentence calls it.

    >>> label("air.benzene_t"), label("wastewater_t")
    ('benzene to air', 'wastewater')
    """
    place, dot, rest = bare(indicator).partition(".")
    return (f"{rest} to {place}" if dot else place).replace("_", " ")


def bare(indicator: str) -> str:
    """Return an indicator without its unit of measure."""
    return indicator.removesuffix("_t").removesuffix("_mwh")


def _figures(plant: PlantModel[Any, Any], language: str) -> Mapping[str, str]:
    """Return names of indicators beyond what their words say."""
    told: Mapping[str, Mapping[str, str]] = {}
    if isinstance(plant, FolderPlant):
        told = indicator_names(plant.sheet)
    elif plant == PLANT and language != "en":
        told = texts.names()["indicators"]
    return {name: each[language] for name, each in told.items()}
