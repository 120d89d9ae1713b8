"""The options about prices, interest and investments, and reading them at the door."""

from __future__ import annotations

from collections.abc import Iterable

import click

from experiments.door.inputs import Case, Checks, quote, read_number
from experiments.door.options import options
from plant_models.chlorobenzene.money.prices import Prices, own_prices, prices
from plant_models.chlorobenzene.paper.printed import TEN_THOUSAND
from sim.errors import did_you_mean
from sim.model.facts import Design

MOST = 1e6  # 10^4 RMB: ten thousand million

PRICE = options(
    click.option(
        "--price", "price", multiple=True, metavar="NAME=VALUE",
        help='Set a price, as in benzene=3500 or benzene="3.5 RMB/kg"; may be repeated.',
    ),
    click.option("--prices", "prices_file", metavar="FILE", help="Your own prices in TOML."),
)  # fmt: skip
INVEST = click.option(
    "--invest", multiple=True, metavar="ID=AMOUNT",
    help="Investment of a scheme, 10^4 RMB, as in F12=120; may be repeated.",
)  # fmt: skip
PRICES = options(
    PRICE,
    click.option("--rate", metavar="X", help="Interest rate of the bank, 1/yr, as in 0.10."),
    click.option("--horizon", metavar="Y", help="Years that an investment is judged by."),
    INVEST,
)


def read_prices(
    checks: Checks,
    price: tuple[str, ...],
    prices_file: str | None,
    rate: str | None,
    horizon: str | None,
) -> Design[Prices]:
    """Return the prices that options describe."""
    settings = [
        *price,
        *([f"interest_rate={rate}"] if rate is not None else []),
        *([f"horizon={horizon}"] if horizon is not None else []),
    ]
    return checks.read(own_prices, prices_file, settings, otherwise=prices())


def read_investments(texts: Iterable[str], case: Case) -> dict[str, float]:
    """Return investments by scheme, RMB."""
    amounts: dict[str, float] = {}
    for text in texts:
        scheme, equals, amount = (part.strip() for part in text.partition("="))
        if not (scheme and equals and amount):
            raise ValueError(f"--invest: expected ID=AMOUNT, like F12=120, came {quote(text)}")
        if scheme not in case.known:
            raise ValueError(f"--invest: no scheme {scheme!r}{did_you_mean(scheme, case.known)}")
        if scheme in amounts:
            raise ValueError(f"--invest: {scheme} is given twice")
        amounts[scheme] = read_number(f"--invest {scheme}", amount, 0.0, MOST) * TEN_THOUSAND
    return amounts
