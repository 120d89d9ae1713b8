"""The command that compares designs: ``compare``."""

from __future__ import annotations

from typing import Any

from experiments.door.command import Ground
from experiments.door.options import (
    ANSWER,
    INDICATOR,
    LINE,
    WORKERS,
    argument,
    command,
    option,
    runs,
    together,
)
from experiments.door.types import SCHEMES, Count, Number
from experiments.runner.horizon import MOST_REPLICATIONS
from experiments.studies.compare.study import MOST, Comparison
from experiments.studies.compare.study import compare as study
from sim.statistics.comparisons import FLOOR


@command(records=True)
@argument("before", metavar="A", type=SCHEMES)
@argument("others", metavar="B...", nargs=-1, required=True, type=SCHEMES)
@together(
    runs(),
    LINE,
    option("--until", metavar="X", type=Number(0.001, 1.0),
           help=f"Go on, from {FLOOR} replications or --replications, to a relative error, as "
           "0.02."),
    option("--at-most", metavar="R", type=Count(FLOOR, MOST_REPLICATIONS),
           help=f"Replications at which --until gives up.  [default: {MOST}]"),
    INDICATOR,
    WORKERS,
    ANSWER,
)  # fmt: skip
def compare(before: Any, others: tuple[Any, ...], on: Ground, **asked: Any) -> Comparison:
    """Simulate designs under the same breakdowns: each B minus A."""
    return study(before, *others, plant=on.plant, **asked)
