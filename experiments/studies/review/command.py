"""The command about management measures: ``review``."""

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
    option,
    replications,
    schemes,
    together,
)
from experiments.door.prices import PRICE
from experiments.studies.review.study import Review
from experiments.studies.review.study import review as study


@command()
@together(
    schemes("none", "Scheme set that stands all the time."),
    option("--measures", metavar="M", help="Measures that wear off; by default the plant's own."),
    option("--slack", multiple=True, metavar="NAME=VALUE",
           help='How they wear off, as in half_life="90 d" or restored=1; repeatable.'),
    YEARS_OPTION,
    SEED,
    replications(2, "Independent runs of each of the four plants."),
    START,
    PRICE,
    LINE,
    WORKERS,
    ANSWER,
)  # fmt: skip
def review(schemes: Any, on: Ground, **asked: Any) -> Review:
    """Let management measures wear off, with and without a monthly review."""
    return study(schemes, plant=on.plant, **asked)
