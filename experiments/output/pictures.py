"""The pictures of answers: figures that belong to no window, and how they are written."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from experiments.runner.replicates import Replicated
from plant_models.chlorobenzene import figures

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Draw = Callable[[], "Figure"]
"""Draws a picture."""

WIDTH = 10.0  # inches
DOTS = 100.0  # per inch
COLOURS = 64


def of_run(of: Replicated) -> dict[str, Draw]:
    """Return the pictures of one design: states and levels, emissions by cause, the flow chart."""
    return of_designs([of])


def of_designs(designs: Sequence[Replicated]) -> dict[str, Draw]:
    """Return the pictures of designs, below each other on the same scales.

    States and levels are those of the first replication, which must have been recorded; what the
    plant itself draws comes after them.
    """
    told: dict[str, Draw] = {}
    if all(of.first.record is not None for of in designs):
        told = {
            "states": partial(_timelines, designs, "States of the trains", figures.states, 4.0),
            "levels": partial(_timelines, designs, "Levels of the tanks", figures.levels, 5.2),
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


def blank(height: float, rows: int, width: float = WIDTH) -> tuple[Figure, list[Axes]]:
    """Return a figure that belongs to no window, and its axes."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), layout="constrained")
    return figure, list(figure.subplots(rows, 1, squeeze=False)[:, 0])


def _only_last_legend(axes: list[Axes]) -> None:
    for ax in axes[:-1]:
        ax.set_xlabel("")
        legend = ax.get_legend()
        if legend is not None:
            legend.remove()


def save(figure: Figure, path: Path | BytesIO, colours: int = COLOURS) -> None:
    """Write a picture in a few colours: a quarter of the size, and none of the sharpness lost.

    Half of them are the picture's most frequent, kept as they are: a general palette would mix a
    thin line's colour with others, and so the colours of a legend. The other half is a general
    palette, for shades. Every point gets the nearest.
    """
    from PIL import Image  # matplotlib writes its pictures with it

    full = BytesIO()
    figure.savefig(full, format="png", dpi=DOTS)
    with Image.open(full) as picture:
        flat = np.asarray(picture.convert("RGB"), dtype=np.int64)
    mixed = flat @ np.array([1 << 16, 1 << 8, 1], dtype=np.int64)
    met, where, counts = np.unique(mixed, return_inverse=True, return_counts=True)
    every = np.stack([met >> 16, met >> 8 & 255, met & 255], axis=1)
    frequent = every[np.argsort(-counts, kind="stable")[: colours // 2]]
    once = Image.fromarray(every.astype(np.uint8)[None])
    shades = np.array(once.quantize(colours // 2).getpalette()).reshape(-1, 3)
    kept = np.concatenate([frequent, shades])[:colours]
    apart = ((every[:, None] - kept[None]) ** 2).sum(axis=2)
    indexed = Image.fromarray(apart.argmin(axis=1)[where].reshape(flat.shape[:2]).astype(np.uint8))
    indexed.putpalette(kept.astype(np.uint8).tobytes())
    indexed.save(path, "PNG", optimize=True)
