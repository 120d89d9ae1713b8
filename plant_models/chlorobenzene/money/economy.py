"""The money of the line: its books, and what the source prints of them, as an `Economy`."""

from __future__ import annotations

from plant_models.chlorobenzene.money.flow_costs import flow_costs
from plant_models.chlorobenzene.money.prices import (
    Prices,
    attended,
    invested,
    overlaid_prices,
    prices,
)
from plant_models.chlorobenzene.paper.printed import FREE, TEN_THOUSAND, table_1_2
from plant_models.methods.economics import Economy, Item
from sim.books.ledger import Ledger

ITEMS = {
    "chlorobenzene": Item("chlorobenzene_t", "chlorobenzene", 1, True),
    "below the grade": Item("below_grade_t", "below_grade_discount", -1, True),
    "hydrochloric acid": Item("hydrochloric_acid_t", "hydrochloric_acid", 1, True),
    "iron in the acid": Item("acid_above_iron_t", "iron_discount", -1, True),
    "chlorine in the acid": Item("acid_above_chlorine_t", "chlorine_discount", -1, True),
    "dichlorobenzene": Item("dichlorobenzene_t", "dichlorobenzene", 1, True),
    "slop oil": Item("slop_oil_t", "slop_oil", 1, True),
    "benzene": Item("benzene_used_t", "benzene", -1, True),
    "chlorine": Item("chlorine_used_t", "chlorine", -1, True),
    "caustic": Item("caustic_t", "caustic", -1, False),
    "steam": Item("steam_t", "steam", -1, False),
    "power": Item("power_mwh", "electricity", -1, False, 1000.0, "raw_water_power_mwh"),
    "process water": Item("process_water_t", "industrial_water", -1, False),
    "cooling water": Item("cooling_water_intake_t", "industrial_water", -1, False),
    "pollution levy": Item("wastewater_t", "wastewater_levy", -1, False),
    "residue": Item("residue_t", "residue_disposal", -1, False),
}
"""Acid counts as made, chlorobenzene as drummed, benzene as it enters the process.

Water is priced as delivered, so the power that pumps cooling water once through is not charged
again; the source's books say the same of F11, whose income is 0.50 RMB a tonne and whose operation
cost is all the power of the tower's pumps and fan.
"""


def stock(books: Ledger, prices: Prices) -> float:
    """Return what is in the tanks, RMB; wet benzene and acid have been counted when they came.

    Goods in process are valued at the prices of benzene, chlorobenzene and dichlorobenzene, so
    that a tank that is fuller, or a truck that is late, is neither a saving nor a loss.
    """
    per_kg = {
        "benzene": prices.benzene / 1000.0,
        "chlorobenzene": prices.chlorobenzene / 1000.0,
        "dichlorobenzene": prices.dichlorobenzene / 1000.0,
    }
    index = books.components.index
    return sum(
        float(kg[index[name]]) * price
        for tank, kg in books.held.items()
        for name, price in per_kg.items()
        if (tank, name) != ("wet_benzene_tank", "benzene")
    )


ECONOMY = Economy(
    items=ITEMS,
    prices=prices,
    overlaid=overlaid_prices,
    upkeeps={"F6": "separator_upkeep", "F7": "wash_acid_upkeep"},  # printed, but no flow shows it
    attended=attended,
    invested=invested,
    together=FREE,
    printed=table_1_2,
    printed_note="Table 1-2 of the source; its investments are taken, its incomes are not",
    unit=TEN_THOUSAND,
    flow_costs=flow_costs,
    stock=stock,
)
