"""Figures of the shop, per simulated year."""

from __future__ import annotations

from collections.abc import Mapping

from plant_models.flowshop.plant import PRODUCTS
from plant_models.flowshop.shop import Shop
from plant_models.flowshop.wiring import CHARGES, CUSTOMERS, REUSES, RINSES, SEWER
from sim import Ledger
from sim.books.indicators import Indicators

UNITS: Mapping[str, str] = {
    **{f"{name}_t": "t/yr" for name in PRODUCTS.names},
    "product_t": "t/yr",
    "batches": "1/yr, charged",
    "operating_hours": "h/yr",
    "availability": "h/h",
    **{f"sewer.{name}_t": "t/yr" for name in PRODUCTS.names},
    "sewer.product_t": "t/yr",
    "wastewater_t": "t/yr",
    "rinse_water_t": "t/yr",
    "reused_water_t": "t/yr",
    "cleanings": "1/yr, of a vessel",
    "spoilt_t": "t/yr",
    "material_t": "t/yr",
    "stock_change_t": "t/yr",
    "closure": "kg/kg",
}


def indicators(shop: Shop, ledger: Ledger, operating_hours: float, years: float) -> Indicators:
    """Return the figures of a run, per simulated year.

    ``shop``: the design that ran; ``operating_hours``: hours in which the separator was at work, h
    over the whole run; ``years``: what the figures are divided by.
    """

    def tonnes(component: str | None = None, **match: str) -> float:
        return ledger.total(component, **match) / 1000.0 / years

    names, cleaning = PRODUCTS.names, shop.cleaning
    charged = {name: tonnes(source=store) for name, store in CHARGES_OF.items()}
    sold = {f"{name}_t": tonnes(name, sink=CUSTOMERS) for name in names}
    lost = {f"sewer.{name}_t": tonnes(name, sink=SEWER) for name in names}
    fresh = sum(tonnes(stream=f"{unit}.moved") for unit in RINSES)
    reused = sum(tonnes(stream=f"{unit}.moved") for unit in REUSES)
    change = sum(float((ledger.held[t] - ledger.opening[t]).sum()) for t in ledger.held)
    values = {
        **sold,
        "product_t": sum(sold.values()),
        "batches": sum(1e3 * charged[name] / shop.batches.of(name) for name in names),
        "operating_hours": operating_hours / years,
        "availability": operating_hours / (ledger.hours or 1.0),
        **lost,
        "sewer.product_t": sum(lost.values()),
        "wastewater_t": tonnes(medium="wastewater"),
        "rinse_water_t": fresh,
        "reused_water_t": reused,
        "cleanings": 1e3 * (fresh + reused) / (cleaning.water * cleaning.charges),
        "spoilt_t": tonnes(medium="residue"),
        "material_t": sum(charged.values()),
        "stock_change_t": change / 1000.0 / years,
        "closure": ledger.closure,
    }
    return Indicators(values, UNITS)


CHARGES_OF = {store[-1]: store for store in CHARGES.values()}
"""The store of each product."""
