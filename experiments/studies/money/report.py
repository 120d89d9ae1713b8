"""A programme's money as text, for a terminal of 100 columns, in the unit of its plant."""

from __future__ import annotations

from experiments.studies.money.programme import Programme
from plant_models.methods.appraisal import Appraisal
from plant_models.methods.economics import Economy
from plant_models.methods.flow_costing import ENERGY, WASTE
from sim.tables import text_table

UNKNOWN = "?"


def money_report(of: Programme, cash_flow: str) -> str:
    """Return incomes beside the source's, appraisal, items, cash flow, and costs of losses."""
    shown = next(row for row in of.rows if row.name == cash_flow)
    sections = [
        [_heading(of)],
        _incomes(of),
        _appraisal(of),
        _items(of),
        _cash_flow(shown, of.economy),
        _losses(of),
        _notes(of),
    ]
    return "\n\n".join("\n".join(lines) for lines in sections if lines)


def _heading(of: Programme) -> str:
    clock, terms = "constant conditions", of.prices.tree
    if of.horizon is not None:
        years = "1 year" if of.horizon.years == 1.0 else f"{of.horizon.years:g} years"
        clock = f"{years} of events, seed {of.horizon.seed}"
    return (
        f"Schemes {of.variant.name}, in the plant's order: {clock}, "
        f"{terms.interest_rate:g} a year over {terms.horizon} years; {of.economy.unit_word}"
    )


def _incomes(of: Programme) -> list[str]:
    header = ["a year", "income", "cost", "net"]
    if of.printed:
        header = ["a year", "income", "paper", "cost", "paper", "net", "paper"]
    rows = []
    for row in of.rows:
        source = of.printed.get(row.name)
        cells = [row.name]
        for name in ("income", "operating_cost", "net"):
            cells.append(_money(of.economy, getattr(row, name)))
            if of.printed:
                cells.append(_money(of.economy, getattr(source, name, None)))
        rows.append(cells)
    return text_table(header, rows)


def _appraisal(of: Programme) -> list[str]:
    header = ["investment", "cost", "once", "a year", "payback", "paper", "disc.",
              "value", "rate", "fails"]  # fmt: skip
    rows = []
    for row in of.rows:
        source = of.printed.get(row.name)
        rows.append(
            [
                row.name,
                row.cost_class.name.removesuffix("-cost") if row.cost_class else UNKNOWN,
                _money(of.economy, row.investment, UNKNOWN),
                _money(of.economy, row.annuity, UNKNOWN),
                _years(row.payback, row),
                f"{source.payback:g}" if source and source.payback is not None else "",
                _years(row.discounted_payback, row),
                _money(of.economy, row.present_value, UNKNOWN),
                str(row.internal) if row.internal else UNKNOWN,
                _verdict(row),
            ]
        )
    if not of.printed:
        header, *rows = [[*cells[:5], *cells[6:]] for cells in (header, *rows)]
    return text_table(header, rows, left=(0, 1, len(header) - 1))


def _items(of: Programme) -> list[str]:
    economy, steps = of.economy, of.steps
    rows = [
        [item, *(_money(economy, step.changes[item]) for step in steps)]
        for item in economy.items
        if any(abs(step.changes[item]) >= 0.005 * economy.unit for step in steps)
    ]
    return text_table(["what changes", *(step.name for step in steps)], rows)


def _cash_flow(row: Appraisal, economy: Economy) -> list[str]:
    if row.cash_flow is None:
        return [f"no cash flow of {row.name}: nobody says what it costs; see --invest"]
    header = [f"cash flow, {row.name}", "investment", "income", "cost", "net", "discounted",
              "cumulative", "discounted"]  # fmt: skip
    rows = [
        [f"year {year.year}", *(_money(economy, amount) for amount in (
            year.investment, year.income, year.operating_cost, year.net, year.discounted,
            year.cumulative, year.cumulative_discounted,
        ))]
        for year in row.cash_flow.table(row.prices.interest_rate)
    ]  # fmt: skip
    return text_table(header, rows)


def _losses(of: Programme) -> list[str]:
    if not of.costs:
        return []
    kinds = ("material", ENERGY, WASTE)
    header = ["cost of losses by process", *(h for when in of.costs for h in (*kinds, when))]
    tables = [costs.losses() for costs in of.costs.values()]
    rows = []
    for process in of.variant.plant.processes:
        row = [process]
        for losses in tables:
            costs = losses[process]
            energy, waste = costs[ENERGY], costs[WASTE]
            material = sum(cost for name, cost in costs.items() if name not in kinds)
            parts = [material, energy, waste]
            row += [_money(of.economy, cost) for cost in (*parts, sum(parts))]
        rows.append(row)
    lost = [_money(of.economy, costs.lost) for costs in of.costs.values()]
    rows.append(["all", *(cell for cell in lost for cell in ("", "", "", cell))])
    shares = [f"{costs.lost / costs.total:.1%}" for costs in of.costs.values() if costs.total]
    told = f"of all input cost, {' and '.join(shares)} ends as loss" if shares else ""
    return [*text_table(header, rows), told]


def _notes(of: Programme) -> list[str]:
    kept_up = ", ".join(of.economy.upkeeps)
    lines = [
        "income: goods gained less lost, expenses saved; cost: expenses grown"
        + (f", and upkeep ({kept_up})" if kept_up else ""),
        "fails: which of payback by class, present value >= 0, internal rate >= the bank's",
    ]
    if of.printed:
        lines.insert(1, f"paper: {of.economy.printed_note}")
    if of.costs:
        lines.append(
            "costs of losses: ISO 14051, purchases followed by their atoms, energy by mass"
        )
    unknown = [step.name for step in of.steps if step.investment is None]
    if unknown:
        source = "in the source" if of.printed else "known"
        lines.append(f"{UNKNOWN}: no investment of {', '.join(unknown)} {source}; see --invest")
    return lines


def _verdict(row: Appraisal) -> str:
    if not row.tests:
        return UNKNOWN
    failed = [name.split()[-1] for name, passed in row.tests.items() if passed is False]
    return ", ".join(failed) or "nothing"


def _money(economy: Economy, amount: float | None, nothing: str = "") -> str:
    return nothing if amount is None else economy.told(amount)


def _years(years: float | None, row: Appraisal) -> str:
    if row.investment is None:
        return UNKNOWN
    if years is None:
        return "never" if row.net <= 0.0 else f"> {row.prices.horizon}"
    return f"{years:.2f}"
