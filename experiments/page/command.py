"""The command that writes the page: ``page``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from experiments.door.faults import at_work, saving
from experiments.door.inputs import Case, Checks, read_case, read_count
from experiments.door.options import DESIGN, SET, default, options
from experiments.door.prices import PRICES, read_investments, read_prices
from experiments.output.whole_files import check_file, write_whole
from experiments.runner.executors import cores
from plant_models.chlorobenzene.line import wiring

MOST_WORKERS = 256
SUFFIXES = (".html", ".htm")


@click.command()
@options(
    default("--out", "page.html", "FILE", "Where to write the page."),
    PRICES,
    SET,
    DESIGN,
    click.option("--workers", metavar="N", help="Processes; all cores by default."),
)
def page(
    out: str,
    price: tuple[str, ...],
    prices_file: str | None,
    rate: str | None,
    horizon: str | None,
    invest: tuple[str, ...],
    workers: str | None,
    **given: Any,
) -> None:
    """Write all 4,096 designs as one HTML file that opens without a network."""
    checks = Checks()
    case = read_case(checks, **given)
    book = read_prices(checks, price, prices_file, rate, horizon)
    investments: dict[str, float] = checks.read(read_investments, invest, case, otherwise={})
    path = checks.read(check_file, out, SUFFIXES, "page.html", otherwise=Path(out))
    number = str(cores()) if workers is None else workers
    count = checks.read(read_count, "--workers", number, 1, MOST_WORKERS, otherwise=1)
    checks.read(check_drawn, case, otherwise=None)
    checks.close()
    from experiments.page.build import build

    with at_work("a design of the page"):
        text = build(case.design, book, workers=count, investments=investments)
    with saving(path):
        write_whole(path, text.encode())
    click.echo(f"written to {out}: {len(text.encode()) / 1e6:.1f} MB; open it in any browser")


def check_drawn(case: Case) -> None:
    """Raise when the line has a unit that the page's flow chart has no place for."""
    from experiments.page.stages import undrawn

    network = wiring.network(case.design.tree)
    strange = undrawn((*network.units, *network.tanks))
    if strange:
        raise ValueError(
            f"the page has no place for {strange[0]}: it draws the line and its twelve schemes; "
            "leave end-of-pipe devices out of the design"
        )
