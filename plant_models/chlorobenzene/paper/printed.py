"""Tables 1-2 and 1-3 of the source as printed: costs and incomes of each step, and reductions."""

from __future__ import annotations

import csv
from functools import cache
from typing import Any

from plant_models.chlorobenzene.line.design import DATA
from plant_models.methods.economics import TOTAL, PrintedStep

TEN_THOUSAND = 1e4  # the table counts in 10^4 RMB
PROGRAMME = tuple(f"F{n}" for n in range(1, 12))
"""The schemes that Table 1-3 adds up; F12 has no figures in the source."""

FREE = ("F1", "F2", "F3", "F4")
"""Schemes that share a row of Table 1-2, being introduced together at no cost."""


@cache
def table_1_2() -> dict[str, PrintedStep]:
    """Return the rows of Table 1-2 by name, the total among them.

    Examples
    --------
    >>> table_1_2()["F8"].investment
    307000.0
    """
    text = (DATA / "table_1_2.csv").read_text(encoding="utf-8")
    return {row["scheme"]: _step(row) for row in csv.DictReader(text.splitlines())}


@cache
def table_1_3() -> dict[str, float]:
    """Return the eight reductions of Table 1-3 by the name of the indicator, t/yr.

    They are those of the whole programme F1-F11; the source splits none of them by scheme.

    Examples
    --------
    >>> table_1_3()["air.benzene_t"]
    347.76
    """
    text = (DATA / "table_1_3.csv").read_text(encoding="utf-8")
    return {
        _indicator(row["medium"], row["pollutant"]): float(row["annual_reduction_t"])
        for row in csv.DictReader(text.splitlines())
    }


def investment(scheme: str) -> float | None:
    """Return what a scheme costs once, RMB; ``None`` if the source does not say (F12).

    Examples
    --------
    >>> investment("F1"), investment("F8"), investment("F12")
    (0.0, 307000.0, None)
    """
    rows = table_1_2()
    if scheme in rows and scheme != TOTAL:
        return rows[scheme].investment
    return 0.0 if scheme in FREE else None


def _indicator(medium: str, pollutant: str) -> str:
    if medium == pollutant:
        return f"{medium}_t"
    return f"{'air' if medium == 'emission gas' else medium}.{pollutant}_t"


def _step(row: dict[str, Any]) -> PrintedStep:
    def amount(column: str) -> float:
        # rounded, for 30.7 * 1e4 is no whole number in binary
        return round(float(row[column] or 0.0) * TEN_THOUSAND, 2)

    return PrintedStep(
        name=row["scheme"],
        cost_class=row["cost_class"],
        investment=amount("investment_1e4_rmb"),
        income=amount("income_1e4_rmb"),
        operating_cost=amount("operation_cost_1e4_rmb"),
        net=amount("net_income_1e4_rmb"),
        payback=float(row["payback_year"]) if row["payback_year"] else None,
    )
