"""The command that sets schemes at the source against devices: ``end-of-pipe``."""

from __future__ import annotations

from typing import Any

from experiments.door.command import Ground
from experiments.door.options import (
    ANSWER,
    LINE,
    SEED,
    START,
    WORKERS,
    YEARS_OPTION,
    command,
    replications,
    schemes,
    together,
)
from experiments.door.prices import PRICE
from experiments.studies.end_of_pipe.study import EndOfPipe
from experiments.studies.end_of_pipe.study import end_of_pipe as study


@command(name="end-of-pipe")
@together(
    schemes(None, "Scheme set at the source."),
    YEARS_OPTION,
    SEED,
    replications(2, "Independent runs of each of the plants."),
    START,
    PRICE,
    LINE,
    WORKERS,
    ANSWER,
)
def end_of_pipe(schemes: Any, on: Ground, **asked: Any) -> EndOfPipe:
    """Compare schemes at the source with devices at the end of the pipe, at equal emission."""
    return study(schemes, plant=on.plant, design=on.design, known=on.known, **asked)
