"""The command that splits figures over schemes: ``attribute``."""

from __future__ import annotations

import warnings
from typing import Any

import click

from experiments.door.command import Ground
from experiments.door.options import (
    ANSWER,
    LINE,
    SCHEDULER,
    WORKERS,
    argument,
    choice,
    command,
    option,
    together,
)
from experiments.door.prices import PRICES
from experiments.door.types import Count, OfPlant, SchemeIds
from experiments.studies.attribute.study import MOST_PAIRS, Attributions
from experiments.studies.attribute.study import attribute as study
from experiments.studies.cube.command import Combined
from experiments.studies.cube.figures import check_figure
from plant_models.arguments import word
from plant_models.chlorobenzene.figures.titles import IDS, LANGUAGES


class FigureName(OfPlant):
    """A figure that can be split."""

    name = "figure"

    def build(self, name: str, text: str, ground: Any) -> str:
        """Return its name."""
        return check_figure(text, ground.plant)


class Emission(OfPlant):
    """An emission of the plant."""

    name = "emission"

    def build(self, name: str, text: str, ground: Any) -> str:
        """Return its name."""
        return word(name, text, ground.plant.emissions)


@command()
@together(
    argument("figures", nargs=-1, required=True, metavar="FIGURE...", type=FigureName()),
    option("--cube", metavar="DIR", help="Folder of a cube; else it is computed."),
    option("--players", metavar="S", type=Combined(),
           help="Schemes that share the figure; all but those kept apart, F12, by default."),
    option("--given", default="none", show_default=True, metavar="S", type=SchemeIds(),
           help="Schemes that are in place throughout."),
    option("--order", metavar="IDS", help="Order of introduction, as in F5,F1-F4,F6."),
    option("--against", metavar="EMISSION", type=Emission(),
           help="Emission of Pareto front and cost curve."),
    option("--pairs", default="10", show_default=True, metavar="N", type=Count(0, MOST_PAIRS),
           help="Interactions that are printed."),
    choice("--titles", IDS, LANGUAGES, "Schemes in pictures: id, or titles in en or zh."),
    PRICES,
    LINE,
    WORKERS,
    SCHEDULER,
    ANSWER,
)  # fmt: skip
def attribute(figures: tuple[str, ...], on: Ground, **asked: Any) -> Attributions:
    """Split figures over schemes by five methods, with interactions, Pareto front, cost curve."""
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        found = study(*figures, plant=on.plant, design=on.design, known=on.known, **asked)
    for warning in told:  # a font for Chinese is missing
        click.echo(f"note: {warning.message}", err=True)
    return found
