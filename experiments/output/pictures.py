"""The pictures of an --out folder, composed of those of the model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.runner.studies import Study
from plant_models.chlorobenzene import figures
from plant_models.chlorobenzene.ranges.uncertainty import NET
from plant_models.methods.sensitivity import Bar

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WIDTH = 10.0  # inches
SANKEY_WIDTH = 12.0
DOTS = 100.0  # per inch
COLOURS = 64


def draw_run(folder: Path, study: Study) -> None:
    """Draw states and levels of the first replication, and the mean emissions by cause."""
    start = study.case.start_hour
    title = f"{study.name}, {_which(study)}"
    figure, (ax,) = blank(4.4, 1)
    figures.states(study.first, ax, start_hour=start).set_title(f"States of the trains: {title}")
    save(figure, folder / "states.png")
    figure, (ax,) = blank(6.6, 1)
    figures.levels(study.first, ax, start_hour=start).set_title(f"Levels of the tanks: {title}")
    save(figure, folder / "levels.png")
    figure, (ax,) = blank(4.4, 1)
    table = figures.emissions_by_cause(study.flows, study.first.ledger.components)
    figures.emissions(table, ax).set_title(f"Emissions by cause: {study.name}")
    save(figure, folder / "emissions.png")
    figure, (ax,) = blank(4.4, 1)
    figures.losses_by_cause(table, ax).set_title(f"Causes of the emissions: {study.name}")
    save(figure, folder / "losses.png")
    _draw_sankeys(folder, study)


def draw_comparison(folder: Path, before: Study, others: Sequence[Study]) -> None:
    """Draw states, levels and emissions of several designs, below each other on the same scales."""
    start = before.case.start_hour
    which = _which(before)
    studies = (before, *others)
    for name, what, draw, height in (
        ("states", "States of the trains", figures.states, 3.7),
        ("levels", "Levels of the tanks", figures.levels, 4.7),
    ):
        figure, axes = blank(len(studies) * height, len(studies))
        for ax, study in zip(axes, studies, strict=True):
            draw(study.first, ax, start_hour=start)
            ax.set_title(f"{what}: {study.name}, {which}")
        _only_last_legend(axes)
        save(figure, folder / f"{name}.png")
    figure, axes = blank(5.0 * len(others), len(others))
    one = {n: of.mean for n, of in before.means.items()}
    for ax, after in zip(axes, others, strict=True):
        other = {n: of.mean for n, of in after.means.items()}
        figures.emissions_compared(one, other, ax, names=(before.name, after.name))
        ax.set_title(f"Emissions: {before.name} and {after.name}")
    save(figure, folder / "emissions.png")
    figure, axes = blank(len(studies) * 4.4, len(studies))
    tables = [
        figures.emissions_by_cause(study.flows, study.first.ledger.components) for study in studies
    ]
    wide = max(figures.largest_share(table) for table in tables)
    for ax, table, study in zip(axes, tables, studies, strict=True):
        figures.losses_by_cause(table, ax, wide=wide)
        ax.set_title(f"Causes of the emissions: {study.name}")
    save(figure, folder / "losses.png")
    _draw_sankeys(folder, before, *others)


def _draw_sankeys(folder: Path, *studies: Study) -> None:
    """Draw the organics of one design, or of two on one scale."""
    tables = [figures.line_flows(each.flows, each.first.ledger.components) for each in studies]
    largest = figures.largest_flow(*tables)
    figure, axes = blank(7.0 * len(studies), len(studies), width=SANKEY_WIDTH)
    for ax, table, study in zip(axes, tables, studies, strict=True):
        figures.sankey(table, ax, largest=largest).set_title(f"Organics: {study.name}")
    save(figure, folder / "sankey.png", colours=128)


def draw_cash(path: Path, table: Sequence[Mapping[str, Any]], name: str) -> None:
    """Draw the cash of a programme over the months."""
    figure, (ax,) = blank(4.8, 1)
    figures.cash_curves(table, ax).set_title(f"Cash of the programme {name}")
    save(figure, path)


def draw_tornado(path: Path, bars: Sequence[Bar], base: float, target: str) -> None:
    """Draw what a figure of a programme hangs on."""
    figure, (ax,) = blank(5.0, 1)
    money = target == NET
    label = "net income of the programme, 10$^4$ RMB/yr" if money else f"change of {target}"
    figures.tornado(bars, base, ax, unit=1e4 if money else 1.0, label=label)
    save(figure, path)


def draw_limits(path: Path, table: Sequence[figures.Beyond], span: float, name: str) -> None:
    """Draw the hours beyond limits of one design."""
    figure, (ax,) = blank(figures.picture_height(table), 1)
    figures.beyond_limits(table, ax, span=span).set_title(f"Hours beyond the limits: {name}")
    ax.set_xlabel(f"{ax.get_xlabel()}; *: limit recalled from memory, not re-read")
    save(figure, path)


def _which(study: Study) -> str:
    replication = ", first replication" if study.case.replications > 1 else ""
    return f"seed {study.case.seed}{replication}"


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
