"""The command that runs one design: ``run``."""

from __future__ import annotations

from typing import Any

from experiments.door.command import Ground
from experiments.door.options import ANSWER, LINE, WORKERS, command, runs, schemes, together
from experiments.studies.run.study import Run
from experiments.studies.run.study import run as study


@command(records=True)
@together(schemes("none"), runs(), LINE, WORKERS, ANSWER)
def run(schemes: Any, on: Ground, **asked: Any) -> Run:
    """Simulate one design under breakdowns, deliveries and seasons."""
    return study(schemes, plant=on.plant, **asked)
