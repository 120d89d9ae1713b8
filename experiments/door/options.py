"""What the commands take: one option, one name, one meaning everywhere."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

import click

from experiments.bounds import LARGEST_SEED, MOST_REPLICATIONS, MOST_WORKERS, YEARS
from experiments.door.command import Argument, Command, Ground, Option, say
from experiments.door.types import (
    SCHEMES,
    Count,
    Day,
    Folder,
    Named,
    Number,
    OfPlant,
    TomlFile,
    Word,
    as_design,
    as_indicator,
)
from plant_models import PLANTS
from plant_models.languages import LANGUAGES
from sim.errors import did_you_mean, told

if TYPE_CHECKING:
    from plant_models.methods.economics import Economy
    from sim.model.facts import Design

F = TypeVar("F", bound=Callable[..., Any])
Decorator = Callable[[F], F]

option = partial(click.option, cls=Option)
argument = partial(click.argument, cls=Argument)
command = partial(click.command, cls=Command)


def together(*wanted: Decorator[Any]) -> Decorator[Any]:
    """Return a decorator that gives a command several options, in this order."""

    def add(function: F) -> F:
        for each in reversed(wanted):
            function = each(function)
        return function

    return add


def schemes(
    default: str | None, about: str = "Scheme set.", build: Callable[..., Any] = as_design
) -> Decorator[Any]:
    """Return the design of a command: the argument ``S``, or ``--schemes S``.

    Without a default the study gets None, and takes the programme of the plant.
    """
    return together(
        argument("schemes", metavar="[S]", required=False, type=OfPlant(build, default)),
        option("--schemes", "schemes_option", metavar="S", type=SCHEMES,
               help=f"{about} The same as the argument S.  [default: {default or 'programme'}]"),
    )  # fmt: skip


PLANT = option("--plant", default="chlorobenzene", show_default=True, metavar="NAME|DIR",
               help=f"The plant: {', '.join(PLANTS)}, or your own folder.")  # fmt: skip
SET = option(
    "--set", "settings", multiple=True, metavar="PATH=VALUE",
    help='Set a parameter, as in off_gas_cooler.area="80 m2" or "*.failure.mttr=8"; repeatable.',
)  # fmt: skip
SCALE = option(
    "--scale", "scales", multiple=True, metavar="PATH=FACTOR",
    help='Multiply parameters, as in "*.failure.mtbf=0.5"; repeatable.',
)  # fmt: skip
DESIGN = option("--design", metavar="FILE", type=TomlFile(),
                help="Your own facts in TOML, over the baseline.")  # fmt: skip
SCHEMES_FILE = option("--schemes-file", metavar="FILE", type=TomlFile(),
                      help="Your own schemes in TOML.")  # fmt: skip
CATALOGUE = option(
    "--catalogue", metavar="NAME",
    help="Schemes of a further catalogue, too: ours, options beyond the source.",
)  # fmt: skip
LINE = together(SET, SCALE, DESIGN, SCHEMES_FILE, CATALOGUE, PLANT)
"""Which line designs are of; the command gets it as ``on``, a `Ground`."""

YEARS_OPTION = option("--years", default="1", show_default=True, metavar="Y",
                      type=Number(*YEARS), help="Length, in years of 8,760 h.")  # fmt: skip
SEED = option("--seed", default="1", show_default=True, metavar="N",
              type=Count(0, LARGEST_SEED), help="Seed of all random numbers.")  # fmt: skip
START = option("--start", default="01-01", show_default=True, metavar="DATE", type=Day(),
               help="First day, like 07-01; the year does not matter.")  # fmt: skip


def replications(default: int, about: str, least: int = 1) -> Decorator[Any]:
    """Return the option ``--replications``."""
    return option("--replications", default=str(default), show_default=True, metavar="R",
                  type=Count(least, MOST_REPLICATIONS), help=about)  # fmt: skip


def runs(default: int = 1, about: str = "Independent runs.") -> Decorator[Any]:
    """Return how long and how often designs run: years, seed, replications, start."""
    return together(YEARS_OPTION, SEED, replications(default, about), START)


def saved_cube(about: str) -> Decorator[Any]:
    """Return the option ``--cube``: what the command ``cube`` has saved."""
    return option("--cube", metavar="FILE|DIR", help=about)


WORKERS = option(
    "--workers", metavar="N", type=Count(1, MOST_WORKERS),
    help="Processes; by default as many as processors, 1 for a few runs.",
)  # fmt: skip
SCHEDULER = option("--scheduler", metavar="ADDRESS",
                   help="Work on the dask cluster there, as in tcp://host:8786.")  # fmt: skip


def indicators(build: Callable[..., Any] = as_indicator) -> Decorator[Any]:
    """Return the option ``--indicator``; ``build`` reads one."""
    return option("--indicator", "indicators", multiple=True, metavar="NAME",
                  type=OfPlant(build), help="What is asked about; repeatable.")  # fmt: skip


JSON = option("--json", "as_json", is_flag=True, help="Print one JSON object.")
TOLD = option("--lang", "told_in", default=LANGUAGES[0], show_default=True, metavar="WORD",
              type=Word(LANGUAGES), help="Language of what is printed: en or zh.")  # fmt: skip


def answer(place: Folder, more: str = "") -> Decorator[Any]:
    """Return how an answer is told and kept; `Command` does both."""
    return together(
        option("--out", metavar="DIR", type=place,
               help=f"Write tables (CSV), provenance and figures there{more}."),
        option("--excel", is_flag=True, help="With --out: the tables as one workbook, too."),
        JSON,
        TOLD,
    )  # fmt: skip


ANSWER = answer(Folder())


def choice(name: str, default: str, known: Iterable[str], about: str) -> Decorator[Any]:
    """Return an option that takes one of some words."""
    return option(name, default=default, show_default=True, metavar="WORD", type=Word(known),
                  help=about)  # fmt: skip


TERMS = {"--rate": "interest_rate", "--horizon": "horizon"}
"""Options that are prices by another name."""

MONEY = "in the plant's unit of money (chlorobenzene: 10^4 RMB)"


def _prices(given: dict[str, Any], on: Ground) -> None:
    """Put prices as a Design in place of all that was written of them; None for the plant's own."""
    from sim.model.parameters import parse_quantity
    from sim.model.tree import declared

    if "prices" in given:
        return
    file = given.pop("prices_file", None)
    settings = list(given.pop("price", None) or ())
    given["prices"] = None
    for option_of, name in TERMS.items():
        value = given.pop(f"price_{name}", None)
        if value is not None:
            try:
                parse_quantity(value, declared(on.plant.economy.prices().tree, name))
            except ValueError as fault:
                raise ValueError(f"{option_of}: {fault}") from None
            settings.append(f"{name}={value}")
    if file is not None or settings:
        found: Design[Any] = on.plant.economy.own_prices(file, settings)
        _note_far_off_prices(settings, on.plant.economy, found)
        given["prices"] = found


