"""Checks 6, 9 and 10: what Table 1-3 saves, what it is worth, and what is left."""

from __future__ import annotations

from decimal import Decimal

from plant_models.chlorobenzene.law.limits import limits
from plant_models.chlorobenzene.line.design import baseline
from plant_models.chlorobenzene.paper.finding import Condition, Finding, equal, plain, rounds_to
from plant_models.chlorobenzene.paper.money import INCOME, TEN_THOUSAND, column_sum
from plant_models.chlorobenzene.paper.printed_source import PrintedSource, places_in_the_text
from plant_models.chlorobenzene.run.indicators import ACID_STRENGTH
from plant_models.chlorobenzene.substances.chemistry import BENZENE
from plant_models.chlorobenzene.substances.properties import MOLAR_MASS, vapour_pressure

REDUCTION = "annual_reduction_t"
MEDIA = ("wastewater", "emission gas")
SAVING = ("F1-F4", "F5", "F6", "F7", "F10")
"""Rows of Table 1-2 that earn by what Table 1-3 saves."""

FREEZING = 273.15
"""0 degC, K: colder than any cooling water of the line."""

MOLAR_VOLUME = 22.414
"""Of a gas at 273.15 K and 101.325 kPa, m3/kmol."""


def saved(source: PrintedSource, pollutant: str) -> Decimal:
    """Return the reduction of a pollutant, to water and to air together, t/yr."""
    table = source.tables["table_1_3"]
    rows = [f"{medium} {pollutant}" for medium in MEDIA]
    return column_sum(table, [row for row in rows if row in table.rows], REDUCTION)


def lost_pollutant(source: PrintedSource) -> Finding:
    """Check 6: the text gives hydrogen chloride two figures, one of which is benzene's."""
    table, places = source.tables["table_1_3"], places_in_the_text()
    totals = {name: saved(source, name) for name in (
        "hydrogen_chloride", "benzene", "chlorobenzene", "chlorine",
    )}  # fmt: skip

    def cells(pollutant: str) -> list[str]:
        rows = [f"{medium} {pollutant}" for medium in MEDIA]
        return [table.where(row, REDUCTION) for row in rows if row in table.rows]

    second = source.said("hydrogen_chloride_second")
    pairs = (
        ("hydrogen_chloride_first", "hydrogen_chloride", Decimal(0)),
        ("hydrogen_chloride_second", "benzene", Decimal("0.02")),
        ("chlorobenzene", "chlorobenzene", Decimal(0)),
        ("chlorine", "chlorine", Decimal(0)),
    )
    conditions = [
        equal(
            f"the text's {source.said(said)} t is the table's {pollutant.replace('_', ' ')}"
            + (f" but for {slip} t" if slip else ""),
            source.said(said),
            totals[pollutant] + slip,
            [*cells(pollutant), places[said]],
        )
        for said, pollutant, slip in pairs
    ]
    conditions.append(
        equal("the text's wastewater is the table's", source.said("wastewater"),
              table.number("wastewater", REDUCTION),
              [table.where("wastewater", REDUCTION), places["wastewater"]])
    )  # fmt: skip
    return Finding(
        6,
        "pollutants of the text on Table 1-3",
        f"hydrogen chloride less by {source.said('hydrogen_chloride_first')} and {second} t",
        f"{plain(totals['hydrogen_chloride'])} t is all hydrogen chloride, of water and air; the "
        f"table's benzene is {totals['benzene']:.2f} t, {second - totals['benzene']:.2f} less than "
        f"the second figure; chlorobenzene {plain(totals['chlorobenzene'])} and chlorine "
        f"{plain(totals['chlorine'])} t agree",
        "contradicts",
        "the text has lost the word benzene, and slipped by 0.02 t",
        tuple(conditions),
    )


def worth_of_the_savings(source: PrintedSource) -> Finding:
    """Check 9: at plausible prices the savings are worth about what the schemes earn."""
    sets, priced = source.tables["price_sets"], source.tables["table_1_2"]
    acid = saved(source, "hydrogen_chloride") / Decimal(repr(ACID_STRENGTH))
    amounts = {
        "benzene_rmb_t": saved(source, "benzene"),
        "chlorobenzene_rmb_t": saved(source, "chlorobenzene"),
        "hydrochloric_acid_rmb_t": acid,
        "water_rmb_t": source.tables["table_1_3"].number("wastewater", REDUCTION),
    }
    worth = {
        row: sum((t * sets.number(row, column) for column, t in amounts.items()), Decimal(0))
        / TEN_THOUSAND
        for row in sets.rows
    }
    earned = column_sum(priced, SAVING, INCOME)
    conditions = [
        rounds_to(
            f"worth of the savings at the price set {row!r}, 10^4 RMB",
            worth[row],
            sets.rows[row]["worth_1e4_rmb"] or "0",
            [sets.where(row, column) for column in (*amounts, "worth_1e4_rmb")]
            + [f"table_1_3.csv, column {REDUCTION}"],
        )
        for row in sets.rows
    ]
    cells = [priced.where(row, INCOME) for row in SAVING]
    conditions += [
        equal("F1-F7 and F10 earn 305.61 x 10^4 RMB", earned, Decimal("305.61"), cells),
        Condition("their income lies within what the price sets give",
                  min(worth.values()) < earned < max(worth.values()),
                  f"came {plain(earned)}", tuple(cells)),
    ]  # fmt: skip
    told = ", ".join(f"{value:.0f}" for value in worth.values())
    return Finding(
        9,
        "worth of what Table 1-3 saves",
        f"F1-F7 and F10 earn {plain(earned)} x 10^4 RMB a year",
        f"benzene, chlorobenzene, acid and water at {len(worth)} sets of prices are worth {told}",
        "allows",
        "the right size, and no proof; F8, F9 and F11 earn by yield, energy and cooling water",
        tuple(conditions),
    )


def totally_resolved(source: PrintedSource) -> Finding:
    """Check 10: a tail gas saturated with benzene holds thousands of times its limit."""
    limit = limits().air_limit("benzene")
    pressure = baseline().tree.site.pressure
    share = vapour_pressure(BENZENE, FREEZING) / pressure
    concentration = share * MOLAR_MASS[BENZENE] / MOLAR_VOLUME * 1000.0  # g/m3
    times = concentration * 1000.0 / limit.concentration
    left = source.tables["table_1_3"].number("emission gas benzene", REDUCTION)
    conditions = (
        Condition("a tail gas saturated at 0 degC holds thousands of times the limit",
                  1000.0 < times < 10_000.0, f"came {times:,.0f} times",
                  ("properties.csv, row vapour_pressure benzene", "limits.toml, [[air]] benzene")),
        Condition("the programme still has benzene to cut from the air", left > 0,
                  f"came {plain(left)} t/yr",
                  (source.tables["table_1_3"].where("emission gas benzene", REDUCTION),)),
    )  # fmt: skip
    return Finding(
        10,
        "what is left in the air",
        "the pollution problem was resolved totally",
        f"gas saturated with benzene at 0 degC and {pressure / 1000.0:g} kPa holds "
        f"{concentration:.0f} g/m3 at standard conditions, "
        f"{round(times, -2):,.0f} times the limit of "
        f"{limit.concentration:g} mg/m3",
        "is refuted",
        "not supported: cooling alone cannot keep the limit of its day",
        conditions,
    )
