"""Figures of a plant of a folder, per simulated year; which there are follows from its sheet."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from plant_models.folder.parts import rates_of
from plant_models.folder.sheet import FlowSheet
from plant_models.methods.flow_costing import SOLD
from sim.books.indicators import Indicators
from sim.books.ledger import Ledger
from sim.errors import did_you_mean, told
from sim.network.unit import UTILITIES

if TYPE_CHECKING:
    from plant_models.why import Rows

UTILITY_UNITS = {
    "steam_t": ("steam", "t/yr", 1e3),
    "power_mwh": ("power", "MWh/yr", 1e3),
    "cooling_water_t": ("cooling_water", "t/yr", 1e3),
}
"""Utility, unit of measure and size of it, by indicator."""

PEAK_FIGURES = {name.replace(of[0], f"{of[0]}_over_peak"): of for name, of in UTILITY_UNITS.items()}
"""The same of what is used at a rate beyond a peak."""

PEAKS = "peaks"
"""The part of a plant that has them."""

ROUNDING = 1e-12
"""Of all that comes in: what is less is left of a conversion of 1 by rounding, and told as 0."""


def no_indicator(name: object, known: Collection[str]) -> str:
    """Return that there is no such figure, and what comes near, or would make it one."""
    of = PEAK_FIGURES.get(name) if isinstance(name, str) else None
    hint = f"; plant.toml names no peak of {of[0]}" if of else did_you_mean(name, known)
    return f"no indicator {told(name)}{hint}"


@dataclass(frozen=True)
class Figures:
    """The indicators of a flow sheet, by name, and what each of them is."""

    units: Mapping[str, str]  #: Unit of measure of every indicator
    product: str  #: Of what it is run for
    emissions: tuple[str, ...]
    headlines: tuple[str, ...]
    operating: tuple[str, ...]
    bought: tuple[str, ...]
    over_peak: tuple[str, ...]  #: Parts of what is bought
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
        peaked = rates_of(sheet.tree, PEAKS)
        over = {
            name: unit for name, (utility, unit, _) in PEAK_FIGURES.items() if utility in peaked
        }
        units = {
            "product_t": "t/yr",
            "operating_hours": "h/yr",
            "availability": "h/h",
            **by_sink,
            **parts,
            **{f"{s}_t": "t/yr" for s in sheet.supplies},
            **used,
            **over,
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
            tuple(over),
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
        **{
            name: ledger.used(utility, over_peak=True) / size / years
            for name, (utility, _, size) in PEAK_FIGURES.items()
            if name in figures.over_peak
        },
        "stock_change_t": sum(
            float((ledger.held[t] - ledger.opening[t]).sum()) for t in ledger.held
        )
        / 1000.0
        / years,
        "closure": ledger.closure,
    }
    return Indicators({name: made[name] for name in figures.units}, figures.units)


def reasons(sheet: FlowSheet, figures: Figures) -> Mapping[str, Rows]:
    """Return what adds up to each figure of a run; see `plant_models.why`."""
    from plant_models.why import available, closure, flow, in_one_piece, operating, stock, used

    owners = {of.train: of.name for of in sheet.operations if of.train}
    stands = [of.name for of in sheet.operations if of.kind == "shutdown"]
    if stands:
        owners["annual shutdown"] = stands[0]
    made: dict[str, Rows] = {
        "product_t": flow(medium="product"),
        "operating_hours": operating(sheet.pacer, owners),
        "availability": available(sheet.pacer, owners),
        **{f"{s}_t": flow(sink=s) for s in sheet.sinks},
        **{f"{s}.{c}_t": flow(c, sink=s) for s in sheet.sinks for c in sheet.substances.names},
        **{f"{s}_t": flow(source=s) for s in sheet.supplies},
        **{name: used(utility, 1.0 / size) for name, (utility, _, size) in UTILITY_UNITS.items()},
        **{
            name: in_one_piece(name, f"{utility} beyond its peak, of all units together", PEAKS)
            for name, (utility, _, _) in PEAK_FIGURES.items()
        },
        "stock_change_t": stock,
        "closure": closure,
    }
    return {name: made[name] for name in figures.units}