def _investments(given: dict[str, Any], on: Ground) -> None:
    """Put investments by scheme, in the currency, in place of what was written."""
    written = given.pop("invest", None)
    given["investments"] = {}
    if written:
        found = read_investments(written, on.plant.economy, on.known)
        _note_far_off(found, on.plant.economy)
        given["investments"] = found


FAR_OFF = 1000.0  # times what is known: thousands, or single units of money, may be meant
ANOTHER_UNIT = 100.0  # times the plant's price: that of a kg may be meant, or of a tonne


def _note_far_off(amounts: Mapping[str, float], economy: Economy) -> None:
    """Say which investments are so far from what is known that another unit may be meant."""
    for scheme, amount in amounts.items():
        known = economy.invested(scheme) or 0.0
        if _apart(amount, known, FAR_OFF):
            _say_far_off(
                f"--invest {scheme}", amount / economy.unit, known / economy.unit, economy.unit_word
            )


def _note_far_off_prices(settings: Sequence[str], economy: Economy, found: Design[Any]) -> None:
    """Say which prices are so far from the plant's own that those of another unit may be meant."""
    from sim.model.tree import declared

    own = economy.prices().tree
    for name in dict.fromkeys(text.partition("=")[0].strip() for text in settings):
        price, known = (getattr(tree, name, 0.0) for tree in (found.tree, own))
        if _apart(price, known, ANOTHER_UNIT):
            _say_far_off(f"--price {name}", price, known, declared(own, name).unit)


def _apart(amount: float, known: float, times: float) -> bool:
    return bool(known and amount) and not known / times < amount < known * times


def _say_far_off(what: str, amount: float, known: float, unit: str) -> None:
    """Note a number that may be meant in another unit."""
    say(f"{what}: {amount:g} is far from the {known:g} that is known; both are in {unit}", "note")


PRICE = together(
    option("--price", multiple=True, metavar="NAME=VALUE", settle=_prices,
           help='Set a price, as in benzene=3500 or benzene="3.5 RMB/kg"; repeatable.'),
    option("--prices", "prices_file", metavar="FILE", type=TomlFile(), settle=_prices,
           help="Your own prices in TOML."),
)  # fmt: skip
INVEST = option("--invest", multiple=True, metavar="ID=AMOUNT", settle=_investments,
                help=f"Investment of a scheme, {MONEY}, as in F12=120; repeatable.")  # fmt: skip
PRICES = together(
    PRICE,
    option("--rate", "price_interest_rate", metavar="X", settle=_prices,
           help="Interest rate of the bank, 1/yr, as in 0.10."),
    option("--horizon", "price_horizon", metavar="Y", settle=_prices,
           help="Years that an investment is judged by."),
    INVEST,
)  # fmt: skip


LANG = choice("--lang", LANGUAGES[0], LANGUAGES, "Language of what is written: en or zh.")


class Amounts(Named):
    """Two or three rising amounts above 0, in the unit of the plant."""

    name = "amounts"

    def read(self, name: str, text: str) -> tuple[float, ...]:
        """Return the amounts."""
        from plant_models.methods.cost_classes import check_cuts
        from plant_models.methods.economics import MOST

        amounts = tuple(Number(0.0, MOST).read(name, part.strip()) for part in text.split(","))
        try:
            check_cuts(amounts)
        except ValueError:
            raise ValueError(
                f"{name}: expected 2 or 3 rising amounts above 0, like 10,50, came {told(text)}"
            ) from None
        return amounts


def _cuts(given: dict[str, Any], on: Ground) -> None:
    """Put the cuts in the currency; None for the plant's own."""
    if given.get("cuts") is not None:
        given["cuts"] = tuple(cut * on.plant.economy.unit for cut in given["cuts"])


CUTS = option("--cuts", metavar="A,B[,C]", type=Amounts(), settle=_cuts,
              help=f"Where medium, (higher and) high cost begin, {MONEY}, as 10,50.")  # fmt: skip


def read_investments(
    texts: Iterable[str], economy: Economy, known: Iterable[str]
) -> dict[str, float]:
    """Return investments by scheme, in the currency."""
    from plant_models.methods.economics import MOST

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
