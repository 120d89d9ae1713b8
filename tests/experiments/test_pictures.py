"""How pictures are written: small, and in the colours that they were drawn in."""

from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image

from experiments.pictures import blank, draw_tornado, save
from plant_models.chlorobenzene.figures import style
from plant_models.sensitivity import Bar

SAFE = ("BLUE", "SKY", "GREEN", "YELLOW", "ORANGE", "VERMILION", "PURPLE", "BLACK")


def colours_of(picture: Path | BytesIO) -> set[str]:
    with Image.open(picture) as opened:
        pixels = np.asarray(opened.convert("RGB")).reshape(-1, 3)
    return {f"#{r:02X}{g:02X}{b:02X}" for r, g, b in np.unique(pixels, axis=0).tolist()}


def test_a_thin_line_among_large_areas_keeps_its_colour():
    figure, (ax,) = blank(4.0, 1)
    ax.imshow(np.linspace(0.0, 1.0, 256)[None], aspect="auto", extent=(0.0, 1.0, 0.0, 1.0))
    for i, name in enumerate(SAFE):
        ax.barh(1.2 + 0.1 * i, 0.3, height=0.04, color=getattr(style, name))
    written = BytesIO()
    save(figure, written, colours=128)
    assert {getattr(style, name) for name in SAFE} <= colours_of(written)


def test_a_picture_is_white_where_nothing_is_drawn(tmp_path: Path):
    path = tmp_path / "tornado.png"
    draw_tornado(path, [Bar("absorber.approach", 1.0, 3.0)], 2.0, "air.benzene_t")
    assert "#FFFFFF" in colours_of(path)
    assert path.stat().st_size < 20_000
