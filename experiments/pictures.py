"""The pictures of an --out folder, composed of those of the model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.studies import Study
from plant_models.chlorobenzene import figures

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WIDTH = 10.0  # inches
DOTS = 100.0  # per inch
COLOURS = 64


def draw_run(folder: Path, study: Study) -> None:
    """Draw states and levels of the first replication, and the mean emissions by cause."""
    start = study.case.start_hour
    title = f"{study.name}, {_which(study)}"
    figure, (ax,) = _figure(4.4, 1)
    figures.states(study.first, ax, start_hour=start).set_title(f"States of the trains: {title}")
    _save(figure, folder / "states.png")
    figure, (ax,) = _figure(6.6, 1)
    figures.levels(study.first, ax, start_hour=start).set_title(f"Levels of the tanks: {title}")
    _save(figure, folder / "levels.png")
    figure, (ax,) = _figure(4.4, 1)
    table = figures.emissions_by_cause(study.flows, study.first.ledger.components)
    figures.emissions(table, ax).set_title(f"Emissions by cause: {study.name}")
    _save(figure, folder / "emissions.png")


def draw_comparison(folder: Path, before: Study, others: Sequence[Study]) -> None:
    """Draw states, levels and emissions of several designs, below each other on the same scales."""
    start = before.case.start_hour
    which = _which(before)
    for name, what, draw, height in (
        ("states", "States of the trains", figures.states, 3.7),
        ("levels", "Levels of the tanks", figures.levels, 4.7),
    ):
        studies = (before, *others)
        figure, axes = _figure(len(studies) * height, len(studies))
        for ax, study in zip(axes, studies, strict=True):
            draw(study.first, ax, start_hour=start)
            ax.set_title(f"{what}: {study.name}, {which}")
        _only_last_legend(axes)
        _save(figure, folder / f"{name}.png")
    figure, axes = _figure(5.0 * len(others), len(others))
    one = {n: of.mean for n, of in before.means.items()}
    for ax, after in zip(axes, others, strict=True):
        other = {n: of.mean for n, of in after.means.items()}
        figures.emissions_compared(one, other, ax, names=(before.name, after.name))
        ax.set_title(f"Emissions: {before.name} and {after.name}")
    _save(figure, folder / "emissions.png")


def draw_cash(path: Path, table: Sequence[Mapping[str, Any]], name: str) -> None:
    """Draw the cash of a programme over the months."""
    figure, (ax,) = _figure(4.8, 1)
    figures.cash_curves(table, ax).set_title(f"Cash of the programme {name}")
    _save(figure, path)


def _which(study: Study) -> str:
    replication = ", first replication" if study.case.replications > 1 else ""
    return f"seed {study.case.seed}{replication}"


def _figure(height: float, rows: int) -> tuple[Figure, list[Axes]]:
    """Return a figure that belongs to no window, and its axes."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(WIDTH, height), layout="constrained")
    return figure, list(figure.subplots(rows, 1, squeeze=False)[:, 0])


def _only_last_legend(axes: list[Axes]) -> None:
    for ax in axes[:-1]:
        ax.set_xlabel("")
        legend = ax.get_legend()
        if legend is not None:
            legend.remove()


def _save(figure: Figure, path: Path) -> None:
    """Write a picture in a few colours: a quarter of the size, and none of the sharpness lost."""
    from PIL import Image  # matplotlib writes its pictures with it

    full = BytesIO()
    figure.savefig(full, format="png", dpi=DOTS)
    with Image.open(full) as picture:
        picture.convert("RGB").quantize(COLOURS).save(path, "PNG", optimize=True)
