"""How pictures are written: small, and in the colours that they were drawn in."""

from functools import partial
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import experiments as ex
from experiments.output.pictures import DOTS, save
from plant_models.chlorobenzene.figures import style
from plant_models.chlorobenzene.figures.style import blank
from plant_models.chlorobenzene.figures.tornado import tornado
from plant_models.methods.sensitivity import Bar

SAFE = ("BLUE", "SKY", "GREEN", "YELLOW", "ORANGE", "VERMILION", "PURPLE", "BLACK")


def colours_of(picture: Path | BytesIO) -> set[str]:
    with Image.open(picture) as opened:
        pixels = np.asarray(opened.convert("RGB")).reshape(-1, 3)
    return {f"#{r:02X}{g:02X}{b:02X}" for r, g, b in np.unique(pixels, axis=0).tolist()}


def test_where_nothing_was_recorded_a_plant_without_pictures_of_its_own_says_how_to_get_some():
    asked = partial(ex.run, "B1", plant="brine", years=0.01)
    with pytest.raises(LookupError, match=r"no picture: record=True keeps what"):
        asked().plot()
    assert list(asked(record=True).pictures()) == ["states", "levels"]


@pytest.mark.parametrize("plant", ["brine", "flowshop"])
def test_a_comparison_draws_first_what_differs_whatever_the_plant(plant: str):
    found = ex.compare("none", "all", plant=plant, years=0.05, replications=2)
    figure = found.plot()
    (ax,) = figure.axes
    names = [label.get_text() for label in ax.get_yticklabels()]
    moved = found.differences[names[0]].interval.mean / found.before.means[names[0]].mean
    assert (
        ax.texts[0].get_text().replace("\N{MINUS SIGN}", "-").startswith(f"{100 * moved:+,.1f} %")
    )
    assert all(found.before.means[name].mean for name in names)
    assert ax.get_title() == f"{found.judgements[0].after.name} against none: what changes"


def test_a_thin_line_among_large_areas_keeps_its_colour():
    figure, (ax,) = blank(4.0, 1)
    ax.imshow(np.linspace(0.0, 1.0, 256)[None], aspect="auto", extent=(0.0, 1.0, 0.0, 1.0))
    for i, name in enumerate(SAFE):
        ax.barh(1.2 + 0.1 * i, 0.3, height=0.04, color=getattr(style, name))
    written = BytesIO()
    save(figure, written, colours=128)
    assert {getattr(style, name) for name in SAFE} <= colours_of(written)


def test_shades_of_a_picture_stay_shades_beside_black_letters():
    figure, (ax,) = blank(4.0, 1)
    ax.set_title("black letters have more shades of grey than there are colours " * 2)
    narrow = ax.inset_axes((0.5, 0.1, 0.004, 0.8))
    narrow.imshow(np.linspace(0.0, 1.0, 256)[:, None], cmap="PuOr_r", aspect="auto")
    written, whole = BytesIO(), BytesIO()
    save(figure, written, colours=256)
    figure.savefig(whole, format="png", dpi=DOTS)
    was, now = (np.asarray(Image.open(each).convert("RGB"), dtype=int) for each in (whole, written))
    assert np.abs(now - was).max() <= 12


def test_a_picture_is_white_where_nothing_is_drawn(tmp_path: Path):
    path = tmp_path / "tornado.png"
    figure, (ax,) = blank(5.0, 1)
    tornado([Bar("absorber.approach", 1.0, 3.0, 2.0)], 2.0, ax)
    save(figure, path)
    assert "#FFFFFF" in colours_of(path)
    assert path.stat().st_size < 20_000
