"""The pictures of designs: states and levels, and what the plant itself draws."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from experiments.output.pictures import blank
from experiments.runner.replicates import Replicated
from plant_models.chlorobenzene.figures.timelines import levels, states

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Draw = Callable[[], "Figure"]
"""Draws a picture."""


def of_designs(designs: Sequence[Replicated]) -> dict[str, Draw]:
    """Return the pictures of designs, below each other on the same scales.

    States and levels are those of the first replication, which must have been recorded; what the
    plant itself draws comes after them.
    """
    told: dict[str, Draw] = {}
    if all(of.first.record is not None for of in designs):
        told = {
            "states": partial(_timelines, designs, "States of the trains", states, 4.0),
            "levels": partial(_timelines, designs, "Levels of the tanks", levels, 5.2),
        }
    return {**told, **designs[0].variant.plant.pictures(designs)}


def _timelines(
    designs: Sequence[Replicated], what: str, draw: Callable[..., Axes], height: float
) -> Figure:
    figure, axes = blank(len(designs) * height, len(designs))
    for ax, of in zip(axes, designs, strict=True):
        draw(of.first, ax, start_hour=of.horizon.start_hour)
        ax.set_title(f"{what}: {of.name}, {_which(of)}")
    _only_last_legend(axes)
    return figure


def _which(of: Replicated) -> str:
    replication = ", first replication" if of.horizon.replications > 1 else ""
    return f"seed {of.horizon.seed}{replication}"


def _only_last_legend(axes: list[Axes]) -> None:
    for ax in axes[:-1]:
        ax.set_xlabel("")
        legend = ax.get_legend()
        if legend is not None:
            legend.remove()
