"""How the pictures of answers are written."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from matplotlib.figure import Figure

DOTS = 100.0  # per inch
COLOURS, SHADES = 64, 256


def save(
    figure: Figure, path: Path | BytesIO, colours: int | None = None, dots: float = DOTS
) -> None:
    """Write a picture in a few colours: a quarter of the size, and none of the sharpness lost.

    Half of them are the picture's most frequent, kept as they are: a general palette would mix a
    thin line's colour with others, and so the colours of a legend. The other half is a general
    palette, for shades. Every point gets the nearest. A map in shades gets more of them.
    ``dots``: per inch.
    """
    if colours is None:
        colours = SHADES if any(ax.images for ax in figure.axes) else COLOURS
    from PIL import Image  # matplotlib writes its pictures with it

    from experiments.output.fit import fit

    full = BytesIO()
    fit(figure).savefig(full, format="png", dpi=dots, pil_kwargs={"compress_level": 0})
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
