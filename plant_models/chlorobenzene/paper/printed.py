"""Tables 1-2 and 1-3 of the source as printed: costs and incomes of each step, and reductions."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from typing import Any

from plant_models.chlorobenzene.line.design import DATA

TEN_THOUSAND = 1e4  # the table counts in 10^4 RMB
TOTAL = "Total"
PROGRAMME = tuple(f"F{n}" for n in range(1, 12))
"""The schemes that Table 1-3 adds up; F12 has no figures in the source."""


@dataclass(frozen=True, slots=True)
class PrintedStep:
    """A row of Table 1-2, in RMB.

    Parameters
    ----------
    name : str
        ``"F5"``, ``"F1-F4"``, or ``"Total"``.
    cost_class : str
        ``no-cost``, ``low-cost``, ...; empty for the total.
    investment : float
        One-off, RMB; 0 where the table prints none.
    income, operating_cost, net : float
        RMB/yr.
    payback : float or None
        Simple payback as printed, yr.
    """

    name: str
    cost_class: str
    investment: float
    income: float
    operating_cost: float
    net: float
    payback: float | None


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


def investment(schemes: tuple[str, ...]) -> float | None:
    """Return what schemes cost once, RMB; ``None`` if the source does not say (F12).

    The free schemes F1-F4 share a row of the table, and cost nothing each.

    Examples
    --------
    >>> investment(("F1", "F8"))
    307000.0
    >>> investment(("F12",)) is None
    True
    """
    each = [_investment(scheme) for scheme in schemes]
    known = [amount for amount in each if amount is not None]
    return sum(known) if len(known) == len(each) else None


def _investment(scheme: str) -> float | None:
    rows = table_1_2()
    if scheme in rows and scheme != TOTAL:
        return rows[scheme].investment
    return 0.0 if scheme in ("F1", "F2", "F3", "F4") else None


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
