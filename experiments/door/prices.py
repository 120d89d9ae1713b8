"""What prices, interest and investments a command takes; it gets ``prices`` and ``investments``."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from experiments.door.command import Ground, Option
from experiments.door.options import option, together
from experiments.door.types import Named, Number
from plant_models.arguments import told
from plant_models.methods.cost_classes import check_cuts
from plant_models.methods.economics import MOST, Economy
from sim.errors import did_you_mean
from sim.model.facts import Design


class PriceOption(Option):
    """An option about prices: when the plant is known, all of them become one ``prices``."""

    def settle(self, given: dict[str, Any], on: Ground) -> None:
        """Put prices as a Design in place of what was written; None for the plant's own."""
        if "prices" in given:
            return
        file = given.pop("prices_file", None)
        terms = {name: given.pop(f"price_{name}", None) for name in ("interest_rate", "horizon")}
        settings = [
            *(given.pop("price", None) or ()),
            *(f"{name}={value}" for name, value in terms.items() if value is not None),
        ]
        given["prices"] = None
        if file is not None or settings:
            found: Design[Any] = on.plant.economy.own_prices(file, settings)
            given["prices"] = found


class InvestOption(Option):
    """The option about investments, which needs the catalogue."""

    def settle(self, given: dict[str, Any], on: Ground) -> None:
        """Put investments by scheme, in the currency, in place of what was written."""
        written = given.pop("invest", None)
        given["investments"] = {}
        if written:
            given["investments"] = read_investments(written, on.plant.economy, on.known)


PRICE = together(
    option("--price", multiple=True, metavar="NAME=VALUE", cls=PriceOption,
           help='Set a price, as in benzene=3500 or benzene="3.5 RMB/kg"; repeatable.'),
    option("--prices", "prices_file", metavar="FILE", cls=PriceOption,
           help="Your own prices in TOML."),
)  # fmt: skip
INVEST = option("--invest", multiple=True, metavar="ID=AMOUNT", cls=InvestOption,
                help="Investment of a scheme, 10^4 RMB, as in F12=120; repeatable.")  # fmt: skip
PRICES = together(
    PRICE,
    option("--rate", "price_interest_rate", metavar="X", cls=PriceOption,
           help="Interest rate of the bank, 1/yr, as in 0.10."),
    option("--horizon", "price_horizon", metavar="Y", cls=PriceOption,
           help="Years that an investment is judged by."),
    INVEST,
)  # fmt: skip


class Amounts(Named):
    """Two or three rising amounts above 0, in the unit of the plant."""

    name = "amounts"

    def read(self, name: str, text: str) -> tuple[float, ...]:
        """Return the amounts."""
        amounts = tuple(Number(0.0, MOST).read(name, part.strip()) for part in text.split(","))
        try:
            check_cuts(amounts)
        except ValueError:
            raise ValueError(
                f"{name}: expected 2 or 3 rising amounts above 0, like 10,50, came {told(text)}"
            ) from None
        return amounts


class CutsOption(Option):
    """The option about cost classes, which are told in the unit of the plant."""

    def settle(self, given: dict[str, Any], on: Ground) -> None:
        """Put the cuts in the currency; None for the plant's own."""
        if given.get("cuts") is not None:
            given["cuts"] = tuple(cut * on.plant.economy.unit for cut in given["cuts"])


CUTS = option("--cuts", metavar="A,B[,C]", type=Amounts(), cls=CutsOption,
              help="Where medium, (higher and) high cost begin, 10^4 RMB, as 10,50.")  # fmt: skip


def read_investments(
    texts: Iterable[str], economy: Economy, known: Iterable[str]
) -> dict[str, float]:
    """Return investments by scheme, in the currency.

    Raises
    ------
    ValueError, LookupError
        No ``ID=AMOUNT``, no such scheme, an amount that no plant spends, or one given twice.
    """
    amounts: dict[str, float] = {}
    ids = tuple(known)
    for text in texts:
        scheme, equals, amount = (part.strip() for part in text.partition("="))
        if not (scheme and equals and amount):
            raise ValueError(f"--invest: expected ID=AMOUNT, like F12=120, came {told(text)}")
        if scheme not in ids:
            raise LookupError(f"--invest: no scheme {scheme!r}{did_you_mean(scheme, ids)}")
        if scheme in amounts:
            raise ValueError(f"--invest: {scheme} is given twice")
        most = Number(0.0, MOST / economy.unit)
        amounts[scheme] = most.read(f"--invest {scheme}", amount) * economy.unit
    return amounts
