"""What is printed of plants, beside what their models have."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

from experiments.runner.faults import at_work
from plant_models import PLANTS, plant_named
from plant_models.model import Lacks, PlantModel
from sim.model.facts import set_values


@dataclass(frozen=True, slots=True)
class Printed:
    """A figure that a source prints, beside what a plant of the package, or of a user, has."""

    plant: str
    name: str
    title: str
    printed: float  #: In ``unit``
    value: float  #: The model's
    within: float  #: How far off it may be
    unit: str
    reason: str  #: Of the tolerance
    source: str

    @property
    def ok(self) -> bool:
        """Whether the model's figure is within its tolerance."""
        return abs(self.value - self.printed) <= self.within


PRINTED = (*(item.name for item in fields(Printed)), "ok")


def printed_of(plant: PlantModel[Any, Any], name: str) -> list[Printed]:
    """Return what is printed of a plant, and what it has, at constant conditions."""
    told = ("name", "title", "printed", "within", "unit", "reason", "source")
    found = []
    for figure in plant.published:
        with at_work(f"{name}, published figure {figure.name!r}"):
            design = set_values(plant.baseline(), figure.set)
            value = figure.value(plant.steady_state(figure.schemes, design=design).indicators)
        found.append(
            Printed(plant=name, value=value, **{key: getattr(figure, key) for key in told})
        )
    return found


def shipped() -> list[Printed]:
    """Return what is printed of the plants of the package that are after a published text."""
    found = []
    for name in PLANTS:
        try:
            found += printed_of(plant_named(name), name)
        except Lacks:
            continue
    return found
