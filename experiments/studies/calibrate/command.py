"""The command that fits the line to the source: ``calibrate``."""

from __future__ import annotations

import sys

import click

from experiments.door.faults import at_the_door, at_work
from experiments.door.inputs import Checks, read_count
from experiments.door.options import JSON, default, options, print_json, say_where
from experiments.output.files import check_folder

MOST_WORKERS = 256


@click.command()
@options(
    click.option("--check", is_flag=True, help="Only tell whether calibrated.toml is current."),
    default("--workers", "2", "N", "Processes that share the work; the result is the same."),
    click.option("--out", metavar="DIR", help="Write tables there, and leave the baseline alone."),
    JSON,
)
def calibrate(check: bool, workers: str, out: str | None, as_json: bool) -> int:
    """Fit the free parameters to Tables 1-2 and 1-3, within their ranges."""
    checks = Checks()
    count = checks.read(read_count, "--workers", workers, 1, MOST_WORKERS, otherwise=1)
    folder = checks.read(check_folder, out, otherwise=None)
    if check and (out is not None or as_json):
        checks.faults.append(ValueError("--check: goes alone; it writes and prints no tables"))
    checks.close()
    from experiments.studies.calibrate import study as fitting
    from experiments.studies.calibrate.report import calibration_report

    if check:
        reason = fitting.stale()
        click.echo(reason or "data/calibrated.toml is current", err=bool(reason))
        return 1 if reason else 0
    with at_work("the calibration"):
        found = fitting.calibrate(count, _progress)
    with at_the_door():
        if folder is not None:
            fitting.write_tables(folder, found)
        else:
            fitting.write_file(found)
    if as_json:
        print_json(**fitting.in_full(found))
    else:
        click.echo(calibration_report(found))
    say_where(folder, out)
    if folder is None:
        click.echo("written to data/calibrated.toml of the model", err=True)
    return 0


def _progress(step: int, squares: float) -> None:
    """Tell on a terminal how far the fit is."""
    if sys.stderr.isatty():
        click.echo(f"step {step}: sum of squares {squares:.4g}", err=True)
