"""The command that fits a plant to its targets: ``calibrate``."""

from __future__ import annotations

import sys
from typing import Any

import click

from experiments.door.command import FAULTS, Command, Ground
from experiments.door.options import ANSWER, PLANT, WORKERS, command, option, together
from experiments.studies.calibrate.study import Calibration, stale
from experiments.studies.calibrate.study import calibrate as study


class Calibrate(Command):
    """A command that writes into the plant itself where no folder is named."""

    def invoke(self, ctx: click.Context) -> Any:
        """Check what goes together, and tell the command whether to keep what it finds."""
        given = ctx.params
        if given["check"] and (given["out"] or given["as_json"] or given["excel"]):
            fault = ValueError("--check: goes alone; it writes and prints no tables")
            ctx.meta.setdefault(FAULTS, []).append(fault)
        given["keep"] = given["out"] is None
        return super().invoke(ctx)


@command(cls=Calibrate)
@together(
    option("--check", is_flag=True, help="Only tell whether calibrated.toml is current."),
    WORKERS,
    PLANT,
    ANSWER,
)
def calibrate(check: bool, keep: bool, workers: int | None, on: Ground) -> Calibration | int:
    """Fit the free parameters to Tables 1-2 and 1-3, within their ranges.

    Without --out the values become the plant's own, in data/calibrated.toml of the model; with it
    they are written there beside their tables, and the baseline is left alone.
    """
    if check:
        reason = stale(on.plant)
        click.echo(reason or "data/calibrated.toml is current", err=bool(reason))
        return 1 if reason else 0
    found = study(workers=workers, plant=on.plant, progress=_progress)
    if keep:
        found.keep()
        click.echo("written to data/calibrated.toml of the model", err=True)
    return found


def _progress(step: int, squares: float) -> None:
    """Tell on a terminal how far the fit is."""
    if sys.stderr.isatty():
        click.echo(f"step {step}: sum of squares {squares:.4g}", err=True)
