"""The command that writes the audit of a design: ``report``."""

from __future__ import annotations

from typing import Any

import click

from experiments.door.faults import at_the_door, at_work
from experiments.door.inputs import Checks, read_case, read_schemes, read_word
from experiments.door.options import JSON, RUNS, default, options, print_json, say_where
from experiments.door.prices import PRICES, read_investments, read_prices
from experiments.output.files import check_folder
from experiments.studies.money.study import CLOCKS, EVENTS, Terms


@click.command()
@click.argument("schemes", metavar="S")
@options(
    default("--out", "audit-report", "DIR", "Where report.html and report.md are written."),
    default("--clock", EVENTS, "CLOCK", "What yields the flows: events or steady."),
    RUNS,
    PRICES,
    JSON,
)
def report(
    schemes: str,
    out: str,
    clock: str,
    price: tuple[str, ...],
    prices_file: str | None,
    rate: str | None,
    horizon: str | None,
    invest: tuple[str, ...],
    as_json: bool,
    **given: Any,
) -> None:
    """Write the cleaner-production audit of a design, in its seven stages, as HTML and Markdown."""
    checks = Checks()
    case = read_case(checks, **given)
    ids = read_schemes(checks, case, schemes)
    terms = Terms(
        book=read_prices(checks, price, prices_file, rate, horizon),
        investments=checks.read(read_investments, invest, case, otherwise={}),
    )
    clock = checks.read(read_word, "--clock", clock, CLOCKS, otherwise=EVENTS)
    folder = checks.read(check_folder, out, otherwise=None)
    checks.close()
    from experiments.audit.basis import audit
    from experiments.audit.write import in_full, write_report

    found = audit(case, ids, terms, clock)
    assert folder is not None  # there is a default
    with at_the_door(), at_work("a design of the report"):
        write_report(folder, found)
    if as_json:
        print_json(**in_full(found))
    else:
        click.echo(f"{found.name}: open {out}/report.html in any browser")
    say_where(folder, out)
