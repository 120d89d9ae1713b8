"""A programme's money as text, for a terminal of 100 columns; 10^4 RMB, as the source counts."""

from __future__ import annotations

from collections.abc import Sequence

from experiments.studies.money.study import EVENTS, MoneyStudy
from plant_models.chlorobenzene.line.wiring import PROCESSES
from plant_models.chlorobenzene.money.appraisal import Appraisal
from plant_models.chlorobenzene.money.economics import ITEMS
from plant_models.chlorobenzene.money.flow_costs import FlowCosts
from plant_models.chlorobenzene.paper.printed import TEN_THOUSAND
from sim.tables import text_table

UNKNOWN = "?"
MATERIALS = ("benzene", "chlorine", "caustic", "water")
"""Materials whose cost is shown as one column; energy and waste have their own."""


def money_report(study: MoneyStudy, cash_flow: str) -> str:
    """Return incomes beside the source's, appraisal, items, cash flow, and costs of losses."""
    shown = next(row for row in study.rows if row.name == cash_flow)
    sections = [
        [_heading(study)],
        _incomes(study),
        _appraisal(study),
        _items(study.steps),
        _cash_flow(shown),
        _losses(*study.costs),
        _notes(study),
    ]
    return "\n\n".join("\n".join(lines) for lines in sections if lines)


def _heading(study: MoneyStudy) -> str:
    terms = study.terms
    clock = "constant conditions"
    if terms.clock == EVENTS:
        years = "1 year" if study.case.years == 1.0 else f"{study.case.years:g} years"
        clock = f"{years} of events, seed {study.case.seed}"
    return (
        f"Schemes {study.name}, in the plant's order: {clock}, "
        f"{terms.prices.interest_rate:g} a year over {terms.prices.horizon} years; 10^4 RMB"
    )


def _incomes(study: MoneyStudy) -> list[str]:
    header = ["a year", "income", "paper", "cost", "paper", "net", "paper"]
    rows = []
    for row in study.rows:
        source = study.printed.get(row.name)
        says = [source.income, source.operating_cost, source.net] if source else [None] * 3
        found = [row.income, row.operating_cost, row.net]
        pairs = zip(found, says, strict=True)
        rows.append([row.name, *(_wan(amount) for pair in pairs for amount in pair)])
    return text_table(header, rows)


def _appraisal(study: MoneyStudy) -> list[str]:
    header = ["investment", "cost", "once", "a year", "payback", "paper", "disc.",
              "value", "rate", "fails"]  # fmt: skip
    rows = []
    for row in study.rows:
        source = study.printed.get(row.name)
        rows.append(
            [
                row.name,
                row.cost_class.name.removesuffix("-cost") if row.cost_class else UNKNOWN,
                _wan(row.investment, UNKNOWN),
                _wan(row.annuity, UNKNOWN),
                _years(row.payback, row),
                f"{source.payback:g}" if source and source.payback is not None else "",
                _years(row.discounted_payback, row),
                _wan(row.present_value, UNKNOWN),
                str(row.internal) if row.internal else UNKNOWN,
                _verdict(row),
            ]
        )
    return text_table(header, rows, left=(0, 1, 9))


def _items(steps: Sequence[Appraisal]) -> list[str]:
    rows = [
        [item, *(_wan(step.changes[item]) for step in steps)]
        for item in ITEMS
        if any(abs(step.changes[item]) >= 0.005 * TEN_THOUSAND for step in steps)
    ]
    return text_table(["what changes", *(step.name for step in steps)], rows)


def _cash_flow(row: Appraisal) -> list[str]:
    if row.cash_flow is None:
        return [f"no cash flow of {row.name}: the source gives no investment; see --invest"]
    header = [f"cash flow, {row.name}", "investment", "income", "cost", "net", "discounted",
              "cumulative", "discounted"]  # fmt: skip
    rows = [
        [f"year {year.year}", *map(_wan, (
            year.investment, year.income, year.operating_cost, year.net, year.discounted,
            year.cumulative, year.cumulative_discounted,
        ))]
        for year in row.cash_flow.table(row.prices.interest_rate)
    ]  # fmt: skip
    return text_table(header, rows)


def _losses(before: FlowCosts, after: FlowCosts) -> list[str]:
    header = ["cost of losses by process", *("material", "energy", "waste", "before"),
              *("material", "energy", "waste", "after")]  # fmt: skip
    tables = before.losses(), after.losses()
    rows = []
    for process in PROCESSES:
        row = [process]
        for losses in tables:
            costs = losses[process]
            parts = [sum(costs[name] for name in MATERIALS), costs["energy"], costs["waste"]]
            row += [_wan(cost) for cost in (*parts, sum(parts))]
        rows.append(row)
    rows.append(["all", "", "", "", _wan(before.lost), "", "", "", _wan(after.lost)])
    shares = [f"{costs.lost / costs.total:.1%}" for costs in (before, after) if costs.total]
    told = f"of all input cost, {' and '.join(shares)} ends as loss" if shares else ""
    return [*text_table(header, rows), told]


def _notes(study: MoneyStudy) -> list[str]:
    lines = [
        "income: goods gained less lost, expenses saved; cost: expenses grown, and upkeep (F6, F7)",
        "paper: Table 1-2 of the source; its investments are taken, its incomes are not",
        "fails: which of payback by class, present value >= 0, internal rate >= the bank's",
        "costs of losses: ISO 14051, purchases followed by their atoms, energy by mass",
    ]
    unknown = [step.name for step in study.steps if step.investment is None]
    if unknown:
        lines.append(
            f"{UNKNOWN}: no investment of {', '.join(unknown)} in the source; see --invest"
        )
    return lines


def _verdict(row: Appraisal) -> str:
    if not row.tests:
        return UNKNOWN
    failed = [name.split()[-1] for name, passed in row.tests.items() if passed is False]
    return ", ".join(failed) or "nothing"


def _wan(amount: float | None, nothing: str = "") -> str:
    if amount is None:
        return nothing
    return f"{amount / TEN_THOUSAND:.2f}".replace("-0.00", "0.00")


def _years(years: float | None, row: Appraisal) -> str:
    if row.investment is None:
        return UNKNOWN
    if years is None:
        return "never" if row.net <= 0.0 else f"> {row.prices.horizon}"
    return f"{years:.2f}"
