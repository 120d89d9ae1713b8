"""Shares, front and cost curve as tables."""

from __future__ import annotations

from experiments.output.answer import Table
from experiments.studies.attribute.attribution import METHODS, Attribution
from experiments.studies.attribute.tradeoff import Tradeoff


def share_table(of: Attribution) -> Table:
    """Return the shares of a figure, a row for each scheme and method."""
    unit = of.figure.unit
    rows: list[tuple[object, ...]] = []
    for method in METHODS:
        halves = (of.half_widths and of.half_widths.by_method[method]) or {}
        for who, share in (of.splits[method] or {}).items():
            rows.append((who, method, share, unit, halves.get(who)))
    for each in of.apart:
        rows.append((each.name, "alone, apart", each.alone, unit, None))
        rows.append((each.name, "last-in, apart", each.last_in, unit, None))
    return Table(("scheme", "method", of.figure.word, "unit", "half_width_95"), rows)


def tradeoff_tables(of: Tradeoff) -> dict[str, Table]:
    """Return the Pareto front and the cost curve."""
    spelled, money = of.tonnes.cube.spelled, of.benefit.figure.unit
    front = [(c.avoided, c.net_benefit, spelled(c.schemes)) for c in of.front]
    measures = [
        (m.name, kind, m.avoided, m.cost, m.per_tonne if kind == "costing" else None)
        for kind in ("earning", "costing", "useless")
        for m in getattr(of.curve, kind)
    ]
    avoided = f"{of.tonnes.figure.name} avoided, t/yr"
    return {
        "pareto": Table((avoided, f"net benefit, {money}", "schemes"), front),
        "cost_curve": Table(
            ("scheme", "kind", "avoided, t/yr, Shapley", f"cost, {money}, Shapley",
             f"cost of a tonne, {of.money.unit_word}/t"),
            measures,
        ),
    }  # fmt: skip
