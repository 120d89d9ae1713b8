"""How much of an indicator is the engine's tolerance, and what a finer one costs.

``python -m tools.convergence`` runs the same years, with the same draws, at several tolerances and
tells how far each indicator is from its value at the finest.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean
from time import process_time

import click

from experiments.door.options import command, option, replications
from experiments.door.types import Number
from experiments.runner.loop import each
from plant_models.calendar import hours_of
from plant_models.chlorobenzene.model import PLANT
from sim.flow.state import TOLERANCE
from sim.tables import readable, text_table

FINER = (1e-4, 1e-5)
SEED = 1
# Differences of large figures: what stands in the tanks at the end less what stood there before,
# and the certificate. Neither has a size that a relative difference could be told of.
DIFFERENCES = ("stock_change_t", "closure")


@dataclass(frozen=True, slots=True)
class Year:
    """One run: its indicators, settlements and processor's time, s."""

    indicators: Mapping[str, float]
    settlements: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Row:
    """One indicator at one tolerance against the finest, relative.

    Parameters
    ----------
    mean : float
        Difference of the means over the replications.
    largest : float
        Largest difference of a single replication, without sign.
    """

    name: str
    value: float
    mean: float
    largest: float


def run(ids: str, years: float, replication: int, tolerance: float) -> Year:
    """Return a run of the line at a tolerance, relative (see `sim.flow.state.TOLERANCE`)."""
    variant = PLANT.variant(ids)
    running = PLANT.begun(
        variant, seed=SEED, replication=replication, without=(), start_hour=0.0, record=False
    )
    plant = running.plant
    plant.flow.tolerance = tolerance
    began = process_time()
    plant.run(hours_of(years))
    seconds = process_time() - began
    of = PLANT.outcome(
        variant, plant, years, start_hour=0.0, seed=SEED, replication=replication, without=()
    )
    return Year(dict(of.indicators), plant.counts()["settlements"], seconds)


def compared(coarse: Sequence[Year], finest: Sequence[Year]) -> list[Row]:
    """Return every indicator's difference from the finest, the largest first.

    The runs of both have the same draws, replication by replication.
    """
    rows = []
    for name in finest[0].indicators:
        pairs = [
            (of.indicators[name], best.indicators[name])
            for of, best in zip(coarse, finest, strict=True)
        ]
        mean = fmean(best for _, best in pairs)
        if name in DIFFERENCES or not mean:
            continue
        off = fmean(of for of, _ in pairs) / mean - 1.0
        largest = max(abs(of / best - 1.0) if best else 0.0 for of, best in pairs)
        rows.append(Row(name, mean, off, largest))
    return sorted(rows, key=lambda row: -abs(row.mean))


def report(ids: str, runs: Mapping[float, Sequence[Year]], lines: int) -> str:
    """Return the largest differences and the times as a table."""
    finest = min(runs)
    coarser = [tolerance for tolerance in runs if tolerance != finest]
    by_name = {t: {row.name: row for row in compared(runs[t], runs[finest])} for t in coarser}
    worst = list(by_name[max(coarser)].values())[:lines]
    head = (ids, f"at {finest:g}", *(f"{t:g}: mean" for t in coarser),
            *(f"{t:g}: a year" for t in coarser))  # fmt: skip
    body = [
        (
            row.name,
            readable(row.value),
            *(f"{by_name[t][row.name].mean:+.1e}" for t in coarser),
            *(f"{by_name[t][row.name].largest:.1e}" for t in coarser),
        )
        for row in worst
    ]
    cost = [
        ("tolerance", "settlements a run", "s a run"),
        *(
            (f"{t:g}", readable(fmean(y.settlements for y in made)),
             readable(fmean(y.seconds for y in made)))
            for t, made in runs.items()
        ),
    ]  # fmt: skip
    return "\n".join([*text_table(head, body), "", *text_table(cost[0], cost[1:])])


@command()
@click.argument("schemes", default="F1-F11", metavar="[S]")
@option("--years", default="1", show_default=True, metavar="Y", type=Number(1e-3, 30.0),
        help="Length of a run, in years of 8,760 h.")  # fmt: skip
@replications(8, "Runs with draws of their own, the same at every tolerance.")
@click.option("--lines", default=12, show_default=True, metavar="N", help="Indicators to print.")
@click.option("--workers", type=click.IntRange(1), metavar="N", help="Processes.")
def main(schemes: str, years: float, replications: int, lines: int, workers: int) -> None:
    """Tell how far each indicator is from its value at the finest tolerance."""
    tolerances = (TOLERANCE, *FINER)
    jobs = [(schemes, years, r, t) for r in range(replications) for t in tolerances]
    done = each(run, jobs, workers, "runs")
    runs = {t: done[i :: len(tolerances)] for i, t in enumerate(tolerances)}
    click.echo(report(schemes, runs, lines))


if __name__ == "__main__":
    main(prog_name="python -m tools.convergence")
