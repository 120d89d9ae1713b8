"""The money of the shop: what it buys and sells, at which prices, and what its schemes cost."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from plant_models.flowshop.plant import PRODUCTS
from plant_models.flowshop.shop import DATA, SOURCES
from plant_models.methods.economics import Economy, Item, money
from sim import Design, Ledger, load, quantity


@dataclass(frozen=True, kw_only=True)
class Prices:
    """Prices and terms, USD; all assumed, for the products are nameless in the source."""

    product_a: float = money("USD/t", "product A sold")
    product_b: float = money("USD/t", "product B sold")
    product_c: float = money("USD/t", "product C sold")
    material: float = money("USD/t", "raw material of all products")
    water: float = money("USD/t", "rinse water")
    wastewater: float = money("USD/t", "rinse water taken to a treatment works")
    load: float = money("USD/t", "product in it, which the works charges for besides")
    incineration: float = money("USD/t", "spoilt batches taken away")
    water_tank_upkeep: float = money("USD/yr", "attendance of the tank for rinse water (S3)")
    interest_rate: float = quantity("1/yr", "rate to discount with", 0.0, 1.0)
    horizon: int = quantity("yr", "years that an investment is judged by", 1, 50)


@dataclass(frozen=True, kw_only=True)
class Investments:
    """What each scheme costs once."""

    S1: float = money("USD", "campaigns follow at once")
    S2: float = money("USD", "vessels drain")
    S3: float = money("USD", "rinse water used twice")
    S4: float = money("USD", "sequence ABC")


@cache
def prices() -> Design[Prices]:
    """Return the prices of ``data/prices.toml``, with their facts."""
    return load(Prices, DATA / "prices.toml", sources=SOURCES)


def overlaid_prices(path: Path) -> Design[Prices]:
    """Return the prices with a user's facts over their own."""
    return load(Prices, DATA / "prices.toml", sources=SOURCES, overrides=[path])


@cache
def investments() -> Design[Investments]:
    """Return the investments of ``data/investments.toml``, with their facts."""
    return load(Investments, DATA / "investments.toml", sources=SOURCES)


def invested(scheme: str) -> float | None:
    """Return what a scheme costs once, USD; None where nobody says.

    >>> invested("S1"), invested("S9")
    (0.0, None)
    """
    return getattr(investments().tree, scheme, None)


def stock(books: Ledger, prices: Prices) -> float:
    """Return what is in the vessels, at the price of raw material, USD."""
    index = books.components.index
    kg = sum(float(held[index[name]]) for held in books.held.values() for name in PRODUCTS.names)
    return kg * prices.material / 1000.0


ECONOMY = Economy(
    items={
        **{
            f"product {name}": Item(f"{name}_t", f"product_{name.lower()}", 1, True)
            for name in PRODUCTS.names
        },
        "material": Item("material_t", "material", -1, True),
        "water": Item("rinse_water_t", "water", -1, False),
        "wastewater": Item("wastewater_t", "wastewater", -1, False),
        "load": Item("sewer.product_t", "load", -1, False),
        "incineration": Item("spoilt_t", "incineration", -1, False),
    },
    prices=prices,
    overlaid=overlaid_prices,
    upkeeps={"S3": "water_tank_upkeep"},
    invested=invested,
    currency="USD",
    unit=1e3,
    unit_word="10^3 USD",
    cuts=(10e3, 50e3),
    stock=stock,
)
