"""Known answers on a programme that finances itself."""

from __future__ import annotations

from experiments.studies.validate.cases import Case, exact
from plant_models.chlorobenzene.paper.printed import TEN_THOUSAND, table_1_2
from plant_models.methods.rollout import (
    MONTH,
    YEAR,
    Measure,
    added,
    best_order,
    by_payback,
    roll_out,
)

KNOWN = {
    "classes": (11.35, 1062.7),
    "payback": (10.09, 1117.0),
    "best of 5,040 orders": (10.05, 1118.7),
}
"""Months until the last scheme works, and 10^4 RMB in hand after three years, to the digits given:
known answers of the project, computed apart from this code."""


def self_financed(share: float) -> list[Case]:
    """Return when the programme of Table 1-2 is complete, and its cash after three years.

    Free schemes at once, all net income ploughed back, no lead times, no money from outside.
    """
    rows = [row for row in table_1_2().values() if row.cost_class]  # the total has none
    worth = added({row.name: row.net for row in rows})
    free, *costly = [Measure(row.name, row.investment) for row in rows]
    orders = {
        "classes": (free, *costly),
        "payback": (free, *by_payback(costly, worth, frozenset({free.name}))),
        "best of 5,040 orders": best_order([free, *costly], worth),
    }
    cases = []
    for name, (months, cash) in KNOWN.items():
        went = roll_out(orders[name], worth)
        finished = went.finished
        assert finished is not None
        in_hand = went.cash(3.0 * YEAR) / TEN_THOUSAND
        told = f"self-financed programme, {name}"
        cases += [
            exact(f"{told}: complete, months", finished / MONTH, months, 0.005 / months),
            exact(f"{told}: cash after 3 years, 10^4 RMB", in_hand, cash, 0.05 / cash),
        ]
    return cases
