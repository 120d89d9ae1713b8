"""The moving picture of the front page: a frame a step, small, and it comes to rest."""

from pathlib import Path

import pytest
from PIL.GifImagePlugin import GifImageFile

from tools import moving_picture
from tools.moving_picture import FILE, STEPS, lost, write


def test_the_picture_of_the_front_page_is_small_and_comes_to_rest():
    with GifImageFile(FILE) as picture:
        assert picture.n_frames == len(STEPS)
        assert picture.info["loop"] == 1  # begins anew once
    assert FILE.stat().st_size < 1_000_000
    assert FILE.name in (FILE.parents[1] / "index.md").read_text(encoding="utf-8")


def test_every_step_is_drawn_in_few_colours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(moving_picture, "STEPS", ("none", "F1-F11"))
    file = tmp_path / "moving.gif"
    write(file)
    with GifImageFile(file) as picture:
        assert picture.n_frames == 2
        first = picture.convert("RGB").tobytes()
        picture.seek(1)
        assert picture.convert("RGB").tobytes() != first


def test_the_programme_loses_less_than_the_line_as_it_was():
    assert lost("F1-F11") < 0.6 * lost("none")
