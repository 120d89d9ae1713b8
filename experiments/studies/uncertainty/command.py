"""The command about how sure the figures are: ``uncertainty``."""

from __future__ import annotations

from typing import Any

from experiments.door.command import Ground
from experiments.door.options import (
    ANSWER,
    LINE,
    SEED,
    WORKERS,
    command,
    option,
    schemes,
    together,
)
from experiments.door.prices import PRICES
from experiments.door.types import Count
from experiments.studies.uncertainty.study import (
    MOST_FACTORS,
    MOST_SAMPLES,
    MOST_SOBOL,
    Uncertainty,
)
from experiments.studies.uncertainty.study import uncertainty as study
from plant_models.methods.uncertainty import NET


@command()
@together(
    schemes(None, "Scheme set, taken as steps in the plant's order."),
    option("--target", default=NET, show_default=True, metavar="NAME",
           help="Figure of tornado and indices: net_income or an indicator."),
    option("--samples", default="200", show_default=True, metavar="N",
           type=Count(0, MOST_SAMPLES),
           help="Points of the Latin hypercube; with 0 the inputs move one at a time alone."),
    option("--sobol", default="128", show_default=True, metavar="N", type=Count(0, MOST_SOBOL),
           help="Points of each Sobol block, a power of two; 0 for none."),
    option("--factors", default="10", show_default=True, metavar="K",
           type=Count(1, MOST_FACTORS),
           help="Inputs with an index of their own; the rest is one group."),
    SEED,
    WORKERS,
    PRICES,
    LINE,
    ANSWER,
)  # fmt: skip
def uncertainty(schemes: Any, on: Ground, **asked: Any) -> Uncertainty:
    """Draw everything that carries a range, and tell what survives and what it hangs on."""
    return study(schemes, plant=on.plant, design=on.design, known=on.known, **asked)
