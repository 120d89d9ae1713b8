"""The command about money: ``money``."""

from __future__ import annotations

from typing import Any

import click

from experiments.door.inputs import Checks, quote, read_case, read_number, read_schemes, read_word
from experiments.door.options import JSON, LINE, default, options, print_json
from experiments.door.prices import PRICES, read_investments, read_prices
from experiments.studies.money.report import money_report
from experiments.studies.money.study import CLOCKS, STEADY, Terms, in_full, money_study
from plant_models.chlorobenzene.money.appraisal import TOTAL, programme_of
from plant_models.chlorobenzene.paper.printed import TEN_THOUSAND
from plant_models.methods.cost_classes import SOURCE_CUTS, check_cuts

MOST = 1e6  # 10^4 RMB: ten thousand million

TERMS = options(
    PRICES,
    default("--cuts", "10,50", "A,B[,C]", "Where medium, (higher and) high cost begin, 10^4 RMB."),
)
CLOCK = options(
    default("--clock", STEADY, "CLOCK", "What yields the flows: steady or events."),
    default("--years", "1", "Y", "Length of a run with events, in years of 8,760 h."),
    default("--seed", "1", "N", "Seed of a run with events."),
)


@click.command()
@options(
    default("--schemes", "F1-F11", "S", "Scheme set, taken as steps in the plant's order."),
    default("--cash-flow", TOTAL, "STEP", "Step whose cash-flow table is printed."),
    TERMS,
    CLOCK,
    LINE,
    JSON,
)
def money(
    schemes: str,
    cash_flow: str,
    price: tuple[str, ...],
    prices_file: str | None,
    rate: str | None,
    horizon: str | None,
    invest: tuple[str, ...],
    cuts: str,
    clock: str,
    as_json: bool,
    **given: Any,
) -> None:
    """Appraise a programme step by step: incomes, payback, present value, costs of losses."""
    checks = Checks()
    case = read_case(checks, **given)
    ids = read_schemes(checks, case, schemes)
    terms = Terms(
        book=read_prices(checks, price, prices_file, rate, horizon),
        investments=checks.read(read_investments, invest, case, otherwise={}),
        cuts=checks.read(read_cuts, cuts, otherwise=SOURCE_CUTS),
        clock=checks.read(read_word, "--clock", clock, CLOCKS, otherwise=STEADY),
    )
    steps: tuple[str, ...] = ()
    if not checks.faults:
        steps = checks.read(read_steps, ids, otherwise=())
    if not checks.faults:
        checks.read(read_word, "--cash-flow", cash_flow, steps, otherwise=TOTAL)
    checks.close()
    study = money_study(case, ids, terms)
    if as_json:
        print_json(**in_full(study))
    else:
        click.echo(money_report(study, cash_flow))


def read_steps(ids: tuple[str, ...]) -> tuple[str, ...]:
    """Return the names of a programme's steps, and of all of them."""
    if not ids:
        raise ValueError("--schemes: expected a scheme or more to appraise, came 'none'")
    return (*programme_of(ids), TOTAL)


def read_cuts(text: str) -> tuple[float, ...]:
    """Return where the cost classes begin, RMB."""
    cuts = tuple(
        read_number("--cuts", part.strip(), 0.0, MOST) * TEN_THOUSAND for part in text.split(",")
    )
    try:
        check_cuts(cuts)
    except ValueError:
        raise ValueError(
            f"--cuts: expected 2 or 3 rising amounts above 0, like 10,50, came {quote(text)}"
        ) from None
    return cuts
