"""Checks 7 and 8: the cooling tower's water, and the hours that its income implies."""

from __future__ import annotations

import re
from decimal import Decimal

from plant_models.chlorobenzene.paper.finding import Condition, Finding, equal, plain, rounds_to
from plant_models.chlorobenzene.paper.money import INCOME, TEN_THOUSAND
from plant_models.chlorobenzene.paper.printed_source import PrintedSource, PrintedTable

TOWER = "F11"
SIZE = "improvement_as_printed"
PRICE = "water_rmb_t"
WASTEWATER, REDUCTION = "wastewater", "annual_reduction_t"
FEWEST, MOST = 280, 365
"""Days of operation that a plant with a yearly shutdown can have."""


def tower_size(table: PrintedTable) -> Decimal:
    """Return the water over the tower as Table 1-1 words it, t/h.

    Raises ValueError if the row names no amount.
    """
    text = table.text(TOWER, SIZE)
    found = re.search(r"(\d+(?:\.\d+)?) tons/hr", text)
    if found is None or not Decimal(found[1]):
        raise ValueError(f"{table.where(TOWER, SIZE)}: expected 'N tons/hr', came {text!r}")
    return Decimal(found[1])


def water_price(table: PrintedTable) -> Decimal:
    """Return the price of water of the first price set, RMB/t.

    Raises ValueError: a price that is not above 0.
    """
    row = next(iter(table.rows))
    price = table.number(row, PRICE)
    if price <= 0:
        raise ValueError(f"{table.where(row, PRICE)}: expected a price above 0, came {price}")
    return price


def hours(source: PrintedSource) -> Decimal:
    """Return the hours a year in which the tower saves what F11 is said to earn, h/yr."""
    income = source.tables["table_1_2"].number(TOWER, INCOME) * TEN_THOUSAND
    price = water_price(source.tables["price_sets"])
    return income / (tower_size(source.tables["table_1_1"]) * price)


def two_accounts(source: PrintedSource) -> Finding:
    """Check 7: the tower moves far more water than the programme saves of wastewater."""
    listed, reductions = source.tables["table_1_1"], source.tables["table_1_3"]
    circulated = tower_size(listed) * hours(source)
    saved = reductions.number(WASTEWATER, REDUCTION)
    cells = (
        listed.where(TOWER, SIZE),
        source.tables["table_1_2"].where(TOWER, INCOME),
        reductions.where(WASTEWATER, REDUCTION),
    )
    ratio = circulated / saved if saved else Decimal(0)
    conditions = (
        Condition("the tower's water is far more than the wastewater saved", circulated > 2 * saved,
                  f"came {plain(circulated)} and {plain(saved)} t/yr", cells),
        rounds_to("the tower's water is 9.3 times the wastewater saved", ratio, "9.3", cells),
    )  # fmt: skip
    return Finding(
        7,
        "cooling water and wastewater",
        f"F11 recirculates {plain(tower_size(listed))} t/h; the programme saves "
        f"{saved:,.0f} t of wastewater a year",
        f"the tower's water is {circulated:,.0f} t a year, {ratio:.1f} times as much",
        "agrees",
        "once-through cooling water is not counted as wastewater: two accounts",
        conditions,
    )


def operating_hours(source: PrintedSource) -> Finding:
    """Check 8: F11's income is that of the tower's water over a whole number of days."""
    table, sets = source.tables["table_1_2"], source.tables["price_sets"]
    found, size = hours(source), tower_size(source.tables["table_1_1"])
    cells = (
        table.where(TOWER, INCOME),
        source.tables["table_1_1"].where(TOWER, SIZE),
        *(sets.where(row, PRICE) for row in sets.rows),
    )
    income = table.number(TOWER, INCOME) * TEN_THOUSAND
    per_cent = income / size * 100  # hours at 0.01 RMB/t
    whole = [
        cents
        for cents in range(1, 1001)
        if FEWEST <= per_cent / cents / 24 <= MOST and per_cent % (24 * cents) == 0
    ]
    price = water_price(sets)
    said = {sets.number(row, PRICE) for row in sets.rows}
    conditions = (
        equal("F11's income is 8,136 h of the tower's water", found, Decimal(8136), cells),
        equal("these are 339 whole days", found / 24, Decimal(339), cells),
        Condition("0.50 RMB/t is the only price, by 0.01, that gives whole days",
                  whole == [50], f"came {', '.join(f'{c / 100:.2f}' for c in whole) or 'none'}",
                  cells),
        Condition("the price sets have one price of water", said == {price},
                  f"came {', '.join(map(str, sorted(said)))}", cells),
    )  # fmt: skip
    return Finding(
        8,
        "F11's income and the operating hours",
        f"income {table.rows[TOWER][INCOME]} x 10^4 RMB a year",
        f"that is {plain(size)} t/h x {found:,.0f} h ({found / 24:.0f} days of 24 h) "
        f"x {price:.2f} RMB/t",
        "allows",
        f"an inference, and the only hint of the hours; no other price in steps of 0.01 gives "
        f"whole days between {FEWEST} and {MOST}",
        conditions,
    )
