"""What both fuzzers work in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import chdir
from functools import cache
from pathlib import Path

import pytest

from experiments.runner import executors
from experiments.studies.validate import study as known_answers
from plant_models.methods import uncertainty
from sim.model import ranges
from tests.fuzz.hostile import little_memory
from tests.fuzz.words import lay_out

FEW = 4  # inputs of an uncertainty, which runs the plant for each several times


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder to work in, with the files that calls name."""
    place = tmp_path_factory.mktemp("fuzz") / "here"
    place.mkdir()
    lay_out(place)
    with chdir(place), little_memory(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(executors, "PATIENCE", 0.2)  # with schedulers that nobody has started
        patch.setattr(known_answers, "_worked", cache(known_answers._worked))  # seconds each
        patch.setattr(uncertainty, "sampled_paths", lambda of: ranges.sampled_paths(of)[:FEW])
        yield place
