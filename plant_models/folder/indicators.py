"""Figures of a plant of a folder, per simulated year; which there are follows from its sheet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from plant_models.folder.sheet import FlowSheet
from plant_models.methods.flow_costing import SOLD
from sim.books.indicators import Indicators
from sim.books.ledger import Ledger
from sim.network.unit import UTILITIES

UTILITY_UNITS = {
    "steam_t": ("steam", "t/yr", 1e3),
    "power_mwh": ("power", "MWh/yr", 1e3),
    "cooling_water_t": ("cooling_water", "t/yr", 1e3),
}
"""Utility, unit of measure and size of it, by indicator."""


ROUNDING = 1e-12
"""Of all that comes in: what is less is left of a conversion of 1 by rounding, and told as 0."""


@dataclass(frozen=True)
class Figures:
    """The indicators of a flow sheet, by name, and what each of them is."""

    units: Mapping[str, str]  #: Unit of measure of every indicator
    product: str  #: Of what it is run for
    emissions: tuple[str, ...]
    headlines: tuple[str, ...]
    operating: tuple[str, ...]
    utilities: tuple[str, ...]
    neutral: tuple[str, ...]

    @classmethod
    def of(cls, sheet: FlowSheet) -> Figures:
        """Return the indicators that a flow sheet has."""
        sinks, names = sheet.sinks, sheet.substances.names
        waste = [name for name, medium in sinks.items() if medium not in SOLD]
        by_sink = {f"{s}_t": "t/yr" for s in sinks}
        parts = {f"{s}.{c}_t": "t/yr" for s in sinks for c in names}
        asked = {
            utility
            for name in sheet.units
            for utility in getattr(getattr(sheet.tree, name), "using", UTILITIES)
        }
        used = {
            name: unit for name, (utility, unit, _) in UTILITY_UNITS.items() if utility in asked
        }
        units = {
            "product_t": "t/yr",
            "operating_hours": "h/yr",
            "availability": "h/h",
            **by_sink,
            **parts,
            **{f"{s}_t": "t/yr" for s in sheet.supplies},
            **used,
            "stock_change_t": "t/yr",
            "closure": "kg/kg",
        }
        product = f"{sheet.product}_t" if sheet.product else "product_t"
        totals = tuple(f"{s}_t" for s in waste)
        return cls(
            units,
            product,
            (*totals, *(f"{s}.{c}_t" for s in waste for c in names)),
            sheet.headlines or totals[:3] or (product,),
            (*(f"{s}_t" for s, m in sinks.items() if m in SOLD), "operating_hours", "availability"),
            tuple(used),
            ("stock_change_t", *(f"{s}_t" for s in sheet.supplies)),
        )


def indicators(
    sheet: FlowSheet, figures: Figures, ledger: Ledger, operating_hours: float, years: float
) -> Indicators:
    """Return the figures of a run, per simulated year.

    ``operating_hours``: hours in which the pacer ran, h over the whole run; ``years``: what the
    figures are divided by.
    """
    crumb = ROUNDING * sum(ledger.total(source=s) for s in sheet.supplies)

    def tonnes(component: str | None = None, **match: str) -> float:
        kg = ledger.total(component, **match)
        return kg / 1000.0 / years if abs(kg) > crumb else 0.0

    sells = "product" in sheet.sinks.values()
    made = {
        "product_t": tonnes(medium="product") if sells else 0.0,
        "operating_hours": operating_hours / years,
        "availability": operating_hours / (ledger.hours or 1.0),
        **{f"{s}_t": tonnes(sink=s) for s in sheet.sinks},
        **{f"{s}.{c}_t": tonnes(c, sink=s) for s in sheet.sinks for c in sheet.substances.names},
        **{f"{s}_t": tonnes(source=s) for s in sheet.supplies},
        **{
            name: ledger.used(utility) / size / years
            for name, (utility, _, size) in UTILITY_UNITS.items()
            if name in figures.units
        },
        "stock_change_t": sum(
            float((ledger.held[t] - ledger.opening[t]).sum()) for t in ledger.held
        )
        / 1000.0
        / years,
        "closure": ledger.closure,
    }
    return Indicators({name: made[name] for name in figures.units}, figures.units)
